"""`asterconf call`: the steps of a call, and how it ends."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.calls import Answer, Busy, NoAnswer, Unreachable, World
from asterconf.cli import Reading, calling_options, moment, print_json
from asterconf.source import printable


@click.command("call", context_settings={"ignore_unknown_options": True})
@click.argument("path", type=click.Path(path_type=Path), metavar="DIR")
@click.argument("number")
@click.option(
    "--from", "entry", required=True, metavar="ENTRY", help="An endpoint, or context:NAME."
)
@click.option("--callerid", metavar="TEXT", help="The caller id; default: the endpoint's.")
@click.option("--at", metavar="TIME", help="The time, such as 2024-02-05T17:00; default: now.")
@click.option("--busy", multiple=True, metavar="TARGET", help="Who is busy, such as PJSIP/6001.")
@click.option("--no-answer", multiple=True, metavar="TARGET", help="Who does not answer.")
@click.option("--unreachable", multiple=True, metavar="TARGET", help="Who cannot be reached.")
@click.option("--digits", metavar="TEXT", help="What the caller keys; w waits in vain once.")
@click.option("--set", "sets", multiple=True, metavar="NAME=VALUE", help="A channel variable.")
@calling_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the steps.")
def command(
    path: Path,
    number: str,
    *,
    entry: str,
    callerid: str | None,
    at: str | None,
    busy: tuple[str, ...],
    no_answer: tuple[str, ...],
    unreachable: tuple[str, ...],
    digits: str | None,
    sets: tuple[str, ...],
    reading: Reading,
    as_json: bool,
) -> None:
    """Run a call to NUMBER through the dialplan of DIR on paper: no Asterisk is needed.

    DIR is a folder, or a file of any name that is read as extensions.conf. Exits with 0 if the
    call ended, and with 3 if only a running Asterisk knows how it goes on.
    """
    answers: dict[str, Answer] = {
        **dict.fromkeys(busy, Busy()),
        **dict.fromkeys(no_answer, NoAnswer()),
        **dict.fromkeys(unreachable, Unreachable()),
    }
    conf = reading.load_plan(path)
    call = conf.call(
        number,
        entry=entry,
        callerid=callerid,
        at=moment(at),
        world=World(answers),
        variables=settings(sets),
        digits=digits,
    )
    if as_json:
        print_json(call.to_dict())
    else:
        click.echo(str(call))
        for text in call.warnings:
            click.echo(f"warning: {printable(text)}")
        for text in call.assumed:
            click.echo(f"assumed: {printable(text)}")
    if call.unknown is not None:
        click.get_current_context().exit(3)


def settings(sets: tuple[str, ...]) -> dict[str, str]:
    """Return the variables of options `NAME=VALUE`.

    Raises:
        BadParameter: one has no `=`.
    """
    for text in sets:
        if "=" not in text:
            raise click.BadParameter(f"{text!r} has no '='", param_hint="--set")
    return {name: value for name, _, value in (text.partition("=") for text in sets)}
