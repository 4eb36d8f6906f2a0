"""Made-up texts become in a real Asterisk what they become here."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from asterconf.language import callerid
from asterconf.semantics import AsteriskState, Channel, Scope, evaluate

from .ami import Ami
from .rig import Asterisk

VARIABLES = {
    "A": "abc-def-g", "B": "", "N": "42", "F": "2.50", "L": "x,y,z", "Q": '"a b"', "U": "hé",
    "D": "$", "AB": "+15551234567",
}  # fmt: skip
DIALPLAN = "[c]\nexten => s,1,Answer()\n same => n,Wait(600)\n"
EXAMPLES = {"dev": 150, "ci": 1_000, "long": 10_000}[settings.get_current_profile_name()]


class Eye:
    """Evaluates texts on a channel of the real Asterisk."""

    def __init__(self, ami: Ami) -> None:
        ami.action("Originate", Channel="Local/s@c/n", Application="Wait", Data="600")
        self.channel = ami.action("CoreShowChannels")[1]["Channel"]
        self.ami = ami
        for name, value in VARIABLES.items():
            ami.action("Setvar", Channel=self.channel, Variable=name, Value=value)

    def __call__(self, text: str) -> str:
        asked = self.ami.action("Getvar", Channel=self.channel, Variable=f"EVAL({text})")
        return asked[0].get("Value")


@pytest.fixture(scope="module")
def eye(asterisk_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Eye]:
    etc = tmp_path_factory.mktemp("etc")
    (etc / "modules.conf").write_text("[modules]\nautoload=yes\n")
    (etc / "extensions.conf").write_text(DIALPLAN)
    with started(asterisk_root, etc, tmp_path_factory.mktemp("run")) as asterisk:
        yield Eye(asterisk.ami)


@contextmanager
def started(root: Path, etc: Path, run: Path) -> Iterator[Asterisk]:
    with Asterisk(root, etc, run / "a") as asterisk:
        yield asterisk


def here(text: str) -> tuple[str, bool]:
    found = evaluate(text, Scope(AsteriskState(), Channel(dict(VARIABLES))))
    return found.text, found.is_known


def joined(words: list[str], size: int = 12) -> st.SearchStrategy[str]:
    return st.lists(st.sampled_from(words), min_size=1, max_size=size).map("".join)


templates = joined([
    "${", "$[", "}", "]", "{", "[", "(", ")", ":", "$", ",", " ", "\\", "A", "B", "N", "U", "1",
    "-2", "${A", "${A}", "${A:1", "${LEN(", "${CUT(A,-,", "${U:1:1}", "$[N", "x", "${D}{A}", "=",
])  # fmt: skip
expressions = joined([
    "1", "2.5", "007", "abc", '"x"', '"a b"', '"', "+", "-", "*", "/", "%", "!", "=", "!=", "<",
    ">=", "|", "&&", ":", "::", "?", "=~", "~~", "(", ")", ",", " ", "${N}", "${B}", "${F}", "${Q}",
    "$x", "~", ".", "FLOOR(", "ABS(", "LEN(", "x1", "0", "1e3", "#", "{",
]).map("$[{}]".format)  # fmt: skip
digits = st.from_regex(r"[0-9]{1,12}(\.[0-9]{1,9})?", fullmatch=True)
arithmetic = st.recursive(
    digits,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/%"), inner).map("".join),
        st.tuples(inner, st.sampled_from(["<", ">=", "=", "!="]), inner).map("".join),
        inner.map("({})".format),
        inner.map("-{}".format),
        st.builds(
            "{}({})".format, st.sampled_from(["FLOOR", "CEIL", "ROUND", "RINT", "TRUNC"]), inner
        ),
    ),
    max_leaves=6,
).map("$[{}]".format)
mathematics = st.builds(
    "$[{}({})]".format,
    st.sampled_from(["COS", "SIN", "TAN", "ATAN", "EXP", "LOG", "LOG2", "LOG10", "EXP2", "EXP10"]),
    digits,
)
patterns = st.builds(
    '$["{}" {} "{}"]'.format,
    joined(["a", "b", "ab", "c", "1", "."], 5),
    st.sampled_from([":", "=~"]),
    joined(["a", "b", ".", "(a|ab)", "(b*)", "[ab]", "*", "+", "?", "{2}", "^", "(", ")", "|"], 6),
)
fields = st.builds(
    "${{CUT({},{},{})}}".format,
    st.sampled_from(["A", "L", "B", "A:2"]),
    st.sampled_from(["-", "\\,", "", "--", "x"]),
    joined(["1", "2", "-", "&", "0", "9", " "], 4),
)
NAMES = [
    "LEN", "TOUPPER", "TOLOWER", "FIELDQTY", "FIELDNUM", "LISTFILTER", "FILTER", "REPLACE",
    "STRREPLACE", "STRBETWEEN", "REGEX", "QUOTE", "CSV_QUOTE", "KEYPADHASH", "PASSTHRU", "TRIM",
    "SORT", "MATH", "MIN", "MAX", "ABS", "DIGIT_SUM", "IF", "ISNULL", "URIENCODE", "URIDECODE",
    "BASE64_ENCODE", "MD5", "SHA1", "BASENAME", "DIRNAME", "IFTIME",
]  # fmt: skip
functions = st.builds(
    "${{{}({})}}".format,
    st.sampled_from(NAMES),
    joined([
        "A", "L", "-", ",", "\\,", '"', "a", "1", "2", "+", "*", "?", ":", " ", "(", ")", "[", "]",
        "b-z", "é", "/", "%", "AND", ">", "3.5", "\\", "f", "i", "x", "${N}", "*,*,*,*",
    ], 8),
)  # fmt: skip
conversions = st.builds(
    "${{SPRINTF({},{},{})}}".format,
    joined(["%d", "%5d", "%-4x", "%05.1f", "%s", "%e", "%g", "%c", "%+d", "%#o", "%%", "a"], 3),
    st.sampled_from(["65", "-3", "2.5", "abc", "0"]),
    st.sampled_from(["7", "1e10", "x", "-0.5"]),
)
moments = st.builds(
    "${{STRFTIME({},{},{})}}".format,
    st.integers(-(10**9), 4 * 10**9),
    st.sampled_from(["", "UTC", "America/New_York", "Asia/Kolkata", "Nowhere"]),
    joined([*(f"%{c}" for c in "aAbBcCdDeFgGhHIjklmMnprRsStTuUVwWxXyYz%3"), "-"], 4),
)


def close(ours: str, theirs: str) -> bool:
    """Return whether two numbers are the same, but perhaps for the last of 18 digits."""
    if ours == theirs:
        return True
    a, b = Fraction(ours), Fraction(theirs)
    return abs(a - b) <= abs(a) / 10**17


@pytest.mark.parametrize(
    ("texts", "known"),
    [
        (templates, 0.9), (expressions, 0.8), (arithmetic, 1), (mathematics, 0.95),
        (patterns, 0.9), (fields, 1), (functions, 0.9), (conversions, 0.95), (moments, 0.95),
    ],
    ids=[
        "templates", "expressions", "arithmetic", "mathematics", "patterns", "fields", "functions",
        "conversions", "moments",
    ],
)  # fmt: skip
def test_made_up_texts_become_the_same(
    eye: Eye, texts: st.SearchStrategy[str], known: float
) -> None:
    answered = []

    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(texts)
    def check(text: str) -> None:
        value, is_known = here(text)
        answered.append(is_known)
        if is_known and not set("\r\n") & set(value):
            assert close(value, eye(text)) if texts is mathematics else value == eye(text)

    check()
    assert sum(answered) >= known * len(answered)


caller_ids = joined(
    ["Bob", "é", '"', "\\", "<", ">", " ", "5", "+1", "(555)", "-", ".", "[", "]", "a", "*"], 9
).map(str.strip)


def test_made_up_caller_ids_are_split_the_same(eye: Eye) -> None:
    @settings(max_examples=EXAMPLES, deadline=None, database=None)
    @given(caller_ids)
    @example("<]-")
    @example("<[[a]-b]-")
    @example("<[a]]-")
    @example("<[a]-")
    def check(text: str) -> None:
        eye.ami.action("Setvar", Channel=eye.channel, Variable="C", Value=text)
        found = callerid.parse(text)
        assert eye("<${CALLERID(name,${C})}>") == f"<{found.name}>"
        assert eye("<${CALLERID(num,${C})}>") == f"<{found.dialled}>"

    check()
