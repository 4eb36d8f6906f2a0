"""Features that a house has only when it asks for them."""

from typing import Any

import pytest

from asterconf.errors import BuildError, ModelError
from asterconf.features import (
    BlockedCallers,
    BusinessHours,
    ConferenceRoom,
    Menu,
    MusicOnHold,
    Parking,
    Plan,
    usual_features,
)
from asterconf.home import HomePBX
from tests.unit.home.homes import home, lines


def house(*features: Any, without: tuple[str, ...] = ()) -> HomePBX:
    return home(features=(*features, *usual_features(without=without)))


def test_calls_from_outside_pass_each_stage_before_the_house_rings() -> None:
    menu = Menu("custom/welcome", choices={"1": "6001"})
    pbx = house(menu, BusinessHours(), BlockedCallers("+12125550199"))
    assert lines("extensions.conf", "from-pstn", pbx) == [
        "exten => s,1,Gosub(blocked-callers,s,1)",
        "same => n,Gosub(business-hours,s,1)",
        "same => n,Goto(menu,s,1)",
        "same => n,Goto(ring-home,s,1)",
        "exten => _X!,1,Goto(s,1)",
        "exten => _+X!,1,Goto(s,1)",
    ]
    assert lines("extensions.conf", "ring-home", pbx) == [
        "exten => s,1,Queue(${HOME_QUEUE},nr,,,${VOICEMAIL_RING_TIMEOUT})",
        "same => n,Answer(500)",
        "same => n,VoiceMail(${VOICEMAIL_BOX},su)",
        "same => n,Hangup()",
    ]


def test_blocked_callers_are_known_in_every_form_of_their_number() -> None:
    pbx = house(BlockedCallers(["+12125550199", "+4990*"], hidden=True))
    assert lines("extensions.conf", "blocked-callers", pbx)[3:] == [
        "same => n,Return()",
        *(
            f"exten => s/{number},1,Hangup(21)"
            for number in (
                "+12125550199", "12125550199", "2125550199", "_+4990X!", "_4990X!",
            )
        ),
        "exten => hidden,1,Hangup(21)",
    ]  # fmt: skip


def test_business_hours_know_days_and_holidays() -> None:
    hours = BusinessHours(
        ["9:00-12:30,mon-fri", "10:00-12:00,sat"], closed="*,*,25-26,dec", time_zone="Europe/Rome",
        greeting="custom/closed",
    )  # fmt: skip
    assert lines("extensions.conf", "business-hours", house(hours)) == [
        "exten => s,1,GotoIfTime(*,*,25-26,dec,Europe/Rome?closed,1)",
        "same => n,GotoIfTime(9:00-12:30,mon-fri,*,*,Europe/Rome?open,1)",
        "same => n,GotoIfTime(10:00-12:00,sat,*,*,Europe/Rome?open,1)",
        "same => n,Goto(closed,1)",
        "exten => open,1,Return()",
        "exten => closed,1,Answer(500)",
        "same => n,Playback(custom/closed)",
        "same => n,VoiceMail(6000@default,su)",
        "same => n,Hangup()",
    ]


@pytest.mark.parametrize(
    "times", ["9-17", "9:00-24:00", "9:00-17:00,monday", "*,*,32", "*,*,*,dez", "*,*,*,*,UTC", ""]
)
def test_hours_that_asterisk_would_not_understand_are_refused(times: str) -> None:
    with pytest.raises(ModelError):
        BusinessHours(times)


def test_a_menu_reaches_phones_queues_boxes_and_the_house() -> None:
    choices = {"1": "6001", "2": "home-phones", "3": "6000@default", "0": "home"}
    pbx = house(Menu("custom/welcome", choices=choices, ring_seconds=20, number="*55"))
    assert lines("extensions.conf", "menu", pbx) == [
        "exten => s,1,Answer(500)",
        "same => n,BackGround(custom/welcome)",
        "same => n,WaitExten(8)",
        "exten => 1,1,Dial(PJSIP/6001,20)",
        "same => n,VoiceMail(6000@default,su)",
        "same => n,Hangup()",
        "exten => 2,1,Queue(home-phones,nr,,,20)",
        "same => n,Hangup()",
        "exten => 3,1,Answer(500)",
        "same => n,VoiceMail(6000@default,su)",
        "same => n,Hangup()",
        "exten => 0,1,Goto(ring-home,s,1)",
        "exten => t,1,Goto(ring-home,s,1)",
        "exten => i,1,Playback(pbx-invalid)",
        "same => n,Goto(ring-home,s,1)",
    ]
    assert "exten => *55,1,Goto(menu,s,1)" in lines("extensions.conf", "from-home", pbx)


def test_a_conference_room_has_its_profiles() -> None:
    pbx = house(ConferenceRoom("6500", pin="4321", max_members=5))
    assert lines("confbridge.conf", "room-6500", pbx) == ["type = user", "pin = 4321"]
    assert lines("confbridge.conf", "room-6500-bridge", pbx) == ["type = bridge", "max_members = 5"]
    found = lines("extensions.conf", "from-home", pbx)
    assert "same => n,ConfBridge(${EXTEN},room-6500-bridge,room-6500)" in found
    assert next(f for f in pbx.files() if f.name == "confbridge.conf").private


def test_parking_is_reached_from_the_phones_and_watched_by_lamps() -> None:
    pbx = house(Parking(), MusicOnHold())
    assert lines("res_parking.conf", "default", pbx) == [
        "parkext => 700",
        "parkpos => 701-710",
        "context => parkedcalls",
        "parkingtime => 45",
        "comebacktoorigin => yes",
        "parkinghints => yes",
    ]
    assert lines("extensions.conf", "parkedcalls", pbx) == []
    assert "include => parkedcalls" in lines("extensions.conf", "from-home", pbx)
    assert "include => parkedcalls" in lines("extensions.conf", "subscribe", pbx)
    assert "load = res_parking.so" in lines("modules.conf", "modules", pbx)


def faults(pbx: HomePBX) -> list[str]:
    with pytest.raises(BuildError) as caught:
        pbx.files()
    return str(caught.value).split("\n")


@pytest.mark.parametrize(
    ("features", "fault"),
    [
        ([Parking()], "features.parking: needs MusicOnHold beside it, for those who wait"),
        (
            [Parking(spaces=("720", "701")), MusicOnHold()],
            "features.parking.spaces: must be the first and the last number",
        ),
        (
            [Menu("x", choices={"1": "6009"})],
            (
                "features.menu.choices.1: is neither an extension, a queue, a mailbox, home, "
                "menu nor a number with +: '6009'"
            ),
        ),
        (
            [BlockedCallers("5550199")],
            (
                "features.blocked_callers.numbers[0]: must be a number with + and country code, "
                "not '5550199'"
            ),
        ),
        (
            [BusinessHours(mailbox="7@default")],
            "features.business_hours.mailbox: there is no mailbox '7@default'",
        ),
        (
            [ConferenceRoom("6001")],
            (
                "extensions[0].number: 6001 is wanted by the conference room "
                "(features.conference_room) and by extension 6001"
            ),
        ),
        ([ConferenceRoom(pin="abc")], "features.conference_room.pin: must be digits"),
    ],
)
def test_what_does_not_fit_is_a_fault(features: list[Any], fault: str) -> None:
    assert fault in faults(house(*features))


def test_a_menu_needs_incoming_calls() -> None:
    pbx = house(Menu("x", choices={"1": "6001"}), without=("incoming_calls",))
    assert "features.menu: a menu needs IncomingCalls beside it" in faults(pbx)


def test_a_stage_of_ones_own_comes_first() -> None:
    class Clock:
        def contribute(self, plan: Plan) -> None:
            plan.before_ringing("NoOp()")

    found = lines("extensions.conf", "from-pstn", house(BusinessHours(), Clock()))
    assert found[:2] == ["exten => s,1,NoOp()", "same => n,Gosub(business-hours,s,1)"]
