"""How files look: comments, paragraphs, escapes."""

from asterconf.home.plan import BuiltFile, FilePlan, SectionPlan, comment_lines, word
from asterconf.model import Secret


def test_values_are_written_as_asterisk_reads_them() -> None:
    values = (True, False, 3, 3.0, "a;b", r"a\;b", Secret("x;y"), ("a", "b"))
    assert [word(value) for value in values] == [
        "yes",
        "no",
        "3",
        "3.0",
        r"a\;b",
        r"a\\;b",
        r"x\;y",
        "a,b",
    ]


def test_long_comments_are_wrapped_and_line_ends_kept() -> None:
    assert comment_lines("one\n\n" + "word " * 20) == [
        "; one",
        ";",
        "; " + "word " * 16 + "word",
        "; word word word",
    ]


def test_options_of_a_paragraph_align_and_a_comment_opens_a_new_one() -> None:
    section = SectionPlan("a;b", "What it is.", ("base",), is_template=True)
    section.set("x", 1)
    section.set("longer", 2)
    section.set("y", 3, "Why.")
    section.set("z", 4, arrow=True)
    assert section.lines() == [
        "; What it is.",
        r"[a\;b](!,base)",
        "x      = 1",
        "longer = 2",
        "",
        "; Why.",
        "y = 3",
        "z => 4",
    ]


def test_an_empty_value_leaves_no_blank_at_the_end() -> None:
    section = SectionPlan("a")
    section.set("x", "")
    assert section.lines() == ["[a]", "x ="]


def test_sections_stand_apart_and_a_section_is_made_once() -> None:
    file = FilePlan("x.conf", "x.conf: a file.")
    file.section("a").set("x", 1)
    file.section("b")
    file.section("a").set("y", 2)
    assert file.text() == "; x.conf: a file.\n\n[a]\nx = 1\ny = 2\n\n[b]\n"
    assert not BuiltFile(file.name, file.text()).private
    file.section("b").set("password", Secret("x"))
    assert BuiltFile(file.name, file.text()).private
