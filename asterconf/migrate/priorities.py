"""Priorities by number become `n`, and jumps to a number jumps to a label.

A label is a name for a number. A jump to a label goes where the jump to its number went, if all
steps of that label have that number: so labels are chosen.

Before 1.6 some applications also jumped by themselves when they failed, to the priority 101
higher. A GotoIf behind them does that, on the variable that they set. In priorities.json, `failed`
are these applications with the argument that has their letters, the variable and its values, and
what differs; of `untold` nothing says what tells that they failed.
Source: apps/app_dial.c, app_playback.c, app_voicemail.c and app_queue.c of 1.4.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import cached_property
from itertools import chain, count, islice, pairwise
from typing import Any

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.language import args, exten
from asterconf.migrate.facts import facts
from asterconf.migrate.macros import PlanSite, plan_sites
from asterconf.migrate.outcome import Said
from asterconf.migrate.plan import Codemod, Draft, LineRef, Style, lines_of, options_of
from asterconf.references.mentions import PLACE, PLAN, Piece, in_step, pieces
from asterconf.resolve.effective import EffectiveItem
from asterconf.source import fold, is_true
from asterconf.syntax import Option

Key = tuple[str, str]
"""A context and an extension, with its caller id if it has one."""
Span = tuple[int, int]

_BY_LABEL = re.compile(r"goto|gotoif|gotoiftime|gosub|gosubif|(dial|queue|page) option .")
"""Applications and their options that take a label wherever they take a number."""
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")

_COUNTS = re.compile(r"(?:^|[,?:^])\s*[+-]\s*\d+\s*(?:$|[:^()])|PRIORITY")
"""A jump by so many steps, or the number of the step."""


@attrs.frozen
class NumberedJump:
    """A jump that names a priority by number.

    Attributes:
        site: the step that jumps.
        span: where the number stands in its arguments.
        number: the number; 0: it may be any.
        context: the context that is searched; None: nobody can tell.
        extension: the extension, likewise.
        plain: whether just the number stands there, and a label may.
        further: whether somebody goes to the step behind it, too, as with option G of Dial.
    """

    site: PlanSite
    span: Span
    number: int
    context: str | None
    extension: str | None
    plain: bool
    further: bool

    def __str__(self) -> str:
        return f"{self.site.place}: {self.site.step}"


def _numbered(site: PlanSite) -> Iterator[NumberedJump]:
    """Yield the jumps of a step that name a priority by number; the first stays the first."""
    data = site.step.data
    for mention in in_step(site.step.app, data):
        by = fold(mention.by)
        for piece in pieces(mention, mention.text) if mention.kind == PLACE else ():
            span = mention.start + piece.start, mention.start + piece.end
            text = data[slice(*span)].strip()
            if piece.kind != "label" or not (text.isdigit() or "$" in text):
                continue
            plain = text == piece.name and _BY_LABEL.fullmatch(by) is not None
            numbers = {int(one) for one in _NUMBER.findall(piece.name)} - {1}
            for number in numbers | ({0} if re.match(r"\d*\$", text) else set()):
                yield NumberedJump(
                    site, span, number, *_searched(site, piece), plain, by.endswith("option g")
                )


def _searched(site: PlanSite, piece: Piece) -> tuple[str | None, str | None]:
    """Return the context and extension that a jump searches."""
    where, name = piece.within
    own = site.extension.key if not where else None
    context = where or (site.context if "$" not in name else "$")
    return (None if "$" in context else context), (None if "$" in name else name or own)


@attrs.define(eq=False)
class _Numbers:
    """The steps of a dialplan, who names which of them by number, and what becomes of that."""

    draft: Draft
    groups: dict[Key, dict[int, PlanSite]] = attrs.field(factory=lambda: defaultdict(dict))
    """By extension and priority, ascending."""
    leads: list[tuple[NumberedJump, PlanSite]] = attrs.field(factory=list)
    """The jumps that surely lead to one line."""
    stay: dict[str | None, list[NumberedJump]] = attrs.field(factory=lambda: defaultdict(list))
    """By extension, the jumps whose number stays."""
    moved: dict[tuple[Key, int], int] = attrs.field(factory=dict)
    """The numbers that steps will have, where that is not the one that they have."""
    below: dict[LineRef, tuple[str, PlanSite]] = attrs.field(factory=dict)
    """Below which lines a GotoIf comes, its condition and where it leads."""
    labels: dict[LineRef, str] = attrs.field(factory=dict)
    """The labels that steps get."""
    edits: dict[LineRef, dict[Span, str]] = attrs.field(factory=lambda: defaultdict(dict))
    """What takes the place of which parts of their arguments."""
    said: dict[LineRef, Said] = attrs.field(factory=lambda: defaultdict(Said))
    """What is said of the lines that are edited."""
    counted: set[LineRef] = attrs.field(factory=set)
    """The lines that become `same => n`."""
    unmade: bool = False
    """Whether nothing takes the place of some jump that a step made by itself."""
    _searched: dict[str, set[str]] = attrs.field(factory=dict, init=False)

    @cached_property
    def plan(self) -> Dialplan:
        """The dialplan as it is."""
        return self.draft.workspace.dialplan.dialplan

    @cached_property
    def sites(self) -> list[PlanSite]:
        """All steps."""
        return [site for group in self.groups.values() for site in group.values()]

    @cached_property
    def contexts_of(self) -> Counter[LineRef]:
        """In how many contexts each line is, as by a template."""
        return Counter(one.ref for one in self.sites)

    @cached_property
    def known(self) -> dict[str, set[int]]:
        """The numbers that each label will have."""
        found: dict[str, set[int]] = defaultdict(set)
        for site in self.sites:
            if site.step.label is not None:
                found[site.step.label].add(self.number(site))
        for context in self.plan:
            for extension in context.extensions:
                if extension.hint is not None and extension.hint.label is not None:
                    found[extension.hint.label].add(-1)
        return found

    @cached_property
    def order(self) -> dict[LineRef, int]:
        """The lines of the dialplan that say something, counted."""
        return {ref: at for at, (ref, _, _) in enumerate(lines_of(self.draft.workspace, PLAN))}

    @cached_property
    def named(self) -> set[str]:
        """The labels that jumps name already, be they there or not."""
        return {
            piece.name
            for site in self.sites
            for mention in in_step(site.step.app, site.step.data)
            if mention.kind == PLACE
            for piece in pieces(mention, mention.text)
            if piece.kind == "label"
        }

    def number(self, site: PlanSite) -> int:
        """Return the number that a step will have."""
        key = site.context, site.extension.key
        return self.moved.get((key, site.step.priority), site.step.priority)

    def simple(self, site: PlanSite) -> bool:
        """Tell whether a line says all of its step, so that it can be edited."""
        line = exten.read(site.option.name, site.option.value)
        return line is not None and line.application.data == site.step.data

    # -- jumps ------------------------------------------------------------------------------------

    def target(self, jump: NumberedJump) -> PlanSite | str:
        """Return the step that a jump surely leads to, or why there is none."""
        context, key = jump.context, jump.extension
        if context is None or key is None or not jump.number:
            return "nobody can tell to which steps it leads"
        steps = self.groups.get((context, key), {})
        own = (context, key) == (jump.site.context, jump.site.extension.key)
        if own and (jump.number in steps or jump.site.extension.is_pattern):
            return steps.get(jump.number, "nobody can tell to which steps it leads")
        landing = self.plan.landing(key.partition("/")[0], context, jump.number)
        if landing.extension is None or landing.step is None:
            return "there is no such step"
        if not landing.sure or len(self.plan[landing.context].all(landing.extension.name)) > 1:
            return "nobody can tell to which steps it leads"
        return self.groups[landing.context, landing.extension.key][jump.number]

    def follow(self) -> None:
        """Find out where the jumps lead that name a number."""
        found: dict[tuple[LineRef, Span], list[NumberedJump]] = defaultdict(list)
        for site in self.sites:
            for jump in _numbered(site):
                found[site.ref, jump.span].append(jump)
        for jumps in found.values():
            targets = [self.target(one) for one in jumps]
            why = next((one for one in targets if isinstance(one, str)), "")
            steps = {one.ref: one for one in targets if not isinstance(one, str)}
            if len(steps) > 1:
                why = "it stands in several contexts, and leads to other steps in each"
            elif not (all(one.plain for one in jumps) and self.simple(jumps[0].site)):
                why = why or "nobody can tell whether a label may stand there"
            if why:
                self.keep(jumps, why)
            else:
                self.leads += [(jumps[0], one) for one in steps.values()]

    def keep(self, jumps: list[NumberedJump], why: str) -> None:
        """Let jumps keep their number, and say why, if there is a number."""
        for one in jumps:
            self.stay[one.extension].append(one)
        if any(one.number for one in jumps):
            self.draft.say(jumps[0].site.place, str(jumps[0].site.step), "left", why)

    def relabel(self) -> None:
        """Let jumps name labels, which their targets get."""
        for jump, target in self.leads:
            if label := self.label(target):
                self.edits[jump.site.ref][jump.span] = label
                self.said[jump.site.ref].exact("the label leads to the same step")
            else:
                self.keep([jump], "the label of the step that it leads to means other steps, too")

    def label(self, site: PlanSite) -> str:
        """Return the label of a step, which may be new; empty: it has one that means others."""
        number, own = {self.number(site)}, self.labels.get(site.ref, site.step.label)
        if own is not None:
            return own if self.known[own] == number and not site.step.label_hidden else ""
        if not self.simple(site):
            return ""
        base = re.sub(r"[^a-z0-9]", "", fold(site.step.app)).lstrip("0123456789") or "step"
        names = (f"{base}{suffix or ''}" for suffix in chain([0], count(2)))
        made = next(
            one for one in names if self.known.get(one, number) == number and one not in self.named
        )
        self.labels[site.ref] = made
        self.known[made] |= number
        return made

    # -- jumps by 101 -----------------------------------------------------------------------------

    @cached_property
    def jumping(self) -> bool | None:
        """What the first `priorityjumping` of `[general]` says, also if a template has it."""
        return is_true(self.settings[0].value) if self.settings else None

    @cached_property
    def settings(self) -> list[EffectiveItem]:
        reading = self.draft.workspace.resolve(PLAN)
        found = (one for one in reading.live if fold(one.name) == "general") if reading else ()
        items = (item for section in islice(found, 1) for item in section.items)
        return [item for item in items if fold(item.name) == "priorityjumping"]

    @cached_property
    def switches(self) -> list[tuple[LineRef, Option]]:
        """The lines of `priorityjumping` that `[general]` has."""
        refs = {(file, option.line) for item in self.settings for option, file in item.parts}
        return [(r, one) for r, _, one in options_of(self.draft.workspace, PLAN) if r in refs]

    def switch(self) -> None:
        """Take priorityjumping out, unless it says that there are none, or tells of some left."""
        done = "left" if self.unmade else "on" if self.below else "none"
        which = done if self.jumping else "off"
        for ref, option in self.switches:
            self.draft.tell(ref, option, *facts("priorities")["priorityjumping"][which])
            if which in {"on", "none"}:
                self.draft.drop(ref)

    def jumped(self, site: PlanSite) -> bool | None:
        """Tell whether a step jumped by itself when it failed; None: the version decides."""
        version = self.draft.written_for
        if version >= (1, 6):
            return False
        if self.jumping or not version:
            return self.jumping if self.jumping or not _asked(site) else None
        return _asked(site) or (version < (1, 4) and self.jumping is None)

    def fall_back(self, key: Key) -> None:
        """Let a GotoIf lead to where the steps of an extension jumped when they failed."""
        steps, failing = self.groups[key], list[PlanSite]()
        for priority, site in steps.items():
            app, there = fold(site.step.app.strip()), priority + 101
            if there not in steps or all(one in steps for one in range(priority, there)):
                continue  # it is none of those that only such a jump leads to
            if app not in {*_failed(), *facts("priorities")["untold"]} or self.tested(site):
                continue
            jumped = self.jumped(site)
            if jumped is False:
                self.never(site, steps[there], sure=there - 1 not in steps)
            elif jumped and app in _failed():
                failing.append(site)
            elif jumped:
                self.leave(site, ", and nothing that is known here tells so")
            elif there - 1 not in steps:
                self.leave(site, ", if it was 1.2 or asked to: say for which it was written")
        if not failing:
            return
        moved = self.shifted(key, failing)
        why = self.obstacle(key, failing, moved)
        if why or not moved:
            for site in failing:
                self.leave(site, f", but {why or 'there is no room for a step in between'}")
            return
        self.moved |= moved
        for site in failing:
            there = site.step.priority + 101
            _, name, values, differs = _failed()[fold(site.step.app.strip())]
            test = " | ".join(f'"${{{name}}}" = "{value}"' for value in values)
            self.below[site.ref] = f"$[{test}]", steps[there]
            self.said[site.ref].changed(f"by rule: before 1.6 it went to {there} then{differs}")

    def never(self, site: PlanSite, there: PlanSite, *, sure: bool) -> None:
        """Say of a step that nothing jumps to it, if nothing else leads there."""
        if sure and there.ref not in self.aims:
            text = facts("priorities")["never"].format(app=site.step.app.strip())
            self.draft.say(there.place, str(there.step), "exact", text)

    def leave(self, site: PlanSite, why: str) -> None:
        """Say why nothing takes the place of a jump that a step made when it failed."""
        self.unmade = True
        text = f"before 1.6 it went to {site.step.priority + 101} when it failed{why}"
        self.draft.say(site.place, str(site.step), "left", text)

    def tested(self, site: PlanSite) -> bool:
        """Tell whether the step behind one looks at what that one says."""
        group = self.groups[site.context, site.extension.key]
        behind = group.get(site.step.priority + 1)
        name = _failed().get(fold(site.step.app.strip()), (0, ""))[1]
        return behind is not None and bool(name) and name in behind.step.data

    def shifted(self, key: Key, failing: list[PlanSite]) -> dict[tuple[Key, int], int]:
        """Return the numbers that steps get with steps in between; empty: there is no room."""
        moved, shift, last = dict[tuple[Key, int], int](), 0, 0
        for priority, site in self.groups[key].items():
            if priority - 1 not in self.groups[key]:
                shift = 0
                if last and last + 1 >= priority:
                    return {}
            moved[key, priority] = priority + shift
            shift += site.ref in {one.ref for one in failing}
            last = priority + shift
        return moved

    @cached_property
    def held(self) -> Counter[str | None]:
        """How many steps have each label."""
        return Counter(one.step.label for one in self.sites)

    @cached_property
    def aims(self) -> dict[LineRef, bool]:
        """The lines to which jumps surely lead; True: somebody goes on behind one."""
        found: dict[LineRef, bool] = {}
        for jump, target in self.leads:
            found[target.ref] = found.get(target.ref, False) or jump.further
        return found

    @cached_property
    def macros_count(self) -> bool:
        """Whether a macro looks at the priority from which it was called."""
        return any("MACRO_PRIORITY" in one.step.data for one in self.sites)

    def obstacle(
        self, key: Key, failing: list[PlanSite], moved: Mapping[tuple[Key, int], int]
    ) -> str:
        """Return why no step can come between those of an extension, which would be moved so."""
        steps = self.groups[key]
        later = [site for priority, site in steps.items() if priority > 1]
        named = [site for site in later if site.ref in self.aims]
        named += [steps[one.step.priority + 101] for one in failing]
        if why := self.shape(key):
            return why
        numbers = {one.step.priority for one in later} | {*moved.values()}
        numbers |= {moved.get((key, one.step.priority), 0) + 1 for one in failing}
        if jump := self.hit(key, numbers - {1} | {0}):
            return f"a jump may name one of its priorities by number: {jump}"
        if any(self.aims.get(one.ref) for one in later):
            return "option G of Dial counts its priorities"
        if any(one.step.label is not None and self.held[one.step.label] > 1 for one in named):
            return "the label of a step that is jumped to means other steps, too"
        if any(self.contexts_of[one.ref] > 1 for one in steps.values()):
            return "its lines stand in several contexts"
        if self.macros_count or any(_COUNTS.search(one.step.data) for one in steps.values()):
            return "something counts its priorities"
        shared = self.shared(key, len(failing))
        return "its numbers are those of other extensions, too" if shared else ""

    def shared(self, key: Key, more: int) -> bool:
        """Tell whether calls run steps of an extension and of another, before or with `more`."""
        own = next(iter(self.groups[key].values())).extension
        around = [one for one in self.plan if key[0] in self.searched(one.name)]
        numbers = {one + n for one in self.groups[key] for n in range(more + 2)}
        others = [one for each in around for one in each.extensions] if own.is_pattern else []
        for one in others:
            crosses = one.is_pattern and own.pattern.intersection(one.pattern) is not None
            if crosses and one is not own:
                return True
        plain = {one.name for one in others if not one.is_pattern}
        names = {one for one in plain if own.pattern.matches(one)} or {own.name}
        for context in around:
            for name in names:
                found = [self.plan.landing(name, context.name, one) for one in numbers]
                if len({one.extension is own for one in found if one.step is not None}) > 1:
                    return True
        return False

    # -- lines ------------------------------------------------------------------------------------

    def shape(self, key: Key) -> str:
        """Return why the lines of an extension cannot count by themselves."""
        sites = [*self.groups[key].values()]
        lines = [exten.read(one.option.name, one.option.value) for one in sites]
        at = [self.order.get(one.ref, -1) for one in sites]
        if at != list(range(at[0], at[0] + len(at))) or len({one.ref[0] for one in sites}) > 1:
            return "other lines stand between its steps, or they stand in another order"
        words = [(one.priority.word, one.priority.plus) for one in lines if one is not None]
        if len(words) < len(sites) or any(
            plus is not None or not (word.isdigit() or word == "n") for word, plus in words[1:]
        ):
            return "its priorities are not all plain numbers or n"
        return ""

    def count(self, key: Key) -> None:
        """Let the lines of an extension count by themselves, where nothing names their numbers."""
        sites = [*self.groups[key].values()]
        words = {}
        for site in sites:
            line = exten.read(site.option.name, site.option.value)
            words[site.ref] = line.priority.word if line is not None else ""
        digits = [one for one in sites[1:] if words[one.ref].isdigit()]
        behind = {b.ref for a, b in pairwise(sites) if b.step.priority == a.step.priority + 1}
        numbered = [one.ref for one in digits if one.ref in behind]
        if not numbered or any(words[one.ref] != "n" for one in sites[1:] if one not in digits):
            return
        place, what, why = sites[0].place, f"exten {key[1]}", self.shape(key)
        named = self.hit(key, {one.step.priority for one in digits})
        if why or named is not None:
            why = why or f"a jump may name one of its priorities by number: {named}"
            self.draft.say(place, what, "left", why)
        else:
            self.counted.update(numbered)
            moved = (key, sites[-1].step.priority) in self.moved
            why = "its steps make room" if moved else "the steps have the same priorities"
            self.draft.say(place, what, "changed" if moved else "exact", why, "same => n")

    def hit(self, key: Key, numbers: set[int]) -> NumberedJump | None:
        """Return a jump that keeps one of some numbers and may lead to an extension.

        The number 0 is that of a jump whose number may be any.
        """
        name = key[1].partition("/")[0]
        wanted = [*self.stay] if name.startswith("_") else [*{None, name, key[1]}]
        for jump in chain.from_iterable(self.stay.get(one, ()) for one in wanted):
            context = jump.context
            if jump.number in numbers and (context is None or key[0] in self.searched(context)):
                return jump
        return None

    def searched(self, context: str) -> set[str]:
        """Return the contexts in which a search may end that begins in one."""
        if context not in self._searched:
            found, waiting = set[str](), [context]
            while waiting:
                name = waiting.pop()
                if name not in found and name in self.plan:
                    waiting += [one.context for one in self.plan[name].includes]
                found.add(name)
            self._searched[context] = found
        return self._searched[context]

    def plain(self) -> None:
        """Take the letter away that let applications jump: today's have none, or another."""
        version = self.draft.written_for
        if version < (1, 6) if version else self.jumping:
            for site in self.sites:
                span = _letter(site)
                if span is not None and self.simple(site):
                    self.edits[site.ref][span] = ""
                    self.said[site.ref].changed("by rule: j let it jump, and does not today")

    def write(self) -> None:
        """Edit the lines, and say what becomes of their steps."""
        touched = {*self.labels, *self.edits, *self.counted, *self.below}
        for site in self.sites:
            line = exten.read(site.option.name, site.option.value)
            if line is not None and site.ref in touched:
                self.edit(site, line)

    def edit(self, site: PlanSite, line: exten.ExtenLine) -> None:
        """Edit the line of a step, and say what becomes of it."""
        ref, value = site.ref, site.option.value
        call = line.application
        head, data = value.removesuffix(call.text), call.data
        for (start, end), new in sorted(self.edits.get(ref, {}).items(), reverse=True):
            data = f"{data[:start]}{new}{data[end:]}"
        text = f"{call.text[: call.data_span[0]]}{data}{call.text[call.data_span[1] :]}"
        label = self.labels.get(ref) or line.priority.label
        shown = f"({label})" if label else ""
        if ref in self.counted:
            self.draft.rename(ref, "same", f"n{shown},{text}")
        elif ref in self.labels:
            lead = head.rpartition("(")[0] if line.priority.label else head[:-1].rstrip()
            self.draft.put(ref, f"{lead}{shown},{text}")
        elif data != call.data:
            self.draft.put(ref, f"{head}{text}")
        new = f"{call.name}({data})"
        if ref in self.below:
            test, there = self.below[ref]
            jump = f"GotoIf({test}?{self.label(there)})"
            self.draft.below(ref, ("same", f"n,{jump}"))
            new += f", {jump}"
        said = self.said[ref]
        if said.outcome is not None:
            self.draft.say(site.place, str(site.step), said.outcome, "; ".join(said.reasons), new)


def _failed() -> dict[str, Any]:
    found: dict[str, Any] = facts("priorities")["failed"]
    return found


def _asked(site: PlanSite) -> bool:
    """Tell whether a step has the letter `j`, or may have it."""
    fields = args.split(site.step.data, flavour="raw", substituted=False)
    untold = fold(site.step.app.strip()) not in _failed()
    return "j" in fields[-1] if untold and len(fields) > 1 else _letter(site) is not None


def _letter(site: PlanSite) -> Span | None:
    """Return where the letter `j` stands among the options of what jumped with it."""
    at = _failed().get(fold(site.step.app.strip()), (None,))[0]
    fields = args.cut(site.step.data, flavour="raw", substituted=False)
    if at is None or at >= len(fields):
        return None
    start, end = fields[at].start, fields[at].end
    for one in args.split_options(site.step.data[start:end], substituted=False):
        if one.letter == "j" and one.argument is None:
            alone = end - start == 1 and at == len(fields) - 1
            return (start - 1 if alone else start + one.start), start + one.end
    return None


def _run(draft: Draft, _style: Style) -> None:
    numbers = _Numbers(draft)
    for site in plan_sites(draft.workspace):
        numbers.groups[site.context, site.extension.key][site.step.priority] = site
    numbers.follow()
    for key in [*numbers.groups]:
        numbers.fall_back(key)
    numbers.switch()
    numbers.relabel()
    numbers.plain()
    for _, there in numbers.below.values():
        numbers.label(there)
    for key in [*numbers.groups]:
        numbers.count(key)
    numbers.write()


PRIORITIES = Codemod(
    "priorities",
    "Priorities by number become n, and jumps to a number jumps to a label.",
    "the loader: the dialplan is the same but for its labels; calls on 16.28 and 22.10.1; "
    "jumps of 1.2 and 1.4 by rule: no Asterisk that makes them is at hand",
    _run,
    by_default=False,
)
