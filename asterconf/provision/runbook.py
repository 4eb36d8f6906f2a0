"""How a home PBX is installed, started, changed and watched."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib.resources import files
from pathlib import PurePosixPath
from typing import Any, Final

import attrs

from asterconf.escapes import markdown_code
from asterconf.model.home import Installation

_RELOADS: Final = {
    "extensions.conf": "dialplan reload",
    "pjsip_wizard.conf": "module reload res_pjsip_config_wizard.so",
    "pjsip.conf": "core restart when convenient",
    "queues.conf": "queue reload all",
    "voicemail.conf": "voicemail reload",
    "rtp.conf": "module reload res_rtp_asterisk.so",
    "confbridge.conf": "module reload app_confbridge.so",
    "res_parking.conf": "module reload res_parking.so",
    "musiconhold.conf": "moh reload",
    "dnsmgr.conf": "dnsmgr reload",
}
"""What to say on the console after a file has changed."""


@attrs.frozen
class Chapter:
    """A part of the runbook: a title, then lines to read and lines to type."""

    title: str
    text: tuple[str, ...] = ()
    shell: tuple[str, ...] = ()
    """Commands for a shell, in order."""
    console: tuple[tuple[str, str], ...] = ()
    """Commands for Asterisk's console (`asterisk -r`), each with what it is for."""

    def markdown(self) -> str:
        """Return the chapter as Markdown."""
        lines = [f"## {self.title}", "", *self.text]
        if self.shell:
            lines += ["", "```sh", *self.shell, "```"]
        if self.console:
            lines += ["", "| console | |", "|---|---|"]
            lines += [f"| {markdown_code(command)} | {why} |" for command, why in self.console]
        return "\n".join(lines) + "\n"


@attrs.frozen
class Runbook:
    """All chapters, in the order in which they are needed."""

    chapters: tuple[Chapter, ...]

    def markdown(self) -> str:
        """Return the whole as Markdown."""
        return "# Running the PBX\n\n" + "\n".join(c.markdown() for c in self.chapters)

    def to_dict(self) -> dict[str, Any]:
        """Return the chapters as plain values for JSON."""
        return {"chapters": [attrs.asdict(chapter) for chapter in self.chapters]}

    def _repr_markdown_(self) -> str:
        return self.markdown()


def runbook(home: Installation) -> Runbook:
    """Return how the PBX is installed, started, changed and watched."""
    tls, built = home.network.tls, home.files
    named = ", ".join(trunk.name for trunk in home.trunks if trunk.match)
    words: dict[str, str | list[str]] = {
        **_packages(built, home.languages),
        "recordings": [
            f"- `sounds/{home.languages[0]}/{name}.wav`: “{text}”" for name, text in home.recordings
        ],
        "certificate": tls.certificate if tls else "",
        "key": tls.key if tls else "",
        "folder": str(PurePosixPath(tls.key).parent) if tls else "",
        "why": "Names are looked up when Asterisk starts: without a name service calls from "
        f"{named} are refused until the next reload. So it starts after it."
        if named
        else "Asterisk starts after the network.",
        "reloads": [
            f'sudo asterisk -rx "{_RELOADS[name]}"  # {name}' for name in built if name in _RELOADS
        ],
        "trials": [f"- {number} {does}." for number, does in home.trials],
    }
    needed = {
        "Record these sounds": bool(home.recordings),
        "Certificate": tls is not None,
        "Mail": "voicemail.conf" in built,
        "Try it": bool(home.trials),
    }
    return Runbook(tuple(one for one in _chapters(words) if needed.get(one.title, True)))


def _chapters(words: Mapping[str, str | list[str]]) -> Iterator[Chapter]:
    """Yield the chapters of runbook.md, with each `{word}` replaced; a list is a line for each."""
    for part in (files(__package__) / "runbook.md").read_text("utf-8")[3:].split("\n## "):
        title, *rows = part.strip("\n").split("\n")
        text, shell, console = list[str](), list[str](), list[tuple[str, str]]()
        lines = text
        for row in rows[1:]:
            if row.startswith("```"):
                lines = shell if row == "```sh" else text
            elif row.startswith("| "):
                command, _, why = row.strip("| ").partition(" | ")
                console.append((command.strip("`"), why))
            elif isinstance(found := words.get(row.strip("{}"), ""), list):
                lines += found
            else:
                lines.append(row.format_map(words))
        while text and not text[-1]:
            text.pop()
        yield Chapter(title, tuple(text), tuple(shell), tuple(console))


_PACKAGED: Final = ("en", "es", "fr", "it", "ru")
"""Languages whose prompts are packages of Debian. Checked: apt-cache, Debian 12 and sid."""


def _packages(built: tuple[str, ...], languages: tuple[str, ...]) -> dict[str, str]:
    """Return the packages for Debian and Fedora, and what is to be known about them."""
    packaged = [language for language in languages if language in _PACKAGED]
    debian = ["asterisk", *(f"asterisk-core-sounds-{language}-gsm" for language in packaged)]
    fedora = ["asterisk", "asterisk-pjsip", "asterisk-sounds-core-en-gsm"]
    if "voicemail.conf" in built:
        fedora.append("asterisk-voicemail-plain")
    notes = [
        "Debian first, Fedora below; Asterisk 22 or later, which Debian has in sid, not in 12."
    ]
    notes.append(f"Sounds belong in sounds/{languages[0]} of Asterisk's data folder.")
    if others := [language for language in languages if language not in packaged]:
        notes.append(f"There is no package of prompts in {', '.join(others)}: unpack a set there.")
    if packaged != ["en"]:
        notes.append("On Fedora, do so for every language but English; EPEL has no prompts at all.")
    if "musiconhold.conf" in built:
        debian.append("asterisk-moh-opsound-gsm")
        notes.append("On Fedora, put music for those on hold into the folder moh there.")
    return {"notes": " ".join(notes), "debian": " ".join(debian), "fedora": " ".join(fedora)}
