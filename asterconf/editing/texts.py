"""Edits of the text of files, by offsets: for repairs, which know exactly what they replace."""

from __future__ import annotations

from collections.abc import Iterable

from asterconf.errors import EditError
from asterconf.resolve import Files
from asterconf.source import TextEdit, printable
from asterconf.syntax import Document
from asterconf.syntax.text import mark_changed, set_text


def apply_edits(files: Files, edits: Iterable[TextEdit]) -> None:
    """Make edits of the text of some files, all of them or none.

    Args:
        files: the documents.
        edits: what to replace, by offsets in the text as it is now; no two overlap.

    Raises:
        EditError: an edit goes over the border of a section, or would move one.
    """
    by_file: dict[str, list[TextEdit]] = {}
    for edit in edits:
        by_file.setdefault(edit.file, []).append(edit)
    before = [(files.documents[file], files.documents[file].snapshot()) for file in by_file]
    try:
        for file, several in by_file.items():
            _apply(files.documents[file], several)
    except EditError:
        for document, state in before:
            document.restore(state)
        raise


def _apply(document: Document, edits: list[TextEdit]) -> None:
    start = len(str(document)) - sum(len(part.text) for part in document.parts)  # a BOM
    for section in document.parts:
        text, end = section.text, start + len(section.text)
        mine = [one for one in edits if start <= one.start and one.end <= end]
        edits = [one for one in edits if one not in mine]
        for one in sorted(mine, key=lambda one: one.start, reverse=True):
            text = text[: one.start - start] + one.text + text[one.end - start :]
        if mine:
            set_text(section, text)
        start = end
    mark_changed(document)
    read = [part.text for part in Document(str(document), name=document.name).parts]
    if edits or [part.text for part in document.parts] != read:
        raise EditError(f"the text of {printable(document.name)} cannot be replaced there")
