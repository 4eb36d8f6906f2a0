"""Functions that take a text and give a text.

Source: funcs/func_strings.c, and what each function names.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from asterconf.language import args
from asterconf.semantics.functions._scan import BLANKS, encoded, encoded_byte
from asterconf.semantics.posix import RegexError, TooCostlyError, compile_pattern
from asterconf.semantics.scope import Call, Function, UnknownError
from asterconf.semantics.texts import bytes_of, text_from

__all__ = ["TABLE"]


def _length(call: Call) -> str:
    return str(len(bytes_of(call.arguments)))


def _upper(call: Call) -> str:
    return text_from(bytes_of(call.arguments).upper())


def _lower(call: Call) -> str:
    return text_from(bytes_of(call.arguments).lower())


def _trim(call: Call) -> str:
    return call.arguments.strip(BLANKS)


def _trim_left(call: Call) -> str:
    return call.arguments.lstrip(BLANKS)


def _trim_right(call: Call) -> str:
    return call.arguments.rstrip(BLANKS)


def _same(call: Call) -> str:
    return call.arguments


def _evaluate(call: Call) -> str:
    from asterconf.semantics.evaluation import text_of

    if not call.arguments:
        return call.refuse("it needs a text")
    return text_of(call.scope, call.arguments)


def _filter(call: Call) -> str:
    """Keep the bytes of the text that are allowed."""
    parts = args.split(call.arguments, flavour="raw", limit=2)
    if len(parts) < 2:
        return call.refuse("it needs the allowed characters and a text")
    written, text = parts
    if written.startswith('"'):
        call.warn("the quote is one of the allowed characters")
    data, allowed = bytes_of(written), set()
    while data:
        first, used = encoded_byte(data)
        if first is None:
            return ""
        data = data[used:]
        last = first
        if data.startswith(b"-"):
            other, used = encoded_byte(data[1:])
            last = first if other is None else other
            data = data[1 + used :]
            if last < first:
                call.warn(f"a range of {written!r} runs backwards, and so over all other bytes")
                allowed |= set(range(first, 256))
                first = 0
        allowed |= set(range(first, last + 1))
    return text_from(bytes(byte for byte in bytes_of(text) if byte in allowed))


def _replace(call: Call) -> str:
    """Replace each of some bytes by another one, or drop them."""
    name, find, replacement = call.split(3)
    wanted = encoded(find)
    if not name or not wanted:
        return call.refuse("it needs a variable's name and the characters to look for")
    new = encoded(replacement)[:1]
    return text_from(
        b"".join(new if byte in wanted else bytes([byte]) for byte in bytes_of(call.variable(name)))
    )


def _replace_text(call: Call) -> str:
    """Replace a text by another one."""
    name, find, replacement, most = call.split(4)
    if call.given(4) < 2:
        return call.refuse("it needs a variable's name and the text to look for")
    if not find:
        return call.refuse("it needs the text to look for")
    digits = re.match(r"[\t-\r ]*[+-]?[0-9]+", most)
    count = int(digits[0]) if digits else 0
    return call.variable(name).replace(find, replacement, count if count > 0 else -1)


def _between(call: Call) -> str:
    """Insert a text between all bytes."""
    name, inserted, _ = call.split(3)
    if call.given(3) != 2:
        return call.refuse("it needs a variable's name and the text to insert")
    parts = (bytes([byte]) for byte in bytes_of(call.variable(name)))
    return text_from(bytes_of(inserted).join(parts))


def _regex(call: Call) -> str:
    """Tell whether a pattern in quotes matches the text behind it."""
    parts = args.split(call.arguments, '"', limit=3)
    if len(parts) != 3:
        return call.refuse('it needs "pattern" text, the brackets of the pattern balanced')
    _, pattern, text = parts
    if text[:1] in {" ", "\t"} and text:
        text = text[1:]
    try:
        return str(int(compile_pattern(bytes_of(pattern)).found(bytes_of(text))))
    except RegexError as error:
        return call.refuse(f"{pattern!r}: {error}")
    except TooCostlyError as error:
        raise UnknownError(f"the regular expression {pattern!r}: {error}") from None


def _quote(call: Call) -> str:
    if not call.arguments:
        call.warn("it needs a text")
    escaped = call.arguments.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def _csv_quote(call: Call) -> str:
    escaped = call.arguments.replace('"', '""')
    return f'"{escaped}"'


_KEYS = {
    letter: key
    for key, letters in enumerate(
        ("0", "1", "2abc", "3def", "4ghi", "5jkl", "6mno", "7pqrs", "8tuv", "9wxyz")
    )
    for letter in letters + letters.upper()
}


def _keypad(call: Call) -> str:
    return "".join(str(_KEYS[char]) for char in call.arguments if char in _KEYS)


def _base_name(call: Call) -> str:
    """Give the last part of a path.

    Source: funcs/func_env.c, by the C library's basename.
    """
    path = call.arguments
    return path.rstrip("/").rpartition("/")[2] or ("/" if path else ".")


def _folder_name(call: Call) -> str:
    """Give a path without its last part; two slashes at its start are not one."""
    path = call.arguments
    root = "/" if path.startswith("/") else "."
    if path.startswith("//") and path[2:3] != "/":
        root = "//"
    folder, slash, _ = path.rstrip("/").rpartition("/")
    return (folder.rstrip("/") if slash else "") or root


TABLE: Mapping[str, Function] = {
    "LEN": Function(_length),
    "TOUPPER": Function(_upper),
    "TOLOWER": Function(_lower),
    "TRIM": Function(_trim, classic=False),
    "LTRIM": Function(_trim_left, classic=False),
    "RTRIM": Function(_trim_right, classic=False),
    "PASSTHRU": Function(_same, classic=False),
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
}
