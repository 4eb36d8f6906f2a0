"""What the files of Asterisk's modules take in lines of several fields."""

from __future__ import annotations

import pytest

from asterconf import Config
from asterconf.source import Severity
from tests.unit.linter.field_values import KEPT, KEPT_IN, VALUES

CASES = [
    (file, text.format(line), is_bad)
    for file, (_, text, lines) in VALUES.items()
    for line, is_bad in lines.items()
]


@pytest.mark.parametrize(("file", "text", "is_bad"), CASES)
def test_check_warns_where_asterisk_does(*, file: str, text: str, is_bad: bool) -> None:
    dialplan = "[default]\nexten => 1,1,NoOp()\n"
    conf = Config.from_texts({file: text, "extensions.conf": dialplan})
    found = [one for one in conf.check(host_files=False) if one.severity is not Severity.ADVICE]
    assert bool(found) == is_bad, found


LISTS = [(file, line, less) for file, rows in KEPT.items() for line, (_, less) in rows.items()]


@pytest.mark.parametrize(("file", "line", "less"), LISTS)
def test_check_warns_of_what_asterisk_passes_over_in_silence(
    *, file: str, line: str, less: bool
) -> None:
    conf = Config.from_texts({file: KEPT_IN[file].format(line)})
    found = [one for one in conf.check(host_files=False) if one.code != "AC616"]
    assert bool(found) == less, found


def test_a_misspelt_action_or_level_is_named_with_the_nearest() -> None:
    texts = {
        "confbridge.conf": KEPT_IN["confbridge.conf"].format("togle_mute"),
        "logger.conf": KEPT_IN["logger.conf"].format("notice,warnin"),
    }
    found = [(one.code, one.hint) for one in Config.from_texts(texts).check(host_files=False)]
    assert found == [
        ("AC603", "did you mean 'toggle_mute'?"),
        ("AC602", "did you mean 'warning'?"),
    ]
    ours = "[logfiles]\nx => notice,acme\n"  # a module of ours may bring it
    assert not Config.from_texts({"logger.conf": ours}).check(host_files=False)


def test_a_bad_application_map_costs_the_whole_file() -> None:
    conf = Config.from_texts({"features.conf": "[applicationmap]\na => 1,nobody,NoOp\n"})
    (found,) = conf.check(host_files=False)
    assert (found.code, found.severity) == ("AC601", Severity.ERROR)
    assert "refuses the whole features.conf" in found.message


def test_a_wizard_of_sorcery_that_does_not_exist() -> None:
    # Logged: Wizard 'Config' could not be applied to object type 'auth' as it was not found.
    text = "[res_pjsip]\nauth = {}\n"
    for line, codes in {
        "config,pjsip.conf,criteria=type=auth": [],
        "memory": [],
        "test": [],  # of Asterisk's own tests, as its sample of the file has it
        "Config,pjsip.conf": ["AC602"],
        "config , pjsip.conf": ["AC602"],
        "nosuch": ["AC602"],
    }.items():
        conf = Config.from_texts({"sorcery.conf": text.format(line)})
        assert [one.code for one in conf.check(host_files=False)] == codes, line


def test_no_message_shows_the_password_of_a_registration() -> None:
    conf = Config.from_texts({"iax.conf": "[general]\nregister => ann:hush\n"})
    (found,) = conf.check(host_files=False)
    assert "hush" not in str(found)
