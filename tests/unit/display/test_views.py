"""What a person sees of each object, in a notebook and as text."""

import re
import subprocess
import sys
from pathlib import Path

import attrs
import pytest

import asterconf
from asterconf.display import html, view
from asterconf.language.pattern import Pattern
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember
from tests.unit.display.markup import Markup

TEXTS = {
    "pjsip_wizard.conf": (
        "[phones](!)\n"
        "type = wizard\n"
        "accepts_registrations = yes\n"
        "accepts_auth = yes\n"
        "aor/max_contacts = 1\n"
        "endpoint/context = home\n"
        "[6001](phones)\n"
        "endpoint/callerid = Living Room <6001>\n"
        "inbound_auth/username = 6001\n"
        "inbound_auth/password = hush-1\n"
        "[line]\n"
        "type = wizard\n"
        "sends_auth = yes\n"
        "sends_registrations = yes\n"
        "remote_hosts = sip.example\n"
        "outbound_auth/username = me\n"
        "outbound_auth/password = hush-2\n"
    ),
    "extensions.conf": (
        "[globals]\n"
        "LINE = line\n"
        "LINEPASS = hush-3\n"
        "[home]\n"
        "include => out,9:00-17:00,*,*,*\n"
        "exten => 6001,hint,PJSIP/6001\n"
        "exten => 6001,1(ring),Dial(PJSIP/6001,20)\n"
        " same => n,Queue(all)\n"
        "[out]\n"
        "exten => _X.,1,Dial(PJSIP/${EXTEN}@${LINE})\n"
    ),
    "queues.conf": (
        "[t](!)\ntimeout = 10\nstrategy = ringall\n"
        "[all](t)\ntimeout = 20\nstrategy = linear\n"
        "member => PJSIP/6001,2,Living Room\nmember => PJSIP/6002\n"
    ),
    "voicemail.conf": "[default]\n6001 => 70011,Living Room\n",
    "old.conf": "[a]\nb = c\n",
}


@pytest.fixture(scope="module")
def conf() -> asterconf.Config:
    return asterconf.Config.from_texts(TEXTS)


def test_a_configuration_is_tables_of_what_is_in_it(conf: asterconf.Config) -> None:
    seen = Markup(conf._repr_html_())
    assert [table[0] for table in seen.tables[:5]] == [
        ["name", "remote_hosts", "username", "at"],
        ["name", "number", "callerid", "context", "at"],
        ["name", "strategy", "timeout", "members", "at"],
        ["address", "name", "at"],
        ["context", "extensions", "includes", "at"],
    ]
    assert seen.tables[1][1:] == [
        ["6001", "6001", "Living Room <6001>", "home", "pjsip_wizard.conf:7"]
    ]
    assert seen.tables[4][1:] == [
        ["home", "1", "out,9:00-17:00,*,*,*", "extensions.conf:4"],
        ["out", "1", "", "extensions.conf:9"],
    ]
    assert seen.folded == ["6 findings  ·  3 advice, 3 warnings", "5 files  ·  4 read, 1 unknown"]


def test_an_empty_configuration_says_so() -> None:
    seen = Markup(asterconf.Config.from_texts({})._repr_html_())
    assert "No phones, trunks, queues, mailboxes or dialplan contexts." in seen.words


def test_a_document_is_its_lines_with_numbers_and_findings_below_them() -> None:
    document = asterconf.parse("; head\n[a]\nb = c ; why\nnonsense\n", name="x.conf")
    assert str(view(document)) == (
        "x.conf  ·  4 lines  ·  1 section  ·  1 finding\n"
        "      1  ; head\n"
        "      2  [a]\n"
        "      3  b = c ; why\n"
        "      4  nonsense\n"
        "           ↑ error AC003 line without '=' is skipped: 'nonsense'\n"
    )


def test_comments_step_back_and_names_stand_out() -> None:
    made = html(asterconf.parse("; head\n[a]\nb = c\n", name="x.conf"))
    assert '<span style="opacity:.68">; head</span>' in made
    assert '<span style="font-weight:600">[a]</span>' in made
    assert re.search(r'<span style="color:color-mix[^"]*">b</span>', made)


def test_a_long_document_shows_its_sections_folded() -> None:
    text = "; head\n" + "".join(f"[s{n}]\na = {n}\n" for n in range(40))
    seen = Markup(html(asterconf.parse(text, name="x.conf")))
    assert len(seen.folded) == 40
    assert seen.folded[0] == "[s0]  ·  line 2  ·  1 option"


def test_very_many_sections_are_counted_not_shown() -> None:
    text = "".join(f"[s{n}]\na = {n}\n" for n in range(1000))
    seen = Markup(html(asterconf.parse(text, name="x.conf")))
    assert len(seen.folded) == 100
    assert seen.words.endswith("… 900 more sections")


def test_a_long_document_opens_on_its_findings() -> None:
    text = "".join(
        f"[s{n}]\n" + "".join(f"o{k} = {k}\n" for k in range(150)) + "junk\n" * (n in {3, 150})
        for n in range(200)
    )
    shown = str(view(asterconf.parse(text, name="x.conf")))
    lines = shown.splitlines()
    assert lines[1] == "  2 findings  ·  2 errors"
    assert "  [s3]  ·  line 454  ·  150 options  ·  1 finding" in lines
    assert "  [s150]  ·  line 22,652  ·  150 options  ·  1 finding" not in lines
    assert "  [s150]  ·  line 22652  ·  150 options  ·  1 finding" in lines
    for line in (605, 22803):  # the last line of its section, and what is above it
        at = next(n for n, one in enumerate(lines) if one.split() == [str(line), "junk"])
        assert lines[at + 1].lstrip().startswith("↑ error AC003")
        assert [one.split()[0] for one in lines[at - 3 : at]] == [
            str(line - 3), str(line - 2), str(line - 1),
        ]  # fmt: skip
    seen = Markup(html(asterconf.parse(text, name="x.conf")))
    assert [one for one in seen.folded if "finding" in one] == []
    assert len([one for one in seen.folded if one.startswith("[s")]) == 98


@pytest.mark.parametrize("sections", [1, 40, 2_000])
@pytest.mark.parametrize("odd", [0, 1, 7])
def test_a_view_is_small_however_long_the_file_is(sections: int, odd: int) -> None:
    lines = "".join(f"option{k} = value {k}\n" + "junk\n" * bool(odd) for k in range(odd))
    lines += "".join(f"option{k} = value {k}\n" for k in range(40_000 // sections))
    text = "".join(f"[s{n}]\n{lines}" for n in range(sections))
    conf = asterconf.Config.from_texts({"x.conf": text})
    for shown in (conf["x.conf"], conf.effective("x.conf"), conf["x.conf"].parts[-1], conf):
        assert len(html(shown)) < 1_200_000


def test_a_section_shows_its_own_lines_and_findings_only() -> None:
    document = asterconf.parse("[a]\nodd\n[b](a)\nc = d\nodd\n", name="x.conf")
    assert str(view(document["b"])) == (
        "[b]  ·  inherits a  ·  line 3  ·  1 option  ·  1 finding\n"
        "      3  [b](a)\n"
        "      4  c = d\n"
        "      5  odd\n"
        "           ↑ error AC003 line without '=' is skipped: 'odd'\n"
    )


def test_an_effective_section_says_what_counts_and_what_it_hides(conf: asterconf.Config) -> None:
    rows = Markup(html(conf.effective("queues.conf")["all"])).tables[0]
    assert rows == [
        ["option", "value", "from", "hides"],
        ["strategy", "ringall", "queues.conf:3 through [t]", "linear at queues.conf:6"],
        ["timeout", "20", "queues.conf:5", "10 at queues.conf:2 through [t]"],
        ["member", "PJSIP/6001,2,Living Room", "queues.conf:7", ""],
        ["member", "PJSIP/6002", "queues.conf:8", ""],
    ]


def test_an_effective_option_lists_used_and_unused_values(conf: asterconf.Config) -> None:
    assert str(view(conf.effective("queues.conf")["all"].option("timeout"))) == (
        "timeout\n"
        "  value  from\n"
        "  20     queues.conf:5              used\n"
        "  10     queues.conf:2 through [t]  not used\n"
    )


def test_an_object_shows_where_each_field_is_written(conf: asterconf.Config) -> None:
    rows = Markup(html(conf.extensions["6001"])).tables[0]
    assert ["callerid", "Living Room <6001>", "pjsip_wizard.conf:8"] in rows
    assert ["secret", "********", "pjsip_wizard.conf:10"] in rows
    assert ["context", "home", "pjsip_wizard.conf:6"] in rows


def test_defaults_are_dimmed_and_many_of_them_folded(conf: asterconf.Config) -> None:
    made = html(conf.queues["all"])
    seen = Markup(made)
    assert [line for line in seen.folded if "default" in line]
    assert '<span style="opacity:.68">maxlen</span>' in made
    assert ["retry", "5"] in seen.tables[-1]


def test_an_object_made_by_hand_has_no_places() -> None:
    seen = Markup(html(Extension("6001", callerid=CallerID("Kitchen", "6001"))))
    assert ["callerid", "Kitchen <6001>"] in seen.tables[0]
    assert ".conf" not in seen.words


def test_objects_in_an_object_are_a_table_of_their_own(conf: asterconf.Config) -> None:
    tables = Markup(html(conf.queues["all"])).tables
    assert [["interface", "penalty", "name", "at"],
            ["PJSIP/6001", "2", "Living Room", "queues.conf:7"],
            ["PJSIP/6002", "0", "", "queues.conf:8"]] in tables  # fmt: skip
    bare = Markup(html(Queue("q", members=("PJSIP/1", "PJSIP/2")))).tables
    assert [row[:2] for row in bare[0]][-1] == ["members", "PJSIP/1, PJSIP/2"]


def test_a_changed_object_forgets_where_it_was_read(conf: asterconf.Config) -> None:
    changed = attrs.evolve(conf.extensions["6001"], callerid=CallerID("Hall", "6001"))
    assert "pjsip_wizard.conf" not in Markup(html(changed)).words


def test_places_are_no_part_of_a_value(conf: asterconf.Config) -> None:
    read = conf.queues["all"].members[0]
    made = QueueMember("PJSIP/6001", penalty=2, name="Living Room")
    assert read == made
    assert hash(read) == hash(made)


def test_a_mapping_is_a_table_and_a_long_one_is_folded() -> None:
    text = "[default]\n" + "".join(f"{n} => 1,Box {n}\n" for n in range(100, 350))
    boxes = asterconf.Config.from_texts({"voicemail.conf": text}).mailboxes
    seen = Markup(html(boxes))
    assert seen.words.startswith("250 mailboxes")
    assert len(seen.tables[0]) == 1 + 10
    assert len(seen.tables[1]) == 1 + 190
    assert "and 50 more, which are not shown here" in seen.words
    assert seen.folded == ["240 more"]


def test_a_context_shows_steps_labels_hints_and_includes(conf: asterconf.Config) -> None:
    seen = Markup(html(conf.dialplan["home"]))
    assert "includes out,9:00-17:00,*,*,*" in seen.words
    rows = [row[:4] for row in seen.tables[0]]
    assert rows == [
        ["extension", "priority", "label", "application"],
        ["6001", "hint", "", "PJSIP/6001"],
        ["", "1", "ring", "Dial(PJSIP/6001,20)"],
        ["", "2", "", "Queue(all)"],
    ]


def test_a_dialplan_shows_contexts_and_globals(conf: asterconf.Config) -> None:
    seen = Markup(html(conf.dialplan))
    assert seen.tables[0][1][:2] == ["home", "1"]
    assert [row[:2] for row in seen.tables[1]] == [["LINE", "line"], ["LINEPASS", "********"]]


def test_a_match_says_what_runs_and_why(conf: asterconf.Config) -> None:
    assert str(view(conf.dialplan.match("123", "out"))) == (
        "123  ·  '_X.' of [out] matches '123': priority 1 is Dial(PJSIP/${EXTEN}@${LINE})\n"
        "  context      out\n"
        "  extension    _X.\n"
        "  priority     1\n"
        "  application  Dial(PJSIP/${EXTEN}@${LINE})\n"
        "  way          out\n"
    )
    assert "nothing in [home] matches '9'" in Markup(html(conf.dialplan.match("9", "home"))).words


def test_a_pattern_shows_what_it_accepts_place_by_place() -> None:
    assert str(view(Pattern("_4[1-3xX]Z."))) == (
        "_4[1-3xX]Z.  ·  pattern\n"
        "  place           accepts\n"
        "  1      4        4\n"
        "  2      [1-3xX]  1-3, X, x\n"
        "  3      Z        1-9\n"
        "  4      .        anything, at least one character\n"
    )
    assert str(view(Pattern("911"))) == "911 is not a pattern; it matches only itself\n"


def test_a_home_pbx_shows_its_parts_without_their_secrets() -> None:
    pbx = asterconf.HomePBX(
        owner="John Doe <+15555555555>",
        area_code="555",
        trunks=[asterconf.providers.voipms("sip.example", username="1", secret="hush-1")],
        extensions=[Extension("6001", secret="hush-2")],
        mailboxes=[Mailbox("6000", initial_pin="70011")],
    )
    seen = Markup(pbx._repr_html_()).words
    assert "6001" in seen
    assert "hush" not in seen
    assert "70011" not in seen


def test_findings_are_a_table_counted_by_severity() -> None:
    found = asterconf.parse("odd\n[a]\nodd\n", name="x.conf").diagnostics
    lines = str(view(found)).split("\n")
    assert lines[0] == f"{len(found)} findings  ·  {len(found)} errors"
    assert lines[1].split() == ["severity", "code", "at", "message", "hint"]
    assert lines[2].split()[:3] == ["error", found[0].code, "x.conf:1"]


def test_one_finding_shows_its_place_and_hint() -> None:
    found = asterconf.parse("[a]\nodd\n", name="x.conf").diagnostics[0]
    assert str(view(found)) == (
        "error AC003  line without '=' is skipped: 'odd'\n"
        "  at    x.conf:2\n"
        "  hint  write NAME = VALUE, or put a ; before it\n"
    )


def test_sources_are_a_table(conf: asterconf.Config) -> None:
    rows = Markup(html(conf.sources)).tables[0]
    assert rows[0] == ["file", "role", "reason"]
    assert ["queues.conf", "read", "it is read by app_queue, if it is loaded"] in rows
    assert "unknown" in Markup(html(conf.sources["old.conf"])).words


def test_what_is_none_of_ours_is_its_repr() -> None:
    assert (
        html({"a": "<b>"})
        == '<div style="margin:.2em 0">{&#x27;a&#x27;: &#x27;&lt;b&gt;&#x27;}</div>'
    )


def test_styles_fix_no_colour_that_a_dark_page_would_swallow(conf: asterconf.Config) -> None:
    document = asterconf.parse("[a]\nodd\n#include x\n;c\npassword = x\n", name="x.conf")
    styles = Markup(html(conf) + html(document) + html(conf.queues["all"])).styles
    for style in styles:
        for declaration in style.split(";"):
            name, _, value = declaration.partition(":")
            if "color" in name or "background" in name or "border" in name:
                fixed = re.sub(r"color-mix\(in srgb,currentColor [0-9]+%,[^)]*\)", "", value)
                assert not re.search(r"#[0-9a-f]|rgb|black|white", fixed), declaration


def test_markup_in_a_file_is_text_in_its_view() -> None:
    evil = "<script>alert(1)</script>\"'&"
    conf = asterconf.Config.from_texts(
        {
            "extensions.conf": f"[{evil}]\nexten => {evil},1,NoOp({evil})\n",
            "queues.conf": f"[q]\nmusicclass = {evil}\n",
        }
    )
    for thing in (conf, conf["queues.conf"], conf.effective("queues.conf"), conf.dialplan,
                  conf.dialplan.contexts[0], conf.queues["q"]):  # fmt: skip
        made = html(thing)
        assert "<script>" not in made
        Markup(made)
    assert evil in Markup(html(conf["queues.conf"])).words


def test_odd_bytes_are_shown_so_that_any_page_can_hold_them() -> None:
    document = asterconf.parse(b"[a]\nb = \xff\x01\n", name="x.conf")
    assert "b = \\xff\\x01" in Markup(html(document)).words
    html(document).encode()


def test_a_view_is_a_page_of_its_own_when_saved(conf: asterconf.Config, tmp_path: Path) -> None:
    view(conf.queues).save(tmp_path / "queues.html")
    page = (tmp_path / "queues.html").read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert "<title>1 queue</title>" in page
    assert "color-scheme:light dark" in page


def test_reveal_shows_secrets_to_those_who_ask(conf: asterconf.Config) -> None:
    for thing, secret in (
        (conf.extensions["6001"], "hush-1"),
        (conf["pjsip_wizard.conf"], "hush-1"),
        (conf.effective("pjsip_wizard.conf"), "hush-2"),
        (conf.dialplan, "hush-3"),
        (conf.mailboxes["6001@default"], "70011"),
    ):
        assert secret not in html(thing)
        assert secret not in str(view(thing))
        assert secret in html(thing, reveal=True)
        assert secret in view(thing, reveal=True)._repr_html_()
        assert secret in str(view(thing, reveal=True))


def test_nothing_of_the_display_is_imported_before_somebody_looks() -> None:
    code = (
        "import sys, asterconf\n"
        "conf = asterconf.load('examples/home')\n"
        "conf.extensions, conf.dialplan, conf.queues, repr(conf)\n"
        "assert not any(m.startswith('asterconf.display') for m in sys.modules)\n"
        "conf._repr_html_()\n"
        "assert 'asterconf.display' in sys.modules\n"
        "assert not {'graphviz', 'pandas', 'IPython'} & set(sys.modules)\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_references_are_a_table() -> None:
    texts = {
        "queues.conf": "[sales]\n",
        "extensions.conf": "[in]\nexten => s,1,Queue(sales)\n",
    }
    conf = asterconf.Config.from_texts(texts)
    assert str(view(conf.references.to(conf.queues["sales"]))).splitlines() == [
        "1 object",
        "  target         by     source            place              certainty",
        "  queue 'sales'  Queue  extension 's@in'  extensions.conf:2  certain",
    ]
