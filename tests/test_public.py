"""What `import asterconf` offers, and what it costs."""

import pickle
import subprocess
import sys
from importlib import import_module

import pytest

import asterconf
from asterconf.errors import FieldError

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
    "Network",
    "NotFoundError",
    "Option",
    "ParseError",
    "Position",
    "Queue",
    "QueueMember",
    "RenamePlan",
    "Secret",
    "Section",
    "StaleError",
    "Trunk",
    "apps",
    "diff",
    "features",
    "load",
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
        "OutgoingCalls", "Parking", "Plan", "VoicemailMenu", "usual_features",
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
