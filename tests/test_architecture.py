"""The rooms: which way imports flow, what is private, and how deep the plan is.

Every import counts: at import time, inside a function, and those for type checkers only. Only the
root of the package, which imports lazily on behalf of its users, is no part of the plan.
"""

import ast
import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "asterconf"
FACES = {"asterconf", "asterconf.__main__"}
LAYERS = 20

EXCEPTED: dict[tuple[str, str], str] = {}
"""Arrows inside one room that close a circle, each with its reason."""

NAMESAKES = {"Call", "Queue"}
"""Names of two public things: `Queue`, an application and a queue; `Call`, an application without a
class of its own and what became of a call."""


def _module(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


TREES = {_module(path): ast.parse(path.read_text()) for path in sorted(PACKAGE.rglob("*.py"))}


def imports(tree: ast.AST, when: str = "start") -> Iterator[tuple[str, str]]:
    """Yield the modules that a tree imports, each with when: `start`, `later` or `types`."""
    for node in ast.iter_child_nodes(tree):
        now = when
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            now = "types"
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and when == "start":
            now = "later"
        if isinstance(node, ast.Import):
            yield from ((alias.name, now) for alias in node.names if alias.name in TREES)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            inside = {f"{base}.{alias.name}" for alias in node.names}
            yield from ((name, now) for name in inside & TREES.keys())
            if base in TREES and inside - TREES.keys():
                yield base, now
        yield from imports(node, now)


ARROWS = {
    name: [(to, when) for to, when in imports(tree) if to != name]
    for name, tree in TREES.items()
    if name not in FACES
}


def rooms() -> list[str]:
    """Return the rooms in the order of the table in docs/architecture.md."""
    text = (ROOT / "docs" / "architecture.md").read_text()
    table = text.partition("## The rooms")[2].partition("\n##")[0]
    cells = re.findall(r"(?m)^\| ([^|]*) \|", table)
    names = [name for cell in cells for name in re.findall(r"`(\w+)/?`", cell)]
    return [name for name in names if name != "__main__"]


def room_of(module: str) -> str:
    return module.removeprefix("asterconf.").partition(".")[0]


def test_imports_flow_down_the_table() -> None:
    order = {name: n for n, name in enumerate(rooms())}
    assert set(order) == {room_of(module) for module in ARROWS}
    climbing = [
        f"{module} imports {to}"
        for module, arrows in ARROWS.items()
        for to, _ in arrows
        if to not in FACES and order[room_of(to)] > order[room_of(module)]
    ]
    assert climbing == []


def test_no_file_is_part_of_a_circle() -> None:
    graph = {
        module: {to for to, _ in arrows if to in ARROWS and (module, to) not in EXCEPTED}
        for module, arrows in ARROWS.items()
    }
    while True:
        imported = {to for targets in graph.values() for to in targets}
        ends = {m for m, to in graph.items() if m not in imported or not to & graph.keys()}
        if not ends:
            break
        graph = {module: to for module, to in graph.items() if module not in ends}
    assert sorted(graph) == []


def test_exceptions_are_few_and_inside_a_room() -> None:
    assert len(EXCEPTED) <= 10
    for (module, to), reason in EXCEPTED.items():
        assert room_of(module) == room_of(to)
        assert to in {name for name, _ in ARROWS[module]}, f"{module} no longer imports {to}"
        assert reason


def test_the_plan_is_not_deep() -> None:
    depth: dict[str, int] = {}

    def deep(module: str) -> int:
        if module not in depth:
            below = [to for to, when in ARROWS[module] if when == "start" and to in ARROWS]
            depth[module] = 1 + max(map(deep, below), default=0)
        return depth[module]

    deepest = max(ARROWS, key=deep)
    assert depth[deepest] <= LAYERS, deepest


def test_imports_inside_a_room_flow_down_its_table() -> None:
    text = (ROOT / "docs" / "architecture.md").read_text()
    for room in re.findall(r"(?m)^### Inside `(\w+)/`$", text):
        table = text.partition(f"### Inside `{room}/`")[2].partition("\n##")[0]
        order = {name: n for n, name in enumerate(re.findall(rf"`{room}/(\w+)/?`", table))}
        start = f"asterconf.{room}."
        inside = [module for module in ARROWS if module.startswith(start)]
        assert set(order) == {module.removeprefix(start).partition(".")[0] for module in inside}
        for module in inside:
            part = module.removeprefix(start).partition(".")[0]
            for to, _ in ARROWS[module]:
                if to.startswith(start):
                    other = to.removeprefix(start).partition(".")[0]
                    assert order[other] <= order[part], f"{module} imports {to}"


def test_an_underscore_means_private_to_the_parent_package() -> None:
    reaching = []
    for module, tree in TREES.items():
        for node in ast.walk(tree):
            if not isinstance(node, ast.ImportFrom) or not (node.module or "").startswith("aster"):
                continue
            whole = [f"{node.module}.{alias.name}" for alias in node.names]
            for name in whole:
                parts = name.split(".")
                for n, part in enumerate(parts):
                    parent = ".".join(parts[:n])
                    private = part.startswith("_") and parent != "asterconf"
                    if private and not f"{module}.".startswith(f"{parent}."):
                        reaching.append(f"{module} imports {name}")
    assert reaching == []


def test_no_class_name_stands_in_two_modules() -> None:
    homes = defaultdict(list)
    for module, tree in TREES.items():
        for node in ast.iter_child_nodes(tree):
            if isinstance(node, ast.ClassDef):
                homes[node.name].append(module)
    assert {name: where for name, where in homes.items() if len(where) > 1}.keys() == NAMESAKES
