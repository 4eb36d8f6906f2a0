"""`|` between arguments, and priorities by number: how dialplans were written before 1.6.

No Asterisk that old is at hand to judge this, so it is done by rule, and only when asked for.
"""

from __future__ import annotations

import re

from asterconf import schema
from asterconf.language import args, exten
from asterconf.migrate.macros import PlanSite, plan_sites
from asterconf.migrate.plan import Codemod, Draft, Style
from asterconf.migrate.steps import Said, rewrite_steps
from asterconf.source import fold

_SPLIT_AT_PIPE = {
    "goto", "gotoif", "gotoiftime", "gosub", "gosubif", "dial", "queue", "playback", "background",
    "voicemail", "voicemailmain", "macro", "meetme", "waitexten", "read", "monitor", "mixmonitor",
    "chanspy", "page", "park", "agi", "directory", "authenticate", "saynumber", "setcallerid",
    "record", "musiconhold", "followme", "execiftime", "while", "senddtmf",
}  # fmt: skip
"""Applications whose arguments were split at `|`, and never hold one themselves."""


_BARE = re.compile(r"\s*(\w+)\s*[|,](.*)", re.DOTALL)


def _pipe(said: Said, name: str, data: str) -> tuple[str, str]:
    bare = _BARE.fullmatch(name) if not data else None
    app, text = bare.groups() if bare else (name, data)
    if bare and fold(app) not in map(fold, schema.at("20").applications()):
        said.left(f"no application is called {app}")
        return name, data
    masked = args.mask(text)
    if "|" in masked and (fold(app.strip()) not in _SPLIT_AT_PIPE or "," in masked):
        said.left("nobody can tell whether this | separates arguments or is text")
        return name, data
    if bare:
        said.changed("by rule: 1.4 took what follows for arguments, 1.6 and later for a name")
    if "|" in masked:
        said.changed("by rule: 1.4 split here, 1.6 and later do not")
        text = "".join("," if m == "|" else c for c, m in zip(text, masked, strict=True))
    return app, text


def _run_pipes(draft: Draft, _style: Style) -> None:
    rewrite_steps(draft, _pipe)


_NUMBER = re.compile(r"(?:^|[,?:(])\s*(\d+)\s*(?=$|[:)])")


def _run_priorities(draft: Draft, _style: Style) -> None:
    groups: dict[tuple[str, str], list[PlanSite]] = {}
    for site in plan_sites(draft.workspace):
        groups.setdefault((site.context, site.extension.key), []).append(site)
    jumps = {
        int(number)
        for found in groups.values()
        for site in found
        if "goto" in fold(site.step.app) or "exec" in fold(site.step.app)
        for number in _NUMBER.findall(site.step.data)
    }
    for found in groups.values():
        _renumber(draft, found, jumps)


def _renumber(draft: Draft, found: list[PlanSite], jumps: set[int]) -> None:
    """Let the lines of an extension count by themselves, where nothing names their numbers."""
    words = [exten.read(one.option.name, one.option.value) for one in found]
    numbered = [
        line is not None and line.priority.word.isdigit() and line.name is not None
        for line in words
    ]
    priorities = [one.step.priority for one in found]
    if len(found) < 2 or not all(numbered[1:]):
        return
    place = found[0].place
    lines = [one.ref[1] for one in found]
    what = f"exten {found[0].extension.key}"
    if priorities != list(range(1, len(found) + 1)) or lines != sorted(lines):
        draft.say(place, what, "left", "its priorities have gaps, or stand in another order")
    elif jumps & set(priorities[1:]):
        draft.say(place, what, "left", "a jump names one of its priorities by number")
    elif lines[-1] - lines[0] != len(lines) - 1 or len({one.ref[0] for one in found}) > 1:
        draft.say(place, what, "left", "other lines stand between its steps")
    else:
        for one, line in zip(found[1:], words[1:], strict=True):
            assert line is not None
            label = f"({line.priority.label})" if line.priority.label else ""
            draft.rename(one.ref, "same", f"n{label},{line.application.text}")
        draft.say(place, what, "exact", "the steps have the same priorities", "same => n")


PIPES = Codemod(
    "pipes",
    "A | between arguments, as 1.4 split them, becomes a comma.",
    "by rule: no Asterisk that splits there is at hand",
    _run_pipes,
    by_default=False,
)

PRIORITIES = Codemod(
    "priorities",
    "Priorities by number become n, where no jump names a number.",
    "the loader: the dialplan is the same",
    _run_priorities,
    by_default=False,
)
