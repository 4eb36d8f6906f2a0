"""The numbers with which calls come in from providers, and whether anything answers them."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree


class RegisteredAsS(TreeRule):
    """A registration without `contact_user`, where the context of its calls has no extension `s`.

    Asterisk registers as `s`. A provider that calls what was registered gets 404.
    """

    name = "registered-as-s"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such registration that belongs to an endpoint."""
        for one in tree.objects.all("registration"):
            name = one.wizard or one.text("endpoint") or one.id
            endpoint = tree.objects.by_kind["endpoint"].get(name)
            if endpoint is None or one.text("contact_user"):
                continue
            context = endpoint.text("context") or "default"
            if tree.uses.contexts.get(context) and tree.answers("s", context) is False:
                facts = {"name": one.id, "context": context}
                yield self.at(one.position, **facts)


class InboundNumbers(TreeRule):
    """The context of a provider's calls that answers numbers with digits, but none with a `+`.

    Many providers send the number in international form; such calls get 404. `X` matches no `+`.
    """

    name = "inbound-without-plus"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the endpoint."""
        for context, one in tree.outsiders.items():
            if tree.role(one.id) != "trunk" or not tree.uses.contexts.get(context):
                continue
            if not tree.answers("15551230123", context):
                continue
            if tree.answers("+15551230123", context) is False:
                yield self.at(one.where("context"), context=context, trunk=one.id)
