"""`asterconf show` of one file: what Asterisk reads out of it, and where each value is from."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from asterconf.cli._tables import print_table
from asterconf.diagnostic import Diagnostic
from asterconf.errors import NotFoundError
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.schema.secrets import shown_value
from asterconf.source import fold, printable

if TYPE_CHECKING:
    from rich.console import Console

__all__ = ["as_data", "print_view"]


def as_data(
    effective: Effective, section: str | None = None, option: str | None = None
) -> dict[str, Any]:
    """Return what Asterisk holds after reading a file, in the shape of the recorded vectors.

    `diagnostics` are what Asterisk logs; what is said here beyond that stands under `notes`.
    `section` and `option` leave out the others.
    """
    wanted = None if option is None else fold(option)
    return {
        "valid": effective.valid,
        "categories": [
            {
                "name": found.name,
                "template": found.template,
                "inherits": list(found.inherits),
                "items": [list(p) for p in found.pairs if wanted is None or fold(p[0]) == wanted],
            }
            for found in _sections(effective, section)
        ],
        "diagnostics": [dict(entry) for entry in effective.logged],
        "notes": [_note(d) for d in effective.diagnostics if not d.kind],
    }


def print_view(
    to: Console, effective: Effective, section: str | None = None, option: str | None = None
) -> None:
    """Print the sections with the origin of every value, and what was odd; secrets masked."""
    sections = _sections(effective, section)
    if option is not None:
        for found in sections:
            _print_option(to, effective, found, option)
        return
    for found in sections:
        _print_section(to, effective, found)
    if not effective.valid:
        to.print(f"Asterisk refuses {printable(effective.name)}")
    for diagnostic in effective.diagnostics if section is None else ():
        to.print(str(diagnostic), soft_wrap=True)


def _sections(effective: Effective, name: str | None) -> tuple[EffectiveSection, ...]:
    """Return every section, templates too, or those of one name.

    Raises:
        NotFoundError: there is none of that name, though Asterisk accepts the file.
    """
    if name is None:
        return effective.sections
    found = tuple(s for s in effective.sections if fold(s.name) == fold(name))
    if not found and effective.valid:
        raise NotFoundError(f"there is no section [{printable(name)}] in {effective.name}")
    return found


def _note(diagnostic: Diagnostic) -> dict[str, Any]:
    at = diagnostic.position
    place = {"file": at.file, "line": at.line, "column": at.column} if at else {}
    return {
        "code": diagnostic.code,
        "severity": str(diagnostic.severity),
        "message": diagnostic.message,
        **place,
    }


def _value(effective: Effective, section: EffectiveSection, item: EffectiveItem) -> str:
    """Return a value as it may be shown: of a mailbox all but the PIN, of a secret nothing."""
    return printable(shown_value(effective.name, section.name, item.name, item.value))


def _print_section(to: Console, effective: Effective, section: EffectiveSection) -> None:
    kinds = ["template"] if section.template else []
    kinds += [f"inherits {', '.join(section.inherits)}"] if section.inherits else []
    title = f"[{section.name}]" + (f" ({'; '.join(kinds)})" if kinds else "")
    to.print(f"{printable(title)}  {section.position}")
    hidden = _hidden(section)
    rows = [
        (
            item.name,
            _value(effective, section, item),
            str(item.origin),
            "; ".join((*item.chain[1:], *(["not used"] if index in hidden else []))),
        )
        for index, item in enumerate(section.items)
    ]
    if rows:
        print_table(to, ("option", "value", "origin", "how"), rows)
    else:
        to.print()


def _hidden(section: EffectiveSection) -> set[int]:
    """Return the indices of the items that another one of their name keeps from being used."""
    names: dict[str, list[int]] = {}
    for index, item in enumerate(section.pairs):
        names.setdefault(fold(item[0]), []).append(index)
    out: set[int] = set()
    for name, found in names.items():
        facts = section.facts(name) if len(found) > 1 else None
        if facts is not None and facts.repeat != "accumulate":
            out.update(found[1:] if facts.repeat == "first" else found[:-1])
    return out


def _print_option(
    to: Console,
    effective: Effective,
    section: EffectiveSection,
    name: str,
) -> None:
    option = section.option(name)
    used = option.items if option.repeat == "accumulate" else (option.chosen,)
    lines = _lines(effective, section, used, "")
    lines += _lines(effective, section, option.overrides, "not used: ")
    to.print(printable(f"[{section.name}] {option.name}"))
    for line in lines:
        to.print(f"  {line}", soft_wrap=True)


def _lines(
    effective: Effective, section: EffectiveSection, items: Iterable[EffectiveItem], before: str
) -> list[str]:
    return [
        f"{before}{_value(effective, section, item)}  ({printable(', '.join(item.chain))})"
        for item in items
    ]
