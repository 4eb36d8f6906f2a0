"""What a real Asterisk 22.10.1 loaded from 93 files, against what `load_dialplan` makes of them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from asterconf.codes import DIALPLAN, EXPRESSIONS, READING
from asterconf.config import Config
from asterconf.dialplan.loader import HINT, LoadedDialplan, load_dialplan
from asterconf.linter.rules.references.missing import MissingNames
from asterconf.linter.tree import Tree
from asterconf.resolve import Effective, Files, resolve
from asterconf.syntax import parse

VECTORS = sorted((Path(__file__).parents[1] / "vectors" / "dialplan-load").glob("*.conf"))


def effective(content: bytes | str) -> Effective | None:
    name = "extensions.conf"
    return resolve(Files(None, {name: parse(content, name=name)}), name)


def shown(loaded: LoadedDialplan) -> dict[str, Any]:
    """Write a loaded dialplan the way the recordings do."""
    contexts = {}
    for context in loaded.dialplan:
        rows = []
        for extension in context:
            own = {"exten": extension.name, "cid": extension.callerid_match}
            where = (context.name, extension.name, extension.callerid_match)
            if hint := extension.hint:
                texts = {"label": hint.label, "app": hint.text, "data": hint.name}
                line = loaded.origins[*where, HINT].line
                rows.append({**own, "priority": "hint", **texts, "line": line})
            for step in extension.steps:
                texts = {"label": step.label, "app": step.app, "data": step.data}
                line = loaded.origins[*where, step.priority].line
                rows.append({**own, "priority": step.priority, **texts, "line": line})
        contexts[context.name] = {
            "extensions": rows,
            "includes": [include.text for include in context.includes],
            "ignorepats": list(context.ignorepats),
            "switches": [switch.text for switch in context.switches],
            "autohints": context.autohints,
        }
    return {
        "loaded": loaded.loaded,
        "contexts": contexts,
        "globals": dict(loaded.dialplan.globals),
    }


def recorded(path: Path) -> dict[str, Any]:
    vector = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    return {key: vector[key] for key in ("loaded", "contexts", "globals")}


def test_all_93_recordings_are_there() -> None:
    assert len(VECTORS) == 93


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_dialplan_loads_as_asterisk_loads_it(path: Path) -> None:
    loaded = load_dialplan(effective(path.read_bytes()))
    assert shown(loaded) == recorded(path)
    assert "AC226" not in {finding.code for finding in loaded.diagnostics}


SAYINGS: dict[str, str | None] = {
    r"==!!== Unknown directive: .* at line (\d+) of": "AC210",
    r"You have to be kidding-- add exten": None,  # and then: Unable to register
    r"No previous pattern in the first entry of .* at line (\d+) of": "AC212",
    r"Invalid priority '.*' at line (\d+) of": "AC213",
    r"Invalid priority/label '.*' at line (\d+) of": "AC214",
    r"(?:No such label|Cannot find extension) '": None,  # and then: Invalid priority/label
    r"Can't use '(?:next|same)' priority on the first entry at line (\d+) of": "AC215",
    r"Label missing trailing '\)' at line (\d+) of": "AC217",
    r"No closing parenthesis found\? '.*' at line (\d+) of": "AC218",
    r"Unable to register extension '.*' priority .* already in use": None,  # and then:
    r"Unable to register extension at line (\d+) of": "AC211 AC219",
    r"Extension '.*' priority \d+ in '.*', label '.*' already in use": "AC220",
    r"The use of '_[.!]' for an extension .* at line (\d+) of": "AC221",
    r"Context '.*' already included in '.*' context on include at line (\d+) of": "AC222",
    r"Unable to include ignorepat '.*' in context '.*' at line (\d+) of": "AC223",
    r"Unable to include switch '.*' in context '.*' at line (\d+) of": "AC224",
    r"Context '.*' tries to include nonexistent context '": "AC225",
    r"Error in extension logic \(missing '}'\)": "AC301",
    r"Can't find trailing parenthesis for function '": "AC303",
    r"(?:'.*' isn't a valid start time|Invalid time range starting with)": "AC310",
    r"Invalid day of week '.*', skipping element": "AC311",
    r"Invalid day '.*', skipping element": "AC312",
    r"Invalid month '.*', skipping element": "AC313",
    r"Function .* not registered": "AC340",
    r"No '=' \(equal sign\) in line (\d+) of": "AC003",
    r"No variable name in line (\d+) of": "AC004",
    r"parse error: no closing '\]', line (\d+) of": "AC006",
    r"Cannot perform #exec unless execincludes option is enabled": "AC010",
    r"The file '.*' was listed as a #include but it does not exist": "AC011",
    r"parse error: No category context for line (\d+) of": "AC101",
    r"Inheritance requested, but category '.*' does not exist, line (\d+) of": "AC102",
    # Lookups, and the tree that only extenpatternmatchnew uses: the same thing said again.
    r"Wrong usage of \[\] in the extension|Empty character set in exten|A matching '\]'": None,
}
"""What Asterisk says while it loads, and our codes for it; in parentheses the line."""

LOGGED = {
    rule.code
    for table in (READING, DIALPLAN, EXPRESSIONS)
    for rule in table.values()
    if rule.logged
} - {EXPRESSIONS["function-refused"].code}
"""What Asterisk logs; what a function says of its arguments is not in the recordings."""


def said(warning: str) -> tuple[str, int | None] | None:
    """Return our codes for a warning, and its line; None: it says nothing of its own."""
    text = warning.partition(": ")[2]
    (found,) = [(c, m) for p, c in SAYINGS.items() if (m := re.match(p, text))]
    code, match = found
    return None if code is None else (code, int(match[1]) if match.groups() else None)


@pytest.mark.parametrize("path", VECTORS, ids=lambda path: path.stem)
def test_what_asterisk_warns_of_is_said_by_code_and_line(path: Path) -> None:
    read = effective(path.read_bytes())
    assert read is not None
    warnings = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))["warnings"]
    expected = sorted({found for found in map(said, warnings) if found}, key=repr)
    conf = Config.from_texts({"extensions.conf": path.read_bytes()})
    includes = [d for d in MissingNames().check(Tree(conf.workspace)) if d.code == "AC225"]
    found = (*read.odd, *load_dialplan(read).diagnostics)
    ours = [*(d for d in found if d.code in LOGGED), *includes]
    left = {(d.code, d.position and d.position.line) for d in ours}
    for codes, line in expected:
        mine = {(c, n) for c, n in left if c in codes.split() and line in {None, n}}
        assert mine, (codes, line)
        left -= mine
    assert left == set()


def test_place_of_a_joined_step_is_its_first_line() -> None:
    loaded = load_dialplan(effective("[c]\nexten = 1,1,NoOp(\nexten += x)\n"))
    assert loaded.origins["c", "1", None, 1].line == 2


@pytest.mark.parametrize(
    ("line", "extension"),
    [
        ("exten=>,1,NoOp(x)", None),
        ("exten=>,hint,PJSIP/x", None),
        ("exten=>>,1,NoOp(x)", (">", None)),
        ("exten => 5/[2-4],1,NoOp(x)", ("5", "[24]")),
        ("exten => 5/_[2-4],1,NoOp(x)", ("5", "_[2-4]")),
        ("exten => 100/_]-X,1,NoOp(x)", ("100", "_]X")),
        ("exten => _1[2/3]-X,1,NoOp(x)", ("_1[2", "3]X")),
        ("exten => 5/_[[2-3]-4]-5,1,NoOp(x)", ("5", "_[[2-3]4]5")),
        ("exten => 5/_[2-3]]-4,1,NoOp(x)", ("5", "_[2-3]]4")),
    ],
)
def test_names_and_conditions_as_22_holds_them(line: str, extension: object) -> None:
    conf = Config.from_texts({"extensions.conf": f"[a]\n{line}\nexten => 0,1,NoOp()\n"})
    (context,) = conf.dialplan.contexts
    held = {(e.name, e.callerid_match) for e in context.extensions} - {("0", None)}
    assert held == ({extension} if extension else set())
    assert bool([d for d in conf.check() if "exten" in d.message]) == (extension is None)


def test_a_hint_is_substituted_for_a_call_without_a_step() -> None:
    text = "[a]\nexten => 5,hint,PJSIP/x${PRIORITY}-$[${PRIORITY}+1]-${EXTEN}@${CONTEXT}\n"
    (hint,) = Config.from_texts({"extensions.conf": text}).dialplan.contexts[0].extensions
    assert hint.hint is not None
    assert hint.hint.devices == ("PJSIP/x0-1-5@a",)
