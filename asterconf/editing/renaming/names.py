"""Where a name stands in a text: devices, applications' arguments, functions' arguments.

What an argument names is data (`schema`): `Queue(sales,t)` names a queue because the first
argument of that application refers to queues.conf.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache

import attrs

from asterconf import schema
from asterconf.editing.lists import fields_of
from asterconf.source import fold

__all__ = ["VARIABLE", "Found", "Names"]

VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}\Z")
_CALL = re.compile(r"([A-Za-z_][A-Za-z0-9_]*)\(")
_DEVICE = re.compile(r"(?<!\w)(?i:PJSIP)/((?:\$\{[^{}]*\}|[^\s&,()\"'|^\]}])*)")
_END = r"(?![\w.+*#-])"

QUEUE = ("queues.conf", "queue")
ENDPOINT = ("pjsip.conf", "endpoint")
BOX = ("voicemail.conf", "context")


@attrs.frozen
class Found:
    """A name in a text: from where to where it stands, what it shall become, what names it.

    `variable` is set where the text has `${variable}` instead of the name.
    """

    start: int
    end: int
    new: str
    what: str
    variable: str = ""


@attrs.frozen
class Names:
    """Names to look for, and what each shall become.

    Attributes:
        objects: by file and kind of section, old names and new ones.
        boxes: addresses of mailboxes such as `6000@default`.
    """

    objects: Mapping[tuple[str, str], Mapping[str, str]]
    boxes: Mapping[str, str] = attrs.field(factory=dict)

    @property
    def endpoints(self) -> Mapping[str, str]:
        """The names of endpoints."""
        return self.objects.get(ENDPOINT, {})

    def of(self, file: str, kind: str) -> Mapping[str, str]:
        """Return the names of one kind of section."""
        return self.objects.get((file, kind), {})

    # -- values of options --------------------------------------------------------------------

    def in_option(self, facts: schema.OptionFacts, value: str) -> Iterator[Found]:
        """Yield where the value of an option of a known file names something."""
        for reference in facts.references:
            form, by = reference.raw.get("form", ""), reference.raw.get("by", "")
            what = facts.name
            if form.startswith("PJSIP/"):
                yield from self._in_fields(facts, value)
            elif form == "box@context":
                yield from self._boxes(value, 0, len(value), ",", what)
            elif not form and not by:
                names = self.of(reference.file, reference.object)
                separator = "," if facts.type == "list" else ""
                for start, end in _items(value, 0, len(value), separator):
                    new = names.get(value[start:end])
                    if new is not None:
                        yield Found(start, end, new, what)

    def _in_fields(self, facts: schema.OptionFacts, value: str) -> Iterator[Found]:
        """Yield the devices in a line of fields; a field that is a name for people has none."""
        start = 0
        names = [field["name"] for field in facts.raw.get("fields", ())]
        for at, text in enumerate(fields_of(facts, value)):
            if at < len(names) and "interface" in names[at]:
                for one in self.devices(text, facts.name):
                    yield attrs.evolve(one, start=start + one.start, end=start + one.end)
            start += len(text) + 1

    def _boxes(self, text: str, start: int, end: int, separator: str, what: str) -> Iterator[Found]:
        for a, b in _items(text, start, end, separator):
            word = text[a:b]
            bare = "@" not in word
            new = self.boxes.get(f"{word}@default" if bare else word)
            if new is not None:
                yield Found(a, b, new.removesuffix("@default") if bare else new, what)

    # -- texts of the dialplan ----------------------------------------------------------------

    def in_text(self, text: str) -> list[Found]:
        """Return where a text of the dialplan names something, in order, each place once."""
        found = [*self.devices(text, "device"), *self._states(text), *self._calls(text)]
        unique = {(one.start, one.end): one for one in reversed(found)}
        return [unique[place] for place in sorted(unique)]

    def devices(self, text: str, what: str) -> Iterator[Found]:
        """Yield where `PJSIP/name`, `PJSIP/name/number` or `PJSIP/number@name` stands."""
        for match in _DEVICE.finditer(text) if self.endpoints else ():
            start = match.start(1)
            resource = match[1]
            name = resource.partition("/")[0]
            if "@" in name:
                start += name.rindex("@") + 1
                name = name[name.rindex("@") + 1 :]
            yield from self._named(text, start, start + len(name), self.endpoints, what)

    def _states(self, text: str) -> Iterator[Found]:
        """Yield the devices `Queue:name` and `MWI:box@context`, which hints can watch."""
        for old, new in self.of(*QUEUE).items():
            for match in re.finditer(rf"(?i:\bQueue):({re.escape(old)})(?=_|{_END})", text):
                yield Found(match.start(1), match.end(1), new, "device")
        for old, new in self.boxes.items():
            for match in re.finditer(rf"(?i:\bMWI):({re.escape(old)}){_END}", text):
                yield Found(match.start(1), match.end(1), new, "device")

    def _calls(self, text: str) -> Iterator[Found]:
        """Yield the arguments of applications and functions that name something."""
        for match in _CALL.finditer(text):
            known = _arguments().get(fold(match[1]), ())
            spans = list(_split(text, match.end())) if known else []
            for index, reference, separator in known:
                if index >= len(spans):
                    continue
                start, end = spans[index]
                if reference.get("form") == "box@context":
                    yield from self._boxes(text, start, end, "&", match[1])
                    for a, b in _items(text, start, end, "&") if self.boxes else ():
                        yield from self._variable(text, a, b, match[1])
                elif "form" not in reference:
                    names = self.of(reference["file"], reference.get("object", ""))
                    for a, b in _items(text, start, end, separator):
                        yield from self._named(text, a, b, names, match[1])

    def _named(
        self, text: str, start: int, end: int, names: Mapping[str, str], what: str
    ) -> Iterator[Found]:
        new = names.get(text[start:end])
        if new is not None:
            yield Found(start, end, new, what)
        elif names:
            yield from self._variable(text, start, end, what)

    @staticmethod
    def _variable(text: str, start: int, end: int, what: str) -> Iterator[Found]:
        variable = VARIABLE.match(text[start:end])
        if variable is not None:
            yield Found(start, end, "", what, variable[1])

    def whole(self, value: str) -> str | None:
        """Return what a text becomes that is one of the names and nothing else."""
        for names in (*self.objects.values(), self.boxes):
            if value in names:
                return names[value]
        return None

    def loose(self, text: str) -> Iterator[str]:
        """Yield which device texts with a variable in them could be one of the endpoints."""
        for match in _DEVICE.finditer(text):
            name = match[1].rpartition("@")[2].partition("/")[0]
            if "$" not in name:
                continue
            pattern = ".*".join(map(re.escape, re.split(r"\$\{[^{}]*\}", name)))
            if any(re.fullmatch(pattern, endpoint) for endpoint in self.endpoints):
                yield match[0]


def _items(text: str, start: int, end: int, separator: str) -> Iterator[tuple[int, int]]:
    """Yield where the items of a part of a text stand, without the blanks around them."""
    at = start
    for part in text[start:end].split(separator) if separator else [text[start:end]]:
        lead = len(part) - len(part.lstrip(" \t"))
        yield at + lead, at + lead + len(part.strip(" \t"))
        at += len(part) + len(separator)


def _split(text: str, start: int) -> Iterator[tuple[int, int]]:
    """Yield where the arguments of a call stand, up to its closing bracket."""
    depth, begin = 0, start
    for at in range(start, len(text)):
        char = text[at]
        if char in "([{":
            depth += 1
        elif char in ")]}":
            if not depth:
                yield begin, at
                return
            depth -= 1
        elif char == "," and not depth:
            yield begin, at
            begin = at + 1
    yield begin, len(text)


_Argument = tuple[int, Mapping[str, str], str]
"""An argument's index, what it names, and what separates its items."""


@cache
def _arguments() -> Mapping[str, tuple[_Argument, ...]]:
    """Return the arguments of applications and functions that name something, by their names."""
    found: dict[str, tuple[_Argument, ...]] = {}
    for calls in (schema.applications(), schema.functions()):
        for name, facts in calls.items():
            named = tuple(
                (index, reference, "&" if arg.get("argsep") == "&" else "")
                for index, arg in enumerate(facts.get("args", ()))
                for reference in arg.get("references", ())
                if "file" in reference
            )
            if named:
                found[fold(name)] = found.get(fold(name), ()) + named
    return found
