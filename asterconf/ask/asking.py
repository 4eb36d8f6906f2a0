"""`Questions`: the questions about all calls of a configuration."""

from __future__ import annotations

from datetime import datetime

import attrs

from asterconf.ask import dialable as dialing
from asterconf.errors import LoadError
from asterconf.numbers.partition import BUDGET
from asterconf.workspace import Workspace

__all__ = ["Questions"]


@attrs.frozen
class Questions:
    """The questions about all calls of a configuration: `conf.ask.dialable("from-home")`.

    Every answer has a `verdict`: `yes`, `no`, or `unknown` with what it depends on. `bool` of an
    answer that is unknown raises `ValueError`.
    """

    _workspace: Workspace = attrs.field(repr=False)

    def _loaded(self) -> Workspace:
        if not self._workspace.dialplan.loaded:
            raise LoadError("Asterisk refuses extensions.conf, so there is no dialplan to ask")
        return self._workspace

    def dialable(
        self, context: str, *, callerid: str | None = None, at: datetime | None = None,
        budget: int = BUDGET,
    ) -> dialing.Dialable:  # fmt: skip
        """Return the numbers that can be dialled in a context, and what each extension gets.

        Exact for every text: which extension is run for each priority is worked out for all
        numbers at once, includes among them.

        Args:
            context: its name.
            callerid: the caller's number, "" for none; by default any caller.
            at: when; by default at any time.
            budget: how many states may be made before the answer is unknown.

        Raises:
            NotFoundError: there is no such context.
            LoadError: Asterisk refuses extensions.conf.
        """
        return dialing.dialable(
            self._loaded(), context, callerid=callerid, any_caller=callerid is None, at=at,
            budget=budget,
        )  # fmt: skip

    def why_not(
        self, number: str, *, entry: str, at: datetime | None = None, most: int = 5
    ) -> dialing.WhyNot:
        """Return why a number runs nothing, with the extensions that come nearest.

        Args:
            number: what is dialled.
            entry: an endpoint, or `context:NAME`.
            at: when, for time conditions; by default now.
            most: how many extensions are named.

        Raises:
            NotFoundError: there is no such endpoint or context.
            LoadError: Asterisk refuses extensions.conf.
        """
        return dialing.why_not(self._loaded(), number, entry, at=at, most=most)
