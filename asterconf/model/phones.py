"""Kinds of phones and the settings that suit them.

A phone is the value of `Extension.phone`. Asterisk's files do not contain it: where a setting of
an extension is not set, the builder takes the default of its phone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any, ClassVar, Final

import attrs

from asterconf.errors import FieldError, ModelError
from asterconf.model.checks import (
    Attribute,
    Suggesting,
    brief_repr,
    resolve_annotations,
)

_MODEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._+-]*\Z")


@attrs.frozen(kw_only=True)
class PhoneDefaults(Suggesting):
    """The default settings of a kind of phone for its extension."""

    protocol: str = "udp"
    """How the phone itself is set to reach Asterisk: `udp`, `tcp` or `tls`."""
    qualify_frequency: int = 30
    """Seconds between two checks that the phone can be reached; 0: never checked."""
    qualify_timeout: float | None = 3.0
    """Seconds to wait for the answer to a check; None: not set, because there is no check."""
    direct_media: bool = True
    """Whether its media may bypass Asterisk, for which the other phones must reach it."""


_DESK: Final = PhoneDefaults()
_MOBILE: Final = PhoneDefaults(
    protocol="tcp", qualify_frequency=0, qualify_timeout=None, direct_media=False
)


def _model(owner: object, attribute: Attribute, value: object) -> None:
    if not isinstance(value, str) or (value and (not _MODEL.match(value) or value[-1] == " ")):
        raise FieldError(
            owner, attribute.name, f"must be the name of a model, such as 'T54W', not {value!r}"
        )


def _mac(value: str) -> str:
    return re.sub("[:.-]", "", str(value)).lower()


def _is_mac(owner: object, attribute: Attribute, value: object) -> None:
    if not isinstance(value, str) or (value and not re.fullmatch("[0-9a-f]{12}", value)):
        raise FieldError(
            owner, attribute.name, f"must be a hardware address, such as 80:5e:c0:12:34:56, "
            f"not {value!r}",
        )  # fmt: skip


def _is_address(owner: object, attribute: Attribute, value: object) -> None:
    from ipaddress import ip_address

    try:
        ip_address(str(value) or "::")
    except ValueError:
        problem = f"must be an IP address, such as 192.168.1.21, not {value!r}"
        raise FieldError(owner, attribute.name, problem) from None


def _two(value: Iterable[int] | None) -> tuple[int, ...] | None:
    return None if value is None else tuple(value)


def _are_ports(owner: object, attribute: Attribute, value: object) -> None:
    if value is None:
        return
    good = isinstance(value, tuple) and len(value) == 2 and all(type(n) is int for n in value)
    if not good or not 1024 <= value[0] < value[1] <= 65535:  # type: ignore[index]
        raise FieldError(
            owner, attribute.name, f"must be two ports from 1024 to 65535, the lower first, "
            f"not {value!r}",
        )  # fmt: skip


@attrs.frozen
class Phone(Suggesting):
    """A kind of phone. For another kind, derive a class and give it `defaults`.

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
    """Its hardware address, which names its file of settings: twelve hex digits, also with `:`.
    Empty: not known."""
    address: str = attrs.field(default="", validator=_is_address, kw_only=True)
    """Its fixed address in the local network. Empty: it has none."""
    rtp_ports: tuple[int, int] | None = attrs.field(
        default=None, converter=_two, validator=_are_ports, kw_only=True
    )
    """Its first and last UDP port for media. None: the builder chooses them."""

    __repr__ = brief_repr

    defaults: ClassVar[PhoneDefaults] = _DESK
    """The default settings for the extension of such a phone."""

    def __str__(self) -> str:
        parts = [f"{type(self).__name__} {self.model}".rstrip(" ")]
        parts += [f"mac {self.mac}"] if self.mac else []
        parts += [f"address {self.address}"] if self.address else []
        parts += [f"ports {self.rtp_ports[0]}-{self.rtp_ports[1]}"] if self.rtp_ports else []
        return ", ".join(parts)


@attrs.frozen(repr=False)
class DeskPhone(Phone):
    """A phone on a desk or wall: in one network, reached over UDP, always on."""


@attrs.frozen(repr=False)
class Softphone(Phone):
    """An app on a mobile phone or computer: not always on, behind NAT, reached over TCP.

    Asterisk does not check that it can be reached: with a poor signal the check of a working
    phone fails, and each check drains its battery.
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
    """Return the phone of a text such as `str()` gives: the kind, then perhaps the model.

    Raises:
        ModelError: no kind of phone has that name, or the rest is not valid.
    """
    head, *more = value.split(",")
    kind, _, model = head.strip(" ").partition(" ")
    known = _kinds()
    if kind.lower() not in known:
        names = sorted({k.__name__ for k in known.values()})
        raise ModelError(f"there is no kind of phone {kind!r}; known are {', '.join(names)}")
    fields: dict[str, Any] = {}
    for part in more:
        name, _, value_text = part.strip(" ").partition(" ")
        if name not in ("mac", "address", "ports"):
            raise ModelError(f"a phone may be followed by mac, address and ports, not {name!r}")
        if name == "ports":
            low, _, high = value_text.partition("-")
            if not (low.isdecimal() and high.isdecimal()):
                raise ModelError(f"ports must be written as 11780-11799, not {value_text!r}")
            fields["rtp_ports"] = (int(low), int(high))
        else:
            fields[name] = value_text.strip(" ")
    return known[kind.lower()](model.strip(" "), **fields)


def phone(value: Phone | str | None) -> Phone | None:
    """Return `value` as a phone; a text is parsed, None stays None."""
    return parse(value) if isinstance(value, str) else value


resolve_annotations(_mac, _two, phone)
