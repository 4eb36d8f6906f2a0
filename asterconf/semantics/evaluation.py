"""Replaces `${…}` and `$[…]` as a running Asterisk does, and says what it cannot know.

Source: main/pbx_variables.c, ast_str_substitute_variables_full; spec: sections 1 and 2 of the
evaluation reference. Checked: tests/vectors/eval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.language.faults import Fault
from asterconf.language.parts import (
    Expression,
    FunctionCall,
    Literal,
    Part,
    Template,
    argument_name,
)
from asterconf.language.template import DEPTH, parse, reference
from asterconf.semantics.scope import (
    LONGEST,
    Call,
    Channel,
    Function,
    NoChannelError,
    Scope,
    Unknown,
    UnknownError,
    World,
)
from asterconf.semantics.texts import clip, joined, sliced
from asterconf.shown import Shown
from asterconf.source import Position

__all__ = ["Evaluation", "call_function", "evaluate", "function_named", "substitute", "text_of"]

LONGEST_RESULT = 8191
"""How many bytes a whole text may become."""
DEEPEST = 12
"""How many evaluations may run inside each other."""


@attrs.frozen
class Evaluation(Shown):
    """What a text became.

    `text` is the result; a part that is unknown stands in it as it was written. `pieces` are the
    same, the unknown parts as they are.
    """

    text: str
    pieces: tuple[str | Unknown, ...] = attrs.field(repr=False)
    faults: tuple[Fault, ...] = attrs.field(default=(), repr=False)

    def __str__(self) -> str:
        return self.text

    @property
    def unknown(self) -> tuple[Unknown, ...]:
        """The parts that only a running Asterisk knows, with what would have to be known."""
        return tuple(piece for piece in self.pieces if isinstance(piece, Unknown))

    @property
    def is_known(self) -> bool:
        """Whether the whole text is known."""
        return not self.unknown

    def diagnostics(self, position: Position | None = None) -> tuple[Diagnostic, ...]:
        """Return what Asterisk would log; `position`: where the text starts in its file."""
        return tuple(found.at(position) for found in self.faults)


def substitute(
    text: str,
    variables: Mapping[str, str | Unknown] | None = None,
    *,
    channel: Channel | None = None,
    clock: Callable[[], datetime] | None = None,
    functions: Mapping[str, Function] | None = None,
) -> str:
    """Replace all `${…}` and `$[…]` of a text.

    What only a running Asterisk knows stays as it is written; `evaluate` tells which parts that
    are, and why. `variables` is not changed, even by a function such as `SET`.

    >>> substitute("${EXTEN:1}: $[${N} + 1]", {"EXTEN": "9100", "N": "41"})
    '100: 42'

    Args:
        text: as it stands in a file.
        variables: what the global variables hold; a name that is not there is empty.
        channel: the call it is evaluated for; None: none, as while a dialplan loads. Functions
            that need a call are then empty, as in Asterisk.
        clock: the time; None: unknown.
        functions: instead of the standard functions, by name.
    """
    if "$" not in text:
        return text
    world = World(dict(variables or {}), clock, functions=functions)
    return evaluate(text, Scope(world, channel)).text


def evaluate(text: str | Template, scope: Scope) -> Evaluation:
    """Replace all `${…}` and `$[…]` of a text, and tell what could not be known.

    Functions that set variables set them in `scope`.
    """
    template = parse(text) if isinstance(text, str) else text
    scope.faults.clear()
    scope.faults += template.faults
    pieces: list[str | Unknown] = []
    known = True
    for part in template.parts:
        if isinstance(part, Literal):
            pieces.append(part.text)
            continue
        try:
            pieces.append(_value(scope, part, 1))
        except UnknownError as unknown:
            pieces.append(Unknown(part.text, str(unknown), part.span))
            known = False
    result = joined(map(str, pieces))
    cut = clip(result, LONGEST_RESULT)
    if cut is not result and known:
        scope.say("cut", limit=LONGEST_RESULT)
        result, pieces = cut, [cut]
    return Evaluation(result, tuple(pieces), tuple(scope.faults))


def text_of(scope: Scope, text: str) -> str:
    """Return what a text becomes inside another evaluation, such as that of `EVAL`.

    Raises:
        UnknownError: some part of it is unknown.
    """
    if "$" not in text:
        return text
    if scope.inside == DEEPEST:
        raise UnknownError("EVAL that calls itself ends only by a crash of Asterisk")
    template = parse(text)
    span = scope.span
    scope.faults += (attrs.evolve(found, span=span) for found in template.faults)
    scope.inside += 1
    try:
        result = clip(_text(scope, template, 1), LONGEST_RESULT)
    finally:
        scope.inside -= 1
    scope.span = span
    return result


def _text(scope: Scope, template: Template, depth: int) -> str:
    return joined(
        part.text if isinstance(part, Literal) else _value(scope, part, depth)
        for part in template.parts
    )


def _value(scope: Scope, part: Part, depth: int) -> str:
    """Return what a `${…}` or `$[…]` becomes; `depth` counts from 1."""
    assert not isinstance(part, Literal)
    outer, scope.span = scope.span, part.span
    if depth > DEPTH:
        return ""
    content = part.content
    if content.is_literal:
        text = content.text
    else:
        try:
            text = _text(scope, content, depth + 1)
        except UnknownError as unknown:
            if isinstance(part, FunctionCall):
                _forget(scope, part, str(unknown))
            raise
        scope.span = part.span
    text = _limited(scope, text)
    if isinstance(part, Expression):
        from asterconf.semantics.expressions import compute

        value = compute(scope, text)
    else:
        value = _referenced(scope, text)
    scope.span = outer
    return _limited(scope, value)


def _limited(scope: Scope, text: str) -> str:
    cut = clip(text, LONGEST)
    if cut is not text:
        scope.say("cut", limit=LONGEST)
    return cut


_reference = lru_cache(8192)(reference)


def _referenced(scope: Scope, text: str) -> str:
    """Return the value that the text between the braces names."""
    found = _reference(text)
    if found.arguments is None:
        value = scope.read(found.name)
    else:
        value = call_function(scope, found.name, found.arguments)
    if found.offset or found.length is not None:
        return sliced(value, found.offset, found.length)
    return value


def function_named(scope: Scope, name: str) -> Function | None:
    """Return the function of that name; None: there is none."""
    functions = scope.world.functions
    if functions is None:
        from asterconf.semantics.functions import FUNCTIONS, asking

        return FUNCTIONS.get(name) or (asking() if name.startswith("ODBC_") else None)
    return functions.get(name)


def call_function(scope: Scope, name: str, arguments: str) -> str:
    """Return what reading a function gives."""
    told = scope.world.facts.get(f"{name}({arguments})")
    if told is not None:
        return told
    function = function_named(scope, name)
    if function is None:
        scope.say("no-function", name=name)
        return ""
    if function.read is None:
        scope.say("not-readable", name=name)
        return ""
    try:
        return function.read(Call(scope, name, arguments))
    except NoChannelError:
        scope.say("no-channel", name=name)
        return ""


def _forget(scope: Scope, part: FunctionCall, why: str) -> None:
    """Take what a function would have set for unknown."""
    function = function_named(scope, part.name)
    if function is not None and function.changes:
        name = argument_name(part)
        scope.forget(None if name is None else [name], why)
