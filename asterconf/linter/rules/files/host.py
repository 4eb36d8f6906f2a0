"""Files that Asterisk must be able to read when it loads, looked for on this machine."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.sections.lines import Lines
from asterconf.model.configobject import ConfigObject
from asterconf.model.options import Collected
from asterconf.source import Severity, printable

CODES = Message.each(
    "AC422 AC536 AC617", Severity.ERROR,
    "{option} names {path}, which {problem}, so Asterisk {refuses}",
    "put the file there, or correct the path",
)  # fmt: skip
"""One code for PJSIP, one for queues and voicemail, one for all other files."""


def unreadable(lines: Lines, obj: ConfigObject, found: Collected) -> Iterator[Diagnostic]:
    """Yield the files that a section needs and that cannot be read here."""
    for key, value in obj.options:
        known = obj.facts.key(key)
        if known is None or not value or not _needed(obj, known[1].raw.get("must_be_readable")):
            continue
        problem = _problem(str(value))
        if problem:
            refuses = known[1].raw.get("unread_means") or lines.consequence(known[1])[1]
            index = found.lines[key][-1]
            name, path = lines.pairs[index][0], printable(str(value))
            facts = {"option": printable(name), "path": path, "problem": problem}
            yield lines.said(CODES, lines.place(index), refuses=refuses, **facts)


def _needed(obj: ConfigObject, rule: object) -> bool:
    """Tell whether a file is read: always, never, or where another option says so."""
    if not isinstance(rule, str):
        return bool(rule)
    name, equals, word = rule.partition("=")
    return obj[name] == word if equals else obj[name] is True


def _problem(path: str) -> str:
    """Return what is wrong with a path; where a relative one leads is not known."""
    try:
        if not Path(path).is_absolute():
            return ""
        if not Path(path).exists():
            return "does not exist on this machine"
        return "" if os.access(path, os.R_OK) else "cannot be read on this machine"
    except (OSError, ValueError):
        return "cannot be read on this machine"
