"""How files look: comments, paragraphs, escapes."""

from pathlib import Path

import pytest

import asterconf.home
from asterconf.home import HomePBX
from asterconf.home.plan import BuiltFile
from asterconf.home.writing import FilePlan, SectionPlan, comment_lines, word
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


# -- samples ----------------------------------------------------------------------------------

SAMPLES = Path(asterconf.home.__file__).parent / "samples"


def test_a_line_of_a_sample_gets_its_value_a_list_many_lines_and_nothing_none() -> None:
    file = FilePlan("pjsip.conf")
    file.like(
        "transport-defaults",
        bind="{tos};1",
        tos="",
        cos=None,
        local_networks=["10.0.0.0/8", "192.168.0.0/16"],
        external_address=None,
        looked_up="",
    )
    assert file.text().split("\n") == [
        "; What the transports have in common.",
        "[transport-defaults](!)",
        "type = transport",
        r"bind = {tos}\;1",
        "",
        "; Networks that are reached without NAT: there, addresses are left as they are.",
        "local_net = 10.0.0.0/8",
        "local_net = 192.168.0.0/16",
        "",
    ]


def test_options_take_order_and_true_comments_of_a_sample() -> None:
    file = FilePlan("queues.conf")
    given = (("member", "PJSIP/1"), ("musicclass", "{name}"), ("joinempty", "yes"))
    for name, leave in (("a", "no"), ("b", "yes")):
        file.like("queue", name, (*given, ("leavewhenempty", leave)), name=name)
    members = [
        "",
        "; Members: address, penalty, name, and the device whose lamp says that it is busy.",
        "member => PJSIP/1",
    ]
    assert file.sections[0].lines() == [
        "; The queue a.",
        "[a]",
        "; Callers may come in, and stay, while no phone is registered.",
        "joinempty      = yes",
        "leavewhenempty = no",
        "musicclass     = {name}",
        *members,
    ]
    assert file.sections[1].lines() == [
        "; The queue b.",
        "[b]",
        "joinempty      = yes",
        "leavewhenempty = yes",
        "musicclass     = {name}",
        *members,
    ]


@pytest.mark.parametrize("path", sorted(SAMPLES.glob("*.conf")), ids=lambda path: path.name)
def test_each_sample_is_a_file_that_asterisk_reads(path: Path) -> None:
    document = asterconf.parse(path.read_text("utf-8"))
    assert document.diagnostics == ()
    assert str(document).startswith(f"; {path.name}: ")


def test_each_sample_is_written_for_some_home() -> None:
    pbx = HomePBX.from_toml(Path(__file__).parents[3] / "examples" / "home-full.toml")
    written = {file.name for file in pbx.files(complete=True)}
    assert {path.name for path in SAMPLES.glob("*.conf")} - written <= {"dnsmgr.conf"}
