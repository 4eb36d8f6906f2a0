"""extensions.conf → `Dialplan`, line by line as Asterisk's own loader does it.

What the loader drops, cuts or refuses is reported as a diagnostic.

Most lines of a large file are plain steps under plain names, and their texts repeat. The loop of
`_Loader.read_run` stores these; every other line is read as Asterisk's own loader does.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

import attrs

from asterconf.codes import DIALPLAN
from asterconf.diagnostic import Diagnostic, place
from asterconf.dialplan.drafts import (
    LOW,
    NEVER,
    NOTHING,
    ContextDraft,
    ExtensionDraft,
    ExtensionName,
    StepTable,
)
from asterconf.dialplan.lookup import Dialplan, Match
from asterconf.dialplan.places import (
    BoundContexts,
    ContextPlaces,
    LineIndex,
    Origin,
    Origins,
    priorities,
)
from asterconf.dialplan.values import (
    HINT,
    DialplanContext,
    DialplanExtension,
    DialplanGeneral,
    DialplanStep,
    Include,
    Switch,
)
from asterconf.language import appcall, timespec
from asterconf.language.appcall import AppCall
from asterconf.language.exten import (
    atoi,
    cut_name,
    int32,
    leading_number,
    line_pattern,
    split_include,
    split_priority,
    split_switch,
)
from asterconf.language.faults import Change, Fault, Span
from asterconf.resolve.effective import Effective, EffectiveSection, PlainRun, runs_of
from asterconf.semantics.evaluation import evaluate, substitute
from asterconf.semantics.scope import AsteriskState, Scope
from asterconf.semantics.texts import clip
from asterconf.source import WHITE, Position, TextEdit, fold, is_true
from asterconf.syntax.lines import Option, read_plain
from asterconf.syntax.reader import patterns, unescape

__all__ = ["HINT", "LoadedDialplan", "Substitute", "load_dialplan", "substitute"]

MAX_NAME = 255
"""Bytes of the name of an extension, with its caller-id condition, that are kept."""

NOTHING_READ = -2
"""The "last priority" of a section before its first valid line."""

Substitute = Callable[[str, Mapping[str, str]], str]


@attrs.frozen
class LoadedDialplan:
    """A dialplan, the places of its parts, and the findings of loading it.

    `places` has `globals.NAME` and `general.NAME`. `loaded` is False where Asterisk would not
    load the file.
    """

    dialplan: Dialplan
    loaded: bool = True
    places: Mapping[str, Position] = attrs.field(factory=dict, hash=False)
    diagnostics: tuple[Diagnostic, ...] = ()
    _contexts: Mapping[str, ContextPlaces] = attrs.field(factory=dict, hash=False, repr=False)

    def __attrs_post_init__(self) -> None:
        place(self.dialplan, self.places)
        for places in self._contexts.values():
            place(places.context, places)

    @property
    def contexts(self) -> BoundContexts:
        """Each context with the places of its parts: see `ContextPlaces`."""
        return BoundContexts(self._contexts)

    @property
    def origins(self) -> Origins:
        """The place of every step by context, extension, caller-id condition and priority."""
        return Origins(self._contexts)

    def lines(self, context: str) -> Iterator[tuple[Origin, tuple[str, int]]]:
        """Yield each step and hint of a context with the file and the number of its line."""
        places = self._contexts.get(context)
        if places is None:
            return
        for at, one in enumerate(places.context.extensions):
            for priority in priorities(one):
                origin = context, one.name, one.callerid_match, priority
                yield origin, places.lines.file_line(places.number(at, priority))

    def where(self, obj: object, field: str = "") -> Position | None:
        """Return where a context, an extension of one, or the step of a match is written.

        `field` is a path below the object, as in `ContextPlaces`. `None`: no line is there.

        Raises:
            KeyError: the object is none of this dialplan.
        """
        places, path = self._find(obj)
        dot = "." if path and field else ""
        return places.get(f"{path}{dot}{field}")

    def _find(self, obj: object) -> tuple[ContextPlaces, str]:
        if isinstance(obj, Match) and obj.extension and obj.step and obj.context:
            places = self._contexts[obj.context]
            at = places.index(obj.extension.name, obj.extension.callerid_match)
            steps = places.context.extensions[at].steps
            return places, f"extensions[{at}].steps[{steps.index(obj.step)}]"
        for places in self._contexts.values() if isinstance(obj, DialplanContext) else ():
            if places.context == obj:
                return places, ""
        if isinstance(obj, DialplanExtension):
            for places in self._contexts.values():
                for at, extension in enumerate(places.context.extensions):
                    if extension is obj:
                        return places, f"extensions[{at}]"
        raise KeyError(obj)


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
        return LoadedDialplan(Dialplan(caveat=effective.caveat if effective else ""), loaded=False)
    return _Loader(substitute, effective, StepTable(effective.schema.asterisk)).load()


_NO_EXTENSION = ExtensionDraft(NOTHING, NEVER)


@attrs.define(eq=False)
class _SectionState:
    """What starts anew with each section header: what `same` and `n` continue."""

    context: ContextDraft
    current: ExtensionDraft = _NO_EXTENSION
    written: str | None = None
    """The name of the last `exten` line, as written."""
    last_priority: int = NOTHING_READ
    opened: dict[str, ExtensionDraft] = attrs.field(factory=dict)
    """The extensions of the context by a name that means just that one."""


@attrs.define(eq=False)
class _Loader:
    """Loads one file."""

    substitute: Substitute
    effective: Effective
    steps: StepTable
    contexts: dict[str, ContextDraft] = attrs.field(factory=dict)
    """Those that more sections may add to."""
    finished: dict[str, ContextPlaces] = attrs.field(factory=dict)
    variables: dict[str, str] = attrs.field(factory=dict)
    places: dict[str, Position] = attrs.field(factory=dict)
    diagnostics: list[Diagnostic] = attrs.field(factory=list)
    lines: LineIndex = attrs.field(factory=LineIndex)
    count: int = 0
    names: dict[str, ExtensionName] = attrs.field(factory=dict)
    """What each name stands for."""

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
        patterns = any(one.is_pattern for context in contexts for one in context.extensions)
        if general.extenpatternmatchnew and patterns:
            self.report("other-matcher", self.places["general.extenpatternmatchnew"])
        return LoadedDialplan(
            Dialplan(contexts, self.variables, general, caveat=self.effective.caveat),
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
            if field.name in sections[0]:
                item = sections[0].option(field.name).chosen
                boolean = isinstance(field.default, bool)
                found[field.name] = is_true(item.value) if boolean else item.value
                self.places[f"general.{field.name}"] = item.origin
        return DialplanGeneral(**found)

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
        context = self.contexts.pop(section.name, None) or ContextDraft(section)
        state = _SectionState(context)
        for stretch in runs_of(section):
            if isinstance(stretch, PlainRun):
                self.read_run(state, stretch)
                continue
            self.lines.add(stretch, self.count)
            for name, value, _ in stretch:
                self.count += 1
                self.read_item(state, name, value, self.count - 1)
        if last:
            self.finished[section.name] = self.finish(context)
        else:
            self.contexts[section.name] = context

    def read_run(self, state: _SectionState, run: PlainRun) -> None:
        """Read lines that are still text: plain steps here, every other line by `read_item`."""
        parts = line_pattern().split(run.text[run.start :])
        lines = zip(*[iter(parts)] * 6, strict=False)
        number = self.count - 1
        self.lines.add(run, self.count)
        self.count += len(parts) // 6
        opened, tables, step_of = state.opened, self.steps.tables, self.steps.step
        current, last = state.current, state.last_priority
        for _, name, word, label, call, other in lines:
            number += 1
            if not call:
                if other:
                    state.current, state.last_priority = current, last
                    self.read_item(state, *_option(other), number)
                    current, last = state.current, state.last_priority
                continue
            if name:
                state.written = name
                current = opened.get(name) or self.open(state, name, number)
            priority = last + 1 if word == "n" else HINT if word == "hint" else int(word)
            if current.top < priority < NEVER or (word == "hint" and current.empty):
                step = tables[priority].get(call) if priority < LOW else None
                if step is None:
                    step = step_of(priority, call)
                if label and step:
                    step = state.context.labelled(current, step, label)
                if step:
                    last = priority
                    if priority > 0:
                        current.top = priority
                    current.steps.append(step)
                    current.numbers.append(number)
                    continue
            state.current, state.last_priority = current, last
            text = f"{word}({label}),{unescape(call)}" if label else f"{word},{unescape(call)}"
            if name:
                self.read_step(state, text, number)
            else:
                self.read_item(state, "same", text, number)
            last = state.last_priority
        state.current, state.last_priority = current, last

    def finish(self, draft: ContextDraft) -> ContextPlaces:
        """Return a context with the places of its parts."""
        extensions, steps = [], self.lines.steps
        first = len(steps)
        for _, extension in sorted(draft.extensions.items()):
            if extension.steps:
                extensions.append(extension.finish())
                steps.fromlist(extension.numbers)
        context = DialplanContext(
            draft.section.name,
            extensions,
            draft.includes,
            draft.ignorepats,
            draft.switches,
            draft.autohints,
        )
        size = len(steps) - first
        return ContextPlaces(context, draft.section, draft.parts, first, size, self.lines)

    # -- lines --------------------------------------------------------------------------------

    def read_item(self, state: _SectionState, key: str, value: str, number: int) -> None:
        """Read any line of a context."""
        folded, context = fold(key), state.context
        if folded == "exten":
            name, rest = cut_name(value)
            state.written = name
            state.current = state.opened.get(name) or self.open(state, name, number)
            self.read_step(state, rest or "", number)
        elif folded.startswith("same"):
            if self.name(state).text:
                self.read_step(state, value, number)
            else:
                self.report_line("same-first", number, key=key)
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
            self.report_line("unknown-key", number, key=key)

    def read_include(self, context: ContextDraft, value: str, number: int) -> None:
        """Read an `include` line."""
        text = self.expand(value, number)
        if not self.is_new(context, "includes", text, number):
            return
        name, separator, timing = split_include(text)
        context.includes.append(Include(name, timing, separator))
        if timing and (faults := timespec.parse(timing).faults):
            option, file = self.lines.option(number)
            at = option.columns[len(name) + 1] if option.value == text else option.columns[0]
            position = Position(file, option.line, at)
            self.diagnostics += (fault.at(position) for fault in faults)

    def read_switch(self, context: ContextDraft, kind: str, value: str, number: int) -> None:
        """Read a `switch`, `lswitch` or `eswitch` line."""
        switch = Switch(
            kind, *split_switch(self.expand(value, number) if kind == "switch" else value)
        )
        if self.is_new(context, "switches", switch.text, number):
            context.switches.append(switch)

    def is_new(self, context: ContextDraft, field: str, text: str, number: int) -> bool:
        """Note the line of one more part of a context; report a text that is there already."""
        first = context.texts.setdefault((field, fold(text)), number)
        if first != number:
            rule = {"ignorepats": "ignorepat", "includes": "include", "switches": "switch"}[field]
            self.report_line(f"{rule}-twice", number, [first], text=text)
            return False
        context.parts[f"{field}[{len(getattr(context, field))}]"] = number
        return True

    def open(self, state: _SectionState, written: str, number: int) -> ExtensionDraft:
        """Return the extension that a line names, and report what is wrong with its name.

        Where each line must be read by the slow path, it is a draft without room for steps.
        """
        name = self.names.get(written) or self.learn(written)
        if name.special:
            if name.faults:
                position = self.lines.position(number)
                self.diagnostics += (fault.at(position) for fault in name.faults)
            for rule, text in name.rules:
                self.report_line(rule, number, text=text)
            return ExtensionDraft(name, NEVER)
        extensions = state.context.extensions
        draft = extensions.get(name.key)
        if draft is None:
            draft = extensions[name.key] = ExtensionDraft(name)
        elif (draft.name.name, draft.name.condition) != (name.name, name.condition):
            return ExtensionDraft(name, NEVER)
        state.opened[written] = draft
        return draft

    def learn(self, written: str) -> ExtensionName:
        """Return what a name stands for, for the first time."""
        value, faults = self.evaluate(written, self.variables)
        rules = [("not-evaluated", value)] if _is_open(value) else []
        text = clip(value, MAX_NAME)
        if text != value:
            rules.append(("extension-name-cut", value))
        name = self.names[written] = ExtensionName.of(text, tuple(rules), faults)
        return name

    def name(self, state: _SectionState) -> ExtensionName:
        """Return the name of the last `exten` line."""
        return NOTHING if state.written is None else self.names[state.written]

    def read_step(self, state: _SectionState, text: str, number: int) -> None:
        """Read `PRIORITY[(LABEL)],APP(ARGS)` for the last extension of the section."""
        name = self.name(state)
        field, _, call = text.partition(",")
        word, plus, label, closed = split_priority(field)
        if not closed:
            self.report_line("label-open", number)
            return
        given = priority = self.priority(state, name, word, number)
        if priority is None:
            return
        if plus is not None:
            priority = int32(priority + atoi(plus))
        step = self.steps.step(priority, call)
        problems = []
        if step is None:
            parts = appcall.parse(call)
            problems = [*inspect_call(parts, hint=priority == HINT)]
            if problems and problems[0].rule is DIALPLAN["arguments-open"]:
                self.report_problem(problems.pop(0), call, number)
            app = self.device(state, name, parts.name, number) if priority == HINT else parts.name
            step = DialplanStep(priority, app, parts.data, asterisk=self.steps.asterisk)
        if not given:
            self.report_line("priority-zero", number)
            return
        state.last_priority = priority
        misread = [*inspect_priority(text, step)]
        for problem in () if misread else problems:
            self.report_problem(problem, call, number)
        if name.written in {"_.", "_!"}:
            better = f"_X{name.written[1]}"
            self.report_line("matches-all", number, name=name.written, better=better)
        if not name.written:
            self.report_line("no-name", number)
            return
        labelled = step if label is None else attrs.evolve(step, label=label)
        if self.store(state, labelled, number):
            for problem in misread:
                self.report_problem(problem, text, number)

    def device(self, state: _SectionState, name: ExtensionName, text: str, number: int) -> str:
        """Return the devices of a hint; those of a plain name are substituted."""
        if "${" not in text or name.written.startswith("_"):
            return text
        also = {"EXTEN": name.written, "CONTEXT": state.context.section.name, **_OF_NO_CALL}
        return self.expand(text, number, also)

    def priority(
        self, state: _SectionState, name: ExtensionName, word: str, number: int
    ) -> int | None:
        """Return the priority that `word` stands for; None: the line is lost."""
        if word == "hint":
            return HINT
        if word in {"n", "next", "s", "same"}:
            if state.last_priority <= NOTHING_READ:
                self.report_line("next-first", number, word=word)
                return None
            return int32(state.last_priority + (word in {"n", "next"}))
        given = leading_number(word)
        if given is not None:
            if 1 <= given < NEVER:
                return given
            self.report_line("priority-range", number, word=word)
            return None
        found = state.context.label_priority(name.written, name.condition, word)
        if found < 1:
            self.report_line("priority-unknown", number, word=word, name=name.written)
            return None
        return found

    def store(self, state: _SectionState, step: DialplanStep, number: int) -> bool:
        """Put a step in its place, unless its priority is taken; tell whether it was put there.

        Source: main/pbx.c, add_priority.
        """
        context, name = state.context, self.name(state)
        draft = context.extensions.get(name.key)
        if draft is None:
            draft = context.extensions[name.key] = ExtensionDraft(name)
        at, taken = draft.find(step.priority)
        if step.label is not None:
            holders = draft.label_holders(at, step.priority, step.label)
            if holders:
                notes = [(self.lines.position(n), "the label stands here") for _, n in holders]
                position = self.lines.position(number)
                facts = {"label": step.label, "priority": holders[0][0]}
                self.report("label-taken", position, notes, **facts)
                step = attrs.evolve(step, label=None)
        if taken:
            shown = "hint" if step.priority == HINT else step.priority
            first = [draft.numbers[at]]
            self.report_line("priority-taken", number, first, name=name.name, priority=shown)
            return False
        draft.put(at, step, number, name)
        if step.label is not None:
            context.labels.setdefault(step.label, []).append(draft)
        return True

    def evaluate(self, text: str, variables: Mapping[str, str]) -> tuple[str, tuple[Fault, ...]]:
        """Return what a text becomes, and what Asterisk reports about it."""
        if self.substitute is not substitute:
            return self.substitute(text, variables), ()
        if "$" not in text:
            return text, ()
        found = evaluate(text, Scope(AsteriskState(dict(variables))))
        return found.text, found.faults

    # -- findings -----------------------------------------------------------------------------

    def expand(self, text: str, number: int, also: Mapping[str, str] | None = None) -> str:
        """Substitute at load time, and report what is left as written."""
        if "$" not in text and self.substitute is substitute:
            return text
        known = {**self.variables, **also} if also else self.variables
        value, faults = self.evaluate(text, known)
        if faults:
            position = self.lines.position(number)
            self.diagnostics += (fault.at(position) for fault in faults)
        if _is_open(value):
            self.report_line("not-evaluated", number, text=value)
        return value

    def report(
        self,
        rule: str,
        position: Position,
        related: Iterable[tuple[Position, str]] = (),
        **facts: object,
    ) -> None:
        """Report a finding at a place."""
        self.diagnostics.append(DIALPLAN[rule].at(position, related, **facts))

    def report_line(
        self, rule: str, number: int, firsts: Iterable[int] = (), **facts: object
    ) -> None:
        """Report a finding about a line, and with `firsts` the lines that came first."""
        related = [(self.lines.position(first), "the first one") for first in firsts]
        self.report(rule, self.lines.position(number), related, **facts)

    def report_problem(self, problem: Fault, call: str, number: int) -> None:
        """Report what is wrong with the call of a line, and how to fix it."""
        option, file = self.lines.option(number)
        at = len(option.value) - len(call)
        if self.lines.joined(number) or at < 0:
            place = self.lines.position(number)
            self.diagnostics.append(problem.rule.at(place, **dict(problem.facts)))
            return
        columns = option.columns
        position = Position(file, option.line, columns[at + problem.span.start])
        found = problem.rule.at(position, **dict(problem.facts))
        changes = [(columns[at + a], columns[at + b], text) for a, b, text in problem.changes]
        comment = option.fields.comment_at + 1
        if problem.rule is DIALPLAN["arguments-open"] and ")" in option.comment:
            changes = [(comment, comment, "\\")]  # the rest of the call is taken for a comment
        start = self.effective.line_start(file, option.line)
        if start is not None and len(option.fields.pieces) == 1:
            fix = tuple(
                TextEdit(file, start + a - 1, start + b - 1, text) for a, b, text in changes
            )
            found = attrs.evolve(found, fix=fix)
        self.diagnostics.append(found)


_OF_NO_CALL: Mapping[str, str] = {"PRIORITY": "0", "HANGUPCAUSE": "0"}
"""What the channel holds for which a hint is substituted. Observed on 22.10.1."""


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


# -- what is wrong with the parentheses and the name of a call ------------------------------------

_OLD_FORM = re.compile(r"([A-Za-z][A-Za-z0-9_]*)([,|])[\s\S]*")


def _open(text: str) -> list[int]:
    r"""Return where each `(` stands that is never closed; `\` protects what follows it."""
    found: list[int] = []
    escaped = False
    for at, char in enumerate(text):
        if escaped or char == "\\":
            escaped = not escaped
        elif char == "(":
            found.append(at)
        elif char == ")" and found:
            found.pop()
    return found


def _closes(name: str, inner: str) -> bool:
    """Return whether ExecIf runs an application whose `(` is open as if it were closed: observed.

    It cuts the arguments at their last `)`, so there must be none.
    """
    return fold(name) == "execif" and not re.search(r"[()]", _VARIABLE.sub("", inner[1:]))


_VARIABLE = re.compile(r"\$\{[^{}]*\}")


def _pairs(call: str) -> bool:
    """Return whether other brackets pair, so that a missing `)` can be put at the end."""
    return call.count("{") == call.count("}") and call.count("[") == call.count("]")


def _fault(kind: str, at: int, changes: tuple[Change, ...], **facts: object) -> Fault:
    return Fault(DIALPLAN[kind], Span(at, at), tuple(facts.items()), changes)


_BEHIND = re.compile(r"(?:\s*[0-9]+|[^(]*\([^)]*\))\s*([A-Za-z].*)", re.DOTALL)
_SECOND = re.compile(r"\s*(?:[0-9]+|n|next)(?:\+[0-9]+)?(?:\([^(),]*\))?\s*,\s*[A-Za-z$]")


def inspect_priority(text: str, step: DialplanStep) -> Iterator[Fault]:
    """Yield why `PRIORITY[(LABEL)],APP(ARGS)` became another step than the one that was meant."""
    field, _, call = text.partition(",")
    app, behind = step.app, _BEHIND.match(field)
    if step.priority == HINT:
        return
    if behind and ("(" in behind[1] or not (app.isidentifier() or "$" in app)):
        at, lost = behind.start(1), behind[1].rstrip(WHITE)
        sound = not [*inspect_call(appcall.parse(text[at:]), hint=False)]
        change = ((at, at, ","),) if sound else ()
        meant = lost.partition("(")[0]
        yield _fault("comma-missing", at, change, lost=lost, app=app, meant=meant)
    elif _SECOND.match(call):
        better = call.lstrip(WHITE)
        yield _fault("priority-twice", 0, (), word=field, app=app, better=better)


def inspect_call(call: AppCall, *, hint: bool) -> Iterator[Fault]:
    """Yield what is wrong with the parentheses and the name of a call; `hint`: it is a device."""
    text, name = call.text, call.name
    end = len(text)
    held = f"{name}({call.data})"
    opened = _open(text)
    closing: tuple[Change, ...] = ((end, end, ")" * len(opened)),) if _pairs(text) else ()
    start = end - len(call.lost)
    if not call.closed:
        yield _fault("arguments-open", text.index("("), closing, app=name)
    elif call.lost and opened:
        yield _fault("unclosed", start, closing, lost=call.lost, held=held)
    elif call.lost:
        change = ((start, end, ""),)
        yield _fault("text-lost", start, change, lost=call.lost, held=held)
    elif opened and (inner := _open(call.data)) and not _closes(name, call.data[inner[0] :]):
        at = end - 1 - len(call.data) + inner[0]
        closing = ((end, end, ")" * len(inner)),) if _pairs(text) else ()
        yield _fault("unbalanced", at, closing, held=held)
    if hint:
        return
    first = call.name_span[0]
    old = _OLD_FORM.fullmatch(name) if first + len(name) == end else None
    if old:
        bars = [at for at, char in enumerate(name) if char == "|" == old[2]]
        commas = tuple((first + at, first + at + 1, ",") for at in bars[1:])
        at = first + old.end(1)
        rest = name[old.end(2) :]
        better = f"{old[1]}({rest.replace('|', ',') if bars else rest})"
        mended = ((at, at + 1, "("), *commas, (end, end, ")"))
        yield _fault("old-form", first, mended, app=name, better=better)
    bare = name.rstrip(WHITE)
    if bare.isidentifier() and bare != name and first + len(name) < end:
        blanks = (first + len(bare), first + len(name), "")
        yield _fault("blank-before-parenthesis", blanks[0], (blanks,), app=name)
