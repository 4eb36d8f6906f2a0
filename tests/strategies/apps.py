"""Applications: argument texts of marks that collide, and values of typed applications."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from asterconf import apps
from asterconf.apps._application import fields_of
from asterconf.errors import ModelError

MARKS = [
    "a", "b", "1", " ", ",", ",", "&", "^", ":", "?", "=", "|", "(", ")", "[", "]", "{", "}", '"',
    "\\", "'", "$", "${", "$[", "${X}", "${CUT(X,-,1)}", '$["${X}" = "1"]', ";", "é", "\udcff", "t",
    "U(", "sub^a", "PJSIP/1", "s,1", "Set(x=1)", "NoOp()",
]  # fmt: skip

texts = st.lists(st.sampled_from(MARKS), max_size=12).map("".join)
"""Argument texts in which everything that can count does."""

plain = st.text("ab1 ,&^:?=|()[]{}\"\\';é\udcff", max_size=6)
"""Texts without variables."""

values = st.lists(st.sampled_from(["a", "1", ",", "(", ")", "[", '"', "\\", "${X}", "$[1,2]"]),
                  max_size=5).map("".join)  # fmt: skip
"""Values of a field: what must be escaped, and variables that must not."""

names = st.sampled_from(
    [cls.__name__ for cls in apps.TYPED]
    + [
        "MixMonitor",
        "System",
        "MSet",
        "dial",
        "NOOP",
        "Macro",
        "Dial ",
        "",
        "${X}",
        "a,b",
        "Ringing",
    ]
)

_words = st.text("ab1/${}", min_size=1, max_size=4).filter(lambda t: "$" not in t)
_letters = st.sampled_from("tTUmLrgQ")
_options = st.dictionaries(_letters, st.just(True) | values, max_size=4)
_parts = st.sampled_from(["", "main", "100", "${EXTEN}", " x", "s"])
_places = st.none() | st.builds(
    apps.Location, _parts, _parts, st.integers(1, 3) | st.sampled_from(["label", "+1", "${X}"])
)
_gosubs = st.none() | st.builds(
    apps.Gosub, _places, st.lists(st.sampled_from(["a", "(b,c)", '"d,e"', "${X}"]), max_size=2)
)
_KINDS: dict[str, st.SearchStrategy[Any]] = {
    "text": values,
    "number": st.none() | st.integers(-1, 30) | st.sampled_from([0.5, "${T}", "10^5", "1.50", ""]),
    "items": st.lists(_words | st.sampled_from(["PJSIP/${X}", "'a&b'", "a,b", ""]), max_size=3),
    "sounds": st.lists(_words | st.just("'a&b'"), max_size=3),
    "words": st.lists(_words, max_size=2),
    "options": _options,
    "location": _places,
    "arguments": st.lists(st.sampled_from(["a", "(b,c)", '"d,e"', "${X}", "\\,"]), max_size=2),
    "gosub": _gosubs,
}


def _built(cls: type[apps.Application]) -> st.SearchStrategy[apps.Application]:
    kinds = {field.name: _KINDS[field.kind.name] for field in fields_of(cls)}

    def build(given: dict[str, Any]) -> apps.Application | None:
        try:
            return cls(**given)
        except ModelError:
            return None

    return st.fixed_dictionaries(kinds).map(build).filter(lambda app: app is not None)  # type: ignore[return-value]


_plain = st.one_of(*(_built(cls) for cls in apps.TYPED if cls is not apps.ExecIf))
_KINDS["application"] = st.none() | _plain
calls = st.one_of(
    st.builds(apps.AnyApp, st.sampled_from(["MSet", "Nope"]), arguments=st.lists(values)),
    st.builds(apps.AnyApp, st.just("MixMonitor"), arguments=st.lists(values, max_size=3)),
)
typed = st.one_of(_plain, _built(apps.ExecIf))
"""Typed applications, made of values."""
