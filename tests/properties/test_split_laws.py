"""A law of trees that are split by includes: every verb does what it does on the unsplit tree."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path, PurePosixPath
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

import asterconf
from asterconf.errors import EditError, ModelError, NotFoundError
from asterconf.model import Extension, Mailbox, Queue, Trunk
from asterconf.syntax.lines import Directive
from asterconf.testing.strategies import objects
from tests.strategies.configs import houses

HOME = Path(__file__).parent.parent.parent / "examples" / "home"
NAMES = ("pjsip.conf", "pjsip_wizard.conf", "queues.conf", "voicemail.conf", "extensions.conf")
WAYS = ("here", "same", "folder", "glob", "nested")

Texts = dict[str, str]
MANY = settings.default.max_examples if settings.default else 100
HALF = settings(max_examples=MANY // 2)

home: Texts = {name: (HOME / name).read_text() for name in NAMES}
houses_in_files = st.just(home) | houses


def split(texts: Texts, data: Any) -> Texts:
    """Move stretches of the sections of each file into files that are included in their place."""
    made: Texts = {}
    for name, text in texts.items():
        stem, out = PurePosixPath(name).stem, []
        document = asterconf.parse(text)
        parts = [document.section_text(section) for section in document.sections]
        head, at = text.removesuffix("".join(parts)), 0
        assert head + "".join(parts) == text
        while at < len(parts):
            size = data.draw(st.integers(1, 4))
            way = data.draw(st.sampled_from(WAYS))
            block, at, key = parts[at : at + size], at + size, f"{stem}-{at}"
            block = [one if one.endswith("\n") else f"{one}\n" for one in block]
            if way == "here":
                out += block
            elif way == "same":
                made[f"{key}.conf"] = "".join(block)
                out.append(f'#include "{key}.conf"\n')
            elif way == "folder":
                made[f"parts/{key}.conf"] = "".join(block)
                out.append(f"#include parts/{key}.conf\n")
            elif way == "glob":
                made |= {f"{key}/{n}.conf": one for n, one in enumerate(block)}
                out.append(f"#include {key}/*.conf\n")
            else:
                made[f"parts/{key}.conf"] = "".join(block[1:])
                made[f"{key}.conf"] = f"{block[0]}#tryinclude parts/{key}.conf\n"
                out.append(f"#include {key}.conf\n")
        made[name] = head + "".join(out)
    return made


def joined(conf: asterconf.Config, name: str) -> list[str]:
    """Return the lines of a file and of what it includes that are not blank."""
    found: list[str] = []
    for node in conf[name].nodes:
        if isinstance(node, Directive):
            for file in conf.workspace.files.find(node.target):
                found += joined(conf, file)
        elif node.text.strip():
            found.append(node.text.rstrip("\r\n"))
    return found


def everything(conf: asterconf.Config) -> dict[str, object]:
    views: Any = (conf.extensions, conf.trunks, conf.queues, conf.mailboxes)
    found = {f"{type(o).__name__} {key}": o for view in views for key, o in view.items()}
    return {**found, "dialplan": conf.dialplan}


def drawn_verb(conf: asterconf.Config, data: Any) -> Callable[[asterconf.Config], object]:
    """Draw a verb with its arguments, which a configuration of the same meaning takes, too."""
    there: list[Any] = [
        o
        for view in (conf.extensions, conf.trunks, conf.queues, conf.mailboxes)
        for o in view.values()
    ]
    assume(there)
    obj = data.draw(st.sampled_from(there))
    other = data.draw(OTHERS[type(obj)])
    verb = data.draw(
        st.sampled_from(["add", "put", "update", "remove", "rename", "context", "move"])
    )
    if verb == "update":
        names = [f for f in CHANGED[type(obj)] if getattr(other, f) != getattr(obj, f)]
        assume(names)
        name = data.draw(st.sampled_from(names))
        return lambda conf: conf.update(obj, **{name: getattr(other, name)})
    if verb == "remove":
        return lambda conf: conf.remove(obj)
    if verb == "rename":
        return lambda conf: conf.rename(obj, "9876").apply()
    if verb == "context":
        contexts = [context.name for context in conf.dialplan]
        assume(contexts)
        context = data.draw(st.sampled_from(contexts))

        def edit(conf: asterconf.Config) -> None:
            with conf.dialplan.edit(context) as ctx:
                ctx.add("9876", "NoOp(here)", "Hangup()")

        return edit
    if verb == "move":
        places = [(one.key, context.name) for context in conf.dialplan for one in context]
        assume(places)
        key, context = data.draw(st.sampled_from(places))
        to = data.draw(st.sampled_from([one.name for one in conf.dialplan]))
        return lambda conf: conf.dialplan.move(key, context, to=to)
    return lambda conf: getattr(conf, verb)(other)


OTHERS: dict[type, Any] = {
    Extension: objects.house_extensions,
    Trunk: objects.house_trunks,
    Queue: objects.queues,
    Mailbox: objects.mailboxes,
}
CHANGED: dict[type, tuple[str, ...]] = {
    Extension: ("callerid", "context", "secret", "max_contacts", "codecs"),
    Trunk: ("remote_hosts", "context", "codecs", "secret"),
    Queue: ("strategy", "timeout", "context", "members"),
    Mailbox: ("name", "email", "initial_pin"),
}


@HALF
@given(houses_in_files, st.data())
def test_a_verb_does_on_a_split_tree_what_it_does_on_the_whole_one(texts: Texts, data: Any) -> None:
    whole = asterconf.Config.from_texts(texts)
    parts = asterconf.Config.from_texts(split(texts, data))
    assert everything(parts) == everything(whole)
    assert all(joined(parts, name) == joined(whole, name) for name in texts)
    verb = drawn_verb(whole, data)
    outcomes = []
    for conf in (whole, parts):
        try:
            verb(conf)
            outcomes.append("done")
        except (EditError, ModelError, NotFoundError) as error:
            outcomes.append(type(error).__name__)
    assert outcomes[0] == outcomes[1]
    assert everything(parts) == everything(whole)
    for name in texts:  # new sections stand beside a sibling, which may be in another file
        assert sorted(joined(parts, name)) == sorted(joined(whole, name))
