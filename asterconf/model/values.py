"""Values of fields: caller ids, secrets, and settings, which are options as text."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import overload

import attrs

from asterconf.errors import FieldError, ModelError
from asterconf.language import callerid as language
from asterconf.model.checks import resolve_annotations, suggest_keywords, text
from asterconf.secrets import MASK, shown_value
from asterconf.source import WHITE

_BLANK = " \t"
_PHONE = re.compile(r"[0-9*#+]+\Z")
_SHRINK = str.maketrans("", "", " ()-.")
_PLAIN_NAME = re.compile(r'[^"<>\\]+\Z')


@suggest_keywords
@attrs.frozen
class CallerID:
    """The caller shown to the called party: a name, and a number to call back.

    >>> CallerID("Living Room", "6001")
    CallerID('Living Room', '6001')
    >>> str(CallerID("Living Room", "6001"))
    'Living Room <6001>'
    >>> CallerID.parse('"Smith, John" <+15552234567>').name
    'Smith, John'
    """

    name: str = attrs.field(default="", validator=text)
    """The name shown; empty: none."""
    number: str = attrs.field(default="", validator=text)
    """The number shown, usually digits and perhaps `+`; empty: none."""

    def __attrs_post_init__(self) -> None:
        if "<" in self.number or ">" in self.number:
            raise FieldError(self, "number", f"must not hold < or >: {self.number!r}")
        if self.number != self.number.strip(_BLANK):
            raise FieldError(self, "number", f"must not begin or end with a blank: {self.number!r}")

    def __bool__(self) -> bool:
        return bool(self.name or self.number)

    def __repr__(self) -> str:
        return f"CallerID({self.name!r}, {self.number!r})"

    def __str__(self) -> str:
        if not self.number:
            if not self.name:
                return ""
            return self.name if self._name_stands_alone() else f"{self._quoted()} <>"
        if not self.name:
            return self.number if _PHONE.match(self.number) else f"<{self.number}>"
        plain = _PLAIN_NAME.match(self.name) and self.name == self.name.strip(WHITE)
        return f"{self.name if plain else self._quoted()} <{self.number}>"

    def _name_stands_alone(self) -> bool:
        return (
            _PLAIN_NAME.match(self.name) is not None
            and self.name == self.name.strip(WHITE)
            and not _PHONE.match(self.name.translate(_SHRINK))
        )

    def _quoted(self) -> str:
        escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    @classmethod
    def parse(cls, value: str) -> CallerID:
        """Return the caller id that a file or a dialplan writes as `value`.

        Understands `Name <number>`, `"Name" <number>`, `<number>`, a number alone (blanks,
        brackets, dots and dashes in it are ignored) and a name alone.
        `CallerID.parse(str(x)) == x` for every caller id.

        Source: main/callerid.c, ast_callerid_parse; see `asterconf.language.callerid`.

        Raises:
            ModelError: `value` is not text, or contains a line end or NUL.
        """
        if not isinstance(value, str):
            raise ModelError(
                f"a caller id is written as text, such as 'Kitchen <6002>', not {value!r}"
            )
        parsed = language.parse(value)
        number = parsed.number if "<" in value else parsed.dialled
        return cls(parsed.name, (number or "").strip(_BLANK).replace(">", ""))


def callerid(value: CallerID | str) -> CallerID:
    """Return `value` as a caller id; a text is parsed."""
    return value if isinstance(value, CallerID) else CallerID.parse(value)


@attrs.frozen(repr=False, order=False)
class Secret:
    """A password or PIN that is masked where it is printed.

    `repr`, `str` and f-strings give eight stars; `reveal()` returns the value. Two secrets are
    equal when their values are. Pickles and `wire.unstructure` contain the value itself, because
    they would be useless without it.

    >>> f"{Secret('s3cret')}"
    '********'
    >>> Secret("s3cret").reveal()
    's3cret'
    """

    _value: str = attrs.field()

    @_value.validator
    def _check(self, _attribute: object, value: object) -> None:
        if not isinstance(value, str):
            raise ModelError(f"a secret must be text in quotes, not {type(value).__name__}")
        if "\n" in value or "\0" in value:
            raise ModelError("a secret must fit on one line, without line ends and NUL")

    def reveal(self) -> str:
        """Return the value itself."""
        return self._value

    def __bool__(self) -> bool:
        return bool(self._value)

    def __repr__(self) -> str:
        return f"Secret('{MASK}')"

    def __str__(self) -> str:
        return MASK

    def __format__(self, spec: str) -> str:
        return format(MASK, spec)


@overload
def secret(value: Secret | str) -> Secret: ...
@overload
def secret(value: None) -> None: ...
def secret(value: Secret | str | None) -> Secret | None:
    """Return `value` as a secret; None stays None."""
    return value if value is None or isinstance(value, Secret) else Secret(value)


@suggest_keywords
@attrs.frozen(repr=False)
class Setting:
    """One option as text, for options that an object has no field for.

    `repr` and f-strings mask the value if the name is that of a secret; `str` is the line itself,
    `name=value`.
    """

    name: str = attrs.field(validator=text)
    """The option's name; not empty, without `=`."""
    value: str = attrs.field(default="", validator=text)
    """Its value; may be empty."""

    def __attrs_post_init__(self) -> None:
        if not self.name or "=" in self.name:
            raise FieldError(self, "name", f"must be the name of an option, not {self.name!r}")

    @classmethod
    def parse(cls, line: str) -> Setting:
        """Return the setting of a line `name=value`; the value may contain `=`, too."""
        name, _, value = line.partition("=")
        return cls(name, value)

    @property
    def shown(self) -> str:
        """The value, masked if it is a secret."""
        return shown_value("", "", self.name, self.value)

    def __str__(self) -> str:
        return f"{self.name}={self.value}"

    def __repr__(self) -> str:
        return f"Setting({self.name!r}, {self.shown!r})"

    def __format__(self, spec: str) -> str:
        return format(f"{self.name}={self.shown}", spec)


def settings(value: Iterable[Setting | str]) -> tuple[Setting, ...]:
    """Return a tuple of settings; a text `name=value` is parsed."""
    items = (value,) if isinstance(value, str) else value
    return tuple(i if isinstance(i, Setting) else Setting.parse(i) for i in items)


resolve_annotations(callerid, secret, settings)
