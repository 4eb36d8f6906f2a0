"""What every code that reading can give says: a JSON file a family, each a message by its name.

A code is never reused. `AC0xx` is about reading lines, `AC1xx` about sections and templates,
`AC2xx` about the dialplan (210 to 234) and applications (250 to 275), `AC3xx` about the languages
inside values (301 to 339) and what they become when Asterisk evaluates them (340 to 359), `AC4xx`
about PJSIP, `AC5xx` about queues and mailboxes, `AC700` to `AC708` about what is gone from
Asterisk, `AC8xx` about the description of a home PBX.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pkgutil import get_data
from typing import Final

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.diagnostic import Message as Message
from asterconf.source import Position, Severity


def messages(family: str) -> Mapping[str, Message]:
    """Return the messages of a family by name: the JSON file of its name."""
    found = json.loads(get_data(__name__, f"{family}.json") or b"")
    return {
        name: Message(**{**one, "severity": Severity(one["severity"])})
        for name, one in found.items()
    }


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
