"""What an edit makes to be read again: what it touched, and what depends on that."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest

import asterconf
import asterconf.bind.pjsip
import asterconf.bind.queues
import asterconf.bind.voicemail
import asterconf.editing.renaming
import asterconf.resolve.reading
from asterconf import CallerID, Config, EditError, Extension, Mailbox, Queue
from asterconf.resolve.effective import EffectiveSection

PLAN = {"extensions.conf": "[home]\nexten => _1XXX,1,Dial(PJSIP/${EXTEN})\n"}
WIZARD = "[t](!)\ntype = wizard\naccepts_registrations = yes\naor/max_contacts = 1\n\n"


def phones(many: int) -> Config:
    numbers = range(1000, 1000 + many)
    rows = "\n".join(f"[{n}](t)\nendpoint/callerid = A <{n}>\n" for n in numbers)
    return Config.from_texts({"pjsip_wizard.conf": WIZARD + rows, **PLAN})


def primitives(many: int) -> Config:
    rows = "\n".join(
        f"[{n}]\ntype = endpoint\naors = {n}\ncallerid = A <{n}>\n\n"
        f"[{n}]\ntype = aor\nmax_contacts = 1\n"
        for n in range(1000, 1000 + many)
    )
    return Config.from_texts({"pjsip.conf": rows, **PLAN})


def queues(many: int) -> Config:
    rows = "\n".join(f"[{n}]\ntimeout = 5\n" for n in range(1000, 1000 + many))
    return Config.from_texts({"queues.conf": rows})


def boxes(many: int) -> Config:
    rows = "".join(f"{n} => 1,A\n" for n in range(1000, 1000 + many))
    return Config.from_texts({"voicemail.conf": f"[general]\n[default]\n{rows}"})


def edit_phone(conf: Config, number: int) -> None:
    conf.update(conf.extensions[str(1000 + number)], callerid=CallerID("B", "1"))
    conf.add(Extension(str(2000 + number), secret="x"))
    conf.remove(conf.extensions[str(2000 + number)])
    conf.rename(conf.extensions[str(1000 + number)], f"r{number}").apply()


def edit_queue(conf: Config, number: int) -> None:
    conf.update(conf.queues[str(1000 + number)], timeout=7)
    conf.add(Queue(f"n{number}"))
    conf.remove(conf.queues[f"n{number}"])
    conf.rename(conf.queues[str(1000 + number)], f"r{number}").apply()


def edit_box(conf: Config, number: int) -> None:
    conf.update(conf.mailboxes[f"{1000 + number}@default"], name="B")
    conf.add(Mailbox(str(2000 + number)))
    conf.remove(conf.mailboxes[f"{2000 + number}@default"])
    conf.rename(conf.mailboxes[f"{1000 + number}@default"], f"3{number}").apply()


@contextmanager
def counted(owner: Any, name: str, patch: pytest.MonkeyPatch) -> Iterator[list[int]]:
    """Count the calls of a function."""
    calls, real = [0], getattr(owner, name)

    def counting(*args: Any, **named: Any) -> Any:
        calls[0] += 1
        return real(*args, **named)

    with patch.context() as context:
        context.setattr(owner, name, counting)
        yield calls


READERS = [
    (phones, edit_phone, asterconf.bind.pjsip._EndpointParts, "role"),
    (phones, edit_phone, asterconf.resolve.reading._Resolver, "header"),
    (primitives, edit_phone, asterconf.bind.pjsip._EndpointParts, "role"),
    (primitives, edit_phone, asterconf.resolve.reading._Resolver, "header"),
    (queues, edit_queue, asterconf.bind.queues, "_queue"),
    (queues, edit_queue, asterconf.resolve.reading._Resolver, "header"),
    (boxes, edit_box, asterconf.bind.voicemail, "_mailbox"),
]


@pytest.mark.parametrize(("make", "edit", "owner", "name"), READERS)
def test_an_edit_reads_as_much_again_in_a_large_file_as_in_a_small_one(
    make: Callable[[int], Config],
    edit: Callable[[Config, int], None],
    owner: Any,
    name: str,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = []
    for many in (20, 120):
        conf = make(many)
        edit(conf, 0)  # from here on what was read can be taken over
        with counted(owner, name, monkeypatch) as calls:
            for number in range(1, 4):
                edit(conf, number)
        counts.append(calls[0])
    assert 0 < counts[0] == counts[1]


def test_who_says_a_line_is_asked_of_few_sections_however_many_there_are(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = []
    for many in (20, 120):
        conf = phones(many)  # nothing was taken over yet
        with counted(EffectiveSection, "holds", monkeypatch) as calls, conf.edit():
            for phone in [*conf.extensions.values()][:5]:
                conf.update(phone, callerid=CallerID("B", "1"))
        counts.append(calls[0])
    assert 0 < counts[0] == counts[1]


@pytest.mark.parametrize(
    ("owner", "name", "edit"),
    [
        (
            asterconf.editing.renaming,
            "label_of",
            lambda c, one: c.rename(one, f"n{one.name}").apply(),
        ),
        (EffectiveSection, "get", lambda c, one: c.remove(one)),
    ],
)
def test_edits_of_all_phones_ask_each_section_a_few_times_only(
    owner: Any,
    name: str,
    edit: Callable[[Config, Extension], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    counts = []
    for many in (10, 60):
        conf = primitives(many)
        with counted(owner, name, monkeypatch) as calls, conf.edit():
            for phone in [*conf.extensions.values()]:
                edit(conf, phone)
        counts.append(calls[0])
    assert 0 < counts[1] <= 7 * counts[0]


def test_the_first_phones_of_all_are_read_back_together(monkeypatch: pytest.MonkeyPatch) -> None:
    counts = []
    for many in (5, 25):
        conf = Config.from_texts(PLAN)
        with (
            counted(asterconf.resolve.reading._Resolver, "file", monkeypatch) as calls,
            conf.edit() as edit,
        ):
            for number in range(many):
                conf.add(Extension(f"{number}", secret="x"))
        assert [one.obj for one in edit.results] == [*conf.extensions.values()]
        counts.append(calls[0])
    assert 0 < counts[0] == counts[1]


HOUSE = """\
[a]
type = endpoint
aors = a
auth = a
outbound_auth = out

[a]
type = aor
max_contacts = 1

[a]
type = auth
username = u
password = p

[out]
type = auth
username = o
password = p

[other]
type = endpoint
"""


@pytest.mark.parametrize(
    ("section", "line", "view"),
    [
        (1, ("max_contacts", "0"), "role"),
        (1, ("contact", "sip:h"), "role"),
        (2, ("username", "new"), "auth_user"),
        (4, ("type", "registration"), "role"),
        (4, ("type", "identify"), "role"),
    ],
)
def test_what_an_endpoint_names_is_read_with_it(
    section: int, line: tuple[str, str], view: str
) -> None:
    conf = Config.from_texts({"pjsip.conf": HOUSE})
    document = conf["pjsip.conf"]
    for text in ("; one", "; two"):  # then everything is taken over
        assert conf.endpoints["a"].role == "extension"
        document.sections[4].add_comment(text)
    before = conf.endpoints["a"], conf.extensions["a"].auth_user
    part = document.sections[section]
    part[line[0]] = line[1]
    if line[0] == "contact":
        part["max_contacts"] = "0"
    if line[1] in {"registration", "identify"}:
        part["endpoint"] = "a"
    after = conf.endpoints["a"], conf.extensions["a"].auth_user if view == "auth_user" else None
    assert after != before
    reread = Config.from_texts({"pjsip.conf": str(document)})
    assert conf.endpoints["a"] == reread.endpoints["a"]
    assert {**conf.extensions} == {**reread.extensions}
    assert {**conf.trunks} == {**reread.trunks}


def test_a_file_that_a_failed_edit_made_is_forgotten() -> None:
    conf = Config.from_texts({"queues.conf": "[q]\n"})
    with pytest.raises(asterconf.EditError):
        conf.add(Extension("6001", secret=" x"))
    assert conf.files == ("queues.conf",)
    assert len(conf.extensions) == 0


@pytest.mark.parametrize("edits", range(4))
def test_who_inherits_a_line_is_known_after_edits_too(edits: int) -> None:
    text = """\
[drawn-out](!) ; a note
strategy = linear ;-- aside --;

[home](drawn-out) ;-- aside --;
timeout = 30

[shop](drawn-out)
timeout = 15
"""
    conf = Config.from_texts({"queues.conf": text})
    for seconds in range(edits):
        conf["queues.conf"]["home"]["timeout"] = str(seconds)
        assert conf.queues["home"].timeout == seconds
    with pytest.raises(EditError, match=r"\[shop\] would change with it"):
        conf.update(conf.queues["home"], strategy="ringall")
