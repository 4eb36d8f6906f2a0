"""An edit of one context, from `with` to changed lines."""

from __future__ import annotations

from collections.abc import Iterator
from types import TracebackType
from typing import Self

import attrs

from asterconf.dialplan import HINT, LoadedDialplan
from asterconf.dialplan.values import (
    Dialplan,
    DialplanContext,
    DialplanExtension,
    Hint,
    Include,
    StepLike,
    steps_of,
)
from asterconf.editing.dialplan.changes import apply, load, plan, try_out
from asterconf.editing.dialplan.report import EditReport, report
from asterconf.editing.dialplan.steps import (
    ContextLine,
    ContextLines,
    EditedStep,
    EditSession,
    ExtensionEdit,
    Key,
    read_lines,
)
from asterconf.editing.dialplan.writing import in_order, write_context
from asterconf.errors import EditError, NotFoundError
from asterconf.resolve import Effective, Files
from asterconf.source import fold
from asterconf.syntax import Document
from asterconf.syntax.text import set_text

__all__ = ["ContextEdit", "add_context"]


class ContextEdit:
    """One context that is edited inside a `with`; at its end the lines change, or nothing does.

    `edit["_6XXX"]` is an extension with its steps; `add` and `remove` are for whole extensions,
    `hint` and `include` for what their names say. Only the lines that must change do, in the
    manner of the file: by `same` or `exten`, with `n` or numbers. Lines that come from a template
    or an included file are changed where they stand, unless that changed other contexts too.

    Raises:
        EditError: at the end of the `with`, if no lines say what was meant.
    """

    def __init__(
        self, files: Files, effective: Effective | None, loaded: LoadedDialplan, name: str
    ) -> None:
        self._was = loaded.dialplan[name]
        assert effective is not None
        self._files = files
        self._file = effective.name
        self._loaded = loaded
        self._rows: ContextLines = read_lines(effective, loaded, name)
        self._known = {one.key: one for one in self._was.extensions}
        self._made: dict[Key, dict[int | None, ContextLine]] = {}
        for row in self._rows.all():
            if row.owner is not None:
                self._made.setdefault(row.owner, {})[row.priority] = row
        self._versions = effective.files
        self._session = EditSession()
        self._edits: dict[Key, ExtensionEdit] = {}
        self._includes = self._included()
        self._removed: list[ContextLine] = []
        self._report: EditReport | None = None

    def __repr__(self) -> str:
        return f"<ContextEdit [{self._was.name}]: {len(self._edits)} extensions touched>"

    def _included(self) -> list[tuple[Include, ContextLine]]:
        """Return each include with the row that makes it."""
        bound = self._loaded.contexts[self._was.name]
        rows = {row.place: row for row in reversed(self._rows.all()) if row.key == "include"}
        places = (bound.where(f"includes[{i}]") for i in range(len(self._was.includes)))
        made = [rows[place.file, place.line] for place in places if place is not None]
        return [*zip(self._was.includes, made, strict=True)]

    # -- look ---------------------------------------------------------------------------------

    @property
    def context(self) -> DialplanContext:
        """The context as it is now, extensions in Asterisk's order."""
        kept = [
            self._edits[key].value if (key := _key(one)) in self._edits else one
            for one in self._was.extensions
        ]
        known = {_key(one) for one in self._was.extensions}
        new = [edit.value for key, edit in self._edits.items() if key not in known]
        left = [one for one in (*kept, *new) if one.steps or one.hint is not None]
        includes = [include for include, _ in self._includes]
        return in_order(attrs.evolve(self._was, extensions=left, includes=includes))

    @property
    def report(self) -> EditReport:
        """What the edit moved; there is none before the end of the `with`.

        Raises:
            EditError: the edit is not over, or failed.
        """
        if self._report is None:
            raise EditError("there is no report before the edit is done")
        return self._report

    def __iter__(self) -> Iterator[str]:
        return iter([one.key for one in self.context.extensions])

    def __contains__(self, key: object) -> bool:
        return key in self.context

    def __getitem__(self, key: str) -> ExtensionEdit:
        """Return an extension to edit, by its name, with `/` and the caller-id condition if any.

        Raises:
            NotFoundError: there is none.
            AmbiguousKeyError: `key` says no condition, and there are only several with one.
        """
        self._session.check()
        for edit in self._edits.values():
            if edit.value.key == key and not edit.dropped:
                return edit
        value = self._known.get(key)
        if value is None or _key(value) in self._edits:  # said without a condition, or not there
            value = self.context[key]
        return self._edit(_key(value), value)

    def _edit(self, key: Key, value: DialplanExtension) -> ExtensionEdit:
        if key not in self._edits:
            rows = self._made.get(key, {})
            entries = [EditedStep(step, step, rows.get(step.priority)) for step in value.steps]
            self._edits[key] = ExtensionEdit(
                key, entries, value.hint, value.hint, rows.get(HINT), session=self._session
            )
        return self._edits[key]

    # -- extensions ---------------------------------------------------------------------------

    def add(self, key: str, *steps: StepLike, hint: Hint | str | None = None) -> ExtensionEdit:
        """Add an extension behind the others, its steps numbered from 1.

        Raises:
            EditError: it is there already.
        """
        self._session.check()
        name, slash, condition = key.partition("/")
        mine = (name, condition if slash else None)
        if any(_key(one) == mine for one in self.context.extensions):
            raise EditError(f"context {self._was.name!r} has an extension {key!r} already")
        entries = [EditedStep(step) for step in steps_of(steps)]
        edit = self._edits.setdefault(mine, ExtensionEdit(mine, [], session=self._session))
        edit.entries += entries  # it may be one that was removed before
        edit.hint = _hint(hint)
        edit.dropped = False
        return edit

    def remove(self, key: str) -> None:
        """Remove an extension with all its steps and its hint.

        Raises:
            NotFoundError: there is none.
        """
        edit = self[key]
        edit.removed += edit.entries
        edit.entries.clear()
        edit.hint = None
        edit.dropped = True

    def hint(self, key: str, devices: Hint | str, name: str = "") -> None:
        """Set what the busy lamp of an extension watches; the extension is made if need be.

        Args:
            key: the extension.
            devices: joined by `&`, or a `Hint`.
            name: a display name.
        """
        self._session.check()
        made = _hint(devices)
        assert made is not None
        made = attrs.evolve(made, name=name) if name else made
        if key in self.context:
            edit = self[key]
            edit.hint = attrs.evolve(made, label=edit.hint.label if edit.hint else made.label)
        else:
            self.add(key, hint=made)

    def remove_hint(self, key: str) -> None:
        """Remove the hint of an extension; its steps stay.

        Raises:
            NotFoundError: there is none.
        """
        edit = self[key]
        if edit.hint is None:
            raise NotFoundError(f"extension {key!r} has no hint")
        edit.hint = None

    # -- includes -----------------------------------------------------------------------------

    def include(self, context: str, timing: str = "") -> None:
        """Include another context, behind the includes that are there.

        Raises:
            EditError: it is included already.
        """
        self._session.check()
        made = Include(context, timing)
        if any(fold(one.text) == fold(made.text) for one, _ in self._includes):
            raise EditError(f"context {self._was.name!r} includes {made.text!r} already")
        self._includes.append((made, ContextLine("include", made.text)))

    def remove_include(self, context: str, timing: str | None = None) -> None:
        """Remove the include of a context; `timing` says which, if there are several.

        Raises:
            NotFoundError: there is none.
        """
        self._session.check()
        for include, row in self._includes:
            if include.context == context and timing in (None, include.timing):
                self._includes.remove((include, row))
                self._removed += [row] if row.item is not None else []
                return
        raise NotFoundError(f"context {self._was.name!r} does not include {context!r}")

    # -- begin and end ------------------------------------------------------------------------

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        was_open, self._session.open = self._session.open, False
        if kind is None and was_open:
            self._finish()

    def _finish(self) -> None:
        for file, version in self._versions:
            document = self._files.documents.get(file)
            if document is not None and document.version != version:
                raise EditError(f"{file} was edited meanwhile: begin the edit again")
        was, context = self._loaded.dialplan, self.context
        added = [row for _, row in self._includes if row.item is None]
        changes = plan(self._rows, self._edits, self._removed, added)
        copies = try_out(self._files, changes, self._rows)
        wanted = attrs.evolve(
            was, contexts=[context if one.name == context.name else one for one in was]
        )
        rows = [change.row for change in changes if change.row is not None]
        loaded = apply(self._files, self._file, copies, wanted, context=context.name, rows=rows)
        self._report = report(context.name, was, loaded, self._edits, tuple(copies))


def _key(extension: DialplanExtension) -> Key:
    return extension.name, extension.callerid_match


def _hint(value: Hint | str | None) -> Hint | None:
    return Hint(value.split("&")) if isinstance(value, str) else value


def add_context(files: Files, file: str, context: DialplanContext) -> None:
    """Add a context as a new section at the end of a file.

    Raises:
        NotFoundError: there is no such file.
        EditError: the context is there already, or no text says it.
    """
    document = files.get(file)
    if not isinstance(document, Document):
        raise NotFoundError(f"there is no file {file!r} in this configuration")
    was: Dialplan = load(files, file).dialplan
    if context.name in was:
        raise EditError(f"there is a context {context.name!r} already: edit it")
    text = write_context(context)
    copy = Document(str(document), name=document.name)
    section = copy.add_section(context.name)
    header, _, lines = text.partition("\n")
    end = "\n" if section.text.endswith("\n") else ""
    body = "\n".join([header, *lines.split("\n")]).rstrip("\n") + end
    set_text(section, body.replace("\n", document.eol))
    trial = attrs.evolve(files, documents={**files.documents, document.name: copy})
    wanted = attrs.evolve(was, contexts=[*was, in_order(context)])
    if load(trial, file).dialplan != wanted:
        raise EditError(f"context {context.name!r} would be loaded otherwise in this file")
    made = document.add_section(context.name)
    set_text(made, section.text)


FILE = "extensions.conf"
