"""Typed applications and written contexts, next to what the real Asterisk makes of them."""

from __future__ import annotations

import re
import time
from pathlib import Path

import attrs
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from asterconf import apps
from asterconf.dialplan import DialplanContext, load_dialplan
from asterconf.editing import write_context
from asterconf.language import args
from asterconf.resolve import Files, resolve
from asterconf.source import encode
from tests.properties.test_dialplan_editing_laws import contexts
from tests.strategies import apps as strategies

from .rig import Asterisk, Boot

EXAMPLES = {"dev": 200, "ci": 1_000, "long": 10_000}[settings.get_current_profile_name()]
MANY = settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
SLOW = settings(max_examples=EXAMPLES // 10, database=None, suppress_health_check=[*HealthCheck])
FIELDS = [f"q{n}" for n in range(6)]

STEPS = """\
[general]
[show]
exten => s,1,Verbose(0,@@${ARG1}@@)
 same => n,Return()
[phone]
exten => 1,1,Answer()
 same => n,Wait(1)
[lab]
"""

DialplanRows = list[tuple[str, ...]]


@pytest.fixture
def asterisk(boot: Boot, tmp_path: Path) -> Asterisk:
    """Boot an instance with a dialplan, its functions, and phones that are channels of its own."""
    folder = tmp_path / "etc"
    folder.mkdir()
    modules = ["pbx_config", "func_strings", "app_stack", "app_dial", "app_verbose", "pbx_spool"]
    lines = ["[modules]", "autoload = no", *(f"load = {name}.so" for name in modules)]
    (folder / "modules.conf").write_text("\n".join(lines) + "\n")
    (folder / "extensions.conf").write_text("[x]\nexten => 1,1,NoOp()\n")
    return boot(folder)


def split_live(asterisk: Asterisk, text: str) -> list[str]:
    """Return the first six fields that Asterisk cuts `text` into, the missing ones empty."""
    asterisk.ami.action("Setvar", Variable=f"ARRAY({','.join(FIELDS)})", Value=text)
    answers = [asterisk.ami.action("Getvar", Variable=name)[0] for name in FIELDS]
    return [answer.get("Value") for answer in answers]


def carried(text: str) -> bool:
    """Whether the manager carries a text unchanged: no blanks around it, no odd bytes."""
    return text == text.strip() and "\udcff" not in text


def test_fields_are_cut_as_asterisk_cuts_them(asterisk: Asterisk) -> None:
    count = 0

    @given(strategies.texts.filter(carried))
    @example('a\\,b,"c,d",(e,f),[g')
    @MANY
    def compare(text: str) -> None:
        nonlocal count
        fields = args.split(text)
        if 1 <= len(fields) <= len(FIELDS) and all(map(carried, fields)):
            count += 1
            assert split_live(asterisk, text) == [*fields, *[""] * (len(FIELDS) - len(fields))]

    compare()
    assert count >= EXAMPLES / 3
    print(f"{count} argument texts are cut as Asterisk cuts them")


def test_joined_values_are_cut_back_by_asterisk(asterisk: Asterisk) -> None:
    values = strategies.plain.filter(carried)

    @given(st.lists(values, min_size=2, max_size=6))
    @MANY
    def compare(wanted: list[str]) -> None:
        text = args.join(wanted)
        if carried(text):
            assert split_live(asterisk, text) == [*wanted, *[""] * (len(FIELDS) - len(wanted))]

    compare()


def test_arguments_of_options_arrive_as_they_were_given(asterisk: Asterisk) -> None:
    values = ["plain", "a)b", "(a", "a(b)c", 'a"b"', '"a', "a\\b", "a]b[", "\\", "x)("]
    lines = STEPS
    for number, value in enumerate(values):
        dial = apps.Dial("Local/1@phone", 5, {"U": f"show^{value}"})
        lines += f"exten => {number},1,{dial}\n same => n,Hangup()\n"
    (asterisk.etc / "extensions.conf").write_text(lines)
    asterisk.cli("dialplan reload")
    seen: list[str] = []
    for number in range(len(values)):
        asterisk.ami.action(
            "Originate", Channel=f"Local/{number}@lab", Application="Wait", Data="3", Async="true"
        )
        deadline = time.monotonic() + 10
        while len(seen) <= number and time.monotonic() < deadline:
            time.sleep(0.05)
            log = (asterisk.run / "log" / "rig.log").read_text(errors="replace")
            seen = re.findall(r"app_verbose\.c: @@(.*)@@", log)
    assert seen == values


def shown(asterisk: Asterisk) -> DialplanRows:
    """Return the dialplan of pbx_config as the manager shows it."""
    events = asterisk.ami.action("ShowDialPlan", timeout=60)
    rows = [
        tuple(f"{key}={value}" for key, value in event.headers if key != "ActionID")
        for event in events
        if event.get("Event") == "ListDialplan" and event.get("Registrar") == "pbx_config"
    ]
    return sorted(rows)


def loaded(asterisk: Asterisk, text: str) -> DialplanRows:
    (asterisk.etc / "extensions.conf").write_bytes(encode(text))
    asterisk.cli("dialplan reload")
    return shown(asterisk)


def rows_of(context: DialplanContext) -> set[tuple[str, str, str, str, str]]:
    """Return the steps of a context as the manager shows them."""
    return {
        (one.name, str(step.priority), step.label or "", step.app, step.data)
        for one in context
        for step in one.steps
    }


def test_written_contexts_load_in_asterisk_as_they_are(asterisk: Asterisk) -> None:
    count = 0

    @given(st.lists(contexts(), min_size=4, max_size=8))
    @SLOW
    def compare(made: list[DialplanContext]) -> None:
        nonlocal count
        named = [attrs.evolve(one, name=f"c{n}") for n, one in enumerate(made)]
        found: dict[str, set[tuple[str, str, str, str, str]]] = {one.name: set() for one in named}
        for row in loaded(asterisk, "".join(map(write_context, named))):
            facts = dict(fact.split("=", 1) for fact in row)
            if facts.get("Priority", "").isdigit():
                found[facts["Context"]].add(
                    (
                        facts.get("Extension", ""),
                        facts["Priority"],
                        facts.get("ExtensionLabel", ""),
                        facts["Application"],
                        facts.get("AppData", ""),
                    )
                )
        for one in named:
            count += 1
            assert found[one.name] == rows_of(one)

    compare()
    print(f"{count} written contexts load as they are")


def test_real_dialplans_written_anew_load_the_same(asterisk: Asterisk, corpus: Path) -> None:
    files = [path for path in sorted(corpus.rglob("extensions*.conf")) if path.stat().st_size]
    step = {"dev": 16, "ci": 4, "long": 1}[settings.get_current_profile_name()]
    compared = 0
    for path in files[::step]:
        plan = load_dialplan(resolve(Files(path.parent, {}), path.name))
        if not plan.loaded or any(d.code == "AC226" for d in plan.diagnostics):
            continue
        flat = "".join(map(write_context, plan.dialplan))
        general = "[general]\nautofallthrough=yes\n"
        globals_ = "[globals]\n" + "".join(
            f"{name}={value}\n"
            for name, value in plan.dialplan.globals.items()
            if name.isidentifier() and value == value.strip() and not set(value) & set("$;\\")
        )
        original = path.read_bytes().decode("utf-8", "surrogateescape")
        if "#include" in original or "#tryinclude" in original or "#exec" in original:
            continue
        one = loaded(asterisk, original)
        two = loaded(asterisk, general + globals_ + flat)
        assert two == one, path
        compared += bool(one)
    assert compared >= len(files) / step / 3
    print(f"{compared} real dialplans written anew load the same")
