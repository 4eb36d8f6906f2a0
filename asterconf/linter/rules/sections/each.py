"""Single lines of which Asterisk does not do what they say, though their values are read.

Each was run on Asterisk 22.10.1, which logs it; of realtime when somebody asks for the data.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from asterconf.diagnostic import Diagnostic
from asterconf.language.posix import RegexError, TooCostlyError, compile_regex
from asterconf.linter.rules.sections.between import BETWEEN, CHANGE
from asterconf.linter.rules.sections.lines import Lines
from asterconf.source import comparable, fold, printable

Check = Callable[[Lines, str, str], str]
"""What is wrong with the line of a name and a value, as the end of a sentence; empty: nothing."""


def odd_lines(lines: Lines) -> Iterator[Diagnostic]:
    """Yield the lines of a section that are odd by themselves."""
    check = _CHECKS.get((lines.kind.file, lines.kind.name))
    if check is None:
        return
    for index, (name, value) in enumerate(lines.pairs):
        if problem := check(lines, name, value):
            facts = {"option": printable(name), "problem": printable(problem), "near": CHANGE}
            yield lines.said(BETWEEN["rule-odd"], lines.place(index), **facts)


_FILTERS = {
    "action": {"include", "exclude"},
    "method": {"none", "exact", "starts_with", "ends_with", "contains", "regex"},
    "name": None,
    "header": None,
}


def _filter(_lines: Lines, name: str, value: str) -> str:
    """Check a filter of events: `eventfilter = REGEX` or `eventfilter(name(…),…) = TEXT`."""
    if not fold(name).startswith("eventfilter"):
        return ""
    problem, method = "", "regex"
    inside = name[len("eventfilter") :].strip(" \t")
    pattern = value if inside else value.removeprefix("!")
    if inside:
        problem, method = _options(inside, value)
    elif not pattern:
        problem = "has nothing to look for"
    if not problem and method == "regex":
        try:
            compile_regex(comparable(pattern))
        except RegexError:
            problem = f"is not a regular expression: {pattern!r}"
        except TooCostlyError:  # which is one all the same
            pass
    return problem and f"{problem}, so it filters nothing"


def _options(inside: str, value: str) -> tuple[str, str]:
    """Return what is wrong with what stands in the brackets of a filter, and its method."""
    if not inside.startswith("(") or not inside.endswith(")"):
        return "has no closing bracket at its end", ""
    said = {}
    for part in filter(None, (one.strip(" \t") for one in inside[1:-1].split(","))):
        word, _, text = part.partition("(")
        if word not in _FILTERS:
            return f"has no option {word!r}: known are {', '.join(_FILTERS)}", ""
        said[word] = text.removesuffix(")")
        known = _FILTERS[word]
        if known is not None and said[word] not in known:
            return f"has no {word} {said[word]!r}: known are {', '.join(sorted(known))}", ""
    method = said.get("method", "none")
    if not said:
        return "has nothing in its brackets", ""
    if method == "none" and value:
        return f"has the text {value!r} and no method, such as method(exact), to compare it by", ""
    if method != "none" and not value:
        return f"has method({method}) and no text behind the =", ""
    bare = not value and not said.keys() & {"name", "header"}
    return "has neither a name, a header nor a text" if bare else "", method


_WIZARDS = {
    "memory_cache": ("maximum_objects", "object_lifetime_maximum", "object_lifetime_stale",
                     "expire_on_reload", "full_backend_cache"),
    "config": ("criteria", "explicit_name", "integrity", "buckets", "single_object"),
}  # fmt: skip
"""The options of wizards of sorcery, behind the name of the wizard, or that of its file."""


def _wizard(lines: Lines, _name: str, value: str) -> str:
    """Check the options of a wizard; what each of them is worth, where it is a number."""
    wizard, _, data = value.partition(",")
    known = _WIZARDS.get(wizard, ())
    parts = data.split(",")[wizard == "config" :] if known else ()
    for part in filter(None, parts):
        option, _, text = part.partition("=")
        problem = ""
        if fold(option) not in known:
            problem = f"gives {wizard} an option {option!r}, which it does not have"
        elif wizard == "memory_cache" and fold(option) in known[:3]:
            bad = not re.match(r"[ \t]*\+?[0-9]", text)
            problem = f"gives {option} the value {text!r}, which is no number" if bad else ""
        if problem:
            then = ": res_pjsip does not start" if fold(lines.name) == "res_pjsip" else ""
            return f"{problem}, so this line is not used{then}"
    return ""


def _engine(lines: Lines, _name: str, value: str) -> str:
    """Check the engine of data that come from a database."""
    engine = fold(value.partition(",")[0].strip(" \t"))
    known = lines.kind.schema.engines
    if not value.strip(" \t,") or "," not in value or not engine or engine in known:
        return ""
    return f"asks engine {engine!r}, which no module of Asterisk is: nothing is found there"


def _own_address(_lines: Lines, name: str, _value: str) -> str:
    """Check the address of this machine that another one stands for; a name is none."""
    if ":" in name or not re.search("[g-zG-Z]", name):
        return ""
    return "is no address of this machine, so the line has no effect"


def _publication(lines: Lines, name: str, value: str) -> str:
    """Check the event of a publication: that of hints needs the type of its body beside it."""
    if fold(name) != "event" or value not in {"presence", "dialog"}:
        return ""
    bodies = [text for option, text in lines.pairs if fold(option) == "@body"]
    if bodies and "/" in bodies[-1]:
        return ""
    return f"is {value}, without @body = TYPE/SUBTYPE beside it, so nothing is published"


def _member(_lines: Lines, name: str, value: str) -> str:
    """Check who a member of a queue is."""
    who = value.partition(",")[0].strip(" \t")
    if fold(name) == "member" and fold(who).startswith("agent/"):
        return f"is {who!r}, of a driver that is gone since Asterisk 12, so it rings nobody"
    if fold(name) != "member" or "/" in who or not who:
        return ""
    return f"is {who!r}, without a technology as in PJSIP/{who}, so it rings nobody"


def _box(_lines: Lines, name: str, value: str) -> str:
    """Check the first four of the fields of a mailbox; of a name that is none AC513 tells."""
    if "@" in name:
        return ""
    pin, _, mail, pager, *_ = (*value.split(","), "", "", "")
    if re.search("[^0-9*#A-Da-d]", pin.strip(" \t").removeprefix("-")):
        return "has a PIN that is not of digits, so no phone can key it"
    wrong = next((one for one in (mail, pager) if "=" in one), "")
    return wrong and f"has {wrong!r} where an address belongs: options come behind four commas"


_CHECKS: Mapping[tuple[str, str], Check] = {
    ("queues.conf", "queue"): _member,
    ("voicemail.conf", "context"): _box,
    ("manager.conf", "user"): _filter,
    ("sorcery.conf", "module"): _wizard,
    ("extconfig.conf", "settings"): _engine,
    ("rtp.conf", "ice_host_candidates"): _own_address,
    ("pjsip.conf", "outbound-publish"): _publication,
}
