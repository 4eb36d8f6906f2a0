"""What a file says of findings about itself: comments that silence them.

`; asterconf: ignore AC409 (why)` at the end of a line, or on the line above, silences the findings
of that code about that line; `; asterconf: ignore-file`, with or without codes, in the first ten
lines those about the file.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter.lines import FileLines
from asterconf.linter.rules.files import host
from asterconf.linter.rules.internal import CHECK
from asterconf.linter.selection import ALL, Selection, codes_of, words
from asterconf.resolve import Files
from asterconf.source import Position, meant, printable
from asterconf.syntax.lines import Comment, Option

_MARK = "asterconf:"
_ASKS = re.compile(r"asterconf:\s*(ignore-file|ignore)\b((?:(?!--)[^(;])*)")
_HEAD = 10
_HOST = {message.code for message in host.CODES}
"""What is looked for only where the files of the host are."""


@attrs.frozen
class Ignore:
    """One word of a comment that silences findings.

    Attributes:
        word: a code, the beginning of codes, a family or `ALL`.
        place: where it is written.
        line: the line whose findings it silences; 0: those of the whole file.
        codes: what the word stands for.
    """

    word: str
    place: Position
    line: int
    codes: frozenset[str]

    def covers(self, code: str, at: Position | None) -> bool:
        """Tell whether it silences a finding of a code at a place."""
        return (
            at is not None
            and at.file == self.place.file
            and self.line in {0, at.line}
            and code in self.codes
        )


def ignores(files: Files, name: str) -> Iterator[Ignore]:
    """Yield what the comments of a file ask to ignore; a word that is no code stands for none."""
    lines, text = FileLines(files), str(files.documents[name]).removeprefix("\ufeff")
    at = text.find(_MARK)
    while at >= 0:
        number, start = text.count("\n", 0, at) + 1, text.rfind("\n", 0, at) + 1
        yield from _asked(lines, Position(name, number, at - start + 1))
        end = text.find("\n", at)
        at = text.find(_MARK, end) if end >= 0 else -1


def _asked(lines: FileLines, at: Position) -> Iterator[Ignore]:
    """Yield what a comment asks for; the mark may also stand in a value, which asks nothing."""
    node = lines.node(at)
    inside = isinstance(node, Option) and at.column > node.fields.comment_at
    if node is None or not (inside or isinstance(node, Comment)):
        return
    asks = _ASKS.match(node.text, at.column - 1)
    if asks is None:
        return
    names = re.findall(r"[^\s,]+", asks[2])
    whole = asks[1] == "ignore-file"
    if whole and at.line > _HEAD:
        return
    line = 0 if whole else at.line if inside else _below(lines, at)
    for word in names or ([ALL] if whole else [""]):
        column = at.column + (asks[0].find(word) if word and names else 0)
        yield Ignore(word, attrs.evolve(at, column=column), line, codes_of(word))


def _below(lines: FileLines, at: Position) -> int:
    """Return the first line below a comment that is none."""
    line = at.line + 1
    while isinstance(lines.node(Position(at.file, line)), Comment):
        line += 1
    return line


def unused(
    asked: Iterable[Ignore], used: Collection[Ignore], selection: Selection, *, host_files: bool
) -> Iterator[Diagnostic]:
    """Yield a finding for each word that silenced nothing, though its findings were looked for."""
    for one in asked:
        if not one.codes:
            yield unknown_word(one.word, "this comment", one.place)
            continue
        looked = {
            code for code in one.codes
            if selection.wants(code) and (host_files or code not in _HOST)
        }  # fmt: skip
        if one not in used and looked:
            word = "every finding" if one.word == ALL else one.word
            yield CHECK["unused-ignore"].at(one.place, word=word)


def unknown_word(word: str, where: str, place: Position | None = None) -> Diagnostic:
    """Return the finding about an ignored word that stands for no code."""
    near = (
        meant(word, words(), 3) or f"{'see' if word else 'say which; see'} asterconf check --list"
    )
    return CHECK["unknown-ignore"].at(place, where=where, word=printable(word), near=near)
