"""What a running Asterisk needs to take a change over: facts of `impact.json`."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any, Literal

import attrs

from asterconf.schema import base_name

Effect = Literal["reload", "restart", "none", "unknown"]


@attrs.frozen
class Impact:
    """What makes a change take effect.

    Attributes:
        effect: `reload`: the commands do. `restart`: only a restart of Asterisk does. `none`: it
            has none, whatever is done. `unknown`: it is not known.
        commands: the commands for Asterisk's console, in this order.
        note: what a person should know about it.
        source: where that is from: a place in Asterisk's source, or what was observed.
    """

    effect: Effect
    commands: tuple[str, ...] = ()
    note: str = ""
    source: str = ""

    def __str__(self) -> str:
        if self.effect == "reload":
            return "; ".join(self.commands)
        words = {"restart": "restart Asterisk", "none": "no effect", "unknown": "unknown"}
        return words[self.effect]


NOTHING = Impact("unknown")
_GONE = {"note": "it goes on with what it has read; without the file it will not start again"}


@cache
def facts() -> Mapping[str, Any]:
    """Return the table of facts, as `impact.json` has it."""
    import json
    from importlib.resources import files

    found: Mapping[str, Any] = json.loads((files(__package__) / "impact.json").read_text("utf-8"))
    return found


@cache
def impact_of(
    file: str,
    kind: str,
    option: str,
    action: str,
    value: str = "",
    *,
    there: tuple[bool, bool] = (True, True),
) -> Impact:
    """Return what a change takes.

    Args:
        file: the file whose reader is concerned.
        kind: the word of the table for the kind of section; empty: it has none.
        option: the option as the schema names it; empty: the object as a whole.
        action: what happened, as in `Change.action`.
        value: the new value of the option.
        there: whether there was such a file before, and is now.
    """
    known = facts()["files"].get(base_name(file))
    if known is None:
        return Impact(
            "unknown", note=f"what puts a change of {base_name(file)} into effect is not known"
        )
    of_kind = known.get("kinds", {}).get(kind, {})
    of_option = of_kind.get("options", {}).get(option, {}) if option else of_kind
    found: dict[str, Any] = {}
    for fact in (
        known,
        of_kind,
        of_option,
        of_option.get("actions", {}).get(action, {}),
        of_option.get("to", {}).get(value, {}),
    ):
        found |= fact
    if not all(there) and "missing" in known:
        found |= known["missing"] if there[1] else {"effect": "restart", **_GONE}
    effect: Effect = found.get("effect", "reload")
    commands = tuple(found.get("commands", ())) if effect == "reload" else ()
    return Impact(effect, commands, found.get("note", ""), found.get("source", ""))
