"""The lines of one section → what its reader holds then."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import attrs

from asterconf.model.options import Effect, Value, left_codecs, read
from asterconf.model.values import Setting
from asterconf.schema import ObjectFacts, OptionFacts
from asterconf.source import fold

__all__ = ["Collected", "LineFault", "collect", "says_nothing"]


@attrs.frozen
class LineFault:
    """Something wrong with the value of one line, and what its reader does."""

    index: int
    facts: OptionFacts
    problem: str
    effect: Effect
    near: str = ""
    """The known word that the value is nearest to; empty: none is near."""


@attrs.define
class Collected:
    """What the lines of a section say.

    Attributes:
        options: the values that count, by option or by the name of a group.
        lines: the lines that each value comes from, by their index.
        unknown: the lines that no option of the schema covers, by their index.
        faults: what is wrong with values, in file order.
    """

    options: dict[str, Value] = attrs.field(factory=dict)
    lines: dict[str, list[int]] = attrs.field(factory=dict)
    unknown: list[int] = attrs.field(factory=list)
    faults: list[LineFault] = attrs.field(factory=list)


def collect(kind: ObjectFacts, pairs: Iterable[tuple[str, str]]) -> Collected:
    """Return what the reader of a kind of section makes of names and values."""
    found = Collected()
    spelled: dict[str, str] = {}
    last: dict[str, int] = {}
    several: dict[str, tuple[OptionFacts, list[tuple[str, Value]]]] = {}
    for index, (name, text) in enumerate(pairs):
        known = kind.line_key(name)
        if known is None:
            found.unknown.append(index)
            continue
        key, facts = known
        if kind.is_discriminator(facts):
            continue
        key = key if facts.match == "any_name" else spelled.setdefault(fold(key), key)
        if facts.repeat == "first" and key in found.options:
            continue
        last[facts.name] = index
        parsed = read(facts, text)
        if parsed.problem:
            found.faults.append(LineFault(index, facts, parsed.problem, parsed.effect, parsed.near))
        if parsed.value is None:
            continue
        if facts.repeat != "accumulate":
            found.options[key], found.lines[key] = parsed.value, [index]
            continue
        lines = several.setdefault(key, (facts, []))[1]
        if not text and facts.raw.get("empty") == "clears the list":
            lines.clear()
            found.lines[key] = []
        lines.append((facts.name, parsed.value))
        found.lines.setdefault(key, []).append(index)
        found.options.setdefault(key, ())
    found.faults = [fault for fault in found.faults if not _too_early(fault, last)]
    for key, (facts, said) in several.items():
        found.options[key] = _joined(facts, said)
        if says_nothing(facts, found.options[key]):
            del found.options[key]
    return found


def _too_early(fault: LineFault, last: dict[str, int]) -> bool:
    """Tell whether a later line stands in for a bad one whose value is only looked at in the end.

    Observed for SIP URIs and for what an identify matches.
    """
    late = fault.facts.type in {"sip_uri", "header_match"} or "/regex/" in str(fault.facts.raw)
    return late and last[fault.facts.name] != fault.index


def says_nothing(facts: OptionFacts, value: Value) -> bool:
    """Tell whether a value is that of no lines at all: nothing of what each line adds."""
    adds = facts.repeat == "accumulate" and facts.type not in {"list", "codecs"}
    return adds and value == ()


def _joined(facts: OptionFacts, lines: Sequence[tuple[str, Value]]) -> Value:
    """Return what several lines say together."""
    if facts.type == "codecs":
        return left_codecs((name != "disallow", _items(value)) for name, value in lines)
    if facts.group == "lines":
        return tuple(Setting(name, str(value)) for name, value in lines)
    if facts.group.endswith("rules"):
        return tuple(rule for name, value in lines for rule in _rules(name, value))
    if facts.raw.get("key") == "text before the first =":
        by_name = {str(value).partition("=")[0]: value for _, value in lines if value}
        return tuple(by_name.values())
    values: list[Value] = []
    for _, value in lines:
        if isinstance(value, tuple) and facts.type != "fields":
            values.extend(value)
        else:
            values.append(value)
    return tuple(values)


def _items(value: Value) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _rules(name: str, value: Value) -> Iterable[Setting]:
    """Yield one rule a network; a `!` before it turns the rule round."""
    word = "permit" if name.endswith("permit") else "deny"
    other = {"permit": "deny", "deny": "permit"}[word]
    for item in _items(value):
        yield Setting(other if item.startswith("!") else word, item.removeprefix("!"))
