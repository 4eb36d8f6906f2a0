"""What would hang, fill or mislead a reader ends with a diagnostic, soon."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest

import asterconf
from asterconf import Config
from asterconf.errors import LoadError
from asterconf.resolve.files import MAX_BYTES


def codes(folder: Path, text: str, **options: object) -> list[str]:
    (folder / "a.conf").write_text(text)
    start = time.process_time()
    effective = asterconf.load(folder / "a.conf", **options).effective("a.conf")  # type: ignore[arg-type]
    assert time.process_time() - start < 5
    return [d.code for d in effective.diagnostics]


def test_a_fifo_is_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.inc")
    assert codes(tmp_path, "#tryinclude pipe.inc\n") == ["AC013"]
    assert codes(tmp_path, "#include pipe.inc\n") == ["AC013", "AC011"]


def test_a_device_and_a_directory_are_not_read(tmp_path: Path) -> None:
    (tmp_path / "zero.inc").symlink_to("/dev/zero")
    (tmp_path / "folder").mkdir()
    assert codes(tmp_path, "#tryinclude zero.inc\n") == ["AC018"]
    assert codes(tmp_path, "#tryinclude zero.inc\n", include_roots=["/dev"]) == ["AC013"]
    assert codes(tmp_path, "#tryinclude folder\n") == ["AC013"]


def test_a_link_to_itself_is_a_missing_file(tmp_path: Path) -> None:
    (tmp_path / "loop.inc").symlink_to("loop.inc")
    assert codes(tmp_path, "#tryinclude loop.inc\n") == []
    assert codes(tmp_path, "#include loop.inc\n") == ["AC011"]


def test_a_huge_file_is_not_read(tmp_path: Path) -> None:
    with (tmp_path / "huge.inc").open("wb") as file:
        file.truncate(MAX_BYTES + 1)
    assert "AC019" in codes(tmp_path, "#tryinclude huge.inc\n")


def test_a_file_that_includes_itself_ends_at_ten_levels(tmp_path: Path) -> None:
    found = codes(tmp_path, "[a]\nx = 1\n#include a.conf\n")
    assert "AC012" in found
    assert codes(tmp_path, "#tryinclude a.conf\n" * 3)[-1] == "AC019"


def test_an_include_bomb_ends(tmp_path: Path) -> None:
    for level in range(10):
        (tmp_path / f"{level}.inc").write_text(f"#tryinclude {level + 1}.inc\n" * 8)
    assert codes(tmp_path, "#tryinclude 0.inc\n")[-1] == "AC019"


def test_names_do_not_climb_out_of_the_directory(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "secret.inc").write_text("[s]\nx = 1\n")
    (tmp_path / "etc" / "link.inc").symlink_to(tmp_path / "secret.inc")
    for name in ("../secret.inc", str(tmp_path / "secret.inc"), "../*.inc", "link.inc"):
        assert codes(tmp_path / "etc", f"#tryinclude {name}\n") == ["AC018"], name
        assert codes(tmp_path / "etc", f"#tryinclude {name}\n", include_roots=[tmp_path]) == [], (
            name
        )


def test_links_in_the_directory_itself_are_the_keepers_own(tmp_path: Path) -> None:
    (tmp_path / "etc").mkdir()
    (tmp_path / "real.conf").write_text("[a]\nx = 1\n")
    (tmp_path / "etc" / "a.conf").symlink_to(tmp_path / "real.conf")
    assert asterconf.load(tmp_path / "etc").effective("a.conf")["a"]["x"] == "1"


def test_a_wall_of_templates_ends(tmp_path: Path) -> None:
    chain = "".join(f"[t{n}](!{f',t{n - 1}' if n else ''})\nx{n} = 1\n" for n in range(5_000))
    assert codes(tmp_path, chain) == ["AC019"]


@pytest.mark.parametrize("version", ["24", "19", "22.99", "x", ""])
def test_an_unknown_version_is_refused(version: str, tmp_path: Path) -> None:
    with pytest.raises(LoadError, match=f"{version!r} is not known; the nearest is"):
        asterconf.load(tmp_path, asterisk=version)


def test_a_directory_without_files_is_an_empty_configuration(tmp_path: Path) -> None:
    conf = asterconf.load(tmp_path)
    assert (list(conf), dict(conf.sources), conf.diagnostics) == ([], {}, ())
    assert list(Config.from_texts({})) == []
