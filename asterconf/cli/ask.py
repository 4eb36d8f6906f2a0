"""`asterconf ask`: questions about all calls at once."""

from __future__ import annotations

import re
import sys
from pathlib import Path
from textwrap import indent
from typing import TYPE_CHECKING, Any

import click

from asterconf.cli._common import PATH, Reading, calling_options, json_flag, print_json
from asterconf.config import Config
from asterconf.source import printable

if TYPE_CHECKING:
    from asterconf.ask.assumed import Assume

_NUMBER = re.compile(r"[0-9A-Za-z*#+.-]+")
_PATTERN = re.compile(r"_(?:[0-9A-Za-z*#+-]|\[[0-9A-Za-z*#+-]+\])+[.!]?|_[.!]")
QUESTIONS = (
    "reach", "emergency", "class-of-service", "dialable", "why-not", "dead", "injections",
    "what-if",
)  # fmt: skip


@click.command("ask", context_settings={"ignore_unknown_options": True})
@click.argument("question", type=click.Choice(QUESTIONS))
@click.argument("path", type=PATH, metavar="DIR")
@click.option(
    "--from", "entry", metavar="X",
    help="Where calls come in: an endpoint, context:NAME, role:trunk or any.",
)  # fmt: skip
@click.option("--to", metavar="NAME", help="A trunk; default: any trunk.")
@click.option("--number", "numbers", multiple=True, metavar="N", help="A number or pattern.")
@click.option("--down", multiple=True, metavar="TRUNK", help="Cannot be reached (what-if).")
@click.option(
    "--assume", "assumed", multiple=True, metavar="WHAT=VALUE",
    help="What an unknown may be; 'AGI(*)=' does nothing.",
)  # fmt: skip
@click.option(
    "--expect", type=click.Choice(["yes", "no"]), help="Exit with 0 if that is the answer, else 1."
)
@calling_options
@json_flag("Print JSON instead of sentences.")
def command(
    question: str,
    path: Path,
    *,
    entry: str | None,
    to: str | None,
    numbers: tuple[str, ...],
    down: tuple[str, ...],
    assumed: tuple[str, ...],
    expect: str | None,
    reading: Reading,
    as_json: bool,
) -> None:
    """Ask about all calls of the dialplan in DIR: every number, caller and hour.

    reach: is a call handed to a trunk; emergency: does every phone hand the emergency numbers of
    the owner's country (else 911 and 112) to one at every hour; what-if: the same with trunks
    down; class-of-service: which kinds of numbers a phone can dial out; dialable: which extension
    of a context (--from) gets which numbers; why-not: why a --number runs nothing; dead: steps
    that no call runs; injections: steps that take a caller's text apart.

    What is unknown may be assumed: --assume '${DB(route)}=a' says what an expression may be, once
    for each value (one that begins with _ is a pattern), and --assume 'AGI(*)=' that a script or a
    switch does nothing.

    Exits with 0 if there is an answer, be it yes or no, with 3 if it is unknown. With --expect:
    0 or 1.
    """
    from asterconf.errors import NotFoundError

    refused = _refused(question, to, numbers, down, assumed)
    if refused:
        raise click.UsageError(refused)

    try:
        answer = _asked(question, path, entry, to, numbers, down, _assume(assumed), reading)
    except NotFoundError as error:
        click.echo(f"asterconf: {printable(str(error))}", err=True)
        sys.exit(2)
    if as_json:
        print_json(answer.to_dict())
    else:
        click.echo(printable(str(answer)))
        witness = getattr(answer, "witness", None)
        if witness is not None:
            click.echo(printable(f"witness: {witness}"))
            for call in witness.calls:
                click.echo(printable(indent(str(call), "  ")))
    if expect is not None:
        sys.exit(int(answer.verdict != expect))
    sys.exit(3 if answer.verdict == "unknown" else 0)


def _refused(
    question: str, to: str | None, numbers: tuple[str, ...], down: tuple[str, ...],
    assumed: tuple[str, ...],
) -> str:  # fmt: skip
    """Return what is wrong with the options; empty: nothing."""
    from asterconf.numbers import Numbers

    if down and question != "what-if":
        return f"{question} takes no --down; what-if does"
    if to is not None and question in ("dialable", "why-not", "dead", "injections"):
        return f"{question} takes no --to"
    if assumed and question in ("dialable", "why-not"):
        return f"{question} takes no --assume"
    if numbers and question in ("class-of-service", "dialable", "dead", "injections"):
        return f"{question} takes no --number"
    for one in numbers:
        pattern = one.startswith("_")
        if pattern and question != "reach":
            return f"--number {one!r} is a pattern; {question} takes a number"
        allowed = _PATTERN if pattern else _NUMBER
        if not allowed.fullmatch(one) or not Numbers(one):
            return (
                f"--number {one!r} is no {'pattern' if pattern else 'number'} that can be dialled"
            )
    return ""


def _asked(
    question: str, path: Path, entry: str | None, to: str | None, numbers: tuple[str, ...],
    down: tuple[str, ...], assume: Assume, reading: Reading,
) -> Any:  # fmt: skip  # noqa: ANN401 - by the question
    from asterconf.numbers import Numbers

    conf = reading.load_plan(path)
    ask = conf.ask
    where: dict[str, Any] = {"entry": entry} if entry is not None else {}
    if question not in ("dialable", "why-not"):
        where["assume"] = assume
    if to is not None:
        where["to"] = to
    if question == "reach":
        return ask.reach(numbers=Numbers(*numbers) if numbers else None, **where)
    if question in ("emergency", "what-if"):
        given = numbers or None
        if question == "emergency":
            return ask.emergency(given, **where)
        return ask.what_if(down or ("trunk",), numbers=given, **where)
    if question in ("dialable", "why-not"):
        if entry is None or (question == "why-not" and len(numbers) != 1):
            needs = "--from" if entry is None else "one --number"
            raise click.UsageError(f"{question} needs {needs}")
        if question == "why-not":
            return ask.why_not(numbers[0], entry=entry)
        return ask.dialable(_context(conf, entry))
    if question == "class-of-service":
        return ask.class_of_service(**where)
    return ask.dead(**where) if question == "dead" else ask.injections(**where)


def _assume(given: tuple[str, ...]) -> Assume:
    """Return what the options --assume say; several about the same are its values."""
    from asterconf.ask.assumed import assume_texts

    found: dict[str, list[str]] = {}
    for one in given:
        name, equals, value = one.rpartition("=")
        if not equals:
            raise click.UsageError(f"--assume {one!r}: write WHAT=VALUE, such as '${{DB(x)}}=1'")
        values = found.setdefault(name, [])
        values += [value] if value or name.startswith("$") else []
    return assume_texts(found)


def _context(conf: Config, entry: str) -> str:
    """Return the context that a word means: its own, or that of an endpoint."""
    from asterconf.ask.entries import entries_of

    contexts = list(dict.fromkeys(one.context for one in entries_of(conf.workspace, entry)))
    if len(contexts) != 1:
        raise click.UsageError(f"{entry} begins in {', '.join(contexts)}; dialable needs one")
    return contexts[0]
