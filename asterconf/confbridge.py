"""confbridge.conf: profiles of conferences and of their users, and menus."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model import checks as check
from asterconf.model.configobject import SchemaObject
from asterconf.model.values import Secret, Setting, settings

__all__ = ["BridgeProfile", "ConfBridgeMenu", "UserProfile"]


@frozen(repr=False)
class BridgeProfile(SchemaObject):
    """How a conference is run: a section of type `bridge`."""

    file: ClassVar[str] = "confbridge.conf"
    kind: ClassVar[str] = "bridge_profile"
    open_fields: ClassVar[dict[str, str]] = {"sounds": "sound_"}

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    binaural_active: bool | None = field(default=None, kw_only=True)
    enable_events: bool | None = field(default=None, kw_only=True)
    internal_sample_rate: str | int | None = field(default=None, kw_only=True)
    jitterbuffer: bool | None = field(default=None, kw_only=True)
    language: str | None = field(default=None, kw_only=True)
    max_members: int | None = field(default=None, kw_only=True)
    maximum_sample_rate: str | int | None = field(default=None, kw_only=True)
    mixing_interval: str | None = field(default=None, kw_only=True)
    record_command: str | None = field(default=None, kw_only=True)
    record_conference: bool | None = field(default=None, kw_only=True)
    record_file: str | None = field(default=None, kw_only=True)
    record_file_append: bool | None = field(default=None, kw_only=True)
    record_file_timestamp: bool | None = field(default=None, kw_only=True)
    record_options: str | None = field(default=None, kw_only=True)
    regcontext: str | None = field(default=None, kw_only=True)
    remb_behavior: str | None = field(default=None, kw_only=True)
    remb_estimated_bitrate: int | None = field(default=None, kw_only=True)
    remb_send_interval: int | None = field(default=None, kw_only=True)
    video_mode: str | None = field(default=None, kw_only=True)
    video_update_discard: int | None = field(default=None, kw_only=True)
    sounds: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    """Sounds of its own, each such as `sound_join=beep`."""
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class UserProfile(SchemaObject):
    """What a user of a conference may do and hears: a section of type `user`."""

    file: ClassVar[str] = "confbridge.conf"
    kind: ClassVar[str] = "user_profile"

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    admin: bool | None = field(default=None, kw_only=True)
    announce_join_leave: bool | None = field(default=None, kw_only=True)
    announce_join_leave_review: bool | None = field(default=None, kw_only=True)
    announce_only_user: bool | None = field(default=None, kw_only=True)
    announce_user_count: bool | None = field(default=None, kw_only=True)
    announce_user_count_all: bool | int | None = field(default=None, kw_only=True)
    announcement: str | None = field(default=None, kw_only=True)
    answer_channel: bool | None = field(default=None, kw_only=True)
    denoise: bool | None = field(default=None, kw_only=True)
    dsp_drop_silence: bool | None = field(default=None, kw_only=True)
    dsp_silence_threshold: int | None = field(default=None, kw_only=True)
    dsp_talking_threshold: int | None = field(default=None, kw_only=True)
    dtmf_passthrough: bool | None = field(default=None, kw_only=True)
    echo_events: bool | None = field(default=None, kw_only=True)
    end_marked: bool | None = field(default=None, kw_only=True)
    end_marked_any: bool | None = field(default=None, kw_only=True)
    hear_own_join_sound: bool | None = field(default=None, kw_only=True)
    jitterbuffer: bool | None = field(default=None, kw_only=True)
    marked: bool | None = field(default=None, kw_only=True)
    music_on_hold_class: str | None = field(default=None, kw_only=True)
    music_on_hold_when_empty: bool | None = field(default=None, kw_only=True)
    pin: Secret | None = field(default=None, kw_only=True)
    quiet: bool | None = field(default=None, kw_only=True)
    send_events: bool | None = field(default=None, kw_only=True)
    startmuted: bool | None = field(default=None, kw_only=True)
    talk_detection_events: bool | None = field(default=None, kw_only=True)
    text_messaging: bool | None = field(default=None, kw_only=True)
    timeout: int | None = field(default=None, kw_only=True)
    wait_marked: bool | None = field(default=None, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class ConfBridgeMenu(SchemaObject):
    """What the keys do in a conference: a section of type `menu`."""

    file: ClassVar[str] = "confbridge.conf"
    kind: ClassVar[str] = "menu"
    open_fields: ClassVar[dict[str, str]] = {"keys": "^[0-9A-D*#]+$"}

    name: str = field(validator=check.one_word)
    """Name of the section; not empty."""
    keys: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    """Keys and their actions, each such as `1=toggle_mute`."""
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
