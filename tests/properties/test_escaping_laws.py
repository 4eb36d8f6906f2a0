"""No value, however hostile, becomes markup, a setting or a rule of what is written: real readers.

nft checks the firewall's rules, an XML parser reads Linphone's file, a Markdown renderer shows
sheets, tables and diffs, Graphviz draws pictures, tomllib and csv read what is written for them.
Mermaid's text and what is printed follow strict rules that are here.
"""

from __future__ import annotations

import csv
import io
import re
import shutil
import subprocess
import tomllib
import xml.etree.ElementTree as ET
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import asterconf
from asterconf import CallerID, Extension, HomePBX, Network, phones, providers
from asterconf.cli import COMMANDS
from asterconf.display import view
from asterconf.errors import AsterconfError
from asterconf.graph import Edge, Graph, Node, href
from asterconf.home.sidecar import to_toml
from asterconf.provision import Firewall, PhoneSheet
from asterconf.provision.firewall import Mark, Opening
from asterconf.source import Position, printable
from tests.planted import things
from tests.properties.test_secret_laws import ARGUMENTS, filled
from tests.unit.conftest import Cli, cli

__all__ = ["cli"]

NASTY = [
    "<script>alert(1)</script>", "a|b", "`x`", "``", "[x](javascript:a)", "![x](y)", "# x", "- x",
    "a\naccount.1.password = zz", "a\rb", "a\x85b", "a\u2028b", "\x1b[31m", "a\0b", "]]>", "&amp;",
    '"; DROP', "0.0.0.0/0}accept;#", "*a*", "_a_", "a\\|b", "\\`", "~~a~~", "<b>", "\ud83d",
    "\udcff", "\U000e0001", "\u202ecod", "\x9b2J", "%%{init: {'theme':'dark'}}%%", "a\\Nb", "</TD>",
    "style a:\"b;c", "&lt;b&gt;", "$$x$$", "=cmd|' /C calc'!A0", "end", "#35;", "a,b;c\td", "",
    "a  \nb", "x|||y", "http://a.b/", "\\", "$(x)", "${X}", "'",
]  # fmt: skip
ROOT = Path(__file__).parents[2]
hostile = st.sampled_from(NASTY) | st.text(max_size=9) | st.tuples(
    st.sampled_from(NASTY), st.sampled_from(NASTY)
).map("".join)  # fmt: skip


class Page(HTMLParser):
    """Counts the elements of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)


def rendered(text: str) -> Page:
    """Return Markdown as a renderer with tables and raw HTML shows it."""
    markdown = pytest.importorskip("markdown_it", reason="markdown-it-py is not installed")
    return Page(markdown.MarkdownIt("commonmark", {"html": True}).enable("table").render(text))


def sheets(name: str, kind: phones.Phone, server: str = "192.0.2.1") -> tuple[PhoneSheet, ...]:
    """Return the sheets of a home whose phones have this name, or none if it is refused."""
    trunk = providers.generic(server="sip.example.com", username="u", secret="s3cret-s3cret")
    try:
        pbx = HomePBX(
            owner=CallerID("A", "+15555555555"), area_code="555", trunks=[trunk],
            extensions=[
                Extension("6001", callerid=CallerID(name, "6001"), secret="Zx9-long-word",
                          phone=kind),
                Extension("6002", callerid=CallerID("B", "6002"), secret="Zy9-long-word",
                          phone=kind),
            ],
        )  # fmt: skip
        return pbx.phones(server=server)
    except AsterconfError:
        return ()


PLAIN_SETTINGS = re.compile(r"[a-z0-9_.]+ = [^\r\n]*")


@given(hostile)
def test_a_phone_file_has_the_settings_of_any_other(name: str) -> None:
    kind = phones.Yealink("T54W", mac="001565aabbcc")
    usual, found = (
        [
            text.split("\n")
            for sheet in sheets(one, kind)
            for text in sheet.files(reveal=True).values()
        ]
        for one in ("Ann", name)
    )
    for lines, others in zip(found, usual, strict=False):
        assert [line.partition(" = ")[0] for line in lines[2:]] == [
            line.partition(" = ")[0] for line in others[2:]
        ]
        assert all(PLAIN_SETTINGS.fullmatch(line) for line in lines[2:-1])
        assert not any(c for line in lines for c in line if not c.isprintable())


@given(hostile)
def test_linphones_file_is_xml_with_the_entries_of_any_other(name: str) -> None:
    for sheet in sheets(name, phones.Linphone()):
        for text in sheet.files(reveal=True).values():
            root = ET.fromstring(text.encode())
            space = "{http://www.linphone.org/xsds/lpconfig.xsd}"
            assert {entry.tag for entry in root.iter()} == {
                f"{space}{tag}" for tag in ("config", "section", "entry")
            }
            identity = root.find(f".//{space}entry[@name='reg_identity']")
            assert identity is not None
            assert identity.text is not None
            assert identity.text.count(f"<sip:{sheet.extension.name}@") == 1


@given(hostile)
def test_a_sheet_is_shown_as_text(name: str) -> None:
    usual = [rendered(sheet.markdown()).tags for sheet in sheets("Ann", phones.Linphone())]
    for sheet, tags in zip(sheets(name, phones.Linphone()), usual, strict=False):
        assert rendered(sheet.markdown(reveal=True)).tags == tags
        assert "script" not in Page(sheet.html()).tags


def opening(text: str) -> Opening:
    return Opening(
        protocol="udp", ports=(5060, 5060), to=text, sources=(text, "10.0.0.0/8"), forward=False,
        why=text, address=text,
    )  # fmt: skip


@given(hostile)
def test_a_firewalls_table_is_shown_as_text(text: str) -> None:
    def made(word: str) -> Firewall:
        return Firewall((opening(word),), (Mark(word, "CS3", 24),), (word,))

    assert rendered(made(text).table()).tags == rendered(made("a").table()).tags


@pytest.mark.skipif(shutil.which("nft") is None, reason="nft is not installed")
@given(st.lists(hostile, min_size=1, max_size=30))
@settings(max_examples=15)
def test_nft_reads_no_rule_but_ours(words: list[str]) -> None:
    rules = [
        Firewall(tuple(attrs_with(opening(word)) for word in words), (), ()).nftables(),
        Firewall(tuple(attrs_with(opening("10.1.0.0/16")) for _ in words), (), ()).nftables(),
    ]
    assert rules[0].count("\n") == rules[1].count("\n")
    done = subprocess.run(
        ["nft", "-c", "-f", "-"], check=False, input=rules[0], text=True, capture_output=True
    )
    if "Operation not permitted" in done.stderr:
        pytest.skip("nft may not look at rules here")
    assert done.returncode == 0, done.stderr


def attrs_with(one: Opening) -> Opening:
    return Opening(
        protocol=one.protocol, ports=one.ports, to="PBX", sources=one.sources, forward=False,
        why=one.why,
    )  # fmt: skip


@pytest.mark.parametrize("network", ["0.0.0.0/0}accept;#", "10.0.0.0/8 accept", "x", "10.0.0.0/33"])
def test_what_is_no_network_is_refused_where_it_enters(network: str) -> None:
    pbx = HomePBX(
        owner=CallerID("A", "+15555555555"), area_code="555",
        network=Network(local_networks=(network,)),
    )  # fmt: skip
    for ask in (pbx.firewall, pbx.phones, pbx.build, pbx.runbook):
        with pytest.raises(AsterconfError, match="must be address/mask"):
            ask()


@pytest.mark.parametrize("server", ["a\naccount.1.password = zz", "a b", "a|b", "<a>", "a\0"])
def test_what_is_no_host_is_no_server_of_phones(server: str) -> None:
    pbx = HomePBX(owner=CallerID("A", "+15555555555"), area_code="555")
    with pytest.raises(AsterconfError, match="must be an address or a host's name"):
        pbx.phones(server=server)


values: st.SearchStrategy[Any] = st.recursive(
    hostile.filter(lambda text: not re.search("[\ud800-\udfff]", text))
    | st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=3),
    max_leaves=5,
)  # fmt: skip
names = hostile.filter(lambda text: not re.search("[\ud800-\udfff]", text))


@given(st.dictionaries(names, values | st.dictionaries(names, values, max_size=3), max_size=4))
def test_tomllib_reads_back_what_is_written(data: dict[str, Any]) -> None:
    text = to_toml(data)
    assert tomllib.loads(text) == data
    assert text.replace("\n", "").isprintable()


@given(hostile)
def test_a_diff_in_markdown_is_shown_as_text(text: str) -> None:
    def shown(word: str) -> list[str]:
        old = asterconf.Config.from_texts({"queues.conf": "[q]\nmusicclass = a\n"})
        new = asterconf.Config.from_texts({"queues.conf": "[q]\nmusicclass = a\n"})
        try:
            new["queues.conf"]["q"]["musicclass"] = word
        except AsterconfError:
            return []
        found = asterconf.diff(old, new)
        return rendered(found.to_markdown()).tags if found else []

    assert shown(text) in ([], shown("b"))


def picture(word: str) -> Graph:
    """Return a picture with a word in every place that a text can stand in."""
    at = Position(word, 3)
    nodes = [Node("a", "context", word, word, at), Node("b", "extension", word, word, at, "a"),
             Node("c", "phone", word, word, at, missing=True)]  # fmt: skip
    edges = [Edge("b", "c", "dials", word, at, 2), Edge("a", "c", word)]
    return Graph(word, nodes, edges, links=word, notes=[word])


QUOTED = re.compile(r'"([^"]*)"')
SAID = re.compile(r"(accTitle: )[^;#{}\n]+\n")
ENTITY = re.compile(r"#(\d+);")


@given(hostile.filter(bool))
def test_mermaid_takes_nothing_of_a_text_for_its_own(word: str) -> None:
    text, usual = (
        SAID.sub(r"\1", picture(one).mermaid(), count=1)
        for one in (word, "\N{GREEK CAPITAL LETTER OMEGA}")
    )
    assert QUOTED.sub("", text) == QUOTED.sub("", usual)
    for found, plain in zip(QUOTED.findall(text), QUOTED.findall(usual), strict=True):
        if found.endswith("#L3"):  # a link, percent-encoded
            assert re.fullmatch(r"[\w%./:?&=+,;@!~*#-]+", found, re.ASCII)
            continue
        assert not re.search(r"[#<>&`\\%\n]|\$\$|(?:style|classDef).*:", ENTITY.sub("", found))
        shown = plain.replace("\N{GREEK CAPITAL LETTER OMEGA}", printable(word))
        assert ENTITY.sub(lambda one: chr(int(one[1])), found) == shown


@pytest.mark.skipif(shutil.which("dot") is None, reason="Graphviz is not installed")
@given(hostile.filter(lambda text: len(printable(text)) < 40))
@example("a&b")
@example("&lt;")
@settings(max_examples=12)
def test_graphviz_shows_a_text_as_it_is(word: str) -> None:
    done = subprocess.run(
        ["dot", "-Tsvg"], check=True, input=picture(word).dot().encode(), capture_output=True
    )
    assert not done.stderr
    root = ET.fromstring(done.stdout)
    names = {one.tag.rpartition("}")[2] for one in root.iter()}
    assert names <= {"svg", "g", "a", "title", "polygon", "text", "path", "ellipse"}
    links = [one for one in root.iter() if one.tag.endswith("}a")]
    assert [one.get("{http://www.w3.org/1999/xlink}href") for one in links] == 5 * [
        href(picture(word), Position(word, 3))
    ]
    texts = {" ".join((one.text or "").split()) for one in root.iter() if one.tag.endswith("}text")}
    texts -= {"dials \N{MULTIPLICATION SIGN}2"}
    assert texts | {""} == {" ".join(printable(word).split()), ""}


@given(hostile, hostile)
def test_csv_reads_back_the_records_of_any_text(name: str, data: str) -> None:
    plan = {"extensions.conf": f"[a]\nexten => 1,1,NoOp({data})\nexten => 1,n,Set(x={name})\n"}
    records = asterconf.Config.from_texts(plan).dialplan.to_records()
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(records[0]) if records else ["none"])
    writer.writeheader()
    writer.writerows(records)
    found = [*csv.DictReader(io.StringIO(out.getvalue(), newline=""))]
    as_text = [{k: "" if v is None else str(v) for k, v in one.items()} for one in records]
    assert found == as_text


CONTROLS = "\x9b31m\x1bc\u202e\x07\x85\u2028\x0c\u200b"
"""What a terminal or an editor may obey; bytes that are no UTF-8 are put behind it."""


def disturbed(text: str, number: int) -> str:
    """Return a file with control characters behind its lines, in names, comments and values."""
    lines = [f"{line}\n;{CONTROLS}" if line[:1] == "[" else f"{line}{CONTROLS}\udcfc"
             for line in text.split("\n") if line]  # fmt: skip
    odd = f"[h{CONTROLS}{number}]\ntype{CONTROLS} = {CONTROLS}{number}\nx{CONTROLS}\n"
    more = f"#include h{CONTROLS}.conf\nexten => 9{CONTROLS},1,Goto(no{CONTROLS},1,1)\n"
    return "\n".join([*lines, odd, more])


@pytest.mark.parametrize("show", [repr, lambda one: str(view(one))])
def test_no_value_shows_what_a_terminal_obeys(show: Callable[[object], str]) -> None:
    sides = [
        asterconf.Config.from_texts(
            {name: f"{disturbed(text, number)}\ud83d" for name, text in filled(number).items()}
            | {f"h{CONTROLS}.conf": "x = y\n"}
        )
        for number in range(2)
    ]
    seen = set()
    for root in (sides[0], asterconf.diff(*sides), sides[0].references, sides[0].check()):
        for one in things(root):
            assert all(c.isprintable() or c in "\n\t" for c in show(one)), type(one)
            seen.add(type(one).__name__)
    assert len(seen) > 45


def test_a_terminal_obeys_nothing_that_any_command_prints(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pbx = tmp_path / f"pbx{CONTROLS}"
    for number, folder in enumerate((pbx, tmp_path / f"pbx{CONTROLS}2")):
        folder.mkdir()
        (folder / f"h{CONTROLS}.conf").write_text(f"x = {CONTROLS}\n")
        for file, text in filled(number).items():
            data = disturbed(text, number).encode("utf-8", "surrogateescape")
            (folder / file).write_bytes(data)
    toml = tmp_path / f"home{CONTROLS}.toml"
    home = (ROOT / "examples" / "home.toml").read_text()
    toml.write_text(home.replace("Kitchen", "Kit\\u009b\\u202e\\u0007"))
    monkeypatch.chdir(tmp_path)
    homes: dict[str, list[object]] = {
        "build": ["--to", "out"], "plan": [pbx], "apply": [pbx, "--yes"],
    }  # fmt: skip
    printed = 0
    for name in (name for names in COMMANDS.values() for name in names):
        usual: list[list[object]] = [[pbx], [toml, *homes.get(name, [])], [pbx, pbx, pbx]]
        for words in usual + [[*one] for one in ARGUMENTS.get(name, [])]:
            _, out, err = cli(name, *(str(word).replace("{}", str(pbx)) for word in words))
            assert all(c.isprintable() or c in "\n\t" for c in out + err), (name, words)
            printed += len(out + err)
    assert printed > 50_000
