"""Files on disk: where they may go, and that nothing of anybody else's is touched."""

import os
import stat
import sys
import tomllib
from pathlib import Path

import attrs
import pytest

from asterconf.errors import BuildError, LoadError, MissingExtraError
from asterconf.features import Plan, usual_features
from asterconf.home import HomePBX
from asterconf.home.sidecar import to_toml
from tests.unit.home.homes import home


def contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def refusal(pbx: HomePBX, folder: Path) -> str:
    before = contents(folder)
    with pytest.raises(BuildError) as caught:
        pbx.write(folder)
    assert contents(folder) == before
    return str(caught.value).replace(str(folder), "DIR")


def test_a_missing_folder_is_made_and_every_file_written(tmp_path: Path) -> None:
    folder = tmp_path / "a" / "b"
    written = home().write(folder)
    assert {path.relative_to(folder).as_posix() for path in written} == set(contents(folder))
    assert contents(folder) == {f.name: f.text.encode() for f in home().files()}


def test_a_second_build_of_the_same_home_writes_nothing(tmp_path: Path) -> None:
    home().write(tmp_path)
    assert home().write(tmp_path) == ()


def test_a_changed_home_rewrites_only_what_changed_and_the_sidecar(tmp_path: Path) -> None:
    home().write(tmp_path)
    assert home(area_code="212").write(tmp_path) == (
        tmp_path / "extensions.conf",
        tmp_path / ".asterconf/build.toml",
    )


def test_files_that_a_later_build_has_not_are_removed(tmp_path: Path) -> None:
    home().write(tmp_path, complete=True)
    home(features=usual_features(without=["intercom"])).write(tmp_path)
    assert set(contents(tmp_path)) == {
        "extensions.conf",
        "pjsip.conf",
        "pjsip_wizard.conf",
        "queues.conf",
        "rtp.conf",
        "voicemail.conf",
        ".asterconf/build.toml",
    }


def test_a_folder_with_somebody_elses_files_is_refused(tmp_path: Path) -> None:
    (tmp_path / "sip.conf").write_text("mine")
    (tmp_path / "extensions.conf").write_text("mine too")
    assert refusal(home(), tmp_path) == (
        "DIR holds files that no build wrote (extensions.conf, sip.conf); nothing was written"
    )


def test_edited_foreign_and_missing_files_are_named(tmp_path: Path) -> None:
    home().write(tmp_path)
    with (tmp_path / "rtp.conf").open("a") as file:
        file.write("; mine\n")
    (tmp_path / "users.conf").write_text("")
    (tmp_path / "queues.conf").unlink()
    assert refusal(home(area_code="212"), tmp_path) == (
        "DIR is not as the last build left it (edited: rtp.conf, foreign: users.conf, "
        "missing: queues.conf); nothing was written"
    )


def test_an_edited_sidecar_is_refused(tmp_path: Path) -> None:
    home().write(tmp_path)
    sidecar = tmp_path / ".asterconf/build.toml"
    sidecar.write_text(sidecar.read_text().replace("John Doe", "Jane Doe"))
    assert refusal(home(), tmp_path) == (
        "DIR is not as the last build left it (edited: .asterconf/build.toml); nothing was written"
    )


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(BuildError) as caught:
        home().write(tmp_path / "file")
    assert str(caught.value) == f"{tmp_path / 'file'} is not a folder"


def test_what_cannot_be_written_is_a_load_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(LoadError, match=r"^cannot write .*: Not a directory$"):
        home().write(tmp_path / "file" / "below")


def test_a_faulty_home_writes_nothing(tmp_path: Path) -> None:
    with pytest.raises(BuildError):
        home(area_code="1").write(tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("umask", "private", "public"), [(0o022, 0o640, 0o644), (0o077, 0o600, 0o600)]
)
def test_files_with_secrets_are_not_for_everybody(
    tmp_path: Path, umask: int, private: int, public: int
) -> None:
    old = os.umask(umask)
    try:
        home().write(tmp_path / "new")
    finally:
        os.umask(old)
    modes = {
        path.name: stat.S_IMODE(path.stat().st_mode)
        for path in (tmp_path / "new").rglob("*")
        if path.is_file()
    }
    assert modes == {
        "confbridge.conf": public,
        "extensions.conf": public,
        "pjsip.conf": public,
        "pjsip_wizard.conf": private,
        "queues.conf": public,
        "rtp.conf": public,
        "voicemail.conf": private,
        "build.toml": private,
    }


def test_no_half_written_file_is_left_behind(tmp_path: Path) -> None:
    home().write(tmp_path)
    assert [path for path in tmp_path.rglob(".*") if path.name != ".asterconf"] == []


def test_the_sidecar_describes_the_home_without_secrets() -> None:
    text = home().files()[-1].text
    data = tomllib.loads(text)
    assert data["complete"] is False
    assert data["home"]["owner"] == "John Doe <+15555555555>"
    assert data["home"]["extensions"][2] == {
        "name": "6003",
        "callerid": "Smartphone <6003>",
        "phone": "Linphone",
    }
    assert "features" not in data["home"]
    assert data["generator"].startswith("asterconf ")
    for secret in ("s3cret", "1234"):
        assert f'"{secret}' not in text


def test_the_sidecar_names_features_that_are_not_the_librarys() -> None:
    @attrs.frozen
    class Clock:
        def contribute(self, plan: Plan) -> None:
            pass

    data = tomllib.loads(home(features=[*usual_features(), Clock()]).files()[-1].text)
    assert data["home"]["features"][-1] == {"own": "Clock"}
    assert data["home"]["features"][0] == {"feature": "guards"}


def test_toml_is_written_as_it_is_read() -> None:
    data = {
        "text": 'a"b\\c\té',
        "list": ["a", 1, True],
        "number": 3.0,
        "table": {"a b": 1, "inner": {"x": []}},
        "tables": [{"a": 1, "more": [{"b": 2}]}, {}],
    }
    assert tomllib.loads(to_toml(data)) == data


def test_without_tomli_w_a_build_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "tomli_w", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'asterconf\[home\]'"):
        home().write(tmp_path)
    assert not contents(tmp_path)


def test_a_saved_configuration_is_as_good_as_a_written_build(tmp_path: Path) -> None:
    home().build().save(tmp_path / "new")
    assert home().write(tmp_path / "new") == ()


def test_the_sidecar_of_a_saved_configuration_is_not_for_everybody(tmp_path: Path) -> None:
    home().build().save(tmp_path / "new")
    mode = stat.S_IMODE((tmp_path / "new" / ".asterconf/build.toml").stat().st_mode)
    assert mode & 0o007 == 0
