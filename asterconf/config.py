"""`Config`: a set of live documents, and every view that is worked out from them."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from functools import partial
from os import PathLike
from os.path import realpath
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Any, Never, TypeVar, overload

import attrs

from asterconf import schema, shown
from asterconf._lazy import LazyModule
from asterconf.bind.chan_sip import ChanSip
from asterconf.bind.pjsip import EndpointRecord
from asterconf.bind.sections import read_objects
from asterconf.diagnostic import Diagnostic, place
from asterconf.dialplan.lookup import Dialplan, Landing, Match
from asterconf.dialplan.values import DialplanContext
from asterconf.errors import EditError, LoadError, NotFoundError
from asterconf.model import ConfigObject, Extension, Mailbox, Queue, Transport, Trunk
from asterconf.model.configobject import SchemaObject
from asterconf.model.options import bad_default
from asterconf.objects import Objects
from asterconf.progress import Report
from asterconf.resolve import Effective, Files
from asterconf.resolve.bound import Bound
from asterconf.resolve.files import MissingIncludes, fetch, is_archive, why_unreadable
from asterconf.resolve.sources import FileSource
from asterconf.schema.own import extended
from asterconf.settings import NAME, find_settings, read_settings
from asterconf.shown import Shown
from asterconf.source import Position, comparable, fold, printable
from asterconf.syntax import Document, Section, parse
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf import ask, calls, graph, linter, migrate, upgrade
    from asterconf import explain as explaining
    from asterconf.bind import writing
    from asterconf.editing import batch, editor, planfile, renaming, saving, settings, verbs
    from asterconf.editing.dialplan import context as contexts
    from asterconf.linter import checking, fixing
    from asterconf.references import index
    from asterconf.resolve import stores
    from asterconf.syntax import diffs
else:
    ask = LazyModule("asterconf.ask")
    batch = LazyModule("asterconf.editing.batch")
    calls = LazyModule("asterconf.calls")
    checking = LazyModule("asterconf.linter.checking")
    contexts = LazyModule("asterconf.editing.dialplan.context")
    diffs = LazyModule("asterconf.syntax.diffs")
    editor = LazyModule("asterconf.editing.editor")
    explaining = LazyModule("asterconf.explain")
    fixing = LazyModule("asterconf.linter.fixing")
    graph = LazyModule("asterconf.graph")
    index = LazyModule("asterconf.references.index")
    linter = LazyModule("asterconf.linter")
    migrate = LazyModule("asterconf.migrate")
    planfile = LazyModule("asterconf.editing.planfile")
    renaming = LazyModule("asterconf.editing.renaming")
    saving = LazyModule("asterconf.editing.saving")
    stores = LazyModule("asterconf.resolve.stores")
    settings = LazyModule("asterconf.editing.settings")
    upgrade = LazyModule("asterconf.upgrade")
    verbs = LazyModule("asterconf.editing.verbs")
    writing = LazyModule("asterconf.bind.writing")

__all__ = ["Config", "LiveDialplan", "load", "load_revision"]

T = TypeVar("T")
S = TypeVar("S", bound=SchemaObject)


def load(
    path: stores.Place,
    *,
    root: str | PathLike[str] | None = None,
    asterisk: str | None = None,
    exec_output: Callable[[str], bytes | str] | None = None,
    include_roots: Iterable[str | PathLike[str]] = (),
    missing_includes: MissingIncludes = "refuse",
    edit_generated: bool = False,
    schemas: Iterable[str | PathLike[str]] = (),
    progress: Report | None = None,
    **renamed: Never,
) -> Config:
    """Load a configuration directory, or one file; files are read when they are looked at.

    Args:
        path: a directory (every `*.conf` in it, also as `*.conf.sample`) or a file of any name;
            a tar or zip archive, by its ending; a `Traversable`, such as a `zipfile.Path`; or a
            binary stream with an archive or one file. What is no path on the disk is read into
            memory, at most 128 MiB and 20,000 names of it, and saved to another folder only.
        root: the configuration directory that relative includes start from; by default the
            directory, or the file's folder. Of an archive a folder in it; by default the upmost
            one with `*.conf` files.
        asterisk: the version that reads the files, such as `"20"` or `"22.6"`; by default the one
            that the file `.asterconf.toml` of the configuration directory names, else
            `schema.DEFAULT`.
        exec_output: supplies the output of an `#exec` command. Nothing is ever run without it.
        include_roots: further folders that includes may lead to.
        missing_includes: what becomes of a file with an `#include` that leads nowhere: `refuse`,
            as in Asterisk, which refuses the whole file, or `ignore`: it is read on, which every
            view says, since Asterisk does not hold that.
        edit_generated: whether verbs may edit files that another program writes, such as FreePBX.
            Without it they add to the file that is included for changes by hand, such as
            queues_custom.conf, and refuse all else.
        schemas: files that describe configuration files of modules that are not Asterisk's own,
            such as rpt.conf; see docs/own-files.md. No folder brings its own.
        progress: called for each file, those included too; they are all read at once then.
        renamed: takes no value; a former name of a keyword gets an error that names the new one.

    Raises:
        LoadError: there is nothing to read at `path`; or the version is not known, and the
            message names the nearest one that is; or a schema is not as it must be, and the
            message has the path of the key.
        TypeError: there is no such keyword.
        ValueError: `missing_includes` is another word.
    """
    for keyword in renamed:
        now = {"exec": "exec_output", "allow": "include_roots"}.get(keyword)
        hint = f"; it is called {now!r} now" if now else ""
        raise TypeError(f"load() has no keyword {keyword!r}{hint}")
    if not isinstance(path, str | PathLike) or is_archive(Path(path)):
        return _load_stored(
            stores.read_store(path), None if root is None else str(root), asterisk, schemas,
            exec_output=exec_output, missing_includes=missing_includes,
            edit_generated=edit_generated,
        )  # fmt: skip
    place = Path(path)
    folder = Path(root) if root is not None else (place if place.is_dir() else place.parent)
    if missing_includes not in {"refuse", "ignore"}:
        raise ValueError(f"missing_includes must be 'refuse' or 'ignore', not {missing_includes!r}")
    if asterisk is None:
        asterisk = find_settings(folder).asterisk or schema.DEFAULT
    known = _with_schemas(schema.at(asterisk), schemas)
    roots = tuple(map(Path, include_roots))
    files = Files(
        folder,
        {},
        roots,
        exec_output=exec_output,
        missing_includes=missing_includes,
        edit_generated=edit_generated,
        schema=known,
        alone=not place.is_dir(),
    )
    names = _names_at(place, folder, files)
    conf = Config(files, names)
    if progress is not None:
        fetch(files, names, progress)
    return conf


def _names_at(place: Path, folder: Path, files: Files) -> list[str]:
    """Return the names of the files at a place, and tell `files` what cannot be read there.

    Links in a directory, and a single file, may lead out of the configuration directory: who
    keeps the directory put them there.

    Raises:
        LoadError: there is nothing to read, or it does not lie in the configuration directory.
    """
    try:
        if place.is_dir():
            entries = sorted(place.iterdir())
            found = {one.name: why_unreadable(one) for one in entries if _is_own(one.name)}
            files.unreadable = {name: why for name, why in found.items() if why}
            links = [Path(realpath(one)) for one in entries if one.is_symlink()]
            files.include_roots = (*files.include_roots, *links)
            base = place.resolve().relative_to(folder.resolve())
            return [(base / name).as_posix() for name, why in found.items() if not why]
        if place.is_file():
            inside = place.resolve().is_relative_to(folder.resolve())
            name = place.resolve().relative_to(folder.resolve()) if inside else place.resolve()
            files.include_roots = (*files.include_roots, place.resolve().parent)
            return [name.as_posix()]
    except OSError as error:
        raise LoadError(f"{place} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise LoadError(f"{place} does not lie in {folder}") from error
    raise LoadError(f"{place} is neither a file nor a directory")


def _with_schemas(known: schema.Schema, schemas: Iterable[str | PathLike[str]]) -> schema.Schema:
    """Return what is known with the schemas of some files.

    Raises:
        LoadError: one is not as it must be.
    """
    found = extended(known, schemas)
    if problem := bad_default(found):
        raise LoadError(printable(problem))
    return found


def _is_own(name: str) -> bool:
    """Tell whether a file of a configuration directory is looked at by itself."""
    return "/" not in name and name.removesuffix(".sample").endswith(".conf")


def _load_stored(
    stored: stores.StoredFiles,
    folder: str | None,
    asterisk: str | None,
    schemas: Iterable[str | PathLike[str]],
    **options: Any,  # noqa: ANN401 - of `Files`
) -> Config:
    """Return the configuration of files in memory; their bytes count as what was read."""
    found = stored.configuration(folder)
    if asterisk is None:
        text = found.texts.get(NAME, b"")
        said = read_settings(text, f"{found.what}/{NAME}")
        asterisk = (said.asterisk if said is not None else "") or schema.DEFAULT
    documents = {name: parse(text, name=name) for name, text in found.texts.items()}
    files = Files(
        None, documents, originals=dict(found.texts), alone=bool(found.single),
        unreadable={n: why for n, why in found.unreadable.items() if _is_own(n)},
        schema=_with_schemas(schema.at(asterisk), schemas), **options,
    )  # fmt: skip
    names = [found.single] if found.single else sorted(filter(_is_own, documents))
    return Config(files, names)


def load_revision(
    revision: str,
    path: str | PathLike[str] = ".",
    *,
    repo: str | PathLike[str] = ".",
    asterisk: str | None = None,
    missing_includes: MissingIncludes = "refuse",
    edit_generated: bool = False,
    schemas: Iterable[str | PathLike[str]] = (),
) -> Config:
    """Load a configuration directory, or one file, as it was in a revision of git.

    Nothing is checked out: the files are read into memory.

    Args:
        revision: a commit, branch or tag, or whatever git takes for one, such as `HEAD~3`.
        path: the directory or file, as it is called from `repo`.
        repo: a folder in the repository.
        asterisk: as of `load`, and so are the others.
        missing_includes: see there.
        edit_generated: see there.
        schemas: see there.

    Raises:
        LoadError: there is no such revision, or no such path in it; there is no repository, or
            git is not installed.
    """
    stored = stores.Repository(Path(repo) / path).read(revision)
    return _load_stored(
        stored, "", asterisk, schemas,
        missing_includes=missing_includes, edit_generated=edit_generated,
    )  # fmt: skip


class LiveDialplan(Dialplan):
    """A dialplan as its files say it now, which can be edited in them.

    It equals the plain value. After an edit, ask the configuration again.
    """

    __slots__ = ("_workspace", "complete")

    _workspace: Workspace
    complete: Dialplan
    """The whole dialplan that Asterisk holds: also what modules make of other files."""

    @classmethod
    def of(cls, workspace: Workspace) -> LiveDialplan:
        """Make a live dialplan of what extensions.conf says now."""
        loaded = workspace.dialplan
        value = loaded.dialplan
        made = cls(
            value.contexts,
            value.globals,
            value.general,
            caveat=value.caveat,
            elsewhere=value.elsewhere,
        )
        object.__setattr__(made, "_workspace", workspace)
        object.__setattr__(made, "complete", workspace.complete_plan)
        place(made, loaded.places)
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialplan) and (
            (self.contexts, self.globals, self.general)
            == (other.contexts, other.globals, other.general)
        )

    __hash__ = Dialplan.__hash__

    @property
    def references(self) -> index.References:
        """Every place of the configuration that names something; see `Config.references`."""
        return self._workspace.references

    def match(self, *args: Any, **options: Any) -> Match:  # noqa: ANN401 - as in Dialplan
        """Return the extension and step that a call runs: see `Dialplan.match`.

        Extensions that modules make of res_parking.conf and users.conf count, too.
        """
        return self.complete.match(*args, **options)

    def match_more(self, *args: Any, **options: Any) -> bool:  # noqa: ANN401 - as in Dialplan
        """Return whether Asterisk waits for more digits: see `Dialplan.match_more`."""
        return self.complete.match_more(*args, **options)

    def landing(self, *args: Any, **options: Any) -> Landing:  # noqa: ANN401 - as in Dialplan
        """Return the first step that a jump leads to: see `Dialplan.landing`."""
        return self.complete.landing(*args, **options)

    def __getitem__(self, name: str) -> DialplanContext:
        """Return the context of exactly that name, as the files say it.

        Raises:
            NotFoundError: there is none; the message says if a module makes it.
        """
        made = self.complete[name]
        if name in self:
            return super().__getitem__(name)
        by = sorted({one.made_by.partition("/")[0] for one in made}) or ["a module"]
        who = " and ".join(by)
        raise NotFoundError(f"context {name!r} is made by {who}, and by no line: see complete")

    def edit(self, context: str) -> contexts.ContextEdit:
        """Begin an edit of a context, for a `with` at whose end its lines change.

        Raises:
            NotFoundError: there is no such context.
        """
        return contexts.ContextEdit(self._workspace, context)

    def move(self, key: str, context: str, *, to: str) -> editor.EditResult:
        """Move an extension to another context, with the comments that touch its lines from above.

        Args:
            key: the extension, with `/` and the caller-id condition if any.
            context: where it is now.
            to: the context behind whose last line it goes.

        Raises:
            NotFoundError: there is no such context or extension.
            EditError: it is there already, or something else would be loaded otherwise; nothing
                changed.
        """
        self._workspace.settle()
        return verbs.move(editor.Editor(self._workspace), key, context, to)

    def add(self, context: DialplanContext) -> None:
        """Add a context as a new section at the end of extensions.conf, which may be a new file.

        Raises:
            EditError: the context is there already, or no text says it.
        """
        self._workspace.settle()
        contexts.add_context(editor.Editor(self._workspace), context)


class Config(Shown):
    """A configuration: its files as live documents, and what they mean.

    Every view is worked out when asked for and kept until one of its documents is edited.
    """

    def __init__(self, files: Files, names: Iterable[str]) -> None:
        self._workspace = Workspace(files, list(names))

    @property
    def workspace(self) -> Workspace:
        """The files and every view of them; edits that are waiting are made first."""
        self._workspace.settle()
        return self._workspace

    def __dir__(self) -> list[str]:
        """List what a user may call; `workspace` is for the other modules of this library."""
        names = (name for name in super().__dir__() if name != "workspace")
        return [name for name in names if name.startswith("__") or not name.startswith("_")]

    @classmethod
    def from_texts(
        cls,
        texts: Mapping[str, str | bytes],
        *,
        asterisk: str | None = None,
        missing_includes: MissingIncludes = "refuse",
        edit_generated: bool = False,
        schemas: Iterable[str | PathLike[str]] = (),
    ) -> Config:
        """Make a configuration of texts by file name, with no disk behind it.

        It means what `load` of a folder with these files means: files in subfolders are there to
        be included. A name such as `./a.conf` or `x/../a.conf` is that of `a.conf`.

        Raises:
            LoadError: the version `asterisk` is not known, a schema is not as it must be, or a
                name is none that a file can have, or that of another text, too.
        """
        documents: dict[str, Document] = {}
        for given, text in texts.items():
            name = normpath(given)
            is_folder = given.endswith("/") or PurePosixPath(name).name in {"", ".."}
            if is_folder or "\0" in given or name in documents:
                raise LoadError(f"{given!r} is not the name of a file of its own")
            documents[name] = parse(text, name=name)
        if asterisk is None and NAME in documents:
            said = read_settings(bytes(documents[NAME]), NAME)
            asterisk = said.asterisk if said is not None else None
        files = Files(
            None,
            documents,
            schema=_with_schemas(schema.at(asterisk or schema.DEFAULT), schemas),
            missing_includes=missing_includes,
            edit_generated=edit_generated,
        )
        return cls(files, [name for name in documents if _is_own(name)])

    @property
    def asterisk(self) -> str:
        """The version of Asterisk that reads the files, as it was asked for."""
        return self.workspace.schema.asterisk

    def with_asterisk(self, asterisk: str) -> Config:
        """Return the same live documents as another version of Asterisk reads them.

        Raises:
            LoadError: that version is not known; the message names the nearest one that is.
        """
        return self._read_by(self.workspace.schema.in_version(asterisk))

    def with_schemas(self, *schemas: str | PathLike[str]) -> Config:
        """Return the same live documents with the schemas of some more files; see `load`.

        Raises:
            LoadError: a schema is not as it must be; the message has the path of the key.
        """
        return self._read_by(_with_schemas(self.workspace.schema, schemas)) if schemas else self

    def _read_by(self, known: schema.Schema) -> Config:
        work = self.workspace
        return Config(attrs.evolve(work.files, schema=known, etc=None), work.names)

    def __repr__(self) -> str:
        where = f" {printable(str(self.root))}" if self.root else ""
        return f"<Config{where}: {len(self.workspace.names)} files>"

    # -- text ---------------------------------------------------------------------------------

    @property
    def root(self) -> Path | None:
        """The configuration directory; `None` for one that was built and not saved."""
        return self.workspace.files.root

    @property
    def is_folder(self) -> bool:
        """Whether it was loaded for a configuration directory, and not for one file."""
        return not self.workspace.files.alone

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files, those included so far behind the others."""
        return tuple(dict.fromkeys([*self.workspace.names, *self.workspace.files.documents]))

    def __getitem__(self, name: str) -> Document:
        document = self.workspace.files.get(self.workspace.spelled(name))
        if not isinstance(document, Document):
            raise NotFoundError(f"there is no file {printable(name)!r} in this configuration")
        return document

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.workspace.has(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.files)

    # -- meaning ------------------------------------------------------------------------------

    def effective(self, name: str) -> Effective:
        """Return what Asterisk holds after reading a file and all it includes.

        Raises:
            NotFoundError: there is no such file.
        """
        found = self.workspace.resolve(name)
        if found is None:
            raise NotFoundError(f"there is no file {printable(name)!r} in this configuration")
        return found

    @property
    def refused(self) -> tuple[str, ...]:
        """Which files Asterisk refuses as a whole, and why: a sentence each."""
        return self.workspace.caveats()

    def _caveat(self, *files: str) -> str:
        return "; ".join(self.workspace.caveats(*files))

    # -- objects ------------------------------------------------------------------------------

    @property
    def dialplan(self) -> LiveDialplan:
        """The dialplan of extensions.conf: contexts by name, globals; `edit` changes its files."""
        work = self.workspace
        return work.view(
            "live", (work.dialplan, work.complete_plan), lambda: LiveDialplan.of(self.workspace)
        )

    @property
    def endpoints(self) -> Objects[EndpointRecord]:
        """Every endpoint of PJSIP, chan_sip and chan_iax2, with what it is to the house and why."""
        work = self.workspace
        return _objects(
            "endpoint",
            work.pjsip.endpoints,
            work.peers.endpoints,
            caveat=self._caveat("pjsip_wizard.conf", "pjsip.conf"),
        )

    @property
    def extensions(self) -> Objects[Extension]:
        """The phones of the house, by endpoint name.

        Those of sip.conf are here, too: `technology` says which driver has a phone, and `in_force`
        whether Asterisk 22 does. Where several have a name, it is the one in force: see `all`.
        """
        work = self.workspace
        return _objects(
            "extension",
            work.pjsip.extensions,
            work.peers.extensions,
            caveat=self._caveat("pjsip_wizard.conf", "pjsip.conf"),
        )

    @property
    def trunks(self) -> Objects[Trunk]:
        """The ways out, by endpoint name."""
        work = self.workspace
        return _objects(
            "trunk",
            work.pjsip.trunks,
            work.peers.trunks,
            caveat=self._caveat("pjsip_wizard.conf", "pjsip.conf"),
        )

    @property
    def chan_sip(self) -> ChanSip:
        """What chan_sip, which Asterisk 21 and later do not have, makes of sip.conf.

        Its peers with every value in force, registrations and domains.
        """
        return self.workspace.chan_sip

    @property
    def transports(self) -> Objects[Transport]:
        """The PJSIP transports, by name."""
        return _objects(
            "transport",
            self.workspace.pjsip.transports,
            caveat=self._caveat("pjsip_wizard.conf", "pjsip.conf"),
        )

    @property
    def queues(self) -> Objects[Queue]:
        """The queues of queues.conf, by name."""
        return _objects("queue", self.workspace.queues.objects, caveat=self._caveat("queues.conf"))

    @property
    def mailboxes(self) -> Objects[Mailbox]:
        """The mailboxes of voicemail.conf and users.conf, by address such as `6000@default`."""
        work = self.workspace
        caveat = self._caveat("voicemail.conf")
        return _objects("mailbox", work.mailboxes.objects, work.user_boxes, caveat=caveat)

    @overload
    def objects(self, file: type[S]) -> Objects[S]: ...
    @overload
    def objects(self, file: str, kind: str) -> Objects[ConfigObject]: ...
    def objects(self, file: str | type[Any], kind: str = "") -> Objects[Any]:
        """Return the sections of one kind by name: any kind that Asterisk documents.

        The accounts of manager.conf are also those that users.conf makes, with what Asterisk lays
        over each other; these are only read.

        Args:
            file: the file, such as `pjsip.conf`; or a typed class such as `pjsip.Transport`, of
                which the objects are then.
            kind: what the schema calls such sections, such as `transport`.

        Raises:
            NotFoundError: the schema knows no such file or kind of section.
        """
        name, kind = (file, kind) if isinstance(file, str) else (file.file, file.kind)
        facts = self.workspace.schema.file(name)
        if facts is None or kind not in facts.objects:
            kinds = f"; there are {', '.join(facts.objects)}" if facts else ""
            raise NotFoundError(f"nothing is known of {kind!r} in {printable(name)}{kinds}")
        source = self.workspace.resolve(schema.base_name(name))
        found = self.workspace.view(f"{name}#{kind}", (source,), lambda: read_objects(source, kind))
        if (name, kind) == ("manager.conf", "user"):
            accounts = self.workspace.user_accounts
            both = {fold(one) for one in accounts}
            found = {n: one for n, one in found.items() if fold(n) not in both} | {**accounts}
        if isinstance(file, str):
            return _objects(kind, found, caveat=self._caveat(name))
        made = {n: file.from_object(bound.obj) for n, bound in found.items()}
        if name == "queues.conf" and kind == "queue":
            made = {n: queue for n, queue in self.queues.items() if n in made}
        return Objects(kind, made, caveat=self._caveat(name))

    def upgrade_report(self, to: str) -> upgrade.Upgrade:
        """Return every line that another version of Asterisk reads otherwise, or not at all.

        It is worked out by reading the same files as both versions read them.

        Args:
            to: the other version, such as `"23"`; it may be an older one.

        Raises:
            LoadError: that version is not known; the message names the nearest one that is.
        """
        return upgrade.upgrade(self.workspace, self.with_asterisk(to).workspace)

    def prepare_upgrade(self, to: str) -> upgrade.Upgrade:
        """Write what `upgrade_report` has an exact fix for as the other version needs it.

        Args:
            to: the other version, such as `"23"`.

        Returns:
            The report of what is left; `fixed` are the lines that were written otherwise, and
            `unknown` says too which could not be, and why.

        Raises:
            LoadError: that version is not known.
            EditError: more than now would be read otherwise with the fixes; nothing changed.
        """
        return upgrade.prepare(self.workspace, self.with_asterisk(to).workspace)

    def plan_migrate(
        self, *codemods: str, style: migrate.Style = "primitives"
    ) -> migrate.Migration:
        """Return what becomes of an old configuration for Asterisk 22, construct by construct.

        Nothing happens before the plan's `apply()`. The files are read as the version reads them
        for which they were written: load them with `asterisk="20"`.

        Args:
            codemods: the codemods to run, such as `"macro"` and `"sip"`; none: all of them.
            style: how objects of PJSIP are written: `primitives`, in pjsip.conf, or `wizard`, in
                pjsip_wizard.conf where a wizard can say it.

        Raises:
            NotFoundError: there is no such codemod.
            EditError: Asterisk refuses a file; the message says why.
            ConflictError: the name of a new section is taken; `conflicts` has both places.
        """
        return migrate.plan_migrate(self.workspace, codemods, style=style)

    def check(
        self,
        *,
        select: Iterable[str] = (),
        extend_select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        preview: bool = False,
        settings: bool = True,
        host_files: bool | None = None,
        progress: Report | None = None,
    ) -> linter.Diagnostics:
        """Return everything that is wrong with this configuration, file by file.

        An error is what Asterisk refuses or drops, a warning what works but not as written, and
        advice what works but will hurt. Info is what was not judged, such as a file that no module
        reads: it is one finding, and nothing is wrong with it.

        What to look for is said by codes, such as `AC409`, their beginnings, such as `AC4`, and
        families, such as `pjsip`. The more exact word decides.

        Args:
            select: what to look for; by default what the settings say, else all stable rules.
            extend_select: what to look for besides.
            ignore: what to leave out; a word that stands for no rule is a finding, AC091.
            preview: whether rules are used whose precision has not been shown.
            settings: whether `.asterconf.toml` or `pyproject.toml` and comments such as
                `; asterconf: ignore AC409` count, as they do for the command.
            host_files: whether files that Asterisk must be able to read, such as certificates,
                are looked for on this machine; `None`: they are if these are the files of its
                own Asterisk, in /etc/asterisk.
            progress: called for each of `names` when it is read, and again when it is checked.

        Raises:
            LoadError: a settings file cannot be read.
            ValueError: a word of `select` or `extend_select` stands for no rule.
        """
        return checking.check(
            self.workspace, settings=settings, host_files=host_files, progress=progress,
            asked=checking.Selection(
                tuple(select), tuple(extend_select), tuple(ignore), preview=preview
            ),
        )  # fmt: skip

    @property
    def ask(self) -> ask.Questions:
        """The questions about all calls at once: see `asterconf.ask`."""
        return ask.Questions(self.workspace)

    def explain(self, file: str, line: int) -> explaining.LineExplanation:
        """Return what one line means: who reads it, what counts, what it has to do with.

        Args:
            file: the name of the file, such as `pjsip.conf`.
            line: the number of the line, from 1.

        Raises:
            NotFoundError: there is no such file, or no such line in it.
        """
        found = self.check(host_files=False)
        return explaining.explain(self.workspace, file, line, found)

    def fix(self, *, unsafe: bool = False, **asked: Any) -> fixing.Fixed:  # noqa: ANN401
        """Repair what `check` finds and can repair, in memory: `save` writes it.

        A repair changes its own characters only. It is safe if Asterisk reads the same as before,
        or only what it refused is repaired. One that leaves its finding there, or brings another
        one about, is taken back, and files that another program writes are left alone.

        Args:
            unsafe: whether repairs are made that may change what is meant, such as a name that
                was probably misspelt.
            asked: keywords of `check`: what to look for.

        Raises:
            LoadError: a settings file cannot be read.
            ValueError: a word of `select` or `extend_select` stands for no rule.
        """
        return fixing.fix(self.workspace, partial(self.check, **asked), unsafe=unsafe)

    def call(
        self,
        number: str,
        *,
        entry: str,
        callerid: str | None = None,
        at: datetime | None = None,
        world: calls.World | None = None,
        variables: Mapping[str, str] | None = None,
        digits: str | None = None,
    ) -> calls.Call:
        """Return the steps that Asterisk would run for a dialed number, and how the call ends.

        Nothing is run but the dialplan: no shell command, no AGI script, no query.

        Args:
            number: what is dialed; at most 79 bytes of it count.
            entry: where the call comes in: an endpoint's name, or `context:NAME`.
            callerid: the caller id, such as `Ann <6001>`; by default that of the endpoint.
            at: when; by default the clock of `world`, else now.
            world: what the call meets outside of the dialplan: who answers, what the database
                holds. What it does not say and Asterisk would need ends the call as `Stopped`.
            variables: values of channel variables at the start.
            digits: what the caller keys, as `World.digits`.

        Raises:
            NotFoundError: there is no such endpoint or context.
            LoadError: Asterisk refuses extensions.conf.
            ValueError: the number holds a line end or NUL.
        """
        return calls.make_call(
            self.workspace, number, entry=entry, callerid=callerid, at=at, world=world,
            variables=variables, digits=digits,
        )  # fmt: skip

    def where(self, obj: object, field: str = "") -> Position | None:
        """Return where an object's field is written; without a field, where the object begins.

        Of a match it is the line of its step. Equal steps are one object, which has no place of
        its own: ask for `steps[0]` of their extension.

        `None`: no line sets the field, it has its default.

        Raises:
            NotFoundError: the object is not one of this configuration.
        """
        pjsip = self.workspace.pjsip
        groups: tuple[Mapping[str, Bound[object]], ...] = (
            self.workspace.queues.objects,
            self.workspace.mailboxes.objects,
            pjsip.extensions,
            pjsip.trunks,
            pjsip.transports,
            pjsip.endpoints,
            self.workspace.user_boxes,
            self.workspace.peers.extensions,
            self.workspace.peers.trunks,
            self.workspace.peers.endpoints,
        )
        for group in groups:
            for bound in group.values():
                if bound.obj == obj:
                    return bound.where(field)
        with suppress(KeyError):
            return self.workspace.dialplan.where(obj, field)
        found = self._section_of(obj)
        if found is not None:
            return found.where(field)
        raise NotFoundError(f"{type(obj).__name__} is not in this configuration as it stands now")

    def _section_of(self, obj: object) -> Bound[ConfigObject] | None:
        """Return the section of an object that is one; `None`: it is none, or is not here."""
        generic = obj.to_object() if isinstance(obj, SchemaObject) else obj
        if not isinstance(generic, ConfigObject):
            return None
        read = read_objects(self.workspace.resolve(generic.file), generic.kind)
        for found in (read.get(generic.name), self.workspace.user_accounts.get(generic.name)):
            if found is not None and found.obj == generic:
                return found
        return None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What reading the files of this directory found odd, each file with its includes."""
        return self.workspace.diagnostics

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that this configuration was loaded for, without those included."""
        return tuple(self.workspace.names)

    @property
    def object_diagnostics(self) -> tuple[Diagnostic, ...]:
        """What making the dialplan and the objects found odd."""
        return self.workspace.object_diagnostics

    @property
    def sources(self) -> Objects[FileSource]:
        """Who reads each file, by its name: a module, another file, nobody, or it is not known."""
        return Objects("file", self.workspace.sources)

    @property
    def references(self) -> index.References:
        """Every place that names something: who refers to whom, what is missing or unused."""
        return self.workspace.references

    def map(self, *, limit: int | None = 24) -> graph.Graph:
        """Return the picture of phones, trunks, queues, mailboxes, and what refers to what.

        Args:
            limit: how many boxes it may have; what is more is drawn together, with counts.
                `None`: everything is drawn.
        """
        drawn: graph.Graph = shown.display().draw_map(self, limit=limit)
        return drawn

    # -- editing ------------------------------------------------------------------------------

    @property
    def _editor(self) -> editor.Editor:
        return editor.Editor(self.workspace)

    @property
    def _batched(self) -> editor.Editor:
        """The editor of verbs that may wait inside a batch."""
        return editor.Editor(self._workspace)

    def edit(self) -> batch.Batch:
        """Begin a batch of edits, for a `with`: made together at its end, all of them or none.

        They come out as one by one, but what they bring about is read back once. The `results` of
        the batch are what the verbs return; inside, these tell what will be done. To look at the
        configuration inside makes the edits that are waiting: look first, then edit.

        Raises:
            EditError: at the end, or where one looks: an edit cannot be made. No edit of the batch
                happened then.
        """
        return batch.Batch(self._batched)

    def add(
        self,
        obj: object,
        *,
        file: str | None = None,
        after: object = None,
        style: writing.Style | None = None,
    ) -> editor.EditResult:
        """Add an object beside its siblings, in their style and with the template most of them use.

        Only what differs from the template is written. What an extension or trunk leaves open
        (`None`) is as the template says; else as its phone proposes; else, but for what is
        personal, as all its siblings have it.

        Args:
            obj: the object.
            file: the file to write into; by default that of its siblings.
            after: an object, or a section of a document, to write it behind; by default the last
                sibling.
            style: how to write an extension or trunk: `wizard`, `primitives`, by default as most
                of its siblings.

        Raises:
            EditError: it is there already, or cannot be written so that it reads back.
        """
        return verbs.add(self._batched, obj, file=file, after=after, style=style)

    def include(
        self, file: str, target: str, *, after: Section | None = None, optional: bool = False
    ) -> editor.EditResult:
        """Let a file include another one, or all files of a pattern, and read them there.

        Args:
            file: the file that gets the line; it is made if there is none of that name.
            target: what it includes, relative to the configuration directory, such as
                `phones/*.conf`.
            after: the section to write the line behind the options of; by default the last one.
            optional: write `#tryinclude`, which goes on if there is no such file.

        Raises:
            EditError: there is nothing of that name, or something in it is an error here; nothing
                changed.
        """
        return verbs.include(self._editor, file, target, after=after, optional=optional)

    def update(self, obj: object, **changes: object) -> editor.EditResult:
        """Change some fields of an object as it stands now; its other fields stay as they are.

        Only the lines of options whose meaning changes are edited. A value that comes from a
        template is overridden in the object's own section. A field set to `None` loses its own
        line, so the value of a template applies again.

        Args:
            obj: the object, or the name of an extension, trunk, queue, mailbox or context, as
                `extensions` and its like have it (`"6000@default"` for a mailbox).
            changes: the fields to change, by name.

        Raises:
            NotFoundError: there is no object of that class and name.
            AmbiguousKeyError: several objects have that name; the message has a call for each.
            EditError: no edit reads back as that, or there is no such field; nothing changed.
        """
        return verbs.update(self._batched, obj, changes)

    def replace(self, old: object, new: object) -> editor.EditResult:
        """Make an object another one of the same name, if it is still what the files mean.

        Args:
            old: the object, or its name as in `update`: then the one of that name now.
            new: what it becomes; of the same class and name.

        Raises:
            StaleError: it is not.
            NotFoundError: nothing has the name given.
            AmbiguousKeyError: several objects have that name; the message has a call for each.
            EditError: no edit reads back as that; nothing changed.
        """
        return verbs.replace(self._batched, old, new)

    def put(self, obj: object) -> editor.EditResult:
        """Add an object, or replace the one of its class and name; `action` says which.

        Raises:
            EditError: it cannot be written so that it reads back; nothing changed.
        """
        return verbs.put(self._batched, obj)

    def option(self, file: str, section: str, option: str) -> settings.OptionPlace:
        """Return an option of a section, set or not, to read and edit it as text.

        Args:
            file: a file of this configuration, or one that another file includes.
            section: the section's name; `NAME#2` is the second of that name.
            option: the option's name.

        Raises:
            NotFoundError: there is no such file or section.
            AmbiguousKeyError: several sections have that name.
            EditError: Asterisk refuses the file.
        """
        return settings.OptionPlace.find(self._editor, file, section, option)

    def add_section(
        self,
        file: str,
        name: str,
        options: Iterable[tuple[str, str]] = (),
        *,
        template: str = "",
        after: str = "",
    ) -> editor.EditResult:
        """Add a section to a file, behind the section `after` or at its end.

        Args:
            file: a file of this configuration, one that another file includes, or one that
                Asterisk knows and that is not there yet.
            name: the section's name.
            options: names and values, as text of the file.
            template: the template that it inherits from.
            after: the section that it stands behind, called as in `option`.

        Raises:
            NotFoundError: there is no such file, section or template.
            EditError: the section is there already, or Asterisk would not read it so; nothing
                changed.
        """
        return settings.add_section(
            self._editor, file, name, tuple(options), template=template, after=after
        )

    def restyle(self, obj: object, style: writing.Style) -> editor.EditResult:
        """Write an extension or a trunk in the other style, with the comments of its sections.

        Args:
            obj: the object, or its name as in `update`.
            style: `wizard`, one section of pjsip_wizard.conf, or `primitives`, several of
                pjsip.conf.

        Raises:
            NotFoundError: there is no object of that name.
            EditError: it could not be written so without a change; nothing changed.
        """
        return verbs.restyle(self._editor, obj, style)

    def remove_section(self, file: str, name: str) -> editor.EditResult:
        """Remove one section from a file, called as in `option`.

        Raises:
            NotFoundError: there is no such file or section.
            AmbiguousKeyError: several sections have that name.
            EditError: something else would read differently; nothing changed.
        """
        return settings.remove_one(self._editor, file, name)

    def remove(self, obj: object) -> editor.EditResult:
        """Take an object out of the files, with the comment that touches it from above.

        What other objects use, too, stays, and so do places that name it: `notes` lists them.

        Args:
            obj: the object, its name as in `update`, a `Section` of a document, or a `Name`.

        Raises:
            NotFoundError: there is no object of that class and name.
            AmbiguousKeyError: several objects have that name; the message has a call for each.
            EditError: something else would change; nothing changed.
        """
        return verbs.remove(self._batched, obj)

    def rename(self, obj: object, to: str) -> renaming.RenamePlan:
        """Return what renaming an object takes; nothing happens before the plan's `apply()`.

        The plan lists every place that names the object and will be edited, the places that may
        name it, and what lies outside the files.

        Args:
            obj: the object, its name as in `update`, a `Section` of a document, or a `Name`.
            to: the new name.

        Raises:
            NotFoundError: there is no object of that class and name.
            AmbiguousKeyError: several objects have that name; the message has a call for each.
            EditError: the new name is taken, or cannot be one.
        """
        return verbs.rename(self._batched, obj, to)

    # -- writing ------------------------------------------------------------------------------

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the files whose text is not what it was when they were read."""
        return tuple(
            name
            for name, document in self.workspace.files.documents.items()
            if (self.workspace.files.root is None or document.version)
            and self._old(name) != comparable(str(document))
        )

    def _old(self, name: str) -> bytes | None:
        return self.workspace.files.originals.get(name)

    def changes(self, *, reveal: bool = False) -> str:
        """Return a unified diff of every changed file, secrets masked.

        Args:
            reveal: show secrets; then the text is a patch that can be applied.
        """
        texts = []
        for name in self.changed:
            data = self._old(name)
            old = None if data is None else Document.from_bytes(data, name=name)
            texts.append(diffs.unified(old, self.workspace.files.documents[name], reveal=reveal))
        return "".join(texts)

    def plan(self) -> planfile.SavedPlan:
        """Return the edits made so far as a plan: a file that somebody looks at and applies later.

        Raises:
            LoadError: this configuration was not read from a folder, or a file that changed lies
                outside it.
        """
        return planfile.SavedPlan.of_edits(self.workspace.files, self.changed)

    def save(
        self, directory: str | PathLike[str] | None = None, *, backup: bool | str = False
    ) -> tuple[Path, ...]:
        """Write the files that changed, all or none of them, and return their paths.

        Each file is replaced in one step, so that a reader, or a crash, meets the old one or the
        new one. Owner, mode, links and extended attributes stay; see `asterconf.disk.write_all`
        for what a new file gets. A file that somebody else changed on disk since it was read is
        not overwritten; then nothing at all is written.

        Args:
            directory: where to; by default where the files came from. Another folder gets every
                file, and becomes this configuration's own.
            backup: keep each old file beside the new one, with `.bak` behind its name or with
                the text given. One that an `#include` would read, too, gets a dot before its
                name, which a warning says.

        Raises:
            LoadError: a file changed meanwhile, is in the way, or cannot be written.
        """
        if self._workspace.waiting is not None:
            raise EditError("save after the batch of edits is over")
        if directory is not None:
            for name in self.workspace.names:  # so that what they include goes along
                self.workspace.resolve(name)
        folder = None if directory is None else Path(directory)
        ending = ".bak" if backup is True else backup or ""
        return saving.save(self.workspace.files, self.changed, folder, ending)


def _objects(
    what: str,
    bound: Mapping[str, Bound[T]],
    more: Mapping[str, Bound[T]] = {},
    *,
    caveat: str = "",
) -> Objects[T]:
    objects = ({name: one.obj for name, one in m.items()} for m in (bound, more))
    return Objects(what, *objects, caveat=caveat)
