"""What callers from outside can reach: lines that cost money, and functions for own phones."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.language import args
from asterconf.linter.rules.rule import StepRule, TreeRule
from asterconf.linter.tree import ExtensionAt, StepAt, Tree
from asterconf.references.plan import UseAt
from asterconf.source import Position, fold

_CHOICE = frozenset({"background", "waitexten", "disa", "readexten"})
"""Applications with which callers dial on in the context of the call."""

Way = tuple[tuple[Position, str], ...]
"""The steps by which a call comes to a place."""


class _Reach:
    """What a call may come to that comes in, by a walk over contexts and extensions."""

    def __init__(self, tree: Tree, start: str) -> None:
        self.tree = tree
        self.found: dict[tuple[str, str], Way] = {}
        self._contexts: dict[str, Way] = {}
        self._waiting: list[tuple[str, Way]] = [(start, ())]
        while self._waiting:
            self._dial(*self._waiting.pop(0))

    def _dial(self, context: str, way: Way) -> None:
        """The caller may dial whatever a context answers to."""
        if context in self._contexts or len(way) > 12:
            return
        self._contexts[context] = way
        held = self.tree.uses.contexts.get(context)
        if held is None:
            return
        for extension in held.extensions:
            self._run(context, extension.key, way)
        self._waiting += [(include.context, way) for include in held.includes]

    def _run(self, context: str, key: str, way: Way) -> None:
        at = self.tree.by_key.get((context, key))
        if at is None or (context, key) in self.found or len(way) > 12:
            return
        self.found[context, key] = way
        if any(fold(step.app) in _CHOICE for step in at.extension.steps):
            self._waiting.append((context, way))
        for use in self.tree.uses_of(at):
            if use.use.how in {"goto", "gosub", "dials"} and use.step >= 0:
                self._follow(at, use, way)

    def _follow(self, at: ExtensionAt, use: UseAt, way: Way) -> None:
        target = use.use.target
        key, mark, context = target.name.rpartition("@")
        if target.kind != "extension" or not mark or "$" in context:
            return
        step = at.extension.steps[use.step]
        longer = (*way, (at.place(step), f"{step.app} leads on from {at.extension.name}"))
        if "$" in key or not use.use.certain:
            self._waiting.append((context, longer))
        else:
            self._run(context, key, longer)


class OutsiderReachesTrunk(TreeRule):
    """Dial through a trunk with a number that the caller chooses, where callers from outside come.

    They are those of another trunk, and those whom nothing identifies. Such calls are the usual way
    in which a PBX costs thousands in one night. All calls are followed, as `asterconf ask reach`
    does: where none comes that far, nothing is said; where one does, it is named; where that
    depends on more than the files, the finding says "may".
    """

    name = "outsider-reaches-trunk"
    follows = True

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the first such step for each context that calls come into, with the way."""
        if not tree.trunks:
            return
        for context, endpoint in tree.outsiders.items():
            sent = [
                (at.place(at.extension.steps[use.step]), way, trunk)
                for key, way in _Reach(tree, context).found.items()
                for at in (tree.by_key[key],)
                for use, trunk in _outward(at, tree)
            ]
            steps = [place for place, _, _ in sent]
            answer = tree.reaches_trunk(endpoint.id, steps=steps) if sent else None
            if not sent or (answer is not None and answer.verdict == "no"):
                continue
            witness = answer.witness if answer is not None else None
            calls = witness.calls if witness is not None else ()
            run = {(step.file, step.line) for call in calls for step in call.steps}
            seen = next((one for one in sent if (one[0].file, one[0].line) in run), None)
            place, way, trunk = seen or sent[0]
            facts = {
                "context": context, "endpoint": endpoint.id, "trunk": trunk,
                "may": "is" if seen else "may be", "witness": f": {witness}" if seen else "",
            }  # fmt: skip
            yield self.at(place, way, **facts)


def _outward(at: ExtensionAt, tree: Tree) -> Iterator[tuple[UseAt, str]]:
    """Yield the devices of an extension that dial a number of the caller's through a trunk."""
    for use in tree.uses_of(at):
        target = use.use.target
        if use.use.how == "dials" and target.kind == "endpoint" and target.name in tree.trunks:
            data = at.extension.steps[use.step].data
            number = data.partition("/")[2].partition("@")[0]
            plain = not at.extension.is_pattern and not re.search(r"\$\{(?!EXTEN[:}])", number)
            if use.use.through and "$" in number and not plain:
                yield use, target.name


class AnonymousCalls(TreeRule):
    """An endpoint `anonymous`, which takes calls from whoever finds the PBX.

    Everybody in the internet may call whatever its context answers to.
    """

    name = "anonymous-calls"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such endpoint."""
        for one in tree.objects.all("endpoint"):
            if tree.role(one.id) == "anonymous":
                context = one.text("context") or "default"
                yield self.at(one.position, name=one.id, context=context)


class OutsiderTransfers(StepRule):
    """The option `T` of Dial and Queue in a context that calls from outside come into.

    With it the caller may transfer the call, to any number that the context of the transfer
    answers to.
    """

    name = "outsider-transfers"
    applications = frozenset({"dial", "queue"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        if "T" not in at.step.data or at.at.context.name not in tree.outsiders:
            return
        place = 2 if fold(at.step.app) == "dial" else 1
        cuts = at.arguments
        if len(cuts) <= place:
            return
        letters = args.split_options(cuts[place], substituted=False)
        if any(one.letter == "T" for one in letters):
            yield self.at(at.place)


class OpenDisa(StepRule):
    """DISA with `no-password`.

    Whoever comes to this step gets a dial tone, and may call on as if from inside.
    """

    name = "open-disa"
    applications = frozenset({"disa"})

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step, unless the caller has to authenticate before it."""
        before = {fold(step.app) for step in at.at.extension.steps[: at.index]}
        if fold(at.step.data).startswith("no-password") and not before & _ASKS:
            yield self.at(at.place)


_ASKS = {"authenticate", "vmauthenticate", "gotoif", "execif", "read", "agi"}
