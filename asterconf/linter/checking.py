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
from asterconf.source import meant, printable
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
    found = list(
        engine.check(work, host_files=host_files, progress=progress, sounds=sounds, wants=wants)
    )
    found += _unknown(asked, said)
    silenced = set[Ignore]()
    comments = list(ignores(work.files)) if settings else []
    found = [one for one in found if not _is_silenced(one, comments, silenced)]
    useless = unused(comments, silenced, selection, host_files=bool(host_files))
    lines = FileLines(work.files)
    found += (without_ignore(one, _beside(one, comments), lines) for one in useless)
    in_files = _by_file(found, said.per_file_ignores)
    kept = [
        one
        for one in found
        if one.code == FAILED
        or (
            selection.wants(one.code)
            and (one.position is None or one.code not in in_files.get(one.position.file, ()))
        )
    ]
    return Diagnostics(sorted(_known(lines, kept), key=engine.order))


def _is_silenced(one: Diagnostic, comments: Collection[Ignore], used: set[Ignore]) -> bool:
    """Tell whether a comment silences a finding, and note which ones do."""
    by = [comment for comment in comments if comment.covers(one)]
    used.update(by)
    return bool(by)


def _by_file(
    found: Collection[Diagnostic], globs: Mapping[str, Collection[str]]
) -> dict[str, set[str]]:
    """Return the codes that settings ignore in the files that findings are about."""
    files = {one.position.file for one in found if one.position is not None} if globs else set()
    return {
        file: {
            code
            for glob, words in globs.items()
            if fnmatchcase(file, glob)
            for word in words
            for code in codes_of(word)
        }
        for file in files
    }


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
