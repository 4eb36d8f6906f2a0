"""How a function's argument text is split."""

from __future__ import annotations

__all__ = ["split"]


def split(text: str, count: int, separator: str = ",", *, raw: bool = False) -> list[str]:
    """Split at separators outside `()`, `[]` and quotes into at most `count` arguments.

    Quotes and backslashes are removed, unless `raw`; but not in argument number `count`: the rest
    of the text is left as it is. An empty text has no argument, `a,` has two.

    Source: main/app.c, __ast_app_separate_args.
    """
    if count == 1 or not text:
        return [text] if text else []
    found: list[str] = []
    kept: list[str] = []
    round_, square, quoted = 0, 0, False
    at, size = 0, len(text)
    while at < size:
        char = text[at]
        at += 1
        if char == separator and not (round_ or square or quoted):
            found.append("".join(kept))
            kept = []
            if len(found) == count - 1:
                return [*found, text[at:]]
            if at == size:
                return [*found, ""]
            continue
        if char == '"' != separator:
            quoted = not quoted
            if not raw:
                continue
        elif char == "\\":
            kept.append(text[at - raw : at + 1])
            at += 1
            continue
        if char == "(":
            round_ += 1
        elif char == ")":
            round_ = max(round_ - 1, 0)
        elif char == "[":
            square += 1
        elif char == "]":
            square = max(square - 1, 0)
        kept.append(char)
    return [*found, "".join(kept)]
