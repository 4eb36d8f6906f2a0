"""Python names for options: the option's own name, as far as it is one."""

from __future__ import annotations

import builtins
import keyword
import re

__all__ = ["attribute_name"]

_OWN = {"100rel": "rel100"}
"""Options whose names no rule makes into a Python name."""

_TAKEN = {
    "file",
    "kind",
    "name",
    "options",
    "unknown",
    "evolve",
    "get",
    "keys",
    "items",
    "facts",
    "label_of",
}
"""What a `ConfigObject` itself is called by."""


def attribute_name(option: str) -> str:
    """Return the attribute under which an object has an option.

    A dash is an underscore; a keyword, a builtin, or a name that an object needs itself gets a
    trailing underscore: `format_`, `name_`, and `100rel` is `rel100`. Empty: there is none.
    """
    name = _OWN.get(option, re.sub(r"[-/.]", "_", option))
    if not name.isidentifier():
        return ""
    taken = keyword.iskeyword(name) or hasattr(builtins, name) or name in _TAKEN
    return f"{name}_" if taken else name
