"""What all applications have in common: reading and writing their text, and their values."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any, ClassVar, NamedTuple, TypeAlias, get_type_hints

import attrs

from asterconf import schema
from asterconf.errors import ModelError
from asterconf.language import appcall, args
from asterconf.language.args import Argument
from asterconf.secrets import shown_text
from asterconf.shown import Shown
from asterconf.source import fold, printable

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


# -- layouts: where an argument text is cut, and how it is joined ---------------------------------


@attrs.frozen
class Layout:
    """Fields with separators between them, cut from the left, one after another.

    Attributes:
        separators: the separator after each field but the last, in order.
        flavour: as in `args.cut`; cut clean, the last field is not cleaned.
        endless: whether fields go on after the last separator, at the same one.
    """

    separators: str = ""
    flavour: str = "clean"
    endless: bool = False

    def cut(self, text: str) -> list[Argument]:
        """Return the fields of a text; `${…}` and `$[…]` are one unit each."""
        if self.endless or len(set(self.separators)) == 1:
            limit = None if self.endless else len(self.separators) + 1
            return args.cut(
                text, self.separators[0], flavour=self.flavour, limit=limit, substituted=False
            )
        fields: list[Argument] = []
        at = 0
        for separator in self.separators:
            protect = self.flavour != "plain"
            end = args.find(text, separator, at, protect=protect, substituted=False)
            if end < 0:
                break
            fields.append(Argument(text[at:end], at, end))
            at = end + 1
        return [*fields, Argument(text[at:], at, len(text))] if text else fields

    def escape(self, value: str, index: int) -> str:
        """Return what to write for a value in the field of that index."""
        if self.flavour != "clean" or (not self.endless and index >= len(self.separators)):
            return value
        return args.escape(value, self.separators[0], substituted=False)

    def join(self, texts: Sequence[str]) -> str:
        """Return the whole text of fields that are written already."""
        separators = self.separators[:1] * len(texts) if self.endless else self.separators
        pairs = zip(separators, texts[1:], strict=False)
        return "".join((*texts[:1], *(f"{separator}{text}" for separator, text in pairs)))


class NoArguments(Layout):
    """No arguments: what stands there is ignored."""

    def cut(self, text: str) -> list[Argument]:  # noqa: ARG002
        return []


class CallLayout(Layout):
    """`TARGET(ARGUMENTS)`: cut at the first `(` and the last `)`; no `)` takes all the rest.

    Source: apps/app_stack.c, gosub_exec.
    """

    def cut(self, text: str) -> list[Argument]:
        """Return the arguments in a text: what its first brackets hold, or all of it."""
        if not text:
            return []
        masked = args.mask(text)
        start = masked.find("(")
        if start < 0:
            return [Argument(text, 0, len(text))]
        end = masked.rfind(")")
        end = len(text) if end < start else end
        inner = Argument(text[start + 1 : end], start + 1, end)
        return [Argument(text[:start], 0, start), inner]

    def join(self, texts: Sequence[str]) -> str:
        target, *more = texts or [""]
        return f"{target}({more[0]})" if more else target


class BranchLayout(Layout):
    """`CONDITION?APP(ARGUMENTS)[:APP(ARGUMENTS)]`, and the old `CONDITION,APP,ARGUMENTS`.

    The old form counts where a comma stands before the first `?`, or where there is no `?`. Its
    application becomes one branch, whose place is all after the first comma.

    Source: apps/app_exec.c, execif_exec.
    """

    def cut(self, text: str) -> list[Argument]:
        masked = args.mask(text)
        comma, question = masked.find(","), masked.find("?")
        if comma < 0 or 0 <= question < comma:
            return super().cut(text)
        app, _, data = text[comma + 1 :].partition(",")
        condition = Argument(text[:comma], 0, comma)
        return [condition, Argument(f"{app}({data})", comma + 1, len(text))]


def commas(count: int, *, endless: bool = False) -> Layout:
    """Return the layout of an application that declares `count` fields with commas between."""
    return Layout("," * max(count - 1, 1 if endless else 0), endless=endless)


WHOLE = Layout()
"""One field, which is never split."""

ENDLESS = commas(1, endless=True)
"""Any number of fields with commas between."""

NOTHING = NoArguments()

# -- applications ---------------------------------------------------------------------------------


@attrs.frozen
class ArgumentKind:
    """How the text of a field becomes a value, and a value text; None: the field is left out."""

    name: str
    read: Callable[[str], Any]
    write: Callable[[Any], str | None]


PLAIN_TEXT = ArgumentKind("text", str, lambda value: value or None)
"""Text that is left out where it is empty."""


class ApplicationText(NamedTuple):
    """The text that an application was read from, or is written as, and the values in it."""

    name: str
    data: str
    values: tuple[Any, ...]


class Field(NamedTuple):
    """One argument of an application with a class of its own."""

    name: str
    kind: ArgumentKind
    default: Any


_FIELDS: dict[type, tuple[Field, ...]] = {}


def fields_of(cls: type[Application]) -> tuple[Field, ...]:
    """Return the arguments of an application, in the order of the text."""
    known = _FIELDS.get(cls)
    if known is None:
        own = [one for one in attrs.fields(cls) if one.name not in {"_source", "asterisk"}]
        kinds = [field.metadata.get("kind", PLAIN_TEXT) for field in own]
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
        ModelError: no text is split into these arguments.
    """

    layout: ClassVar[Layout]
    end_if_empty: ClassVar[bool] = False
    """Whether a call ends, and does not only log a warning, where a needed argument is missing."""

    def __init_subclass__(cls, layout: Layout | None = None, *, end_if_empty: bool = False) -> None:
        if layout is not None:  # None: attrs makes the class anew
            cls.layout, cls.end_if_empty = layout, end_if_empty

    _source: ApplicationText | None = attrs.field(
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
                object.__setattr__(self, "_source", ApplicationText(name, data, values))
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
            return f"<{printable(text)}>"
        return f"{type(self).__name__}({', '.join(self._constructor_arguments())})"

    def _constructor_arguments(self) -> Iterable[str]:
        for field in fields_of(type(self)):
            value = getattr(self, field.name)
            if value != field.default:
                yield f"{field.name}={value!r}"

    # -- values -------------------------------------------------------------------------------

    @property
    def arguments_by_name(self) -> Mapping[str, Any]:
        """The arguments by their names, in the order of the text."""
        return {field.name: getattr(self, field.name) for field in fields_of(type(self))}

    def spans(self) -> dict[str, tuple[int, int]]:
        """Return where each argument that is written stands in `str(self)`, as offsets."""
        shift = len(self.name) + 1
        layout, names = self._form()
        cuts = layout.cut(self.data)
        return {
            key: (one.start + shift, one.end + shift) for key, one in zip(names, cuts, strict=False)
        }

    def _form(self) -> tuple[Layout, Sequence[str]]:
        """Return the layout of the text, and the names of the arguments."""
        return type(self).layout, [field.name for field in fields_of(type(self))]

    def _called(self) -> str:
        return type(self).__name__

    def _values(self) -> tuple[Any, ...]:
        return tuple([getattr(self, field.name) for field in fields_of(type(self))])

    @classmethod
    def _read(cls, name: str, data: str) -> tuple[Any, ...]:  # noqa: ARG003 - see AnyApp
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
        return cls(*values, source=ApplicationText(name, data, values))

    @classmethod
    def letters(cls, asterisk: str = schema.DEFAULT) -> Mapping[str, bool]:
        """Return the option letters that a version knows, each with whether it has an argument.

        Words count as letters where the application has words.
        """
        return facts(cls.__name__, asterisk).letters


# -- what the schema knows ------------------------------------------------------------------------


@attrs.frozen
class Facts:
    """What is known of an application of Asterisk.

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
def _spellings(known: schema.Schema) -> dict[str, str]:
    return {fold(name): name for name in known.applications()}


def facts(name: str, asterisk: str = schema.DEFAULT) -> Facts:
    """Return what is known of the application of that name, ignoring case."""
    known = schema.at(asterisk)
    return _facts(_spellings(known).get(fold(name), ""), known)


@cache
def _facts(name: str, known: schema.Schema) -> Facts:
    if not name:
        return Facts()
    raw = known.applications()[name]
    described = raw["args"]
    names = tuple(key_of(one["name"]) for one in described)
    needed = [bool(one.get("required")) for one in described]
    separator = raw.get("argsep", ",")
    endless = separator == "," and any(one.get("multiple") for one in described)
    layout = commas(len(names), endless=endless)
    if separator != ",":
        layout = Layout(separator * (len(names) - 1), flavour="raw")
    at = next((index for index, one in enumerate(described) if "options" in one), None)
    letter: dict[str, Any] = {}
    if at is not None:
        letter = {**described[at]["options"], **described[at].get("undocumented_options", {})}
    letters = {
        re.sub(r"\(.*", "", key): "(" in key or bool({"takes_arg", "args", "values"} & set(one))
        for key, one in letter.items()
    }
    letters |= dict.fromkeys(_WITH_ARGUMENT.get(name, ""), True)
    needy = {
        key for key, one in letter.items() if any(a.get("required") for a in one.get("args", ()))
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
