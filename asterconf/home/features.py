"""What phones at home can do: one small class per feature, all of the same protocol.

A feature of your own is written in the same way; see `asterconf.home.plan.Feature`. `adopt` is
the way back: the feature that a configuration has.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from asterconf import apps
from asterconf.errors import FieldError
from asterconf.home.plan import HOME_CONTEXT, ContextPlan, Plan, ringing
from asterconf.home.reading import HomeReader
from asterconf.home.writing import FilePlan
from asterconf.model import Extension, Secret
from asterconf.model import checks as check
from asterconf.model.values import secret


@attrs.frozen
class Guards(check.Suggesting):
    """Refuse calls in the contexts that Asterisk falls back on when none is named."""

    contexts: tuple[str, ...] = attrs.field(
        default=("public", "default"), converter=check.texts, validator=check.each_text
    )
    """Names of the contexts."""

    def contribute(self, plan: Plan) -> None:
        """Add the contexts; each answers any number with "no such route"."""
        comment = "Asterisk puts calls here when nothing else is said. Nobody gets through."
        for name in self.contexts:
            refuse_all(plan.context(name, comment), "the guards")
            comment = ""

    @classmethod
    def adopt(cls, reader: HomeReader) -> Guards | None:
        """Return the feature as a configuration has it; None: it has not."""
        names = []
        for context in reader.conf.dialplan:
            found = [reader.steps(extension) for extension in context]
            if found and all(len(s) == 1 and isinstance(s[0], apps.Hangup) for s in found):
                names.append(context.name)
                reader.place(context.name, *(e.key for e in context))
                if "s" not in context:
                    reader.assume(
                        f"[{context.name}] hangs up on every caller, also on s and numbers with +"
                    )
        return cls(names) if names else None


def refuse_all(context: ContextPlan, what: str) -> None:
    """Answer every number of a context with "no such route"."""
    for pattern in ("s", "_X!", "_+X!"):
        context.extension(pattern, "Hangup(3)", what=what)


@attrs.frozen
class Intercom(check.Suggesting):
    """One number that speaks through every phone at once."""

    number: str = attrs.field(default="6000", validator=check.number_text)
    """The number dialled."""
    queue: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The queue whose members are called. Empty: the first."""
    seconds: int = attrs.field(default=10, validator=check.whole(1), kw_only=True)
    """How long phones that do not pick up by themselves are rung."""

    def contribute(self, plan: Plan) -> None:
        """Add the number, the subroutine that adds the header, and what `Page` needs."""
        plan.needs("queue", "page", "conference")
        plan.home_queue(self.queue, "features.intercom.queue")
        plan.set_global("INTERCOM", self.number)
        members = '${STRREPLACE(QUEUE_MEMBER_LIST(${HOME_QUEUE}),",","&")}'
        plan.context(HOME_CONTEXT).extension(
            "${INTERCOM}",
            "Set(CALLERID(all)=Intercom <${EXTEN}>)",
            f"Page({members},db(gosub-intercom^s^1),{self.seconds})",
            "Hangup()",
            number=self.number,
            what="the intercom",
            comment="Intercom: a conference of all phones. d lets everybody speak, b runs the "
            "subroutine on each call before it goes out.",
        )
        asks = "Set(PJSIP_HEADER(add,Alert-Info)=auto answer)"
        plan.context("gosub-intercom").extension("s", asks, "Return()")
        _conferences(plan)

    @classmethod
    def adopt(cls, reader: HomeReader) -> Intercom | None:
        """Return the feature as a configuration has it; None: it has not."""
        for extension, page in reader.calls(reader.home, apps.Page):
            queue = re.search(r"QUEUE_MEMBER_LIST\(([^)]*)\)", "&".join(page.targets))
            context, _, name = str(page.options.b or "").partition("^")
            if context:
                reader.place(context, name.partition("^")[0] or "s")
            steps = reader.steps(extension)
            if not any(isinstance(step, apps.Set) and "=" in step.data for step in steps):
                reader.assume(f"the intercom {extension.name} sets its caller id")
            reader.place(reader.home, extension.key)
            if "confbridge.conf" not in reader.conf:
                reader.assume("there is a confbridge.conf, without which there is no Page()")
            return cls(
                extension.name,
                queue=queue[1] if queue else "",
                seconds=reader.number(page.timeout, 10),
            )
        return None


def _conferences(plan: Plan) -> FilePlan:
    file = plan.file("confbridge.conf")
    file.like("general")
    return file


def _unanswered(
    owner: object, attribute: attrs.Attribute[Mapping[str, str]], value: object
) -> None:
    if not isinstance(value, Mapping) or not all(
        isinstance(item, str) for pair in value.items() for item in pair
    ):
        raise FieldError(owner, attribute.name, "must be a table of phones and who follows")


@attrs.frozen
class LocalCalls(check.Suggesting):
    """Calls from phone to phone.

    A phone with a mailbox of its own is rung for `ring_seconds`, then the box answers; the others
    ring on. `unanswered` says otherwise for single phones.
    """

    ring_seconds: int = attrs.field(default=25, validator=check.whole(1))
    """How long a phone rings before its mailbox answers, or what `unanswered` says."""
    unanswered: Mapping[str, str] = attrs.field(
        factory=dict, validator=_unanswered, kw_only=True, hash=False
    )
    """Name of an extension → what follows: another phone, a queue, a mailbox, a public number
    with `+` that the call is forwarded to, or `ring` to ring on."""

    def contribute(self, plan: Plan) -> None:
        """Add one extension for each phone that has a number."""
        home = plan.context(HOME_CONTEXT)
        comment = (
            "Calls from phone to phone. Each phone has a line of its own, so that a number which "
            "is no phone is refused at once."
        )
        names = [extension.name for extension in plan.extensions]
        for name in self.unanswered:
            if name not in names:
                path = f"features.local_calls.unanswered.{name}"
                plan.fault(f"there is no extension {name!r}", path)
        for number, extension in plan.numbers().items():
            what = f"extension {extension.name}"
            home.extension(
                number, *self._steps(plan, extension), comment=comment, what=what,
                path=f"extensions[{plan.extensions.index(extension)}].number",
            )  # fmt: skip
            comment = ""

    def _steps(self, plan: Plan, extension: Extension) -> list[str]:
        then = self.unanswered.get(extension.name) or _own_box(plan, extension) or "ring"
        if then == "ring":
            return [f"Dial({ringing(extension)})", "Hangup()"]
        path = f"features.local_calls.unanswered.{extension.name}"
        rest = plan.steps_to(then, self.ring_seconds, path)
        return [f"Dial({ringing(extension)},{self.ring_seconds})", *rest]

    @classmethod
    def adopt(cls, reader: HomeReader) -> LocalCalls | None:
        """Return the feature as a configuration has it; None: it has not."""
        found, seconds, unanswered = False, 25, {}
        phones = reader.conf.extensions
        shared = next(iter(reader.conf.mailboxes), "")
        for extension, dial in reader.calls(reader.home, apps.Dial):
            if extension.is_pattern and dial.data == "PJSIP/${EXTEN}":
                reader.assume(
                    f"{extension.name} is one line for each phone that there is, not any number"
                )
                reader.place(reader.home, extension.key)
                found = True
                continue
            name = next((name for name in phones if name in dial.data), "")
            if not name or "@" in dial.data:
                continue
            found = True
            steps = reader.steps(extension)
            box = (phones[name].mailbox or "").partition(",")[0]
            usual = "ring" if box in ("", shared) else box
            arrival = reader.arrival(steps[steps.index(dial) + 1 :])
            then = arrival.to if arrival else "ring"
            if dial.timeout is not None:
                seconds = reader.number(dial.timeout, 25)
            if then != usual:
                unanswered[name] = then
        return cls(seconds, unanswered=unanswered) if found else None


def _own_box(plan: Plan, extension: Extension) -> str:
    """Return the mailbox that an extension does not share with the home; empty: none."""
    box = (extension.mailbox or "").partition(",")[0]
    return "" if plan.mailboxes and box == plan.mailboxes[0].address else box


@attrs.frozen
class VoicemailMenu(check.Suggesting):
    """One number to listen to messages.

    A phone that has a box of its own opens that one, the others open the shared box; a phone
    whose mailbox is '' opens none.
    """

    number: str = attrs.field(default="*99", validator=check.number_text)
    """The number dialled."""
    mailbox: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The shared box. None: the first."""
    ask_pin: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether the PIN is asked for, though the call comes from a phone at home."""

    def contribute(self, plan: Plan) -> None:
        """Add the number, and tell phones with a box of their own which one it is."""
        plan.needs("voicemail")
        box = plan.box(self.mailbox, "features.voicemail_menu.mailbox")
        if not box:
            plan.fault("the voicemail menu needs a mailbox", "features.voicemail_menu")
        plan.home_box(box)
        plan.set_global("VOICEMAIL_NUMBER", self.number)
        nobody = [e for e in plan.extensions if e.mailbox == ""]
        plan.extensions = [_with_box(extension, box) for extension in plan.extensions]
        steps = [
            "Answer(500)",
            "VoiceMailMain(${VOICEMAIL_BOX})"
            if self.ask_pin
            else "VoiceMailMain(${VOICEMAIL_BOX},s)",
            "Hangup()",
        ]
        if nobody:
            steps.insert(0, 'ExecIf($["${VOICEMAIL_BOX}" = ""]?Hangup(21))')
        plan.context(HOME_CONTEXT).extension(
            "${VOICEMAIL_NUMBER}",
            *steps,
            number=self.number,
            what="the voicemail menu",
            comment="Listen to messages."
            if self.ask_pin
            else "Listen to messages. s: no PIN is asked for at home.",
        )

    @classmethod
    def adopt(cls, reader: HomeReader) -> VoicemailMenu | None:
        """Return the feature as a configuration has it; None: it has not."""
        for extension, menu in reader.calls(reader.home, apps.VoiceMailMain):
            kept = reader.setting("voicemail.conf", "general", "passwordlocation")
            if kept != "spooldir" and "voicemail.conf" in reader.conf:
                reader.assume("a PIN changed by phone is kept with the messages, not in the file")
            reader.place(reader.home, extension.key)
            box: str | None = menu.mailbox
            if "${" in menu.mailbox:
                reader.assume(f"{extension.name} opens the box of the phone")
                box = None
            elif any((one.mailbox or "") != box for one in reader.conf.extensions.values()):
                reader.assume(
                    f"{extension.name} opens the box of the phone that calls, {box} only for "
                    "phones that have it, and is refused to phones without a box"
                )
            return cls(extension.name, mailbox=box, ask_pin="s" not in menu.options)
        return None


def _with_box(extension: Extension, box: str) -> Extension:
    """Let the calls of an extension carry its own box, which hides the global variable."""
    own = extension.mailbox
    if own is None or own == box:
        return extension
    variable = f"VOICEMAIL_BOX={own.partition(',')[0]}"
    return attrs.evolve(extension, set_var=(*extension.set_var, variable))


@attrs.frozen
class BusyLamps(check.Suggesting):
    """Lamps that show on one phone whether another is busy."""

    context: str = attrs.field(default="subscribe", validator=check.one_word)
    """The context of the hints."""

    def contribute(self, plan: Plan) -> None:
        """Add one hint for each phone that has a number."""
        plan.needs("presence")
        context = plan.context(
            self.context,
            "What phones may watch with their BLF keys: one hint for each phone there is.",
        )
        for number, extension in plan.numbers().items():
            context.hint(number, f"PJSIP/{extension.name}", what=f"extension {extension.name}")

    @classmethod
    def adopt(cls, reader: HomeReader) -> BusyLamps | None:
        """Return the feature as a configuration has it; None: it has not."""
        contexts = [e.subscribe_context for e in reader.conf.extensions.values()]
        name = next((c for c in contexts if c), "")
        hints = [e for e in reader.context(name) or () if e.hint is not None]
        for extension in hints:
            if extension.is_pattern:
                reader.assume(f"the hint {extension.name} is one hint for each phone")
                reader.place(name, extension.key)
        return cls(name) if hints else None


@attrs.frozen
class ConferenceRoom(check.Suggesting):
    """A number that several phones dial to talk to each other."""

    number: str = attrs.field(default="6500", validator=check.number_text)
    """The number dialled."""
    pin: Secret | None = attrs.field(default=None, converter=secret, kw_only=True)
    """Digits to enter before one is let in. None: no PIN is asked for."""
    max_members: int = attrs.field(default=0, validator=check.whole(0), kw_only=True)
    """How many may talk at once. 0: any number."""

    def contribute(self, plan: Plan) -> None:
        """Add the number, and the profiles of bridge and user."""
        plan.needs("conference")
        name = f"room-{self.number}"
        if self.pin and not self.pin.reveal().isdigit():
            plan.fault("must be digits", "features.conference_room.pin")
        file = _conferences(plan)
        file.like("user", name, number=self.number, pin=self.pin)
        bridge = f"{name}-bridge" if self.max_members else ""
        if bridge:
            file.like("bridge", bridge, number=self.number, max_members=self.max_members)
        plan.context(HOME_CONTEXT).extension(
            self.number,
            "Answer(500)",
            f"ConfBridge(${{EXTEN}},{bridge},{name})",
            "Hangup()",
            what="the conference room",
            comment="Conference room: all who dial it talk to each other.",
        )

    @classmethod
    def adopt(cls, reader: HomeReader) -> ConferenceRoom | None:
        """Return the feature as a configuration has it; None: it has not."""
        for extension, room in reader.calls(reader.home, apps.ConfBridge):
            pin = reader.setting("confbridge.conf", room.user_profile, "pin")
            most = reader.setting("confbridge.conf", room.bridge_profile, "max_members")
            if "confbridge.conf" not in reader.conf:
                reader.assume(f"{extension.name} has a confbridge.conf, without which it hangs up")
            return cls(
                extension.name,
                pin=Secret(pin) if pin else None,
                max_members=reader.number(most, 0),
            )
        return None


@attrs.frozen
class Parking(check.Suggesting):
    """A place to leave a call and pick it up from another phone.

    Transfer a call to the number and hear in which space it waits; dial the space to pick it up.
    A call that nobody picks up rings the phone that left it. Those who wait hear `MusicOnHold`.
    """

    number: str = attrs.field(default="700", validator=check.number_text)
    """The number that calls are transferred to."""
    spaces: tuple[str, ...] = attrs.field(
        default=("701", "710"), converter=check.texts, validator=check.each_text, kw_only=True
    )
    """First and last number of the spaces."""
    seconds: int = attrs.field(default=45, validator=check.whole(1), kw_only=True)
    """How long a call waits before it rings the phone that left it."""

    def contribute(self, plan: Plan) -> None:
        """Add the parking lot, and the way there from the phones."""
        plan.needs("parking")
        if "MusicOnHold" not in plan.feature_kinds:
            plan.fault("needs MusicOnHold beside it, for those who wait", "features.parking")
        spaces = self.spaces if len(self.spaces) == 2 else ("", "")
        if not all(s.isdigit() for s in spaces) or int(spaces[0]) > int(spaces[1]):
            plan.fault("must be the first and the last number", "features.parking.spaces")
            return
        low, high = map(int, spaces)
        file = plan.file("res_parking.conf")
        file.whole(number=self.number, low=low, high=high, seconds=self.seconds)
        plan.context("parkedcalls")
        plan.include(
            HOME_CONTEXT,
            "parkedcalls",
            [self.number, *(str(n) for n in range(low, high + 1))],
            what="parking",
            comment="Parking: the number that parks a call, and those that pick it up.",
        )
        if plan.subscribe_context:
            plan.context(plan.subscribe_context).include("parkedcalls")

    @classmethod
    def adopt(cls, reader: HomeReader) -> Parking | None:
        """Return the feature as a configuration has it; None: it has not."""
        low, _, high = reader.setting("res_parking.conf", "default", "parkpos").partition("-")
        if not high:
            return None
        return cls(
            reader.setting("res_parking.conf", "default", "parkext") or "700",
            spaces=(low, high),
            seconds=reader.number(reader.setting("res_parking.conf", "default", "parkingtime"), 45),
        )


@attrs.frozen
class MusicOnHold(check.Suggesting):
    """Music for those on hold; without it they hear nothing. It needs sound files."""

    directory: str = attrs.field(default="moh", validator=check.one_word)
    """Folder with the files, within Asterisk's folder of data if it is not absolute."""

    def contribute(self, plan: Plan) -> None:
        """Add the class `default`."""
        plan.needs("music")
        plan.file("musiconhold.conf").whole(directory=self.directory)

    @classmethod
    def adopt(cls, reader: HomeReader) -> MusicOnHold | None:
        """Return the feature as a configuration has it; None: it has not."""
        found = reader.setting("musiconhold.conf", "default", "directory")
        return cls(found) if found else None


@attrs.frozen
class Pickup(check.Suggesting):
    """A feature code that takes over a call that rings at another phone."""

    number: str = attrs.field(default="*8", validator=check.number_text)
    """The number dialled."""

    def contribute(self, plan: Plan) -> None:
        """Add the code; all phones are one group."""
        plan.needs("app_directed_pickup")
        plan.has_pickup = True
        plan.context(HOME_CONTEXT).extension(
            self.number,
            "Pickup()",
            "Hangup()",
            what="pickup",
            comment="Take over a call that rings at another phone.",
        )

    @classmethod
    def adopt(cls, reader: HomeReader) -> Pickup | None:
        """Return the feature as a configuration has it; None: it has not."""
        for extension, steps in reader.all(reader.home):
            if steps and steps[0].name.lower() == "pickup":
                reader.place(reader.home, extension.key)
                return cls(extension.name)
        return None
