"""Functions that ask or set what belongs to the call, the database, the dialplan and the devices.

What the facts of a channel lack is unknown; what is set is known from then on.

Source: funcs/func_callerid.c, funcs/func_channel.c, funcs/func_timeout.c, funcs/func_cdr.c,
funcs/func_db.c, funcs/func_dialplan.c, funcs/func_extstate.c, main/pbx_functions.c.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache

from asterconf.language import args, callerid
from asterconf.language.callerid import PRESENTATIONS
from asterconf.semantics.scope import (
    DialplanLookup,
    Function,
    Invocation,
    Unknown,
    UnknownError,
    Value,
)
from asterconf.semantics.texts import scan_float, scan_int
from asterconf.source import WHITE


def _known(call: Invocation, name: str) -> str:
    value = call.channel.fact(name)
    if isinstance(value, Unknown):
        raise UnknownError(value.why)
    return value


@cache
def _listed(name: str) -> frozenset[str]:
    """Return what the first argument of a function can be, in lower case."""
    from asterconf import schema

    return frozenset(word.lower() for word in schema.functions()[name]["args"][0]["values"])


# ---- caller id ----------------------------------------------------------------------------------

_NUM = re.compile(r"(\A|-)(num|pres)[^-]*")
_SAME: Mapping[str, str] = {
    "number": "num", "ani": "ani-num", "ani-number": "ani-num", "ton": "num-plan",
}  # fmt: skip
_ELSEWHERE: Mapping[str, str] = {"rdnis": "REDIRECTING(from-num)"}
"""Parts that another function has, too."""
_OLD: Mapping[str, str] = {"num-plan": "CALLINGTON", "ani2": "CALLINGANI2"}
"""The variables of old that show a part."""


def _datatype(call: Invocation, written: str) -> str:
    """Return the name of a data type as the table has it; empty: there is none.

    Of `num` and `pres` Asterisk compares the first letters: `${CALLERID(num))}` is the number.
    """
    word = _NUM.sub(r"\1\2", written.lower())
    head, dash, tail = word.rpartition("-")
    word = f"{head}{dash}{_SAME.get(tail, tail)}"
    if word in _listed("CALLERID") or word == "ani2":  # which the documentation leaves out
        return word
    call.refuse(f"{written!r} is no data type")
    return ""


def _caller(call: Invocation) -> str:
    """Give one part of the caller id, or of a given one."""
    written, *given = args.split(call.arguments, limit=2) or ("",)
    if given:
        parsed = callerid.parse(given[0])
        word = _NUM.sub(r"\1\2", written.lower())
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
    if word == "pres":
        return _presentation(call)
    return _known(call, _ELSEWHERE.get(word, f"CALLERID({word})"))


def _presentation(call: Invocation) -> str:
    """Return how the caller is shown: as the part of it that is hidden most; observed.

    Screening is that of the number, and a part that is not there hides nothing.
    """
    codes = []
    for part in ("num", "name"):
        code = PRESENTATIONS[_known(call, f"CALLERID({part}-pres)")]
        is_there = _known(call, f"CALLERID({part}-valid)") == "1"
        codes.append((code & 96 if is_there else 64, code & 3 if is_there else 0))
    (number, screening), (name, _) = codes
    code = min(number, name, key=_HIDDEN_FIRST.index)
    code = PRESENTATIONS["unavailable"] if code == 64 else code | screening
    return next(text for text, known in PRESENTATIONS.items() if known == code)


def _calling_presentation(call: Invocation) -> Value:
    try:
        return str(PRESENTATIONS[_presentation(call)])
    except UnknownError as error:
        return Unknown("${CALLINGPRES}", str(error))


_HIDDEN_FIRST = (32, 0, 64)
"""Restricted, allowed, not available: which of two parts decides."""


def _set_caller(call: Invocation, value: Value) -> None:
    word = _datatype(call, call.arguments)
    facts = call.channel.facts
    if not word:
        return
    if isinstance(value, Unknown):
        for part in ("name", "num") if word == "all" else (word,):
            facts[f"CALLERID({part})"] = value
        return
    if word.partition("-")[0] in ("name", "num", "ani", "dnid"):
        value = value.strip(WHITE)
    if word == "all":
        parsed = callerid.parse(value)
        facts["CALLERID(name)"], facts["CALLERID(num)"] = parsed.name, parsed.dialled
    elif word == "pres" or word.endswith("-pres"):
        number = scan_int(value)
        by_number = {code: name for name, code in PRESENTATIONS.items()}
        known = value if value in PRESENTATIONS else number and by_number.get(number[0])
        if not known:
            call.warn(f"{value!r} is no presentation")
            return
        for part in ("num-pres", "name-pres") if word == "pres" else (word,):
            facts[f"CALLERID({part})"] = known
        facts["CALLINGPRES"] = _calling_presentation(call)
    elif word in _OLD:
        number = scan_int(value)
        facts[f"CALLERID({word})"] = facts[_OLD[word]] = str(number[0] if number else 0)
    else:
        facts[_ELSEWHERE.get(word, f"CALLERID({word})")] = value
    for part in ("name", "num"):
        if word in {part, "all"}:
            facts[f"CALLERID({part}-valid)"] = "1"


# ---- channel, timeouts, records -----------------------------------------------------------------


_AMA_FLAGS: Mapping[str, str] = {"omit": "1", "billing": "2", "documentation": "3", "default": "3"}


def _channel(call: Invocation) -> str:
    item = call.arguments
    known = call.channel.facts.get(f"CHANNEL({item.lower()})")
    if isinstance(known, str):
        return known
    if item.lower() in _OF_TECHNOLOGY or item.lower() in _listed("CHANNEL"):
        raise UnknownError(f"CHANNEL({item}) depends on the call")
    return call.refuse(f"there is no item {item!r}")


_OF_TECHNOLOGY = frozenset((
    "aor", "call-id", "contact", "dahdi_channel", "dahdi_group", "dahdi_span", "dahdi_type",
    "endpoint", "from", "iaxvar", "local_addr", "no_media_path", "osptoken", "ourip", "peerip",
    "peername", "pjsip", "recvip", "remote_addr", "rtcp", "rtp", "rtpdest", "rtpsource", "secure",
    "t38passthrough", "trunk", "uri", "useragent",
))  # fmt: skip
"""Items that the technology of a channel answers."""


def is_of_technology(item: str) -> bool:
    """Return whether the technology of a channel answers an item of CHANNEL, such as `rtp,…`."""
    return item.partition(",")[0].strip().lower() in _OF_TECHNOLOGY


def _set_channel(call: Invocation, value: Value) -> None:
    item = call.arguments.lower()
    if item.startswith("hangup_handler"):
        return
    if item == "amaflags" and isinstance(value, str):
        value = _AMA_FLAGS.get(value.lower(), value)
    call.channel.facts[f"CHANNEL({item})"] = value


_TIMEOUTS = ("absolute", "digit", "response")


def _kind_of(call: Invocation) -> str:
    """Return which timeout is meant; empty: none, which is said."""
    word = call.arguments.lower()
    found = next((name for name in _TIMEOUTS if word and word[0] == name[0]), "")
    return found or call.refuse("absolute, digit and response are its types")


def _timeout(call: Invocation) -> str:
    found = _kind_of(call)
    return _known(call, f"TIMEOUT({found})") if found else ""


def _set_timeout(call: Invocation, value: Value) -> None:
    found = _kind_of(call)
    if not found:
        return
    name = f"TIMEOUT({found})"
    if found == "absolute" or not isinstance(value, str):
        call.channel.facts[name] = Unknown(f"${{{name}}}", "it depends on the time")
        return
    number = scan_float(value)
    seconds = max(number[0], 0.0) if number else 0.0
    call.channel.facts[name] = f"{seconds:.3f}"


def _of_call(name: str) -> Function:
    """Return a function whose value is known once it is set, or a fact of the channel."""

    def read(call: Invocation) -> str:
        return _known(call, f"{name}({call.arguments})")

    def write(call: Invocation, value: Value) -> None:
        call.channel.facts[f"{name}({call.arguments})"] = value

    return Function(read, write)


# ---- the database -------------------------------------------------------------------------------


def _database(call: Invocation) -> dict[str, str]:
    database = call.scope.asterisk.database
    if database is None:
        raise UnknownError(f"{call.name} asks the database of the running Asterisk")
    return database


def _entry(call: Invocation) -> str | None:
    """Return the entry as `family/key`; None: the argument names none."""
    family, slash, _ = call.arguments.partition("/")
    if not slash or not family:
        call.refuse("it needs family/key")
        return None
    return call.arguments


def _db(call: Invocation) -> str:
    entry = _entry(call)
    if entry is None:
        return ""
    value = _database(call).get(entry, "")
    if entry in _database(call):
        call.scope.set("DB_RESULT", value)
    return value


def _set_db(call: Invocation, value: Value) -> None:
    entry = _entry(call)
    if entry is None:
        return
    if not isinstance(value, str):
        call.scope.asterisk.database = None
        return
    _database(call)[entry] = value


def _db_exists(call: Invocation) -> str:
    entry = _entry(call)
    if entry is None:
        return ""
    value = _database(call).get(entry)
    if value is None:
        return "0"
    call.scope.set("DB_RESULT", value)
    return "1"


def _db_delete(call: Invocation) -> str:
    entry = _entry(call)
    if entry is None:
        return ""
    value = _database(call).pop(entry, "")
    call.scope.set("DB_RESULT", value)
    return value


def _set_db_delete(call: Invocation, _value: Value) -> None:
    _db_delete(call)


def _below(call: Invocation) -> list[str]:
    """Return what follows a prefix in the keys that have it, sorted."""
    prefix = call.arguments.strip("/")
    start = f"{prefix}/" if prefix else ""
    return sorted(key[len(start) :] for key in _database(call) if key.startswith(start))


def _db_keys(call: Invocation) -> str:
    return ",".join(dict.fromkeys(key.partition("/")[0] for key in _below(call)))


# ---- the dialplan -------------------------------------------------------------------------------


def _dialplan(call: Invocation) -> DialplanLookup:
    dialplan = call.scope.asterisk.dialplan
    if dialplan is None:
        raise UnknownError(f"{call.name} asks the dialplan")
    return dialplan


def _callerid(call: Invocation) -> str:
    channel = call.scope.channel
    value = channel.fact("CALLERID(num)") if channel else ""
    return value if isinstance(value, str) else ""


def _dialplan_exists(call: Invocation) -> str:
    context, exten, written = call.split(3)
    if not call.arguments:
        return call.refuse("it needs a context")
    if not written:
        return str(int(_dialplan(call).has(context, exten or None, 1, "")))
    number = scan_int(written)
    whole = number is not None and number[1] == len(written) and number[0] > 0
    priority = number[0] if whole and number else written
    there = _dialplan(call).has(context, exten, priority, _callerid(call))
    if not there and not whole:
        call.warn(f"there is no label {written!r} in extension {exten!r} of {context!r}")
    return str(int(there))


def _valid_exten(call: Invocation) -> str:
    context, exten, written = call.split(3)
    if not exten:
        return call.refuse("it needs an extension")
    number = scan_int(written) if written else (1, 0)
    own = call.channel.fact("CONTEXT")
    if not context and not isinstance(own, str):
        raise UnknownError(own.why)
    if number is None or number[0] < 1:
        return "0"
    where = context or str(own)
    return str(int(_dialplan(call).has(where, exten, number[0], _callerid(call))))


def _hint(call: Invocation) -> str:
    place, *options = args.split(call.arguments, limit=2) or ("",)
    exten, _, context = place.partition("@")
    found = _dialplan(call).hint(context or "default", exten)
    return "" if found is None else found[bool(options and "n" in options[0])]


def _extension_state(call: Invocation) -> str:
    exten, _, context = call.arguments.partition("@")
    found = _dialplan(call).hint(context or "default", exten)
    if found is None:
        return "UNKNOWN"
    device = found[0].partition(",")[0].replace("${EXTEN}", exten)
    state = call.scope.asterisk.facts.get(f"DEVICE_STATE({device})")
    if state is None or "&" in device:
        raise UnknownError(f"it depends on the state of {device}")
    return _AS_EXTENSION.get(state, state)


_AS_EXTENSION = {"UNKNOWN": "NOT_INUSE", "INVALID": "UNAVAILABLE"}


def _device_state(call: Invocation) -> str:
    if not set("/:") & set(call.arguments):
        return "INVALID"
    raise UnknownError(f"it depends on the state of {call.arguments}")


TABLE: Mapping[str, Function] = {
    "CALLERID": Function(_caller, _set_caller),
    "CONNECTEDLINE": _of_call("CONNECTEDLINE"),
    "REDIRECTING": _of_call("REDIRECTING"),
    "CHANNEL": Function(_channel, _set_channel),
    "TIMEOUT": Function(_timeout, _set_timeout),
    "CDR": _of_call("CDR"),
    "SHARED": _of_call("SHARED"),
    "GROUP": _of_call("GROUP"),
    "EXCEPTION": Function(_of_call("EXCEPTION").read),
    "DB": Function(_db, _set_db),
    "DB_EXISTS": Function(_db_exists),
    "DB_DELETE": Function(_db_delete, _set_db_delete),
    "DB_KEYS": Function(_db_keys, classic=False),
    "DB_KEYCOUNT": Function(lambda call: str(len(_below(call))), classic=False),
    "DIALPLAN_EXISTS": Function(_dialplan_exists),
    "VALID_EXTEN": Function(_valid_exten),
    "HINT": Function(_hint),
    "EXTENSION_STATE": Function(_extension_state),
    "DEVICE_STATE": Function(_device_state),
}
