"""Which steps no call runs: what is shown by a call, what is proved, and what is not known."""

import pytest

from asterconf.ask.reach import IN_PIECES
from asterconf.config import Config
from tests.unit.ask.test_never_ignorance import WIZARD

IAX = "[general]\ncontext=guests\n[office]\ntype=friend\ncontext=from-office\n"


def dead(plan: str, more: dict[str, str] | None = None, verdict: str = "yes") -> set[str]:
    """Return the extensions of which some step is run by no call, as `context extension`."""
    files = {"extensions.conf": plan, "pjsip_wizard.conf": WIZARD, **(more or {})}
    rows = Config.from_texts(files).ask.dead().rows
    assert {row.verdict for row in rows} <= {verdict}
    return {row.name.replace("[", "").replace("]", "") for row in rows}


@pytest.mark.parametrize(
    ("step", "verdict", "left"),
    [
        ("AGI(x.agi)", "unknown", {"there 5", "far 9"}),  # a script goes on, or anywhere
        ("NoSuchApplication(1)", "yes", {"from-home 1", "there 5", "far 9"}),
        ("SpeechCreate(x)", "yes", {"there 5", "far 9"}),
        ("SpeechBackground(x,5)", "yes", {"there 5", "far 9"}),
        ("SoftHangup(${DB(a/b)})", "yes", {"there 5", "far 9"}),
        ("Originate(PJSIP/p,exten,there,5,1)", "yes", {"far 9"}),
        ("Originate(Local/5@there,exten,far,9,1)", "yes", set()),
        ("Originate(Local/5@there,app,Playback,x)", "yes", {"far 9"}),
        ("Originate(PJSIP/p,exten,there,${DB(a/b)},1)", "yes", {"far 9"}),
        ("Originate(PJSIP/p,exten,${DB(a/b)},5,1)", "unknown", {"there 5", "far 9"}),
        ("Originate(${DB(a/b)},exten,there,5,1)", "unknown", {"far 9"}),
        ("Originate(PJSIP/p,app,Dial,Local/5@there)", "unknown", {"there 5", "far 9"}),
        ("Originate(PJSIP/p,exten,there,5,1,,b(far^9^1))", "unknown", {"far 9"}),
        ("Originate(PJSIP/p,${DB(a/b)},there,5,1)", "unknown", {"there 5", "far 9"}),
        ("Originate(,exten,there,5,1)", "yes", {"there 5", "far 9"}),
        ("Originate(Local/6@there,app,Playback,x)", "yes", {"there 5", "far 9"}),
        ("Originate(PJSIP/p,exten,there,6,1)", "yes", {"there 5", "far 9"}),
        ("MeetMe(${DB(a/b)})", "yes", {"there 5", "far 9"}),
        ("Goto(there,${DB(a/b)},1)", "yes", {"from-home 1", "far 9"}),
        ("Goto(there,7${DB(a/b)},1)", "yes", {"from-home 1", "there 5", "far 9"}),
        ("Goto(there,${DB(a/b)}7,1)", "yes", {"from-home 1", "far 9"}),  # of 5 and 78 dashes
        ("Goto(${DB(a/b)},5,1)", "unknown", {"from-home 1", "there 5", "far 9"}),
        ("Gosub(there,${DB(a/b)},1)", "yes", {"far 9"}),
        ("Dial(Local/${DB(a/b)}@there)", "yes", {"far 9"}),
        ("Dial(${DB(a/b)})", "unknown", {"there 5", "far 9"}),  # it may be a Local channel
        ("Dial(PJSIP/${DB(a/b)})", "yes", {"there 5", "far 9"}),
    ],
)
def test_what_is_not_known_leads_where_it_can_and_nowhere_else(
    step: str, verdict: str, left: set[str]
) -> None:
    after = "" if "NoSuch" in step else "\n same => n,NoOp()"
    plan = (
        f"[from-home]\nexten => 1,1,{step}{after}\n same => n,Hangup()\n"
        "[from-trunk]\nexten => 2,1,Hangup()\n"
        "[there]\nexten => 5,1,Return()\n[far]\nexten => 9,1,Hangup()\n"
    )
    assert dead(plan, verdict=verdict) == left


def test_the_one_who_answers_in_a_queue_runs_its_subroutine() -> None:
    plan = (
        "[from-home]\nexten => 1,1,Queue(q,,,,,,there^a^b)\n[from-trunk]\nexten => 2,1,Hangup()\n"
        '[there]\nexten => s,1,GotoIf($["${ARG2}"="b"]?5,1)\nexten => 5,1,Return()\n'
        "[far]\nexten => s,1,Hangup()\n"
    )
    queues = {"queues.conf": "[q]\nmember => PJSIP/p\n"}
    assert dead(plan, queues) == {"far s"}
    script = plan.replace(",,there^a^b", ",x.agi")
    assert dead(script, queues, verdict="unknown") == {"there s", "there 5", "far s"}


@pytest.mark.parametrize("name", ["SHIFT", "POP", "INC", "DEC"])
def test_a_function_that_changes_a_variable_leaves_the_others(name: str) -> None:
    plan = (
        "[from-home]\nexten => 1,1,Set(L=${DB(a/b)})\n same => n,Set(X=5)\n"
        f" same => n,Set(Y=${{{name}(L)}})\n same => n,Goto(there,${{X}},1)\n"
        "[from-trunk]\nexten => 2,1,Hangup()\n"
        '[there]\nexten => 5,1,GotoIf($["${L}"="7"]?7,1)\n'
        "exten => 6,1,Hangup()\nexten => 7,1,Hangup()\n"
    )
    assert dead(plan) == {"there 6"}


def test_behind_a_switch_calls_go_on_as_the_files_say_or_anywhere() -> None:
    plan = (
        "[from-home]\nexten => 1,1,Hangup()\nswitch => Realtime/x\ninclude => more\n"
        "[from-trunk]\nexten => 2,1,Hangup()\n"
        "[more]\nexten => 3,1,Hangup()\n[far]\nexten => 9,1,Hangup()\n"
    )
    mapped = {"extconfig.conf": "[settings]\nextensions => odbc,asterisk,steps\n"}
    assert dead(plan, mapped, verdict="unknown") == {"far 9"}
    assert dead(plan) == {"far 9"}  # no database has its steps


def test_a_number_that_brings_more_along_is_an_injection_and_keeps_nothing_alive() -> None:
    plan = (
        "[from-home]\nexten => _X.,1,Dial(PJSIP/${EXTEN}@provider)\n"
        "[from-trunk]\nexten => 2,1,Hangup()\n[far]\nexten => 9,1,Hangup()\n"
    )
    assert dead(plan) == {"far 9"}
    files = {"extensions.conf": plan, "pjsip_wizard.conf": WIZARD}
    conf = Config.from_texts(files)
    assert IN_PIECES in conf.ask.dead().assumptions
    assert conf.ask.injections(entry="100").verdict == "yes"
    files["extensions.conf"] = plan.replace("_X.", "_XXX")
    assert IN_PIECES not in Config.from_texts(files).ask.dead().assumptions


def test_calls_come_in_by_other_drivers_too() -> None:
    plan = "".join(
        f"[{name}]\nexten => 1,1,Hangup()\n"
        for name in ("from-home", "from-trunk", "guests", "from-office", "default", "far")
    )
    assert dead(plan) == {"guests 1", "from-office 1", "default 1", "far 1"}
    assert dead(plan, {"iax.conf": IAX}) == {"default 1", "far 1"}
    assert dead(plan, {"iax.conf": "[general]\n"}) == {"guests 1", "from-office 1", "far 1"}
    unloaded = {"iax.conf": IAX, "modules.conf": "[modules]\nautoload=yes\nnoload=chan_iax2.so\n"}
    assert dead(plan, unloaded) == {"guests 1", "from-office 1", "default 1", "far 1"}


def test_messages_of_xmpp_come_in_where_they_go_to_the_dialplan() -> None:
    plan = "".join(
        f"[{name}]\nexten => 1,1,Hangup()\n"
        for name in ("from-home", "from-trunk", "messages", "default", "far")
    )
    account = "[general]\n[bot]\ntype=client\nusername=bot@example.net\n"
    more = {"xmpp.conf": account + "context=messages\n"}
    assert dead(plan, more) == {"messages 1", "default 1", "far 1"}
    more = {"xmpp.conf": account + "context=messages\nsendtodialplan=yes\n"}
    assert dead(plan, more) == {"default 1", "far 1"}
    more = {"xmpp.conf": account + "sendtodialplan=yes\n"}
    assert dead(plan, more) == {"messages 1", "far 1"}


@pytest.mark.parametrize(
    ("menu", "verdict"),
    [
        ("CONFBRIDGE(menu,template)=m", "yes"),
        ("CONFBRIDGE(menu,1)=dialplan_exec(far,9,1)", "unknown"),
        ("CONFBRIDGE(menu,${DB(a/b)})=leave_conference", "unknown"),
    ],
)
def test_a_menu_of_a_conference_leads_elsewhere_only_if_some_key_does(
    menu: str, verdict: str
) -> None:
    plan = (
        f"[from-home]\nexten => 1,1,Set({menu})\n same => n,ConfBridge(1)\n"
        "[from-trunk]\nexten => 2,1,Hangup()\n[far]\nexten => 9,1,Hangup()\n"
    )
    keys = "[m]\ntype=menu\n1=leave_conference\n"
    assert dead(plan, {"confbridge.conf": keys}, verdict) == {"far 9"}
    leads = keys + "2=dialplan_exec(far,9,1)\n"
    left = set() if "template" in menu else {"far 9"}
    assert dead(plan, {"confbridge.conf": leads}, "unknown") == left
