"""Names that stand for nothing: references to sections and mailboxes that are not there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asterconf import schema
from asterconf.bind.findings import Lines, family
from asterconf.codes import Rule
from asterconf.diagnostic import Diagnostic
from asterconf.linter.targets import Targets
from asterconf.model.configobject import ConfigObject
from asterconf.model.options import Collected, Value
from asterconf.schema import OptionFacts, ReferenceFacts
from asterconf.source import Severity, fold, printable

__all__ = ["CODES", "dangling"]

_E, _W = Severity.ERROR, Severity.WARNING

CODES: Mapping[str, tuple[Rule, ...]] = {
    "refused": (
        Rule("AC420", _E, "{option} names {what} {name!r}, which does not exist", "{near}"),
        Rule("AC534", _E, "{option} names {what} {name!r}, which does not exist", "{near}"),
        Rule("AC615", _E, "{option} names {what} {name!r}, which does not exist", "{near}"),
    ),
    "dangling": (
        Rule("AC421", _W, "{option} names {what} {name!r}, which does not exist", "{near}",
             logged=False),
        Rule("AC535", _W, "{option} names {what} {name!r}, which does not exist", "{near}",
             logged=False),
        Rule("AC616", _W, "{option} names {what} {name!r}, which does not exist", "{near}",
             logged=False),
    ),
    "module-gone": (
        Rule("AC618", _W, "{name} is not part of Asterisk 22 any more", "remove the line"),
    ),
    "module-needed": (
        Rule("AC619", _E, "{name} is not part of Asterisk 22 any more, so it does not start",
             "remove the line"),
    ),
}  # fmt: skip

_CALLED = {
    "context": "the context", "named_acl": "the ACL", "class": "the music class",
    "country": "the tone zone", "zonemessages": "the time zone", "rule": "the rule",
    "parking_lot": "the parking lot", "applicationmap": "the feature", "client": "the client",
}  # fmt: skip


def dangling(
    lines: Lines, obj: ConfigObject, found: Collected, targets: Targets
) -> Iterator[Diagnostic]:
    """Yield what the options of a section name and what is not there."""
    for key, value in obj.options:
        known = obj.facts.key(key)
        facts = known[1] if known else None
        if facts is None or not facts.references:
            continue
        for index, item in _items(lines, found, key, value):
            missing = _missing(facts, item, targets)
            if missing is not None:
                reference, name, near = missing
                rule = CODES["refused" if reference.raw.get("checked_at_load") else "dangling"]
                text = {
                    "option": printable(lines.pairs[index][0]),
                    "what": _CALLED.get(reference.object, f"the {reference.object}"),
                    "name": printable(name),
                }
                if reference.raw.get("form") == "box@context":
                    text["what"] = "the mailbox"
                made = rule[family(lines.kind.file)]
                hint = f"did you mean {near}?" if near else f"add it to {reference.file}"
                place = lines.place(index)
                yield Diagnostic(made.code, made.severity, made.message.format(**text), place, hint)
    if lines.kind.file == "modules.conf":
        yield from _modules(lines)


def _items(lines: Lines, found: Collected, key: str, value: Value) -> Iterator[tuple[int, str]]:
    """Yield each name that an option says, with the index of its line."""
    indices = found.lines.get(key, [])
    for item in value if isinstance(value, tuple) else (value,):
        text = item[0] if isinstance(item, tuple) and item else item
        if not isinstance(text, str):
            continue
        index = next((i for i in indices if text and text in lines.pairs[i][1]), None)
        if index is not None:
            yield index, text


def _missing(
    facts: OptionFacts, item: str, targets: Targets
) -> tuple[ReferenceFacts, str, str] | None:
    """Return the reference that an item fails, with the name and what is near to it.

    An item is fine if one of the alternatives is, or is not known to be wrong.
    """
    failed: tuple[ReferenceFacts, str, str] | None = None
    if "${" in item or "$[" in item:
        return None
    for reference in facts.references:
        raw = reference.raw
        if raw.get("soft") or raw.get("creates") or raw.get("by") in {"options", "hint"}:
            return None
        if str(raw.get("by", "")).startswith("option:") or "inside" in raw or not reference.file:
            return None
        name = _named(reference, item)
        if name is None:
            continue
        if name in raw.get("builtin", ()) or (not name and facts.default is not None):
            return None
        names = targets.names(reference.file, reference.object, raw.get("by", ""))
        if names is None:
            if raw.get("checked_at_load") and targets.absent(reference.file):
                return reference, name, ""
            return None
        if _is_in(reference, name, names):
            return None
        failed = failed or (reference, name, printable(targets.near(name, names)))
    return failed


def _named(reference: ReferenceFacts, item: str) -> str | None:
    """Return what an item names, `None` if the item has not the form of this reference."""
    form = reference.raw.get("form", "")
    if form == "box@context":
        box, at, context = item.partition("@")
        return f"{box}@{context if at else reference.raw.get('default_context', 'default')}"
    if form == "PJSIP/<endpoint>":
        head, slash, rest = item.partition("/")
        endpoint, uri, _ = rest.partition("/")
        endpoint = endpoint if uri else rest.rpartition("@")[2]
        return endpoint if slash and head == "PJSIP" else None
    if form.startswith("Local/"):
        head, slash, rest = item.partition("/")
        context = rest.partition("@")[2].partition("/")[0]
        return context or None if slash and head == "Local" else None
    if form:
        return None
    if reference.file == "extensions.conf" and "," in item:  # a subroutine
        return item.partition(",")[0]
    return item


def _is_in(reference: ReferenceFacts, name: str, names: frozenset[str]) -> bool:
    if name in names:
        return True
    exact = {"context", "endpoint", "aor", "auth", "transport"}
    return reference.object not in exact and fold(name) in {fold(n) for n in names}


def _modules(lines: Lines) -> Iterator[Diagnostic]:
    """Say which modules are to be loaded that are gone."""
    for index, (option, value) in enumerate(lines.pairs):
        word, name = fold(option), value.removesuffix(".so")
        if name in schema.gone_modules() and word in {"load", "preload", "require",
                                                      "preload-require"}:  # fmt: skip
            rule = CODES["module-needed" if "require" in word else "module-gone"][0]
            message = rule.message.format(name=printable(name))
            yield Diagnostic(rule.code, rule.severity, message, lines.place(index), rule.hint)
