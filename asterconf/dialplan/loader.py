"""extensions.conf → `Dialplan`, line by line as Asterisk's own loader does it.

Everything that the loader drops, cuts or refuses is said in a diagnostic of the 2xx range; the
table `CODES` holds all of them.

Most lines of a large file are plain steps under plain names, and their texts repeat. The loop of
`_Loader.read_slab` stores these; every other line takes the way of Asterisk's own loader.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.drafts import (
    HINT,
    LOW,
    NEVER,
    NOTHING,
    ExtensionDraft,
    ExtensionName,
    StepTable,
)
from asterconf.dialplan.loaded import ContextPlaces, LoadedDialplan
from asterconf.dialplan.parentheses import Oddity, look
from asterconf.dialplan.rows import Rows
from asterconf.dialplan.rules import CODES
from asterconf.dialplan.values import (
    Dialplan,
    DialplanContext,
    DialplanGeneral,
    DialplanStep,
    Include,
    Switch,
)
from asterconf.language import timespec
from asterconf.language.exten import (
    atoi,
    clip,
    cut_name,
    int32,
    leading_number,
    line_pattern,
    split_application,
    split_include,
    split_priority,
    split_switch,
)
from asterconf.resolve.bound import finding, first_items
from asterconf.resolve.runs import Slab
from asterconf.semantics import Scope, World, evaluate, substitute
from asterconf.source import Position, TextEdit, fold, is_true
from asterconf.syntax.lines import Option, read_plain
from asterconf.syntax.reader import patterns, unescape

if TYPE_CHECKING:
    from asterconf.language.faults import Fault
    from asterconf.resolve import Effective, EffectiveSection

__all__ = ["CODES", "HINT", "LoadedDialplan", "Substitute", "load_dialplan", "substitute"]

NOTHING_READ = -2
"""The "last priority" of a section before its first good line."""

Substitute = Callable[[str, Mapping[str, str]], str]


def load_dialplan(
    effective: Effective | None, substitute: Substitute = substitute
) -> LoadedDialplan:
    """Load what extensions.conf means.

    Args:
        effective: the resolved file; None if there is none.
        substitute: replaces variables at load time; the default leaves as written what only a
            running Asterisk knows.

    Source: pbx/pbx_config.c, pbx_load_config; main/pbx.c, ast_add_extension2_lockopt.
    """
    if effective is None or not effective.valid:
        return LoadedDialplan(Dialplan(), loaded=False)
    return _Loader(substitute, effective).load()


@attrs.define(eq=False)
class _Context:
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
        found = [draft for draft in self.labels.get(label, ()) if draft.fits(name, number)]
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
        return DialplanStep(step.priority, step.app, step.data, label)

    def finish(self, rows: Rows) -> ContextPlaces:
        """Return the context with the places of its parts."""
        made, kept = [], rows.kept
        first = len(kept)
        for _, draft in sorted(self.extensions.items()):
            if draft.steps:
                made.append(draft.finish())
                kept.fromlist(draft.numbers)
        context = DialplanContext(
            self.section.name,
            made,
            self.includes,
            self.ignorepats,
            self.switches,
            self.autohints,
        )
        return ContextPlaces(context, self.section, self.parts, first, len(kept) - first, rows)


_NO_EXTENSION = ExtensionDraft(NOTHING, NEVER)


@attrs.define(eq=False)
class _Reading:
    """What a section header starts afresh: what `same` and `n` go on from."""

    context: _Context
    current: ExtensionDraft = _NO_EXTENSION
    written: str | None = None
    """The name of the last `exten` line, as written."""
    last_priority: int = NOTHING_READ
    opened: dict[str, ExtensionDraft] = attrs.field(factory=dict)
    """The extensions of the context by a name that means just that one."""


@attrs.define(eq=False)
class _Loader:
    """Loads one file; holds what grows while it is read."""

    substitute: Substitute
    effective: Effective
    contexts: dict[str, _Context] = attrs.field(factory=dict)
    """Those that more sections may add to."""
    finished: dict[str, ContextPlaces] = attrs.field(factory=dict)
    variables: dict[str, str] = attrs.field(factory=dict)
    places: dict[str, Position] = attrs.field(factory=dict)
    diagnostics: list[Diagnostic] = attrs.field(factory=list)
    rows: Rows = attrs.field(factory=Rows)
    count: int = 0
    names: dict[str, ExtensionName] = attrs.field(factory=dict)
    """What each name stands for."""
    steps: StepTable = attrs.field(factory=StepTable)

    # -- sections -----------------------------------------------------------------------------

    def load(self) -> LoadedDialplan:
        """Load the file."""
        sections = list(self.effective.live)
        general = self.read_general([s for s in sections if fold(s.name) == "general"])
        for section in sections:
            if fold(section.name) == "globals":
                self.read_globals(section)
        mine = [s for s in sections if fold(s.name) not in {"general", "globals"}]
        last = {section.name: section for section in mine}
        for section in mine:
            self.read_context(section, last=last[section.name] is section)
        self.finished = {section.name: self.finished[section.name] for section in mine}
        contexts = [places.context for places in self.finished.values()]
        return LoadedDialplan(
            Dialplan(contexts, self.variables, general),
            places=self.places,
            diagnostics=tuple(self.diagnostics),
            contexts=self.finished,
        )

    def read_general(self, sections: list[EffectiveSection]) -> DialplanGeneral:
        """Read the first `[general]`."""
        for section in sections[1:]:
            first = (sections[0].position, "the first one")
            self.report("general-twice", section.position, [first])
        if not sections:
            return DialplanGeneral()
        found: dict[str, Any] = {}
        for field in attrs.fields(DialplanGeneral):
            item = first_items(sections[0]).get(field.name)
            if item is not None:
                boolean = isinstance(field.default, bool)
                found[field.name] = is_true(item.value) if boolean else item.value
                self.places[f"general.{field.name}"] = item.origin
        general = DialplanGeneral(**found)
        if general.extenpatternmatchnew:
            self.report("other-matcher", self.places["general.extenpatternmatchnew"])
        return general

    def read_globals(self, section: EffectiveSection) -> None:
        """Read one `[globals]`: each line sees those above it."""
        for item in section.items:
            name = item.name
            for _ in range(2):
                name = name.removeprefix("_")
            value, faults = self.evaluate(item.value, self.variables)
            self.variables[name] = value
            self.diagnostics += (fault.at(item.origin) for fault in faults)
            if _is_open(value):
                self.report("not-evaluated", item.origin, text=value)
            self.places[f"globals.{name}"] = item.origin

    def read_context(self, section: EffectiveSection, *, last: bool) -> None:
        """Read one section of a context; `last`: there is no further one of its name."""
        context = self.contexts.pop(section.name, None) or _Context(section)
        reading = _Reading(context)
        for stretch in section.stretches():
            if isinstance(stretch, Slab):
                self.read_slab(reading, stretch)
                continue
            self.rows.add(stretch, self.count)
            for name, value, _ in stretch:
                self.count += 1
                self.read_item(reading, name, value, self.count - 1)
        if last:
            self.finished[section.name] = context.finish(self.rows)
        else:
            self.contexts[section.name] = context

    def read_slab(self, reading: _Reading, slab: Slab) -> None:
        """Read lines that are still text: plain steps here, every other line by `read_item`."""
        parts = line_pattern().split(slab.text[slab.start :])
        lines = zip(*[iter(parts)] * 6, strict=False)
        number = self.count - 1
        self.rows.add(slab, self.count)
        self.count += len(parts) // 6
        opened, tables, step_of = reading.opened, self.steps.tables, self.steps.step
        current, last = reading.current, reading.last_priority
        for _, name, word, label, call, other in lines:
            number += 1
            if not call:
                if other:
                    reading.current, reading.last_priority = current, last
                    self.read_item(reading, *_option(other), number)
                    current, last = reading.current, reading.last_priority
                continue
            if name:
                reading.written = name
                current = opened.get(name) or self.open(reading, name, number)
            priority = last + 1 if word == "n" else HINT if word == "hint" else int(word)
            if current.top < priority < NEVER or (word == "hint" and current.empty):
                step = tables[priority].get(call) if priority < LOW else None
                if step is None:
                    step = step_of(priority, call)
                if label and step:
                    step = reading.context.labelled(current, step, label)
                if step:
                    last = priority
                    if priority > 0:
                        current.top = priority
                    current.steps.append(step)
                    current.numbers.append(number)
                    continue
            reading.current, reading.last_priority = current, last
            text = f"{word}({label}),{unescape(call)}" if label else f"{word},{unescape(call)}"
            if name:
                self.read_step(reading, text, number)
            else:
                self.read_item(reading, "same", text, number)
            last = reading.last_priority
        reading.current, reading.last_priority = current, last

    # -- lines --------------------------------------------------------------------------------

    def read_item(self, reading: _Reading, key: str, value: str, number: int) -> None:
        """Read any line of a context."""
        folded, context = fold(key), reading.context
        if folded == "exten":
            name, rest = cut_name(value)
            reading.written = name
            reading.current = reading.opened.get(name) or self.open(reading, name, number)
            self.read_step(reading, rest or "", number)
        elif folded.startswith("same"):
            if self.name(reading).text:
                self.read_step(reading, value, number)
            else:
                self.say("same-first", number, key=key)
        elif folded == "include":
            self.read_include(context, value, number)
        elif folded == "ignorepat":
            pattern = self.expand(value, number)
            if self.is_new(context, "ignorepats", pattern, number):
                context.ignorepats.append(pattern)
        elif folded in {"switch", "lswitch", "eswitch"}:
            self.read_switch(context, folded, value, number)
        elif folded == "autohints":
            context.autohints = is_true(value)
            context.parts["autohints"] = number
        else:
            self.say("unknown-key", number, key=key)

    def read_include(self, context: _Context, value: str, number: int) -> None:
        """Read an `include` line."""
        text = self.expand(value, number)
        if not self.is_new(context, "includes", text, number):
            return
        name, separator, timing = split_include(text)
        context.includes.append(Include(name, timing, separator))
        if timing and (faults := timespec.parse(timing).faults):
            option, file = self.rows.option(number)
            at = option.columns[len(name) + 1] if option.value == text else option.columns[0]
            place = Position(file, option.line, at)
            self.diagnostics += (fault.at(place) for fault in faults)

    def read_switch(self, context: _Context, kind: str, value: str, number: int) -> None:
        """Read a `switch`, `lswitch` or `eswitch` line."""
        switch = Switch(
            kind, *split_switch(self.expand(value, number) if kind == "switch" else value)
        )
        if self.is_new(context, "switches", switch.text, number):
            context.switches.append(switch)

    def is_new(self, context: _Context, field: str, text: str, number: int) -> bool:
        """Note the line of one more part of a context; a text that is there already is said."""
        first = context.texts.setdefault((field, fold(text)), number)
        if first != number:
            rule = {"ignorepats": "ignorepat", "includes": "include", "switches": "switch"}[field]
            self.say(f"{rule}-twice", number, [first], text=text)
            return False
        context.parts[f"{field}[{len(getattr(context, field))}]"] = number
        return True

    def open(self, reading: _Reading, written: str, number: int) -> ExtensionDraft:
        """Return the extension that a line names, and say what is odd about its name.

        One that can only be found by a closer look comes as a draft with no room for steps.
        """
        name = self.names.get(written) or self.learn(written)
        if name.special:
            if name.faults:
                place = self.rows.position(number)
                self.diagnostics += (fault.at(place) for fault in name.faults)
            for rule, text in name.odd:
                self.say(rule, number, text=text)
            return ExtensionDraft(name, NEVER)
        extensions = reading.context.extensions
        draft = extensions.get(name.key)
        if draft is None:
            draft = extensions[name.key] = ExtensionDraft(name)
        elif (draft.name.name, draft.name.condition) != (name.name, name.condition):
            return ExtensionDraft(name, NEVER)
        reading.opened[written] = draft
        return draft

    def learn(self, written: str) -> ExtensionName:
        """Return what a name stands for, for the first time."""
        value, faults = self.evaluate(written, self.variables)
        rules = [("not-evaluated", value)] if _is_open(value) else []
        text = clip(value)
        if text != value:
            rules.append(("name-cut", value))
        name = self.names[written] = ExtensionName.of(text, tuple(rules), faults)
        return name

    def name(self, reading: _Reading) -> ExtensionName:
        """Return the name of the last `exten` line."""
        return NOTHING if reading.written is None else self.names[reading.written]

    def read_step(self, reading: _Reading, text: str, number: int) -> None:
        """Read `PRIORITY[(LABEL)],APP(ARGS)` for the last extension of the section."""
        name = self.name(reading)
        field, _, call = text.partition(",")
        word, plus, label, closed = split_priority(field)
        if not closed:
            self.say("label-open", number)
            return
        priority = self.priority(reading, name, word, number)
        if priority is None:
            return
        given = priority
        if plus is not None:
            priority = int32(priority + atoi(plus))
        step = self.steps.step(priority, call)
        if step is None or label is not None:
            parts = split_application(call)
        oddities = [] if step else list(look(call, parts, hint=priority == HINT))
        for oddity in oddities:
            if oddity.rule == "arguments-open":
                self.say_oddity(oddity, call, number)
        if not given:
            self.say("priority-zero", number)
            return
        reading.last_priority = priority
        for oddity in oddities:
            if oddity.rule != "arguments-open":
                self.say_oddity(oddity, call, number)
        if name.written in {"_.", "_!"}:
            self.say("matches-all", number, name=name.written, better=f"_X{name.written[1]}")
        if not name.written:
            self.say("no-name", number)
            return
        if step is None or label is not None:
            app = parts.app
            if priority == HINT and "${" in app and not name.written.startswith("_"):
                also = {"EXTEN": name.written, "CONTEXT": reading.context.section.name}
                app = self.expand(app, number, also)
            step = DialplanStep(priority, app, parts.data, label)
        self.store(reading, step, number)

    def priority(
        self, reading: _Reading, name: ExtensionName, word: str, number: int
    ) -> int | None:
        """Return the priority that `word` stands for; None: the line is lost."""
        if word == "hint":
            return HINT
        if word in {"n", "next", "s", "same"}:
            if reading.last_priority <= NOTHING_READ:
                self.say("next-first", number, word=word)
                return None
            return int32(reading.last_priority + (word in {"n", "next"}))
        given = leading_number(word)
        if given is not None:
            if 1 <= given < NEVER:
                return given
            self.say("priority-range", number, word=word)
            return None
        found = reading.context.label_priority(name.written, name.condition, word)
        if found < 1:
            self.say("priority-unknown", number, word=word, name=name.written)
            return None
        return found

    def store(self, reading: _Reading, step: DialplanStep, number: int) -> None:
        """Put a step in its place, unless its priority is taken; the first one stays.

        Source: main/pbx.c, add_priority.
        """
        context, name = reading.context, self.name(reading)
        draft = context.extensions.get(name.key)
        if draft is None:
            draft = context.extensions[name.key] = ExtensionDraft(name)
        at, taken = draft.find(step.priority)
        if step.label is not None:
            rivals = draft.rivals(at, step.priority, step.label)
            if rivals:
                notes = [(self.rows.position(n), "the label stands here") for _, n in rivals]
                place = self.rows.position(number)
                facts = {"label": step.label, "priority": rivals[0][0]}
                self.report("label-taken", place, notes, **facts)
                step = attrs.evolve(step, label=None)
        if taken:
            shown = "hint" if step.priority == HINT else step.priority
            first = [draft.numbers[at]]
            self.say("priority-taken", number, first, name=name.name, priority=shown)
            return
        draft.put(at, step, number, name)
        if step.label is not None:
            context.labels.setdefault(step.label, []).append(draft)

    def evaluate(self, text: str, variables: Mapping[str, str]) -> tuple[str, tuple[Fault, ...]]:
        """Return what a text becomes, and what is odd about it."""
        if self.substitute is not substitute:
            return self.substitute(text, variables), ()
        if "$" not in text:
            return text, ()
        found = evaluate(text, Scope(World(dict(variables))))
        return found.text, found.faults

    # -- what is said -------------------------------------------------------------------------

    def expand(self, text: str, number: int, also: Mapping[str, str] | None = None) -> str:
        """Substitute at load time, and say so if something is left as written."""
        if "$" not in text and self.substitute is substitute:
            return text
        known = {**self.variables, **also} if also else self.variables
        value, faults = self.evaluate(text, known)
        if faults:
            place = self.rows.position(number)
            self.diagnostics += (fault.at(place) for fault in faults)
        if _is_open(value):
            self.say("not-evaluated", number, text=value)
        return value

    def report(
        self,
        rule: str,
        position: Position,
        related: Iterable[tuple[Position, str]] = (),
        **facts: object,
    ) -> None:
        """Note a finding at a place."""
        self.diagnostics.append(finding(CODES[rule], position, related, **facts))

    def say(self, rule: str, number: int, firsts: Iterable[int] = (), **facts: object) -> None:
        """Note a finding about a line, and with `firsts` the lines that were there before."""
        related = [(self.rows.position(first), "the first one") for first in firsts]
        self.report(rule, self.rows.position(number), related, **facts)

    def say_oddity(self, oddity: Oddity, call: str, number: int) -> None:
        """Note what is odd about the call of a line, and how to mend it."""
        option, file = self.rows.option(number)
        at = len(option.value) - len(call)
        if self.rows.joined(number) or at < 0:
            self.report(oddity.rule, self.rows.position(number), (), **oddity.facts)
            return
        columns = option.columns
        place = Position(file, option.line, columns[at + oddity.at])
        found = finding(CODES[oddity.rule], place, (), **oddity.facts)
        changes = [(columns[at + a], columns[at + b], text) for a, b, text in oddity.changes]
        comment = option.fields.comment_at + 1
        if oddity.rule == "arguments-open" and ")" in option.comment:
            changes = [(comment, comment, "\\")]  # the rest of the call is taken for a comment
        start = self.effective.line_start(file, option.line)
        if start is not None and len(option.fields.pieces) == 1:
            fix = tuple(
                TextEdit(file, start + a - 1, start + b - 1, text) for a, b, text in changes
            )
            found = attrs.evolve(found, fix=fix)
        self.diagnostics.append(found)


def _is_open(text: str) -> bool:
    """Return whether substitution left something as written."""
    return "${" in text or "$[" in text


def _option(line: str) -> tuple[str, str]:
    """Return name and value of a plain line that is an option."""
    if "\\" not in line and (found := patterns().option.match(line)):
        return found[3], found[4]
    node = read_plain(line, 1)[0]
    assert isinstance(node, Option)
    return node.name, node.value
