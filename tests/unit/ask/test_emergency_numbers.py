"""Which emergency numbers are asked about: those of the owner's country."""

from typing import Any

import pytest

from asterconf import Extension, HomePBX, Trunk
from asterconf.config import Config
from asterconf.errors import ModelError
from asterconf.numbers import Numbers
from tests.contacts import AORS
from tests.strategies.homes import generated_home
from tests.unit.ask.wizard import phone, trunk

PLAN = "[a]\nexten => 1,1,NoOp\n"
SIDECAR = ".asterconf/build.toml"


def asked(more: dict[str, str]) -> set[str]:
    return {
        row.about for row in Config.from_texts({"extensions.conf": PLAN, **more}).ask.emergency()
    }


def test_a_home_in_the_united_states_is_asked_for_911_only() -> None:
    home = generated_home(2)
    assert str(home.owner).startswith("+1"), "the seed gives a home in North America"
    answer = home.build().ask.emergency()
    assert {row.about for row in answer} == {"911"}
    assert answer.verdict == "yes"
    down = home.build().ask.what_if([one.name for one in home.trunks])
    assert {row.about for row in down} == {"911"}
    assert down.verdict == "no"


@pytest.mark.parametrize(
    ("more", "numbers"),
    [
        ({SIDECAR: '[home]\nowner = "Ada <+442071838750>"\n'}, {"112", "999"}),
        ({SIDECAR: '[home]\nowner = "+15555550100"\n'}, {"911"}),
        ({SIDECAR: "[home]\n"}, {"911", "112"}),
        ({SIDECAR: "no TOML"}, {"911", "112"}),
        ({SIDECAR: '[home]\nowner = "100"\n'}, {"911", "112"}),
        ({"indications.conf": "[general]\ncountry=de\n"}, {"110", "112"}),
        ({"indications.conf": "[general]\ncountry=uk\n"}, {"112", "999"}),
        ({"indications.conf": "[general]\ncountry=us\n"}, {"911", "112"}),
        ({"indications.conf": "[general]\ncountry=nowhere\n"}, {"911", "112"}),
        ({}, {"911", "112"}),
    ],
)
def test_the_country_is_where_the_configuration_says_it(
    more: dict[str, str], numbers: set[str]
) -> None:
    assert asked(more) == numbers


def test_an_empty_dialplan_hands_nothing_to_anybody() -> None:
    answer = Config.from_texts({"extensions.conf": "[general]\n"}).ask.emergency()
    assert answer.verdict == "no"
    assert len(answer) == 0


@pytest.mark.parametrize(
    ("number", "verdict", "because"),
    [
        ("911", "no", "911 is not handed to a trunk"),  # what stands behind the / is an aor
        ("112", "no", "112 is not handed to a trunk"),  # _1XX comes first, at every hour
        ("999", "no", "not at every hour: not at 2026-01-01 00:00"),
        ("110", "yes", "hands 110 to trunk voip as 110"),
    ],
)
def test_why_a_number_is_not_handed_over(number: str, verdict: str, because: str) -> None:
    plan = """\
[c]
exten => 911,1,Dial(PJSIP/voip/911)
exten => _1[1]2,1,NoOp
exten => 110,1,Dial(PJSIP/110@voip)
include => day|8:00-17:00|*|*|*
[day]
exten => 112,1,Dial(PJSIP/112@voip)
exten => 999,1,Dial(PJSIP/999@voip)
"""
    trunk = f"{AORS}[voip]\ntype=identify\nendpoint=voip\nmatch=127.0.0.1\n"
    conf = Config.from_texts({"extensions.conf": plan, "pjsip.conf": trunk})
    answer = conf.ask.emergency([number], entry="context:c")
    (row,) = answer
    assert (row.verdict, row.because) == (verdict, because)


def test_only_the_trunks_that_are_named_count() -> None:
    plan = (
        "[from-home]\nexten => 911,1,Dial(PJSIP/911@first)\n"
        "exten => _NXX,1,Dial(PJSIP/${EXTEN}@second)\n"
        "[from-trunk]\nexten => 1,1,Hangup()\n"
    )
    wizard = (
        trunk("first", "from-trunk") + trunk("second", "from-trunk") + phone("100", "from-home")
    )
    ask = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": wizard}).ask
    kinds = {"help": Numbers("911"), "short": Numbers("_2XX")}
    for to, help_, verdicts in (
        (["first"], "yes", {"help": "yes", "short": "no"}),
        (["second"], "no", {"help": "no", "short": "yes"}),
        ("trunk", "yes", {"help": "yes", "short": "yes"}),
    ):
        named = [to] if isinstance(to, str) else [*to]
        assert ask.emergency(["911"], to=iter(named)).verdict == help_
        services = ask.class_of_service(kinds, to=iter(named))
        assert {kind: services["100", kind].verdict for kind in kinds} == verdicts
        assert ask.what_if(["second"], numbers=["911"], to=named).verdict == help_
        assert ask.what_if(["first"], numbers=["911"], to=named).verdict == "no"


def test_the_classes_mean_all_of_their_role() -> None:
    conf = generated_home(2).build()
    for who, role in ((Extension, "role:extension"), (Trunk, "role:trunk")):
        named, meant = conf.ask.reach(entry=who, to=Trunk), conf.ask.reach(entry=role)
        assert named.verdict == meant.verdict
        assert [one.entry for one in named.entries] == [one.entry for one in meant.entries]
        assert conf.ask.reach(entry=[who], to="trunk").verdict == meant.verdict
    assert conf.ask.what_if(Trunk).verdict == "no"
    other: Any = HomePBX
    with pytest.raises(ModelError, match="neither a name nor Extension or Trunk"):
        conf.ask.reach(entry=other)
