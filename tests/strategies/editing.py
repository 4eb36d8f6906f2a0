"""Files of dialplans in every manner of writing, what they hold, and edits of one context."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import strategies as st

KEYS = ["1", "2", "_3X", "1/5"]

Step = tuple[int, str | None, str]
"""Priority, label, and the text of an application that no other step has."""


@attrs.define
class Written:
    """A file, and what its context `a` holds: steps by extension, hints, includes."""

    lines: list[str] = attrs.field(factory=list)
    steps: dict[str, list[Step]] = attrs.field(factory=dict)
    hints: dict[str, str] = attrs.field(factory=dict)
    includes: list[str] = attrs.field(factory=list)
    count: int = 0

    def app(self) -> str:
        self.count += 1
        return f"NoOp(s{self.count}_)"


NOISE = ["", "; a comment", "  ", ";-- block", "--;", ";-- one line --;"]
_noise = st.sampled_from([[], [], [""], ["; note"], ["", "; note", ""], [";-- x --;"]])


@st.composite
def files(draw: st.DrawFn) -> Written:
    """Return a file whose context `a` has some extensions, among other contexts and comments."""
    made = Written(["[general]", "static=yes", "[b]", "exten => 1,1,NoOp(b)", "", "[a] ; mine"])
    sign = draw(st.sampled_from(["=>", "=", " = ", " => "]))
    for name in draw(st.lists(st.sampled_from(["b", "c", "parked"]), unique=True, max_size=2)):
        made.lines.append(f"include{sign}{name}")
        made.includes.append(name)
    for key in draw(st.lists(st.sampled_from(KEYS), unique=True, max_size=3)):
        made.lines += draw(_noise)
        if draw(st.booleans()):
            made.hints[key] = f"PJSIP/h{len(made.lines)}_"
            made.lines.append(f"exten{sign}{key},hint,{made.hints[key]}")
        _extension(draw, made, key, sign)
    made.lines += draw(_noise)
    made.lines += ["[c]", "exten => 9,1,Goto(a,1,2)"]
    return made


def _extension(draw: st.DrawFn, made: Written, key: str, sign: str) -> None:
    manner = draw(st.sampled_from(["same", "n", "numbers"]))
    steps: list[Step] = []
    for index in range(draw(st.integers(1, 4))):
        gap = draw(st.sampled_from([1, 1, 1, 3])) if index else 1
        priority = steps[-1][0] + gap if steps else 1
        label = draw(st.sampled_from([None, None, f"l{index}"]))
        app = made.app()
        steps.append((priority, label, app))
        word = str(priority)
        if index and manner != "numbers":
            word = "n" if gap == 1 else f"n+{gap - 1}"
        field = word + (f"({label})" if label else "")
        comment = draw(st.sampled_from(["", "", " ; why", "  ;x"]))
        start = f" same{sign}" if index and manner == "same" else f"exten{sign}{key},"
        made.lines.append(f"{start}{field},{app}{comment}")
        made.lines += draw(_noise)
    made.steps[key] = steps


edits = st.lists(
    st.one_of(
        st.tuples(st.just("insert"), st.integers(0, 2), st.integers(1, 6)),
        st.tuples(st.just("append"), st.integers(0, 2)),
        st.tuples(st.just("remove"), st.integers(0, 2), st.integers(0, 3)),
        st.tuples(st.just("replace"), st.integers(0, 2), st.integers(0, 3)),
        st.tuples(st.just("add"), st.sampled_from(["7", "_8X."]), st.integers(1, 2)),
        st.tuples(st.just("drop"), st.integers(0, 2)),
        st.tuples(st.just("hint"), st.integers(0, 2)),
        st.tuples(st.just("unhint"), st.integers(0, 2)),
        st.tuples(st.just("include"), st.sampled_from(["x", "y"])),
        st.tuples(st.just("exclude"), st.integers(0, 1)),
    ),
    min_size=1,
    max_size=4,
)
"""What to do; numbers choose among the extensions and steps that there are."""


def carry_out(edit: Any, made: Written, todo: tuple[Any, ...]) -> set[str]:
    """Do one edit to a `ContextEdit`, and to what was written; return the keys it touched."""
    what, *more = todo
    keys = sorted({*made.steps, *made.hints})
    if what == "include":
        if more[0] not in made.includes:
            edit.include(more[0])
            made.includes.append(more[0])
        return set()
    if what == "exclude":
        if more[0] < len(made.includes):
            edit.remove_include(made.includes.pop(more[0]))
        return set()
    if what == "add":
        key, count = more
        if not made.steps.get(key) and key not in made.hints:
            apps = [made.app() for _ in range(count)]
            edit.add(key, *apps)
            made.steps[key] = [(n + 1, None, app) for n, app in enumerate(apps)]
        return {key}
    if more[0] >= len(keys):
        return set()
    key = keys[more[0]]
    steps = made.steps.get(key, [])
    if what == "drop":
        edit.remove(key)
        made.steps.pop(key, None)
        made.hints.pop(key, None)
    elif what == "hint":
        made.hints[key] = f"PJSIP/{made.app()[5:-1]}"
        edit.hint(key, made.hints[key])
    elif what == "unhint" and key in made.hints:
        edit.remove_hint(key)
        del made.hints[key]
    elif what == "append":
        app = made.app()
        edit[key].append(app)
        made.steps[key] = [*steps, (steps[-1][0] + 1 if steps else 1, None, app)]
    elif what == "insert":
        app = made.app()
        edit[key].insert(more[1], app)
        made.steps[key] = inserted(steps, (more[1], None, app))
    elif what == "remove" and more[1] < len(steps):
        edit[key].remove(steps[more[1]][0])
        made.steps[key] = closed_up(steps, more[1])
    elif what == "replace" and more[1] < len(steps):
        app = made.app()
        priority, label, _ = steps[more[1]]
        edit[key].replace(label or priority, app)
        made.steps[key] = [*steps[: more[1]], (priority, label, app), *steps[more[1] + 1 :]]
    return {key}


def inserted(steps: list[Step], new: Step) -> list[Step]:
    """Return the steps with one more; what stands in its way moves up by one."""
    taken = {priority: (label, app) for priority, label, app in steps}
    free = new[0]
    while free in taken:
        free += 1
    for priority in range(free, new[0], -1):
        taken[priority] = taken[priority - 1]
    taken[new[0]] = new[1:]
    return [(priority, *taken[priority]) for priority in sorted(taken)]


def closed_up(steps: list[Step], index: int) -> list[Step]:
    """Return the steps without one; those that follow without a gap move down by one."""
    taken = {priority: (label, app) for priority, label, app in steps}
    at = steps[index][0]
    while at + 1 in taken:
        taken[at] = taken[at + 1]
        at += 1
    del taken[at]
    return [(priority, *taken[priority]) for priority in sorted(taken)]
