"""What all applications have in common: reading and writing their text, by one description each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from difflib import get_close_matches
from functools import cache
from typing import Any, ClassVar, NamedTuple

import attrs

from asterconf import schema
from asterconf.apps._layouts import ENDLESS, Layout, commas
from asterconf.apps._values import Location, Options, items, number, sounds, text, words
from asterconf.errors import ModelError
from asterconf.language import appcall
from asterconf.schema.secrets import shown_text
from asterconf.shown import Shown
from asterconf.source import fold

__all__ = [
    "ITEMS",
    "LOCATION",
    "NUMBER",
    "OPTIONS",
    "SOUNDS",
    "TEXT",
    "VALUE",
    "WORDS",
    "Application",
    "Call",
    "Facts",
    "Field",
    "Kind",
    "Source",
    "facts",
    "fields_of",
    "key_of",
]


@attrs.frozen
class Kind:
    """How the text of a field becomes a value, and a value text; None: the field is left out."""

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str | None]


def _kind(
    name: str, read: Callable[[str], Any], write: Callable[[Any], str | None]
) -> dict[str, Kind]:
    """Return the metadata of a field of that kind."""
    return {"kind": Kind(name, read, write)}


TEXT = _kind("text", str, lambda value: value or None)
VALUE = _kind("text", str, lambda value: value)
NUMBER = _kind("number", number, lambda value: None if value is None else str(value))
ITEMS = _kind("items", items, lambda value: "&".join(value) or None)
SOUNDS = _kind("sounds", sounds, lambda value: "&".join(value) or None)
WORDS = _kind("words", words, lambda value: ",".join(value) or None)
OPTIONS = _kind("options", Options.parse, lambda value: str(value) or None)
LOCATION = _kind(
    "location",
    lambda value: Location.parse(value) if value else None,
    lambda value: None if value is None else str(value),
)


class Source(NamedTuple):
    """A text that an application was read from, or written as, and the values that it says."""

    name: str
    data: str
    values: tuple[Any, ...]


class Field(NamedTuple):
    """One argument of an application with a class of its own."""

    name: str
    kind: Kind
    default: Any


_FIELDS: dict[type, tuple[Field, ...]] = {}


def fields_of(cls: type[Application]) -> tuple[Field, ...]:
    """Return the arguments of an application, in the order of the text."""
    known = _FIELDS.get(cls)
    if known is None:
        own = [field for field in attrs.fields(cls) if field.name != "_source"]
        kinds = [field.metadata.get("kind", TEXT["kind"]) for field in own]
        known = _FIELDS[cls] = tuple(
            Field(one.name, kind, kind.read("") if one.default is attrs.NOTHING else one.default)
            for one, kind in zip(own, kinds, strict=True)
        )
    return known


@attrs.frozen(repr=False)
class Application(Shown):
    """A dialplan application with its arguments.

    `data` is the argument text: exactly as parsed while no argument was changed, else written
    so that Asterisk splits it back into these arguments; arguments that were not changed keep
    their spelling. Two applications are equal if their arguments are. `source` carries the text
    along in `attrs.evolve`; with `source=None` all of it is written anew.

    Raises:
        ModelError: no text says these arguments.
    """

    layout: ClassVar[Layout]
    end_if_empty: ClassVar[bool] = False
    """Whether a call ends, and does not only log a warning, where a needed argument is missing."""

    _source: Source | None = attrs.field(
        default=None, kw_only=True, eq=False, repr=False, alias="source"
    )

    def __attrs_post_init__(self) -> None:
        values, source = self._values(), self._source
        if source is not None and source.values == values:
            return
        name, old = (self._called(), "") if source is None else (source.name, source.data)
        for spelling in dict.fromkeys((old, "")):
            data = self._write(name, spelling)
            if self._read(name, data) == values:
                appcall.join(name, data)
                object.__setattr__(self, "_source", Source(name, data, values))
                return
        raise ModelError(f"no text says {self!r}: Asterisk would split it otherwise")

    # -- text ---------------------------------------------------------------------------------

    @property
    def name(self) -> str:
        """The name as it is written; Asterisk ignores the case of A to Z in it."""
        assert self._source is not None
        return self._source.name

    @property
    def data(self) -> str:
        """The argument text, between the brackets of the call."""
        assert self._source is not None
        return self._source.data

    def __str__(self) -> str:
        name, data = self.name, self.data
        return name if not data and "(" in name else f"{name}({data})"

    def __repr__(self) -> str:
        """Return the constructor call; the text with stars where it has the shape of a secret."""
        if self._source is not None and (text := shown_text(str(self))) != str(self):
            return f"<{text}>"
        shown = (
            f"{field.name}={getattr(self, field.name)!r}"
            for field in fields_of(type(self))
            if getattr(self, field.name) != field.default
        )
        return f"{type(self).__name__}({', '.join(shown)})"

    # -- values -------------------------------------------------------------------------------

    @property
    def arguments_by_name(self) -> Mapping[str, Any]:
        """The arguments by their names, in the order of the text."""
        return {field.name: getattr(self, field.name) for field in fields_of(type(self))}

    def spans(self) -> dict[str, tuple[int, int]]:
        """Return where each argument that is written stands in `str(self)`, as offsets."""
        shift = len(self.name) + 1
        cuts = type(self).layout.cut(self.data)
        names = [field.name for field in fields_of(type(self))]
        return {
            key: (one.start + shift, one.end + shift) for key, one in zip(names, cuts, strict=False)
        }

    def _called(self) -> str:
        return type(self).__name__

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, field.name) for field in fields_of(type(self))])

    @classmethod
    def _read(cls, name: str, data: str) -> tuple[Any, ...]:  # noqa: ARG003 - see Call
        """Return the values that the fields have for an argument text."""
        cuts = cls.layout.cut(data)
        size = len(cuts)
        return tuple([
            field.kind.read(cuts[index].value) if index < size else field.default
            for index, field in enumerate(fields_of(cls))
        ])  # fmt: skip

    def _write(self, name: str, old: str) -> str:
        """Return the argument text; what reads the same in `old` is written as there."""
        cls, layout = type(self), type(self).layout
        fields = fields_of(cls)
        before = layout.cut(old)
        known = self._read(name, old)
        written: list[str] = []
        for index, field in enumerate(fields):
            value = getattr(self, field.name)
            if index < len(before) and known[index] == value:
                word: str | None = old[before[index].start : before[index].end]
            else:
                word = field.kind.write(value)
                word = word if word is None else layout.escape(word, index)
            if word is not None:
                written += [""] * (index - len(written))
                written.append(word)
        if len(before) > len(fields):
            written += [""] * (len(fields) - len(written))
            written += [old[one.start : one.end] for one in before[len(fields) :]]
        return layout.join(written)

    @classmethod
    def parse(cls, name: str, data: str) -> Application:
        """Make an application of this class of any argument text."""
        values = cls._read(name, data)
        return cls(*values, source=Source(name, data, values))

    @classmethod
    def letters(cls) -> Mapping[str, bool]:
        """Return the option letters that Asterisk 22 knows, each with whether it has an argument.

        Words count as letters where the application has words.
        """
        return facts(cls.__name__).letters


# -- what the schema knows ------------------------------------------------------------------------


@attrs.frozen
class Facts:
    """What is known of an application of Asterisk 22.

    Attributes:
        name: in Asterisk's own spelling; empty: there is no such application.
        arguments: the names of its arguments as Python writes them, in order.
        required: how many at the beginning must be there.
        layout: how its arguments are laid out, as far as that is known.
        options: the index of the argument that holds option letters; None: there is none.
        letters: the letters, or words, of that argument, each with whether it has an argument.
        needy: the letters whose argument must be there.
        installed: whether the module is part of a usual build.
    """

    name: str = ""
    arguments: tuple[str, ...] = ()
    required: int = 0
    layout: Layout = ENDLESS
    options: int | None = None
    letters: Mapping[str, bool] = attrs.field(factory=dict, hash=False)
    needy: frozenset[str] = frozenset()
    installed: bool = True


_WITH_ARGUMENT = {"Bridge": "F", "Read": "t"}
"""Letters that may have an argument, where the documentation does not say so.

Source: main/features.c, bridge_exec_options; apps/app_read.c, read_app_options.
"""


@cache
def _spellings() -> dict[str, str]:
    return {fold(name): name for name in schema.applications()}


def facts(name: str) -> Facts:
    """Return what is known of the application of that name, ignoring case."""
    return _facts(_spellings().get(fold(name), ""))


@cache
def _facts(name: str) -> Facts:
    if not name:
        return Facts()
    raw = schema.applications()[name]
    described = raw["args"]
    names = tuple(key_of(one["name"]) for one in described)
    needed = [bool(one.get("required")) for one in described]
    separator = raw.get("argsep", ",")
    endless = separator == "," and any(one.get("multiple") for one in described)
    layout = commas(len(names), endless=endless)
    if separator != ",":
        layout = Layout(separator * (len(names) - 1), flavour="raw")
    at = next((index for index, one in enumerate(described) if "options" in one), None)
    known: dict[str, Any] = {}
    if at is not None:
        known = {**described[at]["options"], **described[at].get("undocumented_options", {})}
    letters = {
        re.sub(r"\(.*", "", key): "(" in key or bool({"takes_arg", "args", "values"} & set(one))
        for key, one in known.items()
    }
    letters |= dict.fromkeys(_WITH_ARGUMENT.get(name, ""), True)
    needy = {
        key for key, one in known.items() if any(a.get("required") for a in one.get("args", ()))
    }
    return Facts(
        name,
        names,
        needed.index(False) if False in needed else len(needed),
        layout,
        at,
        letters,
        frozenset(needy),
        bool(raw.get("installed")),
    )


def key_of(name: str) -> str:
    """Return the name of an argument as Python writes it: `Technology/Resource` has a `_`."""
    return re.sub("[^0-9a-z]+", "_", name.lower()).strip("_")


# -- any other application ------------------------------------------------------------------------


def _texts(value: Iterable[str | int]) -> tuple[str, ...]:
    return tuple(map(text, value))


@attrs.frozen(repr=False, init=False)
class Call(Application):
    """Any application, by its name: `Call("MixMonitor", "a.wav", options="b")`.

    Arguments are texts, in order or by the names that Asterisk documents for them (in lower
    case, with `_` for every other character). An application that is not known takes any number.

    Raises:
        ModelError: an argument name is not known, or no text says these arguments.
    """

    called: str = attrs.field(eq=fold)
    arguments: tuple[str, ...] = attrs.field(default=(), converter=_texts)

    def __init__(
        self,
        called: str,
        *values: str | int,
        arguments: tuple[str | int, ...] = (),
        source: Source | None = None,
        **named: str | int,
    ) -> None:
        given = [*arguments, *values]
        known = facts(called).arguments
        for key, value in named.items():
            if key not in known:
                near = get_close_matches(key, known, 1)
                hint = f"did you mean {near[0]!r}?" if near else f"it has {', '.join(known)}"
                raise ModelError(f"{called} has no argument {key!r}; {hint if known else 'none'}")
            index = known.index(key)
            if index < len(given) and given[index] != "":
                raise ModelError(f"{called} is given its argument {key!r} twice")
            given += [""] * (index + 1 - len(given))
            given[index] = value
        count = len(known) if known and not facts(called).layout.endless else len(given)
        if len(given) > max(count, 1):
            raise ModelError(f"{called} takes {', '.join(known)}; {len(given)} texts are given")
        if source is not None and source.name != called:
            source = Source(called, source.data, ())
        self.__attrs_init__(called=called, arguments=tuple(given), source=source)

    def __repr__(self) -> str:
        """Return the constructor call; the text with stars where it has the shape of a secret."""
        if self._source is not None and (text := shown_text(str(self))) != str(self):
            return f"<{text}>"
        return f"Call({', '.join(map(repr, (self.called, *self.arguments)))})"

    def __getitem__(self, key: str | int) -> str:
        """Return an argument by its name or index; one that is not written is empty.

        Raises:
            ModelError: the application has no argument of that name.
        """
        if isinstance(key, str):
            known = facts(self.called).arguments
            if key not in known:
                raise ModelError(f"{self.called} has no argument {key!r}")
            key = known.index(key)
        return self.arguments[key] if key < len(self.arguments) else ""

    @property
    def options(self) -> Options:
        """Its option letters; none if it is not known to have any."""
        at = facts(self.called).options
        return Options() if at is None else Options.parse(self[at])

    @property
    def arguments_by_name(self) -> Mapping[str, Any]:
        """The arguments by the names that Asterisk documents, those without a name left out."""
        return dict(zip(facts(self.called).arguments, self.arguments, strict=False))

    def spans(self) -> dict[str, tuple[int, int]]:
        """Return where each argument that is written stands in `str(self)`, as offsets."""
        known = facts(self.called)
        shift = len(self.name) + 1
        cuts = known.layout.cut(self.data)
        return {
            key: (one.start + shift, one.end + shift)
            for key, one in zip(known.arguments, cuts, strict=False)
        }

    def _called(self) -> str:
        return self.called

    @classmethod
    def _read(cls, name: str, data: str) -> tuple[Any, ...]:
        return (name, tuple([one.value for one in facts(name).layout.cut(data)]))

    def _write(self, name: str, old: str) -> str:
        layout = facts(name).layout
        before = layout.cut(old)
        texts = [layout.escape(value, index) for index, value in enumerate(self.arguments)]
        for index, one in enumerate(before[: len(texts)]):
            if one.value == self.arguments[index]:
                texts[index] = old[one.start : one.end]
        return '""' if texts == [""] and layout.separators else layout.join(texts)

    @classmethod
    def parse(cls, name: str, data: str) -> Application:
        """Make a call of any name and argument text."""
        values = cls._read(name, data)
        return cls(name, arguments=values[1], source=Source(name, data, values))
