"""`Config.fix`: the repairs of findings, made round by round until nothing is left to repair."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.editing.editor import apply_edits
from asterconf.errors import EditError
from asterconf.linter.diagnostics import Diagnostics
from asterconf.resolve.sources import generator_of
from asterconf.shown import Shown
from asterconf.source import TextEdit, fold
from asterconf.workspace import Workspace

ROUNDS = 10
"""How often what is left is looked at again: a repair may bring another one about."""


@attrs.frozen
class Fixed(Shown):
    """What was repaired in a configuration, in memory: `Config.save` writes it.

    Attributes:
        fixed: the findings that are gone, with the edits that were made.
        left: the findings that are there now.
        rounds: how many rounds of edits it took.
    """

    fixed: Diagnostics
    left: Diagnostics
    rounds: int


def fix(work: Workspace, check: Callable[[], Diagnostics], *, unsafe: bool = False) -> Fixed:
    """Repair what can be repaired.

    Of repairs that overlap the first by place is made, the others in the next round. A repair that
    leaves its finding there, or brings another one about, is taken back.

    Args:
        work: the files and their views.
        check: returns the findings as they are now.
        unsafe: whether repairs are made that may change what is meant.
    """
    done: list[Diagnostic] = []
    refused = set[tuple[TextEdit, ...]]()
    found, rounds = check(), 0
    while rounds < ROUNDS:
        chosen = list(_apart(work, found, refused, unsafe=unsafe))
        if not chosen:
            break
        made, after = _try(work, check, found, chosen)
        while after is None and len(chosen) > 1:  # one of them does harm: some of them at a time
            chosen = chosen[: len(chosen) // 2]
            made, after = _try(work, check, found, chosen)
        if after is None:
            refused.update(one.fix for one in chosen)
            continue
        done += made
        found, rounds = after, rounds + 1
    return Fixed(Diagnostics(done), found, rounds)


def _apart(
    work: Workspace,
    found: Iterable[Diagnostic],
    refused: set[tuple[TextEdit, ...]],
    *,
    unsafe: bool,
) -> Iterator[Diagnostic]:
    """Yield the findings whose repairs can be made together; files of generators are left alone."""
    taken: list[TextEdit] = []
    for one in found:
        if not one.fix or one.fix in refused or (one.unsafe and not unsafe):
            continue
        files = work.files
        if not files.edit_generated and any(
            generator_of(str(files.documents[edit.file])) for edit in one.fix
        ):
            continue
        if not any(_overlap(edit, other) for edit in one.fix for other in taken):
            taken += one.fix
            yield one


def _overlap(one: TextEdit, other: TextEdit) -> bool:
    return one.file == other.file and one.start <= other.end and other.start <= one.end


def _try(
    work: Workspace,
    check: Callable[[], Diagnostics],
    found: Diagnostics,
    chosen: list[Diagnostic],
) -> tuple[list[Diagnostic], Diagnostics | None]:
    """Make some repairs; where they do not do what they should, take them back."""
    documents = {edit.file: work.files.documents[edit.file] for one in chosen for edit in one.fix}
    before = [(document, document.snapshot()) for document in documents.values()]
    try:
        apply_edits(work.files, (edit for one in chosen for edit in one.fix))
    except EditError:
        return [], None
    after = check()
    was, now = _counted(found), _counted(after)
    was.subtract(_counted(chosen))
    if all(now[key] <= was[key] for key in now):
        return chosen, after
    for document, state in before:
        document.restore(state)
    return [], None


def _counted(found: Iterable[Diagnostic]) -> Counter[tuple[str, str, str]]:
    """Count findings, in any case: that in which a message has a name may be repaired."""
    return Counter(
        (one.code, one.position.file if one.position else "", fold(one.message)) for one in found
    )
