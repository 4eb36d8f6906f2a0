"""Words in Markdown."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

__all__ = ["code", "plain", "references", "slug", "table", "words"]


def plain(text: str) -> str:
    """Return text that Markdown shows as it is."""
    escaped = re.sub(r"([\\`*_{}\[\]<>#|~$])", r"\\\1", text)
    return escaped.replace("\\<", "&lt;").replace("\\>", "&gt;").replace("\\~", "~")


def code(text: str) -> str:
    """Return text in the type of code, also inside a table."""
    if not text:
        return ""
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}".replace("|", "\\|") if "|" in text else f"{fence}{text}{fence}"


def slug(title: str) -> str:
    """Return an anchor for a title."""
    return re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")


def words(items: Iterable[str]) -> str:
    """Return texts as code, between commas."""
    return ", ".join(map(code, items))


def table(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def references(facts: Iterable[Mapping[str, Any]], folder: str) -> str:
    """Return what a value names, with links to the pages of the schema in `folder`."""
    found = []
    for fact in facts:
        file, kind = fact.get("file", ""), fact.get("object", "")
        if not file:
            continue
        if file == "same":
            at = f"[{kind}](#{slug(kind)})"
        else:
            at = f"[{kind} of {file}]({folder}{file}.md#{slug(kind)})" if kind else file
        form = f", written {code(fact['form'])}" if fact.get("form") else ""
        found.append(f"{at}{form}")
    return f"names: {'; '.join(dict.fromkeys(found))}" if found else ""
