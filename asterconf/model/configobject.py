"""`ConfigObject`: any section that Asterisk documents, typed by the schema."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from difflib import get_close_matches
from typing import Any

import attrs

from asterconf import schema
from asterconf.diagnostic import Placed
from asterconf.errors import FieldError, ModelError, NotFoundError
from asterconf.model.options import Value, accept, default
from asterconf.model.options.section import says_nothing
from asterconf.model.values import Setting, settings
from asterconf.schema import ObjectFacts, OptionFacts, attribute_name
from asterconf.source import fold

__all__ = ["ConfigObject", "accepted"]

Options = Mapping[str, Any] | Iterable[tuple[str, Any]]


def _pairs(value: Options) -> tuple[tuple[str, Any], ...]:
    return tuple(value.items() if isinstance(value, Mapping) else value)


@attrs.frozen(repr=False)
class ConfigObject(Placed):
    """One section of a file, with the values that its reader makes of the lines.

    What the section says is in `options`; each option is an attribute, too, where a dash is an
    underscore: `queue.announce_frequency`. An option that is not said has the value that holds
    then, `None` if there is none. `name in obj` tells whether it is said: an empty value is said.

    An option of which every line counts is a tuple. `permit` and `deny` lines work in file order,
    so both together are `rules`; the lines of a dialplan context are `lines`.

    >>> lot = ConfigObject("res_parking.conf", "parking_lot", "sales", {"parkpos": (801, 820)})
    >>> lot.parkpos, lot.parkingtime
    ((801, 820), 45)
    >>> "parkingtime" in lot
    False
    """

    file: str
    """The file whose reader knows it, such as `pjsip.conf`."""
    kind: str
    """What the schema calls such a section, such as `transport`."""
    name: str = ""
    """The section's name."""
    options: tuple[tuple[str, Value], ...] = attrs.field(default=(), converter=_pairs)
    """What it says: names as files have them, values typed, in the schema's order. A mapping may
    be given, and a text for a value: it is read as the file would have it."""
    unknown: tuple[Setting, ...] = attrs.field(default=(), converter=settings)
    """The lines that the schema does not know, as they are written, in file order."""

    def __attrs_post_init__(self) -> None:
        kind, said = self.facts, {}
        for name, value in self.options:
            key, facts = self._key(name)
            if value is None:
                continue
            try:
                typed = accepted(key, facts, value)
            except ModelError as error:
                raise FieldError(self, name, str(error)) from None
            if not says_nothing(facts, typed):
                said[key] = typed
        object.__setattr__(self, "options", _ordered(kind, said))

    @classmethod
    def read(
        cls,
        facts: ObjectFacts,
        name: str,
        options: Mapping[str, Value],
        unknown: Iterable[tuple[str, str]] = (),
    ) -> ConfigObject:
        """Return the object of values that `options.section.collect` made; they are not checked."""
        made = object.__new__(cls)
        fields = (facts.file, facts.name, name, _ordered(facts, options))
        for field, value in zip(("file", "kind", "name", "options"), fields, strict=True):
            object.__setattr__(made, field, value)
        object.__setattr__(made, "unknown", tuple(Setting(*pair) for pair in unknown))
        return made

    def label_of(self) -> str:
        """Return what a message calls it."""
        return f"{self.kind} {self.name!r} of {self.file}"

    @property
    def facts(self) -> ObjectFacts:
        """What the schema knows about this kind of section.

        Raises:
            ModelError: there is no such kind of section.
        """
        known = schema.file(self.file)
        if known is None or self.kind not in known.objects:
            raise ModelError(f"there is no {self.kind!r} in {self.file!r}")
        return known.objects[self.kind]

    def _key(self, name: str) -> tuple[str, OptionFacts]:
        """Return the name under which an option is kept, from any of its names."""
        found = self.facts.key(name)
        if found is None:
            known = [attribute_name(o.name) for o in self.facts.options.values()]
            near = get_close_matches(name, known, 1)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise NotFoundError(f"{self.kind} of {self.file} has no option {name!r}{hint}")
        return found

    def __getitem__(self, name: str) -> Value | None:
        """Return what an option is: as said, or what holds without it."""
        key, facts = self._key(name)
        said = dict(self.options)
        if key in said:
            return said[key]
        if facts.group != facts.name:
            return default(facts) if facts.type == "codecs" else ()
        return default(facts) if facts.match == "name" else None

    def __contains__(self, name: object) -> bool:
        if not isinstance(name, str):
            return False
        try:
            key, _ = self._key(name)
        except NotFoundError:
            return any(fold(setting.name) == fold(name) for setting in self.unknown)
        return key in dict(self.options)

    def __iter__(self) -> Iterator[str]:
        return (name for name, _ in self.options)

    def __len__(self) -> int:
        return len(self.options)

    def __bool__(self) -> bool:
        return True

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - any Value
        if name.startswith("__"):
            raise AttributeError(name)
        try:
            return self[name]
        except NotFoundError as error:
            raise AttributeError(str(error)) from None

    def __dir__(self) -> list[str]:
        names = {attribute_name(o.group) for o in self.facts.options.values() if o.type != "noop"}
        names |= {attribute_name(name) for name, _ in self.options}
        return sorted((set(object.__dir__(self)) | names) - {""})

    def _ipython_key_completions_(self) -> list[str]:
        named = (o.group for o in self.facts.options.values() if o.match == "name")
        return sorted({*named, *self})

    def evolve(self, **changes: Any) -> ConfigObject:  # noqa: ANN401 - any Value
        """Return the object with other values; `None` takes an option away.

        Raises:
            ModelError: an option cannot have the value.
            NotFoundError: there is no such option.
        """
        options = dict(self.options) | {self._key(n)[0]: v for n, v in changes.items()}
        return attrs.evolve(self, options=options)

    def __repr__(self) -> str:
        shown = [repr(self.file), repr(self.kind), repr(self.name), repr(dict(self.options))]
        shown += [f"unknown={self.unknown!r}"] if self.unknown else []
        return f"ConfigObject({', '.join(shown)})"


def _ordered(kind: ObjectFacts, said: Mapping[str, Value]) -> tuple[tuple[str, Value], ...]:
    return tuple(sorted(said.items(), key=lambda item: kind.order(item[0])))


def accepted(key: str, facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return what a caller gives for an option or a group as it is kept."""
    if facts.group != facts.name and facts.type != "codecs" and facts.match == "name":
        return _lines(key, facts, value)
    if facts.repeat != "accumulate" or facts.type == "codecs":
        return accept(facts, value)
    several = facts.type in {"list", "acl"} or (facts.type == "name=value" and "sep" in facts.raw)
    if several:
        return accept(facts, value)
    items = value if isinstance(value, tuple | list) else (value,)
    return tuple(accept(facts, item) for item in items)


def _lines(key: str, facts: OptionFacts, value: Any) -> Value:  # noqa: ANN401 - any Value
    """Return the lines of a group, each `name=value`."""
    lines = settings(value)
    for line in lines if key.endswith("rules") else ():
        if line.name not in {"permit", "deny"}:
            raise ModelError(f"must be permit=NETWORK or deny=NETWORK, not {str(line)!r}")
        accept(facts, (line.value,))
    return lines
