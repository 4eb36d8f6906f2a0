"""The page of every code that a diagnostic can have."""

from __future__ import annotations

import re

from asterconf.linter.rules.catalogue import RULES
from generator import text
from generator.examples import examples

__all__ = ["filled", "page"]

_CHAPTERS = {
    "AC0": "Reading lines",
    "AC1": "Sections and templates",
    "AC20": "Loading a dialplan",
    "AC21": "Loading a dialplan",
    "AC22": "Loading a dialplan",
    "AC23": "Loading a dialplan",
    "AC24": "Loading a dialplan",
    "AC2": "Applications",
    "AC30": "Inside values: variables, expressions, times, caller ids, dial strings",
    "AC31": "Inside values: variables, expressions, times, caller ids, dial strings",
    "AC32": "Inside values: variables, expressions, times, caller ids, dial strings",
    "AC33": "Inside values: variables, expressions, times, caller ids, dial strings",
    "AC3": "Evaluation",
    "AC4": "PJSIP",
    "AC5": "Queues and voicemail",
    "AC6": "All other files",
    "AC7": "What Asterisk no longer has",
    "AC8": "Building a home PBX",
    "AC9": "Names in the dialplan that nothing has",
}
_KNOWN = {
    "log": "a message that Asterisk logs", "behaviour": "what Asterisk was seen to do",
    "source": "Asterisk's source or documentation", "judgement": "experience",
}  # fmt: skip
_WORDS = {"refuses": "refuses *the object or the file*", "near": ""}
WORD = r"\w+"
_HEAD = """\
# Codes

Each diagnostic has a code, which stands for one thing and is never used again for another.
An **error** is what Asterisk refuses or drops, a **warning** what works but not as written,
**advice** what works but is likely to cause trouble.
Words in *italics* are filled in with what a file says.
Below an entry is a file that gives it, and the finding as it is printed.

| codes | about |
| --- | --- |
"""


def page() -> str:
    """Return the page."""
    chapters: dict[str, list[str]] = {}
    for code in RULES:
        chapters.setdefault(_chapter(code), []).append(code)
    head = "".join(
        f"| [{codes[0]} to {codes[-1]}](#{text.slug(title)}) | {title} |\n"
        for title, codes in chapters.items()
    )
    out = [_HEAD + head]
    for title, codes in chapters.items():
        out.append(f"## {title} {{ #{text.slug(title)} }}\n")
        out += [_entry(code) for code in codes]
    return "\n".join(out)


def _chapter(code: str) -> str:
    return next(_CHAPTERS[code[:n]] for n in (4, 3) if code[:n] in _CHAPTERS)


def _entry(code: str) -> str:
    rule = RULES[code]
    message = rule.message(code)
    lines = [f"### {code} {rule.name} {{ #{code} }}\n"]
    lines.append(f"**{message.severity}**: {filled(message.message)}  ")
    if filled(message.hint):
        lines.append(f"*What to do:* {filled(message.hint)}  ")
    lines.append(f"*Known by:* {_KNOWN[rule.verified]}")
    lines[-1] += f" ([more](rules/{code}.md))"
    if rule.why:
        lines.append(f"\n{text.plain(rule.why)}")
    lines += ["\n" + example.markdown() for example in examples().get(code, ())]
    return "\n".join(lines) + "\n"


def filled(template: str) -> str:
    """Return a message with a word in italics for what a file says."""
    out = []
    for piece in re.split(r"(\{\{|\}\}|\{\w+(?:![rs])?(?::[^}]*)?\})", template):
        if piece in {"{{", "}}"}:
            out.append(piece[0])
        elif piece.startswith("{") and piece.endswith("}"):
            word = re.findall(WORD, piece)[0]
            out.append(_WORDS.get(word, f"*{word}*"))
        else:
            out.append(text.plain(piece))
    return "".join(out)
