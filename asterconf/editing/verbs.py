"""The verbs of `Config`: add, update, replace, put, remove and rename objects."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.bind.writing import Style, sections_of
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep
from asterconf.editing.dialplan.context import (
    ContextEdit,
    add_context,
    move_extension,
    remove_context,
)
from asterconf.editing.editor import (
    Action,
    Editor,
    EditResult,
    EditScope,
    key_of,
    object_title,
    remove_section,
)
from asterconf.editing.objects import (
    ObjectTarget,
    converge,
    inherited_names,
    insert,
    new_sections,
    read,
    remove_object,
)
from asterconf.editing.options import LineEdits
from asterconf.editing.placement import (
    ELSEWHERE,
    SHARED_FIELDS,
    Parts,
    Siblings,
    fresh_of,
    parts_of,
)
from asterconf.editing.renaming import (
    RenamePlan,
    named_sections,
    names_in_parts,
    object_of,
    plan_rename,
)
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError, StaleError
from asterconf.model import ConfigObject, Extension, Mailbox, QueueMember, Trunk
from asterconf.references.index import names_of
from asterconf.references.mentions import PLAN
from asterconf.references.values import Name, Reference
from asterconf.resolve.bound import Bound
from asterconf.source import Severity, fold, printable
from asterconf.syntax import Section

__all__ = ["add", "include", "move", "named", "put", "remove", "rename", "replace", "update"]


def named(editor: Editor, obj: object, verb: str, *others: str) -> object:
    """Return the object that a verb is about: `obj` itself, or the one of that name.

    Args:
        editor: the configuration.
        obj: an object, or the name of an extension, trunk, queue, mailbox or context, as
            `Config.extensions` and its like have it: a mailbox is called `6000@default`.
        verb: the verb, for messages.
        others: its further arguments, for messages.

    Raises:
        NotFoundError: nothing is called so.
        AmbiguousKeyError: several objects are called so.
    """
    if not isinstance(obj, str):
        _refuse_peer(obj)
        return obj
    work = editor.workspace
    views: tuple[tuple[str, str, Mapping[str, Bound[Any]]], ...] = (
        ("extensions", "an extension", work.pjsip.extensions),
        ("trunks", "a trunk", work.pjsip.trunks),
        ("queues", "a queue", work.queues.objects),
        ("mailboxes", "a mailbox", work.mailboxes.objects),
        ("dialplan", "a context", work.dialplan.contexts),
    )
    found = [(view, kind, objects[obj].obj) for view, kind, objects in views if obj in objects]
    if len(found) == 1:
        return found[0][2]
    if found:
        kinds = " and ".join(kind for _, kind, _ in found)
        arguments = [[f"conf.{view}[{obj!r}]", *others] for view, _, _ in found]
        calls = " or ".join(f"conf.{verb}({', '.join(each)})" for each in arguments)
        raise AmbiguousKeyError(f"{printable(obj)!r} is the name of {kinds}: use {calls}")
    if obj in work.peers.endpoints:
        _refuse_peer(work.peers.endpoints[obj].obj)
    names = [name for _, _, objects in views for name in objects]
    near = [name for name in names if name.partition("@")[0] == obj]
    near = [*dict.fromkeys([*near, *difflib.get_close_matches(obj, names, 3, 0.5)])]
    hint = f"; did you mean {' or '.join(repr(printable(name)) for name in near)}?" if near else ""
    what = "extension, trunk, queue, mailbox or context"
    raise NotFoundError(f"there is no {what} {printable(obj)!r}{hint}")


def _refuse_peer(obj: object) -> None:
    """Raise if an object is one of another driver than PJSIP, which are only shown.

    Raises:
        EditError: it is.
    """
    if isinstance(obj, EndpointRecord | Extension | Trunk) and obj.technology != "pjsip":
        file = "sip.conf" if obj.technology == "sip" else "iax.conf"
        raise EditError(
            f"{printable(obj.name)!r} is a peer of {file}, which is only read: edit its lines"
        )


@contextmanager
def _edit(editor: Editor) -> Iterator[EditScope]:
    """Undo an edit that fails, or changes more than its scope."""
    scope = EditScope()
    with editor.attempt(explain=True), editor.nothing_else_changes(scope):
        yield scope


def _changed(editor: Editor, before: Mapping[str, int]) -> tuple[str, ...]:
    """Return the files that were edited since `before`."""
    documents = editor.files.documents
    return tuple(n for n, d in documents.items() if d.version != before.get(n, 0))


def _versions(editor: Editor) -> dict[str, int]:
    return {name: document.version for name, document in editor.files.documents.items()}


# -- add ---------------------------------------------------------------------------------------


def add(
    editor: Editor,
    obj: Any,  # noqa: ANN401
    *,
    file: str | None,
    after: object,
    style: Style | None,
) -> EditResult:
    """Add an object; see `Config.add`."""
    _refuse_strange(obj)
    if style not in {None, "wizard", "primitives"}:
        raise EditError(f"style must be 'wizard' or 'primitives', not {style!r}")
    _refuse_present(editor, obj)
    if isinstance(obj, DialplanContext):
        return _add_context(editor, obj, file, after)
    if isinstance(obj, Mailbox):
        return _add_line(editor, obj, file, after)
    everyone = Siblings.of(editor, obj)
    siblings = everyone.inside(file)
    chosen = style or siblings.style() or "wizard"
    siblings = siblings.like(chosen)
    reading = next(iter(fresh_of(obj, chosen).values()))[0].file
    ref = _place_after(editor, after)
    failure: EditError | None = None
    for templates in (True, False) if siblings.all else (False,):
        before, notes = _versions(editor), list[str]()
        inherited = _inherited(siblings, fresh_of(obj, chosen)) if templates else {}
        full = _filled(obj, chosen, everyone, inherited, notes)
        try:
            with _edit(editor) as scope:
                planned = new_sections(
                    editor, full, chosen, reading, siblings,
                    document=file or "", after=ref, templates=templates,
                )  # fmt: skip
                insert(editor, reading, planned, scope)
                now = converge(editor, ObjectTarget(full, lenient=True), scope, notes)
        except EditError as error:
            failure = failure or error
            continue
        notes += _left_out(obj, now)
        for new in planned if not file and ref is None else ():
            beside = new.like.document.name if new.like is not None else new.document
            if beside != new.document:
                notes.append(f"[{new.name}] stands in {new.document}: a program writes {beside}")
        return EditResult("added", now, _changed(editor, before), tuple(notes))
    assert failure is not None
    raise failure


def _refuse_strange(obj: object) -> None:
    """Raise `EditError` for a value that has no section or line of its own."""
    if isinstance(obj, QueueMember):
        raise EditError("a queue member is a line of its queue: use update(queue, members=...)")
    if isinstance(obj, DialplanExtension | DialplanStep):
        raise EditError("steps are lines of their context: use conf.dialplan.edit(context)")
    if isinstance(obj, DialplanContext):
        return
    try:
        sections_of(obj)
    except TypeError:
        raise EditError(
            f"no section of a file is a {type(obj).__name__}: this takes an extension, trunk, "
            "queue, mailbox, context, or an object that objects() returns"
        ) from None
    if isinstance(obj, Extension | Trunk) and "," in obj.name:
        raise EditError(
            f"{object_title(obj)}: Asterisk would take the name for a list, for its comma"
        )


def _refuse_present(editor: Editor, obj: object) -> None:
    key = key_of(obj)
    for kind in (obj, *((EndpointRecord,) if isinstance(obj, Extension | Trunk) else ())):
        found = editor.found(kind).get(key)
        if found is not None:
            raise EditError(f"{object_title(obj)} is there already, at {found.places['']}")


def _place_after(editor: Editor, after: object) -> Section | None:
    """Return the section to add after: `after` itself, or the last one of that object."""
    if after is None or isinstance(after, Section):
        return after
    bound = editor.found(after).get(key_of(after)) if attrs.has(type(after)) else None
    if bound is None:
        raise NotFoundError("after= must be a section, or an object that stands in the files")
    homes = [editor.home_of(p.section) for parts in parts_of(editor, bound).values() for p in parts]
    return max(homes, key=lambda home: home.line)


def _inherited(siblings: Siblings, labels: Iterable[str]) -> Mapping[str, set[str]]:
    """Return the options that the most frequent templates set, by label."""
    found = {}
    for label in labels:
        for inherits in siblings.templates(label)[:1]:
            last = siblings.last(label, inherits)
            found[label] = inherited_names(last[1].part.section) if last is not None else set()
    return found


def _filled(
    obj: Any,  # noqa: ANN401
    style: Style,
    others: Siblings,
    inherited: Mapping[str, set[str]],
    notes: list[str],
) -> Any:  # noqa: ANN401
    """Fill unset fields of an object from its phone, or from what all others agree on.

    Fields that its template will set stay unset.
    """
    phone = obj.phone.defaults if isinstance(obj, Extension) and obj.phone is not None else None
    taken: dict[str, object] = {}
    shared = others.shared()
    for field in SHARED_FIELDS.get(type(obj), ()):
        if getattr(obj, field) is not None:
            continue
        proposed = getattr(phone, field, None)
        value = shared.get(field) if proposed is None else proposed
        if value is None:
            continue
        fuller = attrs.evolve(obj, **{field: value})
        if not _set_by_template(fresh_of(obj, style), fresh_of(fuller, style), inherited):
            taken[field] = value
            if proposed is None:
                notes.append(f"{field} is {value!r}, as all others have it")
    return attrs.evolve(obj, **taken)


def _set_by_template(old: Any, new: Any, inherited: Mapping[str, set[str]]) -> bool:  # noqa: ANN401
    """Return whether a template sets an option that differs between two written forms."""
    for label, sections in new.items():
        was = {fold(name) for one in old.get(label, ()) for name, _ in one.options}
        shall = {fold(name) for one in sections for name, _ in one.options}
        if (shall - was) & inherited.get(label, set()):
            return True
    return False


def _left_out(asked: object, now: object) -> Iterator[str]:
    """Yield notes about what the files do not store of an object."""
    if not isinstance(asked, Extension) or not isinstance(now, Extension):
        return
    if asked.phone is not None:
        yield "phone is not written: Asterisk's files do not hold which device stands there"
    if asked.number not in {None, now.number}:
        yield (
            f"number is {now.number!r} and not {asked.number!r}: the dialplan says what rings "
            f"PJSIP/{asked.name}"
        )
    if not now.max_contacts:
        yield "max_contacts is not set, or 0: no phone can register"
    if now.context is None:
        yield "context is not set: its calls start in the context default"


def _add_context(
    editor: Editor, context: DialplanContext, file: str | None, after: object
) -> EditResult:
    """Add a context at the end of its file."""
    if after is not None:
        raise EditError("a context is added at the end of its file: leave out after=")
    before = _versions(editor)
    add_context(editor, context, file)
    now = editor.workspace.dialplan.dialplan[context.name]
    return EditResult("added", now, _changed(editor, before))


def _add_line(editor: Editor, box: Mailbox, file: str | None, after: object) -> EditResult:
    """Add a mailbox: a line after the last one of its context."""
    reading, before = "voicemail.conf", _versions(editor)
    (fresh,) = sections_of(box)
    ((name, value),) = fresh.options
    behind = editor.found(Mailbox).get(key_of(after)) if isinstance(after, Mailbox) else None
    with _edit(editor) as scope:
        there = [s for s in editor.sections(reading) if not s.template and s.name == box.context]
        if there and (file is None or there[0].file == file):
            home = editor.home_of(there[0])
        else:
            home = editor.document(file or editor.by_hand(reading)).add_section(box.context)
            scope.all(home)
        scope.may(home, {fold(name)})
        lines = LineEdits(editor)
        boxes = editor.found(Mailbox).values()
        last = [b.places[""] for b in boxes if b.obj.context == box.context]
        place = behind.places[""] if behind is not None else last[-1] if last else None
        ref = (place.file, place.line) if place is not None else None
        lines.add(name, value, into=home, after=ref, separator="" if last else "=>")
        for section, changed in lines.edited:
            scope.may(section, {changed})
        lines.make()
        now = read(editor, box).obj
        if now != box:
            raise EditError(f"{object_title(box)} would be read with other values than it has")
    return EditResult("added", now, _changed(editor, before))


def include(
    editor: Editor, file: str, target: str, *, after: Section | None, optional: bool
) -> EditResult:
    """Let a file include another one; see `Config.include`."""
    before, name = _versions(editor), editor.workspace.spelled(file)
    names = {name, *(one.name for one in editor.workspace.whole_readings())}
    known = {one.message for one in _errors(editor, names)}
    with editor.attempt(explain=True):
        document = editor.document(name)
        if after is not None and after not in document.parts:
            raise EditError(f"after= must be a section of {printable(name)}")
        line = (after or document.parts[-1]).include(target, optional=optional)
        new = [one for one in _errors(editor, names) if one.message not in known]
        if new:
            raise EditError(f"{printable(name)} cannot include {printable(target)}: {new[0]}")
    return EditResult("added", line, _changed(editor, before))


def _errors(editor: Editor, names: Iterable[str]) -> Iterator[Diagnostic]:
    """Yield the errors that reading files by themselves finds."""
    for reading in filter(None, map(editor.resolve, sorted(names))):
        yield from (one for one in reading.diagnostics if one.severity is Severity.ERROR)


# -- change ------------------------------------------------------------------------------------


def _current(editor: Editor, obj: object) -> Bound[Any]:
    found = editor.found(obj).get(key_of(obj)) if attrs.has(type(obj)) else None
    if found is None:
        what = object_title(obj) if attrs.has(type(obj)) else repr(obj)
        raise NotFoundError(f"{what} is not in this configuration as it stands now")
    return found


def update(editor: Editor, obj: object, changes: Mapping[str, object]) -> EditResult:
    """Change some fields of an object; see `Config.update`."""
    obj = named(editor, obj, "update", *(f"{name}=..." for name in changes))
    _refuse_strange(obj)
    bound = _current(editor, obj)
    fields = [field.name for field in attrs.fields(type(bound.obj))]
    if isinstance(bound.obj, ConfigObject) and not changes.keys() <= {*fields}:
        try:
            return _become(editor, bound, bound.obj.evolve(**changes), "updated")
        except NotFoundError as error:
            raise EditError(str(error)) from None
    for name in changes:
        if name not in fields:
            near = difflib.get_close_matches(name, fields, 1)
            hint = f": did you mean {near[0]!r}?" if near else f"; it has {', '.join(fields)}"
            raise EditError(f"{object_title(bound.obj)} has no field {printable(name)!r}{hint}")
    return _become(editor, bound, attrs.evolve(bound.obj, **changes), "updated")


def replace(editor: Editor, old: object, new: object) -> EditResult:
    """Make an object another one; see `Config.replace`."""
    old = named(editor, old, "replace", "...")
    if type(old) is not type(new):
        raise EditError(f"{object_title(old)} cannot become a {type(new).__name__}: remove and add")
    found = editor.found(old).get(key_of(old))
    if found is None or found.obj != old:
        raise StaleError(f"{object_title(old)} is not what the files mean now: look again")
    return _become(editor, found, new, "replaced")


def put(editor: Editor, obj: object) -> EditResult:
    """Add an object or replace the one that is there; see `Config.put`."""
    _refuse_strange(obj)
    found = editor.found(obj).get(key_of(obj))
    if found is None:
        return add(editor, obj, file=None, after=None, style=None)
    kept = {name: getattr(found.obj, name) for name in ELSEWHERE.get(type(obj), ())}
    return _become(editor, found, attrs.evolve(obj, **kept), "replaced", lenient=True)  # type: ignore[misc]


def _become(
    editor: Editor,
    bound: Bound[Any],
    wanted: Any,  # noqa: ANN401
    action: Action,
    *,
    lenient: bool = False,
) -> EditResult:
    """Edit the files so that an existing object becomes another one of the same key."""
    if key_of(wanted) != key_of(bound.obj):
        raise EditError(f"{object_title(bound.obj)} gets another name by rename() only")
    for field in ELSEWHERE.get(type(wanted), ()):
        if getattr(wanted, field) != getattr(bound.obj, field):
            raise EditError(f"{object_title(wanted)}: {_WHERE[field]}")
    if wanted == bound.obj:
        return EditResult("unchanged", bound.obj)
    before, notes = _versions(editor), list[str]()
    if isinstance(wanted, DialplanContext):
        with ContextEdit(editor.workspace, wanted.name) as edit:
            edit.become(wanted)
        now = editor.workspace.dialplan.dialplan[wanted.name]
        return EditResult(action, now, _changed(editor, before))
    with _edit(editor) as scope:
        now = converge(editor, ObjectTarget(wanted, lenient=lenient), scope, notes)
    files = _changed(editor, before)
    notes += _inherits_still(wanted, now)
    if not files:
        return EditResult("unchanged", now, (), tuple(notes))
    return EditResult(action, now, files, tuple(notes))


_WHERE = {
    "number": "number stands in the dialplan, not in its own section: edit the dialplan",
    "phone": "phone stands nowhere in Asterisk's files",
}


def _inherits_still(wanted: Any, now: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield notes about unset fields that have the value of a template."""
    for field in attrs.fields(type(wanted)):
        value = getattr(now, field.name)
        open_ = not getattr(wanted, field.name) and field.name not in ELSEWHERE.get(type(now), ())
        if open_ and value:
            yield f"{field.name} is {value!r}, as its template says"
    if isinstance(now, Extension) and now.number != wanted.number:
        yield f"number is {now.number!r} now, no longer {wanted.number!r}"


def rename(editor: Editor, obj: object, to: str) -> RenamePlan:
    """Plan a new name for an object; see `Config.rename`."""
    if not isinstance(obj, Name | Section):
        obj = named(editor, obj, "rename", repr(to))
    if not isinstance(to, str):
        raise EditError(f"{obj!r} cannot be called {to!r}: a name is a str")
    if isinstance(obj, DialplanContext):
        obj = next(iter(names_of(obj)))
    if isinstance(obj, Name | Section):
        return plan_rename(editor, obj, to)
    _refuse_strange(obj)
    return plan_rename(editor, _current(editor, obj), to)


def remove(editor: Editor, obj: object) -> EditResult:
    """Take an object out of the files; see `Config.remove`."""
    if isinstance(obj, Name):
        bound_object = object_of(editor, obj)
        contexts = editor.workspace.dialplan.contexts
        if bound_object is not None:
            obj = bound_object.obj
        elif obj.kind == "context" and obj.file == PLAN and obj.name in contexts:
            obj = contexts[obj.name].obj
    if isinstance(obj, Name | Section):
        return _remove_named(editor, obj)
    obj = named(editor, obj, "remove")
    _refuse_strange(obj)
    bound = _current(editor, obj)
    before = _versions(editor)
    references = editor.workspace.references
    if isinstance(obj, DialplanContext):
        outside = [one for one in references.to(obj) if one.certain and not _inside(one, obj.name)]
        remove_context(editor, obj.name)
        return EditResult("removed", bound.obj, _changed(editor, before), _still(outside))
    parts = {} if isinstance(obj, Mailbox) else parts_of(editor, bound)
    names = names_in_parts(bound.obj, parts, key_of(bound.obj))
    uses = [one for name in names for one in references.to(name) if one.certain]
    with _edit(editor) as scope:
        notes = remove_object(editor, bound, scope)
        if editor.found(obj).get(key_of(obj)) is not None:
            raise EditError(
                f"{object_title(obj)} would be there still: it stands in several places"
            )
    notes += _still(_left(uses, parts))
    return EditResult("removed", bound.obj, _changed(editor, before), tuple(notes))


def move(editor: Editor, key: str, context: str, to: str) -> EditResult:
    """Move an extension to another context; see `LiveDialplan.move`."""
    before = _versions(editor)
    moved = move_extension(editor, key, context, to)
    uses = editor.workspace.references.to(Name(PLAN, "extension", f"{moved.key}@{context}"))
    notes = _still(one for one in uses if one.certain)
    return EditResult("moved", moved, _changed(editor, before), notes)


def _remove_named(editor: Editor, target: Name | Section) -> EditResult:
    """Take a section, or what a name stands for, out of the files."""
    references, before = editor.workspace.references, _versions(editor)
    name = target if isinstance(target, Name) else next(reversed([*names_of(target)]))
    if isinstance(target, Name) and target not in set(references.names()):
        raise NotFoundError(f"there is no {target}")
    if name.kind == "extension":
        key, _, context = name.name.rpartition("@")
        uses = [one for one in references.to(name) if one.certain and one.source != name]
        with ContextEdit(editor.workspace, context) as edit:
            edit.remove(key)
        return EditResult("removed", name, _changed(editor, before), _still(uses))
    if isinstance(target, Section):
        homes = target.document.all(target.name)
    else:
        homes = tuple(named_sections(editor, target))
    if not homes:
        raise EditError(f"{name} is no section: edit the line that defines it")
    lines = {(one.document.name, line) for one in homes for line in _lines_of(one)}
    uses = [one for one in references.to(target) if one.certain]
    uses = [one for one in uses if (one.place.file, one.place.line) not in lines]
    with _edit(editor) as scope:
        for home in homes:
            scope.all(home)
            remove_section(editor.files, home)
    return EditResult("removed", name, _changed(editor, before), _still(uses))


def _lines_of(section: Section) -> range:
    return range(section.line, section.line + len(section.nodes) + 1)


def _inside(one: Reference, context: str) -> bool:
    """Return whether a line of a context, or of one of its extensions, has a reference."""
    source = one.source
    return source.file == PLAN and source.name.rpartition("@")[2] == context


def _still(uses: Iterable[Reference]) -> tuple[str, ...]:
    return tuple(f"{one.place}: {one.by} names it still" for one in uses)


def _left(uses: Iterable[Reference], parts: Parts) -> Iterator[Reference]:
    """Yield the references outside the object's own sections."""
    own = [part.section for found in parts.values() for part in found]
    for one in uses:
        if not any(section.holds(one.place.file, one.place.line) for section in own):
            yield one
