"""`asterconf migrate`: from chan_sip, Macro and their time to what Asterisk 22 has."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import click

from asterconf.cli._common import (
    PATH,
    filled,
    flag,
    json_flag,
    missing_option,
    print_json,
    root_option,
    schema_option,
)
from asterconf.config import load
from asterconf.migrate import CODEMODS, Style
from asterconf.resolve.files import MissingIncludes
from asterconf.source import count, printable


class _Codemods(click.Choice[str]):
    """One codemod, or several with commas between them."""

    def convert(self, value: str, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """Return the names as they are called, with commas between them."""
        convert = super().convert
        return ",".join(convert(one.strip(), param, ctx) for one in value.split(","))


@click.command("migrate")
@click.argument("path", metavar="DIR", type=PATH)
@root_option
@schema_option
@missing_option
@click.option("--from", "version", metavar="VERSION", help="Version that reads the files now, "
              "or one before 18 for which they were written, such as 1.4; "
              "default: .asterconf.toml, else 20.")  # fmt: skip
@click.option("--only", multiple=True, type=_Codemods([*CODEMODS]), metavar="CODEMOD,…",
              help=f"Run these codemods: {', '.join(CODEMODS)}.")  # fmt: skip
@click.option("--style", type=click.Choice(["primitives", "wizard"]), default="primitives",
              help="Write endpoints into pjsip.conf, or into pjsip_wizard.conf.")  # fmt: skip
@flag("--rename", "Call contexts that were macros sub-…, everywhere.")  # fmt: skip
@flag("--annotate", "Put a comment with the reason above each line that is left.")  # fmt: skip
@flag("--diff", "as_diff", "Show the diff instead of the constructs.")
@json_flag("Print JSON instead of text.")
@flag("--reveal", "Show secrets in --diff.")
@click.option("--out", type=PATH, metavar="PLAN",
              help="Write the edits to a plan for `asterconf apply`, and no file.")  # fmt: skip
@flag("--write", "Write the files.")
@flag("--edit-generated", "Edit what another program writes, too.")
@flag("--backup", "Keep each old file beside the new one.")
def command(
    path: Path,
    root: Path | None,
    schemas: tuple[Path, ...],
    missing_includes: MissingIncludes,
    version: str | None,
    only: tuple[str, ...],
    style: Style,
    out: Path | None,
    **flags: bool,
) -> None:
    """Move DIR from chan_sip, Macro and their time to Asterisk 22, and say what becomes of it.

    Each construct is exact: it does the same as before; changed: it works, with a difference that
    is said; or left: it stays, with the reason. Nothing is written without --write or --out.

    Exit code 0: nothing to do, or written with --write; 1: there are changes; 2: could not run.
    """
    old = re.fullmatch(r"(\d|1[0-7])(\.\d{1,3})*", version or "", re.ASCII)
    conf = filled(load(
        path, root=root, asterisk=(not old and version) or _version(path), schemas=schemas,
        missing_includes=missing_includes, edit_generated=flags["edit_generated"],
    ), path)  # fmt: skip
    names = [name for given in only for name in given.split(",")]
    plan = conf.plan_migrate(
        *names, style=style, rename=flags["rename"], annotate=flags["annotate"],
        written_for=old[0] if old else "",
    )  # fmt: skip
    if flags["as_json"]:
        print_json(plan.to_dict())
    elif flags["as_diff"]:
        click.echo(plan.diff(reveal=flags["reveal"]), nl=False)
    elif str(plan):
        click.echo(str(plan))
    if out is not None or flags["write"]:
        plan.apply()
    if out is not None:
        conf.plan().write(out)
    elif flags["write"]:
        conf.save(backup=flags["backup"])
    if not flags["as_json"] and not flags["as_diff"]:
        counts = ", ".join(f"{number} {name}" for name, number in plan.counts().items())
        done = "written" if flags["write"] and out is None else "to write"
        click.echo(printable(f"{counts}; {count(len(plan.files), 'file')} {done}"))
    sys.exit(int(bool(plan) and (out is not None or not flags["write"])))


def _version(path: Path) -> str | None:
    """Return the version to read by: None, if the folder names one, else the last with both."""
    return None if (path / ".asterconf.toml").is_file() else "20"
