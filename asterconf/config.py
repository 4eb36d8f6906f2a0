"""`Config`: a set of live documents, and every view that is worked out from them."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from os import PathLike
from os.path import realpath
from pathlib import Path
from typing import TYPE_CHECKING, Any, Generic, TypeVar, overload

from asterconf import schema
from asterconf.editable import Editable
from asterconf.errors import LoadError, NotFoundError
from asterconf.resolve import Effective, Files, resolve
from asterconf.shown import Shown, place
from asterconf.source import Diagnostic, Position, printable
from asterconf.syntax import Document

if TYPE_CHECKING:
    from pandas import DataFrame

    from asterconf.bind import Bound, EndpointRecord, Found, Pjsip
    from asterconf.dialplan import LoadedDialplan
    from asterconf.display import Graph
    from asterconf.editing.dialplan.live import LiveDialplan
    from asterconf.linter import Diagnostics
    from asterconf.model import ConfigObject, Extension, Mailbox, Queue, Transport, Trunk
    from asterconf.model.schemaobject import SchemaObject
    from asterconf.progress import Report
    from asterconf.resolve.sources import Source

__all__ = ["Config", "Objects", "load"]

T = TypeVar("T")
S = TypeVar("S", bound="SchemaObject")


def load(
    path: str | PathLike[str],
    *,
    root: str | PathLike[str] | None = None,
    asterisk: str = "22",
    exec: Callable[[str], bytes | str] | None = None,  # noqa: A002 - named for the directive
    allow: Iterable[str | PathLike[str]] = (),
    progress: Report | None = None,
) -> Config:
    """Load a configuration directory, or one file; files are read when they are looked at.

    Args:
        path: a directory (every `*.conf` in it, also as `*.conf.sample`) or a file of any name.
        root: the configuration directory that relative includes start from; by default the
            directory, or the file's folder.
        asterisk: the version whose reading is meant; 22 is the one there is.
        exec: supplies the output of an `#exec` command. Nothing is ever run without it.
        allow: further folders that includes may lead to.
        progress: called for each file, those included too; they are all read at once then.

    Raises:
        LoadError: there is nothing to read at `path`.
    """
    if asterisk != "22":
        raise LoadError(f"asterisk={asterisk!r} is not known: only '22' is")
    place = Path(path)
    folder = Path(root) if root is not None else (place if place.is_dir() else place.parent)
    files = Files(folder, {}, tuple(Path(p) for p in allow), exec=exec)
    try:
        if place.is_dir():
            names = sorted(
                entry.name
                for entry in place.iterdir()
                if entry.name.removesuffix(".sample").endswith(".conf") and not entry.is_dir()
            )
            links = [Path(realpath(one)) for one in place.iterdir() if one.is_symlink()]
            files.allow = (*files.allow, *links)  # put there by who keeps the directory
            if place.resolve() != folder.resolve():
                base = place.resolve().relative_to(folder.resolve())
                names = [(base / name).as_posix() for name in names]
        elif place.is_file():
            inside = place.resolve().is_relative_to(folder.resolve())
            name = place.resolve().relative_to(folder.resolve()) if inside else place.resolve()
            names = [name.as_posix()]
            files.allow = (*files.allow, place.resolve().parent)
        else:
            raise LoadError(f"{place} is neither a file nor a directory")
    except OSError as error:
        if isinstance(error, LoadError):
            raise
        raise LoadError(f"{place} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise LoadError(f"{place} does not lie in {folder}") from error
    conf = Config(files, names)
    if progress is not None:
        from asterconf.resolve.following import fetch

        fetch(files, names, progress)
    return conf


class Objects(Shown, Mapping[str, T], Generic[T]):
    """Typed objects by name, in file order. Names are unique here, so this is a plain mapping."""

    def __init__(self, what: str, objects: Mapping[str, T]) -> None:
        self.what = what
        self._objects = dict(objects)

    def __getitem__(self, name: str) -> T:
        try:
            return self._objects[name]
        except KeyError:
            near = difflib.get_close_matches(str(name), self._objects, 3, 0.5)
            hint = f"; there is {', '.join(map(printable, near))}" if near else ""
            raise NotFoundError(f"no {self.what} {printable(str(name))!r}{hint}") from None

    def __iter__(self) -> Iterator[str]:
        return iter(self._objects)

    def __len__(self) -> int:
        return len(self._objects)

    def __repr__(self) -> str:
        ending = "" if len(self) == 1 else "es" if self.what.endswith("x") else "s"
        names = ""
        for name in map(printable, self._objects):
            if len(names) + len(name) > 70:
                names += ", …"
                break
            names += f", {name}" if names else f": {name}"
        return f"<{len(self):,} {self.what}{ending}{names}>"

    def by_number(self, number: str) -> T:
        """Return the object whose dialled number that is.

        Raises:
            NotFoundError: there is none.
        """
        for one in self._objects.values():
            if getattr(one, "number", None) == number:
                return one
        raise NotFoundError(f"no {self.what} with the number {number!r}")

    def to_records(self, *, reveal: bool = False) -> list[dict[str, Any]]:
        """Return the objects as plain dicts, for a table; what has its default is left out.

        Args:
            reveal: show passwords, which are masked otherwise.
        """
        from asterconf.wire import records

        return records(self._objects.values(), reveal=reveal)

    def to_frame(self, each: str = "", *, reveal: bool = False) -> DataFrame:
        """Return the objects as a pandas DataFrame, defaults filled in.

        Args:
            each: a field that holds objects of its own, such as `members` of queues: then there is
                a row for each of these, with a column that names the object it belongs to.
            reveal: show passwords, which are masked otherwise.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        from asterconf.frames import frame, rows

        return frame(rows(self._objects.values(), each=each, reveal=reveal))

    def _ipython_key_completions_(self) -> list[str]:
        return list(self._objects)


class Config(Shown, Editable):
    """A configuration: its files as live documents, and what they mean.

    Every view is worked out when asked for and kept until one of its documents is edited.
    """

    def __init__(self, files: Files, names: Iterable[str]) -> None:
        self._files = files
        files.etc = files.etc or self._etc
        self._names = list(names)
        self._effective: dict[str, Effective | None] = {}
        self._views: dict[str, tuple[object, object]] = {}

    @classmethod
    def from_texts(cls, texts: Mapping[str, str | bytes]) -> Config:
        """Make a configuration of texts by file name, with no disk behind it."""
        from asterconf.syntax import parse

        documents = {name: parse(text, name=name) for name, text in texts.items()}
        return cls(Files(None, documents), [n for n in documents if n.endswith(".conf")])

    def __repr__(self) -> str:
        where = f" {printable(str(self.root))}" if self.root else ""
        return f"<Config{where}: {len(self._names)} files>"

    # -- text ---------------------------------------------------------------------------------

    @property
    def root(self) -> Path | None:
        """The configuration directory; `None` for one that was built and not saved."""
        return self._files.root

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files, those included so far behind the others."""
        return tuple(dict.fromkeys([*self._names, *self._files.documents]))

    def __getitem__(self, name: str) -> Document:
        document = self._files.get(self._spelled(name))
        if not isinstance(document, Document):
            raise NotFoundError(f"there is no file {printable(name)!r} in this configuration")
        return document

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and isinstance(self._files.get(self._spelled(name)), Document)

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.files)

    def _spelled(self, name: str) -> str:
        """Return the name under which a file is here: `.sample` at its end counts for nothing."""
        if name not in self._names and name not in self._files.documents:
            sample = f"{name}.sample"
            return sample if sample in self._names else name
        return name

    # -- meaning ------------------------------------------------------------------------------

    def effective(self, name: str) -> Effective:
        """Return what Asterisk holds after reading a file and all it includes.

        Raises:
            NotFoundError: there is no such file.
        """
        found = self._resolve(name)
        if found is None:
            raise NotFoundError(f"there is no file {printable(name)!r} in this configuration")
        return found

    def _etc(self) -> str | None:
        from asterconf.resolve.sources import etc_directory

        return etc_directory(self._resolve)

    def _resolve(self, name: str) -> Effective | None:
        name = self._spelled(name)
        known = self._effective.get(name)
        if known is None or not known.current:
            known = self._effective[name] = resolve(self._files, name, known)
        return known

    def _view(self, name: str, sources: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what `make` makes of `sources`, as long as they are the same objects."""
        known = self._views.get(name)
        if known is None or known[0] != tuple(map(id, sources)):
            known = self._views[name] = (tuple(map(id, sources)), (make(), sources))
        return known[1][0]  # type: ignore[index,no-any-return]

    # -- objects ------------------------------------------------------------------------------

    @property
    def _dialplan(self) -> LoadedDialplan:
        from asterconf.dialplan import load_dialplan

        source = self._resolve("extensions.conf")
        return self._view("dialplan", (source,), lambda: load_dialplan(source))

    @property
    def _pjsip(self) -> Pjsip:
        from asterconf.bind import read_pjsip

        wizard, pjsip = self._resolve("pjsip_wizard.conf"), self._resolve("pjsip.conf")
        plan, known = self.dialplan, self._views.get("pjsip")
        before: Any = known[1][0] if known is not None else None  # type: ignore[index]
        sources = (wizard, pjsip, plan)
        return self._view("pjsip", sources, lambda: read_pjsip(*sources, before))

    @property
    def _queues(self) -> Found[Queue]:
        from asterconf.bind import read_queues

        source = self._resolve("queues.conf")
        return self._view("queues", (source,), lambda: read_queues(source))

    @property
    def _mailboxes(self) -> Found[Mailbox]:
        from asterconf.bind import read_mailboxes

        source = self._resolve("voicemail.conf")
        return self._view("mailboxes", (source,), lambda: read_mailboxes(source))

    @property
    def dialplan(self) -> LiveDialplan:
        """The dialplan of extensions.conf: contexts by name, globals; `edit` changes its files."""
        from asterconf.editing.dialplan.live import LiveDialplan

        plan, file = self._dialplan.dialplan, self._spelled("extensions.conf")
        places = self._dialplan.places

        def now() -> tuple[Effective | None, LoadedDialplan]:
            return self._resolve(file), self._dialplan

        def make() -> LiveDialplan:
            live = LiveDialplan.of(plan, self._files, file, now)
            place(live, places)
            return live

        return self._view("live", (plan,), make)

    @property
    def endpoints(self) -> Objects[EndpointRecord]:
        """Every PJSIP endpoint, with what it is to the house and why."""
        return _objects("endpoint", self._pjsip.endpoints)

    @property
    def extensions(self) -> Objects[Extension]:
        """The phones of the house, by endpoint name."""
        return _objects("extension", self._pjsip.extensions)

    @property
    def trunks(self) -> Objects[Trunk]:
        """The ways out, by endpoint name."""
        return _objects("trunk", self._pjsip.trunks)

    @property
    def transports(self) -> Objects[Transport]:
        """The PJSIP transports, by name."""
        return _objects("transport", self._pjsip.transports)

    @property
    def queues(self) -> Objects[Queue]:
        """The queues of queues.conf, by name."""
        return _objects("queue", self._queues.objects)

    @property
    def mailboxes(self) -> Objects[Mailbox]:
        """The mailboxes of voicemail.conf, by address such as `6000@default`."""
        return _objects("mailbox", self._mailboxes.objects)

    @overload
    def objects(self, file: type[S]) -> Objects[S]: ...
    @overload
    def objects(self, file: str, kind: str) -> Objects[ConfigObject]: ...
    def objects(self, file: str | type[Any], kind: str = "") -> Objects[Any]:
        """Return the sections of one kind by name: any kind that Asterisk documents.

        Args:
            file: the file, such as `pjsip.conf`; or a typed class such as `pjsip.Transport`, of
                which the objects are then.
            kind: what the schema calls such sections, such as `transport`.

        Raises:
            NotFoundError: the schema knows no such file or kind of section.
        """
        from asterconf.bind import read_objects

        name, kind = (file, kind) if isinstance(file, str) else (file.file, file.kind)
        facts = schema.file(name)
        if facts is None or kind not in facts.objects:
            kinds = f"; there are {', '.join(facts.objects)}" if facts else ""
            raise NotFoundError(f"nothing is known of {kind!r} in {printable(name)}{kinds}")
        source = self._resolve(schema.base_name(name))
        found = self._view(f"{name}#{kind}", (source,), lambda: read_objects(source, kind))
        if isinstance(file, str):
            return _objects(kind, found)
        made = {n: file.from_object(bound.obj) for n, bound in found.items()}
        if name == "queues.conf" and kind == "queue":
            made = {n: queue for n, queue in self.queues.items() if n in made}
        return Objects(kind, made)

    def check(self, *, host_files: bool = True, progress: Report | None = None) -> Diagnostics:
        """Return everything that is wrong with this configuration, file by file.

        An error is what Asterisk refuses or drops, a warning what works but not as written, and
        advice what works but will hurt.

        Args:
            host_files: whether files that Asterisk must be able to read, such as certificates,
                are looked for on this machine.
            progress: called for each of `names` when it is read, and again when it is checked.
        """
        from asterconf.linter import check

        return check(self, host_files=host_files, progress=progress)

    def where(self, obj: object, field: str = "") -> Position | None:
        """Return where an object's field is written; without a field, where the object begins.

        Of a match it is the line of its step. Equal steps are one object, which has no place of
        its own: ask for `steps[0]` of their extension.

        `None`: no line sets the field, it has its default.

        Raises:
            NotFoundError: the object is not one of this configuration.
        """
        pjsip = self._pjsip
        groups: tuple[Mapping[str, Bound[object]], ...] = (
            self._queues.objects,
            self._mailboxes.objects,
            pjsip.extensions,
            pjsip.trunks,
            pjsip.transports,
            pjsip.endpoints,
        )
        for group in groups:
            for bound in group.values():
                if bound.obj == obj:
                    return bound.where(field)
        with suppress(KeyError):
            return self._dialplan.where(obj, field)
        found = self._section_of(obj)
        if found is not None:
            return found.where(field)
        raise NotFoundError(f"{type(obj).__name__} is not in this configuration as it stands now")

    def _section_of(self, obj: object) -> Bound[ConfigObject] | None:
        """Return the section of an object that is one; `None`: it is none, or is not here."""
        from asterconf.bind import read_objects
        from asterconf.model import ConfigObject
        from asterconf.model.schemaobject import SchemaObject

        generic = obj.to_object() if isinstance(obj, SchemaObject) else obj
        if not isinstance(generic, ConfigObject):
            return None
        found = read_objects(self._resolve(generic.file), generic.kind).get(generic.name)
        return found if found is not None and found.obj == generic else None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What reading the files of this directory found odd, each file with its includes."""
        found: dict[Diagnostic, None] = {}
        for name in self._names:
            found.update(dict.fromkeys(self.effective(name).diagnostics))
        return tuple(found)

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that this configuration was loaded for, without those included."""
        return tuple(self._names)

    @property
    def object_diagnostics(self) -> tuple[Diagnostic, ...]:
        """What making the dialplan and the objects of the house found odd."""
        found = [*self._queues.diagnostics, *self._mailboxes.diagnostics]
        loaded = {file for name in self._names for file, _ in self.effective(name).files}
        every = (*self._dialplan.diagnostics, *self._pjsip.diagnostics, *found)
        return tuple(d for d in every if d.position is None or d.position.file in loaded)

    @property
    def sources(self) -> Objects[Source]:
        """Who reads each file, by its name: a module, another file, nobody, or it is not known."""
        from asterconf.resolve.sources import read_sources

        return Objects("file", read_sources(self._files, self._names, self._resolve))

    def map(self, *, limit: int | None = 24) -> Graph:
        """Return the picture of phones, trunks, queues, mailboxes, and what refers to what.

        Args:
            limit: how many boxes it may have; what is more is drawn together, with counts.
                `None`: everything is drawn.
        """
        from asterconf.display import draw_map

        return draw_map(self, limit=limit)


def _objects(what: str, bound: Mapping[str, Bound[T]]) -> Objects[T]:
    return Objects(what, {name: one.obj for name, one in bound.items()})
