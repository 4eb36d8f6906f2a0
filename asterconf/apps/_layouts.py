"""How the argument text of an application is laid out: where it is cut, and how it is joined."""

from __future__ import annotations

from collections.abc import Sequence

import attrs

from asterconf.language import args
from asterconf.language.args import Argument

__all__ = ["ENDLESS", "NOTHING", "WHOLE", "Branches", "Call", "Layout", "Nothing", "commas"]


@attrs.frozen
class Layout:
    """Fields with separators between them, cut from the left, one after another.

    Attributes:
        separators: the separator behind each field but the last, in order.
        flavour: as in `args.cut`; cut clean, the last field is not cleaned.
        endless: whether fields go on behind the last separator, at the same one.
    """

    separators: str = ""
    flavour: str = "clean"
    endless: bool = False

    def cut(self, text: str) -> list[Argument]:
        """Return the fields of a text; `${…}` and `$[…]` are one unit each."""
        if self.endless or len(set(self.separators)) == 1:
            limit = None if self.endless else len(self.separators) + 1
            return args.cut(
                text, self.separators[0], flavour=self.flavour, limit=limit, substituted=False
            )
        fields: list[Argument] = []
        at = 0
        for separator in self.separators:
            protect = self.flavour != "plain"
            end = args.find(text, separator, at, protect=protect, substituted=False)
            if end < 0:
                break
            fields.append(Argument(text[at:end], at, end))
            at = end + 1
        return [*fields, Argument(text[at:], at, len(text))] if text else fields

    def escape(self, value: str, index: int) -> str:
        """Return what to write for a value in the field of that index."""
        if self.flavour != "clean" or (not self.endless and index >= len(self.separators)):
            return value
        return args.escape(value, self.separators[0], substituted=False)

    def join(self, texts: Sequence[str]) -> str:
        """Return the whole text of fields that are written already."""
        separators = self.separators[:1] * len(texts) if self.endless else self.separators
        pairs = zip(separators, texts[1:], strict=False)
        return "".join((*texts[:1], *(f"{separator}{text}" for separator, text in pairs)))


class Nothing(Layout):
    """No arguments: what stands there counts for nothing."""

    def cut(self, text: str) -> list[Argument]:  # noqa: ARG002
        return []


class Call(Layout):
    """`TARGET(ARGUMENTS)`: cut at the first `(` and the last `)`; no `)` takes all the rest.

    Source: apps/app_stack.c, gosub_exec.
    """

    def cut(self, text: str) -> list[Argument]:
        if not text:
            return []
        masked = args.mask(text)
        start = masked.find("(")
        if start < 0:
            return [Argument(text, 0, len(text))]
        end = masked.rfind(")")
        end = len(text) if end < start else end
        inner = Argument(text[start + 1 : end], start + 1, end)
        return [Argument(text[:start], 0, start), inner]

    def join(self, texts: Sequence[str]) -> str:
        target, *more = texts or [""]
        return f"{target}({more[0]})" if more else target


class Branches(Layout):
    """`CONDITION?APP(ARGUMENTS)[:APP(ARGUMENTS)]`, and the old `CONDITION,APP,ARGUMENTS`.

    The old form counts where a comma stands before the first `?`, or where there is no `?`. Its
    application becomes one branch, whose place is all behind the first comma.

    Source: apps/app_exec.c, execif_exec.
    """

    def cut(self, text: str) -> list[Argument]:
        masked = args.mask(text)
        comma, question = masked.find(","), masked.find("?")
        if comma < 0 or 0 <= question < comma:
            return super().cut(text)
        app, _, data = text[comma + 1 :].partition(",")
        condition = Argument(text[:comma], 0, comma)
        return [condition, Argument(f"{app}({data})", comma + 1, len(text))]


def commas(count: int, *, endless: bool = False) -> Layout:
    """Return the layout of an application that declares `count` fields with commas between."""
    return Layout("," * max(count - 1, 1 if endless else 0), endless=endless)


WHOLE = Layout()
"""One field, which is never split."""

ENDLESS = commas(1, endless=True)
"""Any number of fields with commas between."""

NOTHING = Nothing()
