"""Changes of one configuration made in another one, and three of them merged."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.differ.changes import Cause, Change
from asterconf.differ.compare import Comparison
from asterconf.differ.contexts import FILE
from asterconf.differ.diffing import compare
from asterconf.differ.facts import ORDER, THERE, Fact, Key, facts_of, object_key, starts_of
from asterconf.differ.order import is_set
from asterconf.differ.rows import change_rows, label, shown
from asterconf.differ.sip import FILES, Sip
from asterconf.differ.units import Side, Unit
from asterconf.differ.write_dialplan import Contexts
from asterconf.differ.write_mailboxes import Boxes
from asterconf.differ.write_sections import Sections
from asterconf.differ.write_shared import repeat
from asterconf.editing.editor import Editor
from asterconf.errors import AsterconfError, ConflictError, EditError
from asterconf.resolve import Files
from asterconf.shown import Shown
from asterconf.source import Position
from asterconf.syntax import Document
from asterconf.syntax.text import mark_changed

if TYPE_CHECKING:
    from asterconf.config import Config

__all__ = ["Conflict", "Merge", "apply", "merge"]


Action = Callable[[Sections, Contexts], None]
"""Something done to the sections and contexts of the configuration that is edited."""


@attrs.frozen(repr=False)
class Conflict(Shown):
    """A change that was not made, and why.

    Attributes:
        change: the change that was to be made: an option, a step, or a whole object.
        owner: the object that it belongs to.
        reason: why it was not made, as a sentence.
        place: where the other value stands here; `None`: it stands nowhere.
    """

    change: Change
    owner: Change
    reason: str
    place: Position | None = None

    def __str__(self) -> str:
        where = f"{self.place}: " if self.place else ""
        if self.change is not self.owner:
            told = attrs.evolve(self.owner, parts=(self.change,))
        elif any(self.owner._units):
            return f"{where}{self.owner.sign} {label(self.owner)}: {self.reason}"
        else:
            told = attrs.evolve(self.owner, parts=())
        row = next(iter(change_rows(told)))
        return f"{where}{row.sign} {row.text}: {self.reason}"

    def __repr__(self) -> str:
        return f"<Conflict {self}>"


@attrs.frozen(repr=False)
class Merge(Shown):
    """The outcome of a merge.

    Attributes:
        config: the merged configuration: ours, with what theirs changed. It is not saved yet.
        conflicts: what both changed, each in its own way; there ours stands.
    """

    config: Config
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether all of theirs is in it."""
        return not self.conflicts

    def __repr__(self) -> str:
        return f"<Merge: {len(self.conflicts) or 'no'} conflict{'s' * (len(self.conflicts) != 1)}>"


def merge(base: Config, ours: Config, theirs: Config) -> Merge:
    """Return ours with what changed from base to theirs; its text and comments stay.

    Objects are compared by what they mean, option by option. What ours and theirs both changed,
    each in its own way, is a conflict, and stays as in ours. None of the three is edited.
    """
    config = _copy(ours)
    conflicts = _Merging(Side(base), config, Side(theirs)).run()
    return Merge(config, tuple(conflicts))


def merge_into(
    base: Config, ours: Config, theirs: Config, doubt: Callable[[Fact], bool]
) -> list[Conflict]:
    """Bring what changed from base to theirs into ours itself, and return the conflicts.

    `doubt` tells of which facts nobody knows who changed them: these are conflicts, too.
    """
    return _Merging(Side(base), ours, Side(theirs), doubt=doubt).run()


def apply(old: Side, new: Side, only: Iterable[Change] | None, conf: Config) -> None:
    """Make changes in a configuration, all of them or none.

    Args:
        old: the one side of the comparison.
        new: the other.
        only: the changes that are wanted; `None`: all.
        conf: the configuration to edit.

    Raises:
        ConflictError: some cannot be made; nothing changed.
    """
    with Editor(conf.workspace).attempt():
        conflicts = _Merging(old, conf, new, None if only is None else list(only)).run()
        if conflicts:
            raise ConflictError("\n".join(map(str, conflicts)), conflicts)


def _copy(conf: Config) -> Config:
    """Return a configuration of its own with the same files, all of which are read now."""
    for name in list(conf.files):
        conf.effective(name)
    files = conf.workspace.files
    documents = {n: Document(str(d), name=n) for n, d in files.documents.items()}
    made = Files(
        files.root, documents, files.include_roots, None, files.exec_output, dict(files.originals)
    )
    copy = type(conf)(made, conf.workspace.names)
    for name, document in documents.items():
        if files.documents[name].version:
            mark_changed(document)  # it is not what stands on the disk
    return copy


@attrs.define(eq=False)
class _Merging:
    """The changes from base to theirs, made in a configuration.

    Attributes:
        base: where both come from.
        conf: the configuration that is edited.
        theirs: what changed.
        only: the changes that are wanted; `None`: all.
        doubt: tells of which facts nobody knows who changed them.
        plain: the wizard's sections that are merged as what they are.
    """

    base: Side
    conf: Config
    theirs: Side
    only: list[Change] | None = None
    doubt: Callable[[Fact], bool] = lambda _: False
    plain: frozenset[str] = frozenset()
    now: Side = attrs.field(init=False)
    conflicts: list[Conflict] = attrs.field(init=False, factory=list)
    _known: deque[tuple[tuple[Side, Side], dict[Key, Fact]]] = attrs.field(
        init=False, factory=lambda: deque(maxlen=3)
    )

    def run(self) -> list[Conflict]:
        """Make the changes and return what could not be made."""
        self.now = Side(self.conf)
        self._new_files()
        self.plain = self._sections_alike()
        wanted = self._facts(self.base, self.theirs)
        if self.only is not None:
            meant = {key for change in self.only for key in starts_of(change)}
            wanted = {k: f for k, f in wanted.items() if any(k[: len(m)] == m for m in meant)}
        todo = self._sorted(wanted)
        self._globals(todo)
        self._shared(todo)
        self._renamed(todo)
        left = self._facts(self.now, self.theirs)
        for facts in _by_object(fact for key, fact in todo.items() if key in left):
            self._object(facts)
        self._verify(todo)
        return self.conflicts

    def _verify(self, todo: Mapping[Key, Fact]) -> None:
        """See to it that nothing is left undone in silence."""
        left = self._facts(self.now, self.theirs)
        told = {conflict.owner.name for conflict in self.conflicts}
        for key, fact in todo.items():
            if key in left and not self._joined(fact) and fact.owner.name not in told:
                told.add(fact.owner.name)
                self._refuse(fact, left[key], "it cannot be written here")

    def _facts(self, old: Side, new: Side) -> dict[Key, Fact]:
        """Return what differs between two sides, fact by fact; of the last pairs it is kept."""
        for sides, facts in self._known:
            if sides[0] is old and sides[1] is new:
                return facts
        comparison = Comparison(old, new, renames=False, plain=self.plain)
        self._known.append(((old, new), facts_of(compare(comparison))))
        return self._known[-1][1]

    def _new_files(self) -> None:
        """Take over files that only theirs has, with all that they include."""
        files = self.conf.workspace.files
        here = {*self.base.names, *self.now.names}
        if here & set(FILES):  # what one of them says may stand in the other
            here |= set(FILES)
        for base, name in self.theirs.names.items():
            if base in here or self.only is not None:
                continue
            reading = self.theirs.effective(base)
            for part, _ in reading.files if reading is not None else ():
                if part in self.theirs.conf and files.get(part) is None:
                    files.documents[part] = Document(str(self.theirs.conf[part]), name=part)
            if name in files.documents:
                self.conf.workspace.names.append(name)
        self.now = Side(self.conf)

    def _sections_alike(self) -> frozenset[str]:
        """Return the wizard's sections that are ones on all sides where they are at all."""
        sides = [Sip(side) for side in (self.base, self.now, self.theirs)]
        names = {
            name
            for side in (self.now, self.theirs)
            for name, *_ in Comparison(self.base, side).changed(FILES[1])
        }
        return frozenset(
            name
            for name in names
            if all(s.wizard(name) or not s.has(("endpoint", name)) for s in sides)
        )

    # -- what may be done ---------------------------------------------------------------------

    def _sorted(self, wanted: Mapping[Key, Fact]) -> dict[Key, Fact]:
        """Return what is to be done; what both changed differently becomes a conflict."""
        mine = self._facts(self.base, self.now)
        left = self._facts(self.now, self.theirs)
        touched: dict[Key, Fact] = {}
        for fact in mine.values():
            for part in fact.objects:
                touched.setdefault(part, fact)
        todo: dict[Key, Fact] = {}
        for key, fact in wanted.items():
            if key not in left:
                continue
            if self.doubt(fact) and fact.unit.action == "changed":
                self._refuse(fact, left[key], "it cannot be told who changed it")
                continue
            gone = [mine[there] for part in fact.objects if (there := (*part, THERE)) in mine]
            gone = [one for one in gone if one.change.action == "removed"]
            if key in mine and not self._joins(fact, mine[key]):
                self._refuse(fact, mine[key], f"here it is {_value(mine[key])} now")
            elif gone and not fact.exists:
                self._refuse(fact, gone[0], "here it is gone")
            elif fact.exists and fact.change.action == "removed" and fact.object in touched:
                self._refuse(fact, touched[fact.object], "here it was changed")
            else:
                todo[key] = fact
        self._orders(wanted, left)
        refused = {c.owner for c in self.conflicts if c.change is c.owner}
        self.conflicts = [
            c for c in self.conflicts if c.change is c.owner or c.owner not in refused
        ]
        kept = {f.object for f in todo.values() if f.exists and f.change.action == "removed"}
        lost = {
            fact.object
            for key, fact in wanted.items()
            if fact.exists and fact.change.action == "removed" and fact.object not in kept
        }
        return {key: fact for key, fact in todo.items() if lost.isdisjoint(fact.objects)}

    def _orders(self, wanted: Mapping[Key, Fact], left: Mapping[Key, Fact]) -> None:
        """Refuse what both put into a list, but at other places."""
        both = {key[:-1] for key in wanted.keys() - left.keys()}
        for key, fact in left.items():
            if key[-1] == ORDER and key not in wanted and key[:-1] in both:
                reason = "here they stand in another order"
                self.conflicts.append(
                    Conflict(fact.change, fact.owner, reason, fact.change.old_place)
                )

    def _joined(self, theirs: Fact) -> bool:
        """Tell whether a fact is about a set of items, of which ours may have others, too."""
        name = theirs.change.name
        units = [unit for unit in theirs.unit._units if unit is not None and name in unit.said]
        return (
            theirs.change.kind == "option"
            and bool(units)
            and is_set(units[0].said[name].facts, "meaningful")
        )

    def _joins(self, theirs: Fact, ours: Fact) -> bool:
        """Tell whether both changes can stand together: those of a set of items can."""
        values = (theirs.change.old, theirs.change.new, ours.change.new)
        return self._joined(theirs) and all(isinstance(value, tuple) for value in values)

    def _refuse(self, fact: Fact, ours: Fact | None, reason: str) -> None:
        place = ours.change.new_place if ours is not None else None
        self.conflicts.append(Conflict(fact.change, fact.owner, reason, place))

    # -- doing --------------------------------------------------------------------------------

    def _attempt(self, facts: Iterable[Fact], action: Action, *, free: bool = False) -> str:
        """Do something that may change these facts alone, or nothing; return why it failed.

        `free`: the dialplan may change with it.
        """
        wanted = {fact.key for fact in facts}
        sections = Sections(self.conf, self.theirs)
        try:
            with Editor(self.conf.workspace).attempt():
                action(sections, Contexts(sections, self.theirs))
                after = Side(self.conf)
                changed = self._facts(self.now, after)
                for key, fact in changed.items():
                    if not _meant(key, wanted) and not (free and key[:2] == (FILE, "context")):
                        raise EditError(f"{label(fact.owner)} would change, too")
        except AsterconfError as error:
            return str(error)
        self.now = after
        return ""

    def _globals(self, todo: Mapping[Key, Fact]) -> None:
        """Give the global variables of the dialplan their values."""
        for fact in [f for f in todo.values() if f.key[:2] == (FILE, "global")]:
            why = self._attempt([fact], partial(_variable, fact.change), free=True)
            if why:
                self._refuse(fact, None, why)

    def _shared(self, todo: Mapping[Key, Fact]) -> None:
        """Make edits of templates where they were made there, if just the same objects change."""
        by_cause: dict[Cause, list[Fact]] = {}
        for fact in todo.values():
            cause = fact.change.cause if fact.unit.action == "changed" else None
            if cause is not None and fact.change.kind == "option" and fact.key[1] != "mailbox":
                by_cause.setdefault(cause, []).append(fact)
        for cause, facts in by_cause.items():
            if cause.reason != "variable":
                edit = repeat(cause, facts, self.base, self.theirs)
                if edit is not None:
                    self._attempt(facts, partial(_alone, edit))

    def _renamed(self, todo: Mapping[Key, Fact]) -> None:
        """Rename what has only another name there."""
        actions = {(fact.key[:2], fact.change.action) for fact in todo.values() if fact.exists}
        if not any((kind, "removed") in actions for kind, action in actions if action == "added"):
            return
        comparison = Comparison(self.base, self.theirs, plain=self.plain)
        for change in compare(comparison):
            if change.action != "renamed" or not any(change._units):
                continue
            keys = {object_key(change), object_key(change, old=True)}
            facts = [fact for fact in todo.values() if fact.object in keys]
            if {fact.object for fact in facts if fact.exists} != keys:
                continue
            self._attempt(facts, partial(_rename, *change._units))

    def _object(self, facts: list[Fact]) -> None:
        """Make the changes of one object."""
        first = facts[0]
        kind = first.key[1]
        if first.key[:2] == (FILE, "global"):
            return
        if kind == "file":
            self._refuse(first, None, first.change.title or "Asterisk refuses it there")
            return
        action = self._context if kind == "context" else self._unit
        why = self._attempt(facts, partial(action, facts))
        if why:
            self._refuse(first, None, why)

    def _unit(self, facts: list[Fact], sections: Sections, _: Contexts) -> None:
        old, new = facts[0].unit._units
        exists = [fact for fact in facts if fact.exists]
        boxes = Boxes(self.conf) if facts[0].key[1] == "mailbox" else None
        writer: Any = boxes or sections
        if exists and exists[0].change.action == "removed":
            writer.remove(old)
            return
        if exists:
            writer.add(new)
            return
        options = [fact.change.name for fact in facts if fact.change.kind == "option"]
        members = [fact.change.name for fact in facts if fact.change.kind == "member"]
        if boxes is not None:
            boxes.change(new, options)
            return
        if options:
            sections.change(old, new, options)
        if members:
            sections.members(new, members)

    def _context(self, facts: list[Fact], _: Sections, plan: Contexts) -> None:
        name = facts[0].key[2]
        whole = next((f for f in facts if f.key == (FILE, "context", name, THERE)), None)
        context = facts[0].owner.new if facts[0].owner.kind == "context" else None
        if whole is not None and whole.change.action == "removed":
            plan.remove(name)
            return
        if whole is not None:
            plan.add(whole.change.new)
            return
        for fact in facts:
            if fact.key[3] == "exten" and fact.key[5] == "steps":
                extension = fact.change.new or DialplanExtension(*_split(fact.change.old))
                plan.extension(name, extension)
            elif fact.key[3] == "exten" and fact.key[5] == "hint":
                extension = fact.unit.new or DialplanExtension(*_split(fact.unit.old))
                plan.hint(name, extension)
            elif fact.key[3] in {"ignorepat", "switch", "option"}:
                _line(plan, name, fact)
        if any(fact.key[3] == "include" for fact in facts) and isinstance(context, DialplanContext):
            plan.includes(name, context)


def _meant(key: Key, wanted: set[Key]) -> bool:
    """Tell whether a fact is one that may change; of what comes or goes all may."""
    return key in wanted or any((*key[:size], THERE) in wanted for size in (3, 5))


def _variable(change: Change, _: Sections, plan: Contexts) -> None:
    plan.variable(change.name, change.new)


def _alone(edit: Callable[[Sections], None], sections: Sections, _: Contexts) -> None:
    edit(sections)


def _rename(old: Unit, new: Unit, sections: Sections, _: Contexts) -> None:
    sections.rename(old, new.name)
    sections.change(old, new, dict.fromkeys([*new.said, *old.said]))


def _line(plan: Contexts, context: str, fact: Fact) -> None:
    """Take out or add an `ignorepat`, `switch` or `autohints` line."""
    kind, change = fact.key[3], fact.change
    sides = (change.old, change.new)
    if kind == "option":
        plan.lines(context, "autohints", (), ("yes",) if change.new else ())
        return
    key = kind if kind == "ignorepat" else (change.new or change.old).kind
    texts = [[] if v is None else [v if isinstance(v, str) else v.text] for v in sides]
    plan.lines(context, key, texts[0], texts[1])


def _split(extension: DialplanExtension) -> tuple[str, str | None]:
    return extension.name, extension.callerid_match


def _by_object(facts: Iterable[Fact]) -> Iterable[list[Fact]]:
    """Return facts in lists, those of one object together; what goes before what comes."""
    found: dict[Key, list[Fact]] = {}
    for fact in facts:
        found.setdefault(fact.key[:3], []).append(fact)
    gone = [f for f in found.values() if f[0].exists and f[0].change.action == "removed"]
    return [*gone, *(f for f in found.values() if f not in gone)]


def _value(fact: Fact) -> str:
    change = fact.change
    if change.secret:
        return "another secret"
    if change.action == "moved":
        return "in another place"
    if change.kind in {"exten", "context"} or change.parts:
        return "something else"
    return shown(change.new) if change.new is not None else "gone"
