"""Schemas that users bring: what they add, and what they cannot do."""

import copy
import json
import pickle
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

import asterconf
from asterconf import schema
from asterconf.cli import commands
from asterconf.display import html, view
from asterconf.model.option_types import TYPES as OPTION_TYPES
from asterconf.model.values import Secret
from asterconf.schema.own import TYPES

EXAMPLES = Path(__file__).parents[3] / "examples"
RPT = EXAMPLES / "rpt.toml"


def write(folder: Path, **changes: Any) -> Path:
    """Write a schema of my.conf, with other values for some of its keys."""
    node = {"section": {"by": "any"}, "options": {"size": {"type": "int"}}}
    path = folder / "my.json"
    plain = {"file": "my.conf", "modules": ["res_my"], "objects": {"node": node}}
    path.write_text(json.dumps(plain | changes))
    return path


def kind(options: dict[str, Any], **section: str) -> dict[str, Any]:
    """Return the value of `objects` with one kind of section."""
    return {"node": {"section": section or {"by": "any"}, "options": options}}


def read(folder: Path, text: str, **changes: Any) -> asterconf.Config:
    return asterconf.Config.from_texts({"my.conf": text}, schemas=[write(folder, **changes)])


def refers(**reference: object) -> dict[str, Any]:
    return {"type": "name", "references": [reference]}


@pytest.fixture
def radio() -> asterconf.Config:
    return asterconf.load(EXAMPLES / "radio", schemas=[RPT])


# -- what it adds ---------------------------------------------------------------------------------


def test_sections_are_objects_with_types_and_defaults(radio: asterconf.Config) -> None:
    node = radio.objects("rpt.conf", "node")["1999"]
    assert (node.hangtime, node.linktolink, node.idrecording) == (2000, False, "|iW1AW")
    assert str(radio.where(node, "hangtime")) == "rpt.conf:17:12"
    assert radio.objects("rpt.conf", "nodes")["nodes"]["1999"] == ("radio@127.0.0.1/1999", "NONE")
    assert [radio.objects("rpt.conf", k).keys() for k in ("functions", "general")] == [
        {"functions"},
        {"general"},
    ]


def test_check_finds_values_options_and_names(radio: asterconf.Config) -> None:
    found = [(str(one.position), one.code) for one in radio.check()]
    assert found == [
        ("rpt.conf:4:21", "AC605"),
        ("rpt.conf:16:10", "AC610"),
        ("rpt.conf:19:18", "AC616"),
        ("rpt.conf:22:11", "AC616"),
    ]


def test_the_file_has_a_reader(radio: asterconf.Config) -> None:
    assert radio.sources["rpt.conf"].role == "read"
    assert radio.sources["rpt.conf"].readers == ("app_rpt",)
    assert asterconf.load(EXAMPLES / "radio").sources["rpt.conf"].role == "unknown"
    texts = {"rpt.conf": "[nodes]\n", "modules.conf": "[modules]\nautoload = no\n"}
    conf = asterconf.Config.from_texts(texts, schemas=[RPT])
    assert conf.sources["rpt.conf"].role == "disabled"


def test_a_difference_is_of_values_and_says_what_takes_it_over(radio: asterconf.Config) -> None:
    text = str(radio["rpt.conf"]).replace("hangtime = 2000", "hangtime=02000")
    new = asterconf.Config.from_texts(
        {"rpt.conf": text, "extensions.conf": str(radio["extensions.conf"])}, schemas=[RPT]
    )
    assert asterconf.diff(radio, new).is_empty
    node = new.objects("rpt.conf", "node")["1999"]
    new.update(node, linktolink=True)
    (change,) = asterconf.diff(radio, new).changes
    assert (change.kind, change.name) == ("node", "1999")
    assert [(one.name, one.old, one.new) for one in change.parts] == [("linktolink", False, True)]
    assert change.parts[0].impact.commands == ("rpt reload",)


def test_objects_are_edited_in_place(radio: asterconf.Config) -> None:
    node = radio.objects("rpt.conf", "node")["1999"]
    radio.update(node, duplex=3)
    radio.rename(radio.objects("rpt.conf", "functions")["functions"], "functions-link").apply()
    now = radio.objects("rpt.conf", "node")["1999"]
    assert (now.duplex, now.functions, now.link_functions) == (
        3,
        "functions-link",
        "functions-link",
    )
    assert not radio.references.missing().to_records()[1:]  # the context alone
    with pytest.raises(asterconf.EditError, match="did you mean duplex"):
        radio.update(now, duplx=3)
    with pytest.raises(asterconf.ModelError, match="from 0 to 4"):
        now.evolve(duplex=9)


def test_which_line_counts_as_the_core_has_it_in_each_version() -> None:
    texts = {"rpt.conf": "[1]\nrxchannel=a\nrxchannel=b\n"}
    for version, used in (("22", "a"), ("23", "b")):
        conf = asterconf.Config.from_texts(texts, asterisk=version, schemas=[RPT])
        assert conf.objects("rpt.conf", "node")["1"].rxchannel == used
    conf = asterconf.Config.from_texts(texts, schemas=[RPT]).with_asterisk("23")
    assert conf.objects("rpt.conf", "node")["1"].rxchannel == "b"


def test_objects_pickle_copy_and_compare(radio: asterconf.Config) -> None:
    node = radio.objects("rpt.conf", "node")["1999"]
    for other in (pickle.loads(pickle.dumps(node)), copy.deepcopy(node)):
        assert other == node
        assert other.facts is node.facts


def test_with_schemas_reads_the_same_documents() -> None:
    conf = asterconf.load(EXAMPLES / "radio")
    with pytest.raises(asterconf.NotFoundError):
        conf.objects("rpt.conf", "node")
    assert list(conf.with_schemas(RPT).objects("rpt.conf", "node")) == ["1999"]
    assert conf.with_schemas(RPT)["rpt.conf"] is conf["rpt.conf"]


def test_sections_by_type_and_unknown_options(tmp_path: Path) -> None:
    device = {"section": {"by": "type", "value": "device"}, "options": {"button": {}}}
    line = {**device, "section": {"by": "type", "value": "line"}, "unknown_option": "accepted"}
    text = "[SEP1]\ntype=device\nbutton=a\nhidden=1\n[98]\ntype=line\nanything=1\n"
    conf = read(tmp_path, text, objects={"device": device, "line": line})
    assert [list(conf.objects("my.conf", k)) for k in ("device", "line")] == [["SEP1"], ["98"]]
    assert [str(one.position) for one in conf.check()] == ["my.conf:4:8"]


def test_a_bad_value_does_what_the_schema_says(tmp_path: Path) -> None:
    size = {"type": "int", "range": [1, 9], "default": "5"}
    said: dict[str | None, tuple[object, str]] = {
        None: (5, "AC610"), "use_default": (5, "AC602"), "clamp": (9, "AC602"),
        "ignore_value": (5, "AC603"), "reject_object": (5, "AC601"),
    }  # fmt: skip
    for way, expected in said.items():
        option = size if way is None else {**size, "on_bad": way}
        conf = read(tmp_path, "[a]\nsize=12\n", objects=kind({"size": option}))
        codes = [one.code for one in conf.check()]
        assert (conf.objects("my.conf", "node")["a"].size, *codes) == expected


# -- what it cannot do ----------------------------------------------------------------------------


def test_the_types_are_those_of_options() -> None:
    assert set(OPTION_TYPES) | {"callerid"} > TYPES


def test_no_fact_that_is_built_in_changes(tmp_path: Path) -> None:
    before = {file: schema.file(file) for file in schema.files()}
    known = schema.modules(), schema.gone_modules(), schema.readers("rpt.conf")
    conf = asterconf.load(EXAMPLES / "radio", schemas=[RPT, write(tmp_path)])
    mine = conf.workspace.schema
    assert set(mine.files()) - set(schema.files()) == {"my.conf", "rpt.conf"}
    for file, facts in before.items():
        assert schema.file(file) is facts
        assert facts is not None
        theirs = mine.file(file)
        assert theirs is not None
        assert theirs.raw == facts.raw
    assert (schema.modules(), schema.gone_modules(), schema.readers("rpt.conf")) == known
    assert set(mine.modules()) - set(schema.modules()) == {"app_rpt", "res_my"}
    assert schema.file("my.conf") is None


SECRETS = {
    "type": {"password": {"type": "int"}},
    "number": {"pin": {"type": "bool"}},
    "alias": {"word": {"type": "int", "aliases": ["secret"]}},
    "list": {"authpassword": {"type": "list"}},
    "default": {"secret": {"type": "enum", "values": ["a"]}},
}


@pytest.mark.parametrize("options", SECRETS.values(), ids=SECRETS)
def test_a_secret_must_be_text(tmp_path: Path, options: dict[str, Any]) -> None:
    with pytest.raises(asterconf.LoadError, match="holds a secret, by its name"):
        read(tmp_path, "", objects=kind(options))


@pytest.mark.parametrize("name", ["aliases", "mailbox_options", "zonemessages", "node"])
@pytest.mark.parametrize(
    "options",
    [
        {"password": {}},
        {"word": {"aliases": ["password"]}},
        {"*": {"match": "any_name"}},
        {"*": {"match": "any_name", "type": "int"}},
        {"*": {"match": "any_name", "type": "fields", "fields": ["a", "b"]}},
        {"pa*": {"match": "prefix", "type": "enum", "values": ["1234"]}},
        {"other": {}},
    ],
)
def test_no_secret_is_unmasked(tmp_path: Path, name: str, options: dict[str, Any]) -> None:
    objects = {name: {"section": {"by": "any"}, "options": options}}
    conf = read(tmp_path, "[a]\npassword = 1234\n", objects=objects)
    new = read(tmp_path, "[a]\npassword = 5678\n", objects=objects)
    found = conf.objects("my.conf", name)
    assert all(isinstance(value, Secret) for _, value in found["a"].options)
    diff = asterconf.diff(conf, new)
    conf.add(asterconf.model.ConfigObject("my.conf", name, "b", schema=conf.workspace.schema))
    conf["my.conf"]["a"]["password"] = "5678"
    shown = [
        repr(found["a"]), repr(conf.objects("my.conf", name)["a"]), html(found), str(view(found)),
        html(found["a"]), json.dumps(found.to_records()), str(diff), html(diff), conf.changes(),
        str(conf.check()), html(conf.check()), html(conf["my.conf"]),
    ]  # fmt: skip
    assert [text for text in shown if "1234" in text or "5678" in text] == []


BAD: dict[str, tuple[dict[str, Any], str]] = {
    "built in": ({"file": "pjsip.conf"}, "file: must be a file that asterconf does not describe"),
    "of an old version": ({"file": "sip.conf"}, "file: must be a file that asterconf does not"),
    "removed": ({"file": "mgcp.conf"}, "file: must be a file that asterconf does not describe"),
    "of a program": ({"file": "ast_debug_tools.conf"}, "file: must be a file of a module"),
    "folder": ({"file": "../my.conf"}, "file: must be the name of a file without a folder"),
    "no file": ({"file": 5}, "file: must be the name of a file without a folder, .*, not 5"),
    "key": ({"secrets": []}, "secrets: is not a key here; there are applications, file, fun"),
    "module": ({"modules": ["res_pjsip"]}, "modules: 'res_pjsip' is Asterisk's own"),
    "no module": ({"modules": []}, "modules: must be a list of names of modules, not a list"),
    "twice": ({"modules": ["a", "A"]}, "modules: names something twice"),
    "nothing": ({"objects": {}}, "objects: must describe at least one kind of section"),
    "list": ({"objects": []}, "objects: must be a table, not a list"),
    "kind": ({"objects": {"a b": {}}}, "objects.a b: must be called by a word"),
    "no rule": ({"objects": {"a": {}}}, "objects.a.section: must be a table, not that"),
    "by": ({"objects": kind({}, by="regex")}, "objects.node.section.by: must be one of any, name"),
    "rule": ({"objects": kind({}, by="name", value="x")}, "objects.node.section.value: does not"),
    "no name": ({"objects": kind({}, by="name")}, "objects.node.section.name: must be text"),
    "loader": ({"objects": {"a": {"loader": "aco"}}}, "objects.a.loader: is not a key here"),
    "type": ({"objects": kind({"a": {"type": "prefixed"}})}, "objects.node.options.a.type: must"),
    "secret": (
        {"objects": kind({"a": {"secret": False}})},
        "objects.node.options.a.secret: can only be true: what is a secret by its name stays one",
    ),
    "default": ({"objects": kind({"a": {"default": 3}})}, "options.a.default: must be text, as a"),
    "range": ({"objects": kind({"a": {"range": [1]}})}, "options.a.range: must be the least"),
    "order": ({"objects": kind({"a": {"type": "int", "range": [3, 1]}})}, "options.a.range: must"),
    "true": ({"objects": kind({"a": {"type": "int", "range": [True]}})}, "options.a.range: must"),
    "words": ({"objects": kind({"a": {"type": "enum"}})}, "options.a.values: must be a list of w"),
    "line": ({"objects": kind({"a=b": {}})}, "options.a=b: is not the name of an option"),
    "open": ({"objects": kind({"a": {"match": "prefix"}})}, "options.a: must end in \\*"),
    "alias": ({"objects": kind({"a": {}, "b": {"aliases": ["A"]}})}, "options.b: 'A' is the name"),
    "case": ({"objects": kind({"a": {}, "A": {}})}, "options.A: 'A' is the name of an option"),
    "acl": ({"objects": kind({"net": {"type": "acl"}})}, "options.net.type: goes with names that"),
    "target": ({"objects": kind({"a": refers(object="y")})}, "a.references.0.file: must be the"),
    "nobody": ({"objects": kind({"a": refers(file="gone.conf", object="y")})},
               "a.references.0.object: must be a kind of section of gone.conf, not 'y'"),
    "no kind": ({"objects": kind({"a": refers(file="my.conf", object="nod")})},
                "a.references.0.object: must be a kind of section of my.conf: there are node, not"),
    "bad default": ({"objects": kind({"a": {"type": "int", "default": "x"}})},
                    "options.a.default: must be a whole number"),
    "creates": ({"objects": kind({"a": refers(creates=True)})}, "a.references.0.creates: is not a"),
}  # fmt: skip


@pytest.mark.parametrize(("changes", "message"), BAD.values(), ids=BAD)
def test_a_bad_schema_is_one_sentence(
    tmp_path: Path, changes: dict[str, Any], message: str
) -> None:
    with pytest.raises(asterconf.LoadError, match=f"my.json: (.*\\.)?{message}") as error:
        read(tmp_path, "", **changes)
    assert "\n" not in str(error.value)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"by": "any"}, {"by": "name", "name": "general"}),
        ({"by": "name", "name": "general"}, {"by": "name", "name": "General"}),
        ({"by": "type", "value": "line"}, {"by": "type", "value": "line"}),
        ({"by": "pattern", "pattern": "[0-9]*"}, {"by": "pattern", "pattern": "[0-9]*"}),
    ],
)
def test_no_kind_hides_another(tmp_path: Path, first: Any, second: Any) -> None:
    objects = {"a": {"section": first}, "b": {"section": second}}
    with pytest.raises(asterconf.LoadError, match=r"objects\.b\.section: no section is left"):
        read(tmp_path, "", objects=objects)


def test_two_schemas_of_one_file(tmp_path: Path) -> None:
    with pytest.raises(asterconf.LoadError, match=r"file: is described by .*rpt.toml already"):
        asterconf.load(EXAMPLES / "radio", schemas=[RPT, RPT])
    with pytest.raises(asterconf.LoadError, match=r"my.conf|described"):
        asterconf.Config.from_texts({}, schemas=[write(tmp_path), write(tmp_path)])


def test_kinds_that_refer_to_each_other(tmp_path: Path) -> None:
    def one(name: str, other: str) -> dict[str, Any]:
        to = {"references": [{"file": "my.conf", "object": other}], "type": "name"}
        return {"section": {"by": "pattern", "pattern": f"{name}*"}, "options": {"next": to}}

    objects = {"a": one("a", "b"), "b": one("b", "a")}
    conf = read(tmp_path, "[a1]\nnext=b1\n[b1]\nnext=a1\n[b2]\nnext=b1\n", objects=objects)
    assert [str(one.place) for one in conf.references.missing()] == ["my.conf:6:6"]
    assert len(conf.references.to(conf.objects("my.conf", "b")["b1"])) == 1


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("a.json", "{", "cannot be read: Expecting property name"),
        ("a.json", '{"file": "a.conf", "file": "b.conf"}', "the key 'file' stands twice"),
        ("a.json", "[" * 100_000, "nested too deeply"),
        ("a.json", "[]", "must be a table, not a list"),
        ("a.toml", "file = ", "cannot be read: Invalid value"),
        ("a.toml", "a = 1\na = 2", "cannot be read: Cannot overwrite"),
        ("a.yaml", "", "ends in .toml or .json"),
        ("a.toml", "#" * 2**21, "has more than 1048576 bytes"),
    ],
)
def test_what_cannot_be_read(tmp_path: Path, name: str, text: str, message: str) -> None:
    (tmp_path / name).write_text(text)
    with pytest.raises(asterconf.LoadError, match=message):
        asterconf.Config.from_texts({}, schemas=[tmp_path / name])


def test_a_folder_never_names_a_schema(tmp_path: Path) -> None:
    (tmp_path / "my.conf").write_text("[a]\nsize=x\n")
    write(tmp_path)
    (tmp_path / ".asterconf.toml").write_text('schemas = ["my.json"]\nschema = "my.json"\n')
    conf = asterconf.load(tmp_path)
    assert conf.workspace.schema.own == {}
    assert conf.sources["my.conf"].role != "read"


@pytest.mark.parametrize(
    "arguments",
    [
        ["dialplan", "DIR"],
        ["match", "DIR", "radio-secure", "911"],
        ["call", "DIR", "911", "--from", "context:radio-secure"],
        ["test", "DIR", "--file", "TESTS"],
    ],
)
def test_commands_of_the_dialplan_take_schemas(tmp_path: Path, arguments: list[str]) -> None:
    """They say what they say without one, and refuse a bad one."""
    test = (
        'name = "a"\nfrom = "context:radio-secure"\ndial = "911"\nexpect = {outcome = "HungUp"}\n'
    )
    (tmp_path / "tests.toml").write_text(f"[[call]]\n{test}")
    names = {"DIR": str(EXAMPLES / "radio"), "TESTS": str(tmp_path / "tests.toml")}
    asked = [names.get(one, one) for one in arguments]
    plain = CliRunner().invoke(commands, asked)
    assert plain.exit_code in {0, 1, 3}
    assert plain.output
    good = CliRunner().invoke(commands, [*asked, "--schema", str(RPT)])
    assert (good.exit_code, good.output) == (plain.exit_code, plain.output)
    bad = CliRunner().invoke(commands, [*asked, "--schema", str(write(tmp_path, objects=[]))])
    assert isinstance(bad.exception, asterconf.LoadError)
    assert "objects" in str(bad.exception)


# -- what else modules of others bring ------------------------------------------------------------

SCCP = """
file = "sccp.conf"
modules = ["chan_sccp"]
functions = ["SCCPDEVICE"]

[applications.SCCPSetMessage]
args = ["text", { name = "line", references = [{ file = "sccp.conf", object = "line" }] }]

[objects.general]
section = { by = "name", name = "general" }
options = { registerkey = { secret = true } }

[objects.device]
section = { by = "type", value = "device" }

[objects.device.options.button]
type = "fields"
repeat = "accumulate"
fields = [
    "kind",
    { name = "line", references = [{ file = "sccp.conf", object = "line", if = "kind=line" }] },
]

[objects.line]
section = { by = "type", value = "line" }
options = { label = {} }
"""
PHONES = {
    "sccp.conf": (
        "[general]\nregisterkey = abc123\n[SEP1]\ntype=device\nbutton = line,98\n"
        "button = line, 99\nbutton = speeddial,44\n[98]\ntype=line\nlabel=A\n"
    ),
    "extensions.conf": (
        "[in]\nexten => 1,1,SCCPSetMessage(hi,97)\n same => n,NoOp(${SCCPDEVICE(x)})\n"
        " same => n,sccpsetmessage(hi,98)\n"
    ),
}


@pytest.fixture
def sccp(tmp_path: Path) -> Path:
    path = tmp_path / "sccp.toml"
    path.write_text(SCCP)
    return path


def test_applications_and_parts_of_values_name_sections(sccp: Path) -> None:
    conf = asterconf.Config.from_texts(PHONES, schemas=[sccp])
    assert [(one.code, str(one.position)) for one in conf.check()] == [
        ("AC918", "extensions.conf:2:32"), ("AC616", "sccp.conf:6:16"),
    ]  # fmt: skip
    plan = conf.rename(conf.objects("sccp.conf", "line")["98"], "100")
    assert [str(edit) for edit in plan.edits] == [
        "sccp.conf:8:2: section: 98 -> 100",
        "sccp.conf:5:15: button: 98 -> 100",
        "extensions.conf:4:30: sccpsetmessage: 98 -> 100",
    ]
    bare = asterconf.Config.from_texts(PHONES).check()
    assert [one.code for one in bare.about(code="AC9")] == ["AC920"]
    assert [one.code for one in bare.about(code="AC25")] == ["AC250", "AC250"]


def test_what_an_application_of_others_does_in_a_call_is_unknown(sccp: Path) -> None:
    conf = asterconf.Config.from_texts(PHONES, schemas=[sccp])
    called = conf.call("1", entry="context:in")
    assert "what SCCPSetMessage does is not modelled" in str(called.outcome)


def test_a_secret_of_another_name_is_masked(sccp: Path) -> None:
    conf = asterconf.Config.from_texts(PHONES, schemas=[sccp])
    general = conf.objects("sccp.conf", "general")["general"]
    assert isinstance(general["registerkey"], Secret)
    texts = PHONES | {"sccp.conf": PHONES["sccp.conf"].replace("abc123", "newkey")}
    change = asterconf.diff(conf, asterconf.Config.from_texts(texts, schemas=[sccp]))
    assert "registerkey: secret changed" in str(change)
    shown = [str(change), repr(general), html(view(general)), change.to_unified()]
    assert not [text for text in shown if "abc123" in text or "newkey" in text]


def test_plain_data_becomes_an_object_by_a_schema(sccp: Path) -> None:
    line = asterconf.Config.from_texts(PHONES, schemas=[sccp]).objects("sccp.conf", "line")["98"]
    data = asterconf.unstructure(line)
    assert asterconf.structure(data, type(line), schemas=[sccp]) == line
    with pytest.raises(asterconf.errors.ModelError, match=r"there is no 'line' in 'sccp\.conf'"):
        asterconf.structure(data, type(line))


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("SCCPSetMessage", "Dial", "applications.Dial: is an application of Asterisk's own"),
        ('"SCCPDEVICE"', '"CALLERID"', "functions: 'CALLERID' is described already"),
        ("secret = true", "secret = false", "secret: can only be true"),
        ("secret = true", 'secret = true, type = "int"', "its type must be 'string'"),
        ('object = "line", if', 'object = "lines", if', "fields.1.references.0.object: must be"),
        ('if = "kind=line"', 'if = "kind"', "references.0.if: must be a field and its value"),
    ],
)
def test_what_a_schema_cannot_say_of_them(sccp: Path, old: str, new: str, said: str) -> None:
    sccp.write_text(SCCP.replace(old, new))
    with pytest.raises(asterconf.LoadError) as caught:
        asterconf.load(EXAMPLES / "radio", schemas=[sccp])
    assert said in str(caught.value)
