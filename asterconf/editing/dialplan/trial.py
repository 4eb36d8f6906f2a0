"""Carries changes out: first on copies, and on the documents only if the result is as meant."""

from __future__ import annotations

import attrs

from asterconf.dialplan import LoadedDialplan, load_dialplan
from asterconf.dialplan.values import Dialplan, DialplanContext, DialplanExtension
from asterconf.editing.dialplan.plan import Change
from asterconf.editing.dialplan.rows import Row, Rows
from asterconf.errors import EditError
from asterconf.resolve import Files, resolve
from asterconf.source import printable
from asterconf.syntax import Document, Option, Section
from asterconf.syntax.lines import Line
from asterconf.syntax.text import set_text

__all__ = ["apply", "load", "try_out"]


def load(files: Files, file: str) -> LoadedDialplan:
    """Return the dialplan of a file as it stands."""
    return load_dialplan(resolve(files, file))


def try_out(files: Files, changes: list[Change], rows: Rows) -> dict[str, Document]:
    """Return copies of the documents that the changes touch, changed.

    Raises:
        EditError: a line cannot be changed, or its file is no document here.
    """
    placed = sorted(((*_place(change, rows), change) for change in changes), key=_order)
    documents: dict[str, Document] = {}
    done: set[tuple[str, int, str]] = set()
    above: dict[tuple[str, int], int] = {}
    for file, line, change in placed:
        if (file, line, change.where) in done:
            raise EditError(f"{file}:{line} is read twice in this context: edit the text")
        done.add((file, line, change.where))
        document = documents.get(file) or _copy(files, file, line)
        documents[file] = document
        _carry_out(document, line + above.get((file, line), 0), change)
        if change.where == "before":
            above[file, line] = len(change.lines)
    return documents


def _place(change: Change, rows: Rows) -> tuple[str, int]:
    if change.row is not None:
        return change.row.place
    section, _ = rows.sections[change.section]
    return section.file, section.line


def _order(placed: tuple[str, int, Change]) -> tuple[str, int, int]:
    """Order from the end of each file to its beginning, new lines beside a line before itself."""
    file, line, change = placed
    return file, -line, ("after", "before", "here").index(change.where)


def _copy(files: Files, file: str, line: int) -> Document:
    document = files.documents.get(file)
    if document is None:
        raise EditError(f"{printable(file)}:{line} is no line of a file: it cannot be edited")
    return Document(str(document), name=file)


def _find(document: Document, line: int) -> tuple[Section, Line]:
    for section in document.parts:
        nodes = section.nodes
        if nodes and section.line <= line <= nodes[-1].line:
            return section, nodes[line - section.line]
    raise EditError(f"{printable(document.name)} has no line {line}")


def _carry_out(document: Document, line: int, change: Change) -> None:
    section, node = _find(document, line)
    if change.row is None:
        for name, value in change.lines:
            section.add(name, value, separator=None if section.options else _sign(document))
    elif change.where == "before":
        for name, value in reversed(change.lines):
            node = section.add(name, value, before=node)
    elif change.where == "after":
        for name, value in change.lines:
            node = section.add(name, value, after=node)
    elif not change.lines:
        section.remove(node)
    else:
        assert isinstance(node, Option)
        ((name, value),) = change.lines
        _rewrite(section, node, name, value)


def _sign(document: Document) -> str:
    """Return `=` or `=>`, as the first extension of the file is written."""
    found = (o.separator for s in document.parts for o in s.all("exten"))
    return next(found, "=>")


def _rewrite(section: Section, node: Option, name: str, value: str) -> None:
    """Give a line another value; under another name it is written like its new siblings."""
    if node.name == name:
        section.set(node, value)
        return
    comment = node.comment.rstrip("\r").removeprefix(";").lstrip(" ")
    made = section.add(name, value, after=node)
    if comment:
        section.set_comment(made, comment)
    section.remove(section.nodes[node.line - section.line])


def apply(
    files: Files,
    file: str,
    copies: dict[str, Document],
    wanted: Dialplan,
    *,
    context: str,
    rows: list[Row],
) -> LoadedDialplan:
    """Put the changed texts into the documents, if they load as wanted; return what they load.

    Args:
        files: the documents.
        file: the one that is loaded.
        copies: those of them that change, changed.
        wanted: the dialplan as it was meant.
        context: the one context that shall differ.
        rows: the lines that change, or that new ones stand beside.

    Raises:
        EditError: they load otherwise; nothing has changed.
    """
    trial = attrs.evolve(files, documents={**files.documents, **copies})
    loaded = load(trial, file)
    if not loaded.loaded or loaded.dialplan != wanted:
        raise EditError(_why(trial, loaded, wanted, context, rows))
    for name, copy in copies.items():
        for section, changed in zip(files.documents[name].parts, copy.parts, strict=True):
            if section.text != changed.text:
                set_text(section, changed.text)
    return loaded


def _why(
    trial: Files, loaded: LoadedDialplan, wanted: Dialplan, context: str, rows: list[Row]
) -> str:
    """Return why an edit is refused: what would load otherwise than meant."""
    found = loaded.dialplan
    if not loaded.loaded:
        return "Asterisk would not load the file any more"
    changed = [one for one in wanted if one.name not in found or found[one.name] != one]
    shared = [row for row in rows if row.item is not None and row.item.way] or rows
    names = ", ".join(repr(one.name) for one in changed if one.name != context)
    if names and shared:
        return f"{shared[0].shown()} is read by several contexts: {names} would change too"
    for meant in changed:
        made = found[meant.name] if meant.name in found else DialplanContext(meant.name)
        for one in (*meant.extensions, *made.extensions):
            if (one in meant.extensions) != (one in made.extensions):
                return _differs(trial, loaded, meant, made, one)
    return "the dialplan would be loaded otherwise"


def _differs(
    trial: Files,
    loaded: LoadedDialplan,
    meant: DialplanContext,
    made: DialplanContext,
    one: DialplanExtension,
) -> str:
    """Return how an extension would be loaded otherwise than meant."""
    wanted, got = (
        {step for e in context.extensions if e.key == one.key for step in e.steps}
        for context in (meant, made)
    )
    lost = min(wanted - got, key=lambda step: step.priority, default=None)
    more = min(got - wanted, key=lambda step: step.priority, default=None)
    if more is None:
        what = f"step {lost} of {one.key!r}" if lost is not None else f"extension {one.key!r}"
        return f"{what} would be loaded otherwise"
    origin = loaded.origins[meant.name, one.name, one.callerid_match, more.priority]
    _, line = _find(trial.documents[origin.file], origin.line)
    shown = f"{printable(line.text.strip())!r} in {origin.file}"
    instead = f" instead of {lost}" if lost is not None else ""
    return f"{shown} would then make priority {more.priority} of {one.key!r}{instead}"
