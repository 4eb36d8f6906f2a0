"""The files of a home: PJSIP, dnsmgr.conf, RTP, voicemail, queues, and those of a bare Asterisk."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from asterconf.bind.writing import options_of
from asterconf.home.plan import HEADER, HOME_CONTEXT, LINE, PSTN_CONTEXT, Plan, setting
from asterconf.home.writing import FilePlan, Pair, SectionPlan, sample
from asterconf.model import Extension, Queue, Trunk
from asterconf.model.home import is_address
from asterconf.model.values import Setting

FOREVER: Final = 4294967295

TRUNK_DEFAULTS: Final[dict[str, Any]] = {
    "context": PSTN_CONTEXT,
    "sends_auth": True,
    "sends_registrations": True,
    "qualify_frequency": 30,
    "rtp_symmetric": True,
    "rewrite_contact": True,
    "send_rpid": True,
    "direct_media": False,
    "media_encryption": "no",
    "max_retries": FOREVER,
    "auth_rejection_permanent": False,
}
"""Defaults of a trunk; most of them stand in the template."""

EXTENSION_DEFAULTS: Final[dict[str, Any]] = {
    "context": HOME_CONTEXT,
    "max_contacts": 1,
    "remove_existing": True,
}
"""Defaults of an extension, where neither it nor its phone says otherwise."""

_LOOKED_UP: Final = (
    "\nA name is looked up when Asterisk loads: if that fails, calls from outside are refused "
    "until the next reload."
)
_UNCHECKED: Final = (
    "\nNot checked now and then: the checks of a mobile phone fail where its signal is poor, and "
    "each of them wakes it up."
)


def write_pjsip(plan: Plan) -> None:
    """Plan pjsip.conf: a UDP and a TCP transport from one template."""
    plan.needs("sip")
    network = plan.network
    file = plan.file("pjsip.conf")
    by_header = any(setting(trunk, HEADER) for trunk in plan.trunks)
    file.like("global", order="username,header,ip" if by_header else "username,ip")
    again = "\nThe name is looked up again and again, see dnsmgr.conf."
    file.like(
        "transport-defaults",
        bind=network.bind,
        tos="cs3" if network.qos else "",
        cos="3" if network.qos else "",
        local_networks=[*network.local_networks],
        external_address=network.external_address,
        looked_up=again if network.is_dynamic else "",
    )
    for name in network.transports:
        file.like("transport", name, protocol=name.removeprefix("transport-"))
        if name == "transport-tls" and network.tls:
            host = f"[{network.host}]" if ":" in network.host else network.host
            bind, verify = f"{host}:{network.tls.port}", "yes" if network.tls.authorities else ""
            file.like("tls", name, bind=bind, verify=verify, **attrs.asdict(network.tls))
    if network.is_dynamic:
        address = network.external_address
        names = plan.file("dnsmgr.conf", external_address=address)
        names.whole(refresh_seconds=network.refresh_seconds)


def write_wizard(plan: Plan) -> None:
    """Plan pjsip_wizard.conf: a template and a section for each trunk and each extension."""
    file = plan.file("pjsip_wizard.conf")
    if plan.trunks:
        usual = Trunk("usual", **{**TRUNK_DEFAULTS, "context": None}, codecs=plan.country.codecs)
        marks = (("endpoint/tos_audio", "ef"), ("endpoint/cos_audio", "5"))
        shared = [*(one for one in options_of(usual) if one[1]), ("endpoint/identify_by", "ip")]
        defaults = file.like(
            "trunk-defaults", "", [*shared, *(marks if plan.network.qos else ())]
        ).values
        for index, trunk in enumerate(plan.trunks):
            _write_trunk(file, trunk, defaults).path = f"trunks[{index}]"
    if plan.extensions:
        defaults = file.like(
            "extension-defaults",
            mwi="yes" if any(extension.mailbox for extension in plan.extensions) else "",
            codecs=",".join(("!all", "g722", *plan.country.codecs)),
            group="home" if plan.has_pickup else "",
            subscribe_context=plan.subscribe_context,
            tos="ef" if plan.network.qos else "",
            cos="5" if plan.network.qos else "",
        ).values
        for index, extension in enumerate(plan.extensions):
            _write_extension(file, extension, defaults).path = f"extensions[{index}]"


def _write_trunk(file: FilePlan, trunk: Trunk, defaults: Mapping[str, str]) -> SectionPlan:
    header, by_line = setting(trunk, HEADER), setting(trunk, LINE) == "yes"
    left = {HEADER, "identify/match" if by_line else LINE}
    own = [one for one in _own(options_of(trunk), defaults) if one[0] not in left]
    last, further = dict(own), {one.name for one in trunk.extra if "/" in one.name}
    options = [  # of a setting that is passed on every line counts, else the last
        (name, value)
        for name, value in own
        if (Setting(name, value) in trunk.extra if name in further else last[name] == value)
    ]
    first = [line.name for line in sample(file.name).sections["trunk"].planned]
    named = all(is_address(host.partition("/")[0]) for host in trunk.match or ())
    section = file.like(
        "trunk",
        trunk.name,
        [one for one in options if one[0] in first],
        name=trunk.name,
        looked_up="" if named else _LOOKED_UP,
    )
    if header:
        file.like("by-header", trunk.name, header=header, match=trunk.match)
    file.like("own", trunk.name, [one for one in options if one[0] not in first])
    return section


def _write_extension(
    file: FilePlan, extension: Extension, defaults: Mapping[str, str]
) -> SectionPlan:
    options = [*_own(options_of(extension), defaults)]
    if extension.auth_user is None:
        options.insert(0, ("accepts_auth", "no"))
    return file.like(
        "extension",
        extension.name,
        options,
        number=extension.number or extension.name,
        called=extension.callerid.name or "a phone",
        kind=f", {extension.phone}" if extension.phone is not None else "",
        unchecked="" if extension.qualify_frequency else _UNCHECKED,
    )


def _own(
    options: Iterable[tuple[str, str]], defaults: Mapping[str, str]
) -> Iterator[tuple[str, str]]:
    """Yield the options that the template lacks, or has another value for."""
    for name, value in options:
        if value and name != "type" and defaults.get(name) != value:
            yield name, value


# -- queues, voicemail, rtp, and what a bare Asterisk needs ---------------------------------------


def write_rtp(plan: Plan) -> None:
    """Plan rtp.conf; the ports stand in `[general]` itself, where the first line counts."""
    low, high = plan.network.rtp_ports
    plan.file("rtp.conf").whole(low=low, high=high)


def write_voicemail(plan: Plan) -> None:
    """Plan voicemail.conf: what holds for all boxes, the time zone, the boxes."""
    if not plan.mailboxes:
        return
    plan.needs("voicemail")
    file = plan.file("voicemail.conf")
    settings = attrs.asdict(plan.voicemail)
    clock = "IMp" if plan.country.region == "US" else "R"
    file.like("general", **settings)
    file.like("zonemessages", clock=clock, **settings)
    for box in plan.mailboxes:
        file.like("boxes", box.context, options_of(box))


def write_queues(plan: Plan) -> None:
    """Plan queues.conf: one section for each queue, without a template."""
    if not plan.queues:
        return
    plan.needs("queue")
    file = plan.file("queues.conf")
    file.like("general")
    always = [line.name for line in sample(file.name).sections["queue"].planned]
    for index, queue in enumerate(plan.queues):
        section = file.like("queue", queue.name, _queue(queue, always), name=queue.name)
        section.path = f"queues[{index}]"


def _queue(queue: Queue, always: list[str]) -> Iterator[Pair]:
    """Yield the options of a queue: those of the sample in any case, others where they are set."""
    for field in Queue.option_fields():
        value = getattr(queue, field.name)
        if field.key in always or value not in {None, field.default}:
            yield field.key, value
    yield from ((setting.name, setting.value) for setting in queue.unknown)
    for member in queue.members:
        yield from options_of(member)


# -- a bare Asterisk --------------------------------------------------------------------------

_BARE: Final = (
    "asterisk.conf", "logger.conf", "indications.conf", "cdr.conf", "acl.conf", "ccss.conf",
    "cel.conf", "features.conf", "pjproject.conf", "queuerules.conf", "udptl.conf",
)  # fmt: skip
"""Files that are opened in any case."""


def write_complete(plan: Plan) -> None:
    """Plan the files that a bare Asterisk needs beside the home's own."""
    tones, region = plan.country.tones, plan.country.region
    words = {
        "language": plan.country.language,
        "country": (region or "XX").lower(),
        "region": region or "ITU-T E.180",
        "stutter": "".join(f"!{tones.dial}/100,!0/100," for _ in range(3)) + tones.dial,
        **attrs.asdict(tones),
    }
    for name in _BARE:
        plan.file(name).whole(**words)
    _modules(plan)


def _modules(plan: Plan) -> None:
    """Plan modules.conf; a need that is no section of the sample is the name of a module."""
    file = plan.file("modules.conf")
    file.like("modules")
    known = sample(file.name).sections
    needs = [need for need in known if need in ("core", *plan.modules)]
    for need in needs:
        file.like(need, "modules")
    there = {line.value for need in needs for line in known[need].planned}
    asked = dict.fromkeys(f"{one}.so" for one in plan.modules if one not in known)
    file.like("others", "modules", modules=[one for one in asked if one not in there])
