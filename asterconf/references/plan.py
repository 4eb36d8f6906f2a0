"""What the steps, hints, includes and variables of a dialplan name."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Container, Iterator, Mapping
from functools import cached_property
from typing import NamedTuple

import attrs

from asterconf.dialplan.lookup import Dialplan, Landing
from asterconf.dialplan.values import (
    DialplanContext,
    DialplanExtension,
    DialplanStep,
)
from asterconf.language import template as templates
from asterconf.language.args import mask
from asterconf.language.pattern import matches
from asterconf.language.template import Part, Variable
from asterconf.model.checks import dialable
from asterconf.references.mentions import (
    PLACE,
    PLAN,
    Mention,
    Piece,
    dialed,
    in_devices,
    in_step,
    in_text,
    pieces,
)
from asterconf.references.values import Fails, Name
from asterconf.schema import DEFAULT_SCHEMA, Schema
from asterconf.semantics.texts import sliced
from asterconf.source import fold

_KEEPS = frozenset((
    "answer", "background", "busy", "confbridge", "congestion", "dial", "gosub", "gosubif",
    "goto", "gotoif", "gotoiftime", "hangup", "log", "noop", "page", "park", "playback",
    "playtones", "proceeding", "progress", "queue", "return", "ringing", "saydigits",
    "saynumber", "set", "startmusiconhold", "verbose", "voicemail", "voicemailmain", "wait",
    "waitexten",
))  # fmt: skip
"""Applications whose arguments are no names of variables that they set."""

_BACK = frozenset({"gosub", "gosubif"})
"""Those of them that come back with variables set elsewhere."""

_ASKS = frozenset({
    "set", "gotoif", "gosubif", "execif", "while", "exitif", "if", "elseif",
})  # fmt: skip
"""Applications that compare or copy variables."""

_CUT = re.compile(r"\$\{(?:CUT|FIELDQTY|LEN|REGEX)\(([A-Za-z_][A-Za-z0-9_]*)")
_USED = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)(?![A-Za-z0-9_(])")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


class Use(NamedTuple):
    """A name in a text of the dialplan, resolved as far as it is constant.

    `start` and `end` are offsets in the text: the arguments of a step, the devices of a hint.
    """

    target: Name
    certain: bool
    start: int
    end: int
    text: str
    by: str
    how: str = "names"
    through: bool = False
    fails: Fails = "never"


class UseAt(NamedTuple):
    """A use, and where it stands: an extension and a step of it by index; -1 is the hint."""

    extension: int
    step: int
    use: Use


def extension_name(context: str, extension: DialplanExtension) -> Name:
    """Return an extension's name."""
    return Name(PLAN, "extension", f"{extension.key}@{context}")


@attrs.define(eq=False)
class PlanUses:
    """What a dialplan names, context by context, worked out when it is asked for.

    Attributes:
        plan: the dialplan.
        schema: what the version knows that runs it.
    """

    plan: Dialplan
    schema: Schema = DEFAULT_SCHEMA
    _contexts: dict[str, list[UseAt]] = attrs.field(factory=dict, init=False)
    _callers: dict[str, set[str]] = attrs.field(factory=dict, init=False)
    _free: dict[tuple[Mention, bool], tuple[Use, ...]] = attrs.field(factory=dict, init=False)
    """What mentions name wherever they stand: in a plain extension, and in a pattern."""
    _landings: dict[tuple[str, str, int | str], Landing] = attrs.field(factory=dict, init=False)

    @cached_property
    def contexts(self) -> Mapping[str, DialplanContext]:
        """The contexts by name."""
        return {context.name: context for context in reversed(self.plan.contexts)}

    def leads(self, mention: Mention, here: str, extension: DialplanExtension) -> bool:
        """Return whether a mention plainly leads to a step, from an extension of a context."""
        text = mention.text
        if mention.kind != PLACE or mention.file != "," or "$" in text:
            return False
        *where, place = text.split(",")
        there: DialplanExtension | None = extension
        if where:
            there = self.plan.plain(where[-1], where[-2] if len(where) == 2 else here)
        wanted = int(place) if place.isdigit() else place
        return there is not None and len(where) < 3 and _has(there, wanted) is not None

    def of(self, context: DialplanContext) -> list[UseAt]:
        """Return what the extensions of a context name, in their order."""
        known = self._contexts.get(context.name)
        if known is None:
            known = self._contexts[context.name] = list(self._read(context))
        return known

    def mentions(self, context: DialplanContext) -> Iterator[tuple[int, int, Mention]]:
        """Yield the mentions in a context, each with its extension and step by index."""
        for number, extension in enumerate(context.extensions):
            for at, step in enumerate(extension.steps):
                for mention in self.in_step(step.app, step.data):
                    yield number, at, mention
            for device in self.in_hint(extension):
                yield number, -1, device

    def in_step(self, app: str, data: str) -> tuple[Mention, ...]:
        """Return the mentions in a step of an application and its arguments."""
        return in_step(app, data, self.schema)

    def in_hint(self, extension: DialplanExtension) -> tuple[Mention, ...]:
        """Return the mentions in the hint of an extension."""
        hint = extension.hint
        return () if hint is None else in_devices("&".join(hint.devices), "hint")

    def _read(self, context: DialplanContext) -> Iterator[UseAt]:
        for number, at, mention in self.mentions(context):
            for use in self.uses(mention, context, context.extensions[number], at):
                yield UseAt(number, at, use)

    def is_free(self, mention: Mention) -> bool:
        """Return whether a mention names the same wherever it stands, as far as is known."""
        return (mention, False) in self._free

    # -- what a mention names -----------------------------------------------------------------

    def uses(
        self, mention: Mention, context: DialplanContext, extension: DialplanExtension, at: int
    ) -> tuple[Use, ...]:
        """Return the names in a mention of a step by index; -1 is the hint."""
        pattern = extension.is_pattern
        if (known := self._free.get((mention, pattern))) is not None:
            return known
        written = found = pieces(mention, mention.text)
        if "$" in mention.text:
            found = self._found(mention, written, context, extension, at)
        made = tuple([
            one for one in self._resolved(mention, written, found, context, extension)
            if one is not None
        ])  # fmt: skip
        relative = any(one.within[:1] == ("",) for one in found)
        if not relative:
            varying = self._varying.intersection(_USED.findall(mention.text))
            if not varying or (pattern and varying == {"EXTEN"}):
                self._free[mention, pattern] = made
            if not varying:
                self._free[mention, not pattern] = made
        return made

    def _found(
        self,
        mention: Mention,
        written: tuple[Piece, ...],
        context: DialplanContext,
        extension: DialplanExtension,
        at: int,
    ) -> tuple[Piece, ...]:
        """Return the pieces of a text with variables, as they are when these are put in."""
        if any("$" in one.name and one.kind in {"device", "label", "mailbox"} for one in written):
            return pieces(mention, self.says(mention.text, context, extension, at))
        found = []
        for one in written:
            name = self.says(one.name, context, extension, at)
            within = tuple([self.says(part, context, extension, at) for part in one.within])
            found.append(one._replace(name=name, within=within))
        return tuple(found)

    @cached_property
    def _varying(self) -> set[str]:
        """The variables whose value depends on the step in which they stand."""
        names = (step.data.partition("=")[0].strip().lstrip("_") for step in self.steps.values()
                 if fold(step.app) == "set")  # fmt: skip
        return {"EXTEN", "CONTEXT", *filter(_WORD.fullmatch, names)}

    def steady(self, text: str) -> str:
        """Return a text with the variables put in that have one value in every step."""
        return _put_in(text, self._steady)

    @cached_property
    def _steady(self) -> Mapping[str, str]:
        return {name: v for name, v in self.constants.items() if name not in self._varying}

    def says(
        self, text: str, context: DialplanContext, extension: DialplanExtension, at: int
    ) -> str:
        """Return a text of a step with the variables that are constant there put in."""
        if "$" not in text:
            return text
        if text == "${EXTEN}":
            return text if extension.is_pattern else extension.name
        known: Mapping[str, str] = self.constants
        if not self._varying.isdisjoint(_USED.findall(text)):
            known = {**known, **self._set_before(extension, at)}
            if not extension.is_pattern:
                known["EXTEN"] = extension.name
            if len(self.callers(context.name)) == 1:
                known["CONTEXT"] = context.name
        return _put_in(text, known)

    def _set_before(self, extension: DialplanExtension, at: int) -> dict[str, str]:
        """Return the variables that hold what a step before this one set, on the straight way."""
        found: dict[str, str] = {}
        for step in extension.steps[: max(at, 0)]:
            word = fold(step.app)
            if word in _BACK or word not in _KEEPS:
                found.clear()
            for changed in _changed(step.data):
                found.pop(changed, None)
            if word == "set":
                name, equals, value = step.data.partition("=")
                name = name.strip().lstrip("_")
                value = _put_in(value, {**self.constants, **found})
                if equals and "$" not in value and _WORD.fullmatch(name):
                    found[name] = value
                else:
                    for changed in _WORD.findall(mask(name)):  # ARRAY(first,second)
                        found.pop(changed, None)
        return found

    def _resolved(
        self,
        mention: Mention,
        written: tuple[Piece, ...],
        found: tuple[Piece, ...],
        context: DialplanContext,
        extension: DialplanExtension,
    ) -> Iterator[Use | None]:
        """Yield the names of a mention, each where it is written as far as that can be told."""
        same = written is found or [one.kind for one in written] == [one.kind for one in found]
        whole = mention.end - mention.start != len(mention.text)
        one_of_many = "$" in mention.text and not self.asked.isdisjoint(_USED.findall(mention.text))
        for number, piece in enumerate(found):
            as_written = same and "$" not in "".join(
                (written[number].name, *written[number].within)
            )
            if piece.kind == "extension":
                target, certain, fails = self._extension(piece, context.name, mention)
            elif piece.kind == "label":
                label, certain, fails = self._label(piece, context, extension)
                if label is None:
                    continue
                target = label
            else:
                target = Name(piece.file, piece.kind, piece.name)
                certain, fails = "$" not in piece.name, True
            through = bool(piece.within) and piece.kind not in {"extension", "label"}
            start, end = mention.start, mention.end
            text = mention.text if start < end else ""  # `Park()` names a lot without a word
            if same and text:
                spot = written[number]
                text = mention.text[spot.start : spot.end]
                if not whole:
                    start, end = start + spot.start, start + spot.end
            yield Use(
                target, certain, start, end, text, mention.by, mention.how, through,
                mention.fails if fails and (as_written or not one_of_many) else "never",
            )  # fmt: skip

    def _extension(self, piece: Piece, here: str, mention: Mention) -> tuple[Name, bool, bool]:
        """Return what a piece names, whether that is certain, and whether it may be missing."""
        own = not piece.within[0]
        context = piece.within[0] or here
        name = Name(PLAN, "extension", f"{piece.name}@{context}")
        if "$" in piece.name or "$" in context:
            return name, False, True
        landing = self._land(piece.name, context, 1, own=own)
        if landing.extension is not None:
            return extension_name(landing.context, landing.extension), True, True
        invalid = mention.how == "goto" and self._land("i", context, 1, own=own).step is not None
        return name, landing.sure, not invalid

    def named(self, piece: Piece) -> tuple[Name | None, bool, bool]:
        """Return the same for a place that stands outside the dialplan, such as `Local/6@home`."""
        if piece.kind == "label":
            return self._label(piece, DialplanContext(piece.within[0]), DialplanExtension(""))
        mention = Mention(0, 0, "", "", "", "")
        return self._extension(piece, piece.within[0], mention)

    def _label(
        self, piece: Piece, context: DialplanContext, extension: DialplanExtension
    ) -> tuple[Name | None, bool, bool]:
        where, number = piece.within
        own = not where
        target = where or context.name
        exten = number or extension.name
        wanted: int | str = int(piece.name) if piece.name.isdigit() else piece.name
        shown = f"{target},{number or extension.key},{piece.name}"
        if any("$" in part for part in (piece.name, target, number)):
            return Name(PLAN, "label", shown), False, True
        if own and not number and (mine := _has(extension, wanted)) is not None:
            return (None, True, True) if mine is False else (Name(PLAN, "label", shown), True, True)
        landing = self._land(exten, target, wanted, own=own)
        if landing.step is not None and landing.extension is not None:
            if isinstance(wanted, int):
                return None, True, True
            name = f"{landing.context},{landing.extension.key},{piece.name}"
            return Name(PLAN, "label", name), True, True
        if landing.extension is None and number:
            return None, True, True  # that the extension is not there was said
        sure = landing.sure and not (extension.is_pattern and not number)
        return Name(PLAN, "label", shown), sure, True

    def _land(self, number: str, context: str, priority: int | str, *, own: bool) -> Landing:
        """Return where a jump leads; one without a context begins where the call is."""
        others = self.callers(context) - {context} if own else ()
        places = [context, *sorted(others)]
        first: Landing | None = None
        for place in places:
            key = (number, place, priority)
            landing = self._landings.get(key)
            if landing is None:
                landing = self._landings[key] = self.plan.landing(*key)
            if landing.step is not None:
                return landing
            if first is None or (landing.extension and first.extension is None):
                first = landing
        assert first is not None
        return first

    @cached_property
    def _includers(self) -> Mapping[str, set[str]]:
        found: dict[str, set[str]] = {}
        for context in self.plan.contexts:
            for include in context.includes:
                found.setdefault(include.context, set()).add(context.name)
        return found

    def callers(self, context: str) -> set[str]:
        """Return the contexts in which a call may be that runs a step of a context."""
        if context in self._callers:
            return self._callers[context]
        found, waiting = {context}, [context]
        while waiting:
            more = self._includers.get(waiting.pop(), set()) - found
            found |= more
            waiting += more
        self._callers[context] = found
        return found

    # -- variables ----------------------------------------------------------------------------

    @cached_property
    def steps(self) -> Mapping[tuple[str, str], DialplanStep]:
        """One step of each text, by application and arguments."""
        return {
            (step.app, step.data): step
            for context in self.plan.contexts
            for extension in context.extensions
            for step in extension.steps
        }

    def standing(
        self, texts: Container[tuple[str, str]]
    ) -> Iterator[tuple[DialplanContext, int, int, DialplanStep]]:
        """Yield the steps of some texts, each with its context, and extension and step by index."""
        for context in self.plan.contexts:
            for number, extension in enumerate(context.extensions):
                for at, step in enumerate(extension.steps):
                    if (step.app, step.data) in texts:
                        yield context, number, at, step

    @cached_property
    def constants(self) -> Mapping[str, str]:
        """The variables that have one value wherever they are set."""
        values: dict[str, set[str]] = {name: {value} for name, value in self.plan.globals.items()}
        open_ = set[str]()
        for step in self.steps.values():
            word = fold(step.app)
            open_.update(_changed(step.data))
            if word == "set":
                name, equals, value = step.data.partition("=")
                name = re.sub(r"(?i)\AGLOBAL\((.*)\)\Z", r"\1", name.strip()).lstrip("_")
                if equals and "$" not in value and _WORD.fullmatch(name):
                    values.setdefault(name, set()).add(value)
                else:
                    open_.update(_WORD.findall(mask(name)))
            elif word not in _KEEPS:
                open_.update(_WORD.findall(mask(step.data)))
        return {
            name: value
            for name, found in values.items()
            if len(found) == 1 and name not in open_ and "$" not in (value := next(iter(found)))
        }

    @cached_property
    def asked(self) -> frozenset[str]:
        """The constants that some step compares or copies: what names them may be for others."""
        texts = (
            step.data.partition("=")[2] if fold(step.app) == "set" else step.data
            for step in self.steps.values()
            if fold(step.app) in _ASKS
        )
        return frozenset(name for text in texts for name in _USED.findall(text) + _CUT.findall(text)
                         if name in self.constants)  # fmt: skip

    @cached_property
    def _occurrences(self) -> Counter[str]:
        """How often each variable is used in the dialplan."""
        texts = (
            text
            for context in self.plan.contexts
            for extension in context.extensions
            for text in (
                *(step.data for step in extension.steps if "${" in step.data),
                extension.hint.text if extension.hint else "",
            )
        )
        return Counter(name for text in texts for name in _USED.findall(text))

    @cached_property
    def variables(self) -> Mapping[str, tuple[str, str, str] | None]:
        """The variables that are used as a name of one kind, and as nothing else.

        Each with file and kind of what it names, and what says so; None: it is used as a name,
        but not everywhere.
        """
        seen: dict[str, Counter[tuple[str, str, str]]] = {}
        for context in self.plan.contexts:
            for one in self.of(context):
                variable = re.fullmatch(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}", one.use.text)
                if variable and one.use.target.kind not in {"label", "extension", "device"}:
                    meant = (one.use.target.file, one.use.target.kind, one.use.by)
                    seen.setdefault(variable[1], Counter())[meant] += 1
        found: dict[str, tuple[str, str, str] | None] = {}
        for name, uses in seen.items():
            kinds = {meant[:2] for meant in uses}
            all_of_it = len(kinds) == 1 and sum(uses.values()) == self._occurrences[name]
            found[name] = next(iter(uses)) if all_of_it else None
        return found

    def in_variable(self, name: str, value: str) -> Iterator[Use]:
        """Yield what the value of a variable names, where it is set."""
        by = f"variable {name}"
        meant = self.variables.get(name)
        if value and "$" not in value and meant:
            target = Name(meant[0], meant[1], _full(meant[1], value))
            yield Use(target, certain=True, start=0, end=len(value), text=value, by=by)
            return
        for mention in in_text(value):
            for piece in pieces(mention, mention.text):
                if piece.kind in {"extension", "label", "device"}:
                    continue
                start, end = mention.start + piece.start, mention.start + piece.end
                target = Name(piece.file, piece.kind, piece.name)
                text = mention.text[piece.start : piece.end]
                yield Use(target, "$" not in piece.name, start, end, text, by)

    # -- includes and switches ----------------------------------------------------------------

    def includes(self, context: DialplanContext) -> Iterator[tuple[str, Use]]:
        """Yield what the includes and switches of a context name, each with its path."""
        for at, include in enumerate(context.includes):
            yield f"includes[{at}]", _context_use(include.context, 0, "include")
        for at, switch in enumerate(context.switches):
            _, mark, far = switch.data.partition("@")
            name = far.partition("/")[0]
            if fold(switch.name) == "loopback" and mark and name:
                yield f"switches[{at}]", _context_use(name, len(switch.text) - len(far), "switch")


def _context_use(name: str, start: int, by: str) -> Use:
    target, certain = Name(PLAN, "context", name), "$" not in name
    made = Use(target, certain, start, start + len(name), name, by, "includes")
    return made._replace(fails="at run time")


def _changed(text: str) -> set[str]:
    """Return the variables that change where Asterisk reads a text, as by `${INC(count)}`."""
    if "(" not in text or "$" not in text:
        return set()
    return {one.name for one in templates.parse(text).names() if one.by in templates.CHANGING}


def _put_in(text: str, known: Mapping[str, str]) -> str:
    """Return a text with the variables whose value is known put in; all others stay."""
    if "$" not in text:
        return text
    return "".join(_value(part, known) for part in templates.parse(text).parts)


def _value(part: Part, known: Mapping[str, str]) -> str:
    if not isinstance(part, Variable) or part.name not in known:
        return part.text
    if part.slice is None:
        return known[part.name]
    if part.slice.offset is None:
        return part.text
    return sliced(known[part.name], part.slice.offset, part.slice.length)


def _full(kind: str, value: str) -> str:
    return value if kind != "mailbox" or "@" in value else f"{value}@default"


def _has(extension: DialplanExtension, wanted: int | str) -> bool | None:
    """Tell whether an extension has a step: True for a label, False for a priority."""
    for step in extension.steps:
        if step.priority == wanted:
            return False
        if step.label == wanted and not step.label_hidden:
            return True
    return None


# -- which number a phone has ---------------------------------------------------------------------

_NUMBER = "${EXTEN}"


@attrs.define(eq=False)
class DialedNumbers:
    """An index from endpoints to the numbers that ring or watch just them.

    Other devices than endpoints of PJSIP are called as they are dialled: `SIP/6001`.

    Hints come before Dial, plain names before patterns, otherwise the dialplan's order holds.
    A pattern counts where the number is all that is open: with `_6XXX,1,Dial(PJSIP/${EXTEN})`
    the number of the endpoint 6001 is 6001.
    """

    _uses: PlanUses

    @classmethod
    def of(cls, plan: Dialplan | PlanUses) -> DialedNumbers:
        """Return the index of a dialplan, which is read when a number is asked for."""
        return cls(plan if isinstance(plan, PlanUses) else PlanUses(plan))

    @cached_property
    def _found(self) -> tuple[dict[str, list[tuple[int, str]]], dict[tuple[str, str, str], int]]:
        """The numbers by endpoint, and what is open by the texts around it and the pattern."""
        plain: dict[str, list[tuple[int, str]]] = {}
        open_: dict[tuple[str, str, str], int] = {}
        for context in self._uses.plan.contexts:
            for extension in context.extensions:
                for rank, use in _alone(self._uses, context, extension):
                    endpoint = use.target.name
                    if not extension.is_pattern:
                        if dialable(extension.name):
                            plain.setdefault(endpoint, []).append((rank, extension.name))
                    elif endpoint.count(_NUMBER) == 1:
                        before, _, after = endpoint.partition(_NUMBER)
                        key = (before, after, extension.name)
                        open_[key] = min(rank, open_.get(key, rank))
        return plain, open_

    def numbers(self, endpoint: str) -> list[str]:
        """Return the numbers of an endpoint, the likeliest first."""
        named, open_ = self._found
        plain = sorted(named.get(endpoint, ()), key=lambda entry: entry[0])
        found = []
        for (before, after, name), rank in open_.items():
            number = endpoint.removeprefix(before).removesuffix(after)
            if (
                f"{before}{number}{after}" == endpoint
                and dialable(number)
                and matches(name, number)
            ):
                found.append((rank, number))
        found.sort(key=lambda entry: entry[0])
        return list(dict.fromkeys(number for _, number in (*plain, *found)))


def _alone(
    uses: PlanUses, context: DialplanContext, extension: DialplanExtension
) -> Iterator[tuple[int, Use]]:
    """Yield the endpoint that a hint watches, or a Dial rings, where it is the only one."""
    devices = extension.hint.devices if extension.hint is not None else ()
    found = [(-1, in_devices("&".join(devices), "hint"))]
    found += [
        (at, dialed(step.data))
        for at, step in enumerate(extension.steps)
        if fold(step.app) == "dial"
    ]
    for at, mentions in found:
        if len(mentions) == 1:
            named = uses.uses(mentions[0], context, extension, at)
            kinds = {"endpoint", "device"}
            if len(named) == 1 and named[0].target.kind in kinds and not named[0].through:
                yield int(at >= 0), named[0]
