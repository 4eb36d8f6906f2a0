"""Which files a file includes, by its text alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from asterconf.progress import Progress, Report
from asterconf.resolve.files import Files
from asterconf.source import fold
from asterconf.syntax import Directive, Document

__all__ = ["directives", "fetch", "included"]

_MAY_LEAD = re.compile(r"(?m)^(?:[\x01-\x20]*|.*--;.*)#")
"""A line that may be a directive."""


def directives(document: Document) -> Iterator[Directive]:
    """Yield the directives of a file."""
    for part in document.parts:
        if "#" in part.text and _MAY_LEAD.search(part.text):
            yield from (node for node in part.nodes if isinstance(node, Directive))


def included(files: Files, node: Directive) -> list[str]:
    """Return the names of the files that a directive leads to, whether they are there or not."""
    leads = fold(node.word) in {"include", "tryinclude"} and node.argument
    return files.find(node.target) if leads else []


def fetch(files: Files, names: Iterable[str], progress: Report) -> None:
    """Read files, and all that they include, from the disk; report each of them once."""
    known = list(dict.fromkeys(names))
    seen = set(known)
    for number, name in enumerate(known, 1):  # it grows on the way
        document = files.get(name)
        for node in directives(document) if isinstance(document, Document) else ():
            named = dict.fromkeys(included(files, node))
            new = [n for n in named if n not in seen and files.there(n)]
            seen.update(new)
            known += new
        progress(Progress("load", number, len(known), name))
