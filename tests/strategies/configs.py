"""Configurations to edit: houses with templates, in both styles, written in several hands."""

from __future__ import annotations

from typing import Any

import attrs
from hypothesis import strategies as st

from asterconf.bind.writing import FreshSection, sections_of
from asterconf.testing.strategies import objects

NAMES = ["6001", "6002", "6003", "60012"]
MARKS = [" = ", "=", " => ", "   = "]
COMMENTS = ["", "; one\n", "\n; two\n", "\n", "\n;-- not\nx=y\n--;\n"]


@attrs.frozen
class Hand:
    """How somebody writes: separators, comments, templates."""

    mark: str
    comments: tuple[str, ...]
    shared: int
    """Which of a section's options stand in a template: every one whose number has this bit."""


hands = st.builds(
    Hand,
    st.sampled_from(MARKS),
    st.lists(st.sampled_from(COMMENTS), min_size=7, max_size=7).map(tuple),
    st.integers(0, 255),
)


def _line(name: str, value: str, mark: str) -> str:
    escaped = value.replace(";", "\\;")
    return f"{name}{mark}{escaped}".rstrip(" ") + "\n"


def _write(kind: str, sections: list[FreshSection], hand: Hand) -> str:
    """Return the text of sections of one kind, what the first of them shares in a template."""
    template = {
        name: value
        for at, (name, value) in enumerate(sections[0].options)
        if hand.shared >> at % 8 & 1 and name not in {"member", "aors", "auth", "endpoint"}
        and not name.startswith("inbound_auth/") and "username" not in name
    }  # fmt: skip
    out = []
    if template:
        out.append(f"[{kind}-t](!)\n")
        out += (_line(*pair, hand.mark) for pair in template.items())
    for number, section in enumerate(sections):
        out.append(hand.comments[number % 7])
        escaped = section.name.replace(";", "\\;")
        out.append(f"[{escaped}]" + (f"({kind}-t)\n" if template else "\n"))
        for at, (name, value) in enumerate(section.options):
            out.append(hand.comments[at % 7] if at % 3 == 1 else "")
            if template.get(name) != value:
                out.append(_line(name, value, hand.mark))
        if number % 2:
            out.append(f"unknown{hand.mark}yes ; kept\n")
    return "".join(out)


def _unique(made: list[Any]) -> list[Any]:
    return [attrs.evolve(one, name=name) for one, name in zip(made, NAMES, strict=False)]


def _house(made: tuple[Any, ...]) -> dict[str, str]:
    phones, trunks, queues, boxes, style, hand = made
    phones = _unique(phones)
    trunks = [attrs.evolve(one, name=f"trunk{n}") for n, one in enumerate(trunks)]
    queues = [attrs.evolve(one, name=f"queue{n}") for n, one in enumerate(queues)]
    found: dict[tuple[str, str], list[FreshSection]] = {}
    for one in (*phones, *trunks):
        for fresh in sections_of(one, style=style):
            label = f"{type(one).__name__}-{dict(fresh.options).get('type', '')}"
            found.setdefault((fresh.file, label), []).append(fresh)
    for queue in queues:
        found.setdefault(("queues.conf", "queue"), []).extend(sections_of(queue))
    texts: dict[str, str] = {"queues.conf": "[general]\nautofill = yes\n"}
    for (file, label), sections in found.items():
        texts[file] = texts.get(file, "") + _write(label, sections, hand)
    lines = [_line(f"{n}00", sections_of(box)[0].options[0][1], " => ") for n, box in boxes]
    texts["voicemail.conf"] = "[general]\n[default]\n; boxes\n" + "".join(lines)
    dial = [f"exten => {p.name},1,Dial(PJSIP/{p.name})\n" for p in phones]
    texts["extensions.conf"] = "[globals]\nFIRST=PJSIP/6001\n[home]\n" + "".join(dial)
    return texts


houses = st.tuples(
    st.lists(objects.house_extensions, max_size=3),
    st.lists(objects.house_trunks, max_size=2),
    st.lists(objects.queues, max_size=3),
    st.dictionaries(st.integers(1, 9), objects.mailboxes, max_size=3).map(
        lambda found: list(found.items())
    ),
    st.sampled_from(["wizard", "primitives"]),
    hands,
).map(_house)
"""Texts of files by name."""
