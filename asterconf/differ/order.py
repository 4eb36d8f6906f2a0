"""Where order makes a difference: which lists Asterisk takes as they come, and which as a set."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from asterconf.schema import OptionFacts

__all__ = ["Order", "is_set", "same"]

Order = Literal["meaningful", "all"]
"""`meaningful`: order counts where Asterisk heeds it. `all`: the order of every list counts, and
that of sections."""

_SETS = {
    # Each network, address or list of rules is looked at by itself.
    "pjsip.conf transport local_net", "pjsip.conf identify match", "pjsip.conf acl acl",
    "pjsip.conf acl contact_acl", "pjsip.conf endpoint acl", "pjsip.conf endpoint contact_acl",
    "ari.conf user acl", "http.conf restriction acl", "iax.conf peer acl", "manager.conf user acl",
    "iax.conf general calltokenoptional", "rtp.conf general ice_acl", "rtp.conf general stun_acl",
    "stir_shaken.conf profile x5u_acl", "stir_shaken.conf verification x5u_acl",
    # Kept in containers that sort by something else: res/res_pjsip/location.c, main/channel.c.
    "pjsip.conf aor contact", "pjsip.conf aor mailboxes", "pjsip.conf endpoint mailboxes",
    "pjsip.conf endpoint named_call_group", "pjsip.conf endpoint named_pickup_group",
    # Kept as flags, or as names that are only looked up.
    "pjsip.conf endpoint follow_redirect_methods", "queues.conf queue joinempty",
    "queues.conf queue leavewhenempty", "manager.conf user read", "manager.conf user write",
    "manager.conf user eventfilter", "manager.conf general disabledevents", "users.conf user read",
    "users.conf user write", "iax.conf peer auth", "iax.conf general auth", "iax.conf peer mailbox",
    "iax.conf general bindaddr", "iax.conf general register", "cel.conf general apps",
    "cel.conf general events", "ari.conf general allowed_origins",
    "ari.conf outbound_websocket apps", "stasis.conf declined_message_types decline",
    "voicemail.conf general cidinternalcontexts", "xmpp.conf client buddy",
    "cli_aliases.conf general template", "logger.conf logfiles *",
    # Loaded by priority and by need, not in file order: main/loader.c, module_vector_cmp.
    "modules.conf modules load", "modules.conf modules noload", "modules.conf modules preload",
    "modules.conf modules require", "modules.conf modules preload-require",
}  # fmt: skip
"""File, kind and option of each list whose order Asterisk does not heed."""


def is_set(facts: OptionFacts | None, order: Order) -> bool:
    """Tell whether the items of a list count, and not their order."""
    if facts is None or order == "all":
        return False
    return f"{facts.file} {facts.object} {facts.name}" in _SETS


def same(old: Any, new: Any, facts: OptionFacts | None, order: Order) -> bool:  # noqa: ANN401
    """Tell whether two values of an option mean the same."""
    if isinstance(old, tuple) and isinstance(new, tuple) and is_set(facts, order):
        return set(old) == set(new)
    canon = _canon(facts)
    return bool(canon(old) == canon(new))


def _canon(facts: OptionFacts | None) -> Callable[[Any], Any]:
    """Return what makes a value that Asterisk takes for another one that other."""
    instead = facts.raw.get("deprecated_values", {}) if facts is not None else {}
    return lambda value: instead.get(value, value) if isinstance(value, str) else value
