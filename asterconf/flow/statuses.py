"""What applications leave in variables that only a running Asterisk knows.

Source: `core show application` of 22.10.1, that is its core-en_US.xml, and where that is silent
apps/app_dial.c, app_queue.c, app_mixmonitor.c and app_agent_pool.c. Checked: the live test of
`core show application`. Statuses whose every value is followed stand at their applications.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from asterconf.schema.overlay import data

LEFT: Final[Mapping[str, tuple[str, ...]]] = {
    name: tuple(row.split()) for name, row in data("effects")["left"].items()
}
"""The variables by the application that sets them to what is not known here."""
EXACT: Final = frozenset((
    "DIALSTATUS", "QUEUESTATUS", "VMSTATUS", "PLAYBACKSTATUS", "BACKGROUNDSTATUS", "READSTATUS",
    "TRYSTATUS", "EXECSTATUS",
))  # fmt: skip
"""Statuses of applications that are followed with every value."""
