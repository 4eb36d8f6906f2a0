"""Laws of the text layer."""

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lark import Token, Tree

from asterconf.errors import EditError
from asterconf.source import printable
from asterconf.syntax import Blank, Comment, Directive, Document, ErrorLine, Header, Option, parse
from asterconf.syntax.reader import unescape
from asterconf.testing.strategies import text

LOSSLESS = 10_000 if settings.get_current_profile_name() == "ci" else settings().max_examples


@given(st.one_of(text.raw, text.files().map(lambda t: t.encode("utf-8", "surrogateescape"))))
@settings(max_examples=LOSSLESS)
@example(b"\xef\xbb\xbf")
@example(b"\xef\xbb\xbf\xef\xbb\xbf[a]\n")
@example(b"[a]\r\nx=1\r")
def test_any_bytes_come_back(data: bytes) -> None:
    assert bytes(parse(data)) == data


@given(text.files())
def test_any_text_comes_back_and_its_lines_join_to_it(content: str) -> None:
    document = parse(content)
    assert str(document) == content
    assert "".join(n.text for n in document.nodes) == content.removeprefix("\ufeff")


@given(text.files())
@example("\x00")
@example("a--;b\n;--;\n--;[x]\n")
def test_parse_and_everything_to_look_at_never_raises(content: str) -> None:
    document = parse(content)
    for section in document.parts:
        repr(section)
        for option in section.options:
            assert unescape(option.fields.comment) is not None
            assert option.separator in {"=", "=>", "+="}
    for found in (*document.diagnostics, *document.nodes):
        printable(str(found)).encode("utf-8")
    repr(document).encode("utf-8")


@given(text.files())
def test_lines_and_columns_point_at_the_text(content: str) -> None:
    document = parse(content)
    lines = content.removeprefix("\ufeff").split("\n")
    for node in document.nodes:
        if isinstance(node, Header | Option | Directive) and "\x00" not in node.text:
            here = lines[node.line - 1][node.column - 1]
            assert here not in {chr(c) for c in range(1, 33)}
            first = {Header: "[", Directive: "#"}.get(type(node))
            assert first in {None, here}
        if isinstance(node, Option):
            assert node.value_column == node.columns[0]


KINDS = {"header": Header, "option": Option, "directive": Directive, "unreadable": ErrorLine}


@given(text.files())
@example('[a](!,b,+c) x ; y\n a b += \\;c;d\n\\[x => y\n#include "f" ;\n=\n[\n[a](\n\\\n')
@example("[a]\nvvvvv\0" + "v" * 8183 + "--;\n")
@example("[a]\nvvvvv\0" + "v" * 8184 + "\\;x=1\ny=2\n")
@example("[a]\nvvvvv\0" + "v" * 8183 + "--x=1;--\n--;y=2")
def test_the_fast_and_the_fine_reading_agree(content: str) -> None:
    document = parse(content)
    tree = document.tree()
    assert "".join(tree.scan_values(lambda _: True)) == content
    nodes = iter(document.nodes)
    for child in tree.children:
        if not isinstance(child, Tree):
            assert child.type == "BOM"
            continue
        node = next(nodes)
        if child.data == "cut":
            continue
        if child.data == "nothing":
            assert isinstance(node, Comment | Blank)
            continue
        assert type(node) is KINDS[child.data], (node, child)
        assert "".join(child.scan_values(lambda _: True)) == node.text
        tokens = [t for t in child.children if isinstance(t, Token)]
        token: dict[str, str] = {t.type: t for t in tokens}
        if isinstance(node, Option):
            written = token.get("NAME") or token["ESCAPED_NAME"]
            at = node.fields
            assert node.text[slice(*at.name)] == written
            assert node.text[slice(*at.value)] == token.get("VALUE", "")
            assert node.value == unescape(token.get("VALUE", ""))
            assert node.comment.rstrip("\r") == token.get("COMMENT", "").rstrip("\r")
        elif isinstance(node, Header):
            assert node.name == unescape(token.get("SECTION", ""))
            listed = "".join(t for t in tokens if t.type in {"TEMPLATE", "APPEND", "BASE", "COMMA"})
            assert (node.entries is not None) == ("LPAR" in token)
            assert ",".join(node.entries or ()) == unescape(listed)
        elif isinstance(node, Directive):
            assert node.word == unescape(token["DIRECTIVE"][1:])
    assert next(nodes, None) is None


def meaning(document: Document) -> list[object]:
    return [(s.name, s.template, s.inherits, s.items()) for s in document.parts]


names = st.text(alphabet="ab[#\\=+; \té\udcff", max_size=5)
values = st.text(alphabet='ab>=;\\-" \t\n\x00é\udcff', max_size=8)


def same_elsewhere(before: str, after: str, changed: int) -> bool:
    """Tell whether all lines but one (by number, from 1) are the same."""
    old, new = before.split("\n"), after.split("\n")
    return len(old) == len(new) and all(
        a == b for n, (a, b) in enumerate(zip(old, new, strict=True), 1) if n != changed
    )


@given(text.files(), st.data(), values)
def test_setting_a_value_changes_one_line_and_reads_back(
    content: str, data: st.DataObject, value: str
) -> None:
    document = parse(content)
    options = [(s, o) for s in document.parts for o in s.options]
    if not options:
        return
    section, option = data.draw(st.sampled_from(options))
    before = meaning(document)
    try:
        made = section.set(option, value)
    except EditError:
        assert str(document) == content
        assert meaning(document) == before
        return
    assert (made.name, made.value) == (option.name, value)
    assert same_elsewhere(content, str(document), option.line)
    assert meaning(parse(str(document))) == meaning(document)
    if value == option.value:
        assert str(document) == content


@given(text.files(), st.data(), names)
def test_renaming_an_option_changes_one_line_and_reads_back(
    content: str, data: st.DataObject, name: str
) -> None:
    document = parse(content)
    options = [(s, o) for s in document.parts for o in s.options]
    if not options:
        return
    section, option = data.draw(st.sampled_from(options))
    try:
        made = section.rename(option, name)
    except EditError:
        assert str(document) == content
        return
    assert (made.name, made.value) == (name, option.value)
    assert same_elsewhere(content, str(document), option.line)
    assert meaning(parse(str(document))) == meaning(document)


@given(text.files(), st.data(), names, values)
def test_adding_an_option_adds_its_own_bytes_only(
    content: str, data: st.DataObject, name: str, value: str
) -> None:
    document = parse(content)
    section = data.draw(st.sampled_from(document.parts))
    others = [i for s in document.parts if s is not section for i in s.items()]
    before = list(section.items())
    try:
        made = section.add(name, value)
    except EditError:
        assert str(document) == content
        return
    assert (made.name, made.value) == (name, value)
    assert [i for s in document.parts if s is not section for i in s.items()] == others
    left = list(section.items())
    left.remove((name, value))
    assert left == before
    new = str(document)
    at = next(
        (k for k, (a, b) in enumerate(zip(content, new, strict=False)) if a != b), len(content)
    )
    assert any(
        new.startswith(content[:k]) and new.endswith(content[k:])
        for k in range(max(at - len(new) + len(content), 0), at + 1)
    )
    assert meaning(parse(new)) == meaning(document)


@given(text.files(), st.data())
def test_removing_an_option_takes_nothing_else(content: str, data: st.DataObject) -> None:
    document = parse(content)
    options = [(s, o) for s in document.parts for o in s.options]
    if not options:
        return
    section, option = data.draw(st.sampled_from(options))
    before = [i for s in document.parts for i in s.items()]
    position = [o for s in document.parts for o in s.options].index(option)
    try:
        section.remove(option)
    except EditError:
        assert str(document) == content
        return
    assert [i for s in document.parts for i in s.items()] == before[:position] + before[
        position + 1 :
    ]
    assert meaning(parse(str(document))) == meaning(document)


@given(text.files(), st.data())
def test_moving_an_option_only_changes_the_order(content: str, data: st.DataObject) -> None:
    document = parse(content)
    options = [(s, o) for s in document.parts for o in s.options]
    if not options:
        return
    section, option = data.draw(st.sampled_from(options))
    target = data.draw(st.sampled_from(section.options))
    before = sorted(section.items())
    try:
        section.move(option, before=target)
    except EditError:
        assert str(document) == content
        return
    assert sorted(section.items()) == before
    assert meaning(parse(str(document))) == meaning(document)


@given(text.files(), st.data(), st.text(alphabet="ab;-\\ \n\x00", max_size=8))
def test_comments_never_change_what_is_read(content: str, data: st.DataObject, words: str) -> None:
    document = parse(content)
    section = data.draw(st.sampled_from(document.parts))
    before = meaning(document)
    try:
        section.add_comment(words)
    except EditError:
        assert str(document) == content
    assert meaning(parse(str(document))) == meaning(document) == before


@given(text.files(), st.data(), st.text(alphabet="ab;-\\ ", max_size=8))
def test_a_comment_behind_a_value_leaves_the_value_alone(
    content: str, data: st.DataObject, words: str
) -> None:
    document = parse(content)
    options = [(s, o) for s in document.parts for o in s.options]
    if not options:
        return
    section, option = data.draw(st.sampled_from(options))
    before = meaning(document)
    try:
        section.set_comment(option, words)
    except EditError:
        assert str(document) == content
    assert meaning(parse(str(document))) == meaning(document) == before


@given(text.files(), st.data(), names)
def test_sections_come_and_go_without_touching_others(
    content: str, data: st.DataObject, name: str
) -> None:
    document = parse(content)
    before = meaning(document)
    try:
        section = document.add_section(name)
    except EditError:
        assert str(document) == content
        return
    assert meaning(document) == [*before, (name, False, (), ())]
    assert meaning(parse(str(document))) == meaning(document)
    document.remove_section(section)
    assert meaning(document) == before
    assert meaning(parse(str(document))) == before


@given(text.files(), st.data())
def test_moving_a_section_only_changes_the_order(content: str, data: st.DataObject) -> None:
    document = parse(content)
    if len(document) < 2:
        return
    section, target = data.draw(st.permutations(document.sections).map(lambda p: p[:2]))
    before = sorted(map(repr, meaning(document)))
    try:
        document.move_section(section, before=target)
    except EditError:
        assert str(document) == content
        return
    assert sorted(map(repr, meaning(document))) == before
    assert meaning(parse(str(document))) == meaning(document)


@given(text.files(), st.data(), names)
def test_renaming_a_section_changes_its_header_only(
    content: str, data: st.DataObject, name: str
) -> None:
    document = parse(content)
    if not len(document):
        return
    section = data.draw(st.sampled_from(document.sections))
    line = section.line
    try:
        section.name = name
    except EditError:
        assert str(document) == content
        return
    assert section.name == name
    assert same_elsewhere(content, str(document), line)
    assert meaning(parse(str(document))) == meaning(document)
