"""Schemas that users bring for files that Asterisk's own modules do not read, such as rpt.conf.

Such a file is TOML or JSON in the shape of `data/`, with fewer words; docs/own-files.md has
them all. It only adds: it describes no file that is described already, and what is a secret is
still known by its name.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any, NoReturn

import attrs

from asterconf.errors import LoadError
from asterconf.schema import Schema, at, outside_reader, versions
from asterconf.secrets import is_secret
from asterconf.source import fold, printable

__all__ = ["TYPES", "extended", "read_schema"]

_MAX_BYTES = 2**20
_TEXTS = frozenset(
    (
        "address", "address_or_host", "address_port", "dir", "dtmf", "file", "host_port", "mac",
        "module", "name", "sound", "string", "url",
    )
)  # fmt: skip
"""Types whose values are texts of which nothing is checked."""

TYPES = _TEXTS | {
    "acl", "bool", "callerid", "codecs", "double", "enum", "fields", "groups", "int", "int_atoi",
    "int_scan", "ip_port", "list", "sip_uri", "sockaddr", "tos", "uint",
}  # fmt: skip
"""The types that an option of a user's schema may have."""

_NUMBERS = {"double", "int", "int_atoi", "int_scan", "uint"}
_ALWAYS_ALL = {"acl", "codecs"}
_ON_BAD = ("clamp", "ignore_value", "reject_object", "use_default")
_UNKNOWN = ("accepted", "ignored", "reject_file", "reject_object")
_FILE = ("applications", "file", "functions", "modules", "objects", "reload")
_KIND = ("options", "section", "unknown_option")
_OPTION = (
    "aliases", "case_sensitive", "default", "deprecated", "fields", "match", "on_bad", "range",
    "references", "repeat", "required", "secret", "sep", "type", "unit", "values",
)  # fmt: skip
_RULES = {"any": "not_names", "name": "name", "pattern": "pattern", "type": "value"}
"""How a kind of section is recognised, each with the key that goes with it."""


@attrs.frozen
class _Part:
    """A value of a schema, and where it stands: `objects.node.options.duplex`."""

    source: str
    path: tuple[str, ...]
    value: Any

    def fail(self, wanted: str, shown: str = "") -> NoReturn:
        """Say what was expected.

        Raises:
            LoadError: always.
        """
        value = repr(self.value) if isinstance(self.value, str | int | float) else ""
        kinds: dict[type, str] = {dict: "a table", list: "a list", bool: str(self.value).lower()}
        said = shown or f", not {kinds.get(type(self.value), value[:60] or 'that')}"
        where = ".".join(self.path)
        raise LoadError(printable(f"{self.source}: {where + ': ' if where else ''}{wanted}{said}"))

    def part(self, key: str, default: Any = None) -> _Part:  # noqa: ANN401 - JSON
        """Return the value of a key; `default` if there is none."""
        return _Part(self.source, (*self.path, key), self.value.get(key, default))

    def has(self, key: str) -> bool:
        return key in self.value

    def table(self, known: Collection[str] = ()) -> Iterator[_Part]:
        """Yield the values of a table with these keys, or with any."""
        if not isinstance(self.value, dict):
            self.fail("must be a table")
        for key in self.value:
            if known and key not in known:
                one = _Part(self.source, (*self.path, key), None)
                one.fail(f"is not a key here; there are {', '.join(sorted(known))}", " ")
            yield self.part(key)

    def text(self, wanted: str = "text", pattern: str = r"[^\0\n]+") -> str:
        if not isinstance(self.value, str) or not re.fullmatch(pattern, self.value, re.ASCII):
            self.fail(f"must be {wanted}")
        return self.value

    def word(self, known: Collection[str]) -> str:
        if not isinstance(self.value, str) or self.value not in known:
            self.fail(f"must be one of {', '.join(sorted(known))}")
        return self.value

    def flag(self) -> bool:
        if not isinstance(self.value, bool):
            self.fail("must be true or false")
        return self.value

    def items(self, wanted: str) -> list[_Part]:
        """Return the items of a list, which has at least one."""
        if not isinstance(self.value, list) or not self.value:
            self.fail(f"must be a list of {wanted}")
        return [_Part(self.source, (*self.path, str(n)), one) for n, one in enumerate(self.value)]

    def texts(self, wanted: str = "texts") -> list[str]:
        found = [one.text() for one in self.items(wanted)]
        if len(set(map(fold, found))) < len(found):
            self.fail("names something twice", " ")
        return found


def read_schema(path: str | PathLike[str], base: Schema) -> dict[str, Any]:
    """Return the facts about a configuration file that a user's schema describes.

    Args:
        path: a file that ends in `.toml` or `.json`.
        base: what is known already.

    Raises:
        LoadError: it cannot be read, or is not as docs/own-files.md says; the message has
            the file, the path of the key, and what was expected.
    """
    place = Path(path)
    source = printable(str(place))
    if place.suffix not in {".json", ".toml"}:
        raise LoadError(f"{source}: a schema is a file that ends in .toml or .json")
    if not place.is_file():
        raise LoadError(f"{source} is not a file")
    if place.stat().st_size > _MAX_BYTES:
        raise LoadError(f"{source} has more than {_MAX_BYTES} bytes")
    try:
        text = place.read_text(encoding="utf-8")
        data = _parsed(text, toml=place.suffix == ".toml")
    except OSError as error:
        raise LoadError(f"{source} cannot be read: {error.strerror}") from None
    except (ValueError, RecursionError) as error:
        why = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise LoadError(f"{source} cannot be read: {printable(why)}") from None
    return _file(_Part(source, (), data), base)


def _parsed(text: str, *, toml: bool) -> Any:  # noqa: ANN401 - JSON
    if toml:
        import tomllib

        return tomllib.loads(text)
    return json.loads(text, object_pairs_hook=_once)


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = next(key for n, (key, _) in enumerate(pairs) if key in dict(pairs[:n]))
        raise ValueError(f"the key {twice!r} stands twice in one table")
    return found


def extended(base: Schema, schemas: Iterable[str | PathLike[str]]) -> Schema:
    """Return what is known with some schemas of users.

    Raises:
        LoadError: one of them cannot be read, or describes what another one, or Asterisk, does.
    """
    known = base
    for path in schemas:
        found = read_schema(path, known)
        known = known.with_own({**known.own, found["file"]: found})
    for raw in known.own.values():
        _check_references(raw, known)
    return known


def _check_references(raw: Mapping[str, Any], known: Schema) -> None:
    """Refuse references to kinds of section that nothing describes."""
    for path, one in _references(raw):
        file = known.file(one["file"])
        if file is None or one["object"] not in file.objects:
            kinds = f": there are {', '.join(file.objects)}" if file else ""
            part = _Part(raw["source"], (*path, "object"), one["object"])
            part.fail(f"must be a kind of section of {one['file']}{kinds}")


def _references(raw: Any, *path: str) -> Iterator[tuple[tuple[str, ...], Any]]:  # noqa: ANN401
    """Yield every reference of a schema, and where it stands."""
    if isinstance(raw, list):
        raw = {str(n): one for n, one in enumerate(raw)}
    if isinstance(raw, dict):
        for key, value in raw.items():
            if path and path[-1] == "references":
                yield (*path, key), value
            else:
                yield from _references(value, *path, key)


def _file(part: _Part, base: Schema) -> dict[str, Any]:
    list(part.table(_FILE))
    name = part.part("file")
    file = name.text("the name of a file without a folder, such as 'rpt.conf'", r"[\w.-]+\.conf")
    outside = outside_reader(file)
    if file in base.own:
        name.fail(f"is described by {base.own[file]['source']} already")
    if any(at(one).file(file) for one in versions()) or base.removed(file):
        name.fail("must be a file that asterconf does not describe itself")
    if outside is not None and not outside[1]:
        name.fail(f"must be a file of a module; this one is for {outside[0]}")
    readers = list(base.readers(file)) or ([outside[0]] if outside else [])
    own = part.part("modules").texts("names of modules") if part.has("modules") else []
    for module in own:
        if module in base.known_modules() and module not in readers:
            part.part("modules").fail(f"{module!r} is Asterisk's own: what it reads is known", " ")
    modules = list(dict.fromkeys([*readers, *own]))
    if not modules:
        part.part("modules", []).fail("must name the modules that read the file")
    objects: dict[str, Any] = {}
    for one in part.part("objects").table():
        objects[one.path[-1]] = _kind(one, file, objects, base)
    if not objects:
        part.part("objects").fail("must describe at least one kind of section")
    reload = part.part("reload").texts("commands of the console") if part.has("reload") else []
    return {
        "applications": {
            one.path[-1]: _application(one, base) for one in part.part("applications", {}).table()
        },
        "functions": {name: {"args": []} for name in _functions(part.part("functions", []), base)},
        "file": file,
        "loader": "plain",
        "modules": modules,
        "objects": objects,
        "reload": reload,
        "source": part.source,
    }


def _application(part: _Part, base: Schema) -> dict[str, Any]:
    """Return the facts of an application of the dialplan: what its arguments name."""
    name = part.path[-1]
    if not re.fullmatch(r"[A-Za-z]\w*", name, re.ASCII):
        part.fail("is not the name of an application", " ")
    if fold(name) in {fold(one) for version in versions() for one in at(version).applications()}:
        part.fail("is an application of Asterisk's own", " ")
    if fold(name) in base.own_calls:
        part.fail("is described already", " ")
    list(part.table(("args",)))
    args = part.part("args").items("arguments") if part.has("args") else []
    return {"args": [_field(one) for one in args]}


def _functions(part: _Part, base: Schema) -> list[str]:
    found = part.texts("names of functions") if part.value else []
    for one in found:
        if any(one in at(version).functions() for version in versions()) or one in base.functions():
            part.fail(f"{one!r} is described already", " ")
    return found


def _field(part: _Part) -> dict[str, Any]:
    """Return the facts of a part of a value, or of an argument: a name, or a table."""
    if isinstance(part.value, str):
        return {"name": part.text()}
    list(part.table(("name", "references")))
    found: dict[str, Any] = {"name": part.part("name").text()}
    if part.has("references"):
        found["references"] = [_reference(o) for o in part.part("references").items("tables")]
    return found


def _kind(part: _Part, file: str, before: dict[str, Any], base: Schema) -> dict[str, Any]:
    if not re.fullmatch(r"[A-Za-z][\w-]*", part.path[-1], re.ASCII):
        part.fail("must be called by a word of letters, digits, _ and -", " ")
    list(part.table(_KIND))
    section = _section(part.part("section"), before)
    options: dict[str, Any] = {}
    taken: set[str] = set()
    for one in part.part("options", {}).table():
        found = _option(one, file, section, base)
        names = [one.path[-1], *found.get("aliases", ())]
        for name in names:
            if fold(name) in taken:
                one.fail(f"{name!r} is the name of an option before it", " ")
        taken.update(map(fold, names))
        options[one.path[-1]] = found
    if section["by"] == "type" and "type" not in taken:
        options["type"] = {"default": None, "repeat": "first", "type": "string"}
    unknown = part.part("unknown_option", "ignored").word(_UNKNOWN)
    return {"section": section, "unknown_option": unknown, "options": options}


def _section(part: _Part, before: dict[str, Any]) -> dict[str, Any]:
    list(part.table(("by", *_RULES.values())))
    by = part.part("by").word(_RULES)
    key = _RULES[by]
    for other in set(_RULES.values()) - {key}:
        if part.has(other) and not (other == "not_names" and by == "pattern"):
            part.part(other).fail(f"does not go with by = {by!r}", " ")
    found: dict[str, Any] = {"by": by}
    if by != "any":
        found[key] = part.part(key).text()
    if part.has("not_names"):
        found["not_names"] = part.part("not_names").texts("names of sections")
    for kind, one in before.items():
        rule = one["section"]
        same = by != "any" and rule["by"] == by and fold(rule[key]) == fold(found[key])
        if same or rule in ({"by": "any"}, found):
            part.fail(f"no section is left for it: each is of kind {kind!r}", " ")
    return found


def _option(part: _Part, file: str, section: dict[str, Any], base: Schema) -> dict[str, Any]:
    list(part.table(_OPTION))
    name = part.path[-1]
    type_ = part.part("type", "string").word(TYPES)
    match = part.part("match", "name").word(("any_name", "name", "prefix"))
    found: dict[str, Any] = {"type": type_, "match": match, "default": None}
    _check_name(part, name, match)
    found |= _plain(part)
    names = (name, *found.get("aliases", ()))
    if part.has("secret") and not part.part("secret").flag():
        part.part("secret").fail("can only be true: what is a secret by its name stays one", " ")
    if part.has("secret") and match != "name":
        part.part("secret").fail("goes with one name only", " ")
    if type_ not in _TEXTS and (
        part.has("secret") or any(is_secret(file, "", one) for one in names)
    ):
        part.fail("holds a secret, by its name: its type must be 'string'", " ")
    _check_list(part, type_, names)
    if part.has("values") or type_ == "enum":
        found["values"] = part.part("values").texts("words")
    if part.has("fields") or type_ == "fields":
        found["fields"] = [_field(one) for one in part.part("fields").items("names of fields")]
        found.setdefault("sep", ",")
        parts = [one for field in found["fields"] for one in field.get("references", ())]
        if parts:
            found["references"] = parts
    if part.has("range"):
        found["range"] = _range(part.part("range"), type_)
    if part.has("references"):
        found["references"] = [_reference(o) for o in part.part("references").items("tables")]
    found["repeat"] = _repeat(part, file, type_, section, base)
    return found


def _plain(part: _Part) -> dict[str, Any]:
    """Return the facts of an option that depend on no others."""
    read: dict[str, Callable[[_Part], Any]] = {
        "aliases": lambda one: one.texts("names of options"),
        "case_sensitive": _Part.flag,
        "default": lambda one: one.text("text, as a file has it", r"[^\0\n]*"),
        "deprecated": _Part.text,
        "on_bad": lambda one: one.word(_ON_BAD),
        "required": _Part.flag,
        "secret": _Part.flag,
        "sep": _Part.text,
        "unit": _Part.text,
    }
    return {key: make(part.part(key)) for key, make in read.items() if part.has(key)}


def _check_name(part: _Part, name: str, match: str) -> None:
    """Refuse names of options that no line of a file can have."""
    start, rest = r"[^\s=;\[\]*#]", r"[^=;\[\]*\n]*"
    shapes = {"any_name": r"\*", "name": start + rest, "prefix": start + rest + r"\*"}
    if not re.fullmatch(shapes[match], name) or name != name.strip():
        wanted = {"any_name": "must be called *", "prefix": "must end in *"}
        part.fail(wanted.get(match, "is not the name of an option"), " ")


def _check_list(part: _Part, type_: str, names: Iterable[str]) -> None:
    """Refuse names that the rules of codecs and networks do not go with."""
    endings = {"acl": ("permit", "deny"), "codecs": ("allow", "disallow")}.get(type_)
    if endings and not all(name.endswith(endings) for name in names):
        part.part("type").fail(f"goes with names that end in {' or '.join(endings)}", " ")


def _range(part: _Part, type_: str) -> list[int | None]:
    ends = [one.value for one in part.items("one or two numbers")]
    whole = all(type(one) is int or (type(one) is float and type_ == "double") for one in ends)
    if type_ not in _NUMBERS or not whole or len(ends) > 2 or ends != sorted(ends):
        part.fail("must be the least number and perhaps the greatest, of an option of numbers")
    return [*ends, None][:2]


def _reference(part: _Part) -> dict[str, Any]:
    list(part.table(("checked_at_load", "file", "if", "object", "soft")))
    file = part.part("file").text("the name of a file", r"[\w.-]+\.conf")
    found = {"file": file, "object": part.part("object").text("a kind of section")}
    flags = {key: part.part(key).flag() for key in ("checked_at_load", "soft") if part.has(key)}
    if part.has("if"):
        found["if"] = part.part("if").text(
            "a field and its value, such as 'kind=line'", r"[^=]+=.+"
        )
    return {**found, **flags}


def _repeat(part: _Part, file: str, type_: str, section: dict[str, Any], base: Schema) -> str:
    """Return which of several lines counts; what is known of a file already holds."""
    known = base.repeat(file, "", section.get("name", ""), part.path[-1])
    default = "accumulate" if type_ in _ALWAYS_ALL else known or "last"
    found = part.part("repeat", default).word(("accumulate", "first", "last", "retrieve"))
    if type_ in _ALWAYS_ALL and found != "accumulate":
        part.part("repeat").fail(f"must be 'accumulate' for {type_}")
    if known and found not in (known, "retrieve"):
        part.part("repeat").fail(f"must be {known!r}, as is known of its reader")
    return found
