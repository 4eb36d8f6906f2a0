"""A configuration with a secret of every kind, and everything that it can be asked to show.

Each `{}` in `FILES` is a place for a secret; the tests fill each with one of its own.
"""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Iterator, Mapping, Sequence

import attrs

from asterconf import Config, apps
from asterconf.resolve import Effective

__all__ = ["FILES", "planted", "things"]

FILES = {
    "pjsip.conf": """\
[transport]
type = transport
bind = 0.0.0.0
[a]
type = endpoint
context = home
aors = a
auth = a
set_var = PASSWORD={t}
set_var = _DOORPIN={n}
outbound_proxy = sip:u:{t}@proxy
no_such = sip:u:{t}@h
passwrd = {t}
secert = {t}
[a]
type = auth
auth_type = userpass
username = a
password = {t} ; was password={t}; old password {n}
;password = {t}
;allow=all ; the password is {n}
; passwrd = {t}
md5_cred = {t}
password {t}
[b]
type = auth
auth_type = google_oauth
refresh_token = {t}
oauth_clientid = c
oauth_secret = {t}
[a]
type = aor
contact = sip:u:{t}@h
[r]
type = registration
outbound_auth = b
server_uri = sip:u:{t}@h
client_uri = sip:u:{t}@h
""",
    "pjsip_wizard.conf": """\
[t](!)
type = wizard
endpoint/context = home
[6001](t)
accepts_auth = yes
accepts_registrations = yes
inbound_auth/username = 6001
inbound_auth/password = {t}
inbound_auth/pasword = {t}
endpoint/set_var = USER_PASSWORD={t}
[trunk](t)
remote_hosts = u:{t}@h
sends_auth = yes
sends_registrations = yes
outbound_auth/username = u
outbound_auth/password = {t}
""",
    "sip.conf": """\
[general]
register => u:{t}@h/5
register => tls://u:{t}:auth@h:5061
[7]
type = friend
host = dynamic
secret = {t}
md5secret = {t}
remotesecret = {t}
context = home
auth = u:{t}@realm
auth = v#{n}abcdef0123456789abcdef01@other
""",
    "iax.conf": """\
[general]
register => u:{t}@h
[8]
type = friend
host = dynamic
secret = {t}
inkeys = {t}
dbsecret = family/{t}
context = home
""",
    "users.conf": "[9]\nhassip = yes\nsecret = {t}\nvmsecret = {n}\nhasvoicemail = yes\n",
    "voicemail.conf": """\
[general]
imappassword = {t}
authpassword = {t}
[default]
1 => {n},Ann,a@b,,imapuser=ann|imappassword={t}|attach=yes
2 => -{n},Bob
5 => {n}
;3 => {n},Cid
""",
    "meetme.conf": "[rooms]\nconf => 600,{n},{n}\nconf = 601,{n}\n;conf => 602,{n}\n",
    "agents.conf": "[agents]\nagent => 1001,{n},Ann\n;agent => 1002,{n},Bob\n[1003]\nfullname=x\n",
    "phoneprov.conf": "[6001]\nusername = 6001\npassword = {t}\nsetvar => SECRET={t}\n",
    "manager.conf": "[ann]\nsecret = {t}\nread = all\n",
    "ari.conf": "[bob]\ntype = user\npassword = {t}\n",
    "confbridge.conf": "[u]\ntype = user\npin = {n}\n",
    "res_odbc.conf": "[db]\ndsn = x\nusername = u\npassword = {t}\n",
    "rtp.conf": "[general]\nturnpassword = {t}\nturnaddr = u:{t}@h\n",
    "cdr_pgsql.conf": "[global]\npassword = {t}\nuser = u\n",
    "own.conf": "[x]\napi_key = {t}\nauthtoken = {t}\nDBPASS = {t}\nurl = https://u:{t}@h/x\n",
    "extensions.conf": """\
[globals]
PASSWORD = {t}
PIN = {n}
ADMINPASSWORD = {t}
AMPDBPASS = {t}
TRUNK = IAX2/u:{t}@h
[home]
exten => 100,1,Set(GLOBAL(ADMINPASSWORD)={t})
same => n,Set(DB(x/secret)={t})
same => n,Set(CURLOPT(userpwd)=u:{t})
same => n,Set(__PIN={n})
same => n,Set(HASH(A,password)={t})
same => n,Set(CONFBRIDGE(user,pin)={n})
same => n,MSet(A=1,PIN={n})
same => n,GotoIf($["${{PIN}}" = "{n}"]?ok,1)
same => n,GotoIf($["{n}" = "${{PIN}}"]?ok,1)
same => n,ExecIf($[${{USER_PASSWORD}} != {t}]?Hangup())
same => n,GotoIf($["${{DB(x/pin)}}"="{n}"]?ok,1)
same => n,GotoIf($["${{PIN}}" : "{n}"]?ok,1)
same => n,NoOp(${{IF($["${{PIN}}"="{n}"]?yes:no)}})
same => n,GotoIf($["${{MD5({t})}}" = "${{PIN}}"]?ok,1)
same => n,GotoIf($["x${{FILTER(0-9,${{PIN}})}}" = "x{n}"]?ok,1)
same => n,GotoIf($["${{PIN}}" =~ "^{n}$"]?ok,1)
same => n,GotoIf(${{REGEX("^{n}$" ${{PIN}})}}?ok,1)
same => n,Set(doorPin={n})
same => n,Set(DB(pin/100)={n})
same => n,Set(SESSIONTOKEN={t})
same => n,Set(CURLOPT(httpheader)=Authorization: Bearer {t})
same => n,Set(X=${{CURL(https://h/,{{"pin":"{n}"}})}})
same => n,System(curl -u ann:{t} -H "X-Api-Key: {t}9" https://h)
same => n,System(/bin/x --token {t})
same => n,MeetMe(600,i,{n})
same => n,Authenticate({n})
same => n,ExecIf($[1]?Authenticate({n},a))
same => n,DISA({n},home)
same => n,Dial(IAX2/u:{t}@h/100,20)
same => n,Dial(PJSIP/100/sip:u:{t}@h)
same => n,NoOp(${{CURL(https://u:{t}@h/x)}})
same => n,NoOp(${{AES_DECRYPT({t},${{X}})}})
same => n,Set(CALLERID(num)=5)
same => n,NoSuchApp(password={t})
same => n,GotoIf($[${{PIN}} = {n}]?nowhere,1)
same => n,Goto(nowhere,1
;same => n,Authenticate({n})
; exten => 5,1,Set(PIN={n})
same => n,AGI(x.agi,--password,{t})
same => n,Set(PJSIP_HEADER(add,Authorization)=Bearer {t})
exten => 104,1,Gosub(nowhere,s,1(pin={n}))
exten => 105,1,Dial(IAX2/u:{t}@h/100&IAX2/v:{t}@h,20)
exten => 101,1,Dial(PJSIP/6001)
exten => 102,1,MeetMe(600,i,{n}
exten => 103,1(Set(PIN={n}))
""",
}
"""Files by name. `{t}` is a place for a word, `{n}` for digits."""


def planted(words: Iterator[str], digits: Iterator[str]) -> tuple[dict[str, str], list[str]]:
    """Return the files with secrets in each place, and the secrets."""
    found: list[str] = []
    files = {}
    for name, text in FILES.items():
        first, *parts = text.replace("{t}", "\0t").replace("{n}", "\0n").split("\0")
        filled = first
        for part in parts:
            found.append(next(words if part[0] == "t" else digits))
            filled += found[-1] + part[1:]
        files[name] = filled.replace("{{", "{").replace("}}", "}")
    return files, found


_INNER = {"asterconf.differ.objects", "asterconf.workspace", "asterconf.resolve.files"}
"""Modules of values that no public value is made of, only their makers."""


def things(root: object, most: int = 400) -> Iterator[object]:
    """Yield every public value that can be reached from one by its fields, properties and items."""
    seen: set[int] = set()
    met: Counter[type[object]] = Counter()
    kept, queue = [], deque([root])
    while queue:
        one = queue.popleft()
        if id(one) in seen or isinstance(one, str | bytes | int | float | type | None):
            continue
        seen.add(id(one))
        if type(one).__module__ in _INNER:
            continue
        met[type(one)] += 1
        if met[type(one)] > most:
            continue
        kept.append(one)  # so that no other gets its id
        if type(one).__module__.startswith("asterconf"):
            yield one
        queue += _parts(one)


def _parts(one: object) -> Iterator[object]:
    if isinstance(one, Mapping):
        yield from one.values()
    elif isinstance(one, Sequence | frozenset | set):
        yield from one
    if not type(one).__module__.startswith("asterconf") or isinstance(one, apps.Application):
        return
    for name in dir(type(one)):
        if name.startswith("_") or name == "schema":
            continue
        descriptor = getattr(type(one), name, None)
        if isinstance(descriptor, property) or type(descriptor).__name__ in {
            "member_descriptor", "cached_property", "_property",
        }:  # fmt: skip
            try:
                yield getattr(one, name)
            except (AttributeError, LookupError, ValueError):
                continue
    if attrs.has(type(one)):
        yield from (
            getattr(one, f.name)
            for f in attrs.fields(type(one))  # type: ignore[arg-type]  # it has fields
            if f.name[0] != "_"
        )
    if isinstance(one, Config):
        yield from (one.check(), one.effective("pjsip.conf"), one.map())
        yield from (one.effective(name) for name in one.files)
    if isinstance(one, Effective):
        yield from one.sections
