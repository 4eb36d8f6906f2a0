"""What must hold for all calls: the tables `never` and `always` of tests.toml."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final, Literal

import attrs

from asterconf.ask.answers import ReachAnswer, TableAnswer
from asterconf.ask.assumed import Assume, assume_texts, assumed_of
from asterconf.ask.reach import reach
from asterconf.calls.expectations import Shape, check_table, named, read_tables
from asterconf.errors import LoadError, ModelError
from asterconf.numbers import Numbers
from asterconf.shown import Shown
from asterconf.source import printable
from asterconf.workspace import Workspace

_POLICY: Final[Shape] = {
    "assume": (dict,), "from": (str,), "name": (str,), "numbers": (str, list, int), "to": (str,),
}  # fmt: skip


@attrs.frozen
class Policy(Shown):
    """What must hold for all calls.

    Attributes:
        name: what it is called in reports.
        kind: `never`: no call does it; `always`: every one does, at every hour.
        entry: where the calls come in, as of `Questions.reach`.
        to: which trunk; `trunk` is any.
        numbers: patterns and numbers that are dialled; none: anything.
        assume: what is taken for known, as of `Questions.reach`.
    """

    name: str
    kind: Literal["never", "always"]
    entry: str
    to: str = "trunk"
    numbers: tuple[str, ...] = ()
    assume: Assume = attrs.field(factory=dict, hash=False)

    def run(self, workspace: Workspace) -> HeldPolicy:
        """Ask it of a configuration.

        Raises:
            LoadError: there is no dialplan, or Asterisk refuses it: nothing is true of its calls.
            NotFoundError: there is no such endpoint or context.
            ModelError: an `always` needs numbers that are no patterns.
        """
        from asterconf.ask.emergencies import emergency

        if workspace.no_dialplan:
            raise LoadError(workspace.no_dialplan)
        assumed = assumed_of(self.assume)
        if self.kind == "never":
            found = Numbers(*self.numbers) if self.numbers else None
            return HeldPolicy(self, reach(workspace, self.to, self.entry, found, assumed=assumed))
        if not self.numbers or any(one.startswith("_") for one in self.numbers):
            raise ModelError(f"{self.name}: always needs numbers, which are no patterns")
        return HeldPolicy(
            self, emergency(workspace, self.numbers, self.entry, to=self.to, assumed=assumed)
        )


@attrs.frozen
class HeldPolicy(Shown):
    """A policy and the answer."""

    policy: Policy
    answer: ReachAnswer | TableAnswer

    @property
    def passed(self) -> bool:
        """Whether it holds; what is unknown does not."""
        return self.answer.verdict == ("no" if self.policy.kind == "never" else "yes")

    def __str__(self) -> str:
        verdict = "passed" if self.passed else "failed"
        if self.passed:
            return f"{self.policy.name}: passed"
        lines = str(self.answer).splitlines()
        witness = self.answer.witness if isinstance(self.answer, ReachAnswer) else None
        lines += [f"  {witness}"] if witness is not None else []
        return printable("\n".join([f"{self.policy.name}: {verdict}", *(f"  {x}" for x in lines)]))

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "name": self.policy.name, "kind": self.policy.kind, "passed": self.passed,
            "answer": self.answer.to_dict(),
        }  # fmt: skip


def read_policies(path: Path) -> tuple[Policy, ...]:
    """Return the tables `never` and `always` of a file; its table `assume` holds for all of them.

    Raises:
        LoadError: it cannot be read, or is no TOML.
        ModelError: a table has a key that means nothing.
    """
    data = read_tables(path)
    found = []
    kinds: tuple[Literal["never", "always"], ...] = ("never", "always")
    for kind in kinds:
        for number, table in enumerate(data[kind], 1):
            with named(f"{path.name}: {kind} {number}"):
                found.append(_policy(kind, number, table, data["assume"]))
    return tuple(found)


def _policy(
    kind: Literal["never", "always"], number: int, table: Mapping[str, Any],
    common: Mapping[str, Any],
) -> Policy:  # fmt: skip
    check_table("a policy", table, _POLICY)
    if "from" not in table:
        raise ModelError("it needs 'from'")
    numbers = table.get("numbers", [])
    made = tuple(map(str, numbers if isinstance(numbers, list) else [numbers]))
    name = table.get("name", f"{kind} {number}")
    assume = assume_texts(common | table.get("assume", {}))
    return Policy(name, kind, table["from"], table.get("to", "trunk"), made, assume)
