"""The value of one option, as its reader takes it."""

from __future__ import annotations

from typing import Any

import pytest

from asterconf import schema
from asterconf.errors import ModelError
from asterconf.model import CallerID, Secret, Setting
from asterconf.model.option_types import codec_words, merge_codecs
from asterconf.model.options import accept, collect, read, write
from asterconf.schema import OptionFacts


def facts(path: str) -> OptionFacts:
    """Return an option by `file#kind.name`."""
    file, _, rest = path.partition("#")
    kind, _, name = rest.partition(".")
    known = schema.file(file)
    assert known is not None
    return known.objects[kind].options[name]


@pytest.mark.parametrize(
    ("option", "text", "value"),
    [
        ("pjsip.conf#endpoint.rtp_timeout", "010", 8),
        ("pjsip.conf#endpoint.rtp_timeout", "0x1F", 31),
        ("pjsip.conf#endpoint.rtp_timeout", "+5", 5),
        ("pjsip.conf#transport.tcp_keepalive_idle_time", "-1", -1),
        ("pjsip.conf#aor.qualify_timeout", "1e2", 100.0),
        ("pjsip.conf#aor.qualify_timeout", ".5", 0.5),
        ("pjsip.conf#aor.qualify_timeout", "0x1p3", 8.0),
        ("pjsip.conf#endpoint.dtls_rekey", "010", 10),
        ("pjsip.conf#endpoint.100rel", "TRUE", "yes"),
        ("pjsip.conf#endpoint.timers", "forced", "always"),
        ("pjsip.conf#endpoint.dtmf_mode", "RFC4733", "rfc4733"),
        ("pjsip.conf#transport.method", "", "default"),
        ("pjsip.conf#endpoint.tos_audio", "af41", 136),
        ("pjsip.conf#endpoint.tos_audio", "0x12", 18),  # as `pjsip show endpoint` says
        ("iax.conf#general.tos", "0x12", 18),  # "Using IAX2 TOS bits 18"
        ("pjsip.conf#endpoint.identify_by", "ip,IP, username", ("ip", "username")),
        ("pjsip.conf#endpoint.call_group", "5,1-3", (1, 2, 3, 5)),
        ("pjsip.conf#endpoint.callerid", '"Smith, J" <6001>', CallerID("Smith, J", "6001")),
        ("pjsip.conf#endpoint.callerid_privacy", "7", 7),
        ("pjsip.conf#auth.password", "x", Secret("x")),
        ("pjsip.conf#auth.nonce_lifetime", "32", 32),
        ("pjsip.conf#acl.permit", "10.0.0.0/8,!10.1.0.0/16", ("10.0.0.0/8", "!10.1.0.0/16")),
        ("queues.conf#queue.joinempty", "paused,NO", ("paused", "no")),
        ("queues.conf#queue.servicelevel", "9", 9),
        ("queues.conf#queue.periodic-announce", "a|b,c", ("a", "b", "c")),
        ("res_parking.conf#parking_lot.parkpos", "701-750", (701, 750)),
        ("res_parking.conf#parking_lot.parkedplay", "off", "no"),
        ("voicemail.conf#general.backupdeleted", "yes", True),
        ("voicemail.conf#general.backupdeleted", "20", 20),
        ("voicemail.conf#zonemessages.*", "Europe/Paris|'x' Q", ("Europe/Paris", "'x' Q")),
        ("http.conf#general.redirect", "/a /b", ("/a", "/b")),
        ("confbridge.conf#user_profile.announce_only_user", "OFF", False),
        ("pjsip_wizard.conf#wizard.remote_hosts", "a, b:5061", ("a", "b:5061")),
        ("sip.conf#peer.dtlsverify", "fingerprint", "fingerprint"),
    ],
)
def test_a_good_text_has_its_value(option: str, text: str, value: Any) -> None:
    parsed = read(facts(option), text)
    assert (parsed.value, parsed.problem, parsed.effect) == (value, "", "used")
    assert type(parsed.value) is type(value)


@pytest.mark.parametrize(
    ("text", "local_net", "match"),
    [
        ("10.0.0.0/24 // x", True, True),
        ("10.0.0.0/24x", True, True),
        ("10.0.0.0/+24", True, True),
        ("10.0.0.0/0x10", True, True),  # 0
        ("10.0.0.0/24/8", True, True),
        ("10.0.0.0/-1", False, False),
        ("10.0.0.0/33", False, False),
        ("10.0.0.0/", False, False),
        ("10.0.0.0/255.255.255.0 x", False, False),
        ("10.0.0.0/24:5060", False, False),
        ("10.0.0.0/::", False, False),
        ("10.0.0.0 /24", False, False),
        ("10.0.0.3:5060/255.255.255.0", False, True),
        ("[10.0.0.0]:5060/24", False, True),
        ("[::1]:5060/64", False, True),
        ("10.0.0.0:/24", False, True),
        ("10.0.0.0:x/24", False, False),
        ("::1/64", True, True),
        ("!10.0.0.0/24", True, True),
    ],
)
def test_a_network_is_read_as_far_as_asterisk_does(text: str, local_net: bool, match: bool) -> None:
    """Each was run on 22.10.1: which transports and identifies `pjsip show` then has."""
    for option, taken in (("transport.local_net", local_net), ("identify.match", match)):
        assert (read(facts(f"pjsip.conf#{option}"), text).effect == "used") is taken, option


@pytest.mark.parametrize(
    ("option", "text", "value", "effect"),
    [
        ("queues.conf#queue.servicelevel", "9s", 9, "replaced"),
        ("queues.conf#queue.servicelevel", "soon", 0, "replaced"),
        ("rtp.conf#general.rtpend", "13001x", 13001, "replaced"),
        ("rtp.conf#general.rtpend", "99999", 65535, "replaced"),
        ("rtp.conf#general.rtpstart", "12", 1024, "replaced"),
        ("rtp.conf#general.dtls_mtu", "12", 1200, "replaced"),
        ("queues.conf#queue.retry", "0", 5, "replaced"),
        ("queues.conf#queue.announce-holdtime", "maybe", "no", "replaced"),
        ("queues.conf#queue.strategy", "roundabout", "ringall", "replaced"),
        ("voicemail.conf#general.maxmsg", "10000", 9999, "replaced"),
        ("voicemail.conf#general.maxmsg", "-3", 100, "replaced"),
        ("pjsip.conf#endpoint.direct_media", "enabled", False, "replaced"),
        ("confbridge.conf#user_profile.announce_only_user", "perhaps", True, "replaced"),
        ("pjsip.conf#system.timer_t1", "50", 100, "replaced"),
        ("pjsip.conf#endpoint.call_group", "1,64,x", (1,), "replaced"),
        ("manager.conf#user.read", "call,nothing", ("call",), "replaced"),
        ("pjsip.conf#endpoint.dtls_setup", "bogus", None, "ignored"),
        ("musiconhold.conf#class.sort", "up", None, "ignored"),
        ("musiconhold.conf#class.mode", "loud", None, "refused"),
        ("pjsip.conf#endpoint.rtp_timeout", "08", None, "refused"),
        ("pjsip.conf#endpoint.media_encryption", "srtp", None, "refused"),
        ("pjsip.conf#acl.permit", "10.0.0.0/8, ::1", None, "refused"),
        ("cdr.conf#general.size", "1001", None, "refused"),
    ],
)
def test_a_bad_text_has_the_effect_it_has_on_asterisk(
    option: str, text: str, value: Any, effect: str
) -> None:
    parsed = read(facts(option), text)
    assert (parsed.value, parsed.effect) == (value, effect)
    assert parsed.problem


@pytest.mark.parametrize(
    ("option", "value", "text"),
    [
        ("pjsip.conf#endpoint.tos_audio", 184, "ef"),
        ("pjsip.conf#endpoint.tos_audio", 4, "4"),
        ("pjsip.conf#endpoint.direct_media", False, "no"),
        ("pjsip.conf#endpoint.call_group", (1, 2, 3, 5), "1-3,5"),
        ("pjsip.conf#endpoint.allow", ("g722", "ulaw"), "!all,g722,ulaw"),
        ("pjsip.conf#endpoint.allow", ("all", "!g729"), "all,!g729"),
        ("pjsip.conf#endpoint.callerid", CallerID("A", "1"), "A <1>"),
        ("pjsip.conf#auth.password", Secret("x"), "x"),
        ("pjsip.conf#aor.qualify_timeout", 3.0, "3.0"),
        ("voicemail.conf#general.format", ("wav49", "gsm"), "wav49|gsm"),
        ("http.conf#general.redirect", ("/a", "/b"), "/a /b"),
        ("res_parking.conf#parking_lot.parkpos", (701, 750), "701-750"),
    ],
)
def test_a_value_is_written_as_people_write_it(option: str, value: Any, text: str) -> None:
    assert write(facts(option), value) == text


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("pjsip.conf#endpoint.direct_media", 1, "must be true or false, not 1"),
        ("pjsip.conf#endpoint.rtp_timeout", True, "must be a whole number, not True"),
        ("pjsip.conf#endpoint.rtp_timeout", -1, "must be a whole number, not '-1'"),
        ("pjsip.conf#aor.qualify_frequency", 90000, "must be from 0 to 86400, not 90000"),
        ("pjsip.conf#endpoint.aors", ("a,b",), "would be read as ('a', 'b'), not as ('a,b',)"),
        (
            "pjsip.conf#endpoint.context", "a\nb",
            "must fit on one line, without line ends and NUL: 'a\\nb'",
        ),
        (
            "pjsip.conf#auth.password", "a\nb",
            "must fit on one line, without line ends and NUL: '********'",
        ),
        (
            "pjsip.conf#endpoint.dtmf_mode", "rfc2833",
            "must be auto, auto_info, inband, info, none or rfc4733, not 'rfc2833'",
        ),
    ],
)  # fmt: skip
def test_what_a_line_cannot_say_is_refused(option: str, value: Any, message: str) -> None:
    with pytest.raises(ModelError) as caught:
        accept(facts(option), value)
    assert str(caught.value) == message


def test_a_bad_secret_is_not_shown() -> None:
    parsed = read(facts("pjsip.conf#auth.md5_cred"), "hunter2")
    assert parsed.problem == "must have 32 hex digits for MD5, not 7"
    assert "hunter2" not in parsed.problem


@pytest.mark.parametrize(
    ("lines", "left"),
    [
        (["allow=!all,g722,ulaw"], ("g722", "ulaw")),
        (["allow=ulaw", "allow=alaw|ULAW"], ("ulaw", "alaw")),
        (["allow=ulaw", "disallow=all", "allow=g722"], ("g722",)),
        (["allow=all,!g729"], ("all", "!g729")),
        (["allow=ulaw:20", "disallow=ulaw"], ()),
        (["disallow=!ulaw"], ("ulaw",)),
        (["allow=gsm", "allow=(ulaw|alaw)"], ("ulaw", "alaw")),
        (["allow=gsm", "disallow=(ulaw)"], ("gsm", "all", "!ulaw")),
        ([], ()),
    ],
)
def test_codecs_are_what_allow_and_disallow_leave(lines: list[str], left: tuple[str, ...]) -> None:
    pairs = [line.partition("=") for line in lines]
    assert merge_codecs((name == "allow", codec_words(text)) for name, _, text in pairs) == left


def lines(file: str, kind: str, *text: str) -> dict[str, Any]:
    """Return what a reader makes of lines `name=value`."""
    known = schema.file(file)
    assert known is not None
    pairs = [(name, value) for name, _, value in (line.partition("=") for line in text)]
    return collect(known.objects[kind], pairs).options


def test_the_last_line_counts_where_the_reader_takes_the_last() -> None:
    assert lines("pjsip.conf", "endpoint", "context=a", "CONTEXT=b") == {"context": "b"}


def test_the_first_line_counts_where_the_reader_takes_the_first() -> None:
    assert lines("rtp.conf", "general", "rtpstart=10000", "rtpstart=20000") == {"rtpstart": 10000}


def test_lines_that_add_are_one_tuple() -> None:
    found = lines("pjsip.conf", "identify", "match=a,b", "match=10.0.0.0/8")
    assert found == {"match": ("a", "b", "10.0.0.0/8")}


def test_an_empty_local_net_clears_the_list() -> None:
    found = lines("pjsip.conf", "transport", "local_net=10.0.0.0/8", "local_net=", "local_net=::1")
    assert found == {"local_net": ("::1",)}


def test_permit_and_deny_keep_their_order() -> None:
    found = lines("acl.conf", "named_acl", "deny=0.0.0.0/0", "permit=10.0.0.0/8,!10.1.0.0/16")
    assert found == {
        "rules": (
            Setting("deny", "0.0.0.0/0"),
            Setting("permit", "10.0.0.0/8"),
            Setting("deny", "10.1.0.0/16"),
        )
    }


def test_a_variable_set_again_replaces_the_first() -> None:
    found = lines("pjsip.conf", "endpoint", "set_var=A=1", "set_var=B=2", "set_var=A=3")
    assert found == {"set_var": ("A=3", "B=2")}


def test_what_the_wizard_passes_on_is_typed_as_where_it_goes() -> None:
    found = lines("pjsip_wizard.conf", "wizard", "endpoint/Allow=ulaw", "aor/max_contacts=0x2",
                  "endpoint/deny=::/0")  # fmt: skip
    assert found == {
        "endpoint/allow": ("ulaw",),
        "aor/max_contacts": 2,
        "endpoint/rules": (Setting("deny", "::/0"),),
    }


@pytest.mark.parametrize("version", ["22", "23"])
@pytest.mark.parametrize(
    ("file", "old", "new"),
    [
        ("followme.conf", "sorry_prompt", "sorry-prompt"),
        ("followme.conf", "pls_hold_prompt", "pls-hold-prompt"),
        ("voicemail.conf", "maxmessage", "maxsecs"),
    ],
)
def test_an_old_name_counts_only_without_the_new_one(
    file: str, old: str, new: str, version: str
) -> None:
    """Observed on 22.10.1: whatever the order, FollowMe plays what the name with dashes says."""
    known = schema.at(version).file(file)
    assert known is not None
    kind, lines = known.objects["general"], [(old, "1"), (new, "2")]
    for pairs in (lines, lines[::-1]):
        assert [str(v) for v in collect(kind, pairs).options.values()] == ["2"]
    if kind.option(old):
        assert [str(v) for v in collect(kind, lines[:1]).options.values()] == ["1"]
