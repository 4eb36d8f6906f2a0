"""Values that arguments of applications have: option letters, places to jump to, lists, numbers."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import TypeAlias, get_type_hints

import attrs

from asterconf.errors import ModelError
from asterconf.language import args

Number = int | float | str | None
"""A number, or the text that stands in its place (`${TIMEOUT}`, `10^5`); None: nothing."""

_CANONICAL = re.compile(r"-?(?:0|[1-9][0-9]{0,15})(\.[0-9]{1,15})?")


def text(value: str | int) -> str:
    """Return a text; a whole number is written in digits.

    Raises:
        ModelError: it is neither.
    """
    if isinstance(value, str):
        return value
    if type(value) is int:
        return str(value)
    raise ModelError(f"must be text, not {value!r}")


def number(value: Number) -> Number:
    """Return a number as one, and any other text as it is; an empty text is None.

    Raises:
        ModelError: it is something else, or infinite.
    """
    if value is None or value == "":
        return None
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if _CANONICAL.fullmatch(str(value)):
            return value
    elif isinstance(value, str):
        found = _CANONICAL.fullmatch(value)
        if found is None or value == "-0":
            return value
        if not found[1]:
            return int(value)
        return float(value) if str(float(value)) == value else value
    raise ModelError(f"must be a plain number or text, not {value!r}")


def _parts(value: str, separator: str, *, quotes: bool) -> Iterator[str]:
    """Yield the parts of a text; a `${…}` is one unit, and what stands in `'…'` with `quotes`."""
    if separator not in value:
        yield value
        return
    masked = args.mask(value)
    start = 0
    quoted = False
    for at, char in enumerate(masked):
        if char == "'" and quotes:
            quoted = not quoted and "'" in masked[at + 1 :]
        if char == separator and not quoted:
            yield value[start:at]
            start = at + 1
    yield value[start:]


def _list(value: str | Iterable[str], separator: str, *, quotes: bool = False) -> tuple[str, ...]:
    if not isinstance(value, Iterable):
        raise ModelError(f"must be text or a list of texts, not {value!r}")
    given = [value] if isinstance(value, str) else [*value]
    for one in given:
        if not isinstance(one, str):
            raise ModelError(f"must be text, not {one!r}")
    parts = tuple(part for one in given for part in _parts(one, separator, quotes=quotes))
    return () if parts == ("",) else parts


def items(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return the parts of a list that a file joins by `&`.

    Raises:
        ModelError: a part is no text.
    """
    return _list(value, "&")


def sounds(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return the parts of a list of sounds; `'…'` around a URL protects its `&`.

    Raises:
        ModelError: a part is no text.
    """
    return _list(value, "&", quotes=True)


def words(value: str | Iterable[str]) -> tuple[str, ...]:
    """Return the words of a list that a file joins by `,`."""
    return _list(value, ",")


OptionsLike: TypeAlias = (
    "Options | str | Mapping[str, bool | str | int | None] | Iterable[str | tuple[str, str | None]]"
)
Pair = tuple[str, str | None]


def _pairs(value: object) -> tuple[Pair, ...]:
    if isinstance(value, str):
        return tuple((o.letter, o.argument) for o in args.split_options(value, substituted=False))
    if isinstance(value, Mapping):
        value = [
            (letter, None if argument is True else argument)
            for letter, argument in value.items()
            if argument is not None and argument is not False
        ]
    if not isinstance(value, Iterable):
        raise ModelError(f"options must be text or a mapping of letters, not {value!r}")
    return tuple(pair for one in value for pair in _pair(one))


def _pair(value: object) -> Iterator[Pair]:
    if isinstance(value, str):
        yield from _pairs(value)
        return
    match value:
        case (str(letter), None | str() | int() as argument) if letter:
            yield letter, None if argument is None else text(argument)
        case _:
            raise ModelError(f"an option is a letter and an argument or None, not {value!r}")


@attrs.frozen(repr=False)
class Options:
    """Option letters in their order, each with its argument or None: `tTU(sub^a)`.

    Made of text, of a mapping such as `{"t": True, "U": "sub^a"}` (False and None leave a letter
    out), or of pairs. Any letter is kept, known or not. `options.t` is True if `t` stands there,
    `options.U` the argument; a letter that is not there is False.

    `closed` is False where the last argument lacks its `)`.
    """

    items: tuple[Pair, ...] = attrs.field(default=(), converter=_pairs)
    closed: bool = True

    def __attrs_post_init__(self) -> None:
        self.__str__()

    @staticmethod
    def parse(value: str) -> Options:
        """Return the options of any text; the same text gives the same object."""
        return _parse_options(value)

    def __str__(self) -> str:
        return args.join_options(self.items, closed=self.closed, substituted=False)

    def __repr__(self) -> str:
        return f"Options({str(self)!r})"

    def __iter__(self) -> Iterator[str]:
        return (letter for letter, _ in self.items)

    def __len__(self) -> int:
        return len(self.items)

    def __contains__(self, letter: object) -> bool:
        return any(letter == known for known, _ in self.items)

    def __getitem__(self, letter: str) -> bool | str:
        """Return the argument of a letter, True if it has none, False if it is not there.

        Of a letter that stands twice the last one counts, as in Asterisk.
        """
        for known, argument in reversed(self.items):
            if known == letter:
                return True if argument is None else argument
        return False

    def __getattr__(self, letter: str) -> bool | str:
        if len(letter) == 1:
            return self[letter]
        raise AttributeError(f"{letter!r} is no option letter")

    def __dir__(self) -> list[str]:
        return [*object.__dir__(self), *self]

    def __or__(self, other: OptionsLike) -> Options:
        """Return these options with others set: a letter that is there keeps its place."""
        mine = dict(self.items)
        mine.update(options(other).items)
        return Options([*mine.items()])

    def __sub__(self, letters: str) -> Options:
        """Return these options without some letters."""
        return Options([pair for pair in self.items if pair[0] not in set(letters)])


@lru_cache(maxsize=4096)
def _parse_options(value: str) -> Options:
    found = args.split_options(value, substituted=False)
    return Options([(o.letter, o.argument) for o in found], all(o.closed for o in found))


def options(value: OptionsLike) -> Options:
    """Return options of whatever describes them.

    Raises:
        ModelError: no option string has these options.
    """
    if isinstance(value, Options):
        return value
    return Options.parse(value) if isinstance(value, str) else Options(value)


options.__annotations__ = get_type_hints(options)  # which attrs copies into constructors


def _priority(value: str | int) -> int | str:
    if isinstance(value, str):
        return int(value) if re.fullmatch("[1-9][0-9]{0,8}", value) else value
    if type(value) is int:
        return value
    raise ModelError(f"a priority is a number or a label, not {value!r}")


@attrs.frozen(repr=False)
class Location:
    """A place to jump to; an empty context or extension is the one where the call is.

    `priority` is a number, a label, or `+2` and `-2` (counted from the step that jumps).
    """

    context: str = attrs.field(default="", converter=text)
    extension: str = attrs.field(default="", converter=text)
    priority: int | str = attrs.field(default=1, converter=_priority)

    @classmethod
    def parse(cls, value: str, separator: str = ",") -> Location:
        """Return the place that `[[context,]extension,]priority` names; a fourth part is ignored.

        Source: main/pbx.c, pbx_parseable_goto.
        """
        parts = args.split(value, separator, flavour="plain", substituted=False)[:3] or ("",)
        context, extension, priority = (*("",) * (3 - len(parts)), *parts)
        return cls(context, extension, priority)

    def __str__(self) -> str:
        parts = [self.context, self.extension, str(self.priority)]
        while len(parts) > 1 and not parts[0]:
            del parts[0]
        return ",".join(parts)

    def __repr__(self) -> str:
        return f"Location({self.context!r}, {self.extension!r}, {self.priority!r})"


LocationLike = Location | str | int | tuple[str | int, ...] | None


def location(value: LocationLike) -> Location | None:
    """Return a place of whatever describes it: `"main,100,1"`, `("main", "100", 1)`, `"label"`, 1.

    Raises:
        ModelError: it is something else.
    """
    if value is None or value == "":
        return None
    if isinstance(value, Location):
        return value
    if isinstance(value, str):
        return Location.parse(value)
    parts = value if isinstance(value, tuple) else (value,)
    if not 1 <= len(parts) <= 3:
        raise ModelError(f"a place has a context, an extension and a priority, not {value!r}")
    padded: list[str | int] = [*[""] * (3 - len(parts)), *parts]
    return Location(text(padded[0]), text(padded[1]), padded[2])
