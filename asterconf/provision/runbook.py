"""How a home PBX is installed, started, changed and watched."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any, Final

import attrs

from asterconf.escapes import markdown_code
from asterconf.model.home import Installation, Tls

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

_TROUBLE: Final = (
    ("pjsip show endpoints", "which phones and providers are there"),
    ("pjsip show contacts", "where they are, and whether they answer"),
    ("pjsip show registrations", "whether we are registered with the provider"),
    ("pjsip set logger on", "show every SIP message; off again with off"),
    ("rtp set debug on", "show every packet of sound; off again with off"),
    ("core show channels", "which calls there are"),
    ("dialplan show from-home", "what a phone may dial"),
    ("queue show", "who is rung by calls from outside"),
    ("voicemail show users", "the boxes and their messages"),
)


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
    return Runbook(tuple(_chapters(home)))


def _chapters(home: Installation) -> Iterator[Chapter]:
    files = home.files
    yield _install(files, home.languages)
    yield Chapter(
        "Put the files in place",
        (
            (
                "The plan is shown first; the package's own samples make way. The group of "
                "Asterisk must be able to read the files, and nobody else the passwords."
            ),
        ),
        (
            "sudo mv /etc/asterisk /etc/asterisk.samples && sudo mkdir /etc/asterisk",
            "sudo asterconf apply home.toml /etc/asterisk --complete",
            "sudo install -d -o asterisk -g asterisk /var/log/asterisk/cdr-csv",
            "sudo chgrp -R asterisk /etc/asterisk",
            "sudo chmod -R o= /etc/asterisk",
        ),
    )
    if home.recordings:
        yield _recordings(home)
    if home.network.tls:
        yield _certificate(home.network.tls)
    yield _start(home)
    if "voicemail.conf" in files:
        yield Chapter(
            "Mail",
            (
                (
                    "Messages are mailed by the program sendmail of this machine: set up a mail "
                    "server, such as msmtp or postfix, and send yourself a test."
                ),
            ),
        )
    yield Chapter(
        "After a change",
        (
            (
                "`asterconf apply home.toml /etc/asterisk` shows what changes and writes it; then "
                "run the line of each changed file."
            ),
        ),
        tuple(
            f'sudo asterisk -rx "{_RELOADS[name]}"  # {name}' for name in files if name in _RELOADS
        ),
    )
    yield Chapter(
        "Keep attackers out",
        (
            (
                "`asterconf firewall home.toml --to DIR` writes a ruleset for nftables, and a "
                "filter and a jail for fail2ban, which reads the failed log-ins in security.log."
            ),
        ),
        (
            "asterconf firewall home.toml --to firewall",
            "sudo cp firewall/asterconf.nft /etc/ && sudo nft -f /etc/asterconf.nft",
            "echo 'include \"/etc/asterconf.nft\"' | sudo tee -a /etc/nftables.conf",
            "sudo cp -r firewall/fail2ban/. /etc/fail2ban/",
            "sudo systemctl restart fail2ban",
        ),
    )
    yield Chapter(
        "When something is wrong",
        (("Logs: /var/log/asterisk/messages.log, and security.log for failed log-ins. Records of "
         "calls: /var/log/asterisk/cdr-csv/Master.csv."),),
        console=_TROUBLE,
    )  # fmt: skip
    if home.trials:
        yield Chapter("Try it", tuple(f"- {number} {does}." for number, does in home.trials))


def _recordings(home: Installation) -> Chapter:
    """Return what has to be recorded before callers hear it."""
    lines = [
        f"- `sounds/{home.languages[0]}/{name}.wav`: “{text}”" for name, text in home.recordings
    ]
    return Chapter(
        "Record these sounds",
        (
            (
                "Below Asterisk's folder of data (`core show settings` names it), as mono WAV of "
                "8 kHz, 16 bit. Until then callers hear silence."
            ),
            "",
            *lines,
        ),
        ("sox recording.wav -r 8000 -c 1 -b 16 welcome.wav",),
    )


def _certificate(tls: Tls) -> Chapter:
    text = (
        f"The certificate of the PBX and its key: {tls.certificate} and {tls.key}. Renew it before "
        "it ends, and restart Asterisk then. The first command makes a self-signed one, which "
        "phones have to trust; put the name that phones use in place of pbx.example.org."
    )
    folder = str(PurePosixPath(tls.key).parent)
    make = (
        "sudo openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 825 "
        f"-subj /CN=pbx.example.org -addext subjectAltName=DNS:pbx.example.org "
        f"-keyout {tls.key} -out {tls.certificate}"
    )
    own = f"sudo chown asterisk: {tls.key} && sudo chmod 400 {tls.key}"
    return Chapter("Certificate", (text,), (f"sudo mkdir -p {folder}", make, own))


_PACKAGED: Final = ("en", "es", "fr", "it", "ru")
"""Languages whose prompts are packages of Debian. Checked: apt-cache, Debian 12 and sid."""


def _install(files: tuple[str, ...], languages: tuple[str, ...]) -> Chapter:
    packaged = [language for language in languages if language in _PACKAGED]
    debian = ["asterisk", *(f"asterisk-core-sounds-{language}-gsm" for language in packaged)]
    fedora = ["asterisk", "asterisk-pjsip", "asterisk-sounds-core-en-gsm"]
    if "voicemail.conf" in files:
        fedora.append("asterisk-voicemail-plain")
    notes = [
        "Debian first, Fedora below; Asterisk 22 or later, which Debian has in sid, not in 12."
    ]
    notes.append(f"Sounds belong in sounds/{languages[0]} of Asterisk's data folder.")
    if others := [language for language in languages if language not in packaged]:
        notes.append(f"There is no package of prompts in {', '.join(others)}: unpack a set there.")
    if packaged != ["en"]:
        notes.append("On Fedora, do so for every language but English; EPEL has no prompts at all.")
    if "musiconhold.conf" in files:
        debian.append("asterisk-moh-opsound-gsm")
        notes.append("On Fedora, put music for those on hold into the folder moh there.")
    return Chapter(
        "Install",
        (" ".join(notes),),
        (f"sudo apt install {' '.join(debian)}", f"sudo dnf install {' '.join(fedora)}"),
    )


def _start(home: Installation) -> Chapter:
    named = [trunk.name for trunk in home.trunks if trunk.match]
    why = (
        "Names are looked up when Asterisk starts: without a name service calls from "
        f"{', '.join(named)} are refused until the next reload. So it starts after it."
        if named
        else "Asterisk starts after the network."
    )
    return Chapter(
        "Start",
        (why,),
        (
            "sudo mkdir -p /etc/systemd/system/asterisk.service.d",
            (
                "printf '[Unit]\\nWants=network-online.target\\nAfter=network-online.target "
                "nss-lookup.target\\n' | sudo tee /etc/systemd/system/asterisk.service.d/order.conf"
            ),
            "sudo systemctl daemon-reload",
            "sudo systemctl enable --now asterisk",
            "sudo systemctl restart asterisk",
        ),
    )
