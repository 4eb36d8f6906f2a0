"""Many edits at once: gathered, made together, and read back once."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from functools import partial, wraps
from types import TracebackType
from typing import Any, ParamSpec, Self

import attrs

from asterconf.editing.editor import Editor, EditResult, EditScope, LineRef, key_of
from asterconf.errors import EditError
from asterconf.shown import Shown

P = ParamSpec("P")


@attrs.define(eq=False)
class Planned:
    """An edit that a verb has checked and not made yet.

    Attributes:
        result: what it will do, as far as that is known.
        work: what the verb made of its arguments.
    """

    result: EditResult
    work: Any = None


Together = Callable[[Editor, "list[Planned]", EditScope], "list[EditResult]"]
"""Makes edits of one verb at once, reads back, and returns what they did.

It raises an `EditError` where one by one they might come out in another way.
"""


@attrs.define(eq=False)
class _Pending:
    planned: Planned
    together: Together
    alone: Callable[[], EditResult]


@attrs.define(eq=False, repr=False)
class Batch(Shown):
    """Edits inside a `with conf.edit():` that are made together, all of them or none.

    They come out as they would one by one. What a verb returns inside is what the edit will do;
    after the end `results` has what each did. To look at the configuration inside makes the edits
    that are waiting, so look first, and then edit.

    Attributes:
        results: what the edits did that are made.
        taken: how many edits there were so far.
        lines: those that the waiting edits will change, as far as these say so.

    Raises:
        EditError: at the end of the `with`, or where one looks: an edit cannot be made. Then none
            of the batch happened.
    """

    _editor: Editor
    results: list[EditResult] = attrs.field(init=False, factory=list)
    _waiting: list[_Pending] = attrs.field(init=False, factory=list)
    _keys: set[str] = attrs.field(init=False, factory=set)
    taken: int = attrs.field(init=False, default=0)
    lines: set[LineRef] = attrs.field(init=False, factory=set)
    _undo: AbstractContextManager[None] | None = attrs.field(init=False, default=None)
    _busy: bool = attrs.field(init=False, default=False)

    def __repr__(self) -> str:
        return f"<Batch: {len(self.results)} edits made, {len(self._waiting)} waiting>"

    def __enter__(self) -> Self:
        work = self._editor.workspace
        if work.waiting is not None:
            raise EditError("another batch of edits is not over yet")
        self._undo = self._editor.attempt()
        self._undo.__enter__()
        work.waiting = self
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        assert self._undo is not None
        try:
            if error is None:
                self.flush()
        except BaseException as failure:
            self._editor.workspace.waiting = None
            self._undo.__exit__(type(failure), failure, failure.__traceback__)
            raise
        self._editor.workspace.waiting = None
        self._undo.__exit__(kind, error, trace)

    def take(
        self,
        key: str,
        plan: Callable[[], Planned | None],
        together: Together,
        alone: Callable[[], EditResult],
    ) -> EditResult:
        """Let an edit wait for those that come with it, if it may.

        Args:
            key: what it is about; a second edit of the same waits for the first one.
            plan: checks the edit; `None`: it can only be made alone.
            together: makes it with others.
            alone: makes it now.
        """
        if not self.knows(together, key):
            self.flush()
        planned = plan()
        self.taken += 1
        if planned is None:
            self.flush()
            return self._alone(alone)
        self._waiting.append(_Pending(planned, together, alone))
        self._keys |= {key, key_of(planned.result.obj)}
        return planned.result

    def knows(self, together: Together, obj: object) -> bool:
        """Whether only such edits wait, and none of them is about the object or name."""
        key = obj if isinstance(obj, str) else key_of(obj)
        return not self._waiting or (
            self._waiting[0].together is together and key not in self._keys
        )

    def flush(self) -> None:
        """Make the edits that are waiting.

        Raises:
            EditError: one of them cannot be made.
        """
        if self._busy or not self._waiting:
            return
        waiting, self._waiting, self._keys, self.lines = self._waiting, [], set(), set()
        if len(waiting) > 1:
            self._busy = True
            try:
                scope = EditScope()
                with self._editor.attempt(), self._editor.nothing_else_changes(scope):
                    jobs = [one.planned for one in waiting]
                    self.results += waiting[0].together(self._editor, jobs, scope)
            except EditError:  # one by one it is said which of them cannot be made
                pass
            else:
                return
            finally:
                self._busy = False
        for one in waiting:
            self._alone(one.alone)

    def _alone(self, alone: Callable[[], EditResult]) -> EditResult:
        self._busy = True
        try:
            self.results.append(alone())
        finally:
            self._busy = False
        return self.results[-1]

    @property
    def is_busy(self) -> bool:
        """Whether it is making edits just now."""
        return self._busy


def batched(
    plan: Callable[P, Planned | None], together: Together
) -> Callable[[Callable[..., EditResult]], Callable[P, EditResult]]:
    """Let a verb wait inside a batch; its first arguments are an editor and an object or name.

    Args:
        plan: takes the verb's arguments and checks them; `None`: this edit is made alone.
        together: makes several of these edits.
    """

    def decorate(verb: Callable[..., EditResult]) -> Callable[P, EditResult]:
        """Return the verb that waits in a batch, and is made at once outside of one.

        It gets what `plan` returns, and behind it the arguments.
        """

        @wraps(verb)
        def run(*args: P.args, **options: P.kwargs) -> EditResult:
            """Make the edit, or let the open batch take it."""
            editor, obj = args[:2]
            assert isinstance(editor, Editor)

            def alone() -> EditResult:
                return verb(plan(*args, **options), *args, **options)

            batch = editor.workspace.waiting
            if not isinstance(batch, Batch) or batch.is_busy:
                return alone()
            key = obj if isinstance(obj, str) else key_of(obj)
            return batch.take(key, partial(plan, *args, **options), together, alone)

        return run

    return decorate
