"""Laws of `injections`: a step in which some call has its text taken apart is never left out.

Each dialplan is made of steps that move a text about: variables, subroutines, labels, scripts,
switches, conditions. A text with `;` in it that gets into a System, or a step that a script may
lead there, has a row. With ASTERCONF_FULL=1 two thousand dialplans are made, else a few.
"""

from __future__ import annotations

import os
import random

import pytest

from asterconf.ask.injections import BARE
from asterconf.config import Config

FULL = os.environ.get("ASTERCONF_FULL") == "1"
CHANCE = random.Random(os.environ.get("ASTERCONF_SEED", "injections"))
PLANS = range(2_000) if FULL else CHANCE.sample(range(2_000), 16)
MOVES = (
    "Set(X=${EXTEN})", "Set(X=${EXTEN:1})", "Set(Y=${X})", "Set(X=${Y})", "Set(X=1)",
    "Set(X=${FILTER(0-9,${EXTEN})})", "Set(__X=a${Y})", "Set(GLOBAL(G)=${X})", "Set(X=${G})",
    "Set(X=${IF(1?${EXTEN}:2)})", "Set(X=${TOUPPER(${Y})})", "Set(X=${CALLERID(num)})",
    "Set(X=${CUT(EXTEN,1,2)})", "Set(ARRAY(X,Y)=${EXTEN},2)", "MSet(X=1,Y=${EXTEN})", "AGI(x.agi)",
    "Gosub(sub,s,1(${X},${EXTEN}))", "GosubIf($[${LEN(${EXTEN})} > 2]?sub,s,1(${EXTEN}))",
    'GotoIf($["${X}" = "1"]?go)', "Goto(go)", "GotoIf($[${DB_EXISTS(a/b)}]?go)", "NoOp(${X})",
    "ExecIf($[${RAND(0,1)}]?Set(X=${EXTEN}))", "Wait(1)", "Goto(d,${EXTEN},1)", "Goto(d,7,go)",
    "Dial(Local/${EXTEN}@d/n,1)", "ExecIf(1?System(echo ${X}))", "Set(HASH(H,a)=${EXTEN})",
    "Set(X=${HASH(H,a)})", "Set(LOCAL(X)=${EXTEN})", "Return(${EXTEN})", "Set(X=${GOSUB_RETVAL})",
    "Set(X=${ARG1})", "Set(X=${${Y}})", "Set(Y=EXTEN)", "System(echo ${ARG2})",
)  # fmt: skip
ENDS = ("System(echo ${X})", "System(echo ${Y} ${G})", "System(echo ${EXTEN})", "TrySystem(${X})")
NAMES = ("_X.", "_1.", "_[0-9;]!", "7", "_XX", "i", "s")
pytestmark = pytest.mark.usefixtures("short_calls")
TEXTS = ("1;2", "7", "12", ";9", "1&;", "11;1", "s")


def plan(seed: int) -> str:
    """Return a dialplan of three contexts."""
    chance = random.Random(seed)
    lines = ["[globals]", "G=1"]
    for context, names in (("c", NAMES), ("d", NAMES), ("sub", ("s", "_1."))):
        lines.append(f"[{context}]")
        for name in chance.sample(names, chance.randint(1, min(3, len(names)))):
            steps = [chance.choice(MOVES) for _ in range(chance.randint(1, 4))]
            steps = [*steps, chance.choice(ENDS), *(["Return()"] if context == "sub" else [])]
            label = chance.randrange(len(steps))
            for number, step in enumerate(steps):
                head = f"exten => {name},1" if not number else "same => n"
                lines.append(f"{head}{'(go)' if number == label and number else ''},{step}")
        lines += chance.choice(((), (), ("include => d",) if context == "c" else ()))
        lines += chance.choice(((), (), (), ("switch => Realtime/x",)))
    return "\n".join(lines) + "\n"


@pytest.mark.parametrize("seed", PLANS)
def test_each_step_in_which_a_text_is_taken_apart_has_a_row(seed: int) -> None:
    text = plan(seed)
    conf = Config.from_texts({"extensions.conf": text})
    answer = conf.ask.injections(entry="context:c")
    rows = {row.line for row in answer}
    for dialled in TEXTS:
        for number in ("", "5;5"):
            call = conf.call(dialled, entry="context:c", callerid=number, world=BARE)
            for step in (*call.steps, *(step for leg in call.legs for step in leg.steps)):
                taken = step.app.endswith("System") and ";" in step.data
                assert not taken or step.line in rows, (dialled, number, str(step), text)
    for row in answer:
        if row.verdict == "yes":
            assert row.witness is not None
            steps = [s for call in row.witness.calls for s in call.steps]
            steps += [s for call in row.witness.calls for leg in call.legs for s in leg.steps]
            assert row.line in {step.line for step in steps}
