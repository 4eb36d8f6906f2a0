"""Priorities by number become `n`, and jumps to a number jumps to a label.

A label is a name for a number. A jump to a label goes where the jump to its number went, if all
steps of that label have that number: so labels are chosen.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.language import exten
from asterconf.migrate.macros import PlanSite, plan_sites
from asterconf.migrate.plan import Codemod, Draft, LineRef, Style, lines_of
from asterconf.references.mentions import PLACE, PLAN, Piece, in_step, pieces
from asterconf.source import fold

Key = tuple[str, str]
"""A context and an extension, with its caller id if it has one."""
Span = tuple[int, int]

_BY_LABEL = re.compile(r"goto|gotoif|gotoiftime|gosub|gosubif|(dial|queue|page) option .")
"""Applications and their options that take a label wherever they take a number."""
_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")


@attrs.frozen
class NumberedJump:
    """A jump that names a priority by number.

    Attributes:
        site: the step that jumps.
        span: where the number stands in its arguments.
        number: the number.
        context: the context that is searched; None: nobody can tell.
        extension: the extension, likewise.
        plain: whether just the number stands there, and a label may.
    """

    site: PlanSite
    span: Span
    number: int
    context: str | None
    extension: str | None
    plain: bool

    def __str__(self) -> str:
        return f"{self.site.place}: {self.site.step}"


def _numbered(site: PlanSite) -> Iterator[NumberedJump]:
    """Yield the jumps of a step that name a priority by number; the first stays the first."""
    data = site.step.data
    for mention in in_step(site.step.app, data):
        for piece in pieces(mention, mention.text) if mention.kind == PLACE else ():
            span = mention.start + piece.start, mention.start + piece.end
            if piece.kind == "label" and not _is_label(data[slice(*span)]):
                plain = data[slice(*span)].strip() == piece.name
                plain = plain and _BY_LABEL.fullmatch(fold(mention.by)) is not None
                for number in {int(one) for one in _NUMBER.findall(piece.name)} - {1}:
                    yield NumberedJump(site, span, number, *_searched(site, piece), plain)


def _is_label(text: str) -> bool:
    return "$" not in text and not text.strip().isdigit()


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
    labels: dict[LineRef, str] = attrs.field(factory=dict)
    """The labels that steps get."""
    edits: dict[LineRef, dict[Span, str]] = attrs.field(factory=lambda: defaultdict(dict))
    """What takes the place of which parts of their arguments."""
    stay: list[NumberedJump] = attrs.field(factory=list)
    """The jumps whose number stays."""
    counted: set[LineRef] = attrs.field(factory=set)
    """The lines that become `same => n`."""

    @cached_property
    def plan(self) -> Dialplan:
        """The dialplan as it is."""
        return self.draft.workspace.dialplan.dialplan

    @cached_property
    def known(self) -> dict[str, set[int]]:
        """The numbers that each label has."""
        found: dict[str, set[int]] = defaultdict(set)
        for steps in self.groups.values():
            for priority, site in steps.items():
                if site.step.label is not None:
                    found[site.step.label].add(priority)
        for context in self.plan:
            for extension in context.extensions:
                if extension.hint is not None and extension.hint.label is not None:
                    found[extension.hint.label].add(-1)
        return found

    @cached_property
    def order(self) -> dict[LineRef, int]:
        """The lines of the dialplan that say something, counted."""
        return {ref: at for at, (ref, _, _) in enumerate(lines_of(self.draft.workspace, PLAN))}

    # -- jumps ------------------------------------------------------------------------------------

    def target(self, jump: NumberedJump) -> PlanSite | str:
        """Return the step that a jump surely leads to, or why there is none."""
        context, key = jump.context, jump.extension
        if context is None or key is None:
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

    def relabel(self) -> None:
        """Let jumps name labels, which their targets get."""
        found: dict[tuple[LineRef, Span], list[NumberedJump]] = defaultdict(list)
        for group in self.groups.values():
            for site in group.values():
                for jump in _numbered(site):
                    found[site.ref, jump.span].append(jump)
        for (ref, span), jumps in found.items():
            targets = [self.target(one) for one in jumps]
            why = next((one for one in targets if isinstance(one, str)), "")
            steps = {one.ref: one for one in targets if not isinstance(one, str)}
            if len(steps) > 1:
                why = "it stands in several contexts, and leads to other steps in each"
            elif not (all(one.plain for one in jumps) and self.simple(jumps[0].site)):
                why = why or "nobody can tell whether a label may stand there"
            label = "" if why else self.label(*steps.values())
            if label:
                self.edits[ref][span] = label
                continue
            self.stay += jumps
            self.draft.say(
                jumps[0].site.place, str(jumps[0].site.step), "left",
                why or "the label of the step that it leads to means other steps, too",
            )  # fmt: skip

    def simple(self, site: PlanSite) -> bool:
        """Tell whether a line says all of its step, so that it can be edited."""
        line = exten.read(site.option.name, site.option.value)
        return line is not None and line.application.data == site.step.data

    def label(self, site: PlanSite) -> str:
        """Return the label of a step, which may be new; empty: it has one that means others."""
        priority, own = site.step.priority, self.labels.get(site.ref, site.step.label)
        if own is not None:
            return own if self.known[own] == {priority} and not site.step.label_hidden else ""
        if not self.simple(site):
            return ""
        base = re.sub(r"[^a-z0-9]", "", fold(site.step.app)).lstrip("0123456789") or "step"
        names = (f"{base}{number or ''}" for number in (0, *range(2, len(self.known) + 3)))
        made = next(one for one in names if self.known.get(one, {priority}) == {priority})
        self.labels[site.ref] = made
        self.known[made].add(priority)
        return made

    # -- lines ------------------------------------------------------------------------------------

    def count(self, key: Key) -> None:
        """Let the lines of an extension count by themselves, where nothing names their numbers."""
        steps = self.groups[key]
        sites, words = [*steps.values()], {}
        for site in sites:
            line = exten.read(site.option.name, site.option.value)
            words[site.ref] = line.priority.word if line is not None else ""
        digits = [one for one in sites[1:] if words[one.ref].isdigit()]
        after = [b for a, b in pairwise(sites) if b.step.priority == a.step.priority + 1]
        numbered = [one for one in digits if one in after]
        if not numbered or not all(one in digits or words[one.ref] == "n" for one in sites[1:]):
            return
        place, what = sites[0].place, f"exten {key[1]}"
        at = [self.order.get(one.ref, -1) for one in sites]
        named = next((j for j in self.stay if any(self.hits(j, key, s) for s in digits)), None)
        if at != list(range(at[0], at[0] + len(at))) or len({one.ref[0] for one in sites}) > 1:
            why = "other lines stand between its steps, or they stand in another order"
            self.draft.say(place, what, "left", why)
        elif named is not None:
            why = f"a jump may name one of its priorities by number: {named}"
            self.draft.say(place, what, "left", why)
        else:
            self.counted |= {one.ref for one in numbered}
            self.draft.say(place, what, "exact", "the steps have the same priorities", "same => n")

    def hits(self, jump: NumberedJump, key: Key, site: PlanSite) -> bool:
        """Tell whether a jump whose number stays may lead to a step."""
        name = key[1].partition("/")[0]
        return (
            jump.number == site.step.priority
            and (jump.context is None or key[0] in self.searched(jump.context))
            and (jump.extension in {None, name, key[1]} or name.startswith("_"))
        )

    def searched(self, context: str) -> set[str]:
        """Return the contexts in which a search may end that begins in one."""
        found, waiting = set[str](), [context]
        while waiting:
            name = waiting.pop()
            if name not in found and name in self.plan:
                waiting += [one.context for one in self.plan[name].includes]
            found.add(name)
        return found

    def write(self) -> None:
        """Edit the lines, and say what becomes of the jumps."""
        for steps in self.groups.values():
            for site in steps.values():
                self._write(site)

    def _write(self, site: PlanSite) -> None:
        ref, value = site.ref, site.option.value
        line = exten.read(site.option.name, value)
        if line is None or not {ref} & {*self.labels, *self.edits, *self.counted}:
            return
        call = line.application
        head, data = value.removesuffix(call.text), call.data
        for (start, end), new in sorted(self.edits.get(ref, {}).items(), reverse=True):
            data = f"{data[:start]}{new}{data[end:]}"
        text = f"{call.text[: call.data_span[0]]}{data}{call.text[call.data_span[1] :]}"
        if data != call.data:
            why = "the label leads to the same priority"
            self.draft.say(site.place, str(site.step), "exact", why, f"{call.name}({data})")
        label = self.labels.get(ref) or line.priority.label
        shown = f"({label})" if label else ""
        if ref in self.counted:
            self.draft.rename(ref, "same", f"n{shown},{text}")
        elif ref in self.labels:
            self.draft.put(ref, f"{head[:-1].rstrip()}{shown},{text}")
        else:
            self.draft.put(ref, f"{head}{text}")


def _run(draft: Draft, _style: Style) -> None:
    numbers = _Numbers(draft)
    for site in plan_sites(draft.workspace):
        numbers.groups[site.context, site.extension.key][site.step.priority] = site
    numbers.relabel()
    for key in [*numbers.groups]:
        numbers.count(key)
    numbers.write()


PRIORITIES = Codemod(
    "priorities",
    "Priorities by number become n, and jumps to a number jumps to a label.",
    "the loader: the dialplan is the same but for its labels; calls on 16.28 and 22.10.1",
    _run,
    by_default=False,
)
