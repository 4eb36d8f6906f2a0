"""rtp.conf, voicemail.conf, queues.conf: sound, messages, ringing together."""

from __future__ import annotations

import attrs

from asterconf.home.plan import Plan
from asterconf.home.text import FilePlan, SectionPlan, Value, word
from asterconf.model import Mailbox, Queue, QueueMember

__all__ = ["write_queues", "write_rtp", "write_voicemail"]

_ZONE = "home"


def write_rtp(plan: Plan) -> None:
    """Plan rtp.conf; the ports stand in `[general]` itself, where the first line counts."""
    low, high = plan.network.rtp_ports
    file = plan.file("rtp.conf", "rtp.conf: the ports for sound.")
    section = file.section("general")
    section.set(
        "rtpstart", low, f"The router forwards these UDP ports, {low} to {high}, to this machine."
    )
    section.set("rtpend", high)


def write_voicemail(plan: Plan) -> None:
    """Plan voicemail.conf: what holds for all boxes, the time zone, the boxes."""
    if not plan.mailboxes:
        return
    plan.needs("voicemail")
    file = plan.file(
        "voicemail.conf",
        "voicemail.conf: voicemail boxes.\n"
        "Mail goes out through this machine's own mail server, which must be set up apart.",
    )
    _voicemail_general(plan, file.section("general"))
    zones = file.section("zonemessages", "How the time of a message is said.")
    zones.set(_ZONE, f"{plan.voicemail.time_zone}|'vm-received' Q 'digits/at' IMp")
    for box in plan.mailboxes:
        section = file.section(
            box.context, "The boxes: number => PIN at the start, name, e-mail, pager, options."
        )
        section.private = True
        section.set(box.number, _box_line(box), arrow=True)


def _voicemail_general(plan: Plan, section: SectionPlan) -> None:
    settings = plan.voicemail
    rows: tuple[tuple[str, Value, str], ...] = (
        ("format", "wav49|gsm|wav", "Formats a message is kept in; the first one is mailed."),
        ("attach", "yes", "Mails carry the message itself."),
        ("serveremail", settings.from_address, ""),
        ("emailsubject", settings.subject, ""),
        ("emailbody", settings.body, ""),
        ("emaildateformat", settings.date_format, ""),
        ("locale", settings.locale, ""),
        ("tz", _ZONE, "The zone defined below."),
        (
            "passwordlocation",
            "spooldir",
            "A PIN changed by phone is kept with the messages, and this file as it is.",
        ),
        ("minpassword", 4, "Digits a new PIN must have."),
        ("maxlogins", 3, "Wrong PINs before the call ends."),
        ("maxmsg", settings.max_messages, "Messages a box holds."),
        ("maxsecs", settings.max_seconds, "Longest message, longest greeting: seconds."),
        ("maxgreet", 60, ""),
        (
            "maxsilence",
            10,
            "Seconds of silence that end a message; what is silence, lower is quieter.",
        ),
        ("silencethreshold", 128, ""),
        ("skipms", 3000, "Milliseconds that the keys for back and forth skip."),
    )
    for option, value, comment in rows:
        if value != "":
            section.set(option, value, comment)


def _box_line(box: Mailbox) -> str:
    pin = box.initial_pin.reveal() if box.initial_pin else ""
    fields = [pin, box.name, box.email, box.pager, "|".join(box.options)]
    return ",".join(fields).rstrip(",")


def write_queues(plan: Plan) -> None:
    """Plan queues.conf: one section for each queue, without a template."""
    if not plan.queues:
        return
    plan.needs("queue")
    file = plan.file("queues.conf", "queues.conf: numbers that ring several phones.")
    general = file.section("general")
    rows: tuple[tuple[str, Value, str], ...] = (
        ("persistentmembers", "yes", "Members added by phone survive a restart."),
        ("autofill", "yes", "Callers are connected side by side, not one after the other."),
        ("monitor-type", "MixMonitor", ""),
        ("shared_lastcall", "yes", "A rest after a call counts for all queues of a phone."),
        ("log_membername_as_agent", "yes", "Logs show names, not addresses."),
    )
    for option, value, comment in rows:
        general.set(option, value, comment)
    for queue in plan.queues:
        _write_queue(file, queue)


_COMMENTS = {
    "strategy": "ringall: all phones at once.",
    "timeout": "Seconds one attempt rings a phone. How long the caller waits in all is said in "
    "extensions.conf, in the call of Queue().",
    "announce-frequency": "No word about place and time; the caller hears ringing.",
    "joinempty": "Callers may come in, and stay, while no phone is registered.",
    "ringinuse": "Ring phones that are on another call, too.",
}
_ALWAYS = (
    "strategy", "timeout", "announce_frequency", "announce_holdtime", "announce_position",
    "periodic_announce_frequency", "joinempty", "leavewhenempty", "ringinuse",
)  # fmt: skip
_DASHED = ("announce_frequency", "announce_holdtime", "announce_position",
           "periodic_announce_frequency")  # fmt: skip


def _write_queue(file: FilePlan, queue: Queue) -> None:
    section = file.section(queue.name, f"The queue {queue.name}.")
    usual = _home_words(queue)
    fields = {field.name: field.default for field in attrs.fields(Queue)}
    names = [*_ALWAYS, *(name for name in fields if name not in _ALWAYS)]
    for name in names:
        value = getattr(queue, name)
        if name in ("name", "members") or (name not in _ALWAYS and value == fields[name]):
            continue
        option = name.replace("_", "-") if name in _DASHED else name
        section.set(option, value, _COMMENTS.get(option, "") if option in usual else "")
    comment = "Members: address, penalty, name, and the device whose lamp says that it is busy."
    for member in queue.members:
        section.set("member", _member(member), comment, arrow=True)
        comment = ""


def _home_words(queue: Queue) -> set[str]:
    """Return the options whose usual comment is true of this queue."""
    true = {"timeout"}
    if queue.strategy == "ringall":
        true.add("strategy")
    if not queue.announce_frequency and not queue.periodic_announce_frequency:
        true.add("announce-frequency")
    if queue.joinempty == "yes" and queue.leavewhenempty == "no":
        true.add("joinempty")
    if queue.ringinuse:
        true.add("ringinuse")
    return true


def _member(member: QueueMember) -> str:
    fields = [
        member.interface,
        str(member.penalty),
        _quoted(member.name),
        member.state_interface,
        *("" if value is None else word(value) for value in _tail(member)),
    ]
    return ",".join(fields).rstrip(",")


def _tail(member: QueueMember) -> tuple[bool | int | None, ...]:
    return member.ringinuse, member.wrapuptime, member.paused


def _quoted(text: str) -> str:
    """Return a field of a `member` line, with quotes around a comma."""
    if not any(char in text for char in ',"\\()[]'):
        return text
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'
