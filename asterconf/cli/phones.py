"""`asterconf phones`: the settings sheets and provisioning files of a home's phones."""

from __future__ import annotations

from pathlib import Path

import click

from asterconf.cli import _homes
from asterconf.source import printable

__all__ = ["command"]


@click.command("phones")
@_homes.file_argument
@click.option(
    "--to",
    "directory",
    type=click.Path(path_type=Path),
    help="Folder for a sheet of each phone, and the files that phones fetch, with passwords.",
)
@click.option("--server", default="", help="Address under which the phones reach the PBX.")
@click.option("--qr", metavar="NAME", help="Print the QR code that leads a phone to its file.")
@click.option("--url", default="", help="Address of the folder that phones fetch files from.")
@click.option("--reveal", is_flag=True, help="Show passwords.")
@_homes.json_option
def command(
    file: Path,
    directory: Path | None,
    server: str,
    qr: str | None,
    url: str,
    *,
    reveal: bool,
    as_json: bool,
) -> None:
    """Show what to enter on each phone of the home that FILE (home.toml) describes.

    Without --to the sheets are printed, passwords masked. With --to they are written with
    passwords, mode 0640, as NAME.md, beside the files that Yealink phones and Linphone fetch by
    themselves.
    """
    from asterconf.errors import NotFoundError

    sheets = _homes.described(file).phones(server=server)
    if qr is not None:
        sheet = next((one for one in sheets if one.extension.name == qr), None)
        if sheet is None or not sheet.files():
            raise NotFoundError(f"there is no phone {qr!r} that fetches a file")
        address = url or f"https://{server or 'ADDRESS-OF-THE-PBX'}"
        click.echo(sheet.qr(f"{address.rstrip('/')}/{next(iter(sheet.files()))}"))
        return
    if as_json:
        rows = [sheet.to_dict(reveal=reveal) for sheet in sheets]
        _homes.print_json(phones=rows)
        return
    if directory is None:
        click.echo("\n".join(sheet.markdown(reveal=reveal) for sheet in sheets), nl=False)
        return
    files = {f"{one.extension.name}.md": one.markdown(reveal=True) for one in sheets}
    for sheet in sheets:
        files |= sheet.files(reveal=True)
    for path in _homes.write_files(directory, files, private=True):
        click.echo(printable(str(path)))
