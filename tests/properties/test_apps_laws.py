"""Laws of application calls: splitting and joining, reading and writing."""

from __future__ import annotations

import attrs
from hypothesis import example, given
from hypothesis import strategies as st
from lark import Token, Tree

from asterconf import _grammars, apps
from asterconf.apps._application import fields_of
from asterconf.language import appcall, args
from tests.strategies import apps as strategies


def tokens(tree: Tree[Token]) -> str:
    return "".join(str(token) for token in tree.scan_values(lambda _: True))


def cut_by_grammar(text: str) -> list[str]:
    """Split at the commas that count, as the tokens of the grammar say it."""
    depth, quoted, fields, field = {"(": 0, "[": 0}, False, [""], 0
    tree = _grammars.parser("appcall", "call", "arguments").parse(text, start="arguments")
    for child in tree.children:
        if isinstance(child, Tree):
            fields[field] += tokens(child)
            continue
        kind, word = child.type, str(child)
        if kind == "SEPARATOR" and not quoted and not any(depth.values()):
            fields.append("")
            field += 1
            continue
        if kind == "QUOTE":
            quoted = not quoted
        elif word in "([":
            depth[word] += 1
        elif word in ")]":
            opener = "(" if word == ")" else "["
            depth[opener] = max(depth[opener] - 1, 0)
        fields[field] += word
    return fields if text else []


@given(strategies.texts)
def test_every_call_is_a_tree_that_joins_to_it(text: str) -> None:
    for whole in (text, f"App({text})", f" App({text}"):
        call = appcall.parse(whole)
        assert tokens(call.tree()) == whole
        assert whole[slice(*call.name_span)] == call.name
        assert whole[slice(*call.data_span)] == call.data
        data = [t for t in call.tree().children if isinstance(t, Tree)]
        assert "".join(map(tokens, data)) == call.data


@given(strategies.texts)
@example('"a\\",b"')
@example("${a,b")
@example("$[a[,],],b")
def test_fields_are_cut_as_the_grammar_says(text: str) -> None:
    fields = args.cut(text, flavour="raw", substituted=False)
    assert [field.value for field in fields] == cut_by_grammar(text)
    assert [text[field.start : field.end] for field in fields] == cut_by_grammar(text)


@given(st.lists(strategies.plain, max_size=5), st.sampled_from(",?:|^=&"))
def test_any_values_without_variables_can_be_joined_clean(values: list[str], mark: str) -> None:
    text = args.join(values, mark)
    assert args.split(text, mark) == tuple(values)


@given(st.lists(st.tuples(st.sampled_from("tUL"), st.none() | strategies.plain), max_size=4))
def test_options_are_cut_back_from_what_they_are_joined_to(
    options: list[tuple[str, str | None]],
) -> None:
    text = args.join_options(options)
    assert [(o.letter, o.argument) for o in args.split_options(text)] == options
    assert apps.Options(options) == apps.Options.parse(text)


@given(strategies.names, strategies.texts)
@example("ExecIf", ",${")
@example("ExecIf", "1?NoOp,a")
def test_any_text_parses_and_comes_back(name: str, data: str) -> None:
    app = apps.parse(name, data)
    assert (app.name, app.data) == (name, data)
    assert str(app) in {f"{name}({data})", name}
    assert apps.parse(name, data) is app
    for start, end in app.spans().values():
        assert 0 <= start <= end <= len(name) + 1 + len(data)
    for fault in apps.inspect(app):
        assert 0 <= fault.span.start <= fault.span.end <= len(str(app))
        assert fault.message
    for jump in apps.jumps(app):
        assert jump.argument


@given(strategies.typed | strategies.calls)
def test_what_is_printed_reads_back(app: apps.Application) -> None:
    assert apps.parse(app.name, app.data) == app
    assert hash(apps.parse(app.name, app.data)) == hash(app)
    call = appcall.parse(str(app))
    assert (call.name, call.data, call.lost) == (app.name, app.data, "")
    assert apps.parse(str(app)) == app


CLEAN = [apps.Dial, apps.Queue, apps.Page, apps.Read, apps.BackGround, apps.ConfBridge, apps.Park]


@given(st.sampled_from(CLEAN), strategies.texts.filter(lambda text: "$" not in text))
@example(apps.Dial, "a\\")
@example(apps.Page, "(a,b")
@example(apps.Dial, "PJSIP/1,,U(a\\")
@example(apps.Park, ",(")
def test_arguments_alone_say_again_what_any_text_said(
    cls: type[apps.Application], data: str
) -> None:
    app = apps.parse(cls.__name__, data)
    again = attrs.evolve(app, source=None)
    assert apps.parse(again.name, again.data) == app


@given(strategies.texts, strategies.texts, st.integers(1, 99))
def test_an_argument_that_is_not_changed_keeps_its_spelling(
    targets: str, options: str, timeout: int
) -> None:
    app = apps.parse("Dial", f"{targets},5,{options}")
    assert isinstance(app, apps.Dial)
    if app.timeout != 5:
        return  # the targets took it in, by a quote, a bracket or a variable that is never closed
    changed = attrs.evolve(app, timeout=timeout)
    assert changed.timeout == timeout
    before, after = str(app), str(changed)
    for name, (start, end) in changed.spans().items():
        if name in app.spans() and name != "timeout":
            assert after[start:end] == before[slice(*app.spans()[name])]


@given(strategies.typed)
def test_evolving_nothing_is_the_same_text(app: apps.Application) -> None:
    assert str(attrs.evolve(app)) == str(app)
    assert tuple(app.arguments_by_name) == tuple(field.name for field in fields_of(type(app)))
