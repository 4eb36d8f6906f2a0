"""extensions.conf → `Dialplan`, line by line as Asterisk's own loader does it.

Everything that the loader drops, cuts or refuses is said in a diagnostic of the 2xx range; the
table `CODES` holds all of them.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.bind._bound import Bound, finding, first_items, truth
from asterconf.bind._exten import (
    atoi,
    clean_condition,
    clean_name,
    clip,
    cut_name,
    int32,
    leading_number,
    needs_evaluator,
    split_application,
    split_priority,
    substitute,
)
from asterconf.bind._patterns import Key, condition_key, condition_matches, matches, name_key
from asterconf.codes import Rule
from asterconf.model.dialplan import (
    Dialplan,
    DialplanContext,
    DialplanExtension,
    DialplanGeneral,
    DialplanStep,
    Hint,
    Include,
    Switch,
)
from asterconf.source import Diagnostic, Position, Severity, fold

if TYPE_CHECKING:
    from asterconf.resolve import Effective, EffectiveItem, EffectiveSection

__all__ = ["CODES", "HINT", "LoadedDialplan", "load_dialplan", "substitute"]

HINT = -1
"""The priority under which a hint is stored."""

NOTHING_READ = -2
"""The "last priority" of a section before its first good line."""

Substitute = Callable[[str, Mapping[str, str]], str]
Origin = tuple[str, str, str | None, int]


_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Mapping[str, Rule] = {
    "unknown-key": Rule(
        "AC210", _E, "unknown directive {key!r}",
        "known: exten, same, include, ignorepat, switch, lswitch, eswitch, autohints",
    ),
    "no-name": Rule(
        "AC211", _E, "extension without a name",
        "write NAME,PRIORITY,APPLICATION; check the variables that make up the name",
    ),
    "same-first": Rule(
        "AC212", _E, "{key!r} before any extension of this section",
        "start with an exten line; each section header starts afresh",
    ),
    "priority-range": Rule(
        "AC213", _E, "priority {word!r} is not between 1 and 2147483647",
        "use 1, or n for the next one",
    ),
    "priority-unknown": Rule(
        "AC214", _E, "{word!r} is neither a priority nor a label of {name!r}",
        "write NAME,PRIORITY,APPLICATION; n, next, s, same and hint are lower case",
    ),
    "next-first": Rule(
        "AC215", _E, "{word!r} has no priority before it in this section",
        "give the first line of the section a number",
    ),
    "priority-zero": Rule(
        "AC216", _E, "the line comes to priority 0 and is dropped without a message",
        "n counts on from the line before; after a hint start again with a number", logged=False,
    ),
    "label-open": Rule(
        "AC217", _E, "label without its ')'",
        "a label holds no comma; write n(label)",
    ),
    "arguments-open": Rule(
        "AC218", _W, "the arguments of {app!r} have no ')'",
        "close the parenthesis; a ';' in arguments must be written '\\;'",
    ),
    "priority-taken": Rule(
        "AC219", _E, "priority {priority} of {name!r} is taken already",
        "the first one stays; use n, or another number",
    ),
    "label-taken": Rule(
        "AC220", _W, "label {label!r} is in use at priority {priority} already",
        "the step is stored without it; choose another label",
    ),
    "matches-all": Rule(
        "AC221", _W, "{name!r} matches everything, h, i, t and s included",
        "use {better!r} unless letters must match too",
    ),
    "include-twice": Rule(
        "AC222", _E, "{text!r} is included already",
        "remove one of both lines",
    ),
    "ignorepat-twice": Rule(
        "AC223", _E, "ignorepat {text!r} is there already",
        "remove one of both lines",
    ),
    "switch-twice": Rule(
        "AC224", _E, "switch {text!r} is there already",
        "remove one of both lines",
    ),
    "include-missing": Rule(
        "AC225", _W, "context {name!r} does not exist in this file{near}",
        "nothing is included, unless a module makes that context when it runs",
    ),
    "not-evaluated": Rule(
        "AC226", _A, "{text!r} is left as written: only Asterisk can evaluate it",
        "what depends on this line may differ in a running Asterisk", logged=False,
    ),
    "general-twice": Rule(
        "AC227", _W, "a second [general] is ignored",
        "move its lines to the first, or write [general](+)", logged=False,
    ),
    "text-lost": Rule(
        "AC228", _W, "{lost!r} behind the last ')' is thrown away",
        "check the parentheses: arguments end at the last ')' of the line", logged=False,
    ),
    "name-cut": Rule(
        "AC229", _W, "the name is cut to 255 bytes",
        "use a shorter name", logged=False,
    ),
}  # fmt: skip
"""What can be said about a dialplan while it loads. An error is a line that is lost."""


@attrs.frozen
class LoadedDialplan:
    """A dialplan, the places of its parts, and what was odd about it.

    `origins` has the place of every step by context, extension, caller-id condition and
    priority; a hint has the priority `HINT`. `contexts` has each context with the places of its
    header (""), of `includes[0]`, `switches[0]`, `ignorepats[0]` and `autohints`. `places` has
    `globals.NAME` and `general.NAME`. `loaded` is False where Asterisk would not load the file.
    """

    dialplan: Dialplan
    loaded: bool = True
    origins: Mapping[Origin, Position] = attrs.field(factory=dict, hash=False)
    contexts: Mapping[str, Bound[DialplanContext]] = attrs.field(factory=dict, hash=False)
    places: Mapping[str, Position] = attrs.field(factory=dict, hash=False)
    diagnostics: tuple[Diagnostic, ...] = ()


def load_dialplan(
    effective: Effective | None, substitute: Substitute = substitute
) -> LoadedDialplan:
    """Load what extensions.conf means.

    Args:
        effective: the resolved file; None if there is none.
        substitute: replaces variables at load time; the default knows plain `${NAME}` only and
            leaves anything richer as written.

    Source: pbx/pbx_config.c, pbx_load_config; main/pbx.c, ast_add_extension2_lockopt.
    """
    if effective is None or not effective.valid:
        return LoadedDialplan(Dialplan(), loaded=False)
    return _Loader(substitute).load([s for s in effective.sections if not s.template])


@attrs.define
class _Node:
    """A step while it is loaded: each keeps the name that its own line has."""

    priority: int
    name: str
    condition: str | None
    app: str
    data: str
    label: str | None
    position: Position
    serial: int

    def hint(self) -> Hint:
        """Return the hint that this node stands for.

        Source: main/pbx.c, parse_hint_device and parse_hint_presence.
        """
        devices, comma, presence = self.app.rpartition(",")
        if not comma:
            devices, presence = presence, ""
        return Hint(
            devices.split("&") if devices else (),
            self.data,
            presence if comma else None,
            self.label,
        )


@attrs.define
class _Extension:
    """An extension while it is loaded; `nodes` ascend by priority."""

    nodes: list[_Node] = attrs.field(factory=list)

    def labelled(self, label: str) -> _Node | None:
        """Return the step that a jump to `label` finds: the one stored first."""
        found = [node for node in self.nodes if node.label == label]
        return min(found, key=lambda node: node.serial) if found else None

    def finish(self) -> DialplanExtension:
        first = self.nodes[0]
        return DialplanExtension(
            first.name,
            first.condition,
            [
                DialplanStep(
                    node.priority,
                    node.app,
                    node.data,
                    node.label,
                    label_hidden=node.label is not None and self.labelled(node.label) is not node,
                )
                for node in self.nodes
                if node.priority != HINT
            ],
            next((node.hint() for node in self.nodes if node.priority == HINT), None),
        )


@attrs.define
class _Context:
    """A context while it is loaded."""

    name: str
    position: Position
    extensions: dict[tuple[Key, Key], _Extension] = attrs.field(factory=dict)
    includes: list[tuple[Include, EffectiveItem]] = attrs.field(factory=list)
    ignorepats: list[tuple[str, Position]] = attrs.field(factory=list)
    switches: list[tuple[Switch, Position]] = attrs.field(factory=list)
    autohints: tuple[bool, Position | None] = (False, None)

    def ordered(self) -> Iterator[_Extension]:
        """Yield the extensions in the order in which Asterisk tries them."""
        for key in sorted(self.extensions):
            yield self.extensions[key]

    def label_priority(self, name: str, number: str | None, label: str) -> int:
        """Return the priority of a label for this name and caller, 0 if there is none.

        Source: main/pbx.c, ast_findlabel_extension2.
        """
        for extension in self.ordered():
            first = extension.nodes[0]
            if matches(first.name, name) and condition_matches(first.condition, number):
                node = extension.labelled(label)
                if node is not None:
                    return node.priority
        return 0

    def finish(self) -> Bound[DialplanContext]:
        places = {"": self.position}
        for field, parts in (("ignorepats", self.ignorepats), ("switches", self.switches)):
            places |= {f"{field}[{i}]": place for i, (_, place) in enumerate(parts)}
        places |= {f"includes[{i}]": item.origin for i, (_, item) in enumerate(self.includes)}
        autohints, place = self.autohints
        if place is not None:
            places["autohints"] = place
        context = DialplanContext(
            self.name,
            [extension.finish() for extension in self.ordered()],
            [include for include, _ in self.includes],
            [pattern for pattern, _ in self.ignorepats],
            [switch for switch, _ in self.switches],
            autohints,
        )
        return Bound(context, places)


@attrs.define
class _Reading:
    """What a section header starts afresh: the text that `same` and `n` go on from."""

    context: _Context
    last_extension: str = ""
    last_priority: int = NOTHING_READ


@attrs.define
class _Loader:
    """Loads one file; holds what grows while it is read."""

    substitute: Substitute
    contexts: dict[str, _Context] = attrs.field(factory=dict)
    variables: dict[str, str] = attrs.field(factory=dict)
    places: dict[str, Position] = attrs.field(factory=dict)
    diagnostics: list[Diagnostic] = attrs.field(factory=list)
    serial: int = 0

    def say(
        self,
        rule: str,
        position: Position,
        related: Iterable[tuple[Position, str]] = (),
        **facts: object,
    ) -> None:
        self.diagnostics.append(finding(CODES[rule], position, related, **facts))

    def load(self, sections: list[EffectiveSection]) -> LoadedDialplan:
        general = self.read_general([s for s in sections if fold(s.name) == "general"])
        for section in sections:
            if fold(section.name) == "globals":
                self.read_globals(section)
        for section in sections:
            if fold(section.name) not in {"general", "globals"}:
                context = self.contexts.setdefault(
                    section.name, _Context(section.name, section.position)
                )
                reading = _Reading(context)
                for item in section.items:
                    self.read_item(reading, item)
        self.check_includes()
        contexts = {name: context.finish() for name, context in self.contexts.items()}
        return LoadedDialplan(
            Dialplan([bound.obj for bound in contexts.values()], self.variables, general),
            origins=self.origins(),
            contexts=contexts,
            places=self.places,
            diagnostics=tuple(self.diagnostics),
        )

    def origins(self) -> dict[Origin, Position]:
        return {
            (context.name, extension.nodes[0].name, extension.nodes[0].condition, node.priority):
                node.position
            for context in self.contexts.values()
            for extension in context.ordered()
            for node in extension.nodes
        }  # fmt: skip

    def read_general(self, sections: list[EffectiveSection]) -> DialplanGeneral:
        for section in sections[1:]:
            first = (sections[0].position, "the first one")
            self.say("general-twice", section.position, [first])
        if not sections:
            return DialplanGeneral()
        found: dict[str, Any] = {}
        for field in attrs.fields(DialplanGeneral):
            item = first_items(sections[0]).get(field.name)
            if item is not None:
                boolean = isinstance(field.default, bool)
                found[field.name] = truth(item.value) if boolean else item.value
                self.places[f"general.{field.name}"] = item.origin
        return DialplanGeneral(**found)

    def read_globals(self, section: EffectiveSection) -> None:
        for item in section.items:
            name = item.name
            for _ in range(2):
                name = name.removeprefix("_")
            self.variables[name] = self.expand(item.value, item.origin)
            self.places[f"globals.{name}"] = item.origin

    def expand(self, text: str, position: Position, also: Mapping[str, str] | None = None) -> str:
        """Substitute at load time, and say so if something is left as written."""
        value = self.substitute(text, {**self.variables, **also} if also else self.variables)
        if needs_evaluator(value):
            self.say("not-evaluated", position, text=value)
        return value

    def read_item(self, reading: _Reading, item: EffectiveItem) -> None:
        key, context = fold(item.name), reading.context
        if key == "exten":
            name, rest = cut_name(item.value)
            expanded = self.expand(name, item.origin)
            reading.last_extension = clip(expanded)
            if reading.last_extension != expanded:
                self.say("name-cut", item.origin)
            self.read_step(reading, rest or "", item)
        elif key.startswith("same"):
            if reading.last_extension:
                self.read_step(reading, item.value, item)
            else:
                self.say("same-first", item.origin, key=item.name)
        elif key == "include":
            self.read_include(context, item)
        elif key == "ignorepat":
            pattern = self.expand(item.value, item.origin)
            known = {fold(other): place for other, place in context.ignorepats}
            if fold(pattern) in known:
                first = (known[fold(pattern)], "the first one")
                self.say("ignorepat-twice", item.origin, [first], text=pattern)
            else:
                context.ignorepats.append((pattern, item.origin))
        elif key in {"switch", "lswitch", "eswitch"}:
            self.read_switch(context, key, item)
        elif key == "autohints":
            context.autohints = (truth(item.value), item.origin)
        else:
            self.say("unknown-key", item.origin, key=item.name)

    def read_include(self, context: _Context, item: EffectiveItem) -> None:
        text = self.expand(item.value, item.origin)
        for other, first in context.includes:
            if fold(other.text) == fold(text):
                self.say("include-twice", item.origin, [(first.origin, "the first one")], text=text)
                return
        name, separator, timing = text.partition("|" if "|" in text else ",")
        context.includes.append((Include(name, timing, separator), item))

    def read_switch(self, context: _Context, kind: str, item: EffectiveItem) -> None:
        text = self.expand(item.value, item.origin) if kind == "switch" else item.value
        name, _, data = text.partition("/")
        switch = Switch(kind, name, data)
        for other, place in context.switches:
            if fold(other.text) == fold(switch.text):
                self.say("switch-twice", item.origin, [(place, "the first one")], text=switch.text)
                return
        context.switches.append((switch, item.origin))

    def read_step(self, reading: _Reading, rest: str, item: EffectiveItem) -> None:
        """Read `PRIORITY[(LABEL)],APP(ARGS)` for the last extension of the section."""
        name, slash, condition = reading.last_extension.partition("/")
        cleaned = clean_condition(condition) if slash else None
        field, _, tail = rest.partition(",")
        word, plus, label, closed = split_priority(field)
        if not closed:
            self.say("label-open", item.origin)
            return
        priority = self.priority(reading, name, cleaned, word, item.origin)
        if priority is None:
            return
        app, data, lost, closed = split_application(tail)
        if not closed:
            self.say("arguments-open", item.origin, app=app)
        if not priority:
            self.say("priority-zero", item.origin)
            return
        if plus is not None:
            priority = int32(priority + atoi(plus))
        reading.last_priority = priority
        if lost:
            self.say("text-lost", item.origin, lost=lost)
        if name in {"_.", "_!"}:
            self.say("matches-all", item.origin, name=name, better=f"_X{name[1]}")
        if not name:
            self.say("no-name", item.origin)
            return
        if priority == HINT and "${" in app and not name.startswith("_"):
            context_name = reading.context.name
            app = self.expand(app, item.origin, {"EXTEN": name, "CONTEXT": context_name})
        self.serial += 1
        self.store(
            reading.context,
            _Node(priority, clean_name(name), cleaned, app, data, label, item.origin, self.serial),
        )

    def priority(
        self, reading: _Reading, name: str, condition: str | None, word: str, position: Position
    ) -> int | None:
        """Return the priority that `word` stands for; None: the line is lost."""
        if word == "hint":
            return HINT
        if word in {"n", "next", "s", "same"}:
            if reading.last_priority <= NOTHING_READ:
                self.say("next-first", position, word=word)
                return None
            return int32(reading.last_priority + (word in {"n", "next"}))
        number = leading_number(word)
        if number is not None:
            if 1 <= number < 2**31:
                return number
            self.say("priority-range", position, word=word)
            return None
        found = reading.context.label_priority(name, condition, word)
        if found < 1:
            self.say("priority-unknown", position, word=word, name=name)
            return None
        return found

    def store(self, context: _Context, node: _Node) -> None:
        """Put the step in its place, unless its priority is taken; the first one stays.

        Source: main/pbx.c, add_priority.
        """
        key = (name_key(node.name), condition_key(node.condition))
        nodes = context.extensions.setdefault(key, _Extension()).nodes
        at = next(
            (i for i, other in enumerate(nodes) if other.priority >= node.priority), len(nodes)
        )
        taken = at < len(nodes) and nodes[at].priority == node.priority
        rivals = [
            other
            for other in nodes[: at + 1]
            if node.label is not None
            and other.label == node.label
            and other.priority != node.priority
        ]
        if rivals:
            related = [(other.position, "the label stands here") for other in rivals]
            self.say(
                "label-taken", node.position, related, label=node.label, priority=rivals[0].priority
            )
            node.label = None
        if taken:
            first = (nodes[at].position, "the first one")
            shown = "hint" if node.priority == HINT else node.priority
            self.say("priority-taken", node.position, [first], name=node.name, priority=shown)
        else:
            nodes.insert(at, node)

    def check_includes(self) -> None:
        """Say which includes name no context: Asterisk warns of the first in each context."""
        for context in self.contexts.values():
            for include, item in context.includes:
                if include.context not in self.contexts:
                    same = [n for n in self.contexts if fold(n) == fold(include.context)]
                    near = f", only {same[0]!r}" if same else ""
                    self.say("include-missing", item.origin, name=include.context, near=near)
                    break
