"""What cannot be built: every fault at once, each with its place."""

from typing import Any

import attrs
import pytest

from asterconf.errors import BuildError
from asterconf.features import EmergencyCalls, Guards, Intercom, OutgoingCalls, Plan, usual_features
from asterconf.home import HomePBX, Network, Voicemail, providers
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember, Trunk
from tests.unit.home.homes import home


def faults(pbx: HomePBX) -> list[str]:
    with pytest.raises(BuildError) as caught:
        pbx.files()
    return str(caught.value).split("\n")


def test_all_faults_are_told_at_once() -> None:
    pbx = home(
        network=Network(rtp_ports=(20999, 20000)),
        extensions=[
            Extension("6001", secret="x"),
            Extension("kitchen", number="6001", secret="x", mailbox="7@default"),
            Extension("6000", secret="x"),
        ],
        queues=[Queue("home-phones", members=[QueueMember("PJSIP/6009")])],
    )
    assert faults(pbx) == [
        "network.rtp_ports: the first port, 20999, must be below the last, 20000",
        "extensions[1].number: 6001 is already the number of extension 6001",
        "extensions[1].mailbox: there is no mailbox '7@default'",
        "queues[0].members[0].interface: 'PJSIP/6009' is no phone of this home",
        (
            "extensions[2].number: 6000 is wanted by the intercom (features.intercom) and by "
            "extension 6000"
        ),
    ]


PHONE = Extension("6001", secret="x")


FAULTS: list[tuple[dict[str, Any], str]] = [
    (
        {"owner": "John Doe <5555555555>", "features": []},
        "owner: needs a number with + and country code, not '5555555555'",
    ),
    (
        {"owner": "John Doe <+1555>"},
        "owner: needs a number with + and country code, not '+1555'",
    ),
    (
        {"owner": "John Doe <+11555555555>"},
        "owner: is no number of North America: '+11555555555'",
    ),
    (
        {"owner": "John Doe <+9991234567>"},
        "owner: +9991234567 belongs to no country",
    ),
    (
        {"owner": CallerID("${SHELL(id)}", "+15555555555")},
        (
            "owner: global variable MY_CALLER_ID must not hold ${ or $[: "
            "'${SHELL(id)} <+15555555555>'"
        ),
    ),
    ({"area_code": "155"}, "area_code: must be three digits, the first 2 to 9, not '155'"),
    (
        {"network": Network(rtp_ports=(80, 90))},
        "network.rtp_ports: the ports must lie from 1024 to 65535, not 80 to 90",
    ),
    (
        {"network": Network(external_address="my house")},
        "network.external_address: must be an address or a host's name, not 'my house'",
    ),
    (
        {"network": Network(local_networks=["::/0"])},
        (
            "network.local_networks[0]: ::/0 is every address: local is what is reached "
            "without NAT, and may register"
        ),
    ),
    (
        {"network": Network(local_networks=["10.0.0.0/8", "home"])},
        "network.local_networks[1]: must be address/mask, not 'home'",
    ),
    (
        {"network": Network(bind="eth0")},
        "network.bind: must be an address of this machine, not 'eth0'",
    ),
    (
        {"voicemail": Voicemail(time_zone="New York")},
        "voicemail.time_zone: must be a zone such as America/New_York, not 'New York'",
    ),
    (
        {"extensions": [Extension("6001")]},
        "extensions[0].secret: is missing; nobody could register",
    ),
    (
        {"extensions": [Extension("6 1", secret="x")]},
        "extensions[0].name: must be letters, digits and _ . + - only, not '6 1'",
    ),
    (
        {"extensions": [PHONE, attrs.evolve(PHONE, number=None)]},
        "extensions[1].name: '6001' is already the name of extensions[0]",
    ),
    (
        {"extensions": [Extension("voipms", secret="x")]},
        "extensions[0].name: 'voipms' is already the name of trunks[0]",
    ),
    (
        {"extensions": [Extension("extension-defaults", secret="x")]},
        "extensions[0].name: 'extension-defaults' is already the name of a template",
    ),
    (
        {"extensions": [attrs.evolve(PHONE, context="garden")]},
        "extensions[0].context: no feature makes a context 'garden'",
    ),
    (
        {"extensions": [attrs.evolve(PHONE, transport="transport-tls")]},
        (
            "extensions[0].transport: there is no transport 'transport-tls', "
            "only transport-udp and transport-tcp"
        ),
    ),
    (
        {"extensions": [attrs.evolve(PHONE, secret="x ")]},
        "extensions[0].secret: must not hold control characters, or blanks at its ends",
    ),
    (
        {"extensions": [Extension("911", secret="x")]},
        (
            "extensions[0].number: 911 is wanted by emergency calls "
            "(features.emergency_calls) and by extension 911"
        ),
    ),
    (
        {"trunks": [Trunk("t", username="a", secret="b")]},
        "trunks[0].remote_hosts: is missing; where is the provider?",
    ),
    (
        {"trunks": [Trunk("t", remote_hosts="a", secret="b")]},
        "trunks[0].username: is missing; the provider would ask for it",
    ),
    (
        {"trunks": [providers.generic("a", "b", "c", contact_user="a b")]},
        "trunks[0].contact_user: must be a number or a name, not 'a b'",
    ),
    ({"trunks": [], "features": [EmergencyCalls()]}, "there is no trunk"),
    (
        {"features": [*usual_features(without=["outgoing_calls"]), OutgoingCalls("other")]},
        "features.outgoing_calls.trunk: there is no trunk 'other'",
    ),
    (
        {"features": usual_features(without=["emergency_calls"])},
        "features: OutgoingCalls needs EmergencyCalls beside it, or nobody can call for help",
    ),
    (
        {"features": [*usual_features(), Intercom("6001")]},
        (
            "features.intercom: 6001 is wanted by extension 6001 (extensions[0].number) and by "
            "the intercom"
        ),
    ),
    (
        {"mailboxes": [Mailbox("6000", initial_pin="1"), Mailbox("6000", initial_pin="2")]},
        "mailboxes[1].number: there is a mailbox 6000@default already",
    ),
    (
        {"mailboxes": [Mailbox("6000")]},
        "mailboxes[0].initial_pin: is missing; anybody could listen",
    ),
    (
        {"mailboxes": [Mailbox("6000", context="general", initial_pin="1")]},
        "mailboxes[0].context: cannot hold mailboxes: 'general'",
    ),
    (
        {"queues": [Queue("general")]},
        "queues[0].name: cannot be the name of a queue: 'general'",
    ),
    (
        {"queues": [Queue("a"), Queue("a")]},
        "queues[1].name: 'a' is already the name of a queue",
    ),
]
"""Homes, by what they have in place of the usual one, and their only fault."""


@pytest.mark.parametrize(("changes", "fault"), FAULTS)
def test_a_fault_is_named_with_its_place(changes: dict[str, Any], fault: str) -> None:
    assert fault in faults(home(**changes))


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"extensions": ["6001"]}, "extensions: must be Extension, not '6001'"),
        ({"network": None}, "network: must be Network, not None"),
        ({"area_code": 555}, "area_code: must be str, not 555"),
        ({"features": [3]}, "features: must be Feature or NoneType, not 3"),
    ],
)
def test_what_is_no_part_of_a_house_is_refused_at_once(
    changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(BuildError) as caught:
        home(**changes)
    assert str(caught.value) == message


@attrs.frozen
class Custom:
    """Whatever a test wants in the context of the phones."""

    name: str
    step: str = "NoOp()"

    def contribute(self, plan: Plan) -> None:
        plan.context("from-home").extension(self.name, self.step)


@pytest.mark.parametrize("name", ["911", "911/6001", "911/"])
def test_nothing_can_shadow_an_emergency_number(name: str) -> None:
    pbx = home(features=[Custom(name), *usual_features()])
    assert faults(pbx) == [
        f"{name} is wanted by emergency calls (features.emergency_calls) and by [from-home]"
    ]


@pytest.mark.parametrize(
    ("step", "problem"),
    [
        ("Set(CALLERID(all)=Intercom <1>", "has no closing bracket"),
        ("Dial(PJSIP/1))", "goes on behind its last bracket"),
        ("Hangup", "must be written Application(arguments)"),
        ("Dial (PJSIP/1)", "must be written Application(arguments)"),
    ],
)
def test_a_step_that_asterisk_would_cut_is_refused(step: str, problem: str) -> None:
    pbx = home(features=[*usual_features(), Custom("77", step)])
    assert faults(pbx) == [f"[from-home] 77: step {step!r} {problem}"]


def test_a_step_of_two_lines_is_refused() -> None:
    pbx = home(features=[*usual_features(), Custom("77", "NoOp(a\nb)")])
    assert faults(pbx) == ["[from-home] 77: no line can call 'NoOp' with 'a\\nb'"]


def test_two_values_for_one_global_variable_are_a_fault() -> None:
    @attrs.frozen
    class Other:
        def contribute(self, plan: Plan) -> None:
            plan.set_global("MY_AREA_CODE", "212")

    assert faults(home(features=[*usual_features(), Other()])) == [
        "global variable MY_AREA_CODE is to be 555 and 212"
    ]


def test_a_guard_may_watch_other_contexts() -> None:
    pbx = home(features=[*usual_features(without=["guards"]), Guards("nowhere")])
    assert next(c.name for c in pbx.plan().contexts()) == "nowhere"


def test_a_home_is_a_value() -> None:
    assert home() == home()
    assert isinstance(home(), HomePBX)
