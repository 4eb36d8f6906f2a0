"""What Asterisk refuses is said first, and what is unknown is an answer of its own."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import asterconf
from asterconf import Config, NotFoundError
from asterconf.display import view
from tests.unit.conftest import Cli

MISSING = '[a]\nexten => 1,1,NoOp()\n#include "gone.conf"\n[b]\nexten => 2,1,NoOp()\n'
AEL = "context internal {\n 100 => {\n  Answer();\n }\n}\n"


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (MISSING, "nothing could be read for #include 'gone.conf'"),
        ("exten => 1,1,NoOp()\n", "line before the first section: 'exten'"),
        ("[a](nowhere)\n", "[a] inherits from 'nowhere'"),
        ("[a\n", "section header without ']'"),
    ],
)
def test_every_view_begins_with_what_asterisk_refuses(
    text: str, why: str, tmp_path: Path, cli: Cli
) -> None:
    (tmp_path / "extensions.conf").write_text(text)
    conf = asterconf.load(tmp_path)
    start = f"Asterisk refuses extensions.conf: {why}"
    assert conf.refused[0].startswith(start)
    for look in (
        lambda: conf.dialplan["a"],
        lambda: conf.effective("extensions.conf")["a"],
    ):
        with pytest.raises(NotFoundError) as raised:
            look()
        assert str(raised.value).startswith(start)
    assert conf.dialplan.match("1", "a").why.startswith(start)
    for shown in (conf, conf.dialplan, conf.effective("extensions.conf")):
        assert start in str(view(shown))
    for command in (("show",), ("show", "extensions.conf"), ("match", "a", "1"), ("dialplan",)):
        assert cli(command[0], tmp_path, *command[1:])[1].startswith(start)
    code, _, err = cli("graph", tmp_path)
    assert (code, err.startswith(start)) == (1, True)


@pytest.mark.parametrize(
    ("file", "group", "text"),
    [
        ("queues.conf", "queues", "x=1\n"),
        ("voicemail.conf", "mailboxes", "#include gone\n"),
        ("pjsip.conf", "extensions", "[a](b)\n"),
        ("pjsip_wizard.conf", "trunks", "[a](b)\n"),
    ],
)
def test_objects_of_a_refused_file_say_so(file: str, group: str, text: str) -> None:
    found = getattr(Config.from_texts({file: text}), group)
    with pytest.raises(NotFoundError, match=f"^Asterisk refuses {file}: "):
        found["6001"]
    assert str(view(found)).count(f"Asterisk refuses {file}") == 1
    assert f"Asterisk refuses {file}" in repr(found)


def test_a_missing_include_can_be_ignored_which_is_said_everywhere(
    tmp_path: Path, cli: Cli
) -> None:
    (tmp_path / "extensions.conf").write_text(MISSING)
    conf = asterconf.load(tmp_path, missing_includes="ignore")
    start = "not what Asterisk holds: nothing could be read for #include 'gone.conf'"
    assert [context.name for context in conf.dialplan] == ["a", "b"]
    assert conf.dialplan.match("2", "b").why.startswith(start)
    assert conf.refused[0].startswith(start)
    assert start in str(view(conf.dialplan))
    assert [(d.code, str(d.severity)) for d in conf.check()] == [("AC023", "error")]
    ignore = ("--missing-includes", "ignore")
    for command in (("show",), ("show", "extensions.conf"), ("match", "b", "2"), ("dialplan",)):
        code, out, _ = cli(command[0], tmp_path, *command[1:], *ignore)
        assert (code, out.startswith(start)) == (0, True)
    code, out, err = cli("graph", tmp_path, *ignore)
    assert (code, err.startswith(start), '"b"' in out) == (0, True, True)
    assert cli("check", tmp_path, *ignore)[0] == 1


@pytest.mark.parametrize(
    ("plan", "ael", "context", "answer"),
    [
        ("[globals]\n", AEL, "internal", "unknown"),
        ("[internal]\nexten => 100,1,NoOp()\n", AEL, "internal", "unknown"),
        ("[other]\nexten => 100,1,NoOp()\n", AEL, "other", "yes"),
        ("[other]\nexten => 1,1,NoOp()\n", AEL, "other", "no"),
        ("[other]\nexten => 1,1,NoOp()\n", f'#include "x.ael"\n{AEL}', "other", "unknown"),
        ("[other]\ninclude => internal\nexten => 1,1,NoOp()\n", AEL, "other", "unknown"),
        ("[other]\nexten => 1,1,NoOp()\n", AEL, "nowhere", "no"),
    ],
)
def test_ael_makes_unknown_what_it_may_decide(
    plan: str, ael: str, context: str, answer: str, tmp_path: Path, cli: Cli
) -> None:
    (tmp_path / "extensions.conf").write_text(plan)
    (tmp_path / "extensions.ael").write_text(ael)
    found = asterconf.load(tmp_path).dialplan.match("100", context)
    assert found.answer == answer
    code, out, _ = cli("match", tmp_path, context, "100", "--json")
    data = json.loads(out)
    assert (code, data["answer"]) == ({"yes": 0, "no": 1, "unknown": 3}[answer], answer)
    if answer == "unknown":
        assert data["because"][0]["file"] == "extensions.ael"
        assert "pbx_ael" in data["because"][0]["text"]
    code, out, _ = cli("dialplan", tmp_path, "--json")
    assert (code, json.loads(out)["unknown"][0]["file"]) == (3, "extensions.ael")


def test_ael_that_no_module_reads_decides_nothing(tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text("[globals]\n")
    (tmp_path / "extensions.ael").write_text(AEL)
    (tmp_path / "modules.conf").write_text("[modules]\nautoload=yes\nnoload=pbx_ael.so\n")
    assert asterconf.load(tmp_path).dialplan.match("100", "internal").answer == "no"


def test_a_context_that_ael_may_make_is_not_just_missing(tmp_path: Path, cli: Cli) -> None:
    (tmp_path / "extensions.conf").write_text("[globals]\n")
    (tmp_path / "extensions.ael").write_text(AEL)
    with pytest.raises(NotFoundError, match=r"^unknown: extensions.ael:1: .*pbx_ael") as raised:
        asterconf.load(tmp_path).dialplan["internal"]
    assert raised.value.unknown
    code, out, _ = cli("match", tmp_path, "internal", "100")
    assert code == 3
    assert not any(line.strip().startswith("there is no") for line in out.split("\n"))
    assert cli("graph", tmp_path, "--context", "internal")[0] == 3
    assert cli("graph", tmp_path, "--context", "nothing")[0] == 1


@pytest.mark.parametrize(
    ("texts", "number", "answer"),
    [
        ({"extensions.conf": "[general]\nextenpatternmatchnew=yes\n[c]\nexten=>1,1,A()\n"}, "1",
         "unknown"),
        ({"extensions.conf": "[c]\nswitch => Realtime\nexten => 1,1,A()\n"}, "1", "yes"),
        ({"extensions.conf": "[c]\nswitch => Realtime\n"}, "1", "unknown"),
        ({"extensions.conf": "[c]\nexten=>1,1,A()\n#exec x\n"}, "1", "unknown"),
        ({"extensions.conf": "[c]\nexten=>1,1,A()\n", "extensions.lua": "x"}, "1", "yes"),
        ({"extensions.conf": "[c]\nexten=>1,1,A()\n", "extensions.lua": "x"}, "2", "unknown"),
        ({"extensions.conf": "[c]\nexten=>1,1,A()\n", "extensions.lua": "c = 1"}, "1", "unknown"),
        ({"extensions.conf": "[c]\nexten=>1,1,A()\n",
          "extconfig.conf": "[settings]\nextensions.conf => odbc,a,b\n"}, "1", "unknown"),
    ],
)  # fmt: skip
def test_what_only_a_running_asterisk_knows_is_unknown(
    texts: dict[str, str], number: str, answer: str
) -> None:
    found = Config.from_texts(texts).dialplan.match(number, "c")
    assert found.answer == answer
    assert found.because[0].text


def test_extenpatternmatchnew_is_unknown_with_its_place(tmp_path: Path, cli: Cli) -> None:
    text = "[general]\nextenpatternmatchnew=yes\n[default]\nexten => 1,1,NoOp()\n"
    (tmp_path / "extensions.conf").write_text(text)
    code, out, _ = cli("match", tmp_path, "default", "1", "--json")
    (because,) = json.loads(out)["because"]
    assert (code, because["file"], because["line"]) == (3, "extensions.conf", 2)


def test_a_difference_of_ael_is_unknown_and_not_none(tmp_path: Path, cli: Cli) -> None:
    for side, text in (("a", AEL), ("b", AEL.replace("Answer", "Hangup"))):
        (tmp_path / side).mkdir()
        (tmp_path / side / "extensions.conf").write_text("[globals]\n")
        (tmp_path / side / "extensions.ael").write_text(text)
    found = asterconf.diff(tmp_path / "a", tmp_path / "b")
    assert found.is_empty
    for said in (str(found), found.to_markdown(), found.to_html(), repr(found)):
        assert "unknown" in said
        assert "no difference" not in said
    assert "ael reload" in str(found)
    code, out, _ = cli("diff", tmp_path / "a", tmp_path / "b")
    assert (code, out.startswith("unknown: extensions.ael:1: ")) == (3, True)
    code, out, _ = cli("diff", tmp_path / "a", tmp_path / "b", "--json")
    assert (code, json.loads(out)["unknown"][0]["file"]) == (3, "extensions.ael")
    assert cli("diff", tmp_path / "a", tmp_path / "a")[0] == 0
    (tmp_path / "b" / "extensions.conf").write_text("[globals]\nX=1\n")
    assert cli("diff", tmp_path / "a", tmp_path / "b")[0] == 1


def test_a_file_of_a_module_of_somebody_else_may_have_an_effect(tmp_path: Path, cli: Cli) -> None:
    for side in "ab":
        (tmp_path / side).mkdir()
        (tmp_path / side / "rpt.conf").write_text(f"[1999]\nidrecording = {side}\n")
        (tmp_path / side / "iax.conf").write_text("[general]\n")
    code, out, _ = cli("diff", tmp_path / "a", tmp_path / "b")
    assert code == 1
    assert "no effect" not in out
    assert "app_rpt" in out
    assert "unknown" in out


REFUSED = {
    "extensions.conf": '[a]\nexten => 1,1,NoOp()\n#include "gone.conf"\n',
    "queues.conf": "[sales]\ntimeout=1\n",
}
FINE = {**REFUSED, "extensions.conf": "[a]\nexten => 1,1,NoOp()\n"}


def folder_of(place: Path, texts: dict[str, str]) -> Path:
    place.mkdir()
    for name, text in texts.items():
        (place / name).write_text(text)
    return place


@pytest.mark.parametrize(
    "command",
    [
        ("check",), ("show",), ("show", "extensions.conf"), ("show", "--json", "extensions.conf"),
        ("dialplan",), ("dialplan", "--json"), ("match", "a", "1"), ("match", "--json", "a", "1"),
        ("graph",), ("graph", "--json"), ("graph", "--map"), ("diff",), ("diff", "--json"),
    ],
    ids=" ".join,
)  # fmt: skip
def test_a_refused_file_is_a_finding_of_every_command(
    command: tuple[str, ...], tmp_path: Path, cli: Cli
) -> None:
    for name, texts, code in (("refused", REFUSED, 1), ("fine", FINE, 0)):
        folder = folder_of(tmp_path / name, texts)
        verb, *rest = command
        options = [one for one in rest if one.startswith("--")]
        names = [one for one in rest if one not in options]
        more = [folder] if verb == "diff" else []
        found, out, err = cli(verb, *options, folder, *more, *names)
        assert found == code, (out, err)
        assert ("refuses" in out + err or '"valid": false' in out) == bool(code)


def test_the_normal_form_of_a_refused_file_says_so(tmp_path: Path, cli: Cli) -> None:
    folder = folder_of(tmp_path / "refused", REFUSED)
    code, out, _ = cli("show", "--normal", folder / "extensions.conf")
    assert (code, out[:41]) == (0, "; Asterisk refuses extensions.conf: nothi")


def test_what_both_sides_refuse_is_not_compared_and_not_equal() -> None:
    other = REFUSED["extensions.conf"].replace("NoOp", "Answer")
    old, new = Config.from_texts(REFUSED), Config.from_texts({**REFUSED, "extensions.conf": other})
    (one,) = asterconf.diff(old, new).unknown
    assert one.text == (
        "Asterisk refuses extensions.conf: nothing could be read for #include 'gone.conf' "
        "(extensions.conf:3:1), in both, so what differs in it was not compared"
    )
    assert (one.file, one.line) == ("extensions.conf", 3)
    assert asterconf.diff(old, Config.from_texts(REFUSED)).unknown == ()


@pytest.mark.parametrize("form", ["mermaid", "dot"])
def test_a_picture_says_first_what_asterisk_refuses(form: str) -> None:
    conf = Config.from_texts(REFUSED)
    for graph in (conf.map(), conf.dialplan.graph(), conf.map(limit=1)):
        assert graph.notes[0].startswith("Asterisk refuses extensions.conf: nothing could be read")
        assert "Asterisk refuses" in getattr(graph, form)()
    fine = Config.from_texts(FINE)
    assert fine.map().notes == fine.dialplan.graph().notes == ()
