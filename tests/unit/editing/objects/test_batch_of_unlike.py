"""Edits of different kinds in one batch, and of mailboxes: as they come out one by one."""

import pytest

import asterconf
from asterconf import CallerID, Extension, Mailbox, Queue
from asterconf.editing import batch
from asterconf.errors import EditError

TEXTS = {
    "pjsip_wizard.conf": "[6001]\ntype=wizard\naccepts_registrations=yes\n"
    "endpoint/callerid=Ann <6001>\naor/max_contacts=1\n",
    "queues.conf": "[sales]\nstrategy = ringall\n",
    "voicemail.conf": "[default]\n; Ann\n1 => 12,Ann\n2 => 34,Bob ; second\n\n[other]\n",
}
NEW = [
    Extension("7001", callerid=CallerID("A", "7001"), max_contacts=1),
    Queue("q1", strategy="ringall"),
    Mailbox("3", name="C"),
    Extension("7002", callerid=CallerID("B", "7002"), max_contacts=1),
    Mailbox("9", context="other", name="D"),
    Mailbox("8", context="other", name="E"),
    Mailbox("1", context="new", name="F"),
    Queue("q2", strategy="ringall"),
    Mailbox("2", context="new", name="G"),
]


def texts(conf: asterconf.Config) -> dict[str, str]:
    return {name: str(conf[name]) for name in conf}


def test_unlike_objects_are_added_together_and_stand_as_one_by_one(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    singly, together = (asterconf.Config.from_texts(TEXTS) for _ in range(2))
    for new in NEW:
        singly.add(new)
    monkeypatch.setattr(batch.Batch, "_alone", lambda *_: pytest.fail("one was made alone"))
    with together.edit() as edit:
        for new in NEW:
            together.add(new)
    assert texts(together) == texts(singly)
    assert [type(result.obj) for result in edit.results] == [type(new) for new in NEW]
    assert [result.files for result in edit.results[:3]] == [
        ("pjsip_wizard.conf",), ("queues.conf",), ("voicemail.conf",),
    ]  # fmt: skip


@pytest.mark.parametrize("gone", [("1",), ("2",), ("1", "2"), ("2", "1"), ("1", "3", "2")])
@pytest.mark.parametrize(
    "lines",
    [
        "; both\n1 => 1,A\n2 => 2,B\n3 => 3,C\n",
        "; one\n1 => 1,A\n\n; two\n2 => 2,B\n; three\n3 => 3,C\n",
        "1 => 1,A\n; one\n; more\n2 => 2,B\n\n3 => 3,C\n",
    ],
)
def test_mailboxes_go_together_with_the_comments_that_go_one_by_one(
    lines: str, gone: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    singly, together = (
        asterconf.Config.from_texts({"voicemail.conf": f"[default]\n{lines}"}) for _ in range(2)
    )
    for number in gone:
        singly.remove(singly.mailboxes[f"{number}@default"])
    monkeypatch.setattr(batch.Batch, "_alone", lambda *_: pytest.fail("one was made alone"))
    boxes = [together.mailboxes[f"{number}@default"] for number in gone]
    with together.edit():
        for box in boxes:
            together.remove(box)
        if len(boxes) == 1:
            monkeypatch.undo()  # a single edit is made as always
    assert texts(together) == texts(singly)


def test_one_of_many_that_cannot_be_added_undoes_all() -> None:
    conf = asterconf.Config.from_texts(TEXTS)
    many = [Mailbox("5", name="ok"), Queue("ok"), Mailbox("6", name="semi", options=("a,b",))]

    def add_all() -> None:
        with conf.edit():
            for new in many:
                conf.add(new)

    with pytest.raises(EditError, match="6@default"):
        add_all()
    assert texts(conf) == TEXTS
