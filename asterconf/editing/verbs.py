"""The verbs of `Config`: add, update, replace, put, remove and rename objects."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.bind.writing import Style, sections_of
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.values import DialplanContext, DialplanExtension, DialplanStep
from asterconf.editing.batch import Batch, Planned, batched
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
    renumbered,
)
from asterconf.editing.objects import (
    Goal,
    NewSection,
    ObjectTarget,
    converge,
    inherited_names,
    insert,
    new_sections,
    read,
    remove_objects,
)
from asterconf.editing.options import LineEdits
from asterconf.editing.placement import (
    ELSEWHERE,
    SHARED_FIELDS,
    Parts,
    Siblings,
    fresh_of,
    parts_of,
    style_of,
)
from asterconf.editing.renaming import (
    RenamePlan,
    named_sections,
    names_in_parts,
    object_of,
    plan_in_batch,
    plan_rename,
    rename_all,
)
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError, StaleError
from asterconf.model import ConfigObject, Extension, Mailbox, QueueMember, Trunk
from asterconf.references.index import names_of
from asterconf.references.mentions import PLAN
from asterconf.references.values import Name, Reference
from asterconf.resolve.bound import Bound
from asterconf.source import Severity, fold, meant, printable
from asterconf.syntax import Comment, Option, Section


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


def _since(editor: Editor) -> Callable[[], tuple[str, ...]]:
    """Return what tells which files were edited from now on."""
    before = {name: document.version for name, document in editor.files.documents.items()}
    return lambda: tuple(
        n for n, d in editor.files.documents.items() if d.version != before.get(n, 0)
    )


# -- add ---------------------------------------------------------------------------------------


@attrs.frozen
class _Addition:
    """An object to be added, and how."""

    obj: Any
    file: str | None
    after: object
    style: Style | None


def _plan_add(
    editor: Editor,
    obj: Any,  # noqa: ANN401
    *,
    file: str | None,
    after: object,
    style: Style | None,
) -> Planned | None:
    """Check an object to be added; `None`: it must be added by itself."""
    _refuse_strange(obj)
    if style not in {None, "wizard", "primitives"}:
        raise EditError(f"style must be 'wizard' or 'primitives', not {style!r}")
    _refuse_present(editor, obj)
    if isinstance(obj, DialplanContext) or after is not None:
        return None
    return Planned(EditResult("added", obj), _Addition(obj, file, after, style))


def _add_all(editor: Editor, planned: list[Planned], scope: EditScope) -> list[EditResult]:
    """Add objects: those that are written in the same way together.

    Raises:
        EditError: one cannot be added, or they may come out in another way one by one.
    """
    jobs: list[_Addition] = [one.work for one in planned]
    groups: dict[tuple[Any, ...], list[_Addition]] = {}
    for job in jobs:
        groups.setdefault((type(job.obj), job.file, job.style), []).append(job)
    made: dict[int, EditResult] = {}
    files: list[str] = []
    for (kind, *_), alike in groups.items():
        add_these = _add_lines if kind is Mailbox else _add_alike
        results = add_these(editor, alike, scope)
        made |= {id(job): result for job, result in zip(alike, results, strict=True)}
        files += {file for result in results for file in result.files}
    if len(files) > len(set(files)):
        raise EditError("different ones in one file stand in the order in which they came")
    return [made[id(job)] for job in jobs]


def _add_alike(editor: Editor, jobs: list[_Addition], scope: EditScope) -> list[EditResult]:
    """Add objects of one class: the first one, and then the others like it.

    If there were none of their kind, nothing told how to write the first one; so the second one is
    written by itself, too.

    Raises:
        EditError: one cannot be added, or is not written like the one before.
    """
    first = _write(editor, jobs[:1], scope, templates=True)
    if len(jobs) > 1 and any(new.like is None for new in first[0][1]):
        first += _write(editor, jobs[1:2], scope, templates=True)
    siblings = Siblings.of(editor, jobs[0].obj)
    there = (siblings.shared(), siblings.inside(jobs[0].file).style())
    rest = jobs[len(first) :]
    others = _write(editor, rest, scope, templates=True, like=first[-1][1]) if rest else []
    siblings = Siblings.of(editor, jobs[0].obj)
    if there != (siblings.shared(), siblings.inside(jobs[0].file).style()):
        raise EditError("an added one is not as the others are")
    return [
        EditResult("added", goal.now, (*goal.files,), (*goal.notes, *_left_out(job.obj, goal.now)))
        for job, (goal, _) in zip(jobs, [*first, *others], strict=True)
    ]


def _write(
    editor: Editor,
    jobs: Sequence[_Addition],
    scope: EditScope,
    *,
    templates: bool,
    like: Sequence[NewSection] | None = None,
) -> list[tuple[Goal, Sequence[NewSection]]]:
    """Write objects of one class beside their siblings.

    Args:
        editor: the configuration.
        jobs: the objects.
        scope: gets the new sections.
        templates: whether to use the templates that most siblings use.
        like: the sections of the object before, with whose options and files all must be written.
    """
    job = jobs[0]
    everyone = Siblings.of(editor, job.obj)
    siblings = everyone.inside(job.file)
    style = job.style or siblings.style() or "wizard"
    siblings = siblings.like(style)
    reading = next(iter(fresh_of(job.obj, style).values()))[0].file
    ref = _place_after(editor, job.after)
    made: list[tuple[Goal, Sequence[NewSection]]] = []
    for one in jobs:
        notes: list[str] = []
        inherited = _inherited(siblings, fresh_of(one.obj, style)) if templates else {}
        full = _filled(one.obj, style, everyone, inherited, notes)
        sections = new_sections(
            editor, full, style, reading, siblings,
            document=one.file or "", after=ref, templates=templates,
        )  # fmt: skip
        if like is not None and [*map(_shape, sections)] != [*map(_shape, like)]:
            raise EditError("these are not written alike")
        if like is not None and made:
            sections = [attrs.evolve(sections[0], after=None), *sections[1:]]
        files = {section.document: None for section in sections}
        made.append((Goal(ObjectTarget(full, lenient=True), notes, files), sections))
    if like is None:
        groups = [[section] for _, sections in made for section in sections]
    else:
        groups = [[section for _, sections in made for section in sections]]
        if len({(one.name, dict(one.options).get("type")) for one in groups[0]}) < len(groups[0]):
            raise EditError("two of these would have one name")
        if any(one.after for _, sections in made for one in sections[1:]):
            raise EditError("these do not stand together")
    insert(editor, reading, groups, scope)
    converge(editor, [goal for goal, _ in made], scope)
    return made


def _shape(new: NewSection) -> tuple[object, ...]:
    """Return what two sections have in common that are written alike."""
    names = [name for name, _ in new.options]
    return new.label, new.document, new.inherits, names, new.like is None


@batched(_plan_add, _add_all)
def add(
    _planned: Planned | None,
    editor: Editor,
    obj: Any,  # noqa: ANN401
    *,
    file: str | None,
    after: object,
    style: Style | None,
) -> EditResult:
    """Add an object; see `Config.add`."""
    if isinstance(obj, DialplanContext):
        return _add_context(editor, obj, file, after)
    if isinstance(obj, Mailbox):
        changed = _since(editor)
        with editor.edit() as scope:
            (result,) = _add_lines(editor, [_Addition(obj, file, after, style)], scope)
        return attrs.evolve(result, files=changed())
    siblings = Siblings.of(editor, obj).inside(file)
    chosen = style or siblings.style() or "wizard"
    failure: EditError | None = None
    for templates in (True, False) if siblings.like(chosen).all else (False,):
        changed = _since(editor)
        job = _Addition(obj, file, after, style)
        try:
            with editor.edit() as scope:
                ((goal, planned),) = _write(editor, [job], scope, templates=templates)
        except EditError as error:
            failure = failure or error
            continue
        notes = [*goal.notes, *_left_out(obj, goal.now)]
        for new in planned if not file and after is None else ():
            beside = new.like.document.name if new.like is not None else new.document
            if beside != new.document:
                notes.append(f"[{new.name}] stands in {new.document}: a program writes {beside}")
        return EditResult("added", goal.now, changed(), tuple(notes))
    assert failure is not None
    raise failure


def restyle(editor: Editor, obj: Any, style: Style) -> EditResult:  # noqa: ANN401
    """Write an extension or trunk in the other style; see `Config.restyle`."""
    obj = named(editor, obj, "restyle")
    if not isinstance(obj, Extension | Trunk) or style not in {"wizard", "primitives"}:
        raise EditError("an extension or a trunk can be written as 'wizard' or 'primitives'")
    bound, changed = _current(editor, obj), _since(editor)
    parts, old = parts_of(editor, bound), bound.obj
    if style_of(parts) == style:
        return EditResult("unchanged", old)
    every = [part for found in parts.values() for part in found]
    homes = {home: None for part in every for home in editor.homes_of(part.section)}
    comments = [text for home in homes for text in _comments_of(home)]
    reading = next(iter(fresh_of(old, style).values()))[0].file
    siblings = Siblings.of(editor, old).like(style)
    with editor.edit() as scope:
        ((notes, _),) = remove_objects(editor, [bound], scope)
        planned = new_sections(editor, old, style, reading, siblings, templates=False)
        insert(editor, reading, [planned], scope)
        goal = Goal(ObjectTarget(old), notes)
        converge(editor, [goal], scope)
        now = goal.now
        if now != old:
            raise EditError(f"{object_title(old)} cannot be written as {style} without a change")
        found = parts_of(editor, editor.found(now)[key_of(now)])
        home = editor.home_of(next(iter(found.values()))[0].section)
        if comments:
            home.add_comment("\n".join(comments))
    return EditResult("updated", now, changed(), tuple(notes))


def _comments_of(home: Section) -> Iterator[str]:
    """Yield the comments of a section: those above its header, its lines, and behind options."""
    parts = home.document.parts
    above = parts[parts.index(home) - 1].nodes
    touching = [*takewhile(lambda node: isinstance(node, Comment), reversed(above))]
    yield from (node.content for node in reversed(touching) if isinstance(node, Comment))
    if home.header is not None:
        yield from filter(None, [home.header.text.partition(";")[2].strip()])
    nodes = list(home.nodes)
    while parts[-1] is not home and nodes and isinstance(nodes[-1], Comment):
        nodes.pop()  # it touches the next header
    for node in nodes:
        if isinstance(node, Comment):
            yield node.content
        elif isinstance(node, Option) and node.comment:
            yield f"{node.name}: {node.comment.lstrip('; ')}"


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
    name = obj.name if isinstance(obj, Extension | Trunk) else ""
    if "," in name:
        raise EditError(
            f"{object_title(obj)}: Asterisk would take the name for a list, for its comma"
        )
    if "\\" in name:
        raise EditError(f"{object_title(obj)}: Asterisk would look for its aor without the \\")


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
    changed = _since(editor)
    add_context(editor, context, file)
    now = editor.workspace.dialplan.dialplan[context.name]
    return EditResult("added", now, changed())


def _add_lines(editor: Editor, jobs: list[_Addition], scope: EditScope) -> list[EditResult]:
    """Add mailboxes: each a line after the last one of its context.

    The first of a context is written before the others, which are formatted like it.
    """
    begun = {bound.obj.context for bound in editor.found(Mailbox).values()}
    first = {job.obj.context: job for job in reversed(jobs) if job.obj.context not in begun}
    rounds = [[job for job in jobs if job is first.get(job.obj.context)]]
    rounds.append([job for job in jobs if job not in rounds[0]])
    homes = {id(job): home for some in rounds for job, home in _write_lines(editor, some, scope)}
    now = editor.found(Mailbox)
    for job in jobs:
        if job.obj != read(editor, job.obj).obj:
            title = object_title(job.obj)
            raise EditError(f"{title} would be read with other values than it has")
    return [
        EditResult("added", now[key_of(job.obj)].obj, (homes[id(job)].document.name,))
        for job in jobs
    ]


def _write_lines(
    editor: Editor, jobs: list[_Addition], scope: EditScope
) -> Iterator[tuple[_Addition, Section]]:
    """Write the lines of mailboxes; yield each with its section."""
    reading, homes = "voicemail.conf", dict[tuple[str, str | None], Section]()
    there = {s.name: s for s in reversed(editor.sections(reading)) if not s.template}
    for job in jobs:
        key = job.obj.context, job.file
        begun = there.get(key[0])
        if key in homes:
            continue
        if begun is not None and (job.file is None or begun.file == job.file):
            homes[key] = editor.home_of(begun)
        else:
            document = editor.document(job.file or editor.by_hand(reading))
            homes[key] = document.add_section(key[0])
            scope.all(homes[key])
    boxes, lines = editor.found(Mailbox), LineEdits(editor)
    last = {bound.obj.context: bound for bound in boxes.values()}
    for job in jobs:
        ((name, value),) = sections_of(job.obj)[0].options
        home = homes[job.obj.context, job.file]
        behind = boxes.get(key_of(job.after)) if isinstance(job.after, Mailbox) else None
        behind = behind or last.get(job.obj.context)
        place = behind.places[""] if behind is not None else None
        ref = (place.file, place.line) if place is not None else None
        separator = "" if job.obj.context in last else "=>"
        lines.add(name, value, into=home, after=ref, separator=separator)
        scope.may(home, {fold(name)})
        yield job, home
    for section, changed in lines.edited():
        scope.may(section, {changed})
    lines.make()


def include(
    editor: Editor, file: str, target: str, *, after: Section | None, optional: bool
) -> EditResult:
    """Let a file include another one; see `Config.include`."""
    changed, name = _since(editor), editor.workspace.spelled(file)
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
    return EditResult("added", line, changed())


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


def _plan_update(editor: Editor, obj: object, changes: Mapping[str, object]) -> Planned | None:
    obj = named(editor, obj, "update", *(f"{name}=..." for name in changes))
    _refuse_strange(obj)
    bound = _current(editor, obj)
    fields = [field.name for field in attrs.fields(type(bound.obj))]
    if isinstance(bound.obj, ConfigObject) and not changes.keys() <= {*fields}:
        try:
            return _planned(bound, bound.obj.evolve(**changes), "updated")
        except NotFoundError as error:
            raise EditError(str(error)) from None
    for name in changes:
        if name not in fields:
            hint = meant(name, fields, shown=repr, before=": ") or f"; it has {', '.join(fields)}"
            raise EditError(f"{object_title(bound.obj)} has no field {printable(name)!r}{hint}")
    return _planned(bound, attrs.evolve(bound.obj, **changes), "updated")


def _plan_replace(editor: Editor, old: object, new: object) -> Planned | None:
    old = named(editor, old, "replace", "...")
    if type(old) is not type(new):
        raise EditError(f"{object_title(old)} cannot become a {type(new).__name__}: remove and add")
    found = editor.found(old).get(key_of(old))
    if found is None or found.obj != old:
        raise StaleError(f"{object_title(old)} is not what the files mean now: look again")
    return _planned(found, new, "replaced")


def _plan_put(editor: Editor, obj: object) -> Planned | None:
    _refuse_strange(obj)
    found = editor.found(obj).get(key_of(obj))
    if found is None:
        return None
    kept = {name: getattr(found.obj, name) for name in ELSEWHERE.get(type(obj), ())}
    return _planned(found, attrs.evolve(obj, **kept), "replaced", lenient=True)  # type: ignore[misc]


def _planned(bound: Bound[Any], wanted: Any, action: Action, *, lenient: bool = False) -> Planned:  # noqa: ANN401
    """Return the edit that makes an existing object another one of the same key."""
    if key_of(wanted) != key_of(bound.obj):
        raise EditError(f"{object_title(bound.obj)} gets another name by rename() only")
    for field in ELSEWHERE.get(type(wanted), ()):
        if getattr(wanted, field) != getattr(bound.obj, field):
            raise EditError(f"{object_title(wanted)}: {_WHERE[field]}")
    if wanted == bound.obj:
        return Planned(EditResult("unchanged", bound.obj))
    return Planned(EditResult(action, wanted), ObjectTarget(wanted, lenient=lenient))


def _become(editor: Editor, planned: list[Planned], scope: EditScope) -> list[EditResult]:
    """Edit the files so that existing objects become what is planned."""
    goals = [Goal(one.work) if one.work is not None else None for one in planned]
    if any(goal and isinstance(goal.target.obj, DialplanContext) for goal in goals):
        raise EditError("contexts are edited one by one")
    converge(editor, [goal for goal in goals if goal is not None], scope)
    return [
        one.result if goal is None else _became(one.result.action, goal)
        for one, goal in zip(planned, goals, strict=True)
    ]


def _became(action: Action, goal: Goal) -> EditResult:
    notes = (*goal.notes, *_inherits_still(goal.target.obj, goal.now))
    return EditResult(action if goal.files else "unchanged", goal.now, (*goal.files,), notes)


def _one(planned: Planned, editor: Editor, *_: object) -> EditResult:
    """Make one planned edit of an existing object."""
    wanted = planned.result.obj
    if planned.work is None:
        return planned.result
    if isinstance(wanted, DialplanContext):
        changed = _since(editor)
        with ContextEdit(editor.workspace, wanted.name) as edit:
            edit.become(wanted)
        now = editor.workspace.dialplan.dialplan[wanted.name]
        return EditResult(planned.result.action, now, changed())
    with editor.edit() as scope:
        (result,) = _become(editor, [planned], scope)
    return result


update = batched(_plan_update, _become)(_one)
"""Change some fields of an object; see `Config.update`."""

replace = batched(_plan_replace, _become)(_one)
"""Make an object another one; see `Config.replace`."""


@batched(_plan_put, _become)
def put(planned: Planned | None, editor: Editor, obj: object) -> EditResult:
    """Add an object or replace the one that is there; see `Config.put`."""
    if planned is None:
        return add(editor, obj, file=None, after=None, style=None)
    return _one(planned, editor)


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
    yield from renumbered(now, wanted)


def rename(editor: Editor, obj: object, to: str) -> RenamePlan:
    """Plan a new name for an object; see `Config.rename`."""
    batch = editor.workspace.waiting
    if isinstance(batch, Batch) and not batch.is_busy and not batch.knows(rename_all, obj):
        batch.flush()
    if not isinstance(obj, Name | Section):
        obj = named(editor, obj, "rename", repr(to))
    if not isinstance(to, str):
        raise EditError(f"{obj!r} cannot be called {to!r}: a name is a str")
    if isinstance(obj, DialplanContext):
        obj = next(iter(names_of(obj)))
    if not isinstance(obj, Name | Section):
        _refuse_strange(obj)
        obj = _current(editor, obj)
    if isinstance(batch, Batch) and not batch.is_busy:
        return plan_in_batch(editor, obj, to, batch)
    return plan_rename(editor, obj, to)


@attrs.frozen(eq=False)
class _Removal:
    """An object to be removed, with the references that stay."""

    bound: Bound[Any]
    still: tuple[str, ...]


def _plan_remove(editor: Editor, obj: object) -> Planned | None:
    """Check the removal of an object; `None`: it is a context, or a name of something else."""
    if isinstance(obj, Name):
        bound_object = object_of(editor, obj)
        if bound_object is not None:
            obj = bound_object.obj
    if isinstance(obj, Name | Section):
        return None
    obj = named(editor, obj, "remove")
    _refuse_strange(obj)
    bound = _current(editor, obj)
    if isinstance(obj, DialplanContext):
        return None
    references = editor.workspace.references
    parts = {} if isinstance(obj, Mailbox) else parts_of(editor, bound)
    names = names_in_parts(bound.obj, parts, key_of(bound.obj))
    uses = [one for name in names for one in references.to(name) if one.certain]
    still = _still(_left(uses, parts))
    return Planned(EditResult("removed", bound.obj, notes=still), _Removal(bound, still))


def _remove(editor: Editor, planned: list[Planned], scope: EditScope) -> list[EditResult]:
    """Take objects out of the files."""
    gone = [one.work for one in planned]
    found = remove_objects(editor, [one.bound for one in gone], scope)
    results = []
    for one, (notes, files) in zip(gone, found, strict=True):
        obj = one.bound.obj
        if editor.found(obj).get(key_of(obj)) is not None:
            raise EditError(
                f"{object_title(obj)} would be there still: it stands in several places"
            )
        results.append(EditResult("removed", obj, files, (*notes, *one.still)))
    return results


@batched(_plan_remove, _remove)
def remove(planned: Planned | None, editor: Editor, obj: object) -> EditResult:
    """Take an object out of the files; see `Config.remove`."""
    if planned is not None:
        with editor.edit() as scope:
            (result,) = _remove(editor, [planned], scope)
        return result
    contexts = editor.workspace.dialplan.contexts
    if isinstance(obj, Name) and (obj.kind, obj.file) == ("context", PLAN) and obj.name in contexts:
        obj = contexts[obj.name].obj
    if isinstance(obj, Name | Section):
        return _remove_named(editor, obj)
    context = _current(editor, named(editor, obj, "remove")).obj
    changed, references = _since(editor), editor.workspace.references
    outside = [
        one for one in references.to(context) if one.certain and not _inside(one, key_of(context))
    ]
    remove_context(editor, key_of(context))
    return EditResult("removed", context, changed(), _still(outside))


def move(editor: Editor, key: str, context: str, to: str) -> EditResult:
    """Move an extension to another context; see `LiveDialplan.move`."""
    changed = _since(editor)
    moved = move_extension(editor, key, context, to)
    uses = editor.workspace.references.to(Name(PLAN, "extension", f"{moved.key}@{context}"))
    notes = _still(one for one in uses if one.certain)
    return EditResult("moved", moved, changed(), notes)


def _remove_named(editor: Editor, target: Name | Section) -> EditResult:
    """Take a section, or what a name stands for, out of the files."""
    references, changed = editor.workspace.references, _since(editor)
    name = target if isinstance(target, Name) else _name_of(target)
    if isinstance(target, Name) and target not in set(references.names()):
        raise NotFoundError(f"there is no {target}")
    if name.kind == "extension":
        key, _, context = name.name.rpartition("@")
        uses = [one for one in references.to(name) if one.certain and one.source != name]
        with ContextEdit(editor.workspace, context) as edit:
            edit.remove(key)
        return EditResult("removed", name, changed(), _still(uses))
    homes = _with_more(target) if isinstance(target, Section) else [*named_sections(editor, target)]
    if not homes:
        raise EditError(f"{name} is no section: edit the line that defines it")
    lines = {(one.document.name, line) for one in homes for line in _lines_of(one)}
    uses = [one for one in references.to(target) if one.certain]
    uses = [one for one in uses if (one.place.file, one.place.line) not in lines]
    with editor.edit() as scope:
        editor.remove(homes, scope)
    return EditResult("removed", name, changed(), _still(uses))


def _name_of(section: Section) -> Name:
    """Return the name of what a section makes, or of the section."""
    first, *others = names_of(section)
    kind = "template" if section.template else "section"
    return others[-1] if others else attrs.evolve(first, kind=kind)


def _with_more(section: Section) -> list[Section]:
    """Return a section, and those below it that add to it by `(+)`."""
    same = section.document.all(section.name)
    more = same[same.index(section) + 1 :]
    return [section, *takewhile(lambda one: one.header is not None and one.header.appends, more)]


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
