"""Views of a configuration and of its mappings of objects."""

from __future__ import annotations

from collections import Counter

from asterconf.config import Config
from asterconf.display.blocks import Block, Group, Note, dim
from asterconf.display.describe import describe, folded, heading, objects_table
from asterconf.display.files import findings
from asterconf.display.look import Look
from asterconf.display.plan import contexts_table
from asterconf.objects import Objects
from asterconf.source import count

__all__: list[str] = []

CHECKED = 5_000
"""A configuration of so many lines is checked for its view; a larger one takes too long."""


@describe.register
def _objects(objects: Objects, look: Look) -> Block:  # type: ignore[type-arg]
    return objects_table(count(len(objects), objects.what), objects.values(), look)


@describe.register
def _config(conf: Config, look: Look) -> Block:
    parts: list[Block] = [
        describe(objects, look)
        for objects in (conf.trunks, conf.extensions, conf.queues, conf.mailboxes)
        if objects
    ]
    others = [one for one in conf.endpoints.values() if one.role not in {"extension", "trunk"}]
    if others:
        parts.append(objects_table(count(len(others), "other endpoint"), others, look))
    contexts = conf.dialplan.contexts
    if contexts:
        title = heading(count(len(contexts), "dialplan context"))
        parts.append(Group(title, (contexts_table(contexts, look),)))
    if not parts:
        parts.append(Note("No phone, trunk, queue, mailbox or dialplan is in here."))
    parts.append(_findings(conf, look))
    sources = conf.sources
    roles = ", ".join(
        f"{number} {role}"
        for role, number in Counter(source.role for source in sources.values()).items()
    )
    files = objects_table(heading(count(len(sources), "file"), roles), sources.values(), look)
    title = heading("Configuration", str(conf.root) if conf.root else "not on disk")
    return Group(title, (*parts, folded(files)))


def _findings(conf: Config, look: Look) -> Block:
    lines = sum(section.text.count("\n") for name in conf.files for section in conf[name].parts)
    if lines > CHECKED:
        return Note(("What is wrong in its ", count(lines, "line"), " is for conf.check() to say."))
    found = conf.check(host_files=False)
    return folded(findings(found, look)) if found else Note(dim("0 findings"))
