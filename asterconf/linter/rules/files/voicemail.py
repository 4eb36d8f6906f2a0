"""What voicemail.conf becomes when callers change it by phone."""

from __future__ import annotations

from collections.abc import Iterator

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.source import fold


class PinsInFile(TreeRule):
    """A voicemail.conf with boxes, without `passwordlocation = spooldir`.

    When somebody changes a PIN by phone, app_voicemail writes the file anew: what was edited or
    deployed meanwhile, and what is deployed next, and that PIN get into each other's way.
    """

    name = "pins-in-file"

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the section [general], where the dialplan has a step to change a PIN with."""
        menu = any(fold(step.app) == "voicemailmain" for step in tree.uses.steps.values())
        if not menu or not tree.work.mailboxes.objects:
            return
        where = tree.option("voicemail.conf", "general", "passwordlocation")
        script = tree.option("voicemail.conf", "general", "externpass")
        for section in tree.sections("voicemail.conf"):
            if fold(section.name) == "general" and script is None:
                if where is None or fold(where[0]) != "spooldir":
                    yield self.at(section.position)
                return
