"""No public object is without a view, and what a line or a fact looks like."""

import inspect
from collections.abc import Iterator
from importlib import import_module

import attrs
import pytest

import asterconf
from asterconf import apps, schema
from asterconf.display import html, view
from asterconf.syntax.lines import Line
from tests.test_public import MODULES
from tests.unit.display.markup import Markup

WORDS = {"CallerID", "Position", "Progress", "Secret"}
"""Values that are a word or two: their `repr` says all there is."""

ELSEWHERE = {"Plan", "Feature"}
"""No values: what a feature fills in, and what it must be able to do."""


def _is_application(thing: object) -> bool:
    return inspect.isclass(thing) and issubclass(thing, apps.Application)


def classes() -> Iterator[type[object]]:
    """Yield the classes that the library offers: at its top, by file, and of the dialplan."""
    offered = [getattr(asterconf, name) for name in asterconf.__all__]
    offered += [cls for name in apps.__all__ if _is_application(cls := getattr(apps, name))]
    for module, names in MODULES.items():
        offered += [getattr(import_module(f"asterconf.{module}"), name) for name in names]
    for cls in offered:
        if inspect.isclass(cls) and not issubclass(cls, (BaseException, tuple)):
            yield cls


def test_every_public_class_has_a_view() -> None:
    found = {cls.__name__ for cls in classes() if not hasattr(cls, "_repr_html_")}
    assert found <= WORDS | ELSEWHERE
    assert len(set(classes())) > 80


def test_every_public_value_can_be_shown_with_its_defaults_alone() -> None:
    shown = 0
    for cls in classes():
        fields = attrs.fields(cls) if attrs.has(cls) and cls is not apps.Application else ()
        if fields and all(field.default is not attrs.NOTHING for field in fields):
            assert Markup(html(cls())).words
            shown += 1
    assert shown > 20


def everything(conf: asterconf.Config) -> Iterator[object]:
    """Yield every line and effective item of a configuration, steps and what they run."""
    for name in conf.files:
        yield from conf[name].nodes
        for section in conf.effective(name).sections:
            yield from section.items
    for context in conf.dialplan:
        yield from (*context.includes, *context.switches)
        for extension in context.extensions:
            yield from filter(None, (extension.hint, *extension.steps))


def test_no_line_shows_a_secret_wherever_it_stands() -> None:
    conf = asterconf.load("examples/inherited")
    every = list(everything(conf))
    assert len(every) > 400
    for one in every:
        for text in (repr(one), html(one), str(view(one))):
            assert "hush" not in text
            assert not any(pin in text for pin in ("7031", "7033", "80808"))
    comment = next(n for n in conf["pjsip.conf"].nodes if "hush-old7" in n.text)
    assert repr(comment) == "Comment(';password = ********\\n', line=59, column=1)"
    assert str(view(comment)) == "   59  ;password = ********\n"
    assert str(view(comment, reveal=True)) == "   59  ;password = hush-old7\n"


def test_a_line_is_shown_with_its_number() -> None:
    section = asterconf.parse("[a]\nb = 1 ; c\n")["a"]
    assert str(view(section.nodes[1])) == "    2  b = 1 ; c\n"
    assert isinstance(section.nodes[1], Line)


def test_an_effective_item_says_where_it_is_from() -> None:
    item = asterconf.load("examples/inherited").effective("queues.conf")["sales"].items[0]
    assert str(view(item)) == "strategy = ringall  ·  queues.conf:5 through [team]\n"


def test_an_object_inside_another_is_folded_below_it() -> None:
    conf = asterconf.load("examples/home")
    seen = Markup(html(conf.endpoints["6001"]))
    assert ["extension", "6001"] in [row[:2] for table in seen.tables for row in table]
    assert any(words.startswith("Extension 6001") for words in seen.folded)
    adopted = Markup(html(asterconf.HomePBX.adopt(conf)))
    assert "HomePBX" in adopted.folded
    assert "Intercom 6000, LocalCalls" in adopted.words


def test_what_asterisk_knows_is_a_table_of_options() -> None:
    facts = schema.file("queues.conf")
    assert facts is not None
    assert "queue in queues.conf  ·  56 options" in str(view(facts.objects["queue"]))
    rows = [row for table in Markup(html(facts.objects["queue"])).tables for row in table]
    assert rows[0] == ["option", "type", "default", "of several lines"]
    assert ["timeout", "int_atoi", "15", "last"] in rows
    assert ["queue", "56"] in [row[:2] for row in Markup(html(facts)).tables[0]]
    option = str(view(facts.objects["queue"].options["timeout"]))
    assert option.startswith("timeout  ·  queue in queues.conf\n")
    assert "  unit     s\n" in option


@pytest.mark.parametrize("name", ["Include", "DialplanGeneral"])
def test_what_has_no_name_is_titled_by_its_class(name: str) -> None:
    plan = asterconf.load("examples/inherited").dialplan
    one = {"Include": plan["internal"].includes[0], "DialplanGeneral": plan.general}[name]
    assert str(view(one)).split("\n")[0] == name
