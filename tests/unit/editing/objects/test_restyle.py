"""`restyle`: the other way to write a phone or trunk, with the same meaning and its comments."""

from __future__ import annotations

from typing import Any, Literal, cast

import pytest

from asterconf import Queue
from asterconf.errors import EditError, NotFoundError
from tests.unit.editing.helpers import PRIMITIVES, config, texts

Style = Literal["wizard", "primitives"]


def test_a_phone_becomes_one_section_of_the_wizard() -> None:
    conf = config(pjsip=PRIMITIVES)
    phone = conf.extensions["6001"]
    told = conf.restyle("6001", "wizard")
    assert (told.action, told.files) == ("updated", ("pjsip.conf", "pjsip_wizard.conf"))
    assert conf.extensions["6001"] == phone
    assert str(conf["pjsip_wizard.conf"]) == (
        "[6001]\n"
        "type = wizard\n"
        "accepts_registrations = yes\n"
        "accepts_auth = yes\n"
        "endpoint/context = from-home\n"
        "endpoint/callerid = Anna <6001>\n"
        "inbound_auth/username = 6001\n"
        "inbound_auth/password = abc\n"
        "aor/max_contacts = 1\n"
        "endpoint/allow = !all,ulaw,alaw\n"
        "; Anna\n"
    )


def test_the_comment_of_the_next_phone_stays_with_it() -> None:
    conf = config(pjsip=PRIMITIVES)
    conf.restyle("6001", "wizard")
    assert "; Bert" not in str(conf["pjsip_wizard.conf"])
    assert "\n; Bert\n[6002](phone)\n" in str(conf["pjsip.conf"])


COMMENTED = """\
; above

; the hall
[1] ; by the door
; inside
type=endpoint ; what it is
aors=1
context=home

; about the aor
[1]
type=aor
max_contacts=1
; behind

; the last one
[2]
type=aor
max_contacts=1
[2]
type=endpoint
aors=2
; the end
"""


def test_each_comment_of_a_phone_is_taken_along_once() -> None:
    conf = config(pjsip=COMMENTED)
    conf.restyle("1", "wizard")
    comments = [
        line for line in str(conf["pjsip_wizard.conf"]).splitlines() if line.startswith(";")
    ]
    assert comments == [
        "; the hall", "; by the door", "; inside", "; type: what it is", "; about the aor",
        "; behind",
    ]  # fmt: skip
    assert str(conf["pjsip.conf"]) == (
        "; above\n\n; the last one\n[2]\ntype=aor\nmax_contacts=1\n"
        "[2]\ntype=endpoint\naors=2\n; the end\n"
    )


def test_the_last_section_takes_the_comment_at_its_end_along() -> None:
    conf = config(pjsip=COMMENTED)
    conf.restyle("2", "wizard")
    assert "; the end\n" in str(conf["pjsip_wizard.conf"])
    assert "; the end\n" not in str(conf["pjsip.conf"])


@pytest.mark.parametrize("name", ["6001", "6002", "prov"])
def test_there_and_back_means_the_same(name: str) -> None:
    conf = config(pjsip=PRIMITIVES)
    before = {**conf.extensions, **conf.trunks}
    others = {key: one for key, one in before.items() if key != name}
    conf.restyle(name, "wizard")
    assert "type = wizard" in str(conf["pjsip_wizard.conf"])
    conf.restyle(name, "primitives")
    now = {**conf.extensions, **conf.trunks}
    assert now == before
    assert {key: one for key, one in now.items() if key != name} == others
    assert [one.name for one in conf["pjsip_wizard.conf"].sections] == []


@pytest.mark.parametrize("style", ["wizard", "primitives"])
def test_what_is_written_so_already_is_left_as_it_is(style: Style) -> None:
    conf = config(pjsip=PRIMITIVES)
    if style == "wizard":
        conf.restyle("prov", "wizard")
    before = texts(conf)
    assert conf.restyle("prov", style).action == "unchanged"
    assert texts(conf) == before


@pytest.mark.parametrize("obj", ["q", Queue("q")])
def test_a_queue_has_one_way_to_be_written(obj: object) -> None:
    conf = config(queues="[q]\n")
    with pytest.raises(EditError, match="an extension or a trunk can be written as"):
        conf.restyle(obj, "wizard")


def test_a_style_that_does_not_exist_is_refused() -> None:
    conf, style = config(pjsip=PRIMITIVES), cast("Any", "both")
    with pytest.raises(EditError, match="can be written as 'wizard' or 'primitives'"):
        conf.restyle("6001", style)


def test_a_phone_that_is_not_there_is_not_restyled() -> None:
    with pytest.raises(NotFoundError, match="there is no extension, trunk, queue"):
        config(pjsip=PRIMITIVES).restyle("6009", "wizard")
