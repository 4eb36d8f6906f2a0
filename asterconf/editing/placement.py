"""Which sections of the files make up an object, and what its siblings have in common."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import partial
from typing import Any

import attrs

from asterconf.bind.parts import LINKS, PARTS
from asterconf.bind.writing import FreshSection, Style, sections_of
from asterconf.editing.editor import Editor, object_title
from asterconf.errors import EditError
from asterconf.model import Extension, Trunk
from asterconf.resolve import Effective, EffectiveSection
from asterconf.resolve.bound import Bound
from asterconf.resolve.effective import cached
from asterconf.schema import base_name
from asterconf.source import fold
from asterconf.syntax import Section

PJSIP, WIZARD = "pjsip.conf", "pjsip_wizard.conf"


@attrs.frozen(eq=False)
class Part:
    """A section of an object.

    Attributes:
        label: its part in the object: `endpoint`, `aor`, `auth`, `outbound_auth`,
            `registration`, `identify`; empty where the object is one section.
        file: the file that Asterisk reads it for.
        section: the section.
    """

    label: str
    file: str
    section: EffectiveSection


Parts = Mapping[str, list[Part]]
"""The sections of an object, by label."""


def parts_of(editor: Editor, bound: Bound[Any]) -> Parts:
    """Return the sections that make up an object.

    Raises:
        EditError: it is not in a file that can be edited.
    """
    section: EffectiveSection | None = getattr(bound.places, "section", None)
    parts = _standing(editor, bound.obj, section) if section is not None else {}
    files = {part.section.file for found in parts.values() for part in found}
    if not parts or not files.issubset(editor.files.documents):
        place = bound.places[""]
        raise EditError(f"{object_title(bound.obj)} stands at {place}: that is no line of a file")
    return parts


def _standing(editor: Editor, obj: object, section: EffectiveSection) -> Parts:
    file = base_name(section.reading.name) if section.reading is not None else ""
    if file == PJSIP and isinstance(obj, Extension | Trunk):
        return _primitives(editor, section)
    return {"": [Part("", file, section)]}


def style_of(parts: Parts) -> Style:
    """Return the style in which an object is written."""
    return "wizard" if "" in parts else "primitives"


def fresh_of(obj: object, style: Style) -> Mapping[str, list[FreshSection]]:
    """Return the sections that a newly written object has, by label."""
    found: dict[str, list[FreshSection]] = {}
    for fresh in sections_of(obj, style=style):
        found.setdefault(fresh.part, []).append(fresh)
    return found


def label_of(section: EffectiveSection) -> str:
    """Return the type of a section of pjsip.conf: the first line of that name decides."""
    return cached(section, "label", lambda: _label(section))


def _label(section: EffectiveSection) -> str:
    return next((value for name, value in section.pairs if fold(name) == "type"), "")


_Names = tuple[tuple[str, str], ...]
"""Options, each with one of the names in its value."""


def _links(section: EffectiveSection) -> tuple[str, _Names, _Names]:
    """Return the type of a section, its links unless it is an endpoint, and what it uses."""
    kind = label_of(section)
    links = LINKS.get(kind, ()) if kind != "endpoint" else ()
    linked, used = (
        tuple((option, name) for option in options for name in names_in(section, option))
        for options in (links, LINKS["endpoint"])
    )
    return kind, linked, used


@attrs.frozen
class TypedSections:
    """The sections of a file by type and name, and by what they refer to; no templates.

    Attributes:
        of: the first section of each type and name.
        naming: by type, option and name, the sections whose links name it.
        using: by option (`aors`, `auth`, `outbound_auth`) and name, the sections that use it.
        names: the folded names.
        order: where each section stands among all, by its identity.
    """

    of: dict[tuple[str, str], EffectiveSection] = attrs.field(factory=dict)
    naming: dict[tuple[str, str, str], list[EffectiveSection]] = attrs.field(factory=dict)
    using: dict[tuple[str, str], list[EffectiveSection]] = attrs.field(factory=dict)
    names: set[str] = attrs.field(factory=set)
    order: dict[int, int] = attrs.field(factory=dict)

    @classmethod
    def read(cls, editor: Editor, file: str) -> TypedSections:
        """Return those of a file as it reads now; none if there is no such file."""
        effective = editor.resolve(file)
        return editor.workspace.view(
            ("typed sections", file), (effective,), lambda: cls._of(effective)
        )

    @classmethod
    def _of(cls, effective: Effective | None) -> TypedSections:
        made = cls()
        for section in effective.live if effective is not None else ():
            made.order[id(section)] = len(made.order)
            made.names.add(fold(section.name))
            kind, links, uses = cached(section, "links", partial(_links, section))
            made.of.setdefault((kind, section.name), section)
            for link, name in links:
                made.naming.setdefault((kind, link, name), []).append(section)
            for use in uses:
                made.using.setdefault(use, []).append(section)
        return made

    def in_order(self, sections: Iterable[EffectiveSection]) -> list[EffectiveSection]:
        """Return sections in Asterisk's order, each once."""
        unique = {id(section): section for section in sections}
        return sorted(unique.values(), key=lambda section: self.order[id(section)])

    def registrations(self, endpoint: EffectiveSection) -> list[EffectiveSection]:
        """Return the registrations of an endpoint: by its name, or by a common auth."""
        name = endpoint.name
        found = [self.of["registration", name]] if ("registration", name) in self.of else []
        found += self.naming.get(("registration", "endpoint", name), [])
        for auth in names_in(endpoint, "outbound_auth"):
            found += self.naming.get(("registration", "outbound_auth", auth), [])
        return self.in_order(found)


def _primitives(editor: Editor, endpoint: EffectiveSection) -> Parts:
    """Return the sections of pjsip.conf that belong to an endpoint."""
    pjsip = TypedSections.read(editor, PJSIP)
    found = {"endpoint": [endpoint]}
    for option, label in LINKS["endpoint"].items():
        kind = PARTS[label].kind
        names = [name for name in names_in(endpoint, option) if (kind, name) in pjsip.of]
        if names:
            found[label] = [pjsip.of[kind, name] for name in names]
    if registrations := pjsip.registrations(endpoint):
        found["registration"] = registrations
    if identifies := pjsip.naming.get(("identify", "endpoint", endpoint.name)):
        found["identify"] = identifies
    return {
        label: [Part(label, PJSIP, section) for section in sections]
        for label, sections in found.items()
    }


def names_in(section: EffectiveSection, option: str) -> list[str]:
    """Return the names in a comma-separated option."""
    return cached(section, f"names {option}", lambda: _items(section, option))


def _items(section: EffectiveSection, option: str) -> list[str]:
    return [name.strip() for name in (section.get(option) or "").split(",") if name.strip()]


SHARED_FIELDS: Mapping[type, tuple[str, ...]] = {
    Extension: (
        "context", "subscribe_context", "codecs", "max_contacts", "remove_existing",
        "qualify_frequency", "qualify_timeout", "direct_media", "rtp_symmetric",
        "rewrite_contact", "transport", "media_encryption",
    ),
    Trunk: (
        "context", "codecs", "transport", "sends_auth", "sends_registrations",
        "qualify_frequency", "rtp_symmetric", "rewrite_contact", "send_rpid", "direct_media",
        "media_encryption", "max_retries", "auth_rejection_permanent",
    ),
}  # fmt: skip
"""Fields that a new extension or trunk copies from the others if all have the same value."""


ELSEWHERE: Mapping[type, frozenset[str]] = {Extension: frozenset({"number", "phone"})}
"""Fields stored outside the object's sections: the number in the dialplan, the phone nowhere."""


@attrs.frozen(eq=False)
class FirstSection:
    """The first section of an object with some label, and its place in the document."""

    part: Part
    home: Section
    inherits: tuple[str, ...]


@attrs.frozen(eq=False)
class Sibling:
    """An existing object of the same kind, and how it is written."""

    bound: Bound[Any]
    parts: Parts
    firsts: Mapping[str, FirstSection]
    style: Style
    shared: tuple[object, ...]

    @property
    def obj(self) -> Any:  # noqa: ANN401
        """The object."""
        return self.bound.obj

    @classmethod
    def of(cls, editor: Editor, bound: Bound[Any]) -> Sibling | None:
        """Return how an object is written; `None`: it cannot be edited."""
        try:
            parts = parts_of(editor, bound)
        except EditError:
            return None
        firsts = {}
        for label, found in parts.items():
            home = editor.home_of(found[0].section)
            firsts[label] = FirstSection(found[0], home, home.inherits)
        shared = (getattr(bound.obj, field) for field in SHARED_FIELDS.get(type(bound.obj), ()))
        return cls(bound, parts, firsts, style_of(parts), tuple(shared))


@attrs.define
class Siblings:
    """The existing objects of one kind and style, in file order."""

    all: list[Sibling] = attrs.field(factory=list)

    @classmethod
    def of(cls, editor: Editor, obj: object) -> Siblings:
        """Return all objects of the kind of `obj` that can be edited."""
        found = editor.found(obj)
        key = ("siblings", type(obj), getattr(obj, "file", ""), getattr(obj, "kind", ""))
        before = editor.workspace.previous(key) or {}
        known: dict[int, tuple[Bound[Any], Sibling | None]] = editor.workspace.view(
            key,
            (found,),
            lambda: {
                id(one): before.get(id(one)) or (one, Sibling.of(editor, one))
                for one in found.values()
            },
        )
        return cls([one for _, one in known.values() if one is not None])

    def style(self) -> Style | None:
        """Return the most frequent style; `None`: there are no siblings."""
        counts = Counter(one.style for one in self.all)
        return counts.most_common(1)[0][0] if counts else None

    def like(self, style: Style) -> Siblings:
        """Return those of one style."""
        return Siblings([one for one in self.all if one.style == style])

    def inside(self, file: str | None) -> Siblings:
        """Return those that begin in a file; all if none is given."""
        if file is None:
            return self
        firsts = ((one, next(iter(one.firsts.values()))) for one in self.all)
        return Siblings([one for one, first in firsts if first.part.section.file == file])

    def templates(self, label: str) -> list[tuple[str, ...]]:
        """Return the template lists in their headers, most frequent first."""
        lists = Counter(one.firsts[label].inherits for one in self.all if label in one.firsts)
        return [inherits for inherits, _ in lists.most_common()]

    def last(self, label: str, inherits: tuple[str, ...]) -> tuple[Sibling, FirstSection] | None:
        """Return the last one with a section of a label, preferably with these templates."""
        found = [one for one in self.all if label in one.firsts]
        like = (one for one in reversed(found) if one.firsts[label].inherits == inherits)
        last = next(like, found[-1] if found else None)
        return (last, last.firsts[label]) if last is not None else None

    def shared(self) -> dict[str, object]:
        """Return the fields in which all agree, with their value."""
        first = self.all[0] if self.all else None
        if first is None:
            return {}
        others = {one.shared for one in self.all if one.shared != first.shared}
        return {
            field: value
            for at, (field, value) in enumerate(
                zip(SHARED_FIELDS.get(type(first.obj), ()), first.shared, strict=True)
            )
            if all(shared[at] == value for shared in others)
        }
