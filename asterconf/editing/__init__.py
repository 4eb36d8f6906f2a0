"""Edits a careful administrator would make: of objects, of a dialplan, of names; all or nothing."""

from __future__ import annotations

from asterconf.editing.dialplan.context import ContextEdit, add_context
from asterconf.editing.dialplan.report import EditReport, MovedJump, MovedStep
from asterconf.editing.dialplan.steps import ExtensionEdit
from asterconf.editing.dialplan.writing import in_order, write_context

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
