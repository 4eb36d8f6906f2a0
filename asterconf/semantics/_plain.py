"""Substitution of plain `${NAME}`: what loading a dialplan needs in nearly every file."""

from __future__ import annotations

import re
from collections.abc import Mapping

__all__ = ["needs_evaluator", "substitute"]

_OPENING = re.compile(r"\$[{\[]")
_DIRECTORIES = "ETC MOD VARLIB DB KEY DATA AGI SPOOL RUN LOG SBIN CACHE"
_SYSTEM = {"EPOCH", "SYSTEMNAME", "ENTITYID", *(f"AST{d}DIR" for d in _DIRECTORIES.split())}
"""Variables whose values lie outside the configuration."""


def needs_evaluator(text: str) -> bool:
    """Return whether `substitute` left something as written."""
    return "${" in text or "$[" in text


def _closing(text: str, at: int, brackets: str) -> int:
    """Return the offset behind the bracket that closes the one at `at`, or -1."""
    depth = 0
    for offset in range(at, len(text)):
        depth += (text[offset] == brackets[0]) - (text[offset] == brackets[1])
        if not depth:
            return offset + 1
    return -1


def substitute(text: str, variables: Mapping[str, str]) -> str:
    """Replace plain `${NAME}`; an unknown name is empty.

    What needs more than a look-up stays as written: slices, functions, `$[…]`, and names whose
    values only a running Asterisk knows, such as `${EPOCH}`.

    Source: main/pbx_variables.c, ast_str_substitute_variables_full.
    """
    done = []
    at = 0
    while found := _OPENING.search(text, at):
        start = found.start()
        end = _closing(text, start + 1, "{}" if text[start + 1] == "{" else "[]")
        if end < 0:
            break
        done.append(text[at:start])
        name = substitute(text[start + 2 : end - 1], variables)
        if (
            text[start + 1] == "["
            or needs_evaluator(name)
            or set(name) & set(":(")
            or name in _SYSTEM
        ):
            done.append(text[start:end])
        else:
            done.append(variables.get(name, ""))
        at = end
    return "".join((*done, text[at:]))
