"""Voicemail boxes."""

from __future__ import annotations

import attrs
from attrs import field, frozen

from asterconf.diagnostic import Placed
from asterconf.errors import FieldError
from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Secret, Setting, secret, settings


def _no_comma(owner: object, attribute: check.Attribute, value: str) -> None:
    check.text(owner, attribute, value)
    if "," in value:
        raise FieldError(
            owner,
            attribute.name,
            f"must not hold a comma, which ends the field in the file: {value!r}",
        )


def _number(owner: object, attribute: check.Attribute, value: str) -> None:
    check.one_word(owner, attribute, value)
    if "@" in value or "=" in value:
        raise FieldError(owner, attribute.name, f"must not hold @ or =: {value!r}")


def _pin(owner: object, attribute: check.Attribute, value: Secret | None) -> None:
    if value is not None and "," in value.reveal():
        raise FieldError(
            owner, attribute.name, "must not hold a comma, which ends the field in the file"
        )


@attrs.frozen
class Mailbox(Placed, check.Suggesting):
    """A voicemail box: one line `number => pin,name,email,pager,options` of voicemail.conf."""

    number: str = attrs.field(validator=_number)
    """Number of the box within its context; not empty, text because of leading zeros."""
    context: str = attrs.field(default="default", validator=check.one_word, kw_only=True)
    """The section of voicemail.conf that it is in; not a dialplan context."""
    initial_pin: Secret | None = attrs.field(default=None, converter=secret, kw_only=True)
    """PIN until its owner changes it by phone, which a leading `-` forbids. None or empty: none, so
    that anybody may listen."""
    name: str = attrs.field(default="", validator=_no_comma, kw_only=True)
    """The owner's name, without commas. Empty: none."""
    email: str = attrs.field(default="", validator=_no_comma, kw_only=True)
    """Where messages are mailed to, several separated by `|`. Empty: nowhere."""
    pager: str = attrs.field(default="", validator=_no_comma, kw_only=True)
    """Where short notices are mailed to. Empty: nowhere."""
    options: tuple[str, ...] = attrs.field(
        default=(), converter=check.texts, validator=check.each_text, kw_only=True
    )
    """Settings of this mailbox alone, each `name=value` such as `attach=no`, in file order."""

    __repr__ = check.brief_repr

    @initial_pin.validator
    def _check_pin(self, attribute: check.Attribute, value: Secret | None) -> None:
        _pin(self, attribute, value)

    @property
    def address(self) -> str:
        """The mailbox as dialplan and endpoints refer to it: `6000@default`."""
        return f"{self.number}@{self.context}"


@frozen
class TimeZone(check.Suggesting):
    """How the time of a message is announced: one line of `[zonemessages]` in voicemail.conf."""

    name: str = field(validator=check.one_word)
    """What a mailbox calls it in `tz=`; not empty."""
    timezone: str = field(validator=check.one_word)
    """A zone of the system, such as `America/New_York`; not empty."""
    format_: str = field(validator=check.text)
    """What is announced: sounds in single quotes, and letters for parts of the time."""

    @timezone.validator
    @format_.validator
    def _check(self, attribute: check.Attribute, value: str) -> None:
        if "|" in value or (attribute.name == "timezone" and "," in value):
            raise FieldError(self, attribute.name, f"must not hold a separator: {value!r}")


@frozen(repr=False)
class VoicemailSettings(SchemaObject, file="voicemail.conf", kind="general"):
    """Settings for all mailboxes: the section `[general]` of voicemail.conf."""

    format_: tuple[str, ...] = field(default=("wav",), kw_only=True)
    serveremail: str = field(default="asterisk", kw_only=True)
    fromstring: str = field(default="", kw_only=True)
    attach: bool = field(default=True, kw_only=True)
    maxmsg: int = field(default=100, kw_only=True)
    maxsecs: int = field(default=0, kw_only=True)
    tz: str = field(default="", kw_only=True)
    locale: str = field(default="", kw_only=True)
    adsifdn: str = field(default="0000000F", kw_only=True)
    adsisec: str = field(default="9BDBF7AC", kw_only=True)
    adsiver: int = field(default=1, kw_only=True)
    aliasescontext: str = field(default="", kw_only=True)
    authpassword: Secret | None = field(default=None, kw_only=True)
    authuser: str = field(default="", kw_only=True)
    backupdeleted: bool | int = field(default=0, kw_only=True)
    callback: str = field(default="", kw_only=True)
    charset: str = field(default="ISO-8859-1", kw_only=True)
    cidinternalcontexts: tuple[str, ...] = field(default=(), kw_only=True)
    dialout: str = field(default="", kw_only=True)
    directoryintro: str = field(default="", kw_only=True)
    emailbody: str | None = field(default=None, kw_only=True)
    emaildateformat: str = field(default="%A, %B %d, %Y at %r", kw_only=True)
    emailsubject: str | None = field(default=None, kw_only=True)
    envelope: bool = field(default=True, kw_only=True)
    exitcontext: str = field(default="", kw_only=True)
    expungeonhangup: bool = field(default=True, kw_only=True)
    externnotify: str = field(default="", kw_only=True)
    externpass: str = field(default="", kw_only=True)
    externpasscheck: str = field(default="", kw_only=True)
    externpassnotify: str = field(default="", kw_only=True)
    forcegreetings: bool = field(default=False, kw_only=True)
    forcename: bool = field(default=False, kw_only=True)
    forward_urgent_auto: bool = field(default=False, kw_only=True)
    greetingfolder: str | None = field(default=None, kw_only=True)
    imap_poll_logout: bool = field(default=False, kw_only=True)
    imapclosetimeout: int = field(default=60, kw_only=True)
    imapflags: str = field(default="", kw_only=True)
    imapfolder: str = field(default="INBOX", kw_only=True)
    imapgreetings: bool = field(default=False, kw_only=True)
    imapopentimeout: int = field(default=60, kw_only=True)
    imapparentfolder: str = field(default="", kw_only=True)
    imapport: str = field(default="143", kw_only=True)
    imapreadtimeout: int = field(default=60, kw_only=True)
    imapserver: str = field(default="localhost", kw_only=True)
    imapwritetimeout: int = field(default=60, kw_only=True)
    leaveurgent: bool = field(default=True, kw_only=True)
    listen_control_forward_key: str = field(default="#", kw_only=True)
    listen_control_pause_key: str = field(default="0", kw_only=True)
    listen_control_restart_key: str = field(default="2", kw_only=True)
    listen_control_reverse_key: str = field(default="*", kw_only=True)
    listen_control_stop_key: str = field(default="13456789", kw_only=True)
    mailcmd: str = field(default="/usr/sbin/sendmail -t", kw_only=True)
    maxgreet: int = field(default=0, kw_only=True)
    maxlogins: int = field(default=3, kw_only=True)
    maxsilence: int = field(default=0, kw_only=True)
    messagewrap: bool = field(default=False, kw_only=True)
    minpassword: int = field(default=0, kw_only=True)
    minsecs: int = field(default=0, kw_only=True)
    moveheard: bool = field(default=True, kw_only=True)
    nextaftercmd: bool = field(default=False, kw_only=True)
    odbc_audio_on_disk: bool = field(default=False, kw_only=True)
    odbcstorage: str = field(default="asterisk", kw_only=True)
    odbctable: str = field(default="voicemessages", kw_only=True)
    operator: bool = field(default=False, kw_only=True)
    pagerbody: str | None = field(default=None, kw_only=True)
    pagerdateformat: str = field(default="%A, %B %d, %Y at %r", kw_only=True)
    pagerfromstring: str = field(default="", kw_only=True)
    pagersubject: str | None = field(default=None, kw_only=True)
    passwordlocation: str = field(default="voicemail.conf", kw_only=True)
    pbxskip: bool = field(default=False, kw_only=True)
    pollfreq: int = field(default=30, kw_only=True)
    pollmailboxes: bool = field(default=False, kw_only=True)
    review: bool = field(default=False, kw_only=True)
    saycid: bool = field(default=False, kw_only=True)
    sayduration: bool = field(default=True, kw_only=True)
    saydurationm: int = field(default=2, kw_only=True)
    searchcontexts: bool = field(default=False, kw_only=True)
    sendvoicemail: bool = field(default=False, kw_only=True)
    silencethreshold: int | None = field(default=None, kw_only=True)
    skipms: int = field(default=3000, kw_only=True)
    smdienable: bool = field(default=False, kw_only=True)
    smdiport: str = field(default="/dev/ttyS0", kw_only=True)
    tempgreetwarn: bool = field(default=False, kw_only=True)
    tps_queue_high: int = field(default=500, kw_only=True)
    tps_queue_low: int = field(default=-1, kw_only=True)
    usedirectory: bool = field(default=False, kw_only=True)
    userscontext: str = field(default="default", kw_only=True)
    vm_invalid_password: str = field(default="vm-invalid-password", kw_only=True)
    vm_login: str = field(default="vm-login", kw_only=True)
    vm_mismatch: str = field(default="vm-mismatch", kw_only=True)
    vm_newpassword: str = field(default="vm-newpassword", kw_only=True)
    vm_newuser: str = field(default="vm-newuser", kw_only=True)
    vm_passchanged: str = field(default="vm-passchanged", kw_only=True)
    vm_password: str = field(default="vm-password", kw_only=True)
    vm_pls_try_again: str = field(default="vm-pls-try-again", kw_only=True)
    vm_prepend_timeout: str = field(default="vm-then-pound", kw_only=True)
    vm_reenterpassword: str = field(default="vm-reenterpassword", kw_only=True)
    volgain: float = field(default=0.0, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
