"""Findings about the sections of a file, by the schema's facts about their options."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from difflib import get_close_matches

import attrs

from asterconf import schema
from asterconf.bind.rules import BrokenRule, broken_rules
from asterconf.bind.wizard import PjsipObject, WizardSection
from asterconf.codes import Message
from asterconf.codes.objects import OBJECTS
from asterconf.diagnostic import Diagnostic
from asterconf.model.configobject import ConfigObject
from asterconf.model.options import Collected, LineFault, Value, collect, default, write
from asterconf.model.values import Secret
from asterconf.resolve.effective import Effective, EffectiveSection
from asterconf.schema import FileFacts, ObjectFacts, OptionFacts
from asterconf.source import Position, Severity, fold, meant, printable

__all__ = [
    "FINDINGS",
    "Lines",
    "family",
    "file_findings",
    "say",
    "section_findings",
    "wizard_hints",
]

_E, _W, _A = Severity.ERROR, Severity.WARNING, Severity.ADVICE


FINDINGS: Mapping[str, tuple[Message, ...]] = {
    "value-refused": Message.each(
        "AC405 AC520 AC601", _E, "{option} {problem}, so Asterisk {refuses}",
        "{near}",
    ),
    "value-replaced": Message.each(
        "AC407 AC521 AC602", _W, "{option} {problem}", "{near}", verified="behaviour",
    ),
    "value-ignored": Message.each(
        "AC408 AC522 AC603", _W, "{option} {problem}, so the line has no effect",
        "{near}", verified="behaviour",
    ),
    "option-refused": Message.each(
        "AC409 AC523 AC604", _E, "{kind} has no option {option!r}, so Asterisk {refuses}",
        "{near}",
    ),
    "option-ignored": Message.each(
        "AC410 AC524 AC605", _W, "{kind} has no option {option!r}, the line has no effect",
        "{near}", verified="behaviour",
    ),
    "option-gone": Message.each(
        "AC411 AC525 AC606", _W, "{option} has no effect any more", "{near}", verified="behaviour",
    ),
    "option-old": Message.each(
        "AC412 AC526 AC607", _A, "{option} is deprecated", "use {near}", verified="source",
    ),
    "option-missing": Message.each(
        "AC413 AC527 AC608", _E, "{option} {problem}, so Asterisk {refuses}", "add {option} = …",
    ),
    "rule-broken": Message.each(
        "AC414 AC528 AC609", _E, "{option} {problem}, so Asterisk {refuses}", "change one of both",
    ),
    "rule-odd": Message.each(
        "AC415 AC529 AC610", _W, "{option} {problem}", "change it, or remove the line",
        verified="behaviour",
    ),
    "no-object": Message.each(
        "AC416 AC530 AC611", _W, "nothing is made of section [{section}]: {why}", "{near}",
        verified="behaviour",
    ),
    "section-refused": Message.each(
        "AC417 AC531 AC612", _E, "{file} takes no section [{section}], so Asterisk {refuses}",
        "remove it",
    ),
    "object-twice": (
        OBJECTS["object-twice"],
        *Message.each(
            "AC532 AC613", _E, "{kind} {name!r} is there twice, so no {kind} of the file loads",
            "remove one of both sections, or add to the first with [{name}](+)",
        ),
    ),
    "single-twice": Message.each(
        "AC418 AC533 AC614", _E, "{kind} may occur only once; section [{section}] {used}",
        "remove one of both",
    ),
}  # fmt: skip
"""Each finding with its codes: for PJSIP, for queues and voicemail, for all other files."""

_PJSIP = {"pjsip.conf", "pjsip_wizard.conf", "pjproject.conf", "pjsip_notify.conf"}
_CALLS = {"queues.conf", "queuerules.conf", "voicemail.conf"}
_OPEN_ENDED = {"iax.conf", "users.conf"}
"""Files of which the schema does not know every option."""
_PASSED_OVER = {
    "cdr.conf": {"csv", "custom", "manager", "odbc", "pgsql", "radius", "sqlite", "tds", "mysql"},
    "cel.conf": {"manager", "radius"},
}
"""Sections that other modules read. Source: main/cdr.c, main/cel.c."""


def family(file: str) -> int:
    """Return the index of a file's code among the codes of a finding."""
    name = schema.base_name(file)
    return 0 if name in _PJSIP else 1 if name in _CALLS else 2


def say(
    finding: str,
    file: str,
    position: Position | None,
    facts: Mapping[str, str],
    related: tuple[tuple[Position, str], ...] = (),
) -> Diagnostic:
    """Return the diagnostic of a finding in a file, with `facts` in its message and hint."""
    rule = FINDINGS[finding][family(file)]
    return rule.at(position, related, **facts)


@attrs.frozen
class Lines:
    """The lines of a section, or of an object that the wizard makes, with their places."""

    kind: ObjectFacts
    name: str
    pairs: list[tuple[str, str]]
    header: Position
    place: Callable[[int], Position | None] = attrs.field(repr=False)

    @classmethod
    def of(cls, section: EffectiveSection, kind: ObjectFacts) -> Lines:
        """Return the lines of a section."""
        return cls(
            kind,
            section.name,
            section.pairs,
            section.position,
            lambda index: section.item(index).origin,
        )

    @classmethod
    def made(cls, obj: PjsipObject, kind: ObjectFacts) -> Lines:
        """Return the lines of an object that the wizard makes."""
        return cls(kind, obj.id, obj.pairs, obj.position, lambda i: obj.options[i].position)

    def nested(self) -> Iterator[Lines]:
        """Yield the options inside a line: those after the fourth comma of a mailbox."""
        for index, (name, text) in enumerate(self.pairs):
            facts = self.kind.option(name)
            target = facts.raw.get("options_object") if facts else None
            file = self.kind.schema.file(self.kind.file)
            if facts is None or target is None or file is None:
                continue
            parts = text.split(facts.raw["sep"], len(facts.raw["fields"]) - 1)
            options = parts[-1] if len(parts) == len(facts.raw["fields"]) else ""
            pairs = [
                (part.partition("=")[0].strip(" \t"), part.partition("=")[2])
                for part in options.split(facts.raw["options_sep"])
                if "=" in part
            ]
            place = self.place(index) or self.header
            if pairs:
                at = _always(place)
                yield Lines(file.objects[target], name, pairs, place, at)

    @property
    def refuses_file(self) -> bool:
        """Whether one bad line costs the whole file, or the start of Asterisk."""
        effect, refuses = self.consequence()
        return effect == "fatal" or refuses == f"refuses the whole {self.kind.file}"

    def consequence(self, facts: OptionFacts | None = None) -> tuple[str, str]:
        """Return what a refused line leads to: `refused`, `ignored` or `fatal`, and a clause."""
        kind, file = self.kind, self.kind.schema.file(self.kind.file)
        assert file is not None
        way = kind.raw.get("unknown_option") or file.raw.get("unknown_option", "ignored")
        if way == "fatal":
            return "fatal", "does not start"
        name = printable(self.name)
        if facts is not None and facts.file != kind.file:
            return "refused", f"refuses {facts.object} {name!r} of the wizard"
        if way == "reject_file":
            return "refused", f"refuses the whole {kind.file}"
        if way == "reject_object":
            return "refused", f"refuses {kind.name} {name!r}"
        return "ignored", f"does not use {kind.name} {name!r}"


def wizard_hints(wizard: Effective | None) -> Iterator[tuple[str, str, str, str]]:
    """Yield what the wizard adds to the dialplan: context, extension, priority, application.

    An endpoint that is refused takes its hint along. Observed on 22.10.1.
    """
    known = wizard.schema.file("pjsip.conf") if wizard is not None else None
    for section in wizard.live if wizard is not None and wizard.valid and known else ():
        read = WizardSection.read(section)
        hints = tuple(read.hints()) if read is not None else ()
        for endpoint in read.objects([]) if read is not None and hints else ():
            if endpoint.kind == "endpoint" and known is not None:
                said = section_findings(Lines.made(endpoint, known.objects["endpoint"]))[2]
                yield from () if any(one.severity is Severity.ERROR for one in said) else hints


def _always(place: Position) -> Callable[[int], Position | None]:
    return lambda _: place


def section_findings(
    lines: Lines,
    *,
    values: Callable[[int], bool] | None = None,
    elsewhere: Collection[str] = (),
) -> tuple[ConfigObject, Collected, list[Diagnostic]]:
    """Return the object of a section, its values, and the findings about its lines.

    Args:
        lines: the lines of the section.
        values: whether to check the value of the line at an index. Of an object that the wizard
            makes, only the values that it derives are wanted: its lines were checked already.
        elsewhere: the options that another file sets, which are not missing.
    """
    obj, found = ConfigObject.collect(lines.kind, lines.name, lines.pairs)
    findings: list[Diagnostic] = []
    findings += (
        _fault(lines, fault) for fault in found.faults if values is None or values(fault.index)
    )
    if values is None:
        findings += (d for index in found.unknown if (d := _unknown(lines, index)))
        findings += _old_options(lines, found)
    refused = {fault.facts.name for fault in found.faults if fault.effect == "refused"}
    findings += (
        _broken(lines, found, broken)
        for broken in broken_rules(obj)
        if broken.option not in {*refused, *elsewhere} and (broken.refused or not refused)
    )
    return obj, found, findings


def _name(lines: Lines, index: int) -> str:
    return printable(lines.pairs[index][0])


def _text(facts: OptionFacts, value: Value | None) -> str:
    """Return the text of a value for a message; empty for a secret."""
    return "" if value is None or isinstance(value, Secret) else printable(write(facts, value))


def _advice(fault: LineFault) -> str:
    """Return a hint about a bad value."""
    facts = fault.facts
    if fault.near:
        return f"did you mean {fault.near!r}?"
    otherwise = "" if facts.type == "codecs" else _text(facts, default(facts))
    return "correct it, or remove the line" + (f": the default is {otherwise}" if otherwise else "")


def _fault(lines: Lines, fault: LineFault) -> Diagnostic:
    file, facts = lines.kind.file, fault.facts
    effect, refuses = lines.consequence(facts)
    texts = {
        "option": _name(lines, fault.index),
        "problem": printable(fault.problem),
        "refuses": refuses,
        "near": _advice(fault),
    }
    finding = "value-ignored"
    if file in facts.schema.own and "on_bad" not in facts.raw:
        finding = "rule-odd"  # what its reader does is not known
    elif fault.effect == "refused" and (effect != "ignored" or facts.raw.get("on_bad")):
        finding = "value-refused"
    elif fault.effect == "replaced":
        finding = "value-replaced"
        taken = collect(lines.kind, [lines.pairs[fault.index]]).options
        shown = _text(facts, next(iter(taken.values()), None))
        if shown and not fault.near:
            texts["near"] = f"write {shown} if that is meant"
    return say(finding, file, lines.place(fault.index), texts)


def _unknown(lines: Lines, index: int) -> Diagnostic | None:
    """Return the finding about a line that the schema does not know, if it deserves one."""
    kind, (name, _) = lines.kind, lines.pairs[index]
    file = kind.schema.file(kind.file)
    assert file is not None
    if (name.startswith("@") and file.loader == "sorcery") or not name:
        return None
    effect, refuses = lines.consequence()
    if kind.file in _OPEN_ENDED or kind.raw.get("unknown_option") == "accepted":
        return None
    prefix, slash, rest = name.partition("/")
    known, of = _known_names(kind), kind.name
    passing = kind.options.get(f"{prefix}/*") if slash and rest else None
    if passing is not None:
        target = passing.references[0].object
        effect, refuses = "refused", f"refuses {target} {printable(lines.name)!r} of the wizard"
        passed_to = kind.schema.file("pjsip.conf")
        names = _known_names(passed_to.objects[target]) if passed_to else []
        known, of = [f"{prefix}/{n}" for n in names], target
    near = get_close_matches(name, known, 1, 0.75)
    hint = f"did you mean {near[0]}?" if near else "remove the line"
    if kind.file == "pjsip.conf":
        said = _of_chan_sip(name)
        hint = hint if near and f" {near[0]} " in said.replace(",", " ") else said or hint
    finding = "option-ignored" if effect == "ignored" else "option-refused"
    texts = {"kind": of, "option": printable(name), "refuses": refuses, "near": hint}
    return say(finding, kind.file, lines.place(index), texts)


def _of_chan_sip(name: str) -> str:
    """Return what stands in pjsip.conf for an option of sip.conf; empty: it is none, or nothing."""
    facts = schema.file("sip.conf")
    known = facts.objects["peer"].option(name) if facts else None
    places: dict[str, list[str]] = {}
    for one in known.raw.get("maps_to", ()) if known else ():
        kind, _, option = one.partition(".")
        places.setdefault(kind, []).append(option)
    said = [f"{', '.join(options)} of the {kind}" for kind, options in places.items()]
    return f"{name} was an option of chan_sip: write {' and '.join(said)}" if said else ""


def _known_names(kind: ObjectFacts) -> list[str]:
    return [o.name for o in kind.options.values() if o.match == "name" and o.type != "noop"]


def _old_options(lines: Lines, found: Collected) -> Iterator[Diagnostic]:
    """Yield findings about options that are without effect or deprecated."""
    for index, (name, _) in enumerate(lines.pairs):
        facts = lines.kind.option(name) if index not in found.unknown else None
        if facts is None:
            continue
        raw, option, file = facts.raw, printable(name), lines.kind.file
        if facts.type == "ignored":
            moved = raw.get("moved_to") or raw.get("deprecated")
            near = f"it is now in {moved}" if raw.get("moved_to") else f"use {moved}"
            near = near if moved else "remove the line"
            yield say("option-gone", file, lines.place(index), {"option": option, "near": near})
        elif raw.get("deprecated"):
            texts = {"option": option, "near": str(raw["deprecated"])}
            yield say("option-old", file, lines.place(index), texts)
        elif fold(name) in map(fold, raw.get("aliases_deprecated", ())):
            texts = {"option": option, "near": facts.name}
            yield say("option-old", file, lines.place(index), texts)


def _broken(lines: Lines, found: Collected, broken: BrokenRule) -> Diagnostic:
    known = lines.kind.key(broken.option)
    indices = found.lines.get(known[0] if known else "", ())
    place = (lines.place(indices[-1]) if indices else None) or lines.header
    effect, refuses = lines.consequence()
    finding = "option-missing" if broken.problem.startswith("is missing") else "rule-broken"
    if not broken.refused or (effect == "ignored" and (lines.kind.name != "class")):
        finding = "rule-odd"
    texts = {"option": broken.option, "problem": broken.problem, "refuses": refuses}
    return say(finding, lines.kind.file, place, texts)


def file_findings(effective: Effective) -> Iterator[Diagnostic]:
    """Yield findings about whole sections of a file: no object, or a duplicate."""
    file = effective.schema.file(effective.name)
    if file is None:
        return
    first: dict[tuple[str, str], EffectiveSection] = {}
    for section in effective.live:
        kind = section.kind
        if kind is None:
            yield from _no_object(file, section)
            continue
        if file.loader != "sorcery":
            continue
        single = bool(kind.section.get("single"))
        before = first.setdefault((kind.name, "" if single else section.name), section)
        if before is not section:
            related = ((before.position, "the first one"),)
            texts = {"kind": kind.name, "name": section.name, "section": printable(section.name)}
            used = "is not used" if kind.name == "system" else "is used"
            finding = "single-twice" if single and before.name != section.name else "object-twice"
            texts["used"] = used
            yield say(finding, file.name, section.position, texts, related)


def _no_object(file: FileFacts, section: EffectiveSection) -> Iterator[Diagnostic]:
    """Yield the finding about a section that makes no object, unless that is right."""
    name, place = printable(section.name), section.position
    if file.loader == "aco":
        passed = fold(section.name) in _PASSED_OVER.get(file.name, ())
        if not passed and not section.name.startswith("parkinglot_"):
            refuses = f"refuses the whole {file.name}"
            texts = {"file": file.name, "section": name, "refuses": refuses}
            yield say("section-refused", file.name, place, texts)
        return
    if file.loader not in {"sorcery", "wizard"} or not len(section):
        return
    lines = [(n, v) for n, v in section.pairs if fold(n) == "type"]
    words = [k.type_word for k in file.objects.values() if k.type_word]
    hint = f"add type = …: {', '.join(words)}"
    why = "it has no type"
    if lines:
        why = f"its {lines[0][0]} is {lines[0][1]!r}"
        hint = meant(lines[0][1].lower(), words, shown="type = {}".format)
        hint = hint or f"types are {', '.join(words)}"
    yield say("no-object", file.name, place, {"section": name, "why": why, "near": hint})
