"""The state of a simulated Asterisk and its channels, and the functions that ask for it."""

from __future__ import annotations

import copy
import random
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any, Final

import attrs

from asterconf import schema
from asterconf.language import args
from asterconf.language.timespec import zone_named
from asterconf.semantics.functions import FUNCTIONS
from asterconf.semantics.functions.runtime import is_of_technology
from asterconf.semantics.scope import (
    AsteriskState,
    Channel,
    Function,
    Invocation,
    Unknown,
    UnknownError,
    Value,
)
from asterconf.semantics.texts import scan_float, scan_int


@attrs.define
class CallState(AsteriskState):
    """What all channels of a call share.

    `start` is when the call begins and `elapsed` the seconds since then. `queues` are the
    interfaces of the members, by queue; `boxes` the mailboxes; `devices` answers for a device's
    state, `custom` are the states that the dialplan sets, and `environment` the variables of the
    process that it sets. `pressed` counts the digits that
    were used, `serial` the channels, `count` the steps.
    """

    start: datetime = attrs.field(kw_only=True)
    elapsed: float = 0.0
    count: int = 0
    serial: int = 0
    pressed: int = 0
    queues: dict[str, list[str]] = attrs.field(factory=dict)
    paused: set[tuple[str, str]] = attrs.field(factory=set)
    boxes: frozenset[str] = frozenset()
    devices: Callable[[str], str] = attrs.field(default=lambda _device: "NOT_INUSE")
    custom: dict[str, str] = attrs.field(factory=dict)
    environment: dict[str, Value] = attrs.field(factory=dict)
    seed: int = 0
    draws: int = 0

    def now(self) -> datetime:
        """Return the time of the step that runs, with its zone."""
        return self.start + timedelta(seconds=self.elapsed)

    def moment(self, epoch: int) -> datetime:
        """Return a time that is given in seconds since 1970."""
        return datetime.fromtimestamp(epoch, self.start.tzinfo)

    def copy(self) -> CallState:
        """Return a state that can be changed without this one."""
        made = copy.copy(self)
        made.globals = dict(self.globals)
        made.database = None if self.database is None else dict(self.database)
        made.queues = {name: list(members) for name, members in self.queues.items()}
        made.paused = set(self.paused)
        made.custom, made.environment = dict(self.custom), dict(self.environment)
        return made

    def random(self) -> random.Random:
        """Return a source of random numbers, a new one each time."""
        self.draws += 1
        return random.Random(f"{self.seed} {self.draws}")  # noqa: S311 - for RAND, not for secrets

    def take(self, other: CallState) -> None:
        """Become what a copy has become."""
        self.globals, self.database = other.globals, other.database
        self.queues, self.paused, self.draws = other.queues, other.paused, other.draws
        self.custom = other.custom
        self.count, self.serial, self.pressed = other.count, other.serial, other.pressed


@attrs.define
class CallChannel(Channel):
    """A channel that a simulated call runs on.

    `handlers` are the hang-up handlers, the newest last; `deadline` is when the absolute timeout
    is over, in seconds from the start of the call; `run` is what runs on it.
    """

    name: str = ""
    handlers: list[str] = attrs.field(factory=list)
    deadline: float | None = None
    run: Any = attrs.field(default=None, repr=False, eq=False)


def _run(call: Invocation) -> Any:  # noqa: ANN401 - the loop, which imports this module
    channel = call.channel
    if not isinstance(channel, CallChannel):
        raise UnknownError(f"{call.name} depends on the call")
    return channel.run


def _state(call: Invocation) -> CallState:
    state = call.scope.asterisk
    if not isinstance(state, CallState):
        raise UnknownError(f"{call.name} depends on the running Asterisk")
    return state


def _set_channel(call: Invocation, value: Value) -> None:
    item, text = call.arguments.lower(), call.known(value)
    run, channel = _run(call), call.channel
    assert isinstance(channel, CallChannel)
    if item == "hangup_handler_push":
        channel.handlers.append(text)
    elif item == "hangup_handler_pop":
        del channel.handlers[-1:]
        channel.handlers += [text] if text else []
    elif item == "hangup_handler_wipe":
        channel.handlers[:] = [text] if text else []
    elif item == "hangupcause":
        number = scan_int(text)
        run.cause = number[0] if number else run.cause
    else:
        write = FUNCTIONS["CHANNEL"].write
        assert write is not None
        write(call, value)


def _set_timeout(call: Invocation, value: Value) -> None:
    word, run, channel = call.arguments.lower(), _run(call), call.channel
    assert isinstance(channel, CallChannel)
    if not word.startswith("a"):
        write = FUNCTIONS["TIMEOUT"].write
        assert write is not None
        write(call, value)
        return
    number = scan_float(call.known(value))
    seconds = max(number[0], 0.0) if number else 0.0
    channel.deadline = run.now + seconds if seconds else None


def _timeout(call: Invocation) -> str:
    channel = call.channel
    if call.arguments.lower().startswith("a") and isinstance(channel, CallChannel):
        left = (channel.deadline or 0.0) - channel.run.now
        return f"{left:.3f}" if channel.deadline is not None else "0"
    read = FUNCTIONS["TIMEOUT"].read
    assert read is not None
    return read(call)


_TESTED = re.compile(r"\s*(\d+)/(\d+)/(\d+)\s+(\d+):(\d+):(\d+)(?:\s+(\S+))?")


def _set_testtime(call: Invocation, value: Value) -> None:
    text = call.known(value)
    found = _TESTED.match(text)
    if found is None:
        if text == "0":
            call.evaluator.assign("__TESTTIME", "")
        return
    zone = zone_named(found[7]) if found[7] else _state(call).start.tzinfo
    year, month, day, hour, minute, second = map(int, found.groups()[:6])
    try:
        moment = datetime(year, month, day, hour, minute, second, tzinfo=zone or UTC)
    except ValueError:
        return
    call.evaluator.assign("__TESTTIME", str(int(moment.timestamp())))


def _members(call: Invocation, queue: str) -> list[str] | None:
    found = _state(call).queues.get(queue)
    if found is None:
        call.warn(f"there is no queue {queue!r}")
    return found


def _bucket(interface: str) -> int:
    """Return where Asterisk keeps a member; members are listed in this order.

    Source: apps/app_queue.c, member_hash_fn and compress_char.
    """
    slash = interface.find("/")
    start = interface[max(slash, 0) :].encode()[:5]
    codes = (0 if c < 32 else c - 64 if c > 96 else c - 32 for c in start)
    return sum(code << (6 * place) for place, code in enumerate(codes)) % 37


def _member_list(call: Invocation) -> str:
    return ",".join(sorted(_members(call, call.arguments) or [], key=_bucket))


def _member_count(call: Invocation) -> str:
    queue, option, interface = call.split(3)
    if not option:
        return call.refuse("it needs a queue and an option")
    found = _members(call, queue)
    if found is None:
        return "0"
    paused = [one for one in found if (queue, one) in _state(call).paused]
    counts = {"count": len(found), "paused": len(paused), "free": len(found) - len(paused),
              "ready": len(found) - len(paused), "logged": len(found)}  # fmt: skip
    if option.lower() not in counts and not interface:
        return "0"
    if option.lower() not in counts:
        raise UnknownError(f"{call.name}({call.arguments}) depends on the members of the queue")
    return str(counts[option.lower()])


def _queue_exists(call: Invocation) -> str:
    return str(int(call.arguments in _state(call).queues))


def _waiting(call: Invocation) -> str:
    _members(call, call.arguments)
    return "0"


def _mailbox_exists(call: Invocation) -> str:
    box = call.arguments if "@" in call.arguments else f"{call.arguments}@default"
    return str(int(box in _state(call).boxes))


def _vm_info(call: Invocation) -> str:
    box, item, _ = call.split(3)
    if item.lower() == "exists":
        box = box if "@" in box else f"{box}@default"
        return str(int(box in _state(call).boxes))
    raise UnknownError(f"{call.name}({call.arguments}) depends on the mailbox")


def _device_state(call: Invocation) -> str:
    if not set("/:") & set(call.arguments):
        return "INVALID"
    state = _state(call)
    return state.custom.get(call.arguments) or state.devices(call.arguments)


def _set_device_state(call: Invocation, value: Value) -> None:
    if not call.arguments.lower().startswith("custom:"):
        call.refuse("only Custom: devices can be set")
        return
    _state(call).custom[call.arguments] = call.known(value).upper()


def _extension_state(call: Invocation) -> str:
    read = FUNCTIONS["EXTENSION_STATE"].read
    assert read is not None
    try:
        return read(call)
    except UnknownError:
        exten, _, context = call.arguments.partition("@")
        dialplan = _state(call).dialplan
        found = dialplan.hint(context or "default", exten) if dialplan else None
        text = found[0].partition(",")[0].replace("${EXTEN}", exten) if found else ""
        devices = text.split("&") if text else []
        states = {_state(call).devices(device) for device in devices}
        if "RINGING" in states and states & {"INUSE", "BUSY", "ONHOLD"}:
            return "RINGINUSE"
        usual = "UNAVAILABLE" if states <= {"INVALID"} else "NOT_INUSE"
        return next((one for one in _AGGREGATE if one in states), usual)


_AGGREGATE = ("RINGINUSE", "BUSY", "INUSE", "RINGING", "ONHOLD", "NOT_INUSE", "UNAVAILABLE")
"""Which state of several devices is that of a hint. Source: main/devicestate.c."""


def _group_count(call: Invocation) -> str:
    group, _, category = call.arguments.partition("@")
    own = call.channel.facts.get(f"GROUP({category})", "")
    return str(int(bool(own) and (group or own) == own))


def _rand(call: Invocation) -> str:
    first, last = call.split(2)
    low, high = scan_int(first), scan_int(last)
    least, most = low[0] if low else 0, high[0] if high else 2**31 - 1
    return str(_state(call).random().randint(min(least, most), max(least, most)))


def _uuid(call: Invocation) -> str:
    digits = f"{_state(call).random().getrandbits(128):032x}"
    return "-".join((digits[:8], digits[8:12], digits[12:16], digits[16:20], digits[20:]))


def _stack_peek(call: Invocation) -> str:
    depth, which, quiet = call.split(3)
    number, places = scan_int(depth), _run(call).places
    if number is None or number[0] > len(places) or number[0] < 1:
        return "" if quiet else call.refuse("there are not so many subroutines")
    context, exten, priority = places[-number[0]]
    parts = {"l": f"{context},{exten},{priority}", "c": context, "e": exten, "p": str(priority)}
    return str(parts.get(which[:1].lower(), ""))


def _header(call: Invocation) -> str:
    kind = call.channel.facts.get("CHANNEL(channeltype)")
    if kind != "PJSIP":
        return call.refuse("the channel is none of PJSIP")
    raise UnknownError(f"the header {args.split(call.arguments)[1:2]} is in the caller's request")


def _set_header(call: Invocation, _value: Value) -> None:
    """Change what only others see, the headers of what is sent."""
    if call.channel.facts.get("CHANNEL(channeltype)") != "PJSIP":
        call.refuse("the channel is none of PJSIP")


def _set_unseen(_call: Invocation, _value: Value) -> None:
    """Change what only others see."""


def _assume(call: Invocation, text: str) -> None:
    _run(call).outside.assume(text)


def _if_module(call: Invocation) -> str:
    name = call.arguments.removesuffix(".so")
    there = name in schema.modules()
    if there:
        _assume(call, f"the module {name} is loaded")
    return str(int(there))


def _version(call: Invocation) -> str:
    asterisk = _run(call).outside.known.asterisk
    release = schema.versions().get(asterisk, asterisk)
    parts = release.split(".")
    wanted = call.arguments.upper()
    if wanted not in {"", "ASTERISK_VERSION_NUM"} or not "".join(parts).isdecimal():
        raise UnknownError(f"VERSION({call.arguments}) depends on the build")
    _assume(call, f"Asterisk is version {release}")
    return "".join(f"{int(part):02}" for part in parts) if wanted else release


def _from_database(call: Invocation) -> str:
    read = FUNCTIONS[call.name].read
    assert read is not None
    value = read(call)
    if call.arguments not in (call.scope.asterisk.database or ()) and "/" in call.arguments:
        _assume(call, f"the database has no {call.arguments}")
    return value


def _environment(call: Invocation) -> str:
    known = _state(call).environment.get(call.arguments)
    if known is not None:
        return _text(known)
    _assume(call, f"the environment variable {call.arguments} is not set")
    return ""


def _set_environment(call: Invocation, value: Value) -> None:
    _state(call).environment[call.arguments] = value


def _contacts(call: Invocation) -> str:
    endpoint, *_ = call.split(3)
    return str(_run(call).outside.contacts(endpoint))


def _channel(call: Invocation) -> str:
    if call.channel.facts.get("CHANNEL(channeltype)") == "Local" and is_of_technology(
        call.arguments
    ):
        return call.refuse("a Local channel does not have that")
    read = FUNCTIONS["CHANNEL"].read
    assert read is not None
    return read(call)


def _cdr(call: Invocation) -> str:
    item, options = call.split(2)
    item = item.lower()
    run, state = _run(call), _state(call)
    ended = run.ended_at if run.way == "gone" else None  # only the other end's hang-up counts
    until = run.now if ended is None else ended
    moments = {"start": run.began, "answer": run.up_at, "end": ended}
    if item in moments:
        moment = moments[item]
        if moment is None:
            return ""
        at = state.start + timedelta(seconds=moment)
        return f"{at.timestamp():.6f}" if "u" in options else f"{at:%Y-%m-%d %H:%M:%S}"
    spans = {"duration": run.began, "billsec": run.up_at}
    if item in spans:
        since = spans[item]
        return str(int(until - since)) if since is not None else "0"
    same = {
        "linkedid": "CHANNEL(linkedid)", "uniqueid": "UNIQUEID", "channel": "CHANNEL",
        "accountcode": "CHANNEL(accountcode)", "src": "CALLERID(num)",
    }  # fmt: skip
    if item in same:
        return _fact(call, same[item])
    if item == "clid":
        return f'"{_fact(call, "CALLERID(name)")}" <{_fact(call, "CALLERID(num)")}>'
    if item == "amaflags":
        flags = _fact(call, "CHANNEL(amaflags)")
        return _AMA_FLAGS.get(flags, flags)
    if item in {"dst", "dcontext"}:
        places = {(step.context, step.exten) for step in run.steps}
        if places - {(run.context, run.exten)}:
            raise UnknownError(f"CDR({item}) lags behind the jumps of a call")
        return str(run.exten if item == "dst" else run.context)
    if item == "disposition" and run.dialed:
        raise UnknownError("CDR(disposition) depends on who was called")
    own = call.channel.facts.get(f"CDR({item})", "" if item not in _RECORDED else None)
    if not isinstance(own, str):
        raise UnknownError(f"CDR({item}) depends on the call")
    return own


def _fact(call: Invocation, name: str) -> str:
    return _text(call.channel.fact(name))


def _text(value: Value) -> str:
    if isinstance(value, Unknown):
        raise UnknownError(value.why)
    return value


_AMA_FLAGS: Mapping[str, str] = {"1": "OMIT", "2": "BILLING", "3": "DOCUMENTATION"}
_RECORDED = frozenset((
    "clid", "src", "dst", "dcontext", "channel", "dstchannel", "lastapp", "lastdata", "start",
    "answer", "end", "duration", "billsec", "disposition", "uniqueid", "linkedid", "peeraccount",
    "sequence",
))  # fmt: skip
"""What Asterisk itself writes into a record, and nobody else; observed."""


def _set_cdr(call: Invocation, value: Value) -> None:
    item = call.split(2)[0].lower()
    if item in {"accountcode", "amaflags"}:
        write = FUNCTIONS["CHANNEL"].write
        assert write is not None
        write(attrs.evolve(call, name="CHANNEL", arguments=item), value)
    elif item not in _RECORDED:
        call.channel.facts[f"CDR({item})"] = value


def _own(call: Invocation) -> str:
    """Return what the dialplan has set on this channel; empty: nothing."""
    if call.name == "SHARED" and "," in call.arguments:
        raise UnknownError(f"{call.name}({call.arguments}) depends on another channel")
    found = call.channel.facts.get(f"{call.name}({call.arguments})", "")
    if isinstance(found, Unknown):
        raise UnknownError(found.why)
    return found


def _cause_keys(call: Invocation) -> str:
    if _run(call).dialed:
        raise UnknownError("the names of channels that were called are those of a running Asterisk")
    return ""


def _set_own(call: Invocation, value: Value) -> None:
    call.channel.facts[f"{call.name}({call.arguments})"] = value


def _eval_exten(call: Invocation) -> str:
    """Evaluate what a Return gives back. Source: funcs/func_evalexten.c."""
    context, exten, priority = ["", "", *args.split(call.arguments, limit=3)][-3:]
    run, label = _run(call), scan_int(priority)
    number = label[0] if label and label[1] == len(priority) else priority
    found = run.look(exten or run.exten, number, context or run.context)
    if found is None or found.step is None or found.step.app.lower() != "return":
        return call.refuse(f"there is no Return at {call.arguments}")
    return call.evaluator.substitute(found.step.data)


def _nobody(call: Invocation) -> str:
    item, *_ = call.split(2)
    if item.lower() not in ("parties", "admins", "marked"):
        raise UnknownError(f"{call.name}({call.arguments}) depends on the conference")
    _assume(call, "nobody is in a conference")
    return "0"


def _no_iax(call: Invocation) -> str:
    if call.channel.facts.get("CHANNEL(channeltype)") == "IAX2":
        raise UnknownError("IAXVAR is sent by the other end")
    return ""


CALL_FUNCTIONS: Final[Mapping[str, Function]] = {
    **FUNCTIONS,
    "CHANNEL": Function(_channel, _set_channel),
    "CDR": Function(_cdr, _set_cdr),
    "MESSAGE": Function(_own, _set_own),
    "MESSAGE_DATA": Function(_own, _set_own),
    "SHARED": Function(_own, _set_own),
    "HANGUPCAUSE_KEYS": Function(_cause_keys),
    "LOCK": Function(lambda _call: "1"),
    "TRYLOCK": Function(lambda _call: "1"),
    "UNLOCK": Function(lambda _call: "1"),
    "EVAL_EXTEN": Function(_eval_exten),
    "CONFBRIDGE_INFO": Function(_nobody),
    "TIMEOUT": attrs.evolve(FUNCTIONS["TIMEOUT"], read=_timeout, write=_set_timeout),
    "TESTTIME": Function(write=_set_testtime),
    "QUEUE_MEMBER_LIST": Function(_member_list),
    "QUEUE_MEMBER": Function(_member_count),
    "QUEUE_MEMBER_COUNT": Function(lambda call: str(len(_members(call, call.arguments) or []))),
    "QUEUE_EXISTS": Function(_queue_exists),
    "QUEUE_WAITING_COUNT": Function(_waiting),
    "MAILBOX_EXISTS": Function(_mailbox_exists),
    "VM_INFO": Function(_vm_info),
    "DEVICE_STATE": Function(_device_state, _set_device_state),
    "EXTENSION_STATE": Function(_extension_state),
    "GROUP_COUNT": Function(_group_count),
    "RAND": Function(_rand),
    "IFMODULE": Function(_if_module),
    "VERSION": Function(_version),
    "ENV": Function(_environment, _set_environment),
    "PJSIP_DIAL_CONTACTS": Function(_contacts),
    "IAXVAR": Function(_no_iax, _set_unseen),
    **{name: attrs.evolve(FUNCTIONS[name], read=_from_database) for name in ("DB", "DB_EXISTS")},
    "UUID": Function(_uuid),
    "STACK_PEEK": Function(_stack_peek),
    "PJSIP_HEADER": Function(_header, _set_header),
}
"""The functions of a simulated call: those that depend on its state know it here."""
