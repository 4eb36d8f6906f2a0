"""What a configuration says besides the steps: variables, members, where other files lead."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import ClassVar, Final

import attrs

from asterconf.ask.applications import HARMLESS
from asterconf.ask.assumed import Assumed
from asterconf.ask.liveness import ASKED, Liveness, names_in, passed_in
from asterconf.ask.lookups import Lookups
from asterconf.ask.values import complement
from asterconf.calls.simulation import Simulation
from asterconf.calls.world import World
from asterconf.dialplan.lookup import Dialplan
from asterconf.flow import effects as fx
from asterconf.flow.applications import options, split
from asterconf.flow.statuses import EXACT, LEFT
from asterconf.language import template
from asterconf.numbers import automaton as at
from asterconf.numbers import terms
from asterconf.numbers.automaton import Automaton
from asterconf.numbers.terms import Atoms, Opaque
from asterconf.schema import Schema
from asterconf.semantics.functions import FUNCTIONS
from asterconf.semantics.scope import Function
from asterconf.source import comparable, is_true
from asterconf.workspace import Workspace

ASKED_FOR: Final = (
    "BRIDGE_FEATURES", "DTMF_FEATURES", "DYNAMIC_FEATURES", "GOSUB_RESULT", "GOTO_ON_BLINDXFR",
    "MACRO_RESULT", "SAY_DTMF_INTERRUPT", "TRANSFER_CONTEXT",
)  # fmt: skip
"""Variables that let a call go elsewhere; a step that sets one names it, or makes its name."""
_SOME: Final = at.power(at.ALL, 1, None)
_BEFORE: Final = at.union([at.EMPTY, at.concatenate(at.ANY, at.text_of(b","))])
_BEHIND: Final = at.union([at.EMPTY, at.concatenate(at.text_of(b","), at.ANY)])
_SCHEMES: Final = [
    at.concatenate(at.chain([at.mask_of(f"{c}{c.upper()}".encode()) for c in scheme]), _SOME)
    for scheme in ("sip:", "sips:", "<sip:", "<sips:")
]
_GLOBAL = re.compile(r"\s*GLOBAL(?:_DELETE)?\(([^()$,]*)\)\s*=")
_INNER = re.compile(r"(?i)(?:\b(m?set|read)|\})\((?=(.*))", re.DOTALL)
"""Applications that another one runs, and write variables, or of which the name is made."""


def _made_name(app: str, data: str) -> bool:
    """Return whether a step may write a variable whose name, being made, may be any."""
    if app == "mset":
        return any(_made_name("set", one) for one in data.split(","))
    if app not in ("set", "read"):
        return any(_made_name((one[1] or "mset").lower(), one[2]) for one in _INNER.finditer(data))
    name, equals, _ = data.partition("," if app == "read" else "=")
    before, made, _ = name.partition("$")
    word, opened, _ = before.lstrip(" _").partition("(")
    if not made or not (equals or app == "read"):
        return False
    return word in ("ARRAY", "HASH", "SET") if opened else "GLOBAL".startswith(word)


@attrs.define(eq=False)
class Surroundings:
    """What the steps of a dialplan are run with.

    `down` are endpoints that cannot be reached, and `atoms` the parts of texts that are not known;
    `assumed` is what is taken for known of them.
    """

    exact: ClassVar[bool] = False
    """Whether all is followed of which anything is seen, and not only what questions ask."""
    workspace: Workspace
    down: frozenset[str] = frozenset()
    atoms: Atoms = attrs.field(factory=Atoms, kw_only=True)
    assumed: Assumed = attrs.field(factory=Assumed, kw_only=True)
    plan: Dialplan = attrs.field(init=False)
    lookups: Lookups = attrs.field(init=False)
    globals: dict[str, str] = attrs.field(init=False)
    members: dict[str, tuple[str, ...]] = attrs.field(init=False)
    queue_contexts: dict[str, str] = attrs.field(init=False, factory=dict)
    _mentioned: dict[str, bool] = attrs.field(init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        self.plan = self.workspace.complete_plan
        self.simulation = Simulation(self.workspace, World(), self.plan)
        self.lookups = Lookups(self.plan, self.workspace, exact=self.exact or bool(self.down))
        self.globals = dict(self._globals())
        queues = self.workspace.queues.objects
        self.members = {n: tuple(m.interface for m in b.obj.members) for n, b in queues.items()}
        self.functions = {
            **FUNCTIONS,
            "QUEUE_MEMBER_LIST": Function(
                lambda call: ",".join(self.members.get(call.arguments, ()))
            ),
        }
        self.queue_contexts = {
            n: str(getattr(b.obj, "context", "") or "") for n, b in queues.items()
        }

    @cached_property
    def rings(self) -> Callable[[str], bool]:
        """Tell of what PJSIP dials whether it may ring somebody."""
        return self.workspace.references.defined.rings

    @cached_property
    def has_pjsip(self) -> bool:
        """Whether the driver of PJSIP is loaded."""
        return self.simulation.calls("pjsip")

    def elsewhere(self, file: str, kind: str) -> bool:
        """Return whether things of a kind may also be where they cannot be read, as a database."""
        defined = self.workspace.references.defined
        return not defined.absent(file) and not defined.of(file, kind).complete

    @cached_property
    def strangers(self) -> Automaton | None:
        """The names that endpoints may have that are in no file; None: there are no such."""
        if not self.elsewhere("pjsip.conf", "endpoint"):
            return None
        names = self.workspace.references.defined.of("pjsip.conf", "endpoint").names
        return complement(at.texts_of(map(comparable, names)))

    @cached_property
    def contacts(self) -> Automaton | None:
        """What may stand behind an endpoint that is dialled; None: there may be other aors."""
        known = self.workspace.references.defined.of("pjsip.conf", "aor")
        if not known.complete:
            return None
        names = at.texts_of(map(comparable, known.names))
        return at.union([at.EMPTY, at.concatenate(_BEFORE, names, _BEHIND), *_SCHEMES])

    @cached_property
    def queries(self) -> frozenset[str]:
        """Functions of func_odbc.conf that put their arguments into SQL without SQL_ESC.

        Source: funcs/func_odbc.c, init_acf_query: the prefix, ODBC_ by default, and the name.
        """
        found = set()
        for section in self.workspace.resolve("func_odbc.conf") or ():
            own = {item.name.lower(): item.value for item in section.items}
            texts = [own[key] for key in ("readsql", "writesql", "insertsql") if key in own]
            parts = [part for text in texts for part in template.parse(text).parts]
            if any(
                isinstance(one, template.Variable) and one.name[:3] in ("ARG", "VAL")
                for one in parts
            ):
                found.add(f"{own.get('prefix') or 'ODBC'}_{section.name}")
        return frozenset(found)

    @cached_property
    def queried(self) -> frozenset[str]:
        """All functions of func_odbc.conf."""
        return frozenset(
            f"{next((i.value for i in one.items if i.name.lower() == 'prefix'), '') or 'ODBC'}"
            f"_{one.name}"
            for one in self.workspace.resolve("func_odbc.conf") or ()
        )

    simulation: Simulation = attrs.field(init=False)
    functions: Mapping[str, Function] = attrs.field(init=False)

    @property
    def schema(self) -> Schema:
        """What the version knows that runs the calls."""
        return self.workspace.schema

    def has(self, name: str) -> bool:
        """Return whether Asterisk has an application."""
        found: bool = self.simulation.has(name)
        return found

    def has_h(self, context: str) -> bool:
        """Return whether the end of a call in a context is followed: whether it runs an `h`."""
        return self.lookups.has_h(context)

    def _globals(self) -> Iterable[tuple[str, str]]:
        """Yield the global variables; one that some step may change is opaque."""
        for name, value in self.plan.globals.items():
            changed = name in self.written or "*" in self.written or "$" in value
            yield name, self.atoms.char_of(Opaque(f"${{{name}}}")) if changed else value
        for name in self.written - self.plan.globals.keys():
            yield name, self.atoms.char_of(Opaque(f"${{{name}}}"))

    @cached_property
    def written(self) -> frozenset[str]:
        """The global variables that some step may change; `*`: any."""
        found: set[str] = set()
        for app, data in self.lines():
            plain = _GLOBAL.match(data) if app == "set" else None
            if plain is not None:
                found.add(plain[1])
            rest = data[plain.end() :] if plain is not None else data
            writes = re.search(r"GLOBAL(?:_DELETE)?\(", rest.replace("${GLOBAL(", ""))
            if writes or _made_name(app, data):
                found.add("*")
        return frozenset(found)

    def lines(self) -> Iterable[tuple[str, str]]:
        """Yield the application, in small letters, and the text of every step and variable."""
        for values in self.workspace.channel_variables.values():
            yield from (("set", f"{name}={value}") for name, value in values)
        for context in self.plan:
            for extension in context:
                for step in extension.steps:
                    yield step.app.lower(), step.data

    @cached_property
    def _names(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        found, made = set[str](), set[str]()
        for _, data in self.lines():
            names, patterns = names_in(data)
            found |= names
            made |= patterns
        return tuple(sorted(found)), tuple(sorted(made))

    @cached_property
    def read_names(self) -> tuple[frozenset[str], re.Pattern[str]]:
        """The variables that some step reads, and what names look like that are made."""
        found, made = self._names
        return frozenset(found), re.compile("|".join(("", *made)), re.DOTALL)

    @cached_property
    def liveness(self) -> Liveness:
        """Which variables matter where."""
        menus = {section for section, _, _ in self._items("confbridge.conf")}
        others = {*self.queue_contexts.values(), *self.dialouts(""), *self.exits("")}
        others |= {context for menu in menus for context, _, _ in self.menus(menu)}
        members = (member for held in self.members.values() for member in held)
        others |= {member.partition("@")[2].partition("/")[0] for member in members}
        others |= {"default", "disa"}
        passed = [passed_in(app, data) for app, data in self.lines()]
        given = frozenset().union(*(one for one in passed if one is not None))
        return Liveness(
            self.plan, self.schema, *self._names,
            tuple(one for one in sorted(others) if one in self.plan),
            self.mentions("TRANSFER_CONTEXT") or self.mentions("_EXIT_CONTEXT"),
            None if None in passed else given,
        )  # fmt: skip

    @cached_property
    def most_arguments(self) -> int:
        """The highest number of an argument of a subroutine that is read; 9 where that is made."""
        names, _ = self.read_names
        return max([9, *(int(one[3:]) for one in names if re.fullmatch(r"ARG\d{1,2}", one))])

    def reads(self, name: str) -> bool:
        """Return whether a variable matters later."""
        names, made = self.read_names
        if name in names or (name and made.fullmatch(name)):
            return True
        return name.startswith(ASKED)

    @cached_property
    def everything(self) -> str:
        """All steps and variables as text, in capitals."""
        texts = [f"{app}({data})" for app, data in self.lines()]
        texts += (f"{n}={v}" for n, v in self.plan.globals.items())
        return "\n".join(texts).upper()

    @cached_property
    def status_names(self) -> frozenset[str]:
        """The names of variables for statuses and results that stand anywhere."""
        return frozenset(re.findall(r"\w+(?:STATUS|RESULT)\b", self.everything))

    def mentions(self, text: str) -> bool:
        """Return whether a text stands in any step, or in a variable that calls begin with."""
        found = self._mentioned.get(text)
        if found is None:
            found = self._mentioned[text] = text.upper() in self.everything
        return found

    @cached_property
    def chooses_language(self) -> bool:
        """Whether a step sets the language to what is made: it may be a text of a caller."""
        written = re.compile(r"(?i)CHANNEL\(language\)\s*=[^)]*\$")
        return any(written.search(data) for _, data in self.lines())

    def has_extension(self, name: str) -> bool:
        """Return whether some context has an extension of that name."""
        return name in self._keys

    @cached_property
    def _keys(self) -> frozenset[str]:
        return frozenset(one.key for context in self.plan for one in context.extensions)

    # -- what other files let a caller do ---------------------------------------------------------

    def _items(self, file: str) -> Iterable[tuple[str, str, str]]:
        """Yield section, name and value of each option of a file."""
        for section in self.workspace.resolve(file) or ():
            for item in section.items:
                yield section.name, str(getattr(item, "name", "")), str(getattr(item, "value", ""))

    def voicemail(self, option: str, box: str) -> list[str]:
        """Return the values of an option that mailboxes may have; what one says itself counts."""
        first = box.partition("&")[0]
        name, _, context = first.partition("@")
        every = self.workspace.mailboxes.objects
        one = every.get(f"{name}@{context or 'default'}")
        alike = (b for k, b in every.items() if not name or k.partition("@")[0] == name
                 or not terms.is_constant(name))  # fmt: skip
        said = [text.partition("=") for b in ([one] if one else alike) for text in b.obj.options]
        found = [value.strip() for n, _, value in said if n.strip() == option]
        if one is None or not found:
            items = self._items("voicemail.conf")
            found += [v for section, n, v in items if (section, n) == ("general", option)]
        return [v for v in dict.fromkeys(found if one is None else found[-1:]) if v]

    def dialouts(self, box: str) -> list[str]:
        """Return the contexts in which the owner of a mailbox can dial from its menu."""
        return self.voicemail("dialout", box)

    def exits(self, box: str) -> list[str]:
        """Return the contexts that `0` and `*` in the greeting of a mailbox lead to."""
        return self.voicemail("exitcontext", box)

    def operated(self, box: str) -> bool:
        """Return whether `0` in the greeting of a mailbox leads anywhere."""
        return any(is_true(value) for value in self.voicemail("operator", box))

    def menus(self, menu: str) -> list[tuple[str, str, str]]:
        """Return where the keys of a conference's menu lead: context, extension, priority."""
        places: list[tuple[str, str, str]] = []
        for section, _, value in self._items("confbridge.conf"):
            if section == (menu or "default_menu"):
                for piece in value.split("dialplan_exec(")[1:]:
                    parts = [one.strip() for one in piece.partition(")")[0].split(",")]
                    context, exten, priority, *_ = (*parts, "", "")
                    places.append((context, exten, priority))
        return places

    @cached_property
    def templates(self) -> list[str] | None:
        """The menus that steps give to conferences; None: a step says what keys do, or may."""
        found = []
        for _, data in self.lines():
            if re.search(r"CONFBRIDGE\((menu|\$)", data, re.IGNORECASE):
                said = re.fullmatch(r"\s*CONFBRIDGE\(menu,\s*template\)\s*=([^$,]+)", data)
                if said is None:
                    return None
                found.append(said[1].strip())
        return found

    def queue_hooks(self, name: str) -> Iterable[str]:
        """Yield what queues.conf, or a step, lets a queue do besides calling its members."""
        for section, option, value in self._items("queues.conf"):
            asked = section == name or not terms.is_constant(name)
            if asked and value and option in ("membergosub", "membermacro"):
                yield f"{option} of queue {section}"
        if name not in self.members and self.elsewhere("queues.conf", "queue"):
            yield "a queue that is not in the files"
        if self.mentions("AddQueueMember("):
            yield "members that AddQueueMember adds"

    def hangs_up(self, place: str) -> bool:
        """Return whether a subroutine may hang up, by the steps of its context.

        Where option `b` of Dial does that, nobody is called. Observed on Asterisk 22.10.1: other
        ways to end it, as Busy, an end without Return or a missing application, let Dial call.
        """
        name = place.partition("^")[0]
        extensions = self.plan[name].extensions if name in self.plan else ()
        steps = [f"{step.app}({step.data})" for one in extensions for step in one.steps]
        return not steps or any(map(re.compile(r"(?i)\b(hangup|gosub|goto)\b").search, steps))

    @cached_property
    def queue_macros(self) -> bool:
        """Whether Queue has an argument for a macro, before that for a subroutine."""
        return any(one["name"] == "macro" for one in self.schema.applications()["Queue"]["args"])

    def queue_of(self, call: fx.Leg) -> fx.Leg:
        """Return what a queue does, with the subroutine that stands where macros once did."""
        return call if self.queue_macros else attrs.evolve(call, after=call.macro, macro="")

    @cached_property
    def feature_calls(self) -> bool:
        """Whether a key of features.conf may run an application that leads elsewhere."""
        sections = {section for section, _, _ in self._items("features.conf")}
        return bool(sections - {"general", "featuremap"})

    @cached_property
    def transfers(self) -> bool:
        """Whether a caller with option T can transfer the call by keys."""
        keys = {"blindxfer": "#", "atxfer": ""}
        items = self._items("features.conf")
        keys |= {name: value for section, name, value in items if section == "featuremap"}
        return bool(keys["blindxfer"] or keys["atxfer"]) or self.mentions("FEATUREMAP(")

    def parking(self, *wanted: str) -> Iterable[str]:
        """Yield the options of parking lots, of some names, that let calls go elsewhere."""
        for section, name, value in self._items("res_parking.conf"):
            off = is_true(value) if name == "comebacktoorigin" else value == "no"
            if name in wanted and not off:
                yield f"{name} of parking lot {section}"

    @cached_property
    def hears_faxes(self) -> bool:
        """Whether a fax may send a call to the extension fax."""
        detects = any(n.endswith("fax_detect") and is_true(v) for f in ("pjsip.conf",
                      "pjsip_wizard.conf") for _, n, v in self._items(f))  # fmt: skip
        return self.has_extension("fax") and (detects or self.mentions("FAXOPT(faxdetect"))


# ---- what a step may do that is not followed ---------------------------------------------------
# Each yields what it is, in words: where no call is found, the answer is unknown and not "no".
# Source: apps/app_dial.c, app_queue.c, app_voicemail.c, app_confbridge.c, app_page.c,
# main/features.c, main/pbx.c, res/parking.

_OPTIONS: Final[Mapping[str, tuple[int, str]]] = {
    "Dial": (2, "dM"), "RetryDial": (5, "dM"), "Queue": (1, "B"), "Page": (1, "B"),
    "VoiceMail": (1, "d"), "Park": (1, "c"), "Bridge": (1, "FKT"), "SayUnixTime": (3, "j"),
}  # fmt: skip
"""Where applications have their options, and which of these lead where no call is followed."""


def statuses(engine: Surroundings, name: str, *, loose: bool) -> Iterable[str]:
    """Return the variables that an application leaves with a value that is not known.

    `loose`: how it ends is up to the world: any status that some step reads may be its.
    """
    name = "Dial" if name == "RetryDial" else name
    known = LEFT.get(name)
    if known is None:
        known = tuple(sorted(engine.status_names - EXACT)) if loose else ()
    return [one for one in known if engine.reads(one)]


def unfollowed(engine: Surroundings, name: str, data: str) -> Iterable[str]:
    """Yield what the calls of a step may do that is not followed."""
    if name in _OPTIONS:
        place, letters = _OPTIONS[name]
        chosen = options(split(data, place + 2)[place])
        if not all(map(terms.is_constant, chosen)):
            yield f"the options of {name}"
        for letter in chosen:
            if letter in letters and (letter != "M" or engine.has("Macro")):
                yield f"option {letter} of {name}"
    if name in ("Dial", "RetryDial", "Queue"):
        yield from _talking(engine, name, data)
    if name.startswith("Say") and engine.mentions("SAY_DTMF_INTERRUPT"):
        yield f"SAY_DTMF_INTERRUPT and {name}"
    if name in _MORE:
        yield from _MORE[name](engine, data)


def _talking(engine: Surroundings, name: str, data: str) -> Iterable[str]:
    """Yield what those who talk may do: the keys of features, and a transfer by the phone."""
    place, _ = _OPTIONS[name]
    for one in ("GOTO_ON_BLINDXFR", "BRIDGE_FEATURES", "DTMF_FEATURES"):
        if engine.mentions(one):
            yield f"{one} and {name}"
    chosen = options(split(data, place + 2)[place])
    if engine.mentions("TRANSFER_CONTEXT") and "T" not in chosen:
        yield f"TRANSFER_CONTEXT and {name}"
    if "K" in chosen:
        yield from engine.parking(*_COMEBACKS)
    if engine.feature_calls and engine.mentions("DYNAMIC_FEATURES"):
        yield f"DYNAMIC_FEATURES and {name}"


def _dial(engine: Surroundings, data: str) -> Iterable[str]:
    called = [one for one in split(data, 3)[0].split("&") if one]
    bare = [one for one in called if terms.is_constant(one) and not one.partition("/")[2]]
    if bare and engine.reads("DIALSTATUS"):
        yield "DIALSTATUS INVALIDARGS"


def _queue(engine: Surroundings, data: str) -> Iterable[str]:
    name, _, _, _, _, agi, macro, *_ = split(data, 11)
    if agi or (macro and engine.queue_macros):
        yield "what Queue runs for the one who answers"
    yield from engine.queue_hooks(name)


def _disa(_engine: Surroundings, data: str) -> Iterable[str]:
    word = split(data, 2)[0]
    if word != "no-password" and not (terms.is_constant(word) and word[:1].isdigit()):
        yield f"what {word if terms.is_constant(word) else 'the file'} says to DISA"


def _confbridge(engine: Surroundings, data: str) -> Iterable[str]:
    menu = split(data, 4)[3]
    if engine.templates is None:
        yield "CONFBRIDGE(menu)"
    if not terms.is_constant(menu):
        yield "the menu of ConfBridge"
    for one in (menu, *(engine.templates or ())):
        if any(priority not in ("", "1") for _, _, priority in engine.menus(one)):
            yield "dialplan_exec of ConfBridge"


def _voicemail(engine: Surroundings, _data: str) -> Iterable[str]:
    if engine.elsewhere("voicemail.conf", "mailbox"):
        yield "mailboxes that are not in the files"


def _voicemail_main(engine: Surroundings, data: str) -> Iterable[str]:
    yield from _voicemail(engine, data)
    if engine.voicemail("callback", split(data, 2)[0]):
        yield "callback of VoiceMailMain"


def _recall(_engine: Surroundings, _data: str) -> Iterable[str]:
    yield "the recall of CallCompletionRequest"


def set_by(name: str) -> bool:
    """Return whether a variable of `set_var` may lead a call elsewhere: it writes a function."""
    word, opened, inner = name.lstrip("_").partition("(")
    leading = word == "CHANNEL" and inner.lower().startswith(("hangup_h", "after_b", "dtmf_f"))
    return bool(opened) and (leading or word == "TIMEOUT" or word not in (*HARMLESS, "CALLERID"))


def _vm_authenticate(engine: Surroundings, _data: str) -> Iterable[str]:
    if engine.has_extension("a"):
        yield "extension a and VMAuthenticate"


_COMEBACKS: Final = ("comebackcontext", "comebacktoorigin")
"""Where parked calls come back to, besides to who parked them."""


def _park(engine: Surroundings, _data: str) -> Iterable[str]:
    yield from engine.parking(*_COMEBACKS)


def _parked(engine: Surroundings, _data: str) -> Iterable[str]:
    yield from engine.parking("parkedcalltransfers", "parkedcallreparking")


_MORE: Final[Mapping[str, Callable[[Surroundings, str], Iterable[str]]]] = {
    "Dial": _dial, "Queue": _queue, "ConfBridge": _confbridge, "VoiceMail": _voicemail,
    "VoiceMailMain": _voicemail_main, "VMAuthenticate": _vm_authenticate, "Park": _park,
    "ParkedCall": _parked, "DISA": _disa, "CallCompletionRequest": _recall,
}  # fmt: skip
