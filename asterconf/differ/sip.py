"""pjsip.conf and pjsip_wizard.conf as units: what the wizard makes counts like what is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import TYPE_CHECKING, Any

import attrs

from asterconf import schema
from asterconf.bind.wizard import PjsipObject, PjsipOption, WizardSection
from asterconf.differ.units import Side, Source, Unit, section_unit, units_said
from asterconf.model import CallerID
from asterconf.resolve.effective import shared_pairs
from asterconf.source import fold

if TYPE_CHECKING:
    from asterconf.bind.pjsip import Pjsip
    from asterconf.resolve import Effective, EffectiveSection

__all__ = ["FILES", "Hint", "Sip"]

FILES = ("pjsip.conf", "pjsip_wizard.conf")

Key = tuple[str, str]
"""Kind and id of a PJSIP object."""
Hint = tuple[str, str, str, str]
"""What the wizard adds to the dialplan: context, extension, priority, application."""

_TYPE = ("type", "wizard")
_MARKS = {"@pjsip_wizard", "@hint_context", "@hint_exten"}
_SUFFIXES = {"auth": ("-iauth", "-oauth"), "identify": ("-identify",), "phoneprov": ("-phoneprov",)}
_LINKS = {"aor": ("aors",), "auth": ("auth", "outbound_auth")}
_OWNED = ("aor", "auth", "identify", "registration", "phoneprov")


class Sip:
    """The PJSIP objects of one configuration, each made when asked for."""

    def __init__(self, side: Side) -> None:
        self.side = side
        self._made: dict[str, dict[Key, PjsipObject]] = {}
        self._roles: dict[str, Pjsip] = {}

    @cached_property
    def _wizards(self) -> dict[str, list[EffectiveSection]]:
        return _by_name(self.side.effective(FILES[1]))

    @cached_property
    def _written(self) -> dict[str, list[EffectiveSection]]:
        return _by_name(self.side.effective(FILES[0]))

    def wizard(self, name: str) -> EffectiveSection | None:
        """Return the section of that name which the wizard takes: the last one."""
        found = (s for s in reversed(self._wizards.get(name, ())) if _TYPE in shared_pairs(s))
        return next(found, None)

    def written(self, key: Key) -> list[EffectiveSection]:
        """Return the sections of pjsip.conf of that kind and name."""
        kind, name = key
        return [section for section in self._written.get(name, ()) if _kind(section) == kind]

    def keys(self, name: str) -> list[Key]:
        """Return the objects that sections of pjsip.conf of that name are."""
        return list(
            dict.fromkeys((_kind(section), name) for section in self._written.get(name, ()))
        )

    def spoilt(self, names: Iterable[str]) -> dict[str, EffectiveSection]:
        """Return the kinds of which Asterisk loads nothing, each with a section there twice.

        Only sections of these names are looked at.
        """
        known = schema.file(FILES[0])
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

    def made(self, name: str) -> dict[Key, PjsipObject]:
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

    def hints(self, name: str) -> Iterator[Hint]:
        """Yield what a section of the wizard adds to the dialplan."""
        section = self.wizard(name)
        read = WizardSection.read(section) if section is not None else None
        if read is not None:
            yield from read.hints()

    def wizard_of(self, key: Key) -> str:
        """Return the wizard section that makes an object; empty: none does."""
        kind, name = key
        names = [name.removesuffix(end) for end in _SUFFIXES.get(kind, ()) if name.endswith(end)]
        if kind == "registration" and "-reg-" in name:
            names = [name.rpartition("-reg-")[0]]
        if kind in {"endpoint", "aor"}:
            names = [name]
        return next((one for one in names if key in self.made(one)), "")

    def unit(self, key: Key) -> Unit | None:
        """Return an object as a unit; what is written in pjsip.conf hides what the wizard makes."""
        sections = self.written(key)
        if sections:
            return section_unit(FILES[0], sections[-1])
        wizard = self.wizard_of(key)
        section = self.wizard(wizard) if wizard else None
        return _made_unit(self.made(wizard)[key], section) if section is not None else None

    def section(self, name: str, kind: str) -> Unit | None:
        """Return the wizard's section of that name as a unit of its own."""
        section = self.wizard(name)
        if section is None:
            return None
        unit = section_unit(FILES[1], section)
        return attrs.evolve(unit, kind=kind, title=_title(unit, "endpoint/callerid"))

    def units(self, file: str) -> Iterator[Unit]:
        """Yield the objects of one of the two files as units."""
        if file == FILES[0]:
            keys = [key for name in self._written for key in self.keys(name)]
        else:
            keys = [key for name in self._wizards for key in self.made(name)]
        yield from (unit for key in keys if (unit := self.unit(key)) is not None)

    def text(self, key: Key, option: str) -> str:
        """Return the text of an option of an object; empty: there is none."""
        sections = self.written(key)
        if sections:
            return sections[-1].get(option) or ""
        wizard = self.wizard_of(key)
        return self.made(wizard)[key].text(option) if wizard else ""

    def has(self, key: Key) -> bool:
        """Tell whether there is an object of that kind and id."""
        return bool(self.written(key)) or bool(self.wizard_of(key))

    # -- who belongs to whom ------------------------------------------------------------------

    def owner(self, key: Key) -> str:
        """Return the endpoint to which alone an object belongs; empty: none, or several."""
        kind, name = key
        if kind == "endpoint":
            return name
        if not self.written(key):
            return self.wizard_of(key)
        if kind in {"identify", "phoneprov", "registration"}:
            endpoint = self.text(key, "endpoint")
            if not endpoint and kind == "registration":
                endpoint = self._users.get(("auth", self.text(key, "outbound_auth")), "")
            return endpoint if self.has(("endpoint", endpoint)) else ""
        return self._users.get(key, "") if kind in _LINKS else ""

    @cached_property
    def _users(self) -> dict[Key, str]:
        """The endpoint that uses an aor or auth; empty: several do."""
        found: dict[Key, str] = {}
        for name in self._written:
            sections = self.written(("endpoint", name))
            for option, value in shared_pairs(sections[-1]) if sections else ():
                for link, options in _LINKS.items():
                    if option.lower() in options:
                        for one in value.split(","):
                            key = (link, one.strip())
                            found[key] = name if found.get(key, name) == name else ""
        return found

    @cached_property
    def _pointing(self) -> dict[str, list[Key]]:
        """The objects that name an endpoint, or an auth of its, by the endpoint."""
        found: dict[str, list[Key]] = {}
        for key in (key for name in self._written for key in self.keys(name)):
            if key[0] in {"identify", "registration", "phoneprov"} and (owner := self.owner(key)):
                found.setdefault(owner, []).append(key)
        return found

    def belongings(self, name: str) -> Iterator[Key]:
        """Yield the objects that belong to an endpoint alone."""
        key = ("endpoint", name)
        if not self.has(key):
            return
        for kind, options in _LINKS.items():
            for option in options:
                for one in self.text(key, option).split(","):
                    part = (kind, one.strip())
                    if self.has(part) and self.owner(part) == name:
                        yield part
        yield from (k for k in self.made(name) if k[0] in {"identify", "registration", "phoneprov"})
        yield from self._pointing.get(name, ())

    # -- what it is to the house --------------------------------------------------------------

    def role(self, name: str) -> str:
        """Return the kind under which an endpoint is shown."""
        found = self._reading(name).endpoints.get(name)
        role = found.obj.role if found is not None else "unknown"
        return "endpoint" if role == "unknown" else role

    def _reading(self, name: str) -> Pjsip:
        """Return what the sections of one endpoint are, without all the others."""
        from asterconf.bind.pjsip import read_pjsip

        if name not in self._roles:
            keys = [("endpoint", name), *self.belongings(name)]
            aors = [("aor", one.strip()) for one in self.text(keys[0], "aors").split(",")]
            pjsip = [s for k in dict.fromkeys([*keys, *aors]) for s in self.written(k)[-1:]]
            wizards = {name} | {self.wizard_of(key) for key in keys}
            wizard = [s for one in sorted(wizards) if (s := self.wizard(one)) is not None]
            self._roles[name] = read_pjsip(
                _only(self.side.effective("pjsip_wizard.conf"), wizard),
                _only(self.side.effective("pjsip.conf"), pjsip),
            )
        return self._roles[name]

    @cached_property
    def whole(self) -> Pjsip:
        """Everything typed, as `Config` has it."""
        from asterconf.bind.pjsip import read_pjsip
        from asterconf.dialplan import load_dialplan
        from asterconf.references.numbers import DialedNumbers

        plan = load_dialplan(self.side.effective("extensions.conf")).dialplan
        wizard, pjsip = (self.side.effective(f) for f in ("pjsip_wizard.conf", "pjsip.conf"))
        return read_pjsip(wizard, pjsip, DialedNumbers.of(plan))

    def typed(self, name: str) -> Any:  # noqa: ANN401 - one of several classes
        """Return an endpoint as the object that it is to the house."""
        for found in (self.whole.extensions, self.whole.trunks, self.whole.endpoints):
            if name in found:
                return found[name].obj
        return None

    def endpoint(self, name: str, parts: Iterable[Key], kind: str) -> Unit | None:
        """Return an endpoint with these parts of it as a unit."""
        root = self.unit(("endpoint", name))
        if root is None:
            return None
        units = (unit for key in parts if (unit := self.unit(key)) is not None)
        return attrs.evolve(
            root,
            kind=kind,
            title=_title(root, "callerid"),
            parts=tuple(units),
            make=lambda: self.typed(name),
        )


def _title(unit: Unit, option: str) -> str:
    said = unit.said.get(option)
    return said.value.name if said is not None and isinstance(said.value, CallerID) else ""


def _by_name(effective: Effective | None) -> dict[str, list[EffectiveSection]]:
    """Return the sections that modules see, by name."""
    found: dict[str, list[EffectiveSection]] = {}
    for section in effective.live if effective is not None and effective.valid else ():
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


def _made_unit(one: PjsipObject, section: EffectiveSection) -> Unit:
    """Return what the wizard made as a unit; its lines are those of the wizard's section."""
    known = schema.file("pjsip.conf")
    facts = known.objects[one.kind] if known else None
    options = [o for o in one.options if fold(o.name) not in _MARKS]
    places = {item.origin: index for index, item in enumerate(section.items)}
    sources = [_source(option, section, places) for option in options]
    said = units_said(facts, [(o.name, o.value) for o in options], sources)
    return Unit("pjsip.conf", one.kind, one.id, said, one.position, section, facts)


def _source(
    option: PjsipOption, section: EffectiveSection, places: dict[Any, int]
) -> Source | None:
    index = places.get(option.position)
    return Source(section, index) if index is not None else None
