"""Names on a real Asterisk: what is missing is missed there, and a rename changes names alone."""

from __future__ import annotations

import os
import random
import re
import shutil
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

import asterconf
from asterconf import Config, Name, Reference

from .rig import Asterisk, Boot, RigError

FULL = bool(os.environ.get("ASTERCONF_FULL"))
SAMPLE = 100 if FULL else 10
MODULES = """\
[modules]
autoload = yes
noload = app_voicemail_odbc.so
noload = app_voicemail_imap.so
noload = chan_dahdi.so
noload = res_odbc.so
noload = res_config_pgsql.so
noload = res_config_ldap.so
noload = res_config_sqlite3.so
noload = pbx_lua.so
noload = chan_iax2.so
noload = chan_motif.so
noload = res_xmpp.so
"""
OWN = {"modules.conf", "asterisk.conf", "logger.conf", "manager.conf", "http.conf", "cdr.conf"}

PROBES = {
    "context": ("Gosub({},s,1)", "non-existent destination '{},s,1'"),
    "extension": ("Gosub({1},{0},1)", "non-existent destination '{1},{0},1'"),
    "endpoint": ("Dial(PJSIP/{})", "endpoint '{}' was not found"),
    "queue": ("Queue({})", "Unable to join queue '{}'"),
    "mailbox": ("VoiceMail({})", "No entry in voicemail config file for '{0}'"),
    "class": ("StartMusicOnHold({})", "Unable to start music on hold class '{}'"),
    "label": ("Goto({0},{1},{2})", "No such label '{2}'|Cannot find extension"),
}
"""How each kind of name is asked for, and what Asterisk logs if it is not there."""


def parts(one: Reference) -> list[str]:
    """Return a name in the parts in which a step writes it."""
    name = one.target.name
    if one.target.kind == "label":
        return name.split(",")
    if one.target.kind == "extension":
        return [*name.rpartition("@")[::2]]
    return [name]


def usable(one: Reference) -> bool:
    plain = re.fullmatch(r"[\w.@,*#+-]+", one.target.name)
    if one.target.kind not in PROBES or plain is None:
        return False
    return not (one.target.kind == "label" and parts(one)[-1].isdigit())


def sampled(corpus: Path) -> dict[Path, list[Reference]]:
    """Return a seeded sample of what is missing in real configurations, by folder."""
    found: list[tuple[Path, Reference]] = []
    for folder in sorted({path.parent for path in corpus.rglob("extensions.conf")}):
        missing = asterconf.load(folder).references.missing()
        found += {(folder, o.target): (folder, o) for o in missing if usable(o)}.values()
    random.Random(12).shuffle(found)
    chosen: dict[Path, list[Reference]] = {}
    for folder, one in found[:SAMPLE]:
        chosen.setdefault(folder, []).append(one)
    return chosen


def asked(asterisk: Asterisk, ones: list[Reference]) -> Iterator[tuple[Reference, str]]:
    """Yield what Asterisk logs when a call asks for each."""
    for number, _ in enumerate(ones):
        before = len(asterisk.log_lines(("NOTICE", "WARNING", "ERROR")))
        asterisk.cli(f"channel originate Local/p{number}@asterconf-probe application Wait 1")
        time.sleep(1)
        log = asterisk.log_lines(("NOTICE", "WARNING", "ERROR"))[before:]
        asterisk.cli("channel request hangup all")
        yield ones[number], "\n".join(map(str, log))


def test_what_is_missing_is_missed_by_asterisk(corpus: Path, boot: Boot, tmp_path: Path) -> None:
    confirmed, other = 0, []
    for at, (folder, ones) in enumerate(sampled(corpus).items()):
        etc = tmp_path / f"etc-{at}"
        shutil.copytree(folder, etc, symlinks=False, ignore=shutil.ignore_patterns(".git"))
        for name in OWN:
            (etc / name).unlink(missing_ok=True)
        (etc / "modules.conf").write_text(MODULES)
        steps = [
            f"exten => p{number},1,{PROBES[one.target.kind][0].format(*parts(one))}\n"
            for number, one in enumerate(ones)
        ]
        plan = etc / "extensions.conf"
        with plan.open("ab") as file:
            file.write(("\n[asterconf-probe]\n" + "".join(steps)).encode())
        try:
            asterisk = boot(etc)
        except RigError as error:
            other.append(f"{folder}: {str(error)[:80]}")
            continue
        if "asterconf-probe" not in asterisk.cli("core show hints") + asterisk.cli(
            "dialplan show asterconf-probe"
        ):
            other.append(f"{folder}: the dialplan is not loaded")
            continue
        for one, log in asked(asterisk, ones):
            wanted = PROBES[one.target.kind][1]
            box = one.target.kind == "mailbox"
            words = [part.partition("@")[0] if box else part for part in parts(one)]
            expected = [text.format(*map(re.escape, words)) for text in wanted.split("|")]
            assert any(re.search(text, log) for text in expected), (folder, one, log)
            confirmed += 1
        asterisk.stop()
    print(f"{confirmed} confirmed; not asked: {other}")
    assert confirmed >= SAMPLE * 2 // 3


# -- renames --------------------------------------------------------------------------------------

HOUSE = {
    "extensions.conf": """\
[globals]
TEAM = sales
[home]
include => out
exten => 100,1(top),Queue("sales",t)
 same => n,Goto(top)
exten => 101,1,Dial(Local/100@home/n,20,U(sub^x))
exten => 102,1,Queue(${TEAM})
exten => 103,1,ConfBridge(team,bp,vip)
 same => n,Dial(PJSIP/6201,20)
 same => n,Goto(out,200,again)
exten => 104,hint,PJSIP/6201
[out]
exten => 200,1,NoOp()
 same => n(again),Goto(home,100,top)
[sub]
exten => s,1,Return()
""",
    "queues.conf": "[general]\n[sales]\ncontext = home\nmember => PJSIP/6201\n",
    "confbridge.conf": "[bp]\ntype = bridge\n[vip]\ntype = user\n",
    "pjsip.conf": """\
[udp]
type = transport
protocol = udp
bind = 127.0.0.1:25061
[phone](!)
type = endpoint
context = home
allow = ulaw
[6201](phone)
aors = 6201
[6201]
type = aor
max_contacts = 1
""",
    "modules.conf": MODULES,
}
REPORTS = ("dialplan show", "queue show", "pjsip show endpoints")


def reports(asterisk: Asterisk) -> str:
    """Return what Asterisk says it has, without what changes by itself and widths of columns."""
    text = "\n".join(asterisk.cli(command) for command in REPORTS)
    text = re.sub(r"login was \d+ secs|\(\d+s holdtime.*|\[extensions\.conf:\d+\]", "", text)
    return re.sub(r"[ .]+", " ", text)


@pytest.mark.parametrize(
    ("name", "to"),
    [
        (Name("queues.conf", "queue", "sales"), "zales"),
        (Name("pjsip.conf", "endpoint", "6201"), "6299"),
        (Name("extensions.conf", "context", "home"), "zome"),
        (Name("extensions.conf", "extension", "100@home"), "199"),
        (Name("extensions.conf", "label", "home,100,top"), "zop"),
        (Name("pjsip.conf", "template", "phone"), "zhone"),
        (Name("confbridge.conf", "user_profile", "vip"), "zip"),
    ],
    ids=lambda one: getattr(one, "kind", one),
)
def test_after_a_rename_the_reports_are_the_same_but_for_the_name(
    name: Name, to: str, boot: Boot, tmp_path: Path
) -> None:
    said = []
    for renamed in (False, True):
        folder = tmp_path / f"etc-{renamed}"
        folder.mkdir()
        conf = Config.from_texts(HOUSE)
        if renamed:
            conf.rename(name, to).apply()
        for file in conf:
            (folder / file).write_text(str(conf[file]))
        asterisk = boot(folder)
        said.append(reports(asterisk))
        asterisk.stop()
    old = {"extension": "100", "label": "top"}.get(name.kind, name.name)
    before, after = said
    assert sorted(before.replace(old, to).splitlines()) == sorted(
        after.replace(old, to).splitlines()
    )
    assert before != after or name.kind == "template"
