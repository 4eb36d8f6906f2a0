"""What must hold for all calls, in tests.toml and in the shell."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from asterconf.ask.policy import Policy, read_policies
from asterconf.cli import commands
from asterconf.config import Config
from asterconf.errors import LoadError, ModelError
from tests.planted_holes import house

TESTS = """
[[never]]
name = "nobody from outside reaches the trunk"
from = "role:trunk"

[[always]]
name = "911 from every phone"
from = "role:extension"
numbers = ["911"]
"""


def written(folder: Path, hole: str | None = None, tests: str = TESTS) -> str:
    for name, document in house(hole).workspace.files.documents.items():
        (folder / name).write_text(str(document))
    (folder / "tests.toml").write_text(tests)
    return str(folder)


def test_policies_hold_or_fail_with_the_call(tmp_path: Path) -> None:
    folder = written(tmp_path)
    done = CliRunner().invoke(commands, ["test", folder])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == "2 tests, 0 failed"
    done = CliRunner().invoke(commands, ["test", written(tmp_path, "an included context")])
    assert done.exit_code == 1
    assert "'911' from t" in done.output


def test_a_policy_is_written_as_it_is_read(tmp_path: Path) -> None:
    written(tmp_path)
    assert read_policies(tmp_path / "tests.toml") == (
        Policy("nobody from outside reaches the trunk", "never", "role:trunk"),
        Policy("911 from every phone", "always", "role:extension", "trunk", ("911",)),
    )
    for wrong in ("[[never]]\n", "[[never]]\nfrom='a'\nform='b'\n"):
        (tmp_path / "tests.toml").write_text(wrong)
        with pytest.raises(ModelError):
            read_policies(tmp_path / "tests.toml")
    with pytest.raises(LoadError):
        read_policies(tmp_path / "none.toml")
    with pytest.raises(ModelError, match="no patterns"):
        Policy("x", "always", "any", numbers=("_9XX",)).run(house().workspace)


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["reach", "--from", "role:trunk"], 0),
        (["reach", "--from", "role:trunk", "--expect", "no"], 0),
        (["reach", "--from", "100", "--expect", "no"], 1),
        (["reach", "--from", "nobody"], 2),
        (["emergency", "--number", "911", "--expect", "yes"], 0),
        (["emergency", "--number", "911", "--to", "t", "--expect", "yes"], 0),
        (["emergency", "--number", "911", "--to", "100", "--expect", "no"], 0),
        (["emergency", "--number", "911", "--to", "nobody"], 2),
        (["dead", "--to", "t"], 2),
        (["what-if", "--down", "t", "--number", "911", "--expect", "no"], 0),
        (["class-of-service"], 0),
        (["dialable", "--from", "context:from-home"], 0),
        (["dialable", "--from", "100"], 0),
        (["dialable", "--from", "any"], 2),
        (["dialable"], 2),
        (["why-not", "--from", "100", "--number", "12"], 0),
        (["dead", "--json"], 0),
        (["injections", "--json"], 0),
    ],
)
def test_the_command_answers_with_its_exit_codes(
    tmp_path: Path, arguments: list[str], code: int
) -> None:
    question, *rest = arguments
    done = CliRunner().invoke(commands, ["ask", question, written(tmp_path), *rest])
    assert done.exit_code == code, done.output


def test_a_witness_is_printed_as_its_call(tmp_path: Path) -> None:
    folder = written(tmp_path)
    done = CliRunner().invoke(commands, ["ask", "reach", folder, "--from", "100"])
    assert done.output.splitlines()[2:] == [
        "witness: '911' from 100, with caller id 100, at 2026-01-05 12:00",
        "  -- Executing [911@from-home:1] Dial(PJSIP/911@t)",
        "  => answered by PJSIP/911@t, who sees Ann <100>",
    ]
    done = CliRunner().invoke(
        commands, ["ask", "what-if", folder, "--down", "t", "--number", "911"]
    )
    assert done.output.startswith("no: with t down, some calls are not handed to a trunk")
    done = CliRunner().invoke(commands, ["ask", "reach", folder, "--from", "trunk"])
    assert done.exit_code == 2
    assert "there is no endpoint or context 'trunk'; write role:trunk" in done.output


def test_unknown_is_exit_code_3(tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text("[c]\nexten => 1,1,AGI(x)\n")
    done = CliRunner().invoke(commands, ["ask", "reach", str(tmp_path), "--from", "c"])
    assert done.exit_code == 3, done.output


@pytest.mark.parametrize("text", [None, "[in]\nexten => 1,1,NoOp()\n[in\n"])
def test_nothing_holds_of_a_dialplan_that_asterisk_refuses_or_that_is_not_there(
    text: str | None,
) -> None:
    files = {} if text is None else {"extensions.conf": text}
    workspace = Config.from_texts(files).workspace
    for policy in (Policy("x", "never", "any"), Policy("y", "always", "any", numbers=("911",))):
        with pytest.raises(LoadError):
            policy.run(workspace)
