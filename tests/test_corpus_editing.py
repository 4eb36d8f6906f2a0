"""Edits of real configurations: what is undone by hand leaves no trace."""

from collections.abc import Iterator
from pathlib import Path

import asterconf
from asterconf import Extension, Mailbox, Queue, Trunk
from asterconf.errors import EditError, LoadError

EVERY = 6
"""Of so many folders one is taken; all 894 take minutes."""

NEW = (
    Extension("zzz", secret="x", context="zz"),
    Trunk("zzt", remote_hosts="h.example", username="u", secret="s", sends_auth=True),
    Queue("zzq", members=["PJSIP/1"], timeout=3),
    Mailbox("7788", name="Z"),
)


def configurations(corpus: Path) -> Iterator[asterconf.Config]:
    for folder in sorted({path.parent for path in corpus.rglob("*.conf")})[::EVERY]:
        try:
            conf = asterconf.load(folder)
        except LoadError:
            continue
        for name in conf.files:
            conf.effective(name)  # so that what is included is there, too
        yield conf


def texts(conf: asterconf.Config) -> dict[str, str]:
    return {name: str(conf[name]) for name in conf}


def test_what_is_added_and_removed_again_leaves_no_trace(corpus: Path) -> None:
    done = 0
    for conf in configurations(corpus):
        for obj in NEW:
            before = texts(conf)
            try:
                change = conf.add(obj)
            except EditError:
                assert texts(conf) == before
                continue
            conf.remove(change.obj)
            after = texts(conf)
            edited = [name for name in after if name in before or name in conf.changed]
            left = {after[name].replace(before.get(name, ""), "") for name in edited}
            assert left <= {"", "[default]\n", "\n[default]\n", "[default]\n\n"}
            done += 1
    assert done > 200


def test_what_is_renamed_and_renamed_back_is_as_it_was(corpus: Path) -> None:
    done = 0
    for conf in configurations(corpus):
        before = texts(conf)
        for view in (conf.extensions, conf.trunks, conf.queues, conf.mailboxes):
            for key in list(view)[:2]:
                obj: object = view[key]
                name = "7788" if isinstance(obj, Mailbox) else "zed-new"
                try:
                    change = conf.rename(obj, name).apply()
                except EditError:
                    assert texts(conf) == before
                    continue
                conf.rename(change.obj, key.partition("@")[0]).apply()
                assert texts(conf) == before
                done += 1
    assert done > 20
