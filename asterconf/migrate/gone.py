"""Applications, functions and variables that are gone, and what does the same: `gone.json`."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files as package_files
from typing import Any

import attrs

from asterconf import schema
from asterconf.migrate.plan import Codemod, Draft, Style
from asterconf.migrate.steps import Said, functions_in, rewrite_features, rewrite_steps, split
from asterconf.source import fold


@cache
def _table() -> dict[str, Any]:
    text = package_files("asterconf.migrate").joinpath("gone.json").read_text("utf-8")
    found: dict[str, Any] = json.loads(text)
    found["applications"] = {fold(name): row for name, row in found["applications"].items()}
    return found


@attrs.frozen
class _Argument:
    """An argument for the forms of the table: `{0}`, and of `a=b` `{0.name}` and `{0.value}`."""

    text: str

    @property
    def name(self) -> str:
        """What stands before the `=`."""
        return self.text.partition("=")[0].strip()

    @property
    def value(self) -> str:
        """What stands behind the `=`."""
        return self.text.partition("=")[2].strip()

    def __format__(self, _: str) -> str:
        return self.text


def _fill(form: str, fields: list[str], data: str) -> str | None:
    """Return a form with the arguments in it; None: it asks for one that is not there."""
    try:
        return form.format(*map(_Argument, fields), data=data, args=data)
    except (IndexError, KeyError):
        return None


_NOT_AS_MUST = "{} is gone, and its arguments are not as they must be"


def _rewrite(said: Said, name: str, data: str) -> tuple[str, str]:
    row = _table()["applications"].get(fold(name.strip()))
    known = {fold(one) for one in schema.at("23").applications()}
    if row is not None and fold(name.strip()) == "resetcdr":
        fields = split(data)
        if fields and "e" in fields[0]:
            said.say(row[0], row[3])
            data = fields[0].replace("e", "")
    elif row is not None and fold(name.strip()) not in known:
        made = _fill(row[2], split(data), data)
        if made is None:
            said.left(_NOT_AS_MUST.format(name.strip()))
        else:
            said.say(row[0], row[3])
            name, data = row[1], made
    elif row is None and fold(name.strip()) in _gone_for_good():
        said.say("left", f"Asterisk 22 has no {name.strip()}, and nothing that stands for it")
    return name, _texts(said, data)


@cache
def _gone_for_good() -> frozenset[str]:
    """Return the applications that are gone, in lower case, and that no codemod moves."""
    moved = ("macro", "monitor", "sipaddheader", "sipremoveheader", "sipdtmfmode")
    names = map(fold, schema.at("22").gone_names("application"))
    return frozenset(n for n in names if not n.startswith(moved) and not n.endswith("monitor"))


def _texts(said: Said, text: str) -> str:
    """Return a text with the functions and variables that are there now."""
    if "(" not in text and "${" not in text:
        return text
    for function, (outcome, form, why) in _table()["functions"].items():

        def make(
            fields: list[str],
            name: str = function,
            row: tuple[Any, str, str] = (outcome, form, why),
        ) -> str | None:
            """Return what a call of the function becomes; None: it stays."""
            made = _fill(row[1], fields, ",".join(fields))
            if name == "VALID_EXTEN":  # without a context it is that of the call
                made = made if len(fields) > 1 and fields[1].strip() else None
                made = made and made.replace("(,", "(${CONTEXT},", 1)
            if made is None:
                said.left(_NOT_AS_MUST.format(name))
            else:
                said.say(row[0], row[2])
            return made

        if f"{function}(" in text:
            text = functions_in(text, function, make)
    for variable, (outcome, new, why) in _table()["variables"].items():
        if f"${{{variable}" in text:
            text, count = re.subn(rf"\$\{{{variable}(?=[}}:])", f"${{{new}", text)
            if count:
                said.say(outcome, why)
    return text


def _run(draft: Draft, _style: Style) -> None:
    rewrite_steps(draft, _rewrite)
    rewrite_features(draft, _rewrite)


GONE = Codemod(
    "gone",
    "Applications, functions and variables that are gone become those that do the same.",
    "calls on 16.28.0 and 22.10.1; what is older than 16 by rule, as no such Asterisk is at hand",
    _run,
)
