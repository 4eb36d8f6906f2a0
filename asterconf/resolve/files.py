"""Where the text of included files comes from, and what may be read at all."""

from __future__ import annotations

import glob
import os
import re
import stat
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice, pairwise
from pathlib import Path, PurePosixPath
from typing import Literal

import attrs

from asterconf.progress import Progress, Report
from asterconf.schema import DEFAULT_SCHEMA, Schema
from asterconf.source import comparable, decode, fold, printable
from asterconf.syntax.document import Document
from asterconf.syntax.lines import Directive

MissingIncludes = Literal["refuse", "ignore"]

MAX_BYTES = 64 * 2**20
"""A configuration file that is larger is not read."""

ARCHIVES = (".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.xz", ".zip")
"""Endings of the names of archives."""

MAX_NAMES = 10_000
"""An include whose braces stand for more names is not followed."""
MAX_CLIMBS = 2
"""`..` behind the first wildcard of an include that is followed."""

_WILD = re.compile(r"(?s)(?:\\.|[^\\*?\[]|\[(?!.+\]))*+(?:[*?]|\[.+\])")
_QUOTED = re.compile(r"(?s)(\[[!^]?\]?(?:\\.|[^\\\]])*\])|\\(.)")
"""In a name of an include: a set of characters, or one that a backslash makes plain."""
_MAY_LEAD = re.compile(r"(?m)^(?:[\x01-\x20]*|.*--;.*)#")
"""A line that may be a directive."""

_BRACE = re.compile(r"(?s)\\.|[{},]")


@attrs.frozen
class RefusedFile:
    """Why a file was not read: a word of `codes.READING` and what it is about."""

    kind: str
    name: str
    what: str = ""


@attrs.define(eq=False)
class Files:
    """The documents of one configuration directory, read on first use.

    `documents` is the truth: what stands there is not read again, and what is put there need not
    exist on disk. Names are relative to `root` with `/`; files that `include_roots` brings in from
    elsewhere have absolute names.

    Attributes:
        root: the configuration directory (`astetcdir`); `None` if there is no disk behind it.
        include_roots: further folders that an include may lead to.
        etc: tells which directory absolute names in the files mean by `root`, if they do; asked
            once, for the first such name.
        exec_output: supplies the output of an `#exec` command; `None`: `#exec` is skipped.
        missing_includes: whether a file ends at an `#include` that leads nowhere, as in Asterisk,
            or is read on, which is said.
        schema: what the version of Asterisk knows that is to read them.
    """

    root: Path | None
    documents: dict[str, Document]
    include_roots: tuple[Path, ...] = ()
    etc: Callable[[], str | None] | None = None
    exec_output: Callable[[str], bytes | str] | None = None
    originals: dict[str, bytes] = attrs.field(factory=dict)
    """The bytes of each file as it was read or last saved."""
    missing_includes: MissingIncludes = attrs.field(default="refuse", kw_only=True)
    unreadable: dict[str, str] = attrs.field(factory=dict)
    """The names in the directory that cannot be read as a file, with the reason for each."""
    alone: bool = attrs.field(default=False, kw_only=True)
    """Whether they are those of one file that was loaded by itself."""
    edit_generated: bool = attrs.field(default=False, kw_only=True)
    """Whether files that another program writes may be edited."""
    schema: Schema = attrs.field(default=DEFAULT_SCHEMA, kw_only=True)
    _absolute: list[str | None] = attrs.field(factory=list, init=False)

    def find(self, target: str) -> list[str]:
        """Return the names that an include's file name stands for, in the order they are read.

        Wildcards are those of glob(3) with braces; a name without any stands for itself. A
        backslash makes the next character plain.
        Source: main/config.c, GLOB_NOMAGIC and GLOB_BRACE; the path is cut to 255 bytes.
        """
        found: list[str] = []
        names = list(islice(_alternatives(self._cut(target)), MAX_NAMES))
        for pattern in names:
            if _WILD.match(pattern):
                found += sorted(self._match(_for_python(pattern)), key=comparable)
                continue
            name = _QUOTED.sub(_plain, pattern)
            if names == [pattern] or self.get(name) is not None:
                found.append(name)
        return found

    def too_many(self, target: str) -> bool:
        """Tell whether an include stands for too many names, or can be found in too many ways.

        Each `..` behind a wildcard multiplies the ways: `*/../*/../x` tries each pair of folders.
        """
        cut = self._cut(target)
        wild = _WILD.match(cut)
        climbs = cut[wild.end() :].split("/").count("..") if wild else 0
        return climbs > MAX_CLIMBS or any(islice(_alternatives(cut), MAX_NAMES, None))

    def _cut(self, target: str) -> str:
        """Return the name of an include below the directory, as much of it as is looked at."""
        text = target
        folder = self.absolute if target.startswith("/") else None
        if folder and target.startswith(folder + "/"):
            text = target.removeprefix(folder).lstrip("/")
        before = "" if target.startswith("/") else f"{self.absolute or '/etc/asterisk'}/"
        room = 255 - len(comparable(before))
        return comparable(text)[: max(room, 0)].decode("utf-8", "surrogateescape")

    @property
    def absolute(self) -> str | None:
        """The directory that absolute names in the files mean by `root`; `None`: none."""
        if not self._absolute:
            self._absolute.append(None)  # while the answer is looked for, there is none
            self._absolute[0] = self.etc() if self.etc is not None else None
        return self._absolute[0]

    def _match(self, pattern: str) -> Iterator[str]:
        clean = self._name(pattern)
        known = {n for n in self.documents if _glob_match(n, clean)}
        if self.root is not None:
            outside = self._allowed(pattern) is None
            pattern_path = clean if clean.startswith("/") else str(self.root / clean)
            for name in glob.iglob(pattern_path):  # noqa: PTH207 - names as written
                if outside:
                    known.add(pattern)  # not looked into, but said
                    break
                path = Path(name)
                known.add(name if clean.startswith("/") else path.relative_to(self.root).as_posix())
        yield from known

    def get(self, name: str) -> Document | RefusedFile | None:
        """Return the document of that name; `None` if there is no such file."""
        name = self._name(name) if name else name
        if name in self.documents:
            return self.documents[name]
        if self.root is None:
            return None
        if "/" not in name and not os.path.lexists(os.path.join(self.root, name)):  # noqa: PTH118
            return None  # as in most cases, without a look at every folder
        path = self._allowed(name)
        if path is None:
            there = _WILD.match(name) or (self.root / name).exists()
            return RefusedFile("outside-root", name) if there else None
        try:
            info = (self.root / name).stat()  # each folder that a `..` leaves has to be there
            if not stat.S_ISREG(info.st_mode):
                return RefusedFile("not-a-regular-file", "" if name in {"", "."} else name)
            if info.st_size > MAX_BYTES:
                return RefusedFile("too-much", name, f"{name!r} has {info.st_size} bytes")
            data = path.read_bytes()
        except (OSError, ValueError):
            return None
        document = Document(decode(data), name=name)
        self.documents[name] = document
        self.originals[name] = data
        return document

    def content(self, name: str) -> bytes | None:
        """Return the bytes of a file that is no configuration file; `None`: none may be read."""
        if name in self.documents:
            return bytes(self.documents[name])
        path = self._allowed(name) if self.root is not None else None
        if path is None or why_unreadable(path) or path.stat().st_size > MAX_BYTES:
            return None
        return path.read_bytes()

    def there(self, name: str) -> bool:
        """Tell whether there is a file of that name, which may be one that must not be read."""
        if name in self.documents:
            return True
        # os.path, as this is asked before every answer of a dialplan
        return self.root is not None and os.path.isfile(os.path.join(self.root, name))  # noqa: PTH113, PTH118

    def other_case(self, target: str) -> str:
        """Return "there is x; " if an include names a file of its folder in another letter case."""
        path = PurePosixPath(self._cut(target))
        names = map(PurePosixPath, self.documents)
        beside = [one.name for one in names if one.parent == path.parent]
        if self.root is not None and self._allowed(str(path.parent)) is not None:
            with suppress(OSError, ValueError):
                folder = (self.root / path.parent).iterdir()
                beside += [one.name for one in folder if one.is_file()]
        found = {fold(name): name for name in beside}.get(fold(path.name))
        return f"there is {printable(found)}; " if found else ""

    def _name(self, text: str) -> str:
        """Return a path without `.`, and in memory without `..` behind a folder that is there."""
        if "/" not in text and text not in ("", ".", ".."):
            return text
        path = PurePosixPath(text)
        kept: list[str] = []
        for part in path.parts if self.root is None else ():
            folder = "/".join(kept)
            if (
                part == ".."
                and kept[-1:] != [".."]
                and any(name.startswith(f"{folder}/") for name in self.documents)
            ):
                kept.pop()
            else:
                kept.append(part)
        return "/".join(kept) if ".." in path.parts and kept else str(path)

    def _allowed(self, name: str) -> Path | None:
        """Return the real path of a name if it lies where reading is allowed."""
        assert self.root is not None
        try:
            path = (self.root / name).resolve()
            folders = [folder.resolve() for folder in (self.root, *self.include_roots)]
        except (OSError, RuntimeError, ValueError):
            return self.root / name  # a symlink loop or the like: opening it will say so
        return path if any(path.is_relative_to(folder) for folder in folders) else None


def is_archive(path: Path) -> bool:
    """Tell whether a path is an archive, by its ending; `stores` reads it."""
    return path.name.lower().endswith(ARCHIVES) and path.is_file()


def why_unreadable(path: Path) -> str:
    """Return why a path cannot be read as a file, without opening it; empty: it can."""
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return "is a link that leads nowhere"
    except (OSError, RuntimeError):
        return "is a link that leads to itself, or lies where nobody may look"
    if stat.S_ISDIR(mode):
        return "is a folder"
    if not stat.S_ISREG(mode):
        return "is a pipe, a socket or a device"
    return "" if os.access(path, os.R_OK) else "may not be read by this user"


def _alternatives(text: str) -> Iterator[str]:
    """Expand `{a,b}`: the first braces, then for each alternative those in it and behind it."""
    cuts: list[int] = []
    depth = 0
    for mark in _BRACE.finditer(text):
        at = mark.start()
        depth += {"{": 1, "}": -(depth > 0)}.get(mark[0], 0)
        if mark[0] == "{" and depth == 1:
            cuts = [at]
        elif mark[0] == "," and depth == 1:
            cuts.append(at)
        elif mark[0] == "}" and cuts and not depth:
            for start, end in pairwise([*cuts, at]):
                yield from _alternatives(text[: cuts[0]] + text[start + 1 : end] + text[at + 1 :])
            return
    yield text


def _plain(found: re.Match[str]) -> str:
    """Return a character that a backslash makes plain."""
    return found[1] or found[2]


def _for_python(pattern: str) -> str:
    """Return a pattern of glob(3) as one of Python's `glob`, which has no backslashes."""

    def without(found: re.Match[str]) -> str:
        if found[1]:
            return re.sub(r"\\(.)", r"\1", found[1]).replace("[^", "[!", 1)
        return f"[{found[2]}]" if found[2] in "*?[" else found[2]

    return _QUOTED.sub(without, pattern)


def _glob_match(name: str, pattern: str) -> bool:
    import fnmatch

    names, patterns = name.split("/"), pattern.split("/")
    return len(names) == len(patterns) and all(
        (part.startswith(".") <= wild.startswith(".")) and fnmatch.fnmatchcase(part, wild)
        for part, wild in zip(names, patterns, strict=True)
    )


def directives(document: Document) -> Iterator[Directive]:
    """Yield the directives of a file."""
    for part in document.parts:
        if "#" in part.text and _MAY_LEAD.search(part.text):
            yield from (node for node in part.nodes if isinstance(node, Directive))


def included(files: Files, node: Directive) -> list[str]:
    """Return the names of the files that a directive leads to, whether they are there or not."""
    leads = fold(node.word) in {"include", "tryinclude"} and node.argument
    return files.find(node.target) if leads else []


def fetch(files: Files, names: Iterable[str], progress: Report) -> None:
    """Read files, and all that they include, from the disk; report each of them once."""
    known = list(dict.fromkeys(names))
    seen = set(known)
    for number, name in enumerate(known, 1):  # it grows on the way
        document = files.get(name)
        for node in directives(document) if isinstance(document, Document) else ():
            named = dict.fromkeys(included(files, node))
            new = [n for n in named if n not in seen and files.there(n)]
            seen.update(new)
            known += new
        progress(Progress("load", number, len(known), name))
