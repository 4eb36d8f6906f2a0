"""What a difference is about, said the same way in every comparison."""

from __future__ import annotations

from typing import Literal, NamedTuple

import attrs

PLAN, CONTEXT = "extensions.conf", "context"

PartKind = Literal[
    "option", "member", "exten", "step", "hint", "include", "switch", "ignorepat", "variable",
    "reading",
]  # fmt: skip
"""`reading`: whether Asterisk loads a file, or its objects of one kind, at all."""


class AddressPart(NamedTuple):
    """A step of an address: a part of an object, and its name; empty: all of that kind."""

    kind: PartKind
    name: str


@attrs.frozen
class Address:
    """What a difference is about: an object of a file, or a part of one.

    It is the same in every comparison.

    Attributes:
        file: the file whose reader makes the object.
        kind: the schema's word for its kind; `section` where it has none, `context`, or `file` for
            the file as a whole.
        name: its name, a mailbox by its address.
        path: the parts that lead to the one meant; empty: the object itself.
    """

    file: str
    kind: str
    name: str
    path: tuple[AddressPart, ...] = ()

    def part(self, kind: PartKind, name: str) -> Address:
        """Return the address of a part of this."""
        return Address(self.file, self.kind, self.name, (*self.path, AddressPart(kind, name)))

    @property
    def object(self) -> Address:
        """The whole object."""
        return Address(self.file, self.kind, self.name)

    @property
    def holder(self) -> Address:
        """What may come and go as a whole: the object, or its extension of the dialplan."""
        inside = self.path[:1] if self.path[:1] and self.path[0].kind == "exten" else ()
        return Address(self.file, self.kind, self.name, inside)

    def renamed(self, name: str) -> Address:
        """Return the address of a part of another name beside this one."""
        path = (*self.path[:-1], AddressPart(self.path[-1].kind, name))
        return Address(self.file, self.kind, self.name, path)

    def moved(self, old: Address, new: Address) -> Address:
        """Return the address below `new` of what is below `old`; any other stays as it is."""
        if old not in self.prefixes:
            return self
        return attrs.evolve(new, path=(*new.path, *self.path[len(old.path) :]))

    @property
    def siblings(self) -> Address:
        """All parts of its kind beside this one."""
        return self.renamed("")

    @property
    def is_context(self) -> bool:
        """Whether it is about a context of the dialplan, or a part of one."""
        return (self.file, self.kind) == (PLAN, CONTEXT)

    @property
    def prefixes(self) -> tuple[Address, ...]:
        """The object, and each part down to this one."""
        sizes = range(len(self.path) + 1)
        return tuple(Address(self.file, self.kind, self.name, self.path[:n]) for n in sizes)

    @property
    def what(self) -> str:
        """The kind of the last part, or of the object."""
        return self.path[-1].kind if self.path else self.kind

    @property
    def called(self) -> str:
        """The name of the last part, or of the object."""
        return self.path[-1].name if self.path else self.name
