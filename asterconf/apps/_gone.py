"""Applications that Asterisk once had and 22 has no more, each with what to use instead.

Checked: none of them is among the 200 applications of 22.10.1 (asterconf/schema), and what
stands in their place is.
"""

from __future__ import annotations

from collections.abc import Mapping

__all__ = ["GONE"]

_FUNCTIONS = {
    "AbsoluteTimeout": "Set(TIMEOUT(absolute)=…)",
    "CallingPres": "Set(CALLERID(pres)=…)",
    "Curl": "${CURL(…)}",
    "Cut": "${CUT(…)}",
    "DBDel": "${DB_DELETE(…)}",
    "DBGet": "${DB(…)}",
    "DBPut": "Set(DB(…)=…)",
    "DigitTimeout": "Set(TIMEOUT(digit)=…)",
    "EnumLookup": "${ENUMLOOKUP(…)}",
    "Eval": "${EVAL(…)}",
    "GetGroupCount": "${GROUP_COUNT(…)}",
    "GetGroupMatchCount": "${GROUP_MATCH_COUNT(…)}",
    "HasNewVoicemail": "${VM_INFO(…)}",
    "HasVoicemail": "${VM_INFO(…)}",
    "LookupBlacklist": "${BLACKLIST()}",
    "MailboxExists": "${VM_INFO(…)}",
    "Math": "${MATH(…)}",
    "MD5": "${MD5(…)}",
    "Random": "${RAND(…)}",
    "ReadFile": "${FILE(…)}",
    "RealTime": "${REALTIME(…)}",
    "RealTimeUpdate": "Set(REALTIME(…)=…)",
    "ResponseTimeout": "Set(TIMEOUT(response)=…)",
    "SetAccount": "Set(CHANNEL(accountcode)=…)",
    "SetCallerID": "Set(CALLERID(all)=…)",
    "SetCallerPres": "Set(CALLERID(pres)=…)",
    "SetCDRUserField": "Set(CDR(userfield)=…)",
    "SetCIDName": "Set(CALLERID(name)=…)",
    "SetCIDNum": "Set(CALLERID(num)=…)",
    "SetGlobalVar": "Set(GLOBAL(…)=…)",
    "SetGroup": "Set(GROUP()=…)",
    "SetLanguage": "Set(CHANNEL(language)=…)",
    "SetMusicOnHold": "Set(CHANNEL(musicclass)=…)",
    "SetRDNIS": "Set(REDIRECTING(from-num)=…)",
    "SIPAddHeader": "Set(PJSIP_HEADER(add,…)=…)",
    "SIPRemoveHeader": "Set(PJSIP_HEADER(remove,…)=)",
    "Sort": "${SORT(…)}",
    "TXTCIDName": "${TXTCIDNAME(…)}",
}

_APPLICATIONS = {
    "Macro": "Gosub(CONTEXT,s,1(…)), with Return() at its end",
    "MacroExclusive": "Gosub(CONTEXT,s,1(…))",
    "MacroExit": "Return()",
    "MacroIf": "GosubIf(CONDITION?CONTEXT,s,1(…))",
    "Monitor": "MixMonitor(FILE.wav)",
    "StopMonitor": "StopMixMonitor()",
    "SetVar": "Set(NAME=…)",
    "NoCDR": "Set(CDR_PROP(disable)=1)",
    "DAHDIBarge": "ChanSpy(DAHDI)",
    "ZapBarge": "ChanSpy(DAHDI)",
    "ZapScan": "DAHDIScan()",
    "SIPDtmfMode": "Set(PJSIP_DTMF_MODE()=…)",
}

_NOTHING = (
    "ChangeMonitor", "DAHDIRAS", "ICES", "MYSQL",
    "NBScat", "OSPAuth", "OSPFinish", "OSPLookup", "OSPNext", "PauseMonitor", "SayCountPL",
    "SendImage", "SendURL", "SIPSendCustomINFO", "UnpauseMonitor", "ZapRAS",
)  # fmt: skip

GONE: Mapping[str, str] = {**_FUNCTIONS, **_APPLICATIONS, **dict.fromkeys(_NOTHING, "")}
"""The name of each, and what to write instead; empty: there is nothing like it."""
