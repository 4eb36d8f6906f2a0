"""What the readers of lines and sections find odd: AC0 and AC1.

What Asterisk logs has the name that the recorded vectors give it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import attrs

from asterconf.diagnostic import Diagnostic, Message
from asterconf.source import Position, Severity

_E, _W = Severity.ERROR, Severity.WARNING

READING: Mapping[str, Message] = {
    "line-too-long": Message(
        "AC001", _E, "line of {size} bytes is dropped whole", "keep lines at 8190 bytes or less",
    ),
    "unterminated-comment": Message(
        "AC002", _W, "block comment is never closed; the rest of the file is hidden",
        "close it with --; on a line of its own",
    ),
    "no-equals": Message(
        "AC003", _E, "line without '=' is skipped: {text!r}",
        "write NAME = VALUE, or put a ; before it",
    ),
    "no-variable-name": Message(
        "AC004", _E, "nothing stands before '=': {text!r}", "write NAME = VALUE",
    ),
    "invalid-escape": Message(
        "AC005", _E, "'\\' at the start of a line must be followed by a printable character",
        "remove the backslash: a line cannot be continued on the next one", fatal=True,
    ),
    "no-closing-bracket": Message(
        "AC006", _E, "section header without ']': {text!r}", "close it: [name]", fatal=True,
    ),
    "no-closing-paren": Message(
        "AC007", _E, "template list without ')': {text!r}", "close it: [name](template)",
        fatal=True,
    ),
    "unknown-directive": Message(
        "AC008", _E, "unknown directive '#{word}' is skipped",
        "a comment starts with ';'; directives are #include, #tryinclude and #exec",
    ),
    "directive-needs-argument": Message(
        "AC009", _E, "#{word} without a file name is skipped", "name the file",
    ),
    "exec-disabled": Message(
        "AC010", _W, "#exec is skipped unless execincludes=yes in asterisk.conf",
        "its output is unknown here; pass exec_output= to supply it",
    ),
    "include-failed": Message(
        "AC011", _E, "nothing could be read for #include {name!r}",
        "{near}names are relative to the configuration directory; #tryinclude goes on without it",
        fatal=True,
    ),
    "include-depth": Message(
        "AC012", _E, "more than ten levels of includes", "does a file include itself?",
    ),
    "not-a-regular-file": Message("AC013", _E, "{name!r} is not a regular file", "name a file"),
    "included-twice": Message(
        "AC014", _W, "{name!r} is included a second time", "its sections now stand twice",
    ),
    "text-after-nul": Message(
        "AC015", _W, "a NUL byte hides the rest of this line", "remove the NUL",
        verified="behaviour",
    ),
    "stray-comment-end": Message(
        "AC016", _W, "'--;' outside a block comment hides every later line",
        "remove it, or open the comment with ;-- before it", verified="behaviour",
    ),
    "comment-depth": Message(
        "AC017", _E, "the 129th nested ;-- makes Asterisk hang", "close the block comments",
        verified="behaviour", fatal=True,
    ),
    "outside-root": Message(
        "AC018", _W, "{name!r} lies outside the configuration directory and was not read",
        "pass its folder in include_roots=, or root=, if you mean it", verified="behaviour",
    ),
    "too-much": Message(
        "AC019", _E, "{what}: reading stops here",
        "a bound of this library, told in docs/guarantees.md; Asterisk may read on",
        verified="behaviour", fatal=True,
    ),
    "include-ignored": Message(
        "AC023", _E, "nothing could be read for #include {name!r}, so Asterisk refuses the whole "
        "{file}; it is read here as if that file were empty",
        "names are relative to the configuration directory; #tryinclude goes on without it",
        verified="behaviour",
    ),
    "no-category": Message(
        "AC101", _E, "line before the first section: {text!r}", "put it below a [section]",
        fatal=True,
    ),
    "inherit-target-missing": Message(
        "AC102", _E, "[{section}] inherits from {name!r}, which does not exist above it",
        "names in the list are taken as written, blanks included", fatal=True,
    ),
    "append-target-missing": Message(
        "AC103", _E, "no earlier section [{section}] to add to",
        "(+) needs a section of the same name above it that is no template", fatal=True,
    ),
    "bad-filter-regex": Message(
        "AC104", _E, "{name!r} is not a regular expression", "POSIX extended syntax is meant",
    ),
    "self-append": Message(
        "AC105", _E, "[{section}] adds its own items to itself; Asterisk never ends here",
        "remove the name from the list", verified="behaviour", fatal=True,
    ),
    "name-cut": Message(
        "AC106", _W, "section name is cut to 79 bytes", "use a shorter name", verified="behaviour",
    ),
    "list-ignored": Message(
        "AC107", _W, "text after the header is ignored: {text!r}",
        "a template list must touch the ']'", verified="behaviour",
    ),
    "empty-entry": Message(
        "AC108", _W, "an empty entry inherits from the first section of the file",
        "name the template, or remove the comma or parentheses", verified="behaviour",
    ),
    "override-ignored": Message(
        "AC109", _W,
        "{name} of [{section}] is ignored: Asterisk {asterisk} uses that of [{template}]",
        "set it in the template, or inherit from one that does not set it", verified="behaviour",
    ),
}  # fmt: skip
"""By name."""


def diagnose(
    kind: str,
    position: Position | None,
    related: Iterable[tuple[Position, str]] = (),
    **facts: object,
) -> Diagnostic:
    """Return the finding for one word of the table, which Asterisk's own message bears, too."""
    message = READING[kind]
    found = message.at(position, related, **facts)
    return attrs.evolve(found, kind=kind) if message.logged else found
