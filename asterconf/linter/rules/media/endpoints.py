"""How endpoints send sound: directly, encrypted, and through routers."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asterconf.bind.wizard import PjsipObject
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import OptionRule, TreeRule, more
from asterconf.linter.tree import Tree
from asterconf.source import Position, fold, is_true


class DirectMediaBehindNat(TreeRule):
    """An endpoint behind a router, as its options say, that leaves `direct_media` on.

    The two ends are told to send sound to each other's inner addresses: one of them, or both, hear
    nothing. Endpoints of one transport are one finding, with the first of them.
    """

    name = "direct-media-behind-nat"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the options that tell of the router, for each transport."""
        found: dict[str, list[tuple[Position | None, str]]] = {}
        for one in tree.objects.all("endpoint"):
            direct = one.last("direct_media") is None or one.on("direct_media")
            if direct and one.on("rtp_symmetric"):
                places = found.setdefault(one.text("transport"), [])
                places.append((one.where("rtp_symmetric"), one.id))
        for places in found.values():
            yield from self.once(places)


class NatHalf(TreeRule):
    """A phone with `rewrite_contact`, but without `rtp_symmetric`, or the other way round.

    Behind a router both are needed: the one for calls to reach the phone, the other for sound.
    Phones of one transport are one finding, with the first of them.
    """

    name = "half-of-nat"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the options that are there, for each transport."""
        names = ("rewrite_contact", "rtp_symmetric")
        found: dict[tuple[str, str, str], list[tuple[Position | None, str]]] = {}
        for one in tree.objects.all("endpoint"):
            there = [name for name in names if one.on(name)]
            if len(there) == 1 and tree.role(one.id) == "extension":
                missing = next(name for name in names if name not in there)
                key = (one.text("transport"), there[0], missing)
                found.setdefault(key, []).append((one.where(there[0]), one.id))
        for (_, option, missing), places in found.items():
            yield from self.once(places, there=option, missing=missing)


class KeysInClear(OptionRule):
    """SRTP with SDES over a transport that does not encrypt.

    The keys are in the messages of SIP: who reads these can listen.
    """

    name = "keys-in-clear-text"
    kinds = frozenset({"endpoint"})
    option = "media_encryption"

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return the protocols, if no transport that it may use encrypts."""
        if fold(value) != "sdes":
            return None
        found = tree.objects.by_kind["transport"].get(one.text("transport"))
        every = [found] if found is not None else list(tree.objects.all("transport"))
        protocols = {fold(each.text("protocol")) or "udp" for each in every}
        clear = protocols and protocols <= {"udp", "tcp"}
        return {"protocol": " and ".join(sorted(protocols))} if clear else None


class IceWithoutStun(OptionRule):
    """ICE on an endpoint, while rtp.conf names neither a STUN nor a TURN server.

    Then only the own addresses are offered, and ICE finds no way through a router.
    """

    name = "ice-without-stun"
    kinds = frozenset({"endpoint"})
    option = "ice_support"

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return no further facts, if rtp.conf is there and says nothing that helps ICE."""
        if not is_true(value) or not tree.work.has("rtp.conf"):
            return None
        servers = any(tree.option("rtp.conf", "general", n) for n in ("stunaddr", "turnaddr"))
        hosts = any(fold(s.name) == "ice_host_candidates" for s in tree.sections("rtp.conf"))
        return None if servers or hosts else {}


class InbandTones(OptionRule):
    """Tones inside the sound, with codecs that do not carry them.

    G.729, GSM, iLBC and Speex make them unreadable: menus and mailboxes hear no key.
    """

    name = "inband-tones"
    kinds = frozenset({"endpoint"})
    option = "dtmf_mode"

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return the first such codec."""
        for codec in one.names("allow") if fold(value) == "inband" else ():
            if fold(codec.partition(":")[0].lstrip("!")) in {"g729", "gsm", "ilbc", "speex"}:
                return {"codec": codec}
        return None


class NoCommonCodec(TreeRule):
    """A phone that may call an endpoint, where neither end has a codec of the other.

    Asterisk translates between those that its modules know. G.723, G.729, Opus and others it only
    passes on, unless a module of somebody else is loaded: such a call has no sound, or none comes
    about.
    """

    name = "no-common-codec"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step that calls, for the first pair with such codecs."""
        codecs = {
            name: frozenset(of.codecs)
            for name, one in tree.endpoints.items()
            if (of := one.obj.extension or one.obj.trunk) is not None and of.codecs
        }
        if all(have & _TRANSLATED for have in codecs.values()) or self._foreign(tree):
            return
        callers = {one.id: one.text("context") or "default" for one in tree.objects.all("endpoint")}
        found: dict[tuple[str, str], list[tuple[Position, str, str]]] = {}
        for at in tree.extensions:
            for use in tree.uses_of(at):
                called = use.use.target.name
                if use.use.how != "dials" or use.use.target.kind != "endpoint":
                    continue
                if called not in codecs or use.step < 0:
                    continue
                contexts = tree.uses.callers(at.context.name)
                for caller, context in callers.items():
                    if context in contexts and _apart(codecs.get(caller), codecs[called]):
                        mine, other = (", ".join(sorted(codecs[name])) for name in (caller, called))
                        place = at.place(at.extension.steps[use.step])
                        found.setdefault((mine, other), []).append((place, caller, called))
                        break
        for (mine, other), ((place, caller, called), *others) in found.items():
            facts = {"caller": caller, "called": called, "mine": mine, "other": other}
            yield self.at(place, **facts, more=more(len(others)))

    @staticmethod
    def _foreign(tree: Tree) -> bool:
        """Tell whether a module of somebody else may translate: each is named `codec_…`."""
        known = tree.work.schema.known_modules()
        named = (
            fold(value).removesuffix(".so")
            for section in tree.sections("modules.conf")
            for name, value in section.pairs
            if fold(name) in {"load", "preload", "require"}
        )
        return any(name.startswith("codec_") and name not in known for name in named)


_TRANSLATED = frozenset({
    "ulaw", "alaw", "gsm", "g722", "g726", "g726aal2", "ilbc", "adpcm", "lpc10", "speex", "speex16",
    "speex32", "slin", "slin12", "slin16", "slin24", "slin32", "slin44", "slin48", "slin96",
    "slin192",
})  # fmt: skip
"""Codecs between which the modules of Asterisk translate."""


def _apart(mine: frozenset[str] | None, other: frozenset[str]) -> bool:
    if mine is None or mine & other or "all" in mine | other:
        return False
    return not (mine & _TRANSLATED and other & _TRANSLATED)
