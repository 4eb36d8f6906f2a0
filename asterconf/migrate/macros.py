"""Who calls which macro with how many arguments, which of them are read, and where a jump leads.

These are facts about a whole dialplan of Asterisk 16, worked out before a line of it changes.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep
from asterconf.language import args
from asterconf.migrate.outcome import LineRef
from asterconf.source import WHITE, Position, fold
from asterconf.syntax import Option
from asterconf.workspace import Workspace

PREFIX = "macro-"
_ARGUMENT = re.compile(r"\bARG([1-9][0-9]?)\b")
_DYNAMIC = re.compile(r"ARG\$\{")
_SET = re.compile(r"(?:^|[(,:?])\s*_{0,2}ARG([1-9][0-9]?)\s*=")

_SUBROUTINE = {"return", "stackpop"}


@attrs.frozen
class PlanSite:
    """A step of the dialplan, and the line that says it."""

    context: str
    extension: DialplanExtension
    step: DialplanStep
    ref: LineRef
    option: Option

    @property
    def place(self) -> Position:
        """Where the value of the line stands."""
        return Position(self.ref[0], self.option.line, self.option.value_column)


@attrs.frozen
class CallSite:
    """A call of a macro or a subroutine.

    Attributes:
        caller: the context that calls.
        target: the context that is called; empty: nobody can tell.
        kind: `macro`, `exclusive`, `dial` (option M of Dial) or `gosub`.
        exten: of a subroutine the extension, where it is plain text.
        arguments: what it gets.
    """

    caller: str
    target: str
    kind: str
    exten: str = "s"
    arguments: tuple[str, ...] = ()

    @property
    def given(self) -> int:
        """How many arguments it gets."""
        return len(self.arguments)


def plan_sites(workspace: Workspace) -> Iterator[PlanSite]:
    """Yield every step of extensions.conf with its line."""
    contexts = workspace.dialplan.contexts
    for name in contexts:
        places = contexts.places(name)
        if places is None:
            continue
        for at, extension in enumerate(places.context.extensions):
            for step in extension.steps:
                number = places.number(at, step.priority)
                option, file = places.lines.option(number)
                yield PlanSite(name, extension, step, (file, option.line), option)


def split_macro(data: str) -> tuple[str, ...]:
    """Split the arguments of Macro, the first of which is the name: at every comma.

    A `${…}` or `$[…]` is one unit, as nothing is known of its value.
    """
    return args.split(data, flavour="plain", substituted=False) or ("",)


EXECUTES = {"execif", "exec", "tryexec", "execiftime"}
"""Applications that run others."""


def every_call(name: str, data: str) -> Iterator[tuple[str, str]]:
    """Yield an application with its arguments, and those that it runs, such as ExecIf."""
    yield name.strip(), data
    if (app := fold(name.strip())) in EXECUTES:
        for inner in inner_calls(app, data):
            yield from every_call(*inner)


def calls_in(name: str, data: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the calls that one application makes: kind, target, arguments.

    Of a target that is no plain text, it is empty.
    """
    for word, text in every_call(name, data):
        app = fold(word)
        if app in {"macro", "macroexclusive", "macroif"}:
            kind = "exclusive" if app == "macroexclusive" else "macro"
            for branch in split_macro_if(text)[1:] if app == "macroif" else (text,):
                if branch or app != "macroif":
                    yield _macro(kind, split_macro(branch))
        elif app in {"gosub", "gosubif"}:
            yield from _gosubs(app, text)
        elif app in {"dial", "retrydial"}:
            for option in dial_options(app, text):
                if option.letter == "M" and option.argument is not None:
                    yield _macro("dial", re.split(r"[\^,]", option.argument))


def _macro(kind: str, fields: Sequence[str]) -> tuple[str, str, tuple[str, ...]]:
    head, *given = fields
    return kind, "" if "$" in head else PREFIX + head, tuple(given)


def _gosubs(app: str, data: str) -> Iterator[tuple[str, str, tuple[str, ...]]]:
    """Yield the subroutines that Gosub or GosubIf calls; `.` is the context of the call."""
    branches = [data] if app == "gosub" else split_exec_if(data)[1]
    for branch in filter(str.strip, branches):
        head, opened, inner = branch.partition("(")
        fields = args.split(head, flavour="raw", substituted=False)
        given = args.split(inner[: inner.rfind(")")], flavour="raw", substituted=False)
        target = fields[0] if len(fields) == 3 else "."
        exten = fields[-2] if len(fields) > 1 else "s"
        known = "" if "$" in target else target
        yield f"gosub {exten}", known, tuple(given) if opened else ()


def split_macro_if(data: str) -> tuple[str, str, str]:
    """Split the arguments of MacroIf: condition, and what is called if it is true and false.

    The first `?` and the first `:` behind it count, whatever stands around them.
    """
    masked = args.mask(data)
    at = masked.find("?")
    if at < 0:
        return data, "", ""
    colon = masked.find(":", at + 1)
    if colon < 0:
        return data[:at], data[at + 1 :], ""
    return data[:at], data[at + 1 : colon], data[colon + 1 :]


def dial_options(app: str, data: str) -> tuple[args.OptionText, ...]:
    """Return the option letters of Dial, with their arguments."""
    index = 2 if fold(app) == "dial" else 3
    fields = args.cut(data, flavour="raw", substituted=False)
    if len(fields) <= index:
        return ()
    return args.split_options(fields[index].value, substituted=False)


def inner_calls(app: str, data: str) -> Iterator[tuple[str, str]]:
    """Yield the applications that ExecIf, Exec, TryExec and ExecIfTime run, with their data."""
    texts = [data]
    if app in {"execif", "execiftime"}:
        _, texts = split_exec_if(data)
    for text in texts:
        name, opened, rest = text.partition("(")
        if name.strip():
            yield name.strip(), rest[: rest.rfind(")")] if opened else ""


def split_exec_if(data: str) -> tuple[str, list[str]]:
    """Split the arguments of ExecIf: the condition, and the one or two calls."""
    at = args.find(data, "?", substituted=False)
    if at < 0:
        return data, []
    text = data[at + 1 :]
    cut = args.find(text, ":", substituted=False)
    return data[:at], [text] if cut < 0 else [text[:cut], text[cut + 1 :]]


@attrs.frozen
class Callers:
    """Who calls a context.

    Attributes:
        contexts: the contexts that do.
        kinds: how they do.
        extens: the extensions of it that they enter as subroutines, where that is plain text.
    """

    contexts: set[str] = attrs.field(factory=set)
    kinds: set[str] = attrs.field(factory=set)
    extens: set[str] = attrs.field(factory=set)


@attrs.define(eq=False)
class MacroFacts:
    """Facts about the macros of a dialplan."""

    workspace: Workspace
    sites: tuple[PlanSite, ...]
    calls: list[CallSite] = attrs.field(factory=list)

    @classmethod
    def of(cls, workspace: Workspace) -> MacroFacts:
        """Work them out."""
        made = cls(workspace, tuple(plan_sites(workspace)))
        for site in made.sites:
            for what, target, given in calls_in(site.step.app, site.step.data):
                kind, _, exten = what.partition(" ")
                there = site.context if target == "." else target
                made.calls.append(CallSite(site.context, there, kind, exten or "s", given))
        return made

    @cached_property
    def plan(self) -> Dialplan:
        """The dialplan."""
        return self.workspace.dialplan.dialplan

    @cached_property
    def contexts(self) -> Mapping[str, DialplanContext]:
        """The contexts by name."""
        return {one.name: one for one in self.plan}

    @cached_property
    def called(self) -> frozenset[str]:
        """The contexts that are called as macros; with a name made at run time, all may be."""
        named = {one.target for one in self.calls if one.kind != "gosub"}
        if "" in named:
            named |= {name for name in self.contexts if name.startswith(PREFIX)}
        return frozenset(one for one in named if one in self.contexts)

    @cached_property
    def macros(self) -> frozenset[str]:
        """The contexts that become subroutines: those called, and those that nobody enters."""
        done = {s.context for s in self.sites if fold(s.step.app.strip()) in _SUBROUTINE}
        done |= {one.target for one in self.calls if one.kind == "gosub"}
        spare = {n for n in self.contexts if n.startswith(PREFIX)} - self.called
        return self.called | (spare - self.entered - done)

    @cached_property
    def entered(self) -> frozenset[str]:
        """The contexts that a Goto from another one, or an include, leads to."""
        return self._included | {target for source, target in self._jumps if source != target}

    @cached_property
    def entered_from_outside(self) -> frozenset[str]:
        """The contexts that an include, or a Goto from where they do not call, leads to."""
        return self._included | {
            target for source, target in self._jumps if source not in self.reached(target)
        }

    @cached_property
    def _included(self) -> frozenset[str]:
        return frozenset(one.context for each in self.contexts.values() for one in each.includes)

    @cached_property
    def _jumps(self) -> set[tuple[str, str]]:
        return {
            (site.context, target)
            for site in self.sites
            for target in goto_contexts(site.step.app, site.step.data)
        }

    @cached_property
    def steps_in(self) -> Mapping[str, list[PlanSite]]:
        """The steps of each context."""
        found = dict[str, list[PlanSite]]()
        for site in self.sites:
            found.setdefault(site.context, []).append(site)
        return found

    @cached_property
    def _targets(self) -> Mapping[str, dict[str, None]]:
        """The contexts that each context calls."""
        found = dict[str, dict[str, None]]()
        for one in self.calls:
            found.setdefault(one.caller, {})[one.target] = None
        return found

    @cached_property
    def _callers(self) -> Mapping[str, Callers]:
        """Who calls each context; that of calls of which nobody can tell is empty."""
        found = defaultdict[str, Callers](Callers)
        for one in self.calls:
            callers = found[one.target]
            callers.contexts.add(one.caller)
            callers.kinds.add(one.kind)
            callers.extens.update([one.exten] if one.kind == "gosub" else [])
        return found

    @cached_property
    def exclusive(self) -> set[str]:
        """The contexts that MacroExclusive names."""
        return {one.target for one in self.calls if one.kind == "exclusive"}

    def exists(self, context: str, exten: str = "s", priority: int | str = 1) -> bool:
        """Tell whether a jump to a place finds a step, as far as the files say."""
        return context in self.contexts and (
            self.plan.landing(exten, context, priority).step is not None
        )

    def kinds(self, macro: str) -> set[str]:
        """Return how a macro is called as one."""
        return self.ways(macro) - {"gosub"}

    def ways(self, target: str) -> set[str]:
        """Return how a context is called, or may be."""
        return self._callers[target].kinds | self._callers[""].kinds

    def extens(self, target: str) -> set[str]:
        """Return the extensions of a context that are called by their names as subroutines."""
        return self._callers[target].extens

    # -- arguments --------------------------------------------------------------------------------

    @cached_property
    def _texts(self) -> Mapping[str, list[str]]:
        found: dict[str, list[str]] = {}
        for site in self.sites:
            found.setdefault(site.context, []).append(f"{site.step.app}({site.step.data})")
        return found

    @cached_property
    def sets(self) -> Mapping[str, frozenset[int]]:
        """The numbers of the ARGn that each context sets by itself."""
        return {
            name: frozenset(int(n) for text in texts for n in _SET.findall(text))
            for name, texts in self._texts.items()
        }

    @cached_property
    def visible(self) -> Mapping[str, frozenset[int]]:
        """The numbers of the ARGn that may have a value when a step of a context runs."""
        plain = {n for name, found in self.sets.items() if name not in self.macros for n in found}
        now = {name: {*plain, *self.sets.get(name, ())} for name in self.contexts}

        def add(one: CallSite, target: str) -> tuple[str, set[int]]:
            return target, now.get(one.caller, set()) | set(range(1, one.given + 1))

        return self._spread(now, add)

    def _spread(
        self, now: dict[str, set[int]], add: Callable[[CallSite, str], tuple[str, set[int]]]
    ) -> Mapping[str, frozenset[int]]:
        """Return sets of numbers that grow along calls, until nothing comes to any of them."""
        changed = True
        while changed:
            changed = False
            for one in self.calls:
                for target in [one.target] if one.target else self.macros:
                    name, more = add(one, target)
                    if name in now and not more <= now[name]:
                        now[name] |= more
                        changed = True
        return {name: frozenset(found) for name, found in now.items()}

    @cached_property
    def needed(self) -> Mapping[str, frozenset[int]]:
        """The numbers of the ARGn that a context, or what it calls, reads from outside."""
        now: dict[str, set[int]] = {}
        for name in self.contexts:
            texts = self._texts.get(name, ())
            now[name] = {int(n) for text in texts for n in _ARGUMENT.findall(_SET.sub("", text))}
            if any(map(_DYNAMIC.search, texts)):
                now[name] |= set(range(1, max(self.visible.get(name, ()), default=0) + 1))

        def add(one: CallSite, target: str) -> tuple[str, set[int]]:
            return one.caller, {n for n in now.get(target, ()) if n > one.given}

        return self._spread(now, add)

    def surplus(self, caller: str, target: str, given: int) -> range:
        """Return the numbers of the ARGn that a call has to pass on, so that they stay visible."""
        targets = [target] if target else self.macros
        wanted = {n for one in targets for n in self.needed.get(one, ())}
        wanted = {n for n in wanted & self.visible.get(caller, frozenset()) if n > given}
        return range(given + 1, max(wanted, default=given) + 1)

    def reached(self, target: str) -> set[str]:
        """Return a context and all that it calls."""
        return {*_closure([target], lambda name: self._targets.get(name, ()))}

    # -- levels -----------------------------------------------------------------------------------

    @cached_property
    def from_macros(self) -> frozenset[str]:
        """The contexts that run as subroutines called from a macro, which are no macros."""
        calls = [one for one in self.calls if one.kind == "gosub"]
        found = _closure(self.macros, lambda n: [one.target for one in calls if one.caller == n])
        return frozenset(found) - self.macros

    def calls_to(self, target: str) -> list[CallSite]:
        """Return the calls that may lead to a context."""
        return [one for one in self.calls if one.target in {target, ""}]

    def callers(self, target: str) -> set[str]:
        """Return the contexts that may call another one."""
        return self._callers[target].contexts | self._callers[""].contexts

    def levels(self, macro: str, target: str, seen: frozenset[str] = frozenset()) -> set[int]:
        """Return how many levels a jump from a macro to a context may leave.

        Empty: there may be any number of them, or a subroutine among them.
        """
        if macro in seen:
            return set()
        found: set[int] = set()
        for caller in self.callers(macro):
            if caller in self.from_macros:
                return set()
            if caller in self.macros and caller != target:
                above = self.levels(caller, target, seen | {macro})
                if not above:
                    return set()
                found |= {1 + one for one in above}
            else:
                found.add(1)
        return found or {1}

    def above(self, macro: str, target: str) -> list[str]:
        """Return a macro and those that may have called it, up to the context of a jump."""
        return _closure([macro], lambda name: sorted((self.callers(name) & self.macros) - {target}))

    def has_subroutines(self, macro: str) -> bool:
        """Tell whether a subroutine may stand among the levels above a macro."""
        return any("gosub" in self.ways(name) for name in _closure([macro], self.callers))


def _closure(start: Iterable[str], near: Callable[[str], Iterable[str]]) -> list[str]:
    """Return names and all that they lead to, step by step."""
    found = [*start]
    seen = {*found}
    for name in found:
        more = dict.fromkeys(near(name))
        found += (one for one in more if one not in seen)
        seen |= more.keys()
    return found


def goto_contexts(name: str, data: str) -> Iterator[str]:
    """Yield the contexts that a jump names in plain text."""
    for word, text in every_call(name, data):
        app = fold(word)
        if app in {"goto", "gotoif", "gotoiftime"}:
            for target in [text] if app == "goto" else split_exec_if(text)[1]:
                fields = args.split(target, substituted=False)
                if len(fields) == 3 and "$" not in fields[0]:
                    yield fields[0].strip(WHITE)
