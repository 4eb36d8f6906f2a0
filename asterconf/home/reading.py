"""What somebody else's files say about a home PBX, and what of them a build would not write."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final, TypeVar

import attrs

from asterconf import apps
from asterconf.bind.parts import EXTENSION, PARTS, TRUNK
from asterconf.countries import NumberPlan, NumbersError, number_plan, profile
from asterconf.dialplan import DialplanContext, DialplanExtension, load_dialplan
from asterconf.home.plan import E164, HOME_CONTEXT, PSTN_CONTEXT
from asterconf.home.writing import sample
from asterconf.language import dialstring
from asterconf.model import CallerID, Extension, Trunk
from asterconf.model.home import PRIVATE_NETWORKS, Network, Tls, Voicemail
from asterconf.model.phones import Softphone
from asterconf.model.values import Setting
from asterconf.resolve import EffectiveSection
from asterconf.secrets import masked_repr, shown_text
from asterconf.shown import Shown
from asterconf.source import Position, fold
from asterconf.views import Views

App = TypeVar("App", bound=apps.Application)

_BY_ITSELF: Final = frozenset({
    "type", "accepts_registrations", "accepts_auth", "sends_auth", "sends_registrations",
    "endpoint/identify_by", "endpoint/tos_audio", "endpoint/cos_audio", "aor/mailboxes",
    "endpoint/named_call_group", "endpoint/named_pickup_group",
    "endpoint/mwi_subscribe_replaces_unsolicited", "endpoint/deny", "endpoint/permit",
})  # fmt: skip
"""Options of a wizard section that a build writes in any case, or that a field holds."""

_LINKS: Final = frozenset({
    "type", "auth", "aors", "outbound_auth", "transport", "endpoint", "auth_type", "server_uri",
    "client_uri", "contact", "match", "allow", "disallow",
})  # fmt: skip
"""Options of pjsip.conf that fields hold: which section belongs to which, and codecs."""


@attrs.frozen
class Leftover(Shown):
    """Something in a configuration that the adopted PBX lacks."""

    text: str = attrs.field(repr=masked_repr)
    """What it is, as the file has it."""
    position: Position | None = None
    """Where it stands."""

    def __str__(self) -> str:
        text = shown_text(self.text)
        return f"{self.position}: {text}" if self.position else text


@attrs.frozen
class Arrival:
    """Where a call is led: as `PublicNumber.to`, after which greeting, and how long it rings."""

    to: str = "home"
    greeting: str = ""
    ring_seconds: int = 25


_SILENT: Final = (apps.NoOp, apps.Hangup)
_SCREENED: Final = apps.parse("Gosub", "blocked-callers,s,1")


def _until_end(steps: Iterable[apps.Application]) -> list[apps.Application]:
    """Return steps up to the first after which a call is elsewhere, or over."""
    found = []
    for step in steps:
        found.append(step)
        if isinstance(step, (apps.Hangup, apps.Goto, apps.Return)):
            break
    return found


@attrs.define(eq=False)
class HomeReader:
    """Reads the description of a home PBX out of a configuration, feature by feature."""

    conf: Views
    assumed: list[str] = attrs.field(factory=list)
    """What the files leave open or have wrong, and what the PBX does instead."""
    placed: set[tuple[str, str]] = attrs.field(factory=set)
    """Extensions that a feature stands for: context and key."""
    callers: set[str] = attrs.field(factory=set)
    """Extensions that call from a public number of their own."""
    known: NumberPlan | None = attrs.field(default=None, init=False)
    """How numbers are dialled; known after `described`."""
    owner: CallerID = attrs.field(default=CallerID(), init=False)
    """Who calls to the outside are from; known after `described`."""
    zone: str = attrs.field(default="", init=False)
    """The time zone of hours; known after `described`."""

    # -- the dialplan -------------------------------------------------------------------------

    def assume(self, text: str) -> None:
        """Record what the PBX does where the files leave something open or have it wrong."""
        if text not in self.assumed:
            self.assumed.append(text)

    def place(self, context: str, *keys: str) -> None:
        """Mark extensions that a feature stands for."""
        self.placed |= {(context, key) for key in keys}

    def steps(self, extension: DialplanExtension) -> list[apps.Application]:
        """Return the applications of an extension, values of global variables put in."""
        return [apps.parse(step.app, self.value(step.data)) for step in extension.steps]

    def value(self, text: str) -> str:
        """Return a text with the values of global variables put in."""
        known = self.conf.dialplan.globals
        return re.sub(r"\$\{(\w+)\}", lambda m: known.get(m[1], m[0]), text)

    def context(self, name: str) -> DialplanContext | None:
        """Return a context; None: there is none."""
        plan = self.conf.dialplan
        return plan[name] if name in plan else None  # noqa: SIM401 - it is no mapping

    def all(self, name: str) -> Iterator[tuple[DialplanExtension, list[apps.Application]]]:
        """Yield the extensions of a context with their applications."""
        for extension in self.context(name) or ():
            yield extension, self.steps(extension)

    def calls(self, name: str, kind: type[App]) -> Iterator[tuple[DialplanExtension, App]]:
        """Yield the extensions of a context that run an application, with the first such call."""
        for extension, steps in self.all(name):
            for step in steps:
                if isinstance(step, kind):
                    yield extension, step
                    break

    def trunk_calls(self, name: str) -> list[tuple[DialplanExtension, str, str]]:
        """Return the extensions that call a trunk, with the number they call and the trunk."""
        found = []
        for extension, steps in self.all(name):
            for step in steps:
                target = _trunk_target(step)
                if target and target[1] in self.conf.trunks:
                    found.append((extension, *target))
                    break
        return found

    def steps_at(self, place: apps.Location | None, near: apps.Location) -> list[apps.Application]:
        """Return the steps from a place on to the end of the call or of the extension.

        `near` is where the jump stands; the list is empty where the place is not there.
        """
        if place is None:
            return []
        context = self.context(place.context or near.context)
        name = place.extension or near.extension
        extension = next((e for e in context or () if e.key == name), None)
        steps = extension.steps if extension else ()
        marks = (i for i, step in enumerate(steps) if place.priority in (step.priority, step.label))
        at = next(marks, len(steps))
        return _until_end(self.steps(extension)[at:]) if extension else []

    def arrival(self, steps: Iterable[apps.Application]) -> Arrival | None:
        """Return where steps lead a call, if a build leads it there in the same way."""
        rest = [s for s in _until_end(steps) if not isinstance(s, _SILENT) and s != _SCREENED]
        greeting = ""
        answered = rest[:1] == [apps.Answer(500)]
        if answered and len(rest) > 1 and isinstance(rest[1], apps.Playback):
            greeting = rest[1].data
        rest = rest[answered + bool(greeting) :]
        rings = Arrival(greeting=greeting)
        match rest:
            case [apps.Dial(targets=(device,), timeout=int(seconds)) as dial, *then]:
                called = re.sub(r"\$\{PJSIP_DIAL_CONTACTS\((.*)\)\}$", r"PJSIP/\1", device)
                phone = self.conf.extensions.get(called.removeprefix("PJSIP/"))
                box = (phone.mailbox or "").partition(",")[0] if phone else ""
                voicemail = [apps.VoiceMail((box,), "su")] if box else []
                if phone and then == voicemail and not dial.options:
                    return attrs.evolve(rings, to=phone.name, ring_seconds=seconds)
            case [apps.Queue(queuename=name, options=options, timeout=int(seconds))]:
                if str(options) == "nr":
                    return attrs.evolve(rings, to=name, ring_seconds=seconds)
            case [apps.VoiceMail(mailboxes=(box,), options=options)]:
                if str(options) == "su":
                    return attrs.evolve(rings, to=box)
            case [apps.Gosub(target=place), *_] if place == apps.Location("hours", "s"):
                return attrs.evolve(rings, to="hours")
            case [apps.Goto(target=apps.Location("outgoing", number))]:
                return attrs.evolve(rings, to=number)
            case [apps.Goto(target=apps.Location("menu" | "ring-home" as name))]:
                return attrs.evolve(rings, to="menu" if name == "menu" else "home")
            case [apps.Return()]:
                return rings
        return None

    def full_number(self, dialled: str) -> str:
        """Return a number as a provider may write it with `+` and country code; empty: none."""
        digits, code = dialled.removeprefix("+"), self.known.code if self.known else ""
        prefix = self.known.prefix if self.known else ""
        if not digits.isdecimal() or not code:
            return ""
        if dialled.startswith("00") and not dialled.startswith("+"):
            digits = digits[2:]
        elif not dialled.startswith("+") and prefix and digits.startswith(prefix):
            digits = code + digits.removeprefix(prefix)
        elif not dialled.startswith("+") and (prefix or not digits.startswith(code)):
            digits = digits if digits.startswith(code) else code + digits
        return f"+{digits}" if E164.match(f"+{digits}") else ""

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

    def _named(self) -> dict[str, str]:
        """Return how a build calls the contexts of the phones and trunks."""
        return {self.pstn: PSTN_CONTEXT, self.home: HOME_CONTEXT}

    def _context(self, thing: Extension | Trunk) -> str | None:
        return None if thing.context in self._named() else thing.context

    def setting(self, file: str, section: str, option: str) -> str:
        """Return the value of an option; empty: it is not there."""
        if file not in self.conf:
            return ""
        return self.conf.effective(file).setting(section, option) or ""

    def number(self, value: object, default: int) -> int:
        """Return a number as one; the default where it is none."""
        return int(str(value)) if str(value).isdigit() else default

    # -- the description ----------------------------------------------------------------------

    def described(self) -> dict[str, Any]:
        """Return the fields of the home PBX that the files make, features apart."""
        owner = self.owner = self._owner()
        area_code = self._area_code()
        try:
            self.known = number_plan(owner.number, area_code)
        except NumbersError as error:
            if owner.number:
                self.assume(str(error))
        voicemail = self._voicemail()
        self.zone = voicemail.time_zone or profile(owner.number).time_zone
        return {
            "owner": owner,
            "area_code": area_code,
            "network": self._network(),
            "mailboxes": tuple(self.conf.mailboxes.values()),
            "queues": tuple(self.conf.queues.values()),
            "voicemail": voicemail,
        }

    def accounts(self) -> dict[str, Any]:
        """Return the trunks and extensions; features are read before them."""
        for theirs, name in self._named().items():
            if theirs != name:
                self.assume(f"the context {theirs} is called {name}")
        return {
            "trunks": tuple(map(self._trunk, self.conf.trunks.values())),
            "extensions": tuple(map(self._extension, self.conf.extensions.values())),
        }

    def _owner(self) -> CallerID:
        """Return who calls to the outside are from: the caller id that most lines set."""
        found: dict[str, int] = {}
        for context in self.conf.dialplan:
            for extension in context:
                for step in self.steps(extension):
                    value = _caller_id(step)
                    if CallerID.parse(value).number[:1] == "+":
                        found[value] = found.get(value, 0) + 1
        if not found:
            self.assume("no line sets a caller id for calls to the outside: owner is empty")
            return CallerID()
        owner = CallerID.parse(max(found, key=lambda value: found[value]))
        digits = owner.number[1:]
        american = any(e.name == "_NXXNXXXXXX" for context in self.conf.dialplan for e in context)
        if len(digits) == 10 and digits[0] in "23456789" and american:
            self.assume(f"the number {owner.number} has no country code: it is +1{digits}")
            return attrs.evolve(owner, number=f"+1{digits}")
        return owner

    def _area_code(self) -> str:
        """Return what is put between the country code and a number that is dialled as it is."""
        if code := self.conf.dialplan.globals.get("MY_AREA_CODE", ""):
            return code
        try:
            country = number_plan(self.owner.number, "0").code
        except NumbersError:
            return ""
        for context in self.conf.dialplan:
            for extension in context:
                for step in extension.steps if re.match("_[NZ]X", extension.name) else ():
                    found = re.search(
                        rf"\+{country}(\d+)\$\{{(FILTER\(0-9,\$\{{)?EXTEN\}}", step.data
                    )
                    if found:
                        return found[1]
        return ""

    def _network(self) -> Network:
        conf = self.conf
        fields: dict[str, Any] = {}
        for one in [t for t in conf.transports.values() if t.protocol != "tls"][:1]:
            fields["external_address"] = one.external_media_address or None
            fields["local_networks"] = one.local_net or PRIVATE_NETWORKS
            fields["bind"] = (one.bind or "0.0.0.0").removesuffix(":5060")  # noqa: S104
        for one in conf.transports.values():
            if one.protocol == "tls":
                fields["tls"] = Tls(
                    certificate=one.cert_file or "",
                    key=one.priv_key_file or "",
                    authorities=one.ca_list_file or "",
                    port=self.number((one.bind or "").rpartition(":")[2], 5061),
                )
        ports = [self.setting("rtp.conf", "general", name) for name in ("rtpstart", "rtpend")]
        if all(port.isdigit() for port in ports):
            fields["rtp_ports"] = tuple(map(int, ports))
        refresh = self.setting("dnsmgr.conf", "general", "refreshinterval")
        if refresh.isdigit():
            fields["refresh_seconds"] = int(refresh)
        if "pjsip.conf" in conf:
            sections = [s for s in conf.effective("pjsip.conf") if s.get("type") == "transport"]
            fields["qos"] = any(section.get("tos") for section in sections)
        return Network(**fields)

    def _voicemail(self) -> Voicemail:
        fields: dict[str, Any] = {}
        for field, option in sample("voicemail.conf").sections["general"].words.items():
            value = self.setting("voicemail.conf", "general", option)
            if field.startswith("max_"):
                digits = re.match("[0-9]+", value)  # as Asterisk reads it, whatever follows
                fields |= {field: int(digits[0])} if digits else {}
            elif value:
                fields[field] = value
        zone = self.setting("voicemail.conf", "general", "tz")
        spoken = self.setting("voicemail.conf", "zonemessages", zone) if zone else ""
        if spoken:
            fields["time_zone"] = spoken.partition("|")[0]
        return Voicemail(**fields)

    def _wizard(self, name: str) -> EffectiveSection | None:
        if "pjsip_wizard.conf" not in self.conf:
            return None
        return next(iter(self.conf.effective("pjsip_wizard.conf").all(name)), None)

    def _extra(self, thing: Trunk | Extension, fields: Mapping[str, str]) -> tuple[Setting, ...]:
        """Return the options of a wizard section that no field holds."""
        section = self._wizard(thing.name)
        if section is None:
            return thing.extra
        known = _BY_ITSELF | set(fields.values())
        return tuple(Setting(i.name, i.value) for i in section if i.name not in known)

    def _extension(self, extension: Extension) -> Extension:
        held = ("VOICEMAIL_BOX=", *(_OF_CALLERS if extension.name in self.callers else ()))
        own = tuple(v for v in extension.set_var if not v.startswith(held))
        mailbox = extension.mailbox
        if mailbox is None and self.conf.mailboxes:
            mailbox = ""
        phone = extension.phone
        if not extension.qualify_frequency and extension.direct_media is False:
            phone = Softphone()
            self.assume(f"{extension.name} is a softphone, as nobody checks that it is there")
        return attrs.evolve(
            extension,
            context=self._context(extension),
            set_var=own,
            mailbox=mailbox,
            subscribed_mailbox=None,
            extra=self._extra(extension, EXTENSION),
            phone=phone,
        )

    def _trunk(self, trunk: Trunk) -> Trunk:
        if trunk.direct_media is None:
            self.assume(f"sound of {trunk.name} goes through Asterisk (direct_media = no)")
        if trunk.contact_user is None and trunk.sends_registrations:
            self.assume(f"{trunk.name} is told to call the owner's number (contact_user)")
        section = self._wizard(trunk.name)
        if section is not None and not any("identify_by" in item.name for item in section):
            self.assume(f"{trunk.name} is known by its address only, whatever name a caller gives")
        extra = self._extra(trunk, TRUNK)
        return attrs.evolve(trunk, context=self._context(trunk), extra=extra)

    def more(self, built: Views) -> list[str]:
        """Return what phones can dial in `built` and not here, as names of extensions."""
        mine, ours = self.conf.dialplan, HomeReader(built)
        return [
            extension.name
            for extension, steps in ours.all(HOME_CONTEXT)
            if steps[:1] != [apps.Hangup(21)]
            and (self.home not in mine or mine.match(_example(extension), self.home).step is None)
        ]

    # -- leftovers ----------------------------------------------------------------------------

    def leftovers(self, built: Views) -> Iterator[Leftover]:
        """Yield what the files say and `built`, which the read PBX builds to, does not."""
        ours = HomeReader(built)
        yield from self._left_dialplan(ours)
        for file in self.conf.files:
            if file.endswith(".conf") and file != "extensions.conf":
                if file not in built:
                    yield Leftover(f"{file}: the whole file")
                    continue
                for section in self.conf.effective(file).live:
                    yield from self._left_options(built, file, section)

    def _left_dialplan(self, ours: HomeReader) -> Iterator[Leftover]:
        conf = self.conf
        loaded = load_dialplan(
            conf.effective("extensions.conf") if "extensions.conf" in conf else None
        )
        texts = []
        for context in conf.dialplan:
            mine = ours.context(self._named().get(context.name, context.name))
            twins = {extension.key: extension for extension in mine or ()}
            for extension in context:
                if (context.name, extension.key) in self.placed:
                    continue
                twin = twins.get(extension.key)
                same = twin is not None and extension.hint == twin.hint
                if same and twin and self.steps(extension) == ours.steps(twin):
                    continue
                for step in extension.steps:
                    where = (context.name, extension.name, extension.callerid_match, step.priority)
                    texts.append(step.data)
                    text = f"[{context.name}] {extension.key},{step.priority},{step}"
                    yield Leftover(text, loaded.origins.get(where))
                if extension.hint is not None and twin is None:
                    yield Leftover(f"[{context.name}] {extension.key},hint,{extension.hint.text}")
            there = [include.text for include in (mine.includes if mine else ())]
            for include in context.includes:
                if include.text not in there:
                    yield Leftover(f"[{context.name}] include => {include.text}")
        for name, value in conf.dialplan.globals.items():
            used = any(f"${{{name}}}" in text for text in texts)
            if used and name not in ours.conf.dialplan.globals:
                yield Leftover(f"[globals] {name} = {value}", loaded.places.get(f"globals.{name}"))

    def _left_options(
        self, ours: Views, file: str, section: EffectiveSection
    ) -> Iterator[Leftover]:
        kind, name = section.get("type") or "", section.name
        if file == "voicemail.conf" and name != "general":
            return  # boxes are objects, and the zone is a field
        queue = (
            self.conf.queues[name] if file == "queues.conf" and name in self.conf.queues else None
        )
        if queue is not None and name in ours.queues and ours.queues[name] == queue:
            known = {field.name for field in attrs.fields(type(queue))}
            known |= {field.replace("_", "-") for field in known} | {"member"}
            there = set()
        else:
            known, there = set(), _options_there(ours, file, section)
        for item in section:
            if (
                (item.name, item.value) in there
                or item.name in known
                or _is_idle(section, item.name)
            ):
                continue
            if file == "pjsip_wizard.conf" and item.name in _BY_ITSELF:
                continue
            if file == "pjsip.conf" and kind != "transport" and item.name in _LINKS:
                continue
            if (file, name, item.name) in _FIELDS:
                continue
            if item.name in ("context", "endpoint/context") and item.value in self._named():
                continue
            yield Leftover(f"{file} [{name}] {item.name} = {item.value}", item.origin)


def _is_idle(section: EffectiveSection, name: str) -> bool:
    """Tell whether an option, which other versions have, does nothing in the one that reads it."""
    kind = section.kind
    return kind is not None and kind.schema.lacks("option", f"{kind.file}/{kind.name}/{fold(name)}")


def _example(extension: DialplanExtension) -> str:
    """Return a number that an extension answers."""
    return extension.pattern.intersection(extension.pattern) or extension.name


def _trunk_target(step: apps.Application) -> tuple[str, str] | None:
    """Return number and endpoint of a call such as `Dial(PJSIP/number@endpoint)`."""
    if isinstance(step, apps.ExecIf) and "MY_TRUNK" not in step.data:
        called = re.search(r"\?Dial\((.*)\)$", step.data)
        step = apps.parse("Dial", called[1]) if called else step
    if not isinstance(step, apps.Dial):
        return None
    for target in dialstring.parse("&".join(step.targets)).targets:
        if isinstance(target, dialstring.PJSIPTarget) and target.user is not None:
            return target.user.text, target.endpoint.text
    return None


def _caller_id(step: apps.Application) -> str:
    """Return the caller id that a step sets; empty: none."""
    name, _, value = step.data.partition("=")
    return value if isinstance(step, apps.Set) and name == "CALLERID(all)" else ""


_OF_CALLERS: Final = ("MY_CALLER_ID=", "OWN_NUMBER=", "MY_TRUNK=")
"""Variables of a phone that calls from a public number of its own."""

_FIELDS: Final = frozenset({("voicemail.conf", "general", "tz")})
"""Options that a field holds, though a build writes another value."""


def _options_there(ours: Views, file: str, section: EffectiveSection) -> set[tuple[str, str]]:
    """Return names and values of the options that the build has for a section."""
    kind, name = section.get("type") or "", section.name
    prefixes = [f"{part.prefix}/" for part in PARTS.values() if part.kind == kind]
    if file == "pjsip.conf" and prefixes and "pjsip_wizard.conf" in ours:
        found = set()
        for wizard in ours.effective("pjsip_wizard.conf").live:
            for prefix in prefixes:
                found |= {
                    (item.name.removeprefix(prefix), item.value)
                    for item in wizard
                    if item.name.startswith(prefix)
                }
        return found
    sections = ours.effective(file)
    return {(i.name, i.value) for one in sections.all(name) for i in one}
