"""Objects: any that the constructors accept, from alphabets small enough to collide."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import attrs
from hypothesis import strategies as st

from asterconf import schema
from asterconf.acl import NamedAcl
from asterconf.confbridge import BridgeProfile, ConfBridgeMenu, UserProfile
from asterconf.dialplan.lookup import Dialplan
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanGeneral,
    DialplanStep,
    Hint,
    Include,
    Switch,
)
from asterconf.http import HttpSettings
from asterconf.logger import LoggerSettings
from asterconf.manager import ManagerUser
from asterconf.model import Extension, Mailbox, Queue, QueueMember, Secret, Setting, Trunk, phones
from asterconf.model.configobject import ConfigObject, OptionField, SchemaObject
from asterconf.model.queues import QueueSettings
from asterconf.model.voicemail import TimeZone, VoicemailSettings
from asterconf.modules import Modules
from asterconf.musiconhold import MusicOnHoldClass
from asterconf.parking import ParkingLot
from asterconf.pjsip import (
    Acl,
    Aor,
    Auth,
    Endpoint,
    Global,
    Identify,
    Registration,
    System,
    Transport,
)
from asterconf.rtp import RtpSettings
from asterconf.schema import ObjectFacts, OptionFacts
from asterconf.testing.strategies.options import (
    callerids,
    names,
    networks,
    numbers,
    secrets,
    texts,
    values,
)

TYPED = (
    Endpoint, Aor, Auth, Registration, Identify, Transport, Acl, Global, System, NamedAcl,
    QueueSettings, VoicemailSettings, RtpSettings, MusicOnHoldClass, BridgeProfile, UserProfile,
    ConfBridgeMenu, ParkingLot, ManagerUser, HttpSettings, Modules, LoggerSettings,
)  # fmt: skip
"""The classes whose fields are the options of one kind of section."""

flags = st.none() | st.booleans()
small = st.none() | st.integers(0, 3)
seconds = st.none() | st.sampled_from([0.0, 0.5, 3.0])
words = st.text("ab1!=", min_size=1, max_size=3)
codecs = st.none() | st.lists(words, max_size=2)
encryptions = st.sampled_from([None, "no", "sdes", "dtls"])


some_phones = st.sampled_from(
    [
        phones.Yealink("T54W"),
        phones.Yealink("W73P"),
        phones.Linphone(),
        phones.DeskPhone("GXP 2170"),
        phones.Softphone(),
    ]
)


def _optional(*fields: str, kind: st.SearchStrategy[Any]) -> dict[str, st.SearchStrategy[Any]]:
    return dict.fromkeys(fields, kind)


extensions = st.builds(
    Extension,
    name=names,
    number=st.none() | numbers,
    callerid=callerids,
    secret=st.none() | secrets,
    auth_user=st.none() | texts,
    set_var=st.lists(st.sampled_from(["A=1", "A=", "B==x"]), max_size=2),
    codecs=codecs,
    phone=st.none() | some_phones,
    media_encryption=encryptions,
    qualify_timeout=seconds,
    **_optional("max_contacts", "qualify_frequency", kind=small),
    **_optional("context", "mailbox", "subscribe_context", "transport", kind=st.none() | texts),
    **_optional("remove_existing", "direct_media", "rtp_symmetric", "rewrite_contact", kind=flags),
)
trunks = st.builds(
    Trunk,
    name=names,
    remote_hosts=st.lists(words, max_size=2),
    secret=st.none() | secrets,
    codecs=codecs,
    match=codecs,
    media_encryption=encryptions,
    **_optional("max_retries", "qualify_frequency", kind=small),
    **_optional(
        "username", "context", "transport", "contact_user", "from_user", "from_domain",
        "outbound_proxy", kind=st.none() | texts,
    ),
    **_optional(
        "sends_registrations", "sends_auth", "rtp_symmetric", "rewrite_contact", "send_rpid",
        "direct_media", "auth_rejection_permanent", kind=flags,
    ),
)  # fmt: skip
members = st.builds(
    QueueMember,
    interface=names,
    penalty=st.integers(0, 2),
    name=texts,
    state_interface=texts,
    ringinuse=flags,
    wrapuptime=small,
    paused=flags,
)


def _several(facts: OptionFacts) -> st.SearchStrategy[Any]:
    """Return what an object has for an option of which every line counts, or for a group."""
    if facts.type == "acl" and facts.group != facts.name:
        rules = st.builds(Setting, st.sampled_from(["permit", "deny"]), networks)
        return st.lists(rules, max_size=2).map(tuple)
    if facts.group == "lines":
        lines = st.builds(Setting, st.sampled_from(["exten", "same", "include"]), texts)
        return st.lists(lines, max_size=2).map(tuple)
    one = values(facts)
    if facts.repeat != "accumulate" or facts.type in {"codecs", "list", "acl"}:
        return one
    if facts.type == "name=value":
        kept = ("A=1", "B=2") if not facts.raw.get("sep") else ("A=1",)
        return st.sampled_from([(), ("A=1",), kept])
    return st.lists(one, max_size=2).map(tuple)


def _options(kind: ObjectFacts) -> dict[str, st.SearchStrategy[Any]]:
    """Return values for each option that has one name, by what an object has it under."""
    plain = {
        o.group: o
        for o in kind.options.values()
        if o.match == "name" and not kind.is_discriminator(o) and "dialplan_only" not in o.raw
    }
    return {group: _several(o) for group, o in plain.items()}


def config_objects(file: str, kind: str) -> st.SearchStrategy[ConfigObject]:
    """Return objects of one kind of section, each with a few of its options."""
    known = schema.file(file)
    assert known is not None
    options = _options(known.objects[kind])
    some = st.lists(st.sampled_from(sorted(options)), max_size=4, unique=True) if options else None
    said = (
        some.flatmap(lambda chosen: st.fixed_dictionaries({name: options[name] for name in chosen}))
        if some is not None
        else st.just({})
    )
    rule = known.objects[kind].section
    name = st.just(rule["name"]) if rule["by"] == "name" else names
    return st.builds(ConfigObject, st.just(file), st.just(kind), name, said)


def any_config_object() -> st.SearchStrategy[ConfigObject]:
    """Return objects of every kind of section that a file can have."""
    files = [known for file in schema.files() if (known := schema.file(file)) is not None]
    kinds = [
        (file.name, kind.name)
        for file in files
        for kind in file.objects.values()
        if file.loader != "removed" and kind.section["by"] != "none"
    ]
    return st.sampled_from(kinds).flatmap(lambda pair: config_objects(*pair))


def _field(field: OptionField) -> st.SearchStrategy[Any]:
    if field.is_open:
        name = {"sound_": "sound_join", "eventfilter": "eventfilter"}.get(field.key, "1")
        action = "no_op" if name == "1" else "beep"
        return st.lists(st.just(Setting(name, action)), max_size=1).map(tuple)
    return _several(field.facts)


def typed(cls: type[SchemaObject]) -> st.SearchStrategy[Any]:
    """Return objects of a typed class, each with a few of its fields."""
    make: Callable[..., SchemaObject] = cls
    known = {f.name: f for f in cls.option_fields() if f.name not in cls.text_fields}
    some = st.lists(st.sampled_from(sorted(known)), max_size=4, unique=True)
    fields = some.flatmap(
        lambda chosen: st.fixed_dictionaries({name: _field(known[name]) for name in chosen})
    )
    if not cls.section_name() or cls.facts().type_word:
        return st.tuples(names, fields).map(lambda made: make(made[0], **made[1]))
    made = fields.map(lambda made: make(**made))
    return made.filter(_has_ports_as_used)


def _has_ports_as_used(obj: Any) -> bool:  # noqa: ANN401
    """Return whether Asterisk uses the ports as they are given: an even one, and others above."""
    return not isinstance(obj, RtpSettings) or (obj.rtpstart % 2 == 0 and obj.rtpstart < obj.rtpend)


emptiness = st.sampled_from(["yes", "no", "paused,unavailable", "strict"])
queues = st.tuples(typed(Queue), st.lists(members, max_size=2), emptiness, emptiness).map(
    lambda made: attrs.evolve(made[0], members=made[1], joinempty=made[2], leavewhenempty=made[3])
)
"""Queues with their members."""
schema_objects = st.sampled_from(TYPED).flatmap(typed)
"""Objects of the typed classes whose fields are options."""
zones = st.builds(TimeZone, names, st.just("America/New_York"), st.just("'vm-received' Q"))
plain = st.text("ab1 ;", max_size=4).map(str.strip)
mailboxes = st.builds(
    Mailbox,
    number=st.text("12", min_size=1, max_size=2),
    context=names,
    initial_pin=st.none() | st.builds(Secret, plain),
    name=plain,
    email=plain,
    pager=plain,
    options=st.lists(st.sampled_from(["attach=no", "tz=a"]), max_size=2),
)

in_codecs = st.none() | st.sampled_from([("ulaw",), ("g722", "ulaw:20"), ("all", "!g729")])
said_texts = st.none() | texts
house_extensions = st.builds(
    Extension,
    name=names.filter(lambda name: "anonymous" not in name),
    callerid=callerids,
    secret=st.builds(Secret, texts.filter(bool)),
    auth_user=texts.filter(bool),
    set_var=st.sampled_from([(), ("A=1", "B==x")]),
    codecs=in_codecs,
    max_contacts=st.integers(1, 3),
    media_encryption=encryptions,
    qualify_timeout=seconds,
    qualify_frequency=small,
    transport=st.none() | texts.filter(bool),
    extra=st.sampled_from([(), ("endpoint/dtmf_mode=info", "aor/minimum_expiration=60")]),
    mailbox=st.sampled_from([None, "", "6000@default", "1,2@a"]),
    subscribed_mailbox=st.sampled_from([None, "", "6000@default"]),
    **_optional("context", "subscribe_context", kind=said_texts),
    **_optional("remove_existing", "direct_media", "rtp_symmetric", "rewrite_contact", kind=flags),
)
"""Extensions that can stand in a file: they may register, and prove who they are."""
house_trunks = st.builds(
    Trunk,
    name=names.filter(lambda name: "anonymous" not in name),
    remote_hosts=st.sampled_from([("a.example",), ("a.example:5060", "192.0.2.1")]),
    username=st.text("ab1", min_size=1, max_size=3),
    secret=st.builds(Secret, texts.filter(bool)),
    codecs=in_codecs,
    match=st.sampled_from([None, ("192.0.2.0/24",), ("192.0.2.7", "a.example")]),
    media_encryption=encryptions,
    sends_auth=st.just(value=True),
    sends_registrations=st.just(value=True),
    transport=st.none() | texts.filter(bool),
    outbound_proxy=st.none() | texts.filter(bool),
    extra=st.sampled_from([(), ("endpoint/dtmf_mode=info", "registration/expiration=60")]),
    **_optional("max_retries", "qualify_frequency", kind=small),
    **_optional("context", "contact_user", "from_domain", kind=said_texts),
    from_user=st.none() | st.text("ab1", max_size=3),
    **_optional(
        "rtp_symmetric", "rewrite_contact", "send_rpid", "direct_media",
        "auth_rejection_permanent", kind=flags,
    ),
)  # fmt: skip
"""Trunks that can stand in a file: we register there and log in."""

steps = st.builds(
    DialplanStep,
    st.integers(-1, 3),
    names,
    texts,
    st.none() | names,
    label_hidden=st.booleans(),
)
hints = st.builds(Hint, st.lists(names, max_size=2), texts, st.none() | texts, st.none() | names)
dialplan_extensions = st.builds(
    DialplanExtension, names, st.none() | texts, st.lists(steps, max_size=2), st.none() | hints
)
contexts = st.builds(
    DialplanContext,
    names,
    st.lists(dialplan_extensions, max_size=2),
    st.lists(st.builds(Include, names, texts), max_size=2),
    st.lists(names, max_size=2),
    st.lists(st.builds(Switch, st.sampled_from(["switch", "lswitch"]), names, texts), max_size=1),
    st.booleans(),
)
dialplans = st.builds(
    Dialplan,
    st.lists(contexts, max_size=2),
    st.dictionaries(names, texts, max_size=2),
    st.builds(DialplanGeneral, autofallthrough=st.booleans(), overrideswitch=st.none() | texts),
)

objects = st.one_of(
    callerids, secrets, extensions, trunks, members, queues, mailboxes, zones, contexts, dialplans,
    schema_objects, any_config_object(),
)  # fmt: skip
"""Any object of the model."""
