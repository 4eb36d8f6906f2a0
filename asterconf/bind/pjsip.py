"""pjsip_wizard.conf and pjsip.conf → endpoints, extensions, trunks and transports.

Both files are first turned into PJSIP's own objects, so that a phone is the same `Extension`
whether it is written as one wizard section or as endpoint, aor and auth.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Literal

import attrs

from asterconf.bind._bound import Bound, Draft, truth
from asterconf.bind._dialled import Dialled
from asterconf.bind._objects import OBJECT_CODES, Objects, collect
from asterconf.bind._wizard import Option, PjsipObject
from asterconf.codes import Rule
from asterconf.model import CallerID, Extension, Transport, Trunk
from asterconf.model._fields import dialable
from asterconf.model.dialplan import Dialplan
from asterconf.shown import Placed
from asterconf.source import Diagnostic, Position, Severity, fold

if TYPE_CHECKING:
    from asterconf.resolve import Effective

__all__ = [
    "CODES",
    "EndpointRecord",
    "Pjsip",
    "Role",
    "codecs",
    "read_extensions",
    "read_pjsip",
    "read_transports",
    "read_trunks",
]

Role = Literal["extension", "trunk", "peer", "anonymous", "unknown"]

CODES: Mapping[str, Rule] = {
    **OBJECT_CODES,
    "bad-value": Rule(
        "AC405", Severity.ERROR, "{name!r}: {problem}",
        "Asterisk refuses the object, or takes its own default",
    ),
    "bad-name": Rule(
        "AC406", Severity.WARNING, "section {name!r} cannot be shown as an object: {problem}",
        "use a name without blanks at its ends", logged=False,
    ),
}  # fmt: skip


@attrs.frozen
class EndpointRecord(Placed):
    """An endpoint and what it is to the house; every endpoint has one.

    `extension` is set for the role "extension", `trunk` for "trunk"; the others have neither.
    """

    name: str
    role: Role
    role_reason: str
    extension: Extension | None = None
    trunk: Trunk | None = None


@attrs.frozen
class Pjsip:
    """What both files hold, by name, each object beside its places.

    A role's place is that of the line which decides it, where there is one.
    """

    endpoints: Mapping[str, Bound[EndpointRecord]] = attrs.field(factory=dict, hash=False)
    extensions: Mapping[str, Bound[Extension]] = attrs.field(factory=dict, hash=False)
    trunks: Mapping[str, Bound[Trunk]] = attrs.field(factory=dict, hash=False)
    transports: Mapping[str, Bound[Transport]] = attrs.field(factory=dict, hash=False)
    diagnostics: tuple[Diagnostic, ...] = ()


def read_pjsip(
    wizard: Effective | None, pjsip: Effective | None, dialplan: Dialplan | None = None
) -> Pjsip:
    """Return everything that pjsip_wizard.conf and pjsip.conf say about endpoints and transports.

    Args:
        wizard: the resolved pjsip_wizard.conf.
        pjsip: the resolved pjsip.conf.
        dialplan: tells which number rings an endpoint; without it the names must do.
    """
    objects = collect(wizard, pjsip)
    links, dialled = _Links.of(objects), Dialled.of(dialplan)
    diagnostics = list(objects.diagnostics)
    endpoints: dict[str, Bound[EndpointRecord]] = {}
    extensions: dict[str, Bound[Extension]] = {}
    trunks: dict[str, Bound[Trunk]] = {}
    for endpoint in objects.all("endpoint"):
        parts = _Parts(objects, links, endpoint)
        role, reason, place = parts.role()
        extension = trunk = None
        places = {"": endpoint.position} | ({"role": place} if place else {})
        if role == "extension":
            extension = parts.extension(dialled).build(Extension, CODES, diagnostics)
        elif role == "trunk":
            trunk = parts.trunk().build(Trunk, CODES, diagnostics)
        if extension is not None:
            extensions[endpoint.id] = extension
        if trunk is not None:
            trunks[endpoint.id] = trunk
        record = EndpointRecord(
            endpoint.id,
            role,
            reason,
            extension.obj if extension else None,
            trunk.obj if trunk else None,
        )
        endpoints[endpoint.id] = Bound(record, places)
    for endpoint in objects.lost:
        reason = "Asterisk loads no endpoint of this file, because one of them is there twice"
        record = EndpointRecord(endpoint.id, "unknown", reason)
        endpoints.setdefault(endpoint.id, Bound(record, {"": endpoint.position}))
    transports = {
        one.id: bound
        for one in objects.all("transport")
        if (bound := _transport(one).build(Transport, CODES, diagnostics)) is not None
    }
    return Pjsip(endpoints, extensions, trunks, transports, tuple(diagnostics))


def read_extensions(
    wizard: Effective | None, pjsip: Effective | None = None, dialplan: Dialplan | None = None
) -> dict[str, Bound[Extension]]:
    """Return the phones of the house by endpoint name; see `read_pjsip`."""
    return dict(read_pjsip(wizard, pjsip, dialplan).extensions)


def read_trunks(
    wizard: Effective | None, pjsip: Effective | None = None
) -> dict[str, Bound[Trunk]]:
    """Return the trunks by endpoint name; see `read_pjsip`."""
    return dict(read_pjsip(wizard, pjsip).trunks)


def read_transports(pjsip: Effective | None) -> dict[str, Bound[Transport]]:
    """Return the transports of pjsip.conf by name."""
    return dict(read_pjsip(None, pjsip).transports)


def codecs(options: Iterable[Option]) -> tuple[str, ...]:
    """Return what `allow` and `disallow` lines leave, in order of preference.

    Once `all` is allowed, it stays as a word, and what is taken away follows as `!name`.

    Source: main/format_cap.c, ast_format_cap_update_by_allow_disallow.
    """
    words: list[str] = []
    for option in options:
        for item in re.split("[,|]", option.value):
            word = fold(item.strip())
            allowed = word.startswith("!") == (fold(option.name) == "disallow")
            name = word.removeprefix("!")
            if name == "all":
                words = [*(w for w in words if w[0] != "!"), "all"] if allowed else []
            elif name:
                same = [w for w in words if _codec(w) == _codec(name)]
                words = [w for w in words if w not in same or (allowed and w == name)]
                if allowed and name not in words:
                    words.append(name)
                elif not allowed and "all" in words:
                    words.append(f"!{name}")
    return tuple(dict.fromkeys(words))


def _codec(word: str) -> str:
    """Return the codec's bare name, without `!` and packet length."""
    return word.removeprefix("!").partition(":")[0]


def _uint(text: str) -> int | str:
    """Read a number in C notation; what is none stays text, for the model to refuse.

    Source: main/config.c, ast_parse_arg.
    """
    match = re.fullmatch(r"[ \t]*\+?(0[xX][0-9a-fA-F]+|0[0-7]*|[1-9][0-9]*)", text)
    if match is None:
        return text
    digits = match[1].lower()
    return int(digits, 16 if digits.startswith("0x") else 8 if digits.startswith("0") else 10)


def _seconds(text: str) -> float | str:
    try:
        return float(text)
    except ValueError:
        return text


def _optional(text: str) -> str | None:
    return text or None


def _place(source: PjsipObject, name: str) -> Position | None:
    option = source.last(name)
    return option.position if option else None


def _take(
    draft: Draft,
    source: PjsipObject | None,
    read: Callable[[str], object],
    *fields: str,
    name: str | None = None,
) -> None:
    """Take options of `source` that are set; each field has its option's name or `name`."""
    for field in fields:
        option = source.last(name or field) if source else None
        if option is not None:
            draft.put(field, read(option.value), option.position)


@attrs.define
class _Links:
    """What points to an endpoint, looked up from the endpoint's side."""

    found: dict[tuple[str, str], dict[int, PjsipObject]] = attrs.field(factory=dict)
    identifies: dict[str, list[PjsipObject]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, objects: Objects) -> _Links:
        links = cls()
        for number, one in enumerate(objects.all("registration")):
            endpoint = one.text("endpoint")
            keys = {("name", one.wizard or endpoint or one.id), ("name", endpoint)}
            if not one.wizard and not endpoint:
                keys |= {("auth", auth) for auth in one.names("outbound_auth")}
                keys |= {("host", _host(one.text("server_uri")))}
            for key in keys:
                if key[1]:
                    links.found.setdefault(key, {})[number] = one
        for one in objects.all("identify"):
            links.identifies.setdefault(one.text("endpoint"), []).append(one)
        return links

    def registrations(self, *keys: tuple[str, str]) -> list[PjsipObject]:
        """Return the registrations with one of these keys, in file order."""
        found: dict[int, PjsipObject] = {}
        for key in keys:
            found |= self.found.get(key, {})
        return [found[number] for number in sorted(found)]


@attrs.frozen
class _Parts:
    """An endpoint with the objects that belong to it."""

    objects: Objects
    links: _Links
    endpoint: PjsipObject

    def aor(self) -> PjsipObject | None:
        return next(iter(self.objects.get("aor", self.endpoint.names("aors"))), None)

    def auth(self, option: str) -> PjsipObject | None:
        return next(iter(self.objects.get("auth", self.endpoint.names(option))), None)

    def contacts(self) -> list[Option]:
        """Return the fixed addresses of all its aors."""
        aors = self.objects.get("aor", self.endpoint.names("aors"))
        return [option for aor in aors for option in aor.all("contact") if option.value]

    def registrations(self) -> list[PjsipObject]:
        """Return the registrations that belong to it: by endpoint, name, auth or host."""
        name = self.endpoint.id
        auths = (("auth", auth) for auth in self.endpoint.names("outbound_auth"))
        hosts = (("host", _host(option.value)) for option in self.contacts())
        return self.links.registrations(("name", name), *auths) or self.links.registrations(*hosts)

    def identifies(self) -> list[PjsipObject]:
        return self.links.identifies.get(self.endpoint.id, [])

    def dynamic(self) -> Option | None:
        """Return the option that lets devices register as this endpoint."""
        wizard = self.objects.wizards.get(self.endpoint.id)
        if wizard is not None and wizard.on("accepts_registrations"):
            return Option("accepts_registrations", "yes", wizard.place("accepts_registrations"))
        for aor in self.objects.get("aor", self.endpoint.names("aors")):
            option = None if aor.text("contact") else aor.last("max_contacts")
            if option is not None and _uint(option.value) not in {0, option.value}:
                return option
        return None

    def role(self) -> tuple[Role, str, Position | None]:
        """Return what the endpoint is to the house, why, and the line that decides it."""
        name = self.endpoint.id
        dynamic = self.dynamic()
        registrations = self.registrations()
        contacts, identifies = self.contacts(), self.identifies()
        login = self.endpoint.last("outbound_auth") if self.auth("outbound_auth") else None
        if name == "anonymous" or name.startswith("anonymous@"):
            return "anonymous", "calls from callers whom nothing else identifies come here", None
        if dynamic is not None and registrations:
            reason = "it registers with us and we register with it"
            return "peer", reason, dynamic.position
        if registrations:
            return "trunk", "we register with it", registrations[0].position
        if login is not None and contacts:
            return "trunk", "it has a fixed address, and we log in there", login.position
        if dynamic is not None:
            return "extension", "devices may register as this endpoint", dynamic.position
        if contacts and identifies:
            reason = "it has a fixed address, and its calls are known by where they come from"
            return "trunk", reason, contacts[0].position
        if contacts:
            reason = "it has a fixed address, but neither registers nor is known by its address"
            return "peer", reason, contacts[0].position
        if identifies:
            reason = "its calls are known by where they come from, but nothing says where it is"
            return "peer", reason, identifies[0].position
        return "unknown", "nothing says where it is or how it registers", None

    def draft(self) -> Draft:
        """Return what extensions and trunks have in common."""
        draft = Draft(self.endpoint.id, self.endpoint.position)
        endpoint = self.endpoint
        _take(draft, endpoint, truth, "direct_media", "rtp_symmetric", "rewrite_contact")
        _take(draft, endpoint, str, "context")
        _take(draft, endpoint, _optional, "transport")
        _take(draft, endpoint, fold, "media_encryption")
        _take(draft, self.aor(), _uint, "qualify_frequency")
        allowed = endpoint.all("allow", "disallow")
        if left := codecs(allowed):
            draft.put("codecs", left, allowed[-1].position)
        return draft

    def extension(self, dialled: Dialled) -> Draft:
        draft, endpoint, auth = self.draft(), self.endpoint, self.auth("auth")
        draft.put("auth_user", None)
        _take(draft, endpoint, CallerID.parse, "callerid")
        _take(draft, endpoint, str, "subscribe_context")
        _take(draft, endpoint, str, "mailbox", name="mailboxes")
        _take(draft, auth, str, "auth_user", name="username")
        _take(draft, auth, str, "secret", name="password")
        _take(draft, self.aor(), _uint, "max_contacts")
        _take(draft, self.aor(), truth, "remove_existing")
        _take(draft, self.aor(), _seconds, "qualify_timeout")
        variables = {o.value.partition("=")[0]: o for o in endpoint.all("set_var") if o.value}
        if variables:
            values = tuple(option.value for option in variables.values())
            draft.put("set_var", values, _place(endpoint, "set_var"))
        callerid = draft.fields.get("callerid", CallerID())
        draft.put("number", self.number(callerid.number, dialled))
        return draft

    def number(self, shown: str, dialled: Dialled) -> str | None:
        """Return what others dial to reach it.

        The dialplan knows; without one, or where it does not say, the endpoint's name if it can
        be dialled, else the number that its calls show. Where the dialplan has several numbers,
        the endpoint's name is preferred, then the number that its calls show.
        """
        name = self.endpoint.id
        found = dialled.numbers(f"PJSIP/{name}")
        wizard = self.objects.wizards.get(name)
        if wizard is not None and wizard.on("has_hint") and dialable(wizard.value("hint_exten")):
            found.insert(0, wizard.value("hint_exten"))
        for likely in (name, shown):
            if likely in found:
                return likely
        found += [likely for likely in (name, shown) if dialable(likely)]
        return found[0] if found else None

    def trunk(self) -> Draft:
        draft, endpoint, auth = self.draft(), self.endpoint, self.auth("outbound_auth")
        registrations = self.registrations()
        registration = registrations[0] if registrations else None
        _take(draft, endpoint, truth, "send_rpid")
        _take(draft, endpoint, str, "from_user", "from_domain", "outbound_proxy")
        _take(draft, auth, str, "username")
        _take(draft, auth, str, "secret", name="password")
        _take(draft, registration, str, "contact_user")
        _take(draft, registration, _uint, "max_retries")
        _take(draft, registration, truth, "auth_rejection_permanent")
        if registrations:
            draft.put("sends_registrations", value=True, place=registrations[0].position)
        if auth is not None:
            draft.put("sends_auth", value=True, place=_place(endpoint, "outbound_auth"))
        self._hosts(draft, registrations)
        return draft

    def _hosts(self, draft: Draft, registrations: list[PjsipObject]) -> None:
        """Put the provider's servers, and its addresses where they are others."""
        wizard = self.objects.wizards.get(self.endpoint.id)
        contacts = self.contacts()
        sources = contacts or [o for one in registrations for o in one.all("server_uri")]
        if wizard is not None:
            hosts = [host for host in wizard.hosts() if host]
            place = wizard.place("remote_hosts")
            for flag in ("sends_registrations", "sends_auth"):
                if where := wizard.place(flag):
                    draft.put(flag, wizard.on(flag), where)
        else:
            uris = [part.strip() for o in sources for part in o.value.split(",")]
            hosts = list(dict.fromkeys(_host(uri) for uri in uris if _host(uri)))
            place = sources[0].position if sources else None
        draft.put("remote_hosts", tuple(hosts), place)
        matched = [o for one in self.identifies() for o in one.all("match")]
        items = [item for o in matched for item in map(str.strip, o.value.split(",")) if item]
        if items and items != hosts:
            draft.put("match", tuple(items), matched[0].position)


def _host(uri: str) -> str:
    """Return `host:port` of a SIP URI."""
    found = re.match(r"[^<]*<?sips?:(?:[^@>;]*@)?([^;>?]*)", uri, re.IGNORECASE)
    return found[1].strip() if found else ""


def _transport(source: PjsipObject) -> Draft:
    draft = Draft(source.id, source.position)
    _take(draft, source, fold, "protocol", "method")
    _take(draft, source, str, "bind", "external_media_address", "external_signaling_address")
    _take(draft, source, str, "cert_file", "priv_key_file", "ca_list_file")
    _take(draft, source, _uint, "external_signaling_port")
    nets: list[str] = []
    for option in source.all("local_net"):
        nets = [*nets, *option.value.split(",")] if option.value else []
        draft.put("local_net", tuple(nets), option.position)
    return draft
