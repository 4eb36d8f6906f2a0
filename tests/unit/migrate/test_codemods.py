"""The codemods of the dialplan: a line before, the line after, and the outcome."""

from __future__ import annotations

import pytest

from asterconf.config import Config

SIP = "[general]\nallowguest=no\n[100]\ntype=friend\nhost=dynamic\n[trunk]\ntype=peer\n"


def moved(
    codemod: str, step: str, *, written_for: str = "", **files: str
) -> tuple[str, str, Config]:
    """Return what a step becomes, what is said of it, and the configuration."""
    text = f"[globals]\nOUT=SIP/trunk\n[a]\nexten => 1,1,{step}\n"
    texts = {"extensions.conf": text, "sip.conf": SIP, **{f"{k}.conf": v for k, v in files.items()}}
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate(codemod, written_for=written_for)
    plan.apply()
    assert not conf.plan_migrate(codemod, written_for=written_for), "a second run finds nothing"
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
        (r"Dial(SIP/trunk/12\;3)", r"Dial(PJSIP/12\;3@trunk)", "exact"),
        (r"Dial(SIP/12\;${X}@trunk)", r"Dial(PJSIP/12\;${X}@trunk)", "exact"),
        (r"Dial(${OUT}/12\;3)", r"Dial(PJSIP/12\;3@${OUT:6})", "exact"),
        (r"Set(X=SIP/trunk/1\;SIP/100)", r"Set(X=PJSIP/1@trunk\;PJSIP/100)", "exact"),
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
        ("Dial(SIP/me@example.com)", "Dial(SIP/me@example.com)", "left"),
        ("Dial(SIP/10.0.0.5)", "Dial(SIP/10.0.0.5)", "left"),
        ("Set(X=${DEVICE_STATE(SIP/100)})", "Set(X=${DEVICE_STATE(PJSIP/100)})", "exact"),
        ("Set(X=${IF($[1]?SIP/a:SIP/b)})", "Set(X=${IF($[1]?SIP/a:SIP/b)})", "left"),
        ('GotoIf($["${CHANNEL:0:3}" = "SIP"]?9)', 'GotoIf($["${CHANNEL:0:3}" = "SIP"]?9)', "left"),
        ("GotoIf($[${TECH}=SIP]?9)", "GotoIf($[${TECH}=SIP]?9)", "left"),
        ("NoOp(SIPDOMAIN: x)", "NoOp(SIPDOMAIN: x)", ""),
        ("Set(SIPFROMDOMAIN=x)", "Set(SIPFROMDOMAIN=x)", "left"),
        ("Set(__SIP_MAX_FORWARDS=9)", "Set(__SIP_MAX_FORWARDS=9)", "left"),
        ("NoOp(${SIPTRANSFER}${SIPREFERTOHDR})", "NoOp(${SIPTRANSFER}${SIPREFERTOHDR})", "left"),
        ('System(asterisk -rx "sip reload")', 'System(asterisk -rx "sip reload")', "left"),
        ("Dial(SIP/100|20|tT)", "Dial(SIP/100|20|tT)", "left"),
    ],
)
def test_channels(old: str, new: str, outcome: str) -> None:
    assert moved("channels", old)[:2] == (new, outcome)


def test_a_header_is_put_on_the_channels_that_are_dialled() -> None:
    line, outcome, conf = moved(
        "channels", "SIPAddHeader(X-A:  ${EXTEN})\n same => n,Dial(SIP/100,,t)"
    )
    assert (line, outcome) == ("Set(__SIPADDHEADER1=X-A: ${EXTEN})", "exact")
    text = str(conf["extensions.conf"])
    assert " same => n,Dial(PJSIP/100,,tb(add-sip-headers^s^1))\n" in text
    assert conf.with_asterisk("22").dialplan.match("s", "add-sip-headers")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Page(SIP/100)", "Page(PJSIP/100,b(add-sip-headers^s^1))"),
        ("Page(SIP/100,d,5)", "Page(PJSIP/100,db(add-sip-headers^s^1),5)"),
        ("Queue(q,t,,,30)", "Queue(q,tb(add-sip-headers^s^1),,,30)"),
        ("RetryDial(a,1,2,SIP/100,9,t)", "RetryDial(a,1,2,PJSIP/100,9,tb(add-sip-headers^s^1))"),
        ("FollowMe(f)", "FollowMe(f)"),
    ],
)
def test_a_header_goes_wherever_devices_are_called(old: str, new: str) -> None:
    _, _, conf = moved("channels", f"SIPAddHeader(X-A: 1)\n same => n,{old}")
    assert f" same => n,{new}\n" in str(conf["extensions.conf"])


def test_a_peer_with_a_blank_in_its_name_is_dialled() -> None:
    texts = {"extensions.conf": "[a]\nexten => 1,1,Dial(SIP/bob phone&SIP/100,9)\n",
             "sip.conf": f"{SIP}[bob phone]\ntype=friend\n"}  # fmt: skip
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate("channels")
    assert [(one.outcome, one.new) for one in plan.constructs] == [
        ("exact", "Dial(PJSIP/bob phone&PJSIP/100,9)")
    ]


def test_every_line_with_something_of_chan_sip_is_in_the_plan() -> None:
    texts = {
        "extensions.conf": "[globals]\nOUT=SIP/u:hush@h\n[a]\nexten => 1,hint,SIP/u:hush@h\n"
        "exten => 2,1,Dial|SIP/100|20\nexten => 3,1,SIPSendCustomINFO(x)\n",
        "features.conf": "[applicationmap]\nx => *9,self,Dial,SIP/100\n",
        "cli_aliases.conf": "[friendly]\nr=!asterisk -rx 'sip reload'\n",
        "sip.conf": SIP,
    }
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate("gone", "channels")
    assert {(one.place.file, one.outcome) for one in plan.constructs} == {
        ("cli_aliases.conf", "left"), ("extensions.conf", "left"), ("features.conf", "exact"),
    }  # fmt: skip
    assert "hush" not in str(plan)
    assert [(one.place.file, one.place.line) for one in plan.constructs] == [
        ("cli_aliases.conf", 2), ("extensions.conf", 2), ("extensions.conf", 4),
        ("extensions.conf", 5), ("extensions.conf", 6), ("features.conf", 2),
    ]  # fmt: skip


def test_macros_called_as_in_1_4_wait_for_pipes() -> None:
    text = "[a]\nexten => 1,1,Macro(m|5)\n[macro-m]\nexten => s,1,NoOp(${ARG1})\n"
    conf = Config.from_texts({"extensions.conf": text}, asterisk="20")
    said = [one for one in conf.plan_migrate("macro").constructs if one.place.line == 2]
    assert [one.outcome for one in said] == ["left"]
    assert "--only pipes" in said[0].why


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("automon => *1\n", "automixmon => *1\n"),
        ("automon => *1\nautomixmon => *3\n", "automixmon => *3\n"),
    ],
)
def test_the_keys_that_record_are_moved(old: str, new: str) -> None:
    conf = Config.from_texts({"features.conf": f"[featuremap]\n{old}"}, asterisk="20")
    plan = conf.plan_migrate("recording")
    plan.apply()
    assert [one.outcome for one in plan.constructs] == ["changed"]
    assert str(conf["features.conf"]) == f"[featuremap]\n{new}"


@pytest.mark.parametrize(
    ("step", "outcomes"),
    [
        ("Monitor(wav,c)\n same => n,Monitor(wav,d)", ["exact", "changed"]),
        ("Monitor(wav,c)\n same => n,StopMonitor()\n same => n,Monitor(wav,d)", ["exact"] * 3),
        ("Monitor(wav,c)\n same => n,MixMonitor(d.wav)\n same => n,StopMonitor()",
         ["exact", "changed"]),
        ("Set(__MONITOR_EXEC=mix)\n same => n,Monitor(wav,c,m)", ["left", "changed"]),
        ("Set(MONITOR_EXEC=mix)\n same => n,Monitor(wav,c)", ["left", "exact"]),
    ],
)  # fmt: skip
def test_what_else_records_in_the_call_is_looked_at(step: str, outcomes: list[str]) -> None:
    conf = Config.from_texts({"extensions.conf": f"[a]\nexten => 1,1,{step}\n"}, asterisk="20")
    assert [one.outcome for one in conf.plan_migrate("recording").constructs] == outcomes


def test_queues_record_into_one_file() -> None:
    text = (
        "[general]\n[two]\nmonitor-format=wav\nmonitor-type=Monitor\nmember => Local/1@a\n"
        "[one](!)\nmonitor-format=gsm\nmonitor-join=yes\n[mixed]\nmonitor-type=MixMonitor\n"
        "monitor-format=wav\n"
    )
    conf = Config.from_texts({"queues.conf": text}, asterisk="20")
    plan = conf.plan_migrate("recording")
    plan.apply()
    assert not conf.plan_migrate("recording")
    assert [(one.place.line, one.outcome) for one in plan.constructs] == [
        (3, "changed"), (4, "exact"), (7, "exact"), (8, "exact"), (10, "exact"),
    ]  # fmt: skip
    assert str(conf["queues.conf"]) == "".join(
        line
        for line in text.splitlines(keepends=True)
        if "-type" not in line and "-join" not in line
    )


@pytest.mark.parametrize(
    ("codemod", "old", "new", "outcome"),
    [
        ("recording", "*3,self/callee,PauseMonitor", "*3,self/callee,PauseMonitor", "left"),
        ("recording", "*3,self,StopMonitor", "*3,self,StopMixMonitor", "exact"),
        ("recording", '*3,self,Monitor,"wav,x"', '*3,self,Monitor,"wav,x"', "left"),
        ("channels", "*3,self,Dial,SIP/100", "*3,self,Dial,PJSIP/100", "exact"),
        ("gone", "*3,self,DeadAGI(a.php)", "*3,self,AGI(a.php)", "exact"),
        ("gone", "*3,self,Playback,beep", "*3,self,Playback,beep", ""),
    ],
)
def test_applications_that_keys_run(codemod: str, old: str, new: str, outcome: str) -> None:
    features = f"[applicationmap]\nx => {old}\n"
    conf = Config.from_texts({"features.conf": features, "sip.conf": SIP}, asterisk="20")
    plan = conf.plan_migrate(codemod)
    plan.apply()
    assert str(conf["features.conf"]) == f"[applicationmap]\nx => {new}\n"
    assert [one.outcome for one in plan.constructs] == [outcome] * bool(outcome)


def test_modules_that_are_needed_are_loaded() -> None:
    modules = (
        "[modules]\nautoload=no\nnoload => chan_pjsip.so\nnoload => x.so\nload => chan_sip.so\n"
        "noload => res_pjsip.so\n"
    )
    sip = SIP + "t38pt_udptl=yes\noutofcall_message_context=m\ntransport=ws\n"
    conf = Config.from_texts({"modules.conf": modules, "sip.conf": sip}, asterisk="20")
    plan = conf.plan_migrate("modules")
    plan.apply()
    lines = str(conf["modules.conf"]).splitlines()
    assert [line for line in lines if line.startswith("noload")] == ["noload => x.so"]
    for name in ("t38", "messaging", "transport_websocket", "session"):
        assert f"load => res_pjsip_{name}.so" in lines
    assert "load => res_srtp.so" not in lines
    assert [one.outcome for one in plan.constructs] == ["changed", "exact", "changed"]


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
        ("NoOp(${VALID_EXTEN(,2,1)})", "NoOp(${DIALPLAN_EXISTS(${CONTEXT},2,1)})", "exact"),
        ("NoOp(${VALID_EXTEN(a)})", "NoOp(${VALID_EXTEN(a)})", "left"),
        ("SetAMAFlags()", "SetAMAFlags()", "left"),
        ("NoOp(${QUEUE_MEMBER_COUNT(q)})", "NoOp(${QUEUE_MEMBER(q,logged)})", "exact"),
        ("NoOp(${CALLERIDNUM:1})", "NoOp(${CALLERID(num):1})", "exact"),
        ("ImportVar(x=${CH},y)", "Set(x=${IMPORT(${CH},y)})", "exact"),
        ("ExecIf(1?NoCDR())", "ExecIf(1?Set(CDR_PROP(disable)=1))", "exact"),
        ("DBget()", "DBget()", "left"),
        ("SIPSendCustomINFO(x)", "SIPSendCustomINFO(x)", "left"),
    ],
)
def test_gone(old: str, new: str, outcome: str) -> None:
    assert moved("gone", old)[:2] == (new, outcome)


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("Monitor(wav,call,m)", "MixMonitor(call.wav)", "exact"),
        ("Monitor(wav,call,mb)", "MixMonitor(call.wav,b)", "changed"),
        ("Monitor(wav,call,i)", "MixMonitor(,t(call-out.wav))", "exact"),
        ("Monitor(wav,call,mo)", "MixMonitor(,r(call-in.wav))", "exact"),
        ("Monitor(wav,call,io)", "NoOp(Monitor)", "exact"),
        ("Monitor(wav,call,mB(5))", "MixMonitor(call.wav,B(5))", "changed"),
        ("Monitor()", "NoOp(Monitor)", "exact"),
        ("Monitor(wav,call)", "MixMonitor(,r(call-in.wav)t(call-out.wav))", "exact"),
        ("Monitor(gsm,,m)", "MixMonitor(${UNIQUEID}.gsm)", "changed"),
        ("StopMonitor()", "StopMixMonitor()", "exact"),
        ("PauseMonitor()", "PauseMonitor()", "left"),
        ("Dial(IAX2/a,9,tWwb(c^s^1))", "Dial(IAX2/a,9,tXxb(c^s^1))", "changed"),
        ("Queue(q,wx)", "Queue(q,x)", "changed"),
        ("Dial(IAX2/a,9,b(w^s^1))", "Dial(IAX2/a,9,b(w^s^1))", ""),
    ],
)
def test_recording(old: str, new: str, outcome: str) -> None:
    assert moved("recording", old)[:2] == (new, outcome)


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("MeetMe(600,d)", "ConfBridge(600)", "exact"),
        ("MeetMe(600)", "ConfBridge(600)", "changed"),
        ("MeetMe(600,dqM)", "ConfBridge(600,,meetme1)", "exact"),
        ("MeetMe(600,dD)", "ConfBridge(600)", "changed"),
        ("MeetMe(600,dk)", "MeetMe(600,dk)", "left"),
        ("MeetMe(600,${HOW})", "MeetMe(600,${HOW})", "left"),
        ("MeetMe(600,dw(9))", "ConfBridge(600,,meetme1)", "changed"),
        ("MeetMe(${EXTEN},dw)", "ConfBridge(${EXTEN},,meetme1)", "exact"),
        ("MeetMe(600,d)\n same => n,Hangup()", "ConfBridge(600)", "changed"),
        ("MeetMe(600,dC)\n same => n,Hangup()", "ConfBridge(600)", "exact"),
        ("MeetMe(,d)", "MeetMe(,d)", "left"),
        ("MeetMeCount(600,n)", "Set(n=${CONFBRIDGE_INFO(parties,600)})", "exact"),
    ],
)
def test_conference(old: str, new: str, outcome: str) -> None:
    assert moved("conference", old)[:2] == (new, outcome)


@pytest.mark.parametrize(
    ("files", "outcome"),
    [
        ({"meetme": "[rooms]\nconf => 600\n"}, "exact"),
        ({"meetme": "[rooms]\nconf => 601\n"}, "changed"),
        ({"meetme": "[rooms]\nconf => 600,,99\n"}, "changed"),
        ({"meetme": "[rooms]\nconf => 600\n",
          "confbridge": "[default_menu]\ntype=menu\n1=toggle_mute\n"}, "changed"),
        ({"meetme": "[rooms]\nconf => 600\n", "confbridge": "[default_menu]\ntype=menu\n"},
         "exact"),
    ],
)  # fmt: skip
def test_what_files_say_of_a_room_is_looked_at(files: dict[str, str], outcome: str) -> None:
    assert moved("conference", "MeetMe(600)", **files)[:2] == ("ConfBridge(600)", outcome)


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
        ("Dial|SIP/1|20|tT", "Dial(SIP/1,20,tT)", "changed"),
        ("Dial,SIP/1,20", "Dial(SIP/1,20)", "changed"),
        ("NoOp|hello", "NoOp(hello)", "changed"),
        ("NoOp|a|b", "NoOp|a|b", "left"),
        ("GotoIf(${A}|${B}?b|s|1)", "GotoIf(${A}|${B}?b,s,1)", "changed"),
        ("GotoIf(${A} || ${B}?b)", "GotoIf(${A} || ${B}?b)", ""),
        ("While(${A}|${B})", "While(${A}|${B})", "left"),
        ("ExecIf(1|NoOp|x)", "ExecIf(1?NoOp(x))", "changed"),
        ("ExecIf(1|NoOp|x|y)", "ExecIf(1|NoOp|x|y)", "left"),
        (
            "ExecIfTime(9:00-17:00|*|*|*?Dial|SIP/1|20)",
            "ExecIfTime(9:00-17:00|*|*|*?Dial(SIP/1,20))",
            "changed",
        ),
        ("ExecIf(${A}|${B}?NoOp())", "ExecIf(${A}|${B}?NoOp())", "left"),
        ("GotoIf|$[${A} | ${B}]?b|s|1:c|s|1", "GotoIf($[${A} | ${B}]?b,s,1:c,s,1)", "changed"),
        ("Hangup|", "Hangup()", "changed"),
        ("2,Playback", "2,Playback", "left"),
        ("Hangup", "Hangup", ""),
    ],
)
def test_pipes(old: str, new: str, outcome: str) -> None:
    assert moved("pipes", old)[:2] == (new, outcome)


@pytest.mark.parametrize(
    ("old", "new", "outcome"),
    [
        ("Goto(a|2|1)", "Goto(a,2,1)", "changed"),
        ("Goto(a,2|1)", "Goto(a,2,1)", "changed"),
        ("NoOp(a|b)", "NoOp(a|b)", "exact"),
        ("System(a | b, c)", "System(a | b, c)", "exact"),
        ("Verbose(1|a|b)", "Verbose(1,a|b)", "changed"),
        ("Verbose(1,a|b)", "Verbose(1,a|b)", "exact"),
        ("MixMonitor(a.wav|b|lame - | cat)", "MixMonitor(a.wav,b,lame - | cat)", "changed"),
        ("UserEvent(x|a: 1|b: 2)", "UserEvent(x,a: 1,b: 2)", "changed"),
        ("Set(A=1|B=${A})", "MSet(A=1,B=${A})", "changed"),
        ("Set(A=1|g)", "Set(A=1|g)", "left"),
        ("Set(A=(1|2))", "Set(A=(1|2))", "exact"),
        ('Set(A="1|2")', 'Set(A="1|2")', "exact"),
        ("Set(A=${CUT(B|-|1-2)})", "Set(A=${CUT(B,-,1-2)})", "changed"),
        ('Set(A=${REGEX("a|b" ${C})})', 'Set(A=${REGEX("a|b" ${C})})', ""),
        ("Set(A=$[${B} | 1])", "Set(A=$[${B} | 1])", ""),
        ("Dial(SIP/1|20|tM(a^b|c))", "Dial(SIP/1,20,tM(a^b|c))", "changed"),
        ("ExecIf($[1 | 0]|Dial|SIP/1|20)", "ExecIf($[1 | 0]?Dial(SIP/1,20))", "changed"),
        ("ExecIf($[1]|NoOp)", "ExecIf($[1]?NoOp())", "changed"),
        ("ExecIf($[1]|Unheard|x|y)", "ExecIf($[1]|Unheard|x|y)", "left"),
        ("GotoIfTime(9:00-17:00|mon-fri|*|*?a|2|1)", "GotoIfTime(9:00-17:00,mon-fri,*,*?a,2,1)",
         "changed"),
        ("Playback,a&b|noanswer", "Playback(a&b,noanswer)", "changed"),
        ("Dial,SIP/1,20", "Dial,SIP/1,20", "left"),
        ("SendText(a|j)", "SendText(a|j)", "left"),
        ("Dial(SIP/1|20|'t')", "Dial(SIP/1|20|'t')", "left"),
        ("GotoIf($[1] || ${B}?b|s|1)", "GotoIf($[1] || ${B}?b,s,1)", "changed"),
        ("Hangup()", "Hangup()", ""),
    ],
)  # fmt: skip
def test_pipes_of_1_4(old: str, new: str, outcome: str) -> None:
    assert moved("pipes", old, written_for="1.4")[:2] == (new, outcome)


def test_from_1_6_on_nothing_is_split_at_pipes() -> None:
    assert moved("pipes", "Goto(a|2|1)", written_for="1.6.2")[:2] == ("Goto(a|2|1)", "")


def numbered(text: str, written_for: str = "") -> tuple[str, list[tuple[str, str]]]:
    """Return what a context becomes, and the outcome and new text of all that is said."""
    conf = Config.from_texts({"extensions.conf": f"[a]\n{text}"}, asterisk="20")
    errors = [one.code for one in conf.check() if one.severity == "error"]
    plan = conf.plan_migrate("priorities", written_for=written_for)
    plan.apply()
    assert not conf.plan_migrate("priorities", written_for=written_for), (
        "a second run finds nothing"
    )
    assert [one.code for one in conf.check() if one.severity == "error"] == errors
    return str(conf["extensions.conf"])[4:], [(one.outcome, one.new) for one in plan.constructs]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("exten => 1,1,NoOp()\nexten => 1,2(x),Goto(x)  ; here\n",
         "exten => 1,1,NoOp()\nsame => n(x),Goto(x)  ; here\n", ["exact"]),
        ("exten => 1,1,NoOp()\n; why\n\nexten => 1,2,Hangup()\n",
         "exten => 1,1,NoOp()\n; why\n\nsame => n,Hangup()\n", ["exact"]),
        ("exten => 1,1,Goto(3)\nexten => 1,2,NoOp()\nexten => 1,3,Hangup()\n",
         "exten => 1,1,Goto(hangup)\nsame => n,NoOp()\nsame => n(hangup),Hangup()\n",
         ["exact", "exact"]),
        (("exten => 1,1,NoOp()\nexten => 1,2(x),Goto(3)\nexten => 1,3(y),Hangup()\n"
         "exten => 2,1,GotoIf($[1]?1,2:a, 1, 3)\n"),
         ("exten => 1,1,NoOp()\nsame => n(x),Goto(y)\nsame => n(y),Hangup()\n"
         "exten => 2,1,GotoIf($[1]?1,x:a, 1, 3)\n"), ["exact", "exact", "exact", "left"]),
        ("exten => 1,1,Gosub(1,3(x))\n same => n,NoOp()\n same => n , Return()\n",
         "exten => 1,1,Gosub(1,return(x))\n same => n,NoOp()\n same => n(return), Return()\n",
         ["exact"]),
        (("exten => 1,1,ExecIf(1?Goto( 2))\nexten => 1,2,Noop()\nexten => 2,1,Goto(2)\n"
         "exten => 2,3(noop),NoOp()\n"),
         ("exten => 1,1,ExecIf(1?Goto(noop2))\nsame => n(noop2),Noop()\nexten => 2,1,Goto(2)\n"
         "exten => 2,3(noop),NoOp()\n"), ["exact", "exact", "left"]),
        ("exten => 1,1,NoOp()\nexten => 1,2,NoOp()\nexten => 1,102,NoOp()\nexten => 1,103,NoOp()\n",
         "exten => 1,1,NoOp()\nsame => n,NoOp()\nexten => 1,102,NoOp()\nsame => n,NoOp()\n",
         ["exact"]),
        ("exten => 1,1,Dial(Local/1@a,,G(1^2)F(2))\nexten => 1,2,Hangup()\n",
         "exten => 1,1,Dial(Local/1@a,,G(1^hangup)F(hangup))\nsame => n(hangup),Hangup()\n",
         ["exact", "exact"]),
        ("exten => 1,1,Goto(${X},2)\nexten => 1,2,Hangup()\nexten => 1,3,Hangup()\n", "",
         ["left", "left"]),
        ("exten => 1,1,NoOp()\nexten => 2,1,NoOp()\nexten => 1,2,Goto(2,1)\n", "", ["left"]),
        (("exten => 1/7,1,NoOp()\nexten => 1/7,2,NoOp()\nexten => 1,1,NoOp()\nexten => 1,2,NoOp()\n"
         "exten => 2,1,Goto(1,2)\n"), "", ["left"] * 3),
    ],
)  # fmt: skip
def test_priorities(old: str, new: str, said: list[str]) -> None:
    made, told = numbered(old)
    assert made == (new or old)
    assert [outcome for outcome, _ in told] == said


def test_a_label_that_a_jump_misses_is_not_made_for_another() -> None:
    made, _ = numbered("exten => 1,1,GotoIf(0?hangup:2)\nexten => 1,2,Hangup()\n")
    assert made == "exten => 1,1,GotoIf(0?hangup:hangup2)\nsame => n(hangup2),Hangup()\n"


def test_steps_of_a_pattern_make_room() -> None:
    made, _ = numbered(FAILS.format("Dial(SIP/1)").replace(" 1,", " _X,"), "1.2")
    assert made.count("GotoIf") == 1


def test_a_line_of_several_contexts_gets_a_label_if_all_agree() -> None:
    made, _ = numbered("exten => 1,1,Goto(2)\nexten => 1,2,NoOp()\n[b](a)\nexten => 2,1,NoOp()\n")
    assert made.startswith("exten => 1,1,Goto(noop)\nsame => n(noop),NoOp()\n")
    texts = "exten => 2,1,Goto(1,2)\n[b](a)\nexten => 1,2,NoOp()\n[c](a)\nexten => 1,2,Hangup()\n"
    made, said = numbered(texts)
    assert (made, said) == (texts, [("left", "")])


FAILS = "exten => 1,1,{}\nexten => 1,2,Hangup()\nexten => 1,102,NoOp(failed)\n"
DIALS = FAILS.format("Dial(SIP/1)")
DIALSTATUS = (
    '$["${DIALSTATUS}" = "BUSY" | "${DIALSTATUS}" = "CONGESTION" | "${DIALSTATUS}" = "CHANUNAVAIL"]'
)


@pytest.mark.parametrize(
    ("general", "version", "old", "new", "test"),
    [
        ("", "1.2", "Dial(SIP/1)", "Dial(SIP/1)", DIALSTATUS),
        ("", "1.4", "Dial(SIP/1,9,jM(j)t)", "Dial(SIP/1,9,M(j)t)", DIALSTATUS),
        ("yes", "1.4", "Dial(SIP/1)", "Dial(SIP/1)", DIALSTATUS),
        ("yes", "", "Playback(a,j)", "Playback(a)", '$["${PLAYBACKSTATUS}" = "FAILED"]'),
        ("", "1.2", "VoiceMail(1,u)", "VoiceMail(1,u)", '$["${VMSTATUS}" = "FAILED"]'),
        ("", "1.0.9", "AddQueueMember(q)", "AddQueueMember(q)",
         '$["${AQMSTATUS}" = "MEMBERALREADY"]'),
        ("no", "1.2", "RemoveQueueMember(q,,j)", "RemoveQueueMember(q,)",
         '$["${RQMSTATUS}" = "NOTINQUEUE"]'),
        ("", "1.2", "PauseQueueMember(q,a)", "PauseQueueMember(q,a)",
         '$["${PQMSTATUS}" = "NOTFOUND"]'),
    ],
)  # fmt: skip
def test_what_jumped_when_it_failed_gets_a_gotoif(
    general: str, version: str, old: str, new: str, test: str
) -> None:
    text = f"[general]\npriorityjumping={general}\n[b]\n" if general else ""
    made, said = numbered(text + FAILS.format(old), version)
    kept = text if general != "yes" else "[general]\n[b]\n"
    assert made == (
        f"{kept}exten => 1,1,{new}\nsame => n,GotoIf({test}?noop)\nsame => n,Hangup()\n"
        "exten => 1,102(noop),NoOp(failed)\n"
    )
    assert said[len(said) - 2 :] == [
        ("changed", "same => n"), ("changed", f"{new}, GotoIf({test}?noop)"),
    ]  # fmt: skip
    assert said[:-2] == ([("exact", "")] if general else [])


def test_the_switch_of_all_jumps_stays_while_one_of_them_has_no_step() -> None:
    text = f"[general]\npriorityjumping=yes\n[b]\n{DIALS}"
    text += FAILS.replace(" 1,", " 2,").format("Authenticate(1)")
    made, said = numbered(text)
    assert made.startswith("[general]\npriorityjumping=yes\n")
    assert said[0] == ("left", "")


@pytest.mark.parametrize(
    ("version", "step"), [("1.6", DIALS), ("1.4", "exten => 1,1,Dial(SIP/1)\n")]
)
def test_the_switch_goes_where_no_jump_was_by_it(version: str, step: str) -> None:
    text = f"[general]\npriorityjumping=yes\n[b]\n{step}"
    conf = Config.from_texts({"extensions.conf": text}, asterisk="20")
    plan = conf.plan_migrate("priorities", written_for=version)
    (one,) = [one for one in plan.constructs if one.place.line == 2]
    assert (one.outcome, one.why) == (
        "exact", "no step takes its place; 1.6 and later do not read it"
    )  # fmt: skip
    plan.apply()
    assert "priorityjumping" not in str(conf["extensions.conf"])


def test_a_template_called_general_switches_nothing_on() -> None:
    text = f"[general](!)\npriorityjumping=yes\n[b]\n{DIALS}"
    made, said = numbered(text, "1.4")
    assert made.startswith("[general](!)\npriorityjumping=yes\n[b]\n")
    assert "GotoIf" not in made
    assert [outcome for outcome, _ in said] == ["exact", "exact"]


@pytest.mark.parametrize(
    ("head", "jumps"),
    [
        ("[base](!)\npriorityjumping=yes\n[general](base)\n", True),
        ("[base](!)\nPriorityJumping=yes\n[general](base)\npriorityjumping=no\n", True),
        ("[general]\npriorityjumping=no\npriorityjumping=yes\n", False),
        ("[general]\n[general](+)\npriorityjumping=yes\n", True),
        ("[base](!)\npriorityjumping=yes\n[other](base)\n[general]\n", False),
    ],
)
def test_the_first_switch_counts_that_general_has_also_by_a_template(
    head: str, *, jumps: bool
) -> None:
    # Source: main/config.c of 1.4: ast_variable_retrieve takes the first of a name, and what a
    # section inherits is copied before its own lines.
    made, _ = numbered(f"{head}[b]\n{FAILS.format('Dial(SIP/1)')}", "1.4")
    assert ("GotoIf" in made) == jumps
    assert ("priorityjumping=yes" in made.lower()) != jumps


@pytest.mark.parametrize("call", ["Dial(SIP/1)", "Authenticate(1)"])
def test_a_step_to_which_nothing_jumps_is_told(call: str) -> None:
    never = "never jumped here by itself as it is written, and nothing does today"
    conf = Config.from_texts({"extensions.conf": f"[a]\n{FAILS.format(call)}"}, asterisk="20")
    told = [one for one in conf.plan_migrate("priorities", written_for="1.4").constructs
            if one.place.line == 4]  # fmt: skip
    assert [(one.outcome, one.why) for one in told] == [
        ("exact", f"by rule: {call.partition('(')[0]} {never}"),
    ]


def test_a_second_step_of_one_label_gets_another() -> None:
    made, _ = numbered("exten => 1,1,Goto(3)\nexten => 1,2(x),NoOp()\nexten => 1,n(x),Hangup()\n")
    assert made == "exten => 1,1,Goto(hangup)\nsame => n(x),NoOp()\nexten => 1,n(hangup),Hangup()\n"


@pytest.mark.parametrize(
    ("version", "old", "why"),
    [
        ("", FAILS.format("Dial(SIP/1,9,j)"), "say for which it was written"),
        ("1.2", FAILS.format("Authenticate(1)"), "nothing that is known here tells so"),
        ("1.4", FAILS.format("Authenticate(1,aj)"), "nothing that is known here tells so"),
        ("1.2", DIALS.replace("Hangup()", "Goto(+1)"), "counts its"),
        ("1.2", FAILS.format("Dial(SIP/${PRIORITY})"), "counts its"),
        ("1.2", DIALS.replace("Hangup()", "Goto(${X})"), "by number"),
        ("1.2", DIALS + "exten => 2,1,GotoIf(0?1,3)\n", "by number"),
        ("1.2", DIALS + "exten => 2,1,Dial(SIP/2,,G(1^2))\n", "option G"),
        ("1.2", DIALS + "[c]\ninclude => a\nexten => 1,2,Hangup()\n", "other ext"),
        ("1.2", DIALS + "exten => _X,3,Hangup()\n", "other ext"),
        ("1.2", DIALS.replace(" 1,", " _X,") + "exten => 7,1,Hangup()\n", "other ext"),
        ("1.2", DIALS.replace("exten => 1,102", "[b]\n[a](+)\nexten => 1,102"), "other li"),
        ("1.2", DIALS.replace("102,", "102(x),") + "exten => 2,1(x),NoOp()\n", "label"),
        ("1.2", DIALS + "[b](a)\n", "several contexts"),
        ("1.2", "".join(f"exten => 1,{n},Dial(SIP/1)\n" for n in (*range(1, 101), 102)), "room"),
    ],
)  # fmt: skip
def test_where_no_step_can_come_between_it_is_said(version: str, old: str, why: str) -> None:
    conf = Config.from_texts({"extensions.conf": f"[a]\n{old}"}, asterisk="20")
    plan = conf.plan_migrate("priorities", written_for=version)
    assert [why in one.why for one in plan.notes if "it went to 102" in one.why] == [True]
    plan.apply()
    assert "STATUS" not in str(conf["extensions.conf"])


@pytest.mark.parametrize(
    ("version", "old"),
    [
        ("1.4", DIALS),
        ("1.6", FAILS.format("Dial(SIP/1,,j)")),
        ("1.2", DIALS.replace("Hangup()", "GotoIf($[${DIALSTATUS}=BUSY]?9)")),
        ("1.2", FAILS.format("NoOp()")),
        ("1.2", DIALS.replace("102", "103")),
    ],
)
def test_what_did_not_jump_is_not_told(version: str, old: str) -> None:
    plan = Config.from_texts({"extensions.conf": f"[a]\n{old}"}, asterisk="20").plan_migrate(
        "priorities", written_for=version
    )
    assert [one for one in plan.constructs if "went to" in one.why] == []


def test_a_version_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'old' is no version of Asterisk, such as '1\.4'"):
        Config.from_texts({}, asterisk="20").plan_migrate("pipes", written_for="old")


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
