"""Values that Asterisk refuses, ignores, or takes for another one.

What a value may be says the schema; how each version takes a bad one was run.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from asterconf.diagnostic import Diagnostic, Message
from asterconf.linter.rules.sections.between import BETWEEN
from asterconf.linter.rules.sections.lines import Lines
from asterconf.model.options import ParsedValue, Value, collect, default, write
from asterconf.model.values import Secret
from asterconf.schema import OptionFacts
from asterconf.source import Severity, printable

_E, _W = Severity.ERROR, Severity.WARNING

VALUES: Mapping[str, tuple[Message, ...]] = {
    "value-refused": Message.each(
        "AC405 AC520 AC601", _E, "{option} {problem}, so Asterisk {refuses}",
        "{near}",
    ),
    "value-replaced": Message.each(
        "AC407 AC521 AC602", _W, "{option} {problem}", "{near}", verified="behaviour",
    ),
    "value-ignored": Message.each(
        "AC408 AC522 AC603", _W, "{option} {problem}, so the line has no effect",
        "{near}", verified="behaviour",
    ),
}  # fmt: skip
"""By name."""


def bad_value(lines: Lines, index: int, facts: OptionFacts, fault: ParsedValue) -> Diagnostic:
    """Return the finding about the value of a line of an option, which reading finds bad."""
    file = lines.kind.file
    effect, refuses = lines.consequence(facts)
    texts = {
        "option": printable(lines.pairs[index][0]),
        "problem": printable(fault.problem),
        "refuses": refuses,
        "near": _advice(facts, fault),
    }
    messages = VALUES["value-ignored"]
    if file in facts.schema.own and "on_bad" not in facts.raw:
        messages = BETWEEN["rule-odd"]  # what its reader does is not known
    elif fault.effect == "refused" and (effect != "ignored" or facts.raw.get("on_bad")):
        messages = VALUES["value-refused"]
    elif fault.effect == "replaced":
        messages = VALUES["value-replaced"]
        taken = collect(lines.kind, [lines.pairs[index]]).options
        shown = _text(facts, next(iter(taken.values()), None))
        if shown and not fault.near and facts.type != "fields":
            texts["near"] = f"write {shown} if that is meant"
    return lines.said(messages, lines.place(index), **texts)


def octal(lines: Lines) -> Iterator[Diagnostic]:
    """Yield the numbers that a leading 0 makes others than they look, as `010`, which is 8."""
    for index, (name, text) in enumerate(lines.pairs):
        if text[:1] == "0" and text.isdecimal():
            taken = next(iter(collect(lines.kind, [(name, text)]).options.values()), None)
            if type(taken) is int and taken != int(text):
                problem = f"is read as {taken}, not as {text!r}: a leading 0 means octal"
                texts = {"option": printable(name), "problem": problem}
                near = f"write {int(text)}"
                yield lines.said(VALUES["value-replaced"], lines.place(index), **texts, near=near)


def _advice(facts: OptionFacts, fault: ParsedValue) -> str:
    """Return a hint about a bad value."""
    if fault.near:
        return f"did you mean {fault.near!r}?"
    otherwise = "" if facts.type == "codecs" else _text(facts, default(facts))
    return "correct it, or remove the line" + (f": the default is {otherwise}" if otherwise else "")


def _text(facts: OptionFacts, value: Value | None) -> str:
    """Return the text of a value for a message; empty for a secret."""
    return "" if value is None or isinstance(value, Secret) else printable(write(facts, value))
