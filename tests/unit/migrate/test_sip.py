"""sip.conf → pjsip.conf: the text that comes of it, and what is said of each line."""

from __future__ import annotations

import json

import pytest

from asterconf.config import Config
from asterconf.errors import ConflictError
from asterconf.migrate import Migration, Style


def moved(sip: str, **files: str) -> tuple[Config, Migration]:
    texts = {"sip.conf": sip, **{f"{name}.conf": text for name, text in files.items()}}
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate("sip")
    plan.apply()
    assert not conf.plan_migrate("sip")
    return conf, plan


CLOSED = "[general]\nallowguest=no\n"


def section(conf: Config, kind: str, name: str) -> dict[str, str]:
    (one,) = (one for one in conf.effective("pjsip.conf").live
              if one.name == name and one.kind and one.kind.name == kind)  # fmt: skip
    return dict(one.pairs)


@pytest.mark.parametrize(
    ("lines", "match", "by"),
    [
        ("type=peer\nhost=192.0.2.1\n", "192.0.2.1:5060", "ip"),
        ("type=peer\nhost=192.0.2.1\nport=5070\n", "192.0.2.1:5070", "ip"),
        ("type=peer\nhost=192.0.2.1\ninsecure=port\n", "192.0.2.1", "ip"),
        ("type=friend\nhost=192.0.2.1\n", "192.0.2.1:5060", "username,ip"),
        ("type=friend\nhost=dynamic\n", "", "username,ip"),
        ("type=user\n", "", "username,ip"),
        ("type=peer\n", "", "ip"),  # on 16.28 a caller of its name is a stranger
    ],
)
def test_a_peer_is_recognised_by_what_chan_sip_looked_at(lines: str, match: str, by: str) -> None:
    conf, plan = moved(f"{CLOSED}[a]\n{lines}")
    assert section(conf, "endpoint", "a").get("identify_by", "username,ip") == by
    if match:
        assert section(conf, "identify", "a-identify") == {
            "type": "identify", "endpoint": "a", "match": match,
        }  # fmt: skip
    else:
        assert "type=identify" not in str(conf["pjsip.conf"])
    head = next(one for one in plan.constructs if one.text == "[a]")
    assert head.outcome == "exact"
    assert head.why.startswith("recognised by ")


@pytest.mark.parametrize(
    ("lines", "endpoint"),
    [
        ("mailbox=1\n", {"mailboxes": "1@default", "mwi_subscribe_replaces_unsolicited": "yes"}),
        ("mailbox=1\nsubscribemwi=yes\n", {}),
    ],
)
def test_a_phone_hears_of_its_mailbox_unasked_or_when_it_subscribes(
    lines: str, endpoint: dict[str, str]
) -> None:
    conf, _ = moved(f"{CLOSED}[a]\ntype=friend\nhost=dynamic\n{lines}")
    found = section(conf, "endpoint", "a")
    assert {key: value for key, value in found.items() if "mwi" in key or "mail" in key} == {
        "voicemail_extension": "asterisk", **endpoint,
    }  # fmt: skip
    assert section(conf, "aor", "a")["mailboxes"] == "1@default"


def test_the_mailbox_of_another_server_keeps_the_context_that_chan_sip_gave_it() -> None:
    conf, _ = moved(f"{CLOSED}[a]\ntype=peer\nhost=192.0.2.1\nunsolicited_mailbox=77\n")
    assert section(conf, "endpoint", "a")["incoming_mwi_mailbox"] == "77@SIP_Remote"
    assert [one for one in conf.with_asterisk("22").check() if one.severity == "error"] == []


def test_every_line_that_is_no_option_is_told_too() -> None:
    _, plan = moved(
        f'{CLOSED}secret Qx81sZ2v\n#include "b.conf"\n[a]\ntype=peer\n#exec /usr/bin/peers\n',
        b="[b]\ntype=user\n#tryinclude none.conf\n",
    )
    told = {(one.place.file, one.place.line): one for one in plan.constructs}
    assert sorted(told) == [("b.conf", n) for n in (1, 2, 3)] + [
        ("sip.conf", n) for n in (1, 2, 3, 4, 5, 6, 7)]  # fmt: skip
    assert told["sip.conf", 3].text == "secret ********"
    assert {key: told[key].outcome for key in told if key[1] > 2 or key[0] == "b.conf"} == {
        **dict.fromkeys(told.keys() - {("sip.conf", 1), ("sip.conf", 2), ("sip.conf", 7)}, "exact"),
        ("sip.conf", 7): "left",
    }


def test_what_takes_the_place_of_peers_in_a_database_is_told() -> None:
    _, plan = moved(CLOSED, extconfig="[settings]\nsippeers => odbc,pbx,sip_buddies\n")
    told = next(one for one in plan.constructs if one.text.startswith("sippeers"))
    assert told.outcome == "left"
    assert "[res_pjsip_endpoint_identifier_ip] has identify=realtime,ps_endpoint_id_ips" in told.why
    assert told.why.endswith("extconfig.conf has ps_endpoints => odbc,pbx and so on.")


def test_two_peers_with_one_address_are_told() -> None:
    _, plan = moved(f"{CLOSED}[a]\ntype=peer\nhost=192.0.2.1\n[b]\ntype=peer\nhost=192.0.2.1\n")
    told = {one.text: one for one in plan.constructs}
    assert told["[a]"].outcome == "exact"
    assert "another peer has the address" in told["[b]"].why


def test_what_is_left_stays_with_its_comments_and_nothing_else_does() -> None:
    conf, plan = moved(
        "; mine\n[general]\nallowguest=no ; closed\nrelaxdtmf=yes ; keep\n\n; a phone\n[1]\n"
        "type=friend\nhost=dynamic\nsecret=hush\n"
    )
    assert str(conf["sip.conf"]) == "; mine\n[general]\nrelaxdtmf=yes ; keep\n"
    assert "; a phone\n[1]\ntype=endpoint\n" in str(conf["pjsip.conf"])
    assert [(one.text, one.place.line) for one in plan.notes] == [("relaxdtmf=yes", 4)]


def test_secrets_are_masked_wherever_a_person_looks() -> None:
    texts = {"sip.conf": f"{CLOSED}register => a:hush@192.0.2.9\n[1]\ntype=friend\nsecret=hush\n"
             "auth=u:hush@realm\n"}  # fmt: skip
    plan = Config.from_texts(texts, asterisk="20").plan_migrate("sip")
    shown = f"{plan}{plan.diff()}{json.dumps(plan.to_dict())}{plan!r}"
    assert "hush" not in shown
    assert "hush" in plan.diff(reveal=True)


def test_a_name_that_is_taken_is_a_conflict_with_both_places() -> None:
    texts = {"sip.conf": f"{CLOSED}[1]\ntype=friend\n", "pjsip.conf": "[1]\ntype=endpoint\n"}
    conf = Config.from_texts(texts, asterisk="20")
    with pytest.raises(ConflictError, match=r"sip\.conf:3.*pjsip\.conf:1") as caught:
        conf.plan_migrate("sip")
    assert len(caught.value.conflicts) == 1
    assert str(conf["sip.conf"]) == texts["sip.conf"]


def test_templates_general_and_defaults_are_applied() -> None:
    conf, _ = moved(
        "[general]\nallowguest=no\ncontext=in\n[t](!)\ntype=friend\nhost=dynamic\nlanguage=de\n"
        "[1](t)\nsecret=x\nlanguage=fr\n[2](t)\n"
    )
    one, two = (section(conf, "endpoint", name) for name in "12")
    assert (one["context"], one["language"], one["auth"]) == ("in", "fr", "1-auth")
    assert (two["context"], two["language"], "auth" in two) == ("in", "de", False)
    assert section(conf, "aor", "1")["remove_existing"] == "yes"


def test_strangers_come_in_only_where_they_did() -> None:
    assert "[anonymous]" not in str(moved(CLOSED + "[1]\ntype=friend\n")[0]["pjsip.conf"])
    conf, _ = moved("[general]\ncontext=lobby\n[1]\ntype=friend\ncontext=in\n")
    assert section(conf, "endpoint", "anonymous")["context"] == "lobby"


def test_a_wizard_says_what_it_can() -> None:
    texts = {"sip.conf": f"{CLOSED}[1]\ntype=friend\nhost=dynamic\nsecret=x\ncontext=in\n"}
    conf = Config.from_texts(texts, asterisk="20")
    conf.plan_migrate("sip", style="wizard").apply()
    assert "[1]" in str(conf["pjsip_wizard.conf"])
    assert "type=endpoint" not in str(conf["pjsip.conf"])
    moved_phone = conf.with_asterisk("22").extensions["1"]
    assert (moved_phone.context, moved_phone.in_force) == ("in", True)


def test_a_wizard_says_what_a_peer_at_an_address_is() -> None:
    texts = {"sip.conf": f"{CLOSED}[a]\ntype=peer\nhost=192.0.2.10\nsecret=x\ncontext=in\n"}
    conf = Config.from_texts(texts, asterisk="20")
    conf.plan_migrate("sip", style="wizard").apply()
    trunk = conf.with_asterisk("22").effective("pjsip_wizard.conf")["a"]
    assert trunk["remote_hosts"] == "192.0.2.10"
    assert trunk["outbound_auth/password"] == "x"
    assert "[a" not in str(conf["pjsip.conf"])


@pytest.mark.parametrize("style", ["primitives", "wizard"])
def test_networks_are_tried_in_the_order_of_the_file(style: Style) -> None:
    lines = (
        "deny=0.0.0.0/0.0.0.0\npermit=127.0.0.0/255.0.0.0\n"
        "contactdeny=0.0.0.0/0\ncontactpermit=127.0.0.0/8\n"
    )
    sip = f"{CLOSED}[t](!)\n{lines}[a](t)\ntype=friend\nhost=dynamic\nsecret=x\n"
    conf = Config.from_texts({"sip.conf": sip}, asterisk="20")
    text = conf.plan_migrate("sip", style=style).diff()
    names = [
        line.partition("=")[0].rpartition("/")[2].strip("+ ")
        for line in text.splitlines()
        if line.startswith("+") and ("permit" in line or "deny" in line)
    ]
    assert names.index("deny") < names.index("permit")
    assert names.index("contact_deny") < names.index("contact_permit")
    assert len(names) == 4


def test_logins_of_all_peers_are_sent_by_each() -> None:
    conf, _ = moved(
        f"{CLOSED}register => a:pw@192.0.2.9\n[authentication]\nauth=mark:top@digium.com\n"
        "auth=eve#0123456789abcdef0123456789abcdef@Other\n"
        "[1]\ntype=friend\nhost=dynamic\nauth=own:x@other\n"
    )
    first, second = (section(conf, "auth", f"authentication-realm{n}") for n in (1, 2))
    assert (first["username"], first["password"], first["realm"]) == ("mark", "top", "digium.com")
    assert (second["auth_type"], second["md5_cred"][:4]) == ("md5", "0123")
    assert section(conf, "endpoint", "1")["outbound_auth"] == "1-realm1,authentication-realm1"
    assert section(conf, "registration", "a-192.0.2.9-registration")["outbound_auth"] == (
        "a-192.0.2.9-registration-auth,authentication-realm1,authentication-realm2"
    )


def test_the_first_authentication_counts_and_in_it_the_first_login_of_a_realm() -> None:
    # What 16.28 sent to a provider that asked for each of these realms: u1, nothing, u3, u4.
    conf, plan = moved(
        f"{CLOSED}[authentication]\nauth=u1:p1@one\n[authentication]\nauth=u2:p2@two\n"
        "[authentication](+)\nauth=u3:p3@three\n"
        "[Authentication](+)\nauth=u4:p4@four\nauth=u5:p5@ONE\n[9]\ntype=friend\n"
        "[general]\nlanguage=de\n"
    )
    made = [section(conf, "auth", f"authentication-realm{n}") for n in (1, 2, 3)]
    assert [(one["realm"], one["username"]) for one in made] == [
        ("one", "u1"), ("three", "u3"), ("four", "u4")
    ]  # fmt: skip
    assert "authentication-realm4" not in str(conf["pjsip.conf"])
    assert section(conf, "endpoint", "9").get("language", "") == ""
    told = {one.text: one.why for one in plan.constructs if "no effect" in one.why}
    assert told == {
        "auth=u2:********@two": "chan_sip reads the first [authentication] alone: it had no effect",
        "auth=u5:********@ONE": "chan_sip sends the first login of a realm: it had no effect",
        "language=de": "chan_sip reads the first [general] alone: it had no effect",
    }


def test_what_chan_sip_read_of_users_conf_is_told_line_by_line_and_stays_for_others() -> None:
    users = (
        "[general]\nhassip=yes\ncallgroup=7\n[6000]\nfullname=John Doe\nsecret=green-Harbor-5120\n"
        "hasvoicemail=yes\ncallgroup=1\n[6001]\nhassip=no\nsecret=other-Harbor-5120\n"
    )
    conf, plan = moved(CLOSED, users=users)
    found = [one for one in plan.constructs if one.place.file == "users.conf"]
    told = {one.text: (one.outcome, one.new) for one in found}
    assert told == {
        "hassip=yes": ("exact", "endpoint.type"),
        "fullname=John Doe": ("exact", "endpoint.callerid"),
        "secret=********": ("exact", "auth.password, endpoint.auth"),
        "hasvoicemail=yes": ("exact", "endpoint.mailboxes"),
        "callgroup=1": ("exact", "endpoint.call_group"),
        "hassip=no": ("exact", "endpoint.type"),
    }
    assert str(conf["users.conf"]) == users.replace("hassip=yes\n", "").replace("hassip=no\n", "")
    assert section(conf, "endpoint", "6000")["call_group"] == "1"
    assert "6001" not in str(conf["pjsip.conf"])


def test_codecs_keep_the_length_of_their_packets() -> None:
    conf, _ = moved(
        "[general]\nallowguest=no\ndisallow=all\nallow=ulaw:30,alaw\n[1]\ntype=friend\n"
        "[2]\ntype=friend\ndisallow=ulaw\nallow=gsm:40,ulaw\n"
    )
    assert section(conf, "endpoint", "1")["allow"] == "ulaw:30,alaw"
    assert section(conf, "endpoint", "2")["allow"] == "alaw,gsm:40,ulaw"


def test_completion_of_calls_is_left() -> None:
    conf, plan = moved(f"{CLOSED}[1]\ntype=friend\ncc_agent_policy=generic\n")
    assert [(one.text, one.outcome) for one in plan.notes] == [("cc_agent_policy=generic", "left")]
    assert "cc_agent_policy=generic" in str(conf["sip.conf"])


def test_many_names_that_are_taken_are_one_short_message() -> None:
    sip = "".join(f"[{n}]\ntype=friend\n" for n in range(5))
    pjsip = "".join(f"[{n}]\ntype=endpoint\n" for n in range(5))
    conf = Config.from_texts({"sip.conf": f"{CLOSED}{sip}", "pjsip.conf": pjsip}, asterisk="20")
    with pytest.raises(ConflictError, match="; and 2 more: rename") as caught:
        conf.plan_migrate("sip")
    assert len(caught.value.conflicts) == 5
    assert str(caught.value).count("would become") == 3


@pytest.mark.parametrize(
    ("line", "more", "kept"),
    [
        ("a:pw@192.0.2.9", "", True),
        ("a:pw@192.0.2.9~300", "", True),
        ("a:pw@192.0.2.9/500~0", "", False),
        ("a:pw@192.0.2.9", "defaultexpiry=0\n", True),  # chan_sip takes 120
    ],
)
def test_a_registration_that_lasts_for_no_time_is_left_out(
    line: str, more: str, kept: bool
) -> None:
    plan = Config.from_texts(
        {"sip.conf": f"{CLOSED}{more}register => {line}\n"}, asterisk="20"
    ).plan_migrate("sip")
    (one,) = [c for c in plan.constructs if c.text.startswith("register")]
    assert ("forget" in one.why) == (not kept)
    assert kept or one.outcome == "changed"
    assert ("type=registration" in plan.diff()) == kept


def test_what_is_in_a_database_is_reported_and_stays() -> None:
    text = (
        "[settings]\nsippeers => odbc,asterisk,sip\nSIPregs => odbc,asterisk,regs ; who\n"
        "voicemail => odbc,asterisk\n;sipusers => odbc,asterisk\n[other]\nsippeers => odbc,x\n"
    )
    conf = Config.from_texts({"extconfig.conf": text}, asterisk="20")
    plan = conf.plan_migrate("sip")
    assert [(one.place.line, one.outcome) for one in plan.constructs] == [(2, "left"), (3, "left")]
    assert "ps_endpoints" in plan.constructs[0].why
    assert "ps_contacts" in plan.constructs[1].why
    assert not plan


def test_what_a_uri_cannot_hold_is_escaped() -> None:
    """22.10.1 refuses a registration whose URI holds it as it is."""
    peer = "[a]\ntype=peer\nhost=192.0.2.1\ndefaultuser=é%41\n"
    conf, _ = moved(f"{CLOSED}register => ü# x%<,:p@192.0.2.9\n{peer}")
    registration = section(conf, "registration", "ü--x----192.0.2.9-registration")
    assert registration["client_uri"] == "sip:%C3%BC#%20x%25%3C%2C@192.0.2.9"
    assert section(conf, "aor", "a")["contact"] == "sip:%C3%A9%41@192.0.2.1"
    assert not [one for one in conf.with_asterisk("22").check() if one.severity == "error"]


def test_names_of_sections_are_written_as_asterisk_reads_them() -> None:
    long = "n" * 85
    conf, plan = moved(
        f"{CLOSED}[t\\;t](!)\ncallerid=x\n[a\\;b](t\\;t)\ntype=friend\nhost=dynamic\nsecret=x\n"
        f"[a\\;c](t\\;t)\ntype=friend\nhost=dynamic\n[{long}]\ntype=peer\nhost=192.0.2.1\n"
    )
    assert [one.outcome for one in plan.notes] == []
    assert section(conf, "endpoint", "a;b")["aors"] == "a;b"
    assert section(conf, "endpoint", long[:79])["identify_by"] == "ip"
    assert str(conf["sip.conf"]) == ""


def test_addresses_that_are_none_are_not_bound_and_none_are_reached() -> None:
    """Observed on 16.28: a port over 65535 wraps, and TCP listens where UDP does."""
    conf, _ = moved(
        "[general]\nallowguest=no\ntcpenable=yes\ntcpbindaddr=some where\n"
        "udpbindaddr=192.0.2.1:70000\nbindaddr=name.example\n[a]\ntype=peer\nhost=x y\n"
        "[b]\ntype=peer\nhost=10.0.0.0/8\nqualify=yes\n"
    )
    for protocol in ("udp", "tcp"):
        bound = section(conf, "transport", f"transport-{protocol}")
        assert bound["bind"] == "192.0.2.1:4464"
    assert {one.kind.name for one in conf.effective("pjsip.conf").live if one.kind} == {
        "transport", "endpoint",
    }  # fmt: skip
    assert [section(conf, "endpoint", name)["identify_by"] for name in "ab"] == ["ip", "ip"]


def test_a_peer_without_a_host_that_was_removed_is_left() -> None:
    conf, plan = moved(f"{CLOSED}[a]\ntype=peer\nhost=\n[b]\ntype=peer\nhost=\nhost=dynamic\n")
    assert str(conf["sip.conf"]) == "[a]\ntype=peer\nhost=\n"
    assert (plan.notes[0].outcome, plan.notes[0].text) == ("left", "[a]")
    assert section(conf, "aor", "b")


@pytest.mark.parametrize("style", ["primitives", "wizard"])
@pytest.mark.parametrize("letter", ["n", "é"])
def test_what_a_long_name_ends_with_is_kept(style: Style, letter: str) -> None:
    """22.10.1 cuts the header of a section at 79 bytes, but no value that names it."""
    stem, lines = (letter * 77).encode()[:76].decode(), "type=peer\nsecret=x\nhost="
    conf = Config.from_texts(
        {"sip.conf": f"{CLOSED}[{stem}12]\n{lines}dynamic\n"
         f"[{stem}345]\n{lines}dynamic\nauth=u:p@r\n"
         f"[{stem}67]\n{lines}192.0.2.1\n[{stem}89]\n{lines}192.0.2.2\n"
         f"[{stem}t](!)\n[a]({stem}t)\n{lines}dynamic\n[b]({stem}t)\n{lines}dynamic\n"
         f"[general](+)\nregister => {stem}:p@192.0.2.9\n"}, asterisk="20"
    )  # fmt: skip
    conf.plan_migrate("sip", style=style).apply()
    now = conf.with_asterisk("22")
    assert [one for one in now.check() if one.severity in {"error", "warning"}] == []
    assert len(now.workspace.pjsip.endpoints) == 6


@pytest.mark.parametrize("value", ["us", "us;er:pa;ss@192.0.2.9", "@192.0.2.9", "us@", ""])
def test_a_registration_that_chan_sip_refused_is_told_so(value: str) -> None:
    """16.28 logs "Format for registration is …" of it, and sends nothing."""
    conf, plan = moved(f"{CLOSED}register => {value}\n[a]\ntype=friend\n")
    (one,) = [one for one in plan.constructs if one.text.startswith("register")]
    assert (one.outcome, one.why) == (
        "exact",
        "chan_sip does not take this value: it had no effect",
    )
    assert "type=registration" not in str(conf["pjsip.conf"])


@pytest.mark.parametrize(
    ("value", "kept"), [("a b", False), ("é", False), ("a%20b", True), ("+49-1", True)]
)
def test_a_user_that_pjsip_refuses_is_left(value: str, kept: bool) -> None:
    """22.10.1 has no endpoint whose from_user holds a blank."""
    conf, plan = moved(f"{CLOSED}[a]\ntype=peer\nhost=192.0.2.1\nfromuser={value}\n")
    assert [(one.text, one.outcome) for one in plan.notes] == (
        [] if kept else [(f"fromuser={value}", "left")]
    )
    assert section(conf, "endpoint", "a").get("from_user") == (value if kept else None)
    assert str(conf["sip.conf"]) == ("" if kept else f"[a]\nfromuser={value}\n")
