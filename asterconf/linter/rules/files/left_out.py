"""Files that are not judged, and files that a program writes."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.source import Position, Severity, count


class Unreadable(TreeRule):
    """A name that Asterisk would read, and cannot: a folder, or a link that leads nowhere."""

    name = "unreadable"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such name; one that no module asks for is no warning."""
        work = tree.work
        for name, why in work.files.unreadable.items():
            asked = work.schema.readers(name) and "/" not in name
            if why == "is a folder" and not asked:
                continue  # of files that others include, say
            one = self.at(Position(name, 1), name=name, why=why)
            yield one if asked else attrs.evolve(one, severity=Severity.INFO)


class NotJudged(TreeRule):
    """A file that no module of Asterisk reads, as far as is known."""

    name = "not-judged"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such file."""
        judged = {one.name for one in tree.work.judged()}
        for name, source in tree.work.sources.items():
            mine = name in tree.work.names and name not in judged
            if mine and not source.generator and not source.is_fragment:
                yield self.at(Position(name, 1), name=name, reason=source.reason)


class Generated(TreeRule):
    """Files that a program writes, such as FreePBX: what is changed by hand there is lost."""

    name = "generated"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield one finding for each such program, with its first files."""
        generated: dict[str, list[str]] = {}
        for name, source in tree.work.sources.items():
            if source.generator:
                generated.setdefault(source.generator, []).append(name)
        for generator, names in generated.items():
            more = f" and {count(len(names) - 1, 'other file')}" if names[1:] else ""
            related = [(Position(name, 1), "another one") for name in names[1:4]]
            place = Position(names[0], 1)
            yield self.at(place, related, generator=generator, what=f"{names[0]}{more}")
