"""A home out of the files that it was built into, out of edited ones, and out of a guide's."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import attrs
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import asterconf
from asterconf.features import (
    BlockedCallers,
    BusinessHours,
    BusyLamps,
    ConferenceRoom,
    EmergencyCalls,
    IncomingCalls,
    Intercom,
    Menu,
    MusicOnHold,
    OutgoingCalls,
    Parking,
    Plan,
    VoicemailMenu,
    usual_features,
)
from asterconf.home import HomePBX, Network, Tls, Voicemail, home_queue, providers
from asterconf.home.description import FEATURES
from asterconf.model import CallerID, Extension, Mailbox, Queue
from tests.strategies.homes import dialled_numbers, ending
from tests.unit.home.homes import FIELDS, home

GUIDE = Path(__file__).parents[4] / "shared" / "guide"


def bare(pbx: HomePBX) -> asterconf.Config:
    """Return what a home builds to, without the sidecar."""
    files = pbx.files(complete=True)
    return asterconf.Config.from_texts({f.name: f.text for f in files if f.name[0] != "."})


Rows = dict[str, list[tuple[str, str, str]]]


def meaning(conf: asterconf.Config) -> tuple[Rows, Any]:
    """Return what files mean: options by file, sections sorted, and the dialplan."""
    rows = {
        name: sorted(
            (section.name, item.name, item.value)
            for section in conf.effective(name).live
            for item in section
        )
        for name in conf.files
        if name.endswith(".conf") and name != "extensions.conf"
    }
    return rows, {context.name: context for context in conf.dialplan}


EXTRA = (
    BlockedCallers(["+12125550199", "+1900*"], hidden=True),
    BusinessHours(["9:00-12:00,mon-fri,*,*"], closed=["*,*,25,dec"], greeting="custom/closed"),
    Menu("custom/welcome", choices={"1": "6001", "2": "home-phones", "0": "home"}, number="*55"),
    ConferenceRoom("6500", pin="4321", max_members=5),
    Parking(spaces=("701", "705"), seconds=30),
    MusicOnHold("/srv/music"),
)
TWO = [
    providers.voipms("a.example", "1", "x1", contact_user="15550001"),
    providers.generic("b.example", "2", "x2", "other", line=True, codecs=["alaw", "ulaw"]),
]
HOMES = {
    "usual": home(),
    "explicit": home(features=usual_features(), queues=[home_queue(FIELDS["extensions"])]),
    "extras": home(features=[*usual_features(), *EXTRA]),
    "two trunks": home(
        trunks=TWO,
        features=[
            *usual_features(without=["outgoing_calls", "emergency_calls"]),
            EmergencyCalls(callerid="Home <+15555550000>"),
            OutgoingCalls("other", routes={"+1800": "voipms"}, international=True, premium=True),
        ],
    ),
    "encrypted": home(
        network=Network(tls=Tls(authorities="/etc/ca.crt"), external_address="home.example.org"),
        trunks=[
            providers.voipms("a.example", "1", "x", transport="transport-tls",
                             media_encryption="sdes")
        ],
    ),
    "own boxes": home(
        mailboxes=[Mailbox("6000", initial_pin="8305"), Mailbox("6002", initial_pin="7193")],
        extensions=[
            Extension("6001", secret="x", phone="Yealink T54W, mac 805ec0123456"),
            Extension("6002", secret="y", mailbox="6002@default", max_contacts=2),
            Extension("kitchen", number="12", secret="z", mailbox="", auth_user="cook"),
        ],
        voicemail=Voicemail(locale="de_DE.UTF-8", max_messages=50, subject="News"),
        features=[*usual_features(without=["voicemail_menu"]), VoicemailMenu("*98", ask_pin=True)],
    ),
    "queues": home(
        queues=[Queue("all", timeout=20, wrapuptime=5), Queue("few", members=["PJSIP/6001"])]
    ),
    "little": home(trunks=[], mailboxes=[], features=[BusyLamps(), Intercom("6100", seconds=5)]),
    "no lamps": home(features=[IncomingCalls(10, mailbox=""), *usual_features(
        without=["incoming_calls", "busy_lamps", "intercom"])]),
    "elsewhere": home(owner="Erika Mustermann <+493012345678>", area_code="30"),
    "nothing": HomePBX(owner="John Doe <+15555555555>"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOMES)
def test_a_home_is_adopted_as_it_was_described(name: str, tmp_path: Path) -> None:
    pbx = HOMES[name]
    assert HomePBX.adopt(pbx.build()) == asterconf.home.Adoption(pbx)
    pbx.write(tmp_path / "built", complete=True)
    assert HomePBX.adopt(asterconf.load(tmp_path / "built")).pbx == pbx


@given(
    names=st.sets(st.sampled_from(sorted(set(FEATURES) - {"menu"}))),
    international=st.booleans(),
    seconds=st.integers(1, 99),
)
@settings(max_examples=25)
def test_any_choice_of_features_is_adopted(
    names: set[str], international: bool, seconds: int
) -> None:
    names |= {"local_calls", "incoming_calls"}
    names |= {"emergency_calls"} if "outgoing_calls" in names else set()
    names |= {"music_on_hold"} if "parking" in names else set()
    special = {
        "outgoing_calls": OutgoingCalls(international=international),
        "incoming_calls": IncomingCalls(seconds),
    }
    pbx = home(features=[special.get(name, FEATURES[name]()) for name in sorted(names)])
    assert HomePBX.adopt(pbx.build()).pbx == pbx


def test_without_a_call_to_the_outside_nobody_knows_the_owner() -> None:
    adoption = HomePBX.adopt(bare(HOMES["little"]))
    assert adoption.pbx.owner == CallerID()
    assert "no line sets a caller id for calls to the outside: owner is empty" in adoption.assumed


@pytest.mark.parametrize("name", [name for name in HOMES if HOMES[name].trunks])
def test_without_the_sidecar_a_home_is_read_that_behaves_the_same(name: str) -> None:
    conf = bare(HOMES[name])
    adoption = HomePBX.adopt(conf)
    assert adoption.leftovers == ()
    assert meaning(bare(adoption.pbx)) == meaning(conf)


def test_a_feature_of_ones_own_is_left_over_and_named() -> None:
    @attrs.frozen
    class Clock:
        def contribute(self, plan: Plan) -> None:
            plan.context("from-home").extension("*60", "SayUnixTime()", "Hangup()")

    pbx = home(features=[*usual_features(), Clock()])
    adoption = HomePBX.adopt(pbx.build())
    assert adoption.pbx == home(features=usual_features())
    assert [str(x) for x in adoption.leftovers] == ["feature Clock, a class of your own"]
    read = HomePBX.adopt(bare(pbx))
    assert [str(x).partition(": ")[2] for x in read.leftovers] == [
        "[from-home] *60,1,SayUnixTime()",
        "[from-home] *60,2,Hangup()",
    ]


def test_an_edited_build_is_read_with_what_was_edited(tmp_path: Path) -> None:
    home().write(tmp_path)
    conf = asterconf.load(tmp_path)
    conf["pjsip_wizard.conf"]["6002"]["endpoint/callerid"] = "Kitchen Wall <6002>"
    conf["extensions.conf"]["from-home"].add("exten", "*60,1,SayUnixTime()", separator="=>")
    conf["rtp.conf"]["general"].add("icesupport", "no")
    conf.save()
    adoption = HomePBX.adopt(asterconf.load(tmp_path))
    assert adoption.assumed[0] == (
        "edited since it was built, so that its files are read: extensions.conf, "
        "pjsip_wizard.conf, rtp.conf"
    )
    extensions = {extension.name: extension for extension in adoption.pbx.extensions}
    assert str(extensions["6002"].callerid) == "Kitchen Wall <6002>"
    assert str(extensions["6002"].phone) == "Yealink W73P"
    assert [str(x).partition(": ")[2] for x in adoption.leftovers] == [
        "[from-home] *60,1,SayUnixTime()",
        "rtp.conf [general] icesupport = no",
    ]
    assert adoption.leftovers[1].position is not None
    assert adoption.leftovers[1].position.file == "rtp.conf"


def test_options_that_no_field_has_are_kept_as_further_settings() -> None:
    texts = {f.name: f.text for f in home().files() if f.name[0] != "."}
    wizard = texts["pjsip_wizard.conf"].replace(
        "[6001](extension-defaults)\n", "[6001](extension-defaults)\nendpoint/dtmf_mode = info\n"
    )
    conf = asterconf.Config.from_texts({**texts, "pjsip_wizard.conf": wizard})
    adoption = HomePBX.adopt(conf)
    assert adoption.leftovers == ()
    assert [str(s) for s in adoption.pbx.extensions[0].extra] == ["endpoint/dtmf_mode=info"]
    assert (
        meaning(bare(adoption.pbx))[0]["pjsip_wizard.conf"]
        == (
            meaning(asterconf.Config.from_texts({**texts, "pjsip_wizard.conf": wizard}))[0][
                "pjsip_wizard.conf"
            ]
        )
    )


def test_phones_and_trunks_in_pjsip_conf_are_read_as_well() -> None:
    text = """\
[transport-udp]
type = transport
protocol = udp
bind = 0.0.0.0

[6001]
type = endpoint
context = from-home
aors = 6001
auth = 6001
callerid = Living Room <6001>
disallow = all
allow = ulaw

[6001]
type = auth
username = 6001
password = s3cret

[6001]
type = aor
max_contacts = 1
"""
    dialplan = "[from-home]\nexten => 6001,1,Dial(PJSIP/6001)\n same => n,Hangup()\n"
    conf = asterconf.Config.from_texts({"pjsip.conf": text, "extensions.conf": dialplan})
    adoption = HomePBX.adopt(conf)
    [phone] = adoption.pbx.extensions
    assert (phone.name, phone.codecs, str(phone.callerid)) == (
        "6001", ("ulaw",), "Living Room <6001>",
    )  # fmt: skip
    assert adoption.leftovers == ()


def test_a_file_that_no_build_writes_is_left_over() -> None:
    texts = {f.name: f.text for f in home().files() if f.name[0] != "."}
    adoption = HomePBX.adopt(asterconf.Config.from_texts({**texts, "sip.conf": "[general]\n"}))
    assert [str(x) for x in adoption.leftovers] == ["sip.conf: the whole file"]


def test_a_sidecar_that_cannot_be_read_does_not_matter() -> None:
    texts = {f.name: f.text for f in home().files()}
    name = ".asterconf/build.toml"
    broken = texts[name].replace('feature = "guards"', "").replace('owner = "John', 'owned = "J')
    adoption = HomePBX.adopt(asterconf.Config.from_texts({**texts, name: broken}))
    assert adoption.assumed[0].startswith(f"{name} cannot be read: ")
    assert adoption.leftovers == ()


# the guide


@pytest.fixture(scope="module")
def guide() -> asterconf.Config:
    if not GUIDE.exists():
        pytest.skip("the guide's files are not here")
    return asterconf.load(GUIDE)


def test_the_guides_home_is_adopted_whole(guide: asterconf.Config) -> None:
    adoption = HomePBX.adopt(guide)
    assert adoption.leftovers == ()
    pbx = adoption.pbx
    assert str(pbx.owner) == "John Doe <+15555555555>"
    assert (pbx.area_code, pbx.network.rtp_ports) == ("555", (20000, 20999))
    assert pbx.trunks == (
        providers.voipms("atlanta2.voip.ms", "555555", "s3cret"),
    )  # fmt: skip
    assert [extension.name for extension in pbx.extensions] == ["6001", "6002", "6003"]
    assert pbx.queues is None
    assert [type(feature).__name__ for feature in pbx.features or ()] == [
        type(feature).__name__ for feature in
        (FEATURES[n]() for n in ("guards", "busy_lamps", "incoming_calls", "emergency_calls",
                                 "intercom", "local_calls", "voicemail_menu", "outgoing_calls"))
    ]  # fmt: skip


def test_the_guides_slips_are_what_is_assumed(guide: asterconf.Config) -> None:
    assert HomePBX.adopt(guide).assumed == (
        "the number +5555555555 has no country code: it is +15555555555",
        "[public] hangs up on every caller, also on s and numbers with +",
        "[default] hangs up on every caller, also on s and numbers with +",
        "the hint _XXXX is one hint for each phone",
        "[from-pstn] answers whatever it is called by, also s and numbers with +",
        "emergency numbers have lines of their own, which nothing can shadow",
        "the intercom 6000 sets its caller id",
        "there is a confbridge.conf, without which there is no Page()",
        "_6XXX is one line for each phone that there is, not any number",
        "a PIN changed by phone is kept with the messages, not in the file",
        "numbers that cost extra, and area codes that lead abroad, are closed",
        "public services such as 988 are dialled as they are, the directory 411 is closed",
        "sound of voipms goes through Asterisk (direct_media = no)",
        "voipms is told to call the owner's number (contact_user)",
        "voipms is known by its address only, whatever name a caller gives",
        "6003 is a softphone, as nobody checks that it is there",
    )


SLIPS = {
    "933": "emergency numbers have lines of their own, which nothing can shadow",
    "988": "public services such as 988 are dialled as they are, the directory 411 is closed",
    "411": "public services such as 988 are dialled as they are, the directory 411 is closed",
    "6000": "there is a confbridge.conf, without which there is no Page()",
    "6004": "_6XXX is one line for each phone that there is, not any number",
    "9002345678": "numbers that cost extra, and area codes that lead abroad, are closed",
    "+19002345678": "numbers that cost extra, and area codes that lead abroad, are closed",
    "8095551234": "numbers that cost extra, and area codes that lead abroad, are closed",
    "s": "[from-pstn] answers whatever it is called by, also s and numbers with +",
    "+15555555555": "[from-pstn] answers whatever it is called by, also s and numbers with +",
}
"""Calls that end otherwise than in the guide, each with the slip that is put right."""


def test_each_call_ends_as_in_the_guide_but_for_its_slips(guide: asterconf.Config) -> None:
    adoption = HomePBX.adopt(guide)
    built = adoption.pbx.build(complete=True)
    more = ["5552345", "8005551234", "0114930123456", "6001", "6002", "6003", "*99", "700"]
    numbers = [*dialled_numbers("+15555555555", "555"), *more, *SLIPS]
    calls = [(phone, number) for phone in ("6001", "6003") for number in numbers]
    calls += [("voipms", number) for number in ("s", "+15555555555", "15555555555", "5555555555")]
    other = {
        number
        for entry, number in calls
        if str(ending(built, number, entry))
        != str(ending(guide, number, entry)).replace("<+5555555555>", "<+15555555555>")
    }
    assert other == {*SLIPS}
    assert {*SLIPS.values()} <= {*adoption.assumed}


def test_the_adopted_guide_is_the_example_but_for_its_devices_and_marks(
    guide: asterconf.Config,
) -> None:
    adopted = HomePBX.adopt(guide).pbx
    example = home()
    mails = ("subject", "body")
    said = {name: getattr(adopted.voicemail, name) for name in mails}
    like = attrs.evolve(
        example,
        network=attrs.evolve(example.network, qos=False),
        voicemail=attrs.evolve(example.voicemail, **said),
    )
    assert meaning(bare(adopted)) == meaning(bare(like))


@pytest.mark.parametrize(("written", "seconds"), [("240", 240), ("240(+)", 240)])
def test_a_number_of_voicemail_is_read_as_asterisk_reads_it(written: str, seconds: int) -> None:
    built = bare(home())
    texts = {name: str(built[name]) for name in built.files}
    text = texts["voicemail.conf"]
    assert "maxsecs = 300" in text.replace("  ", " ")
    lines = [f"maxsecs = {written}" if "maxsecs" in one else one for one in text.split("\n")]
    texts["voicemail.conf"] = "\n".join(lines)
    adopted = HomePBX.adopt(asterconf.Config.from_texts(texts))
    assert adopted.pbx.voicemail.max_seconds == seconds
