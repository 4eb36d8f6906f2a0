"""No secret comes out of anything, unless by `reveal`: all values, all commands, every kind.

What hands out text as it is (see docs/guarantees.md) is not asked: `str` and `bytes` of text,
`[]`, `unstructure`, pickles, and the files themselves.
"""

from __future__ import annotations

import itertools
import json
import os
import pickle
from collections.abc import Callable, Iterator
from pathlib import Path
from time import process_time
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import asterconf
from asterconf import Config, HomePBX
from asterconf.cli import COMMANDS
from asterconf.display import html, view
from asterconf.errors import AsterconfError
from asterconf.secrets import MASK, shown_comment, shown_text, shown_value, shown_words
from asterconf.syntax.diffs import has_secrets, mask
from tests.planted import FILES, planted, things
from tests.unit.conftest import Cli, cli

__all__ = ["cli"]

WORDS, DIGITS = "hush", "7031"


def filled(number: int = 0) -> dict[str, str]:
    """Return the planted files; each secret begins with `WORDS` or `DIGITS`."""
    words = (f"{WORDS}{number}{n:03}x" for n in itertools.count())
    digits = (f"{DIGITS}{number}{n:03}" for n in itertools.count())
    return planted(words, digits)[0]


def leaks(text: str) -> list[str]:
    """Return the lines with a secret in them."""
    return [line for line in text.split("\n") if WORDS in line or DIGITS in line]


@pytest.fixture(scope="module")
def conf() -> Config:
    return Config.from_texts(filled())


def asked(conf: Config) -> Iterator[object]:
    """Yield what a configuration answers, differences, merges and plans among them."""
    other = Config.from_texts(filled(1))
    third = Config.from_texts(filled(2))
    yield conf
    yield from (
        conf.call(number, entry="context:home")
        for number in ("100", "101", "102", "103", "104", "105")
    )
    yield from (conf.dialplan.match(number, "home") for number in ("100", "102", "103"))
    yield conf.upgrade_report("23")
    yield asterconf.diff(conf, other)
    merged = asterconf.merge(conf, other, third)
    assert merged.conflicts
    yield merged
    yield HomePBX.adopt(conf)
    yield conf.rename(conf.queues["q"] if "q" in conf.queues else conf.extensions["6001"], "6009")


@pytest.mark.parametrize("show", [repr, html, lambda one: str(view(one))])
def test_no_value_shows_a_secret(conf: Config, show: Callable[[object], str]) -> None:
    seen = set()
    for root in asked(conf):
        for one in things(root):
            assert not leaks(show(one)), type(one)
            seen.add(type(one).__name__)
    assert len(seen) > 60


def test_no_plain_data_holds_a_secret(conf: Config) -> None:
    kinds = (conf.extensions, conf.trunks, conf.endpoints, conf.mailboxes, conf.queues)
    every: list[Any] = [*kinds, *asked(conf)]
    ways = ("to_dict", "to_records", "to_text", "to_unified", "to_markdown", "to_toml")
    found = [getattr(one, way)() for one in every for way in ways if hasattr(one, way)]
    assert len(found) > 15
    assert not leaks(json.dumps(found, indent=1, default=str))


def test_what_hands_out_text_as_it_is_keeps_it(conf: Config) -> None:
    secret = conf["manager.conf"]["ann"]["secret"]
    assert secret.startswith(WORDS)
    assert secret in str(conf["manager.conf"])
    assert conf.effective("manager.conf")["ann"]["secret"] == secret
    assert secret.encode() in pickle.dumps(conf["manager.conf"])
    extension = conf.extensions["6001"]
    assert extension.secret is not None
    assert asterconf.unstructure(extension)["secret"] == extension.secret.reveal()
    assert leaks(str(view(extension, reveal=True)))


def test_changes_are_masked_and_a_patch_is_not(conf: Config) -> None:
    changed = Config.from_texts(filled())
    for name in changed.files:
        for section in changed[name].sections:
            section.add_comment("touched")
    assert changed.changes().count("+; touched") > 20
    assert not leaks(changed.changes())
    assert leaks(changed.changes(reveal=True))


ARGUMENTS: dict[str, list[list[str]]] = {
    "match": [["{}", "home", number] for number in ("100", "102", "103")],
    "call": [
        ["{}", number, "--from", "context:home"] for number in ("100", "102", "103", "104", "105")
    ],
    "dialplan": [["{}/extensions.conf"]],
    "eval": [["x${PIN}", "--set", f"PIN={DIGITS}"], [f"${{SHELL(u:{WORDS}@h)}}"]],
    "diff": [["{}", "{}2", *more] for more in ([], ["--unified"], ["--markdown"], ["--html"])],
    "graph": [["{}", form] for form in ("--mermaid", "--dot", "--map")],
    "upgrade": [["{}", "--to", "23"]],
    "check": [["{}"], ["{}", "--verbose"]],
    "show": [["{}"], *([["{}", name] for name in FILES]), ["{}", "pjsip.conf", "a", "passwrd"]],
    "adopt": [["{}"]],
    "get": [["{}", "pjsip.conf", "a#2", "passwrd"], ["{}", "queues.conf", "general", "nosuch"]],
    "set": [
        ["{}", "pjsip.conf", "a#2", "passwrd", f"{DIGITS}1", *more] for more in ([], ["--diff"])
    ],
    "unset": [["{}", "pjsip.conf", "a#2", "passwrd", *more] for more in (["--diff"], [])],
    "add": [["{}", "pjsip.conf", "new", "type=auth", f"password={DIGITS}"]],
    "edit": [["{}", os.devnull]],
    "step": [
        ["add", "{}", "home", "100", f"Authenticate({DIGITS}5)"],
        ["add", "{}", "home", "100", f"Set(PIN={DIGITS}5)", "--diff"],
        ["remove", "{}", "home", "100", "2"],
    ],
    "extension": [["change", "{}", "6001", f"secret={WORDS}", *more] for more in ([], ["--diff"])],
    "mailbox": [["change", "{}", "1@default", f"initial_pin={DIGITS}9"]],
}
"""How to call the commands that read any configuration; others get the folder alone."""


@pytest.mark.parametrize("name", [name for names in COMMANDS.values() for name in names])
@pytest.mark.parametrize("more", [[], ["--json"]])
def test_no_command_prints_a_secret(
    name: str, more: list[str], cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number, folder in enumerate((tmp_path / "pbx", tmp_path / "pbx2")):
        folder.mkdir()
        for file, text in filled(number).items():
            (folder / file).write_text(text)
    monkeypatch.chdir(tmp_path)
    for words in ARGUMENTS.get(name, [["{}"], ["{}", "{}2"]]):
        code, out, err = cli(name, *(w.replace("{}", str(tmp_path / "pbx")) for w in words), *more)
        assert code in {0, 1, 3} or name not in ARGUMENTS or more, (words, err)
        assert not leaks(err if name == "eval" else out + err), words


BARE = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=3, max_size=9)
"""A word that ends where a line, an argument or a user part of an address does."""


@given(BARE.map(lambda text: f"Q{text}Z"), st.from_regex(r"777[0-9]{3,6}", fullmatch=True))
def test_no_line_of_a_file_shows_a_secret(word: str, digits: str) -> None:
    files, _ = planted(itertools.repeat(word), itertools.repeat(digits))
    for name, text in files.items():
        document = asterconf.parse(text, name=name)
        shown = mask(document)
        assert word not in shown
        assert digits not in shown
        assert shown.count("\n") == text.count("\n")
        assert has_secrets(document)
        assert mask(asterconf.parse(shown, name=name)) == shown
        for node in (node for section in document.parts for node in section.nodes):
            assert word not in repr(node) + html(node)
            assert digits not in repr(node) + html(node)


ANY = st.text(st.characters(exclude_characters="\n\0", codec="utf-8"), min_size=1, max_size=12)


@given(ANY, st.sampled_from(["password", "inbound_auth/password", "passwrd", "PIN", "md5secret"]))
def test_the_whole_value_of_a_secret_is_masked_whatever_is_in_it(value: str, name: str) -> None:
    assert shown_value("", "", name, value) == MASK
    assert shown_value("pjsip.conf", "a", name, value) == MASK


@given(st.text(max_size=60))
def test_masking_twice_is_masking_once(text: str) -> None:
    once = shown_text(text)
    assert shown_text(once) == once


@pytest.mark.parametrize(
    "edit",
    [
        lambda conf, bad: conf["manager.conf"]["ann"].__setitem__("secret", bad),
        lambda conf, bad: conf["manager.conf"]["ann"].add("password", bad),
        lambda conf, bad: conf.update(conf.extensions["6001"], secret=bad),
        lambda conf, bad: conf.update(conf.mailboxes["1@default"], initial_pin=bad),
        lambda conf, bad: conf.add(asterconf.Extension("6005", secret=bad)),
        lambda conf, bad: conf["sip.conf"]["general"].add("register", f"u:{bad}@h"),
        lambda conf, bad: asterconf.structure({"name": "a", "secret": [bad]}, asterconf.Extension),
    ],
)
@pytest.mark.parametrize("ending", ["\n", "\0", ";--", ",x", "\ud800", " "])
def test_no_exception_tells_a_secret(edit: Callable[[Config, str], object], ending: str) -> None:
    conf = Config.from_texts(filled())
    try:
        edit(conf, f"{WORDS}{DIGITS}{ending}")
    except AsterconfError as error:
        told = str(error) + repr(error)
    else:
        told = ""
    assert not leaks(told)


HEAVY = ["a.", "-:", "a(", "${", "${PIN}", "x =", "'a ", "MeetMe(a,", ' "1', "Set(PIN=", 'PIN="',
         "(a,", "é", "a@b:", "= ", "DB(a|b|", "${PIN}=1 ", "password ",
         "pin:", "password is: ", "secret:1"]  # fmt: skip


@pytest.mark.parametrize("piece", HEAVY)
@pytest.mark.parametrize("end", ["", "@", "=x", "${PIN}", "c"])
def test_masking_takes_time_in_proportion(piece: str, end: str) -> None:
    def cost(times: int) -> float:
        text, rounds = piece * times + end, []
        for _ in range(3):
            start = process_time()
            shown_text(text)
            shown_comment("", "", f";{text}")
            shown_words(text)
            rounds.append(process_time() - start)
        return min(rounds)

    assert cost(8_000) < 12 * max(cost(2_000), 0.002)  # 4 times is linear, 16 times is square
