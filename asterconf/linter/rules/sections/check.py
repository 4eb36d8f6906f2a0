"""Everything about the sections of one file."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.files.host import unreadable
from asterconf.linter.rules.sections.between import odd_together, refused_together
from asterconf.linter.rules.sections.each import odd_lines
from asterconf.linter.rules.sections.lines import Lines
from asterconf.linter.rules.sections.names import OLD, misspelt, old_options, unknown_option
from asterconf.linter.rules.sections.values import bad_value, octal
from asterconf.linter.rules.sections.whole import crowded_lots, file_findings, missing_features
from asterconf.model.configobject import ConfigObject
from asterconf.model.options import Collected
from asterconf.resolve.effective import Effective
from asterconf.source import Severity, fold

_APART = {("extensions.conf", "context"), ("extensions.conf", "globals")}
"""Kinds of sections that the loader of the dialplan judges by itself."""


def check_file(
    effective: Effective,
    summed: Collection[tuple[str, int]],
    given: Mapping[str, Collection[str]],
    *,
    host_files: bool,
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the sections of one file.

    All that costs the file is one finding, and so is each option that is deprecated.
    `summed` are the lines of which a summary says that they cost it; `given` are the options of
    sections that another file sets.
    """
    refusals: list[Diagnostic] = []
    old: dict[str, list[Diagnostic]] = {}
    facts = effective.schema.file(effective.name)
    for one in file_findings(effective):
        whole_file = facts is not None and facts.loader == "aco"
        refusals += [one] if whole_file else []
        yield from () if whole_file else (one,)
    for section in effective.live:
        kind = section.kind
        if kind is None or (kind.file, kind.name) in _APART:
            continue
        whole = Lines.of(section, kind)
        for lines in (whole, *whole.nested()):
            elsewhere = given.get(fold(section.name), ())
            obj, found, said = section_findings(lines, elsewhere=elsewhere)
            costly = [d for d in said if d.severity is Severity.ERROR and lines.refuses_file]
            refusals += (d for d in costly if not _is_at(d, summed))
            for one in said:
                if one.code in OLD:
                    old.setdefault(f"{one.message} {one.hint}", []).append(one)
                elif one not in costly:
                    yield one
            yield from odd_lines(lines)
            if host_files:
                yield from unreadable(lines, obj, found)
    yield from _as_one([*refusals, *missing_features(effective), *crowded_lots(effective)])
    for several in old.values():
        yield from _as_one(several)


def _is_at(one: Diagnostic, lines: Collection[tuple[str, int]]) -> bool:
    place = one.position
    return place is not None and (place.file, place.line) in lines


def _as_one(refusals: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the first of several findings that say, or lead to, the same, and their count."""
    refusals = list(dict.fromkeys(refusals))
    if not refusals:
        return
    first, *others = refusals
    places = [(one.position, "the same") for one in others if one.position is not None]
    more = f" ({len(others)} more)" if others else ""
    related = (*first.related, *places[:3])
    yield attrs.evolve(first, message=first.message + more, related=related)


def section_findings(
    lines: Lines,
    *,
    values: Callable[[int], bool] | None = None,
    elsewhere: Collection[str] = (),
) -> tuple[ConfigObject, Collected, list[Diagnostic]]:
    """Return the object of a section, its values, and the findings about its lines.

    Args:
        lines: the lines of the section.
        values: whether to check the value of the line at an index. Of an object that the wizard
            makes, only the values that it derives are wanted: its lines were checked already.
        elsewhere: the options that another file sets, which are not missing.
    """
    obj, found = ConfigObject.collect(lines.kind, lines.name, lines.pairs)
    findings: list[Diagnostic] = []
    refused = set[str]()
    for index, parsed in found.faults.items():
        known = lines.kind.line_key(lines.pairs[index][0])
        assert known is not None
        if parsed.effect == "refused":
            refused.add(known[1].name)
        if values is None or values(index):
            findings.append(bad_value(lines, index, known[1], parsed))
    if values is None:
        findings += (d for index in found.unknown if (d := unknown_option(lines, index)))
        findings += (*old_options(lines, found), *octal(lines))
    lost = any(one.severity is Severity.ERROR for one in findings)
    passed = {*refused, *elsewhere, *(misspelt(lines, found) if values is None else ())}
    findings += refused_together(lines, obj, found, passed)
    findings += () if refused or lost else odd_together(lines, obj, found)
    return obj, found, findings
