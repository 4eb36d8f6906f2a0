"""What a phone or a trunk is made of: the one table for reading, writing, folding and editing.

Source: res/res_pjsip_config_wizard.c, handle_endpoint and the like; the options by which PJSIP's
objects name each other are those of the schema.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import attrs


@attrs.frozen
class PjsipPart:
    """One of the objects that a phone or trunk is made of.

    Attributes:
        label: its name among the parts.
        kind: the type of its section in pjsip.conf.
        prefix: what its options begin with in a section of pjsip_wizard.conf, before the `/`.
        suffix: what the wizard puts behind the name of its section to get the id; one that ends
            with `-` is followed by a number from 0.
        names: its options that name other parts, each with the label of that part.
    """

    label: str
    kind: str
    prefix: str
    suffix: str = ""
    names: Mapping[str, str] = attrs.field(factory=dict)

    def id(self, wizard: str, number: int = 0) -> str:
        """Return the id that the wizard gives to the part of a section of that name."""
        return f"{wizard}{self.suffix}{number if self.suffix.endswith('-') else ''}"

    def wizard_of(self, name: str) -> str:
        """Return the section that the wizard would make this id of; empty: none."""
        if not self.suffix:
            return name
        base, _, number = name.rpartition(self.suffix)
        return base if not number or self.suffix.endswith("-") else ""


PARTS: Final[Mapping[str, PjsipPart]] = {
    part.label: part
    for part in (
        PjsipPart(
            "endpoint", "endpoint", "endpoint",
            names={"aors": "aor", "auth": "auth", "outbound_auth": "outbound_auth"},
        ),
        PjsipPart("aor", "aor", "aor"),
        PjsipPart("auth", "auth", "inbound_auth", "-iauth"),
        PjsipPart("outbound_auth", "auth", "outbound_auth", "-oauth"),
        PjsipPart(
            "registration", "registration", "registration", "-reg-",
            names={"endpoint": "endpoint", "outbound_auth": "outbound_auth"},
        ),
        PjsipPart(
            "identify", "identify", "identify", "-identify", names={"endpoint": "endpoint"}
        ),
        PjsipPart(
            "phoneprov", "phoneprov", "phoneprov", "-phoneprov", names={"endpoint": "endpoint"}
        ),
    )
}  # fmt: skip

LINKS: Final[Mapping[str, Mapping[str, str]]] = {
    label: part.names for label, part in PARTS.items() if part.names
}
"""By label, the options by which a part names others, and the label of what each names."""

NAMED_BY: Final[Mapping[str, tuple[str, ...]]] = {
    kind: tuple(o for o, label in LINKS["endpoint"].items() if PARTS[label].kind == kind)
    for kind in ("aor", "auth")
}
"""By type, the options by which an endpoint names sections of it."""

KINDS = (*dict.fromkeys(part.kind for part in PARTS.values()), "transport")
"""The types of PJSIP objects that extensions, trunks and transports consist of."""

EXTENSION: Final[Mapping[str, str]] = {
    "transport": "transport",
    "context": "endpoint/context",
    "subscribe_context": "endpoint/subscribe_context",
    "mailbox": "endpoint/mailboxes",
    "callerid": "endpoint/callerid",
    "auth_user": "inbound_auth/username",
    "secret": "inbound_auth/password",
    "max_contacts": "aor/max_contacts",
    "remove_existing": "aor/remove_existing",
    "qualify_frequency": "aor/qualify_frequency",
    "qualify_timeout": "aor/qualify_timeout",
    "subscribed_mailbox": "aor/mailboxes",
    "codecs": "endpoint/allow",
    "direct_media": "endpoint/direct_media",
    "rtp_symmetric": "endpoint/rtp_symmetric",
    "rewrite_contact": "endpoint/rewrite_contact",
    "media_encryption": "endpoint/media_encryption",
    "set_var": "endpoint/set_var",
}

TRUNK: Final[Mapping[str, str]] = {
    "transport": "transport",
    "outbound_proxy": "outbound_proxy",
    "remote_hosts": "remote_hosts",
    "sends_auth": "sends_auth",
    "sends_registrations": "sends_registrations",
    "match": "identify/match",
    "context": "endpoint/context",
    "username": "outbound_auth/username",
    "secret": "outbound_auth/password",
    "contact_user": "registration/contact_user",
    "max_retries": "registration/max_retries",
    "auth_rejection_permanent": "registration/auth_rejection_permanent",
    "qualify_frequency": "aor/qualify_frequency",
    "codecs": "endpoint/allow",
    "direct_media": "endpoint/direct_media",
    "rtp_symmetric": "endpoint/rtp_symmetric",
    "rewrite_contact": "endpoint/rewrite_contact",
    "send_rpid": "endpoint/send_rpid",
    "media_encryption": "endpoint/media_encryption",
    "from_user": "endpoint/from_user",
    "from_domain": "endpoint/from_domain",
}
"""The fields of `Extension` and `Trunk`, and the options of a wizard section that they hold.

`endpoint/x` is the option `x` of the endpoint, in either file. A name without `/` is the wizard's
own, which it passes on to several objects.
"""
