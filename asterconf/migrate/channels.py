"""SIP/… → PJSIP/…: devices, functions, headers and variables of chan_sip, wherever they stand."""

from __future__ import annotations

import re
from functools import cache, partial

import attrs

from asterconf.language import args, exten
from asterconf.migrate import table
from asterconf.migrate.facts import facts, file_text
from asterconf.migrate.macros import every_call, plan_sites
from asterconf.migrate.outcome import Said
from asterconf.migrate.plan import Draft, Style, codemod, options_of
from asterconf.migrate.steps import (
    put_line,
    rewrite_calls,
)
from asterconf.migrate.table import functions_in, split
from asterconf.secrets import shown_value
from asterconf.source import fold
from asterconf.workspace import Workspace

_DEVICE = re.compile(r"(?<![\w/.:-])SIP/", re.IGNORECASE)
_ENDS = re.compile(r"[&,|\s)^\"']|;(?=SIP/|\s|$)", re.IGNORECASE)
"""What ends a device; a `;` may be in its number or name."""
_WIDE = re.compile(r"[&,|)^\"']|;(?=SIP/|\s|$)", re.IGNORECASE)
_SAFE = re.compile(r"\$\{EXTEN(:[^}]*)?\}")
_HEADERS = "add-sip-headers"
_OPTIONS = {"dial": 2, "retrydial": 5, "page": 1, "queue": 1}
"""Applications that call devices and have an option b, with the place of their options."""


@cache
def _rest() -> list[tuple[re.Pattern[str], str]]:
    """Return what is of chan_sip in a line after everything has been moved, and why it stays."""
    own = "|".join(facts("channels")["own"])
    rest = facts("channels")["rest"]
    return [(re.compile(pattern.replace("OWN", f"(?:{own})")), why) for pattern, why in rest]


@attrs.define(eq=False)
class _Devices:
    """The names that are known, and the headers that steps add."""

    workspace: Workspace
    peers: set[str] = attrs.field(factory=set)
    trunks: dict[str, str] = attrs.field(factory=dict)
    """Global variables that hold a device `SIP/peer`, with the peer."""
    headers: dict[str, int] = attrs.field(factory=dict)
    """The texts of SIPAddHeader, numbered over the whole dialplan."""

    @classmethod
    def of(cls, workspace: Workspace) -> _Devices:
        """Look them up."""
        names = {fold(name) for name in workspace.chan_sip.peers}
        names |= {fold(name) for name in workspace.pjsip.endpoints}
        made = cls(workspace, names)
        for name, value in workspace.dialplan.dialplan.globals.items():
            found = re.fullmatch(r"(?:PJ)?SIP/([^/&@${}]+)", value.strip(), re.IGNORECASE)
            if found:
                made.trunks[name] = found[1]
        for site in plan_sites(workspace):
            for name, data in every_call(site.step.app, site.step.data):
                if fold(name) == "sipaddheader":
                    made.number(data)
        return made

    def number(self, header: str) -> int:
        """Return the number of a header: each text has its own, that of a key of a call too."""
        return self.headers.setdefault(_header(header), len(self.headers) + 1)

    # -- devices ----------------------------------------------------------------------------------

    def devices(self, said: Said, text: str) -> str:
        """Return a text in which the devices of chan_sip are those of PJSIP."""
        masked, at, out = args.mask(text), 0, ""
        for found in _DEVICE.finditer(masked):
            if found.start() < at:
                continue
            stop = _ENDS.search(masked, found.end())
            end = stop.start() if stop else len(text)
            wide = _WIDE.search(masked, found.end())
            whole = text[found.end() : wide.start() if wide else len(text)].rstrip()
            end = found.end() + len(whole) if fold(whole) in self.peers else end
            out += text[at : found.start()] + self.device(
                said, text[found.end() : end], masked[found.end() : end],
                text[found.start() : found.end()],
            )  # fmt: skip
            at = end
        return self.trunk(said, out + text[at:])

    def device(self, said: Said, resource: str, masked: str, head: str) -> str:
        """Return the device for `SIP/resource`."""
        whole = f"{head}{resource}"
        if not resource:
            return whole
        if "!" in masked or (":" in masked and "@" in masked):
            said.say("left", "PJSIP dials endpoints only: make one for this address and login")
            return whole
        number, by_name, host = _cut(resource, masked, "@")
        name, slash, rest = _cut(resource, masked, "/")
        if slash:
            number, by_name, host = rest, slash, name
        where = host or resource
        if "$" not in where and fold(where) not in self.peers and ("." in where or ":" in where):
            said.say("left", f"no peer is called {where}: PJSIP needs an endpoint for that address")
            return whole
        self.known(said, host if by_name else resource)
        return f"PJSIP/{number}@{host}" if by_name else f"PJSIP/{resource}"

    def known(self, said: Said, name: str) -> None:
        """Say whether a name is that of an endpoint."""
        if "$" not in name:
            if fold(name) in self.peers:
                said.say("exact", "the endpoint has the name of the peer")
            else:
                said.say("changed", f"chan_sip looked {name} up as a host: PJSIP needs an endpoint")
        elif _SAFE.sub("", name).count("$"):
            said.say("changed", "where the variable holds a / or @, the device is another one")
        else:
            said.say("exact", "the endpoint has the name of the peer")

    def trunk(self, said: Said, text: str) -> str:
        """Return a text in which `${TRUNK}/number` dials by way of the endpoint of the variable."""
        for name in self.trunks:
            start = f"${{{name}}}/"
            while (at := text.find(start)) >= 0:
                stop = _ENDS.search(args.mask(text), at + len(start))
                end = stop.start() if stop else len(text)
                number = text[at + len(start) : end]
                text = f"{text[:at]}PJSIP/{number}@${{{name}:6}}{text[end:]}"
                said.say("exact", "the number is dialled by way of the endpoint in the variable")
        return text

    # -- steps ------------------------------------------------------------------------------------

    def step(self, said: Said, name: str, data: str) -> tuple[str, str]:
        """Return what a step becomes."""
        app = fold(name.strip())
        if app == "sipaddheader":
            head, colon, text = _cut(data, args.mask(data), ":")
            if colon:
                said.say("exact", f"{_HEADERS} puts it on each next channel before it is dialled")
                data = f"{head.strip()}: {text.strip()}"
            else:
                said.say("changed", "the variable has to hold a name, a colon, a blank, a value")
            return "Set", f"__SIPADDHEADER{self.number(data)}={data}"
        if app == "sipremoveheader":
            return self.removed(said, name, data)
        if table.is_listed("channels", app):
            return table.application(said, "channels", name, data)
        data = self.texts(said, data)
        if app in {"set", "mset"}:
            data = self.assigned(said, data)
        if app in _OPTIONS and self.headers and (app == "queue" or "PJSIP/" in data):
            data = self.carried(said, data, _OPTIONS[app])
        return name, data

    def removed(self, said: Said, name: str, data: str) -> tuple[str, str]:
        """Return what stands for SIPRemoveHeader."""
        wanted = fold(data.strip())
        numbers = [n for text, n in self.headers.items() if fold(text).startswith(wanted)]
        if not numbers:
            said.say("changed", "no step adds such a header, so none is removed")
            return "NoOp", name
        said.say("exact", "the headers are no longer put on the next channels")
        return "MSet", ",".join(f"__SIPADDHEADER{n}=" for n in numbers)

    def carried(self, said: Said, data: str, at: int) -> str:
        """Return the arguments of a Dial or its like that puts the headers on what it dials.

        Args:
            said: what is said of the step.
            data: its arguments.
            at: the place of its options, from 0.
        """
        given = split(data)
        fields = [*given, *[""] * (at + 1 - len(given))]
        if f"b({_HEADERS}^" in fields[at]:
            return data
        if any(one.letter == "b" for one in args.split_options(fields[at], substituted=False)):
            said.say("changed", f"its option b has to call {_HEADERS} itself")
            return data
        said.say("exact", f"option b runs {_HEADERS} on each channel that is dialled")
        fields[at] += f"b({_HEADERS}^s^1)"
        return ",".join(fields)

    def assigned(self, said: Said, data: str) -> str:
        """Return an assignment of a variable that chan_sip looked at."""
        found = re.match(r"_{0,2}SIP_CODEC(?:_INBOUND|_OUTBOUND)?\s*=", data)
        if found:
            said.say("changed", "PJSIP_MEDIA_OFFER sets the codecs of one channel's next offer")
            return f"PJSIP_MEDIA_OFFER(audio)=!all,{data[found.end() :]}"
        return data

    def texts(self, said: Said, text: str) -> str:
        """Return a text with the devices, functions and variables of PJSIP."""
        if "SIP" not in text.upper() and "CHANNEL(" not in text and "${" not in text:
            return text
        text = self.devices(said, text)
        text = functions_in(text, "DEVICE_STATE", partial(self.state, said))
        return table.texts(said, "channels", text)

    def state(self, said: Said, data: str) -> str | None:
        """Return the function that tells the state of a device."""
        made = self.devices(said, data)
        return f"DEVICE_STATE({made})" if made != data else None


def _header(text: str) -> str:
    head, colon, value = _cut(text, args.mask(text), ":")
    return f"{head.strip()}: {value.strip()}" if colon else text


def _cut(text: str, masked: str, mark: str) -> tuple[str, str, str]:
    at = masked.find(mark)
    return (text, "", "") if at < 0 else (text[:at], mark, text[at + 1 :])


def _run(draft: Draft, _style: Style) -> None:
    workspace = draft.workspace
    devices = _Devices.of(workspace)
    rewrite_calls(draft, devices.step)
    _values(draft, devices)
    _sweep(draft)
    if devices.headers and _HEADERS not in {c.name for c in workspace.dialplan.dialplan}:
        subroutine = file_text(f"{_HEADERS}.conf").replace("COUNT", str(len(devices.headers)))
        draft.append("extensions.conf", subroutine)


def _values(draft: Draft, devices: _Devices) -> None:
    """Rewrite the devices in hints, in global variables, and of members of queues and the like."""
    for file in ("extensions.conf", "queues.conf", "followme.conf", "agents.conf"):
        for ref, section, node in options_of(draft.workspace, file):
            line, text, shown = exten.read(node.name, node.value), node.value, ""
            if file == "extensions.conf" and line and fold(line.priority.word) == "hint":
                text = line.application.text
                shown = f"hint {text}"
            elif file == "extensions.conf" and fold(section.name) != "globals":
                continue
            said = Said()
            new = node.value.removesuffix(text) + devices.devices(said, text)
            put_line(draft, ref, node, said, new, shown)


def _sweep(draft: Draft) -> None:
    """Say of every line that still holds something of chan_sip that it stays, and why."""
    seen = {(one.place.file, one.place.line) for one in draft.found
            if one.outcome == "left" and one.codemod == draft.name}  # fmt: skip
    for name in [n for n in draft.workspace.files.documents if not _PEERS.search(n)]:
        for ref, section, node in options_of(draft.workspace, name):
            if ref in seen or _PEERS.search(ref[0]):
                continue
            seen.add(ref)
            value = draft.value(ref, node)
            if why := next((why for pattern, why in _rest() if pattern.search(value)), ""):
                shown = shown_value(ref[0], section.name, node.name, value)
                draft.tell(ref, node, "left", why, text=f"{node.name}={shown}")


_PEERS = re.compile(
    r"(?:^|/)(?:pj)?sip[^/]*$|(?:^|/)(?:users|modules|asterisk)\.conf$", re.IGNORECASE
)
"""Files in which other codemods see to every line, or where SIP is a word."""


CHANNELS = codemod("channels", _run)
