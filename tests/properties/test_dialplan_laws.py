"""Laws of the dialplan: two ways to read a line, a section, a pattern, or a context agree."""

from __future__ import annotations

import re
from unittest.mock import patch

import attrs
from hypothesis import example, given
from hypothesis import strategies as st
from lark import ParseTree, Token, Tree

from asterconf.dialplan import LoadedDialplan, load_dialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import DialplanContext, DialplanExtension
from asterconf.language import exten, pattern
from asterconf.language.pattern import Pattern, condition_matches, matches, name_key
from asterconf.resolve import Files, resolve
from asterconf.source import encode, fold
from asterconf.syntax import parse
from tests.strategies import dialplan as made


def tokens(tree: ParseTree) -> list[Token]:
    return list(tree.scan_values(lambda value: isinstance(value, Token)))


def joined(tree: ParseTree) -> str:
    return "".join(tokens(tree))


# ---- lines ---------------------------------------------------------------------------------------

KEYS = ["exten", "same", "include", "switch", "ignorepat", "autohints", "lswitch", "Same1", "what"]


@given(st.sampled_from(KEYS), made.values)
@example("exten", "_1[/2]X,1,A")
@example("exten", "1,n( a )+2 ,A(b)c")
def test_every_value_of_a_line_has_a_tree_and_no_character_is_lost(key: str, value: str) -> None:
    assert joined(exten.tree(key, value)) == value


def named(tree: ParseTree, rule: str) -> dict[str, str]:
    """Return the text of the tokens of a rule, by their type."""
    found: dict[str, str] = {}
    for part in tree.find_data(rule):
        for token in part.children:
            if isinstance(token, Token):
                found[token.type] = found.get(token.type, "") + token
    return found


@given(st.sampled_from(["exten", "same"]), made.values)
@example("exten", "1,n (a)+2,A (b) c")
@example("exten", "1,n+ 2 (a,A")
@example("same", "n+ (a),${A}(x)")
def test_the_tree_of_a_step_and_the_fast_reading_agree(key: str, value: str) -> None:
    tree = exten.tree(key, value)
    line = exten.read(key, value)
    assert line is not None
    if key == "exten":
        (name,) = tree.find_data("name")
        assert joined(name) == line.name
    field = named(tree, "priority")
    priority = line.priority
    assert field.get("WORD", "") == priority.word
    assert (field.get("AMOUNT", "") if "PLUS" in field else None) == priority.plus
    assert (field.get("LABEL") or field.get("OPEN_LABEL")) == priority.label
    assert ("LPAR" in field and "RPAR" not in field) is not priority.closed
    call, parts = named(tree, "application"), line.application
    assert (call.get("APP") or call.get("VARIABLE_APP") or "") == parts.name
    assert call.get("ARGUMENTS", "") + call.get("OPEN_ARGUMENTS", "") == parts.data
    assert call.get("LOST", "") == parts.lost
    assert ("LPAR" in call and "RPAR" not in call) is not parts.closed


@given(made.values)
def test_the_trees_of_include_and_switch_and_the_fast_reading_agree(value: str) -> None:
    include = named(exten.tree("include", value), "include")
    fields = tuple(include.get(name, "") for name in ("CONTEXT", "SEPARATOR", "TIMING"))
    assert fields == exten.split_include(value)
    switch = named(exten.tree("switch", value), "switch")
    assert (switch.get("SWITCH", ""), switch.get("DATA", "")) == exten.split_switch(value)


@given(made.lines(), st.data())
def test_tokens_know_where_they_stand_in_the_file(line: str, data: st.DataObject) -> None:
    rows = line.splitlines(keepends=True)
    for option in parse("[c]\n" + line)["c"].options:
        tree = exten.locate(exten.tree(option.name, option.value), option)
        for token in tokens(tree):
            assert token.line is not None
            assert token.column is not None
            written = rows[token.line - 2][token.column - 1 : (token.end_column or 0) - 1]
            assert written.replace("\\;", ";") == token


# ---- sections ------------------------------------------------------------------------------------


def load(text: str) -> LoadedDialplan:
    name = "extensions.conf"
    return load_dialplan(resolve(Files(None, {name: parse(text, name=name)}), name))


@given(made.files)
@example("[c]\nexten=1+1,1,n\nexten=1,n\n")
@example("[c]\nexten=1,1,n(a)(b)\nexten=1,1, n(a)(b)\n")
def test_lines_that_are_text_load_as_lines_that_are_nodes(text: str) -> None:
    fast = load(text)
    with patch("asterconf.resolve.reading.simple_section", return_value=None):
        slow = load(text)
    assert fast.dialplan == slow.dialplan
    assert fast.origins == slow.origins
    assert fast.diagnostics == slow.diagnostics
    assert {n: dict(b.places) for n, b in fast.contexts.items()} == {
        n: dict(b.places) for n, b in slow.contexts.items()
    }


@given(made.files)
def test_a_fix_removes_its_finding_and_adds_none(text: str) -> None:
    found = load(text).diagnostics
    for number, finding in enumerate(found):
        if not finding.fix:
            continue
        mended = text
        for edit in sorted(finding.fix, key=lambda e: e.start, reverse=True):
            mended = mended[: edit.start] + edit.text + mended[edit.end :]
        left = [(d.code, d.position and d.position.line) for d in load(mended).diagnostics]
        before = [(d.code, d.position and d.position.line) for d in found]
        del before[number]
        assert [one for one in left if one not in before] == []
        assert len(left) <= len(before)


# ---- patterns ------------------------------------------------------------------------------------

CLASSES = {"X": "0123456789", "Z": "123456789", "N": "23456789"}


def accepted(part: Token | ParseTree) -> tuple[str, frozenset[int]] | None:
    """Return text and bytes of one element, told from its token or tree alone."""
    if isinstance(part, Token):
        if part.type == "CLASS":
            return str(part), frozenset(encode(CLASSES[part.upper()]))
        if part.type in {"DOT", "BANG", "UNCLOSED"}:
            return str(part), frozenset()
        return None if part.type in {"DASH", "UNDERSCORE"} else (str(part), frozenset(encode(part)))
    bytes_: set[int] = set()
    for token in part.children:
        assert isinstance(token, Token)
        if token.type == "RANGE":
            bytes_ |= set(range(ord(token[0]), ord(token[2]) + 1))
        elif token.type == "MEMBER":
            bytes_.add(ord(token))
    return joined(part), frozenset(bytes_)


@given(made.names)
def test_every_name_has_a_tree_and_no_character_is_lost(name: str) -> None:
    assert joined(pattern.tree(name)) == name


@given(made.names)
def test_the_tree_of_a_pattern_and_its_elements_agree(name: str) -> None:
    (tree,) = pattern.tree(name).children
    assert isinstance(tree, Tree)
    if tree.data == "plain":
        assert not Pattern(name).is_pattern
        return
    if not name.isascii():
        return  # a letter outside ASCII is one token and several elements
    wanted: list[tuple[str, frozenset[int]]] = []
    for found in filter(None, map(accepted, tree.children)):
        # An empty set is skipped, but it makes `!` take one byte at least.
        empty = wanted.pop() if wanted and wanted[-1][0] == "[]" else None
        wanted.append(("[]!", found[1]) if empty and found[0] == "!" else found)
    assert [(e.text, e.accepts) for e in pattern.elements_of(name)] == wanted


@given(made.names, made.numbers)
def test_the_regular_expression_of_a_pattern_matches_what_it_matches(
    name: str, number: str
) -> None:
    one = Pattern(name)
    digits = number.replace("-", "").encode().decode("latin-1")
    itself = name[:1] == "_" == number[:1] and name_key(name) == name_key(number)
    assert one.matches(number) == (bool(re.fullmatch(one.regex(), digits)) or itself)


@given(made.names, made.numbers)
def test_an_explanation_says_what_matching_says(name: str, number: str) -> None:
    one = Pattern(name)
    found = one.explain(number)
    assert bool(found) == one.matches(number)
    assert (found.at is None) == bool(found)
    if found.at is not None and found.at < len(number) and number[:1] != "_":
        # No other end can help: nothing that begins like this is matched.
        assert not any(one.matches(number[: found.at + 1] + rest) for rest in ("", "1", "12"))


@given(made.names, made.names)
def test_a_witness_is_matched_by_both_patterns(name: str, other: str) -> None:
    one, two = Pattern(name), Pattern(other)
    witness = one.intersection(two)
    assert (witness is None) == (two.intersection(one) is None)
    if witness is not None:
        assert one.matches(witness)
        assert two.matches(witness)


@given(made.names, made.names, made.numbers)
def test_what_two_patterns_match_has_a_witness(name: str, other: str, number: str) -> None:
    one, two = Pattern(name), Pattern(other)
    if number[:1] != "_" and one.matches(number) and two.matches(number):
        assert one.intersection(two) is not None


@given(made.names)
def test_the_numbers_of_a_pattern_are_those_that_it_matches(name: str) -> None:
    one = Pattern(name)
    count = one.count()
    if count is not None and count <= 2000:
        numbers = [encode(number) for number in one.numbers()]
        assert len(numbers) == len(set(numbers)) == count
        assert numbers == sorted(numbers)
        assert all(one.matches(number) for number in one.numbers())


@given(made.names, made.numbers)
def test_equal_names_match_the_same(name: str, number: str) -> None:
    """The order takes `_[12]` and `_[21]` for one extension, and so must matching."""
    other = name.replace("X", "[0-9]").replace("N", "[98765432]")
    if "[X" not in name and "[" not in name:
        assert name_key(name) == name_key(other)
        assert matches(name, number) == matches(other, number)


# ---- lookups -------------------------------------------------------------------------------------


@attrs.frozen
class Scan:
    """The search of section 6.2 of the reference, word by word, without any index."""

    plan: Dialplan
    callerid: str | None
    wanted: int | str

    def fits(self, extension: DialplanExtension, number: str) -> bool:
        return (
            matches(extension.name, number)
            and condition_matches(extension.callerid_match, self.callerid)
            and any(self.wanted in {s.priority, s.label} for s in extension.steps)
        )

    def find(
        self, number: str, name: str, seen: list[str]
    ) -> tuple[str, str, DialplanExtension] | None:
        if fold(name) in seen or name not in self.plan:
            return None
        context = self.plan[name]
        for extension in in_order(context):
            if self.fits(extension, number):
                return number, name, extension
        for switch in context.switches if isinstance(self.wanted, int) else ():
            asked, slash, tail = switch.data.replace("${EXTEN}", number).partition("/")
            exten_, _, far = asked.partition("@")
            if switch.name.lower() == "loopback" and (not slash or matches(tail, number)):
                found = self.find(exten_ or number, far, [])
                if found:
                    return found
        seen.append(fold(name))
        for include in context.includes:
            found = self.find(number, include.context, seen)
            if found:
                return found
        return None


def in_order(context: DialplanContext) -> list[DialplanExtension]:
    return sorted(
        context.extensions,
        key=lambda e: name_key(e.name) + pattern.condition_key(e.callerid_match),
    )


@given(
    made.plans,
    made.numbers,
    made.callers,
    st.one_of(st.integers(1, 4), st.sampled_from(["a", "b"])),
)
def test_the_index_finds_what_a_plain_scan_finds(
    plan: Dialplan, number: str, callerid: str | None, wanted: int | str
) -> None:
    name = plan.contexts[0].name
    expected = Scan(plan, callerid, wanted).find(number, name, [])
    if isinstance(wanted, str) and expected is not None:
        priority = next(s.priority for s in expected[2].steps if s.label == wanted)
        expected = Scan(plan, callerid, priority).find(number, name, [])
    found = plan.match(number, name, callerid=callerid, priority=wanted)
    got = (found.number, found.context, found.extension) if found else None
    assert got == expected


def verdicts(plan: Dialplan, digits: str, name: str, callerid: str | None) -> bool | None:
    """Ask every extension of a context in order whether more digits could make it fit."""
    dialled = digits.replace("-", "")
    for extension in in_order(plan[name]):
        if not condition_matches(extension.callerid_match, callerid):
            continue
        verdict: bool | None
        if extension.name[:1] != "_":
            plain = extension.name.replace("-", "")
            verdict = True if plain.startswith(dialled) and plain != dialled else None
        else:
            verdict = going_on(extension.name, encode(dialled))
        if verdict is False or (verdict and any(s.priority == 1 for s in extension.steps)):
            return verdict
    return None


def going_on(name: str, dialled: bytes) -> bool | None:
    elements = pattern.elements_of(name)
    for number, element in enumerate(elements):
        if element.text == "!" or (element.ends and number < len(dialled)):
            return element.text == "."
        if number == len(dialled):
            return True
        if dialled[number] not in element.accepts:
            return None
    return None


@given(made.contexts("c", 20), made.numbers, made.callers)
def test_the_index_waits_for_digits_as_a_plain_scan_does(
    context: DialplanContext, digits: str, callerid: str | None
) -> None:
    plan = Dialplan([DialplanContext(context.name, context.extensions)])
    expected = verdicts(plan, digits, "c", callerid) is True
    assert plan.match_more(digits, "c", callerid=callerid) is expected
