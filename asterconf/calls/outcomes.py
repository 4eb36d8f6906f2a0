"""How a call ends: one class for each ending, which prints a sentence."""

from __future__ import annotations

from typing import TypeAlias

import attrs

from asterconf.secrets import masked_repr, shown_text
from asterconf.semantics.scope import Unknown
from asterconf.shown import Shown


@attrs.frozen
class Answered(Shown):
    """Somebody answered.

    Attributes:
        by: the channel that answered in the end, such as `PJSIP/6001`.
        target: what was dialed, which may lead to `by` through a Local channel.
        number: the number in the target.
        callerid: the caller id that was shown.
    """

    by: str = attrs.field(repr=masked_repr)
    target: str = attrs.field(default="", repr=masked_repr)
    number: str = ""
    callerid: str = ""

    def __str__(self) -> str:
        way = f" through {self.target}" if self.target not in ("", self.by) else ""
        shown = f", who sees {self.callerid}" if self.callerid else ""
        return shown_text(f"answered by {self.by}{way}{shown}")


@attrs.frozen
class Unanswered(Shown):
    """Somebody was called and did not answer; `status` as in DIALSTATUS or QUEUESTATUS."""

    target: str = attrs.field(repr=masked_repr)
    status: str

    def __str__(self) -> str:
        return shown_text(f"not answered by {self.target}: {self.status}")


@attrs.frozen
class Recorded(Shown):
    """The caller left a message."""

    mailbox: str

    def __str__(self) -> str:
        return f"a message was left in mailbox {self.mailbox}"


@attrs.frozen
class InQueue(Shown):
    """The caller hung up while it waited in a queue."""

    queue: str

    def __str__(self) -> str:
        return f"the caller hung up in queue {self.queue}"


@attrs.frozen
class InConference(Shown):
    """The caller was in a conference, or paged others."""

    room: str

    def __str__(self) -> str:
        return f"the caller was in conference {self.room}"


@attrs.frozen
class Parked(Shown):
    """The caller was parked."""

    lot: str

    def __str__(self) -> str:
        return f"the caller was parked in {self.lot}"


@attrs.frozen
class HungUp(Shown):
    """The dialplan, or the caller, hung up; `cause` as in Q.850."""

    cause: int

    def __str__(self) -> str:
        return f"hung up with cause {self.cause}" if self.cause else "hung up"


@attrs.frozen
class FellOff(Shown):
    """There was no next step; `status` is DIALSTATUS, empty if nothing was dialed."""

    status: str = ""

    def __str__(self) -> str:
        return "there was no further step" + (f" after {self.status}" if self.status else "")


@attrs.frozen
class Refused(Shown):
    """The call was refused before it was answered; 0: the number is no extension."""

    cause: int = 0

    def __str__(self) -> str:
        if not self.cause:
            return "refused: there is no such extension"
        return f"refused with cause {self.cause}"


@attrs.frozen
class Loops(Shown):
    """The call goes round for ever; `cycle` are the places, each `exten@context:priority`."""

    cycle: tuple[str, ...]

    def __str__(self) -> str:
        return f"goes round for ever: {' → '.join(self.cycle)}"


@attrs.frozen
class Stopped(Shown):
    """Only a running Asterisk knows how the call goes on."""

    unknown: Unknown

    def __str__(self) -> str:
        return f"unknown: {self.unknown}: {self.unknown.why}"


Outcome: TypeAlias = (
    Answered
    | Unanswered
    | Recorded
    | InQueue
    | InConference
    | Parked
    | HungUp
    | FellOff
    | Refused
    | Loops
    | Stopped
)
