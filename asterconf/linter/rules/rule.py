"""`Rule`: one kind of fault, what Asterisk does about it, and how that is known."""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Literal

from asterconf.bind.wizard import PjsipObject
from asterconf.codes import Message, rule_messages
from asterconf.diagnostic import Diagnostic, Verified
from asterconf.linter.tree import ExtensionAt, StepAt, Tree
from asterconf.source import Position, Severity, printable

Needs = Literal["reading", "section", "object", "step", "extension", "plan", "tree", "home"]
"""What a rule looks at: lines as they are read, the options of one section, an object of PJSIP,
a step of the dialplan, an extension, the whole dialplan, everything, or the description of a home
PBX."""

Family = Literal[
    "reading", "sections", "dialplan", "flow", "applications", "expressions", "pjsip", "queues",
    "files", "gone", "security", "media", "emergency", "home", "references", "internal",
    "plugins",
]  # fmt: skip

FAMILIES: dict[Family, str] = {
    "reading": "AC000-AC099",
    "sections": "AC100-AC199",
    "dialplan": "AC200-AC234",
    "flow": "AC235-AC249",
    "applications": "AC250-AC299",
    "expressions": "AC300-AC399",
    "pjsip": "AC400-AC499",
    "queues": "AC500-AC599",
    "files": "AC600-AC699",
    "gone": "AC700-AC708",
    "security": "AC709-AC749",
    "media": "AC750-AC779",
    "emergency": "AC780-AC799",
    "home": "AC800-AC899",
    "references": "AC900-AC939",
    "internal": "AC999-AC999",
    "plugins": "",
}
"""The families of rules, each with the first and the last code that it may use.

Those of plugins have all other codes: letters, and three or four digits.
"""

CODE = re.compile(r"[A-Z]{2,8}[0-9]{3,4}")
"""What a code looks like."""


def family_of(code: str) -> Family:
    """Return the family whose range a code is in.

    Raises:
        LookupError: it is in none.
    """
    if CODE.fullmatch(code) and not code.startswith("AC"):
        return "plugins"
    for family, codes in FAMILIES.items():
        first, _, last = codes.partition("-")
        if first <= code <= last:
            return family
    raise LookupError(f"no family of rules has the code {code!r}")


class Rule:
    """One kind of fault: its codes, how bad it is, what it says, and how that is known.

    A rule with its own check is a class in a module of this room; the first paragraph of its
    docstring says what it looks at, the others why that matters. What a lower room finds while
    it reads, and what a check finds that several rules share, is a `Rule` as it is: its message
    stands in a table, and says all of that.

    Attributes:
        name: its name, in kebab case.
        messages: for each of its codes the message, the hint and the severity; a rule has several
            codes where different files have their own. Those of this library stand in `codes/`, in
            the JSON file of its family.
        since: the first version of Asterisk that it is about; empty: all.
        until: the last one; empty: all.
        needs: what it looks at.
        follows: whether the other places of a finding are the way of a call to it, in order.
    """

    name: str
    messages: tuple[Message, ...]
    since: str = ""
    until: str = ""
    needs: Needs = "reading"
    follows: bool = False

    def __init_subclass__(cls) -> None:
        """Give a rule of a family here the messages that stand under its name."""
        package, _, family = cls.__module__.rpartition(".")[0].rpartition(".")
        if package == __package__ and {"name", "messages"} & vars(cls).keys() == {"name"}:
            cls.messages = rule_messages(family)[cls.name]

    def __init__(
        self, name: str = "", messages: Iterable[Message] = (), needs: Needs = "reading"
    ) -> None:
        if name:
            self.name, self.messages, self.needs = name, tuple(messages), needs

    @property
    def codes(self) -> tuple[str, ...]:
        """Its codes, such as `AC405`."""
        return tuple(message.code for message in self.messages)

    @property
    def family(self) -> Family:
        """The family of its first code."""
        return family_of(self.messages[0].code)

    @property
    def severity(self) -> Severity:
        """How bad what it finds is."""
        return self.messages[0].severity

    @property
    def verified(self) -> Verified:
        """How it is known."""
        return self.messages[0].verified

    @property
    def preview(self) -> bool:
        """Whether it is left out unless it is asked for; see `Message`."""
        return self.messages[0].preview

    @property
    def hint(self) -> str:
        """What to do, with a word in braces for each fact."""
        return self.messages[0].hint

    @property
    def what(self) -> str:
        """What it looks at, in a sentence; by default its message, with the facts in words."""
        if type(self) is not Rule:
            return _paragraphs(self)[0]
        said = worded(self.messages[0].message)
        if re.fullmatch(r"<\w+>", said):  # the fact is all of it
            said = f"{self.name.replace('-', ' ')}: {said}"
        return f"{said[:1].upper()}{said[1:]}."

    @property
    def why(self) -> str:
        """Why that matters, or what Asterisk does about it; empty: the message says it."""
        message = self.messages[0]
        if type(self) is not Rule:
            return "\n\n".join(_paragraphs(self)[1:])
        if message.code.startswith("AC8"):
            return ""
        logs = "Asterisk logs it" if message.logged else "Asterisk says nothing about it"
        return f"{logs} and refuses the whole file." if message.fatal else f"{logs}."

    def message(self, code: str) -> Message:
        """Return the message of one of its codes.

        Raises:
            LookupError: the rule does not have it.
        """
        for message in self.messages:
            if message.code == code:
                return message
        raise LookupError(f"rule {self.name} has no code {code!r}")

    def at(
        self,
        position: Position | None,
        related: Iterable[tuple[Position, str]] = (),
        /,
        *,
        code: str = "",
        **facts: object,
    ) -> Diagnostic:
        """Return a finding of it, by default with its first code; texts in it are printable."""
        message = self.message(code) if code else self.messages[0]
        shown = {k: printable(v) if isinstance(v, str) else v for k, v in facts.items()}
        return message.at(position, related, **shown)

    def __repr__(self) -> str:
        return f"<Rule {' '.join(self.codes)} {self.name}>"


class TreeRule(Rule):
    """A rule that is asked once, about everything."""

    needs: Needs = "tree"

    def once(
        self, places: Iterable[tuple[Position | None, str]], /, **facts: object
    ) -> Iterator[Diagnostic]:
        """Yield one finding for several places with the same fault, each of something of a name.

        It is at the first place, and names the next three; its facts are `name` and `more`, too.
        """
        (place, name), *others = places
        lines = {at: owner for at, owner in reversed(others) if at is not None and at != place}
        notes = [(at, f"{owner!r}, too") for at, owner in reversed(lines.items())]
        said = {**facts, "name": name, "more": more(len(others))}
        yield self.at(place, notes[:3], code="", **said)

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what it finds."""
        raise NotImplementedError


class ObjectRule(Rule):
    """A rule about each object of PJSIP of some kinds, such as `endpoint`."""

    needs: Needs = "object"
    kinds: frozenset[str]

    def check(self, one: PjsipObject, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what is wrong with an object."""
        raise NotImplementedError


class OptionRule(TreeRule):
    """A rule about the value of one option, by its name in lower case, of objects of PJSIP.

    Objects of which the same is said are one finding: `more` says how many there are besides.
    """

    needs: Needs = "object"
    kinds: frozenset[str]
    option: str

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the option in effect, if its value is wrong, for the first of several objects."""
        found: dict[tuple[tuple[str, str], ...], list[tuple[Position | None, str]]] = {}
        for one in tree.objects:
            option = one.last(self.option) if one.kind in self.kinds else None
            facts = self.wrong(option.value, one, tree) if option is not None else None
            if facts is not None:
                places = found.setdefault(tuple(facts.items()), [])
                places.append((one.where(self.option), one.id))
        for said, places in found.items():
            yield from self.once(places, **dict(said))

    def wrong(self, value: str, one: PjsipObject, tree: Tree) -> Mapping[str, str] | None:
        """Return the facts for the message besides `name` and `more`; None: all is well."""
        raise NotImplementedError


class ExtensionRule(Rule):
    """A rule about each extension of the dialplan, or those with a step of some applications."""

    needs: Needs = "extension"
    applications: frozenset[str] = frozenset()
    """Their names in lower case; none: every extension is looked at."""

    def check(self, at: ExtensionAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what is wrong with an extension."""
        raise NotImplementedError


class StepRule(Rule):
    """A rule about each step of some applications, by their names in lower case."""

    needs: Needs = "step"
    applications: frozenset[str]

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield what is wrong with a step."""
        raise NotImplementedError


def more(others: int) -> str:
    """Return how many others a finding stands for, as it is said behind the first of them."""
    return f" ({others} more)" if others else ""


_WORDS = {"instead": "", "more": "", "refuses": "refuses <the object or the file>", "near": ""}


def worded(template: str) -> str:
    """Return a message or a hint with a word such as `<kind>` for each fact."""
    return re.sub(
        r"\{\{|\}\}|\{(\w+)[^}]*\}",
        lambda m: _WORDS.get(m[1], f"<{m[1]}>") if m[1] else m[0][0],
        template,
    )


def _paragraphs(rule: Rule) -> list[str]:
    text = inspect.getdoc(type(rule)) or ""
    return [" ".join(part.split()) for part in text.split("\n\n")]
