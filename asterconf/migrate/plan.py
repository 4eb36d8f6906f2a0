"""What a migration does: every construct with its outcome, and the texts that come of it.

A codemod reads a workspace in the version that the files were written for, and says of every
construct that it is about what becomes of it. Its edits go into a `Draft`: whole values of lines,
lines below others, lines that go, sections and files that come. All else stays byte for byte.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any, Literal

import attrs

from asterconf._lazy import LazyModule
from asterconf.editing.editor import Editor, EditResult
from asterconf.errors import EditError, StaleError
from asterconf.migrate.facts import facts
from asterconf.migrate.outcome import LineRef, Outcome
from asterconf.secrets import shown_data, shown_text
from asterconf.shown import Shown
from asterconf.source import Position, count, printable
from asterconf.syntax import Blank, Comment, Document, Line, Option, Section
from asterconf.syntax.diffs import unified
from asterconf.syntax.document import rewrite
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.editing import options
else:
    options = LazyModule("asterconf.editing.options")

__all__ = ["Codemod", "Construct", "Draft", "LineRef", "Migration", "Outcome", "Style"]

Style = Literal["primitives", "wizard"]
"""How objects of PJSIP are written: sections of pjsip.conf, or one of pjsip_wizard.conf."""

READ = (
    "extensions.conf", "features.conf", "queues.conf", "sip.conf", "users.conf", "pjsip.conf",
    "pjsip_wizard.conf", "confbridge.conf", "meetme.conf", "modules.conf", "followme.conf",
    "acl.conf", "ccss.conf",
)  # fmt: skip
"""The files that codemods read: if Asterisk refuses one of them, nothing is moved."""

_RANK = {"exact": 0, "changed": 1, "left": 2}


@attrs.frozen
class Construct(Shown):
    """Something that a codemod is about, and what becomes of it.

    Attributes:
        codemod: the codemod.
        place: where it stands.
        text: what stands there, secrets masked.
        outcome: `exact`, `changed` or `left`.
        why: which facts are equal; or how it differs; or why it stays.
        new: what it becomes, secrets masked; empty: it goes, or stays as it is.
    """

    codemod: str
    place: Position
    text: str
    outcome: Outcome
    why: str
    new: str = ""

    def __str__(self) -> str:
        becomes = f" -> {printable(self.new)}" if self.new else ""
        return (
            f"{self.place}: {self.codemod}: {self.outcome}: {printable(self.text)}{becomes}\n"
            f"  {self.why}"
        )

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, secrets masked."""
        place = {"file": self.place.file, "line": self.place.line, "column": self.place.column}
        texts = attrs.asdict(self, filter=lambda field, _: field.name != "place")
        return shown_data({**texts, **place})


@attrs.define(eq=False)
class Draft:
    """A copy of the documents of a workspace, and the edits that a codemod wants of them.

    Attributes:
        workspace: the copy; `name` is the codemod that is at work.
        written_for: the version that the files were written for; empty: nobody said.
        found: what was said of constructs.
    """

    workspace: Workspace
    written_for: tuple[int, ...] = ()
    name: str = ""
    found: list[Construct] = attrs.field(factory=list)
    _values: dict[LineRef, str] = attrs.field(factory=dict)
    _below: dict[LineRef, list[tuple[str, str]]] = attrs.field(factory=dict)
    _names: dict[LineRef, str] = attrs.field(factory=dict)
    _gone: set[LineRef] = attrs.field(factory=set)
    _texts: dict[str, list[str]] = attrs.field(factory=dict)

    @classmethod
    def of(cls, workspace: Workspace, written_for: tuple[int, ...] = ()) -> Draft:
        """Return a draft of a workspace as it stands; the workspace itself is not touched."""
        files = workspace.files
        copies = {name: Document(str(one), name=one.name) for name, one in files.documents.items()}
        made = attrs.evolve(files, documents=copies, originals=dict(files.originals), etc=None)
        return cls(Workspace(made, list(workspace.names)), written_for)

    def say(self, place: Position, text: str, outcome: Outcome, why: str, new: str = "") -> None:
        """Say what becomes of a construct."""
        texts = shown_text(text), shown_text(new)
        self.found.append(Construct(self.name, place, texts[0], outcome, why, texts[1]))

    def tell(
        self, ref: LineRef, node: Option, outcome: Outcome, why: str, new: str = "", text: str = ""
    ) -> None:
        """Say what becomes of a line; `text` is shown for it, by default its name and value."""
        place = Position(ref[0], node.line, node.value_column)
        self.say(place, text or f"{node.name}={node.value}", outcome, why, new)

    def put(self, ref: LineRef, value: str) -> None:
        """Let a line have another value."""
        self._values[ref] = value

    def value(self, ref: LineRef, node: Option) -> str:
        """Return the value that a line will have."""
        return self._values.get(ref, node.value)

    def rename(self, ref: LineRef, name: str, value: str) -> None:
        """Let a line have another name and value."""
        self._names[ref], self._values[ref] = name, value

    def below(self, ref: LineRef, *lines: tuple[str, str]) -> None:
        """Put lines, each a name and a value, below a line and what was put there before."""
        self._below.setdefault(ref, []).extend(lines)

    def drop(self, ref: LineRef) -> None:
        """Let a line go."""
        self._gone.add(ref)

    def append(self, file: str, section: str) -> None:
        """Put the text of a section, its header first, at the end of a file that may be new."""
        self._texts.setdefault(file, []).append(section)

    def make(self) -> None:
        """Make the edits in the copy.

        Raises:
            EditError: Asterisk would not read a line as it is meant.
        """
        editor = Editor(self.workspace)
        lines = options.LineEdits(editor, in_place=True)
        for ref in sorted({*self._values, *self._below, *self._gone}):
            for name, value in self._below.get(ref, ()):
                lines.add(name, value, into=editor.section_at(ref), after=ref)
            if ref in self._gone:
                lines.remove(ref)
            elif ref in self._values:
                lines.set(ref, self._values[ref], name=self._names.get(ref, ""))
        lines.make()
        for file, sections in self._texts.items():
            document = editor.document(self.workspace.spelled(file))
            if not len(document) and not str(document).strip():
                rewrite(document, "\n".join(sections))
                continue
            for text in sections:
                document.insert_section(text)
        for edits in (self._values, self._names, self._below, self._gone, self._texts):
            edits.clear()


@attrs.frozen
class Codemod:
    """One kind of change.

    Attributes:
        name: what it is called.
        line: what it does, in a line.
        judged: what showed that its exact outcomes are exact.
        run: reads the workspace of a draft, and puts constructs and edits into the draft.
        by_default: whether it is run when no codemod is named.
    """

    name: str
    line: str
    judged: str
    run: Callable[[Draft, Style], None]
    by_default: bool = True


def codemod(name: str, run: Callable[[Draft, Style], None]) -> Codemod:
    """Return a codemod that is described beside its facts."""
    return Codemod(name, facts(name)["line"], facts(name)["judged"], run)


@attrs.frozen(eq=False, repr=False)
class Migration(Shown):
    """What a migration comes to. Nothing has happened yet: `apply` does it.

    Attributes:
        codemods: the names of the codemods, in the order in which they were run.
        constructs: everything that they are about, in the order of files and lines.
        judged: for each codemod, what showed that its exact outcomes are exact.
    """

    codemods: tuple[str, ...]
    constructs: tuple[Construct, ...]
    judged: Mapping[str, str]
    _workspace: Workspace
    _versions: Mapping[str, int]
    _made: Mapping[str, Document]

    @property
    def edits(self) -> tuple[Construct, ...]:
        """The constructs that become something else."""
        return tuple(one for one in self.constructs if one.new)

    @property
    def notes(self) -> tuple[Construct, ...]:
        """The constructs that somebody should look at: those changed and left."""
        return tuple(one for one in self.constructs if one.outcome != "exact")

    def counts(self) -> Mapping[str, int]:
        """Return how many constructs have each outcome."""
        found = Counter(one.outcome for one in self.constructs)
        return {name: found[name] for name in _RANK}  # type: ignore[index]

    @property
    def files(self) -> tuple[str, ...]:
        """The names of the files that change or come."""
        return tuple(self._made)

    def diff(self, *, reveal: bool = False) -> str:
        """Return a unified diff of every file that changes, secrets masked.

        Args:
            reveal: show secrets; then the text is a patch that can be applied.
        """
        old = self._workspace.files.documents
        return "".join(
            unified(old.get(name), made, reveal=reveal) for name, made in self._made.items()
        )

    def apply(self) -> EditResult:
        """Make the edits in the configuration, all or none; `Config.save` writes them.

        Raises:
            StaleError: a file was edited since the plan was made.
            EditError: another program writes a file that would change; nothing changed.
        """
        self._workspace.settle()
        editor, documents = Editor(self._workspace), self._workspace.files.documents
        if any(documents[n].version != v for n, v in self._versions.items() if n in documents):
            raise StaleError("a file was edited since the plan was made: plan the migration again")
        with editor.attempt():
            for name, made in self._made.items():
                rewrite(editor.document(name), str(made))
        notes = tuple(f"{one.place}: {one.outcome}: {one.why}" for one in self.notes)
        action: Literal["updated", "unchanged"] = "updated" if self._made else "unchanged"
        return EditResult(action, self, self.files, notes)

    def __repr__(self) -> str:
        counts = ", ".join(f"{number} {name}" for name, number in self.counts().items())
        return f"<Migration {', '.join(self.codemods)}: {counts}; {count(len(self), 'file')}>"

    def __len__(self) -> int:
        return len(self._made)

    def __str__(self) -> str:
        return "\n".join(map(str, self.constructs))

    def to_records(self) -> list[dict[str, Any]]:
        """Return the constructs as plain dicts, for a table."""
        return [one.to_dict() for one in self.constructs]

    def to_dict(self) -> dict[str, Any]:
        """Return the plan as plain values, as `asterconf migrate --json` prints it."""
        return {
            "format": "asterconf-migration-1",
            "codemods": list(self.codemods),
            "judged": dict(self.judged),
            "counts": dict(self.counts()),
            "files": list(self.files),
            "constructs": self.to_records(),
        }


def plan(
    workspace: Workspace, codemods: Iterable[Codemod], style: Style,
    finish: Callable[[Draft], None] = lambda _: None, written_for: tuple[int, ...] = (),
) -> Migration:  # fmt: skip
    """Return the migration of some codemods, each run on what those before it left.

    `finish` is called with the draft at the end; `written_for` is the version that the files were
    written for, if somebody said so.

    Raises:
        EditError: Asterisk refuses a file in the version that reads them; the message says why.
    """
    readings = [one for one in map(workspace.resolve, READ) if one is not None]
    if refused := [one.caveat for one in readings if not one.valid]:
        raise EditError("; ".join(refused), workspace.diagnostics)
    chosen = tuple(codemods)
    versions = {name: one.version for name, one in workspace.files.documents.items()}
    draft = Draft.of(workspace, written_for)
    for one in chosen:
        draft.name = one.name
        one.run(draft, style)
        draft.make()
    finish(draft)
    judged = {one.name: one.judged for one in chosen}
    constructs = tuple(sorted(dict.fromkeys(draft.found), key=_order))
    documents = draft.workspace.files.documents
    made = {n: one for n, one in documents.items() if _changes(workspace, draft.workspace, n)}
    made = {n: one for n, one in made.items() if n in versions or str(one)}
    return Migration(tuple(judged), constructs, judged, workspace, versions, made)


def _changes(old: Workspace, new: Workspace, name: str) -> bool:
    """Tell whether a document changes or comes: one that was only read did not."""
    before, one = old.files.documents.get(name), new.files.documents[name]
    same = before is not None and str(before) == str(one)
    return not same and new.files.originals.get(name) != bytes(one)


def _order(one: Construct) -> tuple[str, int, int, int]:
    return one.place.file, one.place.line, one.place.column, _RANK[one.outcome]


def files_of(workspace: Workspace, name: str) -> Iterator[str]:
    """Yield the documents of a file, and of all that it includes."""
    reading = workspace.resolve(name)
    found = dict.fromkeys(file for file, _ in reading.files) if reading is not None else {}
    yield from (file for file in found if file in workspace.files.documents)


def lines_of(workspace: Workspace, file: str) -> Iterator[tuple[LineRef, Section, Line]]:
    """Yield every line of a file and of all it includes that says something, with its section."""
    for name in files_of(workspace, file):
        for part in workspace.files.documents[name].parts:
            for node in part.nodes:
                if not isinstance(node, Blank | Comment):
                    yield (name, node.line), part, node


def options_of(workspace: Workspace, file: str) -> Iterator[tuple[LineRef, Section, Option]]:
    """Yield every option of a file and of all it includes, with place and section."""
    for ref, section, node in lines_of(workspace, file):
        if isinstance(node, Option):
            yield ref, section, node
