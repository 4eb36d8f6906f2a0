"""What `import asterconf` offers, and what it costs."""

import subprocess
import sys

import asterconf

PUBLIC = [
    "AmbiguousKeyError",
    "AsterconfError",
    "BuildError",
    "BusyLamps",
    "CallerID",
    "Config",
    "Diagnostic",
    "DialplanContext",
    "DialplanExtension",
    "DialplanStep",
    "Directive",
    "Document",
    "EditError",
    "EmergencyCalls",
    "Extension",
    "Feature",
    "Guards",
    "HomePBX",
    "IncomingCalls",
    "Intercom",
    "LoadError",
    "LocalCalls",
    "Mailbox",
    "ModelError",
    "MusicOnHold",
    "Network",
    "NotFoundError",
    "Option",
    "OutgoingCalls",
    "ParseError",
    "Pattern",
    "Plan",
    "Position",
    "Queue",
    "QueueMember",
    "Secret",
    "Section",
    "Trunk",
    "VoicemailMenu",
    "apps",
    "load",
    "parse",
    "phones",
    "providers",
    "structure",
    "unstructure",
    "usual_features",
]


def test_public_names_are_a_decision() -> None:
    assert asterconf.__all__ == PUBLIC


def test_every_public_name_is_there_and_documented() -> None:
    for name in PUBLIC:
        assert getattr(asterconf, name).__doc__, name


def test_import_brings_in_nothing_heavy() -> None:
    code = (
        "import sys, asterconf; print(sorted({'attr', 'attrs', 'cattrs', 'lark', 'click', 'rich'}"
        " & set(sys.modules)))"
    )
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout == "[]\n"


def test_a_wrong_name_is_an_attribute_error() -> None:
    assert not hasattr(asterconf, "nothing")
