"""What becomes of a configuration when another version of Asterisk reads it.

Nothing here lists changes: the same files are read as both versions read them, and what differs
between the readings is reported, each with the source of the fact behind it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Literal, overload

import attrs

from asterconf._lazy import LazyModule
from asterconf.apps import facts as application_facts
from asterconf.editing.editor import Editor
from asterconf.errors import EditError
from asterconf.language import args, exten
from asterconf.language import template as templates
from asterconf.linter.rules.sections.lines import Lines
from asterconf.model.options import collect
from asterconf.resolve import Effective, EffectiveItem, EffectiveSection
from asterconf.schema import ObjectFacts, OptionFacts, base_name, source_of
from asterconf.secrets import MASK, shown_data, shown_text, shown_value
from asterconf.shown import Shown
from asterconf.source import Position, count, fold, is_true, printable
from asterconf.syntax.lines import Option
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.linter import sarif
else:
    sarif = LazyModule("asterconf.linter.sarif")

UpgradeKind = Literal["gone", "refused", "means", "default", "new-name"]
"""What happens to a line: it is without effect; Asterisk refuses it, or its object; it has another
meaning; the default of an option that is not written changes; it has to be called otherwise."""

_WORDS = {
    "gone": "is gone",
    "refused": "is refused",
    "means": "means something else",
    "default": "has another default",
    "new-name": "is called otherwise",
}
_DEVICE = re.compile(r"(?<![\w/.-])([A-Za-z][A-Za-z0-9]+)/(?!\d\.\d)[^\s/,&|)(]")
_PLAN = "extensions.conf"


@attrs.frozen
class LineFix:
    """What becomes of one line by a fix.

    Attributes:
        action: the line is removed, or says something else, or one is added to the section.
        place: where it stands; of a line to be added the header of the section.
        name: the option that it sets.
        value: its value; of a line to be removed what it is now.
    """

    action: Literal["remove", "write", "add"]
    place: Position
    name: str
    value: str = attrs.field(repr=False)

    @property
    def key(self) -> tuple[str, int, str]:
        """What no other fix may change: the line, or the option that is added to a section."""
        return self.place.file, self.place.line, self.name if self.action == "add" else ""

    def make(self, editor: Editor) -> None:
        """Change the line.

        Raises:
            EditError: it is not one line of a file, or cannot say that.
        """
        where = (self.place.file, self.place.line)
        if self.action == "add":
            editor.section_at(where).add(self.name, self.value)
            return
        section, node = editor.node_at(where)
        if not isinstance(node, Option):
            raise EditError(f"{self.place} sets no option by itself")
        if self.action == "remove":
            section.remove(node)
        else:
            section.set(section.rename(node, self.name), self.value)


@attrs.frozen
class Upgraded(Shown):
    """One line that another version reads otherwise.

    Attributes:
        kind: what happens to it.
        name: what it is about: an option, application, function, module or file.
        place: where it stands; of a default the header of the section.
        before: what it means now, secrets masked.
        after: what it means then; empty: nothing.
        why: where the fact was read: a function of Asterisk's source, or a document.
        fix: what to write so that the other version does the same, where that is exact; else empty.
        lines: the same as edits, which `Config.prepare_upgrade` makes.
    """

    kind: UpgradeKind
    name: str
    place: Position
    before: str
    after: str = ""
    why: str = ""
    fix: str = ""
    lines: tuple[LineFix, ...] = attrs.field(default=(), repr=False)

    def __str__(self) -> str:
        change = f"{self.before} becomes {self.after}" if self.after else self.before
        text = f"{self.place}: {printable(self.name)} {_WORDS[self.kind]}: {printable(change)}"
        text += f"\n  why: {self.why}" if self.why else ""
        return text + (f"\n  fix: {printable(self.fix)}" if self.fix else "")

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain values."""
        texts = attrs.asdict(self, filter=lambda field, _: field.name not in {"place", "lines"})
        return shown_data({**texts, **attrs.asdict(self.place)})


@attrs.frozen(repr=False)
class Upgrade(Shown, Sequence[Upgraded]):
    """The lines of a configuration that another version of Asterisk reads otherwise.

    Attributes:
        old: the version that reads it now.
        new: the version that is to read it.
        changes: the lines, in the order of files and lines.
        unknown: what cannot be told from the files, as sentences.
        fixed: the lines that `Config.prepare_upgrade` wrote otherwise, as they were.
    """

    old: str
    new: str
    changes: tuple[Upgraded, ...]
    unknown: tuple[str, ...] = ()
    fixed: tuple[Upgraded, ...] = ()

    @overload
    def __getitem__(self, index: int) -> Upgraded: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Upgraded, ...]: ...
    def __getitem__(self, index: int | slice) -> Upgraded | tuple[Upgraded, ...]:
        return self.changes[index]

    def __len__(self) -> int:
        return len(self.changes)

    def __repr__(self) -> str:
        return f"<Upgrade from {self.old} to {self.new}: {count(len(self), 'line')}>"

    def __str__(self) -> str:
        fixed = (f"fixed {one.place}: {one.name}: {one.fix}" for one in self.fixed)
        unknown = (f"unknown: {one}" for one in self.unknown)
        return "\n".join(
            [*map(printable, fixed), *map(str, self.changes), *map(printable, unknown)]
        )

    def to_records(self) -> list[dict[str, Any]]:
        """Return the lines as plain dicts, for a table."""
        return [one.to_dict() for one in self.changes]

    def to_dict(self) -> dict[str, Any]:
        """Return the report as plain values, as `asterconf upgrade --json` prints it."""
        return {
            "format": "asterconf-upgrade-1",
            "from": self.old,
            "to": self.new,
            "changes": self.to_records(),
            "unknown": list(self.unknown),
            **({"fixed": [one.to_dict() for one in self.fixed]} if self.fixed else {}),
        }

    def to_sarif(self, folder: str = "", *, version: str = "") -> dict[str, Any]:
        """Return the report as SARIF 2.1.0, for GitHub and others: a result for each line.

        Args:
            folder: what stands before the names of the files.
            version: that of asterconf.
        """
        kinds = {one: index for index, one in enumerate(_WORDS)}
        rules = [
            {"id": f"upgrade-{kind}", "shortDescription": {"text": f"A line {words}."}}
            for kind, words in _WORDS.items()
        ]
        results = []
        for one in self:
            first, *more = str(one).removeprefix(f"{one.place}: ").split("\n")
            at = {"startLine": one.place.line, "startColumn": one.place.column}
            file = sarif.artifact(f"{folder}/{one.place.file}" if folder else one.place.file)
            where = {"artifactLocation": file, "region": at}
            results.append({
                "ruleId": f"upgrade-{one.kind}",
                "ruleIndex": kinds[one.kind],
                "level": "error" if one.kind == "refused" else "warning",
                "message": {"text": "\n".join([first, *(line.strip() for line in more)])},
                "locations": [{"physicalLocation": where}],
            })  # fmt: skip
        note = "; ".join(f"unknown: {printable(one)}" for one in self.unknown)
        return sarif.log(rules, results, version=version, note=note)


def upgrade(old: Workspace, new: Workspace) -> Upgrade:
    """Return what differs between two readings of the same documents by two versions."""
    report = _Report(old, new)
    changes = dict.fromkeys(report.changes())
    ordered = sorted(changes, key=lambda one: (one.place.file, one.place.line, one.place.column))
    versions = old.schema.asterisk, new.schema.asterisk
    return Upgrade(*versions, tuple(ordered), tuple(report.unknown()))


def prepare(work: Workspace, new: Workspace) -> Upgrade:
    """Make the fixes of the report in the files; return what is left of it then.

    Its `unknown` says which could not be made, and why.

    Raises:
        EditError: the versions would read more otherwise than now, so nothing changed.
    """
    before, editor = upgrade(work, new), Editor(work)
    open_ones = {(one.place, one.name) for one in before if not one.lines}
    chosen: dict[tuple[str, int, str], LineFix] = {}
    for one in before:
        keys = {fix.key: fix for fix in one.lines} if (one.place, one.name) not in open_ones else {}
        if all(chosen.get(key, fix) == fix for key, fix in keys.items()):
            chosen |= keys
    refused: dict[LineFix, str] = {}
    with editor.attempt():
        for fix in sorted(chosen.values(), key=lambda one: -one.place.line):
            try:
                with editor.attempt():
                    fix.make(editor)
            except EditError as error:
                refused[fix] = f"{fix.place} was not fixed: {error}"
        after = upgrade(work, new)
        caused = Counter((one.kind, one.name) for one in after)
        caused -= Counter((one.kind, one.name) for one in before)
        if caused:
            names = ", ".join(f"{printable(name)} {_WORDS[kind]}" for kind, name in caused)
            raise EditError(f"the fixes would change more than they mend: {names}")
    done = set(chosen.values()) - refused.keys()
    fixed = tuple(one for one in before if one.lines and done.issuperset(one.lines))
    written = {
        (one.name, fix.place.file, fix.value)
        for one in fixed
        for fix in one.lines
        if fix.action == "write"
    }
    left = tuple(
        one
        for one in after
        if (one.name, one.place.file, _value_at(editor, one.place)) not in written
    )
    unknown = (*after.unknown, *refused.values())
    return Upgrade(before.old, before.new, left, unknown, fixed)


def _value_at(editor: Editor, place: Position) -> str:
    """Return the value of the option that stands at a place; empty: none does."""
    document = editor.files.documents.get(place.file)
    node = editor.node_at((place.file, place.line))[1] if document is not None else None
    return node.value if isinstance(node, Option) else ""


@attrs.frozen
class _Report:
    """Compares the readings of two workspaces file by file."""

    old: Workspace
    new: Workspace

    def changes(self) -> Iterator[Upgraded]:
        """Yield every line that is read otherwise."""
        before, after = self.old.sources, self.new.sources
        for name in self.old.names:
            was, now = before[name], after[name]
            if was.role not in {"read", "generated"}:
                continue
            if now.role in {"unread", "disabled"}:
                base = base_name(name)
                why = source_of("reader", f"{base}/*") or _module_source(was.readers)
                said = why.removeprefix("removed in ") in now.reason  # also where there is none
                why = now.reason if said else f"{now.reason} ({why})"
                yield Upgraded("gone", base, Position(name, 1), was.reason, "", why)
                continue
            readings = self.old.resolve(name), self.new.resolve(name)
            if readings[0] is not None and readings[1] is not None and readings[0].valid:
                yield from self.file(readings[0], readings[1])

    def unknown(self) -> Iterator[str]:
        """Yield what keeps the report from being complete."""
        for name, source in self.old.sources.items():
            reading = self.old.resolve(name) if name in self.old.names else None
            if reading is not None and not reading.valid:
                yield f"Asterisk refuses {name}, so what stands in it was not compared"
            if source.role == "unknown":
                yield f"{name}: {source.reason}"
            others = (also for also in source.also if also != "users.conf")
            yield from (f"{name}: {also}, was not compared" for also in others)

    def file(self, old: Effective, new: Effective) -> Iterator[Upgraded]:
        """Yield the lines of one file."""
        for was, now in zip(old.live, new.live, strict=True):
            in_plan = base_name(old.name) == _PLAN and fold(was.name) != "general"
            if in_plan:
                yield from self.plan(was)
            elif (was.kind and was.kind.name) != (now.kind and now.kind.name):
                yield self.kind(was, now)
            elif was.kind is None or now.kind is None:
                yield from self.lines(was, now)
            else:
                yield from self.names(Lines.of(was, was.kind), now.kind)
                yield from self.defaults(was, was.kind, now.kind)
                yield from self.values(was, was.kind, now.kind)
                yield from self.lines(was, now)
            if base_name(old.name) == "modules.conf":
                yield from self.modules(was)
            elif not in_plan:
                yield from self.devices(was.items)

    # -- sections of all files ----------------------------------------------------------------

    def kind(self, was: EffectiveSection, now: EffectiveSection) -> Upgraded:
        """Return that another reader, or none, takes a section."""
        names = [section.kind.name if section.kind else "" for section in (was, now)]
        key = f"{base_name(now.reading.name) if now.reading else ''}/{names[0]}/type"
        why = source_of("repeat", key)
        place = was.option("type").chosen.origin if "type" in was else was.position
        kind: UpgradeKind = "means" if names[0] and names[1] else "gone" if names[0] else "means"
        return Upgraded(kind, f"[{was.name}]", place, names[0], names[1], why)

    def names(self, lines: Lines, new: ObjectFacts) -> Iterator[Upgraded]:
        """Yield the options that one of both versions does not know."""
        old, file = lines.kind, lines.kind.file
        effect = attrs.evolve(lines, kind=new).consequence()[0]
        for index, (name, text) in enumerate(lines.pairs):
            was, now = (_known(kind, name) for kind in (old, new))
            place = lines.place(index) or lines.header
            secret = (was is not None and was.secret) or (now is not None and now.secret)
            shown = f"{name}={MASK if secret else shown_value('', '', name, text)}"
            key = f"{file}/{old.name}/{fold(name)}"
            why = source_of("option", key) or source_of("repeat", key)
            if was is not None and now is None:
                said = _renaming(was, name, text, lines)
                called = said is not None and new.option(said[0]) is not None
                kind: UpgradeKind = "new-name" if called else _effect(effect, new, name)
                fixes = (LineFix("write", place, *said),) if said else ()
                value = said and (MASK if secret else shown_value("", "", *said))
                fix = f"{said[0]}={value}" if said else ""
                yield Upgraded(kind, name, place, shown, "", why, fix, fixes)
            elif was is None and now is not None and old.option(name) is None:
                yield Upgraded("means", name, place, "nothing", shown, why)
            elif _loses(old, new, "value", f"{key}={text}"):
                source = source_of("value", f"{key}={text}")
                yield Upgraded("gone", name, place, shown, "", source)
        for inner in lines.nested():
            file_facts = new.schema.file(new.file)
            if file_facts is not None and inner.kind.name in file_facts.objects:
                yield from self.names(inner, file_facts.objects[inner.kind.name])

    def defaults(
        self, section: EffectiveSection, old: ObjectFacts, new: ObjectFacts
    ) -> Iterator[Upgraded]:
        """Yield the options that are not written and have another default."""
        for name, now in new.options.items():
            was = old.options.get(name)
            if was is None or was.default == now.default or name in section:
                continue
            why = source_of("default", f"{new.file}/{new.name}/{name}")
            fix = f"{name}={was.default}"
            fixes = (LineFix("add", section.position, name, was.default),) if was.default else ()
            yield Upgraded(
                "default", name, section.position, was.default or "", now.default or "", why,
                fix, fixes,
            )  # fmt: skip

    def values(
        self, section: EffectiveSection, old: ObjectFacts, new: ObjectFacts
    ) -> Iterator[Upgraded]:
        """Yield the options of which another of several lines counts, with another value."""
        flips = {o.group for o in old.options.values() if _flips(o, new)}
        names = [name for name, _ in section.pairs]
        if not flips or len({fold(name) for name in names}) == len(names):
            return
        before, after = (collect(kind, section.pairs) for kind in (old, new))
        for key in before.options:
            facts = old.key(key)
            if facts is None or facts[0] not in flips or key not in after.options:
                continue
            if before.options[key] != after.options[key]:
                used = [section.item(found.lines[key][-1]) for found in (before, after)]
                yield self.flip(section, used[0], used[1], facts[1])

    def lines(self, was: EffectiveSection, now: EffectiveSection) -> Iterator[Upgraded]:
        """Yield lines without an option of their own of which another counts."""
        if was.kind is not None and was.kind.schema.retrieves == self.new.schema.retrieves:
            return
        seen: set[str] = set()
        for name, _ in was.pairs:
            facts = was.facts(name)
            if fold(name) in seen or (facts is not None and facts.match == "name"):
                continue
            seen.add(fold(name))
            values = was.values(name)
            if len(set(values)) > 1:
                before, after = was.option(name), now.option(name)
                if "accumulate" in {before.repeat, after.repeat}:
                    continue
                if before.chosen.value != after.chosen.value:
                    yield self.flip(was, before.chosen, after.chosen, facts)

    def flip(
        self,
        section: EffectiveSection,
        used: EffectiveItem,
        taken: EffectiveItem,
        facts: OptionFacts | None,
    ) -> Upgraded:
        """Return that another of several lines of one name counts."""
        file = base_name(section.reading.name) if section.reading else ""
        owner = facts.object if facts is not None else section.name
        name = facts.name if facts is not None and facts.match == "name" else fold(used.name)
        why = source_of("repeat", f"{file}/{owner}/{name}") or source_of(
            "retrieve", "ast_variable_retrieve"
        )
        texts = [shown_value(file, section.name, one.name, one.value) for one in (used, taken)]
        others = [one for one in section.all(used.name) if one.value != used.value]
        fixes: tuple[LineFix, ...] = ()
        if not any(one.way for one in others) and fold(used.name) == fold(taken.name):
            fixes = tuple(_removal(one) for one in others)
        fix = _said(fixes)
        return Upgraded("means", used.name, taken.origin, texts[0], texts[1], why, fix, fixes)

    def modules(self, section: EffectiveSection) -> Iterator[Upgraded]:
        """Yield the modules that are to be loaded and are gone."""
        for item in section.items:
            word, name = fold(item.name), fold(item.value).removesuffix(".so")
            if word not in {"load", "preload", "require", "preload-require"}:
                continue
            had = name in self.old.schema.modules() or name not in self.old.schema.gone_modules()
            if had and name in self.new.schema.gone_modules():
                kind: UpgradeKind = "refused" if "require" in word else "gone"
                why = source_of("module", name)
                fixes = (_removal(item),)
                yield Upgraded(kind, name, item.origin, item.value, "", why, _said(fixes), fixes)

    def devices(self, items: Iterable[EffectiveItem]) -> Iterator[Upgraded]:
        """Yield the devices whose channel driver is gone."""
        for item in items:
            yield from self.device(item.value, item.origin)

    def device(self, text: str, place: Position) -> Iterator[Upgraded]:
        """Yield the devices in a text whose channel driver is gone."""
        words = dict.fromkeys(match[1] for match in _DEVICE.finditer(text) if "/" in text)
        for word in words:
            key = fold(word)
            if _loses(self.old, self.new, "technology", key):
                why = source_of("technology", key)
                yield Upgraded("gone", f"{word}/", place, shown_text(text), "", why)

    # -- the dialplan -------------------------------------------------------------------------

    def plan(self, section: EffectiveSection) -> Iterator[Upgraded]:
        """Yield what steps and variables name that is gone, and arguments that moved."""
        for item in section.items:
            line = exten.read(item.name, item.value)
            yield from self.device(item.value, item.origin)
            yield from self.functions(item.value, item.origin)
            if line is not None and fold(line.priority.word) != "hint" and line.application.name:
                for one in self.step(line.application.name, line.application.data, item.origin):
                    call = line.application.text
                    said = item.value.removesuffix(call) + one.fix
                    exact = one.fix and call and line.application.closed
                    fixes = (LineFix("write", item.origin, item.name, said),) if exact else ()
                    yield attrs.evolve(one, lines=fixes)

    def step(self, name: str, data: str, place: Position) -> Iterator[Upgraded]:
        """Yield what changes about one call of an application."""
        versions = self.old.schema.asterisk, self.new.schema.asterisk
        was, now = (application_facts(name.strip(), one) for one in versions)
        shown = shown_text(f"{name}({data})")
        if was.name and not now.name:
            why = source_of("application", was.name)
            fix = f"{_SAME[was.name]}({data})" if was.name in _SAME else ""
            yield Upgraded("gone", was.name, place, shown, "", why, fix)
        if not (was.name and now.name):
            return
        cuts = was.layout.cut(data)
        at = next((i for i, pair in enumerate(zip(was.arguments, now.arguments, strict=False))
                   if pair[0] != pair[1]), None)  # fmt: skip
        if at is not None and len(was.arguments) != len(now.arguments) and len(cuts) > at:
            moved = [", ".join(one.arguments[at : len(cuts)]) for one in (was, now)]
            fields = [one.value for one in cuts]
            fix = ""
            if len(was.arguments) > len(now.arguments) and not fields[at].strip():
                raw = [data[one.start : one.end] for one in cuts]
                fix = f"{name}({','.join([*raw[:at], *raw[at + 1 :]])})"
            why = source_of("arguments", was.name)
            yield Upgraded("means", was.name, place, moved[0], moved[1], why, fix)
        if was.options is not None and was.options < len(cuts):
            letters = args.split_options(cuts[was.options].value, substituted=False)
            for letter in dict.fromkeys(one.letter for one in letters):
                if (letter in was.letters) != (letter in now.letters):
                    gone = letter in was.letters
                    why = source_of("letter", f"{was.name}/{letter}")
                    yield Upgraded(
                        "gone" if gone else "means",
                        f"{was.name} option {letter}",
                        place,
                        shown if gone else "nothing",
                        "" if gone else shown,
                        why,
                    )

    def functions(self, text: str, place: Position) -> Iterator[Upgraded]:
        """Yield the functions that a text calls and that are gone."""
        names = [call.name for call in templates.parse(text).functions()] if "${" in text else []
        names += re.findall(r"(?:^|[(,])\s*([A-Z][A-Z0-9_]*)\([^()]*\)\s*=", text)
        for name in dict.fromkeys(names):
            if name in self.old.schema.functions() and name not in self.new.schema.functions():
                why = source_of("function", name)
                yield Upgraded("gone", f"{name}()", place, shown_text(text), "", why)


_SAME: Mapping[str, str] = {"DeadAGI": "AGI"}
"""Applications that another one replaces with the same arguments and the same effect.

Source: res/res_agi.c: deadagi_exec calls agi_exec, which does not mind a channel that hung up.
"""


def _known(kind: ObjectFacts, name: str) -> OptionFacts | None:
    """Return the option that a line sets in a version; `None`: there it sets nothing."""
    found = kind.option(name)
    lacks = kind.schema.lacks("option", f"{kind.file}/{kind.name}/{fold(name)}")
    return None if lacks else found


def _loses(
    old: ObjectFacts | Workspace, new: ObjectFacts | Workspace, kind: str, name: str
) -> bool:
    """Tell whether the overlay says that a version had something which another one lacks."""
    return new.schema.lacks(kind, name) and not old.schema.lacks(kind, name)


def _effect(effect: str, new: ObjectFacts, name: str) -> UpgradeKind:
    return "gone" if effect == "ignored" or new.option(name) is not None else "refused"


def _renaming(was: OptionFacts, name: str, text: str, lines: Lines) -> tuple[str, str] | None:
    """Return the option that says the same in the new version; `None`: none certainly does."""
    if fold(name) != fold(was.name):
        others = {fold(other) for other, _ in lines.pairs}
        return None if fold(was.name) in others else (was.name, text)
    instead, equals, value = str(was.raw.get("deprecated") or "").partition("=")
    return (instead, value) if equals and is_true(text) else None


def _removal(item: EffectiveItem) -> LineFix:
    return LineFix("remove", item.origin, item.name, item.value)


def _said(removed: Iterable[LineFix]) -> str:
    """Return the removal of lines as a fix; empty: there are none."""
    places = ", ".join(f"{one.place.file}:{one.place.line}" for one in removed)
    return f"remove {places}" if places else ""


def _flips(was: OptionFacts, new: ObjectFacts) -> bool:
    now = new.options.get(was.name)
    return now is not None and now.repeat != was.repeat


def _module_source(modules: Iterable[str]) -> str:
    return next((why for one in modules if (why := source_of("module", one))), "")
