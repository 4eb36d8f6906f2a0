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
    from asterconf import apps
    from asterconf.config import Config, load
    from asterconf.diagnostic import Diagnostic
    from asterconf.dialplan import DialplanContext, DialplanExtension, DialplanStep
    from asterconf.differ import Change, Conflict, Diff, Merge, diff, merge
    from asterconf.editing.renaming.plan import RenamePlan
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
    from asterconf.home import (
        BlockedCallers,
        BusinessHours,
        BusyLamps,
        ConferenceRoom,
        EmergencyCalls,
        Feature,
        Guards,
        HomePBX,
        IncomingCalls,
        Intercom,
        LocalCalls,
        Menu,
        MusicOnHold,
        Network,
        OutgoingCalls,
        Parking,
        Plan,
        VoicemailMenu,
        providers,
        usual_features,
    )
    from asterconf.language.pattern import Pattern
    from asterconf.model import (
        CallerID,
        Extension,
        Mailbox,
        Queue,
        QueueMember,
        Secret,
        Trunk,
        phones,
    )
    from asterconf.progress import Progress
    from asterconf.sites import map_sites
    from asterconf.source import Position
    from asterconf.syntax import Directive, Document, Option, Section, parse
    from asterconf.wire import structure, unstructure

_ROOMS = {
    "home": (
        "BlockedCallers", "BusinessHours", "BusyLamps", "ConferenceRoom", "EmergencyCalls",
        "Feature", "Guards", "HomePBX", "IncomingCalls", "Intercom", "LocalCalls", "Menu",
        "MusicOnHold", "Network", "OutgoingCalls", "Parking", "Plan", "VoicemailMenu",
        "providers", "usual_features",
    ),
    "config": ("Config", "load"),
    "dialplan": ("DialplanContext", "DialplanExtension", "DialplanStep"),
    "differ": ("Change", "Conflict", "Diff", "Merge", "diff", "merge"),
    "editing.renaming.plan": ("RenamePlan",),
    "errors": (
        "AmbiguousKeyError", "AsterconfError", "BuildError", "ConflictError", "EditError",
        "LoadError", "ModelError", "NotFoundError", "ParseError", "StaleError",
    ),
    "language.pattern": ("Pattern",),
    "model": (
        "CallerID", "Extension", "Mailbox", "Queue", "QueueMember", "Secret", "Trunk", "phones",
    ),
    "progress": ("Progress",),
    "sites": ("map_sites",),
    "diagnostic": ("Diagnostic",),
    "source": ("Position",),
    "syntax": ("Directive", "Document", "Option", "Section", "parse"),
    "wire": ("structure", "unstructure"),
}  # fmt: skip
_HOME = {name: room for room, names in _ROOMS.items() for name in names}

__all__ = [
    "AmbiguousKeyError",
    "AsterconfError",
    "BlockedCallers",
    "BuildError",
    "BusinessHours",
    "BusyLamps",
    "CallerID",
    "Change",
    "ConferenceRoom",
    "Config",
    "Conflict",
    "ConflictError",
    "Diagnostic",
    "DialplanContext",
    "DialplanExtension",
    "DialplanStep",
    "Diff",
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
    "Menu",
    "Merge",
    "ModelError",
    "MusicOnHold",
    "Network",
    "NotFoundError",
    "Option",
    "OutgoingCalls",
    "Parking",
    "ParseError",
    "Pattern",
    "Plan",
    "Position",
    "Progress",
    "Queue",
    "QueueMember",
    "RenamePlan",
    "Secret",
    "Section",
    "StaleError",
    "Trunk",
    "VoicemailMenu",
    "apps",
    "diff",
    "load",
    "map_sites",
    "merge",
    "parse",
    "phones",
    "providers",
    "structure",
    "unstructure",
    "usual_features",
]


shown.display = lambda: import_module("asterconf.display")


def __getattr__(name: str) -> object:
    if name == "__version__":
        from importlib.metadata import version

        return version("asterconf")
    if name == "apps":
        return import_module("asterconf.apps")
    if name not in _HOME:
        raise AttributeError(f"module 'asterconf' has no attribute {name!r}")
    value = getattr(import_module(f"asterconf.{_HOME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
