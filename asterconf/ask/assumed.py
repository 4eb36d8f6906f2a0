"""What a question takes for known: values that only a running Asterisk has, what scripts do."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Final, TypeAlias

import attrs

from asterconf.calls.world import lookup
from asterconf.errors import ModelError
from asterconf.language import template
from asterconf.numbers import Numbers
from asterconf.numbers import automaton as at
from asterconf.numbers.automaton import Automaton
from asterconf.secrets import shown_text
from asterconf.source import comparable

Assume: TypeAlias = Mapping[str, Numbers | Iterable[str]]
"""What an expression may be, as `unknown_because` names it: `{"${DB(route)}": ["a", "b"]}`.

The names may be shell patterns, as those of `World`. A script, an application or a switch that
is assumed to do nothing has an empty list: `{"AGI(*)": [], "switch *": []}`. It does no more
than to set the variables of which a value is assumed: `{"AGI(*)": [], "${route}": ["a", "b"]}`.
"""
SINGLE: Final = 64
"""So many values are followed one by one."""


@attrs.frozen
class Assumed:
    """What is taken for known, by the expression that `unknown_because` names.

    Attributes:
        said: the assumptions in words.
        values: texts that are followed one by one, or a set of them; none: a script or a switch
            that does nothing.
    """

    said: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...] | Automaton] = attrs.field(factory=dict, eq=False)

    @property
    def variables(self) -> list[str]:
        """The variables of which a value is assumed."""
        names = [one[2:-1] for one in self.values if one.startswith("${")]
        return [one for one in names if "(" not in one]

    def of(self, expression: str) -> tuple[str, ...] | Automaton | None:
        """Return what is assumed of an expression, by name or shell pattern; None: nothing."""
        return lookup(self.values, expression) if self.values else None


NOTHING: Final = Assumed()


def assumed_of(given: Assume | None) -> Assumed:
    """Return assumptions as they are given to a question.

    Raises:
        ModelError: one is about something that cannot be assumed.
    """
    said, values = list[str](), dict[str, tuple[str, ...] | Automaton]()
    for name, value in (given or {}).items():
        made: tuple[str, ...] | Automaton
        if isinstance(value, Numbers):
            made = value.automaton
            text = f"one of {', '.join(value.patterns() or [value.regex()])}"
        else:
            made = (value,) if isinstance(value, str) else tuple(dict.fromkeys(value))
            text = " or ".join(one or "empty" for one in made)
            made = made if len(made) <= SINGLE else at.texts_of(map(comparable, made))
        _check(name, made)
        values[name] = made
        said.append(f"{name} is {text}" if made else f"{name} does nothing else")
    return Assumed(tuple(f"assumed: {shown_text(one)}" for one in said), values)


def _check(name: str, value: tuple[str, ...] | Automaton) -> None:
    part = next(iter(template.parse(name).parts), None)
    if not name.startswith("$"):
        if value:
            raise ModelError(
                f"{name!r} has no value: an empty list says that it does nothing ('{name}=' in the"
                " shell), and ${NAME} what a variable is that it sets"
            )
    elif not isinstance(part, template.Variable | template.FunctionCall) or part.text != name:
        raise ModelError(f"{name!r} is no variable or function, as ${{DB(route/main)}} is")
    elif part.slice is not None:
        raise ModelError(f"{name!r} is a part of a value: what is assumed is the value itself")
    elif not value:
        raise ModelError(f"{name!r} needs a value; nothing is the empty text")


def assume_texts(table: Mapping[str, object]) -> Assume:
    """Return assumptions that are written as texts; one that begins with `_` is a pattern.

    Raises:
        ModelError: a value is neither a text nor a list of texts.
    """
    found: dict[str, Numbers | Iterable[str]] = {}
    for name, value in table.items():
        texts = [value] if isinstance(value, str) else value
        if not isinstance(texts, list) or not all(isinstance(one, str) for one in texts):
            raise ModelError(f"what {name!r} may be is a text or a list of texts, not {value!r}")
        found[name] = Numbers(*texts) if any(one[:1] == "_" for one in texts) else texts
    return found
