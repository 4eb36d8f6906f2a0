"""Pictures: what is in them, how they are written, and how many boxes become few."""

import re
import shutil
import subprocess
from collections import Counter
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree as ET

import attrs
import pytest

import asterconf
from asterconf.dialplan import DialplanContext, DialplanExtension, DialplanStep
from asterconf.display import Edge, Graph, Node, html, view
from asterconf.errors import MissingExtraError, NotFoundError
from asterconf.source import Position

DOT = shutil.which("dot") if find_spec("graphviz") else None
needs_dot = pytest.mark.skipif(DOT is None, reason="Graphviz or its package is not installed")

PLAN = """\
[globals]
LINE = line
HOUSE = all
[home]
include => out,9:00-17:00,*,*,*
include => gone
exten => 6001,1,Dial(PJSIP/6001&PJSIP/6002,20)
 same => n,VoiceMail(6001)
exten => 6002,1,Goto(s,1)
exten => s,1,Queue(${HOUSE})
exten => _7XX,1,Gosub(sub,s,1(${EXTEN}))
exten => 8,1,ExecIf($[1]?Dial(PJSIP/6001):Goto(out,112,1))
exten => 9,1,Page(PJSIP/6001)
 same => n,ConfBridge(team)
 same => n,Park()
 same => n,VoiceMailMain(6001@home)
 same => n(again),Goto(again)
[out]
exten => 112,1,Dial(PJSIP/${EXTEN}@${LINE})
exten => _X.,1,Dial(IAX2/me:pw@peer/${EXTEN})
 same => n,Dial(Local/6001@home/n)
 same => n,Goto(home,799,1)
[sub]
exten => s,1,Return()
"""


def plan(text: str = PLAN) -> Graph:
    return asterconf.Config.from_texts({"extensions.conf": text}).dialplan.graph()


def edges(graph: Graph) -> set[tuple[str, str, str]]:
    return {(edge.source, edge.kind, edge.target) for edge in graph.edges}


def test_a_dialplan_is_drawn_with_all_that_its_steps_lead_to() -> None:
    assert edges(plan()) == {
        ("context:home", "includes", "context:out"),
        ("context:home", "includes", "context:gone"),
        ("extension:home/6001", "dials", "phone:6001"),
        ("extension:home/6001", "dials", "phone:6002"),
        ("extension:home/6001", "voicemail", "mailbox:6001@default"),
        ("extension:home/6002", "goto", "extension:home/s"),
        ("extension:home/s", "queue", "queue:all"),
        ("extension:home/_7XX", "gosub", "extension:sub/s"),
        ("extension:home/8", "dials", "phone:6001"),
        ("extension:home/8", "goto", "extension:out/112"),
        ("extension:home/9", "pages", "phone:6001"),
        ("extension:home/9", "conference", "conference:team"),
        ("extension:home/9", "parks", "parking:default"),
        ("extension:home/9", "messages", "mailbox:6001@home"),
        ("extension:out/112", "dials", "trunk:line"),
        ("extension:out/_X.", "dials", "trunk:IAX2/peer"),
        ("extension:out/_X.", "dials", "extension:home/6001"),
        ("extension:out/_X.", "goto", "extension:home/_7XX"),
    }


def test_what_is_referred_to_and_not_there_is_marked() -> None:
    graph = plan()
    assert [node.key for node in graph.nodes if node.missing] == ["context:gone"]


def test_boxes_say_what_they_are_and_where_they_are_written() -> None:
    node = plan().node("context:home")
    assert (node.kind, node.label, node.detail, str(node.place)) == (
        "context", "home", "6 extensions", "extensions.conf:4:1",
    )  # fmt: skip
    with pytest.raises(NotFoundError, match="dialplan has no box 'context:hom'"):
        plan().node("context:hom")


def test_a_jump_leads_to_the_extension_that_has_steps_for_it() -> None:
    graph = plan(
        "[a]\nexten => 301,hint,PJSIP/301\nexten => _30X,1,NoOp()\nexten => 5,1,Goto(301,1)\n"
        "exten => 6,1,Goto(b,7,1)\n[b]\nexten => 7,1,NoOp()\nexten => _X,1,NoOp()\n"
    )
    assert edges(graph) == {
        ("extension:a/5", "goto", "extension:a/_30X"),
        ("extension:a/6", "goto", "extension:b/7"),
    }
    assert graph.node("extension:a/301").detail == "hint only"


def test_conditions_of_includes_are_on_their_arrows() -> None:
    labels = {e.target: e.label for e in plan().edges if e.kind == "includes"}
    assert labels == {"context:out": "9:00-17:00,*,*,*", "context:gone": ""}


def test_one_context_is_drawn_with_what_it_leads_to_and_nothing_is_missing() -> None:
    conf = asterconf.Config.from_texts({"extensions.conf": PLAN})
    graph = conf.dialplan["home"].graph()
    assert ("extension:home/8", "goto", "context:out") in edges(graph)
    assert {node.key for node in graph.nodes if node.kind == "context"} == {
        "context:home", "context:out", "context:gone", "context:sub",
    }  # fmt: skip
    assert not any(node.missing for node in graph.nodes)


def test_a_context_made_by_hand_is_drawn_without_places() -> None:
    steps = (DialplanStep(1, "Dial", "PJSIP/1"),)
    graph = DialplanContext("a", (DialplanExtension("1", steps=steps),)).graph()
    assert edges(graph) == {("extension:a/1", "dials", "phone:1")}
    assert all(node.place is None for node in graph.nodes)


HOUSE = {
    "pjsip_wizard.conf": (
        "[6001]\ntype = wizard\naccepts_registrations = yes\n"
        "endpoint/context = home\nendpoint/callerid = Hall <6001>\n"
        "endpoint/mailboxes = 6000@default,6009@other\n"
        "[line]\ntype = wizard\nsends_registrations = yes\nsends_auth = yes\n"
        "remote_hosts = sip.example\nendpoint/context = outside\n"
    ),
    "queues.conf": "[all]\nmember => PJSIP/6001\nmember => Local/6@home/n\n",
    "voicemail.conf": "[default]\n6000 => 1,House\n6002 => 1,Nobody\n",
    "extensions.conf": (
        "[home]\nexten => 6001,1,Dial(PJSIP/6001)\nexten => 6,1,Queue(all)\n"
        "exten => _9X.,1,Dial(PJSIP/line/sip:${EXTEN}@sip.example)\n"
        "[outside]\nexten => _X.,1,Goto(home,6,1)\n same => n,VoiceMail(6000)\n"
    ),
}


def test_a_map_shows_phones_trunks_queues_and_mailboxes() -> None:
    graph = asterconf.Config.from_texts(HOUSE).map()
    assert edges(graph) == {
        ("phone:6001", "starts in", "context:home"),
        ("phone:6001", "mailbox", "mailbox:6000@default"),
        ("phone:6001", "mailbox", "mailbox:6009@other"),
        ("trunk:line", "starts in", "context:outside"),
        ("queue:all", "member", "phone:6001"),
        ("queue:all", "member", "context:home"),
        ("context:home", "dials", "phone:6001"),
        ("context:home", "dials", "trunk:line"),
        ("context:home", "queue", "queue:all"),
        ("context:outside", "goto", "context:home"),
        ("context:outside", "voicemail", "mailbox:6000@default"),
    }
    assert graph.node("phone:6001").detail == "Hall"
    assert str(graph.node("trunk:line").place) == "pjsip_wizard.conf:7:1"
    assert graph.node("mailbox:6002@default").kind == "mailbox"
    assert [node.key for node in graph.nodes if node.missing] == ["mailbox:6009@other"]


def test_a_map_follows_patterns_and_marks_what_is_gone() -> None:
    graph = asterconf.load("examples/inherited").map(limit=None)
    found = edges(graph)
    assert {t for s, k, t in found if (s, k) == ("context:internal", "dials")} == {
        "phone:201", "phone:202", "phone:203",
        "phone:301", "phone:302", "phone:303", "phone:401", "phone:402",
    }  # fmt: skip
    assert {node.key for node in graph.nodes if node.missing} == {
        "context:intrenal", "context:fax-end", "phone:304",
    }  # fmt: skip


def test_the_mermaid_text_is_a_flow_chart_with_links() -> None:
    graph = plan("[a]\ninclude => b\nexten => 1,1,Dial(PJSIP/2)\nexten => 3,1,Dial(PJSIP/2)\n")
    shown = re.sub(r"  click n[12] .*\n", "", str(graph))
    assert shown == (
        "flowchart LR\n"
        "  accTitle: dialplan\n"
        "  accDescr: 5 boxes, 3 arrows\n"
        '  subgraph n0["a"]\n'
        '    n1["1"]\n'
        '    n2["3"]\n'
        "  end\n"
        '  n3["b"]\n'
        '  n4(["2"])\n'
        '  n0 -.->|"includes"| n3\n'
        '  n1 -->|"dials"| n4\n'
        '  n2 -->|"dials"| n4\n'
        '  click n0 href "extensions.conf#L1" "extensions.conf:1"\n'
        "  classDef missing stroke-dasharray:4 3,opacity:0.7\n"
        "  class n3 missing\n"
    )


def test_mermaid_takes_nothing_of_a_name_for_its_own_language() -> None:
    name = '"]; click a`b` #quot; <b> & \\'
    graph = Graph("t", [Node("context:x", "context", name)])
    assert graph.mermaid() == (
        "flowchart LR\n  accTitle: t\n  accDescr: 1 box, 0 arrows\n"
        '  n0["#34;]; click a#96;b#96; #35;quot; #60;b#62; #38; #92;"]\n'
    )
    graph = Graph("a; b\nclick {c} #d", [])
    assert graph.mermaid() == (
        "flowchart LR\n  accTitle: a b click c d\n  accDescr: 0 boxes, 0 arrows\n"
    )


def test_the_dot_text_has_a_row_for_each_extension() -> None:
    graph = plan("[a]\nexten => 1,1,Dial(PJSIP/2)\nexten => _X<,1,NoOp()\n")
    text = re.sub(r' (HREF|TITLE)="[^"]*"| ?(URL|tooltip)="?[^",\]]*"?,?', "", graph.dot())
    assert '<TD BGCOLOR="#2f81f72e"><B>a</B></TD>' in text
    assert '<TD PORT="n1" ALIGN="LEFT">1</TD>' in text
    assert '<TD PORT="n2" ALIGN="LEFT">_X&lt;</TD>' in text
    assert 'n0:n1 -> n3 [label="dials"' in text


def test_links_begin_as_told() -> None:
    graph = attrs.evolve(plan("[a]\n"), links="https://git.example/etc/")
    assert 'href "https://git.example/etc/extensions.conf#L1"' in graph.mermaid()
    assert 'URL="https://git.example/etc/extensions.conf#L1"' in graph.dot()
    odd = Graph("t", [Node("context:x", "context", "x", place=None)], links='"><script>')
    assert "<script>" not in odd.mermaid() + odd.dot()


@needs_dot
def test_the_svg_is_xml_in_the_colour_of_its_surroundings() -> None:
    svg = asterconf.load("examples/inherited").dialplan.graph(limit=None).svg()
    root = ET.fromstring(svg)
    assert root.tag.endswith("svg")
    words = "".join(root.itertext())
    for name in ("internal", "_30[1-3]", "backup-carrier", "workshop"):
        assert name in words
    links = {value for node in root.iter() for key, value in node.items() if key.endswith("href")}
    assert "extensions.d/menu.conf#L2" in links
    colours = set(re.findall(r'(?:fill|stroke)="([^"]*)"', svg))
    assert "black" not in colours
    assert "white" not in colours
    assert "currentColor" in colours


@needs_dot
def test_hostile_names_stay_names_in_the_svg() -> None:
    evil = '</text><script>alert(1)</script>"\\N\\G%s'
    conf = asterconf.Config.from_texts(
        {"extensions.conf": f"[a]\nexten => 1,1,Queue({evil})\ninclude => {evil}\n"}
    )
    svg = conf.dialplan.graph().svg()
    ET.fromstring(svg)
    assert "<script" not in svg
    assert "alert(1)" in svg


@needs_dot
def test_a_notebook_gets_the_svg() -> None:
    bundle, about = plan("[a]\n")._repr_mimebundle_()
    assert set(bundle) == {"text/plain", "image/svg+xml"}
    assert bundle["text/plain"] == "<Graph dialplan: 1 box, 0 arrows>"
    assert about == {"image/svg+xml": {"alt": "1 box, 0 arrows"}}


@needs_dot
def test_the_svg_says_in_words_what_it_shows() -> None:
    odd = "a&b<c\x01\ud800"
    graph = Graph(
        odd, [Node("x", "context", 'x"y'), Node("z", "queue", "z")], [Edge("x", "z", "q")]
    )
    root = ET.fromstring(graph.svg())
    space = "{http://www.w3.org/2000/svg}"
    assert root.get("role") == "img"
    name = root.get("aria-label") or ""
    assert name.startswith("a&b<c")
    assert name.endswith(": 2 boxes, 1 arrow")
    assert [one.tag for one in root][:2] == [f"{space}title", f"{space}desc"]
    assert root[0].text == name
    assert root[1].text == '2 boxes, 1 arrow. x"y q z'


def test_many_arrows_are_told_by_their_number() -> None:
    nodes = [Node(f"n{n}", "context", f"n{n}") for n in range(101)]
    arrows = [Edge("n0", node.key, "goto") for node in nodes[1:]]
    told = Graph("t", nodes, arrows).description.split(". ")
    assert (told[0], told[1], told[-1]) == (
        "101 boxes, 100 arrows", "n0 goto n1", "70 more arrows",
    )  # fmt: skip


REFUSED = {"extensions.conf": '[a]\nexten => 1,1,NoOp()\n#include "gone.conf"\n'}


def test_a_picture_of_a_refused_file_begins_with_that() -> None:
    conf = asterconf.Config.from_texts(REFUSED | {"extensions.ael": "context b { }"})
    for graph in (conf.dialplan.graph(), conf.map()):
        refused, unknown = graph.notes
        assert refused.startswith("Asterisk refuses extensions.conf: ")
        assert unknown.startswith("unknown: extensions.ael")
        assert graph.nodes == ()
        assert "Asterisk refuses extensions.conf" in repr(graph)
        assert '  note0["Asterisk refuses extensions.conf' in graph.mermaid()
        assert 'label="Asterisk refuses extensions.conf' in graph.dot()
        assert graph.description.startswith("Asterisk refuses extensions.conf")
        assert str(view(graph)).splitlines()[1].lstrip() == refused
        for text in (str(view(graph)), html(graph)):
            assert "gone.conf" in text
    fine = asterconf.Config.from_texts({"extensions.conf": "[a]\nexten => 1,1,NoOp()\n"})
    assert fine.dialplan.graph().notes == ()


def test_a_note_has_no_secret() -> None:
    text = '#include "sip:u:hush@h.conf"\n'
    graph = asterconf.Config.from_texts({"extensions.conf": text}).dialplan.graph()
    assert graph.notes
    assert "hush" not in graph.mermaid() + graph.dot() + repr(graph) + html(graph)


def test_a_view_is_the_picture() -> None:
    graph = plan("[a]\nexten => 1,1,Dial(PJSIP/2)\n")
    assert "flowchart LR" in str(view(graph))
    assert ("<svg" in html(graph)) == bool(DOT)
    assert "Node" not in html(graph)


def test_without_graphviz_a_view_is_the_mermaid_text(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("asterconf.display.configuration.installed", lambda: False)
    shown = html(plan("[a]\ninclude => <b>\n"))
    assert '<pre class="mermaid"' in shown
    assert "<b>" not in shown
    assert "accTitle: dialplan" in shown


def test_a_picture_is_saved_as_its_name_says(tmp_path: Path) -> None:
    graph = plan("[a]\nexten => 1,1,Dial(PJSIP/2)\n")
    for ending, text in ((".dot", graph.dot()), (".gv", graph.dot()), (".mmd", graph.mermaid())):
        graph.save(tmp_path / f"a{ending}")
        assert (tmp_path / f"a{ending}").read_text() == text
    graph.save(tmp_path / "a.html")
    assert (tmp_path / "a.html").read_text() == view(graph).page()
    if DOT:
        graph.save(str(tmp_path / "a.svg"))
        ET.parse(tmp_path / "a.svg")
    with pytest.raises(ValueError, match=r"saved as .svg, .html, .dot, .gv, .mmd, .mermaid, not"):
        graph.save(tmp_path / "a.png")
    assert not (tmp_path / "a.png").exists()


def test_without_graphviz_a_notebook_gets_mermaid_and_svg_says_what_is_needed(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("shutil.which", lambda _name: None)
    graph = plan("[a]\n")
    assert graph._repr_mimebundle_()[0]["text/vnd.mermaid"] == graph.mermaid()
    with pytest.raises(MissingExtraError, match=r"^an SVG needs Graphviz and the extra 'graph'"):
        graph.svg()


# -- many boxes -----------------------------------------------------------------------------------


@cache
def big(extensions: int = 2000) -> asterconf.Config:
    """Return a company: each extension has a phone and a mailbox, and a number from outside."""
    lines = ["[internal]", "include => out"]
    for n in range(1000, 1000 + extensions):
        lines += [f"exten => {n},1,Dial(PJSIP/{n},20)", f" same => n,VoiceMail({n}@default)"]
    lines += ["[out]", "exten => _9X.,1,Dial(PJSIP/${EXTEN:1}@line)", "[from-line]"]
    lines += [f"exten => 55{n},1,Goto(internal,{n},1)" for n in range(1000, 1300)]
    wizard = ["[t](!)", "type = wizard", "accepts_registrations = yes"]
    wizard += ["endpoint/context = internal"]
    for n in range(1000, 1000 + extensions):
        wizard += [f"[{n}](t)", f"endpoint/mailboxes = {n}@default"]
    boxes = ["[default]", *(f"{n} => 1,B" for n in range(1000, 1000 + extensions))]
    texts = {"extensions.conf": lines, "pjsip_wizard.conf": wizard, "voicemail.conf": boxes}
    return asterconf.Config.from_texts({k: "\n".join(v) + "\n" for k, v in texts.items()})


def test_a_dialplan_of_2000_extensions_is_a_picture_of_few_boxes() -> None:
    graph = big().dialplan.graph()
    assert {(n.key, n.label, n.detail) for n in graph.nodes} == {
        ("context:internal", "internal", "2,000 extensions"),
        ("context:out", "out", "1 extension"),
        ("context:from-line", "from-line", "300 extensions"),
        ("phone:1000", "1000 … 2999", "2,000 phones"),
        ("mailbox:1000@default", "1000@default … 2999@default", "2,000 mailboxes"),
        ("trunk:line", "line", ""),
    }
    assert {(e.source, e.kind, e.target, e.count) for e in graph.edges} == {
        ("context:internal", "includes", "context:out", 1),
        ("context:internal", "dials", "phone:1000", 2000),
        ("context:internal", "voicemail", "mailbox:1000@default", 2000),
        ("context:out", "dials", "trunk:line", 1),
        ("context:from-line", "goto", "context:internal", 300),
    }
    assert "dials \N{MULTIPLICATION SIGN}2,000" in graph.mermaid()


def test_a_map_of_2000_phones_is_a_picture_of_few_boxes() -> None:
    graph = big().map()
    assert len(graph.nodes) <= 24
    assert Counter(node.kind for node in graph.nodes)["phone"] == 1
    assert graph.node("phone:1000").count == 2000


def test_names_that_differ_in_digits_are_drawn_as_one() -> None:
    lines = []
    for n in range(100):
        lines += [f"[desk-{n:03}]", f"include => out-{n:03}"]
        lines += [f"[out-{n:03}]", "exten => _X.,1,Dial(PJSIP/${EXTEN}@line)"]
    graph = plan("\n".join(lines) + "\n")
    assert {(n.label, n.detail) for n in graph.nodes} == {
        ("desk-#", "100 contexts"), ("out-#", "100 contexts"), ("line", ""),
    }  # fmt: skip
    assert sorted((e.kind, e.count) for e in graph.edges) == [("dials", 100), ("includes", 100)]


def test_of_many_unlike_boxes_those_with_the_most_arrows_are_kept() -> None:
    letters = "abcdefghijklmnopqrstuvwxyz"
    names = [first + second for first in letters for second in letters]
    lines = [line for name in names for line in (f"[{name}]", "include => hub")]
    graph = plan("\n".join([*lines, "[hub]"]) + "\n")
    assert len(graph.nodes) <= 100
    assert graph.node("context:hub").label == "hub"
    other = next(node for node in graph.nodes if node.label == "other contexts")
    assert other.count + len(graph.nodes) - 1 == len(names) + 1


def test_grouping_keeps_every_arrow_between_different_boxes() -> None:
    conf = asterconf.load("examples/inherited")
    whole = conf.dialplan.graph(limit=None)
    few = whole.grouped(12)
    home = {node.key: node.inside or node.key for node in whole.nodes}
    crossing = sum(edge.count for edge in whole.edges if home[edge.source] != home[edge.target])
    inner = sum(edge.count for edge in few.edges)
    assert len(few.nodes) <= 12
    assert inner <= crossing
    assert {edge.kind for edge in few.edges} == {edge.kind for edge in whole.edges}


def test_a_small_picture_is_left_as_it_is() -> None:
    graph = plan()
    assert graph.grouped(60) is graph


@needs_dot
def test_dot_takes_every_picture_without_a_warning() -> None:
    for graph in (plan(), big(300).dialplan.graph(), big(300).map(),
                  asterconf.load("examples/inherited").map(limit=None)):  # fmt: skip
        done = subprocess.run(
            ["dot", "-Tsvg"], input=graph.dot(), capture_output=True, text=True, check=True
        )
        assert done.stderr == ""


def test_a_graph_is_a_value() -> None:
    edge = Edge("a", "b", "goto")
    one = Graph("t", [Node("a", "context", "a"), Node("b", "context", "b")], [edge])
    assert one == Graph("t", (Node("a", "context", "a"), Node("b", "context", "b")), (edge,))
    assert hash(one) == hash(attrs.evolve(one))


def test_a_link_with_several_parameters_is_escaped_once_more_in_the_cells_of_a_table() -> None:
    at = Position("extensions.conf", 3)
    nodes = [
        Node("a", "context", "a", "", at),
        Node("b", "extension", "1", "", at, "a"),
        Node("c", "phone", "PJSIP/1", "", at),
    ]
    graph = Graph("x", nodes, [Edge("b", "c", "dials", "", at, 1)], links="https://h/v?x=1&f=")
    link = "https://h/v?x=1&f=extensions.conf#L3"
    dot, mermaid = graph.dot(), graph.mermaid()
    # Graphviz reads what stands in a cell as XML; what it reads elsewhere it escapes itself.
    inside = f'HREF="{link.replace("&", "&amp;amp;")}"'
    outside = f'URL="{link.replace("&", "&amp;")}"'
    assert dot.count(inside) == 2
    assert dot.count(outside) == 2
    assert link in mermaid
    assert "&amp;" not in mermaid
    named = attrs.evolve(nodes[2], place=Position("a&b.conf", 3))
    other = attrs.evolve(graph, nodes=[*nodes[:2], named])
    assert "f=a%26b.conf#L3" in other.dot()
    assert "f=a%26b.conf#L3" in other.mermaid()
