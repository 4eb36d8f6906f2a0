"""Text of configuration files: from the grammar, from colliding pieces, from bytes."""

from functools import cache

from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark

from asterconf import _grammars

PIECES = [
    "[a]", "[b]", "[a](!)", "[b](a)", "[a](+)", "[", "]", "(", ")", ",", "!", "+", "x", "y",
    "=", "=>", "+=", ">", ";", ";--", "--;", "--", "-", "\\;", "\\", "\\[",
    "#include ",
    "#tryinclude x", "#exec y", "#", " ", "\t", "\r", "\x0b", "\x00", "\n", "\n", "\n",
    "\ufeff", "é", "\udcff",
    "\x85", "\u2028", "\u00a0", "x=1\n", "x => 2\n", "\nx=1 ;-- c\n", "\n--; y=2\n",
    "exten => 1,1,NoOp()\n",
]  # fmt: skip

pieces = st.lists(st.sampled_from(PIECES), max_size=30).map("".join)
"""Files of marks that matter: they collide all the time."""

raw = st.binary(max_size=300)

long_lines = st.tuples(
    pieces, st.sampled_from(["a", "é", "; ", "x=é", "\x00", "[b]"]), st.integers(8100, 8300), pieces
).map(lambda t: t[0] + "\n" + (t[1] * t[2])[: t[2]] + "\n" + t[3])
"""Files with a line around the length limit, in bytes or in characters."""


@cache
def from_grammar() -> st.SearchStrategy[str]:
    """Return files generated from `grammars/conf.lark`, declared terminals included."""
    return from_lark(
        _grammars.parser("conf", "file", "lines"),
        start="file",
        explicit={
            "VISIBLE": st.sampled_from(["x=1", "[a]", "y", " ", "="]),
            "HIDDEN": st.sampled_from([";-- hidden --;", ";--;", "--;", ";-- ;-- --; --;"]),
            "TOO_LONG": st.integers(8190, 8195).map("z".__mul__),
        },
    )


def files() -> st.SearchStrategy[str]:
    """Return all of these kinds of file as text."""
    decoded = raw.map(lambda b: b.decode("utf-8", "surrogateescape"))
    return st.one_of(pieces, from_grammar(), decoded, long_lines)
