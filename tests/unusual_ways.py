"""Dialplans whose way to the trunk is easily overlooked: Asterisk 22.10.1 takes it, or does not."""

from __future__ import annotations

from asterconf.config import Config

OUT = "[out]\nexten => 1,1,Dial(PJSIP/1@t)\n"
PJSIP = "".join(
    f"[{n}]\ntype=endpoint\naors={n}\ncontext=in\n[{n}]\ntype=aor\ncontact=sip:{n}@127.0.0.1\n"
    for n in ("t", "p")
)
SUB, LEG = "\n[sub]\nexten => s,1,", '\n[leg]\nexten => 2,1,GotoIf($["${X}"="1"]?out,1,1)'
DISA = "Answer; DISA(no-password,d)\n[d]\n"
QUEUES = "[general]\n[q]\ncontext=d\nmember => PJSIP/p\n"
LONG = "78" * 60
F = "[globals]\nF=GLOBAL\nA=Set\nB=1\n"
"""What globals hold of which names of variables are made."""

REACHED: dict[str, str] = {
    "a global by a made name": 'ExecIf(1?Set(${F}(O)=1)); GotoIf($["${O}"="1"]?out,1,1)',
    "the second of MSet": 'MSet(a=1,${F}(O)=1); GotoIf($["${O}"="1"]?out,1,1)',
    "a made application": 'ExecIf(1?${A}(${F}(O)=1)); GotoIf($["${O}"="1"]?out,1,1)',
    "GLOBAL_DELETE": 'Set(GLOBAL_DELETE(B)=); GotoIf($["${B}"=""]?out,1,1)',
    "Exec": "Set(X=1); Set(D=$); Exec(GotoIf(${D}{X}?out,1,1))",
    "TryExec": "Set(X=1); Set(D=$); TryExec(GotoIf(${D}{X}?out,1,1))",
    "inherited past B": f"Set(__X=1); Dial(Local/2@leg,,B(sub^s^1)){SUB}Return(){LEG}",
    "inherited from B": f"Dial(Local/2@leg,,B(sub^s^1)){SUB}Set(__X=1)\n same => n,Return(){LEG}",
    "set by b": f"Dial(Local/2@leg,,b(sub^s^1)){SUB}Set(X=1)\n same => n,Return(){LEG}",
    "the caller id by B": (
        f"Dial(Local/2@leg,,B(sub^s^1)){SUB}Set(CALLERID(num)=9)\n same => n,Return()\n[leg]\n"
        'exten => 2,1,GotoIf($["${CALLERID(num)}"="9"]?out,1,1)'
    ),
    "what is not handed on": (
        "Gosub(sub,s,1(7,8)); GotoIf($[${GOSUB_RETVAL}=5]?out,1,1)"
        f"{SUB}Gosub(low,s,1)\n same => n,Return(${{GOSUB_RETVAL}})\n"
        '[low]\nexten => s,1,ExecIf($["${ARG2}"=""]?Return(5):Return(6))'
    ),
    "LOCAL_PEEK": (
        f"Gosub(sub,s,1){SUB}Set(LOCAL(X)=2)\n"
        ' same => n,GotoIf($["${LOCAL_PEEK(0,X)}"="2"]?out,1,1)'
    ),
    "a result by a made name": (
        f"Dial(PJSIP/p,,U(sub)){SUB}Set(N=RESULT)\n same => n,Set(GOSUB_${{N}}=GOTO:out^1^1)\n"
        " same => n,Return()"
    ),
    "inherited by SET": f"NoOp(${{SET(__X=1)}}); Dial(Local/2@leg){LEG}",
    "inherited by ARRAY": f"Set(ARRAY(__X)=1); Dial(Local/2@leg){LEG}",
    "inherited by LOCAL": (
        f"Gosub(sub,s,1){SUB}Set(LOCAL(__X)=1)\n same => n,Dial(Local/2@leg){LEG}"
    ),
    "inherited by HASH": (
        "Set(HASH(__h,k)=1); Dial(Local/2@leg)\n[leg]\n"
        'exten => 2,1,GotoIf($["${HASH(h,k)}"="1"]?out,1,1)'
    ),
    "a local one that was inherited": (
        'Set(X=0); Gosub(sub,s,1); GotoIf($["${X}"="0"]?out,1,1)'
        f"{SUB}Set(LOCAL(__X)=1)\n same => n,Return()"
    ),
    "a priority below 0": "Goto(+-9); Goto(out,1,1)",
    "two signs": "Goto(--1); Goto(out,1,1)",
    "a label of no digit": "Goto(²); Hangup\n same => n(²),Goto(out,1,1)",
    "its own channel sent elsewhere": "ChannelRedirect(${CHANNEL},out,1,1); Hangup",
    "its own channel by a variable": "Set(C=${CHANNEL}); ChannelRedirect(${C},out,1,1); Hangup",
    "its own channel in a subroutine": (
        f"Gosub(sub,s,1); Goto(out,1,1){SUB}ChannelRedirect(${{CHANNEL}},sub,2,1)\n"
        " same => n,Hangup\nexten => 2,1,Return()"
    ),
    "blanks around the caller's number": (
        'Set(CALLERID(num)= 999 ); GotoIf($["${CALLERID(num)}"="999"]?out,1,1)'
    ),
    "a result whose name is not known": (
        f"Set(DB(a/b)=GOSUB_RESULT); Dial(PJSIP/p,,U(sub)){SUB}Set(${{DB(a/b)}}=GOTO:out^1^1)\n"
        " same => n,Return()"
    ),
    "where option G sends the caller": "Dial(PJSIP/p,,G(out^1^1))",
    "where option G sends the one who answers": (
        "Dial(PJSIP/p,,G(g,1,1))\n[g]\nexten => 1,1,Hangup\n same => n,Goto(out,1,1)"
    ),
    "option G within an extension": (
        "Dial(PJSIP/p,,G(la)); Hangup\n same => n(la),Hangup\n same => n,Goto(out,1,1)"
    ),
    "a pattern by its name": "Goto(n,_5-[6-7]x.,1)\n[n]\nexten => _5[67]X.,1,Goto(out,1,1)",
    "more than a channel keeps": f"Goto(n,{LONG},1)\n[n]\nexten => {LONG[:79]},1,Goto(out,1,1)",
    "a label of more than that": (
        f"Goto(n,{LONG},l)\n[n]\nexten => {LONG},1,NoOp\n same => n(l),NoOp\n"
        f"exten => {LONG[:79]},2,Goto(out,1,1)"
    ),
    "a Local channel of more": f"Dial(Local/{LONG}@n)\n[n]\nexten => {LONG[:79]},1,Goto(out,1,1)",
}  # fmt: skip
"""Steps, joined by `;`, that reach the trunk from 1 in a context `in`."""

TAIL, MORE = "${EXTEN:1}", "include => m\n[m]\nexten => _[0-9],1,Goto(out,1,1)"
DIALED: dict[str, tuple[str, str]] = {
    "a pattern that is made": (f"Goto(n,_{TAIL},1)\n[n]\nexten => _5X.,1,Goto(out,1,1)", "15x."),
    "a pattern that others take first": (
        f"Goto(n,{TAIL},1)\n[n]\nexten => _[0-8],1,NoOp\nexten => 9,1,NoOp\n{MORE}", "1_x",
    ),
    "dashes that a channel does not keep": (
        "Goto(n,1${EXTEN},1)\n[n]\nexten => 11,1,Goto(out,1,1)", f"1{'-' * 77}2",
    ),
    "more than it keeps, before more": (
        "Goto(n,${EXTEN}9,1)\n[n]\nexten => 1,1,Goto(out,1,1)", f"1{'-' * 78}",
    ),
    "more than it keeps, of two": (
        "Goto(n,1${EXTEN:1}${CALLERID(num)},1)\n[n]\nexten => 17,1,Goto(out,1,1)", f"1{'-' * 77}7",
    ),
}  # fmt: skip
"""Steps of any number that reach it, and one that does."""

KEYED: dict[str, tuple[str, str]] = {
    "Read with t": ('Read(X,,1,t(*)); GotoIf($["${X}"="#"]?out,1,1)', "#"),
    "Read with e": ('Read(X,,4,e); GotoIf($["${X}"="#"]?out,1,1)', "#"),
    "inherited past DISA": (
        f"Set(__X=1); {DISA}exten => 44,1,Dial(Local/2@leg){LEG}",
        "44",
    ),
    "what DISA refuses": (
        (
            f"{DISA}exten => 44,1,NoOp\n"
            'exten => i,1,GotoIf($["${INVALID_EXTEN}"="3"]?out,1,1)'
        ),
        "3",
    ),
}  # fmt: skip
"""Steps that reach the trunk, and the keys that a caller presses."""

_UP = "\n[up]\nexten => 2,1,Answer\n same => n,Wait(3)\n[deep]\nexten => "
STARTED: dict[str, str] = {
    "what another call dials": "Originate(Local/1@out,app,Wait,1)",
    "another call": "Originate(Local/2@up,exten,out,1,1)\n[up]\nexten => 2,1,Answer",
    "another call at s": f"Originate(Local/2@up,exten,deep){_UP}s,1,Goto(out,1,1)",
    "another call without a priority": f"Originate(Local/2@up,exten,deep,1){_UP}1,1,Goto(out,1,1)",
    "another call at a priority": (
        f"Originate(Local/2@up,exten,deep,1,2){_UP}1,1,Hangup\n same => n,Goto(out,1,1)"
    ),
    "another call to nothing": f"Originate(Local/2@up,exten,deep,7,1){_UP}i,1,Goto(out,1,1)",
    "another call to no number": f"Originate(Local/2@up,exten,deep,,1){_UP}i,1,Goto(out,1,1)",
    "another call with a time": (
        f"Originate(Local/2@up,exten,deep,1,2,5){_UP}1,1,Goto(out,1,1)\n same => n,Hangup"
    ),
    "the variables of another call": (
        f'Originate(Local/2@up,exten,deep,1,1,5,v(X=1)){_UP}1,1,GotoIf($["${{X}}"="1"]?out,1,1)'
    ),
    "behind another call": "Originate(Local/1@none,exten,out,1,1); Goto(out,1,1)",
    "by the status of another call": (
        'Originate(Local/1@none,app,Wait,1); GotoIf($["${ORIGINATE_STATUS}"=""]?:out,1,1)'
    ),
    "without an engine of speech": 'SpeechCreate(x); GotoIf($["${ERROR}"="1"]?out,1,1)',
    "behind SoftHangup": "SoftHangup(PJSIP/nobody); Goto(out,1,1)",
    "what SHIFT leaves": (
        'Set(E=${CHANNEL}/x); Set(Y=${SHIFT(E,/)}); GotoIf($["${E:-1}"="x"]?out,1,1)'
    ),
    "what INC makes": 'Set(E=${EPOCH}); Set(Y=${INC(E)}); GotoIf($["${E}"="${Y}"]?out,1,1)',
}
"""Steps that reach it, of which `conf.call` does not know it."""

NEVER: dict[str, str] = {
    "blanks in a jump": "Goto(out, 1,1); Goto(out,1,1)",
    "quotes in a jump": 'Goto("out",1,1); Goto(out,1,1)',
    "a blank before the name that is set": "Set( X=out); Goto(${X},1,1)",
    "a variable in other letters": "Set(x=out); Goto(${X},1,1)",
    "half of a number as a condition": "GotoIf(0.5?out,1,1:9)",
    "tones that nobody knows": "PlayTones(nope); Goto(out,1,1)",
    "its own channel sent to no label": "ChannelRedirect(${CHANNEL},nope); Goto(out,1,1)",
    "another call from nothing": f"Originate(Local/7@deep,app,Wait,1){_UP}_[is],1,Goto(out,1,1)",
    "another call to nothing": f"Originate(Local/2@up,exten,deep,7,1){_UP}s,1,Goto(out,1,1)",
    "a priority that is not read": (
        f"Originate(Local/2@up,exten,deep,1,2,5){_UP}1,1,Hangup\n same => n,Goto(out,1,1)"
    ),
    "letters keyed in DISA": f"{DISA}exten => abc,1,Goto(out,1,1)",
    "letters keyed in a queue": "Queue(q)\n[d]\nexten => abc,1,Goto(out,1,1)",
    "more keys in a queue than lead out of it": (
        "Queue(q)\n[d]\nexten => _[1-7]!,1,NoOp\nexten => _8.,1,NoOp\n"
        "exten => _[1-8]9,1,NoOp\nexten => _[1-8]XX,1,Goto(out,1,1)"
    ),
    "letters keyed after a transfer": (
        "Set(TRANSFER_CONTEXT=d); Dial(PJSIP/p,,T)\n[d]\nexten => abc,1,Goto(out,1,1)"
    ),
    "more than DISA takes": f"{DISA}exten => _9!,1,GotoIf($[${{LEN(${{EXTEN}})}}>1]?out,1,1)",
    "a long name by its beginning": (
        f"Goto(n,{LONG},l)\n[n]\nexten => {LONG[:79]},1,NoOp\n same => n(l),Goto(out,1,1)"
    ),
    "a longer name": f"Goto(n,{LONG},1)\n[n]\nexten => {LONG[:80]},1,Goto(out,1,1)",
    "e behind DISA": f"{DISA}exten => e,1,Goto(out,1,1)",
}
"""Steps that never reach it."""


def plan_of(steps: str, exten: str = "1") -> str:
    """Return a dialplan of steps."""
    return f"{F}[in]\nexten => {exten},1,{steps.replace('; ', chr(10) + ' same => n,')}\n{OUT}"


def config_of(steps: str, voicemail: str = "", exten: str = "1") -> Config:
    """Return a configuration of steps."""
    texts = {"extensions.conf": plan_of(steps, exten), "pjsip.conf": PJSIP, "queues.conf": QUEUES}
    return Config.from_texts({**texts, "voicemail.conf": voicemail} if voicemail else texts)
