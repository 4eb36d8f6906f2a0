"""The dialplan: which contexts, extensions and steps differ."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

import attrs

from asterconf.dialplan import HINT, load_dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
    Hint,
    Switch,
)
from asterconf.differ.changes import Action, Cause, Change
from asterconf.differ.compare import Comparison
from asterconf.differ.normal import Line, context_lines
from asterconf.differ.renames import matched, signature_of_extension
from asterconf.differ.sequences import align, moves
from asterconf.differ.sip import Hint as WizardHint
from asterconf.differ.sip import Sip
from asterconf.differ.units import Side
from asterconf.language.pattern import condition_key, name_key
from asterconf.resolve.effective import shared_pairs
from asterconf.schema.secrets import is_secret
from asterconf.source import Position, fold

if TYPE_CHECKING:
    from asterconf.dialplan import LoadedDialplan
    from asterconf.resolve import Effective

__all__ = ["FILE", "Plan", "dialplan_changes"]

FILE = "extensions.conf"
_SETTINGS = {"general", "globals"}

Places = tuple[Position | None, Position | None]
Pair = tuple[DialplanExtension | None, DialplanExtension | None]
Added = Mapping[str, Sequence[tuple[WizardHint, Position | None]]]
"""What wizards add, by context."""


@attrs.frozen(eq=False)
class Plan:
    """Some contexts of one side, loaded, with the places of their parts."""

    loaded: LoadedDialplan
    contexts: Mapping[str, DialplanContext]
    added: Mapping[tuple[str, str, int], Position | None]
    """Where steps and hints stand that a wizard added: context, extension, priority."""

    @classmethod
    def load(cls, side: Side, names: Iterable[str], added: Added) -> Plan:
        """Load the contexts of these names, and the global variables."""
        effective = side.effective(FILE)
        if effective is not None and effective.valid:
            wanted = set(names)
            live = effective.live
            sections = [s for s in live if s.name in wanted or fold(s.name) in _SETTINGS]
            effective = effective.only(sections)
        loaded = load_dialplan(effective)
        contexts = {c.name: c for c in loaded.dialplan if c.name in wanted} if effective else {}
        places: dict[tuple[str, str, int], Position | None] = {}
        for name, hints in added.items():
            if name in contexts or name in names:
                context = contexts.get(name, DialplanContext(name))
                contexts[name] = _with(context, hints, places)
        return cls(loaded, contexts, places)

    def place(self, context: str, extension: DialplanExtension, priority: int) -> Position | None:
        """Return where a step stands, or with `HINT` a hint."""
        key = (context, extension.name, extension.callerid_match, priority)
        found = self.loaded.origins.get(key)
        return found or self.added.get((context, extension.name, priority))

    def where(self, context: str, path: str) -> Position | None:
        """Return where a part of a context stands; the empty path is its header."""
        bound = self.loaded.contexts.get(context)
        return bound.where(path) if bound is not None else None

    def first(self, context: str, extension: DialplanExtension) -> Position | None:
        """Return where an extension begins."""
        priorities = [step.priority for step in extension.steps] or [HINT]
        return self.place(context, extension, priorities[0])


def _with(
    context: DialplanContext,
    hints: Sequence[tuple[WizardHint, Position | None]],
    places: dict[tuple[str, str, int], Position | None],
) -> DialplanContext:
    """Return a context with what wizards add to it; what is there already stays."""
    extensions = {(e.name, e.callerid_match): e for e in context.extensions}
    for (_, name, word, call), place in hints:
        known = extensions.get((name, None), DialplanExtension(name))
        if word == "hint" and known.hint is None:
            extensions[name, None] = attrs.evolve(known, hint=Hint(call.split("&")))
            places[context.name, name, HINT] = place
        elif word != "hint" and all(step.priority != 1 for step in known.steps):
            app, _, data = call.removesuffix(")").partition("(")
            steps = (DialplanStep(1, app, data), *known.steps)
            extensions[name, None] = attrs.evolve(known, steps=steps)
            places[context.name, name, 1] = place
    in_order = sorted(
        extensions.values(), key=lambda e: (name_key(e.name), condition_key(e.callerid_match))
    )
    return attrs.evolve(context, extensions=tuple(in_order))


def dialplan_changes(
    comparison: Comparison, old_sip: Sip, new_sip: Sip, wizards: Iterable[str]
) -> Iterator[Change]:
    """Yield the contexts and global variables that differ.

    `wizards` are the sections of pjsip_wizard.conf that differ: they may add hints.
    """
    sides = comparison.old, comparison.new
    names = list(wizards)
    added = [_added(sip, names) for sip in (old_sip, new_sip)]
    readings = [side.effective(FILE) for side in sides]
    changed = [name for name, *_ in comparison.changed(FILE)]
    contexts = {name: None for name in changed if fold(name) not in _SETTINGS}
    contexts |= dict.fromkeys(
        n for n in {**added[1], **added[0]} if added[0].get(n) != added[1].get(n)
    )
    if any(fold(name) == "globals" for name in changed):
        old, new = (Plan.load(side, (), {}) for side in sides)
        variables = _variables(comparison, old, new)
        yield from variables
        contexts |= dict.fromkeys(_using(comparison, [variable.name for variable in variables]))
    if contexts:
        order = _in_file_order(contexts, readings)
        plans = [Plan.load(s, order, a) for s, a in zip(sides, added, strict=True)]
        yield from _Contexts(comparison, plans[0], plans[1]).changes(order)


def _in_file_order(names: Iterable[str], readings: Iterable[Effective | None]) -> list[str]:
    """Return the contexts as they stand in the new file, then the others as in the old one."""
    live = [s.name for r in reversed(list(readings)) if r is not None and r.valid for s in r.live]
    wanted = list(names)
    known = set(wanted)
    return list(dict.fromkeys([*(name for name in live if name in known), *wanted]))


def _added(sip: Sip, names: Iterable[str]) -> Added:
    found: dict[str, list[tuple[WizardHint, Position | None]]] = {}
    for name in sip.in_file_order(names):
        section = sip.wizard(name)
        for hint in sip.hints(name):
            place = section.position if section is not None else None
            found.setdefault(hint[0], []).append((hint, place))
    return found


def _variables(comparison: Comparison, old: Plan, new: Plan) -> list[Change]:
    """Return the global variables that differ, and remember what changed them."""
    before, after = old.loaded.dialplan.globals, new.loaded.dialplan.globals
    cleared = old.loaded.dialplan.general.clearglobalvars
    found = []
    for name in {**before, **after}:
        was, now = before.get(name), after.get(name)
        if was == now:
            continue
        places = tuple(plan.loaded.places.get(f"globals.{name}") for plan in (old, new))
        change = comparison.leaf(
            "global",
            name,
            FILE,
            (was, now),
            (places[0], places[1]),
            of="" if cleared else "kept_global",
        )
        lines = [_variable(name, value) for value in (was, now)]
        hidden = is_secret("", "", name)
        made = attrs.evolve(change, old_lines=lines[0], new_lines=lines[1], secret=hidden)
        found.append(made)
    for change in found:
        cause = Cause(change.old_place, change.new_place, "variable")
        comparison.causes.variables[change.name] = cause
    return found


def _variable(name: str, value: str | None) -> Callable[[], list[Line]]:
    return lambda: [] if value is None else [Line.said(name, value, hidden=is_secret("", "", name))]


def _using(comparison: Comparison, variables: Sequence[str]) -> Iterator[str]:
    """Yield the contexts that use one of these variables in what is fixed when they are loaded."""
    words = [f"${{{name}" for name in variables]
    for side in (comparison.old, comparison.new):
        effective = side.effective(FILE)
        for section in effective.live if effective is not None and words else ():
            if fold(section.name) not in _SETTINGS:
                values = (value for _, value in shared_pairs(section) if "${" in value)
                if any(word in value for value in values for word in words):
                    yield section.name


@attrs.frozen(eq=False)
class _Contexts:
    """Compares contexts that are loaded on both sides."""

    comparison: Comparison
    old: Plan
    new: Plan

    def changes(self, names: Iterable[str]) -> Iterator[Change]:
        """Yield the contexts that differ, and the extensions that stand in another one now."""
        pairs = {name: self.pairs(name) for name in names}
        if self.comparison.renames:
            yield from self.moved(pairs)
        for name, found in pairs.items():
            was, now = self.old.contexts.get(name), self.new.contexts.get(name)
            parts = list(self.parts(was, now, name, found))
            if (was is None and now is None) or (was is not None and now is not None and not parts):
                continue
            places = self.old.where(name, ""), self.new.where(name, "")
            change = self.comparison.leaf("context", name, FILE, (was, now), places)
            yield attrs.evolve(
                change,
                parts=tuple(parts),
                old_lines=partial(context_lines, was),
                new_lines=partial(context_lines, now),
            )

    def pairs(self, name: str) -> list[Pair]:
        """Return the extensions of a context on both sides, renamed ones paired."""
        before, after = (
            {(e.name, e.callerid_match): e for e in plan.contexts[name].extensions}
            if name in plan.contexts else {}
            for plan in (self.old, self.new)
        )  # fmt: skip
        gone = [before[key] for key in before.keys() - after.keys()]
        come = [after[key] for key in after.keys() - before.keys()]
        again = matched(gone, come, signature_of_extension) if self.comparison.renames else ()
        renamed = {_key(new): old for old, new in again}
        olds = {_key(old) for old in renamed.values()}
        keys = dict.fromkeys([*after, *(key for key in before if key not in olds)])
        return [(before.get(key) or renamed.get(key), after.get(key)) for key in keys]

    def moved(self, pairs: Mapping[str, list[Pair]]) -> Iterator[Change]:
        """Yield the extensions that went from one context to another, and take them out."""
        gone = [
            (name, was) for name, found in pairs.items() for was, now in found if not now and was
        ]
        come = [
            (name, now) for name, found in pairs.items() for was, now in found if not was and now
        ]
        for (left, was), (entered, now) in matched(gone, come, lambda one: one[1]):
            if left == entered:
                continue
            pairs[left].remove((was, None))
            pairs[entered].remove((None, now))
            places = self.old.first(left, was), self.new.first(entered, now)
            change = self.leaf("exten", f"{now.key}@{entered}", (was, now), places, "moved")
            yield attrs.evolve(change, old_name=f"{was.key}@{left}")

    def parts(
        self,
        was: DialplanContext | None,
        now: DialplanContext | None,
        name: str,
        pairs: Iterable[Pair],
    ) -> Iterator[Change]:
        """Yield the parts of a context that differ."""
        for pair in pairs:
            yield from self.extension(name, *pair)
        yield from self.listed(was, now, name, "includes", "include")
        yield from self.listed(was, now, name, "switches", "switch")
        yield from self.patterns(was, now, name)
        flags = tuple(context.autohints if context else None for context in (was, now))
        if (flags[0] or False) != (flags[1] or False):
            places = self.old.where(name, "autohints"), self.new.where(name, "autohints")
            yield self.leaf("option", "autohints", (flags[0] or False, flags[1] or False), places)

    def leaf(
        self,
        kind: str,
        name: str,
        sides: tuple[object, object],
        places: Places,
        action: Action | None = None,
    ) -> Change:
        """Return what differs in one part of a context."""
        return self.comparison.leaf(kind, name, FILE, sides, places, action=action, of="context")

    # -- extensions ---------------------------------------------------------------------------

    def extension(
        self, context: str, was: DialplanExtension | None, now: DialplanExtension | None
    ) -> Iterator[Change]:
        """Yield how an extension differs, if it does."""
        there = now or was
        assert there is not None
        parts = list(self.steps(context, was, now))
        hints = tuple(extension.hint if extension else None for extension in (was, now))
        if hints[0] != hints[1]:
            sides = ((self.old, was), (self.new, now))
            at = [p.place(context, e, HINT) if e and e.hint else None for p, e in sides]
            parts.append(self.leaf("hint", "hint", (hints[0], hints[1]), (at[0], at[1])))
        renamed = was is not None and now is not None and was.key != now.key
        if was is not None and now is not None and not (parts or renamed):
            return
        places = (
            self.old.first(context, was) if was else None,
            self.new.first(context, now) if now else None,
        )
        change = self.leaf("exten", there.key, (was, now), places, "renamed" if renamed else None)
        old_name = was.key if renamed and was else ""
        yield attrs.evolve(change, parts=tuple(parts), old_name=old_name)

    def steps(
        self, context: str, was: DialplanExtension | None, now: DialplanExtension | None
    ) -> Iterator[Change]:
        """Yield the steps that differ.

        A step that only stands further down because others were put above it does not.
        """
        old, new = (extension.steps if extension else () for extension in (was, now))
        pairs = align(old, new, _step, _app, lonely=True)
        moved = dict(moves(old, new, pairs, _step))
        arrived = {j: i for i, j in moved.items()}
        shift = 0
        for i, j in pairs:
            before = old[i] if i is not None else None
            after = new[j] if j is not None else None
            shift += (before is None) - (after is None)
            if i in moved or (before is None and j in arrived):
                if i in moved:
                    continue
                before = old[arrived[j]]  # type: ignore[index]
                yield self.step(context, (was, now), before, after, "moved")
            elif before is None or after is None or _step(before) != _step(after):
                yield self.step(context, (was, now), before, after)
                if before and after:
                    shift = after.priority - before.priority
            elif after.priority - before.priority not in {0, shift}:
                yield self.step(context, (was, now), before, after)
                shift = after.priority - before.priority

    def step(
        self,
        context: str,
        extensions: tuple[DialplanExtension | None, DialplanExtension | None],
        before: DialplanStep | None,
        after: DialplanStep | None,
        action: Action | None = None,
    ) -> Change:
        """Return what differs in a step, by its priority now, or before if it went."""
        was, now = extensions
        there = after or before
        assert there is not None
        places = (
            self.old.place(context, was, before.priority) if was and before else None,
            self.new.place(context, now, after.priority) if now and after else None,
        )
        change = self.leaf("step", str(there.priority), (before, after), places, action)
        if before and after and before.priority != after.priority:
            return attrs.evolve(change, old_name=str(before.priority))
        return change

    # -- lists --------------------------------------------------------------------------------

    def listed(
        self, was: DialplanContext | None, now: DialplanContext | None, context: str, field: str,
        kind: str,
    ) -> Iterator[Change]:  # fmt: skip
        """Yield what differs in a list whose order counts."""
        old, new = (getattr(side, field) if side else () for side in (was, now))
        pairs = align(old, new, _text, _target)
        moved = dict(moves(old, new, pairs, _text))
        for i, j in pairs:
            if i in moved or (i is None and j in moved.values()):
                continue
            before = old[i] if i is not None else None
            after = new[j] if j is not None else None
            if before is None or after is None or before != after:
                yield self.listed_leaf((kind, field), context, (i, j), (before, after))
        for i, j in moved.items():
            yield self.listed_leaf((kind, field), context, (i, j), (old[i], new[j]), "moved")

    def listed_leaf(
        self, part: tuple[str, str], context: str, at: tuple[int | None, int | None],
        items: tuple[object, object], action: Action | None = None,
    ) -> Change:  # fmt: skip
        """Return what differs in an item of a list; `part`: its kind, and the list's field."""
        kind, field = part
        places = tuple(
            plan.where(context, f"{field}[{index}]") if index is not None else None
            for plan, index in zip((self.old, self.new), at, strict=True)
        )
        there = items[1] or items[0]
        return self.leaf(kind, _target(there), items, (places[0], places[1]), action)

    def patterns(
        self, was: DialplanContext | None, now: DialplanContext | None, context: str
    ) -> Iterator[Change]:
        """Yield the `ignorepat` lines that came or went; their order does not count."""
        old, new = (side.ignorepats if side else () for side in (was, now))
        for text in dict.fromkeys([*new, *old]):
            if (text in old) != (text in new):
                sides = ((self.old, old), (self.new, new))
                at = [
                    p.where(context, f"ignorepats[{side.index(text)}]") if text in side else None
                    for p, side in sides
                ]
                values = [text if text in side else None for side in (old, new)]
                yield self.leaf("ignorepat", text, (values[0], values[1]), (at[0], at[1]))


def _key(extension: DialplanExtension) -> tuple[str, str | None]:
    return extension.name, extension.callerid_match


def _step(step: DialplanStep) -> tuple[object, ...]:
    return fold(step.app), step.data, step.label, step.label_hidden


def _app(step: DialplanStep) -> str:
    return fold(step.app)


def _target(part: object) -> str:
    """Return what an include or switch leads to, whatever the conditions."""
    return f"{part.kind} {part.name}" if isinstance(part, Switch) else part.context  # type: ignore[attr-defined]


def _text(part: object) -> str:
    text = str(getattr(part, "text", part))
    return f"{part.kind} {text}" if isinstance(part, Switch) else text
