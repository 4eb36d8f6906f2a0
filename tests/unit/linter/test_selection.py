"""Which findings are told: selection, settings, comments, baseline."""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import attrs
import pytest

import asterconf
from asterconf.errors import LoadError
from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.selection import Selection, codes_of

PJSIP = """\
[t]
type=endpoint
rtp_timeout=10s
webrtc=maybe
[a]
type=auth
password=x
"""
"""Gives AC405 in line 3, AC407 in line 4 and AC413 in line 5."""


def write(folder: Path, texts: Mapping[str, str]) -> Path:
    for name, text in texts.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    return folder


def codes(folder: Path, **options: Any) -> list[str]:
    return [one.code for one in asterconf.load(folder).check(**options)]


@pytest.mark.parametrize(
    ("select", "ignore", "expected"),
    [
        ((), (), ["AC405", "AC407", "AC413"]),
        (("AC405",), (), ["AC405"]),
        (("AC4",), ("AC405",), ["AC407", "AC413"]),
        (("AC405", "pjsip"), ("AC40",), ["AC405", "AC413"]),
        (("pjsip",), ("pjsip",), []),
        (("queues",), (), []),
        (("ALL",), ("AC41",), ["AC405", "AC407"]),
        ((), ("ALL",), []),
        ((), ("pjsip", "AC407"), []),
    ],
)
def test_the_more_exact_word_decides(
    tmp_path: Path, select: tuple[str, ...], ignore: tuple[str, ...], expected: list[str]
) -> None:
    write(tmp_path, {"pjsip.conf": PJSIP})
    assert codes(tmp_path, select=select, ignore=ignore) == expected


def test_extend_select_adds_to_what_is_selected(tmp_path: Path) -> None:
    write(tmp_path, {"pjsip.conf": PJSIP})
    assert codes(tmp_path, select=["AC405"], extend_select=["AC413"]) == ["AC405", "AC413"]


def test_a_word_that_stands_for_nothing_cannot_be_selected(tmp_path: Path) -> None:
    conf = asterconf.load(write(tmp_path, {"pjsip.conf": PJSIP}))
    for word in ("AC499", "pjsp", "4", "AC4051", ""):
        with pytest.raises(ValueError, match="is no code and no family of rules"):
            conf.check(select=[word])
    with pytest.raises(ValueError, match="did you mean pjsip"):
        conf.check(extend_select=["pjsp"])


def test_a_word_that_stands_for_nothing_and_is_ignored_is_a_finding(tmp_path: Path) -> None:
    conf = asterconf.load(write(tmp_path, {"rtp.conf": "[general]\n"}))
    (found,) = conf.check(ignore=["pjsp"])
    assert (found.code, found.position) == ("AC091", None)
    assert found.hint == "did you mean pjsip?"


def test_every_code_begins_as_its_families_do() -> None:
    assert codes_of("ALL") == set(RULES)
    assert all(code in codes_of(RULES[code].family) for code in RULES)
    assert codes_of("AC4") == {code for code in RULES if code.startswith("AC4")}


def test_a_preview_is_off_unless_it_is_asked_for(monkeypatch: pytest.MonkeyPatch) -> None:
    messages = tuple(attrs.evolve(one, preview=True) for one in RULES["AC405"].messages)
    monkeypatch.setattr(RULES["AC405"], "messages", messages)
    assert not Selection().wants("AC405")
    assert not Selection(("AC4", "pjsip")).wants("AC405")
    assert Selection(("AC405",)).wants("AC405")
    assert Selection(extend=("AC405",)).wants("AC405")
    assert Selection(preview=True).wants("AC405")
    assert not Selection(ignore=("pjsip",), preview=True).wants("AC405")


# -- settings -------------------------------------------------------------------------------------

CHECK = """\
[check]
ignore = ["AC405"]
extend-select = []
preview = false
fail-on = "warning"
[check.per-file-ignores]
"*.d/*.conf" = ["pjsip"]
"""


def test_settings_say_what_to_ignore_where(tmp_path: Path) -> None:
    more = {"pjsip.conf": f"#include pjsip.d/more.conf\n{PJSIP}", ".asterconf.toml": CHECK}
    write(tmp_path, {**more, "pjsip.d/more.conf": "[x]\ntype=auth\npassword=y\n"})
    assert codes(tmp_path) == ["AC407", "AC413"]
    assert codes(tmp_path, settings=False) == ["AC405", "AC407", "AC413", "AC413"]
    assert codes(tmp_path, select=["AC413"], ignore=["AC407"]) == ["AC413"]


def test_pyproject_has_the_same_settings_in_a_table(tmp_path: Path) -> None:
    text = '[tool.asterconf]\nasterisk = "20"\n[tool.asterconf.check]\nselect = ["AC407"]\n'
    write(tmp_path, {"pjsip.conf": PJSIP, "pyproject.toml": text})
    assert codes(tmp_path) == ["AC407"]
    assert asterconf.load(tmp_path).asterisk == "20"


def test_the_nearest_file_counts_alone_and_only_inside_a_repository(tmp_path: Path) -> None:
    pbx = tmp_path / "etc" / "asterisk"
    write(pbx, {"pjsip.conf": PJSIP})
    write(tmp_path, {".asterconf.toml": '[check]\nignore = ["AC405"]\n'})
    assert codes(pbx) == ["AC405", "AC407", "AC413"]
    (tmp_path / ".git").mkdir()
    assert codes(pbx) == ["AC407", "AC413"]
    write(tmp_path / "etc", {"pyproject.toml": "[project]\nname = 'x'\n"})
    assert codes(pbx) == ["AC407", "AC413"]
    write(pbx, {".asterconf.toml": '[check]\nignore = ["AC407"]\n'})
    assert codes(pbx) == ["AC405", "AC413"]


def test_texts_and_archives_bring_their_settings() -> None:
    texts = {"pjsip.conf": PJSIP, ".asterconf.toml": '[check]\nignore = ["AC4"]\n'}
    conf = asterconf.Config.from_texts(texts)
    assert not conf.check().wrong
    assert len(conf.check(settings=False).wrong) == 3


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("check = 1\n", "check is not a table"),
        ("[check]\nplugins = ['x']\n", "check has no setting 'plugins'"),
        ("[check]\nselct = ['x']\n", "did you mean select"),
        ("[check]\nignore = 'AC4'\n", "check.ignore is not a list of texts"),
        ("[check]\nignore = [4]\n", "check.ignore is not a list of texts"),
        ("[check]\npreview = 1\n", "neither true nor false"),
        ("[check]\nfail-on = 'info'\n", "check.fail-on is not one of error, warning"),
        ("[check.per-file-ignores]\n'*' = 'AC4'\n", "per-file-ignores.* is not a list"),
        ("[check", "cannot be read"),
    ],
)
def test_settings_that_are_not_as_they_must_be(tmp_path: Path, text: str, message: str) -> None:
    write(tmp_path, {"rtp.conf": "[general]\n"})
    conf = asterconf.load(tmp_path, asterisk="22")
    (tmp_path / ".asterconf.toml").write_text(text)
    with pytest.raises(LoadError, match=message):
        conf.check()
    assert not conf.check(settings=False)


def test_a_word_of_the_settings_that_stands_for_nothing_is_a_finding(tmp_path: Path) -> None:
    text = '[check]\nignore = ["AC4O5"]\n[check.per-file-ignores]\n"*" = ["nope"]\n'
    write(tmp_path, {"rtp.conf": "[general]\n", ".asterconf.toml": text})
    found = asterconf.load(tmp_path).check()
    assert [one.code for one in found] == ["AC091", "AC091"]
    assert ".asterconf.toml ignores 'AC4O5'" in found[0].message


# -- comments -------------------------------------------------------------------------------------


PHONE = "[t]\ntype=endpoint\nallow=ulaw\n{}\n"


def found_in(line: str, **options: Any) -> list[str]:
    conf = asterconf.Config.from_texts({"pjsip.conf": PHONE.format(line)})
    return sorted(one.code for one in conf.check(**options))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("rtp_timeout=10s ; asterconf: ignore AC405", []),
        ("rtp_timeout=10s ; asterconf: ignore AC405 (the phone wants it)", []),
        ("rtp_timeout=10s ; why; asterconf: ignore pjsip, AC407", ["AC090"]),
        ("; asterconf: ignore AC40\nrtp_timeout=10s", []),
        ("; asterconf: ignore AC40\n; and why\nrtp_timeout=10s", []),
        ("; asterconf: ignore ALL\nrtp_timeout=10s", []),
        (";-- asterconf: ignore AC405 --;\nrtp_timeout=10s", []),
        ("; asterconf: ignore AC405\n\nrtp_timeout=10s", ["AC090", "AC405"]),
        ("rtp_timeout=10s ; asterconf: ignore AC413", ["AC090", "AC405"]),
        ("rtp_timeout=10s ; asterconf: ignore", ["AC091", "AC405"]),
        ("rtp_timeout=10s ; asterconf: ignore AC4x, AC405", ["AC091"]),
        ("rtp_timeout=10s ; asterconf ignore AC405", ["AC405"]),
        ("rtp_timeout=10s\nset_var=a=asterconf: ignore AC405", ["AC405"]),
        ("; asterconf: ignore-file\nrtp_timeout=10s", []),
        ("; asterconf: ignore-file AC405, AC407\nrtp_timeout=10s", ["AC090"]),
        ("\n" * 8 + "; asterconf: ignore-file\nrtp_timeout=10s", ["AC405"]),
    ],
)
def test_a_comment_silences_its_line_or_the_next(
    tmp_path: Path, line: str, expected: list[str]
) -> None:
    assert found_in(line) == expected
    write(tmp_path, {"pjsip.conf": PHONE.format(line)})
    assert sorted(codes(tmp_path)) == expected
    write(tmp_path, {"pjsip.conf": "#include more.conf\n", "more.conf": PHONE.format(line)})
    assert sorted(codes(tmp_path)) == expected


def test_a_comment_below_a_byte_order_mark_is_obeyed(tmp_path: Path) -> None:
    text = "\ufeff; asterconf: ignore-file AC405\n" + PHONE.format("rtp_timeout=10s")
    write(tmp_path, {"pjsip.conf": text})
    assert codes(tmp_path) == []
    write(tmp_path, {"pjsip.conf": "#include more.conf\n", "more.conf": text})
    assert codes(tmp_path) == []


@pytest.mark.parametrize(
    ("word", "hint"),
    [
        ("", "say which; see asterconf check --list"),
        ("ac405", "did you mean AC405?"),
        ("zzz", "see asterconf check --list"),
    ],
)
def test_what_to_write_for_a_word_that_is_no_code_is_said(word: str, hint: str) -> None:
    text = f"[t]\ntype=endpoint ; asterconf: ignore {word}\nallow=ulaw\n"
    (found,) = asterconf.Config.from_texts({"pjsip.conf": text}).check()
    assert (found.code, found.hint) == ("AC091", hint)


def test_a_comment_silences_nothing_where_settings_do_not_count() -> None:
    assert found_in("rtp_timeout=10s ; asterconf: ignore AC405", settings=False) == ["AC405"]


def test_a_comment_is_used_or_not_only_where_its_findings_are_looked_for() -> None:
    line = "rtp_timeout=10 ; asterconf: ignore AC405"
    assert found_in(line) == ["AC090"]
    assert found_in(line, select=["AC407", "AC090"]) == []
    assert found_in(line, ignore=["AC090"]) == []
    host = "cert_file=/none ; asterconf: ignore AC422"
    assert "AC090" not in found_in(host)
    assert "AC090" in found_in(host, host_files=True)  # an endpoint has no such option


def test_an_unused_comment_is_told_at_its_word() -> None:
    text = "[t]\nallow=ulaw\ntype=endpoint ; asterconf: ignore AC405, AC4O7\n"
    conf = asterconf.Config.from_texts({"pjsip.conf": text})
    unused, unknown = conf.check()
    assert unused.message == "this comment ignores AC405, but there is no such finding here"
    assert (
        unknown.message == "this comment ignores 'AC4O7', which is no code and no family of rules"
    )
    places = [one.position for one in (unused, unknown)]
    line = text.split("\n")[2]
    assert [line[at.column - 1 :][:5] for at in places if at is not None] == ["AC405", "AC4O7"]


# -- the command ----------------------------------------------------------------------------------


def test_the_command_selects(tmp_path: Path, cli: Any) -> None:
    write(tmp_path, {"pjsip.conf": PJSIP})
    shown = "--output-format", "concise"
    code, out, _ = cli("check", tmp_path, "--select", "pjsip", "--ignore", "AC405,AC407", *shown)
    assert (code, [line.split()[2] for line in out.splitlines()]) == (1, ["AC413"])
    assert cli("check", tmp_path, "--ignore", "AC4") == (0, "no findings\n", "")
    code, out, err = cli("check", tmp_path, "--select", "pjsp")
    assert (code, out) == (2, "")
    assert "did you mean pjsip?" in err


def test_isolated_obeys_nothing_in_the_tree(tmp_path: Path, cli: Any) -> None:
    text = PJSIP.replace("10s", "10s ; asterconf: ignore AC405")
    settings = 'asterisk = "18"\n[check]\nignore = ["pjsip"]\nfail-on = "never"\n'
    write(tmp_path, {"pjsip.conf": text, ".asterconf.toml": settings})
    assert cli("check", tmp_path) == (0, "no findings\n", "")
    code, out, _ = cli("check", tmp_path, "--isolated", "--json")
    found = [one["code"] for one in json.loads(out)["findings"]]
    assert (code, found) == (1, ["AC405", "AC407", "AC413"])
    (tmp_path / ".asterconf.toml").write_text("nonsense")
    assert cli("check", tmp_path)[0] == 2
    assert cli("check", tmp_path, "--isolated", "--json")[1] == out


@pytest.mark.parametrize(
    ("limit", "expected"), [("error", 0), ("warning", 1), ("advice", 1), ("never", 0)]
)
def test_the_exit_code_follows_fail_on(tmp_path: Path, cli: Any, limit: str, expected: int) -> None:
    write(tmp_path, {"pjsip.conf": "[t]\ntype=endpoint\nwebrtc=maybe\n"})
    assert cli("check", tmp_path, "--fail-on", limit)[0] == expected
    write(tmp_path, {".asterconf.toml": f'[check]\nfail-on = "{limit}"\n'})
    assert cli("check", tmp_path)[0] == expected
    assert cli("check", tmp_path, "--fail-on", "advice")[0] == 1


def test_a_baseline_knows_what_was_found(tmp_path: Path, cli: Any) -> None:
    tree = write(tmp_path / "pbx", {"pjsip.conf": PJSIP})
    file = tmp_path / "baseline.json"
    said = f"{file} knows 3 findings now\n"
    assert cli("check", tree, "--baseline", file, "--write-baseline") == (0, said, "")
    assert cli("check", tree, "--baseline", file) == (0, "no findings\n", "")
    moved = "[n]\ntype=aor\n" * 25 + PJSIP + "[b]\ntype=endpoint\nrtp_timeout=10s\n"
    write(tree, {"pjsip.conf": moved.replace("[n]", "; new", 1).replace("type=aor", "", 1)})
    code, out, _ = cli("check", tree, "--baseline", file, "--json", "--select", "AC405")
    assert (code, [one["line"] for one in json.loads(out)["findings"]]) == (1, [60])
    for text in ("", "[]", '{"format": 2, "fingerprints": {}}', '{"format": 1}'):
        file.write_text(text)
        assert cli("check", tree, "--baseline", file)[0] == 2
    assert cli("check", tree, "--baseline", tmp_path / "none")[0] == 2
    assert cli("check", tree, "--write-baseline")[0] == 2


def test_several_trees_have_settings_each(tmp_path: Path) -> None:
    for name, ignored in (("a", "AC405"), ("b", "AC407")):
        text = f'[check]\nignore = ["{ignored}"]\n'
        write(tmp_path / name, {"pjsip.conf": PJSIP, ".asterconf.toml": text})
    done = subprocess.run(
        [sys.executable, "-m", "asterconf", "check", "a", "b", "--output-format", "concise"],
        check=False, cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    assert done.returncode == 1
    assert [line.split()[::2][:2] for line in done.stdout.splitlines()] == [
        ["a/pjsip.conf:4:8:", "AC407"], ["a/pjsip.conf:5:1:", "AC413"],
        ["b/pjsip.conf:3:13:", "AC405"], ["b/pjsip.conf:5:1:", "AC413"],
    ]  # fmt: skip
