"""Caller ids in one text: `"Living Room" <6001>`.

`grammars/callerid.lark` is the definition, and what `tree` parses by. `parse` finds the same
places with a few searches.

Source: main/callerid.c, ast_callerid_parse and ast_callerid_split; main/utils.c,
ast_unescape_quoted. Checked on Asterisk 22.10.1: tests/live/test_evaluation.py.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Final

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.language.faults import Fault, ParsedText, Span, fault
from asterconf.source import WHITE

__all__ = ["CallerIDText", "parse", "shrink", "tree"]

_PHONE = re.compile(r"[0-9*#+]+\Z")
_ESCAPED = re.compile(r"\\(.?)", re.DOTALL)
PRESENTATIONS: Final[Mapping[str, int]] = {
    "allowed_not_screened": 0, "allowed_passed_screen": 1, "allowed_failed_screen": 2,
    "allowed": 3, "prohib_not_screened": 32, "prohib_passed_screen": 33,
    "prohib_failed_screen": 34, "prohib": 35, "unavailable": 67,
}  # fmt: skip
"""How a caller may be shown, with the number that Asterisk has for it. Source: main/callerid.c."""


@attrs.frozen
class CallerIDText(ParsedText):
    """A caller id as a text writes it; `str` gives the exact text.

    `name` is without its quotes and backslashes. `number` is as written; None: the text has
    neither a `<` nor a number. `dialled` is the number as Asterisk keeps it: `(555) 123-4567` is
    `5551234567`.
    """

    text: str
    name: str
    number: str | None
    name_span: Span = attrs.field(eq=False, repr=False)
    number_span: Span = attrs.field(eq=False, repr=False)
    faults: tuple[Fault, ...] = attrs.field(eq=False, repr=False)

    def __str__(self) -> str:
        return self.text

    @property
    def dialled(self) -> str:
        """The number without punctuation; empty: none."""
        return shrink(self.number or "")

    def tree(self) -> lark.Tree[lark.Token]:
        """Return the lark tree; joining its tokens gives the text."""
        return tree(self.text)


def shrink(number: str, *, nested: bool = True) -> str:
    """Remove blanks, parentheses, dashes outside `[ ]`, and dots but a last one.

    Args:
        number: the text of a number.
        nested: count brackets, as the number of a caller does: a dash is outside where as many
            `[` as `]` precede. Else the last bracket decides, as in names of the dialplan.

    Source: main/callerid.c, ast_shrink_phone_number. Observed on 22.10.1: both.
    """
    kept = []
    depth = 0
    for at, char in enumerate(number):
        if char in "[]":
            depth = (depth if nested else 0) + (1 if char == "[" else -1 if nested else 0)
        if char in " ()" or (char == "-" and not depth) or (char == "." and at + 1 < len(number)):
            continue
        kept.append(char)
    return "".join(kept)


@lru_cache(2048)
def parse(text: str) -> CallerIDText:
    """Split a caller id into name and number; anything is accepted."""
    whole = _stripped(text, 0, len(text))
    bare = text[slice(*whole)]
    if _PHONE.match(shrink(bare)):
        return CallerIDText(text, "", bare, Span(0, 0), whole, ())
    faults: list[Fault] = []
    first, last = _bare(text, 0, len(text))
    number, place, end = None, Span(last, last), last
    start = text.rfind("<", first, last)
    if start >= 0:
        end = start
        stop = text.rfind(">", start, last)
        if stop < 0:
            stop = last
            faults.append(fault("open-bracket", start, start + 1))
        elif tail := text[stop + 1 : last].strip(WHITE):
            faults.append(fault("behind-number", stop + 1, last, text=tail))
        number, place = text[start + 1 : stop], Span(start + 1, stop)
    span = _bare(text, first, end)
    name = text[slice(*span)]
    if '"' in name[:1] + name[-1:]:
        faults.append(fault("open-quote", *span))
    return CallerIDText(text, _ESCAPED.sub(r"\1", name), number, span, place, tuple(faults))


def _bare(text: str, start: int, end: int) -> Span:
    """Return the place of what is left without white space and a pair of quotes around it."""
    start, end = _stripped(text, start, end)
    if text[start:end][:1] == '"' == text[start:end][-1:]:
        return Span(start + 1, max(end - 1, start + 1))
    return Span(start, end)


def _stripped(text: str, start: int, end: int) -> Span:
    """Return the place of what is left without white space around it."""
    end = start + len(text[start:end].rstrip(WHITE))
    return Span(end - len(text[start:end].lstrip(WHITE)), end)


def tree(text: str) -> lark.Tree[lark.Token]:
    """Return the LALR tree of a caller id; joining its tokens gives the text."""
    from lark import Token
    from lark.lexer import LexerState
    from lark.utils import TextSlice

    parser = _grammars.parser("callerid", "callerid")
    state = parser.parse_interactive(start="callerid")
    first, last = _bare(text, 0, len(text))
    start, end = _stripped(text, 0, len(text))
    if (start, end) == (first - 1, last + 1):
        quotes = 1
    else:
        first, last, quotes = start, end, 0

    def feed(kind: str, start: int, end: int) -> None:
        if start < end:
            word = text[start:end]
            state.feed_token(Token(kind, word, start, 1, start + 1, 1, end + 1, end))

    feed("WS", 0, start)
    feed("OUTER", start, start + quotes)
    lexer = LexerState(TextSlice(text[first:last], 0, last - first))
    for token in parser.parser.lexer.lex(lexer, state.parser_state):
        feed(token.type, first + (token.start_pos or 0), first + (token.end_pos or 0))
    feed("OUTER_END", end - quotes, end)
    feed("WS", end, len(text))
    result: lark.Tree[lark.Token] = state.feed_eof()  # type: ignore[no-untyped-call]
    return result
