"""`Config.check`: what the engine finds, less what nobody asked for or a comment silences."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.linter import engine
from asterconf.linter.diagnostics import Diagnostics
from asterconf.linter.ignores import Ignore, ignores, unknown_word, unused
from asterconf.linter.lines import FileLines
from asterconf.linter.repairs import repaired, without_ignore
from asterconf.linter.rules.internal import CHECK
from asterconf.linter.selection import Selection, codes_of, words
from asterconf.progress import Report
from asterconf.resolve import Files
from asterconf.settings import NAME, Settings, find_settings, read_settings
from asterconf.source import Position, meant, printable
from asterconf.workspace import Workspace

__all__ = ["FAILED", "Selection", "check", "settings_of"]

FAILED = CHECK["rule-failed"].code
"""The code of a rule that failed: what it looks for is unknown, which is always told."""


def settings_of(files: Files) -> Settings:
    """Return the settings for some files: of their folder, or among them.

    Raises:
        LoadError: they cannot be read.
    """
    if files.root is not None:
        return find_settings(files.root)
    text = files.content(NAME)
    return (read_settings(text, NAME) if text else None) or Settings()


def check(
    work: Workspace,
    *,
    asked: Selection = Selection(),  # noqa: B008 - frozen
    settings: bool = True,
    host_files: bool | None = None,
    progress: Report | None = None,
    sounds: Path | None = None,
) -> Diagnostics:
    """Return what is wrong with a configuration; see `Config.check`.

    Raises:
        LoadError: a settings file cannot be read.
        ValueError: a word to look for stands for no rule.
    """
    said = settings_of(work.files) if settings else Settings()
    selection = Selection(
        asked.select or said.select,
        (*said.extend_select, *asked.extend),
        (*said.ignore, *asked.ignore),
        preview=asked.preview or said.preview,
    )
    for word in selection.unknown():
        hint = meant(word, words(), 3, before="; ") or "; see asterconf check --list"
        raise ValueError(f"{printable(word)!r} is no code and no family of rules{hint}")
    wants = selection.wants
    silence = _Silence(work.files if settings else None, said.per_file_ignores)
    found = list(
        engine.check(
            work, host_files=host_files, progress=progress, sounds=sounds, wants=wants,
            silenced=silence.covers,
        )
    )  # fmt: skip
    found += _unknown(asked, said)
    found = [one for one in found if not silence.by_comment(one.code, one.position)]
    comments, lines = silence.comments(), FileLines(work.files)
    useless = unused(comments, silence.used, selection, host_files=bool(host_files))
    found += (without_ignore(one, _beside(one, comments), lines) for one in useless)
    kept = [
        one
        for one in found
        if one.code == FAILED
        or (selection.wants(one.code) and not silence.by_file(one.code, one.position))
    ]
    return Diagnostics(sorted(_known(lines, kept), key=engine.order))


class _Silence:
    """What comments and settings silence, and which of the comments do.

    A file may be read only while it is checked, so its comments are looked for when they are
    asked for. Without `files` no comment silences anything.
    """

    def __init__(self, files: Files | None, globs: Mapping[str, Collection[str]]) -> None:
        self.used = set[Ignore]()
        self._files = files
        self._of: dict[str, list[Ignore]] = {}
        self._globs = {
            glob: frozenset[str]().union(*map(codes_of, words)) for glob, words in globs.items()
        }

    def comments(self) -> list[Ignore]:
        """Return the comments of all files that were read."""
        names = [*self._files.documents] if self._files is not None else []
        return [comment for name in names for comment in self._in(name)]

    def _in(self, name: str) -> list[Ignore]:
        if self._files is None or name not in self._files.documents:
            return []
        if name not in self._of:
            self._of[name] = [*ignores(self._files, name)]
        return self._of[name]

    def covers(self, code: str, at: Position | None) -> bool:
        """Tell whether a finding of a code at a place is silenced."""
        return self.by_comment(code, at) or self.by_file(code, at)

    def by_comment(self, code: str, at: Position | None) -> bool:
        """Tell whether a comment silences it, and note which ones do."""
        by = [one for one in self._in(at.file) if one.covers(code, at)] if at is not None else []
        self.used.update(by)
        return bool(by)

    def by_file(self, code: str, at: Position | None) -> bool:
        """Tell whether settings ignore that code in the file."""
        return at is not None and any(
            code in codes and fnmatchcase(at.file, glob) for glob, codes in self._globs.items()
        )


def _unknown(asked: Selection, said: Settings) -> Iterator[Diagnostic]:
    """Yield the words that are ignored and stand for no rule."""
    yield from (unknown_word(word, "--ignore") for word in asked.ignore if not codes_of(word))
    names = [*said.ignore, *(word for one in said.per_file_ignores.values() for word in one)]
    where = printable(said.file)
    yield from (unknown_word(word, where) for word in dict.fromkeys(names) if not codes_of(word))


def _beside(one: Diagnostic, comments: Collection[Ignore]) -> list[Ignore]:
    """Return the words of the comment that a finding is about."""
    at = one.position
    return [c for c in comments if at and (c.place.file, c.place.line) == (at.file, at.line)]


def _known(lines: FileLines, found: Collection[Diagnostic]) -> Iterator[Diagnostic]:
    """Yield findings with what they are about, and how it is repaired."""
    for one in found:
        yield repaired(attrs.evolve(one, span=one.span or lines.span(one.position)), lines)
