"""Several numbers, hours, the night, unanswered calls, pickup, silent providers, hidden callers."""

from __future__ import annotations

from typing import Any

import attrs
import pytest

from asterconf.errors import BuildError, ModelError
from asterconf.features import (
    BlockedCallers,
    EmergencyCalls,
    LocalCalls,
    Menu,
    NightSwitch,
    OutgoingCalls,
    Pickup,
    usual_features,
)
from asterconf.home import HomePBX, Hours, PublicNumber, providers
from asterconf.home.description import FEATURES
from asterconf.model import Extension, Mailbox, Queue
from tests.unit.home.homes import home, lines

TWO = [
    providers.generic("a.example", "me", "lake-Orbit-7311", "a"),
    providers.generic("b.example", "me", "lake-Orbit-7312", "b"),
]
BOXES = [Mailbox("6000", initial_pin="8305"), Mailbox("6002", initial_pin="7193")]


def block(name: str, context: str, pbx: HomePBX) -> list[str]:
    """Return the steps of an extension of a built dialplan."""
    found = lines("extensions.conf", context, pbx)
    start = next(n for n, line in enumerate(found) if line.startswith(f"exten => {name},1,"))
    steps = [found[start].partition(",1,")[2]]
    for line in found[start + 1 :]:
        if not line.startswith("same"):
            break
        steps.append(line.partition("n,")[2])
    return steps


def with_features(*features: Any, without: tuple[str, ...] = (), **changes: Any) -> HomePBX:
    order = list(FEATURES.values())
    found = [*usual_features(without=without), *features]
    return home(features=sorted(found, key=lambda f: order.index(type(f))), **changes)


# providers that say nothing


def test_an_emergency_call_leaves_a_silent_trunk_and_cuts_no_ringing() -> None:
    pbx = home(trunks=TWO)
    assert block("911", "emergency", pbx)[1:] == [
        "Dial(PJSIP/${EXTEN}@a,^8)", "Dial(PJSIP/${EXTEN}@b)", "Hangup()",
    ]  # fmt: skip
    assert block("911", "emergency", home())[1:] == ["Dial(PJSIP/${EXTEN}@voipms)", "Hangup()"]


def test_a_call_leaves_a_silent_trunk_but_not_one_that_rang() -> None:
    calls = (EmergencyCalls(progress_seconds=5), OutgoingCalls(progress_seconds=6))
    pbx = with_features(*calls, without=("emergency_calls", "outgoing_calls"), trunks=TWO)
    steps = block("_+1NXXNXXXXXX", "outgoing", pbx)
    assert steps[1] == "Dial(PJSIP/${EXTEN}@a,^6)"
    assert steps[2].startswith('ExecIf($["${DIALSTATUS}" = "CHANUNAVAIL" | ')
    assert '"${DIALSTATUS}${RINGTIME}${PROGRESSTIME}" = "NOANSWER"]' in steps[2]
    assert steps[2].endswith("?Dial(PJSIP/${EXTEN}@b))")
    assert block("911", "emergency", pbx)[1] == "Dial(PJSIP/${EXTEN}@a,^5)"


# further public numbers

NUMBERS = [
    PublicNumber("+15555550001", to="6002"),
    PublicNumber("+15555550002", to="few", name="Office", phones=["6001"], trunk="b"),
    PublicNumber("+15555550003", to="6000@default"),
    PublicNumber("+15555550004", to="home", trunk="a"),
]
QUEUES = [Queue("home-phones"), Queue("few", members=["PJSIP/6001"])]


def test_a_number_belongs_to_a_phone_a_queue_or_a_mailbox() -> None:
    pbx = home(trunks=TWO, numbers=NUMBERS, queues=QUEUES, mailboxes=BOXES)
    assert block("+15555550001", "public-numbers", pbx) == [
        "Dial(PJSIP/6002,25)", "VoiceMail(6000@default,su)", "Hangup()",
    ]  # fmt: skip
    assert block("+15555550002", "public-numbers", pbx) == ["Queue(few,nr,,,25)", "Hangup()"]
    assert block("+15555550003", "public-numbers", pbx)[1:] == [
        "VoiceMail(6000@default,su)", "Hangup()",
    ]  # fmt: skip
    assert block("+15555550004", "public-numbers", pbx) == ["Goto(ring-home,s,1)"]
    for form in ("+15555550001", "15555550001", "0015555550001", "5555550001"):
        assert block(form, "from-pstn", pbx) == ["Goto(public-numbers,+15555550001,1)"]
    assert block("s", "from-pstn", pbx) == [
        "Set(TO=${PJSIP_HEADER(read,To)})",
        "Set(TO=${CUT(TO,@,1)})",
        "Set(TO=${FILTER(+0-9,${CUT(TO,:,2)})})",
        "GotoIf(${DIALPLAN_EXISTS(public-numbers,${TO},1)}?public-numbers,${TO},1)",
        "Goto(ring-home,s,1)",
    ]


def test_blocked_callers_reach_no_number() -> None:
    pbx = with_features(BlockedCallers(["+12125550199"]), numbers=NUMBERS[:1])
    assert block("+15555550001", "public-numbers", pbx)[0] == "Gosub(blocked-callers,s,1)"
    assert block("s", "from-pstn", pbx)[0] == "Gosub(blocked-callers,s,1)"


def test_a_phone_calls_from_its_number_by_its_trunk() -> None:
    pbx = home(trunks=TWO, numbers=NUMBERS, queues=QUEUES)
    own = [line for line in lines("pjsip_wizard.conf", "6001", pbx) if "set_var" in line]
    assert own == [
        "endpoint/set_var = MY_CALLER_ID=Office <+15555550002>",
        "endpoint/set_var = OWN_NUMBER=yes",
        "endpoint/set_var = MY_TRUNK=b",
    ]
    steps = block("_+1NXXNXXXXXX", "outgoing", pbx)
    assert steps[0] == "Set(CALLERID(all)=${MY_CALLER_ID})"
    assert steps[1] == 'ExecIf($["${MY_TRUNK}" = "b"]?Dial(PJSIP/${EXTEN}@b))'
    assert steps[2].startswith('ExecIf($["${DIALSTATUS}" = "" & "${OWN_NUMBER}" = ""]?Set(')
    assert "John Doe <+15555550004>" in steps[2]
    assert steps[3] == 'ExecIf($["${DIALSTATUS}" = ""]?Dial(PJSIP/${EXTEN}@a,^8))'


def test_a_number_that_leads_nowhere_is_refused_by_key() -> None:
    text = """\
owner = "John Doe <+15555555555>"

[[trunks]]
provider = "generic"
server = "a.example"
username = "me"
secret = "lake-Orbit-7311"

[[extensions]]
name = "6001"
secret = "mango-Trellis-9034"

[[numbers]]
number = "+15555550001"
to = "6009"
phones = ["6007"]
trunk = "c"
"""
    with pytest.raises(BuildError) as caught:
        HomePBX.from_toml(text)
    assert str(caught.value).split("\n") == [
        (
            "<text>:15: numbers[0].to: is neither an extension, a queue, a mailbox, home, menu nor "
            "a number with +: '6009'"
        ),
        "<text>:16: numbers[0].phones: there is no extension '6007'",
        "<text>:17: numbers[0].trunk: there is no trunk 'c'",
    ]


# hours and the night


def test_hours_lead_calls_the_first_that_fits() -> None:
    hours = [
        Hours(["*,*,24-26,dec", "*,*,1,jan"], to="6000@default", greeting="custom/holiday"),
        Hours("9:00-17:00,mon-fri"),
        Hours("*", to="6002"),
    ]
    pbx = home(hours=hours)
    zone = "America/New_York"
    assert block("s", "hours", pbx) == [
        f"GotoIfTime(*,*,24-26,dec,{zone}?1,1)",
        f"GotoIfTime(*,*,1,jan,{zone}?1,1)",
        f"GotoIfTime(9:00-17:00,mon-fri,*,*,{zone}?2,1)",
        f"GotoIfTime(*,*,*,*,{zone}?3,1)",
        "Return()",
    ]
    assert block("1", "hours", pbx) == [
        "Answer(500)", "Playback(custom/holiday)", "VoiceMail(6000@default,su)", "Hangup()",
    ]  # fmt: skip
    assert block("2", "hours", pbx) == ["Return()"]
    assert block("3", "hours", pbx)[0] == "Dial(PJSIP/6002,25)"
    assert block("s", "from-pstn", pbx) == ["Gosub(hours,s,1)", "Goto(ring-home,s,1)"]
    assert [f.code for f in pbx.check() if "holiday" in f.message] == ["AC819"]


def test_times_that_are_none_are_refused() -> None:
    with pytest.raises(ModelError, match="must be times,weekdays,days,months"):
        Hours("noon")


def test_the_night_is_a_switch_with_a_lamp() -> None:
    pbx = with_features(NightSwitch(greeting="custom/night"))
    on = '$["${DEVICE_STATE(Custom:night)}" = "INUSE"]'
    assert block(r"*28", "from-home", pbx)[1:3] == [
        f"Set(DEVICE_STATE(Custom:night)=${{IF({on}?NOT_INUSE:INUSE)}})",
        f"Playback(${{IF({on}?activated:de-activated)}})",
    ]
    assert "exten => *28,hint,Custom:night" in lines("extensions.conf", "subscribe", pbx)
    assert block("s", "night", pbx) == [
        'GotoIf($["${DEVICE_STATE(Custom:night)}" = "INUSE"]?night,1)', "Return()",
    ]  # fmt: skip
    assert block("night", "night", pbx) == [
        "Answer(500)", "Playback(custom/night)", "VoiceMail(6000@default,su)", "Hangup()",
    ]  # fmt: skip
    assert block("s", "from-pstn", pbx)[0] == "Gosub(night,s,1)"


# calls at home


def test_a_phone_with_a_box_of_its_own_is_not_rung_for_ever() -> None:
    phones = [
        Extension("6001", secret="x"),
        Extension("6002", secret="y", mailbox="6002@default"),
        Extension("6003", secret="z"),
        Extension("6004", secret="z"),
    ]
    local = LocalCalls(20, unanswered={"6003": "6001", "6004": "+12125550100"})
    pbx = with_features(local, without=("local_calls",), extensions=phones, mailboxes=BOXES)
    assert block("6001", "from-home", pbx) == ["Dial(PJSIP/6001)", "Hangup()"]
    assert block("6002", "from-home", pbx) == [
        "Dial(PJSIP/6002,20)", "Answer(500)", "VoiceMail(6002@default,su)", "Hangup()",
    ]  # fmt: skip
    assert block("6003", "from-home", pbx)[:2] == ["Dial(PJSIP/6003,20)", "Dial(PJSIP/6001,20)"]
    assert block("6004", "from-home", pbx) == [
        "Dial(PJSIP/6004,20)", "Goto(outgoing,+12125550100,1)",
    ]  # fmt: skip
    on = attrs.evolve(local, unanswered={"6002": "ring"})
    pbx = with_features(on, without=("local_calls",), extensions=phones, mailboxes=BOXES)
    assert block("6002", "from-home", pbx) == ["Dial(PJSIP/6002)", "Hangup()"]


def test_phones_take_over_each_others_calls() -> None:
    pbx = with_features(Pickup())
    assert block(r"*8", "from-home", pbx) == ["Pickup()", "Hangup()"]
    template = lines("pjsip_wizard.conf", "extension-defaults", pbx)
    assert "endpoint/named_call_group = home" in template
    assert "endpoint/named_pickup_group = home" in template
    assert not any("pickup" in line for line in lines("pjsip_wizard.conf", "extension-defaults"))


# hidden callers


def test_hidden_callers_are_known_in_every_form() -> None:
    pbx = with_features(BlockedCallers(hidden=True))
    steps = block("s", "blocked-callers", pbx)
    assert len(steps) == 4
    assert all(step.endswith("?hidden,1)") for step in steps[:3])
    assert steps[3] == "Return()"
    assert block("hidden", "blocked-callers", pbx) == ["Hangup(21)"]
    assert block("s", "blocked-callers", with_features(BlockedCallers())) == ["Return()"]


# all of it back

EVERYTHING = with_features(
    Menu("custom/welcome", choices={"1": "6001"}),
    NightSwitch("*27", to="6001"),
    Pickup("*9"),
    BlockedCallers(["+12125550199"], hidden=True),
    LocalCalls(20, unanswered={"6003": "6001"}),
    EmergencyCalls(progress_seconds=5),
    OutgoingCalls(progress_seconds=6, open=["411"]),
    without=("local_calls", "emergency_calls", "outgoing_calls"),
    trunks=TWO,
    numbers=NUMBERS,
    queues=QUEUES,
    hours=[Hours("*,*,24,dec", to="6000@default")],
)


GUESSED = ["AC709", "AC711"]
"""Passwords and PINs of these tests are soon guessed."""


def test_all_of_it_is_clean_and_comes_back() -> None:
    assert [str(f) for f in EVERYTHING.build(complete=True).check(ignore=GUESSED)] == []
    adoption = HomePBX.adopt(EVERYTHING.build())
    assert adoption.leftovers == ()
    assert adoption.pbx == EVERYTHING
    again = HomePBX.from_toml(adoption.to_toml(reveal=True))
    assert {f.name: f.text for f in again.files() if f.name[0] != "."} == {
        f.name: f.text for f in EVERYTHING.files() if f.name[0] != "."
    }
