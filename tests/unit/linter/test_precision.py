"""Findings that were wrong, or were told too often, in the public configurations."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterconf import Config, Diagnostic

PHONE = "[{0}]\ntype = endpoint\nauth = {0}\n[{0}](login)\nusername = {0}\n"
LOGIN = "[login](!)\ntype = auth\npassword = {0}\n"
CASES = Path(__file__).parents[2] / "rules"
CARRIER = (CASES / "AC712" / "good" / "pjsip.conf").read_text()
BOTH = (CASES / "AC780" / "good" / "pjsip.conf").read_text()
"""The phone 6001 in the context home, and the trunk carrier in from-carrier."""


def found(code: str, **files: str) -> list[Diagnostic]:
    conf = Config.from_texts({f"{name}.conf": text for name, text in files.items()})
    return list(conf.check(select=[code]))


def test_a_weak_password_in_a_template_is_one_finding() -> None:
    text = LOGIN.format("hush") + "".join(map(PHONE.format, ("201", "202", "203")))
    (one,) = found("AC709", pjsip=text)
    assert (str(one.position), one.message) == (
        "pjsip.conf:3:12",
        "the password of '201' (2 more) is shorter than 12 characters: it is soon guessed",
    )


def test_passwords_with_one_weakness_are_one_finding_with_the_next_places() -> None:
    logins = "".join(
        f"[{name}](login)\nusername = {name}\npassword = {name}{name}{name}{name}\n"
        f"[{name}]\ntype = endpoint\nauth = {name}\n"
        for name in ("201", "202", "203", "204", "205")
    )
    (one,) = found("AC709", pjsip=f"[login](!)\ntype = auth\n{logins}")
    assert (
        one.message == "the password of '201' (4 more) is made of digits only: it is soon guessed"
    )
    assert [(str(place), note) for place, note in one.related] == [
        ("pjsip.conf:11:12", "'202', too"), ("pjsip.conf:17:12", "'203', too"),
        ("pjsip.conf:23:12", "'204', too"),
    ]  # fmt: skip


def test_pins_with_one_weakness_are_one_finding() -> None:
    boxes = "[home]\n201 => 201201,Anna\n202 => 4444,Ben\n203 => 1234,Cleo\n204 => 71,Dana\n"
    said = {one.message for one in found("AC711", voicemail=boxes)}
    assert said == {
        "the PIN of mailbox '202@home' (1 more) is a run of digits",
        "the PIN of mailbox '204@home' is shorter than four digits",
    }


def test_a_line_of_a_template_that_phones_share_is_one_finding() -> None:
    phones = "".join(
        f"[{name}](phone)\nauth = {name}\naors = {name}\n"
        f"[{name}]\ntype = auth\nusername = {name}\npassword = Uo3kTq9vZr1xWm\n"
        f"[{name}]\ntype = aor\nmax_contacts = 1\n"
        for name in ("201", "202", "203")
    )
    phone = "[phone](!)\ntype = endpoint\ntrust_id_inbound = yes\nmedia_encryption = sdes\n"
    udp = "[udp]\ntype = transport\nprotocol = udp\nbind = 0.0.0.0\n"
    (one,) = found("AC722", pjsip=phone + udp + phones)
    assert one.message.startswith("phone '201' (2 more) may call as anybody")
    (one,) = found("AC754", pjsip=phone + udp + phones)
    assert one.message.startswith("the keys of the encrypted sound of '201' (2 more) travel")


@pytest.mark.parametrize(
    ("file", "text", "hint"),
    [
        (
            "musiconhold",
            "[default]\nmode = files\ndirectory = moh\nrandom = yes\n",
            "use sort=random",
        ),
        (
            "musiconhold",
            "[default]\nmode = files\ndirectory = moh\nrandom = no\n",
            "remove the line",
        ),
        ("iax", "[general]\n[anna]\nsecret = Uo3kTq9vZr1xWm\n", "add type = …"),
        ("pjsip", "[anna]\ntype = endpoint\n", "add allow = …"),
        ("pjsip", "[anna]\ntype = endpoint\nallow = !all\n", "change it, or remove the line"),
    ],
)
def test_a_hint_is_about_what_is_written(file: str, text: str, hint: str) -> None:
    (one,) = Config.from_texts({f"{file}.conf": text}).check()
    assert one.hint == hint


def test_a_password_of_several_phones_is_one_finding() -> None:
    text = LOGIN.format("Uo3kTq9vZr1xWm") + "".join(map(PHONE.format, ("201", "202", "203")))
    (one,) = found("AC710", pjsip=text)
    assert one.message == "'202' (1 more) has the password of '201', too"
    assert one.related == ()


def test_half_of_the_options_for_a_router_is_told_once_for_a_transport() -> None:
    phones = "".join(
        f"[{name}]\ntype = endpoint\nauth = {name}\naors = {name}\nrewrite_contact = yes\n"
        f"[{name}]\ntype = auth\nusername = {name}\npassword = Uo3kTq9vZr1xWm\n"
        f"[{name}]\ntype = aor\nmax_contacts = 1\n"
        for name in ("201", "202")
    )
    (one,) = found("AC753", pjsip=phones)
    assert one.message.startswith("phone '201' (1 more) has rewrite_contact, but not")
    assert [str(place) for place, _ in one.related] == ["pjsip.conf:17:19"]


@pytest.mark.parametrize(
    ("last", "codes"),
    [
        ("Gosub(echo,s,1)", []),  # it hangs up
        ("Gosub(back,s,1)", ["AC243"]),
        ("Gosub(asks,s,1)", ["AC243"]),  # what AGI does is not known
        ("Gosub(${SUB},s,1)", ["AC243"]),
    ],
)
def test_a_last_subroutine_that_does_not_come_back_leads_nowhere(
    last: str, codes: list[str]
) -> None:
    plan = f"""\
[home]
exten => 101,1,{last}
exten => _1XX,1,NoOp()
 same => n,Dial(PJSIP/${{EXTEN}})
[echo]
exten => s,1,Answer()
 same => n,Echo()
 same => n,Hangup()
[back]
exten => s,1,NoOp()
 same => n,Return()
[asks]
exten => s,1,AGI(ask.sh)
 same => n,Hangup()
"""
    assert [one.code for one in found("AC243", extensions=plan)] == codes


@pytest.mark.parametrize(
    ("said", "codes"),
    [
        ("hassip = yes\n", []),
        ("hasiax = no\n", []),
        ("hasiax = yes\n", ["AC616"]),
        ("dahdichan = 1\n", ["AC616"]),
    ],
)
def test_the_context_of_a_user_without_a_driver_is_looked_up_by_nobody(
    said: str, codes: list[str]
) -> None:
    users = f"[6001]\n{said}context = nobody\n"
    plan = "[home]\nexten => 1,1,Hangup()\n"
    assert [one.code for one in found("AC616", users=users, extensions=plan)] == codes
    shared = f"[general]\n{said}[6001]\ncontext = nobody\n"
    assert [one.code for one in found("AC616", users=shared, extensions=plan)] == codes


@pytest.mark.parametrize(
    ("steps", "says"),
    [
        ("exten => _X.,1,Dial(PJSIP/${EXTEN}@carrier)", "is sent"),
        ("exten => *900,1,Dial(PJSIP/${EXTEN}@carrier)", ""),  # the caller chooses no number
        ("exten => _X.,1,Dial(PJSIP/5551234@carrier)", ""),
        ("exten => _X.,1,GotoIf(${ODBC_OPEN()}?out,9${EXTEN},1)", "may be sent"),
        ("exten => _XXXX,1,GotoIf(0?out,9${EXTEN},1)", ""),  # no call goes there
        ("exten => _XXXX,1,Set(A=no)\n same => n,GotoIf($[${A} = yes]?out,9${EXTEN},1)", ""),
    ],
)  # fmt: skip
def test_what_calls_from_outside_reach_is_followed(steps: str, says: str) -> None:
    plan = f"[from-carrier]\n{steps}\n[out]\nexten => _9X.,1,Dial(PJSIP/${{EXTEN:1}}@carrier)\n"
    said = found("AC712", pjsip=CARRIER, extensions=plan)
    assert [says in one.message for one in said] == [True] * bool(says)


def test_a_trunk_in_a_variable_can_be_dialled_for_an_emergency() -> None:
    plan = "[home]\nexten => _00X.,1,Dial(PJSIP/${EXTEN}@carrier)\nexten => _1XX,1,NoOp()\n"
    out = " same => n,Set(TO=carrier)\n same => n,Dial(PJSIP/${EXTEN}@${TO})\n"
    (one,) = found("AC780", pjsip=BOTH, extensions=plan)
    assert "can dial no emergency number" in one.message
    assert found("AC780", pjsip=BOTH, extensions=plan + out) == []


@pytest.mark.parametrize(
    ("file", "text", "hint"),
    [
        ("features", "[general]\natxfer = *2\n", "it is an option of featuremap"),
        (
            "pjsip",
            "[global]\ntype = global\nlocal_net = 10.0.0.0/8\n",
            "it is an option of transport",
        ),
        ("queues", "[sales]\nmonitor-type = MixMonitor\n", "remove the line"),  # gone everywhere
    ],
)
def test_an_option_of_another_kind_of_section_is_said_to_be_so(
    file: str, text: str, hint: str
) -> None:
    (one,) = Config.from_texts({f"{file}.conf": text}).check()
    assert one.hint == hint


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("pjsip", "[201]\ntype = endpoint\nalow = ulaw\n", "AC409"),
        ("pjsip", "[201]\ntype = auth\nusername = 201\npasword = Uo3kTq9vZr1xWm\n", "AC409"),
        ("manager", "[general]\nenabled = yes\n[panel]\nsecrte = Uo3kTq9vZr1xWm\n", "AC605"),
    ],
)
def test_what_is_misspelt_is_not_missing_too(file: str, text: str, code: str) -> None:
    assert [one.code for one in Config.from_texts({f"{file}.conf": text}).check()] == [code]


@pytest.mark.parametrize(
    ("pattern", "said"),
    [
        ("_[1-4]XX", "there are endpoints for 1 of its 400 numbers"),
        ("_[a-z]", "there are endpoints for none of its 26 numbers"),
    ],
)
def test_the_numbers_of_a_pattern_are_counted_with_its_ranges(pattern: str, said: str) -> None:
    (one,) = found(
        "AC921",
        pjsip="[201]\ntype = endpoint\nallow = ulaw\n",
        extensions=f"[home]\nexten => {pattern},1,Dial(PJSIP/${{EXTEN}})\n",
    )
    assert one.message.endswith(said)


def test_a_label_that_is_an_extension_is_said_to_be_one() -> None:
    (one,) = found("AC902", extensions="[home]\nexten => o,1,Goto(11)\nexten => 11,1,Answer()\n")
    assert one.hint == "11 is an extension: write 11,1"


def test_a_pair_of_codecs_is_one_finding_however_often_they_are_dialled() -> None:
    phones = "".join(
        f"[{name}]\ntype = endpoint\ncontext = home\nallow = {codec}\naors = {name}\n"
        f"[{name}]\ntype = aor\nmax_contacts = 1\n"
        for name, codec in (("201", "g729"), ("202", "alaw"), ("203", "alaw"))
    )
    plan = "[home]\n" + "".join(f"exten => {n},1,Dial(PJSIP/{n})\n" for n in (202, 203))
    (one,) = found("AC757", pjsip=phones, extensions=plan)
    assert one.message.startswith("'201' may call '202' (1 more), but has only g729 and that only")


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("LANGUAGE", "write CHANNEL(language)"),
        ("CALLER", "there is CALLERID; see 'core show functions'"),
        ("FROBNICATE", "see 'core show functions' there"),
    ],
)
def test_a_function_that_is_not_there_has_a_hint_of_its_own(name: str, hint: str) -> None:
    (one,) = found("AC920", extensions=f"[home]\nexten => 1,1,NoOp(${{{name}(x)}})\n")
    assert one.hint == hint


def test_an_option_that_is_deprecated_is_told_once_for_a_file() -> None:
    login = "[{0}]\ntype = auth\nusername = {0}\nmd5_cred = c9b9e23e2160fd69b19f99116da19711\n"
    (one,) = found("AC412", pjsip="".join(map(login.format, ("201", "202", "203"))))
    assert one.message == "md5_cred is deprecated (2 more)"
    assert [str(place) for place, _ in one.related] == ["pjsip.conf:8:12", "pjsip.conf:12:12"]


def test_pauses_in_which_nobody_answers_a_key_are_one_finding() -> None:
    steps = "same => n,Background(beep)\n same => n,WaitExten(1)\n " * 3
    (one,) = found("AC242", extensions=f"[info]\nexten => s,1,Answer()\n {steps}\n")
    assert str(one.position) == "extensions.conf:4:10"


def test_letters_that_an_application_does_not_know_are_one_finding() -> None:
    text = "[a]\nexten => 1,1,SayUnixTime(,UTC,3,kMb)\nexten => 2,1,VoiceMail(6001,u,9U)\n"
    assert [one.message for one in found("AC259", extensions=text)] == [
        "SayUnixTime has no option 'k' (2 more)",
        "VoiceMail has no option ',' (1 more)",
    ]


def test_an_alias_that_does_not_count_is_told_of_once() -> None:
    text = "[general]\nformat = wav\n[aliases]\n1234@devices => 1234@default\n"
    conf = Config.from_texts({"voicemail.conf": text})
    told = [one.code for one in conf.check() if one.position and one.position.line == 4]
    assert told == ["AC513"]
