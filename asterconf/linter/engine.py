"""Runs every check over a configuration and puts what it finds in order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

import attrs

from asterconf import schema
from asterconf.bind.findings import Lines, file_findings, section_findings
from asterconf.bind.pjsip import pjsip_objects
from asterconf.codes import Rule
from asterconf.diagnostic import Diagnostic
from asterconf.linter.calls import unknown_calls
from asterconf.linter.diagnostics import Diagnostics
from asterconf.linter.gone import gone
from asterconf.linter.host import unreadable
from asterconf.linter.references import dangling, gone_modules
from asterconf.progress import Report, steps
from asterconf.source import Severity, fold
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.bind.wizard import PjsipObject
    from asterconf.resolve import Effective

__all__ = ["CODES", "check"]

CODES = {
    "no-transport": Rule(
        "AC423", Severity.ERROR,
        "there is no transport for {protocol}, so Asterisk refuses registration {name!r}",
        "add a section of type transport with protocol = {protocol} to pjsip.conf", logged=False,
    ),
}  # fmt: skip

_NOT_READ = {"disabled", "unread", "fragment"}
_APART = {("extensions.conf", "context"), ("extensions.conf", "globals")}
"""Kinds of sections that the loader of the dialplan judges by itself."""


def check(
    work: Workspace, *, host_files: bool = True, progress: Report | None = None
) -> Diagnostics:
    """Return everything that is wrong with a configuration; see `Config.check`."""
    for name in steps("read", work.names, progress):
        work.resolve(name)
    found: list[Diagnostic] = list(work.diagnostics)
    found += work.object_diagnostics
    sources = work.sources
    for name in steps("check", work.names, progress):
        facts = schema.file(name)
        asked = len(work.names) == 1  # a file that somebody names is meant to be read
        if facts is None or facts.loader == "removed":
            continue
        if sources[name].role in _NOT_READ and not asked:
            continue
        effective = work.resolve(name)
        if effective is not None and effective.valid:
            found += _file(effective, host_files=host_files)
    found += dangling(work.references)
    found += unknown_calls(work)
    found += _made(work)
    found += gone(work)
    return Diagnostics(_merged(found))


def _file(effective: Effective, *, host_files: bool) -> Iterator[Diagnostic]:
    """Yield what is wrong with the sections of one file."""
    yield from file_findings(effective)
    for section in effective.live:
        kind = section.kind
        if kind is None or (kind.file, kind.name) in _APART:
            continue
        whole = Lines.of(section, kind)
        for lines in (whole, *whole.nested()):
            obj, found, said = section_findings(lines)
            yield from said
            if kind.file == "modules.conf":
                yield from gone_modules(lines)
            if host_files:
                yield from unreadable(lines, obj, found)


def _made(work: Workspace) -> Iterator[Diagnostic]:
    """Yield what is wrong with the objects of the wizard, and what PJSIP lacks as a whole."""
    wizard, pjsip = work.resolve("pjsip_wizard.conf"), work.resolve("pjsip.conf")
    if wizard is None and pjsip is None:
        return
    known = schema.file("pjsip.conf")
    assert known is not None
    objects = pjsip_objects(wizard, pjsip)
    read = {name for name in work.names if "pjsip" in name}
    for one in objects if read else ():
        if one.wizard:
            yield from section_findings(Lines.made(one, known.objects[one.kind]), values=False)[2]
    if work.references.defined.of("pjsip.conf", "transport").complete:
        yield from _without_transport(work, objects)


def _without_transport(work: Workspace, objects: tuple[PjsipObject, ...]) -> Iterator[Diagnostic]:
    """Yield the registrations that no transport can carry. Observed on 22.10.1.

    The named transport does, if it is there; else one of the protocol that the server's URI asks
    for: by `sips:` or `;transport=`, else UDP.
    """
    transports = work.pjsip.transports
    protocols = {transport.obj.protocol for transport in transports.values()}
    for one in objects:
        if one.kind != "registration" or one.text("transport") in transports:
            continue
        uri = fold(one.text("server_uri")).lstrip("<")
        asked = re.search(r";transport=([a-z]+)", uri)
        protocol = asked[1] if asked else "tls" if uri.startswith("sips:") else "udp"
        if protocol not in protocols:
            rule, option = CODES["no-transport"], one.last("server_uri")
            place = (option.position if option else None) or one.position
            message = rule.message.format(name=one.id, protocol=protocol)
            hint = rule.hint.format(protocol=protocol)
            yield Diagnostic(rule.code, rule.severity, message, place, hint)


def _merged(found: list[Diagnostic]) -> list[Diagnostic]:
    """Return the findings in order; those of one line and code become one.

    A line of a template is wrong for each section that inherits it: the first one is named, the
    others are counted.
    """
    at: dict[tuple[object, ...], list[Diagnostic]] = {}
    for one in dict.fromkeys(found):
        what = one.message.partition(", so Asterisk")[0]
        at.setdefault((one.code, one.position, what), []).append(one)
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
