"""A real Asterisk for tests, booted from a configuration directory and shut off from the world.

Each instance runs in the installed system (see ``install_asterisk.sh``) by chroot, in a mount
namespace of its own. There ``/mnt`` is the instance's run directory, with the subdirectories
``etc``, ``lib``, ``log``, ``run`` and ``spool``, and ``/etc/hosts`` and ``/etc/resolv.conf`` are
its own files. So instances do not meet, nothing is copied back, and nothing is left in the system.
"""

from __future__ import annotations

import ctypes
import os
import random
import re
import secrets
import shutil
import signal
import socket
import struct
import subprocess
import time
from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from typing import Any, NamedTuple, Protocol, Self

from .ami import Ami, AmiError
from .names import NameServer

USER = "asterconf-rig"


class RigError(Exception):
    """Asterisk did not boot, or did not behave."""


class LogRecord(NamedTuple):
    level: str
    source: str
    """The C file that logged it, such as ``pbx_config.c``."""
    message: str

    def __str__(self) -> str:
        return f"{self.level} {self.source}: {self.message}"


def find_asterisk() -> tuple[Path | None, str]:
    """The system that ``install_asterisk.sh`` made, or ``None`` and the reason it is of no use."""
    cache = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    root = Path(
        os.environ.get("ASTERCONF_ASTERISK_ROOT") or Path(cache, "asterconf", "asterisk-22")
    )
    if not (root / ".asterconf-complete").exists():
        return None, f"no Asterisk in {root}; tests/live/install_asterisk.sh installs it"
    if os.geteuid() != 0:
        return None, "only root can run Asterisk in a system of its own"
    namespace = subprocess.run(["unshare", "--mount", "true"], check=False, capture_output=True)
    if namespace.returncode != 0:
        return None, "this machine lets nobody make a mount namespace"
    return root, ""


def free_port() -> int:
    """A loopback port that neither TCP nor UDP uses, outside the range of outgoing connections."""
    for port in random.sample(range(22000, 32000), 100):
        with (
            socket.socket(socket.AF_INET, socket.SOCK_STREAM) as tcp,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp,
        ):
            try:
                tcp.bind(("127.0.0.1", port))
                udp.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise RigError("no free port on 127.0.0.1")


_started: list[subprocess.Popen[bytes]] = []
_CRASHES = {-signal.SIGSEGV, -signal.SIGABRT, -signal.SIGBUS}


def forget_crashes() -> None:
    """Forget those that have ended, however they did."""
    _started[:] = [one for one in _started if one.poll() is None]


def has_crashed() -> bool:
    """Tell whether an instance has crashed since the crashes were forgotten."""
    return any(one.poll() in _CRASHES for one in _started)


class Asterisk:
    """One running instance; its own files are below ``run``, the configuration in ``run/etc``.

    Args:
        root: the system to run in, from ``find_asterisk``.
        configuration: the directory to copy; it is not changed.
        run: a directory for this instance alone; made if missing.
        hosts: names that resolve, with their loopback addresses. No other name does.
        ports: which loopback port stands for a port the configuration binds (5060 and 5061 when
            it names none); others get a free one. Look the chosen ones up in ``.ports``.
        rtp: first and last port for media, instead of what rtp.conf says.
        timeout: seconds it may take to boot.
        alone: it runs in a network of its own, where it may bind any address and reaches nobody.
            Then what the configuration binds stays as it is.
        ahead: how many minutes its clock is ahead of UTC; by default as that of the system.

    The copy differs from the configuration only where it must: SIP transports bind to loopback,
    asterisk.conf has directories of the rig, logger.conf logs to the rig's files too, manager.conf
    has the rig's port and user, and a web server is off.

    Raises:
        RigError: it did not boot; the message ends with what it logged last.
    """

    def __init__(
        self,
        root: Path,
        configuration: Path,
        run: Path,
        *,
        hosts: Mapping[str, str] | None = None,
        ports: Mapping[int, int] | None = None,
        rtp: tuple[int, int] | None = None,
        timeout: float = 60,
        alone: bool = False,
        ahead: int | None = None,
    ) -> None:
        self._alone = alone
        self.run = run.absolute()
        self.etc = self.run / "etc"
        self.ports = dict(ports or {})
        self._secret = secrets.token_hex(16)
        for name in ("lib", "log/cdr-csv", "run", "spool"):  # cdr-csv comes with the package
            (run / name).mkdir(parents=True)
        if ahead is not None:  # a time zone file of one kind of time, without changes
            head = b"TZif" + bytes(16) + struct.pack(">6l", 0, 0, 0, 0, 1, 4)
            zone = head + struct.pack(">lBB", 60 * ahead, 0, 0) + b"RIG\0"
            (run / "localtime").write_bytes(zone)
        shutil.copytree(configuration, self.etc)
        self._adapt(root, rtp)
        self.names = NameServer(hosts or {})
        self._process = self._start(root)
        _started.append(self._process)
        try:
            self.ami = self._connect(time.monotonic() + timeout)
        except BaseException:
            self._end()
            raise

    @property
    def sip_port(self) -> int:
        """Where it answers SIP, if the configuration binds the usual port 5060."""
        return self.ports[5060]

    @property
    def pid(self) -> int:
        return self._process.pid

    def cli(self, command: str) -> str:
        """What the console prints for ``command``."""
        return self.ami.command(command)

    def log_lines(self, levels: Collection[str] = ("WARNING", "ERROR")) -> list[LogRecord]:
        """What it has logged so far at these levels (``NOTICE`` too is there for the asking).

        Without what PJSIP says if a call or a keep-alive comes while its modules still register,
        as happens on a busy machine, whatever the configuration.
        """
        start = re.compile(r"(?m)^\[[^]\n]*\] ([A-Z]+)\[\d+\](?:\[C-\w+\])?:? ([^\s:]+)(?:[^:]*): ")
        _, *parts = start.split(_read(self.run / "log" / "rig.log"))
        records = map(LogRecord, parts[0::3], parts[1::3], map(str.rstrip, parts[2::3]))
        return [
            record
            for record in records
            if record.level in levels and "PJSIP_SAFE_MODULE" not in record.message
        ]

    def stop(self) -> None:
        """Stop it; harmless when it no longer runs."""
        with suppress(AmiError, OSError):  # it may close the connection, or be gone
            self.ami.command("core stop now", timeout=5)
        self.ami.close()
        self._end()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def _adapt(self, root: Path, rtp: tuple[int, int] | None) -> None:
        places = (*root.glob("usr/lib/*/asterisk/modules"), root / "usr/lib/asterisk/modules")
        modules = "/" / places[0].relative_to(root)
        ours = f"""\
[directories]
astetcdir => /mnt/etc
astmoddir => {modules}
astvarlibdir => /mnt/lib
astdbdir => /mnt/lib
astkeydir => /mnt/lib
astcachedir => /mnt/lib
astdatadir => /usr/share/asterisk
astagidir => /usr/share/asterisk/agi-bin
astspooldir => /mnt/spool
astrundir => /mnt/run
astlogdir => /mnt/log
"""
        theirs = _read(self.etc / "asterisk.conf")
        theirs = re.sub(r"(?ms)^[ \t]*\[directories\].*?(?=^[ \t]*\[|\Z)", "", theirs)
        _write(self.etc / "asterisk.conf", ours + theirs)

        _add(
            self.etc / "logger.conf",
            "logfiles",
            "rig.log => notice,warning,error,verbose(3)",
        )
        self.ami_port = free_port()
        off = ("enabled = no", "tlsenable = no")
        if (self.etc / "http.conf").exists():
            _add(self.etc / "http.conf", "general", *off)
        manager = self.etc / "manager.conf"
        listen = ("enabled = yes", "bindaddr = 127.0.0.1", f"port = {self.ami_port}")
        _add(manager, "general", *listen, "webenabled = no", "tlsenable = no")
        _add(manager, USER, f"secret = {self._secret}", "read = all", "write = all")

        for file in () if self._alone else self.etc.rglob("*.conf"):
            if "pjsip" in str(file.relative_to(self.etc)):
                _write(file, self._rebind(_read(file)))
        if rtp:
            text = _read(self.etc / "rtp.conf")
            text = re.sub(r"(?m)^[ \t]*rtp(start|end)[ \t]*=.*\n?", "", text)
            _write(self.etc / "rtp.conf", text)
            _add(self.etc / "rtp.conf", "general", f"rtpstart = {rtp[0]}", f"rtpend = {rtp[1]}")

    def _rebind(self, text: str) -> str:
        """Move every transport to loopback that is not there, section by section."""

        def moved(host: str, port: int) -> str:
            if host.startswith("127."):
                return f"{host}:{port}"
            local = self.ports.get(port) or self.ports.setdefault(port, free_port())
            return f"{'[::1]' if host.startswith('[') else '127.0.0.1'}:{local}"

        sections = re.split(r"(?m)^(?=[ \t]*\[)", text)
        for at, section in enumerate(sections):
            secure = re.search(r"(?mi)^[ \t]*protocol[ \t]*=>?[ \t]*(tls|wss)\b", section)
            usual = 5061 if secure else 5060
            sections[at], found = re.subn(
                r"(?m)^([ \t]*bind[ \t]*=>?[ \t]*)(\[.*?\]|[^\s:;]+)(?::(\d+))?",
                lambda m, usual=usual: m[1] + moved(m[2], int(m[3] or usual)),
                section,
            )
            if secure and not found:  # the address is in its template, which knows no TLS port
                sections[at] = f"{section.rstrip()}\nbind = {moved('', usual)}\n\n"
        return "".join(sections)

    def _start(self, root: Path) -> subprocess.Popen[bytes]:
        script = """set -e
            mount --bind "$1" "$2/mnt"
            mount --bind "$1/hosts" "$2/etc/hosts"
            mount --bind "$1/resolv.conf" "$2/etc/resolv.conf"
            zone=$(readlink "$2/etc/localtime" || echo /etc/localtime)
            [ ! -e "$1/localtime" ] || mount --bind "$1/localtime" "$2$zone"
            mount -t proc proc "$2/proc"
            if [ -n "$3" ]; then
                ip link set lo up
                echo 1 > "$2/proc/sys/net/ipv4/ip_nonlocal_bind"
            fi
            exec chroot "$2" /usr/sbin/asterisk -f -n -C /mnt/etc/asterisk.conf
        """
        leash = ("setpriv", "--pdeathsig", "KILL")  # it never outlives the tests
        unshare = ("unshare", "--mount", *["--net"] * self._alone, "--propagation", "private")
        (root / "etc" / "hosts").touch()
        (self.run / "hosts").write_text(f"127.0.0.1 localhost {socket.gethostname()}\n")
        (self.run / "resolv.conf").write_text(f"nameserver {self.names.address}\n")
        with (self.run / "console.log").open("wb") as console:
            return subprocess.Popen(
                [
                    *leash,
                    *unshare,
                    "sh",
                    "-c",
                    script,
                    "sh",
                    str(self.run),
                    str(root.absolute()),
                    "alone" if self._alone else "",
                ],
                stdin=subprocess.DEVNULL,
                stdout=console,
                stderr=subprocess.STDOUT,
                cwd="/",
                env={"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LANG": "C.UTF-8"},
            )

    def _connect(self, deadline: float) -> Ami:
        while True:
            try:
                ami = self._log_in()
                break
            except (OSError, AmiError):
                if self._process.poll() is not None:
                    raise RigError(f"Asterisk ended while it booted{self._last_words()}") from None
                if time.monotonic() > deadline:
                    raise RigError(f"Asterisk lets nobody log in{self._last_words()}") from None
                time.sleep(0.05)
        try:
            ami.wait_event("FullyBooted", timeout=deadline - time.monotonic())
            # Only then it registers the commands of its core.
            late = ("core show settings", "core stop now")
            while any(command not in ami.command("core show help core") for command in late):
                time.sleep(0.01)
        except AmiError:
            ami.close()
            raise RigError(f"Asterisk did not boot in time{self._last_words()}") from None
        return ami

    def _log_in(self) -> Ami:
        if not self._alone:
            return Ami(self.ami_port, USER, self._secret)

        def inside() -> Ami:
            with Path(f"/proc/{self.pid}/ns/net").open() as network:  # of this thread only
                if ctypes.CDLL(None).setns(network.fileno(), 0):
                    raise OSError("no way into the network of Asterisk")
            return Ami(self.ami_port, USER, self._secret)

        with ThreadPoolExecutor(1) as thread:
            return thread.submit(inside).result()

    def _last_words(self) -> str:
        log = _read(self.run / "log" / "rig.log") or _read(self.run / "console.log")
        return "; its last words:\n" + "\n".join(log.splitlines()[-20:])

    def _end(self) -> None:
        for insist in (self._process.poll, self._process.terminate, self._process.kill):
            insist()
            with suppress(subprocess.TimeoutExpired):
                self._process.wait(5)
                break
        self.names.close()


class Boot(Protocol):
    """Boot the configuration in a directory; the options are those of ``Asterisk``."""

    def __call__(self, configuration: Path, **options: Any) -> Asterisk: ...


def _read(file: Path) -> str:
    if not file.exists():
        return ""
    return file.read_bytes().decode("utf-8", "surrogateescape")


def _write(file: Path, text: str) -> None:
    file.write_bytes(text.encode("utf-8", "surrogateescape"))


def _add(file: Path, section: str, *lines: str) -> None:
    """Put the lines last into a section of a file; both are made when missing."""
    text = _read(file)
    known = re.search(rf"(?mi)^[ \t]*\[{re.escape(section)}\]", text)
    _write(file, "\n".join([text, f"[{section}]{'(+)' if known else ''}", *lines, ""]))
