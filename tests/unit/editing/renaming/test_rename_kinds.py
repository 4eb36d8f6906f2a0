"""Renaming each kind of thing that has a name: the lines that change, and those that may not."""

from __future__ import annotations

import pytest

from asterconf import Config
from asterconf.errors import EditError, NotFoundError
from asterconf.references.values import Name
from tests.unit.editing.helpers import PRIMITIVES, changed, config, texts

PLAN = """\
[globals]
TRUNK = PJSIP/prov
MOH = jazz

[home]
exten => 100,1,Set(CHANNEL(musicclass)=jazz)
 same => n(again),Dial(PJSIP/6001&PJSIP/6002,20)
 same => n,GotoIf($["${DIALSTATUS}" = "BUSY"]?again:out,_9X.,1)
 same => n,Gosub(sub,s,1(100))
 same => n,Queue(sales)
 same => n,VoiceMail(100@default,u)
exten => 200,1,Goto(home,100,again)
include => out

[out]
exten => _9X.,1,Dial(${TRUNK}/${EXTEN:1})
 same => n,Dial(PJSIP/${EXTEN:1}@prov)
 same => n,ExecIf($[${X}]?Goto(home,100,1))

[sub]
exten => s,1,Return()
"""
QUEUES = """\
[t](!)
musicclass=jazz
[sales](t)
context=out
member => PJSIP/6001
member => Local/100@home/n
"""


@pytest.fixture
def pbx() -> Config:
    return config(
        pjsip=PRIMITIVES, extensions=PLAN, queues=QUEUES, voicemail="[default]\n100 => 1,A\n",
        musiconhold="[jazz]\nmode=files\ndirectory=/x\n",
    )  # fmt: skip


CONTEXT = ("home", "house", [
    "-[home]", "+[house]",
    "-exten => 200,1,Goto(home,100,again)", "+exten => 200,1,Goto(house,100,again)",
    "- same => n,ExecIf($[${X}]?Goto(home,100,1))", "+ same => n,ExecIf($[${X}]?Goto(house,100,1))",
    "-member => Local/100@home/n", "+member => Local/100@house/n",
])  # fmt: skip
INCLUDED = ("out", "outside", [
    '- same => n,GotoIf($["${DIALSTATUS}" = "BUSY"]?again:out,_9X.,1)',
    '+ same => n,GotoIf($["${DIALSTATUS}" = "BUSY"]?again:outside,_9X.,1)',
    "-include => out", "+include => outside", "-[out]", "+[outside]",
    "-context=out", "+context=outside",
])  # fmt: skip
SUBROUTINE = ("sub", "s2", [
    "- same => n,Gosub(sub,s,1(100))", "+ same => n,Gosub(s2,s,1(100))", "-[sub]", "+[s2]",
])  # fmt: skip
QUEUE = ("sales", "shop", [
    "- same => n,Queue(sales)", "+ same => n,Queue(shop)", "-[sales](t)", "+[shop](t)",
])  # fmt: skip
MAILBOX = ("100@default", "101@default", [
    "- same => n,VoiceMail(100@default,u)", "+ same => n,VoiceMail(101@default,u)",
    "-100 => 1,A", "+101 => 1,A",
])  # fmt: skip
PHONE = ("6001", "6101", [
    "-[6001](phone)", "-aors=6001", "+[6101](phone)", "+aors=6101", "-[6001](where)",
    "+[6101](where)",
    "- same => n(again),Dial(PJSIP/6001&PJSIP/6002,20)",
    "+ same => n(again),Dial(PJSIP/6101&PJSIP/6002,20)",
    "-member => PJSIP/6001", "+member => PJSIP/6101",
])  # fmt: skip
TRUNK = ("prov", "isp", [
    *(sign for _ in range(5) for sign in ("-[prov]", "+[isp]")),
    "-aors=prov", "+aors=isp", "-outbound_auth=prov", "+outbound_auth=isp",
    "-outbound_auth=prov", "+outbound_auth=isp", "-endpoint=prov", "+endpoint=isp",
    "- same => n,Dial(PJSIP/${EXTEN:1}@prov)", "+ same => n,Dial(PJSIP/${EXTEN:1}@isp)",
    "-TRUNK = PJSIP/prov", "+TRUNK = PJSIP/isp",
])  # fmt: skip
MUSIC = (Name("musiconhold.conf", "class", "jazz"), "soul", [
    "-[jazz]", "+[soul]", "-musicclass=jazz", "+musicclass=soul",
])  # fmt: skip
EXTENSION = (Name("extensions.conf", "extension", "100@home"), "101", [
    "-exten => 100,1,Set(CHANNEL(musicclass)=jazz)",
    "+exten => 101,1,Set(CHANNEL(musicclass)=jazz)",
    "-exten => 200,1,Goto(home,100,again)", "+exten => 200,1,Goto(home,101,again)",
    "- same => n,ExecIf($[${X}]?Goto(home,100,1))", "+ same => n,ExecIf($[${X}]?Goto(home,101,1))",
    "-member => Local/100@home/n", "+member => Local/101@home/n",
])  # fmt: skip
TEMPLATE = (Name("queues.conf", "template", "t"), "tt", [
    "-[t](!)", "+[tt](!)", "-[sales](t)", "+[sales](tt)",
])  # fmt: skip
TRANSPORT = (Name("pjsip.conf", "transport", "udp"), "wire", ["-[udp]", "+[wire]"])
AUTH = (Name("pjsip.conf", "auth", "auth6001"), "a1", [
    "-auth=auth6001", "+auth=a1", "-[auth6001](login)", "+[a1](login)",
])  # fmt: skip
KINDS = [
    CONTEXT, INCLUDED, SUBROUTINE, QUEUE, MAILBOX, PHONE, TRUNK, MUSIC, EXTENSION, TEMPLATE,
    TRANSPORT, AUTH,
]  # fmt: skip


@pytest.mark.parametrize(("what", "to", "lines"), KINDS, ids=lambda value: str(value)[:20])
def test_the_name_changes_wherever_it_is_said(
    pbx: Config, what: str | Name, to: str, lines: list[str]
) -> None:
    before = texts(pbx)
    plan = pbx.rename(what, to)
    assert texts(pbx) == before
    plan.apply()
    assert sorted(changed(before, pbx)) == sorted(lines)


@pytest.mark.parametrize(("what", "to", "lines"), KINDS, ids=lambda value: str(value)[:20])
def test_the_way_back_leads_to_the_very_bytes(
    pbx: Config, what: str | Name, to: str, lines: list[str]
) -> None:
    before = texts(pbx)
    pbx.rename(what, to).apply()
    assert lines
    if isinstance(what, Name):
        context = f"@{what.name.partition('@')[2]}" if what.kind == "extension" else ""
        pbx.rename(Name(what.file, what.kind, to + context), what.name.partition("@")[0]).apply()
    else:
        pbx.rename(to, what).apply()
    assert texts(pbx) == before


def test_a_word_that_may_be_the_name_is_listed_and_left(pbx: Config) -> None:
    plan = pbx.rename(Name("musiconhold.conf", "class", "jazz"), "soul")
    assert [str(one) for one in plan.undecided] == [
        "extensions.conf:3:7: jazz: nothing uses MOH as a name where that can be seen",
        "extensions.conf:6:10: jazz: the word stands here, and it may mean something else",
    ]


@pytest.mark.parametrize(
    ("what", "to", "outside"),
    [
        ("home", "house", ["scripts that name home"]),
        (
            "sales", "shop",
            ["AstDB: members added by phone are kept under Queue/PersistentMembers/sales",
             "queue_log and call records keep the name sales"],
        ),
        (
            "100@default", "101@default",
            [("messages, greetings and a PIN changed by phone: move "
             "/var/spool/asterisk/voicemail/default/100 to "
             "/var/spool/asterisk/voicemail/default/101"),
             "phones that subscribe to 100@default themselves, and scripts that name it"],
        ),
        (
            "6001", "6101",
            [("the phone itself: its SIP user must be 6101, no longer 6001; it logs in as 6001 "
             "as before"),
             "AstDB: the registration as 6001 (registrar/contact) counts no more",
             "AstDB: queue members added while running as PJSIP/6001 (Queue/PersistentMembers)",
             "call records keep the name 6001"],
        ),
        ("prov", "isp", ["call records keep the name prov; scripts that dial @prov"]),
    ],
)  # fmt: skip
def test_what_lies_outside_the_files_is_told(
    pbx: Config, what: str, to: str, outside: list[str]
) -> None:
    assert list(pbx.rename(what, to).outside) == outside


@pytest.mark.parametrize(
    ("what", "to", "why"),
    [
        ("100@default", "100@other", "would move to another context: remove and add it"),
        (
            Name("extensions.conf", "extension", "100@home"), "101@home",
            "'101@home' cannot be the new name of extension '100@home'",
        ),
        ("home", "out", "there"),
        ("6001", "6002", "there"),
        ("sales", "", "cannot"),
        ("sales", "a]b", "cannot"),
        ("home", "globals", "globals"),
        ("sales", "general", "general"),
    ],
)  # fmt: skip
def test_a_name_that_cannot_be_is_refused(pbx: Config, what: str | Name, to: str, why: str) -> None:
    before = texts(pbx)
    with pytest.raises(EditError) as caught:
        pbx.rename(what, to).apply()
    assert why in str(caught.value)
    assert texts(pbx) == before


@pytest.mark.parametrize(
    "name",
    [
        Name("extensions.conf", "context", "nowhere"),
        Name("extensions.conf", "extension", "100@out"),
        Name("pjsip.conf", "transport", "tcp"),
        Name("queues.conf", "template", "sales"),
    ],
)
def test_a_name_that_nothing_has_cannot_change(pbx: Config, name: Name) -> None:
    with pytest.raises(NotFoundError, match=f"there is no {name}"):
        pbx.rename(name, "x")
