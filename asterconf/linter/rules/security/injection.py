"""What callers send, and where it is run or dialled."""

from __future__ import annotations

import re
from collections.abc import Iterator

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.rules.rule import StepRule
from asterconf.linter.tree import StepAt, Tree
from asterconf.source import Severity

_SENT = re.compile(
    r"\$\{(?:CALLERID\((?:name|num|all|ani|rdnis)[^}]*|CALLERIDNAME|PJSIP_HEADER\(read[^}]*"
    r"|SIP_HEADER\([^}]*|EXTEN)(?=[}:])[^}]*\}",
    re.IGNORECASE,
)
"""What a caller sends, in a text."""


def _sent(at: StepAt, text: str) -> str:
    """Return what a caller sends of a text as it is; empty: nothing, or only known characters."""
    open_ended = at.at.extension.is_pattern and at.at.extension.name[-1:] in {".", "!"}
    for found in _SENT.finditer(text):
        filtered = re.search(r"\$\{(?:FILTER|QUOTE|URIENCODE)\([^${}]*\Z", text[: found.start()])
        exten = found[0].upper().startswith("${EXTEN")
        if filtered is None and (open_ended or not exten):
            return found[0]
    return ""


class CallerTextInShell(StepRule):
    """System, TrySystem and SHELL with the caller's name, a header, or an open-ended number.

    A caller can send `;` or `$(…)` there, and the shell runs it, with the rights of Asterisk.
    """

    name = "caller-text-in-shell"
    applications = frozenset({"system", "trysystem", "set", "execif"})
    messages = (
        Message(
            "AC724", Severity.ADVICE,
            "{text} is sent by the caller, and a shell runs what stands in it",
            "filter it: ${{FILTER(0-9A-Za-z,…)}}", verified="source",
        ),
    )  # fmt: skip

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        word, data = at.step.app.lower(), at.step.data
        if word in {"set", "execif"}:
            shell = re.search(r"\bSHELL\(.*|\b(?:Try)?System\(.*", data, re.IGNORECASE | re.DOTALL)
            data = shell[0] if shell is not None else ""
        if text := _sent(at, data):
            yield self.at(at.place, text=text)


class CallerTextInDial(StepRule):
    """Dial with the number of a pattern that ends in `.` or `!`, as it is.

    Such a pattern matches letters and `&`, too: whoever dials `6001&PJSIP/0900…@trunk` rings both.
    Asterisk's own page of best practices asks for FILTER there. Looked at where endpoints dial:
    what comes by a jump may have been filtered before.
    """

    name = "caller-text-in-dial"
    applications = frozenset({"dial"})
    messages = (
        Message(
            "AC725", Severity.ADVICE,
            "{pattern} matches any characters, '&' and '/' included, and {text} is dialled as it "
            "is",
            "write ${{FILTER(0-9+,${{EXTEN}})}}, or a pattern without . and !", verified="source",
        ),
    )  # fmt: skip

    def check(self, at: StepAt, tree: Tree) -> Iterator[Diagnostic]:
        """Yield the step."""
        name = at.at.extension.name
        if not name.startswith("_") or not at.step.data:
            return
        before = any("FILTER(" in step.data for step in at.at.extension.steps[: at.index])
        text = _sent(at, at.arguments[0])
        dialled = text.upper().startswith("${EXTEN") and not before
        if dialled and not tree.entrances.isdisjoint(tree.uses.callers(at.at.context.name)):
            yield self.at(at.place, pattern=name, text=text)
