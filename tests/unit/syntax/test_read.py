"""Lines: what each is, and where it stands."""

import pytest

from asterconf.syntax import Directive, ErrorLine, Header, Option, parse


def kinds(text: str) -> list[tuple[str, int, int]]:
    return [(type(n).__name__, n.line, n.column) for n in parse(text).nodes]


def test_every_kind_of_line_has_its_place() -> None:
    text = '\n ; note\n\t[a](!,b,+x=1) rest\n  x => 1\n#include "f" ; why\nfoo\n;-- a\n b --; y=2\n'
    assert kinds(text) == [
        ("Blank", 1, 1), ("Comment", 2, 2), ("Header", 3, 2), ("Option", 4, 3),
        ("Directive", 5, 1), ("ErrorLine", 6, 1), ("Comment", 7, 1), ("Option", 8, 8),
    ]  # fmt: skip


def test_a_header_has_its_list_as_written() -> None:
    header = next(n for n in parse("[ a ](!, b,+x=1,) rest\n").nodes if isinstance(n, Header))
    assert (header.name, header.entries, header.ignored) == (
        " a ",
        ("!", " b", "+x=1", ""),
        " rest",
    )
    assert (header.template, header.appends, header.inherits) == (True, True, (" b", ""))


@pytest.mark.parametrize(
    ("line", "word", "argument", "target"),
    [
        ('#include "a b"', "include", '"a b"', "a b"),
        ("#Include <a>", "Include", "<a>", "a"),
        ('#include "a', "include", '"a', '"a'),
        ('#include"a"', 'include"a"', "", ""),
        ("# include a", "", "include a", "include a"),
        ("#include\u00a0a", "include", "\udca0a", "\udca0a"),
    ],
)
def test_a_directive_ends_its_word_where_asterisk_does(
    line: str, word: str, argument: str, target: str
) -> None:
    (node,) = parse(line + "\n").nodes
    assert isinstance(node, Directive)
    assert (node.word, node.argument, node.target) == (word, argument, target)


@pytest.mark.parametrize(
    ("line", "kind"),
    [
        ("[a", "no-closing-bracket"),
        ("[a](b", "no-closing-paren"),
        ("foo", "no-equals"),
        ("=1", "no-variable-name"),
        ("\\ x=1", "invalid-escape"),
        ("\\é=1", "invalid-escape"),
        ("x=" + "y" * 8189, "line-too-long"),
        ("x=" + "é" * 4095, "line-too-long"),
    ],
)
def test_a_line_that_asterisk_refuses_says_why(line: str, kind: str) -> None:
    (node,) = parse(line + "\n").nodes
    assert isinstance(node, ErrorLine)
    assert node.kind == kind


def test_8190_bytes_are_a_line() -> None:
    (node,) = parse("x=" + "é" * 4094 + "\n").nodes
    assert isinstance(node, Option)
    assert len(node.value) == 4094


def test_parts_of_a_line_cut_by_a_comment_are_found() -> None:
    (node,) = parse("na;-- c --;me = one;-- two --;three ; end\n").nodes
    assert isinstance(node, Option)
    assert (node.name, node.value, node.comment) == ("name", "onethree", "; end")
    assert [node.text[a:b] for a, b in node.fields.pieces] == ["na", "me = one", "three "]


def test_what_one_file_shows_is_told_with_its_place() -> None:
    found = parse("x=1\n[a] (t)\nfoo\n#inc x\n--;\n", name="f.conf").diagnostics
    assert [(d.code, str(d.position)) for d in found] == [
        ("AC101", "f.conf:1:1"),
        ("AC107", "f.conf:2:1"),
        ("AC003", "f.conf:3:1"),
        ("AC008", "f.conf:4:1"),
        ("AC003", "f.conf:5:1"),
        ("AC016", "f.conf:5:1"),
        ("AC002", "None"),
    ]


@pytest.mark.parametrize(("mark", "size"), [("", 8190), ("\ufeff", 8187)])
def test_a_byte_order_mark_counts_for_the_length_of_the_first_line(mark: str, size: int) -> None:
    """Observed on 22.10.1: such a line is dropped whole, before it could be a line of its own."""
    for fill in ("x = ", "[a", "[", "\0"):
        fits = parse(mark + fill.ljust(size, "]") + "\n")
        long = parse(mark + fill.ljust(size + 1, "]") + "\n")
        assert not any(d.kind == "line-too-long" for d in fits.diagnostics)
        kinds = [d.kind for d in long.diagnostics]
        assert ("line-too-long" in kinds) == ("\0" not in fill)
