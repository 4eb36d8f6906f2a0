"""The exceptions of the library: one tree, each also the builtin a caller would catch.

Content never raises: what is odd about a file is a `Diagnostic`. These are for calls that
cannot be carried out.
"""

from __future__ import annotations

from collections.abc import Iterable

__all__ = [
    "AmbiguousKeyError",
    "AsterconfError",
    "BuildError",
    "ConflictError",
    "EditError",
    "LoadError",
    "MissingExtraError",
    "ModelError",
    "NotFoundError",
    "ParseError",
    "StaleError",
]


class AsterconfError(Exception):
    """Base of all exceptions that the library raises on purpose."""


class ParseError(AsterconfError, ValueError):
    """A text is not what the caller said it must be (see `Document.check`)."""


class EditError(AsterconfError, ValueError):
    """An edit cannot be written down so that Asterisk reads what was meant; nothing changed."""


class ConflictError(EditError):
    """Changes cannot be made, because something else stands there; nothing changed.

    `conflicts` holds what was found, each with its reason and place.
    """

    def __init__(self, message: str, conflicts: Iterable[object] = ()) -> None:
        super().__init__(message)
        self.conflicts = tuple(conflicts)


class StaleError(AsterconfError, ValueError):
    """An object or a plan was made of files that mean something else by now; nothing changed."""


class NotFoundError(AsterconfError, KeyError):
    """There is no section, option, file or object of that name."""

    def __str__(self) -> str:
        return str(self.args[0]) if self.args else ""


class AmbiguousKeyError(AsterconfError, LookupError):
    """A name stands several times, so there is no single answer.

    Not a `KeyError`: `in` and `get` of a mapping would take that for "absent".
    """


class ModelError(AsterconfError, ValueError):
    """A typed object was given a value that it cannot have."""


class BuildError(AsterconfError, ValueError):
    """A home PBX was described in a way that cannot be built."""


class LoadError(AsterconfError, OSError):
    """A configuration cannot be read from, or written to, the place given."""


class MissingExtraError(AsterconfError, ImportError):
    """What was asked for needs an extra, or a program, that is not installed."""
