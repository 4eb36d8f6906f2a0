"""MeetMe → ConfBridge: each letter with its profile, rooms, PINs, and names of profiles."""

from __future__ import annotations

import pytest

from asterconf.config import Config


def moved(step: str, **files: str) -> tuple[list[str], str, list[tuple[str, str]]]:
    """Return the steps, what stands in confbridge.conf then, and what is said of each construct."""
    texts = {"extensions.conf": f"[a]\nexten => 1,1,{step}\n"}
    texts |= {f"{name}.conf": text for name, text in files.items()}
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate("conference")
    plan.apply()
    assert not conf.plan_migrate("conference"), "a second run finds nothing"
    steps = str(conf["extensions.conf"]).splitlines()[1:]
    made = str(conf["confbridge.conf"]) if "confbridge.conf" in conf.names else ""
    lines = [line.split(",", 2)[2] if n == 0 else line for n, line in enumerate(steps)]
    return lines, made, [(one.outcome, one.why) for one in plan.constructs]


@pytest.mark.parametrize(
    ("letter", "options", "outcome"),
    [
        ("1", "announce_only_user=no", "exact"),
        ("a", "admin=yes", "exact"),
        ("A", "marked=yes", "exact"),
        ("c", "announce_user_count=yes", "exact"),
        ("F", "dtmf_passthrough=yes", "changed"),
        ("i", "announce_join_leave_review=yes", "exact"),
        ("I", "announce_join_leave=yes", "exact"),
        ("l", "startmuted=yes", "changed"),
        ("m", "startmuted=yes", "exact"),
        ("M", "music_on_hold_when_empty=yes", "exact"),
        ("M(jazz)", "music_on_hold_when_empty=yes\nmusic_on_hold_class=jazz", "exact"),
        ("o", "dsp_drop_silence=yes", "exact"),
        ("q", "quiet=yes", "exact"),
        ("T", "talk_detection_events=yes", "exact"),
        ("w", "wait_marked=yes", "exact"),
        ("w(30)", "wait_marked=yes", "changed"),
        ("x", "end_marked=yes", "exact"),
        ("S(30)", "timeout=30", "changed"),
        ("L(60000)", "timeout=60", "changed"),
        ("L(60000:30000:10000)", "timeout=60", "changed"),
        ("L(1500)", "timeout=2", "changed"),
        ("L(500)", "timeout=1", "changed"),
        ("q1", "quiet=yes\nannounce_only_user=no", "exact"),
        ("qM(a)x", "quiet=yes\nmusic_on_hold_when_empty=yes\nmusic_on_hold_class=a\nend_marked=yes",
         "exact"),
    ],
)  # fmt: skip
def test_a_letter_is_an_option_of_a_profile(letter: str, options: str, outcome: str) -> None:
    steps, made, said = moved(f"MeetMe(600,d{letter})")
    assert steps == ["ConfBridge(600,,meetme1)"]
    assert made == f"[meetme1]\ntype=user\n{options}\n"
    assert [one for one, _ in said] == [outcome]


@pytest.mark.parametrize(
    ("letter", "outcome", "why"),
    [
        ("C", "exact", "the same room"),
        ("n", "exact", "the same room"),
        ("D", "changed", "D: nobody can choose a PIN for a new conference: set one in the profile"),
        ("P", "changed", "P: the PIN is that of the profile"),
        ("s", "changed", "s: the menu is one of confbridge.conf"),
        ("r", "changed", "r: record with record_conference=yes in a bridge profile"),
    ],
)
def test_a_letter_that_no_profile_needs_is_only_told(letter: str, outcome: str, why: str) -> None:
    steps, made, ((said, reason),) = moved(f"MeetMe(600,d{letter})")
    assert (steps, made, said) == (["ConfBridge(600)"], "", outcome)
    assert reason.endswith(why)


@pytest.mark.parametrize(
    ("letters", "why"),
    [
        ("e", "e: ConfBridge does not look for an empty conference"),
        ("E", "E: ConfBridge does not look for an empty conference"),
        ("b", "b: ConfBridge runs no AGI script"),
        ("t", "t: ConfBridge has nobody who only talks"),
        ("k", "k: ConfBridge does not end a conference that has one user"),
        ("Z", "Z: nothing is like it"),
        ("qe", "e: ConfBridge does not look for an empty conference"),
    ],
)
def test_a_letter_that_nothing_is_like_leaves_the_step(letters: str, why: str) -> None:
    step = f"MeetMe(600,d{letters})"
    assert moved(step) == ([step], "", [("left", why)])


@pytest.mark.parametrize(
    "step",
    [
        "MeetMe(600,dL(${MS}))",
        "MeetMe(600,dS(${SECONDS}))",
        "MeetMe(600,dM(${CLASS}))",
        "MeetMe(600,d,${PIN})",
    ],
)
def test_a_profile_cannot_hold_a_variable(step: str) -> None:
    why = "a profile of confbridge.conf cannot hold a variable"
    assert moved(step) == ([step], "", [("left", why)])


def test_a_limit_of_no_time_stays_no_limit() -> None:
    assert moved("MeetMe(600,dS)")[1] == "[meetme1]\ntype=user\ntimeout=0\n"
    assert moved("MeetMe(600,dL(0))")[1] == "[meetme1]\ntype=user\ntimeout=0\n"


def test_blanks_around_the_arguments_do_not_count() -> None:
    steps, made, _ = moved("MeetMe( 600 , dq , 12 )")
    assert steps == ["ConfBridge(600,,meetme1)"]
    assert made == "[meetme1]\ntype=user\nquiet=yes\npin=12\n"


@pytest.mark.parametrize(
    ("step", "rooms", "pin"),
    [
        ("MeetMe(600)", "conf => 600,4711\n", "4711"),
        ("MeetMe(600)", "CONF = 600 , 4711 \n", "4711"),
        ("MeetMe(600,,99)", "conf => 600,4711\n", "99"),
        ("MeetMe(600,d,99)", "conf => 601,4711\n", "99"),
        ("MeetMe(601)", "conf => 600,1\nconf => 601,2\nconf => 602,3\n", "2"),
    ],
)
def test_a_pin_is_that_of_the_step_or_that_of_the_room(step: str, rooms: str, pin: str) -> None:
    steps, made, _ = moved(step, meetme=f"[rooms]\n{rooms}")
    assert steps == [f"ConfBridge({step[7:10]},,meetme1)"]
    assert made == f"[meetme1]\ntype=user\npin={pin}\n"


@pytest.mark.parametrize(
    ("step", "rooms", "said"),
    [
        ("MeetMe(600,d)", "", []),
        ("MeetMe(600,D)", "", ["D: nobody can choose a PIN"]),
        ("MeetMe(600)", "", ["MeetMe let nobody into a room"]),
        ("MeetMe(600)", "conf => 601\n", ["MeetMe let nobody into a room"]),
        ("MeetMe(600)", "conf => 600\n", []),
        ("MeetMe(${EXTEN})", "conf => 600\n", ["MeetMe let nobody into a room"]),
        ("MeetMe(600)", "conf => 600,,77\n", ["the PIN of administrators lets nobody in"]),
        ("MeetMe(600)", "conf => 600\nconf => 601,1,77\n", []),
    ],
)
def test_what_is_another_for_the_room_is_told(step: str, rooms: str, said: list[str]) -> None:
    ((outcome, why),) = moved(step, meetme=f"[rooms]\n{rooms}")[2]
    assert outcome == ("changed" if said else "exact")
    assert [one for one in said if one not in why] == []


def test_who_is_kicked_and_what_comes_next() -> None:
    _, _, said = moved("MeetMe(600,d)\n same => n,MeetMe(601,dC)\n same => n,MeetMe(602,d)")
    kicked = "who is kicked goes on with the next step, and was hung up"
    assert [(outcome, kicked in why) for outcome, why in said] == [
        ("changed", True), ("exact", False), ("exact", False),
    ]  # fmt: skip


def test_calls_with_the_same_options_share_a_profile() -> None:
    steps, made, _ = moved(
        "MeetMe(600,dq)\n same => n,MeetMe(601,dqC)\n same => n,MeetMe(602,d1)\n"
        " same => n,MeetMe(603,dq,5)"
    )
    assert steps == [
        "ConfBridge(600,,meetme1)",
        " same => n,ConfBridge(601,,meetme1)",
        " same => n,ConfBridge(602,,meetme2)",
        " same => n,ConfBridge(603,,meetme3)",
    ]
    assert made == (
        "[meetme1]\ntype=user\nquiet=yes\n\n[meetme2]\ntype=user\nannounce_only_user=no\n\n"
        "[meetme3]\ntype=user\nquiet=yes\npin=5\n"
    )


def test_a_profile_of_that_name_that_says_another_thing_is_not_used() -> None:
    there = "[meetme1]\ntype=user\nadmin=yes\n"
    steps, made, _ = moved("MeetMe(600,dq)", confbridge=there)
    assert steps == ["ConfBridge(600,,meetme2)"]
    assert made == f"{there}\n[meetme2]\ntype=user\nquiet=yes\n"


def test_a_profile_of_an_earlier_run_is_used_again() -> None:
    there = "[meetme1]\ntype=user\nquiet=yes\n"
    steps, made, _ = moved("MeetMe(600,dq)", confbridge=there)
    assert (steps, made) == (["ConfBridge(600,,meetme1)"], there)


@pytest.mark.parametrize(
    ("step", "there", "acts"),
    [
        ("MeetMe(600,d)", "[default_user]\ntype=user\nadmin=yes\n", True),
        ("MeetMe(600,d)", "[default_user]\ntype=user\n", False),
        ("MeetMe(600,dq)", "[default_user]\ntype=user\nadmin=yes\n", False),
        ("MeetMe(600,d)", "[default_bridge]\ntype=bridge\nmax_members=5\n", True),
        ("MeetMe(600,dq)", "[default_bridge]\ntype=bridge\nmax_members=5\n", True),
        ("MeetMe(600,dq)", "[default_menu]\ntype=menu\n1=toggle_mute\n", True),
        ("MeetMe(600,d)", "[mine]\ntype=user\nadmin=yes\n", False),
    ],
)
def test_the_defaults_of_confbridge_that_act_too_are_told(
    step: str, there: str, acts: bool
) -> None:
    ((outcome, why),) = moved(step, confbridge=there)[2]
    assert (outcome, "of confbridge.conf acts here, too" in why) == (
        ("changed", True) if acts else ("exact", False)
    )


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("MeetMeCount(600,n)", "Set(n=${CONFBRIDGE_INFO(parties,600)})", "exact"),
        ("MeetMeCount(600)", "MeetMeCount(600)", "left"),
        ("MeetMeAdmin(600,K)", "MeetMeAdmin(600,K)", "left"),
        ("MeetMeChannelAdmin(c,k)", "MeetMeChannelAdmin(c,k)", "left"),
        ("meetme(600,d)", "ConfBridge(600)", "exact"),
        ("ExecIf(${X}?MeetMe(600,dq))", "ExecIf(${X}?ConfBridge(600,,meetme1))", "exact"),
    ],
)
def test_its_other_applications(old: str, new: str, outcome: str) -> None:
    steps, _, said = moved(old)
    assert (steps, [one for one, _ in said]) == ([new], [outcome])
