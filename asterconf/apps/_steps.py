"""Applications of every day: Answer, Playback, Set, Hangup and their like."""

from __future__ import annotations

from typing import ClassVar

import attrs

from asterconf.apps._application import (
    NUMBER,
    OPTIONS,
    SOUNDS,
    TEXT,
    VALUE,
    WORDS,
    Application,
)
from asterconf.apps._layouts import WHOLE, Layout, commas
from asterconf.apps._values import Number, Options, number, options, sounds, text, words

__all__ = [
    "Answer",
    "BackGround",
    "Hangup",
    "NoOp",
    "Playback",
    "Read",
    "Set",
    "Wait",
    "WaitExten",
]


@attrs.frozen(repr=False)
class Answer(Application):
    """Answer the call: `Answer(500)`.

    Attributes:
        delay: milliseconds to wait behind the answer.
        options: `i` does not wait for media.

    Source: main/pbx_builtins.c, pbx_builtin_answer.
    """

    layout: ClassVar[Layout] = commas(2)

    delay: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class Playback(Application):
    """Play sounds to the end: `Playback(welcome&please-wait,noanswer)`.

    Attributes:
        filenames: sounds, without their endings.
        options: words: `skip`, `noanswer`, `say`, `mix`.

    Source: apps/app_playback.c, playback_exec.
    """

    layout: ClassVar[Layout] = commas(2)
    end_if_empty: ClassVar[bool] = True

    filenames: tuple[str, ...] = attrs.field(converter=sounds, metadata=SOUNDS)
    options: tuple[str, ...] = attrs.field(default=(), converter=words, metadata=WORDS)


@attrs.frozen(repr=False)
class BackGround(Application):
    """Play sounds while the caller may dial: `BackGround(menu,n)`.

    Attributes:
        filenames: sounds, without their endings.
        options: letters; the old words `skip` and `noanswer` stand alone.
        langoverride: a language for these sounds.
        context: where the digits are looked up.

    Source: main/pbx_builtins.c, pbx_builtin_background.
    """

    layout: ClassVar[Layout] = commas(4)
    end_if_empty: ClassVar[bool] = True

    filenames: tuple[str, ...] = attrs.field(converter=sounds, metadata=SOUNDS)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    langoverride: str = attrs.field(default="", converter=text)
    context: str = attrs.field(default="", converter=text)


@attrs.frozen(repr=False)
class WaitExten(Application):
    """Wait for the caller to dial: `WaitExten(10)`.

    Attributes:
        seconds: how long; None: `TIMEOUT(response)`.
        options: letters.

    Source: main/pbx_builtins.c, pbx_builtin_waitexten.
    """

    layout: ClassVar[Layout] = commas(2)

    seconds: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class Read(Application):
    """Read digits into a variable: `Read(PIN,enter-pin,4,,3,10)`.

    Attributes:
        variable: its name.
        filenames: sounds to play first.
        maxdigits: how many digits end it.
        options: letters.
        attempts: how often the sounds are played.
        timeout: seconds to wait for each digit.

    Source: apps/app_read.c, read_exec.
    """

    layout: ClassVar[Layout] = commas(6)

    variable: str = attrs.field(converter=text)
    filenames: tuple[str, ...] = attrs.field(default=(), converter=sounds, metadata=SOUNDS)
    maxdigits: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    attempts: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


def _optional(value: str | int | None) -> str | None:
    return None if value is None else text(value)


@attrs.frozen(repr=False)
class Set(Application):
    """Set a variable, or what a function writes: `Set(CALLERID(name)=Kitchen)`.

    The text is cut at the first `=`, and nothing else in it counts: quotes, commas, backslashes
    and blanks belong to the value.

    Attributes:
        variable: a name, or a function such as `CALLERID(name)`.
        value: the value; None: there is no `=`, and Asterisk sets nothing.

    Source: main/pbx_variables.c, pbx_builtin_setvar.
    """

    layout: ClassVar[Layout] = Layout("=", "plain")

    variable: str = attrs.field(converter=text, metadata=VALUE)
    value: str | None = attrs.field(default=None, converter=_optional, metadata=VALUE)


@attrs.frozen(repr=False)
class Hangup(Application):
    """End the call: `Hangup(USER_BUSY)`.

    Attributes:
        causecode: a number or a name; None: the usual one.

    Source: main/pbx_builtins.c, pbx_builtin_hangup.
    """

    layout: ClassVar[Layout] = WHOLE

    causecode: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


@attrs.frozen(repr=False)
class NoOp(Application):
    """Do nothing; the text is seen in the log.

    Attributes:
        text: any text.
    """

    layout: ClassVar[Layout] = WHOLE

    text: str = attrs.field(default="", converter=text, metadata=TEXT)


@attrs.frozen(repr=False)
class Wait(Application):
    """Wait: `Wait(1.5)`.

    Attributes:
        seconds: how long; also text with a unit, `500ms`, `2m`.

    Source: main/pbx_builtins.c, pbx_builtin_wait.
    """

    layout: ClassVar[Layout] = WHOLE

    seconds: Number = attrs.field(converter=number, metadata=NUMBER)
