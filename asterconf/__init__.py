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
    from asterconf import apps as apps
    from asterconf import features as features
    from asterconf import phones as phones
    from asterconf import providers as providers
    from asterconf.config import Config as Config
    from asterconf.config import load as load
    from asterconf.config import load_revision as load_revision
    from asterconf.diagnostic import Diagnostic as Diagnostic
    from asterconf.dialplan import DialplanContext as DialplanContext
    from asterconf.differ import Change as Change
    from asterconf.differ import Diff as Diff
    from asterconf.differ import Merge as Merge
    from asterconf.differ import diff as diff
    from asterconf.differ import merge as merge
    from asterconf.editing.renaming import RenamePlan as RenamePlan
    from asterconf.errors import AmbiguousKeyError as AmbiguousKeyError
    from asterconf.errors import AsterconfError as AsterconfError
    from asterconf.errors import BuildError as BuildError
    from asterconf.errors import ConflictError as ConflictError
    from asterconf.errors import EditError as EditError
    from asterconf.errors import LoadError as LoadError
    from asterconf.errors import ModelError as ModelError
    from asterconf.errors import NotFoundError as NotFoundError
    from asterconf.errors import ParseError as ParseError
    from asterconf.errors import StaleError as StaleError
    from asterconf.home import HomePBX as HomePBX
    from asterconf.home import Network as Network
    from asterconf.model import CallerID as CallerID
    from asterconf.model import Extension as Extension
    from asterconf.model import Mailbox as Mailbox
    from asterconf.model import Queue as Queue
    from asterconf.model import QueueMember as QueueMember
    from asterconf.model import Secret as Secret
    from asterconf.model import Trunk as Trunk
    from asterconf.numbers import Numbers as Numbers
    from asterconf.references.values import Name as Name
    from asterconf.references.values import Reference as Reference
    from asterconf.sites import map_sites as map_sites
    from asterconf.source import Position as Position
    from asterconf.syntax import Document as Document
    from asterconf.syntax import Option as Option
    from asterconf.syntax import Section as Section
    from asterconf.syntax import parse as parse
    from asterconf.wire import structure as structure
    from asterconf.wire import unstructure as unstructure

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
    "AmbiguousKeyError", "AsterconfError", "BuildError", "CallerID", "Change", "Config",
    "ConflictError", "Diagnostic", "DialplanContext", "Diff", "Document", "EditError",
    "Extension", "HomePBX", "LoadError", "Mailbox", "Merge", "ModelError", "Name", "Network",
    "NotFoundError", "Numbers", "Option", "ParseError", "Position", "Queue", "QueueMember",
    "Reference", "RenamePlan", "Secret", "Section", "StaleError", "Trunk", "apps", "diff",
    "features", "load", "load_revision", "map_sites", "merge", "parse", "phones", "providers",
    "structure", "unstructure",
]  # fmt: skip


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
