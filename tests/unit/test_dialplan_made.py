"""What modules add to the dialplan: parking lots, users, contexts of `regcontext`."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from asterconf import Config, DialplanContext, NotFoundError
from asterconf.manager import ManagerUser
from asterconf.model.values import Secret
from tests.unit.conftest import Cli

LOTS = """\
[general]
[default]
parkext => 700
parkpos => 701-703
[lot2]
parkext=800
parkpos=801-802
context=park2
parkext_exclusive=yes
parkinghints=yes
[lot3]
parkpos=901-903
context=park3
"""
PLAN = "[in]\ninclude => parkedcalls\ninclude => park2\nexten => 1,1,NoOp()\n"


def test_parking_lots() -> None:
    """Observed with `dialplan show` on 22.10.1."""
    plan = Config.from_texts({"res_parking.conf": LOTS, "extensions.conf": PLAN}).dialplan
    found = {
        number: plan.match(number, "in").step for number in ("700", "703", "704", "800", "802")
    }
    assert {number: step and str(step) for number, step in found.items()} == {
        "700": "Park()", "703": "ParkedCall(default,703)", "704": None,
        "800": "Park(lot2)", "802": "ParkedCall(lot2,802)",
    }  # fmt: skip
    space = plan.match("801", "in").extension
    assert space is not None
    assert (space.made_by, space.hint and space.hint.devices) == (
        "res_parking/lot2", ("park:801@park2",),
    )  # fmt: skip
    assert "park3" not in plan.complete


def test_a_file_without_the_default_lot_has_one() -> None:
    files = {"res_parking.conf": "[general]\n", "extensions.conf": PLAN}
    assert str(Config.from_texts(files).dialplan.match("700", "parkedcalls").step) == "Park()"
    assert not Config.from_texts({"extensions.conf": PLAN}).dialplan.match("700", "in").step


def test_users_with_a_device() -> None:
    users = (
        "[general]\nhasvoicemail=yes\nhasiax=yes\n[6001]\nalternateexts=7001\n[6002]\nhasiax=no\n"
        "[6003]\nhasexten=no\n[6004]\nhasvoicemail=no\ndahdichan=1-2\n"
    )
    plan = Config.from_texts({"users.conf": users, "extensions.conf": PLAN}).dialplan
    context = plan.complete["default"]
    assert {one.name: str(one.steps[0]) for one in context} == {
        "6001": "Gosub(6001,stdexten(${HINT}))", "7001": "Goto(6001,1)", "6004": "Dial(${HINT})",
    }  # fmt: skip
    hint = context["6004"].hint
    assert hint is not None
    assert hint.devices == ("IAX2/6004", "DAHDI/1", "DAHDI/2")
    assert {one.made_by for one in context} == {"pbx_config"}


def test_what_the_file_says_comes_first_and_alone_is_edited() -> None:
    files = {"users.conf": "[6001]\nhasiax=yes\n",
             "extensions.conf": "[default]\nexten => 6001,1,Answer()\n"}  # fmt: skip
    conf = Config.from_texts(files)
    assert str(conf.dialplan.match("6001", "default").step) == "Answer()"
    assert [one.made_by for one in conf.dialplan["default"]] == [""]
    parked = Config.from_texts({"res_parking.conf": LOTS, "extensions.conf": PLAN})
    assert [context.name for context in parked.dialplan] == ["in"]
    parked.dialplan.add(DialplanContext("new"))
    assert [context.name for context in parked.dialplan] == ["in", "new"]


def test_an_edit_of_the_other_file_is_seen() -> None:
    conf = Config.from_texts({"res_parking.conf": LOTS, "extensions.conf": PLAN})
    section = conf["res_parking.conf"]["default"]
    section.set(section.options[1], "701-710")
    assert conf.dialplan.match("710", "in").step is not None


def test_the_context_of_iax_registrations() -> None:
    conf = Config.from_texts({"iax.conf": "[general]\nregcontext=regs\n", "extensions.conf": PLAN})
    assert "regs" in conf.dialplan.complete


def test_mailboxes_of_users() -> None:
    """Observed with `voicemail show users`: `[general]` of users.conf counts, too."""
    users = (
        "[general]\nhasvoicemail=yes\n[6001]\nfullname=Ann\nvmsecret=11\n[6002]\nhasvoicemail=no\n"
    )
    boxes = "[general]\nuserscontext=home\n[default]\n1 => 2,B\n"
    conf = Config.from_texts({"users.conf": users, "voicemail.conf": boxes})
    assert [*conf.mailboxes] == ["1@default", "6001@home"]
    ann = conf.mailboxes["6001@home"]
    assert ann.name == "Ann"
    assert str(conf.where(ann)) == "users.conf:3:1"


REGISTRATIONS = """\
[in]
include => regs
include => later
exten => 1,1,NoOp()
[regs]
exten => 100,2,Dial(PJSIP/100)
exten => 101,1,NoOp()
exten => _2XX,1,NoOp()
[later]
exten => _[34]XX,1,NoOp()
"""
PJSIP = "[g]\ntype=global\nregcontext=regs\n" + "".join(
    f"[{name}]\ntype=endpoint\naors={name}\n[{name}]\ntype=aor\nmax_contacts=1\n"
    for name in ("1", "100", "101", "200", "300")
)


@pytest.mark.parametrize(
    ("number", "answer"),
    [
        ("1", "yes"),  # it stands before the context
        ("100", "unknown"),  # only a registration makes its first step
        ("101", "yes"),  # the first step is there
        ("200", "unknown"),  # the name itself goes before the pattern
        ("201", "yes"),
        ("300", "unknown"),  # the context with the registration goes before the later one
        ("400", "yes"),
        ("500", "no"),
    ],
)
def test_an_extension_of_a_registered_phone_may_be_there(number: str, answer: str) -> None:
    """Observed on 22.10.1: endpoints with a static contact get theirs, beside patterns, too."""
    files = {"extensions.conf": REGISTRATIONS, "pjsip.conf": PJSIP}
    found = Config.from_texts(files).dialplan.match(number, "in")
    assert found.answer == answer
    if answer == "unknown":
        (one,) = found.because
        assert (one.file, one.line) == ("pjsip.conf", 3)
        why = "res_pjsip adds an extension to [regs] for each device that can be reached"
        assert one.text == why
    named = Config.from_texts(files).dialplan.match(number, "in", priority=2)
    assert named.answer == ("yes" if number == "100" else "no")


def test_registrations_of_iax_peers_go_by_regexten() -> None:
    iax = "[general]\nregcontext=regs\n[a]\ntype=friend\nhost=dynamic\nregexten=77&78\n"
    plan = Config.from_texts({"iax.conf": iax, "extensions.conf": PLAN}).dialplan
    answers = [plan.match(number, "regs").answer for number in ("77", "78", "79")]
    assert answers == ["unknown", "unknown", "no"]


MAPPED = "[settings]\n{file} => odbc,asterisk\n"


@pytest.mark.parametrize(
    ("files", "number", "context", "answer"),
    [
        ({"modules.conf": "[modules]\nautoload=yes\n"}, "700", "parkedcalls", "yes"),
        ({"modules.conf": "[modules]\nautoload=yes\nnoload=res_parking.so\n"}, "700",
         "parkedcalls", "no"),
        ({"extconfig.conf": MAPPED.format(file="res_parking.conf")}, "9", "in", "unknown"),
        ({"extconfig.conf": MAPPED.format(file="users.conf")}, "9", "default", "unknown"),
        ({"extconfig.conf": MAPPED.format(file="users.conf")}, "9", "in", "no"),
        ({"users.conf": "#exec /bin/users\n"}, "9", "default", "unknown"),
        ({"users.conf": "[9]\nhasiax=yes\n"}, "9", "default", "yes"),
        ({"users.conf": "[9]\nhasiax=yes\n"}, "8", "default", "no"),
    ],
)  # fmt: skip
def test_what_modules_make_is_known_where_their_files_are(
    files: dict[str, str], number: str, context: str, answer: str
) -> None:
    plan = "[in]\nexten => 1,1,NoOp()\n[default]\n"
    conf = Config.from_texts({"extensions.conf": plan, "res_parking.conf": LOTS, **files})
    assert conf.dialplan.match(number, context).answer == answer


def test_version_23_reads_no_users() -> None:
    files = {"users.conf": "[9]\nhasiax=yes\n", "extensions.conf": "[default]\n"}
    assert Config.from_texts(files, asterisk="23").dialplan.match("9", "default").answer == "no"


def test_the_command_finds_what_modules_make(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "res_parking.conf").write_text(LOTS)
    (tmp_path / "extensions.conf").write_text(PLAN)
    (tmp_path / "other.conf").write_text(PLAN)
    for path in (tmp_path, tmp_path / "extensions.conf", tmp_path / "other.conf"):
        code, out, _ = cli("match", path, "parkedcalls", "702")
        assert code == 0
        assert out == (
            "'702' of [parkedcalls], which res_parking/default makes, matches '702': "
            "priority 1 is ParkedCall(default,702)\n"
        )
        code, out, _ = cli("match", "--json", path, "in", "700")
        assert (code, json.loads(out)["app"], json.loads(out)["line"]) == (0, "Park", 0)


def test_a_call_runs_what_modules_make() -> None:
    plan = "[in]\ninclude => parkedcalls\nexten => 1,1,Goto(default,9,1)\n"
    files = {"extensions.conf": plan, "res_parking.conf": LOTS, "users.conf": "[9]\nhasiax=yes\n"}
    conf = Config.from_texts(files)
    assert [str(step) for step in conf.call("700", entry="context:in").steps] == [
        "[700@in:1] Park()"
    ]
    steps = conf.call("1", entry="context:in").steps
    assert [(step.app, step.line) for step in steps] == [("Goto", 3), ("Dial", 0)]


def test_a_context_that_only_a_module_makes_is_said_to_be_made() -> None:
    conf = Config.from_texts({"extensions.conf": PLAN, "res_parking.conf": LOTS})
    why = "context 'parkedcalls' is made by res_parking, and by no line: see complete"
    with pytest.raises(NotFoundError, match=why):
        conf.dialplan["parkedcalls"]


def test_hints_of_the_wizard_but_not_of_a_refused_endpoint() -> None:
    """Observed with `dialplan show` on 22.10.1."""
    wizard = (
        "[t](!)\ntype=wizard\nhas_hint=yes\nhint_context=lamps\n"
        "[a](t)\nhint_exten=100\nhint_application=Gosub(std,${EXTEN},1(${HINT}))\n"
        "[b](t)\nhint_exten=101\n[c](t)\nhint_exten=102\nendpoint/rtp_timeout=x\n"
        "[d](t)\nhint_exten=103\naor/max_contacts=x\n[e](t)\nhint_exten=104\nhas_hint=no\n"
        "[f](t)\nhint_exten=_11X\nhint_application=Dial\n"
    )
    files = {"pjsip_wizard.conf": wizard, "extensions.conf": "[lamps]\nexten => 1,1,NoOp()\n"}
    plan = Config.from_texts(files).dialplan
    held = {
        e.name: (e.hint and e.hint.text, *map(str, e.steps))
        for e in plan.complete["lamps"].extensions
    }
    assert held == {
        "1": (None, "NoOp()"),
        "100": ("PJSIP/a", "Gosub(std,${EXTEN},1(${HINT}))"),
        "101": ("PJSIP/b",),
        "103": ("PJSIP/d",),
        "_11X": ("PJSIP/f", "Dial()"),
    }
    assert plan.match("102", "lamps").answer == "no"


def test_users_of_users_conf_are_accounts_of_the_manager() -> None:
    """Observed with `manager show user`: the first line of a user, then manager.conf on top."""
    users = (
        "[general]\nwrite=call\n[ann]\nhasmanager=yes\nsecret=s3\nread=system\nread=log\n"
        "permit=192.0.2.0/24\n[bert]\nhasmanager=no\nhasmanager=yes\n[Cy]\nhasmanager=1\nread=cdr\n"
    )
    manager = "[general]\n[cy]\nwrite=agi\n[dora]\nsecret=x\n"
    conf = Config.from_texts({"users.conf": users, "manager.conf": manager})
    found = conf.objects(ManagerUser)
    assert {name: (one.read, one.write) for name, one in found.items()} == {
        "ann": (("system",), ("call",)),
        "Cy": (("cdr",), ("agi",)),
        "dora": (("none",), ("none",)),
    }
    ann = found["ann"]
    assert (ann.rules, str(ann.secret), ann.secret) == (None, "********", Secret("s3"))
    places = [str(conf.where(ann, name)) for name in ("", "secret", "read", "write")]
    assert places == ["users.conf:3:1", "users.conf:5:8", "users.conf:6:6", "users.conf:2:7"]
    assert str(conf.where(found["Cy"], "write")) == "manager.conf:3:7"
    assert conf.objects("manager.conf", "user")["ann"].read == ("system",)
    with pytest.raises(NotFoundError):
        conf.update(ann, read=("log",))
    conf.update(found["dora"], read=("log",))
    assert conf.objects(ManagerUser)["dora"].read == ("log",)
    part = conf["users.conf"]["ann"]
    part.set(part.options[1], "s4")
    assert conf.objects(ManagerUser)["ann"].secret == Secret("s4")


@pytest.mark.parametrize(
    ("asterisk", "manager", "names"),
    [("18", "[general]\n", ["1"]), ("23", "[general]\n", []), ("22", "lost\n", [])],
)
def test_accounts_need_a_manager_that_reads_both(
    asterisk: str, manager: str, names: list[str]
) -> None:
    texts = {"users.conf": "[1]\nhasmanager=yes\n", "manager.conf": manager}
    conf = Config.from_texts(texts, asterisk=asterisk)
    assert [*conf.objects(ManagerUser)] == names
    del texts["manager.conf"]
    assert not Config.from_texts(texts, asterisk=asterisk).objects(ManagerUser)


def test_hints_of_the_wizard_join_the_extensions_of_the_plan() -> None:
    """Observed with `dialplan show` on 22.10.1: what is there stays, what it lacks is added."""
    wizard = "[t](!)\ntype=wizard\nhas_hint=yes\nhint_context=a\nhint_application=NoOp(z)\n"
    wizard += "".join(f"[w{n}](t)\nhint_exten={n}\n" for n in (11, 12, 17, 18))
    plan = (
        "[a]\nexten => 11,hint,PJSIP/other\nexten => 12,1,NoOp(mine)\n same => n,NoOp(more)\n"
        "exten => 17/5,1,NoOp(cid)\nexten => 18,2,NoOp(two)\nexten => _1X,1,NoOp(p)\n"
    )
    conf = Config.from_texts({"pjsip_wizard.conf": wizard, "extensions.conf": plan})
    held = {
        e.key: (e.hint and e.hint.text, *map(str, e.steps), e.made_by)
        for e in conf.dialplan.complete["a"].extensions
    }
    by = "res_pjsip_config_wizard"
    assert held == {
        "11": ("PJSIP/other", "NoOp(z)", ""),
        "12": ("PJSIP/w12", "NoOp(mine)", "NoOp(more)", ""),
        "17/5": (None, "NoOp(cid)", ""),
        "17": ("PJSIP/w17", "NoOp(z)", by),
        "18": ("PJSIP/w18", "NoOp(z)", "NoOp(two)", ""),
        "_1X": (None, "NoOp(p)", ""),
    }
    assert str(conf.dialplan.match("18", "a").step) == "NoOp(z)"


def test_what_users_conf_makes_is_there_as_far_as_the_version_reads_it() -> None:
    """Source: 23 has no reader of users.conf any more."""
    users = "[ann]\nhasvoicemail=yes\nhasmanager=yes\nsecret=x\n"
    files = {
        "users.conf": users,
        "voicemail.conf": "[default]\n100 => 1,A\n",
        "manager.conf": "[general]\n[ann]\nread=call\n[bob]\nread=call\n",
        "extensions.conf": "[a]\nexten => 1,1,NoOp(${AMI_CLIENT(ann,sessions)})\n"
        " same => n,NoOp(${AMI_CLIENT(bert,sessions)})\n",
    }
    missing = {
        "22": [("AC917", "extensions.conf:3:30"), ("AC610", "manager.conf:4:1")],
        "23": [
            ("AC917", "extensions.conf:3:30"), ("AC610", "manager.conf:2:1"),
            ("AC610", "manager.conf:4:1"),
        ],
    }  # fmt: skip
    for version, boxes in (("22", ["100@default", "ann@default"]), ("23", ["100@default"])):
        conf = Config.from_texts(files, asterisk=version)
        assert list(conf.mailboxes) == boxes
        assert ("mailbox 'ann@default'" in map(str, conf.references.names())) is (version == "22")
        found = conf.check(host_files=False)
        said = [(one.code, str(one.position)) for one in found if one.code in {"AC610", "AC917"}]
        assert said == missing[version]
    only = Config.from_texts({"users.conf": users, "manager.conf": "[general]\n",
        "extensions.conf": files["extensions.conf"]})  # fmt: skip
    assert [str(one.target) for one in only.references.missing()] == ["user 'bert'"]


def test_an_account_of_the_manager_is_renamed_where_the_dialplan_asks_for_it() -> None:
    plan = "[a]\nexten => 1,1,NoOp(${AMI_CLIENT(ann,sessions)})\n"
    conf = Config.from_texts({"manager.conf": "[ann]\nsecret=x\n", "extensions.conf": plan})
    conf.rename(conf.objects(ManagerUser)["ann"], "boss").apply()
    assert str(conf["extensions.conf"]) == plan.replace("ann", "boss")


def test_a_context_that_the_wizard_makes_for_a_hint_is_there() -> None:
    """Observed with `dialplan show`: [default], made by res_pjsip_config_wizard."""
    phone = "[a]\ntype=wizard\nendpoint/context=default\nendpoint/allow=ulaw\n"
    for more, missing in (("has_hint=yes\nhint_exten=1000\n", []), ("", ["context 'default'"])):
        files = {"pjsip_wizard.conf": phone + more, "extensions.conf": "[x]\nexten => 1,1,NoOp()\n"}
        found = Config.from_texts(files).references.missing()
        assert [str(one.target) for one in found] == missing
