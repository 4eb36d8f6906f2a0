"""Option values: text ⇄ typed value, and the values that all lines of a section give together.

A value is read as Asterisk's reader of its file does; `OptionFacts.type` names its type.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import cache
from typing import Any, Literal

import attrs

from asterconf.errors import ModelError
from asterconf.model.option_types import (
    TYPES,
    BadValueError,
    OptionType,
    PlainValue,
    codec_words,
    merge_codecs,
    quoted,
)
from asterconf.model.values import CallerID, Secret, Setting
from asterconf.schema import DEFAULT_SCHEMA, ObjectFacts, OptionFacts, Schema
from asterconf.secrets import MASK
from asterconf.source import fold

Value = PlainValue | Secret | CallerID | Setting
"""The value of an option; its type in the schema tells which of these classes it has."""

Effect = Literal["used", "replaced", "ignored", "refused"]
"""What Asterisk's reader does with a text: it uses the value, uses another one, ignores the line,
or refuses the section or the whole file."""

_CALLER_ID = OptionType(
    lambda _, text: CallerID.parse(text), lambda _, value: str(value), (CallerID,), "a caller id"
)
_MASKED = repr(MASK)
_REFUSE = {"reject_object", "reject_file", "delete_user"}
_IGNORE = {"ignore_value", "keep_previous", "undefined"}
_USE_DEFAULT = {"use_default", "use_general", "clamp_or_default", "clamp", "raise_to_minimum"}


@attrs.frozen
class ParsedValue:
    """What Asterisk's reader makes of the text of an option.

    Attributes:
        value: the value in effect; `None`: the line has no effect.
        problem: what is wrong with the text, as the end of a sentence; empty: nothing.
        effect: what the reader does.
        near: the known word nearest to the text, if one is near.
    """

    value: Value | None
    problem: str = ""
    effect: Effect = "used"
    near: str = ""


def type_of(facts: OptionFacts) -> OptionType:
    """Return how the values of an option are read and written."""
    return _CALLER_ID if facts.type == "callerid" else TYPES[facts.type]


def read(facts: OptionFacts, text: str) -> ParsedValue:
    """Return what Asterisk's reader makes of a text. Nothing is raised."""
    try:
        return ParsedValue(_with_secret(facts, type_of(facts).read(facts, text)))
    except BadValueError as bad:
        value, effect = _consequence(facts, bad)
        problem = bad.problem.replace(quoted(text), _MASKED) if facts.secret else bad.problem
        return ParsedValue(value, problem, effect, bad.near)
    except ModelError as error:  # a text that cannot be a caller id
        return ParsedValue(None, str(error), "ignored")


def _with_secret(facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return a value, as a `Secret` if the option holds one."""
    is_plain = not facts.secret or isinstance(value, bool | int | float)
    result: Value = value if is_plain else Secret(write(facts, value))
    return result


def _consequence(facts: OptionFacts, bad: BadValueError) -> tuple[Value | None, Effect]:
    """Return the value in effect where a text is bad, and what the reader does."""
    if bad.instead is not None:
        return _with_secret(facts, bad.instead), "replaced"
    rule = facts.raw.get("on_bad")
    file = facts.schema.file(facts.file)
    plain = file is not None and file.loader == "plain"
    if rule in {"clamp", "raise_to_minimum"} and bad.number is None and not plain:
        rule = None
    if rule is None:
        return None, "ignored" if plain else "refused"
    if rule in _REFUSE:
        return None, "refused"
    if rule in _IGNORE:
        return None, "ignored"
    return _replacement(facts, rule, bad.number), "replaced"


def _replacement(facts: OptionFacts, rule: str, number: float | None) -> Value | None:
    """Return the value that Asterisk uses instead of a bad one, by a rule of the schema."""
    low, high = facts.raw.get("range", (None, None))
    if rule.startswith("clamp") and number is not None:
        below = low is not None and number < low
        if rule == "clamp" or not below:
            limit: Value | None = low if below else high
            return limit
    minimum = facts.raw.get("minimum")
    if rule == "raise_to_minimum" and isinstance(minimum, int):
        return minimum
    if rule in _USE_DEFAULT:
        return default(facts)
    try:
        value: Value = type_of(facts).read(facts, rule)
    except BadValueError:
        return default(facts)
    return value


@cache
def default(facts: OptionFacts) -> Value | None:
    """Return the value without any line; `None`: none, or only a running Asterisk knows it."""
    text = facts.default
    if text is None or facts.type == "noop":
        return None
    try:
        return _with_secret(facts, type_of(facts).read(facts, text))
    except BadValueError as bad:
        if bad.instead is not None:
            return bad.instead
        classes = type_of(facts).python
        return text if str in classes else () if tuple in classes and not text else None


def bad_default(schema: Schema) -> str:
    """Return which default of users' schemas is none, as a sentence; empty: each is one."""
    for raw in schema.own.values():
        file = schema.file(raw["file"])
        for kind in file.objects.values() if file is not None else ():
            for option in kind.options.values():
                problem = read(option, option.default).problem if option.default else ""
                if problem:
                    path = f"objects.{kind.name}.options.{option.name}.default"
                    return f"{raw['source']}: {path}: {problem}"
    return ""


def write(facts: OptionFacts, value: Any) -> str:  # noqa: ANN401 - any Value
    """Return the text of a value as a file has it. Nothing in it is escaped; secrets are shown."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Setting):
        return value.value
    return type_of(facts).write(facts, value)


def accept(facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return the typed value for what a caller gives.

    A list may stand for a tuple, and a text for anything: it is read as it would be in a file.

    Raises:
        ModelError: no line can have this value, or Asterisk would read another one.
    """
    kind = type_of(facts)
    if isinstance(value, list):
        value = tuple(value)
    if not isinstance(value, str):
        _check_class(facts, kind, value)
    text = value if isinstance(value, str) else write(facts, value)
    if "\n" in text or "\0" in text:
        shown = _MASKED if facts.secret else repr(text)
        raise ModelError(f"must fit on one line, without line ends and NUL: {shown}")
    parsed = read(facts, text)
    if parsed.value is None or parsed.problem:
        raise ModelError(parsed.problem or "cannot be written")
    if not isinstance(value, str) and parsed.value != _normal(facts, value):
        raise ModelError(f"would be read as {parsed.value!r}, not as {value!r}")
    if facts.type == "codecs" and isinstance(parsed.value, tuple):
        return merge_codecs([(True, map(str, parsed.value))])
    return parsed.value


def _normal(facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return a value of the right class as reading gives it."""
    if facts.type == "groups":
        return tuple(sorted(set(value)))
    if facts.type == "codecs":
        return tuple(word.lower() for word in codec_words(write(facts, value)))
    if facts.type == "enum" and isinstance(value, bool):
        return "yes" if value else "no"
    if facts.type == "double":
        return float(value)
    normal: Value = value
    return normal


def _check_class(facts: OptionFacts, kind: OptionType, value: object) -> None:
    """Raise unless a value has one of the classes of its option."""
    wanted = (Secret,) if facts.secret else kind.python
    right = type(value) in wanted
    if right and isinstance(value, tuple) and kind.items:
        right = all(type(item) in kind.items for item in value)
    if not right:
        shown = type(value).__name__ if facts.secret else repr(value)
        raise ModelError(f"must be {kind.wanted}, not {shown}")


@attrs.define
class Collected:
    """The values that the lines of a section give together.

    Attributes:
        options: the values in effect, by the name of their option or group.
        lines: the indices of the lines that each value comes from.
        unknown: the indices of the lines that the schema does not know.
        faults: what was made of each line whose value is wrong, by its index, in file order.
    """

    options: dict[str, Value] = attrs.field(factory=dict)
    lines: dict[str, list[int]] = attrs.field(factory=dict)
    unknown: list[int] = attrs.field(factory=list)
    faults: dict[int, ParsedValue] = attrs.field(factory=dict)


def collect(kind: ObjectFacts, pairs: Iterable[tuple[str, str]]) -> Collected:
    """Return what Asterisk's reader of a kind of section makes of its lines: names and values."""
    found = Collected()
    spelled: dict[str, str] = {}
    last: dict[str, int] = {}
    several: dict[str, tuple[OptionFacts, list[tuple[str, Value]]]] = {}
    pairs = tuple(pairs)
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
        if facts.aliases and _is_hidden(facts, name, pairs):
            continue
        found.faults.pop(last.get(facts.name, -1) if _is_checked_late(facts) else -1, None)
        last[facts.name] = index
        parsed = read(facts, text)
        if parsed.problem:
            found.faults[index] = parsed
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
    for key, (facts, lines) in several.items():
        found.options[key] = _joined(facts, lines)
        if is_empty_list(facts, found.options[key]):
            del found.options[key]
    return found


def _is_hidden(facts: OptionFacts, name: str, pairs: Sequence[tuple[str, str]]) -> bool:
    """Tell whether a line has an old name that is not asked for, because the new one is there.

    So it is where a module asks the core for the value of a name, in whatever order the lines
    stand. Observed on 22.10.1 for followme.conf.
    """
    own = fold(facts.name)
    if fold(name) == own or not _is_asked_for(facts.file, facts.object, facts.name):
        return False
    return any(fold(other) == own for other, _ in pairs)


@cache
def _is_asked_for(file: str, kind: str, option: str) -> bool:
    known = DEFAULT_SCHEMA.file(file)
    facts = known.objects[kind].options.get(option) if known and kind in known.objects else None
    return facts is not None and facts.repeat == "first"


@cache
def _is_checked_late(facts: OptionFacts) -> bool:
    """Tell whether a later line replaces a bad one before its value is looked at.

    Observed for SIP URIs and for what an identify matches: they are checked in the end.
    """
    return facts.type in {"sip_uri", "header_match"} or "/regex/" in str(facts.raw)


def is_empty_list(facts: OptionFacts, value: Value) -> bool:
    """Tell whether a value is the same as having no lines: an empty list of what each line adds."""
    adds = facts.repeat == "accumulate" and facts.type not in {"list", "codecs"}
    return adds and value == ()


def _joined(facts: OptionFacts, lines: Sequence[tuple[str, Value]]) -> Value:
    """Return the value that several lines of one option or group give together."""
    if facts.type == "codecs":
        return merge_codecs((name != "disallow", _texts(value)) for name, value in lines)
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


def _texts(value: Value) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else ()


def _rules(name: str, value: Value) -> Iterable[Setting]:
    """Yield one rule per network; a `!` before it inverts the rule."""
    word, other = ("permit", "deny") if name.endswith("permit") else ("deny", "permit")
    for item in _texts(value):
        yield Setting(other if item.startswith("!") else word, item.removeprefix("!"))
