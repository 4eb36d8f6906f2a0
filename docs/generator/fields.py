"""An extension of griffe: the package as a reader of the reference should see it.

The fields of classes made by attrs get a constructor, and each field its default instead of the
call that made it. Sessions in docstrings become blocks of code.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import griffe

_SESSION = re.compile(r"(?m)^>>> .*(?:\n.+)*")
_MADE = {"attrs.frozen", "attrs.define", "attr.frozen", "attr.define"}


class Fields(griffe.Extension):
    """Reads the fields of attrs classes."""

    def on_package(self, *, pkg: griffe.Module, **_: Any) -> None:  # noqa: ANN401
        """Give every attrs class of a package its constructor, then every field its default."""
        found = list(_classes(pkg))
        made = {one.path: _parameters(one) for one in found if _arguments(one) is not None}
        for one in found:
            if one.path in made and "__init__" not in one.members:
                one.set_member("__init__", _init(one, made))
        for one in found:
            if one.path in made:
                _plain(one)
        for said in _documented(pkg):
            said.value = _SESSION.sub(r"```pycon\n\g<0>\n```", said.value)


def _classes(of: griffe.Module | griffe.Class) -> Iterator[griffe.Class]:
    for member in list(of.members.values()):
        if isinstance(member, griffe.Class):
            yield member
        if isinstance(member, griffe.Class | griffe.Module):
            yield from _classes(member)


def _documented(of: griffe.Object) -> Iterator[griffe.Docstring]:
    if of.docstring is not None:
        yield of.docstring
    for member in of.members.values():
        if isinstance(member, griffe.Object):
            yield from _documented(member)


def _arguments(cls: griffe.Class) -> dict[str, str] | None:
    """Return the arguments of the decorator of attrs; `None`: there is none."""
    for decorator in cls.decorators:
        if decorator.callable_path in _MADE:
            return _named(decorator.value)
    return None


def _named(call: object) -> dict[str, Any]:
    if not isinstance(call, griffe.ExprCall):
        return {}
    return {a.name: a.value for a in call.arguments if isinstance(a, griffe.ExprKeyword)}


def _field(attribute: griffe.Attribute) -> dict[str, Any] | None:
    """Return the arguments of `attrs.field(…)`; `None`: the value is something else."""
    value = attribute.value
    if isinstance(value, griffe.ExprCall) and value.canonical_path in {"attrs.field", "attr.field"}:
        return _named(value)
    return None


def _default(attribute: griffe.Attribute) -> Any:  # noqa: ANN401 - what griffe holds
    said = _field(attribute)
    if said is None:
        return attribute.value
    if "factory" in said:
        return f"{said['factory']}()"
    default = said.get("default")
    if isinstance(default, griffe.ExprCall) and default.canonical_path == "attrs.Factory":
        return "..."  # worked out from other fields
    return default


def _fields(cls: griffe.Class) -> Iterator[griffe.Attribute]:
    for member in cls.members.values():
        if not isinstance(member, griffe.Attribute) or member.annotation is None:
            continue
        if "property" not in member.labels and "instance-attribute" in member.labels:
            yield member


def _parameters(cls: griffe.Class) -> list[griffe.Parameter]:
    all_keywords = str((_arguments(cls) or {}).get("kw_only")) == "True"
    found = []
    for attribute in _fields(cls):
        said = _field(attribute) or {}
        if str(said.get("init")) == "False":
            continue
        keyword = all_keywords or str(said.get("kw_only")) == "True"
        kinds = griffe.ParameterKind
        found.append(
            griffe.Parameter(
                str(said.get("alias", attribute.name)).strip("'\"").lstrip("_"),
                annotation=attribute.annotation,
                kind=kinds.keyword_only if keyword else kinds.positional_or_keyword,
                default=_default(attribute),
            )
        )
    return found


def _init(cls: griffe.Class, made: dict[str, list[griffe.Parameter]]) -> griffe.Function:
    """Return the constructor of a class, with the fields of those that it inherits from."""
    every = {
        parameter.name: parameter
        for one in [*reversed(cls.mro()), cls]
        for parameter in made.get(one.path, ())
    }
    keywords = griffe.ParameterKind.keyword_only
    ordered = sorted(every.values(), key=lambda p: p.kind is keywords)
    start = griffe.Parameter("self", kind=griffe.ParameterKind.positional_or_keyword)
    return griffe.Function(
        "__init__", parameters=griffe.Parameters(start, *ordered), returns="None", parent=cls
    )


def _plain(cls: griffe.Class) -> None:
    for attribute in _fields(cls):
        if _field(attribute) is not None:
            attribute.value = _default(attribute)
