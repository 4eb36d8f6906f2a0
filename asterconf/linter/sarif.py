"""Findings as SARIF 2.1.0, the form in which GitHub and others take them.

Source: https://docs.oasis-open.org/sarif/sarif/v2.1.0; the limits are those of GitHub's code
scanning, https://docs.github.com/en/code-security/code-scanning, "SARIF support".
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any
from urllib.parse import quote

from asterconf.diagnostic import Diagnostic
from asterconf.linter.outputs import Checked, Region, first_place
from asterconf.linter.rules.catalogue import RULES
from asterconf.linter.rules.rule import Rule
from asterconf.secrets import shown_text
from asterconf.source import Severity, comparable, printable

_RESULTS = 25_000
_LOCATIONS = 1_000
_STEPS = 10_000
_TAGS = 20
_LEVELS = {"error": "error", "warning": "warning", "advice": "note", "info": "note"}
_RISK = {"error": "8.5", "warning": "6.5", "advice": "4.5", "info": "1.0"}
"""GitHub ranks: over 9.0 critical, 7.0 high, 4.0 medium, else low."""

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_HOME = "https://github.com/asterconf/asterconf"
_ORDER = list(map(str, Severity))


def sarif(every: Sequence[Checked], *, version: str = "") -> dict[str, Any]:
    """Return a log with one run: the rules of what was found, and a result for each finding.

    Of more than 25,000 findings the worst are given, and a notification says how many are not.
    """
    rows = [
        (checked, one, key, regions)
        for checked in every
        for one, key, regions in zip(
            checked.found, checked.fingerprints, checked.regions, strict=True
        )
    ]
    left_out = len(rows) - _RESULTS
    if left_out > 0:
        rows.sort(key=lambda row: _ORDER.index(str(row[1].severity)))
        del rows[_RESULTS:]
    codes = sorted({one.code for _, one, _, _ in rows})
    note = f"{left_out} more findings are not in this file; the worst are" if left_out > 0 else ""
    indexes = {code: index for index, code in enumerate(codes)}
    results = [
        _result(checked, one, key, regions, indexes[one.code])
        for checked, one, key, regions in rows
    ]
    return log([_rule(code) for code in codes], results, version=version, note=note)


def log(
    rules: Sequence[dict[str, Any]],
    results: Sequence[dict[str, Any]],
    *,
    version: str = "",
    note: str = "",
) -> dict[str, Any]:
    """Return a log with one run.

    Args:
        rules: what `ruleIndex` of the results counts.
        results: the results.
        version: that of asterconf.
        note: what is not in the file; empty: nothing.
    """
    driver: dict[str, Any] = {"name": "asterconf", "informationUri": _HOME}
    driver |= {"version": version} if version else {}
    driver["rules"] = list(rules)
    invocation: dict[str, Any] = {"executionSuccessful": True}
    if note:
        notes = [{"level": "warning", "message": {"text": note}}]
        invocation["toolExecutionNotifications"] = notes
    run = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {
            "%SRCROOT%": {"description": {"text": "The folder in which asterconf was run."}}
        },
        "invocations": [invocation],
        "results": list(results),
    }
    return {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(code: str) -> dict[str, Any]:
    """Return what a viewer shows of a rule."""
    rule = RULES[code]
    message = rule.message(code)
    tags = [rule.family, *(["security"] if _is_security(rule) else [])]
    properties: dict[str, Any] = {"tags": list(dict.fromkeys(tags))[:_TAGS]}
    properties["precision"] = "medium" if rule.preview else "very-high"
    properties["problem.severity"] = _problem(message.severity)
    if _is_security(rule):
        properties["security-severity"] = _RISK[str(message.severity)]
    why = f"\n\n{rule.why}" if rule.why else ""
    help_text = f"{rule.what}{why}"
    markdown = f"# {code} {rule.name}\n\n{help_text}\n\nRun `asterconf check --explain {code}`.\n"
    return {
        "id": code,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.what[:1024]},
        "fullDescription": {"text": help_text[:1024]},
        "help": {"text": help_text, "markdown": markdown},
        "defaultConfiguration": {"level": _LEVELS[str(message.severity)]},
        "properties": properties,
    }


def _is_security(rule: Rule) -> bool:
    return rule.family == "security"


def _problem(severity: Severity) -> str:
    word = str(severity)
    return word if word in {"error", "warning"} else "recommendation"


def _result(
    checked: Checked, one: Diagnostic, key: str, regions: Sequence[Region], index: int
) -> dict[str, Any]:
    hint = f"\nHint: {one.hint}" if one.hint else ""
    result: dict[str, Any] = {
        "ruleId": one.code,
        "ruleIndex": index,
        "level": _LEVELS[str(one.severity)],
        "message": {"text": printable(one.message + hint)},
        "locations": [],
        "partialFingerprints": {"primaryLocationLineHash": key},
    }
    at = first_place(one)
    if at is not None:
        region = {"startLine": at.line, "startColumn": at.column}
        region |= {"endColumn": at.column + one.span} if one.span else {}
        result["locations"] = [_location(checked, at.file, region)]
    if one.related:
        result["relatedLocations"] = [
            {
                "id": number,
                **_location(
                    checked, place.file, {"startLine": place.line, "startColumn": place.column}
                ),
                "message": {"text": printable(note)},
            }
            for number, (place, note) in enumerate(one.related[:_LOCATIONS], 1)
        ]
        if RULES[one.code].follows and at is not None:
            way = [*one.related[: _STEPS - 1], (at, "here")]
            result["codeFlows"] = [{"threadFlows": [{"locations": [
                {"location": {
                    **_location(
                        checked, place.file, {"startLine": place.line, "startColumn": place.column}
                    ),
                    "message": {"text": printable(note)},
                }}
                for place, note in way
            ]}]}]  # fmt: skip
    if regions and all(_is_plain(edit.text) for edit in regions):
        result["fixes"] = [_fix(checked, one, regions)]
    return result


def _location(checked: Checked, file: str, region: dict[str, int]) -> dict[str, Any]:
    return {
        "physicalLocation": {"artifactLocation": artifact(checked.path(file)), "region": region}
    }


def artifact(file: str) -> dict[str, str]:
    """Return where a file is: below the working folder, if it lies there."""
    path = Path(file)
    if path.is_absolute():
        try:
            path = path.relative_to(Path.cwd())
        except ValueError:
            return {"uri": f"file://{_quoted(path)}"}
    return {"uri": _quoted(path), "uriBaseId": "%SRCROOT%"}


def _quoted(path: Path) -> str:
    return quote(comparable(path.as_posix()))


def _is_plain(text: str) -> bool:
    """Tell whether a text can be written down: it holds no secret and no odd byte."""
    return shown_text(text) == text == printable(text)


def _fix(checked: Checked, one: Diagnostic, regions: Iterable[Region]) -> dict[str, Any]:
    files: dict[str, list[dict[str, Any]]] = {}
    for edit in regions:
        deleted = {
            "startLine": edit.line, "startColumn": edit.column,
            "endLine": edit.end_line, "endColumn": edit.end_column,
        }  # fmt: skip
        replaced = {"deletedRegion": deleted, "insertedContent": {"text": edit.text}}
        files.setdefault(edit.file, []).append(replaced)
    words = one.hint or "repair it"
    return {
        "description": {"text": printable(words)},
        "artifactChanges": [
            {"artifactLocation": artifact(checked.path(file)), "replacements": replaced}
            for file, replaced in files.items()
        ],
    }
