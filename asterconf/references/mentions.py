"""Where a text names something: arguments, dial strings, devices, places to jump to, functions.

What an argument names is data (`schema`): `Queue(sales,t)` names a queue because the first
argument of that application refers to queues.conf. Arguments are cut by `language.args`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache, lru_cache
from itertools import pairwise
from typing import TYPE_CHECKING, Any, NamedTuple

from asterconf import schema
from asterconf._lazy import LazyModule
from asterconf.language import args, dialstring
from asterconf.language import template as templates
from asterconf.language.dialstring import BareTarget, LocalTarget, OtherTarget, PJSIPTarget
from asterconf.language.sip_uri import is_uri
from asterconf.references.values import Fails
from asterconf.schema import LETTERS, OptionFacts, Schema
from asterconf.source import fold

if TYPE_CHECKING:
    from asterconf import apps
else:
    apps = LazyModule("asterconf.apps")

_WORD = re.compile(r"(?<![\w/])(?i:PJSIP)/(?:\$\{[^{}]*\}|[^\s&,()\"'|^\]}])+")
"""A device in any text."""
_CALL = re.compile(r"\$\{[^${}]*\(")
"""A function, perhaps."""
_PLAIN = re.compile(r"(?i:PJSIP)/([A-Za-z0-9_.+-]+)\Z")
"""The usual device."""

PLACE, DEVICE = "place", "device"
PLAN = "extensions.conf"


class Mention(NamedTuple):
    """A part of a text that names something.

    `start` and `end` are offsets in the text. `kind` says how to read `text`: as a `PLACE` to jump
    to (with the separator in `file`), as a `DEVICE`, or as the name of such a section of `file`.
    `by` is the application, function or option; `how` the kind of arrow that a picture has for it.
    `fails`: when something fails where it is not there.
    """

    start: int
    end: int
    file: str
    kind: str
    text: str
    by: str
    how: str = "names"
    fails: Fails = "at run time"


class Piece(NamedTuple):
    """A name in what a mention says.

    `within` is the place that it is looked for in: of an extension the context, of a label both;
    of an endpoint the number that is dialled by way of it.
    """

    start: int
    end: int
    file: str
    kind: str
    name: str
    within: tuple[str, ...] = ()


# -- what a mention says --------------------------------------------------------------------------


def pieces(mention: Mention, text: str) -> tuple[Piece, ...]:
    """Return the names in a text that stands where a mention is; offsets are those of the text."""
    if mention.kind == PLACE:
        return _place(text, mention.file)
    if mention.kind == DEVICE:
        return _device(text)
    if mention.kind == "mailbox":
        box, at, context = text.partition("@")
        if not box:  # `@context` asks the caller for the box
            return (Piece(1, len(text), "voicemail.conf", "context", context),) if context else ()
        return (Piece(0, len(text), *_BOX, text if at and context else f"{box}@default"),)
    return (Piece(0, len(text), mention.file, mention.kind, text),) if text else ()


_BOX = ("voicemail.conf", "mailbox")


@lru_cache(4096)
def _place(text: str, separator: str) -> tuple[Piece, ...]:
    """Return context, extension and label or priority of `[[context,]extension,]priority`.

    With the separator `@` it is `extension@context`, with `s` a context that is run from the
    extension s; with `^` commas separate as well. Source: main/pbx.c, pbx_parseable_goto;
    apps/app_dial.c, ast_replace_subargument_delimiter.
    """
    if separator == "^":
        text, separator = text.replace("^", ","), ","
    if separator == "s":
        size = len(text)
        context = Piece(0, size, PLAN, "context", text)
        return (context, Piece(size, size, PLAN, "extension", "s", (text,)))
    if separator == "@":
        extension, _, where = text.partition("@")
        first = Piece(len(extension) + 1, len(text), PLAN, "context", where)
        second = Piece(0, len(extension), PLAN, "extension", extension, (where,))
        return (first, second) if where else (second,)
    cuts = args.cut(text, separator, flavour="plain", substituted=False)[:3]
    *before, last = cuts or [args.Argument("", 0, 0)]
    where = before[0].value if len(before) == 2 else ""
    found = []
    if where:
        found.append(Piece(before[0].start, before[0].end, PLAN, "context", where))
    if before and before[-1].value:
        one = before[-1]
        found.append(Piece(one.start, one.end, PLAN, "extension", one.value, (where,)))
    number = re.match(r"[\t-\r ]*([0-9]+)", last.value)
    if number is not None or (last.value and last.value[0] not in "+-"):
        within = (where, before[-1].value if before else "")
        label = number[1] if number is not None else last.value
        found.append(Piece(last.start, last.end, PLAN, "label", label, within))
    return tuple(found)


@lru_cache(4096)
def _device(text: str) -> tuple[Piece, ...]:
    """Return what a device names: `PJSIP/6001`, `Local/6@home`, `Queue:sales`, `MWI:6000@x`."""
    plain = _PLAIN.match(text)
    if plain is not None:
        return (Piece(*plain.span(1), "pjsip.conf", "endpoint", plain[1]),)
    head, colon, rest = text.partition(":")
    word = fold(head)
    start = len(head) + 1
    if colon and word == "queue":
        name = re.sub(r"(_avail|_pause_.*)\Z", "", rest)
        return (Piece(start, start + len(name), "queues.conf", "queue", name),)
    if colon and word == "mwi":
        full = rest if "@" in rest else f"{rest}@default"
        return (Piece(start, len(text), *_BOX, full),)
    if colon and word in {"hint", "park"}:
        found = _place(rest, "@")
        return tuple(one._replace(start=one.start + start, end=one.end + start) for one in found)
    if colon and word == "agent":
        return (Piece(start, len(text), "agents.conf", "agent-id", rest),)
    if colon and word == "confbridge":
        return (Piece(start, len(text), "confbridge.conf", "conference", rest),)
    return tuple(_dialled(text)) if "/" in text or "$" in text else ()


def _dialled(text: str) -> Iterator[Piece]:
    for target in dialstring.parse(text).targets:
        match target:
            case PJSIPTarget(user=user) if user and fold(user.text).startswith(("sip:", "sips:")):
                continue  # a URI, which the default endpoint dials
            case PJSIPTarget(user=user, endpoint=endpoint, contact=contact):
                within = (user.text,) if user else ("/",) if contact else ()
                yield Piece(*endpoint.span, "pjsip.conf", "endpoint", endpoint.text, within)
                if contact and contact.is_literal and not is_uri(contact.text):
                    yield Piece(*contact.span, "pjsip.conf", "aor", contact.text)
            case LocalTarget(exten=exten, context=context):
                name = context.text if context else "default"
                if context:
                    yield Piece(*context.span, PLAN, "context", name)
                yield Piece(*exten.span, PLAN, "extension", exten.text, (name,))
            case OtherTarget(technology=technology, resource=resource):
                name, slash, _ = resource.text.partition("/")
                peer = name.rpartition("@")[2]
                at = resource.span.start + len(name) - len(peer)
                within = ("/",) if slash or peer != name else ()
                shown = f"{technology.text}/{peer}"
                yield Piece(at, at + len(peer), "", DEVICE, shown, within)
            case BareTarget(template=template):
                if "$" in template.text:
                    yield Piece(*template.span, "", DEVICE, template.text)


# -- applications ---------------------------------------------------------------------------------

_HOW = {
    "dial": "dials", "page": "pages", "queue": "queue", "voicemail": "voicemail",
    "voicemailmain": "messages", "confbridge": "conference", "park": "parks",
    "originate": "dials",
}  # fmt: skip

_APART = {"goto", "gosub", "gotoif", "gotoiftime", "gosubif", "execif", "originate",
          "channelredirect"}  # fmt: skip
"""Applications that are read by a function of their own, and not by the schema alone."""

_ASKING = {
    "QUEUE_EXISTS", "DIALPLAN_EXISTS", "VALID_EXTEN", "VM_INFO", "VMCOUNT", "DEVICE_STATE", "HINT",
    "EXTENSION_STATE", "QueueLog", "ExtenSpy", "AGENT", "IAXPEER",
}  # fmt: skip
"""What asks whether something is there, and says so if it is not."""


@lru_cache(1 << 16)
def in_step(name: str, data: str, known: Schema = schema.DEFAULT_SCHEMA) -> tuple[Mention, ...]:
    """Return what the argument text of an application names; offsets are those of `data`."""
    word = fold(name)
    calls = "(" in data and ("${" in data or word in {"set", "mset"})
    if not calls and word not in _naming(known) and "PJSIP/" not in data:
        return ()
    found = [*_application(name, data, 0, known)]
    if calls:
        found += _functions(word, data)
    if "/" in data:
        found += _elsewhere(data, found)
    return tuple(sorted(found)) if len(found) > 1 else tuple(found)


def dialed(data: str) -> tuple[Mention, ...]:
    """Return the devices that the arguments of Dial name."""
    cuts = args.cut(data, limit=4, substituted=False)[:1]
    return tuple(
        one
        for cut in cuts
        for one in _argument(data, (cut.start, cut.end), 0, "", DEVICE, "Dial", "&")
    )


@cache
def _naming(known: Schema) -> frozenset[str]:
    """Return the applications with an argument that names something."""
    return frozenset({*_arguments("applications", known), *LETTERS, *_APART})


def _application(name: str, data: str, base: int, known: Schema) -> Iterator[Mention]:
    word = fold(name)
    if word in _JUMPS:
        yield from _jump(data, _JUMPS[word](data), base, name, gosub=word.startswith("gosub"))
        return
    if word == "execif":
        yield from _branches(data, base, known)
        return
    spans = [(one.start, one.end) for one in args.cut(data, flavour="raw", substituted=False)]
    if word in {"originate", "channelredirect"}:
        yield from _other_channel(name, data, spans, base)
        return
    if word == "confbridge" and spans:
        file = "confbridge.conf"
        yield from _argument(data, spans[0], base, file, "conference", name)
    if word == "park" and (not spans or spans[0][0] == spans[0][1]):
        yield Mention(base, base, "res_parking.conf", "parking_lot", "default", name, "parks")
    yield from _by_schema(name, "applications", data, spans, base, known)
    if word in LETTERS and "(" in data:
        at = _options_at(word)
        if at < len(spans):
            yield from _options(name, data, spans[at], base)


def _whole(data: str) -> list[tuple[int, int]]:
    return [(0, len(data))]


def _called(data: str) -> list[tuple[int, int]]:
    return [(0, _until(data, "("))]


def _either(data: str, *, protect: bool = False) -> list[tuple[int, int]]:
    """Return where both places of `CONDITION?PLACE:PLACE` stand."""
    start = args.find(data, "?", protect=protect, substituted=False) + 1
    if not start:
        return []
    end = args.find(data, ":", start, protect=protect, substituted=False)
    return [(start, len(data))] if end < 0 else [(start, end), (end + 1, len(data))]


def _either_called(data: str) -> list[tuple[int, int]]:
    both = _either(data, protect=True)
    return [(start, start + _until(data[start:end], "(")) for start, end in both]


_JUMPS: Mapping[str, Callable[[str], list[tuple[int, int]]]] = {
    "goto": _whole, "gosub": _called, "gotoif": _either, "gotoiftime": _either,
    "gosubif": _either_called,
}  # fmt: skip
"""The applications that go elsewhere, and where their places stand."""


def _branches(data: str, base: int, known: Schema) -> Iterator[Mention]:
    """Yield what the applications name that ExecIf runs."""
    app = apps.parse("ExecIf", data)
    assert isinstance(app, apps.ExecIf)
    shift = len("ExecIf(")
    spans = [(start - shift, end - shift) for start, end in app.spans().values()]
    branches = [one for one in (app.if_true, app.if_false) if one is not None]
    written = [start for start, end in spans[1:3] if start < end]
    for start, branch in zip(written, branches, strict=False):
        at = base + start + len(branch.name) + 1
        yield from _application(branch.name, branch.data, at, known)


@cache
def _options_at(word: str) -> int:
    """Return the index of the argument that holds option letters."""
    described = next(f["args"] for name, f in schema.applications().items() if fold(name) == word)
    return next(at for at, one in enumerate(described) if "options" in one)


def _other_channel(
    by: str, data: str, spans: list[tuple[int, int]], base: int
) -> Iterator[Mention]:
    """Yield the places to which Originate and ChannelRedirect send another channel."""
    if fold(by) == "originate" and len(spans) > 3:
        yield from _argument(data, spans[0], base, "", DEVICE, by)
        if fold(data[slice(*spans[1])].strip()) == "exten":
            whole = (spans[2][0], spans[min(len(spans), 5) - 1][1])
            yield from _jump(data, [whole], base, by, context_first=True)
    if fold(by) == "channelredirect" and len(spans) > 1:
        yield from _jump(data, [(spans[1][0], spans[-1][1])], base, by)


def _jump(
    data: str,
    spans: list[tuple[int, int]],
    base: int,
    by: str,
    *,
    gosub: bool = False,
    context_first: bool = False,
) -> Iterator[Mention]:
    for start, end in spans:
        text = data[start:end]
        if context_first and text.count(",") < 2:
            text += ",s,1" if "," not in text else ",1"
        if text:
            how = "gosub" if gosub else "goto"
            fails: Fails = "never" if f"DIALPLAN_EXISTS({text})" in data else "at run time"
            yield Mention(base + start, base + end, ",", PLACE, text, by, how, fails=fails)


def _until(text: str, mark: str) -> int:
    at = args.mask(text).find(mark)
    return len(text) if at < 0 else at


def _options(name: str, data: str, span: tuple[int, int], base: int) -> Iterator[Mention]:
    """Yield what the arguments of option letters name."""
    start, end = span
    raw = data[start:end]
    at = 0
    for one in args.split_options(args.clean(raw, substituted=False), substituted=False):
        meant = LETTERS[fold(name)].get(one.letter)
        if meant is None or not one.argument:
            continue
        text = one.argument
        separator, how = meant[-1], meant[:-1]
        if meant == "class":
            kind = ("musiconhold.conf", "class")
        else:
            text = text[: _until(text, "(")] if how == "gosub" else text
            text = re.split(r"[,^]", text, maxsplit=1)[0] if how == "sub" else text
            kind = ("s" if how == "sub" else separator, PLACE)
        place = raw.find(text, max(at, 0))
        first, last = (place, place + len(text)) if place >= 0 else (0, len(raw))
        at = last
        by = f"{name} option {one.letter}"
        arrow = {"sub": "gosub", "gosub": "gosub", "goto": "goto"}.get(how, "names")
        yield Mention(base + start + first, base + start + last, *kind, text, by, arrow)


# -- arguments by the schema ----------------------------------------------------------------------

_Argument = tuple[int, tuple[Mapping[str, Any], ...], str]
"""An argument's index, what it may name, and what separates its items."""


@cache
def _arguments(
    table: str, known: Schema = schema.DEFAULT_SCHEMA
) -> Mapping[str, tuple[_Argument, ...]]:
    """Return the arguments of applications, or of functions, that name something."""
    found: dict[str, tuple[_Argument, ...]] = {}
    calls = known.applications() if table == "applications" else known.functions()
    for name, facts in calls.items():
        named = tuple(
            (index, tuple(refers), "&" if _several(arg) else "")
            for index, arg in enumerate(facts.get("args", ()))
            if (refers := [r for r in arg.get("references", ()) if r.get("object")])
        )
        if named:
            found[fold(name)] = named
    return found


def _several(arg: Mapping[str, Any]) -> bool:
    return arg.get("argsep") == "&"


def _by_schema(
    name: str,
    table: str,
    data: str,
    spans: list[tuple[int, int]],
    base: int,
    known: Schema = schema.DEFAULT_SCHEMA,
) -> Iterator[Mention]:
    for index, refers, separator in _arguments(table, known).get(fold(name), ()):
        if index >= len(spans):
            continue
        file, kind = _meant(refers)
        yield from _argument(data, spans[index], base, file, kind, name, separator)


def _meant(refers: tuple[Mapping[str, Any], ...]) -> tuple[str, str]:
    """Return file and kind of what an argument or option names."""
    form = refers[0].get("form", "")
    if form == "box@context":
        return _BOX
    if form == "exten@context":
        return "@", PLACE
    if form.startswith("PJSIP/"):
        return "", DEVICE
    return refers[0]["file"], refers[0]["object"]


def _argument(
    data: str,
    span: tuple[int, int],
    base: int,
    file: str,
    kind: str,
    by: str,
    separator: str = "",
) -> Iterator[Mention]:
    """Yield the names in one argument, its quotes and backslashes taken off."""
    start, end = span
    raw = data[start:end]
    value = args.clean(raw, substituted=False)
    how = _HOW.get(fold(by), "names")
    fails: Fails = "never" if by in _ASKING else "at run time"
    at = 0
    for item in _items(value, separator):
        text = item.strip(" \t")
        if by == "Queue" and kind == "context":
            text, how, file, kind = text.partition(",")[0], "gosub", "s", PLACE
        place = raw.find(text, at)
        first, last = (place, place + len(text)) if place >= 0 else (0, len(raw))
        at = last
        if text:
            yield Mention(
                base + start + first, base + start + last, file, kind, text, by, how, fails
            )


def _items(text: str, separator: str) -> list[str]:
    if not separator or separator not in text:
        return [text]
    masked = args.mask(text)
    cuts = [-1, *(at for at, char in enumerate(masked) if char == separator), len(text)]
    return [text[a + 1 : b] for a, b in pairwise(cuts)]


# -- functions, and devices in any text -----------------------------------------------------------


def _functions(word: str, data: str) -> Iterator[Mention]:
    """Yield what functions name, in `${…}` and where `Set` writes them."""
    variable = data.partition("=")[0] if word in {"set", "mset"} else ""
    if "(" in variable:
        name, _, rest = variable.partition("(")
        end = len(name) + 1 + max(rest.rfind(")"), 0)
        yield from in_function(name.strip(), data, len(name) + 1, end)
    if "${" in data and _CALL.search(data):
        for call in templates.parse(data).functions():
            yield from in_function(call.name, data, *call.arguments.span)


def in_function(name: str, text: str, start: int, end: int) -> Iterator[Mention]:
    """Yield what the arguments of a function name, which stand from `start` to `end`."""
    if fold(name) in _arguments("functions"):
        cuts = args.cut(text[start:end], substituted=False)
        spans = [(one.start, one.end) for one in cuts]
        yield from _by_schema(name, "functions", text[start:end], spans, start)


def _elsewhere(text: str, found: list[Mention]) -> Iterator[Mention]:
    """Yield the devices in a text that stand in none of the mentions."""
    for match in _WORD.finditer(text):
        start, end = match.span()
        if not any(one.start < end and start < one.end for one in found):
            yield Mention(start, end, "", DEVICE, match[0], "device", fails="never")


def in_text(text: str) -> tuple[Mention, ...]:
    """Return what functions and devices in any text name."""
    found: list[Mention] = []
    if "${" in text:
        for call in templates.parse(text).functions():
            found += in_function(call.name, text, *call.arguments.span)
    return (*found, *_elsewhere(text, found))


@lru_cache(1 << 14)
def in_devices(text: str, by: str) -> tuple[Mention, ...]:
    """Return the devices of a list that is joined by `&`."""
    found, at = [], 0
    for item in _items(text, "&"):
        word = item.strip(" \t")
        if word:
            start = at + len(item) - len(item.lstrip(" \t"))
            found.append(Mention(start, start + len(word), "", DEVICE, word, by))
        at += len(item) + 1
    return tuple(found)


# -- values of options ----------------------------------------------------------------------------


def in_value(facts: OptionFacts, value: str) -> Iterator[Mention]:
    """Yield what the value of an option names."""
    if facts.raw.get("options_object"):
        yield from _in_options(facts, value)
        return
    refers = [one.raw for one in facts.references if one.raw.get("object")]
    if any(field.get("references") for field in facts.raw.get("fields", ())):
        yield from _in_parts(facts, value)
        return
    raw = refers[0] if refers else {}
    by = str(raw.get("by", ""))
    group = facts.object == "featuregroup"  # there the name of the option is what is named
    if (
        not raw
        or group
        or raw.get("creates")
        or by in {"options", "hint"}
        or by.startswith("option:")
    ):
        return
    if facts.type == "fields":
        yield from _in_fields(facts, value)
    elif "inside" in raw:
        found = re.match(r"dialplan_exec\((.*)\)", value)
        if found and "dialplan_exec" in raw["inside"]:
            yield Mention(*found.span(1), ",", PLACE, found[1], facts.name, "goto")
    else:
        file, kind = _meant(tuple(refers))
        listed = facts.type == "list"
        if (file, kind) == (PLAN, "context") and not listed:
            value = value.partition(",")[0]  # a subroutine
        fails: Fails = "at load" if raw.get("checked_at_load") else "at run time"
        for mention in _argument(
            value, (0, len(value)), 0, file, kind, facts.name, "," if listed else ""
        ):
            if mention.text not in raw.get("builtin", ()):
                yield mention._replace(fails="never" if raw.get("soft") else fails, how="names")


def _in_fields(facts: OptionFacts, value: str) -> Iterator[Mention]:
    """Yield the devices in a line of fields; a field that is a name for people has none."""
    fields = facts.raw.get("fields", ())
    flavour = "raw" if "key" in facts.raw else "plain"
    cuts = args.cut(value, flavour=flavour, limit=len(fields))
    for field, cut in zip(fields, cuts, strict=False):
        if "interface" in field["name"]:
            how = "member" if field["name"] == "interface" else "names"
            for one in _argument(value, (cut.start, cut.end), 0, "", DEVICE, facts.name):
                yield one._replace(how=how)


def _in_parts(facts: OptionFacts, value: str) -> Iterator[Mention]:
    """Yield what the parts of a value name, each by its own references: `line,98`."""
    fields = facts.raw["fields"]
    parts = [*zip(fields, _cut_parts(value, facts.raw["sep"], len(fields)), strict=False)]
    said = {field["name"]: value[slice(*cut)].strip() for field, cut in parts}
    for field, cut in parts:
        for raw in field.get("references", ()):
            part, equals, word = raw.get("if", "").partition("=")
            if equals and fold(said.get(part, "")) != fold(word):
                continue
            fails: Fails = "never" if raw.get("soft") else "at run time"
            fails = "at load" if raw.get("checked_at_load") else fails
            for one in _argument(value, cut, 0, *_meant((raw,)), facts.name):
                yield one._replace(fails=fails, how="names")


def _cut_parts(value: str, separator: str, most: int) -> Iterator[tuple[int, int]]:
    """Yield where the parts of a value stand; the last one takes what is left."""
    start = 0
    for number in range(most):
        end = value.find(separator, start) if number < most - 1 else -1
        yield start, end if end >= 0 else len(value)
        if end < 0:
            return
        start = end + len(separator)


def _in_options(facts: OptionFacts, value: str) -> Iterator[Mention]:
    """Yield what the options behind the last comma of a line name: `tz=central|attach=yes`."""
    parts = value.split(facts.raw["sep"], len(facts.raw["fields"]) - 1)
    file = facts.schema.file(facts.file)
    if len(parts) < len(facts.raw["fields"]) or file is None:
        return
    kind = file.objects[facts.raw["options_object"]]
    at = len(value) - len(parts[-1])
    for part in parts[-1].split(facts.raw["options_sep"]):
        name, equals, inner = part.partition("=")
        known = kind.option(name.strip(" \t")) if equals else None
        start = at + len(name) + 1
        for one in in_value(known, inner) if known is not None else ():
            yield one._replace(start=one.start + start, end=one.end + start)
        at += len(part) + 1
