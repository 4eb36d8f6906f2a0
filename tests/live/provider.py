"""A provider for tests: a registrar that asks for a password, and a line for calls.

Calls are PJSUA2's, like those of the phones. PJSUA2 is no registrar, so a door of plain sockets
stands before it: it answers REGISTER and OPTIONS, asks INVITEs for the password too, and passes
everything else on as it came, both ways. Trunks see one address and one port, as with a real
provider.
"""

from __future__ import annotations

import hashlib
import re
import secrets
import select
import socket
import ssl
from collections.abc import Mapping
from contextlib import suppress
from threading import Lock, Thread
from typing import NamedTuple, Self

from .phones import Call, Phone, fresh_address, headers_of

REALM = "provider.test"
_END = b"\r\n\r\n"


class Request(NamedTuple):
    """A request as the door saw it."""

    text: str

    @property
    def method(self) -> str:
        return self.text.partition(" ")[0]

    @property
    def uri(self) -> str:
        return self.text.split(" ", 2)[1]

    @property
    def number(self) -> str:
        """The user of the request URI."""
        return self.uri.partition(":")[2].partition("@")[0]

    def header(self, name: str) -> str:
        return str(headers_of(self.text)[name] or "")

    @property
    def body(self) -> str:
        return self.text.partition("\r\n\r\n")[2]


class Provider:
    """A provider at port 5060 (``tls``: 5061) of a loopback address of its own.

    Args:
        accounts: passwords by user name; who is not named is refused.
        asks: ask INVITEs for the password, as most providers do.
        tls: certificate and key, to be spoken to over TLS only.
        srtp: offer and accept encrypted sound only.
        host: the name that trunks know it by; by default its address.
        address: where it is.

    Attributes:
        registered: the contact of each user that is registered.
        refused: users who gave a wrong password.
        requests: all requests but ACKs, in order; INVITEs once they are let in.
        line: the phone that takes and makes the calls.
    """

    def __init__(
        self,
        accounts: Mapping[str, str],
        *,
        asks: bool = True,
        tls: tuple[str, str] | None = None,
        srtp: bool = False,
        host: str = "",
        address: str = "",
    ) -> None:
        self.address = address or fresh_address()
        self.registered: dict[str, str] = {}
        self.refused: list[str] = []
        self.requests: list[Request] = []
        domain = f"{host or self.address}:{5061 if tls else 5060}"
        self.line = Phone(
            "line", "", 5060, protocol="tcp", srtp=srtp, address=self.address, domain=domain
        )
        self._inside = int(self.line.listens.rpartition(":")[2])
        self._accounts = dict(accounts)
        self._asks = asks
        self._nonce = secrets.token_hex(8)
        self._context = None
        if tls:
            self._context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._context.load_cert_chain(*tls)
        self._lock = Lock()
        self._tcp = socket.create_server((self.address, 5061 if tls else 5060))
        self._udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._udp.bind((self.address, 5060))
        self._open = True
        self._threads = [Thread(target=self._serve_tcp, daemon=True)]
        self._threads.append(Thread(target=self._serve_udp, daemon=True))
        for thread in self._threads:
            thread.start()

    def call(
        self,
        server_port: int,
        *,
        caller: str,
        to: str = "",
        user: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Call:
        """Call the house: the number ``to`` there, or the contact that ``user`` registered."""
        uri = f"sip:{to}@127.0.0.1:{server_port};transport=tcp"
        if not to:
            uri = self.registered[user] if user else next(reversed(self.registered.values()))
        return self.line.call("", caller=caller, to=uri, headers=headers)

    def invited(self, number: str) -> Request:
        """The last INVITE to a number.

        Raises:
            LookupError: there was none.
        """
        for request in reversed(self.requests):
            if (request.method, request.number) == ("INVITE", number):
                return request
        raise LookupError(f"no call to {number}: {[r.uri for r in self.requests]}")

    def close(self) -> None:
        self._open = False
        for one in (self._tcp, self._udp):
            with suppress(OSError):
                one.shutdown(socket.SHUT_RDWR)
            one.close()
        self.line.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    # -- the door -----------------------------------------------------------------------------

    def _serve_tcp(self) -> None:
        while self._open:
            with suppress(OSError):
                client, _ = self._tcp.accept()
                Thread(target=self._serve_client, args=(client,), daemon=True).start()

    def _serve_client(self, client: socket.socket) -> None:
        """Stand between one connection of the customer and one to the line."""
        line: socket.socket | None = None
        rest = b""
        try:
            if self._context:
                client = self._context.wrap_socket(client, server_side=True)
            while self._open:
                pending = isinstance(client, ssl.SSLSocket) and client.pending() > 0
                both = [one for one in (client, line) if one]
                ready = [client] if pending else select.select(both, [], [], 0.5)[0]
                if line in ready and line is not None:
                    line = self._pass_back(line, client)
                if client in ready:
                    rest += _some(client)
                    messages, rest = _cut(rest)
                    for message in messages:
                        answer = self._answer(message)
                        if answer is None:
                            line = line or self._inner()
                            line.sendall(message)
                        else:
                            client.sendall(answer)
        except OSError:  # one side has hung up
            pass
        finally:
            client.close()
            if line:
                line.close()

    def _inner(self) -> socket.socket:
        """Return a new connection to the line."""
        where = (self.address, self._inside)
        return socket.create_connection(where, source_address=(self.address, 0))

    def _pass_back(self, line: socket.socket, client: socket.socket) -> socket.socket | None:
        """Pass on what the line says; None: it has hung up, which is no reason to do so too."""
        try:
            client.sendall(_some(line))
        except ConnectionError:
            line.close()
            return None
        return line

    def _serve_udp(self) -> None:
        """Answer over UDP what the door answers by itself; calls come over TCP and TLS only."""
        while self._open:
            with suppress(OSError):
                message, customer = self._udp.recvfrom(65536)
                if message:
                    self._udp.sendto(self._answer(message) or b"", customer)

    def _answer(self, message: bytes) -> bytes | None:
        """Return what the door itself says to a message; None: it is for the line."""
        if message.startswith(b"SIP/2.0") or not message.strip():
            return None if message.strip() else b""
        request = Request(message.decode())
        if request.method == "ACK":
            return b"" if self._is_refused(request) else None
        if request.method not in {"REGISTER", "OPTIONS", "INVITE"}:
            self._keep(request)
            return None
        within = "tag=" in request.header("To")
        asked = request.method == "REGISTER" or (request.method == "INVITE" and self._asks)
        if asked and not within and (challenge := self._challenge(request)):
            return challenge
        self._keep(request)
        if request.method == "OPTIONS":
            return _reply(request, "200 OK")
        if request.method == "INVITE":
            return None
        user = _user(request.header("To"))
        contact = request.header("Contact")
        expires = re.search(r";expires=(\d+)", contact)
        gone = contact == "*" or "0" in (request.header("Expires"), expires and expires[1])
        with self._lock:
            self.registered.pop(user, None)
            if not gone:
                found = re.search(r"<([^>]*)>", contact)
                self.registered[user] = found[1] if found else contact
        return _reply(request, "200 OK", f"Contact: {contact}", "Expires: 60")

    def _keep(self, request: Request) -> None:
        with self._lock:
            self.requests.append(request)

    def _is_refused(self, ack: Request) -> bool:
        """Tell whether an ACK is for a challenge of the door, not for an answer of the line."""
        return "tag=door" in ack.header("To")

    def _challenge(self, request: Request) -> bytes | None:
        """Return the demand for a password, None if the right one was given."""
        proxy = request.method == "INVITE"
        name = "Proxy-Authorization" if proxy else "Authorization"
        given = dict(re.findall(r'(\w+)="?([^",]*)"?', request.header(name)))
        if given:
            user = given["username"]
            if self._digest(given, request.method) == given.get("response"):
                return None
            with self._lock:
                self.refused.append(user)
            return _reply(request, "403 Forbidden")
        ask = f'Digest realm="{REALM}", nonce="{self._nonce}", algorithm=MD5, qop="auth"'
        if proxy:
            return _reply(
                request, "407 Proxy Authentication Required", f"Proxy-Authenticate: {ask}"
            )
        return _reply(request, "401 Unauthorized", f"WWW-Authenticate: {ask}")

    def _digest(self, given: Mapping[str, str], method: str) -> str | None:
        """Return what the right password gives; None for an unknown user."""
        password = self._accounts.get(given["username"])
        if password is None or given["nonce"] != self._nonce:
            return None
        who = _md5(f"{given['username']}:{given['realm']}:{password}")
        what = _md5(f"{method}:{given['uri']}")
        middle = ":".join(given[key] for key in ("nonce", "nc", "cnonce", "qop"))
        return _md5(f"{who}:{middle}:{what}")


def _some(connection: socket.socket) -> bytes:
    data = connection.recv(65536)
    if not data:
        raise ConnectionError
    return data


def _cut(data: bytes) -> tuple[list[bytes], bytes]:
    """Return the whole messages at the start of a stream, and the rest."""
    messages = []
    while _END in (data := data.lstrip(b"\r\n")):
        end = data.index(_END) + len(_END)
        length = re.search(rb"(?im)^(?:content-length|l)[ \t]*:[ \t]*(\d+)", data[:end])
        end += int(length[1]) if length else 0
        if len(data) < end:
            break
        messages.append(data[:end])
        data = data[end:]
    return messages, data


def _reply(request: Request, status: str, *headers: str) -> bytes:
    kept = re.findall(r"(?im)^(?:via|from|call-id|cseq):[^\r\n]*", request.text)
    to = request.header("To") + ("" if "tag=" in request.header("To") else ";tag=door")
    lines = [f"SIP/2.0 {status}", *kept, f"To: {to}", *headers, "Content-Length: 0"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


def _user(address: str) -> str:
    found = re.search(r"sips?:([^@>;]*)@", address)
    return found[1] if found else ""


def _md5(text: str) -> str:
    return hashlib.md5(text.encode(), usedforsecurity=False).hexdigest()
