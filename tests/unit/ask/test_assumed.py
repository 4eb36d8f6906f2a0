"""What a question takes for known: it decides, its calls can be made, and it is said."""

from pathlib import Path

import attrs
import pytest
from click.testing import CliRunner

from asterconf.ask.assumed import NOTHING, Assume
from asterconf.ask.policy import read_policies
from asterconf.cli import commands
from asterconf.config import Config
from asterconf.errors import ModelError
from asterconf.numbers import Numbers
from tests.unit.ask.test_never_ignorance import WIZARD

TO_TRUNK, TO_NOBODY = ["5@provider", "6@provider"], ["100", "101"]
AFTER = "[from-trunk]\nexten => 2,1,Hangup()\n"


def plan(steps: str) -> Config:
    """Return a phone's context with steps, in which nothing else reaches the trunk."""
    mapped = "[settings]\nextensions => odbc,asterisk,steps\n"
    text = f"[from-home]\n{steps}{AFTER}"
    files = {"extensions.conf": text, "pjsip_wizard.conf": WIZARD, "extconfig.conf": mapped}
    return Config.from_texts(files)


@pytest.mark.parametrize(
    ("steps", "name", "idle"),
    [
        ("exten => 1,1,Dial(PJSIP/${DB(to/main)})\n", "${DB(to/main)}", {}),
        ("exten => 1,1,Dial(PJSIP/${DB(to/${EXTEN})})\n", "${DB(to/${EXTEN})}", {}),
        ("exten => _X,1,Dial(PJSIP/${DB(to/${EXTEN})})\n", "${DB(*)}", {}),
        ("exten => 1,1,Dial(PJSIP/${CURL(http://192.0.2.1/)})\n", "${CURL(http://192.0.2.1/)}", {}),
        ("exten => 1,1,AGI(x.agi)\n same => n,Dial(PJSIP/${to})\n", "${to}", {"AGI(*)": []}),
        ("exten => 1,1,AGI(x.agi)\n same => n,Dial(PJSIP/${to})\n", "${to}", {"AGI(x.agi)": []}),
        (
            "exten => 1,1,Dial(PJSIP/${DB(to/main)})\nswitch => Realtime/x\n",
            "${DB(to/main)}",
            {"switch Realtime/x of *": []},
        ),
    ],
)
def test_what_is_assumed_decides(steps: str, name: str, idle: Assume) -> None:
    conf = plan(steps)
    assert conf.ask.reach(entry="100").verdict == "unknown"
    assert conf.ask.reach(entry="100", assume=idle or None).verdict == "unknown" or "to}" in name
    no = conf.ask.reach(entry="100", assume={name: TO_NOBODY, **idle})
    assert no.verdict == "no"
    (entry,) = no.entries
    assert entry.certificate is not None
    assert not entry.certificate.faults(conf.workspace)
    yes = conf.ask.reach(entry="100", assume={name: TO_TRUNK, **idle})
    assert yes.verdict == "yes"
    assert yes.witness is not None
    assert [one.target for one in yes.witness.calls[0].dialed] == ["PJSIP/5@provider"]
    assert f"assumed: {name} is 5@provider or 6@provider" in yes.assumptions


def test_a_certificate_holds_only_with_what_was_assumed() -> None:
    conf = plan("exten => 1,1,Dial(PJSIP/${DB(to/main)})\n")
    (entry,) = conf.ask.reach(entry="100", assume={"${DB(to/main)}": "100"}).entries
    assert entry.certificate is not None
    assert attrs.evolve(entry.certificate, assumed=NOTHING).faults(conf.workspace)


def test_a_set_of_numbers_may_be_assumed() -> None:
    conf = plan(
        'exten => 1,1,Set(n=${DB(a/b)})\n same => n,GotoIf($["${n}" = "911"]?out)\n'
        " same => n,Hangup()\n same => n(out),Dial(PJSIP/${n}@provider)\n"
    )
    yes = conf.ask.reach(entry="100", assume={"${DB(a/b)}": Numbers("_NXX")})
    assert yes.verdict == "yes"
    assert str(yes.witness).endswith("DB(a/b) 911")
    some = Numbers("_NXX") - Numbers("911")
    assert conf.ask.reach(entry="100", assume={"${DB(a/b)}": some}).verdict == "no"


def test_each_reading_of_a_function_may_give_another_value() -> None:
    conf = plan(
        "exten => 1,1,GotoIf($[${DB(a/b)} = ${DB(a/b)}]?same)\n same => n,Dial(PJSIP/1@provider)\n"
        " same => n(same),Hangup()\n"
    )
    assert conf.ask.reach(entry="100", assume={"${DB(a/b)}": "1"}).verdict == "no"
    assert conf.ask.reach(entry="100", assume={"${DB(a/b)}": ["1", "2"]}).verdict == "unknown"


def test_a_variable_that_a_script_sets_is_the_same_each_time_it_is_read() -> None:
    conf = plan(
        "exten => 1,1,AGI(x.agi)\n same => n,GotoIf($[${to} = a]?out)\n same => n,Hangup()\n"
        " same => n(out),GotoIf($[${to} = b]?never)\n same => n,Hangup()\n"
        " same => n(never),Dial(PJSIP/1@provider)\n"
    )
    assume: Assume = {"AGI(*)": [], "${to}": ["a", "b"]}
    assert conf.ask.reach(entry="100", assume=assume).verdict == "no"


def test_what_the_files_decide_is_not_assumed_otherwise() -> None:
    conf = plan("exten => 1,1,Set(to=1@provider)\n same => n,Dial(PJSIP/${to})\n")
    assert conf.ask.reach(entry="100", assume={"${to}": "100"}).verdict == "yes"


def test_every_question_that_follows_calls_takes_it() -> None:
    conf = plan("exten => 911,1,Dial(PJSIP/${EXTEN}@${DB(to/main)})\nexten => 3,1,AGI(x.agi)\n"
                " same => n,Hangup()\n")  # fmt: skip
    assume: Assume = {"${DB(to/main)}": "provider", "AGI(*)": []}
    asked = conf.ask
    assert asked.emergency(["911"]).verdict == "unknown"
    assert asked.emergency(["911"], assume=assume).verdict == "yes"
    assert asked.what_if(["provider"], numbers=["911"], assume=assume).verdict == "no"
    services = asked.class_of_service({"help": Numbers("911")}, assume=assume)
    assert services["100", "help"].verdict == "yes"
    assert asked.dead(entry="100").verdict == "unknown"
    assert [row.name for row in asked.dead(entry="100", assume=assume).rows] == ["[from-trunk] 2"]
    assert asked.injections(entry="100").verdict == "unknown"
    assert asked.injections(entry="100", assume=assume).verdict == "no"


@pytest.mark.parametrize(
    ("assume", "words"),
    [
        ({"${DB(x):1}": "a"}, "is a part of a value"),
        ({"AGI(x)": ["a"]}, "has no value"),
        ({"${X}": []}, "needs a value"),
        ({"$[1 + 1]": "2"}, "is no variable or function"),
        ({"${X}1": "2"}, "is no variable or function"),
    ],
)
def test_what_cannot_be_assumed_is_refused(assume: Assume, words: str) -> None:
    with pytest.raises(ModelError, match=words):
        plan("exten => 1,1,Hangup()\n").ask.reach(assume=assume)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["--expect", "no"], 1),
        (["--expect", "no", "--assume", "${DB(to/main)}=100", "--assume", "AGI(*)="], 0),
        (["--expect", "yes", "--assume", "${DB(to/main)}=_1XX", "--assume", "AGI(*)="], 1),
        (["--expect", "yes", "--assume", "${DB(to/main)}=1@provider", "--assume", "AGI(*)="], 0),
        (["--assume", "${DB(to/main)}"], 2),
    ],
)
def test_the_command_takes_it(tmp_path: Path, arguments: list[str], code: int) -> None:
    done = CliRunner().invoke(commands, ["ask", "reach", written(tmp_path), *arguments])
    assert done.exit_code == code, done.output


def test_a_file_of_tests_takes_it_for_all_and_for_one(tmp_path: Path) -> None:
    folder = written(tmp_path)
    never = "[[never]]\nfrom = '100'\n"
    own = "assume = { '${DB(to/main)}' = ['1@provider'] }\n"
    every = "[assume]\n'AGI(*)' = []\n'${DB(to/main)}' = '100'\n"
    for text, code in ((never, 3), (never + every, 0), (never + own + every, 1)):
        (tmp_path / "tests.toml").write_text(text)
        done = CliRunner().invoke(commands, ["test", folder])
        assert done.exit_code == code, done.output
    for wrong in ("[assume]\n'AGI(*)' = 1\n", "assume = 1\n", "[assume]\n'${X}' = [1]\n"):
        (tmp_path / "tests.toml").write_text(wrong + never)
        with pytest.raises(ModelError):
            read_policies(tmp_path / "tests.toml")


def written(folder: Path) -> str:
    """Write a configuration whose phone goes where a database says, behind a script."""
    conf = plan("exten => 1,1,AGI(x)\n same => n,Dial(PJSIP/${DB(to/main)})\n")
    for name, document in conf.workspace.files.documents.items():
        (folder / name).write_text(str(document))
    return str(folder)
