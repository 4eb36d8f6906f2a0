"""Calls to the public network: emergency numbers first, then what is open, by which provider."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from asterconf import apps
from asterconf.countries import Form, NumberPlan
from asterconf.dialplan import DialplanExtension
from asterconf.errors import FieldError
from asterconf.home.plan import HOME_CONTEXT, ContextPlan, Plan
from asterconf.home.reading import HomeReader
from asterconf.language.pattern import matches
from asterconf.model import CallerID, Trunk
from asterconf.model import checks as check
from asterconf.model.values import callerid

_FAILED: Final = (
    '$["${DIALSTATUS}" = "CHANUNAVAIL" | "${DIALSTATUS}" = "CONGESTION" | '
    '"${DIALSTATUS}${RINGTIME}${PROGRESSTIME}" = "NOANSWER"]'
)
"""Whether a trunk could not carry a call; NOANSWER without ringing is that of a silent one."""
_WHAT: Final = "outgoing calls"


def _numbers(owner: object, attribute: attrs.Attribute[tuple[str, ...]], value: object) -> None:
    check.each_text(owner, attribute, value)
    for item in value if isinstance(value, tuple) else ():
        check.number_text(owner, attribute, item)


def _optional_callerid(value: CallerID | str | None) -> CallerID | None:
    return None if value is None else callerid(value)


def _caller_id(plan: Plan) -> str:
    plan.set_global("MY_CALLER_ID", str(plan.owner), path="owner")
    return "Set(CALLERID(all)=${MY_CALLER_ID})"


@attrs.frozen
class EmergencyCalls(check.Suggesting):
    """Emergency numbers, on their own and before everything else, at every hour.

    They are exact numbers in the context of the phones, and an exact number beats any pattern;
    whatever else wants one of them is a fault of the build, and so is a phone whose context has
    no way to them. Every trunk is tried in turn.
    """

    numbers: tuple[str, ...] | None = attrs.field(
        default=None, converter=check.optional_texts, validator=_numbers
    )
    """The emergency numbers, dialled as they are. None: those of the owner's country."""
    test_numbers: tuple[str, ...] | None = attrs.field(
        default=None, converter=check.optional_texts, validator=_numbers, kw_only=True
    )
    """Numbers that read out the address an emergency call would give; empty: none. None: 933 in
    North America, elsewhere none."""
    callerid: CallerID | None = attrs.field(
        default=None, converter=_optional_callerid, kw_only=True
    )
    """Who emergency calls are from, where it is not the owner: the number whose address is
    registered with the provider."""
    progress_seconds: int = attrs.field(default=8, validator=check.whole(1), kw_only=True)
    """How long a trunk may be silent before the next is tried. A call that rings is never cut."""

    def contribute(self, plan: Plan) -> None:
        """Add the context `emergency`, and the way there from the phones."""
        plan.needs("trunk")
        trunks = plan.trunks or (plan.trunk(),)
        known = plan.numbers_here()
        numbers, tests = self.numbers, self.test_numbers
        if numbers is None:
            numbers = known.emergency if known else ()
        if tests is None:
            tests = known.emergency_tests if known else ()
        if not numbers and (known or self.numbers is not None):
            plan.fault("names no emergency number", "features.emergency_calls.numbers")
        who = "the owner's caller id" if self.callerid is None else "a caller id of their own"
        emergency = plan.context(
            "emergency",
            f"Emergency calls: {who}, then every trunk in turn.\n"
            "Register the address of your home with the provider"
            + (", and test with the number that reads it out." if tests else "."),
        )
        home = plan.context(HOME_CONTEXT)
        comment = "Emergency calls come first. No other line may answer these numbers."
        for number in (*numbers, *tests):
            *first, last = [f"PJSIP/${{EXTEN}}@{trunk.name}" for trunk in trunks]
            dials = [f"Dial({one},^{self.progress_seconds})" for one in first]
            dials.append(f"Dial({last})")
            what = "emergency calls"
            emergency.extension(number, self._from(plan), *dials, "Hangup()", what=what)
            home.extension(number, "Goto(emergency,${EXTEN},1)", comment=comment, what=what)
            home.reserve(number)
            comment = ""
        plan.emergency = numbers

    def _from(self, plan: Plan) -> str:
        if self.callerid is None:
            return _caller_id(plan)
        plan.set_global("EMERGENCY_CALLER_ID", str(self.callerid))
        return "Set(CALLERID(all)=${EMERGENCY_CALLER_ID})"

    @classmethod
    def adopt(cls, reader: HomeReader) -> EmergencyCalls | None:
        """Return the feature as a configuration has it; None: it has not."""
        numbers, caller = [], ""
        for extension, steps in reader.all("emergency"):
            numbers.append(extension.name)
            values = [s.data.partition("=")[2] for s in steps if isinstance(s, apps.Set)]
            caller = next(iter(values), caller)
        if not numbers and reader.trunk_calls(reader.home):
            reader.assume("emergency numbers have lines of their own, which nothing can shadow")
            return cls()
        if not numbers:
            return None
        tests = reader.known.emergency_tests if reader.known else ()
        owner = reader.conf.dialplan.globals.get("MY_CALLER_ID", "")
        return cls(
            [n for n in numbers if n not in tests],
            test_numbers=[n for n in numbers if n in tests],
            callerid=None if caller in ("", owner) else CallerID.parse(caller),
            progress_seconds=_progress(reader, "emergency"),
        )


def _routes(owner: object, attribute: attrs.Attribute[Mapping[str, str]], value: object) -> None:
    if not isinstance(value, Mapping):
        raise FieldError(owner, attribute.name, f"must be a table, not {value!r}")
    for prefix, trunk in value.items():
        if not isinstance(prefix, str) or not prefix.startswith("+") or not prefix[1:].isdigit():
            raise FieldError(
                owner, attribute.name, f"must have numbers with + as keys, not {prefix!r}"
            )
        if not isinstance(trunk, str):
            raise FieldError(owner, attribute.name, f"must name trunks, not {trunk!r}")


def _short(owner: object, attribute: attrs.Attribute[tuple[str, ...]], value: object) -> None:
    for item in value if isinstance(value, tuple) else ():
        if not re.fullmatch("[0-9NXZ]{2,8}", str(item)):
            problem = f"must be short numbers such as 411 or 118XX, not {item!r}"
            raise FieldError(owner, attribute.name, problem)


def _formats(owner: object, attribute: attrs.Attribute[Mapping[str, str]], value: object) -> None:
    known = ("+", "digits", "national")
    for name, form in value.items() if isinstance(value, Mapping) else [("", value)]:
        if form not in known:
            problem = f"must be {', '.join(known)} for {name}, not {form!r}"
            raise FieldError(owner, attribute.name, problem)


@attrs.frozen
class OutgoingCalls(check.Suggesting):
    """Calls to the public network, as numbers are dialled in the owner's country.

    However a number is dialled, it is brought into its full form, with + and country code. By
    that form the context `outgoing` knows what is closed and which trunk to take: all of them in
    turn, until one can carry the call.
    """

    trunk: str = attrs.field(default="", validator=check.text)
    """The trunk that is tried first, and alone if it is the only one. Empty: the first."""
    services: bool = attrs.field(default=True, validator=check.flag, kw_only=True)
    """Whether short numbers that cost nothing or the standard rate, and those of public services,
    are dialled as they are."""
    international: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether numbers abroad may be called; closed, because a stolen password is worth most
    there. Area codes such as 809, which look like any other, are abroad too."""
    premium: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether numbers that cost extra, such as 900, may be called."""
    routes: Mapping[str, str] = attrs.field(
        factory=dict, validator=_routes, kw_only=True, hash=False
    )
    """Which trunk is tried first for which numbers, by how they begin: `{"+1800": "jmp"}`."""
    fallback: bool = attrs.field(default=True, validator=check.flag, kw_only=True)
    """Whether the other trunks are tried where the first cannot carry a call."""
    progress_seconds: int = attrs.field(default=8, validator=check.whole(1), kw_only=True)
    """How long a trunk may be silent before the next is tried. A call that rings is never cut."""
    open: tuple[str, ...] = attrs.field(
        default=(), converter=check.texts, validator=_short, kw_only=True
    )
    """Short numbers that are closed otherwise and shall be dialled: `411`, `118XX`."""
    formats: Mapping[str, str] = attrs.field(
        factory=dict, validator=_formats, kw_only=True, hash=False
    )
    """How a trunk wants numbers, by its name: `+` (in full with `+`, as all others), `digits`
    (in full without `+`) or `national` (as dialled in the country, `00` or `011` for abroad)."""

    def contribute(self, plan: Plan) -> None:
        """Add the forms of numbers to the context of the phones, and the context `outgoing`."""
        plan.needs("trunk")
        first = plan.trunk(self.trunk, "features.outgoing_calls.trunk")
        if "EmergencyCalls" not in plan.feature_kinds:
            plan.fault(
                "OutgoingCalls needs EmergencyCalls beside it, or nobody can call for help",
                "features",
            )
        known = plan.numbers_here()
        if known is None:
            return
        if plan.area_code.isdigit():
            plan.set_global("MY_AREA_CODE", plan.area_code)
        home = plan.context(HOME_CONTEXT)
        forms = [*known.national, *self._short_forms(plan, known)]
        forms += known.international if self.international else ()
        head = "To the public network, in the full form of the number. "
        for form in forms:
            home.extension(
                form.pattern,
                f"Goto(outgoing,{form.number},1)",
                comment=head + form.comment if form.comment else "",
                what=_WHAT,
            )
            head = ""
        opened = {form.pattern for form in forms}
        services = () if self.services else (form.pattern for form in known.services)
        closed = [name for name in (*known.closed, *services) if name not in opened]
        comment = "Directories and services that cost extra are closed; open in outgoing_calls"
        _close(home, closed, f"{comment} opens them." if closed else "")
        self._outgoing(plan, first)
        if self.international:
            plan.warn("abroad-open", "features.outgoing_calls.international")
        if self.premium:
            plan.warn("premium-open", "features.outgoing_calls.premium")

    def _outgoing(self, plan: Plan, first: Trunk) -> None:
        known = plan.numbers_here()
        assert known is not None
        context = plan.context("outgoing")
        if not self.premium:
            comment = "Numbers that cost extra are closed."
            _close(context, known.premium, comment)
            short = [f"_+{known.code}{p.lstrip('_')}" for p in known.closed]
            _close(context, short, "Nor do short numbers that are closed get out in full.")
        if not self.international:
            comment = "Area codes that look like any other, and lead abroad, are closed."
            _close(context, [pattern for pattern, _ in known.abroad], comment)
        for index, (prefix, name) in enumerate(self.routes.items()):
            trunk = plan.trunk(name, f"features.outgoing_calls.routes.{prefix}")
            comment = "" if index else "Numbers that take a provider of their own."
            self._dial(plan, context, f"_{prefix}X!", trunk, comment)
        self._dial(plan, context, known.own, first, "All other numbers of the country.")
        if self.international:
            self._dial(plan, context, known.others, first, "Numbers abroad.")
        comment = "Services, dialled as they are."
        for form in self._short_forms(plan, known):
            self._dial(plan, context, form.pattern, first, comment)
            comment = ""

    def _short_forms(self, plan: Plan, known: NumberPlan) -> list[Form]:
        """Return the short numbers that are open, but for those that are phones."""
        own = [n if n.isdigit() else f"_{n}" for n in self.open]
        forms = [*(known.services if self.services else ())]
        there = {form.pattern for form in forms}
        forms += [Form(name, "${EXTEN}") for name in own if name not in there]
        taken = {*plan.numbers(), *plan.emergency}
        return [form for form in forms if form.pattern not in taken]

    def _dial(
        self, plan: Plan, context: ContextPlan, name: str, first: Trunk, comment: str
    ) -> None:
        others = [t.name for t in plan.trunks if t.name != first.name] if self.fallback else []
        if others and comment:
            comment += "\nThe next provider is tried where one cannot carry the call."
        trunks = [first.name, *others]
        waits = dict.fromkeys(trunks[:-1], f",^{self.progress_seconds}")
        dials = {
            trunk: f"Dial(PJSIP/{self._written(plan, name, trunk)}@{trunk}{waits.get(trunk, '')})"
            for trunk in trunks
        }
        own = [trunk for trunk in plan.own_trunks() if trunk in dials and trunk != first.name]
        steps = [_caller_id(plan)]
        steps += [f'ExecIf($["${{MY_TRUNK}}" = "{trunk}"]?{dials[trunk]})' for trunk in own]
        for index, trunk in enumerate(trunks):
            failed = '$["${DIALSTATUS}" = ""]' if index == 0 else _FAILED
            steps += plan.trunk_caller_id(trunk, "" if index == 0 and not own else failed)
            steps.append(
                dials[trunk] if index == 0 and not own else f"ExecIf({failed}?{dials[trunk]})"
            )
        context.extension(name, *steps, "Hangup()", comment=comment, what=_WHAT)

    @classmethod
    def adopt(cls, reader: HomeReader) -> OutgoingCalls | None:
        """Return the feature as a configuration has it; None: it has not."""
        inside, direct = reader.trunk_calls("outgoing"), reader.trunk_calls(reader.home)
        known = reader.known
        if (not inside and not direct) or known is None:
            return None
        refused = [apps.Hangup(21)]
        names = {e.name for e, steps in reader.all(reader.home) if steps[:1] != refused}
        closed = {e.name for e, steps in reader.all("outgoing") if steps[:1] == refused}
        abroad = {form.pattern for form in known.international} & names
        abroad |= {n for n in names if n.startswith(("_011", "_00")) and not inside}
        own = [trunk for e, _, trunk in inside if e.name == known.own] or [direct[0][2]]
        routes = {
            f"+{match[1]}": trunk
            for extension, _, trunk in inside
            if (match := re.fullmatch(r"_\+(\d+)X!", extension.name))
            and extension.name not in (known.own, known.others)
        }
        for extension, number, _ in direct:
            _place_direct(reader, extension, number)
        if direct:
            services = any(matches(name, "411") for name in names)
            reader.assume("numbers that cost extra, and area codes that lead abroad, are closed")
            if services:
                reader.assume(
                    "public services such as 988 are dialled as they are, the directory 411 is "
                    "closed"
                )
        else:
            services = bool({form.pattern for form in known.services} & names)
        text = " ".join(str(step) for _, steps in reader.all("outgoing") for step in steps)
        return cls(
            own[0],
            services=services,
            international=bool(abroad),
            premium=not set(known.premium) & closed and not direct,
            routes=routes,
            fallback=_FAILED in text or len(reader.conf.trunks) < 2,
            progress_seconds=_progress(reader, "outgoing"),
        )

    def _written(self, plan: Plan, name: str, trunk: str) -> str:
        """Return the number of an extension of `outgoing` as a trunk wants it."""
        form, known = self.formats.get(trunk, "+"), plan.numbers_here()
        if form == "+" or known is None or not name.startswith("_+"):
            return "${EXTEN}"
        if form == "digits":
            return "${EXTEN:1}"
        if name.startswith(f"_+{known.code}"):
            return f"{known.prefix}${{EXTEN:{len(known.code) + 1}}}"
        return f"{known.exit_code}${{EXTEN:1}}"


def _close(context: ContextPlan, patterns: Sequence[str], comment: str) -> None:
    """Refuse numbers: "call rejected"."""
    for pattern in patterns:
        if pattern in context.claims:
            continue  # somebody here has that number
        context.extension(pattern, "Hangup(21)", comment=comment, what="numbers that are closed")
        comment = ""


def _progress(reader: HomeReader, context: str) -> int:
    """Return how long trunks may be silent; the default where no call limits it."""
    for _, dial in reader.calls(context, apps.Dial):
        answer, mark, progress = str(dial.timeout or "").partition("^")
        if mark and not answer:
            return reader.number(progress, 8)
    return 8


def _place_direct(reader: HomeReader, extension: DialplanExtension, number: str) -> None:
    """Mark an extension that calls a trunk itself, if the number plan dials the same way."""
    assert reader.known is not None
    known = reader.known
    forms = [*known.national, *known.services, *known.international]
    full = [reader.value(form.number) for form in forms if form.pattern == extension.name]
    if number in full or (extension.name == "_N11" and number == "${EXTEN}"):
        reader.place(reader.home, extension.key)
