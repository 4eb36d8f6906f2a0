"""The page of what changes between the versions of Asterisk, made from the overlay."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Any

from asterconf import schema

__all__ = ["page"]

_OVERLAY = Path(schema.__file__).parent / "data" / "overlay.json"
_TITLES = {
    "application": "Applications",
    "function": "Functions",
    "action": "Manager actions",
    "letter": "Option letters",
    "module": "Modules",
    "technology": "Channel technologies",
    "reader": "Files",
    "option": "Options",
    "value": "Values",
}
_HEAD = """\
# Versions

What `load(..., asterisk="20")`, `--asterisk 20` and `asterconf upgrade --from 20 --to 23` go by.
A version stands for the newest release that was looked at: {releases}.
With a minor, such as `22.6`, options that came later in that series are left out.
Nothing is said here about what a running Asterisk does otherwise; that is in its change log.

What was recorded on 22.10.1 was recorded again on two others: 262 files, 88 dialplans that load,
687 calls and jumps, 2,678 texts, and the hints of 3 wizard files.
16.28 refuses one of the files, for a filter `(+name=)` without a value, and gives nothing for
functions that came later, in 16 texts; all else is the same.
22.11.0-rc2 reads all of it alike. What it does otherwise shows at a reload only: hints that are
gone from the file stay if a pattern with a hint matches them, and it ends at the second reload
after one that took away a context with `autohints`.

"""


def page() -> str:
    """Return the page."""
    overlay: dict[str, Any] = json.loads(_OVERLAY.read_text("utf-8"))
    releases = ", ".join(f"{name} for {release}" for name, release in overlay["versions"].items())
    parts = [_HEAD.format(releases=releases)]
    for (old, i), (new, j) in pairwise((name, at) for at, name in enumerate(overlay["versions"])):
        parts += [f"## From {old} to {new}\n\n", *_changes(overlay["rows"], i, j)]
    return "".join(parts)


def _changes(rows: list[dict[str, Any]], old: int, new: int) -> Iterator[str]:
    """Yield the lists of what differs between two columns."""
    for kind, title in _TITLES.items():
        named = [(_name(r), r["values"][old], r["values"][new]) for r in rows if r["kind"] == kind]
        gone = [name for name, was, now in named if was and not now]
        come = [name for name, was, now in named if now and not was]
        yield from _listed(f"{title} that are gone", gone)
        yield from _listed(f"{title} that are new", come)
    for kind, title in (("arguments", "Arguments"), ("default", "Defaults")):
        differing = [r for r in rows if r["kind"] == kind and r["values"][old] != r["values"][new]]
        for row in differing:
            was, now = (_shown(row["values"][at]) for at in (old, new))
            yield f"**{title} of `{_name(row)}`**: {was} becomes {now}.\n\n"
    flips: dict[str, list[str]] = {}
    for row in rows:
        if row["kind"] == "repeat" and (row["values"][old], row["values"][new]) == (
            "first",
            "last",
        ):
            flips.setdefault(row["owner"], []).append(row["name"])
    if flips:
        count = sum(map(len, flips.values()))
        yield f"### The last line counts, no longer the first: {count} options\n\n"
        yield "| section | options |\n|---|---|\n"
        for owner, names in flips.items():
            yield f"| `{owner}` | {_joined(names)} |\n"
        yield "\n"


def _name(row: dict[str, Any]) -> str:
    names = [part for part in (row["owner"], row["name"]) if part and part != "*"]
    return "/".join(names)


def _shown(value: list[str] | str) -> str:
    return _joined(value) if isinstance(value, list) else f"`{value}`"


def _joined(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _listed(title: str, names: list[str]) -> Iterator[str]:
    if names:
        yield f"**{title}** ({len(names)}): {_joined(sorted(names))}.\n\n"
