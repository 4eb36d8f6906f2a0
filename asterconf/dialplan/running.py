"""The dialplan of a running Asterisk, as it shows it: a value like that of a file.

So dialplans of AEL, of Lua modules and of programs can be looked at and called, too.

Source: main/pbx.c, show_dialplan_helper and manager_show_dialplan_helper.
Checked on Asterisk 22.10.1: tests/live/test_dialplan_made.py.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import attrs

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
    Hint,
    Include,
    Switch,
)
from asterconf.errors import ParseError

__all__ = ["read_ami", "read_show"]

_CONTEXT = re.compile(r"\[ Context '(.*)' created by '.*' \]\Z")
_FIRST = re.compile(r"  '(.*?)'(?: \(CID match '(.*?)'\))? =>\s+(.*)\Z")
_NEXT = re.compile(r"     (?:\[(.*?)\])?\s+(.*)\Z")
_STEP = re.compile(r"(\d+)\. ([^(]*)\((.*)\)\s+\[[^\]]*\]\Z")
_HINT = re.compile(r"hint: (.*?)\s+\[[^\]]*\]\Z")
_PART = re.compile(r"  (Include|Ignore pattern|Alt\. Switch) =>\s+'(.*)'\s+\[[^\]]*\]\Z")


@attrs.define
class _Draft:
    """A context that is being read."""

    name: str
    extensions: dict[tuple[str, str | None], list[DialplanStep]] = attrs.field(factory=dict)
    hints: dict[tuple[str, str | None], Hint] = attrs.field(factory=dict)
    includes: list[Include] = attrs.field(factory=list)
    ignorepats: list[str] = attrs.field(factory=list)
    switches: list[Switch] = attrs.field(factory=list)

    def part(self, kind: str, text: str) -> None:
        if kind == "Include":
            name, comma, timing = text.partition(",")
            self.includes.append(Include(name, timing, comma))
        elif kind == "Ignore pattern":
            self.ignorepats.append(text)
        else:
            self.switches.append(Switch("switch", *_switch(text)))

    def made(self) -> DialplanContext:
        """Return the context that was read."""
        return DialplanContext(
            self.name,
            tuple(
                DialplanExtension(name, condition, tuple(steps), self.hints.get((name, condition)))
                for (name, condition), steps in self.extensions.items()
            ),
            tuple(self.includes),
            tuple(self.ignorepats),
            tuple(self.switches),
        )


def _switch(text: str) -> tuple[str, str]:
    name, _, data = text.partition("/")
    return name, data


def read_show(text: str) -> Dialplan:
    """Return the dialplan that `dialplan show` printed.

    The text has no labels of first steps and no global variables; arguments that Asterisk cuts
    there are cut here.

    Raises:
        ParseError: it is no such text.
    """
    drafts: list[_Draft] = []
    key: tuple[str, str | None] = ("", None)
    for line in text.splitlines():
        context = _CONTEXT.match(line)
        if context:
            drafts.append(_Draft(context[1]))
            continue
        if not drafts or not line.strip() or line.startswith("-="):
            continue
        part, first = _PART.match(line), _FIRST.match(line)
        if part:
            drafts[-1].part(part[1], part[2])
            continue
        if first:
            key = (first[1], first[2])
            drafts[-1].extensions.setdefault(key, [])
        following = None if first else _NEXT.match(line)
        if not first and not following:
            continue
        rest = first[3] if first else following[2] if following else ""
        _add(drafts[-1], key, following[1] if following else None, rest)
    if not drafts:
        raise ParseError("there is no context in it: is it what `dialplan show` prints?")
    return Dialplan(tuple(draft.made() for draft in reversed(drafts)))


def _add(draft: _Draft, key: tuple[str, str | None], label: str | None, text: str) -> None:
    step, hint = _STEP.match(text), _HINT.match(text)
    if step:
        draft.extensions[key].append(DialplanStep(int(step[1]), step[2], step[3], label))
    elif hint:
        draft.hints[key] = Hint(tuple(hint[1].split("&")))


def read_ami(events: Iterable[Mapping[str, str]]) -> Dialplan:
    """Return the dialplan of the `ListDialplan` events that AMI's ShowDialPlan answers with.

    They have no caller-id conditions: extensions of one name are taken for one.
    """
    drafts: dict[str, _Draft] = {}
    for event in events:
        if event.get("Event") != "ListDialplan":
            continue
        draft = drafts.setdefault(event["Context"], _Draft(event["Context"]))
        names = {"IncludeContext": "Include", "IgnorePattern": "Ignore pattern"}
        found = next((n for n in (*names, "Switch") if n in event), None)
        if found is not None:
            draft.part(names.get(found, found), event[found])
        elif "Extension" in event:
            key = (event["Extension"], None)
            steps = draft.extensions.setdefault(key, [])
            if event["Priority"] == "hint":
                draft.hints[key] = Hint(tuple(event["Application"].split("&")))
            else:
                steps.append(
                    DialplanStep(
                        int(event["Priority"]), event["Application"], event.get("AppData", ""),
                        event.get("ExtensionLabel"),
                    )
                )  # fmt: skip
    return Dialplan(tuple(draft.made() for draft in drafts.values()))
