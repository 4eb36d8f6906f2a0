"""PJSIP's own objects: what sections of pjsip.conf are, and what the wizard makes of its own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

import attrs

from asterconf.bind.wizard import KINDS, WIZARD_CODES, Option, PjsipObject, WizardSection
from asterconf.codes import Rule, finding
from asterconf.diagnostic import Diagnostic
from asterconf.resolve.bound import ItemPlace
from asterconf.resolve.effective import cached
from asterconf.source import Severity, fold

if TYPE_CHECKING:
    from asterconf.resolve import Effective, EffectiveSection

__all__ = ["OBJECT_CODES", "Objects", "collect", "pjsip_ids", "pjsip_objects"]

OBJECT_CODES: Mapping[str, Rule] = {
    **WIZARD_CODES,
    "object-twice": Rule(
        "AC401", Severity.ERROR, "{kind} {name!r} is there twice, so no {kind} of the file loads",
        "remove one of both sections, or add to the first with [{name}](+)",
    ),
    "overshadowed": Rule(
        "AC404", Severity.WARNING, "{kind} {name!r} of the wizard is not used: pjsip.conf has one",
        "remove one of both", logged=False,
    ),
}  # fmt: skip


@attrs.frozen
class Objects:
    """All PJSIP objects by type and id, with the wizard sections that made some of them."""

    by_kind: Mapping[str, Mapping[str, PjsipObject]]
    wizards: Mapping[str, WizardSection]
    lost: tuple[PjsipObject, ...] = ()
    """Endpoints that Asterisk does not load, because the file has one of them twice."""
    diagnostics: tuple[Diagnostic, ...] = ()

    def get(self, kind: str, names: Iterable[str]) -> list[PjsipObject]:
        """Return the objects of these ids that exist."""
        found = self.by_kind[kind]
        return [found[name] for name in names if name in found]

    def all(self, kind: str) -> Iterable[PjsipObject]:
        """Return all objects of a type."""
        return self.by_kind[kind].values()


def _written(section: EffectiveSection) -> PjsipObject | None:
    """Return the object that a section of pjsip.conf is: the first `type` line decides."""
    kind = next((value for name, value in section.pairs if fold(name) == "type"), "")
    if kind not in KINDS:
        return None
    options = tuple(
        Option(name, value, ItemPlace(section, index))
        for index, (name, value) in enumerate(section.pairs)
    )
    return PjsipObject(kind, section.name, options, ItemPlace(section))


def _made(
    section: EffectiveSection,
) -> tuple[WizardSection | None, tuple[PjsipObject, ...], bool]:
    """Return a wizard section, what it makes, and whether there is something to say of it."""
    read, said = WizardSection.read(section), list[Diagnostic]()
    objects = tuple(read.objects(said)) if read is not None else ()
    return read, objects, bool(said)


def collect(wizard: Effective | None, pjsip: Effective | None) -> Objects:
    """Return every object of both files; on equal ids the one of pjsip.conf is used.

    Two sections of one name and type take all objects of that type out of pjsip.conf.

    Source: res/res_sorcery_config.c; main/sorcery.c.
    """
    diagnostics: list[Diagnostic] = []
    by_kind: dict[str, dict[str, PjsipObject]] = {kind: {} for kind in KINDS}
    wizards: dict[str, WizardSection] = {}
    for section in _plain(wizard):
        read, objects, said = cached(section, "wizard", partial(_made, section))
        if read is not None:
            wizards[read.id] = read
            if said:
                objects = tuple(read.objects(diagnostics))
            for made in objects:
                by_kind[made.kind][made.id] = made
    written: dict[str, dict[str, PjsipObject]] = {kind: {} for kind in KINDS}
    spoilt = set()
    for section in _plain(pjsip):
        one = cached(section, "pjsip", partial(_written, section))
        if one is None:
            continue
        first = written[one.kind].setdefault(one.id, one)
        if first is not one:
            spoilt.add(one.kind)
            rule, related = OBJECT_CODES["object-twice"], [(first.position, "the first one")]
            diagnostics.append(finding(rule, one.position, related, kind=one.kind, name=one.id))
    lost = tuple(written["endpoint"].values()) if "endpoint" in spoilt else ()
    for kind in KINDS:
        for name, one in () if kind in spoilt else written[kind].items():
            hidden = by_kind[kind].get(name)
            if hidden is not None:
                rule, related = OBJECT_CODES["overshadowed"], [(one.position, "the one used")]
                diagnostics.append(finding(rule, hidden.position, related, kind=kind, name=name))
            by_kind[kind][name] = one
    return Objects(by_kind, wizards, lost, tuple(diagnostics))


def _plain(effective: Effective | None) -> Iterator[EffectiveSection]:
    if effective is not None and effective.valid:
        yield from (section for section in effective.sections if not section.template)


def pjsip_objects(wizard: Effective | None, pjsip: Effective | None) -> tuple[PjsipObject, ...]:
    """Return every object that both files make, by type and then in file order."""
    found = collect(wizard, pjsip)
    return tuple(one for kind in KINDS for one in found.all(kind))


def pjsip_ids(wizard: Effective | None, pjsip: Effective | None) -> dict[str, set[str]]:
    """Return the ids of each type that stand in both files, also of objects that do not load."""
    ids: dict[str, set[str]] = {}
    for one in collect(wizard, None).by_kind.values():
        for made in one.values():
            ids.setdefault(made.kind, set()).add(made.id)
    for section in _plain(pjsip):
        if section.kind is not None:
            ids.setdefault(section.kind.name, set()).add(section.name)
    return ids
