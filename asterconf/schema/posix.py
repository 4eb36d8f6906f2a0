"""POSIX extended regular expressions, as glibc reads them, for Python's `re`."""

from __future__ import annotations

import re

_CLASSES = {
    "alpha": "A-Za-z", "digit": "0-9", "alnum": "A-Za-z0-9", "upper": "A-Z",
    "lower": "a-z", "space": " \\t\\n\\r\\f\\v", "blank": " \\t",
    "xdigit": "0-9A-Fa-f", "cntrl": "\\x00-\\x1f\\x7f",
    "punct": "!-/:-@\\[-`{-~", "graph": "!-~", "print": " -~",
}  # fmt: skip


def compile_posix(text: str) -> re.Pattern[str]:
    """Compile a POSIX extended regular expression.

    Raises:
        re.error: the text is not a valid one.
    """
    if re.match(r"[*+?]|\{", text) or re.search(r"(?<!\\)[(|][*+?]", text):
        raise re.error("repeats nothing")
    out: list[str] = []
    pos, atom = 0, 0
    opened: list[int] = []
    while pos < len(text):
        c = text[pos]
        if repeat := _REPEAT.match(text, pos):
            if _REPEAT.match(out[-1]):  # what repeats is repeated, which Python reads otherwise
                out[atom:] = [f"(?:{''.join(out[atom:])})"]
            out.append(repeat[0])
            pos = repeat.end()
            continue
        atom = opened.pop() if c == ")" and opened else len(out)
        opened += [atom] * (c == "(")
        if c == "[":
            body, pos = _bracket(text, pos)
            out.append(body)
            continue
        if c == "\\":
            if pos + 1 == len(text):
                raise re.error("ends with a backslash")
            out.append(_ESCAPES.get(text[pos + 1], re.escape(text[pos + 1])))
            pos += 1
        elif c == "$":
            out.append(r"\Z")
        elif c == "(" and text[pos + 1 : pos + 2] == "?":
            raise re.error("repeats nothing")
        else:
            out.append(c)
        pos += 1
    return re.compile("".join(out), re.ASCII | re.DOTALL)


_REPEAT = re.compile(r"[*+?]|\{\d*,?\d*\}")
_ESCAPES = {c: "\\" + c for c in "wWsSbB"} | {"<": r"\b(?=\w)", ">": r"\b(?<=\w)"}


def _bracket(text: str, pos: int) -> tuple[str, int]:
    """Translate a bracket expression; a backslash in it is an ordinary byte."""
    end = pos + 1 + (text[pos + 1 : pos + 2] == "^")
    end = text.find("]", end + (text[end : end + 1] == "]"))
    while (name := re.search(r"\[:(\w+)\Z", text[pos : end - 1])) and text[end - 1] == ":":
        if name[1] not in _CLASSES:
            raise re.error("unknown class")
        end = text.find("]", end + 1)
    if end < 0:
        raise re.error("[ without ]")
    body = text[pos + 1 : end]
    negated = body.startswith("^")
    plain = re.split(r"\[:(\w+):\]", body.removeprefix("^"))
    made = [
        _CLASSES[p] if n % 2 else re.sub(r"([\\\[\]^&~|])", r"\\\1", p) for n, p in enumerate(plain)
    ]
    return f"[{'^' * negated}{''.join(made)}]", end + 1
