"""Which modules of Asterisk a home PBX needs, and for what."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

__all__ = ["NEEDS", "modules_for"]

NEEDS: Final[dict[str, tuple[str, ...]]] = {
    "core": (
        "pbx_config",
        "app_dial",
        "app_stack",
        "app_exec",
        "app_playback",
        "func_callerid",
        "func_channel",
        "func_logic",
        "func_strings",
        "res_timing_timerfd",
        "bridge_builtin_features",
        "bridge_builtin_interval_features",
        "bridge_holding",
        "bridge_native_rtp",
        "bridge_simple",
        "bridge_softmix",
        "chan_bridge_media",
        "codec_alaw",
        "codec_g722",
        "codec_gsm",
        "codec_resample",
        "codec_ulaw",
        "format_gsm",
        "format_pcm",
        "format_sln",
        "format_wav",
        "format_wav_gsm",
        "res_clioriginate",
        "res_security_log",
    ),
    "sip": (
        "chan_pjsip",
        "res_pjproject",
        "res_pjsip",
        "res_pjsip_acl",
        "res_pjsip_authenticator_digest",
        "res_pjsip_caller_id",
        "res_pjsip_config_wizard",
        "res_pjsip_dtmf_info",
        "res_pjsip_endpoint_identifier_ip",
        "res_pjsip_endpoint_identifier_user",
        "res_pjsip_header_funcs",
        "res_pjsip_logger",
        "res_pjsip_nat",
        "res_pjsip_path",
        "res_pjsip_pubsub",
        "res_pjsip_refer",
        "res_pjsip_registrar",
        "res_pjsip_rfc3326",
        "res_pjsip_sdp_rtp",
        "res_pjsip_session",
        "res_pjsip_mwi",
        "res_pjsip_mwi_body_generator",
        "res_rtp_asterisk",
        "res_sorcery_astdb",
        "res_sorcery_config",
        "res_sorcery_memory",
        "res_srtp",
    ),
    "trunk": ("res_pjsip_outbound_authenticator_digest", "res_pjsip_outbound_registration"),
    "presence": (
        "res_pjsip_dialog_info_body_generator",
        "res_pjsip_outbound_publish",  # exten_state does not load without it
        "res_pjsip_exten_state",
        "res_pjsip_pidf_body_generator",
        "res_pjsip_pidf_digium_body_supplement",
        "res_pjsip_pidf_eyebeam_body_supplement",
        "res_pjsip_xpidf_body_generator",
    ),
    "queue": ("app_queue",),
    "page": ("app_page",),
    "conference": ("app_confbridge",),
    "parking": ("res_parking",),
    "music": ("res_musiconhold",),
    "voicemail": ("app_voicemail",),
}
"""For each thing that a feature may ask for, the modules that it takes."""


def modules_for(needs: Iterable[str]) -> list[tuple[str, tuple[str, ...]]]:
    """Return what is needed and the modules for it, `core` first; no module comes twice.

    What is no key of `NEEDS` is the name of a module, and is put under `others`.
    """
    asked = ["core", *needs]
    found = [(need, NEEDS[need]) for need in NEEDS if need in asked]
    known = {module for _, modules in found for module in modules}
    others = [need for need in dict.fromkeys(asked) if need not in NEEDS and need not in known]
    return [*found, ("others", tuple(others))] if others else found
