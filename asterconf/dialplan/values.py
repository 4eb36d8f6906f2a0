"""The parts of a dialplan as Asterisk holds it after loading: contexts, extensions, steps, hints.

Plain values without places or text; see `asterconf.dialplan.loader` for how they are read.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any, Protocol, TypeAlias

import attrs

from asterconf import schema, shown
from asterconf._lazy import LazyModule
from asterconf.diagnostic import Placed, place_columns
from asterconf.diagnostic import places as places_of
from asterconf.errors import AmbiguousKeyError, ModelError, NotFoundError
from asterconf.frames import DataFrame, frame
from asterconf.language import appcall
from asterconf.language.pattern import Pattern
from asterconf.secrets import shown_step, shown_text
from asterconf.shown import Shown
from asterconf.source import meant

if TYPE_CHECKING:
    from asterconf import apps
    from asterconf import graph as pictures
else:
    apps = LazyModule("asterconf.apps")
    pictures = LazyModule("asterconf.graph")

HINT = -1
"""The priority under which a hint is stored."""


class ApplicationLike(Protocol):
    """A typed application, such as `apps.Dial("PJSIP/6001")`: its name and its argument text."""

    @property
    def name(self) -> str:
        """The name as it is written."""
        ...

    @property
    def data(self) -> str:
        """The argument text, between the brackets of the call."""
        ...


def near_names(name: str, names: Iterable[str]) -> str:
    """Return the tail of a "there is no …" sentence that names what may have been meant."""
    known = [*names]
    folded = {one.casefold(): one for one in known}
    same = folded.get(name.casefold())
    return meant(same or name, [same] if same else known, 3, shown=repr, before="; ")


def _texts(value: Iterable[str]) -> tuple[str, ...]:
    return (value,) if isinstance(value, str) else tuple(value)


def brief(self: attrs.AttrsInstance) -> str:
    """Return the constructor call without defaults; of more than two items the number only."""
    shown = []
    for index, field in enumerate(f for f in attrs.fields(type(self)) if f.repr):
        value, default = getattr(self, field.name), field.default
        if isinstance(default, attrs.Factory):  # type: ignore[arg-type]
            default = default.factory()
        if field.repr and (index == 0 or value != default):
            several = isinstance(value, tuple | dict) and len(value) > 2
            shown.append(f"{field.name}=" + (f"<{len(value)}>" if several else repr(value)))
    return f"{type(self).__name__}({', '.join(shown)})"


@attrs.frozen(repr=False)
class DialplanStep(Shown):
    """One priority of an extension: an application and its arguments, not yet substituted.

    `priority` is 1 or more in any sane dialplan; arithmetic such as `1+-1` can store a step at 0
    or below, which never runs. `label` is kept as written, blanks included.
    """

    priority: int
    app: str
    data: str = ""
    label: str | None = None
    label_hidden: bool = attrs.field(default=False, kw_only=True)
    """True: a step stored earlier has the same label, and a jump to the label goes there.

    Only steps written out of order can come to this; otherwise a second label is dropped.
    """
    asterisk: str = attrs.field(default=schema.DEFAULT, kw_only=True, eq=False)
    """The version of Asterisk that runs it, whose arguments `application` has."""

    @classmethod
    def of(
        cls, priority: int, application: ApplicationLike | str, label: str | None = None
    ) -> DialplanStep:
        """Make a step of a typed application, or of a text such as `Dial(PJSIP/6001)`."""
        if isinstance(application, str):
            application = apps.parse(application)
        return cls(priority, application.name, application.data, label)

    @property
    def application(self) -> apps.Application:
        """The application with its arguments; the same text gives the same object.

        Where its version has other arguments than the class of an application, it is an `AnyApp`
        with these; see `apps.parse`.
        """
        return apps.parse(self.app, self.data, asterisk=self.asterisk)

    def __str__(self) -> str:
        return f"{self.app}({self.data})"

    def __repr__(self) -> str:
        """Return the constructor call, what has the shape of a secret masked."""
        data = shown_step(self.app, self.data)
        label = f", label={shown_text(self.label)!r}" if self.label is not None else ""
        hidden = ", label_hidden=True" if self.label_hidden else ""
        return f"DialplanStep({self.priority}, {self.app!r}, {data!r}{label}{hidden})"


StepLike: TypeAlias = ApplicationLike | DialplanStep | str | tuple[str, ApplicationLike | str]
"""An application (or its text `Dial(PJSIP/6001)`), with a label before it in a pair."""


def steps_of(given: Iterable[StepLike], start: int = 1) -> tuple[DialplanStep, ...]:
    """Number applications from `start` on; a step among them keeps its own priority and label.

    Raises:
        ModelError: a label stands twice.
    """
    steps: list[DialplanStep] = []
    for one in given:
        if isinstance(one, DialplanStep):
            steps.append(one)
        else:
            label, application = one if isinstance(one, tuple) else (None, one)
            steps.append(DialplanStep.of(start, application, label))
        start = steps[-1].priority + 1
    labels = [step.label for step in steps if step.label is not None]
    for label in labels:
        if labels.count(label) > 1:
            raise ModelError(f"label {label!r} stands {labels.count(label)} times")
    return tuple(steps)


@attrs.frozen
class Hint(Shown):
    """What an extension's busy lamp watches: devices, joined by `&` in the file.

    `presence` is a presence provider, the text after the last comma; None: no comma.
    `name` is the display name in parentheses. The devices of a pattern's hint are as written
    (`PJSIP/${EXTEN}`), those of a plain name are already substituted.
    """

    devices: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    name: str = ""
    presence: str | None = None
    label: str | None = None

    @property
    def text(self) -> str:
        """The device text as Asterisk shows it: devices joined by `&`, then the presence."""
        devices = "&".join(self.devices)
        return devices if self.presence is None else f"{devices},{self.presence}"

    @property
    def call(self) -> str:
        """The devices with the name, as they stand behind the priority `hint`."""
        return self.text + (f"({self.name})" if self.name else "")


@attrs.frozen(repr=False)
class DialplanExtension(Placed):
    """All steps that share a name and a caller-id condition in one context.

    `callerid_match`: None is no condition, "" only callers without a number, else a number or a
    pattern that starts with `_`. `steps` stand in ascending priority; gaps are legal.
    """

    name: str
    callerid_match: str | None = None
    steps: tuple[DialplanStep, ...] = attrs.field(default=(), converter=tuple[DialplanStep, ...])
    hint: Hint | None = None
    made_by: str = attrs.field(default="", kw_only=True)
    """The module that makes it, such as `res_parking`; empty: a line of extensions.conf."""

    __repr__ = brief

    @property
    def is_pattern(self) -> bool:
        """Whether the name is a pattern (`_NXX`) and not a plain name."""
        return self.name.startswith("_")

    @property
    def pattern(self) -> Pattern:
        """The name as what it matches."""
        return Pattern(self.name)

    @property
    def key(self) -> str:
        """The name as a file writes it, with `/` and the caller-id condition if there is one."""
        return self.name if self.callerid_match is None else f"{self.name}/{self.callerid_match}"

    def lines(self) -> Iterator[tuple[str, str]]:
        """Yield the lines that say it, as names and values: `exten`, then ` same` for each step.

        Raises:
            ModelError: no line can say a step.
        """
        if self.hint is not None:
            label = f"({self.hint.label})" if self.hint.label is not None else ""
            yield "exten", f"{self.key},hint{label},{self.hint.call}"
        last = None
        for step in self.steps:
            word = "n" if last is not None and step.priority == last + 1 else step.priority
            label = f"({step.label})" if step.label is not None else ""
            text = f"{word}{label},{appcall.join(step.app, step.data)}"
            yield ("exten", f"{self.key},{text}") if last is None else (" same", text)
            last = step.priority

    def step(self, target: int | str) -> DialplanStep:
        """Return the step with this priority (int) or label (str).

        Raises:
            NotFoundError: the extension has no such step.
        """
        if isinstance(target, int):
            found = [step for step in self.steps if step.priority == target]
            what, near = f"priority {target}", ""
        else:
            found = [s for s in self.steps if s.label == target and not s.label_hidden]
            what = f"label {target!r}"
            near = near_names(target, (s.label for s in self.steps if s.label is not None))
        if found:
            return found[0]
        raise NotFoundError(f"extension {self.key!r} has no {what}{near}")


@attrs.frozen
class Include(Shown):
    """Another context, searched after the own extensions while its time condition holds.

    `timing` is the condition as written (`9:00-17:00,mon-fri`); empty: always. `separator` is
    what stands between both in the file and takes no part in comparisons.
    """

    context: str
    timing: str = ""
    separator: str = attrs.field(
        default=attrs.Factory(lambda self: "," if self.timing else "", takes_self=True),
        eq=False,
        repr=False,
    )

    @property
    def text(self) -> str:
        """The value of the `include` line."""
        return f"{self.context}{self.separator}{self.timing}"


@attrs.frozen
class Switch(Shown):
    """Another source of extensions, asked after the own ones and before the includes.

    `kind` says when `data` is substituted: `switch` at load, `eswitch` at each lookup, `lswitch`
    never.
    """

    kind: str
    name: str
    data: str = ""

    @property
    def text(self) -> str:
        """The value of the line, with the `/` that Asterisk always shows."""
        return f"{self.name}/{self.data}"


class Drawn(Placed):
    """A part of a dialplan, which has a picture, and rows for a table."""

    __slots__ = ()

    def graph(self, *, limit: int | None = 100) -> pictures.Graph:
        """Return the picture of contexts, and of what their extensions lead to.

        Args:
            limit: how many boxes it may have; what is more is drawn together, with counts.
                `None`: everything is drawn.
        """
        drawn: pictures.Graph = shown.display().draw(self, limit=limit)
        return drawn

    def _every_context(self) -> Iterable[DialplanContext]:
        raise NotImplementedError

    def to_records(self, *, places: bool = False, reveal: bool = False) -> list[dict[str, Any]]:
        """Return a plain dict for each step: where it stands, its application, and its arguments.

        A hint is the first row of its extension, with the priority `hint` and its devices as data.

        Args:
            places: add `at_file`, `at_line` and `at_column`; `None` where that is not known.
            reveal: show secrets, which are masked otherwise.
        """
        return [
            row
            for context in self._every_context()
            for row in _rows(context, places=places, reveal=reveal)
        ]

    def to_frame(self, *, places: bool = False, reveal: bool = False) -> DataFrame:
        """Return the rows of `to_records` as a pandas DataFrame.

        Raises:
            MissingExtraError: pandas is not installed (extra `pandas`).
        """
        return frame(self.to_records(places=places, reveal=reveal))


def _rows(context: DialplanContext, *, places: bool, reveal: bool) -> Iterator[dict[str, Any]]:
    where = places_of(context) if places else {}
    for index, extension in enumerate(context.extensions):
        hint, path = extension.hint, f"extensions[{index}]."
        told: list[tuple[str, int | str, str | None, str, str]] = []
        if hint is not None:
            told.append((f"{path}hint", "hint", hint.label, "", hint.text))
        for number, one in enumerate(extension.steps):
            told.append((f"{path}steps[{number}]", one.priority, one.label, one.app, one.data))
        for at, priority, label, application, data in told:
            shown = data if reveal else shown_step(application, data)
            row: dict[str, Any] = {"context": context.name, "extension": extension.key}
            row |= {"priority": priority, "label": label, "application": application, "data": shown}
            yield row | place_columns(where.get(at)) if places else row


@attrs.frozen(repr=False)
class DialplanContext(Drawn):
    """A named set of extensions with what it includes; names are case-sensitive.

    `extensions` stand in the order in which Asterisk tries them, which is not the file's; in a
    context made by hand as they were added.
    """

    name: str
    extensions: tuple[DialplanExtension, ...] = attrs.field(
        default=(), converter=tuple[DialplanExtension, ...]
    )
    includes: tuple[Include, ...] = attrs.field(default=(), converter=tuple[Include, ...])
    ignorepats: tuple[str, ...] = attrs.field(default=(), converter=_texts)
    switches: tuple[Switch, ...] = attrs.field(default=(), converter=tuple[Switch, ...])
    autohints: bool = False

    __repr__ = brief

    def _every_context(self) -> Iterable[DialplanContext]:
        return (self,)

    def __iter__(self) -> Iterator[DialplanExtension]:
        return iter(self.extensions)

    def __contains__(self, key: object) -> bool:
        return any(key in (extension.name, extension.key) for extension in self.extensions)

    def all(self, name: str) -> tuple[DialplanExtension, ...]:
        """Return every extension of that name, one for each caller-id condition."""
        return tuple(extension for extension in self.extensions if extension.name == name)

    def __getitem__(self, key: str) -> DialplanExtension:
        """Return the extension called `100`, or `100/555` with its caller-id condition.

        Raises:
            NotFoundError: there is none.
            AmbiguousKeyError: there are several conditions, and `key` has none.
        """
        name, slash, condition = key.partition("/")
        found = [e for e in self.all(name) if not slash or e.callerid_match == condition]
        if len(found) == 1:
            return found[0]
        if not found:
            near = near_names(key, (extension.key for extension in self.extensions))
            raise NotFoundError(f"context {self.name!r} has no extension {key!r}{near}")
        raise AmbiguousKeyError(
            f"extension {key!r} of context {self.name!r} has {len(found)} caller-id variants; "
            f"use .all({key!r}) or .extension({key!r}, callerid_match)"
        )

    def extension(self, name: str, callerid_match: str | None = None) -> DialplanExtension:
        """Return the extension of that name with exactly that caller-id condition.

        Raises:
            NotFoundError: there is none.
        """
        for extension in self.all(name):
            if extension.callerid_match == callerid_match:
                return extension
        wanted = DialplanExtension(name, callerid_match).key
        near = near_names(wanted, (extension.key for extension in self.extensions))
        raise NotFoundError(f"context {self.name!r} has no extension {wanted!r}{near}")

    def with_extension(
        self, key: str, *steps: StepLike, hint: Hint | str | None = None
    ) -> DialplanContext:
        """Return this context with one more extension, after those that it has.

        Args:
            key: the name, with `/` and the caller-id condition if there is one.
            steps: applications, numbered from 1; `("ring", app)` has a label.
            hint: what its busy lamp watches.

        Raises:
            ModelError: the extension is there already, or a label stands twice.
        """
        name, slash, condition = key.partition("/")
        added = DialplanExtension(
            name,
            condition if slash else None,
            steps_of(steps),
            Hint(hint.split("&")) if isinstance(hint, str) else hint,
        )
        if any(extension.key == added.key for extension in self.extensions):
            raise ModelError(f"context {self.name!r} has an extension {key!r} already")
        return attrs.evolve(self, extensions=(*self.extensions, added))

    def with_include(self, context: str, timing: str = "") -> DialplanContext:
        """Return this context with one more include, after those that it has."""
        return attrs.evolve(self, includes=(*self.includes, Include(context, timing)))

    def _ipython_key_completions_(self) -> list[str]:
        return [extension.key for extension in self.extensions]


@attrs.frozen
class DialplanGeneral(Shown):
    """The `[general]` section of extensions.conf.

    Source: pbx/pbx_config.c, pbx_load_config.
    """

    static: bool = False
    writeprotect: bool = False
    autofallthrough: bool = True
    extenpatternmatchnew: bool = False
    clearglobalvars: bool = False
    overrideswitch: str | None = None
    userscontext: str = "default"

    @property
    def other_lookup(self) -> str:
        """The option that has extensions found otherwise than is worked out here; empty: none."""
        if self.extenpatternmatchnew:
            return "extenpatternmatchnew"
        return "overrideswitch" if self.overrideswitch else ""
