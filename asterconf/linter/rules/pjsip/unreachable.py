"""Phones and trunks that nobody reaches: no address to ring, and nowhere to register."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject
from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.lines import FileLines
from asterconf.linter.rules.rule import ObjectRule
from asterconf.linter.tree import Tree
from asterconf.references.values import Name
from asterconf.source import Severity


class DialledWithoutAors(ObjectRule):
    """An endpoint without `aors` that some step or queue rings.

    Asterisk says "Unable to determine contacts from empty aor list", and "has no configured AORs"
    to a phone that registers.
    """

    name = "dialled-without-aors"
    kinds = frozenset({"endpoint"})
    messages = (
        Message(
            "AC430", Severity.WARNING,
            "endpoint {name!r} has no aors: what rings it rings nobody, and no phone registers "
            "for it",
            "add aors = {name} and a section [{name}] with type = aor",
        ),
    )  # fmt: skip

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the section."""
        if one.names("aors"):
            return
        lines = FileLines(tree.work.files)
        for use in tree.work.references.to(Name("pjsip.conf", "endpoint", one.id)):
            line = lines.node(use.place)
            behind = use.place.column - 1 + len(use.text)
            by_address = line is not None and line.text[behind : behind + 1] == "/"
            named = use.certain or use.text == "${EXTEN}"
            if named and use.how in {"dials", "pages", "member"} and not by_address:
                yield self.at(one.position, name=one.id)
                return


class NoRoomForContacts(ObjectRule):
    """An aor of an endpoint that has no `contact`, and lets nobody register.

    `max_contacts` is 0 unless it is set. Asterisk says "has no configured max_contacts" to a phone
    that registers, and rings nobody.
    """

    name = "no-room-for-contacts"
    kinds = frozenset({"aor"})
    messages = (
        Message(
            "AC431", Severity.WARNING,
            "aor {name!r} has no contact, and max_contacts is 0: no phone registers for it, and "
            "nobody is rung by it",
            "set max_contacts = 1 for a phone, or contact = sip:… for a trunk",
        ),
    )  # fmt: skip

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the section."""
        if one.all("contact") or one.text("max_contacts").strip() not in {"", "0"}:
            return
        if any(one.id in endpoint.names("aors") for endpoint in tree.objects.all("endpoint")):
            yield self.at(one.position, name=one.id)
