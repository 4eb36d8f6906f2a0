"""Functions that ask for the state of the PBX: devices, hints, queues, mailboxes and chance."""

from __future__ import annotations

import re

import pytest

from asterconf import Config
from asterconf.calls import World

QUEUES = "[general]\n[q]\nmember => PJSIP/1\nmember => PJSIP/2\nmember => PJSIP/3\n[none]\n"
BOXES = "[general]\n[default]\n100 => 4711,Anna\n[other]\n200 => 4711,Ben\n"
HINTS = (
    "exten => 1,hint,PJSIP/1\nexten => 2,hint,PJSIP/1&PJSIP/2\n"
    "exten => 3,hint,PJSIP/1&PJSIP/2&PJSIP/3\nexten => _4X,hint,PJSIP/${EXTEN}\n"
)


def plays(*steps: str, world: World | None = None) -> tuple[str, ...]:
    """Return the sounds that a call plays, whose names are values of functions."""
    lines = "".join(f" same => n,{one}\n" for one in steps)
    phones = "".join(f"[{name}]\ntype=endpoint\n" for name in ("1", "2", "3", "40"))
    texts = {
        "extensions.conf": f"[in]\nexten => 9,1,Answer()\n{lines}{HINTS}",
        "pjsip.conf": phones, "queues.conf": QUEUES, "voicemail.conf": BOXES,
    }  # fmt: skip
    return Config.from_texts(texts).call("9", entry="context:in", world=world).plays


def value(function: str, world: World | None = None) -> str:
    (found,) = plays(f"Playback(x${{{function}}})", world=world)
    return found.removeprefix("x")


@pytest.mark.parametrize(
    ("hint", "devices", "state"),
    [
        ("1@in", {}, "NOT_INUSE"),
        ("1@in", {"PJSIP/1": "INUSE"}, "INUSE"),
        ("1@in", {"PJSIP/1": "BUSY"}, "BUSY"),
        ("1@in", {"PJSIP/1": "ONHOLD"}, "ONHOLD"),
        ("1@in", {"PJSIP/1": "RINGING"}, "RINGING"),
        ("1@in", {"PJSIP/1": "RINGINUSE"}, "RINGINUSE"),
        ("1@in", {"PJSIP/1": "UNAVAILABLE"}, "UNAVAILABLE"),
        ("2@in", {"PJSIP/1": "UNAVAILABLE"}, "NOT_INUSE"),
        ("2@in", {"PJSIP/*": "UNAVAILABLE"}, "UNAVAILABLE"),
        ("2@in", {"PJSIP/2": "INUSE"}, "INUSE"),
        ("2@in", {"PJSIP/1": "INUSE", "PJSIP/2": "BUSY"}, "BUSY"),
        ("2@in", {"PJSIP/1": "INUSE", "PJSIP/2": "RINGING"}, "RINGINUSE"),
        ("2@in", {"PJSIP/1": "ONHOLD", "PJSIP/2": "RINGING"}, "RINGINUSE"),
        ("2@in", {"PJSIP/1": "ONHOLD", "PJSIP/2": "INUSE"}, "INUSE"),
        ("3@in", {"PJSIP/3": "ONHOLD", "PJSIP/1": "UNAVAILABLE"}, "ONHOLD"),
        ("40@in", {"PJSIP/40": "INUSE"}, "INUSE"),
        ("1@in", {"PJSIP/1": "UNKNOWN"}, "NOT_INUSE"),
        ("1@in", {"PJSIP/1": "INVALID"}, "UNAVAILABLE"),
        ("2@in", {"PJSIP/1": "UNKNOWN", "PJSIP/2": "UNAVAILABLE"}, "UNAVAILABLE"),
    ],
)
def test_the_state_of_a_hint_is_that_of_its_devices(
    hint: str, devices: dict[str, str], state: str
) -> None:
    """Of several devices the state counts that stands highest in main/devicestate.c."""
    assert value(f"EXTENSION_STATE({hint})", World(devices=devices)) == state


@pytest.mark.parametrize(
    ("device", "devices", "state"),
    [
        ("PJSIP/1", {}, "NOT_INUSE"),
        ("PJSIP/1", {"PJSIP/1": "RINGING"}, "RINGING"),
        ("PJSIP/2", {"PJSIP/*": "BUSY", "PJSIP/2": "INUSE"}, "INUSE"),
        ("nothing", {}, "INVALID"),
    ],
)
def test_the_state_of_a_device(device: str, devices: dict[str, str], state: str) -> None:
    assert value(f"DEVICE_STATE({device})", World(devices=devices)) == state


def test_a_custom_device_has_the_state_that_it_was_given() -> None:
    found = plays(
        "Set(DEVICE_STATE(Custom:door)=inuse)", "Playback(${DEVICE_STATE(Custom:door)})",
        "Set(DEVICE_STATE(PJSIP/1)=busy)", "Playback(${DEVICE_STATE(PJSIP/1)})",
    )  # fmt: skip
    assert found == ("INUSE", "NOT_INUSE")


@pytest.mark.parametrize(
    ("function", "number"),
    [
        ("QUEUE_MEMBER(q,count)", "3"),
        ("QUEUE_MEMBER(q,logged)", "3"),
        ("QUEUE_MEMBER(q,free)", "3"),
        ("QUEUE_MEMBER(q,ready)", "3"),
        ("QUEUE_MEMBER(none,count)", "0"),
        ("QUEUE_MEMBER(nosuch,count)", "0"),
        ("QUEUE_EXISTS(q)", "1"),
        ("QUEUE_EXISTS(nosuch)", "0"),
        ("QUEUE_WAITING_COUNT(q)", "0"),
        ("VM_INFO(100,exists)", "1"),
        ("VM_INFO(100@default,exists)", "1"),
        ("VM_INFO(200,exists)", "0"),
        ("VM_INFO(200@other,exists)", "1"),
    ],
)
def test_queues_and_mailboxes_are_those_of_the_files(function: str, number: str) -> None:
    assert value(function) == number


def test_a_paused_member_is_neither_free_nor_ready() -> None:
    asked = [f"Playback(x${{QUEUE_MEMBER(q,{one})}})" for one in ("count", "free", "ready")]
    assert plays("PauseQueueMember(q,PJSIP/2)", *asked) == ("x3", "x2", "x2")


@pytest.mark.parametrize(
    ("limits", "least", "most"), [("1,6", 1, 6), ("6,1", 1, 6), ("5,5", 5, 5), ("-3,-2", -3, -2)]
)
def test_chance_stays_within_its_limits(limits: str, least: int, most: int) -> None:
    found = {int(value(f"RAND({limits})", World(seed=seed))) for seed in range(12)}
    assert min(found) >= least
    assert max(found) <= most
    assert len(found) > 1 or least == most


def test_a_uuid_has_the_form_of_one_and_comes_of_the_seed() -> None:
    found = value("UUID()", World(seed=1))
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", found)
    assert value("UUID()", World(seed=1)) == found
    assert value("UUID()", World(seed=2)) != found
