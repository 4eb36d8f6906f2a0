"""The doors of the PBX other than telephony: the manager, HTTP, the shell, voicemail by phone."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from asterconf.bind.wizard import PjsipObject
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import OptionRule, StepRule, TreeRule
from asterconf.linter.tree import StepAt, Tree, last
from asterconf.source import fold, is_true

_LOCAL = ("127.", "[::1]", "::1", "localhost")
_EVERY = ("0.0.0.0/0", "0.0.0.0/0.0.0.0", "::/0")


class ManagerOpen(TreeRule):
    """The manager interface on all addresses, with a user whom no address list confines.

    Who has its password runs commands and calls; the password goes over the network in clear.
    """

    name = "manager-open"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such user."""
        enabled = tree.option("manager.conf", "general", "enabled")
        bind = tree.option("manager.conf", "general", "bindaddr")
        if enabled is None or not is_true(enabled[0]) or (bind and bind[0].startswith(_LOCAL)):
            return
        for section in tree.sections("manager.conf"):
            if fold(section.name) == "general" or last(section, ("secret",)) is None:
                continue
            if last(section, ("deny", "permit", "acl")) is None:
                yield self.at(section.position, name=section.name)


class HttpInClear(TreeRule):
    """The HTTP server without TLS on all addresses, while somebody may log in by ARI.

    Its passwords, and everything that is asked for, go over the network in clear.
    """

    name = "http-in-clear"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the address that HTTP is bound to."""
        enabled = tree.option("http.conf", "general", "enabled")
        bind = tree.option("http.conf", "general", "bindaddr")
        users = any(
            (last(one, ("type",)) or ("",))[0] == "user" for one in tree.sections("ari.conf")
        )
        ari = tree.option("ari.conf", "general", "enabled")
        if enabled is None or not is_true(enabled[0]) or not users:
            return
        if bind is not None and not bind[0].startswith(_LOCAL) and (ari is None or is_true(ari[0])):
            yield self.at(bind[1], address=bind[0])


class LiveDangerously(TreeRule):
    """The option `live_dangerously` of asterisk.conf.

    With it the manager and ARI may use functions such as SHELL, and so run anything on the machine.
    """

    name = "live-dangerously"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line."""
        found = tree.option("asterisk.conf", "options", "live_dangerously")
        if found is not None and is_true(found[0]):
            yield self.at(found[1])


_LISTS = ("acl.conf", "manager.conf", "pjsip.conf", "iax.conf")
"""The files with lists of addresses."""


class PermitsAll(TreeRule):
    """A list of addresses that permits all of them behind a `deny`.

    The last rule that matches decides, so that what was denied before is permitted again.
    """

    name = "permits-all"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line."""
        for file in _LISTS:
            for section in tree.sections(file):
                denied = False
                for index, (name, value) in enumerate(section.pairs):
                    word = fold(name)
                    denied = denied or word == "deny"
                    if denied and word == "permit" and value.strip() in _EVERY:
                        place = section.item(index).origin
                        yield self.at(place, section=section.name)


class PermitsOthers(TreeRule):
    """A list of addresses that keeps out whom it permits, or nobody.

    The last rule that matches decides, and whoever matches none is let in.
    """

    name = "permits-others"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line; of a list that has other lists, or a `!` in it, nothing is said."""
        for section in (one for file in _LISTS for one in tree.sections(file)):
            for before in ("", "contact_"):
                rules = {
                    index: (fold(name).removeprefix(before), value.strip())
                    for index, (name, value) in enumerate(section.pairs)
                    if fold(name) in {f"{before}permit", f"{before}deny"}
                }
                permitted = [n for n, (word, _) in rules.items() if word == "permit"]
                plain = "!" not in str(rules) and "acl" not in {fold(n) for n, _ in section.pairs}
                if not permitted or not plain:
                    continue
                last, (word, value) = [*rules.items()][-1]
                other = any((":" in rules[n][1]) != (":" in value) for n in permitted)
                if word == "deny" and value in _EVERY and not other:
                    yield self.at(section.item(last).origin, section=section.name)
                some = any(value not in _EVERY for _, value in rules.values())
                if len(permitted) == len(rules) and some:
                    place = section.item(permitted[0]).origin
                    yield self.at(place, code="AC734", section=section.name)


class AclOfOtherFile(OptionRule):
    """An `acl` of an endpoint that names a section of pjsip.conf, while there is no acl.conf.

    That option names lists of acl.conf; a section with type = acl is about all that comes in.
    """

    name = "acl-of-other-file"
    kinds = frozenset({"endpoint"})
    option = "acl"

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return the first such name."""
        lists = {s.name for s in tree.sections("pjsip.conf") if s.get("type") == "acl"}
        names = [] if tree.work.has("acl.conf") else [x for x in one.names("acl") if x in lists]
        return {"acl": names[0]} if names else None


class OldTls(OptionRule):
    """A TLS transport that speaks versions from before 1.2.

    They have been broken, and current phones and providers refuse them.
    """

    name = "old-tls"
    kinds = frozenset({"transport"})
    option = "method"

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return the method, if it is such a version."""
        old = fold(value) in {"tlsv1", "tlsv1_1", "sslv2", "sslv3"}
        return {"method": value} if old else None


class TrustedCallerId(OptionRule):
    """A phone whose word about its own caller id is believed.

    Whoever has the phone's password can call as anybody.
    """

    name = "trusted-caller-id"
    kinds = frozenset({"endpoint"})
    option = "trust_id_inbound"

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return no further facts, if it is on, for a phone."""
        return {} if is_true(value) and tree.role(one.id) == "extension" else None


class ReloadedTransport(OptionRule):
    """A transport that a reload of PJSIP opens anew.

    Calls and registrations over it may be cut then, by whoever may send a reload.
    """

    name = "reloaded-transport"
    kinds = frozenset({"transport"})
    option = "allow_reload"

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return no further facts, if it is on."""
        return {} if is_true(value) else None


class BoxWithoutPin(StepRule):
    """VoiceMailMain with the option `s`, which asks for no PIN.

    Whoever can dial this number hears the messages of the box.
    """

    name = "box-without-pin"
    applications = frozenset({"voicemailmain"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step, unless the box is that of the caller."""
        cuts = at.arguments
        if not re.match(r"[_*#0-9]", at.at.extension.name):
            return
        if len(cuts) > 1 and "s" in cuts[1] and "CALLERID" not in cuts[0] and cuts[0]:
            yield self.at(at.place, name=at.at.extension.name, box=cuts[0])
