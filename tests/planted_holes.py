"""A small house with a trunk `t`, and twenty-four ways to leave a door open."""

from __future__ import annotations

from asterconf.config import Config

__all__ = ["HOLES", "house"]

PJSIP = """
[t]
type=endpoint
context=from-trunk
aors=t
outbound_auth=t
[t]
type=aor
contact=sip:sip.example.net
[t]
type=auth
auth_type=userpass
username=u
password=p
[t]
type=registration
server_uri=sip:sip.example.net
client_uri=sip:u@sip.example.net
outbound_auth=t
endpoint=t
line=yes
[t]
type=identify
endpoint=t
match=sip.example.net
[100]
type=endpoint
context=from-home
aors=100
auth=100
callerid=Ann <100>
[100]
type=aor
max_contacts=1
[100]
type=auth
auth_type=userpass
username=100
password=secret-Word-99
[anonymous]
type=endpoint
context=default
"""
HOME = """
[from-home]
exten => 100,1,Dial(PJSIP/100,20)
exten => _NXXXXXX,1,Dial(PJSIP/${EXTEN}@t)
exten => 911,1,Dial(PJSIP/911@t)
"""
CLOSED = {
    "from-trunk": "exten => _X!,1,Dial(PJSIP/100,20)\n same => n,VoiceMail(100@default,u)\n",
    "default": "exten => _X!,1,Hangup(3)\n",
}
QUEUE = "[q]\nmember => PJSIP/100\n"
BOXES = "[default]\n100 => 8305,Ann\n"

HOLES: dict[str, tuple[str, str, dict[str, str]]] = {
    "DISA": ("from-trunk", "exten => _X!,1,Answer()\n same => n,DISA(no-password,from-home)\n", {}),
    "an included context": ("from-trunk", "include => from-home\n", {}),
    "an include far away": (
        "from-trunk", "include => a\n[a]\ninclude => b\n[b]\ninclude => from-home\n", {},
    ),
    "an include by night": ("from-trunk", "include => from-home,20:00-06:00\n", {}),
    "transfers T": (
        "from-trunk",
        "exten => _X!,1,Set(TRANSFER_CONTEXT=from-home)\n same => n,Dial(PJSIP/100,20,T)\n", {},
    ),
    "a queue with T": (
        "from-trunk",
        "exten => _X!,1,Set(__TRANSFER_CONTEXT=from-home)\n same => n,Queue(q,T,,,20)\n",
        {"queues.conf": QUEUE},
    ),
    "voicemail dial-out": (
        "from-trunk", "exten => _X!,1,VoiceMailMain(100@default,s)\n",
        {"voicemail.conf": f"[general]\ndialout=from-home\n{BOXES}"},
    ),
    "a key in voicemail": (
        "from-trunk",
        "exten => _X!,1,VoiceMail(100@default)\nexten => o,1,Dial(PJSIP/911@t)\n",
        {"voicemail.conf": f"[general]\noperator=yes\n{BOXES}"},
    ),
    "dial injection by &": ("from-trunk", "exten => _X.,1,Dial(PJSIP/${EXTEN})\n", {}),
    "a number that names the trunk": (
        "from-trunk", "exten => _[0-9a-z]!,1,Dial(PJSIP/${EXTEN},20)\n", {},
    ),
    "a menu": (
        "from-trunk",
        ("exten => _XX!,1,Goto(menu,s,1)\n[menu]\nexten => s,1,Answer()\n"
        " same => n,Background(welcome)\n same => n,WaitExten(5)\n"
        "exten => 9,1,Goto(from-home,911,1)\n"), {},
    ),
    "a menu that includes": (
        "from-trunk",
        ("exten => _XX!,1,Goto(menu,s,1)\n[menu]\nexten => s,1,Answer()\n same => n,WaitExten(5)\n"
        "include => from-home\n"), {},
    ),
    "Read and Dial": (
        "from-trunk",
        "exten => _X!,1,Answer()\n same => n,Read(N,beep,10)\n same => n,Dial(PJSIP/${N}@t)\n", {},
    ),
    "a Local channel": ("from-trunk", "exten => _X!,1,Dial(Local/${EXTEN}@from-home/n)\n", {}),
    "a second attempt": (
        "from-trunk",
        ("exten => _X!,1,Dial(PJSIP/100,20)\n"
        ' same => n,GotoIf($["${DIALSTATUS}" = "BUSY"]?mobile)\n same => n,Hangup()\n'
        " same => n(mobile),Dial(PJSIP/5551234@t)\n"), {},
    ),
    "a caller id as a key": (
        "from-trunk",
        ('exten => _X!,1,GotoIf($["${CALLERID(num)}" = "5550100"]?from-home,911,1)\n'
        " same => n,Hangup()\n"), {},
    ),
    "an invalid number": (
        "from-trunk",
        "exten => _X!,1,Goto(nowhere,1)\nexten => i,1,Goto(from-home,911,1)\n", {},
    ),
    "a prefix": ("from-trunk", "exten => _99.,1,Goto(from-home,${EXTEN:2},1)\n", {}),
    "a subroutine": (
        "from-trunk",
        ("exten => _X!,1,Gosub(sub,s,1(${EXTEN}))\n same => n,Hangup()\n"
        "[sub]\nexten => s,1,GotoIf($[${LEN(${ARG1})} = 7]?from-home,${ARG1},1)\n"
        " same => n,Return()\n"), {},
    ),
    "an open [default]": ("default", "include => from-home\n", {}),
    "a conference's menu": (
        "from-trunk", "exten => _X!,1,ConfBridge(room,,,guests)\n",
        {"confbridge.conf": "[guests]\ntype=menu\n9=dialplan_exec(from-home,911,1)\n"},
    ),
    "the exit of a queue": (
        "from-trunk",
        "exten => _X!,1,Queue(q,,,,20)\n[exits]\nexten => 9,1,Goto(from-home,911,1)\n",
        {"queues.conf": f"{QUEUE}context=exits\n"},
    ),
    "a key while spying": (
        "from-trunk",
        ("exten => _XX!,1,Set(SPY_EXIT_CONTEXT=exits)\n same => n,ChanSpy(PJSIP/100,qX)\n"
        "[exits]\nexten => 9,1,Goto(from-home,911,1)\n"), {},
    ),
    "messages": (
        "default", "exten => _X!,1,Hangup(3)\n",
        {"pjsip.conf": f"{PJSIP}message_context=from-home\n"},
    ),
}  # fmt: skip
"""Each the context that it stands in, its text, and other files."""


def house(hole: str | None = None) -> Config:
    """Return the house, with a hole or without."""
    contexts, files = dict(CLOSED), {"voicemail.conf": BOXES}
    if hole is not None:
        name, text, more = HOLES[hole]
        contexts[name], files = text, files | more
    plan = HOME + "".join(f"[{name}]\n{text}" for name, text in contexts.items())
    return Config.from_texts({"extensions.conf": plan, "pjsip.conf": PJSIP, **files})
