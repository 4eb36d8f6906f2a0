"""What is fuzzed: each target takes any bytes and lets nothing out but documented exceptions.

A configuration in one input: files one behind the other, each below a line `=== name`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from itertools import islice
from zlib import crc32

import attrs

import asterconf
from asterconf import (
    CallerID,
    Config,
    Extension,
    HomePBX,
    Mailbox,
    Queue,
    QueueMember,
    Trunk,
    language,
    semantics,
)  # fmt: skip
from asterconf.display import html, view
from asterconf.errors import AsterconfError
from asterconf.language import (
    appcall,
    args,
    callerid,
    dialstring,
    exten,
    pattern,
    sip_uri,
    template,
    timespec,
)  # fmt: skip
from asterconf.source import encodable

__all__ = ["TARGETS", "text_of", "tree_of"]

ROUNDS = 20
"""Edits in a row, and things looked at of each kind."""


def text_of(data: bytes) -> str:
    r"""Return any text: bytes that are not UTF-8, and `\x01` and `\x02`, are lone surrogates."""
    text = data.decode("utf-8", "surrogateescape")
    return text.translate({1: "\ud83d", 2: "\udfff"})


def tree_of(text: str) -> dict[str, str]:
    """Return the files of an input; what stands above the first name is pjsip.conf."""
    head, *rest = text.split("=== ")
    files = {"pjsip.conf": head} if head or not rest else {}
    for part in rest:
        name, _, content = part.partition("\n")
        files[name] = content
    return files


def parse(data: bytes) -> None:
    """Bytes come back as they are; every node can be looked at; the grammar reads all of it."""
    document = asterconf.parse(data)
    assert bytes(document) == data
    for section in document.parts:
        for node in section.nodes:
            repr(node)
    repr(document.diagnostics)
    with suppress(AsterconfError):
        document.check()
    tree = document.tree()
    assert "".join(str(token) for token in tree.scan_values(lambda _: True)) == str(document)
    text = text_of(data)
    if encodable(text):
        assert str(asterconf.parse(text)) == text
    else:
        with suppress(AsterconfError):
            asterconf.parse(text)


def _chosen(data: bytes) -> tuple[int, Callable[[object], str]]:
    """Return a number, and one of three ways to show what is found: the input chooses.

    So each run does a part of what is costly, and many more inputs can be tried.
    """
    chosen = crc32(data)
    return chosen // 3, (repr, _text, html)[chosen % 3]


def _loaded(text: str) -> Config | None:
    with suppress(AsterconfError):
        return Config.from_texts(tree_of(text))
    return None


def load(data: bytes) -> None:
    """Everything that a configuration tells can be asked, shown and printed.

    One of four parts of it, which the input chooses, so that many inputs can be tried.
    """
    conf = _loaded(text_of(data))
    if conf is None:
        return
    chosen, show = _chosen(data)
    for ask in _LOOKS[chosen % 4]:
        with suppress(AsterconfError):
            for thing in ask(conf):
                show(thing).encode()  # any console can print it


def _files(conf: Config) -> Iterator[object]:
    for name in conf.files:
        effective = conf.effective(name)
        yield effective
        yield from islice(effective.sections, ROUNDS)


def _records(conf: Config) -> Iterator[object]:
    for objects in (conf.extensions, conf.trunks, conf.queues, conf.mailboxes):
        json.dumps(objects.to_records())
        yield from objects.values()


def _calls(conf: Config) -> Iterator[object]:
    for context in islice(conf.dialplan, 4):
        yield context
        for number in ("100", "s", context.name[-5:]):
            yield conf.dialplan.match(number, context.name)
            try:
                yield conf.call(number, entry=f"context:{context.name}")
            except ValueError as error:
                if not str(error).endswith("cannot be dialed"):
                    raise


def _graph(conf: Config) -> Iterator[object]:
    conf.map().mermaid()
    yield conf.dialplan.graph().dot()


_LOOKS: tuple[tuple[Callable[[Config], Iterable[object]], ...], ...] = (
    (_files, lambda conf: [conf.check()], lambda conf: [conf.sources]),
    (_calls, _graph, lambda conf: [conf.dialplan]),
    (_records, lambda conf: [conf.endpoints, conf.transports], lambda conf: [conf]),
    (lambda conf: [conf.references], lambda conf: [*conf.references.missing()],
     lambda conf: [conf.upgrade_report("23")]),
)  # fmt: skip


def _text(thing: object) -> str:
    return str(view(thing))


def merge(data: bytes) -> None:
    """A difference applied means the new side, or is refused; merging says every conflict."""
    texts = [*text_of(data).split("<<<>>>\n"), "", ""][:3]
    sides = [side for text in texts if (side := _loaded(text)) is not None]
    if len(sides) != 3:
        return
    base, ours, theirs = sides
    chosen, show = _chosen(data)
    if chosen % 2:
        with suppress(AsterconfError):
            show(asterconf.merge(theirs, ours, theirs)).encode()
        return
    with suppress(AsterconfError):
        found = asterconf.diff(base, ours)
        for shown in (found.to_text(), found.to_unified(), found.to_markdown(), show(found)):
            shown.encode()
        json.dumps(found.to_dict())
        with suppress(AsterconfError):
            found.apply(base)
            assert asterconf.diff(base, ours).is_empty


def edits(data: bytes) -> None:
    r"""Edits go through or are refused; what is written is read as it stands.

    The last file, `=== edits`, has one edit a line, fields apart by `|`.
    """
    files = tree_of(text_of(data))
    script = files.pop("edits", "")
    conf = None
    with suppress(AsterconfError):
        conf = Config.from_texts(files)
    if conf is None:
        return
    for line in script.split("\n")[:ROUNDS]:
        verb, *rest = line.split("|")
        with suppress(AsterconfError):
            _EDITS.get(verb, _set)(conf, (rest + [""] * 4)[:4])
        for name in conf.changed:
            text = str(conf[name])
            assert str(asterconf.parse(text, name=name)) == text
    conf.changes()
    if _chosen(data)[0] % 4 == 0:
        with suppress(AsterconfError):
            conf.check()


def _section(conf: Config, file: str, section: str) -> asterconf.Section:
    return conf[file].first(section) if section else conf[file].head


def _set(conf: Config, words: list[str]) -> None:
    file, section, option, value = words
    _section(conf, file, section)[option] = value


def _add(conf: Config, words: list[str]) -> None:
    file, section, option, value = words
    _section(conf, file, section).add(option, value)


def _line(conf: Config, words: list[str]) -> None:
    file, section, what, text = words
    found = _section(conf, file, section)
    nodes = found.nodes
    node = nodes[len(text) % len(nodes)] if nodes else None
    if what == "inherit":
        found.inherit(text)
    elif what == "remove" and node:
        found.remove(node)
    elif what == "move" and node:
        found.move(node, before=nodes[-1])
    elif what == "rename" and isinstance(node, asterconf.Option):
        found.rename(node, text)
        found.set_comment(found.options[0], text)
    else:
        found.add_comment(text, before=node)


def _new_section(conf: Config, words: list[str]) -> None:
    conf[words[0]].add_section(words[1])


def _extension(conf: Config, words: list[str]) -> None:
    name, secret, caller, box = words
    conf.put(Extension(name, secret=secret or None, callerid=CallerID(caller, name),
                       mailbox=box or None))  # fmt: skip


def _trunk(conf: Config, words: list[str]) -> None:
    name, host, user, secret = words
    conf.put(Trunk(name, remote_hosts=(host,), username=user, secret=secret, sends_auth=True))


def _queue(conf: Config, words: list[str]) -> None:
    conf.put(Queue(words[0], members=[QueueMember(words[1], name=words[2])], context=words[3]))


def _box(conf: Config, words: list[str]) -> None:
    conf.put(Mailbox(words[0], name=words[1], email=words[2], initial_pin=words[3]))


def _rename(conf: Config, words: list[str]) -> None:
    for objects in (conf.extensions, conf.queues, conf.mailboxes, conf.trunks):
        if words[0] in objects:
            conf.rename(objects[words[0]], words[1]).apply()


def _remove(conf: Config, words: list[str]) -> None:
    for objects in (conf.extensions, conf.queues, conf.mailboxes, conf.trunks):
        if words[0] in objects:
            conf.remove(objects[words[0]])


def _step(conf: Config, words: list[str]) -> None:
    context, number, app, data = words
    with conf.dialplan.edit(context) as edit:
        edit[number].append(asterconf.apps.parse(app, data))
        edit.include(data)


_EDITS: dict[str, Callable[[Config, list[str]], None]] = {
    "set": _set, "add": _add, "line": _line, "section": _new_section, "extension": _extension,
    "trunk": _trunk, "queue": _queue, "box": _box, "rename": _rename, "remove": _remove,
    "step": _step,
}  # fmt: skip

_LANGUAGES: tuple[Callable[[str], object], ...] = (
    appcall.parse, callerid.parse, dialstring.parse, template.parse, timespec.parse,
    exten.cut_name, exten.split_include, exten.split_switch, exten.split_priority,
    args.split, args.split_options, args.clean, template.parse_variable, pattern.elements_of,
    language.pattern.Pattern, asterconf.apps.parse,
)  # fmt: skip
_TREES = (callerid.tree, timespec.tree, template.tree, pattern.tree)


def languages(data: bytes) -> None:
    """Every small language reads any text, shows it, gives it back, and evaluates it or says no."""
    text = text_of(data)
    chosen, show = _chosen(data)
    for n, read in enumerate(_LANGUAGES):
        with suppress(AsterconfError):
            found = read(text)
            if attrs.has(type(found)) and n % 4 == chosen % 4:
                show(found).encode()
            else:
                repr(found)
    with suppress(AsterconfError):
        _TREES[chosen % 4](text)
    for key in ("exten", "same", "include", "hint"):
        with suppress(AsterconfError):
            exten.read(key, text)
            exten.tree(key, text)
    scope = semantics.Scope(semantics.AsteriskState(), semantics.Channel())
    with suppress(AsterconfError):
        repr(semantics.evaluate(text, scope))
    with suppress(AsterconfError):
        app = asterconf.apps.parse(text)
        repr(asterconf.apps.inspect(app))
        str(app)
    with suppress(sip_uri.SipUriError):
        repr(sip_uri.parse(text))
    number, _, other = text.partition("|")
    with suppress(AsterconfError):
        language.pattern.Pattern(number).matches(other)


def home(data: bytes) -> None:
    """A description is built, with all that stands around it, or refused with its keys."""
    text = text_of(data)
    with suppress(AsterconfError):
        pbx = HomePBX.from_toml(text + "\n")
        pbx.firewall().nftables()
        for sheet in pbx.phones(server="192.0.2.1"):
            sheet.markdown()
            sheet.html()
            sheet.files(reveal=True)
        conf = pbx.build()
        repr(pbx.runbook())
        if _chosen(data)[0] % 4 == 0:
            conf.check()


TARGETS: dict[str, Callable[[bytes], None]] = {
    "parse": parse,
    "load": load,
    "merge": merge,
    "edits": edits,
    "languages": languages,
    "home": home,
}
