"""Applications that ring, connect and record: Dial, Queue, Page, VoiceMail and their like."""

from __future__ import annotations

from typing import ClassVar

import attrs

from asterconf.apps._application import ITEMS, NUMBER, OPTIONS, SOUNDS, Application
from asterconf.apps._layouts import Layout, commas
from asterconf.apps._values import Number, Options, items, number, options, sounds, text

__all__ = ["ConfBridge", "Dial", "Page", "Park", "Queue", "VoiceMail", "VoiceMailMain"]


@attrs.frozen(repr=False)
class Dial(Application):
    """Ring devices until one answers, then connect the caller: `Dial(PJSIP/6001&PJSIP/6002,25,t)`.

    Attributes:
        targets: devices as `Technology/resource`, all of them rung at once.
        timeout: seconds they ring; None: until the caller gives up. `10^5` is answer and
            no-progress time.
        options: letters, such as `{"t": True, "U": "sub^arg"}`.
        url: sent to the device that answers, if it can take it.

    Source: apps/app_dial.c, dial_exec_full.
    """

    layout: ClassVar[Layout] = commas(4)

    targets: tuple[str, ...] = attrs.field(default=(), converter=items, metadata=ITEMS)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    url: str = attrs.field(default="", converter=text)


@attrs.frozen(repr=False)
class Queue(Application):
    """Let the caller wait in a queue: `Queue(home-phones,t,,,60)`.

    Attributes:
        queuename: a section of queues.conf.
        options: letters.
        url: sent to the member that answers.
        announceoverride: sounds for the member instead of the queue's own.
        timeout: seconds the caller waits at most; None: no limit.
        agi: an AGI script for the member's channel.
        gosub: a context (`CONTEXT,EXTEN,PRIORITY`) that the member's channel runs.
        rule: a section of queuerules.conf.
        position: where in the queue the caller joins.

    Source: apps/app_queue.c, queue_exec.
    """

    layout: ClassVar[Layout] = commas(9)
    end_if_empty: ClassVar[bool] = True

    queuename: str = attrs.field(converter=text)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    url: str = attrs.field(default="", converter=text)
    announceoverride: tuple[str, ...] = attrs.field(default=(), converter=sounds, metadata=SOUNDS)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    agi: str = attrs.field(default="", converter=text)
    gosub: str = attrs.field(default="", converter=text)
    rule: str = attrs.field(default="", converter=text)
    position: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


@attrs.frozen(repr=False)
class Page(Application):
    """Speak through the loudspeakers of several phones: `Page(PJSIP/6001&PJSIP/6002,i)`.

    Attributes:
        targets: devices as `Technology/resource`.
        options: letters.
        timeout: seconds to wait for the phones.

    Source: apps/app_page.c, page_exec.
    """

    layout: ClassVar[Layout] = commas(3)

    targets: tuple[str, ...] = attrs.field(default=(), converter=items, metadata=ITEMS)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


@attrs.frozen(repr=False)
class VoiceMail(Application):
    """Let the caller leave a message: `VoiceMail(6000@default,u)`.

    Attributes:
        mailboxes: boxes as `number@context`; the message goes to all of them.
        options: letters. The old prefix form `u6000` is a mailbox called `u6000`.

    Source: apps/app_voicemail.c, vm_exec.
    """

    layout: ClassVar[Layout] = commas(2)

    mailboxes: tuple[str, ...] = attrs.field(converter=items, metadata=ITEMS)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class VoiceMailMain(Application):
    """Let somebody hear their messages: `VoiceMailMain(6000@default,s)`.

    Attributes:
        mailbox: a box as `number@context`; empty: the caller is asked for it.
        options: letters.

    Source: apps/app_voicemail.c, vm_execmain.
    """

    layout: ClassVar[Layout] = commas(2)

    mailbox: str = attrs.field(default="", converter=text)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class ConfBridge(Application):
    """Join a conference: `ConfBridge(family,,,family_menu)`.

    Attributes:
        conference: its name; the first caller opens it.
        bridge_profile, user_profile, menu: sections of confbridge.conf.

    Source: apps/app_confbridge.c, confbridge_exec.
    """

    layout: ClassVar[Layout] = commas(4)
    end_if_empty: ClassVar[bool] = True

    conference: str = attrs.field(converter=text)
    bridge_profile: str = attrs.field(default="", converter=text)
    user_profile: str = attrs.field(default="", converter=text)
    menu: str = attrs.field(default="", converter=text)


@attrs.frozen(repr=False)
class Park(Application):
    """Park the call: `Park(default,s)`.

    Attributes:
        parking_lot: a section of res_parking.conf; empty: the default one.
        options: letters.

    Source: res/parking/parking_applications.c, park_app_parse_data, which declares a third field
    for what is too much.
    """

    layout: ClassVar[Layout] = commas(3)

    parking_lot: str = attrs.field(default="", converter=text)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
