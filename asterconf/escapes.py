"""Text as other formats write it, so that nothing in it is markup there."""

from __future__ import annotations

import re


def one_line(text: str) -> str:
    """Return a text on one line: a blank for each character that cannot be printed."""
    return "".join(char if char.isprintable() else " " for char in text)


_MARKUP = re.compile(r"[\\`*_\[\]|~<>#]|&(?=#?\w+;)")
_AT_START = re.compile(r"\A(?:(\d+)([.)])(?=\s|\Z)|()([+=:-]))")


def markdown(text: str) -> str:
    """Return a text as Markdown shows it unchanged, in a cell of a table too."""
    escaped = _MARKUP.sub(_escaped, one_line(text).lstrip())
    return _AT_START.sub(lambda found: f"{found[1] or ''}\\{found[2] or found[4]}", escaped)


def markdown_code(text: str) -> str:
    """Return a text as code in Markdown, in a cell of a table too."""
    line = one_line(text).replace("|", "\\|")
    longest = max(map(len, re.findall("`+", line)), default=0)
    fence = "`" * (longest + 1)
    blank = " " if longest or not line.strip() else ""
    return f"{fence}{blank}{line}{blank}{fence}"


def _escaped(found: re.Match[str]) -> str:
    return {"<": "&lt;", ">": "&gt;", "&": "&amp;"}.get(found[0], f"\\{found[0]}")
