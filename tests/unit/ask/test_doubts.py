"""What is not followed makes an answer unknown, or is followed: it is never a "no"."""

import pytest

from asterconf.config import Config
from tests.planted_holes import house

OUT = "\n[out]\nexten => s,1,Dial(PJSIP/911@t)\nexten => 9,1,Goto(s,1)\n"
OVER = "\n[over]\nexten => s,1,Queue(w)"
WAY = "[general]\n[w]\nmember => PJSIP/911@t\n"
"""What still calls when the call is over: `Dial` does not."""
QUEUE = "[general]\n[q]\nmember => PJSIP/100\n"
BOX = "[general]\n[default]\n100 => 1,Ann"
LOTS = "[general]\n[default]\nparkpos = 701-709\n"
AT_B, KEY = "Goto(b,s,1)\n[b]\nexten => s,1,", "\nexten => 8,1,Goto(out,s,1)"
READS_X = '\n[sub]\nexten => s,1,GotoIf($["${ARG1}" = "9"]?out,s,1)\n same => n,Return()'


def after(name: str, value: str) -> str:
    return f'\n same => n,GotoIf($["${{{name}}}" = "{value}"]?out,s,1)'


def verdict(steps: str, asterisk: str = "22", **files: str) -> str:
    trunk = house().workspace.files.documents["pjsip.conf"]
    texts = {"extensions.conf": f"[c]\nexten => s,1,{steps}{OUT}", "pjsip.conf": str(trunk)}
    texts |= {f"{name}.conf": text for name, text in files.items()}
    return Config.from_texts(texts, asterisk=asterisk).ask.reach(entry="context:c").verdict


LEADS = {
    "hangup_handler_wipe": (
        f"Set(CHANNEL(hangup_handler_wipe)=over,s,1){OVER}", {"queues": WAY}),
    "a handler sees what is set later": (
        ("Set(CHANNEL(hangup_handler_push)=late,s,1)\n same => n,Set(x=1)\n same => n,Hangup()\n"
        '[late]\nexten => s,1,GotoIf($["${x}" = "1"]?over,s,1)\n same => n,Return()'
        + OVER), {"queues": WAY}),
    "arguments of U": (f"Dial(PJSIP/100,,U(sub^9)){READS_X}", {}),
    "arguments of b": (
        "Gosub(g,s,1(1))\n[g]\nexten => s,1,Dial(PJSIP/100,,b(sub^s^1(9)))" + READS_X, {}),
    "GOSUB_RESULT": (
        ("Dial(PJSIP/100,,U(r))\n[r]\nexten => s,1,Set(GOSUB_RESULT=GOTO:out^s^1)\n"
        " same => n,Return()"), {}),
    "G": ("Dial(PJSIP/100,,G(x^s^1))\n[x]\nexten => s,1,Hangup\n same => n,Goto(out,s,1)", {}),
    "F": (f"Dial(PJSIP/100,,F){after('DIALSTATUS', '')}", {}),
    "M": ("Dial(PJSIP/100,,M(x))\n[macro-x]\nexten => s,1,Goto(out,s,1)", {"asterisk": "20"}),
    "Macro": ("Macro(x)\n[macro-x]\nexten => s,1,Goto(out,s,1)", {"asterisk": "20"}),
    "EXITCONTEXT": ("Set(EXITCONTEXT=out)\n same => n,Dial(PJSIP/100,,d)", {}),
    "CANCEL": (
        'Dial(PJSIP/100)\nexten => h,1,GotoIf($["${DIALSTATUS}" = "CANCEL"]?over,s,1)' + OVER,
        {"queues": WAY}),
    "DONTCALL": (f"Dial(PJSIP/100,,P(x)){after('DIALSTATUS', 'DONTCALL')}", {}),
    "letters of the caller": (("Goto(l,T,1)\n[l]\nexten => _[A-Z],1,"
        "Set(TRANSFER_CONTEXT=out)\n same => n,Dial(PJSIP/100,20,${EXTEN})"), {}),
    "Page": ("Page(PJSIP/100,B(out^s^1))", {"confbridge": "[general]\n"}),
    "FULL": (f"Queue(q){after('QUEUESTATUS', 'FULL')}", {"queues": QUEUE}),
    "gosub of Queue": ("Queue(q,,,,10,,out)", {"queues": QUEUE}),
    "macro of Queue": ("Queue(q,,,,10,,x)\n[macro-x]\nexten => s,1,Goto(out,s,1)",
        {"queues": QUEUE, "asterisk": "20"}),
    "membergosub": ("Queue(q)", {"queues": f"{QUEUE}membergosub = out\n"}),
    "AddQueueMember": ("AddQueueMember(q,Local/s@out)\n same => n,Queue(q)", {"queues": QUEUE}),
    "READSTATUS": (f"Read(x,nothing){after('READSTATUS', 'ERROR')}", {}),
    "SYSTEMSTATUS": (f"System(x){after('SYSTEMSTATUS', 'SUCCESS')}", {}),
    "SENDTEXTSTATUS": (f"SendText(x){after('SENDTEXTSTATUS', 'SUCCESS')}", {}),
    "WAITSTATUS": (f"WaitForSilence(9){after('WAITSTATUS', 'SILENCE')}", {}),
    "BRIDGERESULT": (f"Bridge(PJSIP/100-1){after('BRIDGERESULT', 'SUCCESS')}", {}),
    "a mailbox's exit": ("VoiceMail(100)\n[e]\nexten => a,1,Goto(out,s,1)",
        {"voicemail": f"{BOX},,,exitcontext=e\n"}),
    "a mailbox's dialout": ("VoiceMailMain(100,s)", {"voicemail": f"{BOX},,,dialout=out\n"}),
    "digits in a greeting": ("VoiceMail(100,d(out))", {"voicemail": f"{BOX}\n"}),
    "the default menu": ("ConfBridge(1)",
        {"confbridge": "[default_menu]\ntype = menu\n1 = dialplan_exec(out,s,1)\n"}),
    "comebackcontext": ("Park()",
        {"res_parking": f"{LOTS}comebacktoorigin = no\ncomebackcontext = out\n"}),
    "a feature of its own": ("Set(DYNAMIC_FEATURES=go)\n same => n,Dial(PJSIP/100)",
        {"features": '[applicationmap]\ngo => *1,self,Gosub,"out,s,1"\n'}),
    "REFER": ("Set(TRANSFER_CONTEXT=out)\n same => n,Dial(PJSIP/100)", {}),
    "a hook": ("Set(x=${PERIODIC_HOOK(out,s,5)})\n same => n,Wait(60)", {}),
    "a file of DISA": ("DISA(/etc/asterisk/pins)", {}),
    "F of Queue": ("Queue(q,F(out^s^1))", {"queues": QUEUE}),
    "a queue in a database": ("Queue(rt)", {
        "queues": QUEUE, "extconfig": "[settings]\nqueues => odbc,asterisk\n"}),
    "a mailbox in a database": ("VoiceMail(100)", {
        "voicemail": f"{BOX}\n", "extconfig": "[settings]\nvoicemail => odbc,asterisk\n"}),
    "an endpoint in a database": ("Dial(PJSIP/911@rt)", {
        "extconfig": "[settings]\nps_endpoints => odbc,asterisk\n",
        "sorcery": "[res_pjsip]\nendpoint = realtime,ps_endpoints\n"}),
    "a driver of others": ("Dial(Dongle/d0/911)", {"dongle": "[d0]\naudio = /dev/ttyUSB1\n"}),
    "a driver that is loaded": (
        "Dial(Khomp/b0/911)", {"modules": "[modules]\nautoload = yes\nload = chan_khomp.so\n"}),
    "the key of ChanSpy": ("Set(SPY_EXIT_CONTEXT=out)\n same => n,ChanSpy(PJSIP/100,qX)", {}),
    "the key of MeetMe": (
        "Set(MEETME_EXIT_CONTEXT=out)\n same => n,MeetMe(1,X)", {"asterisk": "18"}),
    "a recall": ("CallCompletionRequest()", {}),
    "j": (f"{AT_B}SayUnixTime(,,,j){KEY}", {}),
    "dtmf_features": (f"Set(CHANNEL(dtmf_features)=T)\n same => n,{AT_B}Dial(PJSIP/100){KEY}", {}),
    "BRIDGE_FEATURES": (f"Set(BRIDGE_FEATURES=T)\n same => n,{AT_B}Dial(PJSIP/100){KEY}", {}),
    "T of Bridge": (f"{AT_B}Bridge(PJSIP/100-00000001,T){KEY}", {}),
    "after_bridge_goto": (
        "Set(CHANNEL(after_bridge_goto)=out,s,1)\n same => n,Dial(PJSIP/100)", {}),
    "K": ("Dial(PJSIP/100,,K)", {
        "res_parking": f"{LOTS}comebacktoorigin = no\ncomebackcontext = out\n"}),
    "parkedcalltransfers": (
        f"{AT_B}ParkedCall(default,701){KEY}",
        {"res_parking": f"{LOTS}parkedcalltransfers = both\n"}),
    "T": (("Set(TIMEOUT(absolute)=5)\n same => n,Goto(b,s,1)\n[b]\nexten => s,1,Wait(10)\n"
        "exten => T,1,Goto(out,s,1)"), {}),
}  # fmt: skip


@pytest.mark.parametrize("name", LEADS)
def test_what_leads_to_the_trunk_is_never_a_no(name: str) -> None:
    steps, files = LEADS[name]
    assert verdict(steps, **files) != "no"


@pytest.mark.parametrize(
    ("steps", "files"),
    [
        ("Dial(IAX2/911@t)", {}),
        ("Dial(SIP/911@t)", {}),
        ("Dial(PJSIP/911@t)", {"modules": "[modules]\nautoload = yes\nnoload = chan_pjsip.so\n"}),
        ("Queue(rt)", {"queues": QUEUE}),
        ("DISA(1234,nowhere)", {}),
        ("Dial(Dongle/d0/911)", {}),
        ("Set(SPY_EXIT_CONTEXT=out)\n same => n,ChanSpy(PJSIP/100,q)", {}),
        ("Dial(PJSIP/100,,K)", {"res_parking": f"{LOTS}comebacktoorigin = yes\n"}),
        ("ParkedCall(default,701)", {"res_parking": f"{LOTS}parkedcalltransfers = no\n"}),
        (
            "Goto(b,s,1)\n[b]\nexten => s,1,VoiceMail(100)\nexten => o,1,Goto(out,s,1)",
            {"voicemail": f"{BOX}\n"},
        ),
        (
            "Goto(b,s,1)\n[b]\nexten => s,1,Dial(PJSIP/100,,T)\nexten => 8,1,Goto(out,s,1)",
            {"features": "[featuremap]\nblindxfer =\natxfer =\n"},
        ),
    ],
)
def test_what_never_leads_to_the_trunk_is_no_yes(steps: str, files: dict[str, str]) -> None:
    assert verdict(steps, **files) == "no"


@pytest.mark.parametrize(
    "steps",
    [
        "Dial(PJSIP/100,20,rTtgm(default))",
        f"Set(NIGHTSTATUS=0)\n same => n,NoOp(x){after('NIGHTSTATUS', '1')}",
        "Queue(q,t)\n same => n,VoiceMail(100,us)",
        "Playback(x)\n same => n,Background(x)\n same => n,WaitExten(3)",
        "Read(x,y)\n same => n,GotoIf($[${LEN(${x})} = 2]?1)\n same => n,SayDigits(1)",
    ],
)
def test_what_is_common_is_still_proved(steps: str) -> None:
    text = f"[safe]\nexten => s,1,{steps}\n{OUT}"
    trunk = house().workspace.files.documents["pjsip.conf"]
    texts = {
        "extensions.conf": text, "pjsip.conf": str(trunk), "queues.conf": QUEUE,
        "voicemail.conf": f"{BOX}\n",
    }  # fmt: skip
    assert Config.from_texts(texts).ask.reach(entry="context:safe").verdict == "no"


def test_a_search_that_stops_early_is_unknown() -> None:
    from asterconf.ask.engine import Engine
    from asterconf.ask.entries import entries_of
    from asterconf.ask.placed import start_of

    text = "[c]\nexten => s,1,Dial(PJSIP/1&PJSIP/2)\n same => n,NoOp()\n"
    work = Config.from_texts({"extensions.conf": text}).workspace
    engine = Engine(work)
    start = start_of(entries_of(work, "context:c")[0], engine)
    assert engine.explore([start], most_hits=1).stopped
    assert not engine.explore([start]).stopped


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        ("CHANNEL(hangup_handler_push)=over,s,1", "unknown"),
        ("__CHANNEL(after_bridge_goto)=out,s,1", "unknown"),
        ("TIMEOUT(absolute)=5", "unknown"),
        ("ODBC_X(1)=2", "unknown"),
        ("CHANNEL(language)=fr", "no"),
        ("CALLERID(num)=1", "no"),
        ("X=1", "no"),
    ],
)
def test_a_function_that_set_var_writes_may_lead_elsewhere(said: str, verdict: str) -> None:
    trunk = house().workspace.files.documents["pjsip.conf"]
    pjsip = f"{trunk}\n[phone]\ntype=endpoint\ncontext=c\nset_var={said}\n"
    plan = f"[c]\nexten => _X.,1,Hangup(){OUT}{OVER}"
    conf = Config.from_texts({"extensions.conf": plan, "pjsip.conf": pjsip, "queues.conf": WAY})
    assert conf.ask.reach(entry="phone").verdict == verdict
