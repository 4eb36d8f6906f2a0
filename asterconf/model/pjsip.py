"""Extensions and trunks: what PJSIP's many sections are about.

In `Extension` and `Trunk` a field that is None is not said. Asterisk's own default then holds,
which each docstring names; a builder or an edit takes what a template or the phone proposes.
"""

from __future__ import annotations

import attrs

from asterconf.diagnostic import Placed
from asterconf.model import checks as check
from asterconf.model.phones import Phone, phone
from asterconf.model.values import CallerID, Secret, Setting, callerid, secret, settings

__all__ = ["Extension", "Trunk"]

_UINT = 4294967295
_ENCRYPTION = check.choice("no", "sdes", "dtls")


def _number_of(extension: Extension) -> str | None:
    return extension.name if check.dialable(extension.name) else None


def _auth_user_of(extension: Extension) -> str | None:
    return extension.name


def _phone_kind(owner: object, attribute: attrs.Attribute[Phone | None], value: object) -> None:
    if value is not None and not isinstance(value, Phone):
        raise check.FieldError(
            owner, attribute.name, f"must be a phone of asterconf.phones, not {value!r}"
        )


def _variables(
    owner: object, attribute: attrs.Attribute[tuple[str, ...]], value: tuple[str, ...]
) -> None:
    check.each_text(owner, attribute, value)
    for item in value:
        if "=" not in item:
            raise check.FieldError(
                owner, attribute.name, f"must be written NAME=value, not {item!r}"
            )


@attrs.frozen
class Extension(Placed):
    """A phone of the house: somebody who registers here and can be called.

    In PJSIP it is one endpoint, aor and auth of the same name, written as three sections or as
    one section of pjsip_wizard.conf. Endpoint name, dialled number, auth user and caller-id
    number are four separate facts, even where a house keeps them equal.
    """

    name: str = attrs.field(validator=check.one_word)
    """Name of the endpoint and of the address `PJSIP/name`; not empty."""
    number: str | None = attrs.field(
        default=attrs.Factory(_number_of, takes_self=True),
        validator=check.number_text,
        kw_only=True,
    )
    """What others dial to reach it. Unsaid: the name, if it can be dialled. None: no number."""
    callerid: CallerID = attrs.field(factory=CallerID, converter=callerid, kw_only=True)
    """What its calls show inside the house; a text is parsed. Empty: what the phone sends."""
    secret: Secret | None = attrs.field(default=None, converter=secret, kw_only=True)
    """The password it registers with. None: none is set, and its auth is not usable."""
    auth_user: str | None = attrs.field(
        default=attrs.Factory(_auth_user_of, takes_self=True),
        validator=check.optional_text,
        kw_only=True,
    )
    """The user name it registers with. Unsaid: the name. None: it need not authenticate."""
    context: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """Dialplan context in which its calls start. None: Asterisk takes `default`."""
    mailbox: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The box whose lamp it lights, as `6000@default`; several separated by commas. Empty: none,
    whatever a builder would choose. None: not said, no box in Asterisk."""
    subscribed_mailbox: str | None = attrs.field(
        default=None, validator=check.optional_text, kw_only=True
    )
    """The box whose state it may subscribe to (`mailboxes` of its aor). None or empty: none.

    A box in `mailbox` is told to the phone unasked. One box belongs in one of both."""
    subscribe_context: str | None = attrs.field(
        default=None, validator=check.optional_text, kw_only=True
    )
    """Context of the hints it may watch. None or empty: Asterisk takes `context`."""
    codecs: tuple[str, ...] | None = attrs.field(
        default=None, converter=check.optional_texts, validator=check.each_text, kw_only=True
    )
    """Codecs in order of preference, such as `('g722', 'ulaw')`; a text is cut at commas.

    A leading `!all` is not part of it: an endpoint starts with no codec. Where a file allows
    `all` and takes some away, the words stay as written: `('all', '!g729')`. None: no codec.
    """
    max_contacts: int | None = attrs.field(
        default=None, validator=check.whole(0, _UINT), kw_only=True
    )
    """How many devices may be registered at once. None: Asterisk takes 0, nobody may."""
    remove_existing: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether a new registration beyond the limit drops the oldest. None: no, it is refused."""
    qualify_frequency: int | None = attrs.field(
        default=None, validator=check.whole(0, 86400), kw_only=True
    )
    """Seconds between two checks that it is there, 0 to 86400. 0 and None: never."""
    qualify_timeout: float | None = attrs.field(default=None, validator=check.seconds, kw_only=True)
    """Seconds to wait for the answer to a check, fractions allowed. None: 3.0."""
    direct_media: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether its sound may flow past Asterisk. None: yes."""
    rtp_symmetric: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether sound is sent to where its sound comes from, for a phone behind NAT. None: no."""
    rewrite_contact: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether the address it registers is replaced by the one it writes from. None: no."""
    transport: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The transport section it is tied to. None or empty: the one it registered over."""
    media_encryption: str | None = attrs.field(default=None, validator=_ENCRYPTION, kw_only=True)
    """Encryption of its sound: `no`, `sdes` or `dtls`. None: `no`."""
    set_var: tuple[str, ...] = attrs.field(
        default=(), converter=check.texts, validator=_variables, kw_only=True
    )
    """Channel variables of its calls, each `NAME=value`, in file order."""
    phone: Phone | None = attrs.field(
        default=None, converter=phone, validator=_phone_kind, kw_only=True
    )
    """The device that stands there; a text such as `'Yealink T54W'` is parsed. None: not known.
    Asterisk's files do not hold it."""
    extra: tuple[Setting, ...] = attrs.field(default=(), converter=settings, kw_only=True)
    """Every other option of its objects, by its name in a wizard section: `endpoint/dtmf_mode`."""

    __repr__ = check.brief_repr


@attrs.frozen
class Trunk(Placed):
    """A provider: the way to the public telephone network and back.

    In PJSIP it is an endpoint (calls), an aor with the provider's address as its contact, an
    outbound auth (user and password), a registration per host that tells the provider where we
    are, and an identify that knows the provider's calls by their address. All five may come
    from one section of pjsip_wizard.conf.
    """

    name: str = attrs.field(validator=check.one_word)
    """Name of the endpoint, as in `Dial(PJSIP/number@name)`; not empty."""
    remote_hosts: tuple[str, ...] = attrs.field(
        default=(), converter=check.texts, validator=check.each_text, kw_only=True
    )
    """The provider's servers, each `host` or `host:port`, in file order; a text is cut."""
    username: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """User name of the account. None: no outbound auth."""
    secret: Secret | None = attrs.field(default=None, converter=secret, kw_only=True)
    """Password of the account."""
    context: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """Dialplan context of calls that come in. None: Asterisk takes `default`."""
    transport: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """The transport section it uses. None: any that fits."""
    codecs: tuple[str, ...] | None = attrs.field(
        default=None, converter=check.optional_texts, validator=check.each_text, kw_only=True
    )
    """Codecs in order of preference, as in `Extension.codecs`. None: no codec."""
    sends_registrations: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether we register with the provider. None: no."""
    sends_auth: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether we answer the provider's challenges with user name and password. None: no."""
    contact_user: str | None = attrs.field(
        default=None, validator=check.optional_text, kw_only=True
    )
    """The number at which a registration asks to be called. None or empty: Asterisk says `s`."""
    match: tuple[str, ...] | None = attrs.field(
        default=None, converter=check.optional_texts, validator=check.each_text, kw_only=True
    )
    """Addresses that the provider calls from, with a mask if wanted. None: `remote_hosts`, whose
    names are looked up once, when Asterisk loads."""
    qualify_frequency: int | None = attrs.field(
        default=None, validator=check.whole(0, 86400), kw_only=True
    )
    """Seconds between two checks that the provider is there, 0 to 86400. 0 and None: never."""
    rtp_symmetric: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether sound is sent to where the provider's sound comes from. None: no."""
    rewrite_contact: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether the contact of a request is replaced by where it came from. None: no."""
    send_rpid: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether the caller id is also sent as Remote-Party-ID. None: no."""
    direct_media: bool | None = attrs.field(default=None, validator=check.flag, kw_only=True)
    """Whether sound may flow between provider and phone, past Asterisk. None: yes."""
    media_encryption: str | None = attrs.field(default=None, validator=_ENCRYPTION, kw_only=True)
    """Encryption of the sound: `no`, `sdes` or `dtls`. None: `no`."""
    max_retries: int | None = attrs.field(
        default=None, validator=check.whole(0, _UINT), kw_only=True
    )
    """How often a failed registration is tried again, up to 4294967295, which is for ever.
    None: 10."""
    auth_rejection_permanent: bool | None = attrs.field(
        default=None, validator=check.flag, kw_only=True
    )
    """Whether a refused password ends the registration for good. None: yes."""
    from_user: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """User part of From in calls that go out. None or empty: the caller-id number."""
    from_domain: str | None = attrs.field(default=None, validator=check.optional_text, kw_only=True)
    """Host part of From in calls that go out. None or empty: our address."""
    outbound_proxy: str | None = attrs.field(
        default=None, validator=check.optional_text, kw_only=True
    )
    """SIP URI through which everything to the provider goes. None or empty: directly."""
    extra: tuple[Setting, ...] = attrs.field(default=(), converter=settings, kw_only=True)
    """Every other option of its objects, by its name in a wizard section: `endpoint/dtmf_mode`."""

    __repr__ = check.brief_repr
