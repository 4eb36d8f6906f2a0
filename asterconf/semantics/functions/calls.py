"""Functions that ask or set what belongs to the call.

What a channel is not told to know is unknown; what is set is known from then on.

Source: funcs/func_callerid.c, funcs/func_channel.c, funcs/func_timeout.c, funcs/func_cdr.c.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.language import args, callerid
from asterconf.semantics.functions._scan import scan_float, scan_int
from asterconf.semantics.scope import Call, Function, Unknown, UnknownError, Value

__all__ = ["TABLE"]


def _known(call: Call, name: str) -> str:
    value = call.channel.fact(name)
    if isinstance(value, Unknown):
        raise UnknownError(value.why)
    return value


def _listed(name: str) -> frozenset[str]:
    """Return what the first argument of a function can be, in lower case."""
    from asterconf import schema

    return frozenset(word.lower() for word in schema.functions()[name]["args"][0]["values"])


# ---- caller id ----------------------------------------------------------------------------------

_SAME: Mapping[str, str] = {"number": "num", "ani": "ani-num", "ani-number": "ani-num"}
_PRESENTATIONS: Mapping[str, int] = {
    "allowed_not_screened": 0,
    "allowed_passed_screen": 1,
    "allowed_failed_screen": 2,
    "allowed": 3,
    "prohib_not_screened": 32,
    "prohib_passed_screen": 33,
    "prohib_failed_screen": 34,
    "prohib": 35,
    "unavailable": 67,
}


def _datatype(call: Call, written: str) -> str:
    """Return the name of a data type as the table has it; empty: there is none."""
    word = written.lower()
    head, dash, tail = word.rpartition("-")
    word = f"{head}{dash}{_SAME.get(tail, tail)}"
    if word in _listed("CALLERID"):
        return word
    call.refuse(f"{written!r} is no data type")
    return ""


def _caller(call: Call) -> str:
    """Give one part of the caller id, or of a given one."""
    written, *given = args.split(call.arguments, limit=2) or ("",)
    if given and given[0]:
        parsed = callerid.parse(given[0])
        word = _SAME.get(written.lower(), written.lower())
        if word == "all":
            return f'"{parsed.name}" <{parsed.dialled}>'
        return {"name": parsed.name, "num": parsed.dialled}.get(word) or (
            "" if word in {"name", "num"} else call.refuse(f"{written!r} is no data type")
        )
    call.needs_channel()
    word = _datatype(call, written)
    if not word:
        return ""
    if word == "all":
        return f'"{_known(call, "CALLERID(name)")}" <{_known(call, "CALLERID(num)")}>'
    return _known(call, f"CALLERID({word})")


def _set_caller(call: Call, value: Value) -> None:
    word = _datatype(call, call.arguments)
    facts = call.channel.facts
    if not word:
        return
    if isinstance(value, Unknown):
        for part in ("name", "num") if word == "all" else (word,):
            facts[f"CALLERID({part})"] = value
    elif word == "all":
        parsed = callerid.parse(value)
        facts["CALLERID(name)"], facts["CALLERID(num)"] = parsed.name, parsed.dialled
    elif word == "pres" or word.endswith("-pres"):
        number = scan_int(value)
        by_number = {code: name for name, code in _PRESENTATIONS.items()}
        known = value if value in _PRESENTATIONS else number and by_number.get(number[0])
        if not known:
            call.warn(f"{value!r} is no presentation")
            return
        for part in ("num-pres", "name-pres", "pres") if word == "pres" else (word,):
            facts[f"CALLERID({part})"] = known
    else:
        facts[f"CALLERID({word})"] = value
    for part in ("name", "num"):
        if word in {part, "all"}:
            facts[f"CALLERID({part}-valid)"] = "1"


# ---- channel, timeouts, records -----------------------------------------------------------------


_AMA_FLAGS: Mapping[str, str] = {"omit": "1", "billing": "2", "documentation": "3", "default": "3"}


def _channel(call: Call) -> str:
    item = call.arguments
    known = call.channel.facts.get(f"CHANNEL({item.lower()})")
    if isinstance(known, str):
        return known
    if item.lower() in _OF_TECHNOLOGY or item.lower() in _listed("CHANNEL"):
        raise UnknownError(f"CHANNEL({item}) is a matter of the call")
    return call.refuse(f"there is no item {item!r}")


_OF_TECHNOLOGY = frozenset((
    "aor", "call-id", "contact", "dahdi_channel", "dahdi_group", "dahdi_span", "dahdi_type",
    "endpoint", "from", "iaxvar", "local_addr", "no_media_path", "osptoken", "ourip", "peerip",
    "peername", "pjsip", "recvip", "remote_addr", "rtcp", "rtp", "rtpdest", "rtpsource", "secure",
    "t38passthrough", "trunk", "uri", "useragent",
))  # fmt: skip
"""Items that the technology of a channel answers."""


def _set_channel(call: Call, value: Value) -> None:
    item = call.arguments.lower()
    if item.startswith("hangup_handler"):
        return
    if item == "amaflags" and isinstance(value, str):
        value = _AMA_FLAGS.get(value.lower(), value)
    call.channel.facts[f"CHANNEL({item})"] = value


_TIMEOUTS = ("absolute", "digit", "response")


def _timeout(call: Call) -> str:
    word = call.arguments.lower()
    found = next((name for name in _TIMEOUTS if word and word[0] == name[0]), None)
    if found is None:
        return call.refuse("absolute, digit and response are its types")
    return _known(call, f"TIMEOUT({found})")


def _set_timeout(call: Call, value: Value) -> None:
    word = call.arguments.lower()
    found = next((name for name in _TIMEOUTS if word and word[0] == name[0]), None)
    if found is None:
        call.refuse("absolute, digit and response are its types")
        return
    name = f"TIMEOUT({found})"
    if found == "absolute" or not isinstance(value, str):
        call.channel.facts[name] = Unknown(f"${{{name}}}", "it depends on the time")
        return
    number = scan_float(value)
    seconds = max(number[0], 0.0) if number else 0.0
    call.channel.facts[name] = f"{seconds:.3f}"


def _of_call(name: str) -> Function:
    """Return a function that is known once it is set, or told."""

    def read(call: Call) -> str:
        return _known(call, f"{name}({call.arguments})")

    def write(call: Call, value: Value) -> None:
        call.channel.facts[f"{name}({call.arguments})"] = value

    return Function(read, write)


TABLE: Mapping[str, Function] = {
    "CALLERID": Function(_caller, _set_caller),
    "CONNECTEDLINE": _of_call("CONNECTEDLINE"),
    "REDIRECTING": _of_call("REDIRECTING"),
    "CHANNEL": Function(_channel, _set_channel),
    "TIMEOUT": Function(_timeout, _set_timeout),
    "CDR": _of_call("CDR"),
    "SHARED": _of_call("SHARED"),
    "GROUP": _of_call("GROUP"),
    "EXCEPTION": _of_call("EXCEPTION"),
}
