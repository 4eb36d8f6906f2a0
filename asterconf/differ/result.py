"""`diff` and `merge`, and what they return: to look at, to print, to apply."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, overload

import attrs

from asterconf._lazy import LazyModule
from asterconf.ask.answers import ComparedCalls
from asterconf.bind.pjsip import EndpointRecord
from asterconf.config import Config, load
from asterconf.diagnostic import Because
from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.differ import printing
from asterconf.differ.changes import Change, FileEdit, edits_of, mirrored, tree
from asterconf.differ.differences import Action, Difference
from asterconf.differ.diffing import compare
from asterconf.differ.loading import load_both
from asterconf.differ.matching import Order
from asterconf.differ.objects import ComparedConfig
from asterconf.differ.printing import Conflict
from asterconf.frames import DataFrame, frame
from asterconf.model import Extension, Mailbox, Queue, Transport, Trunk
from asterconf.resolve import Effective, Files
from asterconf.resolve.sources import PLANS
from asterconf.secrets import shown_data
from asterconf.shown import Shown
from asterconf.syntax import Document
from asterconf.syntax.text import mark_changed

if TYPE_CHECKING:
    from asterconf.differ import calls, merging
else:
    calls = LazyModule("asterconf.differ.calls")
    merging = LazyModule("asterconf.differ.merging")

Side = Config | str | PathLike[str]
"""A configuration, or the path of a folder or file that is loaded."""

_KINDS: dict[type, frozenset[str]] = {
    Extension: frozenset({"extension"}),
    Trunk: frozenset({"trunk"}),
    EndpointRecord: frozenset({"extension", "trunk", "peer", "anonymous", "endpoint"}),
    Transport: frozenset({"transport"}),
    Queue: frozenset({"queue"}),
    Mailbox: frozenset({"mailbox"}),
    DialplanContext: frozenset({"context"}),
    DialplanExtension: frozenset({"exten"}),
}

Kind = type | str


def diff(old: Side, new: Side, *, order: Order = "meaningful") -> Diff:
    """Return what differs between two configurations in what they mean to Asterisk.

    Templates and includes are applied first. Comments, white space, the spelling of a value, and
    order where Asterisk ignores it make no difference; neither do a PJSIP wizard and the objects
    that it makes, or the ways to number a dialplan.

    Args:
        old: the configuration before; of two paths both are folders, or both are files, whatever
            these are called.
        new: the configuration after. Edit both as you like later, the result stays.
        order: `meaningful`: order counts where it matters to Asterisk. `all`: that of every list
            counts, and that of sections.

    Raises:
        LoadError: a path cannot be read, or one is a folder and one is a file.
    """
    if not isinstance(old, Config) and not isinstance(new, Config):
        old, new = load_both(Path(old), Path(new))
    sides = (ComparedConfig.of(_loaded(side).workspace) for side in (old, new))
    return between(next(sides), next(sides), order=order)


def between(old: ComparedConfig, new: ComparedConfig, *, order: Order = "meaningful") -> Diff:
    """Return what differs between two readings, which may be of one configuration; see `diff`."""
    found = tree(compare(old, new, order=order))
    return Diff(found, old=old, new=new, unknown=tuple(_unknown(old, new)))


_RELOADS = {"extensions.ael": "ael reload", "extensions.lua": "module reload pbx_lua.so"}


def _unknown(old: ComparedConfig, new: ComparedConfig) -> Iterator[Because]:
    """Yield the files whose texts differ and are not compared by what they mean.

    These are the files of other languages (source: PLANS), and those that Asterisk refuses in
    both configurations.
    """
    for file in sorted(old.names.keys() & new.names.keys()):
        readings = [side.reading(file) for side in (old, new)]
        refused = [one for one in readings if one is not None and not one.valid]
        if len(refused) == 2 and _texts(old, refused[0]) != _texts(new, refused[1]):
            why = refused[1].refusal
            yield Because.at(
                f"{refused[1].caveat}, in both, so what differs in it was not compared",
                why.position if why is not None else None,
            )
    for name, module in PLANS.items():
        texts = [side.workspace.files.content(name) for side in (old, new)]
        if texts[0] != texts[1]:
            effect = f"`{_RELOADS[name]}` puts it into effect"
            yield Because(f"{name} differs: {module} reads it, and what it means is unknown "
                          f"here; {effect}", name, 1)  # fmt: skip


def _texts(side: ComparedConfig, reading: Effective) -> list[bytes | None]:
    return [side.workspace.files.content(name) for name, _ in reading.files]


def _loaded(side: Side) -> Config:
    return side if isinstance(side, Config) else load(side)


@attrs.frozen(repr=False)
class Merge(Shown):
    """The outcome of a merge.

    Attributes:
        config: the merged configuration: ours, with what theirs changed. It is not saved yet.
        conflicts: what both changed, each in its own way; there ours is kept.
    """

    config: Config
    conflicts: tuple[Conflict, ...] = ()

    @property
    def is_clean(self) -> bool:
        """Whether all of theirs is in it."""
        return not self.conflicts

    def __repr__(self) -> str:
        return f"<Merge: {len(self.conflicts) or 'no'} conflict{'s' * (len(self.conflicts) != 1)}>"


def merge(base: Side, ours: Side, theirs: Side) -> Merge:
    """Return ours with what changed from base to theirs; its text and comments stay.

    Objects are compared by what they mean, option by option. What ours and theirs both changed,
    each in its own way, is a conflict, and stays as in ours. None of the three is edited.

    Args:
        base: the configuration from which both come, or the path of its folder.
        ours: the one that is merged into.
        theirs: the other one.

    Raises:
        LoadError: a path cannot be read.
    """
    config = _copy(_loaded(ours))
    return Merge(config, tuple(merge_into(_loaded(base), config, _loaded(theirs))))


def merge_into(
    base: Config,
    ours: Config,
    theirs: Config,
    is_ambiguous: Callable[[Change], bool] = lambda _: False,
) -> list[Conflict]:
    """Bring what changed from base to theirs into ours itself, and return the conflicts.

    `is_ambiguous` tells whether the author of a change cannot be determined: then it is a
    conflict, too.
    """
    sides = (ComparedConfig.of(conf.workspace) for conf in (base, theirs))
    return merging.merge_changes(
        next(sides), ours.workspace, next(sides), is_ambiguous=is_ambiguous
    )


def _copy(conf: Config) -> Config:
    """Return a configuration of its own with the same files, all of which are read now."""
    conf.workspace.readings()
    files = conf.workspace.files
    documents = {n: Document(str(d), name=n) for n, d in files.documents.items()}
    made = Files(
        files.root,
        documents,
        files.include_roots,
        None,
        files.exec_output,
        dict(files.originals),
        schema=files.schema,
    )
    for name, document in documents.items():
        if files.documents[name].version:
            mark_changed(document)  # it is not what is on the disk
    return Config(made, conf.workspace.names)


@attrs.frozen(repr=False)
class Diff(Shown, Sequence[Change]):
    """What differs between two configurations, object by object.

    A sequence of changes; `print` shows them in words. `bool(diff)` and
    `is_empty` tell whether there are any.

    Attributes:
        changes: what differs.
        unknown: what differs in its text and is not compared by what it means, such as
            extensions.ael; with what puts it into effect.
    """

    changes: tuple[Change, ...]
    _old: ComparedConfig = attrs.field(kw_only=True, eq=False)
    _new: ComparedConfig = attrs.field(kw_only=True, eq=False)
    _whole: bool = attrs.field(default=True, kw_only=True, eq=False)
    unknown: tuple[Because, ...] = attrs.field(default=(), kw_only=True)

    @property
    def differences(self) -> tuple[Difference, ...]:
        """Every difference by itself, each behind those that it is a part of."""
        return tuple(one for change in self.changes for one in change.flat())

    @property
    def is_empty(self) -> bool:
        """Whether no change is known; both mean the same if nothing is `unknown` either."""
        return not self.changes

    @overload
    def __getitem__(self, index: int) -> Change: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Change, ...]: ...
    def __getitem__(self, index: int | slice) -> Change | tuple[Change, ...]:
        return self.changes[index]

    def __len__(self) -> int:
        return len(self.changes)

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def leaves(self) -> Iterator[Change]:
        """Yield every option, step and the like that differs."""
        for change in self.changes:
            yield from change.leaves()

    def filter(self, kind: Kind | None = None, *, action: Action | None = None) -> Diff:
        """Return the changes of one kind of object, or of one action.

        Args:
            kind: a class such as `Extension`, or a kind as in `Change.kind`.
            action: what happened, as in `Change.action`.
        """
        return self._with(
            change
            for change in self.changes
            if (kind is None or change.kind in _kinds(kind))
            and (action is None or change.action == action)
        )

    def about(self, kind: Kind, name: str) -> Diff:
        """Return what changed about one object, by its name now or before.

        A mailbox is named by its address. An extension of the dialplan (`DialplanExtension`, or
        `exten`) is found as a part of its context: `200` in all of them, `200@home` in one.
        """
        kinds = _kinds(kind)
        if kinds == {"exten"}:
            return self._with(_with_extension(self.changes, name))
        found = (c for c in self.changes if c.kind in kinds and name in (c.name, c.old_name))
        return self._with(found)

    def _with(self, changes: Iterator[Change]) -> Diff:
        return Diff(tuple(changes), old=self._old, new=self._new, whole=False)

    def mirrored(self) -> Diff:
        """Return the difference the other way round."""
        changes = tuple(mirrored(change) for change in self.changes)
        return attrs.evolve(self, changes=changes, old=self._new, new=self._old)

    @property
    def edits(self) -> tuple[FileEdit, ...]:
        """The edits of the files that caused the changes, each with all of its changes."""
        return edits_of(self.changes)

    def apply(self, conf: Config) -> None:
        """Make the changes in a configuration, in memory, with the fewest line edits.

        Whatever is already as wanted stays untouched, and so does all other text.

        Args:
            conf: the old configuration, or a third one.

        Raises:
            ConflictError: some changes cannot be made, because the configuration has neither the
                old nor the new value; nothing changed.
        """
        only = None if self._whole else self.changes
        merging.apply_changes(self._old, self._new, only, conf.workspace)

    def calls(self, entry: str | Iterable[str] = "any") -> ComparedCalls:
        """Return which calls behave differently now: every number, caller and hour.

        Both dialplans are followed side by side, for all calls at once: `no` is proved, each class
        of a `yes` has a call before and now as its witness, and `unknown` names what it depends on.

        Args:
            entry: where calls come in, as of `Config.ask`: an endpoint, `context:NAME`, `role:ROLE`
                or `any`.

        Raises:
            NotFoundError: neither configuration has such an endpoint or context.
            ModelError: a word is both an endpoint and a context.
            LoadError: Asterisk refuses extensions.conf.
        """
        return calls.compared_calls(self._old.workspace, self._new.workspace, entry)

    # -- show ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        if not self.changes:
            return f"<Diff: {'unknown' if self.unknown else 'no difference'}>"
        counts = ", ".join(
            f"{count} {action}"
            for action in ("added", "removed", "changed", "renamed", "moved")
            if (count := sum(c.action == action for c in self.changes))
        )
        return f"<Diff: {counts}>"

    def __str__(self) -> str:
        return self.to_text().rstrip("\n")

    def to_text(self, *, details: bool = False) -> str:
        """Return the changes as lines for a terminal, secrets masked.

        Args:
            details: also the options of objects that were added or removed.
        """
        return printing.text(self, self.unknown, details=details)

    def to_unified(self, *, context: int = 3) -> str:
        """Return the changes as a unified diff of the objects, secrets masked.

        Each object is shown in the normal form, in which everything is written in one way.

        Args:
            context: lines shown around each change.
        """
        return printing.unified(self, context)

    def to_markdown(self) -> str:
        """Return the changes as Markdown, secrets masked."""
        return printing.markdown(self, self.unknown)

    def to_html(self) -> str:
        """Return the changes as an HTML fragment, secrets masked."""
        return self._repr_html_()

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as plain values for JSON, as `diff.schema.json` says; secrets masked.

        The schema stands in this package, and docs/diff-and-plan.md explains it.
        """
        return shown_data(printing.diff_data(self, self.unknown))

    def to_records(self, *, details: bool = False) -> list[dict[str, Any]]:
        """Return a plain dict for every option, step or the like that differs; secrets masked.

        An object that was added or removed is one dict, unless `details` are asked for. All have
        the same keys.

        Args:
            details: also the options of objects that were added or removed.
        """
        return printing.records(self, details=details)

    def to_frame(self, *, details: bool = False) -> DataFrame:
        """Return the same as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        return frame(self.to_records(details=details))


def _with_extension(changes: Iterable[Change], name: str) -> Iterator[Change]:
    """Yield the contexts with the changes of one extension alone, and where it moved to."""
    key, at, context = name.rpartition("@")
    for change in changes:
        if change.kind == "exten":
            whole = (change.name, change.old_name)
            if name in (*whole, *(one.rpartition("@")[0] for one in whole)):
                yield change
            continue
        wanted = {name, key} if at and context in (change.name, change.old_name) else {name}
        parts = [p for p in change.parts if p.kind == "exten" and wanted & {p.name, p.old_name}]
        if parts:
            yield attrs.evolve(change, parts=tuple(parts))


def _kinds(kind: Kind) -> frozenset[str]:
    if isinstance(kind, str):
        return frozenset({kind})
    return _KINDS.get(kind, frozenset())
