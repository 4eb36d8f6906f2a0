"""What gets into each other's way, and what is worth a word though it can be built."""

from pathlib import Path
from typing import Any

import attrs
import pytest

from asterconf.errors import BuildError
from asterconf.features import (
    ConferenceRoom,
    MusicOnHold,
    OutgoingCalls,
    Parking,
    Plan,
    usual_features,
)
from asterconf.home import Network, Tls, providers
from asterconf.linter.rules.home import CODES
from asterconf.model import Extension, Mailbox
from tests.unit.home.homes import WEAK, home

GOOD = "correct-horse-battery"
PHONES = [Extension("6001", secret=f"{GOOD}-1"), Extension("6002", secret=f"{GOOD}-2")]
BOXES = [Mailbox("6000", initial_pin="8305")]


def found(**changes: Any) -> list[str]:
    """Return code, path and message of each finding."""
    fields = {"extensions": PHONES, "mailboxes": BOXES, **changes}
    return [f"{d.code} {d.message}" for d in home(**fields).check()]


def test_a_good_house_has_no_finding() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("secret", "problem"),
    [
        ("x7Kp2", "shorter than 12 characters"),
        ("482914750283", "made of digits only"),
        ("abababababab", "made of a few characters"),
        ("my-Password-is", "made of a word that is tried first"),
        ("kitchen-6001-phone", "made of the name that it is for"),
    ],
)
def test_a_weak_password_is_named_but_not_shown(secret: str, problem: str) -> None:
    lines = found(extensions=[Extension("6001", secret=secret)])
    assert lines == [f"AC801 extensions[0].secret: a password that is {problem} is soon guessed"]


def test_a_password_that_is_used_twice_is_named() -> None:
    phones = [*PHONES, Extension("6003", secret=f"{GOOD}-1")]
    assert found(extensions=phones) == [
        "AC802 extensions[2].secret: this is the password of 6001, too"
    ]
    trunk = providers.voipms("a.example", "u", f"{GOOD}-1")
    assert found(trunks=[trunk]) == ["AC802 trunks[0].secret: this is the password of 6001, too"]


@pytest.mark.parametrize(
    ("pin", "problem"),
    [("123", "shorter than four digits"), ("6000", "the number of the box"),
     ("1234", "a run of digits"), ("9876", "a run of digits"), ("7777", "a run of digits")],
)  # fmt: skip
def test_a_weak_pin_is_named(pin: str, problem: str) -> None:
    assert found(mailboxes=[Mailbox("6000", initial_pin=pin)]) == [
        f"AC803 mailboxes[0].initial_pin: a PIN that is {problem} is soon guessed"
    ]


def test_a_range_of_ports_that_is_too_small_is_an_error() -> None:
    assert found(network=Network(rtp_ports=(20000, 20006))) == [
        (
            "AC804 network.rtp_ports: has 7 ports, and a call that rings every phone takes 8: two "
            "for each phone, each provider, and one more"
        )
    ]
    assert found(network=Network(rtp_ports=(20000, 20007))) == []


def test_ports_that_overlap_are_an_error() -> None:
    assert found(network=Network(rtp_ports=(12010, 12999))) == [
        (
            "AC805 network.rtp_ports: the ports 12010 to 12999 of the PBX overlap with 12000 to "
            "12019 of extension 6001"
        ),
        (
            "AC805 network.rtp_ports: the ports 12010 to 12999 of the PBX overlap with 12020 to "
            "12039 of extension 6002"
        ),
    ]
    same = "Yealink T54W, ports 30000-30019"
    phones = [attrs.evolve(phone, phone=same) for phone in PHONES]
    assert found(extensions=phones) == [
        (
            "AC805 extensions: the ports 30000 to 30019 of extension 6001 overlap with 30000 to "
            "30019 of extension 6002"
        )
    ]


def test_a_number_that_is_wanted_twice_is_an_error() -> None:
    assert found(features=[*usual_features(), ConferenceRoom("6001")]) == [
        (
            "AC806 features.conference_room: 6001 is wanted by extension 6001 "
            "(extensions[0].number) and by the conference room"
        )
    ]


def test_a_pattern_that_swallows_a_parking_space_is_an_error() -> None:
    parking = Parking(spaces=("708", "712"))
    assert found(features=[*usual_features(), parking, MusicOnHold()]) == [
        (
            "AC807 features.outgoing_calls: 711 is wanted by parking, and _[235-8]11 of outgoing "
            "calls swallows it"
        )
    ]


def test_a_pattern_of_ones_own_may_not_swallow_the_parking_number() -> None:
    class Wide:
        def contribute(self, plan: Plan) -> None:
            plan.context("from-home").extension("_7X.", "NoOp()", what="something wide")

    features = [*usual_features(), Parking(spaces=("701", "702")), MusicOnHold(), Wide()]
    assert [line.partition(" is")[0] for line in found(features=features)] == [
        "AC807 700", "AC807 701", "AC807 702",
    ]  # fmt: skip


def test_a_phone_that_hides_a_public_number_is_named() -> None:
    assert found(extensions=[Extension("5551234", secret=GOOD)]) == [
        (
            "AC808 extensions[0].number: the public number 5551234 cannot be called: 5551234 is "
            "this phone"
        )
    ]


def test_encryption_that_does_not_hold_is_named() -> None:
    network = Network(tls=Tls())
    sdes: dict[str, Any] = {"media_encryption": "sdes"}
    tls: dict[str, Any] = {"transport": "transport-tls"}
    one, other = PHONES
    assert found(extensions=[attrs.evolve(one, **sdes)]) == [
        "AC809 extensions[0]: the keys of its encrypted sound travel unencrypted, over UDP"
    ]
    assert found(extensions=[attrs.evolve(one, **tls)], network=network) == [
        "AC810 extensions[0]: it uses TLS, but its sound is not encrypted"
    ]
    assert found(extensions=[attrs.evolve(other, **tls, **sdes)], network=network) == []
    trunk = providers.voipms("a.example", "u", GOOD, **tls, **sdes)
    assert found(trunks=[trunk], network=network) == [
        "AC812 trunks[0]: nobody checks that it is the provider who answers over TLS"
    ]
    assert found(trunks=[trunk], network=Network(tls=Tls(authorities="/etc/ca.crt"))) == []


def two(**changes: Any) -> list[Any]:
    names = ("a", "b")
    return [providers.generic("h.example", n, f"{GOOD}{n}", n, **changes) for n in names]


def test_two_trunks_at_one_host_must_be_told_apart() -> None:
    assert found(trunks=two()) == [
        "AC811 trunks[1]: calls from h.example could be those of a or of b"
    ]
    assert found(trunks=two(line=True)) == []
    one, other = two(line=True)[0], two()[1]
    assert found(trunks=[one, other]) == []
    assert found(trunks=two(header="X-A: 1", match="192.0.2.1")) == [
        "AC811 trunks[1]: calls from 192.0.2.1 could be those of a or of b"
    ]
    apart = [
        providers.generic("h.example", n, f"{GOOD}{n}", n, header=f"X-A: {n}", match="192.0.2.1")
        for n in ("a", "b")
    ]
    assert found(trunks=apart) == []
    at = [attrs.evolve(t, match=(f"192.0.2.{i}",)) for i, t in enumerate(two())]
    assert found(trunks=at) == []


def test_a_header_takes_addresses_and_a_line_takes_a_registration() -> None:
    header = providers.generic("h.example", "a", GOOD, header="X-A: 1")
    assert found(trunks=[header]) == [
        (
            "AC800 trunks[0].match: must be addresses, not names, where a header tells whose call "
            "it is: anybody can write a header"
        )
    ]
    line = providers.generic("h.example", "a", GOOD, line=True, sends_registrations=False)
    assert found(trunks=[line]) == [
        ("AC816 trunks[0].sends_registrations: must register where its calls are known by the line")
    ]


def test_a_phone_in_a_context_without_emergency_calls_is_an_error() -> None:
    @attrs.frozen
    class Garden:
        way: bool

        def contribute(self, plan: Plan) -> None:
            plan.context("garden").extension("1", "NoOp()")
            if self.way:
                plan.context("garden").include("from-home")

    phones = [attrs.evolve(PHONES[0], context="garden")]
    assert found(extensions=phones, features=[*usual_features(), Garden(way=False)]) == [
        "AC813 extensions[0].context: leaves 6001 without a way to call 911"
    ]
    assert found(extensions=phones, features=[*usual_features(), Garden(way=True)]) == []


def test_what_is_open_is_said() -> None:
    outgoing = OutgoingCalls(international=True, premium=True)
    features = [*usual_features(without=["outgoing_calls"]), outgoing]
    assert [line[:5] for line in found(features=features)] == ["AC814", "AC815"]


def test_findings_of_a_toml_file_have_its_lines(tmp_path: Path) -> None:
    text = (Path(__file__).parents[3] / "examples" / "home.toml").read_text()
    for strong, weak in WEAK.items():
        text = text.replace(strong, weak)
    example = tmp_path / "home.toml"
    example.write_text(text)
    from asterconf.home import HomePBX

    said = HomePBX.from_toml(example).check(toml=example)
    lines = example.read_text().split("\n")
    assert [(d.code, lines[d.position.line - 1]) for d in said if d.position] == [
        ("AC801", 'secret = "s3cret"'),
        ("AC801", 'secret = "s3cret2"'),
        ("AC801", 'secret = "s3cret3"'),
        ("AC802", 'secret = "s3cret"'),
        ("AC803", 'initial_pin = "1234"'),
    ]
    assert "s3cret" not in "".join(map(str, said))


def test_errors_keep_a_house_from_being_built() -> None:
    with pytest.raises(BuildError, match=r"^trunks\[1\]: calls from h\.example"):
        home(trunks=two()).files()


def test_every_code_is_one_of_its_own() -> None:
    codes = [rule.code for rule in CODES.values()]
    assert len(set(codes)) == len(codes)
    assert {code[:3] for code in codes} == {"AC8"}


def test_every_line_of_an_extension_is_from_where_it_is_described() -> None:
    plan = home().plan()
    text = next(file.text for file in plan.built() if file.name == "extensions.conf").split("\n")
    at = text.index("exten => ${INTERCOM},1,Set(CALLERID(all)=Intercom <${EXTEN}>)") + 1
    found = [plan.path_of("extensions.conf", at + n) for n in range(4)]
    assert found == [*["features.intercom"] * 3, ""]
    hint = text.index("exten => 6001,hint,PJSIP/6001") + 1
    assert plan.path_of("extensions.conf", hint) == "features.busy_lamps"
    assert plan.path_of("extensions.conf", text.index("[from-home]") + 1) == ""
