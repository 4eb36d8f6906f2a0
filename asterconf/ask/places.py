"""Where extensions are written, and the kinds of callers that a context tells apart."""

from __future__ import annotations

from asterconf.dialplan.loader import LoadedDialplan
from asterconf.dialplan.values import DialplanExtension
from asterconf.language.pattern import condition_matches
from asterconf.numbers import Numbers, terms
from asterconf.numbers import automaton as at
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.partition import Closure, Partition

_SOME = at.power(at.ALL, 1, None)
"""Every text but the empty one."""


def callers_of(held: Closure) -> list[tuple[str | None, Automaton]]:
    """Return a caller of each kind that a closure tells apart, with the numbers of the kind.

    None: who has no number.
    """
    conditions = {one.callerid_match for _, one in held.entries if one.callerid_match is not None}
    if not conditions:
        return [(None, at.ANY)]
    found: dict[frozenset[str], tuple[str | None, list[Automaton]]] = {}
    found[frozenset(c for c in conditions if condition_matches(c, None))] = (None, [at.EMPTY])
    patterns = [("", DialplanExtension(one, None, ())) for one in sorted(conditions) if one]
    kinds = Partition(Closure("", tuple(patterns))).languages(lambda fitting: fitting)
    for numbers in map(Numbers.made, kinds.values()):
        text = next((one for one in numbers.samples(2, 0) if one), None)
        if text is not None:
            fits = frozenset(one for one in conditions if condition_matches(one, text))
            language = terms.both(numbers.with_dashes().automaton, _SOME)
            found.setdefault(fits, (text, []))[1].append(language)
    return [(text, at.union(many)) for text, many in found.values()]


def place_of(
    plan: LoadedDialplan, context: str, extension: DialplanExtension, priority: int | None = None
) -> tuple[str, int]:
    """Return file and line of an extension, or of one of its steps; "" and 0: no line."""
    found = plan.contexts.places(context)
    if found is None or extension.made_by or not extension.steps:
        return "", 0
    number = found.index(extension.name, extension.callerid_match)
    first = extension.steps[0].priority if priority is None else priority
    return found.lines.file_line(found.number(number, first))
