"""Laws of `Config.edit`: many edits mean what they mean one by one, and happen whole or not."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
import pytest
from hypothesis import assume, event, given
from hypothesis import strategies as st

import asterconf
from asterconf.errors import AsterconfError, EditError
from asterconf.model import Extension, Mailbox
from asterconf.testing.strategies import objects
from tests.properties.test_verb_laws import (
    HALF,
    NEW,
    Texts,
    configurations,
    everything,
    some_changes,
    texts,
)

Edit = tuple[str, Any, dict[str, Any]]
"""A verb, what it is about, and its options."""


def an_edit(data: Any, there: list[Any], names: list[str]) -> Edit:
    verbs = ["add", "update", "update", "remove", "rename"] if there else ["add"]
    verb = data.draw(st.sampled_from(verbs))
    if verb == "add":
        new = data.draw(NEW)
        if not isinstance(new, Mailbox):
            new = attrs.evolve(new, name=f"new{new.name}{len(names)}")
            names.append(new.name)
        return "add", new, {}
    obj = data.draw(st.sampled_from(there))
    if verb == "update":
        return "update", obj, some_changes(data, obj)
    if verb == "rename":
        names.append("")
        return "rename", obj, {"to": str(9000 + len(names))}
    return "remove", obj, {}


def make(conf: asterconf.Config, edit: Edit) -> None:
    verb, obj, options = edit
    if verb == "rename":
        conf.rename(obj, options["to"]).apply()
        return
    run: Callable[..., Any] = getattr(conf, verb)
    run(obj, **options)


@HALF
@given(configurations, st.data(), st.integers(2, 6))
def test_a_batch_means_what_its_edits_mean_one_by_one_or_nothing(
    before: Texts, data: Any, many: int
) -> None:
    singly, batch = (asterconf.Config.from_texts(before) for _ in range(2))
    there, names = [*everything(singly).values()], list[str]()
    edits = [an_edit(data, there, names) for _ in range(many)]
    failed: AsterconfError | None = None
    try:
        for edit in edits:
            make(singly, edit)
    except AsterconfError as error:
        failed = error
    event("fails" if failed else "/".join(sorted({verb for verb, *_ in edits})))
    try:
        with batch.edit():
            for edit in edits:
                make(batch, edit)
    except AsterconfError:
        assert failed is not None
        assert texts(batch) == before
    else:
        assert failed is None
        assert texts(batch) == texts(singly)
        assert everything(batch) == everything(singly)


@HALF
@given(
    configurations | st.just({"extensions.conf": "[home]\n"}),
    st.lists(objects.house_extensions, min_size=2, max_size=6),
    st.data(),
)
def test_phones_that_come_together_stand_as_if_they_came_one_by_one(
    before: Texts, phones: list[Extension], data: Any
) -> None:
    if data.draw(st.booleans()):  # all alike: these are written at once
        phones = [attrs.evolve(phones[0], secret=one.secret) for one in phones]
    new = [attrs.evolve(p, name=f"new{n}") for n, p in enumerate(phones)]
    singly, batch = (asterconf.Config.from_texts(before) for _ in range(2))
    try:
        for one in new:
            singly.add(one)
    except EditError:
        assume(False)
    with batch.edit() as edit:
        for one in new:
            batch.add(one)
    assert texts(batch) == texts(singly)
    assert [result.obj for result in edit.results] == [singly.extensions[p.name] for p in new]


@HALF
@given(configurations, st.data())
def test_what_is_removed_together_leaves_what_it_leaves_one_by_one(
    before: Texts, data: Any
) -> None:
    singly, batch = (asterconf.Config.from_texts(before) for _ in range(2))
    there = [*everything(singly).values()]
    assume(there)
    gone = data.draw(st.lists(st.integers(0, len(there) - 1), unique=True, min_size=1))
    try:
        for at in gone:
            singly.remove(there[at])
    except EditError:
        assume(False)
    with batch.edit() as edit:
        for at in gone:
            batch.remove(there[at])
    assert texts(batch) == texts(singly)
    assert [result.action for result in edit.results] == ["removed"] * len(gone)


def _fail_inside(conf: asterconf.Config) -> None:
    with conf.edit():
        conf.update("one", timeout=20)
        assert conf.queues["one"].timeout == 20
        conf.remove("two")
        raise RuntimeError


def test_what_fails_inside_leaves_nothing_behind() -> None:
    conf = asterconf.Config.from_texts({"queues.conf": "[one]\ntimeout=10\n\n[two]\n"})
    before = texts(conf)
    with pytest.raises(RuntimeError):
        _fail_inside(conf)
    assert texts(conf) == before
    conf.update("one", timeout=30)
    assert conf.queues["one"].timeout == 30
