"""Who reaches the trunk: proved for closed houses, shown by a call for open ones."""

from datetime import UTC, datetime
from pathlib import Path

import pytest

from asterconf import Numbers
from asterconf.config import Config, load
from asterconf.errors import NotFoundError
from tests.contacts import AORS
from tests.planted_holes import HOLES, house

OUTSIDE = ("role:trunk", "role:anonymous")


def test_that_an_outsider_cannot_reach_the_trunk_is_proved() -> None:
    answer = house().ask.reach(entry=OUTSIDE)
    assert answer.verdict == "no"
    assert not answer
    for one in answer:
        assert one.certificate.faults(house().workspace) == []


@pytest.mark.parametrize("hole", HOLES)
def test_a_hole_is_shown_by_a_call_that_dials_the_trunk(hole: str) -> None:
    conf = house(hole)
    answer = conf.ask.reach(entry=OUTSIDE)
    assert answer.verdict == "yes"
    witness = answer.witness
    assert witness is not None
    assert "t" in witness.reaches
    assert any(one.target == witness.reaches for one in witness.calls[-1].dialed)
    assert witness.dialled in answer.numbers or "-" in witness.dialled
    again = conf.call(
        witness.calls[0].number, entry=witness.entry, callerid=witness.callerid, at=witness.at
    )
    assert again.steps[0] == witness.calls[0].steps[0]


def test_the_numbers_are_exactly_those_that_reach_it() -> None:
    answer = house().ask.reach("t", entry="100")
    assert answer.verdict == "yes"
    assert answer.numbers == Numbers("_NXXXXXX", "911")
    assert house().ask.reach(entry="100", numbers=Numbers("_1XX")).verdict == "no"


def plan(steps: str, entry: str = "context:c") -> Config:
    trunk = house().workspace.files.documents["pjsip.conf"]
    text = f"[c]\nexten => _X!,1,{steps}\n"
    return Config.from_texts({"extensions.conf": text, "pjsip.conf": str(trunk)})


@pytest.mark.parametrize(
    ("steps", "because"),
    [
        ("Dial(PJSIP/${DB(route/1)})", "${DB(route/1)}"),
        ("AGI(route.agi)", "AGI(route.agi)"),
        ('GotoIf($["${CURL(http://x)}" = "1"]?2)\n same => n,Dial(PJSIP/1@t)', "CURL"),
        ("Goto(${SHELL(date)},1)", "SHELL"),
    ],
)
def test_what_only_a_running_asterisk_knows_is_named_with_its_place(
    steps: str, because: str
) -> None:
    answer = plan(steps).ask.reach(entry="context:c")
    assert answer.verdict == "unknown"
    with pytest.raises(ValueError, match="unknown"):
        bool(answer)
    found = answer.unknown_because[0]
    assert because in found.expression
    assert (found.file, found.line) == ("extensions.conf", 2)


def test_what_it_depends_on_is_named_in_the_order_of_the_files() -> None:
    asked = (f'GotoIf($["${{DB(a/{n})}}"="1"]?9)' for n in range(7))
    answer = plan("\n same => n,".join([*asked, "Dial(PJSIP/1@t)"])).ask.reach(entry="context:c")
    assert answer.verdict == "unknown"
    assert [one.line for one in answer.unknown_because] == [*range(2, 9)]


def test_what_matters_nothing_does_not_make_an_answer_unknown() -> None:
    conf = plan("NoOp(${CURL(x)})\n same => n,Playback(${SHELL(y)})")
    assert conf.ask.reach(entry="context:c").verdict == "no"
    conf = plan("Goto(in,${FILTER(0-9,${SHELL(x)})},1)\n[in]\nexten => _X!,1,Hangup()")
    assert conf.ask.reach(entry="context:c").verdict == "no", "digits lead nowhere else"


@pytest.mark.parametrize(
    "steps",
    [
        "GotoIfTime(3:17-4:05,*,*,*?out,${EXTEN},1)",
        "ExecIfTime(3:17-4:05,*,*,*?Goto(out,${EXTEN},1))",
    ],
)
def test_an_hour_is_known_also_where_the_number_is_part_of_the_place(steps: str) -> None:
    conf = plan(f"{steps}\n[out]\nexten => _9XX,1,Dial(PJSIP/${{EXTEN}}@t)")
    answer = conf.ask.reach(entry="context:c")
    assert answer.verdict == "yes"
    assert answer.numbers == Numbers("_9XX")
    assert answer.witness is not None
    assert answer.witness.at == datetime(2026, 1, 1, 3, 17, tzinfo=UTC)


def test_a_switch_makes_it_unknown() -> None:
    conf = Config.from_texts({"extensions.conf": "[c]\nswitch => Realtime/x\n"})
    assert conf.ask.reach(entry="context:c").verdict == "unknown"


@pytest.mark.parametrize("option", ["extenpatternmatchnew=yes", "overrideswitch=Realtime/x"])
def test_nothing_is_known_where_extensions_are_found_otherwise(option: str) -> None:
    texts = {name: str(house()[name]) for name in house().names}
    texts["extensions.conf"] = (
        f"[general]\n{option}\n{texts['extensions.conf']}"
        "[c]\nexten => _XXX,1,System(echo ${EXTEN})\n"
    )
    ask = Config.from_texts(texts).ask
    for answer in (
        ask.reach(), ask.emergency(["911"]), ask.what_if(["t"], numbers=["911"]),
        ask.class_of_service(), ask.dead(), ask.injections(),
    ):  # fmt: skip
        assert answer.verdict == "unknown", answer
        assert answer.unknown_because[0].expression == option.partition("=")[0]


def test_json_has_the_keys_that_programs_read() -> None:
    data = house("an included context").ask.reach(entry="t").to_dict()
    assert list(data) == [
        "format", "verdict", "because", "domain", "numbers", "witness", "unknown_because",
        "assumptions", "entries",
    ]  # fmt: skip
    assert list(data["numbers"]) == ["patterns", "regex"]
    assert list(data["witness"]) == [
        "entry", "dialled", "callerid", "at", "statuses", "digits", "steps"
    ]  # fmt: skip
    assert data["entries"][0]["entry"] == "t"
    assert {*data} <= {*data["entries"][0]} | {"entries"}


def test_dialling_again_twice_is_followed_too() -> None:
    again = "exten => s,1,DISA(no-password,next)\n[next]\nexten => 5,1,DISA(no-password,last)\n"
    answer = plan(f"Goto(s,1)\n{again}[last]\nexten => 7,1,Dial(PJSIP/7@t)").ask.reach(entry="c")
    assert answer.verdict != "no"


def test_names_that_are_not_there_are_said() -> None:
    with pytest.raises(NotFoundError, match="no endpoint 'nobody'"):
        house().ask.reach("nobody")
    with pytest.raises(NotFoundError, match="role 'peer'"):
        house().ask.reach(entry="role:peer")


def test_emergency_calls_are_handed_to_a_trunk_as_dialled() -> None:
    answer = house().ask.emergency(["911"])
    assert answer.verdict == "yes"
    assert answer.rows[0].because == "hands 911 to trunk t as 911"
    other = house().ask.emergency(["112"])
    assert other.verdict == "no"
    down = house().ask.what_if(["t"], numbers=["911"])
    assert down.verdict == "no"


def test_emergency_by_day_only_is_a_no_with_the_hour() -> None:
    files = {n: str(d) for n, d in house().workspace.files.documents.items()}
    files["extensions.conf"] = (
        "[from-home]\ninclude => day,8:00-20:00\n[day]\nexten => 911,1,Dial(PJSIP/911@t)\n"
        "exten => 9112,1,NoOp\nexten => 9911,1,Dial(PJSIP/911@t)\n"
    )
    answer = Config.from_texts(files).ask.emergency(["911"], entry="100")
    assert answer.verdict == "no"
    assert "not at 2026-01-01 00:00" in answer.rows[0].because


def test_classes_of_service_are_a_matrix() -> None:
    answer = house().ask.class_of_service(
        {"local": Numbers("_NXXXXXX"), "few": Numbers("_55512XX", "_1XX"), "far": Numbers("_00X.")}
    )
    found = {row.about: (row.verdict, row.because) for row in answer}
    assert found == {"local": ("yes", "all"), "few": ("yes", "_55512XX"), "far": ("no", "none")}
    few, far = answer["100", "few"], answer["100", "far"]
    assert few.witness is not None
    assert few.witness.dialled in Numbers("_55512XX")
    assert few.witness.calls[0].dialed[0].target == f"PJSIP/{few.witness.dialled}@t"
    assert few.against is not None
    assert few.against.dialled in Numbers("_1XX")
    assert not any("@t" in one.target for one in few.against.calls[0].dialed)
    assert far.witness is None
    assert answer["100", "local"].against is None
    assert answer.to_records() == [
        {"phone": "100", "local": "all", "few": "_55512XX", "far": "none"}
    ]
    assert str(answer) == (
        "yes: 1 phone of 1 can dial out some of 3 kinds of numbers\n"
        "  100\n"
        "    local  all; 2000000 dials PJSIP/2000000@t\n"
        "    few    _55512XX; 5551200 dials PJSIP/5551200@t; 100 does not go out\n"
        "    far    none; 0000 does not go out"
    )
    with pytest.raises(NotFoundError, match="nothing was asked about 'x' numbers from '100'"):
        answer["100", "x"]


def test_a_second_target_is_reached_where_the_first_rings_for_ever_or_is_busy() -> None:
    answer = plan("Dial(PJSIP/200)\n same => n,Dial(PJSIP/911@t)").ask.reach(entry="context:c")
    assert answer.verdict == "yes"
    assert answer.witness is not None
    assert dict(answer.witness.statuses) == {"PJSIP/200": "Busy"}
    assert answer.witness.reaches == "PJSIP/911@t"
    assert repr(answer) == "<ReachAnswer yes: calls from context:c are handed to t>"


def test_steps_that_no_call_runs_are_dead() -> None:
    conf = Config.from_texts(
        {
            "extensions.conf": "[c]\nexten => 1,1,Goto(3)\n same => n,NoOp(dead)\n"
            " same => n,Hangup()\n same => n,NoOp(dead too)\n"
        }
    )
    answer = conf.ask.dead(entry="context:c")
    assert answer.verdict == "yes"
    assert [row.line for row in answer] == [3, 5]


def test_steps_that_take_a_callers_text_apart_are_found() -> None:
    answer = house("dial injection by &").ask.injections(entry="t")
    assert answer.verdict == "yes"
    assert answer.rows[0].name == "t"
    assert "Dial(PJSIP/${EXTEN})" in answer.rows[0].about
    assert house().ask.injections(entry="t").verdict == "no"


def test_variables_of_an_endpoint_and_of_a_call_before_decide() -> None:
    conf = Config.from_texts({
        "pjsip.conf": (
            "[6001]\ntype=endpoint\ncontext=in\nset_var=OUT=yes\n[6002]\ntype=endpoint\n"
            "context=in\n[6003]\ntype=endpoint\ncontext=tone\n"
            "[t]\ntype=endpoint\naors=t\n[t]\ntype=aor\ncontact=sip:sip.example\n"
        ),
        "extensions.conf": (
            '[in]\nexten => _X.,1,GotoIf($["${OUT}"="yes"]?2:9)\n'
            "exten => _X.,2,Dial(PJSIP/${EXTEN}@t)\n"
            "[tone]\nexten => s,1,Set(OUT=yes)\n same => n,DISA(no-password,in)\n"
            "exten => _X.,1,Goto(s,1)\n"
        ),
    })  # fmt: skip
    assert conf.ask.reach(entry="6001", to="t").verdict == "yes"
    assert conf.ask.reach(entry="6002", to="t").verdict == "no"
    behind = conf.ask.reach(entry="6003", to="t")
    assert behind.verdict == "unknown"  # a call alone has no OUT: nothing shows the way
    assert "a way to PJSIP/" in str(behind)
    assert not [char for char in str(behind) if ord(char) > 0xFFFF]


def test_many_extensions_that_say_the_same_are_looked_up_as_one_and_told_apart() -> None:
    lines = ["[c]", *(f"exten => 1{n:03},1,Dial(PJSIP/${{EXTEN}}@t)" for n in range(100))]
    lines += [*(f"exten => _2{n:02}X,1,NoOp()" for n in range(30))]
    lines += ["exten => _2000,1,NoOp()", "include => d", "[d]"]
    lines += ["exten => 1005,1,NoOp()", "exten => 2999,1,NoOp()", "exten => 1999,1,NoOp()"]
    trunk = house().workspace.files.documents["pjsip.conf"]
    text = "\n".join([*lines, ""])
    conf = Config.from_texts({"extensions.conf": text, "pjsip.conf": str(trunk)})
    answer = conf.ask.reach("t", entry="context:c")
    assert answer.numbers == Numbers("_10XX")
    assert answer.witness is not None
    some = conf.ask.reach("t", entry="context:c", numbers=Numbers("1042", "2001"))
    assert some.numbers == Numbers("1042")
    dead = conf.ask.dead(entry="context:c")
    assert [row.name for row in dead] == ["[d] 1005"]
    few = conf.ask.dead(entry="context:d")
    assert len(few) == 131


def test_a_jump_to_an_empty_extension_stays_in_the_one_that_there_is() -> None:
    conf = Config.from_texts({
        "pjsip.conf": "[t]\ntype=endpoint\naors=t\n[t]\ntype=aor\ncontact=sip:h\n",
        "extensions.conf": (
            "[in]\nexten => _[12]!,1,Goto(out,${EXTEN:1},1)\n"
            "[out]\nexten => 1,1,Dial(PJSIP/5@t)\nexten => i,1,Hangup()\n"
        ),
    })  # fmt: skip
    (answer,) = conf.ask.reach(entry="context:in", to="t")
    assert answer.verdict == "yes"
    assert [one in answer.numbers for one in ("1", "2", "11", "12", "21")] == [
        True, False, True, False, True,
    ]  # fmt: skip


def test_a_caller_who_hangs_up_in_time_is_a_witness_too() -> None:
    conf = Config.from_texts({
        "pjsip.conf": "[t]\ntype=endpoint\naors=t\n[t]\ntype=aor\ncontact=sip:h\n",
        "extensions.conf": (
            "[in]\nexten => 1,1,Playback(x)\n same => n,Goto(1)\nexten => h,1,Queue(w)\n"
        ),
        "queues.conf": "[w]\nmember => PJSIP/5@t\n",
    })  # fmt: skip
    (answer,) = conf.ask.reach(entry="context:in", to="t", numbers=Numbers("1"))
    assert answer.verdict == "yes"
    assert answer.witness is not None
    assert dict(answer.witness.statuses) == {"caller": "hangs up after 0.1 s"}
    assert str(answer.witness.calls[0].steps[-1]) == "[h@in:1] Queue(w)"


@pytest.mark.parametrize(
    "steps",
    [
        "exten => _X,1,Hangup()\nexten => h,1,Dial(PJSIP/911@t)",
        "exten => _X,1,Goto(nope,1)\nexten => h,1,Dial(PJSIP/911@t)",
        (
            "exten => _X,1,Set(CHANNEL(hangup_handler_push)=over,s,1)\n"
            "[over]\nexten => s,1,Dial(PJSIP/911@t)"
        ),
    ],
)
def test_a_call_that_is_over_reaches_no_trunk(steps: str) -> None:
    conf = house()
    texts = {name: str(conf[name]) for name in conf.names}
    texts["extensions.conf"] += f"[c]\n{steps}\n"
    (found,) = Config.from_texts(texts).ask.reach(entry="context:c", numbers=Numbers("_X"))
    assert found.verdict == "no"
    assert found.certificate.faults(Config.from_texts(texts).workspace) == []


def test_a_number_behind_a_trunk_reaches_it_if_it_is_the_name_of_an_aor(tmp_path: Path) -> None:
    plan = "[c]\nexten => _X.,1,Dial(PJSIP/voip/${EXTEN})\n"
    (answer,) = Config.from_texts({"extensions.conf": plan, "pjsip.conf": AORS}).ask.reach(
        to="voip", entry="context:c"
    )
    assert answer.verdict == "yes"
    assert answer.numbers == Numbers.of("101")
    (tmp_path / "extensions.conf").write_text(plan)
    (tmp_path / "pjsip.conf").write_text(f"{AORS}#include others.conf\n")
    conf = load(tmp_path, missing_includes="ignore")
    (answer,) = conf.ask.reach(to="voip", entry="context:c")
    assert "5551234" in answer.numbers
