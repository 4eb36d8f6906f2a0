"""Rules about the arguments of applications, and the languages in them."""

from __future__ import annotations

from asterconf.linter.rules.applications.calls import UnknownCalls
from asterconf.linter.rules.applications.written import WrittenArguments, WrittenTexts
from asterconf.linter.rules.rule import Rule

__all__ = ["APPLICATIONS"]

APPLICATIONS: tuple[Rule, ...] = (UnknownCalls(), WrittenArguments(), WrittenTexts())
"""The checks of this family; their rules have their words in tables of lower rooms."""
