"""Laws of the verbs: an edit does what was asked and nothing else, or nothing at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

import asterconf
from asterconf.errors import EditError, ModelError
from asterconf.model import Extension, Mailbox, Queue, Transport, Trunk
from asterconf.syntax import Option
from asterconf.testing.strategies import objects
from tests.strategies.configs import houses
from tests.strategies.edits import ADDED, UPDATED, hostile, hostile_edits

HOME = Path(__file__).parent.parent.parent / "examples" / "home"
GUIDE = HOME.parent.parent.parent / "shared" / "guide"

Texts = dict[str, str]


def of_folder(folder: Path) -> Texts:
    names = ("pjsip", "pjsip_wizard", "queues", "voicemail", "extensions")
    return {f"{name}.conf": (folder / f"{name}.conf").read_text() for name in names}


MANY = settings.default.max_examples if settings.default else 100
HALF = settings(max_examples=MANY // 2)
TENTH = settings(max_examples=MANY // 10)

KEPT = [of_folder(HOME)] + ([of_folder(GUIDE)] if GUIDE.is_dir() else [])
configurations = st.sampled_from(KEPT) | houses


def texts(conf: asterconf.Config) -> Texts:
    return {name: str(conf[name]) for name in conf}


def everything(conf: asterconf.Config) -> dict[tuple[str, str], object]:
    """Return every typed object there is, by class and key."""
    views: Iterable[Any] = (
        conf.extensions, conf.trunks, conf.queues, conf.mailboxes, conf.transports,
    )  # fmt: skip
    return {(type(o).__name__, key): o for view in views for key, o in view.items()}


def meaning(conf: asterconf.Config) -> dict[str, list[tuple[str, list[tuple[str, str]]]]]:
    return {n: [(s.name, s.pairs) for s in conf.effective(n).live] for n in conf.files}


OTHERS = {
    Extension: objects.house_extensions,
    Trunk: objects.house_trunks,
    Queue: objects.queues,
    Mailbox: objects.mailboxes,
    Transport: objects.typed(Transport),
}
UNSAID = {"name", "number", "phone", "extra", "unknown", "context"}


def some_changes(data: Any, obj: Any) -> dict[str, Any]:
    """Draw new values for a few fields of an object, from another object of its class."""
    other = data.draw(OTHERS[type(obj)])
    keys = {"name", "phone", "extra", "unknown", "number"}
    if isinstance(obj, Mailbox):
        keys |= {"context"}
    names = [f.name for f in attrs.fields(type(obj)) if f.name not in keys]
    chosen = data.draw(st.lists(st.sampled_from(names), min_size=1, max_size=3, unique=True))
    return {name: getattr(other, name) for name in chosen}


@HALF
@given(configurations, st.data())
def test_an_update_changes_what_was_asked_and_nothing_else(before: Texts, data: Any) -> None:
    conf = asterconf.Config.from_texts(before)
    was = everything(conf)
    assume(was)
    key = data.draw(st.sampled_from(sorted(was)))
    obj: Any = was[key]
    changes = some_changes(data, obj)
    old_meaning = meaning(conf)
    try:
        change = conf.update(obj, **changes)
    except EditError:
        assert texts(conf) == before
        assert meaning(conf) == old_meaning
        return
    now = everything(conf)
    assert {k: v for k, v in now.items() if k != key} == {k: v for k, v in was.items() if k != key}
    for name in attrs.fields_dict(type(obj)):
        wanted = changes.get(name, getattr(obj, name))
        if wanted is not None and name != "number":
            assert getattr(now[key], name) == wanted or (
                name.startswith("sends_") and not wanted and not getattr(now[key], name)
            )
    assert change.obj == now[key]
    assert set(change.files) == {n for n, t in texts(conf).items() if t != before.get(n)}
    again = texts(conf)
    assert conf.update(now[key], **changes).action == "unchanged"
    assert texts(conf) == again
    reread = asterconf.Config.from_texts(again)
    assert everything(reread) == now


@HALF
@given(configurations, st.data())
def test_an_update_touches_lines_of_options_in_its_own_sections_only(
    before: Texts, data: Any
) -> None:
    conf = asterconf.Config.from_texts(before)
    was = everything(conf)
    keys = [key for key in sorted(was) if key[0] in {"Queue", "Mailbox", "Extension"}]
    assume(keys and "pjsip.conf" not in before)
    key = data.draw(st.sampled_from(keys))
    obj: Any = was[key]
    try:
        change = conf.update(obj, **some_changes(data, obj))
    except EditError:
        return
    assume(not any("was changed in" in note for note in change.notes))
    name = obj.context if isinstance(obj, Mailbox) else obj.name
    for file, text in texts(conf).items():
        old = asterconf.parse(before[file]).parts
        new = asterconf.parse(text).parts
        assert len(old) == len(new)
        for a, b in zip(old, new, strict=True):
            if b.name != name:
                assert a.text == b.text
                continue
            rest = [[n.text for n in s.nodes if not isinstance(n, Option)] for s in (a, b)]
            assert rest[0] == rest[1]
            unknown = [[o.text for o in s.options if o.name == "unknown"] for s in (a, b)]
            assert unknown[0] == unknown[1]


NEW = st.one_of(
    objects.house_extensions, objects.house_trunks, objects.queues, objects.mailboxes,
    objects.typed(Transport),
)  # fmt: skip


@HALF
@given(configurations, NEW, st.sampled_from([None, "wizard", "primitives"]))
def test_what_was_added_reads_back_and_removed_again_leaves_no_trace(
    before: Texts, obj: Any, style: Any
) -> None:
    if isinstance(obj, Mailbox):
        obj = attrs.evolve(obj, context="default", initial_pin=obj.initial_pin or None)
    else:
        obj = attrs.evolve(obj, name=f"new{obj.name}")
    conf = asterconf.Config.from_texts(before)
    was, old_meaning = everything(conf), meaning(conf)
    try:
        change = conf.add(obj, style=style)
    except EditError:
        assert texts(conf) == before
        assert meaning(conf) == old_meaning
        return
    now = everything(conf)
    added = {k: v for k, v in now.items() if k not in was}
    assert list(added.values()) == [change.obj]
    assert {k: v for k, v in now.items() if k in was} == was
    for name in attrs.fields_dict(type(obj)):
        wanted = getattr(obj, name)
        if wanted not in (None, (), asterconf.CallerID()) and name not in UNSAID:
            assert getattr(change.obj, name) == wanted
    for file, text in texts(conf).items():
        assert subsequence(before.get(file, "").splitlines(), text.splitlines())
    conf.remove(change.obj)
    assert {n: t for n, t in texts(conf).items() if n in before} == before
    assert {t for n, t in texts(conf).items() if n not in before} <= {"", "[default]\n"}


def subsequence(few: list[str], many: list[str]) -> bool:
    rest = iter(many)
    return all(any(line == other for other in rest) for line in few)


@HALF
@given(configurations, st.data(), st.sampled_from(["zz9", "kitchen-2", "a.b", "9000"]))
def test_a_renaming_keeps_everything_but_the_name_and_goes_back(
    before: Texts, data: Any, to: str
) -> None:
    conf = asterconf.Config.from_texts(before)
    was = everything(conf)
    assume(was)
    kind, key = data.draw(st.sampled_from(sorted(was)))
    obj: Any = was[kind, key]
    assume(not isinstance(obj, Mailbox) or to == "9000")
    try:
        plan = conf.rename(obj, to)
    except EditError:
        assert texts(conf) == before
        return
    assert texts(conf) == before
    change = plan.apply()
    now = everything(conf)
    assert len(now) == len(was)
    assert (kind, key) not in now
    field = "number" if isinstance(obj, Mailbox) else "name"
    kept = {"number": change.obj.number} if hasattr(obj, "number") else {}
    assert change.obj == attrs.evolve(obj, **{field: to, **kept})
    for file, text in texts(conf).items():
        old = before[file].splitlines()
        differing = [
            n for n, (a, b) in enumerate(zip(old, text.splitlines(), strict=True)) if a != b
        ]
        planned = {edit.position.line - 1 for edit in plan.edits if edit.position.file == file}
        assert set(differing) == planned
    back = conf.rename(change.obj, key.partition("@")[0] if isinstance(obj, Mailbox) else key)
    back.apply()
    assert texts(conf) == before


@given(st.sampled_from(KEPT), st.data(), hostile)
def test_no_value_however_hostile_becomes_anything_else(
    before: Texts, data: Any, value: str
) -> None:
    conf = asterconf.Config.from_texts(before)
    was, old_meaning = everything(conf), meaning(conf)
    maker = data.draw(st.sampled_from(range(len(hostile_edits(conf, value)))))
    try:
        hostile_edits(conf, value)[maker]()
    except (EditError, ModelError):
        assert texts(conf) == before
        return
    bytes_of = {name: bytes(conf[name]) for name in conf}
    reread = asterconf.Config.from_texts(bytes_of)
    assert meaning(reread) == meaning(conf)
    assert everything(reread) == everything(conf)
    new_meaning = meaning(conf)
    if maker < ADDED:  # something was added: one section or one line more, all else as before
        differing = {n for n in new_meaning if new_meaning[n] != old_meaning.get(n)}
        assert len(differing) == 1
        assert len(everything(conf)) == len(was) + 1
        (file,) = differing
        sections = [s for s in new_meaning[file] if s not in old_meaning.get(file, [])]
        assert len(sections) == 1
    elif maker < UPDATED:  # something was updated: its options, and no others
        changed = set()
        for name, sections in new_meaning.items():
            for now, old in zip(sections, old_meaning[name], strict=True):
                assert now[0] == old[0]
                changed |= {pair[0] for pair in set(now[1]) ^ set(old[1])}
        assert changed <= {"context", "endpoint/context", "inbound_auth/password", "6000"}
        assert len(everything(conf)) == len(was)
    else:
        assert [len(s) for s in new_meaning.values()] == [len(s) for s in old_meaning.values()]


@pytest.mark.parametrize("cls", objects.TYPED, ids=lambda cls: cls.__name__)
@given(st.data())
@TENTH
def test_an_object_of_any_class_is_added_changed_and_removed(cls: Any, data: Any) -> None:
    first, second = data.draw(objects.typed(cls)), data.draw(objects.typed(cls))
    conf = asterconf.Config.from_texts({"pjsip.conf": "[u]\ntype=transport\n"})
    try:
        now = conf.add(first).obj
    except EditError:
        return
    assert now == first
    if hasattr(first, "name"):
        second = attrs.evolve(second, name=first.name)
    before = texts(conf)
    try:
        now = conf.put(second).obj
    except EditError:
        assert texts(conf) == before
    else:
        assert now == second
        if hasattr(first, "name") and not cls.section_name():
            other = conf.rename(now, "other").apply().obj
            assert other == attrs.evolve(now, name="other")
            assert conf.rename(other, now.name).apply().obj == now
    conf.remove(now)
    assert texts(conf)["pjsip.conf"] == "[u]\ntype=transport\n"


@HALF
@given(st.data())
def test_a_section_of_any_documented_kind_is_added_changed_and_removed(data: Any) -> None:
    first = data.draw(objects.any_config_object())
    second = attrs.evolve(
        data.draw(objects.config_objects(first.file, first.kind)), name=first.name
    )
    start = {"pjsip.conf": "[u]\ntype=transport\n", "queues.conf": "[x]\n[general]\n"}
    conf = asterconf.Config.from_texts(start)
    try:
        added = conf.add(first).obj
    except EditError:
        assert texts(conf) == start
        return
    assert dict(added.options).items() >= dict(first.options).items()
    before = texts(conf)
    try:
        now = conf.put(second).obj
    except EditError:
        assert texts(conf) == before
    else:
        assert dict(now.options).items() == dict(second.options).items()
    conf.remove(conf.put(first).obj)
    assert {n: t for n, t in texts(conf).items() if n in start} == start
