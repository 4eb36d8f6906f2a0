"""What Asterisk 22 does not read or run any more is said first, a finding for each kind."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner

from asterconf import Config
from asterconf.cli.show import COMMANDS
from asterconf.display import view
from asterconf.linter import Diagnostics

PLAN = """\
[a]
exten => 1,1,Macro(x)
 same => n,Macro(y)
 same => n,Dial(SIP/1|20)
 same => n,Dial(SIP/2,,M(x))
 same => n,MeetMe(1)
 same => n,Set(x=${SIP_HEADER(a)})
exten => 2,hint,SIP/2
exten => 3,1,Dial(PJSIP/1,20,t)
 same => n,NoOp(SIP/3 a|b)
 same => n,Playback(sounds/SIP/hello)
 same => n,ConfBridge(1)
 same => n,Set(PJSIP_HEADER(add,a)=b)
"""
SIP = "[general]\n[1]\ntype=friend\nhost=dynamic\n[prov]\ntype=peer\nhost=192.0.2.1\n"
QUEUES = "[q]\nmember => SIP/1\nmember => PJSIP/1\n"
MODULES = "[modules]\nload => chan_sip.so\nrequire = app_macro.so\nload = app_rpt.so\n"
FEATURES = "[featuremap]\nautomon => *1\nautomixmon => *3\n"


@pytest.fixture
def conf() -> Config:
    return Config.from_texts({
        "extensions.conf": PLAN, "sip.conf": SIP, "queues.conf": QUEUES,
        "modules.conf": MODULES, "features.conf": FEATURES,
    })  # fmt: skip


def summaries(conf: Config) -> Diagnostics:
    return conf.check(host_files=False).about(code="AC70")


def test_every_kind_is_one_finding_with_a_count(conf: Config) -> None:
    said = {one.code: one.message.rpartition(": ")[2] for one in summaries(conf)}
    assert said == {
        "AC700": "1, prov",
        "AC701": "SIP/ (4)",
        "AC702": "Macro (2)",
        "AC703": "MeetMe",
        "AC704": "SIP_HEADER",
        "AC705": "M of Dial",
        "AC706": "Dial",
        "AC707": "chan_sip",
        "AC708": "automon of features.conf",
    }


def test_they_come_first_and_name_the_first_places(conf: Config) -> None:
    every = conf.check(host_files=False)
    assert [one.code for one in every[:9]] == [one.code for one in summaries(conf)]
    (devices,) = every.about(code="AC701")
    assert [str(place) for place, _ in devices.related] == [
        "extensions.conf:4:10", "extensions.conf:5:10", "extensions.conf:8:10",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asterisk", "told"),
    [
        ("18", {"AC702": "SetCIDNum", "AC703": "MeetMe", "AC706": "Dial"}),
        ("20", {"AC702": "SetCIDNum, SendURL", "AC703": "MeetMe", "AC706": "Dial"}),
        (
            "23",
            {
                "AC700": "1, prov",
                "AC701": "SIP/ (4)",
                "AC702": "Macro (2), SetCIDNum, SendURL, DeadAGI",
                "AC703": "MeetMe",
                "AC704": "SIP_HEADER, VALID_EXTEN",
                "AC705": "M of Dial",
                "AC706": "Dial",
                "AC707": "chan_sip",
                "AC708": "automon of features.conf",
            },
        ),
    ],
)
def test_each_version_says_what_it_lacks_itself(
    conf: Config, asterisk: str, told: dict[str, str]
) -> None:
    """Source: the documentation of each branch; MeetMe is everywhere, for builds with DAHDI."""
    more = (
        " same => n,SetCIDNum(1)\n same => n,SendURL(x)\n same => n,DeadAGI(x)\n"
        " same => n,Set(x=${VALID_EXTEN(a,1,1)})\n"
    )
    texts = {name: str(conf[name]) for name in conf}
    texts["extensions.conf"] += more
    texts["modules.conf"] = texts["modules.conf"].replace("require = app_macro.so\n", "")
    texts["queues.conf"] = f"[general]\nmonitor-type = Monitor\n{QUEUES}monitor-type = Monitor\n"
    every = Config.from_texts(texts, asterisk=asterisk).check(host_files=False)
    said = every.about(code="AC70")
    assert {one.code: one.message.rpartition(": ")[2] for one in said} == told
    assert all(f"Asterisk {asterisk} " in one.message or one.code == "AC707" for one in said)


def test_an_option_that_is_gone_and_costs_no_file_is_said_of_its_line() -> None:
    text = {"voicemail.conf": "[general]\nminmessage = 3\n"}
    told = [one.code for one in Config.from_texts(text, asterisk="23").check()]
    assert told == ["AC524"]


def test_a_tree_of_today_has_none() -> None:
    plan = "[a]\nexten => 1,1,Dial(PJSIP/1)\n same => n,Set(x=a|b)\n same => n,Log(NOTICE,SIP/1)\n"
    assert not summaries(Config.from_texts({"extensions.conf": plan}))


def test_peers_are_said_to_be_of_the_file_that_has_them() -> None:
    user = "[7]\nhassip = yes\nhost = dynamic\nsecret = x\n"
    conf = Config.from_texts({"sip.conf": "[general]\n", "users.conf": user})
    (one,) = summaries(conf)
    assert one.message == "Asterisk 22 has no chan_sip: nothing reads 1 peer of users.conf: 7"


def test_show_and_the_view_begin_with_them(conf: Config, tmp_path: Path) -> None:
    for name in conf:
        (tmp_path / name).write_bytes(bytes(conf[name]))
    lines = CliRunner().invoke(COMMANDS["show"], [str(tmp_path)]).output.splitlines()
    assert lines[0].startswith("warning AC700 Asterisk 22 has no chan_sip: nothing reads 2 peers")
    assert [line.split()[1] for line in lines[:9]] == [one.code for one in summaries(conf)]
    assert str(view(conf)).index("has no chan_sip") < str(view(conf)).index("192.0.2.1")


def test_modules_of_others_are_not_said_to_be_gone() -> None:
    """Observed: none of the six is in 22; nothing is known of the four of somebody else."""
    theirs = ("app_rpt", "chan_sccp", "codec_g729", "chan_dongle")
    ours = ("app_macro", "chan_local", "func_language", "func_moh", "res_features",
            "res_indications")  # fmt: skip
    lines = "".join(f"load = {name}.so\n" for name in (*ours, "pbx_config", *theirs))
    found = Config.from_texts({"modules.conf": f"[modules]\nautoload=no\n{lines}"}).check()
    assert found[0].message.startswith("modules.conf loads 6 modules that Asterisk 22")
    assert found[0].message.endswith(": " + ", ".join(ours))
    assert [one.code for one in found] == ["AC707", *["AC621"] * 4]


def test_what_a_summary_says_is_not_said_again(conf: Config) -> None:
    codes = {one.code for one in conf.check(host_files=False) if one.position}
    assert codes.isdisjoint({"AC251", "AC919", "AC920"})
    assert "AC619" in codes


def test_an_option_that_costs_the_file_is_told_once_and_others_keep_their_count() -> None:
    lines = "[featuremap]\natxfre=*1\nautomon=*1\nautomon=*2\nblindxfre=*2\n"
    said = [
        str(one).partition("\n")[0] for one in Config.from_texts({"features.conf": lines}).check()
    ]
    assert said == [
        (
            "error AC708 Asterisk 22 does not have 2 options any more and refuses the whole file: "
            "automon of features.conf (2)"
        ),
        (
            "features.conf:2:8: error AC604 featuremap has no option 'atxfre', "
            "so Asterisk refuses the whole features.conf (1 more)"
        ),
    ]
    alone = Config.from_texts({"features.conf": FEATURES})
    assert [one.code for one in alone.check()] == ["AC708"]
    codes = [one.code for one in alone.with_asterisk("20").check()]
    assert codes == []


@pytest.mark.parametrize(
    ("option", "now"),
    [
        ("secret", "password of the auth"),
        ("nat", "rtp_symmetric, force_rport, rewrite_contact of the endpoint"),
        ("qualify", "qualify_frequency of the aor"),
        ("host", "contact, max_contacts of the aor"),
        ("dtmfmode", "dtmf_mode"),
        ("canreinvite", "direct_media"),
    ],
)
def test_words_of_chan_sip_are_named_in_pjsips(option: str, now: str) -> None:
    text = f"[a]\ntype=endpoint\nallow=ulaw\n{option}=x\n"
    (found,) = Config.from_texts({"pjsip.conf": text}).check().about(code="AC409")
    assert now in found.hint


def test_a_penalty_change_without_a_maximum_is_in_force() -> None:
    """Observed with `queue show rules`."""
    rules = "[steps]\npenaltychange => 60,,0\npenaltychange => 90,,,5\npenaltychange => 30,5\n"
    assert not Config.from_texts({"queuerules.conf": rules}).check()
    short = "[steps]\npenaltychange => 60\n"
    assert Config.from_texts({"queuerules.conf": short}).check().about(code="AC522")


def test_the_aliases_of_voicemail_are_a_section_of_their_own() -> None:
    """Observed with `voicemail show aliases`."""
    text = "[general]\naliasescontext={}\n[default]\n1=>2,A\n[mine]\n1@x => 1@default\n"
    assert not Config.from_texts({"voicemail.conf": text.format("mine")}).check().about(code="AC53")
    assert Config.from_texts({"voicemail.conf": text.format("gone")}).check().about(code="AC535")


def test_a_comment_takes_its_line_out_of_a_finding_about_many(conf: Config) -> None:
    texts = {name: str(conf[name]) for name in conf.names}
    texts["extensions.conf"] = PLAN.replace("Macro(x)", "Macro(x) ; asterconf: ignore AC702", 1)
    texts["queues.conf"] = f"; asterconf: ignore-file AC701\n{QUEUES}"
    texts["sip.conf"] = f"{SIP}; asterconf: ignore AC702\n"
    found = Config.from_texts(texts).check(host_files=False)
    (macros,), (devices,) = found.about(code="AC702"), found.about(code="AC701")
    assert macros.message.endswith("cannot run 1 step of the dialplan: Macro")
    assert devices.message.endswith("no channel driver for 3 devices: SIP/ (3)")
    assert [str(one.position) for one in found.about(code="AC090")] == ["sip.conf:8:21"]


def test_settings_leave_a_file_out_of_a_finding_about_many(conf: Config) -> None:
    texts = {name: str(conf[name]) for name in conf.names}
    texts[".asterconf.toml"] = '[check.per-file-ignores]\n"ext*" = ["AC701", "AC702"]\n'
    found = Config.from_texts(texts).check(host_files=False)
    assert not found.about(code="AC702")
    assert "for 1 device: SIP/" in found.about(code="AC701")[0].message
