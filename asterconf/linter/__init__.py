"""Everything that is wrong with a configuration; `engine.check` finds it, in one call."""

from __future__ import annotations

from asterconf.linter.diagnostics import Diagnostics, as_data

__all__ = ["Diagnostics", "as_data"]
