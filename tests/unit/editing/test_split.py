"""Verbs on trees that are split by includes."""

from pathlib import Path

import pytest

import asterconf
from asterconf import DialplanContext, Extension
from asterconf.errors import EditError, LoadError

TEMPLATE = """\
[phone](!)
type=wizard
accepts_registrations=yes
accepts_auth=yes
endpoint/context=internal

"""
PHONES = """\
[100](phone)
inbound_auth/username=100
inbound_auth/password=abc
endpoint/callerid=Ann <100>

[101](phone)
inbound_auth/username=101
inbound_auth/password=def
endpoint/callerid=Bob <101>
"""
LAYOUTS = {
    "same folder": {
        "pjsip_wizard.conf": f"{TEMPLATE}#include phones.conf\n",
        "phones.conf": PHONES,
    },
    "subfolder": {
        "pjsip_wizard.conf": f"{TEMPLATE}#include d/phones.conf\n",
        "d/phones.conf": PHONES,
    },
    "glob": {"pjsip_wizard.conf": f"{TEMPLATE}#include d/*.conf\n", "d/p.conf": PHONES},
    "templates elsewhere": {
        "pjsip_wizard.conf": "#include t.conf\n#include p.conf\n",
        "t.conf": TEMPLATE,
        "p.conf": PHONES,
    },
    "nested": {
        "pjsip_wizard.conf": "#include a.conf\n",
        "a.conf": f"{TEMPLATE}#include d/b.conf\n",
        "d/b.conf": PHONES,
    },
}


@pytest.fixture(params=LAYOUTS)
def split(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[asterconf.Config, str]:
    layout = LAYOUTS[request.param]
    for name, text in layout.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (file,) = (name for name, text in layout.items() if text == PHONES)
    return asterconf.load(tmp_path), file


def test_a_phone_is_added_where_the_phones_stand(split: tuple[asterconf.Config, str]) -> None:
    conf, file = split
    assert conf.add(Extension("102", secret="ghi")).files == (file,)
    assert str(conf[file]) == (
        f"{PHONES}\n[102](phone)\ninbound_auth/username=102\ninbound_auth/password=ghi\n"
    )


def test_an_update_changes_the_line_that_is_there(split: tuple[asterconf.Config, str]) -> None:
    conf, file = split
    assert conf.update("100", callerid="Zoe <100>").files == (file,)
    assert str(conf[file]) == PHONES.replace("Ann <100>", "Zoe <100>")


def test_a_phone_is_removed_from_its_file(split: tuple[asterconf.Config, str]) -> None:
    conf, file = split
    assert conf.remove("101").files == (file,)
    assert str(conf[file]) == PHONES[: PHONES.index("\n[101]")]


def test_an_include_in_a_removed_section_stays_if_it_leads_to_sections() -> None:
    texts = {"queues.conf": "[a]\ntimeout=1\n#include b.conf\n", "b.conf": "[b]\ntimeout=2\n"}
    conf = asterconf.Config.from_texts(texts)
    conf.remove("a")
    assert str(conf["queues.conf"]) == "#include b.conf\n"
    assert list(conf.queues) == ["b"]


def test_an_include_of_options_goes_with_its_section() -> None:
    texts = {"queues.conf": "[b]\n[a]\n#include a.inc\n", "a.inc": "timeout=2\n"}
    conf = asterconf.Config.from_texts(texts)
    conf.remove("a")
    assert str(conf["queues.conf"]) == "[b]\n"


def test_a_fragment_that_a_module_reads_too_is_still_judged_by_itself() -> None:
    texts = {"queues.conf": "[t](!)\ntimeout=2\n[a](t)\n", "agents.conf": "#include queues.conf\n"}
    conf = asterconf.Config.from_texts(texts)
    names = [one.name for one in conf.workspace.whole_readings()]
    assert names == ["queues.conf", "agents.conf"]


def test_an_option_is_added_behind_the_last_one_before_a_later_include() -> None:
    text = "[nodes]\n1999 = radio@127.0.0.1:4569/1999,NONE\n\n#tryinclude custom/rpt.conf\n"
    document = asterconf.parse(text)
    document["nodes"].add("2000", "x")
    assert str(document) == text.replace("NONE\n", "NONE\n2000 = x\n")


def test_an_option_of_an_empty_section_stands_before_its_include() -> None:
    document = asterconf.parse("[a]\n#include b.conf\n")
    document["a"].add("x", "1")
    assert str(document).startswith("[a]\nx")
    assert str(document).endswith("#include b.conf\n")


def test_texts_of_subfolders_are_no_files_of_their_own() -> None:
    texts = {"pjsip.conf": "#include d/a.conf\n", "d/a.conf": "[100](none)\ntype=aor\n"}
    assert asterconf.Config.from_texts(texts).names == ("pjsip.conf",)
    assert asterconf.Config.from_texts({"d/a.conf": "", "queues.conf.sample": ""}).names == (
        "queues.conf.sample",
    )


def test_a_context_makes_the_file_that_is_not_there_yet() -> None:
    conf = asterconf.Config.from_texts({})
    conf.dialplan.add(DialplanContext("home").with_extension("100", "NoOp(x)"))
    assert conf.dialplan["home"].extensions[0].name == "100"
    assert conf.changed == ("extensions.conf",)


def test_a_context_that_cannot_be_written_makes_no_file() -> None:
    conf = asterconf.Config.from_texts({})
    with pytest.raises(EditError):
        conf.dialplan.add(DialplanContext("a]b").with_extension("100", "NoOp(x)"))
    assert conf.files == ()


@pytest.mark.parametrize("pattern", ["phone-*", "phone-100.{conf,bak}", "phone-100.???"])
def test_a_backup_that_an_include_would_read_gets_a_name_that_none_reads(
    tmp_path: Path, pattern: str
) -> None:
    (tmp_path / "pjsip.conf").write_text(f'#include "{pattern}"\n')
    (tmp_path / "phone-100").write_text("[100]\ntype=aor\nmax_contacts=1\n")
    (tmp_path / "phone-100.conf").write_text("")
    conf = asterconf.load(tmp_path)
    conf.effective("pjsip.conf")
    conf["phone-100"]["100"]["max_contacts"] = "2"
    why = r"the backup is \.phone-100\.bak: an include in pjsip\.conf would read phone-100\.bak"
    with pytest.warns(UserWarning, match=why):
        conf.save(backup=True)
    assert not (tmp_path / "phone-100.bak").exists()
    assert (tmp_path / ".phone-100.bak").read_text() == "[100]\ntype=aor\nmax_contacts=1\n"
    before = [one.pairs for one in conf.effective("pjsip.conf").sections]
    again = asterconf.load(tmp_path).effective("pjsip.conf")
    assert [one.pairs for one in again.sections] == before


def test_a_backup_that_includes_would_read_whatever_it_is_called_is_refused(tmp_path: Path) -> None:
    (tmp_path / "pjsip.conf").write_text('#include "{.,}phone-*"\n')
    (tmp_path / "phone-100").write_text("[100]\n")
    conf = asterconf.load(tmp_path)
    conf.effective("pjsip.conf")
    conf["phone-100"]["100"]["max_contacts"] = "2"
    with pytest.raises(LoadError, match=r"would read the backups phone-100\.bak and \.phone-100"):
        conf.save(backup=True)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["phone-100", "pjsip.conf"]


# -- include lines ---------------------------------------------------------------------------------


def test_a_file_is_included_behind_the_last_option(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[a]\ntimeout=1\n\n; the end\n")
    (tmp_path / "more").mkdir()
    (tmp_path / "more" / "b.conf").write_text("[b]\ntimeout=2\n")
    conf = asterconf.load(tmp_path)
    done = conf.include("queues.conf", "more/*.conf")
    assert str(conf["queues.conf"]) == "[a]\ntimeout=1\n#include more/*.conf\n\n; the end\n"
    assert (done.action, done.files, done.obj.target) == ("added", ("queues.conf",), "more/*.conf")
    assert list(conf.queues) == ["a", "b"]
    conf.include("queues.conf", "none/*.conf", optional=True, after=conf["queues.conf"].head)
    assert str(conf["queues.conf"]).startswith("#tryinclude none/*.conf\n[a]\n")


def test_an_include_that_asterisk_would_refuse_is_not_written() -> None:
    texts = {"queues.conf": "[a]\n", "b.conf": "[b](none)\n", "top.conf": "#include queues.conf\n"}
    conf = asterconf.Config.from_texts(texts)
    for target, why in (("gone.conf", "AC011 nothing could"), ("b.conf", "AC102 .b. inherits")):
        with pytest.raises(EditError, match=f"queues.conf cannot include {target}: .*{why}"):
            conf.include("queues.conf", target)
    assert str(conf["queues.conf"]) == "[a]\n"
    with pytest.raises(EditError, match=r"new\.conf cannot include gone"):
        conf.include("new.conf", "gone.conf")
    assert "new.conf" not in conf
    assert conf.include("new.conf", "queues.conf").files == ("new.conf",)


@pytest.mark.parametrize(
    ("text", "file", "line"),
    [
        ("[a]\n", "b.conf", "#include b.conf"),
        ('[a]\n#include "x"\n', "b.conf", '#include "b.conf"'),
        ("[a]\n#include <x>\n", "b.conf", "#include <b.conf>"),
        ("[a]\n", "my phones.conf", "#include my phones.conf"),
        ("[a]\n", '"b"', '#include ""b""'),
        ("[a]\n", "x ", '#include "x "'),
        ("[a]\r\n", "b.conf", "#include b.conf\r"),
    ],
)
def test_an_include_is_written_as_its_name_needs(text: str, file: str, line: str) -> None:
    document = asterconf.parse(text)
    made = document["a"].include(file)
    assert made.target == file
    assert line in str(document).split("\n")
    assert asterconf.parse(bytes(document))["a"].directives[-1 if "x" in text else 0].argument


def test_a_name_that_no_line_can_hold_is_refused() -> None:
    document = asterconf.parse("[a]\n")
    for file in ("a\nb", "a;b", ""):
        with pytest.raises(EditError):
            document["a"].include(file)
    assert str(document) == "[a]\n"


def test_a_fragment_is_not_judged_by_what_stands_in_other_files() -> None:
    text = "timeout=1\nnonsense\n[b](t)\n[c](+)\n"
    assert [d.code for d in asterconf.parse(text).diagnostics] == [
        "AC101", "AC101", "AC102", "AC103",
    ]  # fmt: skip
    fragment = asterconf.parse(text, fragment=True)
    assert [d.code for d in fragment.diagnostics] == ["AC003"]
    assert fragment.head["timeout"] == "1"
    assert fragment["b"].inherits == ("t",)


# -- extensions to other contexts ------------------------------------------------------------------

PLAN = """\
[a]
; ann's desk
exten => 100,1,NoOp(x)
; then
 same => n,Hangup()
exten => 200,1,Goto(a,100,1)
exten => 100,hint,PJSIP/100

[b]
exten => 300,1,NoOp(y)
; behind

[c]
"""


def test_an_extension_moves_with_its_comments() -> None:
    conf = asterconf.Config.from_texts({"extensions.conf": PLAN})
    was = conf.dialplan["a"]["100"]
    done = conf.dialplan.move("100", "a", to="b")
    assert (
        str(conf["extensions.conf"])
        == """\
[a]
exten => 200,1,Goto(a,100,1)

[b]
exten => 300,1,NoOp(y)
; ann's desk
exten => 100,1,NoOp(x)
; then
 same => n,Hangup()
exten => 100,hint,PJSIP/100
; behind

[c]
"""
    )
    assert conf.dialplan["b"]["100"] == was
    assert "100" not in conf.dialplan["a"]
    assert (done.action, done.obj, done.files) == ("moved", was, ("extensions.conf",))
    assert done.notes == ("extensions.conf:2:23: Goto names it still",)
    conf.dialplan.move("200", "a", to="c")
    assert str(conf["extensions.conf"]).endswith("[c]\nexten => 200,1,Goto(a,100,1)\n")


def test_an_extension_moves_to_a_context_of_another_file() -> None:
    first, _, rest = PLAN.partition("[b]")
    texts = {"extensions.conf": f"{first}#include b.conf\n", "b.conf": f"[b]{rest}"}
    conf = asterconf.Config.from_texts(texts)
    assert conf.dialplan.move("100", "a", to="b").files == ("extensions.conf", "b.conf")
    assert [e.name for e in conf.dialplan["b"]] == ["100", "300"]


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("[t](!)\nexten => 100,1,NoOp()\n[a](t)\n[b](t)\n[d]\n[c]\n", "cannot move alone"),
        ("[a]\nexten => 100,1,NoOp()\nexten => 200,n,NoOp()\n[c]\n", "cannot move alone"),
        ("[a]\nexten => 100,1,NoOp()\n[c]\nexten => 100,1,NoOp()\n", "already"),
    ],
)
def test_an_extension_that_cannot_move_alone_stays(text: str, why: str) -> None:
    conf = asterconf.Config.from_texts({"extensions.conf": text})
    with pytest.raises(EditError, match=why):
        conf.dialplan.move("100", "a", to="c")
    assert str(conf["extensions.conf"]) == text
