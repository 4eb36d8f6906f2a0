"""Laws of the evaluator: it takes any text, guesses nothing, and computes as its parts say."""

from __future__ import annotations

import ctypes
import math
import platform
import re
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from asterconf.language import args, template
from asterconf.language.posix import Regex, RegexError, TooCostlyError, compile_regex
from asterconf.semantics import (
    FUNCTIONS,
    AsteriskState,
    Channel,
    Scope,
    Unknown,
    assign,
    assign_many,
    evaluate,
    substitute,
)
from asterconf.semantics import extended as x87
from asterconf.semantics.texts import bytes_of, joined
from tests.strategies.language import texts, values

names = st.sampled_from(["A", "B", "EXTEN", "my var", "_X", "é"])
known = st.dictionaries(names, values, max_size=4)
calls = st.builds(
    lambda name, arguments: f"${{{name}({arguments})}}", st.sampled_from(sorted(FUNCTIONS)), values
)
"""Any function of Asterisk with any arguments."""
everything = st.one_of(texts("variable"), texts("expression").map("$[{}]".format), calls)


@given(everything, known)
@example("$[" + "(" * 3000 + "1", {})
@example("$[" + "-" * 4000 + "1]", {})
@example("${" * 2000 + "A", {"A": "1"})
@example('${SPRINTF()}${RAND()}${STRFTIME(1e300)}${CUT(A,,-)}${REGEX("(a*)*\\\\1" a)}', {})
@example('$["' + "a" * 4000 + '" =~ "(a|aa)+(b*)*$"]', {})
def test_any_text_is_evaluated(text: str, variables: dict[str, str]) -> None:
    for channel in (None, Channel(dict(variables), {"EXTEN": "100", "CALLERID(num)": "5"})):
        before = dict(variables)
        found = evaluate(text, Scope(AsteriskState(dict(variables)), channel))
        assert found.text == joined(map(str, found.pieces))[: len(found.text)]
        assert len(bytes_of(found.text)) <= 8191 or not found.is_known
        for fault in found.faults:
            assert fault.at().message
        assert variables == before
    assert isinstance(substitute(text, variables), str)
    assert variables == before


@given(texts("variable"))
def test_a_text_without_marks_stays(text: str) -> None:
    assume("${" not in text and "$[" not in text)
    assume(len(bytes_of(text)) < 8000)
    assert substitute(text, {"A": "x"}) == joined([text])


@given(texts("variable"), known)
def test_evaluating_twice_gives_the_same(text: str, variables: dict[str, str]) -> None:
    first = evaluate(text, Scope(AsteriskState(dict(variables))))
    assert evaluate(text, Scope(AsteriskState(dict(variables)))) == first


@given(texts("variable"))
def test_what_is_inserted_is_not_scanned_again(value: str) -> None:
    assume(len(bytes_of(value)) < 4000)
    assert substitute("<${A}>", {"A": value}) == joined(["<", value, ">"])


@given(texts("variable"), known, st.sampled_from(["DB(a/b)", "UUID()", "EPOCH", "CHANNEL"]))
def test_what_is_unknown_stays_as_written_and_is_said(
    text: str, variables: dict[str, str], unknown: str
) -> None:
    assume(unknown not in variables)
    written = f"{text}${{{unknown}}}"
    template_ = template.parse(written)
    assume(template_.parts[-1].text == f"${{{unknown}}}")
    scope = Scope(AsteriskState({**variables, unknown: "guessed"}), Channel())
    found = evaluate(written, scope)
    assert found.unknown[-1].text == f"${{{unknown}}}"
    assert found.unknown[-1].why
    assert found.text.endswith(f"${{{unknown}}}")
    assert "${" in found.text or "$[" in found.text
    for part in found.unknown:
        assert part.span is not None
        assert written[part.span.start : part.span.end] == part.text


@given(st.sampled_from(["${%s}", "${LEN(${%s})}", "$[${%s} + 1]", "${%s:1}", "${CUT(%s,-,1)}"]))
def test_the_unknown_spreads_through_variables(form: str) -> None:
    scope = Scope(AsteriskState(), Channel())
    assign(scope, evaluate("X=a${DB(a/b)}", scope))
    found = evaluate(f"<{form % 'X'}>", scope)
    assert [part.text for part in found.unknown] == [form % "X"]
    assert "database" in found.unknown[0].why
    assign(scope, evaluate("Y=1", scope))
    assert evaluate("${Y}", scope).text == "1"
    assign_many(scope, evaluate("Y=2,${DB(a/b)}=3", scope))
    assert not evaluate("${Y}", scope).is_known


@given(st.text(max_size=12), st.integers(-15, 15), st.none() | st.integers(-15, 15))
@example("é", 1, None)
def test_a_slice_is_one_of_bytes(value: str, offset: int, length: int | None) -> None:
    data = value.encode()
    start = offset if offset >= 0 else max(len(data) + offset, 0)
    rest = data[start:]
    if length is not None and length >= 0:
        rest = rest[:length]
    elif length is not None:
        rest = rest[: max(len(rest) + length, 0)]
    written = f"${{A:{offset}}}" if length is None else f"${{A:{offset}:{length}}}"
    assert bytes_of(substitute(written, {"A": value})) == rest


# ---- arguments ----------------------------------------------------------------------------------

plain = st.text(alphabet='ab,"\\()[] ', max_size=6)


@given(st.lists(plain, min_size=1, max_size=4))
def test_quoted_and_escaped_arguments_come_back(arguments: list[str]) -> None:
    escaped = ["".join(f"\\{c}" if c in ',"\\()[]' else c for c in one) for one in arguments]
    text = ",".join(escaped)
    expected = arguments if text else []
    assert list(args.split(text, limit=1000)) == expected


@given(plain, st.integers(1, 4))
def test_a_raw_split_joins_to_the_text(text: str, count: int) -> None:
    assert ",".join(args.split(text, flavour="raw", limit=count)) == text


# ---- numbers ------------------------------------------------------------------------------------

numbers = st.one_of(
    st.integers(-(10**20), 10**20),
    st.fractions(max_denominator=10**6),
    st.builds(
        lambda m, e: Fraction(m) * Fraction(2) ** e, st.integers(-99, 99), st.integers(-99, 99)
    ),
).map(x87.rounded)


@given(st.fractions(), st.integers(-20000, 17000))
def test_rounding_is_to_the_nearest_of_64_bits(value: Fraction, exponent: int) -> None:
    exact = value * Fraction(2) ** exponent
    found = x87.rounded(exact)
    if not isinstance(found, int | Fraction):
        assert exact == 0 or abs(exact) >= 2**16383 or abs(exact) < Fraction(2) ** -16445
        return
    assert x87.rounded(found) == found
    step = Fraction(2) ** max(math.frexp(1)[1] + _exponent(exact) - 64, -16445) if exact else 0
    assert abs(found - exact) * 2 <= step


def _exponent(value: Fraction) -> int:
    """Return e with 2**e <= |value| < 2**(e + 1)."""
    size = abs(value)
    e = size.numerator.bit_length() - size.denominator.bit_length()
    return e if Fraction(2) ** e <= size else e - 1


@given(numbers, numbers)
def test_operations_are_rounded_once(x: x87.Number, y: x87.Number) -> None:
    a, b = x87.exact(x), x87.exact(y)
    assert x87.add(x, y) == x87.rounded(a + b)
    assert x87.multiply(x, y) == x87.rounded(a * b)
    if b:
        assert x87.divide(x, y) == x87.rounded(Fraction(a) / b)
        rest = x87.modulo(x, y)
        assert x87.size(rest) < x87.size(y)
        assert rest == 0 or (rest < 0) == (x < 0)


@given(numbers)
def test_numbers_are_shown_with_18_digits(x: x87.Number) -> None:
    value = x87.exact(x)
    with localcontext(prec=18):
        expected = Decimal(value.numerator) / Decimal(value.denominator)
    assert Fraction(x87.shown(x)) == Fraction(expected)
    digits = x87.shown(x).partition("e")[0].replace(".", "").lstrip("-0")
    assert len(digits) <= 18


# ---- regular expressions ------------------------------------------------------------------------

atoms = st.sampled_from(["a", "b", ".", "[ab]", "[^a]", "[[:alpha:]]"])
patterns = st.recursive(
    atoms,
    lambda inner: st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda p: f"({p[0]}|{p[1]})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{0,2}", "{1,}"])).map(
            lambda p: f"({p[0]}){p[1]}"
        ),
    ),
    max_leaves=6,
)


@given(patterns, st.text(alphabet="abc", max_size=7))
def test_a_match_is_the_leftmost_longest(pattern: str, text: str) -> None:
    python = re.compile(pattern.replace("[[:alpha:]]", "[a-zA-Z]"))
    spans = [
        (start, end)
        for start in range(len(text) + 1)
        for end in range(len(text), start - 1, -1)
        if python.fullmatch(text, start, end)
    ]
    compiled = compile_regex(pattern.encode())
    assume(not compiled.unclear)
    found = compiled.search(text.encode())
    assert (found and (found.start, found.end)) == (spans[0] if spans else None)
    assert compiled.found(text.encode()) == bool(spans)
    if found is not None and found.group is not None:
        assert found.group.decode() in text[found.start : found.end]


def of_the_library(pattern: bytes, text: bytes) -> bool | None:
    """Return whether the C library finds a pattern in a text; None: it does not compile it."""
    library, compiled = ctypes.CDLL(None), ctypes.create_string_buffer(256)
    if library.regcomp(compiled, pattern, 1):  # REG_EXTENDED
        return None
    try:
        return bool(library.regexec(compiled, text, 0, None, 0) == 0)
    finally:
        library.regfree(compiled)


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="the C library is not Asterisk's")
@given(
    st.text(alphabet="ab1(){}[]|*+?^$.\\,-:w<", max_size=8), st.text(alphabet="ab1-:.", max_size=6)
)
@example(".).", "b")
@example("a{1{b-", "a11:.")
@example(")", "")
def test_a_pattern_compiles_and_matches_as_in_the_c_library(pattern: str, text: str) -> None:
    try:
        found: bool | None = compile_regex(pattern.encode()).found(text.encode())
    except RegexError:
        found = None
    except TooCostlyError:
        return
    assert found == of_the_library(pattern.encode(), text.encode())


@given(st.text(alphabet="ab*+?{}()[]|^$.\\1,-:", max_size=12))
def test_any_pattern_compiles_or_says_why_not(text: str) -> None:
    try:
        found = compile_regex(text.encode())
    except (RegexError, TooCostlyError):
        return
    assert isinstance(found, Regex)
    if not found.unclear:
        assert found.found(b"aab1{}") == (found.search(b"aab1{}") is not None)


def test_unknown_is_a_value_that_shows_how_it_is_written() -> None:
    assert str(Unknown("${X}", "why")) == "${X}"
