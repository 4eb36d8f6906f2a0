"""How work grows with what it is done to: the time of n, 2 n and 4 n lines, or the calls made."""

import gc
import sys
from collections.abc import Callable
from math import log
from random import Random
from time import process_time
from typing import Any

import asterconf
from asterconf import Config, Extension, Mailbox, semantics
from asterconf.display import html
from tests.bench import asked
from tests.bench.batches import EDITS, house
from tests.bench.measure import changed

__all__ = ["GROWING", "calls", "exponent", "seconds"]

State = Any
Work = tuple[Callable[[int], State], Callable[[State], object]]
"""What is made ready for so many lines, and what is measured."""


def _texts(lines: int) -> dict[str, str]:
    """Return a house of phones that are all alike: as many lines mean as much work."""
    count = max(lines // 10, 20)
    conf = house(count)
    plan = ["[home]"]
    for n in range(count):
        plan += [f"[room{n // 10}]", "include => home"] if n % 10 == 0 else []
        plan += [f"exten => 6{n:05},1(start),NoOp(${{CALLERID(num)}})",
                 f"same => n,GotoIf($[${{LEN(${{EXTEN}})}} > 6]?6{n:05},1)",
                 f"same => n,Dial(PJSIP/6{n:05},20)", "same => n,Hangup()"]  # fmt: skip
    files = {name: str(conf[name]) for name in conf.files}
    return files | {"extensions.conf": "\n".join([*plan, ""])}


def _conf(lines: int) -> Config:
    return Config.from_texts(_texts(lines))


def _warm(lines: int) -> Config:
    conf = _conf(lines)
    conf.extensions, conf.dialplan, conf.references  # noqa: B018 - read once before
    return conf


def _applications(conf: Config) -> object:
    return [step.application for context in conf.dialplan for e in context for step in e.steps]


def _load(texts: dict[str, str]) -> object:
    conf = Config.from_texts(texts)
    return [conf.effective(name).sections for name in conf.files], conf.endpoints


def _read(texts: dict[str, str]) -> Config:
    """Read everything that a check looks at: sections with their items, objects and steps."""
    conf = Config.from_texts(texts)
    held = [section.items for name in conf.files for section in conf.effective(name).sections]
    objects = conf.endpoints, conf.extensions, conf.mailboxes, conf.queues
    del held, objects
    _applications(conf)
    return conf


def _sides(lines: int) -> tuple[Config, Config, Config]:
    texts = _texts(lines)
    ours = texts | {"extensions.conf": changed(texts["extensions.conf"])}
    theirs = texts | {"pjsip_wizard.conf": changed(texts["pjsip_wizard.conf"])}
    return Config.from_texts(texts), Config.from_texts(ours), Config.from_texts(theirs)


def _rename(conf: Config) -> object:
    phone = Random(1).choice([*conf.extensions.values()])
    return conf.rename(phone, f"x{phone.name}").apply()


def _render(conf: Config) -> object:
    shown = [html(section) for name in conf.files for section in conf.effective(name).sections]
    return shown, conf.map().dot(), conf.dialplan.graph().mermaid(), html(conf)


def _template(lines: int) -> str:
    pieces = ("${EXTEN:1}", "$[1 + 2]", "${LEN(abc)}", "${IF($[1]?a:b)}", "text ", "${X${Y}}")
    rng = Random(22)
    return "".join(rng.choice(pieces) for _ in range(lines))


def _evaluate(text: str) -> object:
    scope = semantics.Scope(semantics.AsteriskState(), semantics.Channel())
    return semantics.evaluate(text, scope)


def _edited(name: str) -> Work:
    edit = EDITS[name][0]

    def ready(lines: int) -> tuple[Config, int]:
        count = max(lines // 20, 10)
        conf = house(count)
        conf.extensions, conf.dialplan, conf.references  # noqa: B018
        return conf, count

    return ready, lambda state: (edit(*state), state[0].extensions, state[0].dialplan)


def _parse(texts: dict[str, str]) -> object:
    documents = [asterconf.parse(text) for text in texts.values()]
    return [node for document in documents for part in document.parts for node in part.nodes]


def _step(conf: Config) -> None:
    with conf.dialplan.edit("room0") as edit:
        edit["600001"].append("Hangup()")


ONE: dict[str, Callable[[Config], object]] = {
    "update a phone": lambda conf: conf.update("600001", qualify_frequency=30),
    "add a phone": lambda conf: conf.add(Extension("700001", secret="a-password")),
    "add a mailbox": lambda conf: conf.add(Mailbox("700001", name="New")),
    "set an option": lambda conf: conf.option(
        "pjsip_wizard.conf", "600001", "endpoint/callerid"
    ).set("New <600001>"),
    "add a step": _step,
}
"""Edits made by themselves, each with what is read back."""


def _one(name: str) -> Work:
    def work(conf: Config) -> object:
        return ONE[name](conf), conf.extensions, conf.mailboxes, conf.dialplan

    return _warm, work


def _asked(lines: int) -> Config:
    contexts = max(lines // 25, 4)
    return _warmed(Config.from_texts(asked.house(lines, contexts, contexts)))


def _routes(lines: int) -> Config:
    files = {"extensions.conf": asked.routes(lines), "pjsip_wizard.conf": asked.phones(0, 1)}
    return _warmed(Config.from_texts(files))


def _macros(lines: int) -> Config:
    """Return one macro with many extensions, and many calls of it in one context."""
    plan = ["[main]", *(f"exten => {n},1,Macro(many,{n})" for n in range(lines // 3))]
    plan += ["[macro-many]", "exten => s,1,Goto(${ARG1},1)"]
    for n in range(lines // 3):
        plan += [f"exten => {n},1,NoOp(${{MACRO_EXTEN}})", "same => n,Goto(main,h,1)"]
    text = "\n".join([*plan, "[other]", "exten => h,1,NoOp()", ""])
    return _warmed(Config.from_texts({"extensions.conf": text}, asterisk="20"))


def _warmed(conf: Config) -> Config:
    conf.dialplan, conf.endpoints  # noqa: B018 - read once before
    return conf


GROWING: dict[str, Work] = {
    "ask: who gets which number": (
        _asked,
        lambda conf: [conf.ask.dialable(one.name) for one in conf.dialplan],
    ),
    "ask: who reaches a trunk by prefixes": (
        _routes,
        lambda conf: conf.ask.reach(entry="context:routes"),
    ),
    "parse": (_texts, _parse),
    "load": (_texts, _load),
    "dialplan": (_conf, _applications),
    "read everything": (_texts, _read),
    "check": (_conf, lambda conf: conf.check()),
    "diff, 10 changes": (_sides, lambda sides: asterconf.diff(*sides[:2])),
    "merge, 10 changes a side": (_sides, lambda sides: asterconf.merge(*sides)),
    "rename a phone": (_warm, _rename),
    "render: every section, the map, the dialplan": (_warm, _render),
    "migrate macros": (_macros, lambda conf: conf.plan_migrate("macro")),
    "evaluate": (_template, _evaluate),
    **{f"one edit: {name}": _one(name) for name in ONE},
    **{f"batch: {name}": _edited(name) for name in EDITS},
}
"""Each thing with what is made ready and what is measured."""


def seconds(name: str, lines: int, rounds: int = 3) -> float:
    """Return the least seconds of processor time of some rounds.

    Python's garbage collector is off: its work grows with all that is kept, not with this.
    """
    ready, work = GROWING[name]
    found = []
    for _ in range(rounds):
        state = ready(lines)
        gc.collect()
        gc.disable()
        start = process_time()
        kept = work(state)
        found.append(process_time() - start)
        gc.enable()
        del kept, state
    return min(found)


def calls(name: str, lines: int) -> int:
    """Return how many functions are called, those of C among them: the same on every machine."""
    ready, work = GROWING[name]
    state = ready(lines)
    count = 0

    def counted(_frame: object, event: str, _argument: object) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    before = sys.getprofile()
    sys.setprofile(counted)
    try:
        work(state)
    finally:
        sys.setprofile(before)
    return count


def exponent(costs: tuple[float, float, float]) -> float:
    """Return e where the costs of n, 2 n and 4 n grow with the power e of n."""
    return log(costs[2] / costs[0], 4)
