"""The exceptions of the library: one tree, each also the builtin a caller would catch.

Content never raises: a finding about a file is a `Diagnostic`. These are for calls that
cannot be carried out.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import attrs

from asterconf.diagnostic import Diagnostic


class AsterconfError(Exception):
    """Base of all exceptions that the library raises on purpose."""


class BudgetError(AsterconfError, RuntimeError):
    """Raised when a set of texts would need more states than are allowed.

    A question about calls is unknown then, and raises nothing.
    """


class _FindingsError(AsterconfError, ValueError):
    """An error that may rest on findings."""

    def __init__(self, message: str, diagnostics: Iterable[Diagnostic] = ()) -> None:
        super().__init__(message)
        self.diagnostics: tuple[Diagnostic, ...] = tuple(diagnostics)


class ParseError(_FindingsError):
    """Raised by `Document.check` when Asterisk would refuse or drop some of the text.

    `diagnostics` holds every error found; the message has a line for each.
    """


class EditError(_FindingsError):
    """Raised when Asterisk would not read an edit as it is meant; nothing changed.

    `diagnostics` holds the findings that speak against the edit, where there are any.
    """


class ConflictError(EditError):
    """Raised by an edit of several things when some of them would get into each other's way.

    Nothing changed. `conflicts` holds what was found, each with its reason and place.
    """

    def __init__(
        self,
        message: str,
        conflicts: Iterable[object] = (),
        diagnostics: Iterable[Diagnostic] = (),
    ) -> None:
        super().__init__(message, diagnostics)
        self.conflicts = tuple(conflicts)


class StaleError(AsterconfError, ValueError):
    """Raised when an object or a plan was made of files that mean something else by now.

    Nothing changed.
    """


class NotFoundError(AsterconfError, KeyError):
    """Raised by a look-up when there is no section, option, file or object of that name.

    `unknown` tells whether it may be there all the same, in what cannot be read here.
    """

    unknown = False

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class AmbiguousKeyError(AsterconfError, LookupError):
    """Raised by a look-up when several things have the name, so there is no single answer.

    Not a `KeyError`: `in` and `get` of a mapping would take that for "absent".
    """


class ModelError(AsterconfError, ValueError):
    """Raised when a typed object is given a value that it cannot have."""


class FieldError(ModelError):
    """Raised when one field of a typed object is given a value that it cannot have.

    Attributes:
        field: the name of the field.
        problem: what is wrong with the value, without the name of the object or the field.
    """

    def __init__(self, owner: object, field: str, problem: str) -> None:
        super().__init__(f"{_label(owner)}: {field} {problem}")
        self.field = field
        self.problem = problem

    def __reduce__(self) -> tuple[Any, ...]:
        return _field_error, (self.args, self.field, self.problem)


def _label(owner: object) -> str:
    """Return the kind of an object, and its first field if that is its name."""
    own = getattr(type(owner), "label_of", None)
    if own is not None:
        return str(own(owner))
    head = attrs.fields(type(owner))[0]  # type: ignore[arg-type]
    first = getattr(owner, head.name, None)
    kind = type(owner).__name__
    return f"{kind} {first!r}" if isinstance(first, str) and not head.kw_only else kind


def _field_error(args: tuple[Any, ...], field: str, problem: str) -> FieldError:
    """Return a `FieldError` made of what was pickled, without the object that it was about."""
    made = FieldError.__new__(FieldError, *args)
    made.field, made.problem = field, problem
    return made


class BuildError(_FindingsError):
    """Raised when a home PBX is described in a way that cannot be built.

    `diagnostics` holds the faults that have a place, where there are any.
    """


class LoadError(AsterconfError, OSError):
    """Raised when a configuration cannot be read from, or written to, the place given."""


class MissingExtraError(AsterconfError, ImportError):
    """Raised when a call needs an extra, or a program, that is not installed."""
