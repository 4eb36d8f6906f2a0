"""A page for each code of `check`: what it looks at, why, how that is known, and its cases."""

from __future__ import annotations

from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.rules.rule import worded
from generator import codes, text
from generator.examples import CASES, block, files

__all__ = ["page", "pages"]

_KNOWN = {
    "log": "Asterisk logs it.",
    "behaviour": "Asterisk was seen to behave so.",
    "source": "Asterisk's source or documentation says so.",
    "judgement": "Experience says that it will hurt; Asterisk neither logs nor minds it.",
}
_TITLES = {"bad": "Gives it", "good": "Does not give it", "fixed": "Repaired"}


def pages() -> dict[str, str]:
    """Return the page of each code, by the code."""
    return {code: page(code) for code in RULES}


def page(code: str) -> str:
    """Return the page of a code."""
    rule = RULES[code]
    message = rule.message(code)
    facts = [
        ("severity", str(message.severity)),
        ("family", f"`{rule.family}`"),
        ("how it is known", _KNOWN[rule.verified]),
        ("versions of Asterisk", f"{rule.since or 'the first'} to {rule.until or 'the last'}"),
        ("on", "if it is asked for (preview)" if rule.preview else "yes"),
    ]
    if not (rule.since or rule.until):
        del facts[3]
    lines = [f"# {code} {rule.name}\n", text.plain(rule.what) + "\n"]
    why = rule.why if rule.why != _KNOWN[rule.verified] else ""
    lines += [text.plain(part) + "\n" for part in why.split("\n\n") if part]
    lines += ["| | |", "| --- | --- |", *(f"| {key} | {value} |" for key, value in facts), ""]
    if worded(message.message).lower() not in rule.what.lower():
        lines.append(f"Message: {codes.filled(message.message)}\n")
    if codes.filled(message.hint):
        lines.append(f"Hint: {codes.filled(message.hint)}\n")
    for case, title in _TITLES.items():
        lines += _case(code, case, title)
    lines.append(
        f"To leave it out: `--ignore {code}`, or `; asterconf: ignore {code} (why)` on the line. "
        f"[All codes](../codes.md#{code}), [what to look for](../../check.md#what-to-look-for)."
    )
    return "\n".join(lines) + "\n"


def _case(code: str, case: str, title: str) -> list[str]:
    """Return the files of a case."""
    shown = [block(name, text) + "\n" for name, text in files(CASES / code / case).items()]
    return [f"## {title}\n", *shown] if shown else []
