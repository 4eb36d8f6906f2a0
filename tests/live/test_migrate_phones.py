"""Phones that register to a chan_sip of 16.28, and to what it becomes on 22.10.1: equal endings."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from asterconf.config import load

from .phones import MakePhone, fresh_address, pump
from .rig import Asterisk, free_port
from .test_other_versions import OF_16

MODULES = (
    "pbx_config", "app_dial", "app_verbose", "app_exec", "app_read", "app_senddtmf",
    "app_stack", "func_callerid", "func_channel", "func_strings", "func_logic",
    "func_dialplan", "func_cut", "res_timing_timerfd", "bridge_simple", "bridge_native_rtp",
    "codec_ulaw", "res_pjproject", "res_sorcery_config", "res_rtp_asterisk", "app_macro",
    "chan_sip",
)  # fmt: skip
SECRETS = {"100": "s9Lk3dPw", "101": "x4Tz8bRn", "102": "q8Vm2cJd"}
EXTENSIONS = """\
[general]
[strangers]
exten => _X.,1,Hangup(21)
[phones]
exten => _10X,1,Macro(ring,${EXTEN})
exten => 100,hint,SIP/100
exten => _9X.,1,SIPAddHeader(X-Office: ${CALLERID(num)})
 same => n,Dial(SIP/provider/${EXTEN:1},20)
 same => n,Hangup()
exten => 200,1,Answer()
 same => n,Read(KEYS,,2,,1,6)
 same => n,ExecIf($["${KEYS}" = "42"]?SendDTMF(7))
 same => n,Wait(1)
exten => h,1,NoOp(over)
[inbound]
exten => 15550100,1,Dial(SIP/100,10)
[macro-ring]
exten => s,1,Dial(SIP/${ARG1},4)
 same => n,Goto(s-${DIALSTATUS},1)
exten => s-BUSY,1,Busy(1)
exten => _s-.,1,Congestion(1)
"""


def write(folder: Path, port: int, provider: str) -> None:
    """Write the old PBX."""
    folder.mkdir()
    phones = "".join(
        f"[{name}](phone)\nsecret={secret}\ncallerid=Phone {name} <{name}>\n"
        for name, secret in SECRETS.items()
    )
    (folder / "sip.conf").write_text(
        f"[general]\ncontext=strangers\nallowguest=no\nbindaddr=127.0.0.1\nbindport={port}\n"
        "disallow=all\nallow=ulaw\ndirectmedia=no\n"
        f"[phone](!)\ntype=friend\nhost=dynamic\ncontext=phones\ncallcounter=yes\n{phones}"
        f"[provider]\ntype=peer\nhost={provider}\nport=5060\ninsecure=port,invite\n"
        "context=inbound\n"
    )
    (folder / "extensions.conf").write_text(EXTENSIONS)
    lines = "".join(f"load = {name}.so\n" for name in MODULES)
    (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{lines}")


class Calls:
    """Ten calls and registrations at a PBX, each with how it ended."""

    def __init__(self, make: MakePhone, port: int, provider: str) -> None:
        self.ends: dict[str, Any] = {}
        self.phones = {n: make(n, s, port) for n, s in SECRETS.items() if n != "102"}
        self.line = make("15559999", "", port, address=provider, port=5060)
        self.other = make("mallory", "x", port)
        self.forgetful = make("102", "wrong", port)

    def run(self) -> dict[str, Any]:
        """Make them all."""
        self.ends = {f"register {n}": phone.register() for n, phone in self.phones.items()}
        for step in (self.local, self.busy, self.unanswered, self.unknown, self.out, self.inbound,
                     self.keys, self.lamp, self.stranger, self.wrong):  # fmt: skip
            step()
            for phone in (*self.phones.values(), self.line, self.other):
                phone.reset()
        for phone in self.phones.values():
            phone.unregister()
        return self.ends

    def caller(self, number: str, **options: Any) -> Any:
        return self.phones["101"].call(number, **options)

    def local(self) -> None:
        call = self.caller("100").wait_for("CONFIRMED")
        heard = call.hears(self.phones["100"].tone)
        shown = "Phone 101" in self.phones["100"].received[0].remote
        call.hangup()
        self.ends["local"] = (call.states[-1], heard, shown)

    def ended(self, name: str, call: Any) -> None:
        call.wait_for("DISCONNECTED", 30)
        self.ends[name] = call.status

    def busy(self) -> None:
        self.phones["100"].answers = 486
        self.ended("busy", self.caller("100"))

    def unanswered(self) -> None:
        self.phones["100"].answers = 180
        self.ended("unanswered", self.caller("100"))

    def unknown(self) -> None:
        self.ended("unknown", self.caller("777"))

    def out(self) -> None:
        call = self.caller("95551234").wait_for("CONFIRMED")
        # The library may give a call of an unknown user to any of its accounts.
        taken = [c for one in (*self.phones.values(), self.line) for c in one.received]
        (invite,) = (one for one in taken if "5551234" in one.uri)
        self.ends["out"] = (invite.uri.partition("@")[0], str(invite.invite["X-Office"]).strip())
        call.hangup()

    def inbound(self) -> None:
        call = self.line.call("15550100").wait_for("CONFIRMED")
        heard = call.hears(self.phones["100"].tone)
        call.hangup()
        self.ends["inbound"] = (heard, "15559999" in self.phones["100"].received[0].remote)

    def keys(self) -> None:
        call = self.caller("200").wait_for("CONFIRMED")
        pump(timeout=1)
        call.dial("42")
        pump(lambda: call.digits == "7", 10)
        self.ends["keys"] = call.digits
        call.hangup()

    def lamp(self) -> None:
        watch = self.phones["101"].watch("100")
        watch.wait_for("Ready")
        call = self.line.call("15550100").wait_for("CONFIRMED")
        watch.wait_for("On the phone")
        call.hangup()
        watch.wait_for("Ready")
        self.ends["lamp"] = watch.seen[-1][1]

    def stranger(self) -> None:
        call = self.other.call("100")
        call.wait_for("DISCONNECTED", 30)
        self.ends["stranger"] = (call.status >= 400, self.phones["100"].received == [])

    def wrong(self) -> None:
        self.ends["wrong password"] = self.forgetful.register() >= 400


def test_phones_end_their_calls_equally_before_and_after(
    asterisk_root: Path, phone: MakePhone, tmp_path: Path
) -> None:
    if not (OF_16.root / ".asterconf-complete").exists() or os.geteuid() != 0:
        pytest.skip("no Asterisk 16: tests/live/install_asterisk.sh 16 installs it")
    port, provider = free_port(), fresh_address()
    write(tmp_path / "old", port, provider)
    conf = load(tmp_path / "old", asterisk="20")
    plan = conf.plan_migrate()
    plan.apply()
    conf.save(tmp_path / "new")
    calls, ends = Calls(phone, port, provider), []
    for root, name in ((OF_16.root, "old"), (asterisk_root, "new")):
        with Asterisk(root, tmp_path / name, tmp_path / f"run-{name}", ports={port: port}):
            ends.append(calls.run())
    assert ends[0] == ends[1]
    assert ends[1] == {
        "register 100": 200, "register 101": 200, "local": ("DISCONNECTED", True, True),
        "busy": 486, "unanswered": 503, "unknown": 404, "out": ("sip:5551234", "101"),
        "inbound": (True, True), "keys": "7", "lamp": "Ready", "stranger": (True, True),
        "wrong password": True,
    }  # fmt: skip
