"""The codemods by name, and `plan_migrate`: the plan of some of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from asterconf.errors import NotFoundError
from asterconf.migrate.macro import MACRO
from asterconf.migrate.plan import Codemod, Migration, Style, plan
from asterconf.migrate.sip import SIP
from asterconf.source import meant
from asterconf.workspace import Workspace

__all__ = ["CODEMODS", "plan_migrate"]

CODEMODS: Mapping[str, Codemod] = {one.name: one for one in (SIP, MACRO)}
"""Every codemod, in the order in which they run: those that add lines come last."""


def plan_migrate(
    workspace: Workspace, names: Iterable[str] = (), *, style: Style = "primitives"
) -> Migration:
    """Return the plan of some codemods, by default of all.

    Raises:
        NotFoundError: there is no codemod of a name.
        EditError: Asterisk refuses a file; the message says why.
        ConflictError: a name is taken already.
    """
    wanted = tuple(names)
    for name in wanted:
        if name not in CODEMODS:
            hint = meant(name, CODEMODS, 3, before="; ")
            raise NotFoundError(f"there is no codemod {name!r}{hint}")
    return plan(workspace, [c for c in CODEMODS.values() if c.name in wanted or not wanted], style)
