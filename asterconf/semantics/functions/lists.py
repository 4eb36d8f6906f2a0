"""Functions over lists: texts with a separator, and hashes.

Source: funcs/func_cut.c, funcs/func_strings.c.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from asterconf.language import args
from asterconf.semantics.scope import Function, Invocation, UnknownError, Value
from asterconf.semantics.texts import bytes_of, decode_escape, scan_float, scan_int
from asterconf.source import decode

_MANY = 1000
"""The arguments of a function that declares as many as fit."""
_ALL = 2**31 - 1


def _separator(written: str, default: bytes) -> bytes:
    """Return the one byte that a delimiter argument stands for."""
    byte, _ = decode_escape(bytes_of(written))
    return default if byte is None else bytes([byte])


def _range(text: str) -> tuple[int, int] | None:
    """Return the first and last field of one range; None: it is none."""
    number = scan_int(text)
    first, end = number or (0, 0)
    open_ = number is not None and text[end : end + 1] == "-"
    last = scan_int(text[end + 1 :]) if open_ else None
    if last is not None:
        return first, last[0]
    if text.startswith("-") and (up_to := scan_int(text[1:])):
        return 1, up_to[0]
    if number is None:
        return None
    return first, _ALL if open_ else first


def _cut(call: Invocation) -> str:
    """Give some fields of a list, joined by its separator."""
    name, delimiter, wanted = call.split(3)
    if call.given(3) < 3:
        return call.refuse("it needs a variable's name, a delimiter and the fields")
    separator = _separator(delimiter, b"-")
    value = bytes_of(call.variable(name))
    fields = value.split(separator) if value else []
    at, taken = 1, []
    for part in wanted.split("&"):
        if at > len(fields):
            break
        bounds = _range(part)
        if bounds is None:
            return call.refuse(f"{part!r} is no field or range of fields")
        first, last = bounds
        at = max(at, min(first, len(fields) + 1))
        if at > first:
            call.warn(f"field {first} comes after a later one, and is left out")
        end = min(last, len(fields))
        taken += fields[at - 1 : max(end, at - 1)]
        at = max(at, end + 1)
    return decode(separator.join(taken))


def _count(call: Invocation) -> str:
    name, delimiter = call.split(2)
    if call.given(2) < 2:
        return "1"
    value = bytes_of(call.variable(name))
    if not value:
        return "0"
    byte, _ = decode_escape(bytes_of(delimiter))
    return str(1 if byte is None else value.count(bytes([byte])) + 1)


def _number_of(call: Invocation) -> str:
    """Give the number of the field that has a value, upper and lower case alike."""
    name, delimiter, wanted = call.split(3)
    if call.given(3) < 3:
        return call.refuse("it needs a variable's name, a delimiter and a value")
    value = bytes_of(call.variable(name))
    byte, _ = decode_escape(bytes_of(delimiter))
    fields = [value] if byte is None else value.split(bytes([byte]))
    lowered = bytes_of(wanted).lower()
    if not value:
        return "0"
    return str(next((n for n, f in enumerate(fields, 1) if f.lower() == lowered), 0))


def _without(call: Invocation) -> str:
    """Drop the fields that have a value."""
    name, delimiter, unwanted = call.split(3)
    if call.given(3) < 3:
        return call.refuse("it needs a variable's name, a delimiter and a value")
    separator = _separator(delimiter, b",")
    value, drop = bytes_of(call.variable(name)), bytes_of(unwanted)
    if drop not in value:
        return decode(value)
    if separator == b"\0":
        raise UnknownError("LISTFILTER with an empty delimiter reads past the end of the list")
    if value.endswith(separator):
        raise UnknownError("LISTFILTER reads past the end of a list that ends in its delimiter")
    return decode(separator.join(f for f in value.split(separator) if f != drop))


def _sorted(call: Invocation) -> str:
    """Sort keys by the number after the colon."""
    found = []
    for entry in call.arguments.split(","):
        key, colon, number = entry.partition(":")
        if colon:
            value = scan_float(number)
            found.append((value[0] if value else 0.0, key))
    found.sort(key=lambda pair: pair[0])
    return ",".join(key for _, key in found)


def _take(call: Invocation, *, last: bool) -> str:
    """Remove an item from a list, and give it."""
    name, delimiter = call.split(2)
    if not name:
        return call.refuse("it needs a variable's name")
    separator = _separator(delimiter, b",")
    value = bytes_of(call.variable(name))
    if not value:
        return ""
    rest, found, item = value.rpartition(separator) if last else value.partition(separator)[::-1]
    if not found:
        rest, item = b"", value
    call.scope.set(name, decode(rest))
    return decode(item)


def _put(call: Invocation, given: Value, *, last: bool) -> None:
    """Add an item to a list."""
    value = call.known(given)
    name, delimiter = call.split(2)
    if not name:
        call.warn("it needs a variable's name")
        return
    separator = decode(_separator(delimiter, b","))
    old = call.scope.read(name.lstrip("_"))
    if old:
        value = f"{old}{separator}{value}" if last else f"{value}{separator}{old}"
    call.scope.set(name, value)


def _array(call: Invocation, value: Value) -> None:
    """Set several variables from a list; those without an item become empty."""
    names = args.split(call.arguments, limit=_MANY)
    values = args.split(call.known(value), limit=_MANY)
    values += ("",) * (len(names) - len(values))
    for name, item in zip(names, values, strict=False):
        call.evaluator.assign(name, item)


# ---- hashes: variables named ~HASH~name~key~ ----------------------------------------------------


def _keys(call: Invocation, name: str) -> list[str]:
    """Return the keys of a hash, the newest first."""
    prefix = f"~HASH~{name}~"
    if call.scope.why_unknown:
        raise UnknownError(call.scope.why_unknown)
    return [
        variable[len(prefix) : -1]
        for variable in reversed(call.channel.variables)
        if variable.startswith(prefix)
    ]


def _hash(call: Invocation) -> str:
    name, key = call.split(2)
    if call.given(2) > 1:
        return call.scope.read(f"~HASH~{name}~{key}~")
    return ",".join(call.scope.read(f"~HASH~{name}~{key}~") for key in _keys(call, name))


def _set_hash(call: Invocation, value: Value) -> None:
    name, key = call.split(2)
    if call.given(2) < 2:
        raise UnknownError("a whole hash is set from what ODBC_FETCH gave")
    bare = name.removeprefix("_").removeprefix("_")
    call.scope.set(f"{name[: len(name) - len(bare)]}~HASH~{bare}~{key}~", value)


def _hash_keys(call: Invocation) -> str:
    return ",".join(_keys(call, call.arguments))


TABLE: Mapping[str, Function] = {
    "CUT": Function(_cut),
    "FIELDQTY": Function(_count),
    "FIELDNUM": Function(_number_of),
    "LISTFILTER": Function(_without),
    "SORT": Function(_sorted),
    "SHIFT": Function(partial(_take, last=False), classic=False, changes=True),
    "POP": Function(partial(_take, last=True), classic=False, changes=True),
    "PUSH": Function(write=partial(_put, last=True)),
    "UNSHIFT": Function(write=partial(_put, last=False)),
    "ARRAY": Function(write=_array),
    "HASH": Function(_hash, _set_hash),
    "HASHKEYS": Function(_hash_keys),
}
