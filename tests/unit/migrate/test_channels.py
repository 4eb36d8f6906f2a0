"""chan_sip → PJSIP in the dialplan: headers that steps add and take away, and odd devices."""

from __future__ import annotations

import pytest

from asterconf.config import Config

SIP = "[general]\n[100]\ntype=friend\nhost=dynamic\n[trunk]\ntype=peer\n[a.b]\ntype=friend\n"


def moved(*steps: str, **files: str) -> tuple[list[str], list[tuple[str, str]], Config]:
    """Return the steps of an extension, what is said of each, and the configuration."""
    text = "[globals]\nOUT=SIP/trunk\n[a]\nexten => 1,1,NoOp()\n"
    text += "".join(f" same => n,{step}\n" for step in steps)
    texts = {"extensions.conf": text, "sip.conf": SIP}
    texts |= {f"{name}.conf": text for name, text in files.items()}
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate("channels")
    plan.apply()
    assert not conf.plan_migrate("channels"), "a second run finds nothing"
    lines = str(conf["extensions.conf"]).splitlines()[4 : 4 + len(steps)]
    said = [one for one in plan.constructs if one.place.line >= 5]
    made = [line.removeprefix(" same => n,") for line in lines]
    return made, [(one.outcome, one.why) for one in said], conf


CARRIED = "b(add-sip-headers^s^1)"


def test_each_text_of_a_header_has_a_variable_of_its_own() -> None:
    steps, said, conf = moved(
        "SIPAddHeader(X-A: 1)", "SIPAddHeader(X-B:2)", "SIPAddHeader(X-A:  1)", "Dial(SIP/100)"
    )
    assert steps == [
        "Set(__SIPADDHEADER1=X-A: 1)",
        "Set(__SIPADDHEADER2=X-B: 2)",
        "Set(__SIPADDHEADER1=X-A: 1)",
        f"Dial(PJSIP/100,,{CARRIED})",
    ]
    assert {outcome for outcome, _ in said} == {"exact"}
    assert " same => n,GotoIf($[${N} > 2]?done)\n" in str(conf["extensions.conf"])


@pytest.mark.parametrize(
    ("wanted", "gone"),
    [
        ("X-A", "__SIPADDHEADER1=,__SIPADDHEADER2="),
        ("x-a", "__SIPADDHEADER1=,__SIPADDHEADER2="),
        ("X-A:", "__SIPADDHEADER1="),
        ("X-AB", "__SIPADDHEADER2="),
        ("X", "__SIPADDHEADER1=,__SIPADDHEADER2=,__SIPADDHEADER3="),
        ("", "__SIPADDHEADER1=,__SIPADDHEADER2=,__SIPADDHEADER3="),
    ],
)
def test_a_header_is_taken_away_by_how_it_begins(wanted: str, gone: str) -> None:
    """`sip_removeheader` of chan_sip compares as many characters as are given, without case."""
    headers = [f"SIPAddHeader({one})" for one in ("X-A: 1", "X-AB: 2", "X-C: 3")]
    steps, said, _ = moved(*headers, f"SIPRemoveHeader({wanted})")
    assert steps[3] == f"MSet({gone})"
    assert said[3] == ("exact", "the headers are no longer put on the next channels")


def test_a_header_that_no_step_adds_is_not_taken_away() -> None:
    steps, said, _ = moved("SIPAddHeader(X-A: 1)", "SIPRemoveHeader(X-B)")
    assert steps[1] == "NoOp(SIPRemoveHeader)"
    assert said[1] == ("changed", "no step adds such a header, so none is removed")


def test_a_header_without_a_colon_is_told() -> None:
    steps, said, _ = moved("SIPAddHeader(Alert-Info)")
    assert steps == ["Set(__SIPADDHEADER1=Alert-Info)"]
    why = "the variable has to hold a name, a colon, a blank, a value"
    assert said == [("changed", why)]


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("Dial(SIP/100)", f"Dial(PJSIP/100,,{CARRIED})", "exact"),
        ("Dial(SIP/100,9)", f"Dial(PJSIP/100,9,{CARRIED})", "exact"),
        ("Dial(SIP/100,9,tT,u)", f"Dial(PJSIP/100,9,tT{CARRIED},u)", "exact"),
        ("Dial(SIP/100,,b(x^s^1))", "Dial(PJSIP/100,,b(x^s^1))", "changed"),
        ("Dial(SIP/100,,tb(x^s^1)T)", "Dial(PJSIP/100,,tb(x^s^1)T)", "changed"),
        (f"Dial(SIP/100,,{CARRIED})", f"Dial(PJSIP/100,,{CARRIED})", "exact"),
        ("Dial(SIP/100,,M(b))", f"Dial(PJSIP/100,,M(b){CARRIED})", "exact"),
        ("Dial(SIP/100,,B(x^s^1))", f"Dial(PJSIP/100,,B(x^s^1){CARRIED})", "exact"),
    ],
)
def test_option_b_carries_the_headers(old: str, new: str, outcome: str) -> None:
    steps, said, _ = moved("SIPAddHeader(X-A: 1)", old)
    assert (steps[1], said[1][0]) == (new, outcome)


def test_what_dials_no_device_of_sip_carries_no_header() -> None:
    steps, said, _ = moved("SIPAddHeader(X-A: 1)", "Dial(IAX2/x)", "Playback(beep)")
    assert (steps[1:], len(said)) == (["Dial(IAX2/x)", "Playback(beep)"], 1)


def test_the_subroutine_of_the_headers_is_made_once() -> None:
    for steps, number in ((["SIPAddHeader(X-A: 1)"], 1), (["Dial(SIP/100)"], 0)):
        text = str(moved(*steps)[2]["extensions.conf"])
        assert text.count("[add-sip-headers]") == number
    own = "[add-sip-headers]\nexten => s,1,Return()\n"
    files = {"extensions.conf": f"[a]\nexten => 1,1,SIPAddHeader(X-A: 1)\n{own}", "sip.conf": SIP}
    conf = Config.from_texts(files, asterisk="20")
    conf.plan_migrate("channels").apply()
    assert str(conf["extensions.conf"]).endswith(f"Set(__SIPADDHEADER1=X-A: 1)\n{own}")


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("Dial(sip/100)", "Dial(PJSIP/100)", "exact"),
        ("Dial(SIP/a.b)", "Dial(PJSIP/a.b)", "exact"),
        ("Dial(SIP/A.B)", "Dial(PJSIP/A.B)", "exact"),
        ("Dial(SIP/5@a.b)", "Dial(PJSIP/5@a.b)", "exact"),
        ("Dial(SIP/a.b/5)", "Dial(PJSIP/5@a.b)", "exact"),
        ("Dial(SIP/x.b)", "Dial(SIP/x.b)", "left"),
        ("Dial(SIP/host:5070)", "Dial(SIP/host:5070)", "left"),
        ("Dial(SIP/${H}.example.net)", "Dial(PJSIP/${H}.example.net)", "changed"),
        ("Dial(SIP/100!from)", "Dial(SIP/100!from)", "left"),
        ("Dial(SIP/5@trunk!from)", "Dial(SIP/5@trunk!from)", "left"),
        ("Dial(SIP/)", "Dial(SIP/)", "left"),
        ("Dial(SIP/${EXTEN})", "Dial(PJSIP/${EXTEN})", "exact"),
        ("Dial(SIP/${EXTEN:1}@trunk)", "Dial(PJSIP/${EXTEN:1}@trunk)", "exact"),
        ("Dial(SIP/${EXTEN}${B})", "Dial(PJSIP/${EXTEN}${B})", "changed"),
        ("Dial(${OUT}/1&${OUT}/2,9)", "Dial(PJSIP/1@${OUT:6}&PJSIP/2@${OUT:6},9)", "exact"),
        ("Dial(${OUT})", "Dial(${OUT})", ""),
        ("Dial(${ELSE}/5)", "Dial(${ELSE}/5)", ""),
        ("Dial(PJSIP/100&IAX2/SIP/1)", "Dial(PJSIP/100&IAX2/SIP/1)", ""),
        ("NoOp(${DEVICE_STATE(Local/1@a)})", "NoOp(${DEVICE_STATE(Local/1@a)})", ""),
        ("NoOp(${DEVICE_STATE(SIP/${X}/1)})", "NoOp(${DEVICE_STATE(PJSIP/1@${X})})", "changed"),
        ("Set(_SIP_CODEC_INBOUND=ulaw)", "Set(PJSIP_MEDIA_OFFER(audio)=!all,ulaw)", "changed"),
        ("Set(__SIP_CODEC_OUTBOUND=gsm)", "Set(PJSIP_MEDIA_OFFER(audio)=!all,gsm)", "changed"),
        ("Set(SIP_CODECS=ulaw)", "Set(SIP_CODECS=ulaw)", ""),
        ("ExecIf(1?Dial(SIP/100):Dial(SIP/a.b/1))", "ExecIf(1?Dial(PJSIP/100):Dial(PJSIP/1@a.b))",
         "exact"),
    ],
)  # fmt: skip
def test_a_device(old: str, new: str, outcome: str) -> None:
    steps, said, _ = moved(old)
    assert steps == [new]
    assert [one for one, _ in said] == [outcome] * bool(outcome)


def test_an_address_that_needs_an_endpoint_is_named() -> None:
    _, said, _ = moved("Dial(SIP/5@host.example)")
    why = "no peer is called host.example: PJSIP needs an endpoint for that address"
    assert said == [("left", why)]


def test_a_device_with_a_login_or_a_caller_says_what_to_do() -> None:
    why = "PJSIP dials endpoints only: make one for this address and login"
    assert moved("Dial(SIP/me:pw@host)")[1] == [("left", why)]
    assert moved("Dial(SIP/100!me)")[1] == [("left", why)]


@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("queues", "[q]\nmember => SIP/100,1,Anna,SIP/trunk\n",
         "[q]\nmember => PJSIP/100,1,Anna,PJSIP/trunk\n"),
        ("followme", "[x]\nnumber => SIP/100,20\n", "[x]\nnumber => PJSIP/100,20\n"),
        ("agents", "[general]\nagent => 1,2,SIP/100\n", "[general]\nagent => 1,2,PJSIP/100\n"),
        ("voicemail", "[default]\n1 => 1,SIP/100\n", "[default]\n1 => 1,SIP/100\n"),
    ],
)  # fmt: skip
def test_devices_stand_in_other_files(file: str, old: str, new: str) -> None:
    assert str(moved(**{file: old})[2][f"{file}.conf"]) == new


def test_only_hints_and_globals_are_read_beside_the_steps() -> None:
    text = (
        "[general]\nnote=SIP/100\n[globals]\nB=SIP/100&SIP/trunk\n"
        "[a]\nexten => 9,hint,SIP/100&Custom:x\n"
    )
    conf = Config.from_texts({"extensions.conf": text, "sip.conf": SIP}, asterisk="20")
    plan = conf.plan_migrate("channels")
    plan.apply()
    assert str(conf["extensions.conf"]) == (
        "[general]\nnote=SIP/100\n[globals]\nB=PJSIP/100&PJSIP/trunk\n"
        "[a]\nexten => 9,hint,PJSIP/100&Custom:x\n"
    )
    assert [(one.place.line, one.outcome, one.text) for one in plan.constructs] == [
        (2, "left", "note=SIP/100"),
        (4, "exact", "B=SIP/100&SIP/trunk"),
        (6, "exact", "hint SIP/100&Custom:x"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("*9,self,SIPAddHeader,X-A: 1", "*9,self,Set,__SIPADDHEADER1=X-A: 1", "exact"),
        ('*9,self,SIPAddHeader,"X-A: 1"', '*9,self,Set,"__SIPADDHEADER1=X-A: 1"', "exact"),
        ("*9,self,SIPAddHeader(X-A: 1)", "*9,self,SIPAddHeader(X-A: 1)", "left"),
        ("*9,self,SIPRemoveHeader,X-A", "*9,self,NoOp,SIPRemoveHeader", "changed"),
    ],
)
def test_a_key_that_adds_a_header(old: str, new: str, outcome: str) -> None:
    text = f"[featuremap]\n[applicationmap]\nx => {old}\n"
    steps, said, conf = moved("Dial(SIP/100)", features=text)
    assert str(conf["features.conf"]) == f"[featuremap]\n[applicationmap]\nx => {new}\n"
    assert steps == [f"Dial(PJSIP/100,,{CARRIED})" if "Add" in old else "Dial(PJSIP/100)"]
    plan = Config.from_texts({"features.conf": text, "sip.conf": SIP}, asterisk="20").plan_migrate(
        "channels"
    )
    assert [one.outcome for one in plan.constructs] == [outcome]
    assert [outcome for outcome, _ in said] == ["exact"]
