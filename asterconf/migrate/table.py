"""What becomes of applications, functions and variables, by the facts of a codemod.

A row of `applications`, `functions` or `variables` is an outcome, the form of what it becomes, and
the reason. In a form `{0}` is the first argument, `{0.name}` and `{0.value}` are its two sides if
it is `a=b`, and `{data}` is all of them; without a form the call stays. Where a row depends on an
argument, `by` says on which, with the word that counts where it is missing; then there is a row for
each word, and perhaps one for any `else`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import cache, partial
from typing import Any

import attrs

from asterconf.language import args
from asterconf.migrate.facts import facts
from asterconf.migrate.outcome import Said
from asterconf.source import fold

_Row = list[Any] | dict[str, Any]
"""A row, or the rows of each word of an argument."""


@attrs.frozen
class _Argument:
    """An argument as forms have it."""

    text: str

    @property
    def name(self) -> str:
        """What stands before the `=`."""
        return self.text.partition("=")[0].strip()

    @property
    def value(self) -> str:
        """What stands behind the `=`."""
        return self.text.partition("=")[2].strip()

    def __format__(self, _: str) -> str:
        return self.text


@cache
def _applications(codemod: str) -> dict[str, _Row]:
    return {fold(name): row for name, row in facts(codemod)["applications"].items()}


def is_listed(codemod: str, name: str) -> bool:
    """Tell whether the table of a codemod has an application."""
    return fold(name.strip()) in _applications(codemod)


def application(said: Said, codemod: str, name: str, data: str) -> tuple[str, str]:
    """Return what an application becomes, and say so; as it is: the table does not have it."""
    row = _applications(codemod).get(fold(name.strip()))
    made = _become(said, name.strip(), row, data) if row is not None else None
    if made is None:
        return name, data
    app, _, rest = made.partition("(")
    return app, rest[:-1]


def texts(said: Said, codemod: str, text: str) -> str:
    """Return a text with what its functions and variables become, and say so."""
    if "(" not in text and "${" not in text:
        return text
    for function, row in facts(codemod)["functions"].items():
        if f"{function}(" in text:
            text = functions_in(text, function, partial(_become, said, function, row))
    for variable, (outcome, new, why) in facts(codemod)["variables"].items():
        if f"${{{variable}" in text:
            text, count = re.subn(rf"\$\{{{variable}(?=[}}:])", f"${{{new}", text)
            if count:
                said.say(outcome, why)
    return text


def _become(said: Said, name: str, row: _Row, data: str) -> str | None:
    """Return what a call becomes by its row; None: it stays."""
    fields, word = split(data), ""
    found: Any = row
    if isinstance(row, dict):
        at, usual = row["by"]
        word = fold(fields[at].strip()) if len(fields) > at else usual
        found = row.get(word, row.get("else"))
        if found is None:
            return None
    outcome, form, why = found
    try:
        made: str | None = form and form.format(*map(_Argument, fields), data=data)
    except IndexError:
        made, outcome = None, "left"
        why = f"{name} is gone, and its arguments are not as they must be"
    said.say(outcome, why.format(word=word))
    return made


def split(data: str) -> list[str]:
    """Return the arguments of an application as they stand in a file."""
    return [data[one.start : one.end] for one in args.cut(data, flavour="raw", substituted=False)]


def functions_in(text: str, name: str, make: Callable[[str], str | None]) -> str:
    """Return a text in which calls of a function are others, wherever their brackets end.

    Args:
        text: the text.
        name: the function.
        make: takes its arguments; returns the call that it becomes, without `${` and `}`, or
            None: it stays.
    """
    at, pattern = 0, re.compile(rf"(?<![A-Za-z0-9_]){name}\(")
    while (found := pattern.search(text, at)) is not None:
        depth, end = 1, found.end()
        while end < len(text) and depth:
            depth += (text[end] == "(") - (text[end] == ")")
            end += 1
        new = make(text[found.end() : end - 1]) if not depth else None
        if new is None:
            at = found.end()
        else:
            text = f"{text[: found.start()]}{new}{text[end:]}"
            at = found.start() + len(new)
    return text
