"""The edits that repair a finding, where its hint and its line say exactly what they are."""

from __future__ import annotations

import re
from collections.abc import Collection

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter.ignores import Ignore
from asterconf.linter.lines import FileLines
from asterconf.source import WHITE, Position, TextEdit
from asterconf.syntax.lines import Comment, Option

_MEANT = re.compile(r"did you mean '?([\w./@+-]+)'?\?\Z")
_COUNTS_AS = re.compile(r"write ([\w./@+-]+) if that is meant\Z")


def repaired(one: Diagnostic, lines: FileLines) -> Diagnostic:
    """Return a finding with its repair, if there is one.

    What Asterisk takes a value for may be written instead of it: that is the same. A name that was
    probably meant is another one, so a person has to look at that.
    """
    at = one.position
    node = lines.node(at) if at is not None and not one.fix else None
    if at is None or not isinstance(node, Option) or len(node.fields.pieces) != 1:
        return one
    value_at = node.fields.value
    if same := _COUNTS_AS.match(one.hint):
        if at.column - 1 != value_at[0]:
            return one
        return attrs.evolve(one, fix=(_edit(lines, at, value_at, same[1]),))
    meant = _MEANT.match(one.hint)
    if meant is None:
        return one
    written = at.column - 1, at.column - 1 + one.span
    for start, end in (node.fields.name, written):
        if f"'{node.text[start:end]}'" in one.message and start < end:
            edit = _edit(lines, at, (start, end), meant[1])
            return attrs.evolve(one, fix=(edit,), unsafe=True)
    return one


def _edit(lines: FileLines, at: Position, span: tuple[int, int], text: str) -> TextEdit:
    start = lines.start(at)
    return TextEdit(at.file, start + span[0], start + span[1], text)


def without_ignore(one: Diagnostic, words: Collection[Ignore], lines: FileLines) -> Diagnostic:
    """Return the finding about an unused comment with the edit that removes it.

    `words` are those of the same comment: where others are used, only this word goes.
    """
    at = one.position
    node = lines.node(at) if at is not None else None
    if at is None or node is None or len(words) > 1:
        return one
    inside = isinstance(node, Option)
    if not inside and not (isinstance(node, Comment) and not node.block):
        return one
    text = node.text
    mark = text.index("asterconf:")
    start = text.rindex(";", 0, mark)
    if text[start + 1 : mark].strip(WHITE) or (
        isinstance(node, Option) and start < node.fields.comment_at
    ):
        return one
    if isinstance(node, Option):
        start = len(text[:start].rstrip(" \t"))
        end = len(text.rstrip("\r\n"))
    else:
        start, end = 0, len(text)
    return attrs.evolve(one, fix=(_edit(lines, at, (start, end), ""),))
