"""Real configuration files, where they are: every byte, Asterisk's verdict, every section."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

from asterconf import schema
from asterconf.bind.sections import differences, read_section
from asterconf.bind.writing import options_of
from asterconf.language import expression, template
from asterconf.model.configobject import ConfigObject
from asterconf.resolve import Effective, Files, resolve
from asterconf.semantics import AsteriskState, Channel, Scope, evaluate
from asterconf.syntax import parse
from asterconf.wire import structure, unstructure


def test_every_real_file_comes_back(corpus: Path) -> None:
    files = [path for path in sorted(corpus.rglob("*")) if path.is_file()]
    assert len(files) >= 2_200
    for path in files:
        data = path.read_bytes()
        document = parse(data, name=path.name)
        assert bytes(document) == data, path
        text = str(document).removeprefix("\ufeff")
        assert "".join(node.text for node in document.nodes) == text, path
        assert all(d.position for d in document.diagnostics if d.kind != "unterminated-comment")


def test_trees_of_real_files_hold_every_character(corpus: Path) -> None:
    for path in sorted(corpus.rglob("*.conf"))[::10]:
        document = parse(path.read_bytes())
        assert "".join(document.tree().scan_values(lambda _: True)) == str(document), path


def recorded(corpus: Path) -> Iterator[tuple[dict[str, str], Effective]]:
    """Yield what Asterisk says of each public file, and the file as it is read here."""
    public = corpus / "public"
    text = (public / "ASTERISK22.tsv").read_text(encoding="utf-8", errors="surrogateescape")
    for row in csv.DictReader(text.splitlines(), delimiter="\t"):
        repository, _, name = row["path"].partition("/")
        root = public / repository
        if name.startswith("etc/asterisk/"):
            root, name = root / "etc" / "asterisk", name.removeprefix("etc/asterisk/")
        effective = resolve(Files(root, {}), name)
        assert effective is not None, row["path"]
        yield row, effective


def test_verdicts_and_counts_are_asterisks(corpus: Path) -> None:
    seen = 0
    for row, effective in recorded(corpus):
        assert effective.valid == (row["verdict"] == "ok"), row["path"]
        if effective.valid:
            items = sum(len(section.pairs) for section in effective.live)
            counts = (str(len(effective)), str(items))
            assert counts == (row["categories"], row["items"]), row["path"]
        seen += 1
    assert seen == 696


MESSAGES = {
    "Cannot perform #exec unless execincludes": "AC010",
    "Category addition requested, but category": "AC103",
    "Inheritance requested, but category": "AC102",
    "No '=' (equal sign) in line": "AC003",
    "Unknown directive": "AC008",
    "parse error: No category context": "AC101",
    "was listed as a #include but it does not exist": "AC011",
}
"""The messages of the recorded log, and the code of each."""


def test_every_message_of_asterisk_is_a_finding_at_its_line(corpus: Path) -> None:
    told = 0
    for row, effective in recorded(corpus):
        found = [(one.code, one.position) for one in effective.diagnostics if one.verified == "log"]
        said = [one for one in row["messages"].split(" | ") if one[2:]]
        whole = len(row["messages"]) < 400  # what a row holds is cut there
        assert not whole or len(said) == len(found), row["path"]
        for message, (code, place) in zip(said, found, strict=False):
            known = [MESSAGES[start] for start in MESSAGES if start in message]
            assert known == [code] or not whole, (row["path"], message)
            line = re.search(r" line ([0-9]+)", message)
            assert place is not None
            assert line is None or int(line[1]) == place.line, (row["path"], message)
            told += 1
    assert told == 169


def test_every_section_of_a_known_kind_is_an_object_and_back(corpus: Path) -> None:
    files = sections = 0
    for path in sorted(corpus.rglob("*")):
        name = schema.base_name(path.name)
        facts = schema.file(name) if path.is_file() else None
        if facts is None or facts.loader == "removed":
            continue
        document = parse(path.read_bytes(), name=name)
        effective = resolve(Files(None, {name: document}), name)
        files += 1
        for section in effective.live if effective is not None else ():
            kind = section.kind
            if kind is None:
                continue
            sections += 1
            read = read_section(section)
            assert read is not None
            obj = read.obj
            again = structure(unstructure(obj), type(obj))
            assert again == obj, (path, section.name)
            assert differences(obj, again) == {}  # so nothing is written
            pairs = list(options_of(obj))
            fresh, _ = ConfigObject.collect(kind, section.name, pairs)
            assert fresh.options == obj.options, (path, section.name)
            assert differences(obj, fresh) == {}
        assert bytes(document) == path.read_bytes()
    assert files >= 1_850
    assert sections >= 6_200


def test_the_guide_comes_back(guide: Path) -> None:
    files = sorted(guide.glob("*.conf"))
    assert len(files) == 6
    for path in files:
        assert bytes(parse(path.read_bytes())) == path.read_bytes()


def test_texts_of_real_dialplans_are_taken_apart_without_loss(corpus: Path) -> None:
    texts: dict[str, None] = {}
    for path in sorted(corpus.rglob("extensions*")):
        if path.is_file():
            document = parse(path.read_bytes(), name=path.name)
            texts |= {o.value: None for section in document.parts for o in section.options}
    assert len(texts) >= 20_000
    for number, text in enumerate(texts):
        found = template.parse(text)
        assert "".join(part.text for part in found.parts) == text
        assert str(evaluate(found, Scope(AsteriskState(), Channel()))) is not None
        if number % 20 == 0:
            assert "".join(found.tree().scan_values(lambda _: True)) == text
            for inner in found.expressions():
                tree = expression.tree(inner.content)
                assert "".join(tree.scan_values(lambda _: True)) == inner.content.text
                read = not {"AC307", "AC309"} & {fault.code for fault in inner.parsed.faults}
                assert read == (tree.data == "expression")
