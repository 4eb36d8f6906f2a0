"""What `check` says about itself, and about comments that silence it."""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.codes import Message
from asterconf.source import Severity

_A = Severity.ADVICE

CHECK: Mapping[str, Message] = {
    "unused-ignore": Message(
        "AC090", _A, "this comment ignores {word}, but there is no such finding here", "remove it",
        verified="judgement",
    ),
    "unknown-ignore": Message(
        "AC091", _A, "{where} ignores {word!r}, which is no code and no family of rules",
        "{near}", verified="judgement",
    ),
    "rule-failed": Message(
        "AC999", _A, "rule {name} failed with {error}, so that what it looks for is unknown",
        "please report it, with the file if you can", verified="judgement",
    ),
}  # fmt: skip
"""By name."""
