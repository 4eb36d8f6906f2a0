"""What Asterisk will not take as it is written: names, arguments and options of an application."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import attrs

from asterconf import schema
from asterconf.apps._application import Application, Call, Facts, facts, fields_of
from asterconf.apps._flow import ExecIf, Gosub, GosubIf, Goto, GotoIf, GotoIfTime, While
from asterconf.apps._gone import GONE
from asterconf.apps._phones import Dial, VoiceMail
from asterconf.apps._steps import BackGround, Playback, Set
from asterconf.apps._values import Location
from asterconf.codes import Rule
from asterconf.diagnostic import Diagnostic
from asterconf.errors import ModelError
from asterconf.language import args
from asterconf.language.args import Argument
from asterconf.source import Position, Severity, fold

__all__ = ["CODES", "Finding", "inspect"]

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE

CODES: Mapping[str, Rule] = {
    "unknown": Rule(
        "AC250", _E, "Asterisk 22 has no application {name!r}",
        "the call ends here{near}",
    ),
    "gone": Rule(
        "AC251", _E, "{name} is gone from Asterisk 22", "the call ends here{instead}",
    ),
    "case": Rule(
        "AC252", _A, "{name!r} is spelled {known!r} by Asterisk",
        "it works: case does not matter here",
    ),
    "blank": Rule(
        "AC253", _E, "a blank before '(' belongs to the name: there is no application {name!r}",
        "remove the blank; the call ends here",
    ),
    "old-separator": Rule(
        "AC254", _W, "'|' does not separate arguments",
        "write ',' instead; Asterisk takes all of {text!r} as one argument",
    ),
    "no-brackets": Rule(
        "AC255", _E, "arguments without brackets: Asterisk looks for an application {name!r}",
        "write {known}(…); the call ends here",
    ),
    "missing": Rule(
        "AC256", _W, "{name} lacks its argument {argument!r}", "Asterisk warns and goes on",
    ),
    "missing-end": Rule(
        "AC257", _E, "{name} lacks its argument {argument!r}", "the call ends here",
    ),
    "documented": Rule(
        "AC275", _A, "{name} is documented with an argument {argument!r}, which is not there",
        "see 'core show application {name}'; some do without",
    ),
    "too-many": Rule(
        "AC258", _W, "{name} has more arguments than Asterisk takes: {text!r}",
        "remove them, or protect a ',' that belongs to an argument by '\\'",
    ),
    "letter": Rule(
        "AC259", _W, "{name} has no option {letter!r}", "Asterisk ignores it{instead}",
    ),
    "letter-open": Rule(
        "AC260", _E, "the argument of option {letter!r} has no ')'",
        "close it; Asterisk takes none of the options behind it, and Dial ends the call",
    ),
    "letter-argument": Rule(
        "AC261", _A, "option {letter!r} of {name} takes no argument", "Asterisk ignores it",
    ),
    "letter-needs": Rule(
        "AC262", _W, "option {letter!r} of {name} needs an argument", "write {letter}(…)",
    ),
    "no-name": Rule("AC263", _E, "there is no application name", "the call ends here"),
    "variable-name": Rule(
        "AC264", _E, "{name!r}: application names are never substituted",
        "use Exec(…), which substitutes its text; the call ends here",
    ),
    "no-part": Rule(
        "AC265", _W, "{name} has no {mark!r}", "write {form}; Asterisk warns or does nothing",
    ),
    "old-execif": Rule(
        "AC266", _W, "ExecIf with commas is the old form", "write ExecIf(CONDITION?APP(…))",
    ),
    "place-blank": Rule(
        "AC267", _W, "blanks belong to the {part} {text!r}", "remove them; nothing is found else",
    ),
    "target": Rule(
        "AC268", _E, "{text!r} is no device: there is no '/' with something behind it",
        "write Technology/resource, such as PJSIP/6001; the call ends here",
    ),
    "not-number": Rule(
        "AC269", _W, "{argument} {text!r} is no number", "Asterisk takes it for none given",
    ),
    "swallows": Rule(
        "AC270", _W, "{mark} is never closed, and no ',' behind it separates",
        "close it, or write '\\{mark}'",
    ),
    "old-mailbox": Rule(
        "AC271", _W, "{text!r} is a mailbox of that name, not box {box!r} with options",
        "write {box},{letters}",
    ),
    "optional": Rule(
        "AC272", _A, "{name} is not part of every build of Asterisk 22",
        "see 'core show application {name}' there",
    ),
    "no-arguments": Rule(
        "AC273", _A, "{name} takes no arguments", "Asterisk ignores {text!r}",
    ),
    "word": Rule(
        "AC274", _W, "{name} has no option {word!r}", "known are {known}",
    ),
}  # fmt: skip


@attrs.frozen
class Finding:
    """Something about the text of an application: what, and where in `str(app)`, as offsets.

    `str(app)` has brackets also where a file has none. `replacement` is what to write there
    instead, where that is certain.
    """

    code: str
    severity: Severity
    message: str
    hint: str
    start: int
    end: int
    replacement: str | None = None

    def at(self, position: Position | None) -> Diagnostic:
        """Return the diagnostic for an application whose text begins at `position`."""
        if position is not None:
            position = attrs.evolve(position, column=position.column + self.start)
        return Diagnostic(self.code, self.severity, self.message, position, self.hint)


def inspect(app: Application) -> Iterator[Finding]:
    """Yield what Asterisk 22 will not take as it is written, in the order of the text.

    An application inside another one (`ExecIf`) is looked at too.
    """
    found = [*_name(app)]
    known = facts(app.name)
    if known.name:
        found += _arguments(app, known)
    return iter(sorted(found, key=lambda one: (one.start, one.end)))


def _say(rule: str, start: int, end: int, /, *fixed: str | None, **said: object) -> Finding:
    what = CODES[rule]
    message, hint = what.message.format(**said), what.hint.format(**said)
    return Finding(what.code, what.severity, message, hint, start, end, *fixed)


# -- the name -------------------------------------------------------------------------------------


def _name(app: Application) -> Iterator[Finding]:
    name, size = app.name, len(app.name)
    known = facts(name)
    if known.name:
        if known.name != name:
            yield _say("case", 0, size, known.name, name=name, known=known.name)
        if not known.installed:
            yield _say("optional", 0, size, name=known.name)
        return
    head = re.match(r"[^,|]*", name)
    before = facts(head[0]) if head else known
    gone = {fold(key): key for key in GONE}.get(fold(name))
    trimmed = name.rstrip("".join(map(chr, range(1, 33))))
    if not trimmed:
        yield _say("no-name", 0, size)
    elif "${" in name or "$[" in name:
        yield _say("variable-name", 0, size, name=name)
    elif trimmed != name:
        yield _say("blank", len(trimmed), size, "", name=name)
    elif before.name and head is not None:
        rest = name[head.end() + 1 :].replace("|", ",") if head.end() < size else ""
        fixed = f"{before.name}({rest})" if not app.data else None
        end = size if app.data else len(str(app))
        yield _say("no-brackets", 0, end, fixed, name=name, known=before.name)
    elif gone is not None:
        instead = f"; use {GONE[gone]}" if GONE[gone] else ""
        yield _say("gone", 0, size, name=gone, instead=instead)
    else:
        near = get_close_matches(name, schema.applications(), 1, 0.75)
        hint = f"; did you mean {near[0]}?" if near else ""
        if name in schema.functions():
            hint = "; it is a function, for ${…} and Set(…=…)"
        yield _say("unknown", 0, size, name=name, near=hint)


# -- the arguments --------------------------------------------------------------------------------


def _arguments(app: Application, known: Facts) -> Iterator[Finding]:
    shift = len(app.name) + 1
    layout = known.layout if isinstance(app, Call) else type(app).layout
    cuts = layout.cut(app.data)
    data = (shift, shift + len(app.data))
    if not known.arguments:
        if app.data:
            yield _say("no-arguments", *data, name=known.name, text=app.data)
        return
    yield from _old_separators(app, known, data)
    yield from _missing(app, known, cuts, data)
    yield from _too_many(app, known, cuts, shift)
    yield from _swallowing(app, cuts, shift)
    for field, one in zip(_named(app, known), cuts, strict=False):
        place = (one.start + shift, one.end + shift)
        exact = app.data[one.start : one.end] == one.value
        yield from _value(app, known, field, one.value, place, exact=exact)


def _named(app: Application, known: Facts) -> list[tuple[str, str]]:
    """Return the name and kind of each argument, in order."""
    if isinstance(app, Call):
        kinds = ["options" if at == known.options else "text" for at in range(len(known.arguments))]
        return [*zip(known.arguments, kinds, strict=True)]
    return [(field.name, field.kind.name) for field in fields_of(type(app))]


def _old_separators(app: Application, known: Facts, data: tuple[int, int]) -> Iterator[Finding]:
    """Say that `|` stands where only `,` separates: no comma is there, and there could be one."""
    several = len(known.arguments) > 1 or known.layout.endless
    if isinstance(app, (Set, ExecIf, While)) or not several:
        return
    masked = args.mask(app.data)
    tail = (
        masked[masked.find("?") + 1 :] if isinstance(app, (GotoIf, GosubIf, GotoIfTime)) else masked
    )
    if "|" not in tail or "," in tail:
        return
    fixed = "".join("," if m == "|" else c for c, m in zip(app.data, masked, strict=True))
    yield _say("old-separator", *data, fixed, text=app.data)


_FORMS = {
    Set: ("=", "Set(NAME=VALUE)"),
    GotoIf: ("?", "GotoIf(CONDITION?PLACE:PLACE)"),
    GotoIfTime: ("?", "GotoIfTime(TIMES,DAYS,DATES,MONTHS?PLACE:PLACE)"),
    GosubIf: ("?", "GosubIf(CONDITION?PLACE(…):PLACE(…))"),
    ExecIf: ("?", "ExecIf(CONDITION?APP(…):APP(…))"),
}


def _missing(
    app: Application, known: Facts, cuts: list[Argument], data: tuple[int, int]
) -> Iterator[Finding]:
    form = _FORMS.get(type(app))
    if isinstance(app, ExecIf) and len(cuts) > 1 and args.mask(app.data)[cuts[0].end] == ",":
        yield _say("old-execif", *data, _written_anew(app), name=known.name)
    elif isinstance(app, ExecIf) and app.data and not (app.if_true or app.if_false):
        yield _say("missing-end", *data, name=known.name, argument="if_true")
        return
    elif form is not None and app.data and len(cuts) < 2:
        yield _say("no-part", *data, name=known.name, mark=form[0], form=form[1])
        return
    rule = "missing-end" if app.end_if_empty else "missing"
    if isinstance(app, Call):
        rule, needed = "documented", known.arguments[: known.required]
    else:
        needed = tuple(f.name for f in fields_of(type(app)) if f.name in _needed(app))
    texts = [one.value for one in cuts]
    for index, argument in enumerate(needed):
        if index >= len(texts) or (not texts[index] and not isinstance(app, (Set, GotoIf, ExecIf))):
            yield _say(rule, *data, name=known.name, argument=argument)
            return


def _written_anew(app: Application) -> str | None:
    """Return the argument text in today's form; None: nothing says it."""
    try:
        return attrs.evolve(app, source=None).data
    except ModelError:
        return None


def _needed(app: Application) -> set[str]:
    """Return the arguments without which an application of its own class does nothing."""
    own = attrs.fields(type(app))
    needed = {field.name for field in own if field.default is attrs.NOTHING}
    return needed | ({"targets"} if isinstance(app, Dial) else set())


def _too_many(
    app: Application, known: Facts, cuts: list[Argument], shift: int
) -> Iterator[Finding]:
    if isinstance(app, (Goto, Gosub)):
        fields, place = (
            args.cut(cuts[0].value if cuts else "", flavour="plain", substituted=False),
            3,
        )
        more = fields[place:]
    elif isinstance(app, (Call, Playback)) or set(type(app).layout.separators) != {","}:
        return
    else:
        count = len(fields_of(type(app)))
        more = cuts[count:]
        last = cuts[count - 1] if len(cuts) == count and not more else None
        comma = args.find(last.value, ",", substituted=False) if last else -1
        if last is not None and comma >= 0:
            more = [Argument(last.value[comma + 1 :], last.start + comma + 1, last.end)]
    if more:
        start, end = more[0].start + shift, more[-1].end + shift
        yield _say("too-many", start, end, name=known.name, text=str(app)[start:end])


def _swallowing(app: Application, cuts: list[Argument], shift: int) -> Iterator[Finding]:
    """Say which quote or bracket keeps every later separator from counting."""
    if not cuts or isinstance(app, Call) or set(type(app).layout.separators) != {","}:
        return
    last = cuts[-1]
    if len(cuts) > len(type(app).layout.separators):
        return
    raw = app.data[last.start : last.end]
    at = args.unclosed(raw, substituted=False)
    if at >= 0 and "," in args.mask(raw)[at:]:
        start = last.start + at + shift
        yield _say("swallows", start, start + 1, mark=raw[at])


_NUMBER = re.compile(r"[\x01-\x20]*[-+]?\.?[0-9]|.*\$[{\[]")
"""How a text begins that Asterisk reads as a number; what a variable says is not known."""


# -- one argument ---------------------------------------------------------------------------------


def _value(
    app: Application,
    known: Facts,
    field: tuple[str, str],
    value: str,
    place: tuple[int, int],
    *,
    exact: bool,
) -> Iterator[Finding]:
    name, kind = field
    if kind == "options":
        yield from _options(app, known, value, place, exact=exact)
    elif kind == "words":
        for word in filter(None, value.split(",")):
            if not any(fold(one) in fold(word) for one in known.letters) and "$" not in word:
                told = ", ".join(known.letters)
                yield _say("word", *place, name=known.name, word=word, known=told)
    elif kind == "number" and name != "causecode" and value:
        parts = value.split("^") if isinstance(app, Dial) else [value]
        if not all(
            re.match(r"[\x01-\x20]*[-+]?\.?[0-9]|.*\$[{\[]", part) for part in parts if part
        ):
            yield _say("not-number", *place, argument=name, text=value)
    elif kind == "location" and value:
        yield from _place(Location.parse(value), place)
    elif name == "targets":
        for one in getattr(app, "targets", ()):
            technology, slash, resource = args.mask(one).partition("/")
            if one.strip() and "\0" not in technology and not (slash and resource.strip()):
                yield _say("target", *place, text=one)
    elif kind in {"application", "gosub"}:
        inner = getattr(app, name)
        if isinstance(inner, Application):
            start = place[0] - (len("Gosub(") if kind == "gosub" else 0)
            for one in inspect(inner):
                first, last = min(start + one.start, place[1]), min(start + one.end, place[1])
                fixed = one.replacement if last == start + one.end else None  # no brackets there
                yield attrs.evolve(one, start=first, end=last, replacement=fixed)
    elif isinstance(app, VoiceMail) and name == "mailboxes":
        for box in app.mailboxes:
            if old := re.fullmatch(r"([bsu]+)([0-9]+(?:@.*)?)", box):
                yield _say("old-mailbox", *place, text=box, box=old[2], letters=old[1])


def _place(target: Location, place: tuple[int, int]) -> Iterator[Finding]:
    parts: tuple[tuple[str, Any], ...] = (
        ("context", target.context),
        ("extension", target.extension),
        ("label", target.priority),
    )
    for part, value in parts:
        if not isinstance(value, str) or value == value.strip():
            continue
        if part != "label" or not re.fullmatch(r"[-+]?[0-9]+", value.strip()):
            yield _say("place-blank", *place, part=part, text=value)


_LETTERS_GONE: Mapping[tuple[str, str], str] = {
    ("Dial", "M"): "use U(CONTEXT^ARGUMENT…), which runs a subroutine",
    ("Queue", "M"): "use the argument 'gosub', which runs a subroutine",
}


def _options(
    app: Application, known: Facts, value: str, place: tuple[int, int], *, exact: bool
) -> Iterator[Finding]:
    if isinstance(app, BackGround) and fold(value) in {"skip", "noanswer"}:
        return
    if any(len(letter) > 1 for letter in known.letters):
        return  # words, of which the documentation names some
    last = place[1] == len(str(app)) - 1
    for one in args.split_options(value, substituted=False):
        where = (place[0] + one.start, place[0] + one.end) if exact else place
        letter, said = one.letter, {"name": known.name, "letter": one.letter}
        if len(letter) > 1 or (letter == "," and last):  # a variable; an argument too many
            continue
        if letter not in known.letters:
            instead = _LETTERS_GONE.get((known.name, letter), "")
            yield _say("letter", *where, instead=f"; {instead}" if instead else "", **said)
        elif one.argument is not None and not known.letters[letter]:
            yield _say("letter-argument", *where, **said)
        elif one.argument is None and letter in known.needy:
            yield _say("letter-needs", *where, **said)
        if not one.closed:
            yield _say("letter-open", *where, **said)
