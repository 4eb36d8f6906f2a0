"""pjsip.conf, pjsip_wizard.conf, dnsmgr.conf: transports, trunks, extensions."""

from __future__ import annotations

from typing import Any, Final

from asterconf.home.plan import HOME_CONTEXT, PSTN_CONTEXT, Plan
from asterconf.home.settings import Network, Tls
from asterconf.home.text import FilePlan, SectionPlan, Value, word
from asterconf.model import Extension, Trunk

__all__ = [
    "EXTENSION_DEFAULTS",
    "HEADER",
    "LINE",
    "TRUNK_DEFAULTS",
    "callers",
    "setting",
    "write_pjsip",
    "write_wizard",
]

FOREVER: Final = 4294967295
LINE: Final = "sends_line_with_registrations"
"""The setting of a trunk whose calls are known by a word that the registration carries."""
HEADER: Final = "identify/match_header"
"""The setting of a trunk whose calls are known by a header."""

TRUNK_DEFAULTS: Final[dict[str, Any]] = {
    "context": PSTN_CONTEXT,
    "codecs": ("ulaw",),
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
"""What a trunk means where it says nothing; most of it stands in the template."""

EXTENSION_DEFAULTS: Final[dict[str, Any]] = {
    "context": HOME_CONTEXT,
    "codecs": ("g722", "ulaw"),
    "max_contacts": 1,
    "remove_existing": True,
}
"""What an extension means where neither it nor its phone says anything."""

_KNOWN_BY: Final = (
    "The provider's calls are known by where they come from. Without this line the port of "
    "remote_hosts would count, too, and over TCP a call may come from any."
)
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
_UNCHECKED: Final = (
    "\nNot checked now and then: the checks of a mobile phone fail where its signal is poor, and "
    "each of them wakes it up."
)

Option = tuple[str, Value | None]


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
    host = f"[{network.bind}]" if network.bind.count(":") > 1 else network.bind.partition(":")[0]
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
        f"{network.external_address} must lead to the public address of the house: let the router "
        "or a dynamic DNS service see to that.",
    )
    section = file.section("general")
    section.set("enable", "yes")
    section.set(
        "refreshinterval",
        network.refresh_seconds,
        "Seconds between two look-ups: as long may calls fail after the address has changed.",
    )


def setting(thing: Trunk | Extension, name: str) -> str:
    """Return the value of one of the further settings of a trunk or extension; empty: none."""
    return next((one.value for one in thing.extra if one.name == name), "")


def write_wizard(plan: Plan) -> None:
    """Plan pjsip_wizard.conf: a template and a section for each trunk and each extension."""
    file = plan.file(
        "pjsip_wizard.conf",
        "pjsip_wizard.conf: the providers and the phones.\n"
        "Each section stands for a handful of PJSIP objects, which Asterisk makes when it loads.",
    )
    if plan.trunks:
        defaults = _trunk_defaults(plan, file)
        for trunk in plan.trunks:
            _write_trunk(file, trunk, defaults)
    if plan.extensions:
        defaults = _extension_defaults(plan, file)
        for extension in plan.extensions:
            _write_extension(file, extension, defaults)


def callers(remote_hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses that a provider's calls come from: its hosts without their ports.

    Observed on Asterisk 22.10.1: where `match` names a port, a call from any other is refused.
    """
    hosts = []
    for host in remote_hosts:
        bare = host.partition(";")[0]
        hosts.append(bare[1 : bare.find("]")] if bare.startswith("[") else bare.partition(":")[0])
    return tuple(dict.fromkeys(hosts))


def _set(
    section: SectionPlan, said: dict[str, str], option: str, value: Value, comment: str
) -> None:
    section.set(option, value, comment)
    said[option] = word(value)


def _marks(plan: Plan, section: SectionPlan, said: dict[str, str]) -> None:
    if plan.network.qos:
        _set(section, said, "endpoint/tos_audio", "ef", "Marks for routers, for sound.")
        _set(section, said, "endpoint/cos_audio", 5, "")


def _trunk_defaults(plan: Plan, file: FilePlan) -> dict[str, str]:
    section = file.section("trunk-defaults", "What all providers have in common.", is_template=True)
    said: dict[str, str] = {}
    section.set("type", "wizard")
    for option, value, comment in (
        ("sends_auth", "yes", "We prove who we are when the provider asks."),
        ("sends_registrations", "yes", "We tell the provider where to find us, and keep it told."),
        (
            "registration/max_retries",
            FOREVER,
            "A failed registration is tried again for ever, also after a refused password.",
        ),
        ("registration/auth_rejection_permanent", "no", ""),
        ("aor/qualify_frequency", 30, "Every 30 seconds, see whether the provider is there."),
        (
            "endpoint/rtp_symmetric",
            "yes",
            "Across NAT, answer to where sound and requests really come from.",
        ),
        ("endpoint/rewrite_contact", "yes", ""),
        (
            "endpoint/direct_media",
            "no",
            "Sound goes through Asterisk: a provider cannot reach a phone behind NAT.",
        ),
        (
            "endpoint/send_rpid",
            "yes",
            "Some providers read the caller id from Remote-Party-ID only.",
        ),
        ("endpoint/allow", "!all,ulaw", "ulaw, and no other codec: every provider here has it."),
        ("endpoint/media_encryption", "no", ""),
        (
            "endpoint/identify_by",
            "ip",
            "By its address only: it has no password here, and a name alone proves nothing.",
        ),
    ):
        _set(section, said, option, value, comment)
    _marks(plan, section, said)
    return said


def _write_trunk(file: FilePlan, trunk: Trunk, defaults: dict[str, str]) -> None:
    section = file.section(trunk.name, f"Provider {trunk.name}.", templates=("trunk-defaults",))
    if trunk.transport:
        section.set("transport", trunk.transport)
    section.set("remote_hosts", trunk.remote_hosts)
    if setting(trunk, LINE) == "yes":
        section.set(LINE, "yes", _KNOWN_BY_LINE)
    elif trunk.match:
        named = any(not _numeric(host) for host in trunk.match)
        section.set("identify/match", trunk.match, _KNOWN_BY + (_LOOKED_UP if named else ""))
    section.set(
        "endpoint/context",
        trunk.context or PSTN_CONTEXT,
        "Where calls from outside go in extensions.conf.",
    )
    if trunk.username is not None:
        section.set("outbound_auth/username", trunk.username, "The account with the provider.")
    if trunk.secret is not None:
        section.set("outbound_auth/password", trunk.secret)
    if trunk.contact_user:
        section.set(
            "registration/contact_user",
            trunk.contact_user,
            "The number under which the provider shall call us.",
        )
    options: list[Option] = [
        ("sends_auth", trunk.sends_auth),
        ("sends_registrations", trunk.sends_registrations),
        ("outbound_proxy", trunk.outbound_proxy or None),
        ("registration/max_retries", trunk.max_retries),
        ("registration/auth_rejection_permanent", trunk.auth_rejection_permanent),
        ("aor/qualify_frequency", trunk.qualify_frequency),
        ("endpoint/rtp_symmetric", trunk.rtp_symmetric),
        ("endpoint/rewrite_contact", trunk.rewrite_contact),
        ("endpoint/direct_media", trunk.direct_media),
        ("endpoint/send_rpid", trunk.send_rpid),
        ("endpoint/allow", _codecs(trunk.codecs)),
        ("endpoint/media_encryption", trunk.media_encryption),
        ("endpoint/from_user", trunk.from_user or None),
        ("endpoint/from_domain", trunk.from_domain or None),
        *((one.name, one.value) for one in trunk.extra if one.name not in (LINE, HEADER)),
    ]
    if header := setting(trunk, HEADER):
        section.set(HEADER, header, _KNOWN_BY_HEADER)
        section.set("endpoint/identify_by", "header")
        section.set("endpoint/deny", "0.0.0.0/0.0.0.0")
        section.set("endpoint/permit", trunk.match or ())
    _write_own(section, options, defaults, "Unlike the other providers:")


def _extension_defaults(plan: Plan, file: FilePlan) -> dict[str, str]:
    section = file.section(
        "extension-defaults", "What all phones have in common.", is_template=True
    )
    said: dict[str, str] = {}
    section.set("type", "wizard")
    _set(section, said, "accepts_registrations", "yes", "Phones register, and prove who they are.")
    _set(section, said, "accepts_auth", "yes", "")
    _set(
        section,
        said,
        "endpoint/identify_by",
        "username",
        "By its user, wherever it calls from; then it has to prove that it is the one.",
    )
    _set(
        section,
        said,
        "aor/remove_existing",
        "yes",
        "A phone that comes back from a new address takes the place of the old one.",
    )
    if any(extension.mailbox for extension in plan.extensions):
        _set(
            section,
            said,
            "endpoint/mwi_subscribe_replaces_unsolicited",
            "yes",
            "Phones are told about messages whether they ask for it or not, and not twice.",
        )
    _set(
        section,
        said,
        "endpoint/allow",
        "!all,g722,ulaw",
        "Within the house, wide-band sound first; ulaw for calls to the outside.",
    )
    if plan.subscribe_context:
        _set(
            section,
            said,
            "endpoint/subscribe_context",
            plan.subscribe_context,
            "Where in extensions.conf the lamps of BLF keys are looked up.",
        )
    _marks(plan, section, said)
    return said


def _write_extension(file: FilePlan, extension: Extension, defaults: dict[str, str]) -> None:
    called = extension.callerid.name or "a phone"
    kind = f", {extension.phone}" if extension.phone is not None else ""
    unchecked = "" if extension.qualify_frequency else _UNCHECKED
    section = file.section(
        extension.name,
        f"Extension {extension.number or extension.name}: {called}{kind}.{unchecked}",
        templates=("extension-defaults",),
    )
    authenticates = extension.auth_user is not None
    options: list[Option] = [
        ("accepts_auth", None if authenticates else False),
        ("transport", extension.transport or None),
        ("endpoint/context", extension.context),
        ("endpoint/mailboxes", extension.mailbox or None),
        ("endpoint/callerid", str(extension.callerid) or None),
        ("inbound_auth/username", extension.auth_user),
        ("inbound_auth/password", extension.secret if authenticates else None),
        ("aor/mailboxes", extension.subscribed_mailbox or None),
        ("aor/max_contacts", extension.max_contacts),
        ("aor/remove_existing", extension.remove_existing),
        ("aor/qualify_frequency", extension.qualify_frequency),
        ("aor/qualify_timeout", extension.qualify_timeout),
        ("endpoint/direct_media", extension.direct_media),
        ("endpoint/rtp_symmetric", extension.rtp_symmetric),
        ("endpoint/rewrite_contact", extension.rewrite_contact),
        ("endpoint/allow", _codecs(extension.codecs)),
        ("endpoint/subscribe_context", extension.subscribe_context),
        ("endpoint/media_encryption", extension.media_encryption),
        *(("endpoint/set_var", variable) for variable in extension.set_var),
        *((one.name, one.value) for one in extension.extra),
    ]
    _write_own(section, options, defaults, "")


def _write_own(
    section: SectionPlan, options: list[Option], defaults: dict[str, str], comment: str
) -> None:
    """Write the options that are said and that the template does not say already."""
    for option, value in options:
        if value is not None and defaults.get(option) != word(value):
            section.set(option, value, comment)
            comment = ""


def _codecs(codecs: tuple[str, ...] | None) -> str | None:
    """Return the value of `allow`; `!all` undoes what a template allows."""
    return None if codecs is None else ",".join(("!all", *codecs))


def _numeric(host: str) -> bool:
    return ":" in host or host.partition("/")[0].replace(".", "").isdigit()
