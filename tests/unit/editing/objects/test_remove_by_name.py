"""`remove` of a section of a document, and of a name: what goes, what stays, what is said."""

from __future__ import annotations

import pytest

from asterconf import Config
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError
from asterconf.references.values import Name
from tests.unit.editing.helpers import PRIMITIVES, changed, config, texts

PLAN = """\
[globals]
X = 1

[home]
exten => 1,1,Queue(sales)
 same => n,Goto(home,2,1)
exten => 2,1,Hangup()
exten => 3,hint,PJSIP/6001

[other]
include => home
exten => 4,1,Goto(home,2,1)
"""
QUEUES = "[sales]\ntimeout = 1\n[late]\n; more\n[sales](+)\nretry = 3\n"


@pytest.fixture
def pbx() -> Config:
    return config(
        pjsip=PRIMITIVES, queues=QUEUES, extensions=PLAN, acl="[office]\npermit=192.0.2.0/24\n"
    )


def test_a_section_of_several_with_its_name_goes_alone(pbx: Config) -> None:
    before = texts(pbx)
    endpoint, aor = pbx["pjsip.conf"].all("6001")
    told = pbx.remove(aor)
    assert changed(before, pbx) == ["-", "-[6001](where)"]
    assert str(told) == "removed section '6001' in pjsip.conf"
    assert pbx["pjsip.conf"].all("6001") == (endpoint,)


def test_the_first_of_several_sections_goes_with_its_comment(pbx: Config) -> None:
    before = texts(pbx)
    pbx.remove(pbx["pjsip.conf"].all("6001")[0])
    assert [line for line in changed(before, pbx) if line != "-"] == [
        "-; Anna",
        "-[6001](phone)",
        "-auth=auth6001",
        "-aors=6001",
        '-callerid="Anna" <6001>',
    ]


def test_a_section_goes_with_what_adds_to_it(pbx: Config) -> None:
    told = pbx.remove(pbx["queues.conf"].all("sales")[0])
    assert str(pbx["queues.conf"]) == "[late]\n"
    assert told.notes == ("extensions.conf:5:20: Queue names it still",)


def test_what_adds_to_a_section_does_not_go_alone(pbx: Config) -> None:
    with pytest.raises(EditError, match=r"\[sales\] would read differently, too"):
        pbx.remove(pbx["queues.conf"].all("sales")[1])
    assert str(pbx["queues.conf"]) == QUEUES


def test_a_template_that_others_inherit_is_not_removed(pbx: Config) -> None:
    before = texts(pbx)
    with pytest.raises(EditError, match=r"Asterisk would refuse pjsip\.conf as a whole"):
        pbx.remove(pbx["pjsip.conf"]["phone"])
    assert texts(pbx) == before


def test_a_template_that_nobody_inherits_goes() -> None:
    conf = config(queues="[t](!)\ntimeout = 1\n[a]\nretry = 3\n")
    assert str(conf.remove(conf["queues.conf"]["t"])) == "removed template 't' in queues.conf"
    assert str(conf["queues.conf"]) == "[a]\nretry = 3\n"


@pytest.mark.parametrize(
    ("name", "gone", "notes"),
    [
        (
            Name("pjsip.conf", "aor", "6001"),
            ["-", "-[6001](where)"],
            ("pjsip.conf:23:6: aors names it still",),
        ),
        (
            Name("pjsip.conf", "auth", "auth6002"),
            ["-[auth6002](login)", "-username=6002", "-password=def", "-"],
            ("pjsip.conf:34:6: auth names it still",),
        ),
        (
            Name("pjsip.conf", "transport", "udp"),
            ["-[udp]", "-type=transport", "-bind=0.0.0.0", "-"],
            (),
        ),
        (
            Name("queues.conf", "queue", "sales"),
            ["-[sales]", "-timeout = 1", "-; more", "-[sales](+)", "-retry = 3"],
            ("extensions.conf:5:20: Queue names it still",),
        ),
        (
            Name("extensions.conf", "extension", "2@home"),
            ["-exten => 2,1,Hangup()"],
            (
                "extensions.conf:6:22: Goto names it still",
                "extensions.conf:12:24: Goto names it still",
            ),
        ),
        (
            Name("extensions.conf", "context", "home"),
            ["-[home]", "-exten => 1,1,Queue(sales)", "- same => n,Goto(home,2,1)",
             "-exten => 2,1,Hangup()", "-exten => 3,hint,PJSIP/6001", "-"],
            (
                "extensions.conf:12:19: Goto names it still",
                "extensions.conf:11:12: include names it still",
            ),
        ),
        (Name("acl.conf", "named_acl", "office"), ["-[office]", "-permit=192.0.2.0/24"], ()),
    ],
    ids=lambda value: str(value) if isinstance(value, Name) else "",
)  # fmt: skip
def test_what_a_name_stands_for_goes_and_those_who_name_it_are_told(
    pbx: Config, name: Name, gone: list[str], notes: tuple[str, ...]
) -> None:
    before = texts(pbx)
    told = pbx.remove(name)
    assert told.action == "removed"
    assert sorted(changed(before, pbx)) == sorted(gone)
    assert told.notes == notes


@pytest.mark.parametrize(
    "name",
    [
        Name("pjsip.conf", "auth", "nobody"),
        Name("acl.conf", "named_acl", "nowhere"),
        Name("extensions.conf", "context", "nowhere"),
        Name("extensions.conf", "extension", "9@home"),
    ],
)
def test_a_name_that_nothing_has_is_not_found(pbx: Config, name: Name) -> None:
    before = texts(pbx)
    with pytest.raises(NotFoundError, match=f"there is no {name}"):
        pbx.remove(name)
    assert texts(pbx) == before


def test_a_text_that_several_objects_are_called_is_refused_with_a_call_for_each() -> None:
    conf = config(queues="[sales]\n", extensions="[sales]\nexten => 1,1,Hangup()\n")
    with pytest.raises(AmbiguousKeyError) as caught:
        conf.remove("sales")
    assert str(caught.value) == (
        "'sales' is the name of a queue and a context: "
        "use conf.remove(conf.queues['sales']) or conf.remove(conf.dialplan['sales'])"
    )


def test_a_text_that_nothing_is_called_has_a_hint_of_what_is_near(pbx: Config) -> None:
    with pytest.raises(NotFoundError, match=r"there is no .* 'salse'; did you mean 'sales'\?"):
        pbx.remove("salse")
