"""What all applications have in common: reading and writing their text, by one description each."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from typing import Any, ClassVar, NamedTuple

import attrs

from asterconf import schema
from asterconf.errors import ModelError
from asterconf.language import appcall, args
from asterconf.language.args import Argument
from asterconf.secrets import shown_text
from asterconf.shown import Shown
from asterconf.source import fold, printable

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
