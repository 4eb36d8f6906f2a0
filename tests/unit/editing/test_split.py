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
def test_a_backup_that_an_include_would_read_is_refused(tmp_path: Path, pattern: str) -> None:
    (tmp_path / "pjsip.conf").write_text(f'#include "{pattern}"\n')
    (tmp_path / "phone-100").write_text("[100]\ntype=aor\nmax_contacts=1\n")
    (tmp_path / "phone-100.conf").write_text("")
    conf = asterconf.load(tmp_path)
    conf.effective("pjsip.conf")
    conf["phone-100"]["100"]["max_contacts"] = "2"
    with pytest.raises(LoadError, match=r"pjsip\.conf would read the backup phone-100\.bak"):
        conf.save(backup=True)
    assert not (tmp_path / "phone-100.bak").exists()
    conf["pjsip.conf"].head.add_comment("x")
    assert tmp_path / "phone-100" in conf.save()
