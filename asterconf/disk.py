"""Writes files whole or not at all, several of them together.

The order, so that a crash at any point leaves every file whole, the old one or the new one:

1. Each new text goes into a temporary file in the folder of its target, with the rights that the
   target has, and is flushed to the disk. Nothing that anybody reads has changed so far.
2. The targets are looked at once more: one that somebody else changed meanwhile stops it all.
   From here to the end their folders are locked, so that of two who save one is told.
3. Each old file gets a second name, and one more if a backup is wanted.
4. The new files are renamed over the old ones. If one cannot be, those already done are taken
   back by the second names.
5. The second names go, and the folders are flushed.
"""

from __future__ import annotations

import contextlib
import errno
import os
import stat
import sys
import tempfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import attrs

from asterconf.errors import LoadError

if sys.platform != "win32":
    import fcntl

_TAKEN_OVER = ("user.", "system.posix_acl_")
"""Extended attributes that must go along; others only where the system lets us set them."""

_UNSUPPORTED = {errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENODATA, errno.EINVAL, errno.ENOSYS}


class ChangedError(OSError):
    """A file does not hold what it was expected to; nothing was written."""


@attrs.frozen
class Write:
    """One file to be written.

    Attributes:
        path: where to. A link is followed, so that it stays a link.
        data: the new bytes.
        private: whether the data is confidential; matters for a new file only.
        old: the bytes that must be there now; `None`: there must be no file.
        before_backup: what to put before the name of its backup.
    """

    path: Path
    data: bytes
    private: bool
    old: bytes | None = attrs.field(default=None)
    before_backup: str = ""


@attrs.define
class _Job:
    """A write under way."""

    write: Write
    target: Path
    new: Path
    """The temporary file with the new text."""
    second: Path | None = None
    """The second name of the old file."""
    temporary: list[Path] = attrs.field(factory=list)
    """What must not be left behind."""
    renamed: bool = False


@contextlib.contextmanager
def away(paths: Iterable[Path], ending: str) -> Iterator[None]:
    """Take files away for good, but put them back if what is done meanwhile fails.

    Args:
        paths: the files.
        ending: what to put behind the name of a file to keep it; empty: it goes.

    Raises:
        LoadError: one cannot be taken away; all are where they were.
    """
    moved: list[tuple[Path, Path]] = []
    try:
        for path in paths:
            aside = path.with_name(f"{path.name}{ending}" if ending else f".{path.name}.old")
            try:
                path.rename(aside)
            except OSError as error:
                raise LoadError(f"cannot remove {path}: {error.strerror}") from None
            moved.append((path, aside))
        yield
    except BaseException:
        for path, aside in reversed(moved):
            with contextlib.suppress(OSError):
                aside.rename(path)
        raise
    for _, aside in moved if not ending else ():
        with contextlib.suppress(OSError):
            aside.unlink()


def write(path: Path, data: bytes, *, private: bool) -> None:
    """Put `data` at `path` in one step, whatever is there; see `write_all`."""
    write_all([Write(path, data, private, _read(path))])


def write_all(writes: Iterable[Write], *, backup: str = "") -> None:
    """Put several files in place, all of them or none.

    An existing file keeps its mode, owner, group and extended attributes (access lists are
    among them); what this process may not keep is refused. Of a file with several hard links
    only the name written to gets the new text: the others keep the old one. A new file gets
    owner and group of its folder where this process may set them, and the mode 0644, or 0640 if
    it is private, less the umask; but a group that the folder lets in may read it in any case,
    so that Asterisk can read what root wrote.

    A crash can leave temporary files, whose names begin with a dot, and it can come between two
    renames: then some files are new and some old, each of them whole.

    Args:
        writes: what to write; no two of the same file.
        backup: what to put behind the name of each old file to keep it, such as `.bak`.

    Raises:
        ChangedError: a file does not hold what was expected.
        OSError: something cannot be written. In both cases all is as it was before, but for
            backups that were made already; if even taking back failed, the message says so.
    """
    jobs: list[_Job] = []
    made: list[Path] = []
    try:
        for one in writes:
            jobs.append(_prepare(one, made))  # noqa: PERF401 - each is cleaned up if one fails
        _refuse_twins(jobs)
        with _locked(sorted({job.target.parent.resolve() for job in jobs})):
            _put_in_place(jobs, backup)
    finally:
        for left in (path for job in jobs for path in job.temporary):
            with contextlib.suppress(OSError):
                left.unlink()
        if not any(job.renamed for job in jobs):
            for folder in reversed(made):
                with contextlib.suppress(OSError):
                    folder.rmdir()


def _put_in_place(jobs: list[_Job], backup: str) -> None:
    """Rename the new files over the old ones, all of them or none."""
    for job in jobs:
        with _about(job.write.path):
            _expect(job.write, job.target)
            _keep(job, backup)
    try:
        for job in jobs:
            job.renamed = True
            with _about(job.write.path):
                job.new.replace(job.target)
        for folder in dict.fromkeys(job.target.parent for job in jobs):
            with _about(folder):
                _flush(folder)
    except BaseException as error:
        _take_back(jobs, error)
        raise


@contextlib.contextmanager
def _about(path: Path) -> Iterator[None]:
    """Let an error name a file that somebody knows, and no temporary one."""
    try:
        yield
    except OSError as error:
        error.filename, error.filename2 = str(path), None
        raise


@contextlib.contextmanager
def _locked(folders: Iterable[Path]) -> Iterator[None]:
    """Keep others who write with this module out of folders, where the system can do that."""
    handles: list[int] = []
    try:
        for folder in folders if sys.platform != "win32" else ():
            with contextlib.suppress(OSError):  # not readable, or a file system without locks
                handles.append(os.open(folder, os.O_RDONLY))
                fcntl.flock(handles[-1], fcntl.LOCK_EX)
        yield
    finally:
        for handle in handles:
            os.close(handle)


def _read(path: Path) -> bytes | None:
    try:
        mode = path.stat().st_mode
    except FileNotFoundError:
        return None
    if not stat.S_ISREG(mode):
        what = "folder" if stat.S_ISDIR(mode) else "pipe, a socket or a device"
        raise OSError(errno.EINVAL, f"it is a {what}, not a file", str(path))
    return path.read_bytes()


def _expect(write: Write, target: Path) -> None:
    if _read(target) != write.old:
        raise ChangedError(errno.EBUSY, "it is not what it was", str(write.path))


def _prepare(one: Write, made: list[Path]) -> _Job:
    """Write the temporary file of one target, with the target's rights, and flush it."""
    try:
        target = one.path.resolve() if one.path.is_symlink() else one.path
    except RuntimeError:  # of Python before 3.13; later it goes on, and opening says so
        raise OSError(errno.ELOOP, "it is a link that leads to itself", str(one.path)) from None
    _make_folder(target.parent, made)
    handle, name = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(one.data)
            stream.flush()
            try:
                old = target.stat()
            except FileNotFoundError:
                _new_rights(temporary, private=one.private)
            else:
                _same_rights(target, old, temporary)
            os.fsync(stream.fileno())
    except OSError as error:
        temporary.unlink(missing_ok=True)
        raise OSError(error.errno, error.strerror, error.filename or str(one.path)) from None
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    return _Job(one, target, temporary, temporary=[temporary])


def _refuse_twins(jobs: list[_Job]) -> None:
    """Refuse two texts for one file, which links make possible."""
    seen: dict[Path, _Job] = {}
    for job in jobs:
        twin = seen.setdefault(job.target.resolve(), job)
        if twin.write.data != job.write.data:
            what = f"it is the same file as {twin.write.path}, and the texts differ"
            raise OSError(errno.EEXIST, what, str(job.write.path))


def _make_folder(folder: Path, made: list[Path]) -> None:
    """Make a folder and those above it; each new one belongs to whom the one above belongs to."""
    if folder.is_dir():
        return
    _make_folder(folder.parent, made)
    folder.mkdir()
    made.append(folder)
    _belong_to_folder(folder)
    _flush(folder.parent)


def _belong_to_folder(path: Path) -> bool:
    """Give a new file or folder the owner and group of its folder; tell whether it has its group.

    Only root may give something away. Others may set the group if they are in it.
    """
    if not hasattr(os, "chown"):
        return False
    folder = path.parent.stat()
    for owner in (folder.st_uid, -1):
        try:
            os.chown(path, owner, folder.st_gid)
        except PermissionError:
            continue
        return True
    return path.stat().st_gid == folder.st_gid


def _new_rights(path: Path, *, private: bool) -> None:
    invited = _belong_to_folder(path) and path.parent.stat().st_mode & 0o010
    wanted = 0o640 if private else 0o644
    path.chmod(wanted & (~_umask() | (0o040 if invited else 0)))


def _same_rights(old: Path, was: os.stat_result, new: Path) -> None:
    if hasattr(os, "chown"):
        now = new.stat()
        if (now.st_uid, now.st_gid) != (was.st_uid, was.st_gid):
            try:
                os.chown(new, was.st_uid, was.st_gid)
            except PermissionError as error:
                what = "its owner and group could not be kept"
                raise PermissionError(error.errno, what, str(old)) from None
    if hasattr(os, "listxattr"):
        _same_attributes(old, new)
    new.chmod(was.st_mode & 0o7777)


def _same_attributes(old: Path, new: Path) -> None:
    try:
        names = os.listxattr(old)
    except OSError as error:
        if error.errno in _UNSUPPORTED:
            return
        raise
    for name in names:
        try:
            os.setxattr(new, name, os.getxattr(old, name))
        except OSError as error:
            if name.startswith(_TAKEN_OVER):
                raise OSError(
                    error.errno, f"its attribute {name} could not be kept", str(old)
                ) from None


def _keep(job: _Job, backup: str) -> None:
    """Give the old file a second name, to take it back by, and one more to be its backup."""
    if job.write.old is None:
        return
    for backing_up in (True, False) if backup else (False,):
        job.second = job.new.with_name(job.new.name + ".old")
        job.temporary.append(job.second)
        _second_name(job.target, job.second)
        if backing_up:
            kept = f"{job.write.before_backup}{job.target.name}{backup}"
            job.second.replace(job.target.with_name(kept))
            job.second.unlink(missing_ok=True)  # it stays if both name one file already


def _second_name(path: Path, second: Path) -> None:
    """Give a file a second name; where a file system knows no hard links, a copy will do."""
    try:
        os.link(path, second)
    except (OSError, AttributeError, NotImplementedError):
        with second.open("xb") as stream:
            stream.write(path.read_bytes())
            stream.flush()
            _same_rights(path, path.stat(), second)
            os.fsync(stream.fileno())


def _take_back(jobs: list[_Job], error: BaseException) -> None:
    """Put the old files back under their names."""
    for job in reversed([job for job in jobs if job.renamed]):
        try:
            if job.second is not None:
                job.second.replace(job.target)
            else:
                job.target.unlink(missing_ok=True)
            job.renamed = False
        except OSError as again:
            kept = ""
            if job.second is not None:
                job.temporary.remove(job.second)
                kept = f"; its old text is in {job.second}"
            error.add_note(f"{job.target} could not be put back: {again.strerror}{kept}")


def _flush(folder: Path) -> None:
    """Have the names in a folder written to the disk, where the system can do that."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except PermissionError:  # Windows opens no folder; one may be writable but not readable
        return
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in _UNSUPPORTED:
            raise
    finally:
        os.close(handle)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
