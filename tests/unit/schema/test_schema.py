"""The facts about Asterisk 22 and how they are looked up."""

from __future__ import annotations

import pytest

from asterconf import schema


def test_all_files_objects_and_options_are_there() -> None:
    files = [schema.file(name) for name in schema.files()]
    objects = [kind for file in files if file for kind in file.objects.values()]
    assert len(files) == 60
    assert len(objects) == 129
    assert sum(len(kind.options) for kind in objects) == 1548
    assert len(schema.applications()) == 200
    assert len(schema.functions()) == 218


def test_every_reference_leads_somewhere() -> None:
    for name in schema.files():
        file = schema.file(name)
        assert file is not None
        for kind in file.objects.values():
            for option in kind.options.values():
                for reference in option.references:
                    if reference.file.endswith(".conf") and reference.object:
                        target = schema.file(reference.file)
                        assert target is not None, (name, option.name)
                        assert reference.object in target.objects, (name, option.name)


@pytest.mark.parametrize(
    ("file", "section", "items", "kind"),
    [
        ("pjsip.conf", "a", [("type", "endpoint")], "endpoint"),
        ("pjsip.conf", "a", [("TYPE", "aor")], "aor"),
        ("pjsip.conf", "a", [("type", "Aor")], None),
        ("pjsip.conf", "a", [("type", "aor"), ("type", "auth")], "aor"),
        ("pjsip_wizard.conf", "a", [("type", "x"), ("type", "wizard")], "wizard"),
        ("queues.conf", "GENERAL", [], "general"),
        ("queues.conf", "home", [], "queue"),
        ("etc/rtp.conf.sample", "general", [], "general"),
        ("rtp.conf", "other", [], None),
    ],
)
def test_a_section_is_recognised_as_its_reader_does(
    file: str, section: str, items: list[tuple[str, str]], kind: str | None
) -> None:
    facts = schema.file(file)
    assert facts is not None
    found = facts.object_of(section, items)
    assert (found.name if found else None) == kind


def test_a_prefixed_option_of_the_wizard_is_the_option_of_its_object() -> None:
    facts = schema.file("pjsip_wizard.conf")
    assert facts is not None
    wizard = facts.objects["wizard"]
    allow = wizard.option("endpoint/allow")
    assert allow is not None
    assert (allow.file, allow.object, allow.type, allow.repeat) == (
        "pjsip.conf", "endpoint", "codecs", "accumulate",
    )  # fmt: skip
    assert wizard.option("Endpoint/allow") is None  # prefixes are case sensitive
    assert wizard.option("endpoint/nothing") is None


def test_what_a_module_reads_and_needs_is_known() -> None:
    assert schema.readers("queues.conf") == ("app_queue",)
    assert schema.readers("nothing.conf") == ()
    assert "res_pjsip" in schema.modules()["chan_pjsip"].requires
    assert schema.removed("sip.conf") == ("chan_sip", "21.0.0")
