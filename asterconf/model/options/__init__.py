"""The value of one option: text ⇄ typed, as the reader of its file takes it.

What a type means is in the schema; the words of it are those of `OptionFacts.type`.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import attrs

from asterconf import schema
from asterconf.errors import ModelError
from asterconf.model.options import _lists, _nets, _numbers, _words
from asterconf.model.options._base import BadValueError, Effect, Kind, Parsed, Value, quoted
from asterconf.model.options._lists import codec_words, left_codecs
from asterconf.model.options._numbers import in_c_notation
from asterconf.model.values import Secret, Setting
from asterconf.schema import OptionFacts

__all__ = [
    "Effect",
    "Parsed",
    "Value",
    "accept",
    "codec_words",
    "default",
    "in_c_notation",
    "kind_of",
    "left_codecs",
    "read",
    "write",
]

_KINDS: dict[str, Kind] = _numbers.KINDS | _lists.KINDS | _nets.KINDS | _words.KINDS
_STARS = "'********'"
_REFUSING = {"reject_object", "reject_file", "delete_user"}
_DROPPING = {"ignore_value", "keep_previous", "undefined"}


def kind_of(facts: OptionFacts) -> Kind:
    """Return how the values of an option are read and written."""
    return _KINDS[facts.type]


def read(facts: OptionFacts, text: str) -> Parsed:
    """Return what an option is after its reader has seen `text`. Nothing is raised."""
    try:
        value = kind_of(facts).read(facts, text)
    except BadValueError as bad:
        parsed = attrs.evolve(_consequence(facts, bad), near=bad.near)
        hidden = parsed.problem.replace(quoted(text), _STARS) if facts.secret else parsed.problem
        return attrs.evolve(parsed, problem=hidden)
    except ModelError as error:  # a text that no caller id can have
        return Parsed(None, str(error), "ignored")
    return Parsed(_hidden(facts, value))


def _hidden(facts: OptionFacts, value: Value) -> Value:
    """Return a secret as one."""
    if not facts.secret or isinstance(value, bool | int | float):
        return value
    return Secret(write(facts, value))


def _consequence(facts: OptionFacts, bad: BadValueError) -> Parsed:
    """Return what becomes of an option whose text is bad."""
    if bad.instead is not None:
        return Parsed(_hidden(facts, bad.instead), bad.problem, "replaced")
    way = facts.raw.get("on_bad")
    known = schema.file(facts.file)
    plain = known is not None and known.loader == "plain"
    if way in {"clamp", "raise_to_minimum"} and bad.number is None and not plain:
        way = None
    if way is None:
        return Parsed(None, bad.problem, "ignored" if plain else "refused")
    if way in _REFUSING:
        return Parsed(None, bad.problem, "refused")
    if way in _DROPPING:
        return Parsed(None, bad.problem, "ignored")
    low, high = facts.raw.get("range", (None, None))
    if way.startswith("clamp") and bad.number is not None:
        below = low is not None and bad.number < low
        if way == "clamp" or not below:
            return Parsed(low if below else high, bad.problem, "replaced")
    if way == "raise_to_minimum" and isinstance(facts.raw.get("minimum"), int):
        return Parsed(facts.raw["minimum"], bad.problem, "replaced")
    if way in {"use_default", "use_general", "clamp_or_default", "clamp", "raise_to_minimum"}:
        return Parsed(default(facts), bad.problem, "replaced")
    try:
        return Parsed(kind_of(facts).read(facts, way), bad.problem, "replaced")
    except BadValueError:
        return Parsed(default(facts), bad.problem, "replaced")


@cache
def default(facts: OptionFacts) -> Value | None:
    """Return what holds without a line; `None`: nothing, or what only a running Asterisk knows."""
    text = facts.default
    if text is None or facts.type == "noop":
        return None
    try:
        return _hidden(facts, kind_of(facts).read(facts, text))
    except BadValueError as bad:
        if bad.instead is not None:
            return bad.instead
        kind = kind_of(facts).python
        return text if str in kind else () if tuple in kind and not text else None


def write(facts: OptionFacts, value: Any) -> str:  # noqa: ANN401 - any Value
    """Return the text of a value, as a file has it. Nothing in it is escaped."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, Setting):
        return value.value
    return kind_of(facts).write(facts, value)


def accept(facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return a value that a caller gives as the typed one, if a line can say it.

    A list may stand for a tuple, and a text for anything: it is read as the file would have it.

    Raises:
        ModelError: no line can say it, or its reader would take something else.
    """
    kind = kind_of(facts)
    if isinstance(value, list):
        value = tuple(value)
    if not isinstance(value, str):
        _check_class(facts, kind, value)
    text = value if isinstance(value, str) else write(facts, value)
    if "\n" in text or "\0" in text:
        raise ModelError(f"must fit on one line, without line ends and NUL: {_shown(facts, text)}")
    parsed = read(facts, text)
    if parsed.value is None or parsed.problem:
        raise ModelError(parsed.problem or "cannot be said")
    if not isinstance(value, str) and parsed.value != _normal(facts, value):
        raise ModelError(f"would be read as {parsed.value!r}, not as {value!r}")
    if facts.type == "codecs" and isinstance(parsed.value, tuple):
        return left_codecs([(True, map(str, parsed.value))])
    return parsed.value


def _shown(facts: OptionFacts, text: str) -> str:
    return _STARS if facts.secret else repr(text)


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


def _check_class(facts: OptionFacts, kind: Kind, value: object) -> None:
    """Raise unless a value has one of the classes of its option."""
    wanted = (Secret,) if facts.secret else kind.python
    right = type(value) in wanted
    if right and isinstance(value, tuple) and kind.items:
        right = all(type(item) in kind.items for item in value)
    if not right:
        shown = type(value).__name__ if facts.secret else repr(value)
        raise ModelError(f"must be {kind.wanted}, not {shown}")
