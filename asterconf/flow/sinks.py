"""Where a text leaves the dialplan for something that takes it apart: shells, files, queries.

What is safe there is the specification's table of sinks: numbers that are dialled have no `&` and
its like, arguments no `,`, a shell only what needs no quotes, names of files neither `/` nor `&`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from itertools import accumulate
from typing import Final

import attrs

from asterconf.flow.statuses import EXACT, LEFT
from asterconf.language import args
from asterconf.numbers import automaton as at
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.terms import Box, InputSlice, Opaque
from asterconf.source import fold

WORD: Final = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


def _only(characters: bytes) -> Automaton:
    return at.power(at.mask_of(characters), 0, None)


def _without(characters: bytes) -> Automaton:
    return at.power(at.ALL & ~at.mask_of(characters), 0, None)


CLEAN: Final = _only(WORD + b"*#+-")
"""Texts that no application cuts anywhere, whatever it cuts."""
UNCUT: Final = {
    name: _without(b',()[]"\\| \t\r\n' + more)
    for more, names in (
        (b"", ("Gosub", "Goto")),
        (b"?:", ("ExecIf", "ExecIfTime", "GosubIf", "GotoIf", "GotoIfTime")),
    )
    for name in names
}
"""Texts that stay in one piece in applications that cut little."""


@attrs.frozen
class Sink:
    """What takes a text apart.

    Attributes:
        safe: texts that it leaves in one piece.
        telling: a character that shows it well.
        what: what happens otherwise, before an example.
    """

    safe: Automaton
    telling: bytes
    what: str


@attrs.frozen
class Sunk:
    """A text of a caller in a sink.

    Attributes:
        text: the step or function, as people read it.
        sink: what takes it apart.
        box: the inputs that are taken apart.
        part: what of an input gets there; None: it is sent besides numbers.
        marks: what the way there depends on.
        sent: what the caller sends besides numbers, such as `${CALLERID(name)}`.
    """

    text: str
    sink: Sink
    box: Box
    part: InputSlice | None
    marks: frozenset[Opaque] = frozenset()
    sent: str = ""


@attrs.frozen
class UnsureSink:
    """A text in a sink of which it is not known whether a caller sends it.

    Attributes:
        text: the step or function, as people read it.
        mark: what gets there.
    """

    text: str
    mark: Opaque


DIALLED: Final = Sink(CLEAN, b"&", "the text of the caller is taken apart")
ADDRESS: Final = Sink(CLEAN, b"@", "the caller chooses the address")
ARGUMENT: Final = Sink(_without(b',()[]"\\'), b",", "the text of the caller becomes two arguments")
SHELL: Final = Sink(_only(WORD + b"*#+-_.:/@%=,"), b";", "a shell runs what the caller sends")
FILE: Final = Sink(_without(b"/&,"), b"/", "the caller chooses the file")
BRANCHES: Final = Sink(UNCUT["ExecIf"], b":", "the caller chooses what is run")
NAMED: Final = Sink(_without(b'()=,[]"\\'), b"=", "the caller chooses which variable is set")
EVALUATED: Final = Sink(_without(b"$"), b"$", "what the caller sends is evaluated")
CONDITION: Final = Sink(CLEAN, b'"', "the caller changes the condition")
QUERY: Final = Sink(_only(WORD + b"*#+-_.:@ "), b"'", "the caller changes the query")

_FILES: Final = {
    "Playback": 0, "BackGround": 0, "ControlPlayback": 0, "Read": 1, "Record": 0, "MixMonitor": 0,
    "Dictate": 0, "AGI": 0, "EAGI": 0, "DeadAGI": 0, "Authenticate": 0, "DISA": 0, "ICES": 0,
    "MP3Player": 0, "ReadExten": 1, "ReceiveFAX": 0, "SendFAX": 0, "SendImage": 0,
    "SpeechBackground": 0, "SpeechLoadGrammar": 1,
}  # fmt: skip
"""Applications that are given a name of a file, and in which argument."""
_SHELLS: Final = {"System": None, "TrySystem": None, "MixMonitor": 2}
"""Applications that run a command, and in which argument; None: all of their text."""
_ARGUMENTS: Final = frozenset({
    "AGI", "AddQueueMember", "AgentLogin", "AudioSocket", "Bridge", "CELGenUserEvent", "ChanSpy",
    "ChannelRedirect", "ConfBridge", "DISA", "DeadAGI", "Directory", "EAGI", "ExtenSpy",
    "ExternalIVR", "FollowMe", "Gosub", "GosubIf", "Goto", "GotoIf", "GotoIfTime", "MSet",
    "MeetMe", "Park", "ParkedCall", "PauseQueueMember", "Queue", "RemoveQueueMember", "Stasis",
    "UnpauseQueueMember", "UserEvent", "VMAuthenticate", "VoiceMailMain",
})  # fmt: skip
_ADDRESSES: Final = {"JabberSend": 1, "MessageSend": 0, "Transfer": None}
"""Applications that are given an address, and in which argument; None: all of their text."""
_EVALUATING: Final = frozenset({"Exec", "TryExec", "WaitForCondition"})
_WRAPPING: Final = frozenset({"Exec", "ExecIf", "TryExec"})
_DIALLING: Final = frozenset({
    "ChanIsAvail", "Dial", "Originate", "Page", "Pickup", "RetryDial", "VoiceMail",
})  # fmt: skip
_SENT: Final = re.compile(
    r"\$\{(CALLERID\(|CALLERIDNAME|PJSIP_HEADERS?\(|SIP_HEADER\(|MESSAGE(_DATA)?\("
    r"|CDR\((clid|src|dst)"
    r"|CHANNEL\((peername|pjsip))",
    re.IGNORECASE,
)
"""What a caller chooses, besides numbers and digits."""
MADE_BY_ASTERISK: Final = frozenset({
    "UNIQUEID", "LINKEDID", "EPOCH", "DATETIME", "TIMESTAMP", "CHANNEL", "CONTEXT", "PRIORITY",
    "HANGUPCAUSE", "HINT", "HINTNAME", "ANSWEREDTIME", "ANSWEREDTIME_MS", "DIALEDTIME",
    "DIALEDTIME_MS", "QEHOLDTIME", "QEORIGINALPOS", "QUEUEPOSITION", "QUEUEHOLDTIME", "ODBCROWS",
    "PROGRESSTIME", "PROGRESSTIME_MS", "RINGTIME", "RINGTIME_MS", "AQMSTATUS", "RQMSTATUS",
    "PQMSTATUS", "UPQMSTATUS",
    *(name for name in EXACT.union(*LEFT.values()) if name.endswith(("STATUS", "RESULT"))),
})  # fmt: skip
"""Variables that Asterisk sets itself, none of them to what a caller sends."""
BROUGHT: Final = frozenset({
    "BLINDTRANSFER", "ATTENDEDTRANSFER", "INVALID_EXTEN", "LOOKUPCIDNAME", "MACRO_CONTEXT",
    "MACRO_EXTEN", "RECEIVETEXTMESSAGE", "REMOTESTATIONID", "SIPCALLID", "SIPDOMAIN",
    "SIPREFERREDBYHDR", "SIPREFERRINGCONTEXT", "SIPREFERTOHDR", "SIPREPLACESHDR", "SIPURI",
    "SIPUSERAGENT", "TRANSFERERNAME",
})  # fmt: skip
"""Variables that Asterisk sets to what others send."""
GIVEN: Final[Mapping[str, str]] = {
    **dict.fromkeys(("DB", "DB_DELETE"), "DB"),
    **dict.fromkeys(("SHELL", "FILE"), "files"),
    **dict.fromkeys(("REALTIME", "REALTIME_FIELD", "REALTIME_HASH", "REALTIME_STORE"), "tables"),
    **dict.fromkeys(("SPEECH", "SPEECH_GRAMMAR", "SPEECH_SCORE", "SPEECH_TEXT"), "speech"),
    "CURL": "CURL", "ENV": "ENV", "AST_CONFIG": "files",
}  # fmt: skip
"""Functions that give what is kept elsewhere, with where: no text of a caller, unless a step puts
one there."""
_VARIABLE: Final = re.compile(r"\$\{(\w+)(:[-\d:]+)?\}")
_HARMLESS: Final = re.compile(
    r"\$\{((STRFTIME|RAND|LEN|HINT|MD5|SHA1|URIENCODE|BASE64_ENCODE|KEYPADHASH|TIMEOUT|BLACKLIST"
    r"|CHANNEL_EXISTS|DB_EXISTS|DB_KEY_COUNT|DEC|DEVICE_STATE|DIALPLAN_EXISTS|EXISTS"
    r"|EXTENSION_STATE|FIELDNUM|FIELDQTY|GLOBAL_EXISTS|GROUP_COUNT|GROUP_MATCH_COUNT|IFMODULE|INC"
    r"|ISNULL|MAILBOX_EXISTS|QUEUE_EXISTS|QUEUE_MEMBER|QUEUE_MEMBER_COUNT|QUEUE_WAITING_COUNT"
    r"|REGEX|STAT|STRPTIME|VALID_EXTEN|VARIABLE_EXISTS|VMCOUNT)\("
    r"|AST\w+DIR\}|CHANNEL\((name|uniqueid|linkedid|language|state|channeltype|auth_method|peerip|recvip)\)"
    r"|CDR\((billsec|duration|start|answer|end|uniqueid|linkedid|disposition|sequence)\b)",
    re.IGNORECASE,
)
"""What Asterisk makes itself, or what is encoded: no shell, file or query takes it apart."""


def of_step(name: str, data: str) -> Iterator[tuple[Sink, str]]:
    """Yield the sinks of an application, each with the term that gets there."""
    if name in _DIALLING:
        yield DIALLED, data
    if name in _ARGUMENTS:
        yield ARGUMENT, data
    if name in _EVALUATING:
        yield EVALUATED, data
    if name == "ExecIf":
        yield BRANCHES, data
    if name == "Set":
        yield NAMED, data.partition("=")[0].partition("(")[0].strip()
    for table, sink in ((_SHELLS, SHELL), (_FILES, FILE), (_ADDRESSES, ADDRESS)):
        if name in table:
            at_place = table[name]
            fields = [data] if at_place is None else args.split(data)[at_place : at_place + 1]
            yield sink, "".join(fields)


def of_function(name: str, data: str, made: frozenset[str]) -> Iterator[tuple[Sink, str]]:
    """Yield the sinks of a function; `made` are those whose queries hold arguments as they are."""
    sink = {"SHELL": SHELL, "EVAL": EVALUATED, "FILE": FILE, "AST_CONFIG": FILE}.get(name)
    if sink is not None:
        yield sink, data
    if name in made:
        yield QUERY, data


_RUN: Final = {fold(name): name for name in (*_SHELLS, "SHELL")}
_RUNNING: Final = re.compile(rf"\b({'|'.join(_RUN)})\(", re.IGNORECASE)


_NAMES: Final = {
    *_FILES, *_SHELLS, *_ARGUMENTS, *_DIALLING, *_WRAPPING, *_ADDRESSES, *_EVALUATING, "SHELL",
    "EVAL", "FILE", "AST_CONFIG",
}  # fmt: skip
_TAKING: Final = re.compile(rf"\b({'|'.join(_NAMES)})\(|\bSet\(\s*\w*\$\{{[^=]*=", re.IGNORECASE)


def has_sink(text: str, queries: frozenset[str]) -> bool:
    """Return whether a step, or something in it, may take a text apart; `queries` are functions."""
    return bool(_TAKING.search(text)) or any(f"{name}(" in text for name in queries)


def run_by_shell(text: str) -> Iterator[str]:
    """Yield what a shell runs of a step, in its application, in one inside it, or in functions."""
    for found in _RUNNING.finditer(text):
        name, start = _RUN[fold(found[1])], found.end()
        depths = accumulate({"(": 1, ")": -1}.get(char, 0) for char in text[start:])
        size = next((size for size, depth in enumerate(depths) if depth < 0), len(text))
        data = text[start : start + size]
        for sink, term in (*of_step(name, data), *of_function(name, data, frozenset())):
            if sink is SHELL:
                yield term


def sends(expression: str) -> bool | None:
    """Return whether a caller chooses the value of an expression; None: it is not known."""
    if _SENT.match(expression):
        return True
    variable = _VARIABLE.fullmatch(expression)
    known = variable[1] in MADE_BY_ASTERISK if variable else bool(_HARMLESS.match(expression))
    return False if known else None
