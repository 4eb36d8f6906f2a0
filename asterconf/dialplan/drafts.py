"""The parts of a dialplan while it loads: names, steps, extensions and contexts.

Names and calls repeat on many lines of a file. Each text is split once, and equal steps are
one object.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from sys import intern

import attrs

from asterconf.dialplan.values import (
    HINT,
    DialplanExtension,
    DialplanStep,
    Hint,
    Include,
    Switch,
)
from asterconf.language import appcall
from asterconf.language.callerid import shrink
from asterconf.language.exten import clean_name
from asterconf.language.faults import Fault
from asterconf.language.pattern import (
    condition_key,
    condition_matches,
    matches,
    name_key,
)
from asterconf.resolve.effective import EffectiveSection

NEVER = 2**31
"""Higher than any priority."""

LOW = 64
"""Steps below this priority are found by index."""

_priority = attrgetter("priority")


@attrs.define(eq=False)
class ExtensionName:
    """The name of an extension with its caller-id condition, as a line has it.

    `text` is what `same` goes on from; `written` the name before blanks are taken out of it.
    `rules`, each with a text, are to be reported for each line that has the name; so are the
    `faults` that evaluation found.
    """

    text: str
    written: str
    name: str
    condition: str | None
    key: bytes
    rules: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    special: bool = False
    """Whether each line that has the name is read by the slow path."""

    @classmethod
    def of(
        cls, text: str, rules: tuple[tuple[str, str], ...] = (), faults: tuple[Fault, ...] = ()
    ) -> ExtensionName:
        """Return what the text after `exten =>` names, after substitution."""
        written, slash, condition = text.partition("/")
        cleaned = shrink(condition, nested=False) if slash else None
        if cleaned and not cleaned.startswith("_"):  # outside patterns no set is one
            cleaned = cleaned.replace("-", "")
        name = clean_name(written)
        key = name_key(name) + condition_key(cleaned)
        special = bool(rules or faults) or written in {"", "_.", "_!"}
        return cls(text, written, name, cleaned, key, rules, faults, special)


NOTHING = ExtensionName("", "", "", None, b"")
"""What `same` finds before the first extension of a section."""


@attrs.define(eq=False)
class StepTable:
    """The plain steps that were made, by priority and by the text of their call.

    A hint is one with the priority `HINT`, for which the last of the `tables` is; its device is
    the application.
    """

    asterisk: str
    tables: list[dict[str, DialplanStep]] = attrs.field(
        factory=lambda: [{} for _ in range(LOW + 1)]
    )
    """By the text of the call, for each priority below `LOW`, and for hints."""
    _high: dict[tuple[int, str], DialplanStep] = attrs.field(factory=dict)

    def step(self, priority: int, call: str) -> DialplanStep | None:
        """Return the step of a call; None if there may be something to report about it."""
        low = HINT <= priority < LOW
        step = self.tables[priority].get(call) if low else self._high.get((priority, call))
        if step is None:
            step = self._new(priority, call)
            if step is not None:
                if low:
                    self.tables[priority][call] = step
                else:
                    self._high[priority, call] = step
        return step

    def _new(self, priority: int, call: str) -> DialplanStep | None:
        if "\\" in call:
            return None
        app, opened, tail = call.partition("(")
        if priority == HINT or not (opened and tail[-1:] == ")" and app.isidentifier()):
            parts = appcall.parse(call)
            app, data = parts.name, parts.data
            special = "${" in app if priority == HINT else not app.isidentifier() or "(" in data
            if parts.lost or special or not parts.closed:
                return None
            return DialplanStep(priority, app, data, asterisk=self.asterisk)
        data = tail[:-1]
        if data.count("(") != data.count(")"):
            return None
        return DialplanStep(priority, intern(app), data, asterisk=self.asterisk)


def hint_of(app: str, data: str, label: str | None) -> Hint:
    """Return the hint that such a line stands for.

    Source: main/pbx.c, parse_hint_device and parse_hint_presence.
    """
    devices, comma, presence = app.rpartition(",")
    if not comma:
        devices, presence = presence, ""
    return Hint(devices.split("&") if devices else (), data, presence if comma else None, label)


@attrs.define(eq=False)
class ExtensionDraft:
    """An extension while it is loaded.

    `steps` ascend by priority, the hint among them; `numbers` are those of their lines. `top` is
    the highest priority, at least 0; `NEVER`: each further line is read by the slow path.
    """

    name: ExtensionName
    top: int = 0
    steps: list[DialplanStep] = attrs.field(factory=list)
    numbers: list[int] = attrs.field(factory=list)
    hidden: bool = False
    """Whether some label stands twice."""

    @property
    def empty(self) -> bool:
        """Whether a hint can be stored as its first line, under its own name."""
        return not self.steps and self.top == 0

    def find(self, priority: int) -> tuple[int, bool]:
        """Return where a priority belongs, and whether it is taken."""
        at = bisect_left(self.steps, priority, key=_priority)
        return at, at < len(self.steps) and self.steps[at].priority == priority

    def put(self, at: int, step: DialplanStep, number: int, name: ExtensionName) -> None:
        """Store a step; the name shown is that of the lowest one.

        Source: main/pbx.c, add_priority.
        """
        self.hidden = self.hidden or (
            step.label is not None and any(s.label == step.label for s in self.steps)
        )
        self.steps.insert(at, step)
        self.numbers.insert(at, number)
        self.top = max(self.top, step.priority)
        if at == 0 and self.name is not name:
            self.name, self.top = name, NEVER  # its lines no longer all have the name it shows

    def label_holders(self, at: int, priority: int, label: str) -> list[tuple[int, int]]:
        """Return priority and line number of each step that has the label of a new one already."""
        return [
            (step.priority, number)
            for step, number in zip(self.steps[: at + 1], self.numbers, strict=False)
            if step.label == label and step.priority != priority
        ]

    def labelled(self, label: str) -> DialplanStep | None:
        """Return the step that a jump to `label` finds: the one stored first."""
        found = [(n, s) for n, s in zip(self.numbers, self.steps, strict=True) if s.label == label]
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def matches(self, name: str, number: str | None) -> bool:
        """Return whether a call to `name` by a caller with this number can run it."""
        mine = self.name
        return matches(mine.name, name) and condition_matches(mine.condition, number)

    def finish(self) -> DialplanExtension:
        """Return the extension."""
        steps, hint = self.steps, None
        first = steps[0]
        if first.priority == HINT:
            hint = hint_of(first.app, first.data, first.label)
            steps = steps[1:]
        elif first.priority < HINT:
            hints = [step for step in steps if step.priority == HINT]
            steps = [step for step in steps if step.priority != HINT]
            hint = next((hint_of(s.app, s.data, s.label) for s in hints), None)
        if self.hidden:
            steps = [
                attrs.evolve(step, label_hidden=True)
                if step.label is not None and self.labelled(step.label) is not step
                else step
                for step in steps
            ]
        return DialplanExtension(self.name.name, self.name.condition, steps, hint)


@attrs.define(eq=False)
class ContextDraft:
    """A context while it is loaded."""

    section: EffectiveSection
    """The first one of its name."""
    extensions: dict[bytes, ExtensionDraft] = attrs.field(factory=dict)
    labels: dict[str, list[ExtensionDraft]] = attrs.field(factory=dict)
    """The extensions that have a step of that label."""
    includes: list[Include] = attrs.field(factory=list)
    ignorepats: list[str] = attrs.field(factory=list)
    switches: list[Switch] = attrs.field(factory=list)
    autohints: bool = False
    parts: dict[str, int] = attrs.field(factory=dict)
    """The number of the line of each of these, by its path."""
    texts: dict[tuple[str, str], int] = attrs.field(factory=dict)
    """The number of the first line of each text, by the kind of line and ignoring case."""

    def label_priority(self, name: str, number: str | None, label: str) -> int:
        """Return the priority of a label for this name and caller, 0 if there is none.

        Source: main/pbx.c, ast_findlabel_extension2.
        """
        found = [draft for draft in self.labels.get(label, ()) if draft.matches(name, number)]
        first = min(found, key=lambda draft: draft.name.key, default=None)
        step = first.labelled(label) if first else None
        return step.priority if step else 0

    def labelled(
        self, draft: ExtensionDraft, step: DialplanStep, label: str
    ) -> DialplanStep | None:
        """Return a step that is to be the last of an extension, with its label; None: taken."""
        known = self.labels.get(label)
        if known is None:
            self.labels[label] = [draft]
        elif draft in known:
            return None
        else:
            known.append(draft)
        return DialplanStep(step.priority, step.app, step.data, label, asterisk=step.asterisk)
