"""The part of `Config` that changes files: its verbs, its diff, its way to the disk."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from asterconf.syntax import Document

if TYPE_CHECKING:
    from asterconf.bind import Found, Pjsip, Style
    from asterconf.editing.desk import Desk
    from asterconf.editing.objects.change import Change
    from asterconf.editing.renaming.plan import RenamePlan
    from asterconf.model import Mailbox, Queue
    from asterconf.resolve import Effective, Files

__all__ = ["Editable"]


class Editable:
    """What can be done to a configuration. Every edit happens in memory; `save` writes it.

    An edit either does what was asked, so that the object reads back as it was meant and nothing
    else has changed its meaning, or it raises an error and nothing has changed.
    """

    _files: Files
    _names: list[str]
    _edits: Desk | None = None

    if TYPE_CHECKING:

        @property
        def _pjsip(self) -> Pjsip: ...

        @property
        def _queues(self) -> Found[Queue]: ...

        @property
        def _mailboxes(self) -> Found[Mailbox]: ...

        def _resolve(self, name: str) -> Effective | None: ...

    # -- editing ------------------------------------------------------------------------------

    @property
    def _desk(self) -> Desk:
        from asterconf.editing.desk import Desk

        if self._edits is None:
            self._edits = Desk(
                self._files,
                self._names,
                self._resolve,
                pjsip=lambda: self._pjsip,
                queues=lambda: self._queues,
                mailboxes=lambda: self._mailboxes,
            )
        return self._edits

    def add(
        self,
        obj: object,
        *,
        file: str | None = None,
        after: object = None,
        style: Style | None = None,
    ) -> Change:
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
        from asterconf.editing.verbs import add

        return add(self._desk, obj, file=file, after=after, style=style)

    def update(self, obj: object, **changes: object) -> Change:
        """Change some fields of an object as it stands now; its other fields stay as they are.

        Only the lines of options whose meaning changes are edited. A value that comes from a
        template is overridden in the object's own section. A field set to `None` is no longer
        said: its line goes, and what a template says holds again.

        Raises:
            NotFoundError: there is no object of that class and name.
            EditError: the files cannot say that; nothing changed.
        """
        from asterconf.editing.verbs import update

        return update(self._desk, obj, changes)

    def replace(self, old: object, new: object) -> Change:
        """Make an object another one of the same name, if it is still what the files mean.

        Raises:
            StaleError: it is not.
            EditError: the files cannot say that; nothing changed.
        """
        from asterconf.editing.verbs import replace

        return replace(self._desk, old, new)

    def put(self, obj: object) -> Change:
        """Add an object, or replace the one of its class and name; `action` says which.

        Raises:
            EditError: it cannot be written so that it reads back; nothing changed.
        """
        from asterconf.editing.verbs import put

        return put(self._desk, obj)

    def remove(self, obj: object) -> Change:
        """Take an object out of the files, with the comment that touches it from above.

        What other objects use, too, stays, and so do places that name it: `notes` lists them.

        Raises:
            NotFoundError: there is no object of that class and name.
            EditError: something else would change; nothing changed.
        """
        from asterconf.editing.verbs import remove

        return remove(self._desk, obj)

    def rename(self, obj: object, to: str) -> RenamePlan:
        """Return what renaming an object takes; nothing happens before the plan's `apply()`.

        The plan lists every place that names the object and will be edited, the places that may
        name it, and what lies outside the files.

        Raises:
            NotFoundError: there is no object of that class and name.
            EditError: the new name is taken, or cannot be one.
        """
        from asterconf.editing.verbs import rename

        return rename(self._desk, obj, to)

    # -- writing ------------------------------------------------------------------------------

    @property
    def changed(self) -> tuple[str, ...]:
        """The names of the files whose text is not what it was when they were read."""
        return tuple(
            name
            for name, document in self._files.documents.items()
            if (self._files.root is None or document.version) and self._old(name) != bytes(document)
        )

    def _old(self, name: str) -> bytes | None:
        return self._files.originals.get(name)

    def changes(self, *, reveal: bool = False) -> str:
        """Return a unified diff of every changed file, secrets masked.

        Args:
            reveal: show secrets; then the text is a patch that can be applied.
        """
        from asterconf.syntax.diffs import unified

        texts = []
        for name in self.changed:
            data = self._old(name)
            old = None if data is None else Document.from_bytes(data, name=name)
            texts.append(unified(old, self._files.documents[name], reveal=reveal))
        return "".join(texts)

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
                the text given. Mind an `#include` with wildcards that would read it, too.

        Raises:
            LoadError: a file changed meanwhile, is in the way, or cannot be written.
        """
        from asterconf.editing.saving import save

        if directory is not None:
            for name in self._names:  # so that what they include goes along
                self._resolve(name)
        folder = None if directory is None else Path(directory)
        ending = ".bak" if backup is True else backup or ""
        return save(self._files, self.changed, folder, ending)
