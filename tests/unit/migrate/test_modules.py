"""modules.conf: which lines go, which modules take their place, and in what order."""

from __future__ import annotations

import pytest

from asterconf.config import Config
from asterconf.migrate.plan import Style


def moved(lines: str, sip: str = "", *, style: Style = "primitives") -> tuple[list[str], list[str]]:
    """Return the lines of `[modules]` after the migration, and the outcomes."""
    texts = {"modules.conf": f"[modules]\n{lines}", **({"sip.conf": sip} if sip else {})}
    conf = Config.from_texts(texts, asterisk="20")
    plan = conf.plan_migrate("modules", style=style)
    plan.apply()
    assert not conf.plan_migrate("modules", style=style)
    return str(conf["modules.conf"]).splitlines()[1:], [one.outcome for one in plan.constructs]


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("load = app_macro.so", ["load = app_stack.so"], ["exact"]),
        ("load = app_macro", ["load = app_stack"], ["exact"]),
        ("preload = app_macro.so", ["preload = app_stack.so"], ["exact"]),
        ("require = app_macro.so", ["require = app_stack.so"], ["exact"]),
        ("preload-require = app_macro.so", ["preload-require = app_stack.so"], ["exact"]),
        ("noload = app_macro.so", [], ["exact"]),
        ("LOAD = App_Macro.so", ["LOAD = app_stack.so"], ["exact"]),
        ("load = app_queue.so", ["load = app_queue.so"], []),
        ("noload = app_queue.so", ["noload = app_queue.so"], []),
        ("autoload = yes", ["autoload = yes"], []),
        ("note = app_macro.so", ["note = app_macro.so"], []),
        ("load = res_monitor.so", ["load = app_mixmonitor.so"], ["exact"]),
        ("load = chan_alsa.so", [], ["exact"]),
    ],
)
def test_a_line_about_a_module_that_is_gone(old: str, new: list[str], said: list[str]) -> None:
    assert moved(f"{old}\n") == (new, said)


def test_what_is_loaded_already_is_not_loaded_twice() -> None:
    assert moved("load = app_macro.so\nload = app_stack.so\n") == (
        ["load = app_stack.so"], ["exact"],
    )  # fmt: skip
    assert moved("load = res_monitor\nrequire = res_monitor.so\n") == (
        ["load = app_mixmonitor"], ["exact", "exact"],
    )  # fmt: skip


@pytest.mark.parametrize(
    ("lines", "new", "said"),
    [
        ("load = app_macro.so\nnoload = app_stack.so\n", ["load = app_stack.so"],
         ["exact", "changed"]),
        ("noload = app_macro.so\nnoload = app_stack.so\n", ["noload = app_stack.so"], ["exact"]),
        ("noload = app_stack.so\n", ["noload = app_stack.so"], []),
    ],
)  # fmt: skip
def test_a_module_that_something_moved_needs_is_kept_out_no_more(
    lines: str, new: list[str], said: list[str]
) -> None:
    assert moved(lines) == (new, said)


@pytest.mark.parametrize(
    ("sip", "new"),
    [("", ["noload = chan_pjsip.so"]), ("[general]\n", [])],
    ids=["no sip.conf", "with sip.conf"],
)
def test_a_sip_conf_needs_the_modules_of_pjsip(sip: str, new: list[str]) -> None:
    assert moved("noload = chan_pjsip.so\n", sip)[0] == new


def test_a_module_comes_behind_those_that_it_needs() -> None:
    lines, _ = moved("load = chan_sip.so\n", "[general]\n")
    at = {line.removeprefix("load = ").removesuffix(".so"): n for n, line in enumerate(lines)}
    assert len(at) == len(lines)
    for first, then in [
        ("res_pjproject", "res_pjsip"),
        ("res_sorcery_config", "res_pjsip"),
        ("res_pjsip", "res_pjsip_session"),
        ("res_pjsip_pubsub", "res_pjsip_exten_state"),
        ("res_pjsip_exten_state", "res_pjsip_pidf_body_generator"),
        ("res_pjsip_session", "chan_pjsip"),
    ]:
        assert at[first] < at[then], (first, then)


@pytest.mark.parametrize(
    ("option", "module"),
    [
        ("t38pt_udptl=yes", "res_pjsip_t38"),
        ("t38pt_udptl=no", ""),
        ("t38pt_udptl=off", ""),
        ("t38pt_udptl=false", ""),
        ("t38pt_udptl=0", ""),
        ("encryption=yes", "res_srtp"),
        ("dtlsenable=yes", "res_srtp"),
        ("outofcall_message_context=m", "res_pjsip_messaging"),
        ("messagecontext=m", "res_pjsip_messaging"),
        ("supportpath=yes", "res_pjsip_path"),
        ("snom_aoc_enabled=yes", "res_pjsip_aoc"),
        ("recordonfeature=automixmon", "res_pjsip_one_touch_record_info"),
        ("recordofffeature=automixmon", "res_pjsip_one_touch_record_info"),
        ("transport=ws", "res_pjsip_transport_websocket"),
        ("transport=udp,WSS", "res_pjsip_transport_websocket"),
        ("transport=udp", ""),
    ],
)
def test_a_setting_of_sip_conf_needs_a_module_more(option: str, module: str) -> None:
    plain = set(moved("load = chan_sip.so\n", "[general]\n")[0])
    lines = set(moved("load = chan_sip.so\n", f"[general]\n{option}\n")[0])
    more = lines - plain
    assert plain <= lines
    assert bool(more) == bool(module)
    assert not module or f"load = {module}.so" in more


def test_only_the_wizard_needs_the_module_of_the_wizard() -> None:
    wizard = "load = res_pjsip_config_wizard.so"
    assert wizard in moved("load = chan_sip.so\n", "[general]\n", style="wizard")[0]
    assert wizard not in moved("load = chan_sip.so\n", "[general]\n")[0]
