"""The lines of a file: each a frozen value with the place of its parts; and how they are read.

A node is a snapshot: after an edit, ask the section again. `text` is the exact line, its end
included; joining the texts of all nodes gives the file. A file is cut into sections in one pass,
and nodes are made of their lines when they are asked for. A section whose lines are all simple
ones is also read in one pass, without a node of any line.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import attrs

from asterconf.secrets import shown_comment, shown_prose, shown_value, shown_words
from asterconf.shown import Shown
from asterconf.source import WHITE, comparable
from asterconf.syntax.reader import (
    Cut,
    Fields,
    cut,
    fields_of,
    has_long,
    option_name,
    patterns,
    physical_lines,
    unescape,
    visible_text,
)

BOM = "\ufeff"


@attrs.define(eq=False, init=False, repr=False)
class LineParts(Shown):
    """The parts of any line before it is frozen: see `Option`."""

    text: str
    line: int
    column: int


@attrs.define(eq=False, init=False, repr=False)
class CommentParts(LineParts):
    """The parts of a comment before it is frozen: see `Option`."""

    block: bool = False


@attrs.define(eq=False, init=False, repr=False)
class HeaderParts(LineParts):  # type: ignore[override]
    """The parts of a header before it is frozen: see `Option`."""

    name: str
    entries: tuple[str, ...] | None
    ignored: str = ""


@attrs.define(eq=False, init=False, repr=False)
class OptionParts(LineParts):  # type: ignore[override]
    """The parts of an option before it is frozen: see `Option`."""

    name: str
    value: str


@attrs.frozen(repr=False)
class Line(LineParts):
    """One line of a file. `line` and `column` count from 1, `column` in characters."""

    def __repr__(self) -> str:
        """Return content and place, a secret masked."""
        at = f"line={self.line}, column={self.column}"
        return f"{type(self).__name__}({self._shown(self.text)!r}, {at})"

    def _shown(self, text: str) -> str:
        return shown_prose(text)

    def __str__(self) -> str:
        return self.text


@attrs.frozen(repr=False)
class Blank(Line):
    """A line of white space."""


@attrs.frozen(repr=False)
class Comment(CommentParts, Line):
    """A line that is only comment: `; text`, or a line inside a block comment."""

    def _shown(self, text: str) -> str:
        return shown_comment("", "", text)

    @property
    def content(self) -> str:
        """The words of the comment, without its marks and the blanks around them."""
        text = self.text.strip("\0" + WHITE)
        if self.block:
            return text.removeprefix(";--").removesuffix("--;").strip(" \t")
        return text.lstrip(";").strip(" \t")


@attrs.frozen(repr=False)
class Option(OptionParts, Line):
    r"""A line `name = value`. Both are as Asterisk reads them: stripped, `\;` as `;`.

    There is one for nearly every line, and a frozen attrs object costs four times as much to fill
    as an open one without `__init__`. So `read_plain` fills an `OptionParts` and makes it
    one of these by its `__class__`, and does likewise with the other kinds of line.
    """

    def __repr__(self) -> str:
        """Return content and place, a secret masked."""
        value = shown_value("", "", self.name, self.value)
        return f"Option({self.name!r}, {value!r}, line={self.line}, column={self.column})"

    @property
    def separator(self) -> str:
        """`=`, `=>` or `+=`."""
        return self.fields.separator

    @property
    def comment(self) -> str:
        """The comment behind the value as `; comment`, with its `;`; empty if there is none."""
        return self.fields.comment

    @property
    def value_column(self) -> int:
        """The column, from 1, where the value begins."""
        if self.value and ";" not in self.text and "\0" not in self.text:
            return len(self.text.rstrip(WHITE)) - len(self.value) + 1
        return self.columns[0]

    @property
    def columns(self) -> list[int]:
        """The column, from 1, of each character of the value in the line, and of its end."""
        return [place + 1 for place in self.fields.places]

    @property
    def fields(self) -> Fields:
        """Where name, separator, value and comment stand in `text`."""
        return fields_of(self.text, self.name, self.value)


@attrs.frozen(repr=False)
class Directive(Line):
    """A line `#include "file"` or the like: `word` in the spelling of the file."""

    word: str
    argument: str

    @property
    def target(self) -> str:
        """The argument as Asterisk takes it: without the quotes or angle brackets around it.

        Quotes count only as a pair at both ends. Source: main/config.c, process_text_line.
        """
        text = self.argument
        if len(text) >= 2 and (text[0], text[-1]) in {('"', '"'), ("<", ">")}:
            return text[1:-1]
        return text


@attrs.frozen(repr=False)
class Header(HeaderParts, Line):
    """A line `[name](entries)`. `entries` are the list's, unstripped; `None`: there is no list."""

    @property
    def template(self) -> bool:
        """Whether this header makes its section a template."""
        return "!" in (self.entries or ())

    @property
    def appends(self) -> bool:
        """Whether it reopens an earlier section instead of making a new one."""
        return any(e.startswith("+") for e in self.entries or ())

    @property
    def inherits(self) -> tuple[str, ...]:
        """The names in the list, in order."""
        return tuple(e for e in self.entries or () if e != "!" and not e.startswith("+"))


@attrs.frozen(repr=False)
class ErrorLine(Line):
    """A line that Asterisk refuses or skips; `kind` is the reason, a word of `codes.READING`."""

    kind: str

    def _shown(self, text: str) -> str:
        return shown_words(text)


# -- reading lines --------------------------------------------------------------------------------


def read_plain(text: str, line: int) -> list[Line]:
    """Return the nodes of plain lines (see `reader`); the first one has the number `line`."""
    missing_end = text[-1:] not in ("\n", "")
    rows = patterns().option.findall(text + "\n" if missing_end else text)
    escapes = "\\" in text
    nodes: list[Any] = []
    add = nodes.append
    node: Any
    for raw, indent, name, value in rows:
        column = len(indent) + 1 if indent else 1
        if name and not (escapes and "\\" in raw):
            node = OptionParts()
            node.text, node.line, node.column = raw, line, column
            node.name, node.value = name, value
            node.__class__ = Option
        elif raw[column - 1] == ";":
            node = CommentParts()
            node.text, node.line, node.column, node.block = raw, line, column, False
            node.__class__ = Comment
        else:
            node = _plain_node(raw, line, column)
        add(node)
        line += 1
    if missing_end:
        nodes[-1] = attrs.evolve(nodes[-1], text=rows[-1][0][:-1])
    return nodes


def _plain_node(raw: str, line: int, column: int) -> Line:
    first = raw[column - 1]
    made: Any
    if first == "\n":
        made = LineParts()
        made.text, made.line, made.column = raw, line, column
        made.__class__ = Blank
        return made  # type: ignore[no-any-return]
    if first == "[" and (header := header_of(raw, raw, line, column)):
        return header
    return _node(raw, raw[:-1], line, column)


def read(text: str, line: int, depth: int = 0, lead: int = 0) -> list[Line]:
    """Return the nodes of any lines, the first of which starts at comment depth `depth`.

    `lead` is how many bytes stand before the text in its first line.
    """
    nodes: list[Line] = []
    plain = patterns().plain.match
    pos, size = 0, len(text)
    while pos < size:
        run = plain(text, pos) if depth == 0 else None
        if run and not has_long(text, pos, run.end(), lead):
            more = read_plain(run[0], line)
            pos = run.end()
            line += len(more)
            nodes += more
            continue
        for node, found in walk(text, line, depth, pos, 0 if pos else lead):
            nodes.append(node)
            pos += len(node.text)
            line += node.text.count("\n")
            depth = found.depth if found else depth
            if depth == 0:
                break
    return nodes


def walk(
    text: str, line: int, depth: int, pos: int = 0, lead: int = 0
) -> Iterator[tuple[Line, Cut | None]]:
    """Yield each node with what taking its comments out did; `None` if that did nothing at all.

    So it is for a line that is too long, and for one without marks inside a block comment.
    """
    for start, end, too_long in physical_lines(text, pos, lead=lead):
        raw = text[start:end]
        if too_long:
            yield ErrorLine(raw, line, 1, "line-too-long"), None
        elif depth and ";" not in raw:
            yield Comment(raw, line, _first(raw), block=True), None
        else:
            found = cut(raw.removesuffix("\n"), depth)
            yield _cut_node(raw, found, line, depth), found
            depth = found.depth
        line += raw.count("\n")


def _cut_node(raw: str, found: Cut, line: int, depth: int) -> Line:
    seen, places = visible_text(raw, found)
    indent = patterns().indent(seen)
    if indent == len(seen):
        if depth or found.opened:
            return Comment(raw, line, _first(raw), block=True)
        return _node(raw, raw[: raw.find("\0")] if "\0" in raw else raw, line, _first(raw))
    return _node(raw, seen, line, places[indent] + 1)


def _first(raw: str) -> int:
    return patterns().indent(raw) + 1


def _node(raw: str, seen: str, line: int, column: int) -> Line:
    """Return the node of a line of which `seen` is what Asterisk goes on with."""
    p = patterns()
    option = p.fields.match(seen)
    assert option is not None
    if option[4] and option[2]:
        name, value = option_name(option[2]), unescape(option[6])
        return Option(raw, line, column, name, value)
    rest = seen[option.end(1) :]
    first = rest[:1]
    if first in ("", "\n"):
        return Blank(raw, line, column)
    if first == ";":
        return Comment(raw, line, column)
    if first == "[":
        header = header_of(seen, raw, line, column)
        kind = "no-closing-paren" if p.bracket.match(seen) else "no-closing-bracket"
        return header or ErrorLine(raw, line, column, kind)
    if first == "#":
        return _directive(raw, seen, line, column)
    if option[4]:
        return ErrorLine(raw, line, column, "no-variable-name")
    kind = "invalid-escape" if p.bad_escape.match(seen) else "no-equals"
    return ErrorLine(raw, line, column, kind)


def header_of(seen: str, raw: str, line: int, column: int, at: int = 0) -> Header | None:
    """Return the header that stands in `seen` from `at` on; `None` if Asterisk refuses it."""
    match = patterns().header.match(seen, at)
    if match is None or (match[2] is None and match[3].startswith("(")):
        return None
    name, listed, ignored = match.groups()
    if "\\" in match[0]:
        name, listed, ignored = unescape(name), listed and unescape(listed), unescape(ignored)
    entries = None if listed is None else tuple(listed.split(","))
    made: Any = HeaderParts()
    made.text, made.line, made.column = raw, line, column
    made.name, made.entries, made.ignored = name, entries, ignored
    made.__class__ = Header
    return made  # type: ignore[no-any-return]


def _directive(raw: str, seen: str, line: int, column: int) -> Directive:
    match = patterns().directive.match(seen)
    assert match is not None
    word, argument = unescape(match[1][1:]), unescape(match[3])
    if argument and not match[2]:
        # The word ended at a byte of 128 or more, and that one byte is dropped.
        rest = comparable(argument)[1:].decode("utf-8", "surrogateescape")
        argument = rest.strip(WHITE)
    return Directive(raw, line, column, word, argument)


# -- sections -------------------------------------------------------------------------------------


@attrs.define
class Chunk:
    """Where a section starts: at its header, or at the start of the file.

    `plain`: no line of it is touched by a block comment, a NUL or the length limit.
    `depth`: the comment depth at which its first line starts.
    """

    start: int
    plain: bool = True
    depth: int = 0


def scan(text: str, lead: int = 0) -> list[Chunk]:
    """Return the sections of `text`, which has no byte order mark; the first has no header.

    `lead` is how many bytes stand before the text in its first line.
    """
    chunks = [Chunk(0)]
    match = patterns().scan.match
    pos, size = 0, len(text)
    while pos < size:
        found = match(text, pos)
        if found is None:
            pos = _scan_lines(text, pos, chunks, lead)
            continue
        end = found.end()
        if has_long(text, pos, end, lead):
            chunks[-1].plain = False
        elif found.lastindex == 2:
            chunks.append(Chunk(pos))
        pos = end
    return chunks


def _scan_lines(text: str, pos: int, chunks: list[Chunk], lead: int) -> int:
    """Read lines one by one from `pos`, at least one, until the next line starts at depth 0."""
    chunks[-1].plain = False
    depth = 0
    end = pos
    for start, end, too_long in physical_lines(text, pos, lead=0 if pos else lead):
        raw = text[start:end]
        if not too_long and (";" in raw or "[" in raw):
            node, found = next(walk(raw, 0, depth))
            if isinstance(node, Header):
                chunks.append(Chunk(start, plain=False, depth=depth))
            depth = found.depth if found else depth
        if depth == 0:
            break
    return end


class SimpleSection(NamedTuple):
    """The content of a section that has simple lines only.

    Attributes:
        line: the number of its first line, the header if it has one.
        column: where its header begins, from 1; 0 without a header.
        name: of the header; empty without one.
        entries: those of the header's list.
        ignored: what stands behind the header.
        start: where the lines below the header begin in the text of the section.
        fields: names and values of the options, flattened (name, value, name, value, ...); `None`:
            not read yet.
    """

    line: int
    column: int
    name: str
    entries: tuple[str, ...]
    ignored: str
    start: int
    fields: tuple[str, ...] | None


def read_simple(text: str, line: int, *, headed: bool, lazy: bool) -> SimpleSection | None:
    """Return the content of a section of plain lines, whose header has the number `line`.

    Simple lines are comments, blank lines, and options without `+=` or an escaped first
    character. `None`: there is another one. `lazy`: names and values need not be read yet.
    """
    if "+" in text and "+=" in text:  # one character is found in a tenth of the time
        return None
    name, listed, ignored, column, start = "", None, "", 0, 0
    if headed:
        found = patterns().header.match(text)
        assert found is not None
        name, listed, ignored = found.groups()
        column, start = found.start(1), text.find("\n", found.end()) + 1 or len(text)
    fields = None
    seen = patterns().simple.match(text, start) if lazy else None
    if seen is None or seen.end() < len(text):
        fields = read_fields(text, start)
        if fields is None:
            return None
    if "\\" in text:
        name, listed, ignored = unescape(name), listed and unescape(listed), unescape(ignored)
    entries = tuple(listed.split(",")) if listed is not None else ()
    return SimpleSection(line, column, name, entries, ignored, start, fields)


def read_fields(text: str, start: int) -> tuple[str, ...] | None:
    """Return names and values of the options in plain lines from `start` on, flattened.

    `None`: a line there is neither a simple option, nor a comment, nor blank.
    """
    found = patterns().pairs.split(text[start:])
    if any(found[::3]):  # what stands between the matches
        return None
    del found[::3]
    if found and found[0] is None:  # comments and blank lines above the first option
        del found[:2]
    return tuple(map(unescape, found) if "\\" in text else found)
