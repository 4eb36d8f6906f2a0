"""How objects look to a person: HTML in notebooks, text elsewhere, pictures.

This room is imported when an object is first shown. Secrets are masked, except by
`view(obj, reveal=True)`.
"""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

import attrs

from asterconf._lazy import LazyModule
from asterconf.display.blocks import Block, Panel, hidden, page, to_html, to_text, words
from asterconf.display.describe import Formatter, describe
from asterconf.graph import Edge, Graph, Node

if TYPE_CHECKING:
    from asterconf import config
    from asterconf.display import pictures
else:
    config = LazyModule("asterconf.config")
    pictures = LazyModule("asterconf.display.pictures")

__all__ = ["Edge", "Graph", "Node", "View", "draw", "draw_map", "html", "view"]


def html(obj: object, *, reveal: bool = False) -> str:
    """Return the markup that a notebook shows for an object.

    Args:
        obj: any object of the library.
        reveal: show secrets.
    """
    return to_html(_block(obj, reveal=reveal))


def _block(obj: object, *, reveal: bool) -> Block:
    """Return the view of an object; unless `reveal`, whatever is secret in any text is masked."""
    block = describe(obj, Formatter(reveal))
    return block if reveal else hidden(block)


def view(obj: object, *, reveal: bool = False) -> View:
    """Return the view of an object, to show, print or save.

    Args:
        obj: any object of the library.
        reveal: show secrets.
    """
    return View(obj, reveal)


@attrs.frozen(repr=False, eq=False)
class View:
    """The view of an object: HTML in a notebook, text where it is printed."""

    obj: object
    reveal: bool = False

    def __str__(self) -> str:
        return to_text(_block(self.obj, reveal=self.reveal))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html(self.obj, reveal=self.reveal)

    def page(self) -> str:
        """Return a complete HTML page that follows the reader's choice of light or dark."""
        block = _block(self.obj, reveal=self.reveal)
        title = words(block.title) if isinstance(block, Panel) else type(self.obj).__name__
        return page(title, to_html(block))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page into a file.

        Raises:
            OSError: the file cannot be written.
        """
        Path(path).write_text(self.page(), encoding="utf-8")


def draw(part: object, *, limit: int | None) -> Graph:
    """Return the picture of a dialplan or of one context; see `Dialplan.graph`."""
    return pictures.draw(part, limit=limit)


def draw_map(conf: config.Config, *, limit: int | None) -> Graph:
    """Return the picture of a configuration; see `Config.map`."""
    return pictures.draw_map(conf, limit=limit)
