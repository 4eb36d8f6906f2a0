"""`asterconf call`, `test` and `eval`: calls on paper, and texts of the dialplan."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.calls import Answer, Busy, NoAnswer, Unreachable, World
from asterconf.calls.expectations import read_tests
from asterconf.cli._common import PATH, Reading, calling_options, json_flag, moment, print_json
from asterconf.language import callerid as callerids
from asterconf.schema import DEFAULT, at
from asterconf.secrets import shown_text
from asterconf.semantics import AsteriskState, Channel, Scope, evaluate
from asterconf.source import count, printable


@click.command("call", context_settings={"ignore_unknown_options": True})
@click.argument("path", type=PATH, metavar="DIR")
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
@json_flag("Print JSON instead of the steps.")
def _call(
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


# -- test -----------------------------------------------------------------------------------------


@click.command("test")
@click.argument("path", type=PATH, metavar="DIR")
@click.option("--file", type=PATH, metavar="FILE", help="Default: DIR/tests.toml.")
@calling_options
@json_flag("Print JSON instead of a report.")
def _test(
    path: Path,
    *,
    file: Path | None,
    reading: Reading,
    as_json: bool,
) -> None:
    """Run the calls of tests.toml through the dialplan of DIR on paper.

    Its tables never and always are asked of all calls.

    Exits with 0 if every call came to what is expected, with 1 if one did not, and with 3 if
    what fails is only not known.
    """
    from asterconf.ask.policy import read_policies

    folder = path if path.is_dir() else path.parent
    tests = read_tests(file or folder / "tests.toml")
    policies = read_policies(file or folder / "tests.toml")
    workspace = reading.load_plan(path).workspace
    results = [test.run(workspace) for test in tests]
    held = [policy.run(workspace) for policy in policies]
    failed = [result for result in results if not result.passed]
    broken = [one for one in held if not one.passed]
    if as_json:
        rows = [
            {
                "name": result.test.name,
                "passed": result.passed,
                "failures": [*result.failures],
                "call": result.call.to_dict(),
            }
            for result in results
        ]
        found: dict[str, object] = {"format": 1, "tests": rows, "failed": len(failed) + len(broken)}
        print_json(found | ({"policies": [one.to_dict() for one in held]} if held else {}))
    else:
        for result in results:
            click.echo("\n".join(map(printable, str(result).splitlines())))
        for one in held:
            click.echo(printable(str(one)))
        total = len(results) + len(held)
        click.echo(f"{count(total, 'test')}, {len(failed) + len(broken)} failed")
    if failed or broken:
        known = any(result.call.unknown is None for result in failed)
        known = known or any(one.answer.verdict != "unknown" for one in broken)
        click.get_current_context().exit(1 if known else 3)


# -- eval -----------------------------------------------------------------------------------------


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
@json_flag("Print JSON instead of the text.")
def _eval(text: str, *, sets: tuple[str, ...], callerid: str, asterisk: str, as_json: bool) -> None:
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


COMMANDS = {"call": _call, "test": _test, "eval": _eval}
"""The commands by name."""
