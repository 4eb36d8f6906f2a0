"""What a real Asterisk 22.10.1 made of 2,678 texts, next to what `evaluate` makes of them."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from asterconf.dialplan.loader import load_dialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanExtension
from asterconf.language import args, callerid
from asterconf.language.faults import Fault
from asterconf.language.pattern import matches
from asterconf.resolve import Files, resolve
from asterconf.semantics import AsteriskState, Channel, Scope, assign, assign_many, evaluate
from asterconf.semantics.functions.logic import condition
from asterconf.syntax import parse

FOLDER = Path(__file__).parent / "vectors" / "eval"
NAMES = sorted(path.stem for path in FOLDER.glob("*.json"))

MACHINE = {
    "SYSTEMNAME": "",
    "ASTDATADIR": "/usr/share/asterisk",
    "ENTITYID": "02:42:ac:11:00:02",
    "UUID()": "0d9e4b2c-8a0f-4b51-9a43-0c2b8f1d6e57",
    "ENV(NOPE_VAR)": "",
    "VERSION(ASTERISK_VERSION_NUM)": "221001",
    "IFMODULE(app_dial.so)": "1",
    "IFMODULE(app_nope.so)": "0",
    "CHANNEL_EXISTS(nope)": "0",
    "DEVICE_STATE(PJSIP/nope)": "INVALID",
    "DEVICE_STATE(Nosuch/1)": "INVALID",
    "DEVICE_STATE(Custom:foo)": "UNKNOWN",
    "DEVICE_STATE(Custom:hint1)": "UNKNOWN",
    "GROUP_COUNT(x)": "0",
}
"""What was so on the recorded machine, and cannot be computed."""

CALLER = {
    "CALLERID(num)": "", "CALLERID(name)": "", "CALLERID(ani-num)": "", "CALLERID(dnid)": "",
    "CALLERID(num-pres)": "allowed_not_screened",
    "CHANNEL": "Local/c@eval-00000001;2", "UNIQUEID": "1732460000.1", "HANGUPCAUSE": "0",
    "HINT": "", "HINTNAME": "", "CALLINGPRES": "67", "CALLINGTON": "0", "CALLINGANI2": "0",
    "CHANNEL(language)": "en", "CHANNEL(state)": "Ring", "CHANNEL(channeltype)": "Local",
    "CHANNEL(musicclass)": "", "TIMEOUT(response)": "10.000", "TIMEOUT(digit)": "5.000",
    "TIMEOUT(absolute)": "0", "GROUP()": "", "EXCEPTION(reason)": "",
}  # fmt: skip
"""What is so on a fresh Local channel."""


@attrs.frozen
class Loaded:
    """Answers the evaluator's questions out of a loaded dialplan."""

    dialplan: Dialplan

    def _found(self, context: str, exten: str, wanted: int | str | None) -> bool:
        seen: set[str] = set()
        waiting = [context]
        while waiting:
            name = waiting.pop(0)
            if name in seen or name not in self.dialplan:
                continue
            seen.add(name)
            for extension in self.dialplan[name]:
                known = {mark for step in extension.steps for mark in (step.priority, step.label)}
                if wanted in known and (matches(extension.name, exten) or extension.name == exten):
                    return True
            waiting += [include.context for include in self.dialplan[name].includes]
        return False

    def has(
        self, context: str, exten: str | None, priority: int | str | None, callerid: str
    ) -> bool:
        if exten is None:
            return context in self.dialplan
        return self._found(context, exten, priority)

    def hint(self, context: str, exten: str) -> tuple[str, str] | None:
        own = [one for one in self.dialplan if one.name == context]
        found: list[DialplanExtension] = [
            extension for one in own for extension in one if extension.name == exten
        ]
        hint = found[0].hint if found else None
        return None if hint is None else (hint.text, hint.name)


def world_of(case: dict[str, Any]) -> AsteriskState:
    name = "extensions.conf"
    text = case.get("dialplan", "")
    loaded = load_dialplan(resolve(Files(None, {name: parse(text, name=name)}), name))
    return AsteriskState(
        clock=lambda: datetime(2024, 11, 24, 15, tzinfo=UTC),
        database={},
        facts=MACHINE,
        dialplan=Loaded(loaded.dialplan),
    )


def channel_of(case: dict[str, Any]) -> Channel:
    context, exten, priority = case.get("at", ("eval", "c1", 1))
    facts = {**CALLER, "CONTEXT": context, "EXTEN": exten, "PRIORITY": str(priority)}
    facts |= {"CHANNEL(context)": context, "CHANNEL(exten)": exten}
    if caller := case.get("callerid"):
        parsed = callerid.parse(caller)
        facts |= {"CALLERID(num)": parsed.dialled, "CALLERID(name)": parsed.name}
        facts |= {"CALLERID(num-valid)": "1", "CALLERID(name-valid)": "1"}
        facts["CONNECTEDLINE(num)"] = parsed.dialled
    return Channel(facts=dict(facts))


class NoApplicationError(Exception):
    """There is no application of that name."""


def run(scope: Scope, step: str) -> None:
    """Carry out one step of a case: what these applications do beyond the evaluator is here."""
    app, _, data = step.partition("(")
    apply(scope, app, evaluate(data.rpartition(")")[0], scope).text)


def apply(scope: Scope, app: str, data: str) -> None:
    if app == "Set":
        assign(scope, data)
    elif app == "MSet":
        assign_many(scope, data)
    elif app in {"Exec", "TryExec"}:
        status = "SUCCESS"
        try:
            run(scope, data)
        except NoApplicationError:
            status = "NOAPP"
        except LookupError:
            status = "FAILED"
        if app == "TryExec":
            scope.set("TRYSTATUS", status)
    elif app == "ExecIf":
        raw = re.match(r"(.*?)\?(.*?)(?::(?=[A-Z])(.*))?$", data)
        if raw is None:
            test, name, arguments = args.split(data, limit=3)
            if condition(test):
                apply(scope, name, arguments)
        elif chosen := raw[2] if condition(raw[1]) else raw[3]:
            name, _, arguments = chosen.partition("(")
            apply(scope, name, arguments.rpartition(")")[0])
    elif app == "ClearHash":
        for name in [n for n in scope.variables if n.startswith(f"~HASH~{data}~")]:
            del scope.variables[name]
    elif app == "DBdeltree":
        assert scope.asterisk.database is not None
        for key in [k for k in scope.asterisk.database if k.startswith(f"{data}/")]:
            del scope.asterisk.database[key]
    elif app == "Goto":
        raise LookupError(data)
    elif app != "NoOp":
        raise NoApplicationError(app)


SAID = {
    r"missing '\}'": "AC301",
    r"missing '\]'": "AC302",
    r"Can't find trailing parenthesis": "AC303",
    r"ast_yyerror": "AC307",
    r"Function \S* not registered|could not find func": "AC340",
    r"Function \S* cannot be read$": "AC341",
    r"cannot be written to": "AC342",
    r"non-numeric argument": "AC346",
    r"div(ision)? by zero": "AC347",
    r"regcomp\(\) error": "AC348",
    r"is not possibly a function name": "AC349",
    r"Function '.*' cannot be read!": "AC350",
    r"Wrong args to": "AC351",
    r"avoid unnecessary spaces": "AC353",
    r"Set requires|ignoring entry": "AC354",
    r"doesn't contain parentheses": "AC355",
}
"""Asterisk's sentences and our codes; all others are a function's own: AC343 or AC344."""
TWICE = re.compile(r"doesn't appear to be an available function")
APPLICATIONS = {"app_exec.c", "pbx.c"}
"""What logs while a step runs, besides the evaluator."""


def expected(log: list[dict[str, str]]) -> list[str]:
    """Return the codes for what Asterisk logged, sorted."""
    texts = [entry["text"] for entry in log if not TWICE.search(entry["text"])]
    return sorted(
        next((code for words, code in SAID.items() if re.search(words, text)), "AC343")
        for text in texts
    )


def said(faults: list[Fault]) -> list[str]:
    codes = (fault.code.replace("AC344", "AC343") for fault in faults if fault.rule.logged)
    return sorted(codes)


def cases(name: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return found


def test_all_2678_cases_are_there() -> None:
    assert sum(len(cases(name)) for name in NAMES) == 2678
    assert len(NAMES) == 23


@pytest.mark.parametrize("name", NAMES)
def test_texts_become_what_asterisk_makes_of_them(name: str) -> None:
    for case in cases(name):
        scope = Scope(world_of(case), channel_of(case))
        for variable, value in case["set"].items():
            scope.set(variable, value)
        before: list[Fault] = []
        for step in case.get("do", ()):
            run(scope, step)
            before += scope.faults
        found = evaluate(case["input"], scope)
        assert found.text == case["output"], case
        assert found.is_known, case
        assert said(list(found.faults)) == expected(case.get("log", [])), case
        log = [entry for entry in case.get("do_log", ()) if entry["source"] not in APPLICATIONS]
        assert said(before) == expected(log), case
