"""The rules of `check`, by their codes: what each looks at, why, and how it is known."""

from __future__ import annotations

from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.rules.rule import FAMILIES, Family, Needs, Rule, Verified, family_of

__all__ = ["FAMILIES", "RULES", "Family", "Needs", "Rule", "Verified", "family_of"]
