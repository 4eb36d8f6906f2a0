"""What applications leave in variables: the table has all that Asterisk documents of them."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

from asterconf.flow.statuses import EXACT, LEFT

READ = {
    "Bridge": "LIMIT_", "Dial": "LIMIT_", "SendText": "SENDTEXT_", "ConfBridge": "LIMIT_",
}  # fmt: skip
"""How variables begin that an application reads, and does not set."""
FOLLOWED = {"Dial": {"GOSUB_RESULT"}}
"""What the effects of an application say themselves."""


def test_the_table_has_what_is_documented(asterisk_root: Path) -> None:
    (path,) = asterisk_root.glob("**/documentation/core-en_US.xml")
    documented: dict[str, set[str]] = {}
    for app in ET.parse(path).getroot().iter("application"):
        names = {str(one.get("name")) for one in app.iter("variable") if one.get("name")}
        documented.setdefault(str(app.get("name")), set()).update(names)
    assert len([one for one in documented.values() if one]) > 50
    compared = 0
    for name, left in LEFT.items():
        start = READ.get(name, "-")
        said = {one for one in documented.get(name, ()) if not one.startswith(start)}
        lacking = said - {*left} - EXACT - FOLLOWED.get(name, set())
        assert not lacking, (name, lacking)
        compared += len(said)
    assert compared > 80
