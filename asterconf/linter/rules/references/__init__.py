"""Rules about names that stand for nothing."""

from __future__ import annotations

from asterconf.linter.rules.references.missing import MissingNames
from asterconf.linter.rules.rule import Survey

__all__ = ["SURVEYS"]

SURVEYS: tuple[Survey, ...] = (MissingNames(),)
"""The checks of this family whose rules have their words in tables."""
