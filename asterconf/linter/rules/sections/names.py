"""Options that Asterisk does not have: unknown, gone or deprecated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from functools import lru_cache

from asterconf import schema
from asterconf.diagnostic import Diagnostic, Message
from asterconf.linter.rules.sections.lines import Lines
from asterconf.model.options import Collected
from asterconf.schema import ObjectFacts, OptionFacts
from asterconf.source import Severity, fold, is_true, printable

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

NAMES: Mapping[str, tuple[Message, ...]] = {
    "option-refused": Message.each(
        "AC409 AC523 AC604", _E, "{kind} has no option {option!r}, so Asterisk {refuses}",
        "{near}",
    ),
    "option-ignored": Message.each(
        "AC410 AC524 AC605", _W, "{kind} has no option {option!r}, the line has no effect",
        "{near}", verified="behaviour",
    ),
    "option-gone": Message.each(
        "AC411 AC525 AC606", _W, "{option} has no effect any more", "{near}", verified="behaviour",
    ),
    "option-old": Message.each(
        "AC412 AC526 AC607", _A, "{option} is deprecated", "{near}", verified="source",
    ),
}  # fmt: skip
"""By name."""

OLD = frozenset(one.code for one in NAMES["option-old"])
"""The codes of options that are deprecated."""

_NEAR = 0.75
"""How alike a name and a known one are, so that it is said."""

_OPEN_ENDED = {"iax.conf", "users.conf"}
"""Files of which the schema does not know every option."""


def unknown_option(lines: Lines, index: int) -> Diagnostic | None:
    """Return the finding about a line that the schema does not know, if it deserves one."""
    kind, (name, _) = lines.kind, lines.pairs[index]
    file = kind.schema.file(kind.file)
    assert file is not None
    if (name.startswith("@") and file.loader == "sorcery") or not name:
        return None
    effect, refuses = lines.consequence()
    if kind.file in _OPEN_ENDED or kind.raw.get("unknown_option") == "accepted":
        return None
    prefix, slash, rest = name.partition("/")
    known, general = _known_names(kind), file.loader != "sorcery" and fold(lines.name) == "general"
    of = "general" if general else kind.name
    passing = kind.options.get(f"{prefix}/*") if slash and rest else None
    if passing is not None:
        target = passing.references[0].object
        effect, refuses = "refused", f"refuses {target} {printable(lines.name)!r} of the wizard"
        passed_to = kind.schema.file("pjsip.conf")
        names = _known_names(passed_to.objects[target]) if passed_to else []
        known, of = [f"{prefix}/{n}" for n in names], target
    near = _nearest(name, tuple(known))
    hint = f"did you mean {near[0]}?" if near else "remove the line"
    if others := list(_elsewhere(kind, name)):
        hint = f"it is an option of {' and '.join(others[:3])}"
    elif kind.file == "pjsip.conf":
        said = _of_chan_sip(name)
        hint = hint if near and f" {near[0]} " in said.replace(",", " ") else said or hint
    finding = "option-ignored" if effect == "ignored" else "option-refused"
    texts = {"kind": of, "option": printable(name), "refuses": refuses, "near": hint}
    return lines.said(NAMES[finding], lines.place(index), **texts)


def _elsewhere(kind: ObjectFacts, name: str) -> Iterator[str]:
    """Yield the other kinds of section of a file that have an option."""
    file, gone = kind.schema.file(kind.file), kind.schema.gone_names("option")
    for one in file.objects.values() if file else ():
        if one.name != kind.name and name in _known_names(one):
            yield from () if f"{kind.file}/{one.name}/{name}" in gone else (one.name,)


def misspelt(lines: Lines, found: Collected) -> Iterator[str]:
    """Yield the options that lines of no known option may have been meant for."""
    known = tuple(_known_names(lines.kind))
    for index in found.unknown:
        yield from _nearest(lines.pairs[index][0], known)


@lru_cache(4096)
def _nearest(name: str, known: tuple[str, ...]) -> list[str]:
    """Return the option that may have been meant; none is near: nothing. Sections repeat names."""
    return get_close_matches(name, known, 1, _NEAR)


def _of_chan_sip(name: str) -> str:
    """Return what stands in pjsip.conf for an option of sip.conf; empty: it is none, or nothing."""
    facts = schema.file("sip.conf")
    known = facts.objects["peer"].option(name) if facts else None
    places: dict[str, list[str]] = {}
    for one in known.raw.get("maps_to", ()) if known else ():
        kind, _, option = one.partition(".")
        places.setdefault(kind, []).append(option)
    said = [f"{', '.join(options)} of the {kind}" for kind, options in places.items()]
    return f"{name} was an option of chan_sip: write {' and '.join(said)}" if said else ""


def _known_names(kind: ObjectFacts) -> list[str]:
    return [o.name for o in kind.options.values() if o.match == "name" and o.type != "noop"]


def old_options(lines: Lines, found: Collected) -> Iterator[Diagnostic]:
    """Yield findings about options that are without effect or deprecated."""
    for index, (name, value) in enumerate(lines.pairs):
        facts = lines.kind.option(name) if index not in found.unknown else None
        if facts is None:
            continue
        raw, option = facts.raw, printable(name)
        if facts.type == "ignored":
            moved = raw.get("moved_to") or raw.get("deprecated")
            near = f"it is now in {moved}" if raw.get("moved_to") else f"use {moved}"
            near = near if moved else "remove the line"
            yield lines.said(NAMES["option-gone"], lines.place(index), option=option, near=near)
        elif raw.get("deprecated"):
            texts = {"option": option, "near": _instead(facts, value)}
            yield lines.said(NAMES["option-old"], lines.place(index), **texts)
        elif fold(name) in map(fold, raw.get("aliases_deprecated", ())):
            texts = {"option": option, "near": f"use {facts.name}"}
            yield lines.said(NAMES["option-old"], lines.place(index), **texts)


def _instead(facts: OptionFacts, value: str) -> str:
    """Return what to write for an option that is deprecated, as a hint."""
    now = str(facts.raw["deprecated"])
    off = facts.type == "bool" and "=" in now and not is_true(value)  # random=no, for sort=random
    return "remove the line" if off else f"use {now}"
