"""Kinds of phones: what each wants from Asterisk, as data.

A phone is used as `Extension.phone`. It never reaches Asterisk's files by itself: where an
extension leaves a setting unsaid, the builder takes what its phone proposes.
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import attrs

from asterconf.errors import FieldError, ModelError
from asterconf.model.checks import brief_repr
from asterconf.shown import Shown

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
class PhoneDefaults(Shown):
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


def _mac(value: str) -> str:
    return re.sub("[:.-]", "", str(value)).lower()


def _is_mac(owner: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if not isinstance(value, str) or (value and not re.fullmatch("[0-9a-f]{12}", value)):
        raise FieldError(
            owner, attribute.name, f"must be a hardware address, such as 80:5e:c0:12:34:56, "
            f"not {value!r}",
        )  # fmt: skip


def _is_address(owner: object, attribute: attrs.Attribute[Any], value: object) -> None:
    try:
        ipaddress.ip_address(str(value) or "::")
    except ValueError:
        problem = f"must be an address of the house, such as 192.168.1.21, not {value!r}"
        raise FieldError(owner, attribute.name, problem) from None


def _two(value: Iterable[int] | None) -> tuple[int, ...] | None:
    return None if value is None else tuple(value)


def _are_ports(owner: object, attribute: attrs.Attribute[Any], value: object) -> None:
    if value is None:
        return
    good = isinstance(value, tuple) and len(value) == 2 and all(type(n) is int for n in value)
    if not good or not 1024 <= value[0] < value[1] <= 65535:  # type: ignore[index]
        raise FieldError(
            owner, attribute.name, f"must be two ports from 1024 to 65535, the lower first, "
            f"not {value!r}",
        )  # fmt: skip


@attrs.frozen
class Phone(Shown):
    """A kind of phone. Derive a class of your own, give it `defaults`, and it can be used.

    >>> str(Yealink("T54W"))
    'Yealink T54W'
    >>> parse("Yealink T54W")
    Yealink(model='T54W')
    >>> str(Yealink("T54W", mac="80:5E:C0:12:34:56", address="192.168.1.21"))
    'Yealink T54W, mac 805ec0123456, address 192.168.1.21'
    """

    model: str = attrs.field(default="", validator=_model)
    """The maker's name of the model; empty: any."""
    mac: str = attrs.field(default="", converter=_mac, validator=_is_mac, kw_only=True)
    """Its hardware address, by which it asks for its settings: twelve hex digits, also with `:`.
    Empty: not known."""
    address: str = attrs.field(default="", validator=_is_address, kw_only=True)
    """Its fixed address in the house. Empty: it has none."""
    rtp_ports: tuple[int, int] | None = attrs.field(
        default=None, converter=_two, validator=_are_ports, kw_only=True
    )
    """First and last UDP port of its own for sound. None: a builder chooses them."""

    __repr__ = brief_repr

    defaults: ClassVar[PhoneDefaults] = _DESK
    """What phones of this kind propose for their extension."""

    def __str__(self) -> str:
        parts = [f"{type(self).__name__} {self.model}".rstrip(" ")]
        parts += [f"mac {self.mac}"] if self.mac else []
        parts += [f"address {self.address}"] if self.address else []
        parts += [f"ports {self.rtp_ports[0]}-{self.rtp_ports[1]}"] if self.rtp_ports else []
        return ", ".join(parts)


@attrs.frozen(repr=False)
class DeskPhone(Phone):
    """A phone on a desk or wall: at home on one network, reached over UDP, always on."""


@attrs.frozen(repr=False)
class Softphone(Phone):
    """An app on a mobile phone or computer: comes and goes, behind NAT, reached over TCP.

    It is not checked by Asterisk: a poor signal fails the checks of a phone that works, and
    every check wakes the battery.
    """

    defaults: ClassVar[PhoneDefaults] = _MOBILE


@attrs.frozen(repr=False)
class Yealink(DeskPhone):
    """A Yealink desk phone (`T54W`) or DECT base (`W73P`)."""


@attrs.frozen(repr=False)
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
        ModelError: no class of phones has that name, or what follows is not understood.
    """
    head, *more = value.split(",")
    kind, _, model = head.strip(" ").partition(" ")
    known = _kinds()
    if kind.lower() not in known:
        names = sorted({k.__name__ for k in known.values()})
        raise ModelError(f"there is no kind of phone {kind!r}; known are {', '.join(names)}")
    fields: dict[str, Any] = {}
    for part in more:
        name, _, said = part.strip(" ").partition(" ")
        if name not in ("mac", "address", "ports"):
            raise ModelError(f"after a phone may stand mac, address and ports, not {name!r}")
        if name == "ports":
            low, _, high = said.partition("-")
            if not (low.isdecimal() and high.isdecimal()):
                raise ModelError(f"ports must be written as 11780-11799, not {said!r}")
            fields["rtp_ports"] = (int(low), int(high))
        else:
            fields[name] = said.strip(" ")
    return known[kind.lower()](model.strip(" "), **fields)


def phone(value: Phone | str | None) -> Phone | None:
    """Return `value` as a phone; a text is parsed, None stays None."""
    return parse(value) if isinstance(value, str) else value
