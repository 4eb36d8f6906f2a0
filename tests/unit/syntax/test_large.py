"""Large files: what an edit, its diff and the numbers of lines cost, counted and not timed."""

import difflib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import asterconf
from asterconf.editing import saving
from asterconf.syntax import Document, diffs, parse
from asterconf.syntax.lines import Line

BIG = "".join(
    f"[c{n}]\nexten => 1,1,Answer()\n same => n,Set(PIN=12{n})\n same => n,Hangup()\n"
    for n in range(400)
)


def numbers(document: Document) -> list[int]:
    return [section.line for section in parse(str(document)).sections]


@given(st.lists(st.tuples(st.sampled_from("aixr"), st.integers(0, 7)), max_size=12), st.data())
def test_sections_have_the_numbers_of_their_lines_after_any_edits(
    edits: list[tuple[str, int]], data: st.DataObject
) -> None:
    document = parse("; head\n" + "".join(f"[s{n}]\nx = {n}\n" for n in range(6)))
    for number, (kind, at) in enumerate(edits):
        section = document.sections[at % len(document.sections)]
        if kind == "a":
            section.add("y", str(number))
        elif kind == "i":
            document.add_section(f"new{number}", after=section)
        elif kind == "x" and section.options:
            section.remove(section.options[-1])
        elif kind == "r" and len(document.sections) > 2:
            document.remove_section(section)
        if data.draw(st.booleans()):  # some numbers are asked for, others not
            asked = data.draw(st.integers(0, len(document.sections) - 1))
            assert document.sections[asked].line == numbers(document)[asked]
    assert [section.line for section in document.sections] == numbers(document)
    assert document.lines == str(document).count("\n") + 1


def test_a_diff_compares_and_masks_only_what_is_near_the_edit(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    edited = parse(BIG, name="extensions.conf")
    edited["c200"].add("same", "n,Set(PIN=77)", separator="=>")
    masked: list[str] = []
    shown_line = diffs.shown_line

    def counted(node: Line, file: str, section: str) -> str:
        masked.append(node.text)
        return shown_line(node, file, section)

    monkeypatch.setattr(diffs, "shown_line", counted)
    text = diffs.unified(parse(BIG, name="extensions.conf"), edited, reveal=False)
    assert text.splitlines()[2:] == [
        "@@ -802,6 +802,7 @@",
        " exten => 1,1,Answer()",
        "  same => n,Set(PIN=********)",
        "  same => n,Hangup()",
        "+ same => n,Set(PIN=********)",
        " [c201]",
        " exten => 1,1,Answer()",
        "  same => n,Set(PIN=********)",
    ]
    assert len(masked) == 7


@given(st.lists(st.sampled_from("abc"), max_size=8), st.lists(st.sampled_from("abc"), max_size=8))
def test_a_diff_leads_from_one_text_to_the_other(old: list[str], new: list[str]) -> None:
    texts = ["".join(f"{line}=1\n" for line in side) for side in (old, new)]
    found = diffs.unified(parse(texts[0]), parse(texts[1]), reveal=True).splitlines(keepends=True)
    assert (found == []) == (old == new)
    rest, at = texts[0].splitlines(keepends=True), 0
    made: list[str] = []
    for line in found[2:]:
        if line.startswith("@@"):
            start, _, size = line.split()[1][1:].partition(",")
            begin = int(start) - (size != "0")
            made += rest[at:begin]
            at = begin
        elif line.startswith("+"):
            made.append(line[1:])
        else:
            assert rest[at] == line[1:]
            made += [line[1:]] * (line[0] == " ")
            at += 1
    assert "".join([*made, *rest[at:]]) == texts[1]


def test_a_diff_of_unlike_texts_is_that_of_the_standard_library() -> None:
    old, new = "x=1\na=1\nb=1\n", "y=1\nb=1\nz=1\n"
    expected = difflib.unified_diff(
        old.splitlines(keepends=True), new.splitlines(keepends=True), "a/f", "b/f"
    )
    found = diffs.unified(parse(old, name="f"), parse(new, name="f"), reveal=True)
    assert found == "".join(expected)


def test_a_file_that_is_there_is_not_searched_for_secrets_when_it_is_saved(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "extensions.conf").write_text(BIG)
    (tmp_path / "extensions.conf").chmod(0o604)
    conf = asterconf.load(tmp_path)
    conf["extensions.conf"]["c1"].add("include", "c2", separator="=>")
    monkeypatch.setattr(saving, "has_secrets", lambda _: pytest.fail("it keeps its mode"))
    conf.save()
    assert (tmp_path / "extensions.conf").stat().st_mode & 0o777 == 0o604
