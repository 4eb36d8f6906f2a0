"""What rules look at: a configuration with the answers that several of them ask for."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from functools import cached_property
from typing import TYPE_CHECKING, Final

import attrs

from asterconf._lazy import LazyModule
from asterconf.bind.pjsip import EndpointRecord, PjsipObjects
from asterconf.bind.wizard import PjsipObject
from asterconf.codes import DIALPLAN
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.places import ContextPlaces
from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep
from asterconf.errors import ModelError, NotFoundError
from asterconf.language import args
from asterconf.linter.lines import FileLines, placed
from asterconf.numbers import Numbers
from asterconf.references.plan import PlanUses, UseAt
from asterconf.resolve.bound import Bound
from asterconf.resolve.effective import Effective, EffectiveSection
from asterconf.source import Position, fold
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.ask import emergencies, questions
    from asterconf.ask import reach as reaching
    from asterconf.ask.answers import ReachAnswer, Row
else:
    emergencies = LazyModule("asterconf.ask.emergencies")
    questions = LazyModule("asterconf.ask.questions")
    reaching = LazyModule("asterconf.ask.reach")


@attrs.frozen(eq=False)
class ExtensionAt:
    """An extension, and where it stands."""

    context: DialplanContext
    number: int
    extension: DialplanExtension
    _places: ContextPlaces = attrs.field(repr=False)

    def place(self, step: DialplanStep) -> Position:
        """Return where a step of it stands."""
        return self._places.place(self.number, step.priority)


@attrs.frozen(eq=False)
class StepAt:
    """A step, by its index in its extension."""

    at: ExtensionAt
    index: int

    @property
    def step(self) -> DialplanStep:
        """The step."""
        return self.at.extension.steps[self.index]

    @property
    def place(self) -> Position:
        """Where it stands."""
        return self.at.place(self.step)

    @property
    def arguments(self) -> list[str]:
        """The arguments, cut at commas outside brackets and quotes."""
        return [one.value for one in args.cut(self.step.data, ",", substituted=False)]


@attrs.define(eq=False, slots=False)
class Tree:
    """A configuration, and what is often asked about it; each answer is worked out once."""

    work: Workspace
    sounds: frozenset[str] | None = None
    """The names of the sounds that are there; None: that is not known."""
    host_files: bool = attrs.field(default=False, kw_only=True)
    """Whether the files of this machine are looked at, and how they may be used."""
    _handed: dict[object, Row | None] = attrs.field(factory=dict, init=False)
    _uses: dict[tuple[str, int], list[UseAt]] = attrs.field(factory=dict, init=False)

    @cached_property
    def plan(self) -> Dialplan:
        """The dialplan."""
        return self.work.complete_plan

    @cached_property
    def uses(self) -> PlanUses:
        """What the dialplan names."""
        return self.work.plan_uses

    @cached_property
    def objects(self) -> PjsipObjects:
        """The objects of PJSIP."""
        work = self.work
        return work.pjsip_objects(work.resolve("pjsip_wizard.conf"), work.resolve("pjsip.conf"))

    @cached_property
    def endpoints(self) -> Mapping[str, Bound[EndpointRecord]]:
        """The endpoints with their roles."""
        return self.work.pjsip.endpoints

    def role(self, endpoint: str) -> str:
        """Return the role of an endpoint: `extension`, `trunk`, `peer`, `anonymous`, `unknown`."""
        found = self.endpoints.get(endpoint)
        return found.obj.role if found is not None else "unknown"

    @cached_property
    def trunks(self) -> frozenset[str]:
        """The names of the endpoints that are trunks."""
        return frozenset(name for name in self.endpoints if self.role(name) == "trunk")

    @cached_property
    def entrances(self) -> frozenset[str]:
        """The contexts that calls of endpoints come into."""
        return frozenset(one.text("context") or "default" for one in self.objects.all("endpoint"))

    @cached_property
    def outsiders(self) -> Mapping[str, PjsipObject]:
        """The contexts that calls from outside come into, each with an endpoint that says so."""
        found: dict[str, PjsipObject] = {}
        for one in self.objects.all("endpoint"):
            if self.role(one.id) in {"trunk", "anonymous"}:
                found.setdefault(one.text("context") or "default", one)
        return found

    @cached_property
    def phones(self) -> Mapping[str, PjsipObject]:
        """The contexts that calls from own phones come into, each with one such phone."""
        found: dict[str, PjsipObject] = {}
        for one in self.objects.all("endpoint"):
            if self.role(one.id) == "extension":
                found.setdefault(one.text("context") or "default", one)
        return found

    def reaches_trunk(
        self, endpoint: str, numbers: Iterable[str] = (), steps: Iterable[Position] = ()
    ) -> ReachAnswer | None:
        """Return whether calls of an endpoint are handed to a trunk, by some numbers or steps.

        None: no answer was found by following some hundred ways of steps.
        """
        if endpoint not in self._entries:
            return None
        asked = Numbers.of(*numbers) if numbers else None
        places = {(one.file, one.line) for one in steps}
        try:
            found = reaching.reach(self.work, "trunk", endpoint, asked, budget=_WAYS, places=places)
        except ModelError:
            return None
        return None if found.verdict == "unknown" else found

    def context_reaches_trunk(self, context: str) -> str:
        """Return whether calls that come into a context are handed to a trunk: yes, no, unknown."""
        try:
            found = reaching.reach(self.work, "trunk", f"context:{context}", budget=_WAYS)
        except (ModelError, NotFoundError):
            return "no" if context not in self.uses.contexts else "unknown"
        return found.verdict

    def emergency(self, endpoint: str, number: str, down: Iterable[str] = ()) -> Row | None:
        """Return whether every call of an endpoint hands a number to a trunk, and why.

        `down` are trunks that cannot be reached. Some hundred ways of steps are followed. None: no
        call of that endpoint comes in.
        """
        key = endpoint, number, tuple(down)
        if key not in self._handed:
            rows: tuple[Row, ...] = ()
            with suppress(ModelError):
                rows = emergencies.emergency(
                    self.work, [number], endpoint, key[2], budget=_WAYS
                ).rows
            self._handed[key] = rows[0] if rows and endpoint in self._entries else None
        return self._handed[key]

    @cached_property
    def emergency_numbers(self) -> tuple[str, ...]:
        """The emergency numbers of the owner's country; where it is not known, 911 and 112."""
        return emergencies.default_emergency(self.work)

    @cached_property
    def _entries(self) -> frozenset[str]:
        loaded = self.work.dialplan.loaded
        return frozenset(
            name for name, one in self.endpoints.items() if loaded and one.obj.in_force
        )

    # -- the dialplan -----------------------------------------------------------------------------

    @cached_property
    def extensions(self) -> list[ExtensionAt]:
        """Every extension of extensions.conf, with its place."""
        loaded = self.work.dialplan
        found = []
        for context in loaded.dialplan.contexts:
            places = loaded.contexts.places(context.name)
            if places is not None:
                found += [
                    ExtensionAt(context, number, one, places)
                    for number, one in enumerate(context.extensions)
                ]
        return found

    @property
    def matches_unknown(self) -> bool:
        """Whether calls are matched in a way that is not known here, or unread lines may matter."""
        plan = self.plan
        return plan.general.extenpatternmatchnew or any(one.anywhere for one in plan.elsewhere)

    @cached_property
    def misread(self) -> set[tuple[str, int]]:
        """File and number of each line of which loading said that it is no step as it was meant."""
        found = self.work.dialplan.diagnostics
        return {
            (d.position.file, d.position.line) for d in found if d.position and d.code in _MISREAD
        }

    @cached_property
    def by_key(self) -> Mapping[tuple[str, str], ExtensionAt]:
        """The same by context and key."""
        return {(one.context.name, one.extension.key): one for one in self.extensions}

    def uses_of(self, at: ExtensionAt) -> list[UseAt]:
        """Return what the steps of an extension name."""
        key = at.context.name, at.number
        if key not in self._uses:
            self._uses[key] = [
                UseAt(at.number, index, use)
                for index, step in enumerate(at.extension.steps)
                for mention in self.uses.in_step(step.app, step.data)
                for use in self.uses.uses(mention, at.context, at.extension, index)
            ]
        return self._uses[key]

    @cached_property
    def gosubs(self) -> list[tuple[ExtensionAt, UseAt]]:
        """What steps run by Gosub and its like, each with the extension that does."""
        asked = {
            text: mentions
            for text in self.uses.steps
            if (mentions := [one for one in self.uses.in_step(*text) if one.how == "gosub"])
        }
        found = []
        for context, number, index, step in self.uses.standing(asked):
            at = self.by_key.get((context.name, context.extensions[number].key))
            for mention in asked[step.app, step.data] if at is not None else ():
                uses = self.uses.uses(mention, context, context.extensions[number], index)
                found += [(at, UseAt(number, index, use)) for use in uses if at is not None]
        return found

    @cached_property
    def run_by_gosub(self) -> set[str]:
        """The contexts that a Gosub may run; `$` among them: only a running Asterisk knows."""
        found = {at.context.name for at, _ in self.gosubs}
        for _, use in self.gosubs:
            target = use.use.target
            last = target.name.rpartition("@")[2], target.name.partition(",")[0]
            found.add(last[target.kind == "label"])
            found |= {"$"} if "$" in target.name else set()
        return found

    @cached_property
    def recorded(self) -> frozenset[str]:
        """The names of the sounds that steps record, without their endings."""
        steps = self.uses.steps.values()
        files = (step.data.split(",")[0] for step in steps if fold(step.app) == "record")
        return frozenset(file.rpartition(".")[0] or file for file in files)

    @cached_property
    def jumps(self) -> list[str]:
        """The arguments of every step that may lead to a priority by its number."""
        return [
            step.data
            for step in self.uses.steps.values()
            if fold(step.app) in _JUMPS or _JUMPING_LETTER.search(step.data)
        ]

    def answers(self, number: str, context: str) -> bool | None:
        """Tell whether a context has an extension for a number; None: that is not known."""
        landing = self.plan.landing(number, context)
        return True if landing.step is not None else False if landing.sure else None

    def standing(self, found: Mapping[tuple[str, str], list[Diagnostic]]) -> Iterator[Diagnostic]:
        """Yield findings about the texts of steps at each step that has one of these texts.

        A line about which loading said something is left out: its text is not what was meant.
        """
        loaded = self.work.dialplan
        said = {(d.position.file, d.position.line) for d in loaded.diagnostics if d.position}
        lines = FileLines(self.work.files)
        for context, number, _, step in self.uses.standing(found) if found else ():
            places = loaded.contexts.places(context.name)
            if places is not None:
                place = places.place(number, step.priority)
                if (place.file, place.line) not in said:
                    for one in found[step.app, step.data]:
                        yield placed(one, place, str(step.application) if one.fix else "", lines)

    # -- other files ------------------------------------------------------------------------------

    def sections(self, file: str) -> Iterator[EffectiveSection]:
        """Yield the sections of a file that Asterisk reads; none: it is not here."""
        effective: Effective | None = self.work.resolve(file) if self.work.has(file) else None
        if effective is not None and effective.valid:
            yield from effective.live

    @cached_property
    def has_others(self) -> bool:
        """Whether modules.conf loads modules that are not Asterisk's."""
        known = self.work.schema.known_modules()
        return any(
            fold(name) in {"load", "require", "preload", "preload-require"}
            and fold(value).removesuffix(".so") not in known
            for section in self.sections("modules.conf")
            for name, value in section.pairs
        )

    def option(self, file: str, section: str, name: str) -> tuple[str, Position] | None:
        """Return the last value of an option, and its place; None: it is not set."""
        found = None
        for one in self.sections(file):
            if fold(one.name) == section:
                found = last(one, (name,)) or found
        return found


_WAYS: Final = 400
"""How many ways of steps may be followed for one answer about all calls."""

_MISREAD: Final = frozenset(
    DIALPLAN[name].code
    for name in ("comma-missing", "priority-twice", "old-form", "blank-before-parenthesis")
)

_JUMPS = {
    "goto", "gotoif", "gotoiftime", "gosub", "gosubif", "execif", "execiftime", "exec", "tryexec",
    "agi", "stasis",
}  # fmt: skip

_JUMPING_LETTER = re.compile(r"[BbFG]\(")
"""An option such as those of Dial that runs, or leads to, a place in the dialplan."""


def last(section: EffectiveSection, names: Iterable[str]) -> tuple[str, Position] | None:
    """Return the last value of a section for one of some names, in lower case, and its place."""
    for index in range(len(section.pairs) - 1, -1, -1):
        name, value = section.pairs[index]
        if fold(name) in names:
            return value, section.item(index).origin
    return None
