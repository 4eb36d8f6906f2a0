"""The ways of `tests/unusual_ways.py` to the trunk, taken by the real Asterisk."""

from __future__ import annotations

import random
import time
from pathlib import Path

from tests.unusual_ways import DIALED, KEYED, REACHED, STARTED, config_of, plan_of

from .calling import CALLER, Dialed, call_at_once
from .rig import Boot
from .test_ask_real import FULL, SEED, running, set_up


def test_asterisk_takes_each_way_that_is_easily_overlooked(boot: Boot, tmp_path: Path) -> None:
    ways = {name: (plan_of(steps), "1", "") for name, steps in (REACHED | STARTED).items()}
    ways |= {name: (plan_of(steps), "1", keys) for name, (steps, keys) in KEYED.items()}
    ways |= {name: (plan_of(steps, "_1!"), number, "") for name, (steps, number) in DIALED.items()}
    chosen = sorted(ways) if FULL else random.Random(SEED).sample(sorted(ways), 5)
    missed = []
    with running(boot, tmp_path / "etc", config_of("NoOp")) as (asterisk, ends):
        for name in chosen:
            plan, number, keys = ways[name]
            text = plan + CALLER.replace("Wait(60)", "Wait(6)")
            (asterisk.etc / "extensions.conf").write_text(text)
            asterisk.cli("dialplan reload")
            asterisk.cli("dialplan set global O 0")  # of a call before
            set_up(ends, {})
            (real,) = call_at_once(asterisk, [Dialed(number, "in", keys=keys)], 2)
            deadline = time.monotonic() + 5
            while ("t", "1") not in ends.invited and time.monotonic() < deadline:
                time.sleep(0.1)
            if ("t", "1") not in ends.invited:
                missed.append(f"{name}: {real.rows}")
    assert not missed, "\n".join(missed)
