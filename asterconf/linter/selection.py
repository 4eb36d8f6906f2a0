"""Which findings a person asked for: by code, by the beginning of codes, by family."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

import attrs

from asterconf._lazy import LazyModule
from asterconf.linter.rules.rule import FAMILIES

if TYPE_CHECKING:
    from asterconf.linter.rules import catalogue
else:
    catalogue = LazyModule("asterconf.linter.rules.catalogue")

ALL = "ALL"
"""The word for every rule."""

_PREFIX = re.compile(r"[A-Z]{2,8}[0-9]{0,4}\Z")


def words() -> tuple[str, ...]:
    """Return all that may be meant by a word that stands for no rule."""
    return (*catalogue.RULES, *FAMILIES, ALL)


def codes_of(word: str) -> frozenset[str]:
    """Return the codes that a word stands for; none: it is no code, family or beginning."""
    return frozenset(code for code in catalogue.RULES if _weight(word, code) >= 0)


def _weight(word: str, code: str) -> int:
    """Return how exactly a word stands for a code; -1: it does not."""
    if word == ALL:
        return 0
    if word in FAMILIES:
        return 1 if code in catalogue.RULES and catalogue.RULES[code].family == word else -1
    return len(word) if _PREFIX.match(word) and code.startswith(word) else -1


@attrs.frozen
class Selection:
    """What to look for. The more exact word decides: a code before a family, and `ignore` in a tie.

    A rule in preview is off, unless previews are asked for or one of its codes is named in full.

    Attributes:
        select: codes, their beginnings, families or `ALL`; none: everything.
        extend: those to look for besides.
        ignore: those to leave out.
        preview: whether rules in preview are used.
    """

    select: tuple[str, ...] = ()
    extend: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    preview: bool = False

    def wants(self, code: str) -> bool:
        """Tell whether findings of a code are asked for."""
        asked = _most((*(self.select or (ALL,)), *self.extend), code)
        if (
            code in catalogue.RULES
            and catalogue.RULES[code].preview
            and not self.preview
            and asked < len(code)
        ):
            return False
        return asked > _most(self.ignore, code)

    def unknown(self) -> Iterator[str]:
        """Yield the words of `select` and `extend` that stand for no rule."""
        yield from (word for word in (*self.select, *self.extend) if not codes_of(word))


def _most(words: Iterable[str], code: str) -> int:
    return max((_weight(word, code) for word in words), default=-1)
