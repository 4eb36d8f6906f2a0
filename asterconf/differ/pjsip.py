"""The objects of pjsip.conf, written there or made by pjsip_wizard.conf, as they are compared."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

import attrs

from asterconf.bind.parts import NAMED_BY, PARTS
from asterconf.bind.pjsip import Pjsip, read_pjsip
from asterconf.bind.wizard import PjsipObject, PjsipOption, WizardSection
from asterconf.differ.objects import (
    ComparedConfig,
    ComparedObject,
    SourceLine,
    compared_options,
    section_object,
)
from asterconf.model import CallerID
from asterconf.resolve import Effective, EffectiveSection
from asterconf.resolve.effective import shared_pairs
from asterconf.source import fold

FILES = ("pjsip.conf", "pjsip_wizard.conf")

ObjectId = tuple[str, str]
"""Kind and id of a PJSIP object."""
WizardHint = tuple[str, str, str, str]
"""What the wizard adds to the dialplan: context, extension, priority, application."""

_TYPE = ("type", "wizard")
_MARKS = {"@pjsip_wizard", "@hint_context", "@hint_exten"}
_POINTING = {part.kind for part in PARTS.values() if "endpoint" in part.names}


class ComparedPjsip:
    """The PJSIP objects of one configuration, each made when it is asked for."""

    def __init__(self, side: ComparedConfig) -> None:
        self.side = side
        self._made: dict[str, dict[ObjectId, PjsipObject]] = {}
        self._roles: dict[str, Pjsip] = {}

    @cached_property
    def _wizards(self) -> dict[str, list[EffectiveSection]]:
        return _by_name(self.side.live(FILES[1]))

    @cached_property
    def _written(self) -> dict[str, list[EffectiveSection]]:
        return _by_name(self.side.live(FILES[0]))

    def wizard(self, name: str) -> EffectiveSection | None:
        """Return the section of that name which the wizard takes: the last one."""
        found = (s for s in reversed(self._wizards.get(name, ())) if _TYPE in shared_pairs(s))
        return next(found, None)

    def written(self, key: ObjectId) -> list[EffectiveSection]:
        """Return the sections of pjsip.conf of that kind and name."""
        kind, name = key
        return [section for section in self._written.get(name, ()) if _kind(section) == kind]

    def keys(self, name: str) -> list[ObjectId]:
        """Return the objects that sections of pjsip.conf of that name are."""
        return list(
            dict.fromkeys((_kind(section), name) for section in self._written.get(name, ()))
        )

    def spoiled_kinds(self, names: Iterable[str]) -> dict[str, EffectiveSection]:
        """Return the kinds of which Asterisk loads nothing, each with a repeated section.

        Only sections of these names are looked at.
        """
        known = self.side.workspace.schema.file(FILES[0])
        kinds = known.objects if known else {}
        return {
            key[0]: sections[1]
            for name in names
            for key in self.keys(name)
            if len(sections := self.written(key)) > 1
            and key[0] in kinds
            and not kinds[key[0]].section.get("single")
        }

    @property
    def names(self) -> Iterable[str]:
        """The names of sections of pjsip.conf."""
        return self._written

    # -- objects ------------------------------------------------------------------------------

    def made(self, name: str) -> dict[ObjectId, PjsipObject]:
        """Return what the wizard makes of its section of that name."""
        if name not in self._made:
            section = self.wizard(name)
            read = WizardSection.read(section) if section is not None else None
            objects = read.objects([]) if read is not None else ()
            self._made[name] = {(one.kind, one.id): one for one in objects}
        return self._made[name]

    def in_file_order(self, names: Iterable[str]) -> list[str]:
        """Return those of these names that sections of the wizard have, as they stand there."""
        wanted = set(names)
        return [name for name in self._wizards if name in wanted]

    def hints(self, name: str) -> Iterator[WizardHint]:
        """Yield what a section of the wizard adds to the dialplan."""
        section = self.wizard(name)
        read = WizardSection.read(section) if section is not None else None
        if read is not None:
            yield from read.hints()

    def wizard_of(self, key: ObjectId) -> str:
        """Return the wizard section that makes an object; empty: none does."""
        names = (part.wizard_of(key[1]) for part in PARTS.values() if part.kind == key[0])
        return next((one for one in names if one and key in self.made(one)), "")

    def object(self, key: ObjectId) -> ComparedObject | None:
        """Return an object; one written in pjsip.conf hides the one that the wizard makes."""
        sections = self.written(key)
        if sections:
            return section_object(self.side, FILES[0], sections[-1])
        wizard = self.wizard_of(key)
        section = self.wizard(wizard) if wizard else None
        return (
            _made_by_wizard(self.side, self.made(wizard)[key], section)
            if section is not None
            else None
        )

    def section(self, name: str, kind: str) -> ComparedObject | None:
        """Return the wizard's section of that name as an object of its own."""
        section = self.wizard(name)
        if section is None:
            return None
        made = section_object(self.side, FILES[1], section)
        return attrs.evolve(made, role=kind, title=_title(made, "endpoint/callerid"))

    def objects(self, file: str) -> Iterator[ComparedObject]:
        """Yield the objects of one of the two files."""
        if file == FILES[0]:
            keys = [key for name in self._written for key in self.keys(name)]
        else:
            keys = [key for name in self._wizards for key in self.made(name)]
        yield from (one for key in keys if (one := self.object(key)) is not None)

    def text(self, key: ObjectId, option: str) -> str:
        """Return the text of an option of an object; empty: there is none."""
        sections = self.written(key)
        if sections:
            return sections[-1].get(option) or ""
        wizard = self.wizard_of(key)
        return self.made(wizard)[key].text(option) if wizard else ""

    def has(self, key: ObjectId) -> bool:
        """Whether there is an object of that kind and id."""
        return bool(self.written(key)) or bool(self.wizard_of(key))

    # -- who belongs to whom ------------------------------------------------------------------

    def owner(self, key: ObjectId) -> str:
        """Return the endpoint to which alone an object belongs; empty: none, or several."""
        kind, name = key
        if kind == "endpoint":
            return name
        if not self.written(key):
            return self.wizard_of(key)
        if kind in _POINTING:
            endpoint = self.text(key, "endpoint")
            if not endpoint and kind == "registration":
                endpoint = self._users.get(("auth", self.text(key, "outbound_auth")), "")
            return endpoint if self.has(("endpoint", endpoint)) else ""
        return self._users.get(key, "") if kind in NAMED_BY else ""

    @cached_property
    def _users(self) -> dict[ObjectId, str]:
        """The endpoint that uses an aor or auth; empty: several do."""
        found: dict[ObjectId, str] = {}
        for name in self._written:
            sections = self.written(("endpoint", name))
            for option, value in shared_pairs(sections[-1]) if sections else ():
                for link, options in NAMED_BY.items():
                    if option.lower() in options:
                        for one in value.split(","):
                            key = (link, one.strip())
                            found[key] = name if found.get(key, name) == name else ""
        return found

    @cached_property
    def _pointing(self) -> dict[str, list[ObjectId]]:
        """The objects that name an endpoint, or an auth of its, by the endpoint."""
        found: dict[str, list[ObjectId]] = {}
        for key in (key for name in self._written for key in self.keys(name)):
            if key[0] in _POINTING and (owner := self.owner(key)):
                found.setdefault(owner, []).append(key)
        return found

    def belongings(self, name: str) -> Iterator[ObjectId]:
        """Yield the objects that belong to an endpoint alone."""
        key = ("endpoint", name)
        if not self.has(key):
            return
        for kind, options in NAMED_BY.items():
            for option in options:
                for one in self.text(key, option).split(","):
                    part = (kind, one.strip())
                    if self.has(part) and self.owner(part) == name:
                        yield part
        yield from (k for k in self.made(name) if k[0] in _POINTING)
        yield from self._pointing.get(name, ())

    # -- endpoints ----------------------------------------------------------------------------

    def role(self, name: str) -> str:
        """Return the kind under which an endpoint is shown."""
        found = self._reading(name).endpoints.get(name)
        role = found.obj.role if found is not None else "unknown"
        return "endpoint" if role == "unknown" else role

    def _reading(self, name: str) -> Pjsip:
        """Return what pjsip.conf would be with the sections of this endpoint alone."""
        if name not in self._roles:
            keys = [("endpoint", name), *self.belongings(name)]
            aors = [("aor", one.strip()) for one in self.text(keys[0], "aors").split(",")]
            pjsip = [s for k in dict.fromkeys([*keys, *aors]) for s in self.written(k)[-1:]]
            wizards = {name} | {self.wizard_of(key) for key in keys}
            wizard = [s for one in sorted(wizards) if (s := self.wizard(one)) is not None]
            self._roles[name] = read_pjsip(
                _only(self.side.reading("pjsip_wizard.conf"), wizard),
                _only(self.side.reading("pjsip.conf"), pjsip),
            )
        return self._roles[name]

    def endpoint(self, name: str, parts: Iterable[ObjectId], kind: str) -> ComparedObject | None:
        """Return an endpoint with these of its parts."""
        root = self.object(("endpoint", name))
        if root is None:
            return None
        made = tuple(one for key in parts if (one := self.object(key)) is not None)
        return attrs.evolve(root, role=kind, title=_title(root, "callerid"), parts=made)


def _title(endpoint: ComparedObject, option: str) -> str:
    value = endpoint.value(option, None)
    return value.name if isinstance(value, CallerID) else ""


def _by_name(sections: Iterable[EffectiveSection]) -> dict[str, list[EffectiveSection]]:
    found: dict[str, list[EffectiveSection]] = {}
    for section in sections:
        found.setdefault(section.name, []).append(section)
    return found


def _kind(section: EffectiveSection) -> str:
    """Return what a section of pjsip.conf is: the first `type` line decides."""
    kind = next((value for name, value in shared_pairs(section) if name.lower() == "type"), None)
    if kind is None:
        return section.kind.name if section.kind else "section"
    return kind


def _only(effective: Effective | None, sections: list[EffectiveSection]) -> Effective | None:
    """Return a reading with these sections alone."""
    return effective.only(sections) if effective is not None else None


def _made_by_wizard(
    side: ComparedConfig, one: PjsipObject, section: EffectiveSection
) -> ComparedObject:
    """Return an object that the wizard made; its lines are those of the wizard's section."""
    known = side.workspace.schema.file("pjsip.conf")
    facts = known.objects[one.kind] if known else None
    options = [o for o in one.options if fold(o.name) not in _MARKS]
    places = {item.origin: index for index, item in enumerate(section.items)}
    lines = [_line(option, section, places) for option in options]
    made = compared_options(facts, [(o.name, o.value) for o in options], lines)
    return ComparedObject(side, FILES[0], one.kind, one.id, made, one.position, section, facts)


def _line(
    option: PjsipOption, section: EffectiveSection, places: dict[Any, int]
) -> SourceLine | None:
    index = places.get(option.position)
    return SourceLine(section, index) if index is not None else None
