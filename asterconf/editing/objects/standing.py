"""Where an object stands in the files: its sections, and those of its like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

import attrs

from asterconf.bind import Bound, FreshSection, Style, sections_of
from asterconf.editing.desk import Desk
from asterconf.errors import EditError
from asterconf.model import ConfigObject, Extension, Mailbox, Trunk
from asterconf.resolve import Effective, EffectiveSection
from asterconf.source import Position, fold, printable
from asterconf.syntax import Section

__all__ = [
    "LINKS", "Part", "Parts", "Siblings", "called", "fresh_of", "key_of", "label_of", "names_in",
    "parts_of", "style_of",
]  # fmt: skip

PJSIP, WIZARD = "pjsip.conf", "pjsip_wizard.conf"

LINKS: Mapping[str, frozenset[str]] = {
    "endpoint": frozenset({"aors", "auth", "outbound_auth"}),
    "registration": frozenset({"endpoint", "outbound_auth"}),
    "identify": frozenset({"endpoint"}),
}
"""The options by which the sections of one extension or trunk name each other."""


@attrs.frozen(eq=False)
class Part:
    """A section of an object.

    Attributes:
        label: what it is to the object: `endpoint`, `aor`, `auth`, `outbound_auth`,
            `registration`, `identify`; empty where the object is one section.
        file: the file that Asterisk reads it for.
        section: the section.
    """

    label: str
    file: str
    section: EffectiveSection


Parts = Mapping[str, list[Part]]
"""The sections of an object, by label."""


def key_of(obj: object) -> str:
    """Return what an object is found by: its name, for a mailbox its address.

    Empty: there is but one of its kind.
    """
    return obj.address if isinstance(obj, Mailbox) else str(getattr(obj, "name", ""))


def called(obj: object) -> str:
    """Return an object's class and key, for messages."""
    kind = obj.kind if isinstance(obj, ConfigObject) else type(obj).__name__
    key = printable(key_of(obj))
    return f"{kind} {key if len(key) <= 60 else f'{key[:57]}...'!r}" if key else kind


def parts_of(desk: Desk, bound: Bound[Any]) -> Parts:
    """Return the sections in which an object stands.

    Raises:
        EditError: it stands nowhere that could be edited.
    """
    parts = _standing(desk, bound.obj, bound.places[""])
    files = {part.section.file for found in parts.values() for part in found}
    if not parts or not files.issubset(desk.files.documents):
        place = bound.places[""]
        raise EditError(f"{called(bound.obj)} stands at {place}: that is no line of a file")
    return parts


def _standing(desk: Desk, obj: object, place: Position) -> Parts:
    if isinstance(obj, Mailbox):
        for section in desk.sections("voicemail.conf"):
            if not section.template and section.holds(place.file, place.line):
                return {"": [Part("", "voicemail.conf", section)]}
        return {}
    if isinstance(obj, Extension | Trunk):
        found = desk.at(place, PJSIP)
        if found is not None:
            return _primitives(desk, found)
    file = WIZARD if isinstance(obj, Extension | Trunk) else sections_of(obj)[0].file
    found = desk.at(place, file)
    return {"": [Part("", file, found)]} if found is not None else {}


def style_of(parts: Parts) -> Style:
    """Return in which style an object is written."""
    return "wizard" if "" in parts else "primitives"


def fresh_of(obj: object, style: Style) -> Mapping[str, list[FreshSection]]:
    """Return the sections that a fresh object takes, by label."""
    if not isinstance(obj, Extension | Trunk) or style == "wizard":
        return {"": list(sections_of(obj))}
    made = sections_of(obj, style="primitives")
    found: dict[str, list[FreshSection]] = {}
    outbound = [value for name, value in made[0].options if name == "outbound_auth"]
    for fresh in made:
        kind = dict(fresh.options)["type"]
        label = "outbound_auth" if kind == "auth" and fresh.name in outbound else kind
        found.setdefault(label, []).append(fresh)
    return found


def label_of(section: EffectiveSection) -> str:
    """Return the type of a section of pjsip.conf: the first line of that name decides."""
    return next((value for name, value in section.pairs if fold(name) == "type"), "")


@attrs.frozen
class _Pjsip:
    """The sections of pjsip.conf by type and name, and those that name an endpoint or an auth."""

    of: dict[tuple[str, str], EffectiveSection] = attrs.field(factory=dict)
    naming: dict[tuple[str, str, str], list[EffectiveSection]] = attrs.field(factory=dict)

    @classmethod
    def read(cls, effective: Effective) -> _Pjsip:
        made = cls()
        for section in effective.live:
            kind = label_of(section)
            made.of.setdefault((kind, section.name), section)
            for link in LINKS.get(kind, ()) if kind != "endpoint" else ():
                for name in names_in(section, link):
                    made.naming.setdefault((kind, link, name), []).append(section)
        return made

    def registrations(self, endpoint: EffectiveSection) -> list[EffectiveSection]:
        """Return the registrations of an endpoint: by its name, or by a common auth."""
        name = endpoint.name
        found = [self.of["registration", name]] if ("registration", name) in self.of else []
        found += self.naming.get(("registration", "endpoint", name), [])
        for auth in names_in(endpoint, "outbound_auth"):
            found += self.naming.get(("registration", "outbound_auth", auth), [])
        unique = {id(section): section for section in found}
        return sorted(unique.values(), key=lambda section: (section.file, section.line))


def _primitives(desk: Desk, endpoint: EffectiveSection) -> Parts:
    """Return the sections of pjsip.conf that belong to an endpoint."""
    effective = desk.resolve(PJSIP)
    assert effective is not None
    pjsip = desk.worked_out("pjsip", effective, _Pjsip.read)
    found = {"endpoint": [endpoint]}
    links = (("aors", "aor", "aor"), ("auth", "auth", "auth"))
    for option, kind, label in (*links, ("outbound_auth", "auth", "outbound_auth")):
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
    """Return the items of a comma list of names."""
    return [name.strip() for name in (section.get(option) or "").split(",") if name.strip()]


@attrs.frozen(eq=False)
class Sibling:
    """An object that is there already, one of its sections, and that in the document."""

    obj: Any
    part: Part
    home: Section


@attrs.define
class Siblings:
    """The objects of one class and style that stand in the files already, in file order."""

    desk: Desk
    all: list[tuple[Any, Parts]] = attrs.field(factory=list)

    @classmethod
    def of(cls, desk: Desk, kind: object) -> Siblings:
        """Return all objects of a kind that stand where they can be edited."""
        made = cls(desk)
        for bound in desk.found(kind).values():
            try:
                made.all.append((bound.obj, parts_of(desk, bound)))
            except EditError:
                continue
        return made

    def style(self) -> Style | None:
        """Return the style that most have; `None`: there are none."""
        counts = Counter(style_of(parts) for _, parts in self.all)
        return counts.most_common(1)[0][0] if counts else None

    def like(self, style: Style) -> Siblings:
        """Return those of one style; all of a class that has but one."""
        kept = [(obj, parts) for obj, parts in self.all if style_of(parts) == style]
        return Siblings(self.desk, kept)

    def inside(self, file: str | None) -> Siblings:
        """Return those that begin in a file; all if none is given."""
        kept = [
            (obj, parts)
            for obj, parts in self.all
            if file is None or next(iter(parts.values()))[0].section.file == file
        ]
        return Siblings(self.desk, kept)

    def sections(self, label: str) -> Iterator[tuple[Any, EffectiveSection]]:
        """Yield each object with its first section of a label."""
        for obj, parts in self.all:
            if label in parts:
                yield obj, parts[label][0].section

    def templates(self, label: str) -> list[tuple[str, ...]]:
        """Return the lists of templates in their headers, the most frequent first."""
        homes = (self.desk.home_of(section) for _, section in self.sections(label))
        return [inherits for inherits, _ in Counter(h.inherits for h in homes).most_common()]

    def last(self, label: str, inherits: tuple[str, ...]) -> Sibling | None:
        """Return the last section of a label in the files, by preference with these templates."""
        found: Sibling | None = None
        for obj, parts in self.all:
            for part in parts.get(label, [])[:1]:
                one = Sibling(obj, part, self.desk.home_of(part.section))
                like = one.home.inherits == inherits
                if found is None or like or found.home.inherits != inherits:
                    found = one
        return found

    def habit(self, field: str) -> object:
        """Return the value of a field if all have the same; else `None`."""
        values = {getattr(obj, field) for obj, _ in self.all}
        return values.pop() if len(values) == 1 else None
