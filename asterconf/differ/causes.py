"""Which edit of the files brought a change about."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

import attrs

from asterconf.differ.changes import Cause
from asterconf.differ.units import Side, Source
from asterconf.source import Position, fold
from asterconf.syntax import Document

if TYPE_CHECKING:
    from asterconf.resolve import Effective, EffectiveItem, EffectiveSection

__all__ = ["Causes", "line_of", "section_of"]


def section_of(side: Side, place: Position | None) -> str:
    """Return the name of the section in which a line stands; empty: it is in none."""
    found = _part(side, place) if place is not None else None
    return found[0] if found is not None else ""


def line_of(side: Side, place: Position) -> str:
    """Return the text of a line without its end; empty: it stands in no file."""
    found = _part(side, place)
    if found is None:
        return ""
    _, text, first = found
    return text.split("\n")[place.line - first]


def _part(side: Side, place: Position) -> tuple[str, str, int] | None:
    """Return name, text and first line of the section of a file that holds a line."""
    if place.file not in side.conf:
        return None
    document: Document = side.conf[place.file]
    parts = document.parts
    part = parts[max(bisect_right(parts, place.line, key=lambda p: p.line) - 1, 0)]
    return part.name, part.text, part.line


@attrs.define(eq=False)
class Causes:
    """Finds the cause of a change, from the lines that differ."""

    old: Side
    new: Side
    variables: dict[str, Cause] = attrs.field(factory=dict)
    """The global variables of the dialplan that changed, and the lines that say them."""
    _named: dict[int, dict[str, EffectiveSection]] = attrs.field(factory=dict)

    def of(self, gone: Source | None, come: Source | None) -> Cause | None:
        """Return the cause of a change, from the lines that count on both sides."""
        old, new = (source.item if source else None for source in (gone, come))
        if old is None and new is None:
            return None
        line = Cause(old.origin if old else None, new.origin if new else None)
        if old is not None and new is not None:
            if old.way == new.way:
                return line
            assert gone is not None
            assert come is not None
            if not new.way:  # an own line came before a template's, or that one went
                stays = self._says(self._section(self.new, gone, old.template), old)
                return Cause(None, new.origin) if stays else Cause(old.origin, None)
            if not old.way:
                stays = self._says(self._section(self.old, come, new.template), new)
                return Cause(old.origin, None) if stays else Cause(None, new.origin)
            return self._header(gone, come) or line
        item, source, other = (new, come, self.old) if new else (old, gone, self.new)
        assert item is not None
        assert source is not None
        if item.way:
            section = self._section(other, source, item.template)
            if section is None or self._says(section, item):
                return self._header(gone, come) or line
        return line

    def at(self, old: Position | None, new: Position | None) -> Cause | None:
        """Return the cause of a change of the dialplan, from the places on both sides."""
        if old is None and new is None:
            return None
        if self.variables:
            side, place = (self.new, new) if new is not None else (self.old, old)
            assert place is not None
            text = line_of(side, place)
            other = line_of(self.old, old) if new is not None and old is not None else text
            for name, cause in self.variables.items():
                if text == other and f"${{{name}}}" in text:
                    return cause
        return Cause(old, new)

    def _header(self, gone: Source | None, come: Source | None) -> Cause | None:
        """Return the header whose list of templates changed on the way of a line."""
        source, side = (come, self.old) if come is not None else (gone, self.new)
        assert source is not None
        for name in (source.section.name, *reversed(source.item.way)):
            here = self._lookup(source.section.reading, name) or source.section
            there = self._section(side, source, name)
            if there is not None and there.inherits != here.inherits:
                places = there.position, here.position
                old, new = places if come is not None else places[::-1]
                return Cause(old, new, "header")
        return None

    def _section(self, side: Side, like: Source, name: str) -> EffectiveSection | None:
        """Return the section of that name in the same file of a side."""
        file = like.section.reading.name if like.section.reading else ""
        return self._lookup(side.effective(file.removesuffix(".sample")), name)

    def _lookup(self, effective: Effective | None, name: str) -> EffectiveSection | None:
        if effective is None:
            return None
        if id(effective) not in self._named:
            first: dict[str, EffectiveSection] = {}
            for section in effective.sections:
                first.setdefault(fold(section.name), section)
            self._named[id(effective)] = first
        return self._named[id(effective)].get(fold(name))

    @staticmethod
    def _says(section: EffectiveSection | None, item: EffectiveItem) -> bool:
        return section is not None and (item.name, item.value) in section.pairs
