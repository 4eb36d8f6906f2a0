"""What a real Asterisk dials, next to what a dial string is taken apart into."""

from __future__ import annotations

import re
import time
from pathlib import Path

from asterconf.language import dialstring
from asterconf.language.dialstring import BareTarget, LocalTarget, OtherTarget, PJSIPTarget
from tests.contacts import AORS, CONTACTS

from .rig import Asterisk, Boot

TEXTS = [
    "PJSIP/nope", "PJSIP/5@nope", "PJSIP/5@a@nope", "PJSIP/nope/sip:5@127.0.0.1", "pjsip/nope/",
    "PJSIP/@nope", "PJSIP/ nope", " PJSIP/nope & PJSIP/nope2 ", "PJSIP/nope&&PJSIP/nope2",
    "'PJSIP/a&b'", "PJSIP", "PJSIP/", "PJSIP/nope&X", "Nosuch/5", "/nope", "PJSIP/5/x@nope",
    "PJSIP/nope|PJSIP/nope2", "PJSIP / nope", "Local/1", "Local/1@lc", "local/1@lc/n",
    "Local/a/1@lc/n", "Local/1@", "Local/1/n", "Local/1@lc/", "Local/1@lc/nj",
    "Local/1@lc & Local/2", "&",
]  # fmt: skip
DIALPLAN = """\
[lc]
exten => _.,1,ExecIf($["${EXTEN}" != "h"]?Log(NOTICE,SEEN ${EXTEN}@lc SEEN))
 same => n,Hangup(1)
[default]
exten => _.,1,ExecIf($["${EXTEN}" != "h"]?Log(NOTICE,SEEN ${EXTEN}@default SEEN))
 same => n,Hangup(1)
[eval]
"""
SEEN = re.compile(
    r"endpoint '(?P<endpoint>.*)' was not found|SEEN (?P<local>.*) SEEN"
    r"|No channel type registered for '(?P<technology>.*)'|(?P<bare>Dial argument takes format)"
    r"|(?P<end>END)"
)


def expected(text: str) -> list[tuple[str, str]]:
    """Return what Asterisk logs for each target; after a bare one it dials nothing more."""
    found = []
    for target in dialstring.parse(text).targets:
        if isinstance(target, PJSIPTarget):
            found.append(("endpoint", str(target.endpoint)))
        elif isinstance(target, LocalTarget):
            found.append(("local", f"{target.exten}@{target.context or 'default'}"))
        elif isinstance(target, OtherTarget):
            found.append(("technology", str(target.technology)))
        elif isinstance(target, BareTarget):
            found.append(("bare", "Dial argument takes format"))
            break
    return found


def logged(asterisk: Asterisk, start: int) -> list[tuple[str, str]]:
    """Return what was logged behind `start` records, up to the end of the call."""
    for _ in range(100):
        records = asterisk.log_lines(("NOTICE", "WARNING", "ERROR"))[start:]
        found = [m for m in (SEEN.search(record.message) for record in records) if m]
        if any(match.lastgroup == "end" for match in found):
            pairs = [(match.lastgroup or "", match[match.lastgroup or ""]) for match in found]
            return [pair for pair in pairs if pair[0] != "end"]
        time.sleep(0.05)
    raise AssertionError("the call does not end")


def test_asterisk_dials_what_is_read(boot: Boot, tmp_path: Path) -> None:
    lines = [
        f"exten => e{n},1,Dial({text},1)\n same => n,Hangup()\n" for n, text in enumerate(TEXTS)
    ]
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "modules.conf").write_text("[modules]\nautoload=yes\n")
    (etc / "extensions.conf").write_text(
        f"{DIALPLAN}{''.join(lines)}exten => h,1,Log(NOTICE,END)\n"
    )
    asterisk = boot(etc)
    for number, text in enumerate(TEXTS):
        start = len(asterisk.log_lines(("NOTICE", "WARNING", "ERROR")))
        asterisk.cli(f"channel originate Local/e{number}@eval/n application Wait 1")
        assert sorted(logged(asterisk, start)) == sorted(expected(text)), text


def test_what_stands_behind_an_endpoint_is_rung_if_it_is_an_aor_or_a_uri(
    boot: Boot, tmp_path: Path
) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    (etc / "modules.conf").write_text("[modules]\nautoload=yes\n")
    (etc / "pjsip.conf").write_text(AORS)
    lines = []
    for number, contact in enumerate(CONTACTS):
        escaped = contact.replace(",", "\\,")
        lines += [f"exten => e{number},1,Dial(PJSIP/voip/{escaped},1)"]
        lines += [" same => n,Log(NOTICE,ENDED ${EXTEN} ${DIALSTATUS})"]
    (etc / "extensions.conf").write_text("\n".join(["[c]", *lines, ""]))
    asterisk = boot(etc)
    for number in range(len(CONTACTS)):
        asterisk.cli(f"channel originate Local/e{number}@c/n application Wait 1")
    ended = dict[int, str]()
    for _ in range(200):
        for record in asterisk.log_lines(("NOTICE",)):
            if found := re.search(r"ENDED e(\d+) (\w+)", record.message):
                ended[int(found[1])] = found[2]
        if len(ended) == len(CONTACTS):
            break
        time.sleep(0.1)
    for number, (contact, rings) in enumerate(CONTACTS.items()):
        assert (ended[number] != "CHANUNAVAIL") == rings, (contact, ended[number])
