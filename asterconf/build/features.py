"""What a home PBX can do: one small class per feature, all of the same protocol.

A feature of your own is written in the same way; see `asterconf.build.plan.Feature`.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, Final

import attrs

from asterconf.build.plan import HOME_CONTEXT, PSTN_CONTEXT, Feature, Plan
from asterconf.model import Extension, Trunk
from asterconf.model import _fields as check

__all__ = [
    "EXTRA",
    "FEATURES",
    "BusyLamps",
    "EmergencyCalls",
    "Guards",
    "IncomingCalls",
    "Intercom",
    "LocalCalls",
    "MusicOnHold",
    "OutgoingCalls",
    "VoicemailMenu",
    "usual_features",
]

_HOME = "Calls from the phones of the house."


def _numbers(owner: object, attribute: attrs.Attribute[tuple[str, ...]], value: object) -> None:
    check.each_text(owner, attribute, value)
    for item in value if isinstance(value, tuple) else ():
        check.number_text(owner, attribute, item)


def _caller_id(plan: Plan) -> str:
    plan.set_global(
        "MY_CALLER_ID",
        str(plan.owner),
        "Who our calls to the outside are from; the number with its country code.",
    )
    return "Set(CALLERID(all)=${MY_CALLER_ID})"


def _house_box(plan: Plan, address: str) -> None:
    plan.set_global("VOICEMAIL_BOX", address, "The voicemail box of the house (voicemail.conf).")


def _house_queue(plan: Plan, name: str, path: str) -> str:
    queue = plan.queue(name, path).name
    plan.set_global("HOME_QUEUE", queue, "The queue that rings every phone (queues.conf).")
    return queue


@attrs.frozen
class Guards:
    """Refuse calls in the contexts that Asterisk falls back on when none is named."""

    contexts: tuple[str, ...] = attrs.field(
        default=("public", "default"), converter=check.texts, validator=check.each_text
    )
    """Names of the contexts."""

    def contribute(self, plan: Plan) -> None:
        """Add the contexts; each answers any number with "no such route"."""
        comment = "Asterisk puts calls here when nothing else is said. Nobody gets through."
        for name in self.contexts:
            context = plan.context(name, comment)
            for pattern in ("s", "_X!", "_+X!"):
                context.extension(pattern, "Hangup(3)", what="the guards")
            comment = ""


@attrs.frozen
class EmergencyCalls:
    """Emergency numbers, on their own and before everything else.

    They are exact numbers in the context of the phones, and an exact number beats any pattern;
    whatever else wants one of them is a fault of the build. Every trunk is tried in turn.
    """

    numbers: tuple[str, ...] = attrs.field(
        default=("911",), converter=check.texts, validator=_numbers
    )
    """The emergency numbers, dialled as they are."""
    test_numbers: tuple[str, ...] = attrs.field(
        default=("933",), converter=check.texts, validator=_numbers, kw_only=True
    )
    """Numbers that read out the address an emergency call would give; empty: none."""

    def contribute(self, plan: Plan) -> None:
        """Add the context `emergency`, and the way there from the phones."""
        plan.needs("trunk")
        trunks = plan.trunks or (plan.trunk(),)
        emergency = plan.context(
            "emergency",
            "Emergency calls: the owner's caller id, then every trunk in turn.\n"
            "Register the house's address with the provider, and test with the number that reads "
            "it out.",
        )
        home = plan.context(HOME_CONTEXT, _HOME)
        comment = "Emergency calls come first. No other line may answer these numbers."
        for number in (*self.numbers, *self.test_numbers):
            dials = [f"Dial(PJSIP/${{EXTEN}}@{trunk.name})" for trunk in trunks]
            what = "emergency calls"
            emergency.extension(number, _caller_id(plan), *dials, "Hangup()", what=what)
            home.extension(number, "Goto(emergency,${EXTEN},1)", comment=comment, what=what)
            home.reserve(number)
            comment = ""


@attrs.frozen
class Intercom:
    """One number that speaks through every phone of the house at once."""

    number: str = attrs.field(default="6000", validator=check.number_text)
    """The number dialled."""
    queue: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The queue whose members are called. Empty: the first."""
    seconds: int = attrs.field(default=10, validator=check.whole(1), kw_only=True)
    """How long phones that do not pick up by themselves are rung."""

    def contribute(self, plan: Plan) -> None:
        """Add the number, the subroutine that adds the header, and what `Page` needs."""
        plan.needs("queue", "page")
        _house_queue(plan, self.queue, "features.intercom.queue")
        plan.set_global("INTERCOM", self.number, "The number of the intercom.")
        members = '${STRREPLACE(QUEUE_MEMBER_LIST(${HOME_QUEUE}),",","&")}'
        plan.context(HOME_CONTEXT, _HOME).extension(
            "${INTERCOM}",
            "Set(CALLERID(all)=Intercom <${EXTEN}>)",
            f"Page({members},db(gosub-intercom^s^1),{self.seconds})",
            "Hangup()",
            number=self.number,
            what="the intercom",
            comment="Intercom: a conference of all phones. d lets everybody speak, b runs the "
            "subroutine on each call before it goes out.",
        )
        plan.context(
            "gosub-intercom", "Asks a phone to pick up by itself; used by the intercom."
        ).extension("s", "Set(PJSIP_HEADER(add,Alert-Info)=auto answer)", "Return()")
        plan.file(
            "confbridge.conf",
            "confbridge.conf: conferences. The defaults will do, but without this file Asterisk "
            "has neither ConfBridge() nor the Page() of the intercom.",
        ).section("general")


@attrs.frozen
class LocalCalls:
    """Calls from phone to phone."""

    def contribute(self, plan: Plan) -> None:
        """Add one extension for each phone that has a number."""
        home = plan.context(HOME_CONTEXT, _HOME)
        comment = (
            "Calls from phone to phone ring without limit. Each phone has a line of its own, so "
            "that a number which is no phone is refused at once."
        )
        for number, extension in plan.numbers().items():
            what = f"extension {extension.name}"
            home.extension(number, _rings(extension), "Hangup()", comment=comment, what=what)
            comment = ""


def _rings(extension: Extension) -> str:
    """Return the step that rings all devices of an extension, which may be several."""
    if (extension.max_contacts or 0) > 1:
        return f"Dial(${{PJSIP_DIAL_CONTACTS({extension.name})}})"
    return f"Dial(PJSIP/{extension.name})"


@attrs.frozen
class VoicemailMenu:
    """One number to listen to messages.

    A phone that has a box of its own opens that one, the others open the box of the house; a
    phone whose mailbox is '' opens none.
    """

    number: str = attrs.field(default="*99", validator=check.number_text)
    """The number dialled."""
    mailbox: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The box of the house. None: the first."""
    ask_pin: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether the PIN is asked for, though the call comes from a phone of the house."""

    def contribute(self, plan: Plan) -> None:
        """Add the number, and tell phones with a box of their own which one it is."""
        plan.needs("voicemail")
        box = plan.box(self.mailbox, "features.voicemail_menu.mailbox")
        if not box:
            plan.fault("the voicemail menu needs a mailbox", "features.voicemail_menu")
        _house_box(plan, box)
        plan.set_global("VOICEMAIL_NUMBER", self.number, "The number to listen to messages.")
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
        plan.context(HOME_CONTEXT, _HOME).extension(
            "${VOICEMAIL_NUMBER}",
            *steps,
            number=self.number,
            what="the voicemail menu",
            comment="Listen to messages."
            if self.ask_pin
            else "Listen to messages. s: whoever holds a phone of the house need not know the PIN.",
        )


def _with_box(extension: Extension, box: str) -> Extension:
    """Let the calls of an extension carry its own box, which hides the global variable."""
    own = extension.mailbox
    if own is None or own == box:
        return extension
    variable = f"VOICEMAIL_BOX={own.partition(',')[0]}"
    return attrs.evolve(extension, set_var=(*extension.set_var, variable))


@attrs.frozen
class OutgoingCalls:
    """Calls to the public network, by the North American numbering plan."""

    trunk: str = attrs.field(default="", validator=check.text)
    """The trunk they take. Empty: the first."""
    services: bool = attrs.field(default=True, validator=check.flag, kw_only=True)
    """Whether 211 to 811 are dialled as they are."""
    international: bool = attrs.field(default=False, validator=check.flag, kw_only=True)
    """Whether numbers abroad may be called, with 011 or +; closed, because a stolen password
    is worth most there."""

    def contribute(self, plan: Plan) -> None:
        """Add the patterns to the context of the phones."""
        plan.needs("trunk")
        trunk = plan.trunk(self.trunk, "features.outgoing_calls.trunk").name
        if not plan.owner.number.startswith("+1"):
            plan.fault(
                "must begin with +1 for OutgoingCalls, which dials as in North America", "owner"
            )
        if "EmergencyCalls" not in plan.feature_kinds:
            plan.fault(
                "OutgoingCalls needs EmergencyCalls beside it, or nobody can call 911", "features"
            )
        plan.set_global("MY_AREA_CODE", plan.area_code, "Area code of numbers dialled without one.")
        home = plan.context(HOME_CONTEXT, _HOME)
        what = "outgoing calls"

        def rule(pattern: str, dialled: str, comment: str) -> None:
            dial = f"Dial(PJSIP/{dialled}@{trunk})"
            home.extension(pattern, _caller_id(plan), dial, "Hangup()", comment=comment, what=what)

        rule("_+1NXXNXXXXXX", "${EXTEN}", "To the public network: +1 and ten digits, as dialled.")
        rule("_1NXXNXXXXXX", "+${EXTEN}", "1 and ten digits: only the + is missing.")
        rule("_NXXNXXXXXX", "+1${EXTEN}", "Ten digits: a number with its area code.")
        rule("_NXXXXXX", "+1${MY_AREA_CODE}${EXTEN}", "Seven digits: a number of our own area.")
        if self.services:
            rule(
                "_[2-8]11",
                "${EXTEN}",
                "Services such as 211 and 411. 911 is not among them, see above.",
            )
        if self.international:
            rule(
                "_011X.",
                "+${FILTER(0-9,${EXTEN:3})}",
                "Abroad, with 011. FILTER leaves digits only.",
            )
            rule("_+[2-9]X.", "+${FILTER(0-9,${EXTEN:1})}", "Abroad, with +.")


@attrs.frozen
class IncomingCalls:
    """Calls from the public network: ring the house, then take a message."""

    ring_seconds: int = attrs.field(default=25, validator=check.whole(1))
    """How long the caller waits for somebody to answer."""
    queue: str = attrs.field(default="", validator=check.text, kw_only=True)
    """The queue that rings. Empty: the first."""
    mailbox: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The box that takes messages. None: the first; empty: none, the call ends."""

    def contribute(self, plan: Plan) -> None:
        """Add the context of the trunks."""
        plan.needs("trunk", "queue")
        _house_queue(plan, self.queue, "features.incoming_calls.queue")
        box = plan.box(self.mailbox, "features.incoming_calls.mailbox")
        plan.set_global(
            "VOICEMAIL_RING_TIMEOUT",
            str(self.ring_seconds),
            "Seconds a caller from outside waits for an answer. This is the whole wait; the "
            "timeout in queues.conf is only how long one attempt rings.",
        )
        steps = ["Queue(${HOME_QUEUE},nr,,,${VOICEMAIL_RING_TIMEOUT})"]
        if box:
            plan.needs("voicemail")
            _house_box(plan, box)
            steps += ["Answer(500)", "VoiceMail(${VOICEMAIL_BOX},su)"]
        context = plan.context(PSTN_CONTEXT, "Calls from the public network.")
        context.extension(
            "s",
            *steps,
            "Hangup()",
            comment="Ring every phone: n is one round of the queue, r lets the caller hear ringing "
            "instead of music."
            + (
                "\nThen voicemail: u plays the greeting, s leaves out the instructions."
                if box
                else ""
            ),
            what="incoming calls",
        )
        comment = "Whatever number the provider calls us by, with + or without."
        for name in ("_X!", "_+X!", *_other_names(plan.trunks)):
            context.extension(name, "Goto(s,1)", comment=comment, what="incoming calls")
            comment = ""


def _other_names(trunks: tuple[Trunk, ...]) -> list[str]:
    """Return the contact users that are no numbers, which no pattern would answer."""
    users = (trunk.contact_user or "" for trunk in trunks)
    names = [user for user in users if user and user != "s" and not user.lstrip("+")[:1].isdigit()]
    return list(dict.fromkeys(names))


@attrs.frozen
class BusyLamps:
    """Lamps that show on one phone whether another is busy."""

    context: str = attrs.field(default="subscribe", validator=check.one_word)
    """The context of the hints."""

    def contribute(self, plan: Plan) -> None:
        """Add one hint for each phone that has a number."""
        plan.needs("presence")
        plan.subscribe_context = self.context
        context = plan.context(
            self.context,
            "What phones may watch with their BLF keys: one hint for each phone there is.",
        )
        for number, extension in plan.numbers().items():
            context.hint(number, f"PJSIP/{extension.name}", what=f"extension {extension.name}")


@attrs.frozen
class MusicOnHold:
    """Music for those on hold; without it they hear nothing. It needs sound files of its own."""

    directory: str = attrs.field(default="moh", validator=check.one_word)
    """Folder with the files, within Asterisk's folder of data if it is not absolute."""

    def contribute(self, plan: Plan) -> None:
        """Add the class `default`."""
        plan.needs("music")
        file = plan.file("musiconhold.conf", "musiconhold.conf: what those on hold hear.")
        file.section("general")
        section = file.section("default", "All files of the folder, in any order.")
        section.set("mode", "files")
        section.set("directory", self.directory)
        section.set("sort", "random")


FEATURES: Final[dict[str, type[Any]]] = {
    "guards": Guards,
    "busy_lamps": BusyLamps,
    "incoming_calls": IncomingCalls,
    "emergency_calls": EmergencyCalls,
    "intercom": Intercom,
    "local_calls": LocalCalls,
    "voicemail_menu": VoicemailMenu,
    "outgoing_calls": OutgoingCalls,
    "music_on_hold": MusicOnHold,
}
"""The features by the name that a TOML file uses, in the order in which files show them."""

EXTRA: Final = ("music_on_hold",)
"""Features that a house gets only when it asks for them."""


def usual_features(*, without: Collection[str] = ()) -> tuple[Feature, ...]:
    """Return the features that a house has unless it says otherwise, with their usual numbers.

    `without` leaves some out, by the name that a TOML file uses, such as `intercom`.
    """
    return tuple(kind() for name, kind in FEATURES.items() if name not in (*EXTRA, *without))
