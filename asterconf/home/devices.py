"""The phones of a house as devices: how they reach Asterisk, and their ports for sound."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from asterconf.home.settings import Network
from asterconf.model import Extension
from asterconf.model.phones import DeskPhone, Phone

__all__ = ["device", "phone_ports", "protocol"]

_PORTS_EACH: Final = 20


def device(extension: Extension) -> Phone:
    """Return the device of an extension; one that is not named is a desk phone."""
    return extension.phone or DeskPhone()


def protocol(extension: Extension) -> str:
    """Return how a device is to reach Asterisk: `udp`, `tcp` or `tls`."""
    if extension.transport:
        return extension.transport.removeprefix("transport-")
    return device(extension).defaults.protocol


def phone_ports(extensions: Iterable[Extension], network: Network) -> dict[str, tuple[int, int]]:
    """Return first and last port for sound of each desk phone, by the name of its extension.

    A phone that names its own has these; the others get twenty each, in order.
    """
    found = {}
    desks = [e for e in extensions if isinstance(device(e), DeskPhone)]
    for index, extension in enumerate(desks):
        low = network.phone_ports + index * _PORTS_EACH
        found[extension.name] = device(extension).rtp_ports or (low, low + _PORTS_EACH - 1)
    return found
