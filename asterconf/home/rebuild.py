"""A changed home over the folder that it was built into: what was edited there by hand stays."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.config import Config, load
from asterconf.differ import Conflict, Diff, diff
from asterconf.differ.merging import merge_into
from asterconf.errors import BuildError, ConflictError, LoadError, ModelError
from asterconf.home import sidecar
from asterconf.home.adopt import described
from asterconf.home.home import HomePBX, render
from asterconf.resolve import Files
from asterconf.shown import Shown
from asterconf.source import decode, printable
from asterconf.syntax import Document
from asterconf.syntax.text import mark_changed

if TYPE_CHECKING:
    from asterconf.differ.facts import Fact

__all__ = ["Rebuild", "rebuild"]

FORMAT = 1
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
        if self.foreign:
            raise BuildError(
                f"{printable(str(self.directory))} holds files that no build wrote; nothing was "
                "written. Build into an empty folder, and compare both with `asterconf diff`"
            )
        if self.conflicts and not ours:
            raise ConflictError("\n".join(map(str, self.conflicts)), self.conflicts)
        ending = ".bak" if backup is True else backup or ""
        with _away([self.directory / name for name in self.removed], ending):
            return self.config.save(backup=backup)

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values for JSON, as `plan.schema.json` says; secrets masked."""
        from asterconf.differ.as_json import conflict_data

        return {
            "format": FORMAT,
            "directory": str(self.directory),
            "pending": self.is_pending,
            "foreign": self.foreign,
            "counts": self.counts,
            "written": list(self.written),
            "removed": list(self.removed),
            "conflicts": [conflict_data(conflict) for conflict in self.conflicts],
            "diff": self.diff.to_dict(),
        }


@contextmanager
def _away(paths: Iterable[Path], ending: str) -> Iterator[None]:
    """Take files away for good, but put them back if what is done meanwhile fails.

    Args:
        paths: the files.
        ending: what to put behind the name of a file to keep it; empty: it goes.

    Raises:
        LoadError: one cannot be taken away; all are where they were.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        for path in paths:
            aside = path.with_name(f"{path.name}{ending}" if ending else f".{path.name}.old")
            try:
                path.rename(aside)
            except OSError as error:
                raise LoadError(f"cannot remove {path}: {error.strerror}") from None
            moved.append((path, aside))
        yield
    except BaseException:
        for path, aside in reversed(moved):
            with suppress(OSError):
                aside.rename(path)
        raise
    for _, aside in moved if not ending else ():
        with suppress(OSError):
            aside.unlink()


def rebuild(pbx: HomePBX, directory: Path, *, complete: bool | None = None) -> Rebuild:
    """Return what building `pbx` into a folder takes; see `HomePBX.rebuild`."""
    there = dict(_read(directory))
    data = there.get(sidecar.NAME, b"")
    known = sidecar.sums(data)
    whole = _complete(data) if complete is None else complete
    built = render(pbx, complete=whole)
    actual = load(directory) if there else Config.from_texts({})
    if known is None and there.keys() - {sidecar.NAME}:
        wanted = Config.from_texts(built)
        return Rebuild(directory, diff(actual, wanted), (), wanted, foreign=True)
    return _Rebuilding(pbx, directory, there, known or {}, built, data, whole).run(actual)


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


def _complete(data: bytes) -> bool:
    import tomllib

    try:
        return bool(tomllib.loads(data.decode()).get("complete", False))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError):
        return False


@attrs.frozen(eq=False)
class _Rebuilding:
    pbx: HomePBX
    directory: Path
    there: Mapping[str, bytes]
    known: Mapping[str, str]
    built: Mapping[str, str]
    data: bytes
    complete: bool

    def run(self, actual: Config) -> Rebuild:
        """Take over every file that nobody edited, and merge the others."""
        edited = {n for n in self.there if n in self.known and not self._as_built(n)}
        edited |= {n for n in self.there if n not in self.known and n in self.built}
        edited.discard(sidecar.NAME)
        gone = self.known.keys() - self.there.keys() - {sidecar.NAME}
        kept = {n: decode(d) for n, d in self.there.items() if n.endswith(".conf")}
        taken = {n: t for n, t in self.built.items() if n not in edited and n not in gone}
        removed = sorted(
            n for n in self.known if n in self.there and n not in self.built and n not in edited
        )
        texts = {n: t for n, t in {**kept, **taken}.items() if n not in removed}
        config = self._config(texts)
        conflicts: list[Conflict] = []
        if edited or gone:
            base, doubt = self._base(actual)
            same = {name: text for name, text in taken.items() if name in self.known}
            before = {**{n: t for n, t in base.items() if n in edited | gone}, **same}
            conflicts = merge_into(
                Config.from_texts(before), config, Config.from_texts(self.built), doubt
            )
        return Rebuild(
            self.directory, diff(actual, config), tuple(conflicts), config, tuple(removed)
        )

    def _as_built(self, name: str) -> bool:
        return sidecar.digest(self.there[name]) == self.known[name]

    def _config(self, texts: Mapping[str, str]) -> Config:
        documents = {name: Document(text, name=name) for name, text in texts.items()}
        for document in documents.values():
            mark_changed(document)  # it may be another text than the one on the disk
        files = Files(self.directory, documents, originals=dict(self.there))
        return Config(files, sorted(n for n in documents if "/" not in n and n.endswith(".conf")))

    # -- what was built last ------------------------------------------------------------------

    def _base(self, actual: Config) -> tuple[dict[str, str], Any]:
        """Return the files of the last build, and what tells whether a secret is in doubt.

        The sidecar holds no secrets: those are tried that make the checksums right.
        """
        try:
            last = described(self.data, _Secrets(actual, self.pbx))
        except (ModelError, KeyError, TypeError) as error:
            raise BuildError(f"{sidecar.NAME} cannot be read: {error}") from None
        own = [f for f in self.pbx.effective_features() if _is_own(f)]
        if own and last.features is not None:
            last = attrs.evolve(last, features=(*last.features, *own))
        first: dict[str, str] | None = None
        for secrets in itertools.islice(_choices(last, self.pbx), MOST_TRIES):
            files = render(secrets, complete=self.complete)
            first = first or files
            if all(sidecar.digest(files[n].encode()) == s for n, s in self._private(files)):
                return files, lambda _: False
        assert first is not None
        return first, _is_secret

    def _private(self, files: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        """Yield the checksums of the files that hold secrets."""
        for name in ("pjsip_wizard.conf", "voicemail.conf", "confbridge.conf"):
            if name in files and name in self.known:
                yield name, self.known[name]


def _is_secret(fact: Fact) -> bool:
    return fact.change.secret


def _is_own(feature: object) -> bool:
    from asterconf.home.features import FEATURES

    return type(feature) not in FEATURES.values()


def _choices(last: HomePBX, new: HomePBX) -> Iterator[HomePBX]:
    """Yield the last home with the secrets that stand in the files, or those of the new home."""
    fields = {"trunks": "secret", "extensions": "secret", "mailboxes": "initial_pin"}
    differ: list[tuple[str, str, Any]] = []
    for field, secret in fields.items():
        named = {_name(thing): thing for thing in getattr(new, field)}
        for thing in getattr(last, field):
            other = named.get(_name(thing))
            if other is not None and getattr(other, secret) != getattr(thing, secret):
                differ.append((field, _name(thing), getattr(other, secret)))
    for size in range(len(differ) + 1):
        for chosen in itertools.combinations(differ, size):
            yield _with(last, chosen, fields)


def _with(
    pbx: HomePBX, chosen: Iterable[tuple[str, str, Any]], fields: Mapping[str, str]
) -> HomePBX:
    wanted = {(field, name): value for field, name, value in chosen}
    changed: dict[str, Any] = {
        field: [
            attrs.evolve(thing, **{secret: wanted[field, _name(thing)]})
            if (field, _name(thing)) in wanted
            else thing
            for thing in getattr(pbx, field)
        ]
        for field, secret in fields.items()
    }
    return attrs.evolve(pbx, **changed)


def _name(thing: Any) -> str:  # noqa: ANN401 - any of several classes
    return str(getattr(thing, "address", None) or thing.name)


class _Secrets:
    """Where the secrets of the last build are looked for: in the files, else in the new home."""

    def __init__(self, conf: Config, pbx: HomePBX) -> None:
        self._conf = conf
        self.extensions = {e.name: e for e in pbx.extensions} | dict(conf.extensions)
        self.trunks = {t.name: t for t in pbx.trunks} | dict(conf.trunks)
        self.mailboxes = _Boxes({m.address: m for m in pbx.mailboxes} | dict(conf.mailboxes))

    def __contains__(self, name: object) -> bool:
        return name in self._conf

    def effective(self, name: str) -> Any:  # noqa: ANN401 - as `Config` has it
        """Return what Asterisk holds of a file."""
        return self._conf.effective(name)


class _Boxes(dict[str, Any]):
    """Boxes by address; one that is nowhere has no PIN."""

    def __missing__(self, address: str) -> Any:  # noqa: ANN401
        from asterconf.model import Mailbox

        number, _, context = address.partition("@")
        return Mailbox(number, context=context)
