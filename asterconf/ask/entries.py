"""Where calls come in: the endpoints and contexts that a question is about."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final, TypeAlias

import attrs

from asterconf.bind.pjsip import EndpointRecord
from asterconf.dialplan.values import near_names
from asterconf.errors import ModelError, NotFoundError
from asterconf.language import callerid as callerids
from asterconf.model import Extension, Trunk
from asterconf.resolve.sources import open_ends
from asterconf.shown import Shown
from asterconf.source import is_true
from asterconf.workspace import Workspace

_LINES: Final = {
    "dahdi": ("chan_dahdi", "chan_dahdi.conf"), "iax2": ("chan_iax2", "iax.conf"),
    "mgcp": ("chan_mgcp", "mgcp.conf"), "misdn": ("chan_misdn", "misdn.conf"),
    "mobile": ("chan_mobile", "chan_mobile.conf"),
    "motif": ("chan_motif", "motif.conf"), "ooh323": ("chan_ooh323", "ooh323.conf"),
    "sip": ("chan_sip", "sip.conf"),
}  # fmt: skip
"""Other drivers whose channels may lead out, each with its module and the file it needs."""
_PHONES: Final = (
    ("chan_console", "console.conf"), ("chan_skinny", "skinny.conf"),
    ("chan_unistim", "unistim.conf"), ("chan_alsa", "alsa.conf"), ("chan_oss", "oss.conf"),
)  # fmt: skip
"""Drivers of sound cards and phones, each with the file it needs."""
_TRUNKS: Final = frozenset({"trunk", "role:trunk"})
"""Words for any trunk."""
ROLES: Final = ("extension", "trunk", "peer", "anonymous", "unknown")

Who: TypeAlias = str | type[Extension] | type[Trunk] | Iterable[str | type[Extension] | type[Trunk]]
"""Whom a question is about: words, or the classes `Extension` and `Trunk` for all of that role."""


def words_of(given: Who) -> list[str]:
    """Return the words for whom a question is about.

    Raises:
        ModelError: it is another class.
    """
    found = []
    for one in [given] if isinstance(given, str | type) else given:
        if one not in (Extension, Trunk) and not isinstance(one, str):
            raise ModelError(f"{one!r} is neither a name nor Extension or Trunk")
        found.append(one if isinstance(one, str) else f"role:{one.__name__.lower()}")
    return found


@attrs.frozen
class Entry(Shown):
    """A way in for calls.

    Attributes:
        name: as it is written for `Config.call`: an endpoint, or `context:NAME`.
        context: the context in which its calls begin.
        role: what the endpoint is to the house; empty for a context.
        callerid: the number that its calls have; None: any number, or none at all.
        variables: what `set_var` gives its channels, as names and values.
    """

    name: str
    context: str
    role: str = ""
    callerid: str | None = None
    variables: tuple[tuple[str, str], ...] = attrs.field(default=(), repr=False)

    def __str__(self) -> str:
        return self.name


def records(workspace: Workspace) -> dict[str, EndpointRecord]:
    """Return every endpoint that is in force, by name."""
    return {name: one.obj for name, one in workspace.pjsip.endpoints.items() if one.obj.in_force}


def _option(workspace: Workspace, endpoint: str, name: str) -> str:
    """Return the value of an option of an endpoint; empty: it has none."""
    objects = workspace.pjsip_objects(
        workspace.resolve("pjsip_wizard.conf"), workspace.resolve("pjsip.conf")
    )
    return next((one.text(name) for one in objects.get("endpoint", [endpoint])), "")


def _entry(workspace: Workspace, record: EndpointRecord) -> Entry:
    from asterconf.calls.call import entry_context

    found = record.extension or record.trunk
    own = str(getattr(found, "callerid", None) or "") if found is not None else ""
    # a trunk sends whatever number it likes; so does a phone that has none or is trusted
    trusted = is_true(_option(workspace, record.name, "trust_id_inbound"))
    free = record.role == "trunk" or trusted
    number = callerids.parse(own).dialled if own and not free else ""
    context = entry_context(workspace, record.name)
    variables = tuple(workspace.channel_variables.get(record.name, ()))
    return Entry(record.name, context, record.role, number or None, variables)


def _ways(
    workspace: Workspace, found: Iterable[EndpointRecord], *, messages: bool
) -> Iterator[Entry]:
    """Yield the ways in of endpoints: of their calls, and of the messages that go elsewhere.

    A message runs the dialplan as a call does, and may dial.

    Source: res/res_pjsip_messaging.c, rx_data_to_ast_msg. Checked on Asterisk 22.10.1.
    """
    messages = messages and not workspace.modules.why_not("res_pjsip_messaging")
    for record in found:
        yield _entry(workspace, record)
        context = _option(workspace, record.name, "message_context") if messages else ""
        if context in workspace.complete_plan:
            yield Entry(f"context:{context}", context)


def phones_of(workspace: Workspace, given: Who) -> list[Entry]:
    """Return the ways in that words mean; by default all phones, or all where there is none."""
    roles = {record.role for record in records(workspace).values()}
    default = "role:extension" if "extension" in roles else "any"
    return entries_of(workspace, words_of(given) or default)


def entries_of(workspace: Workspace, given: Who, *, messages: bool = False) -> list[Entry]:
    """Return the ways in that words mean, in the order of the files.

    `messages`: also the contexts to which the messages of endpoints go.

    A word is an endpoint (or `endpoint:NAME`), `context:NAME`, `role:ROLE` (such as `role:trunk`)
    or `any`: every endpoint, and the contexts of other drivers that load; without endpoints every
    context. A bare context is one, too.

    Raises:
        NotFoundError: there is no such endpoint or context, or no endpoint of the role.
        ModelError: a word is both an endpoint and a context, or no role.
    """
    found: dict[str, Entry] = {}
    for word in words_of(given):
        found |= {one.name: one for one in _meant(workspace, word, messages=messages)}
    return list(found.values())


def _meant(workspace: Workspace, word: str, *, messages: bool) -> Iterator[Entry]:
    plan, known = workspace.complete_plan, records(workspace)
    kind, colon, name = word.partition(":")
    if word == "any":
        yield from _ways(workspace, known.values(), messages=messages)
        names = _of_drivers(workspace) if known else {one.name for one in plan}
        yield from (Entry(f"context:{one.name}", one.name) for one in plan if one.name in names)
    elif colon and kind == "role":
        if name not in ROLES:
            raise ModelError(f"{name!r} is no role; there are {', '.join(ROLES)}")
        chosen = [record for record in known.values() if record.role == name]
        if not chosen:
            raise NotFoundError(f"there is no endpoint with the role {name!r}")
        yield from _ways(workspace, chosen, messages=messages)
    elif colon and kind == "context":
        if name not in plan:
            near = near_names(name, (one.name for one in plan))
            raise NotFoundError(f"there is no context {name!r}{near}")
        yield Entry(word, name)
    elif colon and kind == "endpoint" and name in known:
        yield from _ways(workspace, [known[name]], messages=messages)
    elif word in known and word in plan:
        raise ModelError(
            f"{word!r} is an endpoint and a context: write endpoint:{word} or context:{word}"
        )
    elif word in known:
        yield from _ways(workspace, [known[word]], messages=messages)
    elif word in plan:
        yield Entry(f"context:{word}", word)
    else:
        near = near_names(word, [*known, *(one.name for one in plan)])
        near = f"; write role:{word}" if word in ROLES else near
        raise NotFoundError(f"there is no endpoint or context {word!r}{near}")


def _of_drivers(workspace: Workspace) -> set[str]:
    """Return the contexts in which the channels of other drivers come in, and messages of XMPP.

    Source: res/res_xmpp.c, xmpp_pak_message.
    """
    found: set[str] = set()
    for module, file in (*_LINES.values(), *_PHONES):
        if _loads(workspace, module, file):
            items = [item for one in workspace.resolve(file) or () for item in one.items]
            found |= {item.value for item in items if item.name.lower() == "context"} or {"default"}
    if _loads(workspace, "res_xmpp", "xmpp.conf"):
        for one in workspace.resolve("xmpp.conf") or ():
            own = {item.name.lower(): item.value for item in one.items}
            if is_true(own.get("sendtodialplan", "")):
                found.add(own.get("context", "default"))
    return found


def _loads(workspace: Workspace, module: str, file: str) -> bool:
    """Return whether a driver loads, which it does not without its file."""
    there = workspace.has(file) and bool(workspace.schema.readers(file))
    return there and not workspace.modules.why_not(module)


@attrs.frozen
class Destination:
    """Where a question asks whether calls get to.

    Attributes:
        trunks: endpoints of PJSIP.
        lines: other technologies that may lead there, too.
        missing: whether there is neither, so that no call gets there, whatever it runs.
    """

    trunks: tuple[str, ...]
    lines: frozenset[str] = frozenset()
    missing: bool = False

    @classmethod
    def of(cls, workspace: Workspace, given: Who) -> Destination:
        """Return what words mean as the far end of a call: `trunk`, or names of endpoints.

        Raises:
            NotFoundError: there is no such endpoint.
        """
        trunks, lines = trunks_of(workspace, given), _lines_of(workspace, given)
        return cls(trunks, lines, not (trunks or lines) and _no_others(workspace))


def trunks_of(workspace: Workspace, given: Who) -> tuple[str, ...]:
    """Return the endpoints that words mean as the far end of a call: `trunk`, or their names.

    Raises:
        NotFoundError: there is no such endpoint.
    """
    known = records(workspace)
    found: dict[str, None] = {}
    for word in words_of(given):
        if word in _TRUNKS:
            found |= {name: None for name, record in known.items() if record.role == "trunk"}
        elif word in known:
            found[word] = None
        else:
            raise NotFoundError(f"there is no endpoint {word!r}{near_names(word, known)}")
    return tuple(found)


def _lines_of(workspace: Workspace, given: Who) -> frozenset[str]:
    """Return the other technologies that may lead to what words mean: to any trunk, they may.

    Without its file a driver does not load; which of its channels are lines of a provider is not
    known.

    Source: load_module of the drivers.
    """
    if not _TRUNKS & {*words_of(given)}:
        return frozenset()
    known = (name for name, driver in _LINES.items() if _loads(workspace, *driver))
    return frozenset((*known, *_foreign(workspace)))


def _foreign(workspace: Workspace) -> Iterator[str]:
    """Yield technologies of drivers that are none of Asterisk's: a file or a line names them."""
    plan, schema = workspace.complete_plan, workspace.schema
    files = [name for name in workspace.names if not schema.readers(name)]
    said = (*(one for one in workspace.modules.foreign if one.startswith("chan_")), *files)
    named = {one.removesuffix(".conf").removeprefix("chan_").lower() for one in said}
    named -= {one.removeprefix("chan_") for one in schema.known_modules()}
    steps = (step.data for context in plan for one in context.extensions for step in one.steps)
    texts = (*steps, *plan.globals.values()) if named else ()
    yield from named.intersection(
        word for text in texts if "/" in text for word in re.findall(r"(\w+)/", text.lower())
    )


def _no_others(workspace: Workspace) -> bool:
    """Return whether the endpoints that are known are all that there are.

    That is not known where endpoints are in a database (sorcery.conf), where pjsip.conf has parts
    that cannot be read, where it is not known what an endpoint is to the house, or where the
    dialplan is all that is there of a configuration.
    """
    roles = {one.role for one in records(workspace).values()}
    if "unknown" in roles or len(workspace.names) < 2:
        return False
    mapped = workspace.resolve("sorcery.conf") or ()
    if any(item.name.startswith("endpoint") for section in mapped for item in section.items):
        return False
    files = ("pjsip.conf", "pjsip_wizard.conf")
    ends = (open_ends(n, workspace.resolve(n), workspace.files, workspace.resolve) for n in files)
    return not any(one for found in ends for one in found)
