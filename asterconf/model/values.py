"""Values that are smaller than an object and more than a text: a caller id, a secret."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, overload

import attrs

from asterconf.errors import FieldError, ModelError
from asterconf.language import callerid as language
from asterconf.model.checks import text
from asterconf.schema.secrets import shown_value

__all__ = ["CallerID", "Secret", "Setting"]

_MASK: Final = "********"
_BLANK: Final = " \t"
_WHITE: Final = "".join(map(chr, range(1, 33)))
_PHONE = re.compile(r"[0-9*#+]+\Z")
_SHRINK = str.maketrans("", "", " ()-.")
_PLAIN_NAME = re.compile(r'[^"<>\\]+\Z')


@attrs.frozen
class CallerID:
    """Who a call says it is from: a name to show and a number to call back.

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
    """The number shown, digits and perhaps `+`; empty: none."""

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
        plain = _PLAIN_NAME.match(self.name) and self.name == self.name.strip(_WHITE)
        return f"{self.name if plain else self._quoted()} <{self.number}>"

    def _name_stands_alone(self) -> bool:
        return (
            _PLAIN_NAME.match(self.name) is not None
            and self.name == self.name.strip(_WHITE)
            and not _PHONE.match(self.name.translate(_SHRINK))
        )

    def _quoted(self) -> str:
        escaped = self.name.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{escaped}"'

    @classmethod
    def parse(cls, value: str) -> CallerID:
        """Return the caller id that a file or a dialplan writes as `value`.

        Understood are `Name <number>`, `"Name" <number>`, `<number>`, a number alone (blanks,
        brackets, dots and dashes in it do not count) and a name alone. Nothing is refused but
        text that no single line can hold. `CallerID.parse(str(x)) == x` for every caller id.

        Source: main/callerid.c, ast_callerid_parse; see `asterconf.language.callerid`.

        Raises:
            ModelError: `value` is no text, or holds a line end or NUL.
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
    """A password or PIN that does not show itself.

    `repr`, `str` and f-strings give eight stars. Two secrets are equal when their values are.
    Whoever needs the value asks for it by `reveal()`. Pickles and `wire.unstructure` hold the
    value itself, because they would be useless without it.

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
        return f"Secret('{_MASK}')"

    def __str__(self) -> str:
        return _MASK

    def __format__(self, spec: str) -> str:
        return format(_MASK, spec)


@overload
def secret(value: Secret | str) -> Secret: ...
@overload
def secret(value: None) -> None: ...
def secret(value: Secret | str | None) -> Secret | None:
    """Return `value` as a secret; None stays None."""
    return value if value is None or isinstance(value, Secret) else Secret(value)


@attrs.frozen(repr=False)
class Setting:
    """One option as a file has it: what an object has no field for, kept as it is written.

    `repr` and f-strings mask the value where the name says that it is a secret; `str` is the line
    itself, `name=value`.
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
        """Return the setting that `str()` gives as `line`: all behind the first `=` is value."""
        name, _, value = line.partition("=")
        return cls(name, value)

    @property
    def shown(self) -> str:
        """The value as a person may see it."""
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
