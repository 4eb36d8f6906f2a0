"""Applications, functions and variables that are gone, and what does the same: `gone.json`."""

from __future__ import annotations

from functools import cache, partial

from asterconf import schema
from asterconf.migrate import table
from asterconf.migrate.outcome import Said
from asterconf.migrate.plan import Draft, Style, codemod
from asterconf.migrate.steps import rewrite_calls
from asterconf.migrate.table import functions_in, split
from asterconf.source import fold


def _rewrite(said: Said, name: str, data: str) -> tuple[str, str]:
    app = fold(name.strip())
    if app == "resetcdr":
        flags = [*split(data), ""][0]
        if "e" in flags:
            said.changed("Option e is gone: CDR_PROP(disable)=0 switches a record on again.")
            data = flags.replace("e", "")
    elif app in _gone_for_good() and not table.is_listed("gone", app):
        said.left(f"Asterisk 22 has no {name.strip()}, and nothing that stands for it")
    name, data = table.application(said, "gone", name, data)
    if "VALID_EXTEN(" in data:
        data = functions_in(data, "VALID_EXTEN", partial(_place, said))
    return name, table.texts(said, "gone", data)


@cache
def _gone_for_good() -> frozenset[str]:
    """Return the applications that are gone, in lower case, and that no other codemod moves."""
    moved = ("macro", "monitor", "sipaddheader", "sipremoveheader", "sipdtmfmode")
    names = map(fold, schema.at("22").gone_names("application"))
    return frozenset(n for n in names if not n.startswith(moved) and not n.endswith("monitor"))


def _place(said: Said, data: str) -> str | None:
    """Return what VALID_EXTEN becomes: without a context it is that of the call."""
    context, *rest = split(data) or [""]
    if not rest or not rest[0].strip():
        said.left("VALID_EXTEN is gone, and its arguments are not as they must be")
        return None
    said.exact("The same place is looked for.")
    return f"DIALPLAN_EXISTS({','.join([context or '${CONTEXT}', *rest])})"


def _run(draft: Draft, _style: Style) -> None:
    rewrite_calls(draft, _rewrite)


GONE = codemod("gone", _run)
