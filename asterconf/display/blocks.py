"""The parts of a view: tables, code, notes and panels; how they are written as text and as HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from html import escape
from typing import Literal, TypeAlias

import attrs

from asterconf.secrets import MASK, shown_text
from asterconf.source import Position, Severity, cells, printable

Role = Literal[
    "plain",
    "dim",
    "hidden",
    "strong",
    "name",
    "code",
    "secret",
    "wrong",
    "error",
    "warning",
    "advice",
    "added",
    "removed",
    "changed",
    "place",
]
"""The meaning of a piece of text; a renderer decides how it looks."""


@attrs.frozen
class Styled:
    """A piece of text with a role, and a tooltip if `title` is not empty."""

    text: str
    role: Role = "plain"
    title: str = ""


@attrs.frozen
class Indented:
    """Text on a line of its own, indented by its depth."""

    text: Inline
    depth: int


Inline: TypeAlias = "str | Styled | Indented | Position | tuple[Inline, ...]"
"""Text within a line. A position is shown as file and line, dimmed."""

Cells: TypeAlias = tuple[Inline, ...]


def _rows(value: Iterable[Sequence[Inline]]) -> tuple[Cells, ...]:
    return tuple(map(tuple, value))


FIRST = 10
"""The default number of rows of a long table that are shown unfolded."""


@attrs.frozen
class Table:
    """Rows below the names of their columns; without any name there is no header.

    A column that is empty in every row is not shown.
    """

    columns: tuple[str, ...]
    rows: tuple[Cells, ...] = attrs.field(converter=_rows)
    more: int = 0
    """The number of further rows, which are not shown."""
    first: int = FIRST
    """The number of rows that are shown unfolded."""


@attrs.frozen
class Code:
    """Lines of a file: number and text; the number is `None` for a finding about the line above."""

    lines: tuple[tuple[int | None, Inline], ...]
    more: int = 0
    """The number of further lines, which are not shown."""


@attrs.frozen
class Sentence:
    """A sentence."""

    text: Inline


@attrs.frozen
class Panel:
    """Blocks below a title; if it is not open, only the title is shown until it is clicked."""

    title: Inline
    parts: tuple[Block, ...] = attrs.field(converter=tuple["Block", ...])
    open: bool = True


@attrs.frozen
class Drawing:
    """A picture: as SVG, which is markup; empty if it cannot be drawn here. And as text."""

    svg: str
    text: str


Block: TypeAlias = Table | Code | Sentence | Panel | Drawing


def dim(text: str) -> Styled:
    """Return dimmed text."""
    return Styled(text, "dim")


def words(value: Inline) -> str:
    """Return text without its styles."""
    if isinstance(value, tuple):
        return "".join(map(words, value))
    if isinstance(value, Position):
        return f"{value.file}:{value.line}"
    if isinstance(value, Indented):
        return "    " * value.depth + words(value.text)
    return value.text if isinstance(value, Styled) else value


def hidden(block: Block) -> Block:
    """Return a block with every text masked that stands where a secret stands."""
    match block:
        case Table():
            rows = (tuple(map(_hidden, row)) for row in block.rows)
            return attrs.evolve(block, rows=tuple(rows))
        case Code():
            lines = ((number, _hidden(text)) for number, text in block.lines)
            return attrs.evolve(block, lines=tuple(lines))
        case Sentence():
            return Sentence(_hidden(block.text))
        case Panel():
            return Panel(_hidden(block.title), map(hidden, block.parts), block.open)
        case Drawing():  # whose texts are masked before they are drawn
            return block


def _hidden(value: Inline) -> Inline:
    match value:
        case tuple():
            return tuple(map(_hidden, value))
        case Indented():
            return Indented(_hidden(value.text), value.depth)
        case str():
            return _masked(Styled(value)) if MASK in shown_text(value) else value
        case Styled():
            return _masked(attrs.evolve(value, title=shown_text(value.title)))
        case _:
            return value


def _masked(value: Styled) -> Inline:
    """Return text with its secrets masked, and the masks styled."""
    text = shown_text(value.text)
    if MASK not in text:
        return value
    parts = (attrs.evolve(value, text=part) for part in text.split(MASK))
    return join(parts, Styled(MASK, "secret", "a secret; view(obj, reveal=True) shows it"))


def join(parts: Iterable[Inline], between: Inline = ", ") -> Inline:
    """Return the parts with a separator between them."""
    out: list[Inline] = []
    for part in parts:
        out += [between, part] if out else [part]
    return tuple(out)


SEVERITIES: dict[Severity, Role] = {
    Severity.ERROR: "error",
    Severity.WARNING: "warning",
    Severity.ADVICE: "advice",
    Severity.INFO: "dim",
}


# -- as plain text --------------------------------------------------------------------------------


def _printable(value: Inline) -> str:
    """Return text without its styles, safe for any console."""
    return printable(words(value))


def to_text(block: Block) -> str:
    """Return the lines of a block, each with a newline."""
    return "".join(f"{line}\n" for line in _lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Table():
            yield from _table_lines(block)
        case Code():
            for number, parts in block.lines:
                label = "" if number is None else str(number)
                yield f"{label:>5}  {_printable(parts)}".rstrip()
            if block.more:
                yield f"{'':>5}  … {block.more:,} more lines"
        case Sentence():
            yield _printable(block.text)
        case Drawing():
            yield from printable(block.text).splitlines()
        case Panel():
            yield _printable(block.title)
            for part in block.parts:
                yield from (f"  {line}" if line else line for line in _lines(part))


def _table_lines(table: Table) -> Iterator[str]:
    columns = [n for n, _ in enumerate(table.columns) if any(row[n] for row in table.rows)]
    rows = [[_printable(row[n]).replace("\n", " ") for n in columns] for row in table.rows]
    heads = [table.columns[n] for n in columns]
    shown = [heads, *rows] if any(heads) else rows
    widths = [max(map(cells, column)) for column in zip(*shown, strict=True)]
    for row in shown:
        padded = (
            cell + " " * (width - cells(cell)) for cell, width in zip(row, widths, strict=True)
        )
        yield "  ".join(padded).rstrip()
    if table.more:
        yield f"… {table.more:,} more"


# -- as HTML: inline styles only, colours that dark and light pages can show --------------------
#
# Everything leans on `currentColor`, the colour of the text around it.


def _mix(share: int, colour: str = "transparent") -> str:
    return f"color-mix(in srgb,currentColor {share}%,{colour})"


_STYLES: dict[Role, str] = {
    "plain": "",
    "dim": "opacity:.68",
    "strong": "font-weight:600",
    "code": "font-family:monospace",
    "name": f"color:{_mix(45, '#2f81f7')}",
    "wrong": "text-decoration:underline wavy",
    "secret": "opacity:.68;letter-spacing:.1em",
    "error": f"font-weight:600;color:{_mix(35, '#e5484d')}",
    "warning": f"font-weight:600;color:{_mix(35, '#d98a00')}",
    "advice": f"font-weight:600;color:{_mix(35, '#2f81f7')}",
    "added": f"font-weight:600;color:{_mix(40, '#2da44e')}",
    "place": "opacity:.68;white-space:nowrap",
    "removed": f"font-weight:600;color:{_mix(35, '#e5484d')}",
    "changed": f"font-weight:600;color:{_mix(35, '#d98a00')}",
}
_BORDER = f"1px solid {_mix(25)}"
_CELL = "text-align:left;vertical-align:top;padding:.15em .8em .15em 0"
_HEAD = f"{_CELL};font-weight:600;opacity:.75;white-space:nowrap;border-bottom:{_BORDER}"
_TABLE = "border-collapse:collapse;margin:.2em 0 .6em;font-size:.93em;border:0"
_PRE = (
    "margin:.2em 0 .6em;padding:0;border:0;background:none;color:inherit;font-size:.93em;"
    "line-height:1.45;overflow-x:auto"
)
_NUMBER = "display:inline-block;min-width:2.5em;padding-right:1em;text-align:right;opacity:.68"
_SUMMARY = "cursor:pointer;margin:.3em 0"


def _escaped(value: str) -> str:
    r"""Return escaped text; undecodable bytes become `\xNN`."""
    return escape(printable(value), quote=True)


def _inline(value: Inline) -> str:
    """Return the markup of inline text."""
    if isinstance(value, str):
        return _escaped(value)
    if isinstance(value, tuple):
        return "".join(map(_inline, value))
    if isinstance(value, Indented):
        style = f"padding-left:{1 + 1.3 * value.depth:.3g}em;text-indent:-1em"
        return f'<div style="{style}">{_inline(value.text)}</div>'
    if isinstance(value, Position):
        value = Styled(f"{value.file}:{value.line}", "dim", str(value))
    style, title = _STYLES[value.role], _escaped(value.title)
    attributes = (f' style="{style}"' if style else "") + (f' title="{title}"' if title else "")
    return (
        f"<span{attributes}>{_escaped(value.text)}</span>" if attributes else _escaped(value.text)
    )


def to_html(block: Block) -> str:
    """Return the markup of a block."""
    match block:
        case Table():
            return _html_table(block)
        case Code():
            return _html_code(block)
        case Sentence():
            return f'<div style="margin:.2em 0">{_inline(block.text)}</div>'
        case Drawing():
            drawn = block.svg or f'<pre class="mermaid" style="{_PRE}">{_escaped(block.text)}</pre>'
            return f'<div style="margin:.4em 0;overflow-x:auto">{drawn}</div>'
        case Panel(parts=()):
            return to_html(Sentence(block.title))
        case Panel():
            state = " open" if block.open else ""
            inner = "".join(map(to_html, block.parts))
            return (
                f'<details{state}><summary style="{_SUMMARY}">{_inline(block.title)}</summary>'
                f'<div style="margin-left:1.1em">{inner}</div></details>'
            )


def _html_table(table: Table) -> str:
    columns = [n for n, _ in enumerate(table.columns) if any(row[n] for row in table.rows)]
    head = ""
    if any(table.columns[n] for n in columns):
        cells = "".join(f'<th style="{_HEAD}">{_escaped(table.columns[n])}</th>' for n in columns)
        head = f"<thead><tr>{cells}</tr></thead>"
    # A few rows more than the first ones are not worth folding.
    first = len(table.rows) if len(table.rows) <= table.first + 5 else table.first
    out = _html_rows(head, table.rows[:first], columns)
    rest = table.rows[first:]
    if rest or table.more:
        left = f"and {table.more:,} more, which are not shown here" if table.more else ""
        body = _html_rows(head, rest, columns) if rest else ""
        more = f"<div>{left}</div>" if left else ""
        summary = f'<summary style="{_SUMMARY}">{len(rest) + table.more:,} more</summary>'
        out += f"<details>{summary}{body}{more}</details>"
    return out


def _html_rows(head: str, rows: tuple[Cells, ...], columns: list[int]) -> str:
    body = "".join(
        '<tr style="background:none">'
        + "".join(f'<td style="{_CELL}">{_inline(row[n])}</td>' for n in columns)
        + "</tr>"
        for row in rows
    )
    table = f'<table style="{_TABLE}">{head}<tbody>{body}</tbody></table>'
    return f'<div style="overflow-x:auto">{table}</div>'


def _html_code(code: Code) -> str:
    lines = []
    for number, parts in code.lines:
        label = "" if number is None else str(number)
        lines.append(f'<span style="{_NUMBER}">{label}</span>{_inline(parts)}')
    if code.more:
        lines.append(f'<span style="{_NUMBER}"></span>… {code.more:,} more lines')
    body = "\n".join(lines)
    return f'<pre style="{_PRE}">{body}\n</pre>'


def page(title: str, body: str) -> str:
    """Return a complete page that follows the reader's choice of light or dark."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{_escaped(title)}</title>\n"
        "<style>:root{color-scheme:light dark}body{font-family:sans-serif;margin:1.5em;"
        "max-width:75em}</style>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
