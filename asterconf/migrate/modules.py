"""modules.conf: modules that Asterisk 22 has no more."""

from __future__ import annotations

from collections.abc import Iterable

from asterconf import schema
from asterconf.migrate.facts import facts
from asterconf.migrate.plan import Draft, Style, codemod, options_of
from asterconf.source import fold


def _needed(names: Iterable[str]) -> list[str]:
    """Return modules, each behind those that it needs."""
    known, found = schema.at("22").modules(), list[str]()
    for name in names:
        facts = known.get(name)
        for one in (*_needed(facts.requires if facts is not None else ()), name):
            if one not in found:
                found.append(one)
    return found


def _for_sip(draft: Draft, style: Style) -> list[str]:
    """Return the modules that stand for chan_sip with the settings of sip.conf."""
    by_option = facts("modules")["by_option"]
    found = list[str](facts("modules")["instead"]["chan_sip"])
    found += ["res_pjsip_config_wizard"] if style == "wizard" else []
    for _, _, node in options_of(draft.workspace, "sip.conf"):
        option = fold(node.name)
        if option in by_option and fold(node.value) not in {"", "no", "off", "false", "0"}:
            found.append(by_option[option])
        if option == "transport" and "ws" in fold(node.value):
            found.append("res_pjsip_transport_websocket")
    return list(dict.fromkeys(found))


def _run(draft: Draft, style: Style) -> None:
    gone = schema.at("22").gone_modules()
    instead = {**facts("modules")["instead"], "chan_sip": _for_sip(draft, style)}
    found = [(ref, node) for ref, _, node in options_of(draft.workspace, "modules.conf")]
    loaded = {fold(n.value).removesuffix(".so") for _, n in found if fold(n.name) == "load"}
    is_sip = draft.workspace.resolve("sip.conf") is not None
    moved = (loaded | ({"chan_sip"} if is_sip else set())) & instead.keys()
    needed = {one for module in moved for one in _needed(instead[module])}
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
        more = [one for one in _needed(instead.get(module, ())) if one not in loaded]
        if word == "noload" or not more:
            draft.tell(ref, node, "exact", f"{module} is gone, so the line says nothing")
            continue
        loaded.update(more)
        lines = [(node.name, f"{one}.so" if own else one) for one in more]
        draft.below(ref, *lines)
        draft.tell(ref, node, "exact", f"these do what {module} did", ", ".join(more))


MODULES = codemod("modules", _run)
