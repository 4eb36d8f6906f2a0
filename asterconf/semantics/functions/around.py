"""Functions that ask the world around the call: the database, the dialplan, the system.

Source: funcs/func_db.c, funcs/func_dialplan.c, funcs/func_extstate.c, main/pbx_functions.c.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.language import args
from asterconf.semantics.functions._scan import scan_int
from asterconf.semantics.scope import Call, Dialplan, Function, UnknownError, Value

__all__ = ["TABLE"]

# ---- the database -------------------------------------------------------------------------------


def _database(call: Call) -> dict[str, str]:
    database = call.scope.world.database
    if database is None:
        raise UnknownError(f"{call.name} asks the database of the running Asterisk")
    return database


def _entry(call: Call) -> str | None:
    """Return the entry as `family/key`; None: the argument names none."""
    family, slash, _ = call.arguments.partition("/")
    if not slash or not family:
        call.refuse("it needs family/key")
        return None
    return call.arguments


def _db(call: Call) -> str:
    entry = _entry(call)
    if entry is None:
        return ""
    value = _database(call).get(entry, "")
    if entry in _database(call):
        call.scope.set("DB_RESULT", value)
    return value


def _set_db(call: Call, value: Value) -> None:
    entry = _entry(call)
    if entry is None:
        return
    if not isinstance(value, str):
        call.scope.world.database = None
        return
    _database(call)[entry] = value


def _db_exists(call: Call) -> str:
    entry = _entry(call)
    if entry is None:
        return ""
    value = _database(call).get(entry)
    if value is None:
        return "0"
    call.scope.set("DB_RESULT", value)
    return "1"


def _db_delete(call: Call) -> str:
    entry = _entry(call)
    if entry is None:
        return ""
    value = _database(call).pop(entry, "")
    call.scope.set("DB_RESULT", value)
    return value


def _set_db_delete(call: Call, _value: Value) -> None:
    _db_delete(call)


def _below(call: Call) -> list[str]:
    """Return what stands behind a prefix in the keys that have it, sorted."""
    prefix = call.arguments.strip("/")
    start = f"{prefix}/" if prefix else ""
    return sorted(key[len(start) :] for key in _database(call) if key.startswith(start))


def _db_keys(call: Call) -> str:
    return ",".join(dict.fromkeys(key.partition("/")[0] for key in _below(call)))


def _db_count(call: Call) -> str:
    return str(len(_below(call)))


# ---- the dialplan -------------------------------------------------------------------------------


def _dialplan(call: Call) -> Dialplan:
    dialplan = call.scope.world.dialplan
    if dialplan is None:
        raise UnknownError(f"{call.name} asks the dialplan")
    return dialplan


def _callerid(call: Call) -> str:
    channel = call.scope.channel
    value = channel.fact("CALLERID(num)") if channel else ""
    return value if isinstance(value, str) else ""


def _dialplan_exists(call: Call) -> str:
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


def _valid_exten(call: Call) -> str:
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


def _hint(call: Call) -> str:
    place, *options = args.split(call.arguments, limit=2) or ("",)
    exten, _, context = place.partition("@")
    found = _dialplan(call).hint(context or "default", exten)
    return "" if found is None else found[bool(options and "n" in options[0])]


def _extension_state(call: Call) -> str:
    exten, _, context = call.arguments.partition("@")
    found = _dialplan(call).hint(context or "default", exten)
    if found is None:
        return "UNKNOWN"
    device = found[0].partition(",")[0]
    state = call.scope.world.facts.get(f"DEVICE_STATE({device})")
    if state is None or "&" in device:
        raise UnknownError(f"it depends on the state of {device}")
    return _AS_EXTENSION.get(state, state)


_AS_EXTENSION = {"UNKNOWN": "NOT_INUSE", "INVALID": "UNAVAILABLE"}


def _device_state(call: Call) -> str:
    if not set("/:") & set(call.arguments):
        return "INVALID"
    raise UnknownError(f"it depends on the state of {call.arguments}")


TABLE: Mapping[str, Function] = {
    "DB": Function(_db, _set_db),
    "DB_EXISTS": Function(_db_exists),
    "DB_DELETE": Function(_db_delete, _set_db_delete),
    "DB_KEYS": Function(_db_keys, classic=False),
    "DB_KEYCOUNT": Function(_db_count, classic=False),
    "DIALPLAN_EXISTS": Function(_dialplan_exists),
    "VALID_EXTEN": Function(_valid_exten),
    "HINT": Function(_hint),
    "EXTENSION_STATE": Function(_extension_state),
    "DEVICE_STATE": Function(_device_state),
}
