"""Texts behind an endpoint that is dialled, and whether Asterisk 22.10.1 rings somebody."""

AORS = """\
[udp]
type=transport
protocol=udp
bind=127.0.0.1
[voip]
type=endpoint
context=c
aors=voip
allow=ulaw
[voip]
type=aor
contact=sip:127.0.0.1:9
[101]
type=aor
contact=sip:127.0.0.1:9
"""
CONTACTS = {
    "": True,
    "voip": True,
    "101": True,
    "nobody,101": True,
    "sip:911@127.0.0.1:9": True,
    "SIP:911@127.0.0.1:9": True,
    "<sip:911@127.0.0.1:9>": True,
    "911": False,
    "Voip": False,
    "911@voip": False,
    "911@127.0.0.1:9": False,
    "tel:911": False,
    "im:911@127.0.0.1:9": False,
    "sip:": False,
}
"""Judged by tests/live/test_dialstring.py."""
