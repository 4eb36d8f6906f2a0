"""Sounds that steps play and that are not in Asterisk's folder of sounds."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import StepRule
from asterconf.linter.tree import StepAt, Tree
from asterconf.source import fold

_PLAYED = {"playback": 0, "background": 0, "controlplayback": 0, "read": 1}
"""Applications that play sounds, each with the argument that names them."""


class MissingSound(StepRule):
    """A sound that a step plays and that is not in the folder of `--sounds`.

    Looked for is a file of that name with any ending, there and in its folders of languages;
    without `--sounds` nothing is said. Observed on 22.10.1: the call goes on in silence.
    """

    name = "missing-sound"
    applications = frozenset(_PLAYED)

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step for each such sound; one that the dialplan records is none."""
        number, cuts = _PLAYED[fold(at.step.app)], at.arguments
        if tree.sounds is None or len(cuts) <= number:
            return
        for name in map(str.strip, cuts[number].split("&")):
            plain = name and not name.startswith("/") and not set(name) & set("$:\\\"'")
            if plain and name not in tree.sounds and name not in tree.recorded:
                yield self.at(at.place, name=name)
