"""MeetMe → ConfBridge: `app_meetme`, which needs DAHDI, and which most Asterisk 22 do not have."""

from __future__ import annotations

import re
from collections.abc import Mapping

import attrs

from asterconf.language import args
from asterconf.migrate import table
from asterconf.migrate.facts import facts
from asterconf.migrate.outcome import Said
from asterconf.migrate.plan import Draft, Style, codemod, options_of
from asterconf.migrate.steps import rewrite_calls
from asterconf.migrate.table import split
from asterconf.source import fold

_NO_LETTER = "left", "", "nothing is like it"


@attrs.define(eq=False)
class _Profiles:
    """The user profiles that rooms and letters need."""

    rooms: Mapping[str, tuple[str, str]]
    """The PIN of each room of meetme.conf, and that of its administrators."""
    usual: tuple[str, ...] = ()
    """The profiles and the menu of confbridge.conf that are used where none is named."""
    made: dict[tuple[str, ...], str] = attrs.field(factory=dict)

    def step(self, said: Said, name: str, data: str) -> tuple[str, str]:
        """Return what a step becomes."""
        app = fold(name.strip())
        if app != "meetme":
            return table.application(said, "conference", name, data)
        room, letters, pin = [*(one.strip() for one in split(data)), "", "", ""][:3]
        if not room:
            said.say("left", "ConfBridge does not ask for the number of a room")
            return name, data
        options = list[str]()
        given = args.split_options(letters, substituted=False)
        for one in given:
            options += self.letter(said, one)
        if said.outcome == "left":
            return name, data
        self.room(said, room, {one.letter for one in given})
        pin = pin or self.rooms.get(room, ("", ""))[0]
        if pin:
            options.append(f"pin={pin}")
        for default in self.usual:
            if not (default == "default_user" and options):
                said.say("changed", f"{default} of confbridge.conf acts here, too")
        said.say("exact", "the same room")
        if not options:
            return "ConfBridge", room
        profile = self.made.setdefault(tuple(options), f"meetme{len(self.made) + 1}")
        return "ConfBridge", f"{room},,{profile}"

    def room(self, said: Said, room: str, letters: set[str]) -> None:
        """Say what differs in a room, however its users come in."""
        if not letters & {"d", "D"} and room not in self.rooms:
            said.say("changed", "it is made when it is called: MeetMe let nobody into a room that "
                     "meetme.conf does not have")  # fmt: skip
        if "C" not in letters and said.goes_on:
            said.say("changed", "who is kicked goes on with the next step, and was hung up")
        if self.rooms.get(room, ("", ""))[1]:
            said.say("changed", "the PIN of administrators lets nobody in: give them a profile")

    def letter(self, said: Said, one: args.OptionText) -> list[str]:
        """Return the options of a profile for a letter, with its argument."""
        outcome, option, why = facts("conference")["letters"].get(one.letter, _NO_LETTER)
        said.say(outcome, f"{one.letter}: {why or option}")
        if one.letter == "w" and one.argument:
            said.say("changed", "w: it waits for as long as it takes")
        if option.endswith("="):
            found = re.match(r"\d+", one.argument or "")
            seconds = int(found[0] if found else 0) // (1000 if one.letter == "L" else 1)
            return [f"{option}{seconds}"]
        made = [option] if option else []
        if one.letter == "M" and one.argument:
            made.append(f"music_on_hold_class={one.argument}")
        return made


def _run(draft: Draft, _style: Style) -> None:
    rooms = {}
    for _, _, node in options_of(draft.workspace, "meetme.conf"):
        if fold(node.name) == "conf":
            room, pin, admin = [*(one.strip() for one in node.value.split(",")), "", ""][:3]
            rooms[room] = pin, admin
    there = draft.workspace.resolve("confbridge.conf")
    live = [*there] if there is not None and there.valid else []
    said = (one.name for one in live if any(fold(item.name) != "type" for item in one))
    profiles = _Profiles(rooms, tuple(one for one in said if one.startswith("default_")))
    rewrite_calls(draft, profiles.step)
    taken = {one.name for one in live}
    for options, name in profiles.made.items():
        if name not in taken:
            draft.append("confbridge.conf", "\n".join([f"[{name}]", "type=user", *options, ""]))


CONFERENCE = codemod("conference", _run)
