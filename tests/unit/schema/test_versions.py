"""The overlay of the versions: equal to the tables of facts, both ways."""

from __future__ import annotations

import pickle
from collections import Counter
from typing import Any

import pytest

from asterconf import schema
from asterconf.errors import LoadError
from tests import overlay

VERSIONS, READERS = overlay.read("versions"), overlay.read("readers")
COLUMNS = {"18": "18", "20": "20", "21": "21", "22": "22.10.1", "22.11": "22", "23": "23"}
KINDS = ("applications", "functions")


def test_the_file_is_what_the_tables_make() -> None:
    assert overlay.TARGET.read_text() == overlay.text()


@pytest.mark.parametrize("version", COLUMNS)
@pytest.mark.parametrize("table", KINDS)
def test_the_names_of_a_version_are_those_that_it_documents(version: str, table: str) -> None:
    series = VERSIONS["series"].get(COLUMNS[version], {}).get(table, {})
    base = set(getattr(schema, table)())
    wanted = (base | set(series.get("only_here", ()))) - set(series.get("not_here", ()))
    found = set(getattr(schema.at(version), table)())
    assert found == wanted
    assert len(found) == VERSIONS["counts"][COLUMNS[version]][table]


def _options(version: str) -> dict[str, schema.OptionFacts]:
    known = schema.at(version)
    files = [known.file(name) for name in schema.files()]
    return {
        f"{file.name}/{kind.name}/{option.name}": option
        for file in files
        if file is not None and file.loader != "removed"
        for kind in file.objects.values()
        for option in kind.options.values()
    }


@pytest.mark.parametrize("version", [v for v in COLUMNS if v != "22"])
def test_the_options_of_a_version_are_those_that_it_documents(version: str) -> None:
    table = VERSIONS["series"][COLUMNS[version]]["options"]
    found = _options(version)
    moved = {
        f"{overlay.OLD_FILE_NAMES[file]}/{rest}"
        for file, _, rest in (name.partition("/") for name in table["only_here"])
        if file in overlay.OLD_FILE_NAMES
    }
    here = {n for n in table["only_here"] if n.partition("/")[0] not in overlay.OLD_FILE_NAMES}
    assert {n for n in here if ".conf/" in n} <= found.keys()
    assert (set(table["not_here"]) - moved) & found.keys() == set()
    assert {n for n in moved if n in _options("22")} <= found.keys()
    for name, values in table["default_differs"].items():
        assert found[name].default == values["here"]


def _rows() -> list[tuple[str, str, str, dict[str, Any]]]:
    return [
        (file, kind, option, row)
        for file, kinds in READERS.items()
        if not file.startswith("_")
        for kind, options in kinds.items()
        for option, row in options.items()
    ]


@pytest.mark.parametrize("version", COLUMNS)
def test_which_of_several_lines_counts_is_what_the_readers_do(version: str) -> None:
    column = {"22": "22.10.1", "22.11": "22.10.1"}.get(version, version)
    known, seen = schema.at(version), Counter[str]()
    for file, kind, option, row in _rows():
        facts = known.file(file)
        kinds = facts.objects if facts is not None and facts.loader != "removed" else {}
        every = list(kinds.values()) if kind.startswith("*") else [kinds.get(kind)]
        for one in every:
            found = one.options.get(option) if one is not None else None
            if row[column] is None:
                assert found is None or version == "22", (file, kind, option)
                seen["not read"] += 1
            elif found is not None:
                assert found.repeat == row[column], (file, kind, option)
                seen["option"] += 1
            else:
                name = kind if kind in overlay.WHOLE_SECTIONS else "any"
                assert known.repeat(file, kind, name, option) == row[column], (file, kind, option)
                seen["table"] += 1
    assert sum(seen.values()) >= 438
    assert seen["option"] > 200


def test_every_first_option_of_22_has_a_reader() -> None:
    rows = {f"{file}/{kind}/{option}" for file, kind, option, _ in _rows()}
    any_kind = {(file, option) for file, kind, option, _ in _rows() if kind.startswith("*")}
    first = {name: one for name, one in _options("22").items() if one.raw["repeat"] == "first"}
    missing = [
        n for n, one in first.items() if n not in rows and (one.file, one.name) not in any_kind
    ]
    assert missing == []


def test_two_thirds_of_the_first_lines_flip_at_23() -> None:
    """Of 417 options of which the first line counts in 22.10.1, the last does for 340 in 23."""
    rows = [row for *_, row in _rows()]
    flips = [r for r in rows if (r["22.10.1"], r["23"]) == ("first", "last")]
    made = [r for r in overlay.rows() if r["kind"] == "repeat"]
    assert len(flips) == READERS["_summary"]["flip first->last at 23"] == 340
    assert sum(r["values"][3] == "first" and r["values"][5] == "last" for r in made) == 340


def test_a_minor_has_what_had_come_by_then() -> None:
    def there(version: str) -> bool:
        return "pjsip.conf/endpoint/follow_redirect_methods" in _options(version)

    assert [there(v) for v in ("22.7", "22.8", "20.17", "20.18", "21", "23.1")] == [
        False, True, False, True, False, False,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("asked", "nearest"),
    [("24", "23"), ("19", "18"), ("22.12", "22.11"), ("13", "18"), ("", "22"), ("22x", "22"),
     ("9" * 30, "22"), ("²²", "22")],
)  # fmt: skip
def test_a_version_that_is_not_known_is_said_with_the_nearest(asked: str, nearest: str) -> None:
    with pytest.raises(LoadError, match=f"the nearest is '{nearest}'"):
        schema.at(asked)


def test_sip_conf_is_read_until_20_and_users_conf_until_22() -> None:
    readers = {v: (bool(schema.at(v).readers("sip.conf")), bool(schema.at(v).readers("users.conf")))
               for v in COLUMNS}  # fmt: skip
    assert readers == {
        "18": (True, True), "20": (True, True), "21": (False, True), "22": (False, True),
        "22.11": (False, True), "23": (False, False),
    }  # fmt: skip
    assert schema.at("20").removed("sip.conf") is None
    assert schema.at("23").removed("sip.conf") == ("chan_sip", "21.0.0")


def test_facts_are_pickled_as_their_version() -> None:
    facts = schema.at("23").file("rtp.conf")
    assert facts is not None
    option = facts.objects["general"].options["rtpstart"]
    assert pickle.loads(pickle.dumps(option)) == option
    assert pickle.loads(pickle.dumps(option)).schema is schema.at("23")
