"""How much is decided: without a trunk all of it, and of public trees a stated share."""

import os
from pathlib import Path

import pytest

from asterconf import Numbers
from asterconf.config import Config
from tests.decided import asked, every, share
from tests.unit.ask.test_never_ignorance import WIZARD

FULL = os.environ.get("ASTERCONF_FULL") == "1"
FLOORS = (
    {"reach": 0.86, "emergency": 0.95, "injections": 0.69, "sinks": 0.55, "dead": 0.76}
    if FULL
    else {"reach": 0.95, "emergency": 0.97, "injections": 0.95, "sinks": 0.84, "dead": 0.93}
)
"""The shares of verdicts that are yes or no: of all public trees, or of some."""
SOME = ("abourget", "FelipeColtri", "Lucianobdo", "clayface", "ehhva", "Metalhearf", "bbaranoff")
ANYWHERE = (
    "[c]\nexten => _X.,1,AGI(x.agi)\n same => n,Dial(DAHDI/g0/${EXTEN})\n same => 9,NoOp\n"
    "switch => Realtime/x\n"
)


@pytest.mark.parametrize(
    ("more", "verdict"),
    [
        ({"modules.conf": "[modules]\nautoload=yes\n"}, "no"),
        ({}, "unknown"),  # a part of a configuration says nothing of endpoints
        ({"sorcery.conf": "[res_pjsip]\nendpoint=realtime,ps_endpoints\n"}, "unknown"),
        ({"pjsip.conf": "#exec /bin/endpoints\n"}, "unknown"),
    ],
)
def test_no_trunk_is_reached_where_there_is_none(more: dict[str, str], verdict: str) -> None:
    conf = Config.from_texts({"extensions.conf": ANYWHERE, **more})
    assert conf.ask.reach(entry="c").verdict == verdict
    assert conf.ask.emergency(["911"], entry="c").verdict == verdict
    services = conf.ask.class_of_service({"local": Numbers("_NXXXXXX")}, entry="c")
    assert services.verdict == verdict
    assert (services["context:c", "local"].because == "none") == (verdict == "no")


def test_an_endpoint_of_unknown_role_may_be_a_trunk() -> None:
    pjsip = "[x]\ntype=endpoint\ncontext=c\n"
    conf = Config.from_texts({"extensions.conf": ANYWHERE, "pjsip.conf": pjsip})
    assert conf.ask.reach(entry="context:c").verdict == "unknown"


@pytest.mark.parametrize(
    ("file", "asterisk", "target", "verdict"),
    [
        ("chan_dahdi.conf", "22", "DAHDI/g0", "unknown"),
        ("iax.conf", "22", "IAX2/provider", "unknown"),
        ("sip.conf", "22", "SIP/provider", "no"),  # 22 has no chan_sip
        ("sip.conf", "20", "SIP/provider", "unknown"),
        ("http.conf", "22", "DAHDI/g0", "no"),  # chan_dahdi does not load without its file
    ],
)
def test_lines_of_other_drivers_may_lead_outside(
    file: str, asterisk: str, target: str, verdict: str
) -> None:
    plan = f"[c]\nexten => _X.,1,Dial({target}/${{EXTEN}})\n same => n,Hangup()\n"
    conf = Config.from_texts({"extensions.conf": plan, file: "[x]\na=b\n"}, asterisk=asterisk)
    reach, emergency = conf.ask.reach(entry="c"), conf.ask.emergency(["911"], entry="c")
    service = conf.ask.class_of_service({"short": Numbers("_9XX")}, entry="c")
    assert {one.verdict for one in (reach, emergency, service)} == {verdict}
    if verdict == "unknown":
        assert target in str(reach)
    silent = plan.replace(f"Dial({target}/${{EXTEN}})", "NoOp()")
    conf = Config.from_texts({"extensions.conf": silent, file: "[x]\na=b\n"}, asterisk=asterisk)
    assert conf.ask.reach(entry="c").verdict == "no"


@pytest.mark.parametrize("app", ["WaitForTone(1500)", "ToneScan()", "ReceiveMF(d,3)", "Reload()"])
def test_what_waits_and_goes_on_is_followed_with_any_status(app: str) -> None:
    steps = f'exten => 911,1,{app}\n same => n,GotoIf($["${{WAITFORTONESTATUS}}"="SUCCESS"]?2)\n'
    plan = f"[from-home]\n{steps} same => n,Playback(bye)\n[from-trunk]\nexten => x,1,NoOp\n"
    conf = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": WIZARD})
    assert conf.ask.reach(entry="100").verdict == "no"
    out = plan.replace("Playback(bye)", "Dial(PJSIP/911@provider)")
    conf = Config.from_texts({"extensions.conf": out, "pjsip_wizard.conf": WIZARD})
    assert conf.ask.reach(entry="100").verdict in ("yes", "unknown")


def test_questions_share_a_search_until_a_file_is_edited() -> None:
    plan = "[from-home]\nexten => 911,1,Dial(PJSIP/911@provider)\n[from-trunk]\nexten => x,1,NoOp\n"
    conf = Config.from_texts({"extensions.conf": plan, "pjsip_wizard.conf": WIZARD})
    assert conf.ask.reach(entry="100").verdict == "yes"
    section = conf["extensions.conf"]["from-home"]
    section.set(section.options[0], "911,1,Hangup()")
    assert conf.ask.reach(entry="100").verdict == "no"


def test_public_trees_are_decided_to_a_stated_share(corpus: Path) -> None:
    given = [one for part in ([""] if FULL else SOME) for one in every(corpus, part)]
    assert {one.question for one in given} == FLOORS.keys()
    for question, least in FLOORS.items():
        assert share(given, question) >= least, question


def test_a_share_counts_what_is_unknown() -> None:
    given = [*asked(Config.from_texts({"extensions.conf": ANYWHERE}))]
    assert share(given, "reach") == 0
    assert share(given, "dead") < 1
