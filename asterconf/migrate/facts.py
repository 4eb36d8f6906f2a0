"""Files that stand beside the codemods: the facts of each, and dialplan that they add."""

from __future__ import annotations

import json
from functools import cache
from importlib.resources import files as package_files
from typing import Any


def file_text(name: str) -> str:
    """Return the text of a file."""
    return package_files("asterconf.migrate").joinpath(name).read_text("utf-8")


@cache
def facts(codemod: str) -> dict[str, Any]:
    """Return the facts of a codemod: the JSON file of its name."""
    found: dict[str, Any] = json.loads(file_text(f"{codemod}.json"))
    return found
