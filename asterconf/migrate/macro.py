"""Macro → Gosub: `app_macro`, which Asterisk 21 and later do not have.

The forms are those that ran on Asterisk 22.10.1 as the macros did on 16.28.0:
tests/vectors/macro, whose README has them in one table.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import attrs

from asterconf.language import args, exten
from asterconf.migrate.macros import (
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
from asterconf.migrate.outcome import Outcome, Said
from asterconf.migrate.plan import Codemod, Draft, Style, options_of
from asterconf.migrate.steps import PIPES_FIRST, has_pipes
from asterconf.source import WHITE, fold

_PLACE = {"EXTEN": "e", "CONTEXT": "c", "PRIORITY": "p"}
_VARIABLE = re.compile(r"\$\{MACRO_(EXTEN|CONTEXT|PRIORITY)(?=[}:])")
_DEPTH = re.compile(r"\$\{MACRO_DEPTH\}")
_NAMED = re.compile(r"\bMACRO_(EXTEN|CONTEXT|PRIORITY|DEPTH|IN_HANGUP|RECURSION|OFFSET)\b")
_SETS_OFFSET = re.compile(r"\bMACRO_OFFSET(?=\s*=)")
_SETS_RESULT = re.compile(r"\bMACRO_RESULT(?=\s*=)")
_COUNT = re.compile(r"\$\{ARG(?:C|0)[}:]")
_OPTION_TEXT = re.compile(r"[A-Za-z0-9()^/:|.\-*#\\]*M\(([^()^,$|]+)((?:[\^|,][^()]*)?)\)")
_ENDS = {"goto", "hangup", "return", "macroexit"}


@attrs.define(eq=False)
class _Conversion:
    """The conversion of one dialplan."""

    draft: Draft
    facts: MacroFacts
    verdict: Said = attrs.field(factory=Said)
    behind: list[tuple[str, str]] = attrs.field(factory=list)
    """Steps with their labels that the extension at work gets at its end."""
    labels: int = 0
    names: dict[str, str] = attrs.field(factory=dict)

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
            if own and fold(found[0].extension.name) in self.handled(context):
                self.drop(found)
                continue
            self.behind = []
            for site in found:
                self.step(site, found)
            if own:
                self.ends(found)
            self.append(found[-1], self.behind)
        for name in self.facts.macros:
            self.context(name, [s for s in self.facts.sites if s.context == name])

    # -- one step ---------------------------------------------------------------------------------

    def step(self, site: PlanSite, group: Sequence[PlanSite]) -> None:
        """Convert a step in its line."""
        line = exten.read(site.option.name, site.option.value)
        if line is None:
            return
        self.verdict = Said()
        call = line.application
        text = self.application(site, call.name, call.data, group)
        text = self.variables(site, text)
        before = site.option.value.removesuffix(call.text)
        if (text != call.text or self.verdict.outcome) and has_pipes(site, self.draft):
            self.verdict = Said()
            self.verdict.left(PIPES_FIRST)
            self.say(site, "")
            return
        if text != call.text and (call.name, call.data) != _parts(text):
            self.draft.put(site.ref, before + text)
            self.say(site, text)
        elif self.verdict.outcome:
            self.say(site, "")

    def say(self, site: PlanSite, new: str) -> None:
        """Say what becomes of a step."""
        why = "; ".join(self.verdict.reasons) or _SAME
        self.draft.say(site.place, str(site.step), self.verdict.outcome or "exact", why, new)

    def application(
        self,
        site: PlanSite,
        name: str,
        data: str,
        group: Sequence[PlanSite],
        *,
        inner: bool = False,
    ) -> str:
        """Return the text of a call as it shall be."""
        app, macro = fold(name.strip()), site.context in self.facts.macros
        plain = f"{name}({data})"
        if app in {"macro", "macroexclusive"}:
            return self.macro(site, data, name, exclusive=app == "macroexclusive")
        if app in {"execif", "exec", "tryexec", "execiftime"}:
            return self.executed(site, name, data, group)
        made = {
            "macroif": lambda: self.macro_if(site, data, name),
            "macroexit": lambda: self.exit(site, inner=inner),
            "dial": lambda: self.dial(name, data),
            "retrydial": lambda: self.dial(name, data),
            "queue": lambda: self.queue(name, data),
        }.get(app)
        if made is not None:
            return made()
        if macro and "goto" in app:
            jump = self.goto(site, data, group) if app == "goto" else self.goto_if(site, name, data)
            return jump or plain
        self.judge(site, app, name, data)
        return self.assigned(site, plain)

    def judge(self, site: PlanSite, app: str, name: str, data: str) -> None:
        """Say how a step that stays as it is differs in a subroutine."""
        macro = site.context in self.facts.macros
        if macro and app in {"gosub", "gosubif"}:
            self.gosub(site, data)
        if site.context in self.facts.from_macros and "goto" in app:
            leaving = [one for one in goto_contexts(name, data) if one != site.context]
            if leaving:
                self.verdict.changed(
                    "the subroutine, which a macro calls, jumps away: the return addresses stay"
                )
        if app == "return" and macro and not self.has_inner(site.context):
            self.verdict.changed(
                "on 16 a Return inside a macro, without a Gosub, ends the call; now it returns"
            )
        if macro and app in {"waitexten", "background"}:
            self.verdict.changed(
                "a digit keyed here was looked up in the calling context, and is now looked up "
                f"in {site.context}"
            )

    def has_inner(self, context: str) -> bool:
        """Tell whether a Gosub leads to an extension of a macro's own context."""
        return any(one.kind == "gosub" and one.target in {context, ""} for one in self.facts.calls)

    def assigned(self, site: PlanSite, text: str) -> str:
        """Return a call with its assignments to variables that Macro looks at."""
        if site.context in self.facts.macros and "LOCAL(" in text:
            self.verdict.changed("LOCAL had no effect in a macro without a Gosub, and has one now")
        if site.context in self.facts.macros and "MACRO_" in text:
            if _SETS_OFFSET.search(text):
                self.verdict.exact("the place behind the call is computed from STACK_PEEK")
                text = _SETS_OFFSET.sub("LOCAL(MACRO_OFFSET)", text)
            if _SETS_RESULT.search(text) and "dial" in self.facts.kinds(site.context):
                text = _SETS_RESULT.sub("GOSUB_RESULT", text)
                self.verdict.exact("Dial takes the same values from GOSUB_RESULT")
        return self.options_in(text)

    def options_in(self, text: str) -> str:
        """Return a text in which options of Dial that stand in a value call subroutines."""

        def put(found: re.Match[str]) -> str:
            if not self.facts.exists(PREFIX + found[1]):
                return found[0]
            self.verdict.exact("option U of Dial runs the subroutine as M ran the macro")
            at, end = found.start(1) - found.start() - 2, len(found[0])
            return f"{found[0][:at]}U({PREFIX}{found[0][at + 2 : end]}"

        return _OPTION_TEXT.sub(put, text) if "M(" in text else text

    def variables(self, site: PlanSite, text: str) -> str:
        """Return a text with STACK_PEEK in place of the variables that a macro has."""
        facts, context = self.facts, site.context
        inside = context in facts.macros
        if not _NAMED.search(text) and not (inside and _COUNT.search(text)):
            return text
        if inside and _COUNT.search(text):
            self.verdict.changed("ARGC and ARG0 are set in a subroutine, and were not in a macro")
        if inside and "${MACRO_OFFSET" in text:
            self.verdict.changed("in a macro it was empty until the macro set it")
        if _DEPTH.search(text):
            text = self.depth(context, text)
        if not _VARIABLE.search(text):
            if re.search(r"MACRO_(IN_HANGUP|RECURSION)", text):
                self.verdict.changed("nesting of subroutines has no limit, and no such variable")
            return text
        level = 1
        if not inside and context not in facts.from_macros:
            return text  # outside of macros they are empty, then as before
        own = {one.exten for one in facts.calls if one.kind == "gosub" and one.target == context}
        if not inside or site.extension.name in own - {"s"}:
            level = 2
            callers = {one.caller for one in facts.calls if one.target in {context, ""}}
            if not inside and not callers <= facts.macros:
                self.verdict.changed("it shows the caller of the subroutine where no macro is")
        if inside and facts.kinds(context) & {"dial"}:
            self.verdict.changed(
                "in a subroutine that Dial runs there is no place of the Dial step"
            )
        self.verdict.exact(_SAME)
        return _VARIABLE.sub(lambda m: f"${{STACK_PEEK({level},{_PLACE[m[1]]},1)", text)

    def depth(self, context: str, text: str) -> str:
        """Return a text with a number in place of MACRO_DEPTH, where it has one value."""
        if not self.facts.called:
            return text
        if context not in self.facts.macros:
            self.verdict.changed("it was empty before the first macro, and 0 behind it")
            return _DEPTH.sub("0", text)
        depths = self.facts.levels(context, "")
        if len(depths) == 1:
            self.verdict.exact("the macro is called at one depth only")
            return _DEPTH.sub(str(min(depths)), text)
        self.verdict.changed("the macro is called at several depths, and nothing counts them now")
        return text

    # -- calls ------------------------------------------------------------------------------------

    def macro(self, site: PlanSite, data: str, name: str, *, exclusive: bool = False) -> str:
        """Return the Gosub for a Macro."""
        label, condition = self.target(site, data)
        if label is None:
            self.verdict.left("Macro with no name goes on with the next step; nothing says that")
            return "NoOp()"
        if exclusive:
            head = split_macro(data)[0]
            if not condition:
                label = label.replace(",s,1", f",{self.entry(PREFIX + head)},1", 1)
                self.lock(head)
            elif "$" in head:
                self.verdict.changed("the name is made at run time: calls no longer wait there")
        word = "GosubIf" if condition else "Gosub"
        word = word.lower() if name.islower() else word.upper() if name.isupper() else word
        self.verdict.exact(_SAME)
        return f"{word}({condition}?{label})" if condition else f"{word}({label})"

    def target(self, site: PlanSite, data: str) -> tuple[str | None, str]:
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
            self.verdict.exact("the name and the arguments are cut out of the variable")
        else:
            label = f"{context},s,1{self.arguments(site, '' if dynamic else context, given)}"
        known = not dynamic and facts.exists(context)
        if not dynamic and not known:
            self.verdict.exact("there is no such macro: as before, the call goes on")
        if not dynamic and known:
            self.kept(context, len(given), site)
        return label, "" if known else f"${{DIALPLAN_EXISTS({context},s,1)}}"

    def kept(self, context: str, given: int, site: PlanSite) -> None:
        """Say where an ARGn that is passed on would have stayed set behind the call."""
        passed = set(self.facts.surplus(site.context, context, given))
        inside = {n for one in self.facts.reached(context) for n in self.facts.sets.get(one, ())}
        if passed & inside:
            names = ", ".join(f"ARG{n}" for n in sorted(passed & inside))
            self.verdict.changed(f"{names}, set inside, stayed set behind the call")

    def arguments(self, site: PlanSite, context: str, given: list[str]) -> str:
        """Return the arguments of a Gosub in their parentheses."""
        more = [f"${{ARG{n}}}" for n in self.facts.surplus(site.context, context, len(given))]
        fields = [self.options_in(one) for one in (*given, *more)]
        if not fields:
            return ""
        text = ",".join(fields)
        read = args.split(text, flavour="raw", substituted=False)
        if read != tuple(fields) and fields != [""]:
            self.verdict.changed(
                "Macro splits at every comma, Gosub keeps those inside quotes and brackets"
            )
        if len(given) > 79:
            self.verdict.changed("Macro takes 79 arguments, Gosub takes more")
        if fields == [""] and 1 in self.facts.visible.get(site.context, ()):
            text = ","
        return f"({text})" if text else ""

    def macro_if(self, site: PlanSite, data: str, name: str) -> str:
        """Return the GosubIf for a MacroIf."""
        condition, yes, no = split_macro_if(data)
        if condition == data:
            self.verdict.left("MacroIf without a ? is an error")
            return f"MacroIf({data})"
        labels = []
        for branch, is_yes in ((yes, True), (no, False)):
            label, guard = self.target(site, branch) if branch else (None, "")
            if guard and "$" in branch.partition(",")[0]:
                self.verdict.changed("a macro that does not exist ended nothing; now the call ends")
            elif guard:
                label = None
            if is_yes and not yes:
                self.verdict.changed(
                    "an empty branch that is chosen ended the call; now it goes on"
                )
            labels.append(label or "")
        text = ":".join(labels) if labels[1] else labels[0]
        self.verdict.exact(_SAME)
        word = "gosubif" if name.islower() else "GosubIf"
        return f"{word}({condition}?{text})"

    def lock(self, head: str) -> None:
        """Say that one call at a time runs a macro, which frees it at its ends."""
        self.verdict.exact(
            "LOCK, tried until it is free, lets one call at a time in; UNLOCK stands at each end"
        )
        context, facts = PREFIX + head, self.facts
        inside = facts.reached(context)
        if any(one.target in {context, ""} and one.kind != "exclusive" and one.caller in inside
               for one in facts.calls):  # fmt: skip
            self.verdict.changed("a call of itself without the lock frees it too early")

    def entry(self, context: str) -> str:
        """Return the extension of a macro in which a call waits until no other one runs it."""
        taken = {one.name for one in self.facts.contexts[context]}
        return "exclusive" if "exclusive" not in taken else "exclusive-macro"

    def unlocked(self, *contexts: str) -> list[str]:
        """Return the step that lets other calls into the macros that are left; none: no step."""
        locks = [one for one in contexts if "exclusive" in self.facts.kinds(one)]
        freed = "".join(f"${{UNLOCK({one})}}" for one in locks)
        return [f"Set({self.spare('L')}={freed})"] if freed else []

    def exit(self, site: PlanSite, *, inner: bool) -> str:
        """Return what stands for MacroExit."""
        if site.context in self.facts.macros:
            self.verdict.exact(_SAME)
            return self.back(site.context)
        if site.context in self.facts.from_macros and not inner:
            self.verdict.changed(
                "in a subroutine of a macro, MacroExit goes on, and ends the macro behind it"
            )
            return "NoOp()"
        self.verdict.left("outside of a macro, MacroExit acts as a keyed digit: nothing does that")
        return "MacroExit()"

    def back(self, context: str) -> str:
        """Return the Return of a macro."""
        if "exclusive" in self.facts.kinds(context):
            return f"Return(${{UNLOCK({context})}})"
        return "Return()"

    def executed(self, site: PlanSite, name: str, data: str, group: Sequence[PlanSite]) -> str:
        """Return ExecIf, Exec and their like with what they run."""
        app = fold(name.strip())
        condition, texts = split_exec_if(data) if "if" in app else ("", [data])
        calls = [*inner_calls(app, data)]
        goes = [self.leaves(site, one) for one in calls]
        if any(goes) and app == "execif" and len(calls) == 1:
            self.verdict.exact(_LEAVES)
            return f"GotoIf({condition}?{self.away(site, calls[0][1])})"
        made = []
        for (inner_name, inner_data), text, leaving in zip(calls, texts, goes, strict=False):
            if leaving:
                self.verdict.changed("a jump out of the macro keeps a return address")
            new = self.application(site, inner_name, inner_data, group, inner=True)
            same = (inner_name, inner_data) == _parts(new)
            made.append(text if same else new)
        if app == "tryexec" and made != texts:
            self.verdict.changed(
                "TryExec went on behind a macro that ended the call, and TRYSTATUS said so"
            )
        text = ":".join(made)
        return f"{name}({condition}?{text})" if "if" in app else f"{name}({text})"

    def gosub(self, site: PlanSite, data: str) -> None:
        """Say where a subroutine that a macro calls no longer sees arguments of the macro."""
        for one in self.facts.calls:
            if one.caller != site.context or one.kind != "gosub" or one.given is None:
                continue
            if one.target and one.target not in data and one.target != site.context:
                continue
            hidden = [*self.facts.surplus(site.context, one.target, one.given)]
            if one.target != site.context and self.facts.exists(one.target, "h"):
                self.verdict.changed("h of the subroutine sees its arguments, not the macro's")
            if one.target != site.context and hidden:
                names = ", ".join(f"ARG{n}" for n in hidden)
                self.verdict.changed(f"the subroutine no longer sees {names} of the macro")

    def dial(self, name: str, data: str) -> str:
        """Return a Dial with its option M as U."""
        index = 2 if fold(name.strip()) == "dial" else 3
        fields = args.cut(data, flavour="raw", substituted=False)
        if len(fields) <= index or not any(o.letter == "M" for o in dial_options(name, data)):
            return self.options_in(f"{name}({data})")
        field, kept = fields[index], []
        for option in dial_options(name, data):
            text = field.value[option.start : option.end]
            if option.letter == "M" and option.argument is not None:
                head, *given = re.split(r"[\^,]", option.argument)
                context = PREFIX + head
                if "$" in head or self.facts.exists(context):
                    text = f"U({'^'.join([context, *given])})"
                    self.verdict.exact("option U of Dial runs the subroutine as M ran the macro")
                    if "$" in head:
                        self.verdict.changed("where there is no such context, the far end hears it")
                else:
                    text = ""
                    self.verdict.exact("there is no such macro: as before, nothing is run")
            kept.append(text)
        made = "".join(kept)
        return f"{name}({data[: field.start]}{made}{data[field.end :]})"

    def queue(self, name: str, data: str) -> str:
        """Return a Queue without the field of its macro, which came before the subroutine."""
        fields = args.cut(data, flavour="raw", substituted=False)
        if len(fields) < 7:
            return f"{name}({data})"
        raw = [data[one.start : one.end] for one in fields]
        macro, rest = raw[6].strip(), raw[7:]
        if macro and not self.facts.exists(PREFIX + macro):
            if not self.facts.exists(macro):
                self.verdict.left("there is no such macro")
            return f"{name}({data})"  # the field is that of the subroutine already
        if macro:
            context = f"{PREFIX}{macro}"
            if rest and rest[0].strip():
                self.verdict.changed(
                    f"Queue ran {macro} before the subroutine: now only the latter"
                )
            else:
                rest[:1] = [context]
                self.verdict.exact("the subroutine runs on the member's channel, as the macro did")
        self.verdict.exact("Queue of 21 and later has no field for a macro: the others move up")
        return f"{name}({','.join([*raw[:6], *rest])})"

    # -- jumps ------------------------------------------------------------------------------------

    def leaves(self, site: PlanSite, call: tuple[str, str]) -> bool:
        """Tell whether a call is a Goto out of the macro."""
        if fold(call[0]) != "goto" or site.context not in self.facts.macros:
            return False
        fields = args.split(call[1], substituted=False)
        return len(fields) == 3 and fold(fields[0].strip(WHITE)) != fold(site.context)

    def goto(self, site: PlanSite, data: str, group: Sequence[PlanSite]) -> str:
        """Return what stands for a Goto in a macro; empty: it stays."""
        if self.leaves(site, ("goto", data)):
            if self.facts.kinds(site.context) == {"dial"}:
                self.verdict.exact("the macro that Dial runs ends there, without a jump")
                return self.back(site.context)
            self.verdict.exact(_LEAVES)
            before = len(self.behind)
            label = self.away(site, data)
            mine = self.behind[before:]
            if site is not group[-1] or before or sum(bool(name) for name, _ in mine) > 1:
                return f"Goto({label})"
            self.behind = [("", text) for _, text in mine[1:]]
            return mine[0][1]
        return self.inside(site, data)

    def inside(self, site: PlanSite, data: str) -> str:
        """Return what stands for a jump inside a macro; empty: it stays."""
        fields = [one.strip(WHITE) for one in args.split(data, substituted=False)]
        if len(fields) == 1 and "$" in fields[0]:
            if not re.search(r"[A-Za-z]", fields[0].partition("$")[0]):
                self.verdict.changed(
                    "if the variable holds another context, the return address stays on the stack"
                )
            return ""
        context = fields[0] if len(fields) == 3 else site.context
        name = fields[-2] if len(fields) > 1 else site.extension.name
        priority: int | str = int(fields[-1]) if fields[-1].isdigit() else fields[-1]
        back = self.back(site.context)
        if context != site.context and fold(context) == fold(site.context):
            self.verdict.exact("there is no such context: the macro returns, as before")
            return back
        if "$" in str(priority):
            return ""
        if "$" in name:
            if self.catches(site.context, name):
                return ""
            self.verdict.exact("where there is no such extension the macro returns, as before")
            place = f"{name},{priority}"
            self.add_label(site, [back])
            label = self.behind[-1][0]
            where = f"${{DIALPLAN_EXISTS({site.context},{place})}}"
            return f"GotoIf({where}?{place}:{label})"
        label_missing = isinstance(priority, str)
        found = site.extension.is_pattern and len(fields) == 1
        if found or self.facts.exists(site.context, name, priority) or label_missing:
            return ""
        self.verdict.exact("there is no such step: the macro returns, as before")
        return back

    def catches(self, context: str, name: str) -> bool:
        """Tell whether every extension that a name with variables can have is there."""
        lead = name.partition("$")[0]
        patterns = (one.name for one in self.facts.contexts[context] if one.is_pattern)
        ends = (one[1:-1] for one in patterns if one.endswith((".", "!")))
        return any(lead.startswith((one, one.replace("-", ""))) for one in ends)

    def goto_if(self, site: PlanSite, name: str, data: str) -> str:
        """Return a GotoIf whose branches leave the macro; empty: it stays."""
        condition, branches = split_exec_if(data)
        made, changed = [], False
        for branch in branches:
            if branch.strip() and self.leaves(site, ("goto", branch)):
                made.append(self.away(site, branch))
                changed = True
            else:
                new = self.inside_branch(site, branch) if branch.strip() else branch
                changed |= new != branch
                made.append(new)
        if not changed:
            return ""
        self.verdict.exact(_LEAVES)
        return f"{name}({condition}?{':'.join(made)})"

    def inside_branch(self, site: PlanSite, branch: str) -> str:
        """Return a branch that leads nowhere as one that returns."""
        fields = [one.strip(WHITE) for one in args.split(branch, substituted=False)]
        literal = "$" not in branch and fields[-1].isdigit()
        name = fields[-2] if len(fields) > 1 else site.extension.name
        known = self.facts.exists(site.context, name, int(fields[-1])) if literal else True
        if known or (site.extension.is_pattern and len(fields) == 1):
            return branch
        self.add_label(site, [self.back(site.context)])
        return self.behind[-1][0]

    def away(self, site: PlanSite, target: str) -> str:
        """Add the steps that leave the macro to the end of the extension; return their label."""
        facts, context = self.facts, site.context
        if facts.kinds(context) == {"dial"}:
            return self.add_label(site, [self.back(context)])
        fields = args.split(target, substituted=False)
        steps: list[str] = []
        if "$" in target:
            steps.append(f"Set({self.spare('T')}={target})")
        leaving = facts.above(context, fields[0].strip(WHITE))
        freed, inside = self.unlocked(*leaving), facts.reached(context)
        steps += freed
        if freed and any(one.target in {*leaving, ""} and one.caller in inside
                         for one in facts.calls):  # fmt: skip
            self.verdict.changed("of a macro that runs within itself, one of the locks stays")
        if "$" in fields[0]:
            self.dynamic(site, fields[0])
        where = f"${{{self.spare('T')}}}" if "$" in target else target
        levels = facts.levels(context, fields[0].strip(WHITE))
        if len(levels) == 1:
            return self.add_label(site, [*steps, *["StackPop()"] * min(levels), f"Goto({where})"])
        if facts.has_subroutines(context) or fields[0].strip(WHITE) in facts.macros:
            self.verdict.changed("how many levels are left differs from call to call: all are")
        label = self.add_label(site, steps) if steps else ""
        loop = self.new_label(site)
        self.behind += [
            (loop, f'GotoIf($["${{STACK_PEEK(1,c,1)}}" = ""]?{loop}x)'),
            ("", "StackPop()"),
            ("", f"Goto({loop})"),
            (f"{loop}x", f"Goto({where})"),
        ]
        return label or loop

    def dynamic(self, site: PlanSite, context: str) -> None:
        """Say that a context made at run time may be the macro's own."""
        found = re.fullmatch(r"\$\{ARG(\d+)\}", context.strip(WHITE))
        calls = [one for one in self.facts.calls if one.target in {site.context, ""}]
        number = int(found[1]) if found else 0
        values = [one.arguments[number - 1] for one in calls
                  if found and len(one.arguments) >= number]  # fmt: skip
        if not found or not values or any("$" in v or v == site.context for v in values):
            self.verdict.changed(
                "if the context is the macro's own, the macro is left all the same"
            )

    def new_label(self, site: PlanSite) -> str:
        """Return a label that is free in an extension."""
        while True:
            self.labels += 1
            label = f"away{self.labels}"
            if all(step.label != label for step in site.extension.steps):
                return label

    def add_label(self, site: PlanSite, steps: list[str]) -> str:
        """Add steps to the end of the extension under a new label, which is returned."""
        label = self.new_label(site)
        self.behind += [(label if at == 0 else "", text) for at, text in enumerate(steps)]
        return label

    # -- around the steps -------------------------------------------------------------------------

    def ends(self, group: Sequence[PlanSite]) -> None:
        """Put a Return wherever the steps of an extension of a macro end."""
        context = group[0].context
        there = {site.step.priority for site in group}
        offset = any(
            _SETS_OFFSET.search(site.step.data)
            for site in self.facts.sites
            if site.context == context
        )
        for site in group:
            final = fold(site.step.app.strip()) in _ENDS
            if site.step.priority + 1 in there or final:
                continue
            back = self.back(context)
            steps = [("", back)]
            if offset:
                place = (
                    "${STACK_PEEK(1,c,1)},${STACK_PEEK(1,e,1)},"
                    "$[${STACK_PEEK(1,p,1)} + 1 + 0${MACRO_OFFSET}]"
                )
                jump = self.new_label(site)
                at = self.spare("T")
                there_is = f'"${{MACRO_OFFSET}}" != "" & ${{DIALPLAN_EXISTS(${{{at}}})}}'
                leave = [*self.unlocked(context), "StackPop()"]
                steps = [
                    ("", f"Set({at}={place})"),
                    ("", f"GotoIf($[{there_is}]?{jump})"),
                    ("", back),
                    *((jump if not at else "", text) for at, text in enumerate(leave)),
                    ("", f"Goto(${{{at}}})"),
                ]
            last = site is group[-1]
            if last:
                self.behind = [*steps, *self.behind]
            else:
                self.append(site, steps[:1] if not offset else steps)
            self.draft.say(
                site.place, f"end of {group[0].extension.key} behind priority "
                f"{site.step.priority}", "exact", "a macro returns at its end by itself", back,
            )  # fmt: skip

    def append(self, site: PlanSite, steps: Sequence[tuple[str, str]]) -> None:
        """Put steps below the line of another one, numbered as that is."""
        if not steps:
            return
        line = exten.read(site.option.name, site.option.value)
        same = fold(site.option.name).startswith("same")
        word = line.priority.word if line is not None else "n"
        if site.step.priority == 1 and self.uses_same(site):
            same, word = True, "n"
        lines = []
        for at, (label, text) in enumerate(steps, 1):
            mark = f"({label})" if label else ""
            number = site.step.priority + at if word.isdigit() else "n"
            name = "" if same else f"{site.extension.key},"
            lines.append(("same" if same else site.option.name, f"{name}{number}{mark},{text}"))
        self.draft.below(site.ref, *lines)

    def uses_same(self, site: PlanSite) -> bool:
        """Tell whether a file has `same` lines."""
        return site.ref[0] in {
            one.ref[0] for one in self.facts.sites if fold(one.option.name).startswith("same")
        }

    def handled(self, context: str) -> tuple[str, ...]:
        """Return the special extensions that lead from a macro to the calling context."""
        kinds = self.facts.kinds(context)
        if kinds == {"dial"}:
            return ()
        names = {one.name for each in self.facts.contexts.values() for one in each}
        own = {one.name for one in self.facts.contexts[context]}
        wanted = ["h"] if "h" in names or self.facts.exists(context, "h") else []
        return (*wanted, *(["T"] if "T" in names - (own - {"T"}) else []))

    def drop(self, group: Sequence[PlanSite]) -> None:
        """Take out the own `h` of a macro, which never ran."""
        name, context = group[0].extension.name, group[0].context
        outcome: Outcome = "exact"
        why = f"{name} of a macro never ran: that of the calling context did"
        if context in self.facts.entered:
            outcome, why = "changed", f"{why}, but where a Goto led into the macro"
        for site in group:
            self.draft.drop(site.ref)
            self.draft.say(site.place, str(site.step), outcome, why)

    def context(self, name: str, group: Sequence[PlanSite]) -> None:
        """Lead hang-ups of a macro to the calling context; judge what it includes."""
        places = self.facts.workspace.dialplan.contexts.places(name)
        if places is None:
            return
        header = places.section.position
        end = max((s.ref for s in group if s.ref[0] == group[-1].ref[0]),
                  default=(header.file, header.line))  # fmt: skip
        if any(one.target == name and one.kind == "exclusive" for one in self.facts.calls):
            entry = self.entry(name)
            step = f"{entry},1,GotoIf(${{LOCK({name})}}?s,1:{entry},1)"
            self.draft.below(end, ("exten", step))
        if group:
            for special in self.handled(name):
                back = self.spare("T")
                steps = [f"Set({back}=${{STACK_PEEK(1,c,1)}})", *self.unlocked(name),
                         "StackPop()", f"Goto(${{{back}}},{special},1)"]  # fmt: skip
                lines = [
                    ("exten" if at == 1 else "same",
                     f"{special},1,{text}" if at == 1 else f"n,{text}")
                    for at, text in enumerate(steps, 1)
                ]  # fmt: skip
                self.draft.below(end, *lines)
                why = f"{special} of the calling context runs, as on 16"
                self.draft.say(header, f"[{name}]", "exact", why, steps[-1])
        for at, one in enumerate(self.facts.contexts[name].includes):
            inner = self.facts.contexts.get(one.context)
            if inner is None or all(e.name in {"h", "T"} for e in inner):
                continue
            place = places.lines.position(places.parts[f"includes[{at}]"])
            why = "what it includes does not return to the calling step at its end"
            self.draft.say(place, f"include => {one.text}", "changed", why)
        if name in self.facts.entered_from_outside and name in self.facts.called:
            self.draft.say(
                header, f"[{name}]", "changed",
                "a jump or an include leads into it, too: Return there ends the call with an error",
            )  # fmt: skip


_SAME = "steps, arguments, variables and the end are equal"
_LEAVES = "the levels that the jump leaves are taken off the stack before it"


def _parts(text: str) -> tuple[str, str]:
    name, _, data = text.partition("(")
    return name, data[: data.rfind(")")]


def _numbered(site: PlanSite) -> bool:
    """Tell whether a step is jumped to, or numbered, by a number."""
    line = exten.read(site.option.name, site.option.value)
    numbered = line is not None and line.priority.word.isdigit() and site.step.priority > 1
    return numbered or bool(re.search(r"[?:,(]\s*\d+\s*\)?$", site.step.data))


def _run(draft: Draft, _style: Style) -> None:
    workspace = draft.workspace
    reading = workspace.resolve("extensions.conf")
    if reading is not None and reading.valid:
        facts = MacroFacts.of(workspace)
        if facts.calls or facts.macros:
            _Conversion(draft, facts).run()
    _features(draft)
    for (file, option), (name, form) in _ELSEWHERE.items():
        for ref, _, line in options_of(workspace, file):
            if fold(line.name) == option and line.value:
                value = form.format(line.value)
                why = "the subroutine is called where the macro was"
                draft.tell(ref, line, "exact", why, f"{name}={value}")
                draft.rename(ref, name, value)


_ELSEWHERE = {
    ("queues.conf", "membermacro"): ("membergosub", f"{PREFIX}{{}}"),
    ("chan_dahdi.conf", "cc_callback_macro"): ("cc_callback_sub", f"{PREFIX}{{}},s,1"),
    ("pjsip.conf", "cc_callback_macro"): ("cc_callback_sub", f"{PREFIX}{{}},s,1"),
}
"""Options of other files that name a macro, with the option and value that name its subroutine."""


def _features(draft: Draft) -> None:
    """Let features of features.conf that run a macro run the subroutine."""
    for ref, _, line in options_of(draft.workspace, "features.conf"):
        fields = line.value.split(",")
        if len(fields) > 3 and fold(fields[2].strip()) == "macro":
            head, *rest = (one.strip(' "') for one in fields[3:])
            label = f'"{PREFIX}{head},s,1({",".join(rest)})"' if rest else f'"{PREFIX}{head},s,1"'
            value = ",".join([*fields[:2], "Gosub", label])
            draft.tell(ref, line, "exact", _SAME, value, line.value)
            draft.put(ref, value)


MACRO = Codemod(
    "macro",
    "Macro, MacroIf, MacroExclusive, MacroExit and option M of Dial become Gosub and Return.",
    "387 calls recorded on Asterisk 16.28.0, beside 341 of their Gosub forms on 22.10.1",
    _run,
)
