"""Names, and references to them."""

from __future__ import annotations

from typing import Literal

import attrs

from asterconf.shown import Shown
from asterconf.source import Position, printable

Certainty = Literal["certain", "undecided"]

Fails = Literal["never", "at run time", "at load"]
"""When something fails if what is named is not there."""


@attrs.frozen(order=True)
class Name(Shown):
    """What can be named: a section, a mailbox, a place in the dialplan.

    Attributes:
        file: the file that defines it, such as `queues.conf`; empty for a device that no file
            defines, such as `DAHDI/1`.
        kind: what it is: the schema's word for a kind of section (`endpoint`, `queue`, `class`,
            `named_acl`, `parking_lot`), or `mailbox`, `context`, `extension`, `label`, `template`.
        name: its name: of a mailbox `100@default`, of an extension `100@from-home`, of a label
            `from-home,100,again`.
    """

    file: str
    kind: str
    name: str

    def __str__(self) -> str:
        kind = {"named_acl": "ACL", "class": "music class"}.get(self.kind, self.kind)
        return f"{kind.replace('_', ' ')} {printable(self.name)!r}"


@attrs.frozen
class Reference(Shown):
    """A place in the files that names something.

    Attributes:
        place: where the name stands.
        span: the same as offsets in the value of its line, from 0, the end excluded. Of a template
            the number of the entry in the header's list.
        target: what is named. Of an undecided one the name is the text as far as it is known.
        by: what names it: an application such as `Queue`, a function, an option, `hint`,
            `include`, `switch`, `template`, or `variable X` for the value of a variable that is
            used as a name.
        certainty: `undecided` where only a running Asterisk knows, such as `PJSIP/${EXTEN}`.
        source: what the line belongs to, such as an extension or a queue.
        text: what stands there; it differs from the target's name where a variable says that.
        how: the kind of arrow that a picture has for it, such as `dials`.
        through: whether something is dialled by way of the target, as by way of a trunk.
        fails: when something fails if the target is not there.
    """

    place: Position
    span: tuple[int, int]
    target: Name
    by: str
    certainty: Certainty
    source: Name
    text: str = ""
    how: str = "names"
    through: bool = False
    fails: Fails = "at run time"

    @property
    def certain(self) -> bool:
        """Whether it is certain that this is what is named."""
        return self.certainty == "certain"

    def __str__(self) -> str:
        doubt = "" if self.certain else f" ({self.certainty})"
        return f"{self.place}: {self.by}: {self.target}{doubt}"
