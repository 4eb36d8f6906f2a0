"""The example as it stands, on a real Asterisk: what it holds is what the objects say.

The name of its provider leads to an address where nobody is.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

import asterconf
from asterconf.dialplan import Dialplan
from asterconf.model import Extension, Queue, Trunk

from .ami import Ami, Message
from .house import EXAMPLE, NO_PROVIDER, PROVIDER, listed, said, wait_until
from .phones import fresh_address
from .rig import Asterisk


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Build the example as the command does, with all that a bare Asterisk needs."""
    target = tmp_path_factory.mktemp("home") / "example"
    asterconf.HomePBX.from_toml(EXAMPLE).write(target, complete=True)
    return target


@pytest.fixture(scope="module")
def conf(built: Path) -> asterconf.Config:
    """Read the same files."""
    return asterconf.load(built)


@pytest.fixture(scope="module")
def address() -> str:
    return fresh_address()


@pytest.fixture(scope="module")
def running_example(
    asterisk_root: Path, built: Path, tmp_path_factory: pytest.TempPathFactory, address: str
) -> Iterator[Asterisk]:
    run = tmp_path_factory.mktemp("run") / "asterisk"
    with Asterisk(asterisk_root, built, run, hosts={PROVIDER: address}) as running:
        yield running


def word(value: bool | None, *, default: bool) -> str:
    return "true" if (default if value is None else value) else "false"


def shows(ami: Ami, name: str) -> dict[str, Message]:
    """What Asterisk holds of one endpoint, by the kind of object."""
    details = ami.action("PJSIPShowEndpoint", Endpoint=name)[1:-1]
    return {message["Event"].removesuffix("Detail"): message for message in details}


def test_the_example_boots_and_its_only_warning_is_the_missing_provider(
    running_example: Asterisk,
) -> None:
    running_example.cli("pjsip send register voipms-reg-0")
    assert wait_until(lambda: running_example.log_lines() != [], 60)
    assert running_example.log_lines() == NO_PROVIDER


def test_endpoints_aors_and_logins_are_those_of_the_objects(
    running_example: Asterisk, conf: asterconf.Config
) -> None:
    ami = running_example.ami
    names = list(conf.endpoints)
    assert names == ["voipms", "6001", "6002", "6003"]
    assert list(conf.trunks) + list(conf.extensions) == names
    for action, event in (
        ("PJSIPShowEndpoints", "EndpointList"),
        ("PJSIPShowAors", "AorList"),
    ):
        assert {e["ObjectName"] for e in listed(ami, action, event)} == set(names)
    logins = {
        (e["Username"], e["Password"]) for e in listed(ami, "PJSIPShowAuths", "AuthList")
    }  # fmt: skip
    assert logins == {
        *((e.auth_user, e.secret.reveal()) for e in conf.extensions.values() if e.secret),
        *((t.username, t.secret.reveal()) for t in conf.trunks.values() if t.secret),
    }
    assert len(logins) == 4


@pytest.mark.parametrize("name", ["6001", "6002", "6003"])
def test_every_field_of_an_extension_is_what_asterisk_holds(
    running_example: Asterisk, conf: asterconf.Config, name: str
) -> None:
    extension: Extension = conf.extensions[name]
    assert extension.secret
    shown = shows(running_example.ami, name)
    assert set(shown) == {"Endpoint", "Auth", "Aor"}
    assert said(
        shown["Endpoint"], "Callerid", "Context", "Mailboxes", "SubscribeContext", "Allow",
        "DirectMedia", "RtpSymmetric", "RewriteContact", "Transport", "MediaEncryption", "SetVar",
        "Aors", "OutboundAuth",
    ) == {
        "Callerid": f'"{extension.callerid.name}" <{extension.callerid.number}>',
        "Context": extension.context,
        "Mailboxes": extension.mailbox,
        "SubscribeContext": extension.subscribe_context,
        "Allow": f"({'|'.join(extension.codecs or ())})",
        "DirectMedia": word(extension.direct_media, default=True),
        "RtpSymmetric": word(extension.rtp_symmetric, default=False),
        "RewriteContact": word(extension.rewrite_contact, default=False),
        "Transport": extension.transport or "",
        "MediaEncryption": extension.media_encryption or "no",
        "SetVar": ",".join(extension.set_var),
        "Aors": name,
        "OutboundAuth": "",
    }  # fmt: skip
    assert said(shown["Auth"], "Username", "Password", "AuthType") == {
        "Username": extension.auth_user,
        "Password": extension.secret.reveal(),
        "AuthType": "userpass",
    }
    assert said(
        shown["Aor"], "MaxContacts", "RemoveExisting", "QualifyFrequency", "QualifyTimeout"
    ) == {
        "MaxContacts": str(extension.max_contacts),
        "RemoveExisting": word(extension.remove_existing, default=False),
        "QualifyFrequency": str(extension.qualify_frequency or 0),
        "QualifyTimeout": f"{extension.qualify_timeout or 3:.6f}",
    }


def test_every_field_of_the_trunk_is_what_asterisk_holds(
    running_example: Asterisk, conf: asterconf.Config, address: str
) -> None:
    trunk: Trunk = conf.trunks["voipms"]
    assert trunk.secret
    shown = shows(running_example.ami, "voipms")
    assert said(
        shown["Endpoint"], "Context", "Transport", "Allow", "RtpSymmetric", "RewriteContact",
        "SendRpid", "DirectMedia", "MediaEncryption", "FromUser", "FromDomain", "Auth",
    ) == {
        "Context": trunk.context,
        "Transport": trunk.transport,
        "Allow": f"({'|'.join(trunk.codecs or ())})",
        "RtpSymmetric": word(trunk.rtp_symmetric, default=False),
        "RewriteContact": word(trunk.rewrite_contact, default=False),
        "SendRpid": word(trunk.send_rpid, default=False),
        "DirectMedia": word(trunk.direct_media, default=True),
        "MediaEncryption": trunk.media_encryption,
        "FromUser": trunk.from_user or "",
        "FromDomain": trunk.from_domain or "",
        "Auth": "",
    }  # fmt: skip
    assert said(shown["Auth"], "Username", "Password") == {
        "Username": trunk.username,
        "Password": trunk.secret.reveal(),
    }
    assert said(shown["Aor"], "Contacts", "QualifyFrequency") == {
        "Contacts": f"voipms/sip:{trunk.remote_hosts[0]}",
        "QualifyFrequency": str(trunk.qualify_frequency),
    }
    assert trunk.match == (PROVIDER,)
    assert shown["Identify"]["Match"] == f"{address}/255.255.255.255"

    events = listed(
        running_example.ami, "PJSIPShowRegistrationsOutbound", "OutboundRegistrationDetail"
    )
    keys = ("ObjectName", "ServerUri", "ClientUri", "ContactUser", "Transport", "OutboundAuth",
            "OutboundProxy", "MaxRetries", "AuthRejectionPermanent")  # fmt: skip
    assert [said(event, *keys) for event in events] == [
        {
            "ObjectName": f"{trunk.name}-reg-{index}",
            "ServerUri": f"sip:{host}",
            "ClientUri": f"sip:{trunk.username}@{host}",
            "ContactUser": trunk.contact_user,
            "Transport": trunk.transport,
            "OutboundAuth": f"{trunk.name}-oauth",
            "OutboundProxy": trunk.outbound_proxy or "",
            "MaxRetries": str(trunk.max_retries),
            "AuthRejectionPermanent": word(trunk.auth_rejection_permanent, default=True),
        }
        for index, host in enumerate(trunk.remote_hosts)
    ]


def test_transports_are_those_of_the_objects(
    running_example: Asterisk, conf: asterconf.Config
) -> None:
    rows = re.findall(
        r"(?m)^Transport:  (\w\S+) +(\w+) +\d+ +\d+  (\S+)",
        running_example.cli("pjsip show transports"),
    )
    at = f"127.0.0.1:{running_example.sip_port}"  # instead of 0.0.0.0
    assert {t.bind for t in conf.transports.values()} == {"0.0.0.0"}
    assert sorted(rows) == sorted((t.name, t.protocol, at) for t in conf.transports.values())
    details = shows(running_example.ami, "voipms")["Transport"]
    used = conf.transports[details["ObjectName"]]
    assert used.local_net == ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16")
    assert details["LocalNet"] == (
        "127.0.0.0/255.0.0.0,10.0.0.0/255.0.0.0,172.16.0.0/255.240.0.0,192.168.0.0/255.255.0.0"
    )
    assert said(details, "ExternalMediaAddress", "ExternalSignalingAddress") == {
        "ExternalMediaAddress": used.external_media_address,
        "ExternalSignalingAddress": used.external_signaling_address,
    }


def test_queues_and_their_members_are_those_of_the_objects(
    running_example: Asterisk, conf: asterconf.Config
) -> None:
    events = running_example.ami.action("QueueStatus")
    queues = [e for e in events if e.get("Event") == "QueueParams"]
    members = [e for e in events if e.get("Event") == "QueueMember"]
    assert [said(e, "Queue", "Strategy", "Max", "Weight") for e in queues] == [
        {"Queue": q.name, "Strategy": q.strategy, "Max": str(q.maxlen), "Weight": str(q.weight)}
        for q in conf.queues.values()
    ]
    queue: Queue = conf.queues["home-phones"]
    assert sorted(
        (e["Queue"], e["Location"], e["Name"], e["StateInterface"], e["Penalty"]) for e in members
    ) == sorted(
        (queue.name, m.interface, m.name, m.state_interface, str(m.penalty)) for m in queue.members
    )
    assert len(members) == 3


def test_mailboxes_are_those_of_the_objects(
    running_example: Asterisk, conf: asterconf.Config
) -> None:
    events = listed(running_example.ami, "VoicemailUsersList", "VoicemailUserEntry")
    keys = ("VoiceMailbox", "VMContext", "Fullname", "Email", "Pager", "TimeZone")
    assert [said(e, *keys) for e in events] == [
        {
            "VoiceMailbox": box.number,
            "VMContext": box.context,
            "Fullname": box.name,
            "Email": box.email,
            "Pager": box.pager,
            "TimeZone": "home",
        }
        for box in conf.mailboxes.values()
    ]
    assert list(conf.mailboxes) == ["6000@default"]


Row = tuple[str, str, int, str, str, str]


def our_rows(plan: Dialplan) -> list[Row]:
    """Every step and hint in the form in which the manager tells them."""
    rows: list[Row] = []
    for context in plan:
        for extension in context:
            at = (context.name, extension.name)
            if extension.hint:
                rows.append((*at, -1, extension.hint.label or "", extension.hint.text, ""))
            rows += ((*at, s.priority, s.label or "", s.app, s.data) for s in extension.steps)
    return rows


def test_every_step_and_hint_of_the_dialplan_is_that_of_the_objects(
    running_example: Asterisk, conf: asterconf.Config
) -> None:
    real: list[Row] = [
        (
            e["Context"],
            e["Extension"],
            -1 if e["Priority"] == "hint" else int(e["Priority"]),
            e.get("ExtensionLabel"),
            e["Application"],
            e.get("AppData"),
        )
        for e in listed(running_example.ami, "ShowDialPlan", "ListDialplan")
    ]
    ours = our_rows(conf.dialplan)
    by_context = {
        context.name: [r for r in real if r[0] == context.name] for context in conf.dialplan
    }
    assert sorted(real) == sorted(ours)
    assert {c: [r for r in ours if r[0] == c] for c in by_context} == by_context  # in its order
    assert (len(by_context), len(real)) == (8, 75)


def test_globals_are_those_of_the_objects(
    running_example: Asterisk, conf: asterconf.Config
) -> None:
    shown = re.findall(r"(?m)^ +(\w+)=(.*)$", running_example.cli("dialplan show globals"))
    assert dict(shown) == conf.dialplan.globals
    assert len(shown) == 7


def test_hints_are_those_of_the_objects(running_example: Asterisk, conf: asterconf.Config) -> None:
    events = listed(running_example.ami, "ExtensionStateList", "ExtensionStatus")
    hints = {
        (e.name, context.name, e.hint.text) for context in conf.dialplan for e in context if e.hint
    }
    assert {(e["Exten"], e["Context"], e["Hint"]) for e in events} == hints
    assert hints == {(name, "subscribe", f"PJSIP/{name}") for name in conf.extensions}
