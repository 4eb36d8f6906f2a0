"""What commands print as JSON, by the schemas that ship with the package."""

import json
import shutil
from importlib.resources import files
from pathlib import Path
from typing import Any

import jsonschema  # type: ignore[import-untyped]
import pytest

SCHEMAS = files("asterconf.cli") / "json"
INHERITED, HOME, RADIO = "examples/inherited", "examples/home", "examples/radio"
BAD = {
    "pjsip.conf": "[t]\ntype=endpoint\nallow=ulaw\nwebrtc=maybe\n[a]\ntype=auth\n",
    "extensions.conf": (
        "[globals]\nX=${ENV(Y)}\n[a]\nexten => 1,1,NoOp(x) y\nexten => _X.,hint,PJSIP/t\n"
        "include => b,9:00-17:00,*,*,*\nswitch => Realtime/a@b\nignorepat => 9\n"
        "exten => 2/9,1(top),Dial(PJSIP/t&Local/1@a,5)\n same => n,Goto(none,1,1)\n"
    ),
    "rtp.conf": "odd\n",
    "sip.conf": "[p]\ntype=friend\nhost=dynamic\n",
    "strange.conf": "[x]\ny=1\n",
}


def schema(name: str) -> Any:
    return json.loads((SCHEMAS / f"{name}.schema.json").read_text("utf-8"))


def valid(name: str, text: str) -> Any:
    data = json.loads(text)
    jsonschema.Draft202012Validator(schema(name)).validate(data)
    return data


@pytest.fixture
def bad(tmp_path: Path) -> Path:
    for name, text in BAD.items():
        (tmp_path / name).write_text(text)
    return tmp_path


@pytest.mark.parametrize(
    "name", sorted(p.name.removesuffix(".schema.json") for p in SCHEMAS.iterdir())
)
def test_a_schema_is_one(name: str) -> None:
    jsonschema.Draft202012Validator.check_schema(schema(name))
    assert schema(name)["title"].startswith(f"What asterconf {name.partition('-')[0]}")


@pytest.mark.parametrize(
    ("name", "arguments"),
    [
        ("check", ["check", INHERITED, HOME, "--verbose"]),
        ("check-statistics", ["check", INHERITED, "--statistics"]),
        ("check-list", ["check", "--list"]),
        ("check-explain", ["check", "--explain", "AC409"]),
        ("explain", ["explain", INHERITED, "queues.conf:11"]),
        ("explain", ["explain", INHERITED, "extensions.conf:1"]),
        ("dialplan", ["dialplan", INHERITED]),
        ("dialplan", ["dialplan", RADIO]),
        ("match", ["match", INHERITED, "internal", "301"]),
        ("match", ["match", INHERITED, "internal", "none"]),
        ("call", ["call", INHERITED, "301", "--from", "context:internal"]),
        ("eval", ["eval", "$[1+x]${CHANNEL(x)}"]),
        ("show", ["show", INHERITED]),
        ("show", ["show", HOME]),
        ("show", ["show", INHERITED, "queues.conf"]),
        ("show", ["show", INHERITED, "queues.conf", "sales", "strategy"]),
        ("get", ["get", INHERITED, "queues.conf", "sales", "strategy"]),
        ("upgrade", ["upgrade", INHERITED, "--to", "18"]),
        ("graph", ["graph", INHERITED]),
        ("graph", ["graph", "--map", INHERITED]),
        ("ask", ["ask", "reach", HOME]),
        ("ask", ["ask", "emergency", HOME, "--number", "911"]),
        ("ask", ["ask", "class-of-service", HOME, "--from", "6001"]),
        ("ask", ["ask", "dead", HOME]),
        ("ask", ["ask", "reach", INHERITED]),
        ("ask", ["ask", "injections", HOME]),
        ("ask", ["ask", "dialable", HOME, "--from", "context:from-home"]),
        ("ask", ["ask", "why-not", HOME, "--from", "context:from-home", "--number", "2"]),
        ("diff-calls", ["diff", "--calls", INHERITED, HOME]),
        ("diff-calls", ["diff", "--calls", HOME, HOME]),
        ("migrate", ["migrate", "examples/chan_sip"]),
        ("phones", ["phones", "examples/home-full.toml"]),
        ("firewall", ["firewall", "examples/home-full.toml"]),
        ("runbook", ["runbook", "examples/home-full.toml"]),
        ("adopt", ["adopt", HOME]),
    ],
)
def test_what_a_command_prints_is_as_its_schema_says(
    cli: Any, name: str, arguments: list[str]
) -> None:
    valid(name, cli(*arguments, "--json")[1])


def test_so_it_is_for_a_tree_with_faults(cli: Any, bad: Path) -> None:
    found = valid("check", cli("check", bad, "--verbose", "--json")[1])["findings"]
    assert any("fix" in one for one in found)
    assert any("related" in one for one in found)
    assert {one["severity"] for one in found} >= {"error", "warning", "info"}
    for name, text in BAD.items():
        for line in range(1, text.count("\n") + 1):
            valid("explain", cli("explain", bad, f"{name}:{line}", "--json")[1])
    valid("show", cli("show", bad, "--json")[1])
    for name in BAD:
        shown = valid("show", cli("show", bad, name, "--json")[1])
        assert shown["valid"] == (name != "rtp.conf")
    valid("dialplan", cli("dialplan", bad, "--json")[1])
    valid("graph", cli("graph", bad, "--json")[1])
    valid("upgrade", cli("upgrade", bad, "--to", "20", "--json")[1])
    for dialed in ("1", "2", "7"):
        valid("match", cli("match", bad, "a", dialed, "--callerid", "9", "--json")[1])
        valid("call", cli("call", bad, dialed, "--from", "context:a", "--json")[1])


def test_tests_and_policies_are_as_their_schema_says(cli: Any, tmp_path: Path) -> None:
    tests = tmp_path / "tests.toml"
    tests.write_text(
        '[[call]]\nname = "a phone"\ndial = "6002"\nfrom = "6001"\n'
        'expect = { outcome = "Answered" }\n'
        '[[never]]\nname = "none"\nfrom = "6001"\nnumbers = ["911"]\n'
        '[[always]]\nname = "all"\nfrom = "6001"\nnumbers = ["911"]\n'
    )
    data = valid("test", cli("test", HOME, "--file", tests, "--json")[1])
    assert [one["passed"] for one in (*data["tests"], *data["policies"])] == [True, False, True]


def test_edits_and_plans_are_as_their_schemas_say(cli: Any, tmp_path: Path) -> None:
    folder = tmp_path / "pbx"
    shutil.copytree(INHERITED, folder)
    set_timeout = ["set", folder, "queues.conf", "sales", "timeout", "12", "--json"]
    data = valid("edit", cli(*set_timeout)[1])
    assert (data["files"], len(data["edits"])) == (["queues.conf"], 1)
    assert valid("edit", cli(*set_timeout)[1])["files"] == []
    add = ["extension", "add", folder, "399", "--json"]
    assert valid("edit", cli(*add)[1])["files"]
    plan = tmp_path / "office.plan"
    cli("set", folder, "queues.conf", "sales", "timeout", "14", "--out", plan)
    saved = valid("apply-plan", cli("apply", plan, "--yes", "--json")[1])["saved"]
    assert saved == [str(folder / "queues.conf")]


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ask", {"format": 1, "verdict": "maybe", "because": "", "candidates": []}),
        ("test", {"format": 1, "tests": [{"name": "a"}], "failed": 0}),
        ("edit", {"format": 1, "edits": [], "files": [], "effects": []}),
        ("firewall", {"format": 1, "openings": [], "marks": []}),
        ("show", {"format": 1, "extensions": []}),
        ("apply-plan", {"format": 1, "saved": "queues.conf"}),
    ],
)
def test_they_refuse_what_is_not_so(name: str, data: object) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema(name)).validate(data)


@pytest.mark.parametrize("key", ["tree", "code", "severity", "fingerprint"])
def test_a_schema_refuses_what_lacks_a_key(cli: Any, key: str) -> None:
    data = json.loads(cli("check", INHERITED, "--json")[1])
    del data["findings"][0][key]
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(schema("check")).validate(data)
