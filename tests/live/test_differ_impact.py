"""What the table of impacts says of a change, next to what Asterisk does with it."""

from __future__ import annotations

import re
from pathlib import Path

from asterconf import Config, diff

from .rig import Asterisk, Boot

BEFORE = {
    "pjsip.conf": """\
[udp]
type = transport
protocol = udp
bind = 127.0.2.1
tos = 0
local_net = 10.0.0.0/8

[moved]
type = transport
protocol = udp
bind = 127.0.2.3
allow_reload = yes

[gone]
type = transport
protocol = udp
bind = 127.0.2.5

[global]
type = global
endpoint_identifier_order = ip,username
user_agent = old

[6001]
type = endpoint
allow = !all,ulaw
""",
    "queues.conf": "[home]\nstrategy = ringall\n\n[shop]\nstrategy = ringall\n"
    + "".join(f"member = Local/{n}@home\n" for n in (7, 3, 9, 1, 5, 8, 2)),
    "voicemail.conf": "[default]\n1 => 1234,Someone\n",
    "rtp.conf": "[general]\nrtpstart = 20000\nrtpend = 20100\n",
    "modules.conf": (
        "[modules]\nautoload = yes\nnoload = app_voicemail_odbc.so\n"
        "noload = app_voicemail_imap.so\n"
    ),
    "manager.conf": "[someone]\nsecret = s3cret\nread = call\n",
    "extensions.conf": "[globals]\nA = old\nB = stays\n\n[home]\nexten => 1,1,NoOp(old)\n",
}
EDITS = {
    "pjsip.conf": {
        "bind = 127.0.2.1": "bind = 127.0.2.2",
        "tos = 0": "tos = ef",
        "local_net = 10.0.0.0/8": "local_net = 172.16.0.0/12",
        "bind = 127.0.2.3": "bind = 127.0.2.4",
        "[gone]\ntype = transport\nprotocol = udp\nbind = 127.0.2.5\n": "",
        "ip,username": "username,ip",
        "user_agent = old": "user_agent = new",
        "!all,ulaw": "!all,alaw",
    },
    "queues.conf": {"[home]\nstrategy = ringall": "[home]\nstrategy = rrmemory",
                    "[shop]\nstrategy = ringall": "[shop]\nstrategy = linear"},
    "voicemail.conf": {"1234": "9876"},
    "rtp.conf": {"20000": "21000", "20100": "21100"},
    "modules.conf": {"autoload = yes\n": "autoload = yes\nnoload = app_milliwatt.so\n"},
    "manager.conf": {"read = call": "read = system"},
    "extensions.conf": {"A = old": "A = new", "B = stays\n": "", "NoOp(old)": "NoOp(new)"},
}  # fmt: skip

SEEN = {
    ("udp", "bind"): ("pjsip show transport udp", r"(?m)^ bind +: (\S+)"),
    ("udp", "local_net"): ("pjsip show transport udp", r"(?m)^ local_net +: (\S+)"),
    ("moved", "bind"): ("pjsip show transport moved", r"(?m)^ bind +: (\S+)"),
    ("global", "endpoint_identifier_order"): (
        "pjsip show identifiers", r"(?s)(ip.*username|username.*ip)",
    ),
    ("global", "user_agent"): ("pjsip show settings", r"(?m)^ *user_agent *: (.*)"),
    ("6001", "allow"): ("pjsip show endpoint 6001", r"(?m)^ allow +: (\S+)"),
    ("home", "strategy"): ("queue show home", r"'(\w+)' strategy"),
    ("shop", "strategy"): ("queue show shop", r"Local/\d"),
    ("1@default", "initial_pin"): ("", "VM_INFO(1@default,password)"),
    ("general", "rtpstart"): ("rtp show settings", r"Port start: +(\d+)"),
    ("general", "rtpend"): ("rtp show settings", r"Port end: +(\d+)"),
    ("modules", "noload"): ("module show like app_milliwatt", r"(\d+) modules loaded"),
    ("someone", "read"): ("manager show user someone", r"read perm: (.*)"),
    ("gone", "whole"): ("", "0502007F:13C4"),
    ("A", ""): ("dialplan show globals", r"(?m)^ *A=(.*)$"),
    ("B", ""): ("dialplan show globals", r"(?m)^ *B=(.*)$"),
    ("home", "step"): ("dialplan show 1@home", r"NoOp\((\w+)\)"),
}  # fmt: skip
"""How to see what Asterisk goes by: a command and what to look for, or a function to read.

Of a queue that becomes linear it is the order of its members: the strategy is shown at once, but
nothing goes by it."""

RESTART = {
    ("gone", "whole"),
    ("udp", "bind"), ("global", "endpoint_identifier_order"), ("shop", "strategy"),
    ("modules", "noload"), ("B", ""),
}  # fmt: skip
"""What only a restart brings; the rest a reload does."""


def seen(asterisk: Asterisk) -> dict[tuple[str, str], str]:
    found = {}
    for key, (command, pattern) in SEEN.items():
        if key[0] == "gone":  # its socket, as the kernel knows it
            found[key] = str(pattern in Path("/proc/net/udp").read_text())
            continue
        if not command:
            found[key] = asterisk.ami.action("Getvar", Variable=pattern)[0].get("Value") or ""
            continue
        if key[0] == "shop":  # the order of its members, not their states, which come and go
            found[key] = " ".join(re.findall(pattern, asterisk.cli(command)))
            continue
        match = re.search(pattern, asterisk.cli(command))
        found[key] = match[1].strip() if match else ""
    return found


def test_what_takes_effect_by_a_reload_and_what_by_a_restart(boot: Boot, tmp_path: Path) -> None:
    after = dict(BEFORE)
    for name, edits in EDITS.items():
        for old, new in edits.items():
            assert old in after[name]
            after[name] = after[name].replace(old, new)
    found = diff(Config.from_texts(BEFORE), Config.from_texts(after))
    impacts = {}
    for change in found:
        impacts[change.name, "whole"] = change.impact
        for leaf in change.leaves():
            part = "" if leaf is change else "step" if leaf.kind == "step" else leaf.name
            impacts[change.name, part] = leaf.impact
    assert {key for key in SEEN if impacts[key].effect == "restart"} == RESTART
    assert {key for key in SEEN if impacts[key].effect == "reload"} == SEEN.keys() - RESTART

    folders = [tmp_path / name for name in ("before", "after")]
    for folder, texts in zip(folders, (BEFORE, after), strict=True):
        folder.mkdir()
        for name, text in texts.items():
            (folder / name).write_text(text)
    fresh = boot(folders[1])
    wanted = seen(fresh)
    fresh.stop()  # one socket cannot be opened by both
    asterisk = boot(folders[0])
    earlier = seen(asterisk)
    assert not {key: value for key, value in earlier.items() if value == wanted[key]}

    mine = (asterisk.etc / "manager.conf").read_text()
    for name, text in after.items():
        (asterisk.etc / name).write_text(text)
    manager = mine.replace(BEFORE["manager.conf"], after["manager.conf"])  # the rig's user, too
    (asterisk.etc / "manager.conf").write_text(manager)
    for command in dict.fromkeys(c for impact in impacts.values() for c in impact.commands):
        asterisk.cli(command)
    now = seen(asterisk)
    assert {key for key in SEEN if now[key] != wanted[key]} == RESTART
    assert all(now[key] == earlier[key] for key in RESTART)
