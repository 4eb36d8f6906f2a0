"""Edits a careful administrator would make: of objects, of a dialplan, of names; all or nothing."""

from __future__ import annotations

from asterconf.editing._context import ContextEdit, add_context
from asterconf.editing._extension import ExtensionEdit
from asterconf.editing._moved import EditReport, MovedJump, MovedStep
from asterconf.editing._written import in_order, write_context

__all__ = [
    "ContextEdit",
    "EditReport",
    "ExtensionEdit",
    "MovedJump",
    "MovedStep",
    "add_context",
    "in_order",
    "write_context",
]
