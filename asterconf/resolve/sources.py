"""Who reads each file of a configuration: a module, another file, or nobody.

Source: main/loader.c, main/config.c and main/sorcery.c of Asterisk 22.10.1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Literal

import attrs

from asterconf.resolve.effective import Effective, EffectiveSection
from asterconf.resolve.files import Files, directives, included
from asterconf.resolve.items import EffectiveItem
from asterconf.schema import Schema
from asterconf.shown import Shown
from asterconf.source import fold, is_true, printable
from asterconf.syntax.document import Document

__all__ = ["FileSource", "Role", "etc_directory", "read_sources"]

Role = Literal["read", "fragment", "disabled", "unread", "unknown"]

Resolve = Callable[[str], "Effective | None"]

_NEVER_MAPPED = {"asterisk.conf", "extconfig.conf", "logger.conf"}
_FAMILIES = {
    "acls": "acl.conf",
    "extensions": "extensions.conf",
    "followme": "followme.conf",
    "followme_numbers": "followme.conf",
    "iaxpeers": "iax.conf",
    "iaxusers": "iax.conf",
    "meetme": "meetme.conf",
    "minivm": "minivm.conf",
    "musiconhold": "musiconhold.conf",
    "musiconhold_entry": "musiconhold.conf",
    "queue_members": "queues.conf",
    "queue_rules": "queuerules.conf",
    "queues": "queues.conf",
    "voicemail": "voicemail.conf",
}
"""The realtime families by which modules look for what a file does not have."""

_SORCERY_NAMES = {
    "acl": "res_pjsip_acl",
    "location": "res_geolocation",
    "profile": "res_geolocation",
}
"""Sections of sorcery.conf that are not called as the module is which they are for."""

_OF_USERS = {"extensions.conf", "iax.conf", "manager.conf", "voicemail.conf"}
"""The files whose modules also make objects of users.conf."""


@attrs.frozen
class FileSource(Shown):
    """Who reads one file, and why.

    Attributes:
        file: its name.
        role: `read`: a module asks for it. `fragment`: it is only included. `disabled`: no module
            that would ask for it is loaded. `unread`: nobody asks for it. `unknown`: it cannot be
            told from the files.
        reason: the same as a sentence.
        readers: the modules that get to see it, through the files that include it where it is a
            fragment; of a disabled one those that would. `core` is Asterisk itself.
        included_by: the files with an `#include` that leads to it.
        also: where else its objects may come from. Where there is any, a name that the files do
            not define is unknown, not undefined.
    """

    file: str
    role: Role
    reason: str
    readers: tuple[str, ...] = ()
    included_by: tuple[str, ...] = ()
    also: tuple[str, ...] = ()


def etc_directory(resolve: Resolve) -> str | None:
    """Return `astetcdir` of asterisk.conf: what absolute names in the files start with.

    Source: main/options.c, load_asterisk_conf: the last line of the section counts.
    """
    found = _first(resolve("asterisk.conf"), "directories")
    value = found.get("astetcdir", "") if found is not None else ""
    return (value or "").rstrip("/") or None


def read_sources(files: Files, names: Iterable[str], resolve: Resolve) -> dict[str, FileSource]:
    """Work out who reads each of `names`, and of the files that they include."""
    tops = list(names)
    read = {name: effective for name in tops if (effective := resolve(name)) is not None}
    included = (f for e in read.values() for f, _ in e.files if f in files.documents)
    every = list(dict.fromkeys([*tops, *included]))
    work = _ReaderSearch(files, every, read, resolve)
    return {name: work.source(name) for name in every}


class _Modules:
    """Which modules Asterisk loads.

    Source: main/loader.c, loader_config_init: what `load` and the like name, with `autoload`
    every module there is; then what `noload` names is taken out again.
    """

    def __init__(self, schema: Schema, modules: Effective | None) -> None:
        self.schema = schema
        self.known = modules is not None and modules.valid
        self.autoload = False
        self.asked: dict[str, EffectiveItem] = {}
        self.refused: dict[str, EffectiveItem] = {}
        section = _first(modules, "modules")
        if section is not None:
            self.autoload = is_true((section.values("autoload") or ("",))[0])
        for item in section if section is not None else ():
            name = fold(item.value).removesuffix(".so")
            if fold(item.name) in {"load", "require", "preload", "preload-require"}:
                self.asked.setdefault(name, item)
            elif fold(item.name) == "noload":
                self.refused.setdefault(name, item)

    @property
    def foreign(self) -> list[str]:
        """The modules asked for that are none of Asterisk's and never were."""
        known = self.schema.modules().keys() | self.schema.gone_modules()
        return [name for name in self.asked if name not in known]

    def why_not(self, name: str) -> str:
        """Return why a module is not loaded, as a sentence; empty: it is."""
        if name == "core" or not self.known:
            return ""
        if name in self.refused:
            return f"{self.refused[name].origin} says noload => {name}"
        if not self.autoload and name not in self.asked:
            return f"modules.conf does not load {name}"
        facts = self.schema.modules().get(name)
        for other in facts.requires if facts else ():
            if why := self.why_not(other):
                return f"{name} needs {other}, and {why}"
        return ""


class _ReaderSearch:
    def __init__(
        self, files: Files, every: list[str], read: Mapping[str, Effective], resolve: Resolve
    ) -> None:
        self.files = files
        self.every = dict.fromkeys(every)
        self.strange: dict[str, bool] = {}
        self.read = read
        self.schema = files.schema
        self.modules = _Modules(self.schema, resolve("modules.conf"))
        self.by: dict[str, dict[str, None]] = {}
        self.execs: list[str] = []
        asterisk = resolve("asterisk.conf")
        options = _first(asterisk, "options")
        says = options.get("execincludes") if options is not None else None
        self.may_exec = asterisk is None or is_true(says or "")
        for name in every:
            self.follow(name)
        self.maps = list(_first(resolve("extconfig.conf"), "settings") or ())
        self.sorcery = list(_sorcery(resolve("sorcery.conf")))

    def follow(self, name: str) -> None:
        """Note where the directives of a file lead."""
        document = self.files.documents.get(name)
        for node in directives(document) if isinstance(document, Document) else ():
            for target in included(self.files, node):
                found = self.files.get(target)
                if isinstance(found, Document):
                    self.by.setdefault(found.name, {})[name] = None
            if fold(node.word) == "exec" and self.may_exec:
                self.execs.append(name)

    def source(self, name: str) -> FileSource:
        """Return who reads one file."""
        role, reason, readers = self.role(name)
        by = tuple(self.by.get(name, ()))
        return FileSource(name, role, reason, readers, by, tuple(self.also(name)))

    def role(self, name: str) -> tuple[Role, str, tuple[str, ...]]:
        """Return role, reason and readers of a file."""
        base = name.removesuffix(".sample")
        if name not in self.files.documents:
            return "unknown", "it could not be read", ()
        if base != name and base in self.every:
            return "unread", f"it is a sample; Asterisk reads {printable(base)}", ()
        mapped = self.mapped(base)
        readers = self.readers(base)
        if mapped and (readers or name in self.by):
            return "unknown", f"{mapped}: it is read only if that driver is not there", readers
        loaded = tuple(module for module in readers if not self.modules.why_not(module))
        if loaded:
            doubt = "" if self.modules.known or loaded == ("core",) else ", if it is loaded"
            return "read", f"it is read by {_named(loaded)}{doubt}", loaded
        if name in self.by:
            includers = ", ".join(printable(f) for f in self.by[name])
            seen = tuple(sorted(self.seen_by(name, {name})))
            nobody = "" if seen else "; nobody reads that"
            return "fragment", f"it is only included, by {includers}{nobody}", seen
        if readers:
            return "disabled", self.modules.why_not(readers[0]), readers
        return *self.orphan(name, base), ()

    def orphan(self, name: str, base: str) -> tuple[Role, str]:
        """Return role and reason of a file that no module and no file here asks for."""
        gone = self.schema.removed(base)
        if gone:
            return "unread", f"{gone[0]}, which read it, was removed in Asterisk {gone[1]}"
        if self.execs:
            return "unknown", f"the output of #exec in {printable(self.execs[0])} may include it"
        if self.modules.foreign:
            other = printable(self.modules.foreign[0])
            return (
                "unknown",
                f"{other}, which modules.conf loads, is not Asterisk's and may read it",
            )
        if self.unseen(name):
            return "unknown", "other files of its folder, which are not loaded, may include it"
        nobody = f"no module of Asterisk {self.schema.asterisk} asks for it"
        return "unread", f"{nobody} and no file here includes it"

    def unseen(self, name: str) -> bool:
        """Tell whether a folder has configuration files on disk that are not loaded."""
        folder = name.rpartition("/")[0]
        if folder not in self.strange:
            self.strange[folder] = self._unseen_in(folder)
        return self.strange[folder]

    def _unseen_in(self, folder: str) -> bool:
        root = self.files.root
        if root is None or not root.is_dir():
            return False
        there = (root / folder).glob("*.conf")
        return any(p.is_file() and p.relative_to(root).as_posix() not in self.every for p in there)

    def readers(self, base: str) -> tuple[str, ...]:
        """Return the modules that ask for a file; they ask for names without a folder."""
        if "/" in base:
            return ()
        mapped = {
            module
            for module, _, wizard, item in self.sorcery
            if wizard == "config" and _field(item.value, 1) == base
        }
        return tuple(sorted({*self.schema.readers(base), *mapped}))

    def seen_by(self, name: str, done: set[str]) -> set[str]:
        """Return the modules that get to see a file by way of those that include it."""
        found: set[str] = set()
        for includer in self.by.get(name, ()):
            if includer not in done:
                done.add(includer)
                asked = self.readers(includer.removesuffix(".sample"))
                found.update(module for module in asked if not self.modules.why_not(module))
                found |= self.seen_by(includer, done)
        return found

    def mapped(self, base: str) -> str:
        """Return which line of extconfig.conf takes a file from elsewhere; empty: none.

        Source: main/config.c, ast_config_internal_load and find_engine: the file's own mapping,
        else that of `global`, each with priority 1.
        """
        for item in self.maps if base not in _NEVER_MAPPED else ():
            same = fold(item.name) in {fold(base), "global"}
            if same and (_field(item.value, 3) or "1") == "1":
                return f"{item.origin} takes it from {printable(_field(item.value, 0))}"
        return ""

    def also(self, name: str) -> Iterator[str]:
        """Yield where else the objects of a file may come from."""
        base = name.removesuffix(".sample")
        if "/" in base:
            return
        if base == "extensions.conf":
            for other, module in (("extensions.ael", "pbx_ael"), ("extensions.lua", "pbx_lua")):
                if self.files.there(other) and not self.modules.why_not(module):
                    yield f"{other}, which {module} reads"
        if mapped := self.mapped(base):
            yield mapped
        for item in self.maps:
            if _FAMILIES.get(fold(item.name)) == base:
                driver = printable(_field(item.value, 0))
                yield f"{item.origin} looks for {item.name} in {driver}"
        if base in _OF_USERS and self.read.get("users.conf"):
            yield "users.conf"
        facts = self.schema.file(base)
        for module, kind, wizard, item in self.sorcery:
            known = facts.objects.get(kind) if facts else None
            here = wizard == "config" and _field(item.value, 1) == base
            if known and known.module == module and not here and not wizard.startswith("memory"):
                yield f"{item.origin} takes {kind} from {printable(item.value)}"


def _first(effective: Effective | None, section: str) -> EffectiveSection | None:
    """Return the section in which Asterisk looks, the first of that name.

    Source: main/config.c, ast_variable_browse.
    """
    live = effective.live if effective is not None else ()
    return next((s for s in live if fold(s.name) == fold(section)), None)


def _sorcery(effective: Effective | None) -> Iterator[tuple[str, str, str, EffectiveItem]]:
    """Yield module, kind of object and wizard of each mapping, with its line.

    Source: main/sorcery.c, sorcery_apply_wizard_mapping: `type[/cache] = wizard[,data]`.
    """
    for section in effective if effective is not None else ():
        module = _SORCERY_NAMES.get(fold(section.name), section.name)
        for item in section if fold(section.name) != "general" else ():
            yield module, item.name.partition("/")[0], _field(item.value, 0), item


def _field(value: str, index: int) -> str:
    fields = value.split(",")
    return fields[index].strip() if index < len(fields) else ""


def _named(modules: tuple[str, ...]) -> str:
    names = ["Asterisk itself" if m == "core" else m for m in modules]
    return f"{names[0]} and {len(names) - 1} more" if len(names) > 2 else " and ".join(names)
