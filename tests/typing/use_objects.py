"""A user's script: what a type checker knows about the objects. It is checked, never run."""

from __future__ import annotations

from typing import Any, assert_type

import attrs

import asterconf
from asterconf.acl import NamedAcl
from asterconf.confbridge import BridgeProfile, ConfBridgeMenu, UserProfile
from asterconf.http import HttpSettings
from asterconf.linter import Diagnostics
from asterconf.logger import LoggerSettings
from asterconf.manager import ManagerUser
from asterconf.model import ConfigObject, Secret, Setting
from asterconf.modules import Modules
from asterconf.musiconhold import MusicOnHoldClass
from asterconf.parking import ParkingLot
from asterconf.pjsip import (
    Acl,
    Aor,
    Auth,
    Endpoint,
    Extension,
    Global,
    Identify,
    Registration,
    System,
    Transport,
    Trunk,
    expand,
    fold,
)
from asterconf.queues import Queue, QueueMember, QueueSettings
from asterconf.rtp import RtpSettings
from asterconf.voicemail import Mailbox, TimeZone, VoicemailSettings

conf = asterconf.load("/etc/asterisk")

endpoint = Endpoint("6001", context="from-home", allow=("g722", "ulaw"), direct_media=False)
assert_type(endpoint.allow, tuple[str, ...])
assert_type(endpoint.direct_media, bool)
assert_type(endpoint.rtp_timeout, int)
assert_type(endpoint.callerid, asterconf.CallerID | None)
assert_type(attrs.evolve(endpoint, rtp_timeout=30).rtp_timeout, int)
Endpoint("6001", rtp_timeout="30")  # type: ignore[arg-type]
Endpoint("6001", "from-home")  # type: ignore[call-arg]
Endpoint("6001", no_such_option=1)  # type: ignore[call-arg]
endpoint.context = "other"  # type: ignore[misc]

assert_type(Aor("6001", qualify_timeout=3.0).qualify_timeout, float)
assert_type(Auth("6001", password=Secret("x")).password, Secret | None)
assert_type(Identify("p", match=("192.0.2.1",)).match, tuple[str, ...])
assert_type(Registration("p", max_retries=4294967295).max_retries, int)
assert_type(Transport("udp", bind="0.0.0.0").protocol, str)
assert_type(Acl("a", rules=(Setting("permit", "10.0.0.0/8"),)).rules, tuple[Setting, ...])
assert_type(NamedAcl("a").rules, tuple[Setting, ...] | None)
assert_type(Global("global").user_agent, str | None)
assert_type(System("system").timer_t1, int)
assert_type(RtpSettings(rtpstart=10000).rtpstart, int)
assert_type(ParkingLot("sales", parkpos=(801, 820)).parkpos, tuple[int, int])
assert_type(ManagerUser("me", read=("all",)).read, tuple[str, ...])
assert_type(HttpSettings(enabled=True).bindport, int)
assert_type(Modules(autoload=True).noload, tuple[str, ...] | None)
assert_type(LoggerSettings(queue_log=True).dateformat, str)
assert_type(MusicOnHoldClass("jazz", mode="files").sort, tuple[str, ...])
assert_type(BridgeProfile("b").max_members, int)
assert_type(UserProfile("u", pin=Secret("1")).pin, Secret | None)
assert_type(ConfBridgeMenu("m").keys, tuple[Setting, ...] | None)
assert_type(QueueSettings(autofill=True).autofill, bool)
assert_type(VoicemailSettings(maxmsg=10).maxmsg, int)
assert_type(TimeZone("east", "America/New_York", "Q").timezone, str)
assert_type(Queue("q", members=[QueueMember("PJSIP/1")]).members, tuple[QueueMember, ...])
assert_type(Mailbox("6000").address, str)

assert_type(conf.transports["udp"], Transport)
assert_type(conf.extensions["6001"], Extension)
assert_type(conf.trunks["voipms"], Trunk)
assert_type(conf.extensions.by_number("6001"), Extension)
assert_type(conf.objects(Endpoint)["6001"], Endpoint)
generic = conf.objects("confbridge.conf", "menu")["usual"]
assert_type(generic, ConfigObject)
assert_type(generic.evolve(template="other"), ConfigObject)
assert_type(conf.extensions.to_records(), list[dict[str, Any]])
assert_type(conf.where(endpoint, "context"), asterconf.Position | None)
assert_type(conf.check(), Diagnostics)
assert_type(conf.check().errors[0], asterconf.Diagnostic)
assert_type(fold(expand(generic)), ConfigObject | None)
assert_type(asterconf.structure({"name": "6001"}, Endpoint), Endpoint)
