"""home.toml: its keys and the lines they stand in, and a text to start with."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, Final

import attrs

from asterconf.diagnostic import Diagnostic
from asterconf.errors import BuildError, LoadError
from asterconf.home.plan import BuildFinding
from asterconf.source import Position

__all__ = ["HomeToml", "read", "starter"]

_HEADER = re.compile(r"[ \t]*(\[\[?)[ \t]*([^\[\]#]+?)[ \t]*\]")
_OPTION = re.compile(r"[ \t]*([A-Za-z0-9_\"'. \t-]+?)[ \t]*=")
_STEP = re.compile(r"[^.\[\]]+|\[\d+\]")


@attrs.frozen
class HomeToml:
    """A TOML file: its data, and the line of each key."""

    data: dict[str, Any]
    source: str
    lines: Mapping[str, int]

    def position(self, path: str) -> Position | None:
        """Return where a key, or what holds it, stands; None: nowhere."""
        steps = _STEP.findall(path)
        while steps:
            known = "".join(step if step[0] == "[" else f".{step}" for step in steps).lstrip(".")
            if known in self.lines:
                return Position(self.source, self.lines[known])
            steps.pop()
        return None

    def diagnostics(self, findings: Iterable[BuildFinding]) -> tuple[Diagnostic, ...]:
        """Return findings with their places, those without one first, each once."""
        placed = [finding.diagnostic(self.position(finding.path)) for finding in findings]
        placed.sort(key=lambda found: found.position.line if found.position else 0)
        return tuple(dict.fromkeys(placed))

    def error(self, findings: Iterable[BuildFinding]) -> BuildError:
        """Return the error that names every finding with its line."""
        found = self.diagnostics(findings)
        lines = (
            f"{self.source}{f':{one.position.line}' if one.position else ''}: {one.message}"
            for one in found
        )
        return BuildError("\n".join(dict.fromkeys(lines)), found)


def read(source: str | Path) -> HomeToml:
    """Return a TOML file, or a text with a line end in it.

    Raises:
        BuildError: it is not TOML.
        LoadError: the file cannot be read.
    """
    import tomllib

    text, name = _text(source)
    try:
        return HomeToml(tomllib.loads(text), name, _lines(text))
    except tomllib.TOMLDecodeError as error:
        raise BuildError(f"{name}: this is no TOML: {error}") from None


def _text(source: str | Path) -> tuple[str, str]:
    if isinstance(source, str) and "\n" in source:
        return source, "<text>"
    try:
        return Path(source).read_bytes().decode(), str(source)
    except OSError as error:
        raise LoadError(f"cannot read {source}: {error.strerror}") from None
    except UnicodeDecodeError:
        raise BuildError(f"{source}: this is no TOML: it is not UTF-8") from None


def _lines(text: str) -> dict[str, int]:
    """Return the line of every key and table, as `extensions[1].callerid`, from 1."""
    found: dict[str, int] = {}
    counts: dict[str, int] = {}
    table = ""
    for number, line in enumerate(_without_long_strings(text).split("\n"), 1):
        if header := _HEADER.match(line):
            *above, last = re.sub(r"[ \t\"']", "", header[2]).split(".")
            table = ""
            for name in above:
                table = _current(_joined(table, name), counts)
            table = _joined(table, last)
            found.setdefault(table, number)
            if header[1] == "[[":
                counts[table] = counts.get(table, 0) + 1
                table = _current(table, counts)
                found.setdefault(table, number)
        elif option := _OPTION.match(line):
            key = re.sub(r"[ \t\"']", "", option[1])
            found.setdefault(_joined(table, key), number)
    return found


def _joined(table: str, key: str) -> str:
    return f"{table}.{key}" if table else key


def _current(table: str, counts: Mapping[str, int]) -> str:
    return f"{table}[{counts[table] - 1}]" if table in counts else table


def _without_long_strings(text: str) -> str:
    """Blank out what stands in triple quotes, line ends apart."""
    return re.sub(
        r'""".*?"""|\'\'\'.*?\'\'\'', lambda m: re.sub(r"[^\n]", " ", m[0]), text, flags=re.DOTALL
    )


# -- a text to start with ---------------------------------------------------------------------

_TEXT: Final = """\
# A home PBX. Change what is yours, then:
#
#     asterconf build {name} --to out/asterisk --complete
#
# Passwords below were made for you. docs/how-to-build.md tells all that can be said here.

# Who calls to the outside are from: your name and number, with + and country code.
owner = "John Doe <+15555555555>"

# Put before numbers that are dialled without area code.
area_code = "555"

[network]
# Your public address, or a name for it if it changes (dynamic DNS).
# external_address = "203.0.113.8"

# UDP ports for sound; have the router forward them to the PBX.
rtp_ports = [20000, 20999]

# Your provider: voipms, jmp_chat, generic, or ip_authenticated.
[[trunks]]
provider = "voipms"
server = "atlanta2.voip.ms"
username = "555555"
secret = "the provider tells you"

# One for each phone: Yealink T54W, Yealink W73P, Linphone; DeskPhone and Softphone are any other.
[[extensions]]
name = "6001"
callerid = "Living Room <6001>"
secret = "{secret_1}"
phone = "DeskPhone"

[[extensions]]
name = "6002"
callerid = "Smartphone <6002>"
secret = "{secret_2}"
phone = "Softphone"

# The voicemail box.
[[mailboxes]]
number = "6000"
initial_pin = "{pin}"
name = "John Doe"
email = "johndoe@example.com"

[voicemail]
from_address = "asterisk-noreply@example.com"
time_zone = "America/New_York"

# What the PBX does; all of it is on. Name a feature to change it: a text is its number, false
# leaves it out, a table has its settings.
[features]
# intercom = "6000"
# voicemail_menu = {{ number = "*99", ask_pin = true }}
# incoming_calls = {{ ring_seconds = 25 }}
# outgoing_calls = {{ international = true }}
# conference_room = "6500"
# business_hours = {{ open = ["9:00-17:00,mon-fri"] }}
"""


def starter(name: str = "home.toml") -> str:
    """Return a commented description of a small home, with fresh passwords.

    `name` is the file that it will be.
    """
    words = {f"secret_{n}": secrets.token_urlsafe(15) for n in (1, 2)}
    return _TEXT.format(name=name, pin=_pin(), **words)


def _pin() -> str:
    """Return four digits that are no run."""
    while True:
        pin = f"{secrets.randbelow(10000):04d}"
        if len(set(pin)) > 2 and pin not in "01234567890 09876543210":
            return pin
