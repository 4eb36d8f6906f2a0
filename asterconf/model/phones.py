"""Kinds of phones: what each wants from Asterisk, as data.

A phone is used as `Extension.phone`. It never reaches Asterisk's files by itself: where an
extension leaves a setting unsaid, the builder takes what its phone proposes.
"""

from __future__ import annotations

import re
from typing import Any, ClassVar, Final

import attrs

from asterconf.errors import ModelError
from asterconf.model._fields import FieldError

__all__ = [
    "DeskPhone",
    "Linphone",
    "Phone",
    "PhoneDefaults",
    "Softphone",
    "Yealink",
    "parse",
    "phone",
]

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+-]*\Z")


@attrs.frozen(kw_only=True)
class PhoneDefaults:
    """What a kind of phone proposes for its extension."""

    protocol: str = "udp"
    """How the phone itself is set to reach Asterisk: `udp`, `tcp` or `tls`."""
    qualify_frequency: int = 30
    """Seconds between two checks that the phone is there; 0: never checked."""
    qualify_timeout: float | None = 3.0
    """Seconds to wait for the answer to a check; None: not said, there is no check."""
    direct_media: bool = True
    """Whether its sound may bypass Asterisk, which asks for a phone that others can reach."""


_DESK: Final = PhoneDefaults()
_MOBILE: Final = PhoneDefaults(
    protocol="tcp", qualify_frequency=0, qualify_timeout=None, direct_media=False
)


def _model(owner: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str) or (value and (not _MODEL.match(value) or value[-1] == " ")):
        raise FieldError(
            owner, attribute.name, f"must be a model's name, such as 'T54W', not {value!r}"
        )


@attrs.frozen
class Phone:
    """A kind of phone. Derive a class of your own, give it `defaults`, and it can be used.

    >>> str(Yealink("T54W"))
    'Yealink T54W'
    >>> parse("Yealink T54W")
    Yealink(model='T54W')
    """

    model: str = attrs.field(default="", validator=_model)
    """The maker's name of the model; empty: any."""

    defaults: ClassVar[PhoneDefaults] = _DESK
    """What phones of this kind propose for their extension."""

    def __str__(self) -> str:
        return f"{type(self).__name__} {self.model}".rstrip(" ")


@attrs.frozen
class DeskPhone(Phone):
    """A phone on a desk or wall: at home on one network, reached over UDP, always on."""


@attrs.frozen
class Softphone(Phone):
    """An app on a mobile phone or computer: comes and goes, behind NAT, reached over TCP.

    It is not checked by Asterisk: a poor signal fails the checks of a phone that works, and
    every check wakes the battery.
    """

    defaults: ClassVar[PhoneDefaults] = _MOBILE


@attrs.frozen
class Yealink(DeskPhone):
    """A Yealink desk phone (`T54W`) or DECT base (`W73P`)."""


@attrs.frozen
class Linphone(Softphone):
    """The Linphone app."""


def _kinds(base: type[Phone] = Phone) -> dict[str, type[Phone]]:
    found = {}
    for kind in base.__subclasses__():
        found[kind.__name__.lower()] = kind
        found.update(_kinds(kind))
    return found


def parse(value: str) -> Phone:
    """Return the phone that `str()` gives as `value`: the kind, then perhaps the model.

    Raises:
        ModelError: no class of phones has that name.
    """
    kind, _, model = value.strip(" ").partition(" ")
    known = _kinds()
    if kind.lower() not in known:
        names = sorted({k.__name__ for k in known.values()})
        raise ModelError(f"there is no kind of phone {kind!r}; known are {', '.join(names)}")
    return known[kind.lower()](model.strip(" "))


def phone(value: Phone | str | None) -> Phone | None:
    """Return `value` as a phone; a text is parsed, None stays None."""
    return parse(value) if isinstance(value, str) else value
