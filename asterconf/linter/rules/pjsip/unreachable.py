"""Phones and trunks that nobody reaches: no address to ring, and nowhere to register."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject
from asterconf.diagnostic import Diagnostic
from asterconf.linter.lines import FileLines
from asterconf.linter.rules.rule import ObjectRule, TreeRule
from asterconf.linter.tree import Tree
from asterconf.references.values import Name


class DialledWithoutAors(TreeRule):
    """An endpoint without `aors` that some step or queue rings.

    Asterisk says "Unable to determine contacts from empty aor list", and "has no configured AORs"
    to a phone that registers.
    """

    name = "dialled-without-aors"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first such section."""
        rings = tree.work.references.defined.rings
        bare = [one for one in tree.objects.all("endpoint") if not rings(one.id)]
        if found := [(one.position, one.id) for one in bare if _is_rung(one.id, tree)]:
            yield from self.once(found)


def _is_rung(endpoint: str, tree: Tree) -> bool:
    """Tell whether something rings an endpoint, and not an address by way of it."""
    lines = FileLines(tree.work.files)
    for use in tree.work.references.to(Name("pjsip.conf", "endpoint", endpoint)):
        line = lines.node(use.place)
        behind = use.place.column - 1 + len(use.text)
        by_address = line is not None and line.text[behind : behind + 1] == "/"
        named = use.certain or use.text == "${EXTEN}"
        if named and use.how in {"dials", "pages", "member"} and not by_address:
            return True
    return False


class NoRoomForContacts(TreeRule):
    """An aor of an endpoint that has no `contact`, and lets nobody register.

    `max_contacts` is 0 unless it is set. Asterisk says "has no configured max_contacts" to a phone
    that registers, and rings nobody.
    """

    name = "no-room-for-contacts"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first such section."""
        used = {name for one in tree.objects.all("endpoint") for name in one.names("aors")}
        found = [
            (one.position, one.id)
            for one in tree.objects.all("aor")
            if one.id in used and not one.all("contact")
            if one.text("max_contacts").strip() in {"", "0"}
        ]
        if found:
            yield from self.once(found)


class MailboxTwice(ObjectRule):
    """A mailbox of an endpoint that stands at its aor, too.

    The endpoint tells its phones of messages unasked, the aor those that subscribe: of one mailbox
    Asterisk does only the first, unless mwi_subscribe_replaces_unsolicited is set.
    """

    name = "mailbox-of-both"
    kinds = frozenset({"endpoint"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line of the endpoint."""
        boxes = () if one.on("mwi_subscribe_replaces_unsolicited") else one.names("mailboxes")
        for name in one.names("aors") if boxes else ():
            aor = tree.objects.by_kind["aor"].get(name)
            for box in aor.names("mailboxes") if aor is not None else ():
                if aor is not None and box in boxes:
                    related = [(aor.where("mailboxes"), "that one")]
                    yield self.at(one.where("mailboxes"), related, mailbox=box, aor=name)
