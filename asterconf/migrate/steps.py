"""Steps of the dialplan rewritten one by one, also those that ExecIf and its like run."""

from __future__ import annotations

from collections.abc import Callable

from asterconf import apps
from asterconf.language import exten
from asterconf.migrate.macros import EXECUTES, PlanSite, inner_calls, plan_sites, split_exec_if
from asterconf.migrate.outcome import LineRef, Said
from asterconf.migrate.plan import Draft, options_of
from asterconf.source import fold
from asterconf.syntax import Option

PIPES_FIRST = "its arguments stand between |, as in 1.4: run --only pipes first"
"""Why a step stays that no Asterisk from 1.6 on reads as it is meant."""


def has_pipes(site: PlanSite, draft: Draft) -> bool:
    """Tell whether `|` stands between the arguments of a step."""
    if "|" not in site.step.data:
        return False
    version = draft.workspace.schema.asterisk
    return any(one.code == "AC254" for one in apps.inspect(site.step.application, version))


Rewrite = Callable[[Said, str, str], tuple[str, str]]
"""Takes name and arguments of an application; returns those that it becomes."""


def rewrite_calls(draft: Draft, rewrite: Rewrite) -> None:
    """Rewrite every step of extensions.conf, and what keys of features.conf run."""
    rewrite_features(draft, rewrite)
    rewrite_steps(draft, rewrite)


def rewrite_steps(draft: Draft, rewrite: Rewrite) -> None:
    """Rewrite every step of extensions.conf."""
    for site in plan_sites(draft.workspace):
        line = exten.read(site.option.name, site.option.value)
        if line is None or not line.application.name:
            continue
        last = all(one.priority != site.step.priority + 1 for one in site.extension.steps)
        said = Said(extension=(site.context, site.extension.key), goes_on=not last)
        call = line.application
        name, data = _rewritten(said, call.name, call.data, rewrite)
        if said.outcome is not None and draft.name != "pipes" and has_pipes(site, draft):
            draft.say(site.place, str(site.step), "left", PIPES_FIRST)
            continue
        changed = (name, data) != (call.name, call.data) and said.outcome != "left"
        text = f"{name}({data})"
        if changed:
            draft.put(site.ref, site.option.value.removesuffix(call.text) + text)
        if said.outcome is not None:
            new = text if changed else ""
            draft.say(site.place, str(site.step), said.outcome, "; ".join(said.reasons), new)


def _rewritten(said: Said, name: str, data: str, rewrite: Rewrite) -> tuple[str, str]:
    app = fold(name.strip())
    if app not in EXECUTES:
        return rewrite(said, name, data)
    condition, texts = split_exec_if(data) if "if" in app else ("", [data])
    if not texts:
        return rewrite(said, name, data)
    made = []
    for (inner, inner_data), text in zip(inner_calls(app, data), texts, strict=False):
        new = _rewritten(said, inner, inner_data, rewrite)
        made.append(text if new == (inner, inner_data) else f"{new[0]}({new[1]})")
    _, condition = rewrite(said, "", condition)
    text = ":".join(made)
    return name, f"{condition}?{text}" if "if" in app else text


def put_line(
    draft: Draft, ref: LineRef, node: Option, said: Said, value: str, text: str = ""
) -> None:
    """Give a line its new value, and say what is said of it.

    `text` is shown for it, by default its name and value.
    """
    new = value if value != node.value else ""
    if new:
        draft.put(ref, value)
    if said.outcome is not None:
        draft.tell(ref, node, said.outcome, "; ".join(said.reasons), new, text)


def rewrite_features(draft: Draft, rewrite: Rewrite) -> None:
    """Rewrite the applications that keys run, in `[applicationmap]` of features.conf."""
    for ref, section, node in options_of(draft.workspace, "features.conf"):
        fields = node.value.split(",", 3)
        if len(fields) < 3 or fold(section.name) != "applicationmap":
            continue
        said, call = Said(), exten.read("exten", f"s,1,{fields[2].strip()}")
        if call is None:
            continue
        data = call.application.data if len(fields) < 4 else fields[3].strip(' "')
        name, made = _rewritten(said, call.application.name, data, rewrite)
        value = node.value
        if said.outcome not in {None, "left"}:
            if made == data or (len(fields) > 3 and "," not in data + made):
                fields[2] = fields[2].replace(call.application.name, name, 1)
                fields[3:] = [one.replace(data, made, 1) for one in fields[3:]]
                value = ",".join(fields)
            else:
                said.say("left", f"write it anew, as {name}({made}) in the manner of this file")
        put_line(draft, ref, node, said, value)
