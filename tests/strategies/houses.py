"""Small PBXs as plain values, and their files in any style: the same value, another text.

What a value means is plain to see here, so that nothing of the library decides what the files of
two styles have in common.
"""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator
from typing import Any

import attrs
from hypothesis import strategies as st

NUMBERS = ("6001", "6002", "6003")
CODECS = ("g722", "ulaw", "alaw")
STRATEGIES = ("ringall", "linear", "rrmemory")
YES = ("yes", "true", "1", "on", "y", "t", "YES")
NO = ("no", "false", "0", "off", "n", "f", "No")

Pair = tuple[str, str]


@attrs.frozen
class Phone:
    name: str
    context: str
    codecs: tuple[str, ...]
    secret: str
    max_contacts: int
    direct_media: bool
    callerid: str = ""
    mailboxes: frozenset[str] = frozenset()
    hint: bool = False


@attrs.frozen
class Trunk:
    name: str
    host: str
    secret: str
    match: frozenset[str]
    registers: bool


@attrs.frozen
class Queue:
    name: str
    strategy: str
    timeout: int
    ringinuse: bool
    joinempty: frozenset[str]
    members: tuple[tuple[str, int, str], ...]

    @property
    def meaning(self) -> tuple[object, ...]:
        """What it means: the order of members counts under `linear` alone."""
        members = self.members if self.strategy == "linear" else frozenset(self.members)
        return (*attrs.astuple(self, recurse=False)[:-1], members)


@attrs.frozen
class Box:
    number: str
    pin: str
    owner: str
    attach: bool | None


@attrs.frozen
class Exten:
    name: str
    steps: tuple[tuple[str, str, str], ...]
    """Label, application and data of each."""


@attrs.frozen
class Context:
    name: str
    extens: tuple[Exten, ...]
    includes: tuple[str, ...]


@attrs.frozen
class House:
    phones: tuple[Phone, ...]
    trunks: tuple[Trunk, ...]
    queues: tuple[Queue, ...]
    boxes: tuple[Box, ...]
    contexts: tuple[Context, ...]
    variables: tuple[Pair, ...]
    nets: frozenset[str]
    foreign: tuple[tuple[str, tuple[Pair, ...]], ...]
    """Sections of a file that nobody knows; the names in one are all different."""

    @property
    def meaning(self) -> object:
        """What it means: things by name, their order aside."""
        things = (self.phones, self.trunks, self.boxes)
        return (
            *(frozenset(group) for group in things),
            frozenset(queue.meaning for queue in self.queues),
            frozenset((c.name, frozenset(c.extens), c.includes) for c in self.contexts),
            frozenset(self.variables),
            self.nets,
            frozenset((name, frozenset(pairs)) for name, pairs in self.foreign),
        )


words = st.sampled_from(["alpha", "beta", "gamma"])
secrets = st.sampled_from(["s3cret", "other", "x\\;y"])
phones = st.builds(
    Phone,
    name=st.sampled_from(NUMBERS),
    context=words,
    codecs=st.permutations(CODECS).flatmap(lambda p: st.integers(1, 3).map(lambda n: tuple(p[:n]))),
    secret=secrets,
    max_contacts=st.integers(1, 3),
    direct_media=st.booleans(),
    callerid=st.sampled_from(["", "Kitchen <6002>", "Garage <6004>"]),
    mailboxes=st.frozensets(st.sampled_from(["1@default", "2@default"])),
    hint=st.booleans(),
)
trunks = st.builds(
    Trunk,
    name=st.sampled_from(["carrier", "spare"]),
    host=st.sampled_from(["a.example", "b.example:5070"]),
    secret=secrets,
    match=st.frozensets(st.sampled_from(["192.0.2.1", "192.0.2.0/28", "a.example"]), min_size=1),
    registers=st.booleans(),
)
members = st.lists(
    st.tuples(
        st.sampled_from([f"PJSIP/{n}" for n in NUMBERS]),
        st.integers(0, 1),
        st.sampled_from(["", "Kitchen"]),
    ),
    max_size=3,
    unique_by=lambda m: m[0],
).map(tuple)
queues = st.builds(
    Queue,
    name=st.sampled_from(["home", "shop"]),
    strategy=st.sampled_from(STRATEGIES),
    timeout=st.sampled_from([15, 20, 30]),
    ringinuse=st.booleans(),
    joinempty=st.frozensets(st.sampled_from(["paused", "penalty", "inuse"]), min_size=1),
    members=members,
)
boxes = st.builds(
    Box,
    number=st.sampled_from(["1", "2"]),
    pin=st.sampled_from(["1234", "99"]),
    owner=words,
    attach=st.none() | st.booleans(),
)
steps = st.lists(
    st.tuples(
        st.just(""),
        st.sampled_from(["NoOp", "Dial", "Answer", "Hangup"]),
        st.sampled_from(["", "PJSIP/6001", "x", "${EXTEN},20"]),
    ),
    min_size=1,
    max_size=4,
).map(lambda found: tuple((f"l{n}" if n == 2 else "", *s[1:]) for n, s in enumerate(found)))
contexts = st.builds(
    Context,
    name=words,
    extens=st.lists(
        st.builds(Exten, name=st.sampled_from(["s", "100", "_1XX", "200"]), steps=steps),
        max_size=3,
        unique_by=lambda e: e.name,
    ).map(tuple),
    includes=st.lists(words, max_size=2, unique=True).map(tuple),
)
foreign = st.tuples(
    words,
    st.lists(
        st.tuples(st.sampled_from(["a", "b", "c"]), words), max_size=3, unique_by=lambda p: p[0]
    ).map(tuple),
)


def named(things: st.SearchStrategy[Any], most: int, key: str = "name") -> st.SearchStrategy[Any]:
    """Return tuples of things of different names."""
    return st.lists(things, max_size=most, unique_by=lambda t: getattr(t, key)).map(tuple)


houses = st.builds(
    House,
    phones=named(phones, 3),
    trunks=named(trunks, 2),
    queues=named(queues, 2),
    boxes=named(boxes, 2, "number"),
    contexts=named(contexts, 3),
    variables=st.lists(
        st.tuples(st.sampled_from(["A", "B"]), words), max_size=2, unique_by=lambda p: p[0]
    ).map(tuple),
    nets=st.frozensets(st.sampled_from(["10.0.0.0/8", "192.168.0.0/16"])),
    foreign=st.lists(foreign, max_size=2, unique_by=lambda f: f[0]).map(tuple),
)

styles = st.integers(0, 2**32)
"""Seeds: each is a style in which a house is written."""

ALIKE = st.sampled_from(
    ["phones", "trunks", "queues", "boxes", "contexts", "variables", "nets", "foreign"]
)


@st.composite
def edited(draw: st.DrawFn) -> tuple[House, House]:
    """Return a house, and the same with one or two of its parts another."""
    house, other = draw(houses), draw(houses)
    parts = draw(st.lists(ALIKE, min_size=1, max_size=2))
    return house, attrs.evolve(house, **{part: getattr(other, part) for part in parts})


# -- written ---------------------------------------------------------------------------------------

FLAGS = {"direct_media", "ringinuse", "accepts_auth", "accepts_registrations", "sends_auth",
         "sends_registrations", "has_hint", "remove_existing"}  # fmt: skip


@attrs.define
class Section:
    """A section to be written: options in any order but those of one name."""

    name: str
    options: list[Pair]
    inherits: list[str] = attrs.field(factory=list)
    template: bool = False
    arrow: bool = False
    fixed: bool = False
    """Whether the options must stay in order."""


class Writer:
    """Writes houses in the style of a seed."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        self.wizard = self.chance()
        self.numbered = self.chance()
        self.same = self.chance()

    def chance(self, part: float = 0.5) -> bool:
        return self.random.random() < part

    def flag(self, value: bool) -> str:
        return self.random.choice(YES if value else NO)

    def files(self, house: House) -> dict[str, str]:
        """Return the text of every file."""
        random_order = self.random.sample
        sip: list[Section] = []
        wizard: list[Section] = []
        hints: list[tuple[str, str, str]] = []
        nets = [("local_net", net) for net in self.shuffled(house.nets)]
        transport = [("type", "transport"), ("bind", "0.0.0.0"), ("protocol", "udp"), *nets]
        sip.append(Section("udp", transport))
        for phone in house.phones:
            (wizard if self.wizard else sip).extend(self.phone(phone))
            if phone.hint and not self.wizard:
                hints.append((phone.name, "hint", f"PJSIP/{phone.name}"))
        for trunk in house.trunks:
            (wizard if self.wizard else sip).extend(self.trunk(trunk))
        texts = {
            "pjsip.conf": self.text(random_order(sip, len(sip))),
            "queues.conf": self.text([self.queue(queue) for queue in house.queues]),
            "voicemail.conf": self.text([self.boxes(house.boxes)] if house.boxes else []),
            "extensions.conf": self.text(list(self.dialplan(house, hints))),
            "foreign.conf": self.text([Section(n, list(pairs)) for n, pairs in house.foreign]),
        }
        if wizard:
            texts["pjsip_wizard.conf"] = self.text(random_order(wizard, len(wizard)))
        return self.with_fragments(texts)

    def shuffled(self, things: Iterable[Any]) -> list[Any]:
        found = sorted(things, key=repr)
        self.random.shuffle(found)
        return found

    # -- things -----------------------------------------------------------------------------------

    def phone(self, phone: Phone) -> list[Section]:
        endpoint = [
            ("context", phone.context),
            ("allow", ",".join(["!all", *phone.codecs])),
            ("direct_media", self.flag(phone.direct_media)),
        ]
        if phone.callerid:
            endpoint.append(("callerid", phone.callerid))
        if phone.mailboxes:
            endpoint.append(("mailboxes", ",".join(self.shuffled(phone.mailboxes))))
        aor = [("max_contacts", str(phone.max_contacts))]
        auth = [("username", phone.name), ("password", phone.secret)]
        if self.wizard:
            own = [("type", "wizard"), ("accepts_auth", self.flag(True)),
                   ("accepts_registrations", self.flag(True))]  # fmt: skip
            if phone.hint:
                own += [("has_hint", self.flag(True)), ("hint_exten", phone.name),
                        ("hint_context", "hints")]  # fmt: skip
            parts = {"endpoint": endpoint, "aor": aor, "inbound_auth": auth}
            own += [(f"{part}/{n}", v) for part, pairs in parts.items() for n, v in pairs]
            return [Section(phone.name, own)]
        links = [("aors", phone.name), ("auth", f"{phone.name}-iauth")]
        return [
            Section(phone.name, [("type", "endpoint"), *links, *endpoint]),
            Section(phone.name, [("type", "aor"), *aor]),
            Section(f"{phone.name}-iauth", [("type", "auth"), ("auth_type", "userpass"), *auth]),
        ]

    def trunk(self, trunk: Trunk) -> list[Section]:
        name, uri = trunk.name, f"sip:{trunk.host}"
        auth = [("username", name), ("password", trunk.secret)]
        match = ",".join(self.shuffled(trunk.match))
        if self.wizard:
            own = [("type", "wizard"), ("remote_hosts", trunk.host), ("identify/match", match)]
            own.append(("sends_auth", self.flag(True)))
            own += [(f"outbound_auth/{n}", v) for n, v in auth]
            own.append(("sends_registrations", self.flag(trunk.registers)))
            return [Section(name, own)]
        login = ("outbound_auth", f"{name}-oauth")
        identify = [("type", "identify"), ("endpoint", name), ("match", match)]
        made = [
            Section(name, [("type", "endpoint"), ("aors", name), login]),
            Section(name, [("type", "aor"), ("contact", uri)]),
            Section(f"{name}-oauth", [("type", "auth"), *auth]),
            Section(f"{name}-identify", identify),
        ]
        if trunk.registers:
            client = ("client_uri", f"sip:{name}@{trunk.host}")
            said = [("type", "registration"), ("server_uri", uri), login, client]
            made.append(Section(f"{name}-reg-0", said))
        return made

    def queue(self, queue: Queue) -> Section:
        members = list(queue.members)
        if queue.strategy != "linear":
            self.random.shuffle(members)
        options = [
            ("strategy", queue.strategy),
            ("ringinuse", self.flag(queue.ringinuse)),
            ("joinempty", ",".join(self.shuffled(queue.joinempty))),
        ]
        if queue.timeout != 15 or self.chance():
            options.append(("timeout", str(queue.timeout)))
        for interface, penalty, name in members:
            tail = f",{penalty},{name}" if name else f",{penalty}" if penalty else ""
            options.append(("member", interface + tail))
        return Section(queue.name, options, arrow=self.chance())

    def boxes(self, boxes: Iterable[Box]) -> Section:
        lines = []
        for box in boxes:
            said = [box.pin, box.owner]
            if box.attach is not None:
                said += ["", "", f"attach={self.flag(box.attach)}"]
            lines.append((box.number, ",".join(said)))
        return Section("default", lines, arrow=True)

    def dialplan(self, house: House, hints: list[tuple[str, str, str]]) -> Iterator[Section]:
        if house.variables:
            yield Section("globals", list(house.variables))
        hinted = any(phone.hint for phone in house.phones)
        if hinted and hints:
            lines = [("exten", ",".join(hint)) for hint in self.shuffled(hints)]
            yield Section("hints", lines, arrow=True, fixed=True)
        for context in self.shuffled(house.contexts):
            lines = [line for exten in self.shuffled(context.extens) for line in self.exten(exten)]
            lines += [("include", name) for name in context.includes]
            yield Section(context.name, lines, arrow=True, fixed=True)

    def exten(self, exten: Exten) -> Iterator[Pair]:
        for number, (label, app, data) in enumerate(exten.steps, 1):
            word = "n" if number > 1 and not self.numbered and self.chance(0.8) else str(number)
            mark = f"({label})" if label else ""
            call = f"{word}{mark},{app}({data})" if data or self.chance() else f"{word}{mark},{app}"
            if number > 1 and self.same and self.chance(0.9):
                yield "same", call
            else:
                yield "exten", f"{exten.name},{call}"

    # -- text -------------------------------------------------------------------------------------

    def text(self, sections: list[Section]) -> str:
        """Return sections as text: options out of order, templates drawn out, comments."""
        for section in sections:
            if not section.fixed:
                self.mix(section)
        if self.chance():
            sections = self.with_template(sections)
        return "".join(self.section(section) for section in sections) + self.comment()

    def mix(self, section: Section) -> None:
        """Change the order of options, but for those of one name."""
        names = [name for name, _ in section.options]
        self.random.shuffle(names)
        by_name: dict[str, list[Pair]] = {}
        for pair in section.options:
            by_name.setdefault(pair[0], []).append(pair)
        section.options = [by_name[name].pop(0) for name in names]

    def with_template(self, sections: list[Section]) -> list[Section]:
        """Draw what some sections have in common out into a template."""
        some = [s for s in sections if not s.fixed and self.chance(0.7)]
        single = [
            [p for p in s.options if [n for n, _ in s.options].count(p[0]) == 1] for s in some
        ]
        common = [p for p in single[0] if all(p in found for found in single[1:])] if single else []
        if len(some) < 2 or not common:
            return sections
        for section in some:
            section.options = [pair for pair in section.options if pair not in common]
            section.inherits.append("drawn-out")
        template = Section("drawn-out", common, template=True, arrow=some[0].arrow)
        return [template, *sections]

    def section(self, section: Section) -> str:
        inside = (["!"] if section.template else []) + section.inherits
        tail = f"({','.join(inside)})" if inside else ""
        lines = [self.comment(), f"[{section.name}]{tail}{self.trail()}\n"]
        for name, value in section.options:
            equals = "=>" if section.arrow or self.chance(0.2) else "="
            blank = self.random.choice(["", " ", "\t"])
            lines += [self.comment(0.2), f"{name}{blank}{equals}{blank}{value}{self.trail()}\n"]
        return "".join(lines) + "\n" * self.random.randrange(3)

    def trail(self) -> str:
        return self.random.choice(["", "", "  ", " ; a note", " ;-- aside --;"])

    def comment(self, part: float = 0.4) -> str:
        if not self.chance(part):
            return ""
        return self.random.choice(["; x = y\n", ";\n", "\n", ";--\n[no]\na=b\n--;\n"])

    def with_fragments(self, texts: dict[str, str]) -> dict[str, str]:
        """Put the end of a file into a file of its own that it includes."""
        found = dict(texts)
        for name, text in texts.items():
            cut = text.find("\n[", len(text) // 2)
            if cut >= 0 and ";--\n" not in text and self.chance(0.3):
                part = f"parts/{name}.part"
                found[name] = f"{text[: cut + 1]}#include {part}\n"
                found[part] = text[cut + 1 :]
        return found


def _once(options: list[Pair]) -> Iterator[Pair]:
    """Yield the options of which there is one of the name."""
    names = [name for name, _ in options]
    yield from (pair for pair in options if names.count(pair[0]) == 1)


def files(house: House, seed: int) -> dict[str, str]:
    """Return the files of a house in the style of a seed."""
    return Writer(seed).files(house)
