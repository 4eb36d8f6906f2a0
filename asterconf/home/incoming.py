"""Calls from the public network: who is refused, a menu, then ringing; further public numbers."""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from typing import Final

import attrs

from asterconf import apps
from asterconf.errors import FieldError
from asterconf.home.plan import (
    HOME_CONTEXT,
    PSTN_CONTEXT,
    RING_CONTEXT,
    ContextPlan,
    Plan,
)
from asterconf.home.reading import Arrival, HomeReader
from asterconf.model import CallerID, Trunk
from asterconf.model import checks as check
from asterconf.model.home import TIME_FIELDS, Hours, PublicNumber, are_times, whole_times


@attrs.frozen
class IncomingCalls(check.Suggesting):
    """Calls from the public network: ring the phones, then take a message."""

    ring_seconds: int = attrs.field(default=25, validator=check.whole(1))
    """How long the caller waits for somebody to answer."""
    queue: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The queue that rings. Empty: the first."""
    mailbox: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The box that takes messages. None: the first; empty: none, the call ends."""

    def contribute(self, plan: Plan) -> None:
        """Add the context of the trunks."""
        plan.needs("trunk", "queue")
        plan.home_queue(self.queue, "features.incoming_calls.queue")
        box = plan.box(self.mailbox, "features.incoming_calls.mailbox")
        plan.set_global("VOICEMAIL_RING_TIMEOUT", str(self.ring_seconds))
        steps = ["Queue(${HOME_QUEUE},nr,,,${VOICEMAIL_RING_TIMEOUT})"]
        if box:
            plan.needs("voicemail")
            plan.home_box(box)
            steps += ["Answer(500)", "VoiceMail(${VOICEMAIL_BOX},su)"]
        comment = (
            "Ring every phone: n is one round of the queue, r lets the caller hear ringing instead "
            "of music."
        )
        if box:
            comment += "\nThen voicemail: u plays the greeting, s leaves out the instructions."
        context = plan.context(PSTN_CONTEXT)
        what = "incoming calls"
        before = [*plan.screening, *find_number(plan), *plan.incoming]
        if before:
            ring = plan.context(RING_CONTEXT)
            ring.extension("s", *steps, "Hangup()", comment=comment, what=what)
            steps = [*(step for step, _ in before), f"Goto({RING_CONTEXT},s,1)"]
            comment = "\n".join(note for _, note in before if note)
            context.extension("s", *steps, comment=comment, what=what)
        else:
            context.extension("s", *steps, "Hangup()", comment=comment, what=what)
        write_numbers(plan, context)
        comment = "Whatever number the provider calls us by, with + or without."
        for name in ("_X!", "_+X!", *_other_names(plan.trunks)):
            context.extension(name, "Goto(s,1)", comment=comment, what=what)
            comment = ""

    @classmethod
    def adopt(cls, reader: HomeReader) -> IncomingCalls | None:
        """Return the feature as a configuration has it; None: it has not."""
        for name in (RING_CONTEXT, reader.pstn):
            for extension, queue in reader.calls(name, apps.Queue):
                steps = reader.steps(extension)
                boxes = [step.mailboxes for step in steps if isinstance(step, apps.VoiceMail)]
                reader.place(name, extension.key)
                if extension.name != "s":
                    reader.assume(
                        f"[{name}] answers whatever it is called by, also s and numbers with +"
                    )
                return cls(
                    reader.number(queue.timeout, 25),
                    queue=queue.queuename,
                    mailbox=boxes[0][0] if boxes else "",
                )
        return None


def _other_names(trunks: tuple[Trunk, ...]) -> list[str]:
    """Return the contact users that are no numbers, which no pattern would answer."""
    users = (trunk.contact_user or "" for trunk in trunks)
    names = [user for user in users if user and user != "s" and not user.lstrip("+")[:1].isdigit()]
    return list(dict.fromkeys(names))


_HIDDEN: Final = (
    '${REGEX("^(anonymous|unavailable|restricted|unknown)?$" ${TOLOWER(${CALLERID(num)})})}',
    '${REGEX("anonymous[.]invalid" ${TOLOWER(${PJSIP_HEADER(read,From)})})}',
    '${REGEX("(id|user|header|session|critical)" ${TOLOWER(${PJSIP_HEADER(read,Privacy)})})}',
)
"""Whether a caller hides the number: by its name, by RFC 3261, 8.1.1.3, by RFC 3323, 4.2."""


@attrs.frozen
class BlockedCallers(check.Suggesting):
    """Callers who are refused before anything rings."""

    numbers: tuple[str, ...] = attrs.field(
        default=(), converter=check.texts, validator=check.each_text
    )
    """Their numbers with + and country code; a `*` at the end stands for any digits."""
    hidden: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether callers who hide their number are refused as well."""

    def contribute(self, plan: Plan) -> None:
        """Add the subroutine, and have it asked first."""
        context = plan.context("blocked-callers")
        what = "blocked callers"
        steps = [f"GotoIf({test}?hidden,1)" for test in _HIDDEN] if self.hidden else []
        if steps:
            plan.needs("func_strings", "res_pjsip_header_funcs")
        context.extension("s", *steps, "Return()", what=what, comment="All others may go on.")
        comment = "Providers write numbers with + or without, some without country code."
        for index, number in enumerate(self.numbers):
            if not re.fullmatch(r"\+[0-9]{2,15}\*?", number):
                place = f"features.blocked_callers.numbers[{index}]"
                plan.fault(f"must be a number with + and country code, not {number!r}", place)
                continue
            for written in _written(number):
                context.extension(f"s/{written}", "Hangup(21)", what=what, comment=comment)
                comment = ""
        if self.hidden:
            comment = "Those who hide their number."
            context.extension("hidden", "Hangup(21)", what=what, comment=comment)
        plan.screen("Gosub(blocked-callers,s,1)", "Some callers are refused.")

    @classmethod
    def adopt(cls, reader: HomeReader) -> BlockedCallers | None:
        """Return the feature as a configuration has it; None: it has not."""
        context = reader.context("blocked-callers")
        if context is None:
            return None
        numbers, hidden = [], "hidden" in context
        for extension in context:
            caller = extension.callerid_match
            if caller and caller.lstrip("_").startswith("+"):
                star = "*" if caller.startswith("_") else ""
                numbers.append(caller.lstrip("_").removesuffix("X!") + star)
        return cls(numbers, hidden=hidden)


def _written(number: str) -> list[str]:
    """Return the forms in which a provider may write a caller's number."""
    digits, star = number[1:].rstrip("*"), "X!" if number.endswith("*") else ""
    forms = [f"+{digits}", digits]
    if digits.startswith("1") and len(digits) > 1:
        forms.append(digits[1:])
    return [f"_{form}{star}" if star else form for form in forms]


def _choices(owner: object, attribute: attrs.Attribute[Mapping[str, str]], value: object) -> None:
    if not isinstance(value, Mapping) or not value:
        raise FieldError(owner, attribute.name, "must be a table of keys and who they ring")
    for key, target in value.items():
        if not isinstance(key, str) or not re.fullmatch(r"[0-9*#]", key):
            raise FieldError(owner, attribute.name, f"must have single keys, not {key!r}")
        if not isinstance(target, str):
            raise FieldError(owner, attribute.name, f"must name who rings, not {target!r}")


@attrs.frozen
class Menu(check.Suggesting):
    """A menu for callers from outside: press a key and reach somebody.

    Who presses nothing, or a key that is not offered, rings all phones.
    """

    greeting: str = attrs.field(validator=check.one_word)
    """The sound that says which key is for what, such as `custom/welcome`, without suffix."""
    choices: Mapping[str, str] = attrs.field(validator=_choices, kw_only=True, hash=False)
    """Key → who is reached: the name or number of an extension, the name of a queue, a mailbox
    (`6000@default`), or `home` for all phones."""
    wait_seconds: int = attrs.field(default=8, validator=check.whole(1), kw_only=True)
    """How long the caller may think after the greeting."""
    ring_seconds: int = attrs.field(default=25, validator=check.whole(1), kw_only=True)
    """How long an extension or queue rings."""
    number: str | None = attrs.field(default=None, validator=check.number_text, kw_only=True)
    """A number under which the phones at home reach it too. None: none."""

    def contribute(self, plan: Plan) -> None:
        """Add the menu, and let callers come to it."""
        plan.needs("trunk")
        what = "the menu"
        menu = plan.context("menu")
        keys = (f"For {self._called(plan, who)}, press {key}." for key, who in self.choices.items())
        plan.record(self.greeting, " ".join(["Welcome.", *keys]), "features.menu.greeting")
        menu.extension(
            "s",
            "Answer(500)",
            f"BackGround({self.greeting})",
            f"WaitExten({self.wait_seconds})",
            what=what,
        )
        comment = "What the keys are for."
        for key, target in self.choices.items():
            path = f"features.menu.choices.{key}"
            steps = plan.steps_to(target, self.ring_seconds, path)
            menu.extension(key, *steps, comment=comment, what=what)
            comment = ""
        menu.extension("t", f"Goto({RING_CONTEXT},s,1)", comment="No key: all phones ring.")
        menu.extension(
            "i", "Playback(pbx-invalid)", f"Goto({RING_CONTEXT},s,1)", comment="A wrong one, too."
        )
        if self.number:
            comment = "The menu that callers hear."
            home = plan.context(HOME_CONTEXT)
            home.extension(self.number, "Goto(menu,s,1)", comment=comment, what=what)
        if "IncomingCalls" not in plan.feature_kinds:
            plan.fault("a menu needs IncomingCalls beside it", "features.menu")
        plan.before_ringing("Goto(menu,s,1)", "A menu answers.")

    def _called(self, plan: Plan, target: str) -> str:
        """Return what callers are told that a choice is."""
        phones = {e.name: e for e in plan.extensions} | plan.numbers()
        name = phones[target].callerid.name if target in phones else ""
        boxes = {box.address for box in plan.mailboxes}
        known = {"home": "everybody"} | dict.fromkeys(boxes, "the voicemail")
        return name or known.get(target, target)

    @classmethod
    def adopt(cls, reader: HomeReader) -> Menu | None:
        """Return the feature as a configuration has it; None: it has not."""
        context = reader.context("menu")
        if context is None or "s" not in context:
            return None
        start = {type(step): step for step in reader.steps(context["s"])}
        greeting, wait = start.get(apps.BackGround), start.get(apps.WaitExten)
        choices, ring = {}, 25
        for extension, steps in reader.all("menu"):
            if not re.fullmatch(r"[0-9*#]", extension.name):
                continue
            if arrival := reader.arrival(steps):
                choices[extension.name] = arrival.to
                ring = ring if arrival.ring_seconds == 25 else arrival.ring_seconds
        number = [
            e.name for e, step in reader.calls(reader.home, apps.Goto) if step.data == "menu,s,1"
        ]
        if not choices or greeting is None:
            return None
        return cls(
            greeting.data,
            choices=choices,
            wait_seconds=reader.number(wait.data if wait else "", 8),
            ring_seconds=ring,
            number=number[0] if number else None,
        )


# -- further public numbers -----------------------------------------------------------------------


_CONTEXT: Final = "public-numbers"
_OF_TRUNK: Final = re.compile(r'"\$\{OWN_NUMBER\}" = ""\]\?Set\(CALLERID\(all\)=(.*)\)$')
"""The step that sets the caller id of a trunk; see `Plan.trunk_caller_id`."""


def give_numbers(plan: Plan) -> None:
    """Let phones call from the public numbers that are theirs; see `PublicNumber`."""
    names = [extension.name for extension in plan.extensions]
    for index, one in enumerate(plan.public):
        if one.trunk:
            plan.trunk(one.trunk, f"numbers[{index}].trunk")
        own = (f"MY_CALLER_ID={plan.caller_of(one)}", "OWN_NUMBER=yes",
               *((f"MY_TRUNK={one.trunk}",) if one.trunk else ()))  # fmt: skip
        for name in one.phones:
            if name not in names:
                plan.fault(f"there is no extension {name!r}", f"numbers[{index}].phones")
            plan.extensions = [
                attrs.evolve(e, set_var=(*e.set_var, *own)) if e.name == name else e
                for e in plan.extensions
            ]


def find_number(plan: Plan) -> list[tuple[str, str]]:
    """Return the steps that look for the number in To, where a provider calls the account."""
    if not plan.public:
        return []
    note = "Some providers call the account, and name the number in To only."
    known = "${DIALPLAN_EXISTS(public-numbers,${TO},1)}"
    return [
        ("Set(TO=${PJSIP_HEADER(read,To)})", note),
        ("Set(TO=${CUT(TO,@,1)})", ""),
        ("Set(TO=${FILTER(+0-9,${CUT(TO,:,2)})})", ""),
        (f"GotoIf({known}?public-numbers,${{TO}},1)", ""),
    ]


def write_numbers(plan: Plan, context: ContextPlan) -> None:
    """Add the further public numbers, in every form in which a provider may write them."""
    if not plan.public:
        return
    plan.needs("func_dialplan", "func_cut")
    own = plan.context("public-numbers")
    for index, one in enumerate(plan.public):
        path = f"numbers[{index}]"
        if one.to == "hours":
            steps = ["Gosub(hours,s,1)", f"Goto({RING_CONTEXT},s,1)"]
        else:
            steps = plan.steps_to(one.to, one.ring_seconds, f"{path}.to")
        screening = [step for step, _ in plan.screening]
        what = f"the public number {one.number}"
        first, *others = _forms(plan, one.number)
        own.extension(first, *screening, *steps, what=what, path=f"{path}.number")
        for form in others:
            own.extension(form, f"Goto({first},1)", what=what, path=f"{path}.number")
        for form in (first, *others):
            target = f"Goto(public-numbers,{first},1)"
            context.extension(form, target, what=what, path=f"{path}.number")


def _forms(plan: Plan, number: str) -> list[str]:
    """Return how a provider may write a number: with + or without, as dialled in the country."""
    digits = number[1:]
    known = plan.numbers_here()
    forms = [number, digits, f"00{digits}"]
    if known and known.code and digits.startswith(known.code):
        forms.append(f"{known.prefix}{digits[len(known.code) :]}")
    return list(dict.fromkeys(forms))


def adopt_numbers(reader: HomeReader) -> tuple[PublicNumber, ...]:
    """Return the public numbers that a configuration has beside the owner's."""
    found: dict[str, PublicNumber] = {}
    for name in (_CONTEXT, reader.pstn):
        for extension, steps in reader.all(name):
            number = reader.full_number(extension.name)
            arrival = reader.arrival(steps)
            if not number or number in found or number == reader.owner.number or not arrival:
                continue
            if name == _CONTEXT or (name, extension.key) not in reader.placed:
                found[number] = PublicNumber(
                    number, to=arrival.to, ring_seconds=arrival.ring_seconds
                )
    for phone, said in reader.conf.extensions.items():
        known = dict(one.partition("=")[::2] for one in said.set_var)
        caller = CallerID.parse(known.get("MY_CALLER_ID", ""))
        if caller.number in found and "OWN_NUMBER" in known:
            one = _named(reader, found[caller.number], caller)
            phones = (*one.phones, phone)
            found[one.number] = attrs.evolve(one, phones=phones, trunk=known.get("MY_TRUNK", ""))
            reader.callers.add(phone)
    for _, calls in reader.all("outgoing"):
        for step, call in itertools.pairwise(calls):
            caller = CallerID.parse(match[1] if (match := _OF_TRUNK.search(step.data)) else "")
            trunk = re.search(r"@([^,)]+)", call.data)
            if caller.number in found and trunk:
                one = _named(reader, found[caller.number], caller)
                found[one.number] = attrs.evolve(one, trunk=trunk[1])
    return tuple(found.values())


def _named(reader: HomeReader, number: PublicNumber, caller: CallerID) -> PublicNumber:
    return attrs.evolve(number, name="" if caller.name == reader.owner.name else caller.name)


# -- hours ----------------------------------------------------------------------------------------


def write_hours(plan: Plan, hours: Sequence[Hours], zone: str) -> None:
    """Add the context `hours`, a subroutine that returns where all phones ring."""
    if not hours:
        return
    context = plan.context("hours")
    steps = []
    for index, one in enumerate(hours):
        for times in one.times:
            fields = [field or "*" for field in times.split(",")]
            fields += ["*"] * (len(TIME_FIELDS) - len(fields))
            steps.append(f"GotoIfTime({','.join([*fields, zone])}?{index + 1},1)")
    what = "the hours"
    context.extension("s", *steps, "Return()", what=what)
    for index, one in enumerate(hours):
        path = f"hours[{index}]"
        if one.greeting:
            plan.record(one.greeting, "We are not here now.", f"{path}.greeting")
        if one.to == "home" and not one.greeting:
            context.extension(f"{index + 1}", "Return()", what=what)
        else:
            steps = plan.steps_to(one.to, one.ring_seconds, f"{path}.to", greeting=one.greeting)
            context.extension(f"{index + 1}", *steps, what=what)
    plan.before_ringing("Gosub(hours,s,1)", "At some times calls go elsewhere.")


def adopt_hours(reader: HomeReader) -> tuple[Hours, ...]:
    """Return the times at which calls from outside go somewhere.

    Empty: there are none, or a build would not lead the calls of all times as the files do.
    """
    for name in ("hours", reader.pstn):
        for extension, steps in reader.all(name):
            start = apps.Location(name, extension.key)
            if any(isinstance(step, apps.GotoIfTime) for step in steps):
                return _read_hours(reader, start, steps)
    return ()


def _read_hours(
    reader: HomeReader, start: apps.Location, steps: Sequence[apps.Application]
) -> tuple[Hours, ...]:
    ways: list[tuple[str, apps.Location | None]] = []
    rest = [step for step in steps if not isinstance(step, apps.NoOp)]
    while rest and isinstance(step := rest[0], apps.GotoIfTime):
        ways.append((step.timing, step.if_true))
        ways += [("*", step.if_false)] if step.if_false else []
        rest = [] if step.if_false else rest[1:]
    found = []
    for place, group in itertools.groupby(ways, key=lambda way: way[1]):
        times = [timing.split(",") for timing, _ in group]
        arrival = reader.arrival(reader.steps_at(place, start))
        zones = {one[4] for one in times if len(one) > 4} - {reader.zone}
        if arrival is None or zones:
            return ()
        when = [",".join(one[:4]) for one in times]
        found.append(Hours(when, **attrs.asdict(arrival)))
    end = reader.arrival(rest) if rest else Arrival()
    if end is None:
        return ()
    return (*found, *([] if end == Arrival() else [Hours("*", **attrs.asdict(end))]))


@attrs.frozen
class NightSwitch(check.Suggesting):
    """A feature code that switches the night on and off; its key shows a lamp.

    At night callers from outside come to the voicemail at once, whatever the hours say.
    """

    number: str = attrs.field(default="*28", validator=check.number_text)
    """The number dialled, and watched by a BLF key."""
    to: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """Who answers at night, as `PublicNumber.to`. None: the first mailbox."""
    greeting: str = attrs.field(default="", validator=check.text, kw_only=True)
    """A sound that is played before, without suffix. Empty: none."""

    def contribute(self, plan: Plan) -> None:
        """Add the code, its hint, and what it does to callers."""
        plan.needs("func_devstate")
        what, state = "the night switch", "${DEVICE_STATE(Custom:night)}"
        on = f'$["{state}" = "INUSE"]'
        plan.context(HOME_CONTEXT).extension(
            self.number,
            "Answer(500)",
            f"Set(DEVICE_STATE(Custom:night)=${{IF({on}?NOT_INUSE:INUSE)}})",
            f"Playback(${{IF({on}?activated:de-activated)}})",
            "Hangup()",
            what=what,
            comment="Night on and off. Its state outlives a restart.",
        )
        if plan.subscribe_context:
            plan.context(plan.subscribe_context).hint(self.number, "Custom:night", what=what)
        target = self.to if self.to is not None else plan.box(None)
        path = "features.night_switch.to"
        if self.greeting:
            text = "We are closed now. Please leave a message."
            plan.record(self.greeting, text, "features.night_switch.greeting")
        steps = plan.steps_to(target or "home", 25, path, greeting=self.greeting)
        context = plan.context("night")
        context.extension("s", f"GotoIf({on}?night,1)", "Return()", what=what)
        context.extension("night", *steps, what=what)
        plan.before_ringing("Gosub(night,s,1)", "At night it does not ring.")

    @classmethod
    def adopt(cls, reader: HomeReader) -> NightSwitch | None:
        """Return the feature as a configuration has it; None: it has not."""
        context = reader.context("night")
        if context is None or "night" not in context:
            return None
        numbers = [e.name for e, step in reader.calls(reader.home, apps.Set)
                   if step.data.startswith("DEVICE_STATE(Custom:night)")]  # fmt: skip
        steps = reader.steps(context["night"])
        arrival = reader.arrival(steps) or Arrival()
        first = next(iter(reader.conf.mailboxes), None)
        return cls(
            numbers[0] if numbers else "*28",
            to=None if arrival.to == first else arrival.to,
            greeting=arrival.greeting,
        )


@attrs.frozen
class BusinessHours(check.Suggesting):
    """Hours at which the phones ring; at others callers come to the voicemail at once.

    Emergency calls and all other calls of the phones know no hours.
    """

    open: tuple[str, ...] = attrs.field(
        default=("9:00-17:00,mon-fri",), converter=whole_times, validator=are_times
    )
    """When it rings, each `times,weekdays,days,months`, such as `9:00-12:30,mon-fri` or
    `*,*,24,dec`; what is left out is any."""
    closed: tuple[str, ...] = attrs.field(
        default=(), converter=whole_times, validator=are_times, kw_only=True
    )
    """When it does not although it is open, in the same form."""
    time_zone: str = attrs.field(default="", validator=check.text, kw_only=True)
    """Time zone of the hours. Empty: the machine's."""
    greeting: str = attrs.field(default="", validator=check.text, kw_only=True)
    """A sound that is played first to those who call at other hours. Empty: none."""
    mailbox: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The box that takes their messages. None: the first; empty: none, the call ends."""

    def contribute(self, plan: Plan) -> None:
        """Add the subroutine, and have it asked before the phones ring."""
        box = plan.box(self.mailbox, "features.business_hours.mailbox")
        context = plan.context("business-hours")
        what = "business hours"
        checks = [f"GotoIfTime({self._spec(times)}?closed,1)" for times in self.closed]
        checks += [f"GotoIfTime({self._spec(times)}?open,1)" for times in self.open]
        context.extension(
            "s", *checks, "Goto(closed,1)", what=what,
            comment="Times, weekdays, days, months; the first that fits counts.",
        )  # fmt: skip
        context.extension("open", "Return()", what=what)
        closed = ["Answer(500)"]
        if self.greeting:
            closed.append(f"Playback({self.greeting})")
            text = "We are closed. " + ("Please leave a message." if box else "Please call again.")
            plan.record(self.greeting, text, "features.business_hours.greeting")
        if box:
            plan.needs("voicemail")
            closed.append(f"VoiceMail({box},su)")
        context.extension("closed", *closed, "Hangup()", what=what, comment="Closed.")
        plan.before_ringing("Gosub(business-hours,s,1)", "At other hours it does not ring.")

    def _spec(self, times: str) -> str:
        fields = [field or "*" for field in times.split(",")]
        fields += ["*"] * (len(TIME_FIELDS) - len(fields))
        return ",".join([*fields, *([self.time_zone] if self.time_zone else [])])

    @classmethod
    def adopt(cls, reader: HomeReader) -> BusinessHours | None:
        """Return the feature as a configuration has it; None: it has not."""
        context = reader.context("business-hours")
        if context is None or "s" not in context:
            return None
        times: dict[str, list[str]] = {"open": [], "closed": []}
        zone = ""
        for step in reader.steps(context["s"]):
            if isinstance(step, apps.GotoIfTime):
                spec, _, target = step.data.partition("?")
                *fields, last = spec.split(",")
                fields, zone = (fields, last) if len(fields) == 4 else ([*fields, last], "")
                times[target.partition(",")[0]].append(",".join(fields))
        closed = reader.steps(context["closed"]) if "closed" in context else []
        boxes = [step.mailboxes[0] for step in closed if isinstance(step, apps.VoiceMail)]
        greetings = [step.data for step in closed if isinstance(step, apps.Playback)]
        return cls(
            times["open"],
            closed=times["closed"],
            time_zone=zone,
            greeting=greetings[0] if greetings else "",
            mailbox=boxes[0] if boxes else "",
        )
