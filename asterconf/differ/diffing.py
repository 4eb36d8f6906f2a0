"""All files of two configurations → the differences between them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from asterconf.differ import contexts, pjsip
from asterconf.differ.address import PLAN, Address
from asterconf.differ.comparison import ObjectComparison, ObjectPair
from asterconf.differ.differences import Comparison, Difference
from asterconf.differ.matching import Order, align, moves
from asterconf.differ.objects import ComparedConfig, changed_sections, equal_sections, objects_of
from asterconf.differ.pjsip import ComparedPjsip, ObjectId
from asterconf.resolve import EffectiveSection
from asterconf.source import Severity, fold

_PJSIP_ORDER = {"section": 0, "system": 1, "global": 2, "transport": 3}


def compare(
    old: ComparedConfig,
    new: ComparedConfig,
    *,
    order: Order = "meaningful",
    renames: bool = True,
    plain: frozenset[str] = frozenset(),
) -> tuple[Difference, ...]:
    """Return what differs between two configurations; for the options see `Comparison`.

    A file that Asterisk refuses on one side is one change, and is compared no further.
    """
    files = sorted({*old.names, *new.names}, key=lambda name: (_rank(name), name))
    refused = [file for file in files if _refused(old, file) or _refused(new, file)]
    comparison = ObjectComparison(old.without(refused), new.without(refused), order, renames, plain)
    found = [one for file in refused for one in _refusal(comparison, old, new, file)]
    return (*found, *_differences(comparison, files))


def _refused(side: ComparedConfig, file: str) -> bool:
    reading = side.reading(file)
    return reading is not None and not reading.valid


def _refusal(
    comparison: Comparison, old: ComparedConfig, new: ComparedConfig, file: str
) -> Iterator[Difference]:
    """Yield that Asterisk refuses a file as a whole, or no longer does."""
    readings = old.reading(file), new.reading(file)
    valid = [reading is not None and reading.valid for reading in readings]
    if valid[0] == valid[1]:
        return
    reading = readings[0] if valid[1] else readings[1]
    reasons = [d for d in reading.odd if d.severity is Severity.ERROR] if reading else []
    reason = reasons[-1] if reasons else None
    place = reason.position if reason else None
    yield comparison.differs(
        Address(file, "file", file).part("reading", file),
        (file if valid[0] else None, file if valid[1] else None),
        (place if valid[1] else None, place if valid[0] else None),
        kind="file", of="file", title=reason.cause if reason else "",
    )  # fmt: skip


def _differences(comparison: ObjectComparison, files: Iterable[str]) -> Iterator[Difference]:
    """Yield the differences of each file, in the order in which they are shown."""
    sides = ComparedPjsip(comparison.old), ComparedPjsip(comparison.new)
    if set(files) & set(pjsip.FILES):
        yield from _pjsip(comparison, *sides)
    for file in files:
        if file == PLAN:
            changed = comparison.changed(pjsip.FILES[1])
            wizards = [name for name, *_ in changed if name not in comparison.plain]
            yield from comparison.differences(_sections(comparison, file, only="general"))
            yield from contexts.dialplan_differences(comparison, *sides, wizards)
        elif file not in pjsip.FILES:
            yield from comparison.differences(_sections(comparison, file))
    if comparison.order == "all":
        for file in files:
            yield from _reordered(comparison, file)


def _sections(comparison: Comparison, file: str, *, only: str = "") -> Iterator[ObjectPair]:
    """Yield the objects of sections that differ, paired by kind and name.

    `only`: those of that name alone.
    """
    old, new = comparison.old, comparison.new
    aliases = {_aliases(old, file), _aliases(new, file)}
    changed = (
        changed_sections(old.live(file), new.live(file), aliases - {""})
        if len(aliases) > 1
        else comparison.changed(file)
    )
    for name, was, now in changed:
        if not only or fold(name) == only:
            before, after = objects_of(old, file, was), objects_of(new, file, now)
            for key in dict.fromkeys([*after, *before]):
                yield before.get(key), after.get(key)


def _aliases(side: ComparedConfig, file: str) -> str:
    """Return the section of voicemail.conf that holds aliases and no boxes; empty: none."""
    effective = side.reading(file) if file == "voicemail.conf" else None
    return (effective.setting("general", "aliasescontext") or "") if effective is not None else ""


def _rank(file: str) -> int:
    """Return where the changes of a file stand among those of all files."""
    ranks = {"queues.conf": 1, "voicemail.conf": 2, PLAN: 3}
    return 0 if file in pjsip.FILES else ranks.get(file, 4)


def _reordered(comparison: Comparison, file: str) -> Iterator[Difference]:
    """Yield the sections of a file that stand elsewhere among the others."""
    old, new = (list(side.live(file)) for side in (comparison.old, comparison.new))
    pairs = align(old, new, _name)
    for i, j in moves(old, new, pairs, _name):
        places = old[i].position, new[j].position
        yield comparison.differs(
            Address(file, "section", new[j].name), (i, j), places, action="moved"
        )


def _name(section: EffectiveSection) -> str:
    return section.name


# -- PJSIP ---------------------------------------------------------------------------------------


def _pjsip(
    comparison: ObjectComparison, old: ComparedPjsip, new: ComparedPjsip
) -> Iterator[Difference]:
    """Yield the PJSIP objects that differ, those of an endpoint together."""
    yield from _spoiled_kinds(comparison, old, new)
    keys = dict.fromkeys(_affected(comparison, old, new))
    groups: dict[str, list[ObjectId]] = {}
    alone: list[ObjectId] = []
    for key in keys:
        owners = {side.owner(key) for side in (old, new) if side.has(key)}
        if len(owners) == 1 and (owner := owners.pop()):
            groups.setdefault(owner, []).append(key)
        else:
            alone.append(key)
    found = [(old.object(key), new.object(key)) for key in alone]
    found.sort(key=lambda pair: _PJSIP_ORDER.get(next(one.kind for one in pair[::-1] if one), 9))
    for owner, group in groups.items():
        parts = [key for key in group if key[0] != "endpoint"]
        kind = (new if new.has(("endpoint", owner)) else old).role(owner)
        found.append((old.endpoint(owner, parts, kind), new.endpoint(owner, parts, kind)))
    for name, *_ in comparison.changed(pjsip.FILES[1]):
        if name in comparison.plain:
            kind = (new if new.has(("endpoint", name)) else old).role(name)
            found.append((old.section(name, kind), new.section(name, kind)))
    yield from comparison.differences(pair for pair in found if any(pair))


def _affected(comparison: Comparison, old: ComparedPjsip, new: ComparedPjsip) -> Iterator[ObjectId]:
    """Yield the objects that sections which differ make."""
    for name, *_ in comparison.changed(pjsip.FILES[0]):
        for key in dict.fromkeys([*new.keys(name), *old.keys(name)]):
            if not equal_sections(old.written(key), new.written(key)):
                yield key
    for name, *_ in comparison.changed(pjsip.FILES[1]):
        if name in comparison.plain:
            continue
        yield from (key for side in (new, old) for key in side.made(name))


def _spoiled_kinds(
    comparison: Comparison, old: ComparedPjsip, new: ComparedPjsip
) -> Iterator[Difference]:
    """Yield the kinds of which Asterisk loads nothing, because of a section that is there twice."""
    names = [name for name, *_ in comparison.changed(pjsip.FILES[0])]
    if old.spoiled_kinds(names).keys() == new.spoiled_kinds(names).keys():
        return
    before, after = old.spoiled_kinds(old.names), new.spoiled_kinds(new.names)
    for kind in sorted(before.keys() ^ after.keys()):
        was, now = before.get(kind), after.get(kind)
        twice = now or was
        assert twice is not None
        name = f"every {kind}"
        yield comparison.differs(
            Address(pjsip.FILES[0], "file", pjsip.FILES[0]).part("reading", name),
            (name if now else None, None if now else name),
            (was.position if was else None, now.position if now else None),
            kind="file", of="file", title=f"[{twice.name}] is there twice as {kind}",
        )  # fmt: skip
