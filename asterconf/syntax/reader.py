"""From text to lines: what each line of a file is, exactly as Asterisk's reader sees it.

Two speeds, one language. Runs of plain lines are matched by whole-line terminals of
`grammars/conf.lark`; lines that a block comment, a NUL byte or the length limit touches go
through `cut`, which follows the reader step by step.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache

import attrs

from asterconf import _grammars

LIMIT = 8191
"""Bytes that Asterisk reads at once: a line and its LF must fit. Source: main/config.c."""

MARK_BYTES = 3
"""Bytes of a byte order mark, which count for the length of the first line."""

MAY_BE_LONG = (LIMIT - MARK_BYTES - 1) // 4
"""No shorter line, in characters, can be over the limit."""

MAX_DEPTH = 128
"""Levels of block comments; Asterisk hangs on one more. Source: MAX_NESTED_COMMENTS."""


@attrs.frozen
class Patterns:
    """The regular expressions of the hot path, all put together from the grammar's terminals."""

    scan: re.Pattern[str]
    """A run of plain lines (group 1) or a header line (group 2)."""
    plain: re.Pattern[str]
    option: re.Pattern[str]
    """A plain line: the whole, indent, name, value; without a `=`, the name is empty."""
    pairs: re.Pattern[str]
    """Plain lines: one option or none, and what follows that says nothing: name, value. Only
    what Asterisk takes for something else stands between two matches."""
    fields: re.Pattern[str]
    """An option without its comment: indent, name, gap, separator, gap, value."""
    simple: re.Pattern[str]
    """Plain lines that are options with `=` or `=>` and a name without escapes, or say nothing."""
    header: re.Pattern[str]
    """A header: name, list, what is ignored behind it."""
    bracket: re.Pattern[str]
    directive: re.Pattern[str]
    bad_escape: re.Pattern[str]
    mark: re.Pattern[str]
    blanks: re.Pattern[str]

    def indent(self, text: str) -> int:
        """Return how many characters of white space `text` begins with."""
        match = self.blanks.match(text)
        return match.end() if match else 0


@cache
def patterns() -> Patterns:
    """Return the compiled regular expressions, made from the grammar on first use."""
    t = _grammars.terminals("conf")
    ws = t["WS"].removesuffix("+") + "*"
    name = f"{t['NAME']}|{t['ESCAPED_NAME']}"
    separator = f"{t['APPENDS']}|{t['ARROW']}|{t['EQUALS']}"
    entry = f"(?:{t['TEMPLATE']}|{t['APPEND']}|{t['BASE']}|)"
    option = f"({ws}+)(?:;|({name}|){ws}+(?:{separator}){ws}+({t['VALUE']}|)|)"
    gap = t["WS"].removesuffix("]+") + "\\n]"  # blank lines, too
    silent = f"(?:;[^\\n]*+{gap}*+)++"
    return Patterns(
        scan=re.compile(f"({t['PLAIN_LINES']})|({t['HEADER_LINE']})"),
        plain=re.compile(t["PLAIN_LINES"]),
        option=re.compile(f"({option}[^\\n]*+\\n)"),
        pairs=re.compile(
            f"{gap}*+(?:({t['NAME']}){ws}+(?:{t['ARROW']}|{t['EQUALS']}){ws}+({t['VALUE']}|)"
            f"[^\\n]*+{gap}*+(?:{silent}|)|{silent})|{gap}++"
        ),
        fields=re.compile(f"({ws})(?:({name}|)({ws})({separator})({ws})({t['VALUE']}|)|)"),
        simple=re.compile(
            f"(?:{ws}+(?:(?:{t['NAME']}){ws}+(?:{t['ARROW']}|{t['EQUALS']})|(?=[;\n]))[^\n]*+\n)*+"
        ),
        header=re.compile(
            f"{ws}\\[({t['SECTION']}|)\\](?:\\(({entry}(?:,{entry})*)\\))?({t['IGNORED']}|)"
        ),
        bracket=re.compile(f"{ws}\\[(?:{t['SECTION']}|)\\]"),
        directive=re.compile(f"{ws}({t['DIRECTIVE']})({ws})({t['ARGUMENT']}|)"),
        bad_escape=re.compile(ws + t["BAD_ESCAPE"]),
        mark=re.compile(t["MARK"]),
        blanks=re.compile(ws),
    )


def unescape(text: str) -> str:
    r"""Return `text` with every `\;` as `;`. There is no other escape."""
    return text.replace("\\;", ";")


@attrs.frozen
class Cut:
    """A physical line after comments are taken out.

    `visible` are the spans of the line that Asterisk goes on with, in order; `comment` is where
    a line comment starts (or -1); `depth` is the comment depth after the line, and `opened` how
    it changed on the way: +1 for each start, -1 for each end, in order.
    """

    visible: tuple[tuple[int, int], ...]
    comment: int
    depth: int
    opened: tuple[int, ...]


def cut(line: str, depth: int) -> Cut:
    """Take the comments out of one line (without its LF) that starts at comment depth `depth`.

    Source: main/config.c, the comment scan of config_text_file_load.
    Checked: tests/vectors/config.
    """
    end = line.find("\0")
    end = len(line) if end < 0 else end
    mark = patterns().mark
    pieces: list[tuple[int, int]] = []
    opened: list[int] = []
    comment = -1
    start = 0 if depth == 0 else -1  # where the current visible piece began, -1: none yet
    hidden = depth != 0
    pos = 0
    while (found := mark.search(line, pos, end)) is not None:
        p = found.start()
        if p > pos and line[p - 1] == "\\":
            pos = p + 1
        elif len(found[0]) == 3:
            if start >= 0 and not hidden:
                pieces.append((start, p))
                hidden = True
            depth += 1
            opened.append(1)
            pos = p + 3
        elif p >= pos + 2 and line[p - 2 : p] == "--":
            depth -= 1
            opened.append(-1)
            pos = p + 1
            if depth == 0:
                start, hidden = pos, False
        elif depth == 0:
            comment = p
            break
        else:
            pos = p + 1
    if start >= 0 and not hidden:
        pieces.append((start, end if comment < 0 else comment))
    return Cut(tuple(pieces), comment, depth, tuple(opened))


@attrs.frozen
class Fields:
    """Where the parts of an option stand in its line, as offsets from 0.

    For a line that a block comment cuts in the middle of a part, the span runs over the comment.
    """

    name: tuple[int, int]
    separator: str
    separator_at: tuple[int, int]
    lead: str
    """The white space between separator and value, which `+=` keeps."""
    value: tuple[int, int]
    comment_at: int
    comment: str
    pieces: tuple[tuple[int, int], ...]
    places: tuple[int, ...]
    """Where each character of the value stands, and its end."""


def fields_of(text: str, name: str, value: str) -> Fields:
    """Return the places of an option's parts in its line.

    The comment depth at which the line starts is not part of its text; it is the nearest to 0
    that gives this name and value.
    """
    line = text.removesuffix("\n")
    for depth in sorted(range(-line.count(";"), line.count(";") + 1), key=abs):
        found = cut(line, depth)
        seen, places = visible_text(line, found)
        match = patterns().fields.match(seen)
        if not match or not match[2] or not match[4]:
            continue
        if option_name(match[2]) == name and unescape(match[6]) == value:
            span = [(places[match.start(g)], places[match.end(g)]) for g in (2, 4, 6)]
            start = found.comment if found.comment >= 0 else len(line)
            comment = line[start:].partition("\0")[0]
            ends = range(match.start(6), match.end(6))
            kept = [k for k in ends if seen[k] != ";"]  # its place is that of the "\" before it
            at = (*(places[k] for k in kept), places[kept[-1]] + 1 if kept else span[2][1])
            return Fields(
                span[0], match[4], span[1], match[5], span[2], start, comment, found.visible, at
            )
    raise AssertionError(text)  # pragma: no cover - a node is made from its own text


def visible_text(line: str, found: Cut) -> tuple[str, list[int]]:
    r"""Return what Asterisk goes on with, and where in the line each character of it stands.

    The `;` of a surplus end mark is text; it comes as `\;`, like any other `;` that is.
    """
    places: list[int] = []
    seen: list[str] = []
    for a, b in found.visible:
        if ";" not in line[a:b]:
            seen.append(line[a:b])
            places += range(a, b)
            continue
        for k in range(a, b):
            if line[k] == ";" and line[k - 1] != "\\":
                seen.append("\\")
                places.append(k)
            seen.append(line[k])
            places.append(k)
    places.append(found.visible[-1][1] if found.visible else 0)
    return "".join(seen), places


def option_name(raw: str) -> str:
    """Return the name of an option from its text: escapes undone."""
    name = unescape(raw)
    escaped = raw[0] == "\\" and (raw[1:2] != ";" or raw[:3] == "\\\\;")
    return name[1:] if escaped else name


def physical_lines(
    text: str, pos: int = 0, end: int | None = None, lead: int = 0
) -> Iterator[tuple[int, int, bool]]:
    """Yield `(start, end, too_long)` for each line that Asterisk reads from `text[pos:end]`.

    `lead` bytes, those of a byte order mark, stand before the first of them.

    Lines end at LF. A line over the limit is dropped whole; a NUL inside it ends the search for
    its LF at the next multiple of the limit. Source: the fgets loop of config_text_file_load.
    """
    size = len(text) if end is None else end
    while pos < size:
        stop = text.find("\n", pos, size) + 1 or size
        room = LIMIT - lead - (text[stop - 1] != "\n")
        short = stop - pos <= MAY_BE_LONG or (
            stop - pos <= room and _bytes(text[pos:stop]) <= room  # a character is a byte or more
        )
        if short:
            yield pos, stop, False
            pos = stop
        elif text.find("\0", pos, stop) < 0:
            yield pos, stop, True
            pos = stop
        else:
            for piece, long in _buffers(text, pos, stop, lead):
                yield pos, piece, long
                pos = piece
        lead = 0


def has_long(text: str, pos: int, end: int, lead: int = 0) -> bool:
    """Tell whether `text[pos:end]`, which holds no NUL, has a line over the limit.

    `lead` bytes stand before the first character of `text`, in the same line.
    """
    if end - pos <= MAY_BE_LONG or max(map(len, text[pos:end].split("\n"))) <= MAY_BE_LONG:
        return False
    return any(long for _, _, long in physical_lines(text, pos, end, 0 if pos else lead))


def _bytes(text: str) -> int:
    return len(text.encode("utf-8", "surrogatepass")) - 2 * sum(
        "\udc80" <= c <= "\udcff" for c in text if c >= "\ud800"
    )


def _buffers(text: str, pos: int, end: int, lead: int) -> Iterator[tuple[int, bool]]:
    """Yield where each piece of an over-long line with NULs ends, and whether it is dropped."""
    long = False
    while pos < end:
        stop, size, lead = pos, lead, 0
        if text[pos : min(end, pos + LIMIT)].isascii():  # a byte each: no need to count
            stop = min(end, pos + LIMIT - size)
            size += stop - pos
        while stop < end and size < LIMIT:
            size += _bytes(text[stop])
            stop += 1
        piece = text[pos:stop]
        if "\0" in piece or piece.endswith("\n") or size < LIMIT:
            yield stop, long
            long = False
        else:
            long = True
        pos = stop
    if long:
        yield end, True
