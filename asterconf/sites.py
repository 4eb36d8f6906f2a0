"""The same work on many configuration folders, in several processes."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import Executor, Future, ProcessPoolExecutor, as_completed, wait
from os import PathLike
from pathlib import Path
from typing import TypeVar

from asterconf.progress import Progress, Report
from asterconf.source import printable

T = TypeVar("T")


def map_sites(
    function: Callable[[Path], T],
    folders: Iterable[str | PathLike[str]],
    *,
    pool: Executor | None = None,
    progress: Report | None = None,
) -> list[T]:
    """Call a function with each folder, several at a time, and return what it returned.

    The results stand in the order of the folders. The first exception, of the function or of
    `progress`, ends the work: what has not begun is not done, what has begun is waited for, and
    the exception goes to the caller, with a note that names the folder.

    Args:
        function: takes the path of a folder. It runs in another process, so it must stand in a
            module, and what it returns must pickle; the objects of this library do.
        folders: the folders, or files.
        pool: what runs the function; by default a pool with a process for each processor, for
            this call only. That of a cluster, such as dask's, serves as well.
        progress: called for each folder when it is done, in the order in which that happens.
    """
    paths = [Path(folder) for folder in folders]
    if pool is None:
        with ProcessPoolExecutor() as own:
            return map_sites(function, paths, pool=own, progress=progress)
    work: dict[Future[T], Path] = {}
    try:
        work.update((pool.submit(function, path), path) for path in paths)
        _wait(work, progress)
    except BaseException:
        for future in work:
            future.cancel()
        wait(work)
        raise
    return [future.result() for future in work]


def _wait(work: dict[Future[T], Path], progress: Report | None) -> None:
    """Wait until all is done, and report each; raise what the first that failed raised."""
    for number, future in enumerate(as_completed(work), 1):
        error = future.exception()
        if error is not None:
            error.add_note(f"in {printable(str(work[future]))}")
            raise error
        if progress is not None:
            progress(Progress("sites", number, len(work), str(work[future])))
