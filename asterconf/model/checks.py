"""Converters and validators of the fields of the model."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

import attrs

from asterconf.errors import FieldError
from asterconf.secrets import shown_data
from asterconf.shown import Shown
from asterconf.source import meant

_BREAKS_LINE = re.compile(r"[\x00\n]")
_DIALABLE = re.compile(r"[0-9*#+]+\Z")

if TYPE_CHECKING:
    Attribute = attrs.Attribute[Any]
else:
    Attribute = attrs.Attribute  # which cannot be subscripted at run time

Validator = Callable[[Any, Attribute, Any], None]

C = TypeVar("C", bound=type[Any])


@attrs.frozen
class DataFault:
    """One thing that is wrong with data: its path, such as `members[0].penalty`, and what.

    `kind` tells of a home what its code says, by its key in `asterconf.linter.rules.home.CODES`;
    `other` is the path of what it clashes with. Empty: nothing is said of that.
    """

    path: str
    problem: str
    kind: str = attrs.field(default="", kw_only=True, eq=False)
    other: str = attrs.field(default="", kw_only=True, eq=False)

    @classmethod
    def unknown(cls, key: str, known: Collection[str]) -> DataFault:
        """Return the fault of a key that is none of the known ones."""
        rest = meant(key, known) or f"known are {', '.join(known)}"
        return cls(key, f"is not known here; {rest}")

    def __str__(self) -> str:
        return f"{self.path}: {self.problem}" if self.path else self.problem

    def below(self, head: str) -> DataFault:
        """Return the fault with `head` before its path."""
        joint = "." if head and self.path and not self.path.startswith("[") else ""
        return attrs.evolve(self, path=f"{head}{joint}{self.path}")


def dialable(value: object) -> bool:
    """Tell whether a phone can dial `value`: digits, `*`, `#` and `+` only."""
    return isinstance(value, str) and _DIALABLE.match(value) is not None


def texts(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return a tuple of texts; a single text is split at its commas, like a list in a file."""
    if isinstance(value, str):
        return tuple(item for item in (part.strip(" \t") for part in value.split(",")) if item)
    return tuple(value)


def optional_texts(value: str | Iterable[str] | None) -> tuple[str, ...] | None:
    """Return `texts(value)`; None stays None."""
    return None if value is None else texts(value)


def resolve_annotations(*converters: Callable[..., Any]) -> None:
    """Resolve the annotations of converters, which attrs copies into `__init__` as they are."""
    for converter in converters:
        converter.__annotations__ = get_type_hints(converter)


resolve_annotations(texts, optional_texts)


def suggest_keywords(cls: C) -> C:
    """Let the constructor of an attrs class name the field that an unknown keyword may mean."""
    init = cls.__init__

    @wraps(init)
    def suggesting(self: object, *args: object, **fields: object) -> None:
        """Make an object; a field that there is not is told with what was meant."""
        try:
            init(self, *args, **fields)
        except TypeError:
            known = [field.alias for field in attrs.fields(cls) if field.init]
            for name in fields:
                if name not in known:
                    raise TypeError(_no_field(cls.__name__, name, known)) from None
            raise

    cls.__init__ = suggesting
    return cls


class Suggesting(Shown):
    """Base of values whose constructor names the field that an unknown keyword may mean."""

    __slots__ = ()

    def __init_subclass__(cls) -> None:
        if {"__init__", "__attrs_attrs__"} <= vars(cls).keys():  # attrs makes the class anew
            suggest_keywords(cls)


def _no_field(kind: str, name: str, known: list[str]) -> str:
    hint = meant(name, known, shown=repr) or f"there are {', '.join(known)}"
    return f"{kind} has no field {name!r}; {hint}"


def brief_repr(self: attrs.AttrsInstance) -> str:
    """Return the constructor call for `self`, without defaults, secrets masked."""
    shown = []
    for index, field in enumerate(attrs.fields(type(self))):
        value = getattr(self, field.name)
        default = field.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            default = attrs.NOTHING if default.takes_self else default.factory()
        if index == 0 or value != default:
            shown.append(f"{field.alias}={shown_data(value, field.name)!r}")
    return f"{type(self).__name__}({', '.join(shown)})"


def _say(owner: object, attribute: Attribute, problem: str) -> FieldError:
    return FieldError(owner, attribute.name, problem)


def text(owner: object, attribute: Attribute, value: object) -> None:
    """Check for text that one line of a file can hold."""
    if not isinstance(value, str):
        raise _say(owner, attribute, f"must be text, not {value!r}")
    if _BREAKS_LINE.search(value):
        raise _say(owner, attribute, f"must fit on one line, without line ends and NUL: {value!r}")


def optional_text(owner: object, attribute: Attribute, value: object) -> None:
    """Check for text or None."""
    if value is not None:
        text(owner, attribute, value)


def one_word(owner: object, attribute: Attribute, value: object) -> None:
    """Check for a name: text that is not empty and has no blank at either end."""
    text(owner, attribute, value)
    if not value:
        raise _say(owner, attribute, "must not be empty")
    if isinstance(value, str) and value != value.strip(" "):
        raise _say(owner, attribute, f"must not begin or end with a blank: {value!r}")


def number_text(owner: object, attribute: Attribute, value: object) -> None:
    """Check for something a phone can dial, or None."""
    if value is None:
        return
    if isinstance(value, int):
        raise _say(owner, attribute, f"must be text, because of leading zeros: '{value}'")
    text(owner, attribute, value)
    if isinstance(value, str) and not dialable(value):
        raise _say(owner, attribute, f"must be digits, *, # or +, not {value!r}")


def each_text(owner: object, attribute: Attribute, value: object) -> None:
    """Check a tuple of texts, none of them empty."""
    if value is None:
        return
    for item in value if isinstance(value, tuple) else (value,):
        text(owner, attribute, item)
        if not item:
            raise _say(owner, attribute, "must not hold an empty item")


def flag(owner: object, attribute: Attribute, value: object) -> None:
    """Check for True, False or None."""
    if value is not None and not isinstance(value, bool):
        raise _say(owner, attribute, f"must be true or false, not {value!r}")


def whole(low: int, high: int | None = None) -> Validator:
    """Return a check for a whole number from `low` to `high`, or None."""

    def check(owner: object, attribute: Attribute, value: object) -> None:
        if value is None:
            return
        if not isinstance(value, int) or isinstance(value, bool):
            raise _say(owner, attribute, f"must be a whole number, not {value!r}")
        if value < low or (high is not None and value > high):
            limit = f"from {low} to {high}" if high is not None else f"{low} or more"
            raise _say(owner, attribute, f"must be {limit}, not {value}")

    return check


def seconds(owner: object, attribute: Attribute, value: object) -> None:
    """Check for a number of seconds, fractions allowed, or None."""
    if value is None:
        return
    if not isinstance(value, (int, float)) or isinstance(value, bool):
        raise _say(owner, attribute, f"must be a number of seconds, not {value!r}")
    if not 0 <= value < float("inf"):
        raise _say(owner, attribute, f"must be 0 or more seconds, not {value}")


def choice(*words: str) -> Validator:
    """Return a check for one of `words`, or None."""

    def check(owner: object, attribute: Attribute, value: object) -> None:
        if value is not None and value not in words:
            listed = ", ".join(words[:-1]) + f" or {words[-1]}"
            raise _say(owner, attribute, f"must be {listed}, not {value!r}")

    return check
