"""Small dialplans that reach a trunk for some numbers and not for others, each from a seed."""

from __future__ import annotations

import random
from itertools import count

__all__ = ["ALPHABET", "asked_plan"]

ALPHABET = "0129*+"
_ELEMENTS = ["0", "1", "2", "9", "*", "+", "X", "Z", "N", "[12]", "[01]", "[0-29]"]
CONTEXTS = ("in", "mid", "out")


def asked_plan(seed: int) -> dict[str, str]:
    """Return the files of a dialplan of three contexts with a trunk `t` and phones `p1`, `p2`, …"""
    pick = random.Random(f"asked {seed}")
    phones = count(1)
    lines = []
    for name in CONTEXTS:
        lines.append(f"[{name}]")
        for _ in range(pick.randint(1, 4)):
            lines += _extension(pick, phones, CONTEXTS.index(name))
        for other in CONTEXTS:
            if other != name and pick.random() < 0.25:
                lines.append(f"include => {other}")
        if pick.random() < 0.3:
            lines.append(f"exten => i,1,{_step(pick, phones, CONTEXTS.index(name))}")
        if pick.random() < 0.2:
            lines.append(f"exten => h,1,{_step(pick, phones, CONTEXTS.index(name))}")
    lines += ["[sub]", "exten => s,1,GotoIf($[\"${ARG1}\" = \"1\"]?yes)", " same => n,Return(no)",
              " same => n(yes),Return(yes)"]  # fmt: skip
    endpoints = "".join(
        f"[p{n}]\ntype=endpoint\ncontext=in\naors=p{n}\n[p{n}]\ntype=aor\nmax_contacts=1\n"
        for n in range(1, next(phones))
    )
    trunk = (
        "[t]\ntype=endpoint\ncontext=in\naors=t\noutbound_auth=t\n"
        "[t]\ntype=aor\ncontact=sip:t.example\n"
        "[t]\ntype=auth\nauth_type=userpass\nusername=u\npassword=p\n"
        "[t]\ntype=registration\nserver_uri=sip:t.example\nclient_uri=sip:u@t.example\n"
        "outbound_auth=t\nendpoint=t\nline=yes\n"
    )
    return {
        "extensions.conf": "\n".join(["[globals]", "PRE=9", *lines, ""]),
        "pjsip.conf": f"{trunk}{endpoints}",
    }


def _extension(pick: random.Random, phones: count[int], level: int) -> list[str]:
    size = pick.randint(1, 4)
    parts = [pick.choice(_ELEMENTS) for _ in range(size)]
    if pick.random() < 0.3:
        name = "".join(pick.choice(ALPHABET) for _ in range(size))
    else:
        name = "_" + "".join(parts) + pick.choice(["", "", "", "!", "."])
    steps = [_step(pick, phones, level) for _ in range(pick.randint(1, 4))]
    first = f"exten => {name},{pick.choice([1, 1, 1, 1, 2])},{steps[0]}"
    labels = ["", "", "(a)"]
    return [
        first,
        *(
            f" same => n{pick.choice(labels) if n == 0 else ''},{s}"
            for n, s in enumerate(steps[1:])
        ),
    ]


def _place(pick: random.Random, level: int) -> str:
    """Return a place to go to, mostly one of a later context: circles are rare in real ones."""
    exten = pick.choice(
        ["${EXTEN}", "${EXTEN:1}", "${EXTEN:-2}", "${EXTEN:0:2}", "1${EXTEN}", "+1${EXTEN:1}", "12",
         "${PRE}${EXTEN}", "${V}", "${EXTEN:1:2}"]
    )  # fmt: skip
    later = CONTEXTS[level + 1 :] if pick.random() < 2 else CONTEXTS
    return f"{pick.choice(later or ('none',))},{exten},1"


def _condition(pick: random.Random) -> str:
    return pick.choice([
        '$["${EXTEN:0:1}" = "1"]', '$["${EXTEN:1}" != "12"]', "$[${LEN(${EXTEN})} = 2]",
        '$["${V}" = "1"]', "${ISNULL(${EXTEN:2})}", "${EXTEN:1}", '$["${GOSUB_RETVAL}" = "yes"]',
        "$[${LEN(${EXTEN})} > 2]", '$["${EXTEN}" = "1" | "${EXTEN:0:1}" = "+"]',
        '$["${DIALSTATUS}" = "BUSY"]', "${FILTER(0-9,${EXTEN})}",
        "${DIALPLAN_EXISTS(out,12,1)}",
    ])  # fmt: skip


def _step(pick: random.Random, phones: count[int], level: int) -> str:
    kind = pick.randrange(12)
    if kind == 0:
        return f"Goto({_place(pick, level)})"
    if kind == 1:
        return f"GotoIf({_condition(pick)}?{_place(pick, level)})"
    if kind == 2:
        return f"GotoIf({_condition(pick)}?{_place(pick, level)}:{_place(pick, level)})"
    if kind == 3:
        return f"Set(V={pick.choice(['1', '${EXTEN}', '${EXTEN:1}', '${V}1', '${EXTEN:0:1}'])})"
    if kind == 4:
        return "Gosub(sub,s,1(${EXTEN:0:1}))"
    if kind == 5:
        return f"ExecIf({_condition(pick)}?Goto({_place(pick, level)}))"
    if kind == 6:
        return f"Dial(PJSIP/p{next(phones)},9)"
    if kind in (7, 8):
        return pick.choice(["Dial(PJSIP/${EXTEN}@t)", "Dial(PJSIP/1${EXTEN:1}@t,5)"])
    if kind == 9:
        context, exten, _ = _place(pick, level).split(",")
        return f"Dial(Local/{exten}@{context}/n)" if pick.random() < 0.4 else "NoOp(x)"
    if kind == 10:
        return pick.choice(["Hangup()", "NoOp(${EXTEN})", "Wait(1)", "Answer()"])
    return pick.choice(["Goto(+2)", "Goto(none,s,1)", "Return()", "Playback(x)"])
