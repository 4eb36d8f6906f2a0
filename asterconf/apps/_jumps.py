"""Where an application may send a call: the places that its arguments name."""

from __future__ import annotations

from collections.abc import Iterator

import attrs

from asterconf.apps._application import Application
from asterconf.apps._classes import (
    Dial,
    ExecIf,
    Gosub,
    GosubIf,
    Goto,
    GotoIf,
    GotoIfTime,
    Page,
    Park,
    Queue,
)
from asterconf.apps._values import Location
from asterconf.schema import LETTERS

JUMPING: tuple[type[Application], ...] = (
    Dial, ExecIf, Gosub, GosubIf, Goto, GotoIf, GotoIfTime, Page, Park, Queue,
)  # fmt: skip
"""The applications that can name places."""


@attrs.frozen
class Jump:
    """A place that an application may send a call to.

    Attributes:
        location: the place; without a context or extension the one where the call is.
        argument: the argument that names it; of an option letter such as `options.U`.
        returns: whether the call returns, as from a subroutine.
    """

    location: Location
    argument: str
    returns: bool = False


def jumps(app: Application) -> tuple[Jump, ...]:
    """Return every place that an application names, in the order of its text.

    The value of a variable is not known: it stands as `${…}` in the place.
    """
    return tuple(_jumps(app))


def _jumps(app: Application) -> Iterator[Jump]:
    match app:
        case Goto() | Gosub():
            yield from _one(app.target, "target", returns=isinstance(app, Gosub))
        case GotoIf() | GotoIfTime():
            yield from _one(app.if_true, "if_true")
            yield from _one(app.if_false, "if_false")
        case GosubIf() | ExecIf():
            for name, branch in (("if_true", app.if_true), ("if_false", app.if_false)):
                for jump in _jumps(branch) if branch is not None else ():
                    yield attrs.evolve(jump, argument=name)
        case Dial() | Page() | Park():
            yield from _options(app)
        case Queue():
            yield from _options(app)
            if app.gosub:
                yield Jump(Location(app.gosub.partition(",")[0], "s"), "gosub", returns=True)
        case _:
            pass


def _one(place: Location | None, argument: str, *, returns: bool = False) -> Iterator[Jump]:
    if place is not None:
        yield Jump(place, argument, returns)


def _options(app: Dial | Page | Park | Queue) -> Iterator[Jump]:
    """Yield the jumps of option letters."""
    letters = LETTERS[type(app).__name__.lower()]
    for letter, value in app.options.items:
        if not value:
            continue
        how, name = letters.get(letter, ""), f"options.{letter}"
        separator = how[-1:]
        if how.startswith("goto"):
            yield Jump(Location.parse(value, separator), name)
        elif how.startswith("gosub"):
            yield Jump(Location.parse(value.partition("(")[0], separator), name, returns=True)
        elif how.startswith("sub"):
            yield Jump(Location(value.partition(separator)[0], "s"), name, returns=True)
