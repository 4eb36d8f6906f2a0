"""How a new or changed line is written: escapes, and the style of the lines around it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import islice

import attrs

from asterconf.errors import EditError
from asterconf.secrets import MASK, shown_value
from asterconf.source import WHITE, encodable, fold
from asterconf.syntax.lines import Line, Option, header_of


def escape(text: str) -> str:
    r"""Return `text` with each `;` as `\;`, so that no comment starts there."""
    return text.replace(";", "\\;")


def _escape_name(name: str) -> str:
    return ("\\" if name[:1] in {"[", "#", "\\", "="} else "") + escape(name)


def header_text(name: str, entries: list[str]) -> str:
    """Return the text of a header that Asterisk reads as this name and list.

    Raises:
        EditError: no header can say that.
    """
    escaped = escape(name)
    listed = ",".join(map(escape, entries))
    text = f"[{escaped}]" + (f"({listed})" if entries else "")
    odd = "\n" in text or "\0" in text or not encodable(text)
    made = None if odd else header_of(text, text, 1, 1)
    if made is None or made.name != name or list(made.entries or ()) != entries:
        what = "a section name" if "]" in name or "\n" in name else "the list of a section header"
        raise EditError(f"{_shown(text)} cannot be written as {what}")
    if len(name.encode("utf-8", "surrogateescape")) > 79:
        raise EditError(
            f"section name {_shown(name)} is longer than 79 bytes; Asterisk would cut it"
        )
    return text


def _shown(text: str) -> str:
    """Return a text in quotes, cut if it is long."""
    return repr(text) if len(text) <= 80 else f"{text[:77]!r}..."


def refusal(name: str, value: str) -> str:
    """Explain why no line can mean `name = value`."""
    bare = "".join(value.split())
    masked = shown_value("", "", name, value)
    masked = MASK if shown_value("", "", name, bare) != bare else masked
    for what, text, shown in (("name", name, name), ("value", value, masked)):
        if "\n" in text or "\0" in text:
            return f"{what} {_shown(shown)} holds a line end or a NUL: a {what} is one line"
        if text != text.strip("\0" + WHITE):
            return f"{what} {_shown(shown)} begins or ends with white space, which Asterisk strips"
    if not name or "=" in name[1:]:
        return f"name {_shown(name)} is empty or holds '=': Asterisk would read another name"
    line = f"{_shown(name)} = {_shown(masked)}"
    return f"{line} cannot be written in a line that Asterisk reads back as that"


def with_value(option: Option, value: str) -> Iterator[str]:
    """Yield texts of the option's line with another value, the plainest first."""
    fields = option.fields
    start, end = fields.value
    text = option.text
    hidden = _hidden(text, fields.pieces, start, end)
    new = escape(value)
    gap = text[fields.name[1] : fields.separator_at[0]]
    touching = start == fields.separator_at[1]
    lead = " " if start == end and touching and gap.strip("\t ") == "" and gap else ""
    for before, after in ((lead, ""), (" ", ""), (lead, " "), (" ", " ")):
        yield text[:start] + before + new + after + hidden + text[end:]


def with_name(option: Option, name: str) -> str:
    """Return the option's line with another name."""
    fields = option.fields
    start, end = fields.name
    hidden = _hidden(option.text, fields.pieces, start, end)
    tail = option.text[end:]
    gap = " " if name.endswith("+") and tail[:1] == "=" else ""
    return option.text[:start] + _escape_name(name) + hidden + gap + tail


def with_comment(option: Option, text: str) -> str:
    """Return the option's line with another comment behind the value, or with none."""
    fields = option.fields
    line = option.text.rstrip("\r\n")
    old = fields.comment.rstrip("\r")
    kept = line[: fields.comment_at]
    tail = option.text[min(fields.comment_at, len(line)) + len(old) :]
    if not text:
        return kept.rstrip(" \t") + tail
    return f"{kept}; {text}{tail}" if old else f"{kept.rstrip(' ')} ; {text}{tail}"


def without_visible(option: Option) -> str:
    """Return what is left of the option's line without the option: its block comments."""
    fields = option.fields
    size = len(option.text.rstrip("\r\n"))
    hidden = _hidden(option.text, fields.pieces, 0, min(fields.comment_at, size))
    return hidden + option.text[size:] if hidden else ""


def _hidden(text: str, pieces: tuple[tuple[int, int], ...], start: int, end: int) -> str:
    """Return what of `text[start:end]` lies outside the pieces that Asterisk sees."""
    if len(pieces) == 1 and pieces[0][0] <= start and end <= pieces[0][1]:
        return ""
    seen = {k for a, b in pieces for k in range(a, b)}
    return "".join(text[k] for k in range(start, end) if k not in seen)


_ARROWS = {"exten", "same", "include", "ignorepat", "switch", "lswitch", "eswitch", "member"}
"""Options that everybody writes with `=>`; it means the same."""


@attrs.frozen
class Style:
    """How the lines of a section are written: the white space and separator between the parts."""

    indent: str
    gap: str
    separator: str
    blank: str
    column: int  # where the separators of aligned lines stand, or -1


def block_styles(models: Sequence[Line], names: Iterable[str]) -> dict[str, Style]:
    """Return how options of these names are written together, after the model of other lines.

    Where any of the lines with a separator are aligned, so are the new ones.
    """
    nodes = list(models)
    styles = {name: style_at(nodes, len(nodes), name) for name in names}
    options = [node for node in nodes if isinstance(node, Option)]
    for separator in {style.separator for style in styles.values()}:
        fields = [option.fields for option in options if option.separator == separator]
        aligned = any(f.separator_at[0] - f.name[1] > 1 for f in fields)
        group = {n: s for n, s in styles.items() if s.separator == separator}
        width = max(len(s.indent + _escape_name(n)) for n, s in group.items())
        for name, style in group.items():
            column = width + 1 if aligned and "\t" not in style.indent + style.gap else -1
            styles[name] = attrs.evolve(style, column=column, gap=style.gap[:1])
    return styles


def style_at(nodes: Sequence[Line], index: int, name: str, *, new: bool = False) -> Style:
    """Return the style of the nearest sibling, by preference one of the same name.

    Args:
        nodes: the lines of a section.
        index: where the line is to stand.
        name: its option.
        new: whether it is known that there is none of that name.
    """
    same = None if new else next((n for n in _near(nodes, index) if _is(n, name)), None)
    other = next((n for n in _near(nodes, index) if not _is(n, "same")), None)
    for sibling in (same, other):
        if sibling is None:
            continue
        fields = sibling.fields
        if len(fields.pieces) > 1 or fields.pieces[0][0] > 0:
            continue
        text = sibling.text
        indent = text[: fields.name[0]]
        gap = text[fields.name[1] : fields.separator_at[0]]
        separator = fields.separator if fields.separator != "+=" else "="
        separator = "=>" if same is None and fold(name) in _ARROWS else separator
        blank = text[fields.separator_at[1] : fields.value[0]] if sibling.value else gap[:1]
        column = fields.separator_at[0] if len(gap) > 1 and "\t" not in indent + gap else -1
        if column < 0 and gap == " " and fold(sibling.name) != fold(name):
            column = _shared_column([*islice(_near(nodes, index), 8)])
        return Style(indent, gap, separator, blank, column)
    return Style("", " ", "=>" if fold(name) in _ARROWS else "=", " ", -1)


def _near(nodes: Sequence[Line], index: int) -> Iterator[Option]:
    """Yield the options above a place, the nearest first, and then those below it."""
    for places in (range(index - 1, -1, -1), range(index, len(nodes))):
        for at in places:
            node = nodes[at]
            if isinstance(node, Option):
                yield node


def _is(option: Option, name: str) -> bool:
    """Tell whether an option has that name, ignoring case."""
    return len(option.name) == len(name) and fold(option.name) == fold(name)


def _shared_column(options: list[Option]) -> int:
    """Return where all these lines have their separator, if their names differ in length."""
    columns = {option.fields.separator_at[0] for option in options}
    lengths = {option.fields.name[1] for option in options}
    return columns.pop() if len(columns) == 1 and len(lengths) > 1 else -1


def new_line(name: str, value: str, separator: str | None, style: Style) -> Iterator[str]:
    """Yield texts, without line end, of a new option, the plainest first."""
    start = style.indent + _escape_name(name)
    gap = style.gap if style.column < 0 else " " * max(style.column - len(start), 1)
    chosen = separator or style.separator
    for before, blank in ((gap, style.blank), (gap, " "), (" ", " ")):
        yield (start + before + chosen + blank + escape(value)).rstrip(" " if not value else "")
