"""The home PBX: phones and providers in a few fields, and the files that make Asterisk serve them.

A description comes as Python objects, as home.toml, or out of files: the sidecar that a build
left, or any configuration.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, TypeVar

import attrs

from asterconf.config import Config
from asterconf.countries import PROFILES, Profile, profile
from asterconf.diagnostic import Diagnostic
from asterconf.errors import BuildError, ModelError
from asterconf.home import hometoml, sidecar
from asterconf.home.checks import (
    check_conflicts,
    check_description,
    check_dialplan,
    check_secrets,
    repaired,
)
from asterconf.home.description import (
    FEATURES,
    NEEDS,
    SECRETS,
    fields_of_sidecar,
    fields_of_toml,
    for_sidecar,
    for_toml,
    home_queue,
    key_of,
    member,
    usual_features,
)
from asterconf.home.features import BusyLamps, Guards, Intercom, VoicemailMenu, refuse_all
from asterconf.home.files import (
    EXTENSION_DEFAULTS,
    TRUNK_DEFAULTS,
    write_complete,
    write_pjsip,
    write_queues,
    write_rtp,
    write_voicemail,
    write_wizard,
)
from asterconf.home.incoming import (
    BlockedCallers,
    BusinessHours,
    IncomingCalls,
    Menu,
    NightSwitch,
    adopt_hours,
    adopt_numbers,
    give_numbers,
    write_hours,
)
from asterconf.home.outgoing import EmergencyCalls
from asterconf.home.plan import PSTN_CONTEXT, BuiltFile, Feature, Plan, callers
from asterconf.home.reading import HomeReader, Leftover
from asterconf.home.rebuild import BuildFolder, Rebuild
from asterconf.linter.rules.home import finding_of
from asterconf.model import CallerID, Extension, Mailbox, Queue, Trunk
from asterconf.model.checks import DataFault, Suggesting
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

T = TypeVar("T", Trunk, Extension)

_ROUNDS: Final = 200
"""How often a description is looked at again after repairs."""


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


def _optional_tuple(value: Iterable[Any] | None) -> tuple[Any, ...] | None:
    return None if value is None else tuple(value)


@attrs.frozen(kw_only=True)
class HomePBX(Suggesting):
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
    trunks: tuple[Trunk, ...] = attrs.field(
        default=(), converter=tuple[Any, ...], validator=_all_are(Trunk)
    )
    """The providers; calls go out by the first one. See `asterconf.providers`."""
    extensions: tuple[Extension, ...] = attrs.field(
        default=(), converter=tuple[Any, ...], validator=_all_are(Extension)
    )
    """The phones. Fields that are None come from `phone`, by default a desk phone; the mailbox
    is the first of `mailboxes`."""
    mailboxes: tuple[Mailbox, ...] = attrs.field(
        default=(), converter=tuple[Any, ...], validator=_all_are(Mailbox)
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
        default=(), converter=tuple[Any, ...], validator=_all_are(PublicNumber)
    )
    """Further public numbers: who answers them, and who calls from them."""
    hours: tuple[Hours, ...] = attrs.field(
        default=(), converter=tuple[Any, ...], validator=_all_are(Hours)
    )
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
        fields, faults = fields_of_toml(toml.data)
        if faults:
            raise toml.error(faults)
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
        missing = [n for n, needs in NEEDS.items() if not all(getattr(self, f) for f in needs)]
        return usual_features(without=missing)

    def effective_extensions(self) -> tuple[Extension, ...]:
        """Return the extensions with every default filled in."""
        return tuple(self._completed_extension(extension) for extension in self.extensions)

    def effective_queues(self) -> tuple[Queue, ...]:
        """Return the queues with their members."""
        if self.queues is None:
            return (home_queue(self.extensions),) if self.extensions else ()
        everyone = tuple(member(extension) for extension in self.extensions)
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
            raise BuildError(text, dict.fromkeys(map(finding_of, faults)))
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
        faults = plan.faults
        findings = [*faults, *(one for one in plan.findings if one not in faults)]
        if not faults:
            findings += _checked(plan, host_files=host_files)
        if toml is not None:
            return hometoml.read(toml).diagnostics(findings, ordered=False)
        return tuple(dict.fromkeys(map(finding_of, findings)))

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
            MissingExtraError: tomli-w is not installed (extra `home`).
        """
        plan = self._plan(complete=complete)
        files = sorted(plan.built(), key=lambda file: file.name)
        try:
            return (*files, sidecar.sidecar(for_sidecar(self), files, complete=complete))
        except UnicodeEncodeError:
            raise BuildError("the description holds a surrogate, which no file can") from None

    def build(self, *, complete: bool = False) -> Config:
        """Return the configuration that makes Asterisk this PBX, not yet on disk.

        Raises:
            BuildError: the PBX cannot be built; all faults are named.
            MissingExtraError: tomli-w is not installed (extra `home`).
        """
        return Config.from_texts(render(self, complete=complete))

    def write(self, directory: str | Path, *, complete: bool = False) -> tuple[Path, ...]:
        """Write the files into `directory` and return the paths of those that changed.

        The folder may be missing or empty, or hold exactly what an earlier build wrote.

        Raises:
            BuildError: the PBX cannot be built, or files there are not, or no longer, a build's.
            LoadError: the folder cannot be written.
            MissingExtraError: tomli-w is not installed (extra `home`).
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
            MissingExtraError: tomli-w is not installed (extra `home`).
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


def _checked(plan: Plan, *, host_files: bool) -> Iterator[DataFault]:
    """Yield what `Config.check` finds in the files of a plan, with places in the description.

    Advice is left to the codes about homes, which know what was meant.
    """
    built = Config.from_texts({file.name: file.text for file in plan.built()})
    said = built.check(host_files=host_files)
    for found in sorted((*said.errors, *said.warnings), key=said.index):
        kind = "asterisk-refuses" if found.severity is Severity.ERROR else "asterisk-warns"
        place = found.position
        path = plan.path_of(place.file, place.line) if place else ""
        where = f"{place.file}:{place.line}, " if place else ""
        yield DataFault(path, f"{found.message} ({where}{found.code})", kind=kind)


_TRIALS: Final = {
    "the voicemail menu": "plays messages",
    "the intercom": "speaks through all phones",
    "the conference room": "is the conference room",
}
"""What the number of a feature does when it is dialled."""


# -- the last build ----------------------------------------------------------------------------


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
        fields, _ = fields_of_sidecar(home, actual, pbx)
        last = HomePBX(**fields)
    except (ModelError, KeyError, TypeError) as error:
        raise BuildError(f"{sidecar.NAME} cannot be read: {error}") from None
    own = [f for f in pbx.effective_features() if type(f) not in FEATURES.values()]
    if own and last.features is not None:
        last = attrs.evolve(last, features=(*last.features, *own))
    changed: list[tuple[tuple[str, str], Any]] = []
    for name, (_, field) in SECRETS.items():
        old = {key_of(thing): getattr(thing, field) for thing in getattr(last, name)}
        changed += [
            ((name, key_of(thing)), getattr(thing, field))
            for thing in getattr(pbx, name)
            if old.get(key_of(thing), getattr(thing, field)) != getattr(thing, field)
        ]
    for size in range(len(changed) + 1):
        for chosen in itertools.combinations(changed, size):
            yield render(_with_secrets(last, dict(chosen)), complete=complete)


def _with_secrets(pbx: HomePBX, secrets: Mapping[tuple[str, str], Any]) -> HomePBX:
    fields: dict[str, Any] = {
        name: [
            attrs.evolve(one, **{field: secrets.get((name, key_of(one)), getattr(one, field))})
            for one in getattr(pbx, name)
        ]
        for name, (_, field) in SECRETS.items()
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
            faults = plan.faults or [
                one for one in _checked(plan, host_files=False) if one.kind == "asterisk-refuses"
            ]
            if not faults:
                break
            first = {one.path: one for one in reversed(faults)}  # the others may go with it
            for fault in reversed(first.values()):
                pbx, done = repaired(pbx, fault.path)
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

        Raises:
            MissingExtraError: tomli-w is not installed (extra `home`).
        """
        data = for_toml(self.pbx)
        notes = [("Assumed:", map(str, self.assumed)), ("Left over:", map(str, self.leftovers))]
        head = ["A home PBX, read out of its files by asterconf."]
        for title, lines in notes:
            if texts := list(lines):
                head += ["", title, *(f"- {printable(shown_text(text))}" for text in texts)]
        comment = "".join(f"# {line}".rstrip() + "\n" for line in head)
        return f"{comment}\n{sidecar.to_toml(data if reveal else shown_data(data))}"


def _adopted(conf: Config) -> Adoption:
    data = bytes(conf[sidecar.NAME]) if sidecar.NAME in conf else b""
    sums = sidecar.sums(data)
    if sums is None:
        return _read(conf)
    try:
        fields, own = fields_of_sidecar(sidecar.content(data)["home"], conf)
        built = HomePBX(**fields)
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
