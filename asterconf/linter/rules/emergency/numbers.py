"""Emergency numbers: whether own phones can dial them, and what is really sent."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject
from asterconf.calls.call import Call
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanStep
from asterconf.language import callerid
from asterconf.linter.rules.flow.straight import ends
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import ExtensionAt, Tree
from asterconf.references.plan import UseAt
from asterconf.source import Position, fold

_NUMBERS = (
    "112", "911", "999", "000", "111", "110", "119", "113", "190", "192", "107", "108", "117",
    "118", "144", "15", "17", "18",
)  # fmt: skip
"""Emergency numbers of the world; 112 and 911 lead to help in most countries."""

_KNOWN = ("112", "911", "999", "000")
"""Those that mean nothing else anywhere."""

_PRE = re.compile(r"_?\[?[0-9][0-9\[\]-]*\]?\Z")


def _trunk_calls(at: ExtensionAt, tree: Tree) -> Iterator[UseAt]:
    """Yield what an extension dials through trunks."""
    for use in tree.uses_of(at):
        target = use.use.target
        if use.use.how == "dials" and target.kind == "endpoint" and target.name in tree.trunks:
            yield use


def _leads_out(number: str, context: str, tree: Tree, depth: int = 4) -> bool:
    """Tell whether a number leads, by jumps that are certain, to a step that dials a trunk."""
    landing = tree.plan.landing(number, context)
    if landing.extension is None or not depth:
        return False
    at = tree.by_key.get((landing.context, landing.extension.key))
    if at is None:
        return False
    if any(_trunk_calls(at, tree)):
        return True
    for use in tree.uses_of(at):
        target = use.use.target
        if use.use.how in {"goto", "gosub", "dials"} and target.kind == "extension":
            key, _, where = target.name.rpartition("@")
            called = number if "$" in key else key.lstrip("_")
            if "$" not in where and _leads_out(called, where, tree, depth - 1):
                return True
    return False


def _calls_out(context: str, tree: Tree) -> bool:
    """Tell whether phones of a context call through a trunk."""
    held = {context}
    waiting = [context]
    while waiting:
        found = tree.uses.contexts.get(waiting.pop())
        more = {one.context for one in found.includes} - held if found is not None else set()
        held |= more
        waiting += more
    return any(
        any(_trunk_calls(at, tree))
        for at in tree.extensions
        if at.context.name in held and at.extension.is_pattern
    )


def _explicit(tree: Tree) -> Iterator[tuple[str, ExtensionAt]]:
    """Yield the extensions whose name is an emergency number."""
    for at in tree.extensions:
        name = at.extension.name.lstrip("_")
        if name in _KNOWN:
            yield name, at


def _dialling(number: str, at: ExtensionAt, tree: Tree) -> Iterator[tuple[str, PjsipObject]]:
    """Yield the contexts from which an extension is dialled by a number, each with a phone."""
    for context, phone in tree.phones.items():
        landing = tree.plan.landing(number, context)
        found = landing.extension
        if landing.context == at.context.name and found and found.key == at.extension.key:
            yield context, phone


class NoEmergencyNumber(TreeRule):
    """Contexts of own phones that call out through a trunk, but not to any emergency number.

    In many countries the law asks for it, and a caller in need will not know another way.
    """

    name = "no-emergency-number"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such context, at the phone that is in it."""
        for context, phone in tree.phones.items():
            if not tree.trunks or not _calls_out(context, tree):
                continue
            sure = tree.plan.landing("112", context).sure
            if not sure or any(_leads_out(one, context, tree) for one in _NUMBERS):
                continue
            answer = tree.reaches_trunk(phone.id, _NUMBERS)
            if answer is None or answer.verdict == "no":
                yield self.at(phone.where("context"), context=context, phone=phone.id)


def _handed(tree: Tree, phone: str, number: str, down: tuple[str, ...] = ()) -> tuple[str, str]:
    """Return whether every call of a phone hands a number to a trunk, and why."""
    row = tree.emergency(phone, number, down)
    return (row.verdict, row.because) if row is not None else ("unknown", "it depends on phones")


class EmergencyHidden(TreeRule):
    """An emergency number that stands in an included context, while a pattern before it matches.

    Asterisk searches the own extensions of a context first, and then those that it includes: it is
    the pattern that answers.
    """

    name = "emergency-hidden"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each emergency number that another extension hides."""
        for number, at in _explicit(tree):
            for context, phone in tree.phones.items():
                if context not in tree.uses.callers(at.context.name):
                    continue
                landing = tree.plan.landing(number, context)
                found = landing.extension
                if found is None or found.name.lstrip("_") == number or not landing.sure:
                    continue
                handed, why = _handed(tree, phone.id, number)
                then = "" if handed == "yes" else f"; {why}"
                facts = {"context": context, "number": number, "other": found.key, "then": then}
                other = tree.by_key.get((landing.context, found.key))
                steps = found.steps
                related = [(other.place(steps[0]), "it is answered here")] if other else []
                if at.extension.steps:
                    yield self.at(at.place(at.extension.steps[0]), related, **facts)


class EmergencyByPrefix(TreeRule):
    """A pattern that matches an emergency number and sends it without its first digits.

    It is meant for numbers with a prefix in front: 9 and then the number. Who dials the emergency
    number by itself reaches something else.
    """

    name = "emergency-cut"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step that dials."""
        for context, phone in tree.phones.items():
            landings = {number: tree.plan.landing(number, context) for number in _KNOWN}
            held = {number: one.extension for number, one in landings.items()}
            if any(one and one.name.lstrip("_") == number for number, one in held.items()):
                continue  # the number of the country is there
            for number, landing in landings.items():
                found = landing.extension
                at = tree.by_key.get((landing.context, found.key)) if found else None
                if at is None or not at.extension.is_pattern or not landing.sure:
                    continue
                sent = next(self._sent(number, at, tree), None)
                if sent is not None and number != "000":  # a prefix of 0 is no word for Australia
                    step, shown = sent
                    handed, why = _handed(tree, phone.id, number)
                    facts = {"number": number, "context": context, "sent": shown}
                    facts["sends"] = "may send" if "depends" in why else "sends"
                    yield from () if handed == "yes" else (self.at(at.place(step), **facts),)
                    break

    @staticmethod
    def _sent(number: str, at: ExtensionAt, tree: Tree) -> Iterator[tuple[DialplanStep, str]]:
        """Yield the steps that send a number without its first digits, and what they send."""
        for use in _trunk_calls(at, tree):
            step = at.extension.steps[use.step]
            cut = re.search(r"\$\{EXTEN:([1-9])\}", step.data)
            if cut is not None and "${EXTEN}" not in step.data:
                sent = number[int(cut[1]) :]
                yield step, repr(sent) if sent else "nothing"


class EmergencyTimed(TreeRule):
    """An emergency number in a context that is included at some times only.

    At all other times it cannot be dialled.
    """

    name = "emergency-timed"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the number."""
        for number, at in _explicit(tree):
            for context, phone in tree.phones.items():
                timing = self._timing(context, number, tree, frozenset())
                if timing and at.context.name != context and at.extension.steps:
                    landing = tree.plan.landing(number, context)
                    handed, _ = _handed(tree, phone.id, number)
                    if landing.context == at.context.name and handed != "yes":
                        place: Position = at.place(at.extension.steps[0])
                        facts = {"context": context, "number": number, "timing": timing}
                        facts["can"] = "can" if handed == "no" else "may be able to"
                        yield self.at(place, **facts)

    def _timing(self, context: str, number: str, tree: Tree, seen: frozenset[str]) -> str | None:
        """Return the time on the only way to a number; empty: there is one without; None: none."""
        held = tree.uses.contexts.get(context)
        if held is None or context in seen or len(seen) > 8:
            return None
        if any(one.name.lstrip("_") == number for one in held.extensions):
            return ""
        found: str | None = None
        for include in held.includes:
            below = self._timing(include.context, number, tree, seen | {context})
            if below is None:
                continue
            time = below or include.timing
            if not time:
                return ""
            found = found or time
        return found


class EmergencyOneTrunk(TreeRule):
    """An emergency number that is dialled through one of several trunks, and through no other.

    When that provider is down, the call fails, although another one could carry it.
    """

    name = "emergency-one-trunk"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step that dials, for each number of its own that phones can dial."""
        if len(tree.trunks) < 2:
            return
        for number, at in _explicit(tree):
            calls = list(_trunk_calls(at, tree))
            behind = at.extension.steps[calls[-1].step + 1 :] if calls else ()
            on = any(fold(step.app) not in _STOP for step in behind)
            if len(calls) == 1 and calls[0].step >= 0 and not on:
                place, trunk = at.place(at.extension.steps[calls[0].step]), calls[0].use.target.name
                phones = [phone.id for _, phone in _dialling(number, at, tree)]
                handed = {_handed(tree, one, number, (trunk,))[0] for one in phones} or {"unknown"}
                may = "is" if "no" in handed else "may be"
                if handed != {"yes"}:
                    yield self.at(place, number=number, trunk=trunk, may=may)


class EmergencyInQueue(TreeRule):
    """An emergency number that comes into a queue before a trunk is dialled.

    A queue lets a caller wait until somebody takes the call, who may not be there.
    """

    name = "emergency-in-queue"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step that queues the call."""
        for number, at in _explicit(tree) if tree.trunks else ():
            first = next((use.step for use in _trunk_calls(at, tree) if use.step >= 0), None)
            for step in at.extension.steps[:first]:
                if fold(step.app) == "queue":
                    queue = step.data.partition(",")[0]
                    for context, _ in _dialling(number, at, tree):
                        facts = {"number": number, "context": context, "queue": queue}
                        yield self.at(at.place(step), **facts)
                if ends(step):
                    break


class EmergencyCallerId(TreeRule):
    """The caller id that an emergency number is dialled with: none, or the number of a phone here.

    Who answers sees no number that can be called back, and finds no address by it. The provider
    may put another one in its place. Looked at where the number of the phone is in the files, and
    the trunk has none of its own.
    """

    name = "emergency-caller-id"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step of the number, unless the trunk says who calls."""
        for number, at in _explicit(tree):
            for context, phone in _dialling(number, at, tree):
                known = callerid.parse(phone.text("callerid")).dialled
                cleared = any(step.data == "CALLERID(num)=" for step in at.extension.steps)
                row = tree.emergency(phone.id, number) if known else None
                calls = row.witness.calls if row is not None and row.witness is not None else ()
                for trunk, sent in self._sent(calls[-1], tree) if calls else ():
                    found = tree.plan.landing(sent, context).extension if sent else None
                    if cleared if not sent else found is not None and found.name == sent:
                        shown = f"the caller id {sent}" if sent else "no caller id"
                        facts = {"phone": phone.id, "number": number, "trunk": trunk}
                        yield self.at(at.place(at.extension.steps[0]), callerid=shown, **facts)

    @staticmethod
    def _sent(call: Call, tree: Tree) -> Iterator[tuple[str, str]]:
        """Yield the trunks that a call dials and that say nothing of who calls, with its number.

        Nothing is yielded where the number is made of what is not known.
        """
        made = [step.data for step in call.steps if "CALLERID(" in step.data.upper()]
        for one in call.dialed if not any("$" in data for data in made) else ():
            name = one.target.partition("/")[2].partition("/")[0].rpartition("@")[2]
            trunk = tree.objects.by_kind["endpoint"].get(name) if name in tree.trunks else None
            if trunk is not None and not trunk.text("from_user") and not trunk.text("callerid"):
                yield name, callerid.parse(one.callerid).dialled


_STOP = frozenset({"hangup", "noop", "verbose", "busy", "congestion", "playback", "playtones"})
"""Steps behind a Dial that dial nobody else."""


class EmergencyByPattern(TreeRule):
    """An emergency number that only a pattern for other numbers matches, such as `_N11`.

    It works until somebody changes the pattern, and its calls have the ordinary caller id and
    nothing that makes them come first.
    """

    name = "emergency-by-pattern"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first step of the pattern."""
        for context, phone in tree.phones.items():
            held = [tree.plan.landing(number, context).extension for number in _KNOWN]
            if any(one and one.name.lstrip("_") in _KNOWN for one in held):
                continue  # the number of the country is there
            found: dict[str, tuple[ExtensionAt, list[str]]] = {}
            for number in tree.emergency_numbers:
                landing = tree.plan.landing(number, context)
                one = landing.extension
                at = tree.by_key.get((landing.context, one.key)) if one else None
                if at is not None and landing.sure and _sent_whole(at, tree):
                    found.setdefault(at.extension.key, (at, []))[1].append(number)
            for at, numbers in found.values():
                answer = tree.reaches_trunk(phone.id, numbers)
                verdict = answer.verdict if answer is not None else "unknown"
                facts = {"context": context, "pattern": at.extension.name}
                facts["numbers"] = " or ".join(numbers)
                facts["may"] = "is" if verdict == "yes" else "may be"
                if verdict != "no":
                    yield self.at(at.place(at.extension.steps[0]), **facts)


def _sent_whole(at: ExtensionAt, tree: Tree) -> bool:
    """Tell whether a pattern for other numbers hands what is dialled to a trunk as it is."""
    if not at.extension.is_pattern or _PRE.match(at.extension.name):
        return False
    steps = [at.extension.steps[use.step] for use in _trunk_calls(at, tree)]
    return any(re.search(r"(?<![\w+*#}])\$\{EXTEN\}", step.data) for step in steps)
