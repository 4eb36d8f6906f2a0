"""The objects that sections of pjsip_wizard.conf make."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.rules.sections.between import BETWEEN
from asterconf.linter.rules.sections.check import section_findings
from asterconf.linter.rules.sections.lines import Lines
from asterconf.linter.rules.sections.names import NAMES
from asterconf.linter.rules.sections.values import VALUES
from asterconf.linter.tree import Tree


class WizardObjects(TreeRule):
    """What is wrong with the options of an object that the wizard makes.

    Of its values only those that the wizard derives are looked at: the lines of its section are
    checked as they stand.
    """

    name = "wizard-objects"
    messages = tuple(chain.from_iterable({**VALUES, **NAMES, **BETWEEN}.values()))

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield it for each object."""
        known = tree.work.schema.file("pjsip.conf")
        read = any("pjsip" in name for name in tree.work.names)
        for one in tree.objects if known is not None and read else ():
            if one.wizard and known is not None:
                lines, derived = Lines.made(one, known.objects[one.kind]), one.derived
                yield from section_findings(lines, values=derived.__contains__)[2]
