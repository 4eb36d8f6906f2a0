"""What `import asterconf` offers, and what it costs."""

import pickle
import subprocess
import sys
from importlib import import_module
from inspect import signature
from pkgutil import resolve_name

import pytest

import asterconf
from asterconf.errors import FieldError
from asterconf.resolve import Effective, EffectiveItem, EffectiveOption, EffectiveSection
from asterconf.syntax import Document, Section

PUBLIC = [
    "AmbiguousKeyError",
    "AsterconfError",
    "BuildError",
    "CallerID",
    "Change",
    "Config",
    "ConflictError",
    "Diagnostic",
    "DialplanContext",
    "Diff",
    "Document",
    "EditError",
    "Extension",
    "HomePBX",
    "LoadError",
    "Mailbox",
    "Merge",
    "ModelError",
    "Name",
    "Network",
    "NotFoundError",
    "Numbers",
    "Option",
    "ParseError",
    "Position",
    "Queue",
    "QueueMember",
    "Reference",
    "RenamePlan",
    "Secret",
    "Section",
    "StaleError",
    "Trunk",
    "apps",
    "diff",
    "features",
    "load",
    "load_revision",
    "map_sites",
    "merge",
    "parse",
    "phones",
    "providers",
    "structure",
    "unstructure",
]


def test_public_names_are_a_decision() -> None:
    assert asterconf.__all__ == PUBLIC


def test_only_public_names_are_offered() -> None:
    assert len(PUBLIC) <= 45
    assert dir(asterconf) == sorted([*PUBLIC, "__version__"])


MOVED = {
    "Conflict": "differ", "DialplanExtension": "dialplan", "DialplanStep": "dialplan",
    "Directive": "syntax", "Intercom": "features", "Pattern": "language.pattern",
    "Plan": "features", "Progress": "progress", "usual_features": "features",
}  # fmt: skip


@pytest.mark.parametrize("name", MOVED)
def test_an_old_name_tells_the_new_place(name: str) -> None:
    with pytest.raises(AttributeError) as caught:
        getattr(asterconf, name)
    assert str(caught.value) == f"asterconf.{name} is now asterconf.{MOVED[name]}.{name}"
    assert hasattr(import_module(f"asterconf.{MOVED[name]}"), name)


def test_every_public_name_is_there_and_documented() -> None:
    for name in PUBLIC:
        assert getattr(asterconf, name).__doc__, name


def run(code: str) -> str:
    """Return what a fresh process prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout


def test_import_brings_in_next_to_nothing() -> None:
    code = "before = set(sys.modules); import asterconf; print(*sorted(set(sys.modules) - before))"
    assert set(run(f"import sys; {code}").split()) <= {
        "__future__", "_weakref", "asterconf", "asterconf.shown", "importlib",
        "importlib._bootstrap", "importlib._bootstrap_external", "warnings",
    }  # fmt: skip


def test_no_name_brings_in_what_only_some_need_and_none_builds_a_grammar() -> None:
    heavy = {"IPython", "click", "graphviz", "hypothesis", "pandas", "rich"}
    code = (
        "import sys, asterconf\n"
        "for name in asterconf.__all__: getattr(asterconf, name)\n"
        "from asterconf import _grammars\n"
        "built = (_grammars.parser, _grammars.terminals)\n"
        f"print({heavy} & set(sys.modules), [made.cache_info().currsize for made in built])\n"
    )
    assert run(code) == "set() [0, 0]\n"


def test_a_wrong_name_is_an_attribute_error() -> None:
    assert not hasattr(asterconf, "nothing")


MODULES = {
    "acl": ["NamedAcl"],
    "confbridge": ["BridgeProfile", "ConfBridgeMenu", "UserProfile"],
    "features": [
        "BlockedCallers", "BusinessHours", "BusyLamps", "ConferenceRoom", "EmergencyCalls",
        "Feature", "Guards", "IncomingCalls", "Intercom", "LocalCalls", "Menu", "MusicOnHold",
        "NightSwitch", "OutgoingCalls", "Parking", "Pickup", "Plan", "VoicemailMenu",
        "usual_features",
    ],
    "http": ["HttpSettings"],
    "logger": ["LoggerSettings"],
    "manager": ["ManagerUser"],
    "modules": ["Modules"],
    "musiconhold": ["MusicOnHoldClass"],
    "parking": ["ParkingLot"],
    "phones": [
        "DeskPhone", "Linphone", "Phone", "PhoneDefaults", "Softphone", "Yealink", "parse",
        "phone",
    ],
    "pjsip": [
        "Acl", "Aor", "Auth", "Endpoint", "Extension", "Global", "Identify", "Registration",
        "System", "Transport", "Trunk", "expand", "fold",
    ],
    "providers": ["generic", "ip_authenticated", "jmp_chat", "voipms"],
    "queues": ["Queue", "QueueMember", "QueueSettings"],
    "rtp": ["RtpSettings"],
    "voicemail": ["Mailbox", "TimeZone", "VoicemailSettings"],
}  # fmt: skip


@pytest.mark.parametrize("module", MODULES)
def test_each_public_module_has_its_classes(module: str) -> None:
    found = import_module(f"asterconf.{module}")
    assert found.__all__ == MODULES[module]
    assert all(getattr(found, name).__doc__ for name in MODULES[module])


def test_no_module_hides_a_public_name() -> None:
    assert set(MODULES) & set(asterconf.__all__) == {"features", "phones", "providers"}


def test_errors_carry_what_they_rest_on_and_pickle() -> None:
    with pytest.raises(asterconf.ParseError) as parsed:
        asterconf.parse("[a\nb\n").check()
    found = [(d.code, d.position) for d in parsed.value.diagnostics]
    file = "<text>"
    assert found == [("AC006", asterconf.Position(file, 1)), ("AC101", asterconf.Position(file, 2))]
    assert str(parsed.value).count("\n") == 3  # each has a line, and one for its hint
    again = pickle.loads(pickle.dumps(parsed.value))
    assert again.diagnostics == parsed.value.diagnostics
    assert asterconf.EditError("no").diagnostics == ()
    assert asterconf.BuildError("no").diagnostics == ()
    conflict = pickle.loads(pickle.dumps(asterconf.ConflictError("no", ["one"])))
    assert (conflict.conflicts, conflict.diagnostics) == (("one",), ())


def test_a_wrong_field_is_an_error_that_names_it_and_pickles() -> None:
    with pytest.raises(FieldError) as caught:
        asterconf.Extension("x", number=5)  # type: ignore[arg-type]
    again: FieldError = pickle.loads(pickle.dumps(caught.value))
    problem = "must be text, because of leading zeros: '5'"
    for error in (caught.value, again):
        assert isinstance(error, asterconf.ModelError)
        assert (error.field, error.problem) == ("number", problem)
        assert str(error) == f"Extension 'x': number {problem}"


SHOWN = {
    Document: [
        "add_section", "all", "check", "diagnostics", "diff", "eol", "first", "fragment",
        "from_bytes", "head", "insert_section", "keys", "last", "lines", "move_section", "name",
        "nodes", "parts", "read", "remove_section", "restore", "section_text", "sections",
        "snapshot", "tree", "version",
    ],
    Section: [
        "add", "add_comment", "all", "comments_above", "directives", "document", "first", "get",
        "headed", "header", "include", "inherit", "inherits", "items", "keys", "last", "line",
        "move", "name", "nodes", "option", "options", "remove", "rename", "set", "set_comment",
        "template", "text",
    ],
    Effective: [
        "all", "caveat", "current", "diagnostics", "files", "keys", "line_start", "live", "logged",
        "name", "odd", "only", "refusal", "schema", "sections", "setting", "valid",
    ],
    EffectiveSection: [
        "all", "column", "facts", "file", "get", "holds", "inherits", "item", "items", "kind",
        "line", "name", "option", "pairs", "position", "reading", "template", "values",
    ],
    EffectiveItem: ["chain", "name", "origin", "parts", "shown", "template", "value", "way"],
    EffectiveOption: [
        "chain", "chosen", "items", "name", "origin", "overrides", "repeat", "value", "values",
    ],
}  # fmt: skip


@pytest.mark.parametrize("kind", SHOWN)
def test_completion_offers_what_a_user_may_call(kind: type) -> None:
    assert [name for name in dir(kind) if not name.startswith("_")] == SHOWN[kind]
    slots = {name for one in kind.__mro__ for name in getattr(one, "__slots__", ())}
    assert {name for name in slots if not name.startswith("_")} <= set(SHOWN[kind])


UNKNOWN = [
    ("Extension", {"name": "6001", "callerd": "A <1>"}, "did you mean 'callerid'?"),
    ("Trunk", {"name": "a", "remote_host": "b"}, "did you mean 'remote_hosts'?"),
    ("Queue", {"name": "a", "strategie": "ringall"}, "did you mean 'strategy'?"),
    ("QueueMember", {"interface": "PJSIP/1", "penalti": 1}, "did you mean 'penalty'?"),
    ("Mailbox", {"number": "1", "mail": "a@b"}, "did you mean 'email'?"),
    ("Network", {"external_adress": "1.2.3.4"}, "did you mean 'external_address'?"),
    ("HomePBX", {"owner": "A <+15555555555>", "area_cod": "555"}, "did you mean 'area_code'?"),
    ("features.Intercom", {"numbr": "6000"}, "did you mean 'number'?"),
    ("phones.Yealink", {"model": "T54W", "adress": "1"}, "did you mean 'address'?"),
    ("CallerID", {"x": "y"}, "there are name, number"),
]


@pytest.mark.parametrize(("name", "fields", "hint"), UNKNOWN)
def test_a_keyword_that_is_not_there_gets_a_hint(
    name: str, fields: dict[str, object], hint: str
) -> None:
    cls = resolve_name(f"asterconf.{name}")
    (unknown,) = (one for one in fields if one not in signature(cls).parameters)
    with pytest.raises(TypeError) as caught:
        cls(**fields)
    assert str(caught.value) == f"{cls.__name__} has no field {unknown!r}; {hint}"


def test_other_mistakes_in_a_call_keep_their_message() -> None:
    with pytest.raises(TypeError, match="missing 1 required positional argument: 'name'"):
        asterconf.Extension()  # type: ignore[call-arg]
