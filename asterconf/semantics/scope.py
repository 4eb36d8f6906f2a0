"""What a text is evaluated with: the state of an Asterisk, perhaps a channel, and functions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import Final, Protocol, TypeAlias

import attrs

from asterconf.language import args
from asterconf.language.faults import Fault, Span, fault
from asterconf.schema import DEFAULT
from asterconf.secrets import masked_repr, shown_text

LONGEST: Final = 4095
"""How many bytes of a value, or of what stands between brackets, are used."""

_DIRECTORIES = "ETC MOD VARLIB DB KEY DATA AGI SPOOL RUN LOG SBIN CACHE"
SYSTEM: Final = frozenset(
    ["EPOCH", "SYSTEMNAME", "ENTITYID", *(f"AST{word}DIR" for word in _DIRECTORIES.split())]
)
"""Variables that Asterisk itself answers, whatever the dialplan sets."""
OF_CHANNEL: Final = frozenset((
    "EXTEN", "CONTEXT", "PRIORITY", "CHANNEL", "UNIQUEID", "HANGUPCAUSE", "HINT", "HINTNAME",
    "CALLINGPRES", "CALLINGANI2", "CALLINGTON", "CALLINGTNS",
))  # fmt: skip
"""Variables that a channel answers, whatever the dialplan sets."""
_HINTS: Final = ("HINT", "HINTNAME")
"""Those that its hint answers."""


@attrs.frozen
class Unknown:
    """A value, or a part of a text, that only a running Asterisk knows.

    `text` is the part as it is written, `why` says what would have to be known. `span` is where
    the part stands in the text; None for the value of a variable.
    """

    text: str = attrs.field(repr=masked_repr)
    why: str
    span: Span | None = attrs.field(default=None, eq=False)

    def __str__(self) -> str:
        return shown_text(self.text)


Value: TypeAlias = str | Unknown


class UnknownError(Exception):
    """Only a running Asterisk knows; the message says what."""


class DialplanLookup(Protocol):
    """What functions ask the dialplan; None is a priority that does not matter."""

    def has(
        self, context: str, exten: str | None, priority: int | str | None, callerid: str
    ) -> bool:
        """Return whether there is such a context, extension or step; a text is a label."""
        ...

    def hint(self, context: str, exten: str) -> tuple[str, str] | None:
        """Return the devices and the name of an extension's hint."""
        ...


@attrs.define
class AsteriskState:
    """What all calls of one Asterisk share.

    `clock` None: the time is unknown. `database` None: unknown; its keys are `family/key`.
    `facts` answers variables such as `ASTETCDIR` and functions that ask the running Asterisk, by
    the text that asks: `SYSTEMNAME`, `DEVICE_STATE(PJSIP/6001)`. `functions`: all that are
    registered; None: the standard table of `version`. To change one, build on
    `asterconf.semantics.FUNCTIONS`.
    """

    globals: dict[str, Value] = attrs.field(factory=dict)
    clock: Callable[[], datetime] | None = None
    zone: tzinfo = UTC
    database: dict[str, str] | None = None
    facts: Mapping[str, str] = attrs.field(factory=dict)
    dialplan: DialplanLookup | None = None
    functions: Mapping[str, Function] | None = None
    version: str = attrs.field(default=DEFAULT, kw_only=True)

    def now(self) -> datetime:
        """Return the time, with its zone.

        Raises:
            UnknownError: there is no clock.
        """
        if self.clock is None:
            raise UnknownError("it depends on the time")
        at = self.clock()
        return at.replace(tzinfo=self.zone) if at.tzinfo is None else at.astimezone(self.zone)


@attrs.define
class Channel:
    """The call that a text is evaluated for.

    `facts` answers the variables of `OF_CHANNEL`, such as `EXTEN`, and what functions ask for,
    by the text that asks: `CALLERID(num)`, `CHANNEL(language)`, `TIMEOUT(digit)`. What it lacks
    is unknown.
    """

    variables: dict[str, Value] = attrs.field(factory=dict)
    facts: dict[str, Value] = attrs.field(factory=dict)
    inherited: dict[str, int] = attrs.field(factory=dict)
    """Variables that channels made from this one get: 1 the next one only, 2 all further ones."""
    frames: list[dict[str, Value | None]] = attrs.field(factory=list)
    """For each subroutine the values that its local variables hide; None: there was none."""

    def fact(self, name: str) -> Value:
        """Return a fact by its name."""
        return self.facts.get(name, Unknown(f"${{{name}}}", f"{name} depends on the call"))

    def set_local(self, name: str, value: Value) -> None:
        """Set a local variable of the innermost subroutine."""
        self.frames[-1].setdefault(name, self.variables.get(name))
        self.variables[name] = value

    def remove(self, name: str) -> None:
        """Remove a variable; what a local one hid is there again."""
        value: Value | None = None
        for frame in self.frames:
            if name in frame:
                frame[name], value = value, frame[name]
        if value is None:
            self.variables.pop(name, None)
        else:
            self.variables[name] = value

    def leave(self) -> None:
        """End the innermost subroutine, and restore what its local variables hid."""
        for name, value in self.frames.pop().items():
            if value is None:
                self.variables.pop(name, None)
            else:
                self.variables[name] = value


@attrs.define
class Scope:
    """Where a text is evaluated: one channel of an Asterisk, or none, as while a dialplan loads."""

    asterisk: AsteriskState = attrs.field(factory=AsteriskState)
    channel: Channel | None = None
    faults: list[Fault] = attrs.field(factory=list)
    span: Span = attrs.field(default=Span(0, 0))
    """The part that is being evaluated."""
    open: int = 0
    """How many `${` and `$[` are being evaluated, each inside the one before."""
    why_unknown: str = ""
    """Why no variable of the dialplan is known any more; empty: they are."""

    def report(self, kind: str, **facts: object) -> None:
        """Note what Asterisk logs about the current part, or does without a message."""
        self.faults.append(fault(kind, self.span.start, self.span.end, **facts))

    # ---- variables -----------------------------------------------------------------------------

    @property
    def variables(self) -> dict[str, Value]:
        """Where the dialplan sets variables: the channel's, or without one the globals."""
        return self.asterisk.globals if self.channel is None else self.channel.variables

    def find(self, name: str) -> Value | None:
        """Return the value of a variable; None: there is none."""
        channel = self.channel
        if channel is not None and name in OF_CHANNEL:
            return self.hint(channel, name) if name in _HINTS else channel.fact(name)
        if name in SYSTEM:
            return self.system(name)
        if self.why_unknown:
            return Unknown(f"${{{name}}}", self.why_unknown)
        value = channel.variables.get(name) if channel is not None else None
        return self.asterisk.globals.get(name) if value is None else value

    def hint(self, channel: Channel, name: str) -> Value:
        """Return the devices, or the name, of the hint of the extension where a channel is.

        Source: main/pbx_variables.c, ast_str_retrieve_variable.
        """
        context, exten = channel.fact("CONTEXT"), channel.fact("EXTEN")
        plan = self.asterisk.dialplan
        if plan is None or not isinstance(context, str) or not isinstance(exten, str):
            return channel.fact(name)
        try:
            found = plan.hint(context, exten)
        except UnknownError as error:
            return Unknown(f"${{{name}}}", str(error))
        return "" if found is None else found[_HINTS.index(name)]

    def read(self, name: str) -> str:
        """Return the value of a variable; empty: there is none.

        Raises:
            UnknownError: there is one, but only a running Asterisk knows it.
        """
        value = self.find(name)
        if isinstance(value, str):
            return value
        if value is None:
            return ""
        raise UnknownError(value.why)

    def system(self, name: str) -> Value:
        """Return what Asterisk itself answers."""
        if name in self.asterisk.facts:
            return self.asterisk.facts[name]
        if name == "EPOCH" and self.asterisk.clock is not None:
            return str(int(self.asterisk.now().timestamp()))
        return Unknown(f"${{{name}}}", f"{name} depends on the running Asterisk")

    def set(self, name: str, value: Value) -> None:
        """Set a variable; up to two leading `_` are no part of its name."""
        bare = name.removeprefix("_").removeprefix("_")
        self.variables.pop(bare, None)
        self.variables[bare] = value
        if self.channel is not None:
            self.channel.inherited.pop(bare, None)
            if len(bare) < len(name):
                self.channel.inherited[bare] = len(name) - len(bare)

    def forget(self, names: Sequence[str] | None, why: str) -> None:
        """Mark variables as unknown; None: all of them."""
        if names is None:
            self.why_unknown = why
        for name in names or ():
            self.set(name, Unknown(f"${{{name}}}", why))


class Evaluator(Protocol):
    """What a function can ask of the evaluation that invokes it."""

    @property
    def scope(self) -> Scope:
        """Where texts are evaluated."""
        ...

    def function(self, name: str) -> Function | None:
        """Return the function of that name; None: there is none."""
        ...

    def substitute(self, text: str) -> str:
        """Return what a text becomes inside this evaluation.

        Raises:
            UnknownError: some part of it is unknown.
        """
        ...

    def assign(self, name: str, value: Value) -> None:
        """Set a variable, or write a function where the name ends in `)`."""
        ...


@attrs.define
class Invocation:
    """One use of a function: what its reader or writer gets."""

    evaluator: Evaluator
    name: str
    arguments: str

    @property
    def scope(self) -> Scope:
        """Where it is evaluated."""
        return self.evaluator.scope

    def split(self, count: int) -> list[str]:
        """Return the arguments of a function that declares `count` of them; missing are empty."""
        found = list(args.split(self.arguments, limit=count))
        return found + [""] * (count - len(found))

    def given(self, count: int) -> int:
        """Return how many arguments there are."""
        return len(args.split(self.arguments, limit=count))

    def refuse(self, why: str) -> str:
        """Report that the function refuses its arguments, and return an empty text."""
        self.scope.report("function-refused", name=self.name, why=why)
        return ""

    def warn(self, why: str) -> None:
        """Report what the function complains about."""
        self.scope.report("function-warns", name=self.name, why=why)

    def variable(self, name: str) -> str:
        """Return what a name, or anything else that can stand between `${` and `}`, means."""
        return self.evaluator.substitute(f"${{{name}}}")

    def known(self, value: Value) -> str:
        """Return a value that is to be written.

        Raises:
            UnknownError: it is unknown.
        """
        if isinstance(value, Unknown):
            raise UnknownError(value.why)
        return value

    @property
    def channel(self) -> Channel:
        """The channel.

        Raises:
            NoChannelError: there is none.
        """
        if self.scope.channel is None:
            raise NoChannelError
        return self.scope.channel

    def needs_channel(self) -> None:
        """Check that there is a channel.

        Raises:
            NoChannelError: there is none.
        """
        assert self.channel is not None


class NoChannelError(Exception):
    """A function needs a channel, and there is none."""


Reader: TypeAlias = Callable[[Invocation], str]
Writer: TypeAlias = Callable[[Invocation, Value], None]


@attrs.frozen
class Function:
    """A dialplan function.

    A reader gives the value, raises `UnknownError` where only a running Asterisk knows it, and
    may use `Invocation.refuse` and `Invocation.warn`. `classic`: it can be used inside `$[…]`;
    functions that only have the newer interface cannot. `changes`: reading it sets a variable,
    the one that its first argument names.
    """

    read: Reader | None = None
    write: Writer | None = None
    classic: bool = True
    changes: bool = False
