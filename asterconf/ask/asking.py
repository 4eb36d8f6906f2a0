"""`Questions`: the questions about all calls of a configuration."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

import attrs

from asterconf._lazy import LazyModule
from asterconf.ask import answers
from asterconf.ask import dialable as dialing
from asterconf.ask.assumed import Assume, assumed_of
from asterconf.ask.entries import Who, trunks_of
from asterconf.errors import LoadError, ModelError
from asterconf.numbers import Numbers
from asterconf.numbers.partition import BUDGET
from asterconf.workspace import Workspace

if TYPE_CHECKING:
    from asterconf.ask import emergencies, questions
    from asterconf.ask import injections as injecting
    from asterconf.ask import reach as reaching
else:
    emergencies = LazyModule("asterconf.ask.emergencies")
    injecting = LazyModule("asterconf.ask.injections")
    questions = LazyModule("asterconf.ask.questions")
    reaching = LazyModule("asterconf.ask.reach")


@attrs.frozen
class Questions:
    """The questions about all calls of a configuration: `conf.ask.dialable("from-home")`.

    Every answer has a `verdict`: `yes`, `no`, or `unknown` with what it depends on. `bool` of an
    answer that is unknown raises `ValueError`.
    """

    _workspace: Workspace = attrs.field(repr=False)

    def _loaded(self) -> Workspace:
        if self._workspace.no_dialplan:
            raise LoadError(self._workspace.no_dialplan)
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
            LoadError: Asterisk refuses extensions.conf, or it is not there.
        """
        work = self._loaded()
        return dialing.dialable(work, context, callerid=callerid, at=at, budget=budget)

    def reach(
        self, to: Who = "trunk", *, entry: Who = "any",
        numbers: Numbers | None = None, assume: Assume | None = None,
    ) -> answers.ReachAnswer:  # fmt: skip
        """Return whether calls from some place are handed to a trunk.

        Every call is followed: all texts that can be dialled, every caller, every hour, each way
        that a call to somebody may end, digits that are keyed, and what a caller may dial again
        (DISA, transfers by the caller, voicemail, conferences). A `yes` holds a call that
        `Config.call` runs; a `no` is proved.

        Args:
            to: the trunk, or endpoint, or several; `trunk`, or the class `Trunk`, is any.
            entry: an endpoint, `context:NAME`, `role:ROLE` (such as `role:trunk`), the class
                `Extension` or `Trunk`, `any`, or several of these.
            numbers: what is dialled; by default anything.
            assume: what is taken for known, by what `unknown_because` names; see `Assume`.

        Raises:
            NotFoundError: there is no such endpoint or context.
            ModelError: a word is both an endpoint and a context.
            LoadError: Asterisk refuses extensions.conf, or it is not there.
        """
        return reaching.reach(self._loaded(), to, entry, numbers, assumed=assumed_of(assume))

    def class_of_service(
        self, plan: str | Mapping[str, Numbers] = "nanp", *, entry: Who = (),
        to: Who = "trunk", assume: Assume | None = None,
    ) -> answers.ServiceAnswer:  # fmt: skip
        """Return which kinds of numbers each phone can dial out by a trunk.

        Each cell says all, none, which numbers, or unknown; it has a call that goes out, and one
        that does not, where there are such.

        Args:
            plan: the kinds, by name, as they are dialled; `nanp` those of North America.
            entry: as of `reach`; by default all phones.
            to: the trunks that count, as of `reach`.
            assume: as of `reach`.

        Raises:
            NotFoundError: there is no such endpoint or context.
            ModelError: there is no such plan.
        """
        kinds = questions.NANP if plan == "nanp" else plan
        if isinstance(kinds, str):
            raise ModelError(f"there is no plan {kinds!r}; there is 'nanp', or a dict of Numbers")
        return questions.class_of_service(self._loaded(), kinds, entry, to, assumed_of(assume))

    def emergency(
        self, numbers: Iterable[str] | None = None, *, entry: Who = (),
        to: Who = "trunk", assume: Assume | None = None,
    ) -> answers.TableAnswer:  # fmt: skip
        """Return whether every phone hands emergency numbers to a trunk, at every hour.

        What the trunk does with them is not in the files.

        Args:
            numbers: the numbers; by default those of the owner's country, else 911 and 112.
            entry: as of `reach`; by default all phones.
            to: the trunks that count, as of `reach`.
            assume: as of `reach`.

        Raises:
            NotFoundError: there is no such endpoint or context.
        """
        assumed = assumed_of(assume)
        return emergencies.emergency(self._loaded(), numbers, entry, to=to, assumed=assumed)

    def what_if(
        self, down: Who, *, numbers: Iterable[str] | None = None,
        entry: Who = (), to: Who = "trunk",
        assume: Assume | None = None,
    ) -> answers.TableAnswer:  # fmt: skip
        """Return whether emergency numbers still reach a trunk if some trunks cannot be reached.

        Args:
            down: the trunks that are down.
            numbers: the numbers; by default those of the owner's country, else 911 and 112.
            entry: as of `reach`; by default all phones.
            to: the trunks that count, as of `reach`.
            assume: as of `reach`.

        Raises:
            NotFoundError: there is no such endpoint or context.
        """
        work, assumed = self._loaded(), assumed_of(assume)
        off = trunks_of(work, down)
        return emergencies.emergency(work, numbers, entry, off, to, assumed=assumed)

    def dead(self, *, entry: Who = "any", assume: Assume | None = None) -> answers.TableAnswer:
        """Return the steps of the dialplan that no call from some place runs.

        `yes`: there are such steps, each a row; `unknown`: what the rows depend on may run them.
        `entry` and `assume` are as of `reach`.

        Raises:
            NotFoundError: there is no such endpoint or context.
        """
        return questions.dead(self._loaded(), entry, assumed_of(assume))

    def injections(
        self, *, entry: Who = "any", assume: Assume | None = None
    ) -> answers.TableAnswer:
        """Return the steps in which what a caller sends is taken apart, such as `1&Local/…`.

        `entry` and `assume` are as of `reach`.

        Raises:
            NotFoundError: there is no such endpoint or context.
        """
        return injecting.injections(self._loaded(), entry, assumed_of(assume))

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
            LoadError: Asterisk refuses extensions.conf, or it is not there.
        """
        return dialing.why_not(self._loaded(), number, entry, at=at, most=most)
