"""SIP URIs: `sip:alice@example.com:5060;transport=tcp`.

`grammars/sip_uri.lark` is the definition, and what `tree` parses by. `parse` cuts the same parts
with one expression of its terminals.

Checked on Asterisk 22.10.1: tests/live/test_check.py.
"""

from __future__ import annotations

import re
from functools import cache

import attrs

from asterconf import _grammars
from asterconf._grammars import lark
from asterconf.source import comparable

_LONGEST = 511
_LONGEST_HOST = {True: 255, False: 245}
"""The most characters of a host with a port, and of one that is to be looked up without."""


class SipUriError(ValueError):
    """A text is no SIP URI that Asterisk takes; says why, without the text: it may hold a password.

    The message is the end of a sentence.
    """


@attrs.frozen
class SipUri:
    """The parts of a SIP URI, as they are written.

    `scheme` is `sip` or `sips` in lower case; `host` has the brackets of an IPv6 address. None: the
    part is missing. `params` are names and values, the names in lower case, and quotes stay.
    """

    scheme: str
    user: str | None
    password: str | None = attrs.field(repr=False)
    host: str
    port: int | None
    params: tuple[tuple[str, str], ...]

    def param(self, name: str) -> str:
        """Return the value of the first parameter of a name; empty: it has none, or is missing."""
        return next((value for key, value in self.params if key == name), "")


@cache
def _expressions() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """Return what matches the longest start of a text that may be a URI, and one parameter."""
    t = _grammars.terminals("sip_uri")
    param = f";{t['PARAM']}(?:=(?:{t['QUOTED']}|{t['PARAM']})?)?"
    header = f"{t['HEADER']}(?:=(?:{t['HEADER']})?)?"
    user = f"{t['USER_SCHEME']}(?P<user>{t['USER']})(?::(?P<password>{t['PASSWORD']}))?@"
    return re.compile(
        f"(?P<less><)?(?:{user}|(?!{t['USER_SCHEME']}){t['SCHEME']})"
        f"(?P<host>{t['NAME']}|{t['ADDRESS']})(?::(?P<port>{t['DIGITS']}))?"
        rf"(?P<params>(?:{param})*)(?:\?{header}(?:&{header})*)?(?(less)(?:{t['WS']})?>)"
    ), re.compile(param)


def parse(text: str) -> SipUri:
    """Return the parts of a URI.

    Raises:
        SipUriError: Asterisk takes no such URI.
    """
    uri, param = _expressions()
    found = uri.match(text)
    if found is None:
        raise SipUriError("must be a SIP URI such as sip:alice@example.com:5060")
    if found.end() < len(text):
        raise SipUriError(f"cannot have {text[found.end()]!r} behind the first {found.end()} "
                          "characters, which are a whole SIP URI")  # fmt: skip
    host, port = found["host"], found["port"]
    if len(comparable(text)) > _LONGEST or len(comparable(host)) > _LONGEST_HOST[port is not None]:
        raise SipUriError("is longer than Asterisk takes")
    if port is not None and int(port) > 65535:
        raise SipUriError("has a port above 65535")
    pairs = (one[1:].partition("=") for one in param.findall(found["params"]))
    params = tuple((name.lower(), value) for name, _, value in pairs)
    for name, value in params:
        if name == "ttl" and value:
            digits = re.match(r"[0-9]+", value)
            if digits is None or int(digits[0]) > 255:
                raise SipUriError("has a ttl that is not from 0 to 255")
    scheme = text[bool(found["less"]) :].partition(":")[0].lower()
    number = int(port) if port is not None else None
    return SipUri(scheme, found["user"], found["password"], host, number, params)


def is_uri(text: str) -> bool:
    """Return whether Asterisk takes a text as a URI."""
    try:
        parse(text)
    except SipUriError:
        return False
    return True


def tree(text: str) -> lark.Tree[lark.Token]:
    """Return the LALR tree of a URI; joining its tokens gives the text.

    Raises:
        lark.UnexpectedInput: the text is no URI.
    """
    return _grammars.parser("sip_uri", "uri").parse(text, start="uri")
