"""What another version of Asterisk reads otherwise: found where it is, and nowhere else."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import asterconf
from asterconf import Config, apps, schema
from asterconf.cli import commands
from asterconf.errors import LoadError
from asterconf.model.options import read
from tests import overlay
from tests.flips import FLIPS, Flip

READERS = overlay.read("readers")


@pytest.mark.parametrize("one", FLIPS, ids=lambda one: f"{one.file}-{one.section}-{one.option}")
def test_a_tree_means_what_its_version_takes(one: Flip) -> None:
    old = Config.from_texts({one.file: one.text})
    assert old.effective(one.file)[one.section].option(one.option).value == one.under_22
    report = old.upgrade_report("23")
    if one.file == "users.conf":
        assert [(c.kind, c.name) for c in report] == [("gone", "users.conf")]
        return
    new = old.with_asterisk("23")
    assert new.asterisk == "23"
    assert new.effective(one.file)[one.section].option(one.option).value == one.under_23
    told = [c for c in report if c.name.lower() in {one.option, f"[{one.section}]"}]
    same = {one.under_22.lower(), one.under_23.lower()} in ({one.under_22.lower()}, {"roundrobin",
                                                            "rrmemory"})  # fmt: skip
    assert [c.kind for c in told] == ([] if same else ["means"])
    assert [c for c in report if c not in told] == []


def _section(file: str, kind: str) -> tuple[str, list[str]] | None:
    """Return a name and lines that make a section of a kind."""
    facts = schema.file(file)
    found = facts.objects.get(kind) if facts is not None and facts.loader != "removed" else None
    if found is None:
        named = kind in overlay.WHOLE_SECTIONS or file == "sorcery.conf"
        return (kind if named else "any", [])
    rule: dict[str, Any] = dict(found.section)
    if rule["by"] == "type":
        return "x", [f"type={rule['value']}"]
    return (rule["name"], []) if rule["by"] == "name" else ("x", [])


def _values(file: str, kind: str, option: str) -> tuple[str, str]:
    """Return two texts that the option of a kind takes for two values."""
    facts = schema.file(file)
    found = facts.objects[kind].option(option) if facts and kind in facts.objects else None
    if found is None or found.match == "any_name":
        return "1", "2"
    known = (*found.raw.get("values", ()), *found.raw.get("known", ()))
    words = [*known, "yes", "no", "5", "7", "120", "150", "2000", "3000", "a"]
    words = [w for w in map(str, words) if read(found, w).value is not None]
    first = words[0]
    others = (w for w in words if read(found, w).value != read(found, first).value)
    return first, next(others, first)


def _flips() -> Iterator[tuple[str, str, str]]:
    for file, kinds in READERS.items():
        for kind, options in kinds.items() if not file.startswith("_") else ():
            for option, row in options.items():
                if (row["22.10.1"], row["23"]) == ("first", "last"):
                    yield file, kind, option


def test_every_flip_of_the_readers_is_reported_and_none_on_equal_lines() -> None:
    missed, false, seen = [], [], 0
    for file, kind, option in _flips():
        if (option == "type" and schema.file(file)) or file.startswith("<"):  # see tests.flips
            continue
        name, more = _section(file, kind) or ("any", [])
        values = _values(file, kind, option)
        for pair in (values, (values[0], values[0])):
            lines = [*more, *(f"{option}={value}" for value in pair)]
            text = f"[{name}]\n" + "\n".join(lines) + "\n"
            conf = Config.from_texts({file: text})
            report = conf.upgrade_report("23")
            told = {c.name for c in report if c.kind in {"means", "gone"} and c.name == option}
            if values[0] != values[1] and pair is values and len(told) != 1:
                missed.append((file, kind, option, [str(c) for c in report]))
            gone = option == "userscontext" and file == "extensions.conf"
            if pair[0] == pair[1] and told and not gone:
                false.append((file, kind, option))
        seen += values[0] != values[1]
    assert (missed, false) == ([], [])
    assert seen == 333  # of 340: 5 kinds of sections, a spool file, an option with one value


def test_the_dialplan_of_20_is_read_for_21_and_later() -> None:
    conf = Config.from_texts(
        {
            "extensions.conf": """\
[a]
exten => 1,1,Macro(x,${SIPPEER(a)})
 same => n,Queue(q,t,,,30,,,sub,1)
 same => n,Queue(q,t,,,30,,mac)
 same => n,Queue(q,t,,,30)
 same => n,Dial(SIP/100,20,M(foo)t)
 same => n,DeadAGI(x,y)
 same => n,Set(SIP_HEADER(x)=1)
 same => n,NoOp(SIP/2.0 Macro(x) ${VALID_EXTEN(a,1,1)})
exten => 1,hint,SIP/100
"""
        },
        asterisk="20",
    )
    told = [(c.place.line, c.kind, c.name, c.fix) for c in conf.upgrade_report("23")]
    assert sorted(told) == [
        (2, "gone", "Macro", ""),
        (2, "gone", "SIPPEER()", ""),
        (3, "means", "Queue", "Queue(q,t,,,30,,sub,1)"),
        (4, "means", "Queue", ""),
        (6, "gone", "Dial option M", ""),
        (6, "gone", "SIP/", ""),
        (7, "gone", "DeadAGI", "AGI(x,y)"),
        (8, "gone", "SIP_HEADER()", ""),
        (9, "gone", "VALID_EXTEN()", ""),
        (10, "gone", "SIP/", ""),
    ]
    assert conf.upgrade_report("20").changes == ()
    assert [c.name for c in conf.with_asterisk("22").upgrade_report("23")] == [
        "DeadAGI", "VALID_EXTEN()",
    ]  # fmt: skip


def test_a_step_has_the_arguments_of_the_version_that_runs_it() -> None:
    """Up to 20, Queue has `macro` before `gosub`. Source: the documentation of each branch."""
    text = (
        "[a]\nexten => 1,1,Queue(q,,,,30,,mac,sub)\n same => n(x),Queue(q,,,,30,,mac,sub)\n"
        " same => n,Queue(q,,,,30,,mac,sub(1))\n same => n(y),Queue(q,,,,30,,mac,sub(1))\n"
        " same => n,Queue(q,,,,30,,mac,sub\nexten => 2,1,NoOp()\n"
        "exten => 1,9(z),Queue(q,,,,30,,mac,s)\n"
    )
    old = Config.from_texts({"extensions.conf": text}, asterisk="20")
    (was, _), (now, _) = (conf.dialplan["a"] for conf in (old, old.with_asterisk("22")))
    assert [step.application.arguments_by_name["macro"] for step in was.steps] == ["mac"] * 6
    assert [step.application.arguments_by_name["gosub"] for step in now.steps] == ["mac"] * 6
    assert was.steps == now.steps  # the same text
    assert apps.Dial.letters("20")["M"]
    assert "M" not in apps.Dial.letters()


@pytest.mark.parametrize(
    ("file", "text", "old", "new", "told"),
    [
        ("features.conf", "[featuremap]\nautomon=*1\n", "20", "21", ("refused", "automon", "")),
        ("musiconhold.conf", "[m]\nmode=files\nrandom=yes\n", "22", "23",
         ("new-name", "random", "sort=random")),
        ("musiconhold.conf", "[m]\nmode=files\napplication=r\n", "22", "23",
         ("gone", "application", "")),
        ("voicemail.conf", "[general]\nmaxmessage=60\n", "22", "23",
         ("new-name", "maxmessage", "maxsecs=60")),
        ("voicemail.conf", "[general]\n[default]\n1 => 1,n,,,maxmessage=5\n", "22", "23",
         ("new-name", "maxmessage", "maxsecs=5")),
        ("queues.conf", "[q]\nmembermacro=x\n", "20", "22", ("gone", "membermacro", "")),
        ("pjsip.conf", "[r]\ntype=registration\nuser_agent=x\nserver_uri=sip:a\nclient_uri=sip:a\n",
         "20", "22", ("means", "user_agent", "")),
        ("pjsip.conf", "[r]\ntype=registration\nuser_agent=x\nserver_uri=sip:a\nclient_uri=sip:a\n",
         "22", "20", ("refused", "user_agent", "")),
        ("pjsip.conf", "[a]\ntype=auth\nusername=x\n", "18", "20",
         ("default", "auth_type", "auth_type=userpass")),
        ("modules.conf", "[modules]\nautoload=yes\nload => chan_sip.so\n", "20", "21",
         ("gone", "chan_sip", "remove modules.conf:3")),
        ("queues.conf", "[q]\nmember => SIP/1\n", "20", "21", ("gone", "SIP/", "")),
        ("sip.conf", "[general]\n", "20", "21", ("gone", "sip.conf", "")),
        ("http.conf", "[r]\ntype=restriction\ntype=x\n", "22", "23", ("gone", "[r]", "")),
    ],
)  # fmt: skip
def test_each_kind_of_change(
    file: str, text: str, old: str, new: str, told: tuple[str, str, str]
) -> None:
    report = Config.from_texts({file: text}, asterisk=old).upgrade_report(new)
    assert [(c.kind, c.name, c.fix) for c in report] == [told]
    assert report[0].why
    assert report[0].place.file == file


def test_a_secret_is_masked() -> None:
    text = "[a](!)\npassword=hunter2\n[x](a)\npassword=secret9\n"
    conf = Config.from_texts({"res_ldap.conf": text.replace("[x]", "[_general]")})
    report = conf.upgrade_report("23")
    assert "hunter2" not in str(report) + json.dumps(report.to_dict())
    assert "secret9" not in str(report) + json.dumps(report.to_dict())


def test_the_settings_of_a_folder_name_the_version(tmp_path: Path) -> None:
    (tmp_path / "rtp.conf").write_text("[general]\nrtpstart=1\nrtpstart=2\n")
    assert asterconf.load(tmp_path).asterisk == "22"
    (tmp_path / ".asterconf.toml").write_text('asterisk = "20.7"\nother = 1\n')
    assert asterconf.load(tmp_path).asterisk == "20.7"
    assert asterconf.load(tmp_path, asterisk="23").asterisk == "23"
    for bad in ("asterisk = 20\n", "asterisk = [", 'asterisk = "24"\n'):
        (tmp_path / ".asterconf.toml").write_text(bad)
        with pytest.raises(LoadError):
            asterconf.load(tmp_path)


def test_two_versions_of_one_tree_are_compared() -> None:
    one = next(one for one in FLIPS if one.section == "q1")
    conf = Config.from_texts({one.file: one.text})
    assert str(asterconf.diff(conf, conf.with_asterisk("23"))).startswith("~ queue q1")
    assert asterconf.diff(conf, conf.with_asterisk("21")).is_empty


def test_an_edit_is_seen_by_both() -> None:
    conf = Config.from_texts({"queues.conf": "[q]\nstrategy=linear\n"})
    later = conf.with_asterisk("23")
    conf["queues.conf"]["q"].add("strategy", "random")
    assert [c.queues["q"].strategy for c in (conf, later)] == ["linear", "random"]


def test_what_is_not_read_is_unknown(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("#include gone.conf\n")
    (tmp_path / "extensions.conf").write_text("[a]\n")
    (tmp_path / "extensions.ael").write_text("context b {}\n")
    report = asterconf.load(tmp_path).upgrade_report("23")
    assert report.changes == ()
    assert [one.partition(":")[0].partition(",")[0] for one in report.unknown] == [
        "extensions.conf", "Asterisk refuses queues.conf",
    ]  # fmt: skip


def test_exact_fixes_are_written_and_the_rest_is_left() -> None:
    texts = {
        "extensions.conf": """\
[home]
exten => 1,1,DeadAGI(hello.py) ; hi
 same => n,Dial(SIP/100,20)
 same => n,Queue(q,t,,,30,,,sub,1)
 same => n,DeadAGI(a,SIP/3)
""",
        "modules.conf": "[modules]\nautoload=yes\nload = chan_sip.so\n;a\n",
        "pjsip.conf": "[a]\ntype=auth\npassword=x\n",
        "queues.conf": "[t](!)\nstrategy=ringall\n[s](t)\nstrategy=linear ; keep\n[q]\n"
        "strategy=ringall\n;x\nstrategy=rrmemory\nstrategy=linear\n",
    }
    conf = Config.from_texts(texts, asterisk="18")
    found = conf.prepare_upgrade("23")
    assert {name: str(conf[name]) for name in texts} == {
        "extensions.conf": """\
[home]
exten => 1,1,AGI(hello.py) ; hi
 same => n,Dial(SIP/100,20)
 same => n,Queue(q,t,,,30,,sub,1)
 same => n,AGI(a,SIP/3)
""",
        "modules.conf": "[modules]\nautoload=yes\n;a\n",
        "pjsip.conf": "[a]\ntype=auth\npassword=x\nauth_type=userpass\n",
        "queues.conf": "[t](!)\nstrategy=ringall\n[s](t)\n[q]\nstrategy=ringall\n;x\n",
    }
    assert [(one.place.line, one.name) for one in found.fixed] == [
        (2, "DeadAGI"), (4, "Queue"), (5, "DeadAGI"), (3, "chan_sip"), (1, "auth_type"),
        (4, "strategy"), (9, "strategy"),
    ]  # fmt: skip
    assert [(one.place.line, one.name) for one in found] == [(3, "SIP/"), (5, "SIP/")]
    assert conf.prepare_upgrade("23").fixed == ()


def test_a_fix_that_cannot_be_written_is_left_and_said() -> None:
    plan = ";! FreePBX\n; Do NOT edit this file as it is auto-generated by FreePBX.\n"
    plan += "[a]\nexten => 1,1,DeadAGI(x)\n"
    conf = Config.from_texts({"extensions.conf": plan}, asterisk="20")
    found = conf.prepare_upgrade("23")
    assert (found.fixed, [one.fix for one in found]) == ((), ["AGI(x)"])
    assert "extensions.conf:4:10 was not fixed: FreePBX writes extensions.conf" in found.unknown[0]
    assert str(conf["extensions.conf"]) == plan
    insisted = Config.from_texts({"extensions.conf": plan}, asterisk="20", edit_generated=True)
    assert len(insisted.prepare_upgrade("23").fixed) == 1


def test_a_report_is_sarif_with_a_result_for_each_line() -> None:
    plan = "[a]\nexten => 1,1,DeadAGI(x)\n same => n,Dial(SIP/1,20)\n"
    texts = {"extensions.conf": plan, "queues.conf": "#include gone.conf\n"}
    report = Config.from_texts(texts, asterisk="20").upgrade_report("23")
    (run,) = report.to_sarif("etc/my pbx", version="1")["runs"]
    results = [
        (one["ruleId"], one["level"], one["message"]["text"].split("\n")[0],
         one["locations"][0]["physicalLocation"]["region"]["startLine"])
        for one in run["results"]
    ]  # fmt: skip
    assert results == [
        ("upgrade-gone", "warning", "DeadAGI is gone: DeadAGI(x)", 2),
        ("upgrade-gone", "warning", "SIP/ is gone: n,Dial(SIP/1,20)", 3),
    ]
    rules = run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in run["results"]] == ["upgrade-gone"] * 2
    place = run["results"][0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place == {"uri": "etc/my%20pbx/extensions.conf", "uriBaseId": "%SRCROOT%"}
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "refuses queues.conf" in note["message"]["text"]


def test_the_shell_looks_at_fixes_and_writes_them(tmp_path: Path) -> None:
    plan = tmp_path / "extensions.conf"
    plan.write_text("[a]\nexten => 1,1,DeadAGI(x)\n")
    run = CliRunner()
    asked = ["upgrade", str(tmp_path), "--from", "20", "--to", "23"]
    looked = run.invoke(commands, [*asked, "--diff"])
    assert (looked.exit_code, "+exten => 1,1,AGI(x)" in looked.output) == (1, True)
    assert "DeadAGI" in plan.read_text()
    data = json.loads(run.invoke(commands, [*asked, "--sarif"]).output)
    assert len(data["runs"][0]["results"]) == 1
    done = run.invoke(commands, [*asked, "--fix", "--backup"])
    assert (done.exit_code, done.output) == (
        0, "fixed extensions.conf:2:10: DeadAGI: AGI(x)\n0 lines from 20 to 23\n",
    )  # fmt: skip
    assert plan.read_text() == "[a]\nexten => 1,1,AGI(x)\n"
    assert sorted(one.name for one in tmp_path.iterdir()) == [
        "extensions.conf", "extensions.conf.bak",
    ]  # fmt: skip


def test_that_a_reader_was_removed_is_said_once(cli: Any) -> None:
    out = cli("upgrade", "examples/inherited", "--from", "20", "--to", "22")[1]
    assert "chan_sip, which read it, was removed in Asterisk 21.0.0" in out
    assert out.count("21.0.0") == 1
