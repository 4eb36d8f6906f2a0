"""`asterconf get`, `set`, `add`, `rename` and the like: a configuration edited from the shell.

Each command makes its edit in a `Session`: alone it loads the folder, makes the edit and writes
it; a line of `asterconf edit` joins the session of all lines, which is written once.
"""

from __future__ import annotations

import functools
import shlex
import sys
import types
import typing
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Union

import attrs
import click

from asterconf import model, wire
from asterconf.bind.writing import Style
from asterconf.cli._common import PATH, Reading, flag, folder_options, json_flag, print_json
from asterconf.config import Config, load
from asterconf.differ.objects import ComparedConfig
from asterconf.differ.printing import effects
from asterconf.differ.result import between
from asterconf.editing.editor import EditResult
from asterconf.errors import AmbiguousKeyError, AsterconfError, EditError, LoadError, NotFoundError
from asterconf.references.values import Name
from asterconf.secrets import shown_text
from asterconf.source import Severity, meant, printable

COMMANDS: dict[str, click.Command] = {}
"""The commands by name."""

Body = Callable[..., EditResult]


@attrs.frozen
class Frame:
    """What every command that writes is told."""

    directory: Path
    reading: Reading = attrs.field(factory=Reading)
    how: str | None = None
    out: Path | None = None
    edit_generated: bool = False
    reveal: bool = False
    yes: bool = False
    backup: bool = False


@attrs.define
class Session:
    """A configuration and what was done to it.

    Attributes:
        frame: what the command was told.
        conf: the configuration, edited in memory.
        before: what Asterisk read of it before the first edit; `None`: nobody asks.
        known: what was wrong with it then, by code and message.
        results: what each edit did.
    """

    frame: Frame
    conf: Config = attrs.field(init=False)
    before: ComparedConfig | None = None
    known: Collection[tuple[str, str]] = ()
    results: list[EditResult] = attrs.field(factory=list)

    def __attrs_post_init__(self) -> None:
        frame = self.frame
        self.conf = frame.reading.load(
            frame.directory, may_be_empty=True, edit_generated=frame.edit_generated
        )
        if self.frame.how != "diff" and self.frame.out is None:
            self.before = ComparedConfig.of(self.conf.workspace)
            self.known = {(one.code, one.message) for one in self.conf.check(host_files=False)}

    def finish(self) -> None:
        """Write what was edited, or show it; say what changed and what makes it take effect."""
        how, out, backup = self.frame.how, self.frame.out, self.frame.backup
        if how == "diff":
            text = self.conf.changes(reveal=self.frame.reveal)
            is_patch = self.frame.reveal and not sys.stdout.isatty()
            click.echo(text if is_patch else printable(text), nl=False)
            click.get_current_context().exit(int(bool(self.conf.changed)))
        notes = [note for one in self.results if one.action == "removed" for note in one.notes[1:]]
        if notes and not self.frame.yes:
            _ask(notes)
        if out is not None:
            self.conf.plan().write(out)
            click.echo(printable(f"{out}: {_files(len(self.conf.changed))} to write"))
            return
        assert self.before is not None
        found = between(self.before, ComparedConfig.of(self.conf.workspace))
        impact = list(effects(found))
        warnings = list(self._warnings())
        changed = list(self.conf.changed)
        self.conf.save(backup=backup)
        if how == "json":
            edits = [{"action": one.action, "notes": list(one.notes)} for one in self.results]
            data = {"format": 1, "edits": edits, "files": changed, "effects": impact,
                    "findings": [str(one) for one in warnings]}  # fmt: skip
            print_json(data)
            return
        lines = [_said(one) for one in self.results]
        if not changed:
            lines.append("nothing to write: the files say so already")
        elif lines:
            same = (
                [] if not found.is_empty or found.unknown else ["Asterisk reads the same as before"]
            )
            lines[-1] = "; ".join([lines[-1], *(_lower(one) for one in (*impact, *same))])
        for line in lines:
            click.echo(printable(line))
        for note in (note for one in self.results for note in one.notes[1:]):
            click.echo(printable(f"  {note}"))
        for warning in warnings:
            click.echo(str(warning), err=True)

    def _warnings(self) -> Iterator[object]:
        """Yield the errors and warnings that the edits caused."""
        found = self.conf.check(host_files=False) if self.conf.changed else ()
        now = {(one.code, one.message): one for one in found}
        for key, one in now.items():
            if key not in self.known and one.severity in {Severity.ERROR, Severity.WARNING}:
                yield one


def _files(count: int) -> str:
    return f"{count} file{'s' * (count != 1)}"


def _said(result: EditResult) -> str:
    return result.notes[0] if result.notes else repr(result)[1:-1]


def _lower(text: str) -> str:
    return text if text.startswith("Asterisk") else text[:1].lower() + text[1:]


def _ask(notes: Sequence[str]) -> None:
    """Go on if somebody says so; exits with 1 if the answer is no.

    Raises:
        AsterconfError: nobody can be asked.
    """
    for note in notes:
        click.echo(printable(note), err=True)
    if not sys.stdin.isatty():
        raise AsterconfError(
            "these places would name something that is gone; nothing was written. "
            "Say --yes to remove it all the same"
        )
    if not click.confirm("Remove it all the same?", err=True):
        click.get_current_context().exit(1)


# -- the frame of a command ------------------------------------------------------------------------


def _edit(name: str, group: dict[str, click.Command]) -> Callable[[Body], Body]:
    """Make a command of a function that edits a configuration."""

    def make(body: Body) -> Body:
        """Put the command of a function into the group."""

        @functools.wraps(body)
        def run(**arguments: Any) -> None:  # noqa: ANN401
            """Run one edit, in the session that it is part of or in one of its own."""
            frame = Frame(**{one.name: arguments.pop(one.name) for one in attrs.fields(Frame)})
            joined = click.get_current_context().obj
            if isinstance(joined, Session) and frame != Frame(joined.frame.directory):
                raise click.UsageError("options of all edits go behind `asterconf edit`")
            session = joined if isinstance(joined, Session) else Session(frame)
            session.results.append(body(session.conf, **arguments))
            if session is not joined:
                session.finish()

        group[name] = click.command(name)(_framed(run))
        return body

    return make


def _framed(function: Callable[..., Any]) -> Callable[..., Any]:
    """Add the argument DIR, and the options of every command that writes."""
    for option in (
        folder_options,
        flag("--edit-generated", "Edit what another program writes, too."),
        flag("--backup", "Keep each old file beside the new one."),
        flag("-y", "--yes", "Answer yes if there is a question."),
        flag("--reveal", "Show secrets in --diff."),
        click.option("--out", type=PATH, metavar="PLAN",
                     help="Write the edit to a file for `asterconf apply`, and nothing else."),
        click.option("--json", "how", flag_value="json", help="Print JSON."),
        click.option("--diff", "how", flag_value="diff",
                     help="Show what would change, and write nothing; exit code 1: it would."),
        click.argument("directory", type=PATH, metavar="DIR"),
    ):  # fmt: skip
        function = option(function)
    return function


def _pairs(settings: Iterable[str]) -> list[tuple[str, str]]:
    """Return OPTION=VALUE arguments as pairs.

    Raises:
        click.UsageError: one has no `=`.
    """
    found = [text.partition("=") for text in settings]
    for name, equals, _ in found:
        if not equals or not name.strip():
            raise click.UsageError(f"{name!r} is not NAME=VALUE")
    return [(name.strip(), value) for name, _, value in found]


def _completed(what: str) -> Callable[[click.Context, click.Parameter, str], list[str]]:
    """Return the completion of an argument by what stands in the folder that precedes it."""

    def complete(ctx: click.Context, _: click.Parameter, begun: str) -> list[str]:
        said = ctx.params
        try:
            conf = load(said["directory"])
            names = [name for name in _candidates(conf, what, said) if name.startswith(begun)]
        except (AsterconfError, KeyError, TypeError):  # nothing to complete from
            return []
        return [*dict.fromkeys(names)]

    return complete


def _candidates(conf: Config, what: str, said: Mapping[str, Any]) -> Iterator[str]:
    """Yield the files, the sections of a file, or the options of a section that there are."""
    if what == "file":
        yield from conf.files
    elif what == "name":
        yield from (one.name for one in conf.references.names())
    elif what in _VIEWS.values():
        yield from getattr(conf, what)
    else:
        reading = conf.effective(said["file"])
        sections = [one for one in reading.sections if what == "section"
                    or one.name == said["section"].partition("#")[0]]  # fmt: skip
        for one in sections:
            if what == "section":
                yield one.name
            else:
                yield from (item.name for item in one)
                yield from one.kind.options if one.kind else ()


def _argument(name: str, what: str = "", **settings: Any) -> Callable[[Any], Any]:  # noqa: ANN401
    """Add an argument that a shell completes."""
    return click.argument(name, shell_complete=_completed(what or name), **settings)


# -- options and sections --------------------------------------------------------------------------


@click.command("get")
@click.argument("directory", type=PATH, metavar="DIR")
@_argument("file")
@_argument("section")
@_argument("option")
@flag("--all", "every", "Print every value, a line each.")
@flag("--origin", "Print file:line:column before each value.")
@click.option("--default", metavar="VALUE", help="Print this if the option is not set.")
@flag("--reveal", "Print a secret, not stars.")
@json_flag()
@folder_options
def _get(
    directory: Path, file: str, section: str, option: str, default: str | None, reading: Reading,
    *, every: bool, origin: bool, reveal: bool, as_json: bool,
) -> None:  # fmt: skip
    """Print the value that Asterisk holds for OPTION in SECTION of FILE, and nothing else.

    A repeated section is NAME#2. Exit code 1: there is none, and no --default.
    """
    conf = reading.load(directory)
    try:
        place = conf.option(file, section, option)
        items = place.items if every or not place.items else (place.section.option(option).chosen,)
        if not items:
            raise place.missing()
    except NotFoundError:
        if default is None:
            raise
        items = ()
    secret = not reveal and any(place.shown(item.value) != item.value for item in items)
    rows = [(str(i.origin), i.value if reveal else place.shown(i.value)) for i in items]
    if not rows and default is not None:
        rows = [("default", default)]
    if as_json:
        values = [{"value": value, "origin": at} for at, value in rows]
        print_json({"format": 1, "values": values, "masked": secret}, reveal=reveal)
    else:
        shown = printable if sys.stdout.isatty() else str
        for at, value in rows:
            click.echo(f"{printable(at)}\t{shown(value)}" if origin else shown(value))
    if secret:
        click.echo("asterconf: this is a secret; --reveal prints it", err=True)


COMMANDS["get"] = _get


@_edit("set", COMMANDS)
@_argument("file")
@_argument("section")
@_argument("option")
@click.argument("value")
@flag("--add", "Add one more line; for options of which each counts.")
@flag("--all", "every", "Replace all lines by this one.")
def _set(
    conf: Config, file: str, section: str, option: str, value: str, *, add: bool, every: bool
) -> EditResult:
    """Let OPTION of SECTION in FILE be VALUE.

    The line that counts is changed, or one added in the manner of the others; comments,
    templates and everything else stay. A repeated section is NAME#2.
    """
    place = conf.option(file, section, option)
    return place.add(value) if add else place.set(value, all_lines=every)


@_edit("unset", COMMANDS)
@_argument("file")
@_argument("section")
@_argument("option")
@flag("--all", "every", "Remove all of several lines.")
def _unset(conf: Config, file: str, section: str, option: str, *, every: bool) -> EditResult:
    """Remove what SECTION in FILE says of OPTION."""
    return conf.option(file, section, option).unset(all_lines=every)


@_edit("add", COMMANDS)
@_argument("file")
@_argument("section")
@click.argument("settings", nargs=-1, metavar="[OPTION=VALUE]...")
@click.option("--template", metavar="T", default="", help="The template that it inherits from.")
@click.option("--after", metavar="S", default="", help="The section that it stands behind.")
def _add(
    conf: Config, file: str, section: str, settings: tuple[str, ...], template: str, after: str
) -> EditResult:
    """Add SECTION to FILE, with the options given."""
    return conf.add_section(file, section, _pairs(settings), template=template, after=after)


@_edit("remove", COMMANDS)
@_argument("file")
@_argument("section")
def _remove(conf: Config, file: str, section: str) -> EditResult:
    """Remove SECTION from FILE, with its options and the comment that touches it from above."""
    return conf.remove_section(file, section)


@_edit("include", COMMANDS)
@_argument("file")
@click.argument("target")
@flag("--optional", "Go on if there is no such file: #tryinclude.")
def _include(conf: Config, file: str, target: str, *, optional: bool) -> EditResult:
    """Let FILE include TARGET, a file or a pattern of files, at its end."""
    result = conf.include(file, target, optional=optional)
    note = f"{printable(file)}: includes {printable(target)}"
    return attrs.evolve(result, notes=(note, *result.notes))


@_edit("restyle", COMMANDS)
@click.argument("name", shell_complete=_completed("name"))
@click.option("--style", type=click.Choice(["wizard", "primitives"]), required=True)
def _restyle(conf: Config, name: str, style: Style) -> EditResult:
    """Write the extension or trunk NAME in the other style: in one section, or in several."""
    result = conf.restyle(name, style)
    if result.action == "unchanged":
        return result
    note = f"wrote {printable(name)} as {style} in {', '.join(map(printable, result.files))}"
    return attrs.evolve(result, notes=(note, *result.notes))


# -- names -----------------------------------------------------------------------------------------

_VIEWS = {
    "extension": "extensions", "trunk": "trunks", "queue": "queues", "mailbox": "mailboxes",
}  # fmt: skip


@_edit("rename", COMMANDS)
@_argument("name", metavar="[KIND:]NAME")
@click.argument("new")
def _rename(conf: Config, name: str, new: str) -> EditResult:
    """Rename what is called NAME, in every place that names it.

    KIND is extension, trunk, queue, mailbox, context, exten (as in exten:100@from-home), or the
    kind of a section such as endpoint, class or named_acl; without it, NAME has to be the name of
    one thing only.
    """
    plan = conf.rename(_named(conf, name), new)
    result = plan.apply()
    places = len(plan.edits)
    title = f"renamed {printable(name)} to {printable(new)} in {places} place{'s' * (places != 1)}"
    open_ = [*plan.undecided, *plan.outside]
    return attrs.evolve(result, notes=(title, *map(str, open_), *result.notes))


def _named(conf: Config, text: str) -> object:
    """Return what a name of the command line stands for.

    Raises:
        NotFoundError: nothing is called so.
        AmbiguousKeyError: several things are, said with their kinds.
    """
    kind, colon, rest = text.partition(":")
    if colon and kind in _VIEWS:
        return getattr(conf, _VIEWS[kind])[rest]
    kind = "extension" if kind == "exten" else kind
    names = dict.fromkeys(conf.references.names())
    if colon:
        found = [one for one in names if one.kind == kind and one.name == rest]
        if found:
            return found[0]
    objects = [(k, getattr(conf, view)[text]) for k, view in _VIEWS.items()
               if text in getattr(conf, view)]  # fmt: skip
    if len(objects) == 1:
        return objects[0][1]
    found = [one for one in names if one.name == text]
    kinds = sorted({k for k, _ in objects} or {one.kind for one in found})
    if len(kinds) > 1:
        each = ", ".join(f"{k}:{printable(text)}" for k in kinds)
        raise AmbiguousKeyError(f"{printable(text)!r} names several things: say one of {each}")
    if not found:
        hint = meant(text, sorted(one.name for one in names), 3, before="; ")
        raise NotFoundError(f"nothing is called {printable(text)!r}{hint}")
    return found[0]


# -- objects ---------------------------------------------------------------------------------------


def _object_group(kind: str, cls: type) -> click.Group:
    """Return the commands that add, change and remove objects of a class."""
    group: dict[str, click.Command] = {}
    view = _VIEWS[kind]
    article = f"an {kind}" if kind[0] in "aeiou" else f"a {kind}"

    def add(conf: Config, name: str, settings: tuple[str, ...]) -> EditResult:
        data: dict[str, object] = {"name": name}
        if kind == "mailbox":
            number, _, context = name.partition("@")
            data = {"number": number, "context": context or "default"}
        return _titled(conf.add(_structured(cls, data, settings)))

    def change(conf: Config, name: str, settings: tuple[str, ...]) -> EditResult:
        old = getattr(conf, view)[name]
        new = _structured(cls, wire.unstructure(old), settings)
        fields = {attrs.fields_dict(cls)[one.replace("-", "_")].name for one, _ in _pairs(settings)}
        return _titled(conf.update(old, **{one: getattr(new, one) for one in sorted(fields)}))

    def remove(conf: Config, name: str) -> EditResult:
        return _titled(conf.remove(getattr(conf, view)[name]))

    fields = ", ".join(attribute.name for attribute in attrs.fields(cls))
    for verb, body in (("add", add), ("change", change)):
        body.__doc__ = f"{verb.capitalize()} {article}. Fields: {fields}."
        with_fields = click.argument("settings", nargs=-1, metavar="FIELD=VALUE...")(body)
        _edit(verb, group)(_argument("name", view)(with_fields))
    remove.__doc__ = f"Remove {article}."
    _edit("remove", group)(_argument("name", view)(remove))
    return click.Group(kind, group, help=f"Add, change or remove {article}.")


def _titled(result: EditResult) -> EditResult:
    """Return the result of an edit of an object, with what it did as its first note."""
    return attrs.evolve(result, notes=(repr(result)[1:-1], *result.notes))


def _structured(cls: type, data: dict[str, object], settings: Iterable[str]) -> Any:  # noqa: ANN401
    """Return an object with the fields that are given as texts.

    Raises:
        ModelError: there is no such field, or the value is none for it.
    """
    hints = typing.get_type_hints(cls)
    for name, value in _pairs(settings):
        field = name.replace("-", "_")
        data[field] = _typed(hints.get(field, str), value)
    return wire.structure(data, cls)


_FLAGS = {"yes": True, "true": True, "on": True, "no": False, "false": False, "off": False}


def _typed(hint: Any, text: str) -> object:  # noqa: ANN401
    """Return a text as a value that `wire.structure` takes for a type; it says what is wrong."""
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in {Union, types.UnionType}:
        if not text and type(None) in arguments:
            return None
        return _typed(next(one for one in arguments if one is not type(None)), text)
    if origin is tuple:
        return [_typed(arguments[0], part.strip()) for part in text.split(",") if part.strip()]
    if hint is bool:
        return _FLAGS.get(text.lower(), text)
    if hint in {int, float}:
        try:
            return hint(text)
        except ValueError:
            return text
    return text


for _kind, _class in (
    ("extension", model.Extension),
    ("trunk", model.Trunk),
    ("queue", model.Queue),
    ("mailbox", model.Mailbox),
):
    COMMANDS[_kind] = _object_group(_kind, _class)


# -- the dialplan ----------------------------------------------------------------------------------

_STEPS: dict[str, click.Command] = {}


@_edit("add", _STEPS)
@click.argument("context")
@click.argument("exten")
@click.argument("step", metavar="'APP(DATA)'")
@click.option("--label", metavar="LABEL", help="The label of the step.")
@click.option("--before", metavar="STEP", help="The priority or label that it stands before.")
def _step_add(
    conf: Config, context: str, exten: str, step: str, label: str | None, before: str | None
) -> EditResult:
    """Add a step to EXTEN in CONTEXT, as its last one; the extension is made if need be."""
    wanted = (label, step) if label else step
    with conf.dialplan.edit(context) as edit:
        if exten not in edit:
            edit.add(exten, wanted)
        elif before is None:
            edit[exten].append(wanted)
        else:
            edit[exten].insert(_step(before), wanted)
    return _stepped(conf, context, f"added {shown_text(step)} to {printable(exten)}")


@_edit("remove", _STEPS)
@click.argument("context")
@click.argument("exten")
@click.argument("step", metavar="PRIORITY|LABEL")
def _step_remove(conf: Config, context: str, exten: str, step: str) -> EditResult:
    """Remove a step of EXTEN in CONTEXT; those behind it move up."""
    with conf.dialplan.edit(context) as edit:
        gone = edit[exten].remove(_step(step))
    return _stepped(conf, context, f"removed {shown_text(str(gone))} from {printable(exten)}")


def _step(text: str) -> int | str:
    return int(text) if text.isdecimal() else text


def _stepped(conf: Config, context: str, what: str) -> EditResult:
    name = Name("extensions.conf", "context", context)
    note = f"extensions.conf [{printable(context)}]: {what}"
    return EditResult("updated", name, conf.changed, (note,))


COMMANDS["step"] = click.Group("step", _STEPS, help="Add or remove a step of the dialplan.")


# -- many at once ----------------------------------------------------------------------------------


@click.command("edit")
@_framed
@click.argument("script", metavar="[FILE]", default="-")
def _many(script: str, **frame: Any) -> None:  # noqa: ANN401
    """Make many edits in one go: all of them, or none.

    FILE, or standard input, has one edit a line, written as its command without `asterconf` and
    DIR: `set pjsip.conf 6001 callerid "Ann <6001>"`. Quotes are those of the shell; a line that
    starts with # is a comment.
    """
    try:
        text = sys.stdin.read() if script == "-" else Path(script).read_text("utf-8")
    except OSError as error:
        raise LoadError(f"cannot read {printable(script)}: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise LoadError(f"{printable(script)} is not UTF-8: {error.reason}") from None
    session = Session(Frame(**frame))
    with session.conf.edit():
        for number, line in enumerate(text.splitlines(), 1):
            try:
                words = (
                    shlex.split(line, comments=False) if not line.lstrip().startswith("#") else []
                )
                if words:
                    _run(session, words)
            except (AsterconfError, click.ClickException, ValueError) as error:
                shown = error.format_message() if isinstance(error, click.ClickException) else error
                where = "standard input" if script == "-" else script
                raise EditError(f"{where}:{number}: {shown}; nothing was written") from error
    session.finish()


COMMANDS["edit"] = _many


def _run(session: Session, words: list[str]) -> None:
    """Make the edit of one line."""
    command: click.Command | None = COMMANDS.get(words[0])
    name, rest = words[0], words[1:]
    if isinstance(command, click.Group) and rest:
        command, name, rest = command.commands.get(rest[0]), f"{name} {rest[0]}", rest[1:]
    if command is None or isinstance(command, click.Group) or name in {"get", "edit"}:
        raise click.UsageError(f"{name!r} is no edit")
    with command.make_context(name, [str(session.frame.directory), *rest], obj=session) as ctx:
        command.invoke(ctx)
