"""`wire`: what a dict looks like, the round trip, and how faults are told."""

import json
from typing import Any

import attrs
import pytest
from hypothesis import given

from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
    Hint,
    Include,
)
from asterconf.errors import ModelError
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember, Secret, phones
from asterconf.testing.strategies import objects as model
from asterconf.wire import DataFault, collect, structure, unstructure


@given(model.objects)
def test_structure_undoes_unstructure(thing: Any) -> None:
    assert structure(unstructure(thing), type(thing)) == thing


@given(model.objects)
def test_the_plain_form_survives_json(thing: Any) -> None:
    data = unstructure(thing)
    assert structure(json.loads(json.dumps(data)), type(thing)) == thing


def test_names_are_the_models_own_and_defaults_are_left_out() -> None:
    extension = Extension(
        "6001",
        callerid=CallerID("Living Room", "6001"),
        secret="s3cret",
        codecs=["g722", "ulaw"],
        phone=phones.Yealink("T54W"),
    )
    assert unstructure(extension) == {
        "name": "6001",
        "callerid": "Living Room <6001>",
        "secret": "s3cret",
        "codecs": ["g722", "ulaw"],
        "phone": "Yealink T54W",
    }


def test_an_extension_without_a_number_says_so() -> None:
    assert unstructure(Extension("6001", number=None)) == {"name": "6001", "number": None}


def test_a_queue_holds_its_members_as_tables() -> None:
    queue = Queue("home", timeout=30, members=[QueueMember("PJSIP/1", name="Hall"), "PJSIP/2"])
    assert unstructure(queue) == {
        "name": "home",
        "timeout": 30,
        "members": [{"interface": "PJSIP/1", "name": "Hall"}, {"interface": "PJSIP/2"}],
    }


def test_a_context_holds_its_extensions_and_steps() -> None:
    context = DialplanContext(
        "home",
        [DialplanExtension("1", None, [DialplanStep(1, "NoOp")], Hint(["PJSIP/1"]))],
        [Include("other")],
    )
    assert unstructure(context) == {
        "name": "home",
        "extensions": [
            {
                "name": "1",
                "steps": [{"priority": 1, "app": "NoOp"}],
                "hint": {"devices": ["PJSIP/1"]},
            }
        ],
        "includes": [{"context": "other"}],
    }


def test_a_whole_number_will_do_for_seconds() -> None:
    assert structure({"name": "a", "qualify_timeout": 3}, Extension).qualify_timeout == 3.0


def test_a_caller_id_may_be_a_table() -> None:
    data = {"name": "a", "callerid": {"name": "Hall", "number": "1"}}
    assert structure(data, Extension).callerid == CallerID("Hall", "1")


def test_all_faults_are_listed_with_their_paths() -> None:
    data = [
        {"name": "6001"},
        {
            "callerid": 7,
            "secret": 1234,
            "max_contacts": "1",
            "direct_media": "yes",
            "qualify_frequency": -2,
            "colour": "red",
        },
    ]
    with pytest.raises(ModelError) as caught:
        structure(data, tuple[Extension, ...])
    known = ", ".join(field.name for field in attrs.fields(Extension))
    assert str(caught.value).split("\n") == [
        f"[1].colour: is not known here; known are {known}",
        "[1].name: is missing",
        "[1].callerid: must be text such as 'Kitchen <6002>', not 7",
        "[1].secret: must be text in quotes",
        "[1].max_contacts: must be a whole number, not '1'",
        "[1].direct_media: must be true or false, not 'yes'",
        "[1].qualify_frequency: must be from 0 to 86400, not -2",
    ]


def test_a_fault_within_a_list_within_an_object_has_the_whole_path() -> None:
    _, faults = collect({"name": "q", "members": [{"interface": 5}, 3]}, Queue, "queues[0]")
    names = ", ".join(field.name for field in attrs.fields(QueueMember))
    assert faults == [
        DataFault("queues[0].members[0].interface", "must be text, not 5"),
        DataFault("queues[0].members[1]", f"must be a table of {names}, not 3"),
    ]


def test_a_misspelt_key_is_answered_with_the_nearest() -> None:
    with pytest.raises(ModelError) as caught:
        structure({"number": "1", "emial": "x"}, Mailbox)
    assert str(caught.value) == "emial: is not known here; did you mean email?"


def test_a_secret_that_is_wrong_is_not_shown() -> None:
    with pytest.raises(ModelError) as caught:
        structure({"number": "1", "initial_pin": 1234}, Mailbox)
    assert str(caught.value) == "initial_pin: must be text in quotes"


def test_what_is_no_table_is_no_object() -> None:
    with pytest.raises(ModelError, match=r"^must be a table of name, number, callerid"):
        structure([], Extension)


def test_an_unknown_kind_of_phone_is_refused() -> None:
    with pytest.raises(ModelError) as caught:
        structure({"name": "a", "phone": "Nokia"}, Extension)
    assert str(caught.value) == (
        "phone: there is no kind of phone 'Nokia'; "
        "known are DeskPhone, Linphone, Softphone, Yealink"
    )


def test_a_secret_becomes_its_value() -> None:
    assert unstructure(Secret("s3cret")) == "s3cret"
