"""The plan of a home PBX: what its features ask for, collected before any file is written.

A file is written from its plan once, from top to bottom, so the same plan always gives the same
text. What is wrong with a description, or risky, is a `DataFault`: codes `AC8xx`, about what is
built; Asterisk logs none of them. One whose severity is an error keeps the home from being built.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, Protocol, runtime_checkable

import attrs

from asterconf.bind.parts import EXTENSION, TRUNK
from asterconf.countries import PROFILES, NumberPlan, NumbersError, Profile, number_plan
from asterconf.dialplan.values import DialplanExtension, Hint, steps_of
from asterconf.errors import ModelError
from asterconf.home.writing import FilePlan, PlannedLine, SectionPlan, Value, sample, word
from asterconf.linter.rules.home import CODES, message_of
from asterconf.model import CallerID, Extension, Mailbox, Queue, Trunk
from asterconf.model.checks import DataFault
from asterconf.model.home import Network, PublicNumber, Voicemail
from asterconf.shown import Shown
from asterconf.source import Severity
from asterconf.syntax import parse
from asterconf.syntax.diffs import has_secrets


@attrs.frozen
class Claim:
    """Whose a number is: in a few words, and where in the description."""

    what: str
    path: str = ""


@attrs.define(eq=False)
class ContextPlan(SectionPlan):
    """A dialplan context that is being planned: a section of extensions.conf."""

    claims: dict[str, Claim] = attrs.field(factory=dict)
    """What is dialled here already, and for whom."""
    faults: list[DataFault] = attrs.field(factory=list)
    """What was asked for and cannot be."""
    includes: list[str] = attrs.field(factory=list)
    """Contexts that are searched after this one."""
    reserved: set[str] = attrs.field(factory=set)
    """Numbers that nobody else may answer, not even for some callers."""

    def extension(
        self,
        name: str,
        *steps: str,
        comment: str = "",
        number: str = "",
        what: str = "",
        path: str = "",
    ) -> None:
        """Add an extension: `steps` are its applications from priority 1, as `Dial(PJSIP/1)`.

        `number` is what is dialled, where `name` hides it in a variable; `what` says in a few
        words whose extension it is, and `path` where that is described, by default the feature. A
        name that is taken already is a fault of the build.
        """
        dialled = number or name
        claim = Claim(what or f"[{self.name}]", path or self.path)
        if not self._claim(dialled, claim):
            return
        for step in steps:
            if problem := _step_problem(step):
                text = f"[{self.name}] {dialled}: step {step!r} {problem}"
                self.faults.append(DataFault(claim.path, text))
        key, slash, condition = name.partition("/")
        extension = DialplanExtension(key, condition if slash else None, steps=steps_of(steps))
        try:
            self._write(extension, comment, claim)
        except ModelError as error:
            self.faults.append(DataFault(claim.path, f"[{self.name}] {dialled}: {error}"))

    def hint(self, number: str, device: str, *, comment: str = "", what: str = "") -> None:
        """Let phones watch `device` under `number`."""
        claim = Claim(what or f"[{self.name}]", self.path)
        if self._claim(f"{number} (hint)", claim):
            self._write(DialplanExtension(number, hint=Hint(device.split("&"))), comment, claim)

    def _write(self, extension: DialplanExtension, comment: str, claim: Claim) -> None:
        for name, value in extension.lines():
            line = PlannedLine(name, word(value), comment, arrow=True, path=claim.path)
            self.planned.append(line)
            comment = ""

    def include(self, context: str, *, comment: str = "") -> None:
        """Search `context` too, after everything of this one."""
        self.includes.append(context)
        self.planned.append(PlannedLine("include", context, comment, arrow=True))

    def reserve(self, number: str) -> None:
        """Refuse any further extension for `number`, also one for certain callers only."""
        self.reserved.add(number)

    def _claim(self, dialled: str, claim: Claim) -> bool:
        plain = dialled.partition("/")[0]
        taken = self.claims.get(dialled) or (
            self.claims.get(plain) if plain in self.reserved else None
        )
        if taken:
            where = f" ({taken.path})" if taken.path not in ("", claim.path) else ""
            text = f"{dialled} is wanted by {taken.what}{where} and by {claim.what}"
            found = DataFault(claim.path, text, kind="number-taken", other=taken.path)
            self.faults.append(found)
            return False
        self.claims[dialled] = claim
        return True


def _step_problem(step: str) -> str:
    """Return what is wrong with the brackets of a step, which Asterisk would cut silently."""
    app, bracket, rest = step.partition("(")
    if not app.isalnum() or not bracket:
        return "must be written Application(arguments)"
    depth = 1
    for index, char in enumerate(rest):
        depth += (char == "(") - (char == ")")
        if depth == 0 and index < len(rest) - 1:
            return "goes on behind its last bracket"
    return "" if depth == 0 else "has no closing bracket"


# -- trunks -----------------------------------------------------------------------------------

LINE: Final = "sends_line_with_registrations"
"""The setting of a trunk whose calls are recognized by a parameter of the registration."""
HEADER: Final = "identify/match_header"
"""The setting of a trunk whose calls are recognized by a header."""


def setting(thing: Trunk | Extension, name: str) -> str:
    """Return the value of one of the further settings of a trunk or extension; empty: none."""
    return next((one.value for one in thing.extra if one.name == name), "")


def callers(remote_hosts: tuple[str, ...]) -> tuple[str, ...]:
    """Return the addresses that a provider's calls come from: its hosts without their ports.

    Observed on Asterisk 22.10.1: where `match` names a port, a call from any other is refused.
    """
    hosts = []
    for host in remote_hosts:
        bare = host.partition(";")[0]
        hosts.append(bare[1 : bare.find("]")] if bare.startswith("[") else bare.partition(":")[0])
    return tuple(dict.fromkeys(hosts))


def ringing(extension: Extension) -> str:
    """Return what Dial rings for an extension: all its devices, which may be several.

    Checked on Asterisk 22.10.1: by `PJSIP_DIAL_CONTACTS` each device that is reachable rings.
    """
    name = extension.name
    several = (extension.max_contacts or 0) > 1
    return f"${{PJSIP_DIAL_CONTACTS({name})}}" if several else f"PJSIP/{name}"


E164: Final = re.compile(r"\+[1-9][0-9]{6,14}\Z")
"""A public number in full."""

# -- the plan ---------------------------------------------------------------------------------

HOME_CONTEXT = "from-home"
PSTN_CONTEXT = "from-pstn"
RING_CONTEXT = "ring-home"


@runtime_checkable
class Feature(Protocol):
    """Something a PBX can do. Any class with this one method is a feature.

    `contribute` is called once per build, in the order of `HomePBX.features`, and asks the plan
    for what the feature needs: extensions in contexts, global variables, sections of files,
    modules. It changes nothing else, so that a feature is a plain value.
    """

    def contribute(self, plan: Plan) -> None:
        """Put what the feature needs into `plan`."""


@attrs.frozen
class BuiltFile(Shown):
    """A file that was built: its name, its text, and whether a secret stands in it."""

    name: str
    text: str

    @property
    def private(self) -> bool:
        """Whether a secret stands in the file."""
        return has_secrets(parse(self.text, name=self.name))


@attrs.define(eq=False)
class Plan:
    """What a build works with, and where features put what they need.

    The objects are complete: defaults are filled in.
    """

    owner: CallerID
    """Name and public number; the caller id of calls to the outside."""
    area_code: str
    """Area code of numbers dialled without one."""
    network: Network
    trunks: tuple[Trunk, ...]
    extensions: list[Extension]
    """Features may put changed ones in their place."""
    mailboxes: tuple[Mailbox, ...]
    queues: tuple[Queue, ...]
    voicemail: Voicemail
    features: tuple[Feature, ...] = ()
    """All features of this build, for those that depend on another."""
    country: Profile = PROFILES["US"]
    """The usual settings of the owner's country, with the changes described."""
    public: tuple[PublicNumber, ...] = ()
    """The public numbers beside the owner's."""

    emergency: tuple[str, ...] = attrs.field(default=(), init=False)
    """Emergency numbers that every phone must reach."""
    included: list[tuple[str, str, str]] = attrs.field(factory=list, init=False)
    """Numbers that an included context answers: the including context, the number, its owner."""
    subscribe_context: str = attrs.field(default="", init=False)
    """Context of the hints, known before any feature contributes; empty: phones watch nothing."""
    screening: list[tuple[str, str]] = attrs.field(factory=list, init=False)
    """Steps that every call from outside runs first, each with a comment."""
    incoming: list[tuple[str, str]] = attrs.field(factory=list, init=False)
    """Steps that a call from outside runs before the phones ring, each with a comment."""
    recordings: list[tuple[str, str]] = attrs.field(factory=list, init=False)
    """Sounds that have to be recorded, each with a text to speak."""
    modules: list[str] = attrs.field(factory=list, init=False)
    """Modules asked for, and keys of the sections of the sample of modules.conf, in order."""
    findings: list[DataFault] = attrs.field(factory=list, init=False)
    """What is wrong, and what is risky."""
    has_pickup: bool = attrs.field(default=False, init=False)
    """Whether phones may take over each other's calls."""
    feature_path: str = attrs.field(default="", init=False)
    """Where the feature that contributes now is described, as `features.intercom`."""
    _contexts: dict[str, ContextPlan] = attrs.field(factory=dict, init=False)
    _globals: dict[str, tuple[str, str]] = attrs.field(factory=dict, init=False)
    _files: dict[str, FilePlan] = attrs.field(factory=dict, init=False)

    @property
    def faults(self) -> list[DataFault]:
        """The findings that keep this from being built."""
        return [one for one in self.findings if message_of(one).severity is Severity.ERROR]

    @property
    def feature_kinds(self) -> tuple[str, ...]:
        """The class names of all features."""
        return tuple(type(feature).__name__ for feature in self.features)

    def context(self, name: str, comment: str = "") -> ContextPlan:
        """Return the dialplan context of that name, made now if it is not there yet.

        `comment` stands above it, unless it has one; by default that of the sample.
        """
        context = self._contexts.setdefault(name, ContextPlan(name))
        context.path = self.feature_path
        if not context.comment:
            context.comment = (
                comment or sample("extensions.conf").sections.get(name, context).comment
            )
        return context

    def screen(self, step: str, comment: str = "") -> None:
        """Have every call from outside run a subroutine first, whatever number it is for."""
        self.screening.append((step, comment))

    def before_ringing(self, step: str, comment: str = "") -> None:
        """Have each call from outside run a step before the phones ring, after earlier ones.

        A subroutine (`Gosub(…)`) that returns lets the call go on; a `Goto` takes it over.
        """
        self.incoming.append((step, comment))

    def include(
        self, context: str, other: str, numbers: Iterable[str], *, what: str, comment: str = ""
    ) -> None:
        """Let a context search another one, which answers `numbers`; nobody else may take them.

        A context answers by itself before it searches others, so that even a weaker pattern of
        its own would swallow a number of the other one.
        """
        self.context(context).include(other, comment=comment)
        self.included += [(context, number, what) for number in numbers]

    def set_global(self, name: str, value: str, comment: str = "", *, path: str = "") -> None:
        """Give a global variable of the dialplan its value; two values are a fault.

        `comment` stands above it, by default that of the sample; `path` is where the value is
        described, by default the feature.
        """
        path = path or self.feature_path
        if self._globals.get(name, (value,))[0] != value:
            problem = f"global variable {name} is to be {self._globals[name][0]} and {value}"
            self.fault(problem, path)
        elif "${" in value or "$[" in value:
            self.fault(f"global variable {name} must not hold ${{ or $[: {value!r}", path)
        else:
            self._globals.setdefault(name, (value, comment))

    def file(self, name: str, comment: str = "", **words: Value) -> FilePlan:
        """Return the file of that name, made now if it is not there yet.

        `comment` stands at its head; by default that of the sample, with values for its words.
        """
        if name == "extensions.conf":
            raise ValueError("ask the plan for a context, not for extensions.conf")
        if name not in self._files:
            self._files[name] = FilePlan.begun(name, comment, **words)
        return self._files[name]

    def needs(self, *modules: str) -> None:
        """Ask for modules (`app_queue`), or for all that one thing needs (`queue`)."""
        self.modules += [module for module in modules if module not in self.modules]

    def fault(self, problem: str, path: str = "", *, kind: str = "") -> None:
        """Record why this cannot be built.

        `path` is where in the description, as `trunks[0].name`; `kind` that of
        `DataFault`.
        """
        finding = DataFault(path, problem, kind=kind)
        if finding not in self.findings:
            self.findings.append(finding)

    def warn(self, kind: str, path: str, **words: str) -> None:
        """Record something risky that is built all the same; `kind` as in `fault`."""
        self.fault(CODES[kind].message.format(**words), path, kind=kind)

    def record(self, sound: str, text: str, path: str) -> None:
        """Note a sound that is to be played; one of `custom/` has to be recorded, saying `text`."""
        if sound.startswith(("custom/", "/")):
            self.recordings.append((sound, text))
            self.warn("recording-needed", path, sound=sound, text=text)

    def queue(self, name: str = "", path: str = "") -> Queue:
        """Return the queue of that name, or the first; a missing one is a fault."""
        for queue in self.queues:
            if name in ("", queue.name):
                return queue
        self.fault(f"there is no queue {name!r}", path)
        return Queue(name or "none")

    def trunk(self, name: str = "", path: str = "") -> Trunk:
        """Return the trunk of that name, or the first; a missing one is a fault."""
        for trunk in self.trunks:
            if name in ("", trunk.name):
                return trunk
        self.fault(f"there is no trunk {name!r}" if name else "there is no trunk", path)
        return Trunk(name or "none")

    def box(self, address: str | None, path: str = "") -> str:
        """Return the address of a mailbox that exists; None asks for the first, '' is ''."""
        addresses = [box.address for box in self.mailboxes]
        if address is None and addresses:
            return addresses[0]
        if address and address not in addresses:
            self.fault(f"there is no mailbox {address!r}", path)
        return address or ""

    def numbers_here(self) -> NumberPlan | None:
        """Return how numbers are dialled where the owner is at home; None: that is a fault."""
        if not E164.match(self.owner.number):
            return None  # which is said already
        try:
            return number_plan(self.owner.number, self.area_code)
        except NumbersError as error:
            self.fault(str(error), "owner")
            return None

    def home_queue(self, name: str, path: str) -> str:
        """Put the name of a queue into the global variable HOME_QUEUE; empty: the first."""
        queue = self.queue(name, path).name
        self.set_global("HOME_QUEUE", queue)
        return queue

    def home_box(self, address: str) -> None:
        """Put the address of the shared mailbox into the global variable VOICEMAIL_BOX."""
        self.set_global("VOICEMAIL_BOX", address)

    def path_of(self, file: str, line: int) -> str:
        """Return where in the description a line of a built file comes from; empty: unknown."""
        plan = self._extensions_conf() if file == "extensions.conf" else self._files.get(file)
        rows = [row[1:] for row in plan.rows()] if plan else []
        section, planned = rows[line - 1] if line <= len(rows) else (None, None)
        if section is None or isinstance(section, ContextPlan):
            return planned.path if planned else ""
        option = planned.name if planned else ""
        table = TRUNK if section.path.startswith("trunks") else EXTENSION
        field = next((field for field, known in table.items() if known == option), "")
        return f"{section.path}.{field}".strip(".")

    def own_trunks(self) -> list[str]:
        """Return the trunks that some phones are told to use."""
        return list(dict.fromkeys(one.trunk for one in self.public if one.trunk and one.phones))

    def trunk_caller_id(self, trunk: str, condition: str) -> list[str]:
        """Return the step that sets the caller id of a trunk that has a number of its own.

        Phones with a number of their own keep theirs. Empty: the trunk has none.
        """
        found = [one for one in self.public if one.trunk == trunk and not one.phones]
        if not found:
            return []
        caller = self.caller_of(found[0])
        own = '$["${OWN_NUMBER}" = ""]' if not condition else condition[:-1]
        test = own if not condition else f'{own} & "${{OWN_NUMBER}}" = ""]'
        return [f"ExecIf({test}?Set(CALLERID(all)={caller}))"]

    def caller_of(self, number: PublicNumber) -> CallerID:
        """Return the caller id that a public number makes."""
        return CallerID(number.name or self.owner.name, number.number)

    def steps_to(self, target: str, seconds: int, path: str, *, greeting: str = "") -> list[str]:
        """Return the steps that lead a call to somebody; what is nobody is a fault.

        `target` is a phone's name or number, a queue, a mailbox (`6000@default`), `home` for all
        phones, `menu`, or a public number with `+`.
        """
        head = ["Answer(500)", f"Playback({greeting})"] if greeting else []
        phones = {e.name: e for e in self.extensions} | self.numbers()
        if target in phones:
            box = (phones[target].mailbox or "").partition(",")[0]
            if box:
                self.needs("voicemail")
            ring = f"Dial({ringing(phones[target])},{seconds})"
            return [*head, ring, *([f"VoiceMail({box},su)"] if box else []), "Hangup()"]
        if target == "home":
            return [*head, f"Goto({RING_CONTEXT},s,1)"]
        if target == "menu" and "Menu" in self.feature_kinds:
            return [*head, "Goto(menu,s,1)"]
        if target in [queue.name for queue in self.queues]:
            self.needs("queue")
            return [*head, f"Queue({target},nr,,,{seconds})", "Hangup()"]
        if target in [box.address for box in self.mailboxes]:
            self.needs("voicemail")
            return [*(head or ["Answer(500)"]), f"VoiceMail({target},su)", "Hangup()"]
        if E164.match(target) and "OutgoingCalls" in self.feature_kinds:
            return [*head, f"Goto(outgoing,{target},1)"]
        problem = "is neither an extension, a queue, a mailbox, home, menu nor a number with +"
        self.fault(f"{problem}: {target!r}", path)
        return ["Hangup()"]

    def numbers(self) -> dict[str, Extension]:
        """Return the extensions that have a number, by their number, in order."""
        found: dict[str, Extension] = {}
        for extension in self.extensions:
            if extension.number is not None:
                found.setdefault(extension.number, extension)
        return found

    def contexts(self) -> Iterator[ContextPlan]:
        """Yield the contexts asked for so far, in order."""
        yield from self._contexts.values()

    def built(self) -> list[BuiltFile]:
        """Return the files, extensions.conf among them."""
        files = [*self._files.values(), self._extensions_conf()]
        return [BuiltFile(file.name, file.text()) for file in files]

    def _extensions_conf(self) -> FilePlan:
        file = FilePlan.begun("extensions.conf")
        file.like("general")
        if self._globals:
            section = file.like("globals")
            known = {
                line.name: line.comment for line in sample(file.name).sections["globals"].planned
            }
            for name, (value, comment) in self._globals.items():
                section.set(name, value, comment or known.get(name, ""))
        file.sections += list(self._contexts.values())
        return file
