"""Run by test_disk.py: saves a configuration in a child process that is stopped at every step.

A step is whatever Python asks the system for that shows in the files: each such call is an audit
event, and `fsync` and `write` are counted beside them. With `kill` the child ends at once before
step k, as in a crash; with `fail` the call of step k raises an error. Prints a line of JSON for
each k: how the child ended, and what is in the folder then.
"""

import errno
import json
import os
import shutil
import signal
import sys
from pathlib import Path
from typing import Any

import asterconf

EVENTS = {
    "open", "os.rename", "os.link", "os.remove", "os.chmod", "os.chown", "os.setxattr",
    "os.mkdir", "tempfile.mkstemp",
}  # fmt: skip


def edited(folder: Path) -> asterconf.Config:
    conf = asterconf.load(folder)
    conf["a.conf"]["a"]["x"] = "new"
    conf["b.conf"]["b"]["x"] = "new"
    conf["c.conf"]["c"]["x"] = "new"
    return conf


def run(folder: Path, stop: int, how: str) -> str:
    conf = edited(folder)
    step = 0

    def count() -> None:
        nonlocal step
        step += 1
        if step == stop and how == "kill":
            os.kill(os.getpid(), signal.SIGKILL)
        if step == stop:
            raise OSError(errno.EIO, "no more")

    def hook(event: str, _: object) -> None:
        if event in EVENTS:
            count()

    sync = os.fsync

    def counted(handle: Any) -> None:
        count()
        sync(handle)
        count()

    os.fsync = counted  # type: ignore[assignment]
    sys.addaudithook(hook)
    try:
        conf.save(backup=True)
    except OSError:
        return "refused"
    return "saved" if step < stop else "saved in spite of it"


def main(home: Path, how: str) -> None:
    shutil.copytree(home / "start", home / "warm")
    edited(home / "warm").save()  # so that nothing is imported while steps are counted
    for stop in range(1, 1000):
        folder = home / str(stop)
        shutil.copytree(home / "start", folder, symlinks=True)
        read, write = os.pipe()
        child = os.fork()
        if not child:
            os.write(write, run(folder, stop, how).encode())
            os._exit(0)
        os.waitpid(child, 0)
        os.close(write)
        end = os.read(read, 100).decode() or "killed"
        os.close(read)
        files = {p.name: p.read_text() for p in sorted(folder.iterdir())}
        link = (folder / "c.conf").is_symlink()
        print(json.dumps({"end": end, "files": files, "link": link}), flush=True)
        shutil.rmtree(folder)
        if end == "saved":
            return


main(Path(sys.argv[1]), sys.argv[2])
