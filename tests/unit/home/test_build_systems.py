"""The systems of a home PBX, each in its file, and the slips of usual guides put right."""

from typing import Any

import attrs

from asterconf.features import (
    EmergencyCalls,
    IncomingCalls,
    LocalCalls,
    MusicOnHold,
    OutgoingCalls,
    VoicemailMenu,
    usual_features,
)
from asterconf.home import Network, Tls, providers, render
from asterconf.model import Extension, Mailbox, Queue, Setting, Trunk
from tests.unit.home.homes import home, lines


def steps(name: str, *apps: str) -> list[str]:
    return [f"exten => {name},1,{apps[0]}", *(f"same => n,{app}" for app in apps[1:])]


def block(lines: list[str], name: str) -> list[str]:
    """Return the lines of one extension."""
    start = next(i for i, line in enumerate(lines) if line.startswith(f"exten => {name},1,"))
    end = next((i for i in range(start + 1, len(lines)) if lines[i].startswith("exten")), None)
    return lines[start:end]


def with_feature(*features: Any) -> list[Any]:
    kinds = {type(feature): feature for feature in features}
    return [kinds.get(type(feature), feature) for feature in usual_features()]


# 1 transports, 2 rtp


def test_both_transports_come_from_one_template() -> None:
    assert lines("pjsip.conf", "transport-defaults") == [
        "type = transport",
        "bind = 0.0.0.0",
        "tos = cs3",
        "cos = 3",
        "local_net = 127.0.0.0/8",
        "local_net = 10.0.0.0/8",
        "local_net = 172.16.0.0/12",
        "local_net = 192.168.0.0/16",
        "external_media_address = 203.0.113.8",
        "external_signaling_address = 203.0.113.8",
    ]
    assert lines("pjsip.conf", "transport-udp") == ["protocol = udp"]
    assert lines("pjsip.conf", "transport-tcp") == ["protocol = tcp"]


def test_a_phone_is_known_by_its_user_before_its_address() -> None:
    assert lines("pjsip.conf", "global") == [
        "type = global",
        "endpoint_identifier_order = username,ip",
    ]


def test_a_house_without_a_fixed_address_names_none() -> None:
    found = lines("pjsip.conf", "transport-defaults", home(network=Network()))
    assert [line for line in found if line.startswith("external")] == []


def test_rtp_ports_stand_in_general_itself() -> None:
    assert render(home())["rtp.conf"] == (
        "; rtp.conf: the ports for sound.\n"
        "\n"
        "[general]\n"
        "; The router forwards these UDP ports, 20000 to 20999, to this machine.\n"
        "rtpstart = 20000\n"
        "rtpend   = 20999\n"
    )


# 3 trunk


def test_what_providers_have_in_common_and_sound_goes_through_asterisk() -> None:
    assert lines("pjsip_wizard.conf", "trunk-defaults") == [
        "type = wizard",
        "sends_auth = yes",
        "sends_registrations = yes",
        "registration/max_retries = 4294967295",
        "registration/auth_rejection_permanent = no",
        "aor/qualify_frequency = 30",
        "endpoint/allow = !all,ulaw",
        "endpoint/direct_media = no",
        "endpoint/rtp_symmetric = yes",
        "endpoint/rewrite_contact = yes",
        "endpoint/send_rpid = yes",
        "endpoint/media_encryption = no",
        "endpoint/identify_by = ip",
        "endpoint/tos_audio = ef",
        "endpoint/cos_audio = 5",
    ]


def test_the_trunk_registers_under_the_owners_number() -> None:
    assert lines("pjsip_wizard.conf", "voipms") == [
        "transport = transport-tcp",
        "remote_hosts = atlanta2.voip.ms:5060",
        "identify/match = atlanta2.voip.ms",
        "endpoint/context = from-pstn",
        "outbound_auth/username = 555555",
        "outbound_auth/password = s3cret",
        "registration/contact_user = 15555555555",
    ]


def test_a_trunk_says_only_what_is_its_own() -> None:
    trunk = Trunk(
        "other",
        remote_hosts=["192.0.2.1", "192.0.2.2:5080"],
        username="me",
        secret="a;b",
        codecs=["alaw"],
        contact_user="100",
        media_encryption="sdes",
        sends_registrations=True,
        match=["192.0.2.0/24"],
    )
    assert lines("pjsip_wizard.conf", "other", home(trunks=[trunk])) == [
        "remote_hosts = 192.0.2.1,192.0.2.2:5080",
        "identify/match = 192.0.2.0/24",
        "endpoint/context = from-pstn",
        "outbound_auth/username = me",
        r"outbound_auth/password = a\;b",
        "registration/contact_user = 100",
        "endpoint/allow = !all,alaw",
        "endpoint/media_encryption = sdes",
    ]


def test_a_setting_that_adds_up_is_written_each_time_and_one_of_a_field_takes_its_place() -> None:
    settings = (
        Setting("endpoint/set_var", "A=1"),
        Setting("endpoint/set_var", "B=2"),
        Setting("identify/match", "192.0.2.1"),
    )
    trunk = attrs.evolve(providers.voipms("atlanta2.voip.ms", "555555", "s3cret"), extra=settings)
    found = lines("pjsip_wizard.conf", "voipms", home(trunks=[trunk]))
    assert [line for line in found if "match" in line] == ["identify/match = 192.0.2.1"]
    assert found[-2:] == ["endpoint/set_var = A=1", "endpoint/set_var = B=2"]


def test_a_providers_calls_are_known_whatever_port_they_come_from() -> None:
    hosts = ["a.example:5060", "192.0.2.1", "[2001:db8::1]:5080", "a.example:5070"]
    pbx = home(trunks=[providers.generic(hosts, "me", "x")])
    assert lines("pjsip_wizard.conf", "provider", pbx)[2] == (
        "identify/match = a.example,192.0.2.1,2001:db8::1"
    )


def test_a_provider_known_by_name_comes_with_a_warning_and_addresses_without() -> None:
    warning = "calls from outside are refused until the next reload"

    def warned(*hosts: str, **changes: Any) -> bool:
        pbx = home(trunks=[providers.generic(hosts, "me", "x", **changes)])
        return warning in render(pbx)["pjsip_wizard.conf"].replace("\n; ", " ")

    assert warned("a.example")
    assert not warned("192.0.2.1:5060", "[2001:db8::1]")
    assert not warned("a.example", match=["192.0.2.0/24"])


# 4 extensions


def test_what_phones_have_in_common() -> None:
    assert lines("pjsip_wizard.conf", "extension-defaults") == [
        "type = wizard",
        "accepts_registrations = yes",
        "accepts_auth = yes",
        "endpoint/identify_by = username",
        "aor/remove_existing = yes",
        "endpoint/mwi_subscribe_replaces_unsolicited = yes",
        "endpoint/allow = !all,g722,ulaw",
        "endpoint/subscribe_context = subscribe",
        "endpoint/tos_audio = ef",
        "endpoint/cos_audio = 5",
    ]


def test_a_desk_phone_is_checked_and_a_softphone_is_not() -> None:
    assert lines("pjsip_wizard.conf", "6001") == [
        "endpoint/context = from-home",
        "endpoint/mailboxes = 6000@default",
        "endpoint/callerid = Living Room <6001>",
        "inbound_auth/username = 6001",
        "inbound_auth/password = s3cret",
        "aor/max_contacts = 1",
        "aor/qualify_frequency = 30",
        "aor/qualify_timeout = 3.0",
        "aor/mailboxes = 6000@default",
        "endpoint/direct_media = yes",
    ]
    assert lines("pjsip_wizard.conf", "6003") == [
        "endpoint/context = from-home",
        "endpoint/mailboxes = 6000@default",
        "endpoint/callerid = Smartphone <6003>",
        "inbound_auth/username = 6003",
        "inbound_auth/password = s3cret3",
        "aor/max_contacts = 1",
        "aor/qualify_frequency = 0",
        "aor/mailboxes = 6000@default",
        "endpoint/direct_media = no",
    ]


def test_name_number_and_user_of_an_extension_may_differ() -> None:
    phone = Extension(
        "kitchen", number="12", auth_user="cook", callerid="Kitchen <6002>", secret="x"
    )
    pbx = home(extensions=[phone])
    assert lines("pjsip_wizard.conf", "kitchen", pbx)[2:4] == [
        "endpoint/callerid = Kitchen <6002>",
        "inbound_auth/username = cook",
    ]
    assert block(lines("extensions.conf", "from-home", pbx), "12") == steps(
        "12", "Dial(PJSIP/kitchen)", "Hangup()"
    )
    assert lines("extensions.conf", "subscribe", pbx) == ["exten => 12,hint,PJSIP/kitchen"]


def test_an_extension_says_what_differs_from_the_template() -> None:
    phone = Extension(
        "6001", secret="x", codecs=["ulaw"], remove_existing=False, media_encryption="sdes",
        max_contacts=2, mailbox="", transport="transport-tcp",
    )  # fmt: skip
    pbx = home(extensions=[phone])
    assert lines("pjsip_wizard.conf", "6001", pbx) == [
        "transport = transport-tcp",
        "endpoint/context = from-home",
        "inbound_auth/username = 6001",
        "inbound_auth/password = x",
        "aor/max_contacts = 2",
        "aor/remove_existing = no",
        "aor/qualify_frequency = 30",
        "aor/qualify_timeout = 3.0",
        "endpoint/allow = !all,ulaw",
        "endpoint/direct_media = no",
        "endpoint/media_encryption = sdes",
        "endpoint/set_var = VOICEMAIL_BOX=",
    ]


def test_all_devices_of_an_extension_ring() -> None:
    pbx = home(extensions=[Extension("6001", secret="x", max_contacts=2)])
    assert block(lines("extensions.conf", "from-home", pbx), "6001") == steps(
        "6001", "Dial(${PJSIP_DIAL_CONTACTS(6001)})", "Hangup()"
    )


# 5 voicemail


def test_a_pin_changed_by_phone_leaves_the_file_alone() -> None:
    assert "passwordlocation = spooldir" in lines("voicemail.conf", "general")


def test_the_voicemail_box_and_its_zone() -> None:
    assert lines("voicemail.conf", "default") == ["6000 => 1234,John Doe,johndoe@example.com"]
    assert lines("voicemail.conf", "zonemessages") == [
        "home = America/New_York|'vm-received' Q 'digits/at' IMp"
    ]
    general = lines("voicemail.conf", "general")
    assert [line for line in general if line.partition(" ")[0] in ("format", "attach", "tz")] == [
        "format = wav49|gsm|wav",
        "attach = yes",
        "tz = home",
    ]


def test_boxes_of_several_contexts_and_with_options() -> None:
    boxes = [
        Mailbox("6000", initial_pin="12"),
        Mailbox("1", context="work", initial_pin="3", options=["attach=no", "tz=home"]),
    ]
    pbx = home(mailboxes=boxes)
    assert lines("voicemail.conf", "default", pbx) == ["6000 => 12"]
    assert lines("voicemail.conf", "work", pbx) == ["1 => 3,,,,attach=no|tz=home"]


# 6 queue


def test_the_queue_rings_every_phone() -> None:
    assert lines("queues.conf", "home-phones") == [
        "strategy = ringall",
        "timeout = 30",
        "announce-frequency = 0",
        "announce-holdtime = no",
        "announce-position = no",
        "periodic-announce-frequency = 0",
        "joinempty = yes",
        "leavewhenempty = no",
        "ringinuse = yes",
        "member => PJSIP/6001,0,Living Room,PJSIP/6001",
        "member => PJSIP/6002,0,Kitchen,PJSIP/6002",
        "member => PJSIP/6003,0,Smartphone,PJSIP/6003",
    ]
    assert lines("queues.conf", "general") == [
        "persistentmembers = yes",
        "autofill = yes",
        "shared_lastcall = yes",
        "log_membername_as_agent = yes",
    ]


def test_a_queue_without_members_gets_every_phone() -> None:
    pbx = home(queues=[Queue("all", timeout=20, wrapuptime=5)])
    assert lines("queues.conf", "all", pbx)[-4:] == [
        "wrapuptime = 5",
        "member => PJSIP/6001,0,Living Room,PJSIP/6001",
        "member => PJSIP/6002,0,Kitchen,PJSIP/6002",
        "member => PJSIP/6003,0,Smartphone,PJSIP/6003",
    ]
    assert "HOME_QUEUE = all" in lines("extensions.conf", "globals", pbx)


def test_the_wait_and_the_ring_time_are_told_apart() -> None:
    files = render(home())
    assert (
        "; Seconds a caller from outside waits for an answer. This is the whole wait; the timeout\n"
        "; in queues.conf is only how long one attempt rings.\n"
        "VOICEMAIL_RING_TIMEOUT = 25\n"
    ) in files["extensions.conf"]
    assert (
        "; Seconds one attempt rings a phone. How long the caller waits in all is said in\n"
        "; extensions.conf, in the call of Queue().\n"
        "timeout = 30\n"
    ) in files["queues.conf"]


# 7 guards, 8 globals, 9 presence


def test_nobody_gets_through_where_asterisk_falls_back() -> None:
    refused = ["exten => s,1,Hangup(3)", "exten => _X!,1,Hangup(3)", "exten => _+X!,1,Hangup(3)"]
    assert lines("extensions.conf", "public") == refused
    assert lines("extensions.conf", "default") == refused


def test_the_owners_caller_id_has_its_country_code() -> None:
    assert lines("extensions.conf", "globals") == [
        "MY_CALLER_ID = John Doe <+15555555555>",
        "HOME_QUEUE = home-phones",
        "INTERCOM = 6000",
        "VOICEMAIL_BOX = 6000@default",
        "VOICEMAIL_NUMBER = *99",
        "MY_AREA_CODE = 555",
        "VOICEMAIL_RING_TIMEOUT = 25",
    ]


def test_each_phone_has_a_hint_and_nothing_else_has() -> None:
    assert lines("extensions.conf", "subscribe") == [
        "exten => 6001,hint,PJSIP/6001",
        "exten => 6002,hint,PJSIP/6002",
        "exten => 6003,hint,PJSIP/6003",
    ]


# 10 incoming


def test_digits_plus_numbers_and_s_all_come_in() -> None:
    assert lines("extensions.conf", "from-pstn") == [
        *steps(
            "s",
            "Queue(${HOME_QUEUE},nr,,,${VOICEMAIL_RING_TIMEOUT})",
            "Answer(500)",
            "VoiceMail(${VOICEMAIL_BOX},su)",
            "Hangup()",
        ),
        "exten => _X!,1,Goto(s,1)",
        "exten => _+X!,1,Goto(s,1)",
    ]


def test_a_contact_user_that_is_no_number_comes_in_too() -> None:
    trunks = [providers.generic("a.example", "me", "x", contact_user="house")]
    found = lines("extensions.conf", "from-pstn", home(trunks=trunks))
    assert found[-1] == "exten => house,1,Goto(s,1)"


def test_a_house_may_take_no_messages() -> None:
    pbx = home(features=with_feature(IncomingCalls(40, mailbox="")))
    assert lines("extensions.conf", "from-pstn", pbx)[:2] == steps(
        "s", "Queue(${HOME_QUEUE},nr,,,${VOICEMAIL_RING_TIMEOUT})", "Hangup()"
    )
    assert "VOICEMAIL_RING_TIMEOUT = 40" in lines("extensions.conf", "globals", pbx)


# 11 intercom


def test_the_intercom_sets_its_caller_id_with_all_brackets_closed() -> None:
    assert block(lines("extensions.conf", "from-home"), "${INTERCOM}") == steps(
        "${INTERCOM}",
        "Set(CALLERID(all)=Intercom <${EXTEN}>)",
        'Page(${STRREPLACE(QUEUE_MEMBER_LIST(${HOME_QUEUE}),",","&")},db(gosub-intercom^s^1),10)',
        "Hangup()",
    )
    assert lines("extensions.conf", "gosub-intercom") == steps(
        "s", "Set(PJSIP_HEADER(add,Alert-Info)=auto answer)", "Return()"
    )


def test_page_finds_a_confbridge_file() -> None:
    assert render(home())["confbridge.conf"].split("\n")[-2:] == ["[general]", ""]


# 12 local calls


def test_only_phones_that_exist_can_be_called() -> None:
    found = lines("extensions.conf", "from-home")
    for name in ("6001", "6002", "6003"):
        assert block(found, name) == steps(name, f"Dial(PJSIP/{name})", "Hangup()")
    assert [line for line in found if "_6" in line] == []


# 13 voicemail menu


def test_the_box_of_the_house_opens_without_a_pin() -> None:
    assert block(lines("extensions.conf", "from-home"), "${VOICEMAIL_NUMBER}") == steps(
        "${VOICEMAIL_NUMBER}", "Answer(500)", "VoiceMailMain(${VOICEMAIL_BOX},s)", "Hangup()"
    )


def test_the_menu_can_ask_for_the_pin() -> None:
    pbx = home(features=with_feature(VoicemailMenu(ask_pin=True)))
    found = block(lines("extensions.conf", "from-home", pbx), "${VOICEMAIL_NUMBER}")
    assert found[1] == "same => n,VoiceMailMain(${VOICEMAIL_BOX})"


def test_a_phone_with_a_box_of_its_own_opens_that_one() -> None:
    pbx = home()
    own = attrs.evolve(pbx.extensions[1], mailbox="6002@default")
    pbx = attrs.evolve(
        pbx,
        extensions=[pbx.extensions[0], own],
        mailboxes=[*pbx.mailboxes, Mailbox("6002", initial_pin="5")],
    )
    assert lines("pjsip_wizard.conf", "6002", pbx)[-1] == (
        "endpoint/set_var = VOICEMAIL_BOX=6002@default"
    )
    assert "endpoint/mailboxes = 6002@default" in lines("pjsip_wizard.conf", "6002", pbx)


def test_a_phone_without_a_box_opens_none() -> None:
    pbx = home(extensions=[Extension("6001", secret="x", mailbox="")])
    assert lines("pjsip_wizard.conf", "6001", pbx)[-1] == "endpoint/set_var = VOICEMAIL_BOX="
    found = block(lines("extensions.conf", "from-home", pbx), "${VOICEMAIL_NUMBER}")
    assert found[0] == (
        'exten => ${VOICEMAIL_NUMBER},1,ExecIf($["${VOICEMAIL_BOX}" = ""]?Hangup(21))'
    )


# 14 outgoing, emergency


def test_each_way_to_dial_a_number_leads_to_its_full_form() -> None:
    found = lines("extensions.conf", "from-home")
    for pattern, number in {
        "_+1NXXNXXXXXX": "${EXTEN}",
        "_1NXXNXXXXXX": "+${EXTEN}",
        "_NXXNXXXXXX": "+1${EXTEN}",
        "_NXXXXXX": "+1${MY_AREA_CODE}${EXTEN}",
        "_[235-8]11": "${EXTEN}",
        "988": "${EXTEN}",
    }.items():
        assert block(found, pattern) == [f"exten => {pattern},1,Goto(outgoing,{number},1)"]


DIALS = ("Set(CALLERID(all)=${MY_CALLER_ID})", "Dial(PJSIP/${EXTEN}@voipms)", "Hangup()")


def test_numbers_of_the_country_and_services_are_open_and_nothing_else() -> None:
    found = lines("extensions.conf", "outgoing")
    dialled = {line.split()[2].partition(",")[0] for line in found if "Hangup(21)" not in line
               and line.startswith("exten")}  # fmt: skip
    assert dialled == {"_+1NXXNXXXXXX", "_[235-8]11", "988"}
    for pattern in dialled:
        assert block(found, pattern) == steps(pattern, *DIALS)
    closed = {line.split()[2].partition(",")[0] for line in found if "Hangup(21)" in line}
    assert {"_+1900NXXXXXX", "_+1NXX976XXXX", "_+1809NXXXXXX", "_+1876NXXXXXX"} < closed
    assert len(closed) == 2 + 21


def test_a_house_without_area_code_has_no_seven_digit_numbers() -> None:
    pbx = home(area_code="")
    assert not any("_NXXXXXX," in x for x in lines("extensions.conf", "from-home", pbx))
    assert not any("AREA" in x for x in lines("extensions.conf", "globals", pbx))


def test_numbers_that_cost_extra_are_open_when_asked_for() -> None:
    pbx = home(features=with_feature(OutgoingCalls(premium=True)))
    assert not any("900" in x for x in lines("extensions.conf", "outgoing", pbx))


def test_other_trunks_take_over_where_the_first_cannot_carry_a_call() -> None:
    trunks = [providers.voipms("a.example", "1", "x"), providers.jmp_chat("b.example", "2", "y")]
    failed = (
        '$["${DIALSTATUS}" = "CHANUNAVAIL" | "${DIALSTATUS}" = "CONGESTION" | '
        '"${DIALSTATUS}${RINGTIME}${PROGRESSTIME}" = "NOANSWER"]'
    )
    pbx = home(trunks=trunks)
    assert block(lines("extensions.conf", "outgoing", pbx), "_+1NXXNXXXXXX") == steps(
        "_+1NXXNXXXXXX",
        "Set(CALLERID(all)=${MY_CALLER_ID})",
        "Dial(PJSIP/${EXTEN}@voipms,^8)",
        f"ExecIf({failed}?Dial(PJSIP/${{EXTEN}}@jmp))",
        "Hangup()",
    )
    alone = home(trunks=trunks, features=with_feature(OutgoingCalls("jmp", fallback=False)))
    assert block(lines("extensions.conf", "outgoing", alone), "_+1NXXNXXXXXX")[1:] == [
        "same => n,Dial(PJSIP/${EXTEN}@jmp)",
        "same => n,Hangup()",
    ]


def test_some_numbers_may_take_a_trunk_of_their_own() -> None:
    trunks = [providers.voipms("a.example", "1", "x"), providers.jmp_chat("b.example", "2", "y")]
    features = with_feature(OutgoingCalls(routes={"+1800": "jmp"}))
    found = lines("extensions.conf", "outgoing", home(trunks=trunks, features=features))
    assert block(found, "_+1800X!")[1] == "same => n,Dial(PJSIP/${EXTEN}@jmp,^8)"
    assert block(found, "_+1NXXNXXXXXX")[1] == "same => n,Dial(PJSIP/${EXTEN}@voipms,^8)"


def test_emergency_numbers_stand_first_in_a_context_of_their_own() -> None:
    assert lines("extensions.conf", "from-home")[:2] == [
        "exten => 911,1,Goto(emergency,${EXTEN},1)",
        "exten => 933,1,Goto(emergency,${EXTEN},1)",
    ]
    assert lines("extensions.conf", "emergency") == [
        line
        for number in ("911", "933")
        for line in steps(
            number,
            "Set(CALLERID(all)=${MY_CALLER_ID})",
            "Dial(PJSIP/${EXTEN}@voipms)",
            "Hangup()",
        )
    ]


def test_emergency_calls_stay_first_wherever_they_are_listed() -> None:
    pbx = home(features=tuple(reversed(usual_features())))
    assert lines("extensions.conf", "from-home", pbx)[0] == (
        "exten => 911,1,Goto(emergency,${EXTEN},1)"
    )


def test_emergency_calls_try_every_trunk() -> None:
    trunks = [providers.voipms("a.example", "1", "x"), providers.jmp_chat("b.example", "2", "y")]
    assert lines("extensions.conf", "emergency", home(trunks=trunks))[:4] == steps(
        "911",
        "Set(CALLERID(all)=${MY_CALLER_ID})",
        "Dial(PJSIP/${EXTEN}@voipms,^8)",
        "Dial(PJSIP/${EXTEN}@jmp)",
        "Hangup()",
    )


def test_emergency_calls_may_have_a_caller_id_and_numbers_of_their_own() -> None:
    feature = EmergencyCalls(["911", "999"], test_numbers=(), callerid="Home <+15555550000>")
    pbx = home(features=with_feature(feature))
    assert "EMERGENCY_CALLER_ID = Home <+15555550000>" in lines("extensions.conf", "globals", pbx)
    assert lines("extensions.conf", "emergency", pbx) == [
        line
        for number in ("911", "999")
        for line in steps(
            number,
            "Set(CALLERID(all)=${EMERGENCY_CALLER_ID})",
            "Dial(PJSIP/${EXTEN}@voipms)",
            "Hangup()",
        )
    ]


def test_no_number_abroad_unless_opened() -> None:
    closed = lines("extensions.conf", "from-home")
    assert [line for line in closed if "_011" in line or "_+[" in line] == []
    pbx = home(features=with_feature(OutgoingCalls(international=True)))
    found = lines("extensions.conf", "from-home", pbx)
    number = "+${FILTER(0-9,${EXTEN:3})}"
    assert block(found, "_011ZX!") == [f"exten => _011ZX!,1,Goto(outgoing,{number},1)"]
    outgoing = lines("extensions.conf", "outgoing", pbx)
    assert block(outgoing, "_+[2-9]X!") == steps("_+[2-9]X!", *DIALS)
    assert not any("809" in line for line in outgoing)


def test_comments_tell_what_x_n_and_z_match() -> None:
    head = render(home())["extensions.conf"].partition("\n\n")[0].replace("\n; ", " ")
    assert "X is any digit from 0 to 9, Z from 1 to 9, N from 2 to 9" in head


# all together


def test_the_files_of_a_build() -> None:
    assert list(render(home())) == [
        "confbridge.conf",
        "extensions.conf",
        "pjsip.conf",
        "pjsip_wizard.conf",
        "queues.conf",
        "rtp.conf",
        "voicemail.conf",
        ".asterconf/build.toml",
    ]


def test_a_build_is_the_same_every_time() -> None:
    assert render(home(), complete=True) == render(home(), complete=True)


def test_only_the_wizard_and_the_boxes_hold_secrets() -> None:
    private = [file.name for file in home().files(complete=True) if file.private]
    assert private == ["pjsip_wizard.conf", "voicemail.conf", ".asterconf/build.toml"]


def test_a_house_without_trunk_or_mailbox_gets_what_it_has_the_means_for() -> None:
    pbx = home(trunks=[], mailboxes=[])
    assert list(render(pbx)) == [
        "confbridge.conf",
        "extensions.conf",
        "pjsip.conf",
        "pjsip_wizard.conf",
        "queues.conf",
        "rtp.conf",
        ".asterconf/build.toml",
    ]
    found = lines("extensions.conf", "from-home", pbx)
    assert [line for line in found if line.startswith("exten")] == [
        "exten => ${INTERCOM},1,Set(CALLERID(all)=Intercom <${EXTEN}>)",
        "exten => 6001,1,Dial(PJSIP/6001)",
        "exten => 6002,1,Dial(PJSIP/6002)",
        "exten => 6003,1,Dial(PJSIP/6003)",
    ]


def test_prompts_are_looked_for_in_their_language() -> None:
    assert lines("asterisk.conf", "options") == ["defaultlanguage = en"]


def test_the_load_list_grows_with_the_features() -> None:
    everything = lines("modules.conf", "modules")
    assert everything[0] == "autoload = no"
    assert len(everything) == len(set(everything))
    assert "load = app_voicemail.so" in everything
    small = lines("modules.conf", "modules", home(trunks=[], mailboxes=[], features=[LocalCalls()]))
    assert "load = app_voicemail.so" not in small


def test_music_on_hold_is_had_for_the_asking() -> None:
    pbx = home(features=[*usual_features(), MusicOnHold()])
    assert lines("musiconhold.conf", "default", pbx) == [
        "mode = files",
        "directory = moh",
        "sort = random",
    ]
    assert "load = res_musiconhold.so" in lines("modules.conf", "modules", pbx)
    assert "load = res_musiconhold.so" not in lines("modules.conf", "modules")


def test_a_complete_tree_has_the_files_that_asterisk_opens_in_any_case() -> None:
    text = render(home(), complete=True)["cdr.conf"]
    assert text == (
        "; cdr.conf: records of calls, a line each in cdr-csv/Master.csv.\n"
        "\n"
        "[general]\n"
        "enable = yes\n"
        "\n"
        "[csv]\n"
        "; In local time.\n"
        "usegmtime   = no\n"
        "loguniqueid = yes\n"
    )
    extra = set(render(home(), complete=True)) - set(render(home()))
    assert extra == {
        "acl.conf",
        "asterisk.conf",
        "ccss.conf",
        "cdr.conf",
        "cel.conf",
        "features.conf",
        "indications.conf",
        "logger.conf",
        "modules.conf",
        "pjproject.conf",
        "queuerules.conf",
        "udptl.conf",
    }


# the network: encryption, names that change, marks; trunks at one host


def test_tls_is_a_transport_of_its_own_that_speaks_1_2_and_1_3() -> None:
    tls = Tls(authorities="/etc/ssl/certs/ca-certificates.crt")
    found = lines("pjsip.conf", "transport-tls", home(network=Network(tls=tls)))
    assert found == [
        "protocol = tls",
        "bind = 0.0.0.0:5061",
        "method = sslv23",
        "cert_file = /etc/asterisk/keys/asterisk.crt",
        "priv_key_file = /etc/asterisk/keys/asterisk.key",
        "ca_list_file = /etc/ssl/certs/ca-certificates.crt",
        "verify_server = yes",
    ]


def test_a_public_address_that_changes_is_a_name_that_is_looked_up_again() -> None:
    pbx = home(network=Network(external_address="home.example.org", refresh_seconds=60))
    assert lines("dnsmgr.conf", "general", pbx) == ["enable = yes", "refreshinterval = 60"]
    found = lines("pjsip.conf", "transport-defaults", pbx)
    assert found[-2:] == [
        "external_media_address = home.example.org",
        "external_signaling_address = home.example.org",
    ]
    assert "dnsmgr.conf" not in render(home())


def test_packets_are_marked_unless_that_is_not_wanted() -> None:
    plain = home(network=Network(external_address="203.0.113.8", qos=False))
    for file, section, marks in (
        ("pjsip.conf", "transport-defaults", {"tos = cs3", "cos = 3"}),
        (
            "pjsip_wizard.conf",
            "trunk-defaults",
            {"endpoint/tos_audio = ef", "endpoint/cos_audio = 5"},
        ),
        (
            "pjsip_wizard.conf",
            "extension-defaults",
            {"endpoint/tos_audio = ef", "endpoint/cos_audio = 5"},
        ),
    ):
        assert set(lines(file, section)) - set(lines(file, section, plain)) == marks


def test_a_trunk_may_be_known_by_its_line_or_by_a_header_of_its_own_addresses() -> None:
    trunks = [
        providers.generic("sip.example.net", "a", "x", "a", line=True),
        providers.generic("b.example", "b", "x", "b", header="X-A: b", match=["192.0.2.1"]),
    ]
    pbx = home(trunks=trunks)
    assert lines("pjsip_wizard.conf", "a", pbx)[2] == "sends_line_with_registrations = yes"
    assert not any("match" in line for line in lines("pjsip_wizard.conf", "a", pbx))
    assert lines("pjsip_wizard.conf", "b", pbx)[-4:] == [
        "identify/match_header = X-A: b",
        "endpoint/identify_by = header",
        "endpoint/deny = 0.0.0.0/0.0.0.0",
        "endpoint/permit = 192.0.2.1",
    ]
    assert lines("pjsip.conf", "global", pbx)[1] == "endpoint_identifier_order = username,header,ip"


def test_a_provider_that_knows_us_by_address_is_not_registered_with() -> None:
    pbx = home(trunks=[providers.ip_authenticated("192.0.2.1", "gateway")])
    assert lines("pjsip_wizard.conf", "gateway", pbx) == [
        "transport = transport-tcp",
        "remote_hosts = 192.0.2.1",
        "identify/match = 192.0.2.1",
        "endpoint/context = from-pstn",
        "sends_auth = no",
        "sends_registrations = no",
    ]


def test_voipms_over_tls_is_at_its_tls_port() -> None:
    assert providers.voipms("a.voip.ms", "u", "x", transport="transport-tls").remote_hosts == (
        "a.voip.ms:5061",
    )
