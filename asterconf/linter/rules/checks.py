"""Every rule that has a check of its own."""

from __future__ import annotations

from asterconf.linter.rules.applications import APPLICATIONS
from asterconf.linter.rules.emergency import EMERGENCY
from asterconf.linter.rules.files import FILES, LEFT_OUT
from asterconf.linter.rules.flow import FLOW
from asterconf.linter.rules.media import MEDIA
from asterconf.linter.rules.pjsip import PJSIP
from asterconf.linter.rules.references import REFERENCES
from asterconf.linter.rules.rule import Rule
from asterconf.linter.rules.security import SECURITY

__all__ = ["CHECKS", "LEFT_OUT", "OTHERS", "is_stable"]

CHECKS: tuple[Rule, ...] = (
    *FLOW, *PJSIP, *FILES, *SECURITY, *MEDIA, *EMERGENCY, *REFERENCES, *APPLICATIONS,
)  # fmt: skip
"""Those that are about files which are judged; `LEFT_OUT` are about the others."""

OTHERS: list[Rule] = []
"""Those of plugins, in the order in which they were taken."""


def is_stable(code: str) -> bool:
    """Tell whether a code is looked for without being asked for."""
    rules = (*CHECKS, *LEFT_OUT, *OTHERS)
    return not any(one.preview for rule in rules for one in rule.messages if one.code == code)
