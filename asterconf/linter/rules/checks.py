"""Every rule that has a check of its own."""

from __future__ import annotations

from asterconf.linter.rules import applications, pjsip, references
from asterconf.linter.rules.emergency import EMERGENCY
from asterconf.linter.rules.files import FILES, LEFT_OUT
from asterconf.linter.rules.flow import FLOW
from asterconf.linter.rules.media import MEDIA
from asterconf.linter.rules.rule import Rule, Survey
from asterconf.linter.rules.security import SECURITY

__all__ = ["CHECKS", "LEFT_OUT", "OTHERS", "SURVEYS", "is_stable"]

CHECKS: tuple[Rule, ...] = (
    *FLOW, *pjsip.PJSIP, *FILES, *SECURITY, *MEDIA, *EMERGENCY, *references.REFERENCES,
)  # fmt: skip
"""Those that are about files which are judged; `LEFT_OUT` are about the others."""

SURVEYS: tuple[Survey, ...] = (*references.SURVEYS, *applications.SURVEYS, *pjsip.SURVEYS)
"""Those that several rules share."""


OTHERS: list[Rule] = []
"""Those of plugins, in the order in which they were taken."""


def is_stable(code: str) -> bool:
    """Tell whether a code is looked for without being asked for."""
    rules = (*CHECKS, *LEFT_OUT, *OTHERS)
    preview = any(rule.preview for rule in rules if code in rule.codes)
    return not preview and not any(code in survey.preview for survey in SURVEYS)
