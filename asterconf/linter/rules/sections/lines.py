"""The lines of a section, and what a bad one leads to."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import attrs

from asterconf import schema
from asterconf.bind.wizard import PjsipObject
from asterconf.diagnostic import Diagnostic, Message
from asterconf.resolve.effective import EffectiveSection
from asterconf.schema import ObjectFacts, OptionFacts
from asterconf.source import Position, printable

_PJSIP = {"pjsip.conf", "pjsip_wizard.conf", "pjproject.conf", "pjsip_notify.conf"}
_CALLS = {"queues.conf", "queuerules.conf", "voicemail.conf"}


def of_file(messages: tuple[Message, ...], file: str) -> Message:
    """Return the message about a file: for PJSIP, for queues and voicemail, or for all others."""
    name = schema.base_name(file)
    return messages[0 if name in _PJSIP else 1 if name in _CALLS else 2]


@attrs.frozen
class Lines:
    """The lines of a section, or of an object that the wizard makes, with their places."""

    kind: ObjectFacts
    name: str
    pairs: list[tuple[str, str]]
    header: Position
    place: Callable[[int], Position | None] = attrs.field(repr=False)

    @classmethod
    def of(cls, section: EffectiveSection, kind: ObjectFacts) -> Lines:
        """Return the lines of a section."""
        return cls(
            kind,
            section.name,
            section.pairs,
            section.position,
            lambda index: section.item(index).origin,
        )

    @classmethod
    def made(cls, obj: PjsipObject, kind: ObjectFacts) -> Lines:
        """Return the lines of an object that the wizard makes."""
        return cls(kind, obj.id, obj.pairs, obj.position, lambda i: obj.options[i].position)

    def nested(self) -> Iterator[Lines]:
        """Yield the options inside a line: those after the fourth comma of a mailbox."""
        for index, (name, text) in enumerate(self.pairs):
            facts = self.kind.option(name)
            target = facts.raw.get("options_object") if facts else None
            file = self.kind.schema.file(self.kind.file)
            if facts is None or target is None or file is None:
                continue
            parts = text.split(facts.raw["sep"], len(facts.raw["fields"]) - 1)
            options = parts[-1] if len(parts) == len(facts.raw["fields"]) else ""
            pairs = [
                (part.partition("=")[0].strip(" \t"), part.partition("=")[2])
                for part in options.split(facts.raw["options_sep"])
                if "=" in part
            ]
            place = self.place(index) or self.header
            if pairs:
                at = _always(place)
                yield Lines(file.objects[target], name, pairs, place, at)

    @property
    def refuses_file(self) -> bool:
        """Whether one bad line costs the whole file, or the start of Asterisk."""
        effect, refuses = self.consequence()
        return effect == "fatal" or refuses == f"refuses the whole {self.kind.file}"

    def consequence(self, facts: OptionFacts | None = None) -> tuple[str, str]:
        """Return what a refused line leads to: `refused`, `ignored` or `fatal`, and a clause."""
        kind, file = self.kind, self.kind.schema.file(self.kind.file)
        assert file is not None
        way = kind.raw.get("unknown_option") or file.raw.get("unknown_option", "ignored")
        if way == "fatal":
            return "fatal", "does not start"
        name = printable(self.name)
        if facts is not None and facts.file != kind.file:
            return "refused", f"refuses {facts.object} {name!r} of the wizard"
        if way == "reject_file":
            return "refused", f"refuses the whole {kind.file}"
        if way == "reject_object":
            return "refused", f"refuses {kind.name} {name!r}"
        return "ignored", f"does not use {kind.name} {name!r}"

    def said(
        self, messages: tuple[Message, ...], place: Position | None, **facts: object
    ) -> Diagnostic:
        """Return a finding about one of the lines, with the code of their file."""
        return of_file(messages, self.kind.file).at(place, **facts)


def _always(place: Position) -> Callable[[int], Position | None]:
    return lambda _: place
