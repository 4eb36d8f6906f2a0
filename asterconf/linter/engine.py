"""Runs every check over a configuration and puts what it finds in order."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter.diagnostics import Diagnostics
from asterconf.linter.rules.checks import CHECKS, LEFT_OUT, OTHERS, is_stable
from asterconf.linter.rules.gone import gone, gone_options
from asterconf.linter.rules.sections.check import check_file
from asterconf.linter.tree import Tree
from asterconf.linter.walking import Guard, walk
from asterconf.progress import Report, steps
from asterconf.source import Position, Severity, fold
from asterconf.workspace import Workspace

HOST = Path("/etc/asterisk")
"""Where the files of this machine's own Asterisk are."""


def check(
    work: Workspace,
    *,
    host_files: bool | None = None,
    progress: Report | None = None,
    sounds: Path | None = None,
    wants: Callable[[str], bool] = is_stable,
    silenced: Callable[[str, Position | None], bool] = lambda *_: False,
) -> Diagnostics:
    """Return everything that is wrong with a configuration; see `Config.check`.

    `wants` tells of a code whether a rule with a check of its own is asked for it; by default all
    are that are not in preview. `silenced` tells of a code and a place whether a finding of many
    places leaves that one out.
    """
    if host_files is None:
        host_files = work.files.root is not None and work.files.root.resolve() == HOST
    for name in steps("read", work.names, progress):
        work.resolve(name)
    found: list[Diagnostic] = [*work.diagnostics, *work.object_diagnostics]
    judged = {one.name: one for one in work.judged()}
    summed, guard = gone_options(work), Guard()
    for name in steps("check", work.names, progress):
        facts, effective = work.schema.file(name), judged.get(name)
        if facts is None or facts.loader == "removed" or "removed_in" in facts.raw:
            continue  # what no running Asterisk 22 could confirm is not judged
        if effective and effective.valid:
            top = partial(Position, name, 1)
            accounts = work.user_accounts if facts.name == "manager.conf" else {}
            given = {fold(account): frozenset(one.places) for account, one in accounts.items()}
            look = partial(check_file, effective, summed, given, host_files=host_files)
            found += guard.run("options of a file", look, at=top)
    there = None if sounds is None else _sounds(sounds)
    files = {file for one in judged.values() for file, _ in one.files}
    told = {one.position for one in found if one.severity is Severity.ERROR}
    tree = Tree(work, there, host_files=host_files)
    for one in (*walk(tree, (*CHECKS, *OTHERS), wants, guard),):
        if one.position is None or (one.position.file in files and one.position not in told):
            found.append(one)
    found += walk(tree, LEFT_OUT, wants, guard)
    return Diagnostics(_merged(gone(work, found, silenced)))


def _sounds(folder: Path) -> frozenset[str]:
    """Return the names of the sounds in a folder, with and without that of the language."""
    files = (path.relative_to(folder) for path in folder.rglob("*") if path.is_file())
    names = [one.with_suffix("").parts for one in files]
    return frozenset("/".join(parts[start:]) for parts in names for start in (0, 1))


def _merged(found: list[Diagnostic]) -> list[Diagnostic]:
    """Return the findings in order; those of one line and code become one.

    A line of a template is wrong for each section that inherits it: the first one is named, the
    others are counted.
    """
    at: dict[tuple[object, ...], list[Diagnostic]] = {}
    for one in dict.fromkeys(found):
        at.setdefault((one.code, one.position, one.cause), []).append(one)
    merged = [_one(several) for several in at.values()]
    return sorted(merged, key=order)


def _one(several: list[Diagnostic]) -> Diagnostic:
    first, *others = several
    messages = {other.message for other in others} - {first.message}
    if not messages:
        return first
    return attrs.evolve(first, message=f"{first.message} ({len(messages)} more)")


def order(one: Diagnostic) -> tuple[object, ...]:
    """Return what findings are sorted by: place, code and message."""
    place = one.position
    where = (place.file, place.line, place.column) if place is not None else ("", 0, 0)
    return (*where, one.code, one.message)
