"""Sections of pjsip.conf in the making, and the texts of addresses in them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain, count
from urllib.parse import quote

import attrs

from asterconf import schema
from asterconf.bind.chan_sip import ChanSip, host_address, port_of
from asterconf.migrate.outcome import LineRef, Outcome
from asterconf.migrate.sip_table import copied, fits
from asterconf.model.sip import SipAuth, SipPeer
from asterconf.source import Position, fold, is_true
from asterconf.syntax.inspect import NAME_LIMIT, cut_name
from asterconf.syntax.layout import escape
from asterconf.workspace import Workspace

Pairs = list[tuple[str, str]]
_NO_USER = re.compile(r"%(?![0-9A-Fa-f]{2})|[^A-Za-z0-9!#$%&'()*+\-./:;=?_~]")
"""What 22.10.1 takes in the user of a URI only if it is escaped; `,` is between contacts."""


@attrs.define
class MovedSection:
    """A section of pjsip.conf in the making."""

    name: str
    kind: str
    place: Position
    pairs: Pairs = attrs.field(factory=list)
    comments: list[str] = attrs.field(factory=list)
    template: str = ""
    """The template that it inherits from; `!`: it is one."""

    def put(self, name: str, value: object) -> None:
        """Add an option, unless PJSIP takes that value by itself, or refuses it."""
        text = ("yes" if value else "no") if isinstance(value, bool) else str(value)
        if text and text != _default(self.kind, name) and fits(self.kind, name, text):
            self.pairs.append((name, text))

    def say(self, name: str, value: str) -> None:
        """Add an option that shall be seen even with its default."""
        self.pairs.append((name, value))

    @property
    def text(self) -> str:
        """The lines of the section."""
        inherits = f"({self.template})" if self.template else ""
        lines = [*self.comments, escape(f"[{self.name}]{inherits}")]
        lines += [] if self.template not in {"", "!"} else [f"type={self.kind}"]
        lines += (f"{name}={escape(value)}" for name, value in self.pairs)
        return "\n".join(lines) + "\n"


@cache
def _default(kind: str, name: str) -> str | None:
    facts = schema.file("pjsip.conf")
    option = facts.objects[kind].options.get(name) if facts is not None else None
    return None if option is None else option.default


@attrs.define(eq=False)
class SipDraft:
    """The sections that one sip.conf becomes, and what is said of it."""

    workspace: Workspace
    """The copy that is edited."""
    sip: ChanSip
    general: Mapping[str, str]
    """The last value of each option of `[general]`, by its name in lower case."""
    header: Position
    codec_lines: Pairs = attrs.field(factory=list)
    """The lines of `[general]` about codecs: option in lower case, and value."""
    logins: list[SipAuth] = attrs.field(factory=list)
    """The logins of `[authentication]`, which every peer and registration sends, by realm."""
    sections: list[MovedSection] = attrs.field(factory=list)
    peers: dict[str, tuple[Outcome, str]] = attrs.field(factory=dict)
    """What is said of each peer as a whole, by its folded name."""
    lines: dict[LineRef, tuple[Outcome, str]] = attrs.field(factory=dict)
    """What is said of single lines, where the table says something else."""
    idle: dict[LineRef, str] = attrs.field(factory=dict)
    """Why chan_sip makes nothing of lines that stand where it reads such ones."""
    names: set[str] = attrs.field(factory=set)
    """The names and addresses that are taken."""

    def new(self, name: str, kind: str, place: Position) -> MovedSection:
        """Begin a section."""
        made = MovedSection(name, kind, place)
        self.sections.append(made)
        return made

    def named(self, base: str, end: str) -> str:
        """Return a free name for a section, the base cut so that Asterisk keeps the end."""
        ends = chain((end,), (f"{end}{number}" for number in count(2)))
        names = (f"{cut_name(base, NAME_LIMIT - len(one))}{one}" for one in ends)
        made = next(one for one in names if one not in self.names)
        self.names.add(made)
        return made

    def on(self, name: str, default: str = "no") -> bool:
        """Tell whether `[general]` switches something on."""
        return is_true(self.general.get(name, default))

    def copy(
        self, to: MovedSection, peer: SipPeer | None = None, options: Mapping[str, list[str]] = {}
    ) -> None:
        """Write what options of the table become by themselves in a section of this kind."""
        for option, row in copied(to.kind):
            text = (options.get(row.name) or [""])[-1]
            value: object = is_true(text) if row.by == "flag" else text
            if row.by == "field":
                value = getattr(peer, row.name.replace("-", "_"))
                value = ",".join(map(str, value)) if isinstance(value, tuple) else value
            elif row.by in {"general", "switch"}:
                value = self.general.get(row.name, "") if row.by == "general" else self.on(row.name)
            to.put(option, row.words.get(fold(str(value)), "") if row.words else value)

    def common(self) -> Iterator[tuple[str, SipAuth]]:
        """Yield the logins that are sent for everybody, each with the name of its auth."""
        return ((f"authentication-realm{at}", one) for at, one in enumerate(self.logins, 1))

    def login(self, base: str, end: str, one: SipAuth, place: Position) -> str:
        """Write a login, without a realm one for all realms, and return its name."""
        made = self.new(self.named(base, end), "auth", place)
        made.say("auth_type", "md5" if one.md5secret else "userpass")
        made.say("username", one.user)
        if one.md5secret:
            made.say("md5_cred", one.md5secret.reveal())
        elif one.secret is not None:
            made.say("password", one.secret.reveal())
        made.put("realm", one.realm)
        return made.name


def has_password(one: SipAuth) -> bool:
    """Tell whether a login has what PJSIP needs of one."""
    return bool(one.secret or one.md5secret)


def host_text(host: str, port: int) -> str:
    """Return a host with its port, 0: none, as a URI has it."""
    own, bare = port_of(host), host_address(host)
    number = port or (int(own) if own.isdigit() else 0)
    shown = f"[{bare}]" if ":" in bare else bare
    return f"{shown}:{number}" if number else shown


def user_text(user: str) -> str:
    """Return the user of a URI, what cannot stand in one escaped."""
    return _NO_USER.sub(lambda found: quote(found[0], safe="", errors="surrogateescape"), user)


def bound_text(address: str, port: str) -> str:
    """Return what a transport is bound to: an address, with its own port or the given one."""
    host = host_text(host_address(address) or "0.0.0.0", 0)  # noqa: S104 - as chan_sip
    number = int(port_of(address) or (port if port.isdigit() else 5060))
    return f"{host}:{number % 65536}"  # as chan_sip


def transport_text(transports: tuple[str, ...]) -> str:
    """Return the parameter of a URI for the first transport; empty: UDP."""
    first = transports[0] if transports else "udp"
    return "" if first == "udp" else f";transport={first}"


def proxy_text(text: str) -> str:
    """Return an outbound proxy, `[transport://]host[:port][,force]`, as a URI; empty: none."""
    bare = text.partition(",")[0].strip()
    scheme, found, rest = bare.partition("://")
    bare, scheme = (rest, fold(scheme)) if found else (bare, "")
    bare = bare.removeprefix("sip:")
    by = f";transport={scheme}" if scheme in {"tcp", "tls"} else ""
    return f"sip:{bare};lr{by}" if text else ""
