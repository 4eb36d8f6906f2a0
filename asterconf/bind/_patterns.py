"""The former place of `asterconf.language.pattern`, for those who still import it from here."""

from __future__ import annotations

from asterconf.language.pattern import (
    condition_key,
    condition_matches,
    is_pattern,
    matches,
    name_key,
)

__all__ = ["condition_key", "condition_matches", "is_pattern", "matches", "name_key"]
