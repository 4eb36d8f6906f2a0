"""The name that was meant: as difflib finds it, without comparing with all."""

import difflib
import random

import pytest

from asterconf.references.index import Nearest

WORDS = [
    "internal", "external", "from-provider", "provider-outbound", "sales", "support", "queue-1",
    "default", "fax", "voicemail", "voicemail-main", "100", "101", "1001", "macro-dial", "ivr", "é",
]  # fmt: skip


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("intrenal", "internal"), ("INTERNAL", "internal"), ("provider-out", "provider-outbound"),
        ("slaes", "sales"), ("fax1", "fax"), ("voicemail_main", "voicemail-main"), ("x", ""),
        ("", ""), ("entirely-else", ""), ("É", ""),
    ],
)  # fmt: skip
def test_the_nearest_name(written: str, meant: str) -> None:
    assert Nearest(WORDS).find(written) == meant


def test_it_is_as_near_as_the_one_that_difflib_finds() -> None:
    rng = random.Random(18)
    letters = "abcdeinorst-019"
    names = sorted({"".join(rng.choices(letters, k=rng.randint(4, 12))) for _ in range(400)})
    nearest, found = Nearest(names), 0
    for name in rng.choices(names, k=300):
        at = rng.randrange(len(name))
        written = name[:at] + rng.choice(["", *letters]) + name[at + 1 :]
        (best,) = difflib.get_close_matches(written, names, 1, 0.0)
        if difflib.SequenceMatcher(None, best, written).ratio() < 0.7:
            continue
        mine = nearest.find(written)
        assert difflib.SequenceMatcher(None, mine, written).ratio() >= 0.7
        found += difflib.SequenceMatcher(None, mine, written).ratio() == (
            difflib.SequenceMatcher(None, best, written).ratio()
        )
    assert found >= 285


def test_nothing_is_near_among_no_names() -> None:
    assert Nearest([]).find("a") == ""
