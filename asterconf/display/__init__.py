"""How objects look to a person: HTML in notebooks, text elsewhere, pictures.

Objects import this room only when somebody looks at them. Secrets are masked, unless
`view(obj, reveal=True)` says otherwise.
"""

from __future__ import annotations

from importlib import import_module
from os import PathLike
from pathlib import Path

import attrs

from asterconf.display import facts as _facts  # noqa: F401 - these teach `describe`
from asterconf.display import files as _files  # noqa: F401
from asterconf.display import plan as _plan  # noqa: F401
from asterconf.display import whole as _whole  # noqa: F401
from asterconf.display._html import page, to_html
from asterconf.display._text import to_text
from asterconf.display.blocks import Block, Group, words
from asterconf.display.describe import describe
from asterconf.display.draw import draw, draw_map
from asterconf.display.look import Look
from asterconf.graph import Edge, Graph, Node

_LATER = {"build": "merges", "differ": "merges", "editing": "edits"}
"""The modules that teach `describe` what few look at, by the room of its classes."""

__all__ = ["Edge", "Graph", "Node", "View", "draw", "draw_map", "html", "view"]


def html(obj: object, *, reveal: bool = False) -> str:
    """Return the markup that a notebook shows for an object.

    Args:
        obj: anything the library gives out.
        reveal: show secrets.
    """
    return to_html(_described(obj, reveal=reveal))


def _described(obj: object, *, reveal: bool) -> Block:
    room = f"{type(obj).__module__}..".split(".")[1]
    if room in _LATER:
        import_module(f"asterconf.display.{_LATER[room]}")
    return describe(obj, Look(reveal))


def view(obj: object, *, reveal: bool = False) -> View:
    """Return the view of an object, to be shown, printed or saved.

    Args:
        obj: anything the library gives out.
        reveal: show secrets.
    """
    return View(obj, reveal)


@attrs.frozen(repr=False, eq=False)
class View:
    """An object as a person sees it: tables in a notebook, and as text where it is printed."""

    obj: object
    reveal: bool = False

    def __str__(self) -> str:
        return to_text(_described(self.obj, reveal=self.reveal))

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return html(self.obj, reveal=self.reveal)

    def page(self) -> str:
        """Return a whole HTML page, light or dark as its reader likes."""
        block = _described(self.obj, reveal=self.reveal)
        title = words(block.title) if isinstance(block, Group) else type(self.obj).__name__
        return page(title, to_html(block))

    def save(self, path: str | PathLike[str]) -> None:
        """Write the page into a file.

        Raises:
            OSError: the file cannot be written.
        """
        Path(path).write_text(self.page(), encoding="utf-8")
