"""Monitor → MixMonitor: `res_monitor`, which Asterisk 21 and later do not have."""

from __future__ import annotations

from asterconf.migrate.plan import Codemod, Draft, Style
from asterconf.migrate.steps import Said, rewrite_lines, rewrite_steps, split
from asterconf.source import fold
from asterconf.syntax import Option

__all__ = ["RECORDING"]

_LEFT = {
    "changemonitor": "MixMonitor cannot go on under another name: stop it, and begin again",
    "pausemonitor": "MixMonitor cannot pause: AMI's MixMonitorMute mutes it",
    "unpausemonitor": "MixMonitor cannot pause: AMI's MixMonitorMute mutes it",
}


def _rewrite(said: Said, name: str, data: str) -> tuple[str, str]:
    app = fold(name.strip())
    if app == "stopmonitor":
        said.say("exact", "the recording ends")
        return "StopMixMonitor", ""
    if app in _LEFT:
        said.say("left", _LEFT[app])
    if app in {"set", "mset"} and "MONITOR_EXEC" in data:
        said.say("left", "give the command to MixMonitor as its third argument")
    return _monitor(said, split(data)) if app == "monitor" else (name, data)


def _monitor(said: Said, fields: list[str]) -> tuple[str, str]:
    """Return the MixMonitor for `Monitor(format,name,options)`."""
    fields = [*(one.strip() for one in fields), "", "", ""]
    ending = fields[0].partition(":")[0] or "wav"
    base, flags = fields[1], fields[2]
    if not base:
        base = "${UNIQUEID}"
        said.say("changed", "the name of the file is the id of the channel, and no longer its name")
    both = "b" if "b" in flags else ""
    if "m" in flags:
        said.say("exact", "one file with both directions; MixMonitor mixes as it records")
        return "MixMonitor", f"{base}.{ending}" + (f",{both}" if both else "")
    said.say("exact", "a file for each direction, -in and -out")
    return "MixMonitor", f",{both}r({base}-in.{ending})t({base}-out.{ending})"


def _queue(said: Said, node: Option) -> str:
    """Return the value of a line of queues.conf."""
    if fold(node.name) == "monitor-type" and fold(node.value) == "monitor":
        said.say("exact", "queues record with MixMonitor only")
        return "MixMonitor"
    return node.value


def _run(draft: Draft, _style: Style) -> None:
    rewrite_steps(draft, _rewrite)
    rewrite_lines(draft, "queues.conf", _queue)


RECORDING = Codemod(
    "recording",
    "Monitor and its like become MixMonitor.",
    "the source of both versions: what is recorded into which file",
    _run,
)
