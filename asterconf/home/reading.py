"""A home PBX out of files that no build left, or that were edited since."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import attrs

from asterconf.bind.wizard import EXTENSION, TRUNK
from asterconf.dialplan import load_dialplan
from asterconf.home.adopt import Adoption, Leftover, unsaid, with_phones
from asterconf.home.home import HomePBX, home_queue
from asterconf.home.numbers import NumberPlan, NumbersError, number_plan
from asterconf.home.recognise import Reader
from asterconf.home.settings import PRIVATE_NETWORKS, Network, Tls, Voicemail
from asterconf.model import CallerID, Extension, Trunk
from asterconf.model.phones import Phone, Softphone
from asterconf.model.values import Setting
from asterconf.resolve import EffectiveSection

if TYPE_CHECKING:
    from asterconf.config import Config

__all__ = ["read_home"]

_BY_ITSELF: Final = frozenset({
    "type", "accepts_registrations", "accepts_auth", "sends_auth", "sends_registrations",
    "endpoint/identify_by", "endpoint/tos_audio", "endpoint/cos_audio", "aor/mailboxes",
    "endpoint/mwi_subscribe_replaces_unsolicited", "endpoint/deny", "endpoint/permit",
})  # fmt: skip
"""Options of a wizard section that a build writes by itself, or that a field stands for."""

_VOICEMAIL: Final = {
    "from_address": "serveremail",
    "subject": "emailsubject",
    "body": "emailbody",
    "date_format": "emaildateformat",
    "locale": "locale",
    "max_messages": "maxmsg",
    "max_seconds": "maxsecs",
}

_LINKS: Final = frozenset({
    "type", "auth", "aors", "outbound_auth", "transport", "endpoint", "auth_type", "server_uri",
    "client_uri", "contact", "match", "allow", "disallow",
})  # fmt: skip
"""Options of PJSIP's own sections that fields stand for: what belongs to what, and codecs."""


def read_home(conf: Config, phones: Mapping[str, Phone] | None = None) -> Adoption:
    """Return the PBX that the files of a configuration make; see `HomePBX.adopt`."""
    assumed: list[str] = []
    owner = _owner(conf, assumed)
    area_code = _area_code(conf)
    known = _known(owner.number, area_code, assumed)
    reader = Reader(conf, known, assumed)
    features = reader.features()
    fields: dict[str, Any] = {
        "owner": owner,
        "area_code": area_code,
        "network": _network(conf),
        "trunks": tuple(_trunk(conf, trunk, assumed) for trunk in conf.trunks.values()),
        "extensions": with_phones(
            [_extension(conf, one, assumed) for one in conf.extensions.values()], phones or {}
        ),
        "mailboxes": tuple(conf.mailboxes.values()),
        "queues": tuple(conf.queues.values()),
        "voicemail": _voicemail(conf),
        "features": tuple(features),
    }
    pbx = _shorter(HomePBX(**fields))
    return Adoption(pbx, tuple(_leftovers(conf, pbx, reader)), tuple(dict.fromkeys(assumed)))


def _known(number: str, area_code: str, assumed: list[str]) -> NumberPlan | None:
    try:
        return number_plan(number, area_code)
    except NumbersError as error:
        assumed.append(str(error))
        return None


def _owner(conf: Config, assumed: list[str]) -> CallerID:
    """Return who calls to the outside are from: the caller id that most lines set."""
    found: dict[str, int] = {}
    reader = Reader(conf, None)
    for context in conf.dialplan:
        for extension in context:
            for app, data in reader.steps(extension):
                name, _, value = data.partition("=")
                if (
                    app == "set"
                    and name == "CALLERID(all)"
                    and CallerID.parse(value).number[:1] == "+"
                ):
                    found[value] = found.get(value, 0) + 1
    if not found:
        assumed.append("no line sets a caller id for calls to the outside: owner is empty")
        return CallerID()
    owner = CallerID.parse(max(found, key=lambda value: found[value]))
    digits = owner.number[1:]
    if len(digits) == 10 and digits[0] in "23456789" and _is_north_american(conf):
        assumed.append(f"the number {owner.number} has no country code: it is +1{digits}")
        return attrs.evolve(owner, number=f"+1{digits}")
    return owner


def _is_north_american(conf: Config) -> bool:
    return any(e.name == "_NXXNXXXXXX" for context in conf.dialplan for e in context)


def _area_code(conf: Config) -> str:
    known = conf.dialplan.globals
    if code := known.get("MY_AREA_CODE", ""):
        return code
    for context in conf.dialplan:
        for extension in context:
            if extension.name == "_NXXXXXX":
                for step in extension.steps:
                    found = re.search(r"\+1(\d{3})\$\{EXTEN\}", step.data)
                    if found:
                        return found[1]
    return ""


def _network(conf: Config) -> Network:
    fields: dict[str, Any] = {}
    transports = [t for t in conf.transports.values() if t.protocol != "tls"]
    for one in transports[:1]:
        fields["external_address"] = one.external_media_address
        fields["local_networks"] = one.local_net or PRIVATE_NETWORKS
        fields["bind"] = (one.bind or "0.0.0.0").removesuffix(":5060")  # noqa: S104
    for one in conf.transports.values():
        if one.protocol == "tls":
            port = (one.bind or "").rpartition(":")[2]
            fields["tls"] = Tls(
                certificate=one.cert_file or "",
                key=one.priv_key_file or "",
                authorities=one.ca_list_file or "",
                port=int(port) if port.isdigit() else 5061,
            )
    ports = [_setting(conf, "rtp.conf", "general", name) for name in ("rtpstart", "rtpend")]
    if all(port.isdigit() for port in ports):
        fields["rtp_ports"] = tuple(map(int, ports))
    refresh = _setting(conf, "dnsmgr.conf", "general", "refreshinterval")
    if refresh.isdigit():
        fields["refresh_seconds"] = int(refresh)
    if "pjsip.conf" in conf:
        sections = [s for s in conf.effective("pjsip.conf") if s.get("type") == "transport"]
        fields["qos"] = any(section.get("tos") for section in sections)
    return Network(**fields)


def _setting(conf: Config, file: str, section: str, option: str) -> str:
    if file not in conf:
        return ""
    return conf.effective(file).setting(section, option) or ""


def _voicemail(conf: Config) -> Voicemail:
    fields: dict[str, Any] = {}
    for field, option in _VOICEMAIL.items():
        value = _setting(conf, "voicemail.conf", "general", option)
        if value:
            fields[field] = int(value) if field.startswith("max_") else value
    zone = _setting(conf, "voicemail.conf", "general", "tz")
    spoken = _setting(conf, "voicemail.conf", "zonemessages", zone) if zone else ""
    if spoken:
        fields["time_zone"] = spoken.partition("|")[0]
    return Voicemail(**fields)


def _wizard(conf: Config, name: str) -> EffectiveSection | None:
    if "pjsip_wizard.conf" not in conf:
        return None
    return next(iter(conf.effective("pjsip_wizard.conf").all(name)), None)


def _extra(
    conf: Config, thing: Trunk | Extension, fields: Mapping[str, str]
) -> tuple[Setting, ...]:
    """Return the options of a wizard section that no field stands for."""
    section = _wizard(conf, thing.name)
    if section is None:
        return thing.extra
    known = _BY_ITSELF | set(fields.values())
    return tuple(Setting(i.name, i.value) for i in section if i.name not in known)


def _extension(conf: Config, extension: Extension, assumed: list[str]) -> Extension:
    own = tuple(v for v in extension.set_var if not v.startswith("VOICEMAIL_BOX="))
    mailbox = extension.mailbox
    if mailbox is None and conf.mailboxes:
        mailbox = ""
    extra = _extra(conf, extension, EXTENSION)
    phone = extension.phone
    if not extension.qualify_frequency and extension.direct_media is False:
        phone = Softphone()
        assumed.append(f"{extension.name} is a softphone, as nobody checks that it is there")
    return attrs.evolve(
        extension,
        set_var=own,
        mailbox=mailbox,
        subscribed_mailbox=None,
        extra=extra,
        phone=phone,
    )


def _trunk(conf: Config, trunk: Trunk, assumed: list[str]) -> Trunk:
    if trunk.direct_media is None:
        assumed.append(f"sound of {trunk.name} goes through Asterisk (direct_media = no)")
    if trunk.contact_user is None and trunk.sends_registrations:
        assumed.append(f"{trunk.name} is told to call the owner's number (contact_user)")
    section = _wizard(conf, trunk.name)
    if section is not None and "identify_by" not in str([i.name for i in section]):
        assumed.append(f"{trunk.name} is known by its address only, whatever name a caller gives")
    extra = _extra(conf, trunk, TRUNK)
    return attrs.evolve(trunk, extra=extra)


def _shorter(pbx: HomePBX) -> HomePBX:
    """Return the PBX without what its build says by itself."""
    trunks = []
    for trunk in pbx.trunks:
        plain = Trunk(trunk.name, remote_hosts=trunk.remote_hosts)
        plain = attrs.evolve(plain, sends_registrations=trunk.sends_registrations)
        bare = attrs.evolve(pbx, trunks=[plain])
        trunks.append(unsaid(trunk, _fields(bare.effective_trunks()[0], "name", "remote_hosts")))
    extensions = []
    for extension in pbx.extensions:
        phone = Extension(extension.name, phone=extension.phone)
        bare = attrs.evolve(pbx, extensions=[phone])
        said = _fields(bare.effective_extensions()[0], "name", "number", "auth_user", "phone")
        extensions.append(unsaid(extension, said))
    queues = pbx.queues
    if queues in ((home_queue(pbx.extensions),), ()):
        queues = None
    return attrs.evolve(pbx, trunks=trunks, extensions=extensions, queues=queues)


def _fields(thing: Any, *but: str) -> dict[str, Any]:  # noqa: ANN401
    names = [field.name for field in attrs.fields(type(thing)) if field.name not in but]
    return {name: value for name in names if (value := getattr(thing, name)) not in (None, ())}


# -- what is left -----------------------------------------------------------------------------


def _leftovers(conf: Config, pbx: HomePBX, reader: Reader) -> Iterator[Leftover]:
    ours = Reader(_built(conf, pbx), None)
    yield from _dialplan(reader, ours)
    for file in conf.files:
        if file.endswith(".conf") and file != "extensions.conf":
            if file not in ours.conf:
                yield Leftover(f"{file}: the whole file")
                continue
            for section in conf.effective(file).live:
                yield from _section(conf, ours.conf, file, section)


def _built(conf: Config, pbx: HomePBX) -> Config:
    """Return what the PBX builds to, even where a fault would keep it from being written."""
    from asterconf.config import Config as Made

    plan = pbx.plan(complete="modules.conf" in conf)
    return Made.from_texts({file.name: file.text for file in plan.built()})


def _dialplan(reader: Reader, ours: Reader) -> Iterator[Leftover]:
    loaded = load_dialplan(
        reader.conf.effective("extensions.conf") if "extensions.conf" in reader.conf else None
    )
    texts = []
    for context in reader.conf.dialplan:
        mine = ours.context(context.name)
        twins = {extension.key: extension for extension in mine or ()}
        for extension in context:
            if (context.name, extension.key) in reader.placed:
                continue
            twin = twins.get(extension.key)
            same = twin is not None and extension.hint == twin.hint
            if same and twin and reader.steps(extension) == ours.steps(twin):
                continue
            for step in extension.steps:
                where = (context.name, extension.name, extension.callerid_match, step.priority)
                texts.append(step.data)
                text = f"[{context.name}] {extension.key},{step.priority},{step}"
                yield Leftover(text, loaded.origins.get(where))
            if extension.hint is not None and twin is None:
                yield Leftover(f"[{context.name}] {extension.key},hint,{extension.hint.text}")
        there = [include.text for include in (mine.includes if mine else ())]
        for include in context.includes:
            if include.text not in there:
                yield Leftover(f"[{context.name}] include => {include.text}")
    for name, value in reader.conf.dialplan.globals.items():
        if name not in ours.conf.dialplan.globals and any(f"${{{name}}}" in t for t in texts):
            yield Leftover(f"[globals] {name} = {value}", loaded.places.get(f"globals.{name}"))


def _section(
    conf: Config, ours: Config, file: str, section: EffectiveSection
) -> Iterator[Leftover]:
    kind, name = section.get("type") or "", section.name
    if file == "voicemail.conf" and name != "general":
        return  # boxes are objects, and the zone is a field
    if file == "queues.conf" and name in conf.queues and ours.queues[name] == conf.queues[name]:
        known = {field.name for field in attrs.fields(type(conf.queues[name]))}
        known |= {field.replace("_", "-") for field in known} | {"member"}
        there = set()
    else:
        known, there = set(), _there(ours, file, section)
    for item in section:
        if (item.name, item.value) in there or item.name in known:
            continue
        if file == "pjsip_wizard.conf" and item.name in _BY_ITSELF:
            continue
        if file == "pjsip.conf" and kind != "transport" and item.name in _LINKS:
            continue
        if (file, name, item.name) in _FIELDS:
            continue
        yield Leftover(f"{file} [{name}] {item.name} = {item.value}", item.origin)


_FIELDS: Final = frozenset({("voicemail.conf", "general", "tz")})
"""Options that a field stands for, though a build writes another value."""


def _there(ours: Config, file: str, section: EffectiveSection) -> set[tuple[str, str]]:
    """Return the options of the like of a section in what was built, as names and values."""
    kind, name = section.get("type") or "", section.name
    if file == "pjsip.conf" and kind in _PREFIXES and "pjsip_wizard.conf" in ours:
        found = set()
        for wizard in ours.effective("pjsip_wizard.conf").live:
            for prefix in _PREFIXES[kind]:
                found |= {
                    (item.name.removeprefix(prefix), item.value)
                    for item in wizard
                    if item.name.startswith(prefix)
                }
        return found
    sections = ours.effective(file)
    return {(i.name, i.value) for one in sections.all(name) for i in one}


_PREFIXES: Final = {
    "endpoint": ("endpoint/",),
    "aor": ("aor/",),
    "auth": ("inbound_auth/", "outbound_auth/"),
    "registration": ("registration/",),
    "identify": ("identify/",),
}
"""How options of PJSIP's own sections begin in a wizard section."""
