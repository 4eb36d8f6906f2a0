"""The lines that findings are about: how much of them, as a person may see them, and their hash."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterable

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.language.faults import Fault
from asterconf.resolve import Files
from asterconf.source import WHITE, Position, TextEdit, comparable
from asterconf.syntax import Document, Section
from asterconf.syntax.diffs import shown_line
from asterconf.syntax.lines import Header, Line, Option

_STOP = re.compile(r"[,&|)]")


class FileLines:
    """The lines of some files, by their places."""

    def __init__(self, files: Files) -> None:
        self._files = files
        self._sections: dict[str, tuple[tuple[Section, ...], list[int]]] = {}
        self._starts: dict[str, list[int]] = {}
        self._nodes: dict[tuple[str, int], tuple[Line, ...]] = {}

    def _at(self, place: Position | None) -> tuple[Document, Section, Line] | None:
        document = self._files.documents.get(place.file) if place is not None else None
        if place is None or document is None:
            return None
        if place.file not in self._sections:
            parts = document.parts
            self._sections[place.file] = (parts, [one.line for one in parts])
        parts, starts = self._sections[place.file]
        number = max(bisect_right(starts, place.line) - 1, 0)
        section, index = parts[number], place.line - starts[number]
        nodes = self._nodes.get((place.file, number))
        if nodes is None:
            nodes = self._nodes[place.file, number] = section.nodes
        return (document, section, nodes[index]) if 0 <= index < len(nodes) else None

    def node(self, place: Position) -> Line | None:
        """Return a line; `None`: there is no such line."""
        at = self._at(place)
        return at[2] if at is not None else None

    def start(self, place: Position) -> int:
        """Return where a line begins in the text of its file, in characters from 0."""
        if place.file not in self._starts:
            text = str(self._files.documents[place.file])
            self._starts[place.file] = [
                int(text.startswith("\ufeff")),
                *(found.end() for found in re.finditer("\n", text)),
            ]
        return self._starts[place.file][place.line - 1]

    def shown(self, place: Position | None) -> str:
        """Return a line without its end, secrets masked; empty: there is no such line."""
        at = self._at(place)
        if at is None:
            return ""
        document, section, node = at
        return shown_line(node, document.name, section.name).rstrip("\r\n")

    def span(self, place: Position | None) -> int:
        """Return how many characters from a place on belong together; 0: none, or no such line.

        At the start of a name or value it is all of that, inside of a value what stands up to the
        next comma, `&`, `|` or `)`, in the brackets of a header these; else the rest of the line.
        """
        at = self._at(place)
        if at is None or place is None:
            return 0
        node, start = at[2], place.column - 1
        end = len(node.text.rstrip(WHITE))
        if isinstance(node, Option):
            fields = node.fields
            ends = (fields.name[1], fields.separator_at[1], fields.value[1], end)
            end = next((one for one in ends if start < one), end)
            if fields.value[0] < start < fields.value[1]:
                stop = _STOP.search(node.text, start + 1, end)
                end = stop.start() if stop else end
        elif isinstance(node, Header):
            closing = node.text.find("]", start) + 1
            end = closing or end
        return max(end - start, 0)

    def fingerprints(self, found: Iterable[Diagnostic]) -> list[str]:
        """Return what tells each finding from all others of its configuration.

        It stays the same if lines move, or the secret in one changes: it is made of the code, the
        file and the text of the line. Of equal lines the first has the number 1.
        """
        seen: Counter[str] = Counter()
        out = []
        for one in found:
            file = one.position.file if one.position is not None else ""
            text = " ".join(self.shown(one.position).split()) or one.message
            key = hashlib.sha256(comparable(f"{one.code}\0{file}\0{text}")).hexdigest()[:16]
            seen[key] += 1
            out.append(f"{key}:{seen[key]}")
        return out


_SAFE = {"AC252"}
"""Faults of a step whose repair Asterisk reads as before."""


def of_fault(found: Fault) -> Diagnostic:
    """Return a fault of a step without a place; its edits are by offsets in the step's text."""
    edits = tuple(TextEdit("", *change) for change in found.changes)
    return attrs.evolve(found.at(), fix=edits, unsafe=bool(edits) and found.code not in _SAFE)


def placed(one: Diagnostic, at: Position, call: str, lines: FileLines) -> Diagnostic:
    """Return a finding of `of_fault` at its line, with edits of its file.

    Where the line does not have the text of the step (`call`) as it is, it has no repair.
    """
    node = lines.node(at) if one.fix else None
    fix: tuple[TextEdit, ...] = ()
    if isinstance(node, Option) and len(node.fields.pieces) == 1:
        value = node.text[slice(*node.fields.value)]
        text = call if value.endswith(call) else call.removesuffix("()")
        if value.endswith(text) and all(edit.end <= len(text) for edit in one.fix):
            shift = lines.start(at) + node.fields.value[1] - len(text)
            fix = tuple(
                TextEdit(at.file, shift + edit.start, shift + edit.end, edit.text)
                for edit in one.fix
            )
    return attrs.evolve(one, position=at, fix=fix, unsafe=one.unsafe and bool(fix))
