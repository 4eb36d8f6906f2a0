"""Homes come back: the same bytes out of a folder of our own, the same calls out of a stranger's.

With ASTERCONF_FULL=1 a hundred generated homes are built, else a quarter of them.
"""

from __future__ import annotations

import os
from datetime import datetime

import pytest

import asterconf
from asterconf.home import HomePBX
from tests.strategies import homes

SEEDS = range(100 if os.environ.get("ASTERCONF_FULL") == "1" else 25)
TIMES = [*map(datetime.fromisoformat, ("2026-11-30T12", "2026-12-05T20", "2026-12-25T12"))]
"""A Monday at noon, a Saturday evening, a holiday."""


@pytest.mark.parametrize("seed", SEEDS)
def test_a_built_folder_gives_a_description_that_builds_the_same_bytes(seed: int) -> None:
    pbx = homes.generated_home(seed)
    built = pbx.build()
    assert HomePBX.adopt(built) == asterconf.home.Adoption(pbx)
    again = HomePBX.from_toml(HomePBX.adopt(built).buildable().to_toml(reveal=True))
    assert [f.text for f in again.files()] == [f.text for f in pbx.files()]


@pytest.mark.parametrize("seed", SEEDS)
def test_a_strangers_folder_gives_a_home_in_which_each_call_ends_the_same(seed: int) -> None:
    pbx = homes.generated_home(seed)
    theirs = asterconf.Config.from_texts(homes.as_a_stranger_writes(homes.bare(pbx)))
    adoption = HomePBX.adopt(theirs)
    assert adoption.leftovers == ()
    ours = adoption.pbx.build(complete=True)
    numbers = homes.dialled_numbers(pbx.owner.number, pbx.area_code)
    numbers += [phone.number or "" for phone in pbx.extensions]
    numbers += [n for f in pbx.features or () if (n := getattr(f, "number", ""))]
    for phone in {pbx.extensions[0].name, pbx.extensions[-1].name}:
        for number in (*numbers, "6077"):
            assert homes.ending(ours, number, phone) == homes.ending(theirs, number, phone)
    public = [pbx.owner.number, *(one.number for one in pbx.numbers)]
    for trunk in pbx.trunks:
        for number in ("s", *(n[1:] for n in public), *public):
            for at in TIMES:
                assert homes.ending(ours, number, trunk.name, at=at) == homes.ending(
                    theirs, number, trunk.name, at=at
                )
