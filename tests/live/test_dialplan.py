"""Generated dialplans, loaded and called by the library and by the real Asterisk."""

from __future__ import annotations

import random
import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asterconf.dialplan import HINT, LoadedDialplan, load_dialplan
from asterconf.resolve import Files, resolve
from asterconf.source import encode
from asterconf.syntax import parse
from tests.strategies import dialplan as made

from .ami import AmiError
from .rig import Asterisk, Boot

PROFILE = settings.get_current_profile_name()
FILES = {"dev": 100, "ci": 400, "long": 4_000}[PROFILE]
PLANS = {"dev": 10, "ci": 40, "long": 1_000}[PROFILE]
CALLS = 60
"""Dialled numbers for each dialplan."""

MODULES = """\
[modules]
autoload = no
load = pbx_config.so
load = pbx_loopback.so
load = app_stack.so
load = app_userevent.so
load = func_callerid.so
load = func_dialplan.so
"""

checked = settings(
    max_examples=1, database=None, deadline=None, suppress_health_check=[*HealthCheck]
)


def start(boot: Boot, folder: Path) -> Asterisk:
    """Boot an instance that has nothing but a dialplan."""
    etc = folder / "etc"
    etc.mkdir(parents=True)
    (etc / "modules.conf").write_text(MODULES)
    (etc / "extensions.conf").write_text("[c]\n")
    return boot(etc)


def reload(asterisk: Asterisk, text: str) -> LoadedDialplan:
    """Let Asterisk load a dialplan, and load it ourselves."""
    (asterisk.etc / "extensions.conf").write_bytes(encode(text))
    asterisk.cli("dialplan reload")
    name = "extensions.conf"
    return load_dialplan(resolve(Files(None, {name: parse(text, name=name)}), name))


# ---- loading -------------------------------------------------------------------------------------

Row = tuple[str, str, str | None, str, str | None, str, str, int]
"""Context, extension, caller id, priority, label, application, arguments, line."""

_STEP = re.compile(
    r"  (?:'(?P<name>.*?)'(?: \(CID match '(?P<cid>.*?)'\))? =>|   (?:\[.*?\])?) +"
    r"(?:hint:|-?\d+\.) .*\[extensions\.conf:(?P<line>\d+)\]"
)


def real(asterisk: Asterisk) -> tuple[list[Row], dict[str, list[tuple[str, str]]]]:
    """Return every step that Asterisk holds, and every context with its further lines.

    The manager tells texts and labels, the console caller ids and lines, in the same order.
    """
    places: list[tuple[str, str, str | None, int]] = []
    contexts: dict[str, list[tuple[str, str]]] = {}
    context = name = ""
    cid = None
    for line in asterisk.cli("dialplan show").split("\n"):
        if header := re.match(r"\[ Context '(.*)' created by", line):
            context = header[1]
            contexts[context] = []
        elif line == "Autohints support enabled":
            contexts[context].append(("autohints", "yes"))
        elif other := re.match(
            r"  (Include|Ignore pattern|Alt\. Switch) => +'(.*)' +\[pbx_config", line
        ):
            contexts[context].append((other[1], other[2]))
        elif step := _STEP.match(line):
            if step["name"] is not None:
                name, cid = step["name"], step["cid"]
            places.append((context, name, cid, int(step["line"])))
    events = asterisk.ami.action("ShowDialPlan")[1:-1]
    steps = [
        event for event in events if event.get("Extension") or "Priority" in dict(event.headers)
    ]
    rows: list[Row] = []
    for event, (context, name, cid, number) in zip(steps, places, strict=True):
        assert (event["Context"], event["Extension"]) == (context, name)
        label = event.get("ExtensionLabel") or None
        priority = event["Priority"]
        rows.append(
            (
                context,
                name,
                cid,
                priority,
                label,
                event["Application"],
                event.get("AppData"),
                number,
            )
        )
    return rows, contexts


def ours(loaded: LoadedDialplan) -> tuple[list[Row], dict[str, list[tuple[str, str]]]]:
    """Return the same of what we loaded, contexts in no order."""
    rows: list[Row] = []
    contexts: dict[str, list[tuple[str, str]]] = {}
    for context in loaded.dialplan:
        contexts[context.name] = [
            *([("autohints", "yes")] if context.autohints else []),
            *(("Include", include.text) for include in context.includes),
            *(("Ignore pattern", pattern) for pattern in context.ignorepats),
            *(("Alt. Switch", switch.text) for switch in context.switches),
        ]
        for extension in context:
            name, cid = extension.name, extension.callerid_match
            found: list[tuple[int, str, str | None, str, str]] = [
                (step.priority, str(step.priority), step.label, step.app, step.data)
                for step in extension.steps
            ]
            if hint := extension.hint:
                found.append((HINT, "hint", hint.label, hint.text, ""))
            for number, priority, label, app, data in sorted(found):
                line = loaded.origins[context.name, name, cid, number].line
                rows.append((context.name, name, cid, priority, label, app, data, line))
    return rows, contexts


def by_context(rows: list[Row]) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row[0], []).append(row)
    return found


def test_generated_dialplans_load_as_asterisk_loads_them(boot: Boot, tmp_path: Path) -> None:
    """A context of several sections outlives the reload that drops it, without its contents.

    Reloads of hints crash Asterisk now and then, so a file that does gets a second chance.
    """
    running = start(boot, tmp_path)
    crashes = 0

    @given(made.files)
    @settings(checked, max_examples=FILES)
    def compare(text: str) -> None:
        nonlocal running, crashes
        try:
            loaded = reload(running, text)
            rows, contexts = real(running)
        except (AmiError, OSError):
            crashes += 1
            running = start(boot, tmp_path / str(crashes))
            loaded = reload(running, text)
            rows, contexts = real(running)
        assert loaded.loaded
        my_rows, my_contexts = ours(loaded)
        for name in contexts.keys() - my_contexts.keys():
            assert contexts.pop(name) in ([], [("autohints", "yes")])
        assert my_contexts == contexts
        assert by_context(my_rows) == by_context(rows)

    compare()
    assert crashes <= 1 + FILES / 50
    print(f"{FILES} generated dialplans load as Asterisk loads them, which crashed {crashes} times")


# ---- calling -------------------------------------------------------------------------------------

NEAR = ("c", "C", "d", "e")
Call = tuple[str, str, str, int | str]
"""Context, dialled number, caller's number, priority or label."""


def calls(rng: random.Random) -> list[Call]:
    """Return calls that the generated dialplans may answer."""
    found: list[Call] = []
    while len(found) < CALLS:
        pieces = [*"1122345*#a-hé", "_", "X"] if rng.random() < 0.3 else [*"11223"]
        number = "".join(rng.choices(pieces, k=rng.randint(1, 5)))
        if number.strip("-"):
            context, callerid = rng.choice("cccCde"), rng.choice(["", "", "1", "12", "555"])
            priorities: list[int | str] = [1, 1, 1, 2, 3, "a", "b"]
            found.append((context, number, callerid, rng.choice(priorities)))
    return found


@st.composite
def plans(draw: st.DrawFn) -> str:
    """Return contexts whose steps each say which they are; no two Loopback switches in a row."""
    text, number = "", 0
    for name in (*NEAR, "far"):
        text += f"[{name}]\n"
        for _ in range(draw(st.integers(0, 10))):
            exten = draw(made.names)
            cid = draw(st.sampled_from(["", "", "", "/", "/1", "/12", "/_1X", "/_X!"]))
            for _ in range(draw(st.sampled_from([1, 1, 1, 2]))):
                number += 1
                priority = draw(st.sampled_from(["1", "1", "n", "n", "2", "3", "1(a)", "n(b)"]))
                text += f"exten => {exten}{cid},{priority},Return(m{number})\n"
        if name != "far":
            for target in draw(st.lists(st.sampled_from([*NEAR, "none"]), max_size=3)):
                text += f"include => {target}\n"
            if draw(st.booleans()):
                data = draw(st.sampled_from(["1${EXTEN}@far", "@far/_1X", "${PRIORITY}1@far:2"]))
                text += f"lswitch => Loopback/{data}\n"
    return text


def driver(made_calls: list[Call]) -> str:
    """Return a context that makes each call in turn and tells what each ran."""
    lines = ["[driver]", "exten => s,1,Set(ran=)"]
    for context, number, callerid, priority in made_calls:
        target = f"{context},{number},{priority}"
        lines += (
            f" same => n,Set(CALLERID(num)={callerid})",
            " same => n,Set(GOSUB_RETVAL=none)",
            f" same => n,GosubIf(${{DIALPLAN_EXISTS({target})}}?{target})",
            " same => n,Set(ran=${ran} ${GOSUB_RETVAL})",
        )
    return "\n".join([*lines, " same => n,UserEvent(Ran,Steps:${ran})", ""])


def ran(asterisk: Asterisk) -> list[str]:
    """Let the driver make its calls, and return what each of them ran."""
    asterisk.ami.events.clear()
    asterisk.ami.action(
        "Originate", Channel="Local/s@driver/n", Application="Wait", Data="0", Async="true"
    )
    return asterisk.ami.wait_event("UserEvent")["Steps"].split()


def test_dialled_numbers_run_what_they_run_on_asterisk(boot: Boot, tmp_path: Path) -> None:
    asterisk = start(boot, tmp_path)
    count = 0

    @given(plans(), st.randoms(use_true_random=False))
    @settings(checked, max_examples=PLANS)
    def compare(text: str, rng: random.Random) -> None:
        nonlocal count
        asked = calls(random.Random(rng.random()))
        plan = reload(asterisk, text + driver(asked)).dialplan
        for (context, number, callerid, priority), step in zip(asked, ran(asterisk), strict=True):
            found = plan.match(number, context, callerid=callerid, priority=priority)
            mine = found.step.data if found.step else "none"
            assert mine == step, (context, number, callerid, priority, str(found))
            count += 1

    compare()
    assert count >= PLANS * CALLS
    print(f"{count} dialled numbers run what they run on Asterisk")
