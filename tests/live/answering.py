"""Endpoints of plain sockets: each answers calls as it is told, and remembers who was called."""

from __future__ import annotations

import re
import select
import socket
from collections.abc import Iterable, Mapping
from threading import Thread
from typing import Self
from urllib.parse import unquote

from asterconf.calls.world import lookup

from .phones import fresh_address

CODES: Mapping[str, str] = {
    "Answers": "200 OK", "Busy": "486 Busy Here", "Congestion": "503 Service Unavailable",
    "NoAnswer": "180 Ringing", "Unreachable": "404 Not Found", "Refuses": "403 Forbidden",
}  # fmt: skip
"""What an endpoint says, by what `World` calls it."""


class Endpoints:
    """Phones and trunks, each at port 5060 of a loopback address of its own.

    Attributes:
        addresses: where each is.
        statuses: what becomes of calls, by endpoint (`100`) or by its number (`911@t`), as
            names or shell patterns; what is not named answers.
        invited: endpoint and number of every call, in order, each once.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self.addresses = {name: fresh_address() for name in names}
        self.statuses: dict[str, str] = {}
        self.invited: list[tuple[str, str]] = []
        self._said: dict[str, bytes] = {}
        self._open = True
        self._sockets = {}
        for name, address in self.addresses.items():
            door = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
            door.bind((address, 5060))
            self._sockets[door] = name
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._open = False
        self._thread.join()
        for door in self._sockets:
            door.close()

    def _serve(self) -> None:
        while self._open:
            for door in select.select([*self._sockets], [], [], 0.1)[0]:
                data, peer = door.recvfrom(65536)
                for said in self._answers(self._sockets[door], data.decode("utf-8", "replace")):
                    door.sendto(said, peer)

    def _answers(self, name: str, text: str) -> Iterable[bytes]:
        method, uri = text.split(" ", 2)[:2]
        if method in ("SIP/2.0", "ACK") or not text.strip():
            return
        call = re.findall(r"(?mi)^(?:call-id|i): *(\S+)", text)[0]
        if method == "CANCEL":
            yield _response(text, "200 OK")
            yield self._said.pop(f"487 {call}", b"")
        elif method == "INVITE":
            key = call + "".join(re.findall(r"(?mi)^cseq: *(\d+)", text))
            if key not in self._said:
                number = unquote(uri.partition(":")[2].partition("@")[0]) if "@" in uri else ""
                self.invited.append((name, number))
                status = self._status(name, number)
                body = _sound(self.addresses[name]) if status == "Answers" else ""
                self._said[key] = _response(text, CODES[status], self.addresses[name], body)
                self._said[f"487 {call}"] = _response(text, "487 Request Terminated")
            yield self._said[key]
        else:
            yield _response(text, "200 OK", self.addresses[name])

    def _status(self, name: str, number: str) -> str:
        asked = (f"{number}@{name}" if number else name, name)
        return next(filter(None, (lookup(self.statuses, one) for one in asked)), "Answers")


def _response(request: str, status: str, address: str = "", body: str = "") -> bytes:
    head = request.partition("\r\n\r\n")[0].split("\r\n")[1:]
    kept = [one for one in head if re.match(r"(?i)(via|v|from|f|to|t|call-id|i|cseq):", one)]
    kept = [
        f"{one};tag=asterconf" if re.match(r"(?i)(to|t):", one) and "tag=" not in one else one
        for one in kept
    ]
    kept += [f"Contact: <sip:{address}:5060>"] if address else []
    kept += ["Content-Type: application/sdp"] if body else []
    return "\r\n".join(
        [f"SIP/2.0 {status}", *kept, f"Content-Length: {len(body)}", "", body]
    ).encode()


def _sound(address: str) -> str:
    lines = [
        "v=0", f"o=- 1 1 IN IP4 {address}", "s=-", f"c=IN IP4 {address}", "t=0 0",
        "m=audio 4000 RTP/AVP 0 101", "a=rtpmap:0 PCMU/8000",
        "a=rtpmap:101 telephone-event/8000", "",
    ]  # fmt: skip
    return "\r\n".join(lines)
