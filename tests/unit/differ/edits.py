"""Edits that administrators make, on the files of the built example: each as text to text."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

__all__ = ["BASE", "EDITS", "PLAN", "Texts", "base"]

BASE = Path(__file__).parents[2] / "goldens" / "differ"
Texts = dict[str, str]
EDITS: dict[str, Callable[[Texts], None]] = {}
"""The edits by name, each changing the texts that it gets."""

PLAN = """\
[globals]
TRUNK = PJSIP/a ; the provider

[home]
exten => 200,hint,PJSIP/200
exten => 200,1,Dial(PJSIP/200)
 same => n,Hangup()
exten => 201,1,Dial(PJSIP/201)
ignorepat => 9
switch => Loopback/@one
include => more

[more]
exten => 300,1,Hangup()
"""
"""A dialplan with one of each kind of thing."""


def base() -> Texts:
    """Return the files that all edits begin with."""
    return {path.name: path.read_text() for path in sorted((BASE / "home").glob("*.conf"))}


def edit(make: Callable[[Texts], None]) -> Callable[[Texts], None]:
    EDITS[make.__name__.replace("_", "-")] = make
    return make


def swap(texts: Texts, file: str, old: str, new: str, count: int = 1) -> None:
    """Replace a text that must stand in a file that often."""
    assert texts[file].count(old) == count, (file, old, texts[file].count(old))
    texts[file] = texts[file].replace(old, new)


GARAGE = """
; Extension 6004: Garage, Yealink T31P.
[6004](extension-defaults)
endpoint/context      = from-home
endpoint/mailboxes    = 6000@default
endpoint/callerid     = Garage <6004>
inbound_auth/username = 6004
inbound_auth/password = gar4ge
aor/max_contacts      = 1
aor/qualify_frequency = 30
endpoint/direct_media = yes
"""

KITCHEN = """
[6002]
type = endpoint
aors = 6002
auth = 6002-iauth
identify_by = username
mwi_subscribe_replaces_unsolicited = true
allow = g722
allow = ulaw
subscribe_context = subscribe
tos_audio = ef
cos_audio = 5
context = from-home
mailboxes = 6000@default
callerid = "Kitchen" <6002>
direct_media = 1

[6002]
type = aor
remove_existing = yes
mailboxes = 6000@default
max_contacts = 1
qualify_frequency = 30

[6002-iauth]
type = auth
username = 6002
password = s3cret2
"""


# -- phones and providers --------------------------------------------------------------------------


@edit
def add_a_phone(texts: Texts) -> None:
    texts["pjsip_wizard.conf"] += GARAGE
    texts["queues.conf"] += "member => PJSIP/6004,0,Garage,PJSIP/6004\n"
    swap(texts, "extensions.conf", "exten => 6003,hint,PJSIP/6003\n",
         "exten => 6003,hint,PJSIP/6003\nexten => 6004,hint,PJSIP/6004\n")  # fmt: skip
    swap(texts, "extensions.conf", "exten => 6003,1,Dial(PJSIP/6003)\n",
         "exten => 6004,1,Dial(PJSIP/6004)\n same => n,Hangup()\n"
         "exten => 6003,1,Dial(PJSIP/6003)\n")  # fmt: skip


@edit
def remove_a_phone(texts: Texts) -> None:
    wizard = texts["pjsip_wizard.conf"]
    texts["pjsip_wizard.conf"] = wizard[: wizard.index("; Extension 6003")]
    swap(texts, "queues.conf", "member => PJSIP/6003,0,Smartphone,PJSIP/6003\n", "")
    swap(texts, "extensions.conf", "exten => 6003,hint,PJSIP/6003\n", "")
    swap(texts, "extensions.conf", "exten => 6003,1,Dial(PJSIP/6003)\n same => n,Hangup()\n", "")


@edit
def codec_order_in_the_template(texts: Texts) -> None:
    swap(texts, "pjsip_wizard.conf", "endpoint/allow = !all,g722,ulaw",
         "endpoint/allow = !all,ulaw,g722")  # fmt: skip


@edit
def another_codec_for_one_phone(texts: Texts) -> None:
    swap(texts, "pjsip_wizard.conf", "callerid     = Kitchen <6002>\n",
         "callerid     = Kitchen <6002>\nendpoint/allow        = !all,alaw\n")  # fmt: skip


@edit
def a_line_drawn_into_the_template_and_changed(texts: Texts) -> None:
    swap(texts, "pjsip_wizard.conf", "endpoint/context      = from-home\n", "", 3)
    swap(texts, "pjsip_wizard.conf", "endpoint/subscribe_context = subscribe\n",
         "endpoint/subscribe_context = subscribe\nendpoint/context = phones\n")  # fmt: skip


@edit
def phones_inherit_another_template(texts: Texts) -> None:
    swap(texts, "pjsip_wizard.conf", "; What all phones have in common.\n",
         "[encrypted](!)\nendpoint/media_encryption = sdes\n"
         "endpoint/media_encryption_optimistic = yes\n\n")  # fmt: skip
    swap(texts, "pjsip_wizard.conf", "[extension-defaults](!)", "[extension-defaults](!,encrypted)")


@edit
def move_to_tls(texts: Texts) -> None:
    texts["pjsip.conf"] += (
        "\n[transport-tls](transport-defaults)\nprotocol = tls\nbind = 0.0.0.0:5061\n"
        "cert_file = /etc/asterisk/keys/pbx.crt\npriv_key_file = /etc/asterisk/keys/pbx.key\n"
    )
    swap(texts, "pjsip_wizard.conf", "transport    = transport-tcp",
         "transport    = transport-tls")  # fmt: skip
    swap(texts, "pjsip_wizard.conf", "remote_hosts = atlanta2.voip.ms:5060",
         "remote_hosts = atlanta2.voip.ms:5061")  # fmt: skip


@edit
def another_password(texts: Texts) -> None:
    swap(texts, "pjsip_wizard.conf", "password = s3cret2", "password = a-b3tter-one")


@edit
def another_server_of_the_provider(texts: Texts) -> None:
    texts["pjsip_wizard.conf"] = texts["pjsip_wizard.conf"].replace("atlanta2", "chicago1")


@edit
def another_public_address(texts: Texts) -> None:
    texts["pjsip.conf"] = texts["pjsip.conf"].replace("203.0.113.8", "203.0.113.77")
    swap(texts, "pjsip.conf", "local_net = 10.0.0.0/8\n", "")


@edit
def another_port_to_listen_on(texts: Texts) -> None:
    swap(texts, "pjsip.conf", "bind = 0.0.0.0\n", "bind = 0.0.0.0:5080\n")


@edit
def a_phone_gets_another_number(texts: Texts) -> None:
    for name in ("pjsip_wizard.conf", "extensions.conf", "queues.conf"):
        texts[name] = texts[name].replace("6003", "6103")


@edit
def a_phone_written_twice(texts: Texts) -> None:
    texts["pjsip.conf"] += KITCHEN.partition("\n\n")[0] + KITCHEN.partition("\n\n")[0] + "\n"


@edit
def one_phone_written_without_the_wizard(texts: Texts) -> None:
    wizard = texts["pjsip_wizard.conf"]
    start, end = wizard.index("; Extension 6002"), wizard.index("; Extension 6003")
    texts["pjsip_wizard.conf"] = wizard[:start] + wizard[end:]
    texts["pjsip.conf"] += KITCHEN


# -- queues and voicemail --------------------------------------------------------------------------


@edit
def a_queue_in_order(texts: Texts) -> None:
    swap(texts, "queues.conf", "strategy = ringall", "strategy = linear")
    kitchen = "member => PJSIP/6002,0,Kitchen,PJSIP/6002\n"
    swap(texts, "queues.conf", kitchen, "")
    texts["queues.conf"] += kitchen


@edit
def members_in_another_order(texts: Texts) -> None:
    kitchen = "member => PJSIP/6002,0,Kitchen,PJSIP/6002\n"
    swap(texts, "queues.conf", kitchen, "")
    texts["queues.conf"] += kitchen


@edit
def a_queue_that_waits_less(texts: Texts) -> None:
    swap(texts, "queues.conf", "timeout = 30", "timeout = 20\nmaxlen = 3")
    swap(texts, "queues.conf", "PJSIP/6003,0,Smartphone", "PJSIP/6003,1,Smartphone")


@edit
def a_pin_and_a_mail_address(texts: Texts) -> None:
    swap(texts, "voicemail.conf", "6000 => 1234,John Doe,johndoe@example.com",
         "6000 => 4711,John Doe,doe@example.com,,attach=no|tz=home")  # fmt: skip


@edit
def a_pin_changed_by_phone(texts: Texts) -> None:
    swap(texts, "voicemail.conf", "passwordlocation = spooldir\n", "")
    swap(texts, "voicemail.conf", "6000 => 1234,", "6000 => 9876,")


@edit
def formats_of_messages(texts: Texts) -> None:
    swap(texts, "voicemail.conf", "format = wav49|gsm|wav", "format = wav|gsm|wav49")
    swap(texts, "voicemail.conf", "maxmsg = 100", "maxmsg = 50")


# -- dialplan --------------------------------------------------------------------------------------


@edit
def the_intercom_on_another_number(texts: Texts) -> None:
    swap(texts, "extensions.conf", "INTERCOM = 6000", "INTERCOM = 7000")


@edit
def another_area_code(texts: Texts) -> None:
    swap(texts, "extensions.conf", "MY_AREA_CODE = 555", "MY_AREA_CODE = 212")


@edit
def business_hours(texts: Texts) -> None:
    swap(texts, "extensions.conf", "exten => s,1,Queue(",
         "exten => s,1,GotoIfTime(18:00-8:00,*,*,*?closed,s,1)\n same => n,Queue(")  # fmt: skip
    texts["extensions.conf"] += (
        "\n[closed]\nexten => s,1,Answer(500)\n same => n,VoiceMail(${VOICEMAIL_BOX},su)\n"
        " same => n,Hangup()\n"
    )


@edit
def steps_numbered_by_hand(texts: Texts) -> None:
    name, number, lines = "", 0, []
    for line in texts["extensions.conf"].split("\n"):
        if found := re.match(r"exten => (.*?),1,", line):
            name, number = found[1], 1
        step = re.match(r" same => n,(.*)", line)
        number += step is not None
        lines.append(f"exten={name},{number},{step[1]}" if step else line)
    texts["extensions.conf"] = "\n".join(lines)


@edit
def a_gap_in_the_priorities(texts: Texts) -> None:
    swap(texts, "extensions.conf", "exten => 6001,1,Dial(PJSIP/6001)\n same => n,Hangup()",
         "exten => 6001,1,Dial(PJSIP/6001)\nexten => 6001,3,Hangup()")  # fmt: skip


@edit
def a_phone_may_call_no_other(texts: Texts) -> None:
    line = "exten => 6003,1,Dial(PJSIP/6003)\n same => n,Hangup()\n"
    swap(texts, "extensions.conf", line, "")
    texts["extensions.conf"] += f"\n[guests]\ninclude => emergency\n{line}"


@edit
def includes_in_another_order(texts: Texts) -> None:
    swap(texts, "extensions.conf", "[from-home]\n",
         "[from-home]\ninclude => emergency\ninclude => subscribe\n")  # fmt: skip


@edit
def the_caller_is_told_that_the_call_is_recorded(texts: Texts) -> None:
    swap(texts, "extensions.conf", "exten => _+1NXXNXXXXXX,1,Set(CALLERID(all)=${MY_CALLER_ID})\n",
         "exten => _+1NXXNXXXXXX,1,Playback(this-call-may-be-recorded)\n"
         " same => n,MixMonitor(${UNIQUEID}.wav)\n"
         " same => n,Set(CALLERID(all)=${MY_CALLER_ID})\n")  # fmt: skip


# -- files -----------------------------------------------------------------------------------------


@edit
def other_ports_for_sound(texts: Texts) -> None:
    swap(texts, "rtp.conf", "rtpend   = 20999", "rtpend   = 21999")


@edit
def comments_and_blanks(texts: Texts) -> None:
    for name, text in texts.items():
        bare = re.sub(r"(?m)^;.*\n", "", text)
        tight = re.sub(r"(?m)^([\w/-]+) +=>? +", r"\1=", bare)
        texts[name] = ";-- all of it\n anew --;\n" + tight.replace("\n", "\n\n")


@edit
def a_file_in_two_parts(texts: Texts) -> None:
    text = texts["extensions.conf"]
    cut = text.index("; Calls from the public network.")
    texts["extensions.conf"] = text[:cut] + "#include from-pstn.inc\n"
    texts["from-pstn.inc"] = text[cut:]


@edit
def a_file_that_asterisk_refuses(texts: Texts) -> None:
    swap(texts, "queues.conf", "[home-phones]", "[home-phones](phone-queues)")


@edit
def a_file_less_and_a_file_more(texts: Texts) -> None:
    del texts["confbridge.conf"]
    texts["res_parking.conf"] = "[general]\n\n[default]\nparkext => 700\nparkpos => 701-720\n"


@edit
def a_module_more(texts: Texts) -> None:
    swap(texts, "modules.conf", "load = app_voicemail.so\n",
         "load = app_voicemail.so\nload = res_parking.so\n")  # fmt: skip
