"""Who reads each file of a configuration."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

import asterconf
from asterconf import Config

MODULES = "[modules]\nautoload = no\nload = app_queue.so\nload = pbx_config.so\n"


def roles(**texts: str) -> dict[str, str]:
    conf = Config.from_texts({name.replace("_conf", ".conf"): text for name, text in texts.items()})
    return {name: source.role for name, source in conf.sources.items()}


def test_a_file_is_read_when_a_loaded_module_asks_for_it() -> None:
    found = roles(modules_conf=MODULES, queues_conf="", extensions_conf="", rtp_conf="")
    assert found == {
        "modules.conf": "read",
        "queues.conf": "read",
        "extensions.conf": "read",
        "rtp.conf": "disabled",
    }


def test_a_module_that_needs_another_is_not_loaded_without_it() -> None:
    modules = "[modules]\nautoload = yes\nnoload = res_pjsip.so\n"
    conf = Config.from_texts({"modules.conf": modules, "pjsip_notify.conf": ""})
    source = conf.sources["pjsip_notify.conf"]
    assert source.role == "disabled"
    assert "modules.conf:3:10 says noload => res_pjsip" in source.reason


def test_a_file_that_is_only_included_is_a_fragment() -> None:
    conf = Config.from_texts(
        {"queues.conf": "#include more.conf\n", "more.conf": "[a]\n", "stray.conf": "x = 1\n"}
    )
    more, stray = conf.sources["more.conf"], conf.sources["stray.conf"]
    assert (more.role, more.included_by, more.readers) == (
        "fragment", ("queues.conf",), ("app_queue",),
    )  # fmt: skip
    assert (stray.role, stray.readers) == ("unknown", ())


def test_what_removed_modules_read_is_read_by_nobody() -> None:
    source = Config.from_texts({"sip.conf": "[general]\n"}).sources["sip.conf"]
    assert source.role == "unread"
    assert "was removed in Asterisk 21" in source.reason


def test_a_database_that_stands_for_a_file_makes_it_unknown() -> None:
    conf = Config.from_texts(
        {"extconfig.conf": "[settings]\nqueues.conf => odbc,asterisk,table\n", "queues.conf": ""}
    )
    assert conf.sources["queues.conf"].role == "unknown"


def test_realtime_and_ael_are_where_other_objects_come_from(tmp_path: Path) -> None:
    (tmp_path / "extensions.conf").write_text("[a]\n")
    (tmp_path / "extensions.ael").write_text("context b {}\n")
    (tmp_path / "queues.conf").write_text("[general]\n")
    (tmp_path / "extconfig.conf").write_text("[settings]\nqueues => odbc,asterisk\n")
    sources = asterconf.load(tmp_path).sources
    assert sources["extensions.conf"].also == ("extensions.ael, which pbx_ael reads",)
    assert sources["queues.conf"].also == ("extconfig.conf:2:11 looks for queues in odbc",)


def test_sorcery_may_take_objects_from_elsewhere() -> None:
    conf = Config.from_texts(
        {"sorcery.conf": "[res_pjsip]\nendpoint = realtime,ps_endpoints\n", "pjsip.conf": ""}
    )
    (also,) = conf.sources["pjsip.conf"].also
    assert also == "sorcery.conf:2:12 takes endpoint from realtime,ps_endpoints"


def test_a_sample_beside_the_file_is_not_read(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("")
    (tmp_path / "queues.conf.sample").write_text("")
    (tmp_path / "rtp.conf.sample").write_text("[general]\nrtpstart = 1\n")
    conf = asterconf.load(tmp_path)
    assert {name: s.role for name, s in conf.sources.items()} == {
        "queues.conf": "read", "queues.conf.sample": "unread", "rtp.conf.sample": "read",
    }  # fmt: skip
    assert conf.effective("rtp.conf")["general"]["rtpstart"] == "1"


def test_absolute_names_are_those_of_the_directory_that_asterisk_conf_names(tmp_path: Path) -> None:
    (tmp_path / "asterisk.conf").write_text("[directories]\nastetcdir => /srv/pbx/\n")
    (tmp_path / "queues.conf").write_text("#include /srv/pbx/more.inc\n#tryinclude /srv/x.inc\n")
    (tmp_path / "more.inc").write_text("[home]\n")
    conf = asterconf.load(tmp_path)
    assert conf.effective("queues.conf").keys() == ("home",)
    (tmp_path / "asterisk.conf").unlink()
    assert not asterconf.load(tmp_path).effective("queues.conf").valid


def test_each_folder_is_looked_through_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for n in range(20):
        (tmp_path / f"mine{n}.conf").write_text("[a]\nx=1\n")
    looked: list[Path] = []
    glob = Path.glob

    def counted(self: Path, pattern: str) -> Iterator[Path]:
        looked.append(self)
        return glob(self, pattern)

    conf = asterconf.load(tmp_path)
    monkeypatch.setattr(Path, "glob", counted)
    roles = [source.role for source in conf.sources.values()]
    assert (roles, looked) == (["unknown"] * 20, [tmp_path])


@pytest.mark.parametrize(
    ("modules", "role"),
    [
        ("[modules]\nautoload=yes\n", "unknown"),
        ("[modules]\nload=app_queue.so\n", "unread"),
        ("[modules]\nload=app_queue.so\nload=app_rpt.so\n", "unknown"),
    ],
)
def test_what_no_module_asks_for_is_unread_only_if_all_modules_are_known(
    modules: str, role: str
) -> None:
    conf = Config.from_texts({"modules.conf": modules, "mine.conf": "[a]\n"})
    assert conf.sources["mine.conf"].role == role


def test_a_difference_in_a_file_that_another_module_may_read_is_unknown() -> None:
    old, new = (Config.from_texts({"mine.conf": f"[a]\nx={n}\n"}) for n in (1, 2))
    said = str(asterconf.diff(old, new))
    assert "x 1 -> 2 (unknown)" in said
    assert "no effect" not in said
