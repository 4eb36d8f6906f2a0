"""An edit of a template, or of a header, made again where the same stands in another file."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from asterconf.differ.causes import section_of
from asterconf.differ.changes import Cause
from asterconf.differ.facts import Fact
from asterconf.differ.units import Side
from asterconf.differ.write_sections import Sections
from asterconf.errors import EditError
from asterconf.source import Position, fold, printable
from asterconf.syntax import Option, Section

__all__ = ["repeat"]

Edit = Callable[[Sections], None]


def repeat(cause: Cause, facts: Sequence[Fact], base: Side, theirs: Side) -> Edit | None:
    """Return what makes an edit again; `None`: it was none of a line that several things share."""
    name = section_of(theirs, cause.new) or section_of(base, cause.old)
    own = {
        name_ for fact in facts for name_ in (fact.unit.name, fact.unit.old_name, fact.owner.name)
    }
    if not name or (name in own and len({fact.owner.name for fact in facts}) == 1):
        return None
    if cause.reason == "header":
        if cause.old is None or cause.new is None:
            return None
        old, new = _section(base, cause.old), _section(theirs, cause.new)
        if old is None or new is None:
            return None
        return lambda sections: _inherit(sections, new, old.inherits)
    before, after = _option(base, cause.old), _option(theirs, cause.new)
    if before is None and after is None:
        return None
    file = (cause.new or cause.old).file  # type: ignore[union-attr]
    dropped = [fact for fact in facts if before is None and _inherited(fact)]
    return lambda sections: _set(sections, file, name, before, after, dropped)


def _inherited(fact: Fact) -> bool:
    """Tell whether an option was said by an own line, and is inherited there now."""
    old, new = (unit.said.get(fact.change.name) if unit else None for unit in fact.unit._units)
    if old is None or new is None:
        return False
    return all(s.item.way for s in new.sources) and not any(s.item.way for s in old.sources)


def _section(side: Side, place: Position | None) -> Section | None:
    if place is None or place.file not in side.conf:
        return None
    document = side.conf[place.file]
    found = [part for part in document.sections if part.line <= place.line]
    return found[-1] if found else None


def _option(side: Side, place: Position | None) -> Option | None:
    section = _section(side, place)
    if section is None or place is None:
        return None
    return next((option for option in section.options if option.line == place.line), None)


def _mine(sections: Sections, file: str, name: str) -> Section:
    """Return the one section of that name in a file here."""
    found = sections.conf[file].all(name) if file in sections.conf else ()
    if len(found) != 1:
        raise EditError(f"there is not one section [{printable(name)}]")
    return found[0]


def _set(
    sections: Sections,
    file: str,
    name: str,
    before: Option | None,
    after: Option | None,
    dropped: Iterable[Fact],
) -> None:
    """Change, add or remove one line of a section; drop the own lines that it stands for."""
    for fact in dropped:
        sections.drop(fact.unit._units[1], fact.change.name)
    section = _mine(sections, file, name)
    like = before or after
    assert like is not None
    same = [option for option in section.options if fold(option.name) == fold(like.name)]
    if before is None:
        assert after is not None
        if any(option.value == after.value for option in same):
            raise EditError(f"[{printable(name)}] says that already")
        section.add(after.name, after.value)
        return
    found = [option for option in same if option.value == before.value]
    if len(found) != 1:
        raise EditError(f"[{printable(name)}] does not say that")
    if after is None:
        section.remove(found[0])
    elif fold(after.name) == fold(before.name):
        section.set(found[0], after.value)
    else:
        raise EditError("another option stands there")


def _inherit(sections: Sections, new: Section, old: tuple[str, ...]) -> None:
    """Give a section the templates that it has there."""
    section = _mine(sections, new.document.name, new.name)
    if section.inherits != old:
        raise EditError(f"[{printable(new.name)}] inherits something else")
    for name in new.inherits:
        if not section.document.all(name):
            there = new.document.all(name)
            if len(there) != 1:
                raise EditError(f"there is not one section [{printable(name)}]")
            text = new.document.section_text(there[0])
            section.document.insert_section(text, before=section)
    section.inherit(*new.inherits)
