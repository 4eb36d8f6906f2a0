"""The recorded readings of 22.10.1, next to those of 16.28 and 22.11: what differs, and why.

Run with ASTERCONF_FULL=1 after `tests/live/install_asterisk.sh 16` and `… 22.11`.
"""

from __future__ import annotations

import json
import os
import shutil
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import attrs
import pytest

from asterconf.source import decode

from .ami import Ami, Message
from .rig import Asterisk
from .test_dialplan import by_context, ours, reload, start
from .test_dialplan import real as real_dialplan
from .test_reading import real

VECTORS = Path(__file__).parents[1] / "vectors"
CACHE = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache", "asterconf")


@attrs.frozen
class Other:
    """Another version of Asterisk, and the recorded cases that it answers otherwise.

    Attributes:
        series: what `install_asterisk.sh` calls it.
        config: files that it reads otherwise.
        texts: texts that become something else, by their file and place in it.
    """

    series: str
    config: frozenset[str] = frozenset()
    texts: frozenset[str] = frozenset()

    @property
    def root(self) -> Path:
        """Where it is installed."""
        return CACHE / f"asterisk-{self.series}"


OF_16 = Other(
    "16",
    # It finds no section by a filter `(+name=)` without a value, and refuses the file.
    frozenset({"121-append-filter-empty-value"}),
    # Functions that came later, which it does not have, give nothing.
    frozenset({
        "assignment/59", "assignment/60", "assignment/61",  # DELETE
        "assignment/62", "assignment/63", "func-logic-channel/80", "func-logic-channel/81",
        "func-logic-channel/82",  # VARIABLE_EXISTS
        "func-math-sprintf/79", "func-math-sprintf/80",  # DIGIT_SUM
        "func-strings-lists/160", "func-strings-lists/161", "func-strings-lists/164",
        "func-strings-lists/165", "idioms/40",  # TRIM, LTRIM, RTRIM
        "func-logic-channel/165",  # UUID
        "func-logic-channel/162",  # VERSION tells its own number
    }),
)  # fmt: skip
OF_22_11 = Other("22.11", texts=frozenset({"func-logic-channel/162"}))
"""VERSION tells its own number, and nothing else differs. What it does otherwise is no reading:
after a reload it keeps hints that are gone from the file and that a pattern with a hint matches,
and it ends at the second reload after one that took a context with `autohints` away."""

OF_THE_RIG = {
    "028-same-with-variable-exten", "069-exten-load-time-substitution",
    "070-exten-comma-in-expression", "081-special-extensions",
}  # fmt: skip
"""Dialplans that this rig, which loads few modules, does not show as recorded; it is the same four
in 22.10.1, so the version makes no difference."""

TEXTS_OF_THE_RIG = {"idioms/41", "slices/127", "slices/128", "special-variables/52"}
"""What this rig sets otherwise than where it was recorded, on 22.10.1 too: the manager drops blanks
before a value, and a variable does not tell the other leg who is calling."""


@pytest.fixture(params=[OF_16, OF_22_11], ids=lambda one: one.series)
def other(request: pytest.FixtureRequest) -> Other:
    """An installed version; skips the test, with the reason, where it is not to run."""
    found: Other = request.param
    if not os.environ.get("ASTERCONF_FULL"):
        pytest.skip("re-reading all vectors is part of the full run (ASTERCONF_FULL=1)")
    if not (found.root / ".asterconf-complete").exists() or os.geteuid() != 0:
        how = f"tests/live/install_asterisk.sh {found.series}"
        pytest.skip(f"no Asterisk {found.series} in {found.root}: {how} installs it")
    return found


def test_configuration_files_are_read_alike(other: Other, tmp_path: Path) -> None:
    folder = tmp_path / "etc"
    shutil.copytree(VECTORS / "config", folder)
    (folder / "modules.conf").write_text("[modules]\nautoload = no\n")
    seen, differing = 0, set()
    with Asterisk(other.root, folder, tmp_path / "run") as asterisk:
        for path in sorted((VECTORS / "config").glob("*.json")):
            recorded = json.loads(path.read_bytes())
            found = real(asterisk, f"{path.stem}.conf")
            seen += 1
            wanted = [
                (one["name"], one["template"], tuple(map(tuple, one["items"])))
                for one in recorded["categories"]
            ]
            now = [(name, template, items) for name, template, _, items in found or ()]
            if (found is not None, now) != (recorded["valid"], wanted):
                differing.add(path.stem)
    assert seen == 262
    assert differing == other.config


def test_dialplans_are_loaded_alike(other: Other, tmp_path: Path) -> None:
    """Behind a dialplan with hints it starts anew: no reload has to take them away."""
    seen, differing, hints = 0, set(), True
    with ExitStack() as running:
        for path in sorted((VECTORS / "dialplan-load").glob("*.conf")):
            if hints:
                running.close()
                folder = tmp_path / path.stem

                def boot(configuration: Path, folder: Path = folder, **options: Any) -> Asterisk:
                    return Asterisk(other.root, configuration, folder / "run", **options)

                asterisk = running.enter_context(start(boot, folder))
            text = decode(path.read_bytes())
            hints = "hint" in text
            loaded = reload(asterisk, text)
            if not loaded.loaded:
                continue
            seen += 1
            (rows, contexts), (our_rows, our_contexts) = real_dialplan(asterisk), ours(loaded)
            if by_context(rows) != by_context(our_rows) or contexts != our_contexts:
                differing.add(path.stem)
    assert seen > 80
    assert differing == OF_THE_RIG


HINTS = [
    (path.stem, hints)
    for path in sorted((VECTORS / "wizard").glob("*.json"))
    if (hints := json.loads(path.read_bytes()).get("hints"))
]


OF_THE_PLAN = ("default", "NoOp()")
"""The step of the dialplan beside the wizards, which is shown as if a hint's maker had made it."""


def test_wizards_make_the_same_hints(other: Other, tmp_path: Path) -> None:
    assert len(HINTS) == 3
    for name, recorded in HINTS:
        etc = tmp_path / name
        shutil.copytree(VECTORS / "wizard" / "common", etc)
        shutil.copy(VECTORS / "wizard" / f"{name}.conf", etc / "pjsip_wizard.conf")
        (etc / "modules.conf").write_text("[modules]\nautoload = yes\npreload = pbx_config.so\n")
        with Asterisk(other.root, etc, tmp_path / f"run-{name}") as asterisk:
            found = {
                context: [
                    {"exten": e.get("Extension"), "priority": e.get("Priority"), "app": _step(e)}
                    for e in asterisk.ami.action("ShowDialPlan", Context=context)[1:-1]
                    if e.get("Registrar") == "res_pjsip_config_wizard"
                    and (context, _step(e)) != OF_THE_PLAN
                ]
                for context in recorded
            }
        assert (name, found) == (name, recorded)


def _step(event: Message) -> str:
    """Return a step as it was recorded: a hint is only its device."""
    app, data = event.get("Application"), event.get("AppData")
    return f"{app}({data})" if event.get("Priority") != "hint" else app


def test_dialled_numbers_run_the_same_steps(other: Other, tmp_path: Path) -> None:
    """Each NoOp has an argument of its own, which says which line of the dialplan it is."""

    def boot(configuration: Path, **options: Any) -> Asterisk:
        return Asterisk(other.root, configuration, tmp_path / "run", **options)

    seen, differing = 0, set()
    with start(boot, tmp_path) as asterisk:
        for path in sorted((VECTORS / "dialplan-match").glob("*.json")):
            vector = json.loads(path.read_bytes())
            jumps = vector.get("gotos", [])
            places = (f"{jump['context']},{jump['exten']},{jump['priority']}" for jump in jumps)
            lines = (f"exten => {index},1,Goto({place})" for index, place in enumerate(places))
            reload(asterisk, "\n".join([vector["dialplan"], "[jumps]", *lines, ""]))
            for index, case in enumerate(vector["cases"]):
                steps = _called(asterisk.ami, case["dialed"], case["context"], case["callerid"])
                seen += 1
                if steps != _recorded(case):
                    differing.add(f"{path.stem}/{index}")
            for index, case in enumerate(jumps):
                _, *steps = _called(asterisk.ami, str(index), "jumps", None)
                seen += 1
                if steps != _recorded(case):
                    differing.add(f"{path.stem}/jump {index}")
    assert seen == 669 + 18
    assert differing == set()


def _called(ami: Ami, number: str, context: str, callerid: str | None) -> list[tuple[str, ...]]:
    """Call a number; return extension, priority, application and arguments of each step."""
    ami.events.clear()
    ami.action(
        "Originate", Channel=f"Local/{number}@{context}/n", Application="Wait", Data="0",
        Async="true", CallerID=f"<{callerid or ''}>",
    )  # fmt: skip
    ami.wait_event("Hangup", lambda event: event["Channel"].endswith(";2"))
    return [
        tuple(event.get(key) for key in ("Extension", "Priority", "Application", "AppData"))
        for event in ami.events
        if event.get("Event") == "Newexten" and event["Channel"].endswith(";2")
    ]


def _recorded(case: dict[str, Any]) -> list[tuple[str, ...]]:
    return [(s["at"], str(s["priority"]), s["app"], s["data"]) for s in case["trace"]]


AT = ("eval", "c1", 1)
"""Where the step stands whose argument a text is, if a case does not say it."""


def test_texts_become_the_same(other: Other, tmp_path: Path) -> None:
    every = [
        (f"{path.stem}/{index}", case)
        for path in sorted((VECTORS / "eval").glob("*.json"))
        for index, case in enumerate(json.loads(path.read_bytes()))
    ]
    (plan,) = {case["dialplan"] for _, case in every if "dialplan" in case}
    lines = [plan, "[wait]", "exten => s,1,Wait(60)"]
    for name, case in every:
        if "do" in case:
            steps = (step.replace(";", "\\;") for step in case["do"])
            lines += [f"[{name}]", *(f"exten => s,{at},{s}" for at, s in enumerate(steps, 1))]
            lines += [f" same => n,Goto({','.join(map(str, case.get('at', AT)))})"]
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "modules.conf").write_text("[modules]\nautoload = yes\n")
    (etc / "extensions.conf").write_text("\n".join([*lines, ""]))
    differing = set()
    with Asterisk(other.root, etc, tmp_path / "run") as asterisk:
        for name, case in every:
            if _evaluated(asterisk.ami, case, name) != case["output"]:
                differing.add(name)
    assert len(every) == 2678
    assert differing == other.texts | TEXTS_OF_THE_RIG


def _evaluated(ami: Ami, case: dict[str, Any], steps: str) -> str:
    """Return what the text of a case becomes as the argument of a step."""
    context, exten, priority = map(str, case.get("at", AT))
    ami.action(
        "DialplanExtensionAdd", Context=context, Extension=exten, Priority=priority,
        Application="NoOp", ApplicationData=f"={case['input']}", Replace="yes",
    )  # fmt: skip
    ami.events.clear()
    ami.action("Originate", Channel="Local/s@wait/n", Application="Wait", Data="0", Async="true")
    channel = ami.wait_event("Newexten", lambda event: event["Application"] == "Wait")["Channel"]
    settings = case["set"] | ({"CALLERID(all)": case["callerid"]} if "callerid" in case else {})
    for variable, value in settings.items():
        ami.action("Setvar", Channel=channel, Variable=variable, Value=value)
    to = (steps, "s", "1") if "do" in case else (context, exten, priority)
    ami.action("Redirect", Channel=channel, Context=to[0], Exten=to[1], Priority=to[2])
    place = (context, exten, priority)
    found = ami.wait_event(
        "Newexten",
        lambda event: (
            tuple(event[key] for key in ("Context", "Extension", "Priority")) == place
            and event["Channel"] == channel
        ),
    )
    ami.wait_event("Hangup", lambda event: event["Channel"] == channel)
    return found.get("AppData").removeprefix("=")
