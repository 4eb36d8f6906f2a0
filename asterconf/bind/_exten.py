"""The former place of `asterconf.language.exten`, for those who still import it from here."""

from __future__ import annotations

from asterconf.language.exten import (
    WHITE,
    Application,
    Priority,
    atoi,
    clean_condition,
    clean_name,
    clip,
    cut_name,
    int32,
    leading_number,
    split_application,
    split_priority,
)
from asterconf.semantics import substitute

__all__ = [
    "WHITE",
    "Application",
    "Priority",
    "atoi",
    "clean_condition",
    "clean_name",
    "clip",
    "cut_name",
    "int32",
    "leading_number",
    "split_application",
    "split_priority",
    "substitute",
]
