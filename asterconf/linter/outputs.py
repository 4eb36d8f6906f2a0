"""What `check` found in some trees, as text for people and as data for other programs."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter.diagnostics import Diagnostics, as_data
from asterconf.linter.lines import FileLines
from asterconf.resolve import Files
from asterconf.secrets import shown_data
from asterconf.source import Position, Severity, TextEdit, printable

FORMAT = 1
"""The number of the form of the JSON; it grows when a key goes or means something else."""

_COLOURS = {"error": "31", "warning": "33", "advice": "36", "info": "2"}
_GITHUB = {"error": "error", "warning": "warning", "advice": "notice", "info": "notice"}


class Region(NamedTuple):
    """The place of an edit: lines and columns from 1, the end excluded; and the new text."""

    file: str
    line: int
    column: int
    end_line: int
    end_column: int
    text: str


@attrs.frozen
class Checked:
    """What was found in one tree, with all that an output shows; it holds no document.

    Attributes:
        tree: the directory, file or archive, as it was called.
        folder: what the names of files start from; empty: they stand for themselves.
        found: the findings.
        lines: the line of each, secrets masked.
        fingerprints: what tells each from the others, as `FileLines.fingerprints` has it.
        regions: the edits that repair each.
    """

    tree: str
    folder: str
    found: Diagnostics
    lines: tuple[str, ...]
    fingerprints: tuple[str, ...]
    regions: tuple[tuple[Region, ...], ...]

    @classmethod
    def of(cls, tree: str, files: Files, found: Diagnostics) -> Checked:
        """Return what the outputs show of the findings about some files."""
        lines = FileLines(files)
        folder = ("" if tree == "-" else tree) if files.root is None else str(files.root)
        return cls(
            tree, folder, found,
            tuple(lines.shown(one.position) for one in found),
            tuple(lines.fingerprints(found)),
            tuple(tuple(_region(files, edit) for edit in one.fix) for one in found),
        )  # fmt: skip

    def path(self, file: str) -> str:
        """Return the path of a file, from where the tree was named."""
        return str(Path(self.folder, file))


def _region(files: Files, edit: TextEdit) -> Region:
    text = str(files.documents[edit.file])
    line, column = _place(text, edit.start)
    return Region(edit.file, line, column, *_place(text, edit.end), edit.text)


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - (text.rfind("\n", 0, offset) + 1) + 1


# -- for people -----------------------------------------------------------------------------------


def full(checked: Checked, *, colours: bool = False, links: bool = False) -> str:
    """Return each finding with its line, marks below what it is about, places and hint.

    `links`: places are links to their files, as terminals show them (OSC 8).
    """
    rows = zip(checked.found, checked.lines, strict=True)
    return "".join(
        f"{line}\n"
        for one, text in rows
        for line in _full(
            one, text, colours=colours, link=_link(checked, one.position) if links else ""
        )
    )


def _link(checked: Checked, at: Position | None) -> str:
    """Return the address of a file; empty: it lies in no folder, as those of an archive."""
    path = Path(checked.path(at.file)).absolute() if at is not None else None
    return path.as_uri() if path is not None and path.is_file() else ""


def _full(one: Diagnostic, text: str, *, colours: bool, link: str = "") -> Iterator[str]:
    paint = _painted if colours else _plain
    colour = _COLOURS[str(one.severity)]
    at = one.position
    shown_place = f"\x1b]8;;{link}\x1b\\{at}\x1b]8;;\x1b\\" if link else str(at)
    place = paint(f"{shown_place}: ", "1") if at is not None else ""
    yield f"{place}{paint(str(one.severity), colour)} {paint(one.code, '1')} {_line(one.message)}"
    if at is not None and text.strip():
        shown = printable(text).replace("\t", " ")
        start = len(printable(text[: at.column - 1]))
        length = len(printable(text[at.column - 1 : at.column - 1 + one.span]))
        yield f"    {shown}"
        yield f"    {' ' * start}{paint('^' * max(length, 1), colour)}"
    yield from (f"  {where}: {note}" for where, note in one.related)
    if one.hint:
        yield f"  {paint('hint', '1')}: {_line(one.hint)}"


def _line(text: str) -> str:
    return printable(text).replace("\n", "\\n")


def _plain(text: str, _style: str) -> str:
    return text


def _painted(text: str, style: str) -> str:
    return f"\x1b[{style}m{text}\x1b[0m"


def concise(checked: Checked) -> str:
    """Return a line for each finding, with the path of its file."""
    return "".join(
        f"{_where(checked, one.position)}{one.severity} {one.code} {_line(one.message)}\n"
        for one in checked.found
    )


def _where(checked: Checked, at: Position | None) -> str:
    if at is None:
        return f"{printable(checked.tree)}: "
    return f"{Position(checked.path(at.file), at.line, at.column)}: "


def statistics(every: Iterable[Checked]) -> list[tuple[str, Severity, int]]:
    """Return each code that was found, its severity, and how often; the most frequent first."""
    counts = Counter((one.code, one.severity) for checked in every for one in checked.found)
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], pair[0]))
    return [(code, severity, number) for (code, severity), number in ordered]


# -- for other programs ---------------------------------------------------------------------------


def as_json(every: Iterable[Checked]) -> dict[str, Any]:
    """Return the findings as one object; its form is schema/data/json/check.json."""
    findings = [
        {"tree": printable(checked.tree), **as_data(one), "fingerprint": key}
        for checked in every
        for one, key in zip(checked.found, checked.fingerprints, strict=True)
    ]
    return shown_data({"format": FORMAT, "findings": findings})


def first_place(one: Diagnostic) -> Position | None:
    """Return where a finding is shown: what is about several places at its first one."""
    return one.position or next((at for at, _ in one.related), None)


def github(checked: Checked) -> str:
    """Return the findings as commands of a GitHub workflow, which shows them beside the lines."""
    return "".join(f"{_command(checked, one)}\n" for one in checked.found)


def _command(checked: Checked, one: Diagnostic) -> str:
    at = first_place(one)
    facts = {"title": f"asterconf {one.code}"}
    if at is not None:
        facts |= {"file": checked.path(at.file), "line": str(at.line), "col": str(at.column)}
        if one.span:
            facts |= {"endLine": str(at.line), "endColumn": str(at.column + one.span)}
    named = ",".join(f"{key}={_property(value)}" for key, value in facts.items())
    message = f"{one.code} {one.message}" + (f"\nhint: {one.hint}" if one.hint else "")
    return f"::{_GITHUB[str(one.severity)]} {named}::{_data(message)}"


def _data(text: str) -> str:
    """Source: actions/toolkit, packages/core/src/command.ts."""
    escaped = text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
    return printable(escaped)


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
