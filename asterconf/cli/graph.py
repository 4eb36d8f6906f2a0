"""`asterconf graph`: a picture of the dialplan, one context, or the whole configuration."""

from __future__ import annotations

import sys
from pathlib import Path

import attrs
import click

from asterconf.cli import Reading, print_json, print_refusals, reading_options
from asterconf.dialplan import load_dialplan


@click.command("graph")
@click.argument("path", type=click.Path(path_type=Path))
@click.option("--context", help="Draw only this context.")
@click.option(
    "--map",
    "whole",
    is_flag=True,
    help="Draw phones, trunks, queues and mailboxes, and what refers to what.",
)
@click.option(
    "--mermaid",
    "form",
    flag_value="mermaid",
    default=True,
    help="Print a Mermaid flow chart (the default).",
)
@click.option("--dot", "form", flag_value="dot", help="Print Graphviz DOT.")
@click.option("--svg", "form", flag_value="svg", help="Print SVG; needs Graphviz.")
@click.option("--json", "form", flag_value="json", help="Print nodes and edges as JSON.")
@click.option(
    "--limit",
    type=click.IntRange(0),
    help="Group nodes so that there are at most so many; 0: no limit. Default: 100, for --map 24.",
)
@click.option("--links", default="", help="Prefix of links, before FILE#LLINE.")
@reading_options
def command(
    path: Path,
    *,
    context: str | None,
    whole: bool,
    form: str,
    limit: int | None,
    links: str,
    reading: Reading,
) -> None:
    """Draw the dialplan of PATH: a configuration directory, or a dialplan file of any name.

    Files that Asterisk refuses are named on standard error.

    Exit code 0: drawn, 1: Asterisk refuses a file, or there is no such context, 3: it is unknown
    whether there is.
    """
    if whole and context is not None:
        raise click.UsageError("--map and --context exclude each other")
    conf = reading.load(path)
    refused = print_refusals(conf, err=True)
    most = {} if limit is None else {"limit": limit or None}
    if whole:
        graph = conf.map(**most)
    else:
        file = None if conf.is_folder else conf.effective(conf.files[0])
        plan = conf.dialplan if file is None else load_dialplan(file).dialplan
        graph = plan.graph(**most) if context is None else plan[context].graph(**most)
    graph = attrs.evolve(graph, links=links)
    if form == "json":
        print_json(attrs.asdict(graph))
    else:
        click.echo(getattr(graph, form)(), nl=False)
    sys.exit(refused)
