"""modules.conf: modules that Asterisk 22 has no more."""

from __future__ import annotations

from collections.abc import Iterable

from asterconf import schema
from asterconf.migrate.plan import Codemod, Draft, Style, options_of
from asterconf.source import fold

_INSTEAD = {
    "chan_sip": (
        "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_pjproject",
        "res_pjsip", "res_pjsip_session", "res_pjsip_pubsub", "res_pjsip_exten_state",
        "res_pjsip_mwi", "res_pjsip_mwi_body_generator", "res_pjsip_pidf_body_generator",
        "res_pjsip_dialog_info_body_generator", "res_pjsip_xpidf_body_generator",
        "res_pjsip_authenticator_digest", "res_pjsip_outbound_authenticator_digest",
        "res_pjsip_endpoint_identifier_user", "res_pjsip_endpoint_identifier_ip",
        "res_pjsip_endpoint_identifier_anonymous", "res_pjsip_registrar",
        "res_pjsip_outbound_registration", "res_pjsip_sdp_rtp", "res_pjsip_nat",
        "res_pjsip_caller_id", "res_pjsip_dtmf_info", "res_pjsip_header_funcs",
        "res_pjsip_rfc3326", "res_pjsip_refer", "res_pjsip_acl", "res_pjsip_logger",
        "res_pjsip_diversion",
        "res_pjsip_dlg_options", "res_pjsip_empty_info", "func_pjsip_endpoint", "chan_pjsip",
    ),
    "app_macro": ("app_stack",),
    "app_meetme": ("app_confbridge",),
    "app_monitor": ("app_mixmonitor",),
    "res_monitor": ("app_mixmonitor",),
}  # fmt: skip
"""What has to be loaded in the place of a module that is gone."""


def _needed(names: Iterable[str]) -> list[str]:
    """Return modules, each behind those that it needs."""
    known, found = schema.at("22").modules(), list[str]()
    for name in names:
        facts = known.get(name)
        for one in (*_needed(facts.requires if facts is not None else ()), name):
            if one not in found:
                found.append(one)
    return found


_BY_OPTION = {
    "t38pt_udptl": "res_pjsip_t38", "outofcall_message_context": "res_pjsip_messaging",
    "messagecontext": "res_pjsip_messaging", "encryption": "res_srtp", "dtlsenable": "res_srtp",
    "supportpath": "res_pjsip_path", "snom_aoc_enabled": "res_pjsip_aoc",
    "recordonfeature": "res_pjsip_one_touch_record_info",
    "recordofffeature": "res_pjsip_one_touch_record_info",
}  # fmt: skip
"""Modules that only some settings of sip.conf need."""


def _for_sip(draft: Draft, style: Style) -> list[str]:
    """Return the modules that stand for chan_sip with the settings of sip.conf."""
    found = [*_INSTEAD["chan_sip"], *(("res_pjsip_config_wizard",) if style == "wizard" else ())]
    for _, _, node in options_of(draft.workspace, "sip.conf"):
        option = fold(node.name)
        if option in _BY_OPTION and fold(node.value) not in {"", "no", "off", "false", "0"}:
            found.append(_BY_OPTION[option])
        if option == "transport" and "ws" in fold(node.value):
            found.append("res_pjsip_transport_websocket")
    return list(dict.fromkeys(found))


def _run(draft: Draft, style: Style) -> None:
    gone = schema.at("22").gone_modules()
    found = [(ref, node) for ref, _, node in options_of(draft.workspace, "modules.conf")]
    loaded = {fold(n.value).removesuffix(".so") for _, n in found if fold(n.name) == "load"}
    is_sip = "chan_sip" in loaded or draft.workspace.resolve("sip.conf") is not None
    needed = {*_needed(_for_sip(draft, style))} if is_sip else set()
    for module in loaded & _INSTEAD.keys():
        needed.update(_needed(_INSTEAD[module]))
    for ref, node in found:
        word, module = fold(node.name), fold(node.value).removesuffix(".so")
        if word not in {"load", "noload", "preload", "require", "preload-require"}:
            continue
        if word == "noload" and module in needed:
            draft.drop(ref)
            draft.tell(ref, node, "changed", "what is moved needs this module")
            continue
        if module not in gone:
            continue
        own = node.value.endswith(".so")
        draft.drop(ref)
        wanted = _for_sip(draft, style) if module == "chan_sip" else _INSTEAD.get(module, ())
        more = [one for one in _needed(wanted) if one not in loaded]
        if word == "noload" or not more:
            draft.tell(ref, node, "exact", f"{module} is gone, so the line says nothing")
            continue
        loaded.update(more)
        lines = [(node.name, f"{one}.so" if own else one) for one in more]
        draft.below(ref, *lines)
        draft.tell(ref, node, "exact", f"these do what {module} did", ", ".join(more))


MODULES = Codemod(
    "modules",
    "Lines of modules.conf about modules that are gone go, or name those that replace them.",
    "the modules of Asterisk 22.10.1",
    _run,
)
