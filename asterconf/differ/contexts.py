"""The dialplan: which contexts, extensions and steps differ."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from asterconf.dialplan import HINT, LoadedDialplan, load_dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
    Hint,
    Switch,
)
from asterconf.differ.address import CONTEXT, PLAN, Address, PartKind
from asterconf.differ.differences import Action, Comparison, Difference, PlacePair
from asterconf.differ.matching import IndexPair, align, matched, moves, without
from asterconf.differ.objects import ComparedConfig
from asterconf.differ.pjsip import ComparedPjsip, WizardHint
from asterconf.editing.dialplan.writing import in_order
from asterconf.resolve.effective import shared_pairs
from asterconf.secrets import is_secret
from asterconf.source import Position, fold

_SETTINGS = {"general", "globals"}

ExtensionPair = tuple[DialplanExtension | None, DialplanExtension | None]
Added = Mapping[str, Sequence[tuple[WizardHint, Position | None]]]
"""What wizards add, by context."""


@attrs.frozen(eq=False)
class _Contexts:
    """Some contexts of one side, loaded, with the places of their parts."""

    loaded: LoadedDialplan
    contexts: Mapping[str, DialplanContext]
    added: Mapping[tuple[str, str, int], Position | None]
    """Where steps and hints stand that a wizard added: context, extension, priority."""

    @classmethod
    def load(cls, side: ComparedConfig, names: Iterable[str], added: Added) -> _Contexts:
        """Load the contexts of these names, and the global variables."""
        effective, wanted = side.reading(PLAN), set(names)
        if effective is not None and effective.valid:
            live = effective.live
            sections = [s for s in live if s.name in wanted or fold(s.name) in _SETTINGS]
            effective = effective.only(sections)
        loaded = load_dialplan(effective)
        contexts = {c.name: c for c in loaded.dialplan if c.name in wanted} if effective else {}
        places: dict[tuple[str, str, int], Position | None] = {}
        for name, hints in added.items():
            if name in wanted:
                context = contexts.get(name, DialplanContext(name))
                contexts[name] = _with_hints(context, hints, places)
        return cls(loaded, contexts, places)

    def place(
        self, context: str, extension: DialplanExtension | None, priority: int | None = None
    ) -> Position | None:
        """Return the place of a step, of the hint (`HINT`), or of the extension (no priority)."""
        if extension is None:
            return None
        if priority is None:
            priority = next((step.priority for step in extension.steps), HINT)
        key = (context, extension.name, extension.callerid_match, priority)
        found = self.loaded.origins.get(key)
        return found or self.added.get((context, extension.name, priority))

    def where(self, context: str, path: str) -> Position | None:
        """Return the place of a part of a context; the empty path is its header."""
        bound = self.loaded.contexts.get(context)
        return bound.where(path) if bound is not None else None


def _with_hints(
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
    return in_order(attrs.evolve(context, extensions=tuple(extensions.values())))


def dialplan_differences(
    comparison: Comparison, old_pjsip: ComparedPjsip, new_pjsip: ComparedPjsip, wizards: list[str]
) -> Iterator[Difference]:
    """Yield the contexts and global variables that differ.

    `wizards` are the sections of pjsip_wizard.conf that differ: they may add hints.
    """
    sides = comparison.old, comparison.new
    added = [_added(pjsip, wizards) for pjsip in (old_pjsip, new_pjsip)]
    changed = [name for name, *_ in comparison.changed(PLAN)]
    contexts = {name: None for name in changed if fold(name) not in _SETTINGS}
    contexts |= dict.fromkeys(
        n for n in {**added[1], **added[0]} if added[0].get(n) != added[1].get(n)
    )
    if any(fold(name) == "globals" for name in changed):
        variables = list(_variables(comparison))
        for change in variables:
            cause = comparison.cause(change.old_place, change.new_place, "variable")
            comparison.variables[change.name] = cause
        yield from variables
        words = [f"${{{change.name}" for change in variables]
        contexts |= {name: None for side in sides for name in _using(side, words)}
    if contexts:
        live = [section.name for side in reversed(sides) for section in side.live(PLAN)]
        order = dict.fromkeys([*(name for name in live if name in contexts), *contexts])
        old, new = (_Contexts.load(s, order, a) for s, a in zip(sides, added, strict=True))
        yield from _ContextComparison(comparison, old, new).differences(order)


def _added(pjsip: ComparedPjsip, names: Iterable[str]) -> Added:
    found: dict[str, list[tuple[WizardHint, Position | None]]] = {}
    for name in pjsip.in_file_order(names):
        section = pjsip.wizard(name)
        for hint in pjsip.hints(name):
            place = section.position if section is not None else None
            found.setdefault(hint[0], []).append((hint, place))
    return found


def _variables(comparison: Comparison) -> Iterator[Difference]:
    """Yield the global variables that differ."""
    sides = comparison.old, comparison.new
    old, new = (_Contexts.load(side, (), {}).loaded for side in sides)
    before, after = old.dialplan.globals, new.dialplan.globals
    for name in {**before, **after}:
        values = before.get(name), after.get(name)
        if values[0] != values[1]:
            places = old.places.get(f"globals.{name}"), new.places.get(f"globals.{name}")
            of = "global" if old.dialplan.general.clearglobalvars else "kept_global"
            address = Address(PLAN, "section", "globals").part("variable", name)
            yield comparison.differs(
                address, values, places, of=of, kind="global", secret=is_secret("", "", name)
            )


def _using(side: ComparedConfig, words: Sequence[str]) -> Iterator[str]:
    """Yield the contexts that contain one of these beginnings of a variable's use."""
    for section in side.live(PLAN) if words else ():
        if fold(section.name) not in _SETTINGS:
            values = (value for _, value in shared_pairs(section) if "${" in value)
            if any(word in value for value in values for word in words):
                yield section.name


@attrs.frozen(eq=False)
class _ContextComparison:
    """Compares contexts that are loaded on both sides."""

    comparison: Comparison
    old: _Contexts
    new: _Contexts

    def differences(self, names: Iterable[str]) -> Iterator[Difference]:
        """Yield the contexts that differ, and the extensions that stand in another one now."""
        pairs = {name: self.pairs(name) for name in names}
        if self.comparison.renames:
            yield from self.moved(pairs)
        for name, found in pairs.items():
            was, now = self.old.contexts.get(name), self.new.contexts.get(name)
            parts = list(self.parts(was, now, name, found))
            if (was is None) != (now is None) or (was is not None and parts):
                places = self.old.where(name, ""), self.new.where(name, "")
                yield self.comparison.differs(Address(PLAN, CONTEXT, name), (was, now), places)
                yield from parts

    def pairs(self, name: str) -> list[ExtensionPair]:
        """Return the extensions of a context on both sides, renamed ones paired."""
        before, after = (
            {(e.name, e.callerid_match): e for e in side.contexts[name].extensions}
            if name in side.contexts else {}
            for side in (self.old, self.new)
        )  # fmt: skip
        gone = [before[key] for key in before.keys() - after.keys()]
        come = [after[key] for key in after.keys() - before.keys()]
        again = matched(gone, come, _signature) if self.comparison.renames else ()
        renamed = {(new.name, new.callerid_match): old for old, new in again}
        olds = {(old.name, old.callerid_match) for old in renamed.values()}
        keys = dict.fromkeys([*after, *(key for key in before if key not in olds)])
        return [(before.get(key) or renamed.get(key), after.get(key)) for key in keys]

    def moved(self, pairs: Mapping[str, list[ExtensionPair]]) -> Iterator[Difference]:
        """Yield the extensions that moved to another context, and take them out of `pairs`."""
        gone, come = (
            [
                (name, pair[at])
                for name, found in pairs.items()
                for pair in found
                if not pair[1 - at]
            ]
            for at in (0, 1)
        )
        for (left, was), (entered, now) in matched(gone, come, lambda one: one[1]):
            if left == entered or was is None or now is None:
                continue
            pairs[left].remove((was, None))
            pairs[entered].remove((None, now))
            places = self.old.place(left, was), self.new.place(entered, now)
            old, new = (
                Address(PLAN, CONTEXT, name).part("exten", extension.key)
                for name, extension in ((left, was), (entered, now))
            )
            yield self.comparison.differs(
                new, (was, now), places, action="moved", of=CONTEXT, old_address=old
            )

    def parts(
        self,
        was: DialplanContext | None,
        now: DialplanContext | None,
        name: str,
        pairs: Iterable[ExtensionPair],
    ) -> Iterator[Difference]:
        """Yield the parts of a context that differ."""
        for pair in pairs:
            yield from self.extension(name, *pair)
        kinds: tuple[tuple[PartKind, str], ...] = (("include", "includes"), ("switch", "switches"))
        for kind, field in kinds:
            yield from self.listed(kind, name, field, (_items(was, field), _items(now, field)))
        old, new = _items(was, "ignorepats"), _items(now, "ignorepats")
        for text in dict.fromkeys([*new, *old]):
            at = (
                old.index(text) if text in old else None,
                new.index(text) if text in new else None,
            )
            if None in at:
                yield self.item("ignorepat", name, "ignorepats", (old, new), at)
        flags = tuple(context.autohints if context else False for context in (was, now))
        if flags[0] != flags[1]:
            places = self.old.where(name, "autohints"), self.new.where(name, "autohints")
            yield self.leaf(Address(PLAN, CONTEXT, name), "option", "autohints", flags, places)

    def leaf(
        self,
        above: Address,
        kind: PartKind,
        name: str,
        sides: tuple[Any, ...],
        places: PlacePair,
        action: Action | None = None,
        *,
        old_name: str = "",
        called: str = "",
    ) -> Difference:
        """Return what differs in one part of a context, or of an extension."""
        address = above.part(kind, name)
        return self.comparison.differs(
            address, (sides[0], sides[1]), places, action=action, of=CONTEXT, name=called,
            old_address=above.part(kind, old_name) if old_name else None, depth=len(address.path),
        )  # fmt: skip

    # -- extensions ---------------------------------------------------------------------------

    def extension(
        self, context: str, was: DialplanExtension | None, now: DialplanExtension | None
    ) -> Iterator[Difference]:
        """Yield how an extension differs, if it does, and its parts that do."""
        there = now or was
        assert there is not None
        above = Address(PLAN, CONTEXT, context)
        address = above.part("exten", there.key)
        parts = list(self.steps(address, was, now))
        old, new = (extension.hint if extension else None for extension in (was, now))
        if old != new:
            places = (
                self.old.place(context, was, HINT) if old else None,
                self.new.place(context, now, HINT) if new else None,
            )
            parts.append(self.leaf(address, "hint", "hint", (old, new), places))
        renamed = was is not None and now is not None and was.key != now.key
        if was is not None and now is not None and not (parts or renamed):
            return
        places = self.old.place(context, was), self.new.place(context, now)
        yield self.leaf(
            above, "exten", there.key, (was, now), places, "renamed" if renamed else None,
            old_name=was.key if renamed and was else "",
        )  # fmt: skip
        yield from parts

    def steps(
        self, address: Address, was: DialplanExtension | None, now: DialplanExtension | None
    ) -> Iterator[Difference]:
        """Yield the steps that differ.

        A step that only has another number because others were put above it does not.
        """
        old, new = (extension.steps if extension else () for extension in (was, now))
        pairs = align(old, new, _step, _app, lonely=True)
        arrived = {j: i for i, j in moves(old, new, pairs, _step)}
        moved = set(arrived.values())
        shift = 0
        for i, j in pairs:
            before = old[i] if i is not None else None
            after = new[j] if j is not None else None
            shift += (before is None) - (after is None)
            action: Action | None = None
            if i in moved:
                continue
            if before is None and j in arrived:
                before, action = old[arrived[j]], "moved"
            elif before and after and _step(before) == _step(after):
                if after.priority - before.priority in {0, shift}:
                    continue
                shift = after.priority - before.priority
            elif before and after:
                shift = after.priority - before.priority
            yield self.step(address, (was, now), before, after, action)

    def step(
        self,
        address: Address,
        extensions: ExtensionPair,
        before: DialplanStep | None,
        after: DialplanStep | None,
        action: Action | None,
    ) -> Difference:
        """Return what differs in a step, by its priority now, or before if it was removed."""
        there = after or before
        assert there is not None
        places = (
            self.old.place(address.name, extensions[0], before.priority) if before else None,
            self.new.place(address.name, extensions[1], after.priority) if after else None,
        )
        renumbered = before and after and before.priority != after.priority
        return self.leaf(
            address, "step", str(there.priority), (before, after), places, action,
            old_name=str(before.priority) if before and renumbered else "",
        )  # fmt: skip

    # -- lists --------------------------------------------------------------------------------

    def listed(
        self, kind: PartKind, context: str, field: str, sides: tuple[Sequence[Any], Sequence[Any]]
    ) -> Iterator[Difference]:
        """Yield what differs in a list of a context whose order counts."""
        old, new = sides
        pairs = align(old, new, _text, _target)
        moved = dict(moves(old, new, pairs, _text))
        for i, j in pairs:
            if i in moved or (i is None and j in moved.values()):
                continue
            if i is None or j is None or old[i] != new[j]:
                yield self.item(kind, context, field, sides, (i, j))
        for i, j in moved.items():
            yield self.item(kind, context, field, sides, (i, j), "moved")

    def item(
        self, kind: PartKind, context: str, field: str,
        sides: tuple[Sequence[Any], Sequence[Any]], at: IndexPair, action: Action | None = None,
    ) -> Difference:  # fmt: skip
        """Return what differs in one item of a list of a context, by its index on both sides."""
        i, j = at
        before = sides[0][i] if i is not None else None
        after = sides[1][j] if j is not None else None
        places = (
            self.old.where(context, f"{field}[{i}]") if i is not None else None,
            self.new.where(context, f"{field}[{j}]") if j is not None else None,
        )
        there: Any = after if after is not None else before
        return self.leaf(
            Address(PLAN, CONTEXT, context), kind, getattr(there, "text", there),
            (before, after), places, action, called=_target(there),
        )  # fmt: skip


def _items(context: DialplanContext | None, field: str) -> tuple[Any, ...]:
    found: tuple[Any, ...] = getattr(context, field) if context is not None else ()
    return found


def _signature(extension: DialplanExtension) -> tuple[object, ...] | None:
    """Return the content of an extension without its own name; `None`: it has none."""
    steps = tuple(
        (s.priority, s.app, without(s.data, extension.name), s.label) for s in extension.steps
    )
    hint = without(repr(extension.hint), extension.name) if extension.hint else None
    return (extension.callerid_match, steps, hint) if steps or hint else None


def _step(step: DialplanStep) -> tuple[object, ...]:
    return fold(step.app), step.data, step.label, step.label_hidden


def _app(step: DialplanStep) -> str:
    return fold(step.app)


def _target(part: Any) -> str:  # noqa: ANN401 - an include, a switch, a pattern
    """Return what an include or switch leads to, whatever the conditions."""
    if isinstance(part, str):
        return part
    return f"{part.kind} {part.name}" if isinstance(part, Switch) else str(part.context)


def _text(part: Any) -> str:  # noqa: ANN401 - an include or a switch
    return f"{part.kind} {part.text}" if isinstance(part, Switch) else str(part.text)
