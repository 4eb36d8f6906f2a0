"""What the applications do that bring callers together with others: Dial, Queue, VoiceMail, Page.

Source: apps/app_dial.c, app_queue.c, app_voicemail.c, app_page.c, app_confbridge.c and others.
Checked: tests/vectors/trace.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Final

from asterconf.flow.applications import FOREVER, given, options, seconds, split, target_of, up
from asterconf.flow.effects import (
    Ask,
    Asking,
    Effects,
    End,
    Evaluate,
    FlowApplication,
    Get,
    IsUp,
    JumpTo,
    Leg,
    LegResult,
    Member,
    Need,
    Note,
    Pause,
    Push,
    Reach,
    SetVariable,
)
from asterconf.flow.statuses import LEFT
from asterconf.schema import overlay
from asterconf.semantics.texts import scan_int

ENDINGS: Final = re.compile(r"(?i:BUSY|CONGESTION|CHANUNAVAIL|CONTINUE|ABORT|GOTO:.*)\Z", re.DOTALL)
"""What a subroutine, or a macro, of the callee says to end the conversation before it begins."""
_CLEARED = (
    "DIALSTATUS", "DIALEDPEERNUMBER", "DIALEDPEERNAME", "ANSWEREDTIME", "ANSWEREDTIME_MS",
    "DIALEDTIME", "DIALEDTIME_MS", "RINGTIME", "RINGTIME_MS", "PROGRESSTIME", "PROGRESSTIME_MS",
)  # fmt: skip
"""The variables that Dial makes empty at its start."""
_STATUSES = ("ANSWER", "BUSY", "NOANSWER", "CANCEL", "CONGESTION", "CHANUNAVAIL")
_RESULTS = ("BUSY", "CONGESTION", "CHANUNAVAIL")
"""What a subroutine or a macro of the callee may say: the caller goes on with this status."""


def targets(text: str) -> tuple[str, ...]:
    """Return what a dial string calls."""
    return tuple(one.strip() for one in text.split("&") if one.strip())


def caret(text: str) -> str:
    """Return the place of a subroutine written with `^`, as Gosub writes it."""
    place, opened, arguments = text.partition("(")
    return place.replace("^", ",") + opened + arguments


def _dial(text: str) -> Effects:
    yield from _dial_out(text, 3)


def _retry_dial(text: str) -> Effects:
    _, pause, loops, rest = split(text, 4)
    number = scan_int(loops)
    for _ in range(max(number[0], 1) if number else 1):
        if (yield from _dial_out(rest, 3)) in ("ANSWER", "CANCEL"):
            return
        if not (yield Pause(seconds(pause, 10))):
            yield End()


def _dial_out(text: str, count: int) -> Asking[str]:
    """Dial, and return the status."""
    where, time, chosen = split(text, count)
    found = options(chosen)
    for name in _CLEARED:
        yield SetVariable(name, "")
    called = targets(where)
    if not called:
        yield SetVariable("DIALSTATUS", "CHANUNAVAIL")
        return "CHANUNAVAIL"
    if not all(one.partition("/")[2] for one in called):
        yield Note("Dial needs technology/resource")
        if "g" not in found:
            yield End()
        return "INVALIDARGS"
    if "B" in found:
        place, arguments = target_of(caret(found["B"]))
        yield Push(place, arguments, inline=True)
    limit = found.get("L", "").partition(":")[0]
    number = scan_int(limit)
    longest = [number[0] / 1000] if number else []
    if "S" in found:
        longest.append(seconds(found["S"]))
    result: LegResult = yield Leg(
        called,
        seconds(time.partition("^")[0]) or FOREVER,
        found.get("b", ""),
        found.get("U", ""),
        min(longest) if longest else None,
        caret(found.get("G", "")),
        caret(found["F"]) if "F" in found else "",
        macro=found.get("M", "").replace("^", ","),
    )
    yield from _dialed(result, found)
    return result.status


def _left() -> Effects:
    """Leave the times of a call that was answered, and whom it reached, unknown."""
    names = (one for one in LEFT["Dial"] if one not in ("FORWARDERNAME", "HANGUPCAUSE"))
    yield Ask("application", "Dial", (), dict.fromkeys(names, ()))


def _dialed(result: LegResult, found: Mapping[str, str]) -> Effects:
    """Go on after Dial, as its result and options say."""
    number = result.target.partition("/")[2]
    status = result.status
    if status == "ANSWER":
        yield from _left()
        yield SetVariable("DIALSTATUS", status)
        yield SetVariable("DIALEDPEERNUMBER", number)
        yield Reach("Answered", (result.target,))
    else:
        yield Reach("Unanswered", (result.target, status))
    word = result.result.upper()
    if word in _RESULTS:
        status = result.result
        yield Reach("Unanswered", (result.target, status))
    yield SetVariable("DIALSTATUS", status)
    if status == "CANCEL" or result.by == "caller":
        yield End()
    if status != "ANSWER" or word == "CONTINUE":
        return
    if word.startswith("GOTO:"):
        if not (yield JumpTo(result.result[5:].replace("^", ","))):
            yield End(16)
    elif "G" in found:
        yield JumpTo(found["G"].replace("^", ","))
    elif "g" not in found or "F" in found:
        yield End(16)


def _queue(text: str) -> Effects:
    name, chosen, _, _, time, _, macro, gosub, *_ = split(text, 11)
    if not name:
        yield Note("Queue needs a queue")
        yield End()
    limit, found = seconds(time) if time else FOREVER, options(chosen)
    result: LegResult = yield Leg(
        (name,), limit, found.get("b", ""), gosub, None, further=caret(found.get("F", "")),
        kind="Queue", macro=macro,
    )  # fmt: skip
    if result.status == "ANSWER":
        yield Reach("Answered", (result.target,))
    elif result.status == "CANCEL":
        yield Reach("InQueue", (name,))
    else:
        yield Reach("Unanswered", (name, result.status))
    if result.status not in ("ANSWER", "CANCEL"):
        yield SetVariable("QUEUESTATUS", result.status)
        return
    if result.status == "ANSWER" and result.by != "caller" and "c" in found:
        yield SetVariable("QUEUESTATUS", "CONTINUE")
        return
    yield End(16 if result.status == "ANSWER" else None)


def _member(text: str, verb: str, status: str) -> Effects:
    queue, interface, *_ = split(text, 7)
    result = yield Member(verb, queue, interface)
    if result in ("ADDED", "REMOVED", "MEMBERALREADY", "NOSUCHQUEUE"):
        yield Note(f"{interface!r} in queue {queue!r}: {result}")
    yield SetVariable(status, result)


_BOX = ("SUCCESS", "USEREXIT", "FAILED")


def _voicemail(text: str) -> Effects:
    boxes, chosen = split(text, 2)
    if "n" not in chosen:
        yield from up()
    status, key = yield Ask("voicemail", boxes, (chosen,), {"VMSTATUS": _BOX})
    yield SetVariable("VMSTATUS", status)
    if status == "SUCCESS":
        yield Reach("Recorded", (boxes.partition("&")[0],))
    if key:
        yield JumpTo({"*": "a,1", "0": "o,1"}[key])
    elif key is None:
        yield End()


def _whole(text: str, kind: str, outcome: str = "", *, answers: bool = True) -> Effects:
    """Stay in an application until the caller hangs up or leaves it."""
    about = text.partition(",")[0]
    if answers:
        yield from up()
    if outcome:
        yield Reach(outcome, (about,))
    if not (yield Ask(kind, about, (text,))):
        yield End()


def _page(text: str) -> Effects:
    where, chosen, time = split(text, 3)
    found = options(chosen)
    called = targets(where)
    if not called:
        yield Note("Page needs a target")
        return
    yield Leg(called, seconds(time) or FOREVER, found.get("b", ""), kind="Page")
    yield from _whole(where, "page", "InConference")


def _park(text: str) -> Effects:
    lot = text.partition(",")[0] or "default"
    yield from up()
    yield Reach("Parked", (lot,))
    yield Ask("park", lot, (text,))
    yield End()


def _needed(text: str, name: str, why: str) -> Effects:
    """Go on as the world says an application does that is never run here."""
    answer: Mapping[str, str] | None = yield Ask("application", name, (text,))
    if answer is None:
        yield Need(f"{name}({text})", why)
    for variable, value in (answer or {}).items():
        yield SetVariable(variable, value)


def _status(text: str, name: str, variable: str, values: tuple[str, ...]) -> Effects:
    """Set a status that only the world knows, and go on."""
    answer: Mapping[str, str] | None = yield Ask("application", name, (text,), {variable: values})
    for one, value in (answer or {}).items():
        yield SetVariable(one, value)


def _alone(_text: str, name: str, sets: Mapping[str, str]) -> Effects:
    yield Ask("alone", name)
    for variable, value in sets.items():
        yield SetVariable(variable, value)


def _soft_hangup(text: str) -> Effects:
    if split(text, 2)[0] == (yield Get("CHANNEL")):
        yield End()
    yield from _alone(text, "SoftHangup", {})


def _channel_redirect(text: str) -> Effects:
    """Send a channel elsewhere; the own one goes there behind this step."""
    channel, _, place = text.partition(",")
    if not channel or not place:
        yield Note("ChannelRedirect needs a channel and a place")
        yield End()
    if channel == (yield Get("CHANNEL")):
        if not (yield JumpTo(place)):
            yield End()
        yield SetVariable("CHANNELREDIRECT_STATUS", "SUCCESS")
        return
    yield from _alone(text, "ChannelRedirect", {"CHANNELREDIRECT_STATUS": "NOCHANNEL"})


def _message_send(text: str) -> Effects:
    """Send the message that the channel holds: only that of a message holds one."""
    if not text.partition(",")[0]:
        yield SetVariable("MESSAGE_SEND_STATUS", "INVALID_URI")
    elif not (yield Evaluate("${MESSAGE(body)}")):
        yield SetVariable("MESSAGE_SEND_STATUS", "FAILURE")
    else:
        yield from _status(text, "MessageSend", "MESSAGE_SEND_STATUS", ("SUCCESS", "FAILURE"))


def _chan_is_avail(text: str) -> Effects:
    where, _ = split(text, 2)
    channel, original, code = yield Ask("available", where)
    yield SetVariable("AVAILCHAN", channel)
    yield SetVariable("AVAILORIGCHAN", original)
    yield SetVariable("AVAILSTATUS", "0")
    yield SetVariable("AVAILCAUSECODE", code)


def _transfer(text: str) -> Effects:
    yield Reach("Answered" if (yield IsUp()) else "Unanswered", (text, "TRANSFER"))
    yield from _needed(text, "Transfer", "the other end decides whether it follows a transfer")


_NEEDED: Mapping[str, str] = overlay.data("effects")["undecided"]
"""Applications whose way only the world knows, with what would have to be known."""
_FILES: Final = {
    "ParkedCall": "res_parking.conf", "FollowMe": "followme.conf", "AMD": "amd.conf",
    "AgentLogin": "agents.conf", "AgentRequest": "agents.conf",
}  # fmt: skip
"""Files without which Asterisk does not have these applications."""
_ALONE: Mapping[str, Mapping[str, str]] = {
    "Pickup": {}, "PickupChan": {}, "Bridge": {"BRIDGERESULT": "NONEXISTENT"},
}  # fmt: skip
"""What applications set that look for another call, and find none."""
_RAN: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "System": ("SYSTEMSTATUS", ("SUCCESS", "FAILURE", "APPERROR")),
    "TrySystem": ("SYSTEMSTATUS", ("SUCCESS", "FAILURE", "APPERROR")),
    "Record": ("RECORD_STATUS", ("DTMF", "SILENCE", "TIMEOUT", "SKIP", "OPERATOR")),
    "MinivmNotify": ("MVM_NOTIFY_STATUS", ("SUCCESS", "FAILED")),
}
"""Applications that always let the call go on, with the status that is unknown then."""


def _table() -> Mapping[str, FlowApplication]:
    members = {
        "AddQueueMember": ("add", "AQMSTATUS"), "RemoveQueueMember": ("remove", "RQMSTATUS"),
        "PauseQueueMember": ("pause", "PQMSTATUS"),
        "UnpauseQueueMember": ("unpause", "UPQMSTATUS"),
    }  # fmt: skip
    runs: dict[str, tuple[Callable[[str], Effects], str]] = {
        "Dial": (_dial, ""),
        "RetryDial": (_retry_dial, ""),
        "Queue": (_queue, "queues.conf"),
        "VoiceMail": (_voicemail, ""),
        "VoiceMailMain": (partial(_whole, kind="voicemailmain"), ""),
        "ConfBridge": (
            partial(_whole, kind="conference", outcome="InConference"),
            "confbridge.conf",
        ),
        "Page": (_page, "confbridge.conf"),
        "Park": (_park, "res_parking.conf"),
        "Echo": (partial(_whole, kind="echo", answers=False), ""),
        "Milliwatt": (partial(_whole, kind="echo", answers=False), ""),
        "MusicOnHold": (partial(_whole, kind="music", answers=False), ""),
        "ChanSpy": (partial(_whole, kind="spying"), ""),
        "ChanIsAvail": (_chan_is_avail, ""),
        "Transfer": (_transfer, ""),
        "MessageSend": (_message_send, ""),
        "ChannelRedirect": (_channel_redirect, ""),
        "SoftHangup": (_soft_hangup, ""),
    }
    for name, (verb, status) in members.items():
        runs[name] = partial(_member, verb=verb, status=status), "queues.conf"
    for name, why in _NEEDED.items():
        runs[name] = partial(_needed, name=name, why=why), _FILES.get(name, "")
    for name, sets in _ALONE.items():
        runs[name] = partial(_alone, name=name, sets=sets), ""
    for name, (status, values) in _RAN.items():
        runs[name] = partial(_status, name=name, variable=status, values=values), ""
    for name in ("System", "Record"):
        runs[name] = given(runs[name][0]), ""
    lenient = {"System", "TrySystem", "Record", "MessageSend"}
    return {
        name: FlowApplication(name, run, name in lenient, needs)
        for name, (run, needs) in runs.items()
    }


TABLE: Final = _table()
"""The applications of this module, by name."""
