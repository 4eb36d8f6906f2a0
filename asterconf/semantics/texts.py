"""Text as Asterisk has it: bytes. A cut can leave half a character, a join can complete one."""

from __future__ import annotations

from collections.abc import Iterable

from asterconf.source import decode as text_from

__all__ = ["bytes_of", "clip", "joined", "sliced", "text_from"]


def bytes_of(text: str) -> bytes:
    """Return the bytes of a text; what no file can hold becomes `?`."""
    try:
        return text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError:
        kept = (
            c if not "\ud800" <= c <= "\udfff" or "\udc80" <= c <= "\udcff" else "?" for c in text
        )
        return "".join(kept).encode("utf-8", "surrogateescape")


def joined(pieces: Iterable[str]) -> str:
    """Join texts; bytes at the seams that make one character become that character."""
    text = "".join(pieces)
    return text if text.isascii() else text_from(bytes_of(text))


def clip(text: str, size: int) -> str:
    """Return at most `size` bytes of a text; the text itself if it is not too long."""
    if len(text) * 4 <= size:
        return text
    data = bytes_of(text)
    return text if len(data) <= size else text_from(data[:size])


def sliced(text: str, offset: int, length: int | None) -> str:
    """Return `length` bytes from `offset` on, as `${NAME:offset:length}` does.

    A negative offset counts from the end, but not before the start. A negative length leaves out
    as many bytes at the end. None: all to the end.

    Source: main/pbx_variables.c, ast_str_substring.
    """
    data = bytes_of(text)
    size = len(data)
    start = max(size + offset, 0) if offset < 0 else offset
    if length is None:
        length = size
    end = min(start + length, size) if length >= 0 else size + length
    if start == 0 and end == size:
        return text
    return text_from(data[start:end]) if start < end else ""
