"""The example home PBX on a real Asterisk, with real phones."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import asterconf

from .phones import MakePhone
from .rig import Asterisk

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "home.toml"

ALLOWED = (
    # The provider of the example is a name that leads to an address where nobody answers.
    (
        r"WARNING res_pjsip_outbound_registration.c: No response received from "
        r"'sip:atlanta2.voip.ms:5060' on registration attempt to .*"
    ),
)
"""What may be logged, since it has nothing to do with what was built."""


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example as the command does, with all that a bare Asterisk needs."""
    folder = tmp_path_factory.mktemp("home") / "asterisk"
    asterconf.HomePBX.from_toml(EXAMPLE).write(folder, complete=True)
    return folder


@pytest.fixture(scope="module")
def home(
    asterisk_root: Path, built: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Asterisk]:
    """Boot it once for all tests."""
    run = tmp_path_factory.mktemp("run") / "asterisk"
    with Asterisk(asterisk_root, built, run, hosts={"atlanta2.voip.ms": "127.0.0.9"}) as running:
        yield running


@pytest.fixture(scope="module")
def conf(built: Path) -> asterconf.Config:
    """Read the same files."""
    return asterconf.load(built)


def test_it_boots_without_a_warning(home: Asterisk) -> None:
    said = [str(record) for record in home.log_lines(("WARNING", "ERROR"))]
    assert [line for line in said if not any(re.fullmatch(a, line) for a in ALLOWED)] == []


def test_endpoints_are_those_of_the_objects(home: Asterisk, conf: asterconf.Config) -> None:
    shown = re.findall(r"(?m)^ Endpoint:  ([^ /<]+)", home.cli("pjsip show endpoints"))
    assert sorted(shown) == sorted(conf.endpoints)
    assert sorted(shown) == ["6001", "6002", "6003", "voipms"]
    for name, extension in conf.extensions.items():
        details = home.cli(f"pjsip show endpoint {name}")
        shown_as = dict(re.findall(r"(?m)^ (callerid|mailboxes|context) +: (.*?) *$", details))
        assert shown_as == {
            "callerid": f'"{extension.callerid.name}" <{extension.callerid.number}>',
            "mailboxes": extension.mailbox,
            "context": extension.context,
        }


def test_queues_are_those_of_the_objects(home: Asterisk, conf: asterconf.Config) -> None:
    shown = home.cli("queue show")
    assert re.findall(r"(?m)^(\S+) has \d+ calls", shown) == list(conf.queues)
    members = re.findall(r"(?m)^      (.*?) \((PJSIP/\S+)\)", shown)
    queue = conf.queues["home-phones"]
    assert sorted(members) == sorted((m.name, m.interface) for m in queue.members)
    assert f"in '{queue.strategy}' strategy" in shown


def test_mailboxes_are_those_of_the_objects(home: Asterisk, conf: asterconf.Config) -> None:
    shown = re.findall(r"(?m)^(\S+) +(\d+) +(\S.*?)  ", home.cli("voicemail show users"))
    assert [f"{number}@{context}" for context, number, _ in shown] == list(conf.mailboxes)
    assert [name for _, _, name in shown] == [box.name for box in conf.mailboxes.values()]


def test_every_step_of_the_dialplan_is_that_of_the_objects(
    home: Asterisk, conf: asterconf.Config
) -> None:
    real = {
        (e["Context"], e["Extension"], int(e["Priority"]), e["Application"], e.get("AppData"))
        for e in home.ami.action("ShowDialPlan")
        if e.get("Registrar") == "pbx_config" and e.get("Priority").isdigit()
    }
    ours = {
        (context.name, extension.name, step.priority, step.app, step.data)
        for context in conf.dialplan
        for extension in context.extensions
        for step in extension.steps
    }
    assert ours == real
    assert len(ours) == 49
    hints = home.cli("core show hints")
    for name in conf.extensions:
        assert re.search(rf"{name}@subscribe +: PJSIP/{name} ", hints)


def test_one_phone_calls_another(home: Asterisk, phone: MakePhone) -> None:
    living = phone("6001", "s3cret", home.sip_port)
    kitchen = phone("6002", "s3cret2", home.sip_port, answers=180)
    mobile = phone("6003", "s3cret3", home.sip_port, protocol="tcp")
    assert [p.register() for p in (living, kitchen, mobile)] == [200, 200, 200]
    call = living.call("6002")
    ringing = kitchen.wait_call()
    assert "Living Room" in ringing.remote
    assert "6001" in ringing.remote
    ringing.answer()
    call.wait_for("CONFIRMED")
    ringing.wait_for("CONFIRMED")
    call.hangup()
    ringing.wait_for("DISCONNECTED")


def test_the_intercom_pages_the_other_phones(home: Asterisk, phone: MakePhone) -> None:
    living = phone("6001", "s3cret", home.sip_port)
    kitchen = phone("6002", "s3cret2", home.sip_port)
    assert [p.register() for p in (living, kitchen)] == [200, 200]
    living.call("6000").wait_for("CONFIRMED")
    paged = kitchen.wait_call()
    assert paged.invite["Alert-Info"] == "auto answer"
    assert "Intercom" in paged.remote
    paged.wait_for("CONFIRMED")


def test_strangers_are_refused(home: Asterisk, phone: MakePhone) -> None:
    assert phone("6001", "wrong", home.sip_port).register() in {401, 403}
    living = phone("6001", "s3cret", home.sip_port)
    assert living.register() == 200
    call = living.call("6004")
    call.wait_for("DISCONNECTED")
    assert call.status == 484  # no phone, but a number of seven digits may begin so
