"""Unified diffs of documents, with secrets masked or not."""

from __future__ import annotations

import difflib

from asterconf.syntax import Document
from asterconf.syntax.masking import MASK, mask

__all__ = ["unified"]


def unified(old: Document | None, new: Document | None, *, reveal: bool) -> str:
    """Return a unified diff of one file; empty where nothing differs.

    Args:
        old: what the file was; `None`: there was none.
        new: what it is now; `None`: there is none.
        reveal: show secrets; then the text is a patch that can be applied.
    """
    texts = [str(side) if side is not None else "" for side in (old, new)]
    masked = texts if reveal else [mask(side) if side is not None else "" for side in (old, new)]
    was, now = map(_lines, texts)
    if was == now and None not in (old, new):
        return ""
    shown = [_lines(text) for text in masked]
    heads = (
        "/dev/null" if old is None else f"a/{old.name}",
        "/dev/null" if new is None else f"b/{new.name}",
    )
    out = [f"--- {heads[0]}\n", f"+++ {heads[1]}\n"]
    for group in difflib.SequenceMatcher(None, was, now, autojunk=False).get_grouped_opcodes(3):
        start, end = group[0], group[-1]
        spans = (_span(start[1], end[2]), _span(start[3], end[4]))
        out.append(f"@@ -{spans[0]} +{spans[1]} @@\n")
        for tag, i, j, k, m in group:
            if tag == "equal":
                out += (f" {line}" for line in shown[0][i:j])
                continue
            out += (f"-{line}" for line in shown[0][i:j])
            # A line that differs in a secret only must not look the same on both sides.
            olds = set(shown[0][i:j]) if not reveal else set()
            out += (
                f"+{line.replace(MASK, f'{MASK} (changed)') if line in olds else line}"
                for line in shown[1][k:m]
            )
    return "".join(x if x.endswith("\n") else f"{x}\n\\ No newline at end of file\n" for x in out)


def _lines(text: str) -> list[str]:
    """Return the lines of `text`, each with its LF; nothing else ends a line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _span(start: int, end: int) -> str:
    """Return the place of a hunk as a unified diff writes it."""
    size = end - start
    return f"{start + 1}" if size == 1 else f"{start + (size > 0)},{size}"
