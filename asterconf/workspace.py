"""`Workspace`: files, what Asterisk reads out of them, and what was made of the readings."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping
from functools import partial
from operator import is_
from typing import TYPE_CHECKING, Any, Protocol, TypeVar

import attrs

from asterconf._lazy import LazyModule
from asterconf.bind.chan_sip import ChanSip, read_chan_sip, read_iax
from asterconf.bind.peers import PeerObjects, read_peers
from asterconf.bind.pjsip import Pjsip, PjsipObjects, collect_objects, read_pjsip
from asterconf.bind.queues import read_queues
from asterconf.bind.sections import read_accounts
from asterconf.bind.voicemail import read_mailboxes, read_user_boxes
from asterconf.bind.wizard import wizard_hints
from asterconf.diagnostic import Diagnostic, place
from asterconf.dialplan import LoadedDialplan, load_dialplan
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.made import made_contexts, registrations
from asterconf.dialplan.values import Switch
from asterconf.model import ConfigObject, Mailbox, Queue
from asterconf.resolve import Effective, Files, resolve
from asterconf.resolve.bound import Bound, BoundObjects
from asterconf.resolve.sources import (
    SOURCES,
    FileSource,
    ModuleLoading,
    OtherPlan,
    asked_for,
    etc_directory,
    is_read_by,
    open_ends,
    plan_sources,
    read_sources,
)
from asterconf.schema import Schema
from asterconf.semantics.texts import decode_escapes
from asterconf.source import decode, fold
from asterconf.syntax import Document

if TYPE_CHECKING:
    from asterconf.references import index
    from asterconf.references import plan as plans
else:
    index = LazyModule("asterconf.references.index")
    plans = LazyModule("asterconf.references.plan")

T = TypeVar("T")

_PLAN_MAKERS = (
    ("res_parking", "res_parking.conf"),
    ("pbx_config", "users.conf"),
    ("chan_iax2", "iax.conf"),
    ("res_pjsip", "pjsip.conf"),
    ("res_pjsip_config_wizard", "pjsip_wizard.conf"),
)
"""The modules that add to the dialplan by themselves, with what they read."""


class WaitingEdits(Protocol):
    """Edits that are not made yet."""

    def flush(self) -> None:
        """Make them."""


@attrs.define(eq=False)
class Workspace:
    """The files of one configuration and every view of them, each kept while it holds.

    One rule of invalidation: a reading holds until one of its documents is edited
    (`Effective.current`), and a view until one of the values it was made of is another object.

    Attributes:
        files: the documents.
        names: the files that stand alone, not as a part of another; a new file is put there.
        waiting: edits to be made before anybody looks; `None`: there are none.
    """

    files: Files
    names: list[str]
    waiting: WaitingEdits | None = attrs.field(default=None, init=False)
    _readings: dict[str, Effective | None] = attrs.field(factory=dict, init=False)
    _views: dict[Hashable, tuple[tuple[object, ...], Any]] = attrs.field(factory=dict, init=False)

    _others: tuple[OtherPlan, ...] = attrs.field(default=(), init=False)

    def settle(self) -> None:
        """Make the edits that are waiting; where one looks or edits without a batch."""
        if self.waiting is not None:
            self.waiting.flush()

    def __attrs_post_init__(self) -> None:
        self.files.etc = self.files.etc or self._etc

    def _etc(self) -> str | None:
        return etc_directory(self.resolve)

    @property
    def schema(self) -> Schema:
        """What the version of Asterisk knows that reads the files."""
        return self.files.schema

    def spelled(self, name: str) -> str:
        """Return the name under which a file is here: `.sample` at its end counts for nothing."""
        if name not in self.names and name not in self.files.documents:
            sample = f"{name}.sample"
            return sample if sample in self.names else name
        return name

    def has(self, name: str) -> bool:
        """Return whether there is a file of that name that may be read."""
        return isinstance(self.files.get(self.spelled(name)), Document)

    def trial(self, documents: Mapping[str, Document]) -> Workspace:
        """Return a workspace with other documents of these names, to try an edit on."""
        changed = {**self.files.documents, **documents}
        return Workspace(attrs.evolve(self.files, documents=changed), list(self.names))

    def resolve(self, name: str) -> Effective | None:
        """Return what Asterisk holds after reading a file; `None`: there is no such file."""
        name = self.spelled(name)
        known = self._readings.get(name)
        if known is None or not known.current:
            known = self._readings[name] = resolve(self.files, name, known)
        return known

    def readings(self) -> list[Effective]:
        """Return what Asterisk holds of every file that stands alone."""
        found = (self.resolve(name) for name in self.names)
        return [one for one in found if one is not None]

    def whole_readings(self) -> list[Effective]:
        """Return the readings of all files but those that Asterisk only reads inside others.

        What a fragment says is in the readings of the files that include it.
        """
        readings, sorcery = self.readings(), self.resolve("sorcery.conf")

        def whole() -> list[Effective]:
            inside = {file for one in readings for file, _ in one.files if file != one.name}
            return [
                one
                for one in readings
                if one.name not in inside or asked_for(self.schema, sorcery, one.name)
            ]

        return self.view("whole readings", (*readings, sorcery), whole)

    def view(self, key: Hashable, sources: tuple[object, ...], make: Callable[[], T]) -> T:
        """Return what `make` makes of `sources`, cached by the identity of each of them."""
        known = self._views.get(key)
        if known is None or not _same(known[0], sources):
            known = self._views[key] = (sources, make())
        return known[1]

    def previous(self, key: Hashable) -> Any:  # noqa: ANN401 - whatever was made
        """Return the last value of a view, which may be out of date; `None`: there is none."""
        known = self._views.get(key)
        return None if known is None else known[1]

    # -- what the files say -----------------------------------------------------------------------

    @property
    def dialplan(self) -> LoadedDialplan:
        """What extensions.conf loads into."""
        source = self.resolve("extensions.conf")
        others = tuple(plan_sources(self.files, source, self.resolve))
        if others != self._others:
            self._others = others
        others = self._others  # the same object as long as they are equal
        return self.view("dialplan", (source, others), lambda: self._load(source, others))

    def _load(self, source: Effective | None, others: tuple[OtherPlan, ...]) -> LoadedDialplan:
        loaded = load_dialplan(source)
        if not others:
            return loaded
        plan = attrs.evolve(loaded.dialplan, elsewhere=others)
        place(plan, loaded.places)
        return attrs.evolve(loaded, dialplan=plan)

    @property
    def pjsip(self) -> Pjsip:
        """What pjsip.conf and pjsip_wizard.conf say, with the numbers of the dialplan."""
        wizard, pjsip = self.resolve("pjsip_wizard.conf"), self.resolve("pjsip.conf")
        uses = self.plan_uses
        dialed = self.view("numbers", (uses,), lambda: plans.DialedNumbers.of(uses))
        sources = (wizard, pjsip, dialed)
        before: Pjsip | None = self.previous("pjsip")
        return self.view(
            "pjsip", sources,
            lambda: read_pjsip(wizard, pjsip, dialed, before, self.pjsip_objects(wizard, pjsip)),
        )  # fmt: skip

    def pjsip_objects(self, wizard: Effective | None, pjsip: Effective | None) -> PjsipObjects:
        """Return the objects of PJSIP that both files make."""
        make = partial(collect_objects, wizard, pjsip)
        return self.view("pjsip objects", (wizard, pjsip), make)

    @property
    def channel_variables(self) -> Mapping[str, list[tuple[str, str]]]:
        """The variables that `set_var` gives the channels of each endpoint, in order.

        Source: channels/chan_pjsip.c, chan_pjsip_new.
        """
        objects = self.pjsip_objects(self.resolve("pjsip_wizard.conf"), self.resolve("pjsip.conf"))

        def read() -> dict[str, list[tuple[str, str]]]:
            found: dict[str, list[tuple[str, str]]] = {}
            for one in objects.all("endpoint"):
                pairs = [option.value.partition("=") for option in one.all("set_var")]
                values = [(name, decode(decode_escapes(value))) for name, _, value in pairs]
                found.setdefault(one.id, values)
            return found

        return self.view("variables of endpoints", (objects,), read)

    @property
    def modules(self) -> ModuleLoading:
        """Which modules Asterisk loads."""
        source = (
            self.resolve("modules.conf") if self.spelled("modules.conf") in self.names else None
        )
        return self.view("modules", (source,), lambda: ModuleLoading(self.schema, source))

    @property
    def chan_sip(self) -> ChanSip:
        """What chan_sip, which Asterisk 21 and later do not have, makes of sip.conf."""
        files = ("sip.conf", "users.conf", "indications.conf")
        sources = tuple(self.resolve(name) for name in files)
        return self.view("chan_sip", sources, lambda: read_chan_sip(*sources))

    @property
    def peers(self) -> PeerObjects:
        """The phones and trunks of sip.conf and iax.conf, which are only shown, not edited."""
        iax, users = self.resolve("iax.conf"), self._users
        uses, sip = self.plan_uses, self.chan_sip
        dialed = self.view("numbers", (uses,), lambda: plans.DialedNumbers.of(uses))
        make = partial(_peers, sip, iax, users, dialed)
        return self.view("peers", (sip, iax, users, dialed), make)

    @property
    def queues(self) -> BoundObjects[Queue]:
        """What queues.conf says."""
        source = self.resolve("queues.conf")
        return self.view("queues", (source,), lambda: read_queues(source))

    @property
    def mailboxes(self) -> BoundObjects[Mailbox]:
        """What voicemail.conf says."""
        source = self.resolve("voicemail.conf")
        return self.view("mailboxes", (source,), lambda: read_mailboxes(source))

    @property
    def _users(self) -> Effective | None:
        """The resolved users.conf, if the version reads it."""
        return self.resolve("users.conf") if self.schema.readers("users.conf") else None

    @property
    def user_boxes(self) -> Mapping[str, Bound[Mailbox]]:
        """The mailboxes of users.conf, which are only shown, not edited."""
        users, voicemail = self._users, self.resolve("voicemail.conf")
        make = partial(read_user_boxes, users, voicemail)
        return self.view("user boxes", (users, voicemail), make)

    @property
    def user_accounts(self) -> Mapping[str, Bound[ConfigObject]]:
        """The accounts of the manager that users.conf makes, which are only shown, not edited."""
        users, manager = self._users, self.resolve("manager.conf")
        make = partial(read_accounts, users, manager)
        return self.view("user accounts", (users, manager), make)

    @property
    def no_dialplan(self) -> str:
        """Why there is no dialplan that calls could run; empty: there is one."""
        reading = self.resolve("extensions.conf")
        if reading is not None:
            why = reading.caveat or "Asterisk refuses extensions.conf"
            return "" if self.dialplan.loaded else f"{why}, so there is no dialplan"
        other = [name for name in ("extensions.ael", "extensions.lua") if self.files.there(name)]
        if other:
            return f"there is no extensions.conf here, and {other[0]} is not read by this library"
        return (
            "there is no extensions.conf here, so it is not known what calls do; give the folder"
            " that has it (the other files can be checked and shown without it)"
        )

    @property
    def complete_plan(self) -> Dialplan:
        """The dialplan with what modules make of other files, and may make of them."""
        return self.completed(self.dialplan.dialplan)

    def completed(self, plan: Dialplan) -> Dialplan:
        """Return a dialplan with what modules make of other files, and may make of them."""
        loaded = self.view("makers", (self.resolve("modules.conf"),), self._makers)
        sources = tuple(self.resolve(file) if there else None for file, there in loaded)
        others = [self.resolve(f) for f in ("extconfig.conf", "modules.conf", "dundi.conf")]
        make = partial(self._completed, plan, *sources)
        return self.view("complete", (plan, *others, *sources), make)

    def _is_idle(self, switch: Switch) -> bool:
        """Return whether a switch has no step, since nothing serves it; of a part that is unknown.

        Source: pbx/pbx_dundi.c, load_module; pbx/pbx_realtime.c, realtime_switch_common;
        main/config.c, find_engine. Checked: calls on 22.10.1.
        """
        name, file = fold(switch.name), "extconfig.conf"
        if len(self.names) < 2 or name not in ("dundi", "realtime") or "$" in switch.data:
            return False
        if self.modules.why_not(f"pbx_{name}") or name == "dundi":
            return bool(self.modules.why_not(f"pbx_{name}")) or not self.has("dundi.conf")
        family = fold(switch.data.partition("/")[0].partition("@")[2] or "extensions")
        mapped = self.resolve(file) if self.has(file) else None
        items = [i for one in mapped or () if one.name == "settings" for i in one.items]
        engines = {fold(i.value.partition(",")[0].strip()) for i in items if fold(i.name) == family}
        unsure = self.modules.foreign or any(open_ends(file, mapped, self.files, self.resolve))
        return not unsure and engines.isdisjoint(self.schema.engines)

    def _makers(self) -> tuple[tuple[str, bool], ...]:
        asked = partial(is_read_by, files=self.files, resolve=self.resolve)
        return tuple((file, asked(module, file)) for module, file in _PLAN_MAKERS)

    def _completed(
        self,
        plan: Dialplan,
        parking: Effective | None,
        users: Effective | None,
        iax: Effective | None,
        pjsip: Effective | None,
        wizard: Effective | None,
    ) -> Dialplan:
        context, hints = plan.general.userscontext, wizard_hints(wizard)
        made = made_contexts(parking, users, iax, hints=hints, userscontext=context)
        ends = partial(open_ends, files=self.files, resolve=self.resolve)
        known = not any(map(self.files.there, ("extconfig.conf", "sorcery.conf")))
        known = known and not any(ends("pjsip.conf", pjsip))
        doubts = (
            *(OtherPlan(one, anywhere=True) for one in ends("res_parking.conf", parking)),
            *(
                OtherPlan(one, frozenset({plan.general.userscontext}), closed=True)
                for one in ends("users.conf", users)
            ),
            *registrations(iax, users, pjsip, lambda: self.pjsip.endpoints if known else None),
        )
        return plan.completed(made, doubts, filter(self._is_idle, plan.switches))

    @property
    def plan_uses(self) -> plans.PlanUses:
        """What the dialplan names."""
        plan = self.dialplan.dialplan
        return self.view("uses", (plan,), lambda: plans.PlanUses(plan, self.schema))

    @property
    def references(self) -> index.References:
        """Every place that names something, and what there is to be named."""
        readings = tuple(self.readings())
        loaded, uses = self.dialplan, self.plan_uses
        asked = lambda: self.sources, self.pjsip_objects
        make = partial(index.References, self.files, readings, *asked, loaded, uses)
        return self.view("references", (*readings, uses), make)

    @property
    def sources(self) -> Mapping[str, FileSource]:
        """Who reads each file: a module, another file, nobody, or it is not known."""
        asked = (*self.readings(), *map(self.resolve, SOURCES))
        return self.view(
            "sources", asked, lambda: read_sources(self.files, self.names, self.resolve)
        )

    def judged(self) -> list[Effective]:
        """Return the readings of the files that Asterisk reads by themselves.

        Fragments are judged as a part of these, where they are included. One file that is loaded
        alone is meant to be read.
        """
        sources, alone = self.sources, len(self.names) == 1
        return [one for one in self.readings() if alone or sources[one.name].stands_alone]

    def caveats(self, *files: str) -> tuple[str, ...]:
        """Return a sentence for each file that Asterisk refuses: of these, or of all."""
        read = map(self.resolve, files) if files else self.judged()
        return tuple(one.caveat for one in read if one is not None and one.refusal is not None)

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What reading the files found odd, each file that Asterisk reads with its includes."""
        found: dict[Diagnostic, None] = {}
        for reading in self.judged():
            found.update(dict.fromkeys(reading.diagnostics))
        return tuple(found)

    @property
    def object_diagnostics(self) -> tuple[Diagnostic, ...]:
        """What making the dialplan and the objects found odd, in the files that are judged."""
        found = [*self.queues.diagnostics, *self.mailboxes.diagnostics]
        loaded = {file for reading in self.judged() for file, _ in reading.files}
        every = (*self.dialplan.diagnostics, *self.pjsip.diagnostics, *found)
        return tuple(d for d in every if d.position is None or d.position.file in loaded)


def _peers(
    sip: ChanSip, iax: Effective | None, users: Effective | None, dialed: plans.DialedNumbers
) -> PeerObjects:
    return read_peers((sip, read_iax(iax, users)), dialed)


def _same(known: tuple[object, ...], sources: tuple[object, ...]) -> bool:
    return len(known) == len(sources) and all(map(is_, known, sources))
