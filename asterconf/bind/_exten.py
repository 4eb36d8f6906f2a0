"""Substitution while loading."""

from __future__ import annotations

from asterconf.semantics._plain import needs_evaluator, substitute

__all__ = ["needs_evaluator", "substitute"]
