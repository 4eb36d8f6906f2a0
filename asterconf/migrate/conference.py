"""MeetMe → ConfBridge: `app_meetme`, which needs DAHDI, and which most Asterisk 22 do not have."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import count

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
    profiles: dict[str, tuple[str, ...]] = attrs.field(factory=dict)
    """What each profile says: those of confbridge.conf, then those that are made."""

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
        pin = pin or self.rooms.get(room, ("", ""))[0]
        if pin:
            options.append(f"pin={pin}")
        if any("$" in option for option in options):
            said.say("left", "a profile of confbridge.conf cannot hold a variable")
        if said.outcome == "left":
            return name, data
        self.room(said, room, {one.letter for one in given})
        for default in self.usual:
            if not (default == "default_user" and options):
                said.say("changed", f"{default} of confbridge.conf acts here, too")
        said.say("exact", "the same room")
        if not options:
            return "ConfBridge", room
        return "ConfBridge", f"{room},,{self.profile(tuple(options))}"

    def profile(self, options: tuple[str, ...]) -> str:
        """Return the name of a profile that says just this."""
        names = (f"meetme{number}" for number in count(1))
        return next(one for one in names if self.profiles.setdefault(one, options) == options)

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
            limit = (one.argument or "0").partition(":")[0].strip()
            if one.letter == "L" and limit.isdecimal():  # milliseconds, and 0 is no limit
                limit = str(-(-int(limit) // 1000))
            return [f"{option}{limit}"]
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
    reading = draft.workspace.resolve("confbridge.conf")
    live = [*reading] if reading is not None and reading.valid else []
    there = {
        one.name: tuple(f"{item.name}={item.value}" for item in one if fold(item.name) != "type")
        for one in live
    }
    usual = tuple(name for name, said in there.items() if said and name.startswith("default_"))
    made = _Profiles(rooms, usual, dict(there))
    rewrite_calls(draft, made.step)
    for name, options in made.profiles.items():
        if name not in there:
            draft.append("confbridge.conf", "\n".join([f"[{name}]", "type=user", *options, ""]))


CONFERENCE = codemod("conference", _run)
