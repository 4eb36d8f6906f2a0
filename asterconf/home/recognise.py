"""Features out of a dialplan: what a house does, in its own words or in those of a usual guide."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.dialplan import DialplanContext, DialplanExtension
from asterconf.home.features import (
    BusyLamps,
    ConferenceRoom,
    Guards,
    Intercom,
    LocalCalls,
    MusicOnHold,
    Parking,
    VoicemailMenu,
)
from asterconf.home.incoming import BlockedCallers, BusinessHours, IncomingCalls, Menu
from asterconf.home.numbers import NumberPlan
from asterconf.home.outgoing import EmergencyCalls, OutgoingCalls
from asterconf.home.plan import HOME_CONTEXT, PSTN_CONTEXT, RING_CONTEXT
from asterconf.language.pattern import matches
from asterconf.model import CallerID, Secret

if TYPE_CHECKING:
    from asterconf.config import Config

__all__ = ["Reader", "Step"]

Step = tuple[str, str]
"""Application in lower case, and its arguments with global variables put in."""


@attrs.define(eq=False)
class Reader:
    """Reads the features of a configuration; each line that one stands for is marked."""

    conf: Config
    known: NumberPlan | None
    assumed: list[str] = attrs.field(factory=list)
    placed: set[tuple[str, str]] = attrs.field(factory=set)
    """Extensions that a feature stands for: context and key."""

    def features(self) -> list[Any]:
        """Return the features, in the order in which a build has them."""
        readers = (
            self._guards, self._lamps, self._incoming, self._emergency, self._intercom,
            self._local, self._voicemail, self._outgoing, self._blocked, self._hours, self._menu,
            self._room, self._parking, self._music,
        )  # fmt: skip
        return [feature for read in readers if (feature := read()) is not None]

    # -- looking ------------------------------------------------------------------------------

    def steps(self, extension: DialplanExtension) -> list[Step]:
        """Return the steps of an extension."""
        return [(step.app.lower(), self.value(step.data)) for step in extension.steps]

    def value(self, text: str) -> str:
        """Return a text with global variables put in."""
        known = self.conf.dialplan.globals
        return re.sub(r"\$\{(\w+)\}", lambda m: known.get(m[1], m[0]), text)

    def context(self, name: str) -> DialplanContext | None:
        """Return a context; None: there is none."""
        plan = self.conf.dialplan
        return plan[name] if name in plan else None  # noqa: SIM401 - it is no mapping

    def all(self, name: str) -> Iterator[tuple[DialplanExtension, list[Step]]]:
        """Yield the extensions of a context with their steps."""
        context = self.context(name)
        for extension in context or ():
            yield extension, self.steps(extension)

    def place(self, context: str, *keys: str) -> None:
        """Mark extensions as placed."""
        self.placed |= {(context, key) for key in keys}

    @property
    def home(self) -> str:
        """The context of the phones."""
        found = [e.context for e in self.conf.extensions.values() if e.context]
        return found[0] if found else HOME_CONTEXT

    @property
    def pstn(self) -> str:
        """The context of the trunks."""
        found = [t.context for t in self.conf.trunks.values() if t.context]
        return found[0] if found else PSTN_CONTEXT

    # -- the features of a usual house --------------------------------------------------------

    def _guards(self) -> Guards | None:
        names = []
        for context in self.conf.dialplan:
            found = [self.steps(extension) for extension in context]
            if found and all(len(s) == 1 and s[0][0] == "hangup" for s in found):
                names.append(context.name)
                self.place(context.name, *(e.key for e in context))
                if "s" not in context:
                    self.assumed.append(
                        f"[{context.name}] hangs up on every caller, also on s and numbers with +"
                    )
        return Guards(names) if names else None

    def _lamps(self) -> BusyLamps | None:
        contexts = [e.subscribe_context for e in self.conf.extensions.values()]
        name = next((c for c in contexts if c), "")
        hints = [e for e in self.context(name) or () if e.hint is not None]
        if not hints:
            return None
        for extension in hints:
            if extension.is_pattern:
                self.assumed.append(f"the hint {extension.name} is one hint for each phone")
                self.place(name, extension.key)
        return BusyLamps(name)

    def _incoming(self) -> IncomingCalls | None:
        for name in (RING_CONTEXT, self.pstn):
            for extension, steps in self.all(name):
                queue = [data for app, data in steps if app == "queue"]
                if not queue:
                    continue
                fields = [*queue[0].split(","), *[""] * 5]
                box = [data for app, data in steps if app == "voicemail"]
                self.place(name, extension.key)
                if extension.name != "s":
                    self.assumed.append(
                        f"[{name}] answers whatever it is called by, also s and numbers with +"
                    )
                return IncomingCalls(
                    int(fields[4]) if fields[4].isdigit() else 25,
                    queue=fields[0],
                    mailbox=box[0].partition(",")[0] if box else "",
                )
        return None

    def _emergency(self) -> EmergencyCalls | None:
        numbers, caller = [], ""
        for extension, steps in self.all("emergency"):
            numbers.append(extension.name)
            caller = next((d for a, d in steps if a == "set"), "").partition("=")[2] or caller
        tests = self.known.emergency_tests if self.known else ()
        if not numbers and self._dials(self.home):
            self.assumed.append(
                "emergency numbers have lines of their own, which nothing can shadow"
            )
            return EmergencyCalls()
        if not numbers:
            return None
        owner = self.conf.dialplan.globals.get("MY_CALLER_ID", "")
        return EmergencyCalls(
            [n for n in numbers if n not in tests],
            test_numbers=[n for n in numbers if n in tests],
            callerid=None if caller in ("", owner) else CallerID.parse(caller),
        )

    def _intercom(self) -> Intercom | None:
        for extension, steps in self.all(self.home):
            page = [data for app, data in steps if app == "page"]
            if not page:
                continue
            queue = re.search(r"QUEUE_MEMBER_LIST\(([^)]*)\)", page[0])
            seconds = page[0].rpartition(",")[2]
            gosub = re.search(r"b\(([\w-]+)\^", page[0])
            for name in [gosub[1]] if gosub else []:
                self.place(name, *(e.key for e in self.context(name) or ()))
            if not any(app == "set" and "=" in data for app, data in steps):
                self.assumed.append(f"the intercom {extension.name} sets its caller id")
            self.place(self.home, extension.key)
            if "confbridge.conf" not in self.conf:
                self.assumed.append("there is a confbridge.conf, without which there is no Page()")
            return Intercom(
                extension.name,
                queue=queue[1] if queue else "",
                seconds=int(seconds) if seconds.isdigit() else 10,
            )
        return None

    def _local(self) -> LocalCalls | None:
        found = False
        names = set(self.conf.extensions)
        for extension, steps in self.all(self.home):
            dials = [data for app, data in steps if app == "dial"]
            if extension.is_pattern and dials == ["PJSIP/${EXTEN}"]:
                self.assumed.append(
                    f"{extension.name} is one line for each phone that there is, not any number"
                )
                self.place(self.home, extension.key)
                found = True
            elif dials and any(name in dials[0] for name in names) and "@" not in dials[0]:
                found = True
        return LocalCalls() if found else None

    def _voicemail(self) -> VoicemailMenu | None:
        for extension, steps in self.all(self.home):
            for app, data in steps:
                if app == "voicemailmain":
                    if not self._keeps_pins():
                        self.assumed.append(
                            "a PIN changed by phone is kept with the messages, not in the file"
                        )
                    box, _, options = data.partition(",")
                    self.place(self.home, extension.key)
                    return VoicemailMenu(extension.name, mailbox=box, ask_pin="s" not in options)
        return None

    def _keeps_pins(self) -> bool:
        """Tell whether a PIN changed by phone leaves voicemail.conf alone."""
        if "voicemail.conf" not in self.conf:
            return True
        where = self.conf.effective("voicemail.conf").setting("general", "passwordlocation")
        return where == "spooldir"

    def _dials(self, name: str) -> list[tuple[DialplanExtension, str, str]]:
        """Return the extensions that call a trunk, with the number they call and the trunk."""
        found = []
        for extension, steps in self.all(name):
            for app, data in steps:
                target = re.match(r"PJSIP/(.*)@([\w.+-]+)", data) if app == "dial" else None
                if target and target[2] in self.conf.trunks:
                    found.append((extension, target[1], target[2]))
                    break
        return found

    def _outgoing(self) -> OutgoingCalls | None:
        inside = self._dials("outgoing")
        direct = self._dials(self.home)
        if (not inside and not direct) or self.known is None:
            return None
        known = self.known
        names = {extension.name for extension, _ in self.all(self.home)}
        closed = {e.name for e, steps in self.all("outgoing") if steps[:1] == [("hangup", "21")]}
        abroad = {form.pattern for form in known.international} & names
        abroad |= {n for n in names if n.startswith(("_011", "_00")) and not inside}
        own = [trunk for e, _, trunk in inside if e.name == known.own] or [direct[0][2]]
        routes = {
            f"+{match[1]}": trunk
            for extension, _, trunk in inside
            if (match := re.fullmatch(r"_\+(\d+)X!", extension.name))
            and extension.name not in (known.own, known.others)
        }
        services = any(matches(name, "411") for name in names) if direct else (
            bool({form.pattern for form in known.services} & names)
        )  # fmt: skip
        for extension, number, _ in direct:
            self._place_direct(extension, number)
        if direct:
            self.assumed.append(
                "numbers that cost extra, and area codes that lead abroad, are closed"
            )
        text = " ".join(data for _, steps in self.all("outgoing") for _, data in steps)
        return OutgoingCalls(
            own[0],
            services=services,
            international=bool(abroad),
            premium=not set(known.premium) & closed and not direct,
            routes=routes,
            fallback="DIALSTATUS" in text or len(self.conf.trunks) < 2,
        )

    def _place_direct(self, extension: DialplanExtension, number: str) -> None:
        """Mark a line that calls a trunk itself, if the number plan has its like."""
        assert self.known is not None
        like = [*self.known.national, *self.known.services, *self.known.international]
        full = [self.value(form.number) for form in like if form.pattern == extension.name]
        if number in full or (extension.name == "_N11" and number == "${EXTEN}"):
            self.place(self.home, extension.key)

    # -- what a house may have besides --------------------------------------------------------

    def _blocked(self) -> BlockedCallers | None:
        context = self.context("blocked-callers")
        if context is None:
            return None
        numbers, hidden = [], False
        for extension in context:
            caller = extension.callerid_match
            hidden = hidden or caller == ""
            if caller and caller.lstrip("_").startswith("+"):
                star = "*" if caller.startswith("_") else ""
                numbers.append(caller.lstrip("_").removesuffix("X!") + star)
        return BlockedCallers(numbers, hidden=hidden)

    def _hours(self) -> BusinessHours | None:
        context = self.context("business-hours")
        if context is None or "s" not in context:
            return None
        times: dict[str, list[str]] = {"open": [], "closed": []}
        zone = ""
        for app, data in self.steps(context["s"]):
            spec, _, target = data.partition("?")
            if app == "gotoiftime":
                *fields, last = spec.split(",")
                fields, zone = (fields, last) if len(fields) == 4 else ([*fields, last], "")
                times[target.partition(",")[0]].append(",".join(fields))
        closed = self.steps(context["closed"]) if "closed" in context else []
        box = [data.partition(",")[0] for app, data in closed if app == "voicemail"]
        greeting = [data for app, data in closed if app == "playback"]
        return BusinessHours(
            times["open"],
            closed=times["closed"],
            time_zone=zone,
            greeting=greeting[0] if greeting else "",
            mailbox=box[0] if box else "",
        )

    def _menu(self) -> Menu | None:
        context = self.context("menu")
        if context is None or "s" not in context:
            return None
        found = dict(self.steps(context["s"]))
        choices, ring = {}, 25
        for extension, steps in self.all("menu"):
            if not re.fullmatch(r"[0-9*#]", extension.name) or not steps:
                continue
            (app, data), fields = steps[0], steps[0][1].split(",")
            if app == "goto":
                choices[extension.name] = "house"
            elif app == "voicemail":
                choices[extension.name] = fields[0]
            else:
                choices[extension.name] = fields[0].removeprefix("PJSIP/")
                ring = int(fields[-1]) if fields[-1].isdigit() else ring
            del data
        number = [e.name for e, steps in self.all(self.home) if steps == [("goto", "menu,s,1")]]
        wait = found.get("waitexten", "")
        if not choices or "background" not in found:
            return None
        return Menu(
            found["background"],
            choices=choices,
            wait_seconds=int(wait) if wait.isdigit() else 8,
            ring_seconds=ring,
            number=number[0] if number else None,
        )

    def _room(self) -> ConferenceRoom | None:
        for extension, steps in self.all(self.home):
            for app, data in steps:
                if app != "confbridge":
                    continue
                rooms = self.conf.effective("confbridge.conf")
                _, bridge, user, *_ = [*data.split(","), "", "", ""]
                pin = rooms[user].get("pin") if user in rooms else None
                most = rooms[bridge].get("max_members") if bridge in rooms else None
                return ConferenceRoom(
                    extension.name,
                    pin=Secret(pin) if pin else None,
                    max_members=int(most) if most and most.isdigit() else 0,
                )
        return None

    def _parking(self) -> Parking | None:
        if "res_parking.conf" not in self.conf:
            return None
        lot = next(iter(self.conf.effective("res_parking.conf").all("default")), None)
        spaces = (lot.get("parkpos") or "").split("-") if lot else []
        if lot is None or len(spaces) != 2:
            return None
        seconds = lot.get("parkingtime") or ""
        return Parking(
            lot.get("parkext") or "700",
            spaces=tuple(spaces),
            seconds=int(seconds) if seconds.isdigit() else 45,
        )

    def _music(self) -> MusicOnHold | None:
        if "musiconhold.conf" not in self.conf:
            return None
        classes = self.conf.effective("musiconhold.conf")
        found = classes["default"].get("directory") if "default" in classes else None
        return MusicOnHold(found) if found else None
