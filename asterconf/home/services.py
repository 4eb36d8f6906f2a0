"""The files of every service but SIP, and what a bare Asterisk needs beside them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Final

import attrs

from asterconf.bind.writing import options_of
from asterconf.home.plan import FilePlan, Plan, SectionPlan, Value
from asterconf.model import Queue

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
    clock = "IMp" if plan.country.region == "US" else "R"
    zones.set(_ZONE, f"{plan.voicemail.time_zone}|'vm-received' Q 'digits/at' {clock}")
    for box in plan.mailboxes:
        section = file.section(
            box.context, "The boxes: number => PIN at the start, name, e-mail, pager, options."
        )
        section.set(*options_of(box)[0], arrow=True)


def _voicemail_general(plan: Plan, section: SectionPlan) -> None:
    settings = plan.voicemail
    rows: tuple[tuple[str, Value, str], ...] = (
        ("format", "wav49|gsm|wav", "Formats a message is kept in; the first one is mailed."),
        ("attach", "yes", "Mails carry the message itself."),
        ("serveremail", settings.from_address, ""),
        ("emailsubject", settings.subject, ""),
        ("emailbody", settings.body, ""),
        ("emaildateformat", settings.date_format or "", ""),
        ("locale", settings.locale or "", ""),
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
        ("shared_lastcall", "yes", "A rest after a call counts for all queues of a phone."),
        ("log_membername_as_agent", "yes", "Logs show names, not addresses."),
    )
    for option, value, comment in rows:
        general.set(option, value, comment)
    for index, queue in enumerate(plan.queues):
        _write_queue(file, queue).path = f"queues[{index}]"


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


def _write_queue(file: FilePlan, queue: Queue) -> SectionPlan:
    section = file.section(queue.name, f"The queue {queue.name}.")
    usual = _commented(queue)
    fields = {field.name: field for field in Queue.option_fields()}
    for name in dict.fromkeys([*_ALWAYS, *fields]):
        value, option = getattr(queue, name), fields[name].key
        if name in _ALWAYS or value not in {None, fields[name].default}:
            section.set(option, value, _COMMENTS.get(option, "") if option in usual else "")
    for setting in queue.unknown:
        section.set(setting.name, setting.value)
    comment = "Members: address, penalty, name, and the device whose lamp says that it is busy."
    for member in queue.members:
        section.set(*options_of(member)[0], comment, arrow=True)
        comment = ""
    return section


def _commented(queue: Queue) -> set[str]:
    """Return the options whose comment is true of this queue."""
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


# -- a bare Asterisk --------------------------------------------------------------------------

NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "core": (
        "pbx_config",
        "app_dial",
        "app_stack",
        "app_exec",
        "app_playback",
        "func_callerid",
        "func_channel",
        "func_logic",
        "func_strings",
        "res_timing_timerfd",
        "bridge_builtin_features",
        "bridge_builtin_interval_features",
        "bridge_holding",
        "bridge_native_rtp",
        "bridge_simple",
        "bridge_softmix",
        "chan_bridge_media",
        "codec_alaw",
        "codec_g722",
        "codec_gsm",
        "codec_resample",
        "codec_ulaw",
        "format_gsm",
        "format_pcm",
        "format_sln",
        "format_wav",
        "format_wav_gsm",
        "res_clioriginate",
        "res_security_log",
        "cdr_csv",
    ),
    "sip": (
        "chan_pjsip",
        "res_pjproject",
        "res_pjsip",
        "res_pjsip_acl",
        "res_pjsip_authenticator_digest",
        "res_pjsip_caller_id",
        "res_pjsip_config_wizard",
        "res_pjsip_dtmf_info",
        "res_pjsip_endpoint_identifier_ip",
        "res_pjsip_endpoint_identifier_user",
        "res_pjsip_header_funcs",
        "res_pjsip_logger",
        "res_pjsip_nat",
        "res_pjsip_path",
        "res_pjsip_pubsub",
        "res_pjsip_refer",
        "res_pjsip_registrar",
        "res_pjsip_rfc3326",
        "res_pjsip_sdp_rtp",
        "res_pjsip_session",
        "res_pjsip_mwi",
        "res_pjsip_mwi_body_generator",
        "res_rtp_asterisk",
        "res_sorcery_astdb",
        "res_sorcery_config",
        "res_sorcery_memory",
        "res_srtp",
    ),
    "trunk": ("res_pjsip_outbound_authenticator_digest", "res_pjsip_outbound_registration"),
    "presence": (
        "res_pjsip_dialog_info_body_generator",
        "res_pjsip_outbound_publish",  # exten_state does not load without it
        "res_pjsip_exten_state",
        "res_pjsip_pidf_body_generator",
        "res_pjsip_pidf_digium_body_supplement",
        "res_pjsip_pidf_eyebeam_body_supplement",
        "res_pjsip_xpidf_body_generator",
    ),
    "queue": ("app_queue",),
    "page": ("app_page",),
    "conference": ("app_confbridge",),
    "parking": ("res_parking",),
    "music": ("res_musiconhold",),
    "voicemail": ("app_voicemail",),
}
"""For each thing that a feature may ask for, the modules that it takes."""


def _modules_for(needs: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is needed and the modules for it, `core` first; no module comes twice.

    What is no key of `NEEDS` is the name of a module, and is put under `others`.
    """
    asked = ["core", *needs]
    found = [(need, NEEDS[need]) for need in NEEDS if need in asked]
    known = {module for _, modules in found for module in modules}
    others = [need for need in dict.fromkeys(asked) if need not in NEEDS and need not in known]
    return [*found, ("others", tuple(others))] if others else found


_NEEDED_BY: Final = {
    "core": "What every PBX of this kind needs.",
    "sip": "SIP, and the sound that goes with it.",
    "trunk": "Registering with a provider and answering its challenges.",
    "presence": "Lamps that show who is busy.",
    "queue": "Ringing several phones at once.",
    "page": "The intercom: Page() speaks through conference bridges.",
    "conference": "Conference bridges.",
    "parking": "Parking calls.",
    "music": "Music for those on hold.",
    "voicemail": "Voicemail.",
    "others": "Asked for by features of this home.",
}

_EMPTY: Final = (
    ("acl.conf", "named lists of addresses"),
    ("ccss.conf", "calling back when a busy line is free"),
    ("cel.conf", "records of what happens within calls"),
    ("features.conf", "keys pressed during a call"),
    ("pjproject.conf", "the SIP library's own messages"),
    ("queuerules.conf", "rules for who is rung in a queue"),
    ("udptl.conf", "fax over IP"),
)
"""Files that are opened in any case, and what they are about."""


def write_complete(plan: Plan) -> None:
    """Plan the files that a bare Asterisk needs beside the home's own."""
    for write in _WRITERS:
        write(plan)


def _asterisk(plan: Plan) -> None:
    file = plan.file(
        "asterisk.conf",
        "asterisk.conf: the program itself. Its folders are the ones it was compiled with.",
    )
    section = file.section("options")
    language = plan.country.language
    comment = f"Prompts are taken from sounds/{language}, so unpack them there."
    section.set("defaultlanguage", language, comment)


def _logger(plan: Plan) -> None:
    file = plan.file("logger.conf", "logger.conf: what is logged, and where.")
    file.section("general").set("dateformat", "%F %T", "Date and time as 2030-01-31 23:59:59.")
    section = file.section("logfiles")
    section.set(
        "console",
        "notice,warning,error",
        "On the console, and in a file beside the others.",
        arrow=True,
    )
    section.set("messages.log", "notice,warning,error", arrow=True)
    section.set(
        "security.log",
        "security",
        "Who failed to log in, for tools that block attackers.",
        arrow=True,
    )


def _modules(plan: Plan) -> None:
    file = plan.file(
        "modules.conf",
        "modules.conf: what is loaded. Only what this PBX uses: a module that is not there has no "
        "holes and asks for no file.",
    )
    section = file.section("modules")
    section.set("autoload", "no")
    for need, modules in _modules_for(plan.modules):
        comment = _NEEDED_BY[need]
        for module in modules:
            section.set("load", f"{module}.so", comment)
            comment = ""


def _indications(plan: Plan) -> None:
    file = plan.file(
        "indications.conf", "indications.conf: how dial tone, ringing and busy sound, by country."
    )
    country = (plan.country.region or "XX").lower()
    file.section("general").set("country", country)
    section = file.section(country, "Frequencies in Hz / milliseconds; ! plays a tone once.")
    tones = plan.country.tones
    stutter = "".join(f"!{tones.dial}/100,!0/100," for _ in range(3)) + tones.dial
    info = "!950/330,!1400/330,!1800/330,0"
    section.set("description", f"Tones of {plan.country.region or 'ITU-T E.180'}")
    for field in attrs.fields(type(tones)):
        section.set(field.name, getattr(tones, field.name))
    for name, value in (("dialrecall", stutter), ("record", "1400/500,0/15000"),
                        ("info", info), ("stutter", stutter)):  # fmt: skip
        section.set(name, value)


def _records(plan: Plan) -> None:
    file = plan.file("cdr.conf", "cdr.conf: records of calls, a line each in cdr-csv/Master.csv.")
    file.section("general").set("enable", "yes")
    csv = file.section("csv")
    csv.set("usegmtime", "no", "In local time.")
    csv.set("loguniqueid", "yes")


def _defaults(plan: Plan) -> None:
    for name, what in _EMPTY:
        usual = "Asterisk's defaults will do, but it complains without a file."
        plan.file(name, f"{name}: {what}. {usual}")


_WRITERS: Final[tuple[Callable[[Plan], None], ...]] = (
    _asterisk,
    _modules,
    _logger,
    _indications,
    _records,
    _defaults,
)
