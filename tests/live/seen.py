"""What a real Asterisk logs or does with the bad case of a rule, and not with the good one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple


class Seen(NamedTuple):
    """What is seen with the bad case, and what with the good one.

    Attributes:
        bad: a pattern of what is logged or answered with the bad case, and not with the good one.
        good: the same of the good case; empty: no more than that `bad` is not there. Where both
            are equal, what the rule is about is passed over: both cases do the same.
        ask: commands of the console whose answers are looked at too; `call NUMBER@CONTEXT` calls
            an extension, and `ami ACTION` asks the manager.
    """

    bad: str
    good: str = ""
    ask: tuple[str, ...] = ()


def same(pattern: str, ask: tuple[str, ...] = ()) -> Seen:
    """Return what is seen with both cases: what the rule is about is passed over."""
    return Seen(pattern, pattern, ask)


def endpoint(bad: str, good: str) -> Seen:
    """Return what Asterisk shows of endpoint 6001."""
    return Seen(bad, good, ("pjsip show endpoint 6001",))


CALLED: Mapping[str, str | Seen] = {
    "AC001": r"Line 2 too long, skipping",
    "AC005": r"Invalid escape in line 3",
    "AC015": r'Executing \[100@home:2\] NoOp\("[^"]*", "a"\)',
    "AC016": r"Unterminated comment detected beginning on line 0",
    "AC104": r"Regular expression '\[' failed to compile",
    "AC200": r"No application 'noanswer\)' for extension",
    "AC201": r"No application '2,Hangup' for extension",
    "AC202": Seen(r"Executing \[2,1@home:1\] Dial", ask=("call 2,1@home",)),
    "AC203": Seen(
        r"Executing \[9XXX@home:1\] Dial",
        r"Executing \[9123@home:1\] Dial",
        ("call 9XXX@home", "call 9123@home"),
    ),
    "AC203/bad_dot": r"invalid handler: context,exten,priority=home,s-BUSY,1",
    "AC204": Seen(
        r"Executing \[290@home:1\] Dial", r"Executing \[290@home:1\] Play", ("call 290@home",)
    ),
    "AC205": Seen(
        r"Executing \[6001@home:1\] Play", r"Executing \[6001@home:1\] Dial", ("call 6001@home",)
    ),
    "AC205/bad_case": Seen(r"No such extension/context 6001@home", ask=("call 6001@home",)),
    "AC210": r"Unknown directive: extension at line 2",
    "AC211": r"You have to be kidding-- add exten ''",
    "AC212": r"No previous pattern in the first entry of context 'home' to match 'same' at line 2",
    "AC213": r"Invalid priority '-1' at line 2",
    "AC214": r"Invalid priority/label 'first' at line 2",
    "AC215": r"Can't use 'next' priority on the first entry at line 2",
    "AC216": Seen(r"1 extension \(1 priority\)", r" 1\. NoOp\(\)", ("dialplan show home",)),
    "AC217": r"Label missing trailing '\)' at line 2",
    "AC218": r"No closing parenthesis found\? 'Dial\(PJSIP/6001' at line 2",
    "AC219": r"Unable to register extension '1' priority 1 in 'home', already in use",
    "AC220": r"label 'here' already in use at priority 1",
    "AC221": r"The use of '_\.' for an extension is strongly discouraged",
    "AC222": r"Context 'others' already included in 'home' context on include at line 3",
    "AC223": r"Unable to include ignorepat '9' in context 'home' at line 3",
    "AC224": r"Unable to include switch 'Realtime/home@extensions' in context 'home' at line 3",
    "AC225": r"Context 'home' tries to include nonexistent context 'otters'",
    "AC225/bad_case": r"Context 'phones' tries to include nonexistent context 'Home'",
    "AC228": same(r'Executing \[1@home:1\] Dial\("[^"]*", "PJSIP/6001"\)'),
    "AC229": same(r"'1{255}' => 1\. Answer", ("dialplan show home",)),
    "AC230": r'Executing \[s@home:1\] Set\("[^"]*", "CALLERID\(all"\)',
    "AC231": r"Can't find trailing parenthesis for function 'LEN\(abc'",
    "AC232": r"No application 'Dial,PJSIP/6001' for extension",
    "AC233": r"No application 'Dial ' for extension",
    "AC234": Seen(
        r"No such extension/context 1@home", r"Executing \[1@home:1\] Hangup", ("call 1@home",)
    ),
    "AC234/bad_plain": r"Executing \[100@home:1\] Hangup",
    "AC237": r"(?s)(?:Executing \[100@home:1\].*?){200}",
    "AC248": r"invalid handler: context,exten,priority=home,s-CHANUNAVAIL,1",
    "AC249": r"Goto \(home,200,1\)",
    "AC249/bad_side": r"Goto \(home,200,1\)",
    "AC250": r"No application 'Dail' for extension",
    "AC250/bad_execif": r"Could not find application! \(Playbeep\)",
    "AC251": r"No application 'SIPAddHeader' for extension",
    "AC251/bad_execif": r"Could not find application! \(Monitor\)",
    "AC253": r"No application 'Dial ' for extension",
    "AC253/bad_execif": r"Could not find application! \(Playback \)",
    "AC254": r"endpoint '6001\|20\|t' was not found",
    "AC255": r"No application 'NoOp,a,b' for extension",
    "AC255/bad_execif": r"Could not find application! \(Playback\|beep\)",
    "AC256": r"Executing \[100@home:3\] Hangup",
    "AC257": r"Queue requires an argument",
    "AC257/bad_execif": r"Goto requires an argument",
    "AC258": same(r"Executing \[announce@home:1\] Return"),
    "AC259": r"Unrecognized option: '2'",
    "AC259/bad_behind": r"(?s)Unrecognized option: ','.*Unrecognized option: '9'(?!.*'U')",
    "AC260": r"Missing closing parenthesis for argument 'U'",
    "AC262": Seen(r'(?s)20,tS"\)(?!.*call duration limit)', r"Setting call duration limit to 60"),
    "AC263": r"No application '' for extension",
    "AC264": r"No application '\$\{APP\}\(6001\)' for extension",
    "AC265": Seen(r"Auto fallthrough", r"Goto \(home,200,1\)"),
    "AC266": r"Deprecated syntax found\.  Please upgrade to using ExecIf",
    "AC267": r"sent to invalid extension but no invalid handler",
    "AC268": r"Dial argument takes format \(technology/resource\)",
    "AC269": r"Invalid answer timeout specified: 'tT'",
    "AC270": r"endpoint '6001,20' was not found",
    "AC271": r"No entry in voicemail config file for 'su100'",
    "AC274": Seen(r"Local/100@home-\w+;1 answered", r"Playing 'hello"),
    "AC301": r"Error in extension logic \(missing '\}'\)",
    "AC302": r"Error in extension logic \(missing ']'\)",
    "AC303": r"Can't find trailing parenthesis for function 'DB\(cidname/100'",
    "AC304": r'Set\("[^"]*", "X=3"\)',
    "AC305": same(r'NoOp\("[^"]*", "100"\)'),
    "AC306": r"Exceeded maximum variable substitution recursion depth",
    "AC307": r"syntax error: syntax error, unexpected '\)'",
    "AC308": same(r"Goto \(home,200,1\)"),
    "AC310": r"'25:00' isn't a valid start time",
    "AC311": r"Invalid day of week 'mo', skipping element",
    "AC312": r"Invalid day '32', skipping element",
    "AC313": r"Invalid month 'march', skipping element",
    "AC314": r"'9' isn't a valid start time",
    "AC315": same(r"Executing \[100@home:1\] Hangup", ("call 100@home",)),
    "AC316": Seen(
        r"Goto \(home,200,1\)",
        r"(?s)America/New_York(?!.*Goto \()",
        # noon in UTC, the zone of the system that the rig has
        ("dialplan set global TESTTIME 1767787200", "call 100@home"),
    ),
    "AC320": same(r'NoOp\("[^"]*", "Kitchen/6002"\)'),
    "AC321": same(r'NoOp\("[^"]*", "Kitchen/6002"\)'),
    "AC322": Seen(r'NoOp\("[^"]*", ""Kitchen/6002"\)', r'NoOp\("[^"]*", "Kitchen/6002"\)'),
    "AC330": same(r"(?s)endpoint '6001' was not found.*endpoint '6002' was not found.*\(2:0/0/2\)"),
    "AC331": r"Dial argument takes format \(technology/resource\)",
    "AC332": r"Dial argument takes format \(technology/resource\)",
    "AC333": r"No such extension/context 6001@default while calling Local channel",
    "AC334": same(r"No such extension/context 6001@home while calling"),
    "AC340": r"Function NOSUCH not registered",
    "AC341": r"Function ARRAY cannot be read",
    "AC342": r"Function LEN cannot be written to",
    "AC343": r"Syntax: CUT\(<varname>,<char-delim>,<range-spec>\) - missing argument",
    "AC344": r"func_strings\.c: .*No argument specified",
    "AC345": Seen(r" G0=\n", r" G0=3\n", ("dialplan show globals",)),
    "AC346": r"non-numeric argument",
    "AC347": r"division by zero",
    "AC348": r"regcomp\(\) error : Unmatched",
    "AC349": r"'floor' is not possibly a function name",
    "AC350": r"Function 'PASSTHRU' cannot be read",
    "AC351": r"Wrong args to POW\(\) function",
    "AC352": Seen(r'NoOp\("[^"]*", "X{4095}"\)', r'NoOp\("[^"]*", "5000"\)'),
    "AC353": r"Please avoid unnecessary spaces on variables",
    "AC354": r"Set requires an '=' to be a valid assignment",
    "AC355": r"Function 'X\)' doesn't contain parentheses",
    "AC356": r"syntax error: syntax error, unexpected '=', expecting \$end",
    "AC701": r"No channel type registered for 'SIP'",
    "AC702": r"No application 'Macro' for extension",
    "AC703": r"No application 'MeetMe' for extension",
    "AC704": r"Function SIP_HEADER not registered",
    "AC705": r"Unrecognized option: 'M'",
    "AC706": r"endpoint '6001\|20' was not found",
    "AC900": r"sent to invalid extension but no invalid handler: .*=nowhere,s,1",
    "AC901": r"Gosub attempted to reach non-existent destination 'nowhere,s,1'",
    "AC902": r"No such label 'busy' in extension '100' in context 'home'",
    "AC903": r"Gosub attempted to reach non-existent destination 'announce,s,1'",
    "AC904": Seen(
        r"No such extension/context 100@home", r"\[100@outgoing:1\] Hangup", ("call 100@home",)
    ),
    "AC905": r"No such extension/context 200@home while calling Local channel",
    "AC906": r"ast_streamfile failed on .* for menu,,,choices",
    "AC919": r"No channel type registered for 'OSS'",
    "AC920": r"Function LENGTH not registered",
    "AC922": r"non-existent destination 'gone,s,1'",
}
"""What the log has while the dialplan of the bad case loads, or a call runs in it."""

BOOTED: Mapping[str, str | Seen] = {
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
    "AC017": r"(?s)(?:Maximum nest limit of 128 reached.*?){10}",
    "AC101": r"No category context for line 1 of .*rtp\.conf",
    "AC102": r"Inheritance requested, but category 'phone' does not exist, line 1 of .*pjsip\.conf",
    "AC103": r"Category addition requested, but category 'general' does not exist, line 1",
    "AC105": r"Asterisk did not boot in time",
    "AC106": Seen(r"(?m)^a-name-.{72}$", r"(?m)^a-name$", ("acl show",)),
    "AC107": endpoint("Unable to find object 6001", r"Endpoint:  6001 "),
    "AC108": endpoint(r"context  .*: phones", r"context  .*: default"),
    "AC109": r"RTP Allocating from port range 10000 ->",
    "AC227": Seen(r"Usage: dialplan save", r"No such command", ("core show help dialplan save",)),
    "AC276": r"No application 'Page' for extension",
    "AC401": r"configuration contains a duplicate object: '6001' of type 'aor'",
    "AC402": r"Wizard 'provider' must have 'outbound_auth/username'",
    "AC403": r"Wizard 'provider' must have 'remote_hosts'",
    "AC404": Seen(r"max_contacts .*: 0", r"max_contacts .*: 5", ("pjsip show aor 6001",)),
    "AC405": r"Error parsing rtp_timeout=10s at line 3",
    "AC406": endpoint("Unable to find object 6001", r"Endpoint:  6001 "),
    "AC407": r"The setting can no longer be set and is always 1",
    "AC407/bad_octal": endpoint(r"rtp_timeout +: 8\n", "Unable to find object 6001"),
    "AC408": endpoint(r"dtls_setup .*: active", r"dtls_setup .*: actpass"),
    "AC409": r"Could not find option suitable for category '303' named 'mailbox' at line 3",
    "AC410": endpoint(r"allow  .*: \(nothing\)", r"allow  .*: \(ulaw\)"),
    "AC411": r"Option 'stir_shaken' is no longer supported",
    "AC413": r"provider: No authentication username",
    "AC414": r"Both rtp_port_start and rtp_port_end must be set together",
    "AC415": r"SDP origin username on endpoint '6001' is empty or contains spaces",
    "AC415/bad_proxy": Seen(
        r"outbound proxy URI 'proxy\.example\.net' is not valid",
        ask=("channel originate PJSIP/6001/sip:1@127.0.0.1 application Wait 1",),
    ),
    "AC415/bad_publish": r"state publisher 'other': Body not set",
    "AC416": endpoint("Unable to find object 6001", r"Endpoint:  6001 "),
    "AC417": r"Could not find config type for category 'general' in 'pjsip_notify\.conf'",
    "AC418": r"At most one pjsip\.conf type=global object can be defined",
    "AC419": Seen(r"qualify_timeout .*: -1", r"qualify_timeout .*: 0", ("pjsip show aor 6001",)),
    "AC420": r"geoloc_incoming_call_profile 'house' on endpoint '6001' doesn't exist",
    "AC422": r"cert_file /nowhere/asterisk\.pem is either missing or not readable",
    "AC423": r"Could not create an object of type 'registration' with id 'carrier'",
    "AC424": r"Transport 'other' could not be started: Address already in use",
    "AC429": r"Identify 'carrier' failed when adding resolution results",
    "AC501": r"Queue 'sales' already defined! Skipping!",
    "AC503": Seen(r"in 'ringall' strategy", r"in 'linear' strategy", ("queue show sales",)),
    "AC504": Seen(r"PJSIP/6001 with penalty 5", r"PJSIP/6001 \(", ("queue show sales",)),
    "AC505": r"No location at interface ''",
    "AC507": Seen(r"No such queue: sales", r"sales has 0 calls", ("queue show sales",)),
    "AC510": r"Ignoring duplicated mailbox 6000 in context default",
    "AC511": Seen(r"DeleteMessage: No", r"DeleteMessage: Yes", ("ami VoicemailUsersList",)),
    "AC513": Seen(r"VoiceMailbox: 6001@home", r"VoiceMailbox: 6001\n", ("ami VoicemailUsersList",)),
    "AC514": r"Mailbox \*100 in context default begins with '\*' character",
    "AC515": r"Invalid password detected for mailbox 6000",
    "AC521": r"'all' isn't a valid strategy for queue 'sales', using ringall instead",
    "AC522": Seen(r"SayDurationMinimum: 2", r"SayDurationMinimum: 5", ("ami VoicemailUsersList",)),
    "AC522/bad_queues": same(r"Begin MixMonitor Recording"),
    "AC524": r"Unknown keyword in queue 'sales': musicclas at line 2",
    "AC529": r"maxsilence should be less than minsecs or you may get empty messages",
    "AC529/bad_address": Seen(r"Email: attach=yes", ask=("ami VoicemailUsersList",)),
    "AC529/bad_agent": Seen(r"Agent/0001 .*\(Invalid\)", ask=("queue show sales",)),
    "AC529/bad_member": r"No location at interface '6001'",
    "AC529/bad_pin": r"Illegal DTMF character 's' in string",
    "AC535": Seen(
        r"PJSIP/6009 .*\(Invalid\)", r"PJSIP/6001 .*\(Unavailable\)", ("queue show sales",)
    ),
    "AC601": r"Error parsing permit=10\.0\.0\.0/8, 192\.168\.0\.0/16 at line 2",
    "AC602": r"RTP Allocating from port range 1024 ->",
    "AC602/bad_format": r"Unknown format 'mp3' -- defaulting to SLIN",
    "AC603": Seen(r"queue limit: 1000\n", r"queue limit: 100\n", ("logger show channels",)),
    "AC604": r"Could not find option suitable for category 'team' named 'max_member' at line 3",
    "AC605": r"RTP Allocating from port range 5000 -> 31000",
    "AC606": r"t38faxmaxdatagram in udptl\.conf is no longer supported",
    "AC608": r"A mode must be specified for class 'calm'",
    "AC277": r"No application 'Dial' for extension \(home, 100, 1\)",
    "AC609/bad_parking": r"res_parking\.c: Extension registration failed",
    "AC609": r"location 'house' format is set to 'URI' but no 'URI' was found",
    "AC609/bad_features": r"Featuregroup sales refers to non-existent applicationmap item",
    "AC610": r"RTP Allocating from port range 5000 -> 31000",
    "AC610/bad_cache": r"Unsupported option 'object_lifetime' used for memory cache",
    "AC610/bad_engine": r"found to engine 'odbcs', but the engine is not available",
    "AC610/bad_eventfilter": r"method can't be 'none' with a filter pattern",
    "AC610/bad_expiry": r"Minimum registration interval of 120 is more than maximum of 60",
    "AC610/bad_ice": r"Invalid local ICE host address: pbx\.example\.com",
    "AC610/bad_regex": r"Unable to compile regex filter for 'Event: \[New'",
    "AC611": Seen(r"User 'ann' not found", r"Username: ann", ("ari show user ann",)),
    "AC611/bad_name": Seen(
        r"attestation' failed", r"attest_level +: A", ("stir_shaken show attestation",)
    ),
    "AC612": r"Could not find config type for category 'team' in 'confbridge\.conf'",
    "AC613": r"configuration contains a duplicate object: 'house' of type 'profile'",
    "AC615": r"Outbound websocket invalid websocket client id 'gone'",
    "AC616": r"ACL 'home' does not exist",
    "AC617": r"error loading cert file\. </nonexistent/asterisk\.pem>",
    "AC619": r"Failed to load module chan_sip\.so - Required",
    "AC622": Seen(r"0 modules loaded", r"1 modules loaded", ("module show like app_echo",)),
    "AC622/bad-require": r"configured with 'preload-require' and 'noload', this is impossible",
    "AC623": Seen(
        r"(?s)Type  *Description(?!.*\nPJSIP )", r"\nPJSIP ", ("core show channeltypes",)
    ),
    "AC623/bad-wizard": Seen(
        r"(?s)Type  *Description(?!.*\nPJSIP )", r"\nPJSIP ", ("core show channeltypes",)
    ),
    "AC624": r"Section 'USERS' was found, but there was no SQL to execute",
    "AC625": r"Parameter 'read' is deprecated for category USERS",
    "AC626": r"There is SQL, but no ODBC class to be used for reading: USERS",
    "AC623/bad_needed": r"Failed to resolve dependencies for chan_pjsip",
    "AC627": r"Failed to load module res_websocket_client\.so",
    "AC627/bad_memory": r"Wizard 'memory' could not be applied to object type 'eprofile'",
    "AC628": Seen(r"0 modules loaded", r"1 modules loaded", ("module show like res_agi",)),
    "AC629": r"Wizard 'realtime' failed to open mapping for object type 'endpoint'",
    "AC629/bad_module": r"Wizard 'realtime' could not be applied to object type 'endpoint'",
    **dict.fromkeys(
        ("AC630", "AC630/bad_ari", "AC630/bad_manager"),
        Seen(r"(?m)^ *Server Disabled", r"Server Enabled and Bound", ("http show status",)),
    ),
    "AC700": Seen(
        r"(?s)No such command 'sip show peers'.*Unable to find object 6001",
        r"Endpoint:  6001 ",
        ("core show help sip show peers", "pjsip show endpoint 6001"),
    ),
    "AC707": r"chan_sip\.so: cannot open shared object file",
    "AC708": r"named 'automon'",
    "AC781": r"Executing \[911@emergency:1\] Dial",
    "AC782": Seen(
        r'Dial\("[^"]*", "PJSIP/11@carrier"\)', r'"PJSIP/911@carrier"', ("call 911@home",)
    ),
    "AC910": r"Unable to join queue 'sales'",
    "AC911": r"endpoint '6001' was not found",
    "AC912": Seen(
        r"PJSIP/6001 +State:Unavailable", r"PJSIP/6002 +State:Idle", ("core show hint 1",)
    ),
    "AC913": r"No entry in voicemail config file for '999'",
    "AC914": r"Conference bridge profile team does not exist",
    "AC915": r"Could not find parking lot: 'office'",
    "AC916": r"Unable to start music on hold class 'jazz'",
    "AC917": r"queue suport was not found",
    "AC918": r"Profile requested, anna, not found in the configuration",
    "AC921": Seen(
        r"endpoint '6005' was not found",
        r"No such extension/context 6005@home",
        ("call 6005@home",),
    ),
    "AC430": r"Unable to determine contacts from empty aor list",
    "AC431": r"Could not create dialog to invalid URI '6001'",
    "AC433": Seen(
        r"contact +: sip:127\.9\.2\.1:5060\n", r":5060;transport=tcp\n", ("pjsip show aor 6001",)
    ),
    "AC434": Seen(r"contact +: .*// the door", ask=("pjsip show aor 6001",)),
    "AC735": r"Attempted to find named ACL 'house', but the ACL configuration isn't available",
    "AC929": r"Could not create dialog to invalid URI '5551234'",
}
"""What the log has while the bad case boots, or a call runs in it."""

NOT_HERE: Mapping[str, str] = {
    "AC018": "what this library does not read, while Asterisk would: test_hostile",
    "AC019": "a bound of this library, none of Asterisk's: test_bounds",
    **dict.fromkeys(
        ("AC520", "AC523", "AC525", "AC527", "AC528", "AC530", "AC531", "AC532", "AC533", "AC534",
         "AC536", "AC614"),
        "it is never given, as tests/test_rules.py says",
    ),
}  # fmt: skip
"""Codes that are known from a log or from behaviour and not tried, each with the reason."""
