"""Makes the changes of one configuration in another one, or records conflicts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.differ.address import Address
from asterconf.differ.changes import Change, tree
from asterconf.differ.differences import LISTED, ChangeCause, Difference
from asterconf.differ.diffing import compare
from asterconf.differ.matching import is_set
from asterconf.differ.normal import shown
from asterconf.differ.objects import ComparedConfig, ComparedObject, changed_sections
from asterconf.differ.pjsip import FILES, ComparedPjsip
from asterconf.differ.printing import Conflict, label
from asterconf.differ.writing import (
    SectionWriter,
    add_context,
    change_context,
    find_context,
    set_variable,
    shared_edit,
)
from asterconf.editing import verbs
from asterconf.editing.dialplan.context import remove_context
from asterconf.editing.dialplan.writing import in_order
from asterconf.editing.editor import Editor
from asterconf.errors import AsterconfError, ConflictError, EditError
from asterconf.model import Mailbox
from asterconf.source import fold, printable
from asterconf.syntax import Document
from asterconf.workspace import Workspace


def merge_changes(
    base: ComparedConfig,
    workspace: Workspace,
    theirs: ComparedConfig,
    *,
    only: Iterable[Change] | None = None,
    is_ambiguous: Callable[[Change], bool] = lambda _: False,
) -> list[Conflict]:
    """Make what changed from base to theirs in a configuration, and return the conflicts.

    Args:
        base: where both come from.
        workspace: the configuration, which is edited.
        theirs: the other one.
        only: the changes that are wanted; `None`: all.
        is_ambiguous: whether the author of a change of a leaf cannot be determined; then it is a
            conflict, too.
    """
    wanted = None if only is None else list(only)
    return _Merging(base, Editor(workspace), theirs, wanted, is_ambiguous).run()


def apply_changes(
    old: ComparedConfig, new: ComparedConfig, only: Iterable[Change] | None, workspace: Workspace
) -> None:
    """Make changes in a configuration, all of them or none.

    Raises:
        ConflictError: some cannot be made; nothing changed.
    """
    with Editor(workspace).attempt():
        conflicts = merge_changes(old, workspace, new, only=only)
        if conflicts:
            raise ConflictError("\n".join(map(str, conflicts)), conflicts)


# -- what is merged as one ------------------------------------------------------------------------


@attrs.frozen
class _Unit:
    """A difference, or several that can only be merged together.

    Attributes:
        address: as `Difference.unit` has it.
        change: the leaf, or the object or extension where that was added or removed, or where it
            is about all steps.
        owner: the change of the whole object.
        holder: the nearest change above of an object, a context or an extension.
    """

    address: Address
    change: Change
    owner: Change
    holder: Change

    @property
    def places(self) -> tuple[Address, ...]:
        """The object that it is about, and for an extension of the dialplan its context."""
        return tuple(dict.fromkeys((self.address.holder, self.address.object)))

    @property
    def exists(self) -> bool:
        """Whether it is about the object being there at all."""
        return self.address == self.address.holder

    @property
    def removes(self) -> bool:
        """Whether the object was removed."""
        return self.exists and self.change.action == "removed"

    @property
    def is_of_set(self) -> bool:
        """Whether it is about a set of items, to which both sides may add."""
        name = self.address.called
        options = [one.options[name] for one in self.holder.objects if one and name in one.options]
        return self.address.what == "option" and bool(options) and is_set(options[0].facts)


def _units(change: Change, owner: Change, holder: Change) -> Iterator[_Unit]:
    if not change.is_whole:
        yield _Unit(change.unit, change, owner, holder)
        return
    if change.action in {"added", "removed"}:
        yield _Unit(change.address, change, owner, change)
    if any(part.address.what == "step" for part in change.parts):
        yield _Unit(change.address.part("step", ""), change, owner, change)
    for part in change.parts:
        if part.address.what != "step":
            yield from _units(part, owner, change)


def _selected(one: Difference) -> Iterator[Address]:
    """Yield the addresses, with all below them, that making one difference takes."""
    texts = (getattr(side, "text", "") for side in (one.old, one.new))
    if one.address.what in {"include", "switch"}:
        yield from (attrs.evolve(one, address=one.address.renamed(text)).unit for text in texts)
        return
    for address in (one.address, one.old_address or one.address):
        if not address.is_context:
            yield address if address.what in {"variable", "reading"} else address.object
            if (address.file, address.kind) == (FILES[0], "endpoint"):
                yield Address(FILES[1], "wizard", address.name)
        elif address.path or one.action != "changed":
            yield attrs.evolve(one, address=address).unit


# -- merging --------------------------------------------------------------------------------------

Units = Mapping[Address, _Unit]
EditStep = Callable[[SectionWriter], None]
"""A function that edits the configuration."""


@attrs.define(eq=False)
class _Merging:
    """The changes from base to theirs, made in a configuration.

    Attributes:
        base: where both come from.
        editor: the configuration that is edited.
        theirs: what changed.
        only: the changes that are wanted; `None`: all.
        is_ambiguous: whether the author of a change of a leaf cannot be determined.
        now: the current state of the configuration.
        plain: the wizard sections that are merged as they are written.
        conflicts: what could not be done.
    """

    base: ComparedConfig
    editor: Editor
    theirs: ComparedConfig
    only: list[Change] | None
    is_ambiguous: Callable[[Change], bool]
    now: ComparedConfig = attrs.field(init=False)
    plain: frozenset[str] = attrs.field(init=False, default=frozenset())
    conflicts: list[Conflict] = attrs.field(init=False, factory=list)
    _known: deque[tuple[ComparedConfig, ComparedConfig, Units]] = attrs.field(
        init=False, factory=lambda: deque(maxlen=3)
    )

    def run(self) -> list[Conflict]:
        """Make the changes and return what could not be made."""
        self.now = ComparedConfig.of(self.editor.workspace)
        self._add_files()
        self.plain = self._plain_wizards()
        wanted = self._between(self.base, self.theirs)
        if self.only is not None:
            every = (one for change in self.only for one in change.flat())
            starts = {address for one in every for address in _selected(one)}
            wanted = {a: one for a, one in wanted.items() if not starts.isdisjoint(a.prefixes)}
        todo = self._possible(wanted)
        self._globals(todo)
        self._shared(todo)
        self._renamed(todo)
        left = self._between(self.now, self.theirs)
        for group in _by_object(one for key, one in todo.items() if key in left):
            self._object(group)
        self._verify(todo)
        return self.conflicts

    def _verify(self, todo: Units) -> None:
        """Record a conflict for every requested change that did not happen."""
        left = self._between(self.now, self.theirs)
        named = {conflict.owner.address for conflict in self.conflicts}
        for key, one in todo.items():
            if key in left and not one.is_of_set and one.owner.address not in named:
                named.add(one.owner.address)
                self._refuse(one, left[key], "it cannot be written here")

    def _between(self, old: ComparedConfig, new: ComparedConfig) -> Units:
        """Return what differs between two sides by key; the last results are cached."""
        for one, other, found in self._known:
            if one is old and other is new:
                return found
        changes = tree(compare(old, new, renames=False, plain=self.plain))
        made = {one.address: one for c in changes for one in _units(c, c, c)}
        self._known.append((old, new, made))
        return made

    def _add_files(self) -> None:
        """Take over files that only theirs has, with all that they include."""
        workspace = self.editor.workspace
        here = {*self.base.names, *self.now.names}
        if here & set(FILES):  # an object may move from one to the other
            here |= set(FILES)
        for base, name in self.theirs.names.items():
            if base in here or self.only is not None:
                continue
            reading = self.theirs.reading(base)
            for part, _ in reading.files if reading is not None else ():
                document = self.theirs.document(part)
                if document is not None and workspace.files.get(part) is None:
                    workspace.files.documents[part] = Document(str(document), name=part)
            if name in workspace.files.documents:
                workspace.names.append(name)
        self.now = ComparedConfig.of(workspace)

    def _plain_wizards(self) -> frozenset[str]:
        """Return the wizard sections that no side writes as separate objects."""
        sides = [ComparedPjsip(side) for side in (self.base, self.now, self.theirs)]
        names = {
            name
            for side in (self.now, self.theirs)
            for name, *_ in changed_sections(self.base.live(FILES[1]), side.live(FILES[1]))
        }
        return frozenset(
            name
            for name in names
            if all(s.wizard(name) or not s.has(("endpoint", name)) for s in sides)
        )

    # -- what may be done ---------------------------------------------------------------------

    def _possible(self, wanted: Units) -> Units:
        """Return what is to be done; what both changed differently becomes a conflict."""
        mine = self._between(self.base, self.now)
        left = self._between(self.now, self.theirs)
        touched: dict[Address, _Unit] = {}
        for one in mine.values():
            for part in one.places:
                touched.setdefault(part, one)
        todo = {
            key: one
            for key, one in wanted.items()
            if (other := _left(left, one)) and not self._clashes(one, other, mine, touched)
        }
        self._orders(wanted, left)
        refused = {c.owner for c in self.conflicts if c.change is c.owner}
        self.conflicts = [
            c for c in self.conflicts if c.change is c.owner or c.owner not in refused
        ]
        removed = {one.address for one in todo.values() if one.removes}
        kept = {one.address for one in wanted.values() if one.removes} - removed
        return {key: one for key, one in todo.items() if kept.isdisjoint(one.places)}

    def _clashes(
        self,
        one: _Unit,
        left: _Unit,
        mine: Units,
        touched: Mapping[Address, _Unit],
    ) -> bool:
        """Whether the configuration changed what is to change; then it is a conflict.

        Args:
            one: what is to change.
            left: how the configuration differs from theirs there.
            mine: what the configuration changed.
            touched: of this one difference by object.
        """
        if self.is_ambiguous(one.change) and one.holder.action == "changed":
            self._refuse(one, left, "it is not known who changed it")
            return True
        own = mine.get(one.address)
        if own is None and one.address.what in LISTED and one.change.action == "removed":
            own = mine.get(one.address.siblings)  # their order
        if own is not None and not _can_join(one, own):
            self._refuse(one, own, f"here it is {_value(own.change)} now")
            return True
        there = map(mine.get, one.places)
        gone = next((other for other in there if other is not None and other.removes), None)
        if gone is not None and not (one.exists and gone.address == one.address):
            self._refuse(one, gone, "here it is gone")
            return True
        if one.removes and one.address in touched:
            self._refuse(one, touched[one.address], "here it was changed")
            return True
        return False

    def _orders(self, wanted: Units, left: Units) -> None:
        """Record a conflict where both sides added to an ordered list, at different positions."""
        both = {address.siblings for address in wanted.keys() - left.keys() if address.path}
        for address, one in left.items():
            if address in both and address not in wanted:
                reason = "here they stand in another order"
                place = one.change.old_place
                self.conflicts.append(Conflict(one.change, one.owner, reason, place))

    def _refuse(self, one: _Unit, ours: _Unit | None, reason: str) -> None:
        """Record a conflict, unless the same change is one for the same reason already."""
        place = ours.change.new_place if ours is not None else None
        conflict = Conflict(one.change, one.owner, reason, place)
        if conflict not in self.conflicts:
            self.conflicts.append(conflict)

    # -- doing --------------------------------------------------------------------------------

    def _attempt(
        self, group: Iterable[_Unit], step: EditStep, *, with_dialplan: bool = False
    ) -> str:
        """Do one step; undo it if it fails or changes anything else.

        Args:
            group: the differences that may change.
            step: the step.
            with_dialplan: whether contexts may change with it.

        Returns:
            The reason of the failure; empty: none.
        """
        wanted = {one.address for one in group}
        try:
            with self.editor.attempt():
                step(SectionWriter(self.editor, self.theirs))
                after = ComparedConfig.of(self.editor.workspace)
                for address, one in self._between(self.now, after).items():
                    other = wanted.isdisjoint(address.prefixes)
                    if other and not (with_dialplan and address.is_context):
                        raise EditError(f"{label(one.owner)} would change, too")
        except AsterconfError as error:
            return str(error)
        self.now = after
        return ""

    def _globals(self, todo: Units) -> None:
        """Give the global variables of the dialplan their values."""
        for one in [one for one in todo.values() if one.address.what == "variable"]:
            reason = self._attempt(
                [one], partial(set_variable, one.change.name, one.change.new), with_dialplan=True
            )
            if reason:
                self._refuse(one, None, reason)

    def _shared(self, todo: Units) -> None:
        """Repeat edits of templates in the template, if exactly the same objects change."""
        by_cause: dict[ChangeCause, list[_Unit]] = {}
        for one in todo.values():
            cause = one.change.cause if one.holder.action == "changed" else None
            if cause and one.address.what == "option" and one.address.kind != "mailbox":
                by_cause.setdefault(cause, []).append(one)
        for cause, group in by_cause.items():
            caused = [(one.change, one.holder, one.owner) for one in group]
            step = shared_edit(cause, caused, self.base, self.theirs)
            if step is not None:
                self._attempt(group, step)

    def _renamed(self, todo: Units) -> None:
        """Rename the objects that were only renamed there."""
        exist = [one for one in todo.values() if one.exists]
        removed = {(one.address.file, one.address.kind) for one in exist if one.removes}
        added = {(one.address.file, one.address.kind) for one in exist if not one.removes}
        if removed.isdisjoint(added):
            return
        for change in compare(self.base, self.theirs, plain=self.plain):
            old, new = change.objects
            if change.action != "renamed" or change.depth or old is None or new is None:
                continue
            names = {change.address, change.old_address}
            group = [one for one in todo.values() if one.address.holder in names]
            if {one.address for one in group if one.exists} == names:
                self._attempt(group, partial(_rename, old, new))

    def _object(self, group: list[_Unit]) -> None:
        """Make the changes of one object."""
        first = group[0]
        if first.address.what == "variable":
            return
        if first.address.what == "reading":
            for one in group:
                self._refuse(one, None, "it cannot be merged line by line")
            return
        write = _write_context if first.address.is_context else _write
        reason = self._attempt(group, partial(write, group))
        if reason:
            self._refuse(first, None, reason)


def _rename(old: Any, new: Any, writer: SectionWriter) -> None:  # noqa: ANN401
    writer.rename(old, new)


def _write(group: list[_Unit], writer: SectionWriter) -> None:
    """Make the changes of one object that a section or line of a file makes."""
    exists = next((one for one in group if one.exists), None)
    old, new = (exists or group[0]).holder.objects  # not the same where a name is there twice
    of_boxes = group[0].address.kind == "mailbox"
    if exists is not None and exists.removes:
        assert old is not None
        if of_boxes:
            verbs.remove(writer.editor, _box(writer.editor, old))
        else:
            writer.remove(old)
        return
    assert new is not None
    if exists is not None:
        if of_boxes:
            verbs.add(writer.editor, new.typed, file=None, after=None, style=None)
        else:
            writer.add(new)
        return
    options = [one.address.called for one in group if one.address.what == "option"]
    members = [fold(one.change.name) for one in group if one.address.what == "member"]
    if of_boxes:
        box = _box(writer.editor, new)
        verbs.update(writer.editor, box, dict(_box_fields(box, new.typed, options)))
    else:
        writer.change(old, new, options, members)


def _box(editor: Editor, like: ComparedObject) -> Mailbox:
    """Return a mailbox as it is now."""
    found = editor.workspace.mailboxes.objects.get(like.name)
    if found is None:
        raise EditError(f"mailbox {like.name} is not there")
    return found.obj


def _box_fields(box: Mailbox, wanted: Mailbox, names: Iterable[str]) -> Iterator[tuple[str, Any]]:
    """Yield the fields of a mailbox that give some fields and settings their values in `wanted`."""
    settings = list(box.options)
    for name in names:
        if name in {"initial_pin", "name", "email", "pager"}:
            yield name, getattr(wanted, name)
            continue
        first = next((i for i, one in enumerate(settings) if _sets(one, name)), len(settings))
        settings = [one for one in settings if not _sets(one, name)]
        settings[first:first] = [one for one in wanted.options if _sets(one, name)][-1:]
    if tuple(settings) != box.options:
        yield "options", tuple(settings)


def _sets(setting: str, name: str) -> bool:
    return fold(setting.partition("=")[0]) == fold(name)


def _write_context(group: list[_Unit], writer: SectionWriter) -> None:
    """Make the changes of one context."""
    name = group[0].address.name
    whole = next((one for one in group if not one.address.path), None)
    if whole is not None and whole.removes:
        remove_context(writer.editor, name)
    elif whole is not None:
        add_context(writer, whole.change.new)
    else:
        now = find_context(writer.editor.workspace, name)
        if now is None:
            raise EditError(f"context {printable(name)} is not there")
        change_context(writer, _changed_context(now, group))


def _changed_context(now: DialplanContext, group: list[_Unit]) -> DialplanContext:
    """Return a context with these changes made."""
    extensions = {(one.name, one.callerid_match): one for one in now.extensions}
    fields: dict[str, Any] = {}
    for one in group:
        change, (part, *below) = one.change, (each.kind for each in one.address.path)
        if part == "exten":
            old, new = one.holder.old, one.holder.new
            key = (new or old).name, (new or old).callerid_match
            there = extensions.get(key, DialplanExtension(*key))
            wanted = new or DialplanExtension(*key)
            if below != ["hint"]:
                there = attrs.evolve(there, steps=wanted.steps)
            if below != ["step"]:
                there = attrs.evolve(there, hint=wanted.hint)
            extensions[key] = there
        elif part == "include":
            fields["includes"] = one.owner.new.includes
        elif part == "option":
            fields["autohints"] = bool(change.new)
        else:
            field = "ignorepats" if part == "ignorepat" else "switches"
            kept = [item for item in fields.get(field, getattr(now, field)) if item != change.old]
            fields[field] = (*kept, *([] if change.new is None else [change.new]))
    fields["extensions"] = [one for one in extensions.values() if one.steps or one.hint]
    return in_order(attrs.evolve(now, **fields))


def _by_object(differences: Iterable[_Unit]) -> list[list[_Unit]]:
    """Return differences in lists, those of one object together; removed objects first."""
    found: dict[Address, list[_Unit]] = {}
    for one in differences:
        found.setdefault(one.address.object, []).append(one)
    return sorted(found.values(), key=lambda group: not group[0].removes)


def _left(units: Units, one: _Unit) -> _Unit | None:
    """Return what is left to do of a difference: of a list that moved also all of its object."""
    moved = one.places if one.change.action == "moved" else ()
    return next((units[key] for key in (one.address, *moved) if key in units), None)


def _can_join(theirs: _Unit, ours: _Unit) -> bool:
    """Whether both changes can be made: those of a set of items can."""
    values = (theirs.change.old, theirs.change.new, ours.change.new)
    return theirs.is_of_set and all(isinstance(value, tuple) for value in values)


def _value(change: Change) -> str:
    if change.secret:
        return "another secret"
    if change.action == "moved":
        return "in another place"
    if change.is_whole:
        return "something else"
    return shown(change.new) if change.new is not None else "gone"
