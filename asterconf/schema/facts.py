"""What Asterisk's readers know about one file: its kinds of section and their options."""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import Any, Literal

import attrs

from asterconf.schema.secrets import is_secret
from asterconf.shown import Shown
from asterconf.source import fold

__all__ = [
    "FileFacts",
    "ObjectFacts",
    "OptionFacts",
    "ReferenceFacts",
    "Repeat",
    "attribute_name",
]

Repeat = Literal["first", "last", "accumulate"]
"""Which of several lines of one name the reader uses: the first, the last, or every one."""

_NO_SECRETS = {"aliases", "mailbox_options", "zonemessages"}
"""Kinds of sections of voicemail.conf whose lines are no mailboxes."""

_OWN_NAMES = {"100rel": "rel100"}
"""Options whose names no rule makes into a Python name."""

_TAKEN_NAMES = {
    "file",
    "kind",
    "name",
    "options",
    "unknown",
    "evolve",
    "get",
    "keys",
    "items",
    "facts",
    "label_of",
}
"""What a `ConfigObject` itself is called by."""

Lookup = Callable[[str, str], "ObjectFacts | None"]


def attribute_name(option: str) -> str:
    """Return the attribute under which an object has an option.

    A dash is an underscore; a keyword, a builtin, or a name that an object needs itself gets a
    trailing underscore: `format_`, `name_`, and `100rel` is `rel100`. Empty: there is none.
    """
    name = _OWN_NAMES.get(option, re.sub(r"[-/.]", "_", option))
    if not name.isidentifier():
        return ""
    taken = keyword.iskeyword(name) or hasattr(builtins, name) or name in _TAKEN_NAMES
    return f"{name}_" if taken else name


@attrs.frozen
class ReferenceFacts:
    """What the value of an option names: a section of kind `object` in `file`, if not empty.

    `raw` holds the rest as the data files have it, such as `form`, `by` and `checked_at_load`.
    """

    file: str
    object: str
    raw: Mapping[str, Any] = attrs.field(repr=False, hash=False)


@attrs.frozen
class OptionFacts(Shown):
    """One option of one kind of section.

    Attributes:
        file: the file whose reader knows it.
        object: the kind of section there.
        name: as the data files have it; for a `match` the prefix, the expression, or `*`.
        type: the kind of value, such as `bool` or `codecs`.
        default: what holds without a line, as it would be written; `None` if there is nothing.
        repeat: which of several lines the reader uses.
        aliases: other names for it, those out of use included.
        match: how names are recognised: by `name`, `prefix`, `regex`, or `any_name`.
        references: what a value may name.
        raw: every fact, as the data files have them.
        secret: whether a person should not see its value.
    """

    file: str
    object: str
    name: str
    type: str
    default: str | None
    repeat: Repeat
    aliases: tuple[str, ...]
    match: str
    references: tuple[ReferenceFacts, ...]
    raw: Mapping[str, Any] = attrs.field(repr=False, hash=False)
    secret: bool = False

    @classmethod
    def read(cls, file: str, kind: str, name: str, raw: Mapping[str, Any]) -> OptionFacts:
        """Make the option of its entry in a data file."""
        repeat: Repeat = raw["repeat"]
        if raw.get("duplicate_name", "").startswith("first_wins"):
            repeat = "first"  # every line adds an item, but of one name the first stays
        references = tuple(
            ReferenceFacts(r.get("file", ""), r.get("object", ""), r)
            for r in raw.get("references", ())
        )
        aliases = (*raw.get("aliases", ()), *raw.get("aliases_deprecated", ()))
        match = raw.get("match", "name")
        default, type_ = raw["default"], raw["type"]
        number = type_.startswith(("bool", "int", "uint"))
        secret = is_secret(file, kind, name) and not number and kind not in _NO_SECRETS
        return cls(
            file, kind, name, type_, default, repeat, aliases, match, references, raw, secret
        )

    @property
    def group(self) -> str:
        """What an object has the option under: its name, or one for several in file order.

        `permit` and `deny` are `rules`, `disallow` is part of `allow`, and all lines of a
        dialplan context are `lines`.
        """
        if self.type == "codecs" and self.name == "disallow":
            return "allow"
        if self.type == "acl" and (found := re.fullmatch(r"(.*)(permit|deny)", self.name)):
            return f"{found[1]}rules"
        return "lines" if (self.file, self.object) == ("extensions.conf", "context") else self.name

    def covers(self, name: str) -> bool:
        """Tell whether a line of that name is this option."""
        if self.match == "any_name":
            return fold(name) not in map(fold, self.raw.get("not_names", ()))
        if self.match == "regex":
            return re.search(self.name, name, re.ASCII) is not None
        if self.match == "prefix":
            prefix = self.name.removesuffix("*")
            if not self.raw.get("prefix_case_sensitive"):
                prefix, name = fold(prefix), fold(name)
            return name.startswith(prefix)
        if self.raw.get("name_case_sensitive"):
            return name == self.name
        return fold(name) in map(fold, (self.name, *self.aliases))


@attrs.frozen(eq=False)
class ObjectFacts(Shown):
    """One kind of section of a file, such as `endpoint` of pjsip.conf.

    Attributes:
        file: the file in which it stands.
        name: what the data files call it.
        module: the module that makes something of it, where it is not just the file's.
        section: by what such a section is recognised.
        options: by their names in the data files.
        raw: every other fact, as the data files have them.
    """

    file: str
    name: str
    module: str
    section: Mapping[str, Any] = attrs.field(repr=False)
    options: Mapping[str, OptionFacts] = attrs.field(repr=False)
    raw: Mapping[str, Any] = attrs.field(repr=False)
    _lookup: Lookup = attrs.field(repr=False)
    _named: dict[str, OptionFacts] = attrs.field(repr=False, init=False, factory=dict)
    _attributes: dict[str, OptionFacts] = attrs.field(repr=False, init=False, factory=dict)
    _order: dict[str, int] = attrs.field(repr=False, init=False, factory=dict)
    _options: dict[str, OptionFacts] = attrs.field(repr=False, init=False, factory=dict)
    _keys: dict[str, tuple[str, OptionFacts]] = attrs.field(repr=False, init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        plain = [o for o in self.options.values() if o.match == "name"]
        self._named.update((fold(alias), o) for o in plain for alias in o.aliases)
        self._named.update((fold(o.name), o) for o in plain)

    @classmethod
    def read(cls, file: str, name: str, raw: Mapping[str, Any], lookup: Lookup) -> ObjectFacts:
        """Make the kind of its entry in a data file."""
        options = {n: OptionFacts.read(file, name, n, o) for n, o in raw["options"].items()}
        return cls(file, name, raw.get("module", ""), raw["section"], options, raw, lookup)

    @property
    def type_word(self) -> str | None:
        """The value of `type` by which such a section is known; `None`: by something else."""
        return str(self.section["value"]) if self.section["by"] == "type" else None

    def is_discriminator(self, facts: OptionFacts) -> bool:
        """Tell whether an option only says what kind of section this is."""
        return facts.type == "noop" or (facts.name == "type" and self.section["by"] == "type")

    def option(self, name: str) -> OptionFacts | None:
        """Return what is known about a line of that name; `None`: no such option.

        `endpoint/allow` of pjsip_wizard.conf is the option `allow` of an endpoint of pjsip.conf.
        """
        if name in self._options:
            return self._options[name]
        found = self._option(name)
        if found is not None and found.match == "name":
            self._options[name] = found
        return found

    def _option(self, name: str) -> OptionFacts | None:
        exact = self._named.get(fold(name))
        if exact is not None:
            return exact if exact.covers(name) else None
        found = self._open(name)
        if found is None or found.type != "prefixed":
            return found
        passed_to = self._passed_to(found)
        return passed_to.option(name[len(found.name) - 1 :]) if passed_to else None

    def _open(self, name: str) -> OptionFacts | None:
        """Return the option that takes more than one name, if it takes this one."""
        return next(
            (o for o in self.options.values() if o.match != "name" and o.covers(name)), None
        )

    def _passed_to(self, prefixed: OptionFacts) -> ObjectFacts | None:
        """Return the kind of object that what stands behind a prefix is an option of."""
        (target,) = prefixed.references
        return self._lookup(target.file, target.object)

    def line_key(self, name: str) -> tuple[str, OptionFacts] | None:
        """Return the name under which an object has what a line says, and what is known of it.

        That is the option's own name or its group, behind the prefix of the wizard.
        """
        if name in self._keys:
            return self._keys[name]
        found = self._line_key(name)
        if found is not None and found[1].match == "name":
            self._keys[name] = found
        return found

    def _line_key(self, name: str) -> tuple[str, OptionFacts] | None:
        facts = self._named.get(fold(name)) or self._open(name)
        if facts is None or not facts.covers(name):
            return None
        if facts.type == "prefixed":
            prefix, passed_to = facts.name.removesuffix("*"), self._passed_to(facts)
            found = passed_to.line_key(name[len(prefix) :]) if passed_to else None
            return (prefix + found[0], found[1]) if found else None
        return (facts.group if facts.match == "name" else name), facts

    def key(self, name: str) -> tuple[str, OptionFacts] | None:
        """Return the same for any name that an object's option goes by: attributes and groups."""
        found = self.line_key(name)
        if found is not None:
            return found
        prefix, slash, rest = name.partition("/")
        if slash:
            passing = self.options.get(f"{prefix}/*")
            passed_to = self._passed_to(passing) if passing else None
            found = passed_to.key(rest) if passed_to else None
            return (f"{prefix}/{found[0]}", found[1]) if found else None
        if not self._attributes:
            plain = [o for o in self.options.values() if o.match == "name"]
            self._attributes.update((attribute_name(o.name), o) for o in plain)
            self._attributes.update((o.group, o) for o in plain)
        facts = self._attributes.get(name)
        return (facts.group, facts) if facts else None

    def order(self, key: str) -> tuple[int, ...]:
        """Return the place of an option among the others, from its name in an object."""
        if not self._order:
            for facts in self.options.values():
                self._order.setdefault(facts.group, len(self._order))
        if key in self._order:
            return (self._order[key],)
        prefix, _, rest = key.partition("/")
        passing = self.options.get(f"{prefix}/*")
        passed_to = self._passed_to(passing) if passing and passing.type == "prefixed" else None
        if passing is None or passed_to is None:
            return (len(self._order),)
        return self._order[passing.name], *passed_to.order(rest)


@attrs.frozen(eq=False)
class FileFacts(Shown):
    """One configuration file.

    Attributes:
        name: such as `queues.conf`.
        loader: how it is read: `sorcery`, `aco`, `wizard`, `plain`, or `removed`.
        modules: the modules that read it; `core` is Asterisk itself.
        objects: the kinds of section, by name.
        raw: every other fact, as the data files have them.
    """

    name: str
    loader: str
    modules: tuple[str, ...]
    objects: Mapping[str, ObjectFacts] = attrs.field(repr=False)
    raw: Mapping[str, Any] = attrs.field(repr=False)

    @classmethod
    def read(cls, raw: Mapping[str, Any], lookup: Lookup) -> FileFacts:
        """Make the file of its data file."""
        name = raw["file"]
        objects = {n: ObjectFacts.read(name, n, o, lookup) for n, o in raw["objects"].items()}
        return cls(name, raw["loader"], tuple(raw.get("modules", ())), objects, raw)

    @property
    def any_first(self) -> bool:
        """Whether some option of the file counts by its first line."""
        return any(o.repeat == "first" for k in self.objects.values() for o in k.options.values())

    @cached_property
    def kinds_by_setting(self) -> tuple[ObjectFacts, ...]:
        """The kinds of section that go by a name which another section tells."""
        return tuple(kind for kind in self.objects.values() if kind.section["by"] == "name_of")

    def object_of(
        self,
        section: str,
        items: Iterable[tuple[str, str]],
        settings: Callable[[str, str], str | None] = lambda _section, _option: None,
    ) -> ObjectFacts | None:
        """Return the kind of a section, by its name and the names and values in it.

        `settings` supplies the value of an option of another section: in voicemail.conf it says
        which section holds the aliases.
        """
        pairs = list(items)
        special = {
            fold(value): kind
            for kind in self.kinds_by_setting
            if (value := settings(*kind.section["name"].split(".", 1)))
        }
        if fold(section) in special:
            return special[fold(section)]
        return next((k for k in self.objects.values() if self._is(k, section, pairs)), None)

    def _is(self, kind: ObjectFacts, section: str, pairs: list[tuple[str, str]]) -> bool:
        rule = kind.section
        name = fold(section)
        if rule["by"] == "name":
            return name == fold(rule["name"])
        if name in map(fold, rule.get("not_names", ())):
            return False
        if rule["by"] == "any":
            pattern = rule.get("not_pattern")
            return pattern is None or re.search(pattern, section, re.ASCII) is None
        if rule["by"] != "type":
            return False
        if self.loader == "wizard":  # names and values exactly; any of the lines will do
            return ("type", rule["value"]) in pairs
        value = next((v for n, v in pairs if fold(n) == "type"), None)
        if value is None:
            named = "or_name" in rule and name == fold(rule["or_name"])
            return named and all(kind.option(n) or n.startswith("@") for n, _ in pairs)
        if rule.get("value_case_sensitive", True):
            return bool(value == rule["value"])
        return fold(value) == fold(rule["value"])
