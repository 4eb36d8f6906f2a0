"""Lines of several fields: what the check warns of, next to what a real Asterisk logs."""

from __future__ import annotations

import time
from contextlib import suppress
from pathlib import Path

from tests.unit.linter.field_values import KEPT, KEPT_IN, VALUES

from .ami import AmiError
from .rig import Asterisk, Boot

MODULES = (
    "pbx_config", "app_queue", "app_voicemail", "res_musiconhold", "chan_iax2",
    "res_sorcery_config", "res_pjproject", "res_rtp_asterisk",
    "format_wav", "format_gsm", "format_wav_gsm", "res_timing_timerfd", "codec_gsm", "res_crypto",
)  # fmt: skip


def logged(asterisk: Asterisk, mark: str, seen: int) -> tuple[bool, int]:
    """Tell whether something was logged since, up to a line that this call has logged."""
    with suppress(AmiError):  # there is no such function, which is logged
        asterisk.ami.action("Getvar", Variable=f"{mark}()")
    while not any(mark in record.message for record in asterisk.log_lines()):
        time.sleep(0.02)
    records = [one for one in asterisk.log_lines() if "mark-" not in one.message]
    return len(records) > seen, len(records)


def test_what_is_warned_of_asterisk_warns_of(boot: Boot, tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    loads = "".join(f"load = {name}\n" for name in MODULES)
    (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}")
    (folder / "extensions.conf").write_text("[default]\nexten => 1,1,NoOp()\n")
    (folder / "queues.conf").write_text("[general]\n")
    for file, (_, text, lines) in VALUES.items():
        (folder / file).write_text(text.format(next(iter(lines))))
    asterisk = boot(folder)
    wrong = []
    _, seen = logged(asterisk, "mark-first", 0)
    for file, (module, text, lines) in VALUES.items():
        for number, (line, is_bad) in enumerate(lines.items()):
            # The same size within the same second would be the same file to Asterisk.
            (asterisk.etc / file).write_text(f"; {'x' * number}\n{text.format(line)}")
            asterisk.cli(f"module reload {module}")
            was, seen = logged(asterisk, f"mark-{module}-{number}", seen)
            wrong += [(file, line)] if was != is_bad else []
        (asterisk.etc / file).write_text(text.format(next(iter(lines))))
        asterisk.cli(f"module reload {module}")
        _, seen = logged(asterisk, f"mark-{file}", seen)
    assert wrong == []


SHOWN = {
    "confbridge.conf": ("app_confbridge", "confbridge show menu m", "1="),
    "logger.conf": ("logger", "logger show channels", "/x "),
}
"""The module of each file, the command that shows what was read, and what marks the line."""


def test_what_is_passed_over_is_so_in_silence(boot: Boot, tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    modules = ("pbx_config", "bridge_builtin_features", "app_confbridge")
    loads = "".join(f"load = {name}\n" for name in modules)
    (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}")
    (folder / "confbridge.conf").write_text(KEPT_IN["confbridge.conf"].format("no_op"))
    asterisk = boot(folder)
    before = len(asterisk.log_lines())
    rig = (asterisk.etc / "logger.conf").read_text()
    for file, lines in KEPT.items():
        module, command, mark = SHOWN[file]
        for number, (line, (kept, _)) in enumerate(lines.items()):
            text = KEPT_IN[file].format(line)
            if file == "logger.conf":
                text = rig + text.removeprefix("[logfiles]\n")
            (asterisk.etc / file).write_text(f"; {'x' * number}\n{text}")
            asterisk.cli(f"module reload {module}")
            (row,) = (one for one in asterisk.cli(command).splitlines() if mark in one)
            assert row.replace(" - ", "=").rpartition("=")[2].strip() == kept, line
    assert len(asterisk.log_lines()) == before
