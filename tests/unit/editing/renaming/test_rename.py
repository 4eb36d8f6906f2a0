"""`rename`: what a plan lists, what it leaves to a person, and what `apply` does."""

from pathlib import Path
from typing import Any

import attrs
import pytest

import asterconf
from asterconf import Queue, RenamePlan
from asterconf.errors import EditError, NotFoundError, StaleError
from tests.unit.editing.helpers import HOME, PRIMITIVES, changed, config, texts


@pytest.fixture
def home() -> asterconf.Config:
    return asterconf.load(HOME)


RINGS = "it rings what is dialled, and {} matches the old name"


def shown(plan: RenamePlan) -> tuple[list[str], list[str]]:
    return [str(edit) for edit in plan.edits], [str(place) for place in plan.undecided]


def test_a_plan_says_everything_and_does_nothing(home: asterconf.Config) -> None:
    before = texts(home)
    plan = home.rename(home.extensions["6002"], "kitchen")
    assert changed(before, home) == []
    assert repr(plan) == (
        "<RenamePlan Extension '6002' to 'kitchen': 5 edits, 0 undecided, 4 outside>"
    )
    assert str(plan) == (
        "rename Extension '6002' to 'kitchen'\n"
        "edits:\n"
        "  pjsip_wizard.conf:105:2: section: 6002 -> kitchen\n"
        "  queues.conf:40:17: member: 6002 -> kitchen\n"
        "  queues.conf:40:38: member: 6002 -> kitchen\n"
        "  extensions.conf:73:28: Dial: 6002 -> kitchen\n"
        "  extensions.conf:102:26: hint: 6002 -> kitchen\n"
        "outside:\n"
        "  the phone itself: its SIP user must be kitchen, no longer 6002; it logs in as 6002 as "
        "before\n"
        "  AstDB: the registration as 6002 (registrar/contact) counts no more\n"
        "  AstDB: queue members added while running as PJSIP/6002 (Queue/PersistentMembers)\n"
        "  call records keep the name 6002"
    )


def test_apply_edits_the_lines_of_the_plan_and_no_others(home: asterconf.Config) -> None:
    before = texts(home)
    old = home.extensions["6002"]
    change = home.rename(old, "kitchen").apply()
    assert changed(before, home) == [
        "-exten => 6002,1,Dial(PJSIP/6002)",
        "+exten => 6002,1,Dial(PJSIP/kitchen)",
        "-exten => 6002,hint,PJSIP/6002",
        "+exten => 6002,hint,PJSIP/kitchen",
        "-[6002](extension-defaults)",
        "+[kitchen](extension-defaults)",
        "-member => PJSIP/6002,0,Kitchen,PJSIP/6002",
        "+member => PJSIP/kitchen,0,Kitchen,PJSIP/kitchen",
    ]
    assert home.extensions["kitchen"] == attrs.evolve(old, name="kitchen")
    assert "6002" not in home.extensions
    assert change.action == "renamed"


def test_a_place_with_a_variable_is_left_to_a_person(guide: Path) -> None:
    conf = asterconf.load(guide)
    _, undecided = shown(conf.rename(conf.extensions["6002"], "kitchen"))
    assert undecided == [
        (
            "extensions.conf:43:27: PJSIP/${EXTEN}: "
            "it rings what is dialled, and _XXXX matches the old name"
        ),
        (
            "extensions.conf:72:37: PJSIP/${EXTEN}: "
            "it rings what is dialled, and _6XXX matches the old name"
        ),
    ]
    _, undecided = shown(conf.rename(conf.trunks["voipms"], "provider"))
    assert undecided == []


PLAN = """\
[globals]
TRUNK = prov
BOTH = sales
OTHER = sales
RING = PJSIP/6001&PJSIP/6002
[ctx]
exten => 6001,1,Dial(PJSIP/6001&SIP/6001&pjsip/6002/sip:6001@x,20,b(pre^PJSIP/60012))
 same => n,Dial(${RING}/x)
 same => n,Queue(sales,t,,,20)
 same => n,Queue(${BOTH})
 same => n,NoOp(${BOTH} ${OTHER})
 same => n,Set(N=${QUEUE_MEMBER_COUNT(sales)}${PJSIP_ENDPOINT(6001,context)})
 same => n,GotoIf($["${CHANNEL(endpoint)}" = "6001"]?6001,1)
 same => n,Dial(PJSIP/${EXTEN}@${TRUNK})
 same => n,Page(PJSIP/${WHO})
 same => n,VoiceMail(6001@default&6002,u)
 same => n,Log(NOTICE,the sales queue)
exten => 6002,hint,PJSIP/6002&Queue:sales&MWI:6001@default
exten => _60XX,1,Dial(PJSIP/${EXTEN})
exten => _7X,1,Dial(PJSIP/${EXTEN})
"""


def house() -> asterconf.Config:
    return config(
        extensions=PLAN,
        pjsip=PRIMITIVES + "\n[6002]\ntype=identify\nendpoint=6002\nmatch=192.0.2.1\n",
        queues="[sales]\nmember => PJSIP/6001,0,PJSIP/6001 at the door\nmember => Local/6001@ctx\n",
        voicemail="[default]\n6001 => 1,A\n6002 => 2,B\n",
    )


def test_a_phone_in_primitives_takes_its_references_along() -> None:
    conf = house()
    before = texts(conf)
    plan = conf.rename(conf.extensions["6001"], "door")
    plan.apply()
    assert changed(before, conf) == [
        "-RING = PJSIP/6001&PJSIP/6002",
        "+RING = PJSIP/door&PJSIP/6002",
        "-exten => 6001,1,Dial(PJSIP/6001&SIP/6001&pjsip/6002/sip:6001@x,20,b(pre^PJSIP/60012))",
        "+exten => 6001,1,Dial(PJSIP/door&SIP/6001&pjsip/6002/sip:6001@x,20,b(pre^PJSIP/60012))",
        "- same => n,Set(N=${QUEUE_MEMBER_COUNT(sales)}${PJSIP_ENDPOINT(6001,context)})",
        "+ same => n,Set(N=${QUEUE_MEMBER_COUNT(sales)}${PJSIP_ENDPOINT(door,context)})",
        "-[6001](phone)",
        "+[door](phone)",
        "-aors=6001",
        "+aors=door",
        "-[6001](where)",
        "+[door](where)",
        "-member => PJSIP/6001,0,PJSIP/6001 at the door",
        "+member => PJSIP/door,0,PJSIP/6001 at the door",
    ]
    assert shown(plan)[1] == [
        "extensions.conf:13:10: 6001: the word stands here, and it may mean something else",
        "extensions.conf:15:23: PJSIP/${WHO}: what the variables hold is not known before a call",
        (
            "extensions.conf:19:29: PJSIP/${EXTEN}: "
            "it rings what is dialled, and _60XX matches the old name"
        ),
    ]
    assert conf.extensions["door"].auth_user == "6001"


def test_a_trunk_takes_a_variable_along_that_is_used_for_it_only() -> None:
    conf = house()
    before = texts(conf)
    conf.rename(conf.trunks["prov"], "backup").apply()
    lines = changed(before, conf)
    assert lines[:2] == ["-TRUNK = prov", "+TRUNK = backup"]
    assert [line for line in lines if line.startswith("+")][1:] == [
        "+[backup]",
        "+aors=backup",
        "+outbound_auth=backup",
        "+[backup]",
        "+[backup]",
        "+[backup]",
        "+endpoint=backup",
        "+[backup]",
        "+outbound_auth=backup",
    ]


def test_a_queue_is_renamed_where_an_argument_or_device_names_it() -> None:
    conf = house()
    before = texts(conf)
    plan = conf.rename(conf.queues["sales"], "office")
    plan.apply()
    assert [line for line in changed(before, conf) if line.startswith("+")] == [
        "+ same => n,Queue(office,t,,,20)",
        "+ same => n,Set(N=${QUEUE_MEMBER_COUNT(office)}${PJSIP_ENDPOINT(6001,context)})",
        "+exten => 6002,hint,PJSIP/6002&Queue:office&MWI:6001@default",
        "+[office]",
    ]
    assert shown(plan)[1] == [
        (
            "extensions.conf:3:8: sales: "
            "BOTH is used as this name at extensions.conf:10:18, but not everywhere"
        ),
        "extensions.conf:4:9: sales: nothing uses OTHER as a name where that can be seen",
        "extensions.conf:17:10: sales: the word stands here, and it may mean something else",
    ]


def test_a_mailbox_is_renamed_in_lamps_dialplan_and_aliases() -> None:
    conf = asterconf.Config.from_texts(
        {
            **texts(house()),
            "pjsip_wizard.conf": "[p]\ntype=wizard\naccepts_registrations=yes\n"
            "endpoint/mailboxes=6002@default, 6001@default,6001@other,6001\n",
            "asterisk.conf": "[directories]\nastspooldir => /srv/spool\n",
        }
    )
    before = texts(conf)
    plan = conf.rename(conf.mailboxes["6001@default"], "7001")
    plan.apply()
    assert [line for line in changed(before, conf) if line.startswith("+")] == [
        "+ same => n,VoiceMail(7001@default&6002,u)",
        "+exten => 6002,hint,PJSIP/6002&Queue:sales&MWI:7001@default",
        "+7001 => 1,A",
        "+endpoint/mailboxes=6002@default, 7001@default,6001@other,7001",
    ]
    assert plan.outside[0] == (
        "messages, greetings and a PIN changed by phone: move "
        "/srv/spool/voicemail/default/6001 to /srv/spool/voicemail/default/7001"
    )


def test_lists_that_inherit_from_it_and_places_that_reopen_it_are_renamed() -> None:
    conf = config(queues="[a]\ntimeout = 9\n[b](a)\n[a](+)\nretry = 2\n[c](!,b,a)\n")
    plan = conf.rename(conf.queues["a"], "z")
    plan.apply()
    assert str(conf["queues.conf"]) == ("[z]\ntimeout = 9\n[b](z)\n[z](+)\nretry = 2\n[c](!,b,z)\n")
    assert conf.queues["z"] == Queue("z", timeout=9, retry=2)


@pytest.mark.parametrize(
    "to",
    ["", "6001", "a b", "a&PJSIP/b", "a,b", "a)b", "a]b", "a;b", "a/b", "a@b", "${X}", "a\nb",
     "a\0b", 'a"b', "a^b", "a|b", "n" * 80, "\ud800"],
)  # fmt: skip
def test_a_name_that_says_more_than_a_name_is_refused(home: asterconf.Config, to: str) -> None:
    before = texts(home)
    with pytest.raises(EditError):
        home.rename(home.extensions["6001"], to).apply()
    assert changed(before, home) == []


def test_a_name_that_is_taken_is_refused(home: asterconf.Config) -> None:
    with pytest.raises(EditError, match="Extension '6001' is there already, at pjsip_wizard"):
        home.rename(home.extensions["6002"], "6001")
    with pytest.raises(EditError, match="Extension 'voipms' is there already"):
        home.rename(home.extensions["6002"], "voipms")
    with pytest.raises(EditError, match=r"\[general\] is there already"):
        home.rename(home.queues["home-phones"], "general")
    conf = config(pjsip=PRIMITIVES)
    with pytest.raises(EditError, match=r"auth \[auth6001\] is there already|is there already"):
        conf.rename(conf.trunks["prov"], "6001")
    with pytest.raises(NotFoundError, match="Queue 'x' is not in this configuration"):
        home.rename(Queue("x"), "y")


def test_a_plan_of_files_that_were_edited_since_is_stale(home: asterconf.Config) -> None:
    plan = home.rename(home.extensions["6002"], "kitchen")
    home.update(home.queues["home-phones"], timeout=3)
    before = texts(home)
    with pytest.raises(StaleError, match="plan the renaming again"):
        plan.apply()
    assert changed(before, home) == []


def test_a_name_that_is_no_text_is_refused(home: asterconf.Config) -> None:
    number: Any = 6009
    with pytest.raises(EditError, match="a name is a str"):
        home.rename(home.extensions["6002"], number)
