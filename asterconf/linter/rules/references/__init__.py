"""Rules about names that stand for nothing."""

from __future__ import annotations

from asterconf.linter.rules.references.handlers import HangupHandler
from asterconf.linter.rules.references.missing import MissingNames
from asterconf.linter.rules.references.sounds import MissingSound
from asterconf.linter.rules.rule import Rule

__all__ = ["REFERENCES"]

REFERENCES: tuple[Rule, ...] = (HangupHandler(), MissingSound(), MissingNames())
"""The rules of this family that have a check of their own."""
