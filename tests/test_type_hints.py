"""Type hints of everything that the reference documents can be evaluated."""

import inspect
import re
from collections.abc import Iterator
from functools import cached_property
from pathlib import Path
from pkgutil import resolve_name
from types import ModuleType
from typing import Any, get_type_hints

import pytest

API = Path(__file__).parents[1] / "docs" / "reference" / "api"


FORWARD = {
    "asterconf.Change.__init__",
    "asterconf.RenamePlan.__init__",
    "asterconf.language.expression.Binary.__init__",
    "asterconf.language.expression.Choice.__init__",
    "asterconf.language.expression.ExpressionCall.__init__",
    "asterconf.language.expression.Parenthesized.__init__",
    "asterconf.language.expression.Unary.__init__",
    "asterconf.language.template.Expression.__init__",
    "asterconf.language.template.FunctionCall.__init__",
    "asterconf.language.template.Slice.__init__",
    "asterconf.language.template.Variable.__init__",
    "asterconf.semantics.AsteriskState.__init__",
}
"""Constructors that name a later class: attrs evaluates them with the names known before it.
The hints of these classes can be evaluated."""


def documented() -> list[str]:
    """Return what the pages of the reference name."""
    pages = "".join(page.read_text("utf-8") for page in sorted(API.glob("*.md")))
    return re.findall(r"(?m)^::: (\S+)$", pages)


def members(name: str, thing: Any) -> Iterator[tuple[str, Any]]:
    """Yield everything that can be called below a module or a class, and itself."""
    if isinstance(thing, ModuleType):
        for one in vars(thing).get("__all__", ()):
            yield from members(f"{name}.{one}", getattr(thing, one))
    elif inspect.isclass(thing):
        yield name, thing
        for one in dir(thing):
            member = inspect.getattr_static(thing, one)
            if isinstance(member, classmethod | staticmethod):
                member = member.__func__
            if isinstance(member, property):
                member = member.fget
            if isinstance(member, cached_property):
                member = member.func
            public = not one.startswith("_") or one == "__init__"
            if public and inspect.isfunction(member) and member.__module__.startswith("asterconf"):
                yield f"{name}.{one}", member
    elif inspect.isfunction(thing):
        yield name, thing


@pytest.mark.parametrize("name", documented())
def test_type_hints_can_be_evaluated(name: str) -> None:
    walked = list(members(name, resolve_name(name)))
    for one, thing in walked:
        if one not in FORWARD:
            assert get_type_hints(thing) is not None, one
