"""`Config`: a set of live documents, every view of them, and every edit; where it comes from."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from os import PathLike
from os.path import realpath
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import TYPE_CHECKING, Any, Never

from asterconf import schema
from asterconf._lazy import LazyModule
from asterconf.errors import EditError, LoadError
from asterconf.model.options import bad_default
from asterconf.progress import Report
from asterconf.resolve import Files
from asterconf.resolve.files import MissingIncludes, fetch, is_archive, why_unreadable
from asterconf.schema.own import extended
from asterconf.settings import NAME, find_settings, read_settings
from asterconf.source import comparable, printable
from asterconf.syntax import Document, Section, parse
from asterconf.views import LiveDialplan, Views

if TYPE_CHECKING:
    from asterconf import migrate, upgrade
    from asterconf.bind import writing
    from asterconf.editing import batch, editor, renaming, saving, settings, verbs
    from asterconf.linter import fixing
    from asterconf.resolve import stores
    from asterconf.syntax import diffs
else:
    batch = LazyModule("asterconf.editing.batch")
    diffs = LazyModule("asterconf.syntax.diffs")
    editor = LazyModule("asterconf.editing.editor")
    fixing = LazyModule("asterconf.linter.fixing")
    migrate = LazyModule("asterconf.migrate")
    renaming = LazyModule("asterconf.editing.renaming")
    saving = LazyModule("asterconf.editing.saving")
    stores = LazyModule("asterconf.resolve.stores")
    settings = LazyModule("asterconf.editing.settings")
    upgrade = LazyModule("asterconf.upgrade")
    verbs = LazyModule("asterconf.editing.verbs")
    writing = LazyModule("asterconf.bind.writing")

__all__ = ["Config", "LiveDialplan", "load", "load_revision"]


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


class Config(Views):
    """A configuration: its files as live documents, and what they mean.

    Every view is worked out when asked for and kept until one of its documents is edited.
    """

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

    def with_schemas(self, *schemas: str | PathLike[str]) -> Config:
        """Return the same live documents with the schemas of some more files; see `load`.

        Raises:
            LoadError: a schema is not as it must be; the message has the path of the key.
        """
        return self._read_by(_with_schemas(self.workspace.schema, schemas)) if schemas else self

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
        self, *codemods: str, style: migrate.Style = "primitives", rename: bool = False,
        annotate: bool = False, written_for: str = "",
    ) -> migrate.Migration:  # fmt: skip
        """Return what becomes of an old configuration for Asterisk 22, construct by construct.

        Nothing happens before the plan's `apply()`. The files are read as the version reads them
        for which they were written: load them with `asterisk="20"`.

        Args:
            codemods: the codemods to run, such as `"macro"` and `"sip"`; none: all of them.
            style: how objects of PJSIP are written: `primitives`, in pjsip.conf, or `wizard`, in
                pjsip_wizard.conf where a wizard can say it.
            rename: call contexts that were macros `sub-…`, in every place that names them.
            annotate: put a comment with the reason above every line that is left.
            written_for: the version of Asterisk that the files were written for, such as `1.4`;
                `pipes` and `priorities` do more if it is known.

        Raises:
            NotFoundError: there is no such codemod.
            ValueError: `written_for` is no version.
            EditError: Asterisk refuses a file; the message says why.
            ConflictError: the name of a new section is taken; `conflicts` has both places.
        """
        return migrate.plan_migrate(
            self.workspace, codemods, style=style, rename=rename, annotate=annotate,
            written_for=written_for,
        )  # fmt: skip

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

    def plan(self) -> saving.SavedPlan:
        """Return the edits made so far as a plan: a file that somebody looks at and applies later.

        Raises:
            LoadError: this configuration was not read from a folder, or a file that changed lies
                outside it.
        """
        return saving.SavedPlan.of_edits(self.workspace.files, self.changed)

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
