"""The pages of the schema: what Asterisk knows of each of its files."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from asterconf import schema
from asterconf.differ.differences import Impact, facts, impact_of
from asterconf.schema import FileFacts, ObjectFacts, OptionFacts
from generator import text
from generator.types import TYPES

__all__ = ["files", "index", "page"]

_INDEX = """\
# Schema

What Asterisk 22.10.1 knows of its configuration files: {options:,} options of {kinds} kinds of
section in {files} files, read from its source and documentation and compared with a running one.
"Counts" says which of several lines of one name counts.
[`asterconf.schema`][asterconf.schema] has the same as data.

"""
_LOADERS = {
    "sorcery": "each section is an object; a bad value or an unknown option costs the object",
    "aco": "a bad value or an unknown option costs the whole file",
    "wizard": "each section makes objects of pjsip.conf; what no prefix covers is ignored",
    "plain": "the module takes the lines that it knows",
    "removed": "nothing of Asterisk 22 reads it",
}
_WITHOUT = {
    "ignored": "nothing is amiss",
    "module_declines": "the module does not load",
    "defaults": "the defaults hold",
    "disabled": "the service is off",
    "fatal": "Asterisk does not start",
    "no_tones": "there are no tones",
    "console_only": "Asterisk logs to its console only",
    "no_rooms": "there are no rooms",
    "no_classes": "there are no classes",
    "no_rules": "there are no rules",
    "no_queues": "there are no queues",
    "no_mailboxes": "there are no mailboxes",
    "error_logged": "Asterisk logs an error",
}
_UNKNOWN = {
    "ignored": "ignored without a word",
    "warning": "ignored with a warning",
    "notice": "ignored with a notice",
    "fatal": "fatal: Asterisk does not start",
    "reject_object": "refused with its section",
    "reject_file": "refused with the whole file",
}
_LINES = {"last": "last", "first": "first", "accumulate": "all"}
_THINGS = {
    "kept_global": "a global variable without `clearglobalvars`",
    "reloadable_transport": "a transport with `allow_reload`",
}
"""Kinds that only the table of effects has."""
_UNITS = {"s": "seconds", "ms": "milliseconds", "min": "minutes", "h": "hours"}
_ON_BAD = {
    "ignore_value": "ignored",
    "ignore_item": "left out",
    "keep_previous": "ignored; the value before stays",
    "use_default": "replaced by the default",
    "clamp": "brought into the range",
    "reject_object": "refused with its section",
    "reject_file": "refused with the whole file",
    "delete_user": "refused with its user",
    "undefined": "not known",
}


def files() -> tuple[FileFacts, ...]:
    """Return every file that has a page."""
    found = (schema.file(name) for name in schema.files())
    return tuple(one for one in found if one is not None)


def index() -> str:
    """Return the page that leads to the others."""
    every = files()
    kinds = [kind for one in every for kind in one.objects.values()]
    count = sum(len(kind.options) for kind in kinds)
    out = _INDEX.format(options=count, kinds=len(kinds), files=len(every))
    rows = [
        (
            f"[{one.name}]({one.name}.md)",
            ", ".join(f"[{k}]({one.name}.md#{text.slug(k)})" for k in one.objects),
            text.words(_readers(one)) or "nothing",
        )
        for one in every
    ]
    out += text.table(("file", "sections", "read by"), rows)
    used = {option.type for kind in kinds for option in kind.options.values()}
    shown = ((text.code(name), TYPES[name]) for name in sorted(used))
    out += "\n## Types { #types }\n\n" + text.table(("type", "what Asterisk takes"), shown)
    return out


def page(file: FileFacts) -> str:
    """Return the page of one file."""
    out = [f"# {file.name}\n", *(f"{line}  " for line in _about(file)), ""]
    for kind in file.objects.values():
        out.append(f"## {kind.name} {{ #{text.slug(kind.name)} }}\n")
        out += [*(f"{line}  " for line in _about_kind(file, kind)), ""]
        rows = [_row(kind, option) for option in kind.options.values()]
        out.append(text.table(("option", "type", "default", "counts", "more"), rows))
        if rules := kind.raw.get("rules"):
            out.append("What goes together:\n")
            out += [f"- {text.plain(r['when'])}: {_effect(r['effect'])}" for r in rules]
            out.append("")
    return "\n".join(out)


def _readers(file: FileFacts) -> tuple[str, ...]:
    return schema.readers(file.name) or file.modules


def _about(file: FileFacts) -> Iterator[str]:
    readers = _readers(file)
    if file.raw.get("removed_in"):
        instead = text.words(file.raw["replacement"])
        yield f"Gone since Asterisk {file.raw['removed_in']}; there are {instead} instead."
    else:
        yield f"Read by {text.words(readers)}; {_LOADERS[file.loader]}."
    if "missing_file" in file.raw:
        yield f"Without the file {_WITHOUT[file.raw['missing_file']]}."
    if "deprecated" in file.raw:
        yield f"Deprecated; use {text.words(file.raw['deprecated']['use'])}."
    if "not_built_without" in file.raw:
        yield f"Only in builds with {file.raw['not_built_without']}."
    usual = impact_of(file.name, "", "", "changed")
    yield _taken_over(usual)
    new = impact_of(file.name, "", "", "added", there=(False, True))
    if new != usual:
        yield _taken_over(new).replace("A change", "A file that was not there before", 1)
    known = facts()["files"].get(file.name, {}).get("kinds", {})
    for kind in known.keys() - file.objects.keys():
        own = impact_of(file.name, kind, "", "changed")
        if own != usual:
            yield _taken_over(own).replace("A change", f"A change of {_THINGS[kind]}", 1)
        yield from _by_action(file.name, kind, "", f"{_THINGS[kind]} that is")


def _taken_over(impact: Impact) -> str:
    """Return what makes a change take effect, as a sentence."""
    note = f" ({text.plain(impact.note)})" if impact.note else ""
    if impact.effect == "reload":
        return f"A change takes effect with {text.words(impact.commands)}{note}."
    said = {
        "restart": "A change takes effect when Asterisk is restarted",
        "none": "A change has no effect",
        "unknown": "What makes a change take effect is not known",
    }
    return f"{said[impact.effect]}{note}."


def _about_kind(file: FileFacts, kind: ObjectFacts) -> Iterator[str]:
    yield _recognised(kind)
    if kind.module and kind.module not in file.modules:
        yield f"Read by {text.code(kind.module)}."
    unknown = kind.raw.get("unknown_option", file.raw.get("unknown_option"))
    if unknown in _UNKNOWN:
        yield f"An unknown option is {_UNKNOWN[unknown]}."
    if "unset_options_from" in kind.raw:
        yield f"What is not set here comes from {text.words(kind.raw['unset_options_from'])}."
    own = impact_of(file.name, kind.name, "", "changed")
    if own != impact_of(file.name, "", "", "changed"):
        yield _taken_over(own)
    yield from _by_action(file.name, kind.name, "", "a section that is")


def _by_action(file: str, kind: str, option: str, what: str) -> Iterator[str]:
    """Yield what it takes for a thing that is added or removed, where that is special."""
    known = facts()["files"].get(file, {}).get("kinds", {}).get(kind, {})
    if option:
        known = known.get("options", {}).get(option, {})
    for action in known.get("actions", ()):
        said = _taken_over(impact_of(file, kind, option, action))
        yield said.replace("A change", f"{what[0].upper()}{what[1:]} {action}", 1)


def _recognised(kind: ObjectFacts) -> str:
    rule = kind.section
    if rule["by"] == "name":
        return f"The section `[{rule['name']}]`."
    if rule["by"] == "type":
        named = f", or called `[{rule['or_name']}]`" if "or_name" in rule else ""
        once = "; there may be one" if rule.get("single") else ""
        return f"A section with `type = {rule['value']}`{named}{once}."
    if rule["by"] == "any":
        others = [n for n in rule.get("not_names", ()) if not n.startswith("<")]
        but = f" but {text.words(f'[{n}]' for n in others)}" if others else ""
        return f"Every section{but}."
    if rule["by"] == "name_of":
        return f"The section that {text.code(rule['name'])} names."
    if "inside" in rule:
        return f"Not a section: part of the value of {text.code(rule['inside'])}."
    return "Not a section: Asterisk keeps it elsewhere."


def _row(kind: ObjectFacts, option: OptionFacts) -> tuple[str, ...]:
    names = text.words((option.name, *option.raw.get("aliases", ())))
    anchor = f'<span id="{text.slug(kind.name)}.{option.name}"></span>'
    if option.match != "name":
        anchor = ""
    return (
        f"{anchor}{names}",
        f"[{option.type}](index.md#types)",
        _default(option),
        _LINES[option.repeat],
        "; ".join(re.sub("^A ", "a ", part) for part in _more(kind, option)),
    )


def _default(option: OptionFacts) -> str:
    raw = option.raw
    if option.default == "":
        return "empty"
    if option.default is not None:
        return text.code(option.default)
    for key, words in (("default_from", "that of"), ("effective_default", "that of")):
        if key in raw:
            return f"{words} {text.code(str(raw[key]))}"
    return text.code(str(raw["doc_default"])) if "doc_default" in raw else ""


def _more(kind: ObjectFacts, option: OptionFacts) -> Iterator[str]:
    """Yield the rest of what is known of an option."""
    raw: Mapping[str, Any] = option.raw
    yield from _values(raw)
    if raw.get("required") and "required_unless" not in raw:
        yield "**required**"
    for key, words in (("required_if", "required if"), ("required_unless", "required unless")):
        if key in raw:
            yield f"{words} {text.code(_condition(raw[key]))}"
    if raw.get("nonempty"):
        yield "not empty"
    if raw.get("must_be_readable"):
        yield "Asterisk must be able to read the file when it loads"
    if "on_bad" in raw:
        becomes = _ON_BAD.get(raw["on_bad"])
        yield f"a bad value is {becomes or 'taken as ' + text.code(raw['on_bad'])}"
    if option.references:
        yield text.references([r.raw for r in option.references], "")
    if option.secret:
        yield "a secret: masked where a person looks"
    yield from _times(raw)
    own = impact_of(option.file, kind.name, option.name, "changed")
    if (own.effect, own.commands) != _usual(option.file, kind.name):
        yield _taken_over(own).rstrip(".")
    for said in _by_action(option.file, kind.name, option.name, "a line that is"):
        yield said.rstrip(".")
    to = facts()["files"].get(option.file, {}).get("kinds", {}).get(kind.name, {})
    for value in to.get("options", {}).get(option.name, {}).get("to", ()):
        found = impact_of(option.file, kind.name, option.name, "changed", value)
        yield _taken_over(found).rstrip(".").replace("A change", f"A change to {value}", 1)


def _condition(said: object) -> str:
    """Return a condition on other options as it would be written."""
    if isinstance(said, Mapping):
        return ", ".join(f"{name} = {' or '.join(map(str, v))}" for name, v in said.items())
    return str(said).replace("=", " = ").replace("|", " or ")


def _usual(file: str, kind: str) -> tuple[str, tuple[str, ...]]:
    found = impact_of(file, kind, "", "changed")
    return found.effect, found.commands


def _values(raw: Mapping[str, Any]) -> Iterator[str]:
    words = [str(one) for one in raw.get("values", ())]
    if words:
        also = " or a boolean word" if raw.get("also_bool") else ""
        yield f"{text.words(words)}{also}"
    if isinstance(raw.get("values_hint", raw.get("doc_enum")), list):
        yield f"such as {text.words(map(str, raw.get('values_hint', raw.get('doc_enum'))))}"
    if "range" in raw:
        low, high = raw["range"]
        yield f"{low} or more" if high is None else f"{low} to {high}"
    if "unit" in raw:
        yield f"in {_UNITS.get(raw['unit'], raw['unit'])}"
    if "form" in raw:
        yield f"written {text.code(str(raw['form']))}"
    if "fields" in raw:
        names = (f["name"] + ("" if f.get("required") else "?") for f in raw["fields"])
        yield f"fields {text.code(raw.get('sep', ',').join(names))}"
    elif "sep" in raw:
        yield f"a list, separated by {text.code(raw['sep'])}"
    if "maxlen" in raw:
        yield f"cut after {raw['maxlen']} bytes"


def _times(raw: Mapping[str, Any]) -> Iterator[str]:
    if "since" in raw:
        yield f"since {', '.join(raw['since'])}"
    if raw.get("removed"):
        yield "has no effect any more"
    if "moved_to" in raw:
        yield f"now in {text.code(raw['moved_to'])}"
    if isinstance(raw.get("deprecated"), str):
        yield f"deprecated: use {text.code(raw['deprecated'])}"
    if "build" in raw:
        yield f"only in builds with {raw['build']}"


def _effect(effect: str) -> str:
    said = {"reject_object": "Asterisk refuses the section", "reject_file": "and the whole file"}
    return text.plain(said.get(effect, effect.replace("reject_object", "Asterisk refuses it")))
