"""Small files that give a code each; what is said of them comes from the library itself."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import attrs

import asterconf

__all__ = ["Example", "examples"]

_FILE = Path(__file__).parent / "examples.txt"


@attrs.frozen
class Example:
    """Files in which something is odd; the first is the one that is shown to be so."""

    code: str
    files: tuple[tuple[str, str], ...]

    def said(self) -> str:
        """Return what a check says of the code.

        Raises:
            LookupError: it does not say the code; then the example is wrong.
        """
        found = asterconf.Config.from_texts(dict(self.files)).check().about(code=self.code)
        if not found:
            raise LookupError(f"{_FILE.name}: the example does not give {self.code}")
        return str(found[0])

    def markdown(self) -> str:
        """Return the example as a part of a page."""
        shown = [f'```ini title="{name}"\n{text.rstrip()}\n```' for name, text in self.files]
        return "\n\n".join([*shown, f"```text\n{self.said()}\n```"])


@cache
def examples() -> dict[str, list[Example]]:
    """Return every example by its code.

    A line `== AC003 a.conf` begins one, a line `-- b.conf` another file of it.
    """
    found: dict[str, list[Example]] = {}
    for part in re.split(r"(?m)^== ", _FILE.read_text("utf-8"))[1:]:
        head, _, body = part.partition("\n")
        code, name = head.split()
        first, *more = re.split(r"(?m)^-- ", body)
        others = [(n.strip(), t) for n, _, t in (m.partition("\n") for m in more)]
        files = tuple((n, t.rstrip("\n") + "\n") for n, t in ((name, first), *others))
        found.setdefault(code, []).append(Example(code, files))
    return found
