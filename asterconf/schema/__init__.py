"""What Asterisk 22.10.1 knows: its files with their options, applications, functions, modules.

The facts are in `data/`, one JSON file per configuration file. Each is read when it is asked
for and then kept; nothing is read before that.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

import attrs

from asterconf.schema.facts import (
    FileFacts,
    ObjectFacts,
    OptionFacts,
    ReferenceFacts,
    Repeat,
    attribute_name,
)
from asterconf.shown import Shown

__all__ = [
    "FileFacts",
    "ModuleFacts",
    "ObjectFacts",
    "OptionFacts",
    "ReferenceFacts",
    "Repeat",
    "applications",
    "attribute_name",
    "base_name",
    "codecs",
    "file",
    "files",
    "functions",
    "gone_modules",
    "modules",
    "readers",
    "removed",
]


@attrs.frozen
class ModuleFacts(Shown):
    """One loadable module of Asterisk; `core` is Asterisk itself.

    Attributes:
        name: without `.so`.
        requires: the loadable modules without which it does not start.
        reads: the configuration files that its source opens by name.
    """

    name: str
    requires: tuple[str, ...]
    reads: tuple[str, ...]


def base_name(path: str) -> str:
    """Return the name by which Asterisk would ask for a file: no folder, no `.sample`."""
    return path.rpartition("/")[2].removesuffix(".sample")


@cache
def files() -> tuple[str, ...]:
    """Return the names of the configuration files that are described here, sorted."""
    from importlib.resources import files as resources

    ending = ".conf.json"
    names = (entry.name for entry in (resources(__name__) / "data").iterdir())
    return tuple(sorted(n.removesuffix(".json") for n in names if n.endswith(ending)))


def file(name: str) -> FileFacts | None:
    """Return what is known about the configuration file of that name; `None`: nothing is.

    A folder before the name and `.sample` behind it count for nothing.
    """
    return _file(base_name(name))


@cache
def _file(name: str) -> FileFacts | None:
    return FileFacts.read(_data(name), _object) if name in files() else None


def _object(file_name: str, name: str) -> ObjectFacts | None:
    facts = file(file_name)
    return facts.objects.get(name) if facts else None


@cache
def _data(name: str) -> Any:  # noqa: ANN401 - JSON
    import json
    from importlib.resources import files as resources

    return json.loads((resources(__name__) / "data" / f"{name}.json").read_text("utf-8"))


def applications() -> Mapping[str, Mapping[str, Any]]:
    """Return the facts about every dialplan application, by name."""
    found: Mapping[str, Mapping[str, Any]] = _data("applications")["applications"]
    return found


def functions() -> Mapping[str, Mapping[str, Any]]:
    """Return the facts about every dialplan function, by name."""
    found: Mapping[str, Mapping[str, Any]] = _data("functions")["functions"]
    return found


@cache
def codecs() -> frozenset[str]:
    """Return the names of the codecs that Asterisk itself knows.

    Source: main/codec_builtin.c; observed with `core show codecs`.
    """
    return frozenset(_data("codecs")["codecs"])


@cache
def modules() -> Mapping[str, ModuleFacts]:
    """Return every module of Asterisk, by name.

    Source: AST_MODULE_INFO and the names of files in each module's source.
    """
    return {
        name: ModuleFacts(name, tuple(raw.get("requires", ())), tuple(raw.get("reads", ())))
        for name, raw in _data("modules")["modules"].items()
    }


@cache
def gone_modules() -> frozenset[str]:
    """Return the modules that Asterisk had at some time since 1.8, and no longer has in 22."""
    return frozenset(_data("modules")["gone"])


def readers(name: str) -> tuple[str, ...]:
    """Return the modules that read the configuration file of that name, sorted.

    What is part of Asterisk itself is `core`.
    """
    base = base_name(name)
    found = {m.name for m in modules().values() if base in m.reads}
    facts = file(base)
    if facts is not None:
        parts = (*facts.modules, *(k.module for k in facts.objects.values()))
        found.update(m if m in modules() else "core" for m in parts if m)
    return tuple(sorted(found))


def removed(name: str) -> tuple[str, str] | None:
    """Return the module that once read a file, and the version that removed it."""
    raw = _data("modules")["removed"].get(base_name(name))
    return (raw["module"], raw["in"]) if raw else None
