"""Laws of priorities without numbers: calls run the same steps, and a second run plans nothing."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from asterconf.config import Config

NAMES = ["1", "2", "_X", "_1X", "12", "s"]
WAYS = [
    "Goto({n})", "Goto({e},{n})", "Goto({c},{e},{n})", "GotoIf(1?{n}:{m})", "Goto(l{n})",
    "GotoIf(0?{n}:{e},{m})", "ExecIf(1?Goto({n}))", "Gosub({e},{n}(x))", "GotoIf(1?{c},{e},{n})",
    "Goto(${{EXTEN}},{n})", "Return()", "Hangup()", "Goto(+1)", "Set(X=${{PRIORITY}})",
]  # fmt: skip
numbers = st.integers(1, 5) | st.sampled_from([102, 103])


@st.composite
def dialplans(draw: st.DrawFn) -> str:
    """Return two contexts whose steps are numbered, or count, and jump to each other."""
    lines = ["[general]", *draw(st.sampled_from([[], ["priorityjumping=yes"]]))]
    for context in "ab":
        lines.append(f"[{context}]")
        lines += ["include => b"] * draw(st.booleans()) if context == "a" else []
        for name in draw(st.lists(st.sampled_from(NAMES), max_size=3, unique=True)):
            last = 0
            for _ in range(draw(st.integers(2, 6))):
                last = draw(st.sampled_from([last + 1] * 4 + [max(last + 2, 102)]))
                counts = draw(st.booleans()) and last > 1 and last != 102
                label = draw(st.sampled_from(["", "", f"(l{last})", "(playback)"]))
                plain = [
                    f"NoOp({len(lines)})",
                    f"Playback({len(lines)})",
                    f"VoiceMail({len(lines)})",
                ]
                form = draw(st.sampled_from([*plain * 4, *WAYS]))
                step = form.format(n=draw(numbers), m=draw(numbers), e=draw(st.sampled_from("12s")),
                                   c=draw(st.sampled_from("ab")))  # fmt: skip
                lines.append(f"exten => {name},{'n' if counts else last}{label},{step}")
                lines += ["; a comment"] * draw(st.booleans())
    return "\n".join(lines) + "\n"


def steps(conf: Config, number: str, context: str) -> list[str]:
    """Return what the steps of a call say that do not jump."""
    run = conf.call(number, entry=f"context:{context}")
    shown = [
        f"{one.app}({one.data})" for one in run.steps if one.app in {"NoOp", "Playback", "Set"}
    ]
    return shown[:60]


@settings(max_examples=40)
@given(dialplans(), st.sampled_from(["", "1.2", "1.2", "1.6"]))
def test_calls_run_the_same_steps_and_a_second_run_plans_nothing(text: str, version: str) -> None:
    old = Config.from_texts({"extensions.conf": text}, asterisk="20")
    new = Config.from_texts({"extensions.conf": text}, asterisk="20")
    plan = new.plan_migrate("priorities", written_for=version)
    plan.apply()
    assert not new.plan_migrate("priorities", written_for=version)
    for number in ("1", "2", "7", "12", "s"):
        assert steps(new, number, "a") == steps(old, number, "a")
    comments = re.findall(r"(?m)^;.*|^include.*|^\[.*", text)
    assert re.findall(r"(?m)^;.*|^include.*|^\[.*", str(new["extensions.conf"])) == comments
    if not re.search("STATUS", str(new["extensions.conf"])):
        shape = [[(e.key, [(s.priority, s.app) for s in e.steps]) for e in c.extensions]
                 for c in old.dialplan.contexts]  # fmt: skip
        assert shape == [[(e.key, [(s.priority, s.app) for s in e.steps]) for e in c.extensions]
                         for c in new.dialplan.contexts]  # fmt: skip
