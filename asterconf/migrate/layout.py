"""`|` between arguments: how dialplans were written before 1.6.

No Asterisk that old is at hand to judge this, so it is done by rule, and only when asked for.
"""

from __future__ import annotations

import re

from asterconf import schema
from asterconf.language import args
from asterconf.migrate.outcome import Said
from asterconf.migrate.plan import Codemod, Draft, Style
from asterconf.migrate.steps import rewrite_steps
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


PIPES = Codemod(
    "pipes",
    "A | between arguments, as 1.4 split them, becomes a comma.",
    "by rule: no Asterisk that splits there is at hand",
    _run_pipes,
    by_default=False,
)
