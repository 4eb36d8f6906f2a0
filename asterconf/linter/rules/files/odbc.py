"""Functions that func_odbc.conf makes of statements of SQL."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.resolve.effective import EffectiveSection
from asterconf.source import fold

_OLD = {"read": "readsql", "write": "writesql"}
_STATEMENTS = frozenset({*_OLD, *_OLD.values()})
_DATABASES = frozenset({"dsn", "readhandle", "writehandle"})


def _functions(tree: Tree) -> Iterator[EffectiveSection]:
    for section in tree.sections("func_odbc.conf"):
        if fold(section.name) != "general":
            yield section


class OdbcFunctions(TreeRule):
    """Sections of func_odbc.conf without a statement or a database.

    Asterisk makes no function of a section without these. Observed on 22.10.1.
    """

    name = "odbc-statement"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such section."""
        for section in _functions(tree):
            pairs = [(fold(name), value) for name, value in section.pairs]
            if not any(value and name in _STATEMENTS for name, value in pairs):
                yield self.at(section.position, name=section.name)
            elif _DATABASES.isdisjoint(name for name, _ in pairs):
                yield self.at(section.position, code="AC626", name=section.name)


class OldStatement(TreeRule):
    """The options `read` and `write` of func_odbc.conf, which have other names now."""

    name = "odbc-old-name"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such option."""
        for section in _functions(tree):
            names = [fold(name) for name, _ in section.pairs]
            for index, name in enumerate(names):
                if name in _OLD and _OLD[name] not in names:
                    place = section.item(index).origin
                    facts = {"option": section.pairs[index][0], "new": _OLD[name]}
                    yield self.at(place, **facts)
