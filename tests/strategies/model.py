"""Model objects: any that the constructors accept, from alphabets small enough to collide."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from asterconf.model import (
    CallerID,
    Extension,
    Mailbox,
    Queue,
    QueueMember,
    Secret,
    Transport,
    Trunk,
    phones,
)
from asterconf.model.dialplan import (
    Dialplan,
    DialplanContext,
    DialplanExtension,
    DialplanGeneral,
    DialplanStep,
    Hint,
    Include,
    Switch,
)
from asterconf.model.queues import STRATEGIES

texts = st.text('ab1 <>",\\;$é\t\udc80', max_size=5)
names = st.text("ab16-_.", min_size=1, max_size=3)
numbers = st.text("16*#+", min_size=1, max_size=3)
secrets = st.builds(Secret, texts)
flags = st.none() | st.booleans()
small = st.none() | st.integers(0, 3)
seconds = st.none() | st.sampled_from([0.0, 0.5, 3.0])
words = st.text("ab1!=", min_size=1, max_size=3)
codecs = st.none() | st.lists(words, max_size=2)
encryptions = st.sampled_from([None, "no", "sdes", "dtls"])


def _number_part(text: str) -> str:
    return text.translate({ord("<"): None, ord(">"): None}).strip(" \t")


callerids = st.builds(CallerID, texts, texts.map(_number_part))
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
transports = st.builds(
    Transport,
    name=names,
    protocol=st.sampled_from(["udp", "tcp", "tls"]),
    local_net=st.lists(words, max_size=2),
    external_signaling_port=small,
    **_optional(
        "bind", "external_media_address", "external_signaling_address", "cert_file",
        "priv_key_file", "ca_list_file", "method", kind=st.none() | texts,
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
queues = st.builds(
    Queue,
    name=names,
    strategy=st.sampled_from(STRATEGIES),
    members=st.lists(members, max_size=2),
    retry=st.integers(1, 6),
    announce_holdtime=st.sampled_from(["yes", "no", "once"]) | st.booleans(),
    announce_position=st.sampled_from(["yes", "no", "limit", "more"]),
    autofill=flags,
    autopause=st.sampled_from(["yes", "no", "all"]),
    timeoutpriority=st.sampled_from(["app", "conf"]),
    **_optional(
        "timeout", "maxlen", "weight", "wrapuptime", "servicelevel", "memberdelay",
        "announce_frequency", "periodic_announce_frequency", kind=st.integers(0, 20),
    ),
    **_optional("musicclass", "context", "announce", "joinempty", "leavewhenempty", kind=texts),
    **_optional(
        "ringinuse", "timeoutrestart", "reportholdtime", "setinterfacevar", kind=st.booleans()
    ),
)  # fmt: skip
plain = st.text("ab1 ;", max_size=4)
mailboxes = st.builds(
    Mailbox,
    number=st.text("12", min_size=1, max_size=2),
    context=names,
    initial_pin=st.none() | st.builds(Secret, plain),
    name=plain,
    email=plain,
    pager=plain,
    options=st.lists(words, max_size=2),
)

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
    callerids, secrets, extensions, trunks, transports, members, queues, mailboxes, contexts,
    dialplans,
)  # fmt: skip
"""Any object of the model."""
