"""What `asterconf check` says about its rules: `--list` and `--explain`."""

from __future__ import annotations

from typing import Any

import click

from asterconf.cli._common import print_json, print_table, say
from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.rules.rule import Rule, worded
from asterconf.source import fold, meant, printable

_KNOWN = {
    "log": "Asterisk logs it",
    "behaviour": "Asterisk was seen to behave so",
    "source": "Asterisk's source or documentation says so",
    "judgement": "experience says so",
}


def print_list(output: str) -> None:
    """Print a line for each code, or all that is known as JSON."""
    if output == "json":
        print_json({"format": 1, "rules": [_data(code, rule) for code, rule in RULES.items()]})
        return
    rows = [
        (code, rule.name, rule.family, str(rule.message(code).severity), _state(rule))
        for code, rule in RULES.items()
    ]
    print_table(("code", "name", "family", "severity", ""), rows)


def print_rule(code: str, output: str) -> None:
    """Print what a rule looks at, why, and how that is known.

    Raises:
        UsageError: there is no such code.
    """
    found = next((one for one in RULES if fold(one) == fold(code)), None)
    named = next((one for one, rule in RULES.items() if rule.name == fold(code)), None)
    found = found or named
    if found is None:
        names = (*RULES, *(rule.name for rule in RULES.values()))
        hint = meant(code, names, 3, before="; ") or "; see --list"
        raise click.UsageError(f"there is no code {printable(code)!r}{hint}")
    rule = RULES[found]
    if output == "json":
        print_json({"format": 1, **_data(found, rule)})
        return
    message = rule.message(found)
    say(f"{found} {rule.name} ({message.severity}, {rule.family}{_comma(_state(rule))})\n")
    known = f"{_KNOWN[rule.verified]}."
    say(rule.what)
    for paragraph in rule.why.split("\n\n") if rule.why not in {"", known} else ():
        say(f"\n{paragraph}")
    say("")
    said = worded(message.message)
    if said.lower() not in rule.what.lower():
        say(f"Message: {said}")
    if hint := worded(message.hint):
        say(f"Hint: {hint}")
    say(f"How it is known: {known}")
    if rule.since or rule.until:
        say(f"Versions of Asterisk: {rule.since or 'any'} to {rule.until or 'any'}.")


def _comma(text: str) -> str:
    return f", {text}" if text else ""


def _state(rule: Rule) -> str:
    return "preview" if rule.preview else ""


def _data(code: str, rule: Rule) -> dict[str, Any]:
    message = rule.message(code)
    return {
        "code": code,
        "name": rule.name,
        "family": rule.family,
        "severity": str(message.severity),
        "verified": rule.verified,
        "preview": rule.preview,
        "since": rule.since,
        "until": rule.until,
        "message": message.message,
        "hint": message.hint,
        "what": rule.what,
        "why": rule.why,
    }
