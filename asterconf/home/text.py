"""How a built file looks: sections, aligned options, comments that explain.

A file is written from these plans once, from top to bottom, so that the same plan always gives
the same text.
"""

from __future__ import annotations

import textwrap
from collections.abc import Iterable

import attrs

from asterconf.model.values import Secret

__all__ = ["ContextPlan", "FilePlan", "SectionPlan", "Value", "word"]

Value = str | int | float | bool | Secret | tuple[str, ...]
_WIDTH = 88


def word(value: Value) -> str:
    """Return `value` as a file writes it, `;` escaped."""
    if isinstance(value, Secret):
        text = value.reveal()
    elif isinstance(value, bool):
        text = "yes" if value else "no"
    elif isinstance(value, tuple):
        text = ",".join(value)
    else:
        text = str(value)
    return text.replace(";", "\\;")


def comment_lines(text: str) -> list[str]:
    """Return `text` as comment lines; its own line ends stay, long lines are wrapped."""
    lines = []
    for line in text.split("\n"):
        lines += textwrap.wrap(
            line, _WIDTH, initial_indent="; ", subsequent_indent="; ", break_on_hyphens=False
        ) or [";"]
    return lines


@attrs.frozen
class _Line:
    """One option, or a step of an extension; `comment` opens a new paragraph above it."""

    name: str
    value: str
    comment: str = ""
    arrow: bool = False

    def text(self, width: int) -> str:
        sign = "=>" if self.arrow else "="
        return f"{self.name:<{width}} {sign} {self.value}".rstrip(" ")


@attrs.define(eq=False)
class SectionPlan:
    """A section of a file that is being planned: its name, comment and options."""

    name: str
    comment: str = ""
    templates: tuple[str, ...] = ()
    """Templates it inherits from, which must stand above it."""
    is_template: bool = False
    private: bool = False
    """Whether it holds a secret."""
    _lines: list[_Line] = attrs.field(factory=list, init=False)

    def set(self, option: str, value: Value, comment: str = "", *, arrow: bool = False) -> None:
        """Add the line `option = value` (`option => value` with `arrow`).

        The comment stands above the line and opens a paragraph; lines of a paragraph align.
        A secret makes the file one that is not for everybody's eyes.
        """
        self.private = self.private or isinstance(value, Secret)
        self._lines.append(_Line(option, word(value), comment, arrow))

    def lines(self) -> list[str]:
        """Return the section's lines, header and comment included."""
        marks = (*(("!",) if self.is_template else ()), *self.templates)
        head = f"[{self.name.replace(';', chr(92) + ';')}]"
        lines = comment_lines(self.comment) if self.comment else []
        lines.append(f"{head}({','.join(marks)})" if marks else head)
        for index, paragraph in enumerate(self._paragraphs()):
            if index and paragraph[0].comment:
                lines.append("")
            if paragraph[0].comment:
                lines += comment_lines(paragraph[0].comment)
            width = max(len(line.name) for line in paragraph)
            lines += [line.text(width) for line in paragraph]
        return lines

    def _paragraphs(self) -> Iterable[list[_Line]]:
        paragraph: list[_Line] = []
        for line in self._lines:
            if line.comment and paragraph:
                yield paragraph
                paragraph = []
            paragraph.append(line)
        if paragraph:
            yield paragraph


@attrs.define(eq=False)
class ContextPlan(SectionPlan):
    """A dialplan context that is being planned: a section of extensions.conf."""

    claims: dict[str, str] = attrs.field(factory=dict)
    """What is dialled here already, and for whom."""
    faults: list[str] = attrs.field(factory=list)
    """What was asked for and cannot be."""
    includes: list[str] = attrs.field(factory=list)
    """Contexts that are searched after this one."""
    reserved: set[str] = attrs.field(factory=set)
    """Numbers that nobody else may answer, not even for some callers."""

    def extension(
        self, name: str, *steps: str, comment: str = "", number: str = "", what: str = ""
    ) -> None:
        """Add an extension: `steps` are its applications from priority 1, as `Dial(PJSIP/1)`.

        `number` is what is dialled, where `name` hides it in a variable; `what` says in a few
        words whose extension it is. A name that is taken already is a fault of the build.
        """
        dialled = number or name
        if not self._claim(dialled, what or f"[{self.name}]"):
            return
        for step in steps:
            problem = _step_problem(step)
            if problem:
                self.faults.append(f"[{self.name}] {dialled}: step {step!r} {problem}")
        first, *rest = steps
        self._lines.append(_Line("exten", f"{name},1,{word(first)}", comment, arrow=True))
        self._lines += [_Line(" same", f"n,{word(step)}", arrow=True) for step in rest]

    def hint(self, number: str, device: str, *, comment: str = "", what: str = "") -> None:
        """Let phones watch `device` under `number`."""
        if self._claim(f"{number} (hint)", what or f"[{self.name}]"):
            self._lines.append(_Line("exten", f"{number},hint,{word(device)}", comment, arrow=True))

    def include(self, context: str, *, comment: str = "") -> None:
        """Search `context` too, after everything of this one."""
        self.includes.append(context)
        self._lines.append(_Line("include", context, comment, arrow=True))

    def reserve(self, number: str) -> None:
        """Refuse any further extension for `number`, also one for certain callers only."""
        self.reserved.add(number)

    def _claim(self, dialled: str, what: str) -> bool:
        plain = dialled.partition("/")[0]
        taken = self.claims.get(dialled) or (
            self.claims.get(plain) if plain in self.reserved else None
        )
        if taken:
            self.faults.append(f"{dialled} is wanted by {taken} and by {what}")
            return False
        self.claims[dialled] = what
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


@attrs.define(eq=False)
class FilePlan:
    """A file that is being planned: a comment at its head, then sections."""

    name: str
    comment: str = ""
    sections: list[SectionPlan] = attrs.field(factory=list, init=False)

    def section(
        self,
        name: str,
        comment: str = "",
        *,
        templates: Iterable[str] = (),
        is_template: bool = False,
    ) -> SectionPlan:
        """Return the section of that name, made now if it is not there yet."""
        for section in self.sections:
            if section.name == name:
                return section
        section = SectionPlan(name, comment, tuple(templates), is_template)
        self.sections.append(section)
        return section

    @property
    def private(self) -> bool:
        """Whether a secret stands in the file."""
        return any(section.private for section in self.sections)

    def text(self) -> str:
        """Return the whole file."""
        blocks = [comment_lines(self.comment)] if self.comment else []
        blocks += [section.lines() for section in self.sections]
        return "\n".join("\n".join(block) + "\n" for block in blocks)
