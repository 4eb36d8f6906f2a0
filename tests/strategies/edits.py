"""Values that mean mischief, and every edit that can be tried with one."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import strategies as st

import asterconf
from asterconf.model import Extension, Mailbox, Queue, QueueMember, Transport, Trunk

hostile = st.text(
    st.sampled_from(list("a1\n\0;[](),=>+!#\\\"'${}<>|&@/^ \t\r-\x0b\x85\u2028é\ud800\udcff")),
    max_size=8,
) | st.sampled_from(["x" * 9000, "a;--", "--;", "a\\;b", "\\", "+=", "\ufeffa", "#include x"])
"""Text that could end a line, a name, a list or a string of the format."""

ADDED, UPDATED = 13, 16
"""So many of `hostile_edits` add something; those up to there add or update."""


def hostile_edits(conf: asterconf.Config, value: str) -> list[Callable[[], object]]:
    """Return edits of a house, each with the value in places where it might do harm."""
    return [
        lambda: conf.add(Extension(value, secret="x")),
        lambda: conf.add(Extension("new", secret=value, context=value, mailbox=value)),
        lambda: conf.add(Extension("new", secret="x", callerid=asterconf.CallerID(value, "1"))),
        lambda: conf.add(Extension("new", secret="x", set_var=(f"A={value}",))),
        lambda: conf.add(Trunk("new", remote_hosts=(value,), username="u", secret="s",
                               sends_auth=True)),
        lambda: conf.add(Trunk("new", remote_hosts=("h",), username=value, secret="s",
                               sends_auth=True, from_user=value, contact_user=value)),
        lambda: conf.add(Queue(value)),
        lambda: conf.add(Queue("new", context=value, musicclass=value)),
        lambda: conf.add(Queue("new", members=[QueueMember(value, name=value)])),
        lambda: conf.add(Mailbox("77", name=value, email=value, initial_pin=value)),
        lambda: conf.add(Mailbox("77", context=value, options=(f"tz={value}",))),
        lambda: conf.add(Mailbox(value)),
        lambda: conf.add(Transport("new", cert_file=value, protocol="tls")),
        lambda: conf.update(conf.extensions["6001"], context=value, secret=value),
        lambda: conf.update(conf.queues["home-phones"], context=value),
        lambda: conf.update(conf.mailboxes["6000@default"], name=value),
        lambda: conf.rename(conf.extensions["6001"], value).apply(),
        lambda: conf.rename(conf.queues["home-phones"], value).apply(),
        lambda: conf.rename(conf.mailboxes["6000@default"], value).apply(),
    ]  # fmt: skip
