"""The lines of a file, each a frozen value that says what stood where.

A node is a snapshot: after an edit, ask the section again. `text` is the exact line, its end
included; joining the texts of all nodes gives the file.
"""

from __future__ import annotations

import attrs

from asterconf.schema.secrets import shown_comment, shown_text, shown_value, shown_words
from asterconf.shown import Shown
from asterconf.syntax import reader

__all__ = ["Blank", "Comment", "Directive", "ErrorLine", "Header", "Line", "Option"]


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
        """Return what it says and where, a secret masked."""
        at = f"line={self.line}, column={self.column}"
        return f"{type(self).__name__}({self._shown(self.text)!r}, {at})"

    def _shown(self, text: str) -> str:
        return shown_text(text)

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
        text = self.text.strip("".join(map(chr, range(33))))
        if self.block:
            return text.removeprefix(";--").removesuffix("--;").strip(" \t")
        return text.lstrip(";").strip(" \t")


@attrs.frozen(repr=False)
class Option(OptionParts, Line):
    r"""A line `name = value`. Both are as Asterisk reads them: stripped, `\;` as `;`.

    There is one for nearly every line, and a frozen attrs object costs four times as much to fill
    as an open one without `__init__`. So `lines.read_plain` fills an `OptionParts` and makes it
    one of these by its `__class__`, and does likewise with the other kinds of line.
    """

    def __repr__(self) -> str:
        """Return what it says and where, a secret masked."""
        value = shown_value("", "", self.name, self.value)
        return f"Option({self.name!r}, {value!r}, line={self.line}, column={self.column})"

    @property
    def separator(self) -> str:
        """`=`, `=>` or `+=`."""
        return self.fields.separator

    @property
    def comment(self) -> str:
        """What stands behind the value as `; comment`, with its `;`; empty if there is none."""
        return self.fields.comment

    @property
    def columns(self) -> list[int]:
        """The column, from 1, of each character of the value in the line, and of its end."""
        return [place + 1 for place in self.fields.places]

    @property
    def fields(self) -> reader.Fields:
        """Where name, separator, value and comment stand in `text`."""
        return reader.fields_of(self.text, self.name, self.value)


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
    """A line that Asterisk refuses or skips; `kind` says why, in the words of `codes.READING`."""

    kind: str

    def _shown(self, text: str) -> str:
        return shown_words(text)
