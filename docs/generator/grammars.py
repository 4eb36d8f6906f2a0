"""The page of the grammars."""

from __future__ import annotations

from pathlib import Path

__all__ = ["page"]

_ROOM = Path(__file__).parents[2] / "grammars"
_HEAD = """\
# Grammars

The definitions of the languages that Asterisk's files are written in, as grammars of
[lark](https://lark-parser.readthedocs.io/). The library's readers are made of them, and laws in its
tests hold every reading to them.
They are part of the package, as `asterconf/grammars`.
"""


def page() -> str:
    """Return the page: every grammar, word for word."""
    out = [_HEAD]
    files = sorted(_ROOM.glob("*.lark"), key=lambda file: (file.stem != "conf", file.stem))
    for file in files:
        grammar = file.read_text("utf-8")
        title = grammar.partition("\n")[0].removeprefix("// ").partition(": ")[2].rstrip(".")
        out.append(f"## {file.name} {{ #{file.stem} }}\n\n{title[:1].upper()}{title[1:]}.\n")
        out.append(f"```text\n{grammar.rstrip()}\n```\n")
    return "\n".join(out)
