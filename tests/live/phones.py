"""SIP phones for tests: real user agents, from pjsua2, each with a tone of its own for a voice.

Every phone has a loopback address of its own, so that nobody is taken for somebody else because
they share one. All phones live in one library endpoint, and nothing moves unless ``pump`` (or a
method that says it waits) is running: one thread, no surprises. As the library is built, there are
at most eight phones and four calls at a time; a call from one phone to another counts twice.

What a callback raises is kept and raised by ``pump``: through the library it would end the process.
"""

from __future__ import annotations

import atexit
import email.parser
import email.policy
import math
import random
import re
import shutil
import tempfile
import time
from array import array
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from functools import cache, wraps
from itertools import count
from pathlib import Path
from typing import Any, Literal, Protocol, Self

TONES = (400, 550, 700, 850, 1000, 1150, 1300, 1450)
"""The voices, in Hz: none is a multiple of another, and all pass through a telephone."""
_RATE = 16000
_ECHO = 0.15  # seconds of sound that are listened to at a time


class PhoneError(Exception):
    """A phone did not get where it was to get in time."""


def pump(until: Callable[[], bool] = lambda: False, timeout: float = 30) -> bool:
    """Let every phone work until the condition holds; say whether it did within ``timeout``."""
    library = _library()
    deadline = time.monotonic() + timeout
    while not (done := until()) and time.monotonic() < deadline:
        library.endpoint.libHandleEvents(10)
        if library.raised:
            raise library.raised.pop()
    return done


def fresh_address() -> str:
    """Return a loopback address that nobody else is likely to have at the moment."""
    return f"127.{random.randrange(60, 120)}.{random.randrange(256)}.{random.randrange(1, 255)}"


def headers_of(message: str) -> email.message.Message:
    """Return the headers of a SIP message, by name in any case."""
    _, _, text = message.partition("\r\n")
    return email.parser.HeaderParser(policy=email.policy.compat32).parsestr(text)


class Call:
    """A call as one phone sees it, made or received.

    Attributes:
        states: every state it went through, of CALLING, INCOMING, EARLY, CONNECTING, CONFIRMED
            and DISCONNECTED.
        status: the last SIP status code; 0 before the first response.
        remote: the other side as the phone may show it, such as ``"Kitchen" <sip:6002@…>``.
        uri: of a call received, the request URI of the INVITE.
        invite: of a call received, the INVITE's headers, by name in any case.
        digits: the keys that the other side pressed.
        id: the Call-ID.
    """

    def __init__(self, account: Any, voice: Any, message: str = "", call_id: int = -1) -> None:
        self.states: list[str] = []
        self.status = 0
        self.remote = ""
        self.digits = ""
        self.uri = message.split(" ", 2)[1] if message else ""
        self.invite = headers_of(message)
        self.id = str(self.invite["Call-ID"] or "")
        self._sound = _library().folder / f"call-{next(_library().numbers)}.wav"
        self._recorder: Any = None
        self._target = ""
        self._voice = voice
        self._handle: Any = _library().call_class(self, account, call_id)

    @property
    def state(self) -> str:
        return self.states[-1] if self.states else ""

    def wait_for(self, state: str, timeout: float = 20) -> Self:
        """Wait until the call is, or has been, in that state.

        Raises:
            PhoneError: it did not get there.
        """
        if not pump(lambda: state in self.states, timeout):
            been = " → ".join(self.states) or "nothing"
            raise PhoneError(f"the call is not {state}: {been}, SIP status {self.status}")
        return self

    def hears(self, tone: int = 0, timeout: float = 20) -> bool:
        """Wait for sound from the other side: this tone, or any sound at all."""
        return pump(lambda: self._strength(tone) > 0.2, timeout)

    def hears_nothing(self, seconds: float = 0.5) -> bool:
        """Listen for a while, and tell whether there was silence all the time."""
        return not self.hears(timeout=seconds)

    @property
    def media_peer(self) -> str:
        """The address that sound is exchanged with, as agreed last, without port.

        Where sound just came from is no measure: what was under way before the last agreement
        makes the library believe in the old address again.
        """
        return str(self._handle.getStreamInfo(0).remoteRtpAddress).rpartition(":")[0]

    @property
    def encrypted(self) -> str:
        """The SRTP suite in use, such as ``AES_CM_128_HMAC_SHA1_80``; empty: none."""
        found = re.search(r"SRTP status: Active Crypto-suite: (\S+)", self._handle.dump(True, ""))
        return found[1] if found else ""

    @property
    def codec(self) -> str:
        """The name of the codec in use, such as ``PCMU``."""
        return str(self._handle.getStreamInfo(0).codecName)

    def answer(self, status: int = 200) -> None:
        self._handle.answer(self._operation(status))

    def dial(self, digits: str) -> None:
        """Press keys during the call (RFC 4733 events)."""
        self._handle.dialDtmf(digits)

    def transfer(self, number: str) -> None:
        """Send the other side to a number (blind, by REFER)."""
        target = re.sub(r"sip:[^@]*@", f"sip:{number}@", self._target)
        self._handle.xfer(target, self._operation(0))

    def hangup(self, timeout: float = 20) -> None:
        """End the call and wait for the end; harmless when it has ended."""
        if self.state not in {"", "DISCONNECTED"}:
            self._handle.hangup(self._operation(0))
            self.wait_for("DISCONNECTED", timeout)

    def _operation(self, status: int) -> Any:
        operation = _library().pj.CallOpParam(True)
        operation.statusCode = status
        return operation

    def _start(self, uri: str, target: str, caller: str, headers: Mapping[str, str]) -> None:
        self._target = target
        operation = self._operation(0)
        for name, value in headers.items():
            header = _library().pj.SipHeader()
            header.hName, header.hValue = name, value
            operation.txOption.headers.append(header)
        if caller:
            operation.txOption.localUri = caller
        self._handle.makeCall(uri, operation)
        self.id = str(self._handle.getInfo().callIdString)

    def _strength(self, tone: int) -> float:
        """Return how much of the sound heard last is this tone, from 0 to 1; 0: it is silent."""
        size = int(_ECHO * _RATE)
        samples = array("h")
        if self._sound.exists():
            data = self._sound.read_bytes()[44:]
            samples.frombytes(data[-2 * size :][: len(data) // 2 * 2])
        if len(samples) < size:
            return 0
        energy = sum(x * x for x in samples)
        if energy < size * 50**2:
            return 0
        if not tone:
            return 1
        turn = 2 * math.cos(2 * math.pi * tone / _RATE)
        last = before = 0.0
        for x in samples:
            last, before = x + turn * last - before, last
        power = last * last + before * before - turn * last * before
        return 2 * power / (energy * size)

    def _connect(self, audio: Any) -> None:
        """Join voice and ear to the sound of the call, anew at each change of it."""
        library = _library()
        self._voice.startTransmit(audio)
        if self._recorder is None:
            self._recorder = library.pj.AudioMediaRecorder()
            self._recorder.createRecorder(str(self._sound))
        audio.startTransmit(self._recorder)

    def _changed(self, state: str, status: int, remote: str) -> None:
        self.states.append(state)
        self.status, self.remote = status, remote

    def _release(self) -> None:
        self._handle = self._recorder = self._voice = None


class Watch:
    """A busy lamp: the subscription of one phone to the state of an extension.

    Attributes:
        seen: what was told so far, one ``(status, note)`` each, such as ``("open", "Ready")``.
        ended: why the subscription ended, if it did.
    """

    def __init__(self, account: Any, uri: str) -> None:
        self.seen: list[tuple[str, str]] = []
        self.ended = ""
        self._handle: Any = _library().watch_class(self, account, uri)

    def wait_for(self, note: str, timeout: float = 20) -> Self:
        """Wait until the last thing told is ``note``.

        Raises:
            PhoneError: it was not told.
        """
        if not pump(lambda: bool(self.seen) and self.seen[-1][1] == note, timeout):
            raise PhoneError(f"the lamp does not say '{note}': {self.seen} {self.ended}".rstrip())
        return self

    def _release(self) -> None:
        self._handle = None


class Phone:
    """One account on a socket and a loopback address of its own.

    Args:
        server_port: where the server listens on 127.0.0.1.
        display: the name it calls itself.
        login: the user it authenticates as; by default ``user``.
        protocol: how it reaches the server; with ``tls`` any certificate is accepted.
        srtp: offer and accept encrypted media only.
        answers: the status it answers a call with: 200 talks, 180 rings on (answer it yourself),
            486 is busy.
        mwi: subscribe to the messages of its mailbox.
        address: where it is; by default a fresh loopback address.
        port: where it listens; by default any free port.
        domain: what stands behind the @ of its own name; by default the server.

    Attributes:
        received: the calls that came in, oldest first.
        waiting: what it was told about messages, each the ``Voice-Message`` line, such as
            ``1/0 (0/0)``.
        tone: its voice, in Hz.
    """

    def __init__(
        self,
        user: str,
        password: str,
        server_port: int,
        *,
        display: str = "",
        protocol: Literal["udp", "tcp", "tls"] = "udp",
        srtp: bool = False,
        login: str = "",
        answers: int = 200,
        mwi: bool = False,
        address: str = "",
        port: int = 0,
        domain: str = "",
    ) -> None:
        self.user = user
        self.answers = answers
        self.address = address or fresh_address()
        self.received: list[Call] = []
        self.waiting: list[str] = []
        self._server = f"127.0.0.1:{server_port};transport={protocol}"
        self._status = 0
        self._parts: list[Call | Watch] = []
        library = _library()
        self._transport = library.transport(protocol, self.address, port)
        used = {one.tone for one in library.phones}
        self.tone: int = next(tone for tone in TONES if tone not in used)
        self._voice = library.voice(self.tone)

        config = library.pj.AccountConfig()
        name = f'"{display}" ' if display else ""
        config.idUri = f"{name}<sip:{user}@{domain or f'127.0.0.1:{server_port}'}>"
        config.regConfig.registrarUri = f"sip:{self._server}"
        config.regConfig.registerOnAdd = False
        config.regConfig.retryIntervalSec = 0
        credentials = library.pj.AuthCredInfo("digest", "*", login or user, 0, password)
        config.sipConfig.authCreds.append(credentials)
        config.sipConfig.transportId = self._transport
        config.mediaConfig.transportConfig.boundAddress = self.address
        # An UPDATE of the phone may cross Asterisk's re-INVITE; then no direct media follows.
        config.mediaConfig.lockCodecEnabled = False
        config.mwiConfig.enabled = mwi
        if srtp:
            config.mediaConfig.srtpUse = library.pj.PJMEDIA_SRTP_MANDATORY
            config.mediaConfig.srtpSecureSignaling = 0
        self._account: Any = library.account_class(self)
        self._account.create(config)
        library.phones.add(self)

    @property
    def listens(self) -> str:
        """Where its socket is, as ``address:port``."""
        return str(_library().endpoint.transportGetInfo(self._transport).localName)

    def register(self, timeout: float = 20) -> int:
        """Register and return the final status code (408 when nobody answers in time)."""
        return self._renew(True, timeout)

    def unregister(self, timeout: float = 20) -> int:
        return self._renew(False, timeout)

    def call(
        self,
        number: str,
        *,
        caller: str = "",
        to: str = "",
        headers: Mapping[str, str] | None = None,
    ) -> Call:
        """Start a call; it does not wait.

        Args:
            number: whom to call, at the server.
            caller: who to say that one is (From), instead of the account.
            to: a whole URI to call, instead of a number.
            headers: further headers of the INVITE.
        """
        _library().active = self
        _library().pace()
        call = Call(self._account, self._voice)
        self._parts.append(call)
        call._start(
            to or f"sip:{number}@{self._server}", f"sip:x@{self._server}", caller, headers or {}
        )
        return call

    def watch(self, extension: str) -> Watch:
        """Subscribe to the presence of an extension; it does not wait."""
        # The library takes the first account at the same address, whichever is passed; at a name
        # that no account has it takes the default one.
        self._account.setDefault()
        server = self._server.replace("127.0.0.1", "localhost")
        watch = Watch(self._account, f"sip:{extension}@{server}")
        self._parts.append(watch)
        return watch

    def wait_call(self, timeout: float = 20) -> Call:
        """The next call that comes in, or the last when one is there that has not ended.

        Raises:
            PhoneError: none came.
        """
        if not pump(lambda: any(c.state != "DISCONNECTED" for c in self.received), timeout):
            raise PhoneError(f"nobody called {self.user}")
        return self.received[-1]

    def reset(self) -> None:
        """Hang up and forget: the phone is as it was made, but registered if it is."""
        calls = [part for part in (*self._parts, *self.received) if isinstance(part, Call)]
        for call in calls:
            with suppress(PhoneError):  # the server may be gone
                call.hangup()
        for part in (*self._parts, *self.received):
            part._release()
        self.answers = 200
        self.received.clear()
        self.waiting.clear()
        self._parts.clear()

    def close(self) -> None:
        """Hang up, unregister and free the socket; harmless when done before.

        A socket is only free when the library has forgotten every request sent from it, which
        takes half a minute, and it has 64 in all: keep phones rather than make new ones.
        """
        if self not in _library().phones:
            return
        _library().phones.remove(self)
        self.reset()
        if self._account.getInfo().regIsActive:
            self.unregister(timeout=2)
        self._account.shutdown()
        self._account = self._voice = None
        _library().endpoint.transportClose(self._transport)
        _library().drop_connections(self)
        pump(timeout=0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _renew(self, active: bool, timeout: float) -> int:
        _library().active = self
        self._status = 0
        self._account.setRegistration(active)
        return self._status if pump(lambda: self._status >= 200, timeout) else 408

    def _registered(self, status: int) -> None:
        self._status = status

    def _invited(self, message: str, call_id: int) -> None:
        call = Call(self._account, self._voice, message, call_id)
        call._target = f"sip:x@{self._server}"
        self.received.append(call)
        with suppress(_library().pj.Error):  # the caller may have hung up already
            call.answer(self.answers)

    def _told(self, message: str) -> None:
        for line in message.split("\r\n"):
            name, _, value = line.partition(":")
            if name.lower() == "voice-message":
                self.waiting.append(value.strip())


class MakePhone(Protocol):
    """Make a phone, not yet registered; the options are those of ``Phone``."""

    def __call__(self, user: str, password: str, server_port: int, **options: Any) -> Phone: ...


class _Library:
    """The one endpoint of this process and the classes that hear its callbacks."""

    def __init__(self) -> None:
        import pjsua2 as pj  # type: ignore[import-not-found, import-untyped, unused-ignore]

        self.pj: Any = pj
        self.phones: set[Phone] = set()
        self.raised: list[BaseException] = []
        self.numbers: Iterator[int] = count()
        self.folder = Path(tempfile.mkdtemp(prefix="asterconf-phones-"))
        self.connections: list[tuple[Phone | None, Any]] = []
        self.active: Phone | None = None
        self.made: list[float] = []
        library = self
        config = pj.EpConfig()
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = 4
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0

        class PjEndpoint(pj.Endpoint):  # type: ignore[misc, unused-ignore]
            def onTransportState(self, event: Any) -> None:  # noqa: N802
                library.connections = [c for c in library.connections if c[1] != event.hnd]
                if event.state == pj.PJSIP_TP_STATE_CONNECTED:
                    library.connections.append((library.active, event.hnd))

        self.endpoint: Any = PjEndpoint()
        self.endpoint.libCreate()
        self.endpoint.libInit(config)
        devices = self.endpoint.audDevManager()
        devices.setNullDev()
        self.endpoint.libStart()

        atexit.register(self._destroy)
        names = ["NULL", "CALLING", "INCOMING", "EARLY", "CONNECTING", "CONFIRMED", "DISCONNECTED"]
        states = {getattr(pj, f"PJSIP_INV_STATE_{name}"): name for name in names}

        def guarded(callback: Callable[..., None]) -> Callable[..., None]:
            @wraps(callback)
            def guard(*args: Any) -> None:
                try:
                    callback(*args)
                except Exception as error:  # the library must not see any
                    library.raised.append(error)

            return guard

        class PjCall(pj.Call):  # type: ignore[misc, unused-ignore]
            def __init__(self, owner: Call, account: Any, call_id: int) -> None:
                super().__init__(account, call_id)
                self.owner = owner

            @guarded
            def onCallState(self, _: Any) -> None:  # noqa: N802
                info = self.getInfo()
                self.owner._changed(states[info.state], info.lastStatusCode, info.remoteUri)

            @guarded
            def onCallMediaState(self, _: Any) -> None:  # noqa: N802
                info = self.getInfo()  # a name keeps it alive while its list is read
                for index, media in enumerate(info.media):
                    if media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                        self.owner._connect(self.getAudioMedia(index))

            @guarded
            def onDtmfDigit(self, event: Any) -> None:  # noqa: N802
                self.owner.digits += event.digit

        class PjWatch(pj.Buddy):  # type: ignore[misc, unused-ignore]
            def __init__(self, owner: Watch, account: Any, uri: str) -> None:
                super().__init__()
                self.owner = owner
                config = pj.BuddyConfig()
                config.uri, config.subscribe = uri, True
                self.create(account, config)

            @guarded
            def onBuddyState(self) -> None:  # noqa: N802
                info = self.getInfo()
                told = info.presStatus
                if info.subState == pj.PJSIP_EVSUB_STATE_ACTIVE and told.note:
                    online = told.status == pj.PJSUA_BUDDY_STATUS_ONLINE
                    self.owner.seen.append(("open" if online else "closed", told.note))
                if info.subTermCode >= 300:
                    self.owner.ended = f"{info.subTermCode} {info.subTermReason}"

        class PjAccount(pj.Account):  # type: ignore[misc, unused-ignore]
            def __init__(self, owner: Phone) -> None:
                super().__init__()
                self.owner = owner

            @guarded
            def onRegState(self, event: Any) -> None:  # noqa: N802
                self.owner._registered(event.code)

            @guarded
            def onIncomingCall(self, event: Any) -> None:  # noqa: N802
                self.owner._invited(event.rdata.wholeMsg, event.callId)

            @guarded
            def onMwiInfo(self, event: Any) -> None:  # noqa: N802
                self.owner._told(event.rdata.wholeMsg)

        self.call_class, self.watch_class, self.account_class = PjCall, PjWatch, PjAccount

    def _destroy(self) -> None:
        for phone in tuple(self.phones):
            phone.close()
        self.endpoint.libDestroy()
        shutil.rmtree(self.folder, ignore_errors=True)

    def pace(self) -> None:
        """Wait until one more call may be made: sockets are free half a second after their use."""
        pump(lambda: len(self.made) < 15 or time.monotonic() - self.made[-15] > 1, 2)
        self.made.append(time.monotonic())

    def drop_connections(self, phone: Phone) -> None:
        """Close the connections of a phone; by itself the library keeps them for long."""
        for owner, connection in tuple(self.connections):
            if owner is phone:
                with suppress(self.pj.Error):
                    self.endpoint.transportShutdown(connection)

    def voice(self, tone: int) -> Any:
        """Return a tone that does not end, for a phone to send."""
        voice = self.pj.ToneGenerator()
        voice.createToneGenerator()
        description = self.pj.ToneDesc()
        description.freq1, description.on_msec, description.off_msec = tone, 1000, 0
        voice.play(self.pj.ToneDescVector([description]), True)
        return voice

    def transport(self, protocol: str, address: str, port: int) -> int:
        config = self.pj.TransportConfig()
        config.boundAddress, config.port = address, port
        kind = getattr(self.pj, f"PJSIP_TRANSPORT_{protocol.upper()}")
        return int(self.endpoint.transportCreate(kind, config))


_library = cache(_Library)
