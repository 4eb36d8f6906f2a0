"""Rules about names that stand for nothing."""

from __future__ import annotations

from asterconf.linter.rules.references.handlers import HangupHandler
from asterconf.linter.rules.references.missing import MissingNames
from asterconf.linter.rules.references.sounds import MissingSound
from asterconf.linter.rules.rule import Rule, Survey

__all__ = ["REFERENCES", "SURVEYS"]

REFERENCES: tuple[Rule, ...] = (HangupHandler(), MissingSound())
"""The rules of this family that have a check of their own."""

SURVEYS: tuple[Survey, ...] = (MissingNames(),)
"""The checks of this family whose rules have their words in tables."""
