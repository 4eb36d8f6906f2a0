"""What one reading of a file leaves to the next, so that an edit costs what it changes.

A section that has simple lines only, and inherits from such sections alone, is the same in the
next reading if its text is, and they are. Then it is the same object, moved to the line where it
stands now; what readers made of it stays with it (`EffectiveSection.memory`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import attrs

from asterconf.resolve.effective import EffectiveSection
from asterconf.source import fold
from asterconf.syntax import Section

__all__ = ["Keeper", "Kept", "Left", "ReopenedError"]


class ReopenedError(Exception):
    """A section that was taken over gets more lines after all: read without the earlier reading."""


@attrs.frozen(eq=False)
class Kept:
    """A section as it was read, and what it was read from."""

    text: str
    bases: tuple[tuple[str, EffectiveSection], ...]
    section: EffectiveSection
    folded: str
    inherited: int
    """How many of its items are copies."""


@attrs.define(eq=False)
class Left:
    """What a reading leaves to the next.

    Attributes:
        parts: by the sections of documents, what was made of them.
        memory: what readers of the sections leave to themselves.
    """

    parts: Mapping[Section, Kept] = attrs.field(factory=dict)
    memory: dict[str, Any] = attrs.field(factory=dict)
    _heirs: dict[EffectiveSection, list[EffectiveSection]] | None = None
    _others: list[EffectiveSection] = attrs.field(factory=list)

    def holders(
        self, part: Section, sections: Iterable[EffectiveSection]
    ) -> Iterator[EffectiveSection]:
        """Yield those of the sections of a reading that may hold a line of a document's section."""
        if self._heirs is None:
            self._heirs = {}
            sure = {kept.section for kept in self.parts.values()}
            for kept in self.parts.values():
                for _, base in kept.bases:
                    self._heirs.setdefault(base, []).append(kept.section)
            self._others = [one for one in sections if one not in sure]
        found = list(self._others)
        if part in self.parts:
            found.append(self.parts[part].section)
        seen = set(found)
        for section in found:
            yield section
            more = [heir for heir in self._heirs.get(section, ()) if heir not in seen]
            seen.update(more)
            found += more


@attrs.define(eq=False)
class Keeper:
    """What an earlier reading left, and what this one leaves."""

    before: Left
    now: dict[Section, Kept] = attrs.field(factory=dict)
    taken: set[EffectiveSection] = attrs.field(factory=set)
    changed: set[EffectiveSection] = attrs.field(factory=set)
    """Sections that got lines from elsewhere; they are read anew the next time."""

    def again(self, part: Section, first: Mapping[str, EffectiveSection]) -> Kept | None:
        """Return what was made of a section of a document, if it would be made again.

        Args:
            part: the section, of a document whose sections are numbered.
            first: the sections so far by name, of several with one name the first.
        """
        kept = self.before.parts.get(part)
        if kept is None or kept.text != part.text:
            return None
        for name, base in kept.bases:
            if first.get(name) is not base or base not in self.taken:
                return None
        kept.section.move(part.line)
        self.taken.add(kept.section)
        self.now[part] = kept
        return kept

    def keep(
        self,
        part: Section,
        entries: Sequence[str],
        bases: Sequence[EffectiveSection | None],
        section: EffectiveSection,
    ) -> None:
        """Leave a section that has no line of its own yet to the next reading, if that can be."""
        section.memory = {}
        known: list[tuple[str, EffectiveSection]] = []
        for entry, base in zip(entries, bases, strict=True):
            if entry == "!":
                continue
            if base is None or entry.startswith("+"):
                return
            known.append((fold(entry), base))
        folded = fold(section.name)
        self.now[part] = Kept(part.text, tuple(known), section, folded, len(section))

    def give_up(self, section: EffectiveSection) -> None:
        """Note that a section gets lines from elsewhere.

        Raises:
            ReopenedError: it was taken over, so that it had to be as it was.
        """
        if section in self.taken:
            raise ReopenedError
        self.changed.add(section)

    def finish(self) -> Left:
        """Return what the next reading gets."""
        for part in [part for part, kept in self.now.items() if kept.section in self.changed]:
            del self.now[part]
        return Left(self.now, self.before.memory)
