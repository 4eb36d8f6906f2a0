"""What `asterconf check` prints, in each of its forms."""

import json
from pathlib import Path
from typing import Any

import attrs
import jsonschema  # type: ignore[import-untyped]
import pytest

import asterconf
from asterconf.linter.outputs import Checked, concise, full, github
from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.sarif import sarif

DATA = Path(__file__).parents[2] / "data"
EXAMPLE = Path("examples/inherited")

TEXTS = {
    "pjsip.conf": "[t]\ntype=endpoint\nallow=ulaw\n\trtp_timeout = 10s\n",
    "extensions.conf": (
        "[a]\nexten => 1,1,Goto(b,1,1)\nexten => 1,2,NoOp(é) x\nexten => 1,2,NoOp()\n"
    ),
}


def checked(texts: dict[str, str], tree: str = "pbx") -> Checked:
    conf = asterconf.Config.from_texts(texts)
    return Checked.of(tree, conf.workspace.files, conf.check(ignore=["flow"]))


def test_marks_stand_below_what_a_finding_is_about() -> None:
    assert full(checked(TEXTS)) == (
        "extensions.conf:2:19: error AC900 Goto leads to the context 'b', which does not exist: "
        "the call ends\n"
        "    exten => 1,1,Goto(b,1,1)\n"
        "                      ^\n"
        "  hint: add it to extensions.conf\n"
        "extensions.conf:3:21: warning AC228 ' x' behind the last ')' is thrown away: Asterisk "
        "holds NoOp(é)\n"
        "    exten => 1,2,NoOp(é) x\n"
        "                        ^^\n"
        "  hint: arguments end at the last ')' of the line; remove what stands behind it\n"
        "extensions.conf:4:10: error AC219 priority 2 of '1' is taken already\n"
        "    exten => 1,2,NoOp()\n"
        "             ^^^^^^^^^^\n"
        "  extensions.conf:3:10: the first one\n"
        "  hint: the first one stays; use n, or another number\n"
        "pjsip.conf:4:16: error AC405 rtp_timeout must be a whole number, not '10s', which has a "
        "unit, so Asterisk refuses endpoint 't'\n"
        "     rtp_timeout = 10s\n"
        "                   ^^^\n"
        "  hint: correct it, or remove the line: the default is 0\n"
    )


def test_colours_add_nothing_but_colours() -> None:
    found = checked(TEXTS)
    painted = full(found, colours=True)
    assert "\x1b[31merror\x1b[0m" in painted
    assert "\x1b[31m^^^\x1b[0m" in painted
    plain = painted
    for number in ("0", "1", "2", "31", "33", "36"):
        plain = plain.replace(f"\x1b[{number}m", "")
    assert plain == full(found)


@pytest.mark.parametrize(
    ("variables", "coloured"),
    [({}, False), ({"FORCE_COLOR": "1"}, True), ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False)],
)
def test_the_environment_chooses_colours(
    monkeypatch: pytest.MonkeyPatch, cli: Any, variables: dict[str, str], coloured: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert ("\x1b[" in cli("check", EXAMPLE)[1]) == coloured


@pytest.mark.parametrize(
    ("terminal", "term", "linked"),
    [(True, "xterm-256color", True), (True, "dumb", False), (False, "xterm-256color", False)],
)
def test_places_are_links_on_a_terminal_that_shows_them(
    monkeypatch: pytest.MonkeyPatch, cli: Any, terminal: bool, term: str, linked: bool
) -> None:
    monkeypatch.setenv("TERM", term)
    monkeypatch.setenv("FORCE_COLOR", "1")  # colours are asked for; links are not
    monkeypatch.setattr("sys.stdout.isatty", lambda: terminal)
    out = cli("check", EXAMPLE, "--select", "AC409")[1]
    address = (Path.cwd() / EXAMPLE / "pjsip.d" / "sales.conf").as_uri()
    link = f"\x1b]8;;{address}\x1b\\pjsip.d/sales.conf:24:11\x1b]8;;\x1b\\: "
    assert (link in out) == linked
    assert ("\x1b]8" in out) == linked


def test_files_of_an_archive_are_no_links() -> None:
    assert full(checked(TEXTS), links=True) == full(checked(TEXTS))


def test_the_way_of_a_call_is_a_code_flow() -> None:
    case = Path(__file__).parents[2] / "rules" / "AC712" / "bad"
    conf = asterconf.load(case)
    found = conf.check(select=["AC712"])
    (result,) = sarif([Checked.of("pbx", conf.workspace.files, found)])["runs"][0]["results"]
    (flow,) = result["codeFlows"]
    steps = [one["location"] for one in flow["threadFlows"][0]["locations"]]
    assert [one["physicalLocation"]["region"]["startLine"] for one in steps] == [2, 12]
    assert [one["message"]["text"] for one in steps] == [
        "Goto leads on from 15551230000", "here"
    ]  # fmt: skip


def test_concise_has_a_line_for_each_with_its_path() -> None:
    texts = {"pjsip.conf": TEXTS["pjsip.conf"], "sip.conf": "[a]\ntype=friend\nhost=dynamic\n"}
    found = checked(texts, "some/pbx")
    wrong = attrs.evolve(found, found=found.found[:2], lines=found.lines[:2])
    assert concise(wrong).splitlines() == [
        "some/pbx: warning AC700 Asterisk 22 has no chan_sip: nothing reads 1 peer of sip.conf: a",
        (
            "some/pbx/pjsip.conf:4:16: error AC405 rtp_timeout must be a whole number, not '10s', "
            "which has a unit, so Asterisk refuses endpoint 't'"
        ),
    ]


def test_github_gets_a_command_for_each() -> None:
    texts = {"pjsip.conf": "[t]\ntype=endpoint\nallow=ulaw\nrtp_timeout = 5%,:\n"}
    assert github(checked(texts, "a,b:c")) == (
        "::error title=asterconf AC405,file=a%2Cb%3Ac/pjsip.conf,line=4,col=15,endLine=4,"
        "endColumn=19::AC405 rtp_timeout must be a whole number, not '5%25,:', so Asterisk refuses "
        "endpoint 't'%0Ahint: correct it, or remove the line: the default is 0\n"
    )


def test_json_is_one_object_for_one_tree_and_for_many(cli: Any, tmp_path: Path) -> None:
    (tmp_path / "rtp.conf").write_text("[general]\nrtpstart=x\n")
    code, out, _ = cli("check", tmp_path, "--json")
    data = json.loads(out)
    assert (code, data["format"], list(data)) == (1, 1, ["format", "findings"])
    (found,) = data["findings"]
    assert (found["tree"], found["file"], found["line"]) == (str(tmp_path), "rtp.conf", 2)
    assert (found["column"], found["end_column"], found["verified"]) == (10, 11, "behaviour")
    assert out == cli("check", tmp_path, "--output-format", "json")[1]
    many = json.loads(cli("check", tmp_path, "examples/home", "--json")[1])
    assert many == data
    assert json.loads(cli("check", "examples/home", "--json")[1]) == {"format": 1, "findings": []}


def test_statistics_count_each_code(cli: Any) -> None:
    code, out, _ = cli("check", EXAMPLE, "--statistics")
    assert code == 1
    assert out.splitlines()[0].split() == ["2", "AC109", "warning", "override-ignored"]
    rows = json.loads(cli("check", EXAMPLE, "--statistics", "--json")[1])["statistics"]
    assert sum(row["count"] for row in rows) == 14
    assert cli("check", "examples/home", "--statistics") == (0, "no findings\n", "")


def test_a_code_is_explained(cli: Any) -> None:
    code, out, _ = cli("check", "--explain", "ac409")
    assert code == 0
    assert out.startswith("AC409 option-refused (error, pjsip)\n")
    assert out.count("Asterisk logs it.") == 1
    assert "<kind> has no option <option>, so Asterisk refuses <the object or the file>." in out
    assert "{" not in out
    assert cli("check", "--explain", "option-refused")[1] == out
    data = json.loads(cli("check", "--explain", "AC409", "--json")[1])
    assert (data["code"], data["family"], data["preview"]) == ("AC409", "pjsip", False)
    code, _, err = cli("check", "--explain", "AC999x")
    assert code == 2
    assert "did you mean AC999" in err


def test_all_rules_are_listed(cli: Any) -> None:
    code, out, _ = cli("check", "--list")
    assert code == 0
    assert all(f" {code} " in out for code in RULES)
    rows = json.loads(cli("check", "--list", "--json")[1])["rules"]
    assert [row["code"] for row in rows] == list(RULES)


# -- SARIF ----------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def oasis() -> Any:
    return json.loads((DATA / "sarif-schema-2.1.0.json").read_text())


def every_code() -> dict[str, str]:
    """Return a configuration with findings of many kinds, odd bytes and names among them."""
    texts = {one.name: one.read_text() for one in EXAMPLE.glob("*.conf")}
    odd = b"[caf\xe9 \xf0\x9f\x93\x9e]\nodd line\nstrategy=x\xff\n".decode(
        "utf-8", "surrogateescape"
    )
    return {**texts, **TEXTS, "queues.conf": odd, "weird name #1.conf": "[a\n"}


def test_sarif_is_as_its_schema_wants(oasis: Any, cli: Any) -> None:
    log = sarif([checked(every_code())], version="1.2")
    jsonschema.validate(log, oasis, jsonschema.Draft4Validator)
    (run,) = log["runs"]
    assert run["columnKind"] == "unicodeCodePoints"
    rules = run["tool"]["driver"]["rules"]
    assert all(rules[one["ruleIndex"]]["id"] == one["ruleId"] for one in run["results"])
    assert {one["ruleId"] for one in run["results"]} == {rule["id"] for rule in rules}
    printed = json.loads(cli("check", EXAMPLE, "--output-format", "sarif")[1])
    jsonschema.validate(printed, oasis, jsonschema.Draft4Validator)
    assert len(printed["runs"][0]["results"]) == 14


def test_sarif_says_where(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    pbx = tmp_path / "my pbx"
    pbx.mkdir()
    (pbx / "rtp.conf").write_text("[general]\nrtpstart=x\n")
    conf = asterconf.load(pbx)
    found = Checked.of(str(pbx), conf.workspace.files, conf.check())

    def location() -> Any:
        (one,) = sarif([found])["runs"][0]["results"]
        return one["locations"][0]["physicalLocation"]

    outside = location()["artifactLocation"]
    assert outside == {"uri": pbx.as_uri() + "/rtp.conf"}
    monkeypatch.chdir(tmp_path)
    assert location() == {
        "artifactLocation": {"uri": "my%20pbx/rtp.conf", "uriBaseId": "%SRCROOT%"},
        "region": {"startLine": 2, "startColumn": 10, "endColumn": 11},
    }


def test_sarif_has_fixes_and_related_places() -> None:
    run = sarif([checked(TEXTS)])["runs"][0]
    by_code = {one["ruleId"]: one for one in run["results"]}
    (related,) = by_code["AC219"]["relatedLocations"]
    assert related["physicalLocation"]["region"] == {"startLine": 3, "startColumn": 10}
    (fix,) = by_code["AC228"]["fixes"]
    (change,) = fix["artifactChanges"]
    lines = TEXTS["extensions.conf"].split("\n")
    for one in reversed(change["replacements"]):
        region = one["deletedRegion"]
        assert region["startLine"] == region["endLine"] == 3
        line = lines[2]
        start, end = region["startColumn"] - 1, region["endColumn"] - 1
        lines[2] = line[:start] + one["insertedContent"]["text"] + line[end:]
    assert lines[2] == "exten => 1,2,NoOp(é)"


def test_fingerprints_stay_when_lines_move_and_sections_change_places() -> None:
    one, two = "[a]\nstrategy=x\n", "[b]\nodd line\nstrategy=x\n"

    def keys(text: str) -> list[str]:
        found = checked({"queues.conf": text})
        assert len(set(found.fingerprints)) == len(found.fingerprints) == 3
        return sorted(found.fingerprints)

    assert keys(one + two) == keys("; moved\n" * 50 + one + two) == keys(two + one)


def test_sarif_has_the_worst_of_too_many(monkeypatch: pytest.MonkeyPatch, oasis: Any) -> None:
    monkeypatch.setattr("asterconf.linter.sarif._RESULTS", 2)
    log = sarif([checked(TEXTS)])
    jsonschema.validate(log, oasis, jsonschema.Draft4Validator)
    (run,) = log["runs"]
    assert [one["level"] for one in run["results"]] == ["error", "error"]
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert note["message"]["text"] == "2 more findings are not in this file; the worst are"


def test_no_output_shows_a_secret() -> None:
    text = "[a]\ntype=auth\nusername=u\npassword=hunter2 ; hunter2\nmd5_cred=hunter2\n"
    found = checked({"pjsip.conf": text})
    assert found.found
    for shown in (full(found), concise(found), github(found), json.dumps(sarif([found]))):
        assert "hunter2" not in shown
