"""Writes files whole or not at all."""

from __future__ import annotations

import contextlib
import os
import tempfile
from pathlib import Path

__all__ = ["write"]


def write(path: Path, data: bytes, *, private: bool) -> None:
    """Put `data` at `path` in one step: a reader sees the old file or the new one.

    A link is followed, so that it stays a link. An existing file keeps its owner, group and mode
    (owner and group where the process may set them); a new one gets 0644, or 0640 if `private`,
    less the umask.

    Raises:
        OSError: the file cannot be written; what was there is untouched.
    """
    target = path.resolve() if path.is_symlink() else path
    target.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(prefix=f".{target.name}.", dir=target.parent)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        try:
            old = target.stat()
        except FileNotFoundError:
            Path(temporary).chmod((0o640 if private else 0o644) & ~_umask())
        else:
            with contextlib.suppress(PermissionError):
                os.chown(temporary, old.st_uid, old.st_gid)
            Path(temporary).chmod(old.st_mode & 0o7777)
        Path(temporary).replace(target)
    except BaseException:
        Path(temporary).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
