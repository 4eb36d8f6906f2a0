"""Where the fields of an extension and of a trunk stand, in the words of pjsip_wizard.conf.

One table for reading and for writing. `endpoint/x` is the option `x` of the endpoint, in either
file; a name without `/` is the wizard's own, which it passes on to several objects.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

__all__ = ["EXTENSION", "TRUNK"]

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
