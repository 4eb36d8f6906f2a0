"""Laws of objects: what is written is read back, as text and as plain data."""

from __future__ import annotations

import json
import tomllib
from typing import Any

import attrs
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from asterconf.bind.pjsip import read_pjsip
from asterconf.bind.queues import read_queues
from asterconf.bind.sections import read_section, read_typed
from asterconf.bind.voicemail import read_mailboxes
from asterconf.bind.writing import FreshSection, Style, sections_of
from asterconf.errors import EditError
from asterconf.home.sidecar import to_toml
from asterconf.model import ConfigObject, Extension, Trunk
from asterconf.model.configobject import SchemaObject
from asterconf.resolve import Effective, Files, resolve
from asterconf.syntax import Document
from asterconf.testing.strategies import objects
from asterconf.wire import structure, unstructure

FEWER = settings(max_examples=max(settings().max_examples // 5, 10))
"""For a law that holds for each of many classes."""


def written(sections: tuple[FreshSection, ...]) -> dict[str, Effective | None]:
    """Write sections into files that hold nothing else, and read these."""
    documents: dict[str, Document] = {}
    for fresh in sections:
        document = documents.setdefault(fresh.file, Document("", name=fresh.file))
        section = document.add_section(fresh.name)
        for name, value in fresh.options:
            section.add(name, value)
    files = Files(None, documents)
    return {name: resolve(files, name) for name in documents}


def one(sections: tuple[FreshSection, ...]) -> Any:
    (effective,) = written(sections).values()
    assert effective is not None
    (section,) = effective.live
    return section


@given(objects.any_config_object())
def test_any_section_says_what_its_object_says(obj: ConfigObject) -> None:
    bound = read_section(one(sections_of(obj)), obj.facts)
    assert bound is not None
    assert bound.obj == obj


@pytest.mark.parametrize("cls", objects.TYPED, ids=lambda cls: cls.__name__)
@FEWER
@given(st.data())
def test_a_typed_object_is_read_as_it_was_written(cls: type[SchemaObject], data: Any) -> None:
    obj = data.draw(objects.typed(cls))
    bound = read_typed(one(sections_of(obj)), cls)
    assert bound is not None
    assert bound.obj == obj
    assert cls.from_object(obj.to_object()) == obj


@given(objects.queues)
def test_a_queue_is_read_as_it_was_written(queue: Any) -> None:
    effective = written(sections_of(queue))["queues.conf"]
    members = {member.interface.lower(): member for member in queue.members}
    expected = attrs.evolve(queue, members=tuple(members.values()))
    assert read_queues(effective).values() == {queue.name: expected}


@given(objects.mailboxes)
def test_a_mailbox_is_read_as_it_was_written(box: Any) -> None:
    assume(box.context not in {"general", "zonemessages"})
    effective = written(sections_of(box))["voicemail.conf"]
    pin = box.initial_pin or None
    assert read_mailboxes(effective).values() == {box.address: attrs.evolve(box, initial_pin=pin)}


def in_a_house(thing: Extension | Trunk, style: Style) -> tuple[Any, ...]:
    """Write an extension or trunk in a style, and return both files as they are read."""
    read = written(sections_of(thing, style=style))
    return read.get("pjsip_wizard.conf"), read.get("pjsip.conf")


@pytest.mark.parametrize("style", ["wizard", "primitives"])
@FEWER
@given(objects.house_extensions)
def test_an_extension_is_read_as_it_was_written(style: Style, extension: Extension) -> None:
    (bound,) = read_pjsip(*in_a_house(extension, style)).extensions.values()
    assert bound.obj == attrs.evolve(extension, number=bound.obj.number, phone=None)


@pytest.mark.parametrize("style", ["wizard", "primitives"])
@FEWER
@given(objects.house_trunks)
def test_a_trunk_is_read_as_it_was_written(style: Style, trunk: Trunk) -> None:
    (bound,) = read_pjsip(*in_a_house(trunk, style)).trunks.values()
    assert bound.obj == trunk


@given(objects.objects)
def test_plain_data_and_objects_are_the_same(thing: Any) -> None:
    data = json.loads(json.dumps(unstructure(thing)))
    assert structure(data, type(thing)) == thing


@given(objects.any_config_object() | objects.schema_objects | objects.extensions | objects.queues)
def test_toml_and_objects_are_the_same(thing: Any) -> None:
    data = unstructure(thing, null=False)
    assume("\\udc" not in json.dumps(data))  # TOML is UTF-8
    assert structure(tomllib.loads(to_toml(data)), type(thing)) == thing


@given(st.text("ab\n\0];,[=#\\${} \t\ud83d\x7f", max_size=8), st.sampled_from(["bind", "domain"]))
def test_no_value_makes_another_line(value: str, option: str) -> None:
    """A hostile value is written so that it is read back, or refused."""
    try:
        obj = ConfigObject("pjsip.conf", "transport", "t", {option: value})
        section = one(sections_of(obj))
    except (ValueError, EditError):
        return
    assert section.pairs == [("type", "transport"), (option, value)]
