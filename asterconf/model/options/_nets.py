"""Addresses, networks and SIP URIs."""

from __future__ import annotations

import ipaddress
import re
import socket

from asterconf.model.options._base import BadValueError, Kind, Value, quoted
from asterconf.schema import OptionFacts

__all__ = ["KINDS", "check_match", "check_network", "check_uri"]

_PORT = re.compile(r"(?:\[(?P<six>[^\]]*)\]|(?P<four>[^:]*))(?::(?P<port>[0-9]*))?")


_C_ADDRESS = re.compile(r"(?:0[xX][0-9a-fA-F]+|[0-9]+)(?:\.(?:0[xX][0-9a-fA-F]+|[0-9]+)){0,3}")


def _address(text: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    """Return a numeric address, of IPv4 also in the short forms of C: `10.1` is 10.0.0.1."""
    try:
        return ipaddress.ip_address(text.strip("[]").partition("%")[0])
    except ValueError:
        pass
    try:
        return ipaddress.IPv4Address(socket.inet_aton(text)) if _C_ADDRESS.fullmatch(text) else None
    except OSError:
        return None


def check_network(text: str) -> None:
    """Raise unless `text` is an address with a mask, if any, as length or dotted.

    Source: main/acl.c, ast_append_ha_with_port.
    """
    address, slash, mask = text.partition("/")
    found = _address(address)
    if found is None:
        blank = ", without blanks" if " " in text else ""
        wanted = f"must be addresses such as 10.0.0.0/8 with commas between{blank}"
        raise BadValueError(f"{wanted}, not {quoted(text)}")
    if not slash:
        return
    if re.fullmatch(r"[0-9]+", mask):
        if int(mask) <= found.max_prefixlen:
            return
    elif _address(mask) is not None:
        return
    raise BadValueError(f"has no mask of 0 to {found.max_prefixlen} bits: {quoted(text)}")


def check_match(text: str) -> None:
    """Raise unless `text` is a network, or something that may be a host's name with a port.

    Source: res/res_pjsip_endpoint_identifier_ip.c, ip_identify_match_handler.
    """
    if "/" in text:
        check_network(text)
    elif re.search(r"[\s!<>\"@]", text):
        raise BadValueError(f"must be an address, a network or a host, not {quoted(text)}")


def check_uri(text: str) -> None:
    """Raise unless `text` begins like a SIP URI.

    Source: res/res_pjsip.c, ast_sip_validate_uri_length.
    """
    if text and re.match(r"<?sips?:", text, re.IGNORECASE) is None:
        raise BadValueError(f"must begin with sip: or sips:, not {quoted(text)}")


def _uri(_facts: OptionFacts, text: str) -> Value:
    check_uri(text)
    return text


def _with_port(_facts: OptionFacts, text: str) -> Value:
    """Read an address, or a name to be looked up, with a port if any; empty is none."""
    if text and _address(text) is None:
        found = _PORT.fullmatch(text)
        host = (found["six"] or found["four"] or "") if found else ""
        if found is None or re.fullmatch(r"[^\s<>\"@]+", host) is None:
            raise BadValueError(f"must be an address such as 192.0.2.1:5060, not {quoted(text)}")
        if int(found["port"] or 0) > 65535:
            raise BadValueError(f"has a port above 65535: {quoted(text)}")
    return text


def _numeric(facts: OptionFacts, text: str) -> Value:
    """Read a numeric address with a port, if any."""
    found = _PORT.fullmatch(text)
    if _address(text) is None and (
        found is None or _address(found["six"] or found["four"]) is None
    ):
        raise BadValueError(f"must be an address such as 192.0.2.1:5060, not {quoted(text)}")
    return _with_port(facts, text)


def _text(_facts: OptionFacts, value: object) -> str:
    return str(value)


KINDS: dict[str, Kind] = {
    "sip_uri": Kind(_uri, _text, (str,), "text"),
    "sockaddr": Kind(_numeric, _text, (str,), "text"),
    "ip_port": Kind(_with_port, _text, (str,), "text"),
}
"""How each type of address is read and written."""
