"""sip.conf, iax.conf, and what users.conf says of both → peers, registrations, domains.

Asterisk 21 and later have no chan_sip: what sip.conf says is not `in_force` there.

Source: channels/chan_sip.c, channels/sip/config_parser.c of Asterisk 16.
Checked: recorded on 16.28, tests/vectors/chan_sip.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import Any

import attrs

from asterconf import schema
from asterconf.errors import ModelError
from asterconf.language import callerid as caller
from asterconf.language.callerid import PRESENTATIONS
from asterconf.language.exten import atoi, leading_number
from asterconf.model.option_types import BadValueError, check_network
from asterconf.model.sip import SipAuth, SipDomain, SipPeer, SipRegistration
from asterconf.model.values import CallerID, Secret, Setting
from asterconf.resolve.bound import Bound, FieldPlaces, ItemPlace
from asterconf.resolve.effective import Effective, EffectiveSection
from asterconf.source import FALSE, fold, is_true

_INT_MAX = 2147483647
_GENERAL = ("general", "authentication")
_ANY = ("0.0.0.0", "::")  # noqa: S104 - the addresses that stand for all
_TRANSPORTS = ("udp", "tcp", "tls", "wss", "ws")

Fields = dict[str, Any]
"""The fields of a peer while its lines are read; `_` holds what its section has set so far."""

Reader = Callable[[Fields, str, Fields], None]
"""Takes the value of a line into the fields; the last argument is what `[general]` says."""


@attrs.frozen
class ChanSip:
    """What chan_sip, or chan_iax2, holds after reading its files.

    `loaded` is False where it would refuse its file, `in_force` where the version of Asterisk that
    is meant does not have it. Names of peers differ in more than case.
    """

    peers: Mapping[str, Bound[SipPeer]] = attrs.field(factory=dict, hash=False)
    registrations: tuple[Bound[SipRegistration], ...] = ()
    domains: tuple[SipDomain, ...] = ()
    loaded: bool = False
    in_force: bool = False
    technology: str = "sip"


# -- values of one option -------------------------------------------------------------------------


def _port(value: str) -> int:
    """Return a port, 0 for what is none."""
    number = leading_number(value) or 0
    return number if 0 < number < 65536 else 0


def _codecs(old: tuple[str, ...], value: str, *, allow: bool) -> tuple[str, ...]:
    found = dict.fromkeys(old)
    for item in value.replace("|", ",").split(","):
        word = fold(item.strip()).partition(":")[0]
        adds = allow != word.startswith("!")
        word = word.removeprefix("!")
        names = schema.codecs_in_order() if word == "all" else (word,)
        for name in names if names[0] in schema.codecs_in_order() else ():
            if adds:
                found.setdefault(name)
            else:
                found.pop(name, None)
        if word == "all" and not adds:
            found.clear()
    return tuple(found)


def _nat(value: str, old: tuple[str, ...]) -> tuple[str, ...]:
    found = set(old)
    for word in map(fold, value.split(",")):
        if word in FALSE:
            found = set()
            break
        if word == "yes":
            found = {"force_rport", "comedia"}
            break
        for name in ("force_rport", "comedia"):
            if word == name and f"auto_{name}" not in found:
                found.add(name)
            elif word == f"auto_{name}":
                found = (found - {name}) | {word}
    order = ("force_rport", "comedia", "auto_force_rport", "auto_comedia")
    return tuple(name for name in order if name in found)


def _t38(fields: Fields, value: str, general: Fields) -> None:
    kind = fields["_"].get("t38pt_udptl", "")
    for word in map(fold, value.split(",")):
        if is_true(word) or word == "fec":
            kind = "fec"
        elif word in {"redundancy", "none"}:
            kind = word
        elif word.startswith("maxdatagram="):
            size = leading_number(word[12:])
            fields["t38_maxdatagram"] = general["t38_maxdatagram"] if size is None else size
    fields["t38pt_udptl"] = fields["_"]["t38pt_udptl"] = kind


def _direct_media(value: str) -> bool:
    words = {fold(word) for word in value.split(",")}
    return is_true(value) or bool(words & {"update", "nonat", "outgoing"})


def _insecure(value: str) -> tuple[str, ...]:
    words = [] if fold(value) in FALSE else [fold(word) for word in value.split(",")]
    return tuple(word for word in ("port", "invite") if word in words)


def _groups(value: str) -> tuple[int, ...]:
    found: set[int] = set()
    for item in value.split(","):
        start = leading_number(item)
        if start is None:
            continue
        rest = item.strip().lstrip("+-").lstrip("0123456789")
        end = leading_number(rest[1:]) if rest.startswith("-") else None
        found.update(range(max(start, 0), min(start if end is None else end, 63) + 1))
    return tuple(sorted(found))


def _words(value: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(word.strip() for word in value.split(",") if word.strip()))


def _secret(value: str) -> Secret | None:
    return Secret(value) if value else None


def read_auth(value: str) -> SipAuth | None:
    """Read `user[:secret|#md5secret]@realm`."""
    login, at, realm = value.rpartition("@")
    if not at or not login or not realm:
        return None
    for mark in "#:":
        user, found, secret = login.partition(mark)
        if found:
            made = _secret(secret)
            return SipAuth(user, realm, *((None, made) if mark == "#" else (made, None)))
    return SipAuth(login, realm)


def _timed(value: str, default: int, usual: int) -> int:
    """Read `qualify` or `keepalive`: `no`, `yes`, or a number."""
    if fold(value) in {"no", "yes"}:
        return (default or usual) if fold(value) == "yes" else 0
    return leading_number(value) or 0


def _transports(fields: Fields, value: str, general: Fields) -> None:
    found: list[str] = []
    for word in value.split(","):
        kind = next((t for t in _TRANSPORTS if fold(word.lstrip()).startswith(t)), "")
        if kind and kind not in found and (kind not in {"tcp", "tls"} or general[f"_{kind}"]):
            found.append(kind)
    fields["transport"] = fields["_"]["transport"] = tuple(found)


def _mailboxes(fields: Fields, value: str, _general: Fields) -> None:
    fields["mailbox"] = tuple(dict.fromkeys((*fields["mailbox"], *_words(value))))


def _has_voicemail(fields: Fields, value: str, _general: Fields) -> None:
    if is_true(value) and not fields["mailbox"]:
        fields["mailbox"] = (f"{fields['name']}@default",)


def _caller_id(fields: Fields, value: str, _general: Fields) -> None:
    found = caller.parse(value)
    fields["callerid"] = _caller(found.name, found.dialled)


def _caller(name: str, number: str) -> CallerID:
    with suppress(ModelError):
        return CallerID(name, number)
    return CallerID(name)


def _caller_part(part: str) -> Reader:
    def read(fields: Fields, value: str, _general: Fields) -> None:
        old = fields["callerid"]
        name, number = (value, old.number) if part == "name" else (old.name, value)
        fields["callerid"] = _caller(name, number)

    return read


def _trunk_name(fields: Fields, _value: str, _general: Fields) -> None:
    fields["callerid"] = CallerID("", fields["callerid"].number)


def _from_domain(fields: Fields, value: str, _general: Fields) -> None:
    host, colon, port = value.partition(":")
    fields["fromdomain"], fields["fromdomainport"] = host, _port(port) if colon else 5060


def _host(fields: Fields, value: str, _general: Fields) -> None:
    fields["dynamic"] = fold(value) == "dynamic"
    if not fields["dynamic"]:
        fields["host"] = fields["_"]["host"] = value


def _codec_lines(*, allow: bool) -> Reader:
    def read(fields: Fields, value: str, _general: Fields) -> None:
        fields["codecs"] = _codecs(fields["codecs"], value, allow=allow)

    return read


def _set_var(fields: Fields, value: str, _general: Fields) -> None:
    name, equals, text = value.partition("=")
    if equals:
        pairs = dict(item.split("=", 1) for item in fields["set_var"])
        pairs[name] = text
        fields["set_var"] = tuple(f"{name}={text}" for name, text in pairs.items())


def _realm_auth(fields: Fields, value: str, _general: Fields) -> None:
    if (made := read_auth(value)) is not None:
        fields["auth"] = (*fields["auth"], made)


def _timer(fields: Fields, value: str, general: Fields) -> None:
    number = leading_number(value)
    good = number is not None and number >= 200 and number >= general["_t1min"]
    fields["timert1"] = number if good else general["_t1min"]
    fields["_"]["timert1"] = True


def _timer_b(fields: Fields, value: str, general: Fields) -> None:
    number = leading_number(value)
    good = number is not None and number >= 200
    fields["timerb"] = number if good else general["timerb"]
    fields["_"]["timerb"] = good


def _limited(field: str) -> Reader:
    def read(fields: Fields, value: str, _general: Fields) -> None:
        """Note that networks limit the peer, and which list of them cannot be read."""
        if not value:
            return
        kind = "acl" if field == "acl" else field.removesuffix("acl")
        for item in value.split(","):
            try:
                check_network(item.strip().removeprefix("!"))
            except BadValueError:
                fields["_"]["refused"] = kind
        fields[field] = True

    return read


def _field(name: str, read: Callable[[str], Any]) -> Reader:
    """Return what sets a field; a value that reads as None is that of `[general]`."""

    def put(fields: Fields, value: str, general: Fields) -> None:
        found = read(value)
        fields[name] = general[name] if found is None else found

    return put


def _word(*words: str, default: str | None = None) -> Callable[[str], str | None]:
    return lambda value: fold(value) if fold(value) in words else default


def _at_least(low: int, default: int | None) -> Callable[[str], int | None]:
    """Read as `atoi` does; below `low`: the default."""
    return lambda value: atoi(value) if atoi(value) >= low else default


def _plain(name: str) -> Reader:
    return _field(name, str)


def _flags(*names: str) -> dict[str, Reader]:
    return {name: _field(name, is_true) for name in names}


def _texts(*names: str) -> dict[str, Reader]:
    return {name: _plain(name) for name in names}


_UNSEEN = {
    "progressinband", "useclientcode", "g726nonstandard", "rfc2833compensate", "buggymwi",
    "faxdetect", "t38pt_usertpsource", "preferred_codec_only", "rpid_immediate", "rpid_update",
    "snom_aoc_enabled", "mohinterpret", "rtptimeout", "rtpholdtimeout", "rtpkeepalive",
    "disallowed_methods", "directrtpsetup", "icesupport", "messagecontext",
    "outofcall_message_context", "nat", "tonezone", "qualify", "keepalive", "timert1", "timerb",
}  # fmt: skip
"""More options of `[general]` that peers inherit; most have no field, but are in `options`."""

_COMMON: Mapping[str, Reader] = {
    **_flags(
        "trustrpid", "promiscredir", "textsupport", "allowsubscribe", "ignoresdpversion",
        "supportpath", "videosupport", "usereqphone", "use_q850_reason", "rtcp_mux",
        "autoframing", "allowtransfer",
    ),
    **_texts("context", "language", "mohsuggest", "vmexten", "recordonfeature",
             "recordofffeature", "subscribecontext", "rtp_engine"),
    "trust_id_outbound": _field("trust_id_outbound", lambda v: (
        "yes" if is_true(v) else "no" if fold(v) in FALSE else "legacy")),
    "sendrpid": _field("sendrpid", lambda v: (
        "pai" if fold(v) == "pai" else "rpid" if fold(v) == "rpid" or is_true(v) else "")),
    "dtmfmode": _field("dtmfmode", _word("inband", "info", "shortinfo", "auto", "rfc2833",
                                         default="rfc2833")),
    "directmedia": _field("directmedia", _direct_media),
    "canreinvite": _field("directmedia", _direct_media),
    "insecure": _field("insecure", _insecure),
    "allowoverlap": _field("allowoverlap", lambda v: (
        "yes" if is_true(v) else "dtmf" if fold(v) == "dtmf" else "no")),
    "t38pt_udptl": _t38,
    "transport": _transports,
    "allow": _codec_lines(allow=True),
    "disallow": _codec_lines(allow=False),
    "callcounter": _field("call_limit", lambda v: _INT_MAX if is_true(v) else 0),
    "qualifyfreq": _field("qualifyfreq", leading_number),
    "maxcallbitrate": _field("maxcallbitrate", _at_least(0, 384)),
    "session-timers": _field("session_timers", _word("accept", "originate", "refuse")),
    "session-expires": _field("session_expires", leading_number),
    "session-minse": _field("session_minse", lambda v: (
        number if (number := leading_number(v) or 0) >= 90 else None)),
    "session-refresher": _field("session_refresher", _word("uas", "uac")),
}  # fmt: skip
"""The options of `[general]` that are the defaults of a peer, and of a peer itself."""

_PEER: Mapping[str, Reader] = {
    **_COMMON,
    **_flags("encryption", "subscribemwi"),
    **_texts("accountcode", "description", "fromuser", "parkinglot", "regexten", "defaultuser",
             "callbackextension", "defaultip"),
    "username": _plain("defaultuser"),
    "outboundproxy": lambda f, v, _g: f.update(outboundproxy=v or f["outboundproxy"]),
    "secret": _field("secret", lambda v: _secret(v) or ""),
    "md5secret": _field("md5secret", lambda v: _secret(v) or ""),
    "remotesecret": _field("remotesecret", lambda v: _secret(v) or ""),
    "auth": _realm_auth,
    "callerid": _caller_id,
    "fullname": _caller_part("name"),
    "cid_number": _caller_part("number"),
    "trunkname": _trunk_name,
    "fromdomain": _from_domain,
    "host": _host,
    "port": lambda f, v, _g: f.update(port=_port(v)),
    "permit": _limited("acl"), "deny": _limited("acl"),
    "contactpermit": _limited("contactacl"), "contactdeny": _limited("contactacl"),
    "directmediapermit": _limited("directmediaacl"), "directmediadeny": _limited("directmediaacl"),
    "acl": lambda f, v, _g: f.update(acl=f["acl"] or bool(v)),
    "contactacl": lambda f, v, _g: f.update(contactacl=f["contactacl"] or bool(v)),
    "directmediaacl": lambda f, v, _g: f.update(directmediaacl=f["directmediaacl"] or bool(v)),
    "callingpres": _field("callingpres", lambda v: PRESENTATIONS.get(fold(v), atoi(v))),
    "amaflags": lambda f, v, _g: f.update(amaflags={
        "default": "documentation", "omit": "omit", "billing": "billing",
        "documentation": "documentation"}.get(fold(v), f["amaflags"])),
    "maxforwards": _field("maxforwards", lambda v: (
        number if 0 < (number := leading_number(v) or 0) < 256 else 70)),
    "mailbox": _mailboxes,
    "hasvoicemail": _has_voicemail,
    "callgroup": _field("callgroup", _groups),
    "pickupgroup": _field("pickupgroup", _groups),
    "namedcallgroup": _field("namedcallgroup", _words),
    "namedpickupgroup": _field("namedpickupgroup", _words),
    "setvar": _set_var,
    "call-limit": _field("call_limit", _at_least(0, 0)),
    "busylevel": _field("busylevel", _at_least(0, 0)),
    "timert1": _timer,
    "timerb": _timer_b,
}  # fmt: skip

_FIELDS = {"canreinvite": "directmedia", "username": "defaultuser", "fullname": "callerid",
           "cid_number": "callerid", "callcounter": "call_limit", "allow": "codecs",
           "disallow": "codecs", "setvar": "set_var", "permit": "acl", "deny": "acl",
           "hasvoicemail": "mailbox"}  # fmt: skip
"""The field that an option sets, where it has another name."""


# -- [general] ------------------------------------------------------------------------------------


def _general(pairs: Iterable[tuple[str, str]], zones: frozenset[str]) -> Fields:
    """Return the defaults of peers, and with a `_` before the name what else matters to them."""
    pairs = list(pairs)
    names = {field.name: field.default for field in attrs.fields(SipPeer)}
    start: Fields = {**names, "callerid": CallerID(), "_": {}, "_t1min": 100, "_zones": zones}
    last = {fold(name): value for name, value in pairs}
    start["_tcp"], start["_tls"] = (is_true(last.get(f"{t}enable", "")) for t in ("tcp", "tls"))
    general = dict(start)
    for name, value in pairs:
        option = fold(name)
        if option in _COMMON:
            _COMMON[option](general, value, start)
        elif option == "nat":
            general["_"]["nat"] = general["nat"] = _nat(value, general["_"].get("nat", ()))
        elif option == "tonezone" and fold(value) in zones:
            general["tonezone"] = value
        elif option == "qualify":
            general["qualify"] = _timed(value, 0, 2000)
        elif option == "keepalive":
            general["keepalive"] = _timed(value, 0, 60)
        elif option == "t1min":
            general["_t1min"] = 100 if leading_number(value) is None else leading_number(value)
        elif option in {"timert1", "timerb"}:
            general[option] = (
                start[option] if leading_number(value) is None else leading_number(value)
            )
    general["timert1"] = max(general["timert1"], general["_t1min"])
    general["timerb"] = max(general["timerb"], general["timert1"] * 64)
    general["transport"] = general["transport"] or ("udp",)
    general["options"] = tuple(
        Setting(name, value)
        for name, value in pairs
        if name and (fold(name) in _COMMON or fold(name) in _UNSEEN)
    )
    return general


def _domains(pairs: list[tuple[str, str]]) -> Iterator[SipDomain]:
    """Yield the domains; with `autodomain` also the addresses of Asterisk that the file says.

    The name of the machine, which chan_sip adds then, is in no file.
    """
    for name, value in pairs:
        domain, _, context = value.partition(",")
        if fold(name) == "domain" and domain:
            yield SipDomain(domain.strip(), context.strip())
    last = {fold(name): value for name, value in pairs}
    if is_true(last.get("autodomain", "")):
        bound = host_address(last.get("udpbindaddr", last.get("bindaddr", "")))
        outside = host_address(last.get("externaddr", last.get("externip", "")))
        known = [one for one in (bound, outside) if is_address(one) and one not in _ANY]
        yield from map(SipDomain, [*known, *filter(None, [last.get("externhost", "")])])


# -- peers ----------------------------------------------------------------------------------------


@attrs.define
class _Peers:
    """Peers in the making, by the folded name; a second section of a name adds to the first."""

    general: Fields
    found: dict[str, Fields] = attrs.field(factory=dict)
    places: dict[str, dict[str, ItemPlace]] = attrs.field(factory=dict)
    callbacks: list[tuple[str, ItemPlace]] = attrs.field(factory=list)
    """The register lines that `callbackextension` stands for, one for each section with it."""

    def read(self, section: EffectiveSection, before: Iterable[tuple[str, str]] = ()) -> None:
        """Read a section, after the lines of `[general]` of users.conf."""
        key = fold(section.name)
        fields = self.found.pop(key, None) or dict(self.general)
        fields.update(name=section.name, auth=(), set_var=(), namedcallgroup=(),
                      namedpickupgroup=(), callbackextension="", _={})  # fmt: skip
        fields["options"] = (
            *fields["options"],
            *(Setting(*pair) for pair in (*before, *section.pairs) if pair[0]),
        )
        places = self.places.setdefault(key, {"": ItemPlace(section)})
        for name, value in before:
            self._line(fields, fold(name), value)
        for index, (name, value) in enumerate(section.pairs):
            if self._line(fields, fold(name), value):
                option = fold(name)
                places[_FIELDS.get(option, option.replace("-", "_"))] = ItemPlace(section, index)
        self._finish(fields)
        if "refused" not in fields["_"]:
            self.found[key] = fields
            if fields["callbackextension"]:
                self.callbacks.append((_callback(fields), ItemPlace(section)))

    def _line(self, fields: Fields, option: str, value: str) -> bool:
        general = self.general
        if option == "type":
            kind = fold(value)
            fields["is_peer"] |= kind in {"peer", "friend"}
            fields["is_user"] |= kind in {"user", "friend"}
        elif option == "nat":
            fields["_"]["nat"] = fields["nat"] = _nat(value, fields["_"].get("nat", ()))
        elif option == "tonezone":
            if fold(value) in general["_zones"]:
                fields["tonezone"] = value
        elif option in {"qualify", "keepalive"}:
            usual = 2000 if option == "qualify" else 60
            fields[option] = _timed(value, general[option], usual)
        elif option in _PEER:
            _PEER[option](fields, value, general)
        else:
            return False
        return True

    def _finish(self, fields: Fields) -> None:
        """Bring timers, transports and addresses into line."""
        done = fields["_"]
        if done.get("timerb") and fields["timerb"] < fields["timert1"] * 64:
            if "timert1" not in done:
                fields["timert1"] = fields["timerb"] // 64
        elif "timert1" in done:
            fields["timerb"] = max(fields["timerb"], fields["timert1"] * 64)
        if not done.get("transport"):
            fields["transport"] = self.general["transport"]
        fields["address"] = fields["host"]
        if fields["defaultip"] and not is_address(fields["defaultip"]):
            done["refused"] = "defaultip"
        if done.get("host") == "" and not fields["dynamic"]:
            done["refused"] = "host"

    def register(self, text: str) -> None:
        """Take the address of a peer from a registration that names it. Observed on 16.28."""
        one = read_register(text)
        peer = self.found.get(fold(one.peer or one.host)) if one is not None else None
        if one is None or peer is None:
            return
        if one.peer and is_address(one.host):
            peer["address"] = one.host
        elif not one.peer and text.rpartition("@")[2].partition("/")[0].count(":"):
            peer["port"] = one.port

    def bound(self, *, in_force: bool) -> dict[str, Bound[SipPeer]]:
        """Return the peers, by their names."""
        made: dict[str, Bound[SipPeer]] = {}
        for key, fields in self.found.items():
            values = {name: value for name, value in fields.items() if not name.startswith("_")}
            values.update({n: v or None for n, v in values.items() if n.endswith("secret")})
            peer = SipPeer(**{**values, "in_force": in_force})
            made[peer.name] = Bound(peer, FieldPlaces(self.places[key]))
        return made


def is_address(text: str) -> bool:
    """Tell whether a text is an address of IPv4 or IPv6."""
    with suppress(ValueError):
        return bool(ipaddress.ip_address(text))
    return False


def host_address(text: str) -> str:
    """Return the host of a text that may have a port: `[2001:db8::1]:5060`, `192.0.2.1:5060`."""
    if text.startswith("["):
        return text[1:].partition("]")[0]
    host, _, port = text.partition(":")
    return text if ":" in port else host


def port_of(text: str) -> str:
    """Return the port of an address; empty: it has none."""
    if text.startswith("["):
        return text.partition("]")[2].removeprefix(":")
    return text.partition(":")[2] if text.count(":") == 1 else ""


# -- registrations --------------------------------------------------------------------------------


def _parts(text: str, mark: str, most: int) -> list[str]:
    """Split at a mark outside of quotes and brackets; the last part holds the rest."""
    found, start, depth, quoted, escaped = list[str](), 0, 0, False, False
    for at, char in enumerate(text):
        if escaped:
            escaped = False
        elif char == mark and not depth and not quoted and len(found) < most - 1:
            found.append(text[start:at])
            start = at + 1
        elif char in "()[]":
            depth = max(depth + (1 if char in "([" else -1), 0)
        elif char in '"\\':
            quoted, escaped = quoted != (char == '"'), char == "\\"
    return [*found, text[start:]] + [""] * (most - len(found) - 1)


def _bare(text: str) -> str:
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def read_register(value: str, usual: int = 5060) -> SipRegistration | None:
    """Read `[peer?][transport://]user[@domain][:secret[:authuser]]@host[:port][/ext][~expiry]`.

    Source: channels/sip/config_parser.c, sip_parse_register_line.
    """
    login, _, target = value[:255].rpartition("@")
    if not login or not target:
        return None
    peer, rest = _parts(login, "?", 2)
    peer, rest = (peer, rest) if rest else ("", peer)
    scheme, blank, user_part = _parts(rest, "/", 3)
    if blank:
        return None
    scheme, user_part = (scheme[:-1], user_part) if user_part else ("", scheme)
    user_part, secret, auth_user = _parts(user_part, ":", 3)
    user, domain = _parts(user_part, "@", 2)
    first, more = _parts(auth_user, ":", 2)
    domain_port = 0
    if more:  # user@domain:port:secret:authuser
        domain_port, secret, auth_user = _port(secret), first, more
    target, expiry = _parts(target, "~", 2)
    target, contact = _parts(target, "/", 2)
    host, port = _parts(target, ":", 2)
    transport = next((t for t in ("tcp", "tls", "udp") if fold(scheme).startswith(t)), "udp")
    return SipRegistration(
        user=_bare(user),
        host=_bare(host),
        port=_port(port) or (5061 if transport == "tls" else usual),
        transport=transport,
        domain=_bare(domain),
        domain_port=domain_port or 5060,
        secret=_secret(_bare(secret)),
        auth_user=_bare(auth_user),
        contact_user=_bare(contact) or "s",
        expiry=leading_number(expiry),
        peer=_bare(peer),
    )


def _users_register(name: str, own: Mapping[str, str], gen: Mapping[str, str]) -> str:
    """Return the register line that a section of users.conf with `registersip` stands for."""
    host, user, secret = (own.get(k, gen.get(k, "")) for k in ("host", "username", "secret"))
    if not host or not user:
        return ""
    login = f":{secret}" if secret else ":" if own.get("authuser") else ""
    login += f":{own['authuser']}" if own.get("authuser") else ""
    return f"{name}?{user}{login}@{host}/{own.get('contact', 's')}"


# -- the whole ------------------------------------------------------------------------------------


def _first(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name, value in pairs:
        found.setdefault(fold(name), value)
    return found


def _section(effective: Effective | None, name: str) -> EffectiveSection | None:
    live = effective.live if effective is not None and effective.valid else ()
    return next((section for section in live if fold(section.name) == name), None)


def read_chan_sip(
    sip: Effective | None, users: Effective | None = None, zones: Effective | None = None
) -> ChanSip:
    """Return what chan_sip makes of its files.

    Args:
        sip: the resolved sip.conf.
        users: the resolved users.conf.
        zones: the resolved indications.conf, whose names `tonezone` may have.
    """
    known = sip.schema if sip is not None else schema.DEFAULT_SCHEMA
    facts = known.file("sip.conf")
    in_force = facts is not None and facts.loader != "removed"
    if sip is None or not sip.valid:
        return ChanSip(in_force=in_force)
    countries = {fold(s.name) for s in zones.live} if zones is not None and zones.valid else set()
    section = _section(sip, "general")
    pairs = section.pairs if section is not None else []
    peers = _Peers(_general(pairs, frozenset(countries - {"general"})))
    lines = _read_sections(sip, users, peers, "sip", {"user", "peer", "friend"})
    lines += peers.callbacks
    for text, _ in lines:
        peers.register(text)
    registrations = _registrations(lines, 5060)
    domains = tuple(_domains(pairs))
    made = peers.bound(in_force=in_force)
    return ChanSip(made, registrations, domains, loaded=True, in_force=in_force)


def read_iax(iax: Effective | None, users: Effective | None = None) -> ChanSip:
    """Return what chan_iax2 makes of its files: what it has in common with chan_sip.

    Source: channels/chan_iax2.c, set_config.
    """
    if iax is None or not iax.valid:
        return ChanSip(technology="iax2")
    section = _section(iax, "general")
    pairs = [pair for pair in section.pairs if fold(pair[0]) in _IAX] if section else []
    general = _general([("disallow", "all"), *pairs], frozenset())
    peers = _Peers({**general, "options": general["options"][1:], "nat": ()})
    lines = _read_sections(iax, users, peers, "iax", {"user", "peer", "friend"})
    made = peers.bound(in_force=True)
    found = _registrations(lines, 4569)
    return ChanSip(made, found, loaded=True, in_force=True, technology="iax2")


_IAX = {"allow", "disallow", "language", "mohsuggest", "maxcallbitrate"}


def _read_sections(
    main: Effective, users: Effective | None, peers: _Peers, driver: str, kinds: set[str]
) -> list[tuple[str, ItemPlace]]:
    """Read all sections of a driver; return the register lines with their places."""
    general = _section(main, "general")
    lines = [
        (value, ItemPlace(general, index))
        for index, (name, value) in enumerate(general.pairs if general is not None else ())
        if general is not None and fold(name) == "register"
    ]
    lines += _from_users(users, peers, driver)
    for one in main.live:
        kind = next((value for name, value in one.pairs if fold(name) == "type"), "")
        if fold(one.name) not in _GENERAL and fold(kind) in kinds:
            peers.read(one)
    return lines


def _registrations(
    lines: list[tuple[str, ItemPlace]], usual: int
) -> tuple[Bound[SipRegistration], ...]:
    """Return what register lines mean; equal lines are one registration."""
    found = {text: (read_register(text, usual), place) for text, place in reversed(lines)}
    made = (Bound(one, FieldPlaces({"": at})) for one, at in reversed(found.values()) if one)
    return tuple(made)


def _callback(fields: Fields) -> str:
    secret = fields["remotesecret"] or fields["secret"]
    login = f"{fields['fromuser'] or fields['defaultuser']}:{secret.reveal() if secret else ''}"
    return f"{fields['name']}?{login}@{fields['host']}/{fields['callbackextension']}"


def _from_users(users: Effective | None, peers: _Peers, driver: str) -> list[tuple[str, ItemPlace]]:
    """Read the sections of users.conf that ask for a driver, such as by `hassip`.

    Returns:
        The register lines that they mean.
    """
    found = []
    general = _section(users, "general")
    common = general.pairs if general is not None else []
    gen = _first(common)
    for section in users.live if users is not None and users.valid else ():
        own = _first(section.pairs)
        if fold(section.name) == "general":
            continue
        if is_true(own.get(f"has{driver}", gen.get(f"has{driver}", ""))):
            peers.read(section, common)
            if (fields := peers.found.get(fold(section.name))) is not None:
                fields.update(is_peer=True, is_user=True)
        if is_true(own.get(f"register{driver}", gen.get(f"register{driver}", ""))):
            line = _users_register(section.name, own, gen)
            found += [(line, ItemPlace(section))] if line else []
    return found
