"""Dialplans with one small change, of twelve kinds, each from a seed."""

from __future__ import annotations

import random
import re
from collections.abc import Callable

__all__ = ["KINDS", "mutant"]

_STEP = re.compile(r"\s*(?:exten|same)\s*=>?\s*", re.IGNORECASE)
_EXTEN = re.compile(r"(\s*exten\s*=>?\s*)([^,]+)(,.*)", re.IGNORECASE)
_INCLUDE = re.compile(r"\s*include\s*=>?\s*\S", re.IGNORECASE)
_HEADER = re.compile(r"\s*\[(?!general\]|globals\])([^\]]+)\]")

Lines = list[str]
Change = Callable[[random.Random, Lines, int], str | None]
"""Gives the new text of a line, which may be several or none; None: it cannot be changed so."""


def _move_include(pick: random.Random, lines: Lines, at: int) -> str | None:
    if not _INCLUDE.match(lines[at]):
        return None
    places = [
        n
        for n, line in enumerate(lines)
        if n != at and (_INCLUDE.match(line) or _HEADER.match(line))
    ]
    if not places:
        return None
    goal = pick.choice(places)
    lines[goal] = (
        f"{lines[goal]}\n{lines[at]}"
        if goal < at or _HEADER.match(lines[goal])
        else f"{lines[at]}\n{lines[goal]}"
    )
    return ""


def _add_any(_pick: random.Random, lines: Lines, at: int) -> str | None:
    return f"{lines[at]}\nexten => _.,1,Playback(mutant)" if _HEADER.match(lines[at]) else None


def _widen(pick: random.Random, lines: Lines, at: int) -> str | None:
    found = _EXTEN.fullmatch(lines[at])
    if not found or not found[2].startswith("_"):
        return None
    for old, new in pick.sample(
        [("N", "X"), ("Z", "X"), ("X.", "."), ("[1-9]", "X"), ("X", "[0-9a-c]"), (".", "!")], 6
    ):
        if old in found[2][1:]:
            return found[1] + "_" + found[2][1:].replace(old, new, 1) + found[3]
    return None


def _drop_filter(_pick: random.Random, lines: Lines, at: int) -> str | None:
    changed = re.sub(r"\$\{FILTER\([^,${}]*,(\$\{[^{}]*\})\)\}", r"\1", lines[at])
    return changed if changed != lines[at] else None


def _swap_times(_pick: random.Random, lines: Lines, at: int) -> str | None:
    changed = re.sub(r"(\d\d?:\d\d)-(\d\d?:\d\d)", r"\2-\1", lines[at], count=1)
    return changed if changed != lines[at] else None


def _remove_hangup(_pick: random.Random, lines: Lines, at: int) -> str | None:
    return "" if _STEP.match(lines[at]) and "hangup(" in lines[at].lower() else None


def _wrong_label(_pick: random.Random, lines: Lines, at: int) -> str | None:
    changed = re.sub(r"(,(?:n|\d+)\()(\w+)(\),)", r"\1\2x\3", lines[at], count=1)
    return changed if _STEP.match(lines[at]) and changed != lines[at] else None


def _remove_step(_pick: random.Random, lines: Lines, at: int) -> str | None:
    return "" if re.match(r"\s*same\s*=>?\s*n", lines[at]) else None


def _other_target(_pick: random.Random, lines: Lines, at: int) -> str | None:
    changed = re.sub(r"(PJSIP|SIP|IAX2|Local)/", r"\1/9", lines[at], count=1)
    return changed if _STEP.match(lines[at]) and changed != lines[at] else None


def _insert_noop(_pick: random.Random, lines: Lines, at: int) -> str | None:
    found = re.match(r"(\s*exten\s*=>?\s*[^,]+),1,(.*)", lines[at])
    if found is None or (at + 1 < len(lines) and re.match(r"\s*exten.*,[2-9],", lines[at + 1])):
        return None
    return f"{found[1]},1,NoOp(mutant)\n{found[1]},n,{found[2]}"


def _rename(pick: random.Random, lines: Lines, at: int) -> str | None:
    found = _EXTEN.fullmatch(lines[at])
    if not found or not re.search(r"\d", found[2]):
        return None
    return found[1] + re.sub(r"\d", pick.choice("0123456789"), found[2], count=1) + found[3]


def _swap_branches(_pick: random.Random, lines: Lines, at: int) -> str | None:
    changed = re.sub(r"(GotoIf\(.*\?)([^:()]*):([^:()]*)\)", r"\1\3:\2)", lines[at], count=1)
    return changed if changed != lines[at] else None


KINDS: dict[str, Change] = {
    "move an include": _move_include, "add _.": _add_any, "widen a set": _widen,
    "drop FILTER": _drop_filter, "swap a time range": _swap_times,
    "remove Hangup": _remove_hangup, "wrong label": _wrong_label, "remove a step": _remove_step,
    "dial another": _other_target, "insert NoOp": _insert_noop, "rename an extension": _rename,
    "swap branches": _swap_branches,
}  # fmt: skip


def mutant(text: str, seed: int) -> tuple[str, str, str] | None:
    """Return a dialplan with one change, its kind, and the context in which it was made.

    None: no kind of change can be made.
    """
    pick = random.Random(f"mutant {seed}")
    plain = text.replace("\r\n", "\n").split("\n")
    for kind in pick.sample([*KINDS], len(KINDS)):
        for at in pick.sample(range(len(plain)), len(plain)):
            lines = [*plain]
            changed = KINDS[kind](pick, lines, at)
            header = next(
                (m[1] for n in range(at, -1, -1) if (m := re.match(r"\s*\[([^\]]+)\]", plain[n]))),
                "",
            )
            if changed is not None and header not in ("", "general", "globals"):
                lines[at] = changed
                return "\n".join(lines), kind, header
    return None
