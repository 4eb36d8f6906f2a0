"""What a configuration says besides the steps: variables, members, where other files lead."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import TypeGuard

import attrs

from asterconf.ask.lookups import Lookups
from asterconf.bind.sections import read_objects
from asterconf.calls.call import entry_variables
from asterconf.calls.simulation import Simulation
from asterconf.calls.world import World
from asterconf.dialplan.lookup import Dialplan
from asterconf.language import template
from asterconf.numbers import terms
from asterconf.numbers.terms import Opaque
from asterconf.schema import Schema
from asterconf.semantics.functions import FUNCTIONS
from asterconf.semantics.scope import Function
from asterconf.workspace import Workspace

__all__ = ["Surroundings"]


def part_names(part: template.Part) -> TypeGuard[template.FunctionCall]:
    """Return whether a part of a text is a function that is given the name of a variable."""
    if not isinstance(part, template.FunctionCall):
        return False
    return part.name in template.BY_NAME or part.name == "EVAL"


_GLOBAL = re.compile(r"\s*GLOBAL\(([^()$,]*)\)\s*=")


def _made_name(app: str, data: str) -> bool:
    """Return whether a step may write a variable whose name, being made, may be any."""
    if app not in ("set", "mset", "read"):
        return False
    name, equals, _ = data.partition("," if app == "read" else "=")
    before, made, _ = name.partition("$")
    word, opened, _ = before.lstrip(" _").partition("(")
    if not made or not (equals or app == "read"):
        return False
    return word in ("ARRAY", "HASH", "SET") if opened else "GLOBAL".startswith(word)


@attrs.define(eq=False)
class Surroundings:
    """What the steps of a dialplan are run with.

    `down` are endpoints that cannot be reached.
    """

    workspace: Workspace
    down: frozenset[str] = frozenset()
    plan: Dialplan = attrs.field(init=False)
    lookups: Lookups = attrs.field(init=False)
    globals: dict[str, str] = attrs.field(init=False)
    members: dict[str, tuple[str, ...]] = attrs.field(init=False)
    queue_contexts: dict[str, str] = attrs.field(init=False, factory=dict)
    _there: dict[str, bool] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.plan = self.workspace.complete_plan
        self.simulation = Simulation(self.workspace, World(), self.plan)
        self.lookups = Lookups(self.plan, self.workspace)
        self.globals = dict(self._globals())
        queues = self.workspace.queues.objects
        self.members = {n: tuple(m.interface for m in b.obj.members) for n, b in queues.items()}
        self.functions = {
            **FUNCTIONS,
            "QUEUE_MEMBER_LIST": Function(
                lambda call: ",".join(self.members.get(call.arguments, ()))
            ),
        }
        self.queue_contexts = {
            n: str(getattr(b.obj, "context", "") or "") for n, b in queues.items()
        }

    simulation: Simulation = attrs.field(init=False)
    functions: Mapping[str, Function] = attrs.field(init=False)

    @property
    def schema(self) -> Schema:
        """What the version knows that runs the calls."""
        return self.workspace.schema

    def has(self, name: str) -> bool:
        """Return whether Asterisk has an application."""
        found: bool = self.simulation.has(name)
        return found

    def _globals(self) -> Iterable[tuple[str, str]]:
        """Yield the global variables; one that some step may change is opaque."""
        for name, value in self.plan.globals.items():
            changed = name in self.written or "*" in self.written or "$" in value
            yield name, terms.char_of(Opaque(f"${{{name}}}")) if changed else value
        for name in self.written - self.plan.globals.keys():
            yield name, terms.char_of(Opaque(f"${{{name}}}"))

    @cached_property
    def written(self) -> frozenset[str]:
        """The global variables that some step may change; `*`: any."""
        found: set[str] = set()
        for app, data in self._lines():
            plain = _GLOBAL.match(data) if app == "set" else None
            if plain is not None:
                found.add(plain[1])
            rest = data[plain.end() :] if plain is not None else data
            if "GLOBAL(" in rest.replace("${GLOBAL(", "") or _made_name(app, data):
                found.add("*")
        return frozenset(found)

    def _lines(self) -> Iterable[tuple[str, str]]:
        for values in entry_variables(self.workspace).values():
            yield from (("set", f"{name}={value}") for name, value in values)
        for context in self.plan:
            for extension in context:
                for step in extension.steps:
                    yield step.app.lower(), step.data

    @cached_property
    def read_names(self) -> frozenset[str] | None:
        """The variables that some step reads; None: any may be."""
        found: set[str] = set()
        for _, data in self._lines():
            if "EVAL(" in data:  # a text that is evaluated once more
                return None
            parsed = template.parse(data)
            for part in parsed.walk():
                if isinstance(part, template.Variable):
                    if "$" in part.name:
                        return None
                    found.add(part.name)
                elif part_names(part):
                    name = template.argument_name(part)
                    if name is None:
                        return None
                    found.add(name)
        return frozenset(found)

    def reads(self, name: str) -> bool:
        """Return whether a variable matters later."""
        if self.read_names is None or name in self.read_names:
            return True
        return name.startswith(("WHILE_", "END_WHILE_", "~", "CALLERID(", "TRANSFER_", "TESTTIME"))

    # -- what other files let a caller do ---------------------------------------------------------

    def _voicemail(self, option: str, box: str) -> list[str]:
        found: dict[str, None] = {}
        name = box.partition("&")[0].partition("@")[0]
        for key, bound in self.workspace.mailboxes.objects.items():
            if not name or key.partition("@")[0] == name or not terms.is_constant(name):
                value = getattr(bound.obj, option, None)
                found |= {str(value): None} if value else {}
        general = read_objects(self.workspace.resolve("voicemail.conf"), "general")
        for record in general.values():
            value = dict(record.obj.options).get(option)
            found |= {str(value): None} if value else {}
        return list(found)

    def dialouts(self, box: str) -> list[str]:
        """Return the contexts in which the owner of a mailbox can dial from its menu."""
        return self._voicemail("dialout", box)

    def exits(self, box: str) -> list[str]:
        """Return the contexts that `0` in the greeting of a mailbox leads to."""
        return self._voicemail("exitcontext", box)

    def menus(self, menu: str) -> list[tuple[str, str]]:
        """Return where the keys of a conference's menu lead."""
        found = self.workspace.resolve("confbridge.conf")
        places: list[tuple[str, str]] = []
        for section in found or ():
            if section.name == menu:
                for item in section.items:
                    for piece in str(getattr(item, "value", "")).split("dialplan_exec(")[1:]:
                        context, _, rest = piece.partition(",")
                        places.append((context, rest.partition(",")[0]))
        return places
