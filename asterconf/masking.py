"""Which texts of a configuration file are secrets, and the file with these masked."""

from __future__ import annotations

from asterconf.source import fold
from asterconf.syntax import Document, Option

__all__ = ["MASK", "has_secrets", "is_secret", "mask"]

MASK = "********"

_NAMES = {
    "password", "secret", "md5_cred", "md5secret", "oauth_secret", "refresh_token", "passwd",
    "dbpass", "pass", "privkey", "tlsprivatekey_password", "adminpin", "pin", "imappassword",
    "authpassword", "sharedsecret", "shared_secret", "password_digest", "remotesecret", "inkeys",
    "postlogin_password", "turnpassword", "vmpassword", "outbound_auth_password", "mgrsecret",
}  # fmt: skip
_NO_BOXES = {"general", "zonemessages"}


def is_secret(file: str, section: str, option: str) -> bool:
    """Tell whether a person should not see this option's value."""
    last = fold(option).rpartition("/")[2]
    if last in _NAMES or last.endswith(("password", "secret")):
        return True
    return _is_box(file, section)


def _is_box(file: str, section: str) -> bool:
    """Tell whether the options of a section are mailboxes: the value begins with the PIN."""
    return fold(file).removesuffix(".sample").endswith("voicemail.conf") and (
        fold(section) not in _NO_BOXES
    )


def has_secrets(document: Document) -> bool:
    """Tell whether a file holds anything that not everybody should read."""
    return any(
        is_secret(document.name, section.name, option.name)
        for section in document.parts
        for option in section.options
    )


def mask(document: Document) -> str:
    """Return the text of a file with the value of every secret as `********`."""
    out = []
    for section in document.parts:
        for node in section.nodes:
            text = node.text
            if (
                isinstance(node, Option)
                and node.value
                and is_secret(document.name, section.name, node.name)
            ):
                start, end = node.fields.value
                if _is_box(document.name, section.name):
                    end = start + len(text[start:end].partition(",")[0])
                text = text[:start] + MASK + text[end:]
            out.append(text)
    return "".join(out)
