"""Which sections of a reading hold what a line of a file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from asterconf.resolve.effective import CopiedRun, Effective, EffectiveSection

__all__ = ["LineHolders"]


@attrs.frozen(eq=False)
class LineHolders:
    """Finds the sections of a reading that hold a line, without a look at every one.

    It knows where each section's own runs of lines start, and which sections copied from which.
    So it takes no more room for a template that thousands inherit.
    """

    _starts: Mapping[tuple[str, int], list[EffectiveSection]]
    _heirs: Mapping[EffectiveSection, list[EffectiveSection]]
    _listed: frozenset[EffectiveSection]
    """The sections of the reading. A header with `(base,+earlier)` copies from one that is not."""

    @classmethod
    def of(cls, reading: Effective) -> LineHolders:
        """Go through the sections of a reading once; it holds as long as that is current."""
        starts: dict[tuple[str, int], list[EffectiveSection]] = {}
        heirs: dict[EffectiveSection, list[EffectiveSection]] = {}
        listed = frozenset(reading.sections)
        every = dict.fromkeys(reading.sections)
        waiting = list(every)
        for section in waiting:
            for run in section._each_run():
                if isinstance(run, CopiedRun):
                    heirs.setdefault(run.source, []).append(section)
                    if run.source not in every:
                        every[run.source] = None
                        waiting.append(run.source)
                elif run.text:
                    starts.setdefault((run.file, run.line), []).append(section)
                else:
                    for option in run.options:
                        starts.setdefault((run.file, option.line), []).append(section)
            for _, _, parts in (section._joined or {}).values():
                for option, file in parts:
                    starts.setdefault((file, option.line), []).append(section)
        return cls(starts, heirs, listed)

    def find(self, file: str, line: int, start: int) -> Iterator[EffectiveSection]:
        """Yield the sections that hold a line, each once: those that say it before their heirs.

        Args:
            file: the name of the file.
            line: the number of the line, from 1.
            start: the number of the first line after the header above it; 1 if there is none.
        """
        told = (self._starts.get((file, at), ()) for at in (start, line))
        found = [section for sections in told for section in sections]
        seen: set[EffectiveSection] = set()
        for section in found:  # it grows on the way
            if section not in seen:
                seen.add(section)
                if section in self._listed and section.holds(file, line):
                    yield section
                found += self._heirs.get(section, ())
