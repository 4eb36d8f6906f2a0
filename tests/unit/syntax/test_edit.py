"""Edits: exactly which bytes change."""

from collections.abc import Callable

import pytest

from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError
from asterconf.syntax import Document, parse

HOUSE = """\
[6001](phone)
context      = from-home   ; where its calls start
mailbox      = 6000
allow=ulaw

; The kitchen.
[6002](phone)
context = from-home
"""


def test_set_changes_the_value_only() -> None:
    document = parse(HOUSE)
    document["6001"]["context"] = "from-garage"
    assert str(document) == HOUSE.replace("from-home   ; where", "from-garage   ; where")


def test_new_option_stays_above_the_next_sections_comment() -> None:
    document = parse(HOUSE)
    document["6001"].add("qualify", "30")
    assert str(document) == HOUSE.replace("allow=ulaw\n", "allow=ulaw\nqualify=30\n")


def test_new_option_keeps_the_column_of_aligned_ones() -> None:
    document = parse("[a]\ncontext   = x\nmailbox   = y\n")
    document["a"]["pin"] = "1"
    assert str(document) == "[a]\ncontext   = x\nmailbox   = y\npin       = 1\n"


def test_new_step_copies_the_habits_of_steps_of_its_kind() -> None:
    text = "[a]\nexten => 1,1,Answer()\n same => n,Hangup()\n\n[b]\n"
    document = parse(text)
    section = document["a"]
    section.add("same", "n,NoOp()", after=section.options[0])
    section.add("exten", "2,1,Answer()")
    assert str(document) == (
        "[a]\nexten => 1,1,Answer()\n same => n,NoOp()\n same => n,Hangup()\n"
        "exten => 2,1,Answer()\n\n[b]\n"
    )


@pytest.mark.parametrize(
    ("before", "value", "after"),
    [
        ("x = 1\n", "a;b", "x = a\\;b\n"),
        ("x=1\n", ">b", "x= >b\n"),
        ("x =\n", "1", "x = 1\n"),
        ("x = 1 ; one\n", "2", "x = 2 ; one\n"),
        ("x=1;one\n", "a--", "x=a-- ;one\n"),
        ("x = 1\r\n", "2", "x = 2\r\n"),
        ("x = 1", "2", "x = 2"),
        ("x = a;-- b --;c\n", "d", "x = d;-- b --;\n"),
        ("x = 1 ;-- a\n b --;\n", "2", "x = 2 ;-- a\n b --;\n"),
    ],
)
def test_set_writes_what_asterisk_reads_back(before: str, value: str, after: str) -> None:
    document = parse("[a]\n" + before)
    document["a"]["x"] = value
    assert str(document) == "[a]\n" + after
    assert parse(str(document))["a"]["x"] == value


@pytest.mark.parametrize(
    ("name", "value", "why"),
    [
        ("x", "a\nb", "holds a line end or a NUL"),
        ("x", "a\0b", "holds a line end or a NUL"),
        ("x", " a", "begins or ends with white space"),
        ("a=b", "c", "is empty or holds '='"),
        ("", "c", "is empty or holds '='"),
        ("x", "y" * 8190, "cannot be written"),
    ],
)
def test_what_cannot_be_written_is_refused_and_changes_nothing(
    name: str, value: str, why: str
) -> None:
    document = parse(HOUSE)
    with pytest.raises(EditError, match=why):
        document["6001"].add(name, value)
    assert str(document) == HOUSE


def test_setting_what_is_there_already_changes_nothing() -> None:
    text = "[a]\n  x  =>   1   ;c\r\n"
    document = parse(text)
    document["a"]["x"] = "1"
    assert str(document) == text
    assert document.version == 0


def test_a_file_without_final_newline_stays_without() -> None:
    document = parse("[a]\nx = 1")
    document["a"]["y"] = "2"
    assert str(document) == "[a]\nx = 1\ny = 2"


def test_remove_leaves_a_block_comment_on_the_line() -> None:
    document = parse("[a]\nx = 1 ;-- still\n here --;\ny = 2\n")
    del document["a"]["x"]
    assert str(document) == "[a]\n;-- still\n here --;\ny = 2\n"


def test_rename_escapes_what_would_not_be_a_name() -> None:
    document = parse("[a]\nx = 1\n")
    document["a"].rename(document["a"].option("x"), "#x")
    assert str(document) == "[a]\n\\#x = 1\n"
    assert document["a"]["#x"] == "1"


def test_comments_are_added_set_and_removed() -> None:
    document = parse("[a]\nx = 1\n")
    section = document["a"]
    section.add_comment("One.\nTwo.", before=section.option("x"))
    section.set_comment(section.option("x"), "first")
    assert str(document) == "[a]\n; One.\n; Two.\nx = 1 ; first\n"
    assert [c.content for c in section.comments_above(section.option("x"))] == ["One.", "Two."]
    section.set_comment(section.option("x"), "")
    assert str(document) == "[a]\n; One.\n; Two.\nx = 1\n"


def test_a_removed_section_takes_its_comment_and_leaves_the_next_ones() -> None:
    document = parse("[a]\nx = 1\n\n; About b.\n[b]\ny = 2\n\n; About c.\n[c]\n")
    document.remove_section(document["b"])
    assert str(document) == "[a]\nx = 1\n\n; About c.\n[c]\n"


def test_a_moved_section_takes_its_comment() -> None:
    document = parse("[a]\nx = 1\n\n; About b.\n[b]\ny = 2\n")
    document.move_section(document["b"], before=document["a"])
    assert str(document) == "; About b.\n[b]\ny = 2\n\n[a]\nx = 1\n"


def test_a_new_section_stands_behind_a_blank_line() -> None:
    document = parse("[a]\nx = 1\n")
    section = document.add_section("b", inherits=["a"])
    section["y"] = "2"
    assert str(document) == "[a]\nx = 1\n\n[b](a)\ny = 2\n"


def test_a_header_keeps_what_is_around_its_name() -> None:
    document = parse(" [a](t) ; here\nx = 1\n")
    document["a"].name = "b"
    document["b"].inherit("t", "u", elsewhere=True)
    assert str(document) == " [b](t,u) ; here\nx = 1\n"


@pytest.mark.parametrize("name", ["a]b", "a\nb", "n" * 80])
def test_a_name_that_no_header_can_say_is_refused(name: str) -> None:
    document = parse("[a]\n")
    with pytest.raises(EditError):
        document.add_section(name)
    assert str(document) == "[a]\n"


def test_names_that_stand_twice_need_a_choice() -> None:
    document = parse("[a]\nx = 1\nX = 2\n[a]\n", name="x.conf")
    with pytest.raises(AmbiguousKeyError, match=r"\[a\] stands 2 times in x.conf \(lines 1, 4\)"):
        document["a"]
    with pytest.raises(AmbiguousKeyError, match="'x' stands 2 times"):
        document.first("a")["x"]
    assert [o.value for o in document.first("a").all("x")] == ["1", "2"]


def test_what_is_not_there_is_named() -> None:
    document = parse("[a]\n", name="x.conf")
    with pytest.raises(NotFoundError, match=r"^x.conf has no section \[b\]$"):
        document["b"]
    with pytest.raises(NotFoundError, match=r"^\[a\] has no option 'y'$"):
        document["a"]["y"]


def test_a_node_from_before_an_edit_is_refused() -> None:
    document = parse("[a]\nx = 1\n")
    old = document["a"].option("x")
    document["a"]["x"] = "2"
    with pytest.raises(EditError, match="look again"):
        document["a"].set(old, "3")


def test_an_edit_that_would_bring_a_mark_to_the_start_says_so() -> None:
    document = parse("a = 1\n\ufeffb = 2\n")
    first, second = document.head.options
    why = "the file would begin with the byte order mark"
    with pytest.raises(EditError, match=why):
        document.head.remove(first)
    with pytest.raises(EditError, match=why):
        document.head.move(first, after=second)
    document.head.rename(second, "b")
    document.head.remove(document.head.options[0])
    assert str(document) == "b = 2\n"


def test_a_mark_inside_the_file_does_not_become_that_of_the_file() -> None:
    doc = parse("x = 1\n\ufeffy = 2\n")
    with pytest.raises(EditError):
        doc.head.remove(doc.head.options[0])
    assert str(doc) == "x = 1\n\ufeffy = 2\n"
    doc.head.remove(doc.head.options[1])
    assert str(doc) == "x = 1\n"


@pytest.mark.parametrize(
    "edit",
    [
        lambda document: document["b"].inherit("missing"),
        lambda document: document["b"].inherit("t", "late"),
        lambda document: document["b"].inherit("b"),
        lambda document: document.add_section("d", inherits=("missing",)),
        lambda document: document.add_section("d", inherits=("t",), before=document["t"]),
    ],
)
def test_a_template_that_stands_nowhere_above_is_refused(
    edit: Callable[[Document], object],
) -> None:
    text = "[t](!)\na=1\n[b]\nc=2\n[late](!)\n"
    document = Document(text)
    with pytest.raises(EditError, match=r"there is no section '\w+' above \[\w\] to inherit from"):
        edit(document)
    assert str(document) == text


def test_a_template_may_stand_in_another_file() -> None:
    behind = Document("#include t.conf\n[b]\nc=2\n")
    behind["b"].inherit("t")
    assert str(behind) == "#include t.conf\n[b](t)\nc=2\n"
    part = Document("[b]\nc=2\n", fragment=True)
    part["b"].inherit("t")
    part.add_section("d", inherits=("t",))
    alone = Document("[b]\nc=2\n")
    alone["b"].inherit("t", elsewhere=True)
    alone.add_section("d", inherits=("t",), elsewhere=True)
    assert str(part) == str(alone) == "[b](t)\nc=2\n\n[d](t)\n"
