"""Sets variables as the applications Set and MSet do.

Source: main/pbx_variables.c, pbx_builtin_setvar and pbx_builtin_setvar_multiple.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from asterconf.language import args
from asterconf.semantics.scope import Call, NoChannelError, Scope, Unknown, UnknownError, Value

if TYPE_CHECKING:
    from asterconf.semantics.evaluation import Evaluation

__all__ = ["assign", "assign_many", "assign_to"]


def assign_to(scope: Scope, name: str, value: Value) -> None:
    """Set a variable, or write a function where the name ends in `)`."""
    if not name.endswith(")"):
        scope.set(name, value)
        return
    from asterconf.semantics.evaluation import function_named

    word, opened, arguments = name.partition("(")
    if not opened:
        scope.say("no-parenthesis", name=name)
    arguments = arguments.rpartition(")")[0]
    function = function_named(scope, word)
    if function is None:
        scope.say("no-function", name=word)
    elif function.write is None:
        scope.say("not-writable", name=word)
    else:
        try:
            function.write(Call(scope, word, arguments), value)
        except NoChannelError:
            scope.say("no-channel", name=word)
        except UnknownError as unknown:
            scope.forget(None, str(unknown))


def assign(scope: Scope, text: str | Evaluation) -> None:
    """Carry out `Set(text)`, the text already substituted.

    The name runs to the first `=`, the value is all the rest as it stands. A value that is partly
    unknown is unknown as a whole; where the name is, no variable is known any more.
    """
    why = "" if isinstance(text, str) or text.is_known else text.unknown[0].why
    known = str(text) if isinstance(text, str) or not why else _start(text)
    name, equals, value = str(text).partition("=")
    if why and "=" not in known:
        scope.forget(None, why)
        return
    if not equals:
        scope.say("no-equals", text=name)
        return
    if " " in name:
        scope.say("blank", name=name)
    assign_to(scope, name, Unknown(value, why) if why else value)


def _start(text: Evaluation) -> str:
    """Return the text up to its first unknown part."""
    first = text.pieces.index(text.unknown[0])
    return "".join(map(str, text.pieces[:first]))


def assign_many(scope: Scope, text: str | Evaluation) -> None:
    """Carry out `MSet(text)`, the text already substituted.

    Where a part of it is unknown, no variable is known any more.
    """
    if not isinstance(text, str) and not text.is_known:
        scope.forget(None, text.unknown[0].why)
        return
    entries = args.split(str(text), limit=_MOST)
    if not entries:
        scope.say("no-equals", text="")
    for entry in entries:
        assign(scope, entry)


_MOST = 100
