"""Functions that encode and decode.

Source: funcs/func_base64.c, func_md5.c, func_sha1.c, func_uri.c and func_aes.c.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping

from asterconf.semantics.scope import Call, Function, UnknownError
from asterconf.semantics.texts import bytes_of, text_from

__all__ = ["TABLE"]

_ALPHABET = re.compile(rb"[^A-Za-z0-9+/]")


def _of_data(convert: Callable[[bytes], bytes]) -> Callable[[Call], str]:
    """Return a reader that refuses an empty text."""

    def read(call: Call) -> str:
        if not call.arguments:
            return call.refuse("it needs a text")
        return text_from(convert(bytes_of(call.arguments)))

    return read


def _decode(data: bytes) -> bytes:
    data = _ALPHABET.split(data, maxsplit=1)[0]
    data = data[: len(data) - (len(data) % 4 == 1)]
    found = base64.b64decode(data + b"=" * (-len(data) % 4))
    return found.partition(b"\0")[0]


def _md5(data: bytes) -> bytes:
    return hashlib.md5(data, usedforsecurity=False).hexdigest().encode()


def _sha1(data: bytes) -> bytes:
    return hashlib.sha1(data, usedforsecurity=False).hexdigest().encode()


_PLAIN = frozenset(b"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.!~*'()")


def _encode_uri(call: Call) -> str:
    return "".join(
        chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in bytes_of(call.arguments)
    )


_ESCAPE = re.compile(rb"%(?=..)[\t-\r ]*([+-][0-9A-Fa-f]|[0-9A-Fa-f]{1,2})", re.DOTALL)


def _decode_uri(call: Call) -> str:
    """Replace `%` and the two bytes behind it, one hexadecimal digit being enough.

    Source: main/utils.c, ast_uri_decode (`sscanf` with `%2x`).
    """
    data, found = bytes_of(call.arguments), bytearray()
    at = 0
    while at < len(data):
        escape = _ESCAPE.match(data, at)
        found.append(int(escape[1], 16) % 256 if escape else data[at])
        at += 3 if escape else 1
    return text_from(bytes(found).partition(b"\0")[0])


def _cipher(call: Call) -> str:
    key, _ = call.split(2)
    if call.given(2) < 2 or len(bytes_of(key)) != 16:
        return call.refuse("it needs a key of 16 characters and the data")
    raise UnknownError(f"{call.name} is not computed here")


TABLE: Mapping[str, Function] = {
    "BASE64_ENCODE": Function(_of_data(base64.b64encode)),
    "BASE64_DECODE": Function(_of_data(_decode)),
    "MD5": Function(_of_data(_md5)),
    "SHA1": Function(_of_data(_sha1)),
    "URIENCODE": Function(_encode_uri),
    "URIDECODE": Function(_decode_uri),
    "AES_ENCRYPT": Function(_cipher),
    "AES_DECRYPT": Function(_cipher),
}
