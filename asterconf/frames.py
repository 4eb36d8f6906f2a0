"""Plain rows as a pandas DataFrame (extra `pandas`)."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from asterconf.errors import MissingExtraError

if TYPE_CHECKING:
    from pandas import DataFrame
else:
    DataFrame = Any  # so that type hints can be evaluated where pandas is not installed

__all__ = ["DataFrame", "frame"]


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
