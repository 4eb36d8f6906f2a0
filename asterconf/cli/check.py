"""`asterconf check`: the findings about a configuration, or about many."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import attrs
import click

from asterconf.cli._common import PATH, Reading, flag, json_flag, print_json, reading_options
from asterconf.config import Config
from asterconf.errors import LoadError
from asterconf.progress import bar
from asterconf.settings import FAIL_ON, Settings
from asterconf.sites import map_sites
from asterconf.source import Severity, count, printable

if TYPE_CHECKING:
    from asterconf.linter.outputs import Checked

_OUTPUTS = ("full", "concise", "json", "sarif", "github")


@attrs.frozen
class _Ask:
    """What to look for in each tree; it goes to other processes."""

    reading: Reading
    select: tuple[str, ...]
    extend_select: tuple[str, ...]
    ignore: tuple[str, ...]
    preview: bool
    isolated: bool
    host_files: bool | None
    verbose: bool
    fail_on: str
    fix: bool
    unsafe_fixes: bool
    diff: bool
    plugins: tuple[str, ...]
    sounds: Path | None


@attrs.frozen
class _Site:
    """What came of one tree: the findings, or why it could not be read."""

    checked: Checked | None = None
    failed: bool = False
    broken: bool = False
    fault: str = ""
    fixed: int = 0
    diff: str = ""
    note: str = ""


def _words(_context: click.Context, _parameter: click.Parameter, value: Any) -> tuple[str, ...]:  # noqa: ANN401
    """Return the words of an option that may be given often and may list them with commas."""
    return tuple(word for text in value for word in text.replace(",", " ").split())


def _list(name: str, text: str) -> Callable[..., Any]:
    return click.option(name, multiple=True, metavar="CODES", callback=_words, help=text)


@click.command("check")
@click.argument("paths", metavar="PATH...", nargs=-1, type=PATH)
@reading_options
@_list("--select", "Look for these codes, beginnings of codes or families only.")
@_list("--extend-select", "Look for these, too.")
@_list("--ignore", "Leave these out.")
@click.option(
    "--plugin",
    "plugins",
    multiple=True,
    metavar="MODULE",
    help="Also use the rules of a Python module, which must not lie in a PATH.",
)
@flag("--preview", "Also use rules whose precision is not shown yet.")
@flag("--isolated", "Obey no settings file and no comment of the files that are checked.")
@click.option(
    "--baseline",
    type=click.Path(path_type=Path, dir_okay=False),
    help="Leave out the findings that this file knows.",
)
@flag("--write-baseline", "Let the baseline know what is found now.")
@flag("--fix", "Repair what can be repaired safely, and say the rest.")
@flag("--unsafe-fixes", "Also make repairs that may change what is meant.")
@flag("--diff", "Print what --fix would change, and write nothing.")
@click.option(
    "--output-format",
    "output",
    type=click.Choice(_OUTPUTS),
    default="full",
    help="How findings are printed; default: full.",
)
@json_flag("Short for --output-format json.")
@flag("--statistics", "Print how often each code was found, only.")
@click.option(
    "--fail-on",
    type=click.Choice(FAIL_ON),
    help="Mildest severity that gives exit code 1; default: advice.",
)
@click.option("--explain", metavar="CODE", default="", help="Explain a code, and check nothing.")
@flag("--list", "listed", "List all rules, and check nothing.")
@click.option(
    "--host-files/--no-host-files",
    default=None,
    help="Look for files that Asterisk must be able to read; default: only for /etc/asterisk.",
)
@click.option(
    "--sounds",
    type=click.Path(path_type=Path, exists=True, file_okay=False),
    metavar="DIR",
    help="Look for the sounds that the dialplan plays in this folder of Asterisk's.",
)
@flag("--verbose", "Also say what was not judged, and why.")
def command(
    paths: tuple[Path, ...],
    reading: Reading,
    *,
    baseline: Path | None,
    write_baseline: bool,
    output: str,
    as_json: bool,
    statistics: bool,
    fail_on: str | None,
    explain: str,
    listed: bool,
    isolated: bool,
    **asked: Any,  # noqa: ANN401 - fields of `_Ask`
) -> None:
    """Report what is wrong with the configuration in PATH, a directory or one file.

    It may be a tar or zip archive, too; - reads an archive or a file from standard input, as in
    ssh pbx tar cz -C /etc asterisk | asterconf check -

    An error is something that Asterisk refuses or drops. A warning is about something that works,
    but not as written. Advice is about something that works but is likely to cause trouble.
    Info (--verbose) is about what was not judged, such as a file that no module reads.

    CODES are codes, beginnings of codes or families of rules (--list), with commas between them:
    --ignore AC409,media. A settings file, .asterconf.toml or pyproject.toml, can say the same.

    With several PATHs, the findings are grouped by path. Long runs show a progress bar on
    standard error if that is a terminal.

    --fix writes all files of a PATH or none, and none that changed meanwhile.

    Exit code 0: no findings, 1: findings, 2: a PATH cannot be read or has no file, or a rule
    failed.
    """
    output = "json" if as_json else output
    _use_rules(asked["plugins"], paths)
    if explain or listed:
        from asterconf.cli._rules import print_list, print_rule

        print_list(output) if listed else print_rule(explain, output)
        return
    if not paths:
        raise click.UsageError("Missing argument 'PATH...'.")
    if asked["unsafe_fixes"] and not (asked["fix"] or asked["diff"]):
        raise click.UsageError("--unsafe-fixes needs --fix or --diff.")
    if write_baseline and baseline is None:
        raise click.UsageError("--write-baseline needs --baseline FILE.")
    if isolated and reading.asterisk is None:
        from asterconf.schema import DEFAULT

        reading = reading._replace(asterisk=DEFAULT)
    ask = _Ask(reading, isolated=isolated, fail_on=fail_on or "", **asked)
    try:
        sites = _sites(paths, ask, baseline, write=write_baseline)
    except ValueError as error:
        if isinstance(error, LoadError):
            raise
        raise click.UsageError(str(error)) from None
    checked = [site.checked for site in sites if site.checked is not None]
    if write_baseline:
        from asterconf.linter.baseline import write_baseline as write

        assert baseline is not None
        known = write(baseline, checked)
        click.echo(f"{printable(str(baseline))} knows {known:,} findings now")
        sys.exit(2 if len(checked) < len(sites) else 0)
    if asked["diff"]:
        click.echo("".join(site.diff for site in sites), nl=False)
        sys.exit(_exit_code(sites))
    if statistics:
        _print_statistics(checked, output)
    else:
        _print(checked, output, grouped=len(paths) > 1, note=sites[0].note)
        if asked["fix"] and output == "full":
            click.echo(f"{count(sum(site.fixed for site in sites), 'finding')} repaired")
    sys.exit(_exit_code(sites))


def _exit_code(sites: list[_Site]) -> int:
    if any(site.checked is None or site.broken for site in sites):
        return 2
    return int(any(site.failed for site in sites))


# -- checking -------------------------------------------------------------------------------------


def _sites(
    paths: tuple[Path, ...], ask: _Ask, baseline: Path | None, *, write: bool
) -> list[_Site]:
    """Return what came of each path; one that cannot be read among others is told at once.

    Raises:
        LoadError: the only path cannot be read, or the baseline.
        ValueError: a word to look for stands for no rule.
    """
    known = frozenset[str]()
    if baseline is not None and not write:
        from asterconf.linter.baseline import read_baseline

        known = read_baseline(baseline)
    with bar() as progress:
        if len(paths) == 1:
            conf = ask.reading.load(paths[0], progress=progress)
            return [_site(conf, paths[0], ask, known, progress=progress)]
        look = partial(_one_of_many, ask=ask, known=known)
        sites = map_sites(look, paths, progress=progress)
    for site in sites:
        if site.fault:
            click.echo(f"asterconf: {printable(site.fault)}", err=True)
    return sites


def _use_rules(plugins: Iterable[str], paths: Iterable[Path]) -> None:
    """Take the rules of plugins, in this process.

    Raises:
        UsageError: a plugin has none that can be used.
    """
    from asterconf.linter.rules import plugins as rules

    trees = [path if path.is_dir() else path.parent for path in paths if str(path) != "-"]
    try:
        rules.use_installed(trees)
        for name in plugins:
            rules.use(name, trees)
    except ValueError as error:
        raise click.UsageError(str(error)) from None


def _one_of_many(path: Path, *, ask: _Ask, known: frozenset[str]) -> _Site:
    _use_rules(ask.plugins, (path,))
    try:
        return _site(ask.reading.load(path), path, ask, known)
    except LoadError as error:
        return _Site(fault=str(error))


def _site(
    conf: Config, path: Path, ask: _Ask, known: frozenset[str], **options: Any,  # noqa: ANN401
) -> _Site:  # fmt: skip
    from asterconf.linter.baseline import without
    from asterconf.linter.checking import FAILED, settings_of
    from asterconf.linter.outputs import Checked

    files = conf.workspace.files
    said = Settings() if ask.isolated else settings_of(files)
    asked: dict[str, Any] = {
        "select": ask.select, "extend_select": ask.extend_select, "ignore": ask.ignore,
        "preview": ask.preview, "settings": not ask.isolated, "host_files": ask.host_files,
    }  # fmt: skip
    fixed, diff = 0, ""
    if ask.fix or ask.diff:
        done = conf.fix(unsafe=ask.unsafe_fixes, **asked)
        found, fixed, diff = done.left, len(done.fixed), conf.changes()
        if not ask.diff:
            conf.save()
    else:
        found = conf.check(**asked, sounds=ask.sounds, **options)
    checked = Checked.of(str(path), files, found if ask.verbose else found.wrong)
    checked = without(checked, known) if known else checked
    limit = FAIL_ON.index(ask.fail_on or said.fail_on or "advice")
    failed = bool(ask.diff and diff) or any(
        str(one.severity) in FAIL_ON[: limit + 1] for one in checked.found
    )
    broken = any(one.code == FAILED for one in checked.found)
    failed = failed and limit < FAIL_ON.index("never")
    work = conf.workspace  # one file that is loaded alone is no house
    bare = len(work.names) > 1 and not files.there("extensions.conf") and conf.endpoints
    note = work.no_dialplan if bare else ""
    return _Site(checked, failed=failed, broken=broken, fixed=fixed, diff=diff, note=note)


# -- printing -------------------------------------------------------------------------------------


def _print(every: list[Checked], output: str, *, grouped: bool, note: str) -> None:
    from asterconf.linter import outputs

    if output == "json":
        print_json(outputs.as_json(every))
    elif output == "sarif":
        from importlib.metadata import version

        from asterconf.linter.sarif import sarif

        print_json(sarif(every, version=version("asterconf")))
    elif output in {"concise", "github"}:
        form = outputs.concise if output == "concise" else outputs.github
        click.echo("".join(map(form, every)), nl=False)
    elif grouped:
        _print_groups(every)
    else:
        _print_full(every[0])
        click.echo(_counted(every[0].found.counts()))
        if note:
            click.echo(f"note: {printable(note)}", err=True)


def _print_full(checked: Checked) -> None:
    from asterconf.cli._common import has_colours, has_links
    from asterconf.linter.outputs import full

    coloured, linked = has_colours(), has_links()
    text = full(checked, colours=coloured, links=linked)
    click.echo(text, nl=False, color=coloured or linked or None)


def _print_groups(every: list[Checked]) -> None:
    """Print the findings about each tree that has some, and how many there are of all."""
    faulty = [checked for checked in every if checked.found]
    for checked in faulty:
        click.echo(f"{printable(checked.tree)}: {_counted(checked.found.counts())}")
        _print_full(checked)
        click.echo()
    some = f"{len(faulty):,} of {len(every):,} with findings: "
    total = sum((Counter(checked.found.counts()) for checked in faulty), Counter[str]())
    click.echo((some if faulty else f"{len(every):,} read: ") + _counted(total))


def _counted(counts: dict[str, int]) -> str:
    ordered = {str(word): counts[word] for word in Severity if counts.get(word)}
    words = (f"{number} {_plural(word, number)}" for word, number in ordered.items())
    return ", ".join(words) or "no findings"


def _plural(word: str, number: int) -> str:
    return word if number == 1 or word in {"advice", "info"} else f"{word}s"


def _print_statistics(every: list[Checked], output: str) -> None:
    from asterconf.linter.outputs import statistics
    from asterconf.linter.rules.catalogue import RULES

    rows = statistics(every)
    if output == "json":
        names = ("code", "name", "severity", "count")
        data = [dict(zip(names, (c, RULES[c].name, str(s), n), strict=True)) for c, s, n in rows]
        print_json({"format": 1, "statistics": data})
        return
    for code, severity, number in rows:
        click.echo(f"{number:>7,}  {code}  {severity:<7}  {RULES[code].name}")
    if not rows:
        click.echo("no findings")
