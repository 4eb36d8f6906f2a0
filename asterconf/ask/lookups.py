"""Lookups for a whole set of calls: which step their extension runs, for each part of a box."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from typing import Any, Final, TypeAlias

import attrs

from asterconf.ask.places import callers_of, place_of
from asterconf.ask.times import Moments, moments
from asterconf.ask.values import UndecidedError, Values
from asterconf.dialplan.loader import LoadedDialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.language import timespec
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.partition import Closure, Partition, Program, closure
from asterconf.numbers.terms import Box, InputSlice, Opaque
from asterconf.workspace import Workspace

ANYTHING = at.combine(
    at.ANY, at.concatenate(at.text_of(b"_"), at.ANY), lambda one, other: one and not other
)
"""Every text that does not begin with `_`."""
_OTHERS: Final = at.combine(at.ANY, ANYTHING, lambda one, other: one and not other)


MANY: Final = 32
"""From so many extensions of a context on, those whose steps say the same are looked up as one.

Then steps that dial an endpoint each say the same, whichever it is.
"""
_ENDPOINT: Final = re.compile(r"pjsip/([\w.+-]+)(?=,|\Z)", re.IGNORECASE)
"""What Dial is given to call one endpoint, with no number of its own."""
_IFTIME: Final = re.compile(r"""\bIFTIME\([\x01- "]*([^?$]*)\?""")
"""The time condition of a function."""


Said: TypeAlias = tuple[str, str, str | None, str, int]
"""Holder, application, data (None: an endpoint is dialled, and what follows it) and priority."""


@attrs.frozen
class Found:
    """The step that calls run; `alike`: one of several that say the same."""

    holder: str
    extension: DialplanExtension
    step: DialplanStep
    place: tuple[str, int]
    alike: Alike | None = None


@attrs.frozen(eq=False)
class Alike:
    """Extensions whose steps say the same, and the term that was looked up among them.

    Attributes:
        lookups: what found them.
        part: what they were found in.
        wanted: the priority or label.
        exten: the term.
        said: what they say; each may dial another endpoint.
    """

    lookups: Lookups
    part: Partition
    wanted: int | str
    exten: str
    said: Said

    @property
    def dials(self) -> bool:
        """Whether each of them dials an endpoint, perhaps another one."""
        return self.said[2] is None

    def dialled(
        self, box: Box, names: Collection[str]
    ) -> Iterator[tuple[str, tuple[str, int], Box]]:
        """Yield which of some endpoints they dial, where, and the part of a box that does."""
        for name, place in self.lookups.endpoints(self.part, self.wanted):
            if name not in names:
                continue
            holder, extension = self.part.entries[place]
            step = _step(extension, self.wanted)
            language = self.lookups.labelled(self.part, self.wanted, joined=False).get(place)
            if step is None or language is None or self.lookups.said(holder, step) != self.said:
                continue
            found = self.lookups.found(holder, extension, step)
            for one in terms.inside(self.exten, language, box):
                yield f"PJSIP/{name}", found.place, one


@attrs.define(eq=False)
class Lookups:
    """The lookups of one dialplan, each context worked out once."""

    plan: Dialplan
    workspace: Workspace
    exact: bool = False
    """Whether steps that say the very same are always looked up as one, and no others are."""
    anything: Automaton = ANYTHING
    loaded: LoadedDialplan = attrs.field(init=False)
    contexts: dict[str, Any] = attrs.field(init=False)
    moments: Moments = attrs.field(init=False)
    asked: set[str] = attrs.field(init=False, factory=set)
    """The contexts in which something was looked up."""
    _closures: dict[str, list[tuple[int, Closure]]] = attrs.field(init=False, factory=dict)
    _callers: dict[int, list[tuple[str | None, Automaton]]] = attrs.field(init=False, factory=dict)
    _parts: dict[tuple[str, int, str | None, bool], Partition] = attrs.field(
        init=False, factory=dict
    )
    _labels: dict[tuple[int, int | str, bool], dict[int | None, Automaton]] = attrs.field(
        init=False, factory=dict
    )
    _h: dict[str, bool] = attrs.field(init=False, factory=dict)
    _collected: dict[tuple[str, bool], Automaton] = attrs.field(init=False, factory=dict)
    _founds: dict[tuple[str, str, int], Found] = attrs.field(init=False, factory=dict)
    _said: dict[object, int] = attrs.field(init=False, factory=dict)
    _names: dict[int, set[str]] = attrs.field(init=False, factory=dict)
    _alikes: dict[
        tuple[int, int | str], dict[Said, dict[tuple[str, str, int], tuple[int, bytes]]]
    ] = attrs.field(init=False, factory=dict)
    _endpoints: dict[tuple[int, int | str], list[tuple[str, int]]] = attrs.field(
        init=False, factory=dict
    )

    def __attrs_post_init__(self) -> None:
        self.loaded = self.workspace.dialplan
        self.contexts = {one.name: one for one in reversed(self.plan.contexts)}
        specs = [one.timing for context in self.plan for one in context.includes if one.timing]
        for context in self.plan:
            for extension in context:
                texts = (
                    step.data.partition("?")[0]
                    for step in extension.steps
                    if step.app.lower() in ("gotoiftime", "execiftime")
                )
                specs += (one for one in texts if "$" not in one)
                specs += (one for step in extension.steps for one in _IFTIME.findall(step.data))
        specs = [s for s in dict.fromkeys(specs) if s and not timespec.parse(s).always]
        self.moments = moments(specs)

    def when(self, spec: str) -> int | None:
        """Return the moments at which a condition holds; None: that is not known here."""
        parsed = timespec.parse(spec)
        if not spec or parsed.never:
            return 0
        if parsed.always:
            return self.moments.all
        return self.moments.when(spec) if spec in self.moments.specs else None

    def closures(self, context: str) -> list[tuple[int, Closure]]:
        """Return what a search in a context goes through, with the moments of each."""
        self.asked.add(context)
        found = self._closures.get(context)
        if found is None:
            if len(self.moments.holding) == 1:
                one = closure(self.plan, context, _among(self.moments.holding[0]))
                found = self._closures[context] = [(1, one)]
                return found
            made: dict[Closure, int] = {}
            for number, holding in enumerate(self.moments.holding):
                one = closure(self.plan, context, _among(holding))
                made[one] = made.get(one, 0) | 1 << number
            found = self._closures[context] = [(mask, one) for one, mask in made.items()]
        return found

    def look(self, step: Values, exten: str, wanted: int | str, context: str) -> Found | None:
        """Return the step at a place; the box of a step splits where it has several."""
        every = [(m, one) for m, one in self.closures(context) if m & step.box.time]
        step.split([step.box.at(mask) for mask, _ in every])
        held = every[0][1]
        caller = self._caller(step, held)
        constant = terms.is_constant(exten)
        key = context, every[0][0], caller, not constant and self._begins(exten, step.box)
        part = self._parts.get(key)
        if part is None:
            part = self._parts[key] = Partition(held, caller, itself=key[3])
        if constant:
            place = dict(part.of(exten)).get(wanted)
        else:
            place = self._split(step, part, exten, wanted)
        self._doubt(step, held, place, part, context, exten, wanted)
        if place is None:
            return None
        holder, extension = part.entries[place]
        found = _step(extension, wanted)
        if found is None or found.priority < 1:
            return None
        shown = self.found(holder, extension, found)
        if constant or not self._joins(part):
            return shown
        alike = Alike(self, part, wanted, exten, self.said(holder, found))
        return attrs.evolve(shown, alike=alike)

    def run(self, found: Found, box: Box) -> Iterator[tuple[str, str, int]]:
        """Yield the holder, extension and priority of every step that the calls of a box run."""
        one = found.alike
        if one is None:
            yield found.holder, found.extension.key, found.step.priority
            return
        whole = whole_input(one.exten)
        for ran, (place, text) in self._alike(one.part, one.wanted)[one.said].items():
            if (whole is not None and box[whole].accepts_text(text)) or terms.inside(
                one.exten, self.labelled(one.part, one.wanted, joined=False)[place], box
            ):
                yield ran

    def own(self, found: Found | None, key: tuple[str, str, int], box: Box) -> Box:
        """Return a part of a box that runs one of the steps which say the same."""
        one = found.alike if found is not None else None
        if one is None:
            return box
        place, _ = self._alike(one.part, one.wanted)[one.said][key]
        language = self.labelled(one.part, one.wanted, joined=False)[place]
        return next(iter(terms.inside(one.exten, language, box)), box)

    def _alike(
        self, part: Partition, wanted: int | str
    ) -> dict[Said, dict[tuple[str, str, int], tuple[int, bytes]]]:
        """Return the steps of a priority by what they say, each with its extension and a text."""
        found = self._alikes.get((id(part), wanted))
        if found is None:
            found = self._alikes[id(part), wanted] = {}
            every = part.members(
                lambda fits: self._label(part, wanted, part.program(fits), joined=False)
            )
            for place, text in every.items():
                holder, extension = part.entries[place] if place is not None else ("", None)
                step = _step(extension, wanted) if extension is not None else None
                if place is not None and extension is not None and step is not None:
                    ran = holder, extension.key, step.priority
                    found.setdefault(self.said(holder, step), {})[ran] = place, text
        return found

    def said(self, holder: str, step: DialplanStep) -> Said:
        """Return what a step says: by this alone are calls followed."""
        dialled = _ENDPOINT.match(step.data) if step.app.lower() == "dial" else None
        if dialled is None or self.exact:
            return holder, step.app, step.data, "", step.priority
        return holder, "Dial", None, step.data[dialled.end() :], step.priority

    def endpoints(self, part: Partition, wanted: int | str) -> list[tuple[str, int]]:
        """Return the endpoints that steps of a priority dial, each with the place of it."""
        key = id(part), wanted
        found = self._endpoints.get(key)
        if found is None:
            steps = ((n, _step(one, wanted)) for n, (_, one) in enumerate(part.entries))
            dials = [
                (n, _ENDPOINT.match(one.data)) for n, one in steps
                if one is not None and one.app.lower() == "dial"
            ]  # fmt: skip
            found = self._endpoints[key] = [(one[1], n) for n, one in dials if one is not None]
        return found

    def _joins(self, part: Partition) -> bool:
        return self.exact or len(part.entries) > MANY

    def entered(self, context: str) -> tuple[str, int]:
        """Return file and line of the first step of a context: there its calls come in."""
        first = next((one for one in self.contexts[context].extensions if one.steps), None)
        return place_of(self.loaded, context, first) if first is not None else ("", 0)

    def found(self, holder: str, extension: DialplanExtension, step: DialplanStep) -> Found:
        """Return a step with its place."""
        key = holder, extension.key, step.priority
        if key not in self._founds:
            at_place = place_of(self.loaded, holder, extension, step.priority)
            self._founds[key] = Found(holder, extension, step, at_place)
        return self._founds[key]

    def _begins(self, exten: str, box: Box) -> bool:
        """Return whether a text that a jump makes may begin with `_`, and name a pattern."""
        try:
            return bool(terms.inside(exten, _OTHERS, box))
        except terms.OpaqueError:
            return False

    def _split(self, step: Values, part: Partition, exten: str, wanted: int | str) -> int | None:
        labels = self.labelled(part, wanted, joined=self._joins(part))
        if len(labels) == 1:
            return next(iter(labels))
        whole = whole_input(exten)
        if whole is not None:
            have = step.box[whole]
            text = terms.member(have)
            if text is not None:  # most boxes are split already
                place = self._label(part, wanted, part.of_text(text), joined=self._joins(part))
                if place in labels and terms.within(have, labels[place]):
                    return place
        try:
            boxes = [
                (p, b) for p, found in labels.items() for b in terms.inside(exten, found, step.box)
            ]
        except terms.OpaqueError as error:
            raise UndecidedError(error.part) from None
        step.split([box for _, box in boxes])
        return boxes[0][0] if boxes else None

    def labelled(
        self, part: Partition, wanted: int | str, *, joined: bool
    ) -> dict[int | None, Automaton]:
        """Return for each extension that has a priority the texts that run it, dashes too.

        `joined`: the first of those whose steps say the same has the texts of all.
        """
        key = id(part), wanted, joined
        found = self._labels.get(key)
        if found is None:
            every = part.languages(
                lambda fits: self._label(part, wanted, part.program(fits), joined=joined)
            )
            found = self._labels[key] = {
                place: Numbers.made(language).with_dashes().automaton
                for place, language in every.items()
                if not language.is_empty
            }
        return found

    def _label(
        self, part: Partition, wanted: int | str, program: Program, *, joined: bool
    ) -> int | None:
        """Return the extension that has a priority or label; None: none has."""
        place = next((place for key, place in program if key == wanted), None)
        if place is None or not joined:
            return place
        holder, extension = part.entries[place]
        step = _step(extension, wanted)
        said = None if step is None else self.said(holder, step)
        return self._said.setdefault((id(part), wanted, said), place)

    def _caller(self, step: Values, held: Closure) -> str | None:
        """Return a caller of the kind that calls of a box have; the box splits into kinds."""
        kinds = self._callers.get(id(held))
        if kinds is None:
            kinds = self._callers[id(held)] = callers_of(held)
        if len(kinds) == 1:
            return kinds[0][0]
        number = step.variables.get("CALLERID(num)", "")
        try:
            boxes = [(c, b) for c, found in kinds for b in terms.inside(number, found, step.box)]
        except terms.OpaqueError as error:
            chosen = step.choose([one for one, _ in kinds])
            step.marks.add(error.part)
            return chosen
        step.split([box for _, box in boxes])
        return boxes[0][0] if boxes else None

    def _doubt(
        self, step: Values, held: Closure, place: int | None, part: Partition, context: str,
        exten: str, wanted: int | str,
    ) -> None:  # fmt: skip
        """Note what else may decide where calls are: a switch, or another module.

        No label is looked up in a switch.
        """
        own = place is not None and part.entries[place][0] == context
        for holder, switch in held.switches:
            if isinstance(wanted, int) and (not own or holder != context):
                step.elsewhere(Opaque(f"switch {switch.text} of [{holder}]", "extensions.conf"))
        names = self._names.get(id(held))
        if names is None:
            names = self._names[id(held)] = {name for name, _ in held.entries} | {context}
        asked = {exten} if terms.is_constant(exten) else None
        for other in self.plan.elsewhere:
            if other.may_decide(names, found=place is not None, numbers=asked):
                because = other.because
                step.elsewhere(Opaque(because.text, because.file, because.line))

    def has_h(self, context: str) -> bool:
        """Return whether the end of a call runs an `h` in a context, at some time."""
        found = self._h.get(context)
        if found is None:
            found = self._h[context] = any(
                any(key == 1 for key, _ in Partition(held, caller).of("h"))
                for _, held in self.closures(context)
                for caller, _ in callers_of(held)
            )
        return found

    def keyed(self, kind: str, context: str) -> Automaton:
        """Return the digits that a caller may key to make another call in a context.

        Source: apps/app_queue.c, valid_exit.
        """
        if kind in ("DISA", "Queue", "transfer"):  # they take no more than may be an extension
            return self.collected(context, first=kind == "Queue")
        return at.power(at.mask_of(b"0123456789*#ABCD"), 1, None)

    def collected(self, context: str, *, first: bool = False) -> Automaton:
        """Return the digits that a caller may key where extensions of a context are collected.

        `first`: up to the first extension that they are.
        """
        found = self._collected.get((context, first))
        if found is None:
            many = [
                Partition(held, caller).collected(first=first)
                for _, held in self.closures(context)
                for caller, _ in callers_of(held)
            ]
            found = self._collected[context, first] = at.union(many)
        return found


def _step(extension: DialplanExtension, wanted: int | str) -> DialplanStep | None:
    """Return the step with a priority or label."""
    return next(
        (
            one
            for one in extension.steps
            if wanted in (one.priority, None if one.label_hidden else one.label)
        ),
        None,
    )


def whole_input(exten: str) -> str | None:
    """Return the input that a term is all of; None: it is something else."""
    one = terms.atoms(exten)[0] if len(exten) == 1 else None
    if not isinstance(one, InputSlice) or one.start or one.end is not None:
        return None
    return one.input


def _among(holding: frozenset[str]) -> Any:  # noqa: ANN401
    return lambda one: not one.timing or one.timing in holding or timespec.parse(one.timing).always
