"""The verbs of `Config` that change objects: add, update, replace, put, remove."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import attrs

from asterconf.bind import Bound, EndpointRecord, Style, sections_of
from asterconf.editing.desk import Desk, Touched
from asterconf.editing.objects.change import Action, Change
from asterconf.editing.objects.converge import OUTSIDE, Goal, converge, read
from asterconf.editing.objects.inserting import inherited_names, insert, slots_for
from asterconf.editing.objects.removing import remove_object
from asterconf.editing.objects.standing import (
    HABITS,
    Parts,
    Siblings,
    called,
    fresh_of,
    key_of,
    parts_of,
)
from asterconf.editing.options.lines import LineEdits
from asterconf.editing.renaming.plan import RenamePlan, names_of, plan_rename
from asterconf.editing.renaming.references import Reference, References
from asterconf.errors import EditError, NotFoundError, StaleError
from asterconf.model import Extension, Mailbox, QueueMember, Trunk
from asterconf.source import fold, printable
from asterconf.syntax import Section

__all__ = ["add", "put", "remove", "rename", "replace", "update"]


@contextmanager
def _edit(desk: Desk) -> Iterator[Touched]:
    """Let an edit say what it may touch; undo it if it fails or changes anything else."""
    touched = Touched()
    with desk.attempt(), desk.nothing_else_changes(touched):
        yield touched


def _changed(desk: Desk, before: Mapping[str, int]) -> tuple[str, ...]:
    """Return the files that were edited since `before`."""
    documents = desk.files.documents
    return tuple(n for n, d in documents.items() if d.version != before.get(n, 0))


def _versions(desk: Desk) -> dict[str, int]:
    return {name: document.version for name, document in desk.files.documents.items()}


# -- add ---------------------------------------------------------------------------------------


def add(
    desk: Desk,
    obj: Any,  # noqa: ANN401
    *,
    file: str | None,
    after: object,
    style: Style | None,
) -> Change:
    """Add an object; see `Config.add`."""
    _refuse_strange(obj)
    if style not in {None, "wizard", "primitives"}:
        raise EditError(f"style must be 'wizard' or 'primitives', not {style!r}")
    _refuse_present(desk, obj)
    if isinstance(obj, Mailbox):
        return _add_line(desk, obj, file, after)
    everyone = Siblings.of(desk, obj)
    siblings = everyone.inside(file)
    chosen = style or siblings.style() or "wizard"
    siblings = siblings.like(chosen)
    reading = next(iter(fresh_of(obj, chosen).values()))[0].file
    spot = _place_after(desk, after)
    failure: EditError | None = None
    for templates in (True, False) if siblings.all else (False,):
        before, notes = _versions(desk), list[str]()
        inherited = _inherited(siblings, fresh_of(obj, chosen)) if templates else {}
        full = _filled(obj, chosen, everyone, inherited, notes)
        try:
            with _edit(desk) as touched:
                slots = slots_for(
                    desk, full, chosen, reading, siblings,
                    document=file or "", after=spot, templates=templates,
                )  # fmt: skip
                insert(desk, reading, slots, touched)
                now = converge(desk, Goal(full, lenient=True), touched, notes)
        except EditError as error:
            failure = failure or error
            continue
        notes += _left_out(obj, now)
        return Change("added", now, _changed(desk, before), tuple(notes))
    assert failure is not None
    raise failure


def _refuse_strange(obj: object) -> None:
    """Refuse what stands in no section or line of its own."""
    if isinstance(obj, QueueMember):
        raise EditError("a queue member is a line of its queue: use update(queue, members=...)")
    try:
        sections_of(obj)
    except TypeError as error:
        raise EditError(str(error)) from None
    if isinstance(obj, Extension | Trunk) and "," in obj.name:
        raise EditError(f"{called(obj)}: Asterisk would take the name for a list, for its comma")


def _refuse_present(desk: Desk, obj: object) -> None:
    key = key_of(obj)
    for kind in (obj, *((EndpointRecord,) if isinstance(obj, Extension | Trunk) else ())):
        found = desk.found(kind).get(key)
        if found is not None:
            raise EditError(f"{called(obj)} is there already, at {found.places['']}")


def _place_after(desk: Desk, after: object) -> Section | None:
    """Return the section that `after` means: one of a document, or the last of an object's."""
    if after is None or isinstance(after, Section):
        return after
    bound = desk.found(after).get(key_of(after)) if attrs.has(type(after)) else None
    if bound is None:
        raise NotFoundError("after= must be a section, or an object that stands in the files")
    homes = [desk.home_of(p.section) for parts in parts_of(desk, bound).values() for p in parts]
    return max(homes, key=lambda home: home.line)


def _inherited(siblings: Siblings, labels: Iterable[str]) -> Mapping[str, set[str]]:
    """Return what the templates that most siblings use say, by label."""
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
    """Return an object with what it leaves open as its phone, or all others, have it.

    What its template will say is left open.
    """
    phone = obj.phone.defaults if isinstance(obj, Extension) and obj.phone is not None else None
    taken: dict[str, object] = {}
    habits = others.habits()
    for field in HABITS.get(type(obj), ()):
        if getattr(obj, field) is not None:
            continue
        proposed = getattr(phone, field, None)
        value = habits.get(field) if proposed is None else proposed
        if value is None:
            continue
        fuller = attrs.evolve(obj, **{field: value})
        if not _said_by(fresh_of(obj, style), fresh_of(fuller, style), inherited):
            taken[field] = value
            if proposed is None:
                notes.append(f"{field} is {value!r}, as all others have it")
    return attrs.evolve(obj, **taken)


def _said_by(old: Any, new: Any, inherited: Mapping[str, set[str]]) -> bool:  # noqa: ANN401
    """Tell whether a template says an option in which fresh sections differ."""
    for label, sections in new.items():
        was = {fold(name) for one in old.get(label, ()) for name, _ in one.options}
        shall = {fold(name) for one in sections for name, _ in one.options}
        if (shall - was) & inherited.get(label, set()):
            return True
    return False


def _left_out(asked: object, now: object) -> Iterator[str]:
    """Yield what the files do not hold of an object."""
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
        yield "max_contacts is not said, or 0: no phone can register"
    if now.context is None:
        yield "context is not said: its calls start in the context default"


def _add_line(desk: Desk, box: Mailbox, file: str | None, after: object) -> Change:
    """Add a mailbox: a line behind the last one of its context."""
    reading, before = "voicemail.conf", _versions(desk)
    (fresh,) = sections_of(box)
    ((name, value),) = fresh.options
    behind = desk.found(Mailbox).get(key_of(after)) if isinstance(after, Mailbox) else None
    with _edit(desk) as touched:
        there = [s for s in desk.sections(reading) if not s.template and s.name == box.context]
        if there and (file is None or there[0].file == file):
            home = desk.home_of(there[0])
        else:
            home = desk.document(file or reading).add_section(box.context)
            touched.all(home)
        touched.may(home, {fold(name)})
        lines = LineEdits(desk)
        boxes = desk.found(Mailbox).values()
        last = [b.places[""] for b in boxes if b.obj.context == box.context]
        place = behind.places[""] if behind is not None else last[-1] if last else None
        spot = (place.file, place.line) if place is not None else None
        lines.add(name, value, into=home, after=spot, separator="" if last else "=>")
        for section, changed in lines.touched:
            touched.may(section, {changed})
        lines.make()
        now = read(desk, box).obj
        if now != box:
            raise EditError(f"{called(box)} would be read with other values than it has")
    return Change("added", now, _changed(desk, before))


# -- change ------------------------------------------------------------------------------------


def _current(desk: Desk, obj: object) -> Bound[Any]:
    found = desk.found(obj).get(key_of(obj)) if attrs.has(type(obj)) else None
    if found is None:
        what = called(obj) if attrs.has(type(obj)) else repr(obj)
        raise NotFoundError(f"{what} is not in this configuration as it stands now")
    return found


def update(desk: Desk, obj: object, changes: Mapping[str, object]) -> Change:
    """Change some fields of an object; see `Config.update`."""
    _refuse_strange(obj)
    bound = _current(desk, obj)
    fields = [field.name for field in attrs.fields(type(bound.obj))]
    for name in changes:
        if name not in fields:
            near = difflib.get_close_matches(name, fields, 1)
            hint = f": did you mean {near[0]!r}?" if near else ""
            raise EditError(f"{called(bound.obj)} has no field {printable(name)!r}{hint}")
    return _become(desk, bound, attrs.evolve(bound.obj, **changes), "updated")


def replace(desk: Desk, old: object, new: object) -> Change:
    """Make an object another one; see `Config.replace`."""
    if type(old) is not type(new):
        raise EditError(f"{called(old)} cannot become a {type(new).__name__}: remove and add")
    found = desk.found(old).get(key_of(old))
    if found is None or found.obj != old:
        raise StaleError(f"{called(old)} is not what the files mean now: look again")
    return _become(desk, found, new, "replaced")


def put(desk: Desk, obj: object) -> Change:
    """Add an object or replace the one that is there; see `Config.put`."""
    _refuse_strange(obj)
    found = desk.found(obj).get(key_of(obj))
    if found is None:
        return add(desk, obj, file=None, after=None, style=None)
    kept = {name: getattr(found.obj, name) for name in OUTSIDE.get(type(obj), ())}
    return _become(desk, found, attrs.evolve(obj, **kept), "replaced", lenient=True)  # type: ignore[misc]


def _become(
    desk: Desk,
    bound: Bound[Any],
    wanted: Any,  # noqa: ANN401
    action: Action,
    *,
    lenient: bool = False,
) -> Change:
    """Edit the files so that an object that is there becomes another of the same key."""
    if key_of(wanted) != key_of(bound.obj):
        raise EditError(f"{called(bound.obj)} gets another name by rename() only")
    for field in OUTSIDE.get(type(wanted), ()):
        if getattr(wanted, field) != getattr(bound.obj, field):
            raise EditError(f"{called(wanted)}: {_WHERE[field]}")
    if wanted == bound.obj:
        return Change("unchanged", bound.obj)
    before, notes = _versions(desk), list[str]()
    with _edit(desk) as touched:
        now = converge(desk, Goal(wanted, lenient=lenient), touched, notes)
    files = _changed(desk, before)
    notes += _inherits_still(wanted, now)
    if not files:
        return Change("unchanged", now, (), tuple(notes))
    return Change(action, now, files, tuple(notes))


_WHERE = {
    "number": "number stands in the dialplan, not in its own section: edit the dialplan",
    "phone": "phone stands nowhere in Asterisk's files",
}


def _inherits_still(wanted: Any, now: Any) -> Iterator[str]:  # noqa: ANN401
    """Yield which fields are as a template has them, although the object leaves them open."""
    for field in attrs.fields(type(wanted)):
        value = getattr(now, field.name)
        open_ = not getattr(wanted, field.name) and field.name not in OUTSIDE.get(type(now), ())
        if open_ and value:
            yield f"{field.name} is {value!r}, as its template says"
    if isinstance(now, Extension) and now.number != wanted.number:
        yield f"number is {now.number!r} now, no longer {wanted.number!r}"


def rename(desk: Desk, obj: object, to: str) -> RenamePlan:
    """Plan a new name for an object; see `Config.rename`."""
    _refuse_strange(obj)
    if not isinstance(to, str):
        raise EditError(f"{called(obj)} cannot be called {to!r}: a name is a str")
    return plan_rename(desk, _current(desk, obj), to)


def remove(desk: Desk, obj: object) -> Change:
    """Take an object out of the files; see `Config.remove`."""
    _refuse_strange(obj)
    bound = _current(desk, obj)
    before = _versions(desk)
    parts = {} if isinstance(obj, Mailbox) else parts_of(desk, bound)
    names = names_of(bound.obj, bound.obj, parts)
    uses = References(desk, names).find().certain
    with _edit(desk) as touched:
        notes = remove_object(desk, bound, touched)
        if desk.found(obj).get(key_of(obj)) is not None:
            raise EditError(f"{called(obj)} would be there still: it stands in several places")
    notes += (f"{one.position}: {one.what} names it still" for one in _left(uses, parts))
    return Change("removed", bound.obj, _changed(desk, before), tuple(notes))


def _left(uses: Iterable[Reference], parts: Parts) -> Iterator[Reference]:
    """Yield the references that do not stand in the sections of the object itself."""
    own = [part.section for found in parts.values() for part in found]
    for one in uses:
        if not any(section.holds(one.position.file, one.position.line) for section in own):
            yield one
