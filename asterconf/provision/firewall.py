"""What a router forwards to a home PBX, what a firewall closes, and how packets are marked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from asterconf.model import Trunk
from asterconf.model.home import Installation, device, is_address, phone_ports

__all__ = ["Firewall", "Mark", "Opening", "firewall"]

_WORLD: Final = ("anywhere",)


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
            lines.append(f"| {' | '.join(cells)} |")
        lines += ["", "| packets | DSCP | value |", "|---|---|---|"]
        lines += [f"| {mark.what} | {mark.dscp} | {mark.value} |" for mark in self.marks]
        return "\n".join([*lines, "", *(f"- {line}" for line in self.advice)]) + "\n"

    def nftables(self) -> str:
        """Return a ruleset for the PBX's own machine: who may reach its ports for SIP and sound.

        It says nothing about other ports, so that it can stand beside what is there already.
        """
        lines = ["table inet asterconf {", "\tchain input {",
                 "\t\ttype filter hook input priority filter; policy accept;",
                 "\t\tct state established,related accept", '\t\tiifname "lo" accept']  # fmt: skip
        mine = [one for one in self.openings if one.to == "PBX"]
        for one in mine:
            for family, source in _sources(one):
                match = f"{family} saddr {source} " if family else ""
                lines.append(f"\t\t{match}{one.protocol} dport {one.written} accept")
        shut: dict[str, list[str]] = {}
        for one in mine:
            if one.sources != _WORLD and one.written not in shut.setdefault(one.protocol, []):
                shut[one.protocol].append(one.written)
        lines += [f"\t\t{p} dport {{ {', '.join(ports)} }} drop" for p, ports in shut.items()]
        return "\n".join([*lines, "\t}", "}"]) + "\n"

    def _repr_markdown_(self) -> str:
        return self.table()


def _sources(opening: Opening) -> Iterator[tuple[str, str]]:
    if opening.sources == _WORLD:
        yield "", ""
    for family, mark in (("ip", "."), ("ip6", ":")):
        found = [s for s in opening.sources if mark in s and s != "anywhere"]
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
    return [("udp", 5060), ("tcp", 5060), *secure]


def _provider(home: Installation, trunk: Trunk) -> Iterator[Opening]:
    """Yield what a provider that calls a fixed address takes; a registration opens its own way."""
    if trunk.sends_registrations is not False:
        return
    tls = trunk.transport == "transport-tls"
    protocol = "udp" if trunk.transport == "transport-udp" else "tcp"
    port = home.network.tls.port if tls and home.network.tls else 5060
    numeric = tuple(m for m in trunk.match or () if is_address(m.partition("/")[0]))
    if numeric:
        yield Opening(
            protocol=protocol, ports=(port, port), to="PBX", sources=numeric, forward=True,
            why=f"calls from {trunk.name}, which does not wait for a registration",
        )  # fmt: skip


def _phones(home: Installation) -> Iterator[Opening]:
    extensions = home.extensions
    ports = phone_ports(extensions, home.network)
    for extension in extensions:
        if extension.direct_media and extension.name in ports and home.network.external_address:
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
    homeless = [
        e.name
        for e in home.extensions
        if e.direct_media and home.network.external_address and not device(e).address
        and e.name in phone_ports(home.extensions, home.network)
    ]  # fmt: skip
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
