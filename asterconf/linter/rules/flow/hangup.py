"""Extension `h`, which runs when the call is over."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import StepRule
from asterconf.linter.tree import StepAt, Tree


class HangupNeedsCall(StepRule):
    """Playback, Dial and their like in the extension `h`.

    It runs after the call has ended: there is nobody to hear or to connect, and the steps behind
    do not run.
    """

    name = "hangup-needs-call"
    applications = frozenset({
        "playback", "background", "read", "queue", "waitexten", "voicemail", "voicemailmain",
        "confbridge", "saydigits", "saynumber", "musiconhold", "echo",
    })  # fmt: skip

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        if at.at.extension.name == "h":
            yield self.at(at.place, step=at.step.app)
