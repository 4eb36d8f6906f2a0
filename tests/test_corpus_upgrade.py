"""Real configurations under another version: every use of a name that is gone is found."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import asterconf
from asterconf import Config
from tests import overlay

SERIES = overlay.read("versions")["series"]
GONE = {
    table: {*SERIES["20"][table]["only_here"], *SERIES["23"][table]["not_here"]}
    for table in ("applications", "functions")
}
APPLICATION = re.compile(
    r"^\s*(?:exten|same)\s*=>?\s*(?:[^,;\[]*(?:\[[^\]]*\])?[^,;\[]*,)?\s*"
    r"(?:n|s|same|next|\d+)\s*(?:\+\d+)?(?:\([^)]*\))?\s*,\s*"
    rf"({'|'.join(sorted(GONE['applications'], key=len, reverse=True))})\s*\(",
    re.IGNORECASE,
)  # fmt: skip
DIALLED = re.compile(r"^\s*(?:exten|same)\s*=>?[^;]*[,(&]SIP/[\w$@]")
FUNCTION = re.compile(
    rf"^\s*(?:exten|same)\s*=>?[^;]*(?:\$\{{|Set\()({'|'.join(sorted(GONE['functions']))})\("
)
MARKS = {"applications": APPLICATION, "functions": FUNCTION, "technologies": DIALLED}


def trees(corpus: Path) -> Iterator[Config]:
    """Yield every folder with a dialplan, as Asterisk 20 reads it."""
    folders = {path.parent for path in (corpus / "public").rglob("extensions.conf*")}
    for folder in sorted(folders):
        yield asterconf.load(folder, asterisk="20")


def written(conf: Config) -> Iterator[tuple[str, str, int]]:
    """Yield what is gone by its text alone, in the files that extensions.conf consists of."""
    effective = conf.effective("extensions.conf")
    held = {
        (item.origin.file, item.origin.line) for section in effective for item in section.items
    }  # without what block comments and templates that nobody uses keep from Asterisk
    for file, _ in effective.files:
        for number, line in enumerate(str(conf[file]).split("\n"), 1):
            for kind, pattern in MARKS.items():
                if (file, number) in held and pattern.search(line):
                    yield kind, file, number


def test_every_use_of_a_gone_name_is_found(corpus: Path) -> None:
    count, missed = Counter[str](), []
    for conf in trees(corpus):
        if "extensions.conf" not in conf or not conf.effective("extensions.conf").valid:
            continue
        report = conf.upgrade_report("23")
        told = {(one.place.file, one.place.line) for one in report if one.kind == "gone"}
        for kind, file, number in written(conf):
            count[kind] += 1
            if (file, number) not in told:
                missed.append((conf.root, file, number))
    assert missed == []
    assert count["applications"] >= 90
    assert count["technologies"] >= 260
    assert count["functions"] >= 15


def test_what_means_something_else_has_another_value(corpus: Path) -> None:
    """No line is reported whose value is the same under both versions."""
    for conf in trees(corpus):
        new = conf.with_asterisk("23")
        for one in conf.upgrade_report("23"):
            assert one.kind not in {"means", "default"} or one.before != one.after
        assert new.upgrade_report("23").changes == ()
