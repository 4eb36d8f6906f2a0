"""`Document`: one file as an ordered list of sections, editable in place."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from asterconf.diagnostic import Diagnostic
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError, ParseError
from asterconf.shown import Shown
from asterconf.source import Severity, decode, encode, fold, printable
from asterconf.syntax.inspect import inspect
from asterconf.syntax.layout import header_text
from asterconf.syntax.lines import read
from asterconf.syntax.nodes import Line
from asterconf.syntax.reader import MARK_BYTES
from asterconf.syntax.scan import BOM, scan
from asterconf.syntax.section import Section, ends_blank

if TYPE_CHECKING:
    from lark import ParseTree

__all__ = ["Document", "parse"]

Snapshot = tuple[tuple[Section, str], ...]
"""The sections of a document and their texts, at one moment."""

KEPT = 4
"""How many sections of a document keep the nodes that were made for them."""


def parse(data: bytes | str, *, name: str = "<text>") -> Document:
    """Return the document of a file's content. Never raises on content.

    Args:
        data: the bytes of a file, or its text. A byte string always survives; a text does if
            surrogateescape can carry it.
        name: what diagnostics and positions call the file.
    """
    return Document(data if isinstance(data, str) else decode(data), name=name)


class Document(Shown):
    """One configuration file: its exact text, and its sections to look at and edit.

    Sections of one name stand side by side as they do in the file. `doc["name"]` is for the
    usual case that there is one; `all`, `first` and `last` are for the others. Names are taken
    as spelled first, then ignoring the case of A to Z.

    Attributes:
        name: what positions call the file.
        head: the lines before the first header, as a section without one.
        version: grows with every edit.
    """

    __slots__ = (
        "__weakref__",
        "_bom",
        "_index",
        "_kept",
        "_last_line",
        "_numbered",
        "_sections",
        "name",
        "version",
    )

    def __init__(self, text: str = "", *, name: str = "<text>") -> None:
        self.name = name
        self._bom = BOM if text.startswith(BOM) else ""
        text = text[len(self._bom) :]
        chunks = scan(text, self.lead)
        ends = [c.start for c in chunks[1:]]
        ends.append(len(text))
        self._sections = [
            Section(self, text[chunk.start : end], plain=chunk.plain, depth=chunk.depth)
            for chunk, end in zip(chunks, ends, strict=True)
        ]
        self._sections[0]._headless = True
        self._index: dict[str, list[Section]] | None = None
        self._numbered = False
        self._last_line = 1
        self._kept: deque[Section] = deque()
        self.version = 0

    @classmethod
    def from_bytes(cls, data: bytes, *, name: str = "<text>") -> Document:
        """Return the document of a file's bytes."""
        return cls(decode(data), name=name)

    @classmethod
    def read(cls, path: str | PathLike[str], *, name: str | None = None) -> Document:
        """Read one file as text, and nothing else: no include is followed.

        Raises:
            OSError: the file cannot be read.
        """
        file = Path(path)
        return cls(decode(file.read_bytes()), name=name or str(path))

    # -- text ---------------------------------------------------------------------------------

    def __str__(self) -> str:
        return self._bom + "".join(s.text for s in self._sections)

    def __bytes__(self) -> bytes:
        return encode(str(self))

    def __repr__(self) -> str:
        lines = sum(s.text.count("\n") for s in self._sections)
        found = len(self.diagnostics)
        tail = f", {found} diagnostic{'s' * (found != 1)}" if found else ""
        many = len(self._sections) - 1
        return (
            f"<Document {printable(self.name)}: {many} section{'s' * (many != 1)}, "
            f"{lines} lines{tail}>"
        )

    def tree(self) -> ParseTree:
        """Return the lark tree of the file, by `grammars/conf.lark`: every character in a token.

        Slow next to everything else here: some fifty times the parse.
        """
        from asterconf.syntax.tree import tree

        return tree(str(self))

    def diff(self, other: Document, *, reveal: bool = False) -> str:
        """Return the unified diff from this text to another one's, secrets masked.

        `asterconf.diff` tells what such a difference means to Asterisk.

        Args:
            other: the document after.
            reveal: show secrets; then the text is a patch that can be applied.
        """
        from asterconf.syntax.diffs import unified

        return unified(self, other, reveal=reveal)

    @property
    def lead(self) -> int:
        """How many bytes stand before the first line, in it: those of a byte order mark."""
        return MARK_BYTES if self._bom else 0

    def lead_of(self, section: Section) -> int:
        """Return how many bytes stand before a section's first line, in that line."""
        first = next((s for s in self._sections if s.text), None) if self._bom else None
        return self.lead if first is section else 0

    def would_mark(self, section: Section, text: str) -> bool:
        """Tell whether text of a section would be taken for a byte order mark of the file."""
        if self._bom or not text.startswith(BOM):
            return False
        return next((s for s in self._sections if s.text), section) is section

    # -- look ---------------------------------------------------------------------------------

    @property
    def head(self) -> Section:
        """The lines before the first header, as a section without one."""
        return self._sections[0]

    @property
    def sections(self) -> tuple[Section, ...]:
        """The sections in file order, without `head`."""
        return tuple(self._sections[1:])

    @property
    def parts(self) -> tuple[Section, ...]:
        """The head and the sections: every line of the file is in one of them."""
        return tuple(self._sections)

    def read_on(self, depth: int, *, skip_bom: bool) -> list[Line]:
        """Return the lines as they read when the file goes on after another one.

        That is how Asterisk takes the files of one `#include` pattern: an open block comment
        carries over, and a byte order mark counts in the first file only.
        """
        skipped = len(self._bom) if skip_bom else 0
        return read(str(self)[skipped:], 1, depth, self.lead if skipped else 0)

    @property
    def nodes(self) -> Iterator[Line]:
        """Every line of the file, in order."""
        for section in self._sections:
            yield from section.nodes

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What is odd about this file taken alone, in file order.

        What depends on other files (includes, and templates where a file has includes) is for
        `Config.effective` to say.
        """
        return tuple(inspect(self.name, self._sections))

    def check(self) -> None:
        """Raise one `ParseError` that carries all errors among the diagnostics, if there are any.

        Raises:
            ParseError: the message has a line for each error, `diagnostics` holds them.
        """
        errors = [d for d in self.diagnostics if d.severity is Severity.ERROR]
        if errors:
            raise ParseError("\n".join(map(str, errors)), errors)

    def all(self, name: str) -> tuple[Section, ...]:
        """Return every section of that name, in file order; none is fine."""
        if self._index is None:
            self._index = {}
            for section in self._sections[1:]:
                self._index.setdefault(fold(section.name), []).append(section)
        found = self._index.get(fold(name), ())
        return tuple(s for s in found if s.name == name) or tuple(found)

    def first(self, name: str) -> Section:
        """Return the first section of that name.

        Raises:
            NotFoundError: there is none.
        """
        return self._need(name)[0]

    def last(self, name: str) -> Section:
        """Return the last section of that name.

        Raises:
            NotFoundError: there is none.
        """
        return self._need(name)[-1]

    def _need(self, name: str) -> tuple[Section, ...]:
        found = self.all(name)
        if not found:
            raise NotFoundError(f"{printable(self.name)} has no section [{printable(name)}]")
        return found

    def __getitem__(self, name: str) -> Section:
        found = self._need(name)
        if len(found) > 1:
            lines = ", ".join(str(s.line) for s in found)
            raise AmbiguousKeyError(
                f"[{printable(name)}] stands {len(found)} times in {printable(self.name)} "
                f"(lines {lines}): use .all(name), .first(name) or .last(name)"
            )
        return found[0]

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.all(name))

    def __iter__(self) -> Iterator[Section]:
        return iter(self.sections)

    def __len__(self) -> int:
        return len(self._sections) - 1

    def keys(self) -> tuple[str, ...]:
        """Return the section names, each once, in file order."""
        return tuple(dict.fromkeys(s.name for s in self._sections[1:]))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.keys())

    # -- edit ---------------------------------------------------------------------------------

    def add_section(
        self,
        name: str,
        *,
        template: bool = False,
        inherits: tuple[str, ...] | list[str] = (),
        before: Section | None = None,
        after: Section | None = None,
    ) -> Section:
        """Add an empty section, at the end or beside another.

        A blank line goes between, unless the sections there stand without; below a comment one
        does in any case.

        Raises:
            EditError: the name or a template cannot be written in a header.
        """
        header = header_text(name, (["!"] if template else []) + list(inherits))
        with self._all_or_nothing():
            return self._insert(header, self._place(before, after))

    def section_text(self, section: Section) -> str:
        """Return the text of a section with the comment block that touches its header from above.

        The block that introduces the next section is not part of it.
        """
        index = self._find(section)
        mine = section.split_tail()[0] if index + 1 < len(self._sections) else section.text
        return self._sections[index - 1].split_tail()[1] + mine

    def insert_section(
        self, text: str, *, before: Section | None = None, after: Section | None = None
    ) -> Section:
        """Add a section as text, comments above its header included, and return it.

        Raises:
            EditError: the text is not one section.
        """
        made = Document(text)
        if len(made) != 1 or made.head.options or made.head.directives:
            raise EditError("the text of a section has one header, and nothing but comments above")
        text = text.replace("\r\n", "\n").replace("\n", self.eol)
        with self._all_or_nothing():
            return self._insert(text, self._place(before, after))

    def remove_section(self, section: Section) -> None:
        """Remove a section and the comment block that touches its header from above.

        With the last section the blank line before it goes, too. Other comments stay, and so does
        the block that introduces the next section.
        """
        with self._all_or_nothing():
            self._take(section)

    def move_section(
        self, section: Section, *, before: Section | None = None, after: Section | None = None
    ) -> Section:
        """Move a section, with the comment block that touches its header, beside another."""
        if section is before or section is after:
            return section
        if before is None and after is None:
            raise EditError("say where to: before= or after=")
        for other in (before, after):
            if other is not None:
                self._find(other)
        with self._all_or_nothing():
            text = self._take(section)
            return self._insert(text, self._place(before, after))

    def snapshot(self) -> Snapshot:
        """Return what `restore` needs to undo all edits from here on."""
        return tuple((section, section.text) for section in self._sections)

    def restore(self, state: Snapshot) -> None:
        """Make sections and texts again what they were at a `snapshot` of this document."""
        if state == self.snapshot():
            return
        self._sections = [section for section, _ in state]
        for section, text in state:
            if section.text != text:
                section.set_text(text)
        self.touch()

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Undo what is done inside if the file would not read as its sections say."""
        before = self.snapshot()
        yield
        if all(s.plain for s, _ in before) and all(s.plain for s in self._sections):
            return
        read = Document(str(self))._sections
        if [s.text for s in read] != [s.text for s in self._sections]:
            self.restore(before)
            raise EditError("a block comment reaches over that place: close or move it first")

    def _find(self, section: Section) -> int:
        for i, mine in enumerate(self._sections):
            if mine is section and i:
                return i
        raise EditError(f"[{printable(section.name)}] is not a section of {printable(self.name)}")

    def _place(self, before: Section | None, after: Section | None) -> int:
        if before is not None:
            return self._find(before)
        return self._find(after) + 1 if after is not None else len(self._sections)

    def _take(self, section: Section) -> str:
        """Remove a section and return its text, its leading comments first."""
        index = self._find(section)
        previous = self._sections[index - 1]
        last = index + 1 == len(self._sections)
        mine, tail = (section.text, "") if last else section.split_tail()
        kept, lead = previous.split_tail()
        if last and kept.endswith("\n") and ends_blank(kept) and not ends_blank(mine):
            # the gap goes along
            kept = kept[: kept.removesuffix("\n").rfind("\n") + 1]
        if last and not mine.endswith("\n"):  # the file ends without one, and shall do so
            kept = kept.removesuffix("\n").removesuffix("\r")
        del self._sections[index]
        previous.set_text(kept + tail)
        self.touch()
        return lead + mine

    def _insert(self, text: str, index: int) -> Section:
        """Put a section's text before the section of that index, and return it."""
        previous = self._sections[index - 1]
        eol = self.eol
        last = index == len(self._sections)
        kept, lead = (previous.text, "") if last else previous.split_tail()
        tight = self._is_tight(index) and not (last and previous.split_tail()[1])
        gap = ""
        if kept:
            gap = "" if kept.endswith("\n") else eol
            gap += "" if tight or ends_blank(kept) else eol
        if not text.endswith("\n") and (not last or not kept or kept.endswith("\n")):
            text += eol
        blank_end = not tight if not last else kept.endswith("\n") and ends_blank(kept)
        if blank_end and not text.endswith(("\n\n", "\r\n\r\n")):
            text += eol
        previous.set_text(kept + gap)
        made = Document(text + lead, name=self.name)
        section = made._sections[1]
        comments = made._sections[0].text
        previous.set_text(previous.text + comments)
        section.attach(self)
        self._sections.insert(index, section)
        self.touch()
        return section

    def _is_tight(self, index: int) -> bool:
        """Tell whether sections follow each other without blank lines at that index."""
        last = index == len(self._sections)
        above = (
            self._sections[index - 2 if last else index - 1] if index > (2 if last else 1) else None
        )
        return above is not None and not ends_blank(above.split_tail()[0])

    @property
    def eol(self) -> str:
        """The line end that new lines get: CR LF if the file's first line has it, else LF."""
        for section in self._sections:
            end = section.text.find("\n")
            if end >= 0:
                return "\r\n" if section.text[end - 1 : end] == "\r" else "\n"
        return "\n"

    def touch(self, *, renumber: bool = True) -> None:
        """Note an edit: forget what was worked out about names and, maybe, numbers."""
        self.version += 1
        if renumber:
            self._index = None
            self._numbered = False

    def keep(self, section: Section) -> None:
        """Let a section keep its nodes, and the one that has kept them longest forget its own.

        A hundred thousand nodes that nobody looks at any more would cost memory, and more time
        in the cyclic garbage collector than it takes to make them again.
        """
        self._kept.append(section)
        if len(self._kept) > KEPT:
            self._kept.popleft().forget()

    def number(self) -> None:
        """Give every section the number of its first line, if an edit has changed any."""
        if self._numbered:
            return
        line = 1
        for section in self._sections:
            section.first_line = line
            line += section._text.count("\n")
        self._last_line = line
        self._numbered = True

    @property
    def lines(self) -> int:
        """How many lines it has; what stands behind the last line end, if only nothing, is one."""
        self.number()
        return self._last_line
