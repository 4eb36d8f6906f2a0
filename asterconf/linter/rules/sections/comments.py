"""Comments that were meant to be part of a value, and values that were meant to be comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

import attrs

from asterconf.codes import Message
from asterconf.diagnostic import Diagnostic
from asterconf.linter.lines import FileLines
from asterconf.linter.rules.rule import TreeRule
from asterconf.linter.tree import Tree
from asterconf.source import Severity, TextEdit, fold
from asterconf.syntax.lines import Option

_CUT: Final = "{option} ends before ';': {lost!r} is a comment"
_HINT: Final = "write \\; if it belongs to the value"


class CommentInValue(TreeRule):
    """A `;` in the URI of a phone or trunk, or in the text of a mail: all behind it is a comment.

    Nothing else begins a comment: `//` becomes part of the value.
    """

    name = "comment-in-value"
    messages = (
        Message("AC433", Severity.WARNING, _CUT, _HINT, verified="behaviour"),
        Message("AC537", Severity.WARNING, _CUT, _HINT, verified="source"),
        Message(
            "AC434", Severity.WARNING, "{lost!r} is part of the value of {option}, and no comment",
            "a comment begins with ;", verified="behaviour",
        ),
    )  # fmt: skip

    def check(self, tree: Tree) -> Iterator[Diagnostic]:
        """Yield each such line."""
        lines = FileLines(tree.work.files)
        for file in ("pjsip.conf", "pjsip_wizard.conf", "voicemail.conf"):
            mails = file == "voicemail.conf"
            for section in tree.sections(file):
                for index, (name, value) in enumerate(section.pairs):
                    if fold(name) not in _MAILS if mails else not _URI.match(value):
                        continue
                    place = section.item(index).origin
                    node, start = lines.node(place), lines.start(place)
                    if not isinstance(node, Option):
                        continue
                    cut, behind = node.fields.comment_at, node.text[node.fields.comment_at :]
                    lost = (_MEANT if mails else _PARAMETER).match(behind)
                    if lost and (mails or node.text[cut - 1] not in " \t"):
                        code = "AC537" if mails else "AC433"
                        one = self.at(place, code=code, option=name, lost=lost[0].rstrip())
                        edit = TextEdit(place.file, start + cut, start + cut, "\\")
                        yield attrs.evolve(one, fix=(edit,), unsafe=True)
                    elif not mails and (slashes := re.search(r"[ \t](//.*)", value)):
                        yield self.at(place, code="AC434", option=name, lost=slashes[1])


_URI: Final = re.compile(r"<?sips?:|[\d.]+[ \t]+//", re.IGNORECASE)
_PARAMETER: Final = re.compile(r";(?:[a-z][\w-]*=[^\s;]+|lr|ob|hide)\b.*", re.IGNORECASE)
_MAILS: Final = frozenset({
    "emailsubject", "emailbody", "emaildateformat", "fromstring",
    "pagersubject", "pagerbody", "pagerdateformat", "pagerfromstring",
})  # fmt: skip
_MEANT: Final = re.compile(r";.*(?:\$\{|\\[nrt]|%[A-Za-z]).*")
"""What stands in no comment, but in the text of a mail."""
