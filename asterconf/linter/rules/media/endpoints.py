"""How endpoints send sound: directly, encrypted, and through routers."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject
from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import ObjectRule, TreeRule, Verified
from asterconf.linter.tree import Tree
from asterconf.source import Position, Severity, fold, is_true, printable

__all__ = ["DirectMediaBehindNat", "IceWithoutStun", "InbandTones", "KeysInClear", "NatHalf"]

_PLACES = 3
"""How many further places a finding that counts endpoints names."""


class DirectMediaBehindNat(TreeRule):
    """An endpoint behind a router, as its options say, that leaves `direct_media` on.

    The two ends are told to send sound to each other's inner addresses: one of them, or both, hear
    nothing. Endpoints of one transport are one finding, with the first of them.
    """

    name = "direct-media-behind-nat"
    verified: Verified = "judgement"
    messages = (
        Message(
            "AC752", Severity.ADVICE,
            "{who} rtp_symmetric for a router in between, but direct_media is on: one side "
            "may hear nothing",
            "set direct_media = no", logged=False,
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the options that tell of the router, for each transport."""
        found: dict[str, dict[Position | None, str]] = {}
        for one in tree.objects.all("endpoint"):
            option = one.last("rtp_symmetric")
            direct = one.last("direct_media") is None or one.on("direct_media")
            if direct and option is not None and is_true(option.value):
                place = option.position or one.position
                found.setdefault(one.text("transport"), {}).setdefault(place, one.id)
        for places in found.values():
            (first, name), *others = places.items()
            who = f"{printable(name)!r} has" if not others else (
                f"{len(places)} endpoints, {printable(name)!r} first, have"
            )  # fmt: skip
            related = [(at, f"{other!r}, too") for at, other in others[:_PLACES] if at is not None]
            yield self.at(first, related, who=who)


class NatHalf(ObjectRule):
    """A phone with `rewrite_contact`, but without `rtp_symmetric`, or the other way round.

    Behind a router both are needed: the one for calls to reach the phone, the other for sound.
    """

    name = "half-of-nat"
    preview = True
    verified: Verified = "judgement"
    kinds = frozenset({"endpoint"})
    messages = (
        Message(
            "AC753", Severity.ADVICE,
            "phone {name!r} has {there}, but not {missing}: behind a router it needs both",
            "set {missing} = yes", logged=False,
        ),
    )  # fmt: skip

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the option that is there."""
        names = ("rewrite_contact", "rtp_symmetric")
        there = [name for name in names if one.on(name)]
        if len(there) == 1 and tree.role(one.id) == "extension":
            option = one.last(there[0])
            missing = next(name for name in names if name not in there)
            facts = {"name": one.id, "there": there[0], "missing": missing}
            yield self.at((option.position if option else None) or one.position, **facts)


class KeysInClear(ObjectRule):
    """SRTP with SDES over a transport that does not encrypt.

    The keys are in the messages of SIP: who reads these can listen.
    """

    name = "keys-in-clear-text"
    verified: Verified = "source"
    kinds = frozenset({"endpoint"})
    messages = (
        Message(
            "AC754", Severity.ADVICE,
            "the keys of the encrypted sound of {name!r} travel in clear, over {protocol}",
            "let it use a transport with protocol = tls", logged=False,
        ),
    )  # fmt: skip

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line of the encryption."""
        option = one.last("media_encryption")
        if option is None or fold(option.value) != "sdes":
            return
        found = tree.objects.by_kind["transport"].get(one.text("transport"))
        every = [found] if found is not None else list(tree.objects.all("transport"))
        protocols = {fold(each.text("protocol")) or "udp" for each in every}
        if protocols and protocols <= {"udp", "tcp"}:
            protocol = " and ".join(sorted(protocols))
            place = option.position or one.position
            yield self.at(place, name=one.id, protocol=protocol)


class IceWithoutStun(ObjectRule):
    """ICE on an endpoint, while rtp.conf names neither a STUN nor a TURN server.

    Then only the own addresses are offered, and ICE finds no way through a router.
    """

    name = "ice-without-stun"
    preview = True
    verified: Verified = "judgement"
    kinds = frozenset({"endpoint"})
    messages = (
        Message(
            "AC755", Severity.ADVICE,
            "{name!r} has ICE, but rtp.conf names no STUN or TURN server: no way through a "
            "router is found",
            "set stunaddr in rtp.conf", logged=False,
        ),
    )  # fmt: skip

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line of ICE."""
        option = one.last("ice_support")
        if option is None or not is_true(option.value) or not tree.work.has("rtp.conf"):
            return
        servers = ("stunaddr", "turnaddr")
        if not any(tree.option("rtp.conf", "general", name) for name in servers):
            hosts = any(fold(s.name) == "ice_host_candidates" for s in tree.sections("rtp.conf"))
            if not hosts:
                yield self.at(option.position or one.position, name=one.id)


class InbandTones(ObjectRule):
    """Tones inside the sound, with codecs that do not carry them.

    G.729, GSM, iLBC and Speex make them unreadable: menus and mailboxes hear no key.
    """

    name = "inband-tones"
    preview = True
    verified: Verified = "source"
    kinds = frozenset({"endpoint"})
    messages = (
        Message(
            "AC756", Severity.ADVICE,
            "{name!r} sends keys as tones in the sound, which {codec} does not carry",
            "set dtmf_mode = rfc4733, or allow only ulaw and alaw", logged=False,
        ),
    )  # fmt: skip

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line of the tones."""
        option = one.last("dtmf_mode")
        if option is None or fold(option.value) != "inband":
            return
        for codec in one.names("allow"):
            if fold(codec.partition(":")[0].lstrip("!")) in {"g729", "gsm", "ilbc", "speex"}:
                place = option.position or one.position
                yield self.at(place, name=one.id, codec=codec)
                return
