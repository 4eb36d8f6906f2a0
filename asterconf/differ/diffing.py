"""`diff`: two configurations → what differs in what they mean."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import attrs

from asterconf.differ import contexts, sip
from asterconf.differ.changes import Change
from asterconf.differ.compare import Comparison
from asterconf.differ.order import Order
from asterconf.differ.result import Diff
from asterconf.differ.sections import section_pairs
from asterconf.differ.sequences import align, moves
from asterconf.differ.sip import Key, Sip
from asterconf.differ.units import Side, Unit, equal
from asterconf.source import Severity

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.resolve import Effective, EffectiveSection

__all__ = ["compare", "diff"]

Pairs = Iterable[tuple[Unit | None, Unit | None]]

_SIP_ORDER = {"section": 0, "system": 1, "global": 2, "transport": 3}


def diff(old: Config, new: Config, *, order: Order = "meaningful") -> Diff:
    """Return what differs between two configurations in what they mean to Asterisk.

    Templates and includes are applied first. Comments, white space, the spelling of a value, and
    order where Asterisk does not heed it make no difference; neither do a PJSIP wizard and the
    objects that it makes, or the ways to number a dialplan.

    Args:
        old: the configuration before.
        new: the configuration after; edit both as you like later, the result stays.
        order: `meaningful`: order counts where Asterisk heeds it. `all`: the order of every list
            counts, and that of sections.
    """
    comparison = Comparison(Side(old), Side(new), order)
    return Diff(compare(comparison), old=comparison.old, new=comparison.new)


def compare(comparison: Comparison) -> tuple[Change, ...]:
    """Return what differs between the two sides of a comparison."""
    for side in (comparison.old, comparison.new):
        side.ignored.clear()
    return tuple(change for part in _parts(comparison) for change in part)


def _parts(comparison: Comparison) -> Iterator[Iterable[Change]]:
    """Yield the changes of each group of files, in the order in which they are told."""
    old, new = comparison.old, comparison.new
    files = sorted({*old.names, *new.names}, key=lambda name: (_rank(name), name))
    for file in files:
        readings = old.effective(file), new.effective(file)
        if any(reading is not None and not reading.valid for reading in readings):
            yield _refused(comparison, file, *readings)
            for side in (old, new):
                side.ignored.add(file)
    sips = Sip(old), Sip(new)
    if set(files) & set(sip.FILES):
        yield _sip(comparison, *sips)
    for file in files:
        if file == contexts.FILE:
            names = [n for n, *_ in comparison.changed(sip.FILES[1]) if n not in comparison.plain]
            yield _changes(comparison, section_pairs(comparison, file, only="general"))
            yield contexts.dialplan_changes(comparison, *sips, names)
        elif file not in sip.FILES:
            yield _changes(comparison, section_pairs(comparison, file))
    if comparison.order == "all":
        yield from (_reordered(comparison, file) for file in files)


def _rank(file: str) -> int:
    """Return where the changes of a file stand: what people think of first, first."""
    ranks = {"queues.conf": 1, "voicemail.conf": 2, contexts.FILE: 3}
    return 0 if file in sip.FILES else ranks.get(file, 4)


def _both(comparison: Comparison, file: str) -> tuple[Effective | None, Effective | None]:
    return comparison.old.effective(file), comparison.new.effective(file)


def _refused(
    comparison: Comparison, file: str, old: Effective | None, new: Effective | None
) -> Iterator[Change]:
    """Yield that Asterisk refuses a file as a whole, or no longer does."""
    sides = [side is not None and side.valid for side in (old, new)]
    if sides[0] == sides[1]:
        return
    reading = old if new is not None and new.valid else new
    reasons = [d for d in reading.odd if d.severity is Severity.ERROR] if reading else []
    reason = reasons[-1] if reasons else None
    place = reason.position if reason else None
    change = comparison.leaf(
        "file", file, file,
        (file if sides[0] else None, file if sides[1] else None),
        (place if sides[1] else None, place if sides[0] else None),
    )  # fmt: skip
    yield attrs.evolve(change, title=reason.message if reason else "")


def _changes(comparison: Comparison, pairs: Pairs) -> Iterator[Change]:
    """Yield the changes of pairs of units, those that only have another name among them."""
    for old, new in comparison.paired(pairs):
        change = comparison.unit(old, new)
        if change is not None:
            yield change


def _reordered(comparison: Comparison, file: str) -> Iterator[Change]:
    """Yield the sections of a file that stand elsewhere among the others."""
    readings = _both(comparison, file)
    old, new = (list(side.live) if side is not None else [] for side in readings)
    pairs = align(old, new, _name)
    for i, j in moves(old, new, pairs, _name):
        places = old[i].position, new[j].position
        yield comparison.leaf("section", new[j].name, file, (i, j), places, action="moved")


def _name(section: EffectiveSection) -> str:
    return section.name


# -- PJSIP ---------------------------------------------------------------------------------------


def _sip(comparison: Comparison, old: Sip, new: Sip) -> Iterator[Change]:
    """Yield the PJSIP objects that differ, those of an endpoint together."""
    yield from _spoilt(comparison, old, new)
    keys = dict.fromkeys(_affected(comparison, old, new))
    groups: dict[str, list[Key]] = {}
    alone: list[Key] = []
    for key in keys:
        owners = {sip.owner(key) for sip in (old, new) if sip.has(key)}
        if len(owners) == 1 and (owner := owners.pop()):
            groups.setdefault(owner, []).append(key)
        else:
            alone.append(key)
    units = [(old.unit(key), new.unit(key)) for key in alone]
    units.sort(key=lambda pair: _SIP_ORDER.get(_there(*pair).kind, 9))
    for owner, parts in groups.items():
        units.append(_endpoint(owner, parts, old, new))
    for name, *_ in comparison.changed(sip.FILES[1]):
        if name in comparison.plain:
            kind = (new if new.has(("endpoint", name)) else old).role(name)
            units.append((old.section(name, kind), new.section(name, kind)))
    yield from _changes(comparison, units)


def _there(old: Unit | None, new: Unit | None) -> Unit:
    there = new or old
    assert there is not None
    return there


def _endpoint(owner: str, keys: list[Key], old: Sip, new: Sip) -> tuple[Unit | None, Unit | None]:
    """Return an endpoint on both sides, with the parts of it that differ."""
    parts = [key for key in keys if key[0] != "endpoint"]
    there = new if new.has(("endpoint", owner)) else old
    kind = there.role(owner)
    return old.endpoint(owner, parts, kind), new.endpoint(owner, parts, kind)


def _affected(comparison: Comparison, old: Sip, new: Sip) -> Iterator[Key]:
    """Yield what is made of sections that differ."""
    for name, *_ in comparison.changed(sip.FILES[0]):
        for key in dict.fromkeys([*new.keys(name), *old.keys(name)]):
            if not equal(old.written(key), new.written(key)):
                yield key
    for name, *_ in comparison.changed(sip.FILES[1]):
        if name in comparison.plain:
            continue
        yield from (key for sip in (new, old) for key in sip.made(name))


def _spoilt(comparison: Comparison, old: Sip, new: Sip) -> Iterator[Change]:
    """Yield the kinds of which Asterisk loads nothing, because of a section that is there twice."""
    names = [name for name, *_ in comparison.changed(sip.FILES[0])]
    if old.spoilt(names).keys() == new.spoilt(names).keys():
        return
    before, after = old.spoilt(old.names), new.spoilt(new.names)
    for kind in sorted(before.keys() ^ after.keys()):
        was, now = before.get(kind), after.get(kind)
        twice = now or was
        assert twice is not None
        name = f"every {kind}"
        change = comparison.leaf(
            "file", name, sip.FILES[0], (name if now else None, None if now else name),
            (was.position if was else None, now.position if now else None),
        )  # fmt: skip
        yield attrs.evolve(change, title=f"[{twice.name}] is there twice as {kind}")
