"""Every rule by its codes: those with a check of their own, and what reading tells."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from asterconf.codes import APPLICATIONS, DIALPLAN, EXPRESSIONS, OBJECTS, READING, Message
from asterconf.linter.rules import gone
from asterconf.linter.rules.applications import calls
from asterconf.linter.rules.checks import CHECKS, LEFT_OUT
from asterconf.linter.rules.files import host
from asterconf.linter.rules.home import CODES as HOME
from asterconf.linter.rules.internal import CHECK
from asterconf.linter.rules.references import missing
from asterconf.linter.rules.rule import Needs, Rule
from asterconf.linter.rules.sections.between import BETWEEN
from asterconf.linter.rules.sections.names import NAMES
from asterconf.linter.rules.sections.values import VALUES
from asterconf.linter.rules.sections.whole import WHOLE

_TABLES: tuple[tuple[Needs, Mapping[str, Message | tuple[Message, ...]]], ...] = (
    ("reading", READING),
    ("plan", DIALPLAN),
    ("step", APPLICATIONS),
    ("step", EXPRESSIONS),
    ("object", OBJECTS),
    ("section", {**VALUES, **NAMES, **BETWEEN, **WHOLE}),
    ("section", {"file-unreadable": host.CODES}),
    ("tree", missing.OPTIONS),
    ("plan", missing.STEPS),
    ("step", calls.CODES),
    ("tree", gone.CODES),
    ("home", HOME),
    ("tree", CHECK),
)
"""What rules have to say by name, and what each looks at."""


def _every() -> Iterator[Rule]:
    yield from (*CHECKS, *LEFT_OUT)
    for needs, table in _TABLES:
        for name, one in table.items():
            messages = one if isinstance(one, tuple) else (one,)
            yield Rule(name, messages, needs)


def _by_code(rules: Iterable[Rule]) -> dict[str, Rule]:
    found = {code: rule for rule in rules for code in rule.codes}
    return dict(sorted(found.items()))


_RULES = _by_code(_every())

RULES: Mapping[str, Rule] = MappingProxyType(_RULES)
"""Every rule by each of its codes, sorted; those of plugins behind them."""


def add(rule: Rule) -> None:
    """Add a rule of a plugin, whose codes nobody else has."""
    _RULES.update(dict.fromkeys(rule.codes, rule))
