"""The findings about one file taken alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import attrs

from asterconf.codes import diagnose
from asterconf.diagnostic import Diagnostic
from asterconf.source import WHITE, Position, comparable, fold
from asterconf.syntax.lines import (
    Comment,
    Directive,
    ErrorLine,
    Header,
    Line,
    Option,
    SimpleSection,
)
from asterconf.syntax.reader import MAX_DEPTH, cut, physical_lines
from asterconf.syntax.text import FileText, SectionText

NAME_LIMIT = 79
"""Bytes of a section name that Asterisk keeps. Source: include/asterisk/config.h."""


SHORT = NAME_LIMIT // 4
"""No name of so many characters is over the limit."""


def cut_name(name: str, limit: int = NAME_LIMIT) -> str:
    """Return the section name that Asterisk keeps: its first 79 bytes, or fewer."""
    if len(name) <= SHORT:
        return name
    return comparable(name)[:limit].decode("utf-8", "surrogateescape")


def inspect(
    file: str, sections: Sequence[SectionText], *, fragment: bool = False
) -> Iterator[Diagnostic]:
    """Yield the diagnostics of a file's sections in file order, the head first.

    `fragment`: it is read inside another file, behind sections of that.
    """
    # None once another file may have brought some
    earlier: list[Header] | None = None if fragment else []
    comments = OpenComments()
    found: list[Diagnostic] = []
    for number, section in enumerate(sections):
        nodes = section.nodes
        if number and (header := section.header) is not None:
            found += header_findings(file, header)
            if earlier is not None:
                found += _missing(file, header, earlier)
                earlier.append(header)
        for node in nodes:
            problem = line_finding(file, node, in_section=fragment or number > 0)
            if problem:
                found.append(problem)
            if isinstance(node, Directive) and fold(node.word) in {"include", "tryinclude", "exec"}:
                earlier = None
        comments.section(section)
    found += nul_findings(file, sections)
    found += [diagnose("stray-comment-end", Position(file, *at)) for at in comments.stray]
    if comments.too_deep:
        found.append(diagnose("comment-depth", Position(file, comments.too_deep)))
    if comments.depth:
        at = Position(file, comments.line) if comments.line else None
        found.append(diagnose("unterminated-comment", at))
    yield from sorted(found, key=lambda d: d.position.line if d.position else 1 << 62)


def nul_findings(file: str, sections: Iterable[SectionText]) -> Iterator[Diagnostic]:
    """Yield a finding for each line of which a NUL byte hides a part."""
    for section in sections:
        for node in section.nodes if not section._plain else ():
            if "\0" in node.text and not _too_long(node) and type(node) is not Comment:
                at = Position(file, node.line, node.text.index("\0") + 1)
                yield diagnose("text-after-nul", at)


def _too_long(node: Line) -> bool:
    return isinstance(node, ErrorLine) and node.kind == "line-too-long"


def line_finding(file: str, node: Line, *, in_section: bool) -> Diagnostic | None:
    """Return the finding about one line, if there is any."""
    at = Position(file, node.line, node.column)
    if isinstance(node, ErrorLine):
        text = node.text.strip("\0" + WHITE)[:60]
        if in_section or node.kind in {"line-too-long", "no-closing-bracket", "no-closing-paren"}:
            size = len(comparable(node.text.removesuffix("\n"))) if _too_long(node) else 0
            return diagnose(node.kind, at, text=text, size=size)
        return diagnose("no-category", at, text=text)
    if isinstance(node, Option):
        return None if in_section else diagnose("no-category", at, text=node.name)
    if isinstance(node, Directive):
        word = fold(node.word)
        if word not in {"include", "tryinclude", "exec"}:
            return diagnose("unknown-directive", at, word=node.word)
        if word == "exec":
            return diagnose("exec-disabled", at)
        if not node.argument:
            return diagnose("directive-needs-argument", at, word=node.word)
    return None


def header_findings(file: str, header: Header | SimpleSection) -> Iterator[Diagnostic]:
    """Yield the findings about a header that Asterisk does not log."""
    at = Position(file, header.line, header.column)
    if header.ignored.strip():
        yield diagnose("list-ignored", at, text=header.ignored.strip()[:60])
    if cut_name(header.name) != header.name:
        yield diagnose("name-cut", at)
    if "" in (header.entries or ()):
        yield diagnose("empty-entry", at)


def _missing(file: str, header: Header, earlier: list[Header]) -> Iterator[Diagnostic]:
    at = Position(file, header.line, header.column)
    name = fold(cut_name(header.name))
    for entry in header.entries or ():
        if entry.startswith("+"):
            if entry == "+" and not any(
                (not name or fold(cut_name(h.name)) == name) and not h.template for h in earlier
            ):
                yield diagnose("append-target-missing", at, section=header.name)
        elif (
            entry != "!"
            and not (entry == "" and earlier)
            and all(fold(cut_name(h.name)) != fold(entry) for h in earlier)
        ):
            yield diagnose("inherit-target-missing", at, section=header.name, name=entry)


@attrs.define
class OpenComments:
    """Follows block comments from line to line: the depth, and where each level began."""

    depth: int = 0
    opened: list[int] = attrs.field(factory=list)
    too_deep: int | None = None
    """The line of the 129th start inside another, where Asterisk hangs."""
    stray: list[tuple[int, int]] = attrs.field(factory=list)
    """Line and column of each end mark that had no start."""

    @property
    def line(self) -> int | None:
        """Where the innermost open block comment began; `None` after a surplus end."""
        return self.opened[-1] if self.depth > 0 and self.opened else None

    def section(self, section: SectionText) -> None:
        """Follow one section of a file."""
        self._follow(section, 0)

    def follow(self, document: FileText, lines: int) -> None:
        """Follow a whole file that is read on after `lines` lines of others."""
        for part in document.parts:
            self._follow(part, lines)

    def _follow(self, section: SectionText, lines: int) -> None:
        if self.depth == 0 and section._plain:
            return
        text = section.text
        line = section.line + lines
        for start, end, too_long in physical_lines(text, lead=section._lead):
            if not too_long and "--" in (raw := text[start:end]):
                self._line(raw, line)
            line += text.count("\n", start, end)

    def _line(self, raw: str, line: int) -> None:
        for step in cut(raw.removesuffix("\n"), self.depth).opened:
            self.depth += step
            if step > 0 and self.depth > 0:
                self.opened.append(line)
                if self.depth > MAX_DEPTH and self.too_deep is None:
                    self.too_deep = line
            elif step < 0 and self.opened:
                self.opened.pop()
            elif step < 0:
                self.stray.append((line, raw.find("--;") + 1))
