"""Providers: each function returns the `Trunk` that suits one provider's service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from asterconf.model import Secret, Trunk

__all__ = ["PROVIDERS", "generic", "jmp_chat", "voipms"]


def generic(
    server: str | Iterable[str],
    username: str,
    secret: str | Secret,
    name: str = "provider",
    **changes: Any,  # noqa: ANN401
) -> Trunk:
    """Return a trunk for a provider that takes registrations with user name and password.

    Args:
        server: `host` or `host:port`, or several of them.
        username: the account, as the provider writes it.
        secret: its password.
        name: name of the trunk in the files.
        changes: any other field of `Trunk`, such as `codecs` or `contact_user`. What is not said
            comes from the template `trunk-defaults` of the built files.
    """
    hosts = (server,) if isinstance(server, str) else tuple(server)
    fields = {"transport": "transport-tcp", **changes}
    return Trunk(name, remote_hosts=hosts, username=username, secret=secret, **fields)


def voipms(
    server: str,
    username: str,
    secret: str | Secret,
    name: str = "voipms",
    **changes: Any,  # noqa: ANN401
) -> Trunk:
    """Return a trunk for VOIP.ms; arguments as in `generic`.

    `server` is one of the provider's, such as `atlanta2.voip.ms`, with port 5060 unless it
    names another.
    """
    host = server if ":" in server else f"{server}:5060"
    return generic(host, username, secret, name, **changes)


def jmp_chat(
    server: str,
    username: str,
    secret: str | Secret,
    name: str = "jmp",
    **changes: Any,  # noqa: ANN401
) -> Trunk:
    """Return a trunk for JMP.chat; arguments as in `generic`, which come from the account."""
    return generic(server, username, secret, name, **changes)


PROVIDERS: dict[str, Callable[..., Trunk]] = {
    "generic": generic,
    "jmp_chat": jmp_chat,
    "voipms": voipms,
}
"""The providers by the name that a TOML file uses."""
