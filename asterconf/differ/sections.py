"""The files that are compared section by section, and the boxes of voicemail.conf."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

from asterconf.bind.voicemail import read_mailboxes
from asterconf.differ.queues import queue_unit
from asterconf.differ.units import Said, Side, Source, Unit, changed_sections, section_unit
from asterconf.model import Mailbox
from asterconf.model.options import read
from asterconf.schema import OptionFacts
from asterconf.schema import file as file_facts
from asterconf.source import fold

if TYPE_CHECKING:
    from asterconf.differ.compare import Comparison
    from asterconf.resolve import EffectiveSection

__all__ = ["section_pairs", "section_units"]

Pairs = Iterator[tuple[Unit | None, Unit | None]]


def section_pairs(comparison: Comparison, file: str, *, only: str = "") -> Pairs:
    """Yield the sections of a file that say something else, as units, paired by kind and name.

    `only`: those of that name alone.
    """
    both = comparison.old, comparison.new
    old, new = (side.effective(file) for side in both)
    special = {name for side in both if (name := _aliases(side, file))}
    also = special if len({_aliases(side, file) for side in both}) > 1 else set()
    changed = changed_sections(old, new, also) if also else comparison.changed(file)
    for name, *sections in changed:
        if only and fold(name) != only:
            continue
        sides = [_units(side, file, found) for side, found in zip(both, sections, strict=True)]
        for key in dict.fromkeys([*sides[1], *sides[0]]):
            yield sides[0].get(key), sides[1].get(key)


def section_units(side: Side, file: str) -> Iterator[Unit]:
    """Yield everything in a file as units."""
    for _, _, sections in changed_sections(None, side.effective(file)):
        yield from _units(side, file, sections).values()


def _aliases(side: Side, file: str) -> str:
    """Return the section of voicemail.conf that holds aliases and no boxes; empty: none."""
    effective = side.effective(file) if file == "voicemail.conf" else None
    return (effective.setting("general", "aliasescontext") or "") if effective is not None else ""


def _units(
    side: Side, file: str, sections: Iterable[EffectiveSection]
) -> dict[tuple[str, str, int], Unit]:
    """Return sections of one name as units, those of one kind numbered."""
    found: dict[tuple[str, str, int], Unit] = {}
    boxes: list[EffectiveSection] = []
    count: dict[str, int] = {}
    for section in sections:
        kind = section.kind
        if kind is not None and (kind.file, kind.name) == ("voicemail.conf", "context"):
            boxes.append(section)
            continue
        unit = section_unit(file, section)
        number = count[unit.kind] = count.get(unit.kind, -1) + 1
        if not number or kind is None or kind.raw.get("repeat") != "first":
            found[unit.kind, unit.name, number] = queue_unit(unit)
    for unit in _boxes(side, boxes) if boxes else ():
        found[unit.kind, unit.name, 0] = unit
    return found


# -- voicemail -----------------------------------------------------------------------------------


def _boxes(side: Side, sections: list[EffectiveSection]) -> Iterator[Unit]:
    """Yield the boxes of sections of voicemail.conf that have one name."""
    effective = side.effective("voicemail.conf")
    assert effective is not None
    others = [s for s in effective.live if fold(s.name) == "general"]
    by_place = {
        item.origin: Source(section, index)
        for section in sections
        for index, item in enumerate(section.items)
    }
    for address, bound in read_mailboxes(effective.only([*others, *sections])).objects.items():
        box, place = bound.obj, bound.where("")
        source = by_place.get(place) if place is not None else None
        sources = (source,) if source is not None else ()
        said = {name: Said(value, None, sources) for name, value in _fields(box) if value}
        said |= {name: Said(value, facts, sources) for name, value, facts in _options(box)}
        yield Unit(
            "voicemail.conf", "mailbox", address, said, place, sections[0],
            title=box.name, make=partial(_same, box),
        )  # fmt: skip


def _same(box: Mailbox) -> Mailbox:
    return box


def _fields(box: Mailbox) -> Iterator[tuple[str, object]]:
    for name in ("initial_pin", "name", "email", "pager"):
        yield name, getattr(box, name)


def _options(box: Mailbox) -> Iterator[tuple[str, object, OptionFacts | None]]:
    """Yield the box's own settings as Asterisk takes them."""
    known = file_facts("voicemail.conf")
    kind = known.objects["mailbox_options"] if known else None
    for option in box.options:
        name, _, text = option.partition("=")
        facts = kind.option(name) if kind else None
        value = read(facts, text).value if facts is not None else None
        yield (facts.name if facts else name), text if value is None else value, facts
