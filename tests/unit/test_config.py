"""Configurations: loading, live views, diffs, saving."""

import shutil
import subprocess
from pathlib import Path

import pytest

import asterconf
from asterconf.errors import LoadError, NotFoundError

HOME = Path(__file__).parent.parent.parent / "examples" / "home"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return Path(shutil.copytree(HOME, tmp_path / "etc"))


def test_an_edit_refreshes_every_view(home: Path) -> None:
    conf = asterconf.load(home)
    assert conf.extensions["6002"].callerid == asterconf.CallerID("Kitchen", "6002")
    conf["pjsip_wizard.conf"]["6002"]["endpoint/callerid"] = "Attic <6002>"
    assert conf.extensions["6002"].callerid == asterconf.CallerID("Attic", "6002")
    assert conf.extensions.by_number("6002").name == "6002"


def test_what_is_not_there_is_named_with_what_is_near(home: Path) -> None:
    conf = asterconf.load(home)
    with pytest.raises(NotFoundError, match=r"^no extension '6009'; there is 6003, 6002, 6001$"):
        conf.extensions["6009"]
    with pytest.raises(NotFoundError, match=r"there is no file 'sip.conf'"):
        conf["sip.conf"]


def test_changes_mask_secrets_and_say_that_they_changed(home: Path) -> None:
    conf = asterconf.load(home)
    conf["pjsip_wizard.conf"]["6001"]["inbound_auth/password"] = "another"
    text = conf.changes()
    assert "another" not in text
    assert "s3cret" not in text
    assert "+inbound_auth/password  = ******** (changed)\n" in text or (
        "******** (changed)\n" in text
    )


def test_revealed_changes_are_a_patch(home: Path) -> None:
    conf = asterconf.load(home)
    conf["pjsip_wizard.conf"]["6001"]["inbound_auth/password"] = "another"
    conf["queues.conf"]["general"]["new"] = "1"
    rtp = conf["rtp.conf"]
    rtp["general"].remove(rtp["general"].options[-1])
    patch = conf.changes(reveal=True)
    subprocess.run(["git", "apply", "-p1"], cwd=home, input=patch.encode(), check=True)
    for name in conf.changed:
        assert (home / name).read_bytes() == bytes(conf[name])


def test_save_writes_changed_files_only_and_keeps_mode_and_links(home: Path) -> None:
    real = home.parent / "real.conf"
    (home / "rtp.conf").rename(real)
    (home / "rtp.conf").symlink_to(real)
    real.chmod(0o604)
    conf = asterconf.load(home)
    conf["rtp.conf"]["general"]["rtpend"] = "20500"
    before = (home / "queues.conf").stat().st_mtime_ns
    assert conf.save() == (home / "rtp.conf",)
    assert (home / "rtp.conf").is_symlink()
    assert real.stat().st_mode & 0o777 == 0o604
    assert b"20500" in real.read_bytes()
    assert (home / "queues.conf").stat().st_mtime_ns == before
    assert conf.changed == ()


def test_save_refuses_a_file_that_changed_meanwhile_and_writes_nothing(home: Path) -> None:
    conf = asterconf.load(home)
    conf["queues.conf"]["general"]["new"] = "1"
    conf["rtp.conf"]["general"]["rtpend"] = "20500"
    (home / "rtp.conf").write_text("[general]\n")
    old = (home / "queues.conf").read_bytes()
    with pytest.raises(LoadError, match=r"rtp.conf changed on disk since it was read; nothing"):
        conf.save()
    assert (home / "queues.conf").read_bytes() == old


def test_the_example_tree_is_what_its_description_builds() -> None:
    pbx = asterconf.HomePBX.from_toml(HOME.parent / "home.toml")
    built = {file.name: file.text.encode() for file in pbx.files(complete=True)}
    there = {p.relative_to(HOME).as_posix(): p for p in HOME.rglob("*") if p.is_file()}
    assert built == {name: path.read_bytes() for name, path in there.items()}


def test_exec_is_read_only_through_the_function_given(tmp_path: Path) -> None:
    (tmp_path / "a.conf").write_text("[a]\n#exec date\n")
    silent = asterconf.load(tmp_path).effective("a.conf")
    assert [d.code for d in silent.diagnostics] == ["AC010"]
    asked = []

    def supply(command: str) -> str:
        asked.append(command)
        return "x = 1\n"

    spoken = asterconf.load(tmp_path, exec_output=supply).effective("a.conf")
    assert (asked, spoken["a"]["x"]) == (["date"], "1")


def test_includes_stay_inside_unless_allowed(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    outside = tmp_path / "secret.conf"
    outside.write_text("x = 1\n")
    (tmp_path / "etc" / "a.conf").write_text(f"[a]\n#include {outside}\n")
    kept = asterconf.load(tmp_path / "etc").effective("a.conf")
    assert [d.code for d in kept.diagnostics] == ["AC018"]
    assert kept["a"].pairs == []
    allowed = asterconf.load(tmp_path / "etc", include_roots=[tmp_path]).effective("a.conf")
    assert allowed["a"].pairs == [("x", "1")]


def test_a_former_keyword_of_load_names_the_new_one(tmp_path: Path) -> None:
    for old, new in (("exec", "exec_output"), ("allow", "include_roots")):
        with pytest.raises(TypeError) as caught:
            asterconf.load(tmp_path, **{old: None})  # type: ignore[arg-type]
        assert str(caught.value) == f"load() has no keyword {old!r}; it is called {new!r} now"
    with pytest.raises(TypeError, match=r"^load\(\) has no keyword 'rot'$"):
        asterconf.load(tmp_path, rot="/")  # type: ignore[arg-type]


def test_templates_that_double_end_in_bounded_time() -> None:
    levels = "".join(f"[b{n}](b{n - 1},b{n - 1})\n" for n in range(1, 40))
    conf = asterconf.Config.from_texts({"a.conf": "[b0]\nx = 1\n" + levels})
    effective = conf.effective("a.conf")
    assert not effective.valid
    assert [d.code for d in effective.diagnostics] == ["AC019"]


def test_origin_and_chain_tell_the_way_of_a_value() -> None:
    text = "[t](!)\nx = 1\n[u](!,t)\n[a](u)\nx += 2\n"
    section = asterconf.Config.from_texts({"a.conf": text}).effective("a.conf")["a"]
    option = section.option("x")
    assert option.value == "1 2"
    assert str(option.origin) == "a.conf:2:5"
    assert option.chain == (
        "written at a.conf:2:1",
        "appended to at a.conf:5:1",
        "inherited from [t]",
        "through [u]",
    )


@pytest.mark.parametrize(("levels", "codes"), [(128, []), (129, ["AC017"])])
def test_comments_nest_as_deep_as_asterisk_can_read(levels: int, codes: list[str]) -> None:
    text = "[a]\n" + ";-- \n" * levels + "--;\n" * levels + "x = 1\n"
    effective = asterconf.Config.from_texts({"a.conf": text}).effective("a.conf")
    assert [d.code for d in effective.diagnostics] == codes
    assert effective.valid == (not codes)
    assert [d.code for d in asterconf.parse(text).diagnostics] == codes


def test_a_link_that_leads_to_itself_keeps_nothing_else_from_being_read(home: Path) -> None:
    (home / "loop.conf").symlink_to(home / "loop.conf")
    conf = asterconf.load(home)
    assert "6002" in conf.extensions
    assert "loop.conf" not in conf


def test_a_folder_that_cannot_be_one_is_refused(home: Path) -> None:
    with pytest.raises(LoadError, match="is no name that a folder can have"):
        asterconf.load(home).save("out\0")


def test_completion_offers_what_a_user_may_call() -> None:
    conf = asterconf.Config.from_texts({})
    offered = [name for name in dir(conf) if not name.startswith("__")]
    assert offered == [
        "add", "add_section", "ask", "asterisk", "call", "chan_sip", "changed", "changes", "check",
        "diagnostics", "dialplan", "edit", "effective", "endpoints", "explain", "extensions",
        "files", "fix", "from_texts", "include", "is_folder", "mailboxes", "map", "names",
        "object_diagnostics", "objects", "option", "plan", "plan_migrate", "prepare_upgrade",
        "put", "queues", "references", "refused", "remove", "remove_section", "rename", "replace",
        "restyle", "root", "save", "sources", "transports", "trunks", "update", "upgrade_report",
        "where", "with_asterisk", "with_schemas",
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["./a.conf", "x/../a.conf", "x//a.conf", "///a", "../../a.conf"])
def test_a_text_is_found_by_the_name_that_files_tells(name: str) -> None:
    conf = asterconf.Config.from_texts({name: "[a]\nb = c\n"})
    assert conf.files == conf.changed
    assert conf[conf.files[0]]["a"]["b"] == "c"


@pytest.mark.parametrize("names", [["a.conf", "./a.conf"], [".."], ["a/.."], ["/"], [""], ["a\0"]])
def test_a_text_that_can_be_no_file_is_refused(names: list[str]) -> None:
    with pytest.raises(LoadError, match="is not the name of a file of its own"):
        asterconf.Config.from_texts(dict.fromkeys(names, ""))
