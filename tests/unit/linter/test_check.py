"""`Config.check`: what is found, where, and what is left alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from asterconf import schema
from asterconf.config import Config, load
from asterconf.linter import Diagnostics
from asterconf.source import Severity


def check(**files: str) -> list[tuple[str, str]]:
    """Check files `name.conf`, and return code and place of each finding."""
    conf = Config.from_texts({f"{name}.conf": text for name, text in files.items()})
    return [(one.code, str(one.position)) for one in conf.check(host_files=False)]


DIALPLAN = "[default]\nexten => 1,1,NoOp()\n"
PHONE = (
    "[6001]\ntype=endpoint\nallow=ulaw\ncontext={0}\naors={1}\n[6001]\ntype=aor\nmax_contacts=1\n"
)


def test_a_sound_configuration_has_no_findings() -> None:
    assert check(pjsip=PHONE.format("default", "6001"), extensions=DIALPLAN) == []


@pytest.mark.parametrize(
    ("file", "text", "code", "place"),
    [
        ("pjsip", "[t]\ntype=endpoint\nrtp_timeout=x\n", "AC405", "3:13"),
        ("pjsip", "[t]\ntype=endpoint\nwebrtc=enabled\n", "AC407", "3:8"),
        ("pjsip", "[t]\ntype=endpoint\ndtls_setup=x\n", "AC408", "3:12"),
        ("pjsip", "[t]\ntype=endpoint\nnat=yes\n", "AC409", "3:5"),
        ("pjsip_wizard", "[t]\ntype=wizard\nremote_hosts=a\nnat=yes\n", "AC410", "4:5"),
        ("pjsip_wizard", "[t]\ntype=wizard\nremote_hosts=a\nendpoint/nat=yes\n", "AC409", "4:14"),
        ("pjsip", "[t]\ntype=endpoint\nstir_shaken=yes\n", "AC411", "3:13"),
        ("pjsip", "[s]\ntype=system\nthreadpool_max_size=9\n", "AC412", "3:21"),
        ("pjsip", "[t]\ntype=transport\n", "AC413", "1:1"),
        ("pjsip", "[t]\ntype=endpoint\npreferred_codec_only=1\nincoming_call_offer_pref=remote\n",
         "AC414", "4:26"),
        ("pjsip", "[t]\ntype=endpoint\nsdp_session=\n", "AC415", "3:13"),
        ("pjsip", "[t]\ntype=Endpoint\n", "AC416", "1:1"),
        ("pjsip", "[t]\ncontext=a\n", "AC416", "1:1"),
        ("pjsip_notify", "[general]\na=b\n", "AC417", "1:1"),
        ("pjsip", "[a]\ntype=global\n[b]\ntype=global\n", "AC418", "3:1"),
        ("pjsip", "[a]\ntype=acl\n[a]\ntype=acl\n", "AC401", "3:1"),
        ("pjsip", "[r]\ntype=registration\nserver_uri=sip:a\nclient_uri=sip:b@a\n",
         "AC423", "3:12"),
        ("queues", "[q]\nretry=0\n", "AC521", "2:7"),
        ("queues", "[q]\nannounce-soundfile=x\n", "AC524", "2:20"),
        ("voicemail", "[general]\nmaxmessage=30\n", "AC526", "2:12"),
        ("voicemail", "[default]\n1 => 1,a,,,attach=maybe\n", "AC521", "2:6"),
        ("voicemail", "[default]\n1 => 1,a,,,atach=no\n", "AC524", "2:6"),
        ("acl", "[a]\npermit=10.0.0.0/99\n", "AC601", "2:8"),
        ("confbridge", "[u]\ntype=user\ntemplate=v\n", "AC601", "3:10"),
        ("confbridge", "[u]\nquiet=yes\n", "AC612", "1:1"),
        ("rtp", "[general]\nrtpstart=1\n", "AC602", "2:10"),
        ("musiconhold", "[m]\nmode=files\ndirectory=x\nsort=up\n", "AC603", "4:6"),
        ("musiconhold", "[m]\ndirectory=x\n", "AC608", "1:1"),
        ("features", "[general]\nfeature=1\n", "AC604", "2:9"),
        ("rtp", "[general]\nrtpfirst=1\n", "AC605", "2:10"),
        ("features", "[general]\nparkext=700\n", "AC606", "2:9"),
        ("musiconhold", "[m]\nmode=files\ndirectory=x\nrandom=yes\n", "AC607", "4:8"),
        ("modules", "[modules]\nautoloud=yes\n", "AC604", "2:10"),
        ("modules", "[modules]\nrequire => chan_sip.so\n", "AC619", "2:12"),
        ("modules", "[modules]\nrequire = chan_sip.so\n", "AC619", "2:11"),
        ("ari", "[a]\ntype=user\npassword=x\n[a]\ntype=user\npassword=y\n", "AC613", "4:1"),
    ],
)  # fmt: skip
def test_each_kind_of_finding_has_its_code_and_place(
    file: str, text: str, code: str, place: str
) -> None:
    assert (code, f"{file}.conf:{place}") in check(**{file: text})


def test_a_message_says_what_becomes_of_it() -> None:
    phone = "[6]\ntype=wizard\naccepts_registrations=yes\naor/max_contacts=1\n"
    conf = Config.from_texts({"pjsip_wizard.conf": f"{phone}endpoint/allow=ulow\n"})
    assert [str(one) for one in conf.check()] == [
        (
            "pjsip_wizard.conf:5:16: error AC405 endpoint/allow has an unknown codec: 'ulow', "
            "so Asterisk refuses endpoint '6' of the wizard\n  hint: did you mean 'ulaw'?"
        )
    ]


@pytest.mark.parametrize(
    ("file", "text", "said"),
    [
        ("features", "[general]\nfeature=1\n", "general has no option 'feature', so Asterisk"),
        ("modules", "[modules]\nautoload=no\nload=res_pjsip_sdp_rtp.so\nload=res_pjsip.so\n",
         "load res_pjproject, res_sorcery_astdb, res_sorcery_config, res_sorcery_memory, too"),
    ],
)  # fmt: skip
def test_a_message_names_the_section_and_all_that_is_missing(
    file: str, text: str, said: str
) -> None:
    conf = Config.from_texts({f"{file}.conf": text})
    assert [said in str(one) for one in conf.check()].count(True) == 1


@pytest.mark.parametrize(
    ("protocol", "uri", "transport", "found"),
    [
        ("udp", "sip:a", "", []),
        ("udp", "sip:a\\;transport=tcp", "", ["AC423"]),
        ("udp", "sip:a\\;transport=tcp", "t", ["AC428"]),
        ("udp", "sips:a", "", ["AC423"]),
        ("tcp", "sip:a", "", ["AC423"]),
        ("tcp", "sip:a", "t", []),
        ("tls", "<sips:a>", "", []),
    ],
)
def test_a_registration_needs_a_transport_that_carries_it(
    protocol: str, uri: str, transport: str, found: list[str]
) -> None:
    text = f"[t]\ntype=transport\nbind=127.0.0.1\nprotocol={protocol}\nmethod=sslv23\n"
    text += f"[r]\ntype=registration\nserver_uri={uri}\nclient_uri=sip:a@b\n"
    text += f"transport={transport}\n" if transport else ""
    assert [code for code, _ in check(pjsip=text)] == found


def test_a_bad_line_of_a_template_is_told_once() -> None:
    conf = Config.from_texts(
        {
            "pjsip.conf": "[t](!)\ntype=endpoint\nallow=ulaw\nrtp_timeout=x\n"
            "[a](t)\n[b](t)\n[c](t)\nrtp_timeout=1\n"
        }
    )
    (found,) = conf.check()
    assert str(found.position) == "pjsip.conf:4:13"
    assert found.message.endswith("so Asterisk refuses endpoint 'a' (2 more)")


@pytest.mark.parametrize(
    ("context", "aors", "codes"),
    [
        ("default", "6001", []),
        ("nowhere", "6001", ["AC421"]),
        ("default", "6002", ["AC421"]),
        ("${CTX}", "6001", []),
        ("", "6001", []),
    ],
)
def test_a_name_that_nothing_answers_to_is_told(context: str, aors: str, codes: list[str]) -> None:
    found = check(pjsip=PHONE.format(context, aors), extensions=DIALPLAN)
    assert [code for code, _ in found] == codes


def test_what_may_be_defined_elsewhere_is_not_undefined() -> None:
    pjsip = PHONE.format("nowhere", "6001")
    assert check(pjsip=pjsip) == []  # no extensions.conf to look in
    switched = {"extconfig": "[settings]\nextensions.conf => odbc,asterisk\n"}
    assert check(pjsip=pjsip, extensions=DIALPLAN, **switched) == []
    elsewhere = {
        "sorcery": "[res_pjsip]\naor=realtime,ps_aors\naor=config,pjsip.conf,criteria=type=aor\n"
    }
    lost = PHONE.format("default", "6009")
    assert check(pjsip=lost, extensions=DIALPLAN, **elsewhere) == []
    executed = DIALPLAN + "#exec /bin/contexts\n"
    assert [code for code, _ in check(pjsip=pjsip, extensions=executed)] == ["AC010"]


def test_contexts_that_modules_make_are_there() -> None:
    pjsip = PHONE.format("blf", "6001")
    wizard = "[7]\ntype=wizard\naccepts_registrations=yes\naor/max_contacts=1\nhas_hint=yes\n"
    wizard += "hint_exten=7\nhint_context=blf\nendpoint/allow=ulaw\n"
    assert check(pjsip=pjsip, extensions=DIALPLAN, pjsip_wizard=wizard) == []
    parking = "[lot]\nparkpos=801-802\ncontext=blf\n"
    assert check(pjsip=pjsip, extensions=DIALPLAN, res_parking=parking) == []


def test_ids_that_the_wizard_makes_count_as_there() -> None:
    wizard = "[a]\ntype=wizard\naccepts_registrations=yes\naor/max_contacts=1\naccepts_auth=yes\n"
    wizard += "inbound_auth/username=a\ninbound_auth/password=Uo3kTq9vZr1xWm\nendpoint/allow=ulaw\n"
    pjsip = "[b]\ntype=endpoint\nallow=ulaw\naors=a\nauth=a-iauth\n"
    assert check(pjsip=pjsip, pjsip_wizard=wizard) == []


def test_a_reference_that_loading_checks_is_an_error() -> None:
    conf = Config.from_texts(
        {"pjsip.conf": "[t]\ntype=endpoint\nallow=ulaw\ngeoloc_incoming_call_profile=home\n"}
    )
    (found,) = conf.check()
    assert (found.code, found.severity) == ("AC420", Severity.ERROR)


def test_members_and_mailboxes_are_looked_up() -> None:
    pjsip = "[6001]\ntype=endpoint\nallow=ulaw\nmailboxes=6000@default,7@default,8\naors=6001\n"
    pjsip += "[6001]\ntype=aor\nmax_contacts=1\n"
    voicemail = "[default]\n6000 => 2846,House\n8 => 7391,tz,,,tz=east\n[zonemessages]\nwest=a|b\n"
    queues = "[q]\nmember => PJSIP/6001\nmember => PJSIP/6009\nmember => Local/1@home\n"
    found = check(pjsip=pjsip, voicemail=voicemail, queues=queues, extensions=DIALPLAN)
    assert found == [
        ("AC421", "pjsip.conf:4:24"),
        ("AC535", "queues.conf:3:17"),
        ("AC535", "queues.conf:4:19"),
        ("AC535", "voicemail.conf:3:19"),
    ]


def test_every_missing_include_is_said() -> None:
    text = "[a]\ninclude => x\ninclude => A\n[b]\ninclude => x\n"
    found = Config.from_texts({"extensions.conf": text}).check()
    assert [(one.code, str(one.position), one.hint) for one in found] == [
        ("AC225", "extensions.conf:2:12", "add it to extensions.conf"),
        ("AC225", "extensions.conf:3:12", "did you mean a?"),
        ("AC225", "extensions.conf:5:12", "add it to extensions.conf"),
    ]


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("Phones.CONF", "there is phones.conf; "),
        ("pbx/PHONES.conf", "there is phones.conf; "),
        ("phone.conf", ""),
        ("../phones.conf", ""),
        ("lines.conf", ""),
    ],
)
def test_a_file_that_an_include_names_in_another_case_is_told(
    tmp_path: Path, name: str, near: str
) -> None:
    texts = {"extensions.conf": f"#include {name}\n", "phones.conf": "", "pbx/phones.conf": ""}
    (tmp_path / "pbx").mkdir()
    for there, text in texts.items():
        (tmp_path / there).write_text(text)
    for conf in (load(tmp_path), Config.from_texts(texts)):
        (found,) = conf.check().about(code="AC011")
        assert found.hint.startswith(f"{near}names are relative")


def test_certificates_are_looked_for_if_that_is_wanted(tmp_path: Path) -> None:
    there, missing = tmp_path / "cert.pem", tmp_path / "key.pem"
    there.write_text("x")
    (tmp_path / "pjsip.conf").write_text(
        f"[t]\ntype=transport\nprotocol=tls\nmethod=tlsv1_2\nbind=127.0.0.1\ncert_file={there}\n"
        f"priv_key_file={missing}\n"
    )
    conf = load(tmp_path)
    (found,) = conf.check(host_files=True)
    assert (found.code, str(found.position)) == ("AC422", "pjsip.conf:7:15")
    assert "does not exist on this machine" in found.message
    assert conf.check(host_files=False) == conf.check() == Diagnostics()


def test_files_that_nobody_reads_are_left_alone() -> None:
    modules = "[modules]\nautoload=no\n"
    found = check(modules=modules, queues="[q]\nretry=0\n")
    assert found == [("AC021", "queues.conf:1:1")]


def test_a_secret_is_not_in_a_message() -> None:
    conf = Config.from_texts(
        {
            "pjsip.conf": "[t]\ntype=auth\nusername=u\nmd5_cred=hunter2\n",
            "confbridge.conf": f"[u]\ntype=user\npin={'9' * 100}\n",
        }
    )
    said = repr(conf.check()) + str(conf.check().to_records())
    assert "hunter2" not in said
    assert "9" * 20 not in said


# -- the findings themselves ------------------------------------------------------------------

ODD = Config.from_texts(
    {
        "pjsip.conf": "[t]\ntype=endpoint\nrtp_timeout=x\nwebrtc=maybe\n[a]\ntype=auth\n",
        "features.conf": "[general]\nparkext=1\n",
        "musiconhold.conf": "[m]\nmode=files\ndirectory=x\nrandom=yes\n",
    }
)


def test_findings_are_filtered() -> None:
    found = ODD.check()
    assert [one.code for one in found] == ["AC606", "AC607", "AC405", "AC407", "AC413", "AC413"]
    assert [one.code for one in found.errors] == ["AC405", "AC413", "AC413"]
    assert [one.code for one in found.warnings] == ["AC606", "AC407"]
    assert [one.code for one in found.advice] == ["AC607"]
    assert [one.code for one in found.about("pjsip.conf", code="AC40")] == ["AC405", "AC407"]
    assert [one.code for one in found.about(line=3)] == ["AC405"]
    assert found.counts() == {"error": 3, "warning": 2, "advice": 1}
    assert found[0] == next(iter(found))
    assert found[:2] == Diagnostics([found[0], found[1]])


def test_findings_are_a_table() -> None:
    assert repr(Diagnostics()) == "<Diagnostics: none>"
    assert repr(ODD.check().about("pjsip.conf", code="AC40")).split("\n") == [
        "<Diagnostics: 1 error, 1 warning>",
        (
            "AC405  error    pjsip.conf:3:13  rtp_timeout must be a whole number, not 'x', "
            "so Asterisk refuses endpoint 't'"
        ),
        (
            "AC407  warning  pjsip.conf:4:8   webrtc counts as no, because 'maybe' is neither "
            "yes nor no"
        ),
    ]
    html = ODD.check()._repr_html_()
    assert html.count("<tr") == 7
    assert "&#x27;x&#x27;" in html


def test_findings_are_plain_records() -> None:
    assert ODD.check().errors.to_records()[0] == {
        "code": "AC405",
        "severity": "error",
        "file": "pjsip.conf",
        "line": 3,
        "column": 13,
        "end_column": 14,
        "message": "rtp_timeout must be a whole number, not 'x', so Asterisk refuses endpoint 't'",
        "hint": "correct it, or remove the line: the default is 0",
        "verified": "log",
    }
    twice = Config.from_texts({"pjsip.conf": "[a]\ntype=acl\n[a]\ntype=acl\n"}).check()
    assert twice.to_records()[0]["related"] == [
        {"file": "pjsip.conf", "line": 1, "column": 1, "note": "the first one"}
    ]


def test_what_was_meant_is_found_among_any_number_of_names() -> None:
    names = "".join(f"[aor{n:05}]\ntype=aor\n" for n in range(5_000))
    text = "".join(f"[e{n}]\ntype=endpoint\nallow=ulaw\naors=aar{n:05}\n" for n in range(300))
    found = Config.from_texts({"pjsip.conf": text + names}).check()
    hints = [d.hint for d in found if "'aar" in d.message]
    assert hints == [f"did you mean aor{n:05}?" for n in range(300)]


TRANSPORT = "[t]\ntype=transport\nprotocol=udp\nbind=0.0.0.0\n"
REGISTRATION = "[r]\ntype=registration\nserver_uri=sip:h\nclient_uri=sip:u@h\n"
TRUNK = "[w]\ntype=wizard\nsends_registrations=yes\nsends_auth=yes\noutbound_auth/password=p\n"


@pytest.mark.parametrize(
    "uri",
    ["sip:u@", "sip:", "sip:u@h:abc", "sip:u 2@h", "sip:u@h,sip:v@h", "sip: u@h", "sip:u@h\\;",
     "sip:u@h:70000", "<sip:u@h", "sip:u@h\\;ttl=300", "sip:2001:db8::1", f"sip:u@{'h' * 246}"],
)  # fmt: skip
@pytest.mark.parametrize("option", ["client_uri", "server_uri"])
def test_a_uri_that_pjsip_does_not_take_refuses_its_registration(option: str, uri: str) -> None:
    uris = {"client_uri": "sip:u@h", "server_uri": "sip:h", option: uri}
    lines = "".join(f"{name}={value}\n" for name, value in uris.items())
    found = check(pjsip=f"{TRANSPORT}[r]\ntype=registration\n{lines}")
    assert found == [("AC405", f"pjsip.conf:{7 + (option == 'server_uri')}:12")]


def test_a_message_about_a_uri_holds_no_password() -> None:
    text = f"{TRANSPORT}[r]\ntype=registration\nserver_uri=sip:h\nclient_uri=sip:u:hunter2@h:x\n"
    [one] = Config.from_texts({"pjsip.conf": text}).check(host_files=False)
    assert "hunter2" not in str(one)


@pytest.mark.parametrize(
    ("lines", "line"),
    [
        ("outbound_auth/username=a@b\nremote_hosts=192.0.2.1\n", 7),
        ("outbound_auth/username=a\nremote_hosts=2001:db8::1\n", 7),
        ("outbound_auth/username=a\nremote_hosts=192.0.2.0/24\n", 7),
        ("outbound_auth/username=a\nremote_hosts=192.0.2.1,,192.0.2.2\n", 7),
    ],
)
def test_hosts_and_users_that_make_no_uri_are_found_where_they_stand(lines: str, line: int) -> None:
    found = check(pjsip=TRANSPORT, pjsip_wizard=TRUNK + lines)
    assert ("AC405", f"pjsip_wizard.conf:{line}:14") in found


@pytest.mark.parametrize(
    ("bind", "codes"),
    [("0.0.0.0", ["AC423"]), ("[::]:5060", []), ("::", []), ("pbx.example.com", [])],
)
def test_an_ipv6_server_needs_a_transport_for_ipv6(bind: str, codes: list[str]) -> None:
    text = (
        f"[t]\ntype=transport\nprotocol=udp\nbind={bind}\n"
        "[r]\ntype=registration\nclient_uri=sip:u@h\nserver_uri=sip:[2001:db8::1]\n"
    )
    assert [code for code, _ in check(pjsip=text)] == codes


@pytest.mark.parametrize(
    ("file", "text", "code"),
    [
        ("pjsip", "[e]\ntype=endpoint\nnamed_call_group=,\n", "AC405"),
        ("pjsip", "[e]\ntype=endpoint\nnamed_pickup_group=,,,\n", "AC405"),
        ("pjsip", "[e]\ntype=endpoint\nallow=gsm:20:40\n", "AC405"),
        ("pjsip", "[e]\ntype=endpoint\ncallerid_privacy=x5\n", "AC405"),
        ("pjsip", "[t]\ntype=transport\nprotocol=tls\nmethod=sslv23\nbind=::\ncipher=X\n", "AC405"),
        ("pjsip", "[t]\ntype=transport\nbind=::\ncipher=TLS_RSA_WITH_AES_128_CBC_SHA\n", "AC405"),
        ("pjsip", f"{TRANSPORT}{REGISTRATION}contact_header_params=127.0.0.1:5060\n", "AC405"),
        ("res_parking", "[lot]\nparkpos=0-3\n", "AC601"),
        ("rtp", "[general]\nrtpstart=40000\n", "AC610"),
        ("rtp", "[general]\nrtpend=4000\n", "AC610"),
        ("rtp", "[general]\nrtpstart=20000\nrtpend=10000\n", "AC610"),
        ("rtp", "[general]\nrtpstart=10000\nrtpend=10000\n", "AC610"),
    ],
)  # fmt: skip
def test_a_value_that_asterisk_does_not_take_is_found(file: str, text: str, code: str) -> None:
    assert [found for found, _ in check(**{file: text})] == [code]


@pytest.mark.parametrize(
    "line",
    ["named_call_group=a,", "named_call_group=", "allow=gsm:20x", "allow=gsm:", "allow=all:20",
     "callerid_privacy=5x", "callerid_privacy=-1", "callerid_privacy=0x23"],
)  # fmt: skip
def test_a_value_that_asterisk_takes_is_no_finding(line: str) -> None:
    assert check(pjsip=f"[e]\ntype=endpoint\nallow=ulaw\n{line}\n") == []


@pytest.mark.parametrize(
    "cipher",
    ["AES128-SHA", "ECDHE-RSA-AES128-GCM-SHA256,AES128-SHA", "TLS_AES_256_GCM_SHA384", "0x2f"],
)
def test_names_of_ciphers_that_openssl_may_have_are_no_finding(cipher: str) -> None:
    text = f"[t]\ntype=transport\nprotocol=tls\nmethod=sslv23\nbind=0.0.0.0\ncipher={cipher}\n"
    assert check(pjsip=text) == []


@pytest.mark.parametrize(
    "params", ["a=b", "a", "a=", "a=b\\;c=d", '+sip.instance="<urn:x>"', "ttl=300"]
)
def test_parameters_of_a_contact_header_are_no_finding(params: str) -> None:
    assert check(pjsip=f"{TRANSPORT}{REGISTRATION}contact_header_params={params}\n") == []


def _pjsip() -> schema.FileFacts:
    facts = schema.file("pjsip.conf")
    assert facts is not None
    return facts


@pytest.mark.parametrize("version", schema.versions())
def test_rules_between_options_ask_only_for_those_of_the_version(version: str) -> None:
    text = "".join(f"[{kind}]\ntype={kind}\n" for kind in _pjsip().objects)
    conf = Config.from_texts({"pjsip.conf": text}, asterisk=version)
    found = conf.check().about("pjsip.conf", code="AC413")
    passwords = [one for one in found if "password is missing" in one.message]
    assert bool(passwords) == (version != "18")  # which has no digests to choose from
