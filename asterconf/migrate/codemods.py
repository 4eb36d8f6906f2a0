"""The codemods by name, and `plan_migrate`: the plan of some of them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from asterconf.errors import NotFoundError
from asterconf.migrate.channels import CHANNELS
from asterconf.migrate.conference import CONFERENCE
from asterconf.migrate.finishing import annotate as add_notes
from asterconf.migrate.finishing import rename_macros
from asterconf.migrate.gone import GONE
from asterconf.migrate.macro import MACRO
from asterconf.migrate.modules import MODULES
from asterconf.migrate.pipes import PIPES
from asterconf.migrate.plan import Codemod, Draft, Migration, Style, plan
from asterconf.migrate.priorities import PRIORITIES
from asterconf.migrate.recording import RECORDING
from asterconf.migrate.sip import SIP
from asterconf.source import meant
from asterconf.workspace import Workspace

CODEMODS: Mapping[str, Codemod] = {one.name: one for one in (
        PIPES, GONE, RECORDING, CONFERENCE, CHANNELS, MODULES, SIP, MACRO, PRIORITIES,
    )
}  # fmt: skip
"""Every codemod, in the order in which they run: those that add lines come last."""


def plan_migrate(
    workspace: Workspace, names: Iterable[str] = (), *, style: Style = "primitives",
    rename: bool = False, annotate: bool = False, written_for: str = "",
) -> Migration:  # fmt: skip
    """Return the plan of some codemods, by default of all but those that work by rule.

    `rename`: macros get other names; `annotate`: what is left gets a comment with the reason;
    `written_for`: the version of Asterisk that the files were written for, such as `1.4`.

    Raises:
        ValueError: `written_for` is no version.
        NotFoundError: there is no codemod of a name.
        EditError: Asterisk refuses a file; the message says why.
        ConflictError: a name is taken already.
    """
    wanted = tuple(names)
    for name in wanted:
        if name not in CODEMODS:
            hint = meant(name, CODEMODS, 3, before="; ")
            raise NotFoundError(f"there is no codemod {name!r}{hint}")
    if not re.fullmatch(r"(\d{1,3}(\.\d{1,3}){0,3})?", written_for, re.ASCII):
        raise ValueError(f"{written_for!r} is no version of Asterisk, such as '1.4'")
    version = tuple(map(int, written_for.split("."))) if written_for else ()
    chosen = [c for c in CODEMODS.values() if c.name in wanted or (not wanted and c.by_default)]

    def finish(draft: Draft) -> None:
        if rename and MACRO in chosen:
            rename_macros(draft, workspace)
        if annotate:
            add_notes(draft, workspace.files.documents)

    return plan(workspace, chosen, style, finish, version)
