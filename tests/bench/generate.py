"""Large files that look like real ones: the same bytes for the same arguments."""

import random
import re
from collections.abc import Callable, Iterator
from string import Template

__all__ = ["KINDS", "generate", "plain"]

KINDS = ("extensions", "pjsip")

PLACES = (
    "harbour", "mill", "orchard", "bridge", "garden", "tower", "station", "market", "chapel",
    "school", "library", "forge",
)  # fmt: skip
ROLES = (
    "front", "back", "early", "late", "first", "second", "main", "spare", "upper", "lower",
    "sales", "stock", "repair", "care",
)  # fmt: skip
PEOPLE = (
    "Alma", "Bruno", "Carla", "Dario", "Edith", "Felix", "Greta", "Hugo", "Irma", "Jonas",
    "Klara", "Linus", "Mira", "Nils", "Olga",
)  # fmt: skip
PROMPTS = (
    "hello", "one-moment-please", "main-menu", "vm-goodbye", "pbx-invalid", "thank-you", "beep",
    "agent-pass",
)  # fmt: skip
CODECS = ("!all,alaw", "!all,g722,alaw", "!all,opus,alaw,ulaw", "!all,ulaw")


class Text(Template):
    """Text with `%name` to fill in: `$` is Asterisk's own."""

    delimiter = "%"

    def lines(self, **facts: object) -> list[str]:
        """Return the filled-in lines, without the first line end."""
        return self.substitute(facts).removeprefix("\n").split("\n")


DIALPLAN = Text("""
; The dialplan of a company that does not exist. %words

[general]
static = yes
writeprotect=no
autofallthrough = yes  ; a call that runs out of steps ends
clearglobalvars=no

[globals]
%globals
CARRIER=PJSIP/carrier
PATIENCE => 20

[menu-common](!)
exten => i,1,Playback(pbx-invalid)
exten => t,1,Goto(s,1)
 same => n,Goto(s,1)
""")

BRANCH = Text("""
%rule
; Branch %b: %words
%rule
[desks-%b]
include => people-%b
include => codes-%b
include => dialout-%b
include => closed-%b,17:30-08:30,mon-fri,*,*
ignorepat => 0

[people-%b]
%people

[codes-%b]
exten => *98,1,VoiceMailMain(${CALLERID(num)}@default,s)
exten => *98,n,Hangup
exten => *21,1,Set(DB(away/${CALLERID(num)})=1)
exten => *21,n,Playback(%prompt&beep)
exten => *21,n,Hangup(16)
exten => _*7[1-5]X,1,Set(LEFT=$[${EXTEN:2} + 3 * 2])
 same => n,While($[${LEFT} > 0])
 same => n,Set(LEFT=$[${LEFT} - 1])
 same => n,Verbose(3,Still to go: ${LEFT}\\; %word)
 same => n,EndWhile()
 same => n,Hangup()

[dialout-%b]
; as people at this branch dial
exten => _0NXXXXXX,1,Set(CALLERID(num)=${SHOWN_NUMBER})
 same => n,Set(PREFIX=%area)
 same => n,Dial(${CARRIER}/${PREFIX}${EXTEN:1},45,T)
 same => n,Goto(${IF($["${DIALSTATUS}" = "BUSY"]?engaged:lost)})
 same => n(lost),Playback(%prompt)
 same => n,Hangup()
 same => n(engaged),Busy(8)
exten => _+44NXXXXXXXX,1,Dial(${CARRIER}/${EXTEN:3})
 same => n,Hangup(${HANGUPCAUSE})
exten => _11[2-8],1,Dial(${CARRIER}/${EXTEN})
exten => _00X.,1,GotoIfTime(08:30-17:30,mon-fri,*,*?abroad-%b,${EXTEN},1)
 same => n,Congestion(4)

[abroad-%b]
exten => _00X.,1,Dial(${CARRIER}/${EXTEN})
exten => h,1,Set(CDR(userfield)=%word)

[closed-%b](menu-common)
exten => s,1,Answer(300)
 same => n(choice),Background(%prompt)
 same => n,WaitExten(6)
%queues

[ring-%b]
;-- takes the extension and how long to ring
   %words
--;
exten => s,1,Set(LOCAL(who)=${ARG1})
 same => n,Set(LOCAL(long)=${IF($[${LEN(${ARG2})} > 0]?${ARG2}:15)})
 same => n,Dial(PJSIP/${who}${STRREPLACE(ALSO,",","&")},${long},tT)
 same => n,Return(${DIALSTATUS})
%extra""")

EXTRA = Text("""

[codes-%b](+)
exten => *65,1,SayAlpha(${CALLERID(num)})
exten => *65,n,Hangup()
""")

PERSON = Text("""
exten => %e,hint,PJSIP/%e&Custom:away%e
exten => %e,1,NoOp(Call for ${EXTEN} by ${CALLERID(num)})
 same => n,Set(__BRANCH=%b)
%ring
 same => n,Hangup()""")

RING_SUB = Text("""
 same => n,GotoIf($["${DB(away/${EXTEN})}" = "1"]?away)
 same => n,Gosub(ring-%b,s,1(${EXTEN},${PATIENCE}))
 same => n(away),VoiceMail(${EXTEN}@default,b)   ; nobody there""")

RING_DIAL = Text("""
same => n,Dial(PJSIP/${EXTEN},%seconds,%options)
same => n,ExecIf($["${DIALSTATUS}" = "NOANSWER"]?VoiceMail(${EXTEN}@default,u))""")

WIZARD = Text("""
; The phones and trunks of a company that does not exist. %words

; %words
[trunks](!)
type = wizard
sends_auth = yes
sends_registrations = yes
endpoint/allow = !all,alaw
endpoint/rtp_symmetric = yes
registration/max_retries = 10000

; %words
[phones](!)
type = wizard
accepts_registrations = yes
accepts_auth = yes
aor/max_contacts = 2
aor/remove_existing = yes
endpoint/context = desks
endpoint/allow = !all,g722,alaw

; %words
[far](!)
endpoint/rewrite_contact=yes
endpoint/force_rport=yes
endpoint/rtp_symmetric=yes

; %words
[camera](!)
endpoint/allow=vp8
endpoint/allow=h264""")

TRUNK = Text("""

; Trunk %k: %words
[trunk-%k](trunks)
transport = transport-tls
remote_hosts = edge%k.example.org:5061
endpoint/context = from-trunk
outbound_auth/username = line%area
outbound_auth/password = x%secret\\;9""")


def words(rng: random.Random, count: int = 0) -> str:
    """Return a sentence that means nothing."""
    chosen = rng.choices(PLACES + ROLES, k=count or rng.randint(3, 11))
    return " ".join(chosen).capitalize() + "."


def rule(rng: random.Random) -> str:
    """Return a comment that underlines."""
    return ";" + "#" * rng.randint(30, 70)


def person(rng: random.Random, number: int, branch: str) -> Iterator[str]:
    """Yield the lines of one extension."""
    if rng.random() < 0.5:
        yield f"; {rng.choice(PEOPLE)}, {words(rng, 3)}"
    ring = RING_SUB if rng.random() < 0.5 else RING_DIAL
    seconds, options = rng.choice((15, 20, 25, 30)), rng.choice(("tT", "tTwW", "r", ""))
    how = ring.lines(b=branch, seconds=seconds, options=options)
    yield from PERSON.lines(e=number, b=branch, ring="\n".join(how))


def branch(rng: random.Random, k: int) -> list[str]:
    """Return the contexts of the branch of that number."""
    b = f"{k:05d}"
    base = (k % 90 + 10) * 1000
    people = [line for n in range(rng.randint(6, 14)) for line in person(rng, base + n, b)]
    queues = [
        line
        for digit in range(1, rng.randint(3, 6))
        for line in (
            f"exten => {digit},1,Queue({rng.choice(ROLES)}-{b},tr,,,{rng.choice((30, 40, 50))})",
            f" same => n,VoiceMail({base + digit}@default,su)",
        )
    ]
    return BRANCH.lines(
        b=b,
        rule=rule(rng),
        words=words(rng, 4),
        word=rng.choice(ROLES),
        prompt=rng.choice(PROMPTS),
        area=rng.randint(200, 989),
        people="\n".join(people),
        queues="\n".join(queues),
        extra="\n".join(EXTRA.lines(b=b)) if k % 7 == 0 else "",
    )


def account(rng: random.Random, k: int) -> list[str]:
    """Return the sections of the phone or trunk of that number."""
    if rng.random() < 0.12:
        area, secret = rng.randint(100000, 999999), f"{rng.getrandbits(48):x}"
        return TRUNK.lines(k=f"{k:05d}", words=words(rng, 4), area=area, secret=secret)
    return ["", *phone(rng, k, 100000 + k)]


def phone(rng: random.Random, k: int, number: int) -> Iterator[str]:
    """Yield the lines of one phone."""
    if rng.random() < 0.4:
        yield rule(rng)
        yield f"; Phone {number}: {words(rng, 2)}"
        yield rule(rng)
    yield f"[{number}]({rng.choice(('phones', 'phones', 'phones,far', 'phones,far,camera'))})"
    yield f"endpoint/callerid = {rng.choice(PEOPLE)} {rng.choice(PLACES).title()} <{number}>"
    secret = f"{rng.getrandbits(64):016x}"
    if rng.random() < 0.5:
        yield f"endpoint/mailboxes      = {number}@default"
        yield f"inbound_auth/username   = {number}"
        yield f"inbound_auth/password   = {secret}"
    else:
        yield f"inbound_auth/username={number}"
        yield f"inbound_auth/password={secret} ; made by hand"
    if rng.random() < 0.3:
        yield f"endpoint/allow = {rng.choice(CODECS)}"
    if rng.random() < 0.4:
        yield f"; {words(rng)}"
        yield "aor/qualify_frequency = 40"
        yield "aor/qualify_timeout   = 2.5"
    if rng.random() < 0.2:
        yield f"endpoint/set_var = BRANCH={k % 50}"
        yield f"endpoint/set_var = GROUP()=ring{k % 7}"
    if k % 25 == 0:
        yield f"[{number}](+)"
        yield "endpoint/pickup_group = 2"


def generate(kind: str, count: int, seed: int = 22) -> str:
    """Return a file of exactly `count` lines, `count` not below 100.

    Whole branches, phones and trunks while they fit, then single lines.
    """
    rng = random.Random(seed)
    item: Callable[[random.Random, int], list[str]]
    if kind == "extensions":
        sites = [f"SITE_{rng.choice(PLACES).upper()}_{i} = {words(rng, 1)}" for i in range(20)]
        lines = DIALPLAN.lines(words=words(rng), globals="\n".join(sites))
        item, filler = branch, "exten => {},1,NoOp(One more)"
    else:
        lines = WIZARD.lines(words=words(rng))
        item, filler = account, "endpoint/set_var = MORE={}"
    k = 1
    while len(lines) + len(more := item(rng, k)) < count:
        lines += more
        k += 1
    lines.append("[rest]")
    lines += (filler.format(7000000 + i) for i in range(count - len(lines)))
    return "\n".join(lines) + "\n"


def plain(text: str) -> str:
    """Return the file without what other readers stop at, as many lines as before.

    No lists in headers, no name twice, no block comments, no line that starts with a blank.
    """
    lines, seen, hidden = [], set(), False
    for number, line in enumerate(text.split("\n")):
        hidden = hidden or line.startswith(";--")
        header = re.match(r"\[([^]]*)\]", line)
        if hidden:
            hidden = not line.endswith("--;")
            lines.append("; " + line.strip("; -"))
        elif header:
            name = header[1] if header[1] not in seen else f"{header[1]}.{number}"
            seen.add(name)
            lines.append(f"[{name}]")
        else:
            lines.append(line.lstrip(" "))
    return "\n".join(lines)
