"""What the chosen Asterisk does not read or run any more, a finding for each kind of it.

Source: schema/data/overlay.json, from the documentation of 18 to 23; apps.GONE.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Final, NamedTuple

from asterconf import apps
from asterconf.apps import GONE
from asterconf.codes import Message, messages
from asterconf.diagnostic import Diagnostic, places
from asterconf.dialplan.values import DialplanContext, DialplanStep
from asterconf.schema import Schema, base_name
from asterconf.source import Position, count, fold
from asterconf.workspace import Workspace

CODES: Final = messages("gone")

_COUNTED = {
    "chan-sip-peer": "peer", "device-gone": "device", "letters-gone": "option",
    "modules-gone": "module", "options-gone": "option",
}  # fmt: skip
"""What is counted, where it is not steps."""

_INSTEAD: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "device-gone": ("call a device of a driver that is there", {"SIP/": "PJSIP/name"}),
    "steps-gone": ("", GONE),
    "steps-optional": ("", {"MeetMe": "ConfBridge(…)"}),
    "functions-gone": (
        "see 'core show functions' there",
        {
            "SIP_HEADER": "PJSIP_HEADER(read,…)",
            "SIP_HEADERS": "PJSIP_HEADERS(…)",
            "SIPPEER": "PJSIP_ENDPOINT(…), PJSIP_AOR(…) or PJSIP_CONTACT(…)",
            "VALID_EXTEN": "DIALPLAN_EXISTS(…)",
        },
    ),
    "letters-gone": ("remove them", {"M of Dial": "U(…)", "M of Queue": "its argument gosub"}),
    "options-gone": ("", {"automon of features.conf": "automixmon"}),
}
"""What to do about a kind of thing, and what to write for some of them."""

_DEVICE = re.compile(
    r"(?<![\w/.$-])(SIP|MGCP|Skinny|H323|mISDN|Zap|VPB|Gtalk|Jingle|NBS|usbradio)/(?=[\w$*+])",
    re.IGNORECASE,
)
_TEXTS = {"noop", "verbose", "log", "sendtext", "playback", "background"}
"""Applications whose arguments name no device."""

_PLACES = 3
_NAMES = 6


class _Found(NamedTuple):
    kind: str
    name: str
    place: Position | None


_SAME = {"device-gone": "AC919", "steps-gone": "AC251", "functions-gone": "AC920"}
"""What is said of one line with such a thing, where no summary says it."""


def gone(
    work: Workspace,
    found: Iterable[Diagnostic] = (),
    silenced: Callable[[str, Position | None], bool] = lambda *_: False,
) -> list[Diagnostic]:
    """Return other findings, and one for each kind of thing that its Asterisk does not have.

    What a summary says of a line is not said by a finding of its own. A summary leaves out the
    places where its code is `silenced`.
    """
    kinds: dict[str, list[_Found]] = {}
    loaded = {base_name(name) for name in work.names}
    plan = _in_plan(work) if "extensions.conf" in loaded else ()
    for one in (*plan, *_in_files(work, loaded)):
        kinds.setdefault(one.kind, []).append(one)
    told = {
        (_SAME[one.kind], one.place.file, one.place.line): one.name
        for several in kinds.values()
        for one in several
        if one.kind in _SAME and one.place is not None
    }
    rest = [one for one in found if not _is_told(one, told)]
    version = work.schema.asterisk
    for kind, rule in CODES.items():
        if left := [one for one in kinds.get(kind, ()) if not silenced(rule.code, one.place)]:
            rest.append(_summary(rule, kind, left, version))
    return rest


def gone_options(work: Workspace) -> frozenset[tuple[str, int]]:
    """Return file and line, from 1, of each option for which a summary says the file is refused."""
    loaded = {base_name(name) for name in work.names}
    every = (one for name in loaded for one in _in_sections(work, name))
    found = (one for one in every if one.kind == "options-gone")
    return frozenset((one.place.file, one.place.line) for one in found if one.place is not None)


def _is_told(one: Diagnostic, told: Mapping[tuple[str, str, int], str]) -> bool:
    place = one.position
    name = told.get((one.code, place.file, place.line)) if place is not None else None
    return name is not None and fold(name) in fold(one.message)


def _summary(rule: Message, kind: str, found: list[_Found], version: str) -> Diagnostic:
    names = Counter(one.name for one in found)
    said = [f"{name} ({number})" if number > 1 else name for name, number in names.most_common()]
    shown = len(said) if kind == "modules-gone" else _NAMES
    rest = f" and {len(said) - shown} more" if len(said) > shown else ""
    otherwise, known = _INSTEAD.get(kind, ("", {}))
    write = [f"for {name} write {now}" for name in names if (now := known.get(name))][:_PLACES]
    instead = "; ".join(write) or otherwise
    joined = "; " if instead and not rule.hint.startswith("{") else ""
    first = [(one.place, one.name) for one in found if one.place is not None][:_PLACES]
    return rule.at(
        None,
        first,
        asterisk=version,
        count=count(len(found), _COUNTED.get(kind, "step")),
        files=" and ".join(sorted({_sip_file(one.place) for one in found})),
        names=", ".join(said[:shown]) + rest,
        instead=joined + instead,
    )


def _sip_file(place: Position | None) -> str:
    """Return which of the files that chan_sip read has a peer; an included one is part of it."""
    return "users.conf" if place is not None and place.file == "users.conf" else "sip.conf"


# -- files ----------------------------------------------------------------------------------------


def _in_files(work: Workspace, loaded: set[str]) -> Iterator[_Found]:
    peers = work.chan_sip.peers if "sip.conf" in loaded else {}
    for name, bound in peers.items() if work.schema.removed("sip.conf") else ():
        yield _Found("chan-sip-peer", name, bound.where())
    for queue in work.queues.objects.values() if "queues.conf" in loaded else ():
        for index, member in enumerate(queue.obj.members):
            found = _DEVICE.match(member.interface)
            if found and _is_gone(found[1], work.schema):
                yield _Found("device-gone", f"{found[1]}/", queue.where(f"members[{index}]"))
    for name in sorted(loaded):
        yield from _in_sections(work, name)


def _in_sections(work: Workspace, name: str) -> Iterator[_Found]:
    """Yield the modules of modules.conf that are gone, and the options that cost their file."""
    facts = work.schema.file(name)
    strict = facts is not None and facts.loader == "aco"
    options = [one for one in work.schema.gone_names("option") if one.startswith(f"{name}/")]
    options = options if strict else []
    effective = work.resolve(name) if options or name == "modules.conf" else None
    for section in effective.live if effective is not None and effective.valid else ():
        for index, (option, value) in enumerate(section.pairs):
            word, module = fold(option), value.removesuffix(".so")
            loads = name == "modules.conf" and word in _LOADS  # for the others, AC619 says more
            if loads and module in work.schema.gone_modules():
                yield _Found("modules-gone", module, section.item(index).origin)
            kind = section.kind.name if section.kind else ""
            if f"{name}/{kind}/{word}" in options:
                yield _Found("options-gone", f"{option} of {name}", section.item(index).origin)


_LOADS = {"load", "preload"}


# -- the dialplan ---------------------------------------------------------------------------------


def _in_plan(work: Workspace) -> Iterator[_Found]:
    known = work.schema
    inside = {text: tuple(_of_step(step, known)) for text, step in work.plan_uses.steps.items()}
    for context in work.dialplan.dialplan.contexts:
        for at, extension in enumerate(context.extensions):
            for device in extension.hint.devices if extension.hint is not None else ():
                if (found := _DEVICE.match(device)) and _is_gone(found[1], known):
                    place = _place(context, f"extensions[{at}].hint")
                    yield _Found("device-gone", f"{found[1]}/", place)
            for index, step in enumerate(extension.steps):
                for kind, name in inside[step.app, step.data]:
                    place = _place(context, f"extensions[{at}].steps[{index}]")
                    yield _Found(kind, name, place)


def _place(context: DialplanContext, path: str) -> Position | None:
    return places(context).get(path)


_GONE = {fold(name): name for name in GONE}
_ENDS = {"AC254": "separators-gone", "AC259": "letters-gone"}


@cache
def _gone_functions(known: Schema) -> re.Pattern[str]:
    """Return what a call of a function that is gone looks like."""
    return re.compile(rf"\b({'|'.join(sorted(known.gone_names('function'))) or '(?!)'})\(")


def _is_gone(technology: str, known: Schema) -> bool:
    """Tell whether there is no channel driver of that name; up to 20 some were there yet."""
    chan_sip = known.removed("sip.conf")
    return chan_sip is not None or f"chan_{fold(technology)}" in known.gone_modules()


def _of_step(step: DialplanStep, known: Schema) -> Iterator[tuple[str, str]]:
    """Yield the kind and name of each thing in a step that is gone."""
    word, data = fold(step.app), step.data
    there = apps.facts(word, known.asterisk)
    if word in _GONE and not there.name:
        yield "steps-gone", _GONE[word]
        return
    if "|" in word and apps.facts(word.partition("|")[0], known.asterisk).name:
        yield "separators-gone", step.app.partition("|")[0]
        return
    if not there.installed:
        yield "steps-optional", step.app
    if "(" in data:
        called = _gone_functions(known).findall(data)
        yield from (("functions-gone", name) for name in dict.fromkeys(called))
    if "/" in data and word not in _TEXTS:
        called = [name for name in _DEVICE.findall(data) if _is_gone(name, known)]
        yield from (("device-gone", f"{name}/") for name in dict.fromkeys(called))
    letters = {x for x in set(data) if f"{there.name}/{x}" in known.gone_names("letter")}
    if "|" in data or letters:
        for fault in apps.inspect(step.application, known.asterisk):
            kind = _ENDS.get(fault.code)
            letter = str(step.application)[slice(*fault.span)][:1]
            if kind == "separators-gone":
                yield kind, step.app
            elif kind == "letters-gone" and letter in letters:
                yield kind, f"{letter} of {step.app}"
