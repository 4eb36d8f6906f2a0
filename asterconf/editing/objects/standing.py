"""Where an object stands in the files: its sections, and those of its like."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from functools import partial
from typing import Any

import attrs

from asterconf.bind import Bound, FreshSection, Style, remembered, sections_of
from asterconf.editing.desk import Desk
from asterconf.errors import EditError
from asterconf.model import ConfigObject, Extension, Mailbox, Trunk
from asterconf.resolve import Effective, EffectiveSection
from asterconf.schema import base_name
from asterconf.source import fold, printable
from asterconf.syntax import Section

__all__ = [
    "HABITS", "LINKS", "Part", "Parts", "Siblings", "called", "fresh_of", "key_of", "label_of",
    "names_in", "parts_of", "style_of",
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
    section: EffectiveSection | None = getattr(bound.places, "section", None)
    parts = _standing(desk, bound.obj, section) if section is not None else {}
    files = {part.section.file for found in parts.values() for part in found}
    if not parts or not files.issubset(desk.files.documents):
        place = bound.places[""]
        raise EditError(f"{called(bound.obj)} stands at {place}: that is no line of a file")
    return parts


def _standing(desk: Desk, obj: object, section: EffectiveSection) -> Parts:
    file = base_name(section.of.name) if section.of is not None else ""
    if file == PJSIP and isinstance(obj, Extension | Trunk):
        return _primitives(desk, section)
    return {"": [Part("", file, section)]}


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
    return remembered(section, "label", lambda: _label(section))


def _label(section: EffectiveSection) -> str:
    return next((value for name, value in section.pairs if fold(name) == "type"), "")


def _links(section: EffectiveSection) -> tuple[str, tuple[tuple[str, str], ...]]:
    """Return the type of a section, and what it names if it is no endpoint."""
    kind = label_of(section)
    links = LINKS.get(kind, frozenset()) if kind != "endpoint" else ()
    return kind, tuple((link, name) for link in links for name in names_in(section, link))


@attrs.frozen
class _Pjsip:
    """The sections of pjsip.conf by type and name, and those that name an endpoint or an auth."""

    of: dict[tuple[str, str], EffectiveSection] = attrs.field(factory=dict)
    naming: dict[tuple[str, str, str], list[EffectiveSection]] = attrs.field(factory=dict)

    @classmethod
    def read(cls, effective: Effective) -> _Pjsip:
        made = cls()
        for section in effective.live:
            kind, links = remembered(section, "links", partial(_links, section))
            made.of.setdefault((kind, section.name), section)
            for link, name in links:
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
    return remembered(section, f"names {option}", lambda: _items(section, option))


def _items(section: EffectiveSection, option: str) -> list[str]:
    return [name.strip() for name in (section.get(option) or "").split(",") if name.strip()]


HABITS: Mapping[type, tuple[str, ...]] = {
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
"""What a new extension or trunk that leaves it open takes over, where all the others agree."""


@attrs.frozen(eq=False)
class First:
    """The first section of an object that has a label, and that in the document."""

    part: Part
    home: Section
    inherits: tuple[str, ...]


@attrs.frozen(eq=False)
class Sibling:
    """An object that is there already, and how it stands in the files."""

    bound: Bound[Any]
    parts: Parts
    firsts: Mapping[str, First]
    style: Style
    habits: tuple[object, ...]

    @property
    def obj(self) -> Any:  # noqa: ANN401
        """The object."""
        return self.bound.obj

    @classmethod
    def of(cls, desk: Desk, bound: Bound[Any]) -> Sibling | None:
        """Look where an object stands; `None`: where it cannot be edited."""
        try:
            parts = parts_of(desk, bound)
        except EditError:
            return None
        firsts = {}
        for label, found in parts.items():
            home = desk.home_of(found[0].section)
            firsts[label] = First(found[0], home, home.inherits)
        habits = (getattr(bound.obj, field) for field in HABITS.get(type(bound.obj), ()))
        return cls(bound, parts, firsts, style_of(parts), tuple(habits))


@attrs.define
class Siblings:
    """The objects of one class and style that stand in the files already, in file order."""

    all: list[Sibling] = attrs.field(factory=list)

    @classmethod
    def of(cls, desk: Desk, kind: object) -> Siblings:
        """Return all objects of a kind that stand where they can be edited."""
        found = desk.found(kind).values()
        known = desk.siblings.get(next((type(bound.obj) for bound in found), object), {})
        made: dict[int, tuple[Bound[Any], Sibling | None]] = {}
        for bound in found:
            one = known.get(id(bound))
            made[id(bound)] = (bound, Sibling.of(desk, bound)) if one is None else one
            desk.siblings[type(bound.obj)] = made
        return cls([one for _, one in made.values() if one is not None])

    def style(self) -> Style | None:
        """Return the style that most have; `None`: there are none."""
        counts = Counter(one.style for one in self.all)
        return counts.most_common(1)[0][0] if counts else None

    def like(self, style: Style) -> Siblings:
        """Return those of one style; all of a class that has but one."""
        return Siblings([one for one in self.all if one.style == style])

    def inside(self, file: str | None) -> Siblings:
        """Return those that begin in a file; all if none is given."""
        if file is None:
            return self
        firsts = ((one, next(iter(one.firsts.values()))) for one in self.all)
        return Siblings([one for one, first in firsts if first.part.section.file == file])

    def templates(self, label: str) -> list[tuple[str, ...]]:
        """Return the lists of templates in their headers, the most frequent first."""
        lists = Counter(one.firsts[label].inherits for one in self.all if label in one.firsts)
        return [inherits for inherits, _ in lists.most_common()]

    def last(self, label: str, inherits: tuple[str, ...]) -> tuple[Sibling, First] | None:
        """Return the last that has a section of a label, by preference with these templates."""
        found = [one for one in self.all if label in one.firsts]
        like = (one for one in reversed(found) if one.firsts[label].inherits == inherits)
        last = next(like, found[-1] if found else None)
        return (last, last.firsts[label]) if last is not None else None

    def habits(self) -> dict[str, object]:
        """Return the fields of which all have the same value."""
        first = self.all[0] if self.all else None
        if first is None:
            return {}
        others = {one.habits for one in self.all if one.habits != first.habits}
        return {
            field: value
            for at, (field, value) in enumerate(
                zip(HABITS.get(type(first.obj), ()), first.habits, strict=True)
            )
            if all(habits[at] == value for habits in others)
        }
