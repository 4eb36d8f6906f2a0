"""Rules of other people: modules that are named, and those of installed packages."""

from __future__ import annotations

from collections.abc import Iterable
from importlib import import_module
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from asterconf.linter.rules import catalogue
from asterconf.linter.rules.checks import OTHERS
from asterconf.linter.rules.rule import CODE, Rule
from asterconf.source import printable

GROUP: Final = "asterconf.rules"
"""The entry points that installed packages give: each is a module, or an object in one."""

_used: set[str] = set()


def use(module: str, trees: Iterable[Path] = ()) -> None:
    """Take the rules that a module has in `RULES`, for all checks of this process.

    Args:
        module: its name, as in `import`.
        trees: the folders that are checked: no module in one of them is imported.

    Raises:
        ValueError: there is no such module, it lies in a tree, it cannot be imported, or it has
            no rules, or a rule without a code of its own.
    """
    if module in _used:
        return
    name = printable(module)
    try:
        spec = find_spec(module.partition(".")[0])
    except (ImportError, ValueError):
        spec = None
    if spec is None:
        raise ValueError(f"there is no module {name!r} with rules")
    found = [*(spec.submodule_search_locations or ()), *([spec.origin] if spec.origin else [])]
    inside = [tree.resolve() for tree in trees]
    if any(Path(place).resolve().is_relative_to(tree) for place in found for tree in inside):
        raise ValueError(f"module {name!r} lies in a folder that is checked, and is not imported")
    try:
        rules = tuple(import_module(module).RULES)
    except Exception as error:
        said = f"{type(error).__name__}: {error}".splitlines()[0]
        raise ValueError(f"the rules of {name!r} cannot be read: {printable(said)}") from error
    for rule in rules:
        _take(rule, name)
    _used.add(module)


def _take(rule: object, module: str) -> None:
    if not isinstance(rule, Rule):
        raise ValueError(f"RULES of {module!r} holds {printable(repr(rule))}, which is no rule")
    for code in rule.codes:
        if code.startswith("AC") or not CODE.fullmatch(code):
            what = "letters other than AC and three or four digits"
            raise ValueError(f"rule {rule.name!r} of {module!r} has the code {code!r}, not {what}")
        if code in catalogue.RULES:
            raise ValueError(f"code {code} of {module!r} is that of another rule")
    catalogue.add(rule)
    OTHERS.append(rule)


def use_installed(trees: Iterable[Path] = ()) -> None:
    """Take the rules of all installed packages that say so.

    Raises:
        ValueError: as of `use`.
    """
    folders = tuple(trees)
    for one in entry_points(group=GROUP):
        use(one.module, folders)
