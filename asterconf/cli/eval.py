"""`asterconf eval`: what a text of the dialplan becomes."""

from __future__ import annotations

import click

from asterconf.cli import print_json
from asterconf.cli.call import settings
from asterconf.language import callerid as callerids
from asterconf.schema import DEFAULT, at
from asterconf.secrets import shown_text
from asterconf.semantics import AsteriskState, Channel, Scope, evaluate
from asterconf.source import printable


@click.command("eval", context_settings={"ignore_unknown_options": True})
@click.argument("text")
@click.option("--set", "sets", multiple=True, metavar="NAME=VALUE", help="A channel variable.")
@click.option("--callerid", metavar="TEXT", default="", help="The caller id; default: none.")
@click.option(
    "--asterisk",
    default=DEFAULT,
    metavar="VERSION",
    show_default=True,
    help="Version whose functions there are.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of the text.")
def command(
    text: str, *, sets: tuple[str, ...], callerid: str, asterisk: str, as_json: bool
) -> None:
    """Show what TEXT becomes: `${…}` and `$[…]` as Asterisk replaces them.

    Exits with 0 if all of it is known, and with 3 if a part depends on a running Asterisk; that
    part stays as it is written.
    """
    at(asterisk)  # that version is known
    variables = settings(sets)
    caller = callerids.parse(callerid)
    facts = {name: value for name, value in variables.items() if name in _OF_CALL}
    facts |= {
        "CALLERID(num)": caller.dialled, "CALLERID(name)": caller.name,
        "CALLERID(ani-num)": caller.dialled,
    }  # fmt: skip
    scope = Scope(AsteriskState(version=asterisk), Channel(dict(variables), dict(facts)))
    found = evaluate(text, scope)
    if as_json:
        data = {
            "format": 1,
            "output": found.text,
            "known": found.is_known,
            "faults": [
                {"code": fault.code, "message": fault.message, "start": fault.span[0],
                 "end": fault.span[1]}
                for fault in found.faults
            ],
            "unknown": [{"text": one.text, "why": one.why} for one in found.unknown],
        }  # fmt: skip
        print_json(data)
    else:
        click.echo(printable(found.text))
        for fault in found.diagnostics():
            click.echo(str(fault), err=True)
        for one in found.unknown:
            click.echo(printable(shown_text(f"unknown: {one.text}: {one.why}")), err=True)
    if not found.is_known:
        click.get_current_context().exit(3)


_OF_CALL = frozenset(("EXTEN", "CONTEXT", "PRIORITY", "CHANNEL", "UNIQUEID", "HANGUPCAUSE"))
