"""Recognises and masks secrets in Asterisk's files: passwords, PINs, keys.

They are recognised by the name of their option, by their position in a value (the PIN of a
mailbox), and by their shape: `user:secret@host`, `PASSWORD=secret`, `Authenticate(1234)`. A
password in prose is not recognised.
"""

from __future__ import annotations

import re

from asterconf.source import fold

__all__ = [
    "MASK",
    "is_box",
    "is_secret",
    "shown_comment",
    "shown_text",
    "shown_value",
    "shown_words",
]

MASK = "********"

_SCHEMES = "sips?|tel|mailto|xmpp|pres|im"
_LOGIN = re.compile(
    rf"(?<![\w:@])((?:(?:{_SCHEMES}):|[a-z][a-z0-9+.-]*://)?(?!(?:{_SCHEMES}):)"
    r"""[^\s:/@,(){}<>"'=&|;]+:)([^\s,{}<>"']+)(?=@)""",
    re.IGNORECASE,
)
_ASSIGNED = re.compile(
    r"""(?<!\w)(\w*(?:secret|password|passwd|passphrase)\s*=\s*>?\s*|(?:pin|\w*(?<!by)pass)\s*=\s*)"""
    r"""(?![\s$])([^\s,;&|()'"]+)""",
    re.IGNORECASE,
)
_ASKED = re.compile(r"(?<!\w)((?:Authenticate|DISA)\(\s*)(?![/$])([^,)\s]+)", re.IGNORECASE)
_QUOTED = re.compile(r"'(\w*(?:secret|password|passwd)\s+)[^']+'", re.IGNORECASE)
_WAS_OPTION = re.compile(
    r"([\s;-]*)([^=\s;][^=]*?)(\s*(?:\+=|=>?)\s*)([^;]*?)(\s*;.*|\s*)\Z", re.DOTALL
)
_TWO_WORDS = re.compile(r"(\s*(\S+)\s+)(\S.*?)(\s*)\Z", re.DOTALL)
_PIN = re.compile(r"-?[0-9]+\s*(?:,|\Z)")
_FIELDS = {("meetme.conf", "conf"): 1, ("agents.conf", "agent"): 1}
"""Options with a secret in a field of their value, counted from 0."""

_NAMES = {
    "password", "secret", "md5_cred", "md5secret", "oauth_secret", "refresh_token", "passwd",
    "dbpass", "pass", "privkey", "tlsprivatekey_password", "adminpin", "pin", "imappassword",
    "authpassword", "sharedsecret", "shared_secret", "password_digest", "remotesecret", "inkeys",
    "postlogin_password", "turnpassword", "vmpassword", "outbound_auth_password", "mgrsecret",
}  # fmt: skip
_NO_BOXES = {"general", "zonemessages"}


def is_secret(file: str, section: str, option: str) -> bool:
    """Tell whether the value of an option is a secret."""
    last = fold(option).rpartition("/")[2]
    if last == "minpassword":  # the minimum length of one
        return False
    if last in _NAMES or last.endswith(("password", "passwd", "secret")):
        return True
    if option.endswith("PASS"):  # a variable: AMPDBPASS and its like
        return True
    return is_box(file, section)


def is_box(file: str, section: str) -> bool:
    """Tell whether the options of a section are mailboxes, whose values begin with the PIN."""
    return fold(file).removesuffix(".sample").endswith("voicemail.conf") and (
        fold(section) not in _NO_BOXES
    )


def shown_value(file: str, section: str, option: str, value: str) -> str:
    """Return an option's value with the secrets in it masked as `********`.

    Without a file, or with one that any other may include, their shape decides.
    """
    if not value:
        return value
    if is_secret("", "", option):
        return MASK
    name = fold(file).removesuffix(".sample").rpartition("/")[2]
    boxed = not name.endswith(".conf") and option.isdigit() and _PIN.match(value)
    if boxed or is_box(file, section):
        return _mask_field(value, 0)
    if (name, fold(option)) in _FIELDS:
        return _mask_field(value, _FIELDS[name, fold(option)])
    return shown_text(value)


def _mask_field(value: str, index: int) -> str:
    fields = value.split(",")
    masked = [MASK if n == index and field else field for n, field in enumerate(fields)]
    return shown_text(",".join(masked))


def shown_text(text: str) -> str:
    """Return any text with everything masked that has the shape of a secret."""
    for pattern, need in ((_LOGIN, "@"), (_ASSIGNED, "="), (_ASKED, "(")):
        if need in text:
            text = pattern.sub(rf"\g<1>{MASK}", text)
    return _QUOTED.sub(rf"'\g<1>{MASK}'", text) if "'" in text else text


def shown_comment(file: str, section: str, text: str) -> str:
    """Return a comment, masked if it comments out an option with a secret."""
    was = _WAS_OPTION.match(text)
    if was is not None:
        lead, name, separator, value, rest = was.groups()
        if is_secret("", "", name) or not set(name) & set(" \t"):
            value = shown_value(file, section, name, value)
            return lead + name + separator + value + shown_text(rest)
    return shown_text(text)


def shown_words(text: str) -> str:
    """Return a line that is not an option, masked if it is the name of a secret and a value."""
    two = _TWO_WORDS.match(text)
    if two is not None and is_secret("", "", two[2]):
        return two[1] + MASK + two[4]
    return shown_text(text)
