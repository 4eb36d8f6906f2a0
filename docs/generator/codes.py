"""The page of every code that a diagnostic can have."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import import_module
from pkgutil import walk_packages

import attrs

import asterconf
from asterconf.codes import READING, Rule
from generator import text
from generator.examples import examples

__all__ = ["page", "rules"]

_SILENT = ("asterconf.testing", "asterconf.__main__")
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


@attrs.frozen
class Named:
    """A rule, and the word that the library's tables have for it."""

    word: str
    rule: Rule


def rules() -> dict[str, Named]:
    """Return every rule of the library, by its code, sorted."""
    found: dict[str, Named] = {}
    for module in walk_packages(asterconf.__path__, "asterconf."):
        if not module.name.startswith(_SILENT):
            for value in list(vars(import_module(module.name)).values()):
                for word, rule in _inside(value, ""):
                    if rule.code not in found or not found[rule.code].word:
                        found[rule.code] = Named(word, rule)
    return dict(sorted(found.items()))


def _inside(value: object, word: str) -> Iterator[tuple[str, Rule]]:
    """Yield the rules that a table holds."""
    if isinstance(value, Rule):
        yield word, value
    elif isinstance(value, dict):
        for key, item in value.items():
            yield from _inside(item, key if isinstance(key, str) else word)
    elif isinstance(value, tuple | list):
        for item in value:
            yield from _inside(item, word)


def page() -> str:
    """Return the page."""
    every = rules()
    chapters: dict[str, list[str]] = {}
    for code in every:
        chapters.setdefault(_chapter(code), []).append(code)
    head = "".join(
        f"| [{codes[0]} to {codes[-1]}](#{text.slug(title)}) | {title} |\n"
        for title, codes in chapters.items()
    )
    out = [_HEAD + head]
    for title, codes in chapters.items():
        out.append(f"## {title} {{ #{text.slug(title)} }}\n")
        out += [_entry(every[code]) for code in codes]
    return "\n".join(out)


def _chapter(code: str) -> str:
    return next(_CHAPTERS[code[:n]] for n in (4, 3) if code[:n] in _CHAPTERS)


def _entry(named: Named) -> str:
    rule = named.rule
    word = f" {named.word.replace('-', ' ')}" if named.word else ""
    lines = [f"### {rule.code}{word} {{ #{rule.code} }}\n"]
    lines.append(f"**{rule.severity}**: {_filled(rule.message)}  ")
    if _filled(rule.hint) not in {"", "*near*"}:
        lines.append(f"*What to do:* {_filled(rule.hint)}")
    if rule in READING.values():
        says = "logs it" if rule.logged else "says nothing"
        lines.append(f"\nAsterisk {says}{', and refuses the whole file' if rule.fatal else ''}.")
    lines += ["\n" + example.markdown() for example in examples().get(rule.code, ())]
    return "\n".join(lines) + "\n"


def _filled(template: str) -> str:
    """Return a message with a word in italics for what a file says."""
    out = []
    for piece in re.split(r"(\{\{|\}\}|\{\w+(?:![rs])?(?::[^}]*)?\})", template):
        if piece in {"{{", "}}"}:
            out.append(piece[0])
        elif piece.startswith("{") and piece.endswith("}"):
            out.append(f"*{re.findall(WORD, piece)[0]}*")
        else:
            out.append(text.plain(piece))
    return "".join(out)
