"""Contexts as text, and edits of a dialplan where it stands in the files."""

from __future__ import annotations

from asterconf.editing._written import in_order, write_context

__all__ = ["in_order", "write_context"]
