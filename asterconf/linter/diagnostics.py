"""`Diagnostics`: the findings of a check, as a sequence that filters and prints itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, overload

from asterconf.diagnostic import Diagnostic
from asterconf.frames import DataFrame, frame
from asterconf.secrets import shown_data
from asterconf.shown import Shown
from asterconf.source import Position, Severity, count, printable

_ROWS = 20


class Diagnostics(Shown, Sequence[Diagnostic]):
    """Findings in the order of files and lines."""

    __slots__ = ("_found",)

    def __init__(self, found: Iterable[Diagnostic] = ()) -> None:
        self._found = tuple(found)

    @overload
    def __getitem__(self, index: int) -> Diagnostic: ...
    @overload
    def __getitem__(self, index: slice) -> Diagnostics: ...
    def __getitem__(self, index: int | slice) -> Diagnostic | Diagnostics:
        found = self._found[index]
        return found if isinstance(found, Diagnostic) else Diagnostics(found)

    def __iter__(self) -> Iterator[Diagnostic]:
        return iter(self._found)

    def __len__(self) -> int:
        return len(self._found)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Diagnostics) and self._found == other._found

    def __hash__(self) -> int:
        return hash(self._found)

    def _of(self, severity: Severity) -> Diagnostics:
        return Diagnostics(d for d in self._found if d.severity is severity)

    @property
    def errors(self) -> Diagnostics:
        """What Asterisk refuses or drops."""
        return self._of(Severity.ERROR)

    @property
    def warnings(self) -> Diagnostics:
        """What works, but not as written."""
        return self._of(Severity.WARNING)

    @property
    def advice(self) -> Diagnostics:
        """What works, but will hurt."""
        return self._of(Severity.ADVICE)

    @property
    def info(self) -> Diagnostics:
        """What was not judged, and why: nothing is wrong with it."""
        return self._of(Severity.INFO)

    @property
    def wrong(self) -> Diagnostics:
        """All but `info`."""
        return Diagnostics(d for d in self._found if d.severity is not Severity.INFO)

    def about(self, file: str = "", *, code: str = "", line: int = 0) -> Diagnostics:
        """Return the findings of one file, of one code, at one line, or of what of these is given.

        `AC4` as a code means all codes that begin so.
        """
        return Diagnostics(
            d
            for d in self._found
            if (not file or (d.position is not None and d.position.file == file))
            and d.code.startswith(code)
            and (not line or (d.position is not None and d.position.line == line))
        )

    def counts(self) -> dict[str, int]:
        """Return how many findings of each severity there are, without those of which is none."""
        of = {word: sum(d.severity is word for d in self._found) for word in Severity}
        return {str(word): number for word, number in of.items() if number}

    def to_records(self) -> list[dict[str, Any]]:
        """Return the findings as plain dicts, in the shape of `asterconf check --json`."""
        return shown_data([as_data(d) for d in self._found])

    def to_frame(self) -> DataFrame:
        """Return the findings as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        return frame(self.to_records())

    def _rows(self) -> list[tuple[str, str, str, str]]:
        return [
            (d.code, str(d.severity), str(d.position or ""), printable(d.message))
            for d in self._found
        ]

    def __repr__(self) -> str:
        if not self._found:
            return "<Diagnostics: none>"
        said = ", ".join(count(number, word) for word, number in self.counts().items())
        rows = self._rows()[:_ROWS]
        widths = [max(len(row[n]) for row in rows) for n in range(3)]
        lines = [
            "  ".join((*(cell.ljust(w) for cell, w in zip(row[:3], widths, strict=True)), row[3]))
            for row in rows
        ]
        more = len(self._found) - len(rows)
        return "\n".join([f"<Diagnostics: {said}>", *lines, *([f"… and {more} more"] * bool(more))])


def as_data(diagnostic: Diagnostic) -> dict[str, Any]:
    """Return a finding as a plain dict; `related` and `fix` only where there are any."""
    at = diagnostic.position
    data: dict[str, Any] = {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        **_place(at),
        "end_column": at.column + diagnostic.span if at and diagnostic.span else None,
        "message": diagnostic.message,
        "hint": diagnostic.hint,
        "verified": diagnostic.verified,
    }
    if diagnostic.related:
        data["related"] = [{**_place(at), "note": note} for at, note in diagnostic.related]
    if diagnostic.fix:
        data["fix"] = [
            {"file": edit.file, "start": edit.start, "end": edit.end, "text": edit.text}
            for edit in diagnostic.fix
        ]
        data["fix_is_safe"] = not diagnostic.unsafe
    return data


def _place(at: Position | None) -> dict[str, Any]:
    if at is None:
        return {"file": None, "line": None, "column": None}
    return {"file": at.file, "line": at.line, "column": at.column}
