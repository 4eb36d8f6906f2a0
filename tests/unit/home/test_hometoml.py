"""Homes described in TOML."""

from pathlib import Path

import attrs
import pytest

from asterconf.errors import BuildError, LoadError
from asterconf.features import Intercom, OutgoingCalls, VoicemailMenu, usual_features
from asterconf.home import HomePBX
from tests.unit.home.homes import WEAK, home

EXAMPLES = Path(__file__).parents[3] / "examples"

SMALL = """\
owner = "John Doe <+15555555555>"
area_code = "555"

[[extensions]]
name = "6001"
secret = "x"
"""


def test_the_example_is_the_home_of_the_python_example() -> None:
    text = (EXAMPLES / "home.toml").read_text()
    for strong, weak in WEAK.items():
        text = text.replace(strong, weak)
    pbx = HomePBX.from_toml(text)
    assert pbx == attrs.evolve(home(), features=usual_features())


def test_a_text_is_read_as_well_as_a_file(tmp_path: Path) -> None:
    path = tmp_path / "home.toml"
    path.write_text(SMALL)
    assert HomePBX.from_toml(SMALL) == HomePBX.from_toml(path) == HomePBX.from_toml(str(path))


def test_features_change_the_usual_set() -> None:
    pbx = HomePBX.from_toml(
        SMALL + '[features]\nintercom = "6100"\nbusy_lamps = false\nguards = true\n'
    )
    assert pbx.features == (
        *usual_features(
            without=[
                "busy_lamps", "incoming_calls", "outgoing_calls", "emergency_calls",
                "voicemail_menu", "intercom", "local_calls",
            ]
        ),
        Intercom("6100"),
        *usual_features(
            without=[
                "busy_lamps", "incoming_calls", "outgoing_calls", "emergency_calls",
                "voicemail_menu", "intercom", "guards",
            ]
        ),
    )  # fmt: skip


def test_a_feature_takes_its_settings_from_a_table() -> None:
    text = (EXAMPLES / "home.toml").read_text().partition("[features]")[0]
    pbx = HomePBX.from_toml(
        text
        + "[features]\noutgoing_calls = { international = true }\n"
        + '[features.voicemail_menu]\nnumber = "*98"\nask_pin = true\n'
    )
    assert pbx.features is not None
    assert OutgoingCalls(international=True) in pbx.features
    assert VoicemailMenu("*98", ask_pin=True) in pbx.features


def faults(text: str) -> list[str]:
    with pytest.raises(BuildError) as caught:
        HomePBX.from_toml(text)
    return str(caught.value).split("\n")


def test_wrong_and_unknown_fields_are_listed_with_their_lines() -> None:
    assert faults("""\
owner = "John Doe <+15555555555>"
area_codes = "555"

[network]
rtp_ports = [20000]

[[trunks]]
provider = "voipms"
server = 3
user = "x"
secret = "s"

[[trunks]]
provider = "att"

[[extensions]]
name = "6001"
secret = 12

[[extensions]]
name = "6002"
secrets = "a"
qualify_frequency = -2

[features]
intercom = 6000
teleport = true
""") == [
        "<text>:2: area_codes: is not known here; did you mean area_code?",
        "<text>:5: network.rtp_ports: must be a list of 2, not of 1",
        "<text>:7: trunks[0].username: is missing",
        "<text>:9: trunks[0].server: must be text in quotes",
        "<text>:10: trunks[0].user: is not known here; did you mean username?",
        (
            "<text>:14: trunks[1].provider: must be one of generic, ip_authenticated, jmp_chat, "
            "voipms, not 'att'"
        ),
        "<text>:18: extensions[0].secret: must be text in quotes",
        "<text>:22: extensions[1].secrets: is not known here; did you mean secret?",
        "<text>:23: extensions[1].qualify_frequency: must be from 0 to 86400, not -2",
        "<text>:26: features.intercom: must be a table of number, queue, seconds, not 6000",
        (
            "<text>:27: features.teleport: is not known here; known are guards, busy_lamps, "
            "incoming_calls, emergency_calls, intercom, local_calls, voicemail_menu, "
            "outgoing_calls, blocked_callers, night_switch, business_hours, menu, "
            "conference_room, parking, music_on_hold, pickup"
        ),
    ]


def test_what_cannot_be_built_is_listed_with_its_lines() -> None:
    assert faults(SMALL + '\n[[extensions]]\nname = "kitchen"\nnumber = "6001"\nsecret = "x"\n'
                  "[[queues]]\nname = 'q'\nmembers = [\n  { interface = 'PJSIP/9' },\n]\n") == [
        "<text>:10: extensions[1].number: 6001 is already the number of extension 6001",
        "<text>:14: queues[0].members[0].interface: 'PJSIP/9' is no phone of this home",
    ]  # fmt: skip


def test_nested_tables_of_a_list_have_their_own_lines() -> None:
    assert faults(SMALL + "[[queues]]\nname = 'q'\n[[queues.members]]\ninterface = 'PJSIP/6001'\n"
                  "[[queues.members]]\ninterface = 'PJSIP/9'\n") == [
        "<text>:12: queues[0].members[1].interface: 'PJSIP/9' is no phone of this home"
    ]  # fmt: skip


def test_the_text_of_long_strings_is_not_taken_for_keys() -> None:
    assert faults(SMALL + 'context = """\n[network]\nname = 1\n"""\ncolour = 1\n')[0].startswith(
        "<text>:7: extensions[0].context: "
    )


def test_what_is_no_toml_is_said_to_be_none() -> None:
    with pytest.raises(BuildError, match=r"^<text>:1: this is no TOML: "):
        HomePBX.from_toml("owner = \n")


def test_a_missing_file_is_a_load_error(tmp_path: Path) -> None:
    with pytest.raises(LoadError) as caught:
        HomePBX.from_toml(tmp_path / "none.toml")
    assert str(caught.value) == f"cannot read {tmp_path / 'none.toml'}: No such file or directory"
