"""Which options of Asterisk's files hold secrets: passwords, PINs, keys."""

from __future__ import annotations

from asterconf.source import fold

__all__ = ["is_box", "is_secret"]

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
    return is_box(file, section)


def is_box(file: str, section: str) -> bool:
    """Tell whether the options of a section are mailboxes: the value begins with the PIN."""
    return fold(file).removesuffix(".sample").endswith("voicemail.conf") and (
        fold(section) not in _NO_BOXES
    )
