"""Lines of several files, and whether Asterisk 22.10.1 logs a warning or an error about them.

Each was loaded by a real Asterisk; `tests/live/test_check_values.py` does it again.
"""

from __future__ import annotations

VALUES: dict[str, tuple[str, str, dict[str, bool]]] = {
    "features.conf": (
        "features",
        "[applicationmap]\na => {}\n",
        {
            "1,self,NoOp": False,
            "1,Self,NoOp": False,
            "1,callee/both,NoOp(a,b)": False,
            "1,self/nobody,NoOp": False,
            '1,self,NoOp,"a,b",moh': False,
            "x,peer,No Op": False,
            "x": True,
            "1,self": True,
            "1,self,": True,
            ",self,NoOp": True,
            "1,nobody,NoOp": True,
            "1,both,NoOp": True,
            "1 , self , NoOp": True,
            "1,self,(x)": True,
        },
    ),
    "iax.conf": (
        "chan_iax2.so",
        "[general]\nbindport = 4570\nbindaddr = 127.0.0.1\nregister => {}\n",
        {
            "u:p@127.0.0.1": False,
            "u@127.0.0.1": False,
            "u:p@127.0.0.1:4569": False,
            "foo": True,
            "u:p@127.0.0.1:abc": True,
            "u:p@127.0.0.1:": True,
        },
    ),
    "queuerules.conf": (
        "app_queue.so",
        "[r]\npenaltychange => {}\n",
        {"x,1": False, "5,": False, ",1": False, "5x,1": False, "5": True, "-1,1": True},
    ),
    "queues.conf": (
        "app_queue.so",
        "[q]\nmember => Local/1@default,1,n,s,{}\n",
        {
            "yes": False,
            "yes,5,no": False,
            "yes,-5": False,
            "maybe": True,
            "yes,5,maybe": True,
            "yes,5,no,more": True,
        },
    ),
    "musiconhold.conf": (
        "res_musiconhold.so",
        "[c]\nmode = playlist\nentry = {}\n",
        {
            "/a": False,
            "http://x/y": False,
            "ftp://x": False,
            "relative": True,
            "https:/x": True,
            "": True,
        },
    ),
    "rtp.conf": (
        "res_rtp_asterisk.so",
        "[ice_host_candidates]\n10.0.0.1 => {}\n",
        {
            "127.0.0.1": False,
            "127.0.0.1,include_local_address": False,
            "127.0.0.1:5": False,
            "[::2]": False,
            "127.1": False,
            "zz": True,
            "localhost": True,
        },
    ),
    "voicemail.conf": (
        "app_voicemail.so",
        "[general]\n{}\n",
        {
            "format = wav49|gsm": False,
            "format = WAV": False,
            "format = nosuch": True,
            "format = wav|nosuch": True,
            "format = wav, gsm": True,
            "minsecs = 3": False,
            "maxsilence = 10": False,
            "maxsilence = 2\nminsecs = 3": False,
            "maxsilence = -1\nminsecs = 3": False,
            "maxsilence = 3\nminsecs = 3": True,
            "minsecs = 3\nmaxsilence = 10": True,
            "minsecs = 0": True,
        },
    ),
}
"""By file: the module that reads it, the text around a line, and lines with the verdict."""

KEPT: dict[str, dict[str, tuple[str, bool]]] = {
    "confbridge.conf": {
        "no_op": ("no_op", False),
        "No_Op , leave_conference": ("no_op, leave_conference", False),
        "playback_and_continue(x&y),dialplan_exec(c,1,1),no_op":
            ("playback_and_continue(x&y), dialplan_exec(c,1,1), no_op", False),
        "leave_conference, foo, toggle_mute": ("leave_conference, toggle_mute", True),
        "foo,leave_conference": ("leave_conference", True),
        "togle_mute": ("", True),
        "leave_conference(x)": ("", True),
        "playback": ("", True),
    },
    "logger.conf": {
        "notice,Warning,error": ("NOTICE WARNING ERROR", False),
        "[json]verbose(3),dtmf": ("VERBOSE DTMF", False),
        "notice,warnin,error": ("NOTICE ERROR", True),
        "[plain]eror": ("", True),
    },
}  # fmt: skip
"""Lists, what Asterisk 22.10.1 keeps of them, and whether that is less than what stands there.

It logs nothing of it. Observed with `confbridge show menu` and `logger show channels`.
"""
KEPT_IN = {"confbridge.conf": "[m]\ntype = menu\n1 = {}\n", "logger.conf": "[logfiles]\nx => {}\n"}
"""Where these lists stand."""
