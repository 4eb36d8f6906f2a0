"""`Views`: what the files of a workspace mean, every view worked out when it is asked for."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar, overload

import attrs

from asterconf import schema, shown
from asterconf._lazy import LazyModule
from asterconf.bind.chan_sip import ChanSip
from asterconf.bind.pjsip import EndpointRecord
from asterconf.bind.sections import read_objects
from asterconf.diagnostic import Diagnostic, place
from asterconf.dialplan.lookup import Dialplan, Landing, Match
from asterconf.dialplan.values import DialplanContext
from asterconf.errors import NotFoundError
from asterconf.model import ConfigObject, Extension, Mailbox, Queue, Transport, Trunk
from asterconf.model.configobject import SchemaObject
from asterconf.objects import Objects
from asterconf.progress import Report
from asterconf.resolve import Effective, Files
from asterconf.resolve.bound import Bound
from asterconf.resolve.sources import FileSource
from asterconf.shown import Shown
from asterconf.source import Position, fold, printable
from asterconf.syntax import Document
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf import ask, calls, graph, linter, upgrade
    from asterconf import explain as explaining
    from asterconf.editing import editor, verbs
    from asterconf.editing.dialplan import context as contexts
    from asterconf.linter import checking
    from asterconf.references import index
else:
    ask = LazyModule("asterconf.ask")
    calls = LazyModule("asterconf.calls")
    checking = LazyModule("asterconf.linter.checking")
    contexts = LazyModule("asterconf.editing.dialplan.context")
    editor = LazyModule("asterconf.editing.editor")
    explaining = LazyModule("asterconf.explain")
    graph = LazyModule("asterconf.graph")
    index = LazyModule("asterconf.references.index")
    linter = LazyModule("asterconf.linter")
    upgrade = LazyModule("asterconf.upgrade")
    verbs = LazyModule("asterconf.editing.verbs")

T = TypeVar("T")
S = TypeVar("S", bound=SchemaObject)


class LiveDialplan(Dialplan):
    """A dialplan as its files say it now, which can be edited in them.

    It equals the plain value. After an edit, ask the configuration again.
    """

    __slots__ = ("_workspace", "complete")

    _workspace: Workspace
    complete: Dialplan
    """The whole dialplan that Asterisk holds: also what modules make of other files."""

    @classmethod
    def of(cls, workspace: Workspace) -> LiveDialplan:
        """Make a live dialplan of what extensions.conf says now."""
        loaded = workspace.dialplan
        value = loaded.dialplan
        made = cls(
            value.contexts,
            value.globals,
            value.general,
            caveat=value.caveat,
            elsewhere=value.elsewhere,
        )
        object.__setattr__(made, "_workspace", workspace)
        object.__setattr__(made, "complete", workspace.complete_plan)
        place(made, loaded.places)
        return made

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Dialplan) and (
            (self.contexts, self.globals, self.general)
            == (other.contexts, other.globals, other.general)
        )

    __hash__ = Dialplan.__hash__

    @property
    def references(self) -> index.References:
        """Every place of the configuration that names something; see `Config.references`."""
        return self._workspace.references

    def match(self, *args: Any, **options: Any) -> Match:  # noqa: ANN401 - as in Dialplan
        """Return the extension and step that a call runs: see `Dialplan.match`.

        Extensions that modules make of res_parking.conf and users.conf count, too.
        """
        return self.complete.match(*args, **options)

    def match_more(self, *args: Any, **options: Any) -> bool:  # noqa: ANN401 - as in Dialplan
        """Return whether Asterisk waits for more digits: see `Dialplan.match_more`."""
        return self.complete.match_more(*args, **options)

    def landing(self, *args: Any, **options: Any) -> Landing:  # noqa: ANN401 - as in Dialplan
        """Return the first step that a jump leads to: see `Dialplan.landing`."""
        return self.complete.landing(*args, **options)

    def __getitem__(self, name: str) -> DialplanContext:
        """Return the context of exactly that name, as the files say it.

        Raises:
            NotFoundError: there is none; the message says if a module makes it.
        """
        made = self.complete[name]
        if name in self:
            return super().__getitem__(name)
        by = sorted({one.made_by.partition("/")[0] for one in made}) or ["a module"]
        who = " and ".join(by)
        raise NotFoundError(f"context {name!r} is made by {who}, and by no line: see complete")

    def edit(self, context: str) -> contexts.ContextEdit:
        """Begin an edit of a context, for a `with` at whose end its lines change.

        Raises:
            NotFoundError: there is no such context.
        """
        return contexts.ContextEdit(self._workspace, context)

    def move(self, key: str, context: str, *, to: str) -> editor.EditResult:
        """Move an extension to another context, with the comments that touch its lines from above.

        Args:
            key: the extension, with `/` and the caller-id condition if any.
            context: where it is now.
            to: the context behind whose last line it goes.

        Raises:
            NotFoundError: there is no such context or extension.
            EditError: it is there already, or something else would be loaded otherwise; nothing
                changed.
        """
        self._workspace.settle()
        return verbs.move(editor.Editor(self._workspace), key, context, to)

    def add(self, context: DialplanContext) -> None:
        """Add a context as a new section at the end of extensions.conf, which may be a new file.

        Raises:
            EditError: the context is there already, or no text says it.
        """
        self._workspace.settle()
        contexts.add_context(editor.Editor(self._workspace), context)


class Views(Shown):
    """The files of a configuration as live documents, and what they mean.

    Every view is worked out when asked for and kept until one of its documents is edited.
    """

    def __init__(self, files: Files, names: Iterable[str]) -> None:
        self._workspace = Workspace(files, list(names))

    @property
    def workspace(self) -> Workspace:
        """The files and every view of them; edits that are waiting are made first."""
        self._workspace.settle()
        return self._workspace

    def __dir__(self) -> list[str]:
        """List what a user may call; `workspace` is for the other modules of this library."""
        names = (name for name in super().__dir__() if name != "workspace")
        return [name for name in names if name.startswith("__") or not name.startswith("_")]

    @property
    def asterisk(self) -> str:
        """The version of Asterisk that reads the files, as it was asked for."""
        return self.workspace.schema.asterisk

    def with_asterisk(self, asterisk: str) -> Self:
        """Return the same live documents as another version of Asterisk reads them.

        Raises:
            LoadError: that version is not known; the message names the nearest one that is.
        """
        return self._read_by(self.workspace.schema.in_version(asterisk))

    def _read_by(self, known: schema.Schema) -> Self:
        work = self.workspace
        return type(self)(attrs.evolve(work.files, schema=known, etc=None), work.names)

    def __repr__(self) -> str:
        where = f" {printable(str(self.root))}" if self.root else ""
        return f"<{type(self).__name__}{where}: {len(self.workspace.names)} files>"

    # -- text ---------------------------------------------------------------------------------

    @property
    def root(self) -> Path | None:
        """The configuration directory; `None` for one that was built and not saved."""
        return self.workspace.files.root

    @property
    def is_folder(self) -> bool:
        """Whether it was loaded for a configuration directory, and not for one file."""
        return not self.workspace.files.alone

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files, those included so far behind the others."""
        return tuple(dict.fromkeys([*self.workspace.names, *self.workspace.files.documents]))

    def __getitem__(self, name: str) -> Document:
        document = self.workspace.files.get(self.workspace.spelled(name))
        if not isinstance(document, Document):
            raise NotFoundError(f"there is no file {printable(name)!r} in this configuration")
        return document

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and self.workspace.has(name)

    def __iter__(self) -> Iterator[str]:
        return iter(self.files)

    def __len__(self) -> int:
        return len(self.files)

    def _ipython_key_completions_(self) -> list[str]:
        return list(self.files)

    # -- meaning ------------------------------------------------------------------------------

    def effective(self, name: str) -> Effective:
        """Return what Asterisk holds after reading a file and all it includes.

        Raises:
            NotFoundError: there is no such file.
        """
        found = self.workspace.resolve(name)
        if found is None:
            raise NotFoundError(f"there is no file {printable(name)!r} in this configuration")
        return found

    @property
    def refused(self) -> tuple[str, ...]:
        """Which files Asterisk refuses as a whole, and why: a sentence each."""
        return self.workspace.caveats()

    def _of_drivers(
        self, what: str, pjsip: Mapping[str, Bound[T]], others: Mapping[str, Bound[T]]
    ) -> Objects[T]:
        """Return the objects of PJSIP, and behind them those of other channel drivers."""
        return _objects(what, pjsip, others, caveat=self._caveat("pjsip_wizard.conf", "pjsip.conf"))

    def _caveat(self, *files: str) -> str:
        return "; ".join(self.workspace.caveats(*files))

    # -- objects ------------------------------------------------------------------------------

    @property
    def dialplan(self) -> LiveDialplan:
        """The dialplan of extensions.conf: contexts by name, globals; `edit` changes its files."""
        work = self.workspace
        return work.view(
            "live", (work.dialplan, work.complete_plan), lambda: LiveDialplan.of(self.workspace)
        )

    @property
    def endpoints(self) -> Objects[EndpointRecord]:
        """Every endpoint of PJSIP, chan_sip and chan_iax2, with what it is to the house and why."""
        work = self.workspace
        return self._of_drivers("endpoint", work.pjsip.endpoints, work.peers.endpoints)

    @property
    def extensions(self) -> Objects[Extension]:
        """The phones of the house, by endpoint name.

        Those of sip.conf are here, too: `technology` says which driver has a phone, and `in_force`
        whether Asterisk 22 does. Where several have a name, it is the one in force: see `all`.
        """
        work = self.workspace
        return self._of_drivers("extension", work.pjsip.extensions, work.peers.extensions)

    @property
    def trunks(self) -> Objects[Trunk]:
        """The ways out, by endpoint name."""
        work = self.workspace
        return self._of_drivers("trunk", work.pjsip.trunks, work.peers.trunks)

    @property
    def chan_sip(self) -> ChanSip:
        """What chan_sip, which Asterisk 21 and later do not have, makes of sip.conf.

        Its peers with every value in force, registrations and domains.
        """
        return self.workspace.chan_sip

    @property
    def transports(self) -> Objects[Transport]:
        """The PJSIP transports, by name."""
        return _objects(
            "transport",
            self.workspace.pjsip.transports,
            caveat=self._caveat("pjsip_wizard.conf", "pjsip.conf"),
        )

    @property
    def queues(self) -> Objects[Queue]:
        """The queues of queues.conf, by name."""
        return _objects("queue", self.workspace.queues.objects, caveat=self._caveat("queues.conf"))

    @property
    def mailboxes(self) -> Objects[Mailbox]:
        """The mailboxes of voicemail.conf and users.conf, by address such as `6000@default`."""
        work = self.workspace
        caveat = self._caveat("voicemail.conf")
        return _objects("mailbox", work.mailboxes.objects, work.user_boxes, caveat=caveat)

    @overload
    def objects(self, file: type[S]) -> Objects[S]: ...
    @overload
    def objects(self, file: str, kind: str) -> Objects[ConfigObject]: ...
    def objects(self, file: str | type[Any], kind: str = "") -> Objects[Any]:
        """Return the sections of one kind by name: any kind that Asterisk documents.

        The accounts of manager.conf are also those that users.conf makes, with what Asterisk lays
        over each other; these are only read.

        Args:
            file: the file, such as `pjsip.conf`; or a typed class such as `pjsip.Transport`, of
                which the objects are then.
            kind: what the schema calls such sections, such as `transport`.

        Raises:
            NotFoundError: the schema knows no such file or kind of section.
        """
        name, kind = (file, kind) if isinstance(file, str) else (file.file, file.kind)
        facts = self.workspace.schema.file(name)
        if facts is None or kind not in facts.objects:
            kinds = f"; there are {', '.join(facts.objects)}" if facts else ""
            raise NotFoundError(f"nothing is known of {kind!r} in {printable(name)}{kinds}")
        source = self.workspace.resolve(schema.base_name(name))
        found = self.workspace.view(f"{name}#{kind}", (source,), lambda: read_objects(source, kind))
        if (name, kind) == ("manager.conf", "user"):
            accounts = self.workspace.user_accounts
            both = {fold(one) for one in accounts}
            found = {n: one for n, one in found.items() if fold(n) not in both} | {**accounts}
        if isinstance(file, str):
            return _objects(kind, found, caveat=self._caveat(name))
        made = {n: file.from_object(bound.obj) for n, bound in found.items()}
        if name == "queues.conf" and kind == "queue":
            made = {n: queue for n, queue in self.queues.items() if n in made}
        return Objects(kind, made, caveat=self._caveat(name))

    def upgrade_report(self, to: str) -> upgrade.Upgrade:
        """Return every line that another version of Asterisk reads otherwise, or not at all.

        It is worked out by reading the same files as both versions read them.

        Args:
            to: the other version, such as `"23"`; it may be an older one.

        Raises:
            LoadError: that version is not known; the message names the nearest one that is.
        """
        return upgrade.upgrade(self.workspace, self.with_asterisk(to).workspace)

    def check(
        self,
        *,
        select: Iterable[str] = (),
        extend_select: Iterable[str] = (),
        ignore: Iterable[str] = (),
        preview: bool = False,
        settings: bool = True,
        host_files: bool | None = None,
        sounds: str | PathLike[str] | None = None,
        progress: Report | None = None,
    ) -> linter.Diagnostics:
        """Return everything that is wrong with this configuration, file by file.

        An error is what Asterisk refuses or drops, a warning what works but not as written, and
        advice what works but will hurt. Info is what was not judged, such as a file that no module
        reads: it is one finding, and nothing is wrong with it.

        What to look for is said by codes, such as `AC409`, their beginnings, such as `AC4`, and
        families, such as `pjsip`. The more exact word decides.

        Args:
            select: what to look for; by default what the settings say, else all stable rules.
            extend_select: what to look for besides.
            ignore: what to leave out; a word that stands for no rule is a finding, AC091.
            preview: whether rules are used whose precision has not been shown.
            settings: whether `.asterconf.toml` or `pyproject.toml` and comments such as
                `; asterconf: ignore AC409` count, as they do for the command.
            host_files: whether files that Asterisk must be able to read, such as certificates,
                are looked for on this machine; `None`: they are if these are the files of its
                own Asterisk, in /etc/asterisk.
            sounds: the folder of Asterisk's sounds, such as /usr/share/asterisk/sounds, in which
                those that the dialplan plays are looked for; `None`: nowhere.
            progress: called for each of `names` when it is read, and again when it is checked.

        Raises:
            LoadError: a settings file cannot be read.
            ValueError: a word of `select` or `extend_select` stands for no rule.
        """
        return checking.check(
            self.workspace, settings=settings, host_files=host_files, progress=progress,
            sounds=None if sounds is None else Path(sounds),
            asked=checking.Selection(
                tuple(select), tuple(extend_select), tuple(ignore), preview=preview
            ),
        )  # fmt: skip

    @property
    def ask(self) -> ask.Questions:
        """The questions about all calls at once: see `asterconf.ask`."""
        return ask.Questions(self.workspace)

    def explain(self, file: str, line: int) -> explaining.LineExplanation:
        """Return what one line means: who reads it, what counts, what it has to do with.

        Args:
            file: the name of the file, such as `pjsip.conf`.
            line: the number of the line, from 1.

        Raises:
            NotFoundError: there is no such file, or no such line in it.
        """
        found = self.check(host_files=False)
        return explaining.explain(self.workspace, file, line, found)

    def call(
        self,
        number: str,
        *,
        entry: str,
        callerid: str | None = None,
        at: datetime | None = None,
        world: calls.World | None = None,
        variables: Mapping[str, str] | None = None,
        digits: str | None = None,
    ) -> calls.Call:
        """Return the steps that Asterisk would run for a dialed number, and how the call ends.

        Nothing is run but the dialplan: no shell command, no AGI script, no query.

        Args:
            number: what is dialed; at most 79 bytes of it count.
            entry: where the call comes in: an endpoint's name, or `context:NAME`.
            callerid: the caller id, such as `Ann <6001>`; by default that of the endpoint.
            at: when; by default the clock of `world`, else now.
            world: what the call meets outside of the dialplan: who answers, what the database
                holds. What it does not say and Asterisk would need ends the call as `Stopped`.
            variables: values of channel variables at the start.
            digits: what the caller keys, as `World.digits`.

        Raises:
            NotFoundError: there is no such endpoint or context.
            LoadError: Asterisk refuses extensions.conf, or it is not there.
            ValueError: the number holds a line end or NUL.
        """
        return calls.make_call(
            self.workspace, number, entry=entry, callerid=callerid, at=at, world=world,
            variables=variables, digits=digits,
        )  # fmt: skip

    def where(self, obj: object, field: str = "") -> Position | None:
        """Return where an object's field is written; without a field, where the object begins.

        Of a match it is the line of its step. Equal steps are one object, which has no place of
        its own: ask for `steps[0]` of their extension.

        `None`: no line sets the field, it has its default.

        Raises:
            NotFoundError: the object is not one of this configuration.
        """
        pjsip = self.workspace.pjsip
        groups: tuple[Mapping[str, Bound[object]], ...] = (
            self.workspace.queues.objects,
            self.workspace.mailboxes.objects,
            pjsip.extensions,
            pjsip.trunks,
            pjsip.transports,
            pjsip.endpoints,
            self.workspace.user_boxes,
            self.workspace.peers.extensions,
            self.workspace.peers.trunks,
            self.workspace.peers.endpoints,
        )
        for group in groups:
            for bound in group.values():
                if bound.obj == obj:
                    return bound.where(field)
        with suppress(KeyError):
            return self.workspace.dialplan.where(obj, field)
        found = self._section_of(obj)
        if found is not None:
            return found.where(field)
        raise NotFoundError(f"{type(obj).__name__} is not in this configuration as it stands now")

    def _section_of(self, obj: object) -> Bound[ConfigObject] | None:
        """Return the section of an object that is one; `None`: it is none, or is not here."""
        generic = obj.to_object() if isinstance(obj, SchemaObject) else obj
        if not isinstance(generic, ConfigObject):
            return None
        read = read_objects(self.workspace.resolve(generic.file), generic.kind)
        for found in (read.get(generic.name), self.workspace.user_accounts.get(generic.name)):
            if found is not None and found.obj == generic:
                return found
        return None

    @property
    def diagnostics(self) -> tuple[Diagnostic, ...]:
        """What reading the files of this directory found odd, each file with its includes."""
        return self.workspace.diagnostics

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the files that this configuration was loaded for, without those included."""
        return tuple(self.workspace.names)

    @property
    def object_diagnostics(self) -> tuple[Diagnostic, ...]:
        """What making the dialplan and the objects found odd."""
        return self.workspace.object_diagnostics

    @property
    def sources(self) -> Objects[FileSource]:
        """Who reads each file, by its name: a module, another file, nobody, or it is not known."""
        return Objects("file", self.workspace.sources)

    @property
    def references(self) -> index.References:
        """Every place that names something: who refers to whom, what is missing or unused."""
        return self.workspace.references

    def map(self, *, limit: int | None = 24) -> graph.Graph:
        """Return the picture of phones, trunks, queues, mailboxes, and what refers to what.

        Args:
            limit: how many boxes it may have; what is more is drawn together, with counts.
                `None`: everything is drawn.
        """
        drawn: graph.Graph = shown.display().draw_map(self, limit=limit)
        return drawn


def _objects(
    what: str,
    bound: Mapping[str, Bound[T]],
    more: Mapping[str, Bound[T]] = {},
    *,
    caveat: str = "",
) -> Objects[T]:
    objects = ({name: one.obj for name, one in m.items()} for m in (bound, more))
    return Objects(what, *objects, caveat=caveat)
