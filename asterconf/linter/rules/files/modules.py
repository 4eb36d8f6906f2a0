"""Modules that modules.conf names: those that are gone, and those that are not Asterisk's."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule, Verified
from asterconf.linter.tree import Tree
from asterconf.source import Position, Severity, fold

__all__ = ["ForeignModule", "NeededModule"]


def _named(tree: Tree) -> Iterator[tuple[str, str, Position]]:
    """Yield each module that is to be loaded: the option, its name, and its place."""
    for section in tree.sections("modules.conf"):
        for index, (option, value) in enumerate(section.pairs if section.kind else ()):
            word, name = fold(option), value.removesuffix(".so")
            if word in {"load", "preload", "require", "preload-require"} and name:
                yield word, name, section.item(index).origin


class NeededModule(TreeRule):
    """A module without which Asterisk does not start, and which it does not have any more.

    Those that are gone and need not be there, AC707 counts.
    """

    name = "module-needed"
    messages = (
        Message(
            "AC619", Severity.ERROR, "{name} is not part of Asterisk {asterisk} any more, so it "
            "does not start", "remove the line",
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such line."""
        known = tree.work.schema
        for word, name, place in _named(tree):
            if name in known.gone_modules() and "require" in word:
                yield self.at(place, name=name, asterisk=known.asterisk)


class ForeignModule(TreeRule):
    """A module of somebody else: what it reads and does is not known here."""

    name = "module-foreign"
    verified: Verified = "source"
    messages = (
        Message(
            "AC621", Severity.INFO, "{name} is not one of Asterisk's modules, so it is unknown "
            "what it reads and does", "",
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such line."""
        known = tree.work.schema
        for word, name, place in _named(tree):
            needed = name in known.gone_modules() and "require" in word
            if not needed and name not in known.known_modules():
                yield self.at(place, name=name, asterisk=known.asterisk)
