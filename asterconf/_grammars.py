"""Reads the grammars; the only code that knows where they are.

Most texts are cut with the terminals of a grammar alone, so these are read without lark, which
takes longer to start than a whole configuration takes to load. A test holds that lark gives the
same expressions. The trees are lark's, imported on first use.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from functools import cache
from pkgutil import get_data
from typing import TYPE_CHECKING

from asterconf._lazy import LazyModule

if TYPE_CHECKING:
    import lark
else:
    lark = LazyModule("lark")

__all__ = ["lark", "parser", "terminals", "tree_of"]

_FOLDERS = ("grammars", "../grammars")
"""In a wheel the grammars lie inside the package, in a checkout beside it."""


@cache
def parser(name: str, *start: str) -> lark.Lark:
    """Return the LALR parser of `grammars/NAME.lark` for the given start rules.

    Every character of the text is in some token of the tree.
    """
    return lark.Lark.open_from_package(
        "asterconf",
        f"{name}.lark",
        _FOLDERS,
        start=list(start),
        parser="lalr",
        keep_all_tokens=True,
        maybe_placeholders=False,
    )


def tree_of(name: str, start: str, tokens: Iterable[tuple[str, str, int]]) -> lark.Tree[lark.Token]:
    """Return the tree of a text that is cut already.

    Args:
        name: the grammar.
        start: its start rule.
        tokens: the tokens of the text, in order: type, text and offset of each.

    Raises:
        lark.UnexpectedInput: the grammar does not allow these tokens.
    """
    state = parser(name, start).parse_interactive(start=start)
    token = lark.Token
    for kind, text, at in tokens:
        end = at + len(text)
        state.feed_token(token(kind, text, at, 1, at + 1, 1, end + 1, end))
    tree: lark.Tree[lark.Token] = state.feed_eof()  # type: ignore[no-untyped-call]
    return tree


# ---- terminals ----------------------------------------------------------------------------------

_DEFINITION = re.compile(r"(?m)^(_?[A-Z][A-Z_0-9]*)(?:\.[0-9]+)?:(.*)$")
_TOKEN = re.compile(
    r"""[ ]+ | //.* | /(?P<regex>(?:\\.|[^/\\])+)/ | "(?P<text>(?:\\.|[^"\\])+)"
    | (?P<name>_?[A-Z][A-Z_0-9]*) | (?P<sign>[()|?*+])""",
    re.VERBOSE,
)
_ESCAPE = re.compile(r"\\(?:x(..)|u(....)|U(.{8})|([nftr])|(.))")
_CONTROLS = {"n": "\n", "f": "\f", "t": "\t", "r": "\r"}


@cache
def terminals(name: str) -> dict[str, str]:
    """Return the regular expression of each terminal that `grammars/NAME.lark` defines.

    Each definition stands on one line. Of alternatives, the one that can match the most
    characters stands first, as lark would try it.
    """
    lines = dict(_DEFINITION.findall(_text(f"{name}.lark")))
    return {name: _expression(name, lines) for name in lines}


def _text(file: str) -> str:
    for folder in _FOLDERS:
        with suppress(FileNotFoundError):
            return (get_data("asterconf", f"{folder}/{file}") or b"").decode()
    raise FileNotFoundError(file)


def _expression(name: str, lines: dict[str, str]) -> str:
    """Return what a terminal matches; the terminals that it names are put in their place."""
    stack: list[list[list[str]]] = [[[]]]  # open groups, each a list of alternatives
    for token in _TOKEN.finditer(lines[name]):
        match token.lastgroup:
            case "regex":
                stack[-1][-1].append(_ESCAPE.sub(_unescaped, token["regex"]))
            case "text":
                stack[-1][-1].append(re.escape(_ESCAPE.sub(_character, token["text"])))
            case "name":
                stack[-1][-1].append(_expression(token["name"], lines))
            case "sign" if token["sign"] == "(":
                stack.append([[]])
            case "sign" if token["sign"] == ")":
                group = _joined(stack.pop())
                stack[-1][-1].append(group)
            case "sign" if token["sign"] == "|":
                stack[-1].append([])
            case "sign":
                stack[-1][-1][-1] = f"(?:{stack[-1][-1][-1]}){token['sign']}"
    return _joined(stack.pop())


def _joined(alternatives: list[list[str]]) -> str:
    texts = ["".join(parts) for parts in alternatives]
    return texts[0] if len(texts) == 1 else f"(?:{'|'.join(texts)})"


def _unescaped(found: re.Match[str]) -> str:
    """Return a character for its code; any other escape is one of the regular expression."""
    return found[0] if found[5] else _character(found)


def _character(found: re.Match[str]) -> str:
    code = found[1] or found[2] or found[3]
    return chr(int(code, 16)) if code else _CONTROLS.get(found[4], found[5])
