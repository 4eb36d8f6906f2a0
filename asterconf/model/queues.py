"""Queues and their members."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

import attrs
from attrs import field, frozen

from asterconf.diagnostic import Placed
from asterconf.errors import FieldError
from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Setting, settings

STRATEGIES = (
    "ringall", "leastrecent", "fewestcalls", "random", "rrmemory", "rrordered", "linear", "wrandom",
    "roundrobin",
)  # fmt: skip


def _word(value: object) -> object:
    """Return the word of a file for a flag, so that a caller may pass True and False."""
    return ("no", "yes")[value] if isinstance(value, bool) else value


@attrs.frozen
class QueueMember(Placed, check.Suggesting):
    """A phone, or another device, that a queue rings: one `member` line."""

    interface: str = attrs.field(validator=check.text)
    """The address rung, such as `PJSIP/6001`. Empty, or with a blank at its ends: rings nobody."""
    penalty: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """Members with a higher penalty are only tried when those with a lower one do not answer."""
    name: str = attrs.field(default="", validator=check.text, kw_only=True)
    """Name in reports (`membername`). Empty: the interface."""
    state_interface: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The device whose state tells whether the member is free. Empty: the interface."""
    ringinuse: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether it is rung while on another call. None: as for the queue."""
    wrapuptime: int | None = attrs.field(default=None, validator=check.whole(0), kw_only=True)
    """Seconds it is not rung after a call. None and 0: as for the queue."""
    paused: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether it starts paused. None: no."""

    __repr__ = check.brief_repr


def _members(value: Iterable[QueueMember | str]) -> tuple[QueueMember, ...]:
    if isinstance(value, str):
        return (QueueMember(value),)
    return tuple(QueueMember(item) if isinstance(item, str) else item for item in value)


def _are_members(owner: object, attribute: check.Attribute, value: tuple[Any, ...]) -> None:
    for item in value:
        if not isinstance(item, QueueMember):
            raise FieldError(owner, attribute.name, f"must be queue members, not {item!r}")


check.resolve_annotations(_word, _members)


@attrs.frozen(repr=False)
class Queue(SchemaObject, file="queues.conf", kind="queue"):
    """A queue: callers wait in it while its members are rung. One section of queues.conf.

    The defaults are Asterisk's, so that a field tells what holds whether or not a file says it.
    Source: apps/app_queue.c, init_queue and queue_set_param.
    """

    text_fields: ClassVar[frozenset[str]] = frozenset({"joinempty", "leavewhenempty"})
    other_fields: ClassVar[dict[str, str]] = {"members": "member"}

    name: str = field(validator=check.one_word)
    """Name of the section, as in `Queue(name)`; not empty."""
    strategy: str = field(default="ringall", kw_only=True)
    """Who is rung: `ringall` all at once, `linear` in order, `rrmemory` in turn, and others."""
    timeout: int = field(default=15, kw_only=True)
    """Seconds a member is rung at each attempt; 0: without limit. It is not how long the caller
    waits: that is the fifth argument of `Queue()`."""
    members: tuple[QueueMember, ...] = field(
        default=(), converter=_members, validator=_are_members, kw_only=True
    )
    """Its members, in file order; a text is a member with that interface."""
    retry: int = field(default=5, kw_only=True)
    """Seconds between two attempts, 1 or more."""
    maxlen: int = field(default=0, kw_only=True)
    """How many callers may wait; 0: any number."""
    weight: int = field(default=0, kw_only=True)
    """Precedence over other queues with the same members; more comes first."""
    wrapuptime: int = field(default=0, kw_only=True)
    """Seconds after a call before this queue rings the member again; 0: none."""
    servicelevel: int = field(default=0, kw_only=True)
    """Seconds within which an answer counts as in time, for statistics; 0: not counted."""
    memberdelay: int = field(default=0, kw_only=True)
    """Seconds of silence for the caller between answer and connection."""
    musicclass: str = field(default="", kw_only=True)
    """Music on hold for waiting callers. Empty: that of the channel."""
    context: str = field(default="", kw_only=True)
    """Context in which a waiting caller may dial one digit to leave. Empty: none."""
    announce: str = field(default="", kw_only=True)
    """Sound played to the member who answers. Empty: none."""
    announce_frequency: int = field(default=0, kw_only=True)
    """Seconds between two announcements of position and expected wait; 0: none."""
    announce_holdtime: str = field(default="yes", converter=_word, kw_only=True)
    """Whether the expected wait is announced: `yes`, `no` or `once`; True and False are taken."""
    announce_position: str = field(default="yes", converter=_word, kw_only=True)
    """Whether the position is announced: `yes`, `no`, `limit` or `more`; True and False are
    taken."""
    periodic_announce_frequency: int = field(default=0, kw_only=True)
    """Seconds between two plays of the periodic announcement; 0: never."""
    joinempty: str = field(default="yes", converter=_word, kw_only=True)
    """Whether a caller may enter while nobody can answer: `yes`, `no`, or a comma list of what
    counts as nobody, such as `paused,unavailable`; True and False are taken."""
    leavewhenempty: str = field(default="no", converter=_word, kw_only=True)
    """Whether waiting callers are removed when nobody can answer; words as in `joinempty`."""
    ringinuse: bool = field(default=True, kw_only=True)
    """Whether members are rung while they are on another call."""
    autofill: bool | None = field(default=None, kw_only=True)
    """Whether several callers are connected at once. None: as `[general]` says, else no."""
    autopause: str = field(default="no", converter=_word, kw_only=True)
    """Whether a member who does not answer is paused here (`yes`), everywhere (`all`) or not."""
    timeoutrestart: bool = field(default=False, kw_only=True)
    """Whether a busy answer restarts the ring time of the other members."""
    timeoutpriority: str = field(default="app", kw_only=True)
    """Which limit counts when both are set: that of `Queue()` (`app`) or `timeout` (`conf`)."""
    reportholdtime: bool = field(default=False, kw_only=True)
    """Whether the member who answers is told how long the caller has waited."""
    setinterfacevar: bool = field(default=False, kw_only=True)
    """Whether the channel variables about the member are set."""
    announce_position_limit: int = field(default=10, kw_only=True)
    """The position below which callers hear theirs, or above which they hear that they wait
    long."""
    announce_position_only_up: bool = field(default=False, kw_only=True)
    """Whether a position is only announced when it is better than before."""
    announce_round_seconds: str = field(default="0", kw_only=True)
    """To how many seconds the expected wait is rounded: `0`, `5`, `10`, `15`, `20` or `30`."""
    announce_to_first_user: bool = field(default=False, kw_only=True)
    """Whether the caller whose members are ringing hears announcements, too."""
    autopausebusy: bool = field(default=False, kw_only=True)
    """Whether a busy member is paused, too."""
    autopausedelay: int = field(default=0, kw_only=True)
    """Seconds after the last call in which a member is not paused automatically."""
    autopauseunavail: bool = field(default=False, kw_only=True)
    """Whether a member that cannot be reached is paused, too."""
    defaultrule: str = field(default="", kw_only=True)
    """The rule of queuerules.conf that changes penalties with time. Empty: none."""
    log_restricted_caller_id: bool = field(default=True, kw_only=True)
    """Whether a withheld number is logged."""
    membergosub: str = field(default="", kw_only=True)
    """Subroutine run on the member that answers. Empty: none."""
    min_announce_frequency: int = field(default=15, kw_only=True)
    """Minimum seconds between two announcements of the position."""
    monitor_format: tuple[str, ...] = field(default=(), converter=check.texts, kw_only=True)
    """Formats in which calls are recorded; none: they are not."""
    penaltymemberslimit: int = field(default=0, kw_only=True)
    """Number of members up to which penalties are ignored."""
    periodic_announce: tuple[str, ...] = field(
        default=("queue-periodic-announce",), converter=check.texts, kw_only=True
    )
    """Sounds of the periodic announcement, played in turn, at most ten."""
    periodic_announce_startdelay: int = field(default=-1, kw_only=True)
    """Seconds until the first one; -1: the frequency."""
    random_periodic_announce: bool = field(default=False, kw_only=True)
    """Whether they are played in random order."""
    relative_periodic_announce: bool = field(default=False, kw_only=True)
    """Whether the time counts from the end of the last one."""
    setqueueentryvar: bool = field(default=False, kw_only=True)
    """Whether the channel variables about the entry are set."""
    setqueuevar: bool = field(default=False, kw_only=True)
    """Whether the channel variables about the queue are set."""
    # The sounds of the announcements.
    queue_callerannounce: str = field(default="", kw_only=True)
    queue_callswaiting: str = field(default="queue-callswaiting", kw_only=True)
    queue_holdtime: str = field(default="queue-holdtime", kw_only=True)
    queue_minute: str = field(default="queue-minute", kw_only=True)
    queue_minutes: str = field(default="queue-minutes", kw_only=True)
    queue_quantity1: str = field(default="queue-quantity1", kw_only=True)
    queue_quantity2: str = field(default="queue-quantity2", kw_only=True)
    queue_reporthold: str = field(default="queue-reporthold", kw_only=True)
    queue_seconds: str = field(default="queue-seconds", kw_only=True)
    queue_thankyou: str = field(default="queue-thankyou", kw_only=True)
    queue_thereare: str = field(default="queue-thereare", kw_only=True)
    queue_youarenext: str = field(default="queue-youarenext", kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class QueueSettings(SchemaObject, file="queues.conf", kind="general"):
    """Settings for all queues: the section `[general]` of queues.conf."""

    autofill: bool = field(default=False, kw_only=True)
    force_longest_waiting_caller: str = field(default="no", kw_only=True)
    log_caller_id_name: bool = field(default=False, kw_only=True)
    log_membername_as_agent: bool = field(default=False, kw_only=True)
    log_unpause_on_reason_change: bool = field(default=False, kw_only=True)
    monitor_type: str = field(default="", kw_only=True)
    negative_penalty_invalid: bool = field(default=False, kw_only=True)
    persistentmembers: bool = field(default=False, kw_only=True)
    shared_lastcall: bool = field(default=False, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
