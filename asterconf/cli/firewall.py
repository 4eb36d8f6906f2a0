"""`asterconf firewall`: which ports of a home are open to whom."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.cli import _homes
from asterconf.source import printable

__all__ = ["command"]


@click.command("firewall")
@_homes.file_argument
@click.option(
    "--format",
    "form",
    type=click.Choice(["table", "nft", "json"]),
    default="table",
    show_default=True,
    help="A table in Markdown, a ruleset for nftables, or JSON.",
)
@click.option(
    "--to",
    "directory",
    type=click.Path(path_type=Path),
    help="Folder for asterconf.nft, and a filter and a jail for fail2ban.",
)
@_homes.json_option
def command(file: Path, form: str, directory: Path | None, *, as_json: bool) -> None:
    """Show which ports are open to whom in the home that FILE (home.toml) describes.

    The ruleset is for the machine of the PBX; the table also says what the router forwards.
    """
    wall = _homes.described(file).firewall()
    if directory is not None:
        files = {"asterconf.nft": wall.nftables()}
        files |= {f"fail2ban/{name}": text for name, text in wall.fail2ban().items()}
        for path in _homes.write_files(directory, files, private=False):
            click.echo(printable(str(path)))
    elif as_json or form == "json":
        _homes.print_json(**wall.to_dict())
    else:
        click.echo(wall.nftables() if form == "nft" else wall.table(), nl=False)
