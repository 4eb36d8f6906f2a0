"""queues.conf → queues and their members."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from asterconf.bind._bound import Bound, Draft, Found, finding, truth
from asterconf.codes import Rule
from asterconf.language.exten import WHITE, atoi
from asterconf.model import Queue, QueueMember
from asterconf.model.queues import STRATEGIES
from asterconf.source import Diagnostic, Position, Severity, fold

if TYPE_CHECKING:
    from asterconf.resolve import Effective, EffectiveItem, EffectiveSection

__all__ = ["CODES", "read_queues"]

CODES: Mapping[str, Rule] = {
    "queue-twice": Rule(
        "AC501", Severity.ERROR, "queue {name!r} is there already, the second is skipped",
        "remove one of both, or add to the first with [{name}](+)",
    ),
    "strategy-unknown": Rule(
        "AC502", Severity.ERROR, "{word!r} is no strategy, ringall is used",
        "strategies: ringall, leastrecent, fewestcalls, random, rrmemory, rrordered, linear, "
        "wrandom",
    ),
    "strategy-twice": Rule(
        "AC503", Severity.WARNING, "of two strategies the first counts, not {word!r}",
        "remove one of both; a template's strategy cannot be overridden", logged=False,
    ),
    "member-twice": Rule(
        "AC504", Severity.WARNING, "member {interface!r} is there already, the later line counts",
        "remove one of both", logged=False,
    ),
    "member-bad": Rule(
        "AC505", Severity.ERROR, "member line without a usable interface: {text!r}",
        "write member => INTERFACE,PENALTY,NAME,STATE_INTERFACE",
    ),
    "bad-value": Rule(
        "AC506", Severity.WARNING, "{name!r}: {problem}",
        "the option is shown with its default here", logged=False,
    ),
    "bad-name": Rule(
        "AC507", Severity.WARNING, "section {name!r} cannot be shown as a queue: {problem}",
        "use a name without blanks at its ends", logged=False,
    ),
}  # fmt: skip


def read_queues(effective: Effective | None) -> Found[Queue]:
    """Return the queues of queues.conf by name, in file order.

    A place is that of the line which counts; members have the paths `members[0]` and so on.

    Source: apps/app_queue.c, reload_queues and reload_single_queue.
    """
    queues: dict[str, Bound[Queue]] = {}
    first: dict[str, Position] = {}
    diagnostics: list[Diagnostic] = []
    for section in effective.sections if effective is not None and effective.valid else ():
        name = fold(section.name)
        if section.template or name == "general":
            continue
        if name in first:
            related = [(first[name], "the first one")]
            rule = CODES["queue-twice"]
            diagnostics.append(finding(rule, section.position, related, name=section.name))
            continue
        first[name] = section.position
        bound = _queue(section, diagnostics)
        if bound is not None:
            queues[section.name] = bound
    return Found(queues, tuple(diagnostics))


def _at_least(low: int, otherwise: int) -> Callable[[str], int]:
    """Return a reader of leading digits that gives `otherwise` below `low`."""

    def read(text: str) -> int:
        number = atoi(text)
        return number if number >= low else otherwise

    return read


def _word(*words: str) -> Callable[[str], str]:
    """Return a reader that gives one of `words` or else `yes` or `no`."""

    def read(text: str) -> str:
        word = fold(text)
        return word if word in words else "yes" if truth(word) else "no"

    return read


def _empty(text: str) -> str:
    """Read `joinempty` and `leavewhenempty`: a boolean word, or a list of conditions."""
    if truth(text):
        return "yes"
    return "no" if fold(text) in {"no", "false", "n", "f", "0", "off"} else text


_READERS: Mapping[str, Callable[[str], object]] = {
    "timeout": _at_least(0, 15),
    "retry": _at_least(1, 5),
    "maxlen": _at_least(0, 0),
    "weight": atoi,
    "wrapuptime": atoi,
    "servicelevel": atoi,
    "memberdelay": atoi,
    "announce-frequency": atoi,
    "periodic-announce-frequency": atoi,
    "musicclass": str,
    "context": str,
    "announce": str,
    "announce-holdtime": _word("once"),
    "announce-position": _word("limit", "more"),
    "autopause": _word("all"),
    "joinempty": _empty,
    "leavewhenempty": _empty,
    "ringinuse": truth,
    "autofill": truth,
    "timeoutrestart": truth,
    "reportholdtime": truth,
    "setinterfacevar": truth,
    "timeoutpriority": lambda text: "conf" if fold(text) == "conf" else "app",
}
"""How the value of each option is read. Source: apps/app_queue.c, queue_set_param."""

_ALIASES = {"music": "musicclass", "musiconhold": "musicclass"}


def _queue(section: EffectiveSection, diagnostics: list[Diagnostic]) -> Bound[Queue] | None:
    draft = Draft(section.name, section.position)
    strategy: EffectiveItem | None = None
    members: dict[str, tuple[QueueMember, Position]] = {}
    for item in section.items:
        name = _ALIASES.get(fold(item.name), fold(item.name))
        if name == "strategy":
            if strategy is None:
                strategy = item
            elif fold(strategy.value) != fold(item.value):
                related = [(strategy.origin, "this one counts")]
                rule = CODES["strategy-twice"]
                diagnostics.append(finding(rule, item.origin, related, word=item.value))
        elif name == "member":
            _add_member(members, item, diagnostics)
        elif name in _READERS:
            draft.put(name.replace("-", "_"), _READERS[name](item.value), item.origin)
    if strategy is not None:
        word = "rrmemory" if fold(strategy.value) == "roundrobin" else fold(strategy.value)
        if word in STRATEGIES:
            draft.put("strategy", word, strategy.origin)
        else:
            rule = CODES["strategy-unknown"]
            diagnostics.append(finding(rule, strategy.origin, word=strategy.value))
    draft.put("members", tuple(member for member, _ in members.values()))
    draft.places |= {f"members[{i}]": place for i, (_, place) in enumerate(members.values())}
    return draft.build(Queue, CODES, diagnostics)


def _add_member(
    members: dict[str, tuple[QueueMember, Position]],
    item: EffectiveItem,
    diagnostics: list[Diagnostic],
) -> None:
    """Read one `member` line; a later one of the same interface takes the place of the first.

    Source: apps/app_queue.c, reload_single_member.
    """
    fields = _split(item.value, 7)
    interface, penalty, name, state, ringinuse, wrapuptime, paused = (
        field.strip(WHITE) for field in (*fields, *[""] * (7 - len(fields)))
    )
    if not interface or interface != fields[0]:
        diagnostics.append(finding(CODES["member-bad"], item.origin, text=item.value))
        if not interface:
            return
    known = members.get(fold(interface))
    if known is not None:
        related = [(known[1], "the first one")]
        rule = CODES["member-twice"]
        diagnostics.append(finding(rule, item.origin, related, interface=interface))
    rest = atoi(wrapuptime)
    member = QueueMember(
        interface,
        penalty=max(atoi(penalty), 0),
        name=name,
        state_interface=state,
        ringinuse=_flag(ringinuse),
        wrapuptime=rest if wrapuptime and rest >= 0 else None,
        paused=truth(paused) if paused else None,
    )
    members[fold(interface)] = (member, item.origin)


def _flag(text: str) -> bool | None:
    """Read a flag that an unknown word leaves unsaid."""
    word = _empty(text)
    return {"yes": True, "no": False}.get(word) if text else None


def _split(text: str, count: int) -> list[str]:
    """Split an argument text at commas outside brackets and quotes, and take those away.

    Source: main/app.c, __ast_app_separate_args.
    """
    fields = [""]
    depth = {"(": 0, "[": 0}
    quoted = False
    characters = iter(text)
    for char in characters:
        kept = char
        if char == "\\":
            kept = next(characters, "")
        elif char == '"':
            quoted, kept = not quoted, ""
        elif char in "([":
            depth[char] += 1
        elif char in ")]":
            opening = "(" if char == ")" else "["
            depth[opening] = max(depth[opening] - 1, 0)
        elif char == "," and not quoted and not any(depth.values()) and len(fields) < count:
            fields.append("")
            continue
        fields[-1] += kept
    return fields
