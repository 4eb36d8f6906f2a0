"""The pages of the dialplan's applications and functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import asterconf.apps
from asterconf import schema
from asterconf.flow.table import TABLE
from asterconf.schema import overlay
from asterconf.semantics import FUNCTIONS
from asterconf.semantics.functions import asking
from generator import text

__all__ = ["applications", "functions", "modelled"]

_APPLICATIONS = """\
# Applications

The {count} applications of the dialplan of Asterisk {version}: their arguments, options, and what
an argument names.
A `?` stands behind an argument that may be left out, `…` behind one that may come again.
Those with a class of their own in [`asterconf.apps`][asterconf.apps] link to it; all others are a
`Call`.
"""
_FUNCTIONS = """\
# Functions

The {count} functions of the dialplan of Asterisk {version}.
Where "computed here" stands, [`evaluate`][asterconf.semantics.evaluate] gives what Asterisk does;
of all others it says that only a running Asterisk knows.
"""


_MODELLED = """\
# Applications that calls know

What [`Config.call`][asterconf.Config.call] knows of {count} of the {all} applications,
and of {old} that older versions have.

| application | |
| --- | --- |"""


def applications() -> str:
    """Return the page of the applications."""
    known = schema.applications()
    out = [_APPLICATIONS.format(count=len(known), version=_version("applications"))]
    typed = {cls.__name__ for cls in asterconf.apps.TYPED}
    for name, facts in sorted(known.items(), key=lambda item: item[0].casefold()):
        out.append(f"## {name} {{ #{name} }}\n")
        out.append(f"{text.code(_call(name, facts))}\n")
        own = next((one for one in typed if one.casefold() == name.casefold()), None)
        link = f"class [`{own}`][asterconf.apps.{own}]" if own else ""
        out.append(_about(facts, link))
        out.append(_arguments(facts))
    return "\n".join(part for part in out if part)


def modelled() -> str:
    """Return the page of the applications whose effects a call on paper knows."""
    known = schema.applications()
    out = [
        _MODELLED.format(
            count=len(TABLE.keys() & known.keys()),
            all=len(known),
            old=len(TABLE.keys() - known.keys()),
        )
    ]
    for name, one in sorted(TABLE.items(), key=lambda item: item[0].casefold()):
        why = one.run.keywords.get("why") if isinstance(one.run, partial) else None
        known_way = "goes on, whatever its arguments are" if one.lenient else "as Asterisk does"
        how = f"only the world knows: {why}" if why else known_way
        needs = f"; needs {one.needs}" if one.needs else ""
        until = "" if name in known else "; only in older versions"
        out.append(f"| {name} | {how}{needs}{until} |")
    rest = sorted(known.keys() - TABLE.keys(), key=str.casefold)
    out.append(f"\nA call stops at the other {len(rest)}: {', '.join(rest)}.\n")
    return "\n".join(out)


def functions() -> str:
    """Return the page of the functions."""
    known = schema.functions()
    out = [_FUNCTIONS.format(count=len(known), version=_version("functions"))]
    for name, facts in sorted(known.items()):
        out.append(f"## {name} {{ #{name} }}\n")
        out.append(f"{text.code(_call(name, facts))}\n")
        ways = [way for way, may in (("read", facts["read"]), ("set", facts["write"])) if may]
        own = FUNCTIONS[name]
        elsewhere = asking(read=own.read is not None, write=own.write is not None)
        here = "" if (own.read, own.write) == (elsewhere.read, elsewhere.write) else "computed here"
        out.append(_about(facts, " and ".join(ways), here))
        out.append(_arguments(facts))
    return "\n".join(part for part in out if part)


def _version(kind: str) -> str:
    return str(overlay.data(kind)["asterisk"])


def _call(name: str, facts: Mapping[str, Any]) -> str:
    separator = facts.get("argsep", ",")
    return f"{name}({separator.join(map(_argument, facts.get('args', ())))})"


def _argument(facts: Mapping[str, Any]) -> str:
    inner = facts.get("args")
    name = facts["name"]
    if inner and all("name" in one for one in inner):
        name = facts.get("argsep", ",").join(map(_argument, inner))
    return f"{name}{'' if facts.get('required') else '?'}{'…' if facts.get('multiple') else ''}"


def _about(facts: Mapping[str, Any], *more: str) -> str:
    parts = [f"Module {text.code(facts['module'])}"]
    if facts.get("also_in"):
        parts.append(f"also in {text.words(_several(facts['also_in']))}")
    if facts.get("since"):
        parts.append(f"since {', '.join(facts['since'])}")
    if not facts.get("installed", True):
        parts.append("not part of every build")
    return ", ".join([*parts, *filter(None, more)]) + ".\n"


def _several(value: object) -> list[str]:
    return [str(one) for one in value] if isinstance(value, list) else [str(value)]


def _arguments(facts: Mapping[str, Any]) -> str:
    rows = [row for one in facts.get("args", ()) for row in _rows(one)]
    return text.table(("argument", "takes"), rows) if rows else ""


def _rows(argument: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield what is known of an argument besides its name."""
    takes = []
    if argument.get("values"):
        takes.append(f"one of {text.words(argument['values'])}")
    if argument.get("default") is not None:
        takes.append(f"by default {text.code(str(argument['default']))}")
    if argument.get("references"):
        takes.append(text.references(argument["references"], "schema/"))
    if argument.get("options"):
        takes.append(f"options {', '.join(map(_option, argument['options'].items()))}")
    if takes:
        yield text.code(argument["name"]), "; ".join(takes)


def _option(item: tuple[str, Mapping[str, Any]]) -> str:
    letter, facts = item
    if not facts.get("takes_arg"):
        return text.code(letter)
    separator = facts.get("argsep", ",")
    return text.code(f"{letter}({separator.join(map(_argument, facts.get('args', ())))})")
