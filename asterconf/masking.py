"""Which texts of a configuration file are secrets, and the file with these masked."""

from __future__ import annotations

from asterconf.schema.secrets import is_box, is_secret
from asterconf.syntax import Document, Option

__all__ = ["MASK", "has_secrets", "is_secret", "mask"]

MASK = "********"


def has_secrets(document: Document) -> bool:
    """Tell whether a file holds anything that not everybody should read."""
    return any(
        is_secret(document.name, section.name, option.name)
        for section in document.parts
        for option in section.options
    )


def mask(document: Document) -> str:
    """Return the text of a file with the value of every secret as `********`."""
    out = []
    for section in document.parts:
        for node in section.nodes:
            text = node.text
            if (
                isinstance(node, Option)
                and node.value
                and is_secret(document.name, section.name, node.name)
            ):
                start, end = node.fields.value
                if is_box(document.name, section.name):
                    end = start + len(text[start:end].partition(",")[0])
                text = text[:start] + MASK + text[end:]
            out.append(text)
    return "".join(out)
