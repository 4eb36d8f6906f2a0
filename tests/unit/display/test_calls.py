"""The view of a call on paper: steps, legs, what is dialed, what is assumed."""

from __future__ import annotations

import asterconf
from asterconf.display import html, view
from tests.unit.display.markup import Markup

PLAN = """\
[a]
exten => 1,1,Set(SECRET=hush-hush)
 same => n,Wait(2)
 same => n,Dial(Local/2@a,20)
exten => 2,1,Answer()
 same => n,AGI(x)
"""


def test_a_call_is_a_table_of_its_steps_with_places_and_times() -> None:
    conf = asterconf.Config.from_texts({"extensions.conf": PLAN})
    call = conf.call("1", entry="context:a", callerid="5")
    shown = str(view(call))
    rows = [line.split() for line in shown.splitlines()]
    assert ["2.0", "1@a:3", "Dial(Local/2@a,20)", "extensions.conf:4"] in rows
    assert "1@a  ·  unknown" in shown
    assert "unknown: AGI(x): an AGI script decides" in shown
    rows = [row for table in Markup(html(call)).tables for row in table]
    assert ["2.0", "1@a:3", "Dial(Local/2@a,20)", "extensions.conf:4"] in [row[:4] for row in rows]


def test_what_is_dialed_and_assumed_is_told() -> None:
    conf = asterconf.load("examples/home")
    call = conf.call("6002", entry="6001")
    shown = str(view(call))
    assert "dialed" in shown
    assert "PJSIP/6002" in shown
    assert "assumed" in shown
    assert "6001" in shown
