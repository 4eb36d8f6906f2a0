"""Options that need, exclude or bound each other, in one section."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping

from asterconf.bind.rules import Broken, broken_rules, is_empty, number
from asterconf.diagnostic import Diagnostic, Message
from asterconf.linter.rules.sections.lines import Lines
from asterconf.model.configobject import ConfigObject
from asterconf.model.options import Collected
from asterconf.schema import DEFAULT_SCHEMA
from asterconf.source import Position, Severity

_E, _W = Severity.ERROR, Severity.WARNING

BETWEEN: Mapping[str, tuple[Message, ...]] = {
    "option-missing": Message.each(
        "AC413 AC527 AC608", _E, "{option} {problem}, so Asterisk {refuses}", "add {option} = …",
    ),
    "rule-broken": Message.each(
        "AC414 AC528 AC609", _E, "{option} {problem}, so Asterisk {refuses}", "change one of both",
    ),
    "rule-odd": Message.each(
        "AC415 AC529 AC610", _W, "{option} {problem}", "{near}", verified="behaviour",
    ),
}  # fmt: skip
"""By name."""


def refused_together(
    lines: Lines, obj: ConfigObject, found: Collected, passed: Collection[str]
) -> Iterator[Diagnostic]:
    """Yield what Asterisk refuses the section for, unless an option is among those `passed`."""
    effect, refuses = lines.consequence()
    for option, problem in broken_rules(obj):
        word = "option-missing" if problem.startswith("is missing") else "rule-broken"
        if option in passed:
            continue
        if effect == "ignored" and lines.kind.name != "class":
            yield _odd(lines, found, option, f"{problem}, so Asterisk {refuses}")
        else:
            place, facts = _place(lines, found, option), {"option": option, "problem": problem}
            yield lines.said(BETWEEN[word], place or lines.header, **facts, refuses=refuses)


def odd_together(lines: Lines, obj: ConfigObject, found: Collected) -> Iterator[Diagnostic]:
    """Yield what Asterisk takes, though it does not do as written; observed."""
    check = _ODD.get((obj.file, obj.kind))
    for option, problem in check(obj) if check is not None else ():
        yield _odd(lines, found, option, problem)


CHANGE = "change it, or remove the line"
"""The hint where an odd option is written."""


def _odd(lines: Lines, found: Collected, option: str, problem: str) -> Diagnostic:
    place = _place(lines, found, option)
    facts = {"option": option, "problem": problem}
    near = CHANGE if place is not None else f"add {option} = …"
    return lines.said(BETWEEN["rule-odd"], place or lines.header, **facts, near=near)


def _place(lines: Lines, found: Collected, option: str) -> Position | None:
    """Return the last line of an option; None: there is none."""
    known = lines.kind.key(option)
    indices = found.lines.get(known[0] if known else "", ())
    return lines.place(indices[-1]) if indices else None


def _endpoint(obj: ConfigObject) -> Iterator[Broken]:
    if not obj["allow"]:  # each call, either way, ends with 488
        said = "leaves" if "allow" in obj else "is missing, which leaves"
        yield "allow", f"{said} no codec, so no call goes through"
    proxy = str(obj["outbound_proxy"] or "")
    if proxy and not re.match(r"[ \t]*(?:sips?:|[<\"])", proxy, re.IGNORECASE):
        yield "outbound_proxy", f"is no SIP URI, as sip:{proxy} is, so no call goes out"
    if obj["sdp_session"] == "":
        yield "sdp_session", "is -, because it must not be empty"
    owner = obj["sdp_owner"]
    if isinstance(owner, str) and (not owner or " " in owner):
        yield "sdp_owner", "is -, because it must not be empty or hold a blank"


def _transport(obj: ConfigObject) -> Iterator[Broken]:
    if obj["protocol"] in {"ws", "wss"}:
        for name in ("cert_file", "priv_key_file", "ca_list_file", "ca_list_path"):
            if not is_empty(obj[name]):
                problem = "is not used for ws and wss: http.conf has the certificate"
                yield name, problem


def _rtp(obj: ConfigObject) -> Iterator[Broken]:
    """Check the range of ports, which begins with an even one; observed."""
    first, last = number(obj, "rtpstart"), number(obj, "rtpend")
    if first + first % 2 >= last:
        option = "rtpend" if "rtpend" in obj else "rtpstart"
        problem = f"leaves no port from {first} to {last}, so Asterisk uses 5000 to 31000"
        yield option, problem


def _silence(obj: ConfigObject) -> Iterator[Broken]:
    """Check that a message is longer than the silence that ends it; it is logged, too."""
    least, silence = number(obj, "minsecs"), max(number(obj, "maxsilence"), 0)
    if "minsecs" in obj and silence >= least:
        problem = f"must be more than maxsilence ({silence}), or messages may be empty"
        yield "minsecs", problem


def _records(obj: ConfigObject) -> Iterator[Broken]:
    """Check what is logged for each call; observed, with another reader in other versions."""
    for name, value in obj.options if obj.facts.schema is DEFAULT_SCHEMA else ():
        for line in value if isinstance(value, tuple) else (value,):
            if re.match(r'(?:[^"]*"[^"]*")*[^"]*"[^"]*\$\{[^"]*"', str(line)):
                problem = "quotes ${…}, so nothing is logged there: ${CSV_QUOTE(…)} quotes"
                yield name, problem


def _expiry(obj: ConfigObject) -> Iterator[Broken]:
    """Check the seconds that registrations may ask for, with what counts where one is not set."""
    least, most = number(obj, "minregexpire"), number(obj, "maxregexpire")
    if least > most:
        option = "minregexpire" if "minregexpire" in obj else "maxregexpire"
        problem = f"leaves minregexpire, {least}, above maxregexpire, so {most} counts for both"
        yield option, problem


_ODD: Mapping[tuple[str, str], Callable[[ConfigObject], Iterator[Broken]]] = {
    ("pjsip.conf", "endpoint"): _endpoint,
    ("pjsip.conf", "transport"): _transport,
    ("rtp.conf", "general"): _rtp,
    ("iax.conf", "general"): _expiry,
    ("voicemail.conf", "general"): _silence,
    ("cdr_custom.conf", "mappings"): _records,
    ("cel_custom.conf", "mappings"): _records,
}
