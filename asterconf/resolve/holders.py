"""Which sections of a reading hold what a line of a file says."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import attrs

from asterconf.resolve.effective import CopiedRun, Effective, EffectiveSection


@attrs.frozen(eq=False)
class LineHolders:
    """Finds the sections of a reading that hold a line, without a look at every one.

    It knows where each section's own runs of lines start, and which sections copied from which.
    So it takes no more room for a template that thousands inherit.
    """

    _starts: Mapping[str, Mapping[int, EffectiveSection]]
    """By file and line, the section with a run that starts there; of several the first."""
    _more: Mapping[tuple[str, int], list[EffectiveSection]]
    """The others, and those that hold the line behind the start of a run."""
    _heirs: Mapping[EffectiveSection, list[EffectiveSection]]
    _listed: frozenset[EffectiveSection]
    """The sections of the reading. A header with `(base,+earlier)` copies from one that is not."""

    @classmethod
    def of(cls, reading: Effective) -> LineHolders:
        """Go through the sections of a reading once; it holds as long as that is current."""
        starts: dict[str, dict[int, EffectiveSection]] = {}
        more: dict[tuple[str, int], list[EffectiveSection]] = {}
        heirs: dict[EffectiveSection, list[EffectiveSection]] = {}
        listed = frozenset(reading.sections)
        known, waiting = set(listed), [*reading.sections]
        for section in waiting:
            for run in section._each_run():
                if isinstance(run, CopiedRun):
                    heirs.setdefault(run.source, []).append(section)
                    if run.source not in known:
                        known.add(run.source)
                        waiting.append(run.source)
                elif not run.text:
                    for option in run.options:
                        more.setdefault((run.file, option.line), []).append(section)
                elif starts.setdefault(run.file, {}).setdefault(run.line, section) is not section:
                    more.setdefault((run.file, run.line), []).append(section)
            for _, _, parts in section._joined.values() if section._joined else ():
                for option, file in parts:
                    more.setdefault((file, option.line), []).append(section)
        return cls(starts, more, heirs, listed)

    def find(self, file: str, line: int, start: int) -> Iterator[EffectiveSection]:
        """Yield the sections that hold a line, each once: those that say it before their heirs.

        Args:
            file: the name of the file.
            line: the number of the line, from 1.
            start: the number of the first line after the header above it; 1 if there is none.
        """
        first = self._starts.get(file, {}).get(start)
        found = [first] if first is not None else []
        for place in {(file, start): None, (file, line): None}:
            found += self._more.get(place, ())
        seen: set[EffectiveSection] = set()
        for section in found:  # it grows on the way
            if section not in seen:
                seen.add(section)
                if section in self._listed and section.holds(file, line):
                    yield section
                found += self._heirs.get(section, ())
