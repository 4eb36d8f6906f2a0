"""`update`, `replace` and `put`: exactly which lines change."""

from pathlib import Path
from typing import Any

import attrs
import pytest

import asterconf
from asterconf import CallerID, Extension, Mailbox, Queue, QueueMember
from asterconf.errors import EditError, NotFoundError, StaleError
from tests.unit.editing.helpers import HOME, PRIMITIVES, changed, config, texts


@pytest.fixture
def home() -> asterconf.Config:
    return asterconf.load(HOME)


def test_one_field_is_one_line(home: asterconf.Config) -> None:
    before = texts(home)
    change = home.update(home.extensions["6002"], callerid=CallerID("Kitchen Wall", "6002"))
    assert changed(before, home) == [
        "-endpoint/callerid     = Kitchen <6002>",
        "+endpoint/callerid     = Kitchen Wall <6002>",
    ]
    assert home.extensions["6002"] == change.obj
    assert repr(change) == "<updated Extension '6002' in pjsip_wizard.conf>"


def test_the_only_line_of_an_included_file_can_go() -> None:
    phone = "[a]\ntype=wizard\naccepts_registrations=yes\n#include context.inc\n"
    conf = asterconf.Config.from_texts(
        {"pjsip_wizard.conf": phone, "context.inc": "endpoint/context=home\n"}
    )
    conf.update("a", context=None)
    assert str(conf["context.inc"]) == ""
    assert conf.extensions["a"].context is None


def test_a_line_set_in_an_empty_section_is_written_as_those_above_it() -> None:
    conf = asterconf.Config.from_texts({"x.conf": "[a]\none=1\n[b]\n"})
    conf.option("x.conf", "b", "two").set("2")
    assert str(conf["x.conf"]) == "[a]\none=1\n[b]\ntwo=2\n"


def test_an_inherited_value_is_overridden_and_the_template_stays(home: asterconf.Config) -> None:
    before = texts(home)
    home.update(home.extensions["6003"], codecs=("ulaw",))
    assert changed(before, home) == ["+endpoint/allow        = !all,ulaw"]
    assert home.extensions["6001"].codecs == ("g722", "ulaw")


def test_a_new_option_stands_with_those_of_its_prefix(home: asterconf.Config) -> None:
    home.update(home.extensions["6003"], qualify_timeout=2.5, media_encryption="sdes")
    assert home["pjsip_wizard.conf"]["6003"].text.endswith(
        "aor/qualify_frequency = 0\n"
        "aor/mailboxes         = 6000@default\n"
        "aor/qualify_timeout   = 2.5\n"
        "endpoint/direct_media = no\n"
        "endpoint/media_encryption = sdes\n"
    )


def test_nothing_to_do_changes_no_byte(home: asterconf.Config) -> None:
    before = texts(home)
    phone = home.extensions["6002"]
    for change in (home.update(phone), home.replace(phone, phone), home.put(phone)):
        assert (change.action, change.files) == ("unchanged", ())
    assert changed(before, home) == []


def test_a_field_set_to_none_is_no_longer_said(home: asterconf.Config) -> None:
    before = texts(home)
    change = home.update(home.extensions["6002"], context=None, codecs=None)
    assert changed(before, home) == ["-endpoint/context      = from-home"]
    assert change.notes == ("codecs is ('g722', 'ulaw'), as its template says",)


def test_update_takes_the_object_as_it_stands_now(home: asterconf.Config) -> None:
    phone = home.extensions["6002"]
    home.update(phone, callerid="Attic <6002>")
    home.update(phone, max_contacts=3)
    assert home.extensions["6002"].callerid == CallerID("Attic", "6002")
    assert home.extensions["6002"].max_contacts == 3


def test_replace_wants_the_object_that_the_files_mean(home: asterconf.Config) -> None:
    phone = home.extensions["6002"]
    newer = attrs.evolve(phone, max_contacts=3)
    assert home.replace(phone, newer).action == "replaced"
    with pytest.raises(StaleError, match="Extension '6002' is not what the files mean now"):
        home.replace(phone, newer)
    home["pjsip_wizard.conf"].remove_section(home["pjsip_wizard.conf"]["6002"])
    with pytest.raises(StaleError):
        home.replace(newer, phone)
    with pytest.raises(NotFoundError, match="Extension '6002' is not in this configuration"):
        home.update(phone, max_contacts=1)


def test_put_says_which(home: asterconf.Config) -> None:
    assert home.put(Queue("sales", members=["PJSIP/6001"])).action == "added"
    assert home.put(Queue("sales", timeout=20)).action == "replaced"
    assert home.queues["sales"] == Queue("sales", timeout=20)


def test_put_leaves_to_the_template_what_the_object_leaves_open(home: asterconf.Config) -> None:
    before = texts(home)
    home.put(Extension("6002", callerid="K <6002>", secret="cedar-Lamp-7714", context="from-home"))
    assert changed(before, home) == [
        "-endpoint/mailboxes    = 6000@default",
        "-endpoint/callerid     = Kitchen <6002>",
        "+endpoint/callerid     = K <6002>",
        "-aor/max_contacts      = 1",
        "-aor/qualify_frequency = 30",
        "-aor/qualify_timeout   = 3.0",
        "-aor/mailboxes         = 6000@default",
        "-endpoint/direct_media = yes",
    ]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"name": "6009"}, r"gets another name by rename\(\) only"),
        ({"number": "6009"}, "number stands in the dialplan"),
        ({"phone": "Yealink T54W"}, "phone stands nowhere in Asterisk's files"),
        ({"context": " x"}, "begins or ends with white space"),
        ({"context": "x" * 9000}, "longer than the 8190 bytes"),
        ({"context": "\ud800"}, "a character that UTF-8 has no bytes for"),
    ],
)
def test_what_the_files_cannot_say_is_refused_and_undone(
    home: asterconf.Config, changes: dict[str, Any], why: str
) -> None:
    before = texts(home)
    with pytest.raises(EditError, match=why) as caught:
        home.update(home.extensions["6002"], **changes)
    assert len(str(caught.value)) < 300
    assert changed(before, home) == []
    assert home.changed == ()


def test_a_refusal_does_not_tell_a_secret(home: asterconf.Config) -> None:
    with pytest.raises(EditError) as caught:
        home.update(home.extensions["6002"], secret=" hidden")
    assert "hidden" not in str(caught.value)
    assert "inbound_auth/password" in str(caught.value)
    assert caught.value.__suppress_context__


def test_a_default_is_written_where_a_template_says_something_else() -> None:
    conf = config(queues="[t](!)\ntimeout = 30\nretry = 3\n[a](t)\n[b](t)\n")
    before = texts(conf)
    conf.update(conf.queues["a"], timeout=15)
    assert changed(before, conf) == ["+timeout = 15"]
    assert conf.queues["b"].timeout == 30


def test_a_line_that_shall_say_the_default_stays_with_its_comment() -> None:
    conf = config(queues="[a]\nretry = 3\n; how long\ntimeout = 30 ; s\nmusicclass = x\n[b]\n")
    before = texts(conf)
    conf.update(conf.queues["a"], timeout=15, weight=0, ringinuse=True, musicclass="")
    assert changed(before, conf) == [
        "-timeout = 30 ; s",
        "-musicclass = x",
        "+timeout = 15 ; s",
    ]
    conf.update(conf.queues["a"], retry=5)
    assert conf["queues.conf"]["a"]["retry"] == "5"


def test_of_several_own_lines_the_one_that_counts_is_edited() -> None:
    conf = config(queues="[a]\ntimeout = 1\ntimeout = 2\nstrategy = linear\nstrategy = random\n")
    before = texts(conf)
    conf.update(conf.queues["a"], timeout=3, strategy="rrmemory")
    assert changed(before, conf) == [
        "-timeout = 2",
        "-strategy = linear",
        "+timeout = 3",
        "+strategy = rrmemory",
    ]


def test_where_the_first_line_counts_the_template_of_one_user_is_edited_and_that_is_said() -> None:
    conf = config(queues="[t](!)\nstrategy = ringall\n[u](!,t)\n[a](u)\ntimeout = 1\n[b]\n")
    before = texts(conf)
    change = conf.update(conf.queues["a"], strategy="linear")
    assert changed(before, conf) == ["-strategy = ringall", "+strategy = linear"]
    (note,) = change.notes
    assert note == (
        "strategy was changed in [t] at queues.conf:2:12: of several lines Asterisk takes the "
        "first, and nobody else inherits that one"
    )


def test_where_the_first_line_counts_a_shared_template_is_not_edited() -> None:
    conf = config(queues="[t](!)\nstrategy = ringall\n[a](t)\nstrategy = random\n[b](t)\n[c](t)\n")
    before = texts(conf)
    with pytest.raises(EditError) as caught:
        conf.update(conf.queues["a"], strategy="linear")
    assert str(caught.value) == (
        "[a] strategy comes from [t] at queues.conf:2:12; of several lines Asterisk takes the "
        "first, and that one is first, so no line of its own can win; [b], [c] would change with "
        "it: move the line from the template into the sections"
    )
    assert changed(before, conf) == []


def test_members_are_edited_as_a_list_and_keep_their_lines() -> None:
    conf = config(
        queues="[a]\n; the house\nmember => PJSIP/1,,One   ; first\nmember => PJSIP/2,0,Two\n"
        'member => PJSIP/3,1,"Three, the last" ; third\n\n[b]\n'
    )
    one, two, three = conf.queues["a"].members
    before = texts(conf)
    conf.update(conf.queues["a"], members=(one, attrs.evolve(two, penalty=3), three))
    assert changed(before, conf) == ["-member => PJSIP/2,0,Two", "+member => PJSIP/2,3,Two"]
    conf.update(conf.queues["a"], members=(three, QueueMember("PJSIP/4"), one))
    assert str(conf["queues.conf"]) == (
        '[a]\n; the house\nmember => PJSIP/3,1,"Three, the last" ; third\n'
        "member => PJSIP/4\nmember => PJSIP/1,,One   ; first\n\n[b]\n"
    )
    conf.update(conf.queues["a"], members=())
    assert str(conf["queues.conf"]) == "[a]\n; the house\n\n[b]\n"


def test_an_inherited_member_is_overridden_but_cannot_be_taken_back() -> None:
    conf = config(queues="[t](!)\nmember => PJSIP/1\nmember => PJSIP/2\n[a](t)\n[b](t)\n")
    one, two = conf.queues["a"].members
    before = texts(conf)
    conf.update(conf.queues["a"], members=(one, attrs.evolve(two, penalty=3)))
    assert changed(before, conf) == ["+member => PJSIP/2,3"]
    with pytest.raises(EditError, match=r"inherits a line member from \[t\] at queues.conf:2:11"):
        conf.update(conf.queues["a"], members=(two,))
    assert changed(before, conf) == ["+member => PJSIP/2,3"]


@pytest.mark.parametrize(
    ("lines", "codecs", "after"),
    [
        ("allow=!all,g722,ulaw\n", "g722,alaw,ulaw", "allow=!all,g722,alaw,ulaw\n"),
        ("allow=!all, g722, ulaw ; two\n", "ulaw", "allow=!all, ulaw ; two\n"),
        ("disallow=all\nallow=ulaw\n", "g722,ulaw", "disallow=all\nallow=g722,ulaw\n"),
        (
            "disallow=all\nallow=ulaw\nallow=alaw\n",
            "g722,ulaw",
            "disallow=all\nallow=g722\nallow=ulaw\n",
        ),
        ("allow=ulaw\n", "ulaw,g722", "allow=ulaw,g722\n"),
        ("allow=all\ndisallow=g722\n", "ulaw", "allow=ulaw\n"),
        ("context=x\n", "ulaw", "context=x\nallow=!all,ulaw\n"),
    ],
)
def test_codecs_are_edited_as_a_list(lines: str, codecs: str, after: str) -> None:
    pjsip = f"[1]\ntype=endpoint\naors=1\n{lines}\n[1]\ntype=aor\nmax_contacts=1\n"
    conf = config(pjsip=pjsip)
    conf.update(conf.extensions["1"], codecs=codecs)
    assert str(conf["pjsip.conf"]) == pjsip.replace(lines, after)


def test_local_nets_that_are_inherited_are_cleared_before_others_are_written() -> None:
    text = "[t](!)\ntype=transport\nlocal_net=10.0.0.0/8\nlocal_net=172.16.0.0/12\n[u](t)\n[v](t)\n"
    conf = config(pjsip=text)
    conf.update(conf.transports["u"], local_net=("10.0.0.0/8", "172.16.0.0/12", "1.0.0.0/8"))
    assert str(conf["pjsip.conf"]["u"].text) == "[u](t)\nlocal_net=1.0.0.0/8\n"
    conf.update(conf.transports["u"], local_net=("2.0.0.0/8",))
    assert str(conf["pjsip.conf"]["u"].text) == "[u](t)\nlocal_net=\nlocal_net=2.0.0.0/8\n"
    conf.update(conf.transports["v"], local_net=())
    assert str(conf["pjsip.conf"]["v"].text) == "[v](t)\nlocal_net=\n"


def test_each_part_of_a_phone_is_edited_where_it_stands() -> None:
    conf = config(pjsip=PRIMITIVES)
    before = texts(conf)
    phone = conf.extensions["6002"]
    conf.update(phone, secret="new", max_contacts=5, callerid="Robert <6002>")
    assert changed(before, conf) == [
        '-callerid="Bert" <6002>',
        "+callerid=Robert <6002>",
        "-password=def",
        "+password=new",
        "-max_contacts=2",
        "+max_contacts=5",
    ]


def test_a_trunk_gets_another_host_in_all_its_sections() -> None:
    conf = config(pjsip=PRIMITIVES.replace(":5060\nclient", ":5060\\;transport=tcp\nclient"))
    before = texts(conf)
    conf.update(conf.trunks["prov"], remote_hosts=("sip2.example.com",), match=("192.0.2.1",))
    assert changed(before, conf) == [
        "-contact=sip:prov.example.com:5060",
        "+contact=sip:sip2.example.com",
        "-match=prov.example.com",
        "+match=192.0.2.1",
        "-server_uri=sip:prov.example.com:5060\\;transport=tcp",
        "-client_uri=sip:me@prov.example.com:5060",
        "+server_uri=sip:sip2.example.com\\;transport=tcp",
        "+client_uri=sip:me@sip2.example.com",
    ]


def test_sections_come_and_go_with_what_they_say() -> None:
    conf = config(pjsip=PRIMITIVES)
    before = texts(conf)
    conf.update(conf.extensions["6001"], auth_user=None, secret=None)
    assert changed(before, conf) == [
        "-auth=auth6001",
        "-",
        "-[auth6001](login)",
        "-username=6001",
        "-password=abc",
    ]
    conf.update(conf.extensions["6001"], auth_user="6001", secret="abc")
    assert changed(before, conf) == [
        "-auth=auth6001",
        "+auth=auth6001",
        "+",
        "+[6001](where)",
        "-",
        "-[6001](where)",
    ]
    conf.update(conf.trunks["prov"], sends_registrations=False)
    assert [d.message for d in conf.effective("pjsip.conf").diagnostics] == []
    assert conf.trunks["prov"].sends_registrations is None


def test_an_included_file_is_edited_where_the_line_stands() -> None:
    conf = asterconf.Config.from_texts(
        {
            "queues.conf": "[general]\n#include more.inc\n[b]\nretry = 2\n#include b.inc\n",
            "more.inc": "[a]\ntimeout = 9\n",
            "b.inc": "timeout = 8\n",
        }
    )
    conf.update(conf.queues["a"], timeout=10)
    conf.update(conf.queues["b"], timeout=11, retry=3, wrapuptime=4)
    assert texts(conf) == {
        "queues.conf": "[general]\n#include more.inc\n[b]\nretry = 3\nwrapuptime = 4\n"
        "#include b.inc\n",
        "more.inc": "[a]\ntimeout = 10\n",
        "b.inc": "timeout = 11\n",
    }


def test_a_line_that_two_sections_include_is_overridden_behind_the_include() -> None:
    conf = asterconf.Config.from_texts(
        {
            "queues.conf": "[a]\nretry = 1\n#include x.inc\n\n[b]\n#include x.inc\n",
            "x.inc": "timeout = 8\n",
        }
    )
    conf.update(conf.queues["a"], timeout=10)
    assert str(conf["queues.conf"]) == (
        "[a]\nretry = 1\n#include x.inc\ntimeout = 10\n\n[b]\n#include x.inc\n"
    )
    assert conf.queues["b"].timeout == 8


def test_a_section_that_another_inherits_is_not_changed_under_it() -> None:
    conf = config(queues="[a]\ntimeout = 8\n[b](a)\nretry = 2\n")
    before = texts(conf)
    with pytest.raises(EditError, match=r"^\[b\] would read differently, too"):
        conf.update(conf.queues["a"], timeout=10)
    assert changed(before, conf) == []


def test_a_reopened_section_is_edited_where_the_line_counts() -> None:
    conf = config(queues="[a]\ntimeout = 8\n[b]\n[a](+)\ntimeout = 9\n")
    conf.update(conf.queues["a"], timeout=10, retry=2)
    assert str(conf["queues.conf"]) == ("[a]\ntimeout = 8\nretry = 2\n[b]\n[a](+)\ntimeout = 10\n")


def test_what_plus_equals_added_is_edited_as_one_value() -> None:
    conf = config(
        queues="[t](!)\ncontext = x\n[a]\ncontext = y\ncontext += z\n[b](t)\ncontext += z\n"
    )
    conf.update(conf.queues["a"], context="w")
    conf.update(conf.queues["b"], context="v")
    assert str(conf["queues.conf"]) == (
        "[t](!)\ncontext = x\n[a]\ncontext = w\n[b](t)\ncontext = v\n"
    )


def test_a_mailbox_keeps_the_fields_that_do_not_change() -> None:
    text = "[default]\n6000 => 1234,John Doe,johndoe@example.com,,,   ; the house\n"
    conf = config(voicemail=text)
    box = conf.mailboxes["6000@default"]
    conf.update(box, email="john@example.com")
    assert str(conf["voicemail.conf"]) == text.replace("johndoe@", "john@")
    conf.update(box, initial_pin="-1;", options=("attach=no", "tz=home"))
    assert str(conf["voicemail.conf"]) == (
        "[default]\n6000 => -1\\;,John Doe,john@example.com,,attach=no|tz=home   ; the house\n"
    )


def test_unknown_options_and_comments_stay() -> None:
    text = "[a]\n; why\ntimeout = 8 ; note\nfoo = bar\n ; x\nretry = 2\n; tail\n\n; b\n[b]\n"
    conf = config(queues=text)
    conf.update(conf.queues["a"], timeout=9, retry=5)
    assert str(conf["queues.conf"]) == text.replace("= 8", "= 9").replace("= 2", "= 5")


def test_a_member_is_no_object_of_its_own(home: asterconf.Config) -> None:
    member = home.queues["home-phones"].members[0]
    for verb in (home.add, home.remove, home.put, lambda m: home.update(m, penalty=1)):
        with pytest.raises(EditError, match=r"use update\(queue, members=\.\.\.\)"):
            verb(member)
    with pytest.raises(
        EditError,
        match=r"^no section of a file is a CallerID: this takes an extension, trunk, queue",
    ):
        home.add(CallerID("a", "1"))


def test_types_cannot_change() -> None:
    conf = config(queues="[a]\n")
    with pytest.raises(EditError, match="Queue 'a' cannot become a Mailbox"):
        conf.replace(conf.queues["a"], Mailbox("1"))


def test_a_section_is_made_for_what_went_without_one() -> None:
    start = PRIMITIVES.index("[prov]\ntype=identify")
    conf = config(pjsip=PRIMITIVES[:start] + PRIMITIVES[PRIMITIVES.index("[prov]\ntype=regi") :])
    trunk = conf.trunks["prov"]
    assert [str(line) for line in trunk.extra] == ["accepts_registrations=yes"]
    before = texts(conf)
    conf.update(trunk, match="192.0.2.1", extra=())
    lines = changed(before, conf)
    assert lines == ["+", "+[prov]", "+type=identify", "+endpoint=prov", "+match=192.0.2.1"]


def test_a_file_without_a_final_newline_stays_one() -> None:
    conf = config(queues="[a]\ntimeout = 1\n\n[b]")
    conf.add(Queue("c", timeout=2))
    assert str(conf["queues.conf"]) == "[a]\ntimeout = 1\n\n[b]\n\n[c]\ntimeout = 2"
    conf.remove(conf.queues["c"])
    assert str(conf["queues.conf"]) == "[a]\ntimeout = 1\n\n[b]"


def test_a_trunk_without_an_aor_gets_one_for_what_an_aor_says() -> None:
    start, end = PRIMITIVES.index("[prov]\ntype=aor"), PRIMITIVES.index("[prov]\ntype=auth")
    conf = config(pjsip=(PRIMITIVES[:start] + PRIMITIVES[end:]).replace("aors=prov\n", ""))
    before = texts(conf)
    conf.update(conf.trunks["prov"], qualify_frequency=60)
    assert changed(before, conf) == [
        "+aors=prov",
        "+",
        "+[prov]",
        "+type=aor",
        "+qualify_frequency=60",
    ]


def test_what_a_command_printed_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "queues.conf").write_text("[a]\ntimeout = 1\n#exec list\n#exec more\n")
    printed = {"list": "retry = 2\n", "more": "[b]\ntimeout = 3\n"}
    conf = asterconf.load(tmp_path, exec_output=printed.__getitem__)
    conf.update(conf.queues["a"], timeout=2, retry=7)
    conf.add(Queue("c"))
    assert str(conf["queues.conf"]) == (
        "[a]\ntimeout = 2\n#exec list\n#exec more\nretry = 7\n\n[c]\n"
    )
    assert conf.queues["a"].retry == 7
    with pytest.raises(EditError, match=r"stands at #exec more:1:1: that is no line of a file"):
        conf.update(conf.queues["b"], timeout=4)


def test_a_last_line_without_an_end_is_changed_and_followed() -> None:
    conf = config(queues="[q]\ntimeout = 5")
    conf.update(conf.queues["q"], timeout=6, wrapuptime=7)
    assert str(conf["queues.conf"]) == "[q]\ntimeout = 6\nwrapuptime = 7"


def test_a_field_that_there_is_not_is_refused_with_a_hint() -> None:
    conf = config(queues="[q]\n")
    with pytest.raises(EditError, match="'q' has no field 'timout': did you mean 'timeout'"):
        conf.update(conf.queues["q"], timout=3)
