"""sip.conf moved to pjsip.conf, next to what Asterisk 16.28 held of it: what both have."""

from __future__ import annotations

import ipaddress
import json
import os
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from asterconf import Config, schema
from asterconf.errors import EditError
from asterconf.migrate.sip_table import sip_options
from asterconf.source import is_true
from asterconf.syntax import Blank, Comment

FOLDER = Path(os.environ.get("ASTERCONF_VECTORS", Path(__file__).parent / "vectors")) / "chan_sip"
CASES = sorted(FOLDER.glob("inputs/*.json"))
if not os.environ.get("ASTERCONF_FULL"):
    CASES = CASES[::3]
VIDEO = {"h261", "h263", "h263p", "h264", "h265", "mpeg4", "vp8", "vp9"}
PRESENTATIONS = {
    "allowed_not_screened": "Presentation Allowed, Not Screened",
    "allowed_passed_screen": "Presentation Allowed, Passed Screen",
    "allowed_failed_screen": "Presentation Allowed, Failed Screen",
    "allowed": "Presentation Allowed, Network Number",
    "prohib_not_screened": "Presentation Prohibited, Not Screened",
    "prohib_passed_screen": "Presentation Prohibited, Passed Screen",
    "prohib_failed_screen": "Presentation Prohibited, Failed Screen",
    "prohib": "Presentation Prohibited, Network Number", "unavailable": "Number Unavailable",
}  # fmt: skip


class Made:
    """The sections of pjsip.conf by kind and name, with Asterisk's defaults for what is unsaid."""

    def __init__(self, conf: Config) -> None:
        self.found: dict[tuple[str, str], Any] = {}
        if "pjsip.conf" in conf:
            for one in conf.effective("pjsip.conf").live:
                self.found[one.kind.name if one.kind else "", one.name] = one

    def pairs(self, kind: str, name: str) -> list[tuple[str, str]]:
        section = self.found.get((kind, name))
        return list(section.pairs) if section is not None else []

    def get(self, kind: str, name: str, option: str) -> str:
        section = self.found.get((kind, name))
        known = schema.file("pjsip.conf")
        if known is None or (section is None and kind not in {"global", "system"}):
            return ""
        values = [value for key, value in self.pairs(kind, name) if key == option]
        facts = known.objects[kind].options.get(option)
        return values[-1] if values else (facts.default or "" if facts else "")

    def all(self, kind: str, name: str, option: str) -> list[str]:
        section = self.found.get((kind, name))
        return [v for key, v in section.pairs if key == option] if section is not None else []

    def on(self, kind: str, name: str, option: str) -> bool:
        return is_true(self.get(kind, name, option))


def mark(value: object) -> str:
    return "Y" if value else "N"


def facts(made: Made, name: str) -> dict[str, str]:
    """Return what a moved peer says of the fields of SIPshowpeer and `sip show peer`."""

    def end(option: str) -> str:
        return made.get("endpoint", name, option)

    def on(option: str) -> bool:
        return made.on("endpoint", name, option)

    groups = {o: ", ".join(_groups(end(o))) for o in ("call_group", "pickup_group")}
    limited = any(made.all("endpoint", name, o) for o in ("acl", "permit", "deny"))
    contacts = any(made.all("endpoint", name, f"contact_{o}") for o in ("acl", "permit", "deny"))
    auth, out = end("auth"), end("outbound_auth").split(",")[0]
    correction = {"none": "None", "fec": "FEC", "redundancy": "Redundancy"}[end("t38_udptl_ec")]
    timers = {"yes": "Accept", "always": "Originate", "no": "Refuse"}
    ask = made.get("aor", name, "qualify_frequency") not in {"", "0"}
    codecs = [c for c in end("allow").split(",") if c]
    return {
        "Context": end("context"),
        "Language": end("language"),
        "ToneZone": end("tone_zone") or "<Not set>",
        "CID-CallingPres": PRESENTATIONS[end("callerid_privacy")],
        "Callgroup": groups["call_group"],
        "Pickupgroup": groups["pickup_group"],
        "Named Callgroup": _names(end("named_call_group")),
        "Named Pickupgroup": _names(end("named_pickup_group")),
        "VoiceMailbox": end("mailboxes") or made.get("aor", name, "mailboxes"),
        "TransferMode": "open" if on("allow_transfer") else "closed",
        "Dynamic": mark(made.on("aor", name, "remove_existing")),
        "ACL": mark(limited),
        "SIP-CanReinvite": mark(on("direct_media")),
        "SIP-UserPhone": mark(on("user_eq_phone")),
        "SIP-T.38Support": mark(on("t38_udptl")),
        "SIP-T.38EC": correction if on("t38_udptl") else "Unknown",
        "SIP-Sess-Timers": timers[end("timers")],
        "SIP-Sess-Expires": end("timers_sess_expires"),
        "SIP-Sess-Min": end("timers_min_se"),
        "SIP-RTP-Engine": end("rtp_engine"),
        "SIP-RTCP-Mux": mark(on("rtcp_mux")),
        "SIP-DTMFmode": {"rfc4733": "rfc2833"}.get(end("dtmf_mode"), end("dtmf_mode")),
        "SIP-Forcerport": mark(on("force_rport")),
        "SIP-Comedia": mark(on("rtp_symmetric")),
        "SIP-Use-Reason-Header": mark(not on("suppress_q850_reason_headers")),
        "Codecs": f"({'|'.join(codecs) or 'nothing'})",
        "Status": "UNKNOWN" if ask else "Unmonitored",
        "MD5SecretExist": mark(made.get("auth", auth, "auth_type") == "md5"),
        "Callerid": end("callerid") or '"" <>',
        "Accountcode": end("accountcode"),
        "SIP-FromUser": end("from_user"),
        "SIP-FromDomain": end("from_domain"),
        "ContactACL": "Yes" if contacts else "No",
        "Trust RPID": "Yes" if on("trust_id_inbound") else "No",
        "Send RPID": "Yes" if on("send_rpid") or on("send_pai") else "No",
        "Path support": "Yes" if made.on("aor", name, "support_path") else "No",
        "Subscriptions": "Yes" if on("allow_subscribe") else "No",
        "Overlap dial": "Yes" if on("allow_overlap") else "No",
        "Auto-Framing": "Yes" if on("use_ptime") else "No",
        "Subscr.Cont.": end("subscribe_context") or "<Not set>",
        "sent": made.get("auth", out, "username"),
    }


def settings_facts(
    made: Made, was: dict[str, Any], dynamic: list[str], stranger: bool
) -> dict[str, tuple[Any, Any]]:
    """Return facts of `sip show settings` and what PJSIP says of the same.

    Args:
        made: the objects of PJSIP.
        was: the settings; `Localnet` is a list.
        dynamic: the peers that register.
        stranger: whether a peer is called anonymous.
    """

    def now(option: str, kind: str = "global") -> str:
        return made.get(kind, kind, option)

    def word(option: str, kind: str = "global") -> str:
        return "Yes" if is_true(now(option, kind)) else "No"

    def agent(text: str) -> str:
        return "" if text.startswith("Asterisk PBX ") else text

    known = bool(made.pairs("endpoint", "anonymous"))
    found: dict[str, tuple[Any, Any]] = {
        "user agent": (agent(was["User Agent"]), agent(now("user_agent"))),
        "forwards": (was["Max forwards"], now("max_forwards")),
        "context": (was["Reg. context"], now("regcontext") or "(not set)"),
        "timer T1": (was["Timer T1"], now("timer_t1", "system")),
        "timer B": (was["Timer B"], now("timer_b", "system")),
        "short headers": (was["Compact SIP headers"], word("compact_headers", "system")),
        "caller": (was["Caller ID"], now("default_from_user")),
        "user options": (was["Legacy userfield parse"], word("ignore_uri_user_options")),
        "strangers": (was["Allow unknown access"] == "Yes" or stranger, known),
        "realm": (was["Our auth realm"], now("default_realm")),
        "networks": (
            sorted(was.get("Localnet") or []),
            sorted(map(_network, made.all("transport", "transport-udp", "local_net"))),
        ),
    }
    for kind, field in (("udp", "UDP Bindaddress"), ("tcp", "TCP SIP Bindaddress")):
        if was[field] != "Disabled":
            found[field] = was[field], made.get("transport", f"transport-{kind}", "bind")
    outside = was["Externaddr"].rpartition(":")[0] if was["Externaddr"] != "(null)" else ""
    if outside and "[" not in outside:
        there = made.get("transport", "transport-udp", "external_signaling_address")
        found["Externaddr"] = outside, there
    for name in dynamic[:1]:
        for kind in ("min", "max", "default"):
            option = {"min": "minimum", "max": "maximum"}.get(kind, kind)
            was_for = was[f"Reg. {kind} duration"].removesuffix(" secs")
            found[kind] = was_for, made.get("aor", name, f"{option}_expiration")
    return found


def _network(text: str) -> str:
    return str(ipaddress.ip_network(text, strict=False).with_netmask)


def _names(text: str) -> str:
    return ", ".join(sorted(name.strip() for name in text.split(",")))


def _groups(text: str) -> list[str]:
    found: list[str] = []
    for item in filter(None, text.split(",")):
        low, _, high = item.partition("-")
        found += map(str, range(int(low), int(high or low) + 1))
    return found


def recorded(peer: dict[str, Any], more: dict[str, str]) -> dict[str, str]:
    """Return the same of what was recorded, where only the wording differs."""
    both = {**more, **peer}
    video = peer["SIP-VideoSupport"] == "Y"
    codecs = peer["Codecs"].strip("()").split("|")
    kept = [c for c in codecs if c != "testlaw" and (video or c not in VIDEO)]
    boxes = peer["VoiceMailbox"].split(",") if peer["VoiceMailbox"] else []
    both["Codecs"] = f"({'|'.join(kept) or 'nothing'})"
    both["VoiceMailbox"] = ",".join(b if "@" in b else f"{b}@default" for b in boxes)
    for field in ("SIP-Forcerport", "SIP-Comedia"):
        both[field] = "Y" if both[field] == "a" else both[field]
    for field in ("Named Callgroup", "Named Pickupgroup"):
        both[field] = ", ".join(sorted(both[field].split(", ")))
    least = max(int(both["SIP-Sess-Expires"]), int(both["SIP-Sess-Min"]))
    both["SIP-Sess-Expires"] = str(least)  # PJSIP takes none below the minimum, as the plan says
    both["Overlap dial"] = both["Overlap dial"].replace("DTMF", "Yes")
    both.setdefault("Accountcode", "")
    both.setdefault("SIP-FromUser", "")
    both.setdefault("SIP-FromDomain", "")
    return both


def moved(case: Path) -> tuple[dict[str, Any], Config] | None:
    found = json.loads(case.read_text("utf-8"))
    conf = Config.from_texts(found["files"], asterisk="20")
    try:
        plan = conf.plan_migrate("sip")
    except EditError:
        assert not found["loaded"], "a file that Asterisk loads is moved"
        return None
    lines = Counter(one.place.line for one in plan.constructs if one.place.file == "sip.conf")
    for part in conf["sip.conf"].parts:
        for node in part.nodes:
            assert lines[node.line] == int(not isinstance(node, Blank | Comment)), node
    plan.apply()
    assert not conf.plan_migrate("sip"), "a second run finds nothing"
    return found, conf.with_asterisk("22")


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_moved_peer_has_the_facts_that_asterisk_held(case: Path) -> None:
    result = moved(case)
    if result is None:
        return
    found, conf = result
    made = Made(conf)
    for name, peer in found.get("peers", {}).items():
        was = recorded(peer, found["peers_more"][name])
        now = facts(made, name)
        now["sent"] = was["sent"] = ""
        wrong = {f: (was[f], v) for f, v in now.items() if f in was and was[f] != v}
        assert wrong == {}, name


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_moved_settings_are_those_that_asterisk_held(case: Path) -> None:
    result = moved(case)
    if result is None or "pjsip.conf" not in result[1]:
        return
    found, conf = result
    was, peers = found["settings"], found.get("peers", {})
    dynamic = [name for name, one in peers.items() if one["Dynamic"] == "Y"]
    every = settings_facts(Made(conf), was, dynamic, "anonymous" in peers)
    assert {f: both for f, both in every.items() if both[0] != both[1]} == {}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.stem)
def test_a_moved_registration_sends_what_chan_sip_sent(case: Path) -> None:
    found = json.loads(case.read_text("utf-8"))
    if not found.get("registers"):
        return
    result = moved(case)
    assert result is not None
    made = Made(result[1])
    names = [name for kind, name in made.found if kind == "registration"]
    sent = []
    for name in names:
        auth = made.get("registration", name, "outbound_auth")
        sent.append({
            "request": made.get("registration", name, "server_uri"),
            "from": f"<{made.get('registration', name, 'client_uri')}>",
            "contact": f"<sip:{made.get('registration', name, 'contact_user')}@HOST:5600>",
            "expires": made.get("registration", name, "expiration"),
            "auth_user": made.get("auth", auth, "username"),
        })  # fmt: skip
    for was in found["registers"]:
        if was.get("expires") == "0":  # it asked to be forgotten: PJSIP sends no such thing
            assert len(sent) < len(found["registers"])
            continue
        keys = ("request", "from", "contact", "expires", "auth_user")
        wanted = {key: was.get(key) or "" for key in keys}
        wanted["contact"] = wanted["contact"].replace("203.0.113.5", "HOST")
        wanted["request"] = wanted["request"].replace("sip:prov", "sip:192.0.2.40")
        assert wanted in [{**one, "auth_user": one["auth_user"] or wanted["auth_user"]}
                          for one in sent]  # fmt: skip


def test_every_option_of_chan_sip_is_in_the_table() -> None:
    path = Path(__file__).parent / "data" / "sip-options.txt"
    names = [line for line in path.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert len(names) == 219
    table = sip_options()
    assert set(names) <= set(table)
    counts = Counter(table[name].outcome for name in names)
    assert counts == {"exact": 143, "changed": 33, "left": 43}
    assert all(row.why.endswith(".") for row in table.values())
    assert all(bool(row.to) <= (row.outcome != "left") for row in table.values())
