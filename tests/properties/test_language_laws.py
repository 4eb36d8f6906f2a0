"""Laws of the small languages: nothing is lost, and the fast reading is the grammar's."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st
from lark import Token, Tree, UnexpectedInput

from asterconf.language import callerid, dialstring, expression, sip_uri, template, timespec
from asterconf.language.dialstring import BareTarget, LocalTarget, OtherTarget, PJSIPTarget
from asterconf.language.expression import (
    Binary,
    Choice,
    ExpressionCall,
    Node,
    Operand,
    Parenthesized,
    Unary,
)
from asterconf.language.template import FunctionCall, Literal, Part, Template, Variable
from asterconf.model import CallerID
from asterconf.source import printable
from tests.strategies.language import STARTS, texts

READ: dict[str, Callable[[str], Any]] = {
    "variable": template.parse,
    "timespec": timespec.parse,
    "callerid": callerid.parse,
    "dialstring": dialstring.parse,
}


def tokens(tree: Tree[Token]) -> list[Token]:
    return list(tree.scan_values(lambda _: True))


def text_of(node: Tree[Token] | Token) -> str:
    return node if isinstance(node, Token) else "".join(tokens(node))


def trees(node: Tree[Token], *names: str) -> list[Tree[Token]]:
    return [child for child in node.children if isinstance(child, Tree) and child.data in names]


def typed(node: Tree[Token], kind: str) -> str | None:
    """Return the text of the first token of a kind among a node's children."""
    found = [t for t in node.children if isinstance(t, Token) and t.type == kind]
    return str(found[0]) if found else None


@pytest.mark.parametrize("name", sorted(READ))
@given(data=st.data())
def test_any_text_comes_back_with_its_tree_and_its_faults(name: str, data: st.DataObject) -> None:
    text = data.draw(texts(name))
    value = READ[name](text)
    assert str(value) == text
    found = tokens(value.tree() if name != "dialstring" else dialstring.tree(value.template))
    assert "".join(found) == text
    assert all(text[t.start_pos : t.end_pos] == t for t in found)
    for fault in value.faults:
        assert 0 <= fault.span.start <= fault.span.end <= len(text)
        printable(str(fault.at())).encode()
    hash(value)
    repr(value)


# ---- variables ----------------------------------------------------------------------------------


def walk(tree: Tree[Token]) -> Iterator[tuple[str, int, int, Tree[Token]]]:
    """Yield the constructs of a tree, outer ones first: kind, start, end, node."""
    for child in tree.children:
        if not isinstance(child, Tree):
            continue
        if child.data in {"variable", "function", "expression"}:
            found = tokens(child)
            yield str(child.data), found[0].start_pos or 0, found[-1].end_pos or 0, child
        yield from walk(child)


def spans_of(parts: tuple[Part, ...]) -> Iterator[tuple[str, int, int, Part]]:
    names = {"Variable": "variable", "FunctionCall": "function", "Expression": "expression"}
    for part in parts:
        if not isinstance(part, Literal):
            yield names[type(part).__name__], *part.span, part
            yield from spans_of(part.content.parts)


@given(
    st.lists(st.sampled_from(["${", "$[", "{", "[", "}", "]", "${IF(", "(", ")", "${A}", ":", "a"]),
             max_size=5),
    st.integers(1, 60),
)  # fmt: skip
@example(["${"], 20_000)
@example(["${IF(", "$["], 10_000)
def test_what_a_template_keeps_grows_with_its_text(pieces: list[str], times: int) -> None:
    text = "".join(pieces) * times
    whole = template.parse(text)
    assert sum(len(part.text) for part in whole.walk()) <= (template.DEPTH + 2) * len(text)
    assert len(whole.faults) <= 4 * len(text) + 1


@given(texts("variable"))
@example("${A$[${B]}C}D}")
@example("${F(a)x(b):1}${G((}${${H}(I):${J}:2}$[[${K}]]")
@example("${X):1}${X)(}${F(a)b)c}")
@example("$[${]}]")
def test_both_readings_of_a_template_agree(text: str) -> None:
    found = list(spans_of(template.parse(text).parts))
    grown = list(walk(template.tree(text)))
    assert [one[1:3] for one in found] == [one[1:3] for one in grown]
    for (kind, _, _, part), (grammar, _, _, node) in zip(found, grown, strict=True):
        if trees(node, "stray"):
            continue
        assert kind == grammar
        if isinstance(part, Variable | FunctionCall):
            assert part.name == "".join(map(text_of, trees(node, "name")))
            slices = trees(node, "slice")
            assert (part.slice is None) == (not slices)
            assert str(part.slice or "") == "".join(map(text_of, slices))
        if isinstance(part, FunctionCall):
            groups = trees(node, "arguments", "unclosed")
            start, end = part.arguments.span
            assert tokens(groups[0])[0].end_pos == start
            closed = [group for group in groups if group.data == "arguments"]
            last = tokens(closed[-1])[-1] if closed else None
            inner = tokens(groups[-1])[-1].start_pos if groups[-1].data == "arguments" else None
            if last is not None and inner is not None:
                assert last.start_pos == end


@given(texts("variable"), st.integers(0, 50))
def test_parts_join_to_the_text_and_stand_where_they_say(text: str, start: int) -> None:
    whole = template.parse(text, start)
    waiting: list[Template] = [whole]
    while waiting:
        one = waiting.pop()
        assert "".join(part.text for part in one.parts) == one.text
        at = one.span.start
        for part in one.parts:
            assert part.span.start == at
            at = part.span.end
            assert text[part.span.start - start : at - start] == part.text
            if not isinstance(part, Literal):
                waiting.append(part.content)
            if isinstance(part, FunctionCall):
                a, b = part.arguments.span
                assert text[a - start : b - start] == part.arguments.text
        assert at == one.span.end
    for use in whole.names():
        assert text[use.span.start - start : use.span.end - start] == use.name


@given(texts("variable"), st.sampled_from(",&:A"))
def test_pieces_of_a_split_join_to_the_text(text: str, separator: str) -> None:
    whole = template.parse(text)
    pieces = whole.split(separator)
    assert separator.join(map(str, pieces)) == text
    assert whole.masked().count(separator) == len(pieces) - 1
    assert len(whole.masked()) == len(text)


@given(texts("variable"))
def test_a_text_without_marks_is_one_literal(text: str) -> None:
    whole = template.parse(text)
    assume("${" not in text and "$[" not in text)
    assert whole.is_literal
    assert whole.masked() == text
    assert [part.text for part in whole.parts] == [text] * bool(text)


# ---- expressions --------------------------------------------------------------------------------

KINDS = {"NUMBER": "number", "WORD": "word", "STRING": "string"}
SAME = {"||": "|", "&&": "&", "==": "="}


def node_of(tree: Tree[Token]) -> Node:
    """Return the value of one node of the tree of an expression."""
    children = [c for c in tree.children if isinstance(c, Tree) or c.type != "GAP"]
    span = template.parse("").span
    first = children[0]
    if tree.data == "operand":
        assert isinstance(first, Token)
        return Operand(KINDS[first.type], str(first), span)
    if tree.data == "call":
        arguments: list[Node | None] = []
        filled = False
        for child in children[2:]:
            if isinstance(child, Tree):
                arguments.append(node_of(child))
                filled = True
            else:
                if not filled:
                    arguments.append(None)
                filled = False
        return ExpressionCall(text_of(first), tuple(arguments), span)
    nodes = [node_of(child) for child in children if isinstance(child, Tree)]
    if tree.data == "group":
        return Parenthesized(nodes[0], span)
    if tree.data == "signed":
        return Unary(text_of(first), nodes[0], span)
    if tree.data == "choice":
        condition, then, otherwise = nodes
        return Choice(condition, then, otherwise, span)
    operator = text_of(children[1])
    return Binary(SAME.get(operator, operator), nodes[0], nodes[1], span)


@given(texts("expression"))
@example("1:-2:3 ? -!a ~~ b :: F(1,,(2)) | c & d")
@example("a === b")
@example("")
def test_both_readings_of_an_expression_agree(text: str) -> None:
    content = template.parse(text)
    parsed = expression.read(content)
    tree = expression.tree(content)
    assert "".join(tokens(tree)) == text
    refused = bool({"AC307", "AC309"} & {fault.code for fault in parsed.faults})
    assert (tree.data == "unreadable") == refused
    inner = [child for child in tree.children if isinstance(child, Tree)]
    if not refused:
        assert parsed.root == (node_of(inner[0]) if inner else None)


@given(texts("expression"))
def test_operands_stand_where_they_say(text: str) -> None:
    waiting: list[Node | None] = [expression.read(template.parse(text, 7)).root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, Operand):
            assert text[node.span.start - 7 : node.span.end - 7] == node.text
        elif isinstance(node, Unary | Parenthesized):
            waiting.append(node.operand if isinstance(node, Unary) else node.inner)
        elif isinstance(node, Binary):
            waiting += (node.left, node.right)
        elif isinstance(node, Choice):
            waiting += (node.condition, node.then, node.otherwise)
        elif isinstance(node, ExpressionCall):
            waiting += node.arguments
            assert text[node.span.start - 7 :].startswith(node.name)


# ---- time conditions ----------------------------------------------------------------------------

NAMES = {
    "weekday": ["sun", "mon", "tue", "wed", "thu", "fri", "sat"],
    "month": [
        "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
    ],
}  # fmt: skip
moments = st.datetimes(datetime.fromisoformat("1990-01-01"), datetime.fromisoformat("2050-01-01"))
SIZES = {"time": 1440, "weekday": 7, "day": 31, "month": 12}


def place(kind: str, token: str) -> int:
    """Return the number of a value, from 0."""
    word = token.strip().lower()
    if kind == "time":
        hour, minute = word.split(":")
        return int(hour) * 60 + int(minute)
    names = NAMES.get(kind, [])
    return names.index(word) if word in names else int(word) - 1


@given(texts("timespec"), moments)
@example("23:00-01:00,fri-mon,28-3,nov-feb", datetime.fromisoformat("2024-12-30 23:30"))
def test_a_condition_holds_as_its_tree_says(text: str, at: datetime) -> None:
    spec = timespec.parse(text)
    tree = timespec.tree(text)
    now = {
        "time": at.hour * 60 + at.minute,
        "weekday": at.isoweekday() % 7,
        "day": at.day - 1,
        "month": at.month - 1,
    }
    holds = bool(text)
    for field in (c for c in tree.children if isinstance(c, Tree)):
        kind = str(field.data).removesuffix("s")
        if not text_of(field) or typed(field, "ANY"):
            continue
        allowed: set[int] = set()
        for element in trees(field, kind):
            first, last = (typed(element, f"{word}_{kind.upper()}") for word in ("FROM", "TO"))
            if first is not None:
                value, end = place(kind, first), place(kind, last or first)
                allowed.add(end)
                while value != end:
                    allowed.add(value)
                    value = (value + 1) % SIZES[kind]
        holds = holds and now[kind] in allowed
    assume(spec.zone is None)
    assert spec.holds(at) == holds
    assert spec.explain(at).startswith("holds" if holds else "does not hold")
    assert not (spec.always and not holds)
    assert not (spec.never and holds)


# ---- caller ids, dial strings -------------------------------------------------------------------


@given(texts("callerid"))
@example('"')
@example('"A\\"B" <5>6> x')
@example('""A"" ')
@example('"""')
@example('"Bob<" ')
def test_both_readings_of_a_caller_id_agree(text: str) -> None:
    found = callerid.parse(text)
    token = {t.type: str(t) for t in tokens(callerid.tree(text))}
    name = token.get("QUOTED", "") if "QUOTE" in token else token.get("PLAIN", "")
    written = text[slice(*found.name_span)]
    assert written == ("" if name == '"' else name)
    assert found.name == re.sub(r"\\(.?)", r"\1", written, flags=re.DOTALL)
    number = token.get("PHONE", token.get("NUMBER", "") if "LESS" in token else None)
    assert found.number == number


@given(texts("callerid"))
def test_a_caller_id_of_the_model_is_read_by_the_same_splitter(text: str) -> None:
    assume("\n" not in text and "\x00" not in text)
    found = CallerID.parse(text)
    parsed = callerid.parse(text)
    assert found.name == parsed.name
    assert CallerID.parse(str(found)) == found


@given(texts("dialstring"))
@example(" PJSIP/5@a@b/c/d & Local/a/1@c/n &&X/& ${A&B}/x")
def test_both_readings_of_a_dial_string_agree(text: str) -> None:
    found = dialstring.parse(text)
    grown = trees(dialstring.tree(found.template), "target")
    assert [str(target) for target in found.targets] == [text_of(node) for node in grown]
    for target, node in zip(found.targets, grown, strict=True):
        kinds = {"PJSIP": PJSIPTarget, "LOCAL": LocalTarget, "BARE": BareTarget}
        token = {t.type: str(t) for t in tokens(node)}
        kind = next((kinds[t] for t in token if t in kinds), OtherTarget)
        assert type(target) is kind
        if isinstance(target, PJSIPTarget):
            assert (target.user is not None) == ("AT" in token)
            assert str(target.user or "") == token.get("USER", "")
            assert str(target.endpoint) == token.get("ENDPOINT", "")
            assert str(target.contact or "") == token.get("CONTACT", "")
        elif isinstance(target, LocalTarget):
            assert str(target.exten) == token.get("EXTEN", "")
            assert str(target.context or "") == token.get("CONTEXT", "")
            assert str(target.options or "") == token.get("OPTIONS", "")
        elif isinstance(target, OtherTarget):
            assert str(target.technology) == token.get("TECHNOLOGY", "")
            assert str(target.resource) == token["RESOURCE"]


# ---- SIP URIs -----------------------------------------------------------------------------------


@given(texts("sip_uri"))
@example('<sip:u:p@[::1]:5060;a="x;y";lr?h=1&i >')
@example("sip:h;x=a@b")
@example("sip:u@h;ttl=256")
def test_both_readings_of_a_sip_uri_agree(text: str) -> None:
    try:
        found = sip_uri.tree(text)
    except UnexpectedInput:
        with pytest.raises(sip_uri.SipUriError):
            sip_uri.parse(text)
        return
    assert text_of(found) == text
    parts = {str(node.data): text_of(node) for node in trees(found, "user", "password", "host")}
    try:
        uri = sip_uri.parse(text)
    except sip_uri.SipUriError as error:
        assert any(word in str(error) for word in ("port", "ttl", "longer"))  # noqa: PT017
        return
    assert {"user": uri.user, "password": uri.password, "host": uri.host} == {
        "user": None,
        "password": None,
        **parts,
    }
    port = [text_of(node) for node in trees(found, "port")]
    assert [uri.port] * bool(port) == [int(digits) for digits in port]
    assert [f";{name}" for name, _ in uri.params] == [
        text_of(node).partition("=")[0].lower() for node in trees(found, "param")
    ]


def test_every_grammar_has_its_laws() -> None:
    assert set(STARTS) == {*READ, "expression", "sip_uri"}
