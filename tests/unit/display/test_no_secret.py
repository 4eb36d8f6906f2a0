"""No secret is in anything that a person may look at, unless they asked for it.

Every password of examples/inherited begins with `hush`, its PINs are those below.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

import asterconf
from asterconf.display import html, view
from asterconf.model import Secret

TREE = Path("examples/inherited")
PINS = ("70300", "70311", "70331", "70332", "70333", "80808")


@pytest.fixture(scope="module")
def conf() -> asterconf.Config:
    return asterconf.load(TREE)


def things(conf: asterconf.Config) -> Iterator[object]:
    """Yield everything that has a view."""
    yield conf
    yield conf.sources
    yield conf.diagnostics
    yield conf.check()
    yield from conf.check()
    for name in conf.files:
        yield conf[name]
        yield from conf[name].parts
        effective = conf.effective(name)
        yield effective
        for section in effective.sections:
            yield section
            yield from (section.option(item.name) for item in section.items)
    for objects in (conf.endpoints, conf.extensions, conf.trunks, conf.transports, conf.queues,
                    conf.mailboxes, conf.objects("pjsip.conf", "auth")):  # fmt: skip
        yield objects
        yield from objects.values()
    yield conf.dialplan
    for context in conf.dialplan:
        yield context
        yield from context.extensions
        for extension in context.extensions:
            for step in extension.steps:
                yield from (step, step.application)


def leaks(text: str) -> list[str]:
    found = [pin for pin in PINS if pin in text]
    if "hush" in text:
        found.append(text[text.index("hush") : text.index("hush") + 20])
    return found


def test_the_tree_has_the_secrets_that_these_tests_look_for() -> None:
    every = "".join(path.read_text() for path in TREE.rglob("*.*") if path.is_file())
    assert every.count("hush") == 15
    assert all(pin in every for pin in PINS)


def test_no_secret_is_in_a_view(conf: asterconf.Config) -> None:
    for thing in things(conf):
        assert not leaks(html(thing)), thing
        assert not leaks(str(view(thing))), thing


def test_no_secret_is_in_the_text_that_a_notebook_keeps_beside_a_view(
    conf: asterconf.Config,
) -> None:
    for thing in things(conf):
        assert not leaks(repr(thing)), type(thing)


def test_no_secret_is_in_a_picture(conf: asterconf.Config) -> None:
    graphs = [conf.map(), conf.map(limit=None), conf.dialplan.graph(limit=None)]
    graphs += [context.graph() for context in conf.dialplan]
    for graph in graphs:
        assert not leaks(graph.mermaid() + graph.dot() + repr(graph.nodes) + repr(graph.edges))


def test_no_secret_is_in_records_and_frames(conf: asterconf.Config) -> None:
    pytest.importorskip("pandas", reason="pandas is not installed")
    for objects in (conf.extensions, conf.trunks, conf.mailboxes, conf.queues, conf.endpoints,
                    conf.objects("pjsip.conf", "auth")):  # fmt: skip
        frame = objects.to_frame()
        assert not leaks(json.dumps(objects.to_records()))
        assert not leaks(frame.to_csv() + frame.to_html() + repr(frame))
        assert not leaks(conf.check().to_frame().to_csv())


def test_no_secret_is_in_the_changes() -> None:
    changed = asterconf.load(TREE)
    for name in changed.files:
        for section in changed[name].parts[1:] or changed[name].parts:
            section.add("spare", "1")
    text = changed.changes()
    assert text.count("+spare = 1") > 30
    assert "********" in text
    assert not leaks(text)


def test_every_secret_of_an_object_is_a_secret(conf: asterconf.Config) -> None:
    for extension in conf.extensions.values():
        assert isinstance(extension.secret, Secret)
        assert extension.secret.reveal().startswith("hush")
    for box in conf.mailboxes.values():
        assert box.initial_pin is not None
        assert box.initial_pin.reveal() in PINS


def test_those_who_ask_see_it(conf: asterconf.Config) -> None:
    assert "hush-4fK1-tern-58" in str(view(conf.extensions["201"], reveal=True))
    assert "hush-4fK1-tern-58" in html(conf["pjsip.conf"], reveal=True)
    frame = pytest.importorskip("pandas") and conf.extensions.to_frame(reveal=True)
    assert "hush-4fK1-tern-58" in set(frame["secret"])


def test_the_passwords_among_the_options_of_a_box_are_masked() -> None:
    text = "[default]\n100 => 4711,Sue,,,imapuser=sue|imappassword=hush-hush|attach=yes\n"
    conf = asterconf.Config.from_texts({"voicemail.conf": text})
    box = conf.mailboxes["100@default"]
    assert "imappassword=hush-hush" in box.options
    said = [repr(box), str(view(box)), html(box), str(view(conf)), html(conf.mailboxes)]
    said += [str(conf.mailboxes.to_records()), str(asterconf.diff(conf, conf).to_dict())]
    other = asterconf.Config.from_texts({"voicemail.conf": text.replace("hush", "lush")})
    said += [found.to_text() + found.to_unified() + str(found.to_dict()) + html(found)
             for found in [asterconf.diff(conf, other)] if found]  # fmt: skip
    assert len(said) == 8
    assert not [one for one in said if "hush" in one or "lush" in one]
    assert "imapuser=sue" in repr(box)
    assert "hush-hush" in str(asterconf.unstructure(box))


def test_how_long_a_password_must_be_is_no_secret() -> None:
    conf = asterconf.Config.from_texts({"voicemail.conf": "[general]\nminpassword = 6\n"})
    assert "6" in repr(conf.effective("voicemail.conf")["general"].option("minpassword"))
