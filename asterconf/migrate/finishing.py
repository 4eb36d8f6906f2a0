"""What a migration does at the end, if it is asked to: new names of macros, notes in the files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from difflib import SequenceMatcher

from asterconf.editing.editor import Editor
from asterconf.editing.renaming import plan_rename
from asterconf.errors import EditError
from asterconf.migrate.plan import Construct, Draft, lines_of
from asterconf.references.index import names_of
from asterconf.source import Position
from asterconf.syntax import Document, Header
from asterconf.syntax.document import rewrite
from asterconf.workspace import Workspace

_OLD, _NEW = "macro-", "sub-"
_PLACE = re.compile(r"\S+:\d+:\d+: ")


def rename_macros(draft: Draft, old: Workspace) -> None:
    """Let contexts that were macros be called `sub-…`, in every place that names them.

    One that a made name may mean, or whose new name is taken, keeps its name, and that is said of
    its line in the files as they were.
    """
    draft.name = "macro"
    seen = set()
    for (file, line), _, node in lines_of(old, "extensions.conf"):
        name, plan = node.name if isinstance(node, Header) else "", draft.workspace.dialplan
        if not name.startswith(_OLD) or name not in plan.dialplan or name in seen:
            continue
        seen.add(name)
        new, place = _NEW + name.removeprefix(_OLD), Position(file, line, node.column)
        try:
            (what, *_) = names_of(plan.dialplan[name])
            edits = plan_rename(Editor(draft.workspace), what, new)
            if edits.undecided:
                raise EditError(str(edits.undecided[0]))
            edits.apply()
        except EditError as error:
            draft.say(place, f"[{name}]", "left", f"it keeps its name: {error}")
        else:
            why = "another name, in every place that names it"
            draft.say(place, f"[{name}]", "exact", why, f"[{new}]")


def annotate(draft: Draft, old: Mapping[str, Document]) -> None:
    """Put a comment above every line that is left, with the reason.

    `old` are the files before the migration: what is said of a construct is said of its line
    there. A comment that stands there already is not put there again.
    """
    left: dict[str, list[Construct]] = {}
    for one in draft.found:
        if one.outcome == "left":
            left.setdefault(one.place.file, []).append(one)
    for name, was in old.items():
        document = draft.workspace.files.documents.get(name)
        if name not in left or document is None:
            continue
        before, after = str(was).split("\n"), str(document).split("\n")
        moved = {
            a + n: b + n
            for tag, a, a_end, b, b_end in SequenceMatcher(
                a=before, b=after, autojunk=False
            ).get_opcodes()
            if tag == "equal" or a_end - a == b_end - b
            for n in range(a_end - a)
        }
        made = list(after)
        for one in sorted(left[name], key=lambda one: one.place.line, reverse=True):
            at = moved.get(one.place.line - 1)
            why = _PLACE.sub("", " ".join(one.why.split()))  # its own lines move the others
            note = f"; migrate: {why}{document.eol[:-1]}"
            if at is not None and note not in after[max(at - 3, 0) : at]:
                made.insert(at, note)
        rewrite(document, "\n".join(made))
