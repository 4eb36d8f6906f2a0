"""`conf.references`: who names what, what is missing, what is unused, what is not decided."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterconf.config import Config, load
from asterconf.errors import EditError, NotFoundError
from asterconf.references.values import Name
from asterconf.source import Severity

PLAN = "extensions.conf"
FILES = {
    PLAN: """\
[globals]
TEAM = sales
[home]
include => out
exten => 100,1(top),Queue("sales",t)
 same => n,Goto(top)
 same => n,Goto(out,200,again)
exten => 101,1,Dial(Local/100@home/n,20,U(sub^x))
exten => 102,1,Queue(${TEAM})
exten => 103,1,ConfBridge(team,bp,vip,mnu)
 same => n,Park(lot)
 same => n,StartMusicOnHold(jazz)
 same => n,VoiceMail(100&101@default)
exten => 104,hint,Queue:sales
exten => _2XX,1,Dial(PJSIP/6${EXTEN})
exten => 105,1,Set(BOX=100)
 same => n,VoiceMail(${BOX}@default)
 same => n,Queue(${WHO})
[out]
exten => 200,1,NoOp()
 same => n(again),Goto(home,100,top)
[sub]
exten => s,1,Return()
[old]
exten => 1,1,Hangup()
""",
    "queues.conf": "[general]\n[sales]\ncontext=home\nmusicclass=jazz\nmember=>Local/100@home\n",
    "voicemail.conf": "[general]\n[default]\n100 => 8362,A\n101 => 9047,B\n",
    "musiconhold.conf": "[jazz]\nmode=files\ndirectory=x\n[blues]\nmode=files\ndirectory=x\n",
    "confbridge.conf": "[bp]\ntype=bridge\n[vip]\ntype=user\n[mnu]\ntype=menu\n",
    "res_parking.conf": "[general]\n[lot]\nparkext=800\nparkpos=801-803\ncontext=lots\n",
    "acl.conf": "[office]\npermit=10.0.0.0/8\n",
    "pjsip.conf": "[t](!)\ntype=endpoint\ncontext=home\nacl=office\n[6201](t)\nallow=ulaw\n",
}


@pytest.fixture
def conf() -> Config:
    return Config.from_texts(FILES)


def said(found: object) -> list[str]:
    return str(found).splitlines()


def test_every_place_that_names_a_queue_is_found(conf: Config) -> None:
    found = conf.references.to(conf.queues["sales"])
    assert said(found) == [
        "extensions.conf:5:28: Queue: queue 'sales'",
        "extensions.conf:9:22: Queue: queue 'sales'",
        "extensions.conf:14:25: hint: queue 'sales'",
        "extensions.conf:18:18: Queue: queue '${WHO}' (undecided)",
        "extensions.conf:2:8: variable TEAM: queue 'sales'",
    ]
    assert found[0].span == (18, 23)
    assert found[0].source == Name(PLAN, "extension", "100@home")
    assert repr(found) == "<ReferenceList: 5 references, 1 undecided>"
    assert conf.references.to(Name("queues.conf", "queue", "sales")) == found
    assert conf.references.to(conf["queues.conf"]["sales"]) == found


def test_a_part_says_what_it_names(conf: Config) -> None:
    home = conf.dialplan["home"]
    assert [str(one.target) for one in conf.references.made_by(home["103"].steps[0])] == [
        "conference 'team'", "bridge profile 'bp'", "user profile 'vip'", "menu 'mnu'",
    ]  # fmt: skip
    assert [str(one.target) for one in conf.references.made_by(home["101"])] == [
        "context 'home'", "extension '100@home'", "context 'sub'", "extension 's@sub'",
    ]  # fmt: skip
    assert [str(one.target) for one in conf.references.made_by(conf.queues["sales"])] == [
        "context 'home'", "music class 'jazz'", "context 'home'", "extension '100@home'",
    ]  # fmt: skip
    assert len(conf.references.made_by(conf["pjsip.conf"]["t"])) == 2


def test_what_a_variable_says_is_resolved_where_it_is_constant(conf: Config) -> None:
    boxes = conf.references.to(conf.mailboxes["100@default"])
    assert said(boxes) == [
        "extensions.conf:13:22: VoiceMail: mailbox '100@default'",
        "extensions.conf:17:22: VoiceMail: mailbox '100@default'",
    ]
    phones = conf.references.to(Name("pjsip.conf", "endpoint", "6201"))
    assert [(str(one), one.text) for one in phones] == [
        ("extensions.conf:15:28: Dial: endpoint '6${EXTEN}' (undecided)", "6${EXTEN}")
    ]
    assert len(conf.references.to(Name("pjsip.conf", "endpoint", "6301"))) == 0


def test_names_that_nothing_names_are_unused(conf: Config) -> None:
    assert [str(name) for name in conf.references.unused()] == [
        "context 'old'", "music class 'blues'",
    ]  # fmt: skip


def test_nothing_has_no_references(conf: Config) -> None:
    with pytest.raises(NotFoundError, match="int has no name"):
        conf.references.to(7)


def test_references_are_rows_and_a_view(conf: Config) -> None:
    found = conf.references.to(Name("acl.conf", "named_acl", "office"))
    assert found.to_records() == [
        {
            "file": "pjsip.conf", "line": 4, "column": 5, "source": "endpoint '6201'",
            "by": "acl", "kind": "named_acl", "name": "office", "defined_in": "acl.conf",
            "certainty": "certain",
        }
    ]  # fmt: skip
    html = found._repr_html_()
    assert html.count("<tr") == 2
    assert "office" in html
    assert "certain" in html


def test_edits_are_seen(conf: Config) -> None:
    before = conf.references
    assert conf.references is before
    conf["queues.conf"]["sales"].name = "office"
    assert said(conf.references.missing())[:1] == ["extensions.conf:5:28: Queue: queue 'sales'"]


# -- missing --------------------------------------------------------------------------------------

SMALL = {
    "pjsip.conf": "[alice]\ntype=endpoint\nallow=ulaw\naors=alice\n"
    "[alice]\ntype=aor\nmax_contacts=1\n",
    "queues.conf": "[general]\n[sales]\n",
    "voicemail.conf": "[general]\n[default]\n100 => 8362,A\n",
    "musiconhold.conf": "[jazz]\nmode=files\ndirectory=x\n",
    "res_parking.conf": "[general]\n",
    "confbridge.conf": "[general]\n",
}


def codes(step: str, *, more: str = "", **files: str) -> list[tuple[str, str]]:
    """Return code and severity of what is found of one step, and of `more` lines."""
    texts = {**SMALL, PLAN: f"[c]\nexten => 1,1,{step}\n{more}"}
    texts |= {f"{name}.conf": text for name, text in files.items()}
    found = Config.from_texts(texts).check(host_files=False, ignore=["flow"])
    placed = (one for one in found if one.position or one.code.startswith("AC70"))
    return [(one.code, str(one.severity)) for one in placed]


@pytest.mark.parametrize(
    ("step", "code"),
    [
        ("Goto(nowhere,s,1)", "AC900"),
        ("Goto(c,2,1)", "AC900"),
        ("Goto(2,1)", "AC900"),
        ("GotoIf($[1]?nowhere,s,1)", "AC900"),
        ("Gosub(nowhere,s,1)", "AC901"),
        ("Gosub(c,7,1)", "AC901"),
        ("Goto(nolabel)", "AC902"),
        ("Goto(1,nolabel)", "AC902"),
        ("Goto(99)", "AC902"),
        ("GotoIf($[1]?nolabel)", "AC902"),
        ("Dial(PJSIP/alice,9,G(nowhere^s^1))", "AC903"),
        ("Dial(PJSIP/alice,9,U(nowhere))", "AC903"),
        ("Queue(sales,,,,,,nowhere)", "AC903"),
        ("Dial(Local/2@c)", "AC905"),
        ("Dial(Local/2@nowhere)", "AC905"),
        ("BackGround(menu,,,nowhere)", "AC906"),
        ("Queue(nosuch)", "AC910"),
        ("AddQueueMember(nosuch,PJSIP/alice)", "AC910"),
        ("Dial(PJSIP/nosuch)", "AC911"),
        ("Dial(PJSIP/alice&PJSIP/123@nosuch)", "AC911"),
        ("Page(PJSIP/nosuch)", "AC911"),
        ("VoiceMail(999@default)", "AC913"),
        ("VoiceMail(100@nowhere)", "AC913"),
        ("ConfBridge(room,nosuch)", "AC914"),
        ("ConfBridge(room,,nosuch)", "AC914"),
        ("Park(nosuch)", "AC915"),
        ("StartMusicOnHold(nosuch)", "AC916"),
        ("Set(N=${QUEUE_MEMBER_COUNT(nosuch)})", "AC917"),
        ("NoOp(${PJSIP_ENDPOINT(nosuch,context)})", "AC917"),
        ("Dial(SIP/alice)", "AC701"),
        ("NoOp(${NOSUCH(1)})", "AC920"),
        ("Macro(x)", "AC702"),
        ("NoSuch(x)", "AC250"),
        ("Goto()", "AC257"),
    ],
)
def test_a_name_that_stands_for_nothing_is_said(step: str, code: str) -> None:
    assert [found for found, _ in codes(step)] == [code]


def test_what_ends_the_call_is_an_error() -> None:
    ends = ["Goto(nowhere,s,1)", "Goto(nolabel)", "Gosub(nowhere,s,1)", "Park(nosuch)",
            "ConfBridge(room,nosuch)"]  # fmt: skip
    assert {codes(step)[0][1] for step in ends} == {str(Severity.ERROR)}
    goes_on = ["Queue(nosuch)", "Dial(PJSIP/nosuch)", "VoiceMail(999@default)"]
    assert {codes(step)[0][1] for step in goes_on} == {str(Severity.WARNING)}


@pytest.mark.parametrize(
    "step",
    [
        'Queue("sales",t)', "Queue(SALES)", "Queue(${Q})", "Goto(${C},s,1)", "Goto(c,${X},1)",
        "Goto(1,1)", "Goto(${IF($[1]?a:b)})", "Dial(${RING})",
        "Dial(PJSIP/1@alice)", "Dial(PJSIP/alice/sip:1@h)", "VoiceMail(100)",
        "VoiceMail(${B}@default)", "Park()", "Park(default)", "ConfBridge(room,default_bridge)",
        "Dial(IAX2/somewhere)", "Dial(DAHDI/g1/5)", "NoOp(${QUEUE_EXISTS(nosuch)})",
        "NoOp(${DIALPLAN_EXISTS(nowhere)})", "NoOp(PJSIP/nosuch)", "NoOp(${ODBC_X(1)})",
        "Goto(+1)", "Directory(default)",
    ],
)  # fmt: skip
def test_what_is_there_or_cannot_be_told_is_not_said(step: str) -> None:
    assert codes(step, more=" same => n,NoOp()\n") == []


@pytest.mark.parametrize(
    ("more", "files"),
    [
        ("switch => Realtime/c@ext\n", {}),
        ("include => o\n[o]\nexten => 2,1,NoOp()\n", {}),
        ("[o]\ninclude => c\nexten => 2,1,NoOp()\n", {}),
        ("exten => i,1,Hangup()\n", {}),
        ("", {"extconfig": "[settings]\nextensions => odbc,asterisk\n"}),
        ("#exec /bin/numbers\n", {}),
        ("", {"confbridge": "[b]\ntype=bridge\nregcontext=c\n"}),
    ],
)
def test_a_number_that_may_come_from_elsewhere_is_not_missing(
    more: str, files: dict[str, str]
) -> None:
    found = codes("Goto(2,1)", more=more, **files)
    assert [code for code, _ in found if code.startswith("AC9")] == []


@pytest.mark.parametrize("line", ["queues => odbc,asterisk", "ps_endpoints => odbc,asterisk"])
def test_names_that_a_database_may_hold_are_not_missing(line: str) -> None:
    sorcery = "[res_pjsip]\nendpoint=realtime,ps_endpoints\n"
    extconfig = f"[settings]\n{line}\n"
    step = "Queue(nosuch)" if "queues" in line else "Dial(PJSIP/nosuch)"
    found = codes(step, extconfig=extconfig, sorcery=sorcery)
    assert [code for code, _ in found if code.startswith("AC9")] == []


def test_a_file_that_is_not_here_is_not_known() -> None:
    conf = Config.from_texts({PLAN: "[c]\nexten => 1,1,Queue(nosuch)\n"})
    assert len(conf.references.missing()) == 0
    assert len(conf.references) == 1


def test_autohints_makes_nothing_that_a_call_could_run() -> None:
    """Observed: what it makes has a hint and no step; DIALPLAN_EXISTS says 0 of it."""
    plan = "[auto]\nautohints=yes\n[c]\nexten => 1,1,Goto(auto,6001,1)\n"
    missing = Config.from_texts({PLAN: plan}).references.missing()
    assert said(missing) == ["extensions.conf:4:24: Goto: extension '6001@auto'"]


def test_what_is_set_on_channels_hides_a_global() -> None:
    plan = "[globals]\nQ=nosuch\n[c]\nexten => 1,1,Queue(${Q})\n"
    both = {**SMALL, PLAN: plan}
    assert len(Config.from_texts(both).references.missing()) == 1
    both["pjsip.conf"] += "set_var=Q=sales\n"
    assert len(Config.from_texts(both).references.missing()) == 0
    for step in ("Set(Q=sales)", "Read(Q,beep)", "Set(ARRAY(Q)=sales)", "AGI(x.py,Q)"):
        other = f"{plan}[d]\nexten => 1,1,{step}\n"
        assert len(Config.from_texts({**SMALL, PLAN: other}).references.missing()) == 0


def test_modules_make_contexts_and_extensions() -> None:
    plan = """\
[c]
include => parkedcalls
include => lots
include => registered
include => default
exten => 1,1,Goto(lots,801,1)
exten => 2,1,Goto(parkedcalls,701,1)
exten => 3,1,Goto(default,guest,1)
exten => 4,1,VoiceMail(guest)
"""
    conf = Config.from_texts(
        {
            PLAN: plan,
            "res_parking.conf": "[general]\n[lot]\nparkext=800\nparkpos=801-802\ncontext=lots\n",
            "iax.conf": "[general]\nregcontext=registered\n",
            "users.conf": "[general]\nhasvoicemail=yes\nhasiax=yes\n[guest]\nsecret=g\n",
            "voicemail.conf": "[general]\n[default]\n1 => 1,A\n",
        }
    )
    assert str(conf.references.missing()) == ""


def test_the_cases_of_a_small_dialplan() -> None:
    """A dialplan of 20 lines: what rename, remove and check say of one queue, as Asterisk does."""
    conf = Config.from_texts(
        {**SMALL, PLAN: '[c]\nexten => 1,1,Queue("sales",t)\nexten => 2,1,Queue("a,b",t)\n'}
    )
    (missing,) = conf.references.missing()
    assert str(missing) == "extensions.conf:3:21: Queue: queue 'a,b'"
    removed = Config.from_texts({name: str(conf[name]) for name in conf})
    assert removed.remove(removed.queues["sales"]).notes == (
        "extensions.conf:2:21: Queue names it still",
    )
    conf.rename(conf.queues["sales"], "office").apply()
    assert conf["extensions.conf"].sections[0].text.splitlines()[1] == (
        'exten => 1,1,Queue("office",t)'
    )


def test_check_map_and_graph_name_the_same_missing_things() -> None:
    plan = """\
[c]
include => gone
exten => 1,1,Queue(nosuch)
exten => 2,1,Dial(PJSIP/nobody&PJSIP/5@notrunk)
exten => 3,1,VoiceMail(9)
exten => 4,1,Goto(c,77,1)
exten => 5,1,Goto(nolabel)
exten => 6,1,StartMusicOnHold(silence)
"""
    conf = Config.from_texts({**SMALL, PLAN: plan})
    missing = {one.target.name for one in conf.references.missing()}
    assert len(missing) == 8
    for picture in (conf.map(limit=None), conf.dialplan.graph(limit=None)):
        drawn = {node.key.partition(":")[2] for node in picture.nodes if node.missing}
        assert drawn == missing


# -- new names ------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        (Name(PLAN, "context", "home"),
         ["extensions.conf:3:2: section: home -> new", "queues.conf:3:9: context: home -> new",
          "queues.conf:5:19: member: home -> new", "pjsip.conf:3:9: context: home -> new",
          "extensions.conf:8:31: Dial: home -> new", "extensions.conf:21:24: Goto: home -> new"]),
        (Name(PLAN, "extension", "100@home"),
         ["extensions.conf:5:10: exten: 100 -> new", "queues.conf:5:15: member: 100 -> new",
          "extensions.conf:8:27: Dial: 100 -> new", "extensions.conf:21:29: Goto: 100 -> new"]),
        (Name(PLAN, "label", "home,100,top"),
         ["extensions.conf:5:16: exten: top -> new", "extensions.conf:6:17: Goto: top -> new",
          "extensions.conf:21:33: Goto: top -> new"]),
        (Name("pjsip.conf", "template", "t"),
         ["pjsip.conf:1:2: section: t -> new", "pjsip.conf:5:1: template of [6201]: t -> new"]),
        (Name("musiconhold.conf", "class", "jazz"),
         ["musiconhold.conf:1:2: section: jazz -> new",
          "queues.conf:4:12: musicclass: jazz -> new",
          "extensions.conf:12:29: StartMusicOnHold: jazz -> new"]),
        (Name("acl.conf", "named_acl", "office"),
         ["acl.conf:1:2: section: office -> new", "pjsip.conf:4:5: acl: office -> new"]),
        (Name("res_parking.conf", "parking_lot", "lot"),
         ["res_parking.conf:2:2: section: lot -> new", "extensions.conf:11:17: Park: lot -> new"]),
        (Name("confbridge.conf", "user_profile", "vip"),
         ["confbridge.conf:3:2: section: vip -> new",
          "extensions.conf:10:35: ConfBridge: vip -> new"]),
        (Name("queues.conf", "queue", "sales"),
         ["queues.conf:2:2: section: sales -> new", "extensions.conf:5:28: Queue: sales -> new",
          "extensions.conf:14:25: hint: sales -> new",
          "extensions.conf:2:8: variable TEAM: sales -> new"]),
    ],
)  # fmt: skip
def test_whatever_has_a_name_can_get_another(conf: Config, name: Name, lines: list[str]) -> None:
    plan = conf.rename(name, "new")
    assert [str(one) for one in plan.edits] == lines
    result = plan.apply()
    assert str(result).startswith("renamed ")
    assert len(conf.references.missing()) == 0


def test_a_section_or_a_context_gets_another_name(conf: Config) -> None:
    conf.rename(conf["acl.conf"]["office"], "new").apply()
    assert "acl=new" in str(conf["pjsip.conf"])
    conf.rename(conf.dialplan["out"], "away").apply()
    assert "include => away" in str(conf["extensions.conf"])


def test_a_name_that_is_not_there_or_taken_is_refused(conf: Config) -> None:
    with pytest.raises(NotFoundError, match="there is no context 'homes': did you mean 'home'"):
        conf.rename(Name(PLAN, "context", "homes"), "x")
    for name, to in [
        (Name(PLAN, "context", "home"), "out"),
        (Name(PLAN, "extension", "100@home"), "101"),
        (Name("musiconhold.conf", "class", "jazz"), "blues"),
        (Name("confbridge.conf", "user_profile", "vip"), "bp"),
    ]:
        with pytest.raises(EditError, match="is there already"):
            conf.rename(name, to)


# -- what goes ------------------------------------------------------------------------------------


def test_what_names_it_still_is_told_when_something_goes(conf: Config) -> None:
    gone = conf.remove(Name("musiconhold.conf", "class", "jazz"))
    assert gone.notes == (
        "queues.conf:4:12: musicclass names it still",
        "extensions.conf:12:29: StartMusicOnHold names it still",
    )
    assert "[jazz]" not in str(conf["musiconhold.conf"])
    assert conf.remove(Name(PLAN, "extension", "100@home")).notes == (
        "queues.conf:5:15: member names it still",
        "extensions.conf:8:27: Dial names it still",
        "extensions.conf:21:29: Goto names it still",
    )
    assert conf.remove(Name("queues.conf", "queue", "sales")).obj.name == "sales"
    assert conf.remove(conf["acl.conf"]["office"]).notes == ("pjsip.conf:4:5: acl names it still",)
    assert conf.remove(conf.dialplan["out"]).notes == (
        "extensions.conf:4:12: include names it still",
    )
    with pytest.raises(NotFoundError, match="there is no music class 'jazz'"):
        conf.remove(Name("musiconhold.conf", "class", "jazz"))


def test_what_an_unread_file_may_hold_is_not_said_to_be_missing(tmp_path: Path) -> None:
    plan = "[c]\nexten => 1,1,Dial(PJSIP/200)\nexten => 2,1,Dial(PJSIP/100)\n"
    (tmp_path / "extensions.conf").write_text(plan)
    (tmp_path / "pjsip.conf").write_text("[100]\ntype = endpoint\n")
    assert {"AC430", "AC911"} <= {one.code for one in load(tmp_path).check()}
    (tmp_path / "pjsip.conf").write_text("[100]\ntype = endpoint\n#include others.conf\n")
    found = load(tmp_path, missing_includes="ignore").check()
    assert not {"AC430", "AC911"} & {one.code for one in found}
