"""The functions of the dialplan, by name.

Those that the modules here do not compute ask the running Asterisk: their values are unknown.

Source: section 4 of the evaluation reference. Checked: tests/vectors/eval.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterconf import schema
from asterconf.semantics.functions import (
    lists,
    logic,
    numbers,
    runtime,
    strings,
    times,
)
from asterconf.semantics.scope import Function, Invocation, UnknownError, Value


def _ask(call: Invocation) -> str:
    raise UnknownError(f"the function {call.name} asks the running Asterisk")


def _tell(call: Invocation, _value: Value) -> None:
    """Set what no function that is computed here can read."""


def asking(*, read: bool = True, write: bool = True) -> Function:
    """Return a function whose value only a running Asterisk knows."""
    return Function(_ask if read else None, _tell if write else None)


FUNCTIONS: Mapping[str, Function] = {
    name: asking(read=facts["read"], write=facts["write"])
    for name, facts in schema.functions().items()
} | {
    name: function
    for module in (strings, lists, logic, numbers, times, runtime)
    for name, function in module.TABLE.items()
}
"""Every function of Asterisk 22; those of `func_odbc.conf`, named ODBC_…, are not in it."""


def standard(name: str, asterisk: str = schema.DEFAULT) -> Function | None:
    """Return the function of that name in a version; None: it has none."""
    if name.startswith("ODBC_"):
        return asking()
    if asterisk == schema.DEFAULT:
        return FUNCTIONS.get(name)
    there = name in schema.at(asterisk).functions()
    return FUNCTIONS.get(name, asking()) if there else None
