"""Runs every check over a configuration and puts what it finds in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from asterconf.bind.findings import Lines, file_findings, section_findings
from asterconf.bind.pjsip import PjsipObjects
from asterconf.codes import Message, finding
from asterconf.diagnostic import Diagnostic
from asterconf.linter.calls import unknown_calls
from asterconf.linter.diagnostics import Diagnostics
from asterconf.linter.gone import gone, gone_options
from asterconf.linter.host import unreadable
from asterconf.linter.references import dangling, modules_findings
from asterconf.progress import Report, steps
from asterconf.source import Position, Severity, count, fold
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.resolve import Effective

__all__ = ["CODES", "check"]

CODES = {
    "no-transport": Message(
        "AC423", Severity.ERROR,
        "there is no transport for {protocol}, so Asterisk refuses registration {name!r}",
        "add a section of type transport with protocol = {protocol} to pjsip.conf", logged=False,
    ),
    "same-address": Message(
        "AC424", Severity.ERROR,
        "{address} is the address of transport {other!r}, so Asterisk refuses transport {name!r}",
        "bind it to another port, or remove one of both",
    ),
    "unreadable": Message(
        "AC020", Severity.WARNING, "{name} {why}: Asterisk goes on as if it were not there",
        "remove the name, or put a file there", logged=False,
    ),
    "not-judged": Message(
        "AC021", Severity.INFO, "{name} is not judged: {reason}", "", logged=False
    ),
    "generated": Message(
        "AC022", Severity.INFO, "{generator} writes {what}: what is changed by hand will be lost",
        "change it there, or in a file that is included for changes by hand", logged=False,
    ),
}  # fmt: skip

HOST = Path("/etc/asterisk")
"""Where the files of this machine's own Asterisk are."""

_APART = {("extensions.conf", "context"), ("extensions.conf", "globals")}
"""Kinds of sections that the loader of the dialplan judges by itself."""


def check(
    work: Workspace, *, host_files: bool | None = None, progress: Report | None = None
) -> Diagnostics:
    """Return everything that is wrong with a configuration; see `Config.check`."""
    if host_files is None:
        host_files = work.files.root is not None and work.files.root.resolve() == HOST
    for name in steps("read", work.names, progress):
        work.resolve(name)
    found: list[Diagnostic] = [*work.diagnostics, *work.object_diagnostics]
    judged = {one.name: one for one in work.judged()}
    summed = gone_options(work)
    for name in steps("check", work.names, progress):
        facts, effective = work.schema.file(name), judged.get(name)
        if facts is None or facts.loader == "removed" or "removed_in" in facts.raw:
            continue  # what no running Asterisk 22 could confirm is not judged
        if effective and effective.valid:
            found += _file(effective, summed, host_files=host_files)
    files = {file for one in judged.values() for file, _ in one.files}
    told = {one.position for one in found if one.severity is Severity.ERROR}
    for one in (*dangling(work.references), *unknown_calls(work), *_made(work)):
        if one.position is None or (one.position.file in files and one.position not in told):
            found.append(one)
    found += _left_out(work, judged)
    return Diagnostics(_merged(gone(work, found)))


def _left_out(work: Workspace, judged: Collection[str]) -> Iterator[Diagnostic]:
    """Yield what was not judged, and why; and which files a program writes."""
    for name, why in work.files.unreadable.items():
        asked = work.schema.readers(name) and "/" not in name
        if why == "is a folder" and not asked:
            continue  # of files that others include, say
        one = finding(CODES["unreadable"], Position(name, 1), name=name, why=why)
        yield one if asked else attrs.evolve(one, severity=Severity.INFO)
    generated: dict[str, list[str]] = {}
    for name, source in work.sources.items():
        if source.generator:
            generated.setdefault(source.generator, []).append(name)
        elif name in work.names and name not in judged and not source.is_fragment:
            yield finding(CODES["not-judged"], Position(name, 1), name=name, reason=source.reason)
    for generator, names in generated.items():
        what = f"{names[0]}" + (f" and {count(len(names) - 1, 'other file')}" if names[1:] else "")
        related = [(Position(name, 1), "another one") for name in names[1:4]]
        place = Position(names[0], 1)
        yield finding(CODES["generated"], place, related, generator=generator, what=what)


def _file(
    effective: Effective, summed: Collection[tuple[str, int]], *, host_files: bool
) -> Iterator[Diagnostic]:
    """Yield what is wrong with the sections of one file; all that costs the file is one finding.

    `summed` are the lines of which a summary says that they cost it.
    """
    refusals: list[Diagnostic] = []
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
            obj, found, said = section_findings(lines)
            costly = [d for d in said if d.severity is Severity.ERROR and lines.refuses_file]
            refusals += (d for d in costly if not _is_at(d, summed))
            yield from (d for d in said if d not in costly)
            if kind.file == "modules.conf":
                yield from modules_findings(lines)
            if host_files:
                yield from unreadable(lines, obj, found)
    yield from _as_one(refusals)


def _is_at(one: Diagnostic, lines: Collection[tuple[str, int]]) -> bool:
    place = one.position
    return place is not None and (place.file, place.line) in lines


def _as_one(refusals: list[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield the first of several findings that all have the same consequence, and their count."""
    refusals = list(dict.fromkeys(refusals))
    if not refusals:
        return
    first, *others = refusals
    places = [(one.position, "the same") for one in others if one.position is not None]
    more = f" ({len(others)} more)" if others else ""
    related = (*first.related, *places[:3])
    yield attrs.evolve(first, message=first.message + more, related=related)


def _made(work: Workspace) -> Iterator[Diagnostic]:
    """Yield what is wrong with the objects of the wizard, and what PJSIP lacks as a whole."""
    wizard, pjsip = work.resolve("pjsip_wizard.conf"), work.resolve("pjsip.conf")
    if wizard is None and pjsip is None:
        return
    known = work.schema.file("pjsip.conf")
    assert known is not None
    objects = work.pjsip_objects(wizard, pjsip)
    read = {name for name in work.names if "pjsip" in name}
    for one in objects if read else ():
        if one.wizard:
            lines, derived = Lines.made(one, known.objects[one.kind]), one.derived
            yield from section_findings(lines, values=derived.__contains__)[2]
    yield from _same_address(work)
    if work.references.defined.of("pjsip.conf", "transport").complete:
        yield from _without_transport(work, objects)


def _same_address(work: Workspace) -> Iterator[Diagnostic]:
    """Yield the transports that want an address that an earlier one has. Observed on 22.10.1."""
    first: dict[tuple[bool, str, int], tuple[str, Position | None]] = {}
    for name, found in work.pjsip.transports.items():
        literal = re.fullmatch(
            r"([0-9.]+|\[[0-9a-fA-F:.]+\])(?::([0-9]{1,5}))?", found.obj.bind or ""
        )
        if found.obj.protocol not in {"udp", "tcp", "tls"} or literal is None:
            continue
        secure, place = found.obj.protocol == "tls", found.where("bind")
        port = int(literal[2] or (5061 if secure else 5060))
        key = (found.obj.protocol == "udp", literal[1].lower(), port)
        if port and key in first:
            other, at = first[key]
            related = [(at, "that one")] if at else []
            facts = {"address": f"{literal[1]}:{port}", "other": other, "name": name}
            yield finding(CODES["same-address"], place, related, **facts)
        first.setdefault(key, (name, place))


_SIX = " over IPv6"


def _versions(bind: str) -> tuple[str, ...]:
    """Return the versions of IP that an address to bind may have; a name may have both."""
    if bind.count(":") > 1:
        return (_SIX,)
    return ("",) if re.match(r"[0-9.]+(:|\Z)", bind) or not bind else ("", _SIX)


def _without_transport(work: Workspace, objects: PjsipObjects) -> Iterator[Diagnostic]:
    """Yield the registrations that no transport can carry. Observed on 22.10.1.

    The named transport does, if it is there; else one of the protocol that the server's URI asks
    for: by `sips:` or `;transport=`, else UDP.
    """
    transports = work.pjsip.transports
    protocols = {
        f"{found.obj.protocol}{version}"
        for found in transports.values()
        for version in _versions(found.obj.bind or "")
    }
    for one in objects:
        if one.kind != "registration" or one.text("transport") in transports:
            continue
        uri = fold(one.text("server_uri")).lstrip("<")
        asked = re.search(r";transport=([a-z]+)", uri)
        protocol = asked[1] if asked else "tls" if uri.startswith("sips:") else "udp"
        six = re.match(r"sips?:(?:[^@]*@)?\[[^\]]*:", uri) is not None
        if protocol + _SIX * six not in protocols:
            protocol += _SIX * six
            rule, option = CODES["no-transport"], one.last("server_uri")
            place = (option.position if option else None) or one.position
            message = rule.message.format(name=one.id, protocol=protocol)
            hint = rule.hint.format(protocol=protocol.replace(_SIX, " and bind = [::]"))
            yield Diagnostic(rule.code, rule.severity, message, place, hint)


def _merged(found: list[Diagnostic]) -> list[Diagnostic]:
    """Return the findings in order; those of one line and code become one.

    A line of a template is wrong for each section that inherits it: the first one is named, the
    others are counted.
    """
    at: dict[tuple[object, ...], list[Diagnostic]] = {}
    for one in dict.fromkeys(found):
        at.setdefault((one.code, one.position, one.cause), []).append(one)
    merged = [_one(several) for several in at.values()]
    return sorted(merged, key=_order)


def _one(several: list[Diagnostic]) -> Diagnostic:
    first, *others = several
    messages = {other.message for other in others} - {first.message}
    if not messages:
        return first
    return attrs.evolve(first, message=f"{first.message} ({len(messages)} more)")


def _order(one: Diagnostic) -> tuple[object, ...]:
    place = one.position
    where = (place.file, place.line, place.column) if place is not None else ("", 0, 0)
    return (*where, one.code, one.message)
