"""Contexts that modules make of other files, next to what `dialplan show` says of them.

With ASTERCONF_FULL=1 two hundred generated trees are compared, else a share of them.
"""

from __future__ import annotations

import os
import random
import re
import time
from datetime import UTC, datetime
from pathlib import Path

import attrs

from asterconf import Config
from asterconf.calls.simulation import Lookup
from asterconf.dialplan import read_ami, read_show
from asterconf.semantics.scope import UnknownError

from .rig import Asterisk, Boot

TREES = 200 if os.environ.get("ASTERCONF_FULL") == "1" else 15
SEED = 1922
PLAN = "[internal]\nexten => 1,1,NoOp()\n"
MODULES = "[modules]\nautoload=no\n" + "".join(
    f"load={name}.so\n"
    for name in ("pbx_config", "res_parking", "chan_iax2", "res_timing_timerfd", "bridge_holding")
)

Rows = dict[str, list[tuple[str, str, str]]]
"""Context: name of an extension, `hint` or a priority, devices or application."""


def tree(rng: random.Random) -> dict[str, str]:
    """Return the files of one tree."""
    yes, lots = ("yes", "no", "1", "off"), list[str]()
    for at in range(rng.randint(0, 3)):
        first = 700 + 100 * at
        name = rng.choice(["default", f"lot{at}"]) if at == 0 else f"lot{at}"
        lines = [f"[{name}]", f"parkpos={first + 1}-{first + rng.randint(2, 6)}"]
        if rng.random() < 0.8:
            lines += [f"parkext={first}", f"context=park{at}"]
        for option in ("parkext_exclusive", "parkinghints"):
            lines += [f"{option}={rng.choice(yes)}"] if rng.random() < 0.5 else []
        lots += lines
    users = ["[general]"]
    for option in ("hasvoicemail", "hasiax", "hasexten"):
        users += [f"{option}={rng.choice(yes)}"] if rng.random() < 0.4 else []
    for at in range(rng.randint(0, 4)):
        users += [f"[60{at:02}]"]
        for option in ("hasvoicemail", "hasiax", "hasexten", "hash323", "hassip"):
            users += [f"{option}={rng.choice(yes)}"] if rng.random() < 0.4 else []
        users += [f"alternateexts=70{at:02},80{at:02}"] if rng.random() < 0.3 else []
        users += [f"dahdichan={rng.choice(['1', '1-3', '2,4-5'])}"] if rng.random() < 0.3 else []
    plan = f"[general]\nuserscontext={rng.choice(['default', 'people', 'internal'])}\n"
    regcontext = rng.choice(["", "regcontext=regs\n", "regcontext=rega&regb\n"])
    return {
        "extensions.conf": plan + PLAN,
        "res_parking.conf": "\n".join(["[general]", *lots, ""]),
        "users.conf": "\n".join([*users, ""]),
        "iax.conf": f"[general]\nbindaddr=127.0.0.1\n{regcontext}",
    }


def shown(text: str) -> Rows:
    """Return what `dialplan show` prints."""
    rows: Rows = {}
    context = name = ""
    for line in text.splitlines():
        if header := re.match(r"\[ Context '(.*)' created by", line):
            context = header[1]
            rows[context] = []
        elif step := re.match(r"  (?:'(.*?)' =>| {3}) +(hint|\d+)[:.] (.*?) +\[", line):
            name = step[1] or name
            rows[context].append((name, step[2], step[3]))
    return {context: sorted(found) for context, found in rows.items()}


def ours(files: dict[str, str]) -> Rows:
    """Return the same of the configuration."""
    rows: Rows = {}
    for context in Config.from_texts(files).dialplan.complete:
        rows[context.name] = []
        for one in context:
            if one.hint is not None:
                rows[context.name].append((one.name, "hint", "&".join(one.hint.devices)))
            steps = ((one.name, str(step.priority), str(step)) for step in one.steps)
            rows[context.name] += steps
        rows[context.name].sort()
    return rows


def write(folder: Path, files: dict[str, str]) -> None:
    for name, text in files.items():
        (folder / name).write_text(text)


def test_what_modules_make(boot: Boot, tmp_path: Path) -> None:
    rng = random.Random(SEED)
    trees = [tree(rng) for _ in range(TREES)]
    etc = tmp_path / "made"
    etc.mkdir()
    write(etc, {"modules.conf": MODULES, "asterisk.conf": "[options]\n", **trees[0]})
    asterisk: Asterisk = boot(etc)
    made, before = 0, set[str]()
    for at, files in enumerate(trees):
        if at:
            write(asterisk.etc, files)
            for module in ("res_parking", "chan_iax2", "pbx_config"):
                asterisk.cli(f"module reload {module}.so")
        mine = ours(files)
        theirs = shown(asterisk.cli("dialplan show"))
        for context in before - {*mine}:  # a reload leaves the empty contexts of the last tree
            if not theirs.get(context, True):
                del theirs[context]
        assert theirs == mine, (at, files)
        before |= {*theirs}
        made += len(mine) > 1
    assert made > TREES // 2


SHOWN = """\
[main]
exten => 100,1,NoOp(a,b)
 same => n(there),Dial(PJSIP/1&PJSIP/2,20)
exten => _2XX/555,1,Hangup(17)
exten => 100,hint,PJSIP/1&PJSIP/2
include => other
ignorepat => 9
[other]
exten => s,1,Goto(main,100,there)
"""


def test_what_a_running_asterisk_shows_is_read_as_what_it_loaded(
    boot: Boot, tmp_path: Path
) -> None:
    etc = tmp_path / "shown"
    etc.mkdir()
    modules = "[modules]\nautoload=no\nload=pbx_config.so\n"
    write(etc, {"extensions.conf": SHOWN, "modules.conf": modules, "asterisk.conf": "[options]\n"})
    asterisk = boot(etc)
    plan = Config.from_texts({"extensions.conf": SHOWN}).dialplan
    read = read_show(asterisk.cli("dialplan show"))
    for name in ("main", "other"):
        assert {e.key: e for e in read[name]} == {e.key: e for e in plan[name]}
        assert (read[name].includes, read[name].ignorepats) == (
            plan[name].includes, plan[name].ignorepats,
        )  # fmt: skip
    events = asterisk.ami.action("ShowDialPlan")
    told = read_ami([dict(event.headers) for event in events])
    for name in ("main", "other"):
        mine = [attrs.evolve(one, callerid_match=None) for one in plan[name]]  # AMI tells none
        assert {e.name: e for e in told[name]} == {e.name: e for e in mine}
        assert (told[name].includes, told[name].ignorepats) == (
            plan[name].includes, plan[name].ignorepats,
        )  # fmt: skip


REGS = """\
[in]
include => regs
[regs]
exten => 70,2,NoOp()
exten => 71,1,NoOp()
exten => _6XXX,1,NoOp()
"""
SIP = (
    "pbx_config", "res_timing_timerfd", "res_sorcery_config", "res_sorcery_memory",
    "res_sorcery_astdb", "res_pjproject", "res_pjsip", "res_pjsip_session", "chan_iax2",
)  # fmt: skip


def test_regcontext_makes_what_is_unknown_before(boot: Boot, tmp_path: Path) -> None:
    """What is in the context at last was an unknown answer or stands in extensions.conf."""
    etc = tmp_path / "regs"
    etc.mkdir()
    pjsip = "[global]\ntype=global\nregcontext=regs\n[t]\ntype=transport\nprotocol=udp\n"
    pjsip += "bind=127.0.0.1:5999\n"
    for name in ("70", "71", "desk", "6001"):
        pjsip += f"[{name}]\ntype=endpoint\naors={name}\nallow=ulaw\n"
        pjsip += f"[{name}]\ntype=aor\ncontact=sip:127.0.0.1:5888\n"
    files = {
        "modules.conf": "[modules]\nautoload=no\n" + "".join(f"load={n}.so\n" for n in SIP),
        "asterisk.conf": "[options]\n",
        "extensions.conf": REGS,
        "pjsip.conf": pjsip,
        "iax.conf": "[general]\nregcontext=iaxregs\nbindaddr=127.0.0.1\n",
    }
    write(etc, files)
    asterisk = boot(etc)
    plan = Config.from_texts(files).dialplan
    live = shown(asterisk.cli("dialplan show"))
    assert {*live} == {context.name for context in plan.complete}
    firsts = {name for name, priority, _ in live["regs"] if priority == "1"}
    assert firsts >= {"70", "71", "desk"}
    answers = {name: plan.match(name, "in").answer for name in ("70", "71", "desk", "6001", "6002")}
    assert answers == {
        "70": "unknown", "71": "yes", "desk": "unknown", "6001": "unknown", "6002": "yes",
    }  # fmt: skip


AUTO = """\
[auto]
autohints=yes
exten => 6003,hint,Custom:desk(Desk)
exten => _60XX,1,NoOp()
exten => _700X,hint,Custom:x${EXTEN}
[inc]
autohints=yes
include => auto
[later]
exten => 6009,hint,Custom:late
[two]
autohints=yes
include => later
[plain]
include => inc
include => later
"""


def test_autohints_make_what_is_unknown_before(boot: Boot, tmp_path: Path) -> None:
    """A hint that is known stays, one that is not is there or not, one that is none never is."""
    etc = tmp_path / "auto"
    etc.mkdir()
    names = ("pbx_config", "func_devstate", "func_extstate", "func_dialplan")
    modules = "[modules]\nautoload=no\n" + "".join(f"load={name}.so\n" for name in names)
    files = {"modules.conf": modules, "extensions.conf": AUTO, "asterisk.conf": "[options]\n"}
    write(etc, files)
    asterisk = boot(etc)

    def asked(function: str) -> str:
        return asterisk.ami.action("Getvar", Variable=function)[0].get("Value") or ""

    devices = ("lamp", "7001", "6003", "6009", "silent")
    places = [f"{name}@{of}" for name in devices for of in ("auto", "inc", "later", "two", "plain")]
    before = {place: asked(f"HINT({place})") for place in places}
    for device in devices[:-1]:
        asterisk.cli(f"devstate change Custom:{device} INUSE")
    for _ in range(50):
        if asked("HINT(lamp@two)"):
            break
        time.sleep(0.1)
    lookup = Lookup(Config.from_texts(files).dialplan.complete, lambda: datetime.now(tz=UTC))
    changed = 0
    for place in places:
        name, _, context = place.partition("@")
        now = asked(f"HINT({place})")
        assert asked(f"DIALPLAN_EXISTS({context},{name},1)") == str(int(
            name.startswith("60") and context not in {"later", "two"}
        ))  # fmt: skip
        try:
            found = lookup.hint(context, name)
        except UnknownError:
            changed += now != before[place]
            continue
        assert (found[0] if found else "") == before[place] == now, place
    assert changed > 4
