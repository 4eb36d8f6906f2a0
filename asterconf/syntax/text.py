"""The text of files and sections: nodes, numbers, and edits that are refused unless they read back.

`Document` and `Section` are made of these. What other rooms need of their inner workings are the
functions at the end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from itertools import islice
from operator import attrgetter

from asterconf.errors import EditError
from asterconf.shown import Shown
from asterconf.source import encodable, encode, fold, printable
from asterconf.syntax.lines import (
    BOM,
    Comment,
    Directive,
    Header,
    Line,
    Option,
    SimpleSection,
    header_of,
    read,
    read_plain,
    read_simple,
    scan,
    walk,
)
from asterconf.syntax.reader import MARK_BYTES, patterns

_TEXT = attrgetter("text")

KEPT = 4
"""How many sections of a file keep the nodes that were made for them."""


class SectionText(Shown):
    """The text of a section, its lines, and how a stretch of them is replaced."""

    __slots__ = (
        "__weakref__",
        "_depth",
        "_draft",
        "_file",
        "_first_line",
        "_header",
        "_headless",
        "_nodes",
        "_nodes_line",
        "_plain",
        "_text",
    )

    def __init__(self, file: FileText, text: str, *, plain: bool, depth: int) -> None:
        self._file = file
        self._text = text
        self._plain = plain
        """Whether no line is touched by a block comment, a NUL or the length limit."""
        self._depth = depth
        self._headless = False
        self._draft: set[str] | None = None
        """While lines are edited together: the folded names of the options that there were."""
        self._nodes: list[Line] | None = None
        self._nodes_line = 0
        self._header: Header | None = None
        self._first_line = 0

    @property
    def text(self) -> str:
        """The exact text, from the header to just before the next one."""
        return self._text

    def __str__(self) -> str:
        return self._text

    @property
    def line(self) -> int:
        """The number of the section's first line in the file, from 1."""
        self._file._number(self)
        return self._first_line

    @property
    def headed(self) -> bool:
        """Whether it has a header: all have one but the head of a document."""
        return not self._headless

    @property
    def header(self) -> Header | None:
        """The header line; `None` for the head of a document."""
        return None if self._headless else self._made_header(self.line)

    def _made_header(self, line: int) -> Header:
        if self._header is None or self._header.line != line:
            made: Line | None
            if self._plain:
                raw = self._text[: self._text.find("\n") + 1] or self._text
                made = header_of(self._text, raw, line, patterns().indent(raw) + 1)
            else:
                made, _ = next(walk(self._text, line, self._depth, lead=self._lead))
            assert isinstance(made, Header)
            self._header = made
        return self._header

    @property
    def name(self) -> str:
        """The name in the brackets; empty for the head of a document."""
        if self._headless:
            return ""
        return (self._header or self._made_header(1)).name

    @property
    def template(self) -> bool:
        """Whether the header has `(!)`."""
        return not self._headless and (self._header or self._made_header(1)).template

    @property
    def inherits(self) -> tuple[str, ...]:
        """The templates that the header names."""
        return () if self._headless else (self._header or self._made_header(1)).inherits

    @property
    def nodes(self) -> tuple[Line, ...]:
        """Every line of the section, the header first. Snapshots: ask again after an edit."""
        return tuple(self._read())

    def _read(self) -> list[Line]:
        if self._draft is not None and self._nodes is not None:
            return self._nodes
        line = self.line
        if self._nodes is None or self._nodes_line != line:
            self._nodes = nodes = self._make(self._text, line)
            self._nodes_line = line
            self._file._keep(self)
            return nodes
        return self._nodes

    def _make(self, text: str, line: int) -> list[Line]:
        if self._plain:
            return read_plain(text, line)
        return read(text, line, self._depth, self._lead)

    @property
    def options(self) -> tuple[Option, ...]:
        """The lines `name = value`, in file order."""
        return tuple(n for n in self._read() if isinstance(n, Option))

    @property
    def directives(self) -> tuple[Directive, ...]:
        """The lines `#include` and the like, in file order."""
        return tuple(n for n in self._read() if isinstance(n, Directive))

    @property
    def _lead(self) -> int:
        """How many bytes stand before the first line, in it: those of a byte order mark."""
        return self._file._lead_of(self)

    def _find(self, node: Line | None) -> int:
        nodes = self._read()
        if node is not None:
            index = node.line - self._first_line
            if 0 <= index < len(nodes) and nodes[index] == node:
                return index
            for i, mine in enumerate(nodes):
                if mine is node:
                    return i
        line = f"line {node.line}" if node is not None else "that line"
        raise EditError(f"{line} is not in [{printable(self.name)}] as it stands now: look again")

    def _option_at(self, index: int) -> Option:
        node = self._read()[index]
        assert isinstance(node, Option)
        return node

    def _end(self) -> int:
        """Return the index behind the last option, or behind the header if there is none.

        An include below that may lead to the header of another section.
        """
        nodes = self._read()
        for i in range(len(nodes), 0, -1):
            if isinstance(nodes[i - 1], Option | Header):
                return i
        return 0

    def _eol(self, index: int) -> str:
        nodes = self._read()
        for node in (nodes[index - 1 : index] if index else []) + nodes[index : index + 1]:
            if node.text.endswith("\n"):
                return "\r\n" if node.text.endswith("\r\n") else "\n"
        return self._file.eol

    def _replace(
        self, index: int, count: int, text: str, wanted: Callable[[list[Line]], bool]
    ) -> bool:
        """Put `text` in place of `count` nodes, if it reads as wanted and changes nothing else."""
        nodes = self._read()
        last = index + count == len(nodes)
        if self._alone(text, nodes[index - 1] if index else None, last=last):
            more = read_plain(text, nodes[index - 1].line + 1) if text else []
            if not wanted(more):
                return False
            nodes[index : index + count] = more
            if self._draft is not None:
                self._draft.update(fold(n.name) for n in more if isinstance(n, Option))
            else:
                kept = nodes if len(more) == count or last else None
                self._put("".join(map(_TEXT, nodes)), kept, plain=True)
            return True
        before, after = nodes[:index], nodes[index + count :]
        head = "".join(n.text for n in before)
        tail = "".join(n.text for n in after)
        if text and head and not head.endswith("\n"):  # the file's last line has no end: nor now
            head += self._eol(index)
            text = text.removesuffix("\n").removesuffix("\r")
        new = head + text + tail
        if not encodable(text) or self._file._would_mark(self, new):
            return False
        made = read(new, self._first_line, self._depth, self._lead)
        split = len(made) - len(after)
        if not (
            wanted(made[index:split])
            and _same(made[:index], before)
            and _same(made[split:], after)
            and (self._plain or self._depth_after(self._text) == self._depth_after(new))
        ):
            return False
        self._put(new, made, plain=_is_plain(new, self._lead, headless=self._headless))
        return True

    def _refuse_mark(self, text: str) -> None:
        if self._file._would_mark(self, text):
            raise EditError(
                "the file would begin with the byte order mark that stands inside it, and there "
                "Asterisk drops it: take the mark out of its line first"
            )

    def _alone(self, text: str, above: Line | None, *, last: bool) -> bool:
        """Tell whether lines read the same in any place here: plain, whole ones below another."""
        return (
            self._plain
            and above is not None
            and above.text.endswith("\n")
            and (not text or last or text.endswith("\n"))
            and encodable(text)
            and _is_plain(text, 0, headless=True)
        )

    def _depth_after(self, text: str) -> int:
        depth = self._depth
        for _, found in walk(text, 1, depth, lead=self._lead):
            depth = found.depth if found else depth
        return depth

    def _put(self, text: str, nodes: list[Line] | None, *, plain: bool) -> None:
        renumber = text.count("\n") != self._text.count("\n")
        self._text = text
        self._draft = None
        self._nodes = nodes
        self._nodes_line = self._first_line
        self._plain = plain
        self._file._touch(self, renumber=renumber)

    def _set_text(self, text: str) -> None:
        """Replace the whole text of the section, header included."""
        self._text = text
        self._plain = _is_plain(text, self._lead, headless=self._headless)
        self._nodes = self._header = None
        self._file._touch(self)

    def _split_tail(self) -> tuple[str, str]:
        """Return the text without, and the text of, the comments that touch the next header."""
        nodes = self._read()
        start = len(nodes)
        while start > 0 and isinstance(nodes[start - 1], Comment):
            start -= 1
        if not self._plain:
            depth, starts = self._depth, []
            for _, found in walk(self._text, 1, self._depth, lead=self._lead):
                starts.append(depth)
                depth = found.depth if found else depth
            while start < len(nodes) and starts[start]:
                start += 1
        size = len(self._text) - sum(len(n.text) for n in nodes[start:])
        return self._text[:size], self._text[size:]


class FileText(Shown):
    """The text of a file as an ordered list of section texts, the first of them without a header.

    Attributes:
        name: what positions call the file.
        version: grows with every edit.
    """

    __slots__ = (
        "__weakref__",
        "_bom",
        "_numbered",
        "_sections",
        "_with_nodes",
        "name",
        "version",
    )

    _sections: Sequence[SectionText]

    def __init__(self, text: str, name: str, part: type[SectionText]) -> None:
        self.name = name
        self._bom = BOM if text.startswith(BOM) else ""
        text = text[len(self._bom) :]
        chunks = scan(text, self._lead)
        ends = [c.start for c in chunks[1:]]
        ends.append(len(text))
        self._sections = [
            part(self, text[chunk.start : end], plain=chunk.plain, depth=chunk.depth)
            for chunk, end in zip(chunks, ends, strict=True)
        ]
        self._sections[0]._headless = True
        self._numbered = 0
        """How many sections, from the first on, have the right number of their first line."""
        self._with_nodes: deque[SectionText] = deque()
        self.version = 0

    def __str__(self) -> str:
        return self._bom + "".join(s.text for s in self._sections)

    def __bytes__(self) -> bytes:
        text = str(self)
        if not encodable(text):
            raise EditError(f"{printable(self.name)} holds a character that no file can hold")
        return encode(text)

    @property
    def parts(self) -> Sequence[SectionText]:
        """The head and the sections: every line of the file is in one of them."""
        return tuple(self._sections)

    @property
    def nodes(self) -> Iterator[Line]:
        """Every line of the file, in order."""
        for section in self._sections:
            yield from section.nodes

    @property
    def eol(self) -> str:
        """The line end that new lines get: CR LF if the file's first line has it, else LF."""
        for section in self._sections:
            end = section.text.find("\n")
            if end >= 0:
                return "\r\n" if section.text[end - 1 : end] == "\r" else "\n"
        return "\n"

    @property
    def lines(self) -> int:
        """How many lines it has; the text behind the last line end is one, even if empty."""
        last = self._sections[-1]
        return last.line + last._text.count("\n")

    @property
    def _lead(self) -> int:
        """How many bytes stand before the first line, in it: those of a byte order mark."""
        return MARK_BYTES if self._bom else 0

    def _lead_of(self, section: SectionText) -> int:
        """Return how many bytes stand before a section's first line, in that line."""
        first = next((s for s in self._sections if s.text), None) if self._bom else None
        return self._lead if first is section else 0

    def _would_mark(self, section: SectionText, text: str) -> bool:
        """Tell whether text of a section would be taken for a byte order mark of the file."""
        if self._bom or not text.startswith(BOM):
            return False
        return next((s for s in self._sections if s.text), section) is section

    def _touch(self, section: SectionText | None = None, *, renumber: bool = True) -> None:
        """Note an edit: of a section, or of any.

        Forgets the numbers of lines below it, if it may have changed any.
        """
        self.version += 1
        if renumber:
            known = self._numbered if section is not None else 0
            at = self._numbered_at(section) if section is not None else None
            self._numbered = known if at is None else at + 1

    def _numbered_at(self, section: SectionText) -> int | None:
        """Return the index of a section whose number is right; `None`: it may not be."""
        most, line = min(self._numbered, len(self._sections)), section._first_line
        at = bisect_left(self._sections, line, hi=most, key=attrgetter("_first_line"))
        while at < most and self._sections[at]._first_line == line:  # one may have no lines
            if self._sections[at] is section:
                return at
            at += 1
        return None

    def _keep(self, section: SectionText) -> None:
        """Let a section keep its nodes, and the one that has kept them longest forget its own.

        A hundred thousand nodes that nobody looks at any more would cost memory, and more time
        in the cyclic garbage collector than it takes to make them again.
        """
        if section in self._with_nodes:
            self._with_nodes.remove(section)
        self._with_nodes.append(section)
        if len(self._with_nodes) > KEPT:
            old = self._with_nodes.popleft()
            old._nodes = old._nodes if old._draft is not None else None

    def _number(self, wanted: SectionText | None = None) -> None:
        """Give every section the number of its first line, if an edit has changed that.

        Args:
            wanted: the one whose number is asked for; it may have the right one.
        """
        known, sections = self._numbered, self._sections
        if known == len(sections) or (wanted is not None and self._numbered_at(wanted) is not None):
            return
        last = sections[known - 1] if known else None
        line = last._first_line + last._text.count("\n") if last is not None else 1
        for section in islice(sections, known, None):
            section._first_line = line
            line += section._text.count("\n")
        self._numbered = len(sections)


def ends_blank(text: str) -> bool:
    """Tell whether `text` ends with a line of white space."""
    last = text.removesuffix("\n").rpartition("\n")[2]
    return patterns().indent(last) == len(last)


def says_option(name: str, value: str) -> Callable[[list[Line]], bool]:
    """Return a test of nodes: they are one option of that name and value."""

    def wanted(nodes: list[Line]) -> bool:
        return [(n.name, n.value) for n in nodes if isinstance(n, Option)] == [(name, value)] and (
            len(nodes) == 1
        )

    return wanted


def says_nothing(nodes: list[Line]) -> bool:
    """Tell whether nodes are comments only."""
    return all(isinstance(n, Comment) for n in nodes)


def _same(made: list[Line], before: list[Line]) -> bool:
    """Tell whether nodes are the same but for their numbers and a line end at the file's end."""
    return len(made) == len(before) and all(
        type(a) is type(b)
        and a.text.rstrip("\r\n") == b.text.rstrip("\r\n")
        and (
            not (isinstance(a, Option) and isinstance(b, Option))
            or (a.name, a.value) == (b.name, b.value)
        )
        for a, b in zip(made, before, strict=True)
    )


def _is_plain(text: str, lead: int, *, headless: bool) -> bool:
    chunks = scan(text if text.endswith("\n") else text + "\n", lead)
    return len(chunks) == (1 if headless else 2) and chunks[-1].plain


# -- for other rooms ------------------------------------------------------------------------------


def set_text(section: SectionText, text: str) -> None:
    """Replace the whole text of a section, header included, whatever it reads as."""
    section._set_text(text)


@contextmanager
def together(section: SectionText) -> Iterator[None]:
    """Let edits of a section inside be put into its text once, at the end.

    They must go from its last line to its first, and nobody may look at its text before the end.
    """
    nodes = section._nodes = [*section._read()]
    before = [*nodes]
    section._draft = {fold(n.name) for n in nodes if isinstance(n, Option)}
    try:
        yield
    finally:
        if section._draft is not None:
            section._draft = None
            if nodes != before:
                section._put("".join(map(_TEXT, nodes)), None, plain=True)


def node_at(section: SectionText, line: int) -> Line:
    """Return the line of a section that has a number in the file."""
    return section._read()[line - section.line]


def mark_changed(file: FileText) -> None:
    """Note that a file is not what was read of it any more, as an edit does."""
    file._touch()


def simple_section(section: SectionText, *, lazy: bool) -> SimpleSection | None:
    """Return the content of a section, in one pass; `None`: some line of it is not simple.

    `lazy`: its names and values need not be read yet.
    """
    if not section._plain:
        return None
    headed = not section._headless
    return read_simple(section._text, section.line, headed=headed, lazy=lazy)


def read_on(file: FileText, depth: int, *, skip_bom: bool) -> list[Line]:
    """Return the lines of a file as they read when it goes on after another one.

    That is how Asterisk takes the files of one `#include` pattern: an open block comment
    carries over, and a byte order mark counts in the first file only.
    """
    skipped = len(file._bom) if skip_bom else 0
    return read(str(file)[skipped:], 1, depth, file._lead if skipped else 0)
