"""When calls from outside ring, and where they go at other times: hours and the night."""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import attrs

from asterconf import apps
from asterconf.home.plan import HOME_CONTEXT, Plan
from asterconf.home.reading import Arrival, HomeReader
from asterconf.model import checks as check
from asterconf.model.home import TIME_FIELDS, Hours, are_times, whole_times
from asterconf.shown import Shown


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


@check.suggest_keywords
@attrs.frozen
class NightSwitch(Shown):
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


@check.suggest_keywords
@attrs.frozen
class BusinessHours(Shown):
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
