"""Texts of the small languages inside values: from the grammars, and from colliding pieces."""

from functools import cache

from hypothesis import strategies as st
from hypothesis.extra.lark import from_lark

from asterconf import _grammars

_PIECES = {
    "variable": [
        "${", "$[", "}", "]", "{", "[", "(", ")", ":", "$", ",", '"', " ", "\\", "A", "B", "LEN",
        "CUT(", "SET(A=", "EVAL(", "IF(", "MATH(", "${A}", "${A:1:-1}", "${LEN(A)}", "$[1+", "-",
        "2", "=", "?", "::", "&", "é", "\udcff", "\n", "\t", "\x00",
    ],
    "expression": [
        "1", "2.5", "abc", '"x"', '"', "+", "-", "*", "/", "%", "!", "=", "==", "!=", "<", ">=",
        "|", "||", "&", ":", "::", "?", "=~", "~~", "~", "(", ")", ",", "FLOOR(", "LEN(", " ",
        "$", "$x", "[", "]", "{", "${A}", "${A", ".", "0", "007", "é", "\udcff", "\n", "`", "\x01",
    ],
    "timespec": [
        "*", "09:00", "9:5", "17:00", "24:00", "9-17", "-", "&", ",", "|", "mon", "FRI", "monday",
        "1", "31", "32", "0", "jan", "dec", "sun", " ", "+", "x", "UTC", "\n", "é",
    ],
    "callerid": [
        "Bob", "é", '"', "\\", "<", ">", " ", "\t", "5", "+1", "(555)", "-", ".", "[", "]", "a",
        "\n", "\udcff",
    ],
    "dialstring": [
        "PJSIP", "pjsip", "Local", "DAHDI", "/", "@", "&", " ", "\t", "6001", "ctx", "n", "${A}",
        "${A&B/C@D}", "$[1]", "${", "sip:5@h", "'", "\\", "é",
    ],
    "sip_uri": [
        "sip:", "SIPS:", "u", "alice", "@", ":", "5060", "70000", "h", "example.com", "[::1]", "[",
        "]", ";", "lr", "transport=", "tcp", "ttl=", "255", "256", "=", "?", "&", "x", '"a b"', '"',
        "\\", "<", ">", " ", "%41", "%", "#", ",", "/", "_", "'", "|", "é",
    ],
}  # fmt: skip
_EXPLICIT = {
    "expression": {
        "WORD": st.from_regex(r"[a-cN.;\\_#@é]{1,3}|\$[a(]", fullmatch=True),
        "NUMBER": st.from_regex(r"[0-9]{1,3}(\.[0-9]{1,2})?", fullmatch=True),
        "STRING": st.from_regex(r'"[a-c\[+ ]{0,3}"', fullmatch=True),
        "GAP": st.sampled_from([" ", "  ", "\t", "[", "]", "{", "`", "~ "]),
    },
    "variable": {
        "CLOSE_VARIABLE": st.just("}"), "CLOSE_EXPRESSION": st.just("]"), "UNCLOSED": st.just(""),
    },
    "callerid": {"OUTER": st.just('"'), "OUTER_END": st.just('"')},
    "timespec": {"UNREADABLE": st.sampled_from(["9-17", "monday", "0", "*x", "24:00"])},
}  # fmt: skip
STARTS = {
    "variable": "template",
    "expression": "expression",
    "timespec": "timespec",
    "callerid": "callerid",
    "dialstring": "dialstring",
    "sip_uri": "uri",
}
"""The grammars, and the rule for a whole text."""


def pieces(name: str) -> st.SearchStrategy[str]:
    """Return texts of marks that matter: they collide all the time."""
    return st.lists(st.sampled_from(_PIECES[name]), max_size=25).map("".join)


@cache
def from_grammar(name: str) -> st.SearchStrategy[str]:
    """Return texts generated from `grammars/NAME.lark`, declared terminals included."""
    starts = {"expression": ("expression", "unreadable")}.get(name, (STARTS[name],))
    return from_lark(
        _grammars.parser(name, *starts), start=STARTS[name], explicit=_EXPLICIT.get(name)
    )


def texts(name: str) -> st.SearchStrategy[str]:
    """Return texts of all kinds for one grammar."""
    return st.one_of(pieces(name), from_grammar(name), st.text(max_size=30))


values = st.one_of(
    st.sampled_from(
        ["", "0", "1", "-5", "abc", "a,b,c", "a-b", '"q"', "${A}", "é", "\udcff", "1+2"]
    ),
    pieces("variable"),
    st.text(max_size=12),
)
"""What a variable may hold."""
