r"""Arguments of applications: cut as Asterisk cuts them, joined so that it cuts them back.

Asterisk first substitutes `${…}` and `$[…]` in the whole argument text and splits the result. So
there are two readings of a text: after substitution every character counts (`substituted=True`);
before it (`substituted=False`, as it stands in a file) each `${…}` and `$[…]` is one unit, of
which nothing is known but that it goes where it stands.

Source: main/app.c, __ast_app_separate_args and ast_app_parse_options.
Checked: tests/vectors/dialplan-args.json.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

import attrs

from asterconf.errors import ModelError

_PROTECTS = re.compile(r'[\\"(\[]|\$[{\[]')
_COUNTS = re.compile(r'[\\"()\[\]]|\$[{\[]')
_COUNTS_UNQUOTED = re.compile(r"[\\()\[\]]|\$[{\[]")
_UNIT = re.compile(r"\$[{\[]")
_REMOVED = re.compile(r'[\\"]|\$[{\[]')
_BRACKETS = {"{": re.compile("[{}]"), "[": re.compile(r"[\[\]]")}


@attrs.frozen
class Argument:
    """One field of an argument text: its value, and where it stands in the text, as offsets.

    Cut clean, the value lacks the quotes and backslashes of the text.
    """

    value: str
    start: int
    end: int


def unit_end(text: str, at: int) -> int:
    """Return the offset after the `${…}` or `$[…]` that begins at `at`.

    Only brackets of its own kind count; without the last one it takes the rest of the text.

    Source: main/pbx_variables.c, ast_str_substitute_variables_full.
    """
    opening = text[at + 1]
    depth = 0
    for found in _BRACKETS[opening].finditer(text, at + 1):
        depth += 1 if found[0] == opening else -1
        if not depth:
            return found.end()
    return len(text)


def mask(text: str) -> str:
    """Return `text` with NULs in place of each `${…}` and `$[…]`, so that offsets stay."""
    at = 0
    while (found := _UNIT.search(text, at)) is not None:
        start, at = found.start(), unit_end(text, found.start())
        text = f"{text[:start]}{chr(0) * (at - start)}{text[at:]}"
    return text


def find(
    text: str, separator: str, at: int = 0, *, protect: bool = True, substituted: bool = True
) -> int:
    """Return the offset of the next separator that counts, or -1; a field begins at `at`.

    With `protect`, brackets and quotes keep a separator from counting: `(` and `[` are counted
    each on its own, also inside quotes; a backslash takes the next character along.
    """
    hit = text.find(separator, at)
    marks = (_PROTECTS if protect else _UNIT).search(text, at, max(hit, at))
    if hit < 0 or marks is None or (not protect and substituted):
        return hit
    paren = bracket = 0
    quoted = False
    pattern = (_COUNTS_UNQUOTED if separator == '"' else _COUNTS) if protect else _UNIT
    while True:
        mark = pattern.search(text, at)
        end = mark.start() if mark else len(text)
        if not (paren or bracket or quoted):
            hit = text.find(separator, at, end)
            if hit >= 0:
                return hit
        if mark is None:
            return -1
        char = mark[0]
        at = mark.end()
        if len(char) > 1:
            at = mark.start() + 1 if substituted else unit_end(text, mark.start())
        elif char == "\\":
            at += 1
        elif char == '"':
            quoted = not quoted
        elif char in "()":
            paren = max(paren + (1 if char == "(" else -1), 0)
        else:
            bracket = max(bracket + (1 if char == "[" else -1), 0)


def unclosed(text: str, *, substituted: bool = True) -> int:
    """Return the offset of the first quote or bracket that is still open at the end, or -1."""
    alone = _unmatched(text, ("()", "[]"), closing=False, substituted=substituted)
    quotes = []
    skip = -1
    for at in _places(text, substituted=substituted):
        if at == skip:
            alone.discard(at)
        elif text[at] == "\\":
            skip = at + 1
        elif text[at] == '"':
            quotes.append(at)
    alone.update(quotes[-1:] if len(quotes) % 2 else ())
    return min(alone, default=-1)


def clean(text: str, separator: str = ",", *, substituted: bool = True) -> str:
    """Remove the backslashes of a field, and its quotes, unless they are what separates fields.

    What follows a backslash stays.
    """
    if '"' not in text and "\\" not in text:
        return text
    kept = []
    at = 0
    while found := _REMOVED.search(text, at):
        start = found.start()
        kept.append(text[at:start])
        at = start + 1
        if text[start] == "\\":
            kept.append(text[at : at + 1])
            at += 1
        elif text[start] == separator:
            kept.append(separator)
        elif text[start] == "$":
            at = start + 2 if substituted else unit_end(text, start)
            kept.append(text[start:at])
    return "".join((*kept, text[at:]))


def cut(
    text: str,
    separator: str = ",",
    *,
    flavour: str = "clean",
    limit: int | None = None,
    substituted: bool = True,
) -> list[Argument]:
    """Cut a text at each separator that counts; an empty text has no fields.

    Args:
        text: the arguments.
        separator: one of `,` `?` `:` `|` `^` `=` `&` `"`.
        flavour: `clean` removes quotes and backslashes, `raw` keeps them; in both, brackets and
            quotes protect separators. `plain`: nothing protects and nothing is removed.
        limit: how many fields the application declares. The last one keeps all the rest, with
            its quotes and backslashes.
        substituted: whether `${…}` and `$[…]` are ordinary characters; else each is one unit.
    """
    fields: list[Argument] = []
    if not text:
        return fields
    cleaning, protect = flavour == "clean", flavour != "plain"
    at = 0
    while limit is None or len(fields) < limit - 1:
        end = find(text, separator, at, protect=protect, substituted=substituted)
        stop = len(text) if end < 0 else end
        value = text[at:stop]
        if cleaning:
            value = clean(value, separator, substituted=substituted)
        fields.append(Argument(value, at, stop))
        if end < 0:
            return fields
        at = end + 1
    fields.append(Argument(text[at:], at, len(text)))
    return fields


def split(
    text: str,
    separator: str = ",",
    *,
    flavour: str = "clean",
    limit: int | None = None,
    substituted: bool = True,
) -> tuple[str, ...]:
    """Return the values of the fields of a text; see `cut`."""
    fields = cut(text, separator, flavour=flavour, limit=limit, substituted=substituted)
    return tuple(field.value for field in fields)


def _unmatched(text: str, pairs: Sequence[str], *, closing: bool, substituted: bool) -> set[int]:
    """Return the offsets of the brackets without a partner; each kind is counted on its own."""
    opened: dict[str, list[int]] = {pair: [] for pair in pairs}
    alone: set[int] = set()
    for at in _places(text, substituted=substituted):
        for pair in pairs:
            if text[at] == pair[0]:
                opened[pair].append(at)
            elif text[at] == pair[1] and opened[pair]:
                opened[pair].pop()
            elif text[at] == pair[1] and closing:
                alone.add(at)
    return alone.union(*opened.values())


def _places(text: str, *, substituted: bool) -> Iterator[int]:
    """Yield the offset of every character outside `${…}` and `$[…]`."""
    at = 0
    while at < len(text):
        if not substituted and text.startswith(("${", "$["), at):
            at = unit_end(text, at)
        else:
            yield at
            at += 1


def escape(value: str, separator: str = ",", *, substituted: bool = True) -> str:
    r"""Return the text of a field that is cut clean to `value`, not being the last declared one.

    A separator inside brackets stays bare, elsewhere it gets a backslash, as do quotes,
    backslashes and brackets without a partner. `${…}` and `$[…]` go as they are with
    `substituted=False`.
    """
    if not (set(value) & {"\\", '"', "(", "[", separator}):
        return value
    lonely = _unmatched(value, ("()", "[]"), closing=False, substituted=substituted)
    depth = {"()": 0, "[]": 0}
    marked = set()
    for at in _places(value, substituted=substituted):
        char = value[at]
        for pair, level in depth.items():
            if at not in lonely and char in pair:
                depth[pair] = max(level + (1 if char == pair[0] else -1), 0)
        protected = any(depth.values())
        if at in lonely or char in '\\"' or (char == separator and not protected):
            marked.add(at)
    return "".join(f"\\{c}" if at in marked else c for at, c in enumerate(value))


def join(
    values: Iterable[str],
    separator: str = ",",
    *,
    flavour: str = "clean",
    limit: int | None = None,
    substituted: bool = True,
) -> str:
    """Return a text that `split` cuts into exactly these values.

    Raises:
        ModelError: no text does that. A raw or plain field cannot hold a bare separator, and a
            `${` that is never closed takes everything after it.
    """
    wanted = tuple(values)
    texts = list(wanted)
    if flavour == "clean":
        free = len(texts) if limit is None else limit - 1
        for at, value in enumerate(texts[:free]):
            texts[at] = escape(value, separator, substituted=substituted)
        if texts == [""] and limit != 1:
            texts = ['""']
    text = separator.join(texts)
    if split(text, separator, flavour=flavour, limit=limit, substituted=substituted) != wanted:
        raise ModelError(f"no argument text is cut into {wanted!r} at {separator!r}")
    return text


@attrs.frozen
class OptionText:
    """One letter of an option string, with its argument if it has one, and where it stands.

    `letter` is a whole `${…}` where one stands in place of letters. `closed` is False where the
    `)` is missing.
    """

    letter: str
    argument: str | None
    start: int
    end: int
    closed: bool = True


def split_options(text: str, *, substituted: bool = True) -> tuple[OptionText, ...]:
    r"""Cut an option string such as `tTU(sub^a)L(60000)` into letters with their arguments.

    In an argument brackets nest and a backslash is removed; if it begins with `"`, quotes protect
    brackets and are removed. A letter without its `)` takes the rest and ends the string.
    """
    options = []
    at = 0
    while at < len(text):
        start = at
        unit = not substituted and text.startswith(("${", "$["), at)
        at = unit_end(text, at) if unit else at + 1
        letter = text[start:at]
        if not unit and text.startswith("(", at):
            argument, at, closed = _option_argument(text, at + 1, substituted=substituted)
            options.append(OptionText(letter, argument, start, at, closed))
        else:
            options.append(OptionText(letter, None, start, at))
    return tuple(options)


def _option_argument(text: str, at: int, *, substituted: bool) -> tuple[str, int, bool]:
    """Return the argument that begins at `at`, the offset after its `)`, and if there is one."""
    kept = []
    depth, quoted = 1, False
    quotes = text.startswith('"', at)
    while at < len(text):
        char = text[at]
        if not substituted and text.startswith(("${", "$["), at):
            end = unit_end(text, at)
            kept.append(text[at:end])
            at = end
            continue
        if char == '"' and quotes:
            quoted = not quoted
        elif char == "\\":
            if quoted and not text.startswith('"', at + 1):
                kept.append(char)
            kept.append(text[at + 1 : at + 2])
            at += 1
        else:
            if not quoted:
                depth += (char == "(") - (char == ")")
            if not depth:
                return "".join(kept), at + 1, True
            kept.append(char)
        at += 1
    return "".join(kept), len(text), False


def join_options(
    options: Iterable[tuple[str, str | None]], *, closed: bool = True, substituted: bool = True
) -> str:
    """Return the option string that `split_options` cuts into these letters and arguments.

    Args:
        options: letters, each with its argument or None.
        closed: False leaves the `)` of the last argument out.
        substituted: as in `cut`.

    Raises:
        ModelError: no text does that, such as a letter `(` after one without an argument.
    """
    wanted = [*options]
    texts = [
        letter if argument is None else f"{letter}({_option_text(argument, substituted)})"
        for letter, argument in wanted
    ]
    if not closed and texts:
        texts[-1] = texts[-1].removesuffix(")")
    text = "".join(texts)
    made = split_options(text, substituted=substituted)
    if [(o.letter, o.argument) for o in made] != wanted or closed != all(o.closed for o in made):
        raise ModelError(f"no option string says {wanted!r}")
    return text


def _option_text(argument: str, substituted: bool) -> str:  # noqa: FBT001
    lonely = _unmatched(argument, ("()",), closing=True, substituted=substituted)
    marked = {
        at
        for at in _places(argument, substituted=substituted)
        if at in lonely or argument[at] == "\\" or (at == 0 and argument[0] == '"')
    }
    return "".join(f"\\{c}" if at in marked else c for at, c in enumerate(argument))
