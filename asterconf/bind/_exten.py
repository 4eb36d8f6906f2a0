"""What the loader makes of variables in the text of a line."""

from __future__ import annotations

from asterconf.semantics import substitute

__all__ = ["needs_evaluator", "substitute"]


def needs_evaluator(text: str) -> bool:
    """Return whether `substitute` left something as written."""
    return "${" in text or "$[" in text
