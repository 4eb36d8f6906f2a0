"""What a transport says about the router that it is behind."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import ObjectRule
from asterconf.linter.tree import Tree

_EXTERNAL = ("external_media_address", "external_signaling_address")


class AddressWithoutNets(ObjectRule):
    """A transport with an external address, but without `local_net`.

    Without it every address counts as outside, so that phones in the own network are told the
    external one, too, and their sound goes by way of the router, if it takes it back at all.
    """

    name = "external-address-without-nets"
    kinds = frozenset({"transport"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first external address."""
        option = next((found for name in _EXTERNAL if (found := one.last(name))), None)
        if option is not None and option.value and not one.all("local_net"):
            yield self.at(option.position or one.position, name=one.id)


class NetsWithoutAddress(ObjectRule):
    """A transport with `local_net`, but without an external address.

    Then `local_net` changes nothing: what goes out names the inner address.
    """

    name = "nets-without-external-address"
    kinds = frozenset({"transport"})

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first network."""
        nets = one.all("local_net")
        if nets and not any(one.text(name) for name in _EXTERNAL):
            yield self.at(nets[0].position or one.position, name=one.id)
