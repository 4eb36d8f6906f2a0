"""Voicemail boxes."""

from __future__ import annotations

import attrs

from asterconf.model import _fields as check
from asterconf.model.values import Secret, secret
from asterconf.shown import Placed

__all__ = ["Mailbox"]


def _no_comma(owner: object, attribute: attrs.Attribute[str], value: str) -> None:
    check.text(owner, attribute, value)
    if "," in value:
        raise check.FieldError(
            owner,
            attribute.name,
            f"must not hold a comma, which ends the field in the file: {value!r}",
        )


def _number(owner: object, attribute: attrs.Attribute[str], value: str) -> None:
    check.one_word(owner, attribute, value)
    if "@" in value or "=" in value:
        raise check.FieldError(owner, attribute.name, f"must not hold @ or =: {value!r}")


def _pin(owner: object, attribute: attrs.Attribute[Secret | None], value: Secret | None) -> None:
    if value is not None and "," in value.reveal():
        raise check.FieldError(
            owner, attribute.name, "must not hold a comma, which ends the field in the file"
        )


@attrs.frozen
class Mailbox(Placed):
    """A voicemail box: one line `number => pin,name,email,pager,options` of voicemail.conf."""

    number: str = attrs.field(validator=_number)
    """Number of the box within its context; not empty, text because of leading zeros."""
    context: str = attrs.field(default="default", validator=check.one_word, kw_only=True)
    """The section of voicemail.conf it stands in; not a dialplan context."""
    initial_pin: Secret | None = attrs.field(default=None, converter=secret, kw_only=True)
    """PIN until its owner changes it by phone; a leading `-` forbids that. None or empty: none,
    and anybody who asks may listen."""
    name: str = attrs.field(default="", validator=_no_comma, kw_only=True)
    """The owner's name, without commas. Empty: none."""
    email: str = attrs.field(default="", validator=_no_comma, kw_only=True)
    """Where messages are mailed to, several separated by `|`. Empty: nowhere."""
    pager: str = attrs.field(default="", validator=_no_comma, kw_only=True)
    """Where short notices are mailed to. Empty: nowhere."""
    options: tuple[str, ...] = attrs.field(
        default=(), converter=check.texts, validator=check.each_text, kw_only=True
    )
    """Settings of this box alone, each `name=value` such as `attach=no`, in file order."""

    __repr__ = check.brief_repr

    @initial_pin.validator
    def _check_pin(self, attribute: attrs.Attribute[Secret | None], value: Secret | None) -> None:
        _pin(self, attribute, value)

    @property
    def address(self) -> str:
        """The box as dialplan and endpoints name it: `6000@default`."""
        return f"{self.number}@{self.context}"
