"""The rooms: which way imports flow."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "asterconf"
MODULES = sorted(PACKAGE.rglob("*.py"))


def rooms() -> list[str]:
    """Return the rooms in the order of the table in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    table = text.partition("## The rooms")[2].partition("\n##")[0]
    cells = re.findall(r"(?m)^\| ([^|]*) \|", table)
    names = [name for cell in cells for name in re.findall(r"`(\w+)/?`", cell)]
    return [name for name in names if name != "__main__"]


def room_of(module: str) -> str:
    return module.removeprefix("asterconf.").partition(".")[0]


def imports(tree: ast.AST, *, lazy: bool) -> Iterator[str]:
    """Yield the modules of asterconf that a tree imports; `lazy`: inside functions too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            continue
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and not lazy:
            continue
        if isinstance(node, ast.Import):
            yield from (a.name for a in node.names if a.name.startswith("asterconf"))
        elif isinstance(node, ast.ImportFrom) and (node.module or "").startswith("asterconf"):
            if node.module == "asterconf":
                yield from (f"asterconf.{a.name}" for a in node.names)
            else:
                yield str(node.module)
        yield from imports(node, lazy=lazy)


LAZY = {"config"}
"""Rooms whose functions import a room below: the verbs of `Config`."""


def test_imports_flow_down_the_table() -> None:
    order = {name: n for n, name in enumerate(rooms())}
    for path in MODULES:
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        room = parts[0]
        if room in {"__init__", "__main__"}:
            continue
        tree = ast.parse(path.read_text())
        assert room in order, f"{room} is not in the table of docs/architecture.md"
        for module in imports(tree, lazy=room not in LAZY):
            assert order[room_of(module)] <= order[room], f"{path.name} imports {module}"


def test_the_table_names_no_room_that_is_not_there() -> None:
    there = {p.relative_to(PACKAGE).with_suffix("").parts[0] for p in MODULES}
    assert set(rooms()) == there - {"__init__", "__main__"}


def test_imports_inside_a_room_flow_down_its_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    for room in re.findall(r"(?m)^### Inside `(\w+)/`$", text):
        table = text.partition(f"### Inside `{room}/`")[2].partition("\n##")[0]
        order = {name: n for n, name in enumerate(re.findall(rf"`{room}/(\w+)/?`", table))}
        inside = [
            p.relative_to(PACKAGE / room).with_suffix("") for p in (PACKAGE / room).rglob("*.py")
        ]
        assert set(order) == {p.parts[0] for p in inside} - {"__init__"}
        for path in inside:
            tree = ast.parse((PACKAGE / room / path).with_suffix(".py").read_text())
            for module in imports(tree, lazy=True):
                start, _, rest = module.removeprefix("asterconf.").partition(".")
                if start == room and path.parts[0] != "__init__":
                    part = rest.partition(".")[0]
                    assert order[part] <= order[path.parts[0]], f"{path} imports {module}"
