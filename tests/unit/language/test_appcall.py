"""Application calls, cut as the loader of extensions.conf cuts them."""

from __future__ import annotations

import pytest

from asterconf.errors import ModelError
from asterconf.language import appcall

CASES = [
    ("NoOp", "NoOp", "", "", True),
    ("NoOp()", "NoOp", "", "", True),
    ("NoOp(a) trailing", "NoOp", "a", " trailing", True),
    ("NoOp(a),b", "NoOp", "a", ",b", True),
    ("NoOp(a)(b)", "NoOp", "a)(b", "", True),
    ("Answer() Hangup()", "Answer", ") Hangup(", "", True),
    ("NoOp((a)", "NoOp", "(a", "", True),
    ("NoOp(a))", "NoOp", "a)", "", True),
    ("NoOp(a) b) c", "NoOp", "a) b", " c", True),
    ("NoOp( a )", "NoOp", " a ", "", True),
    ("Hangup)", "Hangup)", "", "", True),
    ("Hangup)(", "Hangup)", "", "", False),
    ('"NoOp(a)"', '"NoOp', "a", '"', True),
    ("(a)", "", "a", "", True),
    ("", "", "", "", True),
    (",NoOp(x)", ",NoOp", "x", "", True),
    ("NoOp,a,b", "NoOp,a,b", "", "", True),
    (" \tNoOp (a)", "NoOp ", "a", "", True),
    ("PJSIP/${EXTEN}(x)", "PJSIP/${EXTEN}(x)", "", "", True),
    ("Set(CALLERID(all)=Intercom <${EXTEN}>", "Set", "CALLERID(all", "=Intercom <${EXTEN}>", True),
]


@pytest.mark.parametrize(("text", "name", "data", "lost", "closed"), CASES)
def test_call_is_cut_at_first_and_last_bracket(
    text: str, name: str, data: str, lost: str, closed: bool
) -> None:
    call = appcall.parse(text)
    assert (call.name, call.data, call.lost, call.closed) == (name, data, lost, closed)
    assert text[slice(*call.name_span)] == name
    assert text[slice(*call.data_span)] == data
    assert str(call) == text


def test_places_in_the_tree_are_those_of_the_whole_call() -> None:
    tree = appcall.parse(" Set(A=${B},c)").tree()
    found = {str(t): t.start_pos for t in tree.scan_values(lambda _: True)}
    assert found == {" ": 0, "Set": 1, "(": 4, "A=": 5, "${": 7, "B": 9, "}": 10, ",": 11, "c": 12,
                     ")": 13}  # fmt: skip


def test_joined_call_is_cut_back() -> None:
    assert appcall.join("NoOp", "a") == "NoOp(a)"
    assert appcall.join("PJSIP/${X}(y)", "") == "PJSIP/${X}(y)"
    with pytest.raises(ModelError, match=r"no line can call 'A\(b' with 'c'"):
        appcall.join("A(b", "c")
    with pytest.raises(ModelError):
        appcall.join("NoOp", "a\nb")
