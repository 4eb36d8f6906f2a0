"""Read, understand, edit and build Asterisk PBX configurations, without losing a byte.

Three layers, each usable alone: text (`parse`, `Document`), meaning (`load`, `Config.effective`)
and objects (`Extension`, `Trunk`, `Queue`, …). `HomePBX` builds a whole home PBX.

Names are imported when they are first used, so `import asterconf` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module

from asterconf import shown

TYPE_CHECKING = False  # type checkers take it for true; importing it from `typing` costs more
if TYPE_CHECKING:
    from asterconf import apps, features, phones, providers
    from asterconf.config import Config, load, load_revision
    from asterconf.diagnostic import Diagnostic
    from asterconf.dialplan import DialplanContext
    from asterconf.differ import Change, Diff, Merge, diff, merge
    from asterconf.editing.renaming import RenamePlan
    from asterconf.errors import (
        AmbiguousKeyError,
        AsterconfError,
        BuildError,
        ConflictError,
        EditError,
        LoadError,
        ModelError,
        NotFoundError,
        ParseError,
        StaleError,
    )
    from asterconf.home import HomePBX, Network
    from asterconf.model import (
        CallerID,
        Extension,
        Mailbox,
        Queue,
        QueueMember,
        Secret,
        Trunk,
    )
    from asterconf.numbers import Numbers
    from asterconf.references.values import Name, Reference
    from asterconf.sites import map_sites
    from asterconf.source import Position
    from asterconf.syntax import Document, Option, Section, parse
    from asterconf.wire import structure, unstructure

_NAMES = {
    "config": ("Config", "load", "load_revision"),
    "diagnostic": ("Diagnostic",),
    "dialplan": ("DialplanContext",),
    "differ": ("Change", "Diff", "Merge", "diff", "merge"),
    "editing.renaming": ("RenamePlan",),
    "errors": (
        "AmbiguousKeyError", "AsterconfError", "BuildError", "ConflictError", "EditError",
        "LoadError", "ModelError", "NotFoundError", "ParseError", "StaleError",
    ),
    "home": ("HomePBX", "Network"),
    "model": ("CallerID", "Extension", "Mailbox", "Queue", "QueueMember", "Secret", "Trunk"),
    "numbers": ("Numbers",),
    "references.values": ("Name", "Reference"),
    "sites": ("map_sites",),
    "source": ("Position",),
    "syntax": ("Document", "Option", "Section", "parse"),
    "wire": ("structure", "unstructure"),
}  # fmt: skip
"""The module of each name, below `asterconf`."""

_MODULE_OF = {name: module for module, names in _NAMES.items() for name in names}
_MODULES = ("apps", "features", "phones", "providers")

_MOVED = {
    "Conflict": "differ", "DialplanExtension": "dialplan", "DialplanStep": "dialplan",
    "Directive": "syntax", "Pattern": "language.pattern", "Progress": "progress",
    **dict.fromkeys((
        "BlockedCallers", "BusinessHours", "BusyLamps", "ConferenceRoom", "EmergencyCalls",
        "Feature", "Guards", "IncomingCalls", "Intercom", "LocalCalls", "Menu", "MusicOnHold",
        "OutgoingCalls", "Parking", "Plan", "VoicemailMenu", "usual_features",
    ), "features"),
}  # fmt: skip
"""Names that stood here before, and their module now."""

__all__ = [
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


shown.display = lambda: import_module("asterconf.display")


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("asterconf")
    if name in _MODULES:
        return import_module(f"asterconf.{name}")
    if name in _MOVED:
        raise AttributeError(f"asterconf.{name} is now asterconf.{_MOVED[name]}.{name}")
    if name not in _MODULE_OF:
        raise AttributeError(f"module 'asterconf' has no attribute {name!r}")
    value = getattr(import_module(f"asterconf.{_MODULE_OF[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*__all__, "__version__"])
