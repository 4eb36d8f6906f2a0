"""What a dialplan is made of while it loads: names, steps and extensions, and how they are stored.

Names and calls repeat on many lines of a file. Each text is taken apart once, and equal steps are
one object.
"""

from __future__ import annotations

from bisect import bisect_left
from operator import attrgetter
from sys import intern
from typing import TYPE_CHECKING

import attrs

from asterconf.dialplan.values import DialplanExtension, DialplanStep, Hint
from asterconf.language.exten import clean_condition, clean_name, split_application
from asterconf.language.pattern import (
    condition_key,
    condition_matches,
    matches,
    name_key,
)

if TYPE_CHECKING:
    from asterconf.language.faults import Fault

__all__ = ["HINT", "LOW", "NEVER", "NOTHING", "ExtensionDraft", "ExtensionName", "StepTable"]

HINT = -1
"""The priority under which a hint is stored."""

NEVER = 2**31
"""Higher than any priority."""

LOW = 64
"""Steps below this priority are found at once."""

_priority = attrgetter("priority")


@attrs.define(eq=False)
class ExtensionName:
    """The name of an extension with its caller-id condition, as a line has it.

    `text` is what `same` goes on from; `written` the name before blanks are taken out of it.
    `odd` are rules, each with a text, that are to be said of each line that has the name, and
    `faults` what evaluation found.
    """

    text: str
    written: str
    name: str
    condition: str | None
    key: bytes
    odd: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    special: bool = False
    """Whether each line that has the name needs a closer look."""

    @classmethod
    def of(
        cls, text: str, odd: tuple[tuple[str, str], ...] = (), faults: tuple[Fault, ...] = ()
    ) -> ExtensionName:
        """Return what the text behind `exten =>` names, after substitution."""
        written, slash, condition = text.partition("/")
        cleaned = clean_condition(condition) if slash else None
        name = clean_name(written)
        key = name_key(name) + condition_key(cleaned)
        special = bool(odd or faults) or written in {"", "_.", "_!"}
        return cls(text, written, name, cleaned, key, odd, faults, special)


NOTHING = ExtensionName("", "", "", None, b"")
"""What `same` finds before the first extension of a section."""


@attrs.define(eq=False)
class StepTable:
    """The plain steps that were made, by priority and by the text of their call.

    A hint is one with the priority `HINT`, for which the last of the `tables` is; its device is
    the application.
    """

    tables: list[dict[str, DialplanStep]] = attrs.field(
        factory=lambda: [{} for _ in range(LOW + 1)]
    )
    """By the text of the call, for each priority below `LOW`, and for hints."""
    _high: dict[tuple[int, str], DialplanStep] = attrs.field(factory=dict)

    def step(self, priority: int, call: str) -> DialplanStep | None:
        """Return the step of a call; None if there may be more to say about it."""
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
            app, data, lost, closed = split_application(call)
            odd = "${" in app if priority == HINT else not app.isidentifier() or "(" in data
            return None if lost or not closed or odd else DialplanStep(priority, app, data)
        data = tail[:-1]
        if data.count("(") != data.count(")"):
            return None
        return DialplanStep(priority, intern(app), data)


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
    the highest priority, at least 0; `NEVER`: each further line needs a closer look.
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

    def rivals(self, at: int, priority: int, label: str) -> list[tuple[int, int]]:
        """Return priority and line number of each step that keeps a new one from its label."""
        return [
            (step.priority, number)
            for step, number in zip(self.steps[: at + 1], self.numbers, strict=False)
            if step.label == label and step.priority != priority
        ]

    def labelled(self, label: str) -> DialplanStep | None:
        """Return the step that a jump to `label` finds: the one stored first."""
        found = [(n, s) for n, s in zip(self.numbers, self.steps, strict=True) if s.label == label]
        return min(found, key=lambda pair: pair[0])[1] if found else None

    def fits(self, name: str, number: str | None) -> bool:
        """Tell whether a call to `name` by a caller with this number can run it."""
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
