"""An application call: its name and its argument text, as the loader of extensions.conf cuts it.

Source: pbx/pbx_config.c, pbx_load_config.
"""

from __future__ import annotations

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.errors import ModelError
from asterconf.source import WHITE

__all__ = ["AppCall", "join", "parse"]


@attrs.frozen
class AppCall:
    """A call such as `Dial(PJSIP/6001,25)`, cut as Asterisk cuts it.

    Attributes:
        text: the exact text.
        name: the application; white space before it is gone, after it is kept.
        data: what stands between the first `(` and the last `)`.
        name_span: where the name stands in `text`: offsets of its first character and after it.
        data_span: the same of the arguments.
        lost: what follows the last `)`; Asterisk drops it.
        closed: whether there is a `)`, if there is a `(`.
    """

    text: str
    name: str
    data: str
    name_span: tuple[int, int]
    data_span: tuple[int, int]
    lost: str = ""
    closed: bool = True

    def __str__(self) -> str:
        return self.text

    def tree(self) -> lark.Tree[lark.Token]:
        """Return the lark tree by `grammars/appcall.lark`; joining its tokens gives the text.

        The arguments are a subtree of their own, `arguments`.
        """
        return _tree(self.text)


def parse(text: str) -> AppCall:
    """Cut a call at its first `(` and its last `)`, whatever stands between. Never raises.

    A name that holds `${` or `$[` takes everything, and there are no arguments.
    """
    start = len(text) - len(text.lstrip(WHITE))
    opening = text.find("(")
    name = text[start:opening]
    if opening < 0 or "${" in name or "$[" in name:
        size = len(text)
        return AppCall(text, text[start:], "", (start, size), (size, size))
    closing = text.rfind(")")
    closed = closing > opening
    at = (opening + 1, closing if closed else len(text))
    lost = text[closing + 1 :] if closed else ""
    return AppCall(text, name, text[slice(*at)], (start, opening), at, lost, closed)


def join(name: str, data: str) -> str:
    """Return the text of a call that the loader cuts into exactly this name and data.

    Raises:
        ModelError: no text does that.
    """
    for text in (f"{name}({data})", name):
        call = parse(text)
        if (call.name, call.data) == (name, data) and "\n" not in text and "\0" not in text:
            return text
    raise ModelError(f"no line can call {name!r} with {data!r}")


def _tree(text: str) -> lark.Tree[lark.Token]:
    parser = _grammars.parser("appcall", "call", "arguments")
    tree = parser.parse(text, start="call")
    children: list[lark.Token | lark.Tree[lark.Token]] = []
    for child in tree.children:
        if isinstance(child, lark.Token) and child.type in {"DATA", "OPEN"}:
            inner = parser.parse(str(child), start="arguments")
            children.append(_shifted(inner, child.start_pos or 0))
        else:
            children.append(child)
    return lark.Tree(tree.data, children)


def _shifted(tree: lark.Tree[lark.Token], offset: int) -> lark.Tree[lark.Token]:
    """Return a tree with the places of its tokens moved by an offset."""

    def moved(
        node: lark.Token | lark.Tree[lark.Token],
    ) -> lark.Token | lark.Tree[lark.Token]:
        if not isinstance(node, lark.Token):
            return _shifted(node, offset)
        at = (node.start_pos or 0) + offset
        end = at + len(node)
        return lark.Token(node.type, str(node), at, 1, at + 1, 1, end + 1, end)

    return lark.Tree(tree.data, [moved(child) for child in tree.children])
