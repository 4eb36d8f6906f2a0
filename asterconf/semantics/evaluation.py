"""Replaces `${…}` and `$[…]` as a running Asterisk does, and tells what it cannot know.

`assign` and `assign_many` are the applications Set and MSet.

Source: main/pbx_variables.c, ast_str_substitute_variables_full, pbx_builtin_setvar and
pbx_builtin_setvar_multiple. Checked: tests/vectors/eval.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from functools import lru_cache

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.language import args
from asterconf.language.faults import Fault
from asterconf.language.template import (
    DEPTH,
    Expression,
    FunctionCall,
    Literal,
    Part,
    Template,
    Variable,
    argument_name,
    parse,
    parse_variable,
)
from asterconf.semantics.scope import (
    LONGEST,
    AsteriskState,
    Channel,
    Function,
    Invocation,
    NoChannelError,
    Scope,
    Unknown,
    UnknownError,
    Value,
)
from asterconf.semantics.texts import clip, joined, sliced
from asterconf.shown import Shown
from asterconf.source import Position

LONGEST_RESULT = 8191
"""How many bytes a whole text may become."""
DEEPEST = 36
"""How many `${` may stand open at once, those of all `EVAL` inside each other together."""
MOST_ASSIGNMENTS = 100
"""How many assignments one MSet can hold."""


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
    state = AsteriskState(dict(variables or {}), clock, functions=functions)
    return evaluate(text, Scope(state, channel)).text


def evaluate(text: str | Template, scope: Scope) -> Evaluation:
    """Replace all `${…}` and `$[…]` of a text, and tell what could not be known.

    Functions that set variables set them in `scope`.
    """
    template = parse(text) if isinstance(text, str) else text
    scope.faults.clear()
    scope.faults += template.faults
    evaluator = _Evaluator(scope)
    pieces: list[str | Unknown] = []
    known = True
    for part in template.parts:
        if isinstance(part, Literal):
            pieces.append(part.text)
            continue
        try:
            pieces.append(evaluator.value(part, 1))
        except UnknownError as unknown:
            pieces.append(Unknown(part.text, str(unknown), part.span))
            known = False
    result = joined(map(str, pieces))
    cut = clip(result, LONGEST_RESULT)
    if cut is not result and known:
        scope.report("value-cut", limit=LONGEST_RESULT)
        result, pieces = cut, [cut]
    return Evaluation(result, tuple(pieces), tuple(scope.faults))


def assign(scope: Scope, text: str | Evaluation) -> None:
    """Carry out `Set(text)`, the text already substituted.

    The name runs to the first `=`, the value is all the rest as it stands. A value that is partly
    unknown is unknown as a whole; where the name is, no variable is known any more.
    """
    why = "" if isinstance(text, str) or text.is_known else text.unknown[0].why
    known = str(text) if isinstance(text, str) or not why else _known_start(text)
    name, equals, value = str(text).partition("=")
    if why and "=" not in known:
        scope.forget(None, why)
        return
    if not equals:
        scope.report("set-without-equals", text=name)
        return
    if " " in name:
        scope.report("blank-in-variable-name", name=name)
    _Evaluator(scope).assign(name, Unknown(value, why) if why else value)


def _known_start(text: Evaluation) -> str:
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
    entries = args.split(str(text), limit=MOST_ASSIGNMENTS)
    if not entries:
        scope.report("set-without-equals", text="")
    for entry in entries:
        assign(scope, entry)


_parse_variable = lru_cache(8192)(parse_variable)


@attrs.define
class _Evaluator:
    """Evaluates the parts of texts in one scope; functions come back to it."""

    scope: Scope

    def function(self, name: str) -> Function | None:
        """Return the function of that name; None: there is none."""
        functions = self.scope.asterisk.functions
        if functions is not None:
            return functions.get(name)
        from asterconf.semantics.functions import standard

        return standard(name, self.scope.asterisk.version)

    def substitute(self, text: str) -> str:
        """Return what a text becomes inside another evaluation, such as that of `EVAL`.

        Raises:
            UnknownError: some part of it is unknown.
        """
        if "$" not in text:
            return text
        scope = self.scope
        template = parse(text)
        span = scope.span
        scope.faults += (attrs.evolve(found, span=span) for found in template.faults)
        result = clip(self.text(template, 1), LONGEST_RESULT)
        scope.span = span
        return result

    def text(self, template: Template, depth: int) -> str:
        """Return what a text becomes; `depth` counts from 1."""
        return joined(
            part.text if isinstance(part, Literal) else self.value(part, depth)
            for part in template.parts
        )

    def value(self, part: Part, depth: int) -> str:
        """Return what a `${…}` or `$[…]` becomes; `depth` counts from 1."""
        assert not isinstance(part, Literal)
        scope = self.scope
        outer, scope.span = scope.span, part.span
        if depth > DEPTH:
            return ""
        if scope.open == DEEPEST:
            raise UnknownError("EVAL that calls itself ends only by a crash of Asterisk")
        scope.open += 1
        try:
            value = self.result(part, depth)
        finally:
            scope.open -= 1
        scope.span = outer
        return self.limited(value)

    def result(self, part: FunctionCall | Variable | Expression, depth: int) -> str:
        """Return what a `${…}` or `$[…]` becomes, of any length."""
        content = part.content
        if content.is_literal:
            text = content.text
        else:
            try:
                text = self.text(content, depth + 1)
            except UnknownError as unknown:
                if isinstance(part, FunctionCall):
                    self.forget_result(part, str(unknown))
                raise
            self.scope.span = part.span
            text = self.limited(text)
        if isinstance(part, Expression):
            from asterconf.semantics.expressions import compute

            return compute(self, text)
        return self.variable(text)

    def limited(self, text: str) -> str:
        """Return as much of a text as Asterisk uses of a value."""
        cut = clip(text, LONGEST)
        if cut is not text:
            self.scope.report("value-cut", limit=LONGEST)
        return cut

    def variable(self, text: str) -> str:
        """Return the value that the text between the braces names."""
        found = _parse_variable(text)
        if found.arguments is None:
            value = self.scope.read(found.name)
        else:
            value = self.call(found.name, found.arguments)
        if found.offset or found.length is not None:
            return sliced(value, found.offset, found.length)
        return value

    def call(self, name: str, arguments: str) -> str:
        """Return what reading a function gives."""
        scope = self.scope
        known = scope.asterisk.facts.get(f"{name}({arguments})")
        if known is not None:
            return known
        function = self.function(name)
        if function is None:
            scope.report("function-missing", name=name)
            return ""
        if function.read is None:
            scope.report("function-not-readable", name=name)
            return ""
        try:
            return function.read(Invocation(self, name, arguments))
        except NoChannelError:
            scope.report("no-channel", name=name)
            return ""

    def forget_result(self, part: FunctionCall, why: str) -> None:
        """Mark as unknown what a function would have set."""
        function = self.function(part.name)
        if function is not None and function.changes:
            name = argument_name(part)
            self.scope.forget(None if name is None else [name], why)

    def assign(self, name: str, value: Value) -> None:
        """Set a variable, or write a function where the name ends in `)`."""
        scope = self.scope
        if not name.endswith(")"):
            scope.set(name, value)
            return
        word, opened, arguments = name.partition("(")
        if not opened:
            scope.report("name-without-parenthesis", name=name)
        arguments = arguments.rpartition(")")[0]
        function = self.function(word)
        if function is None:
            scope.report("function-missing", name=word)
        elif function.write is None:
            scope.report("function-not-writable", name=word)
        else:
            try:
                function.write(Invocation(self, word, arguments), value)
            except NoChannelError:
                scope.report("no-channel", name=word)
            except UnknownError as unknown:
                scope.forget(None, str(unknown))
