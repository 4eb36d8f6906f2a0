"""What functions give during a call: lines of a dialplan, and what the last step said.

Each was run by Asterisk 22.10.1; `tests/live/test_calls_observed.py` does it again. The caller is
`"Al" <100>`, on a channel of type Local; the lines are those of one extension, `2000` and on.
"""

from __future__ import annotations

QUEUES = "[one]\nmember => Local/100@main/n\n"
"""The queues.conf beside the dialplan."""

OBSERVED: dict[str, str] = {
    "NoOp(${CALLERID(ton)} ${CALLERID(num-plan)} ${CALLERID(ani2)} ${CALLINGTON})": "0 0 0 0",
    "Set(CALLERID(ton)=3)|NoOp(${CALLERID(ton)} ${CALLERID(num-plan)} ${CALLINGTON})": "3 3 3",
    "Set(CALLERID(ton)=abc)|NoOp(${CALLERID(ton)})": "0",
    "Set(CALLERID(num-plan)=5)|NoOp(${CALLERID(ton)})": "5",
    "Set(CALLERID(ani2)=3)|NoOp(${CALLERID(ani2)} ${CALLINGANI2})": "3 3",
    "Set(CALLERID(num-pres)=prohib)|NoOp(${CALLERID(pres)} ${CALLINGPRES})": "prohib 35",
    "Set(CALLERID(name-pres)=prohib)|NoOp(${CALLERID(pres)})": "prohib_not_screened",
    "Set(CALLERID(pres)=unavailable)|NoOp(${CALLERID(pres)} ${CALLERID(num-pres)})": (
        "unavailable unavailable"
    ),
    "Set(CALLERID(name-pres)=unavailable)|Set(CALLERID(num-pres)=allowed)"
    "|NoOp(${CALLERID(pres)})": "allowed",
    "Set(CALLERID(name-pres)=prohib_failed_screen)|Set(CALLERID(num-pres)=unavailable)"
    "|NoOp(${CALLERID(pres)})": "prohib",
    "Set(CALLERID(name-pres)=allowed)|Set(CALLERID(num-pres)=prohib)|NoOp(${CALLERID(pres)})": (
        "prohib"
    ),
    "Set(CALLERID(name-pres)=allowed_passed_screen)|NoOp(${CALLERID(pres)})": (
        "allowed_not_screened"
    ),
    "Set(CALLERID(rdnis)=5)|NoOp(${CALLERID(rdnis)} ${REDIRECTING(from-num)})": "5 5",
    "Set(REDIRECTING(from-num)=6)|NoOp(${CALLERID(rdnis)})": "6",
    "Set(EXCEPTION(reason)=x)|NoOp([${EXCEPTION(reason)}])": "[]",
    "Set(ENV(ASTERCONF)=bar)|NoOp(${ENV(ASTERCONF)})": "bar",
    "Set(CDR(accountcode)=y)|NoOp(${CDR(accountcode)} ${CHANNEL(accountcode)})": "y y",
    "Set(CHANNEL(accountcode)=x)|NoOp(${CDR(accountcode)})": "x",
    "Set(CHANNEL(amaflags)=omit)|NoOp(${CDR(amaflags)} ${CHANNEL(amaflags)})": "OMIT 1",
    "NoOp(${QUEUE_MEMBER(none,count)} ${QUEUE_MEMBER(none,x)} [${QUEUE_MEMBER(none,)}])": "0 0 []",
    "NoOp(${QUEUE_MEMBER(one,count)} ${QUEUE_MEMBER(one,penalty)} ${QUEUE_MEMBER(one,x)})": "1 0 0",
    "NoOp(${QUEUE_WAITING_COUNT(none)} ${QUEUE_MEMBER_COUNT(none)} ${QUEUE_EXISTS(none)})": "0 0 0",
    "NoOp(${CDR(src)} ${CDR(dcontext)} ${CDR(clid)} ${CDR(disposition)})": (
        '100 main "Al" <100> NO ANSWER'
    ),
    "Set(CALLERID(all)=Zed <5>)|NoOp(${CDR(src)} ${CDR(clid)})": '5 "Zed" <5>',
    "Set(CALLERID(num)=)|NoOp(${CDR(clid)} [${CDR(src)}])": '"Al" <> []',
    "Set(CDR(src)=5)|NoOp(${CDR(src)})": "100",
    "Set(CDR(clid)=5)|NoOp(${CDR(clid)})": '"Al" <100>',
    "Set(CDR(disposition)=x)|NoOp(${CDR(disposition)})": "NO ANSWER",
    "Set(CDR(foo)=u)|NoOp(${CDR(foo)} ${CDR(FOO)} [${CDR(bar)}])": "u u []",
    "Goto(hints,6003,1)": "Custom:desk Desk",
    "Goto(hints,7001,1)": "Custom:x${EXTEN} []",
    "Goto(hints,7101,1)": "Custom:more []",
    "Goto(hints,7201,1)": " []",
    "Set(HINT=x)|NoOp([${HINT}])": "[]",
}
HINTS = """\
[hints]
exten => 6003,hint,Custom:desk(Desk)
exten => 6003,1,NoOp(${HINT} ${HINTNAME})
exten => _700X,hint,Custom:x${EXTEN}
exten => _7XXX,1,NoOp(${HINT} [${HINTNAME}])
include => more
[more]
exten => 7101,hint,Custom:more
"""


def dialplan() -> str:
    """Return all of them as the context `main`, and some hints."""
    lines = ["[main]"]
    for number, steps in enumerate(OBSERVED, 2000):
        first, *others = steps.split("|")
        lines += [f"exten => {number},1,{first}", *(f" same => n,{step}" for step in others)]
    return "\n".join([*lines, HINTS])
