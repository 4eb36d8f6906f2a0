"""Calls of a box at a place: their variables and subroutines, and where other channels begin.

What they do there is in `asterconf.ask.steps`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final, Self

import attrs

from asterconf.ask.applications import HARMLESS, WRITING
from asterconf.ask.entries import Entry
from asterconf.ask.lookups import Found
from asterconf.ask.states import Frame, Reached, State
from asterconf.ask.surroundings import ASKED_FOR, Surroundings
from asterconf.ask.values import OF_LOOPS, CutText, Mark, UndecidedError, Values, caller_of
from asterconf.flow import effects as fx
from asterconf.flow.applications import target_of, wanted_of
from asterconf.flow.sinks import UNCUT
from asterconf.language import args, template
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.terms import Box, InputSlice, Opaque
from asterconf.source import WHITE, comparable

_LATE: Final = re.compile(r"\s*(?:-.*|0*(?:\.\d*)?|[3-9]\d\d+(?:\.\d*)?|\d{4,}(?:\.\d*)?)\s*")
"""Limits of a call that do not end it, or after five minutes only."""
_INK: Final = at.ALL & ~at.mask_of(range(33))
_STRIPPED: Final = at.union([
    at.power(_INK, 0, 1), at.concatenate(at.power(_INK, 1, 1), at.ANY, at.power(_INK, 1, 1)),
])  # fmt: skip
"""Texts that neither begin nor end with a blank: of others the caller id loses it."""
_LONG: Final = at.power(at.ALL, terms.LONGEST + 1, None)


class DoneError(Exception):
    """The step has ended the call."""


@attrs.define(eq=False)
class PlacedStep(Values):
    """The calls of a box at a place, on one way through the step that is there."""

    engine: Surroundings = attrs.field(kw_only=True)
    node: Reached = attrs.field(kw_only=True)
    context: str = attrs.field(kw_only=True)
    exten: str = attrs.field(kw_only=True)
    priority: int = attrs.field(kw_only=True)
    frames: list[Frame] = attrs.field(kw_only=True)
    up: bool = attrs.field(kw_only=True)
    moved: bool = False
    phase: str = "run"
    sides: list[State] = attrs.field(factory=list)
    found: Found | None = None
    doubts: dict[Mark, None] = attrs.field(factory=dict)
    restored: set[str] = attrs.field(factory=set)
    """The variables that are what they were before a subroutine, of which some are not set."""
    live: int = attrs.field(init=False)
    """The variables that this step, or a later one, reads."""

    def __attrs_post_init__(self) -> None:
        state, exact = self.node.state, self.engine.exact
        self.live = -1 if exact else self.engine.liveness.of(state.at, state.frames)

    @classmethod
    def of(
        cls, engine: Surroundings, node: Reached, box: Box, choices: tuple[int, ...]
    ) -> Self:  # fmt: skip
        """Return the next step of a node for the calls of a box, on one way."""
        state, before = node.state, frozenset(name for name, _ in node.box.sets)
        return cls(
            box, choices, dict(state.variables), engine.globals, {}, ("", 0), engine.members,
            engine.functions, engine.queries, before, engine.atoms, engine=engine, node=node,
            context=state.context, exten=state.exten, priority=state.priority,
            frames=list(state.frames), inherited=dict(state.inherited), up=state.up,
            phase=state.phase,
        )  # fmt: skip

    def after(self) -> State:
        """Return where calls are behind it."""
        return self.lean(State(
            self.context, self.exten, self.priority, tuple(sorted(self.variables.items())),
            tuple(self.frames), tuple(sorted(self.inherited.items())), self.up, self.phase,
            self.node.state.level, self.node.state.part,
        ))  # fmt: skip

    def lean(self, state: State, passed: int = -1) -> State:
        """Return where calls go, without the variables that no step reads from there on.

        `passed`: those that may come along; no other is set.
        """
        if self.engine.exact:
            return state
        alive = self.engine.liveness
        live, mask = alive.of(state.at, state.frames), alive.mask
        values = {n: v for n, v in state.variables if mask(n) & live}
        inherited = {n: k for n, k in state.inherited if mask(n) & live}
        more = live & ~self.live & passed if "~all" not in values else 0
        for name in alive.named(more) if more else ():  # no step was seen to lead there
            if name not in self.restored and name not in values:
                values[name] = "" if name == "~all" else self.opaque(f"${{{name}}}")
                inherited[name] = 2
        frames = state.frames and tuple(
            (*one[:3], tuple([(n, v) for n, v in one[3] if mask(n) & found]))
            for one, (found, _) in zip(state.frames, alive.behind(state.frames), strict=True)
        )
        return attrs.evolve(
            state,
            variables=tuple(sorted(values.items())),
            frames=frames,
            inherited=tuple(sorted(inherited.items())),
        )

    def ended(self) -> State | None:
        """Return where calls go on that are over behind it: in their `h`; None: there is none."""
        if self.phase != "run" or not self.engine.has_h(self.context):
            return None
        self.go(self.context, "h", 1)
        self.phase = "h"
        return self.after()

    def look(self, exten: str, wanted: int | str, context: str | None = None) -> Found | None:
        """Return the step at a place."""
        where = self.context if context is None else context
        return self.engine.lookups.look(self, self.known(exten), wanted, where)

    # -- what is not known ------------------------------------------------------------------------

    def doubt(self, text: str) -> None:
        """Note what these calls may do here that is not followed."""
        self.doubts[Opaque(text, *self.place)] = None

    def assumed(self, expression: str, asks: str) -> str | None:
        """Return what is assumed of an expression; None: nothing is. `asks`: what it becomes."""
        values = self.engine.assumed.of(expression)
        if values is None:
            return None
        found = self.choose(values) if isinstance(values, tuple) else self.input("u", values)
        self.facts.append(("assumed", asks, found))
        return found

    def unknown(self, part: template.FunctionCall, given: str) -> str:
        """Return what a function gives that only a running Asterisk knows."""
        whole = f"${{{part.name}({part.arguments.text})}}"
        found = self.assumed(whole, f"{part.name}({given})")
        return super().unknown(part, given) if found is None else found

    def idle(self, mark: Mark) -> bool:
        """Return whether a script or a switch is assumed to do nothing."""
        if self.engine.assumed.of(mark.text) is None:
            return False
        self.facts.append(("assumed", mark.text, ""))
        return True

    def beyond(self, mark: Mark) -> None:
        """Go on behind a step that may do anything: lead elsewhere, set variables, or end."""
        if self.idle(mark):
            for name in self.engine.assumed.variables:  # it may set those
                self.set(name, self.opaque(f"${{{name}}}"))
            return
        self.doubts[mark] = None
        self.forget(mark)
        if not self.choose((True, False)):
            raise DoneError

    def elsewhere(self, mark: Mark) -> None:
        """Go on as the files say where something else may have a step, and do anything."""
        if self.idle(mark):
            return
        self.doubts[mark] = None
        self.marks.add(mark)

    def any_text(self, term: str) -> str:
        """Return a term with any text, in one piece, for each part that is not known."""
        for char in term:
            for part in terms.atoms(char):
                if isinstance(part, Opaque):
                    self.marks.add(part)
                    self.doubts[CutText(part.text, *self.place)] = None
                    term = term.replace(char, self.input("u", UNCUT["Goto"]))
        if any(isinstance(part, Opaque) for part in terms.atoms(term)):  # too many of them
            raise UndecidedError(self.mark_of(term))
        return term

    # -- the place --------------------------------------------------------------------------------

    def go(self, context: str, exten: str, priority: int) -> None:
        """Set the place of the next step."""
        self.context, self.exten, self.priority, self.moved = context, exten, priority, True

    def jump(self, target: str) -> tuple[str, str, int] | None:
        """Return the place that a text means; None: there is no such label."""
        *before, written = target.split(",")[:3]
        exten = (before[-1] if before else "") or self.exten
        context = self.constant((before[0] if len(before) == 2 else "") or self.context)
        exten = self.any_text(exten)
        if not terms.is_constant(exten) and self.belongs(exten, at.EMPTY):
            exten = self.exten  # as where nothing is written
        written = self.constant(written)
        wanted = wanted_of(written, self.priority)
        if not isinstance(wanted, int):
            found = self.look(exten, wanted, context)
            if found is None:
                return None
            wanted = found.step.priority
        return context, self.clipped(exten), wanted

    def clipped(self, exten: str) -> str:
        """Return what a channel keeps of a text that it is sent to: its first 79 bytes.

        Of a longer one these are any beginning, since dashes may fill the rest.
        """
        if terms.is_constant(exten):
            return terms.cut(exten, 0, terms.LONGEST) or ""
        parts = [*terms.parts(exten)]
        slices = [one for one in parts if isinstance(one, InputSlice) and one.input[0] != "l"]
        most = len(exten) + sum(max(terms.lengths(one, self.box), default=0) for one in slices)
        if not slices or len(parts) == 1 or most - len(slices) <= terms.LONGEST:
            return exten
        if not self.choose((False, True)):
            return exten
        self.marks.add(Opaque(f"a text of more than {terms.LONGEST} bytes", *self.place))
        if len(slices) == 1:
            self.box = next(iter(terms.inside(exten, _LONG, self.box)), self.box)
        head = str(parts.pop(0)) if isinstance(parts[0], str) else ""
        made = (
            at.text_of(comparable(one)) if isinstance(one, str)
            else terms.image(self.box[one.input], one.start, one.end) if isinstance(one, InputSlice)
            else at.ANY
            for one in parts
        )  # fmt: skip
        return head + self.input("l", at.concatenate(*made).ending(lambda _: True))

    def gone(self, status: str = "", value: str = "") -> None:
        """Let the caller hang up here, where that runs an `h`, and stay as well.

        `status`: the variable that says so then, and its `value`.
        """
        ends = self.phase == "run" and self.engine.has_h(self.context)
        if ends and not self.choose((True, False), "stay"):
            if status:
                self.set(status, value)
            raise DoneError

    # -- variables --------------------------------------------------------------------------------

    def read(self, name: str) -> str:
        """Return the value of a variable; of one of which no step was seen to read it, none."""
        mask = 0 if self.engine.exact else self.engine.liveness.mask(name)
        if mask and not mask & self.live:
            return self.opaque(f"${{{name}}}")
        found, plain = super().read(name), f"${{{name}}}"
        if self.engine.assumed.values and _is_unknown(found, plain):
            said = self.assumed(plain, name)
            if said is not None and (name in self.variables or "~all" in self.variables):
                self.variables[name] = said  # it is the same when it is read again
            return found if said is None else said
        return found

    def function(self, part: template.FunctionCall) -> str:
        """Return what a function gives."""
        if part.text.lower() == "${channel(language)}" and self.engine.chooses_language:
            return self.opaque("what steps set CHANNEL(language) to")
        return super().function(part)

    def set(self, name: str, value: str) -> None:
        """Set a variable, if some step reads it."""
        level = len(name) - len(name.lstrip("_")) if name.startswith("_") else 0
        bare = name[min(level, 2) :]
        if level:
            self.inherited[bare] = min(level, 2)
        else:
            self.inherited.pop(bare, None)
        if bare in ASKED_FOR and not self.engine.mentions(bare):
            self.doubt(f"{bare}, whose name is made")
        if self.engine.reads(bare):
            self.variables[bare] = value

    @property
    def own(self) -> str:
        """The name of the variable in which a loop that begins here has its number."""
        return f"{self.context}_{self.exten}_{self.priority}"

    def left(self, effect: fx.SetVariable) -> None:
        """Set a variable as an application does."""
        if effect.value is None:
            self.variables.pop(effect.name, None)
        elif effect.name == self.own:
            label = f"WHILE_ {self.context} {self.priority}"
            self.variables[label] = f"{effect.value},{self.exten}"
        elif effect.name.startswith(OF_LOOPS):
            self.variables[effect.name] = effect.value
        elif effect.name.isidentifier() and effect.name.isascii():
            self.set(effect.name, effect.value)
        else:
            self.assign(fx.Assign(f"{effect.name}={effect.value}"))

    def assign(self, effect: fx.Assign) -> None:
        """Carry out Set or MSet."""
        for text in args.split(effect.text) if effect.many else [effect.text]:
            name, equals, value = text.partition("=")
            if not equals:
                continue
            name = self.few(name)
            if not terms.is_constant(name):
                made = (re.escape(p) if isinstance(p, str) else ".*" for p in terms.parts(name))
                like = re.compile("_{0,2}" + "".join(made).lstrip("_"), re.DOTALL)
                if any(like.fullmatch(o) and not self.engine.mentions(o) for o in ASKED_FOR):
                    self.doubt(f"what {self.shown(name)} is the name of")
                self.forget(self.mark_of(name))
            elif name.endswith(")"):
                self.write(name, value)
            else:
                self.set(name, value)

    def write(self, name: str, value: str) -> None:
        """Write a function."""
        word, _, inner = name.partition("(")
        inner = inner.removesuffix(")")
        if word == "CALLERID":
            self.write_callerid(inner.lower(), value)
        elif word == "LOCAL" and self.frames:
            context, exten, priority, hidden = self.frames[-1]
            bare = inner.removeprefix("_").removeprefix("_")
            if bare not in dict(hidden):
                hidden = (*hidden, (bare, self.variables.get(bare)))
            self.frames[-1] = (context, exten, priority, hidden)
            self.set(inner, value)
        elif word == "CHANNEL" and inner.lower().startswith(
            ("hangup_handler_p", "hangup_handler_w", "after_bridge_goto")
        ):
            if value:  # it runs with the variables that there are at the end
                phase = "run" if inner.lower().startswith("a") else "h"
                self.side(value, {"~all": "", **self.unknown_caller()}, phase=phase)
        elif word == "TIMEOUT" and inner.lower().startswith("a"):
            if self.engine.has_extension("T") or self.engine.has_extension("e"):
                self.doubt(f"Set({name}={self.shown(value)})")
            if not _LATE.fullmatch(value) and not self.choose((True, False)):
                raise DoneError
        elif word in WRITING or (word not in self.engine.functions and word not in HARMLESS):
            own = word not in ("SHARED", "MASTER_CHANNEL", "EXPORT")
            if (
                own
                and terms.is_constant(value)
                and self.computed("${SET(" + name + "=" + value + ")}")
            ):
                return
            self.forget(Opaque(f"Set({name}=…)", *self.place))

    def write_callerid(self, item: str, value: str) -> None:
        """Write a part of the caller id."""
        value = value.strip(WHITE)
        if item == "all":
            if terms.is_constant(value):
                name, number = caller_of(value)
            else:
                name, opened, rest = value.partition("<")
                closed = rest.partition(">")
                number = closed[0] if opened and closed[1] else self.opaque("CALLERID(num)")
                name = name.strip(' "')
            self.variables["CALLERID(num)"], self.variables["CALLERID(name)"] = number, name
        elif item in ("num", "number", "name"):
            if not self.clean(value, _STRIPPED):
                value = self.opaque(f"${{CALLERID({item})}}")
            kind = "name" if item == "name" else "num"
            self.variables[f"CALLERID({kind})"] = value
        elif item.startswith("ani"):
            self.variables["CALLERID(ani)"] = self.opaque("${CALLERID(ani)}")

    def leave(self) -> Frame | None:
        """Leave the newest subroutine, and show what its variables hid."""
        if not self.frames:
            return None
        frame = self.frames.pop()
        for name, value in frame[3]:
            self.restored.add(name)
            if value is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value
        return frame

    # -- other channels ---------------------------------------------------------------------------

    def passed_on(self) -> dict[str, str]:
        """Return the variables that a channel has which is called from here."""
        return {n: v for n, v in self.variables.items() if n in self.inherited or n == "~all"}

    def unknown_caller(self) -> dict[str, str]:
        """Return the caller id of another channel, which is not known."""
        names = ("CALLERID(num)", "CALLERID(name)")
        return {name: self.opaque(f"${{{name}}}") for name in names}

    def side(
        self, target: str, variables: Mapping[str, str], behind: int = 0, phase: str = "run"
    ) -> None:
        """Let a channel run the dialplan somewhere; `behind`: so many priorities further on."""
        place = self.jump(target_of(target)[0])
        if place is None:
            return
        arguments = target_of(target)[1]
        values = {**variables, **{f"ARG{n}": v for n, v in enumerate(arguments, 1)}}
        values["ARGC"] = str(len(arguments))
        kept = tuple(sorted((n, v) for n, v in values.items() if self.engine.reads(n)))
        context, exten, priority = place
        level = tuple(sorted((n, k) for n, k in self.inherited.items() if k > 1))
        passed = -1 if variables is self.variables else self.engine.liveness.passed
        self.sides.append(self.lean(State(
            context, exten, priority + behind, kept, inherited=level, phase=phase, part="called"
        ), passed))  # fmt: skip

    def further(
        self, kind: str, context: str, exten: str = "", *, sure: bool = True, same: bool = True
    ) -> None:
        """Let the caller make another call from here: in a context, of any number.

        `same`: it is the same channel that goes on, with its variables and subroutines; another
        one has those that it inherited, and it is not known what the others hold, or who it is.
        That is not known where it comes in, whichever step let it.
        """
        context = self.constant(context)
        if context not in self.engine.lookups.contexts:
            return
        if not sure:
            self.marks.add(Opaque(f"{kind} in [{context}]", *self.place))
        here, self.place = self.place, self.engine.lookups.entered(context)
        kept = tuple(
            (n, v if same or n in self.inherited or n[0] == "~" else self.opaque(f"${{{n}}}"))
            for n, v in sorted(self.variables.items())
        )
        self.place = here
        number = exten or self.input("x", self.engine.lookups.keyed(kind, context))
        if not terms.is_constant(number) and not isinstance(terms.atoms(number)[0], InputSlice):
            raise UndecidedError(self.mark_of(number))
        part = self.node.state.part or f"{kind}:{context}"
        frames = tuple(self.frames) if same else ()
        phase = "disa" if kind == "DISA" else "enter"  # it goes to `i`, too
        passed = tuple(sorted((n, k) for n, k in self.inherited.items() if same or k > 1))
        there = State(context, number, 1, kept, frames, passed, phase=phase, part=part)
        self.sides.append(self.lean(there))


def _is_unknown(term: str, text: str) -> bool:
    part = next(iter(terms.atoms(term)), None) if len(term) == 1 else None
    return isinstance(part, Opaque) and part.text == text


def start_of(entry: Entry, around: Surroundings, dialled: at.Automaton | None = None) -> Reached:
    """Return where calls of an entry begin; `dialled`: the texts, by default any."""
    dialled = around.lookups.anything if dialled is None else dialled
    values, inherited = {"CALLERID(num)": terms.char_of(InputSlice("n"))}, {}
    for name, value in entry.variables:
        bare = name.removeprefix("_").removeprefix("_")
        if around.reads(bare):
            values[bare] = value
            inherited[bare] = len(name) - len(bare)
    state = State(
        entry.context, terms.char_of(InputSlice("d")), 1, tuple(sorted(values.items())),
        inherited=tuple(sorted((n, k) for n, k in inherited.items() if k)), phase="enter",
    )  # fmt: skip
    return Reached(state, Box((("d", dialled), ("n", at.ANY)), around.lookups.moments.all))
