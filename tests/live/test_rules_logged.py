"""The cases of the rules that Asterisk logs or does: what the log has for bad, and not for good.

A case that is one dialplan, or texts of its steps, is loaded and called in one running Asterisk;
all others are booted. With ASTERCONF_FULL=1 all codes are tried, else a share of them: another one
in each run of a workflow of GitHub.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Mapping
from pathlib import Path

import pytest
from generator.examples import CASES, files

from asterconf.linter.rules.catalogue import RULES
from tests.test_rules import NO_CASE

from .rig import Asterisk, Boot, RigError
from .test_rules import SEEN

CALLED: Mapping[str, str] = {
    "AC001": r"Line 2 too long, skipping",
    "AC005": r"Invalid escape in line 3",
    "AC015": r'Executing \[100@home:2\] NoOp\("[^"]*", "a"\)',
    "AC016": r"Unterminated comment detected beginning on line 0",
    "AC104": r"Regular expression '\[' failed to compile",
    "AC200": r"No application 'noanswer\)' for extension",
    "AC201": r"No application '2,Hangup' for extension",
    "AC210": r"Unknown directive: extension at line 2",
    "AC211": r"You have to be kidding-- add exten ''",
    "AC212": r"No previous pattern in the first entry of context 'home' to match 'same' at line 2",
    "AC213": r"Invalid priority '-1' at line 2",
    "AC214": r"Invalid priority/label 'first' at line 2",
    "AC215": r"Can't use 'next' priority on the first entry at line 2",
    "AC217": r"Label missing trailing '\)' at line 2",
    "AC218": r"No closing parenthesis found\? 'Dial\(PJSIP/6001' at line 2",
    "AC219": r"Unable to register extension '1' priority 1 in 'home', already in use",
    "AC220": r"label 'here' already in use at priority 1",
    "AC221": r"The use of '_\.' for an extension is strongly discouraged",
    "AC222": r"Context 'others' already included in 'home' context on include at line 3",
    "AC223": r"Unable to include ignorepat '9' in context 'home' at line 3",
    "AC224": r"Unable to include switch 'Realtime/home@extensions' in context 'home' at line 3",
    "AC225": r"Context 'home' tries to include nonexistent context 'otters'",
    "AC230": r'Executing \[s@home:1\] Set\("[^"]*", "CALLERID\(all"\)',
    "AC231": r"Can't find trailing parenthesis for function 'LEN\(abc'",
    "AC232": r"No application 'Dial,PJSIP/6001' for extension",
    "AC233": r"No application 'Dial ' for extension",
    "AC250": r"No application 'Dail' for extension",
    "AC251": r"No application 'SIPAddHeader' for extension",
    "AC253": r"No application 'Dial ' for extension",
    "AC254": r"endpoint '6001\|20\|t' was not found",
    "AC255": r"No application 'NoOp,a,b' for extension",
    "AC256": r"Executing \[100@home:3\] Hangup",
    "AC257": r"Queue requires an argument",
    "AC258": r"Unrecognized option: '9'",
    "AC259": r"Unrecognized option: '2'",
    "AC260": r"Missing closing parenthesis for argument 'U'",
    "AC263": r"No application '' for extension",
    "AC264": r"No application '\$\{APP\}\(6001\)' for extension",
    "AC266": r"Deprecated syntax found\.  Please upgrade to using ExecIf",
    "AC267": r"sent to invalid extension but no invalid handler",
    "AC268": r"Dial argument takes format \(technology/resource\)",
    "AC269": r"Invalid answer timeout specified: 'tT'",
    "AC270": r"endpoint '6001,20' was not found",
    "AC271": r"No entry in voicemail config file for 'su100'",
    "AC301": r"Error in extension logic \(missing '\}'\)",
    "AC302": r"Error in extension logic \(missing ']'\)",
    "AC303": r"Can't find trailing parenthesis for function 'DB\(cidname/100'",
    "AC304": r'Set\("[^"]*", "X=3"\)',
    "AC306": r"Exceeded maximum variable substitution recursion depth",
    "AC307": r"syntax error: syntax error, unexpected '\)'",
    "AC310": r"'25:00' isn't a valid start time",
    "AC311": r"Invalid day of week 'mo', skipping element",
    "AC312": r"Invalid day '32', skipping element",
    "AC313": r"Invalid month 'march', skipping element",
    "AC314": r"'9' isn't a valid start time",
    "AC331": r"Dial argument takes format \(technology/resource\)",
    "AC332": r"Dial argument takes format \(technology/resource\)",
    "AC333": r"No such extension/context 6001@default while calling Local channel",
    "AC340": r"Function NOSUCH not registered",
    "AC341": r"Function ARRAY cannot be read",
    "AC342": r"Function LEN cannot be written to",
    "AC343": r"Syntax: CUT\(<varname>,<char-delim>,<range-spec>\) - missing argument",
    "AC344": r"func_strings\.c: .*No argument specified",
    "AC346": r"non-numeric argument",
    "AC347": r"division by zero",
    "AC348": r"regcomp\(\) error : Unmatched",
    "AC349": r"'floor' is not possibly a function name",
    "AC350": r"Function 'PASSTHRU' cannot be read",
    "AC351": r"Wrong args to POW\(\) function",
    "AC353": r"Please avoid unnecessary spaces on variables",
    "AC354": r"Set requires an '=' to be a valid assignment",
    "AC355": r"Function 'X\)' doesn't contain parentheses",
    "AC701": r"No channel type registered for 'SIP'",
    "AC702": r"No application 'Macro' for extension",
    "AC703": r"No application 'MeetMe' for extension",
    "AC704": r"Function SIP_HEADER not registered",
    "AC705": r"Unrecognized option: 'M'",
    "AC706": r"endpoint '6001\|20' was not found",
    "AC900": r"sent to invalid extension but no invalid handler: .*=nowhere,s,1",
    "AC901": r"Gosub attempted to reach non-existent destination 'nowhere,s,1'",
    "AC902": r"No such label 'busy' in extension '100' in context 'home'",
    "AC905": r"No such extension/context 200@home while calling Local channel",
    "AC906": r"ast_streamfile failed on .* for menu,,,choices",
    "AC920": r"Function LENGTH not registered",
    "AC922": r"non-existent destination 'gone,s,1'",
    "AC919": r"No channel type registered for 'OSS'",
}
"""What the log has while the dialplan of the bad case loads, or a call runs in it."""

BOOTED: Mapping[str, str] = {
    "AC002": r"Unterminated comment detected beginning on line 2",
    "AC003": r"No '=' \(equal sign\) in line 2 of .*rtp\.conf",
    "AC004": r"No variable name in line 2 of .*rtp\.conf",
    "AC006": r"no closing ']', line 1 of .*rtp\.conf",
    "AC007": r"no closing '\)', line 2 of .*rtp\.conf",
    "AC008": r"Unknown directive '#' at line 1 of .*rtp\.conf",
    "AC009": r"Directive '#include' needs an argument \(filename\) at line 2 of .*rtp\.conf",
    "AC010": r"Cannot perform #exec unless execincludes option is enabled",
    "AC011": r"The file 'ports\.inc' was listed as a #include but it does not exist",
    "AC012": r"Maximum Include level \(10\) exceeded",
    "AC014": r"line 3:  Same File included more than once!",
    "AC101": r"No category context for line 1 of .*rtp\.conf",
    "AC102": r"Inheritance requested, but category 'phone' does not exist, line 1 of .*pjsip\.conf",
    "AC103": r"Category addition requested, but category 'general' does not exist, line 1",
    "AC109": r"RTP Allocating from port range 10000 ->",
    "AC276": r"No application 'Page' for extension",
    "AC401": r"configuration contains a duplicate object: '6001' of type 'aor'",
    "AC402": r"Wizard 'provider' must have 'outbound_auth/username'",
    "AC403": r"Wizard 'provider' must have 'remote_hosts'",
    "AC405": r"Error parsing rtp_timeout=10s at line 3",
    "AC407": r"The setting can no longer be set and is always 1",
    "AC409": r"Could not find option suitable for category '303' named 'mailbox' at line 3",
    "AC411": r"Option 'stir_shaken' is no longer supported",
    "AC413": r"provider: No authentication username",
    "AC414": r"Both rtp_port_start and rtp_port_end must be set together",
    "AC415": r"SDP origin username on endpoint '6001' is empty or contains spaces",
    "AC417": r"Could not find config type for category 'general' in 'pjsip_notify\.conf'",
    "AC418": r"At most one pjsip\.conf type=global object can be defined",
    "AC420": r"geoloc_incoming_call_profile 'house' on endpoint '6001' doesn't exist",
    "AC422": r"cert_file /nowhere/asterisk\.pem is either missing or not readable",
    "AC423": r"Could not create an object of type 'registration' with id 'carrier'",
    "AC424": r"Transport 'other' could not be started: Address already in use",
    "AC429": r"Identify 'carrier' failed when adding resolution results",
    "AC501": r"Queue 'sales' already defined! Skipping!",
    "AC505": r"No location at interface ''",
    "AC510": r"Ignoring duplicated mailbox 6000 in context default",
    "AC514": r"Mailbox \*100 in context default begins with '\*' character",
    "AC515": r"Invalid password detected for mailbox 6000",
    "AC521": r"'all' isn't a valid strategy for queue 'sales', using ringall instead",
    "AC524": r"Unknown keyword in queue 'sales': musicclas at line 2",
    "AC529": r"maxsilence should be less than minsecs or you may get empty messages",
    "AC601": r"Error parsing permit=10\.0\.0\.0/8, 192\.168\.0\.0/16 at line 2",
    "AC602": r"RTP Allocating from port range 1024 ->",
    "AC604": r"Could not find option suitable for category 'team' named 'max_member' at line 3",
    "AC605": r"RTP Allocating from port range 5000 -> 31000",
    "AC606": r"t38faxmaxdatagram in udptl\.conf is no longer supported",
    "AC608": r"A mode must be specified for class 'calm'",
    "AC609": r"location 'house' format is set to 'URI' but no 'URI' was found",
    "AC610": r"RTP Allocating from port range 5000 -> 31000",
    "AC612": r"Could not find config type for category 'team' in 'confbridge\.conf'",
    "AC613": r"configuration contains a duplicate object: 'house' of type 'profile'",
    "AC615": r"Outbound websocket invalid websocket client id 'gone'",
    "AC616": r"ACL 'home' does not exist",
    "AC619": r"Failed to load module chan_sip\.so - Required",
    "AC707": r"chan_sip\.so: cannot open shared object file",
    "AC708": r"named 'automon'",
    "AC781": r"Executing \[911@emergency:1\] Dial",
    "AC910": r"Unable to join queue 'sales'",
    "AC911": r"endpoint '6001' was not found",
    "AC913": r"No entry in voicemail config file for '999'",
    "AC914": r"Conference bridge profile team does not exist",
    "AC915": r"Could not find parking lot: 'office'",
    "AC916": r"Unable to start music on hold class 'jazz'",
    "AC917": r"queue suport was not found",
    "AC918": r"Profile requested, anna, not found in the configuration",
    "AC929": r"Could not create dialog to invalid URI '5551234'",
}
"""What the log has while the bad case boots, or a call runs in it."""

NOT_HERE: Mapping[str, str] = {
    "AC345": "a function in a name that is evaluated while nobody calls: test_evaluation",
    "AC614": "its module logs nothing where it is not in use",
    "AC617": "the rig turns the web server off",
    "AC700": "a sum of what nobody reads",
    "AC903": "needs a phone that is called",
    **dict.fromkeys(("AC624", "AC625", "AC626"), "the rig says nothing of them; why is open"),
}
"""Codes that Asterisk logs and that are not tried here, each with the reason."""

FULL = bool(os.environ.get("ASTERCONF_FULL"))
RUN = int(os.environ.get("GITHUB_RUN_NUMBER", "0"))

STEPS = {
    "call.txt": "{}",
    "value.txt": "NoOp({})",
    "expression.txt": "NoOp($[{}])",
    "set.txt": "Set({})",
    "dialstring.txt": "Dial({},1)",
    "callerid.txt": "Set(CALLERID(all)={})",
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
    res_pjsip_registrar res_pjsip_config_wizard res_pjsip_mwi res_pjsip_exten_state
    res_pjsip_notify res_geolocation res_pjsip_geolocation chan_pjsip res_statsd
    res_http_websocket res_ari res_ari_model res_stasis res_websocket_client
    res_timing_timerfd codec_ulaw codec_alaw codec_gsm format_pcm format_gsm format_wav
    format_wav_gsm res_clialiases res_clioriginate chan_iax2 app_followme app_agent_pool
    res_crypto cdr_custom cel_custom res_stir_shaken
    """,
)
"""What is loaded, in place of all that there is, which takes longer."""


def modules(etc: Path) -> None:
    """Write what is loaded, unless the case says it."""
    if not (etc / "modules.conf").exists():
        loads = "".join(f"load = {name}\n" for name in MODULES)
        (etc / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}")


def plan(code: str, case: str) -> bytes | None:
    """Return the dialplan of a case that is nothing else."""
    found = files(CASES / code / case)
    if [*found] == ["extensions.conf"]:
        return found["extensions.conf"]
    (name, text), *_ = found.items()
    if name not in STEPS:
        return None
    lines = text.decode().splitlines()
    steps = [f"exten => 1{n:02},1,{STEPS[name].format(t)}\n" for n, t in enumerate(lines)]
    return ("[home]\n" + "".join(steps).replace(";", "\\;")).encode()


def call_all(asterisk: Asterisk) -> None:
    """Call every extension that has a first step and no pattern, one by one."""
    shown = asterisk.cli("dialplan show")
    context = ""
    for line in shown.splitlines():
        if found := re.match(r"\[ Context '(.*?)' created by '(.*?)'", line):
            context = found[1] if found[2] == "pbx_config" else ""
        elif context and (found := re.match(r"  '([^_'][^']*)' =>\s+1\. ", line)):
            asterisk.cli(f"channel originate Local/{found[1]}@{context}/n application Wait 1")


class Running:
    """One running Asterisk, of which the dialplan is changed from case to case."""

    def __init__(self, asterisk: Asterisk) -> None:
        self.asterisk = asterisk
        self.log = asterisk.run / "log" / "rig.log"

    def said(self, text: bytes) -> str:
        """Return what is logged while a dialplan loads, and while all of it is called."""
        before = self.log.stat().st_size
        (self.asterisk.etc / "extensions.conf").write_bytes(text)
        self.asterisk.cli("dialplan reload")
        call_all(self.asterisk)
        ends = time.monotonic() + 3
        while time.monotonic() < ends:
            time.sleep(0.1)
            if "0 active channels" in self.asterisk.cli("core show channels count"):
                break
        self.asterisk.cli("channel request hangup all")
        time.sleep(0.05)
        with self.log.open("rb") as log:
            log.seek(before)
            return log.read().decode("utf-8", "replace")


def booted(boot: Boot, code: str, case: str, folder: Path) -> str:
    """Return what is logged while a case boots, and while all of its dialplan is called."""
    etc = folder / f"{code}-{case}"
    for name, content in files(CASES / code / case).items():
        (etc / name).parent.mkdir(parents=True, exist_ok=True)
        (etc / name).write_bytes(content)
    modules(etc)
    try:
        asterisk = boot(etc)
    except RigError as error:  # it does not start
        return str(error)
    if (etc / "extensions.conf").exists():
        call_all(asterisk)
        time.sleep(1.2)
    text = (asterisk.run / "log" / "rig.log").read_text(errors="replace")
    asterisk.stop()
    return text


def share(codes: Mapping[str, str], parts: int) -> list[str]:
    """Return the codes that are tried in this run."""
    return sorted(codes) if FULL else sorted(codes)[RUN % parts :: parts]


def wrong(code: str, pattern: str, bad: str, good: str) -> str:
    """Tell what is not as the rule says; empty: nothing."""
    if not re.search(pattern, bad):
        return f"{code}: {pattern} is not there"
    return f"{code}: {pattern} is there in the good case" if re.search(pattern, good) else ""


def test_what_is_logged_of_a_dialplan(boot: Boot, tmp_path: Path) -> None:
    etc = tmp_path / "etc"
    etc.mkdir()
    modules(etc)
    for name in ("extensions", "queues", "voicemail"):
        (etc / f"{name}.conf").write_text("[general]\n")
    running = Running(boot(etc))
    found = []
    for code in share(CALLED, 6):
        bad, good = (running.said(plan(code, case) or b"") for case in ("bad", "good"))
        found.append(wrong(code, CALLED[code], bad, good))
    assert [*filter(None, found)] == []


def test_every_code_that_asterisk_logs_is_tried_or_has_a_reason() -> None:
    logged = {code for code, rule in RULES.items() if rule.message(code).verified == "log"}
    tried = CALLED.keys() | BOOTED.keys() | SEEN.keys()
    assert logged - tried == NOT_HERE.keys() | (logged & NO_CASE.keys())


@pytest.mark.parametrize("code", share(BOOTED, 12))
def test_what_is_logged_at_start(code: str, boot: Boot, tmp_path: Path) -> None:
    bad, good = (booted(boot, code, case, tmp_path) for case in ("bad", "good"))
    assert wrong(code, BOOTED[code], bad, good) == ""
