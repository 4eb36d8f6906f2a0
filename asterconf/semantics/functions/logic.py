"""Functions that choose, ask whether something is there, and set variables.

Source: funcs/func_logic.c, funcs/func_global.c, apps/app_stack.c.
"""

from __future__ import annotations

from collections.abc import Mapping

from asterconf.language import args, timespec
from asterconf.semantics.scope import Function, Invocation, UnknownError, Value
from asterconf.semantics.texts import scan_int
from asterconf.source import WHITE


def condition(text: str) -> bool:
    """Return whether a condition holds: an integer at its start decides, else any text does.

    Source: main/pbx.c, pbx_checkcondition.
    """
    if not text:
        return False
    number = scan_int(text)
    return number is None or number[0] != 0


def _if(call: Invocation) -> str:
    """Give one of two texts."""
    asked, rest = (*args.split(call.arguments, "?", limit=2), "", "")[:2]
    then, otherwise = (*args.split(rest, ":", limit=2), "", "")[:2]
    if not asked or not rest:
        return ""
    return (then if condition(asked.strip(WHITE)) else otherwise).strip(WHITE)


def unquoted(text: str) -> str:
    """Return a text without the blanks around it and its quotes."""
    text = text.strip(WHITE)
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == '"' else text


def _if_time(call: Invocation) -> str:
    """Give one of two texts, by the time."""
    text, question, rest = unquoted(call.arguments).partition("?")
    if not text or not question:
        return call.refuse("it needs a time condition, '?' and a text")
    then, _, otherwise = rest.partition(":")
    spec = timespec.parse(text)
    call.scope.faults += (found for found in spec.faults if found.rule.logged)
    holds = spec.always or (not spec.never and spec.holds(call.scope.asterisk.now()))
    return unquoted(then if holds else otherwise)


def _variable_exists(call: Invocation) -> str:
    scope, name = call.scope, call.arguments
    if scope.why_unknown:
        raise UnknownError(scope.why_unknown)
    own = scope.channel is not None and name in scope.channel.variables
    return str(int(own or name in scope.asterisk.globals))


def _global_exists(call: Invocation) -> str:
    if call.scope.why_unknown:
        raise UnknownError(call.scope.why_unknown)
    return str(int(call.arguments in call.scope.asterisk.globals))


def _set(call: Invocation) -> str:
    """Set a variable and give its value."""
    name, equals, value = call.arguments.partition("=")
    if not name or not equals:
        return call.refuse("it needs NAME=value")
    value = value.strip(WHITE)
    call.evaluator.assign(name.strip(WHITE), value)
    return value


def _global(call: Invocation) -> str:
    value = call.scope.asterisk.globals.get(call.arguments, "")
    if call.scope.why_unknown:
        raise UnknownError(call.scope.why_unknown)
    if not isinstance(value, str):
        raise UnknownError(value.why)
    return value


def _bare(name: str) -> str:
    for _ in range(2):
        name = name.removeprefix("_")
    return name


def _set_global(call: Invocation, value: Value) -> None:
    call.scope.asterisk.globals[_bare(call.arguments)] = value


def _delete(call: Invocation, _value: Value) -> None:
    call.channel.remove(_bare(call.arguments))


def _delete_global(call: Invocation, _value: Value) -> None:
    call.scope.asterisk.globals.pop(_bare(call.arguments), None)


# ---- local variables of subroutines -------------------------------------------------------------


def _local(call: Invocation) -> str:
    frames = call.channel.frames
    return call.scope.read(call.arguments) if frames and call.arguments in frames[-1] else ""


def _set_local(call: Invocation, value: Value) -> None:
    if not call.channel.frames:
        call.warn("there is no subroutine to be local to: nothing is set")
        return
    bare = call.arguments.removeprefix("_").removeprefix("_")
    call.channel.set_local(bare, value)
    if bare != call.arguments:
        call.channel.inherited[bare] = len(call.arguments) - len(bare)


def _local_peek(call: Invocation) -> str:
    """Give the value that a variable has in the n-th frame."""
    depth, name = call.split(2)
    number = scan_int(depth)
    if number is None:
        return call.refuse("it needs a number and a variable's name")
    value = call.scope.find(name)
    left = number[0]
    for frame in reversed(call.channel.frames):
        if name in frame:
            if not left:
                break
            left -= 1
            value = frame[name]
    if left:
        return ""
    if value is not None and not isinstance(value, str):
        raise UnknownError(value.why)
    return value or ""


def _stack_peek(call: Invocation) -> str:
    depth, _, quiet = call.split(3)
    number = scan_int(depth)
    if number is None or number[0] <= 0:
        return call.refuse("it needs a number above 0")
    if not call.channel.frames:
        if condition(quiet) or quiet.lower() in {"yes", "true", "y", "t", "on"}:
            return ""
        return call.refuse("there is no subroutine")
    raise UnknownError("where a subroutine returns to depends on the call")


TABLE: Mapping[str, Function] = {
    "IF": Function(_if),
    "IFTIME": Function(_if_time),
    "ISNULL": Function(lambda call: str(int(not call.arguments))),
    "EXISTS": Function(lambda call: str(int(bool(call.arguments)))),
    "VARIABLE_EXISTS": Function(_variable_exists),
    "GLOBAL_EXISTS": Function(_global_exists),
    "SET": Function(_set, changes=True),
    "GLOBAL": Function(_global, _set_global),
    "DELETE": Function(write=_delete),
    "GLOBAL_DELETE": Function(write=_delete_global),
    "LOCAL": Function(_local, _set_local),
    "LOCAL_PEEK": Function(_local_peek),
    "STACK_PEEK": Function(_stack_peek),
}
