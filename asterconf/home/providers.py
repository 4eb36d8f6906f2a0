"""Providers: each function returns the `Trunk` that suits one provider's service."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from asterconf.home.plan import HEADER, LINE
from asterconf.model import Secret, Trunk
from asterconf.model.values import Setting


def generic(
    server: str | Iterable[str],
    username: str,
    secret: str | Secret,
    name: str = "provider",
    *,
    line: bool = False,
    header: str = "",
    **changes: Any,  # noqa: ANN401
) -> Trunk:
    """Return a trunk for a provider that takes registrations with user name and password.

    Args:
        server: `host` or `host:port`, or several of them.
        username: the account, as the provider writes it.
        secret: its password.
        name: name of the trunk in the files.
        line: know its calls by a word that the registration carries, not by their address. It
            takes a provider that calls the registered contact as it is; then two trunks may lead
            to one host, and no name need be looked up for calls to come in.
        header: know its calls by a header, such as `X-Account: 12345`, for two trunks at one host.
            It takes `match`, with the provider's addresses.
        changes: any other field of `Trunk`, such as `codecs` or `contact_user`;
            `sends_registrations=False` for a provider that calls a fixed address. What is left
            out comes from the template `trunk-defaults` of the built files.
    """
    hosts = (server,) if isinstance(server, str) else tuple(server)
    extra = [*changes.pop("extra", ())]
    if line:
        extra.append(Setting(LINE, "yes"))
    if header:
        extra.append(Setting(HEADER, header))
    fields = {"transport": "transport-tcp", "extra": extra, **changes}
    return Trunk(name, remote_hosts=hosts, username=username, secret=secret, **fields)


def ip_authenticated(
    server: str | Iterable[str],
    name: str = "provider",
    **changes: Any,  # noqa: ANN401
) -> Trunk:
    """Return a trunk for a provider that knows us by our fixed address, without a password.

    `match` holds the addresses that the provider calls from, where they are not its servers'.
    """
    hosts = (server,) if isinstance(server, str) else tuple(server)
    known = {"sends_auth": False, "sends_registrations": False}
    return Trunk(name, remote_hosts=hosts, **{"transport": "transport-tcp", **known, **changes})


def voipms(
    server: str,
    username: str,
    secret: str | Secret,
    name: str = "voipms",
    *,
    line: bool = False,
    header: str = "",
    **changes: Any,  # noqa: ANN401
) -> Trunk:
    """Return a trunk for VOIP.ms; arguments as in `generic`.

    `server` is one of the provider's, such as `atlanta2.voip.ms`, with port 5060 (over TLS 5061)
    unless it names another. For encrypted calls: `transport="transport-tls"` and
    `media_encryption="sdes"`.
    """
    port = 5061 if changes.get("transport") == "transport-tls" else 5060
    host = server if ":" in server else f"{server}:{port}"
    return generic(host, username, secret, name, line=line, header=header, **changes)


def jmp_chat(
    server: str,
    username: str,
    secret: str | Secret,
    name: str = "jmp",
    *,
    line: bool = False,
    header: str = "",
    **changes: Any,  # noqa: ANN401
) -> Trunk:
    """Return a trunk for JMP.chat; arguments as in `generic`, which come from the account."""
    return generic(server, username, secret, name, line=line, header=header, **changes)


PROVIDERS: dict[str, Callable[..., Trunk]] = {
    "generic": generic,
    "ip_authenticated": ip_authenticated,
    "jmp_chat": jmp_chat,
    "voipms": voipms,
}
"""The providers by the name that a TOML file uses."""
