"""How the files of a home are written: sections and comments, like the samples beside this module.

A sample, `samples/NAME`, is the file as a home has it: its comments, its sections, and their lines
with `{word}` in place of what a description says. A comment stands above one line, or a paragraph,
and comes without line ends of its own: it is wrapped when it is written.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Final

import attrs

from asterconf.model.values import Secret
from asterconf.syntax import Comment, Header, Option, parse
from asterconf.syntax.layout import escape

Value = str | int | float | bool | Secret | tuple[str, ...] | None
Pair = tuple[str, Value]
_WIDTH: Final = 88
_WORD: Final = re.compile(r"\{(\w+)\}")
_OTHERS: Final = "*"
"""The name of the line of a sample in whose place all options stand that the sample lacks."""


def _plain(value: Value) -> str:
    """Return what Asterisk shall hold."""
    if isinstance(value, Secret):
        return value.reveal()
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ",".join(value)
    return "" if value is None else str(value)


def fill(text: str, words: Mapping[str, Sequence[str]]) -> str:
    """Return a text with each `{word}` replaced by the first of its values; others stay."""
    return _WORD.sub(lambda match: words.get(match[1], (match[0],))[0], text)


def word(value: Value) -> str:
    """Return `value` as a file writes it, `;` escaped."""
    return escape(_plain(value))


def comment_lines(text: str) -> list[str]:
    """Return `text` as comment lines; its own line ends stay, long lines are wrapped."""
    lines = []
    for line in text.split("\n") if text else ():
        lines += textwrap.wrap(
            line, _WIDTH, initial_indent="; ", subsequent_indent="; ", break_on_hyphens=False
        ) or [";"]
    return lines


@attrs.frozen
class PlannedLine:
    """One option, or a step of an extension; `comment` opens a new paragraph above it."""

    name: str
    value: str
    comment: str = ""
    arrow: bool = False
    path: str = ""
    """Where in the description it comes from, if that is not where its section does."""

    def text(self, width: int) -> str:
        """Return the line, its name padded to a width."""
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
    path: str = ""
    """Where in the description it comes from, as `extensions[0]`."""
    planned: list[PlannedLine] = attrs.field(factory=list, init=False)
    """Its lines, in order."""

    @property
    def values(self) -> dict[str, str]:
        """The value of each option, as the file writes it."""
        return {line.name: line.value for line in self.planned}

    @property
    def words(self) -> dict[str, str]:
        """The option whose value each `{word}` of a sample is."""
        found = ((_WORD.fullmatch(line.value), line.name) for line in self.planned)
        return {word[1]: name for word, name in found if word}

    def set(self, option: str, value: Value, comment: str = "", *, arrow: bool = False) -> None:
        """Add the line `option = value` (`option => value` with `arrow`).

        The comment stands above the line and opens a paragraph; lines of a paragraph align.
        """
        self.planned.append(PlannedLine(option, word(value), comment, arrow))

    def lines(self) -> list[str]:
        """Return the section's lines, header and comment included."""
        return [text for text, _ in self.rows()]

    def rows(self) -> Iterator[tuple[str, PlannedLine | None]]:
        """Yield the text of each line, with the planned line that it is; None: it is none."""
        marks = (*(("!",) if self.is_template else ()), *self.templates)
        head = f"[{escape(self.name)}]"
        head = f"{head}({','.join(marks)})" if marks else head
        yield from ((text, None) for text in (*comment_lines(self.comment), head))
        for index, paragraph in enumerate(self.paragraphs()):
            comment = comment_lines(paragraph[0].comment)
            yield from ((text, None) for text in (("", *comment) if index and comment else comment))
            width = max(len(line.name) for line in paragraph)
            yield from ((line.text(width), line) for line in paragraph)

    def paragraphs(self) -> Iterator[list[PlannedLine]]:
        """Yield the lines from each comment to the next one."""
        paragraph: list[PlannedLine] = []
        for line in self.planned:
            if line.comment and paragraph:
                yield paragraph
                paragraph = []
            paragraph.append(line)
        if paragraph:
            yield paragraph

    def filled(self, words: Mapping[str, Sequence[str]]) -> Iterator[PlannedLine]:
        """Yield these lines with values in place of their words; see `FilePlan.like`."""
        for line in self.planned:
            alone, comment = _WORD.fullmatch(line.value), line.comment
            for value in words[alone[1]] if alone else (fill(line.value, words),):
                if value:
                    yield attrs.evolve(line, value=value, comment=comment)
                    comment = ""

    def arranged(self, options: Iterable[Pair]) -> Iterator[PlannedLine]:
        """Yield options in the order of these lines, with their comments.

        A comment is left out if one of the lines below it has a value, and the options another.
        """
        said = [(name, word(value)) for name, value in options]
        known = dict(said)
        order = {line.name: at for at, line in enumerate(self.planned)}
        comments = {
            lines[0].name: lines[0].comment
            for lines in self.paragraphs()
            if all(line.value in ("", known.get(line.name, line.value)) for line in lines)
        }
        for name, value in sorted(said, key=lambda pair: order.get(pair[0], order.get(_OTHERS, 0))):
            like = name if name in order else _OTHERS
            arrow = self.planned[order[like]].arrow
            yield PlannedLine(name, value, comments.pop(like, ""), arrow)


@attrs.frozen
class Sample:
    """A file as a home has it: the comment at its head, and its sections by name."""

    comment: str
    sections: Mapping[str, SectionPlan]


def sample_text(file: str) -> str:
    """Return the text of a sample, nothing if there is none of that name."""
    path = files(__package__) / "samples" / file
    return path.read_text("utf-8") if path.is_file() else ""


@cache
def sample(file: str) -> Sample:
    """Return the sample of that name, an empty one if there is none."""
    head, comments, found = "", list[str](), dict[str, SectionPlan]()
    section = SectionPlan("")
    for part in parse(sample_text(file)).parts:
        for node in part.nodes:
            if isinstance(node, Comment):
                comments.append(node.content)
                continue
            text = "\n".join(comments)
            comments.clear()
            if isinstance(node, Header):
                section = SectionPlan(node.name, text, node.inherits, node.template)
                found[node.name] = section
            elif isinstance(node, Option):
                section.set(node.name, node.value, text, arrow=node.separator == "=>")
            else:
                head = head or text
    return Sample(head or "\n".join(comments), found)


def words_of(values: Mapping[str, Value | list[str]]) -> dict[str, list[str]]:
    """Return the texts that each value stands for: one, or those of a list."""
    return {
        key: [_plain(one) for one in (value if isinstance(value, list) else [value])]
        for key, value in values.items()
    }


@attrs.define(eq=False)
class FilePlan:
    """A file that is being planned: a comment at its head, then sections."""

    name: str
    comment: str = ""
    sections: list[SectionPlan] = attrs.field(factory=list, init=False)

    @classmethod
    def begun(cls, name: str, comment: str = "", **values: Value) -> FilePlan:
        """Return a file with a comment at its head, by default that of its sample."""
        return cls(name, comment or fill(sample(name).comment, words_of(values)))

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

    def like(
        self,
        model: str,
        name: str = "",
        options: Iterable[Pair] | None = None,
        /,
        **values: Value | list[str],
    ) -> SectionPlan:
        """Add the lines of a section of the sample to a section of the file; return that one.

        Args:
            model: the section of the sample.
            name: that of the file, made now if it is not there yet; empty: that of the sample.
            options: names and values to write in place of the sample's lines, of which only order
                and comments are taken.
            values: what the `{word}` of the sample stand for. A line without a value is left out;
                one that stands for a list is a line for each of it.
        """
        plan = sample(self.name).sections[model]
        words = words_of(values)
        section = self.section(
            name or fill(model, words),
            fill(plan.comment, words),
            templates=plan.templates,
            is_template=plan.is_template,
        )
        escaped = {key: [*map(escape, texts)] for key, texts in words.items()}
        for line in plan.filled(escaped) if options is None else plan.arranged(options):
            section.planned.append(attrs.evolve(line, comment=fill(line.comment, words)))
        return section

    def whole(self, **values: Value | list[str]) -> None:
        """Add every section of the sample; see `like`."""
        for model in sample(self.name).sections:
            self.like(model, **values)

    def rows(self) -> Iterator[tuple[str, SectionPlan | None, PlannedLine | None]]:
        """Yield the text of each line, with its section and the planned line that it is."""
        yield from ((text, None, None) for text in comment_lines(self.comment))
        for index, section in enumerate(self.sections):
            if index or self.comment:
                yield "", None, None
            yield from ((text, section, line) for text, line in section.rows())

    def text(self) -> str:
        """Return the whole file."""
        return "".join(f"{text}\n" for text, _, _ in self.rows())
