"""Transports: one for each protocol that is asked for, and each with an address of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import ObjectRule, TreeRule
from asterconf.linter.tree import Tree
from asterconf.source import Position, fold

_SIX = " over IPv6"


def _versions(bind: str) -> tuple[str, ...]:
    """Return the versions of IP that an address to bind may have; a name may have both."""
    if bind.count(":") > 1:
        return (_SIX,)
    return ("",) if re.match(r"[0-9.]+(:|\Z)", bind) or not bind else ("", _SIX)


class NoTransport(ObjectRule):
    """A registration that no transport can carry.

    The transport that it names does, if that is there; else one of the protocol that the URI of the
    server asks for: by `sips:` or `;transport=`, else UDP. Observed on 22.10.1.
    """

    name = "no-transport"
    kinds = frozenset({"registration"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the URI of the server."""
        transports = tree.work.pjsip.transports
        known = tree.work.references.defined.of("pjsip.conf", "transport").complete
        if not known or one.text("transport") in transports:
            return
        protocols = {
            f"{found.obj.protocol}{version}"
            for found in transports.values()
            for version in _versions(found.obj.bind or "")
        }
        uri = fold(one.text("server_uri")).lstrip("<")
        asked = re.search(r";transport=([a-z]+)", uri)
        protocol = asked[1] if asked else "tls" if uri.startswith("sips:") else "udp"
        six = re.match(r"sips?:(?:[^@]*@)?\[[^\]]*:", uri) is not None
        if protocol + _SIX * six not in protocols:
            wanted = protocol + " and bind = [::]" * six
            place = one.where("server_uri")
            yield self.at(place, name=one.id, protocol=protocol + _SIX * six, wanted=wanted)


class SameAddress(TreeRule):
    """A transport that wants the address of an earlier one. Observed on 22.10.1."""

    name = "same-address"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the second one of each two."""
        first: dict[tuple[bool, str, int], tuple[str, Position | None]] = {}
        for name, found in tree.work.pjsip.transports.items():
            literal = re.fullmatch(
                r"([0-9.]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?", found.obj.bind or ""
            )
            if found.obj.protocol not in {"udp", "tcp", "tls"} or literal is None:
                continue
            secure, place = found.obj.protocol == "tls", found.where("bind")
            port = int(literal[2] or (5061 if secure else 5060))
            key = (found.obj.protocol == "udp", literal[1].lower(), port)
            if port and key in first:
                other, at = first[key]
                related = [(at, "that one")] if at else []
                address = f"{literal[1]}:{port}"
                yield self.at(place, related, address=address, other=other, name=name)
            first.setdefault(key, (name, place))


class OtherProtocol(ObjectRule):
    """A transport that is named, beside an address that asks for another protocol.

    Nothing is sent at all: a registration waits for an answer, a call is congested at once.
    Observed on 22.10.1.
    """

    name = "other-protocol"
    kinds = frozenset({"registration", "endpoint"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the address of the server, or of a contact."""
        named = tree.work.pjsip.transports.get(one.text("transport"))
        if named is None:
            return
        protocol = fold(named.obj.protocol)
        options = [one.last("server_uri")] if one.kind == "registration" else [
            option
            for name in one.names("aors")
            if (aor := tree.objects.by_kind["aor"].get(name)) is not None
            for option in aor.all("contact")
        ]  # fmt: skip
        for option in options:
            found = re.search(r";transport=([a-z]+)", fold(option.value)) if option else None
            if option and found and found[1] != protocol and protocol in {"udp", "tcp", "tls"}:
                yield self.at(
                    option.position or one.position, address=option.value, asked=found[1],
                    transport=one.text("transport"), name=one.id, protocol=protocol,
                )  # fmt: skip
