"""What Asterisk does not accept as written: names, arguments and options of an application."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

import attrs

from asterconf import schema
from asterconf.apps._application import Application, Facts, Location, facts, fields_of
from asterconf.apps._classes import (
    AnyApp,
    BackGround,
    ConfBridge,
    Dial,
    ExecIf,
    Gosub,
    GosubIf,
    Goto,
    GotoIf,
    GotoIfTime,
    Playback,
    Set,
    VoiceMail,
    VoiceMailMain,
    WaitExten,
    While,
)
from asterconf.codes import APPLICATIONS
from asterconf.errors import ModelError
from asterconf.language import args
from asterconf.language.args import Argument
from asterconf.language.faults import Fault, Span
from asterconf.schema.overlay import data
from asterconf.source import WHITE, fold, meant

GONE: Mapping[str, str] = data("gone")
"""Applications that Asterisk once had and 23 no longer has, each with what to write instead.

Empty: there is nothing like it. Which version still has one, the schema knows. Checked: none of
them is among the applications of 23, and what stands in their place is there, in 22 and in 23.
"""


def inspect(app: Application, asterisk: str = schema.DEFAULT) -> Iterator[Fault]:
    """Yield what Asterisk does not accept as written, with offsets in `str(app)`, in their order.

    `str(app)` has brackets also where a file has none.

    An application inside another one (`ExecIf`) is inspected too.
    """
    found = [*_name(app, asterisk)]
    known = facts(app.name, asterisk)
    if known.name:
        found += _arguments(app, known, asterisk)
    return iter(sorted(found, key=lambda one: one.span))


def _fault(rule: str, start: int, end: int, /, *fixed: str | None, **values: object) -> Fault:
    changes = tuple((start, end, text) for text in fixed if text is not None)
    return Fault(APPLICATIONS[rule], Span(start, end), tuple(values.items()), changes)


# -- the name -------------------------------------------------------------------------------------


def _name(app: Application, asterisk: str) -> Iterator[Fault]:
    name, size = app.name, len(app.name)
    known = facts(name, asterisk)
    if known.name:
        if known.name != name:
            yield _fault("application-case", 0, size, known.name, name=name, known=known.name)
        if not known.installed:
            yield _fault("optional-application", 0, size, name=known.name, asterisk=asterisk)
        return
    head = re.match(r"[^,|]*", name)
    before = facts(head[0], asterisk) if head else known
    gone = {fold(key): key for key in GONE}.get(fold(name))
    trimmed = name.rstrip(WHITE)
    if not trimmed:
        yield _fault("no-application", 0, size)
    elif "${" in name or "$[" in name:
        yield _fault("application-from-variable", 0, size, name=name)
    elif trimmed != name:
        yield _fault("application-blank", len(trimmed), size, "", name=name)
    elif before.name and head is not None:
        rest = name[head.end() + 1 :].replace("|", ",") if head.end() < size else ""
        fixed = f"{before.name}({rest})" if not app.data else None
        end = size if app.data else len(str(app))
        yield _fault("no-brackets", 0, end, fixed, name=name, known=before.name)
    elif gone is not None:
        instead = f"; use {GONE[gone]}" if GONE[gone] else ""
        yield _fault("application-gone", 0, size, name=gone, instead=instead, asterisk=asterisk)
    else:
        there = schema.at(asterisk)
        hint = meant(name, there.applications(), near=0.75, before="; ")
        if name in there.functions():
            hint = "; it is a function, for ${…} and Set(…=…)"
        yield _fault("unknown-application", 0, size, name=name, near=hint, asterisk=asterisk)


# -- the arguments --------------------------------------------------------------------------------


def _arguments(app: Application, known: Facts, asterisk: str) -> Iterator[Fault]:
    shift = len(app.name) + 1
    layout = known.layout if isinstance(app, AnyApp) else type(app).layout
    cuts = layout.cut(app.data)
    data = (shift, shift + len(app.data))
    if not known.arguments:
        if app.data:
            yield _fault("no-arguments", *data, name=known.name, text=app.data)
        return
    yield from _old_separators(app, known, data)
    yield from _missing(app, known, cuts, data)
    many = [*_too_many(app, known, cuts, shift)]
    yield from many
    yield from _swallowing(app, cuts, shift)
    for (name, kind), one in zip(_named(app, known), cuts, strict=False):
        if many and one is cuts[-1]:
            continue  # it holds those that are too many, which is said
        span = (one.start + shift, one.end + shift)
        exact = app.data[one.start : one.end] == one.value
        if kind in _CHECKS:
            yield from _CHECKS[kind](
                _Checked(app, known, name, kind, one.value, span, exact, asterisk)
            )


def _named(app: Application, known: Facts) -> list[tuple[str, str]]:
    """Return the name and kind of each argument, in order."""
    if isinstance(app, AnyApp):
        kinds = ["options" if at == known.options else "text" for at in range(len(known.arguments))]
        return [*zip(known.arguments, kinds, strict=True)]
    return [(field.name, field.kind.name) for field in fields_of(type(app))]


def _old_separators(app: Application, known: Facts, data: tuple[int, int]) -> Iterator[Fault]:
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
    yield _fault("old-separator", *data, fixed, text=app.data)


_FORMS = {
    Set: ("=", "Set(NAME=VALUE)"),
    GotoIf: ("?", "GotoIf(CONDITION?PLACE:PLACE)"),
    GotoIfTime: ("?", "GotoIfTime(TIMES,DAYS,DATES,MONTHS?PLACE:PLACE)"),
    GosubIf: ("?", "GosubIf(CONDITION?PLACE(…):PLACE(…))"),
    ExecIf: ("?", "ExecIf(CONDITION?APP(…):APP(…))"),
}


def _missing(
    app: Application, known: Facts, cuts: list[Argument], data: tuple[int, int]
) -> Iterator[Fault]:
    form = _FORMS.get(type(app))
    if isinstance(app, ExecIf) and len(cuts) > 1 and args.mask(app.data)[cuts[0].end] == ",":
        yield _fault("old-execif", *data, _written_anew(app), name=known.name)
    elif isinstance(app, ExecIf) and app.data and not (app.if_true or app.if_false):
        yield _fault("needed-argument-missing", *data, name=known.name, argument="if_true")
        return
    elif form is not None and app.data and len(cuts) < 2:
        yield _fault("part-missing", *data, name=known.name, mark=form[0], form=form[1])
        return
    ends = app.end_if_empty and (not app.data or isinstance(app, ConfBridge))  # observed
    rule = "needed-argument-missing" if ends else "argument-missing"
    if isinstance(app, AnyApp):
        rule, needed = "documented-argument", known.arguments[: known.required]
    else:
        needed = tuple(f.name for f in fields_of(type(app)) if f.name in _needed(app))
    texts = [one.value for one in cuts]
    for index, argument in enumerate(needed):
        if index >= len(texts) or (not texts[index] and not isinstance(app, (Set, GotoIf, ExecIf))):
            yield _fault(rule, *data, name=known.name, argument=argument)
            return


def _written_anew(app: Application) -> str | None:
    """Return the argument text in the current form; None: no text has these arguments."""
    try:
        return attrs.evolve(app, source=None).data
    except ModelError:
        return None


def _needed(app: Application) -> set[str]:
    """Return the arguments without which an application of its own class does nothing."""
    own = attrs.fields(type(app))
    needed = {field.name for field in own if field.default is attrs.NOTHING}
    return needed | ({"targets"} if isinstance(app, Dial) else set())


def _too_many(app: Application, known: Facts, cuts: list[Argument], shift: int) -> Iterator[Fault]:
    if isinstance(app, (Goto, Gosub)):
        fields, place = (
            args.cut(cuts[0].value if cuts else "", flavour="plain", substituted=False),
            3,
        )
        more = fields[place:]
        if isinstance(app, Gosub) and "(" in app.data and not any(one.value for one in more):
            return  # Gosub(context,extension,1,(…)): observed, the arguments are passed
    elif isinstance(app, (AnyApp, Playback)) or set(type(app).layout.separators) != {","}:
        return
    else:
        count = len(fields_of(type(app)))
        if isinstance(app, _READ_ON):
            return
        more = cuts[count:]
        last = cuts[count - 1] if len(cuts) == count and not more else None
        comma = args.find(last.value, ",", substituted=False) if last else -1
        if last is not None and comma >= 0:
            more = [Argument(last.value[comma + 1 :], last.start + comma + 1, last.end)]
    if more:
        start, end = more[0].start + shift, more[-1].end + shift
        yield _fault("too-many-arguments", start, end, name=known.name, text=str(app)[start:end])


_READ_ON = (VoiceMail, VoiceMailMain, WaitExten)
"""Applications that read what stands behind their options as options, too: observed."""


def _swallowing(app: Application, cuts: list[Argument], shift: int) -> Iterator[Fault]:
    """Say which quote or bracket keeps every later separator from counting."""
    if not cuts or isinstance(app, AnyApp) or set(type(app).layout.separators) != {","}:
        return
    last = cuts[-1]
    if len(cuts) > len(type(app).layout.separators):
        return
    raw = app.data[last.start : last.end]
    at = args.unclosed(raw, substituted=False)
    if at >= 0 and "," in args.mask(raw)[at:]:
        start = last.start + at + shift
        yield _fault("mark-unclosed", start, start + 1, mark=raw[at])


_NUMBER = re.compile(r"[\x01-\x20]*[-+]?\.?[0-9]|.*\$[{\[]")
"""The start of a text that Asterisk reads as a number; the value of a variable is not known."""


# -- one argument ---------------------------------------------------------------------------------


@attrs.frozen
class _Checked:
    """An argument that is checked: its value and its place; `exact`: written as its value is."""

    app: Application
    known: Facts
    name: str
    kind: str
    value: str
    span: tuple[int, int]
    exact: bool
    asterisk: str


def _words(one: _Checked) -> Iterator[Fault]:
    letters = one.known.letters
    for word in filter(None, one.value.split(",")):
        if not any(fold(letter) in fold(word) for letter in letters) and "$" not in word:
            known = ", ".join(letters)
            yield _fault("unknown-word", *one.span, name=one.known.name, word=word, known=known)


def _number(one: _Checked) -> Iterator[Fault]:
    parts = one.value.split("^") if isinstance(one.app, Dial) else [one.value]
    if one.name != "causecode" and not all(_NUMBER.match(part) for part in parts if part):
        yield _fault("argument-not-number", *one.span, argument=one.name, text=one.value)


def _location(one: _Checked) -> Iterator[Fault]:
    target = Location.parse(one.value)
    parts: tuple[tuple[str, str | int], ...] = (
        ("context", target.context),
        ("extension", target.extension),
        ("label", target.priority),
    )
    for part, value in parts:
        if not isinstance(value, str) or value == value.strip(" \t"):
            continue
        if part != "label" or not re.fullmatch(r"[-+]?[0-9]+", value.strip(" \t")):
            yield _fault("blank-in-destination", *one.span, part=part, text=value)


def _items(one: _Checked) -> Iterator[Fault]:
    """Check devices and mailboxes."""
    for item in getattr(one.app, one.name) if one.name == "targets" else ():
        technology, slash, resource = args.mask(item).partition("/")
        if item.strip() and "\0" not in technology and not (slash and resource.strip()):
            yield _fault("no-device", *one.span, text=item)
    for box in one.app.mailboxes if isinstance(one.app, VoiceMail) else ():
        if old := re.fullmatch(r"([bsu]+)([0-9]+(?:@.*)?)", box):
            yield _fault("old-mailbox-options", *one.span, text=box, box=old[2], letters=old[1])


def _inner(one: _Checked) -> Iterator[Fault]:
    """Check an application inside another one; a subroutine stands there without its `Gosub(`."""
    inner, end = getattr(one.app, one.name), one.span[1]
    start = one.span[0] - (len("Gosub(") if one.kind == "gosub" else 0)
    for found in inspect(inner, one.asterisk) if isinstance(inner, Application) else ():
        if found.code == "AC264":
            continue  # ExecIf substitutes all of its text before it looks for the name
        first, last = (min(start + at, end) for at in found.span)
        whole = last == start + found.span.end  # else there are no brackets
        changes = tuple((first, last, text) for _, _, text in found.changes if whole)
        yield attrs.evolve(found, span=Span(first, last), changes=changes)


_LETTERS_GONE: Mapping[tuple[str, str], str] = {
    ("Dial", "M"): "use U(CONTEXT^ARGUMENT…), which runs a subroutine",
    ("Queue", "M"): "use the argument 'gosub', which runs a subroutine",
}


def _options(checked: _Checked) -> Iterator[Fault]:
    app, known, span = checked.app, checked.known, checked.span
    if isinstance(app, BackGround) and fold(checked.value) in {"skip", "noanswer"}:
        return
    if any(len(letter) > 1 for letter in known.letters):
        return  # words, of which the documentation names some
    last = span[1] == len(str(app)) - 1
    for one in args.split_options(checked.value, substituted=False):
        where = (span[0] + one.start, span[0] + one.end) if checked.exact else span
        letter, values = one.letter, {"name": known.name, "letter": one.letter}
        many = letter == "," and last and not isinstance(app, _READ_ON)
        if len(letter) > 1 or many:  # a variable; an argument too many
            continue
        if letter not in known.letters:
            instead = _LETTERS_GONE.get((known.name, letter), "")
            yield _fault(
                "unknown-letter", *where, instead=f"; {instead}" if instead else "", **values
            )
        elif one.argument is not None and not known.letters[letter]:
            yield _fault("letter-argument", *where, **values)
        elif one.argument is None and letter in known.needy:
            yield _fault("letter-needs", *where, **values)
        if not one.closed:
            yield _fault("letter-open", *where, **values)


_CHECKS: Mapping[str, Callable[[_Checked], Iterator[Fault]]] = {
    "options": _options,
    "words": _words,
    "number": _number,
    "location": _location,
    "items": _items,
    "application": _inner,
    "gosub": _inner,
}
"""How an argument of each kind is checked."""
