"""The lines of a dialplan context: `exten`, `same`, `include` and so on.

One pure function for each step that Asterisk takes; `tree` parses a line by the grammar.
Nothing is substituted here.
"""

from __future__ import annotations

import re
from functools import cache
from typing import NamedTuple

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.language import appcall
from asterconf.language.appcall import AppCall
from asterconf.source import WHITE, fold
from asterconf.syntax.lines import Option

_SIMPLE_NAME = re.compile(r"[^\\\[,]*(?:\[[^\\\[\]]*\][^\\\[,]*)*,")
"""A name without backslashes and nested sets, and its comma."""
_NUMBER = re.compile(r"[\t-\r ]*([+-]?[0-9]+)")


def cut_name(value: str) -> tuple[str, str | None]:
    """Cut at the first comma outside `[ ]` and not after a backslash; None: there is none.

    Source: pbx/pbx_config.c, pbx_strsep.
    """
    simple = _SIMPLE_NAME.match(value)
    if simple:
        return value[: simple.end() - 1], value[simple.end() :]
    depth = at = 0
    while at < len(value):
        char = value[at]
        if char == "\\":
            at += 1
        elif char == "[":
            depth += 1
        elif char == "]":
            depth = max(depth - 1, 0)
        elif char == "," and not depth:
            return value[:at], value[at + 1 :]
        at += 1
    return value, None


def clean_name(name: str) -> str:
    """Remove blanks, but inside the sets of a pattern keep them.

    Source: main/pbx.c, ext_strncpy.
    """
    if " " not in name:
        return name
    kept = []
    inside = False
    for char in name:
        if name.startswith("_") and char in "[]":
            inside = char == "["
        if char != " " or inside:
            kept.append(char)
    return "".join(kept)


def int32(number: int) -> int:
    """Wrap `number` as a C `int` does."""
    return (number + 2**31) % 2**32 - 2**31


def leading_number(text: str) -> int | None:
    """Return the integer that `text` starts with after white space, or None."""
    found = _NUMBER.match(text)
    return int(found[1]) if found else None


def atoi(text: str) -> int:
    """Read `text` as C `atoi` does: nonsense is 0."""
    number = leading_number(text) or 0
    return int32(max(-(2**63), min(number, 2**63 - 1)))


class Priority(NamedTuple):
    """The priority field: its word, the text after `+`, the label; `closed`: has its `)`."""

    word: str
    plus: str | None
    label: str | None
    closed: bool


def split_priority(field: str) -> Priority:
    """Split the priority field.

    Source: pbx/pbx_config.c, pbx_load_config.
    """
    word, opened, tail = field.strip(WHITE).partition("(")
    label, closed, _ = tail.partition(")")
    word, sign, plus = word.partition("+")
    return Priority(word, plus if sign else None, label or None, bool(closed) or not opened)


class ExtenLine(NamedTuple):
    """An `exten` or `same` line; `name` is None in a `same` line.

    `name` has the caller-id condition after its first `/`, if it holds no `$`: with one, that
    cut comes after substitution.
    """

    name: str | None
    priority: Priority
    application: AppCall


def read(key: str, value: str) -> ExtenLine | None:
    """Return the parts of an `exten` or `same` line; None for any other key."""
    key = fold(key)
    if key == "exten":
        name, rest = cut_name(value)
    elif key.startswith("same"):
        name, rest = None, value
    else:
        return None
    field, _, tail = (rest or "").partition(",")
    return ExtenLine(name, split_priority(field), appcall.parse(tail))


def split_include(value: str) -> tuple[str, str, str]:
    """Return context, separator and time condition of an `include` line.

    The first `|` ends the name of the context, and only without one the first comma.
    """
    return value.partition("|" if "|" in value else ",")


def split_switch(value: str) -> tuple[str, str]:
    """Return name and data of a `switch` line."""
    name, _, data = value.partition("/")
    return name, data


_STARTS = ("exten", "same", "include", "switch", "ignorepat", "autohints", "unknown")


def tree(key: str, value: str) -> lark.Tree[lark.Token]:
    """Return the lark tree of a line by `grammars/exten.lark`: every character in a token.

    The tokens' places are offsets into `value`; see `locate`.
    """
    key = fold(key)
    start = "same" if key.startswith("same") else key
    start = {"lswitch": "switch", "eswitch": "switch"}.get(start, start)
    parser = _grammars.parser("exten", *_STARTS)
    return parser.parse(value, start=start if start in _STARTS else "unknown")


def locate(parsed: lark.Tree[lark.Token], option: Option) -> lark.Tree[lark.Token]:
    """Give the tokens of a value's tree the line and columns that they have in the file.

    Line and columns count from 1. `start_pos` and `end_pos` stay offsets into the value.
    """
    from lark import Token

    columns = option.columns
    for token in parsed.scan_values(lambda value: isinstance(value, Token)):
        start = token.start_pos or 0
        token.line = token.end_line = option.line
        token.column, token.end_column = columns[start], columns[start + len(token)]
    return parsed


@cache
def line_pattern() -> re.Pattern[str]:
    """Return the regular expression of the fast path, for plain lines that all are options.

    Each match is one line, or several blank or comment lines. Groups: the name of an `exten`
    line, if it is entirely plain; its priority, or that of a `same` line, if it is `n`, `hint` or
    a number; its label; the call after it; any other line.
    """
    t = _grammars.terminals("conf")
    ws = t["WS"].removesuffix("+") + "*+"
    arrow = f"{ws}(?>{t['ARROW']}|{t['EQUALS']}){ws}"
    plain = r",;\[\\/$\x00-\x20"
    name = rf"[^{plain}]+(?:\[[^{plain}\]]*\][^{plain}]*)*"
    nothing = f"(?:;[^\\n]*+|)\\n(?:{ws}(?:;[^\\n]*+|)\\n)*+"
    return re.compile(
        f"{ws}(?:(?:same{arrow}|exten{arrow}({name}),{ws})"
        f"(n|[1-9][0-9]{{0,8}}|hint)(?:\\(([^,();\\\\\\n]+)\\)|),{ws}({t['VALUE']})[^\\n]*+\\n"
        f"|{nothing}|([^\\n]+\\n))"
    )
