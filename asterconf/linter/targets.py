"""What there is to be named: the sections and options that other options refer to."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from typing import TYPE_CHECKING

import attrs

from asterconf import schema
from asterconf.bind.pjsip import pjsip_ids
from asterconf.source import fold
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.resolve import Effective
    from asterconf.resolve.sources import FileSource

__all__ = ["Targets"]

_OPEN = {"AC010", "AC018"}
"""Findings that say that not all of a file was read."""

_ALWAYS = {
    ("musiconhold.conf", "class"): {"default"},
    ("res_parking.conf", "parking_lot"): {"default"},
}
"""Names that stand for something without a section."""


COMPARISONS = 300_000
"""How many pairs of names are compared to find out what was meant: about half a second."""


@attrs.define(eq=False)
class Targets:
    """The names that a configuration defines, worked out when they are asked for."""

    work: Workspace
    sources: Mapping[str, FileSource]
    _names: dict[tuple[str, str, str], frozenset[str] | None] = attrs.field(factory=dict)
    _compared: int = 0

    def effective(self, file: str) -> Effective | None:
        """Return what Asterisk reads out of a file; `None`: it is not there."""
        return self.work.resolve(file) if self.work.has(file) else None

    def names(self, file: str, kind: str, by: str = "") -> frozenset[str] | None:
        """Return the names of all sections of a kind, or of the options in them.

        `None`: they are not known, because the file is not there, or not all of it can be seen,
        or other sources add to it.
        """
        key = (file, kind, by)
        if key not in self._names:
            self._names[key] = self._known(file, kind, by)
        return self._names[key]

    def near(self, name: str, names: Collection[str]) -> str:
        """Return the one of `names` that may have been meant; empty: none, or too many looked at.

        Thousands of names that are not there, each beside thousands that are, would take hours.
        """
        self._compared += len(names)
        found = get_close_matches(name, names, 1, 0.7) if self._compared <= COMPARISONS else []
        return found[0] if found else ""

    def absent(self, file: str) -> bool:
        """Tell whether there is no such file at all, and nothing else that stands for it."""
        return not self.work.has(file)

    def _known(self, file: str, kind: str, by: str) -> frozenset[str] | None:
        effective = self.effective(file)
        if effective is None or not effective.valid:
            return None
        source = self.sources.get(file)
        if source is None or source.also or source.role == "unknown":
            return None
        if any(d.code in _OPEN for d in effective.diagnostics):
            return None
        return frozenset(self._all(effective, file, kind, by)) | _ALWAYS.get((file, kind), set())

    def _all(self, effective: Effective, file: str, kind: str, by: str) -> Iterator[str]:
        if file == "pjsip.conf":
            wizard = self.effective("pjsip_wizard.conf")
            yield from pjsip_ids(wizard, effective).get(kind, ())
        if (file, kind) == ("features.conf", "featuremap"):
            known = schema.file(file)
            yield from known.objects[kind].options if known else ()
        for section in effective.live:
            if section.kind is None or section.kind.name != kind:
                continue
            if by != "option_name":
                yield section.name
            elif file == "voicemail.conf" and kind == "context":
                yield from (f"{name}@{section.name}" for name, _ in section.pairs)
            else:
                yield from (name for name, _ in section.pairs)
        if (file, kind, by) == ("voicemail.conf", "context", "option_name"):
            aliases = effective.setting("general", "aliasescontext") or ""
            for section in effective.all(aliases) if aliases else ():
                yield from (f"{name}@{aliases}" for name, _ in section.pairs)
        if (file, kind) == ("extensions.conf", "context"):
            yield from self._made_contexts()

    def _made_contexts(self) -> Iterator[str]:
        """Yield the contexts that modules make by themselves."""
        yield from ("parkedcalls", "parkedcallstimeout", "park-dial")
        for name in ("res_parking.conf", "pjsip.conf", "pjsip_wizard.conf", "confbridge.conf",
                     "iax.conf"):  # fmt: skip
            effective = self.effective(name)
            for section in effective.live if effective is not None else ():
                for option, value in section.pairs:
                    facts = section.facts(option)
                    if facts and any(r.raw.get("creates") for r in facts.references):
                        yield value
                    elif fold(option) == "regcontext":
                        yield from value.split("&")
