"""The home PBX: a house described in a few fields, and the files that make Asterisk serve it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.errors import BuildError
from asterconf.home import hometoml, sidecar
from asterconf.home.checks import check_description, check_dialplan
from asterconf.home.codes import diagnostic
from asterconf.home.complete import write_complete
from asterconf.home.conflicts import check_conflicts, check_secrets
from asterconf.home.features import (
    BlockedCallers,
    BusinessHours,
    BusyLamps,
    EmergencyCalls,
    Guards,
    IncomingCalls,
    Menu,
    usual_features,
)
from asterconf.home.plan import BuiltFile, Feature, Plan
from asterconf.home.services import write_queues, write_rtp, write_voicemail
from asterconf.home.settings import Network, Voicemail
from asterconf.home.sip import (
    EXTENSION_DEFAULTS,
    TRUNK_DEFAULTS,
    callers,
    write_pjsip,
    write_wizard,
)
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember, Trunk
from asterconf.model.phones import DeskPhone
from asterconf.model.values import callerid
from asterconf.shown import Shown

if TYPE_CHECKING:
    from asterconf.config import Config
    from asterconf.home.adopt import Adoption
    from asterconf.home.rebuild import Rebuild
    from asterconf.provision import Firewall, PhoneSheet, Runbook

T = TypeVar("T", Trunk, Extension)

__all__ = ["HomePBX", "home_queue", "render"]

_NEEDS_TRUNK = ("incoming_calls", "emergency_calls", "outgoing_calls")
_NEEDS_QUEUE = ("incoming_calls", "intercom")


def home_queue(extensions: Iterable[Extension], name: str = "home-phones") -> Queue:
    """Return the queue of a house: every phone at once, nothing announced, open at all times."""
    return Queue(
        name,
        timeout=30,
        announce_holdtime="no",
        announce_position="no",
        members=[_member(extension) for extension in extensions],
    )


def _member(extension: Extension) -> QueueMember:
    device = f"PJSIP/{extension.name}"
    name = extension.callerid.name or extension.name
    return QueueMember(device, name=name, state_interface=device)


def _all_are(*kinds: type) -> Callable[[Any, attrs.Attribute[Any], Any], None]:
    def check(_: object, attribute: attrs.Attribute[Any], value: object) -> None:
        for item in value if isinstance(value, tuple) else (value,):
            if not isinstance(item, kinds):
                wanted = " or ".join(kind.__name__ for kind in kinds)
                raise BuildError(f"{attribute.name}: must be {wanted}, not {item!r}")

    return check


def _completed(thing: T, proposed: Mapping[str, Any]) -> T:
    """Return `thing` with what it leaves unsaid taken from `proposed`."""
    unsaid = {k: v for k, v in proposed.items() if getattr(thing, k) is None}
    return attrs.evolve(thing, **unsaid)


_ORDER: Final = (Guards, EmergencyCalls, BlockedCallers, BusinessHours, Menu, IncomingCalls)
"""Features that have their place among the others, whatever order they are given in."""


def _rank(feature: Feature) -> int:
    """Return the place of a feature: guards, emergency calls, most others, incoming calls."""
    kind = type(feature)
    return _ORDER.index(kind) + (kind not in _ORDER[:2]) if kind in _ORDER else 2


def _tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value)


def _optional_tuple(value: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if value is None else tuple(value)


@attrs.frozen(kw_only=True)
class HomePBX(Shown):
    """A house with phones, a provider or more, and what its PBX shall do.

    A plain value: nothing is written until `build` or `write` is called, and the same value
    always gives the same bytes.
    """

    owner: CallerID = attrs.field(converter=callerid)
    """Name and public number, with `+` and country code; the caller id of calls to the outside."""
    area_code: str = attrs.field(default="", validator=_all_are(str))
    """Area code of numbers that are dialled without one. Empty: there are no such numbers."""
    network: Network = attrs.field(factory=Network, validator=_all_are(Network))
    """Where the PBX stands in the network."""
    trunks: tuple[Trunk, ...] = attrs.field(default=(), converter=_tuple, validator=_all_are(Trunk))
    """The providers; calls go out by the first one. See `asterconf.providers`."""
    extensions: tuple[Extension, ...] = attrs.field(
        default=(), converter=_tuple, validator=_all_are(Extension)
    )
    """The phones. What one leaves unsaid comes from its `phone`, else from a desk phone; its
    mailbox from the first of `mailboxes`."""
    mailboxes: tuple[Mailbox, ...] = attrs.field(
        default=(), converter=_tuple, validator=_all_are(Mailbox)
    )
    """The voicemail boxes; the first is the one of the house."""
    queues: tuple[Queue, ...] | None = attrs.field(
        default=None,
        converter=_optional_tuple,
        validator=_all_are(Queue, type(None)),
    )
    """Queues; the first is rung by calls from outside. One without members gets every phone.
    None: `home-phones` with every phone."""
    voicemail: Voicemail = attrs.field(factory=Voicemail, validator=_all_are(Voicemail))
    """What holds for all voicemail boxes."""
    features: tuple[Feature, ...] | None = attrs.field(
        default=None, converter=_optional_tuple, validator=_all_are(Feature, type(None))
    )
    """What the PBX does. None: all of `asterconf.home.features` that the house has the means
    for, with their usual numbers."""

    @classmethod
    def from_toml(cls, source: str | Path) -> HomePBX:
        """Return the PBX that a TOML file describes; `source` is its path, or its text.

        A `str` with a line end in it is text. See docs/how-to-build.md for the keys.

        Raises:
            BuildError: something in it is wrong; every fault is named with its key and line.
            LoadError: the file cannot be read.
        """
        toml = hometoml.read(source)
        pbx = cls(**toml.fields) if not toml.faults else None
        faults = toml.faults if pbx is None else pbx.plan().faults
        if pbx is None or faults:
            raise BuildError(toml.located(faults))
        return pbx

    @classmethod
    def adopt(cls, conf: Config) -> Adoption:
        """Return the PBX that a configuration is, with what it could not place.

        A configuration that a build left, and nobody edited since, gives the PBX it was built
        from. Any other is read: the PBX then behaves the same, but for what `assumed` says.
        """
        from asterconf.home.adopt import adopt

        return adopt(conf)

    def effective_features(self) -> tuple[Feature, ...]:
        """Return `features`, or what the house has the means for where that is None."""
        if self.features is not None:
            return self.features
        missing = set(() if self.trunks else _NEEDS_TRUNK)
        missing |= set(() if self.extensions else _NEEDS_QUEUE)
        missing |= set(() if self.mailboxes else ("voicemail_menu",))
        return usual_features(without=missing)

    def effective_extensions(self) -> tuple[Extension, ...]:
        """Return the extensions with everything said that the house and their phones propose."""
        return tuple(self._completed_extension(extension) for extension in self.extensions)

    def effective_queues(self) -> tuple[Queue, ...]:
        """Return the queues with their members."""
        if self.queues is None:
            return (home_queue(self.extensions),) if self.extensions else ()
        everyone = tuple(_member(extension) for extension in self.extensions)
        return tuple(q if q.members else attrs.evolve(q, members=everyone) for q in self.queues)

    def effective_trunks(self) -> tuple[Trunk, ...]:
        """Return the trunks with everything said that the build says for them."""
        return tuple(self._completed_trunk(trunk) for trunk in self.trunks)

    def _completed_trunk(self, trunk: Trunk) -> Trunk:
        trunk = _completed(trunk, {**TRUNK_DEFAULTS, "match": callers(trunk.remote_hosts)})
        if trunk.contact_user is None and trunk.sends_registrations:
            return attrs.evolve(trunk, contact_user=self.owner.number.lstrip("+"))
        return trunk

    def _completed_extension(self, extension: Extension) -> Extension:
        phone = (extension.phone or DeskPhone()).defaults
        first = self.mailboxes[0].address if self.mailboxes else None
        box = first if extension.mailbox is None else extension.mailbox
        proposed = {
            **EXTENSION_DEFAULTS,
            "mailbox": box,
            "subscribed_mailbox": box or None,
            "subscribe_context": self._lamps() or None,
            "qualify_frequency": phone.qualify_frequency,
            "qualify_timeout": phone.qualify_timeout,
            "direct_media": phone.direct_media and extension.media_encryption in (None, "no"),
        }
        return _completed(extension, proposed)

    def _lamps(self) -> str:
        """Return the context of the hints; empty: there are no lamps."""
        features = self.effective_features()
        return next((f.context for f in features if isinstance(f, BusyLamps)), "")

    def plan(self, *, complete: bool = False) -> Plan:
        """Return the plan of all files, with the faults that keep it from being built."""
        features = self.effective_features()
        plan = Plan(
            self.owner,
            self.area_code,
            self.network,
            self.effective_trunks(),
            list(self.effective_extensions()),
            self.mailboxes,
            self.effective_queues(),
            self.voicemail,
            features,
        )
        check_description(plan)
        plan.subscribe_context = self._lamps()
        for feature in sorted(features, key=_rank):
            feature.contribute(plan)
        for write in (write_pjsip, write_wizard, write_rtp, write_voicemail, write_queues):
            write(plan)
        check_dialplan(plan)
        check_conflicts(plan)
        check_secrets(plan)
        if complete:
            write_complete(plan)
        return plan

    def check(self, *, toml: str | Path | None = None) -> tuple[Diagnostic, ...]:
        """Return what keeps the PBX from being built, and what is worth a word: codes AC8xx.

        `toml` is the file, or the text, that describes it: then each finding has a position.

        Raises:
            LoadError: the file cannot be read.
        """
        plan = self.plan()
        said = [(getattr(f, "kind", "cannot-build"), f.path, f.problem) for f in plan.faults]
        said += [(finding.kind, finding.path, finding.message) for finding in plan.findings]
        read = hometoml.read(toml) if toml is not None else None
        found = [diagnostic(*one, read.position(one[1]) if read else None) for one in said]
        return tuple(dict.fromkeys(found))

    def phones(self, *, server: str = "") -> tuple[PhoneSheet, ...]:
        """Return the settings sheet of each device; see `asterconf.provision`.

        `server` is the address under which the phones reach the PBX.
        """
        from asterconf.provision import phone_sheets

        return phone_sheets(self, server=server)

    def firewall(self) -> Firewall:
        """Return which ports are open to whom, and which the router forwards."""
        from asterconf.provision import firewall

        return firewall(self)

    def runbook(self) -> Runbook:
        """Return how the PBX is installed, started, changed and watched."""
        from asterconf.provision import runbook

        return runbook(self)

    def files(self, *, complete: bool = False) -> tuple[BuiltFile, ...]:
        """Return every file, the sidecar `.asterconf/build.toml` last.

        With `complete` also the files that a bare Asterisk needs beside the home's own.

        Raises:
            BuildError: the PBX cannot be built; all faults are named.
        """
        plan = self.plan(complete=complete)
        if plan.faults:
            raise BuildError("\n".join(dict.fromkeys(map(str, plan.faults))))
        files = sorted(plan.built(), key=lambda file: file.name)
        return (*files, sidecar.sidecar(self, files, complete=complete))

    def build(self, *, complete: bool = False) -> Config:
        """Return the configuration that makes Asterisk this PBX, not yet on disk.

        Raises:
            BuildError: the PBX cannot be built; all faults are named.
        """
        from asterconf.config import Config

        return Config.from_texts(render(self, complete=complete))

    def write(self, directory: str | Path, *, complete: bool = False) -> tuple[Path, ...]:
        """Write the files into `directory` and return the paths of those that changed.

        The folder may be missing or empty, or hold exactly what an earlier build wrote.

        Raises:
            BuildError: the PBX cannot be built, or files there are not, or no longer, a build's.
            LoadError: the folder cannot be written.
        """
        return sidecar.write(self.files(complete=complete), Path(directory))

    def rebuild(self, directory: str | Path, *, complete: bool | None = None) -> Rebuild:
        """Return what building into a folder takes where an earlier build was edited by hand.

        A file that nobody edited is built anew. In the others what the description changed
        since the last build is changed, option by option, and the edits stay; what both changed
        is a conflict. Nothing is written before the result's `apply`.

        Args:
            directory: the folder; it may be missing or empty.
            complete: also what a bare Asterisk needs; by default as the last build.

        Raises:
            BuildError: the PBX cannot be built.
            LoadError: the folder cannot be read.
        """
        from asterconf.home.rebuild import rebuild

        return rebuild(self, Path(directory), complete=complete)


def render(pbx: HomePBX, *, complete: bool = False) -> dict[str, str]:
    """Return the text of every file by its name, the sidecar included.

    Raises:
        BuildError: the PBX cannot be built; all faults are named.
    """
    return {file.name: file.text for file in pbx.files(complete=complete)}
