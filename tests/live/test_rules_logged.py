"""The cases of the rules that Asterisk logs or does: what is seen of bad, and not of good.

What that is says `seen.py`. A case that is one dialplan, or texts of its steps, is loaded and run
in one running Asterisk; all others are booted. With ASTERCONF_FULL=1 all codes are tried, else a
share of them: another one in each run of a workflow of GitHub.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterable
from pathlib import Path

import pytest
from generator.examples import CASES, files

from .ami import AmiError
from .rig import Asterisk, Boot, RigError
from .seen import BOOTED, CALLED, Seen

FULL = bool(os.environ.get("ASTERCONF_FULL"))
RUN = int(os.environ.get("GITHUB_RUN_NUMBER", "0"))

STEPS = {
    "call.txt": "{}",
    "value.txt": "NoOp({})",
    "expression.txt": "NoOp($[{}])",
    "set.txt": "Set({})",
    "dialstring.txt": "Dial({},1)",
    "callerid.txt": "Set(CALLERID(all)={})\n"
    " same => n,NoOp(${{CALLERID(name)}}/${{CALLERID(num)}})",
}
"""The step that a text is tried in."""

MODULES = re.findall(
    r"\w+",
    """
    pbx_config app_dial app_playback app_queue app_voicemail app_confbridge app_page app_exec
    app_stack app_while app_read app_mixmonitor app_verbose app_system app_echo app_disa
    app_directory app_chanspy app_userevent app_senddtmf app_originate app_if app_db
    app_authenticate app_agi res_agi func_callerid func_channel func_strings func_logic
    func_math func_cut func_db func_env func_base64 func_md5 func_sha1 func_rand func_timeout
    func_uri func_global func_groupcount func_cdr func_devstate func_dialplan func_extstate
    func_hangupcause func_pjsip_aor func_pjsip_contact func_pjsip_endpoint func_sprintf
    func_version func_vmcount func_module func_config func_presencestate bridge_simple
    bridge_softmix bridge_holding bridge_builtin_features res_musiconhold res_parking
    res_rtp_asterisk res_pjproject res_sorcery_config res_sorcery_memory res_sorcery_astdb
    res_pjsip res_pjsip_acl res_pjsip_endpoint_identifier_ip
    res_pjsip_endpoint_identifier_user res_pjsip_authenticator_digest
    res_pjsip_outbound_authenticator_digest res_pjsip_outbound_registration res_pjsip_pubsub
    res_pjsip_outbound_publish res_pjsip_publish_asterisk res_pjsip_session
    res_pjsip_registrar res_pjsip_config_wizard res_pjsip_mwi res_pjsip_mwi_body_generator
    res_pjsip_exten_state
    res_pjsip_notify res_geolocation res_pjsip_geolocation chan_pjsip res_statsd
    res_http_websocket res_ari res_ari_model res_stasis res_websocket_client
    res_timing_timerfd codec_ulaw codec_alaw codec_gsm format_pcm format_gsm format_wav
    format_wav_gsm res_clialiases res_clioriginate chan_iax2 app_followme app_agent_pool
    res_crypto cdr_custom cel_custom res_curl func_curl res_stir_shaken res_odbc
    res_odbc_transaction func_odbc pbx_loopback res_sorcery_memory_cache
    """,
)
"""What is loaded, in place of all that there is, which takes longer."""


def modules(etc: Path) -> None:
    """Write what is loaded, unless the case says it."""
    if not (etc / "modules.conf").exists():
        loads = "".join(f"load = {name}\n" for name in MODULES)
        (etc / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}")


HANGS = {"AC017", "AC105"}
"""The codes with whose bad case Asterisk never ends reading."""


def cases(key: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return the code and the name of the bad and the good case; `AC250/bad_execif` names one."""
    code, _, bad = key.partition("/")
    return (code, bad or "bad"), (code, "good")


def plan(code: str, case: str) -> bytes | None:
    """Return the dialplan of a case that is nothing else."""
    found = files(CASES / code / case)
    if [*found] == ["extensions.conf"]:
        return found["extensions.conf"]
    (name, text), *_ = found.items()
    lines = text.decode().splitlines()
    if name == "loading.txt":
        return "\n".join(["[globals]", *(f"G{n}={t}" for n, t in enumerate(lines))]).encode()
    if name not in STEPS:
        return None
    steps = [f"exten => 1{n:02},1,{STEPS[name].format(t)}\n" for n, t in enumerate(lines)]
    return ("[home]\n" + "".join(steps).replace(";", "\\;")).encode()


def call(asterisk: Asterisk, number: str) -> None:
    """Begin a call to an extension, written as number@context."""
    asterisk.cli(f"channel originate Local/{number}/n application Wait 1")


def call_all(asterisk: Asterisk) -> None:
    """Call every extension that has a first step and no pattern, one by one."""
    shown = asterisk.cli("dialplan show")
    context = ""
    for line in shown.splitlines():
        if found := re.match(r"\[ Context '(.*?)' created by '(.*?)'", line):
            context = found[1] if found[2] == "pbx_config" else ""
        elif context and (found := re.match(r"  '([^_'][^']*)' =>\s+1\. ", line)):
            call(asterisk, f"{found[1]}@{context}")


def ask(asterisk: Asterisk, commands: Iterable[str]) -> str:
    """Return what is answered to commands, which are those of `Seen`."""
    answers = []
    for command in commands:
        kind, _, rest = command.partition(" ")
        if kind == "call":
            call(asterisk, rest)
        elif kind == "ami":
            headers = [pair for one in asterisk.ami.action(rest) for pair in one.headers]
            answers += [f"{name}: {value}" for name, value in headers]
        else:
            try:
                answers.append(asterisk.cli(command))
            except AmiError as error:  # there is nothing to be shown
                answers.append(str(error))
    return "\n".join([*answers, ""])


def let_end(asterisk: Asterisk) -> None:
    """Wait until all calls are over, three seconds at most; then end them."""
    ends = time.monotonic() + 3
    while time.monotonic() < ends:
        time.sleep(0.1)
        if "0 active channels" in asterisk.cli("core show channels count"):
            break
    asterisk.cli("channel request hangup all")
    time.sleep(0.05)


class Running:
    """One running Asterisk, of which the dialplan is changed from case to case."""

    def __init__(self, asterisk: Asterisk) -> None:
        self.asterisk = asterisk
        self.log = asterisk.run / "log" / "rig.log"
        asterisk.ami.action("Events", EventMask="off")  # a call without an end has too many

    def said(self, text: bytes, commands: Iterable[str]) -> str:
        """Return what is logged and answered with a dialplan, while all of it is called."""
        before = self.log.stat().st_size
        (self.asterisk.etc / "extensions.conf").write_bytes(text)
        self.asterisk.cli("dialplan reload")
        call_all(self.asterisk)
        answers = ask(self.asterisk, commands)
        let_end(self.asterisk)
        with self.log.open("rb") as log:
            log.seek(before)
            return answers + log.read().decode("utf-8", "replace")


def booted(boot: Boot, code: str, case: str, folder: Path, commands: Iterable[str]) -> str:
    """Return what is logged and answered when a case boots, while all its dialplan is called."""
    etc = folder / f"{code}-{case}"
    for name, content in files(CASES / code / case).items():
        (etc / name).parent.mkdir(parents=True, exist_ok=True)
        (etc / name).write_bytes(content.replace(b"192.0.2.", b"127.9.2."))
    modules(etc)
    try:
        asterisk = boot(etc, timeout=20) if code in HANGS and case == "bad" else boot(etc)
    except RigError as error:  # it does not start
        return str(error)
    if (etc / "http.conf").exists():  # the rig turns it off
        (asterisk.etc / "http.conf").write_bytes((etc / "http.conf").read_bytes())
        asterisk.cli("module reload http")
    answers = ""
    if (etc / "extensions.conf").exists():
        call_all(asterisk)
    answers = ask(asterisk, commands)
    let_end(asterisk)
    text = (asterisk.run / "log" / "rig.log").read_text(errors="replace")
    asterisk.stop()
    return answers + text


def share(codes: Iterable[str], parts: int) -> list[str]:
    """Return the codes that are tried in this run."""
    return sorted(codes) if FULL else sorted(codes)[RUN % parts :: parts]


def wrong(code: str, seen: str | Seen, bad: str, good: str) -> str:
    """Tell what is not as the rule says; empty: nothing."""
    pattern, other, _ = Seen(seen) if isinstance(seen, str) else seen
    if not re.search(pattern, bad):
        return f"{code}: {pattern} is not there"
    if other and not re.search(other, good):
        return f"{code}: {other} is not there in the good case"
    if pattern != other and re.search(pattern, good):
        return f"{code}: {pattern} is there in the good case"
    return ""


def commands(seen: str | Seen) -> tuple[str, ...]:
    """Return what is asked."""
    return () if isinstance(seen, str) else seen.ask


def test_what_is_logged_of_a_dialplan(boot: Boot, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    modules(etc)
    for name in ("extensions", "queues", "voicemail"):
        (etc / f"{name}.conf").write_text("[general]\n")
    running = Running(boot(etc))
    found = []
    for code in share(CALLED, 10):
        asked = commands(CALLED[code])
        bad, good = (running.said(plan(*case) or b"", asked) for case in cases(code))
        found.append(wrong(code, CALLED[code], bad, good))
    assert [*filter(None, found)] == []


@pytest.mark.parametrize("code", share(BOOTED, 26))
def test_what_is_logged_at_start(code: str, boot: Boot, tmp_path: Path) -> None:
    asked = commands(BOOTED[code])
    bad, good = (booted(boot, *case, tmp_path, asked) for case in cases(code))
    assert wrong(code, BOOTED[code], bad, good) == ""
