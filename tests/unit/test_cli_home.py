"""`asterconf phones`, `firewall`, `runbook`, `adopt`; secrets that stand elsewhere."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from asterconf.errors import BuildError
from asterconf.home import HomePBX

EXAMPLES = Path(__file__).parents[2] / "examples"
HOME = EXAMPLES / "home.toml"
FULL = EXAMPLES / "home-full.toml"


class Done(NamedTuple):
    """How a command ended."""

    code: Any
    out: str
    err: str


Cli = Callable[..., Done]


@pytest.fixture
def cli(cli: Callable[..., tuple[Any, str, str]]) -> Cli:
    return lambda *args: Done(*cli(*args))


def data(text: str) -> dict[str, object]:
    found: dict[str, object] = json.loads(text)
    assert found.pop("format") == 1
    return found


def test_phones_prints_masked_sheets_and_writes_open_ones(cli: Cli, tmp_path: Path) -> None:
    shown = cli("phones", HOME, "--server", "192.168.1.10")
    assert shown.code == 0
    assert "# Living Room (6001): Yealink T54W" in shown.out
    assert "maple-Ferry-2093" not in shown.out
    assert "`maple-Ferry-2093`" in cli("phones", HOME, "--reveal").out
    found = cli("phones", HOME, "--to", tmp_path / "out")
    names = ["6001.md", "6002.md", "6003.md", "6003.xml"]
    assert found.out.split() == [str(tmp_path / "out" / name) for name in names]
    for name in names:
        assert stat.S_IMODE((tmp_path / "out" / name).stat().st_mode) == 0o640
        words = ("maple-Ferry-2093", "cedar-Lamp-7714", "olive-Tide-5568")
        assert any(word in (tmp_path / "out" / name).read_text() for word in words)


def test_phones_as_json(cli: Cli) -> None:
    phones = data(cli("phones", HOME, "--json").out)["phones"]
    assert isinstance(phones, list)
    assert [one["extension"] for one in phones] == ["6001", "6002", "6003"]
    assert "maple-Ferry" not in json.dumps(phones)


def test_a_qr_code_is_for_a_phone_that_fetches_its_file(cli: Cli) -> None:
    pytest.importorskip("segno")
    assert cli("phones", HOME, "--qr", "6003", "--url", "https://a.example").out.startswith("<svg")
    found = cli("phones", HOME, "--qr", "6001")
    assert (found.code, found.err) == (
        1, "asterconf: there is no phone '6001' that fetches a file\n",
    )  # fmt: skip


def test_firewall_has_three_forms_and_files(cli: Cli, tmp_path: Path) -> None:
    assert cli("firewall", HOME).out == HomePBX.from_toml(HOME).firewall().table()
    ruleset = HomePBX.from_toml(HOME).firewall().nftables()
    assert cli("firewall", HOME, "--format", "nft").out == ruleset
    opened = data(cli("firewall", HOME, "--json").out)["openings"]
    assert isinstance(opened, list)
    assert [(one["protocol"], one["ports"]) for one in opened] == [
        ("udp", [5060, 5060]), ("tcp", [5060, 5060]), ("udp", [20000, 20999]),
    ]  # fmt: skip
    assert cli("firewall", HOME, "--to", tmp_path).code == 0
    files = {p.relative_to(tmp_path).as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert files == {
        "asterconf.nft", "fail2ban/filter.d/asterconf.conf", "fail2ban/jail.d/asterconf.conf",
    }  # fmt: skip
    assert (tmp_path / "asterconf.nft").read_text() == ruleset


def test_runbook_names_what_has_to_be_recorded(cli: Cli) -> None:
    text = cli("runbook", FULL).out
    assert "`sounds/en/custom/welcome.wav`: “Welcome. " in text
    chapters = data(cli("runbook", FULL, "--json").out)["chapters"]
    assert isinstance(chapters, list)
    assert "Record these sounds" in [chapter["title"] for chapter in chapters]
    assert "Record these sounds" not in cli("runbook", HOME).out


@pytest.mark.parametrize("name", ["home.toml", "home-full.toml"])
def test_an_adopted_build_builds_the_same_bytes(cli: Cli, tmp_path: Path, name: str) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    assert cli("build", EXAMPLES / name, "--to", before, "--complete").code == 0
    found = cli("adopt", before, "--to", tmp_path / "again.toml")
    assert (found.code, found.out) == (0, f"{tmp_path / 'again.toml'}: 0 assumed, 0 left over\n")
    assert stat.S_IMODE((tmp_path / "again.toml").stat().st_mode) == 0o640
    assert cli("build", tmp_path / "again.toml", "--to", after, "--complete").code == 0
    names = {p.relative_to(before) for p in before.rglob("*") if p.is_file()}
    sidecar = Path(".asterconf/build.toml")
    assert {n for n in names if (before / n).read_bytes() != (after / n).read_bytes()} <= {sidecar}
    assert names == {p.relative_to(after) for p in after.rglob("*") if p.is_file()}


def test_what_is_left_over_stands_in_the_description_with_its_line(
    cli: Cli, tmp_path: Path
) -> None:
    folder = tmp_path / "pbx"
    cli("build", HOME, "--to", folder)
    file = folder / "extensions.conf"
    clock = "\nexten => *60,1,SayUnixTime()\n same => n,Hangup()\n"
    file.write_text(file.read_text().replace("\n[outgoing]", f"{clock}\n[outgoing]"))
    text = cli("adopt", folder).out
    assert "maple-Ferry" not in text
    assert "# Assumed:\n# - edited since it was built" in text
    line = next(n for n, row in enumerate(file.read_text().split("\n"), 1) if "*60,1" in row)
    assert f"extensions.conf:{line}:" in text
    assert "[gosub-intercom] *60,1,SayUnixTime()" in text
    found = data(cli("adopt", folder, "--json").out)
    assert isinstance(found["leftovers"], list)
    assert found["leftovers"][0]["at"].startswith(f"extensions.conf:{line}:")


SECRETS = """\
owner = "John Doe <+15555555555>"

[[extensions]]
name = "6001"
secret = SECRET
"""


def test_a_secret_may_stand_in_a_file_or_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain").write_text("mango-Trellis-9034\n")
    (tmp_path / "all.toml").write_text('6001 = "mango-Trellis-9034"\n')
    monkeypatch.setenv("PHONE", "mango-Trellis-9034")
    for place in ('{ file = "plain" }', '{ file = "all.toml", key = "6001" }', '{ env = "PHONE" }'):
        file = tmp_path / "home.toml"
        file.write_text(SECRETS.replace("SECRET", place))
        secret = HomePBX.from_toml(file).extensions[0].secret
        assert secret is not None
        assert secret.reveal() == "mango-Trellis-9034"


@pytest.mark.parametrize(
    ("place", "problem"),
    [
        ('{ file = "gone" }', "cannot read {folder}/gone: No such file or directory"),
        ('{ file = "all.toml", key = "7" }', "{folder}/all.toml has no text '7'"),
        ('{ file = "bad.toml", key = "7" }', "{folder}/bad.toml is no TOML: "),
        ('{ env = "NOT_SET_AT_ALL" }', "the environment variable NOT_SET_AT_ALL is not set"),
        ('{ path = "x" }', "must be text, "),
        ("{ env = 3 }", "must be text, "),
    ],
)
def test_a_secret_that_is_not_there_is_named_by_line_and_key(
    tmp_path: Path, place: str, problem: str
) -> None:
    (tmp_path / "all.toml").write_text('6001 = "x"\n')
    (tmp_path / "bad.toml").write_text("=")
    file = tmp_path / "home.toml"
    file.write_text(SECRETS.replace("SECRET", place))
    with pytest.raises(BuildError) as caught:
        HomePBX.from_toml(file)
    expected = f"{file}:5: extensions[0].secret: {problem.format(folder=tmp_path)}"
    assert str(caught.value).startswith(expected)


def test_nothing_is_written_that_asterisk_would_refuse(cli: Cli, tmp_path: Path) -> None:
    file = tmp_path / "home.toml"
    text = SECRETS.replace("SECRET", '"mango-Trellis-9034"\nextra = ["endpoint/dtmf_mode=rfc"]')
    file.write_text(text)
    for command in (("build", file, "--to", tmp_path / "out"), ("plan", file, tmp_path / "out"),
                    ("apply", "--yes", file, tmp_path / "out")):  # fmt: skip
        found = cli(*command)
        assert found.code == 2
        assert found.err.startswith(f"asterconf: {file}:3: extensions[0]: ")
        assert "dtmf_mode" in found.err
        assert not (tmp_path / "out").exists()
