"""By which address a call is taken for one of a trunk."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from asterconf.bind.wizard import PjsipObject, PjsipOption
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.source import fold


def _matches(tree: Tree) -> Iterator[tuple[PjsipObject, PjsipOption, str]]:
    """Yield each address or name by which an identify object knows calls."""
    for one in tree.objects.all("identify"):
        for option in one.all("match"):
            for item in option.value.split(","):
                if item.strip():
                    yield one, option, fold(item.strip())


def _lines(tree: Tree) -> set[str]:
    """Return the endpoints whose calls are known by a line of their registration."""
    return {one.text("endpoint") for one in tree.objects.all("registration") if one.on("line")}


_End = tuple[int, int]
"""An address that begins or ends a network: its version, and its number."""


def _ends(address: str) -> tuple[_End, _End]:
    """Return the first and the last address of a network; those of a name lie in no other."""
    try:
        found = ipaddress.ip_network(address, strict=False)
    except ValueError:
        return (0, 0), (0, 0)
    return (found.version, int(found[0])), (found.version, int(found[-1]))


class SameMatch(TreeRule):
    """Two endpoints whose calls are known by the same address, or one by a network around it.

    One of them gets them all; the other never gets a call. Observed on 22.10.1: of several identify
    objects the first by name counts, however large its network is.
    """

    name = "same-match"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the second one of each two."""
        first: dict[str, tuple[PjsipObject, PjsipOption]] = {}
        networks: list[tuple[_End, _End, tuple[PjsipObject, PjsipOption]]] = []
        lines = _lines(tree)
        for one, option, address in sorted(_matches(tree), key=lambda found: found[0].id):
            if one.last("match_header") is not None or one.text("endpoint") in lines:
                continue
            low, high = _ends(address)
            around = next((who for a, b, who in networks if a <= low and high <= b), None)
            other, line = around or first.setdefault(address, (one, option))
            if low < high:
                networks.append((low, high, (one, option)))
            if other.text("endpoint") == one.text("endpoint"):
                continue
            facts = {"address": address, "other": other.text("endpoint")}
            related = [(line.position or other.position, "that one")]
            yield self.at(option.position or one.position, related, **facts)


class HostByName(TreeRule):
    """A provider whose calls are known by the name of its host.

    The name is looked up when Asterisk loads the file. If that fails, as when the network is not up
    yet, no identify object is made, and calls from there are refused until a reload.
    """

    name = "match-by-name"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first name of each endpoint, unless its registrations have a line."""
        lines = _lines(tree)
        seen = set[str]()
        for one, option, address in _matches(tree):
            endpoint = one.text("endpoint")
            numeric = re.match(r"[0-9.]+(/|:|\Z)|\[?[0-9a-f]*:[0-9a-f]*:", address)
            if numeric is None and endpoint not in seen | lines:
                seen.add(endpoint)
                facts = {"endpoint": endpoint, "address": address}
                yield self.at(option.position or one.position, **facts)
