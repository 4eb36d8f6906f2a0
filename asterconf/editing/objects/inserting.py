"""New sections: beside their like, with the same templates, in the same hand."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import attrs

from asterconf.bind import Style
from asterconf.editing.desk import Desk, Touched
from asterconf.editing.objects.standing import LINKS, Part, Siblings, fresh_of, label_of
from asterconf.editing.options.edits import OptionEdits, differences
from asterconf.editing.options.lines import LineEdits
from asterconf.errors import EditError
from asterconf.resolve import EffectiveSection
from asterconf.source import fold, printable
from asterconf.syntax import Section

__all__ = ["Slot", "insert", "slots_for"]

Pairs = tuple[tuple[str, str], ...]


@attrs.frozen(eq=False)
class Slot:
    """A section that is to be made.

    Attributes:
        label: what it is to its object.
        name: its name.
        document: the file that it is written into.
        inherits: the templates in its header.
        options: names and values that it shall say.
        like: the section that shows how lines look here.
        after: the section that it follows; `None`: the slot before it, or the end of the file.
    """

    label: str
    name: str
    document: str
    inherits: tuple[str, ...]
    options: Pairs
    like: Section | None = None
    after: Section | None = None


def insert(desk: Desk, reading: str, slots: Iterable[Slot], touched: Touched) -> None:
    """Make new sections. What their templates say already is not said again.

    Args:
        desk: the configuration.
        reading: the file that Asterisk reads them for.
        slots: what to make, in order.
        touched: gets the new sections.

    Raises:
        EditError: a section cannot be written, or Asterisk does not read it where it would stand.
    """
    previous: Section | None = None
    for slot in slots:
        document = desk.document(slot.document)
        after = slot.after or previous
        section = document.add_section(slot.name, inherits=slot.inherits, after=after)
        touched.all(section)
        pairs = _ordered(slot.options, slot.like)
        for part in ([p for p in pairs if p[0] == "type"], [p for p in pairs if p[0] != "type"]):
            read = desk.effective_of(reading, section)  # its type tells how its options are read
            edits = OptionEdits(desk, read, LineEdits(desk, like=slot.like, names=dict(pairs)))
            for want in differences(read, (), part):
                edits.want(want)
            edits.lines.make()
        previous = section


def _ordered(options: Pairs, like: Section | None) -> Pairs:
    """Return options in the order in which another section has them; others follow as they are."""
    order = {fold(name): at for at, name in enumerate(like.keys() if like is not None else ())}
    return tuple(sorted(options, key=lambda pair: order.get(fold(pair[0]), len(order))))


def slots_for(
    desk: Desk,
    obj: Any,  # noqa: ANN401
    style: Style,
    reading: str,
    siblings: Siblings,
    *,
    document: str = "",
    after: Section | None = None,
    templates: bool = True,
) -> list[Slot]:
    """Return the sections that a new object takes.

    Args:
        desk: the configuration.
        obj: the object.
        style: how it is written, if it is an extension or trunk.
        reading: the file that Asterisk reads it for.
        siblings: the objects of its class and style that are there.
        document: the file to write into; empty: that of its siblings.
        after: the section to follow; `None`: the last sibling.
        templates: whether to use the templates that most siblings use.

    Raises:
        EditError: a section of that name and type is there already.
    """
    made: list[Slot] = []
    names: dict[tuple[str, str], str] = {}
    for label, sections in fresh_of(obj, style).items():
        inherits = next(iter(siblings.templates(label)), ()) if templates else ()
        last = siblings.last(label, inherits)
        for number, one in enumerate(sections):
            where = document or (last.part.section.file if last is not None else reading)
            name = one.name
            like = None
            if last is not None:
                like = last.home
                if label and not number and last.obj.name in like.name:
                    name = like.name.replace(last.obj.name, obj.name)
            names[label, one.name] = name
            made.append(Slot(label, name, where, inherits, one.options, like))
    made = [attrs.evolve(slot, options=tuple(_linked(slot, names))) for slot in made]
    for slot in made:
        _refuse_taken(desk, reading, slot)
    if after is not None:
        return [attrs.evolve(made[0], after=after), *made[1:]]
    return _placed(desk, made, siblings)


def _linked(slot: Slot, names: Mapping[tuple[str, str], str]) -> Iterator[tuple[str, str]]:
    """Yield the options of a section; what they name is called as it is called here."""
    labels = {"aors": "aor", "auth": "auth", "outbound_auth": "outbound_auth"}
    for name, value in slot.options:
        linked = slot.label and name in LINKS.get(slot.label, ())
        yield name, names.get((labels.get(name, "endpoint"), value), value) if linked else value


def _refuse_taken(desk: Desk, reading: str, slot: Slot) -> None:
    """Refuse a name that is taken.

    Only sections of different types may share one: two of a name and type take all sections of
    that type from Asterisk, and of two queues the second is skipped.
    """
    kind = dict(slot.options).get("type")
    for section in desk.sections(reading):
        if section.template or fold(section.name) != fold(slot.name):
            continue
        if kind is None or label_of(section) in {kind, ""}:
            name = printable(slot.name)
            raise EditError(f"[{name}] is there already, at {section.position}")


def _placed(desk: Desk, made: list[Slot], siblings: Siblings) -> list[Slot]:
    """Put the slots in the order of the last sibling's sections, and behind them."""
    homes = {
        label: [desk.home_of(part.section) for part in parts]
        for label, parts in (siblings.all[-1][1] if siblings.all else {}).items()
    }
    if len(homes) < 2:
        return [attrs.evolve(made[0], after=made[0].like), *made[1:]]
    order = {label: at for at, label in enumerate(sorted(homes, key=lambda k: homes[k][0].line))}
    made = sorted(made, key=lambda slot: order.get(slot.label, len(order)))
    block = [home for found in homes.values() for home in found]
    if _together(desk, siblings.all[-1][1].values(), block):
        end = max(block, key=lambda home: home.line)
        return [attrs.evolve(made[0], after=end), *made[1:]]
    return [attrs.evolve(slot, after=slot.like) for slot in made]


def _together(desk: Desk, parts: Iterable[list[Part]], block: list[Section]) -> bool:
    """Tell whether an object's sections stand one behind the other in one file."""
    files = {part.section.file for found in parts for part in found}
    if len(files) > 1:
        return False
    sections = desk.files.documents[files.pop()].sections
    mine = {id(home) for home in block}
    places = [at for at, section in enumerate(sections) if id(section) in mine]
    return places[-1] - places[0] == len(mine) - 1


def inherited_names(section: EffectiveSection) -> set[str]:
    """Return the lower-case names of the options that a section's templates say."""
    return {fold(item.name) for item in section.items if item.way}
