"""Objects written as fresh sections, next to what the real Asterisk reads out of them."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asterconf import Config
from asterconf.bind.writing import Style, sections_of
from asterconf.errors import EditError, ModelError
from asterconf.manager import ManagerUser
from asterconf.model import ConfigObject
from asterconf.source import encode
from asterconf.syntax import Document
from asterconf.testing.strategies import objects

from .rig import Asterisk, Boot

EXAMPLES = {"dev": 150, "ci": 1_000, "long": 10_000}[settings.get_current_profile_name()]
HOSTILE = st.text("ab\n\0];,[=#\\${}()<>! \t\r\x7f\xe9", max_size=12) | st.sampled_from(
    ["x\n[evil]\ny=1", "x;--", "--;x", "\\;", "${SHELL(id)}", "a" * 9_000, "#include x", "=> x"]
)
house = objects.house_extensions | objects.house_trunks
styles: list[Style] = ["wizard", "primitives"]


@pytest.fixture
def asterisk(boot: Boot, tmp_path: Path) -> Asterisk:
    """Boot an instance with nothing to do but to read files."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "modules.conf").write_text("[modules]\nautoload = no\n")
    return boot(folder)


def read_back(asterisk: Asterisk, name: str) -> list[tuple[str, list[tuple[str, str]]]]:
    """Return the sections of a file with their names and values, as Asterisk holds them."""
    answer = asterisk.ami.action("GetConfig", Filename=name)[0]
    found: dict[str, tuple[str, list[tuple[str, str]]]] = {}
    for key, value in answer.headers:
        kind, _, number = key.partition("-")
        if kind == "Category":
            found[number] = (value, [])
        elif kind == "Line":
            at = value.index("=", 1)
            found[number.partition("-")[0]][1].append((value[:at], value[at + 1 :]))
    return list(found.values())


def compare(asterisk: Asterisk, thing: Any, style: Style = "wizard") -> None:
    """Write an object into a file of its own and read it by Asterisk."""
    document = Document("", name="one.conf")
    fresh = sections_of(thing, style=style)
    for one in fresh:
        section = document.add_section(one.name)
        for name, value in one.options:
            section.add(name, value)
    (asterisk.etc / "one.conf").write_bytes(encode(str(document)))
    expected = [(one.name, list(one.options)) for one in fresh]
    assert read_back(asterisk, "one.conf") == expected


def test_fresh_sections_read_as_they_were_meant(asterisk: Asterisk) -> None:
    things = (
        objects.any_config_object() | objects.schema_objects | objects.queues | objects.mailboxes
    )

    @given(things)
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
    def law(thing: Any) -> None:
        compare(asterisk, thing)

    law()


def test_extensions_and_trunks_read_as_they_were_meant(asterisk: Asterisk) -> None:
    @given(house, st.sampled_from(styles))
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
    def law(thing: Any, style: Style) -> None:
        compare(asterisk, thing, style)

    law()


def test_no_value_makes_another_line(asterisk: Asterisk) -> None:
    written = 0

    @given(HOSTILE)
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
    def law(value: str) -> None:
        nonlocal written
        try:
            obj = ConfigObject("pjsip.conf", "transport", "t", {"domain": value})
            compare(asterisk, obj)
        except (ModelError, EditError):
            return
        written += 1

    law()
    assert written >= EXAMPLES // 10


RIG = "asterconf-rig"
ACCOUNT = {
    "hasmanager": ("yes", "yes", "no", "1", ""),
    "secret": ("a", "b"),
    "read": ("call", "system,log", "none", "all", "bogus,call", ""),
    "write": ("call", "command,log", "none", "all", ""),
    "displayconnects": ("yes", "no", "maybe"),
    "allowmultiplelogin": ("yes", "no", ""),
}
"""Options of an account, with values to choose from."""


def account_lines(rng: random.Random, share: float, *, manager: bool = False) -> list[str]:
    """Return lines of a user or of `[general]`, some options twice."""
    names = [name for name in ACCOUNT if not (manager and name == "hasmanager")] * 2
    return [f"{name}={rng.choice(ACCOUNT[name])}" for name in names if rng.random() < share]


def accounts(rng: random.Random, at: int) -> tuple[str, str]:
    """Return what manager.conf and users.conf say of accounts, whose names end in a number."""
    users = ["[general]", *account_lines(rng, 0.1)]
    for name in rng.choices(["ann", "Bert", "carl", "*dora"], k=4):
        users += [f"[{name}{at}]", *account_lines(rng, 0.3)]
    flags = ("displayconnects", "allowmultiplelogin")  # a reload keeps one that is gone
    manager = ["[general](+)", *(f"{name}={rng.choice(['yes', 'no'])}" for name in flags)]
    for name in rng.sample(["ann", "bert", "eve"], rng.randint(0, 2)):
        manager += [f"[{name}{at}]", *account_lines(rng, 0.3, manager=True)]
    return "\n".join([*manager, ""]), "\n".join([*users, ""])


def test_accounts_of_the_manager_are_those_of_both_files(boot: Boot, tmp_path: Path) -> None:
    """What `manager show user` says, of users.conf below manager.conf."""
    etc = tmp_path / "accounts"
    etc.mkdir()
    (etc / "modules.conf").write_text("[modules]\nautoload=no\n")
    (etc / "asterisk.conf").write_text("[options]\n")
    asterisk = boot(etc)
    mine = (asterisk.etc / "manager.conf").read_text()

    def told(name: str) -> dict[str, str]:
        lines = asterisk.cli(f"manager show user {name}").splitlines()
        return {key.strip(): text.strip() for key, _, text in (one.partition(":") for one in lines)}

    every = told(RIG)["read perm"]
    rng, seen = random.Random(2211), 0
    for at in range(12):  # a reload leaves something of accounts that were there before
        texts = dict(zip(("manager.conf", "users.conf"), accounts(rng, at), strict=True))
        texts["manager.conf"] = mine + texts["manager.conf"]
        for name, text in texts.items():
            (asterisk.etc / name).write_text(text)
        asterisk.cli("manager reload")
        conf = Config.from_texts(texts)
        general = conf.objects("manager.conf", "general")["general"]
        found = conf.objects(ManagerUser)
        listed = asterisk.cli("manager show users").splitlines()
        assert {one for one in listed if one.endswith(str(at))} == {*found} - {RIG}, texts

        def perms(words: tuple[str, ...]) -> str:
            known = every.split(",")
            chosen = known if "all" in words else [one for one in known if one in words]
            return ",".join(chosen) or "<none>"

        for name, user in found.items():
            if name == RIG:
                continue
            shown = told(name)
            flags = {
                flag: getattr(general if getattr(user, flag) is None else user, flag)
                for flag in ("displayconnects", "allowmultiplelogin")
            }
            assert (shown["secret"], shown["read perm"], shown["write perm"]) == (
                "<Set>" if user.secret else "(N/A)", perms(user.read), perms(user.write),
            ), (name, texts)  # fmt: skip
            for flag, on in flags.items():
                assert (shown[flag] == "yes") == on, (flag, name, texts)
            seen += 1
    assert seen > 24
