"""Voicemail boxes."""

from __future__ import annotations

from typing import ClassVar

import attrs
from attrs import field, frozen

from asterconf.diagnostic import Placed
from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Secret, Setting, secret, settings
from asterconf.shown import Shown

__all__ = ["Mailbox", "TimeZone", "VoicemailSettings"]


def _no_comma(owner: object, attribute: check.Attribute, value: str) -> None:
    check.text(owner, attribute, value)
    if "," in value:
        raise check.FieldError(
            owner,
            attribute.name,
            f"must not hold a comma, which ends the field in the file: {value!r}",
        )


def _number(owner: object, attribute: check.Attribute, value: str) -> None:
    check.one_word(owner, attribute, value)
    if "@" in value or "=" in value:
        raise check.FieldError(owner, attribute.name, f"must not hold @ or =: {value!r}")


def _pin(owner: object, attribute: check.Attribute, value: Secret | None) -> None:
    if value is not None and "," in value.reveal():
        raise check.FieldError(
            owner, attribute.name, "must not hold a comma, which ends the field in the file"
        )


@check.suggest_keywords
@attrs.frozen
class Mailbox(Placed):
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


@check.suggest_keywords
@frozen
class TimeZone(Shown):
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
            raise check.FieldError(self, attribute.name, f"must not hold a separator: {value!r}")


@frozen(repr=False)
class VoicemailSettings(SchemaObject):
    """Settings for all mailboxes: the section `[general]` of voicemail.conf."""

    file: ClassVar[str] = "voicemail.conf"
    kind: ClassVar[str] = "general"

    format_: tuple[str, ...] | None = field(default=None, kw_only=True)
    serveremail: str | None = field(default=None, kw_only=True)
    fromstring: str | None = field(default=None, kw_only=True)
    attach: bool | None = field(default=None, kw_only=True)
    maxmsg: int | None = field(default=None, kw_only=True)
    maxsecs: int | None = field(default=None, kw_only=True)
    tz: str | None = field(default=None, kw_only=True)
    locale: str | None = field(default=None, kw_only=True)
    adsifdn: str | None = field(default=None, kw_only=True)
    adsisec: str | None = field(default=None, kw_only=True)
    adsiver: int | None = field(default=None, kw_only=True)
    aliasescontext: str | None = field(default=None, kw_only=True)
    authpassword: Secret | None = field(default=None, kw_only=True)
    authuser: str | None = field(default=None, kw_only=True)
    backupdeleted: bool | int | None = field(default=None, kw_only=True)
    callback: str | None = field(default=None, kw_only=True)
    charset: str | None = field(default=None, kw_only=True)
    cidinternalcontexts: tuple[str, ...] | None = field(default=None, kw_only=True)
    dialout: str | None = field(default=None, kw_only=True)
    directoryintro: str | None = field(default=None, kw_only=True)
    emailbody: str | None = field(default=None, kw_only=True)
    emaildateformat: str | None = field(default=None, kw_only=True)
    emailsubject: str | None = field(default=None, kw_only=True)
    envelope: bool | None = field(default=None, kw_only=True)
    exitcontext: str | None = field(default=None, kw_only=True)
    expungeonhangup: bool | None = field(default=None, kw_only=True)
    externnotify: str | None = field(default=None, kw_only=True)
    externpass: str | None = field(default=None, kw_only=True)
    externpasscheck: str | None = field(default=None, kw_only=True)
    externpassnotify: str | None = field(default=None, kw_only=True)
    forcegreetings: bool | None = field(default=None, kw_only=True)
    forcename: bool | None = field(default=None, kw_only=True)
    forward_urgent_auto: bool | None = field(default=None, kw_only=True)
    greetingfolder: str | None = field(default=None, kw_only=True)
    imap_poll_logout: bool | None = field(default=None, kw_only=True)
    imapclosetimeout: int | None = field(default=None, kw_only=True)
    imapflags: str | None = field(default=None, kw_only=True)
    imapfolder: str | None = field(default=None, kw_only=True)
    imapgreetings: bool | None = field(default=None, kw_only=True)
    imapopentimeout: int | None = field(default=None, kw_only=True)
    imapparentfolder: str | None = field(default=None, kw_only=True)
    imapport: str | None = field(default=None, kw_only=True)
    imapreadtimeout: int | None = field(default=None, kw_only=True)
    imapserver: str | None = field(default=None, kw_only=True)
    imapwritetimeout: int | None = field(default=None, kw_only=True)
    leaveurgent: bool | None = field(default=None, kw_only=True)
    listen_control_forward_key: str | None = field(default=None, kw_only=True)
    listen_control_pause_key: str | None = field(default=None, kw_only=True)
    listen_control_restart_key: str | None = field(default=None, kw_only=True)
    listen_control_reverse_key: str | None = field(default=None, kw_only=True)
    listen_control_stop_key: str | None = field(default=None, kw_only=True)
    mailcmd: str | None = field(default=None, kw_only=True)
    maxgreet: int | None = field(default=None, kw_only=True)
    maxlogins: int | None = field(default=None, kw_only=True)
    maxsilence: int | None = field(default=None, kw_only=True)
    messagewrap: bool | None = field(default=None, kw_only=True)
    minpassword: int | None = field(default=None, kw_only=True)
    minsecs: int | None = field(default=None, kw_only=True)
    moveheard: bool | None = field(default=None, kw_only=True)
    nextaftercmd: bool | None = field(default=None, kw_only=True)
    odbc_audio_on_disk: bool | None = field(default=None, kw_only=True)
    odbcstorage: str | None = field(default=None, kw_only=True)
    odbctable: str | None = field(default=None, kw_only=True)
    operator: bool | None = field(default=None, kw_only=True)
    pagerbody: str | None = field(default=None, kw_only=True)
    pagerdateformat: str | None = field(default=None, kw_only=True)
    pagerfromstring: str | None = field(default=None, kw_only=True)
    pagersubject: str | None = field(default=None, kw_only=True)
    passwordlocation: str | None = field(default=None, kw_only=True)
    pbxskip: bool | None = field(default=None, kw_only=True)
    pollfreq: int | None = field(default=None, kw_only=True)
    pollmailboxes: bool | None = field(default=None, kw_only=True)
    review: bool | None = field(default=None, kw_only=True)
    saycid: bool | None = field(default=None, kw_only=True)
    sayduration: bool | None = field(default=None, kw_only=True)
    saydurationm: int | None = field(default=None, kw_only=True)
    searchcontexts: bool | None = field(default=None, kw_only=True)
    sendvoicemail: bool | None = field(default=None, kw_only=True)
    silencethreshold: int | None = field(default=None, kw_only=True)
    skipms: int | None = field(default=None, kw_only=True)
    smdienable: bool | None = field(default=None, kw_only=True)
    smdiport: str | None = field(default=None, kw_only=True)
    tempgreetwarn: bool | None = field(default=None, kw_only=True)
    tps_queue_high: int | None = field(default=None, kw_only=True)
    tps_queue_low: int | None = field(default=None, kw_only=True)
    usedirectory: bool | None = field(default=None, kw_only=True)
    userscontext: str | None = field(default=None, kw_only=True)
    vm_invalid_password: Secret | None = field(default=None, kw_only=True)
    vm_login: str | None = field(default=None, kw_only=True)
    vm_mismatch: str | None = field(default=None, kw_only=True)
    vm_newpassword: Secret | None = field(default=None, kw_only=True)
    vm_newuser: str | None = field(default=None, kw_only=True)
    vm_passchanged: str | None = field(default=None, kw_only=True)
    vm_password: Secret | None = field(default=None, kw_only=True)
    vm_pls_try_again: str | None = field(default=None, kw_only=True)
    vm_prepend_timeout: str | None = field(default=None, kw_only=True)
    vm_reenterpassword: Secret | None = field(default=None, kw_only=True)
    volgain: float | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
