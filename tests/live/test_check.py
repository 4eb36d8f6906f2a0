"""What the check calls an error, next to what the real Asterisk refuses."""

from __future__ import annotations

import re
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from asterconf import schema
from asterconf.config import Config
from asterconf.errors import EditError
from asterconf.source import encode
from asterconf.syntax import Document
from asterconf.testing.strategies import options

from .rig import Boot

EXAMPLES = {"dev": 400, "ci": 1_500, "long": 6_000}[settings.get_current_profile_name()]
MODULES = [
    "res_sorcery_config", "res_sorcery_memory", "res_sorcery_astdb", "res_pjproject", "res_pjsip",
    "res_pjsip_acl", "res_pjsip_endpoint_identifier_ip", "res_pjsip_outbound_registration",
    "res_pjsip_pubsub", "res_pjsip_outbound_publish", "res_pjsip_publish_asterisk",
    "res_pjsip_session", "bridge_simple", "chan_pjsip", "res_statsd", "res_geolocation",
    "res_pjsip_config_wizard", "pbx_config",
]  # fmt: skip
BASE = """\
[transport-udp]
type=transport
protocol=udp
bind=127.0.0.1:25060
[e]
type=endpoint
"""
NEEDED = {
    "acl": {},
    "aor": {},
    "asterisk-publication": {},
    "auth": {"username": "u", "password": "p"},
    "domain_alias": {"domain": "d"},
    "endpoint": {},
    "identify": {"endpoint": "e", "match": "127.0.0.1"},
    "inbound-publication": {},
    "outbound-publish": {"server_uri": "sip:a", "event": "p"},
    "registration": {"server_uri": "sip:127.0.0.1:1", "client_uri": "sip:a@b"},
    "resource_list": {"event": "presence", "list_item": "a"},
}
"""Kinds of objects, with what makes them complete."""

Object = tuple[str, list[tuple[str, str]]]


def some_lines(kind: str) -> st.SearchStrategy[list[tuple[str, str]]]:
    """Return one or two lines of a kind of object, with good values and bad ones."""
    known = schema.file("pjsip.conf")
    assert known is not None
    named = [
        o
        for o in known.objects[kind].options.values()
        if o.match == "name"
        and o.type != "noop"
        and not o.raw.get("must_be_readable")  # files are not there
        and not any(r.raw.get("checked_at_load") for r in o.references)
        and o.name not in {"match", "acl", "contact_acl", "cipher"}  # names looked up
    ]
    line = st.sampled_from(named).flatmap(
        lambda o: st.tuples(st.just(o.name), options.spellings(o))
    )
    return st.lists(line, min_size=1, max_size=2)


def generated() -> list[Object]:
    """Return objects, some of them bad."""
    found: list[Object] = []
    kinds = st.sampled_from(sorted(NEEDED))

    @given(kinds.flatmap(lambda kind: st.tuples(st.just(kind), some_lines(kind))))
    @settings(max_examples=EXAMPLES, database=None, suppress_health_check=[*HealthCheck])
    def collect(one: Object) -> None:
        found.append(one)

    collect()
    return found


def test_what_is_called_an_error_asterisk_refuses(boot: Boot, tmp_path: Path) -> None:
    document, made = Document(BASE, name="pjsip.conf"), {}
    for number, (kind, lines) in enumerate(generated()):
        section = document.add_section(f"x{number}x")
        said = {name for name, _ in lines}
        needed = [(n, v) for n, v in NEEDED[kind].items() if n not in said]
        try:
            for name, value in [("type", kind), *needed, *lines]:
                section.add(name, value)
        except EditError:
            document.remove_section(section)
        else:
            made[section.name] = (kind, lines)
    conf = Config.from_texts({"pjsip.conf": str(document)})
    errors = {
        found[1]
        for one in conf.check(host_files=False).errors
        if (found := re.search(r"refuses \S+ '(x\d+x)'", one.message))
    }
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "pjsip.conf").write_bytes(encode(str(document)))
    (folder / "extensions.conf").write_text("[default]\nexten => 1,1,NoOp()\n")
    loads = "".join(f"load = {name}\n" for name in MODULES)
    (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}")
    refused = {
        found[1]
        for record in boot(folder).log_lines(("ERROR",))
        if (found := re.search(r"Could not create an object .* id '(x\d+x)'", record.message))
    }
    assert len(refused) >= EXAMPLES // 20
    assert {name: made[name] for name in errors - refused} == {}
    missed = {name: made[name] for name in refused - errors}
    assert len(missed) <= len(refused) // 10, missed
