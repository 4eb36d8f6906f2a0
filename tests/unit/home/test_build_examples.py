"""The how-to page and the examples do what they say."""

import re
import runpy
from pathlib import Path

from asterconf.home import HomePBX
from asterconf.home.description import FEATURES

ROOT = Path(__file__).parents[3]


def test_the_python_of_the_how_to_page_runs() -> None:
    page = (ROOT / "docs" / "how-to-build.md").read_text()
    blocks = re.findall(r"```python\n(.*?)```", page, re.DOTALL)
    assert blocks
    exec(compile("\n".join(blocks), "how-to-build.md", "exec"), {})


def test_the_example_builds_the_home_of_the_toml_file_with_a_clock() -> None:
    example = runpy.run_path(str(ROOT / "examples" / "build_home.py"))
    pbx = example["home"]()
    assert pbx.features[-1] == example["SpeakingClock"]()
    files = {file.name: file.text for file in pbx.files()}
    toml = HomePBX.from_toml(ROOT / "examples" / "home.toml")
    same = {file.name: file.text for file in toml.files()}
    assert {name for name in files if files[name] != same[name]} == {
        "extensions.conf",
        ".asterconf/build.toml",
    }


def test_the_built_example_is_what_the_example_builds() -> None:
    files = HomePBX.from_toml(ROOT / "examples" / "home.toml").files(complete=True)
    folder = ROOT / "examples" / "home"
    there = {
        p.relative_to(folder).as_posix(): p.read_text() for p in folder.rglob("*.*") if p.is_file()
    }
    assert there == {file.name: file.text for file in files}


def test_the_full_example_names_every_feature_and_has_no_finding() -> None:
    example = ROOT / "examples" / "home-full.toml"
    pbx = HomePBX.from_toml(example)
    recordings = [str(found).partition(": ")[2] for found in pbx.check(toml=example)]
    assert [found.partition(",")[0] for found in recordings] == [
        "advice AC819 features.menu.greeting: custom/welcome has to be recorded"
    ]
    assert {type(feature) for feature in pbx.features or ()} == set(FEATURES.values())
    assert HomePBX.adopt(pbx.build(complete=True)).pbx == pbx
    assert [sheet.extension.name for sheet in pbx.phones()] == ["6001", "6002", "6003", "office"]


def test_the_full_example_is_clean_but_for_certificates_that_are_not_here() -> None:
    conf = HomePBX.from_toml(ROOT / "examples" / "home-full.toml").build(complete=True)
    assert {d.message.partition(" names ")[0] for d in conf.check(host_files=True)} == {
        "cert_file",
        "priv_key_file",
    }
