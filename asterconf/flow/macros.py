"""What Macro and its relatives do, which Asterisk had until version 20.

Source: apps/app_macro.c. Checked: tests/vectors/macro.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

from asterconf.flow.effects import (
    Asking,
    Collect,
    Effects,
    End,
    Evaluate,
    Find,
    FlowApplication,
    Get,
    JumpTo,
    Note,
    Ran,
    RunStep,
    SetVariable,
    Test,
)
from asterconf.semantics.texts import scan_int

DEEPEST: Final = 7
"""Macros in one another, unless MACRO_RECURSION says otherwise."""
MOST: Final = 79
"""Arguments of a macro."""
_CALLERS: Final = ("MACRO_EXTEN", "MACRO_CONTEXT", "MACRO_PRIORITY")


def _number(name: str, default: int = 0) -> Asking[int]:
    """Return the number in a variable."""
    found = scan_int((yield Get(name)))
    return found[0] if found else default


def _swap(values: Mapping[str, str | None]) -> Asking[dict[str, str | None]]:
    """Set variables, or remove them, and return what they were."""
    before: dict[str, str | None] = {}
    for name, value in values.items():
        before[name] = yield Get(name, None)
        yield SetVariable(name, value)
    return before


def _macro(text: str) -> Effects:
    """Run the context `macro-NAME` from `s`, and come back when it is left."""
    if not text:
        yield Note("Macro needs a name")
        yield End()
    name, *given = text.split(",")
    macro, given = f"macro-{name}", given[:MOST]
    depth = yield from _number("MACRO_DEPTH")
    exten, context, priority = (
        (yield Get("EXTEN")), (yield Get("CONTEXT")), (yield Get("PRIORITY"))
    )  # fmt: skip
    if exten == "h":
        yield SetVariable("MACRO_IN_HANGUP", "1")
    if depth >= (yield from _number("MACRO_RECURSION", DEEPEST)):
        yield Note("there are too many macros in one another")
        return
    if not name or (yield Find(1, "s", macro)) is None:
        yield Note(f"there is no macro {name!r}")
        return
    callers = yield from _swap(dict(zip(_CALLERS, (exten, context, priority), strict=True)))
    offset = yield from _swap({"MACRO_OFFSET": None})
    yield SetVariable("MACRO_DEPTH", str(depth + 1))
    before = yield from _swap({f"ARG{at}": value for at, value in enumerate(given, 1)})
    yield JumpTo(f"{macro},s,1")
    ran = yield from _steps(macro, str(depth + 1))
    yield SetVariable("MACRO_DEPTH", str(depth))
    yield from _swap(before | callers)
    if (yield Get("CONTEXT")).lower() == macro.lower():
        back = int(priority) + 1 + (yield from _number("MACRO_OFFSET"))
        if (yield Find(back, exten, context)) is None:
            back = int(priority) + 1
        yield JumpTo(f"{context},{exten},{back}")
    yield from _swap(offset)
    if ran is not None and ran.keyed:
        yield Collect(f"{exten}+" if ran.keyed.endswith("+") else ran.keyed)
    elif ran is not None and not ran.going:
        yield End()


def _steps(macro: str, depth: str) -> Asking[Ran | None]:
    """Run steps until the macro is left; return the step that ended it, or None."""
    subroutines = 0
    dying = yield from _number("MACRO_IN_HANGUP")
    while True:
        yield SetVariable("MACRO_DEPTH", depth)
        ran: Ran | None = yield RunStep()
        if ran is None or ran.keyed is not None or not ran.going:
            return ran
        subroutines += yield from _entered(ran)
        if not subroutines and (yield Get("CONTEXT")).lower() != macro.lower():
            return None
        if ran.gone and not dying:
            return None


def _entered(ran: Ran) -> Asking[int]:
    """Return how many subroutines a step has entered, as app_macro counts them."""
    app, text = ran.app.lower(), ""
    if app == "gosubif" or (app.startswith("exec") and app != "execif"):
        text = yield Evaluate(ran.data)
    if app == "gosubif":
        condition, _, rest = text.partition("?")
        yes, _, no = rest.partition(":")
        return int(bool(yes if (yield Test(condition)) else no))
    app = text.lower() or app
    if app == "gosub" or (text and app.startswith("gosub")):
        return 1
    left = app.startswith(("return", "stackpop")) if text else app in ("return", "stackpop")
    return -int(left)


def _macro_if(text: str) -> Effects:
    condition, question, rest = text.partition("?")
    if not question:
        yield Note("MacroIf needs '?'")
        return
    yes, colon, no = rest.partition(":")
    if (yield Test(condition)):
        yield from _macro(yes)
    elif colon:
        yield from _macro(no)


def _macro_exit(_text: str) -> Effects:
    """Leave the macro: for Asterisk it is a keyed digit that is none."""
    yield Collect("")


_RUNS: Final[Mapping[str, Callable[[str], Effects]]] = {
    "Macro": _macro, "MacroExclusive": _macro, "MacroIf": _macro_if, "MacroExit": _macro_exit,
}  # fmt: skip
TABLE: Final = {name: FlowApplication(name, run) for name, run in _RUNS.items()}
"""The applications of this module, by name."""
