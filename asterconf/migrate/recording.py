"""Monitor → MixMonitor: `res_monitor`, which Asterisk 21 and later do not have."""

from __future__ import annotations

from asterconf.language import args
from asterconf.migrate.plan import Codemod, Draft, Style, lines_of
from asterconf.migrate.steps import Said, rewrite_lines, rewrite_steps, split
from asterconf.source import Position, fold
from asterconf.syntax import Option

__all__ = ["RECORDING"]

_KEYS = {"dial": 2, "queue": 1}
"""Applications with options w and W, and the place of their options, from 0."""

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
    if app in _KEYS:
        data = _keys(said, data, _KEYS[app])
    return _monitor(said, split(data)) if app == "monitor" else (name, data)


def _keys(said: Said, data: str, at: int) -> str:
    """Return the arguments of Dial and Queue with x and X, of automixmon, for w and W."""
    fields = split(data)
    letters = args.split_options(fields[at], substituted=False) if len(fields) > at else ()
    there = {one.letter for one in letters}
    for one in reversed(letters):
        if one.letter in {"w", "W"}:
            new = {"w": "x", "W": "X"}[one.letter]
            text = fields[at]
            fields[at] = text[: one.start] + new * (new not in there) + text[one.end :]
            said.say("changed", "keys record with automixmon, into one file: automon is gone")
    return ",".join(fields) if there & {"w", "W"} else data


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


def _features(draft: Draft) -> None:
    """Move the keys that record a call: Asterisk 22 refuses a features.conf with automon."""
    lines = [(ref, node) for ref, section, node in lines_of(draft.workspace, "features.conf")
             if isinstance(node, Option) and fold(section.name) == "featuremap"]  # fmt: skip
    mixed = any(fold(node.name) == "automixmon" for _, node in lines)
    for ref, node in lines:
        if fold(node.name) != "automon":
            continue
        place, text = Position(ref[0], node.line, node.columns[0]), f"{node.name}={node.value}"
        if mixed:
            draft.drop(ref)
            draft.say(place, text, "changed", "automixmon has its own keys: these do nothing")
        else:
            mixed = True
            draft.rename(ref, "automixmon", node.value)
            why = "the keys record into one file, in calls that have option x or X for w or W"
            draft.say(place, text, "changed", why, f"automixmon={node.value}")


def _run(draft: Draft, _style: Style) -> None:
    rewrite_steps(draft, _rewrite)
    _features(draft)
    rewrite_lines(draft, "queues.conf", _queue)


RECORDING = Codemod(
    "recording",
    "Monitor and its like become MixMonitor.",
    "the source of both versions: what is recorded into which file",
    _run,
)
