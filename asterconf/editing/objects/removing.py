"""Takes objects out of the files, each with its own comment and nothing of its neighbours'."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from asterconf.bind import Bound
from asterconf.editing.desk import Desk, Touched
from asterconf.editing.objects.standing import Part, label_of, names_in, parts_of
from asterconf.editing.options.lines import LineEdits
from asterconf.model import Mailbox
from asterconf.resolve import EffectiveSection
from asterconf.source import fold, printable
from asterconf.syntax import Document, Section
from asterconf.syntax.lines import Blank, Comment, Line, Option

__all__ = ["remove_line", "remove_object", "remove_parts", "user_of"]


def remove_object(desk: Desk, bound: Bound[Any], touched: Touched) -> list[str]:
    """Remove an object's sections, or its line; return what a person should know.

    What another object uses, too, stays.

    Raises:
        EditError: it cannot be removed.
    """
    if isinstance(bound.obj, Mailbox):
        place = bound.places[""]
        remove_line(desk, (place.file, place.line), touched)
        return []
    mine = [part for found in parts_of(desk, bound).values() for part in found]
    notes, gone = [], []
    for part in mine:
        user = user_of(desk, part, mine)
        if user is None:
            gone.append(part)
            continue
        name = printable(part.section.name)
        notes.append(f"{part.label} [{name}] stays, because [{printable(user.name)}] uses it")
    remove_parts(desk, gone, touched)
    return notes


def user_of(desk: Desk, part: Part, mine: list[Part]) -> EffectiveSection | None:
    """Return a section, other than an object's own, that names one of its sections."""
    link = {"aor": {"aors"}, "auth": {"auth", "outbound_auth"}}
    links = link.get(label_of(part.section), set())
    sections = [one.section for one in mine]
    for other in desk.sections(part.file) if links else ():
        if other.template or any(other is one for one in sections):
            continue
        if any(part.section.name in names_in(other, link) for link in links):
            return other
    return None


def remove_parts(desk: Desk, parts: Iterable[Part], touched: Touched) -> None:
    """Remove sections, with every place that reopens them."""
    for part in sorted(parts, key=lambda p: (p.section.file, -p.section.line)):
        document = desk.files.documents[part.section.file]
        home = desk.home_of(part.section)
        for again in _reopened(document, part.section):
            document.remove_section(again)
            touched.all(again)
        document.remove_section(home)
        touched.all(home)


def _reopened(document: Document, section: EffectiveSection) -> list[Section]:
    """Return the places of the same file that add to a section by `(+)`."""
    return [
        other
        for other in document.all(section.name)
        if other.line > section.line and (header := other.header) is not None and header.appends
    ]


def remove_line(desk: Desk, spot: tuple[str, int], touched: Touched) -> None:
    """Remove a line; the comment above it goes along if it is about this line alone."""
    section, node = desk.node_at(spot)
    assert isinstance(node, Option)
    lines = LineEdits(desk)
    lines.remove(spot)
    for comment in _own_comments(section, node):
        lines.remove((spot[0], comment.line))
    touched.may(section, {fold(node.name)})
    lines.make()


def _own_comments(section: Section, node: Option) -> tuple[Comment, ...]:
    """Return the comment lines above an option, unless they may be about more lines than this.

    They are, if the line below goes on with another option.
    """
    nodes: tuple[Line, ...] = section.nodes
    at = nodes.index(node)
    below = nodes[at + 1] if at + 1 < len(nodes) else None
    if isinstance(below, Option):
        return ()
    comments = section.comments_above(node)
    return tuple(c for c in comments if not isinstance(c, Blank) and not c.block)
