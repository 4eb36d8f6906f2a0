"""What chan_sip of 16.28 holds of a sip.conf, and what PJSIP of 22.10.1 holds after the migration.

Both boot the same files, each in a network of its own: sip.conf and what it reads of every public
tree, and generated ones, whose lines are drawn from the recorded inputs. With ASTERCONF_FULL=1 all
trees and 200 generated files, else a share of both that is another one every day.
"""

from __future__ import annotations

import json
import os
import random
import re
import shutil
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import attrs
import pytest

from asterconf.config import Config, load
from asterconf.errors import EditError
from asterconf.syntax import Blank, Comment
from tests.test_vectors_sip_moved import FOLDER, Made, facts, recorded, settings_facts

from .keys import make_keys
from .rig import Asterisk
from .test_other_versions import OF_16

FULL = bool(os.environ.get("ASTERCONF_FULL"))
SEED = os.environ.get("ASTERCONF_SEED", f"{datetime.now(UTC):%j}")
GENERATED = 200 if FULL else 4
TREES = 0 if FULL else 3
"""How many public trees are looked at; 0: all."""
CERTIFICATE = re.compile(r"(?im)^(\s*d?tls(?:certfile|privatekey|cafile)\s*=>?\s*)[^;\s]+")
FORGET = re.compile(r"(?m)^register *=>? *(?:[^?\n]*\?)?(?:\w+://)?([^:@\n]+).*~0$")
"""Registrations that ask to be forgotten: 16 has them in its table, the plan leaves them out."""
TABLE = re.compile(r"(?m)^ (\S+) +: ?(.*)$")


# -- what each of them holds ----------------------------------------------------------------------


@attrs.define(eq=False)
class Before:
    """What chan_sip holds."""

    peers: dict[str, dict[str, str]]
    users: set[str]
    settings: dict[str, Any]
    """`sip show settings`; `Localnet` is a list."""
    registry: list[tuple[str, str]]

    @classmethod
    def of(cls, asterisk: Asterisk, names: list[str]) -> Before:
        peers, users = {}, set()
        for name in names:
            more = dict(rows(asterisk.cli(f"sip show peer {name} load")))
            if more:
                (found,) = asterisk.ami.action("SIPshowpeer", Peer=name)
                kept = {k: v for k, v in found.headers if k not in {"Response", "ActionID"}}
                variables = sorted(found.all("ChanVariable"))
                peers[name] = recorded({**kept, "ChanVariable": variables}, more)
                peers[name]["Callerid"] = caller(peers[name]["Callerid"])
                adapted(peers[name])
            if "Context" in dict(rows(asterisk.cli(f"sip show user {name} load"))):
                users.add(name)
        shown = asterisk.cli("sip show settings")
        settings: dict[str, Any] = dict(rows(shown))
        settings |= dict(re.findall(r"(Our auth realm|Reg. min duration) +(.*\S)", shown))
        nets = re.search(r"Localnet: +(\S+\n(?: {10,}\S+\n)*)", shown)
        settings["Localnet"] = nets[1].split() if nets else []
        registered = asterisk.ami.action("SIPshowregistry")[1:-1]
        sent = [
            one for one in registered if one["Username"] and one["Host"] and ":" not in one["Host"]
        ]
        registry = [(one["Host"], one["Username"]) for one in sent]
        return cls(peers, users, settings, registry)


def adapted(was: dict[str, str]) -> None:
    """Bring fields into the words of PJSIP, and into the ranges that it has, as the plan says."""
    monitored = was["Status"] != "Unmonitored" and (was["Dynamic"] == "Y" or bool(was["ToHost"]))
    was["Status"] = "UNKNOWN" if monitored else "Unmonitored"
    if was["Dynamic"] == "N" and not was["ToHost"]:
        was["Path support"] = "No"  # nowhere to reach it, so it has no aor
    was["QualifyFreq"] = f"{max(int(was['QualifyFreq'].split()[0]), 1000)} ms"


def caller(text: str) -> str:
    """Return `"name" <number>` as PJSIP shows it: only one of both, where the other is empty."""
    name, number = re.fullmatch(r'(?s)"(.*)" <(.*)>', text).groups()  # type: ignore[union-attr]
    return text if name and number else name or number or '"" <>'


def rows(text: str) -> Iterator[tuple[str, str]]:
    """Yield the rows `name : value` of what the console of chan_sip prints."""
    for line in text.splitlines():
        name, colon, value = line.partition(":")
        if colon:
            yield name.strip(" *"), value.strip()


class Held(Made):
    """The objects that PJSIP holds, as its console shows them."""

    def __init__(self, asterisk: Asterisk) -> None:
        self.asterisk = asterisk
        self.found: dict[tuple[str, str], list[tuple[str, str]]] = {}

    def pairs(self, kind: str, name: str) -> list[tuple[str, str]]:
        key = kind, name
        if key not in self.found:
            command = "settings" if kind in {"global", "system"} else f"{kind} {name}"
            shown = self.asterisk.cli(f"pjsip show {command}") if name else ""
            self.found[key] = TABLE.findall(shown.partition("=====\n\n")[2] or shown)
        return [pair for pair in self.found[key] if pair[0] != "ParameterName"]

    def get(self, kind: str, name: str, option: str) -> str:
        values = self.all(kind, name, option)
        text = values[-1].strip("()").replace("|", ",") if values else ""
        return "" if text == "<unknown>" else text

    def all(self, kind: str, name: str, option: str) -> list[str]:
        if option in {"permit", "deny", "contact_permit", "contact_deny"}:
            option = "acl" if not option.startswith("contact") else "contact_acl"
        return [v.strip() for key, v in self.pairs(kind, name) if key == option and v.strip()]


def more_facts(held: Held, name: str, was: dict[str, Any]) -> dict[str, tuple[Any, Any]]:
    """Return more facts of a peer, as they were and as they are."""

    def end(option: str) -> str:
        return held.get("endpoint", name, option)

    found: dict[str, tuple[Any, Any]] = {}
    contact = held.get("aor", name, "contact")
    literal = re.fullmatch(r"[0-9.]+", was["ToHost"] or "")
    if was["Dynamic"] == "N" and literal:
        host, _, port = (
            contact.removeprefix("sip:").partition(";")[0].rpartition("@")[2].partition(":")
        )
        usual = "5061" if "transport=tls" in contact else "5060"
        found["address"] = (was["Address-IP"], was["Address-Port"]), (host, port or usual)
        match = held.get("identify", f"{name}-identify", "match").replace("/255.255.255.255", "")
        open_port = "port" in was["SIP-AuthInsecure"]
        wanted = was["Address-IP"] + ("" if open_port else f":{was['Address-Port']}")
        found["identify"] = wanted, match
    if contact and was["Dynamic"] == "N":
        user = contact.removeprefix("sip:").rpartition("@")[0]
        found["user of the contact"] = was["Default-Username"], user
    if was["Status"] == "UNKNOWN" and (contact or was["Dynamic"] == "Y"):
        seconds = held.get("aor", name, "qualify_frequency")
        found["QualifyFreq"] = was["QualifyFreq"], f"{int(seconds) * 1000} ms"
    variables = was["ChanVariable"]
    there = [f"{key}={value.strip()}" for key, value in held.pairs("endpoint", name)]
    found["ChanVariable"] = variables, [one for one in variables if one in there]
    encrypted = end("media_encryption") in {"sdes", "dtls"}
    found["SIP-Encryption"] = (
        was["SIP-Encryption"] == "Y",
        encrypted and was["SIP-Encryption"] == "Y",
    )
    promiscuous = end("redirect_method") == "uri_pjsip"
    found["SIP-PromiscRedir"] = was["SIP-PromiscRedir"] == "Y", promiscuous
    found["MOHSuggest"] = was["MOHSuggest"] or "default", end("moh_suggest")
    known = was["SecretExist"] == "Y" or was["MD5SecretExist"] == "Y"
    if "invite" not in was["SIP-AuthInsecure"]:
        found["asked for a password"] = known, bool(end("auth"))
    if was["Busy-level"] != "0":
        found["Busy-level"] = was["Busy-level"], end("device_state_busy_at")
    return found


# -- the files ------------------------------------------------------------------------------------


def public(corpus: Path) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield sip.conf of every public tree, with the files that it reads."""
    for path in sorted((corpus / "public").rglob("sip.conf")):
        conf = load(path.parent, asterisk="20")
        texts: dict[str, str] = {}
        for name in ("sip.conf", "users.conf", "acl.conf", "indications.conf"):
            reading = conf.workspace.resolve(name)
            for file, _ in reading.files if reading is not None else ():
                if file in conf.workspace.files.documents:
                    texts[file] = bytes(conf.workspace.files.documents[file]).decode(
                        "utf-8", "surrogateescape"
                    )
        yield path.relative_to(corpus / "public").parts[0], texts


def pools() -> tuple[list[str], list[str]]:
    """Return the lines of `[general]` and of peers in the recorded inputs."""
    general, peers = set[str](), set[str]()
    for path in sorted(FOLDER.glob("inputs/*.json")):
        case = json.loads(path.read_text("utf-8"))
        if not case["loaded"] or path.stem.partition("-")[2].startswith(("users", "include")):
            continue
        conf = Config.from_texts({"sip.conf": case["files"]["sip.conf"]}, asterisk="20")
        for section in conf["sip.conf"].parts:
            for one in section.options:
                if section.name.lower() == "general":
                    general.add(f"{one.name}={one.value}")
                elif one.name.lower() not in {"type", "host"}:
                    peers.add(f"{one.name}={one.value}")
    return sorted(general), sorted(peers)


def generated(count: int) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield files whose lines are drawn from the recorded ones."""
    general, peer_lines = pools()
    for number in range(count):
        rng = random.Random(f"sip-{SEED}-{number}")
        lines = ["[general]", *rng.sample(general, rng.randint(0, 8))]
        templates = [f"t{n}" for n in range(rng.randint(0, 2))]
        for name in templates:
            lines += [f"[{name}](!)", *rng.sample(peer_lines, rng.randint(1, 6))]
        for n in range(rng.randint(3, 7)):
            base = f"({rng.choice(templates)})" if templates and rng.random() < 0.5 else ""
            lines += [f"[p{n}]{base}", f"type={rng.choice(['friend', 'friend', 'peer', 'user'])}"]
            if rng.random() < 0.9:
                address = f"192.0.2.{n + 1}"
                lines.append(f"host={rng.choice(['dynamic', 'dynamic', address])}")
            lines += rng.sample(peer_lines, rng.randint(0, 9))
        yield f"generated-{number}", {"sip.conf": "\n".join([*lines, ""])}


# -- the test -------------------------------------------------------------------------------------

COUNTS = {"files": 0, "refused": 0, "peers": 0, "facts": 0}


def compared(
    name: str, texts: dict[str, str], roots: tuple[Path, Path], folder: Path, key: str
) -> list[str]:
    """Boot both; return the facts that differ. Every certificate is the given one, with its key."""
    old = folder / "old"
    old.mkdir(parents=True)
    (old / "key.pem").write_text(key)
    for file, text in texts.items():
        (old / file).parent.mkdir(parents=True, exist_ok=True)
        (old / file).write_bytes(
            CERTIFICATE.sub(r"\1/mnt/etc/key.pem", text).encode("utf-8", "surrogateescape")
        )
    (old / "modules.conf").write_text("[modules]\nautoload=no\nload=chan_sip.so\n")
    conf = load(old, asterisk="20", edit_generated=True)
    known = {(one.code, one.message) for one in conf.check()}
    names = list(conf.workspace.chan_sip.peers)
    try:
        plan = conf.plan_migrate("sip", "modules")
    except EditError:
        plan = None
    with Asterisk(roots[0], old, folder / "run-16", alone=True) as asterisk:
        loaded = "sip show settings" in asterisk.cli("core show help sip show")
        before = Before.of(asterisk, names) if loaded else None
    if not conf["sip.conf"].sections:  # chan_sip runs by its defaults, and nothing is to be moved
        return []
    if plan is None or before is None or not plan:
        COUNTS["refused"] += 1
        return [f"{name}: {'loads' if loaded else 'does not load'}, {plan}"] * (
            loaded != (plan is not None) or bool(before and before.peers and not plan)
        )
    wrong = accounted(conf, plan)
    plan.apply()
    conf.save(folder / "new")
    (folder / "new" / "key.pem").write_text(key)
    found = conf.with_asterisk("22").check()
    wrong += [f"check: {one}" for one in found
              if one.severity == "error" and (one.code, one.message) not in known]  # fmt: skip
    with Asterisk(roots[1], folder / "new", folder / "run-22", alone=True) as asterisk:
        held = Held(asterisk)
        every: dict[str, tuple[Any, Any]] = {}
        for peer, was in before.peers.items():
            if not held.pairs("endpoint", peer):
                said = [str(one) for one in asterisk.log_lines() if "pjsip" in one.source
                        or "sorcery" in one.source]  # fmt: skip
                wrong.append(f"{peer} is not there on 22: {said}")
                continue
            now = facts(held, peer)
            now["sent"] = was["sent"] = ""
            every |= {f"{peer}: {f}": (was[f], v) for f, v in now.items() if f in was}
            every |= {f"{peer}: {f}": v for f, v in more_facts(held, peer, was).items()}
        for user in before.users - set(before.peers):
            every[f"{user}: there"] = True, bool(held.pairs("endpoint", user))
        dynamic = [one for one, was in before.peers.items() if was["Dynamic"] == "Y"]
        every |= settings_facts(held, before.settings, dynamic, "anonymous" in before.peers)
        table = asterisk.cli("pjsip show registrations")
        sent = re.findall(r"(?m)^ (\S+)/sips?:", table)
        servers = sorted(
            re.sub(r"^sip:|;.*|:\d+$", "", held.get("registration", one, "client_uri"))
            for one in sent
        )
        users = [user for _, user in before.registry]
        for user in FORGET.findall(texts["sip.conf"]):
            users.remove(user)
        every["registrations"] = (
            sorted(user.replace("@", "%40") for user in users),
            sorted(one.rpartition("@")[0] for one in servers),
        )
    COUNTS["files"] += 1
    COUNTS["peers"] += len(before.peers)
    COUNTS["facts"] += len(every)
    differ = [f"{fact}: {was!r} on 16, {now!r} on 22" for fact, (was, now) in every.items()
              if was != now]  # fmt: skip
    return [f"{name}: {one}" for one in (*wrong, *differ)]


def accounted(conf: Config, plan: Any) -> list[str]:
    """Return the lines of sip.conf of which the plan does not say exactly one thing."""
    told: dict[tuple[str, int], int] = {}
    for one in plan.constructs:
        key = one.place.file, one.place.line
        told[key] = told.get(key, 0) + 1
    reading = conf.workspace.resolve("sip.conf")
    assert reading is not None
    return [
        f"{file}:{node.line} is in the plan {told.get((file, node.line), 0)} times"
        for file in dict.fromkeys(name for name, _ in reading.files)
        for part in conf[file].parts
        for node in part.nodes
        if not isinstance(node, Blank | Comment) and told.get((file, node.line), 0) != 1
    ]


def test_a_migrated_sip_conf_holds_what_chan_sip_held(
    asterisk_root: Path, corpus: Path, tmp_path: Path
) -> None:
    if not (OF_16.root / ".asterconf-complete").exists() or os.geteuid() != 0:
        pytest.skip("no Asterisk 16: tests/live/install_asterisk.sh 16 installs it")
    trees = list(public(corpus))
    chosen = random.Random(SEED).sample(trees, TREES) if TREES else trees
    key = "".join(Path(one).read_text() for one in make_keys(tmp_path / "keys", "localhost"))
    wrong = []
    for number, (name, texts) in enumerate([*chosen, *generated(GENERATED)]):
        folder = tmp_path / str(number)
        wrong += compared(name, texts, (OF_16.root, asterisk_root), folder, key)
        shutil.rmtree(folder)
    print(COUNTS)
    assert wrong == []
    assert COUNTS["files"] >= (230 if FULL else 5)
