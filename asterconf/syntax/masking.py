"""A file, and each of its lines, as a person may see it: secrets masked."""

from __future__ import annotations

from asterconf.schema.secrets import (
    MASK,
    is_secret,
    shown_comment,
    shown_text,
    shown_value,
    shown_words,
)
from asterconf.syntax import Document, Option
from asterconf.syntax.nodes import Comment, ErrorLine, Line

__all__ = ["MASK", "has_secrets", "mask", "shown_line", "shown_text", "shown_value"]


def has_secrets(document: Document) -> bool:
    """Tell whether a file holds anything that not everybody should read.

    What a build leaves beside the files (`.asterconf/`) describes the whole house, and counts.
    """
    return document.name.startswith(".asterconf/") or any(
        is_secret(document.name, section.name, option.name)
        for section in document.parts
        for option in section.options
    )


def shown_line(node: Line, file: str, section: str) -> str:
    """Return the text of a line as a person may see it, its end included.

    An option that is commented out is masked like any other.
    """
    text = node.text
    if isinstance(node, Option):
        start, end = node.fields.value
        value = shown_value(file, section, node.name, text[start:end])
        return text[:start] + value + shown_text(text[end:])
    if isinstance(node, Comment):
        return shown_comment(file, section, text)
    return shown_words(text) if isinstance(node, ErrorLine) else shown_text(text)


def mask(document: Document) -> str:
    """Return the text of a file with every secret as `********`."""
    return "".join(
        shown_line(node, document.name, section.name)
        for section in document.parts
        for node in section.nodes
    )
