"""pjsip.conf, pjsip_wizard.conf, dnsmgr.conf: transports, trunks, extensions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from asterconf.bind.writing import options_of
from asterconf.home.plan import (
    HEADER,
    HOME_CONTEXT,
    LINE,
    PSTN_CONTEXT,
    FilePlan,
    Plan,
    SectionPlan,
    setting,
)
from asterconf.model import Extension, Trunk
from asterconf.model.home import Network, Tls, is_address

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

_TRUNKS: Final = {
    "sends_auth": "We prove who we are when the provider asks.",
    "sends_registrations": "We tell the provider where to find us, and keep it told.",
    "registration/max_retries": "A failed registration is tried again for ever, also after a "
    "refused password.",
    "aor/qualify_frequency": "Every 30 seconds, see whether the provider is there.",
    "endpoint/allow": "What the telephone network here speaks, and no other codec.",
    "endpoint/direct_media": "Sound goes through Asterisk: a provider cannot reach a phone behind "
    "NAT.",
    "endpoint/rtp_symmetric": "Across NAT, answer to where sound and requests really come from.",
    "endpoint/send_rpid": "Some providers read the caller id from Remote-Party-ID only; sound is "
    "not encrypted.",
    "endpoint/identify_by": "By its address only: it has no password here, and a name alone proves "
    "nothing.",
    "endpoint/tos_audio": "Marks for routers, for sound.",
}
"""Comments in the template of the trunks."""

_TRUNK: Final = {
    "transport": "",
    "remote_hosts": "",
    "identify/match": "The provider's calls are known by where they come from. Without this line "
    "the port of remote_hosts would count, too, and over TCP a call may come from any.",
    "endpoint/context": "Where calls from outside go in extensions.conf.",
    "outbound_auth/username": "The account with the provider.",
    "outbound_auth/password": "",
    "registration/contact_user": "The number under which the provider shall call us.",
}
"""What a trunk's own section begins with, and the comments; further options follow."""

_LOOKED_UP: Final = (
    "\nA name is looked up when Asterisk loads: if that fails, calls from outside are refused "
    "until the next reload."
)
_KNOWN_BY_LINE: Final = (
    "The provider's calls are known by a word that our registration carries, and that it hands "
    "back: nothing is looked up for that, and another trunk may lead to the same host."
)
_KNOWN_BY_HEADER: Final = (
    "The provider's calls are known by this header, as another trunk leads to the same host. "
    "Anybody can write a header, so only the provider's addresses may call."
)

_PHONES: Final = {
    "accepts_registrations": "Phones register, and prove who they are.",
    "endpoint/identify_by": "By its user, wherever it calls from; then it has to prove that it is "
    "the one.",
    "aor/remove_existing": "A phone that comes back from a new address takes the place of the old "
    "one.",
    "endpoint/mwi_subscribe_replaces_unsolicited": "Phones are told about messages whether they "
    "ask for it or not, and not twice.",
    "endpoint/allow": "Within the home, wide-band sound first; then for calls to the outside.",
    "endpoint/named_call_group": "Phones may take over each other's calls.",
    "endpoint/subscribe_context": "Where in extensions.conf the lamps of BLF keys are looked up.",
    "endpoint/tos_audio": "Marks for routers, for sound.",
}
"""Comments in the template of the extensions."""

_UNCHECKED: Final = (
    "\nNot checked now and then: the checks of a mobile phone fail where its signal is poor, and "
    "each of them wakes it up."
)
Options = dict[str, str]


def write_pjsip(plan: Plan) -> None:
    """Plan pjsip.conf: a UDP and a TCP transport from one template."""
    plan.needs("sip")
    network = plan.network
    file = plan.file(
        "pjsip.conf",
        "pjsip.conf: the sockets that SIP is spoken on.\n"
        "Phones and providers are in pjsip_wizard.conf. A change of a transport takes a restart of "
        "Asterisk, a reload is not enough.",
    )
    by_header = any(setting(trunk, HEADER) for trunk in plan.trunks)
    world = file.section(
        "global",
        "Who sends a request is told by its user first, then by its address, so that a phone is "
        "known even where it shares an address with the provider.",
    )
    world.set("type", "global")
    world.set("endpoint_identifier_order", "username,header,ip" if by_header else "username,ip")
    _transport_defaults(plan, file)
    for name in network.transports:
        section = file.section(name, templates=("transport-defaults",))
        section.set("protocol", name.removeprefix("transport-"))
        if name == "transport-tls" and network.tls:
            _tls(section, network, network.tls)
    if network.is_dynamic:
        _name_refresh(plan, network)


def _transport_defaults(plan: Plan, file: FilePlan) -> None:
    network = plan.network
    base = file.section(
        "transport-defaults", "What the transports have in common.", is_template=True
    )
    base.set("type", "transport")
    base.set("bind", network.bind)
    if network.qos:
        base.set("tos", "cs3", "Marks for routers that let telephony pass first.")
        base.set("cos", 3)
    comment = "Networks that are reached without NAT: there, addresses are left as they are."
    for local in network.local_networks:
        base.set("local_net", local, comment)
        comment = ""
    if network.external_address:
        again = "\nThe name is looked up again and again, see dnsmgr.conf."
        base.set(
            "external_media_address",
            network.external_address,
            "Everybody else is told the public address, for sound and for SIP."
            + (again if network.is_dynamic else ""),
        )
        base.set("external_signaling_address", network.external_address)


def _tls(section: SectionPlan, network: Network, tls: Tls) -> None:
    host = f"[{network.host}]" if ":" in network.host else network.host
    section.set("bind", f"{host}:{tls.port}")
    section.set("method", "sslv23", "In spite of its name this allows TLS 1.2 and 1.3 only.")
    section.set("cert_file", tls.certificate, "The certificate of this PBX, and its key.")
    section.set("priv_key_file", tls.key)
    if tls.authorities:
        section.set(
            "ca_list_file", tls.authorities, "Providers must show a certificate of one of these."
        )
        section.set("verify_server", "yes")


def _name_refresh(plan: Plan, network: Network) -> None:
    file = plan.file(
        "dnsmgr.conf",
        "dnsmgr.conf: names that are looked up again and again.\n"
        f"{network.external_address} must lead to the public address of the home: let the router "
        "or a dynamic DNS service see to that.",
    )
    section = file.section("general")
    section.set("enable", "yes")
    section.set(
        "refreshinterval",
        network.refresh_seconds,
        "Seconds between two look-ups: as long may calls fail after the address has changed.",
    )


def write_wizard(plan: Plan) -> None:
    """Plan pjsip_wizard.conf: a template and a section for each trunk and each extension."""
    file = plan.file(
        "pjsip_wizard.conf",
        "pjsip_wizard.conf: the providers and the phones.\n"
        "Each section stands for a handful of PJSIP objects, which Asterisk makes when it loads.",
    )
    if plan.trunks:
        defaults = _trunk_defaults(plan, file)
        for index, trunk in enumerate(plan.trunks):
            _write_trunk(file, trunk, defaults).path = f"trunks[{index}]"
    if plan.extensions:
        defaults = _extension_defaults(plan, file)
        for index, extension in enumerate(plan.extensions):
            _write_extension(file, extension, defaults).path = f"extensions[{index}]"


def _template(plan: Plan, file: FilePlan, name: str, comment: str, options: Options,
              comments: Mapping[str, str]) -> Options:  # fmt: skip
    """Write a template, and return what it says."""
    if plan.network.qos:
        options |= {"endpoint/tos_audio": "ef", "endpoint/cos_audio": "5"}
    section = file.section(name, comment, is_template=True)
    section.set("type", "wizard")
    for option, value in options.items():
        section.set(option, value, comments.get(option, ""))
    return options


def _trunk_defaults(plan: Plan, file: FilePlan) -> Options:
    usual = Trunk("usual", **{**TRUNK_DEFAULTS, "context": None})
    usual = attrs.evolve(usual, codecs=plan.country.codecs)
    options = {**_options(usual), "endpoint/identify_by": "ip"}
    what = "What all providers have in common."
    return _template(plan, file, "trunk-defaults", what, options, _TRUNKS)


def _write_trunk(file: FilePlan, trunk: Trunk, defaults: Options) -> SectionPlan:
    section = file.section(trunk.name, f"Provider {trunk.name}.", templates=("trunk-defaults",))
    comments = dict(_TRUNK)
    if not all(is_address(host.partition("/")[0]) for host in trunk.match or ()):
        comments["identify/match"] += _LOOKED_UP
    options = _options(trunk)
    header, line = options.pop(HEADER, ""), options.pop(LINE, "no")
    if line == "yes":
        options.pop("identify/match", None)
    for option in [*_TRUNK]:
        if option in options:
            section.set(option, options.pop(option), comments[option])
        if option == "remote_hosts" and line == "yes":
            section.set(LINE, "yes", _KNOWN_BY_LINE)
    if header:
        section.set(HEADER, header, _KNOWN_BY_HEADER)
        section.set("endpoint/identify_by", "header")
        section.set("endpoint/deny", "0.0.0.0/0.0.0.0")
        section.set("endpoint/permit", trunk.match or ())
    _write_own(section, options.items(), defaults, "Unlike the other providers:")
    return section


def _extension_defaults(plan: Plan, file: FilePlan) -> Options:
    options = {
        "accepts_registrations": "yes",
        "accepts_auth": "yes",
        "endpoint/identify_by": "username",
        "aor/remove_existing": "yes",
    }
    if any(extension.mailbox for extension in plan.extensions):
        options["endpoint/mwi_subscribe_replaces_unsolicited"] = "yes"
    options["endpoint/allow"] = ",".join(("!all", "g722", *plan.country.codecs))
    if plan.has_pickup:
        options |= dict.fromkeys(
            ("endpoint/named_call_group", "endpoint/named_pickup_group"), "home"
        )
    if plan.subscribe_context:
        options["endpoint/subscribe_context"] = plan.subscribe_context
    what = "What all phones have in common."
    return _template(plan, file, "extension-defaults", what, options, _PHONES)


def _write_extension(file: FilePlan, extension: Extension, defaults: Options) -> SectionPlan:
    called = extension.callerid.name or "a phone"
    kind = f", {extension.phone}" if extension.phone is not None else ""
    unchecked = "" if extension.qualify_frequency else _UNCHECKED
    section = file.section(
        extension.name,
        f"Extension {extension.number or extension.name}: {called}{kind}.{unchecked}",
        templates=("extension-defaults",),
    )
    if extension.auth_user is None:
        section.set("accepts_auth", "no")
    _write_own(section, options_of(extension), defaults, "")
    return section


def _options(obj: Trunk) -> Options:
    """Return what a section of its own would say, empty values and its type apart."""
    return {name: value for name, value in options_of(obj) if value and name != "type"}


def _write_own(
    section: SectionPlan, options: Iterable[tuple[str, str]], defaults: Options, comment: str
) -> None:
    """Write the options that the template lacks, or has another value for."""
    for option, value in options:
        if value and option != "type" and defaults.get(option) != value:
            section.set(option, value, comment)
            comment = ""
