"""Laws of progress: each piece once, no step back, and nothing else than without it."""

import tempfile
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st

import asterconf
from asterconf.progress import Progress

TOPS = ["extensions.conf", "queues.conf", "pjsip.conf"]
PARTS = ["d/1.inc", "d/2.inc", "d/3.inc", "e.inc"]
TARGETS = {
    **{name: [name] for name in (*TOPS, *PARTS, "gone.inc")},
    "d/*.inc": PARTS[:3],
    "d/[12].inc": PARTS[:2],
    "none/*": [],
}
"""What an include may name, and the files that this stands for where all of them are there."""

ORDER = [*TOPS, *PARTS]


def further(at: int) -> st.SearchStrategy[list[str]]:
    """Includes of further files only: Asterisk would read those of a loop ten levels deep."""
    some = [t for t, names in TARGETS.items() if all(n not in ORDER[: at + 1] for n in names)]
    return st.lists(st.sampled_from(some), max_size=2)


trees = st.fixed_dictionaries({}, optional={name: further(at) for at, name in enumerate(ORDER)})


def reached(tree: dict[str, list[str]]) -> set[str]:
    """Return the files that a directory is loaded for, and all there are that these lead to."""
    found: set[str] = set()
    todo = [name for name in tree if name in TOPS]
    while todo:
        name = todo.pop()
        if name not in found:
            found.add(name)
            todo += (n for target in tree[name] for n in TARGETS[target] if n in tree)
    return found


def write(tree: dict[str, list[str]], folder: str) -> None:
    for name, targets in tree.items():
        path = Path(folder, name)
        path.parent.mkdir(exist_ok=True)
        lines = (f"[{at}]\nb = 1\n#tryinclude {target}\n" for at, target in enumerate(targets))
        path.write_text("".join(lines) + "[z]\n")


def whole(steps: list[Progress]) -> None:
    """Check the steps of one stage."""
    assert [step.done for step in steps] == list(range(1, len(steps) + 1))
    totals = [step.total for step in steps]
    assert totals == sorted(totals)
    assert all(step.done <= step.total for step in steps)
    assert totals[-1:] in ([], [len(steps)])
    assert len({step.what for step in steps}) == len(steps)


@given(trees)
@example({"queues.conf": ["queues.conf", "gone.inc"]})
@example({"pjsip.conf": ["d/*.inc"], "d/1.inc": ["d/2.inc"], "d/2.inc": ["d/1.inc"]})
def test_each_file_is_reported_once_and_nothing_else_changes(tree: dict[str, list[str]]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        write(tree, folder)
        steps: list[Progress] = []
        conf = asterconf.load(folder, progress=steps.append)
        whole(steps)
        assert {step.stage for step in steps} <= {"load"}
        assert {step.what for step in steps} == reached(tree)

        plain = asterconf.load(folder)
        assert conf.names == plain.names
        found, steps = plain.check(host_files=False), []
        assert conf.check(host_files=False, progress=steps.append) == found
        for stage in ("read", "check"):
            whole([step for step in steps if step.stage == stage])
            assert [step.what for step in steps if step.stage == stage] == list(plain.names)
        assert len(steps) == 2 * len(plain.names)
        assert set(conf.files) == set(plain.files)
