"""What steps of the dialplan call that Asterisk has not: applications, functions, channels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import cache

import attrs

from asterconf import apps
from asterconf.codes import APPLICATIONS, ENDING, Message
from asterconf.diagnostic import Diagnostic
from asterconf.dialplan.places import ContextPlaces
from asterconf.dialplan.values import DialplanStep
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.references.mentions import in_step, pieces
from asterconf.schema import Schema
from asterconf.source import Severity, fold, printable

CODES: Mapping[str, Message] = {
    "unknown-technology": Message(
        "AC919", Severity.WARNING,
        "{by} rings {name!r}, but Asterisk {asterisk} has no channels of that kind: it rings "
        "nobody",
        "use PJSIP, which replaced chan_sip; the call goes on with CHANUNAVAIL",
    ),
    "unknown-function": Message(
        "AC920", Severity.WARNING, "Asterisk {asterisk} has no function {name!r}: it gives nothing",
        "{near}",
    ),
}  # fmt: skip
"""Observed on 22.10.1: "No channel type registered", "Function … not registered"."""

_FUNCTION = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\(")
_WRITTEN = re.compile(r"\s*([A-Za-z_][A-Za-z0-9_]*)\([^=]*=")


class UnknownCalls(TreeRule):
    """What steps call that is not there, unless modules that are not Asterisk's may have it."""

    name = "unknown-calls"
    messages = (*CODES.values(), *(one for one in APPLICATIONS.values() if one.code in ENDING))

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each of them."""
        yield from _unknown(tree)


def _unknown(tree: Tree) -> Iterator[Diagnostic]:
    work = tree.work
    loaded = work.dialplan
    foreign = tree.has_others
    own_functions = foreign or work.has("func_odbc.conf")
    uses = work.plan_uses
    found: dict[tuple[str, str], list[tuple[Message | None, Diagnostic]]] = {}
    for text, step in uses.steps.items():
        wrong = [*_calls(step, work.schema, foreign=foreign, functions=not own_functions)]
        if wrong:
            found[text] = wrong
    for context, at, _, step in uses.standing(found) if found else ():
        places = loaded.contexts.places(context.name)
        if places is not None:
            yield from _placed(found[step.app, step.data], places, at, step, tree.misread)


def _placed(
    found: list[tuple[Message | None, Diagnostic]],
    places: ContextPlaces,
    extension: int,
    step: DialplanStep,
    said: set[tuple[str, int]],
) -> Iterator[Diagnostic]:
    place = places.place(extension, step.priority)
    for rule, one in found:
        if rule is not None or (place.file, place.line) not in said:
            yield attrs.evolve(one, position=place)


def _calls(
    step: DialplanStep, known: Schema, *, foreign: bool, functions: bool
) -> Iterator[tuple[Message | None, Diagnostic]]:
    """Yield what is wrong with one step, without a place; without a rule: of `apps.inspect`."""
    version = known.asterisk
    if fold(step.app) not in known.own_calls and (
        fold(step.app) not in _applications(known) or not step.data
    ):
        app = apps.parse(step.app, step.data, asterisk=version)
        for one in apps.inspect(app, version):
            if one.code in ENDING and not (foreign and one.code == "AC250"):
                yield None, one.at()
    names = _FUNCTION.findall(step.data) if functions and "${" in step.data else []
    if functions and fold(step.app) in {"set", "mset"}:
        names += _WRITTEN.findall(step.data)[:1]
    for name in dict.fromkeys(names):
        if name not in known.functions() and not name.startswith("ODBC_"):
            yield _say("unknown-function", name=name, asterisk=version, near=_near(name, known))
    if "/" in step.data:
        mentions = in_step(step.app, step.data, known)
        for mention in (m for m in mentions if m.by not in known.functions()):
            for piece in pieces(mention, mention.text):
                technology = fold(piece.name.partition("/")[0])
                if piece.kind == "device" and f"chan_{technology}" in known.gone_modules():
                    yield _say(
                        "unknown-technology", by=mention.by, name=piece.name, asterisk=version
                    )


_SEE = "see 'core show functions' there"
_NOW = {
    "CALLERPRES": "CALLERID(pres)", "LANGUAGE": "CHANNEL(language)",
    "MUSICCLASS": "CHANNEL(musicclass)",
}  # fmt: skip
"""What functions of versions before 18 are called now."""


def _near(name: str, known: Schema) -> str:
    """Return what may have been meant by a function that is not there, as a hint."""
    if now := _NOW.get(name.upper()):
        return f"write {now}"
    near = get_close_matches(name.upper(), known.functions(), 1, 0.75)
    return f"there is {near[0]}; see 'core show functions'" if near else _SEE


def _say(rule: str, **facts: str) -> tuple[Message, Diagnostic]:
    made = CODES[rule]
    return made, made.at(None, **{key: printable(value) for key, value in facts.items()})


@cache
def _applications(known: Schema) -> frozenset[str]:
    return frozenset(map(fold, known.applications()))
