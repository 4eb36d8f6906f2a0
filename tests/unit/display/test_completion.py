"""What the Tab key offers."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

import asterconf

TEXTS = {
    "queuerules.conf": "",
    "queues.conf": (
        "[general]\n[home-phones]\nannounce-frequency = 0\nannounce-position = no\ntimeout = 20\n"
    ),
    "pjsip_wizard.conf": "".join(
        f"[{number}]\ntype = wizard\naccepts_registrations = yes\n"
        f"inbound_auth/username = {number}\ninbound_auth/password = x\n"
        for number in (6001, 6002, 6003)
    ),
    "extensions.conf": (
        "[from-home]\nexten => 6000,1,NoOp()\nexten => 6001,1,NoOp()\n"
        "exten => _X.,1,NoOp()\nexten => _NXX,1,NoOp()\n[from-pstn]\n"
    ),
}

Complete = Callable[[str], list[str]]


@pytest.fixture(scope="module")
def complete() -> Iterator[Complete]:
    shells = pytest.importorskip(
        "IPython.core.interactiveshell", reason="IPython is not installed (extra notebook)"
    )
    completer = pytest.importorskip("IPython.core.completer")
    shell: Any = shells.InteractiveShell()
    conf = asterconf.Config.from_texts(TEXTS)
    shell.user_ns.update(
        conf=conf,
        phones=conf.extensions,
        document=conf["queues.conf"],
        section=conf["queues.conf"]["home-phones"],
        effective=conf.effective("pjsip_wizard.conf"),
        phone=conf.effective("pjsip_wizard.conf")["6001"],
        plan=conf.dialplan,
        context=conf.dialplan["from-home"],
    )
    left = asterconf.load("examples/inherited")
    shell.user_ns.update(
        queues=left.queues, mailboxes=left.mailboxes, trunks=left.trunks, sources=left.sources,
        endpoints=left.endpoints, transports=left.transports, left=left, asterconf=asterconf,
        auths=left.objects("pjsip.conf", "auth"), auth=left.objects("pjsip.conf", "auth")["201"],
        sales=left.effective("queues.conf")["sales"],
    )  # fmt: skip

    def call(text: str) -> list[str]:
        with completer.provisionalcompleter():
            found = list(shell.Completer.completions(text, len(text)))
        return [(text[: one.start] + one.text).removeprefix(text) for one in found]

    call.shell = shell  # type: ignore[attr-defined]
    yield call
    shells.InteractiveShell.clear_instance()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('conf["queue', ["rules.conf", "s.conf"]),
        ('phones["', ["6001", "6002", "6003"]),
        ('document["', ["general", "home-phones"]),
        ('section["announce-', ["frequency", "position"]),
        ('effective["6', ["001", "002", "003"]),
        ('phone["inbound_auth/', ["password", "username"]),
        ('plan["from-', ["home", "pstn"]),
        ('context["_', ["NXX", "X."]),
        ('queues["', ["sales", "workshop"]),
        ('mailboxes["2', ["01@default", "99@default"]),
        ('trunks["', ["backup-carrier", "carrier"]),
        ('transports["', ["udp"]),
        ('endpoints["2', ["01", "02", "03"]),
        ('sources["extensions', ["-old.conf", ".conf", ".d/menu.conf"]),
        ('auths["3', ["01", "02", "03"]),
        ('auth["md', ["5_cred"]),
        ('sales["', ["member", "musicclass", "retry", "strategy", "timeout"]),
    ],
)
def test_names_complete_behind_a_bracket(complete: Complete, text: str, found: list[str]) -> None:
    assert complete(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("auth.md", ["5_cred"]),  # an option of Asterisk's schema
        ("auth.pass", ["word", "word_digest"]),
        ("asterconf.Ext", ["ension"]),
        ("asterconf.map", ["_sites"]),
        ("asterconf.apps.ConfB", ["ridge"]),
    ],
)
def test_names_complete_behind_a_dot(complete: Complete, text: str, found: list[str]) -> None:
    assert complete(text) == found


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('left.mailboxes["3', ["01@default", "02@default"]),
        ('left.effective("queues.conf")["sales"]["st', ["rategy"]),
        ('left.objects("pjsip.conf", "auth")["car', ["rier"]),
        ('conf.extensions["600', ["1", "2", "3"]),
        ('conf.dialplan["from-home"]["600', ["0", "1"]),
        ('conf["queues.conf"]["home-phones"]["tim', ["eout"]),
    ],
)
def test_names_complete_further_down_where_jupyter_may_look(
    complete: Complete, text: str, found: list[str]
) -> None:
    complete.shell.Completer.evaluation = "unsafe"  # type: ignore[attr-defined]
    assert complete(text) == found
