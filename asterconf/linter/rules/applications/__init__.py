"""Rules about the arguments of applications, and the languages in them."""

from __future__ import annotations

from asterconf.linter.rules.applications.calls import UnknownCalls
from asterconf.linter.rules.applications.written import WrittenArguments, WrittenTexts
from asterconf.linter.rules.rule import Survey

__all__ = ["SURVEYS"]

SURVEYS: tuple[Survey, ...] = (UnknownCalls(), WrittenArguments(), WrittenTexts())
"""The checks of this family whose rules have their words in tables of lower rooms."""
