"""What every code says: a JSON file a family, each a message by its name, or those of a rule.

A code is never reused. `AC0xx` is about reading lines, `AC1xx` about sections and templates,
`AC2xx` about the dialplan (210 to 234) and applications (250 to 275), `AC3xx` about the languages
inside values (301 to 339) and what they become when Asterisk evaluates them (340 to 359), `AC4xx`
about PJSIP, `AC5xx` about queues and mailboxes, `AC700` to `AC708` about what is gone from
Asterisk, `AC8xx` about the description of a home PBX.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pkgutil import get_data
from typing import Any, Final

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.diagnostic import Message as Message
from asterconf.source import Position, Severity


def _read(family: str) -> Mapping[str, Any]:
    """Return what the JSON file of a family holds by name."""
    found: Mapping[str, Any] = json.loads(get_data(__name__, f"{family}.json") or b"")
    return found


def _message(one: Mapping[str, Any]) -> Message:
    return Message(**{**one, "severity": Severity(one["severity"])})


def messages(family: str) -> Mapping[str, Message]:
    """Return the messages of a family by name."""
    return {name: _message(one) for name, one in _read(family).items()}


@cache
def rule_messages(family: str) -> Mapping[str, tuple[Message, ...]]:
    """Return the messages of the rules of a family that look for themselves, by their names."""
    return {name: tuple(map(_message, every)) for name, every in _read(family).items()}


READING: Final = messages("reading")
"""What the readers of lines and sections find odd; what Asterisk logs has the name that the
recorded vectors give it."""
DIALPLAN: Final = messages("dialplan")
"""What the loader of the dialplan drops (an error), cuts or refuses."""
APPLICATIONS: Final = messages("applications")
"""What Asterisk does not accept in the text of an application."""
EXPRESSIONS: Final = messages("expressions")
"""What is wrong inside values."""
OBJECTS: Final = messages("objects")
"""Objects of PJSIP, queues and mailboxes that are there twice, incomplete, or cannot be shown."""

ENDING: Final = frozenset({"AC250", "AC251", "AC253", "AC255", "AC257", "AC263", "AC264"})
"""What `apps.inspect` says of a step that ends the call: its name, or no argument."""


def diagnose(
    kind: str,
    position: Position | None,
    related: Iterable[tuple[Position, str]] = (),
    **facts: object,
) -> Diagnostic:
    """Return the finding for one word of `READING`, which Asterisk's own message bears, too."""
    message = READING[kind]
    found = message.at(position, related, **facts)
    return attrs.evolve(found, kind=kind) if message.logged else found
