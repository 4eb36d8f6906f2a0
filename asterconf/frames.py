"""Objects as rows of a table, and rows as a pandas DataFrame (extra `pandas`)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING, Any

import attrs

from asterconf.errors import MissingExtraError
from asterconf.model.configobject import ConfigObject
from asterconf.wire import records

if TYPE_CHECKING:
    from pandas import DataFrame

__all__ = ["frame", "rows"]


def rows(
    objects: Iterable[object], *, each: str = "", reveal: bool = False
) -> list[dict[str, Any]]:
    """Return objects as plain dicts with all their fields, also those that have their default.

    Args:
        objects: typed objects.
        each: a field that holds objects of its own, such as the members of a queue. Then there is
            a row for each of these, which begins with the name of the object it belongs to.
        reveal: show secrets, which are masked otherwise.
    """
    if not each:
        return [_row(obj, reveal=reveal) for obj in objects]
    return [
        {type(obj).__name__.lower(): _name(obj)} | _row(one, reveal=reveal)
        for obj in objects
        for one in getattr(obj, each)
    ]


def _name(obj: Any) -> Any:  # noqa: ANN401 - the first field of any object
    return getattr(obj, attrs.fields(type(obj))[0].name)


def _fields(obj: Any) -> Iterator[tuple[str, Any]]:  # noqa: ANN401
    if isinstance(obj, ConfigObject):
        yield "name", obj.name
        yield from obj.options
        return
    for field in attrs.fields(type(obj)):
        yield field.name, getattr(obj, field.name)


def _row(obj: object, *, reveal: bool) -> dict[str, Any]:
    names, values = zip(*_fields(obj), strict=True)
    return dict(zip(names, records(values, reveal=reveal), strict=True))


def frame(data: Iterable[dict[str, Any]]) -> DataFrame:
    """Return plain dicts as a pandas DataFrame.

    Raises:
        MissingExtraError: pandas is not installed.
    """
    try:
        import pandas as pd
    except ModuleNotFoundError:
        raise MissingExtraError(
            "a DataFrame needs the extra 'pandas': pip install 'asterconf[pandas]'"
        ) from None
    return pd.DataFrame(list(data))
