"""What an endpoint is to the house, however it is written, and what is kept of it."""

from __future__ import annotations

import attrs

from asterconf.config import Config
from asterconf.model import CallerID, Extension, Secret, Setting, Trunk
from asterconf.pjsip import Aor, Auth, Endpoint, Identify, Registration, expand, fold


def pjsip(text: str, **others: str) -> Config:
    return Config.from_texts({"pjsip.conf": text, **{f"{k}.conf": v for k, v in others.items()}})


def role(conf: Config, name: str) -> tuple[str, str]:
    record = conf.endpoints[name]
    return record.role, record.role_reason


IP_TRUNK = """\
[provider]
type = endpoint
context = from-pstn
allow = ulaw
aors = provider
dtmf_mode = info
[provider]
type = aor
contact = sip:192.0.2.1:5060
[provider]
type = identify
endpoint = provider
match = 192.0.2.0/24
match_header = X-Trunk: a
"""


def test_a_trunk_that_is_known_by_its_address_has_no_account() -> None:
    conf = pjsip(IP_TRUNK)
    assert role(conf, "provider") == (
        "trunk",
        "it has a fixed address, and its calls are known by where they come from",
    )
    assert conf.trunks["provider"] == Trunk(
        "provider",
        remote_hosts=("192.0.2.1:5060",),
        match=("192.0.2.0/24",),
        context="from-pstn",
        codecs=("ulaw",),
        extra=("endpoint/dtmf_mode=info", "identify/match_header=X-Trunk: a"),
    )


def test_each_host_of_one_contact_line_may_be_the_one_that_is_registered_with() -> None:
    conf = pjsip(
        "[p]\ntype=endpoint\naors=p\n[p]\ntype=aor\n"
        "contact=sip:a@one.example,sip:a@two.example\n"
        "[r]\ntype=registration\nclient_uri=sip:a@x\nserver_uri=sip:two.example\n"
    )
    assert role(conf, "p") == ("trunk", "we register with it")


PEER = """\
[branch]
type = endpoint
context = from-branch
allow = g722
auth = branch-in
outbound_auth = branch-out
aors = branch
[branch-in]
type = auth
username = branch
password = s3cret
[branch-out]
type = auth
username = main
password = s3cret2
[branch]
type = aor
max_contacts = 1
[branch]
type = registration
server_uri = sip:branch.example
client_uri = sip:main@branch.example
outbound_auth = branch-out
endpoint = branch
line = yes
"""


def test_a_pbx_that_registers_here_and_we_there_is_a_peer() -> None:
    conf = pjsip(PEER)
    assert role(conf, "branch") == ("peer", "it registers with us and we register with it")
    assert conf.endpoints["branch"].extension is None
    assert conf.endpoints["branch"].trunk is None
    assert not conf.extensions
    assert not conf.trunks
    assert conf.objects(Endpoint)["branch"] == Endpoint(
        "branch",
        context="from-branch",
        allow=("g722",),
        auth=("branch-in",),
        outbound_auth=("branch-out",),
        aors=("branch",),
    )
    assert conf.objects(Registration)["branch"].line is True


def test_a_fixed_contact_alone_makes_a_peer() -> None:
    conf = pjsip(
        "[door]\ntype=endpoint\naors=door\n[door]\ntype=aor\ncontact=sip:door@192.0.2.7:5060\n"
    )
    assert role(conf, "door") == (
        "peer",
        "it has a fixed address, but neither registers nor is known by its address",
    )
    assert conf.objects(Aor)["door"].contact == ("sip:door@192.0.2.7:5060",)


SHARED = """\
[shared]
type = auth
username = house
password = s3cret
[6001]
type = endpoint
auth = shared
aors = 6001
[6001]
type = aor
max_contacts = 1
[6002]
type = endpoint
auth = shared
aors = 6002
[6002]
type = aor
max_contacts = 1
"""


def test_two_extensions_may_share_an_auth() -> None:
    conf = pjsip(SHARED)
    for name in ("6001", "6002"):
        extension = conf.extensions[name]
        assert (extension.auth_user, extension.secret) == ("house", Secret("s3cret"))
        assert str(conf.where(extension, "secret")) == "pjsip.conf:4:12"


def test_an_extension_may_have_several_aors() -> None:
    conf = pjsip(
        "[6001]\ntype=endpoint\naors=desk, mobile\n[desk]\ntype=aor\nmax_contacts=1\n"
        "[mobile]\ntype=aor\nmax_contacts=3\n"
    )
    assert role(conf, "6001") == ("extension", "devices may register as this endpoint")
    assert conf.extensions["6001"].max_contacts == 1
    assert conf.objects(Endpoint)["6001"].aors == ("desk", "mobile")
    assert fold([*conf.objects(Endpoint).values(), *conf.objects(Aor).values()]) is None


def test_lamps_are_told_unasked_or_subscribed() -> None:
    conf = pjsip(
        "[6001]\ntype=endpoint\naors=6001\nmailboxes=6000@default\n"
        "[6001]\ntype=aor\nmax_contacts=1\n"
        "[6002]\ntype=endpoint\naors=6002\n"
        "[6002]\ntype=aor\nmax_contacts=1\nmailboxes=6000@default,6009@default\n"
    )
    boxes = {e.name: (e.mailbox, e.subscribed_mailbox) for e in conf.extensions.values()}
    assert boxes == {
        "6001": ("6000@default", None),
        "6002": (None, "6000@default,6009@default"),
    }
    wizard = Config.from_texts(
        {
            "pjsip_wizard.conf": "[6003]\ntype=wizard\naccepts_registrations=yes\n"
            "endpoint/mailboxes=1@a\naor/mailboxes=2@a\n"
        }
    )
    extension = wizard.extensions["6003"]
    assert (extension.mailbox, extension.subscribed_mailbox) == ("1@a", "2@a")


def test_what_an_extension_has_no_field_for_is_kept() -> None:
    conf = Config.from_texts(
        {
            "pjsip_wizard.conf": "[6001]\ntype=wizard\naccepts_registrations=yes\n"
            "accepts_auth=yes\ninbound_auth/username=6001\ninbound_auth/realm=house\n"
            "endpoint/dtmf_mode=INFO\nhas_hint=yes\nhint_exten=6001\nsendsauth=1\n"
            "endpoint/permit=10.0.0.0/8\nendpoint/deny=0.0.0.0/0\n"
        }
    )
    assert [str(setting) for setting in conf.extensions["6001"].extra] == [
        "inbound_auth/realm=house",
        "endpoint/dtmf_mode=info",
        "has_hint=yes",
        "hint_exten=6001",
        "endpoint/permit=10.0.0.0/8",
        "endpoint/deny=0.0.0.0/0",
        "sendsauth=1",
    ]


def test_a_set_that_people_named_folds_into_a_wizard_section() -> None:
    conf = pjsip(SHARED.replace("shared", "6001"))
    made = [
        conf.objects(Endpoint)["6001"],
        conf.objects(Aor)["6001"],
        conf.objects(Auth)["6001"],
    ]
    folded = fold(made)
    assert folded is not None
    assert dict(folded.options) == {
        "accepts_auth": True,
        "accepts_registrations": True,
        "aor/max_contacts": 1,
        "inbound_auth/username": "house",
        "inbound_auth/password": Secret("s3cret"),
    }
    endpoint, aor, auth = expand(folded)
    assert isinstance(endpoint, Endpoint)
    assert isinstance(aor, Aor)
    assert isinstance(auth, Auth)
    assert (endpoint.auth, auth.name, aor.max_contacts) == (("6001-iauth",), "6001-iauth", 1)


def test_a_trunk_known_by_its_address_folds() -> None:
    conf = pjsip(IP_TRUNK)
    made = [conf.objects(cls)["provider"] for cls in (Endpoint, Aor, Identify)]
    folded = fold(made)
    assert folded is not None
    assert folded["remote_hosts"] == ("192.0.2.1:5060",)
    assert folded["identify/match"] == ("192.0.2.0/24",)


def test_a_set_folds_only_if_nothing_in_it_is_left_over() -> None:
    conf = pjsip(PEER)
    made = [
        conf.objects(Endpoint)["branch"],
        conf.objects(Aor)["branch"],
        conf.objects(Auth)["branch-in"],
        conf.objects(Auth)["branch-out"],
    ]
    assert fold([*made, conf.objects(Registration)["branch"]]) is not None
    assert fold(made) is not None
    other = conf.objects(Auth)["branch-out"]
    assert fold([*made, attrs.evolve(other, name="of-nobody")]) is None
    without = fold(made[:3])
    assert without is not None
    assert without["endpoint/outbound_auth"] == ("branch-out",)


def test_an_extension_keeps_its_four_numbers_apart() -> None:
    conf = pjsip(
        "[kitchen]\ntype=endpoint\nauth=a\naors=kitchen\ncallerid=Kitchen <5551234>\n"
        "[a]\ntype=auth\nusername=wall\npassword=x\n[kitchen]\ntype=aor\nmax_contacts=1\n",
        extensions="[home]\nexten => 6002,1,Dial(PJSIP/kitchen)\n",
    )
    extension = conf.extensions.by_number("6002")
    assert extension == Extension(
        "kitchen",
        number="6002",
        auth_user="wall",
        callerid=CallerID("Kitchen", "5551234"),
        secret="x",
        max_contacts=1,
    )
    assert extension.extra == ()
    assert Setting.parse("a=b") == Setting("a", "b")
