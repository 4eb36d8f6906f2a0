"""Contexts as text: what is written, and what no text can say."""

from __future__ import annotations

import attrs
import pytest

from asterconf import apps
from asterconf.dialplan import DialplanContext, DialplanExtension, DialplanStep, Hint, Switch
from asterconf.editing import in_order, write_context
from asterconf.errors import EditError, ModelError

HOME = (
    DialplanContext("from-home")
    .with_include("parkedcalls")
    .with_include("open", "9:00-17:00,mon-fri,*,*")
    .with_extension(
        "_6XXX",
        apps.NoOp("local; call"),
        ("ring", apps.Dial("PJSIP/${EXTEN}", timeout=25)),
        "Hangup()",
        hint="PJSIP/${EXTEN}&Custom:x",
    )
    .with_extension("100/_555X.", DialplanStep(1, "Answer"), DialplanStep(5, "Wait", "1", "w"))
    .with_extension("100", hint=Hint(["PJSIP/1"], "Bob (home)", "CustomPresence:1"))
)


def test_context_is_written_as_an_administrator_writes_it() -> None:
    assert write_context(HOME) == (
        "[from-home]\n"
        "include => parkedcalls\n"
        "include => open,9:00-17:00,mon-fri,*,*\n"
        "exten => _6XXX,hint,PJSIP/${EXTEN}&Custom:x\n"
        "exten => _6XXX,1,NoOp(local\\; call)\n"
        " same => n(ring),Dial(PJSIP/${EXTEN},25)\n"
        " same => n,Hangup()\n"
        "exten => 100/_555X.,1,Answer()\n"
        " same => 5(w),Wait(1)\n"
        "exten => 100,hint,PJSIP/1,CustomPresence:1(Bob (home))\n"
    )


def test_other_lines_of_a_context_are_written_too() -> None:
    context = DialplanContext(
        "a;b", ignorepats=["9"], switches=[Switch("eswitch", "DUNDi", "x")], autohints=True
    )
    assert write_context(context) == (
        "[a\\;b]\neswitch => DUNDi/x\nignorepat => 9\nautohints = yes\n"
    )


def test_steps_are_typed_on_demand_and_labels_are_found() -> None:
    steps = HOME["_6XXX"].steps
    assert steps[1].application == apps.Dial("PJSIP/${EXTEN}", 25)
    assert steps[1].application is DialplanStep(9, "Dial", "PJSIP/${EXTEN},25").application
    assert HOME["_6XXX"].step("ring").priority == 2
    assert DialplanStep.of(3, apps.Hangup(), "x") == DialplanStep(3, "Hangup", "", "x")
    assert DialplanStep.of(3, "Wait(1)") == DialplanStep(3, "Wait", "1")


def test_order_is_asterisks() -> None:
    names = [one.key for one in in_order(HOME).extensions]
    assert names == ["100/_555X.", "100", "_6XXX"]


def test_extension_and_label_stand_once() -> None:
    with pytest.raises(ModelError, match="has an extension '100' already"):
        HOME.with_extension("100", apps.Answer())
    with pytest.raises(ModelError, match="label 'a' stands 2 times"):
        HOME.with_extension("1", ("a", apps.Answer()), ("a", apps.Hangup()))


def _odd(**changes: object) -> DialplanContext:
    step = attrs.evolve(DialplanStep(1, "NoOp", "x"), **changes)  # type: ignore[arg-type]
    return DialplanContext("a", [DialplanExtension("1", None, [step])])


@pytest.mark.parametrize(
    ("context", "message"),
    [
        (DialplanContext("general"), "Asterisk takes no context of it"),
        (DialplanContext("a]b"), "cannot be written as a section name"),
        (DialplanContext("x" * 80), "longer than 79 bytes"),
        (DialplanContext("a").with_extension("${X}", "A()"), "extension '${X}': step 1 'A()'"),
        (DialplanContext("a").with_extension("$[1]", "A()"), "cannot be written"),
        (DialplanContext("a").with_extension("a b", "A()"), "extension 'a b': step 1 'A()'"),
        (DialplanContext("a").with_extension("1,2", "A()"), "extension '1,2': step 1"),
        (DialplanContext("a").with_extension("", "A()"), "extension '': step 1"),
        (DialplanContext("a").with_extension("_N", "A()").with_extension("_[2-9]", "B()"),
         "extension '_[2-9]': step 1 'B()' would be loaded otherwise"),
        (_odd(label="a,b"), "step 1 'NoOp(x)' would be loaded otherwise"),
        (_odd(priority=0), "step 0 'NoOp(x)' would be loaded otherwise"),
        (_odd(label_hidden=True), "step 1 'NoOp(x)' would be loaded otherwise"),
        (_odd(app="A(b"), "no line can call 'A(b' with 'x'"),
        (_odd(data="a\nb"), "no line can call"),
        (DialplanContext("a", ignorepats=["a\nb"]), "holds a line end or a NUL"),
        (DialplanContext("a", ignorepats=[" a"]), "its ignorepats would be loaded otherwise"),
        (DialplanContext("a").with_include("b").with_include("B"), "its includes would be"),
        (DialplanContext("a", switches=[Switch("hswitch", "a", "b")]), "its switches would be"),
        (DialplanContext("a").with_extension("1", hint="PJSIP/${EXTEN}"), "extension '1': it"),
    ],
)  # fmt: skip
def test_what_no_text_can_say_is_refused_with_its_reason(
    context: DialplanContext, message: str
) -> None:
    with pytest.raises(EditError) as caught:
        write_context(context)
    assert message in str(caught.value)
