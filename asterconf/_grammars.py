"""Finds and compiles the grammars; the only code that knows where they are.

lark is imported on first use, and each grammar is compiled once a process.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lark import Lark

__all__ = ["parser", "terminals"]

_FOLDERS = ("grammars", "../grammars")
"""In a wheel the grammars lie inside the package, in a checkout beside it."""


@cache
def parser(name: str, *start: str) -> Lark:
    """Return the LALR parser of `grammars/NAME.lark` for the given start rules.

    Every character of the text is in some token of the tree.
    """
    from lark import Lark

    return Lark.open_from_package(
        "asterconf",
        f"{name}.lark",
        _FOLDERS,
        start=list(start),
        parser="lalr",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


@cache
def terminals(name: str, *start: str) -> dict[str, str]:
    """Return the regular expression of each terminal of `grammars/NAME.lark`.

    Compiles the terminals only, which takes half the time of the parser.
    """
    from lark import Lark

    lark = Lark.open_from_package(
        "asterconf", f"{name}.lark", _FOLDERS, start=list(start), parser=None, lexer="basic"
    )
    return {t.name: t.pattern.to_regexp() for t in lark.terminals}
