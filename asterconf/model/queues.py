"""Queues: one number, several phones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from asterconf.model import _fields as check
from asterconf.shown import Placed

__all__ = ["Queue", "QueueMember"]

STRATEGIES = (
    "ringall", "leastrecent", "fewestcalls", "random", "rrmemory", "rrordered", "linear", "wrandom",
    "roundrobin",
)  # fmt: skip


def _word(value: object) -> object:
    """Return the word a file has for a flag, so that a caller may pass True and False."""
    return ("no", "yes")[value] if isinstance(value, bool) else value


@attrs.frozen
class QueueMember(Placed):
    """A phone, or another device, that a queue rings: one `member` line."""

    interface: str = attrs.field(validator=check.one_word)
    """The address rung, such as `PJSIP/6001`; not empty."""
    penalty: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """Members with a higher penalty are only tried when those with a lower one do not answer."""
    name: str = attrs.field(default="", validator=check.text, kw_only=True)
    """Name in reports (`membername`). Empty: the interface."""
    state_interface: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The device whose state tells whether the member is free. Empty: the interface."""
    ringinuse: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether it is rung while on another call. None: as the queue says."""
    wrapuptime: int | None = attrs.field(default=None, validator=check.whole(0), kw_only=True)
    """Seconds it rests after a call. None and 0: as the queue says."""
    paused: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether it starts paused. None: no."""

    __repr__ = check.brief_repr


def _members(value: Iterable[QueueMember | str]) -> tuple[QueueMember, ...]:
    if isinstance(value, str):
        return (QueueMember(value),)
    return tuple(QueueMember(item) if isinstance(item, str) else item for item in value)


def _are_members(owner: object, attribute: attrs.Attribute[Any], value: tuple[Any, ...]) -> None:
    for item in value:
        if not isinstance(item, QueueMember):
            raise check.FieldError(owner, attribute.name, f"must be queue members, not {item!r}")


_YES_NO_ONCE = check.choice("yes", "no", "once")
_POSITION = check.choice("yes", "no", "limit", "more")


@attrs.frozen
class Queue(Placed):
    """A queue: callers wait in it while its members are rung. One section of queues.conf.

    The defaults are Asterisk's, so that a field tells what holds whether or not a file says it.
    Source: apps/app_queue.c, init_queue and queue_set_param.
    """

    name: str = attrs.field(validator=check.one_word)
    """Name of the section, as in `Queue(name)`; not empty."""
    strategy: str = attrs.field(
        default="ringall", validator=check.choice(*STRATEGIES), kw_only=True
    )
    """Who is rung: `ringall` all at once, `linear` in order, `rrmemory` in turn, and others."""
    timeout: int = attrs.field(default=15, validator=check.whole(0), kw_only=True)
    """Seconds a member is rung at each attempt; 0: without limit. It is not how long the caller
    waits: that is the fifth argument of `Queue()`."""
    members: tuple[QueueMember, ...] = attrs.field(
        default=(), converter=_members, validator=_are_members, kw_only=True
    )
    """Its members, in file order; a text stands for a member with that interface."""
    retry: int = attrs.field(default=5, validator=check.whole(1), kw_only=True)
    """Seconds between two attempts, 1 or more."""
    maxlen: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """How many callers may wait; 0: any number."""
    weight: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """Precedence over other queues with the same members; more comes first."""
    wrapuptime: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """Seconds a member rests after a call before this queue rings it again; 0: none."""
    servicelevel: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """Seconds within which an answer counts as in time, for statistics; 0: not counted."""
    memberdelay: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """Seconds of silence for the caller between answer and connection."""
    musicclass: str = attrs.field(default="", validator=check.text, kw_only=True)
    """Music for those who wait. Empty: the channel's."""
    context: str = attrs.field(default="", validator=check.text, kw_only=True)
    """Context in which a waiting caller may dial one digit to leave. Empty: none."""
    announce: str = attrs.field(default="", validator=check.text, kw_only=True)
    """Sound played to the member who answers. Empty: none."""
    announce_frequency: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """Seconds between two announcements of place and time; 0: none."""
    announce_holdtime: str = attrs.field(
        default="yes", converter=_word, validator=_YES_NO_ONCE, kw_only=True
    )
    """Whether the expected wait is announced: `yes`, `no` or `once`; True and False are taken."""
    announce_position: str = attrs.field(
        default="yes", converter=_word, validator=_POSITION, kw_only=True
    )
    """Whether the place is announced: `yes`, `no`, `limit` or `more`; True and False are taken."""
    periodic_announce_frequency: int = attrs.field(
        default=0, validator=check.whole(0), kw_only=True
    )
    """Seconds between two plays of the periodic announcement; 0: never."""
    joinempty: str = attrs.field(default="yes", converter=_word, validator=check.text, kw_only=True)
    """Whether a caller may enter while nobody can answer: `yes`, `no`, or a comma list of what
    counts as nobody, such as `paused,unavailable`; True and False are taken."""
    leavewhenempty: str = attrs.field(
        default="no", converter=_word, validator=check.text, kw_only=True
    )
    """Whether waiting callers are put out when nobody can answer; words as in `joinempty`."""
    ringinuse: bool = attrs.field(default=True, validator=check.flag, kw_only=True)
    """Whether members are rung while they are on another call."""
    autofill: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether several callers are connected at once. None: as `[general]` says, else no."""
    autopause: str = attrs.field(
        default="no", converter=_word, validator=check.choice("yes", "no", "all"), kw_only=True
    )
    """Whether a member who does not answer is paused here (`yes`), everywhere (`all`) or not."""
    timeoutrestart: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether a busy answer starts the ring time of the others afresh."""
    timeoutpriority: str = attrs.field(
        default="app", validator=check.choice("app", "conf"), kw_only=True
    )
    """Which limit counts when both are set: that of `Queue()` (`app`) or `timeout` (`conf`)."""
    reportholdtime: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether the member who answers is told how long the caller has waited."""
    setinterfacevar: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether the channel variables about the member are set."""

    __repr__ = check.brief_repr
