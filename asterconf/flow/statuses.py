"""What applications leave in variables that only a running Asterisk knows.

Source: `core show application` of 22.10.1, that is its core-en_US.xml, and where that is silent
apps/app_dial.c, app_queue.c, app_mixmonitor.c and app_agent_pool.c. Checked: the live test of
`core show application`. Statuses whose every value is followed stand at their applications.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

_TIMES: Final = (
    "ANSWEREDTIME ANSWEREDTIME_MS DIALEDTIME DIALEDTIME_MS RINGTIME RINGTIME_MS PROGRESSTIME"
    " PROGRESSTIME_MS DIALEDPEERNAME DIALEDPEERNUMBER FORWARDERNAME HANGUPCAUSE"
)
_FAX: Final = (
    "FAXBITRATE FAXERROR FAXMODE FAXPAGES FAXRESOLUTION FAXSTATUS FAXSTATUSSTRING LOCALSTATIONID"
    " REMOTESTATIONID"
)
_ROWS: Final = {
    "AMD": "AMDSTATUS AMDCAUSE", "AgentLogin": "AGENT_STATUS", "Bridge": "BRIDGERESULT",
    "BridgeAdd": "BRIDGERESULT", "CallCompletionCancel": "CC_CANCEL_RESULT CC_CANCEL_REASON",
    "CallCompletionRequest": "CC_REQUEST_RESULT CC_REQUEST_REASON",
    "ChanIsAvail": "AVAILCHAN AVAILORIGCHAN AVAILSTATUS AVAILCAUSECODE",
    "ChannelRedirect": "CHANNELREDIRECT_STATUS", "ConfBridge": "CONFBRIDGE_RESULT",
    "ConfKick": "CONFKICKSTATUS",
    "ControlPlayback": "CPLAYBACKSTATUS CPLAYBACKOFFSET CPLAYBACKSTOPKEY", "Dial": _TIMES,
    "MessageSend": "MESSAGE_SEND_STATUS", "MixMonitor": "MIXMONITOR_FILENAME",
    "PrivacyManager": "PRIVACYMGRSTATUS",
    "Queue": f"{_TIMES} QUEUENAME QUEUEMAX QUEUESTRATEGY QUEUECALLS QUEUEHOLDTIME QUEUECOMPLETED"
    " QUEUEABANDONED QUEUESRVLEVEL QUEUESRVLEVELPERF QUEUEPOSITION QUEUEWAIT QUEUEWAIT_MS"
    " QUEUE_WITHDRAW_INFO QEORIGINALPOS QEHOLDTIME MEMBERINTERFACE MEMBERNAME MEMBERCALLS"
    " MEMBERLASTCALL MEMBERPENALTY MEMBERDYNAMIC MEMBERREALTIME ABANDONED",
    "ReceiveFAX": _FAX, "ReceiveMF": "RECEIVEMFSTATUS", "ReceiveSF": "RECEIVESFSTATUS",
    "ReceiveText": "RECEIVETEXTMESSAGE RECEIVETEXTSTATUS",
    "Record": "RECORD_STATUS RECORDED_FILE", "Reload": "RELOADSTATUS", "SendFAX": _FAX,
    "SendText": "SENDTEXTSTATUS SENDTEXTTYPE", "SendURL": "SENDURLSTATUS",
    "Signal": "SIGNALSTATUS", "System": "SYSTEMSTATUS", "ToneScan": "TONESCANSTATUS",
    "TrySystem": "SYSTEMSTATUS", "VMAuthenticate": "AUTH_MAILBOX AUTH_CONTEXT",
    "WaitForCondition": "WAITFORCONDITIONSTATUS",
    "WaitForSignal": "WAITFORSIGNALSTATUS WAITFORSIGNALPAYLOAD", "WaitForSilence": "WAITSTATUS",
    "WaitForNoise": "WAITSTATUS", "WaitForTone": "WAITFORTONESTATUS",
    "WaitUntil": "WAITUNTILSTATUS", "Zapateller": "ZAPATELLERSTATUS",
}  # fmt: skip
LEFT: Final[Mapping[str, tuple[str, ...]]] = {n: tuple(row.split()) for n, row in _ROWS.items()}
"""The variables by the application that sets them to what is not known here."""
EXACT: Final = frozenset((
    "DIALSTATUS", "QUEUESTATUS", "VMSTATUS", "PLAYBACKSTATUS", "BACKGROUNDSTATUS", "READSTATUS",
    "TRYSTATUS", "EXECSTATUS",
))  # fmt: skip
"""Statuses of applications that are followed with every value."""
