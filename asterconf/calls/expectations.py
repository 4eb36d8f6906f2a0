"""Tests of a dialplan: the file `tests.toml`, and what a call must come to."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any, Final, TypeAlias

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

__all__ = [
    "CallTest",
    "Shape",
    "TestedCall",
    "check_table",
    "named",
    "read_tables",
    "read_tests",
    "world_of",
]

_ANSWERS: Final[Mapping[str, Answer]] = {
    "answers": Answers(), "busy": Busy(), "congestion": Congestion(), "no-answer": NoAnswer(),
    "unreachable": Unreachable(), "refuses": Refuses(),
}  # fmt: skip
_CALLERS: Final[Mapping[str, VoicemailCaller]] = {
    "leaves-message": LeavesMessage(), "hangs-up": HangsUp(), "0": Presses("0"), "*": Presses("*"),
}  # fmt: skip
Shape: TypeAlias = Mapping[str, tuple[type, ...]]
"""What a table may hold: its keys, and the types of their values."""
_TEXT, _TABLE, _LIST = (str,), (dict,), (list,)
_TIME, _NUMBER = (str, datetime), (int, float)
_WORLD: Final[Shape] = {
    "answers": _TABLE, "applications": _TABLE, "clock": _TIME, "database": _TABLE,
    "devices": _TABLE, "digits": _TEXT, "facts": _TABLE, "globals": _TABLE, "hangs_up": _NUMBER,
    "mailboxes": _TABLE, "missing_sounds": _LIST, "patience": _NUMBER, "queues": _TABLE,
    "seed": (int,), "sound_seconds": _NUMBER, "zone": _TEXT,
}  # fmt: skip
_TEXTS: Final = ("database", "devices", "facts", "globals")
_CALL: Final[Shape] = {
    "at": _TIME, "callerid": _TEXT, "dial": (str, int), "digits": _TEXT, "expect": _TABLE,
    "from": _TEXT, "name": _TEXT, "variables": _TABLE, "world": _TABLE,
}  # fmt: skip
_EXPECT: Final[Shape] = {"dialed": _LIST, "outcome": _TEXT, "plays": _LIST, "steps": _LIST}
_ANSWER: Final[Shape] = {"after": _NUMBER, "talks": _NUMBER}
_FILE: Final[Shape] = {
    "always": _LIST, "assume": _TABLE, "call": _LIST, "never": _LIST, "world": _TABLE,
}  # fmt: skip
_KINDS: Final[Mapping[type, str]] = {
    str: "a text", int: "a number", float: "a number", dict: "a table", list: "a list",
    datetime: "a time",
}  # fmt: skip


def check_table(what: str, given: Mapping[str, object], shape: Shape) -> None:
    """Raise a ModelError about a key that means nothing, or a value that is of another type."""
    for name, value in given.items():
        if name not in shape:
            raise ModelError(f"{what} has no {name!r}{near_names(name, shape)}")
        if not isinstance(value, shape[name]) or isinstance(value, bool):
            wanted = " or ".join(dict.fromkeys(_KINDS[kind] for kind in shape[name]))
            raise ModelError(f"{what}: {name!r} is {wanted}, not {value!r}")


def _texts(what: str, table: Mapping[str, object]) -> dict[str, str]:
    check_table(what, table, dict.fromkeys(table, (str, int)))
    return {name: str(value) for name, value in table.items()}


def _words(what: str, value: list[object]) -> list[str]:
    if not all(isinstance(one, str) for one in value):
        raise ModelError(f"{what} is a list of texts, not {value!r}")
    return [str(one) for one in value]


def _time(what: str, value: str | datetime) -> datetime:
    try:
        return value if isinstance(value, datetime) else datetime.fromisoformat(value)
    except ValueError:
        example = "2026-12-24T18:30"
        raise ModelError(f"{what} must be a time such as {example}, not {value!r}") from None


def _answer(value: object) -> Answer:
    if isinstance(value, int) and not isinstance(value, bool):
        return Cause(value)
    if isinstance(value, dict):
        check_table("an answer", value, _ANSWER)
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
    check_table("world", table, _WORLD)
    values = dict(table)
    values |= {name: _texts(name, table[name]) for name in _TEXTS if name in table}
    values["answers"] = {name: _answer(one) for name, one in table.get("answers", {}).items()}
    boxes = _texts("mailboxes", table.get("mailboxes", {}))
    for word in boxes.values():
        if word not in _CALLERS:
            raise ModelError(f"a mailbox has no {word!r}{near_names(word, _CALLERS)}")
    values["mailboxes"] = {name: _CALLERS[word] for name, word in boxes.items()}
    queues = table.get("queues", {})
    check_table("queues", queues, dict.fromkeys(queues, _LIST))
    values["queues"] = {name: tuple(_words(name, members)) for name, members in queues.items()}
    sets = table.get("applications", {})
    check_table("applications", sets, dict.fromkeys(sets, _TABLE))
    values["applications"] = {name: _texts(name, variables) for name, variables in sets.items()}
    if "missing_sounds" in table:
        values["missing_sounds"] = _words("missing_sounds", table["missing_sounds"])
    if "clock" in table:
        values["clock"] = _time("clock", table["clock"])
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
    data = read_tables(path)
    common = data["world"]
    made = []
    for number, table in enumerate(data["call"], 1):
        with named(f"{path.name}: call {number}"):
            made.append(_test(number, table, common))
    return tuple(made)


def read_tables(path: Path) -> dict[str, Any]:
    """Return the tables of a file of tests.

    They are lists of `call`, `never` and `always`, and `world` and `assume`.

    Raises:
        LoadError: it cannot be read, or is no TOML.
        ModelError: it has a table of another name, or one `[call]` where `[[call]]` is meant.
    """
    try:
        data = tomllib.loads(path.read_text("utf-8"))
    except OSError as error:
        raise LoadError(f"{path} cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise LoadError(f"{path}: {error}") from error
    for name in data.keys() & {"call", "never", "always"}:
        found = data[name]
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise ModelError(f"{path.name}: {name!r} is a list of tables: write [[{name}]]")
    check_table(path.name, data, _FILE)
    return {"call": [], "never": [], "always": [], "world": {}, "assume": {}} | data


@contextmanager
def named(what: str) -> Iterator[None]:
    """Let what is raised inside say which table it is about."""
    try:
        yield
    except (AsterconfError, KeyError, TypeError, ValueError) as error:
        raise ModelError(f"{what}: {error}") from error


def _test(number: int, table: Mapping[str, Any], common: Mapping[str, Any]) -> CallTest:
    check_table("a call", table, _CALL)
    for name in ("dial", "from"):
        if name not in table:
            raise ModelError(f"it needs {name!r}")
    expect = table.get("expect", {})
    check_table("expect", expect, _EXPECT)
    for name, value in expect.items():
        if isinstance(value, list):
            _words(name, value)
    own = table.get("world", {})
    merged = {
        name: {**common[name], **own[name]}
        if isinstance(common.get(name), dict) and isinstance(own.get(name), dict)
        else own.get(name, common.get(name))
        for name in {**common, **own}
    }
    at = _time("at", table["at"]) if "at" in table else None
    return CallTest(
        table.get("name", f"call {number}"), str(table["dial"]), table["from"],
        table.get("callerid"), at, table.get("digits"),
        _texts("variables", table.get("variables", {})), world_of(merged), expect,
    )  # fmt: skip
