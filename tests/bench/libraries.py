"""The same sets by libraries: which texts each of many patterns gets, those before it taken out.

`automata-lib` has automata over the symbols that are dialled. `dd` has binary decision diagrams: a
text is 13 symbols of 4 bits each, `END` from its end on.
"""

from collections.abc import Callable
from functools import reduce
from importlib import import_module
from importlib.util import find_spec
from random import Random
from typing import Any

from asterconf import Config
from asterconf.dialplan.index import ExtensionIndex
from asterconf.language.pattern import elements_of
from asterconf.numbers.partition import Partition, closure

__all__ = ["LIBRARIES", "ours", "patterns"]

SYMBOLS = "0123456789*#+"
LONGEST = 13
END = len(SYMBOLS)


def patterns(count: int) -> Config:
    """Return a dialplan of one context with so many patterns that overlap."""
    rng, names = Random(22), set[str]()
    while len(names) < count:
        size = rng.choice((3, 4, 4, 7, 7, 10))
        head = "".join(rng.choice("0123456789") for _ in range(rng.randrange(1, 3)))
        rest = "".join(rng.choice("XXXXNZ[") for _ in range(size - len(head)))
        names.add("_" + head + rest.replace("[", "[2-7]") + rng.choice(("", "", "", ".", "!")))
    lines = [f"exten => {name},1,NoOp()" for name in sorted(names)]
    return Config.from_texts({"extensions.conf": "\n".join(["[c]", *lines, ""])})


def ours(conf: Config) -> int:
    """Return for how many patterns texts are left; `asterconf` does it for all at once."""
    part = Partition(closure(conf.dialplan, "c", lambda _: True))
    found = part.languages(lambda fits: fits[0] if fits else None)
    return sum(first is not None and not one.is_empty for first, one in found.items())


def _accepted(conf: Config) -> list[tuple[list[str], str]]:
    """Return for each pattern, in Asterisk's order, what each place accepts, and `.`, `!` or ``."""
    found = []
    for one in ExtensionIndex.of(conf.dialplan["c"].extensions).extensions:
        places: list[str] = []
        tail = ""
        for element in elements_of(one.name):
            if element.ends:
                tail = element.text
                break
            places.append("".join(s for s in SYMBOLS if ord(s) in element.accepts))
        found.append((places, tail))
    return found


def _automata(conf: Config) -> int:
    dfa: Any = import_module("automata.fa.dfa").DFA

    def made(places: list[str], tail: str) -> Any:
        last = len(places) + (tail == ".")
        steps = {n: dict.fromkeys(symbols, n + 1) for n, symbols in enumerate(places)}
        steps[last] = dict.fromkeys(SYMBOLS, last) if tail else {}
        if tail == ".":
            steps[last - 1] = dict.fromkeys(SYMBOLS, last)
        return dfa(
            states=set(range(last + 1)), input_symbols=set(SYMBOLS), transitions=steps,
            initial_state=0, final_states={last}, allow_partial=True,
        )  # fmt: skip

    seen, left = None, 0
    for places, tail in _accepted(conf):
        own = made(places, tail)
        rest = own if seen is None else own.difference(seen)
        left += not rest.isempty()
        seen = own if seen is None else seen.union(own)
    return left


def _diagrams(conf: Config) -> int:
    bdd = import_module("dd.autoref").BDD()
    bits = [[f"p{place}b{bit}" for bit in range(4)] for place in range(LONGEST)]
    bdd.declare(*(name for row in bits for name in row))

    def symbol(place: int, value: int) -> Any:
        return bdd.cube({name: bool(value >> bit & 1) for bit, name in enumerate(bits[place])})

    def one_of(place: int, symbols: str) -> Any:
        return reduce(lambda a, b: a | b, (symbol(place, SYMBOLS.index(s)) for s in symbols))

    ended, open_ = [bdd.true], [bdd.true]  # from a place on: nothing, or anything and then nothing
    for place in reversed(range(LONGEST)):
        ended.append(symbol(place, END) & ended[-1])
        open_.append(ended[-1] | one_of(place, SYMBOLS) & open_[-1])
    ended.reverse()
    open_.reverse()

    def made(places: list[str], tail: str) -> Any:
        found = open_[len(places)] if tail else ended[len(places)]
        if tail == ".":
            found = one_of(len(places), SYMBOLS) & open_[len(places) + 1]
        for place in reversed(range(len(places))):
            found = one_of(place, places[place]) & found
        return found

    seen, left = bdd.false, 0
    for places, tail in _accepted(conf):
        own = made(places, tail)
        left += own & ~seen != bdd.false
        seen |= own
    return left


LIBRARIES: dict[str, Callable[[Config], int]] = {
    name: run
    for name, module, run in (("automata-lib", "automata", _automata), ("dd", "dd", _diagrams))
    if find_spec(module) is not None
}
"""Those that are installed."""
