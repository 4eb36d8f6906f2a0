"""The tour's lines on changing a configuration, as they stand there."""

import shutil
from pathlib import Path

import attrs

import asterconf
from asterconf import CallerID, Extension
from tests.unit.editing.helpers import HOME


def test_the_tour_of_changes(tmp_path: Path) -> None:
    conf = asterconf.load(shutil.copytree(HOME, tmp_path / "etc"))
    doc = conf["pjsip_wizard.conf"]
    doc["6002"]["endpoint/callerid"] = "Kitchen Wall <6002>"

    conf.update(conf.extensions["6002"], callerid=CallerID("Kitchen Wall", "6002"))
    conf.add(Extension(name="6004", callerid=CallerID("Garage", "6004"), secret="..."))
    old = conf.extensions["6004"]
    new = attrs.evolve(old, max_contacts=2)
    conf.replace(old, new)
    obj = attrs.evolve(new, max_contacts=3)
    assert conf.put(obj).action == "replaced"
    conf.remove(conf.extensions["6003"])
    plan = conf.rename(conf.extensions["6002"], "kitchen")
    assert "6002" in conf.extensions
    plan.apply()
    assert "..." not in conf.changes()
    conf.save()
    again = asterconf.load(tmp_path / "etc")
    assert set(again.extensions) == {"6001", "6004", "kitchen"}
    assert again.extensions["6004"] == obj
