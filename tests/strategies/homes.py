"""Home PBXs of five countries with any features, each from a seed, and their files in a style of
somebody else: other names of contexts, no global variables, no wizard.
"""

from __future__ import annotations

import random
import re
from typing import Any

import attrs
import phonenumbers as pn

import asterconf
from asterconf.countries import number_plan
from asterconf.home import HomePBX, Hours, Network, PublicNumber, Voicemail, home_queue, providers
from asterconf.home.description import FEATURES
from asterconf.language.pattern import Pattern
from asterconf.model import CallerID, Extension, Mailbox, Queue

HOME_NUMBERS = {
    "US": ("+15555555555", "555", ("+15555550001", "+15555550002", "+15555550003")),
    "GB": ("+442071838750", "20", ("+442071838751", "+442071838752", "+442071838753")),
    "DE": ("+493012345678", "30", ("+493012345671", "+493012345672", "+493012345673")),
    "FR": ("+33123456789", "", ("+33123456781", "+33123456782", "+33123456783")),
    "AU": ("+61255501234", "2", ("+61255501231", "+61255501232", "+61255501233")),
}
"""Owner, area code and further numbers."""

ROOMS = ("Kitchen", "Hall", "Attic", "Garage", "Study")
WORDS = ("lake-Orbit-7311", "mango-Trellis-9034", "quiet-Harbor-2207", "cedar-Window-5518",
         "violet-Anchor-8146", "copper-Meadow-3390", "silent-Ribbon-6027")  # fmt: skip

Fields = dict[str, Any]


def generated_home(seed: int) -> HomePBX:
    """Return a home that can be built."""
    pick = random.Random(seed)
    return HomePBX(**_Maker(pick).fields())


@attrs.frozen
class _Maker:
    """Draws a home part by part; what refers to something refers to what is there."""

    pick: random.Random

    def may(self) -> bool:
        return self.pick.random() < 0.5

    def fields(self) -> Fields:
        owner, area_code, numbers = self.pick.choice([*HOME_NUMBERS.values()])
        phones = self.phones()
        boxes = [Mailbox("6000", initial_pin="8305", name="House")]
        if phones[0].mailbox:
            boxes.append(Mailbox("6091", initial_pin="7193", email="me@example.com"))
        trunks = self.trunks()
        queues = self.queues(phones)
        places = ["home", phones[0].name, "6000@default", *(q.name for q in queues or ())]
        features = self.features(phones, trunks, places)
        return {
            "owner": CallerID(self.pick.choice(("Ada Lovelace", "")), owner),
            "area_code": area_code,
            "network": Network(
                external_address=self.pick.choice((None, "203.0.113.8", "home.example.org")),
                qos=self.may(),
                bind=self.pick.choice(("0.0.0.0", "192.168.1.5:5160")),
            ),
            "trunks": trunks,
            "extensions": phones,
            "mailboxes": boxes,
            "queues": queues,
            "voicemail": Voicemail(max_messages=self.pick.choice((100, 50))),
            "numbers": self.numbers(numbers, phones, trunks, places),
            "hours": self.hours(places),
            "features": features,
        }

    def phones(self) -> list[Extension]:
        own_box = self.may()
        return [
            Extension(
                f"600{n}" if n != 3 or self.may() else "garage",
                number=f"600{n}",
                callerid=CallerID(ROOMS[n - 1], f"600{n}"),
                secret=WORDS[n],
                mailbox="6091@default" if n == 1 and own_box else None,
                max_contacts=self.pick.choice((None, 2)),
                phone=self.pick.choice((None, "Yealink T54W", "Linphone")),
            )
            for n in range(1, self.pick.randint(2, 5))
        ]

    def trunks(self) -> list[Any]:
        two = [
            providers.voipms("atlanta.example", "5550", WORDS[0]),
            providers.generic("sip.example.net", "me", WORDS[6], "spare"),
        ]
        return two[: self.pick.randint(1, 2)]

    def queues(self, phones: list[Extension]) -> list[Queue] | None:
        if self.may():
            return None
        few = Queue("few", members=[f"PJSIP/{phones[0].name}"], timeout=15)
        return [home_queue(phones), few]

    def numbers(
        self, numbers: tuple[str, ...], phones: list[Extension], trunks: list[Any], places: Any
    ) -> list[PublicNumber]:
        found = []
        free = [phone.name for phone in phones]
        for number in numbers[: self.pick.randint(0, 3)]:
            callers = [free.pop()] if free and self.may() else []
            trunk = self.pick.choice(trunks).name if callers and self.may() else ""
            found.append(PublicNumber(
                number, to=self.pick.choice(places), phones=callers, trunk=trunk,
                name=self.pick.choice(("", "Office")), ring_seconds=self.pick.choice((25, 40)),
            ))  # fmt: skip
        return found

    def hours(self, places: Any) -> list[Hours]:
        times = (["*,*,24-26,dec", "*,*,1,jan"], "9:00-17:00,mon-fri", "18:00-22:00,sat&sun")
        return [
            Hours(when, to=self.pick.choice(places),
                  greeting=self.pick.choice(("", "custom/holiday")))
            for when in times[: self.pick.randint(0, 3)]
        ]  # fmt: skip

    def features(self, phones: list[Extension], trunks: list[Any], places: Any) -> list[Any]:
        first, last = phones[0].name, phones[-1].name
        special: dict[str, Fields] = {
            "incoming_calls": {"ring_seconds": self.pick.choice((25, 40))},
            "emergency_calls": {"progress_seconds": self.pick.choice((8, 5))},
            "intercom": {"number": self.pick.choice(("6050", "6051")), "seconds": 15},
            "local_calls": {
                "ring_seconds": self.pick.choice((25, 18)),
                "unanswered": {last: first} if self.may() else {},
            },
            "voicemail_menu": {"ask_pin": self.may()},
            "outgoing_calls": {
                "international": self.may(), "premium": self.may(), "fallback": self.may(),
                "trunk": trunks[-1].name, "services": self.may(),
            },
            "blocked_callers": {"numbers": ["+12125550199", "+4930*"], "hidden": self.may()},
            "night_switch": {"to": self.pick.choice(places), "number": "*27"},
            "business_hours": {"open": ["9:00-12:00,mon-fri"], "closed": ["*,*,25,dec"]},
            "menu": {
                "greeting": "custom/welcome", "choices": {"1": first, "0": "home"},
                "number": self.pick.choice((None, "*55")),
            },
            "conference_room": {"pin": self.pick.choice((None, "4321")), "max_members": 5},
            "parking": {"number": "7000", "spaces": ("7001", "7005")},
            "music_on_hold": {"directory": "/srv/music"},
            "pickup": {"number": "*9"},
        }  # fmt: skip
        always = {"local_calls", "incoming_calls", "emergency_calls", "outgoing_calls"}
        names = {name for name in FEATURES if name in always or self.may()}
        names |= {"music_on_hold"} if "parking" in names else set()
        return [
            kind(**special.get(name, {}))
            for name, kind in FEATURES.items()
            if name in names
        ]  # fmt: skip


# -- as somebody else has it ----------------------------------------------------------------------


def bare(pbx: HomePBX) -> dict[str, str]:
    """Return the files that a home builds to, without the sidecar."""
    return {f.name: f.text for f in pbx.files(complete=True) if f.name[0] != "."}


def as_a_stranger_writes(texts: dict[str, str]) -> dict[str, str]:
    """Return files that mean the same: no wizard, other contexts, and of the global variables
    only those that some phone has of its own.
    """
    conf = asterconf.Config.from_texts(texts)
    found = {name: text for name, text in texts.items() if name != "pjsip_wizard.conf"}
    found["pjsip.conf"] += "".join(_sections(conf))
    own = {one.partition("=")[0] for phone in conf.extensions.values() for one in phone.set_var}
    known = {name: text for name, text in conf.dialplan.globals.items() if name not in own}
    kept = "".join(f"{n} = {v}\n" for n, v in conf.dialplan.globals.items() if n in own)
    plan = re.sub(r"\[globals\][^\[]*(?=\n\[|\n; )", "", found["extensions.conf"])
    plan = f"[globals]\n{kept}\n{plan}" if kept else plan
    plan = re.sub(r"\$\{(\w+)\}", lambda m: known.get(m[1], m[0]), plan)
    found["extensions.conf"] = plan
    return {
        name: re.sub(r"\bfrom-home\b", "internal", re.sub(r"\bfrom-pstn\b", "from-trunk", text))
        for name, text in found.items()
    }


_PARTS = {"endpoint": "endpoint", "aor": "aor", "inbound_auth": "auth", "outbound_auth": "auth",
          "registration": "registration", "identify": "identify"}  # fmt: skip
_ENDINGS = {"inbound_auth": "-iauth", "outbound_auth": "-oauth", "registration": "-reg",
            "identify": "-identify"}  # fmt: skip


def _sections(conf: asterconf.Config) -> list[str]:
    """Return the sections of pjsip.conf that wizard sections stand for."""
    rows = []
    for wizard in conf.effective("pjsip_wizard.conf").live:
        name, options = wizard.name, [(item.name, item.value) for item in wizard]
        plain = dict(options)
        hosts = plain.get("remote_hosts", "").split(",") if plain.get("remote_hosts") else []
        for prefix, kind in _PARTS.items():
            own = [(n.partition("/")[2], v) for n, v in options if n.startswith(f"{prefix}/")]
            given = dict(own)
            if prefix == "endpoint":
                own.append(("aors", name))
                own += [("auth", f"{name}-iauth")] if plain.get("accepts_auth") == "yes" else []
                own += (
                    [("outbound_auth", f"{name}-oauth")] if plain.get("sends_auth") == "yes" else []
                )
            if prefix == "aor":
                own += [("contact", f"sip:{host}") for host in hosts]
            if prefix.endswith("auth") and own:
                own.append(("auth_type", "userpass"))
                own += [] if "username" in given else [("username", name)]
            if prefix == "identify" and hosts:
                own.append(("endpoint", name))
                own += [] if "match" in given else [("match", hosts[0].partition(":")[0])]
            if prefix == "registration":
                if plain.get("sends_registrations") != "yes":
                    continue
                user = plain["outbound_auth/username"]
                own += [("outbound_auth", f"{name}-oauth"), ("server_uri", f"sip:{hosts[0]}"),
                        ("client_uri", f"sip:{user}@{hosts[0]}")]  # fmt: skip
            if own or kind in ("endpoint", "aor"):
                rows.append(f"\n[{name}{_ENDINGS.get(prefix, '')}]\ntype = {kind}\n")
                rows += [f"{n} = {v}\n" for n, v in own]
    return rows


# -- what is dialled -------------------------------------------------------------------------------


def dialled_numbers(owner: str, area_code: str = "") -> list[str]:
    """Return numbers of every class in the country of a number, in each way to dial them."""
    region = pn.region_code_for_number(pn.parse(owner)) or "US"
    known = number_plan(owner, area_code)
    written = [
        pn.format_number(example, form)
        for kind in pn.PhoneNumberType.values()
        if (example := pn.example_number_for_type(region, kind)) is not None
        for form in (pn.PhoneNumberFormat.E164, pn.PhoneNumberFormat.NATIONAL)
    ]
    abroad = "493012345678" if region != "DE" else "442071838750"
    short = [name for form in known.services for name in [form.pattern]]
    return list(dict.fromkeys([
        *(re.sub(r"[^+0-9]", "", number) for number in written),
        f"+{abroad}", known.exit_code + abroad, *known.emergency, *known.emergency_tests,
        *(Pattern(name).intersection(Pattern(name)) or name for name in (*short, *known.closed)),
    ]))  # fmt: skip


Ending = tuple[str, list[tuple[str, str]]]


def ending(conf: asterconf.Config, number: str, entry: str, **options: Any) -> Ending:
    """Return how a call ends, who was called and what they see."""
    call = conf.call(number, entry=entry, **options)
    return str(call.outcome), sorted((one.target, str(one.callerid)) for one in call.dialed)
