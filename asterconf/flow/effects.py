"""What an application does to a call, as data: the effects that `asterconf.flow.TABLE` is made of.

An application is a generator of effects. Whoever runs it sends the answer to each effect back
into it: the run loop of a simulator sends one answer, a prover sends each that is possible. An
application that is exhausted lets the call go on at the next priority.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from typing import Any, TypeAlias, TypeVar

import attrs


@attrs.frozen
class SetVariable:
    """Set a variable of the channel; None removes it."""

    name: str
    value: str | None


@attrs.frozen
class Assign:
    """Carry out `NAME=value`, where the name may be a function; `many`: a list of them."""

    text: str
    many: bool = False


@attrs.frozen
class Wipe:
    """Remove the variables or the entries of the database (`kind`) whose names begin so."""

    kind: str
    start: str


@attrs.frozen
class Get:
    """Ask for a variable. Answer: its value, or `absent` where there is none."""

    name: str
    absent: str | None = ""


@attrs.frozen
class Evaluate:
    """Substitute a text once more. Answer: the result."""

    text: str


@attrs.frozen
class Test:
    """Ask whether a condition holds. Answer: a bool."""

    __test__ = False
    text: str


@attrs.frozen
class Holds:
    """Ask whether a time condition holds; `testable`: at TESTTIME, if it is set. Answer: a bool."""

    text: str
    testable: bool = False


@attrs.frozen
class RunApplication:
    """Carry out another application. Answer: `SUCCESS`, `FAILED` (it ended the call), `NOAPP`."""

    name: str
    data: str


@attrs.frozen
class Find:
    """Ask which application is at a priority. Answer: its name, or None.

    `exten`, `context`: where; empty: where the call is.
    """

    priority: int
    exten: str = ""
    context: str = ""


@attrs.frozen
class RunStep:
    """Run the step where the call is, and go to the next. Answer: a `Ran`; None: there is none."""


@attrs.frozen
class Ran:
    """How a step of a macro ended.

    Attributes:
        app: its application and `data` its arguments, as they are written.
        going: whether the call goes on.
        gone: whether it is hung up, or its time is over.
        keyed: the digits that are to be collected where the macro was called; None: none.
    """

    app: str
    data: str
    going: bool
    gone: bool
    keyed: str | None


@attrs.frozen
class JumpTo:
    """Go to `[[context,]exten,]priority`. Answer: False if it names no label that is there.

    `exists`: False also where the place is not there.
    """

    target: str
    exists: bool = False


@attrs.frozen
class Raise:
    """Go to the extension `e` for a reason. Answer: False if there is none.

    `always`: go there even so, which leads to `i`.
    """

    reason: str
    always: bool = False


@attrs.frozen
class Push:
    """Go to a place and remember the way back. Answer: False if the place is not there.

    `inline`: the caller of the effect goes on when the subroutine has returned.
    """

    target: str
    arguments: tuple[str, ...] = ()
    inline: bool = False


@attrs.frozen
class Pop:
    """Go back behind the last `Push`. Answer: False if there was none."""

    value: str = ""


@attrs.frozen
class Drop:
    """Forget the last `Push`. Answer: False if there never was one."""


@attrs.frozen
class End:
    """End the call: the application returned -1. `cause`: what the hang-up says; None: as it is."""

    cause: int | None = None


@attrs.frozen
class Up:
    """Answer the call, if it is not answered; takes `delay` seconds then.

    Answer: False if the caller has hung up.
    """

    delay: float = 0.0


@attrs.frozen
class Pause:
    """Let time pass. Answer: False if the caller hung up meanwhile."""

    seconds: float


@attrs.frozen
class Key:
    """Wait for one digit. Answer: the digit; empty: the time is over; None: the caller hung up."""

    timeout: float
    keys: str = "0123456789*#ABCD"


@attrs.frozen
class Play:
    """Play sounds. Answer: `SUCCESS` or `FAILED`, or the digit that ended it; None: hung up.

    `keys`: the digits that end it.
    """

    files: tuple[str, ...]
    keys: str = ""


@attrs.frozen
class Collect:
    """Collect digits into an extension, after `first`, and go there; else to `i` or `e`.

    In a macro the digits are collected where it was called; nothing as `first` leaves it.

    `context`: where a single digit is looked up before (Background).
    """

    first: str = ""
    context: str = ""


@attrs.frozen
class Tone:
    """Let the caller hear busy (17) or congestion (34) for some seconds, or until it hangs up."""

    cause: int
    seconds: float


@attrs.frozen
class Leg:
    """Call others: channels, for at most `timeout` seconds. Answer: a `LegResult`.

    Attributes:
        targets: what is called, such as `PJSIP/6001`.
        timeout: seconds until nobody is called any more.
        before: a subroutine for each called channel, as `context^exten^priority(arguments)`.
        after: a subroutine for the one that answered, and `macro` a macro for it. Of a Queue they
            are its eighth and its seventh argument; where the version has no macro there, the
            seventh is the subroutine.
        longest: seconds after which the conversation is ended; None: no limit.
        split: where the called one goes when it answers, instead of talking (option G).
        further: where it goes when the caller hangs up after talking (option F).
        kind: which application calls: `Dial`, `Queue`, `Page`.
    """

    targets: tuple[str, ...]
    timeout: float
    before: str = ""
    after: str = ""
    longest: float | None = None
    split: str = ""
    further: str = ""
    kind: str = "Dial"
    macro: str = ""


@attrs.frozen
class LegResult:
    """How calling others ended.

    Attributes:
        status: the value for DIALSTATUS.
        target: the one that answered; else the first.
        cause: the cause of the last hang-up; None: it is as before.
        by: who hung up: `callee`, `caller`, or `limit`.
        result: what the subroutine `after` left in GOSUB_RESULT, or the macro in MACRO_RESULT.
    """

    status: str
    target: str = ""
    cause: int | None = None
    by: str = ""
    result: str = ""


@attrs.frozen
class Ask:
    """Ask what only the world decides. Answer: what it says, by the kind of question.

    Attributes:
        kind: such as `voicemail`, `queue`, `application`.
        about: whom or what, such as a mailbox.
        facts: what else the question depends on.
        sets: the variables that the answer sets, with the values that are possible.
    """

    kind: str
    about: str
    facts: tuple[str, ...] = ()
    sets: Mapping[str, tuple[str, ...]] = attrs.field(factory=dict, hash=False)


@attrs.frozen
class Member:
    """Change the members of a queue: `add`, `remove`, `pause`, `unpause`. Answer: the status."""

    verb: str
    queue: str
    interface: str


@attrs.frozen
class IsUp:
    """Hear whether the call is answered. Answer: a bool."""


@attrs.frozen
class Reach:
    """The caller gets something: `kind` is a class of `asterconf.calls`, with its arguments."""

    kind: str
    about: tuple[str, ...] = ()


@attrs.frozen
class Need:
    """What happens now is known only to a running Asterisk: the call cannot be followed."""

    text: str
    why: str


@attrs.frozen
class Note:
    """What Asterisk logs, in words."""

    text: str


Effect: TypeAlias = (
    SetVariable | Assign | Wipe | Get | Evaluate | Test | Holds | RunApplication | Find | JumpTo
    | RunStep | Raise | Push | Pop | Drop | End | Up | Pause | Key | Play | Collect | Tone | Leg
    | Ask | Member | IsUp | Reach | Need | Note
)  # fmt: skip

T = TypeVar("T")
Asking: TypeAlias = Generator[Effect, Any, T]
"""A part of an application, which works something out from the answers that it gets."""
Effects: TypeAlias = Asking[None]


@attrs.frozen
class FlowApplication:
    """What a call does at a step.

    Attributes:
        name: as Asterisk registered it.
        run: makes the effects out of the argument text, already substituted.
        lenient: whether an argument that is not known matters nothing for the way of the call.
        needs: the file without which Asterisk does not have the application.
    """

    name: str
    run: Callable[[str], Effects]
    lenient: bool = False
    needs: str = ""
