"""Laws of option values and of the objects made of them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from asterconf import schema
from asterconf.model.option_types import merge_codecs
from asterconf.model.options import accept, collect, default, read, type_of, write
from asterconf.schema import OptionFacts
from asterconf.testing.strategies import options

FACTS = [
    option
    for name in schema.files()
    if (file := schema.file(name)) is not None and file.loader != "removed"
    for kind in file.objects.values()
    for option in kind.options.values()
    if option.type not in {"noop", "prefixed"} and kind.section["by"] != "none"
    if not option.raw.get("dialplan_only")
]
TYPES = sorted({facts.type for facts in FACTS})
FEWER = settings(max_examples=max(settings().max_examples // 5, 10))
"""For a law that holds for each of many types."""


def of_type(name: str) -> st.SearchStrategy[OptionFacts]:
    return st.sampled_from([facts for facts in FACTS if facts.type == name])


@pytest.mark.parametrize("name", TYPES)
@FEWER
@given(st.data())
def test_what_is_written_is_read_back(name: str, data: Any) -> None:
    facts = data.draw(of_type(name))
    value = data.draw(options.values(facts))
    parsed = read(facts, write(facts, value))
    back = merge_codecs([(True, parsed.value)]) if name == "codecs" else parsed.value  # type: ignore[list-item]
    assert (back, parsed.problem) == (value, "")
    assert accept(facts, value) == value


@pytest.mark.parametrize("name", TYPES)
@FEWER
@given(st.data())
def test_reading_any_text_never_raises_and_what_is_read_can_be_said(name: str, data: Any) -> None:
    facts = data.draw(of_type(name))
    text = data.draw(options.spellings(facts))
    parsed = read(facts, text)
    assert (parsed.value is None) <= bool(parsed.problem)
    if parsed.value is not None and parsed.value == parsed.value:  # not a number is not
        again = read(facts, write(facts, parsed.value)).value
        assert name == "codecs" or again == parsed.value


def test_every_default_is_a_value() -> None:
    odd = set()
    for facts in FACTS:
        value = default(facts)
        if facts.default is not None and value is None:
            odd.add((facts.file, facts.object, facts.name, facts.default))
        assert value is None or type(value) in (*type_of(facts).python, schema_secret())
    assert odd == set()


def schema_secret() -> type:
    from asterconf.model import Secret

    return Secret


def test_two_sections_that_differ_in_spelling_only_are_the_same() -> None:
    kind = schema.file("pjsip.conf").objects["endpoint"]  # type: ignore[union-attr]
    one = [("allow", "!all,ulaw"), ("rtp_timeout", "010"), ("Direct_Media", "On")]
    other = [("direct_media", "1"), ("disallow", "all"), ("allow", "ULAW"), ("rtp_timeout", "8")]
    assert collect(kind, one).options == collect(kind, other).options
