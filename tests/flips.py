"""Trees in which an option is set by several lines, and what Asterisk makes of each.

The value under 22 is what 22.10.1 reports (tests/live/test_versions.py reads it back); the one
under 23 is from the source: main/config.c, ast_variable_retrieve.
"""

from __future__ import annotations

from typing import NamedTuple


class Flip(NamedTuple):
    """A section with a template before it, and the value of one of its options.

    `asked` is a command of the CLI and `answer` what its output must hold.
    """

    file: str
    section: str
    template: tuple[str, ...]
    own: tuple[str, ...]
    option: str
    under_22: str
    under_23: str
    asked: str
    answer: str

    @property
    def text(self) -> str:
        """The file with this section alone."""
        head, name = "\n".join(self.template), f"t-{self.section}"
        own = "\n".join(self.own)
        return f"[{name}](!)\n{head}\n[{self.section}]({name})\n{own}\n"


def _queue(name: str, template: str, own: str, old: str, new: str) -> Flip:
    head, lines = (tuple(f"strategy={w}" for w in words.split()) for words in (template, own))
    answer = {"roundrobin": "rrmemory", "bogus": "ringall"}.get(old.lower(), old.lower())
    return Flip(
        "queues.conf", name, head, lines, "strategy", old, new, f"queue show {name}", f"'{answer}'"
    )


def _last(name: str, option: str, values: tuple[str, str], answer: str) -> Flip:
    lines = tuple(f"{option}={value}" for value in values)
    return Flip("queues.conf", name, (), lines, option, values[1], values[1],
                f"queue show {name}", answer)  # fmt: skip


def _rtp(option: str, first: str, last: str, answer: str) -> Flip:
    return Flip("rtp.conf", "general", (f"{option}={first}",), (f"{option}={last}",), option,
                first, last, "rtp show settings", answer)  # fmt: skip


def _user(name: str, option: str, values: tuple[str, str], asked: str, answer: str) -> Flip:
    lines = tuple(f"{option}={value}" for value in values)
    lines += ("hasiax=yes",) if option == "hasexten" else ()  # a device, without which it is none
    return Flip("users.conf", name, (), lines, option, values[0], "", asked, answer)


def _phone(name: str, option: str, values: tuple[str, str], variable: str) -> Flip:
    """A phone that res_phoneprov provisions; a function of its templates tells its values."""
    lines = (*(f"{option}={value}" for value in values), f"username={name}", "autoprov=yes",
             f"macaddress=02000000{name}")  # fmt: skip
    asked = f"dialplan eval function PP_EACH_USER(<%{{USERNAME}}:%{{{variable}}}>,none)"
    return Flip("users.conf", name, (), lines, option, values[0], "", asked,
                f"<{name}:{values[0]}>")  # fmt: skip


FLIPS = (
    _queue("q1", "ringall", "rrmemory", "ringall", "rrmemory"),
    _queue("q2", "", "linear random", "linear", "random"),
    _queue("q3", "", "leastrecent fewestcalls wrandom", "leastrecent", "wrandom"),
    _queue("q4", "random", "", "random", "random"),
    _queue("q5", "linear", "linear", "linear", "linear"),
    _queue("q6", "", "random RANDOM", "random", "RANDOM"),
    _queue("q7", "rrmemory", "linear rrmemory", "rrmemory", "rrmemory"),
    _queue("q8", "", "roundrobin rrmemory", "roundrobin", "rrmemory"),
    _queue("q9", "", "bogus linear", "bogus", "linear"),
    _queue("q10", "random linear", "", "random", "linear"),
    Flip("queues.conf", "q11", ("STRATEGY = linear",), ("strategy => random",), "strategy",
         "linear", "random", "queue show q11", "'linear'"),
    _last("q12", "weight", ("3", "5"), "W:5"),
    _last("q13", "servicelevel", ("10", "20"), "within 20s"),
    _last("q14", "maxlen", ("4", "7"), "(max 7)"),
    _rtp("rtpstart", "11000", "12000", "Port start:      11000"),
    _rtp("rtpend", "13000", "14000", "Port end:        13000"),
    _rtp("dtmftimeout", "4000", "5000", "DTMF Timeout:    4000"),
    _rtp("icesupport", "no", "yes", "ICE support:     No"),
    _rtp("strictrtp", "no", "yes", "Strict RTP:      No"),
    _rtp("rtpchecksums", "no", "yes", "Checksums:       No"),
    _rtp("srtpreplayprotection", "no", "yes", "Replay Protect:  No"),
    Flip("logger.conf", "general", ("logger_queue_limit=500",), ("logger_queue_limit=700",),
         "logger_queue_limit", "500", "700", "logger show channels", "queue limit: 500"),
    Flip("iax.conf", "p1", ("type=peer",), ("type=user", "host=dynamic"), "type", "peer", "user",
         "iax2 show peers", "p1 "),
    Flip("iax.conf", "p2", (), ("type=user", "type=peer", "host=dynamic"), "type", "user", "peer",
         "iax2 show users", "p2 "),
    Flip("iax.conf", "p3", ("type=peer",), ("type=peer", "host=dynamic"), "type", "peer", "peer",
         "iax2 show peers", "p3 "),
    Flip("confbridge.conf", "b1", ("type=bridge",), ("type=user",), "type", "bridge", "user",
         "confbridge show profile bridges", "\nb1\n"),
    Flip("confbridge.conf", "u1", (), ("type=user", "type=bridge"), "type", "user", "bridge",
         "confbridge show profile users", "\nu1\n"),
    Flip("confbridge.conf", "m1", ("type=menu",), ("type=user",), "type", "menu", "user",
         "confbridge show menus", "\nm1\n"),
    Flip("confbridge.conf", "u2", (), ("type=user", "type=menu"), "type", "user", "menu",
         "confbridge show profile users", "\nu2\n"),
    _user("6001", "hasvoicemail", ("yes", "no"), "voicemail show users", "6001 "),
    _user("6002", "hasexten", ("yes", "no"), "dialplan show default", "'6002' =>"),
    _user("6003", "hasmanager", ("yes", "no"), "manager show users", "\n6003\n"),
    _user("6004", "hasiax", ("yes", "no"), "iax2 show peers", "6004 "),
    _phone("6005", "secret", ("one", "two"), "SECRET"),
    _phone("6006", "fullname", ("Ann", "Bea"), "DISPLAY_NAME"),
)  # fmt: skip
