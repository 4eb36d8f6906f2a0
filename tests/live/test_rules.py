"""The rules about the way of a call: what their cases do in a real Asterisk."""

from __future__ import annotations

import re
import time
from pathlib import Path

import pytest

from asterconf.linter.rules.files.needed import NEEDS

from .rig import Asterisk, Boot

CASES = Path(__file__).parents[1] / "rules"
FIRST = {"AC239": "s", "AC240": "s", "AC241": "s", "AC242": "s"}
"""The extension that is called; else 100."""
KEYS = {"AC240", "AC242"}
"""Whose caller keys a 7 after three seconds."""
SEEN = {
    "AC235": r"Executing \[100@{}-home:2\](?!.*Executing \[100@{}-home:4\])",
    "AC236": r"Executing \[s@{}-menu:1\](?!.*Executing \[100@{}-home:2\])",
    "AC238": r"Couldn't find matching EndWhile\? \(While at {}-home@100",
    "AC239": r"Timeout but no rule 't' or 'e' in context '{}-menu'",
    "AC240": r"Invalid extension '7', but no rule 'i' or 'e' in context '{}-menu'",
    "AC241": r"Executing \[s@{}-menu:2\] Hangup",
    "AC242": r"Invalid extension '7', but no rule 'i' or 'e' in context '{}-menu'",
    "AC243": r"Executing \[100@{}-home:2\] Dial",
    "AC244": r"Executing \[s@{}-announce:1\](?!.*Executing \[100@{}-home:2\])",
    "AC245": r"Executing \[100@{}-home:2\] Return",
    "AC247": r"Executing \[100@{}-home:4\] Return.*Executing \[100@{}-home:4\] Return",
    "AC922": r"non-existent destination 'gone,s,1' from '{}-home",
    "AC246": r"Executing \[h@{}-home:1\] Playback",
}
"""What the log has for the bad case, and not for the good one; `{}` is the beginning of a name.

AC237 was seen by hand: it fills the log with some twenty thousand steps a second.
"""
SAME = {"AC236", "AC242"}
"""Whose good case looks the same in the log: it has no step that is left out, or other keys."""


def plan(code: str, case: str) -> str:
    """Return the dialplan of a case, its contexts renamed so that all cases stand in one file."""
    text = (CASES / code / case / "extensions.conf").read_text()
    return re.sub(r"\b(home|menu|announce|choices)\b", rf"{code}-{case}-\1", text)


def call(asterisk: Asterisk, code: str, case: str) -> None:
    context = re.findall(r"(?m)^\[(.*)\]", plan(code, case))[0]
    way = "SendDTMF wwwwww7" if code in KEYS else "Wait 8"
    number = FIRST.get(code, "100")
    asterisk.cli(f"channel originate Local/{number}@{context}/n application {way}")


@pytest.fixture
def running(boot: Boot, tmp_path: Path) -> Asterisk:
    etc = tmp_path / "etc"
    etc.mkdir()
    plans = [plan(code, case) for code in SEEN for case in ("bad", "good")]
    (etc / "extensions.conf").write_text("\n".join(plans))
    (etc / "modules.conf").write_text("[modules]\nautoload = yes\n")
    return boot(etc)


def test_the_cases_do_what_the_rules_say(running: Asterisk) -> None:
    there = running.cli("core show applications")  # of those whose file is missing: none
    assert [name for name in sorted(NEEDS) if re.search(rf"(?mi)^ *{name}:", there)] == []
    for code in SEEN:
        for case in ("bad", "good"):
            call(running, code, case)
    time.sleep(11)  # a recorded prompt, and the five seconds of WaitExten
    log = (running.run / "log" / "rig.log").read_text()
    for code, pattern in SEEN.items():
        bad, good = (
            re.search(pattern.replace("{}", f"{code}-{case}"), log, re.DOTALL)
            for case in ("bad", "good")
        )
        assert bad, code
        assert good is None or code in SAME, code
