"""What a router forwards to a home PBX, what a firewall closes, and how packets are marked."""

from __future__ import annotations

import ipaddress
from collections.abc import Iterator, Mapping
from contextlib import suppress
from importlib.resources import files
from typing import Any, Final

import attrs

from asterconf.escapes import markdown
from asterconf.model import Trunk
from asterconf.model.home import Installation, device, is_address, phone_ports

_WORLD: Final = ("anywhere",)
_FAIL2BAN: Final = files(__package__) / "fail2ban"


@attrs.frozen(kw_only=True)
class Opening:
    """A range of ports and who may reach it."""

    protocol: str
    """`udp` or `tcp`."""
    ports: tuple[int, int]
    """First and last."""
    to: str
    """Whose ports they are: `PBX`, or the name of a phone."""
    address: str = ""
    """Its local address. Empty: not known here."""
    sources: tuple[str, ...]
    """Who may reach them: networks, or `anywhere`."""
    forward: bool
    """Whether the router forwards them from outside."""
    why: str

    @property
    def written(self) -> str:
        """The ports as one writes them: `5060`, `20000-20999`."""
        low, high = self.ports
        return str(low) if low == high else f"{low}-{high}"


@attrs.frozen
class Mark:
    """How packets of a kind are marked, for routers that let them pass first."""

    what: str
    dscp: str
    value: int


@attrs.frozen
class Firewall:
    """The open ports; whatever is not named stays closed."""

    openings: tuple[Opening, ...]
    marks: tuple[Mark, ...]
    advice: tuple[str, ...]

    @property
    def forwards(self) -> tuple[Opening, ...]:
        """What the router forwards."""
        return tuple(opening for opening in self.openings if opening.forward)

    def table(self) -> str:
        """Return all of it as Markdown."""
        lines = [
            "| protocol | ports | of | from | router forwards | why |",
            "|---|---|---|---|---|---|",
        ]
        for one in self.openings:
            to = f"{one.to} ({one.address})" if one.address else one.to
            forward = "yes" if one.forward else "no"
            sources = ", ".join(one.sources)
            cells = (one.protocol.upper(), one.written, to, sources, forward, one.why)
            lines.append(f"| {' | '.join(map(markdown, cells))} |")
        if self.marks:
            lines += ["", "| packets | DSCP | value |", "|---|---|---|"]
            lines += [f"| {markdown(m.what)} | {m.dscp} | {m.value} |" for m in self.marks]
        return "\n".join([*lines, "", *(f"- {markdown(line)}" for line in self.advice)]) + "\n"

    def nftables(self) -> str:
        """Return a ruleset for the PBX's own machine: who may reach its ports for SIP and sound.

        Ports for some only are closed to all others before any port is opened to the world. It
        says nothing about other ports, so that it can stand beside what is there already.
        """
        lines = ["table inet asterconf {", "\tchain input {",
                 "\t\ttype filter hook input priority filter; policy accept;",
                 "\t\tct state established,related accept", '\t\tiifname "lo" accept']  # fmt: skip
        mine = [one for one in self.openings if one.to == "PBX"]
        closed: dict[str, list[str]] = {}
        for one in mine:
            if one.sources != _WORLD:
                lines += [
                    f"\t\t{family} saddr {source} {one.protocol} dport {one.written} accept"
                    for family, source in _sources(one)
                ]
                ports = closed.setdefault(one.protocol, [])
                ports += [one.written] if one.written not in ports else []
        lines += [f"\t\t{p} dport {{ {', '.join(ports)} }} drop" for p, ports in closed.items()]
        lines += [
            f"\t\t{one.protocol} dport {one.written} accept"
            for one in mine
            if one.sources == _WORLD
        ]
        return "\n".join([*lines, "\t}", "}"]) + "\n"

    def to_dict(self) -> dict[str, Any]:
        """Return all of it as plain values for JSON."""
        return {
            "openings": [attrs.asdict(one) for one in self.openings],
            "marks": [attrs.asdict(mark) for mark in self.marks],
            "advice": list(self.advice),
        }

    def fail2ban(self) -> Mapping[str, str]:
        """Return a filter and a jail for fail2ban, by their paths below /etc/fail2ban.

        They ban addresses that fail to log in, as security.log has them.
        """
        ports = sorted({one.written for one in self.openings if one.why.startswith("SIP")})
        jail = (_FAIL2BAN / "jail.conf").read_text("utf-8")
        return {
            "filter.d/asterconf.conf": (_FAIL2BAN / "filter.conf").read_text("utf-8"),
            "jail.d/asterconf.conf": jail.format(ports=",".join(ports)),
        }

    def _repr_markdown_(self) -> str:
        return self.table()


def _sources(opening: Opening) -> Iterator[tuple[str, str]]:
    """Yield each family of addresses with its set; what is no network is left out."""
    networks = []
    for source in opening.sources:
        with suppress(ValueError):
            networks.append(ipaddress.ip_network(source, strict=False))
    for family, version in (("ip", 4), ("ip6", 6)):
        found = [
            str(net) if net.num_addresses > 1 else str(net.network_address)
            for net in networks
            if net.version == version
        ]
        if found:
            yield family, f"{{ {', '.join(found)} }}"


def firewall(home: Installation) -> Firewall:
    """Return which ports are open to whom."""
    network = home.network
    local = tuple(net for net in network.local_networks if not net.startswith("127."))
    openings = [
        Opening(protocol=protocol, ports=(port, port), to="PBX", sources=local, forward=False,
                why="SIP of the phones")
        for protocol, port in _sip_ports(home)
    ]  # fmt: skip
    for trunk in home.trunks:
        openings += _provider(home, trunk)
    openings.append(
        Opening(
            protocol="udp",
            ports=network.rtp_ports,
            to="PBX",
            sources=_WORLD,
            forward=network.external_address is not None,
            why="sound of calls to the outside",
        )
    )
    openings += _phones(home)
    return Firewall(tuple(openings), _marks(home), tuple(_advice(home)))


def _sip_ports(home: Installation) -> list[tuple[str, int]]:
    secure = [("tcp", home.network.tls.port)] if home.network.tls else []
    port = home.network.sip_port
    return [("udp", port), ("tcp", port), *secure]


def _provider(home: Installation, trunk: Trunk) -> Iterator[Opening]:
    """Yield what a provider that calls a fixed address takes; a registration opens its own way."""
    if trunk.sends_registrations is not False:
        return
    tls = trunk.transport == "transport-tls"
    protocol = "udp" if trunk.transport == "transport-udp" else "tcp"
    port = home.network.tls.port if tls and home.network.tls else home.network.sip_port
    numeric = tuple(m for m in trunk.match or () if is_address(m.partition("/")[0]))
    if numeric:
        yield Opening(
            protocol=protocol, ports=(port, port), to="PBX", sources=numeric, forward=True,
            why=f"calls from {trunk.name}, which does not wait for a registration",
        )  # fmt: skip


def _phones(home: Installation) -> Iterator[Opening]:
    """Yield the RTP ports of phones that a provider reaches without the PBX in between."""
    if not home.phones_outside:
        return
    ports = phone_ports(home.extensions, home.network)
    for extension in home.extensions:
        if extension.direct_media and extension.name in ports:
            yield Opening(
                protocol="udp",
                ports=ports[extension.name],
                to=extension.name,
                address=device(extension).address,
                sources=_WORLD,
                forward=True,
                why="sound that does not pass the PBX",
            )


def _marks(home: Installation) -> tuple[Mark, ...]:
    if not home.network.qos:
        return ()
    return (Mark("SIP", "CS3", 24), Mark("sound", "EF", 46))


def _advice(home: Installation) -> Iterator[str]:
    yield "Nothing else is forwarded: no SIP port, no web page, no manager."
    yield "Switch off SIP ALG (SIP helper) in the router: it rewrites what is right already."
    yield "Softphones outside the house come in through a VPN."
    homeless = [opening.to for opening in _phones(home) if not opening.address]
    if homeless:
        yield f"Give {', '.join(homeless)} a fixed address before its ports are forwarded."
    if home.network.qos:
        yield "Let the router put packets marked EF and CS3 first (QoS, DSCP)."
    named = [
        trunk.name
        for trunk in home.trunks
        if trunk.sends_registrations is False
        and not any(is_address(m.partition("/")[0]) for m in trunk.match or ())
    ]
    if named:
        yield f"Open the SIP port to the addresses of {', '.join(named)}, which are not known here."
