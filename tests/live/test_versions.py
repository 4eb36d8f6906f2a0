"""Which of several lines counts: what 22.10.1 reports is what is read here as 22."""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path

from asterconf import Config
from tests.flips import FLIPS

from .rig import Boot

MODULES = (
    "res_pjproject", "res_sorcery_config", "res_rtp_asterisk", "res_timing_timerfd",
    "res_musiconhold", "bridge_softmix", "app_stack", "app_queue", "app_voicemail",
    "app_confbridge", "chan_iax2", "res_phoneprov", "pbx_config",
)  # fmt: skip
FIXED = {
    "modules.conf": "[modules]\nautoload=no\n" + "".join(f"load={m}.so\n" for m in MODULES),
    "extensions.conf": "[default]\nexten => 1,1,NoOp()\n",
    "voicemail.conf": "[general]\n[default]\n1 => 1\n",
    "manager.conf": "[general]\nenabled=yes\n",
    "phoneprov.conf": "[general]\nserveraddr=127.0.0.1\nserverport=5060\ndefault_profile=p\n[p]\n",
}


def _files() -> dict[str, str]:
    """Return all trees as one: sections of one name are joined."""
    lines: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for one in FLIPS:
        lines[one.file][f"[t-{one.section}](!)"] += one.template
        lines[one.file][f"[{one.section}](t-{one.section})"] += one.own
    for file, name in (("iax.conf", "general"), ("confbridge.conf", "general")):
        lines[file][f"[{name}]"] += []
    lines["logger.conf"]["[logfiles]"] += ["console=warning"]
    return FIXED | {
        file: "".join(f"{head}\n" + "".join(f"{line}\n" for line in found)
                      for head, found in sections.items())
        for file, sections in lines.items()
    }  # fmt: skip


def test_the_value_that_asterisk_reports_is_ours(boot: Boot, tmp_path: Path) -> None:
    folder = tmp_path / "flips"
    folder.mkdir()
    files = _files()
    for name, content in files.items():
        (folder / name).write_text(content)
    asterisk = boot(folder)
    said = {command: f"\n{asterisk.cli(command)}\n" for command in {one.asked for one in FLIPS}}
    wrong = [(one, said[one.asked]) for one in FLIPS if one.answer not in said[one.asked]]
    assert wrong == []
    conf = Config.from_texts(files, asterisk="22")
    ours = {one: conf.effective(one.file)[one.section].option(one.option).value for one in FLIPS}
    assert ours == {one: one.under_22 for one in FLIPS}
