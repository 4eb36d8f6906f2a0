"""Dialplans that collide: few names, few contexts, odd patterns, odd spacing."""

from __future__ import annotations

from hypothesis import strategies as st

from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
    Include,
    Switch,
)

__all__ = ["contexts", "files", "lines", "names", "numbers", "plans", "values"]

ELEMENTS = [
    *"11223XXNZ.!-*#axznh", "[12]", "[1-3]", "[13]", "[2-9]", "[0-9]", "[a-z]", "[]", "[3-1]",
    "[", "]", "[-1]", "[X.]", "é", "[é1]", "\\", "+",
]  # fmt: skip

patterns = st.lists(st.sampled_from(ELEMENTS), max_size=5).map(lambda parts: "_" + "".join(parts))
plain = st.text("1123-*hsé", min_size=1, max_size=4)
names = st.one_of(patterns, patterns, plain)
"""Names as they are stored; some are equal to Asterisk and look different."""

numbers = st.one_of(st.text("11233459*#a-é", max_size=5), patterns, plain)
"""What may be dialled."""

callers = st.sampled_from([None, "", "1", "12", "555"])
conditions = st.one_of(
    st.just(None), st.just(None), st.sampled_from(["", "1", "12", "_1X", "_X!", "_."])
)
labels = st.sampled_from([None, None, None, "a", "b"])


@st.composite
def extensions(draw: st.DrawFn) -> DialplanExtension:
    """Return an extension with some priorities, not always the first."""
    priorities = draw(st.lists(st.integers(1, 4), unique=True, max_size=3).map(sorted))
    steps = [
        DialplanStep(priority, "NoOp", str(draw(st.integers(0, 99))), draw(labels))
        for priority in priorities
    ]
    return DialplanExtension(draw(names), draw(conditions), steps)


CONTEXTS = ("c", "C", "d", "e")
includes = st.sampled_from([*CONTEXTS, "nowhere"]).map(Include)
switches = st.sampled_from(
    [
        Switch("lswitch", "Loopback", "1${EXTEN}@far"),
        Switch("lswitch", "loopback", "@far/_1X"),
        Switch("switch", "Loopback", "2@nowhere"),
        Switch("switch", "Realtime", "x"),
    ]
)
"""Loopback switches lead where no other one is: a circle of them crashes Asterisk."""


def contexts(name: str, size: int = 12) -> st.SearchStrategy[DialplanContext]:
    """Return a context; its extensions are in no order."""
    inside = st.lists(extensions(), max_size=size)
    if name == "far":
        return st.builds(DialplanContext, st.just(name), inside)
    further = st.lists(includes, max_size=3, unique=True)
    asked = st.lists(switches, max_size=2)
    return st.builds(DialplanContext, st.just(name), inside, further, switches=asked)


plans = st.lists(st.sampled_from(CONTEXTS), min_size=1, unique=True).flatmap(
    lambda chosen: st.builds(Dialplan, st.tuples(*map(contexts, (*chosen, "far"))))
)

# ---- text ----------------------------------------------------------------------------------------

PIECES = [
    *"1nh,,,()[]/\\+-_X.! \t", "100", "hint", "${A}", "$[1+1]", "NoOp", "Dial(", "(a)", "|", "same",
    "&", "SIP/1", '"', "next", "n(a)", "${EXTEN:1}", "é", "=", ">",
]  # fmt: skip
values = st.lists(st.sampled_from(PIECES), max_size=14).map(
    lambda parts: "".join(parts).strip("".join(map(chr, range(1, 33))))
)
"""Values of lines, stripped as the reader strips them."""

priorities = st.sampled_from(
    ["1", "1", "2", "3", "n", "n", "n", "hint", "s", "n+2", "n(a)", "n(b)", "2(a)", "a", "a+1", "0",
     "01", "1x", " n ", "n (a)", "next", "hint+2", "7"],
)  # fmt: skip
calls = st.sampled_from(
    ["NoOp(1)", "NoOp(1)", "NoOp(2)", "Hangup()", "Hangup", "Set(a=b\\;c)", "NoOp(a", "NoOp(a) b",
     "Dial(SIP/1&SIP/2,,U(x^y)", "NoOp,a", "SIP/1", "SIP/${EXTEN}", "NoOp (a)", "", "n(a)(b)",
     "${A}(x)", "Set(CALLERID(all)=x"],
)  # fmt: skip
arrows = st.sampled_from(["=>", "=", " => ", " = ", "\t=>", "=>\t"])
tails = st.sampled_from(["", "", "", " ", " ; why", ";x", "\t"])
filled = st.sampled_from(["", "\n", "; a comment\n", " \n", ";--\nhidden\n--;\n"])


@st.composite
def lines(draw: st.DrawFn) -> str:
    """Return a line of a context, with what stands around it."""
    kind = draw(st.sampled_from(["exten"] * 4 + ["same"] * 4 + ["other"]))
    if kind == "exten":
        name = draw(st.one_of(names, st.sampled_from(["100", "_1XX", "_1XX/55", "100/", "1 00"])))
        key, value = draw(st.sampled_from(["exten", "exten", "EXTEN"])), f"{name},"
    elif kind == "same":
        key, value = draw(st.sampled_from(["same", "same", "Same", "same1"])), ""
    else:
        other = [
            ("include", "d"), ("include", "D"), ("include", "x,9:00-17:00"), ("ignorepat", "9"),
            ("switch", "A/b"), ("lswitch", "a/B"), ("autohints", "yes"), ("what", "1"),
            ("exten", "[x"), ("exten", "1"),
        ]  # fmt: skip
        key, value = draw(st.sampled_from(other))
    if kind != "other":
        value += f"{draw(priorities)},{draw(st.sampled_from(['', '', ' ']))}{draw(calls)}"
    before = draw(st.sampled_from(["", "", " ", "\t"]))
    return f"{draw(filled)}{before}{key}{draw(arrows)}{value}{draw(tails)}\n"


headers = st.sampled_from(["[c]\n", "[c]\n", "[d]\n", "[C]\n", "[t](!)\n", "[c](t)\n", "[d](+)\n"])
files = st.lists(
    st.tuples(headers, st.lists(lines(), max_size=12).map("".join)).map("".join), max_size=4
).map(lambda parts: "[t](!)\n[d]\n[globals]\nA=1\n" + "".join(parts))
"""Whole files with globals, templates and contexts that stand more than once."""
