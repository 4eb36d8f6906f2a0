"""The ports of sound, beside those that the firewall of a home opens."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from contextlib import suppress
from typing import Final

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.model.home import Network
from asterconf.source import Position, fold

SIDECAR: Final = ".asterconf/build.toml"


class PortsOutsideFirewall(TreeRule):
    """The range of ports in rtp.conf, beside that of the description which a built home leaves.

    `asterconf firewall` opens the ports of the description. Sound of calls to the outside that
    uses others is lost, in one direction or in both.
    """

    name = "ports-outside-firewall"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the line of the bound that lies outside."""
        opened, said = _opened(tree), dict[str, tuple[str, Position]]()
        for section in tree.sections("rtp.conf"):
            for index, (name, value) in enumerate(section.pairs):
                if fold(section.name) == "general":  # the first line counts
                    said.setdefault(fold(name), (value, section.item(index).origin))
        texts = {"rtpstart": "5000", "rtpend": "31000"} | {k: v[0] for k, v in said.items()}
        if opened is None or not all(texts[k].isdecimal() for k in _BOUNDS):
            return
        first, last = (int(texts[option]) for option in _BOUNDS)
        low, high = opened
        for option, outside in zip(_BOUNDS, (first < low, last > high), strict=True):
            if outside and option in said:
                yield self.at(said[option][1], first=first, last=last, low=low, high=high)
                return


_BOUNDS = ("rtpstart", "rtpend")


def _opened(tree: Tree) -> tuple[int, int] | None:
    """Return the ports that the description of a home has; None: there is none."""
    text = tree.work.files.get(SIDECAR)
    with suppress(tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError):
        home = tomllib.loads(str(text or ""))["home"]
        low, high = home.get("network", {}).get(
            "rtp_ports", attrs.fields(Network).rtp_ports.default
        )
        return int(low), int(high)
    return None
