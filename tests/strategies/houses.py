"""Small PBXs as plain values, and their files in any style: the same value, another text.

What a value means is plain to see here, so that nothing of the library decides what the files of
two styles have in common.
"""

from __future__ import annotations

import itertools
import random
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from math import prod
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

    @property
    def meaning(self) -> tuple[object, ...]:
        """What it means: to attach is the default."""
        return self.number, self.pin, self.owner, self.attach is not False


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
        return (
            frozenset(self.phones),
            frozenset(self.trunks),
            frozenset(box.meaning for box in self.boxes),
            frozenset(queue.meaning for queue in self.queues),
            frozenset((c.name, frozenset(c.extens), c.includes) for c in self.contexts),
            frozenset(self.variables),
            self.nets,
            frozenset((name, frozenset(pairs)) for name, pairs in self.foreign),
        )


WORDS = ("alpha", "beta", "gamma")
SECRETS = ("s3cret", "other", "x\\;y")
CODEC_LISTS = [p[:n] for n in (1, 2, 3) for p in itertools.permutations(CODECS) if p[:n]]
MAILBOXES = ("1@default", "2@default")
MATCHES = ("192.0.2.1", "192.0.2.0/28", "a.example")
DATA = ("", "PJSIP/6001", "x", "${EXTEN},20")


def subsets(items: Sequence[str], least: int = 0) -> list[frozenset[str]]:
    """Return all sets of these items, of `least` or more."""
    sizes = range(least, len(items) + 1)
    return [frozenset(some) for size in sizes for some in itertools.combinations(items, size)]


def made(kind: Callable[..., Any], **choices: Sequence[Any]) -> st.SearchStrategy[Any]:
    """Return things whose every field is one of its choices.

    One number tells all fields: that is drawn fast, and shrinks to the first choice of each.
    """

    def decoded(number: int) -> Any:
        fields = {}
        for name, some in choices.items():
            number, at = divmod(number, len(some))
            fields[name] = some[at]
        return kind(**fields)

    return st.integers(0, prod(map(len, choices.values())) - 1).map(decoded)


MOST = 2
"""Things of one kind in a house: enough to differ in a name, in order, in what they share."""


def there(things: Iterable[Any]) -> tuple[Any, ...]:
    """Return what is not `None`, but no more than a house has of a kind."""
    return tuple(thing for thing in things if thing is not None)[:MOST]


def each(
    names: Sequence[str], kind: Callable[..., Any], key: str = "name", **choices: Sequence[Any]
) -> st.SearchStrategy[tuple[Any, ...]]:
    """Return things of some of these names, as `made` makes them."""
    some = (st.none() | made(kind, **{key: [name]}, **choices) for name in names)
    return st.tuples(*some).map(there)


def pairs(names: Sequence[str]) -> st.SearchStrategy[tuple[Pair, ...]]:
    """Return names with words, each name once."""
    return each(names, lambda name, word: (name, word), word=WORDS)


def step(number: int, app: str, data: str) -> tuple[str, str, str]:
    """Return a step; the third has a label."""
    return "l2" if number == 2 else "", app, data


CALLS = list(itertools.product(("NoOp", "Dial", "Answer", "Hangup"), DATA))
STEPS = [
    tuple(step(number, *call) for number, call in enumerate(calls))
    for size in (1, 2, 3, 4)
    for calls in zip(
        *(random.Random(f"{size} {n}").sample(CALLS, 16) for n in range(size)), strict=True
    )
]
"""Extensions of one to four steps, every application with every argument among them."""

phones = each(
    NUMBERS,
    Phone,
    context=WORDS,
    codecs=CODEC_LISTS,
    secret=SECRETS,
    max_contacts=(1, 2, 3),
    direct_media=(False, True),
    callerid=("", "Kitchen <6002>", "Garage <6004>"),
    mailboxes=subsets(MAILBOXES),
    hint=(False, True),
)
trunks = each(
    ("carrier", "spare"),
    Trunk,
    host=("a.example", "b.example:5070"),
    secret=SECRETS,
    match=subsets(MATCHES, 1),
    registers=(False, True),
)
MEMBER_LISTS = [
    tuple(
        (f"PJSIP/{number}", penalty, name)
        for number, penalty, name in zip(some, *marks, strict=False)
    )
    for size in (0, 1, 2, 3)
    for some in itertools.permutations(NUMBERS, size)
    for marks in (
        ((0,) * 3, ("",) * 3),
        ((1, 0, 1), ("Kitchen", "", "Kitchen")),
        ((0, 1, 0), ("", "Hall", "")),
    )
]
queues = each(
    ("home", "shop"),
    Queue,
    strategy=STRATEGIES,
    timeout=(15, 20, 30),
    ringinuse=(False, True),
    joinempty=subsets(("paused", "penalty", "inuse"), 1),
    members=MEMBER_LISTS,
)
boxes = each(("1", "2"), Box, "number", pin=("1234", "99"), owner=WORDS, attach=(None, False, True))
contexts = st.tuples(
    *(
        st.none()
        | st.builds(
            Context,
            name=st.just(name),
            extens=each(("s", "100", "_1XX", "200"), Exten, steps=STEPS),
            includes=st.sampled_from(
                [p for size in (0, 1, 2) for p in itertools.permutations(WORDS, size)]
            ),
        )
        for name in WORDS
    )
).map(there)
foreign = st.tuples(
    *(st.none() | st.tuples(st.just(name), pairs("abc")) for name in WORDS[:2])
).map(there)

PARTS: dict[str, st.SearchStrategy[Any]] = {
    "phones": phones,
    "trunks": trunks,
    "queues": queues,
    "boxes": boxes,
    "contexts": contexts,
    "variables": pairs("AB"),
    "nets": st.sampled_from(subsets(("10.0.0.0/8", "192.168.0.0/16"))),
    "foreign": foreign,
}
"""What each part of a house may be."""

houses = st.builds(House, **PARTS)

styles = st.integers(0, 2**32)
"""Seeds: each is a style in which a house is written."""

REWRITES = (
    "white space", "comments", "templates", "wizard", "numbers", "same", "booleans", "arrows",
    "includes", "options out of order", "sets out of order", "defaults", "empty calls",
    "open calls",
)  # fmt: skip
"""What a style does to a text without another meaning."""


@st.composite
def edited(draw: st.DrawFn) -> tuple[House, House]:
    """Return a house, and the same with one or two of its parts another."""
    house = draw(houses)
    parts = draw(st.lists(st.sampled_from(list(PARTS)), min_size=1, max_size=2))
    return house, attrs.evolve(house, **{part: draw(PARTS[part]) for part in parts})


@st.composite
def apart(draw: st.DrawFn) -> tuple[House, House, House, House]:
    """Return a house, two with another part of it each another, and one with both of these."""
    house = draw(houses)
    parts = draw(st.lists(st.sampled_from(list(PARTS)), min_size=2, max_size=2, unique=True))
    mine, yours = ({part: draw(PARTS[part])} for part in parts)
    one, other = attrs.evolve(house, **mine), attrs.evolve(house, **yours)
    return house, one, other, attrs.evolve(house, **mine, **yours)


@st.composite
def rivals(draw: st.DrawFn) -> tuple[House, House, House]:
    """Return a house, and two in which the same part of it is another."""
    house = draw(houses)
    part = draw(st.sampled_from(list(PARTS)))
    one, other = (attrs.evolve(house, **{part: draw(PARTS[part])}) for _ in range(2))
    return house, one, other


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
    """Writes houses in the style of a seed, which does some rewrites and no others.

    Without any, a house is written out plainly: each line `name = value`, nothing shared.
    """

    def __init__(self, seed: int, rewrites: Collection[str] = REWRITES) -> None:
        self.random = random.Random(seed)
        self.rewrites = rewrites
        self.wizard = self.may("wizard")
        self.counted = self.may("numbers")
        self.same = self.may("same")

    def may(self, rewrite: str, part: float = 0.5) -> bool:
        """Tell whether to do this here: by chance, if the style does it at all."""
        return rewrite in self.rewrites and self.random.random() < part

    def flag(self, value: bool) -> str:
        words = YES if value else NO
        return self.random.choice(words) if "booleans" in self.rewrites else words[0]

    def files(self, house: House) -> dict[str, str]:
        """Return the text of every file."""
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
            "pjsip.conf": self.text(self.mixed(sip)),
            "queues.conf": self.text([self.queue(queue) for queue in house.queues]),
            "voicemail.conf": self.text([self.boxes(house.boxes)] if house.boxes else []),
            "extensions.conf": self.text(list(self.dialplan(house, hints))),
            "foreign.conf": self.text([Section(n, list(pairs)) for n, pairs in house.foreign]),
        }
        if wizard:
            texts["pjsip_wizard.conf"] = self.text(self.mixed(wizard))
        return self.with_fragments(texts)

    def shuffled(self, things: Iterable[Any]) -> list[Any]:
        """Return things whose order does not count in any order."""
        return self.mixed(sorted(things, key=repr))

    def mixed(self, things: Sequence[Any]) -> list[Any]:
        return (
            self.random.sample(things, len(things))
            if "sets out of order" in self.rewrites
            else list(things)
        )

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
            members = self.mixed(members)
        options = [
            ("strategy", queue.strategy),
            ("ringinuse", self.flag(queue.ringinuse)),
            ("joinempty", ",".join(self.shuffled(queue.joinempty))),
        ]
        if queue.timeout != 15 or not self.may("defaults"):
            options.append(("timeout", str(queue.timeout)))
        for interface, penalty, name in members:
            tail = f",{penalty},{name}" if name else f",{penalty}" if penalty else ""
            options.append(("member", interface + tail))
        return Section(queue.name, options, arrow=self.may("arrows"))

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
            word = "n" if number > 1 and self.counted and self.may("numbers", 0.8) else str(number)
            mark = f"({label})" if label else ""
            call = f"{word}{mark},{app}"
            if data or not self.may("empty calls"):
                call += f"({data}" if self.may("open calls", 0.3) else f"({data})"
            if number > 1 and self.same and self.may("same", 0.9):
                yield "same", call
            else:
                yield "exten", f"{exten.name},{call}"

    # -- text -------------------------------------------------------------------------------------

    def text(self, sections: list[Section]) -> str:
        """Return sections as text: options out of order, templates drawn out, comments."""
        for section in sections:
            if not section.fixed and "options out of order" in self.rewrites:
                self.mix(section)
        if self.may("templates"):
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
        free = [s for s in sections if not s.fixed]
        like = self.random.choice(free).options[:1] if free else []  # of one type, if they say it
        some = [s for s in free if s.options[:1] == like and self.may("templates", 0.7)]
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
            equals = "=>" if section.arrow or self.may("arrows", 0.2) else "="
            blank = self.random.choice(["", "\t"]) if self.may("white space") else " "
            lines += [self.comment(0.2), f"{name}{blank}{equals}{blank}{value}{self.trail()}\n"]
        return "".join(lines) + "\n" * (self.random.randrange(3) * self.may("white space"))

    def trail(self) -> str:
        if self.may("comments"):
            return self.random.choice([" ; a note", " ;-- aside --;"])
        return "  " if self.may("white space", 0.2) else ""

    def comment(self, part: float = 0.4) -> str:
        if self.may("comments", part):
            return self.random.choice(["; x = y\n", ";\n", ";--\n[no]\na=b\n--;\n"])
        return "\n" if self.may("white space", part) else ""

    def with_fragments(self, texts: dict[str, str]) -> dict[str, str]:
        """Put the end of a file into a file of its own that it includes."""
        found = dict(texts)
        for name, text in texts.items():
            cut = text.find("\n[", len(text) // 2)
            if cut >= 0 and ";--\n" not in text and self.may("includes", 0.7):
                part = f"parts/{name}.part"
                found[name] = f"{text[: cut + 1]}#include {part}\n"
                found[part] = text[cut + 1 :]
        return found


def files(house: House, seed: int, rewrites: Collection[str] = REWRITES) -> dict[str, str]:
    """Return the files of a house in the style of a seed, which does these rewrites."""
    return Writer(seed, rewrites).files(house)
