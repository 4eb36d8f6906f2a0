"""What functions give during a call: the table of the unit tests, run by a real Asterisk."""

from __future__ import annotations

from pathlib import Path

from tests.unit.calls.observed import OBSERVED, QUEUES, dialplan

from .calling import Dialed, call_at_once, listen
from .rig import Boot

MODULES = (
    "pbx_config", "app_verbose", "func_callerid", "func_cdr", "func_channel", "func_env",
    "func_global", "func_strings", "func_logic", "app_queue",
)  # fmt: skip


def test_functions_give_what_was_observed(boot: Boot, tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    folder.mkdir()
    loads = "".join(f"load = {name}\n" for name in MODULES)
    (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}")
    (folder / "extensions.conf").write_text(dialplan())
    (folder / "queues.conf").write_text(QUEUES)
    asterisk = boot(folder)
    listen(asterisk)
    dialed = [Dialed(str(number), "main") for number, _ in enumerate(OBSERVED, 2000)]
    results = call_at_once(asterisk, dialed, 6)
    said = dict(zip(OBSERVED, (result.rows[-1][4] for result in results), strict=True))
    assert said == OBSERVED
