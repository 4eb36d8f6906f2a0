"""Changes of single lines, gathered first and made together."""

from __future__ import annotations

from collections.abc import Iterable

import attrs

from asterconf.editing.desk import Desk, Spot
from asterconf.errors import EditError
from asterconf.source import encode, fold, printable
from asterconf.syntax import Option, Section
from asterconf.syntax.layout import Style, block_styles
from asterconf.syntax.lines import Line

__all__ = ["LineEdits"]

_BLANKS = "".join(map(chr, range(33)))


@attrs.frozen
class _Edit:
    section: Section
    anchor: Line | None
    kind: str
    name: str = ""
    value: str = ""
    comment: str = ""
    separator: str = ""


_ADD, _AFTER, _BEFORE, _SET, _REMOVE = "add", "add after", "add before", "set", "remove"
_ORDER = {_AFTER: 0, _SET: 1, _REMOVE: 1, _BEFORE: 2}


@attrs.define
class LineEdits:
    """Line edits that are to be made; each names a line as it stands before any of them."""

    desk: Desk
    like: Section | None = None
    """A section whose habits a block of new lines follows; `None`: their own section's."""
    names: Iterable[str] = ()
    """The names of the options of that block, as far as they are known before."""
    _styles: dict[str, Style] = attrs.field(factory=dict)
    _above: dict[tuple[int, int], Line] = attrs.field(factory=dict)
    """What stands where a line stood, or was added above it: what comes before goes above that."""
    _edits: list[_Edit] = attrs.field(factory=list)

    def __bool__(self) -> bool:
        return bool(self._edits)

    @property
    def touched(self) -> list[tuple[Section, str]]:
        """Where lines are touched, and the lower-case names of their options."""
        return [(edit.section, fold(edit.name)) for edit in self._edits]

    def set(self, spot: Spot, value: str) -> None:
        """Give the option on a line another value."""
        section, node = self.desk.node_at(spot)
        self._edits.append(_Edit(section, node, _SET, getattr(node, "name", ""), value))

    def remove(self, spot: Spot) -> None:
        """Remove a line."""
        section, node = self.desk.node_at(spot)
        self._edits.append(_Edit(section, node, _REMOVE, getattr(node, "name", "")))

    def add(
        self,
        name: str,
        value: str,
        *,
        into: Section,
        after: Spot | None = None,
        before: Spot | None = None,
        comment: str = "",
        separator: str = "",
    ) -> None:
        """Add an option to a section: behind a line, above one, or behind its last option."""
        section, node, kind = into, None, _ADD
        if after is not None:
            section, node = self.desk.node_at(after)
            kind = _AFTER
        elif before is not None:
            section, node = self.desk.node_at(before)
            kind = _BEFORE
        self._edits.append(_Edit(section, node, kind, name, value, comment, separator))

    def make(self) -> None:
        """Make all edits.

        From the end of each file to its start, so that the lines still to come stand where they
        stood; what is added behind one line keeps its order.

        Raises:
            EditError: a line cannot say what it should. The message never holds the value.
        """
        if self.like is not None:
            names = dict.fromkeys([*self.names, *(edit.name for edit in self._edits)])
            self._styles = block_styles(self._models(self.like), names)
        for _, edit in sorted(enumerate(self._edits), key=lambda pair: _place(*pair)):
            self._make(edit)

    def _make(self, edit: _Edit) -> None:
        section, node = edit.section, edit.anchor
        key = id(section), node.line if node is not None else 0
        if node is not None and not node.text.endswith("\n"):  # it has got an end, if one follows
            now = section.nodes[node.line - section.line]
            node = now if now.text.rstrip("\r\n") == node.text else node
        try:
            if edit.kind == _REMOVE and node is not None:
                at = node.line - section.line
                section.remove(node)
                left = section.nodes
                self._above[key] = left[min(at, len(left) - 1)]
                return
            if edit.kind == _SET and isinstance(node, Option):
                self._above[key] = section.set(node, edit.value)
                return
            before = self._above.get(key, node) if edit.kind == _BEFORE else None
            after = node if edit.kind == _AFTER else None
            added = section.add(
                edit.name,
                edit.value,
                before=before,
                after=after,
                separator=edit.separator or None,
                style=self._style(edit),
            )
            if edit.comment:
                added = section.set_comment(added, edit.comment)
            if edit.kind == _BEFORE:
                self._above[key] = added
        except (EditError, UnicodeEncodeError):
            raise EditError(_refusal(section, edit)) from None

    def _style(self, edit: _Edit) -> Style | None:
        """Return how a new line looks; `None`: as its neighbours."""
        if edit.name in self._styles:
            return self._styles[edit.name]
        if edit.section.options:
            return None
        return block_styles(self._models(edit.section), [edit.name])[edit.name]

    def _models(self, section: Section) -> tuple[Line, ...]:
        """Return the lines of a section, of the next one above if it has no options."""
        if section.options:
            return section.nodes
        for document in self.desk.files.documents.values():
            parts = document.parts
            at = next((n for n, part in enumerate(parts) if part is section), 0)
            for part in reversed(parts[:at]):
                if part.options:
                    return part.nodes
        return ()


def _place(number: int, edit: _Edit) -> tuple[int, int, int]:
    """Return what sorts edits from the last line to the first."""
    if edit.anchor is None:
        return -edit.section.line - len(edit.section.nodes), 0, number
    return -edit.anchor.line, _ORDER[edit.kind], -number


def _refusal(section: Section, edit: _Edit) -> str:
    """Return why a line cannot be written; the value is not in it, since it may be a secret."""
    what = f"[{printable(section.name)}] {printable(edit.name)}"
    value = edit.value
    if edit.kind == _REMOVE:
        return f"{what}: its line holds part of a block comment; remove that first"
    if "\n" in value or "\0" in value:
        return f"{what}: the value holds a line end or a NUL, and a value is one line"
    if value != value.strip(_BLANKS):
        return f"{what}: the value begins or ends with white space, which Asterisk strips"
    try:
        size = len(encode(edit.name + value))
    except UnicodeEncodeError:
        return f"{what}: the value holds a character that UTF-8 has no bytes for"
    if size > 8000:
        return f"{what}: the line would be longer than the 8190 bytes that Asterisk reads"
    return f"{what}: there is no line that Asterisk reads back as that"
