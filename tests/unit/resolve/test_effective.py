"""Effective values: which line counts, where it came from, what it hides."""

from __future__ import annotations

from pathlib import Path

import pytest

import asterconf
from asterconf import Config
from asterconf.errors import AmbiguousKeyError, NotFoundError
from asterconf.resolve import EffectiveSection

WIZARD = """\
[phone](!)
type = wizard
endpoint/allow = !all,g722
endpoint/context = from-home

[6001](phone)
endpoint/allow = ulaw
endpoint/context = office
inbound_auth/username = 6001
"""


def section(file: str, text: str, name: str) -> EffectiveSection:
    return Config.from_texts({file: text}).effective(file)[name]


def test_the_last_line_counts_where_the_reader_takes_the_last() -> None:
    option = section("pjsip_wizard.conf", WIZARD, "6001").option("endpoint/context")
    assert option.value == "office"
    assert [item.value for item in option.overrides] == ["from-home"]
    assert option.overrides[0].template == "phone"
    assert str(option.origin) == "pjsip_wizard.conf:8:20"


def test_where_every_line_adds_there_is_no_single_value() -> None:
    phone = section("pjsip_wizard.conf", WIZARD, "6001")
    option = phone.option("endpoint/allow")
    assert option.repeat == "accumulate"
    assert option.values == ("!all,g722", "ulaw")
    assert option.overrides == ()
    with pytest.raises(AmbiguousKeyError, match=r"use \.option\('endpoint/allow'\)\.values"):
        phone["endpoint/allow"]
    assert repr(option) == (
        "<EffectiveOption endpoint/allow = '!all,g722' from pjsip_wizard.conf:3:18, "
        "template phone + 'ulaw' from pjsip_wizard.conf:7:18>"
    )


def test_the_first_line_counts_where_the_reader_takes_the_first() -> None:
    """Observed on 22.10.1: `rtpstart` of a template beats that of the section itself."""
    text = "[t](!)\nrtpstart = 11000\n[general](t)\nrtpstart = 12000\n"
    effective = Config.from_texts({"rtp.conf": text}).effective("rtp.conf")
    assert effective["general"]["rtpstart"] == "11000"
    (found,) = effective.diagnostics
    assert (found.code, str(found.position)) == ("AC109", "rtp.conf:4:12")
    assert found.related[0][0] == asterconf.Position("rtp.conf", 2, 12)
    older = Config.from_texts({"rtp.conf": text}, asterisk="20").effective("rtp.conf")
    assert "Asterisk 20 uses" in older.diagnostics[0].message


def test_an_override_with_the_same_value_is_not_worth_a_word() -> None:
    text = "[t](!)\nrtpstart = 11000\n[general](t)\nrtpstart = 11000\n"
    assert Config.from_texts({"rtp.conf": text}).effective("rtp.conf").diagnostics == ()


def test_unknown_options_count_by_their_last_line() -> None:
    one = section("rtp.conf", "[general]\nfoo = 1\nFoo = 2\n", "general")
    assert (one["foo"], one.option("FOO").name) == ("2", "Foo")


def test_a_section_that_stands_twice_is_not_one() -> None:
    effective = Config.from_texts({"a.conf": "[a]\nx = 1\n[a]\nx = 2\n"}).effective("a.conf")
    with pytest.raises(AmbiguousKeyError, match=r"stands 2 times \(a.conf:1:1, a.conf:3:1\)"):
        effective["a"]
    assert [s["x"] for s in effective.all("A")] == ["1", "2"]


def test_what_is_not_there_is_said() -> None:
    effective = Config.from_texts({"a.conf": "[a](!)\nx = 1\n"}).effective("a.conf")
    with pytest.raises(NotFoundError, match="Asterisk finds no section"):
        effective["a"]
    with pytest.raises(NotFoundError, match="has no option 'y'"):
        effective.sections[0].option("y")


def test_a_copy_is_what_the_template_was_then() -> None:
    text = "[t]\nx = 1\n[a](t)\n[t](+TEMPLATES=include)\ny = 2\nx += 3\n[b](t)\nz=4\n"
    effective = Config.from_texts({"a.conf": text}).effective("a.conf")
    assert effective["a"].pairs == [("x", "1")]
    assert effective["b"].pairs == [("x", "1 3"), ("y", "2"), ("z", "4")]
    assert [(i.name, i.origin.line, i.way) for i in effective["b"].items] == [
        ("x", 2, ("t",)), ("y", 5, ("t",)), ("z", 8, ()),
    ]  # fmt: skip
    assert effective["b"].option("x").chain[:2] == (
        "written at a.conf:2:1",
        "appended to at a.conf:6:1",
    )


def test_items_of_an_included_file_know_it() -> None:
    conf = Config.from_texts({"a.conf": "[a]\nx = 1\n#include b.inc\nz = 3\n", "b.inc": "y = 2\n"})
    places = [(i.name, str(i.origin)) for i in conf.effective("a.conf")["a"]]
    assert places == [("x", "a.conf:2:5"), ("y", "b.inc:1:5"), ("z", "a.conf:4:5")]


def test_an_edit_of_an_included_file_refreshes_the_view() -> None:
    conf = Config.from_texts({"a.conf": "[a]\n#include b.inc\n", "b.inc": "y = 2\n"})
    assert conf.effective("a.conf")["a"]["y"] == "2"
    conf["b.inc"].head["y"] = "3"
    assert conf.effective("a.conf")["a"]["y"] == "3"


def test_a_template_that_grows_gives_more_to_the_sections_below() -> None:
    again = "[t](+TEMPLATES=include)\n"
    text = f"[t](!)\na=1\n[x](t)\n[y](t)\n{again}b=2\n[z](t)\n{again}a+=3\n[w](t)\n[v](t)\n"
    effective = Config.from_texts({"x.conf": text}).effective("x.conf")
    pairs = {section.name: section.pairs for section in effective}
    first, then, last = [("a", "1")], [("a", "1"), ("b", "2")], [("a", "13"), ("b", "2")]
    assert pairs == {"x": first, "y": first, "z": then, "w": last, "v": last}
    assert [str(item.origin) for item in effective["z"]] == ["x.conf:2:3", "x.conf:6:3"]
    assert {item.way for item in effective["v"]} == {("t",)}


def test_sections_that_inherit_the_same_do_not_share_what_they_add() -> None:
    text = "[t](!)\na=1\n[x](t)\nb=2\n[y](t)\nb=3\n[x](+)\nc=4\n[z](t)\n"
    effective = Config.from_texts({"x.conf": text}).effective("x.conf")
    assert [section.pairs for section in effective] == [
        [("a", "1"), ("b", "2"), ("c", "4")],
        [("a", "1"), ("b", "3")],
        [("a", "1")],
    ]


def test_an_included_file_may_add_to_the_section_that_includes_it() -> None:
    texts = {"extensions.conf": "[a]\n#include b.conf\n", "b.conf": "[a](+)\nx=1\n#include c\n"}
    conf = Config.from_texts({**texts, "c": "y=2\n"})
    assert conf.effective("extensions.conf")["a"].pairs == [("x", "1"), ("y", "2")]


# ---- includes and filters, observed on 22.10.1 ---------------------------------------------------

TREE = {
    "q/x1": "[x1]\n", "q/b c": "[bc]\n", "q/b\\d": "[bd]\n", "x1": "[x1]\n", "x2": "[x2]\n",
}  # fmt: skip


@pytest.mark.parametrize("memory", [True, False])
@pytest.mark.parametrize(
    ("target", "sections"),
    [
        (r"q/b\ c", ["bc"]),
        (r"q/x\1", ["x1"]),
        (r"q/b\\d", ["bd"]),
        (r"q/b\ *", ["bc"]),
        (r"x\*", None),
        (r"x[\1]", ["x1"]),
        (r"{x1,\x2}", ["x1", "x2"]),
        ("nosuch/../q/x1", None),
        ("q/x1/../x1", None),
        ("q/../q/x1", ["x1"]),
        ("q/../x*", ["x1", "x2"]),
        ("{nosuch/../x1,x2}", ["x2"]),
        ("{x1,{x2,none}}", ["x1", "x2"]),
        ("{x1,{x1,x2}}", ["x1", "x1", "x2"]),
        ("{x1,{none,x2},x2}", ["x1", "x2", "x2"]),
        ("{x1,{x2,{x1,x2}}}", ["x1", "x2", "x1", "x2"]),
        ("{x{1,{2,7}},q/x1}", ["x1", "x2", "x1"]),
        ("{}x1", ["x1"]),
    ],
)
def test_an_include_names_files_as_glob_does(
    tmp_path: Path, target: str, sections: list[str] | None, memory: bool
) -> None:
    texts = {**TREE, "a.conf": f'#include "{target}"\n'}
    for name, text in texts.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    conf = asterconf.Config.from_texts(texts) if memory else asterconf.load(tmp_path)
    found = conf.effective("a.conf")
    assert ([s.name for s in found] if found.valid else None) == sections


@pytest.mark.parametrize(
    ("filter_", "first"),
    [
        ("x=a**", True), ("x=a+*", True), ("x=a?*", True), ("x=a{2}*", True), ("x=a???", True),
        ("x=aa**$", True), ("x=a*+a$", True), ("x=a++b", False),
        ("x=*a", False), ("x=[", False),
    ],
)  # fmt: skip
def test_a_filter_may_repeat_what_repeats(filter_: str, first: bool) -> None:
    text = f"[a]\nx=aa\n[a]\nx=c\n[a](+{filter_})\nadded=1\n"
    found = asterconf.Config.from_texts({"a.conf": text}).effective("a.conf")
    assert found.valid == first
    assert [s.get("added") for s in found.sections] == (["1", None] if first else [])
