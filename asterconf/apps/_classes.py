"""The classes of applications, and `parse`, which makes one of any text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from typing import Any

import attrs

from asterconf import schema
from asterconf.apps._application import (
    NOTHING,
    PLAIN_TEXT,
    WHOLE,
    Application,
    ApplicationText,
    ArgumentKind,
    BranchLayout,
    CallLayout,
    Layout,
    Location,
    LocationLike,
    Number,
    Options,
    commas,
    facts,
    items,
    location,
    number,
    options,
    sounds,
    text,
    words,
)
from asterconf.errors import ModelError
from asterconf.language import appcall, args
from asterconf.schema import LETTERS
from asterconf.source import fold, meant


def _kind(
    name: str, read: Callable[[str], Any], write: Callable[[Any], str | None]
) -> dict[str, ArgumentKind]:
    """Return the metadata of a field of that kind."""
    return {"kind": ArgumentKind(name, read, write)}


TEXT = {"kind": PLAIN_TEXT}
VALUE = _kind("text", str, lambda value: value)
NUMBER = _kind("number", number, lambda value: None if value is None else str(value))
ITEMS = _kind("items", items, lambda value: "&".join(value) or None)
SOUNDS = _kind("sounds", sounds, lambda value: "&".join(value) or None)
WORDS = _kind("words", words, lambda value: ",".join(value) or None)
OPTIONS = _kind("options", Options.parse, lambda value: str(value) or None)
LOCATION = _kind(
    "location",
    lambda value: Location.parse(value) if value else None,
    lambda value: None if value is None else str(value),
)

# -- any application -------------------------------------------------------------------------------


def _arguments(value: Iterable[str | int]) -> tuple[str, ...]:
    return tuple(map(text, value))


@attrs.frozen(repr=False, init=False)
class AnyApp(Application):
    """Any application, by its name: `AnyApp("MixMonitor", "a.wav", options="b")`.

    Arguments are texts, in order or by the names that Asterisk documents for them (in lower
    case, with `_` for every other character). An application that is not known takes any number.

    Raises:
        ModelError: an argument name is not known, or no text is split into these arguments.
    """

    called: str = attrs.field(eq=fold)
    arguments: tuple[str, ...] = attrs.field(default=(), converter=_arguments)
    asterisk: str = attrs.field(default=schema.DEFAULT, kw_only=True, eq=False)
    """The version whose documentation names the arguments."""

    def __init__(
        self,
        called: str,
        *values: str | int,
        arguments: tuple[str | int, ...] = (),
        source: ApplicationText | None = None,
        asterisk: str = schema.DEFAULT,
        **named: str | int,
    ) -> None:
        given = [*arguments, *values]
        known = facts(called, asterisk).arguments
        for key, value in named.items():
            if key not in known:
                hint = meant(key, known, shown=repr) or f"it has {', '.join(known)}"
                raise ModelError(
                    f"{called} has no argument {key!r}; {hint if known else 'it has none'}"
                )
            index = known.index(key)
            if index < len(given) and given[index] != "":
                raise ModelError(f"{called} is given its argument {key!r} twice")
            given += [""] * (index + 1 - len(given))
            given[index] = value
        endless = facts(called, asterisk).layout.endless
        count = len(known) if known and not endless else len(given)
        if len(given) > max(count, 1):
            raise ModelError(f"{called} takes {', '.join(known)}; {len(given)} texts are given")
        if source is not None and source.name != called:
            source = ApplicationText(called, source.data, ())
        self.__attrs_init__(called=called, arguments=tuple(given), source=source, asterisk=asterisk)

    def _constructor_arguments(self) -> Iterable[str]:
        return map(repr, (self.called, *self.arguments))

    def __getitem__(self, key: str | int) -> str:
        """Return an argument by its name or index; one that is not written is empty.

        Raises:
            ModelError: the application has no argument of that name.
        """
        if isinstance(key, str):
            known = facts(self.called, self.asterisk).arguments
            if key not in known:
                raise ModelError(f"{self.called} has no argument {key!r}")
            key = known.index(key)
        return self.arguments[key] if key < len(self.arguments) else ""

    @property
    def options(self) -> Options:
        """Its option letters; none if it is not known to have any."""
        at = facts(self.called, self.asterisk).options
        return Options() if at is None else Options.parse(self[at])

    @property
    def arguments_by_name(self) -> Mapping[str, Any]:
        """The arguments by the names that Asterisk documents, those without a name left out."""
        return dict(zip(self._form()[1], self.arguments, strict=False))

    def _form(self) -> tuple[Layout, Sequence[str]]:
        known = facts(self.called, self.asterisk)
        return known.layout, known.arguments

    def _called(self) -> str:
        return self.called

    @classmethod
    def _read(cls, name: str, data: str, asterisk: str = schema.DEFAULT) -> tuple[Any, ...]:
        return (name, tuple([one.value for one in facts(name, asterisk).layout.cut(data)]))

    def _write(self, name: str, old: str) -> str:
        layout = facts(name, self.asterisk).layout
        before = layout.cut(old)
        texts = [layout.escape(value, index) for index, value in enumerate(self.arguments)]
        for index, one in enumerate(before[: len(texts)]):
            if one.value == self.arguments[index]:
                texts[index] = old[one.start : one.end]
        return '""' if texts == [""] and layout.separators else layout.join(texts)

    @classmethod
    def parse(cls, name: str, data: str, asterisk: str = schema.DEFAULT) -> Application:
        """Make a call of any name and argument text."""
        values = cls._read(name, data, asterisk)
        source = ApplicationText(name, data, values)
        return cls(name, arguments=values[1], source=source, asterisk=asterisk)


# -- everyday: Answer, Playback, Set, Hangup … -----------------------------------------------------


@attrs.frozen(repr=False)
class Answer(Application, layout=commas(2)):
    """Answer the call: `Answer(500)`.

    Attributes:
        delay: milliseconds to wait after the answer.
        options: `i` does not wait for media.

    Source: main/pbx_builtins.c, pbx_builtin_answer.
    """

    delay: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class Playback(Application, layout=commas(2), end_if_empty=True):
    """Play sounds to the end: `Playback(welcome&please-wait,noanswer)`.

    Attributes:
        filenames: sounds, without their endings.
        options: words: `skip`, `noanswer`, `say`, `mix`.

    Source: apps/app_playback.c, playback_exec.
    """

    filenames: tuple[str, ...] = attrs.field(converter=sounds, metadata=SOUNDS)
    options: tuple[str, ...] = attrs.field(default=(), converter=words, metadata=WORDS)


@attrs.frozen(repr=False)
class BackGround(Application, layout=commas(4), end_if_empty=True):
    """Play sounds while the caller may dial: `BackGround(menu,n)`.

    Attributes:
        filenames: sounds, without their endings.
        options: letters; the old words `skip` and `noanswer` stand alone.
        langoverride: a language for these sounds.
        context: where the digits are looked up.

    Source: main/pbx_builtins.c, pbx_builtin_background.
    """

    filenames: tuple[str, ...] = attrs.field(converter=sounds, metadata=SOUNDS)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    langoverride: str = attrs.field(default="", converter=text)
    context: str = attrs.field(default="", converter=text)


@attrs.frozen(repr=False)
class WaitExten(Application, layout=commas(2)):
    """Wait for the caller to dial: `WaitExten(10)`.

    Attributes:
        seconds: how long; None: `TIMEOUT(response)`.
        options: letters.

    Source: main/pbx_builtins.c, pbx_builtin_waitexten.
    """

    seconds: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class Read(Application, layout=commas(6)):
    """Read digits into a variable: `Read(PIN,enter-pin,4,,3,10)`.

    Attributes:
        variable: its name.
        filenames: sounds to play first.
        maxdigits: how many digits end it.
        options: letters.
        attempts: how often the sounds are played.
        timeout: seconds to wait for each digit.

    Source: apps/app_read.c, read_exec.
    """

    variable: str = attrs.field(converter=text)
    filenames: tuple[str, ...] = attrs.field(default=(), converter=sounds, metadata=SOUNDS)
    maxdigits: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    attempts: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


def _optional(value: str | int | None) -> str | None:
    return None if value is None else text(value)


@attrs.frozen(repr=False)
class Set(Application, layout=Layout("=", "plain")):
    """Set a variable, or what a function writes: `Set(CALLERID(name)=Kitchen)`.

    The text is cut at the first `=`, and nothing else in it counts: quotes, commas, backslashes
    and blanks belong to the value.

    Attributes:
        variable: a name, or a function such as `CALLERID(name)`.
        value: the value; None: there is no `=`, and Asterisk sets nothing.

    Source: main/pbx_variables.c, pbx_builtin_setvar.
    """

    variable: str = attrs.field(converter=text, metadata=VALUE)
    value: str | None = attrs.field(default=None, converter=_optional, metadata=VALUE)


@attrs.frozen(repr=False)
class Hangup(Application, layout=WHOLE):
    """End the call: `Hangup(USER_BUSY)`.

    Attributes:
        causecode: a number or a name; None: the usual one.

    Source: main/pbx_builtins.c, pbx_builtin_hangup.
    """

    causecode: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


@attrs.frozen(repr=False)
class NoOp(Application, layout=WHOLE):
    """Do nothing; the text is seen in the log.

    Attributes:
        text: any text.
    """

    text: str = attrs.field(default="", converter=text, metadata=TEXT)


@attrs.frozen(repr=False)
class Wait(Application, layout=WHOLE):
    """Wait: `Wait(1.5)`.

    Attributes:
        seconds: how long; also text with a unit, `500ms`, `2m`.

    Source: main/pbx_builtins.c, pbx_builtin_wait.
    """

    seconds: Number = attrs.field(converter=number, metadata=NUMBER)


# -- devices and mailboxes: Dial, Queue, Page, VoiceMail … -----------------------------------------


@attrs.frozen(repr=False)
class Dial(Application, layout=commas(4)):
    """Ring devices until one answers, then connect the caller: `Dial(PJSIP/6001&PJSIP/6002,25,t)`.

    Attributes:
        targets: devices as `Technology/resource`, all of them rung at once.
        timeout: seconds they ring; None: until the caller gives up. `10^5` is answer and
            no-progress time.
        options: letters, such as `{"t": True, "U": "sub^arg"}`.
        url: sent to the device that answers, if it can take it.

    Source: apps/app_dial.c, dial_exec_full.
    """

    targets: tuple[str, ...] = attrs.field(default=(), converter=items, metadata=ITEMS)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    url: str = attrs.field(default="", converter=text)


@attrs.frozen(repr=False)
class Queue(Application, layout=commas(9), end_if_empty=True):
    """Let the caller wait in a queue: `Queue(home-phones,t,,,60)`.

    Attributes:
        queuename: a section of queues.conf.
        options: letters.
        url: sent to the member that answers.
        announceoverride: sounds for the member instead of the queue's own.
        timeout: seconds the caller waits at most; None: no limit.
        agi: an AGI script for the member's channel.
        gosub: a context (`CONTEXT,EXTEN,PRIORITY`) that the member's channel runs.
        rule: a section of queuerules.conf.
        position: where in the queue the caller joins.

    Source: apps/app_queue.c, queue_exec.
    """

    queuename: str = attrs.field(converter=text)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    url: str = attrs.field(default="", converter=text)
    announceoverride: tuple[str, ...] = attrs.field(default=(), converter=sounds, metadata=SOUNDS)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)
    agi: str = attrs.field(default="", converter=text)
    gosub: str = attrs.field(default="", converter=text)
    rule: str = attrs.field(default="", converter=text)
    position: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


@attrs.frozen(repr=False)
class Page(Application, layout=commas(3)):
    """Announce through the loudspeakers of several phones: `Page(PJSIP/6001&PJSIP/6002,i)`.

    Attributes:
        targets: devices as `Technology/resource`.
        options: letters.
        timeout: seconds to wait for the phones.

    Source: apps/app_page.c, page_exec.
    """

    targets: tuple[str, ...] = attrs.field(default=(), converter=items, metadata=ITEMS)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)
    timeout: Number = attrs.field(default=None, converter=number, metadata=NUMBER)


@attrs.frozen(repr=False)
class VoiceMail(Application, layout=commas(2)):
    """Let the caller leave a message: `VoiceMail(6000@default,u)`.

    Attributes:
        mailboxes: boxes as `number@context`; the message goes to all of them.
        options: letters. The old prefix form `u6000` is a mailbox called `u6000`.

    Source: apps/app_voicemail.c, vm_exec.
    """

    mailboxes: tuple[str, ...] = attrs.field(converter=items, metadata=ITEMS)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class VoiceMailMain(Application, layout=commas(2)):
    """Let somebody listen to their messages: `VoiceMailMain(6000@default,s)`.

    Attributes:
        mailbox: a box as `number@context`; empty: the caller is asked for it.
        options: letters.

    Source: apps/app_voicemail.c, vm_execmain.
    """

    mailbox: str = attrs.field(default="", converter=text)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


@attrs.frozen(repr=False)
class ConfBridge(Application, layout=commas(4), end_if_empty=True):
    """Join a conference: `ConfBridge(family,,,family_menu)`.

    Attributes:
        conference: its name; the first caller opens it.
        bridge_profile, user_profile, menu: sections of confbridge.conf.

    Source: apps/app_confbridge.c, confbridge_exec.
    """

    conference: str = attrs.field(converter=text)
    bridge_profile: str = attrs.field(default="", converter=text)
    user_profile: str = attrs.field(default="", converter=text)
    menu: str = attrs.field(default="", converter=text)


@attrs.frozen(repr=False)
class Park(Application, layout=commas(3)):
    """Park the call: `Park(default,s)`.

    Attributes:
        parking_lot: a section of res_parking.conf; empty: the default one.
        options: letters.

    Source: res/parking/parking_applications.c, park_app_parse_data, which declares a third field
    for what is too much.
    """

    parking_lot: str = attrs.field(default="", converter=text)
    options: Options = attrs.field(default=Options(), converter=options, metadata=OPTIONS)


# -- where a call continues: Goto, Gosub, ExecIf, While --------------------------------------------


@attrs.frozen(repr=False)
class Goto(Application, layout=WHOLE, end_if_empty=True):
    """Continue elsewhere: `Goto(main,100,1)`, `Goto(label)`.

    Attributes:
        target: `"main,100,1"`, `("main", "100", 1)`, a label, a priority, or a `Location`.

    Source: main/pbx_builtins.c, pbx_builtin_goto.
    """

    target: Location | None = attrs.field(converter=location, metadata=LOCATION)


@attrs.frozen(repr=False)
class GotoIf(Application, layout=Layout("?:", "plain")):
    """Continue elsewhere if a condition holds: `GotoIf($["${X}" = "1"]?yes:no)`.

    The text is cut at the very first `?` and then the very first `:`; nothing protects them.

    Attributes:
        condition: false if it is empty or begins with the number 0.
        if_true, if_false: places as in `Goto`; None: the next priority.

    Source: main/pbx_builtins.c, pbx_builtin_gotoif.
    """

    condition: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)
    if_false: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)


@attrs.frozen(repr=False)
class GotoIfTime(Application, layout=Layout("?:", "plain"), end_if_empty=True):
    """Continue elsewhere at certain times: `GotoIfTime(9:00-17:00,mon-fri,*,*?open:closed)`.

    Attributes:
        timing: `times,weekdays,monthdays,months[,timezone]`.
        if_true, if_false: places as in `Goto`; None: the next priority.

    Source: main/pbx_builtins.c, pbx_builtin_gotoiftime.
    """

    timing: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)
    if_false: Location | None = attrs.field(default=None, converter=location, metadata=LOCATION)


def _texts(value: Iterable[str | int]) -> tuple[str, ...]:
    if isinstance(value, str):
        raise ModelError(f"arguments are a list of texts, not {value!r}")
    return tuple(map(text, value))


_ARGUMENTS = _kind(
    "arguments",
    lambda value: args.split(value, flavour="raw", substituted=False),
    lambda value: ",".join(value) if value else None,
)


@attrs.frozen(repr=False)
class Gosub(Application, layout=CallLayout(), end_if_empty=True):
    """Run a subroutine and return: `Gosub(mail,s,1(6000,u))`.

    Attributes:
        target: a place as in `Goto`; it must exist.
        arguments: `${ARG1}` and so on. They are not cleaned: quotes and backslashes stay, and a
            comma needs brackets or quotes around it, which stay too.

    Source: apps/app_stack.c, gosub_exec.
    """

    target: Location | None = attrs.field(converter=location, metadata=LOCATION)
    arguments: tuple[str, ...] = attrs.field(default=(), converter=_texts, metadata=_ARGUMENTS)


def _gosub(value: Gosub | LocationLike) -> Gosub | None:
    if value is None or isinstance(value, Gosub):
        return value
    if value == "":
        return None
    if isinstance(value, str):
        made = Gosub.parse("Gosub", value)
        assert isinstance(made, Gosub)
        return made
    return Gosub(value)


_GOSUB = {
    "kind": ArgumentKind("gosub", _gosub, lambda value: None if value is None else value.data)
}


@attrs.frozen(repr=False)
class GosubIf(Application, layout=Layout("?:", "raw")):
    """Run a subroutine if a condition holds: `GosubIf($[${X} > 1]?mail,s,1(6000):other,s,1)`.

    Attributes:
        condition: false if it is empty or begins with the number 0.
        if_true, if_false: `Gosub("mail,s,1", ["6000"])`, or its text; None: continue.

    Source: apps/app_stack.c, gosubif_exec.
    """

    condition: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Gosub | None = attrs.field(default=None, converter=_gosub, metadata=_GOSUB)
    if_false: Gosub | None = attrs.field(default=None, converter=_gosub, metadata=_GOSUB)


@attrs.frozen(repr=False)
class Return(Application, layout=WHOLE):
    """Return from a subroutine.

    Attributes:
        value: what `${GOSUB_RETVAL}` will be; commas belong to it.

    Source: apps/app_stack.c, return_exec.
    """

    value: str = attrs.field(default="", converter=text)


@cache
def _split_call(value: str) -> tuple[str, str]:
    """Cut a branch of ExecIf at its first `(` and last `)`; blanks belong to the name."""
    masked = args.mask(value)
    start = masked.find("(")
    if start < 0:
        return value, ""
    end = masked.rfind(")")
    return value[:start], value[start + 1 : end if end > start else len(value)]


def _branch(value: Application | str | None) -> Application | None:
    if value is None or isinstance(value, Application):
        return value
    if isinstance(value, str):
        return parse(*_split_call(value)) if value else None
    raise ModelError(f"must be an application or its text, not {value!r}")


_BRANCH = {
    "kind": ArgumentKind(
        "application", _branch, lambda value: None if value is None else str(value)
    )
}


@attrs.frozen(repr=False)
class ExecIf(Application, layout=BranchLayout("?:", "raw")):
    """Run an application if a condition holds: `ExecIf($[${X} > 1]?Set(Y=1):NoOp())`.

    Attributes:
        condition: false if it is empty or begins with the number 0. It can hold no comma: that
            makes the old form `ExecIf(CONDITION,APP,ARGUMENTS)` of it.
        if_true, if_false: applications, or their text; None: nothing runs.

    Source: apps/app_exec.c, execif_exec.
    """

    condition: str = attrs.field(converter=text, metadata=VALUE)
    if_true: Application | None = attrs.field(default=None, converter=_branch, metadata=_BRANCH)
    if_false: Application | None = attrs.field(default=None, converter=_branch, metadata=_BRANCH)


@attrs.frozen(repr=False)
class While(Application, layout=WHOLE):
    """Begin a loop that runs while a condition holds, up to its EndWhile.

    Attributes:
        condition: false if it is empty or begins with the number 0.

    Source: apps/app_while.c, while_start_exec.
    """

    condition: str = attrs.field(converter=text, metadata=TEXT)


@attrs.frozen(repr=False)
class EndWhile(Application, layout=NOTHING):
    """Go back to the While of this loop."""


@attrs.frozen(repr=False)
class ExitWhile(Application, layout=NOTHING):
    """Leave the loop: continue after its EndWhile."""


@attrs.frozen(repr=False)
class ContinueWhile(Application, layout=NOTHING):
    """Begin the next iteration of the loop."""


# -- reading ---------------------------------------------------------------------------------------


TYPED: tuple[type[Application], ...] = (
    Answer, BackGround, ConfBridge, ContinueWhile, Dial, EndWhile, ExecIf, ExitWhile, Gosub,
    GosubIf, Goto, GotoIf, GotoIfTime, Hangup, NoOp, Page, Park, Playback, Queue, Read, Return, Set,
    VoiceMail, VoiceMailMain, Wait, WaitExten, While,
)  # fmt: skip
"""The applications that have a class of their own."""

_CLASSES = {fold(cls.__name__): cls for cls in TYPED}


def parse(name: str, data: str | None = None, *, asterisk: str = schema.DEFAULT) -> Application:
    """Return the application of a name and its argument text; never raises.

    Without `data`, the text is a whole call such as `Dial(PJSIP/6001,25)`, cut as the loader of
    extensions.conf cuts it. The same text gives the same object. Where a version of Asterisk has
    other arguments than the class of an application, a `AnyApp` with these is returned.
    """
    if data is None:
        call = appcall.parse(name)
        name, data = call.name, call.data
    return _parse(name, data, asterisk)


@lru_cache(maxsize=1 << 16)
def _parse(name: str, data: str, asterisk: str) -> Application:
    cls = _CLASSES.get(fold(name), AnyApp)
    if asterisk != schema.DEFAULT and (
        cls is AnyApp or facts(name, asterisk).arguments != facts(name).arguments
    ):
        return AnyApp.parse(name, data, asterisk)
    return cls.parse(name, data)


# -- where a call may be sent ---------------------------------------------------------------------


JUMPING: tuple[type[Application], ...] = (
    Dial, ExecIf, Gosub, GosubIf, Goto, GotoIf, GotoIfTime, Page, Park, Queue,
)  # fmt: skip
"""The applications that can name places."""


@attrs.frozen
class Jump:
    """A place that an application may send a call to.

    Attributes:
        location: the place; without a context or extension the one where the call is.
        argument: the argument that names it; of an option letter such as `options.U`.
        returns: whether the call returns, as from a subroutine.
    """

    location: Location
    argument: str
    returns: bool = False


def jumps(app: Application) -> tuple[Jump, ...]:
    """Return every place that an application names, in the order of its text.

    The value of a variable is not known: it stands as `${…}` in the place.
    """
    return tuple(_jumps(app))


def _jumps(app: Application) -> Iterator[Jump]:
    match app:
        case Goto() | Gosub():
            yield from _one(app.target, "target", returns=isinstance(app, Gosub))
        case GotoIf() | GotoIfTime():
            yield from _one(app.if_true, "if_true")
            yield from _one(app.if_false, "if_false")
        case GosubIf() | ExecIf():
            for name, branch in (("if_true", app.if_true), ("if_false", app.if_false)):
                for jump in _jumps(branch) if branch is not None else ():
                    yield attrs.evolve(jump, argument=name)
        case Dial() | Page() | Park():
            yield from _options(app)
        case Queue():
            yield from _options(app)
            if app.gosub:
                yield Jump(Location(app.gosub.partition(",")[0], "s"), "gosub", returns=True)
        case _:
            pass


def _one(place: Location | None, argument: str, *, returns: bool = False) -> Iterator[Jump]:
    if place is not None:
        yield Jump(place, argument, returns)


def _options(app: Dial | Page | Park | Queue) -> Iterator[Jump]:
    """Yield the jumps of option letters."""
    letters = LETTERS[type(app).__name__.lower()]
    for letter, value in app.options.items:
        if not value:
            continue
        how, name = letters.get(letter, ""), f"options.{letter}"
        place = value.replace("^", ",") if how.endswith("^") else value
        if how.startswith("goto"):
            yield Jump(Location.parse(place), name)
        elif how.startswith("gosub"):
            yield Jump(Location.parse(place.partition("(")[0]), name, returns=True)
        elif how.startswith("sub"):
            yield Jump(Location(place.partition(",")[0], "s"), name, returns=True)
