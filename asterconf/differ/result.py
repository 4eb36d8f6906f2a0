"""`Diff`: what was found, to look at, to print and to apply."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, overload

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.dialplan import DialplanContext, DialplanExtension
from asterconf.differ.causes import section_of
from asterconf.differ.changes import Action, Cause, Change, Edit, mirrored
from asterconf.differ.units import Side
from asterconf.model import Extension, Mailbox, Queue, Transport, Trunk
from asterconf.shown import Shown

if TYPE_CHECKING:
    from pandas import DataFrame

    from asterconf.config import Config

__all__ = ["Diff"]

_ENDPOINTS = frozenset({"extension", "trunk", "peer", "anonymous", "endpoint"})
_KINDS: dict[type, frozenset[str]] = {
    Extension: frozenset({"extension"}),
    Trunk: frozenset({"trunk"}),
    EndpointRecord: _ENDPOINTS,
    Transport: frozenset({"transport"}),
    Queue: frozenset({"queue"}),
    Mailbox: frozenset({"mailbox"}),
    DialplanContext: frozenset({"context"}),
    DialplanExtension: frozenset({"exten"}),
}

Kind = type | str


@attrs.frozen(repr=False)
class Diff(Shown, Sequence[Change]):
    """What differs between two configurations, object by object.

    A sequence of changes, which `print` shows as a person would tell them. `bool(diff)` and
    `is_empty` tell whether there are any.
    """

    changes: tuple[Change, ...]
    _old: Side = attrs.field(kw_only=True, eq=False)
    _new: Side = attrs.field(kw_only=True, eq=False)
    _whole: bool = attrs.field(default=True, kw_only=True, eq=False)

    @property
    def is_empty(self) -> bool:
        """Whether both configurations mean the same."""
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
            kind: a class such as `Extension`, or a kind as `Change.kind` says it.
            action: what happened, as `Change.action` says it.
        """
        return self._with(
            change
            for change in self.changes
            if (kind is None or change.kind in _kinds(kind))
            and (action is None or change.action == action)
        )

    def about(self, kind: Kind, name: str) -> Diff:
        """Return what changed about one object, by its name now or before.

        A mailbox goes by its address. An extension of the dialplan (`DialplanExtension`, or
        `exten`) is looked for in all contexts, and found as a part of these.
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
        changes = tuple(map(mirrored, self.changes))
        return attrs.evolve(self, changes=changes, old=self._new, new=self._old)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """The edits of the files that brought the changes about, each with all it changed."""
        found: dict[Cause, list[tuple[Change, Change]]] = {}
        for change in self.changes:
            for leaf in change.leaves():
                if leaf.cause is not None:
                    found.setdefault(leaf.cause, []).append((change, leaf))
        return tuple(
            Edit(cause, self._section(cause), tuple(changes)) for cause, changes in found.items()
        )

    def _section(self, cause: Cause) -> str:
        if cause.new is not None:
            return section_of(self._new, cause.new)
        return section_of(self._old, cause.old)

    def apply(self, conf: Config) -> None:
        """Make the changes in a configuration, in memory, with the fewest line edits.

        What is as it shall be already stays untouched; so do text and comments of all the rest.

        Args:
            conf: the old configuration, or a third one.

        Raises:
            ConflictError: some changes cannot be made, because the configuration says neither
                what the old one says nor what the new one does; nothing changed.
        """
        from asterconf.differ.merging import apply

        apply(self._old, self._new, None if self._whole else self.changes, conf)

    # -- show ---------------------------------------------------------------------------------

    def __repr__(self) -> str:
        if not self.changes:
            return "<Diff: no difference>"
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
            details: also what objects say that came or went.
        """
        from asterconf.differ.printing import text

        return text(self, details=details)

    def to_unified(self, *, context: int = 3) -> str:
        """Return the changes as a unified diff of what the objects say, secrets masked.

        Each object is shown in the normal form, in which everything is said in one way only.

        Args:
            context: lines shown around each change.
        """
        from asterconf.differ.printing import unified

        return unified(self, context)

    def to_markdown(self) -> str:
        """Return the changes as Markdown, secrets masked."""
        from asterconf.differ.printing import markdown

        return markdown(self)

    def to_html(self) -> str:
        """Return the changes as an HTML fragment, secrets masked."""
        return self._repr_html_()

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as plain values for JSON, as `diff.schema.json` says; secrets masked.

        The schema stands in this package, and docs/diff-and-plan.md explains it.
        """
        from asterconf.differ.as_json import as_data

        return as_data(self)

    def to_records(self, *, details: bool = False) -> list[dict[str, Any]]:
        """Return a plain dict for every option, step or the like that differs; secrets masked.

        What came or went as a whole is one dict, unless `details` are asked for. All have the
        same keys.

        Args:
            details: also what objects say that came or went.
        """
        from asterconf.differ.as_json import records

        return records(self, details=details)

    def to_frame(self, *, details: bool = False) -> DataFrame:
        """Return the same as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        from asterconf.frames import frame

        return frame(self.to_records(details=details))


def _with_extension(changes: Iterable[Change], name: str) -> Iterator[Change]:
    """Yield contexts with what changed about one extension alone, and where it went."""
    for change in changes:
        if change.kind == "exten":
            names = {one.rpartition("@")[0] for one in (change.name, change.old_name)}
            if name in names:
                yield change
            continue
        parts = [p for p in change.parts if p.kind == "exten" and name in (p.name, p.old_name)]
        if parts:
            yield attrs.evolve(change, parts=tuple(parts))


def _kinds(kind: Kind) -> frozenset[str]:
    if isinstance(kind, str):
        return frozenset({kind})
    return _KINDS.get(kind, frozenset())
