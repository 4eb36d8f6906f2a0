"""SIP phones for tests: real user agents on loopback, from pjsua2, with a tone for a voice.

All phones live in one library endpoint, and nothing moves unless ``pump`` (or a method that says
it waits) is running: one thread, no surprises. At most eight phones at a time.
"""

from __future__ import annotations

import atexit
import email.parser
import email.policy
import time
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any, Literal, Protocol, Self


class PhoneError(Exception):
    """A phone did not get where it was to get in time."""


def pump(until: Callable[[], bool] = lambda: False, timeout: float = 5) -> bool:
    """Let every phone work until the condition holds; say whether it did within ``timeout``."""
    deadline = time.monotonic() + timeout
    while not (done := until()) and time.monotonic() < deadline:
        _library().endpoint.libHandleEvents(10)
    return done


class Call:
    """A call as one phone sees it, made or received.

    Attributes:
        states: every state it went through, of CALLING, INCOMING, EARLY, CONNECTING, CONFIRMED
            and DISCONNECTED.
        status: the last SIP status code; 0 before the first response.
        remote: the other side as the phone may show it, such as ``"Kitchen" <sip:6002@…>``.
        invite: of a call received, the INVITE's headers, by name in any case.
    """

    def __init__(self, account: Any, message: str = "", call_id: int = -1) -> None:
        self.states: list[str] = []
        self.status = 0
        self.remote = ""
        _, _, text = message.partition("\r\n")
        self.invite = email.parser.HeaderParser(policy=email.policy.compat32).parsestr(text)
        self._handle: Any = _library().call_class(self, account, call_id)

    @property
    def state(self) -> str:
        return self.states[-1] if self.states else ""

    def wait_for(self, state: str, timeout: float = 5) -> Self:
        """Wait until the call is, or has been, in that state.

        Raises:
            PhoneError: it did not get there.
        """
        if not pump(lambda: state in self.states, timeout):
            been = " → ".join(self.states) or "nothing"
            raise PhoneError(f"the call is not {state}: {been}, SIP status {self.status}")
        return self

    def hears(self, timeout: float = 5) -> bool:
        """Wait for sound from the other side."""
        return pump(lambda: self._level() > 0, timeout)

    def answer(self, status: int = 200) -> None:
        self._handle.answer(self._operation(status))

    def dial(self, digits: str) -> None:
        """Press keys during the call (RFC 4733 events)."""
        self._handle.dialDtmf(digits)

    def hangup(self, timeout: float = 5) -> None:
        """End the call and wait for the end; harmless when it has ended."""
        if self.state != "DISCONNECTED":
            self._handle.hangup(self._operation(0))
            self.wait_for("DISCONNECTED", timeout)

    def _operation(self, status: int) -> Any:
        operation = _library().pj.CallOpParam(True)
        operation.statusCode = status
        return operation

    def _start(self, uri: str) -> None:
        self._handle.makeCall(uri, self._operation(0))

    def _level(self) -> int:
        if self.state == "DISCONNECTED" or not self._handle.hasMedia():
            return 0
        # of sound that arrives, for all its name (the tone we send is the other level)
        return int(self._handle.getAudioMedia(-1).getTxLevel())

    def _changed(self, state: str, status: int, remote: str) -> None:
        self.states.append(state)
        self.status, self.remote = status, remote

    def _release(self) -> None:
        self._handle = None


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

    def wait_for(self, note: str, timeout: float = 5) -> Self:
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
    """One account on a socket of its own.

    Args:
        server_port: where the server listens on 127.0.0.1.
        display: the name it calls itself.
        protocol: how it reaches the server; with ``tls`` any certificate is accepted.
        srtp: offer and accept encrypted media only.
        login: the user name it proves who it is with; by default the same.
        answers: the status it answers a call with: 200 talks, 180 rings on (answer it yourself),
            486 is busy.

    Attributes:
        received: the calls that came in, oldest first.
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
    ) -> None:
        self.user = user
        self.answers = answers
        self.received: list[Call] = []
        self._server = f"127.0.0.1:{server_port};transport={protocol}"
        self._status = 0
        self._parts: list[Call | Watch] = []
        library = _library()
        self._transport = library.transport(protocol)

        config = library.pj.AccountConfig()
        name = f'"{display}" ' if display else ""
        config.idUri = f"{name}<sip:{user}@127.0.0.1:{server_port}>"
        config.regConfig.registrarUri = f"sip:{self._server}"
        config.regConfig.registerOnAdd = False
        config.regConfig.retryIntervalSec = 0
        credentials = library.pj.AuthCredInfo("digest", "*", login or user, 0, password)
        config.sipConfig.authCreds.append(credentials)
        config.sipConfig.transportId = self._transport
        config.mediaConfig.transportConfig.boundAddress = "127.0.0.1"
        if srtp:
            config.mediaConfig.srtpUse = library.pj.PJMEDIA_SRTP_MANDATORY
            config.mediaConfig.srtpSecureSignaling = 0
        self._account: Any = library.account_class(self)
        self._account.create(config)
        library.phones.add(self)

    def register(self, timeout: float = 5) -> int:
        """Register and return the final status code (408 when nobody answers in time)."""
        return self._renew(True, timeout)

    def unregister(self, timeout: float = 5) -> int:
        return self._renew(False, timeout)

    def call(self, number: str) -> Call:
        """Start a call; it does not wait."""
        call = Call(self._account)
        self._parts.append(call)
        call._start(f"sip:{number}@{self._server}")
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

    def wait_call(self, timeout: float = 5) -> Call:
        """The next call that comes in, or the last when one is there that has not ended.

        Raises:
            PhoneError: none came.
        """
        if not pump(lambda: any(c.state != "DISCONNECTED" for c in self.received), timeout):
            raise PhoneError(f"nobody called {self.user}")
        return self.received[-1]

    def close(self) -> None:
        """Hang up, unregister and free the socket; harmless when done before."""
        if self not in _library().phones:
            return
        _library().phones.remove(self)
        calls = [part for part in (*self._parts, *self.received) if isinstance(part, Call)]
        for call in calls:
            with suppress(PhoneError):  # the server may be gone
                call.hangup()
        if self._account.getInfo().regIsActive:
            self.unregister(timeout=2)
        for part in (*self._parts, *self.received):
            part._release()
        self._account.shutdown()
        self._account = None
        _library().endpoint.transportClose(self._transport)
        pump(timeout=0.05)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _renew(self, active: bool, timeout: float) -> int:
        self._status = 0
        self._account.setRegistration(active)
        return self._status if pump(lambda: self._status >= 200, timeout) else 408

    def _registered(self, status: int) -> None:
        self._status = status

    def _invited(self, message: str, call_id: int) -> None:
        call = Call(self._account, message, call_id)
        self.received.append(call)
        call.answer(self.answers)


class MakePhone(Protocol):
    """Make a phone, not yet registered; the options are those of ``Phone``."""

    def __call__(self, user: str, password: str, server_port: int, **options: Any) -> Phone: ...


class _Library:
    """The one endpoint of this process and the classes that hear its callbacks."""

    def __init__(self) -> None:
        import pjsua2 as pj  # type: ignore[import-not-found, import-untyped, unused-ignore]

        self.pj: Any = pj
        self.phones: set[Phone] = set()
        config = pj.EpConfig()
        config.logConfig.level = config.logConfig.consoleLevel = 0
        config.uaConfig.threadCnt = 0
        config.uaConfig.mainThreadOnly = True
        config.uaConfig.maxCalls = 32
        config.medConfig.noVad = True
        config.medConfig.ecTailLen = 0
        self.endpoint: Any = pj.Endpoint()
        self.endpoint.libCreate()
        self.endpoint.libInit(config)
        devices = self.endpoint.audDevManager()
        devices.setNullDev()
        self.endpoint.libStart()

        self.voice: Any = pj.ToneGenerator()
        self.voice.createToneGenerator()
        atexit.register(self._destroy)
        tone = pj.ToneDesc()
        tone.freq1, tone.on_msec, tone.off_msec = 440, 1000, 0
        self.voice.play(pj.ToneDescVector([tone]), True)

        library = self
        names = ["NULL", "CALLING", "INCOMING", "EARLY", "CONNECTING", "CONFIRMED", "DISCONNECTED"]
        states = {getattr(pj, f"PJSIP_INV_STATE_{name}"): name for name in names}

        class PjCall(pj.Call):  # type: ignore[misc, unused-ignore]
            def __init__(self, owner: Call, account: Any, call_id: int) -> None:
                super().__init__(account, call_id)
                self.owner = owner

            def onCallState(self, _: Any) -> None:  # noqa: N802
                info = self.getInfo()
                self.owner._changed(states[info.state], info.lastStatusCode, info.remoteUri)

            def onCallMediaState(self, _: Any) -> None:  # noqa: N802
                info = self.getInfo()  # a name keeps it alive while its list is read
                for index, media in enumerate(info.media):
                    if media.status == pj.PJSUA_CALL_MEDIA_ACTIVE:
                        audio = self.getAudioMedia(index)
                        library.voice.startTransmit(audio)
                        audio.startTransmit(devices.getPlaybackDevMedia())  # or it has no level

        class PjWatch(pj.Buddy):  # type: ignore[misc, unused-ignore]
            def __init__(self, owner: Watch, account: Any, uri: str) -> None:
                super().__init__()
                self.owner = owner
                config = pj.BuddyConfig()
                config.uri, config.subscribe = uri, True
                self.create(account, config)

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

            def onRegState(self, event: Any) -> None:  # noqa: N802
                self.owner._registered(event.code)

            def onIncomingCall(self, event: Any) -> None:  # noqa: N802
                self.owner._invited(event.rdata.wholeMsg, event.callId)

        self.call_class, self.watch_class, self.account_class = PjCall, PjWatch, PjAccount

    def _destroy(self) -> None:
        for phone in tuple(self.phones):
            phone.close()
        self.voice = None  # before the mixer that it is plugged into
        self.endpoint.libDestroy()

    def transport(self, protocol: str) -> int:
        config = self.pj.TransportConfig()
        config.boundAddress = "127.0.0.1"
        kind = getattr(self.pj, f"PJSIP_TRANSPORT_{protocol.upper()}")
        return int(self.endpoint.transportCreate(kind, config))


_library = cache(_Library)
