"""The codemods of the dialplan: a line before, the line after, and the outcome."""

from __future__ import annotations

import pytest

from asterconf.config import Config

SIP = "[general]\nallowguest=no\n[100]\ntype=friend\nhost=dynamic\n[trunk]\ntype=peer\n"


def moved(codemod: str, step: str, **files: str) -> tuple[str, str, Config]:
    """Return what a step becomes, what is said of it, and the configuration."""
    text = f"[globals]\nOUT=SIP/trunk\n[a]\nexten => 1,1,{step}\n"
    texts = {"extensions.conf": text, "sip.conf": SIP, **{f"{k}.conf": v for k, v in files.items()}}
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate(codemod)
    plan.apply()
    assert not conf.plan_migrate(codemod), "a second run finds nothing"
    line = str(conf["extensions.conf"]).partition("exten => 1,1,")[2].partition("\n")[0]
    said = [one.outcome for one in plan.constructs if one.place.line == 4]
    return line, ",".join(said), conf


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("Dial(SIP/100,20)", "Dial(PJSIP/100,20)", "exact"),
        ("Dial(SIP/100&SIP/trunk/5551)", "Dial(PJSIP/100&PJSIP/5551@trunk)", "exact"),
        ("Dial(SIP/${EXTEN:1}@trunk)", "Dial(PJSIP/${EXTEN:1}@trunk)", "exact"),
        ("Dial(SIP/${EXTEN})", "Dial(PJSIP/${EXTEN})", "exact"),
        ("Dial(SIP/${WHO})", "Dial(PJSIP/${WHO})", "changed"),
        ("Dial(SIP/nobody)", "Dial(PJSIP/nobody)", "changed"),
        ("Dial(SIP/me:pw@192.0.2.1)", "Dial(SIP/me:pw@192.0.2.1)", "left"),
        ("Dial(${OUT}/${EXTEN})", "Dial(PJSIP/${EXTEN}@${OUT:6})", "exact"),
        ("ExecIf(1?Dial(SIP/100):NoOp())", "ExecIf(1?Dial(PJSIP/100):NoOp())", "exact"),
        ("Set(X=${SIP_HEADER(To)})", "Set(X=${PJSIP_HEADER(read,To)})", "exact"),
        ("NoOp(${CHANNEL(peername)})", "NoOp(${CHANNEL(endpoint)})", "exact"),
        ("NoOp(${CHANNEL(recvip)})", "NoOp(${CHANNEL(pjsip,remote_addr)})", "changed"),
        ("NoOp(${SIPPEER(100,status)})", "NoOp(${DEVICE_STATE(PJSIP/100)})", "changed"),
        ("NoOp(${SIPPEER(100,ip)})", "NoOp(${SIPPEER(100,ip)})", "left"),
        ("NoOp(${SIPCALLID})", "NoOp(${CHANNEL(pjsip,call-id)})", "exact"),
        ("SIPDtmfMode(rfc2833)", "Set(PJSIP_DTMF_MODE()=rfc4733)", "exact"),
        ("Set(SIP_CODEC=alaw)", "Set(PJSIP_MEDIA_OFFER(audio)=!all,alaw)", "changed"),
        ("NoOp(see SIP)", "NoOp(see SIP)", ""),
    ],
)
def test_channels(old: str, new: str, outcome: str) -> None:
    assert moved("channels", old)[:2] == (new, outcome)


def test_a_header_is_put_on_the_channels_that_are_dialled() -> None:
    line, outcome, conf = moved(
        "channels", "SIPAddHeader(X-A:  ${EXTEN})\n same => n,Dial(SIP/100,,t)"
    )
    assert (line, outcome) == ("Set(_SIPADDHEADER1=X-A: ${EXTEN})", "exact")
    text = str(conf["extensions.conf"])
    assert " same => n,Dial(PJSIP/100,,tb(add-sip-headers^s^1))\n" in text
    assert conf.with_asterisk("22").dialplan.match("s", "add-sip-headers")


def test_hints_members_and_globals_name_the_new_devices() -> None:
    conf = Config.from_texts({
        "extensions.conf": "[globals]\nOUT=SIP/trunk\n[a]\nexten => 1,hint,SIP/100\n",
        "queues.conf": "[q]\nmember => SIP/100,1\n", "sip.conf": SIP,
    }, asterisk="20")  # fmt: skip
    conf.plan_migrate("channels").apply()
    assert str(conf["extensions.conf"]) == (
        "[globals]\nOUT=PJSIP/trunk\n[a]\nexten => 1,hint,PJSIP/100\n"
    )
    assert str(conf["queues.conf"]) == "[q]\nmember => PJSIP/100,1\n"


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("DeadAGI(a.php,1)", "AGI(a.php,1)", "exact"),
        ("NoCDR()", "Set(CDR_PROP(disable)=1)", "exact"),
        ("SetAMAFlags(billing)", "Set(CHANNEL(amaflags)=billing)", "exact"),
        ("SetCallerID(${NAME})", "Set(CALLERID(all)=${NAME})", "exact"),
        ("DBput(a/b=${X})", "Set(DB(a/b)=${X})", "exact"),
        ("DBget(v=a/b)", "Set(v=${DB(a/b)})", "changed"),
        ("GotoIf(${VALID_EXTEN(a,2,1)}?2,1)", "GotoIf(${DIALPLAN_EXISTS(a,2,1)}?2,1)", "exact"),
        ("NoOp(${QUEUE_MEMBER_COUNT(q)})", "NoOp(${QUEUE_MEMBER(q,logged)})", "exact"),
        ("NoOp(${CALLERIDNUM:1})", "NoOp(${CALLERID(num):1})", "exact"),
        ("ImportVar(x=${CH},y)", "Set(x=${IMPORT(${CH},y)})", "exact"),
        ("ExecIf(1?NoCDR())", "ExecIf(1?Set(CDR_PROP(disable)=1))", "exact"),
        ("DBget()", "DBget()", "left"),
    ],
)
def test_gone(old: str, new: str, outcome: str) -> None:
    assert moved("gone", old)[:2] == (new, outcome)


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("Monitor(wav,call,m)", "MixMonitor(call.wav)", "exact"),
        ("Monitor(wav,call,mb)", "MixMonitor(call.wav,b)", "exact"),
        ("Monitor(wav,call)", "MixMonitor(,r(call-in.wav)t(call-out.wav))", "exact"),
        ("Monitor(gsm,,m)", "MixMonitor(${UNIQUEID}.gsm)", "changed"),
        ("StopMonitor()", "StopMixMonitor()", "exact"),
        ("PauseMonitor()", "PauseMonitor()", "left"),
    ],
)
def test_recording(old: str, new: str, outcome: str) -> None:
    assert moved("recording", old)[:2] == (new, outcome)


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("MeetMe(600)", "ConfBridge(600)", "exact"),
        ("MeetMe(600,qM)", "ConfBridge(600,,meetme1)", "exact"),
        ("MeetMe(600,D)", "ConfBridge(600)", "changed"),
        ("MeetMe(,d)", "MeetMe(,d)", "left"),
        ("MeetMeCount(600,n)", "Set(n=${CONFBRIDGE_INFO(parties,600)})", "exact"),
    ],
)
def test_conference(old: str, new: str, outcome: str) -> None:
    assert moved("conference", old)[:2] == (new, outcome)


def test_the_pin_and_the_letters_of_a_room_are_a_profile() -> None:
    _, _, conf = moved("conference", "MeetMe(600,q)", meetme="[rooms]\nconf => 600,4711\n")
    assert str(conf["confbridge.conf"]) == "[meetme1]\ntype=user\nquiet=yes\npin=4711\n"


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("Goto(a|2|1)", "Goto(a,2,1)", "changed"),
        ("Dial(SIP/1|20|tT)", "Dial(SIP/1,20,tT)", "changed"),
        ("NoOp(a|b)", "NoOp(a|b)", "left"),
        ("Goto(${X|Y})", "Goto(${X|Y})", ""),
    ],
)
def test_pipes(old: str, new: str, outcome: str) -> None:
    assert moved("pipes", old)[:2] == (new, outcome)


def test_priorities_count_by_themselves_where_no_jump_names_them() -> None:
    text = "[a]\nexten => 1,1,NoOp()\nexten => 1,2(x),Goto(x)  ; here\nexten => 2,1,Goto(1,2)\n"
    conf = Config.from_texts({"extensions.conf": text}, asterisk="20")
    (said,) = conf.plan_migrate("priorities").constructs
    assert said.outcome == "left"
    conf = Config.from_texts({"extensions.conf": text.replace("1,2)", "1,x)")}, asterisk="20")
    before = conf.dialplan.contexts
    conf.plan_migrate("priorities").apply()
    assert "\nsame => n(x),Goto(x)  ; here\n" in str(conf["extensions.conf"])
    assert conf.dialplan.contexts == before


def test_modules_that_are_gone_name_those_that_replace_them() -> None:
    text = (
        "[modules]\nautoload=no\nload = app_macro.so ; old\nnoload = res_monitor.so\nload = x.so\n"
    )
    conf = Config.from_texts({"modules.conf": text}, asterisk="20")
    plan = conf.plan_migrate("modules")
    plan.apply()
    assert str(conf["modules.conf"]) == "[modules]\nautoload=no\nload = app_stack.so\nload = x.so\n"
    assert [one.outcome for one in plan.constructs] == ["exact", "exact"]


def test_what_works_by_rule_runs_only_when_it_is_named() -> None:
    names = Config.from_texts({}, asterisk="20").plan_migrate().codemods
    assert names == ("gone", "recording", "conference", "channels", "modules", "sip", "macro")
