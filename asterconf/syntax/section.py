"""`Section`: a header and the lines below it, with the edits a careful administrator makes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError
from asterconf.shown import Shown
from asterconf.source import encodable, fold, printable
from asterconf.syntax import layout
from asterconf.syntax.lines import header_of, read, read_plain, walk
from asterconf.syntax.nodes import Comment, Directive, Header, Line, Option
from asterconf.syntax.reader import patterns
from asterconf.syntax.scan import scan
from asterconf.syntax.simple import SimpleSection, read_simple

if TYPE_CHECKING:
    from asterconf.syntax.document import Document

__all__ = ["Section", "ends_blank"]


class Section(Shown):
    """A section of a document. Made by the document, never by hand.

    `section["name"]` gives the value of the option of that name, `section["name"] = value` sets
    or adds it, `del section["name"]` removes it. Option names ignore the case of A to Z, as in
    Asterisk. An edit changes its own bytes only, and is refused (`EditError`, nothing changed)
    if Asterisk would not read back what was meant.
    """

    __slots__ = (
        "__weakref__",
        "_depth",
        "_document",
        "_header",
        "_headless",
        "_nodes",
        "_nodes_line",
        "_plain",
        "_text",
        "first_line",
    )

    def __init__(self, document: Document, text: str, *, plain: bool, depth: int) -> None:
        self._document = document
        self._text = text
        self._plain = plain
        self._depth = depth
        self._headless = False
        self._nodes: list[Line] | None = None
        self._nodes_line = 0
        self._header: Header | None = None
        self.first_line = 0

    # -- look ---------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        """The exact text, from the header to just before the next one."""
        return self._text

    def __str__(self) -> str:
        return self._text

    def __repr__(self) -> str:
        many = len(self.options)
        place = f"{printable(self._document.name)}:{self.line}"
        name = "head" if self._headless else f"[{printable(self.name)}]"
        return f"<Section {name} {place}: {many} option{'s' * (many != 1)}>"

    @property
    def document(self) -> Document:
        """The document that it is a part of."""
        return self._document

    @property
    def line(self) -> int:
        """The number of the section's first line in the file, from 1."""
        self._document.number()
        return self.first_line

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
                made, _ = next(walk(self._text, line, self._depth, lead=self.lead))
            assert isinstance(made, Header)
            self._header = made
        return self._header

    @property
    def name(self) -> str:
        """The name in the brackets; empty for the head of a document. Assign to rename."""
        if self._headless:
            return ""
        return (self._header or self._made_header(1)).name

    @name.setter
    def name(self, name: str) -> None:
        self._set_header(name, list(self._own_header().entries or ()))

    @property
    def template(self) -> bool:
        """Whether the header says `(!)`."""
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
        line = self.line
        if self._nodes is None or self._nodes_line != line:
            self._nodes = nodes = self._make(self._text, line)
            self._nodes_line = line
            self._document.keep(self)
            return nodes
        return self._nodes

    def _make(self, text: str, line: int) -> list[Line]:
        if self._plain:
            return read_plain(text, line)
        return read(text, line, self._depth, self.lead)

    @property
    def lead(self) -> int:
        """How many bytes stand before the first line, in it: those of a byte order mark."""
        return self._document.lead_of(self)

    def simple(self, *, lazy: bool = False) -> SimpleSection | None:
        """Return what the section says, in one pass; `None`: some line of it is not simple.

        `lazy`: its names and values need not be read yet.
        """
        if not self._plain:
            return None
        return read_simple(self._text, self.line, headed=not self._headless, lazy=lazy)

    @property
    def options(self) -> tuple[Option, ...]:
        """The lines `name = value`, in file order."""
        return tuple(n for n in self._read() if isinstance(n, Option))

    @property
    def directives(self) -> tuple[Directive, ...]:
        """The lines `#include` and the like, in file order."""
        return tuple(n for n in self._read() if isinstance(n, Directive))

    def all(self, name: str) -> tuple[Option, ...]:
        """Return every option of that name, in file order; none is fine."""
        wanted, size = fold(name), len(name)
        like = (n for n in self._read() if isinstance(n, Option) and len(n.name) == size)
        return tuple(option for option in like if fold(option.name) == wanted)

    def first(self, name: str) -> Option:
        """Return the first option of that name.

        Raises:
            NotFoundError: there is none.
        """
        return self._need(name)[0]

    def last(self, name: str) -> Option:
        """Return the last option of that name.

        Raises:
            NotFoundError: there is none.
        """
        return self._need(name)[-1]

    def option(self, name: str) -> Option:
        """Return the one option of that name.

        Raises:
            NotFoundError: there is none.
            AmbiguousKeyError: there are several.
        """
        found = self._need(name)
        if len(found) > 1:
            lines = ", ".join(str(o.line) for o in found)
            raise AmbiguousKeyError(
                f"{printable(name)!r} stands {len(found)} times in [{printable(self.name)}] "
                f"(lines {lines}): use .all(name), .first(name) or .last(name)"
            )
        return found[0]

    def _need(self, name: str) -> tuple[Option, ...]:
        found = self.all(name)
        if not found:
            raise NotFoundError(f"[{printable(self.name)}] has no option {printable(name)!r}")
        return found

    def __getitem__(self, name: str) -> str:
        return self.option(name).value

    def get(self, name: str, default: str | None = None) -> str | None:
        """Return the value of the one option of that name, or `default` if there is none."""
        return self.option(name).value if self.all(name) else default

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and bool(self.all(name))

    def __iter__(self) -> Iterator[Option]:
        return iter(self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __bool__(self) -> bool:
        return True

    def keys(self) -> tuple[str, ...]:
        """Return the option names, each once, in file order."""
        return tuple(dict.fromkeys(o.name for o in self.options))

    def items(self) -> tuple[tuple[str, str], ...]:
        """Return names and values in file order; a name stands as often as in the file."""
        return tuple((o.name, o.value) for o in self.options)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.keys())

    # -- edit options -------------------------------------------------------------------------

    def __setitem__(self, name: str, value: str) -> None:
        if name in self:
            self.set(self.option(name), value)
        else:
            self.add(name, value)

    def __delitem__(self, name: str) -> None:
        self.remove(self.option(name))

    def set(self, option: Option, value: str) -> Option:
        """Give one option another value and return it as it stands now.

        Setting the value it has already changes no byte.
        """
        index = self._find(option)
        if value == option.value:
            return option
        for text in layout.with_value(option, value):
            if self._replace(index, 1, text, _reads(option.name, value)):
                return self._option_at(index)
        raise EditError(layout.refusal(option.name, value))

    def rename(self, option: Option, name: str) -> Option:
        """Give one option another name and return it as it stands now."""
        index = self._find(option)
        if name == option.name:
            return option
        if self._replace(index, 1, layout.with_name(option, name), _reads(name, option.value)):
            return self._option_at(index)
        raise EditError(layout.refusal(name, option.value))

    def add(
        self,
        name: str,
        value: str,
        *,
        before: Line | None = None,
        after: Line | None = None,
        separator: str | None = None,
        style: layout.Style | None = None,
    ) -> Option:
        """Add an option and return it.

        Without `before` and `after` it goes behind the last option, so above the blank lines and
        comments that lead over to the next section. Separator, blanks, alignment and line end
        are those of its nearest sibling, by preference one of the same name.

        Args:
            name: the option's name.
            value: its value; a `;` is escaped.
            before: a node of this section that the option shall stand above.
            after: a node of this section that it shall stand below.
            separator: `=`, `=>` or `+=` instead of the sibling's.
            style: how the line is written, instead of as its sibling.

        Raises:
            EditError: Asterisk could not read this name and value back.
        """
        nodes = self._read()
        if before is not None:
            index = self._find(before)
        elif after is not None:
            index = self._find(after) + 1
        else:
            index = self._end()
        if index == 0 and not self._headless:
            raise EditError("nothing can stand above a section's own header")
        for text in layout.new_line(nodes, index, name, value, separator, style=style):
            if self._replace(index, 0, text + self._eol(index), _reads(name, value)):
                return self._option_at(index)
        raise EditError(layout.refusal(name, value))

    def remove(self, node: Line) -> None:
        """Remove one line. What a block comment has on it stays.

        Raises:
            EditError: the line is the header, or not in this section.
        """
        index = self._find(node)
        if isinstance(node, Header):
            raise EditError("a header goes with its section: use Document.remove_section")
        kept = layout.without_visible(node) if isinstance(node, Option) else ""
        self._refuse_mark(kept + self._text[len(node.text) :] if index == 0 else self._text)
        if not self._replace(index, 1, kept, _says_nothing):
            raise EditError(f"line {node.line} holds part of a block comment; remove that first")

    def move(self, node: Line, *, before: Line | None = None, after: Line | None = None) -> Line:
        """Move one line above or below another of this section, and return it as it stands now."""
        if before is None and after is None:
            raise EditError("say where to: before= or after=")
        nodes = self._read()
        source = self._find(node)
        target = self._find(before) if before is not None else self._find(after) + 1
        if isinstance(node, Header) or (target == 0 and not self._headless):
            raise EditError("a header stands first in its section")
        if target in (source, source + 1):
            return node
        if not self._plain:
            raise EditError("lines cannot be moved in a section with block comments")
        texts = [n.text for n in nodes]
        text = texts.pop(source)
        target -= target > source
        texts.insert(target, text)
        eol = self._document.eol
        ended = [t if t.endswith("\n") else t + eol for t in texts]
        if not self._text.endswith("\n"):
            ended[-1] = ended[-1].removesuffix("\n").removesuffix("\r")
        self._refuse_mark("".join(ended))
        self.set_text("".join(ended))
        return self._read()[target]

    # -- edit comments ------------------------------------------------------------------------

    def comments_above(self, node: Line) -> tuple[Comment, ...]:
        """Return the comment lines that touch a line from above, in file order."""
        nodes = self._read()
        index = start = self._find(node)
        while start > 0 and isinstance(nodes[start - 1], Comment):
            start -= 1
        return tuple(n for n in nodes[start:index] if isinstance(n, Comment))

    def add_comment(
        self, text: str, *, before: Line | None = None, after: Line | None = None
    ) -> tuple[Comment, ...]:
        """Add `; text`, a line for each line of `text`, and return the new lines.

        Without `before` and `after` they go behind the last option.
        """
        if before is not None:
            index = self._find(before)
        else:
            index = self._find(after) + 1 if after is not None else self._end()
        if index == 0 and not self._headless:
            raise EditError("nothing can stand above a section's own header")
        lines = ["; " + line if line else ";" for line in text.split("\n")]
        eol = self._eol(index)
        block = eol.join(lines) + eol
        if "\0" in text or not self._replace(index, 0, block, _says_nothing):
            raise EditError(f"{text!r} cannot be written as a comment here")
        made = self._read()[index : index + len(lines)]
        return tuple(n for n in made if isinstance(n, Comment))

    def set_comment(self, option: Option, text: str) -> Option:
        """Set the comment behind an option's value, on its own line; empty removes it."""
        index = self._find(option)
        if "\n" in text or "\0" in text:
            raise EditError(f"{text!r} cannot be written behind an option: it is one line")
        line = layout.with_comment(option, text)
        if self._replace(index, 1, line, _reads(option.name, option.value)):
            return self._option_at(index)
        raise EditError(f"{text!r} cannot be written as a comment here")

    # -- edit the header ----------------------------------------------------------------------

    def inherit(self, *templates: str) -> None:
        """Make the header name exactly these templates, keeping `(!)` and `(+)`."""
        entries = [e for e in self._own_header().entries or () if e == "!" or e.startswith("+")]
        self._set_header(self.name, entries + list(templates))

    def _own_header(self) -> Header:
        if self._headless:
            raise EditError("the lines before the first section have no header")
        return self._made_header(self.line)

    def _set_header(self, name: str, entries: list[str]) -> None:
        header = self._own_header()
        if header.name == name and list(header.entries or ()) == entries:
            return
        text = header.text
        match = patterns().header.match(text)
        if match is None or match.start(1) < 1:
            raise EditError("a header that a block comment cuts cannot be rewritten")
        end = match.start(3) if match[2] is None else match.end(2) + 1
        start = match.start(1) - 1
        new = text[:start] + layout.header_text(name, entries) + self._text[end:]
        if len([n for n in read(new, 1, self._depth, self.lead) if isinstance(n, Header)]) != 1:
            raise EditError("the header line would be longer than the 8190 bytes that are read")
        self.set_text(new)

    # -- how it is done -----------------------------------------------------------------------

    def _find(self, node: Line | None) -> int:
        nodes = self._read()
        if node is not None:
            index = node.line - self.first_line
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
        """Return the index behind the last line that says something."""
        nodes = self._read()
        for i in range(len(nodes), 0, -1):
            if isinstance(nodes[i - 1], Option | Directive | Header):
                return i
        return 0

    def _eol(self, index: int) -> str:
        nodes = self._read()
        for node in (nodes[index - 1 : index] if index else []) + nodes[index : index + 1]:
            if node.text.endswith("\n"):
                return "\r\n" if node.text.endswith("\r\n") else "\n"
        return self._document.eol

    def _replace(
        self, index: int, count: int, text: str, wanted: Callable[[list[Line]], bool]
    ) -> bool:
        """Put `text` in place of `count` nodes, if it reads as wanted and changes nothing else."""
        nodes = self._read()
        before, after = nodes[:index], nodes[index + count :]
        if self._alone(text, before, after):
            more = read_plain(text, before[-1].line + 1) if text else []
            if not wanted(more):
                return False
            new = "".join(n.text for n in (*before, *more, *after))
            kept = [*before, *more, *after] if len(more) == count or not after else None
            self._put(new, kept, plain=True)
            return True
        head = "".join(n.text for n in before)
        tail = "".join(n.text for n in after)
        if text and head and not head.endswith("\n"):  # the file's last line has no end: nor now
            head += self._eol(index)
            text = text.removesuffix("\n").removesuffix("\r")
        new = head + text + tail
        if not encodable(text) or self._document.would_mark(self, new):
            return False
        made = read(new, self.first_line, self._depth, self.lead)
        split = len(made) - len(after)
        if not (
            wanted(made[index:split])
            and _same(made[:index], before)
            and _same(made[split:], after)
            and (self._plain or self._depth_after(self._text) == self._depth_after(new))
        ):
            return False
        self._put(new, made, plain=_is_plain(new, self.lead, headless=self._headless))
        return True

    def _refuse_mark(self, text: str) -> None:
        if self._document.would_mark(self, text):
            raise EditError(
                "the file would begin with the byte order mark that stands inside it, and there "
                "Asterisk drops it: take the mark out of its line first"
            )

    def _alone(self, text: str, before: list[Line], after: list[Line]) -> bool:
        """Tell whether lines read the same wherever they stand among these: plain, whole ones."""
        return (
            self._plain
            and bool(before)
            and before[-1].text.endswith("\n")
            and (not text or not after or text.endswith("\n"))
            and encodable(text)
            and _is_plain(text, 0, headless=True)
        )

    def _depth_after(self, text: str) -> int:
        depth = self._depth
        for _, found in walk(text, 1, depth, lead=self.lead):
            depth = found.depth if found else depth
        return depth

    def _put(self, text: str, nodes: list[Line] | None, *, plain: bool) -> None:
        renumber = text.count("\n") != self._text.count("\n")
        self._text = text
        self._nodes = nodes
        self._nodes_line = self.first_line
        self._plain = plain
        self._document.touch(renumber=renumber)

    # -- for the document ---------------------------------------------------------------------

    @property
    def plain(self) -> bool:
        """Whether no line is touched by a block comment, a NUL or the length limit."""
        return self._plain

    def set_text(self, text: str) -> None:
        """Replace the whole text of the section, header included."""
        self._text = text
        self._plain = _is_plain(text, self.lead, headless=self._headless)
        self._nodes = self._header = None
        self._document.touch()

    def forget(self) -> None:
        """Drop the nodes; they are made again when asked for."""
        self._nodes = None

    def attach(self, document: Document) -> None:
        """Make this section one of `document`."""
        self._document = document

    def split_tail(self) -> tuple[str, str]:
        """Return the text without, and the text of, the comments that touch the next header."""
        nodes = self._read()
        start = len(nodes)
        while start > 0 and isinstance(nodes[start - 1], Comment):
            start -= 1
        if not self._plain:
            depth, starts = self._depth, []
            for _, found in walk(self._text, 1, self._depth, lead=self.lead):
                starts.append(depth)
                depth = found.depth if found else depth
            while start < len(nodes) and starts[start]:
                start += 1
        size = len(self._text) - sum(len(n.text) for n in nodes[start:])
        return self._text[:size], self._text[size:]


def ends_blank(text: str) -> bool:
    """Tell whether `text` ends with a line of white space."""
    last = text.removesuffix("\n").rpartition("\n")[2]
    return patterns().indent(last) == len(last)


def _reads(name: str, value: str) -> Callable[[list[Line]], bool]:
    def wanted(nodes: list[Line]) -> bool:
        return [(n.name, n.value) for n in nodes if isinstance(n, Option)] == [(name, value)] and (
            len(nodes) == 1
        )

    return wanted


def _says_nothing(nodes: list[Line]) -> bool:
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
