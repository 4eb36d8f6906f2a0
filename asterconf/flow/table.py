"""All applications whose effects are modelled, by name."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Final

from asterconf.flow import applications, macros, telephony
from asterconf.flow.effects import FlowApplication
from asterconf.schema import Schema

TABLE: Final[Mapping[str, FlowApplication]] = {
    **applications.TABLE, **telephony.TABLE, **macros.TABLE,
}  # fmt: skip
"""The applications whose effects are modelled, by the name that Asterisk gives them."""

_FOLDED: Final = {name.lower(): one for name, one in TABLE.items()}


def application(name: str) -> FlowApplication | None:
    """Return the application of that name, however it is spelled; None: it is not modelled."""
    return _FOLDED.get(name.lower())


@cache
def _names(known: Schema) -> Mapping[str, str]:
    return {name.lower(): name for name in known.applications()}


def registered(name: str, known: Schema) -> str | None:
    """Return an application's name as a version registers it; None: that version has none."""
    return _names(known).get(name.lower())
