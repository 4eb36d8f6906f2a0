"""Macro → Gosub: `app_macro`, which Asterisk 21 and later do not have.

The forms are those that ran on Asterisk 22.10.1 as the macros did on 16.28.0:
tests/vectors/macro, whose README has them in one table. What is said of them is in `macro.json`.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cached_property

import attrs

from asterconf.language import args, exten
from asterconf.migrate.facts import facts as facts_of
from asterconf.migrate.macros import (
    EXECUTES,
    PREFIX,
    MacroFacts,
    PlanSite,
    dial_options,
    goto_contexts,
    inner_calls,
    split_exec_if,
    split_macro,
    split_macro_if,
)
from asterconf.migrate.outcome import LineRef, Outcome, Said
from asterconf.migrate.plan import Draft, Style, codemod, options_of
from asterconf.migrate.steps import PIPES_FIRST, has_pipes
from asterconf.source import WHITE, Position, fold

_PLACE = {"EXTEN": "e", "CONTEXT": "c", "PRIORITY": "p"}
_VARIABLE = re.compile(r"\$\{MACRO_(EXTEN|CONTEXT|PRIORITY)(?=[}:])")
_DEPTH = re.compile(r"\$\{MACRO_DEPTH\}")
_NAMED = re.compile(r"\bMACRO_(EXTEN|CONTEXT|PRIORITY|DEPTH|IN_HANGUP|RECURSION|OFFSET)\b")
_SETS_OFFSET = re.compile(r"\bMACRO_OFFSET(?=\s*=)")
_SETS_RESULT = re.compile(r"\bMACRO_RESULT(?=\s*=)")
_COUNT = re.compile(r"\$\{ARG(?:C|0)[}:]")
_OPTION_TEXT = re.compile(r"[A-Za-z0-9()^/:|.\-*#\\]*M\(([^()^,$|]+)((?:[\^|,][^()]*)?)\)")
_ENDS = {"goto", "hangup", "return", "macroexit", "waitexten"}
"""Applications that nothing goes on behind, if there is no step: WaitExten runs `t` then."""


@attrs.define(eq=False)
class _Conversion:
    """The conversion of one dialplan."""

    draft: Draft
    facts: MacroFacts
    site: PlanSite = attrs.field(init=False)
    """The step at work."""
    group: Sequence[PlanSite] = ()
    """The steps of its extension."""
    verdict: Said = attrs.field(factory=Said)
    behind: list[tuple[str, str]] = attrs.field(factory=list)
    """Steps with their labels that the extension at work gets at its end."""
    made: dict[LineRef, str] = attrs.field(factory=dict)
    """What lines become that stand in several contexts."""
    kept: set[tuple[str, str]] = attrs.field(factory=set)
    """The contexts of macros, with extensions of theirs that never ran and cannot go."""
    labels: int = 0
    names: dict[str, str] = attrs.field(factory=dict)

    @property
    def here(self) -> str:
        """The context of the step at work."""
        return self.site.context

    @property
    def in_macro(self) -> bool:
        """Whether the step at work stands in a macro."""
        return self.here in self.facts.macros

    @cached_property
    def used(self) -> set[str]:
        """The names of all extensions."""
        return {one.name for each in self.facts.contexts.values() for one in each}

    @cached_property
    def offsets(self) -> set[str]:
        """The contexts with a step that sets MACRO_OFFSET."""
        return {one.context for one in self.facts.sites if _SETS_OFFSET.search(one.step.data)}

    @cached_property
    def shared(self) -> set[LineRef]:
        """The lines that stand in several contexts, as those of a template do."""
        return {ref for ref, times in Counter(one.ref for one in self.facts.sites).items()
                if times > 1}  # fmt: skip

    @cached_property
    def with_same(self) -> set[str]:
        """The files in which `same` is used."""
        names = ((one.ref[0], fold(one.option.name)) for one in self.facts.sites)
        return {file for file, name in names if name.startswith("same")}

    def says(self, key: str, **words: str) -> None:
        """Say of the step at work what `macro.json` has under a key."""
        outcome, why = facts_of("macro")["says"][key]
        self.verdict.say(outcome, why.format(**words))

    def spare(self, name: str) -> str:
        """Return the name of a variable, a longer one where the dialplan has one of that name."""
        texts = (site.step.data for site in self.facts.sites)
        used = re.compile(rf"\$\{{{name}[}}:]|(?<![A-Za-z0-9_]){name}=")
        if name not in self.names:
            self.names[name] = f"{name}_OF_MACRO" if any(map(used.search, texts)) else name
        return self.names[name]

    def run(self) -> None:
        """Convert every step, then what stands around them."""
        groups: dict[tuple[str, str], list[PlanSite]] = {}
        for site in self.facts.sites:
            groups.setdefault((site.context, site.extension.key), []).append(site)
        for (context, _), found in groups.items():
            own = context in self.facts.macros
            if own and found[0].extension.name in self.handled(context):
                self.drop(found)
                continue
            self.behind, self.group = [], found
            for site in found:
                self.site = site
                self.step()
            if own:
                self.ends()
            self.append(found[-1], self.behind)
        for name in self.facts.macros:
            self.around(name, self.facts.steps_in.get(name, []))

    # -- one step ---------------------------------------------------------------------------------

    def step(self) -> None:
        """Convert the step in its line."""
        site, self.verdict = self.site, Said()
        line = exten.read(site.option.name, site.option.value)
        if line is None:
            return
        call = line.application
        text = self.variables(self.application(call.name, call.data))
        new = text if text != call.text and (call.name, call.data) != _parts(text) else ""
        if (text != call.text or self.verdict.outcome) and has_pipes(site, self.draft):
            self.verdict, new = Said(), ""
            self.verdict.left(PIPES_FIRST)
        if site.ref in self.shared and self.made.setdefault(site.ref, new) != new:
            new = self.made[site.ref]
            self.verdict.left("it stands in several contexts, and would be another step in each")
        if new:
            self.draft.put(site.ref, site.option.value.removesuffix(call.text) + new)
            if not self.verdict.reasons:
                self.says("same")
        if self.verdict.outcome:
            why = "; ".join(self.verdict.reasons)
            self.draft.say(site.place, str(site.step), self.verdict.outcome, why, new)

    def application(self, name: str, data: str, *, inner: bool = False) -> str:
        """Return the text of a call as it shall be."""
        app, plain = fold(name.strip()), f"{name}({data})"
        if app in {"macro", "macroexclusive"}:
            return self.macro(name, data, exclusive=app == "macroexclusive")
        if app == "macroexit":
            return self.exit(inner=inner)
        others = {"macroif": self.macro_if, "dial": self.dial, "retrydial": self.dial,
                  "queue": self.queue, **dict.fromkeys(EXECUTES, self.executed)}  # fmt: skip
        if app in others:
            return others[app](name, data)
        if self.in_macro and "goto" in app:
            jump = self.goto(data) if app == "goto" else self.goto_if(name, data)
            return jump or plain
        self.judge(app, name, data)
        return self.assigned(plain)

    def judge(self, app: str, name: str, data: str) -> None:
        """Say how a step that stays as it is differs in a subroutine."""
        here = self.here
        if here in self.facts.from_macros and set(goto_contexts(name, data)) - {here}:
            self.says("subroutine jumps")
        if not self.in_macro:
            return
        if app in {"gosub", "gosubif"}:
            self.gosub(data)
        if app == "return" and "gosub" not in self.facts.ways(here):
            self.says("return")
        if app in {"waitexten", "background"}:
            self.says("digit", context=here)

    def assigned(self, text: str) -> str:
        """Return a call with its assignments to variables that Macro looks at."""
        if self.in_macro and "LOCAL(" in text:
            self.says("local")
        if self.in_macro and _SETS_OFFSET.search(text):
            self.says("offset")
            text = _SETS_OFFSET.sub("LOCAL(MACRO_OFFSET)", text)
        if self.in_macro and _SETS_RESULT.search(text) and "dial" in self.facts.kinds(self.here):
            self.says("result")
            text = _SETS_RESULT.sub("GOSUB_RESULT", text)
        return self.options_in(text)

    def options_in(self, text: str) -> str:
        """Return a text in which options of Dial that stand in a value call subroutines."""

        def put(found: re.Match[str]) -> str:
            if not self.facts.exists(PREFIX + found[1]):
                return found[0]
            self.says("option U")
            at, end = found.start(1) - found.start() - 2, len(found[0])
            return f"{found[0][:at]}U({PREFIX}{found[0][at + 2 : end]}"

        return _OPTION_TEXT.sub(put, text) if "M(" in text else text

    def variables(self, text: str) -> str:
        """Return a text with STACK_PEEK in place of the variables that a macro has."""
        facts, inside = self.facts, self.in_macro
        if inside and _COUNT.search(text):
            self.says("count")
        if not _NAMED.search(text):
            return text
        if inside and "${MACRO_OFFSET" in text:
            self.says("offset unset")
        if _DEPTH.search(text):
            text = self.depth(text)
        if not _VARIABLE.search(text):
            if re.search(r"MACRO_(IN_HANGUP|RECURSION)", text):
                self.says("no limit")
            return text
        if not inside and self.here not in facts.from_macros:
            return text  # outside of macros they are empty, then as before
        own = facts.extens(self.here) - {"s"}
        deeper = not inside or self.site.extension.name in own
        if not inside and not facts.callers(self.here) <= facts.macros:
            self.says("caller")
        if inside and "dial" in facts.kinds(self.here):
            self.says("no place")
        self.says("same")
        return _VARIABLE.sub(lambda m: f"${{STACK_PEEK({1 + deeper},{_PLACE[m[1]]},1)", text)

    def depth(self, text: str) -> str:
        """Return a text with a number in place of MACRO_DEPTH, where it has one value."""
        if not self.facts.called:
            return text
        if not self.in_macro:
            self.says("depth outside")
            return _DEPTH.sub("0", text)
        depths = self.facts.levels(self.here, "")
        if len(depths) == 1:
            self.says("one depth")
            return _DEPTH.sub(str(min(depths)), text)
        self.says("several depths")
        return text

    # -- calls ------------------------------------------------------------------------------------

    def macro(self, name: str, data: str, *, exclusive: bool = False) -> str:
        """Return the Gosub for a Macro."""
        label, condition = self.target(data)
        if label is None:
            self.says("no name")
            return "NoOp()"
        if exclusive:
            head = split_macro(data)[0]
            if not condition:
                label = label.replace(",s,1", f",{self.entry(PREFIX + head)},1", 1)
                self.lock(PREFIX + head)
            elif "$" in head:
                self.says("exclusive, any name")
        word = "GosubIf" if condition else "Gosub"
        word = word.lower() if name.islower() else word.upper() if name.isupper() else word
        self.says("same")
        return f"{word}({condition}?{label})" if condition else f"{word}({label})"

    def target(self, data: str) -> tuple[str | None, str]:
        """Return the label of a Gosub for the arguments of Macro, and the condition it needs."""
        facts = self.facts
        head, *given = split_macro(data)
        if not head:
            return None, ""
        whole = re.fullmatch(r"\$\{(\w+)\}", data)
        context, dynamic = PREFIX + head, "$" in head
        if whole:  # its value may hold arguments, too
            context = f"{PREFIX}${{CUT({whole[1]},\\,,1)}}"
            label = f"{context},s,1(${{CUT({whole[1]},\\,,2-)}})"
            self.says("name and arguments")
        else:
            label = f"{context},s,1{self.arguments('' if dynamic else context, given)}"
        if dynamic or not facts.exists(context):
            if not dynamic:
                self.says("no macro")
            return label, f"${{DIALPLAN_EXISTS({context},s,1)}}"
        inside = {n for one in facts.reached(context) for n in facts.sets.get(one, ())}
        passed = inside & set(facts.surplus(self.here, context, len(given)))
        if passed:  # an ARGn that is passed on would have stayed set behind the call
            self.says("stayed set", names=_numbered(passed))
        return label, ""

    def arguments(self, context: str, given: list[str]) -> str:
        """Return the arguments of a Gosub in their parentheses."""
        more = [f"${{ARG{n}}}" for n in self.facts.surplus(self.here, context, len(given))]
        fields = [self.options_in(one) for one in (*given, *more)]
        if not fields:
            return ""
        text = ",".join(fields)
        read = args.split(text, flavour="raw", substituted=False)
        if read != tuple(fields) and fields != [""]:
            self.says("every comma")
        if len(given) > 79:
            self.says("79 arguments")
        if fields == [""] and 1 in self.facts.visible.get(self.here, ()):
            text = ","
        return f"({text})" if text else ""

    def macro_if(self, name: str, data: str) -> str:
        """Return the GosubIf for a MacroIf."""
        condition, *branches = split_macro_if(data)
        if condition == data:
            self.says("no ?")
            return f"MacroIf({data})"
        if not branches[0]:
            self.says("empty branch")
        labels = []
        for branch in branches:
            label, guard = self.target(branch) if branch else (None, "")
            if guard and "$" in branch.partition(",")[0]:
                self.says("branch of none")
            elif guard:
                label = None
            labels.append(label or "")
        self.says("same")
        word = "gosubif" if name.islower() else "GosubIf"
        return f"{word}({condition}?{':'.join(labels if labels[1] else labels[:1])})"

    def lock(self, context: str) -> None:
        """Say that one call at a time runs a macro, which frees it at its ends."""
        self.says("exclusive")
        inside, calls = self.facts.reached(context), self.facts.calls_to(context)
        if any(one.kind != "exclusive" and one.caller in inside for one in calls):
            self.says("freed too early")

    def entry(self, context: str) -> str:
        """Return the extension of a macro in which a call waits until no other one runs it."""
        taken = {one.name for one in self.facts.contexts[context]}
        return "exclusive" if "exclusive" not in taken else "exclusive-macro"

    def unlocked(self, *contexts: str) -> list[str]:
        """Return the step that lets other calls into the macros that are left; none: no step."""
        locks = [one for one in contexts if "exclusive" in self.facts.kinds(one)]
        freed = "".join(f"${{UNLOCK({one})}}" for one in locks)
        return [f"Set({self.spare('L')}={freed})"] if freed else []

    def exit(self, *, inner: bool) -> str:
        """Return what stands for MacroExit."""
        if self.in_macro:
            self.says("same")
            return self.back()
        if self.here in self.facts.from_macros and not inner:
            self.says("exit of a subroutine")
            return "NoOp()"
        self.says("exit outside")
        return "MacroExit()"

    def back(self) -> str:
        """Return the Return of the macro at work."""
        exclusive = "exclusive" in self.facts.kinds(self.here)
        return f"Return(${{UNLOCK({self.here})}})" if exclusive else "Return()"

    def executed(self, name: str, data: str) -> str:
        """Return ExecIf, Exec and their like with what they run."""
        app = fold(name.strip())
        condition, texts = split_exec_if(data) if "if" in app else ("", [data])
        calls = [*inner_calls(app, data)]
        goes = [fold(word) == "goto" and self.leaves(target) for word, target in calls]
        if any(goes) and app == "execif" and len(calls) == 1:
            self.says("leaves")
            return f"GotoIf({condition}?{self.away(calls[0][1])})"
        made = []
        for call, text, leaving in zip(calls, texts, goes, strict=False):
            if leaving:
                self.says("jump inside")
            new = self.application(*call, inner=True)
            made.append(text if call == _parts(new) else new)
        if app == "tryexec" and made != texts:
            self.says("TryExec")
        text = ":".join(made)
        return f"{name}({condition}?{text})" if "if" in app else f"{name}({text})"

    def gosub(self, data: str) -> None:
        """Say where a subroutine that a macro calls no longer sees arguments of the macro."""
        for one in self.facts.calls:
            if one.caller != self.here or one.kind != "gosub" or one.target == self.here:
                continue
            if one.target not in data:
                continue
            if self.facts.exists(one.target, "h"):
                self.says("h of a subroutine")
            if hidden := self.facts.surplus(self.here, one.target, one.given):
                self.says("hidden", names=_numbered(hidden))

    def dial(self, name: str, data: str) -> str:
        """Return a Dial with its option M as U."""
        index = 2 if fold(name.strip()) == "dial" else 3
        fields = args.cut(data, flavour="raw", substituted=False)
        options = dial_options(name, data)
        if not any(one.letter == "M" for one in options):
            return self.options_in(f"{name}({data})")
        field, kept = fields[index], []
        for option in options:
            text = field.value[option.start : option.end]
            if option.letter == "M" and option.argument is not None:
                head, *given = re.split(r"[\^,]", option.argument)
                context = PREFIX + head
                if "$" in head or self.facts.exists(context):
                    text = f"U({'^'.join([context, *given])})"
                    self.says("option U")
                    if "$" in head:
                        self.says("option U, any name")
                else:
                    text = ""
                    self.says("option M of none")
            kept.append(text)
        return f"{name}({data[: field.start]}{''.join(kept)}{data[field.end :]})"

    def queue(self, name: str, data: str) -> str:
        """Return a Queue without the field of its macro, which came before the subroutine."""
        raw = args.split(data, flavour="raw", substituted=False)
        if len(raw) < 7:
            return f"{name}({data})"
        macro, rest = raw[6].strip(), [*raw[7:]]
        if macro and not self.facts.exists(PREFIX + macro):
            if not self.facts.exists(macro):
                self.says("no macro of a queue")
            return f"{name}({data})"  # the field is that of the subroutine already
        if macro and rest and rest[0].strip():
            self.says("macro and subroutine", macro=macro)
        elif macro:
            rest[:1] = [PREFIX + macro]
            self.says("member")
        self.says("fields")
        return f"{name}({','.join([*raw[:6], *rest])})"

    # -- jumps ------------------------------------------------------------------------------------

    def leaves(self, target: str) -> bool:
        """Tell whether a Goto leads out of the macro at work."""
        fields = args.split(target, substituted=False)
        away = len(fields) == 3 and fold(fields[0].strip(WHITE)) != fold(self.here)
        return away and self.in_macro

    def goto(self, data: str) -> str:
        """Return what stands for a Goto in a macro; empty: it stays."""
        if not self.leaves(data):
            return self.inside(data)
        if self.facts.kinds(self.here) == {"dial"}:
            self.says("end of a Dial")
            return self.back()
        self.says("leaves")
        before = len(self.behind)
        label = self.away(data)
        mine = self.behind[before:]
        if self.site is not self.group[-1] or before or sum(bool(name) for name, _ in mine) > 1:
            return f"Goto({label})"
        self.behind = [("", text) for _, text in mine[1:]]
        return mine[0][1]

    def inside(self, data: str) -> str:
        """Return what stands for a jump inside a macro; empty: it stays."""
        here, fields = self.here, [one.strip(WHITE) for one in args.split(data, substituted=False)]
        if not fields:  # it ends the call there and here
            return ""
        if len(fields) == 1 and "$" in fields[0]:
            if not re.search(r"[A-Za-z]", fields[0].partition("$")[0]):
                self.says("jump by variable")
            return ""
        context = fields[0] if len(fields) == 3 else here
        name = fields[-2] if len(fields) > 1 else self.site.extension.name
        if context != here and fold(context) == fold(here):
            self.says("no context")
            return self.back()
        if "$" in fields[-1] or ("$" in name and self.catches(name)):
            return ""
        if "$" in name:
            self.says("no extension")
            place = f"{name},{fields[-1]}"
            label = self.add_label([self.back()])
            return f"GotoIf(${{DIALPLAN_EXISTS({here},{place})}}?{place}:{label})"
        if self.lands(fields, name):
            return ""
        self.says("no step")
        return self.back()

    def lands(self, fields: Sequence[str], name: str) -> bool:
        """Tell whether a jump to an extension of the macro at work may find a step there."""
        if not fields[-1].isdigit() or (self.site.extension.is_pattern and len(fields) == 1):
            return True
        return self.facts.exists(self.here, name, int(fields[-1]))

    def catches(self, name: str) -> bool:
        """Tell whether every extension that a name with variables can have is there."""
        lead = name.partition("$")[0]
        patterns = (one.name for one in self.facts.contexts[self.here] if one.is_pattern)
        ends = (one[1:-1] for one in patterns if one.endswith((".", "!")))
        return any(lead.startswith((one, one.replace("-", ""))) for one in ends)

    def goto_if(self, name: str, data: str) -> str:
        """Return a GotoIf whose branches leave the macro; empty: it stays."""
        condition, branches = split_exec_if(data)
        made = [self.branch(one) if one.strip() else one for one in branches]
        if made == branches:
            return ""
        self.says("leaves")
        return f"{name}({condition}?{':'.join(made)})"

    def branch(self, branch: str) -> str:
        """Return a branch that leaves the macro, or leads nowhere, as one that returns."""
        if self.leaves(branch):
            return self.away(branch)
        fields = [one.strip(WHITE) for one in args.split(branch, substituted=False)]
        name = fields[-2] if len(fields) > 1 else self.site.extension.name
        known = "$" in branch or self.lands(fields, name)
        return branch if known else self.add_label([self.back()])

    def away(self, target: str) -> str:
        """Add the steps that leave the macro to the end of the extension; return their label."""
        facts, here = self.facts, self.here
        if facts.kinds(here) == {"dial"}:
            return self.add_label([self.back()])
        context = args.split(target, substituted=False)[0]
        where, steps = target, list[str]()
        if "$" in target:
            where = f"${{{self.spare('T')}}}"
            steps.append(f"Set({self.spare('T')}={target})")
        leaving = facts.above(here, context.strip(WHITE))
        freed, inside = self.unlocked(*leaving), facts.reached(here)
        steps += freed
        if freed and any(one.target in {*leaving, ""} and one.caller in inside
                         for one in facts.calls):  # fmt: skip
            self.says("lock stays")
        if "$" in context:
            self.dynamic(context)
        levels = facts.levels(here, context.strip(WHITE))
        if len(levels) == 1:
            return self.add_label([*steps, *["StackPop()"] * min(levels), f"Goto({where})"])
        if facts.has_subroutines(here) or context.strip(WHITE) in facts.macros:
            self.says("levels differ")
        label = self.add_label(steps) if steps else ""
        loop = self.new_label()
        self.behind += [
            (loop, f'GotoIf($["${{STACK_PEEK(1,c,1)}}" = ""]?{loop}x)'),
            ("", "StackPop()"),
            ("", f"Goto({loop})"),
            (f"{loop}x", f"Goto({where})"),
        ]
        return label or loop

    def dynamic(self, context: str) -> None:
        """Say that a context made at run time may be the macro's own."""
        found = re.fullmatch(r"\$\{ARG(\d+)\}", context.strip(WHITE))
        number = int(found[1]) if found else 0
        calls = [one.arguments for one in self.facts.calls_to(self.here)]
        values = [given[number - 1] for given in calls if found and len(given) >= number]
        if not values or any("$" in one or one == self.here for one in values):
            self.says("own context")

    def new_label(self) -> str:
        """Return a label that is free in the extension at work."""
        while True:
            self.labels += 1
            label = f"away{self.labels}"
            if all(step.label != label for step in self.site.extension.steps):
                return label

    def add_label(self, steps: list[str]) -> str:
        """Add steps to the end of the extension under a new label, which is returned."""
        label = self.new_label()
        self.behind += [(label if at == 0 else "", text) for at, text in enumerate(steps)]
        return label

    # -- around the steps -------------------------------------------------------------------------

    def ends(self) -> None:
        """Put a Return wherever the steps of the extension of a macro end."""
        there, back = {site.step.priority for site in self.group}, self.back()
        offset = self.here in self.offsets
        for site in self.group:
            if site.step.priority + 1 in there or fold(site.step.app.strip()) in _ENDS:
                continue
            steps = self.past_offset(back) if offset else [("", back)]
            if site is self.group[-1]:
                self.behind = [*steps, *self.behind]
            else:
                self.append(site, steps)
            what = f"end of {site.extension.key} behind priority {site.step.priority}"
            self.draft.say(site.place, what, "exact", "a macro returns at its end by itself", back)

    def past_offset(self, back: str) -> list[tuple[str, str]]:
        """Return the steps that go on as many steps behind the call as MACRO_OFFSET says."""
        jump, at = self.new_label(), self.spare("T")
        place = ("${STACK_PEEK(1,c,1)},${STACK_PEEK(1,e,1)},"
                 "$[${STACK_PEEK(1,p,1)} + 1 + 0${MACRO_OFFSET}]")  # fmt: skip
        known = f'"${{MACRO_OFFSET}}" != "" & ${{DIALPLAN_EXISTS(${{{at}}})}}'
        before = [f"Set({at}={place})", f"GotoIf($[{known}]?{jump})", back]
        leave = [*self.unlocked(self.here), "StackPop()", f"Goto(${{{at}}})"]
        return [(jump if n == len(before) else "", one) for n, one in enumerate(before + leave)]

    def append(self, site: PlanSite, steps: Sequence[tuple[str, str]]) -> None:
        """Put steps below the line of another one, numbered as that is."""
        if not steps:
            return
        line = exten.read(site.option.name, site.option.value)
        same = fold(site.option.name).startswith("same")
        word = line.priority.word if line is not None else "n"
        ref, apart = site.ref, any(one.ref in self.shared for one in self.group)
        if apart:  # only lines of this context may come, in any order
            ref, same, word = self.end_of(site.context), False, "1"
        elif site.step.priority == 1 and site.ref[0] in self.with_same:
            same, word = True, "n"
        own = "exten" if apart else site.option.name
        name, lead = ("same", "") if same else (own, f"{site.extension.key},")
        for at, (label, text) in enumerate(steps, site.step.priority + 1):
            mark = f"({label})" if label else ""
            number = at if word.isdigit() else "n"
            self.draft.below(ref, (name, f"{lead}{number}{mark},{text}"))

    def end_of(self, context: str) -> LineRef:
        """Return the line behind which lines of a context come, but not into a template."""
        own = [one.ref for one in self.facts.steps_in.get(context, ())]
        own = [one for one in own if one not in self.shared]
        header = self.header(context)
        return max((one for one in own if one[0] == own[-1][0]), default=(header.file, header.line))

    def header(self, context: str) -> Position:
        """Return where a context begins."""
        places = self.facts.workspace.dialplan.contexts.places(context)
        return places.section.position if places is not None else Position("", 0)

    def handled(self, context: str) -> list[str]:
        """Return the special extensions that lead from a macro to the calling context."""
        if self.facts.kinds(context) == {"dial"}:
            return []
        wanted = ["h"] if "h" in self.used or self.facts.exists(context, "h") else []
        return [*wanted, "T"] if "T" in self.used else wanted

    def drop(self, group: Sequence[PlanSite]) -> None:
        """Take out the own `h` or `T` of a macro, which never ran."""
        name, context = group[0].extension.name, group[0].context
        outcome: Outcome = "exact"
        why = f"{name} of a macro never ran: that of the calling context did"
        if context in self.facts.entered:
            outcome, why = "changed", f"{why}, but where a Goto led into the macro"
        refs = {one.ref for one in group} & self.shared
        around = {one.context for one in self.facts.sites if refs and one.ref in refs}
        if not all(one in self.facts.macros and name in self.handled(one) for one in around):
            self.kept.add((context, name))
            outcome, why = "left", f"its line stands in a context that is no macro, too; {why}"
        for site in group:
            if outcome != "left":
                self.draft.drop(site.ref)
            self.draft.say(site.place, str(site.step), outcome, why)

    def around(self, name: str, group: Sequence[PlanSite]) -> None:
        """Lead hang-ups of a macro to the calling context; judge what it includes."""
        places = self.facts.workspace.dialplan.contexts.places(name)
        if places is None:
            return
        header, draft, end = places.section.position, self.draft, self.end_of(name)
        if name in self.facts.exclusive:
            entry = self.entry(name)
            step = f"{entry},1,GotoIf(${{LOCK({name})}}?s,1:{entry},1)"
            draft.below(end, ("exten", step))
        for special in self.handled(name) if group else ():
            if (name, special) in self.kept:
                continue
            back = self.spare("T")
            first, *more = [f"Set({back}=${{STACK_PEEK(1,c,1)}})", *self.unlocked(name),
                            "StackPop()", f"Goto(${{{back}}},{special},1)"]  # fmt: skip
            draft.below(end, ("exten", f"{special},1,{first}"))
            draft.below(end, *(("same", f"n,{text}") for text in more))
            why = f"{special} of the calling context runs, as on 16"
            draft.say(header, f"[{name}]", "exact", why, more[-1])
        for at, one in enumerate(self.facts.contexts[name].includes):
            inner = self.facts.contexts.get(one.context)
            if inner is None or all(e.name in {"h", "T"} for e in inner):
                continue
            place = places.lines.position(places.parts[f"includes[{at}]"])
            why = "what it includes does not return to the calling step at its end"
            draft.say(place, f"include => {one.text}", "changed", why)
        if name in self.facts.entered_from_outside and name in self.facts.called:
            draft.say(header, f"[{name}]", *facts_of("macro")["says"]["entered"])


def _numbered(numbers: Iterable[int]) -> str:
    return ", ".join(f"ARG{n}" for n in sorted(numbers))


def _parts(text: str) -> tuple[str, str]:
    name, _, data = text.partition("(")
    return name, data[: data.rfind(")")]


def _run(draft: Draft, _style: Style) -> None:
    workspace = draft.workspace
    reading = workspace.resolve("extensions.conf")
    if reading is not None and reading.valid:
        facts = MacroFacts.of(workspace)
        if facts.calls or facts.macros:
            _Conversion(draft, facts).run()
    _features(draft)
    for file, option, name, form in facts_of("macro")["elsewhere"]:
        for ref, _, line in options_of(workspace, file):
            if fold(line.name) == option and line.value:
                value = form.format(line.value)
                why = "the subroutine is called where the macro was"
                draft.tell(ref, line, "exact", why, f"{name}={value}")
                draft.rename(ref, name, value)


def _features(draft: Draft) -> None:
    """Let features of features.conf that run a macro run the subroutine."""
    for ref, _, line in options_of(draft.workspace, "features.conf"):
        fields = line.value.split(",")
        if len(fields) > 3 and fold(fields[2].strip()) == "macro":
            head, *rest = (one.strip(' "') for one in fields[3:])
            label = f'"{PREFIX}{head},s,1({",".join(rest)})"' if rest else f'"{PREFIX}{head},s,1"'
            value = ",".join([*fields[:2], "Gosub", label])
            _, why = facts_of("macro")["says"]["same"]
            draft.tell(ref, line, "exact", why, value, line.value)
            draft.put(ref, value)


MACRO = codemod("macro", _run)
