"""Where the fields of an extension and of a trunk stand, in the words of pjsip_wizard.conf.

One table for reading and for writing. `endpoint/x` is the option `x` of the endpoint, in either
file; a name without `/` is the wizard's own, which it passes on to several objects.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, Final

import attrs

from asterconf import schema
from asterconf.bind.sections import option_lines
from asterconf.bind.wizard import Option, PjsipObject
from asterconf.model.options import Value
from asterconf.model.options.section import Collected, collect
from asterconf.model.values import Setting
from asterconf.resolve.bound import ObjectDraft, Place

__all__ = ["EXTENSION", "TRUNK", "Said"]

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

_TEXTS = {"mailbox", "subscribed_mailbox"}
"""Fields that hold a list as the text of the file."""


@attrs.define
class Said:
    """What a wizard section says, field by field, and what is left for `extra`."""

    found: Collected
    options: list[Option]
    taken: set[str] = attrs.field(factory=set)

    @classmethod
    def of(cls, options: list[Option]) -> Said:
        """Read the lines of a section."""
        file = schema.file("pjsip_wizard.conf")
        assert file is not None
        kind = file.objects["wizard"]
        return cls(collect(kind, [(o.name, o.value) for o in options]), options)

    def place(self, key: str) -> Place | None:
        """Return where an option stands: of several lines the last."""
        lines = self.found.lines.get(key)
        return self.options[lines[-1]].place if lines else None

    def draft(self, endpoint: PjsipObject, table: Mapping[str, str]) -> ObjectDraft:
        """Return the fields of a table that are said."""
        draft = ObjectDraft(endpoint.id, endpoint.place)
        for field, key in table.items():
            for name in (key, f"endpoint/{key}") if key == "transport" else (key,):
                value = self.found.options.get(name)
                if value is not None and (value or "/" in key):
                    draft.put(field, _held(field, value), self.place(name))
                    self.taken.add(name)
                    break
        return draft

    def keep(self, *keys: str) -> None:
        """Leave options for `extra` after all."""
        self.taken.difference_update(keys)

    def rest(self, implied: Iterable[str]) -> tuple[Setting, ...]:
        """Return every other option; not `implied` are those that the object says by being one."""
        file = schema.file("pjsip_wizard.conf")
        assert file is not None
        kind = file.objects["wizard"]
        out: list[Setting] = []
        for key, value in self.found.options.items():
            known = kind.key(key)
            if known and key not in self.taken and key not in implied:
                out += (Setting(*pair) for pair in option_lines(key, known[1], value))
        unknown = (self.options[index] for index in self.found.unknown)
        out += (Setting(o.name, o.value) for o in unknown if o.name and "=" not in o.name)
        return tuple(out)


def _held(field: str, value: Value) -> Any:  # noqa: ANN401 - any value of a field
    """Return the value of an option as a field holds it."""
    if field in _TEXTS and isinstance(value, tuple):
        return ",".join(map(str, value))
    return value if field != "codecs" or value else None
