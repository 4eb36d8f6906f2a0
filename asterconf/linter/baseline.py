"""Findings that are known and not to be told again: a file of their fingerprints."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from asterconf.errors import LoadError
from asterconf.linter.diagnostics import Diagnostics
from asterconf.linter.outputs import Checked
from asterconf.source import printable

_FORMAT = 1


def read_baseline(file: Path) -> frozenset[str]:
    """Return the fingerprints in a file.

    Raises:
        LoadError: it cannot be read, or is no baseline.
    """
    try:
        data = json.loads(file.read_bytes())
        known = data["fingerprints"] if data["format"] == _FORMAT else None
    except OSError as error:
        raise LoadError(f"{file} cannot be read: {error.strerror}") from error
    except (ValueError, LookupError, TypeError) as error:
        raise LoadError(f"{printable(str(file))} is no baseline of asterconf check") from error
    if not isinstance(known, dict):
        raise LoadError(f"{printable(str(file))} is no baseline that this version can read")
    return frozenset(key for keys in known.values() if isinstance(keys, list) for key in keys)


def write_baseline(file: Path, every: Iterable[Checked]) -> int:
    """Write the fingerprints of findings to a file, by their codes; return how many there are.

    Raises:
        LoadError: it cannot be written.
    """
    from asterconf.disk import Write, write_all

    known: dict[str, list[str]] = {}
    for checked in every:
        for one, key in zip(checked.found, checked.fingerprints, strict=True):
            known.setdefault(one.code, []).append(key)
    ordered = {code: sorted(keys) for code, keys in sorted(known.items())}
    text = json.dumps({"format": _FORMAT, "fingerprints": ordered}, indent=2) + "\n"
    try:
        old = file.read_bytes() if file.exists() else None
        write_all([Write(path=file, data=text.encode(), private=False, old=old)])
    except OSError as error:
        raise LoadError(f"{file} cannot be written: {error.strerror}") from error
    return sum(map(len, known.values()))


def without(checked: Checked, known: frozenset[str]) -> Checked:
    """Return what was found and is not known yet."""
    kept = [n for n, key in enumerate(checked.fingerprints) if key not in known]
    return Checked(
        checked.tree,
        checked.folder,
        Diagnostics(checked.found[n] for n in kept),
        tuple(checked.lines[n] for n in kept),
        tuple(checked.fingerprints[n] for n in kept),
        tuple(checked.regions[n] for n in kept),
    )
