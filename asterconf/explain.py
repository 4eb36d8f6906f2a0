"""What one line of a configuration means: who reads it, what of it counts, what it has to do with.

Nothing is told here that another view would not tell, too: it is all of them, for one line.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.errors import NotFoundError
from asterconf.linter.diagnostics import as_data
from asterconf.linter.lines import FileLines
from asterconf.linter.rules.sections.names import NAMES
from asterconf.linter.rules.sections.values import VALUES
from asterconf.references.index import ReferenceList
from asterconf.references.plan import extension_name
from asterconf.references.values import Name, Reference
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.resolve.effective import used
from asterconf.resolve.files import included
from asterconf.resolve.sources import FileSource
from asterconf.schema import OptionFacts
from asterconf.secrets import MASK, shown_data, shown_value
from asterconf.shown import Shown
from asterconf.source import Position, printable
from asterconf.syntax.lines import Blank, Comment, Directive, Header, Line, Option
from asterconf.workspace import Workspace

_PLAN = "extensions.conf"
_NOT_USED = VALUES["value-refused"], VALUES["value-ignored"], NAMES["option-gone"]
_VALUE = {one.code for messages in _NOT_USED for one in messages}
_OPTION = {one.code for one in (*NAMES["option-refused"], *NAMES["option-ignored"])}
_FACTS = ("unit", "min", "max", "values", "since", "deprecated_since", "removed_in", "on_bad")


@attrs.frozen
class SameOption(Shown):
    """Another line with the same option, in one section.

    Attributes:
        place: where it stands.
        value: what it says, secrets masked.
        counts: whether its value is one that Asterisk uses.
    """

    place: Position
    value: str
    counts: bool


@attrs.frozen
class LineReading(Shown):
    """What Asterisk makes of a line in one section, or in one step of the dialplan.

    A line of a template has one for each section that inherits it.

    Attributes:
        file: the file for which it was read: the one that includes it, where that is another one.
        section: the name of the section.
        kind: the kind of section by its schema, such as `endpoint`; empty: it is not known.
        place: where the section begins.
        value: the value as it is held, secrets masked; of a step the call; of a header nothing.
        counts: whether Asterisk uses it; `None`: nothing that is known reads it.
        others: further lines of the option in that section, in Asterisk's order.
        through: the template by which it came; empty: it is the section's own line.
        facts: what is known about the option: type, default, unit, range, versions.
    """

    file: str
    section: str
    kind: str
    place: Position
    value: str = ""
    counts: bool | None = True
    others: tuple[SameOption, ...] = ()
    through: str = ""
    facts: tuple[tuple[str, str], ...] = ()


@attrs.frozen
class LineExplanation(Shown):
    """What one line means.

    Attributes:
        place: the line, at its first character that is not blank.
        text: the line, secrets masked.
        source: who reads the file, and why.
        what: what kind of line it is: `option`, `header`, `directive`, `comment`, `empty`, `error`.
        readings: what Asterisk makes of it; none: nothing.
        names: what the line names.
        named_by: what names the thing that the line begins: a section, or an extension.
        findings: what `check` says about it.
        includes: the files that a directive reads, as far as they are there.
    """

    place: Position
    text: str
    source: FileSource
    what: str
    readings: tuple[LineReading, ...] = ()
    names: tuple[Reference, ...] = ()
    named_by: tuple[Reference, ...] = ()
    findings: tuple[Diagnostic, ...] = ()
    includes: tuple[str, ...] = ()

    @property
    def is_idle(self) -> bool:
        """Whether Asterisk makes nothing of the line, or only refuses it.

        A line that another one overrides is not idle: it is read.
        """
        if self.readings:
            return any(one.code in _VALUE | _OPTION for one in self.findings) and all(
                one.counts is False for one in self.readings
            )
        return not self.includes

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values, as `asterconf explain --json` prints them."""
        readings = [
            {
                **attrs.asdict(one, filter=lambda field, _: field.name not in {"others", "facts"}),
                "others": [attrs.asdict(other) for other in one.others],
                "facts": dict(one.facts),
            }
            for one in self.readings
        ]
        source = {"role": self.source.role, "reason": self.source.reason}
        return shown_data(
            {
                "format": 1,
                **attrs.asdict(self.place),
                "text": self.text,
                "what": self.what,
                "source": {**source, "readers": list(self.source.readers)},
                "readings": readings,
                "names": ReferenceList(self.names).to_records(),
                "named_by": ReferenceList(self.named_by).to_records(),
                "findings": [as_data(one) for one in self.findings],
                "includes": list(self.includes),
            }
        )

    def __str__(self) -> str:
        return "\n".join([f"{self.place}", f"    {printable(self.text)}", *self._lines()])

    def _lines(self) -> Iterator[str]:
        yield f"file: {self.source.reason}"
        if self.includes:
            yield f"reads: {', '.join(map(printable, self.includes))}"
        elif not self.readings:
            what = {"empty": "empty line", "error": "line"}.get(self.what, self.what)
            yield f"Asterisk makes nothing of this {what}"
        for one in self.readings:
            yield from _reading_lines(one, self.what)
        yield from (f"names: {named.target} ({named.by})" for named in self.names)
        for named in self.named_by:
            yield f"named by: {named.place}: {named.source} ({named.by})"
        for found in self.findings:
            yield f"{found.severity} {found.code} {printable(found.message)}"


def _reading_lines(one: LineReading, what: str) -> Iterator[str]:
    kind = f"{one.kind} " if one.kind else ""
    where = f"{kind}[{printable(one.section)}]"
    through = f", through template [{printable(one.through)}]" if one.through else ""
    if what == "header":
        yield f"begins: {where}"
        return
    word = {True: "counts", False: "does not count", None: "is read by nobody who is known"}
    yield f"in {where}{through}: {printable(one.value)!r} {word[one.counts]}"
    for other in one.others:
        role = "each line adds" if other.counts and one.counts else (
            "this one counts instead" if other.counts else "overridden"
        )  # fmt: skip
        yield f"  {other.place}: {printable(other.value)!r} ({role})"
    if one.facts:
        yield "  " + ", ".join(f"{key} {value}" for key, value in one.facts)


def explain(
    work: Workspace, file: str, line: int, findings: Iterable[Diagnostic] = ()
) -> LineExplanation:
    """Return what a line means; see `Config.explain`.

    Raises:
        NotFoundError: there is no such file, or no such line in it.
    """
    lines = FileLines(work.files)
    at = Position(file, line)
    node = lines.node(at)
    if file not in work.sources or node is None:
        what = f"line {line} in {printable(file)}" if file in work.sources else printable(file)
        raise NotFoundError(f"there is no {what}")
    indent = len(node.text) - len(node.text.lstrip(" \t"))
    said = tuple(
        one for one in findings
        if one.position is not None and (one.position.file, one.position.line) == (file, line)
    )  # fmt: skip
    codes = {one.code for one in said}
    readings = tuple(
        attrs.evolve(one, counts=False) if codes & (_VALUE if one.facts else _OPTION) else one
        for one in _readings(work, node, at)
    )
    return LineExplanation(
        Position(file, line, indent + 1),
        lines.shown(at),
        work.sources[file],
        _what(node),
        readings,
        tuple(one for one in work.references if (one.place.file, one.place.line) == (file, line)),
        tuple(_named_by(work, node, readings, at)),
        said,
        tuple(name for name in _included(work, node) if work.has(name)),
    )


def _included(work: Workspace, node: Line) -> list[str]:
    return included(work.files, node) if isinstance(node, Directive) else []


def _what(node: Line) -> str:
    kinds = {Option: "option", Header: "header", Directive: "directive", Comment: "comment"}
    return kinds.get(type(node), "empty" if isinstance(node, Blank) else "error")


def _readings(work: Workspace, node: Line, at: Position) -> Iterator[LineReading]:
    """Yield what is made of a line, in each section of each file that reads it."""
    for effective in work.judged():
        if not any(name == at.file for name, _ in effective.files):
            continue
        for section in effective.sections:
            if isinstance(node, Header):
                if (section.position.file, section.line) == (at.file, at.line):
                    yield LineReading(
                        effective.name, section.name, _kind(section), section.position
                    )
            elif section.template:  # which no module sees
                continue
            elif isinstance(node, Option) and section.holds(at.file, at.line):
                yield from _in_section(work, effective, section, at)


def _kind(section: EffectiveSection) -> str:
    if section.template:
        return "template"
    return section.kind.name if section.kind else ""


def _in_section(
    work: Workspace, effective: Effective, section: EffectiveSection, at: Position
) -> Iterator[LineReading]:
    if effective.name == _PLAN and section.kind and section.kind.name == "context":
        yield from _steps(work, section, at)
        return
    for item in section.items:
        if not _is_at(item, at):
            continue
        option = section.option(item.name)
        chosen = used(option)
        others = tuple(
            SameOption(one.origin, _value(effective, section, one), one in chosen)
            for one in option.items
            if one != item
        )
        facts = section.facts(item.name)
        counts = item in chosen if facts is not None or section.kind is not None else None
        yield LineReading(
            effective.name, section.name, _kind(section), section.position,
            _value(effective, section, item), counts if effective.valid else False, others,
            item.template, tuple(_facts(facts)),
        )  # fmt: skip
        return


def _is_at(item: EffectiveItem, at: Position) -> bool:
    return any((file, option.line) == (at.file, at.line) for option, file in item.parts)


def _value(effective: Effective, section: EffectiveSection, item: EffectiveItem) -> str:
    facts = section.facts(item.name)
    if facts is not None and facts.secret:
        return MASK
    return shown_value(effective.name, section.name, item.name, item.value)


def _facts(facts: OptionFacts | None) -> Iterator[tuple[str, str]]:
    """Yield what is known about an option, as words."""
    if facts is None:
        return
    yield "type", facts.type
    if facts.default not in {None, ""}:
        yield "default", str(facts.default)
    for key in _FACTS:
        value = facts.raw.get(key)
        if value not in (None, "", [], ()):
            words = ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
            yield key.replace("_", " "), words


def _steps(work: Workspace, section: EffectiveSection, at: Position) -> Iterator[LineReading]:
    """Yield the steps of the dialplan that a line makes."""
    loaded = work.dialplan
    places = loaded.contexts.places(section.name)
    for context in loaded.dialplan.contexts:
        if context.name != section.name or places is None:
            continue
        for number, extension in enumerate(context.extensions):
            for step in extension.steps:
                place = places.place(number, step.priority)
                if (place.file, place.line) == (at.file, at.line):
                    label = f" ({step.label})" if step.label else ""
                    head = f"extension {extension.key}, priority {step.priority}{label}"
                    call = shown_value("", "", "", f"{step.app}({step.data})")
                    yield LineReading(
                        _PLAN, section.name, "context", section.position, call,
                        facts=(("step", head),),
                    )  # fmt: skip


def _named_by(
    work: Workspace, node: Line, readings: Iterable[LineReading], at: Position
) -> Iterator[Reference]:
    """Yield what names the section that a header begins, or the extension that a line begins."""
    names: list[Name] = []
    if isinstance(node, Header):
        names = [Name(one.file, one.kind, one.section) for one in readings if one.kind]
    elif any(one.kind == "context" for one in readings):
        for context in work.dialplan.dialplan.contexts:
            places = work.dialplan.contexts.places(context.name)
            for number, extension in enumerate(context.extensions if places else ()):
                first = extension.steps[0] if extension.steps else None
                place = places.place(number, first.priority) if places and first else None
                if place and (place.file, place.line) == (at.file, at.line):
                    names.append(extension_name(context.name, extension))
    for name in names:
        yield from work.references.to(name)
