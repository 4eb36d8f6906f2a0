"""Applications that decide where a call goes on: Goto, Gosub, If and While."""

from __future__ import annotations

from collections.abc import Iterable
from functools import cache
from typing import ClassVar

import attrs

from asterconf.apps._application import LOCATION, TEXT, VALUE, Application, Kind
from asterconf.apps._layouts import NOTHING, WHOLE, Branches, Layout
from asterconf.apps._layouts import Call as CallLayout
from asterconf.apps._values import Location, LocationLike, location, text
from asterconf.errors import ModelError
from asterconf.language import args

__all__ = [
    "ContinueWhile",
    "EndWhile",
    "ExecIf",
    "ExitWhile",
    "Gosub",
    "GosubIf",
    "Goto",
    "GotoIf",
    "GotoIfTime",
    "Return",
    "While",
]


@attrs.frozen(repr=False)
class Goto(Application):
    """Go on elsewhere: `Goto(main,100,1)`, `Goto(label)`.

    Attributes:
        target: `"main,100,1"`, `("main", "100", 1)`, a label, a priority, or a `Location`.

    Source: main/pbx_builtins.c, pbx_builtin_goto.
    """

    layout: ClassVar[Layout] = WHOLE
    end_if_empty: ClassVar[bool] = True

    target: Location | None = attrs.field(converter=location, metadata=LOCATION)


@attrs.frozen(repr=False)
class GotoIf(Application):
    """Go on elsewhere if a condition holds: `GotoIf($["${X}" = "1"]?yes:no)`.

    The text is cut at the very first `?` and then the very first `:`; nothing protects them.

    Attributes:
        condition: false if it is empty or begins with the number 0.
        if_true, if_false: places as in `Goto`; None: the next priority.

    Source: main/pbx_builtins.c, pbx_builtin_gotoif.
    """

    layout: ClassVar[Layout] = Layout("?:", "plain")

    condition: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)
    if_false: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)


@attrs.frozen(repr=False)
class GotoIfTime(Application):
    """Go on elsewhere at certain times: `GotoIfTime(9:00-17:00,mon-fri,*,*?open:closed)`.

    Attributes:
        timing: `times,weekdays,monthdays,months[,timezone]`.
        if_true, if_false: places as in `Goto`; None: the next priority.

    Source: main/pbx_builtins.c, pbx_builtin_gotoiftime.
    """

    layout: ClassVar[Layout] = Layout("?:", "plain")
    end_if_empty: ClassVar[bool] = True

    timing: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)
    if_false: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)


def _texts(value: Iterable[str | int]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ModelError(f"arguments are a list of texts, not {value!r}")
    return tuple(map(text, value))


_ARGUMENTS = {
    "kind": Kind(
        "arguments",
        lambda value: args.split(value, flavour="raw", substituted=False),
        lambda value: ",".join(value) if value else None,
    )
}


@attrs.frozen(repr=False)
class Gosub(Application):
    """Run a subroutine and come back: `Gosub(mail,s,1(6000,u))`.

    Attributes:
        target: a place as in `Goto`; it must exist.
        arguments: `${ARG1}` and so on. They are not cleaned: quotes and backslashes stay, and a
            comma needs brackets or quotes around it, which stay too.

    Source: apps/app_stack.c, gosub_exec.
    """

    layout: ClassVar[Layout] = CallLayout()
    end_if_empty: ClassVar[bool] = True

    target: Location | None = attrs.field(converter=location, metadata=LOCATION)
    arguments: tuple[str, ...] = attrs.field(default=(), converter=_texts, metadata=_ARGUMENTS)


def _gosub(value: Gosub | LocationLike) -> Gosub | None:
    if value is None or isinstance(value, Gosub):
        return value
    if value == "":
        return None
    if isinstance(value, str):
        made = Gosub.parse("Gosub", value)
        assert isinstance(made, Gosub)
        return made
    return Gosub(value)


_GOSUB = {"kind": Kind("gosub", _gosub, lambda value: None if value is None else value.data)}


@attrs.frozen(repr=False)
class GosubIf(Application):
    """Run a subroutine if a condition holds: `GosubIf($[${X} > 1]?mail,s,1(6000):other,s,1)`.

    Attributes:
        condition: false if it is empty or begins with the number 0.
        if_true, if_false: `Gosub("mail,s,1", ["6000"])`, or its text; None: go on.

    Source: apps/app_stack.c, gosubif_exec.
    """

    layout: ClassVar[Layout] = Layout("?:", "raw")

    condition: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Gosub | None = attrs.field(default=None, converter=_gosub, metadata=_GOSUB)
    if_false: Gosub | None = attrs.field(default=None, converter=_gosub, metadata=_GOSUB)


@attrs.frozen(repr=False)
class Return(Application):
    """Come back from a subroutine.

    Attributes:
        value: what `${GOSUB_RETVAL}` will be; commas belong to it.

    Source: apps/app_stack.c, return_exec.
    """

    layout: ClassVar[Layout] = WHOLE

    value: str = attrs.field(default="", converter=text)


@cache
def _split_call(value: str) -> tuple[str, str]:
    """Cut a branch of ExecIf at its first `(` and last `)`; blanks belong to the name."""
    masked = args.mask(value)
    start = masked.find("(")
    if start < 0:
        return value, ""
    end = masked.rfind(")")
    return value[:start], value[start + 1 : end if end > start else len(value)]


def _branch(value: Application | str | None) -> Application | None:
    if value is None or isinstance(value, Application):
        return value
    if isinstance(value, str):
        from asterconf.apps import parse

        return parse(*_split_call(value)) if value else None
    raise ModelError(f"must be an application or its text, not {value!r}")


_BRANCH = {
    "kind": Kind("application", _branch, lambda value: None if value is None else str(value))
}


@attrs.frozen(repr=False)
class ExecIf(Application):
    """Run an application if a condition holds: `ExecIf($[${X} > 1]?Set(Y=1):NoOp())`.

    Attributes:
        condition: false if it is empty or begins with the number 0. It can hold no comma: that
            makes the old form `ExecIf(CONDITION,APP,ARGUMENTS)` of it.
        if_true, if_false: applications, or their text; None: nothing runs.

    Source: apps/app_exec.c, execif_exec.
    """

    layout: ClassVar[Layout] = Branches("?:", "raw")

    condition: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Application | None = attrs.field(default=None, converter=_branch, metadata=_BRANCH)
    if_false: Application | None = attrs.field(default=None, converter=_branch, metadata=_BRANCH)


@attrs.frozen(repr=False)
class While(Application):
    """Begin a loop that runs while a condition holds, up to its EndWhile.

    Attributes:
        condition: false if it is empty or begins with the number 0.

    Source: apps/app_while.c, while_start_exec.
    """

    layout: ClassVar[Layout] = WHOLE

    condition: str = attrs.field(converter=text, metadata=TEXT)


@attrs.frozen(repr=False)
class EndWhile(Application):
    """Go back to the While of this loop."""

    layout: ClassVar[Layout] = NOTHING


@attrs.frozen(repr=False)
class ExitWhile(Application):
    """Leave the loop: go on behind its EndWhile."""

    layout: ClassVar[Layout] = NOTHING


@attrs.frozen(repr=False)
class ContinueWhile(Application):
    """Begin the next round of the loop."""

    layout: ClassVar[Layout] = NOTHING
