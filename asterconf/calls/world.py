"""`World`: what a simulated call meets outside of the dialplan, with a default for everything."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from fnmatch import fnmatchcase
from typing import Any, ClassVar, TypeAlias, TypeVar

import attrs

from asterconf.language.timespec import zone_named
from asterconf.shown import Shown

T = TypeVar("T")
_WILD = re.compile(r"[*?\[]")


@attrs.frozen
class Answers(Shown):
    """Whoever is called answers.

    Attributes:
        after: seconds that it rings before.
        talks: seconds that the conversation lasts, unless the caller hangs up before.
    """

    after: float = 3.0
    talks: float = 20.0


@attrs.frozen
class Busy(Shown):
    """Whoever is called is busy: cause 17."""

    cause: ClassVar[int] = 17


@attrs.frozen
class Congestion(Shown):
    """The network has no line: cause 34."""

    cause: ClassVar[int] = 34


@attrs.frozen
class NoAnswer(Shown):
    """It rings and nobody answers."""


@attrs.frozen
class Unreachable(Shown):
    """The phone is not registered, or the trunk is down: cause 3."""

    cause: ClassVar[int] = 3


@attrs.frozen
class Refuses(Shown):
    """The call is rejected: cause 21."""

    cause: ClassVar[int] = 21


@attrs.frozen
class Cause(Shown):
    """The call ends unanswered with a cause of Q.850."""

    cause: int


Answer: TypeAlias = Answers | Busy | Congestion | NoAnswer | Unreachable | Refuses | Cause


@attrs.frozen
class LeavesMessage(Shown):
    """The caller leaves a message, and ends it with `#`."""


@attrs.frozen
class HangsUp(Shown):
    """The caller hangs up before there is a message."""


@attrs.frozen
class Presses(Shown):
    """The caller leaves the voicemail with a key: `0` or `*`."""

    key: str = attrs.field(validator=attrs.validators.in_(("0", "*")))


VoicemailCaller: TypeAlias = LeavesMessage | HangsUp | Presses


def _plain(value: Mapping[str, Any]) -> dict[str, Any]:
    return dict(value)


def _names(value: Iterable[str]) -> frozenset[str]:
    return frozenset(value)


def _zone(value: tzinfo | str | None) -> tzinfo | None:
    if not isinstance(value, str):
        return value
    found = zone_named(value)
    if found is None:
        raise ValueError(f"there is no time zone {value!r}")
    return found


@attrs.frozen
class World(Shown):
    """What a simulated call meets outside of the dialplan.

    Everything has a default; `Call.assumed` lists those that a call used. Keys of `answers`,
    `mailboxes`, `devices`, `facts` and `applications` (`AGI` or `AGI(agi://*)`) are names or shell
    patterns: an exact name counts before patterns, and of those the longest.

    >>> World(answers={"PJSIP/911@voipms": Busy(), "PJSIP/*": NoAnswer()})

    Attributes:
        answers: what happens to a dialed target, such as `PJSIP/6001`. By default a phone of the
            configuration answers after 3 seconds and a trunk after 5, and both talk for 20.
        queues: the members of a queue, by its name; by default those of queues.conf.
        mailboxes: what the caller does in voicemail, by mailbox; by default it leaves a message.
        database: the entries of AstDB, by `family/key`; by default there are none.
        globals: values that global variables have when the call starts, besides those of the file.
        clock: when the call starts; by default now.
        zone: the time zone of the machine; by default that of `clock`, or of this machine.
        missing_sounds: names of sounds that are not there; by default all are.
        sound_seconds: how long a sound lasts.
        digits: what the caller keys, one digit each time the dialplan listens; a `w` lets it wait
            in vain once.
        hangs_up: after how many seconds the caller hangs up; by default it stays to the end.
        patience: seconds for which the caller listens to a busy tone, a conference or a queue.
        devices: states of devices, such as `INUSE`; by default `NOT_INUSE`.
        facts: answers of functions and variables that only a running Asterisk knows, by the text
            that asks, such as `CURL(http://…)`, `SHELL(*)` or `CHANNEL(rtcp)`; of a switch such as
            `switch Realtime/x` an empty text says that it has no step.
        functions: a replacement for a function's value: called with the text of its arguments.
        applications: what an application does that is not modelled, such as `AGI`: the variables
            that it sets, or what returns them when it is called with the arguments.
        seed: where RAND and UUID begin.
    """

    answers: Mapping[str, Answer] = attrs.field(factory=dict, converter=_plain, hash=False)
    queues: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, converter=_plain, hash=False)
    mailboxes: Mapping[str, VoicemailCaller] = attrs.field(
        factory=dict, converter=_plain, hash=False
    )
    database: Mapping[str, str] = attrs.field(factory=dict, converter=_plain, hash=False)
    globals: Mapping[str, str] = attrs.field(factory=dict, converter=_plain, hash=False)
    clock: datetime | None = None
    zone: tzinfo | None = attrs.field(default=None, converter=_zone)
    missing_sounds: frozenset[str] = attrs.field(default=frozenset(), converter=_names)
    sound_seconds: float = 2.0
    digits: str = ""
    hangs_up: float | None = None
    patience: float = 10.0
    devices: Mapping[str, str] = attrs.field(factory=dict, converter=_plain, hash=False)
    facts: Mapping[str, str] = attrs.field(factory=dict, converter=_plain, hash=False)
    functions: Mapping[str, Callable[[str], str]] = attrs.field(
        factory=dict, converter=_plain, hash=False
    )
    applications: Mapping[str, Mapping[str, str] | Callable[[str], Mapping[str, str]]] = (
        attrs.field(factory=dict, converter=_plain, hash=False)
    )
    seed: int = 0


def lookup(table: Mapping[str, T], name: str) -> T | None:
    """Return the entry for a name: an exact one, else that of the longest pattern; else None."""
    if name in table:
        return table[name]
    fitting = [one for one in table if _WILD.search(one) and fnmatchcase(name, one)]
    return table[max(fitting, key=len)] if fitting else None


class _Told(Mapping[str, T]):
    """A table that is asked for names and answers as `lookup` does."""

    def __init__(self, table: Mapping[str, T]) -> None:
        self.table = table

    def __getitem__(self, name: str) -> T:
        found = lookup(self.table, name)
        if found is None:
            raise KeyError(name)
        return found

    def __iter__(self) -> Iterator[str]:
        return iter(self.table)

    def __len__(self) -> int:
        return len(self.table)


def told(table: Mapping[str, T]) -> Mapping[str, T]:
    """Return a table that is asked for names and answers as `lookup` does."""
    return _Told(table) if any(map(_WILD.search, table)) else table
