"""Everything that is wrong with a configuration, in one call."""

from __future__ import annotations

from asterconf.linter.diagnostics import Diagnostics, as_data
from asterconf.linter.engine import check

__all__ = ["Diagnostics", "as_data", "check"]
