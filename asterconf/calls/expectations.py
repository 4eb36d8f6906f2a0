"""Tests of a dialplan: the file `tests.toml`, and what a call must come to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Mapping
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final

import attrs

from asterconf.calls.call import Call, make_call
from asterconf.calls.world import (
    Answer,
    Answers,
    Busy,
    Cause,
    Congestion,
    HangsUp,
    LeavesMessage,
    NoAnswer,
    Presses,
    Refuses,
    Unreachable,
    VoicemailCaller,
    World,
)
from asterconf.dialplan.values import near_names
from asterconf.errors import AsterconfError, LoadError, ModelError
from asterconf.shown import Shown
from asterconf.workspace import Workspace

__all__ = ["CallTest", "TestedCall", "read_tests", "world_of"]

_ANSWERS: Final[Mapping[str, Answer]] = {
    "answers": Answers(), "busy": Busy(), "congestion": Congestion(), "no-answer": NoAnswer(),
    "unreachable": Unreachable(), "refuses": Refuses(),
}  # fmt: skip
_CALLERS: Final[Mapping[str, VoicemailCaller]] = {
    "leaves-message": LeavesMessage(), "hangs-up": HangsUp(), "0": Presses("0"), "*": Presses("*"),
}  # fmt: skip
_WORLD: Final = (
    "answers", "applications", "clock", "database", "devices", "digits", "facts", "globals",
    "hangs_up", "mailboxes", "missing_sounds", "patience", "queues", "seed", "sound_seconds",
    "zone",
)  # fmt: skip
_CALL: Final = (
    "at", "callerid", "dial", "digits", "expect", "from", "name", "variables", "world",
)  # fmt: skip
_EXPECT: Final = ("dialed", "outcome", "plays", "steps")


def _known(what: str, given: Iterable[str], names: Iterable[str]) -> None:
    names = tuple(names)
    for name in given:
        if name not in names:
            raise ModelError(f"{what} has no {name!r}{near_names(name, names)}")


def _answer(value: object) -> Answer:
    if isinstance(value, int) and not isinstance(value, bool):
        return Cause(value)
    if isinstance(value, dict):
        _known("an answer", value, ("after", "talks"))
        return Answers(**value)
    found = _ANSWERS.get(str(value))
    if found is None:
        raise ModelError(f"there is no answer {value!r}{near_names(str(value), _ANSWERS)}")
    return found


def world_of(table: Mapping[str, Any]) -> World:
    """Return the world that a table of TOML describes.

    Answers are words (`answers`, `busy`, `congestion`, `no-answer`, `unreachable`, `refuses`),
    the number of a cause, or a table with `after` and `talks`; what the caller does in voicemail
    is `leaves-message`, `hangs-up`, `0` or `*`.

    Raises:
        ModelError: there is no such key or word.
    """
    _known("world", table, _WORLD)
    values = dict(table)
    values["answers"] = {name: _answer(one) for name, one in table.get("answers", {}).items()}
    boxes = table.get("mailboxes", {})
    for word in boxes.values():
        _known("a mailbox", (str(word),), _CALLERS)
    values["mailboxes"] = {name: _CALLERS[str(word)] for name, word in boxes.items()}
    if isinstance(values.get("clock"), str):
        values["clock"] = datetime.fromisoformat(values["clock"])
    try:
        return World(**values)
    except (TypeError, ValueError) as error:
        raise ModelError(f"world: {error}") from error


@attrs.frozen
class CallTest(Shown):
    """One `[[call]]` of a file of tests.

    Attributes:
        name: what it is called in reports.
        dial: the number.
        entry: where the call comes in, as in `Config.call`.
        world: what the call meets.
        expect: what it must come to: `outcome`, the name of its class or its sentence, as a shell
            pattern; `dialed`, patterns for all that is dialed, in order; `steps`, patterns for
            steps such as `Dial(PJSIP/6001*)` that must run in this order, others between them;
            `plays`, the sounds, in order.
    """

    __test__ = False
    name: str
    dial: str
    entry: str
    callerid: str | None = None
    at: datetime | None = None
    digits: str | None = None
    variables: Mapping[str, str] = attrs.field(factory=dict, hash=False)
    world: World = attrs.field(factory=World)
    expect: Mapping[str, Any] = attrs.field(factory=dict, hash=False)

    def run(self, workspace: Workspace) -> TestedCall:
        """Make the call, and compare it with what is expected.

        Raises:
            NotFoundError: there is no such endpoint or context.
        """
        call = make_call(
            workspace, self.dial, entry=self.entry, callerid=self.callerid, at=self.at,
            world=self.world, variables=self.variables, digits=self.digits,
        )  # fmt: skip
        return TestedCall(self, call, tuple(_failures(self.expect, call)))


@attrs.frozen
class TestedCall(Shown):
    """A test that was run: the call, and a sentence for each expectation that it does not meet."""

    __test__ = False
    test: CallTest
    call: Call
    failures: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether the call came to what is expected."""
        return not self.failures

    def __str__(self) -> str:
        """Return the failures, and the steps of the call."""
        lines = [f"{self.test.name}: {'passed' if self.passed else 'failed'}"]
        lines += [f"  {text}" for text in self.failures]
        if not self.passed:
            lines += [f"    {line}" for line in str(self.call).splitlines()]
        return "\n".join(lines)


def _failures(expect: Mapping[str, Any], call: Call) -> Iterable[str]:
    outcome = expect.get("outcome")
    kind, text = type(call.outcome).__name__, str(call.outcome)
    if outcome is not None and kind != outcome and not fnmatchcase(text, str(outcome)):
        yield f"expected the outcome {outcome}: it is {kind}: {text}"
    elif outcome is None and call.unknown is not None:
        yield f"the call is not decided: {text}"
    if "dialed" in expect:
        found = [one.target for one in call.dialed]
        wanted = [*expect["dialed"]]
        if len(found) != len(wanted) or not all(map(fnmatchcase, found, wanted)):
            yield f"expected that {wanted} is dialed: {found} is"
    if "plays" in expect and [*call.plays] != [*expect["plays"]]:
        yield f"expected the sounds {[*expect['plays']]}: they are {[*call.plays]}"
    ran = iter(f"{step.app}({step.data})" for step in call.steps)
    for wanted in expect.get("steps", ()):
        pattern = wanted if "(" in wanted else f"{wanted}(*"
        if not any(fnmatchcase(step, pattern) for step in ran):
            yield f"expected the step {wanted}: it is not run, or not in this order"
            return


def read_tests(path: Path) -> tuple[CallTest, ...]:
    """Return the tests of a file; its table `world` holds for every call that does not differ.

    What must hold for all calls (`never` and `always`) is read by `asterconf.ask.policy`.

    Raises:
        LoadError: it cannot be read, or is no TOML.
        ModelError: it has a key or a word that means nothing.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(f"{path}: {error}") from error
    _known(path.name, data, ("always", "call", "never", "world"))
    common = data.get("world", {})
    made = []
    for number, table in enumerate(data.get("call", ()), 1):
        try:
            made.append(_test(number, table, common))
        except (AsterconfError, KeyError, ValueError) as error:
            raise ModelError(f"{path.name}: call {number}: {error}") from error
    return tuple(made)


def _test(number: int, table: Mapping[str, Any], common: Mapping[str, Any]) -> CallTest:
    _known("a call", table, _CALL)
    for name in ("dial", "from"):
        if name not in table:
            raise ModelError(f"it needs {name!r}")
    expect = table.get("expect", {})
    _known("expect", expect, _EXPECT)
    own = table.get("world", {})
    merged = {
        name: {**common[name], **own[name]}
        if isinstance(common.get(name), dict) and isinstance(own.get(name), dict)
        else own.get(name, common.get(name))
        for name in {**common, **own}
    }
    at = table.get("at")
    return CallTest(
        table.get("name", f"call {number}"), str(table["dial"]), table["from"],
        table.get("callerid"), datetime.fromisoformat(at) if isinstance(at, str) else at,
        table.get("digits"), table.get("variables", {}), world_of(merged), expect,
    )  # fmt: skip
