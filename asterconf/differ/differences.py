"""What a comparison finds: differences, each at an address, with its cause and its impact."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pkgutil import get_data
from typing import Any, Literal

import attrs

from asterconf.differ.address import Address
from asterconf.differ.matching import Order
from asterconf.differ.objects import (
    ChangedSections,
    ComparedConfig,
    ComparedObject,
    changed_sections,
)
from asterconf.schema import base_name
from asterconf.source import Position, printable

Action = Literal["added", "removed", "changed", "renamed", "moved"]
"""`moved`: the same thing stands somewhere else, in another context or in another place of a list
whose order counts."""

Reason = Literal["line", "header", "variable"]

PlacePair = tuple[Position | None, Position | None]

LISTED = {"member", "include", "switch"}
"""Kinds of parts whose order may count."""


Effect = Literal["reload", "restart", "none", "unknown"]


@attrs.frozen
class Impact:
    """What makes a change take effect.

    Attributes:
        effect: `reload`: the commands do. `restart`: only a restart of Asterisk does. `none`: it
            has none, whatever is done. `unknown`: it is not known.
        commands: the commands for Asterisk's console, in this order.
        note: what a person should know about it.
        source: where that is from: a place in Asterisk's source, or what was observed.
    """

    effect: Effect
    commands: tuple[str, ...] = ()
    note: str = ""
    source: str = ""

    def __str__(self) -> str:
        if self.effect == "reload":
            return "; ".join(self.commands)
        words = {"restart": "restart Asterisk", "none": "no effect", "unknown": "unknown"}
        return words[self.effect]


NOTHING = Impact("unknown")
_GONE = {"note": "it goes on with what it has read; without the file it will not start again"}


@cache
def facts() -> Mapping[str, Any]:
    """Return the table of facts, as `impact.json` has it."""
    found: Mapping[str, Any] = json.loads(get_data(__name__, "impact.json") or b"")
    return found


@cache
def impact_of(
    file: str,
    kind: str,
    option: str,
    action: str,
    value: str = "",
    *,
    there: tuple[bool, bool] = (True, True),
) -> Impact:
    """Return what a change takes.

    Args:
        file: the file whose reader is concerned.
        kind: the word of the table for the kind of section; empty: it has none.
        option: the option as the schema names it; empty: the object as a whole.
        action: what happened, as in `Change.action`.
        value: the new value of the option.
        there: whether there was such a file before, and is now.
    """
    known = facts()["files"].get(base_name(file))
    if known is None:
        return Impact(
            "unknown", note=f"what puts a change of {base_name(file)} into effect is not known"
        )
    of_kind = known.get("kinds", {}).get(kind, {})
    of_option = of_kind.get("options", {}).get(option, {}) if option else of_kind
    found: dict[str, Any] = {}
    for fact in (
        known,
        of_kind,
        of_option,
        of_option.get("actions", {}).get(action, {}),
        of_option.get("to", {}).get(value, {}),
    ):
        found |= fact
    if not all(there) and "missing" in known:
        found |= known["missing"] if there[1] else {"effect": "restart", **_GONE}
    effect: Effect = found.get("effect", "reload")
    commands = tuple(found.get("commands", ())) if effect == "reload" else ()
    return Impact(effect, commands, found.get("note", ""), found.get("source", ""))


@attrs.frozen
class ChangeCause:
    """The one edit that caused a change.

    Attributes:
        old: the line before the edit; `None`: the line is new.
        new: the line after it; `None`: the line was removed.
        reason: `line`: the line itself changed. `header`: the templates of a section changed.
            `variable`: the line sets a global variable of the dialplan.
    """

    old: Position | None
    new: Position | None
    reason: Reason = "line"
    _sections: tuple[str, str] = attrs.field(default=("", ""), eq=False, repr=False)

    @property
    def section(self) -> str:
        """The section of the file that holds the line; empty: none does."""
        return self._sections[self.new is not None]

    def mirrored(self) -> ChangeCause:
        """Return the cause the other way round."""
        return ChangeCause(self.new, self.old, self.reason, self._sections[::-1])

    def __str__(self) -> str:
        return shown_place(self.old, self.new)


def _compared(value: object) -> object:
    return None if isinstance(value, ComparedObject) else value


@attrs.frozen(kw_only=True)
class Difference:
    """Something that differs in what it means to Asterisk.

    Attributes:
        address: what it is about; where it is on both sides, by its new one.
        action: what happened.
        old_place: where it stands in the old configuration; of an option the line that counts.
        new_place: the same in the new one.
        old_address: what was renamed or moved was there; `None`: it has the same address.
        depth: how many differences, of those in front of it, it is a part of.
        title: a name for people, such as `Garage`.
        cause: the edit that caused it, if nothing is a part of it.
        default_side: the side on which an option is not set, so that its value is the default.
        secret: whether a person should not see the values.
        runtime: whether Asterisk itself may have written the new value, such as a PIN that
            was changed by phone.
        impact: what Asterisk needs to take it over.
    """

    address: Address = attrs.field(kw_only=False)
    action: Action = attrs.field(kw_only=False)
    _old: Any = attrs.field(default=None, eq=_compared)
    _new: Any = attrs.field(default=None, eq=_compared)
    old_place: Position | None = None
    new_place: Position | None = None
    old_address: Address | None = None
    depth: int = attrs.field(default=0, eq=False)
    _kind: str = ""
    _name: str = attrs.field(default="", eq=False)
    title: str = attrs.field(default="", eq=False)
    cause: ChangeCause | None = None
    default_side: Literal["", "old", "new"] = ""
    secret: bool = False
    runtime: bool = False
    impact: Impact = attrs.field(default=NOTHING, eq=False)

    @property
    def kind(self) -> str:
        """What it is: `extension`, `trunk`, `queue`, `mailbox`, `transport`, `context`, `global`.

        Any other kind of section that the schema has; `section` for settings and for what the
        schema does not know, `file` for one that Asterisk refuses; for a part also `option`,
        `member`, `exten`, `step`, `hint`, `include`, `switch`, `ignorepat`.
        """
        return self._kind or self.address.what

    @property
    def name(self) -> str:
        """What it is called; a mailbox by its address, a step by its priority."""
        return self._name or self._called(self.address)

    @property
    def old_name(self) -> str:
        """What was renamed or moved was called so, or was in that context."""
        return self._called(self.old_address) if self.old_address is not None else ""

    def _called(self, address: Address) -> str:
        crosses = self.action == "moved" and address.what == "exten"
        return f"{address.called}@{address.name}" if crosses else address.called

    @property
    def file(self) -> str:
        """The file whose reader is concerned, such as `pjsip.conf`."""
        return self.address.file

    @property
    def old(self) -> Any:  # noqa: ANN401 - any object or value
        """The object or value before; `None`: there was none."""
        return self._old.typed if isinstance(self._old, ComparedObject) else self._old

    @property
    def new(self) -> Any:  # noqa: ANN401 - any object or value
        """The object or value now; `None`: there is none."""
        return self._new.typed if isinstance(self._new, ComparedObject) else self._new

    @property
    def objects(self) -> tuple[ComparedObject | None, ComparedObject | None]:
        """The objects that were compared; both `None`: it is about a value or the dialplan."""
        old, new = (
            one if isinstance(one, ComparedObject) else None for one in (self._old, self._new)
        )
        return old, new

    @property
    def is_object(self) -> bool:
        """Whether it is about an object that a section or line of a file makes."""
        return any(self.objects)

    @property
    def is_whole(self) -> bool:
        """Whether it is about an object, or an extension of the dialplan, being there at all."""
        return self.address == self.address.holder

    @property
    def has_value(self) -> bool:
        """Whether `old` and `new` are values to show, and not objects or something with parts."""
        return not self.is_whole and self.address.what != "reading"

    @property
    def unit(self) -> Address:
        """The address of what can only be merged together with this.

        These are all steps of an extension; and all items of a list that moved, since which of
        them moved is arbitrary.
        """
        address = self.address
        moved = self.action == "moved" and address.what in LISTED
        return address.siblings if moved or address.what == "step" else address

    @property
    def place(self) -> Position | None:
        """Where to look: in the new configuration if it is there."""
        return self.new_place or self.old_place


def shown_place(old: Position | None, new: Position | None) -> str:
    """Return both places as one text: `queues.conf:12`, or `queues.conf:12 -> 15`."""
    if old is None or new is None or (old.file, old.line) == (new.file, new.line):
        place = new or old
        return f"{printable(place.file)}:{place.line}" if place else ""
    after = f"{new.line}" if new.file == old.file else f"{printable(new.file)}:{new.line}"
    return f"{printable(old.file)}:{old.line} -> {after}"


# -- the makers -----------------------------------------------------------------------------------


@attrs.define(eq=False)
class Comparison:
    """What all comparisons of two configurations need.

    Attributes:
        old: the one side.
        new: the other.
        order: where order counts.
        renames: whether things are recognised under another name.
        plain: the sections of pjsip_wizard.conf that are compared as they are written, and not as
            the objects that the wizard makes of them.
        variables: the global variables of the dialplan that changed, and the lines that set them.
    """

    old: ComparedConfig
    new: ComparedConfig
    order: Order = "meaningful"
    renames: bool = True
    plain: frozenset[str] = frozenset()
    variables: dict[str, ChangeCause] = attrs.field(init=False, factory=dict)
    _changed: dict[str, list[ChangedSections]] = attrs.field(init=False, factory=dict)

    def changed(self, file: str) -> list[ChangedSections]:
        """Return the sections of a file whose lines differ; worked out once."""
        if file not in self._changed:
            self._changed[file] = list(changed_sections(self.old.live(file), self.new.live(file)))
        return self._changed[file]

    def differs(
        self,
        address: Address,
        sides: tuple[Any, Any],
        places: PlacePair,
        *,
        action: Action | None = None,
        of: str = "",
        **more: Any,  # noqa: ANN401 - as Difference has them
    ) -> Difference:
        """Return a difference of what is neither an object nor an option, such as a step.

        Args:
            address: what it is about.
            sides: what it is on both sides; `None`: it is not there.
            places: where it stands on both sides.
            action: what happened; by default what `sides` tell.
            of: the kind whose impact counts, if it is another.
            more: further attributes of the difference.
        """
        old, new = sides
        done: Action = action or (
            "changed" if old is not None and new is not None else "added" if new is not None
            else "removed"
        )  # fmt: skip
        return Difference(
            address, done, old=old, new=new, old_place=places[0], new_place=places[1],
            cause=self._cause_at(*places),
            impact=self.impact(address.file, of or address.what, "", done),
            **more,
        )  # fmt: skip

    def impact(self, file: str, kind: str, option: str, action: Action, value: str = "") -> Impact:
        """Return what Asterisk needs to take a change of something in a file over."""
        reason = self.new.reasons_unread.get(file)
        if reason:
            return Impact("none", note=reason)
        if doubt := self.new.reasons_unknown.get(file):
            return Impact("unknown", note=doubt)
        if (own := self.new.workspace.schema.own.get(file)) and own["reload"]:
            return Impact("reload", tuple(own["reload"]), source=own["source"])
        there = file in self.old.names, file in self.new.names
        if not any(there):  # the wizard's file stands for what it makes
            there = True, True
        return impact_of(file, kind, option, action, value, there=there)

    def cause(
        self, old: Position | None, new: Position | None, reason: Reason = "line"
    ) -> ChangeCause:
        """Return the cause that an edit of these lines is."""
        places = (self.old.section_at(old), self.new.section_at(new))
        before, after = (section.name if section is not None else "" for section in places)
        return ChangeCause(old, new, reason, (before, after))

    def _cause_at(self, old: Position | None, new: Position | None) -> ChangeCause | None:
        """Return the cause of a change of the dialplan, from the places on both sides."""
        if old is None and new is None:
            return None
        if self.variables:
            side, place = (self.new, new) if new is not None else (self.old, old)
            assert place is not None
            text = side.line_at(place)
            other = self.old.line_at(old) if new is not None and old is not None else text
            for name, cause in self.variables.items():
                if text == other and f"${{{name}}}" in text:
                    return cause
        return self.cause(old, new)
