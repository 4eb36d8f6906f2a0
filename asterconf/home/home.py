"""The home PBX: phones and providers in a few fields, and the files that make Asterisk serve them.

A description comes as Python objects, as home.toml, or out of files: the sidecar that a build
left, or any configuration.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs

from asterconf.config import Config
from asterconf.countries.profiles import PROFILES, Profile, profile
from asterconf.diagnostic import Diagnostic
from asterconf.errors import BuildError, ModelError
from asterconf.home import hometoml, sidecar
from asterconf.home.checks import (
    check_conflicts,
    check_description,
    check_dialplan,
    check_secrets,
)
from asterconf.home.features import (
    BusyLamps,
    ConferenceRoom,
    Guards,
    Intercom,
    LocalCalls,
    MusicOnHold,
    Parking,
    Pickup,
    VoicemailMenu,
    refuse_all,
)
from asterconf.home.hours import BusinessHours, NightSwitch, adopt_hours, write_hours
from asterconf.home.incoming import BlockedCallers, IncomingCalls, Menu
from asterconf.home.numbers import adopt_numbers, give_numbers
from asterconf.home.outgoing import EmergencyCalls, OutgoingCalls
from asterconf.home.plan import PSTN_CONTEXT, BuildFinding, BuiltFile, Feature, Plan, callers
from asterconf.home.providers import PROVIDERS
from asterconf.home.reading import HomeReader, Leftover
from asterconf.home.rebuild import BuildFolder, Rebuild
from asterconf.home.services import write_complete, write_queues, write_rtp, write_voicemail
from asterconf.home.sip import EXTENSION_DEFAULTS, TRUNK_DEFAULTS, write_pjsip, write_wizard
from asterconf.model import CallerID, Extension, Mailbox, Queue, QueueMember, Secret, Trunk
from asterconf.model.checks import DataFault, suggest_keywords
from asterconf.model.home import (
    Country,
    Hours,
    Installation,
    Network,
    PublicNumber,
    Voicemail,
)
from asterconf.model.phones import DeskPhone
from asterconf.model.values import callerid
from asterconf.provision.devices import phone_sheets
from asterconf.provision.firewall import Firewall, firewall
from asterconf.provision.runbook import Runbook, runbook
from asterconf.provision.sheets import PhoneSheet
from asterconf.secrets import shown_data, shown_text
from asterconf.shown import Shown
from asterconf.source import Severity, printable

__all__ = ["FEATURES", "Adoption", "HomePBX", "home_queue", "render", "usual_features"]

T = TypeVar("T", Trunk, Extension)
T_Any = TypeVar("T_Any")

FEATURES: Final[dict[str, type[Any]]] = {
    "guards": Guards,
    "busy_lamps": BusyLamps,
    "incoming_calls": IncomingCalls,
    "emergency_calls": EmergencyCalls,
    "intercom": Intercom,
    "local_calls": LocalCalls,
    "voicemail_menu": VoicemailMenu,
    "outgoing_calls": OutgoingCalls,
    "blocked_callers": BlockedCallers,
    "night_switch": NightSwitch,
    "business_hours": BusinessHours,
    "menu": Menu,
    "conference_room": ConferenceRoom,
    "parking": Parking,
    "music_on_hold": MusicOnHold,
    "pickup": Pickup,
}
"""The features by the name that a TOML file uses, in the order in which files show them."""

_OPTIONAL: Final = (
    "blocked_callers", "night_switch", "business_hours", "menu", "conference_room", "parking",
    "music_on_hold", "pickup",
)  # fmt: skip
"""Features that a home gets only when it asks for them."""

_NEEDS: Final = {
    "incoming_calls": ("trunks", "extensions"),
    "emergency_calls": ("trunks",),
    "outgoing_calls": ("trunks",),
    "intercom": ("extensions",),
    "voicemail_menu": ("mailboxes",),
}
"""What a feature takes, for those that a home has unless it says otherwise."""

_TABLES: Final[dict[str, Any]] = {
    "owner": CallerID,
    "area_code": str,
    "network": Network,
    "voicemail": Voicemail,
    "country": Country,
    "extensions": tuple[Extension, ...],
    "mailboxes": tuple[Mailbox, ...],
    "queues": tuple[Queue, ...],
    "numbers": tuple[PublicNumber, ...],
    "hours": tuple[Hours, ...],
}
"""Keys of home.toml that are fields of a home PBX as they are."""
_KEYS: Final = (*_TABLES, "trunks", "features")


def usual_features(*, without: Collection[str] = ()) -> tuple[Feature, ...]:
    """Return the features that a home has unless it says otherwise, with their usual numbers.

    `without` leaves some out, by the name that a TOML file uses, such as `intercom`.
    """
    return tuple(kind() for name, kind in FEATURES.items() if name not in (*_OPTIONAL, *without))


def home_queue(extensions: Iterable[Extension], name: str = "home-phones") -> Queue:
    """Return the queue of a home: every phone at once, nothing announced, open at all times."""
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
    """Return `thing` with every field that is None taken from `proposed`."""
    missing = {k: v for k, v in proposed.items() if getattr(thing, k) is None}
    return attrs.evolve(thing, **missing)


_ORDER: Final = (
    Guards, EmergencyCalls, BlockedCallers, NightSwitch, BusinessHours, Menu, IncomingCalls,
)  # fmt: skip
"""Features that have their place among the others, whatever order they are given in."""


def _rank(feature: Feature) -> int:
    """Return the place of a feature: guards, emergency calls, most others, incoming calls."""
    kind = type(feature)
    return _ORDER.index(kind) + (kind not in _ORDER[:2]) if kind in _ORDER else 2


def _tuple(value: Iterable[Any]) -> tuple[Any, ...]:
    return tuple(value)


def _optional_tuple(value: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if value is None else tuple(value)


@suggest_keywords
@attrs.frozen(kw_only=True)
class HomePBX(Shown):
    """Phones, providers, and what the PBX does for them.

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
    """The phones. Fields that are None come from `phone`, by default a desk phone; the mailbox
    is the first of `mailboxes`."""
    mailboxes: tuple[Mailbox, ...] = attrs.field(
        default=(), converter=_tuple, validator=_all_are(Mailbox)
    )
    """The voicemail boxes; the first is the shared one."""
    queues: tuple[Queue, ...] | None = attrs.field(
        default=None,
        converter=_optional_tuple,
        validator=_all_are(Queue, type(None)),
    )
    """Queues; the first is rung by calls from outside. One without members gets every phone.
    None: `home-phones` with every phone."""
    voicemail: Voicemail = attrs.field(factory=Voicemail, validator=_all_are(Voicemail))
    """What holds for all voicemail boxes."""
    country: Country = attrs.field(factory=Country, validator=_all_are(Country))
    """What differs from the usual settings of the owner's country."""
    numbers: tuple[PublicNumber, ...] = attrs.field(
        default=(), converter=_tuple, validator=_all_are(PublicNumber)
    )
    """Further public numbers: who answers them, and who calls from them."""
    hours: tuple[Hours, ...] = attrs.field(default=(), converter=_tuple, validator=_all_are(Hours))
    """Where calls from outside go at which times; the first that fits counts, else all ring."""
    features: tuple[Feature, ...] | None = attrs.field(
        default=None, converter=_optional_tuple, validator=_all_are(Feature, type(None))
    )
    """What the PBX does. None: `usual_features`, without those whose trunks, phones or mailboxes
    are missing."""

    @classmethod
    def from_toml(cls, source: str | Path) -> HomePBX:
        """Return the PBX that a TOML file describes; `source` is its path, or its text.

        A `str` with a line end in it is text. See docs/how-to-build.md for the keys.

        Raises:
            BuildError: something in it is wrong; every fault is named with its key and line.
            LoadError: the file cannot be read.
        """
        toml = hometoml.read(source)
        fields, faults = _from_data(toml.data)
        if faults:
            raise toml.error(BuildFinding(fault.path, fault.problem) for fault in faults)
        pbx = cls(**fields)
        if findings := pbx.plan().faults:
            raise toml.error(findings)
        return pbx

    @classmethod
    def adopt(cls, conf: Config) -> Adoption:
        """Return the PBX that a configuration is, with what it could not place.

        A configuration that a build left, and nobody edited since, gives the PBX it was built
        from. Any other is read: the PBX then behaves the same, but for what `assumed` says.
        """
        return _adopted(conf)

    def effective_features(self) -> tuple[Feature, ...]:
        """Return `features`; where that is None, those that have what they need."""
        if self.features is not None:
            return self.features
        missing = [n for n, needs in _NEEDS.items() if not all(getattr(self, f) for f in needs)]
        return usual_features(without=missing)

    def effective_extensions(self) -> tuple[Extension, ...]:
        """Return the extensions with every default filled in."""
        return tuple(self._completed_extension(extension) for extension in self.extensions)

    def effective_queues(self) -> tuple[Queue, ...]:
        """Return the queues with their members."""
        if self.queues is None:
            return (home_queue(self.extensions),) if self.extensions else ()
        everyone = tuple(_member(extension) for extension in self.extensions)
        return tuple(q if q.members else attrs.evolve(q, members=everyone) for q in self.queues)

    def effective_trunks(self) -> tuple[Trunk, ...]:
        """Return the trunks with every default filled in."""
        return tuple(self._completed_trunk(trunk) for trunk in self.trunks)

    def effective_voicemail(self) -> Voicemail:
        """Return the settings of voicemail with those of the country filled in."""
        known = profile(self.owner.number)
        american = known.region == "US"
        usual = {
            "time_zone": known.time_zone,
            "locale": known.locale,
            "date_format": "%A, %B %d, %Y at %r" if american else "%A, %d %B %Y, %H:%M",
        }
        given = {n: v for n in usual if (v := getattr(self.voicemail, n)) is not None}
        return attrs.evolve(self.voicemail, **{**usual, **given})

    def effective_country(self) -> Profile:
        """Return the settings of the owner's country, with the changes of `country`."""
        known, own = profile(self.owner.number), self.country
        tones = PROFILES.get(own.tones or "", known).tones
        return attrs.evolve(
            known,
            language=known.language if own.language is None else own.language,
            codecs=known.codecs if own.codecs is None else own.codecs,
            tones=tones,
        )

    def _completed_trunk(self, trunk: Trunk) -> Trunk:
        codecs = self.effective_country().codecs
        usual = {**TRUNK_DEFAULTS, "codecs": codecs, "match": callers(trunk.remote_hosts)}
        trunk = _completed(trunk, usual)
        if trunk.contact_user is None and trunk.sends_registrations:
            return attrs.evolve(trunk, contact_user=self.owner.number.lstrip("+"))
        return trunk

    def _completed_extension(self, extension: Extension) -> Extension:
        phone = (extension.phone or DeskPhone()).defaults
        first = self.mailboxes[0].address if self.mailboxes else None
        box = first if extension.mailbox is None else extension.mailbox
        proposed = {
            **EXTENSION_DEFAULTS,
            "codecs": ("g722", *self.effective_country().codecs),
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
        """Return the plan of all files, with what is wrong or risky in `findings`."""
        features = self.effective_features()
        plan = Plan(
            self.owner,
            self.area_code,
            self.network,
            self.effective_trunks(),
            list(self.effective_extensions()),
            self.mailboxes,
            self.effective_queues(),
            self.effective_voicemail(),
            features,
            self.effective_country(),
            self.numbers,
        )
        if self.country.tones is not None and self.country.tones not in PROFILES:
            known = ", ".join(PROFILES)
            plan.fault(f"must be one of {known}, not {self.country.tones!r}", "country.tones")
        check_description(plan)
        plan.subscribe_context = self._lamps()
        names = {kind: name for name, kind in FEATURES.items()}
        give_numbers(plan)
        write_hours(plan, self.hours, plan.voicemail.time_zone or "")
        for feature in sorted(features, key=_rank):
            own = type(feature) not in names
            plan.feature_path = "" if own else f"features.{names[type(feature)]}"
            feature.contribute(plan)
        if plan.trunks and "IncomingCalls" not in plan.feature_kinds:
            comment = "Nobody here takes calls from the public network."
            refuse_all(plan.context(PSTN_CONTEXT, comment), "incoming calls")
        for write in (write_pjsip, write_wizard, write_rtp, write_voicemail, write_queues):
            write(plan)
        check_dialplan(plan)
        check_conflicts(plan)
        check_secrets(plan)
        if complete:
            write_complete(plan)
        return plan

    def _plan(self, *, complete: bool = False) -> Plan:
        """Return the plan of a PBX that can be built.

        Raises:
            BuildError: it cannot; all faults are named.
        """
        plan = self.plan(complete=complete)
        if faults := plan.faults:
            text = "\n".join(dict.fromkeys(map(str, faults)))
            raise BuildError(text, dict.fromkeys(fault.diagnostic() for fault in faults))
        return plan

    def check(
        self, *, toml: str | Path | None = None, host_files: bool = False
    ) -> tuple[Diagnostic, ...]:
        """Return what keeps the PBX from being built, and what is risky: codes AC8xx.

        The files that would be built are checked, too, as `Config.check` does.

        Args:
            toml: the file, or the text, that describes it: then each finding has a position.
            host_files: whether files that Asterisk must be able to read, such as certificates,
                are looked for on this machine.

        Raises:
            LoadError: the file cannot be read.
        """
        plan = self.plan()
        findings = [*plan.faults, *(f for f in plan.findings if not f.is_error)]
        if not plan.faults:
            findings += _checked(plan, host_files=host_files)
        if toml is not None:
            return hometoml.read(toml).diagnostics(findings, ordered=False)
        return tuple(dict.fromkeys(finding.diagnostic() for finding in findings))

    def installation(self) -> Installation:
        """Return what the PBX is to its phones, its router and whoever runs it.

        Raises:
            BuildError: the PBX cannot be built; all faults are named.
        """
        plan = self._plan()
        features = {type(feature): feature for feature in self.effective_features()}
        menu = features.get(VoicemailMenu)
        claims = plan.context("from-home").claims
        known = plan.numbers_here()
        trials = [
            (number, "reads out the address that an emergency call would give")
            for number in (known.emergency_tests[:1] if known else ())
            if number in claims
        ]
        trials += [(n, _TRIALS[c.what]) for n, c in claims.items() if c.what in _TRIALS]
        return Installation(
            network=self.network,
            trunks=self.effective_trunks(),
            extensions=self.effective_extensions(),
            voicemail_number=menu.number if isinstance(menu, VoicemailMenu) else "",
            has_lamps=BusyLamps in features,
            has_intercom=Intercom in features,
            files=tuple(sorted(file.name for file in plan.built())),
            trials=tuple(trials),
            languages=tuple(dict.fromkeys((self.effective_country().language, "en"))),
            recordings=tuple(dict.fromkeys(plan.recordings)),
        )

    def phones(self, *, server: str = "") -> tuple[PhoneSheet, ...]:
        """Return the settings sheet of each phone; see `asterconf.provision`.

        `server` is the address under which the phones reach the PBX.
        """
        return phone_sheets(self.installation(), server=server)

    def firewall(self) -> Firewall:
        """Return which ports are open to whom, and which the router forwards."""
        return firewall(self.installation())

    def runbook(self) -> Runbook:
        """Return how the PBX is installed, started, changed and watched."""
        return runbook(self.installation())

    def files(self, *, complete: bool = False) -> tuple[BuiltFile, ...]:
        """Return every file, the sidecar `.asterconf/build.toml` last.

        With `complete` also the files that a bare Asterisk needs beside the home's own.

        Raises:
            BuildError: the PBX cannot be built; all faults are named.
        """
        plan = self._plan(complete=complete)
        files = sorted(plan.built(), key=lambda file: file.name)
        return (*files, sidecar.sidecar(_to_data(self), files, complete=complete))

    def build(self, *, complete: bool = False) -> Config:
        """Return the configuration that makes Asterisk this PBX, not yet on disk.

        Raises:
            BuildError: the PBX cannot be built; all faults are named.
        """
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
        folder = BuildFolder.read(Path(directory))
        whole = folder.complete if complete is None else complete
        return folder.rebuild(
            render(self, complete=whole), lambda actual: _last_builds(self, folder, actual, whole)
        )


def render(pbx: HomePBX, *, complete: bool = False) -> dict[str, str]:
    """Return the text of every file by its name, the sidecar included.

    Raises:
        BuildError: the PBX cannot be built; all faults are named.
    """
    return {file.name: file.text for file in pbx.files(complete=complete)}


def _checked(plan: Plan, *, host_files: bool) -> Iterator[BuildFinding]:
    """Yield what `Config.check` finds in the files of a plan, with places in the description."""
    built = Config.from_texts({file.name: file.text for file in plan.built()})
    for found in built.check(host_files=host_files):
        kind = "asterisk-refuses" if found.severity is Severity.ERROR else "asterisk-warns"
        place = found.position
        path = plan.path_of(place.file, place.line) if place else ""
        where = f"{place.file}:{place.line}, " if place else ""
        yield BuildFinding(path, f"{found.message} ({where}{found.code})", kind=kind)


_TRIALS: Final = {
    "the voicemail menu": "plays messages",
    "the intercom": "speaks through all phones",
    "the conference room": "is the conference room",
}
"""What the number of a feature does when it is dialled."""


# -- home.toml --------------------------------------------------------------------------------


def _from_data(data: Mapping[str, Any]) -> tuple[dict[str, Any], list[DataFault]]:
    """Return the fields of the PBX that home.toml describes, and what is wrong with it."""
    from asterconf.wire import collect, unstructure

    fields: dict[str, Any] = {}
    faults = [DataFault.unknown(key, _KEYS) for key in data if key not in _KEYS]
    for key, kind in _TABLES.items():
        if key in data:
            fields[key], problems = collect(data[key], kind, key)
            faults += problems
        elif key == "owner":
            faults.append(DataFault(key, "is missing"))
    if isinstance(data.get("queues"), list):
        usual = unstructure(home_queue(()))
        queues = [{**usual, **q} if isinstance(q, Mapping) else q for q in data["queues"]]
        fields["queues"], _ = collect(queues, tuple[Queue, ...])
    fields["trunks"] = _trunks(data.get("trunks", []), faults)
    if "features" in data:
        fields["features"] = _features(data, faults)
    return fields, faults


def _trunks(data: object, faults: list[DataFault]) -> tuple[Trunk, ...]:
    if not isinstance(data, list):
        faults.append(DataFault("trunks", "must be a list of tables, [[trunks]]"))
        return ()
    trunks = []
    for index, item in enumerate(data):
        trunk, problems = _provider_trunk(item)
        faults += [problem.below(f"trunks[{index}]") for problem in problems]
        trunks += [trunk] if trunk is not None else []
    return tuple(trunks)


def _provider_trunk(item: object) -> tuple[Trunk | None, list[DataFault]]:
    from asterconf.wire import collect

    if not isinstance(item, Mapping):
        return None, [DataFault("", "must be a table")]
    if "provider" not in item:
        return collect(item, Trunk)
    given = {key: value for key, value in item.items() if key != "provider"}
    if str(item["provider"]) not in PROVIDERS:
        known = ", ".join(PROVIDERS)
        return None, [DataFault("provider", f"must be one of {known}, not {item['provider']!r}")]
    make = PROVIDERS[str(item["provider"])]
    faults = _argument_faults(make, given)
    if faults:
        return None, faults
    try:
        return make(**given), []
    except ModelError as error:
        problem = str(getattr(error, "problem", error))
        return None, [DataFault(getattr(error, "field", ""), problem)]


def _argument_faults(make: Callable[..., Trunk], given: Mapping[str, Any]) -> list[DataFault]:
    """Return what a provider does not take: its own arguments are texts, the rest a trunk's."""
    from asterconf.wire import collect

    own = {
        name: parameter
        for name, parameter in inspect.signature(make).parameters.items()
        if parameter.kind is not parameter.VAR_KEYWORD
    }
    faults = [
        DataFault(name, "is missing")
        for name, parameter in own.items()
        if parameter.default is parameter.empty and name not in given
    ]
    for name in own:
        wanted = bool if name == "line" else str
        if name in given and not isinstance(given[name], wanted):
            faults.append(DataFault(name, f"must be {_WANTED[wanted]}"))
    rest = {name: value for name, value in given.items() if name not in own}
    _, others = collect({"name": "x", **rest}, Trunk)
    return faults + others


_WANTED: Final = {str: "text in quotes", bool: "true or false"}


def _features(data: Mapping[str, Any], faults: list[DataFault]) -> tuple[Any, ...]:
    """Return the features: the usual ones, changed as the table says."""
    from asterconf.wire import collect

    table = data["features"]
    if not isinstance(table, Mapping):
        faults.append(DataFault("features", "must be a table, [features]"))
        return ()
    unknown = [DataFault.unknown(key, FEATURES) for key in table if key not in FEATURES]
    faults += [fault.below("features") for fault in unknown]
    features: list[Any] = []
    for name, kind in FEATURES.items():
        usual = name not in _OPTIONAL and all(map(data.get, _NEEDS.get(name, ())))
        given = table.get(name, usual)
        if given is False:
            continue
        if isinstance(given, (str, list)):
            given = {attrs.fields(kind)[0].name: given}
        feature, problems = collect({} if given is True else given, kind, f"features.{name}")
        faults += problems
        if feature is not None:
            features.append(feature)
    return tuple(features)


# -- the sidecar ------------------------------------------------------------------------------


def _to_data(pbx: HomePBX) -> dict[str, Any]:
    """Return a PBX as the sidecar holds it, without secrets."""
    from asterconf.wire import unstructure

    home: dict[str, Any] = {"owner": str(pbx.owner), "area_code": pbx.area_code}
    for name in ("network", "voicemail", "country"):
        if fields := unstructure(getattr(pbx, name)):
            home[name] = fields
    for name in ("trunks", "extensions", "mailboxes", "queues", "numbers", "hours"):
        things = getattr(pbx, name)
        if things is not None and (things or name not in ("numbers", "hours")):
            home[name] = [_without_secrets(thing) for thing in things]
    if pbx.features is not None:
        names = {kind: name for name, kind in FEATURES.items()}
        home["features"] = [
            {"feature": names[type(feature)], **_without_secrets(feature)}
            if type(feature) in names
            else {"own": type(feature).__name__}
            for feature in pbx.features
        ]
    return home


def _without_secrets(thing: Any) -> dict[str, Any]:  # noqa: ANN401
    from asterconf.wire import unstructure

    fields = [f.name for f in attrs.fields(type(thing))]
    secrets = [name for name in fields if isinstance(getattr(thing, name), Secret)]
    data: dict[str, Any] = unstructure(attrs.evolve(thing, **dict.fromkeys(secrets)))
    return data


_SECRETS: Final[Mapping[str, tuple[type[Any], str]]] = {
    "trunks": (Trunk, "secret"),
    "extensions": (Extension, "secret"),
    "mailboxes": (Mailbox, "initial_pin"),
}
"""The secrets of a description: which field of which objects."""


def _described(
    home: Mapping[str, Any], conf: Config, other: HomePBX | None = None
) -> tuple[HomePBX, list[Leftover]]:
    """Return the PBX that a sidecar describes, with its secrets from the files, else from `other`.

    Raises:
        KeyError, ModelError, TypeError: the sidecar describes none.
    """
    from asterconf.wire import structure

    fields: dict[str, Any] = {
        "owner": CallerID.parse(home["owner"]),
        "area_code": home["area_code"],
        "network": structure(home.get("network", {}), Network),
        "voicemail": structure(home.get("voicemail", {}), Voicemail),
        "country": structure(home.get("country", {}), Country),
        "queues": None,
    }
    for name, (kind, field) in _SECRETS.items():
        there = {_key(one): one for one in getattr(other, name, ())} | dict(getattr(conf, name))
        things: list[Any] = [structure(table, kind) for table in home[name]]
        fields[name] = [
            attrs.evolve(one, **{field: getattr(there.get(_key(one)), field, None)})
            for one in things
        ]
    fields["numbers"] = [structure(one, PublicNumber) for one in home.get("numbers", ())]
    fields["hours"] = [structure(one, Hours) for one in home.get("hours", ())]
    if "queues" in home:
        fields["queues"] = [structure(queue, Queue) for queue in home["queues"]]
    own = []
    if "features" in home:
        tables = [dict(table) for table in home["features"]]
        own = [Leftover(f"feature {t['own']}, a class of your own") for t in tables if "own" in t]
        fields["features"] = [
            _with_pin(structure(table, FEATURES[table.pop("feature")]), conf)
            for table in tables
            if "own" not in table
        ]
    return HomePBX(**fields), own


def _with_pin(feature: Any, conf: Config) -> Any:  # noqa: ANN401 - any feature
    if not isinstance(feature, ConferenceRoom):
        return feature
    pin = HomeReader(conf).setting("confbridge.conf", f"room-{feature.number}", "pin")
    return attrs.evolve(feature, pin=Secret(pin) if pin else None)


def _key(thing: Any) -> str:  # noqa: ANN401 - a trunk, extension or mailbox
    return str(getattr(thing, "address", None) or thing.name)


def _last_builds(
    pbx: HomePBX,
    folder: BuildFolder,
    actual: Config,
    complete: bool,  # noqa: FBT001
) -> Iterator[Mapping[str, str]]:
    """Yield what the last build may have written, with secrets of the files or of `pbx`.

    Raises:
        BuildError: the sidecar cannot be read.
    """
    try:
        home = sidecar.content(folder.sidecar)["home"]
        last, _ = _described(home, actual, pbx)
    except (ModelError, KeyError, TypeError) as error:
        raise BuildError(f"{sidecar.NAME} cannot be read: {error}") from None
    own = [f for f in pbx.effective_features() if type(f) not in FEATURES.values()]
    if own and last.features is not None:
        last = attrs.evolve(last, features=(*last.features, *own))
    changed: list[tuple[tuple[str, str], Any]] = []
    for name, (_, field) in _SECRETS.items():
        old = {_key(thing): getattr(thing, field) for thing in getattr(last, name)}
        changed += [
            ((name, _key(thing)), getattr(thing, field))
            for thing in getattr(pbx, name)
            if old.get(_key(thing), getattr(thing, field)) != getattr(thing, field)
        ]
    for size in range(len(changed) + 1):
        for chosen in itertools.combinations(changed, size):
            yield render(_with_secrets(last, dict(chosen)), complete=complete)


def _with_secrets(pbx: HomePBX, secrets: Mapping[tuple[str, str], Any]) -> HomePBX:
    fields: dict[str, Any] = {
        name: [
            attrs.evolve(one, **{field: secrets.get((name, _key(one)), getattr(one, field))})
            for one in getattr(pbx, name)
        ]
        for name, (_, field) in _SECRETS.items()
    }
    return attrs.evolve(pbx, **fields)


# -- adoption ---------------------------------------------------------------------------------


@attrs.frozen
class Adoption(Shown):
    """A PBX that was read out of a configuration."""

    pbx: HomePBX
    leftovers: tuple[Leftover, ...] = ()
    """What could not be placed: lines, and features of your own."""
    assumed: tuple[str, ...] = ()
    """What the configuration leaves open or has wrong, and what the PBX does instead."""
    _reader: HomeReader | None = attrs.field(default=None, eq=False, repr=False)

    def buildable(self) -> Adoption:
        """Return the adoption with a PBX that can be built.

        What a home PBX cannot have gets its default, or a placeholder to be filled in; each is
        added to `assumed`.
        """
        pbx, notes = self.pbx, list(self.assumed)
        for _ in range(_ROUNDS):
            plan = pbx.plan()
            faults = plan.faults or [f for f in _checked(plan, host_files=False) if f.is_error]
            if not faults:
                break
            for fault in faults:
                pbx, done = _repaired(pbx, fault.path)
                notes += [f"{fault}: {done}"] if done else []
                if done.endswith(("added", "left out")):
                    break  # what follows may be right now, or stand elsewhere
        built = Config.from_texts({file.name: file.text for file in pbx.plan().built()})
        if self._reader and (more := self._reader.more(built)):
            notes.append(f"what phones can dial has grown by {', '.join(more)}")
        return attrs.evolve(self, pbx=pbx, assumed=tuple(dict.fromkeys(notes)))

    def to_toml(self, *, reveal: bool = False) -> str:
        """Return the text of a home.toml, with what was assumed and left over as comments.

        Args:
            reveal: write passwords, which are masked otherwise.
        """
        from asterconf.wire import unstructure

        pbx = self.pbx
        data: dict[str, Any] = {"owner": str(pbx.owner), "area_code": pbx.area_code}
        for name in ("network", "voicemail", "country"):
            if fields := unstructure(getattr(pbx, name)):
                data[name] = fields
        for name in ("trunks", "extensions", "mailboxes", "queues", "numbers", "hours"):
            things = getattr(pbx, name)
            if things is not None and (things or name not in ("numbers", "hours")):
                data[name] = [_table(thing) for thing in things]
        if pbx.features is not None:
            there = {type(feature): feature for feature in pbx.features}
            data["features"] = {
                name: (_table(there[kind]) or True) if kind in there else False
                for name, kind in FEATURES.items()
                if kind in there or name not in _OPTIONAL
            }
        notes = [("Assumed:", map(str, self.assumed)), ("Left over:", map(str, self.leftovers))]
        head = ["A home PBX, read out of its files by asterconf."]
        for title, lines in notes:
            if texts := list(lines):
                head += ["", title, *(f"- {printable(shown_text(text))}" for text in texts)]
        comment = "".join(f"# {line}".rstrip() + "\n" for line in head)
        return f"{comment}\n{sidecar.to_toml(data if reveal else shown_data(data))}"


_ROUNDS: Final = 200
"""How often a description is looked at again after repairs."""
_PLACEHOLDERS: Final = {
    "username": "change-me", "secret": "change-me-before-use", "initial_pin": "0000",
    "remote_hosts": ("provider.invalid",),
}  # fmt: skip
_STEP: Final = re.compile(r"(\w+)(?:\[(\d+)\])?(?:\.(\w+))?")


def _repaired(pbx: HomePBX, path: str) -> tuple[HomePBX, str]:
    """Return a PBX without the fault at a path, and what was done; empty: nothing."""
    found = _STEP.match(path)
    name, index, field = found.group(1, 2, 3) if found else ("", None, None)
    placeholder = CallerID("Change Me", "+15555550100")
    if name == "features" and field:
        return _without_feature(pbx, field, path)
    if name not in ("", "owner", "features") and index is None:
        value = getattr(pbx, name)
        first = field or ""
        default = getattr(type(value)(), first)
        return _with(pbx, name, _with(value, first, default)), "the default is taken"
    if index is None and pbx.owner != placeholder:
        return _with(pbx, "owner", placeholder), f"{placeholder} is a placeholder"
    if index is None:
        return _with(pbx, "features", None), "the usual features are taken"
    things = list(getattr(pbx, name) or ())
    if int(index) >= len(things):
        return pbx, ""
    thing = things[int(index)]
    if field == "context" and thing.context is None and pbx.features is not None:
        there = {type(feature) for feature in pbx.features}
        usual = attrs.evolve(pbx, features=None).effective_features()
        more = [feature for feature in usual if type(feature) not in there]
        if more:
            return _with(pbx, "features", [*pbx.features, *more]), "the usual features are added"
    things[int(index) : int(index) + 1], done = _mended(pbx, thing, field or "extra")
    return _with(pbx, name, things), done


def _mended(pbx: HomePBX, thing: Any, field: str) -> tuple[list[Any], str]:  # noqa: ANN401
    """Return a part of a description without the fault in a field: one, or none."""
    field = {"server": "remote_hosts"}.get(field, field)
    if field == "members":
        devices = [f"PJSIP/{extension.name}" for extension in pbx.extensions]
        members = [member for member in thing.members if member.interface in devices]
        return [_with(thing, "members", members)], "other members are left out"
    usual: Any = {f.name: f.default for f in attrs.fields(type(thing))}.get(field, attrs.NOTHING)
    if not isinstance(usual, (type(None), str, int, float, tuple)):
        usual = None if field == "number" and isinstance(thing, Extension) else attrs.NOTHING
    if field in ("extra", "codecs"):
        usual = () if field == "extra" else None
    new = _PLACEHOLDERS.get(field, usual)
    if new is attrs.NOTHING or (now := getattr(thing, field)) == new or str(now) == new:
        return [], f"{getattr(thing, 'name', '')} is left out"
    return [_with(thing, field, new)], (
        "a placeholder stands there" if field in _PLACEHOLDERS else "the default is taken"
    )


def _without_feature(pbx: HomePBX, name: str, path: str) -> tuple[HomePBX, str]:
    """Return a PBX whose feature has its defaults, or without it where it has them already."""
    kind = FEATURES.get(name)
    features: list[Any] = list(pbx.effective_features())
    index = next((i for i, one in enumerate(features) if type(one) is kind), None)
    if kind is None or index is None:
        return pbx, ""
    field = path.removeprefix(f"features.{name}").lstrip(".").partition(".")[0].partition("[")[0]
    usual: Any = {f.name: f.default for f in attrs.fields(kind)}.get(field, attrs.NOTHING)
    if isinstance(usual, (type(None), str, int)) and getattr(features[index], field) != usual:
        features[index] = _with(features[index], field, usual)
        return _with(pbx, "features", features), "the default is taken"
    del features[index]
    return _with(pbx, "features", features), f"{name} is left out"


def _with(thing: T_Any, name: str, value: Any) -> T_Any:  # noqa: ANN401
    """Return a thing with another value of one field."""
    changes: dict[str, Any] = {name: value}
    changed: T_Any = attrs.evolve(thing, **changes)  # type: ignore[misc]
    return changed


def _table(thing: Any) -> dict[str, Any]:  # noqa: ANN401 - part of a description
    """Return a part of a description as a table of home.toml."""
    from asterconf.wire import unstructure

    data: dict[str, Any] = unstructure(thing, null=False)
    if isinstance(thing, Queue):  # of which home.toml has defaults of its own
        usual = {name: getattr(thing, name) for name in unstructure(home_queue(()))}
        return {**usual, **data}
    return data


def _adopted(conf: Config) -> Adoption:
    data = bytes(conf[sidecar.NAME]) if sidecar.NAME in conf else b""
    sums = sidecar.sums(data)
    if sums is None:
        return _read(conf)
    try:
        built, own = _described(sidecar.content(data)["home"], conf)
    except (ModelError, KeyError, TypeError) as error:
        return _read(conf, assumed=f"{sidecar.NAME} cannot be read: {error}")
    files = {name: bytes(conf[name]) for name in sums if name in conf}
    changed = sidecar.edited(sums, files) | (sums.keys() - files.keys() - {sidecar.NAME})
    changed |= sums.keys() & {sidecar.NAME}
    if not changed:
        return Adoption(built, tuple(own))
    names = ", ".join(sorted(changed))
    note = f"edited since it was built, so that its files are read: {names}"
    return _read(conf, assumed=note, own=own, built=built)


def _read(
    conf: Config, *, assumed: str = "", own: Iterable[Leftover] = (), built: HomePBX | None = None
) -> Adoption:
    """Return the PBX that the files of a configuration make; phones come from `built`."""
    reader = HomeReader(conf)
    fields = reader.described()
    found = [kind.adopt(reader) for kind in FEATURES.values()]
    fields["features"] = [one for one in found if one is not None]
    fields |= {"numbers": adopt_numbers(reader), "hours": adopt_hours(reader)}
    fields |= reader.accounts()
    phones = {e.name: e.phone for e in built.extensions if e.phone} if built else {}
    fields["extensions"] = [
        attrs.evolve(e, phone=phones.get(e.name, e.phone)) for e in fields["extensions"]
    ]
    pbx = _without_defaults(HomePBX(**fields))
    plan = pbx.plan(complete="modules.conf" in conf)
    texts = Config.from_texts({file.name: file.text for file in plan.built()})
    notes = (*([assumed] if assumed else ()), *reader.assumed)
    left = (*reader.leftovers(texts), *own)
    return Adoption(pbx, left, tuple(dict.fromkeys(notes)), reader)


def _without_defaults(pbx: HomePBX) -> HomePBX:
    """Return the PBX without what a build fills in by itself."""
    trunks = []
    for trunk in pbx.trunks:
        plain = Trunk(trunk.name, remote_hosts=trunk.remote_hosts,
                      sends_registrations=trunk.sends_registrations)  # fmt: skip
        usual = attrs.evolve(pbx, trunks=[plain]).effective_trunks()[0]
        trunks.append(_shorter(trunk, usual, "name", "remote_hosts"))
    extensions = []
    for extension in pbx.extensions:
        bare = Extension(extension.name, phone=extension.phone)
        filled = attrs.evolve(pbx, extensions=[bare]).effective_extensions()[0]
        extensions.append(_shorter(extension, filled, "name", "number", "auth_user", "phone"))
    mails = attrs.evolve(pbx, voicemail=Voicemail()).effective_voicemail()
    dated: dict[str, Any] = {
        name: None
        for name in ("time_zone", "locale", "date_format")
        if getattr(pbx.voicemail, name) == getattr(mails, name)
    }
    voicemail = attrs.evolve(pbx.voicemail, **dated)
    queues = None if pbx.queues in ((home_queue(pbx.extensions),), ()) else pbx.queues
    return attrs.evolve(pbx, trunks=trunks, extensions=extensions, queues=queues,
                        voicemail=voicemail)  # fmt: skip


def _shorter(thing: T, usual: T, *but: str) -> T:
    """Return a trunk or extension with every field None that would be filled in the same."""
    same: dict[str, Any] = {
        field.name: None
        for field in attrs.fields(type(thing))
        if field.default is None
        and field.name not in but
        and getattr(usual, field.name) not in (None, ())
        and getattr(thing, field.name) == getattr(usual, field.name)
    }
    return attrs.evolve(thing, **same)
