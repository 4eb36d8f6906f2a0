"""confbridge.conf: profiles of conferences and of their users, and menus."""

from __future__ import annotations

from typing import ClassVar

from attrs import field, frozen

from asterconf.model.configobject import NamedSection
from asterconf.model.values import Secret, Setting, settings

__all__ = ["BridgeProfile", "ConfBridgeMenu", "UserProfile"]


@frozen(repr=False)
class BridgeProfile(NamedSection, file="confbridge.conf", kind="bridge_profile"):
    """How a conference is run: a section of type `bridge`."""

    open_fields: ClassVar[dict[str, str]] = {"sounds": "sound_"}

    binaural_active: bool = field(default=False, kw_only=True)
    enable_events: bool = field(default=False, kw_only=True)
    internal_sample_rate: str | int = field(default="auto", kw_only=True)
    jitterbuffer: bool = field(default=False, kw_only=True)
    language: str = field(default="en", kw_only=True)
    max_members: int = field(default=0, kw_only=True)
    maximum_sample_rate: str | int = field(default="none", kw_only=True)
    mixing_interval: str = field(default="20", kw_only=True)
    record_command: str | None = field(default=None, kw_only=True)
    record_conference: bool = field(default=False, kw_only=True)
    record_file: str | None = field(default=None, kw_only=True)
    record_file_append: bool = field(default=True, kw_only=True)
    record_file_timestamp: bool = field(default=True, kw_only=True)
    record_options: str | None = field(default=None, kw_only=True)
    regcontext: str | None = field(default=None, kw_only=True)
    remb_behavior: str = field(default="average", kw_only=True)
    remb_estimated_bitrate: int = field(default=0, kw_only=True)
    remb_send_interval: int = field(default=0, kw_only=True)
    video_mode: str | None = field(default=None, kw_only=True)
    video_update_discard: int = field(default=2000, kw_only=True)
    sounds: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    """Sounds of its own, each such as `sound_join=beep`."""
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class UserProfile(NamedSection, file="confbridge.conf", kind="user_profile"):
    """What a user of a conference may do and hears: a section of type `user`."""

    admin: bool = field(default=False, kw_only=True)
    announce_join_leave: bool = field(default=False, kw_only=True)
    announce_join_leave_review: bool = field(default=False, kw_only=True)
    announce_only_user: bool = field(default=True, kw_only=True)
    announce_user_count: bool = field(default=False, kw_only=True)
    announce_user_count_all: bool | int = field(default=False, kw_only=True)
    announcement: str | None = field(default=None, kw_only=True)
    answer_channel: bool = field(default=True, kw_only=True)
    denoise: bool = field(default=False, kw_only=True)
    dsp_drop_silence: bool = field(default=False, kw_only=True)
    dsp_silence_threshold: int = field(default=2500, kw_only=True)
    dsp_talking_threshold: int = field(default=160, kw_only=True)
    dtmf_passthrough: bool = field(default=False, kw_only=True)
    echo_events: bool = field(default=False, kw_only=True)
    end_marked: bool = field(default=False, kw_only=True)
    end_marked_any: bool = field(default=False, kw_only=True)
    hear_own_join_sound: bool = field(default=True, kw_only=True)
    jitterbuffer: bool = field(default=False, kw_only=True)
    marked: bool = field(default=False, kw_only=True)
    music_on_hold_class: str | None = field(default=None, kw_only=True)
    music_on_hold_when_empty: bool = field(default=False, kw_only=True)
    pin: Secret | None = field(default=None, kw_only=True)
    quiet: bool = field(default=False, kw_only=True)
    send_events: bool = field(default=False, kw_only=True)
    startmuted: bool = field(default=False, kw_only=True)
    talk_detection_events: bool = field(default=False, kw_only=True)
    text_messaging: bool = field(default=True, kw_only=True)
    timeout: int = field(default=0, kw_only=True)
    wait_marked: bool = field(default=False, kw_only=True)
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)


@frozen(repr=False)
class ConfBridgeMenu(NamedSection, file="confbridge.conf", kind="menu"):
    """What the keys do in a conference: a section of type `menu`."""

    open_fields: ClassVar[dict[str, str]] = {"keys": "^[0-9A-D*#]+$"}

    keys: tuple[Setting, ...] | None = field(default=None, kw_only=True)
    """Keys and their actions, each such as `1=toggle_mute`."""
    unknown: tuple[Setting, ...] = field(default=(), converter=settings, kw_only=True)
