"""What modules add to the dialplan: parking lots, users, contexts of `regcontext`."""

from __future__ import annotations

from asterconf import Config, DialplanContext

LOTS = """\
[general]
[default]
parkext => 700
parkpos => 701-703
[lot2]
parkext=800
parkpos=801-802
context=park2
parkext_exclusive=yes
parkinghints=yes
[lot3]
parkpos=901-903
context=park3
"""
PLAN = "[in]\ninclude => parkedcalls\ninclude => park2\nexten => 1,1,NoOp()\n"


def test_parking_lots() -> None:
    """Observed with `dialplan show` on 22.10.1."""
    plan = Config.from_texts({"res_parking.conf": LOTS, "extensions.conf": PLAN}).dialplan
    found = {
        number: plan.match(number, "in").step for number in ("700", "703", "704", "800", "802")
    }
    assert {number: step and str(step) for number, step in found.items()} == {
        "700": "Park()", "703": "ParkedCall(default,703)", "704": None,
        "800": "Park(lot2)", "802": "ParkedCall(lot2,802)",
    }  # fmt: skip
    space = plan.match("801", "in").extension
    assert space is not None
    assert (space.made_by, space.hint and space.hint.devices) == (
        "res_parking/lot2", ("park:801@park2",),
    )  # fmt: skip
    assert "park3" not in plan.complete


def test_a_file_without_the_default_lot_has_one() -> None:
    files = {"res_parking.conf": "[general]\n", "extensions.conf": PLAN}
    assert str(Config.from_texts(files).dialplan.match("700", "parkedcalls").step) == "Park()"
    assert not Config.from_texts({"extensions.conf": PLAN}).dialplan.match("700", "in").step


def test_users_with_a_device() -> None:
    users = (
        "[general]\nhasvoicemail=yes\nhasiax=yes\n[6001]\nalternateexts=7001\n[6002]\nhasiax=no\n"
        "[6003]\nhasexten=no\n[6004]\nhasvoicemail=no\ndahdichan=1-2\n"
    )
    plan = Config.from_texts({"users.conf": users, "extensions.conf": PLAN}).dialplan
    context = plan.complete["default"]
    assert {one.name: str(one.steps[0]) for one in context} == {
        "6001": "Gosub(6001,stdexten(${HINT}))", "7001": "Goto(6001,1)", "6004": "Dial(${HINT})",
    }  # fmt: skip
    hint = context["6004"].hint
    assert hint is not None
    assert hint.devices == ("IAX2/6004", "DAHDI/1", "DAHDI/2")
    assert {one.made_by for one in context} == {"pbx_config"}


def test_what_the_file_says_comes_first_and_alone_is_edited() -> None:
    files = {"users.conf": "[6001]\nhasiax=yes\n",
             "extensions.conf": "[default]\nexten => 6001,1,Answer()\n"}  # fmt: skip
    conf = Config.from_texts(files)
    assert str(conf.dialplan.match("6001", "default").step) == "Answer()"
    assert [one.made_by for one in conf.dialplan["default"]] == [""]
    parked = Config.from_texts({"res_parking.conf": LOTS, "extensions.conf": PLAN})
    assert [context.name for context in parked.dialplan] == ["in"]
    parked.dialplan.add(DialplanContext("new"))
    assert [context.name for context in parked.dialplan] == ["in", "new"]


def test_an_edit_of_the_other_file_is_seen() -> None:
    conf = Config.from_texts({"res_parking.conf": LOTS, "extensions.conf": PLAN})
    section = conf["res_parking.conf"]["default"]
    section.set(section.options[1], "701-710")
    assert conf.dialplan.match("710", "in").step is not None


def test_the_context_of_iax_registrations() -> None:
    conf = Config.from_texts({"iax.conf": "[general]\nregcontext=regs\n", "extensions.conf": PLAN})
    assert "regs" in conf.dialplan.complete


def test_mailboxes_of_users() -> None:
    """Observed with `voicemail show users`: `[general]` of users.conf counts, too."""
    users = (
        "[general]\nhasvoicemail=yes\n[6001]\nfullname=Ann\nvmsecret=11\n[6002]\nhasvoicemail=no\n"
    )
    boxes = "[general]\nuserscontext=home\n[default]\n1 => 2,B\n"
    conf = Config.from_texts({"users.conf": users, "voicemail.conf": boxes})
    assert [*conf.mailboxes] == ["1@default", "6001@home"]
    ann = conf.mailboxes["6001@home"]
    assert ann.name == "Ann"
    assert str(conf.where(ann)) == "users.conf:3:1"
