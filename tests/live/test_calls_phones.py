"""Generated dialplans that dial real phones, called by one: the same steps as on paper."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import attrs

from asterconf.calls import Answers, Call, Cause, NoAnswer, World
from asterconf.calls.world import Answer
from asterconf.config import load

from .calling import Result, Row, first_difference, listen
from .phones import MakePhone, Phone, pump
from .rig import Asterisk, Boot
from .test_calls import agree
from .test_calls_real import with_required

ALONE = "ASTERCONF_PHONES_ALONE"
CALLS = 30
TALKS = 0.3
"""Seconds after which a phone that answered hangs up."""
MODULES = with_required({
    "pbx_config", "app_dial", "app_stack", "app_exec", "app_verbose", "app_userevent",
    "func_callerid", "func_channel", "func_logic", "func_strings", "bridge_simple",
    "res_timing_timerfd", "codec_ulaw", "res_rtp_asterisk", "res_sorcery_config",
    "res_sorcery_memory", "res_sorcery_astdb", "res_pjsip_sdp_rtp", "res_pjsip_registrar",
    "res_pjsip_authenticator_digest", "res_pjsip_endpoint_identifier_user",
    "res_pjsip_caller_id", "chan_pjsip",
})  # fmt: skip
PHONES = {"6001": "one", "6002": "two", "6003": "three", "6004": "four"}
"""The phones with their passwords; the first calls, the last never registers."""
PJSIP = "[udp]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n" + "".join(
    f"[{name}]\ntype=endpoint\ncontext=main\nallow=ulaw\nauth={name}\naors={name}\n"
    f"callerid=Al <{name}>\n[{name}]\ntype=auth\nusername={name}\npassword={secret}\n"
    f"[{name}]\ntype=aor\nmax_contacts=1\n"
    for name, secret in PHONES.items()
)
CAUSES = {486: 17, 404: 1, 480: 19, 603: 21, 484: 28}
"""SIP status codes of a phone that does not answer, and the cause that each is."""
SUBROUTINES = """\
[sub]
exten => s,1,ExecIf($["${ARG1}" != ""]?Set(GOSUB_RESULT=${ARG1}))
 same => n,Return()
[pre]
exten => s,1,Set(CALLERID(name)=${ARG1})
 same => n,Return()
[after]
exten => s,1,NoOp(after ${DIALSTATUS})
 same => n,Hangup()
"""


@attrs.frozen
class Dialing:
    """A number, its steps, and what two phones answer."""

    number: str
    steps: tuple[str, ...]
    second: int
    third: int

    def world(self) -> World:
        """Return what this is on paper."""
        answers = {"PJSIP/6002": answer(self.second), "PJSIP/6003": answer(self.third)}
        return World(answers=answers | {"PJSIP/6004": Cause(3)})


def answer(status: int) -> Answer:
    """Return what a phone does that answers with a SIP status code."""
    if status == 200:
        return Answers(after=0.1, talks=TALKS)
    return NoAnswer() if status == 180 else Cause(CAUSES[status])


def dialing(rng: random.Random, number: int) -> Dialing:
    """Return an extension that dials, and how the phones react."""
    codes = [200, 200, 180, *CAUSES]
    second, third = rng.choice(codes), rng.choice([180, *CAUSES])
    targets = rng.choice([
        "PJSIP/6002", "PJSIP/6002", "PJSIP/6003", "PJSIP/6002&PJSIP/6003", "PJSIP/6004",
        "PJSIP/6004&PJSIP/6002",
    ])  # fmt: skip
    option = rng.choice([
        "", "g", "gU(sub)", "U(sub^BUSY)", "gU(sub^CONTINUE)", "U(sub^GOTO:after^s^1)", "gS(1)",
        "gb(pre^s^1(Bo))", "gB(pre^s^1(Cy))", "F(after^s^1)", "G(split)", "gU(sub^ABORT)",
    ])  # fmt: skip
    steps = [
        rng.choice(["NoOp(${CALLERID(num)})", "Answer()", "Ringing()", "Set(__a=1)"]),
        f"Dial({targets},1,{option})",
        "NoOp(${DIALSTATUS} ${HANGUPCAUSE} ${DIALEDPEERNUMBER} ${GOSUB_RESULT})",
        'ExecIf($["${DIALSTATUS}" = "BUSY"]?Goto(after,s,1))',
        "NoOp(${CALLERID(name)})",
        rng.choice(["Hangup()", "Hangup(21)", "Busy(1)"]),
    ]
    return Dialing(f"1{number:02}", tuple(steps), second, third)


def text(every: list[Dialing]) -> str:
    """Return the dialplan of all of them."""
    lines = ["[main]", "exten => h,1,NoOp(h ${EXTEN} ${DIALSTATUS})"]
    for one in every:
        lines.append(f"exten => {one.number},1,{one.steps[0]}")
        lines += [f" same => n,{step}" for step in one.steps[1:-1]]
        lines.append(f" same => n(split),{one.steps[-1]}")
        lines.append(" same => n,NoOp(behind)")
    return "\n".join([*lines, SUBROUTINES])


def on_phones(asterisk: Asterisk, one: Dialing, caller: Phone, others: list[Phone]) -> Result:
    """Make a call with the phones, and return the steps of the caller's channel."""
    for phone, status in zip(others, (one.second, one.third), strict=True):
        phone.reset()
        phone.answers = status
    caller.reset()
    asterisk.ami.events.clear()
    call = caller.call(one.number)
    talking: dict[int, float] = {}
    until = time.monotonic() + 15
    while call.state != "DISCONNECTED" and time.monotonic() < until:
        pump(timeout=0.02)
        for phone in others:
            for received in phone.received:
                if received.state == "CONFIRMED":
                    since = talking.setdefault(id(received), time.monotonic())
                    if time.monotonic() > since + TALKS:
                        received.hangup()
    rows: list[Row] = []
    cause = -1
    while cause < 0 and time.monotonic() < until:
        asterisk.ami.action("Ping")
        events, asterisk.ami.events[:] = list(asterisk.ami.events), []
        for event in events:
            if not event.get("Channel").startswith("PJSIP/6001-"):
                continue
            if event["Event"] == "Hangup":
                cause = int(event["Cause"])
            elif event["Event"] == "Newexten":
                row = (
                    event["Context"], event["Extension"], int(event["Priority"]),
                    event["Application"], event["AppData"],
                )  # fmt: skip
                rows += [row] * (row not in rows)  # Dial is told again after its option B
    return Result(tuple(rows), cause)


def paper(call: Call) -> Result:
    """Return a call on paper as a result."""
    rows = ((s.context, s.exten, s.priority, s.app, s.data) for s in call.steps)
    return Result(tuple(rows), call.cause)


def in_a_process_of_its_own() -> None:
    """Run the test of this file in another process, once more if the phones' library aborts.

    So many short calls ended the whole test run once, by an assertion within pjsua2.
    """
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", __file__]
    for _ in range(2):
        done = subprocess.run(
            command, env={**os.environ, ALONE: "1"}, cwd=Path(__file__).parents[2],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        if done.returncode != -signal.SIGABRT:
            break
    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]
    assert "1 passed" in done.stdout


def test_calls_to_real_phones_run_the_steps_of_paper(
    boot: Boot, phone: MakePhone, tmp_path: Path
) -> None:
    if ALONE not in os.environ:
        in_a_process_of_its_own()
        return
    rng = random.Random("phones")
    every = [dialing(rng, number) for number in range(CALLS)]
    etc = tmp_path / "etc"
    etc.mkdir()
    lines = [f"load = {name}.so\n" for name in MODULES]
    (etc / "modules.conf").write_text("".join(["[modules]\nautoload = no\n", *lines]))
    (etc / "pjsip.conf").write_text(PJSIP)
    (etc / "extensions.conf").write_text(text(every))
    conf = load(etc)
    asterisk = boot(etc)
    made = [phone(name, PHONES[name], asterisk.sip_port) for name in ("6001", "6002", "6003")]
    assert [one.register() for one in made] == [200, 200, 200]
    listen(asterisk)
    wrong, outcomes = [], set()
    for one in every:
        call = conf.call(one.number, entry="6001", world=one.world())
        real = on_phones(asterisk, one, made[0], made[1:])
        outcomes.add(type(call.outcome).__name__)
        if not agree(paper(call), real):
            wrong.append(f"{one}\n{first_difference(paper(call), real)}")
    assert not wrong, f"{len(wrong)} of {CALLS} differ: " + "\n".join(wrong)
    assert {"Answered", "Unanswered"} <= outcomes
