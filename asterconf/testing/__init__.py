"""Help for the tests of tools that use this library; the strategies need the extra `testing`."""

from __future__ import annotations

from collections.abc import Iterable
from os import PathLike

from asterconf.config import Config, load
from asterconf.source import count, printable

__all__ = ["assert_clean"]


def assert_clean(
    tree: Config | str | PathLike[str],
    *,
    select: Iterable[str] = (),
    ignore: Iterable[str] = (),
    settings: bool = True,
) -> None:
    """Assert that `check` finds nothing wrong with a configuration, in a test of pytest, say.

    Args:
        tree: the configuration, or its directory, file or archive.
        select: codes, their beginnings and families to look for; by default all stable rules.
        ignore: those to leave out.
        settings: whether settings files and comments of the tree count.

    Raises:
        AssertionError: there is an error, a warning or advice; the message has them all.
        LoadError: there is nothing to read, or a settings file cannot be read.
        ValueError: a word of `select` stands for no rule.
    """
    __tracebackhide__ = True
    conf = tree if isinstance(tree, Config) else load(tree)
    found = conf.check(select=select, ignore=ignore, settings=settings).wrong
    if found:
        where = printable(str(conf.root)) if conf.root is not None else "the configuration"
        told = "\n".join(map(str, found))
        raise AssertionError(f"{count(len(found), 'finding')} in {where}:\n{told}")
