"""`Document` and `Section`: the text of one file, to look up and to edit."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from asterconf._lazy import LazyModule
from asterconf.diagnostic import Diagnostic
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError, ParseError
from asterconf.source import Severity, decode, fold, printable
from asterconf.syntax import layout
from asterconf.syntax.diffs import unified
from asterconf.syntax.inspect import inspect
from asterconf.syntax.lines import Comment, Directive, Header, Line, Option, read
from asterconf.syntax.reader import patterns
from asterconf.syntax.text import (
    FileText,
    SectionText,
    ends_blank,
    says_nothing,
    says_option,
)

if TYPE_CHECKING:
    import lark
else:
    lark = LazyModule("lark")


def parse(data: bytes | str, *, name: str = "<text>", fragment: bool = False) -> Document:
    """Return the document of a file's content. Never raises on content.

    Args:
        data: the bytes of a file, or its text. A byte string always survives; a text does if
            surrogateescape can carry it.
        name: what diagnostics and positions call the file.
        fragment: whether other files include it: its first lines then belong to a section of
            theirs, and its templates may stand there.
    """
    text = data if isinstance(data, str) else decode(data)
    return Document(text, name=name, fragment=fragment)


class Section(SectionText):
    """A section of a document. Made by the document, never by hand.

    `section["name"]` gives the value of the option of that name, `section["name"] = value` sets
    or adds it, `del section["name"]` removes it. Option names ignore the case of A to Z, as in
    Asterisk. An edit changes its own bytes only, and is refused (`EditError`, nothing changed)
    if Asterisk would not read back what was meant.
    """

    __slots__ = ()

    _file: Document

    # -- look ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        many = len(self.options)
        place = f"{printable(self._file.name)}:{self.line}"
        name = "head" if self._headless else f"[{printable(self.name)}]"
        return f"<Section {name} {place}: {many} option{'s' * (many != 1)}>"

    @property
    def document(self) -> Document:
        """The document that it is a part of."""
        return self._file

    @property
    def name(self) -> str:
        """The name in the brackets; empty for the head of a document. Assign to rename."""
        return super().name

    @name.setter
    def name(self, name: str) -> None:
        self._set_header(name, list(self._own_header().entries or ()))

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
        """Return names and values in file order; a name comes as often as in the file."""
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
            if self._replace(index, 1, text, says_option(option.name, value)):
                return self._option_at(index)
        raise EditError(layout.refusal(option.name, value))

    def rename(self, option: Option, name: str) -> Option:
        """Give one option another name and return it as it stands now."""
        index = self._find(option)
        if name == option.name:
            return option
        if self._replace(index, 1, layout.with_name(option, name), says_option(name, option.value)):
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
        nodes, index = self._read(), self._index(before, after)
        if style is None:
            new = self._draft is not None and fold(name) not in self._draft
            style = layout.style_at(nodes, index, name, new=new)
        for text in layout.new_line(name, value, separator, style):
            if self._replace(index, 0, text + self._eol(index), says_option(name, value)):
                return self._option_at(index)
        raise EditError(layout.refusal(name, value))

    def include(
        self,
        file: str,
        *,
        optional: bool = False,
        before: Line | None = None,
        after: Line | None = None,
    ) -> Directive:
        """Add a line `#include FILE` and return it.

        Without `before` and `after` it goes behind the last option. It is quoted as the first
        directive of the document is.

        Args:
            file: the file, or a pattern of files, relative to the configuration directory.
            optional: write `#tryinclude`, which goes on if there is no such file.
            before: a node of this section that the line shall stand above.
            after: a node of this section that it shall stand below.

        Raises:
            EditError: Asterisk could not read this name back.
        """
        index = self._index(before, after)
        word = "tryinclude" if optional else "include"

        def says(nodes: list[Line]) -> bool:
            found = [n.target for n in nodes if isinstance(n, Directive) and n.word == word]
            return bool(file) and found == [file] and len(nodes) == 1

        known = (d for part in self._file.parts for d in part.directives)
        like = next((d.argument[:1] for d in known if d.argument), "")
        forms = sorted((f'"{file}"', f"<{file}>", file), key=lambda form: form[:1] != like)
        for form in forms if like in {'"', "<"} else (file, f'"{file}"', f"<{file}>"):
            if self._replace(index, 0, f"#{word} {form}{self._eol(index)}", says):
                node = self._read()[index]
                assert isinstance(node, Directive)
                return node
        raise EditError(f"Asterisk could not read the name {printable(file)!r} in an #include")

    def _index(self, before: Line | None, after: Line | None) -> int:
        """Return where a new line goes: beside a node, by default behind the last option."""
        if before is not None:
            index = self._find(before)
        else:
            index = self._find(after) + 1 if after is not None else self._end()
        if index == 0 and not self._headless:
            raise EditError("nothing can stand above a section's own header")
        return index

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
        if not self._replace(index, 1, kept, says_nothing):
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
        eol = self._file.eol
        ended = [t if t.endswith("\n") else t + eol for t in texts]
        if not self._text.endswith("\n"):
            ended[-1] = ended[-1].removesuffix("\n").removesuffix("\r")
        self._refuse_mark("".join(ended))
        self._set_text("".join(ended))
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
        index = self._index(before, after)
        lines = ["; " + line if line else ";" for line in text.split("\n")]
        eol = self._eol(index)
        block = eol.join(lines) + eol
        if "\0" in text or not self._replace(index, 0, block, says_nothing):
            raise EditError(f"{text!r} cannot be written as a comment here")
        made = self._read()[index : index + len(lines)]
        return tuple(n for n in made if isinstance(n, Comment))

    def set_comment(self, option: Option, text: str) -> Option:
        """Set the comment behind an option's value, on its own line; empty removes it."""
        index = self._find(option)
        if "\n" in text or "\0" in text:
            raise EditError(f"{text!r} cannot be written behind an option: it is one line")
        line = layout.with_comment(option, text)
        if self._replace(index, 1, line, says_option(option.name, option.value)):
            return self._option_at(index)
        raise EditError(f"{text!r} cannot be written as a comment here")

    # -- edit the header ----------------------------------------------------------------------

    def inherit(self, *templates: str, elsewhere: bool = False) -> None:
        """Inherit from exactly these templates, keeping `(!)` and `(+)`.

        Args:
            templates: their names.
            elsewhere: they may stand in a file that includes this one.

        Raises:
            EditError: Asterisk would refuse the file, because none of that name stands above.
        """
        if not elsewhere:
            place = self.document.parts.index(self)
            _refuse_missing(self.document, templates, self.name, place)
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
        if len([n for n in read(new, 1, self._depth, self._lead) if isinstance(n, Header)]) != 1:
            raise EditError("the header line would be longer than the 8190 bytes that are read")
        self._set_text(new)


Snapshot = tuple[tuple[Section, str], ...]
"""The sections of a document and their texts, at one moment."""


class Document(FileText):
    """One configuration file: its exact text, and its sections to look at and edit.

    Sections of one name stand side by side as they do in the file. `doc["name"]` is for the
    usual case that there is one; `all`, `first` and `last` are for the others. Names are taken
    as spelled first, then ignoring the case of A to Z.

    Attributes:
        name: what positions call the file.
        head: the lines before the first header, as a section without one.
        version: grows with every edit.
    """

    __slots__ = ("_by_name", "fragment")

    _sections: list[Section]

    def __init__(self, text: str = "", *, name: str = "<text>", fragment: bool = False) -> None:
        super().__init__(text, name, Section)
        self.fragment = fragment
        self._by_name: dict[str, list[Section]] | None = None

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

    def __repr__(self) -> str:
        lines = sum(s.text.count("\n") for s in self._sections)
        found = len(self.diagnostics)
        tail = f", {found} diagnostic{'s' * (found != 1)}" if found else ""
        many = len(self._sections) - 1
        return (
            f"<Document {printable(self.name)}: {many} section{'s' * (many != 1)}, "
            f"{lines} lines{tail}>"
        )

    def tree(self) -> lark.Tree[lark.Token]:
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
        return unified(self, other, reveal=reveal)

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

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """The findings about this file taken alone, in file order.

        What depends on other files (includes, and templates where a file has includes) is for
        `Config.effective` to say.
        """
        return tuple(inspect(self.name, self._sections, fragment=self.fragment))

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
        if self._by_name is None:
            self._by_name = {}
            for section in self._sections[1:]:
                self._by_name.setdefault(fold(section.name), []).append(section)
        found = self._by_name.get(fold(name), ())
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
        elsewhere: bool = False,
        before: Section | None = None,
        after: Section | None = None,
    ) -> Section:
        """Add an empty section, at the end or beside another.

        With `elsewhere` its templates may stand in a file that includes this one.

        A blank line goes between, unless the sections there stand without; below a comment one
        does in any case.

        Raises:
            EditError: the name or a template cannot be written in a header, or no section of its
                name stands above.
        """
        header = layout.header_text(name, (["!"] if template else []) + list(inherits))
        place = self._place(before, after)
        if not elsewhere:
            _refuse_missing(self, inherits, name, place)
        with self._all_or_nothing():
            return self._insert(header, place)

    def section_text(self, section: Section) -> str:
        """Return the text of a section with the comment block that touches its header from above.

        The block that introduces the next section is not part of it.
        """
        index = self._find(section)
        mine = section._split_tail()[0] if index + 1 < len(self._sections) else section.text
        return self._sections[index - 1]._split_tail()[1] + mine

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
        self._numbered = 0
        for section, text in state:
            if section.text != text:
                section._set_text(text)
        self._touch()

    @contextmanager
    def _all_or_nothing(self) -> Iterator[None]:
        """Undo the edits inside if the file would not be cut into the same sections."""
        before = self.snapshot()
        yield
        if all(s._plain for s, _ in before) and all(s._plain for s in self._sections):
            return
        read = Document(str(self))._sections
        if [s.text for s in read] != [s.text for s in self._sections]:
            self.restore(before)
            raise EditError("a block comment reaches over that place: close or move it first")

    def _find(self, section: Section) -> int:
        with suppress(ValueError):  # sections are equal to themselves only
            if index := self._sections.index(section):
                return index
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
        mine, tail = (section.text, "") if last else section._split_tail()
        kept, lead = previous._split_tail()
        if last and kept.endswith("\n") and ends_blank(kept) and not ends_blank(mine):
            # the gap goes along
            kept = kept[: kept.removesuffix("\n").rfind("\n") + 1]
        if last and not mine.endswith("\n"):  # the file ends without one, and shall do so
            kept = kept.removesuffix("\n").removesuffix("\r")
        self._numbered = min(self._numbered, index)
        del self._sections[index]
        previous._set_text(kept + tail)
        self._touch(previous)
        return lead + mine

    def _insert(self, text: str, index: int) -> Section:
        """Put a section's text before the section of that index, and return it."""
        previous = self._sections[index - 1]
        eol = self.eol
        last = index == len(self._sections)
        kept, lead = (previous.text, "") if last else previous._split_tail()
        tight = self._is_tight(index) and not (last and previous._split_tail()[1])
        gap = ""
        if kept:
            gap = "" if kept.endswith("\n") else eol
            gap += "" if tight or ends_blank(kept) else eol
        if not text.endswith("\n") and (not last or not kept or kept.endswith("\n")):
            text += eol
        blank_end = not tight if not last else kept.endswith("\n") and ends_blank(kept)
        if blank_end and not text.endswith(("\n\n", "\r\n\r\n")):
            text += eol
        previous._set_text(kept + gap)
        made = Document(text + lead, name=self.name)
        section = made._sections[1]
        comments = made._sections[0].text
        previous._set_text(previous.text + comments)
        section._file = self
        self._numbered = min(self._numbered, index)
        self._sections.insert(index, section)
        self._touch(previous)
        return section

    def _is_tight(self, index: int) -> bool:
        """Tell whether sections follow each other without blank lines at that index."""
        last = index == len(self._sections)
        above = (
            self._sections[index - 2 if last else index - 1] if index > (2 if last else 1) else None
        )
        return above is not None and not ends_blank(above._split_tail()[0])

    def _touch(self, section: SectionText | None = None, *, renumber: bool = True) -> None:
        super()._touch(section, renumber=renumber)
        if renumber:
            self._by_name = None


def _refuse_missing(document: Document, templates: Iterable[str], name: str, place: int) -> None:
    """Raise if no section with the name of a template stands above a section.

    A fragment, or a file that includes others above, may have it elsewhere.

    Args:
        document: the file.
        templates: their names.
        name: the section.
        place: its index among `parts`.

    Raises:
        EditError: Asterisk would refuse the file.
    """
    parts = document.parts
    line = parts[place].line if place < len(parts) else None
    missing = [
        one
        for one in templates
        if one
        and one != "!"
        and not one.startswith("+")
        and all(line is not None and found.line >= line for found in document.all(one))
    ]
    if missing and not document.fragment and not any(p.directives for p in parts[:place]):
        raise EditError(
            f"there is no section {printable(missing[0])!r} above [{printable(name)}] to "
            "inherit from, so Asterisk would refuse the file; if another file has it, say "
            "elsewhere=True"
        )


def rewrite(document: Document, text: str) -> None:
    """Let a whole file have another text; its sections are new ones then."""
    made = Document(text, name=document.name)
    document._bom, document._sections = made._bom, made._sections
    for section in document._sections:
        section._file = document
    document._touch()
