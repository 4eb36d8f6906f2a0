"""Kinds of phones, for `Extension.phone`."""

from asterconf.model.phones import (
    DeskPhone,
    Linphone,
    Phone,
    PhoneDefaults,
    Softphone,
    Yealink,
    parse,
    phone,
)

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
