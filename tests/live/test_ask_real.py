"""Answers of `conf.ask` and `diff.calls()`, dialed on the real Asterisk.

A witness runs the steps there that it has on paper, and the trunk is called; of calls that are
proved never to reach it, a sample is dialed, and it is not called. Phones and the trunk are plain
sockets that answer as the witness says.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from socket import AF_INET, SOCK_DGRAM, socket

import attrs

import asterconf
from asterconf.ask.answers import ChangedCalls, Witness
from asterconf.calls import Call
from asterconf.config import Config
from tests.planted_holes import HOLES, house

from .answering import CODES, Endpoints
from .calling import CALLER, Dialed, Result, Row, call_at_once, listen
from .phones import fresh_address
from .rig import Asterisk, Boot
from .test_calls_real import OTHERS, modules, numbers, with_required

FULL = bool(os.environ.get("ASTERCONF_FULL"))
SEED = os.environ.get("ASTERCONF_SEED", f"{datetime.now(UTC):%j}")
SAMPLED = 500 if FULL else 40
"""Calls that are dialed of those that are proved to reach no trunk."""
CLOCKED = {"an include by night"}
"""Holes that are open at some hours: the clock of the real one is not the test's."""
KEYED = {"DISA": "2345678", "a conference's menu": "9", "a key while spying": "9"}
"""Holes that lead on by keys, which are no part of a witness: the calls of others are dialed one by
one."""
PATIENCE = 3.0
SIP = (
    "chan_pjsip", "res_pjsip", "res_pjsip_session", "res_pjsip_sdp_rtp", "res_pjsip_caller_id",
    "res_pjsip_endpoint_identifier_ip", "res_pjsip_outbound_registration", "res_rtp_asterisk",
    "res_sorcery_config", "res_pjproject", "codec_ulaw", "res_pjsip_dtmf_info", "res_pjsip_logger",
    "res_pjsip_messaging", "res_pjsip_endpoint_identifier_anonymous",
)  # fmt: skip
ENTRY = "[rig-entry]\nexten => _[a-z]!,1,Goto(${EXTEN},${RIG_NUMBER},1)\n"
"""A way into a context for numbers that no name of a channel can hold."""
TRANSPORT = "[transport-udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"


@attrs.define
class Counts:
    """What was dialed, and what was not as on paper."""

    witnesses: int = 0
    wrong: list[str] = attrs.field(factory=list)


@contextmanager
def running(
    boot: Boot, folder: Path, conf: Config, more: str = "", ahead: int | None = None
) -> Iterator[tuple[Asterisk, Endpoints]]:
    """Boot a configuration whose endpoints are those of a test, and `more` of pjsip.conf."""
    with Endpoints(name for name in conf.endpoints if name != "anonymous") as ends:
        folder.mkdir()
        kept = (name for name in conf.names if not name.startswith(("pjsip", "modules")))
        texts = {name: str(conf[name]) for name in kept}
        texts["pjsip.conf"] = (
            TRANSPORT
            + "".join(
                f"[{name}]\ntype=endpoint\nallow=ulaw\naors={name}\n"
                f"[{name}]\ntype=aor\ncontact=sip:{where}:5060\n"
                for name, where in ends.addresses.items()
            )
            + more
        )
        texts["extensions.conf"] += CALLER.replace("Wait(60)", "Wait(6)") + ENTRY
        for name, text in {**OTHERS, **texts}.items():
            (folder / name).write_text(text)
        wanted = [*modules(), *with_required({*SIP})]
        lines = "".join(f"load = {name}.so\n" for name in dict.fromkeys(wanted))
        (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{lines}")
        asterisk = boot(folder, ahead=ahead)
        listen(asterisk)
        try:
            yield asterisk, ends
        finally:
            asterisk.stop()


def until_trunk(call: Call, reaches: str) -> tuple[Row, ...]:
    """Return the steps of a call, up to the one that dials what a witness reaches."""
    rows: list[Row] = []
    for step in call.steps:
        row = (step.context, step.exten, step.priority, step.app, step.data)
        if not rows or rows[-1][:4] != row[:4]:
            rows.append(row)
        if step.app == "Dial" and reaches and reaches in step.data:
            break
    return tuple(rows)


def set_up(ends: Endpoints, statuses: Mapping[str, str]) -> None:
    """Let endpoints answer as a witness says."""
    ends.invited.clear()
    ends.statuses = {
        target.removeprefix("PJSIP/"): status
        for target, status in statuses.items()
        if target.startswith(("PJSIP/", "*")) and status in CODES
    }


def _keyed(rows: Iterable[Row], witness: Witness) -> list[Row]:
    """Return steps without those that wait for keys, which run where sounds are missing."""
    return [one for one in rows if not witness.digits or one[3] != "WaitExten"]


def dial(asterisk: Asterisk, call: Call, caller: str, keys: str = "") -> Result:
    """Make a call of a witness."""
    one = Dialed(call.number, call.context, caller, keys)
    if set(call.number) & set("&@/") or not call.steps:
        asterisk.cli(f"dialplan set global RIG_NUMBER {call.number}")
        one = Dialed(call.context, "rig-entry", caller, keys)
    (found,) = call_at_once(asterisk, [one], PATIENCE)
    return found


def check(
    asterisk: Asterisk, ends: Endpoints, what: str, witness: Witness, counts: Counts,
    trunk: str = "t",
) -> None:  # fmt: skip
    """Dial the calls of a witness: they run its steps, and the last one calls the trunk."""
    for number, call in enumerate(witness.calls):
        last = number == len(witness.calls) - 1
        keys = witness.digits if not number else ""
        set_up(ends, witness.statuses)
        real = dial(asterisk, call, witness.callerid if not number else "100", keys)
        paper = until_trunk(call, witness.reaches if last else "")
        rows = [one for one in real.rows if one[0] != "rig-entry"]
        rows, wanted = _keyed(rows, witness), _keyed(paper, witness)
        size = len(wanted) if last else min(len(wanted), len(rows))
        if not size or rows[:size] != wanted[:size]:
            counts.wrong.append(f"{what}: {paper} on paper, {real.rows} on Asterisk")
        elif last and trunk not in {name for name, _ in ends.invited}:
            counts.wrong.append(f"{what}: {ends.invited} were called, not {witness.reaches}")
        counts.witnesses += 1


def test_every_planted_hole_is_one_on_asterisk(boot: Boot, tmp_path: Path) -> None:
    rng, counts = random.Random(SEED), Counts()
    chosen = [name for name in HOLES if name not in CLOCKED]
    for name in chosen if FULL else rng.sample(chosen, 2):
        conf = house(name)
        answer = conf.ask.reach(entry="anonymous" if HOLES[name][0] == "default" else "t")
        assert answer.witness is not None
        with running(boot, tmp_path / name.replace(" ", "-"), conf) as (asterisk, ends):
            check(asterisk, ends, name, answer.witness, counts)
            if name in KEYED:
                set_up(ends, {**answer.witness.statuses, "PJSIP/100": "NoAnswer"})
                real = dial(asterisk, answer.witness.calls[0], "100", KEYED[name])
                if "t" not in {who for who, _ in ends.invited}:
                    counts.wrong.append(f"{name}: keys {KEYED[name]} lead to {real.rows}")
    print(counts)
    assert not counts.wrong, "\n".join(counts.wrong)
    assert counts.witnesses >= (len(chosen) if FULL else 2)


HOURS = {
    "include": "include => from-home,3:17-4:05\n",
    "include of an include": "include => a,3:00-9:00\n[a]\ninclude => from-home,1:00-3:59\n",
    "GotoIfTime": "exten => _X!,1,GotoIfTime(3:17-3:55,*,*,*?from-home,${EXTEN},1)\n",
    "no time": (
        "exten => _X!,1,GotoIfTime(4:05-3:15,*,*,*?9)\n same => n,Goto(from-home,${EXTEN},1)\n"
    ),
    "ExecIfTime": "exten => _X!,1,ExecIfTime(2:00-3:50,*,*,*?Goto(from-home,${EXTEN},1))\n",
}
"""Ways to the trunk that are open at some hours: all are at 3:20, and none is at 15:20."""


def ahead_of(now: datetime, hour: int, minute: int) -> int:
    """Return how many minutes ahead of a time it is where it is that time of the day."""
    return (60 * (hour - now.hour) + minute - now.minute + 720) % 1440 - 720


def test_a_way_that_is_open_at_some_hours_is_so_on_asterisk(boot: Boot, tmp_path: Path) -> None:
    plan = "".join(
        f"[way{n}]\n" + text.replace("[a]", f"[a{n}]").replace("> a,", f"> a{n},")
        for n, text in enumerate(HOURS.values())
    )
    home = house()
    texts = {name: str(home[name]) for name in home.names}
    conf = Config.from_texts({**texts, "extensions.conf": texts["extensions.conf"] + plan})
    found: dict[str, Witness] = {}
    for n in range(len(HOURS)):
        witness = conf.ask.reach(entry=f"context:way{n}").witness
        assert witness is not None
        assert conf.call(witness.dialled, entry=witness.entry, at=witness.at).dialed
        found[f"way{n}"] = witness
    for hour in (3, 15):
        ahead = ahead_of(datetime.now(UTC), hour, 20)
        with running(boot, tmp_path / f"at-{hour}", conf, ahead=ahead) as (asterisk, ends):
            for name, (way, witness) in zip(HOURS, found.items(), strict=True):
                assert witness.at is not None
                at = witness.at.replace(hour=hour, minute=20)
                call = conf.call(witness.dialled, entry=f"context:{way}", at=at, callerid="100")
                set_up(ends, {})
                real = dial(asterisk, call, "100")
                own = [one for one in real.rows if one[0] != "rig-entry"]
                rows = [one for one in own if one[2]]  # ExecIfTime is told of once more
                assert rows == [*until_trunk(call, witness.reaches)], (name, hour)
                assert bool(call.dialed) == (hour == 3), (name, hour)
                assert ("t" in {who for who, _ in ends.invited}) == (hour == 3), (name, hour)


MESSAGE = (
    "MESSAGE sip:911@127.0.0.1:{0} SIP/2.0\r\nVia: SIP/2.0/UDP {1};branch=z9hG4bK1\r\n"
    "Max-Forwards: 70\r\nFrom: <sip:a@{1}>;tag=1\r\nTo: <sip:911@127.0.0.1>\r\nCall-ID: 1@{1}\r\n"
    "CSeq: 1 MESSAGE\r\nContent-Type: text/plain\r\nContent-Length: 2\r\n\r\nhi"
)


def test_a_message_of_a_stranger_dials_as_a_call_does(boot: Boot, tmp_path: Path) -> None:
    conf = house("messages")
    anonymous = "[anonymous]\ntype=endpoint\nallow=ulaw\ncontext=default\n"
    for name, says in (("closed", ""), ("open", "message_context=from-home\n")):
        with running(boot, tmp_path / name, conf, anonymous + says) as (asterisk, ends):
            with socket(AF_INET, SOCK_DGRAM) as stranger:
                stranger.bind((fresh_address(), 5060))
                stranger.settimeout(10)
                where = "{}:{}".format(*stranger.getsockname())
                text = MESSAGE.format(asterisk.sip_port, where)
                stranger.sendto(text.encode(), ("127.0.0.1", asterisk.sip_port))
                assert stranger.recv(4000).startswith(b"SIP/2.0 202 " if says else b"SIP/2.0 ")
            deadline = time.monotonic() + (20 if says else 2)
            while not ends.invited and time.monotonic() < deadline:
                time.sleep(0.1)
            assert ends.invited == ([("t", "911")] if says else [])


def test_no_sampled_call_reaches_what_is_proved_to_be_out_of_reach(
    boot: Boot, tmp_path: Path
) -> None:
    rng, conf = random.Random(SEED), house()
    proved = {entry: conf.ask.reach(entry=entry) for entry in ("t", "anonymous")}
    assert {one.verdict for one in proved.values()} == {"no"}
    contexts = {"from-trunk", "default"}
    literal = [one for one in numbers(conf, rng) if one.context in contexts]
    made = [
        Dialed(
            rng.choice("0123456789") + "".join(rng.choices("0123456789*#+at", k=9)), context, caller
        )
        for context in sorted(contexts)
        for caller in ("100", "5550100", "911", "")
        for _ in range(SAMPLED // 8)
    ]
    calls = rng.sample(literal, min(len(literal), SAMPLED // 4)) + made
    ran = 0
    with running(boot, tmp_path / "etc", conf) as (asterisk, ends):
        for start in range(0, len(calls), 40):
            ends.statuses = {"100": rng.choice(sorted(CODES))}
            found = call_at_once(asterisk, calls[start : start + 40], PATIENCE)
            ran += sum(bool(one.rows) for one in found)
        assert "t" not in {name for name, _ in ends.invited}
        assert "100" in {name for name, _ in ends.invited}, "calls do reach the phone"
    print(f"{ran} of {len(calls)} calls ran steps")
    assert ran >= 0.9 * len(calls) >= 0.9 * SAMPLED - 9


CHANGES = {
    "a phone rings shorter": ("Dial(PJSIP/100,20)", "Dial(PJSIP/100,10)"),
    "a number is gone": ("exten => 911,1,Dial(PJSIP/911@t)\n", ""),
    "numbers have one digit more": ("_NXXXXXX,1", "_NXXXXXXX,1"),
    "a digit is cut": ("PJSIP/${EXTEN}@t", "PJSIP/${EXTEN:1}@t"),
    "outsiders hear nothing else": (" same => n,VoiceMail(100@default,u)\n", ""),
    "strangers are told something": ("1,Hangup(3)", "1,Congestion()"),
    "a name is shown": (
        "exten => _NXXXXXX,1,Dial", "exten => _NXXXXXX,1,Set(CALLERID(num)=5)\n same => n,Dial",
    ),
}  # fmt: skip


def test_calls_that_are_said_to_differ_differ_on_asterisk(boot: Boot, tmp_path: Path) -> None:
    rng, old, wrong = random.Random(SEED), house(), []
    texts = {name: str(old[name]) for name in old.names}
    pairs, sides = [], {"before": old}
    for name in sorted(CHANGES) if FULL else rng.sample(sorted(CHANGES), 2):
        before, after = CHANGES[name]
        assert texts["extensions.conf"].count(before) >= 1
        plan = texts["extensions.conf"].replace(before, after)
        sides[name] = Config.from_texts({**texts, "extensions.conf": plan})
        found = asterconf.diff(old, sides[name]).calls()
        assert found.verdict == "yes", name
        pairs += [(name, one) for one in found.entries if isinstance(one, ChangedCalls)]
    seen: dict[tuple[str, int], list[Result]] = {}
    for side, conf in sides.items():
        with running(boot, tmp_path / side.replace(" ", "-"), conf) as (asterisk, ends):
            for number, (name, one) in enumerate(pairs):
                call = one.old if side == "before" else one.new
                if side not in ("before", name) or call is None or one.witness is None:
                    continue
                set_up(ends, one.witness.statuses)
                real = dial(asterisk, call, one.witness.callerid)
                seen.setdefault((name, number), []).append(real)
                rows = [row for row in real.rows if row[0] != "rig-entry"]
                if rows != [*until_trunk(call, "")]:
                    wrong.append(f"{name}, {side}: {call.steps} on paper, {rows} on Asterisk")
    for key, (before_it, after_it) in seen.items():
        if (before_it.rows, before_it.cause) == (after_it.rows, after_it.cause):
            wrong.append(f"{key}: both run {before_it.rows}")
    assert not wrong, "\n".join(wrong)
    assert len(seen) == len(pairs) >= len(sides) - 1
