"""`add` and `remove`: where new sections go, how they look, and what goes with an old one."""

from collections.abc import Callable
from pathlib import Path

import pytest

import asterconf
from asterconf import CallerID, Extension, Mailbox, Queue, QueueMember, Trunk, phones
from asterconf.errors import EditError, NotFoundError
from asterconf.model import Transport
from tests.unit.editing.helpers import HOME, PRIMITIVES, changed, config, texts


@pytest.fixture
def home() -> asterconf.Config:
    return asterconf.load(HOME)


def test_a_phone_goes_behind_the_others_and_says_only_what_differs(home: asterconf.Config) -> None:
    before = texts(home)
    change = home.add(Extension("6004", callerid=CallerID("Garage", "6004"), secret="s3cret4"))
    assert changed(before, home) == [
        "+",
        "+[6004](extension-defaults)",
        "+endpoint/context      = from-home",
        "+endpoint/callerid     = Garage <6004>",
        "+inbound_auth/username = 6004",
        "+inbound_auth/password = s3cret4",
        "+aor/max_contacts      = 1",
    ]
    assert str(home["pjsip_wizard.conf"]).startswith(before["pjsip_wizard.conf"])
    assert str(change) == (
        "added Extension '6004' in pjsip_wizard.conf\n"
        "  context is 'from-home', as all others have it\n"
        "  max_contacts is 1, as all others have it"
    )
    assert home.extensions["6004"] == change.obj
    assert home.extensions["6004"].codecs == ("g722", "ulaw")


def test_a_phone_that_says_otherwise_than_its_template_overrides_it(home: asterconf.Config) -> None:
    phone = Extension(
        "6004", secret="x", codecs=("ulaw",), max_contacts=2, remove_existing=True, context="lobby"
    )
    change = home.add(phone)
    assert home["pjsip_wizard.conf"]["6004"].items() == (
        ("endpoint/context", "lobby"),
        ("inbound_auth/username", "6004"),
        ("inbound_auth/password", "x"),
        ("aor/max_contacts", "2"),
        ("endpoint/allow", "!all,ulaw"),
    )
    assert change.notes == ()


def test_what_the_kind_of_phone_proposes_is_taken_over(home: asterconf.Config) -> None:
    change = home.add(Extension("6004", secret="x", phone=phones.Linphone()))
    assert home["pjsip_wizard.conf"]["6004"]["aor/qualify_frequency"] == "0"
    assert home["pjsip_wizard.conf"]["6004"]["endpoint/direct_media"] == "no"
    assert "phone is not written" in change.notes[-1]


def test_what_is_there_is_not_added_twice(home: asterconf.Config) -> None:
    before = texts(home)
    for obj, why in (
        (Extension("6001"), r"Extension '6001' is there already, at pjsip_wizard.conf:92:1"),
        (Extension("voipms"), r"Extension 'voipms' is there already, at pjsip_wizard.conf:44:1"),
        (Queue("home-phones"), r"there already, at queues.conf:17:1"),
        (Mailbox("6000"), r"there already, at voicemail.conf:48:9"),
        (Transport("transport-udp"), r"there already"),
        (Queue("general"), r"\[general\] is there already, at queues.conf:3:1"),
    ):
        with pytest.raises(EditError, match=why):
            home.add(obj)
    assert changed(before, home) == []


def test_primitives_are_added_in_the_manner_of_their_siblings() -> None:
    conf = config(pjsip=PRIMITIVES)
    before = texts(conf)
    conf.add(Extension("6003", callerid="Cora <6003>", secret="x", max_contacts=3))
    assert changed(before, conf) == [
        "+[6003](phone)",
        "+auth=auth6003",
        "+aors=6003",
        "+callerid=Cora <6003>",
        "+",
        "+[auth6003](login)",
        "+username=6003",
        "+password=x",
        "+",
        "+[6003](where)",
        "+max_contacts=3",
        "+",
    ]
    assert str(conf["pjsip.conf"]).index("[6003]") > str(conf["pjsip.conf"]).index("max_contacts=2")
    assert str(conf["pjsip.conf"]).index("[6003]") < str(conf["pjsip.conf"]).index("; the provider")


def test_primitives_in_groups_of_a_kind_are_added_to_each_group() -> None:
    text = "".join(
        f"; {kind}s\n" + "".join(f"[{n}]\ntype={kind}\n{line.format(n)}\n" for n in (1, 2))
        for kind, line in (
            ("endpoint", "aors={0}\nauth={0}\n"),
            ("auth", "username={0}\npassword=p{0}\n"),
            ("aor", "max_contacts=1\n"),
        )
    )
    conf = config(pjsip=text)
    conf.add(Extension("3", secret="p3"))
    names = [(s.name, s["type"]) for s in conf["pjsip.conf"].sections]
    assert names == [(n, kind) for kind in ("endpoint", "auth", "aor") for n in ("1", "2", "3")]
    assert "; auths\n[1]" in str(conf["pjsip.conf"])
    assert conf.extensions["3"].max_contacts == 1


def test_style_can_be_chosen() -> None:
    conf = config(pjsip=PRIMITIVES)
    conf.add(Extension("6003", secret="x"), style="wizard")
    assert str(conf["pjsip_wizard.conf"]) == (
        "[6003]\ntype = wizard\naccepts_registrations = yes\naccepts_auth = yes\n"
        "endpoint/context = from-home\ninbound_auth/username = 6003\n"
        "inbound_auth/password = x\nendpoint/allow = !all,ulaw,alaw\n"
    )
    fresh = config(queues="")
    fresh.add(Extension("1", secret="x", max_contacts=1), style="primitives")
    assert [(s.name, s["type"]) for s in fresh["pjsip.conf"].sections] == [
        ("1", "endpoint"),
        ("1", "aor"),
        ("1", "auth"),
    ]
    with pytest.raises(EditError, match="style must be 'wizard' or 'primitives'"):
        conf.add(Extension("2"), style="other")  # type: ignore[arg-type]


def test_a_place_can_be_chosen(home: asterconf.Config) -> None:
    home.add(Extension("6000", secret="x"), after=home.extensions["6001"])
    wizard = home["pjsip_wizard.conf"]
    home.add(Extension("5999", secret="x"), after=wizard["6002"])
    assert wizard.keys()[3:] == ("6001", "6000", "6002", "5999", "6003")
    assert "; Extension 6002: Kitchen, Yealink W73P.\n[6002]" in str(wizard)
    with pytest.raises(NotFoundError, match="after= must be a section, or an object"):
        home.add(Extension("5998"), after=Queue("nowhere"))


def test_a_file_can_be_chosen_that_asterisk_reads() -> None:
    conf = asterconf.Config.from_texts(
        {"queues.conf": "[a]\n#include q.inc\n", "q.inc": "; more\n"}
    )
    conf.add(Queue("b", timeout=3), file="q.inc")
    assert str(conf["q.inc"]) == "; more\n\n[b]\ntimeout = 3\n"
    before = texts(conf)
    with pytest.raises(EditError, match=r"Asterisk does not read \[c\] where it stands"):
        conf.add(Queue("c"), file="other.inc")
    assert texts(conf) == before
    assert "other.inc" not in conf


def test_first_objects_make_their_file(tmp_path: Path) -> None:
    (tmp_path / "modules.conf").write_text("[modules]\n")
    conf = asterconf.load(tmp_path)
    conf.add(Queue("a", members=["PJSIP/1"]))
    conf.add(Mailbox("1", initial_pin="1234"))
    conf.add(Trunk("p", remote_hosts="h", username="u", secret="s", sends_auth=True))
    assert {name: str(conf[name]) for name in conf.changed} == {
        "queues.conf": "[a]\nmember => PJSIP/1\n",
        "voicemail.conf": "[default]\n1 => 1234\n",
        "pjsip_wizard.conf": "[p]\ntype = wizard\nsends_auth = yes\nremote_hosts = h\n"
        "outbound_auth/username = u\noutbound_auth/password = s\n",
    }
    assert {p.name for p in conf.save()} == set(conf.files) - {"modules.conf"}
    assert asterconf.load(tmp_path).trunks["p"] == conf.trunks["p"]


def test_a_template_that_cannot_be_used_is_left_out() -> None:
    conf = config(queues="[t](!)\nstrategy = ringall\nmember => PJSIP/1\n[a](t)\n[b](t)\n")
    conf.add(Queue("c", strategy="linear", members=["PJSIP/2"]))
    assert conf["queues.conf"]["c"].text == "[c]\nstrategy = linear\nmember => PJSIP/2\n"
    assert conf.queues["c"] == Queue("c", strategy="linear", members=["PJSIP/2"])


@pytest.mark.parametrize(
    "obj",
    [
        Extension("a,b", secret="x"),
        Extension("a\\b", secret="x"),
        Trunk("a\\", remote_hosts="h"),
        Extension("a]b", secret="x"),
        Extension("a\ud800", secret="x"),
        Extension("n" * 80, secret="x"),
        Extension("a", secret="x "),
        Extension("a", secret="x" * 9000),
        Queue("a]"),
        Queue("zonemessages", announce=" x"),
        Mailbox("1", context="general"),
        Mailbox("1", context="zonemessages"),
        Mailbox("1", options=("a|b=1",)),
        Trunk("t", remote_hosts=("a, b",)),
        Trunk("t", remote_hosts="h", match=(" a",)),
    ],
)
def test_what_would_be_read_differently_is_refused_and_undone(obj: object) -> None:
    conf = config(queues="[x]\n", voicemail="[default]\n", pjsip="", pjsip_wizard="")
    before = texts(conf)
    with pytest.raises(EditError) as caught:
        conf.add(obj)
    assert len(str(caught.value)) < 300
    assert texts(conf) == before


def test_semicolons_brackets_and_separators_stay_what_they_are() -> None:
    conf = config(queues="", voicemail="", pjsip="", pjsip_wizard="")
    objects: list[object] = [
        Extension("a;b", callerid="; x\\;[y](z) => <1>", secret=";-- \\;", context="=>x"),
        Queue("q", members=[QueueMember('a,b;c"d', name="(x]"), QueueMember("Local/1@b;c")]),
        Mailbox("1", initial_pin="#;1", name="+= [x]", email="a;b"),
        Transport("#include x", bind="\\[x]", cert_file="${x},;"),
    ]
    for obj in objects:
        conf.add(obj)
    assert list(conf.queues.values()) == [objects[1]]
    assert list(conf.mailboxes.values()) == [objects[2]]
    assert list(conf.transports.values()) == [objects[3]]
    assert conf.extensions["a;b"].secret == Extension("x", secret=";-- \\;").secret


def test_a_phone_goes_with_its_own_comment_only(home: asterconf.Config) -> None:
    before = texts(home)
    change = home.remove(home.extensions["6002"])
    lines = changed(before, home)
    assert lines[0] == "-; Extension 6002: Kitchen, Yealink W73P."
    assert lines[1] == "-[6002](extension-defaults)"
    assert len(lines) == 13
    assert "; Extension 6003: Smartphone, Linphone." in str(home["pjsip_wizard.conf"])
    assert change.notes == (
        "queues.conf:40:17: member names it still",
        "queues.conf:40:38: member names it still",
        "extensions.conf:73:28: Dial names it still",
        "extensions.conf:102:26: hint names it still",
    )


def test_all_sections_of_a_phone_go_and_what_others_use_stays() -> None:
    shared = PRIMITIVES.replace("auth=auth6002", "auth=auth6001")
    conf = config(pjsip=shared)
    before = texts(conf)
    change = conf.remove(conf.extensions["6001"])
    assert changed(before, conf) == [
        "-; Anna",
        "-[6001](phone)",
        "-auth=auth6001",
        "-aors=6001",
        '-callerid="Anna" <6001>',
        "-",
        "-",
        "-[6001](where)",
    ]
    assert change.notes == ("auth [auth6001] stays, because [6002] uses it",)
    conf.remove(conf.trunks["prov"])
    assert str(conf["pjsip.conf"]).endswith("[6002](where)\nmax_contacts=2\n")


def test_a_reopened_section_goes_with_all_its_parts() -> None:
    conf = config(queues="[a]\ntimeout = 1\n[b]\n; more of a\n[a](+)\nretry = 2\n")
    conf.remove(conf.queues["a"])
    assert str(conf["queues.conf"]) == "[b]\n"


def test_what_others_inherit_is_not_removed() -> None:
    conf = config(queues="[a]\ntimeout = 1\n[b](a)\n")
    before = texts(conf)
    with pytest.raises(EditError, match=r"Asterisk would refuse queues.conf as a whole"):
        conf.remove(conf.queues["a"])
    assert texts(conf) == before


@pytest.mark.parametrize(
    ("text", "after"),
    [
        ("[d]\n; both\n1 => 1\n2 => 2\n", "[d]\n; both\n2 => 2\n"),
        ("[d]\n2 => 2\n\n; one\n1 => 1\n\n; x\n", "[d]\n2 => 2\n\n\n; x\n"),
        ("[d]\n2 => 2\n1 => 1 ; one\n; x\n", "[d]\n2 => 2\n; x\n"),
    ],
)
def test_a_mailbox_goes_with_a_comment_about_it_alone(text: str, after: str) -> None:
    conf = config(voicemail=text)
    conf.remove(conf.mailboxes["1@d"])
    assert str(conf["voicemail.conf"]) == after


def test_an_object_of_another_configuration_is_not_found(home: asterconf.Config) -> None:
    verbs: list[Callable[[object], object]] = [home.remove, home.update]
    for verb in verbs:
        with pytest.raises(NotFoundError, match="Queue 'x' is not in this configuration"):
            verb(Queue("x"))
