"""A changed home over the folder that it was built into: what was edited there by hand stays."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

import attrs

from asterconf import disk
from asterconf.config import Config, load
from asterconf.differ.changes import Change
from asterconf.differ.printing import Conflict
from asterconf.differ.result import Diff, diff, merge_into
from asterconf.editing.saving import SavedPlan
from asterconf.errors import BuildError, ConflictError, LoadError
from asterconf.home import sidecar
from asterconf.resolve import Files
from asterconf.shown import Shown
from asterconf.source import decode, printable
from asterconf.syntax import Document
from asterconf.syntax.text import mark_changed

FORMAT = 1
_PRIVATE = ("pjsip_wizard.conf", "voicemail.conf", "confbridge.conf")
"""Files that hold secrets."""
MOST_TRIES = 256
"""Combinations of secrets that are tried, to find those of the last build."""


@attrs.frozen(repr=False)
class Rebuild(Shown):
    """What building a home into a folder takes; nothing happens before `apply`.

    Attributes:
        directory: the folder.
        diff: what changes in what the files mean.
        conflicts: what was edited by hand and is to change, too; there the edit stays.
        config: the files as they shall be.
        removed: the files that go.
        foreign: whether the folder holds files that no build wrote; then nothing is merged.
    """

    directory: Path
    diff: Diff
    conflicts: tuple[Conflict, ...]
    config: Config
    removed: tuple[str, ...] = ()
    foreign: bool = False

    @property
    def written(self) -> tuple[str, ...]:
        """The files whose text changes, new ones among them."""
        return tuple(sorted(self.config.changed))

    @property
    def is_pending(self) -> bool:
        """Whether there is anything to do."""
        return bool(self.written or self.removed)

    @property
    def counts(self) -> dict[str, int]:
        """How many objects are created, changed and removed."""
        names = {"added": "create", "removed": "remove"}
        found = {"create": 0, "change": 0, "remove": 0}
        for change in self.diff:
            found[names.get(change.action, "change")] += 1
        return found

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} to {word}" for word, number in self.counts.items())
        return f"<Rebuild {printable(str(self.directory))}: {counts}>"

    def apply(self, *, backup: bool | str = False, ours: bool = False) -> tuple[Path, ...]:
        """Write the files, all of them or none, and return their paths.

        Args:
            backup: keep each old file beside the new one, with `.bak` behind its name or with
                the text given.
            ours: go on in spite of conflicts; what was edited by hand stays.

        Raises:
            ConflictError: there are conflicts; nothing was written.
            BuildError: the folder holds files that no build wrote; nothing was written.
            LoadError: a file changed meanwhile, or cannot be written; nothing was written.
        """
        self._refuse_foreign()
        if self.conflicts and not ours:
            raise ConflictError("\n".join(map(str, self.conflicts)), self.conflicts)
        ending = ".bak" if backup is True else backup or ""
        with disk.away([self.directory / name for name in self.removed], ending):
            return self.config.save(backup=backup)

    def plan(self) -> SavedPlan:
        """Return the plan as a file that `asterconf apply` takes; conflicts are none of it.

        Raises:
            BuildError: the folder holds files that no build wrote.
        """
        self._refuse_foreign()
        gone = {name: (self.directory / name).read_bytes() for name in self.removed}
        return self.config.plan().also(gone)

    def _refuse_foreign(self) -> None:
        if self.foreign:
            raise BuildError(
                f"{printable(str(self.directory))} holds files that no build wrote; nothing was "
                "written. Build into an empty folder, and compare both with `asterconf diff`"
            )

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values for JSON, as `plan.schema.json` says; secrets masked."""
        return {
            "format": FORMAT,
            "directory": str(self.directory),
            "pending": self.is_pending,
            "foreign": self.foreign,
            "counts": self.counts,
            "written": list(self.written),
            "removed": list(self.removed),
            "conflicts": [conflict.to_dict() for conflict in self.conflicts],
            "diff": self.diff.to_dict(),
        }


@attrs.frozen(eq=False)
class BuildFolder:
    """A folder that a home PBX is built into: its files, and what the last build left."""

    directory: Path
    files: Mapping[str, bytes]

    @classmethod
    def read(cls, directory: Path) -> BuildFolder:
        """Return the folder with its files; it may be missing.

        Raises:
            BuildError: it is no folder.
            LoadError: it cannot be read.
        """
        return cls(directory, dict(_read(directory)))

    @property
    def sidecar(self) -> bytes:
        """The sidecar that the last build left; empty: there is none."""
        return self.files.get(sidecar.NAME, b"")

    @property
    def sums(self) -> Mapping[str, str] | None:
        """The checksums of the files that the last build wrote; None: there was no build."""
        return sidecar.sums(self.sidecar)

    @property
    def complete(self) -> bool:
        """Whether the last build also wrote what a bare Asterisk needs."""
        return bool(sidecar.content(self.sidecar).get("complete", False))

    def config(self) -> Config:
        """Return what the files mean now."""
        return load(self.directory) if self.files else Config.from_texts({})

    def rebuild(
        self, built: Mapping[str, str], earlier: Callable[[Config], Iterable[Mapping[str, str]]]
    ) -> Rebuild:
        """Return what it takes to bring the folder to `built`, texts by file name.

        A file that nobody edited is taken as built, the others are merged with what the last
        build wrote. `earlier` gives candidates for that, the likeliest first: the sidecar holds
        no secrets, so the checksums tell which candidate it was.
        """
        actual, sums = self.config(), self.sums
        if sums is None and self.files.keys() - {sidecar.NAME}:
            wanted = Config.from_texts(built)
            return Rebuild(self.directory, diff(actual, wanted), (), wanted, foreign=True)
        known = sums or {}
        edited = {n for n in self.files.keys() & known.keys() if not self._as_built(n, known)}
        edited |= (self.files.keys() - known.keys()) & built.keys()
        edited.discard(sidecar.NAME)
        gone = known.keys() - self.files.keys() - {sidecar.NAME}
        kept = {n: decode(d) for n, d in self.files.items() if n.endswith(".conf")}
        taken = {n: t for n, t in built.items() if n not in edited and n not in gone}
        removed = sorted(
            n for n in known.keys() & self.files.keys() if n not in built and n not in edited
        )
        config = self._config({n: t for n, t in {**kept, **taken}.items() if n not in removed})
        conflicts: list[Conflict] = []
        if edited or gone:
            base, doubt = self._base(known, earlier(actual))
            same = {name: text for name, text in taken.items() if name in known}
            before = {**{n: t for n, t in base.items() if n in edited | gone}, **same}
            conflicts = merge_into(
                Config.from_texts(before), config, Config.from_texts(built), doubt
            )
        return Rebuild(
            self.directory, diff(actual, config), tuple(conflicts), config, tuple(removed)
        )

    def _as_built(self, name: str, known: Mapping[str, str]) -> bool:
        return sidecar.digest(self.files[name]) == known[name]

    def _config(self, texts: Mapping[str, str]) -> Config:
        documents = {name: Document(text, name=name) for name, text in texts.items()}
        for document in documents.values():
            mark_changed(document)  # it may be another text than the one on the disk
        files = Files(self.directory, documents, originals=dict(self.files))
        return Config(files, sorted(n for n in documents if "/" not in n and n.endswith(".conf")))

    def _base(
        self, known: Mapping[str, str], candidates: Iterable[Mapping[str, str]]
    ) -> tuple[Mapping[str, str], Callable[[Any], bool]]:
        """Return the files of the last build, and what tells whether a secret is in doubt."""
        first: Mapping[str, str] | None = None
        for files in itertools.islice(candidates, MOST_TRIES):
            first = first or files
            private = [n for n in _PRIVATE if n in files and n in known]
            if all(sidecar.digest(files[n].encode()) == known[n] for n in private):
                return files, lambda _: False
        assert first is not None
        return first, _is_secret


def _read(directory: Path) -> Iterator[tuple[str, bytes]]:
    """Yield the files of a folder by name."""
    if directory.exists() and not directory.is_dir():
        raise BuildError(f"{printable(str(directory))} is not a folder")
    try:
        for path in sorted(directory.rglob("*")):
            if path.is_file() and not path.name.endswith(".bak"):
                yield path.relative_to(directory).as_posix(), path.read_bytes()
    except OSError as error:
        raise LoadError(f"{error.filename or directory} cannot be read: {error.strerror}") from None


def _is_secret(change: Change) -> bool:
    return change.secret
