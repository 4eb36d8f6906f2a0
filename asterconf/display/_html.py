"""Blocks as HTML: inline styles only, and colours that are readable on dark and light pages.

Everything leans on `currentColor`, the colour of the text around it.
"""

from __future__ import annotations

from html import escape

from asterconf.display.blocks import (
    Block,
    Cells,
    Code,
    Drawing,
    Indented,
    Inline,
    Panel,
    Role,
    Sentence,
    Styled,
    Table,
)
from asterconf.source import Position, printable


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
_LINE = f"1px solid {_mix(25)}"
_CELL = "text-align:left;vertical-align:top;padding:.15em .8em .15em 0"
_HEAD = f"{_CELL};font-weight:600;opacity:.75;white-space:nowrap;border-bottom:{_LINE}"
_TABLE = "border-collapse:collapse;margin:.2em 0 .6em;font-size:.93em;border:0"
_PRE = (
    "margin:.2em 0 .6em;padding:0;border:0;background:none;color:inherit;font-size:.93em;"
    "line-height:1.45;overflow-x:auto"
)
_NUMBER = "display:inline-block;min-width:2.5em;padding-right:1em;text-align:right;opacity:.68"
_SUMMARY = "cursor:pointer;margin:.3em 0"


def text(value: str) -> str:
    r"""Return escaped text; undecodable bytes become `\xNN`."""
    return escape(printable(value), quote=True)


def inline(value: Inline) -> str:
    """Return the markup of inline text."""
    if isinstance(value, str):
        return text(value)
    if isinstance(value, tuple):
        return "".join(map(inline, value))
    if isinstance(value, Indented):
        style = f"padding-left:{1 + 1.3 * value.depth:.3g}em;text-indent:-1em"
        return f'<div style="{style}">{inline(value.text)}</div>'
    if isinstance(value, Position):
        value = Styled(f"{value.file}:{value.line}", "dim", str(value))
    style, title = _STYLES[value.role], text(value.title)
    attributes = (f' style="{style}"' if style else "") + (f' title="{title}"' if title else "")
    return f"<span{attributes}>{text(value.text)}</span>" if attributes else text(value.text)


def to_html(block: Block) -> str:
    """Return the markup of a block."""
    match block:
        case Table():
            return _table(block)
        case Code():
            return _code(block)
        case Sentence():
            return f'<div style="margin:.2em 0">{inline(block.text)}</div>'
        case Drawing():
            drawn = block.svg or f'<pre class="mermaid" style="{_PRE}">{text(block.text)}</pre>'
            return f'<div style="margin:.4em 0;overflow-x:auto">{drawn}</div>'
        case Panel(parts=()):
            return to_html(Sentence(block.title))
        case Panel():
            state = " open" if block.open else ""
            inner = "".join(map(to_html, block.parts))
            return (
                f'<details{state}><summary style="{_SUMMARY}">{inline(block.title)}</summary>'
                f'<div style="margin-left:1.1em">{inner}</div></details>'
            )


def _table(table: Table) -> str:
    columns = [n for n, _ in enumerate(table.columns) if any(row[n] for row in table.rows)]
    head = ""
    if any(table.columns[n] for n in columns):
        cells = "".join(f'<th style="{_HEAD}">{text(table.columns[n])}</th>' for n in columns)
        head = f"<thead><tr>{cells}</tr></thead>"
    # A few rows more than the first ones are not worth folding.
    first = len(table.rows) if len(table.rows) <= table.first + 5 else table.first
    out = _rows(head, table.rows[:first], columns)
    rest = table.rows[first:]
    if rest or table.more:
        left = f"and {table.more:,} more, which are not shown here" if table.more else ""
        body = _rows(head, rest, columns) if rest else ""
        more = f"<div>{left}</div>" if left else ""
        summary = f'<summary style="{_SUMMARY}">{len(rest) + table.more:,} more</summary>'
        out += f"<details>{summary}{body}{more}</details>"
    return out


def _rows(head: str, rows: tuple[Cells, ...], columns: list[int]) -> str:
    body = "".join(
        '<tr style="background:none">'
        + "".join(f'<td style="{_CELL}">{inline(row[n])}</td>' for n in columns)
        + "</tr>"
        for row in rows
    )
    table = f'<table style="{_TABLE}">{head}<tbody>{body}</tbody></table>'
    return f'<div style="overflow-x:auto">{table}</div>'


def _code(code: Code) -> str:
    lines = []
    for number, parts in code.lines:
        label = "" if number is None else str(number)
        lines.append(f'<span style="{_NUMBER}">{label}</span>{inline(parts)}')
    if code.more:
        lines.append(f'<span style="{_NUMBER}"></span>… {code.more:,} more lines')
    body = "\n".join(lines)
    return f'<pre style="{_PRE}">{body}\n</pre>'


def page(title: str, body: str) -> str:
    """Return a complete page that follows the reader's choice of light or dark."""
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width">\n'
        f"<title>{text(title)}</title>\n"
        "<style>:root{color-scheme:light dark}body{font-family:sans-serif;margin:1.5em;"
        "max-width:75em}</style>\n"
        f"<body>\n{body}\n</body>\n</html>\n"
    )
