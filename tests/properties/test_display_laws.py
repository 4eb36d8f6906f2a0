"""Views and pictures of any file: they never fail, are well made, and show no secret."""

import re

from hypothesis import given
from hypothesis import strategies as st

import asterconf
from asterconf.display import html, view
from asterconf.testing.strategies import objects as model
from asterconf.testing.strategies import text
from tests.unit.display.markup import Markup

names = st.sampled_from(["password", "secret", "inbound_auth/password", "md5_cred", "MYPASS"])
secrets = st.text("abXY01/@:;,'\"<&=|()[]{}$ ", min_size=1, max_size=8).map(
    lambda tail: f"hush{tail.rstrip()}"
)
before = st.sampled_from(["", ";", "; ", ";;-"])
separators = st.sampled_from(["=", " = ", "=>", " => "])


@given(text.files())
def test_any_file_has_a_view_that_is_well_made(content: str) -> None:
    document = asterconf.parse(content, name="x.conf")
    for thing in (document, *document.parts, document.diagnostics):
        made = html(thing)
        Markup(made)
        made.encode()
        str(view(thing)).encode()


@given(text.files(), st.sampled_from(["extensions.conf", "pjsip.conf", "voicemail.conf"]))
def test_any_configuration_has_views_and_pictures(content: str, name: str) -> None:
    conf = asterconf.Config.from_texts({name: content})
    for thing in (conf, conf.effective(name), *conf.effective(name).sections, conf.dialplan,
                  *conf.dialplan.contexts):  # fmt: skip
        Markup(html(thing))
        str(view(thing)).encode()
    graph = conf.map(limit=None)
    (graph.mermaid() + graph.dot() + conf.dialplan.graph().dot()).encode()
    assert {edge.source for edge in graph.edges} <= {node.key for node in graph.nodes}


@given(model.objects)
def test_any_object_has_a_view_that_is_well_made(thing: object) -> None:
    Markup(html(thing))
    str(view(thing)).encode()


@given(before, names, separators, secrets)
def test_a_secret_is_masked_live_and_commented(
    comment: str, name: str, separator: str, secret: str
) -> None:
    document = asterconf.parse(f"[a]\n{comment}{name}{separator}{secret}\n", name="x.conf")
    first = re.split(r"[^a-zA-Z0-9]", secret)[0]  # a `;` ends the value
    for thing in (document, document.sections[0]):
        assert first not in html(thing)
        assert first not in str(view(thing))
    assert first in html(document, reveal=True)


@given(st.integers(1, 12), st.lists(st.tuples(st.integers(0, 30), st.integers(0, 30))))
def test_grouping_never_exceeds_its_limit_by_more_than_the_kinds(
    limit: int, jumps: list[tuple[int, int]]
) -> None:
    lines = [f"[c{chr(97 + n % 26)}{n}]" for n in range(31)]
    for source, target in jumps:
        lines[source] += f"\nexten => {target},1,Goto({lines[target].partition(']')[0][1:]},1,1)"
    conf = asterconf.Config.from_texts({"extensions.conf": "\n".join(lines) + "\n"})
    graph = conf.dialplan.graph(limit=limit)
    kinds = {node.kind for node in conf.dialplan.graph(limit=None).nodes} - {"extension"}
    missing = bool(jumps)  # an extension that is not there is a box of its own
    assert len(graph.nodes) <= max(limit, 1 + len(kinds) + missing)
    assert {e.source for e in graph.edges} | {e.target for e in graph.edges} <= {
        node.key for node in graph.nodes
    }
