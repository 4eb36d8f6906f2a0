"""pjsip.conf, pjsip_wizard.conf, dnsmgr.conf: transports, trunks, extensions."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

import attrs

from asterconf.bind.writing import options_of
from asterconf.home.plan import HEADER, HOME_CONTEXT, LINE, PSTN_CONTEXT, Plan, setting
from asterconf.home.writing import FilePlan, SectionPlan, sample
from asterconf.model import Extension, Trunk
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
