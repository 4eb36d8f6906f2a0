"""`|` between arguments: how dialplans were written before 1.6.

No Asterisk that old is at hand to judge this, so it is done by rule, and only when asked for. If
it is known that the files were written for 1.4 or before, each `|` is judged as 1.4 split it, by
its source (main/app.c, ast_app_separate_args, and the applications); if not, only those of
applications that never hold one in their arguments.

In pipes.json, `plain` are these applications; `every` those that 1.4 split at every `|`, however
many arguments there are; `whole` those that it gave their whole text; `conditional` those whose
arguments begin with a condition, which it did not split.
"""

from __future__ import annotations

import re
from functools import partial

from asterconf import schema
from asterconf.language import args
from asterconf.migrate.facts import facts
from asterconf.migrate.outcome import Said
from asterconf.migrate.plan import Codemod, Draft, Style
from asterconf.migrate.steps import rewrite_steps
from asterconf.migrate.table import functions_in
from asterconf.source import fold

_BARE = re.compile(r"\s*(\w+)\s*([|,])(.*)", re.DOTALL)
_FUNCTION = re.compile(r"\b([A-Z][A-Z0-9_]+)\([^()]*\|")
_UNKNOWN = "nobody can tell whether this | separates arguments or is text"
_SPLIT = "by rule: 1.4 split here, 1.6 and later do not"


def _pipe(said: Said, name: str, data: str, *, written: bool) -> tuple[str, str]:
    """Return what an application becomes; `written`: it is known that it is of 1.4 or before."""
    bare = _BARE.fullmatch(name) if not data else None
    app, mark, text = bare.groups() if bare else (name, "", data)
    if bare and fold(app) not in map(fold, schema.at("20").applications()):
        said.left(f"no application is called {app}")
        return name, data
    at = args.mask(text).find("?") + 1 if fold(app.strip()) in facts("pipes")["conditional"] else 0
    condition, text = text[:at], text[at:]
    masked = args.mask(text)
    if written and mark == "," and "," in masked:
        said.left("1.4 took the comma in its argument for text")
        return name, data
    if bare:
        said.changed("by rule: 1.4 took what follows for arguments, 1.6 and later for a name")
    if "|" not in masked or (not app and masked.count("|") == 3):  # times may stand between |
        pass
    elif fold(app.strip()) == "execif" and "?" not in masked:
        text = _exec_if(said, text, written=written)
    elif written:
        app, text = _as_split(said, app, text)
    elif fold(app.strip()) not in facts("pipes")["plain"] or "," in masked:
        said.left(_UNKNOWN)
    else:
        said.changed(_SPLIT)
        text = "".join("," if m == "|" else c for c, m in zip(text, masked, strict=True))
    text = condition + text
    return app, _functions(said, text) if written else text


def _exec_if(said: Said, text: str, *, written: bool) -> str:
    """Return the arguments of ExecIf, which were condition, application and its arguments."""
    condition, app, *rest = [*_cut(text, 3), ""]
    app, data = _pipe(said, app.strip(), rest[0], written=written)
    said.changed("by rule: 1.4 wrote ExecIf so")
    return f"{condition}?{app}({data})"


def _as_split(said: Said, app: str, text: str) -> tuple[str, str]:
    """Return an application with `,` where 1.4 split its arguments."""
    word, every = fold(app.strip()), facts("pipes")["every"]
    known = {fold(name): one for name, one in schema.at("20").applications().items()}.get(word, {})
    fields = 0 if known.get("argsep") else len(known.get("args", ()))
    if word in facts("pipes")["whole"]:
        said.exact("1.4 took its | for text, too")
    elif "'" in text or "\\" in text or not (fields > 1 or word in every):
        said.left(_UNKNOWN)
    else:
        parts = _cut(text, 0 if word in every else fields)
        made = ",".join(parts)
        if made == text:
            said.exact("1.4 took its | for text, too")
        elif word != "set":
            said.changed(_SPLIT)
            return app, made
        elif all("=" in one for one in parts):
            said.changed("by rule: 1.4 set several variables with Set")
            return "MSet", made
        else:
            said.left("1.4 passed over what is no variable, or took g for global")
    return app, text


def _cut(text: str, most: int = 0) -> list[str]:
    """Cut a text where 1.4 split it, at `|`, which it also took `,` for; the last has the rest."""
    found, start = list[str](), 0
    while len(found) + 1 != most:
        ends = [at for mark in "|," if (at := args.find(text, mark, start, substituted=False)) >= 0]
        if not ends:
            break
        found.append(text[start : min(ends)])
        start = min(ends) + 1
    return [*found, text[start:]]


def _functions(said: Said, text: str) -> str:
    """Return a text with `,` where 1.4 split the arguments of functions."""
    known = schema.at("20").functions()
    for name in dict.fromkeys(_FUNCTION.findall(text)):
        one = known.get(name, {})
        fields = 0 if one.get("argsep") else len(one.get("args", ()))

        def make(data: str, name: str = name, fields: int = fields) -> str:
            return f"{name}({','.join(_cut(data, fields))})"

        if fields > 1 and "\\" not in text and (made := functions_in(text, name, make)) != text:
            said.changed("by rule: 1.4 split the arguments of functions here")
            text = made
    return text


def _run_pipes(draft: Draft, _style: Style) -> None:
    if draft.written_for < (1, 6):
        rewrite_steps(draft, partial(_pipe, written=bool(draft.written_for)))


PIPES = Codemod(
    "pipes",
    "A | between arguments, as 1.4 split them, becomes a comma.",
    "by rule: no Asterisk that splits there is at hand",
    _run_pipes,
    by_default=False,
)
