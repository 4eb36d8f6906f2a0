"""Verbs that take an object by its name, and verbs on contexts."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from asterconf import Config
from asterconf.dialplan import DialplanContext
from asterconf.dialplan.values import Include, Switch
from asterconf.errors import AmbiguousKeyError, EditError, NotFoundError
from asterconf.model import Queue
from tests.unit.editing.helpers import PRIMITIVES, changed, config, texts

PLAN = """\
[general]

; where calls come in
[sales]
exten => s,1,Queue(sales)
include => night
#include "more.conf"

[night]
exten => s,1,Hangup()
ignorepat => 9
"""


@pytest.fixture
def conf() -> Config:
    return config(
        pjsip=PRIMITIVES,
        queues="[sales]\nstrategy=ringall\n[support]\n",
        voicemail="[default]\n6001 => 1,Anna\n[other]\n6001 => 1,Anna\n",
        extensions=PLAN,
        more="[more]\nexten => 1,1,NoOp()\n",
    )


def test_a_name_means_the_one_object_that_has_it(conf: Config) -> None:
    before = texts(conf)
    assert conf.update("6001", context="lobby").obj == conf.extensions["6001"]
    assert conf.update("prov", context="outside").obj == conf.trunks["prov"]
    assert conf.update("support", timeout=20).obj == conf.queues["support"]
    assert conf.update("6001@other", name="Bert").obj == conf.mailboxes["6001@other"]
    assert conf.update("night", autohints=True).obj == conf.dialplan["night"]
    assert changed(before, conf) == [
        "+context=lobby", "-context=from-pstn", "+context=outside", "+timeout=20",
        "-6001 => 1,Anna", "+6001 => 1,Bert", "+autohints => yes",
    ]  # fmt: skip


def test_replace_remove_and_rename_take_a_name(conf: Config) -> None:
    replaced = conf.replace("support", Queue("support", timeout=3))
    assert (replaced.action, replaced.obj) == ("replaced", conf.queues["support"])
    assert conf.rename("support", "help").apply().obj == conf.queues["help"]
    assert conf.remove("6002").action == "removed"
    assert list(conf.extensions) == ["6001"]
    assert conf.remove("6001@default").action == "removed"
    assert list(conf.mailboxes) == ["6001@other"]


CALLS: list[tuple[Callable[[Config], object], str]] = [
    (
        lambda conf: conf.remove("sales"),
        "conf.remove(conf.queues['sales']) or conf.remove(conf.dialplan['sales'])",
    ),
    (
        lambda conf: conf.update("sales", timeout=1, weight=2),
        (
            "conf.update(conf.queues['sales'], timeout=..., weight=...) or "
            "conf.update(conf.dialplan['sales'], timeout=..., weight=...)"
        ),
    ),
    (
        lambda conf: conf.replace("sales", Queue("sales")),
        "conf.replace(conf.queues['sales'], ...) or conf.replace(conf.dialplan['sales'], ...)",
    ),
    (
        lambda conf: conf.rename("sales", "shop"),
        "conf.rename(conf.queues['sales'], 'shop') or conf.rename(conf.dialplan['sales'], 'shop')",
    ),
]


@pytest.mark.parametrize(("call", "calls"), CALLS)
def test_a_name_of_several_objects_is_refused_with_the_calls_to_make(
    conf: Config, call: Callable[[Config], object], calls: str
) -> None:
    before = texts(conf)
    with pytest.raises(AmbiguousKeyError) as caught:
        call(conf)
    assert str(caught.value) == f"'sales' is the name of a queue and a context: use {calls}"
    assert texts(conf) == before


@pytest.mark.parametrize(
    ("name", "hint"),
    [
        ("6003", "; did you mean '6002' or '6001'?"),
        ("suport", "; did you mean 'support'?"),
        ("nothing-like-it", ""),
    ],
)
def test_a_name_that_nothing_has_gets_near_ones(conf: Config, name: str, hint: str) -> None:
    what = "extension, trunk, queue, mailbox or context"
    with pytest.raises(NotFoundError) as caught:
        conf.remove(name)
    assert str(caught.value) == f"there is no {what} {name!r}{hint}"


def test_the_number_of_a_mailbox_alone_is_no_name_but_a_hint() -> None:
    conf = config(voicemail="[default]\n6001 => 1,Anna\n[other]\n6001 => 1,Anna\n")
    with pytest.raises(NotFoundError, match="did you mean '6001@default' or '6001@other'"):
        conf.remove("6001")


def test_a_field_that_does_not_exist_gets_a_near_one(conf: Config) -> None:
    with pytest.raises(EditError, match="Extension '6001' has no field 'contxt': did you mean"):
        conf.update("6001", contxt="x")
    with pytest.raises(EditError, match=r"^context 'night' has no field 'qqq'; it has name, ext"):
        conf.update("night", qqq=1)


def test_a_context_is_removed_with_its_comment_but_not_with_what_it_includes(
    conf: Config,
) -> None:
    before = texts(conf)
    result = conf.remove(conf.dialplan["sales"])
    assert repr(result) == "<removed context 'sales' in extensions.conf>"
    assert changed(before, conf) == [
        "-; where calls come in", "-[sales]", "-exten => s,1,Queue(sales)", "-include => night",
        "-",
    ]  # fmt: skip
    assert [one.name for one in conf.dialplan] == ["more", "night"]


def test_a_context_goes_with_the_sections_that_add_to_it() -> None:
    conf = config(extensions="[a]\nexten => 1,1,A()\n[b]\nexten => 1,1,B()\n[a](+)\n[a]\n")
    conf.remove("a")
    assert str(conf["extensions.conf"]) == "[b]\nexten => 1,1,B()\n"


def test_a_context_that_others_inherit_stays() -> None:
    conf = config(extensions="[a]\nexten => 1,1,A()\n[b](a)\n")
    before = texts(conf)
    with pytest.raises(EditError):
        conf.remove("a")
    assert texts(conf) == before


def test_a_context_gets_other_parts_and_keeps_its_lines(conf: Config) -> None:
    before = texts(conf)
    context = conf.dialplan["night"].with_extension("s2", "NoOp(x)")
    conf.update(
        "night",
        extensions=context.extensions,
        includes=[Include("more")],
        switches=[Switch("lswitch", "Loopback", "1@more")],
        ignorepats=["8"],
    )
    assert changed(before, conf) == [
        "-ignorepat => 9", "+ignorepat => 8", "+include => more", "+lswitch => Loopback/1@more",
        "+exten => s2,1,NoOp(x)",
    ]  # fmt: skip


def test_contexts_are_added_and_put_like_other_objects(conf: Config) -> None:
    added = conf.add(DialplanContext("day").with_extension("1", "NoOp(1)"))
    assert (added.action, added.files) == ("added", ("extensions.conf",))
    again = conf.put(DialplanContext("day").with_extension("1", "NoOp(2)"))
    assert (again.action, again.obj) == ("replaced", conf.dialplan["day"])
    assert str(conf["extensions.conf"]).endswith("\n[day]\nexten => 1,1,NoOp(2)\n")
    with pytest.raises(EditError, match=r"^context 'day' is there already, at extensions.conf:1"):
        conf.add(DialplanContext("day"))
    with pytest.raises(EditError, match=r"^a context is added at the end of its file"):
        conf.add(DialplanContext("eve"), after=conf.dialplan["day"])
    with pytest.raises(EditError, match=r"steps are lines of their context"):
        conf.remove(conf.dialplan["day"]["1"])


def test_a_context_makes_its_file_if_there_is_none() -> None:
    conf = config(queues="[a]\n")
    conf.add(DialplanContext("day").with_extension("1", "NoOp(1)"))
    assert str(conf["extensions.conf"]) == "[day]\nexten => 1,1,NoOp(1)\n"
    assert conf.names == ("queues.conf", "extensions.conf")


def test_a_context_is_not_added_where_asterisk_would_not_load_it(conf: Config) -> None:
    with pytest.raises(EditError, match=r"would be loaded otherwise from other\.conf"):
        conf.add(DialplanContext("day"), file="other.conf")
    assert "other.conf" not in conf


def test_an_error_of_an_edit_has_what_would_have_been_wrong() -> None:
    template = "[t](!)\ntype=wizard\naccepts_auth=yes\naccepts_registrations=yes\n"
    phone = "[a](t)\naor/max_contacts=1\ninbound_auth/username=a\ninbound_auth/password=x\n"
    conf = config(pjsip_wizard=template + phone)
    with pytest.raises(EditError) as caught:
        conf.update("a", auth_user=None)
    assert [(one.code, one.message) for one in caught.value.diagnostics] == [
        ("AC402", "'a' needs inbound_auth/username to make its auth")
    ]
    assert conf.object_diagnostics == ()
