"""What `buildable()` does to a home with one fault: no more than that, and it says what."""

from __future__ import annotations

import json
from typing import Any

import attrs
import pytest

from asterconf.home import HomePBX
from asterconf.home.home import Adoption
from asterconf.model import Extension, Mailbox
from tests.unit.home.homes import home
from tests.unit.home.test_build_faults import FAULTS

DEFAULT = "the default is taken"
PLACEHOLDER = "a placeholder stands there"
OWNER = "Change Me <+15555550100> is a placeholder"
DONE: dict[str, tuple[str, str]] = {
    "owner": (OWNER, "owner"),
    "area_code": (DEFAULT, "area_code"),
    "network.rtp_ports": (DEFAULT, "network"),
    "network.external_address": (DEFAULT, "network"),
    "network.local_networks[0]": (DEFAULT, "network"),
    "network.local_networks[1]": (DEFAULT, "network"),
    "network.bind": (DEFAULT, "network"),
    "voicemail.time_zone": (DEFAULT, "voicemail"),
    "extensions[0].secret": (PLACEHOLDER, "extensions"),
    "extensions[0].name": ("{name} is left out", "extensions"),
    "extensions[1].name": ("6001 is left out", "extensions"),
    "extensions[0].context": (DEFAULT, "extensions"),
    "extensions[0].transport": (DEFAULT, "extensions"),
    "extensions[0].number": (DEFAULT, "extensions"),
    "trunks[0].remote_hosts": (PLACEHOLDER, "trunks"),
    "trunks[0].username": (PLACEHOLDER, "trunks"),
    "trunks[0].contact_user": (DEFAULT, "trunks"),
    "there is no trunk": ("the usual features are taken", "features"),
    "features": ("the usual features are taken", "features"),
    "features.outgoing_calls.trunk": (DEFAULT, "features"),
    "features.intercom": ("intercom is left out", "features"),
    "mailboxes[0].initial_pin": (PLACEHOLDER, "mailboxes"),
    "mailboxes[0].context": (DEFAULT, "mailboxes"),
    "mailboxes[1].number": ("6000 is left out", "mailboxes"),
    "queues[0].name": ("general is left out", "queues"),
    "queues[1].name": ("a is left out", "queues"),
}
"""What is done about a fault at each place, and which field of the home is another one then."""


def changed(before: HomePBX, after: HomePBX) -> list[str]:
    names = [field.name for field in attrs.fields(HomePBX)]
    return [name for name in names if getattr(before, name) != getattr(after, name)]


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_a_fault_is_repaired_and_nothing_else_is_touched(
    changes: dict[str, Any], fault: str
) -> None:
    pbx = home(**changes)
    better = Adoption(pbx).buildable()
    assert better.pbx.files()  # which raises where a fault is left
    path = fault.partition(": ")[0]
    done, field = DONE[path]
    names = [one.name for one in pbx.extensions]
    assert better.assumed[0].endswith(f": {done.format(name=names[0])}")
    assert set(changed(pbx, better.pbx)) - {"features"} == {field} - {"features"}
    assert better.assumed[0].startswith(path)


def test_one_repair_may_settle_several_faults_of_a_place() -> None:
    # Its context is unknown, so 911 cannot be dialled either; the phone itself is not at fault.
    pbx = home(extensions=[Extension("6001", secret="x", context="garden")])
    better = Adoption(pbx).buildable()
    assert [one.name for one in better.pbx.extensions] == ["6001"]
    assert better.assumed == (
        "extensions[0].context: no feature makes a context 'garden': the default is taken",
    )


def test_the_owner_is_kept_where_the_features_are_at_fault() -> None:
    for changes, fault in FAULTS:
        if fault.startswith(("there is no trunk", "features: ")):
            better = Adoption(home(**changes)).buildable()
            assert str(better.pbx.owner) == "John Doe <+15555555555>"
            assert better.pbx.features is None


def test_without_its_queues_a_home_has_the_usual_one() -> None:
    (changes,) = (changes for changes, fault in FAULTS if fault.startswith("queues[0].name"))
    better = Adoption(home(**changes)).buildable()
    assert better.pbx.queues is None
    conf = better.pbx.plan()
    assert [queue.name for queue in conf.queues] == ["home-phones"]
    assert len(better.assumed) == 1


def test_several_faults_are_repaired_each_by_its_own_place() -> None:
    pbx = home(
        area_code="1",
        extensions=[
            Extension("6001", secret="quiet-Harbor-2207"),
            Extension("6 2", secret="x"),
            Extension("6003"),
        ],
        mailboxes=[Mailbox("6000", initial_pin="8305"), Mailbox("6000", initial_pin="7193")],
    )
    better = Adoption(pbx).buildable()
    assert [one.name for one in better.pbx.extensions] == ["6001", "6003"]
    assert [one.initial_pin and one.initial_pin.reveal() for one in better.pbx.mailboxes] == [
        "8305"
    ]  # fmt: skip
    assert better.pbx.extensions[0] == pbx.extensions[0]
    secret = better.pbx.extensions[1].secret
    assert secret is not None
    assert secret.reveal() == "change-me-before-use"
    assert len(better.assumed) == 4
    assert better.buildable() == better


def test_the_text_of_an_adoption_tells_what_was_assumed_and_shows_no_password() -> None:
    text = Adoption(home(extensions=[Extension("6001")])).buildable().to_toml()
    assert "# - extensions[0].secret: is missing; nobody could register: a placeholder" in text
    assert "s3cret" not in text
    assert json.dumps("********") in text
