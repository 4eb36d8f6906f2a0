"""The rest of a tree for a bare Asterisk: what a machine needs beside the home's own files."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from asterconf.home.modules import modules_for
from asterconf.home.plan import Plan

__all__ = ["write_complete"]

_NEEDED_BY: Final = {
    "core": "What every PBX of this kind needs.",
    "sip": "SIP, and the sound that goes with it.",
    "trunk": "Registering with a provider and answering its challenges.",
    "presence": "Lamps that show who is busy.",
    "queue": "Ringing several phones at once.",
    "page": "The intercom: Page() speaks through conference bridges.",
    "conference": "Conference bridges.",
    "parking": "Parking calls.",
    "music": "Music for those on hold.",
    "voicemail": "Voicemail.",
    "others": "Asked for by features of this house.",
}

_EMPTY: Final = (
    ("acl.conf", "named lists of addresses"),
    ("ccss.conf", "calling back when a busy line is free"),
    ("cdr.conf", "records of calls"),
    ("cel.conf", "records of what happens within calls"),
    ("features.conf", "keys pressed during a call"),
    ("pjproject.conf", "the SIP library's own messages"),
    ("queuerules.conf", "rules for who is rung in a queue"),
    ("udptl.conf", "fax over IP"),
)
"""Files that are opened in any case, and what they are about."""

_TONES: Final = (
    ("description", "United States / North America"),
    ("ringcadence", "2000,4000"),
    ("dial", "350+440"),
    ("busy", "480+620/500,0/500"),
    ("ring", "440+480/2000,0/4000"),
    ("congestion", "480+620/250,0/250"),
    ("callwaiting", "440/300,0/10000"),
    ("dialrecall", "!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440"),
    ("record", "1400/500,0/15000"),
    ("info", "!950/330,!1400/330,!1800/330,0"),
    ("stutter", "!350+440/100,!0/100,!350+440/100,!0/100,!350+440/100,!0/100,350+440"),
)


def write_complete(plan: Plan) -> None:
    """Plan the files that a bare Asterisk needs beside the home's own."""
    for write in _WRITERS:
        write(plan)


def _asterisk(plan: Plan) -> None:
    file = plan.file(
        "asterisk.conf",
        "asterisk.conf: the program itself. Its folders are the ones it was compiled with.",
    )
    section = file.section("options")
    section.set("defaultlanguage", "en", "Prompts are taken from sounds/en, so unpack them there.")


def _logger(plan: Plan) -> None:
    file = plan.file("logger.conf", "logger.conf: what is logged, and where.")
    file.section("general").set("dateformat", "%F %T", "Date and time as 2030-01-31 23:59:59.")
    section = file.section("logfiles")
    section.set(
        "console",
        "notice,warning,error",
        "On the console, and in a file beside the others.",
        arrow=True,
    )
    section.set("messages.log", "notice,warning,error", arrow=True)
    section.set(
        "security.log",
        "security",
        "Who failed to log in, for tools that block attackers.",
        arrow=True,
    )


def _modules(plan: Plan) -> None:
    file = plan.file(
        "modules.conf",
        "modules.conf: what is loaded. Only what this PBX uses: a module that is not there has no "
        "holes and asks for no file.",
    )
    section = file.section("modules")
    section.set("autoload", "no")
    for need, modules in modules_for(plan.modules):
        comment = _NEEDED_BY[need]
        for module in modules:
            section.set("load", f"{module}.so", comment)
            comment = ""


def _indications(plan: Plan) -> None:
    file = plan.file(
        "indications.conf", "indications.conf: how dial tone, ringing and busy sound, by country."
    )
    file.section("general").set("country", "us")
    section = file.section("us", "Frequencies in Hz / milliseconds; ! plays a tone once.")
    for name, tones in _TONES:
        section.set(name, tones)


def _defaults(plan: Plan) -> None:
    for name, what in _EMPTY:
        usual = "Asterisk's defaults will do, but it complains without a file."
        plan.file(name, f"{name}: {what}. {usual}")


_WRITERS: Final[tuple[Callable[[Plan], None], ...]] = (
    _asterisk,
    _modules,
    _logger,
    _indications,
    _defaults,
)
