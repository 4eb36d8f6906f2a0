"""A client of the Asterisk Manager Interface, for tests: plain sockets, one thread.

Text is UTF-8 with ``surrogateescape``, so that any byte a configuration holds survives both ways.
Lines are cut at CR LF only: a lone CR or LF inside a value stays in it.
"""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from itertools import count
from typing import Self


class AmiError(Exception):
    """The manager refused an action, or did not answer."""


@dataclass(frozen=True)
class Message:
    """One response or event: its headers as they came, repeated ones included."""

    headers: tuple[tuple[str, str], ...]

    def all(self, key: str) -> list[str]:
        return [value for name, value in self.headers if name.lower() == key.lower()]

    def get(self, key: str, default: str = "") -> str:
        """The first value of ``key``."""
        return next(iter(self.all(key)), default)

    def __getitem__(self, key: str) -> str:
        for value in self.all(key):
            return value
        raise KeyError(key)

    @property
    def output(self) -> str:
        """What a ``Command`` printed."""
        return "\n".join(self.all("Output"))


class Ami:
    """A session that is logged in; ``events`` gathers what no action asked for.

    Raises:
        AmiError: the login was refused.
        OSError: nobody listens at the port.
    """

    def __init__(self, port: int, user: str, secret: str, *, timeout: float = 10) -> None:
        self.events: list[Message] = []
        self._timeout = timeout
        self._ids = count(1)
        self._buffer = b""
        self._socket = socket.create_connection(("127.0.0.1", port), timeout)
        try:
            self._take(b"\r\n", time.monotonic() + timeout)
            self.action("Login", Username=user, Secret=secret)
        except BaseException:
            self.close()
            raise

    def action(
        self, name: str, /, *, timeout: float | None = None, **headers: str | Iterable[str]
    ) -> list[Message]:
        """Send an action; return its response, then the events of the list it started, if any.

        A header given several values is sent once for each. A name that is no Python word is
        passed as ``**{"Action-000000": …}``.

        Raises:
            AmiError: the response is an error, or none came in time.
        """
        action_id = f"rig-{next(self._ids)}"
        lines = [f"Action: {name}", f"ActionID: {action_id}"]
        for key, values in headers.items():
            lines += (f"{key}: {v}" for v in ([values] if isinstance(values, str) else values))
        if any("\r" in line or "\n" in line for line in lines):
            raise ValueError("a line break in a header would end it")
        text = "\r\n".join([*lines, "", ""])
        self._socket.sendall(text.encode("utf-8", "surrogateescape"))

        messages: list[Message] = []
        deadline = time.monotonic() + (timeout or self._timeout)
        while True:
            message = self._receive(deadline)
            if message.get("ActionID") != action_id:
                self.events.append(message)
                continue
            messages.append(message)
            if messages[0].get("Response") == "Error":
                raise AmiError(f"{name}: {message.output or message.get('Message')}")
            started = messages[0].get("EventList").lower() == "start"
            if not started or (len(messages) > 1 and message.get("EventList")):
                return messages

    def command(self, line: str, *, timeout: float | None = None) -> str:
        """What the console prints for ``line``."""
        return self.action("Command", timeout=timeout, Command=line)[0].output

    def wait_event(
        self, name: str, where: Callable[[Message], bool] = lambda _: True, *, timeout: float = 10
    ) -> Message:
        """The first event of that name, among those gathered or still to come."""
        deadline = time.monotonic() + timeout
        seen = 0
        while True:
            for event in self.events[seen:]:
                if event.get("Event") == name and where(event):
                    return event
            seen = len(self.events)
            self.events.append(self._receive(deadline))

    def close(self) -> None:
        self._socket.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _receive(self, deadline: float) -> Message:
        text = self._take(b"\r\n\r\n", deadline).decode("utf-8", "surrogateescape")
        parts = (line.partition(":") for line in text.split("\r\n"))
        return Message(tuple((name, value.removeprefix(" ")) for name, _, value in parts))

    def _take(self, end: bytes, deadline: float) -> bytes:
        while end not in self._buffer:
            if (left := deadline - time.monotonic()) <= 0:
                raise AmiError("the manager did not answer in time")
            self._socket.settimeout(left)
            try:
                data = self._socket.recv(65536)
            except TimeoutError:
                continue
            if not data:
                raise AmiError("the manager closed the connection")
            self._buffer += data
        taken, _, self._buffer = self._buffer.partition(end)
        return taken
