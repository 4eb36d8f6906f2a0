"""What the tests of edits share: configurations, and which lines an edit changed."""

import difflib
from collections.abc import Mapping
from pathlib import Path

import asterconf

HOME = Path(__file__).parent.parent.parent.parent / "examples" / "home"

PRIMITIVES = """\
[udp]
type=transport
bind=0.0.0.0

[phone](!)
type=endpoint
context=from-home
disallow=all
allow=ulaw
allow=alaw   ; the old one

[login](!)
type=auth
auth_type=userpass

[where](!)
type=aor
max_contacts=1

; Anna
[6001](phone)
auth=auth6001
aors=6001
callerid="Anna" <6001>

[auth6001](login)
username=6001
password=abc

[6001](where)

; Bert
[6002](phone)
auth=auth6002
aors=6002
callerid="Bert" <6002>

[auth6002](login)
username=6002
password=def

[6002](where)
max_contacts=2

; the provider
[prov]
type=endpoint
context=from-pstn
aors=prov
outbound_auth=prov
allow=!all,ulaw

[prov]
type=aor
contact=sip:prov.example.com:5060

[prov]
type=auth
username=me
password=mine

[prov]
type=identify
endpoint=prov
match=prov.example.com

[prov]
type=registration
outbound_auth=prov
server_uri=sip:prov.example.com:5060
client_uri=sip:me@prov.example.com:5060
"""


def config(**texts: str) -> asterconf.Config:
    """Return a configuration of texts; `queues` stands for queues.conf."""
    return asterconf.Config.from_texts({f"{name}.conf": text for name, text in texts.items()})


def texts(conf: asterconf.Config) -> dict[str, str]:
    """Return the text of every file."""
    return {name: str(conf[name]) for name in conf}


def changed(before: Mapping[str, str], conf: asterconf.Config) -> list[str]:
    """Return the lines that differ from `before`, with `-` and `+`, without context."""

    found: list[str] = []
    for name, text in texts(conf).items():
        old = before.get(name, "").splitlines()
        lines = difflib.unified_diff(old, text.splitlines(), n=0, lineterm="")
        found += [line for line in list(lines)[2:] if not line.startswith("@@")]
    return found
