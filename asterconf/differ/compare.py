"""Two units → the change between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import Any, Literal

import attrs

from asterconf.differ.causes import Causes
from asterconf.differ.changes import Action, Change, Later
from asterconf.differ.impact import Impact, impact_of
from asterconf.differ.normal import unit_lines
from asterconf.differ.order import Order, is_set, same
from asterconf.differ.queues import MEMBER, members
from asterconf.differ.renames import with_renamed, without
from asterconf.differ.units import ChangedSections, Said, Side, Source, Unit, changed_sections
from asterconf.schema import OptionFacts
from asterconf.source import Position

__all__ = ["Comparison"]


@attrs.define(eq=False)
class Comparison:
    """What all comparisons of two configurations need.

    Attributes:
        old: the one side.
        new: the other.
        order: where order counts.
        renames: whether things are known again under another name.
        plain: the sections of pjsip_wizard.conf that are compared as what they are, and not as
            what the wizard makes of them.
    """

    old: Side
    new: Side
    order: Order = "meaningful"
    renames: bool = True
    plain: frozenset[str] = frozenset()
    _changed: dict[str, list[ChangedSections]] = attrs.field(init=False, factory=dict)
    causes: Causes = attrs.field(
        init=False, default=attrs.Factory(lambda self: Causes(self.old, self.new), takes_self=True)
    )

    def changed(self, file: str) -> list[ChangedSections]:
        """Return the sections of a file that say something else; worked out once."""
        if file not in self._changed:
            readings = self.old.effective(file), self.new.effective(file)
            self._changed[file] = list(changed_sections(*readings))
        return self._changed[file]

    def unit(self, old: Unit | None, new: Unit | None) -> Change | None:
        """Return how two units differ; `None`: they mean the same."""
        there = new or old
        assert there is not None
        parts = (*self.options(old, new), *self.parts(old, new))
        action: Action = "changed" if old and new else "added" if new else "removed"
        renamed = old is not None and new is not None and old.name != new.name
        if action == "changed" and not parts and not renamed:
            return None
        return Change(
            "renamed" if renamed else action, there.kind, there.name, there.file,
            Later(old.make) if old else None, Later(new.make) if new else None,
            old.place if old else None, new.place if new else None, parts,
            old_name=old.name if renamed and old else "", title=there.title,
            impact=self.impact(there, "", action),
            units=(old, new),
            old_lines=partial(unit_lines, self.old, old),
            new_lines=partial(unit_lines, self.new, new),
        )  # fmt: skip

    def impact(self, unit: Unit, option: str, action: Action, value: object = "") -> Impact:
        """Return what Asterisk needs to take a change of a unit over."""
        kind = unit.facts.name if unit.facts else ""
        reload = unit.said.get("allow_reload")
        if kind == "transport" and reload is not None and reload.value is True:
            kind = "reloadable_transport"
        return self.impact_at(unit.file, kind, option, action, str(value))

    def impact_at(
        self, file: str, kind: str, option: str, action: Action, value: str = ""
    ) -> Impact:
        """Return the same of what is no unit."""
        reason = self.new.unheard(file)
        if reason:
            return Impact("none", note=reason)
        there = file in self.old.names, file in self.new.names
        if not any(there):  # the wizard's file stands for what it makes
            there = True, True
        return impact_of(file, kind, option, action, value, there=there)

    def parts(self, old: Unit | None, new: Unit | None) -> Iterator[Change]:
        """Yield the parts of a unit that differ, those that only have another name among them."""
        if "queue" in {unit.kind for unit in (old, new) if unit}:
            yield from members(self, old, new)
        sides: list[dict[tuple[str, str], Unit]] = [
            {(p.kind, without(p.name, unit.name)): p for p in unit.parts} if unit else {}
            for unit in (old, new)
        ]
        gone = [part for key, part in sides[0].items() if key not in sides[1]]
        come = [part for key, part in sides[1].items() if key not in sides[0]]
        pairs: list[tuple[Unit | None, Unit | None]] = [
            (sides[0][key], part) for key, part in sides[1].items() if key in sides[0]
        ]
        pairs += self.paired([*((p, None) for p in gone), *((None, p) for p in come)])
        for was, now in pairs:
            change = self.unit(was, now)
            if change is not None:
                yield change

    def paired(
        self, pairs: Iterable[tuple[Unit | None, Unit | None]]
    ) -> list[tuple[Unit | None, Unit | None]]:
        """Return pairs of units, with those paired that only have another name."""
        return with_renamed(pairs) if self.renames else list(pairs)

    def options(self, old: Unit | None, new: Unit | None) -> Iterator[Change]:
        """Yield the options in which two units differ; of one alone all that it says."""
        said = {**(new.said if new else {}), **(old.said if old else {})}
        known = next((u.facts for u in (new, old) if u and u.facts), None)
        names: list[str] = sorted(said, key=known.order) if known else list(said)
        for name in names:
            change = None if name == MEMBER else self.option(old, new, name)
            if change is not None:
                yield change

    def option(self, old: Unit | None, new: Unit | None, name: str) -> Change | None:
        """Return how an option differs; `None`: it does not."""
        was, now = (unit.said.get(name) if unit else None for unit in (old, new))
        there = now or was
        assert there is not None
        facts = there.facts
        before, after = (
            self._value(old, was, facts, self.old),
            self._value(new, now, facts, self.new),
        )
        both = old is not None and new is not None
        if both and same(before, after, facts, self.order):
            return None
        unsaid: Literal["", "old", "new"] = ""
        if both and (was is None or now is None):
            unsaid = "old" if was is None else "new"
        gone, come = _differing(was, now, facts, self.order)
        owner = new or old
        assert owner is not None
        action: Action = "added" if before is None else "removed" if after is None else "changed"
        known = (facts.name if facts else name) if both else ""
        return Change(
            action, "option", name, owner.file, before, after,
            gone.item.origin if gone else None, come.item.origin if come else None,
            cause=self.causes.of(gone, come),
            unsaid=unsaid if before is not None and after is not None else "",
            secret=any(unit.is_secret(name) for unit in (old, new) if unit),
            runtime=action == "changed" and self._by_phone(old, new, name),
            impact=self.impact(owner, known, action, after),
        )  # fmt: skip

    def _by_phone(self, old: Unit | None, new: Unit | None, name: str) -> bool:
        """Tell whether Asterisk itself may have written the new value.

        Source: apps/app_voicemail.c, vm_change_password: the PIN goes into voicemail.conf unless
        `passwordlocation` says otherwise.
        """
        if old is None or new is None or (new.kind, name) != ("mailbox", "initial_pin"):
            return False
        facts = self.new.mailbox_option("passwordlocation")
        own = new.said.get("passwordlocation")
        kept = own.value if own else self.new.unsaid(new, facts) if facts else None
        return kept != "spooldir"

    def _value(
        self, unit: Unit | None, said: Said | None, facts: OptionFacts | None, side: Side
    ) -> Any:  # noqa: ANN401 - any Value
        """Return what an option is on one side, said or not."""
        if said is not None:
            return said.value
        return side.unsaid(unit, facts) if unit is not None and facts is not None else None

    def leaf(
        self,
        kind: str,
        name: str,
        file: str,
        sides: tuple[Any, Any],
        places: tuple[Position | None, Position | None],
        *,
        action: Action | None = None,
        of: str = "",
    ) -> Change:
        """Return a change that is no option of a unit, such as a step of an extension.

        `sides` is what it is on both, `None` where there is none.
        """
        old, new = sides
        done: Action = action or (
            "changed" if old is not None and new is not None else "added" if new is not None
            else "removed"
        )  # fmt: skip
        return Change(
            done, kind, name, file, old, new, *places,
            cause=self.causes.at(*places),
            impact=self.impact_at(file, of or kind, "", done),
        )  # fmt: skip


def _differing(
    was: Said | None, now: Said | None, facts: OptionFacts | None, order: Order
) -> tuple[Source | None, Source | None]:
    """Return the lines on both sides that make the difference: of many the first that differs."""
    old, new = (said.sources if said is not None else () for said in (was, now))
    if len(old) <= 1 and len(new) <= 1:
        return next(iter(old), None), next(iter(new), None)
    left, right = ([source.value for source in side] for side in (old, new))
    if not is_set(facts, order) and len(old) == len(new):
        differ = (i for i, (a, b) in enumerate(zip(left, right, strict=True)) if a != b)
        at = next(differ, -1)
        return old[at], new[at]
    gone = next((s for s, value in zip(old, left, strict=True) if value not in right), None)
    come = next((s for s, value in zip(new, right, strict=True) if value not in left), None)
    if gone is None and come is None:
        return (old[-1] if old else None), (new[-1] if new else None)
    return gone, come
