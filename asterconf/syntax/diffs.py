"""What a person may see of a file: its text with secrets masked, and unified diffs of two."""

from __future__ import annotations

import difflib
from bisect import bisect_right
from collections.abc import Iterable

from asterconf.secrets import (
    MASK,
    shown_comment,
    shown_prose,
    shown_value,
    shown_words,
)
from asterconf.syntax.lines import Comment, ErrorLine, Line, Option
from asterconf.syntax.text import FileText


def has_secrets(document: FileText) -> bool:
    """Tell whether a file holds anything that not everybody should read: whatever is masked.

    What a build leaves beside the files (`.asterconf/`) describes the whole house, and counts.
    """
    return document.name.startswith(".asterconf/") or any(
        shown_line(node, document.name, section.name) != node.text
        for section in document.parts
        for node in section.nodes
    )


def shown_line(node: Line, file: str, section: str) -> str:
    """Return the text of a line as a person may see it, its end included.

    An option that is commented out is masked like any other.
    """
    text = node.text
    if isinstance(node, Option):
        start, end = node.fields.value
        value = shown_value(file, section, node.name, text[start:end])
        return text[:start] + value + shown_prose(text[end:])
    if isinstance(node, Comment):
        return shown_comment(file, section, text)
    return shown_words(text) if isinstance(node, ErrorLine) else shown_prose(text)


def mask(document: FileText) -> str:
    """Return the text of a file with every secret as `********`."""
    return "".join(
        shown_line(node, document.name, section.name)
        for section in document.parts
        for node in section.nodes
    )


def unified(old: FileText | None, new: FileText | None, *, reveal: bool) -> str:
    """Return a unified diff of one file; empty where nothing differs.

    Args:
        old: what the file was; `None`: there was none.
        new: what it is now; `None`: there is none.
        reveal: show secrets; then the text is a patch that can be applied.
    """
    was, now = (_lines(str(side)) if side is not None else [] for side in (old, new))
    if was == now and None not in (old, new):
        return ""
    heads = (
        "/dev/null" if old is None else f"a/{old.name}",
        "/dev/null" if new is None else f"b/{new.name}",
    )
    out = [f"--- {heads[0]}\n", f"+++ {heads[1]}\n"]
    for group in _hunks(was, now):
        start, end = group[0], group[-1]
        spans = (_span(start[1], end[2]), _span(start[3], end[4]))
        out.append(f"@@ -{spans[0]} +{spans[1]} @@\n")
        for tag, i, j, k, m in group:
            before = was[i:j] if reveal else _masked(old, i, j)
            if tag == "equal":
                out += (f" {line}" for line in before)
                continue
            out += (f"-{line}" for line in before)
            # A line that differs in a secret only must not look the same on both sides.
            olds = set(before) if not reveal else set()
            out += (
                f"+{line.replace(MASK, f'{MASK} (changed)') if line in olds else line}"
                for line in (now[k:m] if reveal else _masked(new, k, m))
            )
    return "".join(x if x.endswith("\n") else f"{x}\n\\ No newline at end of file\n" for x in out)


def _hunks(was: list[str], now: list[str]) -> Iterable[list[tuple[str, int, int, int, int]]]:
    """Return what differs, as `SequenceMatcher` does; what both begin and end with costs nothing.

    A long file has the same line many times, and each is compared with each.
    """
    size = min(len(was), len(now))
    head = next((n for n in range(size) if was[n] != now[n]), size)
    most = size - head
    tail = next((n for n in range(most) if was[-1 - n] != now[-1 - n]), most)
    ends = len(was) - tail, len(now) - tail
    found = difflib.SequenceMatcher(None, was[head : ends[0]], now[head : ends[1]], autojunk=False)
    inner = (
        (tag, i + head, j + head, k + head, m + head) for tag, i, j, k, m in found.get_opcodes()
    )
    whole = [
        ("equal", 0, head, 0, head), *inner, ("equal", ends[0], len(was), ends[1], len(now)),
    ]  # fmt: skip
    found.opcodes = [one for one in whole if one[2] > one[1] or one[4] > one[3]]  # type: ignore[attr-defined]
    return found.get_grouped_opcodes(3)


def _masked(file: FileText | None, start: int, end: int) -> list[str]:
    """Return some lines of a file with every secret masked, counted from 0."""
    shown: list[str] = []
    parts = file.parts if file is not None else ()
    at = max(bisect_right(parts, start + 1, key=lambda part: part.line) - 1, 0)
    for section in parts[at:]:
        first = section.line - 1
        if first >= end:
            break
        nodes = section.nodes[max(start - first, 0) : end - first]
        shown += (shown_line(node, file.name if file else "", section.name) for node in nodes)
    return shown


def _lines(text: str) -> list[str]:
    """Return the lines of `text`, each with its LF; nothing else ends a line."""
    lines = [f"{line}\n" for line in text.split("\n")]
    last = lines.pop()[:-1]
    return [*lines, last] if last else lines


def _span(start: int, end: int) -> str:
    """Return the place of a hunk as a unified diff writes it."""
    size = end - start
    return f"{start + 1}" if size == 1 else f"{start + (size > 0)},{size}"
