"""Sections of which nothing is made, or that are there twice."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Final

from asterconf.codes import OBJECTS
from asterconf.diagnostic import Diagnostic, Message
from asterconf.linter.rules.sections.between import BETWEEN
from asterconf.linter.rules.sections.lines import of_file
from asterconf.resolve.effective import Effective, EffectiveSection
from asterconf.schema import FileFacts
from asterconf.source import Severity, fold, meant, printable

_E, _W = Severity.ERROR, Severity.WARNING

WHOLE: Mapping[str, tuple[Message, ...]] = {
    "no-object": Message.each(
        "AC416 AC530 AC611", _W, "nothing is made of section [{section}]: {why}", "{near}",
        verified="behaviour",
    ),
    "section-refused": Message.each(
        "AC417 AC531 AC612", _E, "{file} takes no section [{section}], so Asterisk {refuses}",
        "remove it",
    ),
    "object-twice": (
        OBJECTS["object-twice"],
        *Message.each(
            "AC532 AC613", _E, "{kind} {name!r} is there twice, so no {kind} of the file loads",
            "remove one of both sections, or add to the first with [{name}](+)",
        ),
    ),
    "single-twice": Message.each(
        "AC418 AC533 AC614", _E, "{kind} may occur only once; section [{section}] {used}",
        "remove one of both",
    ),
}  # fmt: skip
"""By name."""

_PASSED_OVER = {
    "cdr.conf": {"csv", "custom", "manager", "odbc", "pgsql", "radius", "sqlite", "tds", "mysql"},
    "cel.conf": {"manager", "radius"},
}
"""Sections that other modules read. Source: main/cdr.c, main/cel.c."""


def file_findings(effective: Effective) -> Iterator[Diagnostic]:
    """Yield findings about whole sections of a file: no object, or a duplicate."""
    file = effective.schema.file(effective.name)
    if file is None:
        return
    first: dict[tuple[str, str], EffectiveSection] = {}
    for section in effective.live:
        kind = section.kind
        if kind is None:
            yield from _no_object(file, section)
            continue
        if file.loader != "sorcery":
            continue
        single = bool(kind.section.get("single"))
        if single and file.name != "pjsip.conf" and fold(section.name) != kind.name:
            # Others are looked up by that name, and counted by nobody: observed on 22.10.1.
            why = f"Asterisk looks for a section [{kind.name}], whatever others have as their type"
            near = f"name it [{kind.name}]"
            message = of_file(WHOLE["no-object"], file.name)
            yield message.at(section.position, section=printable(section.name), why=why, near=near)
            continue
        before = first.setdefault((kind.name, "" if single else section.name), section)
        if before is not section:
            related = ((before.position, "the first one"),)
            texts = {"kind": kind.name, "name": section.name, "section": printable(section.name)}
            used = "is not used" if kind.name == "system" else "is used"
            finding = "single-twice" if single and before.name != section.name else "object-twice"
            texts["used"] = used
            yield of_file(WHOLE[finding], file.name).at(section.position, related, **texts)


def missing_features(effective: Effective) -> Iterator[Diagnostic]:
    """Yield the lines of groups of features that name no item of [applicationmap]; observed."""
    kinds: dict[str, list[EffectiveSection]] = {}
    for section in effective.live:
        kinds.setdefault(section.kind.name if section.kind else "", []).append(section)
    there = {fold(name) for one in kinds.get("applicationmap", ()) for name, _ in one.pairs}
    for section in kinds.get("featuregroup", ()):
        for index, (name, _) in enumerate(section.pairs):
            if fold(name) not in there:
                texts = {"option": printable(name), "problem": "is no item of [applicationmap]"}
                texts["refuses"] = f"refuses the whole {effective.name}"
                message = of_file(BETWEEN["rule-broken"], effective.name)
                yield message.at(section.item(index).origin, **texts)


def crowded_lots(effective: Effective) -> Iterator[Diagnostic]:
    """Yield the parking lots that want an extension of another one in their context; observed.

    Asterisk adds a lot [default], if there is none. Several lots may share their `parkext`.
    """
    lots = [one for one in effective.live if one.kind and one.kind.name == "parking_lot"]
    spaces: dict[str, dict[str, str]] = {}
    entries: dict[str, dict[str, str]] = {}
    if lots and "default" not in {one.name for one in lots}:
        spaces["parkedcalls"] = {str(number): "default" for number in range(701, 751)}
        entries["parkedcalls"] = {"700": "default"}
    for lot in lots:
        said = {fold(name): value.strip() for name, value in lot.pairs}
        entry, context = said.get("parkext", ""), said.get("context", "parkedcalls")
        bounds = re.fullmatch(r"(\d{1,9})-(\d{1,9})", said.get("parkpos", "701-750"))
        if not entry or not bounds or int(bounds[2]) - int(bounds[1]) > _MOST_SPACES:
            continue
        mine = {str(n): lot.name for n in range(int(bounds[1]), int(bounds[2]) + 1)}
        known = {**entries.setdefault(context, {}), **spaces.setdefault(context, {})}
        taken = {entry: lot.name, **known}
        places = {fold(name): lot.item(n).origin for n, (name, _) in enumerate(lot.pairs)}
        found = [(one, "parkpos") for one in mine if one in taken]
        found += [(entry, "parkext")] if entry in spaces[context] else []
        for extension, option in found[:1]:
            problem = f"of [{lot.name}] has {extension}, which is that of lot {taken[extension]!r}"
            texts = {"option": option, "problem": problem, "refuses": "does not load res_parking"}
            message = of_file(BETWEEN["rule-broken"], effective.name)
            yield message.at(places.get(option, lot.position), **texts)
        spaces[context] |= mine
        entries[context][entry] = lot.name


_MOST_SPACES: Final = 10_000


def _no_object(file: FileFacts, section: EffectiveSection) -> Iterator[Diagnostic]:
    """Yield the finding about a section that makes no object, unless that is right."""
    name, place = printable(section.name), section.position
    if file.loader == "aco":
        passed = fold(section.name) in _PASSED_OVER.get(file.name, ())
        if not passed and not section.name.startswith("parkinglot_"):
            refuses = f"refuses the whole {file.name}"
            texts = {"file": file.name, "section": name, "refuses": refuses}
            yield of_file(WHOLE["section-refused"], file.name).at(place, **texts)
        return
    if file.loader not in {"sorcery", "wizard"} or not len(section):
        return
    lines = [(n, v) for n, v in section.pairs if fold(n) == "type"]
    words = [k.type_word for k in file.objects.values() if k.type_word]
    hint = f"add type = …: {', '.join(words)}"
    why = "it has no type"
    if lines:
        why = f"its {lines[0][0]} is {lines[0][1]!r}"
        hint = meant(lines[0][1].lower(), words, shown="type = {}".format)
        hint = hint or f"types are {', '.join(words)}"
    yield of_file(WHOLE["no-object"], file.name).at(place, section=name, why=why, near=hint)
