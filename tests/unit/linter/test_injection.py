"""What of a caller's text a shell runs (AC724): in which steps, and which texts."""

from __future__ import annotations

import pytest

from asterconf import Config


def said(step: str, name: str = "100") -> list[str]:
    text = f"[home]\nexten => {name},1,{step}\n"
    found = Config.from_texts({"extensions.conf": text}).check().about(code="AC724")
    return [one.message.partition(" ")[0] for one in found]


@pytest.mark.parametrize(
    ("step", "sent"),
    [
        ("System(x ${CALLERID(name)})", "${CALLERID(name)}"),
        ("trysystem(x ${CALLERID(num):1})", "${CALLERID(num):1}"),
        ("MixMonitor(a.wav,,mail -s ${PJSIP_HEADER(read,Subject)} me)",
         "${PJSIP_HEADER(read,Subject)}"),
        ("ExecIf($[1]?System(x ${CALLERID(name)}):NoOp())", "${CALLERID(name)}"),
        ("Return(${FILTER(0-9,${SHELL(x ${CALLERID(num)})})})", "${CALLERID(num)}"),
        ("System(x ${IF($[1]?${CALLERID(name)}:0)})", "${CALLERID(name)}"),
    ],
)  # fmt: skip
def test_what_a_shell_runs_may_be_a_callers_text(step: str, sent: str) -> None:
    assert said(step) == [sent]


@pytest.mark.parametrize(
    "step",
    [
        "System(x ${FILTER(0-9,${CALLERID(num)})})",
        "System(x ${QUOTE(${CALLERID(name)})} ${URIENCODE(${CALLERID(name)})})",
        "System(x ${LEN(${CALLERID(name)})} ${UNIQUEID} ${EXTEN})",
        "MixMonitor(${CALLERID(num)}.wav)",
        "ExecIf($[${CALLERID(num)} = 1]?System(x):NoOp(${CALLERID(name)}))",
        "Set(A=${SHELL(x)}${CALLERID(name)})",
        "NoOp(${CALLERID(name)})",
    ],
)
def test_what_no_shell_takes_apart_is_silent(step: str) -> None:
    assert said(step) == []


def test_only_an_open_pattern_matches_what_a_shell_takes_apart() -> None:
    assert said("System(x ${EXTEN:1})", "_0.") == ["${EXTEN:1}"]
    assert said("System(x ${EXTEN:1})", "_0XX") == []
