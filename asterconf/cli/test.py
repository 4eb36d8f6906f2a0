"""`asterconf test`: the tests of a dialplan."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.calls.expectations import read_tests
from asterconf.cli import Reading, calling_options, print_json
from asterconf.source import count, printable


@click.command("test")
@click.argument("path", type=click.Path(path_type=Path), metavar="DIR")
@click.option(
    "--file", type=click.Path(path_type=Path), metavar="FILE", help="Default: DIR/tests.toml."
)
@calling_options
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a report.")
def command(
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
