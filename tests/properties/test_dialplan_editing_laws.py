"""Laws of editing: the file says what was meant, and all other lines are as they were."""

from __future__ import annotations

import re

import attrs
import pytest
from hypothesis import given
from hypothesis import strategies as st

from asterconf.config import Config
from asterconf.dialplan import DialplanContext, Hint, Switch
from asterconf.dialplan.values import DialplanExtension, DialplanStep
from asterconf.editing import in_order, write_context
from asterconf.errors import EditError, NotFoundError
from tests.strategies import apps as app_strategies
from tests.strategies import editing


def held(config: Config) -> editing.Written:
    """Return what the context `a` of a file holds, in the words of the strategy."""
    context = config.dialplan["a"]
    return editing.Written(
        steps={
            one.key: [(s.priority, s.label, f"{s.app}({s.data})") for s in one.steps]
            for one in context
            if one.steps
        },
        hints={one.key: one.hint.text for one in context if one.hint is not None},
        includes=[one.context for one in context.includes],
    )


def names(lines: list[str]) -> set[str]:
    return {name for line in lines for name in re.findall(r"[sh]\d+_", line)}


@given(editing.files(), editing.edits, st.sampled_from(["\n", "\r\n"]), st.booleans())
def test_an_edited_file_says_what_was_meant_and_keeps_its_other_lines(
    made: editing.Written, todo: list[tuple[object, ...]], end: str, last: bool
) -> None:
    before = [*made.lines]
    text = end.join(before) + (end if last else "")
    config = Config.from_texts({"extensions.conf": text})
    start = held(config)
    assert (start.steps, start.hints, start.includes) == (made.steps, made.hints, made.includes)
    others = [context for context in config.dialplan if context.name != "a"]
    own = {key: names([app for *_, app in steps]) for key, steps in made.steps.items()}
    for key, device in made.hints.items():
        own.setdefault(key, set()).update(names([device]))

    touched: set[str] = set()
    with config.dialplan.edit("a") as edit:
        for one in todo:
            touched |= editing.carry_out(edit, made, one)
    made.steps = {key: steps for key, steps in made.steps.items() if steps}

    after = str(config["extensions.conf"])
    again = Config.from_texts({"extensions.conf": after})
    end_state = held(again)
    assert (end_state.steps, end_state.hints) == (made.steps, made.hints)
    assert end_state.includes == made.includes
    assert [context for context in again.dialplan if context.name != "a"] == others
    assert again.dialplan == config.dialplan

    free = set().union(*(own.get(key, set()) for key in touched)) if touched else set()

    def kept(lines: list[str]) -> list[str]:
        """Return the lines that no edit had to do with."""
        known = names(before) - free
        return [
            line.removesuffix("\r")
            for line in lines
            if not line.lstrip().startswith("include") and (names([line]) <= known)
        ]

    assert kept(after.split("\n")) == kept(text.split("\n"))
    assert after.endswith("\n") == text.endswith("\n")
    if after != text:
        assert ("\r\n" in after) == (end == "\r\n")


@given(editing.files())
def test_an_edit_that_says_nothing_new_changes_no_byte(made: editing.Written) -> None:
    text = "\n".join(made.lines)
    config = Config.from_texts({"extensions.conf": text})
    with config.dialplan.edit("a") as edit:
        for key, steps in made.steps.items():
            for priority, _, app in steps:
                edit[key].replace(priority, app)
        for key, device in made.hints.items():
            edit.hint(key, device)
    assert str(config["extensions.conf"]) == text
    assert edit.report.files == ()


_labels = st.none() | st.sampled_from(["a", "b1", "ring-it", " x "])
_steps = st.lists(st.tuples(st.integers(1, 3), _labels, app_strategies.typed), max_size=4)


@st.composite
def contexts(draw: st.DrawFn) -> DialplanContext:
    """Return a context that a file can say."""
    extensions = []
    for key in draw(st.lists(st.sampled_from(["1", "22", "_3X", "_4.", "s"]), unique=True)):
        priority, steps, seen = 0, [], set()
        for gap, label, app in draw(_steps):
            priority += gap
            steps.append(DialplanStep.of(priority, app, None if label in seen else label))
            seen.add(label)
        devices = draw(st.lists(st.sampled_from(["PJSIP/1", "Custom:x"]), max_size=2))
        hint = Hint(devices, draw(st.sampled_from(["", "Bob"]))) if devices else None
        condition = draw(st.sampled_from([None, "", "555", "_5X"]))
        if steps or hint:
            extensions.append(DialplanExtension(key, condition, steps, hint))
    made = DialplanContext(
        draw(st.sampled_from(["a", "from-home", "a b", "a;b"])),
        extensions,
        ignorepats=draw(st.sampled_from([(), ("9",)])),
        switches=draw(st.sampled_from([(), (Switch("lswitch", "Loopback", "${EXTEN}@b"),)])),
        autohints=draw(st.booleans()),
    )
    for name, timing in draw(
        st.dictionaries(st.sampled_from("bcd"), st.sampled_from(["", "*,sun,*,*"]))
    ).items():
        made = made.with_include(name, timing)
    return made


@given(contexts())
def test_a_context_is_loaded_as_it_was_written(context: DialplanContext) -> None:
    text = f"[general]\n\n[before]\nexten => 1,1,A()\n\n{write_context(context)}\n[end]\n"
    dialplan = Config.from_texts({"extensions.conf": text}).dialplan
    assert dialplan[context.name] == in_order(context)
    assert [one.name for one in dialplan] == ["before", context.name, "end"]


@given(contexts(), contexts())
def test_contexts_are_added_to_a_file(one: DialplanContext, two: DialplanContext) -> None:
    config = Config.from_texts({"extensions.conf": "; mine\n[x]\n"})
    config.dialplan.add(one)
    if two.name == one.name:
        try:
            config.dialplan.add(two)
            raise AssertionError
        except EditError:
            return
    config.dialplan.add(two)
    assert [*config.dialplan][1:] == [in_order(one), in_order(two)]
    assert str(config["extensions.conf"]).startswith("; mine\n[x]\n\n[")


@given(contexts(), contexts(), st.booleans())
def test_a_replaced_context_is_loaded_as_the_new_one(
    old: DialplanContext, new: DialplanContext, through_update: bool
) -> None:
    new = attrs.evolve(new, name=old.name)
    config = Config.from_texts(
        {"extensions.conf": f"[x]\nexten => 1,1,A()\n{write_context(old)}[end]\n"}
    )
    if through_update:
        parts = ("extensions", "includes", "ignorepats", "switches", "autohints")
        done = config.update(old.name, **{part: getattr(new, part) for part in parts})
    else:
        done = config.replace(old.name, new)
    assert done.obj == config.dialplan[old.name] == in_order(new)
    again = Config.from_texts({"extensions.conf": str(config["extensions.conf"])}).dialplan
    assert [one.name for one in again] == ["x", old.name, "end"]
    assert again[old.name] == in_order(new)


@given(contexts(), contexts())
def test_a_context_that_was_added_can_be_removed(
    one: DialplanContext, two: DialplanContext
) -> None:
    config = Config.from_texts({"extensions.conf": "; mine\n[x]\nexten => 1,1,A()\n"})
    config.add(one)
    text = str(config["extensions.conf"])
    two = attrs.evolve(two, name="another")
    assert config.add(two).obj == in_order(two)
    assert config.remove(two).obj == in_order(two)
    assert str(config["extensions.conf"]) == text
    config.remove(one.name)
    assert [context.name for context in config.dialplan] == ["x"]


@given(editing.files(), st.sampled_from(["remove", "replace"]), st.integers(-1, 9))
def test_what_is_not_there_is_refused_and_nothing_changes(
    made: editing.Written, what: str, at: int
) -> None:
    text = "\n".join(made.lines)
    config = Config.from_texts({"extensions.conf": text})
    for key, steps in made.steps.items():
        if at in {priority for priority, *_ in steps} | {steps[-1][0] + 1}:
            continue

        def run(key: str = key) -> None:
            with config.dialplan.edit("a") as edit:
                edit[key].append("NoOp(never)")
                getattr(edit[key], what)(*((at, "NoOp()") if what == "replace" else (at,)))

        with pytest.raises(NotFoundError, match=f"has no priority {at}"):
            run()
    assert str(config["extensions.conf"]) == text
