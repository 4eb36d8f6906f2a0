"""What the PJSIP wizard makes of a section, next to what Asterisk 22.10.1 made of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from asterconf import schema
from asterconf.bind.wizard import PjsipObject, WizardSection
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan import load_dialplan
from asterconf.linter.rules.sections.check import section_findings
from asterconf.linter.rules.sections.lines import Lines
from asterconf.model.options import read
from asterconf.model.values import Secret
from asterconf.resolve import Files, resolve
from asterconf.source import Severity
from asterconf.syntax import parse

FOLDER = Path(__file__).parent / "vectors" / "wizard"
CASES = sorted(FOLDER.glob("*.conf"))
DEFAULTS = json.loads((FOLDER / "defaults.json").read_text())["defaults"]
PROVIDED = {"AUTH_ID", "ENDPOINT_ID", "SECRET", "SERVER_PORT", "TRANSPORT_ID", "USERNAME"}
"""Variables that the phone provider takes from the endpoint and its auth by itself."""


def shown(kind: str, option: str, value: Any) -> Any:
    """Return a value of the record as the typed one; lists in an order of their own."""
    if option.startswith("@") or kind == "phoneprov":
        return value
    pjsip = schema.file("pjsip.conf")
    facts = pjsip.objects[kind].option(option) if pjsip else None
    assert facts is not None, option
    if option == "allow":
        value = value.strip("()").replace("|", ",").replace("nothing", "!all")
        return tuple(w for w in read(facts, value).value if w != "!all")  # type: ignore[union-attr]
    if option in {"contact", "match"}:
        return sorted(
            item.replace("/255.255.255.255", "").replace("/255.255.0.0", "/16") for item in value
        )
    if option == "set_var":
        return tuple(value)
    return plain(read(facts, value).value)


def plain(value: Any) -> Any:
    """Return a secret revealed, anything else as it is."""
    return value.reveal() if isinstance(value, Secret) else value


def said(made: PjsipObject) -> tuple[dict[str, Any], list[Diagnostic]]:
    """Return the options of an object that are not the defaults, and what is wrong with it."""
    pjsip = schema.file("pjsip.conf")
    assert pjsip is not None
    obj, _, found = section_findings(Lines.made(made, pjsip.objects[made.kind]))
    known: dict[str, Any] = dict(obj.options)
    for name in ("contact", "match"):
        if name in known:
            known[name] = sorted(known[name])
    marks = {o.name: o.value for o in made.options if o.name.startswith("@")}
    defaults = DEFAULTS[made.kind]
    own = {
        name: plain(value)
        for name, value in known.items()
        if name not in defaults or plain(value) != shown(made.kind, name, defaults[name])
    }
    return own | marks, found


@pytest.mark.parametrize("case", CASES, ids=lambda path: path.stem)
def test_the_wizard_makes_what_asterisk_made(case: Path) -> None:
    expected = json.loads(case.with_suffix(".json").read_text())
    text = case.read_text()
    name = "pjsip_wizard.conf"
    effective = resolve(Files(None, {name: parse(text, name=name)}), name)
    assert effective is not None
    common = FOLDER / "common" / "extensions.conf"
    files = Files(None, {"extensions.conf": parse(common.read_bytes(), name="extensions.conf")})
    dialplan = load_dialplan(resolve(files, "extensions.conf")).dialplan
    made: dict[str, dict[str, Any]] = {}
    hints: dict[str, list[dict[str, str]]] = {}
    odd: list[Diagnostic] = []
    for section in effective.live:
        wizard = WizardSection.read(section)
        for one in wizard.objects(odd) if wizard else ():
            options, found = said(one)
            errors = [d for d in found if d.severity is Severity.ERROR]
            odd += errors
            if not errors:
                made.setdefault(one.kind, {})[one.id] = options
        for context, exten, priority, app in wizard.hints() if wizard else ():
            there = (
                [s.priority for e in dialplan[context] if e.name == exten for s in e.steps]
                if (context in dialplan)
                else []
            )
            if priority == "hint" or int(priority) not in there:
                entry = {"exten": exten, "priority": priority, "app": app}
                hints.setdefault(context, []).append(entry)
    wanted = {
        kind: {
            name: {
                option: shown(kind, option, value)
                for option, value in options.items()
                if kind != "phoneprov" or option not in PROVIDED
            }
            for name, options in objects.items()
        }
        for kind, objects in expected["objects"].items()
    }
    assert made == wanted
    assert hints == expected["hints"]
    logged = {e["message"] for e in expected["log"] if "hint" not in e["message"]}
    assert bool(odd) == bool(logged)


def test_all_recorded_cases_are_there() -> None:
    assert len(CASES) == 40
