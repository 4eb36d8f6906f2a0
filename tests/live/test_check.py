"""What the check calls an error, next to what the real Asterisk refuses."""

from __future__ import annotations

import os
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
from tests.strategies import language

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


OBJECT = re.compile(r"refuses \S+ '(x\d+x)'")


def refusals(boot: Boot, tmp_path: Path, pjsip: str) -> set[str]:
    """Return the ids of the sections of pjsip.conf that Asterisk makes no object of."""
    folder = tmp_path / "etc"
    folder.mkdir()
    (folder / "pjsip.conf").write_bytes(encode(pjsip))
    (folder / "extensions.conf").write_text("[default]\nexten => 1,1,NoOp()\n")
    loads = "".join(f"load = {name}\n" for name in MODULES)
    (folder / "modules.conf").write_text(f"[modules]\nautoload = no\n{loads}")
    return {
        found[1]
        for record in boot(folder).log_lines(("ERROR",))
        if (found := re.search(r"Could not create an object .* id '(x\d+x)'", record.message))
    }


URIS = 500 if os.environ.get("ASTERCONF_FULL") == "1" else 40


def test_asterisk_takes_the_uris_that_the_grammar_takes(boot: Boot, tmp_path: Path) -> None:
    text, made = BASE, {}
    for number, (option, uri) in enumerate(generated_uris(URIS)):
        name = f"x{number}x"
        others = {"server_uri": "sip:127.0.0.1:1", "client_uri": "sip:a@b"}
        lines = {"contact": uri} if option == "contact" else others | {option: uri}
        kind = "aor" if option == "contact" else "registration"
        text += f"[{name}]\ntype={kind}\n"
        text += "".join(f"{key}={value}\n" for key, value in lines.items()).replace(";", "\\;")
        made[name] = (option, uri)
    check = Config.from_texts({"pjsip.conf": text}).check(host_files=False)
    said = {found[1] for one in check.errors if (found := OBJECT.search(one.message))}
    refused = refusals(boot, tmp_path, text)
    assert {name: made[name] for name in said ^ refused} == {}
    assert len(made) // 10 <= len(refused) <= len(made) * 9 // 10


def generated_uris(count: int) -> list[tuple[str, str]]:
    """Return options and URIs for them: from the grammar, and some with a character too many."""
    found: list[tuple[str, str]] = []
    from_lines = st.characters(codec="utf-8", exclude_characters="\0\r\n")
    whole = language.from_grammar("sip_uri") | language.pieces("sip_uri")
    changed = st.tuples(whole, from_lines).map(lambda pair: pair[0][:-2] + pair[1] + pair[0][-2:])
    options = st.sampled_from(["client_uri", "client_uri", "server_uri", "contact"])

    @given(st.tuples(options, whole | changed))
    @settings(max_examples=4 * count, database=None, suppress_health_check=[*HealthCheck])
    def collect(one: tuple[str, str]) -> None:
        option, uri = one
        bare = uri.strip("".join(map(chr, range(33))))
        writable = not re.search(r"[\0\r\n\\]|;-", uri) and bare and len(encode(uri)) < 8000
        asks = option == "server_uri" and re.search("(?i)transport=|sips:", uri)
        if len(found) < count and writable and not asks and (option, bare) not in found:
            found.append((option, bare))

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
        if (found := OBJECT.search(one.message))
    }
    refused = refusals(boot, tmp_path, str(document))
    assert len(refused) >= EXAMPLES // 20
    assert {name: made[name] for name in errors - refused} == {}
    missed = {name: made[name] for name in refused - errors}
    assert len(missed) <= len(refused) // 10, missed
