"""`asterconf dialplan` and `asterconf match`, against what a real Asterisk recorded."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.unit.conftest import Cli

VECTORS = Path(__file__).parents[1] / "vectors"
LOAD = sorted((VECTORS / "dialplan-load").glob("*.conf"))


def test_dialplan_prints_what_asterisk_loads(cli: Cli) -> None:
    for path in LOAD:
        recorded = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
        code, out, err = cli("dialplan", path, "--json", "--reveal")
        shown = json.loads(out)
        assert (code, err) == (0 if recorded["loaded"] else 1, "")
        assert list(shown) == ["loaded", "contexts", "globals", "warnings", "unknown"]
        for key in ("loaded", "contexts", "globals"):
            assert shown[key] == recorded[key], path.stem


def test_dialplan_prints_our_warnings(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "any name"
    file.write_text("[c]\nexten => 1,1,Set(CALLERID(all)=x\nnonsense\n")
    _, out, _ = cli("dialplan", file, "--json")
    assert [
        (found["code"], found["line"], found["column"]) for found in json.loads(out)["warnings"]
    ] == [("AC003", 3, 1), ("AC230", 2, 31)]


def test_dialplan_prints_a_listing(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text(
        "[globals]\nA=1\n[c]\nexten => _5X/7,1(a),NoOp(x)\n same => n,Hangup()\n"
        "exten => _5X/7,hint,SIP/1(Bob)\ninclude => d,09:00-17:00\nignorepat => 9\n"
        "lswitch => Realtime/x\nautohints => yes\n[d]\nexten => 1,1,A(b) c\n"
    )
    assert cli("dialplan", tmp_path) == (
        0,
        """\
[c]
  _5X/7
    hint       SIP/1  :6
    1(a)       NoOp(x)  :4
    2          Hangup()  :5
  include d,09:00-17:00
  ignorepat 9
  lswitch Realtime/x
  autohints yes

[d]
  1
    1          A(b)  :12

A=1
extensions.conf:12:18: warning AC228 ' c' behind the last ')' is thrown away: Asterisk holds A(b)
  hint: arguments end at the last ')' of the line; remove what stands behind it
""",
        "",
    )


def test_dialplan_of_a_file_that_asterisk_refuses(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x.conf").write_text("exten => 1,1,NoOp()\n")
    code, out, _ = cli("dialplan", tmp_path / "x.conf")
    assert code == 1
    assert out.startswith("Asterisk refuses x.conf: line before the first section: 'exten'")
    assert "no dialplan is loaded from it\n" in out


def test_dialplan_follows_includes_from_the_root(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "x.conf").write_text("#include more.conf\n")
    (tmp_path / "more.conf").write_text("[c]\nexten => 1,1,NoOp()\n")
    _, out, _ = cli("dialplan", tmp_path / "sub" / "x.conf", "--root", tmp_path, "--json")
    assert list(json.loads(out)["contexts"]) == ["c"]


def test_nothing_to_read_is_exit_2(cli: Cli, tmp_path: Path) -> None:
    code, out, err = cli("dialplan", tmp_path / "none")
    assert (code, out) == (2, "")
    assert "neither a file nor a directory" in err
    code, _, err = cli("match", tmp_path, "c", "1")
    assert code == 2
    assert "no configuration file" in err
    (tmp_path / "pjsip.conf").write_text("")
    code, _, err = cli("match", tmp_path, "c", "1")
    assert code == 1
    assert "no file 'extensions.conf'" in err


KEYS = ("context", "dialed", "callerid", "matched_exten", "matched_context", "matched_cid",
        "priority", "app", "data", "line")  # fmt: skip


@pytest.mark.parametrize("name", ["009", "028", "043", "045", "049"])
def test_match_prints_what_a_real_call_ran(cli: Cli, tmp_path: Path, name: str) -> None:
    vector = json.loads((VECTORS / "dialplan-match" / f"{name}.json").read_text())
    file = tmp_path / "dialplan"
    file.write_text(vector["dialplan"])
    for case in vector["cases"]:
        caller = [] if case["callerid"] is None else ["--callerid", case["callerid"]]
        code, out, err = cli("match", file, case["context"], case["dialed"], *caller, "--json")
        found = json.loads(out)
        (because,) = found.pop("because")
        answer = "no" if case["matched_exten"] is None else "yes"
        assert (code, err, found.pop("answer")) == (int(answer == "no"), "", answer)
        assert because["line"] == case.get("line", 0)
        assert found == {key: case[key] for key in KEYS if key in case}


def test_match_says_why(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "x").write_text(
        "[c]\nexten => _X.,1(a),NoOp()\ninclude => d,09:00-17:00\n[d]\nexten => 5,1,NoOp()\n"
    )
    ask = ("match", tmp_path / "x", "c")
    assert cli(*ask, "-55")[1] == "'_X.' of [c] matches '-55': priority 1 is NoOp()\n"
    assert cli(*ask, "5", "--at", "2024-02-05T18:00")[1] == (
        "nothing in [c] matches '5' with priority 1\n"
        "  [c] does not include [d] at that time: 09:00-17:00\n"
    )
    assert cli(*ask, "5", "--at", "2024-02-05 17:00:59")[1].startswith("'5' of [d]")
    assert cli(*ask, "55", "--priority", "a")[1].startswith("'_X.' of [c]")
    assert cli(*ask, "55", "--priority", "2")[1].startswith("nothing in [c]")
    code, _, err = cli(*ask, "55", "--at", "noon")
    assert code == 2
    assert "'noon' is not an ISO time" in err


def test_asking_for_a_match_needs_no_parser() -> None:
    program = "import sys, asterconf.cli.dialplan; print('lark' in sys.modules)"
    command = [sys.executable, "-c", program]
    shown = subprocess.run(command, check=True, capture_output=True, text=True)
    assert shown.stdout == "False\n"


def test_a_listing_and_an_answer_mask_secrets(cli: Cli, tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text(
        "[globals]\nPANELPASS=hush-1\n[c]\nexten => 1,1,Authenticate(80808)\n"
    )
    _, out, _ = cli("dialplan", tmp_path)
    assert "Authenticate(********)" in out
    assert "PANELPASS=********" in out
    _, out, _ = cli("match", tmp_path, "c", "1")
    assert out == "'1' of [c] matches '1': priority 1 is Authenticate(********)\n"


def test_call_and_eval_take_a_version(cli: Cli, tmp_path: Path) -> None:
    """SIPDtmfMode and SIPPEER are gone since 21: there they are not run, before not known."""
    plan = "[a]\nexten => 1,1,SIPDtmfMode(info)\n same => n,Hangup()\n"
    (tmp_path / "extensions.conf").write_text(plan)
    ask = ("call", str(tmp_path), "1", "--from", "context:a")
    assert (cli(*ask)[0], cli(*ask, "--asterisk", "20")[0]) == (0, 3)
    text = "x${SIPPEER(a)}"
    assert cli("eval", text)[1].splitlines()[0] == "x"
    assert cli("eval", text, "--asterisk", "20")[1].splitlines()[0] == text
    assert cli("eval", text, "--asterisk", "24")[0] == 2
