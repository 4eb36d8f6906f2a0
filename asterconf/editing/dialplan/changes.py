"""From edited extensions to the line edits that let them be loaded so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

import attrs

from asterconf.dialplan import HINT
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
)
from asterconf.editing.dialplan.steps import (
    NOTHING,
    ContextLine,
    ContextLines,
    EditedStep,
    ExtensionEdit,
    Key,
    follow,
)
from asterconf.editing.editor import Editor
from asterconf.editing.options import LineEdits
from asterconf.errors import EditError, ModelError
from asterconf.language import appcall
from asterconf.source import printable
from asterconf.syntax import Document, Option

_BLANKS = "".join(map(chr, range(1, 33)))


@attrs.frozen
class _Style:
    """How an extension's lines after the first are written: with `same`, with `n`."""

    same: bool = True
    relative: bool = True


def _step_call(step: DialplanStep) -> str:
    try:
        return appcall.join(step.app, step.data)
    except ModelError as error:
        raise EditError(str(error)) from None


@attrs.define(eq=False)
class _Plan:
    """Places new rows, then processes each section in the order of the loader."""

    rows: ContextLines
    extensions: dict[Key, ExtensionEdit]
    entries: dict[int, EditedStep] = attrs.field(factory=dict)
    hints: dict[int, ExtensionEdit] = attrs.field(factory=dict)
    gone: set[int] = attrs.field(factory=set)
    said: dict[int, tuple[str, str]] = attrs.field(factory=dict)
    """The new key and value of a row, by the identity of the row."""
    owned: dict[Key, list[ContextLine]] = attrs.field(factory=dict)
    names: dict[str, Key] = attrs.field(factory=dict)

    # -- which rows there are -----------------------------------------------------------------

    def place(self, removed: Iterable[ContextLine], added: Iterable[ContextLine]) -> None:
        """Mark removed rows, and insert new ones at their place."""
        self.gone = {id(row) for row in removed}
        for row in added:
            ending = row.key[-6:]  # `lswitch` and `eswitch` are in one order with `switch`
            self.insert_behind(row, lambda other, end=ending: other.key[-6:] == end)  # type: ignore[misc]
            self.said[id(row)] = (row.key, row.value)
        for key, extension in self.extensions.items():
            self.gone |= {id(entry.row) for entry in extension.removed if entry.row is not None}
            self.place_hint(key, extension)
            last: ContextLine | None = None
            for index, entry in enumerate(extension.entries):
                if entry.row is None:
                    entry.row = ContextLine("exten", "", owner=key)
                    later = (e.row for e in extension.entries[index + 1 :] if e.row is not None)
                    self.insert(entry.row, last, next(later, None))
                self.entries[id(entry.row)] = entry
                last = entry.row
        for row in self.rows.all():
            if row.owner is not None:
                self.owned.setdefault(row.owner, []).append(row)
                if row.name:
                    self.names.setdefault(row.name, row.owner)

    def place_hint(self, key: Key, extension: ExtensionEdit) -> None:
        """Add a line for an extension's hint, or remove its line."""
        if extension.hint is None:
            if extension.hint_row is not None:
                self.gone.add(id(extension.hint_row))
            return
        if extension.hint_row is None:
            extension.hint_row = ContextLine("exten", "", owner=key)
            self.insert_behind(extension.hint_row, lambda other: other.priority == HINT)
        self.hints[id(extension.hint_row)] = extension

    def insert(
        self, row: ContextLine, after: ContextLine | None, before: ContextLine | None
    ) -> None:
        """Put a line behind or before another one, else at the end."""
        for _, rows in self.rows.sections:
            for anchor, shift in ((after, 1), (before, 0)):
                if anchor is not None and anchor in rows:
                    rows.insert(rows.index(anchor) + shift, row)
                    return
        self.rows.sections[-1][1].append(row)

    def insert_behind(self, row: ContextLine, like: Callable[[ContextLine], bool]) -> None:
        """Insert a row after the last similar one, or at the end."""
        anchors = [other for other in self.rows.all() if like(other)]
        self.insert(row, anchors[-1] if anchors else None, None)

    # -- what they say ------------------------------------------------------------------------

    def write(self) -> None:
        """Compute the new text of every row that would load differently than intended."""
        for _, rows in self.rows.sections:
            current: object = None  # the extension that `same` goes on with
            before: Key | None = None  # the one that the last step was of
            last = NOTHING
            for row in rows:
                if id(row) in self.gone or row.key not in {"exten", "same"}:
                    continue
                if row.key == "exten" and row.item is not None:
                    current = row.owner or self.names.get(row.name, ("?", row.name))
                owner, priority = row.owner, self.priority(row)
                if owner is None or priority is None:
                    found = follow(row, last)
                    last = last if found is None else found
                    continue
                known = follow(row, last) if row.item is not None else None
                by_label = row.item is not None and row.by_label and priority == row.priority
                edited = id(row) in self.entries or id(row) in self.hints
                if edited or current != owner or (known != priority and not by_label):
                    said = known == priority or by_label
                    self.write_row(row, priority, last, current, said=said, fresh=before != owner)
                current, before, last = owner, owner, priority

    def priority(self, row: ContextLine) -> int | None:
        """Return the intended priority of a row; None: it makes no step."""
        if id(row) in self.entries:
            return self.entries[id(row)].step.priority
        return HINT if id(row) in self.hints else row.priority

    def write_row(
        self,
        row: ContextLine,
        priority: int,
        last: int,
        current: object,
        *,
        said: bool,
        fresh: bool,
    ) -> None:
        """Compute the text of a row, if it needs another one.

        Args:
            row: the row.
            priority: its intended priority.
            last: the priority of the line before.
            current: the extension that `same` would go on with.
            said: whether its priority field already gives that.
            fresh: whether the line before is of another extension.
        """
        owner = row.owner
        assert owner is not None
        steps = [r for r in self.owned[owner] if self.priority(r) != HINT]
        leads = priority == HINT or row is next(r for r in steps if id(r) not in self.gone)
        led = row is next((r for r in steps if r.item is not None), None)
        follows = not leads and (row.item is None or led)
        style = self.style(owner) if follows else _Style(row.key == "same", row.relative)
        key = "same" if style.same and current == owner and not leads else "exten"
        if row.key == "same" and current == owner:
            key = "same"
        word = row.word + ("" if row.plus is None else f"+{row.plus}")
        if not said or (follows and style.relative != row.relative):
            relative = style.relative and not fresh and not (leads and row.item is None)
            word = _word(priority, last, row.word) if relative else _number(priority)
        name = row.name or self.name_of(owner)
        rest = f"{self.field(row, word)},{self.call(row)}"
        value = rest.lstrip(_BLANKS) if key == "same" else f"{name},{rest}"
        if row.item is None or (key, value) != (row.key, row.value):
            self.said[id(row)] = (row.item.name if row.item and key == row.key else key, value)

    def field(self, row: ContextLine, word: str) -> str:
        """Return the priority field with that word, its label and the blanks around it."""
        core = row.field.strip(_BLANKS)
        tail = core[core.find("(") :] if "(" in core else ""
        label = row.label
        if id(row) in self.entries:
            label = self.entries[id(row)].step.label
        elif id(row) in self.hints:
            hint = self.hints[id(row)].hint
            label = hint.label if hint is not None else None
        if label != row.label:
            tail = "" if label is None else f"({label})"
        return row.field.replace(core, word + tail, 1) if core else word + tail

    def call(self, row: ContextLine) -> str:
        """Return the text after the priority field."""
        changed = None
        if id(row) in self.hints:
            extension = self.hints[id(row)]
            if extension.hint is not None and extension.hint != extension.hint_was:
                changed = extension.hint.call
        elif id(row) in self.entries:
            was, step = self.entries[id(row)].was, self.entries[id(row)].step
            if was is None or (was.app, was.data) != (step.app, step.data):
                changed = _step_call(step)
        if changed is None:
            return row.call
        return row.call[: len(row.call) - len(row.call.lstrip(_BLANKS))] + changed

    # -- habits -------------------------------------------------------------------------------

    def name_of(self, owner: Key) -> str:
        """Return the name of an extension as the file spells it."""
        written = next((row.name for row in self.owned[owner] if row.name), None)
        name, condition = owner
        return written or (name if condition is None else f"{name}/{condition}")

    def style(self, owner: Key) -> _Style:
        """Return how further lines of an extension are written: like its own, or like others."""
        for rows in (self.owned[owner], self.rows.all()):
            seen: set[Key] = set()
            for row in rows:
                if row.item is None or row.owner is None or row.priority == HINT:
                    continue
                if row.owner in seen:
                    return _Style(row.key == "same", row.relative)
                seen.add(row.owner)
        return _Style()


def _number(priority: int) -> str:
    return "hint" if priority == HINT else str(priority)


def _word(priority: int, last: int, word: str) -> str:
    """Return `n` or `next` where these give the priority after that line, else the number."""
    if not 1 <= last < priority:
        return _number(priority)
    step = priority - last
    return (word if word == "next" else "n") + (f"+{step - 1}" if step > 1 else "")


def edit_lines(
    editor: Editor,
    rows: ContextLines,
    extensions: dict[Key, ExtensionEdit],
    removed: Iterable[ContextLine],
    added: Iterable[ContextLine],
) -> list[ContextLine]:
    """Edit the text so that the rows of a context load as the edited extensions.

    Args:
        editor: the configuration.
        rows: of the context, as they stand; new ones are put among them.
        extensions: those that were edited, or are new.
        removed: rows that go, beside those of removed steps.
        added: rows to add that are no steps, such as includes.

    Returns:
        The rows that changed, or that new lines were put beside.

    Raises:
        EditError: a row that must change cannot be.
    """
    made, lines = _Plan(rows, extensions), LineEdits(editor, in_place=True)
    made.place(removed, added)
    made.write()
    touched: dict[tuple[tuple[str, int], str], ContextLine] = {}
    for row, where in _gathered(made, lines):
        if touched.setdefault((row.place, where), row) is not row:
            file, line = row.place
            raise EditError(f"{file}:{line} is read twice in this context: edit the text")
    lines.make()
    return [*touched.values()]


def _gathered(made: _Plan, lines: LineEdits) -> Iterator[tuple[ContextLine, str]]:
    """Gather the line edits; yield the rows that they are about, and what becomes of them."""
    for section, rows in made.rows.sections:
        home = lines.editor.home_of(section)
        here = [row for row in rows if row.item is not None]
        anchor: ContextLine | None = None
        for row in rows:
            if row.item is None:
                name, value = made.said[id(row)]
                if anchor is not None:
                    lines.add(name, value, into=home, after=anchor.place)
                    yield anchor, "after"
                elif here:
                    lines.add(name, value, into=home, before=here[0].place)
                    yield here[0], "before"
                else:
                    sign = "" if home.options else _sign(home.document)
                    lines.add(name, value, into=home, separator=sign)
                continue
            anchor = row
            if id(row) in made.gone or id(row) in made.said:
                row.refuse_if_joined()
                _change(lines, row, made.said.get(id(row)) if id(row) not in made.gone else None)
                yield row, "here"


def _change(lines: LineEdits, row: ContextLine, said: tuple[str, str] | None) -> None:
    """Give a line another value; with another name it is formatted like its new siblings."""
    section, node = lines.editor.node_at(row.place)
    if said is None:
        lines.remove(row.place)
    elif isinstance(node, Option) and node.name != said[0]:
        comment = node.comment.rstrip("\r").removeprefix(";").lstrip(" ")
        lines.add(*said, into=section, after=row.place, comment=comment)
        lines.remove(row.place)
    else:
        lines.set(row.place, said[1])


def _sign(document: Document) -> str:
    """Return `=` or `=>`, as the first extension of the file is written."""
    found = (o.separator for s in document.parts for o in s.all("exten"))
    return next(found, "=>")


def why_refused(
    editor: Editor, wanted: Dialplan, context: str, rows: list[ContextLine]
) -> str | None:
    """Explain why an edit is refused: what loads differently than intended; `None`: nothing.

    Args:
        editor: the edited configuration.
        wanted: the intended dialplan.
        context: the one context that changes.
        rows: the lines that change, or that new ones are added next to.
    """
    loaded = editor.workspace.dialplan
    found = loaded.dialplan
    if not loaded.loaded:
        return "Asterisk would not load the file any more"
    if found == wanted:
        return None
    changed = [one for one in wanted if one.name not in found or found[one.name] != one]
    shared = [row for row in rows if row.item is not None and row.item.way] or rows
    names = ", ".join(repr(one.name) for one in changed if one.name != context)
    if names and shared:
        return f"{shared[0].shown()} is read by several contexts: {names} would change too"
    for meant in changed:
        made = found[meant.name] if meant.name in found else DialplanContext(meant.name)
        for one in (*meant.extensions, *made.extensions):
            if (one in meant.extensions) != (one in made.extensions):
                return _differs(editor, meant, made, one)
    return "the dialplan would be loaded otherwise"


def _differs(
    editor: Editor, meant: DialplanContext, made: DialplanContext, one: DialplanExtension
) -> str:
    """Explain how an extension would load differently than intended."""
    wanted, got = (
        {step for e in context.extensions if e.key == one.key for step in e.steps}
        for context in (meant, made)
    )
    lost = min(wanted - got, key=lambda step: step.priority, default=None)
    more = min(got - wanted, key=lambda step: step.priority, default=None)
    if more is None:
        what = f"step {lost} of {one.key!r}" if lost is not None else f"extension {one.key!r}"
        return f"{what} would be loaded otherwise"
    key = meant.name, one.name, one.callerid_match, more.priority
    origin = editor.workspace.dialplan.origins[key]
    _, line = editor.node_at((origin.file, origin.line))
    shown = f"{printable(line.text.strip())!r} in {origin.file}"
    instead = f" instead of {lost}" if lost is not None else ""
    return f"{shown} would then make priority {more.priority} of {one.key!r}{instead}"
