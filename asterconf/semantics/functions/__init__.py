"""The dialplan functions that are computed here, by name.

What is in no table, but in `asterconf.schema`, is unknown: only a running Asterisk can tell.

Source: section 4 of the evaluation reference. Checked: tests/vectors/eval.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.semantics.functions import (
    around,
    calls,
    encoding,
    lists,
    logic,
    numbers,
    sprintf,
    strings,
    times,
)
from asterconf.semantics.scope import Function

__all__ = ["FUNCTIONS"]

FUNCTIONS: Mapping[str, Function] = {
    name: function
    for module in (strings, lists, logic, numbers, sprintf, encoding, times, calls, around)
    for name, function in module.TABLE.items()
}
