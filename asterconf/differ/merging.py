"""Makes the changes of one configuration in another one, or records conflicts."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from typing import Any

import attrs

from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.differ.changes import ENDPOINTS, Change, ChangeCause
from asterconf.differ.contexts import FILE
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

__all__ = ["apply_changes", "merge_changes"]

Key = tuple[str, ...]
"""What a difference is about: file, kind and name of the object, then the part of it."""

THERE = "*"
"""The part of a key for whether an object exists at all."""

ORDER = "*order"
"""The part of a key for the order of the members, includes or switches of an object.

Which of them moved is arbitrary, so all moves are one difference.
"""

_LISTED = {"member", "include", "switch"}
_PARTS = {"option", "step", "hint", "ignorepat", *_LISTED}


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


# -- single differences ---------------------------------------------------------------------------


@attrs.frozen
class _Difference:
    """One thing that differs, by a key that is the same in several comparisons.

    Attributes:
        key: what it is about.
        change: the leaf, or the object where that was added or removed.
        owner: the change of the whole object.
        holder: the nearest change above of an object, a context or an extension.
    """

    key: Key
    change: Change
    owner: Change
    holder: Change

    @property
    def object(self) -> Key:
        """The object that it is about."""
        return self.key[:5] if self.key[3:4] == ("exten",) else self.key[:3]

    @property
    def objects(self) -> tuple[Key, ...]:
        """The object that it is about, and for an extension of the dialplan its context."""
        return tuple(dict.fromkeys((self.object, self.key[:3])))

    @property
    def exists(self) -> bool:
        """Whether it is about the object being there at all."""
        return self.key[-1] == THERE

    @property
    def removes(self) -> bool:
        """Whether the object was removed."""
        return self.exists and self.change.action == "removed"

    @property
    def is_of_set(self) -> bool:
        """Whether it is about a set of items, to which both sides may add."""
        name = self.change.name
        options = [one.options[name] for one in self.holder.objects if one and name in one.options]
        return self.change.kind == "option" and bool(options) and is_set(options[0].facts)


def _differences(
    change: Change, owner: Change, holder: Change, above: Key = ()
) -> Iterator[_Difference]:
    key = _key(change, above)
    value = change.kind == "global" and not change.is_object
    if value or change.kind == "file" or change.kind in _PARTS:
        yield _Difference(key, change, owner, holder)
        return
    holder = change if change.kind in {"context", "exten"} or change.is_object else holder
    if change.action in {"added", "removed"}:
        yield _Difference((*key, THERE), change, owner, holder)
    if any(part.kind == "step" for part in change.parts):
        yield _Difference((*key, "steps"), change, owner, holder)
    for part in change.parts:
        if part.kind != "step":
            yield from _differences(part, owner, holder, key)


def _key(change: Change, above: Key) -> Key:
    if change.kind in _LISTED and change.action == "moved":
        return (*above, change.kind, ORDER)
    if change.kind == "member":
        return (*above, "member", fold(change.name))
    if change.kind in {"include", "switch"}:
        there = change.new if change.new is not None else change.old
        return (*above, change.kind, there.text)
    if change.kind == "exten" or change.kind in _PARTS:
        return (*above, change.kind, change.name)
    return _object_key(change, change.name)


def _object_key(change: Change, name: str) -> Key:
    """Return the key of a changed object, by its new or its old name."""
    return change.file, "endpoint" if change.kind in ENDPOINTS else change.kind, name


def _selected(change: Change) -> Iterator[Key]:
    """Yield the beginnings of the keys of all the differences in a change."""
    if change.kind == "exten":  # it moved to another context
        for name in (change.name, change.old_name):
            exten, _, context = name.rpartition("@")
            yield FILE, "context", context, "exten", exten
    elif change.kind == "context" and change.action == "changed":
        above = _object_key(change, change.name)
        for part in change.parts:
            yield _key(part, above)
            if part.old_name:
                yield (*above, "exten", part.old_name)
    else:
        for name in (change.name, change.old_name or change.name):
            file, kind, _ = key = _object_key(change, name)
            yield key
            if kind == "endpoint" and file != FILES[1]:
                yield FILES[1], kind, name
        for part in change.parts:
            if part.is_object:
                yield from _selected(part)


# -- merging --------------------------------------------------------------------------------------

Differences = Mapping[Key, _Difference]
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
    _known: deque[tuple[ComparedConfig, ComparedConfig, Differences]] = attrs.field(
        init=False, factory=lambda: deque(maxlen=3)
    )

    def run(self) -> list[Conflict]:
        """Make the changes and return what could not be made."""
        self.now = ComparedConfig.of(self.editor.workspace)
        self._add_files()
        self.plain = self._plain_wizards()
        wanted = self._between(self.base, self.theirs)
        if self.only is not None:
            starts = {key for change in self.only for key in _selected(change)}
            wanted = {k: d for k, d in wanted.items() if any(k[: len(s)] == s for s in starts)}
        todo = self._possible(wanted)
        self._globals(todo)
        self._shared(todo)
        self._renamed(todo)
        left = self._between(self.now, self.theirs)
        for group in _by_object(one for key, one in todo.items() if key in left):
            self._object(group)
        self._verify(todo)
        return self.conflicts

    def _verify(self, todo: Differences) -> None:
        """Record a conflict for every requested change that did not happen."""
        left = self._between(self.now, self.theirs)
        named = {conflict.owner.name for conflict in self.conflicts}
        for key, one in todo.items():
            if key in left and not one.is_of_set and one.owner.name not in named:
                named.add(one.owner.name)
                self._refuse(one, left[key], "it cannot be written here")

    def _between(self, old: ComparedConfig, new: ComparedConfig) -> Differences:
        """Return what differs between two sides by key; the last results are cached."""
        for one, other, found in self._known:
            if one is old and other is new:
                return found
        changes = compare(old, new, renames=False, plain=self.plain)
        made = {d.key: d for change in changes for d in _differences(change, change, change)}
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

    def _possible(self, wanted: Differences) -> Differences:
        """Return what is to be done; what both changed differently becomes a conflict."""
        mine = self._between(self.base, self.now)
        left = self._between(self.now, self.theirs)
        touched: dict[Key, _Difference] = {}
        for one in mine.values():
            for part in one.objects:
                touched.setdefault(part, one)
        todo = {
            key: one
            for key, one in wanted.items()
            if key in left and not self._clashes(one, left[key], mine, touched)
        }
        self._orders(wanted, left)
        refused = {c.owner for c in self.conflicts if c.change is c.owner}
        self.conflicts = [
            c for c in self.conflicts if c.change is c.owner or c.owner not in refused
        ]
        removed = {one.object for one in todo.values() if one.removes}
        kept = {one.object for one in wanted.values() if one.removes} - removed
        return {key: one for key, one in todo.items() if kept.isdisjoint(one.objects)}

    def _clashes(
        self,
        one: _Difference,
        left: _Difference,
        mine: Differences,
        touched: Mapping[Key, _Difference],
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
        own = mine.get(one.key)
        if own is not None and not _can_join(one, own):
            self._refuse(one, own, f"here it is {_value(own.change)} now")
            return True
        there = (mine.get((*part, THERE)) for part in one.objects)
        gone = next((other for other in there if other is not None and other.removes), None)
        if gone is not None and not (one.exists and gone.object == one.object):
            self._refuse(one, gone, "here it is gone")
            return True
        if one.removes and one.object in touched:
            self._refuse(one, touched[one.object], "here it was changed")
            return True
        return False

    def _orders(self, wanted: Differences, left: Differences) -> None:
        """Record a conflict where both sides added to an ordered list, at different positions."""
        both = {key[:-1] for key in wanted.keys() - left.keys()}
        for key, one in left.items():
            if key[-1] == ORDER and key not in wanted and key[:-1] in both:
                reason = "here they stand in another order"
                place = one.change.old_place
                self.conflicts.append(Conflict(one.change, one.owner, reason, place))

    def _refuse(self, one: _Difference, ours: _Difference | None, reason: str) -> None:
        """Record a conflict, unless the same change is one for the same reason already."""
        place = ours.change.new_place if ours is not None else None
        conflict = Conflict(one.change, one.owner, reason, place)
        if conflict not in self.conflicts:
            self.conflicts.append(conflict)

    # -- doing --------------------------------------------------------------------------------

    def _attempt(
        self, group: Iterable[_Difference], step: EditStep, *, with_dialplan: bool = False
    ) -> str:
        """Do one step; undo it if it fails or changes anything else.

        Args:
            group: the differences that may change.
            step: the step.
            with_dialplan: whether contexts may change with it.

        Returns:
            The reason of the failure; empty: none.
        """
        wanted = {one.key for one in group}
        try:
            with self.editor.attempt():
                step(SectionWriter(self.editor, self.theirs))
                after = ComparedConfig.of(self.editor.workspace)
                for key, one in self._between(self.now, after).items():
                    whole = any((*key[:size], THERE) in wanted for size in (3, 5))
                    context = with_dialplan and key[:2] == (FILE, "context")
                    if key not in wanted and not whole and not context:
                        raise EditError(f"{label(one.owner)} would change, too")
        except AsterconfError as error:
            return str(error)
        self.now = after
        return ""

    def _globals(self, todo: Differences) -> None:
        """Give the global variables of the dialplan their values."""
        for one in [one for one in todo.values() if one.key[:2] == (FILE, "global")]:
            reason = self._attempt(
                [one], partial(set_variable, one.change.name, one.change.new), with_dialplan=True
            )
            if reason:
                self._refuse(one, None, reason)

    def _shared(self, todo: Differences) -> None:
        """Repeat edits of templates in the template, if exactly the same objects change."""
        by_cause: dict[ChangeCause, list[_Difference]] = {}
        for one in todo.values():
            cause = one.change.cause if one.holder.action == "changed" else None
            if cause is not None and one.change.kind == "option" and one.key[1] != "mailbox":
                by_cause.setdefault(cause, []).append(one)
        for cause, group in by_cause.items():
            caused = [(one.change, one.holder, one.owner) for one in group]
            step = shared_edit(cause, caused, self.base, self.theirs)
            if step is not None:
                self._attempt(group, step)

    def _renamed(self, todo: Differences) -> None:
        """Rename the objects that were only renamed there."""
        removed = {one.key[:2] for one in todo.values() if one.removes}
        if not any(
            one.exists and not one.removes and one.key[:2] in removed for one in todo.values()
        ):
            return
        for change in compare(self.base, self.theirs, plain=self.plain):
            old, new = change.objects
            if change.action != "renamed" or old is None or new is None:
                continue
            keys = {_object_key(change, change.name), _object_key(change, change.old_name)}
            group = [one for one in todo.values() if one.object in keys]
            if {one.object for one in group if one.exists} == keys:
                self._attempt(group, partial(_rename, old, new))

    def _object(self, group: list[_Difference]) -> None:
        """Make the changes of one object."""
        first = group[0]
        kind = first.key[1]
        if first.key[:2] == (FILE, "global"):
            return
        if kind == "file":
            self._refuse(first, None, first.change.title or "Asterisk refuses it there")
            return
        reason = self._attempt(
            group, partial(_write_context if kind == "context" else _write, group)
        )
        if reason:
            self._refuse(first, None, reason)


def _rename(old: Any, new: Any, writer: SectionWriter) -> None:  # noqa: ANN401
    writer.rename(old, new)


def _write(group: list[_Difference], sections: SectionWriter) -> None:
    """Make the changes of one object that a section or line of a file makes."""
    old, new = group[0].holder.objects
    exists = next((one for one in group if one.exists), None)
    of_boxes = group[0].key[1] == "mailbox"
    writer = _MailboxWriter(sections.editor) if of_boxes else sections
    if exists is not None and exists.removes:
        assert old is not None
        writer.remove(old)
        return
    assert new is not None
    if exists is not None:
        writer.add(new)
        return
    options = [one.change.name for one in group if one.change.kind == "option"]
    members = [one.change.name for one in group if one.change.kind == "member"]
    if isinstance(writer, _MailboxWriter):
        writer.change(new, options)
        return
    if options:
        writer.change(old, new, options)
    if members:
        writer.members(new, members)


@attrs.frozen(eq=False)
class _MailboxWriter:
    """Edits the mailboxes of a configuration."""

    editor: Editor

    def add(self, new: ComparedObject) -> None:
        """Add a mailbox."""
        verbs.add(self.editor, new.typed, file=None, after=None, style=None)

    def remove(self, old: ComparedObject) -> None:
        """Remove a mailbox."""
        verbs.remove(self.editor, self._current(old))

    def change(self, new: ComparedObject, names: Iterable[str]) -> None:
        """Give some fields and settings of a mailbox the values that they have in `new`."""
        box, wanted = self._current(new), new.typed
        fields: dict[str, Any] = {}
        settings = list(box.options)
        for name in names:
            if name in {"initial_pin", "name", "email", "pager"}:
                fields[name] = getattr(wanted, name)
                continue
            first = next((i for i, one in enumerate(settings) if _sets(one, name)), len(settings))
            settings = [one for one in settings if not _sets(one, name)]
            settings[first:first] = [one for one in wanted.options if _sets(one, name)][-1:]
        if tuple(settings) != box.options:
            fields["options"] = tuple(settings)
        verbs.update(self.editor, box, fields)

    def _current(self, box: ComparedObject) -> Mailbox:
        found = self.editor.workspace.mailboxes.objects.get(box.name)
        if found is None:
            raise EditError(f"mailbox {box.name} is not there")
        return found.obj


def _sets(setting: str, name: str) -> bool:
    return fold(setting.partition("=")[0]) == fold(name)


def _write_context(group: list[_Difference], writer: SectionWriter) -> None:
    """Make the changes of one context."""
    name = group[0].key[2]
    whole = next((one for one in group if one.key == (FILE, "context", name, THERE)), None)
    if whole is not None and whole.removes:
        remove_context(writer.editor, name)
    elif whole is not None:
        add_context(writer, whole.change.new)
    else:
        now = find_context(writer.editor.workspace, name)
        if now is None:
            raise EditError(f"context {printable(name)} is not there")
        change_context(writer, _changed_context(now, group))


def _changed_context(now: DialplanContext, group: list[_Difference]) -> DialplanContext:
    """Return a context with these changes made."""
    extensions = {(one.name, one.callerid_match): one for one in now.extensions}
    fields: dict[str, Any] = {}
    for one in group:
        part, change = one.key[3], one.change
        if part == "exten":
            old, new = one.holder.old, one.holder.new
            key = (new or old).name, (new or old).callerid_match
            there = extensions.get(key, DialplanExtension(*key))
            wanted = new or DialplanExtension(*key)
            if one.key[5] in {"steps", THERE}:
                there = attrs.evolve(there, steps=wanted.steps)
            if one.key[5] in {"hint", THERE}:
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


def _by_object(differences: Iterable[_Difference]) -> list[list[_Difference]]:
    """Return differences in lists, those of one object together; removed objects first."""
    found: dict[Key, list[_Difference]] = {}
    for one in differences:
        found.setdefault(one.key[:3], []).append(one)
    return sorted(found.values(), key=lambda group: not group[0].removes)


def _can_join(theirs: _Difference, ours: _Difference) -> bool:
    """Whether both changes can be made: those of a set of items can."""
    values = (theirs.change.old, theirs.change.new, ours.change.new)
    return theirs.is_of_set and all(isinstance(value, tuple) for value in values)


def _value(change: Change) -> str:
    if change.secret:
        return "another secret"
    if change.action == "moved":
        return "in another place"
    if change.kind in {"exten", "context"} or change.parts:
        return "something else"
    return shown(change.new) if change.new is not None else "gone"
