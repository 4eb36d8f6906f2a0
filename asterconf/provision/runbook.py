"""How a home PBX is installed, started, changed and watched."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

import attrs

from asterconf.model.home import Installation

__all__ = ["Chapter", "Runbook", "runbook"]

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
            lines += [f"| `{command}` | {why} |" for command, why in self.console]
        return "\n".join(lines) + "\n"


@attrs.frozen
class Runbook:
    """All chapters, in the order in which they are needed."""

    chapters: tuple[Chapter, ...]

    def markdown(self) -> str:
        """Return the whole as Markdown."""
        return "# Running the PBX\n\n" + "\n".join(c.markdown() for c in self.chapters)

    def _repr_markdown_(self) -> str:
        return self.markdown()


def runbook(home: Installation) -> Runbook:
    """Return how the PBX is installed, started, changed and watched."""
    return Runbook(tuple(_chapters(home)))


def _chapters(home: Installation) -> Iterator[Chapter]:
    files = home.files
    yield _install(files)
    yield Chapter(
        "Put the files in place",
        ("The group of Asterisk must be able to read them, and nobody else the passwords.",),
        (
            "asterconf build home.toml --to out/asterisk --complete",
            "sudo cp -r out/asterisk/. /etc/asterisk/",
            "sudo chgrp -R asterisk /etc/asterisk",
            "sudo chmod -R o= /etc/asterisk",
        ),
    )
    if home.network.tls:
        tls = home.network.tls
        yield Chapter(
            "Certificate",
            (
                (
                    f"The certificate of the PBX and its key: {tls.certificate} and {tls.key}. "
                    "Renew it before it ends, and restart Asterisk then."
                ),
            ),
            (f"sudo chown asterisk: {tls.key} && sudo chmod 400 {tls.key}",),
        )
    yield _start(home)
    if any(name == "voicemail.conf" for name in files):
        yield Chapter(
            "Mail",
            (("Messages are mailed by the program sendmail of this machine: set up a mail server, "
             "such as msmtp or postfix, and send yourself a test."),),
        )  # fmt: skip
    yield Chapter(
        "After a change",
        ("Build again, copy, and say on the console what belongs to the changed file.",),
        console=tuple((_RELOADS[name], f"after {name}") for name in files if name in _RELOADS),
    )
    yield Chapter(
        "When something is wrong",
        ("Logs: /var/log/asterisk/messages.log, and security.log for failed log-ins.",),
        console=_TROUBLE,
    )
    if home.trials:
        yield Chapter("Try it", tuple(f"- {number} {does}." for number, does in home.trials))


def _install(files: tuple[str, ...]) -> Chapter:
    debian = ["asterisk", "asterisk-core-sounds-en-gsm"]
    fedora = ["asterisk", "asterisk-pjsip", "asterisk-sounds-core-en-gsm"]
    if "voicemail.conf" in files:
        fedora.append("asterisk-voicemail-plain")
    if "musiconhold.conf" in files:
        debian.append("asterisk-moh-opsource-gsm")
        fedora.append("asterisk-moh-opsource-gsm")
    return Chapter(
        "Install",
        (("Debian first, Fedora and RHEL (with EPEL) below. Asterisk 22 or later. Sounds belong in "
         "sounds/en of Asterisk's data folder."),),
        (f"sudo apt install {' '.join(debian)}", f"sudo dnf install {' '.join(fedora)}"),
    )  # fmt: skip


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
