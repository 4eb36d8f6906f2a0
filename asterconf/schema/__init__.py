"""What Asterisk knows: its files with their options, applications, functions, modules.

The facts of 22.10.1 are in `data/`, one JSON file per configuration file. Each is read when it is
first needed, and then kept. `data/overlay.json` has what is otherwise in other versions; `at`
gives the facts of one of them, and the functions of this module are those of the default one.
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Callable, Iterable, Mapping
from fnmatch import fnmatchcase
from functools import cache, cached_property
from typing import Any, Final

import attrs

from asterconf.errors import LoadError
from asterconf.schema.overlay import (
    DEFAULT,
    Repeat,
    Version,
    base_name,
    codecs_in_order,
    data,
    numbers,
    outside_reader,
    rows,
    source_of,
    versions,
)
from asterconf.secrets import is_secret, mark_secrets
from asterconf.shown import Shown
from asterconf.source import fold

__all__ = [
    "DEFAULT",
    "DEFAULT_SCHEMA",
    "LETTERS",
    "FileFacts",
    "ModuleFacts",
    "ObjectFacts",
    "OptionFacts",
    "ReferenceFacts",
    "Repeat",
    "Schema",
    "applications",
    "at",
    "attribute_name",
    "base_name",
    "codecs",
    "codecs_in_order",
    "file",
    "files",
    "functions",
    "gone_modules",
    "modules",
    "outside_reader",
    "readers",
    "removed",
    "source_of",
    "versions",
]

_NO_SECRETS = {("voicemail.conf", k) for k in ("aliases", "mailbox_options", "zonemessages")}
"""Kinds of section of voicemail.conf whose lines are not mailboxes."""

_BUILT_IN = frozenset((
    "acl", "ccss", "cdr", "cel", "dnsmgr", "dsp", "enum", "extconfig", "features", "http",
    "indications", "logger", "manager", "plc", "sounds", "udptl",
))  # fmt: skip
"""What is loaded as a module of a file, but is part of Asterisk itself; observed on 22.10.1."""

_OWN_NAMES = {"100rel": "rel100"}
"""Attribute names that the general rule does not give."""

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
    "schema",
}
"""Names that a `ConfigObject` has for itself."""


def attribute_name(option: str) -> str:
    """Return the name of the attribute that holds an option; empty if there can be none.

    A dash becomes an underscore. A keyword, a builtin, or a name that an object needs itself gets
    a trailing underscore: `format_`, `name_`. `100rel` becomes `rel100`.
    """
    name = _OWN_NAMES.get(option, re.sub(r"[-/.]", "_", option))
    if not name.isidentifier():
        return ""
    taken = keyword.iskeyword(name) or hasattr(builtins, name) or name in _TAKEN_NAMES
    return f"{name}_" if taken else name


@attrs.frozen(eq=False, repr=False)
class Schema(Version):
    """What one version of Asterisk knows.

    Attributes:
        asterisk: the version, as it was asked for.
        own: what users' schemas say about files that it does not describe, by their names.
    """

    own: Mapping[str, Mapping[str, Any]] = attrs.field(factory=dict, kw_only=True)

    def __repr__(self) -> str:
        more = f" with {', '.join(self.own)}" if self.own else ""
        return f"schema.at({self.asterisk!r}){more}"

    def __reduce__(self) -> tuple[Callable[[str, str], Schema], tuple[str, str]]:
        return _with_own, (self.asterisk, _as_text(self.own))

    def with_own(self, own: Mapping[str, Mapping[str, Any]]) -> Schema:
        """Return the same version with what users' schemas say; see `schema.own.extended`."""
        return _with_own(self.asterisk, _as_text(own))

    def in_version(self, asterisk: str) -> Schema:
        """Return another version with the same schemas of users.

        Raises:
            LoadError: that version is not known; the message names the nearest one that is.
        """
        return at(asterisk).with_own(self.own)

    # -- files --------------------------------------------------------------------------------

    @cache  # noqa: B019 - there are as many as there are versions
    def files(self) -> tuple[str, ...]:
        """Return the names of the configuration files that are described here, sorted."""
        from importlib.resources import files as resources

        ending = ".conf.json"
        names = (entry.name for entry in (resources(__name__) / "data").iterdir())
        every = (n.removesuffix(".json") for n in names if n.endswith(ending))
        known = (n for n in every if not self._series or self.file(n))
        return tuple(sorted((*known, *self.own)))

    def file(self, name: str) -> FileFacts | None:
        """Return what is known about the configuration file of that name; `None`: nothing.

        A folder before the name and `.sample` after it are ignored.
        """
        return self._file(base_name(name))

    @cache  # noqa: B019
    def _file(self, name: str) -> FileFacts | None:
        if not name.endswith(".conf") or "\0" in name or not name.isascii():
            return None
        try:
            raw = self.own.get(name) or data(name)
        except OSError:
            return None
        if name in self.own or not self._series:
            return FileFacts.read(raw, self)
        kinds = {kind: self._kind(name, kind, facts) for kind, facts in raw["objects"].items()}
        objects = {kind: facts for kind, facts in kinds.items() if facts is not None}
        loader = "plain" if self._removed_later(raw.get("removed_in")) else raw["loader"]
        if not objects or self._value("reader", f"{name}/*") is False:
            objects, loader = raw["objects"], "removed"
        return FileFacts.read({**raw, "objects": objects, "loader": loader}, self)

    # -- the dialplan -------------------------------------------------------------------------

    @cache  # noqa: B019
    def applications(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the facts about every dialplan application, by name."""
        found = self._calls("application", data("applications")["applications"])
        if self.own:
            more = {n: a for one in self.own.values() for n, a in one["applications"].items()}
            found = {**more, **found}
        if not self._series:
            return found
        for name in found:
            described = self._arguments(name, found[name]["args"])
            found[name] = {**found[name], "args": [self._letters(name, one) for one in described]}
        return found

    @cache  # noqa: B019
    def functions(self) -> Mapping[str, Mapping[str, Any]]:
        """Return the facts about every dialplan function, by name."""
        found = self._calls("function", data("functions")["functions"])
        more = {n: a for one in self.own.values() for n, a in one["functions"].items()}
        return {**more, **found} if more else found

    @property
    def own_calls(self) -> frozenset[str]:
        """The applications that users' schemas describe, in lower case."""
        return frozenset(fold(name) for one in self.own.values() for name in one["applications"])

    def codecs(self) -> frozenset[str]:
        """Return the names of the codecs that Asterisk itself knows.

        Source: main/codec_builtin.c; observed with `core show codecs`.
        """
        return _codecs()

    # -- modules ------------------------------------------------------------------------------

    @cache  # noqa: B019
    def modules(self) -> Mapping[str, ModuleFacts]:
        """Return every module of Asterisk, by name.

        Source: AST_MODULE_INFO and the names of files in each module's source.
        """
        raws = {**data("modules")["modules"]}
        if self._series:
            raws |= {n: row for n, row in rows("module").items() if row["values"][self._column]}
        found = {
            name: ModuleFacts(name, tuple(raw.get("requires", ())), self._reads(name, raw))
            for name, raw in raws.items()
        }
        for file, own in self.own.items():
            for name in (n for n in own["modules"] if n not in raws):
                reads = found[name].reads if name in found else ()
                found[name] = ModuleFacts(name, (), (*reads, file))
        return found

    @cache  # noqa: B019
    def gone_modules(self) -> frozenset[str]:
        """Return the modules of Asterisk 1.4 or later that this version certainly has not.

        Those that live on outside Asterisk, such as app_rpt, are not among them.
        """
        gone = frozenset(data("modules")["gone"])
        if not self._series:
            return gone
        known = gone if self._value("gone", "*") else frozenset(rows("module"))
        return known - self.modules().keys()

    @property
    def engines(self) -> set[str]:
        """The databases that extconfig.conf can name."""
        marked = "res_config_"
        return {name.removeprefix(marked) for name in self.modules() if name.startswith(marked)}

    def known_modules(self) -> frozenset[str]:
        """Return the modules that some version of Asterisk has, or had: others are not its own."""
        gone = data("modules")["gone"]
        return frozenset((*self.modules(), *rows("module"), *gone)) | _BUILT_IN

    def readers(self, name: str) -> tuple[str, ...]:
        """Return the modules that read the configuration file of that name, sorted.

        Asterisk itself is `core`.
        """
        base = base_name(name)
        found = {m.name for m in self.modules().values() if base in m.reads}
        facts = self.file(base)
        if facts is not None and facts.loader != "removed":
            parts = (*facts.modules, *(k.module for k in facts.objects.values()))
            found.update(m if m in self.modules() else "core" for m in parts if m)
        return tuple(sorted(found))

    def removed(self, name: str) -> tuple[str, str] | None:
        """Return the removed module that read a file, and the version that removed it.

        `None` if there is none.
        """
        raw = data("modules")["removed"].get(base_name(name))
        return (raw["module"], raw["in"]) if raw and not self._removed_later(raw["in"]) else None


@attrs.frozen
class ReferenceFacts:
    """What the value of an option refers to.

    Attributes:
        file: the file of the section; empty: not a section.
        object: the kind of that section.
        raw: every fact, as the data files have them, such as `form`, `by` and `checked_at_load`.
    """

    file: str
    object: str
    raw: Mapping[str, Any] = attrs.field(repr=False, hash=False)


@attrs.frozen
class OptionFacts(Shown):
    """One option of one kind of section.

    Attributes:
        file: the file that it belongs to.
        object: the kind of section there.
        name: as the data files have it; for a `match` the prefix, the expression, or `*`.
        type: the kind of value, such as `bool` or `codecs`.
        default: the default value, as it would be written; `None` if there is none.
        repeat: which of several lines with its name Asterisk uses.
        aliases: other names for it, including deprecated ones.
        match: how names are recognised: by `name`, `prefix`, `regex`, or `any_name`.
        references: what a value may refer to.
        raw: every fact, as the data files have them.
        schema: the facts that it is part of.
        secret: whether its value is masked where a person looks.
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
    schema: Schema = attrs.field(repr=False)
    secret: bool = False

    @classmethod
    def read(
        cls, file: str, kind: str, name: str, raw: Mapping[str, Any], schema: Schema
    ) -> OptionFacts:
        """Return the option that an entry of a data file describes."""
        repeat: Repeat = schema.retrieves if raw["repeat"] == "retrieve" else raw["repeat"]
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
        named = any(is_secret(file, kind, one) for one in (name, *aliases))
        secret = named and not number and (file, kind) not in _NO_SECRETS
        return cls(
            file,
            kind,
            name,
            type_,
            default,
            repeat,
            aliases,
            match,
            references,
            raw,
            schema,
            secret,
        )

    def for_name(self, name: str) -> OptionFacts:
        """Return the facts of an option with open names for one of these; a secret is text."""
        if self.secret or not is_secret("", "", name):
            return self
        return attrs.evolve(self, secret=True, type="string")

    @property
    def group(self) -> str:
        """The key of the option in an object: its name, or the name of a group of options.

        `permit` and `deny` are `rules`, `disallow` is part of `allow`, and all lines of a
        dialplan context are `lines`.
        """
        if self.type == "codecs" and self.name == "disallow":
            return "allow"
        if self.type == "acl" and (found := re.fullmatch(r"(.*)(permit|deny)", self.name)):
            return f"{found[1]}rules"
        return "lines" if (self.file, self.object) == ("extensions.conf", "context") else self.name

    def covers(self, name: str) -> bool:
        """Tell whether a line of that name sets this option."""
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
        file: the file that it belongs to.
        name: what the data files call it.
        module: the module that uses it, if it is not simply the file's.
        section: how such a section is recognised.
        options: by their names in the data files.
        raw: every other fact, as the data files have them.
        schema: the facts that it is part of.
    """

    file: str
    name: str
    module: str
    section: Mapping[str, Any] = attrs.field(repr=False)
    options: Mapping[str, OptionFacts] = attrs.field(repr=False)
    raw: Mapping[str, Any] = attrs.field(repr=False)
    schema: Schema = attrs.field(repr=False)
    _named: dict[str, OptionFacts] = attrs.field(repr=False, init=False, factory=dict)
    _attributes: dict[str, OptionFacts] = attrs.field(repr=False, init=False, factory=dict)
    _order: dict[str, tuple[int, ...]] = attrs.field(repr=False, init=False, factory=dict)
    _options: dict[str, OptionFacts] = attrs.field(repr=False, init=False, factory=dict)
    _keys: dict[str, tuple[str, OptionFacts]] = attrs.field(repr=False, init=False, factory=dict)

    def __attrs_post_init__(self) -> None:
        plain = [o for o in self.options.values() if o.match == "name"]
        self._named.update((fold(alias), o) for o in plain for alias in o.aliases)
        self._named.update((fold(o.name), o) for o in plain)

    @classmethod
    def read(cls, file: str, name: str, raw: Mapping[str, Any], schema: Schema) -> ObjectFacts:
        """Return the kind of section that an entry of a data file describes."""
        options = {n: OptionFacts.read(file, name, n, o, schema) for n, o in raw["options"].items()}
        return cls(file, name, raw.get("module", ""), raw["section"], options, raw, schema)

    @property
    def type_word(self) -> str | None:
        """The value of `type` that marks such a section; `None` if it has another mark."""
        return str(self.section["value"]) if self.section["by"] == "type" else None

    @property
    def type_repeat(self) -> Repeat:
        """Which of several lines `type` tells the kind of a section."""
        facts = self._named.get("type")
        return facts.repeat if facts is not None else "first"

    def is_discriminator(self, facts: OptionFacts) -> bool:
        """Tell whether an option only marks the kind of section."""
        return facts.type == "noop" or (facts.name == "type" and self.section["by"] == "type")

    def option(self, name: str) -> OptionFacts | None:
        """Return the option that a line of that name sets; `None` if there is none.

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
        """Return the option with open names, such as a prefix, that covers this name."""
        return next(
            (o for o in self.options.values() if o.match != "name" and o.covers(name)), None
        )

    def _passed_to(self, prefixed: OptionFacts) -> ObjectFacts | None:
        """Return the kind of section that has the options behind a prefix."""
        (target,) = prefixed.references
        facts = self.schema.file(target.file)
        return facts.objects.get(target.object) if facts else None

    def line_key(self, name: str) -> tuple[str, OptionFacts] | None:
        """Return the key of an object for a line of that name, and the option that it sets.

        The key is the option's own name or its group, after the prefix of the wizard.
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
        return (facts.group, facts) if facts.match == "name" else (name, facts.for_name(name))

    def key(self, name: str) -> tuple[str, OptionFacts] | None:
        """Return the same as `line_key`, also for names of attributes and groups."""
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
        """Return a sort key for the key of an option: the order of the data files."""
        if not self._order:
            for facts in self.options.values():
                self._order.setdefault(facts.group, (len(self._order),))
        if key in self._order:
            return self._order[key]
        prefix, _, rest = key.partition("/")
        passing = self.options.get(f"{prefix}/*")
        passed_to = self._passed_to(passing) if passing and passing.type == "prefixed" else None
        if passing is None or passed_to is None:
            return (len(self.options),)
        found = self._order[passing.name] + passed_to.order(rest)
        if found[-1] < len(passed_to.options):
            self._order[key] = found
        return found


@attrs.frozen(eq=False)
class FileFacts(Shown):
    """One configuration file.

    Attributes:
        name: such as `queues.conf`.
        loader: how it is read: `sorcery`, `aco`, `wizard`, `plain`, or `removed`.
        modules: the modules that read it; `core` is Asterisk itself.
        objects: the kinds of section, by name.
        raw: every other fact, as the data files have them.
        schema: the facts that it is part of.
    """

    name: str
    loader: str
    modules: tuple[str, ...]
    objects: Mapping[str, ObjectFacts] = attrs.field(repr=False)
    raw: Mapping[str, Any] = attrs.field(repr=False)
    schema: Schema = attrs.field(repr=False)

    @classmethod
    def read(cls, raw: Mapping[str, Any], schema: Schema) -> FileFacts:
        """Return the file that a data file describes."""
        name = raw["file"]
        objects = {n: ObjectFacts.read(name, n, o, schema) for n, o in raw["objects"].items()}
        return cls(name, raw["loader"], tuple(raw.get("modules", ())), objects, raw, schema)

    @property
    def any_first(self) -> bool:
        """Whether Asterisk uses the first of several lines for some option of the file."""
        return any(o.repeat == "first" for k in self.objects.values() for o in k.options.values())

    @cached_property
    def kinds_by_setting(self) -> tuple[ObjectFacts, ...]:
        """The kinds of section whose name is set by an option of another section."""
        return tuple(kind for kind in self.objects.values() if kind.section["by"] == "name_of")

    def object_of(
        self,
        section: str,
        items: Iterable[tuple[str, str]],
        settings: Callable[[str, str], str | None] = lambda _section, _option: None,
    ) -> ObjectFacts | None:
        """Return the kind of a section, by its name and the names and values in it.

        Args:
            section: the name of the section.
            items: its names and values.
            settings: returns the value of an option (name of the section, name of the option) of
                another section. In voicemail.conf one tells which section holds the aliases.
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
        if rule["by"] == "pattern":
            return fnmatchcase(name, fold(rule["pattern"]))
        if rule["by"] == "any":
            pattern = rule.get("not_pattern")
            return pattern is None or re.search(pattern, section, re.ASCII) is None
        if rule["by"] != "type":
            return False
        if self.loader == "wizard":  # names and values exactly; any of the lines will do
            return ("type", rule["value"]) in pairs
        words = [v for n, v in pairs if fold(n) == "type"]
        value = words[-1 if kind.type_repeat == "last" else 0] if words else None
        if value is None:
            named = "or_name" in rule and name == fold(rule["or_name"])
            return named and all(kind.option(n) or n.startswith("@") for n, _ in pairs)
        if rule.get("value_case_sensitive", True):
            return bool(value == rule["value"])
        return fold(value) == fold(rule["value"])


@attrs.frozen
class ModuleFacts(Shown):
    """One loadable module of Asterisk; `core` is Asterisk itself.

    Attributes:
        name: without `.so`.
        requires: the loadable modules that it needs to start.
        reads: the configuration files that its source opens by name.
    """

    name: str
    requires: tuple[str, ...]
    reads: tuple[str, ...]


# -- versions -------------------------------------------------------------------------------------


def _as_text(own: Mapping[str, Mapping[str, Any]]) -> str:
    import json

    return json.dumps(own) if own else ""


@cache
def _with_own(asterisk: str, own: str) -> Schema:
    """Return a version with what users' schemas say, the same object for the same words."""
    import json

    if not own:
        return at(asterisk)
    described = json.loads(own)
    kinds = (kind for one in described.values() for kind in one["objects"].values())
    options = (item for kind in kinds for item in kind["options"].items())
    mark_secrets({name for name, facts in options if facts.get("secret")})
    return attrs.evolve(at(asterisk), own=described)


@cache
def at(asterisk: str) -> Schema:
    """Return what a version of Asterisk knows.

    Args:
        asterisk: a series, such as `"20"`, which stands for its newest release that is known; or
            one of its releases, such as `"20.7"`.

    Raises:
        LoadError: that version is not known; the message names the nearest one that is.
    """
    if asterisk == DEFAULT:
        return Schema(DEFAULT, 0, 0, 0)
    known = {name: numbers(release) for name, release in versions().items()}
    names = list(known)
    if asterisk in known:
        return Schema(asterisk, names.index(asterisk), int(asterisk.partition(".")[0]), None)
    digits = re.fullmatch(r"(\d{1,4})(\.\d{1,4}){0,2}", asterisk, re.ASCII)
    wanted = numbers(asterisk) if digits else (0, 0)
    for name, newest in known.items():
        if wanted[0] == newest[0] and wanted <= newest:
            return Schema(asterisk, names.index(name), *wanted)
    series = min(known, key=lambda name: abs(known[name][0] - wanted[0]))
    near = max((n for n in known if known[n][0] == known[series][0]), key=lambda n: known[n])
    near = near if digits else DEFAULT
    raise LoadError(
        f"Asterisk {asterisk!r} is not known; the nearest is {near!r}, and {', '.join(known)} are"
    )


@cache
def _codecs() -> frozenset[str]:
    return frozenset(data("codecs")["codecs"])


DEFAULT_SCHEMA = at(DEFAULT)
applications = DEFAULT_SCHEMA.applications
codecs = DEFAULT_SCHEMA.codecs
file = DEFAULT_SCHEMA.file
files = DEFAULT_SCHEMA.files
functions = DEFAULT_SCHEMA.functions
gone_modules = DEFAULT_SCHEMA.gone_modules
modules = DEFAULT_SCHEMA.modules
readers = DEFAULT_SCHEMA.readers
removed = DEFAULT_SCHEMA.removed


LETTERS: Final[Mapping[str, Mapping[str, str]]] = {
    "dial": {"F": "goto^", "G": "goto^", "b": "gosub^", "B": "gosub^", "U": "sub^", "m": "class"},
    "queue": {"F": "goto^", "b": "gosub^", "B": "gosub^", "m": "class"},
    "page": {"b": "gosub^", "B": "gosub^"},
    "park": {"c": "goto,"},
    "waitexten": {"m": "class"},
}
"""By application, in small letters, and option letter: what is named, and how its text is cut.

`goto` is a place, `gosub` a place with arguments in brackets, `sub` a context that is run from
`s`, priority 1; the character behind separates context, extension and priority, and where it is
`^`, so does a comma. `class` is a class of music.
"""
