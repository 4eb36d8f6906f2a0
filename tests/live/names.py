"""A name server for one instance: it knows a few names, and nothing is ever asked outside."""

from __future__ import annotations

import secrets
import socket
import struct
from collections.abc import Mapping
from threading import Thread

TYPE_A = 1
NO_SUCH_NAME = 3


class NameServer:
    """Answers for ``hosts`` (name → IPv4 address) at port 53 of ``address``, a loopback address
    of its own, since resolv.conf has no room for a port.

    Attributes:
        asked: every name asked for, in order.
    """

    def __init__(self, hosts: Mapping[str, str]) -> None:
        self.asked: list[str] = []
        self._hosts = {name.lower(): socket.inet_aton(at) for name, at in hosts.items()}
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.address = f"127.53.{secrets.randbelow(256)}.{secrets.randbelow(254) + 1}"
        self._socket.bind((self.address, 53))
        self._thread = Thread(target=self._serve, daemon=True)
        self._thread.start()

    def tell(self, name: str, address: str) -> None:
        """Give a name another address from now on."""
        self._hosts[name.lower()] = socket.inet_aton(address)

    def close(self) -> None:
        """Harmless when done before."""
        if not self._thread.is_alive():
            return
        self._socket.sendto(b"", (self.address, 53))
        self._thread.join()
        self._socket.close()

    def _serve(self) -> None:
        while True:
            query, asker = self._socket.recvfrom(4096)
            if not query:  # close() sends it
                return
            self._socket.sendto(self._answer(query), asker)

    def _answer(self, query: bytes) -> bytes:
        labels, at = [], 12
        while length := query[at]:
            labels.append(query[at + 1 : at + 1 + length].decode("ascii", "replace"))
            at += 1 + length
        (kind,) = struct.unpack_from("!H", query, at + 1)
        name = ".".join(labels).lower()
        self.asked.append(name)
        known = self._hosts.get(name)
        answers = known is not None and kind == TYPE_A
        flags = 0x8580 | (0 if known else NO_SUCH_NAME)  # an authority, and recursion is on offer
        reply = query[:2] + struct.pack("!5H", flags, 1, answers, 0, 0) + query[12 : at + 5]
        if known and answers:  # the name is the one at offset 12; one minute; four bytes
            reply += struct.pack("!HHHIH", 0xC00C, TYPE_A, 1, 60, 4) + known
        return reply
