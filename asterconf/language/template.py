"""Text with `${…}` and `$[…]`: what an application's arguments and many values are written in.

`grammars/variable.lark` is the definition. `parse` is the fast reading, made of the grammar's own
terminals; `tree` is the LALR one. Both end a construct where Asterisk does: two kinds of brackets
are counted, which need not nest.

Source: main/pbx_variables.c, ast_str_substitute_variables_full and parse_variable_name.
"""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final, NamedTuple

import attrs

from asterconf import _grammars
from asterconf.language.faults import Fault, Span, fault
from asterconf.language.parts import (
    Expression,
    FunctionCall,
    Literal,
    NameUse,
    Part,
    Slice,
    Template,
    Variable,
)

if TYPE_CHECKING:
    from lark import ParseTree

__all__ = [
    "DEPTH",
    "Expression",
    "FunctionCall",
    "Literal",
    "NameUse",
    "Part",
    "Slice",
    "Template",
    "Variable",
    "VariableParts",
    "parse",
    "read_slice",
    "reference",
    "tree",
]

DEPTH: Final = 15
"""How deep `${…}` and `$[…]` may be nested; the 16th level is empty."""

# ---- where a construct ends ---------------------------------------------------------------------


@attrs.define
class _Open:
    """A `${` or `$[` whose end has not come; `count`: open brackets of its kind before it."""

    variable: bool
    start: int
    count: int
    parts: list[Part] = attrs.field(factory=list)
    """Of the text around it, up to it."""


@attrs.define
class _Ends:
    """Tells which open constructs a bracket ends.

    A `${` ends at its own `}`, counted without a look at square brackets, and a `$[` at its own
    `]` likewise. So a `}` can end an outer `${` while a `$[` inside it is still open.
    """

    open: list[_Open] = attrs.field(factory=list)
    braces: int = 0
    squares: int = 0

    def push(self, start: int, *, variable: bool, parts: list[Part] | None = None) -> None:
        """Open a construct."""
        count = self.braces if variable else self.squares
        self.open.append(_Open(variable, start, count, [] if parts is None else parts))
        if variable:
            self.braces += 1
        else:
            self.squares += 1

    def step(self, bracket: str) -> int:
        """Count a bare bracket; return how many open constructs, the last ones, it ends."""
        if bracket == "{":
            self.braces += 1
            return 0
        if bracket == "[":
            self.squares += 1
            return 0
        variable = bracket == "}"
        if variable:
            self.braces -= 1
            count = self.braces
        else:
            self.squares -= 1
            count = self.squares
        for depth, one in enumerate(reversed(self.open), 1):
            if one.variable == variable:
                if count <= one.count:
                    return depth
                break
        return 0


# ---- the fast reading ---------------------------------------------------------------------------


@cache
def _patterns() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what to look at: openings and brackets; parentheses and colons.

    First of all comes a whole `${NAME}` or `${NAME:slice}` without anything in it, for speed.
    """
    found = _grammars.terminals("variable")
    marks = ["OPEN_VARIABLE", "OPEN_EXPRESSION", "LBRACE", "RBRACE", "LSQB", "RSQB"]
    some = f"((?:{found['NAME']})?)"
    plain = f"{found['OPEN_VARIABLE']}{some}(?:{found['COLON']}{some})?{found['RBRACE']}"
    return (
        re.compile("|".join((plain, *(found[name] for name in marks)))),
        re.compile("|".join(found[name] for name in ("LPAR", "RPAR", "COLON"))),
    )


@lru_cache(8192)
def parse(text: str, start: int = 0) -> Template:
    """Take a text apart; anything is accepted.

    Args:
        text: what may hold `${…}` and `$[…]`.
        start: added to every offset, for a text that is part of another.
    """
    span = Span(start, start + len(text))
    if "$" not in text:
        return Template(text, (Literal(text, span),) if text else (), span)
    return _Reading(text, start).read()


@attrs.define
class _Reading:
    """One pass over a text."""

    text: str
    base: int
    faults: list[Fault] = attrs.field(factory=list)
    ends: _Ends = attrs.field(factory=_Ends)
    parts: list[Part] = attrs.field(factory=list)
    """Of the innermost open construct, or of the text."""
    done: int = 0
    """Up to where the text is in `parts`."""

    def read(self) -> Template:
        text, ends = self.text, self.ends
        for mark in _patterns()[0].finditer(text):
            found = mark[0]
            if mark.lastindex:
                self.literal(mark.start())
                self.plain(mark)
            elif len(found) == 2:
                at = mark.start()
                self.literal(at)
                ends.push(at, variable=found == "${", parts=self.parts)
                self.parts = []
                self.done = at + 2
                if len(ends.open) == DEPTH + 1:
                    self.say("too-deep", at, at + 2, limit=DEPTH)
            elif ends.open:
                closed = ends.step(found)
                for left in range(closed, 0, -1):
                    self.close(mark.start(), closed=left == 1)
        while ends.open:
            self.close(len(text), closed=False)
        self.literal(len(text))
        self.faults.sort(key=lambda one: one.span)
        span = Span(self.base, self.base + len(text))
        return Template(text, tuple(self.parts), span, tuple(self.faults))

    def literal(self, end: int) -> None:
        """Take the text up to `end` as it is."""
        if self.done < end:
            span = Span(self.base + self.done, self.base + end)
            self.parts.append(Literal(self.text[self.done : end], span))
            self.done = end

    def plain(self, mark: re.Match[str]) -> None:
        """Take a variable without anything nested in it."""
        start, end = mark.span()
        base = self.base
        inner = Span(base + start + 2, base + end - 1)
        content = self.text[start + 2 : end - 1]
        template = Template(content, (Literal(content, inner),) if content else (), inner)
        written = mark[2]
        cut = None
        if written is not None:
            behind = Span(base + mark.start(2), base + end - 1)
            parts = (Literal(written, behind),) if written else ()
            cut = self.slice(Template(written, parts, behind))
        if len(self.ends.open) == DEPTH:
            self.say("too-deep", start, start + 2, limit=DEPTH)
        span = Span(base + start, base + end)
        self.parts.append(Variable(mark[0], mark[1], cut, template, span))
        self.done = end

    def close(self, at: int, *, closed: bool) -> None:
        """End the innermost construct before offset `at`, or with the bracket there."""
        self.literal(at)
        one = self.ends.open.pop()
        base = self.base
        content = Template(
            self.text[one.start + 2 : at],
            tuple(self.parts),
            Span(base + one.start + 2, base + at),
        )
        end = at + closed
        text, span = self.text[one.start : end], Span(base + one.start, base + end)
        self.parts = one.parts
        self.done = end
        if not closed:
            self.say(
                "open-variable" if one.variable else "open-expression", one.start, one.start + 2
            )
        self.parts.append(
            self.reference(text, content, span) if one.variable else Expression(text, content, span)
        )

    def reference(self, text: str, content: Template, span: Span) -> Variable | FunctionCall:
        """Read what stands between the braces."""
        opening, closing, colon = _punctuation(content)
        size = len(content.text)
        end = size if colon < 0 else colon
        cut = self.slice(content.cut(colon + 1, size)) if colon >= 0 else None
        if opening < 0:
            return Variable(text, content.text[:end], cut, content, span)
        name = content.text[:opening]
        inner = content.span.start
        if closing < 0:
            self.say("open-arguments", inner - self.base - 2, inner - self.base + opening + 1,
                     name=name)  # fmt: skip
            closing = end
        elif closing + 1 < end:
            lost = content.text[closing + 1 : end]
            at = inner - self.base + closing + 1
            self.say("lost-text", at, at + len(lost), lost=lost)
        return FunctionCall(text, name, content.cut(opening + 1, closing), cut, content, span)

    def slice(self, template: Template) -> Slice:
        if not template.is_literal:
            return Slice(template, None, None)
        offset, length, used = read_slice(template.text)
        if used < len(template.text) or not used:
            at = template.span.start - self.base
            lost = template.text[used:]
            self.say("slice", at + used, at + len(template.text), lost=lost or ":")
        return Slice(template, offset, length)

    def say(self, kind: str, start: int, end: int, **facts: object) -> None:
        self.faults.append(fault(kind, self.base + start, self.base + end, **facts))


def _punctuation(content: Template) -> tuple[int, int, int]:
    """Return the offsets of the first `(`, of the last `)` behind it, and of the slice's `:`.

    -1: there is none. A `:` counts where as many `)` as `(` stand before it.
    """
    opening = closing = -1
    depth = 0
    find = _patterns()[1].finditer
    base = content.span.start
    for part in content.parts:
        if not isinstance(part, Literal):
            continue
        for mark in find(part.text):
            char = mark[0]
            if char == "(":
                depth += 1
                if opening < 0:
                    opening = part.span.start - base + mark.start()
            elif char == ")":
                depth -= 1
                if opening >= 0:
                    closing = part.span.start - base + mark.start()
            elif not depth:
                return opening, closing, part.span.start - base + mark.start()
    return opening, closing, -1


_NUMBER = r"[\t-\r ]*([+-][0-9]{1,29}|[0-9]{1,30})"
_OFFSET = re.compile(rf"{_NUMBER}(?::{_NUMBER})?")


class VariableParts(NamedTuple):
    """What stands between the braces, read as plain text.

    `arguments` None: a variable. `length` None: to the end.
    """

    name: str
    arguments: str | None
    offset: int
    length: int | None


def reference(text: str) -> VariableParts:
    """Read the text between `${` and `}` once nothing nested is left in it."""
    span = Span(0, len(text))
    opening, closing, colon = _punctuation(Template(text, (Literal(text, span),), span))
    end = len(text) if colon < 0 else colon
    offset, length, _ = read_slice(text[colon + 1 :]) if colon >= 0 else (0, None, 0)
    if opening < 0:
        return VariableParts(text[:end], None, offset, length)
    arguments = text[opening + 1 : end if closing < 0 else closing]
    return VariableParts(text[:opening], arguments, offset, length)


def read_slice(text: str) -> tuple[int, int | None, int]:
    """Return offset, length (None: to the end) and how many characters of `text` were used.

    What cannot be read takes its default: offset 0, no length. Numbers wrap as a C `int` does.

    Source: main/pbx_variables.c, parse_variable_name (`sscanf` with `%30d:%30d`).
    """
    found = _OFFSET.match(text)
    if found is None:
        return 0, None, 0
    length = found[2]
    return _int32(found[1]), None if length is None else _int32(length), found.end()


def _int32(digits: str) -> int:
    number = max(-(2**63), min(int(digits), 2**63 - 1))
    return (number + 2**31) % 2**32 - 2**31


# ---- the fine reading ---------------------------------------------------------------------------


@cache
def _lexers() -> dict[bool | None, re.Pattern[str]]:
    """Return what to look for outside any construct (None), inside `${` and inside `$[`."""
    found = _grammars.terminals("variable")

    def any_of(names: str) -> re.Pattern[str]:
        kinds = f"OPEN_VARIABLE OPEN_EXPRESSION {names}".split()
        return re.compile("|".join(f"(?P<{kind}>{found[kind]})" for kind in kinds))

    return {
        None: any_of("TEXT"),
        True: any_of("NAME LBRACE RBRACE LSQB RSQB LPAR RPAR COLON"),
        False: any_of("MATTER LBRACE RBRACE LSQB RSQB"),
    }


def tree(text: str) -> ParseTree:
    """Return the LALR tree of a text; joining its tokens gives the text.

    A construct that is never closed ends in an empty `UNCLOSED` token.
    """
    from lark import Token

    state = _grammars.parser("variable", "template").parse_interactive(start="template")
    ends = _Ends()
    at = 0
    while at < len(text):
        found = _lexers()[ends.open[-1].variable if ends.open else None].match(text, at)
        assert found is not None
        kind, end = found.lastgroup or "", found.end()
        if kind.startswith("OPEN_"):
            ends.push(at, variable=kind == "OPEN_VARIABLE")
        elif kind in {"LBRACE", "RBRACE", "LSQB", "RSQB"} and (closed := ends.step(found[0])):
            for _ in range(closed - 1):
                state.feed_token(Token("UNCLOSED", "", at, 1, at + 1, 1, at + 1, at))
            kind = "CLOSE_VARIABLE" if kind == "RBRACE" else "CLOSE_EXPRESSION"
            del ends.open[-closed:]
        state.feed_token(Token(kind, found[0], at, 1, at + 1, 1, end + 1, end))
        at = end
    for _ in ends.open:
        state.feed_token(Token("UNCLOSED", "", at, 1, at + 1, 1, at + 1, at))
    result: ParseTree = state.feed_eof()  # type: ignore[no-untyped-call]
    return result
