"""What an edit moved: steps with another number, and jumps that lead elsewhere now."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import suppress

import attrs

from asterconf import apps
from asterconf.apps import JUMPING, Jump
from asterconf.dialplan import LoadedDialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.editing.dialplan.steps import ExtensionEdit, Key
from asterconf.errors import NotFoundError
from asterconf.language.pattern import matches
from asterconf.shown import Shown
from asterconf.source import Position, fold

_JUMPING = frozenset({fold(cls.__name__) for cls in JUMPING})


@attrs.frozen
class MovedStep:
    """A step that has another priority now; `now` is None for one that was removed."""

    extension: str
    was: DialplanStep
    now: DialplanStep | None

    def __str__(self) -> str:
        label = f" ({self.was.label})" if self.was.label is not None else ""
        now = "removed" if self.now is None else f"now {self.now.priority}"
        return f"{self.extension},{self.was.priority}{label} {now}: {self.was}"


@attrs.frozen
class MovedJump:
    """A jump into the context that leads to another step than before.

    Attributes:
        position: where the jump stands now.
        context, extension, step: the step that jumps, as it is now.
        jump: the place that it names.
        was: the step that it led to; None: there was none.
        now: the step that it leads to; None: there is none any more.
    """

    position: Position | None
    context: str
    extension: str
    step: DialplanStep
    jump: Jump
    was: DialplanStep | None
    now: DialplanStep | None

    def __str__(self) -> str:
        place = f"{self.position}: " if self.position else ""
        led = f"led to {self.was}" if self.was is not None else "led nowhere"
        leads = f"now to {self.now}" if self.now is not None else "now nowhere"
        return f"{place}{self.step} {led}, {leads}"


@attrs.frozen
class EditReport(Shown):
    """What an edit of a context moved.

    Attributes:
        context: its name.
        files: the files that changed.
        steps: those with another priority, and those that were removed.
        jumps: those that lead to another step than before. A jump to an extension's priority 1
            is none of them, as long as there is one; neither is one to a place that a variable
            makes up, except `${EXTEN}`.
    """

    context: str
    files: tuple[str, ...] = ()
    steps: tuple[MovedStep, ...] = ()
    jumps: tuple[MovedJump, ...] = ()

    def __str__(self) -> str:
        return "\n".join(map(str, (*self.steps, *self.jumps)))


@attrs.define(eq=False)
class _Look:
    """The edited extensions by step: which step was which."""

    context: str
    was: Dialplan
    now: Dialplan
    extensions: Mapping[Key, ExtensionEdit]

    def became(self, extension: DialplanExtension, step: DialplanStep) -> DialplanStep | None:
        """Return what a step of before is now; None: it is gone."""
        edit = self.extensions.get((extension.name, extension.callerid_match))
        if edit is None:
            return step
        return next((entry.step for entry in edit.entries if entry.was is step), None)

    def touched(self, jump: Jump, extension: DialplanExtension) -> bool:
        """Return whether a jump may lead to an extension that was edited."""
        name = jump.location.extension
        if name in {"", "${EXTEN}"}:
            return any(edited == extension.name for edited, _ in self.extensions)
        return any(matches(edited, name) for edited, _ in self.extensions)

    def target(
        self, plan: Dialplan, jump: Jump, extension: DialplanExtension, priority: int
    ) -> tuple[DialplanExtension, DialplanStep] | None:
        """Return the step of the context that a jump leads to."""
        place = jump.location
        name = place.extension
        own = not place.extension or place.extension == "${EXTEN}"
        wanted = place.priority
        if isinstance(wanted, str) and wanted[:1] in {"+", "-"} and wanted[1:].isdigit():
            wanted = priority + int(wanted)
        elif isinstance(wanted, str) and wanted.strip().isdigit():
            wanted = int(wanted)
        if not own:
            landing = plan.landing(name, self.context, wanted)
            here = landing.context == self.context
            if landing.extension is None or landing.step is None or not here:
                return None
            return landing.extension, landing.step
        for one in plan[self.context].all(extension.name) if self.context in plan else ():
            with suppress(NotFoundError):
                return one, one.step(wanted)
        return None


def report(
    context: str,
    was: Dialplan,
    loaded: LoadedDialplan,
    extensions: Mapping[Key, ExtensionEdit],
    files: tuple[str, ...],
) -> EditReport:
    """Return what an edit moved.

    Args:
        context: the context that was edited.
        was: the dialplan before.
        loaded: the dialplan now, with its places.
        extensions: those that were edited.
        files: the files that changed.
    """
    moved = [
        MovedStep(edit.value.key, entry.was, entry.step if entry in edit.entries else None)
        for edit in extensions.values()
        for entry in (*edit.entries, *edit.removed)
        if entry.was is not None
        and (entry not in edit.entries or entry.step.priority != entry.was.priority)
    ]
    moved.sort(key=lambda one: (one.extension, one.was.priority))
    look = _Look(context, was, loaded.dialplan, extensions)
    jumps = [*_jumps(look, loaded)] if moved else []
    jumps.sort(key=lambda one: (one.position is None, one.position))
    return EditReport(context, files, tuple(moved), tuple(jumps))


def _jumps(look: _Look, loaded: LoadedDialplan) -> Iterator[MovedJump]:
    before: dict[int, DialplanStep] = {
        id(entry.step): entry.was
        for edit in look.extensions.values()
        for entry in edit.entries
        if entry.was is not None
    }
    for context in loaded.dialplan:
        for extension in context:
            edit = None
            if context.name == look.context:
                edit = look.extensions.get((extension.name, extension.callerid_match))
            steps = edit.steps if edit is not None else extension.steps
            for step in steps:
                if fold(step.app) not in _JUMPING:
                    continue
                origin = (context.name, extension.name, extension.callerid_match, step.priority)
                old = before.get(id(step), step) if edit is not None else step
                for jump in apps.jumps(step.application):
                    into = jump.location.context or context.name
                    if into != look.context or (edit is not None and id(step) not in before):
                        continue
                    if not look.touched(jump, extension):
                        continue
                    one = look.target(look.was, jump, extension, old.priority)
                    two = look.target(look.now, jump, extension, step.priority)
                    if two is not None and jump.location.priority == 1:
                        continue
                    meant = look.became(*one) if one is not None else None
                    if (one is None and two is None) or (two is not None and meant == two[1]):
                        continue
                    led = one[1] if one is not None else None
                    leads = two[1] if two is not None else None
                    place = loaded.origins.get(origin)
                    yield MovedJump(place, context.name, extension.key, step, jump, led, leads)
