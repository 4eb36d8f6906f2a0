"""What the applications of the dialplan itself do: variables, jumps, subroutines, loops, digits.

Source: main/pbx_builtins.c, apps/app_stack.c, app_exec.c, app_while.c, app_if.c, app_read.c,
app_playback.c, app_waitdigit.c. Checked: tests/vectors/trace and dialplan-flow.json.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from functools import lru_cache, partial
from typing import Final

from asterconf.flow.effects import (
    Ask,
    Asking,
    Assign,
    Collect,
    Drop,
    Effects,
    End,
    Evaluate,
    Find,
    FlowApplication,
    Get,
    Holds,
    IsUp,
    JumpTo,
    Key,
    Note,
    Pause,
    Play,
    Pop,
    Push,
    Raise,
    RunApplication,
    SetVariable,
    Test,
    Tone,
    Up,
    Wipe,
)
from asterconf.language import args
from asterconf.schema import overlay
from asterconf.semantics.texts import scan_float, scan_int

ANSWER_DELAY: Final = 0.5
"""Seconds that Answer waits for media."""
FOREVER: Final = 1e9
"""Seconds for what has no end of its own."""

CAUSES: Final[Mapping[str, int]] = overlay.data("effects")["causes"]
"""The names of hang-up causes, as Hangup reads them. Source: main/channel.c, causes."""


_NUMBER = re.compile(r"\s*[+-]?[0-9]+\s*\Z")
_fields = lru_cache(8192)(args.split)


def split(text: str, count: int) -> list[str]:
    """Return the arguments of an application that declares `count` of them; missing are empty."""
    found = _fields(text, limit=count)
    return [*found, *[""] * (count - len(found))]


def options(text: str) -> dict[str, str]:
    """Return option letters with their arguments."""
    return {one.letter: one.argument or "" for one in args.split_options(text)}


_UNITS: Mapping[str, float] = {"": 1, "s": 1, "ms": 0.001, "m": 60, "h": 3600}


def seconds(text: str, default: float = 0.0) -> float:
    """Return a time; what is none is 0, nothing is the default."""
    if not text:
        return default
    number = scan_float(text)
    if number is None or math.isnan(number[0]):
        return 0.0
    return max(number[0] * _UNITS.get(text[number[1] :].strip(), 0), 0.0)


def _cut(text: str, separators: str) -> list[str]:
    """Cut at each separator once, outside brackets and quotes; missing parts are empty."""
    parts, rest = [], text
    for separator in separators:
        at = args.find(rest, separator)
        if at < 0:
            break
        parts.append(rest[:at])
        rest = rest[at + 1 :]
    parts.append(rest)
    return parts + [""] * (len(separators) + 1 - len(parts))


def _nothing(_text: str) -> Effects:
    """Do nothing that matters for the way of the call."""
    yield from ()


def given(run: Callable[[str], Effects]) -> Callable[[str], Effects]:
    """Return what an application does that ends the call where it is given nothing.

    Observed: 22.10.1.
    """

    def checked(text: str) -> Effects:
        if not text:
            yield Note("it needs an argument")
            yield End()
        yield from run(text)

    return checked


# ---- variables ----------------------------------------------------------------------------------


def _set(text: str) -> Effects:
    yield Assign(text)


def _mset(text: str) -> Effects:
    yield Assign(text, many=True)


def _clear_hash(text: str) -> Effects:
    yield Wipe("variables", f"~HASH~{text}~")


def _db_deltree(text: str) -> Effects:
    yield Wipe("database", f"{text.rstrip('/')}/")


# ---- jumps --------------------------------------------------------------------------------------


def wanted_of(text: str, here: int) -> int | str:
    """Return the priority that a text such as `3` or `+2` means at a priority, or the label.

    Below 0 there is none, and the call goes on behind. Source: main/pbx.c, pbx_parseable_goto,
    ast_explicit_goto. Observed on 22.10.1: behind a blank, `+` is only a sign.
    """
    sign = {"+": 1, "-": -1}.get(text[:1], 0)
    found = _NUMBER.match(text, abs(sign))
    if found is None:
        return text[abs(sign) :]
    number = here + sign * int(found[0]) if sign else int(found[0])
    return number if number >= 0 else here + 1


def _goto(text: str) -> Effects:
    if not text:
        yield Note("Goto needs a place")
    if not (yield JumpTo(text)):
        yield End()


def _branches(text: str) -> tuple[str, str, str]:
    condition, _, rest = text.partition("?")
    yes, _, no = rest.partition(":")
    return condition, yes, no


def _goto_if(text: str) -> Effects:
    if not text:
        yield Note("GotoIf needs an argument")
        return
    condition, yes, no = _branches(text)
    branch = yes if (yield Test(condition)) else no
    if branch:
        yield from _goto(branch)


def _goto_if_time(text: str) -> Effects:
    if not text:
        yield Note("GotoIfTime needs an argument")
        yield End()
    condition, yes, no = _branches(text)
    if "?" not in text:
        return
    branch = yes if (yield Holds(condition, testable=True)) else no
    if branch:
        yield from _goto(branch)


def target_of(text: str) -> tuple[str, tuple[str, ...]]:
    """Return place and arguments of a subroutine call `place(argument,…)`."""
    place, opened, rest = text.partition("(")
    if not opened:
        return place, ()
    inner = rest.rpartition(")")[0] if ")" in rest else rest
    return place, args.split(inner, flavour="protect") if inner else ()


def _gosub(text: str) -> Effects:
    if "(" in text and ")" not in text:
        yield Note(f"{text!r} has no closing parenthesis")
    if not text or not (yield Push(*target_of(text))):
        yield Note(f"Gosub cannot go to {text!r}")
        yield End()


def _gosub_if(text: str) -> Effects:
    condition, question, rest = _split_at(text, "?")
    if not question:
        yield Note("GosubIf needs '?'")
        return
    yes, _, no = _split_at(rest, ":")
    branch = yes if (yield Test(condition)) else no
    if branch:
        yield from _gosub(branch)


def _split_at(text: str, separator: str) -> tuple[str, str, str]:
    at = args.find(text, separator)
    return (text, "", "") if at < 0 else (text[:at], separator, text[at + 1 :])


def _return(text: str) -> Effects:
    if not (yield Pop(text)):
        yield Note("Return without Gosub")
        yield End()


def _stack_pop(_text: str) -> Effects:
    if not (yield Drop()):
        yield Note("StackPop without Gosub")


def _raise(text: str) -> Effects:
    yield Raise(text, always=True)


# ---- applications that run applications ---------------------------------------------------------


def run_application(name: str, data: str) -> Effects:
    """Run an application, and end the call if that does."""
    if (yield RunApplication(name, data)) != "SUCCESS":
        yield End()


def _called(text: str) -> tuple[str, str]:
    name, opened, rest = text.partition("(")
    return name, (rest.rpartition(")")[0] if ")" in rest else rest) if opened else ""


def _exec_if(text: str) -> Effects:
    condition, question, rest = _split_at(text, "?")
    if not question or "," in text.partition("?")[0]:
        condition, _, rest = text.partition(",")
        name, _, data = rest.partition(",")
        if not name:
            yield Note("ExecIf needs '?'")
            yield End()
        if (yield Test(args.clean(condition))):
            yield from run_application(name, data)
        return
    yes, _, no = _split_at(rest, ":")
    if not yes and not no:
        yield Note("ExecIf needs an application")
        yield End()
    branch = yes if (yield Test(condition)) else no
    if branch:
        yield from run_application(*_called(branch))


def _exec(text: str) -> Effects:
    if text:
        name, data = _called(text)
        yield from run_application(name, (yield Evaluate(data)))


def _try_exec(text: str) -> Effects:
    if text:
        name, data = _called(text)
        yield SetVariable("TRYSTATUS", (yield RunApplication(name, (yield Evaluate(data)))))


def _exec_if_time(text: str) -> Effects:
    condition, question, rest = text.partition("?")
    if not question or not rest:
        yield Note("ExecIfTime needs '?'")
        yield End()
    yes, _, no = _split_at(rest, ":")
    branch = yes if (yield Holds(condition)) else no
    if branch:
        yield from run_application(*_called(branch))


# ---- loops and blocks ---------------------------------------------------------------------------


def _loops() -> Asking[int]:
    """Return how many loops the call is in, by the variables that Asterisk keeps for them."""
    count = 0
    while (yield Get(f"WHILE_{count}")):
        count += 1
    return count


def _here() -> Asking[tuple[str, str, int]]:
    context, exten, priority = (yield Get("CONTEXT")), (yield Get("EXTEN")), (yield Get("PRIORITY"))
    return context, exten, int(priority)


def _while(text: str, end: str = "") -> Effects:
    """Carry out While, or EndWhile and ExitWhile (`end`)."""
    count = yield from _loops()
    context, exten, priority = yield from _here()
    own = f"{context}_{exten}_{priority}"
    label = yield Get(own)
    if not label:
        label = str(count - 1 if end else count)
        yield SetVariable(own, label)
    name, behind = f"WHILE_{label}", f"END_WHILE_{label}"
    start = yield Get(name)
    if end == "exit" or (not end and not (yield Test(text))):
        yield SetVariable(name, "")
        yield SetVariable(own, "")
        known = yield Get(behind)
        if known:
            yield JumpTo(known)
            yield SetVariable(behind, "")
            return
        at = yield from _matching("while", "endwhile")
        if at:
            yield JumpTo(str(at + 1))
        else:
            yield Note("there is no EndWhile for this While")
    elif not end and not start:
        yield SetVariable(name, f"{context},{exten},{priority}")
    elif end and start:
        if not (yield Get(behind)):
            yield SetVariable(behind, f"{context},{exten},{priority + 1}")
        yield JumpTo(start)


def _continue_while(_text: str) -> Effects:
    count = yield from _loops()
    if count:
        yield JumpTo((yield Get(f"WHILE_{count - 1}")))


def _matching(opens: str, *closes: str) -> Asking[int]:
    """Return the priority of the step that ends the block the call is in; 0: there is none."""
    level, at = 1, int((yield Get("PRIORITY"))) + 1
    while True:
        app = yield Find(at)
        if app is None:
            return 0
        app = app.lower()
        if app == opens:
            level += 1
        elif app == closes[0] and level > 1:
            level -= 1
        elif app in closes and level == 1:
            return at
        at += 1


def _if(text: str, kind: str = "if") -> Effects:
    """Carry out If, ElseIf and Else: a block whose condition does not hold is jumped over."""
    seeking = kind == "if" or (yield Get("~IF"))
    yield SetVariable("~IF", "")
    if kind != "else" and seeking and (yield Test(text)):
        return
    others = ("elseif", "else") if seeking else ()
    at = yield from _matching("if", "endif", *others)
    if not at:
        yield Note("there is no EndIf for this If")
        return
    if (yield Find(at)).lower() == "elseif":
        yield SetVariable("~IF", "1")
        yield JumpTo(str(at))
    else:
        yield JumpTo(str(at + 1))


# ---- time, sounds and digits --------------------------------------------------------------------


def _answer(text: str) -> Effects:
    delay, _ = split(text, 2)
    number = scan_int(delay)
    yield from up(max(ANSWER_DELAY, number[0] / 1000 if number else 0))


def up(delay: float = 0.0) -> Effects:
    """Answer; the call ends if the caller has hung up."""
    if not (yield Up(delay)):
        yield End()


def _hangup(text: str) -> Effects:
    number = scan_int(text)
    cause = number[0] if number and number[0] > 0 else CAUSES.get(text.upper(), 0)
    if text and not cause:
        yield Note(f"{text!r} is no cause")
    yield End(cause)


def _wait(text: str) -> Effects:
    if not (yield Pause(seconds(text))):
        yield End()


def _tone(text: str, cause: int) -> Effects:
    yield Tone(cause, seconds(text) or FOREVER)
    yield End()


def _files(text: str) -> tuple[str, ...]:
    return tuple(name for name in text.split("&") if name)


def _heard(files: str, keys: str = "") -> Asking[str | None]:
    """Play sounds, and say if one is missing."""
    heard: str | None = yield Play(_files(files), keys)
    if heard == "FAILED":
        yield Note(f"not every sound of {files!r} is there")
    return heard


def _playback(text: str) -> Effects:
    files, chosen = split(text, 2)
    if not files:
        yield Note("Playback needs a file")
        yield End()
    words = chosen.split(",")
    answered = yield IsUp()
    if not answered and "skip" in words:
        yield SetVariable("PLAYBACKSTATUS", "SUCCESS")
        return
    if not answered and "noanswer" not in words:
        yield from up()
    yield SetVariable("PLAYBACKSTATUS", "")
    status = yield from _heard(files)
    yield SetVariable("PLAYBACKSTATUS", status or "FAILED")
    if status is None:
        yield End()


def _background(text: str) -> Effects:
    files, chosen, _, context = split(text, 4)
    if not files:
        yield Note("Background needs a file")
        yield End()
    answered = yield IsUp()
    if not answered and "s" in chosen:
        yield SetVariable("BACKGROUNDSTATUS", "SUCCESS")
        return
    if not answered and "n" not in chosen:
        yield from up()
    keys = "" if "p" in chosen else "single" if "m" in chosen else "any"
    digit = yield from _heard(files, keys)
    yield SetVariable("BACKGROUNDSTATUS", "FAILED" if digit == "FAILED" else "SUCCESS")
    if digit is None:
        yield End()
    elif len(digit) == 1:
        yield Collect(digit, context if "m" not in chosen else "")


def _wait_exten(text: str) -> Effects:
    time, _ = split(text, 2)
    limit = seconds(time) if time else float((yield Get("TIMEOUT(response)")))
    digit = yield Key(limit)
    if digit is None:
        yield End()
    elif digit:
        yield Collect(digit)
    else:
        priority = int((yield Get("PRIORITY")))
        if (yield Find(priority + 1)) is None:
            yield from timed_out()


def timed_out() -> Effects:
    """Go to `t`, else to `e`; else the call ends."""
    if not (yield JumpTo("t,1", exists=True)) and not (yield Raise("RESPONSETIMEOUT")):
        yield Note("the time is over and there is no t or e")
        yield End()


def _incomplete(text: str) -> Effects:
    if "n" not in text:
        yield from up()
    exten = yield Get("EXTEN")
    yield Collect(f"{exten}+")


def _read(text: str) -> Effects:
    name, files, most, chosen, tries, time = split(text, 6)
    letters = options(chosen)
    if not name:
        yield Note("Read needs a variable")
        yield SetVariable("READSTATUS", "ERROR")
        return
    number, attempts = scan_int(most), scan_int(tries)
    count = number[0] if number and 0 < number[0] <= 255 else 255
    answered = yield IsUp()
    if not answered and "s" in letters:
        yield SetVariable(name, "")
        yield SetVariable("READSTATUS", "SKIPPED")
        return
    if not answered and "n" not in letters:
        yield from up()
    limit = seconds(time) or float((yield Get("TIMEOUT(response)")))
    gap = seconds(time) or float((yield Get("TIMEOUT(digit)")))
    status, got, ends = "TIMEOUT", "", letters.get("t", "#")
    for _ in range(max(attempts[0], 1) if attempts else 1):
        status, got = yield from _line(_files(files), count, limit, gap, ends)
        if status == "OK" and got[-1:] in [*ends] and ("e" not in letters or len(got) > 1):
            got = got[:-1]  # a first one counts, by option e
        if status != "TIMEOUT" or got:
            break
    yield SetVariable(name, got)
    yield SetVariable("READSTATUS", status)
    if status == "HANGUP":
        yield End()


def _line(
    files: tuple[str, ...], count: int, limit: float, gap: float, ends: str
) -> Asking[tuple[str, str]]:
    """Return how a line of digits ended, and the digits, with the one of `ends` that ended it."""
    got = ""
    if files:
        heard = yield Play(files, "any")
        if heard is None:
            return "HANGUP", ""
        if heard == "FAILED":
            return "ERROR", ""
        got = heard if len(heard) == 1 else ""
    while len(got) < count and got[-1:] not in [*ends]:
        digit = yield Key(gap if got else limit)
        if digit is None:
            return "HANGUP", got
        if not digit:
            return "TIMEOUT", got
        got += digit
    return "OK", got


def _wait_digit(text: str) -> Effects:
    time, keys = split(text, 2)
    digit = yield Key(seconds(time), keys or "0123456789*#ABCD")
    yield SetVariable("WAITDIGITRESULT", digit or "")
    yield SetVariable(
        "WAITDIGITSTATUS", "DTMF" if digit else "CANCEL" if digit is None else "TIMEOUT"
    )
    if digit is None:
        yield End()


def _say(_text: str, *, must: bool = False) -> Effects:
    """Speak; `must`: a sound that is missing ends the call."""
    heard = yield Play(("(spoken)",))
    if heard is None or (must and heard == "FAILED"):
        yield End()


def _play_tones(text: str) -> Effects:
    if not text or not (yield Ask("tone", text)):
        yield Note(f"{text!r} is no tone")
        yield End()


def _log(text: str) -> Effects:
    level, message = split(text, 2)
    yield Note(f"{level}: {message}")


def _monitor(text: str) -> Effects:
    chosen = split(text, 3)[2]
    if "b" in chosen:
        yield SetVariable("AUTO_MONITOR", text[: -len(chosen)] + chosen.replace("b", "X"))
    elif text:
        yield SetVariable("__MONITORED", "true")


def _stop_monitor(_text: str) -> Effects:
    yield SetVariable("MONITORED", None)


def _pause_monitor(_text: str) -> Effects:
    if not (yield Get("MONITORED")):
        yield End()


def _up(_text: str) -> Effects:
    yield from up()


def _table() -> Mapping[str, FlowApplication]:
    """Return the applications of this module by name."""
    lenient = (
        "NoOp Verbose Ringing Progress Proceeding UserEvent CELGenUserEvent DumpChan QueueLog"
        " SendText SendURL SendDTMF SetAMAFlags StopMusicOnHold StartMusicOnHold"
        " StopPlayTones ResetCDR ForkCDR HangupCauseClear StopMixMonitor MixMonitor StatsD Signal"
        " ChangeMonitor DAHDISendKeypadFacility PJSIPNotify JabberSend"
    )
    runs: dict[str, Callable[[str], Effects]] = {
        "Set": _set, "MSet": _mset, "ClearHash": _clear_hash, "DBdeltree": _db_deltree,
        "Goto": _goto, "GotoIf": _goto_if, "GotoIfTime": _goto_if_time,
        "Gosub": _gosub, "GosubIf": _gosub_if, "Return": _return, "StackPop": _stack_pop,
        "RaiseException": _raise, "ExecIf": _exec_if, "Exec": _exec, "TryExec": _try_exec,
        "ExecIfTime": _exec_if_time, "While": _while, "EndWhile": partial(_while, end="end"),
        "ExitWhile": partial(_while, end="exit"), "ContinueWhile": _continue_while, "If": _if,
        "ElseIf": partial(_if, kind="elseif"), "Else": partial(_if, kind="else"),
        "EndIf": _nothing, "ExitIf": partial(_if, kind="else"), "Answer": _answer,
        "Hangup": _hangup, "Wait": _wait, "Busy": partial(_tone, cause=17),
        "Congestion": partial(_tone, cause=34), "Playback": _playback,
        "ControlPlayback": _playback, "BackGround": _background, "WaitExten": _wait_exten,
        "Incomplete": _incomplete, "Read": _read, "WaitDigit": _wait_digit, "Monitor": _monitor,
        "StopMonitor": _stop_monitor, "PauseMonitor": _pause_monitor,
        "UnpauseMonitor": _pause_monitor, "Log": _log,
    }  # fmt: skip
    says = "SayAlpha SayAlphaCase SayDigits SayOrdinal SayPhonetic"
    runs |= dict.fromkeys(f"{says} SayMoney SayCountedNoun SayCountedAdj Morsecode".split(), _say)
    runs |= dict.fromkeys(("SayUnixTime", "DateTime"), partial(_say, must=True))
    runs |= {"SayNumber": given(_say), "PlayTones": _play_tones, "Zapateller": _up}
    table = {name: FlowApplication(name, run) for name, run in runs.items()}
    table |= {name: FlowApplication(name, _nothing, lenient=True) for name in lenient.split()}
    for name in ("MixMonitor", "QueueLog", "Signal", "UserEvent"):
        table[name] = FlowApplication(name, given(_nothing), lenient=True)
    for name in (
        "Log",
        "Set",
        "MSet",
        "SayNumber",
        "SayDigits",
        "SayAlpha",
        "SayUnixTime",
        "SayPhonetic",
    ):
        table[name] = FlowApplication(name, runs[name], lenient=True)
    return table


TABLE: Final = _table()
"""The applications of this module, by name."""
