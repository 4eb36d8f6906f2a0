"""Monitor → MixMonitor: `res_monitor`, which Asterisk 21 and later do not have."""

from __future__ import annotations

import attrs

from asterconf.language import args
from asterconf.migrate import table
from asterconf.migrate.macros import every_call, plan_sites
from asterconf.migrate.outcome import Said
from asterconf.migrate.plan import Draft, Style, codemod, options_of
from asterconf.migrate.steps import rewrite_calls
from asterconf.migrate.table import split
from asterconf.source import fold, is_true

_KEYS = {"dial": 2, "queue": 1}
"""Applications with options w and W, and the place of their options, from 0."""


@attrs.define(eq=False)
class _Recordings:
    """What a dialplan says of its recordings elsewhere."""

    runs: bool = False
    """A command is set for files that were mixed: MONITOR_EXEC."""
    mixes: bool = False
    """MixMonitor is there already."""
    begun: set[tuple[str, str]] = attrs.field(factory=set)
    """The extensions in which a recording was begun, as far as they have been read."""

    @classmethod
    def of(cls, draft: Draft) -> _Recordings:
        """Look it up."""
        made = cls("MONITOR_EXEC" in draft.workspace.dialplan.dialplan.globals)
        for site in plan_sites(draft.workspace):
            for name, data in every_call(site.step.app, site.step.data):
                made.runs |= fold(name) in {"set", "mset"} and "MONITOR_EXEC" in data
                made.mixes |= fold(name) == "mixmonitor"
        return made

    def step(self, said: Said, name: str, data: str) -> tuple[str, str]:
        """Return what a step becomes."""
        app = fold(name.strip())
        if app == "stopmonitor":
            self.begun.discard(said.extension)
            if self.mixes:
                said.say("changed", "it ends the recording that was begun last, of MixMonitor, too")
        if app in {"set", "mset"} and "MONITOR_EXEC" in data:
            said.say("left", "give the command to MixMonitor as its third argument")
        if app in _KEYS:
            data = _keys(said, data, _KEYS[app])
        if app == "monitor":
            return self.monitor(said, data)
        return table.application(said, "recording", name, data)

    def monitor(self, said: Said, data: str) -> tuple[str, str]:
        """Return the MixMonitor for `Monitor(format,name,options)`."""
        if not data.strip():
            said.say("exact", "without arguments, Monitor recorded nothing")
            return "NoOp", "Monitor"
        ending, base, flags = [*(one.strip() for one in split(data)), "", ""][:3]
        ending, address, _ = ending.partition(":")
        ending = ending or "wav"
        if address:
            said.say("changed", "CDR(userfield) does not hold the address of the file any more")
        options = {one.letter: one for one in args.split_options(flags, substituted=False)}
        if not base:
            base = "${UNIQUEID}"
            said.say("changed", "the name of the file is the id of the channel, and not its name")
        if said.extension in self.begun:
            said.say("changed", "a second Monitor gave the files of the first another name")
        self.begun.add(said.extension)
        made = ""
        if "b" in options:
            made = "b"
            said.say("changed", "it began with the first bridge, and went on behind it")
        if "B" in options:
            made += flags[options["B"].start : options["B"].end]
            said.say("changed", "the beep is played, and is not in the files")
        if "m" in options and not options.keys() & {"i", "o"}:
            said.say("exact", "one file with both directions; MixMonitor mixes as it records")
            if self.runs:
                said.say("changed", "MONITOR_EXEC mixed the files: make it the third argument")
            return "MixMonitor", f"{base}.{ending}" + (f",{made}" if made else "")
        said.say("exact", "the same files, -in and -out, with silence where nothing comes")
        files = "" if "i" in options else f"r({base}-in.{ending})"
        files += "" if "o" in options else f"t({base}-out.{ending})"
        return ("MixMonitor", f",{made}{files}") if files else ("NoOp", "Monitor")


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


def _queues(draft: Draft) -> None:
    """Take out what says how queues record: with MixMonitor, into one file, is the only way."""
    reading = draft.workspace.resolve("queues.conf")
    found = [*reading.sections] if reading is not None and reading.valid else []
    usual = next((one.get("monitor-type", "") for one in found if fold(one.name) == "general"), "")
    kinds = {one.name: fold(one.get("monitor-type", usual) or "") for one in found}
    joined = {one.name for one in found if is_true(one.get("monitor-join", "") or "")}
    for ref, section, node in options_of(draft.workspace, "queues.conf"):
        option = fold(node.name)
        if option in {"monitor-type", "monitor-join"}:
            draft.drop(ref)
            why = "queues record with MixMonitor only: see monitor-format"
            draft.tell(ref, node, "exact", why)
        elif option == "monitor-format" and kinds.get(section.name) != "mixmonitor":
            one_file = section.name in joined
            why = "one file with both directions" + (", as before" if one_file else ", and not two")
            draft.tell(ref, node, "exact" if one_file else "changed", why)


def _features(draft: Draft) -> None:
    """Move the keys that record a call: Asterisk 22 refuses a features.conf with automon."""
    lines = [(ref, node) for ref, section, node in options_of(draft.workspace, "features.conf")
             if fold(section.name) == "featuremap"]  # fmt: skip
    mixed = any(fold(node.name) == "automixmon" for _, node in lines)
    for ref, node in lines:
        if fold(node.name) != "automon":
            continue
        if mixed:
            draft.drop(ref)
            draft.tell(ref, node, "changed", "automixmon has its own keys: these do nothing")
        else:
            mixed = True
            draft.rename(ref, "automixmon", node.value)
            why = "the keys record into one file, in calls that have option x or X for w or W"
            draft.tell(ref, node, "changed", why, f"automixmon={node.value}")


def _run(draft: Draft, _style: Style) -> None:
    recordings = _Recordings.of(draft)
    rewrite_calls(draft, recordings.step)
    _features(draft)
    _queues(draft)


RECORDING = codemod("recording", _run)
