"""Functions that take a text and give a text, encoded and decoded ones among them.

Source: funcs/func_strings.c, func_base64.c, func_md5.c, func_sha1.c, func_uri.c and func_aes.c.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Callable, Mapping

from asterconf.language import args
from asterconf.language.posix import RegexError, TooCostlyError, compile_regex
from asterconf.semantics.scope import Function, Invocation, UnknownError
from asterconf.semantics.texts import bytes_of, decode_escape, decode_escapes
from asterconf.source import WHITE, decode


def _evaluate(call: Invocation) -> str:
    if not call.arguments:
        return call.refuse("it needs a text")
    return call.evaluator.substitute(call.arguments)


def _filter(call: Invocation) -> str:
    """Keep the bytes of the text that are allowed."""
    parts = args.split(call.arguments, flavour="raw", limit=2)
    if len(parts) < 2:
        return call.refuse("it needs the allowed characters and a text")
    written, text = parts
    if written.startswith('"'):
        call.warn("the quote is one of the allowed characters")
    data, allowed = bytes_of(written), set()
    while data:
        first, used = decode_escape(data)
        if first is None:
            return ""
        data = data[used:]
        last = first
        if data.startswith(b"-"):
            other, used = decode_escape(data[1:])
            last = first if other is None else other
            data = data[1 + used :]
            if last < first:
                call.warn(f"a range of {written!r} runs backwards, and so over all other bytes")
                allowed |= set(range(first, 256))
                first = 0
        allowed |= set(range(first, last + 1))
    return decode(bytes(byte for byte in bytes_of(text) if byte in allowed))


def _replace(call: Invocation) -> str:
    """Replace each of some bytes by another one, or drop them."""
    name, find, replacement = call.split(3)
    wanted = decode_escapes(find)
    if not name or not wanted:
        return call.refuse("it needs a variable's name and the characters to look for")
    new = decode_escapes(replacement)[:1]
    return decode(
        b"".join(new if byte in wanted else bytes([byte]) for byte in bytes_of(call.variable(name)))
    )


def _replace_text(call: Invocation) -> str:
    """Replace a text by another one."""
    name, find, replacement, most = call.split(4)
    if call.given(4) < 2:
        return call.refuse("it needs a variable's name and the text to look for")
    if not find:
        return call.refuse("it needs the text to look for")
    digits = re.match(r"[\t-\r ]*[+-]?[0-9]+", most)
    count = int(digits[0]) if digits else 0
    return call.variable(name).replace(find, replacement, count if count > 0 else -1)


def _between(call: Invocation) -> str:
    """Insert a text between all bytes."""
    name, inserted, _ = call.split(3)
    if call.given(3) != 2:
        return call.refuse("it needs a variable's name and the text to insert")
    parts = (bytes([byte]) for byte in bytes_of(call.variable(name)))
    return decode(bytes_of(inserted).join(parts))


def _regex(call: Invocation) -> str:
    """Return whether a pattern in quotes matches the text after it."""
    parts = args.split(call.arguments, '"', limit=3)
    if len(parts) != 3:
        return call.refuse('it needs "pattern" text, the brackets of the pattern balanced')
    _, pattern, text = parts
    if text[:1] in {" ", "\t"} and text:
        text = text[1:]
    try:
        return str(int(compile_regex(bytes_of(pattern)).found(bytes_of(text))))
    except RegexError as error:
        return call.refuse(f"{pattern!r}: {error}")
    except TooCostlyError as error:
        raise UnknownError(f"the regular expression {pattern!r}: {error}") from None


def _without_blanks_behind(call: Invocation) -> str:
    """Drop blanks at the end, but never the first character. Observed on 22.10.1."""
    return call.arguments[:1] + call.arguments[1:].rstrip(WHITE)


def _quote(call: Invocation) -> str:
    if not call.arguments:
        call.warn("it needs a text")
    escaped = call.arguments.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _csv_quote(call: Invocation) -> str:
    escaped = call.arguments.replace('"', '""')
    return f'"{escaped}"'


_KEYS = {
    letter: key
    for key, letters in enumerate(
        ("0", "1", "2abc", "3def", "4ghi", "5jkl", "6mno", "7pqrs", "8tuv", "9wxyz")
    )
    for letter in letters + letters.upper()
}


def _keypad(call: Invocation) -> str:
    return "".join(str(_KEYS[char]) for char in call.arguments if char in _KEYS)


def _base_name(call: Invocation) -> str:
    """Give the last part of a path.

    Source: funcs/func_env.c, by the C library's basename.
    """
    path = call.arguments
    return path.rstrip("/").rpartition("/")[2] or ("/" if path else ".")


def _folder_name(call: Invocation) -> str:
    """Give a path without its last part; two slashes at its start are not one."""
    path = call.arguments
    root = "/" if path.startswith("/") else "."
    if path.startswith("//") and path[2:3] != "/":
        root = "//"
    folder, slash, _ = path.rstrip("/").rpartition("/")
    return (folder.rstrip("/") if slash else "") or root


# ---- encodings ----------------------------------------------------------------------------------

_ALPHABET = re.compile(rb"[^A-Za-z0-9+/]")


def _of_data(convert: Callable[[bytes], bytes]) -> Callable[[Invocation], str]:
    """Return a reader that refuses an empty text."""

    def read(call: Invocation) -> str:
        if not call.arguments:
            return call.refuse("it needs a text")
        return decode(convert(bytes_of(call.arguments)))

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


def _encode_uri(call: Invocation) -> str:
    return "".join(
        chr(byte) if byte in _PLAIN else f"%{byte:02X}" for byte in bytes_of(call.arguments)
    )


_ESCAPE = re.compile(rb"%(?=..)[\t-\r ]*([+-][0-9A-Fa-f]|[0-9A-Fa-f]{1,2})", re.DOTALL)


def _decode_uri(call: Invocation) -> str:
    """Replace `%` and the two bytes after it, one hexadecimal digit being enough.

    Source: main/utils.c, ast_uri_decode (`sscanf` with `%2x`).
    """
    data, found = bytes_of(call.arguments), bytearray()
    at = 0
    while at < len(data):
        escape = _ESCAPE.match(data, at)
        found.append(int(escape[1], 16) % 256 if escape else data[at])
        at += 3 if escape else 1
    return decode(bytes(found).partition(b"\0")[0])


def _cipher(call: Invocation) -> str:
    key, _ = call.split(2)
    if call.given(2) < 2 or len(bytes_of(key)) != 16:
        return call.refuse("it needs a key of 16 characters and the data")
    raise UnknownError(f"{call.name} is not computed here")


TABLE: Mapping[str, Function] = {
    "LEN": Function(lambda call: str(len(bytes_of(call.arguments)))),
    "TOUPPER": Function(lambda call: decode(bytes_of(call.arguments).upper())),
    "TOLOWER": Function(lambda call: decode(bytes_of(call.arguments).lower())),
    "TRIM": Function(lambda call: call.arguments.strip(WHITE), classic=False),
    "LTRIM": Function(lambda call: call.arguments.lstrip(WHITE), classic=False),
    "RTRIM": Function(_without_blanks_behind, classic=False),
    "PASSTHRU": Function(lambda call: call.arguments, classic=False),
    "EVAL": Function(_evaluate),
    "FILTER": Function(_filter),
    "REPLACE": Function(_replace, classic=False),
    "STRREPLACE": Function(_replace_text, classic=False),
    "STRBETWEEN": Function(_between, classic=False),
    "REGEX": Function(_regex),
    "QUOTE": Function(_quote),
    "CSV_QUOTE": Function(_csv_quote),
    "KEYPADHASH": Function(_keypad),
    "BASENAME": Function(_base_name),
    "DIRNAME": Function(_folder_name),
    "BASE64_ENCODE": Function(_of_data(base64.b64encode)),
    "BASE64_DECODE": Function(_of_data(_decode)),
    "MD5": Function(_of_data(_md5)),
    "SHA1": Function(_of_data(_sha1)),
    "URIENCODE": Function(_encode_uri),
    "URIDECODE": Function(_decode_uri),
    "AES_ENCRYPT": Function(_cipher),
    "AES_DECRYPT": Function(_cipher),
}
