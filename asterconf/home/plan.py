"""The plan of a PBX: what its features want, collected before any file is written."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Protocol, runtime_checkable

import attrs

from asterconf.home.codes import CODES, BuildFault, Finding
from asterconf.home.numbers import NumberPlan, NumbersError, number_plan
from asterconf.home.settings import Network, Voicemail
from asterconf.home.text import ContextPlan, FilePlan, SectionPlan
from asterconf.model import CallerID, Extension, Mailbox, Queue, Trunk
from asterconf.model.checks import DataFault
from asterconf.shown import Shown

__all__ = ["BuiltFile", "Feature", "Plan"]

HOME_CONTEXT = "from-home"
PSTN_CONTEXT = "from-pstn"
RING_CONTEXT = "ring-house"
HOME = "Calls from the phones of the house."

_HEAD = """\
extensions.conf: what happens when a number is dialled.

A call starts in the context of the phone or provider it comes from, which pjsip_wizard.conf \
names. A name with a leading _ is a pattern: X is any digit from 0 to 9, Z from 1 to 9, N from \
2 to 9, ! is anything or nothing more."""


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
    private: bool = False


@attrs.define(eq=False)
class Plan:
    """What a build has to work with, and where features put what they need.

    The objects are complete: what an extension left unsaid, its phone has filled in.
    """

    owner: CallerID
    """Name and public number of the house."""
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

    emergency: tuple[str, ...] = attrs.field(default=(), init=False)
    """Emergency numbers that every phone must reach."""
    included: list[tuple[str, str, str]] = attrs.field(factory=list, init=False)
    """Numbers that an included context answers: the context that includes it, number, for whom."""
    subscribe_context: str = attrs.field(default="", init=False)
    """Context of the hints, known before any feature contributes; empty: phones watch nothing."""
    incoming: list[tuple[str, str]] = attrs.field(factory=list, init=False)
    """What is done with a call from outside before the house rings: step and comment."""
    modules: list[str] = attrs.field(factory=list, init=False)
    """Modules asked for, and keys of `asterconf.home.modules.NEEDS`, in order."""
    faults: list[DataFault] = attrs.field(factory=list, init=False)
    findings: list[Finding] = attrs.field(factory=list, init=False)
    _contexts: dict[str, ContextPlan] = attrs.field(factory=dict, init=False)
    _globals: dict[str, tuple[str, str]] = attrs.field(factory=dict, init=False)
    _files: dict[str, FilePlan] = attrs.field(factory=dict, init=False)

    @property
    def feature_kinds(self) -> tuple[str, ...]:
        """The class names of all features."""
        return tuple(type(feature).__name__ for feature in self.features)

    def context(self, name: str, comment: str = "") -> ContextPlan:
        """Return the dialplan context of that name, made now if it is not there yet."""
        if name not in self._contexts:
            self._contexts[name] = ContextPlan(name, comment)
        context = self._contexts[name]
        context.comment = context.comment or comment
        return context

    def before_ringing(self, step: str, comment: str = "") -> None:
        """Have a step run for each call from outside before the house rings, after earlier ones.

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

    def set_global(self, name: str, value: str, comment: str = "") -> None:
        """Give a global variable of the dialplan its value; two values are a fault."""
        if self._globals.get(name, (value,))[0] != value:
            self.fault(f"global variable {name} is to be {self._globals[name][0]} and {value}")
        elif "${" in value or "$[" in value:
            self.fault(f"global variable {name} must not hold ${{ or $[: {value!r}")
        else:
            self._globals.setdefault(name, (value, comment))

    def file(self, name: str, comment: str = "") -> FilePlan:
        """Return the file of that name, made now if it is not there yet."""
        if name == "extensions.conf":
            raise ValueError("ask the plan for a context, not for extensions.conf")
        if name not in self._files:
            self._files[name] = FilePlan(name, comment)
        return self._files[name]

    def needs(self, *modules: str) -> None:
        """Ask for modules (`app_queue`), or for all that one thing needs (`queue`)."""
        self.modules += [module for module in modules if module not in self.modules]

    def fault(self, problem: str, path: str = "", *, kind: str = "cannot-build") -> None:
        """Say why this cannot be built.

        `path` is where in the description, as `trunks[0].name`; `kind` a key of
        `asterconf.home.codes.CODES`.
        """
        self.faults.append(BuildFault(path, problem, kind=kind))

    def finding(self, kind: str, path: str, **words: str) -> None:
        """Say something about what is built all the same; `kind` as in `fault`."""
        self.findings.append(Finding(kind, path, CODES[kind].message.format(**words)))

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
        try:
            return number_plan(self.owner.number, self.area_code)
        except NumbersError as error:
            problem = BuildFault("owner", str(error))
            if problem not in self.faults:
                self.faults.append(problem)
            return None

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
        return [BuiltFile(file.name, file.text(), file.private) for file in files]

    def _extensions_conf(self) -> FilePlan:
        file = FilePlan("extensions.conf", _HEAD)
        general = file.section("general")
        general.set(
            "clearglobalvars", "yes", "A reload also forgets variables deleted from this file."
        )
        if self._globals:
            section = SectionPlan("globals", "What the rest of this file refers to as ${NAME}.")
            for name, (value, comment) in self._globals.items():
                section.set(name, value, comment)
            file.sections.append(section)
        file.sections += list(self._contexts.values())
        return file
