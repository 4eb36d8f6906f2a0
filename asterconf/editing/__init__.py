"""Edits a careful administrator would make: of objects, of a dialplan, of names; all or nothing."""

from __future__ import annotations

from asterconf.editing.dialplan.context import ContextEdit as ContextEdit
from asterconf.editing.dialplan.context import add_context as add_context
from asterconf.editing.dialplan.report import EditReport as EditReport
from asterconf.editing.dialplan.report import MovedJump as MovedJump
from asterconf.editing.dialplan.report import MovedStep as MovedStep
from asterconf.editing.dialplan.steps import ExtensionEdit as ExtensionEdit
from asterconf.editing.dialplan.writing import in_order as in_order
from asterconf.editing.dialplan.writing import write_context as write_context
