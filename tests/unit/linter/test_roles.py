"""Who reads a file is asked before it is judged; one cause is one finding."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

import asterconf
from asterconf import Config, Diagnostic
from asterconf.display import view
from asterconf.source import Severity


def written(folder: Path, **texts: str) -> Path:
    """Write files `name.conf` into a folder."""
    for name, text in texts.items():
        (folder / f"{name}.conf").write_text(text)
    return folder


def told(found: asterconf.Config) -> list[tuple[str, str, str]]:
    """Return severity, code and place of each finding."""
    return [(str(d.severity), d.code, str(d.position)) for d in found.check()]


FRAGMENTS = {
    "pjsip": "[udp]\ntype=transport\nbind=127.0.0.1\n[p](!)\ntype=endpoint\nallow=ulaw\n"
    "#include pjsip_phones.conf\n",
    "pjsip_phones": "[6001](p)\ncallerid=A <6001>\n",
    "features": "[general]\n#include features_additional.conf\n",
    "features_additional": "pickupexten=*8\n",
    "extensions": "[x]\nexten => 1,1,NoOp()\n#include extensions_more.conf\n",
    "extensions_more": "exten => 2,1,NoOp()\nsame => n,Hangup()\n",
}


def test_fragments_are_judged_where_they_are_included(tmp_path: Path) -> None:
    assert told(asterconf.load(written(tmp_path, **FRAGMENTS))) == []
    written(tmp_path, features_additional="pickupexten=*8\npickuptone=1\n")
    (one,) = asterconf.load(tmp_path).check()
    assert (one.code, str(one.position)) == ("AC604", "features_additional.conf:2:12")


def test_a_fragment_that_nobody_includes_any_more_is_not_an_error(tmp_path: Path) -> None:
    written(tmp_path, **FRAGMENTS)
    written(tmp_path, features="[general]\n")
    assert told(asterconf.load(tmp_path)) == [("info", "AC021", "features_additional.conf:1:1")]


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        (
            "ast_debug_tools.conf",
            "#\n# a comment of bash\nCOREDUMPS=(/tmp/core)\n",
            "ast_coredumper",
        ),
        ("dbsep.conf", "# a comment\ndsn=x\n", "dbsep.cgi"),
        ("rpt.conf", "x=1\n", "app_rpt"),
        ("sccp.conf", "x=1\n", "chan_sccp"),
        ("mine.conf", "x=1\n", "no module of Asterisk 22 asks for it"),
        ("skinny.conf", "x=1\n", "was removed in Asterisk 21"),
    ],
)
def test_what_no_module_reads_is_one_finding_that_nothing_is_wrong_with(
    name: str, text: str, reason: str
) -> None:
    conf = Config.from_texts({name: text, "extensions.conf": "[a]\nexten => 1,1,NoOp()\n"})
    (one,) = conf.check()
    assert (one.severity, one.code) == (Severity.INFO, "AC021")
    assert reason in one.message
    assert not conf.check().wrong
    assert conf.check().info == conf.check()


def unreadable(folder: Path) -> None:
    """Put each kind of name that cannot be read among the files of a folder."""
    (folder / "nowhere.conf").symlink_to("gone.conf")
    (folder / "queues.conf").symlink_to("queues.conf")
    (folder / "rtp.conf").mkdir()
    (folder / "included.conf").mkdir()
    os.mkfifo(folder / "iax.conf")
    (folder / "zero.conf").symlink_to("/dev/zero")


def test_a_name_that_cannot_be_read_is_one_finding_and_the_rest_goes_on(tmp_path: Path) -> None:
    unreadable(tmp_path)
    written(tmp_path, pjsip="[t]\ntype=endpoint\nrtp_timeout=x\n")
    conf = asterconf.load(tmp_path)
    assert told(conf) == [
        ("warning", "AC020", "iax.conf:1:1"),
        ("info", "AC020", "nowhere.conf:1:1"),
        ("error", "AC405", "pjsip.conf:3:13"),
        ("warning", "AC020", "queues.conf:1:1"),
        ("warning", "AC020", "rtp.conf:1:1"),
        ("info", "AC020", "zero.conf:1:1"),
    ]
    assert conf.files == ("pjsip.conf",)
    assert "leads to itself" in str(view(conf))


def test_a_diff_goes_on_where_a_name_cannot_be_read(tmp_path: Path) -> None:
    for side, wait in (("a", 1), ("b", 2)):
        folder = tmp_path / side
        folder.mkdir()
        unreadable(folder)
        written(folder, extensions=f"[x]\nexten => 1,1,Wait({wait})\n")
    assert [change.name for change in asterconf.diff(tmp_path / "a", tmp_path / "b")] == ["x"]


@pytest.mark.parametrize(
    ("lines", "code", "count"),
    [
        ("[agents]\n" + "agent => 1,2,A\n" * 940, "AC604", " (939 more)"),
        ("[one]\nautologoff=x\nmusiconhold=a\nfoo=1\n[two]\nbar=1\n", "AC601", " (2 more)"),
        ("[agents]\nagent => 1,2,A\n", "AC604", "agents.conf"),
    ],
)
def test_what_costs_the_whole_file_is_one_finding_with_a_count(
    lines: str, code: str, count: str
) -> None:
    (one,) = Config.from_texts({"agents.conf": lines}).check()
    assert one.code == code
    assert one.message.endswith(count)


def test_a_refused_registration_is_not_told_by_a_second_code() -> None:
    text = "[r]\ntype=registration\nserver_uri=http://a\nclient_uri=sip:b@a\n"
    assert [d.code for d in Config.from_texts({"pjsip.conf": text}).check()] == ["AC405"]


GENERATED = (
    ";--------------------------------------------------------------------------------;\n"
    ";          Do NOT edit this file as it is auto-generated by FreePBX.             ;\n"
    ";--------------------------------------------------------------------------------;\n"
)


@pytest.mark.parametrize(
    ("head", "generator"),
    [
        (GENERATED, "FreePBX"),
        (GENERATED.replace("FreePBX", "IssabelPBX"), "IssabelPBX"),
        ("; autogenerated from wazo-confgend\n", "wazo-confgend"),
        ("; Autogenerated by /usr/sbin/dahdi_genconf on Tue Jul 28\n", "dahdi_genconf"),
        ("; Automatically generated from ../channels/chan_oss.c\n", ""),
        (";! Automatically generated configuration file\n;! Generator: Manager\n", ""),
        ("[x]\n; auto-generated by FreePBX\n", ""),
    ],
)
def test_a_file_that_says_who_writes_it_is_generated(head: str, generator: str) -> None:
    conf = Config.from_texts(
        {"extensions.conf": "#include more.conf\n", "more.conf": f"{head}[a]\nexten => 1,1,NoOp\n"}
    )
    source = conf.sources["more.conf"]
    assert source.generator == generator
    assert source.role == ("generated" if generator else "fragment")
    found: list[Diagnostic] = list(conf.check())
    assert [d.code for d in found] == ["AC022"] * bool(generator)
